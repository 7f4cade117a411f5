package grouped

import (
	"math"

	"liandong/errs"
)

// The families of curves.
const (
	Quadratic = "general-quadratic"
	Beta      = "beta"
)

// Curve is a fitted Lorenz curve L(p) with the three parameters of its family.
type Curve struct {
	Family     string
	Parameters [3]float64 // a, b, c of the quadratic; θ, γ, δ of the beta
	Squares    float64    // Σ (L - fitted L)² over the points with p < 1
	Checks     []Check
}

// Check is one of the conditions that make a curve a Lorenz curve.
type Check struct {
	Name  string // "starts-at-zero", "ends-at-one", "ends-near-one", "slope-not-negative", "convex"
	Title errs.Text
	Holds bool
}

// The rules by which checks make a curve valid.
const (
	RuleWorldBank = "world-bank" // that of PovcalNet and of the Poverty and Inequality Platform: the quadratic may end at a + c >= 0.9
	RuleDatt      = "datt"       // all conditions as printed: a + c >= 1
	RuleNone      = "none"       // measures are computed whatever fails, with a note
)

// Rules lists the rules, the default first.
func Rules() []string { return []string{RuleWorldBank, RuleDatt, RuleNone} }

// Valid reports whether the conditions of a rule hold: L(0) = 0, L(1) = 1, L'(0+) >= 0 and L” >= 0 inside (Datt (1998), table 2).
func (c *Curve) Valid(rule string) bool { return rule == RuleNone || len(c.failing(rule)) == 0 }

// failing are the conditions of a rule that do not hold. Under RuleNone they are those of RuleDatt.
func (c *Curve) failing(rule string) (all []Check) {
	for _, check := range c.Checks {
		if !check.Holds && (rule != RuleWorldBank || check.Name != endsAtOne) {
			all = append(all, check)
		}
	}
	return all
}

// endsAtOne is the one check in which the rules differ; endsNearOne is what the World Bank asks instead.
const (
	endsAtOne   = "ends-at-one"
	endsNearOne = "ends-near-one"
	nearOne     = 0.9
)

// Fit fits a family by least squares without intercept to the points with 0 < p < 1, as Datt (1998), pages 10-12, does:
//
//	general quadratic (Villaseñor and Arnold, Journal of Econometrics 40 (1989), 327):
//	  L (1 - L) = a (p² - L) + b L (p - 1) + c (p - L)
//	beta (Kakwani, Econometrica 48 (1980), 437):
//	  ln (p - L) = ln θ + γ ln p + δ ln (1 - p)
//
// Points at which the left side is not defined (L = p, for the beta) are refused by name of the family. The three columns must not be collinear.
func Fit(family string, points []Point) (*Curve, error) {
	if err := check(points); err != nil {
		return nil, err
	}
	var y []float64
	var x [][3]float64
	for _, q := range points {
		p, l := q.Population, q.Income
		switch {
		case p >= 1-leastShare || l <= leastShare:
		case family == Quadratic:
			y, x = append(y, l*(1-l)), append(x, [3]float64{p*p - l, l * (p - 1), p - l})
		case family == Beta && p-l <= 0:
			return nil, invalid("有的点在平均线上，贝塔曲线无法拟合。", "A point lies on the line of equality, so the beta curve cannot be fitted.")
		case family == Beta:
			y, x = append(y, math.Log(p-l)), append(x, [3]float64{1, math.Log(p), math.Log1p(-p)})
		default:
			return nil, errs.New(errs.Usage, "grouped.Fit", "曲线只有 general-quadratic 和 beta 两种。", "The families are general-quadratic and beta.")
		}
	}
	b, ok := leastSquares(x, y)
	if !ok {
		return nil, invalid("这些点无法确定三个参数（例如人人收入相等）。", "The points do not determine three parameters; everybody may have the same.")
	}
	if family == Beta {
		b[0] = math.Exp(b[0])
	}
	return newCurve(family, b, points), nil
}

// NewCurve is a curve of known parameters, such as printed ones; the sum of squares is not known.
func NewCurve(family string, parameters [3]float64) *Curve {
	c := newCurve(family, parameters, nil)
	c.Squares = math.NaN()
	return c
}

func newCurve(family string, parameters [3]float64, points []Point) *Curve {
	c := &Curve{Family: family, Parameters: parameters}
	for _, q := range points {
		if q.Population < 1-leastShare {
			d := q.Income - c.At(q.Population)
			c.Squares += d * d
		}
	}
	c.Checks = c.checks()
	return c
}

// leastSquares solves for three coefficients by Householder's reflections, which lose fewer digits than normal equations. ok is false where a column is
// a combination of the others.
func leastSquares(x [][3]float64, y []float64) (b [3]float64, ok bool) {
	n := len(y)
	var r [3][3]float64
	columns, right := make([][]float64, 3), append([]float64(nil), y...)
	for k := range columns {
		columns[k] = make([]float64, n)
		for i := range x {
			columns[k][i] = x[i][k]
		}
	}
	for k := range 3 {
		full := norm(columns[k])
		length := norm(columns[k][k:])
		if !(length > 1e-10*full) {
			return b, false
		}
		if columns[k][k] > 0 {
			length = -length
		}
		v := append([]float64(nil), columns[k][k:]...)
		v[0] -= length
		reflect := func(z []float64) {
			dot, square := 0.0, 0.0
			for i, x := range v {
				dot += x * z[i]
				square += x * x
			}
			for i, x := range v {
				z[i] -= 2 * dot / square * x
			}
		}
		for j := k; j < 3; j++ {
			reflect(columns[j][k:])
			r[k][j] = columns[j][k]
		}
		reflect(right[k:])
	}
	for k := 2; k >= 0; k-- {
		b[k] = right[k]
		for j := k + 1; j < 3; j++ {
			b[k] -= r[k][j] * b[j]
		}
		b[k] /= r[k][k]
	}
	return b, true
}

func norm(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x * x
	}
	return math.Sqrt(sum)
}

// Best fits both families and gives the one whose curve is valid by the rule and lies nearest to the points by the sum of squares; the other comes second.
// Where neither is valid the nearest comes first.
func Best(points []Point, rule string) (curves []*Curve, err error) {
	for _, family := range []string{Quadratic, Beta} {
		c, err := Fit(family, points)
		if err != nil {
			return nil, err
		}
		curves = append(curves, c)
	}
	first, second := curves[0], curves[1]
	better := second.Squares < first.Squares
	if first.Valid(rule) != second.Valid(rule) {
		better = second.Valid(rule)
	}
	if better {
		return []*Curve{second, first}, nil
	}
	return curves, nil
}
