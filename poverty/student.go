package poverty

import "math"

// normalQuantile is the quantile of the standard normal distribution.
func normalQuantile(p float64) float64 { return math.Sqrt2 * math.Erfinv(2*p-1) }

// studentQuantile is the quantile, p > 1/2, of Student's t distribution, found by bisection of its distribution function.
func studentQuantile(p, freedom float64) float64 {
	low, high := 0.0, 1.0
	for studentTail(high, freedom) > 1-p && high < 1e300 {
		high *= 2
	}
	for range 200 {
		middle := (low + high) / 2
		if middle <= low || middle >= high {
			break
		}
		if studentTail(middle, freedom) > 1-p {
			low = middle
		} else {
			high = middle
		}
	}
	return (low + high) / 2
}

// studentTail is P(T > t) for t >= 0: half the regularised incomplete beta function I_x(ν/2, 1/2) at x = ν/(ν + t²), Abramowitz and Stegun,
// Handbook of Mathematical Functions (1964), 26.7.1.
func studentTail(t, freedom float64) float64 {
	return betaRatio(freedom/(freedom+t*t), freedom/2, 0.5) / 2
}

// betaRatio is the regularised incomplete beta function, by its continued fraction: Abramowitz and Stegun (1964), 26.5.8, evaluated after Lentz.
func betaRatio(x, a, b float64) float64 {
	if x <= 0 || x >= 1 {
		return indicator(x >= 1)
	}
	if x > (a+1)/(a+b+2) {
		return 1 - betaRatio(1-x, b, a)
	}
	whole, _ := math.Lgamma(a + b)
	first, _ := math.Lgamma(a)
	second, _ := math.Lgamma(b)
	front := math.Exp(whole-first-second+a*math.Log(x)+b*math.Log1p(-x)) / a
	return front * betaFraction(x, a, b)
}

func betaFraction(x, a, b float64) float64 {
	const tiny = 1e-300
	nonzero := func(v float64) float64 {
		if math.Abs(v) < tiny {
			return tiny
		}
		return v
	}
	c, d := 1.0, 1/nonzero(1-(a+b)*x/(a+1))
	f := d
	for m := 1.0; m < 100000; m++ {
		even := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		d, c = 1/nonzero(1+even*d), nonzero(1+even/c)
		f *= d * c
		odd := -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		d, c = 1/nonzero(1+odd*d), nonzero(1+odd/c)
		f *= d * c
		if math.Abs(d*c-1) < 1e-15 {
			break
		}
	}
	return f
}

// StudentQuantile is the quantile, 1/2 < p < 1, of Student's t distribution with the degrees of freedom, for intervals around a fitted line.
func StudentQuantile(p, freedom float64) float64 { return studentQuantile(p, freedom) }
