package grouped_test

import (
	"math"
	"os"
	"testing"

	"pgregory.net/rapid"

	"liandong/errs"
	"liandong/poverty"
	"liandong/poverty/grouped"
)

// checks runs a property 2,000 times, and 100,000 times at night.
func checks(t *testing.T, property func(*rapid.T)) {
	t.Helper()
	rounds := 20
	if os.Getenv("LIANDONG_NIGHTLY") != "" {
		rounds = 1000
	}
	for range rounds { // rapid runs 100 cases a time
		rapid.Check(t, property)
	}
}

func near(a, b, tolerance float64) bool {
	return a == b || (math.IsNaN(a) && math.IsNaN(b)) || math.Abs(a-b) <= tolerance*max(1, math.Abs(a), math.Abs(b))
}

func fitted(t rapid.TB, family string, points []grouped.Point) *grouped.Curve {
	t.Helper()
	c, err := grouped.Fit(family, points)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestRuralIndia1983 is Datt's example (1998, tables 4 to 6): thirteen classes of monthly expenditure per head of the National Sample Survey, a mean of
// 109.90 rupees and a line of 89. The general quadratic gives H = 45.06, PG = 12.47 and SPG = 4.75 per cent.
func TestRuralIndia1983(t *testing.T) {
	t.Parallel()
	points, err := grouped.FromCumulated(
		[]float64{0.92, 3.39, 8.50, 16.40, 26.09, 41.33, 54.97, 71.96, 81.96, 91.74, 95.70, 97.51, 100},
		[]float64{0.208, 1.013, 3.122, 7.083, 12.808, 23.498, 34.887, 51.994, 64.270, 79.201, 86.966, 91.277, 100},
	)
	if err != nil {
		t.Fatal(err)
	}
	c := fitted(t, grouped.Quadratic, points)
	r := c.Measure(109.9, 89, grouped.RuleDatt)
	for what, pair := range map[string][2]float64{"headcount": {r.Headcount, 45.06}, "gap": {r.Gap, 12.47}, "squared gap": {r.Severity, 4.75}} {
		if math.Abs(100*pair[0]-pair[1]) > 0.005+1e-9 {
			t.Errorf("%s %.4f per cent, printed %v", what, 100*pair[0], pair[1])
		}
	}
	if !c.Valid(grouped.RuleDatt) || len(r.Notes) > 0 {
		t.Errorf("the curve fails %+v", c.Checks)
	}
}

// worldBank is a table of the tests of the World Bank's package wbpip (test-gd_compute_pip_stats_lq.R and _lb.R), whose expected numbers come from
// PovcalNet. The quadratic ends at a + c = 0.94, so it is valid for the World Bank and not for Datt.
func worldBank(t *testing.T) []grouped.Point {
	t.Helper()
	points, err := grouped.FromCumulated(
		[]float64{0.0005, 0.0032, 0.0148, 0.0443, 0.0991, 0.257, 0.4385, 0.5938, 0.7089, 1},
		[]float64{
			5.824760527229386e-05, 0.000604029410841011, 0.0037949334793616948, 0.013988878652244477, 0.036992164583098786, 0.12140708906131342,
			0.24531391873082081, 0.37446670169288321, 0.48753116241194566, 1,
		},
	)
	if err != nil {
		t.Fatal(err)
	}
	return points
}

const worldBankMean, worldBankLine = 51.5660557757944, 57.791666666666664

func TestWorldBankQuadratic(t *testing.T) {
	t.Parallel()
	c := fitted(t, grouped.Quadratic, worldBank(t))
	r := c.Measure(worldBankMean, worldBankLine, grouped.RuleWorldBank)
	for what, x := range map[string][3]float64{ // got, expected, tolerance
		"a": {c.Parameters[0], 0.795981535745657, 1e-12}, "b": {c.Parameters[1], -1.4445933880119242, 1e-12}, "c": {c.Parameters[2], 0.14728191995919815, 1e-11},
		"sum of squares": {c.Squares, 2.5301549524661934e-06, 1e-12},
		"headcount":      {r.Headcount, 0.76005810499191284, 1e-7}, "gap": {r.Gap, 0.27617606019159308, 1e-12}, "squared gap": {r.Severity, 0.12832887439632906, 1e-11},
		"gini":                {r.Gini, 0.32126464221602591, 1e-12},
		"headcount by mean":   {r.ByMean.Headcount, -0.87181309219603054, 1e-6},
		"gap by mean":         {r.ByMean.Gap, -1.7520781651553494, 1e-6},
		"squared gap by mean": {r.ByMean.Severity, -2.3041920454886071, 1e-10},
		"headcount by gini":   {r.ByGini.Headcount, -0.093916119652440649, 1e-7},
		"gap by gini":         {r.ByGini.Gap, 0.70353220826204077, 1e-7},
		"squared gap by gini": {r.ByGini.Severity, 1.5363306438390838, 1e-10},
		"slope at H":          {c.Slope(r.Headcount), 1.1207307654300092, 1e-7},
		"curvature at H":      {c.Curvature(r.Headcount), 1.691340795153677, 1e-6},
	} {
		if !near(x[0], x[1], x[2]) {
			t.Errorf("%s: %v, PovcalNet has %v", what, x[0], x[1])
		}
	}
	if strict := c.Measure(worldBankMean, worldBankLine, grouped.RuleDatt); strict.Undefined.IsZero() || !math.IsNaN(strict.Headcount) {
		t.Error("a curve that ends at 0.94 passed Datt's conditions")
	}
}

func TestWorldBankBeta(t *testing.T) {
	t.Parallel()
	c := fitted(t, grouped.Beta, worldBank(t))
	r := c.Measure(worldBankMean, worldBankLine, grouped.RuleWorldBank)
	for what, x := range map[string][3]float64{
		"theta": {c.Parameters[0], 0.57803721740313529, 1e-12}, "gamma": {c.Parameters[1], 0.94205090386544987, 1e-11}, "delta": {c.Parameters[2], 0.52578600019473676, 1e-11},
		"headcount": {r.Headcount, 0.71833938360214233, 1e-6}, "gap": {r.Gap, 0.27137498479545558, 1e-11}, "squared gap": {r.Severity, 0.12933674851941607, 1e-8},
		"gini":                {r.Gini, 0.31236656171451094, 1e-5}, // PovcalNet adds up trapezoids
		"headcount by mean":   {r.ByMean.Headcount, -0.88105325099863419, 1e-6},
		"squared gap by mean": {r.ByMean.Severity, -2.1964095727165542, 1e-7},
		"gap by gini":         {r.ByGini.Gap, 0.71484787039488751, 1e-7},
		"squared gap by gini": {r.ByGini.Severity, 1.5479415174310347, 1e-7},
		"curvature at 0.001":  {c.Curvature(0.001), 47.919869915279428, 1e-10},
	} {
		if !near(x[0], x[1], x[2]) {
			t.Errorf("%s: %v, PovcalNet has %v", what, x[0], x[1])
		}
	}
	if !math.IsNaN(r.Watts) || len(r.Notes) == 0 {
		t.Error("a curve with negative incomes has a Watts index")
	}
	// Fits that wbpip's tests call invalid.
	for _, parameters := range [][3]float64{{1.5059569306828811, 1.2068983362374488, 0.60013901263412039}, {1, 0.3, 0.2}} {
		if bad := grouped.NewCurve(grouped.Beta, parameters); bad.Valid(grouped.RuleWorldBank) {
			t.Errorf("%v passed as a Lorenz curve", parameters)
		}
	}
	if bad := grouped.NewCurve(grouped.Quadratic, [3]float64{0.78554131924835879, -1.9856022109519547, -0.30597079435662672}); bad.Valid(grouped.RuleWorldBank) {
		t.Error("a quadratic that wbpip calls invalid passed")
	}
}

// drawn makes a valid curve of either family.
func drawn(t *rapid.T) *grouped.Curve {
	c := grouped.NewCurve(grouped.Quadratic, [3]float64{rapid.Float64Range(0.6, 1.1).Draw(t, "a"), rapid.Float64Range(-1.8, -0.6).Draw(t, "b"), rapid.Float64Range(0.05, 0.5).Draw(t, "c")})
	if rapid.Bool().Draw(t, "beta") {
		c = grouped.NewCurve(grouped.Beta, [3]float64{rapid.Float64Range(0.3, 0.9).Draw(t, "theta"), 1, rapid.Float64Range(0.4, 0.8).Draw(t, "delta")})
	}
	if !c.Valid(grouped.RuleDatt) {
		t.Skip("no Lorenz curve")
	}
	return c
}

func pointsOf(c *grouped.Curve) []grouped.Point {
	points := make([]grouped.Point, 12)
	for i := range points {
		p := float64(i+1) / 12
		points[i] = grouped.Point{Population: p, Income: c.At(p)}
	}
	points[11] = grouped.Point{Population: 1, Income: 1}
	return points
}

// TestAFitFindsTheCurveItsPointsCameFrom: what is found again is the curve. Its parameters are found as far as the points tell them apart: where a + b + 1 is nearly zero the
// three columns of the quadratic nearly follow from each other, and other parameters give the same curve.
func TestAFitFindsTheCurveItsPointsCameFrom(t *testing.T) {
	t.Parallel()
	checks(t, func(t *rapid.T) {
		c := drawn(t)
		got, err := grouped.Fit(c.Family, pointsOf(c))
		if err != nil {
			t.Fatal(err)
		}
		for i := range 100 {
			if p := float64(i) / 100; !near(got.At(p), c.At(p), 1e-9) {
				t.Fatalf("at %v: %v, want %v", p, got.At(p), c.At(p))
			}
		}
		if !near(got.Gini(), c.Gini(), 1e-8) {
			t.Fatalf("Gini %v, want %v", got.Gini(), c.Gini())
		}
	})
}

// TestACurveThatEndsExactlyAtOneHasAGini: with a + c = 1 the root at p = 1 is nothing, and of fitted parameters nothing but for rounding, however little the points
// tell the parameters apart.
func TestACurveThatEndsExactlyAtOneHasAGini(t *testing.T) {
	t.Parallel()
	for _, parameters := range [][3]float64{{0.75, -1, 0.25}, {0.8125, -1.8, 0.1875}} {
		c := grouped.NewCurve(grouped.Quadratic, parameters)
		got, err := grouped.Fit(grouped.Quadratic, pointsOf(c))
		if err != nil || !near(got.Gini(), c.Gini(), 1e-8) || !near(got.At(1), 1, 1e-7) {
			t.Errorf("Gini %v, want %v; L(1) = %v (%v)", got.Gini(), c.Gini(), got.At(1), err)
		}
	}
}

// TestMeasuresAreThoseOfAPopulationWithTheCurve lays out a population along the curve, person i of n with the income μ L'((i - 1/2)/n), and measures it with
// package poverty.
func TestMeasuresAreThoseOfAPopulationWithTheCurve(t *testing.T) {
	t.Parallel()
	measures, err := poverty.ParseMeasures("headcount,gap,severity,watts")
	if err != nil {
		t.Fatal(err)
	}
	const n, mean = 4000, 100.0
	checks(t, func(t *rapid.T) {
		c := drawn(t)
		line := rapid.Float64Range(40, 130).Draw(t, "line")
		s := &poverty.Sample{Income: make([]float64, n)}
		for i := range s.Income {
			s.Income[i] = mean * c.Slope((float64(i)+0.5)/n)
		}
		report, err := s.Estimate(poverty.Query{Measures: measures, Line: poverty.Line{Amount: line}, Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		r := c.Measure(mean, line, grouped.RuleDatt)
		for i, got := range []float64{r.Headcount, r.Gap, r.Severity, r.Watts} {
			if want := report.Results[i].Value; math.Abs(got-want) > 5e-4 {
				t.Fatalf("%s: %v, the population has %v", measures[i], got, want)
			}
		}
	})
}

// TestElasticitiesAreDerivatives: by the mean for both families, and by the Gini coefficient for the beta, where moving the curve by one factor is moving θ.
func TestElasticitiesAreDerivatives(t *testing.T) {
	t.Parallel()
	checks(t, func(t *rapid.T) {
		c := drawn(t)
		mean, line := 100.0, rapid.Float64Range(50, 95).Draw(t, "line")
		at := c.Measure(mean, line, grouped.RuleDatt)
		if at.Headcount < 0.01 || at.Headcount > 0.99 {
			return
		}
		const step = 1e-5
		elasticity := func(up, down, at float64) float64 { return (up - down) / (2 * step * at) }
		up, down := c.Measure(mean*(1+step), line, grouped.RuleDatt), c.Measure(mean*(1-step), line, grouped.RuleDatt)
		byGini := at.ByGini
		if c.Family == grouped.Beta {
			more, less := c.Parameters, c.Parameters
			more[0] *= 1 + step
			less[0] *= 1 - step
			high, low := grouped.NewCurve(grouped.Beta, more).Measure(mean, line, grouped.RuleNone), grouped.NewCurve(grouped.Beta, less).Measure(mean, line, grouped.RuleNone)
			byGini = grouped.Elasticities{Headcount: elasticity(high.Headcount, low.Headcount, at.Headcount), Gap: elasticity(high.Gap, low.Gap, at.Gap), Severity: elasticity(high.Severity, low.Severity, at.Severity)}
		}
		for what, x := range map[string][2]float64{
			"headcount by mean": {at.ByMean.Headcount, elasticity(up.Headcount, down.Headcount, at.Headcount)},
			"gap by mean":       {at.ByMean.Gap, elasticity(up.Gap, down.Gap, at.Gap)}, "squared gap by mean": {at.ByMean.Severity, elasticity(up.Severity, down.Severity, at.Severity)},
			"headcount by gini": {at.ByGini.Headcount, byGini.Headcount}, "gap by gini": {at.ByGini.Gap, byGini.Gap}, "squared gap by gini": {at.ByGini.Severity, byGini.Severity},
		} {
			if !near(x[0], x[1], 1e-4) {
				t.Fatalf("%s %s: %v, derivative %v", c.Family, what, x[0], x[1])
			}
		}
	})
}

// TestGiniIsTheAreaAboveTheCurve integrates the curve by Simpson's rule.
func TestGiniIsTheAreaAboveTheCurve(t *testing.T) {
	t.Parallel()
	checks(t, func(t *rapid.T) {
		c := drawn(t)
		const n = 2000
		area := c.At(0) + 1
		if c.Family == grouped.Quadratic {
			area = c.At(0) + c.At(1)
		}
		for i := 1; i < n; i++ {
			area += float64(2+2*(i%2)) * c.At(float64(i)/n)
		}
		if want := 1 - 2*area/(3*n); math.Abs(c.Measure(1, 0.5, grouped.RuleNone).Gini-want) > 1e-4 {
			t.Fatalf("%s %v: gini %v, by area %v", c.Family, c.Parameters, c.Measure(1, 0.5, grouped.RuleNone).Gini, want)
		}
	})
}

// TestTheFormsOfATableAgree: shares, means and cumulated shares of one table, in any unit.
func TestTheFormsOfATableAgree(t *testing.T) {
	t.Parallel()
	people, means := []float64{20, 20, 20, 20, 10, 10}, []float64{25, 50, 75, 110, 180, 300}
	points, mean, err := grouped.FromMeans(people, means)
	if err != nil {
		t.Fatal(err)
	}
	if mean != 100 {
		t.Errorf("mean %v", mean)
	}
	shares, err := grouped.FromShares([]float64{2, 2, 2, 2, 1, 1}, []float64{5, 10, 15, 22, 18, 30})
	if err != nil {
		t.Fatal(err)
	}
	cumulated, err := grouped.FromCumulated([]float64{20, 40, 60, 80, 90, 100}, []float64{5, 15, 30, 52, 70, 100})
	if err != nil {
		t.Fatal(err)
	}
	for i := range points {
		for _, other := range [][]grouped.Point{shares, cumulated} {
			if !near(points[i].Population, other[i].Population, 1e-12) || !near(points[i].Income, other[i].Income, 1e-12) {
				t.Errorf("class %d: %v and %v", i+1, points[i], other[i])
			}
		}
	}
	curves, err := grouped.Best(points, grouped.RuleWorldBank)
	if err != nil || len(curves) != 2 || !curves[0].Valid(grouped.RuleWorldBank) {
		t.Errorf("%v, %v", curves, err)
	}
}

func TestBadTablesAreRefused(t *testing.T) {
	t.Parallel()
	for name, table := range map[string][2][]float64{
		"uneven":             {{20, 20}, {1}},
		"not sorted":         {{20, 20, 20, 20, 20}, {5, 30, 10, 20, 35}},
		"too few":            {{50, 50}, {20, 80}},
		"no population":      {{0, 20, 20, 20, 40}, {1, 2, 3, 4, 5}},
		"negative income":    {{20, 20, 20, 20, 20}, {-1, 2, 3, 4, 5}},
		"no income":          {{20, 20, 20, 20, 20}, {0, 0, 0, 0, 0}},
		"everybody the same": {{20, 20, 20, 20, 20}, {1, 1, 1, 1, 1}},
	} {
		points, err := grouped.FromShares(table[0], table[1])
		if err == nil {
			_, err = grouped.Fit(grouped.Beta, points)
		}
		if !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if r := grouped.NewCurve(grouped.Beta, [3]float64{0.6, 1, 0.5}).Measure(100, 0, grouped.RuleDatt); r.Undefined.IsZero() {
		t.Error("a line of zero was measured")
	}
	if r := grouped.NewCurve(grouped.Beta, [3]float64{0.6, 1, 0.5}).Measure(100, 10, grouped.RuleDatt); r.Headcount != 0 || len(r.Notes) == 0 {
		t.Errorf("a line under the poorest: %+v", r)
	}
}
