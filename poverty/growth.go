package poverty

import (
	"math"

	"liandong/errs"
)

// Growth compares the distributions of two dates.
type Growth struct {
	Curve    []GrowthPoint // at the middle of each hundredth of the population
	Mean     Inference     // growth of mean income
	Median   Inference     // growth of the median
	OfPoor   Inference     // mean growth rate of the poor of the first date: Ravallion and Chen's rate of pro-poor growth
	Baseline float64       // headcount ratio of the first date, up to which the rate of the poor averages
	Notes    []errs.Text
}

// GrowthPoint is the growth-incidence curve at one place: how much the income of the percentile grew, as a share of the first date's. The income of a
// percentile is not that of the same persons.
type GrowthPoint struct {
	Percentile float64 // 0.005 to 0.995
	Inference
}

// GrowthIncidence is the curve g(p) = y'(p)/y(p) - 1 of the quantiles of two dates (Ravallion and Chen, Economics Letters 78 (2003), 93), and the mean of g over
// the poor of the first date, ∫ g(p) dp / H from 0 to the headcount ratio H, taken at the middle of each thousandth. Incomes must be in prices of one date. A
// percentile whose first income is not above zero has no growth rate, and says so.
//
// The samples are independent. Errors are those of a bootstrap that draws from both (e.Method Bootstrap) or none: linearised quantiles rest on densities
// that are too rough at the ends of the curve. The line, which may be the zero Line, decides who is poor.
func GrowthIncidence(before, after *Sample, line Line, c Conventions, e Errors) (*Growth, error) {
	full, err := c.filled()
	if err != nil {
		return nil, err
	}
	if err := e.check(); err != nil {
		return nil, err
	}
	if e.Method != NoErrors && e.Method != Bootstrap {
		return nil, errs.New(errs.Usage, "poverty.GrowthIncidence", "增长发生曲线的误差只能用自助法（bootstrap）估计。", "Errors of a growth-incidence curve can be had from the bootstrap only.")
	}
	var parts [2]*growthSide
	for i, s := range []*Sample{before, after} {
		if parts[i], err = newGrowthSide(s); err != nil {
			return nil, err
		}
	}
	g := growthWork{parts, line, &full}
	values := g.values(parts[0].ordered, parts[1].ordered)
	out := &Growth{Curve: make([]GrowthPoint, curvePoints), Baseline: math.NaN()}
	if !line.IsZero() {
		out.Baseline = g.headcount(parts[0].ordered)
	}
	for i, v := range values {
		if math.IsInf(v, 0) {
			v = math.NaN()
		}
		*out.at(i) = newInference(v, errs.Text{})
		if math.IsNaN(v) {
			out.at(i).Undefined = g.undefined(i)
		}
	}
	switch {
	case e.Method == NoErrors:
	case before.Design.Census && after.Design.Census:
		for i := range values {
			out.at(i).NoError = censusText()
		}
	default:
		g.bootstrap(out, &e)
	}
	return out, nil
}

// The places of the numbers that are not points of the curve.
const (
	growthMean = curvePoints + iota
	growthMedian
	growthOfPoor
	growthValues
)

func (g *Growth) at(i int) *Inference {
	switch i {
	case growthMean:
		return &g.Mean
	case growthMedian:
		return &g.Median
	case growthOfPoor:
		return &g.OfPoor
	}
	g.Curve[i].Percentile = (float64(i) + 0.5) / curvePoints
	return &g.Curve[i].Inference
}

type growthSide struct {
	*ordered
	plan   *plan
	census bool
}

func newGrowthSide(s *Sample) (*growthSide, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	whole := *s
	whole.Group = Factor{}
	w, err := whole.prepare(&Query{Measures: []Measure{{"mean", meanIncome{}}}})
	if err != nil {
		return nil, err
	}
	p, err := newPlan(&s.Design, len(s.Income))
	return &growthSide{w.groups[0].whole, p, s.Design.Census}, err
}

