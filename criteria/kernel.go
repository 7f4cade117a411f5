package criteria

import (
	"math"
	"math/bits"

	"liandong/column"
	"liandong/formula"
)

// The kernels: loops over one batch that allocate nothing and, but for division by zero and overflow, branch on nothing. Values of records
// without an answer are whatever they are; their bit in the plane of the known is clear.

// fixedInt are the types of columns of scaled numbers and days.
type fixedInt interface{ ~int32 | ~int64 }

// numbersOf turns scaled whole numbers into float64, where decimals enter rules.
func numbersOf[T fixedInt](out []float64, values []T, scale float64) {
	out = out[:len(values)]
	if scale == 1 {
		for i, v := range values {
			out[i] = float64(v)
		}
		return
	}
	for i, v := range values {
		out[i] = float64(v) / scale
	}
}

// mapBytes looks every byte up.
func mapBytes(out, in []byte, table *[256]byte) {
	in = in[:len(out)]
	for i, b := range in {
		out[i] = table[b]
	}
}

// mapPairs looks two small values up in a table of the first's width.
func mapPairs(out, a, b []byte, shift uint, table []byte) {
	b, out = b[:len(a)], out[:len(a)]
	for i, x := range a {
		out[i] = table[uint(x)|uint(b[i])<<(shift&15)]
	}
}

// mapNumbers looks a number up for every byte.
func mapNumbers(out []float64, in []byte, table *[256]float64) {
	in = in[:len(out)]
	for i, b := range in {
		out[i] = table[b]
	}
}

// ladder is a function of one wide column and one small value that is constant between thresholds: for every small value the thresholds in
// the column's own whole numbers, and what holds between them.
type ladder struct {
	rungs  int             // thresholds at most
	bounds [][rowsOf]int64 // by rung, then by small value; math.MaxInt64 where there are fewer
	levels [rowsOf << 4]byte
}

// rowsOf is how many small values a ladder has rows for: the lists of up to 30 items, and the code lists of up to 63 codes.
const rowsOf = 64

// maxRungs bounds a ladder: 14 thresholds, 15 steps, and the unknown.
const maxRungs = 14

// climb finds the step of every record. Its place in the row is 0 for an unknown number, else 1 + the thresholds reached.
func climb[T fixedInt](out []byte, values []T, known []uint64, small []byte, l *ladder) {
	out, small = out[:len(values)], small[:len(values)]
	switch l.rungs {
	case 1:
		b0 := &l.bounds[0]
		for i, v := range values {
			s := small[i] & (rowsOf - 1)
			step := 1 + one(int64(v) >= b0[s])
			out[i] = l.levels[uint64(s)<<4|step&-(known[i>>6]>>(uint(i)&63)&1)&15]
		}
	case 2:
		b0, b1 := &l.bounds[0], &l.bounds[1]
		for i, v := range values {
			s, v := small[i]&(rowsOf-1), int64(v)
			step := 1 + one(v >= b0[s]) + one(v >= b1[s])
			out[i] = l.levels[uint64(s)<<4|step&-(known[i>>6]>>(uint(i)&63)&1)&15]
		}
	case 3:
		b0, b1, b2 := &l.bounds[0], &l.bounds[1], &l.bounds[2]
		for i, v := range values {
			s, v := small[i]&(rowsOf-1), int64(v)
			step := 1 + one(v >= b0[s]) + one(v >= b1[s]) + one(v >= b2[s])
			out[i] = l.levels[uint64(s)<<4|step&-(known[i>>6]>>(uint(i)&63)&1)&15]
		}
	default:
		for i, v := range values {
			s, step := small[i]&(rowsOf-1), uint64(1)
			for r := range l.bounds {
				step += one(int64(v) >= l.bounds[r][s])
			}
			out[i] = l.levels[uint64(s)<<4|step&-(known[i>>6]>>(uint(i)&63)&1)&15]
		}
	}
}

// compareNumbers gives 1 where the comparison holds and 0 elsewhere, before the unknown are taken out.
func compareNumbers(out []byte, op formula.Op, a, b []float64) {
	b, out = b[:len(a)], out[:len(a)]
	switch op {
	case formula.OpLess:
		for i, x := range a {
			out[i] = oneByte(x < b[i])
		}
	case formula.OpLessEqual:
		for i, x := range a {
			out[i] = oneByte(x <= b[i])
		}
	default:
		for i, x := range a {
			out[i] = oneByte(x == b[i])
		}
	}
}

