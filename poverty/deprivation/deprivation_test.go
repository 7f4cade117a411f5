package deprivation_test

import (
	"math"
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"liandong/errs"
	"liandong/poverty"
	"liandong/poverty/deprivation"
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

func dimension(t rapid.TB, name, cutoff string, weight float64, achievement ...float64) deprivation.Dimension {
	t.Helper()
	c, err := deprivation.ParseCutoff(cutoff)
	if err != nil {
		t.Fatal(err)
	}
	return deprivation.Dimension{Name: name, Cutoff: c, Weight: weight, Achievement: achievement}
}

func estimated(t rapid.TB, s *deprivation.Sample, q deprivation.Query) map[[2]string]deprivation.Estimate {
	t.Helper()
	report, err := s.Estimate(q)
	if err != nil {
		t.Fatal(err)
	}
	found := map[[2]string]deprivation.Estimate{}
	for _, e := range report.Results {
		found[[2]string{e.Group, e.Measure}] = e
	}
	return found
}

func near(a, b, tolerance float64) bool {
	return a == b || (math.IsNaN(a) && math.IsNaN(b)) || math.Abs(a-b) <= tolerance*max(1, math.Abs(a), math.Abs(b))
}

// illustration is four persons in four dimensions of equal weight, in the manner of Alkire and Foster's own illustrations: income, years of schooling, health and access
// to services, with cut-offs of 13, 12, 3 and 1.
func illustration(t rapid.TB) *deprivation.Sample {
	return &deprivation.Sample{Dimensions: []deprivation.Dimension{
		dimension(t, "income", "13", 1, 13.1, 15.2, 12.5, 20),
		dimension(t, "schooling", "12", 1, 14, 7, 10, 11),
		dimension(t, "health", "3", 1, 4, 5, 1, 3),
		dimension(t, "services", "1", 1, 1, 0, 0, 1),
	}}
}

// TestFormulasWorkedByHand has the formulas of Alkire and Foster (2011) worked by hand over the illustration: the second person is deprived in schooling and services,
// the third in everything, the fourth in schooling, so for k = 2 of 4 dimensions H = 2/4, A = (2 + 4)/(2·4) and M0 = 6/16; M1 and M2 have the normalised gaps of the six
// deprivations of the poor in their place.
func TestFormulasWorkedByHand(t *testing.T) {
	t.Parallel()
	got := estimated(t, illustration(t), deprivation.Query{Cutoff: 0.5, Measures: append(deprivation.Summary(), "afm1", "afm2")})
	square := func(x float64) float64 { return x * x }
	for measure, x := range map[string]float64{
		"afh": 1.0 / 2, "afa": 3.0 / 4, "afm0": 3.0 / 8,
		"afm1":                   (5.0/12 + 1 + 0.5/13 + 2.0/12 + 2.0/3 + 1) / 16,
		"afm2":                   (square(5.0/12) + 1 + square(0.5/13) + square(2.0/12) + square(2.0/3) + 1) / 16,
		"afuncensored:schooling": 3.0 / 4, "afcensored:schooling": 1.0 / 2, "afcensored:income": 1.0 / 4, "afcensored:health": 1.0 / 4, "afcensored:services": 1.0 / 2,
		"afcontribution:income": 1.0 / 6, "afcontribution:schooling": 1.0 / 3, "afcontribution:health": 1.0 / 6, "afcontribution:services": 1.0 / 3,
	} {
		if v := got[[2]string{"", measure}].Value; !near(v, x, 1e-14) {
			t.Errorf("%s: %v, want %v", measure, v, x)
		}
	}
}

// TestPublishedSocieties has the two societies of Box 5.5, "Same M0 but different composition of incidence and intensity", in section 5.5.1 of Alkire, Foster, Seth, Santos,
// Roche and Ballon, Multidimensional Poverty Measurement and Analysis (2015): four persons, cut-offs (500, 5, not malnourished, has access to improved sanitation), equal
// weights, and the printed scores c = (0, 0.5, 1, 0.25) and c' = (0, 0.5, 0.5, 0.5). Printed too is who is poor: the second and third person in the first society, the
// second, third and fourth in the other. So H is 2/4 and 3/4, A the mean of 0.5 and 1 and of three times 0.5, and M0 is the mean of the censored scores, 0.375 for both.
// The achievements are ours: any that the scores follow from.
func TestPublishedSocieties(t *testing.T) {
	t.Parallel()
	society := func(income, schooling, nourished, sanitation []float64) *deprivation.Sample {
		return &deprivation.Sample{Dimensions: []deprivation.Dimension{
			dimension(t, "income", "500", 1, income...), dimension(t, "schooling", "5", 1, schooling...),
			dimension(t, "nourished", "1", 1, nourished...), dimension(t, "sanitation", "1", 1, sanitation...),
		}}
	}
	for _, c := range []struct {
		name     string
		sample   *deprivation.Sample
		poor     []float64 // at k = 2/4, by person
		score    []float64
		h, a, m0 float64
	}{
		{"X", society([]float64{700, 300, 400, 800}, []float64{14, 13, 3, 1}, []float64{1, 1, 0, 1}, []float64{1, 0, 0, 1}), []float64{0, 1, 1, 0}, []float64{0, 0.5, 1, 0.25}, 0.5, 0.75, 0.375},
		{"X'", society([]float64{700, 300, 400, 800}, []float64{14, 13, 8, 1}, []float64{1, 1, 0, 1}, []float64{1, 0, 1, 0}), []float64{0, 1, 1, 1}, []float64{0, 0.5, 0.5, 0.5}, 0.75, 0.5, 0.375},
	} {
		c.sample.Group = poverty.FactorOf([]string{"person 1", "person 2", "person 3", "person 4"})
		got := estimated(t, c.sample, deprivation.Query{Cutoff: 0.5, Measures: []string{"afh", "afa", "afm0"}})
		for measure, want := range map[string]float64{"afh": c.h, "afa": c.a, "afm0": c.m0} {
			if v := got[[2]string{"", measure}].Value; v != want {
				t.Errorf("%s: %s is %v, should be %v", c.name, measure, v, want)
			}
		}
		for i, name := range c.sample.Group.Level {
			if v := got[[2]string{name, "afh"}].Value; v != c.poor[i] {
				t.Errorf("%s: %s counts %v as poor, printed %v", c.name, name, v, c.poor[i])
			}
		}
		byUnion := estimated(t, c.sample, deprivation.Query{Cutoff: 0.01, Measures: []string{"afm0"}}) // with every deprivation counted M0 of one person is the score
		for i, name := range c.sample.Group.Level {
			if v := byUnion[[2]string{name, "afm0"}].Value; v != c.score[i] {
				t.Errorf("%s: the score of %s is %v, printed %v", c.name, name, v, c.score[i])
			}
		}
	}
}

// TestUnionAndIntersectionAreEndsOfTheCutoff: with any deprivation everybody but the first is poor, with all only the third.
func TestUnionAndIntersectionAreEndsOfTheCutoff(t *testing.T) {
	t.Parallel()
	for k, want := range map[float64]float64{0.01: 3.0 / 4, 0.25: 3.0 / 4, 0.26: 1.0 / 2, 1: 1.0 / 4} {
		if h := estimated(t, illustration(t), deprivation.Query{Cutoff: k})[[2]string{"", "afh"}].Value; h != want {
			t.Errorf("k = %v: H = %v, want %v", k, h, want)
		}
	}
}

// sampled draws records in a few dimensions, with ties at the cut-offs, zeros and groups.
func sampled(t *rapid.T) *deprivation.Sample {
	n := rapid.IntRange(2, 25).Draw(t, "records")
	s := &deprivation.Sample{Group: poverty.Factor{Code: make([]int32, n), Level: []string{"a", "b", "c"}}}
	for j := range rapid.IntRange(1, 6).Draw(t, "dimensions") {
		y := rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 8), func(i int) float64 { return float64(i) / 2 }), n, n).Draw(t, "achievements")
		s.Dimensions = append(s.Dimensions, dimension(t, string(rune('a'+j)), "2", float64(rapid.IntRange(1, 4).Draw(t, "weight")), y...))
	}
	for i := range s.Group.Code {
		s.Group.Code[i] = int32(rapid.IntRange(0, 2).Draw(t, "group"))
	}
	s.Weight = rapid.SliceOfN(rapid.Float64Range(0.1, 50), n, n).Draw(t, "weights")
	return s
}

