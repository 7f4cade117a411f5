// Package criteria is the indicator engine: documents that say in one text whom to propose, read and checked once, and evaluated in several ways
// that agree bit for bit: one record with a full explanation, millions of records by columns, and SQL for an outside engine.
//
// A document derives values, scores indicators part by part, names bars, and says when a record counts as poor. Missing answers are unknown,
// never zero: a part that cannot be decided scores the interval from nothing to its maximum, a comparison is known when both ends agree. The
// outcome is a proposal; only a person's signed decision changes anybody's status.
//
// The package stands above formula, form and column and knows no database.
package criteria

import (
	"fmt"

	"liandong/day"
	"liandong/errs"
	"liandong/formula"
)

// Document is a criteria document that was read and checked. It is immutable and safe for concurrent use.
type Document struct {
	Name        string // "four-looks"
	Version     string // "2015.1"
	Title       errs.Text
	Form        string // "household@2015"
	Basis       Basis
	Effective   Effective
	EffectiveAt formula.Position // where the document says so
	Parameters  []Parameter
	Derived     []Derived
	Higher      string // better_off or poorer: what a higher score means; empty without a score
	Indicators  []Indicator
	Bars        []Bar
	Poor        Expression
	Cases       []Case

	schema  *formula.Schema
	builder *formula.Builder
}

// ID names a document with its version, four-looks@2015.1.
func (d *Document) ID() string { return d.Name + "@" + d.Version }

// Schema is the form's schema that the document's formulas read.
func (d *Document) Schema() *formula.Schema { return d.schema }

// Nodes are the document's operations, operands before what uses them.
func (d *Document) Nodes() []*formula.Node { return d.builder.Nodes }

// Cost is how many steps an evaluation of one record takes, at most, where no list is longer than 16. Parse refuses more than its budget.
func (d *Document) Cost() float64 { return d.builder.Cost() }

// Basis is what a document rests on.
type Basis struct {
	Text   string `yaml:"text" json:"text"`
	Number string `yaml:"number" json:"number,omitempty"` // the official document's number
	Status string `yaml:"status" json:"status"`           // official, or local-default where no official text was found
}

// Effective is when decisions may rest on a document; analysis may use any.
type Effective struct {
	From  day.Date `yaml:"from" json:"from"`
	Until day.Date `yaml:"until" json:"until"`
}

// InForce reports whether decisions of the day may rest on the document.
func (e Effective) InForce(on day.Date) bool {
	return !on.Before(e.From) && (e.Until.IsZero() || !on.After(e.Until))
}

// CheckOverlap refuses two versions of one document that say they are in force on the same day.
func CheckOverlap(first, second *Document) error {
	if first.Name != second.Name || !first.Effective.Overlaps(second.Effective) {
		return nil
	}
	return at(second.EffectiveAt, fmt.Sprintf("%s 与 %s 的有效期重叠。同一标准同一天只能有一版有效，请改 effective。", second.ID(), first.ID()),
		fmt.Sprintf("%s and %s are in force at the same time. On a day one version of a document holds; change effective.", second.ID(), first.ID()))
}

// Parameter is a named number: one value, or one a year.
type Parameter struct {
	Name   string
	Title  errs.Text
	Value  *float64
	ByYear map[int]float64
	Unit   string
	Source string
	Low    *float64 // the range within which a what-if moves it
	High   *float64
	At     formula.Position // where the document gives it
}

// On is the parameter's value for the day; unknown for a year without one.
func (p *Parameter) On(on day.Date) formula.Value {
	if p.Value != nil {
		return formula.Value{Num: *p.Value, Known: true}
	}
	v, ok := p.ByYear[on.Year()]
	return formula.Value{Num: v, Known: ok}
}

// Expression is a formula with its text.
type Expression struct {
	Text string
	At   formula.Position
	Node *formula.Node
}

// Derived is a named value that later formulas use.
type Derived struct {
	Name string
	Expression
}

// Indicator is a group of parts.
type Indicator struct {
	ID    string
	Title errs.Text
	Max   float64
	Parts []Part
}

// Part gives points from 0 to Max. A formula that gives more, or less than nothing, is unknown for that record, with the reason.
type Part struct {
	ID    string
	Title errs.Text
	Max   float64
	Expression
}

// BarKind says what a bar that is met does.
type BarKind string

// The kinds of bars.
const (
	Veto   BarKind = "veto"   // bars entry
	Review BarKind = "review" // opens a strict check
)

// Bar is one line of a negative list.
type Bar struct {
	ID    string
	Kind  BarKind
	Title errs.Text
	Expression
}

// Outcome is what a document proposes for a record.
type Outcome uint8

// The outcomes, in the order in which they are decided.
const (
	NotProposed  Outcome = iota // 暂不纳入
	Barred                      // 疑似不符合,待核实
	Undetermined                // 信息不全
	UnderReview                 // 从严审核
	Proposed                    // 拟纳入
)

// Outcomes is how many outcomes there are.
const Outcomes = int(Proposed) + 1

var outcomeTable = [...]struct {
	word string
	text errs.Text
}{
	NotProposed:  {"not_proposed", errs.Text{ZH: "暂不纳入", EN: "not proposed"}},
	Barred:       {"barred", errs.Text{ZH: "疑似不符合，待核实", EN: "barred, to be verified"}},
	Undetermined: {"undetermined", errs.Text{ZH: "信息不全", EN: "undetermined"}},
	UnderReview:  {"review", errs.Text{ZH: "从严审核", EN: "strict review"}},
	Proposed:     {"proposed", errs.Text{ZH: "拟纳入", EN: "proposed"}},
}

// String is the outcome's word in files.
func (o Outcome) String() string { return outcomeTable[o].word }

// Text is the outcome in both languages.
func (o Outcome) Text() errs.Text { return outcomeTable[o].text }

// ParseOutcome reads an outcome's word.
func ParseOutcome(s string) (Outcome, bool) {
	for o := range outcomeTable {
		if outcomeTable[o].word == s {
			return Outcome(o), true
		}
	}
	return 0, false
}

// Would reports whether the outcome leads towards the list: proposed, or under strict review.
func (o Outcome) Would() bool { return o == Proposed || o == UnderReview }

// Max is the greatest score the document can give.
func (d *Document) Max() float64 {
	sum := 0.0
	for _, i := range d.Indicators {
		sum += i.Max
	}
	return sum
}

// Parts lists all parts in order.
func (d *Document) Parts() []*Part {
	var all []*Part
	for i := range d.Indicators {
		for k := range d.Indicators[i].Parts {
			all = append(all, &d.Indicators[i].Parts[k])
		}
	}
	return all
}

// roots are the nodes that decide the outcome.
func (d *Document) roots() []*formula.Node {
	var all []*formula.Node
	for _, p := range d.Parts() {
		all = append(all, p.Node)
	}
	for i := range d.Bars {
		all = append(all, d.Bars[i].Node)
	}
	return append(all, d.Poor.Node)
}
