package poverty

import (
	"math"

	"liandong/errs"
)

// Linearisation: the variance of an estimate is that of the total Σ w u of its influence u, the derivative of the estimate by each record's weight
// (Deville, Survey Methodology 25 (1999), 193; Demnati and Rao, Survey Methodology 30 (2004), 17). An estimated line adds its own influence times the
// estimate's slope in the line. Records outside a group have the influence of the line alone, and stay in the design.

func (w *work) linear(cells []*cell, p *plan) {
	n := len(w.sample.Income)
	lines := w.lineInfluences(cells)
	workers := min(cores(w.query.Workers), len(cells))
	buffers := make(chan []float64, max(1, workers))
	for range cap(buffers) {
		buffers <- make([]float64, n)
	}
	inParallel(workers, len(cells), func(i int) {
		u := <-buffers
		w.linearCell(cells[i], p, u, lines[cells[i].line])
		buffers <- u
	})
}

// lineInfluences are the influences of the national lines by row.
func (w *work) lineInfluences(cells []*cell) map[Line][]float64 {
	lines := map[Line][]float64{}
	if w.c.LineScope != LineNational || w.c.LineError == LineErrorOut {
		return lines
	}
	whole := w.groups[0].whole
	for _, c := range cells {
		if _, done := lines[c.line]; done || !c.line.relative() {
			continue
		}
		u, byRow := make([]float64, whole.length()), make([]float64, whole.length())
		c.line.influence(whole, w.c, u)
		for i, r := range whole.row {
			byRow[r] = u[i]
		}
		lines[c.line] = byRow
	}
	return lines
}

// linearCell writes the influence of each row into u, a buffer, and the errors into the result.
func (w *work) linearCell(c *cell, p *plan, u, line []float64) {
	g, s, r := &w.groups[c.group], w.setting(c), c.result
	d := g.fit[c.traits.domain].d
	own := make([]float64, d.length())
	slope := c.measure.influence(d, s, r.Value, own)
	clear(u)
	for i, row := range d.row {
		u[row] = own[i]
	}
	switch {
	case !c.line.relative() || w.c.LineError == LineErrorOut:
	case line != nil:
		for row := range u {
			u[row] += slope * line[row]
		}
	default:
		w.addLocalLine(g.whole, c.line, slope, u)
	}
	totals := make([]float64, p.units)
	for row, x := range u {
		totals[p.unitOf(row)] += w.weight[row] * x
	}
	variance := p.spread(totals, w.c.SingleUnit, func(n float64) float64 { return n / (n - 1) })
	if math.IsNaN(variance) || math.IsInf(variance, 0) {
		r.NoError = errs.Text{ZH: "收入在分位数附近没有可估计的密度，线性化误差没有定义。", EN: "The density of incomes near a quantile cannot be estimated, so the linearised error is not defined."}
		return
	}
	r.SE = math.Sqrt(variance)
	r.DesignEffect = variance / simpleVariance(u, w.weight)
	w.interval(c, p)
}

func (w *work) addLocalLine(whole *ordered, line Line, slope float64, u []float64) {
	of := make([]float64, whole.length())
	line.influence(whole, w.c, of)
	for i, row := range whole.row {
		u[row] += slope * of[i]
	}
}

// simpleVariance is the variance that a simple random sample of as many records, drawn with replacement, would have: W²/n times the weighted variance
// of the influence: Kish, Survey Sampling (1965), 258; survey's deff = "replace".
func simpleVariance(u, weights []float64) float64 {
	var weight, sum, n float64
	for row, x := range u {
		weight += weights[row]
		sum += weights[row] * x
		n += indicator(weights[row] > 0)
	}
	centre, squares := sum/weight, 0.0
	for row, x := range u {
		squares += weights[row] * (x - centre) * (x - centre)
	}
	return weight * squares / (n - 1)
}
