package poverty

import (
	"math"
	"testing"
)

// TestPublishedExamples are worked examples as printed, to the digits printed.
func TestPublishedExamples(t *testing.T) {
	t.Parallel()
	// World Bank, Haughton and Khandker, Handbook on Poverty and Inequality (2009), chapter 4, page 72: expenditure in country C and a line of 125. Gaps of 25 and
	// 15 are 0.20 and 0.12 of the line, their squares 0.04 and 0.0144; P2 is 0.0136 = 0.0544/4.
	country := []float64{100, 110, 150, 160}
	for _, c := range []struct {
		source, measure, line, conventions string
		income                             []float64
		digits                             int
		want                               float64
	}{
		{"Handbook, page 72", "headcount", "125", "", country, 2, 0.50},
		{"Handbook, page 72", "gap", "125", "", country, 2, 0.08},
		{"Handbook, page 72", "severity", "125", "", country, 4, 0.0136},
		// The same pages' formulas for the others, worked by hand over the same country: the mean of ln(125/100) and ln(125/110) over four.
		{"Watts index, page 77, worked by hand", "watts", "125", "", country, 6, (math.Log(1.25) + math.Log(125.0/110)) / 4},
		// Sen (1976), theorem 1: 2/((q+1) n z) Σ (z - y_i)(q + 1 - i) = 2/(3·4·125)·(25·2 + 15·1).
		{"Sen, theorem 1, worked by hand", "sen", "125", "sen=finite", country, 6, 2 * 65.0 / (3 * 4 * 125)},
		// Thon (1979): 2/(n(n+1)) Σ x_i (n + 1 - i) with x the relative gaps, 0.2·4 + 0.12·3 over 10.
		{"Thon, worked by hand", "sst", "125", "sst=finite", country, 6, (0.2*4 + 0.12*3) / 10},
		// Half the mean absolute difference over the mean: pairs of 1, 2, 3, 4 differ by 10 in all of 16·2 ordered ones.
		{"Gini's definition", "gini", "125", "", []float64{1, 2, 3, 4}, 6, 0.25},
		{"Gini's definition with n/(n-1)", "gini", "125", "gini-factor=n/(n-1)", []float64{0, 0, 0, 7}, 6, 1},
		// Of two equal persons who hold 1 and 3, the mean being 2: Theil's T is (0.5 ln 0.5 + 1.5 ln 1.5)/2, his L (ln 2 + ln(2/3))/2, and Atkinson's at ε = 1 is
		// 1 - √3/2.
		{"Theil's T", "theil", "125", "", []float64{1, 3}, 6, (0.5*math.Log(0.5) + 1.5*math.Log(1.5)) / 2},
		{"Theil's L", "mld", "125", "", []float64{1, 3}, 6, (math.Log(2) + math.Log(2.0/3)) / 2},
		{"Atkinson", "atkinson:1", "125", "", []float64{1, 3}, 6, 1 - math.Sqrt(3)/2},
		{"generalised entropy of order 2: half the squared coefficient of variation", "ge:2", "125", "", []float64{1, 3}, 6, 0.125},
	} {
		r := estimated(t, &Sample{Income: c.income}, Query{Measures: measuresOf(t, c.measure), Line: lineOf(t, c.line), Conventions: conventionsOf(t, c.conventions)})
		scale := math.Pow10(c.digits)
		if got := r.Results[0].Value; math.Round(got*scale) != math.Round(c.want*scale) {
			t.Errorf("%s: %s is %v, printed as %v", c.source, c.measure, got, c.want)
		}
	}
}
