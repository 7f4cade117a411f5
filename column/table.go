package column

import (
	"bytes"
	"slices"
	"strings"

	"liandong/day"
	"liandong/formula"
	"liandong/place"
)

// Key says which record a row is.
type Key struct {
	ID       [16]byte // the record's stable id
	Division place.ID // the village
	Revision int64    // the number of the revision in its county's ledger, or any other that orders revisions
	Valid    day.Date // the day the revision is valid from
}

// Keys are the key columns of a table of records, all of its length, sorted by Division and then by ID: every territory is
// one run of rows.
type Keys struct {
	id       []byte // 16 bytes a row
	Division []int64
	Revision []int64
	Valid    []int32 // days since 1970-01-01
}

// Len is the number of rows.
func (k *Keys) Len() int { return len(k.Division) }

// ID is the record id of a row.
func (k *Keys) ID(row int) [16]byte { return [16]byte(k.id[16*row : 16*row+16]) }

// Key gathers the key of a row.
func (k *Keys) Key(row int) Key {
	return Key{ID: k.ID(row), Division: place.ID(k.Division[row]), Revision: k.Revision[row], Valid: day.FromUnixDays(int(k.Valid[row]))}
}

// Find gives the row of a record in the village.
func (k *Keys) Find(division place.ID, id [16]byte) (row int, ok bool) {
	lower, upper := k.Range(division, division+1)
	for lower < upper {
		middle := (lower + upper) / 2
		switch bytes.Compare(k.id[16*middle:16*middle+16], id[:]) {
		case 0:
			return middle, true
		case -1:
			lower = middle + 1
		default:
			upper = middle
		}
	}
	return lower, false
}

// Range gives the rows [from, to) whose division lies in [low, high): see place.ID.Interval.
func (k *Keys) Range(low, high place.ID) (from, to int) {
	from, _ = slices.BinarySearch(k.Division, int64(low))
	to, _ = slices.BinarySearch(k.Division, int64(high))
	return from, to
}

// Table is many records of one schema. Columns are at the same index as the schema's fields; a column is nil where the field is not held.
type Table struct {
	schema  *formula.Schema
	n       int
	columns []*Column
	keys    *Keys // nil for the records of a list
}

// Schema says what the columns are.
func (t *Table) Schema() *formula.Schema { return t.schema }

// Len is the number of records.
func (t *Table) Len() int { return t.n }

// Keys gives the key columns; nil for the records of a list.
func (t *Table) Keys() *Keys { return t.keys }

// Column gives the column of a field by its index in the schema; nil where it is not held.
func (t *Table) Column(field int) *Column { return t.columns[field] }

// Lookup gives a column by its path, "housing.area" or "members.labour"; nil where the schema lacks or the table does not hold it.
func (t *Table) Lookup(path string) *Column {
	if i, ok := t.schema.Lookup(path); ok {
		return t.columns[i]
	}
	for i := range t.schema.Fields {
		rest, ok := strings.CutPrefix(path, t.schema.Fields[i].Path+".")
		if ok && t.schema.Fields[i].Type == formula.List && t.columns[i] != nil {
			return t.columns[i].items.Lookup(rest)
		}
	}
	return nil
}

// Size is the memory of all columns in bytes.
func (t *Table) Size() int {
	n := 0
	for _, c := range t.columns {
		if c != nil {
			n += c.Size()
		}
	}
	if t.keys != nil {
		n += len(t.keys.id) + 20*t.n
	}
	return n
}

// Row is one record of the table as formulas see it. Asked for a field that the table does not hold, it panics: a rule that
// silently took it for missing would be wrong.
func (t *Table) Row(i int) formula.Row { return row{t, i} }

type row struct {
	table *Table
	at    int
}

func (r row) Value(field int) (int64, bool) { return r.table.columns[field].Value(r.at) }
func (r row) Text(field int) (string, bool) { return r.table.columns[field].Text(r.at) }

func (r row) List(field int) (formula.Rows, bool) {
	c := r.table.columns[field]
	if !c.Answered(r.at) {
		return nil, false
	}
	return rows{c.items, int(c.offsets[r.at]), int(c.offsets[r.at+1])}, true
}

type rows struct {
	table    *Table
	from, to int
}

func (r rows) Len() int              { return r.to - r.from }
func (r rows) Row(i int) formula.Row { return row{r.table, r.from + i} }
