package sheet

import (
	"bytes"
	"cmp"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"

	"liandong/errs"
)

// rows reads a worksheet part row by row.
func (w *workbook) rows(sheet int) iter.Seq2[*Row, error] {
	return func(yield func(*Row, error) bool) {
		p := w.sheets[sheet]
		if p == nil {
			return
		}
		source := prefetch(p.open())
		defer source.Close()
		r := &rowReader{workbook: w, scanner: newScanner(source), name: p.name, size: p.size}
		if err := r.read(yield); err != nil {
			yield(nil, unreadable(p.name, err))
		}
	}
}

// rowReader holds what is reused from row to row.
type rowReader struct {
	*scanner
	workbook *workbook
	name     string
	size     int64    // of the part, inflated
	hidden   [][2]int // hidden columns, from and to
	row      Row
	last     int    // number of the row before
	spread   int    // sum over the rows of their last column, empty cells counted
	merges   int    // merged ranges
	merged   int    // cells in them
	unsorted bool   // a cell of the row stands left of the one before it
	arena    []byte // characters of the row's own texts
	spans    []span // which cells they belong to
	raw      []byte // of the value being read
}

// span says that a cell's text is arena[start:end].
type span struct{ cell, start, end int }

// read walks the worksheet. It stops without an error when the caller wants no more.
func (r *rowReader) read(yield func(*Row, error) bool) error {
	seen := false
	for {
		t, err := r.next()
		if err != nil || t == tokenEnd {
			return err
		}
		if t != tokenOpen {
			continue
		}
		if len(r.marks) == 1 {
			if string(r.scanner.name) != "worksheet" {
				return errMarkup
			}
			continue
		}
		switch string(r.scanner.name) {
		case "cols":
			err = r.readColumns()
		case "sheetData":
			if seen {
				return errMarkup
			}
			seen = true
			var more bool
			if more, err = r.readRows(yield); err == nil && !more {
				return nil
			}
		case "mergeCells":
			err = r.readMerges()
		default:
			err = r.skip()
		}
		if err != nil {
			return err
		}
	}
}

// readMerges counts the merged ranges and the cells in them.
func (r *rowReader) readMerges() error {
	for {
		t, err := r.next()
		if err != nil || t == tokenClose && len(r.marks) == 1 {
			return err
		}
		if t != tokenOpen || string(r.scanner.name) != "mergeCell" {
			continue
		}
		reference, err := r.attr("ref", false)
		if err != nil {
			return err
		}
		from, to, _ := strings.Cut(reference, ":")
		column, row, ok := parseReference([]byte(from))
		lastColumn, lastRow, ok2 := parseReference([]byte(to))
		if r.merges++; ok && ok2 {
			r.merged += min((lastColumn-column+1)*(lastRow-row+1), maxMarkedCells+1)
		}
	}
}

func (r *rowReader) readColumns() error {
	for {
		t, err := r.next()
		if err != nil || t == tokenClose && len(r.marks) == 1 {
			return err
		}
		if t != tokenOpen || string(r.scanner.name) != "col" {
			continue
		}
		v, err := r.values("min", "max", "hidden")
		if err != nil {
			return err
		}
		from, err1 := strconv.Atoi(v[0])
		to, err2 := strconv.Atoi(v[1])
		if err1 == nil && err2 == nil && isTrue(v[2]) {
			r.hidden = append(r.hidden, [2]int{from, to})
		}
	}
}

func isTrue(v string) bool { return v == "1" || v == "true" }

func (r *rowReader) isHidden(column int) bool {
	for _, h := range r.hidden {
		if column >= h[0] && column <= h[1] {
			return true
		}
	}
	return false
}

// readRows reads sheetData; more is false when the caller stopped.
func (r *rowReader) readRows(yield func(*Row, error) bool) (more bool, err error) {
	for {
		t, err := r.next()
		switch {
		case err != nil:
			return false, err
		case t == tokenClose:
			return true, nil
		case t == tokenText:
			continue
		case string(r.scanner.name) != "row":
			if err := r.skip(); err != nil {
				return false, err
			}
			continue
		}
		if err := r.readRow(); err != nil {
			return false, err
		}
		r.row.share = float64(r.consumed()) / float64(max(r.size, 1))
		if len(r.row.Cells) > 0 && !yield(&r.row, nil) {
			return false, nil
		}
	}
}

func (r *rowReader) readRow() error {
	if err := r.startRow(); err != nil {
		return err
	}
	column, furthest := 0, 0
	for {
		t, err := r.next()
		switch {
		case err != nil:
			return err
		case t == tokenClose:
			r.spread += furthest
			return r.endRow()
		case t == tokenText:
			continue
		case string(r.scanner.name) != "c":
			if err := r.skip(); err != nil {
				return err
			}
			continue
		}
		if column, err = r.readCell(column); err != nil {
			return err
		}
		furthest = max(furthest, column)
	}
}

