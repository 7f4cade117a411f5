package criteria

import (
	"cmp"
	"math"
	"slices"
)

// Ranks gathers how two evaluations score the same records, to say how far their order stays the same. Scores are taken by the middle of their
// interval. The zero value holds nothing.
type Ranks struct {
	pairs map[[2]float64]int64
}

// Add takes in rows [from, to) of two verdicts on the same records.
func (r *Ranks) Add(before, after *Verdicts, from, to int) {
	if r.pairs == nil {
		r.pairs = map[[2]float64]int64{}
	}
	if before.scores == nil || after.scores == nil {
		for i := from; i < to; i++ {
			a, b := before.Verdict(i), after.Verdict(i)
			r.pairs[[2]float64{a.Low + a.High, b.Low + b.High}]++
		}
		return
	}
	// Both ends are small whole numbers, and so is their sum: neighbours in a table are counted before any is looked up.
	a, b := before.scores[before.from-before.first:][from:to], after.scores[after.from-after.first:][from:to]
	counts := map[uint64]int64{}
	table := make([]int64, 256*256)
	for i, x := range a {
		u, v := x&0xffff+x>>16, b[i]&0xffff+b[i]>>16
		if u < 256 && v < 256 {
			table[u<<8|v]++
		} else {
			counts[uint64(u)<<32|uint64(v)]++
		}
	}
	put := func(u, v, n int64) {
		if n > 0 {
			r.pairs[[2]float64{float64(u) / before.plan.scale, float64(v) / after.plan.scale}] += n
		}
	}
	for k, n := range table {
		put(int64(k>>8), int64(k&255), n)
	}
	for k, n := range counts {
		put(int64(k>>32), int64(k&math.MaxUint32), n)
	}
}

// weighted is a pair of scores that so many records have.
type weighted struct {
	x, y float64
	n    int64
}

// Tau is Kendall's tau-b (Kendall, 1945), which allows for equal scores, and the number of records. It is NaN where all scores of one side are
// equal. The time is that of sorting the distinct pairs (after Knight, 1966, with a Fenwick tree in place of the merge).
func (r *Ranks) Tau() (tau float64, records int64) {
	all := make([]weighted, 0, len(r.pairs))
	ys := make([]float64, 0, len(r.pairs))
	for p, n := range r.pairs {
		all, ys, records = append(all, weighted{p[0], p[1], n}), append(ys, p[1]), records+n
	}
	slices.SortFunc(all, func(a, b weighted) int { return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.y, b.y)) })
	slices.Sort(ys)
	ys = slices.Compact(ys)
	tree, byY := make(fenwick, len(ys)+1), make([]int64, len(ys))
	var concordant, discordant, tiedX, seen int64
	for i := 0; i < len(all); {
		next, group := i, int64(0)
		for ; next < len(all) && all[next].x == all[i].x; next++ { // pairs with an equal x neither agree nor disagree
			at, _ := slices.BinarySearch(ys, all[next].y)
			below, upTo := tree.sum(at), tree.sum(at+1)
			concordant += all[next].n * below
			discordant += all[next].n * (seen - upTo)
			group += all[next].n
		}
		for ; i < next; i++ {
			at, _ := slices.BinarySearch(ys, all[i].y)
			tree.add(at, all[i].n)
			byY[at] += all[i].n
		}
		tiedX, seen = tiedX+group*(group-1)/2, seen+group
	}
	tiedY := int64(0)
	for _, n := range byY {
		tiedY += n * (n - 1) / 2
	}
	pairs := records * (records - 1) / 2
	// One root of the product, not two: where both sides are alike it is exact, and the tau of an order with itself is 1.
	return float64(concordant-discordant) / math.Sqrt(float64(pairs-tiedX)*float64(pairs-tiedY)), records
}

// fenwick holds sums over prefixes (Fenwick, 1994).
type fenwick []int64

func (f fenwick) add(at int, n int64) {
	for at++; at < len(f); at += at & -at {
		f[at] += n
	}
}

// sum adds up the places before at.
func (f fenwick) sum(at int) int64 {
	n := int64(0)
	for ; at > 0; at -= at & -at {
		n += f[at]
	}
	return n
}
