// Package targeting says how well an identification finds the poor of a survey: whom it misses, whom it takes in without need, who gets the benefits, and
// how well its score orders people, whatever made it: a criteria document, a means test, a vote.
//
// It stands on package poverty and knows neither form nor database. It judges a rule by a welfare variable; it says nothing of any single household.
package targeting

import (
	"fmt"
	"math"
	"slices"

	"liandong/errs"
	"liandong/poverty"
)

// Sample is a survey with what the identification said of each record.
type Sample struct {
	Welfare  []float64 // income or consumption per head
	Selected []float64 // 1 where the identification takes the record in, 0 where not; absent: there is a score only
	Score    []float64 // of the identification; absent: none
	Poorer   bool      // a higher score means poorer; else better off
	Benefit  []float64 // what the record gets, per head; absent: each selected record gets one
	Weight   []float64
	Design   poverty.Design
}

// Query is what to measure.
type Query struct {
	Line        poverty.Line // who is poor; an amount or relative
	Quantiles   int          // groups of equal population for the incidence of benefits, at most 100; 0 means 5
	Conventions poverty.Conventions
	Errors      poverty.Errors
}

// Term is one number.
type Term struct {
	Name  string
	Title errs.Text
	poverty.Inference
}

// Report is what Assess found.
type Report struct {
	N, Poor, SelectedN int
	WeightSum, Line    float64
	Terms              []Term
	Quantiles          []Quantile
	Concentration      []poverty.Point // share of benefits by share of the population, poorest first; nil where there is nothing to share
	Curve              []poverty.Point // the ROC curve: X the share of others, Y the share of poor, that a cut of the score takes in; nil without a score
	Conventions        map[string]string
	Notes              []errs.Text
}

// Quantile is one group of equal population, the poorest first.
type Quantile struct {
	Covered  poverty.Inference // share of the group that is selected
	Selected poverty.Inference // share of the selected who are in the group
	Benefits poverty.Inference // share of the benefits that the group gets
}

const op = "targeting.Assess"

func invalid(zh, en string) *errs.Error { return errs.New(errs.Invalid, op, zh, en) }

func atRecord(e *errs.Error, i int) error {
	return e.At(fmt.Sprintf("第 %d 条记录 (record %d)", i+1, i+1))
}

func (s *Sample) check() error {
	n := len(s.Welfare)
	if s.Selected == nil && s.Score == nil {
		return errs.New(errs.Usage, op, "请给出识别结果（是否纳入）或得分。", "Give what the identification said: selected or not, or a score.")
	}
	for _, column := range []struct {
		zh, en string
		values []float64
		holds  func(float64) bool
		ruleZH string
		ruleEN string
	}{
		{"福利变量", "welfare", s.Welfare, func(float64) bool { return true }, "", ""},
		{"是否纳入", "selection", s.Selected, func(x float64) bool { return x == 0 || x == 1 }, "既不是 0 也不是 1。1 为纳入，0 为未纳入，请更正。", "is neither 0 nor 1. Write 1 for selected and 0 for not."},
		{"得分", "score", s.Score, func(float64) bool { return true }, "", ""},
		{"补助", "benefit", s.Benefit, func(x float64) bool { return x >= 0 }, "小于零。补助是发给的金额，没有写 0；请更正。", "is below zero. A benefit is an amount that is given; write 0 for none."},
	} {
		if column.values == nil {
			continue
		}
		if len(column.values) != n {
			return invalid(fmt.Sprintf("%s列有 %d 个值，应为 %d 个。", column.zh, len(column.values), n), fmt.Sprintf("The column of the %s has %d values, not %d.", column.en, len(column.values), n))
		}
		for i, x := range column.values {
			if x-x != 0 {
				return atRecord(invalid(column.zh+"不是有限的数。请更正或删去该行。", "The "+column.en+" is not a finite number. Correct the row or leave it out."), i)
			}
			if !column.holds(x) {
				return atRecord(invalid(column.zh+column.ruleZH, "The "+column.en+" "+column.ruleEN), i)
			}
		}
	}
	return nil
}

