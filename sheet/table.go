package sheet

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"liandong/errs"
)

// Column is one column of a table to be written.
type Column struct {
	Heading string
	Width   float64 // in half-width characters; 0 takes the heading's
	Text    bool    // identifiers and codes: what a person types below stays text, with all its digits
}

// Table is the frame of a table to be written.
type Table struct {
	Sheet         string   // name of the sheet; "" is Sheet1
	Titles        []string // a row each, above the heading and merged over all columns
	Columns       []Column
	FrozenColumns int    // columns that stay in view beside the heading, which always does
	Footer        string // a note in a row below the last, begun with [FooterMark], and at the foot of every printed page
}

// Writer takes the rows of a table one by one. Close ends the file; without it the file is not whole.
type Writer interface {
	// Write appends a row; the cells stand in the columns in order, whatever their Column says.
	Write(cells []Cell) error
	// Close writes the footer and whatever is left.
	Close() error
}

// maxCellText is how many UTF-16 units a cell can hold; programs cut longer texts without a word.
const maxCellText = 32_767

// workbookWriter streams rows into a workbook. The library keeps up to 16 MB in memory, the rest in a temporary file that only
// this user can read and that Close removes.
type workbookWriter struct {
	out    io.Writer
	file   *excelize.File
	stream *excelize.StreamWriter
	table  Table
	row    int
	values []any
	styles tableStyles
}

type tableStyles struct{ title, subtitle, heading, text, date, moment, note, reason int }

// NewWorkbook starts a workbook of one sheet: titles, heading, frozen panes. Text cells carry the text format, so that numbers in
// them are never read as numbers; characters that XML cannot hold become U+FFFD. The file reaches w on Close.
func NewWorkbook(w io.Writer, t Table) (Writer, error) { return newWorkbook(w, t) }

func newWorkbook(w io.Writer, t Table) (*workbookWriter, error) {
	const op = "sheet.NewWorkbook"
	if t.Sheet == "" {
		t.Sheet = "Sheet1"
	}
	b := &workbookWriter{out: w, file: excelize.NewFile(), table: t}
	if err := b.start(); err != nil {
		b.file.Close()
		return nil, errs.Wrap(op, err)
	}
	return b, nil
}

func (b *workbookWriter) start() error {
	if err := b.file.SetSheetName("Sheet1", b.table.Sheet); err != nil {
		return err
	}
	if err := b.makeStyles(); err != nil {
		return err
	}
	if err := b.setFooter(); err != nil {
		return err
	}
	var err error
	if b.stream, err = b.file.NewStreamWriter(b.table.Sheet); err != nil {
		return err
	}
	if err := b.setColumns(); err != nil {
		return err
	}
	if err := b.freeze(); err != nil {
		return err
	}
	return b.writeHead()
}

func (b *workbookWriter) makeStyles() error {
	day, moment := "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"
	centre := &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}
	grey := excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"D9E1F2"}}
	thin := []excelize.Border{{Type: "bottom", Style: 1, Color: "8EA9DB"}, {Type: "right", Style: 1, Color: "8EA9DB"}}
	const textFormat = 49
	for _, s := range []struct {
		id    *int
		style excelize.Style
	}{
		{&b.styles.title, excelize.Style{Font: &excelize.Font{Bold: true, Size: 16}, Alignment: centre}},
		{&b.styles.subtitle, excelize.Style{Font: &excelize.Font{Color: "595959"}}},
		{&b.styles.heading, excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: centre, Fill: grey, Border: thin}},
		{&b.styles.text, excelize.Style{NumFmt: textFormat}},
		{&b.styles.date, excelize.Style{CustomNumFmt: &day}},
		{&b.styles.moment, excelize.Style{CustomNumFmt: &moment}},
		{&b.styles.note, excelize.Style{Font: &excelize.Font{Italic: true, Color: "595959"}}},
		{&b.styles.reason, excelize.Style{
			NumFmt: textFormat, Font: &excelize.Font{Color: "9C0006"}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"},
		}},
	} {
		id, err := b.file.NewStyle(&s.style)
		if err != nil {
			return err
		}
		*s.id = id
	}
	return nil
}

func (b *workbookWriter) setFooter() error {
	if b.table.Footer == "" {
		return nil
	}
	const most = 200 // the format allows 255 characters with the codes
	text := []rune(strings.ReplaceAll(b.table.Footer, "&", "&&"))
	return b.file.SetHeaderFooter(b.table.Sheet, &excelize.HeaderFooterOptions{OddFooter: "&C" + string(text[:min(len(text), most)])})
}

