package proxy

import (
	"fmt"
	"math"

	"liandong/errs"
)

// The path of penalties: so many, from the least that leaves nothing in down to so small a share of it, evenly in logarithms (Friedman, Hastie and
// Tibshirani, Journal of Statistical Software 33 (2010), 1).
const (
	lassoPenalties = 100
	lassoSmallest  = 1e-4
	lassoPasses    = 100_000
	lassoPrecision = 1e-12 // of a coefficient, in standard deviations of welfare
)

// lasso minimises Σ ŵ (y - b₀ - xb)²/2 + λ Σ |b| over columns brought to mean 0 and variance 1, ŵ the weights divided by their sum, by coordinate descent on
// the columns' products (Tibshirani, JRSS B 58 (1996), 267; Friedman, Hastie and Tibshirani (2010), 4). Each category but the reference is a column of its own.
// The coefficients are those of the columns as they came. It chooses λ by folds, unless it is given.
func (m *matrix) lasso() (b []float64, lambda float64, err error) {
	lambda = m.options.Lambda
	if lambda == 0 {
		if lambda, err = m.choosePenalty(); err != nil {
			return nil, 0, err
		}
	}
	g := m.products()
	if g.deviation == 0 {
		return nil, 0, invalid("福利变量人人相同，没有可以预测的差别。", "The welfare is the same for all, so there is nothing to predict.")
	}
	return g.back(g.descend(lambda, make([]float64, len(g.right)))), lambda, nil
}

// products are the covariances that coordinate descent works on.
type products struct {
	mean, spread []float64 // of each column but the intercept
	centre       float64   // mean of welfare
	deviation    float64   // standard deviation of welfare
	gram         [][]float64
	right        []float64
}

func (m *matrix) products() *products {
	p := len(m.x) - 1
	g := &products{mean: make([]float64, p), spread: make([]float64, p), right: make([]float64, p)}
	whole := 0.0
	for _, w := range m.w {
		whole += w
	}
	standard := make([][]float64, p)
	y := m.standardise(m.y, whole, &g.centre, &g.deviation, false)
	for j := range standard {
		standard[j] = m.standardise(m.x[j+1], whole, &g.mean[j], &g.spread[j], true)
	}
	weighted := make([]float64, len(m.row))
	for j := range standard {
		for r, w := range m.w {
			weighted[r] = w / whole * standard[j][r]
		}
		g.right[j] = dot(weighted, y)
		row := make([]float64, p)
		for k := range standard {
			row[k] = dot(weighted, standard[k])
		}
		g.gram = append(g.gram, row)
	}
	return g
}

// standardise takes off the mean and, if asked, divides by the standard deviation; a column that does not vary becomes zeros.
func (m *matrix) standardise(x []float64, whole float64, mean, spread *float64, scale bool) []float64 {
	for r, w := range m.w {
		*mean += w / whole * x[r]
	}
	out, square := make([]float64, len(x)), 0.0
	for r, w := range m.w {
		out[r] = x[r] - *mean
		square += w / whole * out[r] * out[r]
	}
	*spread = math.Sqrt(square)
	if *spread <= 1e-12*math.Abs(*mean) {
		*spread = 0
		clear(out)
		return out
	}
	if scale {
		for r := range out {
			out[r] /= *spread
		}
	}
	return out
}

// largest is the least penalty that leaves nothing in.
func (g *products) largest() (most float64) {
	for _, r := range g.right {
		most = max(most, math.Abs(r))
	}
	return most
}

// descend improves coefficients in place until none moves.
func (g *products) descend(lambda float64, b []float64) []float64 {
	for range lassoPasses {
		moved := 0.0
		for j := range b {
			if g.spread[j] == 0 {
				continue
			}
			partial := g.right[j]
			for k, other := range b {
				if k != j && other != 0 {
					partial -= g.gram[j][k] * other
				}
			}
			next := math.Copysign(max(math.Abs(partial)-lambda, 0), partial)
			moved = max(moved, math.Abs(next-b[j]))
			b[j] = next
		}
		if moved <= lassoPrecision*g.deviation {
			break
		}
	}
	return b
}

// back gives the coefficients of the columns as they came, the intercept first.
func (g *products) back(standard []float64) []float64 {
	b := make([]float64, len(standard)+1)
	b[0] = g.centre
	for j, v := range standard {
		if v != 0 {
			b[j+1] = v / g.spread[j]
			b[0] -= b[j+1] * g.mean[j]
		}
	}
	return b
}

// choosePenalty fits the path without each fold in turn and takes the penalty whose mean squared error on the folds left out is least, or by the rule "1se"
// the greatest that is not above it by more than the standard error of the folds' errors.
func (m *matrix) choosePenalty() (float64, error) {
	whole := m.products()
	if whole.largest() == 0 {
		return 0, invalid("没有变量与福利变量相关，套索选不出任何变量。", "No variable moves with the welfare, so the lasso can choose none.")
	}
	folds := m.fold()
	path := make([]float64, lassoPenalties)
	for i := range path {
		path[i] = whole.largest() * math.Pow(lassoSmallest, float64(i)/(lassoPenalties-1))
	}
	wrong := make([][]float64, lassoPenalties) // mean squared errors by penalty and fold
	weights := make([]float64, 0, m.options.Folds)
	for k := range m.options.Folds {
		fit, left := m.part(func(r int) bool { return folds[r] != k }), m.part(func(r int) bool { return folds[r] == k })
		if len(left.row) == 0 || len(fit.row) == 0 {
			return 0, tooFewForFolds(m.options.Folds)
		}
		g := fit.products()
		b := make([]float64, len(g.right))
		for i, lambda := range path {
			b = g.descend(lambda, b)
			wrong[i] = append(wrong[i], left.meanSquare(g.back(b)))
		}
		held := 0.0
		for _, w := range left.w {
			held += w
		}
		weights = append(weights, held)
	}
	return pick(path, wrong, weights, m.options.Rule), nil
}

func tooFewForFolds(folds int) *errs.Error {
	return invalid(fmt.Sprintf("记录（或抽样单元）太少，分不成 %d 份。", folds), fmt.Sprintf("There are too few records or sampling units for %d folds.", folds))
}

func (m *matrix) meanSquare(b []float64) float64 {
	fitted, sum, weight := m.fitted(b), 0.0, 0.0
	for r, w := range m.w {
		sum += w * (m.y[r] - fitted[r]) * (m.y[r] - fitted[r])
		weight += w
	}
	return sum / weight
}

// pick chooses from the path by the errors of the folds.
func pick(path []float64, wrong [][]float64, weights []float64, rule string) float64 {
	mean, se := make([]float64, len(path)), make([]float64, len(path))
	whole := 0.0
	for _, w := range weights {
		whole += w
	}
	for i, of := range wrong {
		for k, e := range of {
			mean[i] += weights[k] / whole * e
		}
		for k, e := range of {
			se[i] += weights[k] / whole * (e - mean[i]) * (e - mean[i]) / float64(len(of)-1)
		}
	}
	best := 0
	for i := range path {
		if mean[i] < mean[best] {
			best = i
		}
	}
	if rule == LambdaLeast {
		return path[best]
	}
	for i := range path {
		if mean[i] <= mean[best]+math.Sqrt(se[best]) {
			return path[i]
		}
	}
	return path[best]
}
