package poverty

import (
	"math"
	"testing"
)

// worked is a measure of a few incomes that somebody has worked out.
type worked struct {
	source, measure, line, conventions string
	income                             []float64
	digits                             int // after the point
	want                               float64
}

func (c *worked) holds(t *testing.T) {
	t.Helper()
	q := Query{Measures: measuresOf(t, c.measure), Conventions: conventionsOf(t, c.conventions)}
	if c.line != "" {
		q.Line = lineOf(t, c.line)
	}
	scale := math.Pow10(c.digits)
	if got := estimated(t, &Sample{Income: c.income}, q).Results[0].Value; math.Round(got*scale) != math.Round(c.want*scale) {
		t.Errorf("%s: %s is %v, should be %v", c.source, c.measure, got, c.want)
	}
}

// countryC is the third country of Haughton and Khandker, Handbook on Poverty and Inequality (World Bank, 2009), chapter 4, measured at a line of 125.
func countryC() []float64 { return []float64{100, 110, 150, 160} }

// TestPublishedExamples has what is printed, to the digits printed. The table on page 72 of the Handbook, "Calculating the Poverty Gap Index, Assuming Poverty
// Line of 125", gives for country C gaps of 25 and 15, which are 0.20 and 0.12 of the line, their squares 0.04 and 0.0144, and "0.0136 [= 0.0544/4]", which the same
// page calls the member with α = 2 of the family of Foster, Greer and Thorbecke (1984).
func TestPublishedExamples(t *testing.T) {
	t.Parallel()
	for _, c := range []worked{
		{source: "Handbook, page 72", measure: "severity", line: "125", income: countryC(), digits: 4, want: 0.0136},
		{source: "Handbook, page 72, α = 2", measure: "fgt:2", line: "125", income: countryC(), digits: 4, want: 0.0136},
		// Worked from the same table, not printed in it: two of four are poor, and (0.20 + 0.12)/4.
		{source: "worked from the Handbook's page 72", measure: "headcount", line: "125", income: countryC(), digits: 2, want: 0.50},
		{source: "worked from the Handbook's page 72", measure: "gap", line: "125", income: countryC(), digits: 2, want: 0.08},
	} {
		c.holds(t)
	}
}

// TestFormulasWorkedByHand has what nobody printed: formulas of the sources that the measures name, worked by hand over a few incomes.
func TestFormulasWorkedByHand(t *testing.T) {
	t.Parallel()
	for _, c := range []worked{
		{source: "Watts: the mean of ln(125/100) and ln(125/110) over four", measure: "watts", line: "125", income: countryC(), digits: 12, want: (math.Log(1.25) + math.Log(125.0/110)) / 4},
		{source: "Sen, 2/((q+1) n z) Σ (z - y_i)(q + 1 - i)", measure: "sen", line: "125", conventions: "sen=finite", income: countryC(), digits: 12, want: 2 * (25*2 + 15*1.0) / (3 * 4 * 125)},
		{source: "Thon, 2/(n(n+1)) Σ x_i (n + 1 - i)", measure: "sst", line: "125", conventions: "sst=finite", income: countryC(), digits: 12, want: 2 * (0.2*4 + 0.12*3) / (4 * 5)},
		// In the limit the two poor have the middle ranks 1/2 and 3/2: H [I + (1 - I) G] with I = 0.16 and G the Gini of 100 and 110, and 2/n² Σ x (n - R).
		{source: "Sen for many poor", measure: "sen", line: "125", income: countryC(), digits: 12, want: 0.5 * (0.16 + 0.84*(110-100)/(4*105.0))},
		{source: "Shorrocks, 2/n² Σ x (n - R)", measure: "sst", line: "125", income: countryC(), digits: 12, want: 2 * (0.2*3.5 + 0.12*2.5) / 16},
		{source: "income gap ratio, the mean of 0.20 and 0.12", measure: "incomegap", line: "125", income: countryC(), digits: 12, want: 0.16},
		// Pairs of 1, 2, 3, 4 differ by 20 in all of 16 ordered ones, over twice the mean of 2.5.
		{source: "Gini, half the mean difference over the mean", measure: "gini", income: []float64{1, 2, 3, 4}, digits: 12, want: 20.0 / 16 / (2 * 2.5)},
		{source: "Gini with n/(n-1): one of four has all", measure: "gini", conventions: "gini-factor=n/(n-1)", income: []float64{0, 0, 0, 7}, digits: 12, want: 1},
		// Two who hold 1 and 3, the mean being 2.
		{source: "Theil's T, the mean of r ln r", measure: "theil", income: []float64{1, 3}, digits: 12, want: (0.5*math.Log(0.5) + 1.5*math.Log(1.5)) / 2},
		{source: "Theil's L, the mean of -ln r", measure: "mld", income: []float64{1, 3}, digits: 12, want: (math.Log(2) + math.Log(2.0/3)) / 2},
		{source: "Atkinson, one less the geometric mean over the mean", measure: "atkinson:1", income: []float64{1, 3}, digits: 12, want: 1 - math.Sqrt(3)/2},
		{source: "generalised entropy of order 2, half the squared coefficient of variation", measure: "ge:2", income: []float64{1, 3}, digits: 12, want: 0.125},
	} {
		c.holds(t)
	}
}