func cutoffs(t *rapid.T) float64 {
	return rapid.SampledFrom([]float64{0.05, 0.2, 0.25, 1.0 / 3, 0.5, 2.0 / 3, 1}).Draw(t, "k")
}

// TestDecomposesByGroupAndDimension: M0, M1, M2 and H are averages of the groups' by population, contributions add up to one, M0 = H A, and M0 is the
// weighted sum of censored headcounts.
func TestDecomposesByGroupAndDimension(t *testing.T) {
	t.Parallel()
	checks(t, func(t *rapid.T) {
		s := sampled(t)
		all := append(deprivation.Summary(), "afm1", "afm2")
		got := estimated(t, s, deprivation.Query{Cutoff: cutoffs(t), Measures: all})
		whole := func(m string) deprivation.Estimate { return got[[2]string{"", m}] }
		for _, m := range []string{"afh", "afm0", "afm1", "afm2"} {
			sum := 0.0
			for _, g := range s.Group.Level {
				if e := got[[2]string{g, m}]; e.WeightSum > 0 {
					sum += e.WeightSum * e.Value
				}
			}
			if !near(sum/whole(m).WeightSum, whole(m).Value, 1e-12) {
				t.Fatalf("%s: groups give %v, the whole %v", m, sum/whole(m).WeightSum, whole(m).Value)
			}
		}
		if whole("afh").Value == 0 {
			if whole("afa").Undefined.IsZero() || whole("afcontribution:a").Undefined.IsZero() {
				t.Fatal("nobody is poor, yet A or a contribution has a value")
			}
			return
		}
		if !near(whole("afh").Value*whole("afa").Value, whole("afm0").Value, 1e-12) {
			t.Fatalf("H A = %v, M0 = %v", whole("afh").Value*whole("afa").Value, whole("afm0").Value)
		}
		weight, censored, contributed, shared := 0.0, 0.0, 0.0, 0.0
		for _, d := range s.Dimensions {
			weight += d.Weight
			censored += d.Weight * whole("afcensored:"+d.Name).Value
			contributed += whole("afcontribution:" + d.Name).Value
			if whole("afcensored:"+d.Name).Value > whole("afuncensored:"+d.Name).Value+1e-12 {
				t.Fatal("a censored headcount is above the uncensored one")
			}
		}
		for _, g := range s.Group.Level {
			if v := got[[2]string{g, "afgroup"}].Value; !math.IsNaN(v) {
				shared += v
			}
		}
		if !near(censored/weight, whole("afm0").Value, 1e-12) || !near(contributed, 1, 1e-12) || !near(shared, 1, 1e-12) {
			t.Fatalf("censored headcounts give %v for M0 %v; contributions add up to %v by dimension, %v by group", censored/weight, whole("afm0").Value, contributed, shared)
		}
	})
}

