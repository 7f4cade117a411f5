package criteria

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"liandong/column"
	"liandong/formula"
)

// Range is a run of a table's records, [From, To).
type Range struct {
	Table    *column.Table
	From, To int
}

// batchOf is what a worker takes at a time.
type batchOf struct {
	out      *Verdicts
	from, to int // rows of the table; from is a multiple of 64
}

// Evaluate gives the verdicts on ranges of records, one for each range, on all cores. The error is the context's.
func (p *Plan) Evaluate(ctx context.Context, ranges ...Range) ([]*Verdicts, error) {
	out := make([]*Verdicts, len(ranges))
	var batches []batchOf
	for i, r := range ranges {
		out[i] = newVerdicts(p, r)
		for at := out[i].first; at < r.To; at += p.batch {
			batches = append(batches, batchOf{out[i], at, min(at+p.batch, r.To)})
		}
	}
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(batches)) {
		group.Go(func() {
			w := newWorker(p)
			for i := next.Add(1) - 1; i < int64(len(batches)) && ctx.Err() == nil; i = next.Add(1) - 1 {
				w.evaluate(batches[i])
			}
		})
	}
	group.Wait()
	return out, ctx.Err()
}

// extent is one domain of the batch at hand: rows [from, from + n) of a table, where from is a multiple of 64.
type extent struct {
	table   *column.Table
	from, n int
	offsets []int32 // of the records' lists, for the domain of a list
}

// worker holds the registers of one goroutine; nothing is allocated once they have grown to the largest batch.
type worker struct {
	plan    *Plan
	table   *column.Table
	extents []extent
	bytes   [][]byte
	planes  [][]uint64
	floats  [][]float64
	sums    [][]uint64
	parents [][]uint32
	own     [][]byte // memory of byte registers; bytes may be a view of a column instead
	ownBits [][]uint64
	scratch []byte
	full    []uint64 // every record
	longest uint32   // bits of the lengths of lists

	out       *Verdicts
	at        int      // of the batch in the output
	scores    []uint32 // of the batch
	low, high []float64
	evaluator *Evaluator
}

func newWorker(p *Plan) *worker {
	evaluator, err := p.doc.NewEvaluator(p.settings)
	if err != nil {
		panic(err) // the plan was made with these settings
	}
	return &worker{
		plan: p, extents: make([]extent, len(p.domains)), bytes: make([][]byte, len(p.regs.bytes)), own: make([][]byte, len(p.regs.bytes)),
		planes: make([][]uint64, len(p.regs.planes)), ownBits: make([][]uint64, len(p.regs.planes)), floats: make([][]float64, len(p.regs.floats)),
		sums: make([][]uint64, len(p.regs.sums)), parents: make([][]uint32, p.parentCount), evaluator: evaluator,
	}
}

// evaluate gives the verdicts of one batch.
func (w *worker) evaluate(b batchOf) {
	w.begin(b)
	if w.plan.byRows {
		for i := range b.to - b.from {
			w.byItself(i)
		}
		return
	}
	for i := range w.plan.steps {
		w.plan.steps[i].run(w)
	}
	w.write()
	if w.longest > maxItems {
		w.longLists()
	}
}

// begin turns to a batch: where each domain lies, and room for what it needs.
func (w *worker) begin(b batchOf) {
	w.out, w.table, w.at, w.longest = b.out, b.out.table, b.from-b.out.first, 0
	n := b.to - b.from
	for d := range w.extents {
		e := &w.extents[d]
		if list := w.plan.domains[d].list; list >= 0 {
			c := w.table.Column(list)
			e.offsets = c.Offsets()[b.from : b.to+1]
			e.table, e.from = c.Items(), int(e.offsets[0])&^63
			e.n = int(e.offsets[n]) - e.from
		} else {
			*e = extent{table: w.table, from: b.from, n: n}
		}
		if words := wordsOf(e.n); words > len(w.full) {
			w.full = slices.Grow(w.full, words-len(w.full))[:words]
			fill(w.full, true)
			w.scratch = slices.Grow(w.scratch[:0], 64*words)[:64*words]
		}
	}
	w.room()
	if w.out.scores != nil {
		w.scores = w.out.scores[w.at : w.at+n]
	} else {
		w.low, w.high = w.out.low[w.at:w.at+n], w.out.high[w.at:w.at+n]
	}
}

