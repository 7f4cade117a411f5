package criteria

import (
	"fmt"
	"strings"

	"liandong/errs"
	"liandong/formula"
)

// Plan is a document made ready for columns, under one day and one setting of its parameters: a list of typed steps that runs over batches of
// records. It gives, bit for bit, what [Evaluator] gives record by record. It is immutable and safe for concurrent use.
//
// # Values
//
// A batch is up to 1,024 records, a multiple of 64, so that what the steps hand to each other stays in the cache. A value is held in the
// narrowest of three types:
//
//   - truth: two bit planes, one of the records where it is true and one where it is false. A record in neither is unknown. In this encoding
//     strict Kleene logic is and and or on whole words, and negation exchanges the planes.
//   - small: one byte, 0 for the unknown, else a place in a list of at most 255 values: a code, the length of a list, a count of members, the
//     points of a part.
//   - number: a float64 with a bit plane of the known.
//
// Whatever depends on the day and the parameters alone is a constant, computed once.
//
// # Three ways to compute
//
// The plan is made from the roots (parts, bars, poor) downwards, and every operation takes the first way that fits:
//
//  1. A table. An expression of one or two small values has at most some thousand results. The plan computes all of them, by the same
//     function that evaluates a record, and looks them up: able_share < 0.34 ? 8 : … over a count and a household's size never divides.
//  2. A ladder. An expression that takes one column of whole numbers (money in fen, area in tenths, a day), with or without one small value,
//     and only asks on which side of thresholds it lies, is a staircase. Correctly rounded arithmetic is monotone, so for every small value
//     each threshold is one whole number of the column, which bisection finds with the function that evaluates a record. A record then costs
//     an integer comparison for every step: grain.output / size < 150 never divides either, and equals the division bit for bit.
//  3. Kernels, one operation at a time, over numbers and planes.
//
// An operation that none of these can do, such as a list within a list or a comparison of texts, is computed record by record by the same
// evaluation that explains one; so every document that was checked can be planned.
//
// # Lists
//
// Predicates are evaluated over the flat columns of a list's items. Every exists, all and count over a list has two counters of five bits, of
// the items that decide and of the unknown ones; six operations share one word. One pass keeps the running sum of those words, and what
// belongs to a record is the difference of two sums, without a branch whatever the sizes of households are. A record with more than 30 items
// in a list would overflow its counters; it is noticed and evaluated by itself.
//
// # Scores and reasons
//
// Where the points of all parts are multiples of a common binary fraction, as whole points are, both ends of the score are added up in one
// 32-bit word by table, exactly; elsewhere they are float64 sums in the order of the parts. The same pass writes the reasons: see [Verdicts].
type Plan struct {
	doc      *Document
	settings Settings
	inputs   formula.Inputs
	steps    []step
	domains  []domain
	regs     registers
	parts    []plannedPart
	bars     []truth
	poor     truth
	terms    []term
	scale    float64 // points are multiples of 1/scale; 0 where scores are float64 sums
	planes   int     // bit planes of reasons
	batch    int     // records
	byRows   bool    // nothing is gained by columns: every record is evaluated by itself

	parentCount int // lists whose items look at their record
}

// domain is what a step runs over: the records, or the items of one list of theirs.
type domain struct {
	list   int // the list's field, -1 for the records
	level  int // of the formula's records
	schema *formula.Schema
	name   string
}

// step is one operation over a batch.
type step struct {
	domain int
	gives  string // "%3 small"
	text   string // what it does, for people
	run    func(w *worker)
}

// registers counts what a worker holds, by kind; where gives the domain of each.
type registers struct {
	bytes, planes, floats, sums []int
}

// truth is two plane registers.
type truth struct{ t, f int }

// plannedPart is a part with the register of its codes, or of its numbers where its points are computed.
type plannedPart struct {
	part   *Part
	codes  int       // a byte register; codes are places in levels
	levels []float64 // points by code - 1; nil where points are computed
	plane  int       // the first plane of its reasons
	width  int       // how many
	value  numeric   // where points are computed
	points *[256]uint32
	low    *[256]float64
	high   *[256]float64
	remap  *[256]byte
	source int // the byte register that remap and points look up
}

