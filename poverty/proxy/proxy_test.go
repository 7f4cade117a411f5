package proxy_test

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"liandong/criteria"
	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/formula"
	"liandong/poverty"
	"liandong/poverty/proxy"
)

// checks runs a property so many hundred times, and fifty times as often at night.
func checks(t *testing.T, hundreds int, property func(*rapid.T)) {
	t.Helper()
	if os.Getenv("LIANDONG_NIGHTLY") != "" {
		hundreds *= 50
	}
	for range hundreds { // rapid runs 100 cases a time
		rapid.Check(t, property)
	}
}

func near(a, b, tolerance float64) bool {
	return a == b || (math.IsNaN(a) && math.IsNaN(b)) || math.Abs(a-b) <= tolerance*max(1, math.Abs(a), math.Abs(b))
}

// stackloss is Brownlee's data on the oxidation of ammonia (Statistical Theory and Methodology in Science and Engineering (1965), 454), which every package
// of regression uses as an example.
func stackloss() *proxy.Survey {
	return &proxy.Survey{
		Welfare: []float64{42, 37, 37, 28, 18, 18, 19, 20, 15, 14, 14, 13, 11, 12, 8, 7, 8, 8, 9, 15, 15},
		Variables: []proxy.Variable{
			{Name: "air", Values: []float64{80, 80, 75, 62, 62, 62, 62, 62, 58, 58, 58, 58, 58, 58, 50, 50, 50, 50, 50, 56, 70}},
			{Name: "water", Values: []float64{27, 27, 25, 24, 22, 23, 24, 24, 23, 18, 18, 17, 18, 19, 18, 18, 19, 19, 20, 20, 20}},
			{Name: "acid", Values: []float64{89, 88, 90, 87, 87, 87, 93, 93, 87, 80, 89, 88, 82, 93, 89, 86, 72, 79, 80, 82, 91}},
		},
	}
}

