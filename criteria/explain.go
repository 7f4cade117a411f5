package criteria

import (
	"fmt"
	"slices"
	"strconv"

	"liandong/errs"
	"liandong/formula"
)

// Explanation is everything behind one verdict: what was read, what it scored, which bars are met, what is missing and would decide, and the
// smallest change that would turn it.
type Explanation struct {
	Document   string             `json:"document"`
	Title      errs.Text          `json:"title"`
	AsOf       string             `json:"as_of"`
	InForce    bool               `json:"in_force"`
	Outcome    string             `json:"outcome"`
	Words      errs.Text          `json:"words"`
	Score      [2]float64         `json:"score"`
	Max        float64            `json:"max"`
	Higher     string             `json:"higher_means,omitempty"`
	Parameters []ExplainedNumber  `json:"parameters"`
	Derived    []ExplainedNumber  `json:"derived"`
	Indicators []ExplainedGroup   `json:"indicators"`
	Bars       []ExplainedBar     `json:"bars"`
	Poor       ExplainedStatement `json:"poor"`
	Missing    []ExplainedAnswer  `json:"missing"`
	Change     *Change            `json:"smallest_change"`
	Since      []Since            `json:"since,omitempty"` // what was different when the record was evaluated before, where the caller knows
}

// ExplainedNumber is a parameter or a derived value; Known is false where it has none.
type ExplainedNumber struct {
	Name  string    `json:"name"`
	Title errs.Text `json:"title"`
	Value float64   `json:"value"`
	Known bool      `json:"known"`
	Text  string    `json:"expression,omitempty"`
	// Hidden says that the reader may not see an answer it rests on: neither value nor expression is given.
	Hidden bool `json:"hidden,omitempty"`

	reads []string // paths
}

// ExplainedGroup is an indicator with its parts.
type ExplainedGroup struct {
	ID    string          `json:"id"`
	Title errs.Text       `json:"title"`
	Score [2]float64      `json:"score"`
	Max   float64         `json:"max"`
	Parts []ExplainedPart `json:"parts"`
}

// ExplainedPart is one part: points, the formula, the answers it read and, where it is unknown, why.
type ExplainedPart struct {
	ID     string            `json:"id"`
	Title  errs.Text         `json:"title"`
	Points float64           `json:"points"`
	Known  bool              `json:"known"`
	Max    float64           `json:"max"`
	Text   string            `json:"expression"`
	Reads  []ExplainedAnswer `json:"reads"`
	Why    []errs.Text       `json:"why_unknown,omitempty"`
	Hidden bool              `json:"hidden,omitempty"` // the reader may not see an answer it read: the points are not given
}

// ExplainedBar is one bar and whether it is met.
type ExplainedBar struct {
	ID    string            `json:"id"`
	Kind  BarKind           `json:"kind"`
	Title errs.Text         `json:"title"`
	Met   Truth             `json:"met"`
	Text  string            `json:"expression"`
	Reads []ExplainedAnswer `json:"reads"`
	Why   []errs.Text       `json:"why_unknown,omitempty"`
	// Hidden says that the reader may not see an answer it read: whether it is met is not told.
	Hidden bool `json:"hidden,omitempty"`
}

// ExplainedStatement is the condition of being poor.
type ExplainedStatement struct {
	Holds Truth             `json:"holds"`
	Text  string            `json:"expression"`
	Reads []ExplainedAnswer `json:"reads"`
	Why   []errs.Text       `json:"why_unknown,omitempty"`
	// Hidden says that the reader may not see an answer it read: whether it holds is told by the outcome alone.
	Hidden bool `json:"hidden,omitempty"`
}

// ExplainedAnswer is an answer that was read, in words.
type ExplainedAnswer struct {
	Path  string    `json:"path"`
	Title errs.Text `json:"title"`
	Words errs.Text `json:"words"`
	Known bool      `json:"known"`
	// Source is where the answer comes from; absent where the caller does not know, and where the answer is missing or hidden.
	Source *Source `json:"source,omitempty"`
}

// Truth is yes, no or unknown.
type Truth string

// The truth values.
const (
	Yes     Truth = "yes"
	No      Truth = "no"
	Unknown Truth = "unknown"
)

func truthOf(v formula.Value) Truth {
	switch {
	case !v.Known:
		return Unknown
	case v.Num == 1:
		return Yes
	}
	return No
}

