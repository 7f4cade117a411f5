package poverty

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// valuesOf estimates measures of plain columns, in the order of the names.
func valuesOf(t rapid.TB, y, w []float64, names, line, conventions string) []float64 {
	t.Helper()
	q := Query{Measures: measuresOf(t, names), Conventions: conventionsOf(t, conventions), Workers: 1}
	if line != "" {
		q.Line = lineOf(t, line)
	}
	values := make([]float64, len(q.Measures))
	for i, r := range estimated(t, &Sample{Income: y, Weight: w}, q).Results {
		values[i] = r.Value
	}
	return values
}

func times(values []float64, by float64) []float64 {
	out := slices.Clone(values)
	for i := range out {
		out[i] *= by
	}
	return out
}

// nearAll compares measurements that should be the same. An estimate of a tail can be huge, so the tolerance is relative.
func nearAll(t *rapid.T, what, names string, got, want []float64) {
	t.Helper()
	for i, m := range measuresOf(t, names) {
		if !near(got[i], want[i], 1e-9) {
			t.Fatalf("%s: %s is %v, was %v", what, m, got[i], want[i])
		}
	}
}

// relativeMeasures do not change when everybody's income and the line are multiplied by one number. A power of two keeps quantiles and ties what they are.
const relativeMeasures = "headcount,gap,severity,fgt:1.5,arpr,incomegap,rmpg,watts,sen,sst,gini,theil,mld,ge:2,ge:-1,atkinson:0.5,atkinson:1,atkinson:2,qsr,palma,bottom:0.4,top:0.1,ratio:90/10"

func TestMeasuresDoNotChangeWithTheUnitOfMoney(t *testing.T) {
	t.Parallel()
	checks(t, func(t *rapid.T) {
		y := incomes(t, 3)
		w := weights(t, len(y))
		by := math.Ldexp(1, rapid.IntRange(-8, 8).Draw(t, "power"))
		line := Line{Amount: rapid.SampledFrom([]float64{3000, 700.5}).Draw(t, "line")}
		before := valuesOf(t, y, w, relativeMeasures, line.String(), "")
		nearAll(t, "in another unit of money", relativeMeasures, valuesOf(t, times(y, by), w, relativeMeasures, Line{Amount: line.Amount * by}.String(), ""), before)
	})
}

func TestMeasuresDoNotChangeWhenThePopulationIsReplicated(t *testing.T) {
	t.Parallel()
	forms := []string{"", "quantile=lower,shares=interpolated", "quantile=strict,poor=at-or-below"}
	checks(t, func(t *rapid.T) {
		y := incomes(t, 3)
		w := make([]float64, len(y))
		for i := range w {
			w[i] = float64(rapid.IntRange(1, 9).Draw(t, "weight")) // whole, so that cumulated weights are the same to the bit
		}
		c := rapid.SampledFrom(forms).Draw(t, "conventions")
		before := valuesOf(t, y, w, allMeasures, "3000", c)
		nearAll(t, "with weights doubled", allMeasures, valuesOf(t, y, times(w, 2), allMeasures, "3000", c), before)
		nearAll(t, "with everybody there twice", allMeasures, valuesOf(t, slices.Concat(y, y), slices.Concat(w, w), allMeasures, "3000", c), before)
	})
}

func TestTheOrderOfRecordsDoesNotMatter(t *testing.T) {
	t.Parallel()
	checks(t, func(t *rapid.T) {
		y := incomes(t, 3)
		w := weights(t, len(y))
		before := valuesOf(t, y, w, allMeasures, "3000", "")
		slices.Reverse(y)
		slices.Reverse(w)
		nearAll(t, "in reverse", allMeasures, valuesOf(t, y, w, allMeasures, "3000", ""), before)
	})
}

