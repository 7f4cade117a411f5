package poverty

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"liandong/errs"
)

// TestInferrerAgreesWithEstimate: the headcount as a mean of an indicator has the value, error and interval that Estimate gives it, by every method and
// design; so has the mean income, and the income of the poor as a ratio whose error Estimate knows by another way.
func TestInferrerAgreesWithEstimate(t *testing.T) {
	t.Parallel()
	checks(t, func(t *rapid.T) {
		y := incomes(t, 6)
		s := &Sample{Income: y, Weight: weights(t, len(y))}
		s.Design.Unit = groupsOf(t, len(y), 6)
		if rapid.Bool().Draw(t, "fraction") {
			s.Design.Fraction = []float64{0.25}
		}
		e := Errors{Method: rapid.SampledFrom([]string{Linear, Bootstrap, Jackknife}).Draw(t, "method"), Replications: 20, Seed: 5}
		report := estimated(t, s, Query{Measures: measuresOf(t, "headcount,mean"), Line: lineOf(t, "4000.5"), Errors: e})
		f, err := NewInferrer(len(y), s.Weight, &s.Design, Conventions{}, e)
		if err != nil {
			t.Fatal(err)
		}
		poor := make([]float64, len(y))
		for i := range y {
			poor[i] = indicator(y[i] < 4000.5)
		}
		for i, got := range []Inference{f.Mean(poor, true), f.Mean(y, false)} {
			want := report.Results[i]
			if math.IsNaN(want.SE) {
				continue // nobody or everybody is poor, or one unit: a reason is given
			}
			if !near(got.Value, want.Value, 1e-12) || !near(got.SE, want.SE, 1e-9) || !near(got.Low, want.Low, 1e-9) || !near(got.High, want.High, 1e-9) {
				t.Fatalf("%s by %s: %+v, want %+v", want.Measure, e.Method, got, want.Inference)
			}
		}
	})
}

func TestLineariseGivesWhatEstimateUses(t *testing.T) {
	t.Parallel()
	checks(t, func(t *rapid.T) {
		y := incomes(t, 6)
		s := &Sample{Income: y, Weight: weights(t, len(y))}
		e := Errors{Method: Linear}
		for _, m := range measuresOf(t, "gap,severity,watts,sst,gini") {
			want := estimated(t, s, Query{Measures: []Measure{m}, Line: lineOf(t, "4000.5"), Errors: e}).Results[0]
			l, err := s.Linearise(m, 4000.5, Conventions{})
			if err != nil {
				t.Fatal(err)
			}
			f, err := NewInferrer(len(y), s.Weight, &s.Design, Conventions{}, e)
			if err != nil {
				t.Fatal(err)
			}
			if got := f.Influence(l.Value, l.Influence, false); !math.IsNaN(want.SE) && (!near(got.SE, want.SE, 1e-9) || got.Value != want.Value) {
				t.Fatalf("%s: %v ± %v, want %v ± %v", m, got.Value, got.SE, want.Value, want.SE)
			}
		}
	})
}

func TestARatioWithoutABaseSaysSo(t *testing.T) {
	t.Parallel()
	f, err := NewInferrer(2, nil, &Design{}, Conventions{}, Errors{Method: Linear})
	if err != nil {
		t.Fatal(err)
	}
	why := errs.Text{ZH: "无", EN: "none"}
	if r := f.Ratio([]float64{1, 2}, []float64{0, 0}, false, why); !math.IsNaN(r.Value) || r.Undefined != why {
		t.Errorf("%+v", r)
	}
}

// TestAResultCarriesTheNameOfWhatMadeIt: percentiles need replications, the logit is for shares, and a census has neither intervals nor bandwidths.
func TestAResultCarriesTheNameOfWhatMadeIt(t *testing.T) {
	t.Parallel()
	s := &Sample{Income: []float64{1, 2, 3, 4, 5, 6}}
	q := Query{Measures: measuresOf(t, "headcount,gini,median"), Line: lineOf(t, "3"), Errors: Errors{Method: Linear}}
	q.Conventions = Conventions{Interval: IntervalPercentile}
	for _, method := range []string{Linear, Jackknife} {
		q.Errors.Method = method
		if _, err := s.Estimate(q); !errs.Is(err, errs.Usage) {
			t.Errorf("%s with percentiles: %v", method, err)
		}
	}
	if _, err := NewInferrer(6, nil, &Design{}, q.Conventions, Errors{Method: Linear}); !errs.Is(err, errs.Usage) {
		t.Errorf("an inferrer with percentiles: %v", err)
	}
	if _, err := s.Concentration(s.Income, q.Conventions, Errors{Method: Linear}); !errs.Is(err, errs.Usage) {
		t.Errorf("concentration with percentiles: %v", err)
	}
	q.Conventions, q.Errors.Method = Conventions{Interval: IntervalLogit}, Linear
	for _, e := range estimated(t, s, q).Results {
		if want := map[string]string{"headcount": "logit", "gini": "t", "median": "t"}[e.Measure.String()]; e.Conventions["interval"] != want {
			t.Errorf("%s has the interval %q, made as %q", e.Measure, e.Conventions["interval"], want)
		}
	}
	s.Design.Census = true
	for _, e := range estimated(t, s, q).Results {
		for _, name := range []string{"interval", "bandwidth", "ties"} {
			if _, named := e.Conventions[name]; named {
				t.Errorf("%s of a census carries %s", e.Measure, name)
			}
		}
	}
}

