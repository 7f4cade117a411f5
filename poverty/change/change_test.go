package change_test

import (
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"liandong/errs"
	"liandong/poverty"
	"liandong/poverty/change"
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

func measure(t rapid.TB, name string) poverty.Measure {
	t.Helper()
	m, err := poverty.ParseMeasure(name)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func near(a, b, tolerance float64) bool {
	return a == b || (math.IsNaN(a) && math.IsNaN(b)) || math.Abs(a-b) <= tolerance*max(1, math.Abs(a), math.Abs(b))
}

// named finds a term.
func named(t rapid.TB, terms []change.Term, method, name, group string) change.Term {
	t.Helper()
	at := slices.IndexFunc(terms, func(x change.Term) bool { return x.Method == method && x.Name == name && x.Group == group })
	if at < 0 {
		t.Fatalf("no term %s %s %q", method, name, group)
	}
	return terms[at]
}

func decomposed(t rapid.TB, before, after *poverty.Sample, q change.Query) []change.Term {
	t.Helper()
	terms, err := change.Decompose(before, after, q)
	if err != nil {
		t.Fatal(err)
	}
	return terms
}

// samples draws two dates with incomes from 1 to 9 thousand, ties included, and three groups.
func samples(t *rapid.T) (before, after *poverty.Sample) {
	draw := func() *poverty.Sample {
		n := rapid.IntRange(4, 25).Draw(t, "records")
		s := &poverty.Sample{Group: poverty.Factor{Code: make([]int32, n), Level: []string{"east", "west"}}}
		s.Income = rapid.SliceOfN(rapid.OneOf(rapid.Float64Range(500, 9000), rapid.Map(rapid.IntRange(1, 9), func(i int) float64 { return 1000 * float64(i) })), n, n).Draw(t, "incomes")
		s.Weight = rapid.SliceOfN(rapid.Float64Range(0.5, 20), n, n).Draw(t, "weights")
		for i := range s.Group.Code {
			s.Group.Code[i] = int32(i % 2)
		}
		return s
	}
	return draw(), draw()
}

var decomposable = []string{"headcount", "gap", "severity", "fgt:1.5", "watts", "sst"}

// TestTermsAddUp: growth, redistribution and residual give the change from either date, Shapley's two give it alone and are the means of the two ways.
func TestTermsAddUp(t *testing.T) {
	t.Parallel()
	checks(t, func(t *rapid.T) {
		before, after := samples(t)
		terms := decomposed(t, before, after, change.Query{Measure: measure(t, rapid.SampledFrom(decomposable).Draw(t, "measure")), Line: 3500})
		value := func(method, name string) float64 { return named(t, terms, method, name, "").Value }
		total := value(change.Observed, "change")
		for _, method := range []string{change.DattBefore, change.DattAfter} {
			if got := value(method, "growth") + value(method, "redistribution") + value(method, "residual"); !near(got, total, 1e-12) {
				t.Fatalf("%s adds up to %v, the change is %v", method, got, total)
			}
		}
		if got := value(change.Shapley, "growth") + value(change.Shapley, "redistribution"); !near(got, total, 1e-12) {
			t.Fatalf("Shapley adds up to %v, the change is %v", got, total)
		}
		if got := (value(change.DattBefore, "growth") + value(change.DattAfter, "growth")) / 2; !near(got, value(change.Shapley, "growth"), 1e-12) {
			t.Fatalf("the mean growth effect is %v, Shapley's %v", got, value(change.Shapley, "growth"))
		}
	})
}

// TestPureGrowthHasNoRedistribution: when all incomes grow by one rate the change is growth, and the poverty-equivalent rate is the rate itself. When only
// places in the distribution change hands nothing changes.
func TestPureGrowthHasNoRedistribution(t *testing.T) {
	t.Parallel()
	checks(t, func(t *rapid.T) {
		before, _ := samples(t)
		rate := rapid.SampledFrom([]float64{0.8, 1.05, 1.25}).Draw(t, "growth")
		after := *before
		after.Income = make([]float64, len(before.Income))
		for i, y := range before.Income {
			after.Income[i] = y * rate
		}
		terms := decomposed(t, before, &after, change.Query{Measure: measure(t, "gap"), Line: 3500})
		for _, method := range []string{change.DattBefore, change.DattAfter, change.Shapley} {
			if v := named(t, terms, method, "redistribution", "").Value; !near(v, 0, 1e-12) {
				t.Fatalf("%s finds redistribution of %v in pure growth", method, v)
			}
		}
		if e := named(t, terms, change.KakwaniPernia, "equivalent-growth", ""); e.Undefined.IsZero() && !near(e.Value, math.Log(rate), 1e-9) {
			t.Fatalf("equivalent growth %v, want %v", e.Value, math.Log(rate))
		}
	})
}

// TestErrorsAreTheJackknifes: the delete-one jackknife of the whole computation, which knows no influence, gives nearly the linearised error of smooth terms.
func TestErrorsAreTheJackknifes(t *testing.T) {
	t.Parallel()
	random := uint64(3)
	next := func() float64 {
		random = random*6364136223846793005 + 1442695040888963407
		return float64(random>>11) / (1 << 53)
	}
	draw := func(n int, centre, spread, east float64) *poverty.Sample {
		s := &poverty.Sample{Group: poverty.Factor{Level: []string{"east", "west"}}}
		for range n {
			code := int32(0)
			if next() > east {
				code = 1
			}
			s.Group.Code = append(s.Group.Code, code)
			s.Income = append(s.Income, math.Exp(centre+float64(code)/4+spread*(next()+next()+next()-1.5)*2))
		}
		return s
	}
	before, after := draw(400, 7.7, 0.8, 0.6), draw(300, 7.9, 0.7, 0.4)
	q := change.Query{Measure: measure(t, "severity"), Line: 3000}
	for name, compute := range map[string]func(before, after *poverty.Sample, q change.Query) ([]change.Term, error){"decompose": change.Decompose, "sectors": change.Sectors} {
		terms := func(before, after *poverty.Sample, method string) []change.Term {
			q.Errors.Method = method
			all, err := compute(before, after, q)
			if err != nil {
				t.Fatal(err)
			}
			return all
		}
		got := terms(before, after, poverty.Linear)
		squares := make([]float64, len(got))
		for side, of := range []*poverty.Sample{before, after} {
			n := len(of.Income)
			values := make([][]float64, len(got))
			for i := range n {
				less := &poverty.Sample{Income: slices.Delete(slices.Clone(of.Income), i, i+1), Group: poverty.Factor{Level: of.Group.Level, Code: slices.Delete(slices.Clone(of.Group.Code), i, i+1)}}
				pair := []*poverty.Sample{before, after}
				pair[side] = less
				for k, term := range terms(pair[0], pair[1], poverty.NoErrors) {
					values[k] = append(values[k], term.Value)
				}
			}
			for k, of := range values {
				mean := 0.0
				for _, v := range of {
					mean += v / float64(n)
				}
				for _, v := range of {
					squares[k] += (v - mean) * (v - mean) * float64(n-1) / float64(n)
				}
			}
		}
		for k, term := range got {
			if want := math.Sqrt(squares[k]); math.Abs(term.SE/want-1) > 0.03 {
				t.Errorf("%s: %s %s %s: standard error %v, the jackknife gives %v", name, term.Method, term.Name, term.Group, term.SE, want)
			}
		}
	}
}

// TestPairedErrorsTakeTheCovariance: with the same incomes at both dates nothing can change, and a panel knows it for sure.
func TestPairedErrorsTakeTheCovariance(t *testing.T) {
	t.Parallel()
	s := &poverty.Sample{Income: []float64{1, 2, 3, 4, 5, 6, 7, 8}}
	q := change.Query{Measure: measure(t, "gap"), Line: 4.5, Errors: poverty.Errors{Method: poverty.Linear}}
	apart := named(t, decomposed(t, s, s, q), change.Observed, "change", "")
	q.Paired = true
	paired := named(t, decomposed(t, s, s, q), change.Observed, "change", "")
	if !(apart.SE > 0) || paired.SE > 1e-12 {
		t.Errorf("independent ± %v, paired ± %v", apart.SE, paired.SE)
	}
}

// TestSectorsAddUp: within, shift and interaction give the change, which is that of the whole.
func TestSectorsAddUp(t *testing.T) {
	t.Parallel()
	checks(t, func(t *rapid.T) {
		before, after := samples(t)
		q := change.Query{Measure: measure(t, rapid.SampledFrom([]string{"headcount", "gap", "severity", "watts"}).Draw(t, "measure")), Line: 3500, Errors: poverty.Errors{Method: poverty.Linear}}
		terms, err := change.Sectors(before, after, q)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for _, term := range terms {
			if term.Name != "change" {
				sum += term.Value
			}
		}
		whole := named(t, decomposed(t, before, after, q), change.Observed, "change", "")
		of := named(t, terms, change.Sectoral, "change", "")
		if !near(sum, whole.Value, 1e-12) || !near(of.Value, whole.Value, 1e-12) || !near(of.SE, whole.SE, 1e-9) {
			t.Fatalf("sectors give %v and %v ± %v, the whole is %v ± %v", sum, of.Value, of.SE, whole.Value, whole.SE)
		}
	})
}

// TestNobodyDiffersIsNoKnowledge: where all are poor at both dates the change is nothing, and its error cannot be read off the samples; equal incomes, which have
// no density at the counterfactual line, keep none of that from the terms that need no such line.
func TestNobodyDiffersIsNoKnowledge(t *testing.T) {
	t.Parallel()
	group := poverty.FactorOf([]string{"east", "east", "west", "west"})
	before := &poverty.Sample{Income: []float64{500, 500, 500, 500}, Group: group}
	after := &poverty.Sample{Income: []float64{500, 500, 1000, 1000}, Group: group}
	q := change.Query{Measure: measure(t, "headcount"), Line: 3500, Errors: poverty.Errors{Method: poverty.Linear}}
	sectors, err := change.Sectors(before, after, q)
	if err != nil {
		t.Fatal(err)
	}
	for _, term := range []change.Term{named(t, sectors, change.Sectoral, "change", ""), named(t, decomposed(t, before, after, q), change.Observed, "change", "")} {
		if term.Value != 0 || !math.IsNaN(term.SE) || !strings.Contains(term.NoError.ZH, "误差无法由样本估计") {
			t.Errorf("%s: %v ± %v, %q", term.Method, term.Value, term.SE, term.NoError.ZH)
		}
	}
	after.Income = []float64{500, 500, 1000, 9000}
	if term := named(t, decomposed(t, before, after, q), change.Observed, "change", ""); term.Value != -0.25 || !(term.SE > 0) {
		t.Errorf("one left: %v ± %v, %q", term.Value, term.SE, term.NoError.ZH)
	}
}

// TestRoundingIsNoError: when everybody at a date has one income, the gaps are one number too, but their weighted mean is that number only up to rounding, so what
// should cancel leaves some 1e-17. Whatever the weights, the groups and the sampling units, that is no error of a sample.
func TestRoundingIsNoError(t *testing.T) {
	t.Parallel()
	checks(t, func(t *rapid.T) {
		date := func(income float64) *poverty.Sample {
			n := rapid.IntRange(4, 20).Draw(t, "records")
			s := &poverty.Sample{Income: slices.Repeat([]float64{income}, n), Weight: rapid.SliceOfN(rapid.Float64Range(0.01, 900), n, n).Draw(t, "weights")}
			s.Group = poverty.Factor{Level: []string{"east", "west"}, Code: make([]int32, n)}
			s.Design.Unit = poverty.Factor{Level: []string{"v1", "v2", "v3"}, Code: make([]int32, n)}
			for i := range n {
				s.Group.Code[i], s.Design.Unit.Code[i] = int32(i%2), int32(i%3)
			}
			return s
		}
		before, after := date(rapid.Float64Range(300, 3499.999).Draw(t, "before")), date(rapid.Float64Range(300, 3499.999).Draw(t, "after"))
		q := change.Query{Measure: measure(t, rapid.SampledFrom([]string{"gap", "severity", "fgt:1.5", "fgt:40", "watts", "sst"}).Draw(t, "measure")), Line: 3500, Errors: poverty.Errors{Method: poverty.Linear}}
		if term := named(t, decomposed(t, before, after, q), change.Observed, "change", ""); !math.IsNaN(term.SE) || term.NoError.IsZero() {
			t.Fatalf("%s changed by %v ± %v, by rounding alone", q.Measure, term.Value, term.SE)
		}
		if q.Measure.String() == "sst" {
			return // it is no average over persons
		}
		sectors, err := change.Sectors(before, after, q)
		if err != nil {
			t.Fatal(err)
		}
		if term := named(t, sectors, change.Sectoral, "change", ""); !math.IsNaN(term.SE) || term.NoError.IsZero() {
			t.Fatalf("%s of the sectors changed by %v ± %v, by rounding alone", q.Measure, term.Value, term.SE)
		}
	})
}

// TestASmallMeasureKeepsItsError: a poverty of 1e-40, which a high order gives where all gaps are small, has an error of that size, which is not rounding.
func TestASmallMeasureKeepsItsError(t *testing.T) {
	t.Parallel()
	group := poverty.FactorOf([]string{"east", "east", "east", "west", "west", "west"})
	before := &poverty.Sample{Income: []float64{3150, 3200, 3250, 3300, 3350, 9000}, Group: group}
	after := &poverty.Sample{Income: []float64{3250, 3300, 3350, 3400, 3450, 9000}, Group: group}
	q := change.Query{Measure: measure(t, "fgt:40"), Line: 3500, Errors: poverty.Errors{Method: poverty.Linear}}
	sectors, err := change.Sectors(before, after, q)
	if err != nil {
		t.Fatal(err)
	}
	for _, term := range []change.Term{named(t, decomposed(t, before, after, q), change.Observed, "change", ""), named(t, sectors, change.Sectoral, "change", "")} {
		if !(term.SE > 0) || term.SE > 1e-14 || !(math.Abs(term.Value) > term.SE/100) {
			t.Errorf("%s: %v ± %v, %q", term.Method, term.Value, term.SE, term.NoError.EN)
		}
	}
}

// TestSectorsByHand: half of each group's population, headcounts of 1/2 and 1/4 become 1/4 and 1/4 while a quarter of the population moves east.
func TestSectorsByHand(t *testing.T) {
	t.Parallel()
	before := &poverty.Sample{Income: []float64{1, 9, 1, 9, 9, 9}, Weight: []float64{1, 1, 1, 1, 1, 1}, Group: poverty.FactorOf([]string{"east", "east", "west", "west", "west", "west"})}
	after := &poverty.Sample{Income: []float64{1, 9, 9, 9, 1, 9}, Weight: []float64{1, 1, 1, 1, 1, 1}, Group: poverty.FactorOf([]string{"east", "east", "east", "east", "west", "west"})}
	terms, err := change.Sectors(before, after, change.Query{Measure: measure(t, "headcount"), Line: 5})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct {
		name, group string
		value       float64
	}{
		{"within", "east", (0.25 - 0.5) / 3},
		{"within", "west", (0.5 - 0.25) * 2 / 3},
		{"shift", "", (2.0/3-1.0/3)*0.5 + (1.0/3-2.0/3)*0.25},
		{"interaction", "", (0.25-0.5)*(1.0/3) + (0.5-0.25)*(-1.0/3)},
		{"change", "", 0},
	} {
		if got := named(t, terms, change.Sectoral, want.name, want.group).Value; !near(got, want.value, 1e-14) {
			t.Errorf("%s %s: %v, want %v", want.name, want.group, got, want.value)
		}
	}
	after.Group = poverty.FactorOf([]string{"east", "east", "east", "east", "north", "north"})
	if _, err := change.Sectors(before, after, change.Query{Measure: measure(t, "headcount"), Line: 5}); !errs.Is(err, errs.Invalid) {
		t.Errorf("a group of one date was compared: %v", err)
	}
}

// TestTransitionByHand: of ten persons four are poor; one leaves, one of the six others falls.
func TestTransitionByHand(t *testing.T) {
	t.Parallel()
	panel, err := change.PoorPanel([]float64{1, 1, 1, 1, 9, 9, 9, 9, 9, 5}, []float64{1, 1, 1, 9, 1, 9, 9, 9, 9, 5}, 5, 5, poverty.Conventions{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := change.Transition(panel, "", poverty.Conventions{}, poverty.Errors{Method: poverty.Linear})
	if err != nil {
		t.Fatal(err)
	}
	left, fell := named(t, m.Indices, "mobility", "left", ""), named(t, m.Indices, "mobility", "fell-back", "")
	if left.Value != 0.25 || !near(fell.Value, 1.0/6, 1e-15) || m.Before[0].Value != 0.4 || m.After[0].Value != 0.4 || m.Joint[0][0].Value != 0.3 {
		t.Errorf("left %v, fell %v, poor %v then %v, always %v", left.Value, fell.Value, m.Before[0].Value, m.After[0].Value, m.Joint[0][0].Value)
	}
	// The error of a ratio in a simple sample of n: the root of n/(n-1) Σ (a - r b)²/(Σ b)².
	if want := math.Sqrt(10.0 / 9 * 4 * 0.25 * 0.75 / 16); !near(left.SE, want, 1e-12) {
		t.Errorf("left ± %v, want %v", left.SE, want)
	}
	// Prais and Shorrocks: 2 - 3/4 - 5/6.
	if got := named(t, m.Indices, "mobility", "prais-shorrocks", "").Value; !near(got, 2-0.75-5.0/6, 1e-14) {
		t.Errorf("Prais-Shorrocks %v", got)
	}
}

// TestMatrixIsConsistent: rows of moves and all joint shares add up to one, margins are sums, indices match the matrix, and replicating changes nothing.
func TestMatrixIsConsistent(t *testing.T) {
	t.Parallel()
	checks(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 30).Draw(t, "records")
		codes := rapid.SliceOfN(rapid.Int32Range(-1, 2), n, n)
		p := &change.Panel{States: []string{"a", "b", "c"}, Before: codes.Draw(t, "before"), After: codes.Draw(t, "after"), Weight: rapid.SliceOfN(rapid.Float64Range(0.1, 9), n, n).Draw(t, "weights")}
		absent := rapid.SampledFrom([]string{change.AbsentDropped, change.AbsentState}).Draw(t, "absent")
		m, err := change.Transition(p, absent, poverty.Conventions{}, poverty.Errors{})
		if err != nil {
			return // nobody is known
		}
		all := 0.0
		for i := range m.States {
			before, after, moved := 0.0, 0.0, 0.0
			for j := range m.States {
				all += m.Joint[i][j].Value
				before += m.Joint[i][j].Value
				after += m.Joint[j][i].Value
				moved += m.Move[i][j].Value
			}
			if !near(before, m.Before[i].Value, 1e-12) || !near(after, m.After[i].Value, 1e-12) || (m.Before[i].Value > 0 && !near(moved, 1, 1e-12)) {
				t.Fatalf("state %d: rows %v of %v, columns %v of %v, moves %v", i, before, m.Before[i].Value, after, m.After[i].Value, moved)
			}
			if m.Before[i].Value == 0 && m.Move[i][0].Undefined.IsZero() {
				t.Fatal("nobody was in a state, yet its moves have values")
			}
		}
		if !near(all, 1, 1e-12) {
			t.Fatalf("joint shares add up to %v", all)
		}
		stay, up, down := named(t, m.Indices, "mobility", "immobility", ""), named(t, m.Indices, "mobility", "better", ""), named(t, m.Indices, "mobility", "worse", "")
		if stay.Undefined.IsZero() && !near(stay.Value+up.Value+down.Value, 1, 1e-12) {
			t.Fatal("staying, rising and falling do not add up to one")
		}
	})
}

func TestAbsenceIsNeverSilent(t *testing.T) {
	t.Parallel()
	p := &change.Panel{States: []string{"poor", "not-poor"}, Before: []int32{0, 1, -1}, After: []int32{1, 1, 0}}
	if _, err := change.Transition(p, "", poverty.Conventions{}, poverty.Errors{}); !errs.Is(err, errs.Invalid) {
		t.Errorf("a missing state was taken: %v", err)
	}
	m, err := change.Transition(p, change.AbsentDropped, poverty.Conventions{}, poverty.Errors{})
	if err != nil || m.Absent != 1 || m.N != 2 || len(m.Notes) != 1 {
		t.Errorf("%+v, %v", m, err)
	}
	m, err = change.Transition(p, change.AbsentState, poverty.Conventions{}, poverty.Errors{})
	if err != nil || len(m.States) != 3 || !near(m.Before[2].Value, 1.0/3, 1e-15) {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestWrongQuestionsAreRefused(t *testing.T) {
	t.Parallel()
	s := &poverty.Sample{Income: []float64{1, 2, 3}}
	for name, q := range map[string]change.Query{
		"a measure without a line": {Measure: measure(t, "gini"), Line: 2},
		"a relative measure":       {Measure: measure(t, "arpr"), Line: 2},
		"no line":                  {Measure: measure(t, "gap")},
		"bootstrap":                {Measure: measure(t, "gap"), Line: 2, Errors: poverty.Errors{Method: poverty.Bootstrap}},
	} {
		if _, err := change.Decompose(s, s, q); !errs.Is(err, errs.Usage) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := change.Decompose(s, &poverty.Sample{Income: []float64{1}}, change.Query{Measure: measure(t, "gap"), Line: 2, Paired: true}); !errs.Is(err, errs.Invalid) {
		t.Errorf("a panel of unequal length: %v", err)
	}
	terms := decomposed(t, &poverty.Sample{Income: []float64{-4, 1}}, s, change.Query{Measure: measure(t, "headcount"), Line: 2})
	if named(t, terms, change.Shapley, "growth", "").Undefined.IsZero() {
		t.Error("a mean below zero was scaled by")
	}
}
