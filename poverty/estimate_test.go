package poverty

import (
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"liandong/errs"
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

// allMeasures are one of each formula, with the line where needed.
const allMeasures = "mean,median,quantile:0.3,headcount,gap,severity,fgt:1.5,fgt:0.5,arpr,incomegap,rmpg,watts,sen,sst,gini,theil,mld,ge:2,ge:-1,ge:0.5,atkinson:0.5,atkinson:1,atkinson:2,qsr,palma,bottom:0.4,top:0.1,ratio:90/10"

func measuresOf(t rapid.TB, names string) []Measure {
	t.Helper()
	m, err := ParseMeasures(names)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func conventionsOf(t rapid.TB, text string) Conventions {
	t.Helper()
	c, err := ParseConventions(text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func lineOf(t rapid.TB, text string) Line {
	t.Helper()
	l, err := ParseLine(text)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func estimated(t rapid.TB, s *Sample, q Query) *Report {
	t.Helper()
	r, err := s.Estimate(q)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// near compares with a relative tolerance; NaN equals NaN.
func near(a, b, tolerance float64) bool {
	return a == b || (math.IsNaN(a) && math.IsNaN(b)) || math.Abs(a-b) <= tolerance*max(1, math.Abs(a), math.Abs(b))
}

// incomes draws a positive sample, often with ties.
func incomes(t *rapid.T, least int) []float64 {
	return rapid.SliceOfN(rapid.OneOf(rapid.Float64Range(1, 1e5), rapid.Map(rapid.IntRange(1, 20), func(i int) float64 { return 500 * float64(i) })), least, 40).Draw(t, "incomes")
}

func weights(t *rapid.T, n int) []float64 {
	return rapid.SliceOfN(rapid.Float64Range(0.1, 50), n, n).Draw(t, "weights")
}

func groupsOf(t *rapid.T, n, levels int) Factor {
	code := make([]int32, n)
	for i := range code {
		code[i] = int32(rapid.IntRange(0, levels-1).Draw(t, "group"))
	}
	return Factor{Code: code, Level: []string{"a", "b", "c", "d", "e", "f"}[:levels]}
}

// TestInfluenceIsTheDerivativeByWeights moves the weight of each record a little and compares what the estimate does with its influence. It holds for
// the measures that are smooth in the weights: those without quantiles.
func TestInfluenceIsTheDerivativeByWeights(t *testing.T) {
	t.Parallel()
	smooth := measuresOf(t, "mean,headcount,gap,severity,fgt:1.5,fgt:0.5,incomegap,watts,sen,sst,gini,theil,mld,ge:2,ge:-1,atkinson:0.5,atkinson:1,atkinson:2")
	forms := []string{"", "gini=convey,ties=record,sen=finite,sst=finite", "poor=at-or-below,gini-factor=n/(n-1)"}
	checks(t, func(t *rapid.T) {
		y := incomes(t, 3)
		w := weights(t, len(y))
		c := conventionsOf(t, rapid.SampledFrom(forms).Draw(t, "conventions"))
		s := setting{rapid.SampledFrom([]float64{3000, 20000.5}).Draw(t, "line"), &c}
		slices.Sort(y)
		row := make([]uint32, len(y))
		value := func(m Measure, w []float64) float64 {
			v, _ := m.estimate(newOrdered(y, w, row, 1), s)
			return v
		}
		for _, m := range smooth {
			at := value(m, w)
			if math.IsNaN(at) {
				continue
			}
			u := make([]float64, len(y))
			m.influence(newOrdered(y, w, row, 1), s, at, u)
			k := rapid.IntRange(0, len(y)-1).Draw(t, "record")
			step := 1e-4 * w[k]
			more, less := slices.Clone(w), slices.Clone(w)
			more[k] += step
			less[k] -= step
			slope := (value(m, more) - value(m, less)) / (2 * step)
			want := u[k]
			if c.Ties == TiesShared { // tied records share: compare with the mean of moving each
				moved := 0.0
				tied := 0.0
				for i := range y {
					if y[i] == y[k] {
						a, b := slices.Clone(w), slices.Clone(w)
						h := 1e-4 * w[i]
						a[i] += h
						b[i] -= h
						moved += w[i] * (value(m, a) - value(m, b)) / (2 * h)
						tied += w[i]
					}
				}
				slope = moved / tied
			}
			if !near(slope*w[k], want*w[k], 1e-5) {
				t.Fatalf("%s: influence %g of record %d, derivative %g", m, want, k, slope)
			}
		}
	})
}

// TestSlopeIsTheDerivativeByTheLine holds where the measure is smooth in the line.
func TestSlopeIsTheDerivativeByTheLine(t *testing.T) {
	t.Parallel()
	smooth := measuresOf(t, "gap,severity,fgt:1.5,watts,sst")
	c := conventionsOf(t, "")
	checks(t, func(t *rapid.T) {
		y := incomes(t, 3)
		w := weights(t, len(y))
		slices.Sort(y)
		d := newOrdered(y, w, make([]uint32, len(y)), 1)
		line := rapid.Float64Range(100, 50000).Draw(t, "line")
		step := 1e-5 * line
		for _, edge := range y {
			if math.Abs(edge-line) <= 2*step { // there the derivative may jump
				return
			}
		}
		for _, m := range smooth {
			at, _ := m.estimate(d, setting{line, &c})
			above, _ := m.estimate(d, setting{line + step, &c})
			under, _ := m.estimate(d, setting{line - step, &c})
			got := m.influence(d, setting{line, &c}, at, make([]float64, len(y)))
			if want := (above - under) / (2 * step); !near(got*line, want*line, 1e-4) {
				t.Fatalf("%s: slope %g, derivative %g", m, got, want)
			}
		}
	})
}

// TestReplicationsEqualFreshEstimates re-weighs and leaves out units, and compares with estimating the changed sample from the beginning.
func TestReplicationsEqualFreshEstimates(t *testing.T) {
	t.Parallel()
	forms := []string{"", "gini=convey,quantile=lower,sen=finite,sst=finite,poor=at-or-below", "quantile=strict,shares=interpolated,gini-factor=n/(n-1)", "line-scope=local"}
	checks(t, func(t *rapid.T) {
		y := incomes(t, 4)
		s := &Sample{Income: y, Weight: weights(t, len(y)), Group: groupsOf(t, len(y), 2)}
		s.Design.Unit = groupsOf(t, len(y), 5)
		q := Query{
			Measures: measuresOf(t, allMeasures), Line: lineOf(t, rapid.SampledFrom([]string{"3000", "60%median", "80%mean"}).Draw(t, "line")),
			Conventions: conventionsOf(t, rapid.SampledFrom(forms).Draw(t, "conventions")), Workers: 1,
		}
		w, err := s.prepare(&q)
		if err != nil {
			t.Fatal(err)
		}
		cells := w.cells(make([]Estimate, len(w.groups)*len(q.Measures)))
		alive := []*cell{}
		for i := range cells {
			w.value(&cells[i])
			if !math.IsNaN(cells[i].result.Value) {
				alive = append(alive, &cells[i])
			}
		}
		p, err := newPlan(&s.Design, len(y))
		if err != nil {
			t.Fatal(err)
		}
		pl := w.newStage(alive, p).newPlayer()
		multiple := make([]float64, p.units)
		for u := range multiple {
			multiple[u] = float64(rapid.IntRange(0, 3).Draw(t, "multiple"))
		}
		gone := rapid.IntRange(0, p.units-1).Draw(t, "gone")
		values := make([]float64, len(alive))
		leaves := rapid.Bool().Draw(t, "leaves one out")
		pl.weigh(multiple)
		if leaves {
			members := pl.places()
			pl.play(values, func(v *reweighted) distribution {
				at := members[v.base]
				return newWithout(v, at.place[at.start[gone]:at.start[gone+1]])
			})
			multiple[gone] = 0
		} else {
			pl.play(values, func(v *reweighted) distribution { return v })
		}
		fresh := &Sample{Income: y, Weight: make([]float64, len(y)), Group: s.Group}
		for i := range y {
			fresh.Weight[i] = s.Weight[i] * multiple[p.unitOf(i)]
		}
		report, err := fresh.Estimate(q)
		if err != nil {
			return // nobody is left
		}
		for i, c := range alive {
			want := report.Results[slices.IndexFunc(report.Results, func(r Estimate) bool { return r.Group == c.result.Group && r.Measure.name == c.measure.name })]
			if want.Value > 1e9 || values[i] > 1e9 || math.IsNaN(values[i]) && math.IsNaN(want.Value) {
				continue
			}
			if !near(values[i], want.Value, 1e-7) {
				t.Fatalf("%s of group %q: %v, want %v (%v)", c.measure, c.result.Group, values[i], want.Value, want.Undefined)
			}
		}
	})
}

func TestOneCoreAndManyGiveTheSameBits(t *testing.T) {
	t.Parallel()
	n := 3*chunkLength + 77
	s := &Sample{Income: make([]float64, n), Weight: make([]float64, n), Group: Factor{Code: make([]int32, n), Level: []string{"x", "y", "z"}}}
	random := uint64(1)
	for i := range n {
		random = random*6364136223846793005 + 1442695040888963407
		s.Income[i] = math.Exp(10 + 0.7*float64(int32(random>>32))/(1<<31))
		s.Weight[i] = 1 + float64(random>>40&15)/7
		s.Group.Code[i] = int32(random >> 50 % 3)
	}
	q := Query{Measures: measuresOf(t, allMeasures), Line: lineOf(t, "60%median"), Errors: Errors{Method: Linear}}
	q.Workers = 1
	want := estimated(t, s, q)
	for _, workers := range []int{2, 3, 64} {
		q.Workers = workers
		got := estimated(t, s, q)
		for i, r := range got.Results {
			w := want.Results[i]
			if math.Float64bits(r.Value) != math.Float64bits(w.Value) || math.Float64bits(r.SE) != math.Float64bits(w.SE) {
				t.Errorf("%s of %q with %d goroutines: %v ± %v, with one %v ± %v", r.Measure, r.Group, workers, r.Value, r.SE, w.Value, w.SE)
			}
		}
	}
}

func TestSortIsStableAndAscending(t *testing.T) {
	t.Parallel()
	checks(t, func(t *rapid.T) {
		y := rapid.SliceOf(rapid.OneOf(rapid.Float64Range(-1e6, 1e6), rapid.SampledFrom([]float64{0, math.Copysign(0, -1), 1, -1, 1e-300, math.MaxFloat64}))).Draw(t, "incomes")
		sorted, rows, _ := order(y, 2)
		want := make([]uint32, len(y))
		for i := range want {
			want[i] = uint32(i)
		}
		slices.SortStableFunc(want, func(a, b uint32) int {
			switch {
			case y[a] < y[b]:
				return -1
			case y[a] > y[b]:
				return 1
			}
			return 0
		})
		for i := range y {
			if rows[i] != want[i] || sorted[i] != y[want[i]] {
				t.Fatalf("place %d: row %d with %g, want row %d with %g", i, rows[i], sorted[i], want[i], y[want[i]])
			}
		}
	})
}

// TestAUnitThatHoldsNearlyAllLeavesTheRestExact leaves out a record a hundred million times as large as the others together.
func TestAUnitThatHoldsNearlyAllLeavesTheRestExact(t *testing.T) {
	t.Parallel()
	names := "mean,gini,theil,ge:2,fgt:0,fgt:1"
	y, weight := []float64{1, 2.5, 500, 1e9}, []float64{1, 1.0000152587890625, 1, 100}
	fewer := &Sample{Income: y[:3], Weight: weight[:3]}
	s := &Sample{Income: y, Weight: weight}
	s.Design.Unit = Factor{Code: []int32{0, 0, 0, 1}, Level: []string{"village", "owner"}}
	q := Query{Measures: measuresOf(t, names), Line: lineOf(t, "3000"), Workers: 1}
	w, err := s.prepare(&q)
	if err != nil {
		t.Fatal(err)
	}
	cells := w.cells(make([]Estimate, len(q.Measures)))
	alive := make([]*cell, len(cells))
	for i := range cells {
		w.value(&cells[i])
		alive[i] = &cells[i]
	}
	p, err := newPlan(&s.Design, len(y))
	if err != nil {
		t.Fatal(err)
	}
	pl := w.newStage(alive, p).newPlayer()
	pl.weigh([]float64{1, 1})
	members, got := pl.places(), make([]float64, len(alive))
	pl.play(got, func(v *reweighted) distribution {
		at := members[v.base]
		return newWithout(v, at.place[at.start[1]:at.start[2]])
	})
	want := estimated(t, fewer, q)
	for i, c := range alive {
		if !near(got[i], want.Results[i].Value, 1e-14) {
			t.Errorf("%s: %v, want %v", c.measure, got[i], want.Results[i].Value)
		}
	}
}

// TestIncomesBeyondNumbersSaySo: incomes whose sums no float holds give a reason, never a dash without one, an infinity or a headcount by a line that is none; what
// needs no sum of them keeps its value.
func TestIncomesBeyondNumbersSaySo(t *testing.T) {
	t.Parallel()
	s := &Sample{Income: []float64{1e308, 1.5e308, 1.7e308, 1e307}}
	q := Query{Measures: measuresOf(t, allMeasures+",lorenz,genlorenz,pen,incidence"), Line: lineOf(t, "1.2e308"), Errors: Errors{Method: Linear}}
	for name, r := range map[string]*Report{"estimate": estimated(t, s, q), "with errors of a census": estimated(t, &Sample{Income: s.Income, Design: Design{Census: true}}, q)} {
		for _, e := range r.Results {
			switch {
			case math.IsInf(e.Value, 0) || math.IsInf(e.SE, 0):
				t.Errorf("%s: %s is %v ± %v", name, e.Measure, e.Value, e.SE)
			case math.IsNaN(e.Value) && e.Undefined.IsZero() && e.Curve == nil:
				t.Errorf("%s: %s has neither a value nor a reason", name, e.Measure)
			case !drawable(e.Curve):
				t.Errorf("%s: the curve %s has points that are no numbers", name, e.Measure)
			case !math.IsNaN(e.Value) && math.IsNaN(e.SE) && e.NoError.IsZero():
				t.Errorf("%s: %s has no error and no reason", name, e.Measure)
			}
		}
	}
	got := map[string]Estimate{}
	for _, e := range estimated(t, s, q).Results {
		got[e.Measure.String()] = e
	}
	if got["headcount"].Value != 0.5 || got["median"].Value != 1.25e308 || !strings.Contains(got["mean"].Undefined.EN, "so large") || !strings.Contains(got["gini"].Undefined.ZH, "太大") {
		t.Errorf("headcount %v, median %v, mean %v, Gini %v", got["headcount"].Value, got["median"].Value, got["mean"].Undefined, got["gini"].Undefined)
	}
	if _, err := s.Estimate(Query{Measures: measuresOf(t, "headcount"), Line: lineOf(t, "60%mean")}); !errs.Is(err, errs.Invalid) {
		t.Errorf("a line that is no number was taken: %v", err)
	}
	if _, err := (&Sample{Income: []float64{1, 2}, Weight: []float64{1.7e308, 1.7e308}}).Estimate(Query{Measures: measuresOf(t, "mean")}); !errs.Is(err, errs.Invalid) {
		t.Errorf("weights without a sum were taken: %v", err)
	}
	rows, err := s.Concentration([]float64{1, 2, 3, 4}, Conventions{}, Errors{})
	if err != nil || !strings.Contains(rows[0].Undefined.EN, "so large") {
		t.Errorf("concentration: %v, %v", rows[0].Undefined, err)
	}
	growth, err := GrowthIncidence(&Sample{Income: []float64{1, 2}}, s, Line{}, Conventions{}, Errors{})
	if err != nil || !strings.Contains(growth.Mean.Undefined.EN, "so large") {
		t.Errorf("growth of the mean: %v, %v", growth.Mean, err)
	}
}

// TestALineOfAGroupThatIsNotAboveZeroDefinesNothing: a group's own line, a share of its median, can be zero where the national one is not.
func TestALineOfAGroupThatIsNotAboveZeroDefinesNothing(t *testing.T) {
	t.Parallel()
	s := &Sample{Income: []float64{0, 0, 0, 5, 10, 20, 30}, Group: FactorOf([]string{"a", "a", "a", "b", "b", "b", "b"})}
	r := estimated(t, s, Query{Measures: measuresOf(t, "headcount,arpr"), Line: lineOf(t, "60%median"), Conventions: conventionsOf(t, "line-scope=local")})
	for _, e := range r.Results {
		if e.Group == "a" && (!math.IsNaN(e.Value) || e.Undefined.IsZero()) {
			t.Errorf("%s of %s is %v", e.Measure, e.Group, e.Value)
		}
		if e.Group == "b" && math.IsNaN(e.Value) {
			t.Errorf("%s of %s: %v", e.Measure, e.Group, e.Undefined)
		}
	}
}
