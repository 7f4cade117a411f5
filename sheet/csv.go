package sheet

import (
	"bytes"
	"fmt"
	"strings"

	"liandong/errs"
)

// separated is text with one record a line, fields apart by a separator, quoted as in RFC 4180. Rows are counted as a spreadsheet
// would count them: a line break inside quotes starts none, an empty line is one.
type separated struct {
	text      []byte // in encoding; UTF-16 as UTF-8
	encoding  Encoding
	separator byte
}

// openSeparated tells encoding and separator and reads the whole text once, so that a file is refused before its first row is used.
func openSeparated(data []byte) (*Book, error) {
	encoding, text, err := detectEncoding(data)
	if err != nil {
		return nil, err
	}
	s := &separated{text: text, encoding: encoding}
	if s.text, s.separator = declaredSeparator(text); s.separator == 0 {
		s.separator = guessSeparator(text)
	}
	for _, err := range s.rows {
		if err != nil {
			return nil, err
		}
	}
	return &Book{format: CSV, data: data, sheets: []Info{{Name: "CSV"}}, text: s}, nil
}

// declaredSeparator reads the line "sep=;" by which some programs tell Excel the separator; it is no row.
func declaredSeparator(text []byte) (rest []byte, separator byte) {
	line, rest, _ := bytes.Cut(text, []byte("\n"))
	line = bytes.TrimRight(line, "\r")
	if len(line) != len("sep=;") || !bytes.EqualFold(line[:4], []byte("sep=")) || !strings.Contains(",;\t", string(line[4:])) {
		return text, 0
	}
	return rest, line[4]
}

// guessSeparator takes the one that parts the first rows most often; the comma when none does, so that a quote left open in the first row is
// told and not passed over by taking another.
func guessSeparator(text []byte) byte {
	best, most := byte(','), 0
	for _, c := range []byte{',', '\t', ';'} {
		p := parser{text: text, separator: c}
		fields := 0
		for range headingRows {
			record, err := p.next()
			if err != nil || record == nil {
				break
			}
			fields += len(record) - 1
		}
		if fields > most {
			best, most = c, fields
		}
	}
	return best
}

// rows yields the records that hold a field with characters.
func (s *separated) rows(yield func(*Row, error) bool) {
	p := parser{text: s.text, separator: s.separator}
	var row Row
	var arena []byte
	var ends []int
	for number := 1; ; number++ {
		record, err := p.next()
		if err == nil && record != nil && number > MaxRows {
			err = beyond(number)
		}
		if err != nil {
			yield(nil, err)
			return
		}
		if record == nil {
			return
		}
		row = Row{Number: number, Cells: row.Cells[:0]}
		arena, ends = arena[:0], ends[:0]
		for _, field := range record {
			var sound bool
			if arena, sound = s.encoding.decode(arena, field); !sound {
				yield(nil, undecodable(s.encoding, number))
				return
			}
			ends = append(ends, len(arena))
		}
		row.share = float64(p.at) / float64(len(s.text))
		row.fill(string(arena), ends)
		if len(row.Cells) > 0 && !yield(&row, nil) {
			return
		}
	}
}

// beyond is the error of a row or column that a sheet has not.
func beyond(row int) *errs.Error {
	return tooLarge("sheet.Open", fmt.Sprintf("第 %d 行超出了表格的边界（%d 行、%d 列），请分成几个文件。", row, MaxRows, MaxColumns),
		fmt.Sprintf("Row %d is beyond the edges of a sheet, %d rows by %d columns; split the file.", row, MaxRows, MaxColumns))
}

// fill makes cells of the record's fields, which end in text at ends.
func (r *Row) fill(text string, ends []int) {
	start := 0
	for i, end := range ends {
		if field := Unguard(text[start:end]); field != "" {
			r.Cells = append(r.Cells, Cell{Column: i + 1, Kind: Text, Text: field})
		}
		start = end
	}
}

// parser cuts text into records. The fields it returns are valid until the next call.
type parser struct {
	text      []byte
	at        int
	row       int
	separator byte
	fields    [][]byte
	joined    []byte // characters of quoted fields, which are not one piece of text
}

