package form

import (
	"fmt"
	"strconv"
	"sync"

	"gopkg.in/yaml.v3"

	"liandong/day"
	"liandong/errs"
	"liandong/formula"
)

// Kinds of findings that Check raises besides the constraints' own ids.
const (
	KindNotRelevant = "not_relevant"
	KindEndedCode   = "ended_code"
)

// constraintRow is a constraint as the document writes it.
type constraintRow struct {
	ID       string    `yaml:"id"`
	Severity Severity  `yaml:"severity"`
	Violated yaml.Node `yaml:"violated"` // true where the constraint is broken; unknown breaks nothing
	Path     string    `yaml:"path"`     // the field to look at
	List     string    `yaml:"list"`     // the list whose item is to blame, with
	Where    yaml.Node `yaml:"where"`    // the items m that count, and
	Nth      int       `yaml:"nth"`      // which of them, from 1
	Text     errs.Text `yaml:"text"`
}

// constraint is a compiled constraint.
type constraint struct {
	constraintRow
	violated *formula.Node
	where    *formula.Node
	items    *checker // evaluates where
}

// checker is a builder's nodes with the evaluations that goroutines borrow.
type checker struct {
	builder *formula.Builder
	pool    sync.Pool
}

func newChecker(s *formula.Schema) *checker {
	c := &checker{builder: formula.NewBuilder(s, nil)}
	c.pool.New = func() any { return formula.NewEvaluation(c.builder) }
	return c
}

// relevance is a field's own condition of being asked.
type relevance struct {
	list  string // the list the field stands in, empty for the household
	field int
	node  *formula.Node
	items *checker
}

// compile reads the document's formulas.
func (f *Form) compile(doc *document) error {
	f.root = newChecker(f.Root.schema)
	for _, row := range doc.Constraints {
		c := constraint{constraintRow: row}
		var err error
		if c.violated, err = buildAt(f.root.builder, &row.Violated); err != nil {
			return err
		}
		if !row.Where.IsZero() {
			if c.items, err = f.each(row.List); err != nil {
				return err
			}
			if c.where, err = buildAt(c.items.builder, &row.Where); err != nil {
				return err
			}
		}
		f.constraints = append(f.constraints, c)
	}
	if err := f.compileRelevance("", doc.Fields); err != nil {
		return err
	}
	for i := range f.Root.Fields {
		if list := f.Root.Fields[i]; list.Type == List {
			if err := f.compileRelevance(list.Path, doc.Lists[doc.Fields[i].Fields]); err != nil {
				return err
			}
		}
	}
	return nil
}

// each is a checker whose formulas name an item of the list as m.
func (f *Form) each(list string) (*checker, error) {
	c := newChecker(f.Root.schema)
	return c, c.builder.Each("m", list)
}

func (f *Form) compileRelevance(list string, rows []fieldRow) error {
	c := f.root
	for i, row := range rows {
		if row.Relevant.IsZero() {
			continue
		}
		if list != "" && c == f.root {
			var err error
			if c, err = f.each(list); err != nil {
				return err
			}
		}
		node, err := buildAt(c.builder, &row.Relevant)
		if err != nil {
			return err
		}
		f.relevances = append(f.relevances, relevance{list: list, field: i, node: node, items: c})
	}
	return nil
}

func buildAt(b *formula.Builder, at *yaml.Node) (*formula.Node, error) {
	return b.Build(at.Value, formula.Options{At: formula.PositionOf(at), Want: formula.TypeBool})
}

// Check says what is wrong with a record valid from the day: required answers that are missing, codes that do not hold on the day, answers to
// questions that do not arise, and the form's constraints. An answer that could not be read is told by whoever read it.
func (f *Form) Check(r *Record, on day.Date) []Finding {
	findings := r.checkAnswers(nil, "", -1, on)
	for i := range f.Root.Fields {
		if f.Root.Fields[i].Type != List {
			continue
		}
		items, _ := r.Items(i)
		for k, item := range items {
			findings = item.checkAnswers(findings, f.Root.Fields[i].Path, k, on)
		}
	}
	inputs := formula.Inputs{AsOf: on}
	findings = f.checkRelevance(findings, r, &inputs)
	return f.checkConstraints(findings, r, &inputs)
}

// checkAnswers looks at a section's answers one by one.
func (r *Record) checkAnswers(findings []Finding, list string, item int, on day.Date) []Finding {
	for i := range r.section.Fields {
		f := &r.section.Fields[i]
		var finding *Finding
		switch {
		case !r.Has(i) && f.Required:
			finding = f.finding(KindMissing, fmt.Sprintf("没有填写「%s」。", f.Title.ZH), f.Title.EN+" is missing.")
		case !r.Has(i):
			continue
		case f.Type == Code:
			finding = f.checkCode(r.numbers[i], on)
		case f.Type == Number || f.Type == Money:
			finding = f.checkRange(r.numbers[i])
		case f.Type == List && f.Required && len(r.lists[i]) == 0:
			finding = f.finding(KindMissing, fmt.Sprintf("「%s」是空的。", f.Title.ZH), f.Title.EN+" is empty.")
		}
		if finding != nil {
			finding.List, finding.Item = list, item
			findings = append(findings, *finding)
		}
	}
	return findings
}

