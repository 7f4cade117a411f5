// Package change compares the poverty of two dates: how much of a change is growth and how much redistribution, which groups it came from, whether
// growth favoured the poor, and, where the same people were seen twice, who left poverty and who fell back.
//
// It stands on package poverty and knows neither form nor database. Incomes of both dates must be in prices of one date.
package change

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"liandong/errs"
	"liandong/poverty"
)

// Query is what to compare.
type Query struct {
	Measure     poverty.Measure // one of Measures
	Line        float64         // in the prices of the incomes; above zero
	Paired      bool            // the records of both samples are the same persons in the same order, drawn once: errors then take their covariance
	Conventions poverty.Conventions
	Errors      poverty.Errors // linear, or none
}

// Term is one number of a comparison.
type Term struct {
	Method string // "datt-ravallion-before", "shapley", …
	Name   string // "growth", "redistribution", …
	Group  string // for terms of one group
	Title  errs.Text
	poverty.Inference
}

// Measures are the names that can be decomposed: they depend on incomes and line by their ratio alone.
func Measures() []string {
	return []string{"headcount", "gap", "severity", "fgt:", "watts", "sen", "sst"}
}

// additive are those that are averages over persons.
func additive() []string { return []string{"headcount", "gap", "severity", "fgt:", "watts"} }

func among(m poverty.Measure, names []string) bool {
	name, _, has := strings.Cut(m.String(), ":")
	if has {
		name += ":"
	}
	return slices.Contains(names, name)
}

func usage(op, zh, en string) error { return errs.New(errs.Usage, op, zh, en) }

func (q *Query) check(op string, names []string) error {
	switch {
	case !among(q.Measure, names):
		return usage(op, fmt.Sprintf("指标「%s」不能这样分解。可以用：%s。", q.Measure, strings.Join(names, "、")), fmt.Sprintf("The measure %q cannot be decomposed so. There are: %s.", q.Measure, strings.Join(names, ", ")))
	case !(q.Line > 0):
		return usage(op, "请给出大于零的贫困线金额。", "Give the line as an amount above zero.")
	case q.Errors.Method != poverty.NoErrors && q.Errors.Method != poverty.Linear:
		return usage(op, "变化的分解只有线性化误差，请选 linear。", "The terms of a change have linearised errors only; choose linear.")
	}
	return nil
}

// pair is the two samples with what makes errors.
type pair struct {
	before, after *poverty.Sample
	first, second *poverty.Inferrer
	paired        bool
	grain         float64 // of the measure
}

func (q *Query) pair(op string, before, after *poverty.Sample) (*pair, error) {
	if q.Paired && len(before.Income) != len(after.Income) {
		return nil, errs.New(errs.Invalid, op,
			fmt.Sprintf("追踪数据两期的记录数不同：%d 与 %d。", len(before.Income), len(after.Income)), fmt.Sprintf("A panel has as many records at both dates, not %d and %d.", len(before.Income), len(after.Income)))
	}
	first, err := poverty.NewInferrer(len(before.Income), before.Weight, &before.Design, q.Conventions, q.Errors)
	if err != nil {
		return nil, err
	}
	second, err := poverty.NewInferrer(len(after.Income), after.Weight, &after.Design, q.Conventions, q.Errors)
	if err != nil {
		return nil, err
	}
	if q.Paired && !slices.Equal(first.Weight(), second.Weight()) {
		return nil, errs.New(errs.Invalid, op, "追踪数据两期的权重应相同。", "A panel has the same weights at both dates.")
	}
	return &pair{before, after, first, second, q.Paired, q.grain()}, nil
}

// rounding is how small a standard error may be, against the numbers that the term was made of, before it is zero but for rounding: some hundred times what rounding
// leaves of influences that ought to cancel, and far below the error of any sample in which somebody differs.
const rounding = 1e-14

// grain is what the measure's sums are made of beside its value, against which their rounding is to be seen: Watts' is a difference of logarithms, Sen's and Thon's of
// shares of the population, which need not be as small as the measure is when all incomes lie near the line.
func (q *Query) grain() float64 {
	switch q.Measure.String() {
	case "watts":
		return math.Abs(math.Log(q.Line))
	case "sen", "sst":
		return 1
	}
	return 0
}

// infer gives the error of a value whose influences on both samples are known; scale is the size of the numbers it was made of. Independent samples in which nobody
// differs, all poor by the same gap or none, say nothing of it: the estimated error would be zero, which is no knowledge. The same persons who stay as they are do say
// that nothing changed.
func (p *pair) infer(value, scale float64, u, v []float64, share bool) poverty.Inference {
	if !p.paired {
		r := p.first.Together(value, u, p.second, v, share)
		if r.SE <= rounding*scale {
			r.WithoutError(errs.Text{ZH: "样本中人人都是如此，误差无法由样本估计。", EN: "Everybody in the samples is alike in this, and the error cannot be estimated from them."})
		}
		return r
	}
	sum := make([]float64, len(u))
	for i := range sum {
		sum[i] = u[i] + v[i]
	}
	return p.first.Influence(value, sum, share)
}