type growthWork struct {
	sides [2]*growthSide
	line  Line
	c     *Conventions
}

func (g *growthWork) headcount(d distribution) float64 {
	return d.sum(sumWeight, poorCount(d, g.line.at(d, g.c), g.c)) / total(d, sumWeight)
}

// values are all numbers in their places; NaN where one is not defined.
func (g *growthWork) values(before, after distribution) []float64 {
	rate := func(first, second float64) float64 {
		if !(first > 0) {
			return math.NaN()
		}
		return second/first - 1
	}
	at := func(p float64) float64 {
		return rate(quantile(before, p, before.length(), g.c.Quantile), quantile(after, p, after.length(), g.c.Quantile))
	}
	values := make([]float64, growthValues)
	for i := range curvePoints {
		values[i] = at((float64(i) + 0.5) / curvePoints)
	}
	values[growthMean] = rate(mean(before), mean(after))
	values[growthMedian] = at(0.5)
	values[growthOfPoor] = math.NaN()
	if !g.line.IsZero() {
		values[growthOfPoor] = g.poorGrowth(at, g.headcount(before))
	}
	return values
}

// poorGrowth is the mean of the curve up to the headcount; the last thousandth counts as far as it reaches.
func (g *growthWork) poorGrowth(at func(float64) float64, headcount float64) float64 {
	const steps = 1000
	sum, share := compensated{}, compensated{}
	for i := range steps {
		from := float64(i) / steps
		if width := min(headcount-from, 1.0/steps); width > 0 {
			sum.add(float64(width * at(from+width/2)))
			share.add(width)
		}
	}
	return sum.value() / share.value() // not defined where nobody is poor
}

func (g *growthWork) undefined(i int) errs.Text {
	var why errs.Text
	switch {
	case i == growthOfPoor && g.line.IsZero():
		_, why = undefined("没有贫困线，无法说哪些人是贫困人口。", "Without a line nothing says who is poor.")
	case i == growthOfPoor && g.headcount(g.sides[0].ordered) == 0:
		_, why = nobodyPoor()
	case g.beyond(i):
		why = outOfRange()
	default:
		_, why = undefined("前一期的收入不大于零，增长率没有定义。", "The income of the first date is not above zero, so there is no rate of growth.")
	}
	return why
}

// beyond reports whether number i is not defined because incomes are too large, where incomes of the first date are above zero.
func (g *growthWork) beyond(i int) bool {
	first := mean(g.sides[0])
	if i != growthMean {
		first = g.sides[0].income(0)
	}
	return !(first <= 0)
}

// bootstrap draws from both dates; a census is taken as it is.
func (g *growthWork) bootstrap(out *Growth, e *Errors) {
	var views [2]*reweighted
	var drawers [2]*drawer
	for i, side := range g.sides {
		views[i] = newReweighted(newBaseline(side.ordered, side.plan, math.NaN()))
		drawers[i] = side.plan.newDrawer()
	}
	replications := make([][]float64, growthValues)
	for b := range e.Replications {
		for i, side := range g.sides {
			if side.census {
				for u := range drawers[i].multiple {
					drawers[i].multiple[u] = 1
				}
			} else {
				drawers[i].draw(e.Seed+uint64(i), uint64(b), g.c.Bootstrap)
			}
			views[i].weigh(drawers[i].multiple)
		}
		if !(total(views[0], sumWeight) > 0 && total(views[1], sumWeight) > 0) {
			continue
		}
		for i, v := range g.values(views[0], views[1]) {
			if !math.IsNaN(v) && !math.IsInf(v, 0) {
				replications[i] = append(replications[i], v)
			}
		}
	}
	freedom := min(g.sides[0].plan.freedom(), g.sides[1].plan.freedom())
	for i, values := range replications {
		if r := out.at(i); !math.IsNaN(r.Value) {
			r.replicated(values, g.c.Interval, e.Level, freedom, false)
		}
	}
}