// next gives the next record; nil at the end of the text.
func (p *parser) next() ([][]byte, error) {
	if p.at >= len(p.text) {
		return nil, nil
	}
	p.row++
	p.fields, p.joined = p.fields[:0], p.joined[:0]
	for {
		field, err := p.field()
		if err != nil {
			return nil, err
		}
		if len(p.fields) == MaxColumns {
			return nil, beyond(p.row)
		}
		p.fields = append(p.fields, field)
		if p.at == len(p.text) {
			return p.fields, nil
		}
		c := p.text[p.at]
		p.at++
		switch c {
		case '\r':
			if p.at < len(p.text) && p.text[p.at] == '\n' {
				p.at++
			}
			return p.fields, nil
		case '\n':
			return p.fields, nil
		}
	}
}

// field reads up to the separator or line end that follows it.
func (p *parser) field() ([]byte, error) {
	if p.at < len(p.text) && p.text[p.at] == '"' {
		return p.quoted()
	}
	start := p.at
	p.at += p.plain()
	if p.at-start > maxField {
		return nil, p.endless()
	}
	return p.text[start:p.at], nil
}

// plain is the length of what comes before the next separator or line end.
func (p *parser) plain() int {
	for i, c := range p.text[p.at:] {
		if c == p.separator || c == '\n' || c == '\r' {
			return i
		}
	}
	return len(p.text) - p.at
}

// quoted reads a field in quotes, a doubled one being a quote of the text; what stands between the closing quote and the separator
// is taken as it is, as spreadsheets do.
func (p *parser) quoted() ([]byte, error) {
	start := len(p.joined)
	p.at++
	for {
		i := bytes.IndexByte(p.text[p.at:], '"')
		if i < 0 || len(p.joined)-start+i > maxField {
			return nil, p.endless()
		}
		p.joined = append(p.joined, p.text[p.at:p.at+i]...)
		p.at += i + 1
		if p.at == len(p.text) || p.text[p.at] != '"' {
			break
		}
		p.joined = append(p.joined, '"')
		p.at++
	}
	n := p.plain()
	p.joined = append(p.joined, p.text[p.at:p.at+n]...)
	p.at += n
	return p.joined[start:len(p.joined):len(p.joined)], nil
}

func (p *parser) endless() *errs.Error {
	return invalid("sheet.Open", fmt.Sprintf("第 %d 行的引号没有成对，后面的内容都会并成一格，没有读取。请改正这一行的引号。", p.row),
		fmt.Sprintf("A quote in row %d is never closed, so that the rest would become one cell; the file was not read. Correct the quotes of that row.", p.row))
}

// guarded are the characters by which a spreadsheet takes the text of a CSV field for a formula. The full-width ones become
// ordinary ones in Chinese and Japanese installations.
const guarded = "=+-@\t\r\n＝＋－＠"

// Guard makes a text safe to stand in a CSV file that people open in a spreadsheet: one that would be taken for a formula gets an
// apostrophe in front, which spreadsheets know as "this is text". [Unguard] undoes it, so that export and import give back every
// text exactly; a text that itself begins so gets one more apostrophe. Source: OWASP, CSV Injection.
func Guard(s string) string {
	if isGuarded(strings.TrimLeft(s, "'")) {
		return "'" + s
	}
	return s
}

// Unguard takes off the apostrophe of [Guard], and reads ="0123", another way of writing a code into CSV, as 0123.
func Unguard(s string) string {
	if rest, found := strings.CutPrefix(s, "'"); found && isGuarded(strings.TrimLeft(rest, "'")) {
		return rest
	}
	if len(s) >= 3 && strings.HasPrefix(s, `="`) && strings.IndexByte(s[2:], '"') == len(s)-3 {
		return s[2 : len(s)-1]
	}
	return s
}

func isGuarded(s string) bool {
	s = strings.TrimLeft(s, " \u00a0\u3000")
	return s != "" && strings.ContainsAny(s[:runeLen(s)], guarded)
}
