// Package population makes registers of any size for measuring: households as columns of the household form, drawn from distributions like
// those of a poor prefecture, the same ones for the same seed whatever their number and whoever reads them. It holds what identification
// asks for and nothing that names a person.
package population

import (
	"runtime"
	"sync"

	"liandong/column"
	"liandong/form"
)

// Segment is how many households one table holds at most: a large county.
const Segment = 500_000

// missing is how many of 1,000 answers are missing.
const missing = 20

// Make draws n households, about 3.1 members each, in tables of at most [Segment], on all cores.
func Make(n int, seed uint64) ([]*column.Table, error) {
	tables := make([]*column.Table, (n+Segment-1)/Segment)
	failures := make([]error, len(tables))
	var group sync.WaitGroup
	turns := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range tables {
		group.Go(func() {
			turns <- struct{}{}
			tables[i], failures[i] = segment(min(Segment, n-i*Segment), seed+uint64(i)<<40)
			<-turns
		})
	}
	group.Wait()
	for _, err := range failures {
		if err != nil {
			return nil, err
		}
	}
	return tables, nil
}

// draw is SplitMix64 (Steele, Lea and Flood, 2014).
type draw struct{ state uint64 }

func (d *draw) next() uint64 {
	d.state += 0x9e3779b97f4a7c15
	z := d.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below is a number from 0 to n - 1, evenly (Lemire, 2016, without the rejection that numbers this small do not need).
func (d *draw) below(n uint32) uint32 { return uint32(uint64(uint32(d.next())) * uint64(n) >> 32) }

// share is one entry of a distribution: a value and how many of 1,000 have it.
type share struct {
	value uint8
	of    int
}

// lookup spreads a distribution over 1,000 places, the last value filling up.
func lookup(shares []share) (table [1000]uint8) {
	at := 0
	for _, s := range shares {
		for range s.of {
			table[at] = s.value
			at++
		}
	}
	for ; at < len(table); at++ {
		table[at] = shares[len(shares)-1].value
	}
	return table
}

// answers are what one column is filled with.
type answers struct {
	valid []uint64
	gaps  bool
}

func newAnswers(n int) *answers { return &answers{valid: column.Slots[uint64]((n + 63) / 64)} }

// known draws whether the row is answered.
func (a *answers) known(d *draw, row int) bool {
	if d.below(1000) < missing {
		a.gaps = true
		return false
	}
	a.valid[row>>6] |= 1 << (row & 63)
	return true
}

// coded draws codes for n rows.
func coded(d *draw, n int, shares []share) *column.Column {
	table, a, values := lookup(shares), newAnswers(n), column.Slots[uint8](n)
	for i := range values {
		if a.known(d, i) {
			values[i] = table[d.below(1000)]
		}
	}
	return column.OfCodes(values, a.valid)
}

// truths draws yes for so many of 1,000 rows.
func truths(d *draw, n int, yes uint32) *column.Column {
	a, bits := newAnswers(n), column.Slots[uint64]((n+63)/64)
	for i := range n {
		if a.known(d, i) && d.below(1000) < yes {
			bits[i>>6] |= 1 << (i & 63)
		}
	}
	return column.OfTruths(bits, n, a.valid)
}

// amounts draws numbers: none for so many of 1,000 rows, else from least on, skewed as incomes and fields are, by the household's size
// where perHead is set.
func amounts(d *draw, sizes []uint8, none, least, typical uint32, perHead bool) *column.Column {
	a, values := newAnswers(len(sizes)), column.Slots[int32](len(sizes))
	for i := range values {
		if !a.known(d, i) || d.below(1000) < none {
			continue
		}
		// A product of two even draws has a long right tail and its median at about a fifth of its greatest.
		v := uint64(least) + uint64(d.below(typical))*uint64(1+d.below(5))
		if perHead {
			v *= uint64(sizes[i])
		}
		values[i] = int32(v)
	}
	return column.OfNumbers(values, a.valid)
}

// lists draws lists that most households have empty: so many of 1,000 have one item, a tenth of those two.
func lists(d *draw, n int, some uint32, items func(d *draw, n int) (*column.Table, error)) (*column.Column, error) {
	a, offsets := newAnswers(n), column.Slots[int32](n+1)
	for i := range n {
		offsets[i+1] = offsets[i]
		if a.known(d, i) && d.below(1000) < some {
			offsets[i+1] += 1 + int32(d.below(10)/9)
		}
	}
	records, err := items(d, int(offsets[n]))
	if err != nil {
		return nil, err
	}
	return column.OfLists(offsets, records, a.valid), nil
}

// sizesOf draws how many members households have, 3.1 on average.
func sizesOf(d *draw, n int) (sizes []uint8, offsets []int32) {
	table := lookup([]share{{1, 128}, {2, 246}, {3, 258}, {4, 215}, {5, 97}, {6, 39}, {7, 13}, {8, 4}})
	sizes, offsets = make([]uint8, n), column.Slots[int32](n+1)
	for i := range sizes {
		sizes[i] = table[d.below(1000)]
		offsets[i+1] = offsets[i] + int32(sizes[i])
	}
	return sizes, offsets
}

// segment draws one table.
func segment(n int, seed uint64) (*column.Table, error) {
	schema := form.Household().Root.Schema()
	d := &draw{seed*0x9e3779b97f4a7c15 + 1}
	sizes, offsets := sizesOf(d, n)
	columns := household(d, sizes)
	people, err := members(d, int(offsets[n]))
	if err != nil {
		return nil, err
	}
	columns["members"] = column.OfLists(offsets, people, nil)
	for path, l := range map[string]struct {
		some  uint32
		items func(d *draw, n int) (*column.Table, error)
	}{"vehicles": {140, vehicles}, "properties": {55, properties}, "companies": {22, companies}} {
		own := &draw{d.state ^ uint64(len(path))<<32} // the order of a map must not matter
		if columns[path], err = lists(own, n, l.some, l.items); err != nil {
			return nil, err
		}
	}
	return column.Of(schema, n, columns)
}