// Assess measures the identification against the welfare variable. With v the weights, poor where welfare is under the line (by the convention "poor"),
// and selected as given (Coady, Grosh and Hoddinott, Targeting of Transfers in Developing Countries (World Bank, 2004), chapter 2; Brown, Ravallion and van de
// Walle, Journal of Development Economics 134 (2018), 109):
//
//	coverage        Σ v poor selected / Σ v poor       exclusion-error  1 - coverage, undercoverage
//	inclusion-error Σ v other selected / Σ v selected  leakage          the same of benefits, Σ v b other / Σ v b
//	false-positive  Σ v other selected / Σ v other     differential     coverage - false-positive
//	selected        Σ v selected / Σ v                 misclassified    Σ v (poor unselected + other selected) / Σ v
//	cgh             the share of benefits that the poor get over their share of the population: 1 is no targeting, above it progressive
//	cgh:Q           the same of the poorest share Q of the population, 0.1, 0.2 and 0.4; a record at the edge counts in part
//	auc             see the function of that name, with the standard error by the design; auc-delong with DeLong's
//
// Ties at the edge of a quantile share the edge in proportion. Zeros are welfare like others. A ratio without a base (nobody poor, nobody selected, no
// benefit) says so. Errors take the line and the quantiles as known, which the conventions of the report name.
func (s *Sample) Assess(q Query) (*Report, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	if q.Quantiles < 0 || q.Quantiles > mostQuantiles {
		return nil, errs.New(errs.Usage, op, fmt.Sprintf("补助归属的组数应在 1 至 %d 之间。", mostQuantiles), fmt.Sprintf("The number of groups for the incidence of benefits lies between 1 and %d.", mostQuantiles))
	}
	line, err := s.line(&q)
	if err != nil {
		return nil, err
	}
	f, err := poverty.NewInferrer(len(s.Welfare), s.Weight, &s.Design, q.Conventions, q.Errors)
	if err != nil {
		return nil, err
	}
	a := &assessment{sample: s, f: f, report: &Report{N: len(s.Welfare), WeightSum: f.WeightSum(), Line: line, Conventions: f.Conventions()}}
	a.report.Conventions["line"], a.report.Conventions["line-error"] = q.Line.String(), poverty.LineErrorOut
	a.classify(line, q.Conventions.Poor == poverty.PoorAtOrBelow)
	if s.Selected != nil {
		a.errorsOfSelection()
		a.benefits(&q)
	}
	if s.Score != nil {
		a.ordering(&q)
	}
	return a.report, nil
}

// line is the line as an amount.
func (s *Sample) line(q *Query) (float64, error) {
	m, err := poverty.ParseMeasure("headcount")
	if err != nil {
		return 0, err
	}
	of := &poverty.Sample{Income: s.Welfare, Weight: s.Weight, Design: s.Design}
	report, err := of.Estimate(poverty.Query{Measures: []poverty.Measure{m}, Line: q.Line, Conventions: q.Conventions})
	if err != nil {
		return 0, err
	}
	return report.Line, nil
}

type assessment struct {
	sample *Sample
	f      *poverty.Inferrer
	report *Report

	poor, other, ones []float64
	benefit           []float64
	order             []int // records from the poorest
}

func (a *assessment) classify(line float64, inclusive bool) {
	n := len(a.sample.Welfare)
	a.poor, a.other, a.ones = make([]float64, n), make([]float64, n), make([]float64, n)
	for i, y := range a.sample.Welfare {
		a.ones[i], a.other[i] = 1, 1
		if y < line || (y == line && inclusive) {
			a.poor[i], a.other[i] = 1, 0
			a.report.Poor++
		}
	}
	if a.report.Poor == 0 {
		a.report.Notes = append(a.report.Notes, errs.Text{ZH: "没有人在贫困线以下。", EN: "Nobody is under the line."})
	}
}

func (a *assessment) term(name, zh, en string, r poverty.Inference) {
	a.report.Terms = append(a.report.Terms, Term{name, errs.Text{ZH: zh, EN: en}, r})
}

