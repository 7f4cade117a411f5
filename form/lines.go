package form

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"liandong/errs"
)

// maxLine bounds a line of NDJSON: a household with fifty members takes 30 kB.
const maxLine = 4 << 20

// LineFault is a line that holds no record: where in the file, and why.
type LineFault struct {
	Line, Column int // from 1; the column counts bytes
	Text         errs.Text
}

// Error is the English sentence with its place.
func (f *LineFault) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", f.Line, f.Column, f.Text.EN)
}

// Unwrap gives the fault as an error for people.
func (f *LineFault) Unwrap() error {
	return errs.New(errs.Invalid, "form.ReadLines", fmt.Sprintf("第 %d 行第 %d 列：%s", f.Line, f.Column, f.Text.ZH), fmt.Sprintf("Line %d, column %d: %s", f.Line, f.Column, f.Text.EN))
}

// ReadLines reads NDJSON: one record a line, as AppendJSON writes it, with its id under "id", a text or a number. A line without one is called
// by its number. A line that is no record goes to fault and is passed over. The record is used again for the next line. An error of take
// ends the reading.
func (s *Section) ReadLines(r io.Reader, take func(id string, record *Record) error, fault func(*LineFault)) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	record := s.New()
	n := 0
	for lines.Scan() {
		n++
		text := bytes.TrimPrefix(lines.Bytes(), []byte("\ufeff"))
		if len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		record.Reset()
		id, bad := record.readLine(text)
		if bad != nil {
			bad.Line = n
			fault(bad)
			continue
		}
		if id == "" {
			id = strconv.Itoa(n)
		}
		if err := take(id, record); err != nil {
			return err
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return (&LineFault{Line: n + 1, Column: maxLine, Text: errs.Text{ZH: "这一行太长，文件可能不是每行一条的 NDJSON。", EN: "The line is too long; the file may not be NDJSON with one record a line."}}).Unwrap()
	}
	return errs.Wrap("form.ReadLines", lines.Err())
}

func (r *Record) readLine(text []byte) (id string, bad *LineFault) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var object map[string]any
	if err := decoder.Decode(&object); err != nil || object == nil {
		return "", notJSON(err, decoder.InputOffset())
	}
	if rest := bytes.TrimSpace(text[decoder.InputOffset():]); len(rest) > 0 {
		return "", &LineFault{Column: len(text) - len(rest) + 1, Text: errs.Text{ZH: "一行只能有一个 JSON 对象。", EN: "A line holds one JSON object."}}
	}
	if _, isField := r.section.index["id"]; !isField {
		switch v := object["id"].(type) {
		case string:
			id = v
		case json.Number:
			id = v.String()
		}
		delete(object, "id")
	}
	findings := r.readObject("", object)
	if len(findings) == 0 {
		return id, nil
	}
	f := &findings[0]
	key := f.Path[strings.LastIndexByte(f.Path, '.')+1:]
	column := bytes.Index(text, []byte(`"`+key+`"`)) + 1
	return "", &LineFault{Column: max(column, 1), Text: errs.Text{ZH: f.Where() + "：" + f.Text.ZH, EN: f.Where() + ": " + f.Text.EN}}
}

// notJSON says where a line stops being JSON.
func notJSON(err error, read int64) *LineFault {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return &LineFault{Column: int(max(syntax.Offset, 1)), Text: errs.Text{ZH: "不是 JSON：" + syntax.Error(), EN: "This is no JSON: " + syntax.Error()}}
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return &LineFault{Column: int(max(read, 1)), Text: errs.Text{ZH: "JSON 没有写完。", EN: "The JSON ends too early."}}
	}
	return &LineFault{Column: 1, Text: errs.Text{ZH: "这一行应当是一个 JSON 对象。", EN: "The line should be one JSON object."}}
}
