package poverty

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestInPlaceEqualsEstimate compares every measure, with ties, zero weights and groups without records, on one core and on many.
func TestInPlaceEqualsEstimate(t *testing.T) {
	t.Parallel()
	forms := []string{"", "laeken", "eurostat,line-scope=local", "out-of-domain=dropped", "out-of-domain=floor:7,shares=interpolated", "gini=convey"}
	checks(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 300).Draw(t, "records")
		s := &Sample{Income: make([]float64, n)}
		kind := rapid.OneOf(rapid.Float64Range(-50, 1e5), rapid.Map(rapid.IntRange(0, 9), func(i int) float64 { return 500 * float64(i) }), rapid.Float64Range(1, 2))
		for i := range s.Income {
			s.Income[i] = kind.Draw(t, "income")
		}
		if rapid.Bool().Draw(t, "weighted") {
			s.Weight = make([]float64, n)
			for i := range s.Weight {
				s.Weight[i] = float64(rapid.IntRange(0, 5).Draw(t, "weight"))
			}
			s.Weight[0]++
		}
		if rapid.Bool().Draw(t, "grouped") {
			s.Group = groupsOf(t, n, 4)
		}
		q := Query{
			Measures: measuresOf(t, allMeasures+",lorenz,pen,incidence"), Conventions: conventionsOf(t, rapid.SampledFrom(forms).Draw(t, "conventions")),
			Line: lineOf(t, rapid.SampledFrom([]string{"3000", "60%median"}).Draw(t, "line")), Workers: rapid.IntRange(1, 3).Draw(t, "workers"),
		}
		s.Design.Census = rapid.Bool().Draw(t, "census")
		if s.Design.Census {
			q.Errors.Method = Linear
		}
		want, failed := s.Estimate(q)
		got, err := (&Sample{Income: slices.Clone(s.Income), Weight: slices.Clone(s.Weight), Group: Factor{Code: slices.Clone(s.Group.Code), Level: s.Group.Level}, Design: s.Design}).EstimateInPlace(q)
		if (failed == nil) != (err == nil) {
			t.Fatalf("refused with %v, in place with %v", failed, err)
		}
		if err != nil {
			return
		}
		for i, w := range want.Results {
			g := got.Results[i]
			if g.Group != w.Group || g.Measure.String() != w.Measure.String() || g.N != w.N || !near(g.Value, w.Value, 1e-9) || g.Undefined != w.Undefined || g.NoError != w.NoError || len(g.Notes) != len(w.Notes) {
				t.Fatalf("%s of %q: in place %+v, want %+v", w.Measure, w.Group, g, w)
			}
			for k := range w.Curve {
				if !near(g.Curve[k].Y, w.Curve[k].Y, 1e-9) {
					t.Fatalf("%s of %q at %v: %v, want %v", w.Measure, w.Group, w.Curve[k].X, g.Curve[k].Y, w.Curve[k].Y)
				}
			}
		}
	})
}

func TestInPlaceIsTheSameOnAnyNumberOfCores(t *testing.T) {
	t.Parallel()
	n := 2*chunkLength + 99
	made := func() *Sample {
		s := &Sample{Income: make([]float64, n), Weight: make([]float64, n), Group: Factor{Code: make([]int32, n), Level: []string{"x", "y", "z"}}}
		random := uint64(3)
		for i := range n {
			random = random*6364136223846793005 + 1442695040888963407
			s.Income[i] = math.Round(100*math.Exp(10+0.7*float64(int32(random>>32))/(1<<31))) / 100
			s.Weight[i] = 1 + float64(random>>40&15)/7
			s.Group.Code[i] = int32(random >> 50 % 3)
		}
		return s
	}
	q := Query{Measures: measuresOf(t, allMeasures), Line: lineOf(t, "60%median"), Workers: 1}
	want, err := made().EstimateInPlace(q)
	if err != nil {
		t.Fatal(err)
	}
	for _, workers := range []int{2, 64} {
		q.Workers = workers
		got, err := made().EstimateInPlace(q)
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range got.Results {
			if math.Float64bits(r.Value) != math.Float64bits(want.Results[i].Value) {
				t.Errorf("%s of %q with %d goroutines: %v, with one %v", r.Measure, r.Group, workers, r.Value, want.Results[i].Value)
			}
		}
	}
}
