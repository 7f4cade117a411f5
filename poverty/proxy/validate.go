package proxy

import (
	"math"
)

// Validation is how a test does on records that it was not fitted to.
type Validation struct {
	Folds     int
	Predicted []float64 // by the survey's records, welfare on its own scale (not logarithms); NaN for records left out
	R2, RMSE  float64   // on the model's scale
	ByFold    []FoldError
}

// FoldError is one fold's.
type FoldError struct {
	N        int
	R2, RMSE float64
}

// Validate fits the test without each fold in turn and predicts the fold (Stone, JRSS B 36 (1974), 111). The lasso chooses its penalty anew each time from
// the records it sees. Sampling units stay together. The same seed gives the same folds. A category that the records of a fit lack counts as its reference
// there, as it would in the field; a number outside their range is held to it.
func Validate(s *Survey, o Options) (*Validation, error) {
	m, err := prepared(s, &o)
	if err != nil {
		return nil, err
	}
	folds := m.fold()
	v := &Validation{Folds: o.Folds, Predicted: make([]float64, len(s.Welfare))}
	for i := range v.Predicted {
		v.Predicted[i] = math.NaN()
	}
	fitted := make([]float64, len(m.row))
	for k := range o.Folds {
		model, left, err := m.without(s, folds, k)
		if err != nil {
			return nil, err
		}
		for _, r := range left {
			fitted[r] = model.predict(s, m.row[r])
			v.Predicted[m.row[r]] = model.welfare(fitted[r])
		}
		v.ByFold = append(v.ByFold, m.foldError(left, fitted))
	}
	all := make([]int, len(m.row))
	for r := range all {
		all[r] = r
	}
	whole := m.foldError(all, fitted)
	v.R2, v.RMSE = whole.R2, whole.RMSE
	return v, nil
}

// without fits the test to the other folds.
func (m *matrix) without(s *Survey, folds []int, k int) (model *Model, left []int, err error) {
	weight := make([]float64, len(s.Welfare))
	fit := 0
	for r, i := range m.row {
		if folds[r] == k {
			left = append(left, r)
			continue
		}
		weight[i] = m.w[r]
		fit++
	}
	if len(left) == 0 || fit == 0 {
		return nil, nil, tooFewForFolds(m.options.Folds)
	}
	part := *s
	part.Weight = weight
	rest, err := newMatrix(&part, m.options)
	if err != nil {
		return nil, nil, err
	}
	model, err = rest.fit()
	return model, left, err
}

func (m *matrix) foldError(rows []int, fitted []float64) FoldError {
	weight, mean := 0.0, 0.0
	for _, r := range rows {
		weight += m.w[r]
		mean += m.w[r] * m.y[r]
	}
	mean /= weight
	left, whole := 0.0, 0.0
	for _, r := range rows {
		left += m.w[r] * (m.y[r] - fitted[r]) * (m.y[r] - fitted[r])
		whole += m.w[r] * (m.y[r] - mean) * (m.y[r] - mean)
	}
	return FoldError{len(rows), 1 - left/whole, math.Sqrt(left / weight)}
}

// Predict gives the model's welfare, on its own scale, for each record of a survey that has its variables by name; NaN where one is missing or absent.
func (m *Model) Predict(s *Survey) []float64 {
	out := make([]float64, len(s.Welfare))
	for i := range out {
		out[i] = m.welfare(m.predict(s, i))
	}
	return out
}

// welfare brings a prediction from the model's scale. The exponential of a predicted logarithm is the welfare in the middle of those with the same answers,
// not their mean; whether it is under a line is what a test asks, and that is the same.
func (m *Model) welfare(x float64) float64 {
	if m.Scale == ScaleLog {
		return math.Exp(x)
	}
	return x
}

// predict is the prediction on the model's scale, added up in the order of a criteria document, so that both agree to the last bit.
func (m *Model) predict(s *Survey, i int) float64 {
	sum := 0.0
	for k := range m.Terms {
		t := &m.Terms[k]
		at := t.find(s)
		if at < 0 || s.Variables[at].missing(i) {
			return math.NaN()
		}
		sum += t.points(&s.Variables[at], i)
	}
	return m.Base() + sum
}

func (t *Term) find(s *Survey) int {
	for at := range s.Variables {
		if s.Variables[at].Name == t.Variable.Name {
			return at
		}
	}
	return -1
}

// Base is the prediction of a record with no points.
func (m *Model) Base() float64 {
	base := m.Intercept
	for k := range m.Terms {
		base += m.Terms[k].least()
	}
	return base
}

// least is the least that the term adds to the prediction; points count from there.
func (t *Term) least() float64 {
	if len(t.Levels) == 0 {
		return min(t.Coefficient*t.Low, t.Coefficient*t.High)
	}
	least := t.Levels[0].Coefficient
	for _, l := range t.Levels {
		least = min(least, l.Coefficient)
	}
	return least
}

// Most is the greatest number of points of the term.
func (t *Term) Most() float64 {
	if len(t.Levels) == 0 {
		return math.Abs(t.Coefficient) * (t.High - t.Low)
	}
	most := 0.0
	for _, l := range t.Levels {
		most = max(most, l.Coefficient-t.least())
	}
	return most
}

// points are what one record gets, zero or more.
func (t *Term) points(v *Variable, i int) float64 {
	if len(t.Levels) > 0 {
		code := v.Categories.Level[v.Categories.Code[i]]
		for _, l := range t.Levels {
			if l.Code == code {
				return l.Coefficient - t.least()
			}
		}
		return t.Levels[0].Coefficient - t.least()
	}
	x, slope := v.Values[i], math.Abs(t.Coefficient)
	from, to := x <= t.Low, x >= t.High
	if t.Coefficient < 0 {
		from, to = to, from
	}
	switch {
	case from:
		return 0
	case to:
		return t.Most()
	case t.Coefficient < 0:
		return slope * (t.High - x)
	}
	return slope * (x - t.Low)
}
