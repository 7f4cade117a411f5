package poverty

import (
	"math"

	"liandong/errs"
)

// Inferrer gives errors by a design to estimates that are no Measure: functions of weighted sums, and numbers whose influence is known. The packages
// beside this one (deprivation, change, targeting) stand on it.
type Inferrer struct {
	weight []float64
	total  float64
	plan   *plan
	c      Conventions
	e      Errors
	census bool
	drawn  [][]float64 // the multiples of units in each replication, made at the first need
}

// NewInferrer prepares the design of n records. The conventions that it uses are "interval", "single-unit-stratum" and "bootstrap". It refuses, as
// kind Invalid or Usage, what Estimate would refuse. It is not safe for concurrent use.
func NewInferrer(n int, weight []float64, design *Design, c Conventions, e Errors) (*Inferrer, error) {
	const op = "poverty.NewInferrer"
	full, err := c.filled()
	if err != nil {
		return nil, err
	}
	f := &Inferrer{weight: weight, c: full, e: e, census: design.Census}
	if n == 0 {
		return nil, problem(op, "没有任何记录，无法计算。请检查数据文件。", "There is no record to measure. Check the data file.")
	}
	for _, check := range []func() error{
		f.e.check, func() error { return f.e.fits(&f.c) }, func() error { return checkWeight(op, weight, n) }, func() error { return design.check(op, n) },
	} {
		if err := check(); err != nil {
			return nil, err
		}
	}
	if weight == nil {
		f.weight = make([]float64, n)
		for i := range f.weight {
			f.weight[i] = 1
		}
	}
	f.total = sumOf(f.weight)
	if f.e.Method != NoErrors {
		f.plan, err = newPlan(design, n)
	}
	return f, err
}

// Weight is the weight of each record; it is not to be changed.
func (f *Inferrer) Weight() []float64 { return f.weight }

// WeightSum is the sum of weights.
func (f *Inferrer) WeightSum() float64 { return f.total }

// Sum is Σ w x, compensated, over fixed blocks in the order of the records.
func (f *Inferrer) Sum(x []float64) float64 {
	var total compensated
	for start := 0; start < len(x); start += blockLength {
		var block compensated
		for i := start; i < min(start+blockLength, len(x)); i++ {
			block.add(float64(f.weight[i] * x[i]))
		}
		total.join(block)
	}
	return total.value()
}

// Conventions names what made the errors.
func (f *Inferrer) Conventions() map[string]string {
	names := []string{}
	if f.e.Method != NoErrors && !f.census {
		names = append(names, "interval", "single-unit-stratum")
	}
	if f.e.Method == Bootstrap && !f.census {
		names = append(names, "bootstrap")
	}
	return f.c.named(names)
}

// SmoothFunction is an estimate that depends on the records by a few weighted sums alone.
type SmoothFunction struct {
	Value    func(sums []float64) (float64, errs.Text) // NaN with the reason where it is not defined
	Gradient func(sums []float64) []float64            // the derivative of Value by each sum
	Share    bool                                      // lies between 0 and 1 and is an average, so that the logit interval fits
}

// RatioFunction is the first sum over the second. It is not defined where the second is zero, for the reason given.
func RatioFunction(share bool, undefined errs.Text) SmoothFunction {
	return SmoothFunction{
		Share: share,
		Value: func(s []float64) (float64, errs.Text) {
			if s[1] == 0 {
				return math.NaN(), undefined
			}
			return s[0] / s[1], errs.Text{}
		},
		Gradient: func(s []float64) []float64 { return []float64{1 / s[1], -s[0] / (s[1] * s[1])} },
	}
}

// Ratio estimates Σ w a / Σ w b.
func (f *Inferrer) Ratio(a, b []float64, share bool, undefined errs.Text) Inference {
	return f.Function([][]float64{a, b}, RatioFunction(share, undefined))
}

// Mean estimates Σ w x / Σ w.
func (f *Inferrer) Mean(x []float64, share bool) Inference {
	ones := make([]float64, len(x))
	for i := range ones {
		ones[i] = 1
	}
	return f.Ratio(x, ones, share, errs.Text{})
}

