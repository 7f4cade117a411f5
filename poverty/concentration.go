package poverty

import (
	"math"

	"liandong/errs"
)

// Concentration is the concentration index of the sample's income column, which here may be any amount that adds up (spending on health, land, a
// benefit), over persons ranked by another column, poorest first:
//
//	2 Σ w y R / (W Σ w y) - 1
//
// R the middle rank of a record by weight, tied records sharing the middle of all their ranks. It lies between -1, all with the first, and 1; ranked by
// itself the column's index is its Gini coefficient. Kakwani, Wagstaff and van Doorslaer, Journal of Econometrics 77 (1997), 87; O'Donnell and others,
// Analyzing Health Equity Using Household Survey Data (World Bank, 2008), chapter 8. Negative amounts count as the formula has them; where the amounts do
// not add up to more than zero the index is not defined.
//
// The whole stands first, then every group. Errors are linearised, Σ w y R having the derivative y R + T - A by a weight (see gini), or replicated; the
// jackknife costs one pass for each unit.
func (s *Sample) Concentration(rank []float64, c Conventions, e Errors) ([]Estimate, error) {
	const op = "poverty.Concentration"
	if err := s.check(); err != nil {
		return nil, err
	}
	if len(rank) != len(s.Income) {
		return nil, uneven(op, "排序", "rank", len(rank), len(s.Income))
	}
	if i := notFinite(rank); i >= 0 {
		return nil, atRow(problem(op, "用来排序的值不是有限的数。请更正或删去该行。", "The value to rank by is not a finite number. Correct the row or leave it out."), i)
	}
	full, err := c.filled()
	if err != nil {
		return nil, err
	}
	if err := e.check(); err != nil {
		return nil, err
	}
	if err := e.fits(&full); err != nil {
		return nil, err
	}
	p, err := newPlan(&s.Design, len(rank))
	if err != nil {
		return nil, err
	}
	all := s.ranked(rank)
	results := make([]Estimate, 0, len(all))
	for i, r := range all {
		name := ""
		if i > 0 {
			name = s.Group.Level[i-1]
		}
		results = append(results, r.estimate(name, s, &full, &e, p))
	}
	return results, nil
}

// rankedRecords are records in the order of what ranks them. Records from tie[i] up to end[i] share their ranks.
type rankedRecords struct {
	y, w []float64
	row  []uint32
	ties []int32 // the first record of each tie, and the number of records at the end
}

// ranked gives the whole and the groups.
func (s *Sample) ranked(rank []float64) []*rankedRecords {
	keys, rows, _ := order(rank, 1)
	all := []*rankedRecords{{}}
	if s.Group.Present() {
		for range s.Group.Level {
			all = append(all, &rankedRecords{})
		}
	}
	last := make([]float64, len(all))
	add := func(at int, key float64, row uint32) {
		r := all[at]
		if len(r.row) == 0 || key != last[at] {
			r.ties = append(r.ties, int32(len(r.row)))
		}
		last[at] = key
		weight := 1.0
		if s.Weight != nil {
			weight = s.Weight[row]
		}
		r.y, r.w, r.row = append(r.y, s.Income[row]), append(r.w, weight), append(r.row, row)
	}
	for i, row := range rows {
		add(0, keys[i], row)
		if s.Group.Present() {
			add(1+int(s.Group.Code[row]), keys[i], row)
		}
	}
	for _, r := range all {
		r.ties = append(r.ties, int32(len(r.row)))
	}
	return all
}

// index is the concentration index with other weights; NaN where it is not defined, as for a single record.
func (r *rankedRecords) index(w []float64) float64 {
	if positive(w) < 2 {
		return math.NaN()
	}
	var ranks, weight, income compensated
	for t := range r.ties[1:] {
		var own, held compensated
		for i := r.ties[t]; i < r.ties[t+1]; i++ {
			own.add(w[i])
			held.add(float64(w[i] * r.y[i]))
		}
		middle := weight.value() + own.value()/2
		ranks.add(float64(held.value() * middle))
		weight.join(own)
		income.join(held)
	}
	if !(income.value() > 0) {
		return math.NaN()
	}
	return 2*ranks.value()/(weight.value()*income.value()) - 1
}

// influence writes the derivative of the index by each record's weight to the record's row of u.
func (r *rankedRecords) influence(value float64, u []float64) {
	weight, income := sumOf(r.w), 0.0
	for i, y := range r.y {
		income += r.w[i] * y
	}
	before, held := 0.0, 0.0
	for t := range r.ties[1:] {
		own, ours := 0.0, 0.0
		for i := r.ties[t]; i < r.ties[t+1]; i++ {
			own += r.w[i]
			ours += r.w[i] * r.y[i]
		}
		for i := r.ties[t]; i < r.ties[t+1]; i++ {
			up := 2 * (r.y[i]*(before+own/2) + income - held - ours/2)
			u[r.row[i]] = up/(weight*income) - (value+1)*(1/weight+r.y[i]/income)
		}
		before += own
		held += ours
	}
}

// mostPasses bounds what a jackknife of the index may cost, in records looked at: a minute of work.
const mostPasses = 5e10

