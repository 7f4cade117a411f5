package criteria

import (
	"fmt"
	"math"

	"liandong/errs"
	"liandong/formula"
)

// Change is the smallest change of one answer that would turn a verdict: whether the record would be proposed, or, where that is not
// determined, what decides it.
type Change struct {
	Path    string    `json:"path"`
	Title   errs.Text `json:"title"`
	From    errs.Text `json:"from"`
	To      errs.Text `json:"to"`
	Outcome string    `json:"outcome"`
	Steps   int       `json:"steps"`
	Text    errs.Text `json:"text"`
}

// candidate is one answer put in the place of another.
type candidate struct {
	read  formula.Read
	list  int // the list's field in the form, for an item's answer
	index int // the field in the form, or in the list's records
	value int64
	steps int // places moved in a code list; thresholds crossed by a number; at least one
}

// smallestChange tries every answer that the document read: another code of its list, the other of yes and no, and for numbers the values at
// which a comparison of the document turns. The fewest steps win, and of equally many the first in the order of the form; nil where no
// single answer turns the verdict.
func (e *Evaluator) smallestChange(row formula.Row, before Verdict) *Change {
	var best *candidate
	var outcome Outcome
	for _, r := range e.answersInOrder() {
		for _, c := range e.candidates(row, e.locate(r)) {
			if best != nil && c.steps >= best.steps {
				continue
			}
			if after := e.Evaluate(changed{row, &c}); turns(before.Outcome, after.Outcome) {
				kept := c
				best, outcome = &kept, after.Outcome
			}
		}
	}
	e.Evaluate(row) // back to the record itself
	if best == nil {
		return nil
	}
	return e.change(best, outcome)
}

// locate is a candidate without a value: where the answer stands.
func (e *Evaluator) locate(r formula.Read) candidate {
	c := candidate{read: r, list: -1}
	schema := e.doc.schema
	if r.List != "" {
		c.list, _ = schema.Lookup(r.List)
		schema = schema.Fields[c.list].List
	}
	c.index, _ = schema.Lookup(r.Field.Path)
	return c
}

func (c candidate) with(value int64, steps int) candidate {
	c.value, c.steps = value, steps
	return c
}

// turns reports whether a change of outcome is one that matters to the household.
func turns(before, after Outcome) bool {
	if before == Undetermined {
		return after != Undetermined
	}
	return after != Undetermined && before.Would() != after.Would()
}

// answersInOrder are the answers that the document reads for the record at hand, in the order of the form, items of a list after each other.
func (e *Evaluator) answersInOrder() []formula.Read {
	byPath := map[string][]formula.Read{}
	seen := map[string]bool{}
	gather := func(r formula.Read) {
		if !seen[r.Path()] {
			seen[r.Path()] = true
			byPath[r.FieldPath()] = append(byPath[r.FieldPath()], r)
		}
	}
	for _, p := range e.parts {
		e.eval.Reads(p.Node, gather)
	}
	for i := range e.doc.Bars {
		e.eval.Reads(e.doc.Bars[i].Node, gather)
	}
	e.eval.Reads(e.doc.Poor.Node, gather)
	found := map[string]bool{}
	for path := range byPath {
		found[path] = true
	}
	var all []formula.Read
	for _, path := range e.doc.inOrder(found) {
		all = append(all, byPath[path]...)
	}
	return all
}

// candidates are the other answers to try.
func (e *Evaluator) candidates(row formula.Row, c candidate) []candidate {
	r := c.read
	switch r.Field.Type {
	case formula.Bool:
		if !r.Known {
			return []candidate{c.with(0, 1), c.with(1, 1)}
		}
		return []candidate{c.with(1-r.Value, 1)}
	case formula.Code:
		return codeCandidates(c, func(n int) int64 { return int64(n) })
	case formula.Codes:
		return codeCandidates(c, func(n int) int64 { return 1 << n })
	case formula.Number:
		return e.numberCandidates(row, c)
	}
	return nil
}

func codeCandidates(c candidate, value func(int) int64) []candidate {
	r := c.read
	var all []candidate
	now := -1
	for i, entry := range r.Field.Codes {
		if r.Known && value(entry.Number) == r.Value {
			now = i
		}
	}
	for i, entry := range r.Field.Codes {
		if v := value(entry.Number); !r.Known || v != r.Value {
			steps := 1
			if now >= 0 {
				steps = max(i-now, now-i)
			}
			all = append(all, c.with(v, steps))
		}
	}
	return all
}