// TestReplicatingOrScalingChangesNothing: twice the records, weights times seven, or achievements and cut-offs in another unit.
func TestReplicatingOrScalingChangesNothing(t *testing.T) {
	t.Parallel()
	checks(t, func(t *rapid.T) {
		s := sampled(t)
		q := deprivation.Query{Cutoff: cutoffs(t), Measures: []string{"afh", "afa", "afm0", "afm1", "afm2", "afcensored:*"}}
		want := estimated(t, s, q)
		twice := &deprivation.Sample{Weight: append(slices.Clone(s.Weight), s.Weight...)}
		scaled := &deprivation.Sample{Group: s.Group}
		for _, d := range s.Dimensions {
			twice.Dimensions = append(twice.Dimensions, deprivation.Dimension{Name: d.Name, Weight: d.Weight, Cutoff: d.Cutoff, Achievement: append(slices.Clone(d.Achievement), d.Achievement...)})
			up := deprivation.Dimension{Name: d.Name, Weight: 10 * d.Weight, Cutoff: deprivation.Cutoff{Sign: "<", At: 4 * d.Cutoff.At}}
			for _, y := range d.Achievement {
				up.Achievement = append(up.Achievement, 4*y)
			}
			scaled.Dimensions = append(scaled.Dimensions, up)
		}
		for _, w := range s.Weight {
			scaled.Weight = append(scaled.Weight, 7*w)
		}
		for _, changed := range []*deprivation.Sample{twice, scaled} {
			for key, e := range estimated(t, changed, q) {
				if key[0] == "" && !near(e.Value, want[key].Value, 1e-12) {
					t.Fatalf("%s: %v, was %v", key[1], e.Value, want[key].Value)
				}
			}
		}
	})
}

// TestMorePovertyFromMoreDeprivation: lowering one achievement under its cut-off never lowers H or M0; a higher k never raises them.
func TestMorePovertyFromMoreDeprivation(t *testing.T) {
	t.Parallel()
	checks(t, func(t *rapid.T) {
		s := sampled(t)
		k := cutoffs(t)
		q := deprivation.Query{Cutoff: k, Measures: []string{"afh", "afm0", "afm1", "afm2"}}
		before := estimated(t, s, q)
		j, i := rapid.IntRange(0, len(s.Dimensions)-1).Draw(t, "dimension"), rapid.IntRange(0, len(s.Weight)-1).Draw(t, "record")
		s.Dimensions[j].Achievement[i] = min(s.Dimensions[j].Achievement[i], 0.5)
		after := estimated(t, s, q)
		q.Cutoff = min(1, k+0.2)
		stricter := estimated(t, s, q)
		for _, m := range q.Measures {
			key := [2]string{"", m}
			if after[key].Value < before[key].Value-1e-12 || stricter[key].Value > after[key].Value+1e-12 {
				t.Fatalf("%s: %v, %v after a loss, %v with a higher k", m, before[key].Value, after[key].Value, stricter[key].Value)
			}
		}
	})
}

