package criteria

import (
	"fmt"
	"slices"
	"strings"

	"liandong/day"
	"liandong/errs"
	"liandong/formula"
)

// Settings are what an evaluation is made under besides the records: the day, and what a what-if moves.
type Settings struct {
	AsOf       day.Date
	Parameters map[string]float64 // parameters with another value than the document's
}

// inputs resolves the document's parameters for the day. A moved parameter that the document lacks is refused with the names it has.
func (d *Document) inputs(s Settings) (formula.Inputs, error) {
	in := formula.Inputs{AsOf: s.AsOf, Parameters: make([]formula.Value, len(d.Parameters))}
	moved := len(s.Parameters)
	for i := range d.Parameters {
		p := &d.Parameters[i]
		in.Parameters[i] = p.On(s.AsOf)
		if v, ok := s.Parameters[p.Name]; ok {
			in.Parameters[i] = formula.Value{Num: v, Known: true}
			moved--
		}
	}
	if moved == 0 {
		return in, nil
	}
	names := make([]string, len(d.Parameters))
	for i, p := range d.Parameters {
		names[i] = p.Name
	}
	known := strings.Join(names, " ")
	return in, errs.New(errs.Invalid, "criteria.Settings",
		fmt.Sprintf("%s 没有这样的参数。参数有：%s。", d.ID(), known), fmt.Sprintf("%s has no such parameter. There are: %s.", d.ID(), known))
}

// Verdict is what a document says of one record: the outcome and the interval of the score.
type Verdict struct {
	Outcome   Outcome
	Low, High float64
}

// Evaluator evaluates one document for one record after the other. It is used by one goroutine.
type Evaluator struct {
	doc    *Document
	parts  []*Part
	inputs formula.Inputs
	eval   *formula.Evaluation
	titles ItemTitle // of the record that is explained
}

// NewEvaluator prepares an evaluation of the document under the settings.
func (d *Document) NewEvaluator(s Settings) (*Evaluator, error) {
	inputs, err := d.inputs(s)
	return &Evaluator{doc: d, parts: d.Parts(), inputs: inputs, eval: formula.NewEvaluation(d.builder)}, err
}

// Evaluate gives the verdict on a record.
func (e *Evaluator) Evaluate(row formula.Row) Verdict {
	e.eval.Begin(row, nil, &e.inputs)
	low, high := 0.0, 0.0
	for _, p := range e.parts {
		if points := e.points(p); points.Known {
			low, high = low+points.Num, high+points.Num
		} else {
			high += p.Max
		}
	}
	e.inputs.ScoreLow, e.inputs.ScoreHigh = low, high
	return Verdict{e.outcome(), low, high}
}

// Derive gives a record's derived value by its name: unknown where it rests on an unknown answer, or where the document derives nothing of that name.
func (e *Evaluator) Derive(row formula.Row, name string) formula.Value {
	for i := range e.doc.Derived {
		if d := &e.doc.Derived[i]; d.Name == name {
			e.eval.Begin(row, nil, &e.inputs)
			return e.eval.Value(d.Node)
		}
	}
	return formula.Value{}
}

// points is a part's value: unknown also where the formula leaves 0 to Max.
func (e *Evaluator) points(p *Part) formula.Value {
	v := e.eval.Value(p.Node)
	if !v.Known || v.Num < 0 || v.Num > p.Max {
		return formula.Value{}
	}
	return v
}

// outcome decides in the order of the document's semantics: not poor, a veto met, something that decides unknown, review, proposed.
func (e *Evaluator) outcome() Outcome {
	poor := e.eval.Value(e.doc.Poor.Node)
	if poor.Known && poor.Num == 0 {
		return NotProposed
	}
	unknown, review := !poor.Known, false
	for i := range e.doc.Bars {
		b := &e.doc.Bars[i]
		met := e.eval.Value(b.Node)
		switch {
		case b.Kind == Review:
			review = review || !met.Known || met.Num == 1
		case !met.Known:
			unknown = true
		case met.Num == 1:
			return Barred
		}
	}
	switch {
	case unknown:
		return Undetermined
	case review:
		return UnderReview
	}
	return Proposed
}

// Missing lists the fields that matter for the record last evaluated, by their paths in the order of the form, members.labour for a member's:
// those missing in an unknown part, veto or in poor, where the outcome is undetermined; none otherwise.
func (e *Evaluator) Missing(v Verdict) []string {
	if v.Outcome != Undetermined {
		return nil
	}
	found := map[string]bool{}
	e.eachMissing(func(r formula.Read) { found[r.FieldPath()] = true }, func(errs.Text) {})
	return e.doc.inOrder(found)
}

// eachMissing tells every absent answer, item by item, that matters.
func (e *Evaluator) eachMissing(read func(formula.Read), other func(errs.Text)) {
	for _, n := range e.undecided() {
		e.eval.Missing(n, read, other)
	}
}

// undecided are the nodes that keep the outcome open.
func (e *Evaluator) undecided() []*formula.Node {
	var open []*formula.Node
	if !e.eval.Value(e.doc.Poor.Node).Known {
		open = append(open, e.doc.Poor.Node)
		for _, p := range e.parts {
			if !e.eval.Value(p.Node).Known {
				open = append(open, p.Node)
			}
		}
	}
	for i := range e.doc.Bars {
		if b := &e.doc.Bars[i]; b.Kind == Veto && !e.eval.Value(b.Node).Known {
			open = append(open, b.Node)
		}
	}
	return open
}

// inOrder sorts paths into the order of the form.
func (d *Document) inOrder(found map[string]bool) []string {
	var paths []string
	for i := range d.schema.Fields {
		f := &d.schema.Fields[i]
		if found[f.Path] {
			paths = append(paths, f.Path)
		}
		if f.List == nil {
			continue
		}
		for k := range f.List.Fields {
			if path := f.Path + "." + f.List.Fields[k].Path; found[path] {
				paths = append(paths, path)
			}
		}
	}
	return slices.Clip(paths)
}
