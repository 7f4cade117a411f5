package sheet

import (
	"bufio"
	"io"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"

	"liandong/errs"
)

// csvWriter writes separated text: comma, CR LF, quotes where needed.
type csvWriter struct {
	out    *bufio.Writer
	closer io.Closer // flushes the encoder
	table  Table
}

// NewCSV starts a CSV file: titles if there are any, one to a line, then the heading. UTF-8 gets the mark by which Excel knows it;
// GB18030 is what older programs on a Chinese Windows expect. Texts that a spreadsheet would take for a formula are written as
// [Guard] says, and read back by [Open] as they were.
func NewCSV(w io.Writer, t Table, e Encoding) (Writer, error) {
	c := &csvWriter{table: t}
	switch e {
	case UTF8:
		c.out = bufio.NewWriterSize(w, 64<<10)
		c.out.WriteString(bomUTF8)
	case GB18030:
		encoder := transform.NewWriter(w, simplifiedchinese.GB18030.NewEncoder())
		c.out, c.closer = bufio.NewWriterSize(encoder, 64<<10), encoder
	default:
		return nil, errs.New(errs.Usage, "sheet.NewCSV", "CSV 只能写成 UTF-8 或 GB18030。", "CSV can be written as UTF-8 or GB18030 only.")
	}
	for _, title := range t.Titles {
		if err := c.Write([]Cell{TextCell(title)}); err != nil {
			return nil, err
		}
	}
	heading := make([]Cell, len(t.Columns))
	for i, column := range t.Columns {
		heading[i] = TextCell(column.Heading)
	}
	return c, c.Write(heading)
}

// Write implements Writer.
func (c *csvWriter) Write(cells []Cell) error {
	for i := range cells {
		if i > 0 {
			c.out.WriteByte(',')
		}
		c.writeField(csvText(&cells[i]))
	}
	_, err := c.out.WriteString("\r\n")
	return err
}

// csvText is what a cell is in CSV. A number is no formula, not even a negative one, and keeps its plain form.
func csvText(c *Cell) string {
	switch c.Kind {
	case Empty:
		return ""
	case Number:
		return strconv.FormatFloat(c.Number, 'f', -1, 64)
	case Text, Failed:
		return Guard(c.Text)
	default:
		return c.Text
	}
}

func (c *csvWriter) writeField(s string) {
	if !strings.ContainsAny(s, ",\"\r\n;\t") {
		c.out.WriteString(s)
		return
	}
	c.out.WriteByte('"')
	c.out.WriteString(strings.ReplaceAll(s, `"`, `""`))
	c.out.WriteByte('"')
}

// Close implements Writer. It does not close what it writes to.
func (c *csvWriter) Close() error {
	if c.table.Footer != "" {
		if err := c.Write([]Cell{TextCell(footerText(c.table.Footer))}); err != nil {
			return err
		}
	}
	if err := c.out.Flush(); err != nil {
		return err
	}
	if c.closer != nil {
		return c.closer.Close()
	}
	return nil
}
