package targeting

import (
	"math"
	"slices"

	"liandong/errs"
	"liandong/poverty"
)

// auc is the area under the ROC curve of a score for the poor: the probability that a poor person scores on the poor side of another one who is not, ties
// counting half,
//
//	Σ_p Σ_o v_p v_o ψ(p, o) / (Σ v_p Σ v_o)
//
// (Hanley and McNeil, Radiology 143 (1982), 29). of is the mean ψ of each record against the other class, from which come DeLong's error and, less the area
// and over the weight of the own class, the influence.
type auc struct {
	value   float64
	of      []float64
	classes [2]float64 // weight of the poor and of the others
}

// separation is how near to 0 or 1 an area must be to be one of them but for rounding.
const separation = 1e-12

// ordering adds the area, its errors and the curve.
func (a *assessment) ordering(q *Query) {
	title := errs.Text{ZH: "ROC 曲线下面积", EN: "Area under the ROC curve"}
	delong := errs.Text{ZH: "ROC 曲线下面积（DeLong 误差）", EN: "Area under the ROC curve, with DeLong's error"}
	add := func(r, d poverty.Inference) {
		a.report.Terms = append(a.report.Terms, Term{"auc", title, r}, Term{"auc-delong", delong, d})
	}
	r := a.area()
	if why := r.undefined(); !why.IsZero() {
		add(poverty.Undefined(why), poverty.Undefined(why))
		return
	}
	u := make([]float64, len(r.of))
	for i, mean := range r.of {
		u[i] = (mean - r.value) / r.classes[int(a.other[i])]
	}
	level := q.Errors.Level
	if level == 0 {
		level = 0.95
	}
	designed, paired := a.f.Influence(r.value, u, true), a.delong(r, level)
	if r.value < separation || r.value > 1-separation {
		separated := errs.Text{ZH: "得分把两类人完全分开，误差无法由样本估计。", EN: "The score separates the two without exception, and the error cannot be estimated from the sample."}
		designed.WithoutError(separated)
		paired.WithoutError(separated)
	}
	add(designed, paired)
	a.report.Curve = a.roc(r)
}

func (r *auc) undefined() errs.Text {
	switch {
	case r.classes[0] == 0:
		return nobodyPoor()
	case r.classes[1] == 0:
		return everybodyPoor()
	}
	return errs.Text{}
}

// byScore lists the records from the poorest by score.
func (a *assessment) byScore() []int {
	order := make([]int, len(a.sample.Score))
	for i := range order {
		order[i] = i
	}
	sign := 1.0
	if a.sample.Poorer {
		sign = -1
	}
	slices.SortStableFunc(order, func(x, y int) int {
		switch d := sign * (a.sample.Score[x] - a.sample.Score[y]); {
		case d < 0:
			return -1
		case d > 0:
			return 1
		}
		return 0
	})
	return order
}

// tiedScores calls once for each score, from the poorest, with its records and their weight by class.
func (a *assessment) tiedScores(each func(records []int, held [2]float64)) {
	order, weight := a.byScore(), a.f.Weight()
	for from := 0; from < len(order); {
		to, held := from, [2]float64{}
		for to < len(order) && a.sample.Score[order[to]] == a.sample.Score[order[from]] {
			held[int(a.other[order[to]])] += weight[order[to]]
			to++
		}
		each(order[from:to], held)
		from = to
	}
}

func (a *assessment) area() *auc {
	r := &auc{of: make([]float64, len(a.sample.Score)), classes: [2]float64{a.f.Sum(a.poor), a.f.Sum(a.other)}}
	if r.classes[0] == 0 || r.classes[1] == 0 {
		return r
	}
	var before [2]float64
	a.tiedScores(func(records []int, held [2]float64) {
		for _, i := range records {
			if a.poor[i] == 1 {
				r.of[i] = 1 - (before[1]+held[1]/2)/r.classes[1]
			} else {
				r.of[i] = (before[0] + held[0]/2) / r.classes[0]
			}
		}
		before[0] += held[0]
		before[1] += held[1]
	})
	r.value = a.f.Sum(times(r.of, a.poor)) / r.classes[0]
	return r
}

// delong has the error of DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988), 837: the variance of the means ψ of the m poor over m plus that of the n
// others over n. It is for records drawn by themselves with equal weights; elsewhere it is not defined and the design's error stands.
func (a *assessment) delong(r *auc, level float64) poverty.Inference {
	result := poverty.Inference{Value: r.value, SE: math.NaN(), Low: math.NaN(), High: math.NaN(), DesignEffect: math.NaN()}
	weight := a.f.Weight()
	design := &a.sample.Design
	equal := !slices.ContainsFunc(weight, func(w float64) bool { return w != weight[0] })
	m, n := float64(a.report.Poor), float64(a.report.N-a.report.Poor)
	switch {
	case design.Census:
		result.NoError = errs.Text{ZH: "全面调查，没有抽样误差。", EN: "This is a census: there is no sampling error."}
		return result
	case !equal || design.Unit.Present() || design.Stratum.Present():
		result.NoError = errs.Text{ZH: "DeLong 误差只用于等权的简单随机样本。", EN: "DeLong's error is for simple random samples with equal weights."}
		return result
	case m < 2 || n < 2:
		result.NoError = errs.Text{ZH: "贫困者和非贫困者各需至少两人。", EN: "There must be at least two poor and two others."}
		return result
	}
	var squares [2]float64
	for i, mean := range r.of {
		squares[int(a.other[i])] += (mean - r.value) * (mean - r.value)
	}
	result.SE = math.Sqrt(squares[0]/(m*(m-1)) + squares[1]/(n*(n-1)))
	half := math.Sqrt2 * math.Erfinv(level) * result.SE
	result.Low, result.High = r.value-half, r.value+half
	return result
}

// roc is the curve from (0, 0): one point for each score.
func (a *assessment) roc(r *auc) []poverty.Point {
	points, taken := []poverty.Point{{}}, [2]float64{}
	a.tiedScores(func(_ []int, held [2]float64) {
		taken[0] += held[0]
		taken[1] += held[1]
		points = append(points, poverty.Point{X: taken[1] / r.classes[1], Y: taken[0] / r.classes[0]})
	})
	return thinned(points)
}
