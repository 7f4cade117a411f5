package poverty

import (
	"math"
	"slices"
	"sync"
)

// reweighted is a distribution with other weights: one replication of a bootstrap, or the base of a jackknife. Sums come from running sums, made when
// asked for and kept until the weights change.
type reweighted struct {
	base    *baseline
	w       []float64
	count   float64
	running []runningSum
}

type runningSum struct {
	statistic
	fresh bool
	upTo  []float64 // [i]: the first i records
}

// baseline is what all replications of a distribution share.
type baseline struct {
	*ordered
	unit []int32 // of each record, ascending in income
	line float64 // of the gaps that are worth keeping

	mu     sync.Mutex
	values map[statistic][]float64
}

func newBaseline(d *ordered, p *plan, line float64) *baseline {
	b := &baseline{ordered: d, unit: make([]int32, d.length()), line: line, values: map[statistic][]float64{}}
	for i, row := range d.row {
		b.unit[i] = int32(p.unitOf(int(row)))
	}
	return b
}

// of gives the statistic's function of every income.
func (b *baseline) of(s statistic) []float64 {
	if s.kind == kindIncome {
		return b.y
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	values, made := b.values[s]
	if !made {
		values = make([]float64, len(b.y))
		for i, y := range b.y {
			values[i] = s.of(y)
		}
		b.values[s] = values
	}
	return values
}

func newReweighted(b *baseline) *reweighted {
	return &reweighted{base: b, w: make([]float64, len(b.y))}
}

// weigh gives each record its weight times the multiple of its unit.
func (d *reweighted) weigh(multiple []float64) {
	d.count = 0
	for i, u := range d.base.unit {
		d.w[i] = d.base.w[i] * multiple[u]
		d.count += indicator(d.w[i] > 0)
	}
	for i := range d.running {
		d.running[i].fresh = false
	}
}

func (d *reweighted) length() int           { return len(d.w) }
func (d *reweighted) income(i int) float64  { return d.base.y[i] }
func (d *reweighted) observations() float64 { return d.count }

func (d *reweighted) sum(s statistic, to int) float64 {
	if s.kind == kindGap && s.line != d.base.line {
		return d.gap(s, to)
	}
	return d.sums(s)[to]
}

// sums are the running sums of a statistic.
func (d *reweighted) sums(s statistic) []float64 {
	at := slices.IndexFunc(d.running, func(r runningSum) bool { return r.statistic == s })
	if at < 0 {
		at = len(d.running)
		d.running = append(d.running, runningSum{statistic: s, upTo: make([]float64, len(d.w)+1)})
	}
	if d.running[at].fresh {
		return d.running[at].upTo
	}
	upTo := d.running[at].upTo
	d.running[at].fresh = true
	sum := 0.0
	switch s.kind {
	case kindWeight:
		for i, w := range d.w {
			sum += w
			upTo[i+1] = sum
		}
	case kindRank:
		weights := d.sums(sumWeight)
		for i, w := range d.w {
			sum += w * d.base.y[i] * (weights[i] + w/2)
			upTo[i+1] = sum
		}
	case kindSquare:
		for i, w := range d.w {
			sum += w * w * d.base.y[i]
			upTo[i+1] = sum
		}
	default:
		of := d.base.of(s)
		for i, w := range d.w {
			sum += w * of[i]
			upTo[i+1] = sum
		}
	}
	return upTo
}

// largestBinomial is the highest order of a gap that is multiplied out; above it cancellation would cost too many digits.
const largestBinomial = 6

// gap is the sum of gaps to a line that moves with the replication. Whole orders are multiplied out into powers of income, whose sums are kept.
func (d *reweighted) gap(s statistic, to int) float64 {
	if multipliesOut(s.order) {
		return gapOfPowers(d, s, to)
	}
	return d.gapDirect(s, to)
}

func multipliesOut(order float64) bool {
	return order == math.Trunc(order) && order <= largestBinomial
}

func (d *reweighted) gapDirect(s statistic, to int) (sum float64) {
	for i, w := range d.w[:to] {
		sum += w * s.of(d.base.y[i])
	}
	return sum
}

// gapOfPowers is Σ_k binomial(order, k) (-1/line)^k Σ w y^k.
func gapOfPowers(d distribution, s statistic, to int) float64 {
	sum, factor := 0.0, 1.0
	for k := 0.0; k <= s.order; k++ {
		of := sumPower(k)
		switch k {
		case 0:
			of = sumWeight
		case 1:
			of = sumIncome
		}
		sum += factor * d.sum(of, to)
		factor *= -(s.order - k) / ((k + 1) * s.line)
	}
	return sum
}

// without is a distribution less one unit, by correcting the sums of the whole for the unit's few records. Its sums carry what rounding takes, and take
// away exactly what was added: what is left of a large sum when one large part of it goes is as exact as if that part had never been there.
type without struct {
	*reweighted
	running map[statistic][]compensated // [i]: the first i records
	members []int32                     // places of the unit's records, ascending
}

func newWithout(d *reweighted, members []int32) *without {
	return &without{d, map[statistic][]compensated{}, members}
}

func (d *without) observations() float64 {
	n := d.count
	for _, i := range d.members {
		n -= indicator(d.w[i] > 0)
	}
	return n
}

func (d *without) sum(s statistic, to int) float64 {
	switch s.kind {
	case kindRank:
		return d.ranked(to)
	case kindGap:
		if s.line != d.base.line && multipliesOut(s.order) {
			return gapOfPowers(d, s, to)
		}
		if s.line != d.base.line {
			return d.gapDirect(s, to)
		}
	}
	whole := d.sums(s)[to]
	sum := whole
	for _, i := range d.members {
		if int(i) >= to {
			break
		}
		sum.add(-d.part(s, int(i)))
	}
	return remainder(sum, whole)
}

// sums are the running sums of a statistic with the unit.
func (d *without) sums(s statistic) []compensated {
	upTo, made := d.running[s]
	if made {
		return upTo
	}
	upTo = make([]compensated, len(d.w)+1)
	sum := compensated{}
	for i, w := range d.w {
		if s.kind == kindRank {
			middle := d.sums(sumWeight)[i]
			middle.add(w / 2)
			sum.addTimes(float64(w*d.base.y[i]), middle)
		} else {
			sum.add(d.part(s, i))
		}
		upTo[i+1] = sum
	}
	d.running[s] = upTo
	return upTo
}

// part is what a record adds to a sum other than that of ranks.
func (d *without) part(s statistic, i int) float64 {
	switch {
	case s.kind == kindWeight:
		return d.w[i]
	case s.kind == kindSquare:
		return d.w[i] * d.w[i] * d.base.y[i]
	case s.kind == kindGap && s.line != d.base.line:
		return d.w[i] * s.of(d.base.y[i])
	}
	return d.w[i] * d.base.of(s)[i]
}

// gapDirect adds what the members leave.
func (d *without) gapDirect(s statistic, to int) float64 {
	sum, members := compensated{}, d.members
	for i := range to {
		if len(members) > 0 && int(members[0]) == i {
			members = members[1:]
			continue
		}
		sum.add(d.part(s, i))
	}
	return sum.value()
}

// ranked is Σ w y R of the first records without the unit. The sum is bilinear in the weights, so each member takes away its own term and what its
// weight gave to the ranks of all after it, and pairs of members, taken away twice, come back.
func (d *without) ranked(to int) float64 {
	weights, incomes, whole := d.sums(sumWeight), d.sums(sumIncome), d.sums(sumRank)[to]
	sum, members := whole, compensated{}
	for _, m := range d.members {
		i := int(m)
		if i >= to {
			break
		}
		w, held := d.w[i], float64(d.w[i]*d.base.y[i])
		middle := weights[i]
		middle.add(w / 2)
		sum.addTimes(-held, middle)
		after := incomes[to]
		after.join(compensated{-incomes[i+1].high, -incomes[i+1].low})
		after.add(held / 2)
		sum.addTimes(-w, after)
		before := members
		before.add(w / 2)
		sum.addTimes(held, before)
		members.add(w)
	}
	return remainder(sum, whole)
}

// remainder is what is left of a whole, or nothing where it is less than rounding could leave: the unit was all there was.
func remainder(left, whole compensated) float64 {
	const rounding = 1e-24 // a sum keeps 106 bits, of which ten million records may take the last 24
	if math.Abs(left.value()) <= rounding*math.Abs(whole.value()) {
		return 0
	}
	return left.value()
}