// TestBoundsHoldEveryAnswer fills missing answers in every possible way and compares with the bounds: nothing falls outside, and both ends are reached.
func TestBoundsHoldEveryAnswer(t *testing.T) {
	t.Parallel()
	checks(t, func(t *rapid.T) {
		s := sampled(t)
		s.Group = poverty.Factor{}
		type hole struct{ dimension, record int }
		var holes []hole
		for range rapid.IntRange(1, 5).Draw(t, "holes") {
			h := hole{rapid.IntRange(0, len(s.Dimensions)-1).Draw(t, "dimension"), rapid.IntRange(0, len(s.Weight)-1).Draw(t, "record")}
			if !slices.Contains(holes, h) {
				holes = append(holes, h)
			}
		}
		q := deprivation.Query{Cutoff: cutoffs(t), Measures: []string{"afh", "afa", "afm0", "afm1", "afm2", "afcensored:a"}}
		least, greatest := map[string]float64{}, map[string]float64{}
		for answers := range 1 << len(holes) {
			for bit, h := range holes {
				s.Dimensions[h.dimension].Achievement[h.record] = float64(3 * (answers >> bit & 1)) // 0 is deprived with a gap of one
			}
			for key, e := range estimated(t, s, q) {
				if math.IsNaN(e.Value) {
					continue
				}
				if v, seen := least[key[1]]; !seen || e.Value < v {
					least[key[1]] = e.Value
				}
				if v, seen := greatest[key[1]]; !seen || e.Value > v {
					greatest[key[1]] = e.Value
				}
			}
		}
		for _, h := range holes {
			s.Dimensions[h.dimension].Achievement[h.record] = math.NaN()
		}
		q.Missing = deprivation.MissingBounds
		for key, e := range estimated(t, s, q) {
			if _, seen := least[key[1]]; !seen {
				if e.Least.Undefined.IsZero() {
					t.Fatalf("%s is never defined, yet has bounds", key[1])
				}
				continue
			}
			if !near(e.Least.Value, least[key[1]], 1e-9) || !near(e.Greatest.Value, greatest[key[1]], 1e-9) {
				t.Fatalf("%s: bounds %v to %v, all answers give %v to %v", key[1], e.Least.Value, e.Greatest.Value, least[key[1]], greatest[key[1]])
			}
		}
	})
}

func TestMissingAnswersAreNeverSilent(t *testing.T) {
	t.Parallel()
	s := illustration(t)
	s.Dimensions[0].Achievement[1] = math.NaN()
	for missing, want := range map[string]float64{"": math.NaN(), deprivation.MissingDropped: 1.0 / 3, deprivation.MissingNot: 1.0 / 2} {
		e := estimated(t, s, deprivation.Query{Cutoff: 0.5, Missing: missing})[[2]string{"", "afh"}]
		if !near(e.Value, want, 1e-14) {
			t.Errorf("missing=%s: H = %v, want %v", missing, e.Value, want)
		}
		if len(e.Notes) == 0 && e.Undefined.IsZero() {
			t.Errorf("missing=%s says nothing of the missing answer", missing)
		}
	}
}

func TestGapsNeedNumbersBelowACutoff(t *testing.T) {
	t.Parallel()
	s := illustration(t)
	s.Dimensions[3] = dimension(t, "rooms", ">2", 1, 1, 2, 3, 4)
	got := estimated(t, s, deprivation.Query{Cutoff: 0.5, Measures: []string{"afm0", "afm1", "afm2"}})
	if got[[2]string{"", "afm1"}].Undefined.IsZero() || got[[2]string{"", "afm2"}].Undefined.IsZero() || math.IsNaN(got[[2]string{"", "afm0"}].Value) {
		t.Errorf("%+v", got)
	}
	s = illustration(t)
	s.Dimensions[0].Achievement[2] = -1
	if estimated(t, s, deprivation.Query{Cutoff: 0.5, Measures: []string{"afm1"}})[[2]string{"", "afm1"}].Undefined.IsZero() {
		t.Error("a negative achievement made a gap")
	}
}