// term is one of the conditions that make poor together, joined by and.
type term struct {
	text   string
	node   *formula.Node
	truth  truth
	scored bool // compares the score
}

// numeric is a float register with a plane register of the known.
type numeric struct{ x, k int }

// Plan compiles the document for the settings. A moved parameter that the document lacks is refused.
func (d *Document) Plan(s Settings) (*Plan, error) {
	inputs, err := d.inputs(s)
	if err != nil {
		return nil, err
	}
	p := &Plan{doc: d, settings: s, inputs: inputs}
	c := newCompiler(p)
	c.document()
	p.batch = batchFor(&p.regs)
	return p, nil
}

// Document is what was planned.
func (p *Plan) Document() *Document { return p.doc }

// Terms are the conditions that a record must meet, one by one, to count as poor; scored says which of them compare the score.
func (p *Plan) Terms() (texts []string, scored []bool) {
	for i := range p.terms {
		texts, scored = append(texts, p.terms[i].text), append(scored, p.terms[i].scored)
	}
	return texts, scored
}

// Cut is the number that the document compares the score with; false where it compares none, or one that differs from record to record.
func (p *Plan) Cut() (float64, bool) {
	for _, n := range p.doc.builder.Nodes {
		if n.Op != formula.OpLess && n.Op != formula.OpLessEqual {
			continue
		}
		for i, a := range n.Args {
			if other := n.Args[1-i]; a.Op == formula.OpScore && (other.Op == formula.OpConst || other.Op == formula.OpParameter) {
				v := newCompiler(&Plan{doc: p.doc, inputs: p.inputs}).scalar(other)
				return v.Num, v.Known
			}
		}
	}
	return 0, false
}

// titledPart is a part with the name it has in its document.
type titledPart struct {
	*plannedPart

	name  string
	title errs.Text
}

func (p *Plan) titledParts() []titledPart {
	all := make([]titledPart, 0, len(p.parts))
	for i := range p.doc.Indicators {
		indicator := &p.doc.Indicators[i]
		for k := range indicator.Parts {
			part := &indicator.Parts[k]
			title := errs.Text{ZH: indicator.Title.ZH + "：" + part.Title.ZH, EN: indicator.Title.EN + ": " + part.Title.EN}
			all = append(all, titledPart{&p.parts[len(all)], indicator.ID + "." + part.ID, title})
		}
	}
	return all
}

func (p *Plan) partsByName() map[string]*plannedPart {
	all := map[string]*plannedPart{}
	for _, named := range p.titledParts() {
		all[named.name] = named.plannedPart
	}
	return all
}

// batchFor chooses as many records, up to 1,024, as keep the registers within half of a usual second-level cache.
func batchFor(r *registers) int {
	perRecord := 8*len(r.floats) + len(r.bytes) + len(r.planes)/8 + 24*len(r.sums) + 8
	rows := 512 << 10 / perRecord
	return min(max(rows&^63, 64), 1024)
}

// String writes the plan down: what is held, then the steps in their order. Every line says over which records it runs, the register it fills
// with its type, and what it computes.
func (p *Plan) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "plan of %s, as of %s\n", p.doc.ID(), p.inputs.AsOf)
	for i := range p.doc.Parameters {
		v := p.inputs.Parameters[i]
		if v.Known {
			fmt.Fprintf(&b, "  parameter %s = %s\n", p.doc.Parameters[i].Name, number(v.Num))
		} else {
			fmt.Fprintf(&b, "  parameter %s is unknown on this day\n", p.doc.Parameters[i].Name)
		}
	}
	switch {
	case p.byRows:
		b.WriteString("  every record by itself: the score stands within a list's condition\n")
	case len(p.parts) > 0 && p.scale > 0:
		fmt.Fprintf(&b, "  score in whole multiples of 1/%s\n", number(p.scale))
	case len(p.parts) > 0:
		b.WriteString("  score as float64 sums in the order of the parts\n")
	}
	fmt.Fprintf(&b, "  batches of %d records, %d bit planes of reasons\n", p.batch, p.planes)
	for _, s := range p.steps {
		fmt.Fprintf(&b, "%-11s %-14s %s\n", p.domains[s.domain].name, s.gives, s.text)
	}
	return b.String()
}