// ItemTitle names an item of a list for people, a member by who it is: "户主之妻 张*". It says false where it has no better name than the place.
type ItemTitle func(list string, item int) (errs.Text, bool)

// Explain gives the verdict on a record with everything behind it. Items of lists are told by their titles, where these are given, else by
// their place.
func (e *Evaluator) Explain(row formula.Row, titles ItemTitle) (Verdict, *Explanation) {
	e.titles = titles
	v := e.Evaluate(row)
	d := e.doc
	x := &Explanation{
		Document: d.ID(), Title: d.Title, AsOf: e.inputs.AsOf.String(), InForce: d.Effective.InForce(e.inputs.AsOf), Outcome: v.Outcome.String(),
		Words: v.Outcome.Text(), Score: [2]float64{v.Low, v.High}, Max: d.Max(), Higher: d.Higher,
		Poor:    ExplainedStatement{Holds: truthOf(e.eval.Value(d.Poor.Node)), Text: d.Poor.Text, Reads: e.reads(d.Poor.Node), Why: e.why(d.Poor.Node)},
		Missing: []ExplainedAnswer{},
	}
	for i, p := range d.Parameters {
		value := e.inputs.Parameters[i]
		x.Parameters = append(x.Parameters, ExplainedNumber{Name: p.Name, Title: p.Title, Value: value.Num, Known: value.Known})
	}
	for _, n := range d.Derived {
		value := e.eval.Value(n.Node)
		derived := ExplainedNumber{Name: n.Name, Value: value.Num, Known: value.Known, Text: n.Text}
		e.eval.Reads(n.Node, func(r formula.Read) { derived.reads = append(derived.reads, r.Path()) })
		x.Derived = append(x.Derived, derived)
	}
	for i := range d.Indicators {
		x.Indicators = append(x.Indicators, e.explainGroup(&d.Indicators[i]))
	}
	for i := range d.Bars {
		b := &d.Bars[i]
		x.Bars = append(x.Bars, ExplainedBar{ID: b.ID, Kind: b.Kind, Title: b.Title, Met: truthOf(e.eval.Value(b.Node)), Text: b.Text, Reads: e.reads(b.Node), Why: e.why(b.Node)})
	}
	if v.Outcome == Undetermined {
		seen := map[string]bool{}
		e.eachMissing(func(r formula.Read) {
			if !seen[r.Path()] {
				seen[r.Path()] = true
				x.Missing = append(x.Missing, e.answered(r))
			}
		}, func(errs.Text) {})
	}
	x.Change = e.smallestChange(row, v)
	return v, x
}

func (e *Evaluator) explainGroup(i *Indicator) ExplainedGroup {
	g := ExplainedGroup{ID: i.ID, Title: i.Title, Max: i.Max}
	for k := range i.Parts {
		p := &i.Parts[k]
		points := e.points(p)
		part := ExplainedPart{ID: p.ID, Title: p.Title, Points: points.Num, Known: points.Known, Max: p.Max, Text: p.Text, Reads: e.reads(p.Node)}
		if points.Known {
			g.Score[0], g.Score[1] = g.Score[0]+points.Num, g.Score[1]+points.Num
		} else {
			g.Score[1] += p.Max
			part.Why = e.whyNoPoints(p)
		}
		g.Parts = append(g.Parts, part)
	}
	return g
}

// whyNoPoints says in sentences why a part's points are unknown.
func (e *Evaluator) whyNoPoints(p *Part) []errs.Text {
	if v := e.eval.Value(p.Node); v.Known {
		return []errs.Text{{
			ZH: fmt.Sprintf("算出 %s 分，超出 0 到 %s 分", number(v.Num), number(p.Max)), EN: fmt.Sprintf("gives %s points, outside of 0 to %s", number(v.Num), number(p.Max)),
		}}
	}
	return e.why(p.Node)
}

// why says in sentences why a value is unknown; nothing where it is known.
func (e *Evaluator) why(n *formula.Node) []errs.Text {
	var why []errs.Text
	e.eval.Missing(n, func(r formula.Read) {
		a := e.answered(r)
		why = append(why, errs.Text{ZH: "没有填写" + a.Title.ZH, EN: "no answer for " + a.Title.EN})
	}, func(t errs.Text) { why = append(why, t) })
	if e.scoreKeepsOpen(n) {
		low, high := number(e.inputs.ScoreLow), number(e.inputs.ScoreHigh)
		why = append(why, errs.Text{ZH: fmt.Sprintf("得分可能在 %s 到 %s 之间", low, high), EN: fmt.Sprintf("the score may be from %s to %s", low, high)})
	}
	return why
}