// Function estimates a smooth function of Σ w x of each column. Linearised, its influence is the gradient times the columns (Woodruff, JASA 66 (1971),
// 411); bootstrap and jackknife work on the totals of units and never look at records again.
func (f *Inferrer) Function(columns [][]float64, fn SmoothFunction) Inference {
	sums := make([]float64, len(columns))
	for k, x := range columns {
		sums[k] = f.Sum(x)
	}
	value, undefined := fn.Value(sums)
	if value-value != 0 && undefined.IsZero() {
		value, undefined = math.NaN(), outOfRange()
	}
	r := newInference(value, undefined)
	if math.IsNaN(value) || f.quiet(&r) {
		return r
	}
	switch f.e.Method {
	case Linear:
		gradient := fn.Gradient(sums)
		u := make([]float64, len(f.weight))
		for k, x := range columns {
			for row := range u {
				u[row] += gradient[k] * x[row]
			}
		}
		f.linear(&r, u, fn.Share)
	case Bootstrap:
		f.bootstrap(&r, f.unitTotals(columns), fn)
	case Jackknife:
		f.jackknife(&r, f.unitTotals(columns), fn)
	}
	return r
}

// Influence gives the error of an estimate whose influence, the derivative by each record's weight, is known. It is linearised; other methods are
// answered with the reason why there is no error.
func (f *Inferrer) Influence(value float64, u []float64, share bool) Inference {
	r := newInference(value, errs.Text{})
	if f.quiet(&r) {
		return r
	}
	if f.e.Method != Linear {
		r.NoError = errs.Text{ZH: "这个数只有线性化误差，请选 linear。", EN: "This number has a linearised error only; choose linear."}
		return r
	}
	f.linear(&r, u, share)
	return r
}

// quiet answers whether there is no error to make, with the reason in r.
func (f *Inferrer) quiet(r *Inference) bool {
	switch {
	case f.e.Method == NoErrors:
		return true
	case f.census:
		r.NoError = censusText()
		return true
	}
	r.NoError = f.plan.silent(f.c.SingleUnit, f.e.Method)
	return !r.NoError.IsZero()
}

func (f *Inferrer) linear(r *Inference, u []float64, share bool) {
	totals := make([]float64, f.plan.units)
	for row, w := range f.weight {
		totals[f.plan.unitOf(row)] += w * u[row]
	}
	variance := f.plan.spread(totals, f.c.SingleUnit, func(n float64) float64 { return n / (n - 1) })
	if math.IsNaN(variance) || math.IsInf(variance, 0) {
		r.NoError = errs.Text{ZH: "线性化误差在这里没有定义。", EN: "The linearised error is not defined here."}
		return
	}
	r.SE = math.Sqrt(variance)
	if simple := simpleVariance(u, f.weight); simple > 0 {
		r.DesignEffect = variance / simple
	}
	r.enclose(f.c.Interval, f.e.Level, f.plan.freedom(), share)
}

// unitTotals are Σ w x of each column, by unit: [unit*columns + column].
func (f *Inferrer) unitTotals(columns [][]float64) []float64 {
	totals := make([]float64, f.plan.units*len(columns))
	for row, w := range f.weight {
		at := f.plan.unitOf(row) * len(columns)
		for k, x := range columns {
			totals[at+k] += w * x[row]
		}
	}
	return totals
}

// keptDraws is how many multiples are kept for the next estimate, 128 MB; beyond it each estimate draws them anew, which gives the same ones.
const keptDraws = 1 << 24

// multiples gives the multiple of each unit in a replication, which is valid until the next call.
func (f *Inferrer) multiples() func(replication int) []float64 {
	if f.e.Replications*f.plan.units > keptDraws {
		d := f.plan.newDrawer()
		return func(i int) []float64 {
			d.draw(f.e.Seed, uint64(i), f.c.Bootstrap)
			return d.multiple
		}
	}
	if f.drawn == nil {
		f.drawn = make([][]float64, f.e.Replications)
		inParallel(cores(0), f.e.Replications, func(i int) {
			d := f.plan.newDrawer()
			d.draw(f.e.Seed, uint64(i), f.c.Bootstrap)
			f.drawn[i] = d.multiple
		})
	}
	return func(i int) []float64 { return f.drawn[i] }
}

func (f *Inferrer) bootstrap(r *Inference, totals []float64, fn SmoothFunction) {
	multiples := f.multiples()
	columns := len(totals) / f.plan.units
	sums, values := make([]float64, columns), make([]float64, 0, f.e.Replications)
	for i := range f.e.Replications {
		clear(sums)
		for u, m := range multiples(i) {
			for k := range sums {
				sums[k] += m * totals[u*columns+k]
			}
		}
		if v, _ := fn.Value(sums); !math.IsNaN(v) && !math.IsInf(v, 0) {
			values = append(values, v)
		}
	}
	lost := f.e.Replications - len(values)
	r.replicated(values, f.c.Interval, f.e.Level, f.plan.freedom(), fn.Share)
	if lost > 0 && r.NoError.IsZero() {
		r.NoError = lostReplications(lost, f.e.Replications)
	}
}

