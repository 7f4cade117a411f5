package poverty

import "liandong/errs"

// Point is a place on a curve.
type Point struct{ X, Y float64 }

// curvePoints is the number of equal steps of a curve in a result.
const curvePoints = 100

// curve is a measure that is a line of points and has no single value, nor an error.
type curve interface {
	functional
	points(d distribution, s setting) []Point
}

// noInfluence is what a curve has in place of an influence.
type noInfluence struct{}

func (noInfluence) influence(_ *ordered, _ setting, _ float64, u []float64) float64 {
	clear(u)
	return 0
}

// lorenzCurve is the share of income (Lorenz, Publications of the American Statistical Association 9 (1905), 209), or for the generalised curve the
// income per head of everybody (Shorrocks, Economica 50 (1983), 3), that the poorest p hold, for p in hundredths: X the share of the population, Y what it holds.
type lorenzCurve struct {
	noInfluence
	generalised bool
}

func (l lorenzCurve) traits() traits {
	t := traits{domain: NotNegative, inequality: true, title: errs.Text{ZH: "洛伦兹曲线", EN: "Lorenz curve"}}
	if l.generalised {
		t.title = errs.Text{ZH: "广义洛伦兹曲线", EN: "Generalised Lorenz curve"}
	}
	return t
}

func (lorenzCurve) estimate(d distribution, _ setting) (float64, errs.Text) {
	if total(d, sumIncome) <= 0 {
		return noIncome()
	}
	return 0, errs.Text{}
}

func (l lorenzCurve) points(d distribution, _ setting) []Point {
	scale := 1.0
	if l.generalised {
		scale = mean(d)
	}
	points := make([]Point, curvePoints+1)
	for i := range points {
		p := float64(i) / curvePoints
		points[i] = Point{p, scale * lorenzAt(d, p)}
	}
	return points
}

// parade is Pen's parade (Pen, Income Distribution (1971), 48): everybody walks past in the order of income, as tall as the income is. X is the share of the
// population that has passed, at the middle of each hundredth, Y the income: the quantile function.
type parade struct{ noInfluence }

func (parade) traits() traits {
	return traits{conventions: []string{"quantile"}, title: errs.Text{ZH: "收入游行图（潘）", EN: "Pen’s parade"}}
}

func (parade) estimate(distribution, setting) (float64, errs.Text) { return 0, errs.Text{} }

func (parade) points(d distribution, s setting) []Point {
	points := make([]Point, curvePoints)
	for i := range points {
		p := (float64(i) + 0.5) / curvePoints
		points[i] = Point{p, quantile(d, p, d.length(), s.c.Quantile)}
	}
	return points
}

// incidenceCurve is the poverty incidence curve: for every line the share of the population that is poor by it, the distribution function of income (World
// Bank, Handbook on Poverty and Inequality (2009), chapter 4). X is the line, from zero in equal steps to the 95th percentile of incomes or twice the line,
// whichever is higher; Y the headcount ratio.
type incidenceCurve struct{ noInfluence }

func (incidenceCurve) traits() traits {
	return traits{conventions: []string{"poor"}, title: errs.Text{ZH: "贫困发生率曲线", EN: "Poverty incidence curve"}}
}

func (incidenceCurve) estimate(d distribution, s setting) (float64, errs.Text) {
	if !(incidenceEnd(d, s) > 0) {
		return undefined("几乎所有收入都不大于零，没有曲线可画。", "Nearly all incomes are zero or below, so there is no curve.")
	}
	return 0, errs.Text{}
}

func incidenceEnd(d distribution, s setting) float64 {
	const most = 0.95
	end := quantile(d, most, d.length(), s.c.Quantile)
	if 2*s.line > end {
		return 2 * s.line
	}
	return end
}

func (incidenceCurve) points(d distribution, s setting) []Point {
	end := incidenceEnd(d, s)
	points := make([]Point, curvePoints+1)
	for i := range points {
		line := end * float64(i) / curvePoints
		points[i] = Point{line, d.sum(sumWeight, poorCount(d, line, s.c)) / total(d, sumWeight)}
	}
	return points
}
