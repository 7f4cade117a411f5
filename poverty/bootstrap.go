package poverty

import (
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"

	"liandong/errs"
)

// scene is one distribution that replications re-weigh: a group's records of one domain.
type scene struct {
	base  *baseline
	cells []int // of the alive cells
}

// stage is everything that a replication computes: the lines from whole distributions, then the measures.
type stage struct {
	work   *work
	plan   *plan
	cells  []*cell
	scenes []scene
	lines  []lineScene
	lineOf []int // of each cell: its entry of lines, or -1 for a fixed line
}

// lineScene is a line that each replication estimates anew.
type lineScene struct {
	base *baseline
	line Line
}

// newStage shares distributions among the cells that use the same records.
func (w *work) newStage(cells []*cell, p *plan) *stage {
	st := &stage{work: w, plan: p, cells: cells, lineOf: make([]int, len(cells))}
	bases := map[*ordered]*baseline{}
	base := func(d *ordered, line float64) *baseline {
		if bases[d] == nil {
			bases[d] = newBaseline(d, p, line)
		}
		return bases[d]
	}
	for i, c := range cells {
		g := &w.groups[c.group]
		b := base(g.fit[c.traits.domain].d, g.line)
		at := slices.IndexFunc(st.scenes, func(s scene) bool { return s.base == b })
		if at < 0 {
			at, st.scenes = len(st.scenes), append(st.scenes, scene{base: b})
		}
		st.scenes[at].cells = append(st.scenes[at].cells, i)
		st.lineOf[i] = -1
		if c.line.relative() && w.c.LineError == LineErrorIn {
			st.lineOf[i] = st.lineAt(base(w.lineGroup(c).whole, w.lineGroup(c).line), c.line)
		}
	}
	return st
}

// lineGroup is the group whose incomes make the cell's line.
func (w *work) lineGroup(c *cell) *group {
	if w.c.LineScope == LineNational {
		return &w.groups[0]
	}
	return &w.groups[c.group]
}

func (st *stage) lineAt(b *baseline, line Line) int {
	at := slices.Index(st.lines, lineScene{b, line})
	if at < 0 {
		at, st.lines = len(st.lines), append(st.lines, lineScene{b, line})
	}
	return at
}

// player computes replications, one at a time, with memory of its own.
type player struct {
	*stage
	views map[*baseline]*reweighted
	lines []float64
}

func (st *stage) newPlayer() *player {
	pl := &player{stage: st, views: map[*baseline]*reweighted{}, lines: make([]float64, len(st.lines))}
	for _, s := range st.scenes {
		pl.views[s.base] = newReweighted(s.base)
	}
	for _, l := range st.lines {
		if pl.views[l.base] == nil {
			pl.views[l.base] = newReweighted(l.base)
		}
	}
	return pl
}

// weigh starts a replication.
func (pl *player) weigh(multiple []float64) {
	for _, view := range pl.views {
		view.weigh(multiple)
	}
}

// play writes the value of every cell; NaN where the replication leaves it undefined. see gives the distribution to use for a view.
func (pl *player) play(values []float64, see func(*reweighted) distribution) {
	w := pl.work
	for i, l := range pl.stage.lines {
		pl.lines[i] = l.line.at(see(pl.views[l.base]), w.c)
	}
	for _, s := range pl.scenes {
		d := see(pl.views[s.base])
		empty := !(total(d, sumWeight) > 0)
		for _, i := range s.cells {
			values[i] = math.NaN()
			c := pl.cells[i]
			set := w.setting(c)
			if at := pl.lineOf[i]; at >= 0 {
				set.line = pl.lines[at]
			}
			if !empty && (!c.traits.inequality || d.observations() > 1) {
				values[i], _ = c.measure.estimate(d, set)
			}
		}
	}
}

type drawingPlayer struct {
	*player
	*drawer
}

