package sheet

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"liandong/day"
)

// Kind is what a cell holds.
type Kind uint8

// The kinds of a cell.
const (
	Empty  Kind = iota // nothing, or a text of no characters
	Text               // characters
	Number             // a number without a date format
	Bool               // TRUE or FALSE
	Date               // a number with a date or time format, or an ISO date
	Failed             // a formula's error such as #N/A, or a formula that was never computed
)

var kindNames = [...]string{"empty", "text", "number", "bool", "date", "failed"}

// String names the kind.
func (k Kind) String() string { return kindNames[k] }

// Cell is one cell of a row.
type Cell struct {
	// Text is what a reader takes the cell to say. Text: its characters, rich text joined. Number: plain decimal digits as stored
	// ("5850.5", never an exponent, no grouping), rounded to the 15 digits that spreadsheets keep when the file has the longer
	// binary form; with leading zeros where the format is all zeros (000000), as a percentage where it has a percent sign.
	// Date: 2015-03-01, with " 10:30:00" behind where it has a time of day. Bool: TRUE or FALSE. Failed: the error's name.
	Text    string
	Number  float64 // of Number; of Date the days since 1899-12-30; 1 or 0 of Bool
	Column  int     // from 1
	Kind    Kind
	Formula bool // the value is the stored result of a formula, which was not computed again
	Hidden  bool // the column is hidden
}

// maxExact is the first whole number with more digits (16) than spreadsheets keep.
const maxExact = 1e15

// Rounded reports whether a long identifier in this cell has lost digits, or may have: a spreadsheet keeps 15 digits of a number,
// so an 18-digit ID number stored as a number, or written out as 1.30699E+17, is no longer the one that was typed.
func (c *Cell) Rounded() bool {
	switch c.Kind {
	case Number:
		return math.Abs(c.Number) >= maxExact
	case Text:
		return scientific(c.Text)
	default:
		return false
	}
}

// scientific tells 1.30699E+17, the way spreadsheets write a long number into CSV.
func scientific(s string) bool {
	mantissa, exponent, found := strings.Cut(strings.ToUpper(strings.TrimSpace(s)), "E+")
	if !found || len(mantissa) == 0 || mantissa[0] < '1' || mantissa[0] > '9' {
		return false
	}
	if len(mantissa) > 1 && mantissa[1] != '.' {
		return false
	}
	n, err := strconv.Atoi(exponent)
	_, err2 := strconv.ParseFloat(mantissa, 64)
	return err == nil && err2 == nil && n >= 15 && n < 40
}

// Day is the calendar day of a Date cell; false for every other kind and for a mere time of day. Dates typed as text are read by
// day.ParseLoose on Text.
func (c *Cell) Day() (day.Date, bool) {
	if c.Kind != Date || len(c.Text) < len("2015-03-01") {
		return day.Date{}, false
	}
	d, err := day.Parse(c.Text[:len("2015-03-01")])
	return d, err == nil
}

// Row is one row of a sheet.
type Row struct {
	Number int    // as at the left edge of the sheet, from 1
	Hidden bool   // by hand or by a filter; read all the same
	Cells  []Cell // those that exist, by rising column; some may be Empty

	share float64 // of the sheet's bytes that end with this row
}

// Cell gives the cell in the column (from 1); an Empty one where the row has none. The pointer is valid as long as the row is.
func (r *Row) Cell(column int) *Cell {
	if i := column - 1; i >= 0 && i < len(r.Cells) && r.Cells[i].Column == column {
		return &r.Cells[i]
	}
	i, found := slices.BinarySearchFunc(r.Cells, column, func(c Cell, column int) int { return c.Column - column })
	if !found {
		return &Cell{Column: column}
	}
	return &r.Cells[i]
}

// IsEmpty reports whether no cell of the row says anything but spaces.
func (r *Row) IsEmpty() bool {
	for i := range r.Cells {
		if r.Cells[i].Kind != Empty && strings.TrimSpace(r.Cells[i].Text) != "" {
			return false
		}
	}
	return true
}

// Clone copies the row so that it outlives the iteration.
func (r *Row) Clone() *Row {
	return &Row{Number: r.Number, Hidden: r.Hidden, Cells: slices.Clone(r.Cells)}
}

// TextCell is a cell of characters for writing.
func TextCell(s string) Cell {
	if s == "" {
		return Cell{}
	}
	return Cell{Kind: Text, Text: s}
}

// NumberCell is a numeric cell for writing. Identifiers and codes are texts: a spreadsheet would round them.
func NumberCell(f float64) Cell {
	return Cell{Kind: Number, Number: f, Text: strconv.FormatFloat(f, 'f', -1, 64)}
}

// DateCell is a cell of a calendar day for writing; Empty for no date.
func DateCell(d day.Date) Cell {
	if d.IsZero() {
		return Cell{}
	}
	return Cell{Kind: Date, Text: d.String(), Number: float64(d.DaysSince(serialEpoch()))}
}

// ColumnName gives the letters of a column: 1 is A, 27 is AA.
func ColumnName(column int) string {
	var b [8]byte
	i := len(b)
	for column > 0 {
		column--
		i--
		b[i] = byte('A' + column%26)
		column /= 26
	}
	return string(b[i:])
}

// CellName gives a cell's name as a spreadsheet shows it: B7.
func CellName(column, row int) string { return ColumnName(column) + strconv.Itoa(row) }
