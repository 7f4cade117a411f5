package grouped

import (
	"math"

	"liandong/errs"
)

// quadratic has the auxiliary numbers of the general quadratic curve, as Datt (1998), table 1, names them:
//
//	e = -(a + b + c + 1), m = b² - 4a, n = 2be - 4c, r = √(n² - 4me²), s1 = (r - n)/(2m), s2 = -(r + n)/(2m)
//	L(p) = -½ [bp + e + √(mp² + np + e²)]
type quadratic struct{ a, b, c, e, m, n, r, s1, s2 float64 }

func (c *Curve) quadratic() quadratic {
	q := quadratic{a: c.Parameters[0], b: c.Parameters[1], c: c.Parameters[2]}
	q.e = -(q.a + q.b + q.c + 1)
	q.m = q.b*q.b - 4*q.a
	q.n = 2*q.b*q.e - 4*q.c
	q.r = math.Sqrt(q.n*q.n - 4*q.m*q.e*q.e)
	q.s1, q.s2 = (q.r-q.n)/(2*q.m), -(q.r+q.n)/(2*q.m)
	return q
}

// root is √(mp² + np + e²). Beyond the middle it is written by the distance from one, t = 1 - p, as √((a + c - 1)² - (2m + n)t + mt²): at p = 1 the three terms
// leave |a + c - 1|, which is nothing for many a curve, and rounding of each would spoil it.
func (q *quadratic) root(p float64) float64 {
	if t := 1 - p; t < 0.5 {
		end := q.a + q.c - 1
		return math.Sqrt(end*end - (2*q.m+q.n)*t + q.m*t*t)
	}
	return math.Sqrt(q.m*p*p + q.n*p + q.e*q.e)
}

// At is L(p).
func (c *Curve) At(p float64) float64 {
	if c.Family == Quadratic {
		q := c.quadratic()
		return -(q.b*p + q.e + q.root(p)) / 2
	}
	theta, gamma, delta := c.Parameters[0], c.Parameters[1], c.Parameters[2]
	return p - theta*math.Pow(p, gamma)*math.Pow(1-p, delta)
}

// Slope is L'(p), the income at p relative to the mean.
func (c *Curve) Slope(p float64) float64 {
	if c.Family == Quadratic {
		q := c.quadratic()
		return -q.b/2 - (2*q.m*p+q.n)/(4*q.root(p))
	}
	theta, gamma, delta := c.Parameters[0], c.Parameters[1], c.Parameters[2]
	return 1 - theta*math.Pow(p, gamma)*math.Pow(1-p, delta)*(gamma/p-delta/(1-p))
}

// Curvature is L”(p).
func (c *Curve) Curvature(p float64) float64 {
	if c.Family == Quadratic {
		q := c.quadratic()
		return q.r * q.r * math.Pow(q.m*p*p+q.n*p+q.e*q.e, -1.5) / 8
	}
	theta, gamma, delta := c.Parameters[0], c.Parameters[1], c.Parameters[2]
	return theta * math.Pow(p, gamma) * math.Pow(1-p, delta) * (gamma*(1-gamma)/(p*p) + 2*gamma*delta/(p*(1-p)) + delta*(1-delta)/((1-p)*(1-p)))
}

// checks are the conditions of Datt (1998), table 2. The beta meets the first two by its form. Its slope at zero and its convexity, for which the table has
// sufficient conditions only (0 < γ <= 1, 0 < δ <= 1, θ > 0; with γ = 1 the slope there is 1 - θ), are read off the curve at its ends and at every thousandth:
// with 0 < γ < 1 the slope falls below zero near p = 0 for any θ, in a sliver that the World Bank also looks past by starting at a thousandth.
func (c *Curve) checks() []Check {
	var start, end, near, slope bool
	convex := true
	if c.Family == Quadratic {
		q := c.quadratic()
		ratio := q.n * q.n / (4 * q.e * q.e)
		start = q.e < 0
		end, near = q.a+q.c >= 1, q.a+q.c >= nearOne
		slope = q.c >= 0
		convex = q.m < 0 || (q.m < ratio && q.n >= 0) || (q.m < -q.n/2 && q.m < ratio)
	} else {
		theta, gamma, delta := c.Parameters[0], c.Parameters[1], c.Parameters[2]
		start, end = theta > 0 && gamma > 0, theta > 0 && delta > 0
		near = end
		slope = c.Slope(gridStep) >= 0
		for i := 1; i < gridSteps; i++ {
			convex = convex && c.Curvature(float64(i)*gridStep) >= 0
		}
	}
	return []Check{
		{"starts-at-zero", errs.Text{ZH: "L(0)=0", EN: "L(0) = 0"}, start},
		{endsAtOne, errs.Text{ZH: "L(1)=1", EN: "L(1) = 1"}, end},
		{endsNearOne, errs.Text{ZH: "L(1)≈1（世界银行的放宽条件）", EN: "L(1) near 1, as the World Bank allows"}, near},
		{"slope-not-negative", errs.Text{ZH: "起点斜率不为负", EN: "slope at the start not negative"}, slope},
		{"convex", errs.Text{ZH: "处处下凸", EN: "convex everywhere"}, convex},
	}
}

// gridSteps is how finely the curve is looked at where no formula decides.
const (
	gridSteps = 1000
	gridStep  = 1.0 / gridSteps
)

// Gini is 1 - 2∫L: 2θB(1+γ, 1+δ) for the beta. For the quadratic the integral of the root is elementary.
func (c *Curve) Gini() float64 {
	if c.Family == Beta {
		theta, gamma, delta := c.Parameters[0], c.Parameters[1], c.Parameters[2]
		return 2 * theta * betaIntegral(1, 1+gamma, 1+delta)
	}
	q := c.quadratic()
	return 1 + q.b/2 + q.e + q.rootIntegral()
}

// rootIntegral is ∫ √(mp² + np + e²) dp from 0 to 1: Gradshteyn and Ryzhik, Table of Integrals, 2.262 and 2.261. The arcs and logarithms of 2.261 are written by
// the roots at both ends, because x² - r² = 4m root² with x = 2mp + n, so that an end at which the root is nothing costs no digits.
func (q *quadratic) rootIntegral() float64 {
	start, end := math.Abs(q.e), math.Abs(q.a+q.c-1)
	first, last := q.n, 2*q.m+q.n
	edge := (last*end - first*start) / (4 * q.m)
	square := q.n*q.n - 4*q.m*q.e*q.e // r²
	if q.m < 0 {
		s := math.Sqrt(-q.m)
		arcs := (math.Atan2(last, 2*s*end) - math.Atan2(first, 2*s*start)) / s
		return edge + square/(8*q.m)*arcs
	}
	s := math.Sqrt(q.m)
	argument := func(x, root float64) float64 {
		if x < 0 {
			return square / (2*s*root - x)
		}
		return 2*s*root + x
	}
	logs := math.Log(argument(last, end)/argument(first, start)) / s
	return edge - square/(8*q.m)*logs
}