// computeNumbers is arithmetic. worst keeps the largest magnitude seen, so that one look afterwards tells whether every result is finite.
func computeNumbers(out []float64, op formula.Op, a, b []float64) (finite bool) {
	b, out = b[:len(a)], out[:len(a)]
	var worst uint64
	switch op {
	case formula.OpAdd:
		for i, x := range a {
			out[i] = x + b[i]
			worst = max(worst, math.Float64bits(out[i])<<1)
		}
	case formula.OpSub:
		for i, x := range a {
			out[i] = x - b[i]
			worst = max(worst, math.Float64bits(out[i])<<1)
		}
	case formula.OpMul:
		for i, x := range a {
			out[i] = x * b[i]
			worst = max(worst, math.Float64bits(out[i])<<1)
		}
	case formula.OpDiv:
		for i, x := range a {
			out[i] = x / b[i]
			worst = max(worst, math.Float64bits(out[i])<<1)
		}
	case formula.OpMin2:
		for i, x := range a {
			out[i] = min(x, b[i])
		}
	case formula.OpMax2:
		for i, x := range a {
			out[i] = max(x, b[i])
		}
	}
	return worst < 0x7ff<<53
}

// dropInfinite takes results that are not finite out of the known, and makes them 0.
func dropInfinite(values []float64, known []uint64) {
	for i, x := range values {
		if math.Float64bits(x)<<1 >= 0x7ff<<53 {
			values[i] = 0
			known[i>>6] &^= 1 << (uint(i) & 63)
		}
	}
}

// chooseNumbers is a conditional: a where the condition is true, b where it is false, and either where it is unknown and both agree.
func chooseNumbers(out []float64, known, t, f []uint64, a, b []float64, ka, kb []uint64) {
	for w := range known {
		known[w] = t[w]&ka[w] | f[w]&kb[w]
		open := ^(t[w] | f[w]) & ka[w] & kb[w]
		from, to := 64*w, min(64*w+64, len(a))
		for i := from; i < to; i++ {
			x := b[i]
			if t[w]>>(uint(i)&63)&1 != 0 {
				x = a[i]
			}
			out[i] = x
		}
		for ; open != 0; open &= open - 1 {
			i := from + bits.TrailingZeros64(open)
			if i < to && a[i] == b[i] {
				out[i] = a[i]
				known[w] |= open & -open
			}
		}
	}
}

// hasCodes gives 1 where a set of codes has one of the mask.
func hasCodes[T ~uint8 | ~uint16 | ~uint32 | ~uint64](out []byte, values []T, mask uint64) {
	out = out[:len(values)]
	for i, v := range values {
		out[i] = oneByte(uint64(v)&mask != 0)
	}
}

// countCodes gives how many codes a set has.
func countCodes[T ~uint8 | ~uint16 | ~uint32 | ~uint64](out []float64, values []T) {
	out = out[:len(values)]
	for i, v := range values {
		out[i] = float64(bits.OnesCount64(uint64(v)))
	}
}

// overCodes runs one of the two over whatever width a column of sets has.
func overCodes(c *column.Column, from, to int, mask uint64, has []byte, count []float64) {
	switch c.Kind() {
	case column.Uint8:
		codesIn(c.Uint8s()[from:to], mask, has, count)
	case column.Uint16:
		codesIn(c.Uint16s()[from:to], mask, has, count)
	case column.Uint32:
		codesIn(c.Uint32s()[from:to], mask, has, count)
	default:
		codesIn(c.Uint64s()[from:to], mask, has, count)
	}
}

func codesIn[T ~uint8 | ~uint16 | ~uint32 | ~uint64](values []T, mask uint64, has []byte, count []float64) {
	if has != nil {
		hasCodes(has, values, mask)
		return
	}
	countCodes(count, values)
}

// tallySource adds what the items of one column of small values bring to the counters of their record.
type tallySource struct {
	values int          // the register
	table  *[256]uint64 // counters by small value
}