func TestWrongQuestionsAreRefused(t *testing.T) {
	t.Parallel()
	for name, ask := range map[string]struct {
		change func(*deprivation.Sample, *deprivation.Query)
		kind   errs.Kind
	}{
		"no dimension":      {func(s *deprivation.Sample, _ *deprivation.Query) { s.Dimensions = nil }, errs.Usage},
		"k of zero":         {func(_ *deprivation.Sample, q *deprivation.Query) { q.Cutoff = 0 }, errs.Usage},
		"k above one":       {func(_ *deprivation.Sample, q *deprivation.Query) { q.Cutoff = 1.5 }, errs.Usage},
		"unknown measure":   {func(_ *deprivation.Sample, q *deprivation.Query) { q.Measures = []string{"afm7"} }, errs.Usage},
		"unknown dimension": {func(_ *deprivation.Sample, q *deprivation.Query) { q.Measures = []string{"afcensored:x"} }, errs.Usage},
		"unknown missing":   {func(_ *deprivation.Sample, q *deprivation.Query) { q.Missing = "zero" }, errs.Usage},
		"weight of zero":    {func(s *deprivation.Sample, _ *deprivation.Query) { s.Dimensions[1].Weight = 0 }, errs.Usage},
		"infinite value":    {func(s *deprivation.Sample, _ *deprivation.Query) { s.Dimensions[1].Achievement[2] = math.Inf(1) }, errs.Invalid},
		"short column":      {func(s *deprivation.Sample, _ *deprivation.Query) { s.Dimensions[1].Achievement = []float64{1} }, errs.Invalid},
		"all weights zero":  {func(s *deprivation.Sample, _ *deprivation.Query) { s.Weight = make([]float64, 4) }, errs.Invalid},
	} {
		s, q := illustration(t), deprivation.Query{Cutoff: 0.5}
		ask.change(s, &q)
		if _, err := s.Estimate(q); !errs.Is(err, ask.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := (deprivation.Cutoff{Sign: "=", In: []string{"adobe"}}).Codes([]string{"brick", ""}); err == nil {
		t.Error("a category that nobody has was taken")
	}
}

// TestErrorOfASimpleSample: the error of H under simple random sampling is the root of p(1-p)/(n-1), linearised and by the jackknife; M0's is that of a
// mean. Drawing whole households of two makes it larger by the root of two when both always agree, but for the lost degree of freedom.
func TestErrorOfASimpleSample(t *testing.T) {
	t.Parallel()
	y := []float64{0, 3, 1, 3, 3, 1, 3, 0, 3, 3, 3, 1}
	s := &deprivation.Sample{Dimensions: []deprivation.Dimension{dimension(t, "a", "2", 1, y...)}}
	p, n := 5.0/12, 12.0
	for _, method := range []string{poverty.Linear, poverty.Jackknife} {
		e := estimated(t, s, deprivation.Query{Cutoff: 1, Errors: poverty.Errors{Method: method}})[[2]string{"", "afh"}]
		if want := math.Sqrt(p * (1 - p) / (n - 1)); !near(e.SE, want, 1e-12) {
			t.Errorf("%s: standard error %v, want %v", method, e.SE, want)
		}
		if !(e.Low < p && p < e.High) {
			t.Errorf("%s: interval %v to %v", method, e.Low, e.High)
		}
	}
	boot := estimated(t, s, deprivation.Query{Cutoff: 1, Errors: poverty.Errors{Method: poverty.Bootstrap, Replications: 4000, Seed: 7}})[[2]string{"", "afh"}]
	if want := math.Sqrt(p * (1 - p) / (n - 1)); math.Abs(boot.SE/want-1) > 0.05 {
		t.Errorf("bootstrap: standard error %v, want near %v", boot.SE, want)
	}
	s.Design.Census = true
	if e := estimated(t, s, deprivation.Query{Cutoff: 1, Errors: poverty.Errors{Method: poverty.Linear}})[[2]string{"", "afh"}]; !math.IsNaN(e.SE) || e.NoError.IsZero() {
		t.Error("a census has a sampling error")
	}
}

// FuzzParseCutoff: whatever is read is written as it is read again.
func FuzzParseCutoff(f *testing.F) {
	for _, text := range []string{"6", "<=6", ">3", ">=-0.5", "=adobe|thatch", "=", "<", "NaN", "1e400"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := deprivation.ParseCutoff(text)
		if err != nil {
			return
		}
		again, err := deprivation.ParseCutoff(c.String())
		if err != nil || again.Sign != c.Sign || again.At != c.At || !slices.Equal(again.In, c.In) {
			t.Fatalf("%q was read as %+v, then as %+v: %v", text, c, again, err)
		}
	})
}