// room grows registers to the batch; after the first batches it does nothing but set lengths.
func (w *worker) room() {
	for r, d := range w.plan.regs.bytes {
		if need := 64 * wordsOf(w.extents[d].n); need > len(w.own[r]) {
			w.own[r] = bytesOfWords(need / 8)
		}
	}
	for r, d := range w.plan.regs.planes {
		need := wordsOf(w.extents[d].n)
		if need > len(w.ownBits[r]) {
			w.ownBits[r] = make([]uint64, need)
		}
		w.planes[r] = w.ownBits[r][:need]
	}
	for r, d := range w.plan.regs.floats {
		w.floats[r] = slices.Grow(w.floats[r][:0], w.extents[d].n)[:w.extents[d].n]
	}
	for r, d := range w.plan.regs.sums {
		w.sums[r] = slices.Grow(w.sums[r][:0], w.extents[d].n+1)[:w.extents[d].n+1]
	}
}

func (w *worker) size(domain int) int          { return w.extents[domain].n }
func (w *worker) plane(r int) []uint64         { return w.planes[r] }
func (w *worker) float(r int) []float64        { return w.floats[r] }
func (w *worker) scratchFor(domain int) []byte { return w.scratch[:64*wordsOf(w.extents[domain].n)] }

// fresh turns a byte register to its own memory, in whole words.
func (w *worker) fresh(r int) []byte {
	w.bytes[r] = w.own[r][:64*wordsOf(w.extents[w.plan.regs.bytes[r]].n)]
	return w.bytes[r]
}

// known is the plane of a column's answered rows in the batch.
func (w *worker) known(domain int, c *column.Column) []uint64 {
	e := &w.extents[domain]
	if c.Valid() == nil {
		return w.full[:wordsOf(e.n)]
	}
	return c.Valid()[e.from/64 : e.from/64+wordsOf(e.n)]
}

// present is the plane of the records whose list is there.
func (w *worker) present(list int) []uint64 { return w.known(records, w.table.Column(list)) }

func (w *worker) loadTruth(domain int, t truth, field int) {
	e := &w.extents[domain]
	c := e.table.Column(field)
	is := c.Bits()[e.from/64 : e.from/64+wordsOf(e.n)]
	w.planes[t.t] = is
	no, known := w.plane(t.f), w.known(domain, c)
	for i := range no {
		no[i] = known[i] &^ is[i]
	}
}

// loadCodes takes codes as they lie in the column: one without an answer is 0, and no code is numbered 0.
func (w *worker) loadCodes(domain, r, field int) {
	e := &w.extents[domain]
	values := e.table.Column(field).Uint8s()
	if whole := 64 * wordsOf(e.n); e.from+whole <= cap(values) {
		w.bytes[r] = values[e.from : e.from+whole]
		return
	}
	copy(w.fresh(r), values[e.from:e.from+e.n])
}

func (w *worker) loadSets(domain, r, field int) {
	e := &w.extents[domain]
	c := e.table.Column(field)
	copy(w.fresh(r), c.Uint8s()[e.from:e.from+e.n])
	unpackCodes(w.bytes[r], w.known(domain, c))
}

func (w *worker) loadNumbers(domain int, x numeric, field int, scale float64) {
	e := &w.extents[domain]
	c := e.table.Column(field)
	w.planes[x.k] = w.known(domain, c)
	if c.Kind() == column.Int64 {
		numbersOf(w.float(x.x), c.Int64s()[e.from:e.from+e.n], scale)
		return
	}
	numbersOf(w.float(x.x), c.Int32s()[e.from:e.from+e.n], scale)
}

// climb runs a ladder over a column; without a small value the scratch's zeros take its place.
func (w *worker) climb(domain, to, field, small int, l *ladder) {
	e := &w.extents[domain]
	c := e.table.Column(field)
	by := w.scratchFor(domain)
	if small >= 0 {
		by = w.bytes[small]
	} else {
		clear(by)
	}
	out, known := w.fresh(to), w.known(domain, c)
	if c.Kind() == column.Int64 {
		climb(out, c.Int64s()[e.from:e.from+e.n], known, by, l)
		return
	}
	climb(out, c.Int32s()[e.from:e.from+e.n], known, by, l)
}

