package criteria

import (
	"fmt"
	"math"
	"math/bits"
	"slices"

	"liandong/formula"
)

// scalar evaluates a node under the assumed values of its leaves.
func (c *compiler) scalar(n *formula.Node) formula.Value {
	if c.assumes[n.ID] {
		return c.assumed[n.ID]
	}
	switch n.Op {
	case formula.OpConst:
		return formula.Value{Num: n.Num, Known: true}
	case formula.OpParameter:
		return c.inputs.Parameters[n.Index]
	case formula.OpAsOf:
		return formula.Value{Num: float64(c.inputs.AsOf.UnixDays()), Known: true}
	}
	var operands [3]formula.Value
	for i, a := range n.Args {
		operands[i] = c.scalar(a)
	}
	return n.Apply(operands[:len(n.Args)])
}

func (c *compiler) assume(n *formula.Node, v formula.Value) {
	c.assumed[n.ID], c.assumes[n.ID] = v, true
}

func (c *compiler) forget(n *formula.Node) { c.assumes[n.ID] = false }

// sizeOf is how many bytes a small leaf has, the unknown included.
func sizeOf(n *formula.Node) int {
	switch n.Type {
	case formula.TypeBool:
		return 3
	case formula.TypeCode:
		return 64
	case formula.TypeCodes:
		return 129
	}
	return maxItems + 2 // a count
}

// leafValue is what a byte of a small leaf stands for.
func leafValue(n *formula.Node, b int) formula.Value {
	switch {
	case b == 0:
		return formula.Value{}
	case n.Type == formula.TypeCode:
		return formula.Value{Num: float64(b), Known: true}
	case n.Type == formula.TypeCodes:
		return formula.Value{Num: float64((b - 1) << 1), Known: true}
	}
	return formula.Value{Num: float64(b - 1), Known: true}
}

// leafValues lists them for small.values.
func leafValues(n *formula.Node) []float64 {
	values := make([]float64, sizeOf(n)-1)
	for b := range values {
		values[b] = leafValue(n, b+1).Num
	}
	return values
}

// places numbers the distinct results of an expression, as bytes: 0 unknown, truth 1 and 2, numbers as they come.
type places struct {
	truth  bool
	values []float64
}

// maxPlaces leaves a byte room.
const maxPlaces = 250

func (p *places) of(v formula.Value) (byte, bool) {
	switch {
	case !v.Known:
		return 0, true
	case p.truth:
		return byte(1 + v.Num), true
	}
	for i, known := range p.values {
		if math.Float64bits(known) == math.Float64bits(v.Num) {
			return byte(i + 1), true
		}
	}
	if len(p.values) == maxPlaces {
		return 0, false
	}
	p.values = append(p.values, v.Num)
	return byte(len(p.values)), true
}

func (c *compiler) placesFor(n *formula.Node) *places {
	if n.Type == formula.TypeBool {
		return &places{true, truthAsSmall[:]}
	}
	return &places{}
}

// tableOfOne computes an expression of one small leaf for every byte.
func (c *compiler) tableOfOne(domain int, n, leaf *formula.Node) *value {
	from := c.leaf(domain, leaf)
	table, at := new([256]byte), c.placesFor(n)
	defer c.forget(leaf)
	for b := range sizeOf(leaf) {
		c.assume(leaf, leafValue(leaf, b))
		place, ok := at.of(c.scalar(n))
		if !ok {
			return nil
		}
		table[b] = place
	}
	return &value{small: &small{source: from, table: table, size: sizeOf(leaf), values: at.values, done: -1}}
}

// tableOfTwo computes an expression of two small leaves for every pair.
func (c *compiler) tableOfTwo(domain int, n, a, b *formula.Node) *value {
	if sizeOf(a)*sizeOf(b) > 64*64 {
		return nil
	}
	shift := uint(bits.Len(uint(sizeOf(a) - 1)))
	table, at := make([]byte, 256<<shift), c.placesFor(n)
	defer c.forget(a)
	defer c.forget(b)
	for y := range sizeOf(b) {
		c.assume(b, leafValue(b, y))
		for x := range sizeOf(a) {
			c.assume(a, leafValue(a, x))
			place, ok := at.of(c.scalar(n))
			if !ok {
				return nil
			}
			table[x|y<<shift] = place
		}
	}
	first, second := c.leaf(domain, a), c.leaf(domain, b)
	to := c.newBytes(domain)
	c.emit(domain, smallName(to), fmt.Sprintf("table of s%d, s%d: %s", first, second, nodeText(n)), func(w *worker) {
		in := w.bytes[first]
		mapPairs(w.fresh(to), in[:w.size(domain)], w.bytes[second], shift, table)
	})
	return &value{small: &small{source: to, size: len(at.values) + 1, values: at.values, done: to}}
}

// leaf gives a small leaf's bytes.
func (c *compiler) leaf(domain int, n *formula.Node) int {
	v := c.compile(domain, n)
	return c.bytesOf(domain, c.smallOf(domain, v))
}

