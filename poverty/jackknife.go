package poverty

import (
	"math"

	"liandong/errs"
)

// The jackknife leaves out one sampling unit at a time and multiplies the weights of the others of its stratum by n/(n-1): Wolter, Introduction to
// Variance Estimation, 2nd edition (2007), 151-193 (JKn). The records are sorted once; for each stratum running sums are made once; a left-out unit corrects
// them for its own records, so that it costs a few operations for each of its records and none for the others.
//
// For quantiles, and so for measures that hang on a single one (median, percentile ratios, the relative median gap), the jackknife of single records is
// not consistent (Miller, Biometrika 61 (1974), 1); the result says so.
func (w *work) jackknife(cells []*cell, p *plan) {
	st := w.newStage(cells, p)
	members := st.places()
	values := make([]float64, p.units*len(cells))
	strata := p.members()
	workers := min(cores(w.query.Workers), len(strata))
	players := make(chan *player, workers)
	for range workers {
		players <- st.newPlayer()
	}
	inParallel(workers, len(strata), func(h int) {
		pl := <-players
		pl.leaveOut(strata[h], members, values)
		players <- pl
	})
	totals := make([]float64, p.units)
	for i, c := range cells {
		for u := range totals {
			totals[u] = values[u*len(cells)+i]
		}
		w.jackknifeErrors(c, p, totals)
	}
}

// places are where each unit's records stand in each distribution, unit u's from start[u] to start[u+1].
type places struct{ start, place []int32 }

func (st *stage) places() map[*baseline]places {
	all := map[*baseline]places{}
	for _, s := range st.scenes {
		all[s.base] = s.base.places(st.plan.units)
	}
	for _, l := range st.lines {
		if _, done := all[l.base]; !done {
			all[l.base] = l.base.places(st.plan.units)
		}
	}
	return all
}

func (b *baseline) places(units int) places {
	start := make([]int32, units+1)
	for _, u := range b.unit {
		start[u+1]++
	}
	for u := range units {
		start[u+1] += start[u]
	}
	place, next := make([]int32, len(b.unit)), append([]int32(nil), start...)
	for i, u := range b.unit {
		place[next[u]] = int32(i)
		next[u]++
	}
	return places{start, place}
}

// leaveOut plays once for each unit of a stratum.
func (pl *player) leaveOut(units []int32, members map[*baseline]places, values []float64) {
	if len(units) < 2 {
		for _, u := range units { // contributes nothing: the variance leaves out strata of one unit
			for i, c := range pl.cells {
				values[int(u)*len(pl.cells)+i] = c.result.Value
			}
		}
		return
	}
	multiple := make([]float64, pl.plan.units)
	for u := range multiple {
		multiple[u] = 1
	}
	for _, u := range units {
		multiple[u] = float64(len(units)) / float64(len(units)-1)
	}
	pl.weigh(multiple)
	views := map[*reweighted]*without{}
	for _, view := range pl.views {
		views[view] = newWithout(view, nil)
	}
	for _, u := range units {
		for view, left := range views {
			at := members[view.base]
			left.members = at.place[at.start[u]:at.start[u+1]]
		}
		pl.play(values[int(u)*len(pl.cells):(int(u)+1)*len(pl.cells)], func(view *reweighted) distribution { return views[view] })
	}
}

func (w *work) jackknifeErrors(c *cell, p *plan, values []float64) {
	variance := p.spread(values, w.c.SingleUnit, func(n float64) float64 { return (n - 1) / n })
	if math.IsNaN(variance) || math.IsInf(variance, 0) {
		c.result.NoError = withoutUnitText()
		return
	}
	c.result.SE = math.Sqrt(variance)
	if _, rough := c.measure.functional.(quantileIncome); rough {
		c.result.NoError = roughJackknife()
	}
	w.interval(c, p)
}

func withoutUnitText() errs.Text {
	return errs.Text{
		ZH: "去掉某个抽样单元后该指标没有定义，无法用刀切法估计误差。",
		EN: "Without one of the sampling units the measure is not defined, so the jackknife cannot estimate its error.",
	}
}

func roughJackknife() errs.Text {
	return errs.Text{
		ZH: "刀切法对分位数不一致，这个误差只供参考；请用线性化或自助法。",
		EN: "The jackknife is not consistent for quantiles; take this error as rough and use linearisation or the bootstrap.",
	}
}