// TestTransferFromPoorToRicherRaisesInequality is the transfer axiom (Pigou, Dalton): inequality strictly, and the poverty measures that are sensitive to distribution
// where both stay poor. The headcount and the gap, Palma's and the percentile ratios do not obey it, and are left out.
func TestTransferFromPoorToRicherRaisesInequality(t *testing.T) {
	t.Parallel()
	const inequality, poverty = "gini,theil,mld,ge:2,ge:-1,atkinson:0.5,atkinson:1,atkinson:2", "severity,fgt:1.5,watts,sen,sst"
	checks(t, func(t *rapid.T) {
		y := rapid.SliceOfN(rapid.Float64Range(100, 2900), 3, 30).Draw(t, "incomes")
		slices.Sort(y)
		i := rapid.IntRange(0, len(y)-2).Draw(t, "from")
		k := rapid.IntRange(i+1, len(y)-1).Draw(t, "to")
		most := min(y[i]*0.9, 2999-y[k])
		if most < 1 {
			return
		}
		amount := rapid.Float64Range(1, most).Draw(t, "amount")
		after := slices.Clone(y)
		after[i] -= amount
		after[k] += amount
		for _, names := range []string{inequality, poverty} {
			before, now := valuesOf(t, y, nil, names, "3000", ""), valuesOf(t, after, nil, names, "3000", "")
			for j, m := range measuresOf(t, names) {
				if !(now[j] > before[j]) {
					t.Fatalf("%s falls from %v to %v when %v goes from %v to %v", m, before[j], now[j], amount, y[i], y[k])
				}
			}
		}
	})
}

// TestWhatTheRichHaveDoesNotMatterToPoverty is the focus axiom.
func TestWhatTheRichHaveDoesNotMatterToPoverty(t *testing.T) {
	t.Parallel()
	const names = "headcount,gap,severity,incomegap,rmpg,watts,sen,sst"
	checks(t, func(t *rapid.T) {
		y := append(incomes(t, 3), 2000, 5000)
		w := weights(t, len(y))
		before := valuesOf(t, y, w, names, "3000", "")
		for i := range y {
			if y[i] >= 3000 {
				y[i] *= rapid.Float64Range(1, 50).Draw(t, "richer")
			}
		}
		nearAll(t, "with the rich richer", names, valuesOf(t, y, w, names, "3000", ""), before)
	})
}

// TestDecomposableMeasuresAreThoseOfTheirGroups adds up groups, weighted by their population: the class of Foster, Greer and Thorbecke, Econometrica
// 52 (1984), 761-766, which was made for it, and Watts; and generalised entropy as Shorrocks, Econometrica 48 (1980), 613-625: within groups with weights v^α·f^(1-α), and between them as if everybody had the group's mean.
func TestDecomposableMeasuresAreThoseOfTheirGroups(t *testing.T) {
	t.Parallel()
	const average = "headcount,gap,severity,fgt:1.5,watts"
	entropies := map[string]float64{"theil": 1, "mld": 0, "ge:2": 2, "ge:-1": -1}
	checks(t, func(t *rapid.T) {
		y := incomes(t, 6)
		w := weights(t, len(y))
		s := &Sample{Income: y, Weight: w, Group: groupsOf(t, len(y), 3)}
		names := average + ",mean,theil,mld,ge:2,ge:-1"
		r := estimated(t, s, Query{Measures: measuresOf(t, names), Line: lineOf(t, "3000"), Workers: 1})
		value := map[string]map[string]float64{}
		for _, e := range r.Results {
			if value[e.Group] == nil {
				value[e.Group] = map[string]float64{}
			}
			value[e.Group][e.Measure.String()] = e.Value
			value[e.Group]["weight"] = e.WeightSum
		}
		whole := value[""]
		sums := map[string]float64{}
		for _, g := range s.Group.Level {
			of := value[g]
			share := of["weight"] / whole["weight"]
			if share == 0 || math.IsNaN(share) || math.IsNaN(of["headcount"]) {
				continue
			}
			for _, m := range measuresOf(t, average) {
				sums[m.String()] += share * of[m.String()]
			}
			relative := of["mean"] / whole["mean"]
			for name, alpha := range entropies {
				within := of[name]
				if math.IsNaN(within) {
					within = 0 // one record is equal to itself
				}
				sums[name] += share*math.Pow(relative, alpha)*within + share*entropyTerm(alpha, relative)
			}
		}
		for name, sum := range sums {
			if !near(sum, whole[name], 1e-8) {
				t.Fatalf("%s of the whole is %v, of its groups %v", name, whole[name], sum)
			}
		}
	})
}

