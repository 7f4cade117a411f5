package grouped

import (
	"math"
	"strings"

	"liandong/errs"
)

// Result is what a curve, a mean and a line give. Numbers that are not defined are NaN, and Undefined says why.
type Result struct {
	Mean, Line     float64
	Headcount      float64
	Gap            float64
	Severity       float64 // squared gap
	Watts          float64
	Gini           float64
	ByMean, ByGini Elasticities
	Undefined      errs.Text
	Notes          []errs.Text
}

// Elasticities are the per cent by which the measures change when the mean, with the curve fixed, or the Gini coefficient, with the curve moved by one
// factor at every place and the mean fixed, rises by one per cent: Datt (1998), table 3, after Kakwani, Review of Income and Wealth 39 (1993), 121.
type Elasticities struct{ Headcount, Gap, Severity float64 }

// Measure takes the measures from the curve: H from L'(H) = z/μ, then, with u = μ/z (Datt (1998), table 1),
//
//	PG = H - u L(H)
//	SPG = 2 PG - H + u² ∫ L'(p)² dp from 0 to H; the integral is for the quadratic -[aH + bL(H) - (r/16) ln((1 - H/s1)/(1 - H/s2))], for the beta with
//	      B the incomplete beta function H - 2θH^γ(1-H)^δ + θ² [γ² B(H; 2γ-1, 2δ+1) - 2γδ B(H; 2γ, 2δ) + δ² B(H; 2γ+1, 2δ-1)]
//	Watts = ∫ ln(z/(μ L'(p))) dp from 0 to H, by Gauss and Legendre's rule
//
// A curve that is not valid by the rule has no measures; under RuleNone they are computed and the failed checks noted. The beta with γ < 1 has negative
// incomes in a sliver near p = 0, so its Watts index is not defined, and with γ <= 1/2 neither is its squared gap. A line at or below the lowest income of
// the curve gives zeros, with a note, and elasticities that are not defined; one above the highest gives a headcount of one. There are no ties, and no zeros
// but where the curve has them.
func (c *Curve) Measure(mean, line float64, rule string) *Result {
	nan := math.NaN()
	none := Elasticities{nan, nan, nan}
	r := &Result{Mean: mean, Line: line, Headcount: nan, Gap: nan, Severity: nan, Watts: nan, Gini: nan, ByMean: none, ByGini: none}
	if !(mean > 0) || !(line > 0) || math.IsInf(mean, 0) || math.IsInf(line, 0) {
		r.Undefined = errs.Text{ZH: "平均收入和贫困线都应大于零。", EN: "The mean and the line must be above zero."}
		return r
	}
	if failing := c.failing(rule); len(failing) > 0 {
		failed := titles(failing)
		if rule != RuleNone {
			r.Undefined = errs.Text{ZH: "拟合的曲线不是洛伦兹曲线：" + failed.ZH + "。", EN: "The fitted curve is no Lorenz curve: it fails " + failed.EN + "."}
			return r
		}
		r.Notes = append(r.Notes, errs.Text{ZH: "拟合的曲线不满足：" + failed.ZH + "，结果只供参考。", EN: "The fitted curve fails " + failed.EN + "; take the numbers as rough."})
	}
	r.Gini = c.Gini()
	c.poverty(r)
	for _, x := range []float64{r.Headcount, r.Gap, r.Severity} {
		if math.IsNaN(x) || x < -1e-9 || x > 1+1e-9 {
			*r = Result{Mean: mean, Line: line, Headcount: nan, Gap: nan, Severity: nan, Watts: nan, Gini: r.Gini, ByMean: none, ByGini: none, Notes: r.Notes}
			r.Undefined = errs.Text{ZH: "曲线在贫困线附近没有意义，贫困指标没有定义。", EN: "The curve makes no sense near the line, so the measures of poverty are not defined."}
			return r
		}
	}
	return r
}

func titles(checks []Check) errs.Text {
	var zh, en []string
	for _, check := range checks {
		zh, en = append(zh, check.Title.ZH), append(en, check.Title.EN)
	}
	return errs.Text{ZH: strings.Join(zh, "、"), EN: strings.Join(en, ", ")}
}

func (c *Curve) poverty(r *Result) {
	u, ratio := r.Mean/r.Line, r.Line/r.Mean
	h := c.headcount(ratio)
	r.Headcount = h
	if h <= 0 {
		r.Headcount, r.Gap, r.Severity, r.Watts = 0, 0, 0, 0
		r.Notes = append(r.Notes, errs.Text{ZH: "贫困线不高于曲线上的最低收入，没有人在线以下。", EN: "The line is not above the lowest income of the curve: nobody is under it."})
		return
	}
	r.Gap = h - u*c.At(h)
	r.Severity = 2*r.Gap - h + u*u*c.slopeSquares(h)
	r.Watts = c.watts(h, ratio)
	if math.IsNaN(r.Watts) {
		r.Notes = append(r.Notes, errs.Text{ZH: "曲线在最穷的一端给出负收入，瓦茨指数没有定义。", EN: "The curve gives negative incomes at its poorest end: the Watts index is not defined."})
	}
	if h >= 1 {
		r.Notes = append(r.Notes, errs.Text{ZH: "贫困线不低于曲线上的最高收入，所有人都在线以下。", EN: "The line is not below the highest income of the curve: everybody is under it."})
		return
	}
	density := h * c.Curvature(h)
	r.ByMean = Elasticities{-ratio / density, 1 - h/r.Gap, 2 * (1 - r.Gap/r.Severity)}
	r.ByGini = Elasticities{(1 - ratio) / density, 1 + (u-1)*h/r.Gap, 2 * (1 + (u-1)*r.Gap/r.Severity)}
}

