package poverty

import (
	"fmt"
	"math"

	"liandong/errs"
)

// entropy is the class of generalised entropy, with m the mean:
//
//	α other: (E[(y/m)^α] - 1) / (α (α - 1))
//	α = 1:   E[(y/m) ln(y/m)], Theil's T
//	α = 0:   E[ln(m/y)], the mean logarithmic deviation, Theil's L
//
// Cowell, Measuring Inequality, 3rd edition (2011), 62; Shorrocks, Econometrica 48 (1980), 613. Zeros are defined for α > 0 (0 ln 0 = 0); ties do not matter.
type entropy struct{ alpha float64 }

func (e entropy) traits() traits {
	t := traits{domain: Positive, inequality: true, title: errs.Text{ZH: fmt.Sprintf("广义熵指数（α=%g）", e.alpha), EN: fmt.Sprintf("Generalised entropy, alpha %g", e.alpha)}}
	if e.alpha > 0 {
		t.domain = NotNegative
	}
	switch e.alpha {
	case 0:
		t.title = errs.Text{ZH: "平均对数离差（泰尔 L）", EN: "Mean log deviation (Theil L)"}
	case 1:
		t.title = errs.Text{ZH: "泰尔指数（泰尔 T）", EN: "Theil index (Theil T)"}
	}
	return t
}

// moment is the mean of the function of income that the index is made of.
func (e entropy) moment(d distribution) float64 { return total(d, e.statistic()) / total(d, sumWeight) }

func (e entropy) statistic() statistic {
	switch e.alpha {
	case 0:
		return sumLog
	case 1:
		return sumIncomeLog
	}
	return sumPower(e.alpha)
}

func (e entropy) estimate(d distribution, _ setting) (float64, errs.Text) {
	m := mean(d)
	if m <= 0 {
		return noIncome()
	}
	switch e.alpha {
	case 0:
		return math.Log(m) - e.moment(d), errs.Text{}
	case 1:
		return e.moment(d)/m - math.Log(m), errs.Text{}
	}
	return (e.moment(d)*math.Pow(m, -e.alpha) - 1) / (e.alpha * (e.alpha - 1)), errs.Text{}
}

func (e entropy) influence(d *ordered, _ setting, _ float64, u []float64) float64 {
	weight, m, moment, f := total(d, sumWeight), mean(d), e.moment(d), e.statistic()
	var byMoment, byMean float64
	switch e.alpha {
	case 0:
		byMoment, byMean = -1, 1/m
	case 1:
		byMoment, byMean = 1/m, -moment/(m*m)-1/m
	default:
		scale := math.Pow(m, -e.alpha) / (e.alpha * (e.alpha - 1))
		byMoment, byMean = scale, -e.alpha*moment*scale/m
	}
	for i, y := range d.y {
		u[i] = (byMoment*(f.of(y)-moment) + byMean*(y-m)) / weight
	}
	return 0
}

// atkinson is Atkinson's measure, 1 - (E[y^(1-ε)])^(1/(1-ε)) / m, and 1 - exp(E[ln y])/m for ε = 1: Atkinson, Journal of Economic Theory 2 (1970), 257.
// Zeros are defined for ε < 1; ties do not matter.
type atkinson struct{ epsilon float64 }

func (a atkinson) traits() traits {
	t := traits{domain: Positive, inequality: true, title: errs.Text{ZH: fmt.Sprintf("阿特金森指数（ε=%g）", a.epsilon), EN: fmt.Sprintf("Atkinson index, epsilon %g", a.epsilon)}}
	if a.epsilon < 1 {
		t.domain = NotNegative
	}
	return t
}

func (a atkinson) statistic() statistic {
	if a.epsilon == 1 {
		return sumLog
	}
	return sumPower(1 - a.epsilon)
}

// equivalent is the income that, held by everybody, would be as good.
func (a atkinson) equivalent(moment float64) float64 {
	if a.epsilon == 1 {
		return math.Exp(moment)
	}
	return math.Pow(moment, 1/(1-a.epsilon))
}

func (a atkinson) estimate(d distribution, _ setting) (float64, errs.Text) {
	m := mean(d)
	if m <= 0 {
		return noIncome()
	}
	return 1 - a.equivalent(total(d, a.statistic())/total(d, sumWeight))/m, errs.Text{}
}

func (a atkinson) influence(d *ordered, _ setting, _ float64, u []float64) float64 {
	weight, m, f := total(d, sumWeight), mean(d), a.statistic()
	moment := total(d, f) / weight
	equivalent := a.equivalent(moment)
	slope := equivalent // of the equivalent by the moment
	if a.epsilon != 1 {
		slope = equivalent / (moment * (1 - a.epsilon))
	}
	for i, y := range d.y {
		u[i] = (-slope*(f.of(y)-moment)/m + equivalent*(y-m)/(m*m)) / weight
	}
	return 0
}