// entropyTerm is the function of relative income that generalised entropy is the mean of.
func entropyTerm(alpha, x float64) float64 {
	switch alpha {
	case 0:
		return -math.Log(x)
	case 1:
		return x * math.Log(x)
	}
	return (math.Pow(x, alpha) - 1) / (alpha * (alpha - 1))
}

// TestPovertyFallsWhereItFallsInAGroup is subgroup consistency: Foster and Shorrocks, Econometrica 59 (1991), 687-709. Sen's and Thon's measures are not consistent.
func TestPovertyFallsWhereItFallsInAGroup(t *testing.T) {
	t.Parallel()
	const names = "gap,severity,watts"
	checks(t, func(t *rapid.T) {
		y := rapid.SliceOfN(rapid.Float64Range(100, 6000), 4, 30).Draw(t, "incomes")
		y[0] = min(y[0], 2000)
		before := valuesOf(t, y, nil, names, "3000", "")
		y[0] += rapid.Float64Range(1, 900).Draw(t, "gain")
		for i, now := range valuesOf(t, y, nil, names, "3000", "") {
			if !(now < before[i]) {
				t.Fatalf("measure %d rises from %v to %v when a poor person gains", i, before[i], now)
			}
		}
	})
}

func TestBoundsOfMeasures(t *testing.T) {
	t.Parallel()
	const shares = "headcount,gap,severity,arpr,incomegap,rmpg,sen,sst,gini,atkinson:0.5,atkinson:1,atkinson:2,bottom:0.4,top:0.1"
	checks(t, func(t *rapid.T) {
		y := incomes(t, 3)
		w := weights(t, len(y))
		for i, v := range valuesOf(t, y, w, shares, "3000", "") {
			if v < -1e-12 || v > 1+1e-12 {
				t.Fatalf("%s is %v", measuresOf(t, shares)[i], v)
			}
		}
		v := valuesOf(t, y, w, "headcount,gap,severity,sst,sen", "3000", "")
		if !(v[0]+1e-12 >= v[1] && v[1]+1e-12 >= v[2] && v[4]+1e-12 >= v[1]*v[0]) {
			t.Fatalf("headcount %v, gap %v, severity %v, Sen %v", v[0], v[1], v[2], v[4])
		}
		equal := make([]float64, len(y))
		for i := range equal {
			equal[i] = 777
		}
		for i, v := range valuesOf(t, equal, w, "gini,theil,mld,ge:2,atkinson:1", "", "") {
			if math.Abs(v) > 1e-12 {
				t.Fatalf("equal incomes have measure %d of %v", i, v)
			}
		}
	})
}

func TestConcentrationRankedByItselfIsTheGiniCoefficient(t *testing.T) {
	t.Parallel()
	methods := []Errors{{}, {Method: Linear}, {Method: Jackknife}, {Method: Bootstrap, Seed: 5, Replications: 7}}
	checks(t, func(t *rapid.T) {
		y := incomes(t, 4)
		s := &Sample{Income: y, Weight: weights(t, len(y)), Group: groupsOf(t, len(y), 2)}
		s.Design.Unit = groupsOf(t, len(y), 6)
		e := rapid.SampledFrom(methods).Draw(t, "errors")
		want := estimated(t, s, Query{Measures: measuresOf(t, "gini"), Errors: e, Workers: 1}).Results
		got, err := s.Concentration(y, Conventions{}, e)
		if err != nil {
			t.Fatal(err)
		}
		for i := range want {
			if want[i].Group != got[i].Group || !near(got[i].Value, want[i].Value, 1e-9) || (e.Method != "" && !near(got[i].SE, want[i].SE, 1e-7)) {
				t.Fatalf("%q by %q: concentration %v ± %v, Gini %v ± %v (%v, %v)", got[i].Group, e.Method, got[i].Value, got[i].SE, want[i].Value, want[i].SE, got[i].NoError, want[i].NoError)
			}
		}
		minus := times(y, -1)
		turned, err := s.Concentration(minus, Conventions{}, Errors{})
		if err != nil {
			t.Fatal(err)
		}
		for i := range turned {
			if !near(turned[i].Value, -got[i].Value, 1e-9) {
				t.Fatalf("ranked the other way round %v, not %v", turned[i].Value, -got[i].Value)
			}
		}
	})
}

