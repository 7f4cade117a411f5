package column

import (
	"fmt"

	"liandong/errs"
	"liandong/formula"
)

// Slots gives n zero values for a column that is filled by hand, aligned and padded as columns are.
func Slots[T fixed](n int) []T { return slots[T](n) }

// OfNumbers makes a column of scaled numbers or days from values that it takes over; valid has one bit for each row, or is nil where every row
// is answered. As in all columns, a row without an answer has the value 0.
func OfNumbers(values []int32, valid []uint64) *Column {
	return &Column{kind: Int32, n: len(values), valid: valid, data: bytesOf(values)}
}

// OfCodes makes a column of code numbers, or of sets of codes below 8, in the same way.
func OfCodes(values []uint8, valid []uint64) *Column {
	return &Column{kind: Uint8, n: len(values), valid: valid, data: values}
}

// OfTruths makes a column of n answers of yes or no, one bit each, in the same way.
func OfTruths(bits []uint64, n int, valid []uint64) *Column {
	return &Column{kind: Bit, n: n, valid: valid, data: bytesOf(bits)}
}

// OfLists makes a column of lists: list i is the records offsets[i] to offsets[i+1] of items. The first offset is 0.
func OfLists(offsets []int32, items *Table, valid []uint64) *Column {
	return &Column{kind: List, n: len(offsets) - 1, valid: valid, offsets: offsets, items: items}
}

// Of makes a table of n records from columns by their paths. Fields that are not given are not held: a rule must not ask for them. The table
// has no keys. A column of a kind or a length that the field does not have is refused.
func Of(schema *formula.Schema, n int, columns map[string]*Column) (*Table, error) {
	t := &Table{schema: schema, n: n, columns: make([]*Column, len(schema.Fields))}
	for path, c := range columns {
		i, ok := schema.Lookup(path)
		if !ok || kindOf(&schema.Fields[i]) != c.kind || c.n != n || (c.kind == List && c.items.schema != schema.Fields[i].List) {
			return nil, errs.New(errs.Internal, "column.Of", "", fmt.Sprintf("%s has no column %q of %d such rows", schema.Name, path, n))
		}
		t.columns[i] = c
	}
	return t, nil
}
