package targeting_test

import (
	"math"
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"liandong/errs"
	"liandong/poverty"
	"liandong/poverty/targeting"
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

func assessed(t rapid.TB, s *targeting.Sample, q targeting.Query) (*targeting.Report, map[string]targeting.Term) {
	t.Helper()
	report, err := s.Assess(q)
	if err != nil {
		t.Fatal(err)
	}
	terms := map[string]targeting.Term{}
	for _, term := range report.Terms {
		terms[term.Name] = term
	}
	return report, terms
}

func amount(x float64) poverty.Line { return poverty.Line{Amount: x} }

// TestByHand: of ten persons four are poor; three of them are selected, and one of the others.
func TestByHand(t *testing.T) {
	t.Parallel()
	s := &targeting.Sample{Welfare: []float64{1, 2, 3, 4, 6, 7, 8, 9, 10, 11}, Selected: []float64{1, 1, 0, 1, 0, 1, 0, 0, 0, 0}, Benefit: []float64{10, 20, 0, 10, 0, 40, 0, 0, 0, 0}}
	report, got := assessed(t, s, targeting.Query{Line: amount(5), Errors: poverty.Errors{Method: poverty.Linear}})
	for name, want := range map[string]float64{
		"selected": 0.4, "coverage": 0.75, "exclusion-error": 0.25, "inclusion-error": 0.25, "false-positive": 1.0 / 6, "differential": 0.75 - 1.0/6, "misclassified": 0.2,
		"leakage": 0.5, "cgh": 0.5 / 0.4, "cgh:0.1": 0.125 / 0.1, "cgh:0.2": 0.375 / 0.2, "cgh:0.4": 0.5 / 0.4,
	} {
		if !near(got[name].Value, want, 1e-14) {
			t.Errorf("%s: %v, want %v", name, got[name].Value, want)
		}
	}
	if want := math.Sqrt(10.0 / 9 * 4 * 0.75 * 0.25 / 16); !near(got["coverage"].SE, want, 1e-12) {
		t.Errorf("coverage ± %v, want %v", got["coverage"].SE, want)
	}
	if len(report.Quantiles) != 5 || report.Quantiles[0].Covered.Value != 1 || !near(report.Quantiles[2].Benefits.Value, 0.5, 1e-14) || !near(report.Quantiles[1].Selected.Value, 0.25, 1e-14) {
		t.Errorf("%+v", report.Quantiles)
	}
	// 2 Σ b R / (W Σ b) - 1 with ranks 0.5, 1.5, …
	if want := 2*(10*0.5+20*1.5+10*3.5+40*5.5)/(10*80) - 1; !near(got["concentration"].Value, want, 1e-14) {
		t.Errorf("concentration %v, want %v", got["concentration"].Value, want)
	}
}

// TestDeLong has the area and its error worked out from DeLong's definition, pair by pair, ties at half.
func TestDeLong(t *testing.T) {
	t.Parallel()
	checks(t, func(t *rapid.T) {
		s, q := sampled(t), targeting.Query{Line: amount(5), Errors: poverty.Errors{Method: poverty.Linear}}
		s.Weight = nil
		report, got := assessed(t, s, q)
		var poor, other []float64
		for i, y := range s.Welfare {
			if y < 5 {
				poor = append(poor, s.Score[i])
			} else {
				other = append(other, s.Score[i])
			}
		}
		if len(poor) == 0 || len(other) == 0 {
			if got["auc"].Undefined.IsZero() || got["auc-delong"].Undefined.IsZero() {
				t.Fatal("an area without two classes")
			}
			return
		}
		psi := func(p, o float64) float64 {
			switch {
			case p < o:
				return 1
			case p == o:
				return 0.5
			}
			return 0
		}
		mean := func(n int, f func(i int) float64) (m, variance float64) {
			for i := range n {
				m += f(i) / float64(n)
			}
			for i := range n {
				variance += (f(i) - m) * (f(i) - m) / float64(n-1)
			}
			return m, variance
		}
		ofPoor := func(i int) float64 {
			m, _ := mean(len(other), func(k int) float64 { return psi(poor[i], other[k]) })
			return m
		}
		ofOther := func(k int) float64 {
			m, _ := mean(len(poor), func(i int) float64 { return psi(poor[i], other[k]) })
			return m
		}
		area, ten := mean(len(poor), ofPoor)
		_, one := mean(len(other), ofOther)
		if !near(got["auc"].Value, area, 1e-12) {
			t.Fatalf("area %v, want %v", got["auc"].Value, area)
		}
		if want := math.Sqrt(ten/float64(len(poor)) + one/float64(len(other))); area > 1e-12 && area < 1-1e-12 && len(poor) > 1 && len(other) > 1 && !near(got["auc-delong"].SE, want, 1e-9) {
			t.Fatalf("DeLong's error %v, want %v", got["auc-delong"].SE, want)
		}
		if (area < 1e-13 || area > 1-1e-13) && got["auc"].NoError.IsZero() {
			t.Fatal("a score without exceptions has an error")
		}
		byCurve := 0.0
		for i := 1; i < len(report.Curve); i++ {
			a, b := report.Curve[i-1], report.Curve[i]
			byCurve += (b.X - a.X) * (a.Y + b.Y) / 2
		}
		if !near(byCurve, area, 1e-12) {
			t.Fatalf("the curve holds %v, the area is %v", byCurve, area)
		}
	})
}

// sampled draws an identification with ties in welfare and score.
func sampled(t *rapid.T) *targeting.Sample {
	n := rapid.IntRange(3, 30).Draw(t, "records")
	small := func(name string, most int) []float64 {
		return rapid.SliceOfN(rapid.Map(rapid.IntRange(0, most), func(i int) float64 { return float64(i) }), n, n).Draw(t, name)
	}
	return &targeting.Sample{
		Welfare: small("welfare", 12), Selected: small("selected", 1), Score: small("score", 9), Benefit: small("benefit", 4),
		Weight: rapid.SliceOfN(rapid.Float64Range(0.5, 20), n, n).Draw(t, "weights"),
	}
}

// TestOrderIsAllThatTheAreaSees: any rising function of the score, or of welfare and line, leaves it; turning the score round gives one less it, and reading
// it the other way gives it back; weights may be scaled and records repeated.
func TestOrderIsAllThatTheAreaSees(t *testing.T) {
	t.Parallel()
	checks(t, func(t *rapid.T) {
		s := sampled(t)
		q := targeting.Query{Line: amount(5)}
		_, want := assessed(t, s, q)
		same := func(what string, s *targeting.Sample, q targeting.Query, value float64) {
			if _, got := assessed(t, s, q); !near(got["auc"].Value, value, 1e-12) {
				t.Fatalf("%s: area %v, want %v", what, got["auc"].Value, value)
			}
		}
		area := want["auc"].Value
		mapped := func(x []float64, f func(float64) float64) (y []float64) {
			for _, v := range x {
				y = append(y, f(v))
			}
			return y
		}
		risen := *s
		risen.Score = mapped(s.Score, math.Exp)
		risen.Weight = mapped(s.Weight, func(w float64) float64 { return 3 * w })
		same("rising score, scaled weights", &risen, q, area)
		richer := *s
		richer.Welfare = mapped(s.Welfare, func(y float64) float64 { return 10 * y })
		same("another currency", &richer, targeting.Query{Line: amount(50)}, area)
		turned := *s
		turned.Score = mapped(s.Score, func(x float64) float64 { return -x })
		same("turned round", &turned, q, 1-area)
		turned.Poorer = true
		same("turned round and read so", &turned, q, area)
		twice := &targeting.Sample{Welfare: slices.Repeat(s.Welfare, 2), Score: slices.Repeat(s.Score, 2), Weight: slices.Repeat(s.Weight, 2)}
		same("repeated", twice, q, area)
	})
}

// TestPartsAddUp: quantiles share out the selected and the benefits; coverage and exclusion error are one; a score of nought and one is its selection.
func TestPartsAddUp(t *testing.T) {
	t.Parallel()
	checks(t, func(t *rapid.T) {
		s := sampled(t)
		s.Score = nil
		for _, x := range s.Selected {
			s.Score = append(s.Score, 1-x)
		}
		report, got := assessed(t, s, targeting.Query{Line: amount(5), Quantiles: rapid.IntRange(2, 10).Draw(t, "quantiles")})
		selected, benefits := 0.0, 0.0
		for _, g := range report.Quantiles {
			selected += g.Selected.Value
			benefits += g.Benefits.Value
		}
		if !math.IsNaN(selected) && !near(selected, 1, 1e-9) || !math.IsNaN(benefits) && !near(benefits, 1, 1e-9) {
			t.Fatalf("quantiles add up to %v of the selected and %v of the benefits", selected, benefits)
		}
		if v := got["coverage"].Value + got["exclusion-error"].Value; !math.IsNaN(v) && !near(v, 1, 1e-12) {
			t.Fatal("coverage and exclusion error are not one")
		}
		if v := got["auc"].Value; !math.IsNaN(v) && !near(v, (1+got["differential"].Value)/2, 1e-12) {
			t.Fatalf("area %v of a selection with the differential %v", v, got["differential"].Value)
		}
		if n := len(report.Concentration); n > 0 && (report.Concentration[n-1] != poverty.Point{X: 1, Y: 1} && !near(report.Concentration[n-1].Y, 1, 1e-12)) {
			t.Fatal("the concentration curve does not end at one")
		}
	})
}

func TestNoSilentNumbers(t *testing.T) {
	t.Parallel()
	s := &targeting.Sample{Welfare: []float64{6, 7, 8}, Selected: []float64{0, 0, 0}, Score: []float64{1, 2, 3}}
	_, got := assessed(t, s, targeting.Query{Line: amount(5), Errors: poverty.Errors{Method: poverty.Linear}})
	for _, name := range []string{"coverage", "exclusion-error", "inclusion-error", "differential", "leakage", "cgh", "cgh:0.2", "concentration", "auc", "auc-delong"} {
		if !math.IsNaN(got[name].Value) || got[name].Undefined.IsZero() {
			t.Errorf("%s is %v: %v", name, got[name].Value, got[name].Undefined)
		}
	}
	s = &targeting.Sample{Welfare: []float64{1, 7, 8}, Score: []float64{1, 2, 3}, Weight: []float64{1, 2, 1}}
	if _, got := assessed(t, s, targeting.Query{Line: amount(5), Errors: poverty.Errors{Method: poverty.Linear}}); got["auc-delong"].NoError.IsZero() {
		t.Error("DeLong's error was given with weights")
	}
}

func TestAsManyGroupsAsAskedForOrNone(t *testing.T) {
	t.Parallel()
	s := &targeting.Sample{Welfare: []float64{1, 2, 3}, Selected: []float64{1, 0, 0}}
	for asked, got := range map[int]int{0: 5, 1: 1, 100: 100} {
		if report, err := s.Assess(targeting.Query{Line: amount(2), Quantiles: asked}); err != nil || len(report.Quantiles) != got {
			t.Errorf("%d groups asked for: %v", asked, err)
		}
	}
	for _, asked := range []int{-1, 101} {
		if _, err := s.Assess(targeting.Query{Line: amount(2), Quantiles: asked}); !errs.Is(err, errs.Usage) {
			t.Errorf("%d groups were given: %v", asked, err)
		}
	}
}

func TestWrongColumnsAreRefused(t *testing.T) {
	t.Parallel()
	for name, ask := range map[string]struct {
		sample targeting.Sample
		kind   errs.Kind
	}{
		"nothing said":     {targeting.Sample{Welfare: []float64{1, 2}}, errs.Usage},
		"half selected":    {targeting.Sample{Welfare: []float64{1, 2}, Selected: []float64{0.5, 1}}, errs.Invalid},
		"short column":     {targeting.Sample{Welfare: []float64{1, 2}, Selected: []float64{1}}, errs.Invalid},
		"negative benefit": {targeting.Sample{Welfare: []float64{1, 2}, Selected: []float64{1, 0}, Benefit: []float64{-1, 0}}, errs.Invalid},
		"NaN score":        {targeting.Sample{Welfare: []float64{1, 2}, Score: []float64{math.NaN(), 0}}, errs.Invalid},
	} {
		if _, err := ask.sample.Assess(targeting.Query{Line: amount(5)}); !errs.Is(err, ask.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
