package poverty

import (
	"math"
	"sync"
)

// ordered is a distribution as it was drawn. Sums come from a table of compensated block sums, made at the first question for a statistic.
type ordered struct {
	y, w    []float64 // ascending in y
	row     []uint32  // the sample's row of each record
	workers int

	mu     sync.Mutex
	blocks map[statistic][]compensated // sum before each block, and the whole at the end
	ranks  []float64                   // see rank
	held   []float64
}

func newOrdered(y, w []float64, row []uint32, workers int) *ordered {
	return &ordered{y: y, w: w, row: row, workers: workers, blocks: map[statistic][]compensated{}}
}

func (d *ordered) length() int          { return len(d.y) }
func (d *ordered) income(i int) float64 { return d.y[i] }

func (d *ordered) observations() (n float64) {
	for _, w := range d.w {
		if w > 0 {
			n++
		}
	}
	return n
}

func (d *ordered) sum(s statistic, to int) float64 {
	before := d.table(s)
	b := to / blockLength
	part := before[b]
	if from := b * blockLength; from < to {
		part.join(d.block(s, from, to, d.weightBefore(s, b)))
	}
	return part.value()
}

// table is the sums before each block.
func (d *ordered) table(s statistic) []compensated {
	d.mu.Lock()
	before, made := d.blocks[s]
	d.mu.Unlock()
	if !made {
		before = d.tabulate(s)
		d.mu.Lock()
		d.blocks[s] = before
		d.mu.Unlock()
	}
	return before
}

func (d *ordered) tabulate(s statistic) []compensated {
	d.weightBefore(s, 0)
	n := len(d.y)
	count := (n + blockLength - 1) / blockLength
	before := make([]compensated, count+1)
	inParallel(d.workers, count, func(b int) {
		before[b+1] = d.block(s, b*blockLength, min((b+1)*blockLength, n), d.weightBefore(s, b))
	})
	var running compensated
	for b := range before {
		running.join(before[b])
		before[b] = running
	}
	return before
}

// weightBefore is the cumulated weight before a block, for the statistic that needs it.
func (d *ordered) weightBefore(s statistic, block int) float64 {
	if s.kind != kindRank {
		return 0
	}
	return d.table(sumWeight)[block].value()
}

// block adds the statistic over records of one block.
func (d *ordered) block(s statistic, from, to int, weightBefore float64) compensated {
	y, w := d.y[from:to], d.w[from:to]
	var l lanes
	switch s.kind {
	case kindWeight:
		for i, w := range w {
			l[i&3].add(w)
		}
	case kindIncome:
		for i, w := range w {
			l[i&3].add(float64(w * y[i]))
		}
	case kindSquare:
		for i, w := range w {
			l[i&3].add(float64(w * w * y[i]))
		}
	case kindRank:
		within := 0.0
		for i, w := range w {
			l[i&3].add(float64(w * y[i] * (weightBefore + (within + float64(w/2)))))
			within += w
		}
	default:
		for i, w := range w {
			l[i&3].add(float64(w * s.of(y[i])))
		}
	}
	return l.value()
}

// rank gives for each record its middle rank, C - w/2, and the income held by those before it and half of its own. With shared ties, records of
// equal income have the middle of all their ranks.
func (d *ordered) rank(ties string) (rank, held []float64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ranks != nil {
		return d.ranks, d.held
	}
	n := len(d.y)
	d.ranks, d.held = make([]float64, n), make([]float64, n)
	var weight, income compensated
	for start := 0; start < n; {
		end := start + 1
		for ties == TiesShared && end < n && d.y[end] == d.y[start] {
			end++
		}
		beforeWeight, beforeIncome := weight.value(), income.value()
		for i := start; i < end; i++ {
			weight.add(d.w[i])
			income.add(float64(d.w[i] * d.y[i]))
		}
		for i := start; i < end; i++ {
			d.ranks[i], d.held[i] = (beforeWeight+weight.value())/2, (beforeIncome+income.value())/2
		}
		start = end
	}
	return d.ranks, d.held
}

// density estimates the density of income at x with a normal kernel.
func (d *ordered) density(x float64, bandwidth string) float64 {
	h := d.bandwidth(bandwidth)
	n := len(d.y)
	count := (n + blockLength - 1) / blockLength
	blocks := make([]compensated, count)
	inParallel(d.workers, count, func(b int) {
		for i := b * blockLength; i < min((b+1)*blockLength, n); i++ {
			u := (x - d.y[i]) / h
			blocks[b].add(float64(d.w[i] * math.Exp(-float64(u*u)/2)))
		}
	})
	var sum compensated
	for _, b := range blocks {
		sum.join(b)
	}
	return sum.value() / math.Sqrt(2*math.Pi) / (total(d, sumWeight) * h)
}

func (d *ordered) bandwidth(rule string) float64 {
	weight, m := total(d, sumWeight), mean(d)
	spread := math.Sqrt(max(0, total(d, sumPower(2))/weight-m*m))
	n := d.observations()
	if rule == BandwidthWeights {
		n = weight
	}
	if rule == BandwidthRobust {
		quartiles := quantile(d, 0.75, len(d.y), QuantileAverage) - quantile(d, 0.25, len(d.y), QuantileAverage)
		if quartiles > 0 {
			spread = min(spread, quartiles/1.349)
		}
		spread *= 0.9
	}
	return spread * math.Exp(-0.2*math.Log(n))
}

// from is the distribution of the records from the first on.
func (d *ordered) from(first int) *ordered {
	if first == 0 {
		return d
	}
	var row []uint32
	if d.row != nil {
		row = d.row[first:]
	}
	return newOrdered(d.y[first:], d.w[first:], row, d.workers)
}

// raised is the distribution in which the first n incomes are raised to the amount.
func (d *ordered) raised(n int, amount float64) *ordered {
	y := make([]float64, len(d.y))
	copy(y, d.y)
	for i := range n {
		y[i] = amount
	}
	return newOrdered(y, d.w, d.row, d.workers)
}
