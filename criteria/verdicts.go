package criteria

import (
	"unsafe"

	"liandong/column"
	"liandong/formula"
)

// Verdicts are the verdicts on a run of records, in columns, with their reasons.
//
// # Reasons
//
// The reasons are bit planes: for every plane one bit a record, as far as the verdicts go. A part has as many planes as the number of its levels
// needs: its levels are the points it can give, numbered from 1 as the plan says, and 0 says that it is unknown. Up to three levels take two
// planes, up to seven take three. A bar, the condition of being poor and each of its terms have two planes: met, and not
// met; in neither they are unknown.
//
// A plain bit for "gave its points" would not tell 3 from 6 points of 8, nor the unknown from nothing, and a byte for every part would be three
// times as large. With codes in planes a whole comparison is a handful of exclusive-ors and population counts, 64 records at a time; the points
// of a part are a look-up; and what a document would say with other points for the same levels needs no formula at all. Parts whose points
// are computed have two planes (unknown, nothing, some, full) and their points beside them.
type Verdicts struct {
	Outcome []Outcome // by record

	plan   *Plan
	table  *column.Table
	first  int // the first row, a multiple of 64, at or before the range's
	from   int // of the range
	to     int
	scores []uint32 // both ends in multiples of 1/scale, or nil
	low    []float64
	high   []float64
	points map[*Part][]float64 // of parts with computed points
	planes []uint64            // plane behind plane
	words  int                 // of one plane
}

func newVerdicts(p *Plan, r Range) *Verdicts {
	v := &Verdicts{plan: p, table: r.Table, first: r.From &^ 63, from: r.From, to: r.To}
	n := r.To - v.first
	v.words = wordsOf(n)
	v.Outcome = make([]Outcome, n)
	v.planes = make([]uint64, p.planes*v.words)
	if p.scale > 0 && !p.byRows {
		v.scores = make([]uint32, n)
	} else {
		v.low, v.high = make([]float64, n), make([]float64, n)
	}
	for i := range p.parts {
		if p.parts[i].levels == nil {
			if v.points == nil {
				v.points = map[*Part][]float64{}
			}
			v.points[p.parts[i].part] = make([]float64, n)
		}
	}
	v.Outcome = v.Outcome[:n]
	return v
}

// The accessors count records from the beginning of the range.

// Len is the number of records.
func (v *Verdicts) Len() int { return v.to - v.from }

// Plan is what the verdicts were made by.
func (v *Verdicts) Plan() *Plan { return v.plan }

// Outcomes gives the outcome of every record; a view, never to be changed.
func (v *Verdicts) Outcomes() []Outcome { return v.Outcome[v.from-v.first:] }

// Score gives both ends of a record's score.
func (v *Verdicts) Score(i int) (low, high float64) {
	i += v.from - v.first
	if v.scores != nil {
		return float64(v.scores[i]&0xffff) / v.plan.scale, float64(v.scores[i]>>16) / v.plan.scale
	}
	return v.low[i], v.high[i]
}

// Verdict gives what Evaluator.Evaluate gives for the record.
func (v *Verdicts) Verdict(i int) Verdict {
	low, high := v.Score(i)
	return Verdict{v.Outcomes()[i], low, high}
}

// Points gives what a part, by its place in Document.Parts, scored for a record.
func (v *Verdicts) Points(part, i int) formula.Value {
	return v.points0(&v.plan.parts[part], i+v.from-v.first)
}

// Bar gives whether a bar, by its place in Document.Bars, is met by a record.
func (v *Verdicts) Bar(bar, i int) formula.Value { return v.truth(v.barPlane(bar), i+v.from-v.first) }

// Poor gives whether a record counts as poor.
func (v *Verdicts) Poor(i int) formula.Value {
	return v.truth(v.barPlane(len(v.plan.bars)), i+v.from-v.first)
}

// Missing lists the fields that matter for a record, as Evaluator.Missing does. Only an undetermined record has any, and only somebody who looks
// at it asks, so it is evaluated by itself; evaluator is one of the plan's document and settings.
func (v *Verdicts) Missing(evaluator *Evaluator, i int) []string {
	if v.Outcomes()[i] != Undetermined {
		return nil
	}
	return evaluator.Missing(evaluator.Evaluate(v.table.Row(v.from + i)))
}

