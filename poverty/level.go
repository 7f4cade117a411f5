package poverty

import (
	"fmt"

	"liandong/errs"
)

// meanIncome is Σ w y / Σ w.
type meanIncome struct{}

func (meanIncome) traits() traits {
	return traits{title: errs.Text{ZH: "平均收入", EN: "Mean income"}}
}

func (meanIncome) estimate(d distribution, _ setting) (float64, errs.Text) {
	return mean(d), errs.Text{}
}

func (meanIncome) influence(d *ordered, _ setting, value float64, u []float64) float64 {
	weight := total(d, sumWeight)
	for i, y := range d.y {
		u[i] = (y - value) / weight
	}
	return 0
}

// quantileIncome is the income below which the share p of the population is; see the convention "quantile". Its influence is
// -(1[y <= q] - p) / (W f(q)) with f the density of income: Deville, Survey Methodology 25 (1999), 193-203; Osier, Survey Research Methods 3 (2009), 172.
type quantileIncome struct{ p float64 }

func (q quantileIncome) traits() traits {
	t := traits{conventions: []string{"quantile"}, rough: []string{"bandwidth"}, title: errs.Text{ZH: "收入中位数", EN: "Median income"}}
	if q.p != 0.5 {
		t.title = errs.Text{ZH: fmt.Sprintf("收入的 %g 分位数", q.p), EN: fmt.Sprintf("Income quantile %g", q.p)}
	}
	return t
}

func (q quantileIncome) estimate(d distribution, s setting) (float64, errs.Text) {
	return quantile(d, q.p, d.length(), s.c.Quantile), errs.Text{}
}

func (q quantileIncome) influence(d *ordered, s setting, value float64, u []float64) float64 {
	scale := -1 / (total(d, sumWeight) * d.density(value, s.c.Bandwidth))
	for i, y := range d.y {
		u[i] = scale * (indicator(y <= value) - q.p)
	}
	return 0
}

func indicator(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// percentileRatio is one quantile over another, as P90/P10.
type percentileRatio struct{ high, low float64 }

func (r percentileRatio) traits() traits {
	return traits{
		conventions: []string{"quantile"}, rough: []string{"bandwidth"}, inequality: true, domain: NotNegative,
		title: errs.Text{ZH: fmt.Sprintf("百分位比 P%g/P%g", 100*r.high, 100*r.low), EN: fmt.Sprintf("Percentile ratio P%g/P%g", 100*r.high, 100*r.low)},
	}
}

func (r percentileRatio) estimate(d distribution, s setting) (float64, errs.Text) {
	n := d.length()
	low := quantile(d, r.low, n, s.c.Quantile)
	if low <= 0 {
		return undefined("作为分母的分位数不大于零，该比没有定义。", "The quantile below is not above zero, so the ratio is not defined.")
	}
	return quantile(d, r.high, n, s.c.Quantile) / low, errs.Text{}
}

func (r percentileRatio) influence(d *ordered, s setting, value float64, u []float64) float64 {
	low, _ := quantileIncome{r.low}.estimate(d, s)
	of := make([]float64, len(u))
	quantileIncome{r.high}.influence(d, s, value*low, u)
	quantileIncome{r.low}.influence(d, s, low, of)
	for i := range u {
		u[i] = (u[i] - value*of[i]) / low
	}
	return 0
}