// numberCandidates finds where comparisons turn when the number moves. Every comparison is a difference of two sides; where three values of
// the number show the difference to be a straight line, its zero is the threshold, and the whole scaled units around it are tried.
func (e *Evaluator) numberCandidates(row formula.Row, c candidate) []candidate {
	r := c.read
	scale := math.Pow10(r.Field.Scale)
	limit := int64(1e12)
	if r.Field.Max > 0 {
		limit = r.Field.Max
	}
	probes := [3]int64{0, int64(1000 * scale), int64(3000 * scale)}
	comparisons := e.comparisons()
	differences := make([][3]formula.Value, len(comparisons))
	for k, probe := range probes {
		probed := c.with(probe, 1)
		e.Evaluate(changed{row, &probed})
		for i, n := range comparisons {
			differences[i][k] = e.difference(n)
		}
	}
	e.Evaluate(row)
	tried := map[int64]bool{r.Value: r.Known}
	var all []candidate
	for _, d := range differences {
		zero, ok := zeroOf(probes, d)
		if !ok {
			continue
		}
		for _, v := range []int64{int64(math.Floor(zero)) - 1, int64(math.Floor(zero)), int64(math.Ceil(zero)), int64(math.Ceil(zero)) + 1} {
			if v >= 0 && v <= limit && !tried[v] {
				tried[v] = true
				all = append(all, c.with(v, 1))
			}
		}
	}
	for i := range all {
		all[i].steps = crossed(r, all[i].value, probes, differences)
	}
	return all
}

// comparisons are the document's comparisons of numbers outside of list predicates.
func (e *Evaluator) comparisons() []*formula.Node {
	var all []*formula.Node
	for _, n := range e.doc.builder.Nodes {
		if (n.Op == formula.OpLess || n.Op == formula.OpLessEqual || n.Op == formula.OpEqual) && n.Depth == 0 && !n.Scored && n.Args[0].Type == formula.TypeNum {
			all = append(all, n)
		}
	}
	return all
}

func (e *Evaluator) difference(n *formula.Node) formula.Value {
	a, b := e.eval.Value(n.Args[0]), e.eval.Value(n.Args[1])
	if !a.Known || !b.Known {
		return formula.Value{}
	}
	return formula.Value{Num: a.Num - b.Num, Known: true}
}

// zeroOf is where the straight line through the probes crosses zero; false where it is none, or level.
func zeroOf(probes [3]int64, d [3]formula.Value) (float64, bool) {
	if !d[0].Known || !d[1].Known || !d[2].Known {
		return 0, false
	}
	slope := (d[1].Num - d[0].Num) / float64(probes[1]-probes[0])
	expected := d[0].Num + slope*float64(probes[2]-probes[0])
	if slope == 0 || math.Abs(expected-d[2].Num) > 1e-6*(1+math.Abs(d[2].Num)) {
		return 0, false
	}
	return float64(probes[0]) - d[0].Num/slope, true
}

// crossed counts the thresholds between the answer and the value, at least one.
func crossed(r formula.Read, value int64, probes [3]int64, differences [][3]formula.Value) int {
	if !r.Known {
		return 1
	}
	low, high := float64(min(r.Value, value)), float64(max(r.Value, value))
	n := 0
	for _, d := range differences {
		if zero, ok := zeroOf(probes, d); ok && low <= zero && zero <= high {
			n++
		}
	}
	return max(n, 1)
}

// change tells a candidate in words.
func (e *Evaluator) change(c *candidate, o Outcome) *Change {
	a := e.answered(c.read)
	to := c.read.Field.Words(c.value, "")
	from := c.read.Words()
	return &Change{
		Path: a.Path, Title: a.Title, From: from, To: to, Outcome: o.String(), Steps: c.steps,
		Text: errs.Text{
			ZH: fmt.Sprintf("如果「%s」由「%s」变为「%s」，结果将是「%s」。", a.Title.ZH, from.ZH, to.ZH, o.Text().ZH),
			EN: fmt.Sprintf("If %q were %q instead of %q, the outcome would be %q.", a.Title.EN, to.EN, from.EN, o.Text().EN),
		},
	}
}

// changed is a record with one other answer.
type changed struct {
	formula.Row
	c *candidate
}

// Value gives the changed answer in its place.
func (r changed) Value(i int) (int64, bool) {
	if r.c.list < 0 && i == r.c.index {
		return r.c.value, true
	}
	return r.Row.Value(i)
}

// List gives the list that holds the changed item.
func (r changed) List(i int) (formula.Rows, bool) {
	rows, ok := r.Row.List(i)
	if ok && r.c.list == i {
		return changedRows{rows, r.c}, true
	}
	return rows, ok
}

type changedRows struct {
	formula.Rows
	c *candidate
}

// Row gives the changed item in its place.
func (r changedRows) Row(i int) formula.Row {
	if i == r.c.read.Item {
		return changedItem{r.Rows.Row(i), r.c}
	}
	return r.Rows.Row(i)
}

type changedItem struct {
	formula.Row
	c *candidate
}

// Value gives the changed answer in its place.
func (r changedItem) Value(i int) (int64, bool) {
	if i == r.c.index {
		return r.c.value, true
	}
	return r.Row.Value(i)
}
