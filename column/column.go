// Package column keeps records as typed columns: a Table holds many records of one formula.Schema, each field in its narrowest type, lists
// as offsets into a table of their own. Rules, figures and grid filters read columns in milliseconds where decoding the stored bodies
// takes seconds.
//
// The memory is laid out as Apache Arrow lays it out: validity and yes-or-no answers packed into bits, least significant first, every
// buffer 64-byte aligned and padded with zeros, so that Arrow arrays wrap the same memory without a copy. A row without an answer has a clear
// validity bit and a zero value; a column whose rows are all answered has no validity at all. Tables and columns are immutable
// once made and safe for concurrent use.
//
// A Segment is the table of one county at one date and ledger head, with a digest of its content; it is kept in a file, patched by later
// revisions and rebuilt when the file is damaged. Fields that are stored encrypted, keys and divisions (formula.Opaque) are never held,
// except for the four key columns that every table of records has.
//
// The package stands above formula and form and below criteria and poverty; it knows neither the database nor HTTP.
package column

import (
	"crypto/sha256"
	"sync"
	"unsafe"

	"liandong/formula"
)

// Kind says how a column's values lie in memory.
type Kind uint8

// The kinds. A field's type chooses: Bool → Bit, Code → Uint8, Codes → the narrowest mask that holds its highest number, Number → Int32
// where every value fits and Int64 elsewhere, Date → Int32 days since 1970-01-01.
const (
	Bit    Kind = iota + 1 // one bit a row
	Uint8                  // code numbers, or masks of codes below 8
	Uint16                 // masks of codes below 16
	Uint32                 // masks of codes below 32
	Uint64                 // masks of codes below 64
	Int32                  // scaled numbers, days
	Int64                  // scaled numbers
	Text                   // UTF-8 between offsets
	List                   // rows of the items table between offsets
)

// widths are the bytes of a value of each kind; 0 where a row has no fixed number of bytes.
var widths = [...]int{Uint8: 1, Uint16: 2, Uint32: 4, Uint64: 8, Int32: 4, Int64: 8, List: 0}

// Column is one field of all records of a table.
type Column struct {
	kind    Kind
	n       int
	valid   []uint64 // nil where every row is answered
	data    []byte   // values, bits or text
	offsets []int32  // Text and List: n+1
	items   *Table   // List

	digestOnce sync.Once
	digest     [sha256.Size]byte
}

// Kind says which accessor gives the values.
func (c *Column) Kind() Kind { return c.kind }

// Len is the number of rows.
func (c *Column) Len() int { return c.n }

// Valid has one bit for each row, set where it is answered; nil where every row is. The caller does not change it.
func (c *Column) Valid() []uint64 { return c.valid }

// Answered reports whether the row has an answer.
func (c *Column) Answered(row int) bool {
	return c.valid == nil || c.valid[row>>6]&(1<<(row&63)) != 0
}

// Bits gives a Bit column, one bit for each row. Like those below it is a view of the column, never to be changed.
func (c *Column) Bits() []uint64 { c.must(Bit); return view[uint64](c.data, (c.n+63)/64) }

// Uint8s gives a Uint8 column.
func (c *Column) Uint8s() []uint8 { c.must(Uint8); return c.data[:c.n] }

// Uint16s gives a Uint16 column.
func (c *Column) Uint16s() []uint16 { c.must(Uint16); return view[uint16](c.data, c.n) }

// Uint32s gives a Uint32 column.
func (c *Column) Uint32s() []uint32 { c.must(Uint32); return view[uint32](c.data, c.n) }

// Uint64s gives a Uint64 column.
func (c *Column) Uint64s() []uint64 { c.must(Uint64); return view[uint64](c.data, c.n) }

// Int32s gives an Int32 column.
func (c *Column) Int32s() []int32 { c.must(Int32); return view[int32](c.data, c.n) }

// Int64s gives an Int64 column.
func (c *Column) Int64s() []int64 { c.must(Int64); return view[int64](c.data, c.n) }

// Offsets gives the n+1 bounds of a Text or List column: row i is from Offsets()[i] to Offsets()[i+1] of Bytes or Items. The first is 0.
func (c *Column) Offsets() []int32 { return c.offsets }

// Bytes gives all texts of a Text column, one behind the other.
func (c *Column) Bytes() []byte { c.must(Text); return c.data }

// Items gives the records of a List column, one list behind the other.
func (c *Column) Items() *Table { return c.items }

func (c *Column) must(k Kind) {
	if c.kind != k {
		panic("column: asked for values of another kind")
	}
}

// Value gives one row of a column of numbers as formula.Row does: Bool 0 or 1, the others as held.
func (c *Column) Value(row int) (int64, bool) {
	if !c.Answered(row) {
		return 0, false
	}
	return c.value(row), true
}

func (c *Column) value(row int) int64 {
	switch c.kind {
	case Bit:
		return int64(c.Bits()[row>>6] >> (row & 63) & 1)
	case Uint8:
		return int64(c.data[row])
	case Uint16:
		return int64(c.Uint16s()[row])
	case Uint32:
		return int64(c.Uint32s()[row])
	case Uint64:
		return int64(c.Uint64s()[row])
	case Int32:
		return int64(c.Int32s()[row])
	default:
		return c.Int64s()[row]
	}
}

// Text gives one row of a Text column; the string is a view of the column.
func (c *Column) Text(row int) (string, bool) {
	if !c.Answered(row) {
		return "", false
	}
	text := c.data[c.offsets[row]:c.offsets[row+1]]
	return unsafe.String(unsafe.SliceData(text), len(text)), true
}

// Size is the memory of the column in bytes, with its items.
func (c *Column) Size() int {
	n := 8*len(c.valid) + len(c.data) + 4*len(c.offsets)
	if c.items != nil {
		n += c.items.Size()
	}
	return n
}

// kindOf is the kind that a field begins with; 0 where it is not held. A Number is widened when a value needs it.
func kindOf(f *formula.Field) Kind {
	switch f.Type {
	case formula.Bool:
		return Bit
	case formula.Code:
		return Uint8
	case formula.Codes:
		return maskKind(f.Codes)
	case formula.Number, formula.Date:
		return Int32
	case formula.Text:
		return Text
	case formula.List:
		return List
	}
	return 0
}

func maskKind(codes []formula.Entry) Kind {
	highest := 0
	for _, e := range codes {
		highest = max(highest, e.Number)
	}
	switch {
	case highest < 8:
		return Uint8
	case highest < 16:
		return Uint16
	case highest < 32:
		return Uint32
	}
	return Uint64
}
