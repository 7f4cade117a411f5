package sheet

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"liandong/errs"
)

// Severity says how much a remark matters.
type Severity uint8

// The severities.
const (
	Error   Severity = iota + 1 // the row is held back; the cell is filled red
	Warning                     // the row went in; the cell is filled yellow
	Note                        // for information; the cell keeps its look
)

var severityWords = [...]errs.Text{Error: {ZH: "错误", EN: "Error"}, Warning: {ZH: "提醒", EN: "Warning"}, Note: {ZH: "说明", EN: "Note"}}

// Remark is something to say about a cell of a file that was read.
type Remark struct {
	Row      int // number of the sheet's row
	Column   int // from 1; 0 for the row as a whole
	Severity Severity
	Text     errs.Text
}

func (r Remark) chinese() string { return "【" + severityWords[r.Severity].ZH + "】" + r.Text.ZH }
func (r Remark) english() string { return severityWords[r.Severity].EN + ": " + r.Text.EN }

// Report gives a file back with the remarks: the same workbook with marked cells where [Mark] can, otherwise a new one of the held
// rows by [WriteHeld]. held are the numbers of the rows held back, those without an error of their own among them. marked tells
// which it was.
func Report(w io.Writer, b *Book, m *Match, remarks []Remark, held []int) (marked bool, err error) {
	err = Mark(w, b, m.Sheet, remarks)
	if !errors.Is(err, ErrNotMarkable) {
		return err == nil, err
	}
	return false, WriteHeld(w, b, m, remarks, held)
}

// ErrNotMarkable is returned, wrapped, by [Mark] for a file that is given back as held rows: over [MaxMarkedRows] rows, a grid
// that spreads too wide, or with macros.
var ErrNotMarkable = errors.New("sheet cannot be marked")

// WriteHeld writes a new workbook of the held rows under the file's own titles and heading, with a first column of reasons. It can
// be corrected and imported as it is: that column is passed over.
func WriteHeld(w io.Writer, b *Book, m *Match, remarks []Remark, held []int) error {
	h := &heldWriter{match: m, reasons: groupByRow(remarks), held: map[int]bool{}}
	for _, row := range held {
		h.held[row] = true
	}
	var err error
	if h.out, err = newWorkbook(w, h.frame()); err != nil {
		return err
	}
	for row, err := range b.Rows(m.Sheet) {
		if err == nil {
			err = h.write(row)
		}
		if err != nil {
			h.out.file.Close()
			return err
		}
	}
	return h.out.Close()
}

type heldWriter struct {
	match   *Match
	out     *workbookWriter
	reasons map[int][]Remark
	held    map[int]bool
	values  []any
}

// frame takes the titles as they are, as far as the heading is still found below them, and makes one heading row of the file's one or two.
func (h *heldWriter) frame() Table {
	titles := h.match.Titles[:min(len(h.match.Titles), headingRows-1)]
	t := Table{Titles: titles, FrozenColumns: 1, Columns: []Column{{Heading: ReasonHeading, Width: 60}}}
	index := h.match.Layout.index()
	for _, heading := range h.match.Headings {
		if heading.Column == MaxColumns {
			break // the column of reasons took its place
		}
		for len(t.Columns) < heading.Column {
			t.Columns = append(t.Columns, Column{})
		}
		t.Columns = append(t.Columns, Column{Heading: heading.alone(index)})
	}
	return t
}

// alone is the heading's text by which its field is known in a heading of one row: without the group it stood under, where the field was
// known by what stood below.
func (h *Heading) alone(index map[string]int) string {
	if key, _ := normalise(h.Text); h.Field == "" || hasKey(index, key) {
		return h.Text
	}
	for i := range h.Text {
		if below, cut := strings.CutPrefix(h.Text[i:], "/"); cut {
			if key, _ := normalise(below); hasKey(index, key) {
				return below
			}
		}
	}
	return h.Text
}

func hasKey(index map[string]int, key string) bool {
	_, found := index[key]
	return found
}

func (h *heldWriter) write(row *Row) error {
	if row.Number <= h.match.HeadingRow || !h.held[row.Number] {
		return nil
	}
	h.values = h.values[:0]
	reason, err := h.out.textCell(h.reason(row.Number), h.out.styles.reason)
	if err != nil {
		return err
	}
	h.values = append(h.values, reason)
	for i := range row.Cells {
		c := &row.Cells[i]
		if c.Column == MaxColumns {
			break
		}
		for len(h.values) < c.Column {
			h.values = append(h.values, nil)
		}
		v, err := h.value(c)
		if err != nil {
			return err
		}
		h.values = append(h.values, v)
	}
	return h.out.writeValues(h.values)
}

// value keeps a number as it was seen where its format made another text of it: a code with leading zeros, a percentage.
func (h *heldWriter) value(c *Cell) (any, error) {
	if c.Kind == Number && c.Text != plain(c.Number) {
		return h.out.textCell(c.Text, h.out.styles.text)
	}
	return h.out.value(c)
}

// reason joins what was said of the row, naming the headings concerned, all in Chinese first and then all in English.
func (h *heldWriter) reason(row int) string {
	zh, en := []string{fmt.Sprintf("原第 %d 行。", row)}, []string{fmt.Sprintf("Was row %d.", row)}
	for _, r := range h.reasons[row] {
		where := ""
		if heading := h.match.Heading(r.Column); heading != "" {
			where = "「" + heading + "」"
		}
		zh, en = append(zh, where+r.chinese()), append(en, where+r.english())
	}
	if len(zh) == 1 {
		zh, en = append(zh, "同户其他行有错误，整户退回。"), append(en, "Another row of the household has an error; the household is held back whole.")
	}
	text := []rune(strings.Join(append(zh, en...), "\n"))
	return string(text[:min(len(text), maxRemark)])
}

// maxRemark bounds the characters of one cell's remarks: nobody reads more, and Excel refuses notes beyond 32,767.
const maxRemark = 2_000

func groupByRow(remarks []Remark) map[int][]Remark {
	groups := map[int][]Remark{}
	for _, r := range remarks {
		groups[r.Row] = append(groups[r.Row], r)
	}
	for _, g := range groups {
		slices.SortStableFunc(g, func(a, b Remark) int {
			return cmp.Or(cmp.Compare(a.Severity, b.Severity), cmp.Compare(a.Column, b.Column))
		})
	}
	return groups
}

var _ Writer = (*workbookWriter)(nil)

// fresh turns separated text into a workbook with the same rows and columns, so that it can be marked.
func fresh(b *Book) (*excelize.File, error) {
	f := excelize.NewFile()
	style, err := f.NewStyle(&excelize.Style{NumFmt: 49})
	if err != nil {
		return nil, err
	}
	for row, err := range b.Rows(0) {
		if err != nil {
			return nil, err
		}
		for _, c := range row.Cells {
			name := CellName(c.Column, row.Number)
			if err := f.SetCellStr("Sheet1", name, c.Text); err != nil {
				return nil, err
			}
			if err := f.SetCellStyle("Sheet1", name, name, style); err != nil {
				return nil, err
			}
		}
	}
	return f, nil
}