// reduce adds up, or finds the least or greatest of, whole numbers over the items that meet a condition.
func (w *worker) reduce(n *formula.Node, items int, meets truth, x numeric) {
	e := &w.extents[items]
	c := e.table.Column(n.Item)
	valid := w.known(items, c)
	yes, no := w.full, w.full[:0]
	if n.Pred != nil {
		yes, no = w.plane(meets.t), w.plane(meets.f)
	}
	out, known, present := w.float(x.x), w.plane(x.k), w.present(n.Index)
	clear(known)
	scale := formula.Pow10(n.Scale())
	for i := range out {
		out[i] = 0
		number, some, open := int64(0), false, present[i>>6]>>(uint(i)&63)&1 == 0
		for j := int(e.offsets[i]) - e.from; j < int(e.offsets[i+1])-e.from; j++ {
			bit := uint64(1) << (uint(j) & 63)
			switch {
			case yes[j>>6]&bit == 0:
				open = open || len(no) == 0 || no[j>>6]&bit == 0
			case valid[j>>6]&bit == 0:
				open = true
			default:
				v, _ := c.Value(e.from + j)
				number, some = reduced(n.Op, number, v, some), true
			}
		}
		if !open && (some || n.Op == formula.OpSum) {
			out[i] = float64(number) / scale
			known[i>>6] |= 1 << (uint(i) & 63)
		}
	}
}

func reduced(op formula.Op, number, v int64, some bool) int64 {
	switch {
	case op == formula.OpSum:
		return number + v
	case !some:
		return v
	case op == formula.OpLeast:
		return min(number, v)
	}
	return max(number, v)
}

// placeParents notes for every item which record of the batch it belongs to; items before the first record belong to it, and nobody looks.
func (w *worker) placeParents(at, items int) {
	e := &w.extents[items]
	w.parents[at] = slices.Grow(w.parents[at][:0], e.n)[:e.n]
	parents := w.parents[at]
	for j := range min(e.n, int(e.offsets[0])-e.from) {
		parents[j] = 0
	}
	for i := range len(e.offsets) - 1 {
		for j := int(e.offsets[i]) - e.from; j < int(e.offsets[i+1])-e.from; j++ {
			parents[j] = uint32(i)
		}
	}
}

// eachRecord evaluates record by record, with the score where it is there already.
func (w *worker) eachRecord(fn func(i int, e *formula.Evaluation)) {
	from := w.extents[records].from
	for i := range w.extents[records].n {
		w.evaluator.inputs.ScoreLow, w.evaluator.inputs.ScoreHigh = w.score(i)
		w.evaluator.eval.Begin(w.table.Row(from+i), nil, &w.evaluator.inputs)
		fn(i, w.evaluator.eval)
	}
}

// score is a record's interval as far as it was added up.
func (w *worker) score(i int) (low, high float64) {
	if w.out.scores != nil {
		s := w.scores[i]
		return float64(s&0xffff) / w.plan.scale, float64(s>>16) / w.plan.scale
	}
	return w.low[i], w.high[i]
}

// tallyComputed adds a part whose points are computed: unknown where they leave 0 to its max.
func (w *worker) tallyComputed(p *plannedPart) {
	values, known := w.float(p.value.x), w.plane(p.value.k)
	codes := w.fresh(p.codes)
	points := w.out.points[p.part][w.at:]
	for i, v := range values {
		if known[i>>6]>>(uint(i)&63)&1 == 0 || v < 0 || v > p.part.Max {
			w.high[i] += p.part.Max
			codes[i], points[i] = computedUnknown, 0
			continue
		}
		w.low[i] += v
		w.high[i] += v
		points[i] = v
		codes[i] = computedCode(v, p.part.Max)
	}
}

// The codes of a part with computed points.
const (
	computedUnknown = iota
	computedNone
	computedSome
	computedFull
)

func computedCode(v, full float64) byte {
	switch v {
	case full:
		return computedFull
	case 0:
		return computedNone
	}
	return computedSome
}

