package poverty

import (
	"fmt"

	"liandong/errs"
)

// tailRatio is the income of the richest over that of the poorest: S80/S20 with a fifth on both ends (Eurostat, EU-SILC, "ratio of total income"), Palma's
// ratio with the richest tenth over the poorest two fifths (Palma, Development and Change 42 (2011), 102). With the convention "threshold" the poorest are the
// records up to the lower quantile and the richest those above the upper one, as whole records (laeken), and where ties leave nobody above it the ratio is not defined; with "interpolated" the Lorenz curve is cut.
type tailRatio struct{ bottom, top float64 }

func (r tailRatio) traits() traits {
	t := traits{domain: NotNegative, inequality: true, conventions: []string{"shares", "quantile"}, title: errs.Text{ZH: "收入五等份比 S80/S20", EN: "Quintile share ratio S80/S20"}}
	if r.bottom != 0.2 {
		t.title = errs.Text{ZH: "帕尔马比值", EN: "Palma ratio"}
	}
	return t
}

func (r tailRatio) estimate(d distribution, s setting) (float64, errs.Text) {
	if nobodyRicher(d, r.top, s.c) {
		return noneAbove()
	}
	poorest := shareOfPoorest(d, r.bottom, s.c)
	if !(poorest > 0) {
		return undefined("最穷的一组没有收入，该比没有定义。", "The poorest hold no income, so the ratio is not defined.")
	}
	return (1 - shareOfPoorest(d, r.top, s.c)) / poorest, errs.Text{}
}

func (r tailRatio) influence(d *ordered, s setting, value float64, u []float64) float64 {
	poorest := shareOfPoorest(d, r.bottom, s.c)
	of := make([]float64, len(u))
	shareInfluence(d, r.top, s.c, u)
	shareInfluence(d, r.bottom, s.c, of)
	for i := range u {
		u[i] = (-u[i] - value*of[i]) / poorest
	}
	return 0
}

// shareOfPoorest is the share of all income that the poorest p of the population hold.
func shareOfPoorest(d distribution, p float64, c *Conventions) float64 {
	if c.Shares == ShareInterpolated {
		return lorenzAt(d, p)
	}
	return d.sum(sumIncome, below(d, quantile(d, p, d.length(), c.Quantile), true)) / total(d, sumIncome)
}

// nobodyRicher reports whether whole records leave nobody above the quantile of order p, because those at the top are tied: the richest, taken so, are nobody.
func nobodyRicher(d distribution, p float64, c *Conventions) bool {
	return c.Shares == ShareThreshold && d.sum(sumWeight, below(d, quantile(d, p, d.length(), c.Quantile), true)) >= total(d, sumWeight)
}

func noneAbove() (float64, errs.Text) {
	return undefined("最高的收入有很多并列，没有人高于分位数，按整条记录划分时没有「最富的一组」。请选口径 shares=interpolated。",
		"So many are tied at the highest income that nobody is above the quantile: taken as whole records the richest are nobody. Choose the convention shares=interpolated.")
}

// shareInfluence needs no density: what moves the quantile q out adds income q for each person it adds, and the two densities cancel. With T the total
// income it is ((y - q) 1[y <= q] + p q - L y)/T: Langel and Tillé, Metrika 74 (2011), 101; Osier (2009), 174.
func shareInfluence(d *ordered, p float64, c *Conventions, u []float64) {
	rule := c.Quantile
	if c.Shares == ShareInterpolated {
		rule = QuantileLower
	}
	q, income, share := quantile(d, p, d.length(), rule), total(d, sumIncome), shareOfPoorest(d, p, c)
	for i, y := range d.y {
		u[i] = (p*q - share*y) / income
		if y <= q {
			u[i] += (y - q) / income
		}
	}
}

// lorenzShare is the share of income of the poorest or the richest p.
type lorenzShare struct {
	p   float64
	top bool
}

func (l lorenzShare) traits() traits {
	t := traits{domain: NotNegative, inequality: true, share: true, conventions: []string{"shares", "quantile"}}
	t.title = errs.Text{ZH: fmt.Sprintf("最穷的 %g%% 所占收入份额", 100*l.p), EN: fmt.Sprintf("Income share of the poorest %g %%", 100*l.p)}
	if l.top {
		t.title = errs.Text{ZH: fmt.Sprintf("最富的 %g%% 所占收入份额", 100*l.p), EN: fmt.Sprintf("Income share of the richest %g %%", 100*l.p)}
	}
	return t
}

func (l lorenzShare) estimate(d distribution, s setting) (float64, errs.Text) {
	switch {
	case total(d, sumIncome) <= 0:
		return noIncome()
	case l.top && nobodyRicher(d, 1-l.p, s.c):
		return noneAbove()
	case l.top:
		return 1 - shareOfPoorest(d, 1-l.p, s.c), errs.Text{}
	}
	return shareOfPoorest(d, l.p, s.c), errs.Text{}
}

func (l lorenzShare) influence(d *ordered, s setting, _ float64, u []float64) float64 {
	if !l.top {
		shareInfluence(d, l.p, s.c, u)
		return 0
	}
	shareInfluence(d, 1-l.p, s.c, u)
	for i := range u {
		u[i] = -u[i]
	}
	return 0
}