func fitted(t rapid.TB, s *proxy.Survey, o proxy.Options) *proxy.Model {
	t.Helper()
	m, err := proxy.Fit(s, o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func coefficients(m *proxy.Model) []float64 {
	b := []float64{m.Intercept}
	for i := range m.Terms {
		b = append(b, m.Terms[i].Coefficient)
	}
	return b
}

// TestPublishedRegressions: least squares as in R's example(lm) of these data (-39.9197, 0.7156, 1.2953, -0.1521, R2 0.9136), and the median regression of
// example(rq) in quantreg (Koenker, Quantile Regression (2005), 302): -39.68986, 0.83188, 0.57391, -0.06087.
func TestPublishedRegressions(t *testing.T) {
	t.Parallel()
	ols := fitted(t, stackloss(), proxy.Options{Scale: proxy.ScaleLevel})
	for j, want := range []float64{-39.9197, 0.7156, 1.2953, -0.1521} {
		if got := coefficients(ols)[j]; math.Abs(got-want) > 0.00005+1e-9 {
			t.Errorf("least squares, coefficient %d: %.6f, printed %v", j, got, want)
		}
	}
	if math.Abs(ols.R2-0.9136) > 0.00005 {
		t.Errorf("R2 %.6f, printed 0.9136", ols.R2)
	}
	median := fitted(t, stackloss(), proxy.Options{Method: proxy.Quantile, Scale: proxy.ScaleLevel})
	for j, want := range []float64{-39.68985507, 0.83188406, 0.57391304, -0.06086957} {
		if got := coefficients(median)[j]; math.Abs(got-want) > 1e-6 {
			t.Errorf("median regression, coefficient %d: %.8f, printed %v", j, got, want)
		}
	}
}

// sampled draws a survey of a few numbers and a category.
func sampled(t *rapid.T, least, most int) *proxy.Survey {
	n := rapid.IntRange(least, most).Draw(t, "records")
	s := &proxy.Survey{Weight: rapid.SliceOfN(rapid.Float64Range(0.5, 4), n, n).Draw(t, "weights")}
	for j := range rapid.IntRange(1, 3).Draw(t, "variables") {
		s.Variables = append(s.Variables, proxy.Variable{Name: fmt.Sprintf("v%d", j), Values: rapid.SliceOfN(rapid.Float64Range(-5, 5), n, n).Draw(t, "values")})
	}
	for i := range n {
		y := 8 + rapid.Float64Range(-1, 1).Draw(t, "noise")
		for j := range s.Variables {
			y += s.Variables[j].Values[i] * float64(j-1) / 4
		}
		s.Welfare = append(s.Welfare, math.Exp(y))
	}
	return s
}

// TestLeastSquaresLeavesNothingToTheColumns: residuals are orthogonal, by weight, to every variable.
func TestLeastSquaresLeavesNothingToTheColumns(t *testing.T) {
	t.Parallel()
	checks(t, 20, func(t *rapid.T) {
		s := sampled(t, 8, 30)
		m, err := proxy.Fit(s, proxy.Options{})
		if err != nil {
			return // collinear
		}
		predicted := m.Predict(s)
		for j := -1; j < len(s.Variables); j++ {
			sum := 0.0
			for i, y := range s.Welfare {
				x := 1.0
				if j >= 0 {
					x = s.Variables[j].Values[i]
				}
				sum += s.Weight[i] * x * (math.Log(y) - math.Log(predicted[i]))
			}
			if math.Abs(sum) > 1e-7 {
				t.Fatalf("column %d keeps %v", j, sum)
			}
		}
	})
}

func loss(s *proxy.Survey, b []float64, tau float64) float64 {
	sum := 0.0
	for i, y := range s.Welfare {
		r := math.Log(y) - b[0]
		for j := range s.Variables {
			r -= b[j+1] * s.Variables[j].Values[i]
		}
		if r < 0 {
			sum += s.Weight[i] * r * (tau - 1)
		} else {
			sum += s.Weight[i] * r * tau
		}
	}
	return sum
}

// TestNoLineThroughRecordsIsBetter: a least loss is reached by a fit through as many records as there are coefficients, so with one variable the lines through
// all pairs hold the best, and quantile regression must be as good.
func TestNoLineThroughRecordsIsBetter(t *testing.T) {
	t.Parallel()
	checks(t, 20, func(t *rapid.T) {
		s := sampled(t, 6, 20)
		s.Variables = s.Variables[:1]
		tau := rapid.SampledFrom([]float64{0.1, 0.25, 0.5, 0.8}).Draw(t, "quantile")
		m, err := proxy.Fit(s, proxy.Options{Method: proxy.Quantile, Quantile: tau})
		if err != nil {
			return // collinear
		}
		b := coefficients(m)
		if len(b) < 2 {
			b = append(b, 0)
		}
		got, best := loss(s, b, tau), math.Inf(1)
		x := s.Variables[0].Values
		for i := range x {
			for k := range i {
				if x[i] == x[k] {
					continue
				}
				slope := (math.Log(s.Welfare[i]) - math.Log(s.Welfare[k])) / (x[i] - x[k])
				best = min(best, loss(s, []float64{math.Log(s.Welfare[i]) - slope*x[i], slope}, tau))
			}
		}
		if got > best*(1+1e-8)+1e-9 {
			t.Fatalf("loss %v, a line through two records has %v", got, best)
		}
	})
}

// TestLassoMeetsItsConditions: a variable that is in has a covariance with the residuals of λ in the direction of its coefficient, one that is out of at most
// λ, over columns of variance one; without a penalty to speak of it is least squares.
func TestLassoMeetsItsConditions(t *testing.T) {
	t.Parallel()
	checks(t, 20, func(t *rapid.T) {
		s := sampled(t, 8, 30)
		lambda := rapid.SampledFrom([]float64{0.01, 0.05, 0.2, 0.5}).Draw(t, "lambda")
		m, err := proxy.Fit(s, proxy.Options{Method: proxy.Lasso, Lambda: lambda})
		if err != nil {
			return
		}
		whole := 0.0
		for _, w := range s.Weight {
			whole += w
		}
		for _, v := range s.Variables {
			mean, square := 0.0, 0.0
			for i, x := range v.Values {
				mean += s.Weight[i] / whole * x
			}
			for i, x := range v.Values {
				square += s.Weight[i] / whole * (x - mean) * (x - mean)
			}
			if square == 0 {
				continue
			}
			covariance := 0.0
			for i, y := range s.Welfare {
				r := math.Log(y) - m.Intercept
				for k := range m.Terms {
					at := slices.IndexFunc(s.Variables, func(v proxy.Variable) bool { return v.Name == m.Terms[k].Variable.Name })
					r -= m.Terms[k].Coefficient * s.Variables[at].Values[i]
				}
				covariance += s.Weight[i] / whole * r * (v.Values[i] - mean) / math.Sqrt(square)
			}
			at := slices.IndexFunc(m.Terms, func(x proxy.Term) bool { return x.Variable.Name == v.Name })
			switch {
			case at < 0 && math.Abs(covariance) > lambda+1e-8:
				t.Fatalf("%s is out with a covariance of %v, λ is %v", v.Name, covariance, lambda)
			case at >= 0 && !near(covariance, math.Copysign(lambda, m.Terms[at].Coefficient), 1e-7):
				t.Fatalf("%s is in with a covariance of %v, λ is %v", v.Name, covariance, lambda)
			}
		}
	})
	tiny := fitted(t, stackloss(), proxy.Options{Method: proxy.Lasso, Lambda: 1e-13, Scale: proxy.ScaleLevel})
	for j, want := range coefficients(fitted(t, stackloss(), proxy.Options{Scale: proxy.ScaleLevel})) {
		if got := coefficients(tiny)[j]; !near(got, want, 1e-6) {
			t.Errorf("coefficient %d without a penalty: %v, least squares %v", j, got, want)
		}
	}
}

// households draws a survey of the form's households: size, area, structure and electricity, some categories rare.
func households(t *rapid.T) *proxy.Survey {
	n := rapid.IntRange(30, 60).Draw(t, "records")
	structures := []string{"thatch_adobe", "brick_wood", "brick_concrete"}
	var structure []string
	size, area, electric := make([]float64, n), make([]float64, n), make([]float64, n)
	s := &proxy.Survey{}
	for i := range n {
		size[i], area[i] = float64(rapid.IntRange(1, 7).Draw(t, "size")), float64(rapid.IntRange(20, 200).Draw(t, "area"))
		electric[i] = float64(rapid.IntRange(0, 1).Draw(t, "electricity"))
		k := rapid.IntRange(0, 2).Draw(t, "structure")
		structure = append(structure, structures[k])
		s.Welfare = append(s.Welfare, math.Exp(8-0.2*size[i]+0.004*area[i]+0.3*float64(k)+rapid.Float64Range(-0.5, 0.5).Draw(t, "noise")))
	}
	s.Variables = []proxy.Variable{
		{Name: "size", Expression: "members.size()", Values: size},
		{Name: "area", Expression: "housing.area", Values: area},
		{Name: "structure", Expression: "housing.structure", Categories: poverty.FactorOf(structure)},
		{Name: "electricity", Expression: "electricity ? 1 : 0", Values: electric},
	}
	return s
}

func heading() proxy.Heading {
	return proxy.Heading{
		Criteria: "pmt-example", Version: "2015.1", Title: errs.Text{ZH: "代理家计测算（示例）", EN: "Proxy-means test (example)"}, Form: "household@2015", Basis: "example survey",
		From: "2015-01-01", Unit: "yuan/person/year", Line: 2855, Source: "2015",
	}
}

func forms(id string) (*formula.Schema, bool) {
	if f := form.Household(); id == f.ID() {
		return f.Root.Schema(), true
	}
	return nil, false
}

// record is a household in the form.
func record(t rapid.TB, size int, area float64, structure string, electric bool) *form.Record {
	t.Helper()
	members := strings.TrimSuffix(strings.Repeat(`{"labour": "ordinary"},`, size), ",")
	r := form.Household().Root.New()
	text := fmt.Sprintf(`{"housing": {"area": %v, "structure": %q}, "electricity": %v, "members": [%s]}`, area, structure, electric, members)
	if findings, err := r.ReadJSON([]byte(text)); err != nil || len(findings) > 0 {
		t.Fatal(err, findings)
	}
	return r
}

// TestTheDocumentScoresWhatTheFitPredicts writes the test, reads it as criteria do, and evaluates every household of the survey and others outside its
// range: base plus score is the prediction, and the outcome is whether it is under the line.
func TestTheDocumentScoresWhatTheFitPredicts(t *testing.T) {
	t.Parallel()
	checks(t, 2, func(t *rapid.T) {
		s := households(t)
		method := rapid.SampledFrom([]string{proxy.LeastSquares, proxy.Quantile, proxy.Lasso}).Draw(t, "method")
		m, err := proxy.Fit(s, proxy.Options{Method: method, Lambda: 0.01})
		if err != nil {
			return // collinear
		}
		text, err := m.Document(heading())
		if err != nil {
			t.Fatal(err)
		}
		document, err := criteria.Parse(text, forms)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		evaluator, err := document.NewEvaluator(criteria.Settings{AsOf: day.MustOf(2015, 12, 31)})
		if err != nil {
			t.Fatal(err)
		}
		// Three households that the survey has not seen: a range above, a range below, a category of its own.
		other := func(size, area float64, structure string, electric float64) {
			at := &s.Variables[2].Categories
			code := slices.Index(at.Level, structure)
			if code < 0 {
				code, at.Level = len(at.Level), append(at.Level, structure)
			}
			at.Code = append(at.Code, int32(code))
			s.Welfare = append(s.Welfare, 1)
			for j, x := range map[int]float64{0: size, 1: area, 3: electric} {
				s.Variables[j].Values = append(s.Variables[j].Values, x)
			}
		}
		other(9, 500, "other", 1)
		other(1, 3, "steel_concrete", 0)
		predicted := m.Predict(s)
		for i := range s.Welfare {
			v := &s.Variables
			category := (*v)[2].Categories
			structure := category.Level[category.Code[i]]
			if structure == "steel_concrete" {
				structure = "other" // no code of the form: the reference all the same
			}
			got := evaluator.Evaluate(record(t, int((*v)[0].Values[i]), (*v)[1].Values[i], structure, (*v)[3].Values[i] == 1))
			if got.Low != got.High {
				t.Fatalf("record %d has a score from %v to %v", i, got.Low, got.High)
			}
			if want := predicted[i]; math.Exp(m.Base()+got.Low) != want {
				t.Fatalf("record %d: base %v + score %v gives %v, the prediction is %v\n%s", i, m.Base(), got.Low, math.Exp(m.Base()+got.Low), want, text)
			}
			if under := predicted[i] < 2855; math.Abs(predicted[i]/2855-1) > 1e-9 && (got.Outcome == criteria.Proposed) != under {
				t.Fatalf("record %d with %v a head: %s", i, predicted[i], got.Outcome)
			}
		}
	})
}

// TestOutOfSampleErrorsAreHonest: folds do not depend on anything but the seed, keep units together, and what a fold predicts does not depend on its own
// welfare.
func TestOutOfSampleErrorsAreHonest(t *testing.T) {
	t.Parallel()
	s := stackloss()
	o := proxy.Options{Scale: proxy.ScaleLevel, Folds: 4, Seed: 11}
	first, err := proxy.Validate(s, o)
	if err != nil {
		t.Fatal(err)
	}
	again, err := proxy.Validate(s, o)
	if err != nil || !slices.Equal(first.Predicted, again.Predicted) {
		t.Error("the same seed gave other folds")
	}
	if in := fitted(t, s, o); !(first.RMSE > in.RMSE) || len(first.ByFold) != 4 {
		t.Errorf("out of sample %v, within %v", first.RMSE, in.RMSE)
	}
	o.Seed = 12
	if other, err := proxy.Validate(s, o); err != nil || slices.Equal(first.Predicted, other.Predicted) {
		t.Error("another seed gave the same folds")
	}
	o.Seed = 11
	s.Welfare[5] += 1000
	changed, err := proxy.Validate(s, o)
	if err != nil {
		t.Fatal(err)
	}
	if changed.Predicted[5] != first.Predicted[5] {
		t.Error("a record's own welfare moved its prediction")
	}
	// Twins in one unit: neither is predicted from the other, so both move others' predictions and not each other's.
	s = stackloss()
	unit := make([]string, len(s.Welfare))
	for i := range unit {
		unit[i] = fmt.Sprintf("%02d", i/3)
	}
	s.Design.Unit = poverty.FactorOf(unit)
	first, err = proxy.Validate(s, o)
	if err != nil {
		t.Fatal(err)
	}
	s.Welfare[3] += 1000
	changed, err = proxy.Validate(s, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range []int{3, 4, 5} {
		if changed.Predicted[i] != first.Predicted[i] {
			t.Errorf("record %d was predicted from its own unit", i)
		}
	}
}

// TestLassoByFoldsDropsNoise: a variable that has nothing to do with welfare goes, one that makes it stays.
func TestLassoByFoldsDropsNoise(t *testing.T) {
	t.Parallel()
	random := uint64(9)
	next := func() float64 {
		random = random*6364136223846793005 + 1442695040888963407
		return float64(random>>11)/(1<<53) - 0.5
	}
	s := &proxy.Survey{Variables: []proxy.Variable{{Name: "signal"}, {Name: "noise"}}}
	for range 400 {
		signal, noise := next(), next()
		s.Variables[0].Values = append(s.Variables[0].Values, signal)
		s.Variables[1].Values = append(s.Variables[1].Values, noise)
		s.Welfare = append(s.Welfare, math.Exp(8+signal+next()/2))
	}
	m := fitted(t, s, proxy.Options{Method: proxy.Lasso, Rule: proxy.LambdaOneSE, Seed: 3})
	if len(m.Terms) != 1 || m.Terms[0].Variable.Name != "signal" || math.Abs(m.Terms[0].Coefficient-1) > 0.1 {
		t.Errorf("%+v", m.Terms)
	}
}

func TestWrongSurveysAreRefused(t *testing.T) {
	t.Parallel()
	for name, ask := range map[string]struct {
		change func(*proxy.Survey, *proxy.Options)
		kind   errs.Kind
		says   string
	}{
		"no variable":      {func(s *proxy.Survey, _ *proxy.Options) { s.Variables = nil }, errs.Usage, ""},
		"unknown method":   {func(_ *proxy.Survey, o *proxy.Options) { o.Method = "forest" }, errs.Usage, "forest"},
		"zero welfare":     {func(s *proxy.Survey, o *proxy.Options) { s.Welfare[3] = 0; o.Scale = proxy.ScaleLog }, errs.Invalid, "logarithm"},
		"the same twice":   {func(s *proxy.Survey, _ *proxy.Options) { s.Variables[2].Values = s.Variables[0].Values }, errs.Invalid, "acid"},
		"a missing answer": {func(s *proxy.Survey, _ *proxy.Options) { s.Variables[1].Values[4] = math.NaN() }, errs.Invalid, "water"},
		"too many folds":   {func(_ *proxy.Survey, o *proxy.Options) { o.Method, o.Folds = proxy.Lasso, 40 }, errs.Invalid, "40"},
		"a name in two":    {func(s *proxy.Survey, _ *proxy.Options) { s.Variables[1].Name = "air" }, errs.Usage, "air"},
		"a quantile of 1":  {func(_ *proxy.Survey, o *proxy.Options) { o.Quantile = 1 }, errs.Usage, ""},
	} {
		s, o := stackloss(), proxy.Options{Scale: proxy.ScaleLevel}
		ask.change(s, &o)
		_, err := proxy.Fit(s, o)
		if !errs.Is(err, ask.kind) || !strings.Contains(err.Error(), ask.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s := stackloss()
	s.Variables[1].Values[4] = math.NaN()
	m := fitted(t, s, proxy.Options{Scale: proxy.ScaleLevel, Missing: proxy.MissingDropped})
	if m.Left != 1 || m.Survey != 20 || len(m.Notes) != 1 {
		t.Errorf("%d left out of %d, notes %v", m.Left, m.Survey, m.Notes)
	}
}