// staircase makes a ladder of an expression of one wide column and at most one small leaf; nil where it is none.
func (c *compiler) staircase(domain int, n *formula.Node, l leafSet) *value {
	wide, low, high := l.wide[0], int64(math.MinInt64>>1), int64(math.MaxInt64>>1)
	if wide.Type == formula.TypeDate {
		low, high = firstDay, lastDay
	}
	s := stair{compiler: c, wide: wide, low: low, high: high, places: c.placesFor(n)}
	if !s.stepped(n) {
		return nil
	}
	defer c.forget(wide)
	sizes := 1
	if len(l.small) == 1 {
		if sizes = sizeOf(l.small[0]); sizes > rowsOf {
			return nil
		}
		defer c.forget(l.small[0])
	}
	for b := range sizes {
		if len(l.small) == 1 {
			c.assume(l.small[0], leafValue(l.small[0], b))
		}
		if !s.row(n, b) {
			return nil
		}
	}
	s.pad()
	smallFrom := -1
	if len(l.small) == 1 {
		smallFrom = c.leaf(domain, l.small[0])
	}
	to := c.newBytes(domain)
	c.emit(domain, smallName(to), s.text(n, smallFrom), func(w *worker) { w.climb(domain, to, wide.Index, smallFrom, &s.ladder) })
	return &value{small: &small{source: to, size: len(s.places.values) + 1, values: s.places.values, done: to}}
}

// The days that a date can be, 0001-01-01 to 9999-12-31, since 1970-01-01.
const (
	firstDay = -719162
	lastDay  = 2932896
)

// stair finds the thresholds of one expression.
type stair struct {
	*compiler
	wide      *formula.Node
	low, high int64
	compares  []*formula.Node // that depend on the wide column
	places    *places
	ladder    ladder
}

// stepped reports whether the wide column is asked only on which side of thresholds it lies, and notes the comparisons.
func (s *stair) stepped(n *formula.Node) bool {
	if !s.readsWide(n) {
		return true
	}
	switch n.Op {
	case formula.OpLess, formula.OpLessEqual:
		s.compares = append(s.compares, n)
		return true
	case formula.OpEqual:
		if n.Args[0].Type == formula.TypeBool {
			return s.stepped(n.Args[0]) && s.stepped(n.Args[1])
		}
		s.compares = append(s.compares, n)
		return true
	case formula.OpNot, formula.OpAnd, formula.OpOr:
	case formula.OpIf:
	default:
		return false
	}
	for _, a := range n.Args {
		if !s.stepped(a) {
			return false
		}
	}
	return true
}

func (s *stair) readsWide(n *formula.Node) bool {
	return contains(n, func(n *formula.Node) bool { return n == s.wide })
}

// row finds the thresholds for one small value and what holds between them; false where a comparison is not monotone or there are too many.
func (s *stair) row(n *formula.Node, b int) bool {
	var bounds []int64
	for _, compare := range s.compares {
		ops := []formula.Op{compare.Op}
		if compare.Op == formula.OpEqual {
			ops = []formula.Op{formula.OpLess, formula.OpLessEqual}
		}
		left, right := s.direction(compare.Args[0]), s.direction(compare.Args[1])
		if left == crooked || right == crooked || (left != level && right != level) {
			return false
		}
		for _, op := range ops {
			asked := *compare
			asked.Op = op
			if at, ok := s.turn(&asked); ok {
				bounds = append(bounds, at)
			}
		}
	}
	slices.Sort(bounds)
	bounds = slices.Compact(bounds)
	if len(bounds) > maxRungs {
		return false
	}
	for r, at := range bounds {
		if r == len(s.ladder.bounds) {
			s.ladder.bounds = append(s.ladder.bounds, [rowsOf]int64{})
			for i := range b {
				s.ladder.bounds[r][i] = math.MaxInt64
			}
		}
		s.ladder.bounds[r][b] = at
	}
	for r := len(bounds); r < len(s.ladder.bounds); r++ {
		s.ladder.bounds[r][b] = math.MaxInt64
	}
	return s.between(n, b, bounds)
}

// between evaluates the expression for the unknown and on every step.
func (s *stair) between(n *formula.Node, b int, bounds []int64) bool {
	row := s.ladder.levels[b<<4 : b<<4+16]
	s.assume(s.wide, formula.Value{})
	place, ok := s.places.of(s.scalar(n))
	row[0] = place
	for i := range len(row) - 1 {
		if i <= len(bounds) {
			at := s.low
			if i > 0 {
				at = bounds[i-1]
			}
			s.assume(s.wide, s.wideValue(at))
			var fits bool
			place, fits = s.places.of(s.scalar(n))
			ok = ok && fits
		}
		row[i+1] = place // beyond the last threshold nothing changes
	}
	return ok
}