// write puts a batch's outcomes and reasons into their places.
func (w *worker) write() {
	words := wordsOf(w.extents[records].n)
	at := w.at / 64
	for i := range w.plan.parts {
		p := &w.plan.parts[i]
		for b := range p.width {
			packBit(w.out.plane(p.plane + b)[at:at+words], w.bytes[p.codes][:64*words], uint(b))
		}
	}
	first := w.out.barPlane(0)
	for i, b := range w.plan.bars {
		copy(w.out.plane(first + 2*i)[at:], w.plane(b.t))
		copy(w.out.plane(first + 2*i + 1)[at:], w.plane(b.f))
	}
	copy(w.out.plane(first + 2*len(w.plan.bars))[at:], w.plane(w.plan.poor.t))
	copy(w.out.plane(first + 2*len(w.plan.bars) + 1)[at:], w.plane(w.plan.poor.f))
	for i := range w.plan.terms {
		copy(w.out.plane(w.out.termPlane(i))[at:], w.plane(w.plan.terms[i].truth.t))
		copy(w.out.plane(w.out.termPlane(i) + 1)[at:], w.plane(w.plan.terms[i].truth.f))
	}
	w.outcomes(at, words)
	if tail := w.extents[records].n & 63; tail != 0 {
		for i := range w.plan.planes {
			w.out.plane(i)[at+words-1] &= 1<<tail - 1
		}
	}
}

// outcomes decides, 64 records at a time, in the order that Evaluator decides.
func (w *worker) outcomes(at, words int) {
	scratch := w.scratchFor(records)
	poor := w.plan.poor
	for i := range words {
		no, open := w.plane(poor.f)[i], ^(w.plane(poor.t)[i] | w.plane(poor.f)[i])
		var vetoed, review uint64
		for k, b := range w.plan.bars {
			is, not := w.plane(b.t)[i], w.plane(b.f)[i]
			if w.plan.doc.Bars[k].Kind == Review {
				review |= ^not
				continue
			}
			vetoed |= is
			open |= ^(is | not)
		}
		barred := vetoed &^ no
		undetermined := open &^ (no | vetoed)
		strict := review &^ (no | vetoed | open)
		proposed := ^(no | vetoed | open | review)
		unpackDigits(scratch[64*i:64*i+64], barred|strict, undetermined|strict, proposed) // Barred 1, Undetermined 2, UnderReview 3, Proposed 4
	}
	copyOutcomes(w.out.Outcome[64*at:], scratch[:w.extents[records].n])
}

func copyOutcomes(out []Outcome, values []byte) {
	out = out[:len(values)]
	for i, v := range values {
		out[i] = Outcome(v)
	}
}

// longLists evaluates the records by themselves of which a list overflows its counters.
func (w *worker) longLists() {
	for i := range w.extents[records].n {
		for d := range w.extents {
			if e := &w.extents[d]; e.offsets != nil && e.offsets[i+1]-e.offsets[i] > maxItems {
				w.byItself(i)
				break
			}
		}
	}
}

// byItself evaluates one record as Evaluator does and puts everything into its place.
func (w *worker) byItself(i int) {
	e := w.evaluator
	verdict := e.Evaluate(w.table.Row(w.extents[records].from + i))
	at := w.at + i
	w.out.Outcome[at] = verdict.Outcome
	if w.out.scores != nil {
		w.out.scores[at] = uint32(verdict.Low*w.plan.scale) | uint32(verdict.High*w.plan.scale)<<16
	} else {
		w.out.low[at], w.out.high[at] = verdict.Low, verdict.High
	}
	for k := range w.plan.parts {
		p := &w.plan.parts[k]
		points := e.points(p.part)
		w.out.setCode(p, at, p.code(points))
		if p.levels == nil {
			w.out.points[p.part][at] = points.Num
		}
	}
	first := w.out.barPlane(0)
	for k := range w.plan.bars {
		w.out.setTruth(first+2*k, at, e.eval.Value(w.plan.doc.Bars[k].Node))
	}
	w.out.setTruth(first+2*len(w.plan.bars), at, e.eval.Value(w.plan.doc.Poor.Node))
	for k := range w.plan.terms {
		w.out.setTruth(w.out.termPlane(k), at, e.eval.Value(w.plan.terms[k].node))
	}
}

// code is the code of known or unknown points.
func (p *plannedPart) code(points formula.Value) byte {
	switch {
	case !points.Known:
		return 0
	case p.levels == nil:
		return computedCode(points.Num, p.part.Max)
	}
	return byte(slices.Index(p.levels, points.Num) + 1)
}
