package poverty

import (
	"math"
	"math/bits"
)

// EstimateInPlace is Estimate for whoever needs the sample no more: it orders the records in the memory of the sample's own columns, which mean nothing afterwards, and
// takes the groups one after the other. Beside the columns it needs some hundred kilobytes, where Estimate needs 40 to 60 bytes for each record.
//
// It gives numbers without errors. A query for errors of a sample that is no census, and the convention "gini=convey", whose value follows the order of the file within
// ties, are left to Estimate. The order of records within ties is another than Estimate's, so the last bit of a sum may be too; it is the same on any number of cores.
func (s *Sample) EstimateInPlace(q Query) (*Report, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	c, err := q.Conventions.filled()
	if err != nil {
		return nil, err
	}
	if (q.Errors.Method != NoErrors && !s.Design.Census) || c.Gini == GiniConvey {
		return s.Estimate(q)
	}
	if err := q.check(); err != nil {
		return nil, err
	}
	w := &work{sample: s, query: &q, c: &c, groups: make([]group, 1+len(s.Group.Level))}
	r := records{key: keysIn(s.Income), weight: s.Weight}
	if s.Group.Present() {
		r.code = s.Group.Code
	} else {
		w.groups = w.groups[:1]
	}
	if r.weight == nil {
		r.weight = make([]float64, len(r.key))
		for i := range r.weight {
			r.weight[i] = 1
		}
	}
	workers := cores(q.Workers)
	r.toKeys(workers)
	r.order(workers)
	r.toIncomes(workers)
	w.groups[0] = w.newGroup("", newOrdered(s.Income, r.weight, nil, workers))
	if err := w.lineAboveZero(); err != nil {
		return nil, err
	}
	report := &Report{N: len(s.Income), WeightSum: total(w.groups[0].whole, sumWeight), Line: math.NaN(), Results: make([]Estimate, len(w.groups)*len(q.Measures))}
	if !q.Line.IsZero() {
		report.Line = w.groups[0].line
	}
	w.oneByOne(0, report)
	if !s.Group.Present() {
		return report, nil
	}
	r.toKeys(workers)
	starts := r.deal(len(s.Group.Level))
	inParallel(workers, len(s.Group.Level), func(g int) { r.part(starts[g], starts[g+1]).order(1) })
	r.toIncomes(workers)
	for g, name := range s.Group.Level {
		from, to := starts[g], starts[g+1]
		w.groups[g+1] = w.newGroup(name, newOrdered(s.Income[from:to:to], r.weight[from:to:to], nil, workers))
		w.inherit(g + 1)
		w.oneByOne(g+1, report)
	}
	return report, nil
}

// oneByOne values the measures of one group and lets go of its sums.
func (w *work) oneByOne(group int, report *Report) {
	first := group * len(w.query.Measures)
	for i, m := range w.query.Measures {
		c := w.cell(group, m, &report.Results[first+i])
		w.value(&c)
		if w.query.Errors.Method != NoErrors {
			c.result.NoError = censusText()
		}
	}
	w.groups[group].whole, w.groups[group].fit = nil, nil
}

// records are columns that are ordered together: sort keys of incomes, weights, and codes of groups where there are any.
type records struct {
	key    []uint64
	weight []float64
	code   []int32
}

func (r *records) part(from, to int) *records {
	p := &records{key: r.key[from:to], weight: r.weight[from:to]}
	if r.code != nil {
		p.code = r.code[from:to]
	}
	return p
}

// toKeys turns incomes, in their own memory, into keys, and toIncomes turns them back.
func (r *records) toKeys(workers int) {
	incomes := floatsIn(r.key)
	r.each(workers, func(i int) { r.key[i] = sortKey(incomes[i]) })
}

func (r *records) toIncomes(workers int) {
	incomes := floatsIn(r.key)
	r.each(workers, func(i int) { incomes[i] = sortValue(r.key[i]) })
}

