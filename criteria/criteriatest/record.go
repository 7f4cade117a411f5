package criteriatest

import (
	"fmt"

	"pgregory.net/rapid"

	"liandong/column"
	"liandong/day"
	"liandong/formula"
	"liandong/place"
)

// AsOf is the day random documents are evaluated on: parameter yearly has no value in its year.
func AsOf() day.Date { return day.MustOf(2015, 12, 31) }

// Record is a random record of any schema. It is a formula.Row.
type Record struct {
	Schema *formula.Schema
	Values []int64 // by field
	Texts  []string
	Lists  [][]*Record
	Known  []bool
}

// Value gives an answer.
func (r *Record) Value(field int) (int64, bool) { return r.Values[field], r.Known[field] }

// Text gives a text.
func (r *Record) Text(field int) (string, bool) { return r.Texts[field], r.Known[field] }

// List gives a list.
func (r *Record) List(field int) (formula.Rows, bool) { return records(r.Lists[field]), r.Known[field] }

type records []*Record

func (r records) Len() int              { return len(r) }
func (r records) Row(i int) formula.Row { return r[i] }

// Records are random records of a schema, of which some answers, some whole lists and some items' answers are missing.
func Records(t *rapid.T, schema *formula.Schema, count int) []*Record {
	missing := rapid.SampledFrom([]int{0, 2, 20, 60}).Draw(t, "percent missing")
	seed := rapid.Uint64().Draw(t, "seed")
	all := make([]*Record, count)
	for i := range all {
		c := &chance{seed + uint64(i)*0x9e3779b97f4a7c15}
		all[i] = record(c, schema, missing)
	}
	return all
}

// chance is SplitMix64 (Steele, Lea and Flood, 2014): one draw of rapid a value would take longer than what is tested.
type chance struct{ state uint64 }

func (c *chance) next() uint64 {
	c.state += 0x9e3779b97f4a7c15
	z := c.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (c *chance) below(n int) int { return int(c.next() % uint64(n)) }

func record(c *chance, schema *formula.Schema, missing int) *Record {
	n := len(schema.Fields)
	r := &Record{schema, make([]int64, n), make([]string, n), make([][]*Record, n), make([]bool, n)}
	for i := range schema.Fields {
		if r.Known[i] = c.below(100) >= missing; r.Known[i] {
			r.answer(c, i, missing)
		}
	}
	return r
}

// numbers are values of the fields in scaled units: those at which documents compare, their neighbours, and extremes.
var numbers = []int64{0, 1, 2, 3, 5, 9, 10, 15, 34, 49, 50, 51, 99, 100, 101, 149, 150, 151, 1230, 1499, 1500, 285499, 285500, 285501, -1, -100, 1 << 31, -(1 << 40), 1 << 53}

func (r *Record) answer(c *chance, i, missing int) {
	f := &r.Schema.Fields[i]
	switch f.Type {
	case formula.Bool:
		r.Values[i] = int64(c.below(2))
	case formula.Number:
		if r.Values[i] = int64(c.below(20_000)); c.below(2) == 0 {
			r.Values[i] = numbers[c.below(len(numbers)-3*min(1, c.below(20)))] // the last three need 64 bits
		}
	case formula.Code:
		r.Values[i] = int64(f.Codes[c.below(len(f.Codes))].Number)
	case formula.Codes:
		for _, e := range f.Codes {
			if c.below(1+len(f.Codes)/2) == 0 {
				r.Values[i] |= 1 << e.Number
			}
		}
	case formula.Date:
		r.Values[i] = int64(day.MustOf(2015, 12, 31).UnixDays() - c.below(36_000))
		if c.below(8) == 0 {
			r.Values[i] = int64(day.MustOf(2000, 2, 28).UnixDays() + c.below(3))
		}
	case formula.Text:
		r.Texts[i] = []string{"a", "b", "", "甲"}[c.below(4)]
	case formula.List:
		n := c.below(6)
		if c.below(60) == 0 {
			n = 25 + c.below(12) // around the longest list whose items are counted together
		}
		r.Lists[i] = make([]*Record, n)
		for k := range r.Lists[i] {
			r.Lists[i][k] = record(c, f.List, missing)
		}
	}
}

// Table holds the records as columns, in their order.
func Table(schema *formula.Schema, all []*Record) *column.Table {
	b := column.NewBuilder(schema, len(all))
	for i, r := range all {
		key := column.Key{Division: place.ID(i + 1), Revision: int64(i), Valid: AsOf()}
		copy(key.ID[:], fmt.Sprintf("%016d", i))
		b.Append(key, r)
	}
	return b.Table()
}