// TestNoDifferenceIsNoKnowledge: a group of one record, or of equal incomes, and people of no weight, give no error of nothing; where all units were drawn it is known to be
// nothing.
func TestNoDifferenceIsNoKnowledge(t *testing.T) {
	t.Parallel()
	s := &Sample{
		Income: []float64{5, 5, 5, 7, 1, 2, 3, 4}, Weight: []float64{0.1, 0.2, 0.3, 2, 1, 1, 0, 3},
		Group: FactorOf([]string{"equal", "equal", "equal", "one", "mixed", "mixed", "mixed", "mixed"}),
	}
	for _, method := range []string{Linear, Bootstrap, Jackknife} {
		q := Query{Measures: measuresOf(t, "mean,gap,gini,headcount"), Line: lineOf(t, "6"), Errors: Errors{Method: method, Replications: 60}}
		for _, e := range estimated(t, s, q).Results {
			switch {
			case !math.IsNaN(e.SE) && !(e.SE > 1e-12):
				t.Errorf("%s: %s of %q is %v ± %v", method, e.Measure, e.Group, e.Value, e.SE)
			case !math.IsNaN(e.Value) && math.IsNaN(e.SE) && e.NoError.IsZero():
				t.Errorf("%s: %s of %q has no error and no reason", method, e.Measure, e.Group)
			case e.Group == "mixed" && e.Measure.String() == "mean" && !(e.SE > 0):
				t.Errorf("%s: the mean of a mixed group has no error: %v", method, e.NoError)
			}
		}
	}
	drawn := &Sample{Income: []float64{1, 2, 3}, Design: Design{Fraction: []float64{1}}}
	if e := estimated(t, drawn, Query{Measures: measuresOf(t, "mean"), Errors: Errors{Method: Linear}}).Results[0]; e.SE != 0 || !e.NoError.IsZero() {
		t.Errorf("of a population drawn as a whole: %v ± %v, %v", e.Value, e.SE, e.NoError)
	}
	// Everybody who has a weight is poor, or nobody who has one: those without do not count.
	for line, value := range map[string]float64{"4.5": 1, "0.5": 0} {
		all := &Sample{Income: []float64{0.1, 1, 2, 9}, Weight: []float64{0, 1, 1, 0}}
		e := estimated(t, all, Query{Measures: measuresOf(t, "headcount"), Line: lineOf(t, line), Errors: Errors{Method: Linear}}).Results[0]
		if e.Value != value || !math.IsNaN(e.SE) || (value == 0) != (len(e.Notes) == 1) {
			t.Errorf("at %s: %v ± %v, %v", line, e.Value, e.SE, e.Notes)
		}
	}
}

// TestSharesOfNobodyAreNotDefined: where the highest incomes are tied, whole records leave nobody above the quantile, and a ratio of nothing is no measure of equality.
func TestSharesOfNobodyAreNotDefined(t *testing.T) {
	t.Parallel()
	s := &Sample{Income: []float64{1, 5, 5, 5, 5}}
	for _, e := range estimated(t, s, Query{Measures: measuresOf(t, "qsr,palma,top:0.1")}).Results {
		if !math.IsNaN(e.Value) || e.Undefined.IsZero() {
			t.Errorf("%s is %v", e.Measure, e.Value)
		}
	}
	for _, e := range estimated(t, s, Query{Measures: measuresOf(t, "qsr,palma,top:0.1"), Conventions: conventionsOf(t, "shares=interpolated")}).Results {
		if math.IsNaN(e.Value) {
			t.Errorf("%s interpolated: %v", e.Measure, e.Undefined)
		}
	}
}
