package poverty

import "liandong/errs"

// gini is the Gini coefficient. The form "mid-rank" is
//
//	2 Σ w y (C - w/2) / (W Σ w y) - 1
//
// with C the cumulated weight in ascending order, the record's own included: half the mean absolute difference over the mean, Σ Σ w w' |y - y'| / (2 W Σ w y);
// Lerman and Yitzhaki, Journal of Econometrics 42 (1989), 43; laeken. The form "convey" has C - 1/2. Zeros are incomes like others, negative ones are outside
// the domain (with them it can pass 1); ties do not matter in the first form and follow the order of the file in the second.
type gini struct{}

func (gini) traits() traits {
	return traits{domain: NotNegative, inequality: true, conventions: []string{"gini", "gini-factor"}, rough: []string{"ties"}, title: errs.Text{ZH: "基尼系数", EN: "Gini coefficient"}}
}

func (gini) estimate(d distribution, s setting) (float64, errs.Text) {
	weight, income := total(d, sumWeight), total(d, sumIncome)
	if income <= 0 {
		return noIncome()
	}
	twice := 2 * total(d, sumRank)
	if s.c.Gini == GiniConvey {
		twice += total(d, sumSquare) - income
	}
	return smallSample(d, s.c.GiniFactor) * (twice/(weight*income) - 1), errs.Text{}
}

func smallSample(d distribution, factor string) float64 {
	var n float64
	switch factor {
	case FactorObservations:
		n = d.observations()
	case FactorPopulation:
		n = total(d, sumWeight)
	default:
		return 1
	}
	return n / (n - 1)
}

// The derivative of Σ w y R by a weight is y R + T - A, T the total income and A what those before hold and half of the record's own: Deville (1999), 197.
func (gini) influence(d *ordered, s setting, value float64, u []float64) float64 {
	weight, income := total(d, sumWeight), total(d, sumIncome)
	factor := smallSample(d, s.c.GiniFactor)
	raw := value / factor
	rank, held := d.rank(s.c.Ties)
	for i, y := range d.y {
		up := 2 * (y*rank[i] + income - held[i])
		if s.c.Gini == GiniConvey {
			up += 2*d.w[i]*y - y
		}
		u[i] = factor * (up/(weight*income) - (raw+1)*(1/weight+y/income))
	}
	return 0
}
