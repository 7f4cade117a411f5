package change

import (
	"math"

	"liandong/errs"
	"liandong/poverty"
)

// The methods of a decomposition.
const (
	Observed      = "observed"
	DattBefore    = "datt-ravallion-before"
	DattAfter     = "datt-ravallion-after"
	Shapley       = "shapley"
	KakwaniPernia = "kakwani-pernia"
)

// Decompose splits the change of a measure into growth and redistribution. With P(i, j) the measure of a distribution with the mean of date i and the
// Lorenz curve of date j, which is that of sample j at the line z·μ_j/μ_i:
//
//	datt-ravallion-before: growth P(2,1) - P(1,1), redistribution P(1,2) - P(1,1), residual the rest of P(2,2) - P(1,1)
//	datt-ravallion-after:  growth P(2,2) - P(1,2), redistribution P(2,2) - P(2,1), residual the rest
//	shapley:               the means of the two, which leave no residual
//
// (Datt and Ravallion, Journal of Development Economics 38 (1992), 275-295; Shorrocks, Journal of Economic Inequality 11 (2013), 99-126.) And, after
// Kakwani and Pernia (Asian Development Review 18 (2000), 1) as Kakwani and Son print it for discrete time (Review of Income and Wealth 54 (2008), 643), with
// g = ln μ2/μ1, δ = ln P(2,2)/P(1,1), η = ½ [ln P(2,1)/P(1,1) + ln P(2,2)/P(1,2)]:
//
//	kakwani-pernia: index δ/η, poverty-equivalent growth rate g·δ/η, above g where growth favours the poor
//
// Errors are linearised: the counterfactual lines move with both means. Ties, zeros and incomes outside the domain are treated as package poverty does
// by its conventions; the means are those of all records. A term whose parts are not defined says why: no positive mean, or for Kakwani and Pernia nobody
// poor at a date or a mean that did not move.
func Decompose(before, after *poverty.Sample, q Query) ([]Term, error) {
	const op = "change.Decompose"
	if err := q.check(op, Measures()); err != nil {
		return nil, err
	}
	p, err := q.pair(op, before, after)
	if err != nil {
		return nil, err
	}
	d, err := newDecomposition(p, &q)
	if err != nil {
		return nil, err
	}
	quarter := func(p11, p21, p12, p22 float64) coefficients { return coefficients{p11, p21, p12, p22, 0, 0} }
	terms := []Term{
		d.term(Observed, "before", errs.Text{ZH: "前期", EN: "Before"}, quarter(1, 0, 0, 0)),
		d.term(Observed, "after", errs.Text{ZH: "后期", EN: "After"}, quarter(0, 0, 0, 1)),
		d.term(Observed, "change", errs.Text{ZH: "变化", EN: "Change"}, quarter(-1, 0, 0, 1)),
		d.term(DattBefore, "growth", growthText(), quarter(-1, 1, 0, 0)),
		d.term(DattBefore, "redistribution", redistributionText(), quarter(-1, 0, 1, 0)),
		d.term(DattBefore, "residual", errs.Text{ZH: "余项", EN: "Residual"}, quarter(1, -1, -1, 1)),
		d.term(DattAfter, "growth", growthText(), quarter(0, 0, -1, 1)),
		d.term(DattAfter, "redistribution", redistributionText(), quarter(0, -1, 0, 1)),
		d.term(DattAfter, "residual", errs.Text{ZH: "余项", EN: "Residual"}, quarter(-1, 1, 1, -1)),
		d.term(Shapley, "growth", growthText(), quarter(-0.5, 0.5, -0.5, 0.5)),
		d.term(Shapley, "redistribution", redistributionText(), quarter(-0.5, -0.5, 0.5, 0.5)),
	}
	return append(terms, d.proPoor()...), nil
}

func growthText() errs.Text { return errs.Text{ZH: "增长效应", EN: "Growth"} }

func redistributionText() errs.Text { return errs.Text{ZH: "分配效应", EN: "Redistribution"} }

// The parts that terms are made of.
const (
	p11 = iota
	p21
	p12
	p22
	mean1
	mean2
	parts
)

// coefficients are the derivatives of a term by each part.
type coefficients [parts]float64

type decomposition struct {
	*pair
	value     [parts]float64
	undefined [parts]errs.Text
	u, v      [parts][]float64 // influences of each part on the first and the second sample
}

func newDecomposition(p *pair, q *Query) (*decomposition, error) {
	d := &decomposition{pair: p}
	mean, err := poverty.ParseMeasure("mean")
	if err != nil {
		return nil, err
	}
	one, err := p.before.Linearise(mean, q.Line, q.Conventions)
	if err != nil {
		return nil, err
	}
	two, err := p.after.Linearise(mean, q.Line, q.Conventions)
	if err != nil {
		return nil, err
	}
	d.value[mean1], d.u[mean1], d.v[mean1] = one.Value, one.Influence, make([]float64, len(two.Influence))
	d.value[mean2], d.u[mean2], d.v[mean2] = two.Value, make([]float64, len(one.Influence)), two.Influence
	if !(one.Value > 0 && two.Value > 0) {
		why := errs.Text{ZH: "有一期的平均收入不大于零，无法换算贫困线。", EN: "The mean of a date is not above zero, so the line cannot be carried over."}
		for k := range d.undefined {
			d.value[k], d.undefined[k] = math.NaN(), why
		}
		return d, nil
	}
	for k, line := range []float64{q.Line, q.Line * one.Value / two.Value, q.Line * two.Value / one.Value, q.Line} {
		sample := p.before
		if k == p12 || k == p22 {
			sample = p.after
		}
		l, err := sample.Linearise(q.Measure, line, q.Conventions)
		if err != nil {
			return nil, err
		}
		d.value[k], d.undefined[k] = l.Value, l.Undefined
		d.place(k, l, line)
	}
	return d, nil
}