func (r *rowReader) startRow() error {
	r.row = Row{Number: r.last + 1, Cells: r.row.Cells[:0]}
	r.unsorted, r.arena, r.spans = false, r.arena[:0], r.spans[:0]
	for rest := r.attrs; ; {
		a, after, found, err := cutAttribute(rest)
		if err != nil {
			return err
		}
		if !found {
			break
		}
		switch rest = after; string(a.name) {
		case "r":
			if r.row.Number, err = strconv.Atoi(string(a.value)); err != nil {
				return errMarkup
			}
		case "hidden":
			r.row.Hidden = isTrue(string(a.value))
		}
	}
	if r.row.Number <= r.last || r.row.Number > MaxRows {
		return invalid("sheet.Rows", "工作表的行次序乱了，无法确定哪一行在前。"+resaveZH,
			"The rows of the sheet are out of order, so it is not certain which comes first. "+resaveEN).At(r.place(0))
	}
	r.last = r.row.Number
	return nil
}

// endRow puts the row's own texts into one string and the cells in order.
func (r *rowReader) endRow() error {
	if len(r.spans) > 0 {
		own := string(r.arena)
		for _, s := range r.spans {
			r.row.Cells[s.cell].Text = own[s.start:s.end]
		}
	}
	if !r.unsorted {
		return nil
	}
	slices.SortStableFunc(r.row.Cells, func(a, b Cell) int { return cmp.Compare(a.Column, b.Column) })
	for i := 1; i < len(r.row.Cells); i++ {
		if r.row.Cells[i].Column == r.row.Cells[i-1].Column {
			return r.broken(r.row.Cells[i].Column, "同一格写了两次。", "A cell is written twice.")
		}
	}
	return nil
}

// cellHead is what the tag of a cell says.
type cellHead struct {
	column int
	style  int
	kind   string
}

// readCell reads the cell just opened; before is the column of the one before it. It returns this one's column.
func (r *rowReader) readCell(before int) (int, error) {
	head, err := r.readHead(before)
	if err != nil {
		return 0, err
	}
	if r.closing {
		_, err := r.next()
		return head.column, err
	}
	cell := Cell{Column: head.column}
	r.raw = r.raw[:0]
	valued, rich := false, false
	for {
		t, err := r.next()
		switch {
		case err != nil:
			return 0, err
		case t == tokenText:
			continue
		case t == tokenClose:
			err := r.settle(&cell, head, valued, rich)
			return head.column, err
		}
		switch string(r.scanner.name) {
		case "v":
			valued = true
			err = r.value()
		case "is":
			rich = true
			r.raw, err = r.richText(r.raw[:0])
		case "f":
			cell.Formula = true
			err = r.skip()
		default:
			err = r.skip()
		}
		if err != nil {
			return 0, err
		}
	}
}

func (r *rowReader) readHead(before int) (cellHead, error) {
	h := cellHead{column: before + 1}
	for rest := r.attrs; ; {
		a, after, found, err := cutAttribute(rest)
		if err != nil || !found {
			if h.column > MaxColumns {
				err = errMarkup
			}
			return h, err
		}
		switch rest = after; string(a.name) {
		case "r":
			column, row, ok := parseReference(a.value)
			if !ok || row != r.row.Number {
				return h, r.broken(column, "格的名称和所在的行不符。", "A cell's name does not fit its row.")
			}
			r.unsorted = r.unsorted || column <= before
			h.column = column
		case "s":
			if h.style, err = strconv.Atoi(string(a.value)); err != nil || h.style < 0 {
				return h, errMarkup
			}
		case "t":
			h.kind = kindOf(a.value)
		}
	}
}

// kindOf interns the cell types of the format, so that none is allocated.
func kindOf(b []byte) string {
	for _, k := range [...]string{"s", "n", "str", "inlineStr", "b", "d", "e"} {
		if string(b) == k {
			return k
		}
	}
	return "?"
}

// parseReference reads B7 as column 2, row 7.
func parseReference(b []byte) (column, row int, ok bool) {
	i := 0
	for i < len(b) && i < 3 && b[i] >= 'A' && b[i] <= 'Z' {
		column = column*26 + int(b[i]-'A') + 1
		i++
	}
	if i == 0 || column > MaxColumns || i == len(b) || len(b)-i > 7 || b[i] == '0' {
		return column, 0, false
	}
	for ; i < len(b); i++ {
		if b[i] < '0' || b[i] > '9' {
			return column, 0, false
		}
		row = row*10 + int(b[i]-'0')
	}
	return column, row, true
}

// value reads the text of a v element into raw.
func (r *rowReader) value() error {
	for {
		t, err := r.next()
		switch {
		case err != nil:
			return err
		case t == tokenClose:
			return nil
		case t == tokenOpen:
			return errMarkup
		}
		if r.raw, err = r.text(r.raw); err != nil {
			return err
		}
		if len(r.raw) > maxCellBytes {
			return errLong
		}
	}
}

