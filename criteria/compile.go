package criteria

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"liandong/formula"
)

// records is the domain of the records themselves.
const records = 0

// value is a compiled node in one domain, in at least one type; others are made when they are asked for.
type value struct {
	constant *formula.Value
	truth    *truth
	small    *small
	number   *numeric
}

// small is a byte register: every byte, but 0 for the unknown, is a place in values. With a table, the byte is looked up in it first; the
// look-up happens when somebody needs the bytes themselves.
type small struct {
	source int
	table  *[256]byte
	size   int // bytes are below it
	values []float64
	done   int // the register after the look-up, -1 before
}

type memoKey struct{ domain, node int }

// compiler makes one plan. Its scalar evaluation of a node under assumed values is what fills tables and finds thresholds.
type compiler struct {
	*Plan
	nodes   []*formula.Node
	memo    map[memoKey]*value
	assumed []formula.Value // by node
	assumes []bool
	tallied map[int]*value // list operations whose counters are there, by node
	alone   map[int]bool   // list operations computed record by record
	parents map[int]int    // by domain: which register of a worker has the records of its items
}

func newCompiler(p *Plan) *compiler {
	n := len(p.doc.builder.Nodes)
	c := &compiler{
		Plan: p, nodes: p.doc.builder.Nodes, memo: map[memoKey]*value{}, assumed: make([]formula.Value, n), assumes: make([]bool, n),
		tallied: map[int]*value{}, alone: map[int]bool{}, parents: map[int]int{},
	}
	p.domains = []domain{{list: -1, schema: p.doc.schema, name: "records"}}
	return c
}

// document compiles everything that decides, in the order of the document.
func (c *compiler) document() {
	if c.scoreInList() {
		c.byRows = true
	}
	c.talliesFirst()
	for _, p := range c.doc.Parts() {
		c.part(p)
	}
	c.points()
	for i := range c.doc.Bars {
		c.bars = append(c.bars, c.truthOf(records, c.compile(records, c.doc.Bars[i].Node)))
	}
	words := c.doc.wording()
	for _, n := range conjuncts(c.doc.Poor.Node) {
		t := term{text: words.text(n), node: n, scored: n.Scored}
		if !c.byRows {
			t.truth = c.truthOf(records, c.compile(records, n))
		}
		c.terms = append(c.terms, t)
	}
	if !c.byRows {
		c.poor = c.truthOf(records, c.compile(records, c.doc.Poor.Node))
	}
	c.planes += 2 * (len(c.bars) + 1 + len(c.terms))
}

// scoreInList reports whether the score is compared within a list's condition, which columns do not do.
func (c *compiler) scoreInList() bool {
	for _, n := range c.nodes {
		if n.Pred != nil && contains(n.Pred, func(n *formula.Node) bool { return n.Op == formula.OpScore }) {
			return true
		}
	}
	return false
}

// contains looks for a node below another one, itself and conditions of lists included.
func contains(n *formula.Node, is func(*formula.Node) bool) bool {
	if is(n) || (n.Pred != nil && contains(n.Pred, is)) {
		return true
	}
	return slices.ContainsFunc(n.Args, func(a *formula.Node) bool { return contains(a, is) })
}

// readsLevel reports whether a node depends on the records of a level.
func readsLevel(n *formula.Node, level int) bool {
	return contains(n, func(n *formula.Node) bool { return (n.Op == formula.OpField || n.Inner > 0) && n.Level == level })
}

// Registers.

func (c *compiler) newBytes(domain int) int {
	c.regs.bytes = append(c.regs.bytes, domain)
	return len(c.regs.bytes) - 1
}

func (c *compiler) newPlane(domain int) int {
	c.regs.planes = append(c.regs.planes, domain)
	return len(c.regs.planes) - 1
}

func (c *compiler) newTruth(domain int) truth { return truth{c.newPlane(domain), c.newPlane(domain)} }

func (c *compiler) newNumber(domain int) numeric {
	c.regs.floats = append(c.regs.floats, domain)
	return numeric{len(c.regs.floats) - 1, c.newPlane(domain)}
}

func (c *compiler) newSums(domain int) int {
	c.regs.sums = append(c.regs.sums, domain)
	return len(c.regs.sums) - 1
}

func (c *compiler) emit(domain int, gives, text string, run func(w *worker)) {
	c.steps = append(c.steps, step{domain, gives, text, run})
}