// bootstrap draws units with replacement within strata, as many times as asked for. Replication b depends on the seed and b alone.
func (w *work) bootstrap(cells []*cell, p *plan) {
	st := w.newStage(cells, p)
	count := w.query.Errors.Replications
	values := make([]float64, count*len(cells))
	workers := min(cores(w.query.Workers), count)
	players := make(chan *drawingPlayer, workers)
	for range workers {
		players <- &drawingPlayer{st.newPlayer(), p.newDrawer()}
	}
	inParallel(workers, count, func(b int) {
		d := <-players
		d.draw(w.query.Errors.Seed, uint64(b), w.c.Bootstrap)
		d.weigh(d.multiple)
		d.play(values[b*len(cells):(b+1)*len(cells)], func(view *reweighted) distribution { return view })
		players <- d
	})
	for i, c := range cells {
		of := make([]float64, 0, count)
		for b := range count {
			if v := values[b*len(cells)+i]; !math.IsNaN(v) && !math.IsInf(v, 0) {
				of = append(of, v)
			}
		}
		w.bootstrapErrors(c, p, of, count)
	}
}

// drawer draws units.
type drawer struct {
	plan     *plan
	multiple []float64
	strata   [][]int32
}

func (p *plan) newDrawer() *drawer {
	return &drawer{plan: p, multiple: make([]float64, p.units), strata: p.members()}
}

// members are the units of each stratum.
func (p *plan) members() [][]int32 {
	strata := make([][]int32, len(p.size))
	for u := range p.units {
		h := p.stratumOf(u)
		strata[h] = append(strata[h], int32(u))
	}
	return strata
}

// draw gives each unit how often it was drawn, times what makes up for drawing one less than there are. A stratum of one unit keeps
// it. Where a good part f of a stratum was drawn, the distance from one is shrunk by the root of 1 - f.
func (d *drawer) draw(seed, replication uint64, rule string) {
	source := rand.NewPCG(seed, replication)
	clear(d.multiple)
	for h, units := range d.strata {
		n := len(units)
		draws, each := n, 1.0
		if rule == BootstrapRescaled && n > 1 {
			draws, each = n-1, float64(n)/float64(n-1)
		}
		for range draws {
			d.multiple[units[below64(source, uint64(n))]] += each
		}
		if left := d.plan.factor[h]; left < 1 {
			for _, u := range units {
				d.multiple[u] = 1 + math.Sqrt(left)*(d.multiple[u]-1)
			}
		}
	}
}

// below64 is a number from 0 to n-1. It takes the high half of a product, whose bias, below n/2^64, no bootstrap can show.
func below64(source *rand.PCG, n uint64) uint64 {
	high, _ := bits.Mul64(source.Uint64(), n)
	return high
}

func (w *work) bootstrapErrors(c *cell, p *plan, values []float64, asked int) {
	r := c.result
	if lost := asked - len(values); lost > 0 {
		r.Notes = append(r.Notes, lostReplications(lost, asked))
	}
	r.replicated(values, w.c.Interval, w.query.Errors.Level, p.freedom(), c.traits.share)
}

// replicated fills in the error from the values of replications.
func (r *Inference) replicated(values []float64, rule string, level, freedom float64, share bool) {
	if len(values) < 2 {
		r.NoError = errs.Text{ZH: "自助法的重复样本中该指标大多没有定义，无法估计误差。", EN: "The measure is not defined in most replications of the bootstrap, so no error can be estimated."}
		return
	}
	centre, squares := sumOf(values)/float64(len(values)), 0.0
	for _, v := range values {
		squares += (v - centre) * (v - centre)
	}
	r.SE = math.Sqrt(squares / float64(len(values)-1))
	if rule != IntervalPercentile {
		r.enclose(rule, level, freedom, share)
		return
	}
	slices.Sort(values)
	tail := (1 - level) / 2
	r.Low, r.High = percentile(values, tail), percentile(values, 1-tail)
}

// percentile is Hyndman and Fan's definition 6, the expected place of an order statistic.
func percentile(sorted []float64, p float64) float64 {
	at := p*float64(len(sorted)+1) - 1
	low := min(max(int(math.Floor(at)), 0), len(sorted)-1)
	high := min(low+1, len(sorted)-1)
	return sorted[low] + (sorted[high]-sorted[low])*min(max(at-float64(low), 0), 1)
}

func lostReplications(lost, asked int) errs.Text {
	return errs.Text{
		ZH: fmt.Sprintf("%d 次重复中有 %d 次该指标没有定义，未计入误差。", asked, lost),
		EN: fmt.Sprintf("In %d of %d replications the measure is not defined; they are left out of the error.", lost, asked),
	}
}
