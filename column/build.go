package column

import (
	"bytes"
	"cmp"
	"math"
	"slices"

	"liandong/formula"
)

// Builder gathers records into a Table. It is used by one goroutine.
type Builder struct {
	schema  *formula.Schema
	n       int
	columns []*gathered // nil where the field is not held
	keys    []Key
}

// listRoom is how many items of a list a record is given room for: households have three or four members, and growing copies everything.
const listRoom = 4

// NewBuilder begins a table of records of the schema, with room for as many as the capacity says.
func NewBuilder(schema *formula.Schema, capacity int) *Builder {
	b := &Builder{schema: schema, columns: make([]*gathered, len(schema.Fields)), keys: make([]Key, 0, capacity)}
	for i := range schema.Fields {
		if kind := kindOf(&schema.Fields[i]); kind != 0 {
			b.columns[i] = newGathered(&schema.Fields[i], kind, capacity)
		}
	}
	return b
}

// Append adds a record, whose texts are copied. No two records may have the same division and id.
func (b *Builder) Append(key Key, row formula.Row) {
	b.keys = append(b.keys, key)
	b.add(row)
}

func (b *Builder) add(row formula.Row) {
	for i, c := range b.columns {
		if c != nil {
			c.add(b.n, i, row)
		}
	}
	b.n++
}

// Table is the records that were appended, in the order of their keys. The builder is not used again.
func (b *Builder) Table() *Table {
	order := func(x, y Key) int {
		return cmp.Or(cmp.Compare(x.Division, y.Division), bytes.Compare(x.ID[:], y.ID[:]))
	}
	if slices.IsSortedFunc(b.keys, order) {
		t := b.table()
		t.keys = keysFrom(b.keys)
		return t
	}
	rows := make([]int, b.n)
	for i := range rows {
		rows[i] = i
	}
	slices.SortFunc(rows, func(x, y int) int { return order(b.keys[x], b.keys[y]) })
	unsorted := b.table()
	sorted := NewBuilder(b.schema, b.n)
	for _, i := range rows {
		sorted.Append(b.keys[i], unsorted.Row(i))
	}
	return sorted.Table()
}

func (b *Builder) table() *Table {
	t := &Table{schema: b.schema, n: b.n, columns: make([]*Column, len(b.columns))}
	for i, c := range b.columns {
		if c != nil {
			t.columns[i] = c.column(b.n)
		}
	}
	return t
}

func keysFrom(keys []Key) *Keys {
	n := len(keys)
	k := &Keys{id: allocate(16 * n), Division: slots[int64](n), Revision: slots[int64](n), Valid: slots[int32](n)}
	for i := range keys {
		copy(k.id[16*i:], keys[i].ID[:])
		k.Division[i], k.Revision[i], k.Valid[i] = int64(keys[i].Division), keys[i].Revision, int32(keys[i].Valid.UnixDays())
	}
	return k
}

// Patch is the base table with some of its records replaced by newer ones, some added and some gone. Every record of changed takes the
// place of the one with its id, in whatever division that stood; the ids in gone have no record any more.
func Patch(base, changed *Table, gone [][16]byte) *Table {
	drop := make(map[[16]byte]bool, changed.n+len(gone))
	for i := range changed.n {
		drop[changed.keys.ID(i)] = true
	}
	for _, id := range gone {
		drop[id] = true
	}
	b := NewBuilder(base.schema, base.n+changed.n)
	next := 0
	for i := range base.n {
		if drop[base.keys.ID(i)] {
			continue
		}
		for next < changed.n && changed.before(next, base, i) {
			b.Append(changed.keys.Key(next), changed.Row(next))
			next++
		}
		b.Append(base.keys.Key(i), base.Row(i))
	}
	for ; next < changed.n; next++ {
		b.Append(changed.keys.Key(next), changed.Row(next))
	}
	return b.Table()
}

// before reports whether a record stands before another one of another table.
func (t *Table) before(row int, other *Table, at int) bool {
	if d, e := t.keys.Division[row], other.keys.Division[at]; d != e {
		return d < e
	}
	return bytes.Compare(t.keys.id[16*row:16*row+16], other.keys.id[16*at:16*at+16]) < 0
}

// gathered is a column being built.
type gathered struct {
	kind    Kind
	missing bool
	valid   []uint64 // one bit for each row so far
	values  []int64
	small   []uint8 // in place of values where a byte holds each: most fields are codes, and eight times the memory is slow
	text    []byte
	ends    []int32
	items   *Builder
}

func newGathered(f *formula.Field, kind Kind, capacity int) *gathered {
	c := &gathered{kind: kind, valid: make([]uint64, 0, words(capacity))}
	switch kind {
	case Text:
		c.ends = make([]int32, 0, capacity)
	case List:
		c.ends = make([]int32, 0, capacity)
		c.items = NewBuilder(f.List, listRoom*capacity)
	case Bit, Uint8:
		c.small = make([]uint8, 0, capacity)
	default:
		c.values = make([]int64, 0, capacity)
	}
	return c
}

func (c *gathered) add(row, field int, from formula.Row) {
	var ok bool
	switch c.kind {
	case Text:
		var text string
		if text, ok = from.Text(field); ok {
			c.text = append(c.text, text...)
		}
		c.ends = append(c.ends, int32(len(c.text)))
	case List:
		var items formula.Rows
		if items, ok = from.List(field); ok {
			for i := range items.Len() {
				c.items.add(items.Row(i))
			}
		}
		c.ends = append(c.ends, int32(c.items.n))
	default:
		var v int64
		if v, ok = from.Value(field); !ok {
			v = 0
		}
		if c.kind == Bit || c.kind == Uint8 {
			c.small = append(c.small, uint8(v))
		} else {
			c.values = append(c.values, v)
		}
	}
	if row&63 == 0 {
		c.valid = append(c.valid, 0)
	}
	if ok {
		c.valid[row>>6] |= 1 << (row & 63)
	} else {
		c.missing = true
	}
}

// column is what was gathered, in the narrowest kind that holds it.
func (c *gathered) column(n int) *Column {
	out := &Column{kind: c.kind, n: n}
	if c.missing {
		out.valid = slots[uint64](len(c.valid))
		copy(out.valid, c.valid)
	}
	switch c.kind {
	case Text:
		out.offsets = offsetsOf(c.ends)
		out.data = allocate(len(c.text))
		copy(out.data, c.text)
	case List:
		out.offsets = offsetsOf(c.ends)
		out.items = c.items.table()
	case Bit:
		bits := slots[uint64](words(n))
		for i, v := range c.small {
			bits[i>>6] |= uint64(v&1) << (i & 63)
		}
		out.data = bytesOf(bits)
	case Uint8:
		out.data = allocate(n)
		copy(out.data, c.small)
	case Uint16:
		out.data = narrow[uint16](c.values)
	case Uint32:
		out.data = narrow[uint32](c.values)
	case Uint64:
		out.data = narrow[uint64](c.values)
	default:
		out.kind, out.data = Int32, nil
		if slices.ContainsFunc(c.values, func(v int64) bool { return v < math.MinInt32 || v > math.MaxInt32 }) {
			out.kind, out.data = Int64, narrow[int64](c.values)
		} else {
			out.data = narrow[int32](c.values)
		}
	}
	return out
}

func offsetsOf(ends []int32) []int32 {
	offsets := slots[int32](len(ends) + 1)
	copy(offsets[1:], ends)
	return offsets
}

// narrow writes the values into a buffer of their kind.
func narrow[T fixed](values []int64) []byte {
	out := slots[T](len(values))
	for i, v := range values {
		out[i] = T(v)
	}
	return bytesOf(out)
}