func smallName(r int) string      { return fmt.Sprintf("s%d small", r) }
func truthName(t truth) string    { return fmt.Sprintf("t%d,f%d truth", t.t, t.f) }
func numberName(n numeric) string { return fmt.Sprintf("x%d number", n.x) }

// compile gives a node's value in a domain, making the steps for it where they are not there yet.
func (c *compiler) compile(domain int, n *formula.Node) *value {
	key := memoKey{domain, n.ID}
	if v, ok := c.memo[key]; ok {
		return v
	}
	v := c.make(domain, n)
	c.memo[key] = v
	return v
}

func (c *compiler) make(domain int, n *formula.Node) *value {
	leaves := c.leavesOf(domain, n)
	switch {
	case leaves.none():
		v := c.scalar(n)
		return &value{constant: &v}
	case domain != records && !readsLevel(n, c.domains[domain].level):
		return c.spread(domain, n)
	case n.Scored:
		return c.operation(domain, n)
	}
	if v := c.fused(domain, n, leaves); v != nil {
		return v
	}
	return c.operation(domain, n)
}

// fused takes the first two ways: a table, or a ladder; nil where neither fits.
func (c *compiler) fused(domain int, n *formula.Node, l leafSet) *value {
	leaf := n.Op == formula.OpField || n.Inner > 0
	logic := n.Op == formula.OpNot || n.Op == formula.OpAnd || n.Op == formula.OpOr
	switch {
	case leaf || l.other || len(l.small) > 2 || len(l.wide) > 1:
	case len(l.wide) == 0 && logic && (len(l.small) == 2 || l.small[0].Type == formula.TypeBool):
		// planes are the quicker form
	case len(l.wide) == 0 && len(l.small) == 1:
		return c.tableOfOne(domain, n, l.small[0])
	case len(l.wide) == 0:
		return c.tableOfTwo(domain, n, l.small[0], l.small[1])
	case len(l.small) < 2:
		return c.staircase(domain, n, l)
	}
	return nil
}

// leafSet is what an expression depends on: small and wide columns of its domain, or something that neither tables nor ladders take.
type leafSet struct {
	small, wide []*formula.Node
	other       bool
}

func (l *leafSet) none() bool { return !l.other && len(l.small)+len(l.wide) == 0 }

func (c *compiler) leavesOf(domain int, n *formula.Node) (l leafSet) {
	seen := map[int]bool{}
	var walk func(n *formula.Node)
	walk = func(n *formula.Node) {
		if seen[n.ID] {
			return
		}
		seen[n.ID] = true
		switch kind := c.leafKind(domain, n); kind {
		case leafSmall:
			l.small = append(l.small, n)
		case leafWide:
			l.wide = append(l.wide, n)
		case leafOther:
			l.other = true
		default:
			for _, a := range n.Args {
				walk(a)
			}
		}
	}
	walk(n)
	return l
}

const (
	leafNone = iota // an operation on others
	leafSmall
	leafWide
	leafOther
)

func (c *compiler) leafKind(domain int, n *formula.Node) int {
	switch n.Op {
	case formula.OpScore:
		return leafOther
	case formula.OpField:
		if n.Level != c.domains[domain].level {
			return leafOther
		}
		switch f := n.Field(); f.Type {
		case formula.Bool, formula.Code:
			return leafSmall
		case formula.Codes:
			if highestCode(f) < 8 {
				return leafSmall
			}
			return leafOther
		case formula.Number, formula.Date:
			return leafWide
		}
		return leafOther
	case formula.OpExists, formula.OpAll:
		if domain == records {
			return leafSmall
		}
		return leafOther
	case formula.OpCount:
		if domain == records && !c.alone[n.ID] {
			return leafSmall
		}
		return leafOther
	case formula.OpSum, formula.OpLeast, formula.OpGreatest:
		return leafOther
	}
	return leafNone
}

func highestCode(f *formula.Field) int {
	highest := 0
	for _, e := range f.Codes {
		highest = max(highest, e.Number)
	}
	return highest
}

// Types into each other.

