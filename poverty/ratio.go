package poverty

import (
	"math"

	"liandong/errs"
)

// inferrer estimates ratios of weighted sums, Σ w a / Σ w b, with errors by any method. Because sums are all that a ratio needs, replications work on
// the totals of units and never look at records again.
type inferrer struct {
	weight []float64
	plan   *plan
	c      *Conventions
	e      Errors
	census bool
	drawn  [][]float64 // the multiples of each replication, made once
}

func newInferrer(design *Design, weight []float64, n int, c *Conventions, e Errors) (*inferrer, error) {
	f := &inferrer{weight: weight, c: c, e: e, census: design.Census}
	if err := f.e.check(); err != nil {
		return nil, err
	}
	if weight == nil {
		f.weight = make([]float64, n)
		for i := range f.weight {
			f.weight[i] = 1
		}
	}
	if f.e.Method == NoErrors {
		return f, nil
	}
	var err error
	f.plan, err = newPlan(design, n)
	return f, err
}

// ratio estimates Σ w a / Σ w b. share says that it lies between 0 and 1.
func (f *inferrer) ratio(a, b func(row int) float64, share bool) Inference {
	var above, under compensated
	for row, w := range f.weight {
		above.add(float64(w * a(row)))
		under.add(float64(w * b(row)))
	}
	value := above.value() / under.value()
	if under.value() == 0 {
		return newInference(math.NaN(), errs.Text{ZH: "分母为零，该比没有定义。", EN: "There is nothing to divide by, so the ratio is not defined."})
	}
	r := newInference(value, errs.Text{})
	switch {
	case f.e.Method == NoErrors:
		return r
	case f.census:
		r.NoError = censusText()
		return r
	}
	if r.NoError = f.plan.silent(f.c.SingleUnit, f.e.Method); !r.NoError.IsZero() {
		return r
	}
	switch f.e.Method {
	case Linear:
		f.linear(&r, a, b, under.value(), share)
	case Bootstrap:
		f.bootstrap(&r, a, b, share)
	case Jackknife:
		f.jackknife(&r, a, b, share)
	}
	return r
}

func (f *inferrer) linear(r *Inference, a, b func(int) float64, under float64, share bool) {
	u, totals := make([]float64, len(f.weight)), make([]float64, f.plan.units)
	for row, w := range f.weight {
		u[row] = (a(row) - r.Value*b(row)) / under
		totals[f.plan.unitOf(row)] += w * u[row]
	}
	variance := f.plan.spread(totals, f.c.SingleUnit, func(n float64) float64 { return n / (n - 1) })
	r.SE = math.Sqrt(variance)
	r.DesignEffect = variance / simpleVariance(u, f.weight)
	r.enclose(f.c.Interval, f.e.Level, f.plan.freedom(), share)
}

// totals are Σ w a and Σ w b of each unit.
func (f *inferrer) totals(a, b func(int) float64) (above, under []float64) {
	above, under = make([]float64, f.plan.units), make([]float64, f.plan.units)
	for row, w := range f.weight {
		u := f.plan.unitOf(row)
		above[u] += w * a(row)
		under[u] += w * b(row)
	}
	return above, under
}

func (f *inferrer) bootstrap(r *Inference, a, b func(int) float64, share bool) {
	above, under := f.totals(a, b)
	if f.drawn == nil {
		f.drawn = make([][]float64, f.e.Replications)
		inParallel(cores(0), f.e.Replications, func(i int) {
			d := f.plan.newDrawer()
			d.draw(f.e.Seed, uint64(i), f.c.Bootstrap)
			f.drawn[i] = d.multiple
		})
	}
	values := make([]float64, 0, len(f.drawn))
	for _, multiple := range f.drawn {
		x, y := 0.0, 0.0
		for u, m := range multiple {
			x += m * above[u]
			y += m * under[u]
		}
		if y != 0 {
			values = append(values, x/y)
		}
	}
	r.replicated(values, f.c.Interval, f.e.Level, f.plan.freedom(), share)
}

func (f *inferrer) jackknife(r *Inference, a, b func(int) float64, share bool) {
	above, under := f.totals(a, b)
	x, y := sumOf(above), sumOf(under)
	inStratum := make([][2]float64, len(f.plan.size))
	for u := range above {
		h := f.plan.stratumOf(u)
		inStratum[h][0] += above[u]
		inStratum[h][1] += under[u]
	}
	values := make([]float64, len(above))
	for u := range values {
		h := f.plan.stratumOf(u)
		n := float64(f.plan.size[h])
		if n < 2 {
			values[u] = r.Value
			continue
		}
		more := n / (n - 1)
		values[u] = (x + (more-1)*inStratum[h][0] - more*above[u]) / (y + (more-1)*inStratum[h][1] - more*under[u])
	}
	variance := f.plan.spread(values, f.c.SingleUnit, func(n float64) float64 { return (n - 1) / n })
	if math.IsNaN(variance) || math.IsInf(variance, 0) {
		r.NoError = withoutUnitText()
		return
	}
	r.SE = math.Sqrt(variance)
	r.enclose(f.c.Interval, f.e.Level, f.plan.freedom(), share)
}