func TestGrowthOfEverybodyAlikeIsThatOfEachPercentile(t *testing.T) {
	t.Parallel()
	checks(t, func(t *rapid.T) {
		y := append(incomes(t, 3), 500)
		w := weights(t, len(y))
		rate := rapid.Float64Range(-0.5, 2).Draw(t, "rate")
		g, err := GrowthIncidence(&Sample{Income: y, Weight: w}, &Sample{Income: times(y, 1+rate), Weight: w}, lineOf(t, "3000"), Conventions{}, Errors{})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range g.Curve {
			if !near(p.Value, rate, 1e-9) {
				t.Fatalf("percentile %v grew by %v, everybody by %v", p.Percentile, p.Value, rate)
			}
		}
		if !near(g.Mean.Value, rate, 1e-9) || !near(g.Median.Value, rate, 1e-9) || !near(g.OfPoor.Value, rate, 1e-9) {
			t.Fatalf("mean %v, median %v, poor %v, not %v", g.Mean.Value, g.Median.Value, g.OfPoor.Value, rate)
		}
	})
}

func TestGrowthOfTheFloorIsGrowthOfThePoor(t *testing.T) {
	t.Parallel()
	before := &Sample{Income: []float64{1000, 2000, 8000, 9000}}
	after := &Sample{Income: []float64{2000, 3000, 8000, 9000}}
	g, err := GrowthIncidence(before, after, lineOf(t, "2500"), Conventions{}, Errors{Method: Bootstrap, Seed: 3, Replications: 40})
	if err != nil {
		t.Fatal(err)
	}
	// The poorer half of the poor grew by 1, the other half by a half.
	if g.Baseline != 0.5 || !near(g.OfPoor.Value, 0.75, 1e-9) || !near(g.Curve[99].Value, 0, 1e-12) || !(g.OfPoor.SE > 0) {
		t.Errorf("baseline %v, poor %v ± %v, top %v", g.Baseline, g.OfPoor.Value, g.OfPoor.SE, g.Curve[99].Value)
	}
	zero, err := GrowthIncidence(&Sample{Income: []float64{0, 2000}}, after, lineOf(t, "2500"), Conventions{}, Errors{})
	if err != nil || !math.IsNaN(zero.Curve[0].Value) || zero.Curve[0].Undefined.ZH == "" {
		t.Errorf("from nothing: %+v, %v", zero, err)
	}
}

// TestErrorsAreTheSameOnAnyNumberOfCores covers what replications and the jackknife add to TestOneCoreAndManyGiveTheSameBits.
func TestErrorsAreTheSameOnAnyNumberOfCores(t *testing.T) {
	t.Parallel()
	n := 3000
	s := &Sample{Income: make([]float64, n), Weight: make([]float64, n), Group: Factor{Code: make([]int32, n), Level: []string{"x", "y", "z"}}}
	s.Design.Unit = Factor{Code: make([]int32, n), Level: make([]string, 900)}
	s.Design.Stratum = Factor{Code: make([]int32, n), Level: make([]string, 7)}
	for i := range n {
		s.Income[i] = 100 + math.Mod(float64(i)*7919.5, 9000)
		s.Weight[i] = 1 + float64(i%13)/7
		s.Group.Code[i] = int32(i % 3)
		s.Design.Unit.Code[i] = int32(i % 900)
		s.Design.Stratum.Code[i] = int32(i % 900 % 7)
	}
	for _, method := range []string{Bootstrap, Jackknife} {
		q := Query{Measures: measuresOf(t, "gini,arpr,qsr,rmpg,sen"), Line: lineOf(t, "60%median"), Errors: Errors{Method: method, Seed: 9, Replications: 60}, Workers: 1}
		want := estimated(t, s, q).Results
		for _, workers := range []int{2, 64} {
			q.Workers = workers
			for i, r := range estimated(t, s, q).Results {
				if math.Float64bits(r.SE) != math.Float64bits(want[i].SE) || math.Float64bits(r.Low) != math.Float64bits(want[i].Low) {
					t.Errorf("%s by %s with %d goroutines: ± %v, with one ± %v", r.Measure, method, workers, r.SE, want[i].SE)
				}
			}
		}
	}
}