// truthOf gives a value as two planes.
func (c *compiler) truthOf(domain int, v *value) truth {
	if v.truth != nil {
		return *v.truth
	}
	t := c.newTruth(domain)
	switch {
	case v.constant != nil:
		is := *v.constant
		c.emit(domain, truthName(t), "constant "+constantText(is, formula.TypeBool), func(w *worker) {
			fill(w.plane(t.t), is.Known && is.Num == 1)
			fill(w.plane(t.f), is.Known && is.Num == 0)
		})
	default:
		from := c.bytesOf(domain, v.small)
		c.emit(domain, truthName(t), fmt.Sprintf("planes of s%d", from), func(w *worker) {
			packBit(w.plane(t.t), w.bytes[from], 1)
			packBit(w.plane(t.f), w.bytes[from], 0)
		})
	}
	v.truth = &t
	return t
}

// truthAsSmall are the values of a truth in a byte.
var truthAsSmall = [...]float64{0, 1}

// smallOf gives a truth or a small value as bytes.
func (c *compiler) smallOf(domain int, v *value) *small {
	if v.small == nil {
		t := c.truthOf(domain, v)
		r := c.newBytes(domain)
		c.emit(domain, smallName(r), fmt.Sprintf("bytes of t%d,f%d", t.t, t.f), func(w *worker) { unpackTruth(w.fresh(r), w.plane(t.t), w.plane(t.f)) })
		v.small = &small{source: r, size: 3, values: truthAsSmall[:], done: r}
	}
	return v.small
}

// bytesOf gives the register of a small value's bytes, looked up in its table.
func (c *compiler) bytesOf(domain int, s *small) int {
	if s.done < 0 {
		s.done = c.newBytes(domain)
		from, to, table := s.source, s.done, s.table
		c.emit(domain, smallName(to), fmt.Sprintf("look-up of s%d", from), func(w *worker) { mapBytes(w.fresh(to), w.bytes[from], table) })
	}
	return s.done
}

// numberOf gives a value as numbers.
func (c *compiler) numberOf(domain int, v *value) numeric {
	if v.number != nil {
		return *v.number
	}
	x := c.newNumber(domain)
	switch {
	case v.constant != nil:
		is := *v.constant
		c.emit(domain, numberName(x), "constant "+constantText(is, formula.TypeNum), func(w *worker) {
			out := w.float(x.x)
			for i := range out {
				out[i] = is.Num
			}
			fill(w.plane(x.k), is.Known)
		})
	case v.small != nil:
		from := c.bytesOf(domain, v.small)
		var table [256]float64
		copy(table[1:], v.small.values)
		c.emit(domain, numberName(x), fmt.Sprintf("numbers of s%d", from), func(w *worker) {
			mapNumbers(w.float(x.x), w.bytes[from], &table)
			packNonZero(w.plane(x.k), w.bytes[from])
		})
	default:
		t := *v.truth
		c.emit(domain, numberName(x), fmt.Sprintf("0 and 1 of t%d,f%d", t.t, t.f), func(w *worker) {
			out, is := w.float(x.x), w.plane(t.t)
			for i := range out {
				out[i] = float64(is[i>>6] >> (uint(i) & 63) & 1)
			}
			orPlanes(w.plane(x.k), is, w.plane(t.f))
		})
	}
	v.number = &x
	return x
}

func constantText(v formula.Value, t formula.ValueType) string {
	switch {
	case !v.Known:
		return "unknown"
	case t == formula.TypeBool:
		return strconv.FormatBool(v.Num == 1)
	}
	return number(v.Num)
}

// Parts and points.

// part compiles a part to codes of its levels, or to numbers where its points are computed.
func (c *compiler) part(p *Part) {
	v := c.compile(records, p.Node)
	planned := plannedPart{part: p, plane: c.planes}
	switch {
	case v.constant != nil:
		if s := *v.constant; s.Known {
			v.small = &small{source: c.filled(1), size: 2, values: []float64{s.Num}, done: -1}
		} else {
			v.small = &small{source: c.filled(0), size: 1, done: -1}
		}
		v.small.done = v.small.source
		fallthrough
	case v.small != nil && listed(p.Node):
		c.levels(&planned, v.small)
	default:
		planned.value = c.numberOf(records, v)
		planned.codes = c.newBytes(records)
		planned.width = 2
	}
	c.planes += planned.width
	c.parts = append(c.parts, planned)
}

// listed reports whether the numbers an expression can give do not grow with the length of a list, so that all of them are known beforehand.
func listed(n *formula.Node) bool {
	if n.Op == formula.OpIf {
		return listed(n.Args[1]) && listed(n.Args[2])
	}
	return !contains(n, func(n *formula.Node) bool { return n.Op == formula.OpCount })
}