// wideValue is what a whole number of the wide column means in a rule.
func (s *stair) wideValue(v int64) formula.Value {
	return formula.Value{Num: float64(v) / formula.Pow10(s.wide.Field().Scale), Known: true}
}

// pad repeats the last row for bytes that do not occur.
func (s *stair) pad() {
	s.ladder.rungs = len(s.ladder.bounds)
	if s.ladder.rungs == 0 {
		s.ladder.bounds, s.ladder.rungs = [][rowsOf]int64{{}}, 1
		for i := range s.ladder.bounds[0] {
			s.ladder.bounds[0][i] = math.MaxInt64
		}
	}
}

// The directions of an expression in the wide column. One that overflows somewhere is crooked.
const (
	falling = -1
	level   = 0
	rising  = 1
	crooked = 2
)

// direction tells how an expression moves as the wide column grows, while all else is as assumed.
func (s *stair) direction(n *formula.Node) int {
	if n == s.wide {
		return rising
	}
	if !s.readsWide(n) {
		return level
	}
	d := s.directionOf(n)
	if d == rising || d == falling {
		for _, end := range []int64{s.low, s.high} {
			s.assume(s.wide, s.wideValue(end))
			if !s.scalar(n).Known {
				return crooked
			}
		}
	}
	return d
}

func (s *stair) directionOf(n *formula.Node) int {
	switch n.Op {
	case formula.OpNeg:
		return reversed(s.direction(n.Args[0]))
	case formula.OpAdd, formula.OpMin2, formula.OpMax2:
		return s.together(n, s.direction(n.Args[0]), s.direction(n.Args[1]))
	case formula.OpSub:
		return s.together(n, s.direction(n.Args[0]), reversed(s.direction(n.Args[1])))
	case formula.OpMul:
		if !s.readsWide(n.Args[0]) {
			return s.times(n.Args[0], n.Args[1])
		}
		if !s.readsWide(n.Args[1]) {
			return s.times(n.Args[1], n.Args[0])
		}
	case formula.OpDiv:
		if !s.readsWide(n.Args[1]) {
			if by := s.scalar(n.Args[1]); by.Known && by.Num == 0 {
				return level // unknown for every number
			}
			return s.times(n.Args[1], n.Args[0])
		}
	case formula.OpYears:
		if !s.readsWide(n.Args[1]) {
			return s.ofKnown(n.Args[1], reversed(s.direction(n.Args[0])))
		}
		if !s.readsWide(n.Args[0]) {
			return s.ofKnown(n.Args[0], s.direction(n.Args[1]))
		}
	}
	return crooked
}

func reversed(d int) int {
	if d == crooked {
		return d
	}
	return -d
}

// together is the direction of an operation that rises with both operands.
func (s *stair) together(n *formula.Node, a, b int) int {
	for _, operand := range n.Args {
		if !s.readsWide(operand) && !s.scalar(operand).Known {
			return level // unknown for every number
		}
	}
	switch {
	case a == crooked || b == crooked || a == -b && a != level:
		return crooked
	case a == level:
		return b
	}
	return a
}

// times is the direction of a product, or a quotient, with a factor that does not move.
func (s *stair) times(factor, moving *formula.Node) int {
	by := s.scalar(factor)
	d := s.direction(moving)
	switch {
	case !by.Known || d == level || d == crooked:
		return s.ofKnown(factor, d)
	case by.Num < 0:
		return -d
	}
	return d
}

// ofKnown is the direction, or level where the other operand is unknown, and with it the result.
func (s *stair) ofKnown(other *formula.Node, d int) int {
	if !s.scalar(other).Known {
		return level
	}
	return d
}

// turn finds the least whole number at which a monotone comparison turns; false where it never does.
func (s *stair) turn(compare *formula.Node) (int64, bool) {
	holds := func(v int64) formula.Value {
		s.assume(s.wide, s.wideValue(v))
		var operands [2]formula.Value
		for i, a := range compare.Args {
			operands[i] = s.scalar(a)
		}
		return compare.Apply(operands[:])
	}
	low, high := s.low, s.high
	first := holds(low)
	if first == holds(high) {
		return 0, false
	}
	// Most thresholds lie among numbers that people write: widen from there.
	for span := int64(1 << 16); span < s.high && -span > s.low; span <<= 8 {
		if holds(-span) == first && holds(span) != first {
			low, high = -span, span
			break
		}
	}
	for high-low > 1 {
		middle := low + (high-low)/2
		if holds(middle) == first {
			low = middle
		} else {
			high = middle
		}
	}
	return high, true
}

// text tells a ladder: the thresholds for one household size say more than a list of all.
func (s *stair) text(n *formula.Node, small int) string {
	by := ""
	if small >= 0 {
		by = fmt.Sprintf(" by s%d", small)
	}
	return fmt.Sprintf("ladder of %s%s, up to %d thresholds: %s", s.wide.Field().Path, by, s.ladder.rungs, nodeText(n))
}
