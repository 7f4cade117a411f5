package criteria

import (
	"fmt"

	"liandong/errs"
	"liandong/formula"
)

// Remark is what a linter says of a document: it is allowed, and probably not meant.
type Remark struct {
	Rule   string    `json:"rule"` // unused_parameter, unused_derive, never_scores, always_scores, never_met, often_unknown, no_cases
	Line   int       `json:"line"`
	Column int       `json:"column"`
	Text   errs.Text `json:"text"`
}

// Lint looks at the document alone: parameters and derived values that nothing uses, parts that can give no points, and a document without
// cases of its own.
func (d *Document) Lint() []Remark {
	l := linter{remarks: []Remark{}}
	used := map[*formula.Node]bool{}
	parameters := map[int]bool{}
	for _, n := range d.roots() {
		gatherUsed(n, used, parameters)
	}
	for i := range d.Parameters {
		if p := &d.Parameters[i]; !parameters[i] {
			l.add("unused_parameter", p.At, fmt.Sprintf("参数「%s」没有用到。", p.Name), fmt.Sprintf("The parameter %q is not used.", p.Name))
		}
	}
	for i := range d.Derived {
		if v := &d.Derived[i]; !used[v.Node] {
			l.add("unused_derive", v.At, fmt.Sprintf("「%s」算了却没有用到。", v.Name), fmt.Sprintf("%q is derived and not used.", v.Name))
		}
	}
	for _, p := range partsOf(d) {
		switch low, high, ok := bounds(p.Node); {
		case p.Max == 0, ok && high <= 0:
			l.add("never_scores", p.At, fmt.Sprintf("「%s」永远得 0 分。", p.title.ZH), fmt.Sprintf("The part %q can never score.", p.title.EN))
		case ok && low == high:
			l.add("always_scores", p.At, fmt.Sprintf("「%s」总是得 %s 分。", p.title.ZH, number(low)), fmt.Sprintf("The part %q always scores %s.", p.title.EN, number(low)))
		case ok && high < p.Max:
			l.add("never_scores", p.At, fmt.Sprintf("「%s」满分 %s 分，最多只能得 %s 分。", p.title.ZH, number(p.Max), number(high)), fmt.Sprintf("The part %q has %s points and can give %s at most.", p.title.EN, number(p.Max), number(high)))
		}
	}
	for i := range d.Bars {
		if b := &d.Bars[i]; b.Node.Op == formula.OpConst {
			l.add("never_met", b.At, fmt.Sprintf("「%s」的条件与农户无关。", titled(b.Title, b.ID).ZH), fmt.Sprintf("The bar %q does not depend on the household.", titled(b.Title, b.ID).EN))
		}
	}
	if len(d.Cases) == 0 {
		l.add("no_cases", formula.Position{Line: 1, Column: 1}, "文件没有自己的例子（cases），不能付诸执行。", "The document has no cases of its own; it cannot be put in force.")
	}
	return l.remarks
}

func gatherUsed(n *formula.Node, used map[*formula.Node]bool, parameters map[int]bool) {
	if used[n] {
		return
	}
	used[n] = true
	if n.Op == formula.OpParameter {
		parameters[n.Index] = true
	}
	for _, a := range n.Args {
		gatherUsed(a, used, parameters)
	}
	if n.Pred != nil {
		gatherUsed(n.Pred, used, parameters)
	}
}

type linter struct{ remarks []Remark }

func (l *linter) add(rule string, at formula.Position, zh, en string) {
	l.remarks = append(l.remarks, Remark{rule, max(at.Line, 1), max(at.Column, 1), errs.Text{ZH: zh, EN: en}})
}

// Survey counts, over many records, what a document's parts, bars and condition come to, for LintData. It is used by one goroutine.
type Survey struct {
	e       *Evaluator
	records int
	items   []item
	values  []surveyed // in the order of items
}

type surveyed struct{ unknown, positive int }

// NewSurvey prepares the counting under the settings.
func (d *Document) NewSurvey(s Settings) (*Survey, error) {
	e, err := d.NewEvaluator(s)
	if err != nil {
		return nil, err
	}
	items := d.items()
	return &Survey{e: e, items: items, values: make([]surveyed, len(items))}, nil
}

// item is an expression that a survey looks at.
type item struct {
	kind  string
	title errs.Text
	*Expression
	part *Part
}

func (d *Document) items() []item {
	var all []item
	for _, p := range partsOf(d) {
		all = append(all, item{"part", p.title, &p.Expression, p.Part})
	}
	for i := range d.Bars {
		all = append(all, item{"bar", titled(d.Bars[i].Title, d.Bars[i].ID), &d.Bars[i].Expression, nil})
	}
	return append(all, item{"poor", errs.Text{ZH: "贫困条件", EN: "condition of being poor"}, &d.Poor, nil})
}

// Add counts one record.
func (s *Survey) Add(row formula.Row) {
	s.e.Evaluate(row)
	s.records++
	for i, it := range s.items {
		v := s.e.eval.Value(it.Node)
		if it.part != nil {
			v = s.e.points(it.part)
		}
		switch {
		case !v.Known:
			s.values[i].unknown++
		case v.Num > 0:
			s.values[i].positive++
		}
	}
}

// Lint tells which parts scored for nobody, which bars nobody met, and which expressions were unknown for more than the share of the records.
func (s *Survey) Lint(share float64) []Remark {
	l := linter{remarks: []Remark{}}
	for i, it := range s.items {
		v := s.values[i]
		zh, en := it.title.ZH, it.title.EN
		if percent := 100 * float64(v.unknown) / float64(max(s.records, 1)); percent > 100*share {
			l.add("often_unknown", it.At, fmt.Sprintf("「%s」有 %.1f%% 的户算不出来（%d 户中 %d 户缺信息）。", zh, percent, s.records, v.unknown), fmt.Sprintf("%q is unknown for %.1f %% of the records (%d of %d).", en, percent, v.unknown, s.records))
		}
		if s.records == 0 || v.positive > 0 || v.unknown == s.records {
			continue
		}
		switch it.kind {
		case "part":
			l.add("never_scores", it.At, fmt.Sprintf("%d 户中没有一户在「%s」得分。", s.records, zh), fmt.Sprintf("None of %d records scores in %q.", s.records, en))
		case "bar":
			l.add("never_met", it.At, fmt.Sprintf("%d 户中没有一户属于「%s」。", s.records, zh), fmt.Sprintf("None of %d records meets the bar %q.", s.records, en))
		default:
			l.add("never_met", it.At, fmt.Sprintf("%d 户中没有一户满足贫困条件。", s.records), fmt.Sprintf("None of %d records is poor by the condition.", s.records))
		}
	}
	return l.remarks
}