func (f *Inferrer) jackknife(r *Inference, totals []float64, fn SmoothFunction) {
	columns := len(totals) / f.plan.units
	whole, strata := make([]float64, columns), make([]float64, columns*len(f.plan.size))
	for u := range f.plan.units {
		h := f.plan.stratumOf(u)
		for k := range columns {
			whole[k] += totals[u*columns+k]
			strata[h*columns+k] += totals[u*columns+k]
		}
	}
	values, sums := make([]float64, f.plan.units), make([]float64, columns)
	for u := range values {
		h := f.plan.stratumOf(u)
		n := float64(f.plan.size[h])
		if n < 2 {
			values[u] = r.Value // contributes nothing: the variance leaves out strata of one unit
			continue
		}
		more := n / (n - 1)
		for k := range sums {
			sums[k] = whole[k] + (more-1)*strata[h*columns+k] - more*totals[u*columns+k]
		}
		values[u], _ = fn.Value(sums)
	}
	variance := f.plan.spread(values, f.c.SingleUnit, func(n float64) float64 { return (n - 1) / n })
	if math.IsNaN(variance) || math.IsInf(variance, 0) {
		r.NoError = withoutUnitText()
		return
	}
	r.SE = math.Sqrt(variance)
	r.enclose(f.c.Interval, f.e.Level, f.plan.freedom(), fn.Share)
}

// Linearised is a measure with what its error is made of.
type Linearised struct {
	Value     float64
	Undefined errs.Text
	Influence []float64 // by record: the derivative by its weight, the line held fixed
	Slope     float64   // the derivative by the line
	Notes     []errs.Text
}

// Linearise estimates a measure of the whole sample at a line given as an amount, with its influence and slope, for estimates that combine several
// measures or samples. It refuses what Estimate refuses; out-of-domain incomes are treated as the conventions say.
func (s *Sample) Linearise(m Measure, line float64, c Conventions) (*Linearised, error) {
	bare := *s
	bare.Group = Factor{}
	q := Query{Measures: []Measure{m}, Line: Line{Amount: line}, Conventions: c}
	w, err := bare.prepare(&q)
	if err != nil {
		return nil, err
	}
	cells := w.cells(make([]Estimate, 1))
	w.value(&cells[0])
	r := cells[0].result
	l := &Linearised{Value: r.Value, Undefined: r.Undefined, Notes: r.Notes, Influence: make([]float64, len(s.Income))}
	if math.IsNaN(r.Value) {
		return l, nil
	}
	d := w.groups[0].fit[cells[0].traits.domain].d
	u := make([]float64, d.length())
	l.Slope = m.influence(d, w.setting(&cells[0]), r.Value, u)
	for i, row := range d.row {
		l.Influence[row] = u[i]
	}
	return l, nil
}

// Undefined is an estimate without a value, for the reason.
func Undefined(reason errs.Text) Inference { return newInference(math.NaN(), reason) }

// WithoutError takes the error away, for the reason; an estimate that has no error keeps its own.
func (r *Inference) WithoutError(reason errs.Text) {
	if math.IsNaN(r.SE) {
		return
	}
	*r = newInference(r.Value, r.Undefined)
	r.NoError = reason
}

// Together gives the error of an estimate made from two independent samples, of which the influences u and v are known: the variances add up, and the
// degrees of freedom are those of Welch (Biometrika 34 (1947), 28) and Satterthwaite (Biometrics Bulletin 2 (1946), 110). A census adds no variance.
// The level and the conventions of the interval are those of f.
func (f *Inferrer) Together(value float64, u []float64, other *Inferrer, v []float64, share bool) Inference {
	r := newInference(value, errs.Text{})
	if math.IsNaN(value) || f.e.Method == NoErrors {
		return r
	}
	variance, squares := 0.0, 0.0
	for i, side := range []*Inferrer{f, other} {
		if side.census {
			continue
		}
		part := side.Influence(value, [][]float64{u, v}[i], share)
		if math.IsNaN(part.SE) {
			r.NoError = part.NoError
			return r
		}
		variance += part.SE * part.SE
		squares += part.SE * part.SE * part.SE * part.SE / side.plan.freedom()
	}
	if f.census && other.census {
		r.NoError = censusText()
		return r
	}
	r.SE = math.Sqrt(variance)
	freedom := math.Inf(1)
	if squares > 0 {
		freedom = min(variance*variance/squares, 1e6) // beyond a million the normal distribution is reached
	}
	r.enclose(f.c.Interval, f.e.Level, min(freedom, 1e6), share)
	return r
}