func (r *records) each(workers int, do func(i int)) {
	chunks := (len(r.key) + chunkLength - 1) / chunkLength
	inParallel(workers, chunks, func(c int) {
		for i := c * chunkLength; i < min((c+1)*chunkLength, len(r.key)); i++ {
			do(i)
		}
	})
}

// order sorts by key: a radix sort from the most significant byte that varies, in place (McIlroy, Bostic and McIlroy, Engineering Radix Sort, Computing Systems 6
// (1993), 5: "American flag"). The first pass is one goroutine's, its buckets are shared out; what each does follows from its records alone.
func (r *records) order(workers int) {
	if len(r.key) == 0 {
		return
	}
	shift := max(0, bits.Len64(varyingBits(r.key))-radixBits)
	ends := r.spread(shift)
	if shift == 0 {
		return
	}
	inParallel(workers, radixBuckets, func(b int) {
		from := 0
		if b > 0 {
			from = ends[b-1]
		}
		r.part(from, ends[b]).orderBelow(shift)
	})
}

// orderBelow sorts by the bits below the shift.
func (r *records) orderBelow(shift int) {
	const few = 32 // that many are sorted faster by insertion
	switch {
	case len(r.key) <= few:
		r.insert()
		return
	case shift == 0:
		return
	}
	shift = max(0, shift-radixBits)
	ends := r.spread(shift)
	from := 0
	for _, end := range ends {
		if end-from > 1 {
			r.part(from, end).orderBelow(shift)
		}
		from = end
	}
}

// spread brings the records into the order of one byte of their keys and gives where each bucket ends.
func (r *records) spread(shift int) (ends [radixBuckets]int) {
	var next [radixBuckets]int
	for _, k := range r.key {
		ends[uint8(k>>shift)]++
	}
	sum := 0
	for b := range ends {
		next[b] = sum
		sum += ends[b]
		ends[b] = sum
	}
	for b := range ends {
		for ; next[b] < ends[b]; next[b]++ {
			if at := next[b]; int(uint8(r.key[at]>>shift)) != b {
				r.rotate(at, b, shift, &next)
			}
		}
	}
	return ends
}

// rotate takes the record at a place of bucket b out and puts it where it belongs, and whatever it pushes out likewise, until one comes that belongs at the place.
func (r *records) rotate(at, b, shift int, next *[radixBuckets]int) {
	key, weight, code := r.key[at], r.weight[at], int32(0)
	if r.code != nil {
		code = r.code[at]
	}
	for d := int(uint8(key >> shift)); d != b; d = int(uint8(key >> shift)) {
		to := next[d]
		next[d]++
		key, r.key[to] = r.key[to], key
		weight, r.weight[to] = r.weight[to], weight
		if r.code != nil {
			code, r.code[to] = r.code[to], code
		}
	}
	r.key[at], r.weight[at] = key, weight
	if r.code != nil {
		r.code[at] = code
	}
}

func (r *records) swap(i, k int) {
	r.key[i], r.key[k] = r.key[k], r.key[i]
	r.weight[i], r.weight[k] = r.weight[k], r.weight[i]
	if r.code != nil {
		r.code[i], r.code[k] = r.code[k], r.code[i]
	}
}

func (r *records) insert() {
	for i := 1; i < len(r.key); i++ {
		for k := i; k > 0 && r.key[k] < r.key[k-1]; k-- {
			r.swap(k, k-1)
		}
	}
}

// deal brings the records into the order of their groups and gives where each starts, and the number of records at the end.
func (r *records) deal(levels int) (starts []int) {
	starts = make([]int, levels+1)
	for _, c := range r.code {
		starts[c+1]++
	}
	for g := range levels {
		starts[g+1] += starts[g]
	}
	next := append([]int(nil), starts[:levels]...)
	for g := range levels {
		for next[g] < starts[g+1] {
			at := next[g]
			for d := int(r.code[at]); d != g; d = int(r.code[at]) {
				r.swap(at, next[d])
				next[d]++
			}
			next[g]++
		}
	}
	return starts
}