// place writes the influences of a part: its own sample's, and those of the means that its line moves with.
func (d *decomposition) place(k int, l *poverty.Linearised, line float64) {
	u, v := make([]float64, len(d.u[mean1])), make([]float64, len(d.v[mean1]))
	own := u
	if k == p12 || k == p22 {
		own = v
	}
	copy(own, l.Influence)
	sign := map[int]float64{p21: 1, p12: -1}[k] // the line of P(2,1) rises with the mean of date 1, that of P(1,2) with the mean of date 2
	if sign != 0 {                              // a line that stays needs no slope, which need not exist: among equal incomes there is no density
		for i, x := range d.u[mean1] {
			u[i] += sign * l.Slope * line * x / d.value[mean1]
		}
		for i, x := range d.v[mean2] {
			v[i] -= sign * l.Slope * line * x / d.value[mean2]
		}
	}
	d.u[k], d.v[k] = u, v
}

// term is a linear combination of parts.
func (d *decomposition) term(method, name string, title errs.Text, c coefficients) Term {
	value := 0.0
	for k, x := range c {
		if x != 0 {
			value += x * d.value[k]
		}
	}
	return d.smooth(method, name, title, value, c)
}

// smooth is a term with its derivatives by the parts.
func (d *decomposition) smooth(method, name string, title errs.Text, value float64, c coefficients) Term {
	t := Term{Method: method, Name: name, Title: title}
	scale := 0.0
	for k, x := range c {
		if x == 0 {
			continue
		}
		if math.IsNaN(d.value[k]) {
			t.Inference = poverty.Undefined(d.undefined[k])
			return t
		}
		scale += math.Abs(x * d.value[k])
		if k < mean1 {
			scale += math.Abs(x) * d.grain
		}
	}
	t.Inference = d.infer(value, scale, d.combine(c, &d.u), d.combine(c, &d.v), false)
	return t
}

func (d *decomposition) combine(c coefficients, of *[parts][]float64) []float64 {
	sum := make([]float64, len(of[mean1]))
	for k, x := range c {
		if x == 0 {
			continue
		}
		for i, u := range of[k] {
			sum[i] += x * u
		}
	}
	return sum
}

// proPoor are the terms of Kakwani and Pernia.
func (d *decomposition) proPoor() []Term {
	growth := errs.Text{ZH: "平均收入增长率（对数）", EN: "Growth of the mean, in logarithms"}
	index := errs.Text{ZH: "益贫指数", EN: "Pro-poor index"}
	rate := errs.Text{ZH: "贫困等值增长率", EN: "Poverty-equivalent growth rate"}
	g := math.Log(d.value[mean2] / d.value[mean1])
	all := []Term{d.smooth(KakwaniPernia, "mean-growth", growth, g, coefficients{mean1: -1 / d.value[mean1], mean2: 1 / d.value[mean2]})}
	for _, k := range []int{p11, p21, p12, p22} {
		why := d.undefined[k]
		if d.value[k] == 0 {
			why = errs.Text{ZH: "有一期（或假想分布）没有人在贫困线以下，没有定义。", EN: "At a date, or in a counterfactual, nobody is under the line: not defined."}
		}
		if !why.IsZero() {
			return append(all, Term{KakwaniPernia, "index", "", index, poverty.Undefined(why)}, Term{KakwaniPernia, "equivalent-growth", "", rate, poverty.Undefined(why)})
		}
	}
	total := math.Log(d.value[p22] / d.value[p11])
	pure := (math.Log(d.value[p21]/d.value[p11]) + math.Log(d.value[p22]/d.value[p12])) / 2
	if pure == 0 {
		why := errs.Text{ZH: "平均收入的变化没有改变贫困，没有定义。", EN: "The change of the mean moved no poverty: not defined."}
		return append(all, Term{KakwaniPernia, "index", "", index, poverty.Undefined(why)}, Term{KakwaniPernia, "equivalent-growth", "", rate, poverty.Undefined(why)})
	}
	byTotal, byPure := 1/pure, -total/(pure*pure)
	c := coefficients{
		p11: (-byTotal - byPure/2) / d.value[p11], p21: byPure / 2 / d.value[p21], p12: -byPure / 2 / d.value[p12], p22: (byTotal + byPure/2) / d.value[p22],
	}
	equivalent := c
	for k := range equivalent {
		equivalent[k] *= g
	}
	equivalent[mean1], equivalent[mean2] = -total/pure/d.value[mean1], total/pure/d.value[mean2]
	return append(all, d.smooth(KakwaniPernia, "index", index, total/pure, c), d.smooth(KakwaniPernia, "equivalent-growth", rate, g*total/pure, equivalent))
}