// Gather gives the verdicts on some of the records, in the order asked for, as verdicts of their own: so the same households of two different
// days can be put beside each other.
func (v *Verdicts) Gather(rows []int) *Verdicts {
	g := newVerdicts(v.plan, Range{Table: v.table, To: len(rows)})
	g.table = nil // its rows are other ones
	for to, i := range rows {
		at := i + v.from - v.first
		g.Outcome[to] = v.Outcome[at]
		if v.scores != nil {
			g.scores[to] = v.scores[at]
		} else {
			g.low[to], g.high[to] = v.low[at], v.high[at]
		}
		for p, values := range v.points {
			g.points[p][to] = values[at]
		}
		for k := range v.plan.planes {
			setBit(g.plane(k), to, v.plane(k)[at>>6]>>(uint(at)&63)&1 != 0)
		}
	}
	return g
}

// Size is the memory of the verdicts in bytes.
func (v *Verdicts) Size() int {
	return len(v.Outcome) + 4*len(v.scores) + 8*(len(v.low)+len(v.high)+len(v.planes)+len(v.points)*len(v.low))
}

func (v *Verdicts) plane(i int) []uint64 { return v.planes[i*v.words : (i+1)*v.words : (i+1)*v.words] }

// barPlane is the first plane of a bar; that of poor comes after the last one's, and then those of its terms.
func (v *Verdicts) barPlane(bar int) int {
	return v.plan.planes - 2*(len(v.plan.bars)+1+len(v.plan.terms)) + 2*bar
}

func (v *Verdicts) termPlane(i int) int { return v.barPlane(len(v.plan.bars) + 1 + i) }

// Term gives whether a record meets one of the terms of being poor: see [Plan.Terms].
func (v *Verdicts) Term(term, i int) formula.Value {
	return v.truth(v.termPlane(term), i+v.from-v.first)
}

// Together gives for every record whether it meets all of some terms, by their places in [Plan.Terms]: 0 it does not, 1 that is unknown, 2 it does.
func (v *Verdicts) Together(terms []int) []uint8 {
	whole := make([]uint8, len(v.Outcome))
	for w := range v.words {
		met, failed := ^uint64(0), uint64(0)
		for _, t := range terms {
			plane := v.termPlane(t)
			met, failed = met&v.plane(plane)[w], failed|v.plane(plane + 1)[w]
		}
		for i := range whole[64*w : min(64*w+64, len(whole))] {
			whole[64*w+i] = uint8(1 + met>>(uint(i)&63)&1 - failed>>(uint(i)&63)&1)
		}
	}
	return whole[v.from-v.first:]
}

// points0 is Points of a record counted from the first word.
func (v *Verdicts) points0(p *plannedPart, at int) formula.Value {
	code := v.code(p, at)
	switch {
	case code == 0:
		return formula.Value{}
	case p.levels == nil:
		return formula.Value{Num: v.points[p.part][at], Known: true}
	}
	return formula.Value{Num: p.levels[code-1], Known: true}
}

func (v *Verdicts) truth(plane, at int) formula.Value {
	switch {
	case v.plane(plane)[at>>6]>>(uint(at)&63)&1 != 0:
		return formula.Value{Num: 1, Known: true}
	case v.plane(plane + 1)[at>>6]>>(uint(at)&63)&1 != 0:
		return formula.Value{Num: 0, Known: true}
	}
	return formula.Value{}
}

func (v *Verdicts) code(p *plannedPart, at int) int {
	code := 0
	for b := range p.width {
		code |= int(v.plane(p.plane + b)[at>>6]>>(uint(at)&63)&1) << b
	}
	return code
}

func (v *Verdicts) setCode(p *plannedPart, at int, code byte) {
	for b := range p.width {
		setBit(v.plane(p.plane+b), at, code>>b&1 != 0)
	}
}

func (v *Verdicts) setTruth(plane, at int, is formula.Value) {
	setBit(v.plane(plane), at, is.Known && is.Num == 1)
	setBit(v.plane(plane+1), at, is.Known && is.Num == 0)
}

func setBit(plane []uint64, at int, is bool) {
	plane[at>>6] = plane[at>>6]&^(1<<(uint(at)&63)) | one(is)<<(uint(at)&63)
}

// bytesOfWords is memory for bytes that may be read as words.
func bytesOfWords(words int) []byte {
	memory := make([]uint64, words)
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(memory))), 8*words)
}