func (b *workbookWriter) setColumns() error {
	for i, c := range b.table.Columns {
		if err := b.stream.SetColWidth(i+1, i+1, c.width()); err != nil {
			return err
		}
		if c.Text {
			if err := b.stream.SetColStyle(i+1, i+1, b.styles.text); err != nil {
				return err
			}
		}
	}
	return nil
}

// width is the asked-for one, or enough for the heading on two lines; a Chinese character takes two places.
func (c Column) width() float64 {
	const narrowest, widest = 9, 80
	if c.Width > 0 {
		return min(c.Width, 255)
	}
	places := 0
	for _, r := range c.Heading {
		places++
		if r >= utf8.RuneSelf {
			places++
		}
	}
	return min(max(narrowest, float64(places)/2+4), widest)
}

func (b *workbookWriter) freeze() error {
	rows, columns := len(b.table.Titles)+1, b.table.FrozenColumns
	pane := "bottomLeft"
	if columns > 0 {
		pane = "bottomRight"
	}
	return b.stream.SetPanes(&excelize.Panes{
		Freeze: true, XSplit: columns, YSplit: rows, TopLeftCell: CellName(columns+1, rows+1), ActivePane: pane,
	})
}

func (b *workbookWriter) writeHead() error {
	for i, title := range b.table.Titles {
		style := b.styles.subtitle
		if i == 0 {
			style = b.styles.title
		}
		if err := b.writeValues([]any{excelize.Cell{StyleID: style, Value: title}}); err != nil {
			return err
		}
		if len(b.table.Columns) > 1 {
			if err := b.stream.MergeCell(CellName(1, b.row), CellName(len(b.table.Columns), b.row)); err != nil {
				return err
			}
		}
	}
	values := make([]any, len(b.table.Columns))
	for i, c := range b.table.Columns {
		values[i] = excelize.Cell{StyleID: b.styles.heading, Value: c.Heading}
	}
	return b.writeValues(values)
}

func (b *workbookWriter) writeValues(values []any) error {
	b.row++
	if b.row > MaxRows {
		return tooLarge("sheet.Write", fmt.Sprintf("超过了一张工作表的 %d 行，请缩小范围分次导出。", MaxRows),
			fmt.Sprintf("More than the %d rows of a sheet; export in smaller parts.", MaxRows))
	}
	return b.stream.SetRow(CellName(1, b.row), values)
}

// Write implements Writer.
func (b *workbookWriter) Write(cells []Cell) error {
	b.values = b.values[:0]
	for i := range cells {
		v, err := b.value(&cells[i])
		if err != nil {
			return err
		}
		b.values = append(b.values, v)
	}
	return b.writeValues(b.values)
}

func (b *workbookWriter) value(c *Cell) (any, error) {
	switch c.Kind {
	case Empty:
		return nil, nil
	case Number:
		return c.Number, nil
	case Bool:
		return c.Number != 0, nil
	case Date:
		if c.Number == float64(int(c.Number)) {
			return excelize.Cell{StyleID: b.styles.date, Value: c.Number}, nil
		}
		return excelize.Cell{StyleID: b.styles.moment, Value: c.Number}, nil
	default:
		return b.textCell(c.Text, b.styles.text)
	}
}

func (b *workbookWriter) textCell(text string, style int) (any, error) {
	if len(text) > maxCellText && len(utf16.Encode([]rune(text))) > maxCellText {
		return nil, tooLarge("sheet.Write", fmt.Sprintf("第 %d 行有超过 %d 个字的内容，一格放不下。", b.row+1, maxCellText),
			fmt.Sprintf("Row %d holds a text of more than %d characters, too long for a cell.", b.row+1, maxCellText))
	}
	return excelize.Cell{StyleID: style, Value: text}, nil
}

// Close implements Writer.
func (b *workbookWriter) Close() error {
	defer b.file.Close()
	if b.table.Footer != "" {
		note := excelize.Cell{StyleID: b.styles.note, Value: footerText(b.table.Footer)}
		if err := b.writeValues([]any{note}); err != nil {
			return err
		}
	}
	if err := b.stream.Flush(); err != nil {
		return errs.Wrap("sheet.Close", err)
	}
	return errs.Wrap("sheet.Close", b.file.Write(b.out))
}

func footerText(footer string) string { return FooterMark + " " + footer }