// headcount solves L'(H) = z/μ. The quadratic has a formula, H = -(n + r(b + 2z/μ)/√((b + 2z/μ)² - m))/(2m); the slope of both rises with p, so bisection
// would do for it too, and does for the beta, starting where the slope near zero ends to fall.
func (c *Curve) headcount(ratio float64) float64 {
	if c.Family == Quadratic {
		q := c.quadratic()
		x := q.b + 2*ratio
		return min(max(-(q.n+q.r*x/math.Sqrt(x*x-q.m))/(2*q.m), 0), 1)
	}
	low, high := c.rising(), 1-1e-15
	if c.Slope(low) >= ratio {
		return 0
	}
	for range 200 {
		middle := (low + high) / 2
		if middle <= low || middle >= high {
			break
		}
		if c.Slope(middle) < ratio {
			low = middle
		} else {
			high = middle
		}
	}
	return (low + high) / 2
}

// rising is the place from which the slope of the beta curve rises: γ > 1 bends it the other way near zero.
func (c *Curve) rising() float64 {
	low := 1e-12
	for i := 1; i < gridSteps && c.Curvature(low) < 0; i++ {
		low = float64(i) * gridStep
	}
	return low
}

// slopeSquares is ∫ L'(p)² dp from 0 to h.
func (c *Curve) slopeSquares(h float64) float64 {
	if c.Family == Quadratic {
		q := c.quadratic()
		return -(q.a*h + q.b*c.At(h) - q.r/16*math.Log((1-h/q.s1)/(1-h/q.s2)))
	}
	theta, gamma, delta := c.Parameters[0], c.Parameters[1], c.Parameters[2]
	bent := h - c.At(h) // θ h^γ (1-h)^δ, the integral of 1 - L'
	square := gamma*gamma*betaIntegral(h, 2*gamma-1, 2*delta+1) - 2*gamma*delta*betaIntegral(h, 2*gamma, 2*delta) + delta*delta*betaIntegral(h, 2*gamma+1, 2*delta-1)
	return h - 2*bent + theta*theta*square
}

// watts integrates the logarithm, which is mildly singular at both ends, over pieces that shrink towards them.
func (c *Curve) watts(h, ratio float64) float64 {
	sum, width, from := 0.0, h/2, h
	for range 60 {
		to := from - width
		sum += gauss(max(to, 0), from, func(p float64) float64 {
			if slope := c.Slope(p); slope > 0 {
				return math.Log(ratio / slope)
			}
			return math.NaN()
		})
		from, width = to, width/2
		if from <= 0 {
			break
		}
	}
	return sum
}

// gauss is Gauss and Legendre's rule of eight points (Abramowitz and Stegun, Handbook of Mathematical Functions (1964), table 25.4).
func gauss(from, to float64, f func(float64) float64) float64 {
	points := [4]float64{0.183434642495650, 0.525532409916329, 0.796666477413627, 0.960289856497536}
	weights := [4]float64{0.362683783378362, 0.313706645877887, 0.222381034453374, 0.101228536290376}
	centre, half := (from+to)/2, (to-from)/2
	sum := 0.0
	for i, x := range points {
		sum += weights[i] * (f(centre-half*x) + f(centre+half*x))
	}
	return half * sum
}

// betaIntegral is ∫ t^(a-1) (1-t)^(b-1) dt from 0 to x, the incomplete beta function. b may be negative where x < 1, and a must be above zero. It adds up the
// series x^a Σ (1-b)_n x^n/(n! (a+n)) (Abramowitz and Stegun (1964), 6.6.8), for x above 1/2 from the other end, after raising b by b B(a, b) relations.
func betaIntegral(x, a, b float64) float64 {
	if b <= 0 || a <= 0 {
		return raisedBeta(x, a, b)
	}
	if x > 0.5 {
		whole, _ := math.Lgamma(a + b)
		first, _ := math.Lgamma(a)
		second, _ := math.Lgamma(b)
		return math.Exp(first+second-whole) - betaIntegral1(1-x, b, a)
	}
	return betaIntegral1(x, a, b)
}

// betaIntegral1 is the series.
func betaIntegral1(x, a, b float64) float64 {
	if x <= 0 {
		return 0
	}
	term, sum := 1.0, 1/a
	for n := 1.0; n < 2000; n++ {
		term *= (n - b) / n * x
		more := term / (a + n)
		sum += more
		if math.Abs(more) < 1e-17*math.Abs(sum) {
			break
		}
	}
	return math.Pow(x, a) * sum
}

// raisedBeta uses B_x(a, b) = ((a + b) B_x(a, b+1) - x^a (1-x)^b)/b and the like for a (Abramowitz and Stegun (1964), 26.5.15-16); it is NaN where the
// integral does not exist.
func raisedBeta(x, a, b float64) float64 {
	switch {
	case a <= 0:
		return math.NaN()
	case b == 0 || x >= 1:
		return math.NaN()
	}
	return ((a+b)*betaIntegral(x, a, b+1) - math.Pow(x, a)*math.Pow(1-x, b)) / b
}
