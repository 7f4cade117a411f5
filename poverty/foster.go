package poverty

import (
	"fmt"
	"math"

	"liandong/errs"
)

// foster is the class of Foster, Greer and Thorbecke, Econometrica 52 (1984), 761-766: (1/W) Σ_poor w ((z - y)/z)^α. α = 0 is the headcount ratio, 1 the
// poverty gap, 2 the squared gap (severity). Relative to a share of the median or mean it is Eurostat's at-risk-of-poverty rate. Negative incomes make
// gaps above 1 and are outside the domain for α > 0; zeros count as gaps of 1; ties do not matter.
type foster struct {
	alpha    float64
	relative bool
}

func (f foster) traits() traits {
	t := traits{line: true, share: true, relative: f.relative, conventions: []string{"poor"}}
	if f.alpha > 0 {
		t.domain = NotNegative
	}
	switch f.alpha {
	case 0:
		t.title = errs.Text{ZH: "贫困发生率", EN: "Headcount ratio"}
		if f.relative {
			t.title = errs.Text{ZH: "贫困风险率", EN: "At-risk-of-poverty rate"}
		}
	case 1:
		t.title = errs.Text{ZH: "贫困深度指数", EN: "Poverty gap"}
	case 2:
		t.title = errs.Text{ZH: "贫困强度指数", EN: "Squared poverty gap"}
	default:
		t.title = errs.Text{ZH: fmt.Sprintf("FGT 指数（α=%g）", f.alpha), EN: fmt.Sprintf("FGT index, alpha %g", f.alpha)}
	}
	return t
}

func (f foster) estimate(d distribution, s setting) (float64, errs.Text) {
	return d.sum(f.statistic(s), poorCount(d, s.line, s.c)) / total(d, sumWeight), errs.Text{}
}

func (f foster) statistic(s setting) statistic {
	if f.alpha == 0 {
		return sumWeight
	}
	return sumGap(f.alpha, s.line)
}

// The slope is the density at the line for α = 0 and (α/z²)·E[y (1 - y/z)^(α-1); poor] above: Osier (2009), 176, for α = 0.
func (f foster) influence(d *ordered, s setting, value float64, u []float64) (slope float64) {
	weight, poor, gap := total(d, sumWeight), poorCount(d, s.line, s.c), f.statistic(s)
	for i, y := range d.y {
		u[i] = -value / weight
		if i < poor {
			u[i] += gap.of(y) / weight
		}
	}
	if f.alpha == 0 {
		return d.density(s.line, s.c.Bandwidth)
	}
	lower := sumGap(f.alpha-1, s.line)
	var sum compensated
	for i, y := range d.y[:poor] {
		if y < s.line { // at the line the gap is zero, and for α < 1 its power infinite
			sum.add(float64(d.w[i] * y * lower.of(y)))
		}
	}
	return f.alpha * sum.value() / (s.line * s.line * weight)
}

// incomeGap is the income gap ratio, the mean gap of the poor relative to the line, FGT(1)/FGT(0): Sen, Econometrica 44 (1976), 223.
type incomeGap struct{}

func (incomeGap) traits() traits {
	return traits{line: true, domain: NotNegative, conventions: []string{"poor"}, title: errs.Text{ZH: "收入缺口率", EN: "Income gap ratio"}}
}

func (incomeGap) estimate(d distribution, s setting) (float64, errs.Text) {
	poor := poorCount(d, s.line, s.c)
	weight := d.sum(sumWeight, poor)
	if weight == 0 {
		return nobodyPoor()
	}
	return d.sum(sumGap(1, s.line), poor) / weight, errs.Text{}
}

func (incomeGap) influence(d *ordered, s setting, value float64, u []float64) (slope float64) {
	poor := poorCount(d, s.line, s.c)
	weight, income := d.sum(sumWeight, poor), d.sum(sumIncome, poor)
	for i, y := range d.y {
		u[i] = 0
		if i < poor {
			u[i] = ((s.line-y)/s.line - value) / weight
		}
	}
	return income/(s.line*s.line*weight) - value*d.density(s.line, s.c.Bandwidth)*total(d, sumWeight)/weight
}

// medianGap is the relative median at-risk-of-poverty gap, (z - median income of the poor)/z: Eurostat, EU-SILC; Osier (2009), 177.
type medianGap struct{}

func (medianGap) traits() traits {
	return traits{line: true, conventions: []string{"poor", "quantile"}, rough: []string{"bandwidth"}, title: errs.Text{ZH: "相对收入中位缺口", EN: "Relative median poverty gap"}}
}

func (medianGap) estimate(d distribution, s setting) (float64, errs.Text) {
	poor := poorCount(d, s.line, s.c)
	if d.sum(sumWeight, poor) == 0 {
		return nobodyPoor()
	}
	return (s.line - quantile(d, 0.5, poor, s.c.Quantile)) / s.line, errs.Text{}
}

// The median m of the poor solves F(m) = F(z)/2, so its influence is -(1[y <= m] - F(m) - (1[poor] - F(z))/2)/(W f(m)) and its slope f(z)/(2 f(m)).
func (medianGap) influence(d *ordered, s setting, value float64, u []float64) (slope float64) {
	poor := poorCount(d, s.line, s.c)
	weight := total(d, sumWeight)
	middle := s.line * (1 - value)
	atLine, atMiddle := d.density(s.line, s.c.Bandwidth), d.density(middle, s.c.Bandwidth)
	half := d.sum(sumWeight, poor) / weight / 2
	for i, y := range d.y {
		u[i] = (indicator(y <= middle) - half - (indicator(i < poor)-2*half)/2) / (weight * atMiddle * s.line)
	}
	return middle/(s.line*s.line) - atLine/(2*atMiddle*s.line)
}

// watts is Watts' measure, (1/W) Σ_poor w ln(z/y): Watts (1968), in Zheng, Journal of Economic Surveys 11 (1997), 142. It is defined for positive
// incomes.
type watts struct{}

func (watts) traits() traits {
	return traits{line: true, domain: Positive, conventions: []string{"poor"}, title: errs.Text{ZH: "瓦茨指数", EN: "Watts index"}}
}

func (watts) estimate(d distribution, s setting) (float64, errs.Text) {
	poor := poorCount(d, s.line, s.c)
	return (math.Log(s.line)*d.sum(sumWeight, poor) - d.sum(sumLog, poor)) / total(d, sumWeight), errs.Text{}
}

func (watts) influence(d *ordered, s setting, value float64, u []float64) (slope float64) {
	poor, weight := poorCount(d, s.line, s.c), total(d, sumWeight)
	for i, y := range d.y {
		u[i] = -value / weight
		if i < poor {
			u[i] += math.Log(s.line/y) / weight
		}
	}
	return d.sum(sumWeight, poor) / (weight * s.line)
}