func (a *assessment) ratio(above, under []float64, why errs.Text) poverty.Inference {
	r := a.f.Ratio(above, under, true, why)
	if r.Value == 0 || r.Value == 1 {
		r.WithoutError(errs.Text{ZH: "样本中没有人或所有人都是如此，误差无法由样本估计。", EN: "Nobody in the sample, or everybody, is so, and the error cannot be estimated from it."})
	}
	return r
}

func times(a, b []float64) []float64 {
	p := make([]float64, len(a))
	for i := range a {
		p[i] = a[i] * b[i]
	}
	return p
}

func minus(a, b []float64) []float64 {
	p := make([]float64, len(a))
	for i := range a {
		p[i] = a[i] - b[i]
	}
	return p
}

func nobodyPoor() errs.Text {
	return errs.Text{ZH: "没有人在贫困线以下，没有定义。", EN: "Nobody is under the line: not defined."}
}

func nobodySelected() errs.Text {
	return errs.Text{ZH: "没有人被纳入，没有定义。", EN: "Nobody is selected: not defined."}
}

func everybodyPoor() errs.Text {
	return errs.Text{ZH: "所有人都在贫困线以下，没有定义。", EN: "Everybody is under the line: not defined."}
}

func noBenefit() errs.Text {
	return errs.Text{ZH: "没有补助，没有定义。", EN: "There is no benefit: not defined."}
}

func (a *assessment) errorsOfSelection() {
	selected := a.sample.Selected
	for _, x := range selected {
		a.report.SelectedN += int(x)
	}
	hit, wrong, missed := times(a.poor, selected), times(a.other, selected), times(a.poor, minus(a.ones, selected))
	a.term("selected", "纳入比例", "Selected", a.ratio(selected, a.ones, errs.Text{}))
	a.term("coverage", "贫困人口覆盖率", "Coverage of the poor", a.ratio(hit, a.poor, nobodyPoor()))
	a.term("exclusion-error", "漏评率", "Exclusion error", a.ratio(missed, a.poor, nobodyPoor()))
	a.term("inclusion-error", "错评率", "Inclusion error", a.ratio(wrong, selected, nobodySelected()))
	a.term("false-positive", "非贫困人口纳入率", "Selected, of the others", a.ratio(wrong, a.other, everybodyPoor()))
	a.term("differential", "瞄准差", "Targeting differential", a.differential(hit, wrong))
	mistakes := make([]float64, len(wrong))
	for i := range mistakes {
		mistakes[i] = wrong[i] + missed[i]
	}
	a.term("misclassified", "错分比例", "Misclassified", a.ratio(mistakes, a.ones, errs.Text{}))
}

// differential is coverage less false-positive: Ravallion, World Bank Economic Review 23 (2009), 205.
func (a *assessment) differential(hit, wrong []float64) poverty.Inference {
	return a.f.Function([][]float64{hit, a.poor, wrong, a.other}, poverty.SmoothFunction{
		Value: func(s []float64) (float64, errs.Text) {
			switch {
			case s[1] == 0:
				return math.NaN(), nobodyPoor()
			case s[3] == 0:
				return math.NaN(), everybodyPoor()
			}
			return s[0]/s[1] - s[2]/s[3], errs.Text{}
		},
		Gradient: func(s []float64) []float64 {
			return []float64{1 / s[1], -s[0] / (s[1] * s[1]), -1 / s[3], s[2] / (s[3] * s[3])}
		},
	})
}

// sorted lists the records from the poorest; tied records keep their order, and wherever they are cut they share the cut.
func (a *assessment) sorted() []int {
	if a.order == nil {
		a.order = make([]int, len(a.sample.Welfare))
		for i := range a.order {
			a.order[i] = i
		}
		slices.SortStableFunc(a.order, func(x, y int) int {
			switch {
			case a.sample.Welfare[x] < a.sample.Welfare[y]:
				return -1
			case a.sample.Welfare[x] > a.sample.Welfare[y]:
				return 1
			}
			return 0
		})
	}
	return a.order
}
