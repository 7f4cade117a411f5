package poverty

import "liandong/errs"

// sen is Sen's measure. With q the weight of the poor, R the middle rank of a poor record and z the line, the limit form is
//
//	2/(q W z) · Σ_poor w (z - y)(q - R)  =  H [I + (1 - I) G]
//
// H the headcount ratio, I the income gap ratio, G the Gini coefficient of the poor: Sen, Econometrica 44 (1976), 223, theorem 1 for many poor. The
// finite form is his 2/((q+1) n z) Σ (z - y_i)(q + 1 - i), theorem 1, with weights as numbers of persons. Ties do not matter.
type sen struct{}

func (sen) traits() traits {
	return traits{line: true, domain: NotNegative, conventions: []string{"poor", "sen"}, rough: []string{"ties", "bandwidth"}, title: errs.Text{ZH: "森贫困指数", EN: "Sen index"}}
}

// extra is what the finite form adds: rank i of a person is R + 1/2, and q + 1 - i = q + 1/2 - R.
func (sen) extra(c *Conventions) float64 { return indicator(c.Sen == FormFinite) }

func (m sen) estimate(d distribution, s setting) (float64, errs.Text) {
	poor := poorCount(d, s.line, s.c)
	q := d.sum(sumWeight, poor)
	if q == 0 {
		return 0, errs.Text{}
	}
	e := m.extra(s.c)
	return 2 * m.gaps(d, s.line, poor, q, e/2) / ((q + e) * total(d, sumWeight) * s.line), errs.Text{}
}

// gaps is Σ_poor w (z - y)(q + c - R). Σ_poor w R is q²/2 exactly.
func (sen) gaps(d distribution, line float64, poor int, q, c float64) float64 {
	return (q+c)*(line*q-d.sum(sumIncome, poor)) - line*q*q/2 + d.sum(sumRank, poor)
}

func (m sen) influence(d *ordered, s setting, value float64, u []float64) (slope float64) {
	poor, weight := poorCount(d, s.line, s.c), total(d, sumWeight)
	q, e := d.sum(sumWeight, poor), m.extra(s.c)
	if q == 0 {
		clear(u)
		return 0
	}
	gaps, scale := m.gaps(d, s.line, poor, q, e/2), 2/((q+e)*weight*s.line)
	rank, held := d.rank(s.c.Ties)
	for i, y := range d.y {
		u[i] = -value / weight
		if i < poor {
			up := (s.line-y)*(q+e/2-rank[i]) + s.line*rank[i] - held[i]
			u[i] += scale*up - value/(q+e)
		}
	}
	more := weight * d.density(s.line, s.c.Bandwidth) // the poor that a higher line adds, each with a gap of zero
	return scale*(q*(q+e)/2+more*(s.line*q-d.sum(sumIncome, poor))-gaps/s.line) - value*more/(q+e)
}

// senShorrocksThon is μ_x (1 + G_x), x the gaps max(0, (z-y)/z) of everybody, G_x their Gini coefficient:
//
//	2/W² · Σ_poor w x (W - R)
//
// Shorrocks, Econometrica 63 (1995), 1228. The finite form is Thon's 2/(n(n+1)) Σ x_i (n + 1 - i), Review of Income and Wealth 25 (1979), 438, with weights as
// numbers of persons.
type senShorrocksThon struct{}

func (senShorrocksThon) traits() traits {
	return traits{line: true, domain: NotNegative, conventions: []string{"poor", "sst"}, rough: []string{"ties"}, title: errs.Text{ZH: "森-肖罗克斯-索恩指数", EN: "Sen-Shorrocks-Thon index"}}
}

func (senShorrocksThon) extra(c *Conventions) float64 { return indicator(c.SST == FormFinite) }

func (m senShorrocksThon) estimate(d distribution, s setting) (float64, errs.Text) {
	poor, weight, e := poorCount(d, s.line, s.c), total(d, sumWeight), m.extra(s.c)
	return 2 * m.gaps(d, s.line, poor, weight+e/2) / (weight * (weight + e)), errs.Text{}
}

// gaps is Σ_poor w x (n - R).
func (senShorrocksThon) gaps(d distribution, line float64, poor int, n float64) float64 {
	q := d.sum(sumWeight, poor)
	return n*(q-d.sum(sumIncome, poor)/line) - q*q/2 + d.sum(sumRank, poor)/line
}

func (m senShorrocksThon) influence(d *ordered, s setting, value float64, u []float64) (slope float64) {
	poor, weight, e := poorCount(d, s.line, s.c), total(d, sumWeight), m.extra(s.c)
	rank, held := d.rank(s.c.Ties)
	q, income := d.sum(sumWeight, poor), d.sum(sumIncome, poor)
	scale := 2 / (weight * (weight + e))
	for i, y := range d.y {
		up := q - income/s.line
		if i < poor {
			up = (1-y/s.line)*(weight+e/2-rank[i]) + rank[i] - held[i]/s.line
		}
		u[i] = scale*up - value*(1/weight+1/(weight+e))
	}
	return scale * ((weight+e/2)*income - d.sum(sumRank, poor)) / (s.line * s.line)
}