func (f *Field) checkCode(number int64, on day.Date) *Finding {
	e, ok := f.Codes.ByNumber(int(number))
	if ok && e.Holds(on) {
		return nil
	}
	word := strconv.FormatInt(number, 10)
	if ok {
		word = e.Title.ZH
	}
	list := f.Codes.Words(on)
	return f.finding(KindEndedCode,
		fmt.Sprintf("「%s」在 %s 不在代码表里。可填：%s。", word, on, list.ZH), fmt.Sprintf("%q is not in the code list on %s. Allowed: %s.", word, on, list.EN))
}

func (f *Field) checkRange(v int64) *Finding {
	switch {
	case v < 0 && !f.Signed:
		return f.finding(KindNegative, f.Title.ZH+"不能为负数。", f.Title.EN+" cannot be negative.")
	case f.Max > 0 && v > f.Max:
		limit := formatScaled(f.Max, f.Scale)
		return f.finding(KindOutOfRange, fmt.Sprintf("%s超过上限 %s，请核对单位。", f.Title.ZH, limit), fmt.Sprintf("%s is above the limit %s; check the unit.", f.Title.EN, limit))
	}
	return nil
}

func (f *Form) checkRelevance(findings []Finding, r *Record, inputs *formula.Inputs) []Finding {
	for i := range f.relevances {
		q := &f.relevances[i]
		if q.list == "" {
			findings = q.look(findings, r, nil, r, -1, inputs)
			continue
		}
		items, _ := r.Items(f.Root.Must(q.list))
		for k, item := range items {
			findings = q.look(findings, r, item, item, k, inputs)
		}
	}
	return findings
}

// look raises a finding where the question does not arise and yet is answered.
func (q *relevance) look(findings []Finding, root, item, answered *Record, k int, inputs *formula.Inputs) []Finding {
	if !answered.Has(q.field) || q.items.truth(q.node, root, item, inputs) != no {
		return findings
	}
	field := &answered.section.Fields[q.field]
	finding := field.finding(KindNotRelevant,
		fmt.Sprintf("按其他答案，「%s」不需要填写。请核对。", field.Title.ZH), fmt.Sprintf("By the other answers %s does not arise. Check it.", field.Title.EN))
	finding.Severity, finding.List, finding.Item = Warning, q.list, k
	return append(findings, *finding)
}

// answer is a truth value that may be unknown.
type answer uint8

const (
	unknown answer = iota
	no
	yes
)

func (c *checker) truth(n *formula.Node, root, item *Record, inputs *formula.Inputs) answer {
	e := c.pool.Get().(*formula.Evaluation)
	defer c.pool.Put(e)
	var row formula.Row
	if item != nil {
		row = item
	}
	e.Begin(root, row, inputs)
	switch is, known := e.Truth(n); {
	case !known:
		return unknown
	case is:
		return yes
	}
	return no
}

func (f *Form) checkConstraints(findings []Finding, r *Record, inputs *formula.Inputs) []Finding {
	for i := range f.constraints {
		c := &f.constraints[i]
		if f.root.truth(c.violated, r, nil, inputs) != yes {
			continue
		}
		finding := Finding{Kind: c.ID, Severity: c.Severity, Item: -1, Path: c.Path, Text: c.Text}
		if c.where != nil {
			finding.List, finding.Item = c.List, c.locate(r, r.section.Must(c.List), inputs)
		}
		findings = append(findings, finding)
	}
	return findings
}

// locate is the index of the nth item that the constraint's where holds for.
func (c *constraint) locate(r *Record, list int, inputs *formula.Inputs) int {
	items, _ := r.Items(list)
	left := max(c.Nth, 1)
	for k, item := range items {
		if c.items.truth(c.where, r, item, inputs) == yes {
			if left--; left == 0 {
				return k
			}
		}
	}
	return 0
}

// Relevant reports whether a question arises: item is the record of the list the field stands in, nil for the household's own. A condition
// that cannot be decided leaves the question open, so it is asked.
func (f *Form) Relevant(r, item *Record, list, path string, on day.Date) bool {
	for i := range f.relevances {
		q := &f.relevances[i]
		section := f.Root
		if q.list != "" {
			section = f.Root.Fields[f.Root.Must(q.list)].List
		}
		if q.list == list && section.Fields[q.field].Path == path {
			return q.items.truth(q.node, r, item, &formula.Inputs{AsOf: on}) != no
		}
	}
	return true
}