// settle turns what was read of a cell into its kind and text and adds it to the row, unless it is empty.
func (r *rowReader) settle(c *Cell, h cellHead, valued, rich bool) error {
	c.Hidden = len(r.hidden) > 0 && r.isHidden(c.Column)
	switch {
	case !valued && !rich && c.Formula:
		c.Kind, c.Text = Failed, uncomputed
	case !valued && !rich:
		return nil
	default:
		if err := r.interpret(c, h); err != nil {
			return err
		}
	}
	if c.Kind != Empty {
		r.row.Cells = append(r.row.Cells, *c)
	}
	return nil
}

// uncomputed is the text of a formula cell without a stored result: it must not pass for an empty one.
const uncomputed = "公式未计算"

func (r *rowReader) interpret(c *Cell, h cellHead) error {
	switch h.kind {
	case "s":
		return r.shared(c)
	case "str":
		r.raw = unescapeX(r.raw, 0)
		return r.own(c, Text)
	case "inlineStr":
		return r.own(c, Text)
	case "e":
		return r.own(c, Failed)
	case "b":
		return r.boolean(c)
	case "d":
		return r.isoDate(c)
	case "", "n":
		return r.number(c, h.style)
	default:
		return r.broken(c.Column, "格的类型不认识。", "A cell is of an unknown type.")
	}
}

func (r *rowReader) shared(c *Cell) error {
	i := 0
	for _, b := range r.raw {
		if b < '0' || b > '9' || i > math.MaxInt32/10 {
			i = -1
			break
		}
		i = i*10 + int(b-'0')
	}
	text, found := r.workbook.texts.text(i)
	if len(r.raw) == 0 || !found {
		return r.broken(c.Column, "格指向的文字不存在。", "A cell points to a text that does not exist.")
	}
	if c.Text = text; text != "" {
		c.Kind = Text
	}
	return nil
}

// own gives the cell the characters of raw, by way of the row's one string.
func (r *rowReader) own(c *Cell, kind Kind) error {
	if len(r.raw) == 0 && kind == Text {
		return nil
	}
	c.Kind = kind
	start := len(r.arena)
	r.arena = append(r.arena, r.raw...)
	r.spans = append(r.spans, span{cell: len(r.row.Cells), start: start, end: len(r.arena)})
	if len(r.arena) > maxRowBytes {
		return errLong
	}
	return nil
}

func (r *rowReader) boolean(c *Cell) error {
	switch strings.ToLower(string(bytes.TrimSpace(r.raw))) {
	case "1", "true":
		c.Kind, c.Text, c.Number = Bool, "TRUE", 1
	case "0", "false":
		c.Kind, c.Text = Bool, "FALSE"
	default:
		return r.broken(c.Column, "是非值不认识。", "A truth value is neither true nor false.")
	}
	return nil
}

// isoDate reads 2015-03-01T10:30:00; the newer format writes dates so.
func (r *rowReader) isoDate(c *Cell) error {
	date, clock, _ := strings.Cut(strings.TrimSuffix(string(bytes.TrimSpace(r.raw)), "Z"), "T")
	clock, _, _ = strings.Cut(clock, ".")
	if c.Text = date; clock != "" && clock != "00:00:00" {
		c.Text = strings.TrimPrefix(date+" "+clock, " ")
	}
	c.Kind = Date
	d, ok := c.Day()
	if !ok && date != "" {
		return r.broken(c.Column, "日期写法不认识。", "A date is written in an unknown way.")
	}
	if ok {
		c.Number = float64(d.DaysSince(serialEpoch()))
	}
	return nil
}

func (r *rowReader) number(c *Cell, style int) error {
	r.raw = bytes.TrimSpace(r.raw)
	if len(r.raw) == 0 {
		return nil
	}
	f, ok := parseNumber(r.raw)
	if !ok {
		return r.broken(c.Column, "数字写法不认识。", "A number is written in an unknown way.")
	}
	var format numberFormat
	if style < len(r.workbook.formats) {
		format = r.workbook.formats[style]
	}
	c.Number = f
	if format.date {
		if text, ok := dateText(f, r.workbook.date1904); ok {
			if c.Kind, c.Text = Date, text; r.workbook.date1904 {
				c.Number += shift1904
			}
			return nil
		}
	}
	r.raw = append(r.raw[:0], numberText(string(r.raw), f, format)...)
	return r.own(c, Number)
}

// parseNumber reads a decimal number. What Go reads beyond that (hexadecimal, underscores, Inf) is none.
func parseNumber(b []byte) (float64, bool) {
	for _, c := range b {
		if (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return 0, false
		}
	}
	f, err := strconv.ParseFloat(string(b), 64)
	return f, err == nil && !math.IsInf(f, 0)
}

func (r *rowReader) place(column int) string {
	if column <= 0 {
		return r.name + "!" + strconv.Itoa(max(r.row.Number, 0))
	}
	return r.name + "!" + CellName(column, r.row.Number)
}

// broken is the error of a cell that cannot be read.
func (r *rowReader) broken(column int, zh, en string) *errs.Error {
	return damaged(zh, en, r.place(column))
}