// filled is a register of one byte throughout.
func (c *compiler) filled(b byte) int {
	r := c.newBytes(records)
	c.emit(records, smallName(r), fmt.Sprintf("constant %d", b), func(w *worker) {
		out := w.fresh(r)
		for i := range out {
			out[i] = b
		}
	})
	return r
}

// levels lists a part's points in the order of the small value's bytes and maps these to them. What lies outside of 0 to the part's max is
// unknown. Where the bytes are the codes already, which is the rule, nothing is mapped.
func (c *compiler) levels(p *plannedPart, s *small) {
	p.levels = []float64{}
	place := make([]byte, len(s.values)+1)
	for i, v := range s.values {
		if v >= 0 && v <= p.part.Max {
			p.levels = append(p.levels, v)
			place[i+1] = byte(len(p.levels))
		}
	}
	p.width = max(1, bits.Len(uint(len(p.levels))))
	p.remap = new([256]byte)
	identical := true
	for b := range s.size {
		at := b
		if s.table != nil {
			at = int(s.table[b])
		}
		p.remap[b] = place[at]
		identical = identical && p.remap[b] == byte(b)
	}
	p.source, p.codes = s.source, s.source
	if !identical {
		p.codes = c.newBytes(records)
	}
}

// points chooses how scores are added up and makes the tables for it.
func (c *compiler) points() {
	c.scale = c.commonScale()
	for i := range c.parts {
		p := &c.parts[i]
		if p.levels == nil {
			continue
		}
		if c.scale == 0 {
			p.low, p.high = new([256]float64), new([256]float64)
		} else {
			p.points = new([256]uint32)
		}
		for b := range 256 {
			low, high := 0.0, p.part.Max
			if code := p.remap[b]; code > 0 {
				low, high = p.levels[code-1], p.levels[code-1]
			}
			if c.scale == 0 {
				p.low[b], p.high[b] = low, high
			} else {
				p.points[b] = uint32(low*c.scale) | uint32(high*c.scale)<<16
			}
		}
	}
	c.emitTallies()
}

// commonScale is the least power of two of which all points are multiples, such that their sum stays below 65,536; 0 where there is none.
func (c *compiler) commonScale() float64 {
	for scale := 1.0; scale <= 1024; scale *= 2 {
		sum, fits := 0.0, true
		for i := range c.parts {
			p := &c.parts[i]
			for _, v := range append(slices.Clone(p.levels), p.part.Max) {
				fits = fits && v*scale == math.Trunc(v*scale)
			}
			fits = fits && p.levels != nil
			sum += p.part.Max * scale
		}
		if fits && sum < 1<<16 {
			return scale
		}
	}
	return 0
}

// emitTallies adds the parts up, four at a time where the sum is exact in any order, and keeps their codes.
func (c *compiler) emitTallies() {
	var four []pointsOf
	var names []string
	flush := func() {
		if parts := four; len(parts) > 0 {
			c.emit(records, "score", "points of "+strings.Join(names, ", "), func(w *worker) { tally(w.scores, parts, w.bytes) })
		}
		four, names = nil, nil
	}
	for i := range c.parts {
		p := &c.parts[i]
		text := fmt.Sprintf("part %s in planes %d to %d", p.part.ID, p.plane, p.plane+p.width-1)
		switch {
		case p.levels == nil:
			c.emit(records, "score", fmt.Sprintf("%s: computed points x%d, from 0 to %s", text, p.value.x, number(p.part.Max)), func(w *worker) { w.tallyComputed(p) })
			continue
		case p.codes != p.source:
			c.emit(records, smallName(p.codes), fmt.Sprintf("%s: levels %s of s%d", text, numbersText(p.levels), p.source), func(w *worker) {
				mapBytes(w.fresh(p.codes), w.bytes[p.source], p.remap)
			})
		default:
			c.emit(records, smallName(p.codes), fmt.Sprintf("%s: levels %s", text, numbersText(p.levels)), func(*worker) {})
		}
		if c.scale == 0 {
			c.emit(records, "score", "points of "+p.part.ID, func(w *worker) {
				tallyFloats(w.low, w.high, w.bytes[p.source][:len(w.low)], p.low, p.high)
			})
			continue
		}
		four, names = append(four, pointsOf{p.source, p.points}), append(names, p.part.ID)
		if len(four) == 4 {
			flush()
		}
	}
	flush()
}

func numbersText(values []float64) string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = number(v)
	}
	return strings.Join(words, " ")
}
