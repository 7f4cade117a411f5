package targeting

import (
	"fmt"
	"math"

	"liandong/errs"
	"liandong/poverty"
)

// defaultQuantiles is fifths, as the World Bank's tables of benefit incidence have them; mostQuantiles is percentiles.
const (
	defaultQuantiles = 5
	mostQuantiles    = 100
)

// benefits are the numbers about who gets what.
func (a *assessment) benefits(q *Query) {
	a.benefit = a.sample.Selected
	if a.sample.Benefit != nil {
		a.benefit = a.sample.Benefit
	} else {
		a.report.Notes = append(a.report.Notes, errs.Text{ZH: "没有补助金额，按每个纳入者一份计。", EN: "No benefit is given, so each selected record counts as getting one."})
	}
	a.term("leakage", "补助漏出率", "Leakage of benefits", a.ratio(times(a.benefit, a.other), a.benefit, noBenefit()))
	a.term("cgh", "瞄准指数（CGH，贫困人口）", "Coady-Grosh-Hoddinott index of the poor", a.cgh(a.poor, nobodyPoor()))
	for _, share := range []float64{0.1, 0.2, 0.4} {
		name := fmt.Sprintf("cgh:%g", share)
		a.term(name, fmt.Sprintf("瞄准指数（CGH，最穷的 %g%%）", 100*share), fmt.Sprintf("Coady-Grosh-Hoddinott index of the poorest %g %%", 100*share), a.cgh(a.between(0, share), errs.Text{}))
	}
	a.concentration(q)
	count := q.Quantiles
	if count == 0 {
		count = defaultQuantiles
	}
	for g := range count {
		in := a.between(float64(g)/float64(count), float64(g+1)/float64(count))
		a.report.Quantiles = append(a.report.Quantiles, Quantile{
			Covered:  a.ratio(times(in, a.sample.Selected), in, errs.Text{}),
			Selected: a.ratio(times(in, a.sample.Selected), a.sample.Selected, nobodySelected()),
			Benefits: a.ratio(times(in, a.benefit), a.benefit, noBenefit()),
		})
	}
}

// cgh is the share of benefits of a group over its share of the population (Coady, Grosh and Hoddinott (2004), 20).
func (a *assessment) cgh(in []float64, nobody errs.Text) poverty.Inference {
	return a.f.Function([][]float64{times(in, a.benefit), a.benefit, in, a.ones}, poverty.SmoothFunction{
		Value: func(s []float64) (float64, errs.Text) {
			switch {
			case s[1] == 0:
				return math.NaN(), noBenefit()
			case s[2] == 0:
				return math.NaN(), nobody
			}
			return s[0] / s[1] * s[3] / s[2], errs.Text{}
		},
		Gradient: func(s []float64) []float64 {
			v := s[0] / s[1] * s[3] / s[2]
			return []float64{s[3] / (s[1] * s[2]), -v / s[1], -v / s[2], v / s[3]}
		},
	})
}

// between is how much of each record lies between two shares of the population, from the poorest. Records with one welfare share the edge in proportion.
func (a *assessment) between(low, high float64) []float64 {
	in, weight := make([]float64, len(a.sample.Welfare)), a.f.Weight()
	total, before := a.f.WeightSum(), 0.0
	a.ties(func(tied []int) {
		held := 0.0
		for _, i := range tied {
			held += weight[i]
		}
		if held > 0 {
			part := (min(before+held, high*total) - max(before, low*total)) / held
			for _, i := range tied {
				in[i] = min(max(part, 0), 1)
			}
		}
		before += held
	})
	return in
}

// ties calls once for each welfare, from the poorest, with the records that have it.
func (a *assessment) ties(each func(records []int)) {
	order := a.sorted()
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && a.sample.Welfare[order[to]] == a.sample.Welfare[order[from]] {
			to++
		}
		each(order[from:to])
		from = to
	}
}

// concentration is the curve of benefits over the population from the poorest, straight between ties, and its index, below zero where the poor get more
// than their share: poverty.Sample.Concentration with the benefit ranked by welfare.
func (a *assessment) concentration(q *Query) {
	title := errs.Text{ZH: "补助集中指数", EN: "Concentration index of benefits"}
	s := a.sample
	results, err := (&poverty.Sample{Income: a.benefit, Weight: s.Weight, Design: s.Design}).Concentration(s.Welfare, q.Conventions, q.Errors)
	if err != nil { // the columns have been checked, so the benefit cannot be measured
		a.report.Terms = append(a.report.Terms, Term{"concentration", title, poverty.Undefined(errs.Sentence(err))})
		return
	}
	a.report.Terms = append(a.report.Terms, Term{"concentration", title, results[0].Inference})
	all := a.f.Sum(a.benefit)
	if all == 0 {
		return
	}
	weight, people, money := a.f.Weight(), 0.0, 0.0
	a.report.Concentration = []poverty.Point{{}}
	a.ties(func(tied []int) {
		for _, i := range tied {
			people += weight[i]
			money += weight[i] * a.benefit[i]
		}
		a.report.Concentration = append(a.report.Concentration, poverty.Point{X: people / a.f.WeightSum(), Y: money / all})
	})
	a.report.Concentration = thinned(a.report.Concentration)
}

// curvePoints is how many points a curve in a report has at most.
const curvePoints = 201

// thinned keeps points of a curve that are nearest to equal steps along it, and both ends.
func thinned(points []poverty.Point) []poverty.Point {
	if len(points) <= curvePoints {
		return points
	}
	kept := make([]poverty.Point, curvePoints)
	at := 0
	for k := range kept {
		target := 2 * float64(k) / (curvePoints - 1) // along X + Y, which rises from 0 to 2
		for at+1 < len(points) && points[at].X+points[at].Y < target-1e-12 {
			at++
		}
		kept[k] = points[at]
	}
	kept[0], kept[curvePoints-1] = points[0], points[len(points)-1]
	return kept
}