// runningTally adds up counters from the first item on: sums[j+1] - sums[j'] are the counters of items j' to j. The difference is exact though
// the sum itself wraps around, because no record's counters overflow.
func runningTally(sums []uint64, sources []tallySource, bytes [][]byte, n int) {
	sums = sums[: n+1 : n+1]
	sums[0] = 0
	var run uint64
	switch len(sources) {
	case 1:
		a, ta := bytes[sources[0].values][:n], sources[0].table
		for j, x := range a {
			run += ta[x]
			sums[j+1] = run
		}
	case 2:
		a, b := bytes[sources[0].values][:n], bytes[sources[1].values][:n]
		ta, tb := sources[0].table, sources[1].table
		for j, x := range a {
			run += ta[x] + tb[b[j]]
			sums[j+1] = run
		}
	case 3:
		a, b, c := bytes[sources[0].values][:n], bytes[sources[1].values][:n], bytes[sources[2].values][:n]
		ta, tb, tc := sources[0].table, sources[1].table, sources[2].table
		for j, x := range a {
			run += ta[x] + tb[b[j]] + tc[c[j]]
			sums[j+1] = run
		}
	case 4:
		a, b, c, d := bytes[sources[0].values][:n], bytes[sources[1].values][:n], bytes[sources[2].values][:n], bytes[sources[3].values][:n]
		ta, tb, tc, td := sources[0].table, sources[1].table, sources[2].table, sources[3].table
		for j, x := range a {
			run += (ta[x] + tb[b[j]]) + (tc[c[j]] + td[d[j]])
			sums[j+1] = run
		}
	default:
		for j := range n {
			for _, s := range sources {
				run += s.table[bytes[s.values][j]]
			}
			sums[j+1] = run
		}
	}
}

// segments gives every record's counters from the running sums, and the longest list it met (an upper bound, by bits).
func segments(out, sums []uint64, offsets []int32, base int32) (longest uint32) {
	next := offsets[1:]
	out = out[:len(next)]
	last := offsets[0] - base
	for i, o := range next {
		end := o - base
		out[i] = sums[end] - sums[last]
		longest |= uint32(end - last)
		last = end
	}
	return longest
}

// lengths gives 1 + the number of items of every list.
func lengths(out []byte, offsets []int32) (longest uint32) {
	next := offsets[1:]
	out = out[:len(next)]
	last := offsets[0]
	for i, o := range next {
		n := uint32(o - last)
		out[i] = byte(min(n, maxItems+1)) + 1
		longest |= n
		last = o
	}
	return longest
}

// flagged gives 2 where a counter of the first mask is set, 1 where none of the second is.
func flagged(out []byte, counters []uint64, some, either uint64) {
	out = out[:len(counters)]
	for i, c := range counters {
		out[i] = oneByte(c&some != 0)<<1 | oneByte(c&either == 0)
	}
}

// counted gives 1 + the counter at shift, or 0 where the one above it, of unknown items, is set.
func counted(out []byte, counters []uint64, shift uint) {
	out = out[:len(counters)]
	for i, c := range counters {
		n := c >> (shift & 63)
		out[i] = byte(1+n&counterMask) & -oneByte(n>>counterBits&counterMask == 0)
	}
}

// pointsOf is where a part's points come from: small values, and for each the lower end of the score in the low 16 bits, the upper end above.
type pointsOf struct {
	values int
	table  *[256]uint32
}

// tally adds the points of up to four parts to every record's score.
func tally(scores []uint32, parts []pointsOf, bytes [][]byte) {
	n := len(scores)
	switch len(parts) {
	case 1:
		a, ta := bytes[parts[0].values][:n], parts[0].table
		for i, x := range a {
			scores[i] += ta[x]
		}
	case 2:
		a, b := bytes[parts[0].values][:n], bytes[parts[1].values][:n]
		ta, tb := parts[0].table, parts[1].table
		for i, x := range a {
			scores[i] += ta[x] + tb[b[i]]
		}
	case 3:
		a, b, c := bytes[parts[0].values][:n], bytes[parts[1].values][:n], bytes[parts[2].values][:n]
		ta, tb, tc := parts[0].table, parts[1].table, parts[2].table
		for i, x := range a {
			scores[i] += ta[x] + tb[b[i]] + tc[c[i]]
		}
	default:
		a, b, c, d := bytes[parts[0].values][:n], bytes[parts[1].values][:n], bytes[parts[2].values][:n], bytes[parts[3].values][:n]
		ta, tb, tc, td := parts[0].table, parts[1].table, parts[2].table, parts[3].table
		for i, x := range a {
			scores[i] += (ta[x] + tb[b[i]]) + (tc[c[i]] + td[d[i]])
		}
	}
}

// tallyFloats adds a part's points where they are no multiples of a common binary fraction, in the order of the parts.
func tallyFloats(low, high []float64, codes []byte, l, h *[256]float64) {
	low, high = low[:len(codes)], high[:len(codes)]
	for i, c := range codes {
		low[i] += l[c]
		high[i] += h[c]
	}
}