// scoreKeepsOpen reports whether a condition is unknown because both ends of the score do not agree on it.
func (e *Evaluator) scoreKeepsOpen(n *formula.Node) bool {
	switch {
	case !n.Scored || n.Op == formula.OpScore || e.eval.Value(n).Known:
		return false
	case n.Op == formula.OpLess || n.Op == formula.OpLessEqual:
		return e.inputs.ScoreLow != e.inputs.ScoreHigh
	}
	return slices.ContainsFunc(n.Args, e.scoreKeepsOpen)
}

func (e *Evaluator) reads(n *formula.Node) []ExplainedAnswer {
	all := []ExplainedAnswer{}
	e.eval.Reads(n, func(r formula.Read) { all = append(all, e.answered(r)) })
	return all
}

// answered is an answer in words; an item's says whose it is.
func (e *Evaluator) answered(r formula.Read) ExplainedAnswer {
	title := r.Field.Title
	if r.List != "" {
		of := e.itemTitle(r.List, r.Item)
		title = errs.Text{ZH: of.ZH + "的" + title.ZH, EN: of.EN + ": " + title.EN}
	}
	return ExplainedAnswer{Path: r.Path(), Title: title, Words: r.Words(), Known: r.Known}
}

func (e *Evaluator) itemTitle(list string, item int) errs.Text {
	if e.titles != nil {
		if t, ok := e.titles(list, item); ok {
			return t
		}
	}
	of := errs.Text{ZH: list, EN: list}
	if i, ok := e.doc.schema.Lookup(list); ok {
		of = titled(e.doc.schema.Fields[i].Title, list)
	}
	return errs.Text{ZH: fmt.Sprintf("%s第 %d 项", of.ZH, item+1), EN: fmt.Sprintf("%s %d", of.EN, item+1)}
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// Hide takes out of an explanation what a reader may not see: the words of hidden answers, and whatever would tell them all the same, which are
// the points of parts, the bars and derived values that read one, and what they add to the score. The outcome stays.
func (x *Explanation) Hide(hidden func(path string) bool) {
	hides := func(reads []ExplainedAnswer) bool {
		return slices.ContainsFunc(reads, func(a ExplainedAnswer) bool { return hidden(a.Path) })
	}
	for i := range x.Derived {
		if d := &x.Derived[i]; slices.ContainsFunc(d.reads, hidden) {
			*d = ExplainedNumber{Name: d.Name, Title: d.Title, Hidden: true}
		}
	}
	for i := range x.Indicators {
		g := &x.Indicators[i]
		for k := range g.Parts {
			p := &g.Parts[k]
			if !hides(p.Reads) {
				continue
			}
			low, high := 0.0, p.Max // what the part stands for in the score, now and to this reader
			if p.Known {
				low, high = p.Points, p.Points
			}
			for _, score := range []*[2]float64{&g.Score, &x.Score} {
				score[0] -= low
				score[1] += p.Max - high
			}
			p.Points, p.Known, p.Hidden, p.Why = 0, false, true, nil
			hideAnswers(p.Reads, hidden)
		}
	}
	for i := range x.Bars {
		if b := &x.Bars[i]; hides(b.Reads) {
			b.Met, b.Hidden, b.Why = Unknown, true, nil
			hideAnswers(b.Reads, hidden)
		}
	}
	if hides(x.Poor.Reads) {
		x.Poor.Holds, x.Poor.Hidden, x.Poor.Why = Unknown, true, nil
		hideAnswers(x.Poor.Reads, hidden)
	}
	x.Missing = slices.DeleteFunc(x.Missing, func(a ExplainedAnswer) bool { return hidden(a.Path) })
	if x.Change != nil && hidden(x.Change.Path) {
		x.Change = nil
	}
}

func hideAnswers(reads []ExplainedAnswer, hidden func(path string) bool) {
	for i := range reads {
		if hidden(reads[i].Path) {
			reads[i].Words, reads[i].Known, reads[i].Source = errs.Text{ZH: "（不显示）", EN: "(not shown)"}, false, nil
		}
	}
}