func (r *rankedRecords) estimate(name string, s *Sample, c *Conventions, e *Errors, p *plan) Estimate {
	out := Estimate{
		Group: name, Measure: Measure{"concentration", concentration{}}, N: len(r.row), WeightSum: sumOf(r.w), Line: math.NaN(),
		Inference: newInference(math.NaN(), errs.Text{}), Conventions: map[string]string{"ties": TiesShared},
	}
	switch {
	case !(out.WeightSum > 0):
		out.Undefined = emptyGroup()
		return out
	case positive(r.w) < 2:
		out.Undefined = oneObservation()
		return out
	}
	if out.Value = r.index(r.w); math.IsNaN(out.Value) && !r.addable() {
		out.Undefined = outOfRange()
		return out
	}
	if math.IsNaN(out.Value) {
		_, out.Undefined = undefined("各记录的数量相加不大于零，集中指数没有定义。", "The amounts do not add up to more than zero, so the concentration index is not defined.")
		return out
	}
	if e.Method == NoErrors {
		return out
	}
	if s.Design.Census {
		out.NoError = censusText()
		return out
	}
	out.Conventions["interval"], out.Conventions["single-unit-stratum"] = c.Interval, c.SingleUnit
	if c.Interval == IntervalLogit {
		out.Conventions["interval"] = IntervalT // the index is no share
	}
	if out.NoError = p.silent(c.SingleUnit, e.Method); !out.NoError.IsZero() {
		return out
	}
	r.errors(&out.Inference, s, c, e, p)
	out.withoutSpread(r.y, r.w, p)
	return out
}

// addable reports whether the weighted amounts, and their products with ranks, add up to a number.
func (r *rankedRecords) addable() bool {
	sum := 0.0
	for i, y := range r.y {
		sum += math.Abs(r.w[i] * y)
	}
	sum *= sumOf(r.w)
	return sum-sum == 0
}

func (r *rankedRecords) errors(out *Inference, s *Sample, c *Conventions, e *Errors, p *plan) {
	switch e.Method {
	case Linear:
		u, totals := make([]float64, len(s.Income)), make([]float64, p.units)
		r.influence(out.Value, u)
		weight := s.Weight
		if weight == nil {
			weight = make([]float64, len(u))
			for i := range weight {
				weight[i] = 1
			}
		}
		for row, x := range u {
			totals[p.unitOf(row)] += weight[row] * x
		}
		variance := p.spread(totals, c.SingleUnit, func(n float64) float64 { return n / (n - 1) })
		out.SE, out.DesignEffect = math.Sqrt(variance), variance/simpleVariance(u, weight)
		out.enclose(c.Interval, e.Level, p.freedom(), false)
	case Bootstrap:
		d := p.newDrawer()
		values := make([]float64, 0, e.Replications)
		for b := range e.Replications {
			d.draw(e.Seed, uint64(b), c.Bootstrap)
			if v := r.index(r.times(p, d.multiple)); !math.IsNaN(v) {
				values = append(values, v)
			}
		}
		out.replicated(values, c.Interval, e.Level, p.freedom(), false)
	case Jackknife:
		if float64(p.units)*float64(len(r.row)) > mostPasses {
			out.NoError = errs.Text{ZH: "单元太多，集中指数的刀切法不可行；请用线性化。", EN: "There are too many units for a jackknife of the concentration index; use linearisation."}
			return
		}
		r.jackknife(out, c, e, p)
	}
}

// times gives each record its weight times the multiple of its unit.
func (r *rankedRecords) times(p *plan, multiple []float64) []float64 {
	w := make([]float64, len(r.w))
	for i, row := range r.row {
		w[i] = r.w[i] * multiple[p.unitOf(int(row))]
	}
	return w
}

func (r *rankedRecords) jackknife(out *Inference, c *Conventions, e *Errors, p *plan) {
	totals, multiple := make([]float64, p.units), make([]float64, p.units)
	for _, units := range p.members() {
		for u := range multiple {
			multiple[u] = 1
		}
		if len(units) < 2 {
			for _, u := range units {
				totals[u] = out.Value
			}
			continue
		}
		for _, u := range units {
			multiple[u] = float64(len(units)) / float64(len(units)-1)
		}
		for _, u := range units {
			kept := multiple[u]
			multiple[u] = 0
			totals[u] = r.index(r.times(p, multiple))
			multiple[u] = kept
		}
	}
	variance := p.spread(totals, c.SingleUnit, func(n float64) float64 { return (n - 1) / n })
	if math.IsNaN(variance) {
		out.NoError = withoutUnitText()
		return
	}
	out.SE = math.Sqrt(variance)
	out.enclose(c.Interval, e.Level, p.freedom(), false)
}

func positive(weights []float64) (n int) {
	for _, w := range weights {
		if w > 0 {
			n++
		}
	}
	return n
}

// concentration names the index among measures; it is made by Sample.Concentration, which has the second column.
type concentration struct{ noInfluence }

func (concentration) traits() traits {
	return traits{inequality: true, title: errs.Text{ZH: "集中指数", EN: "Concentration index"}}
}

func (concentration) estimate(distribution, setting) (float64, errs.Text) {
	return undefined("集中指数需要另一列来排序。", "A concentration index needs another column to rank by.")
}
