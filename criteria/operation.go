package criteria

import (
	"fmt"

	"liandong/formula"
)

// operation compiles one node by itself: a leaf, a list operation, or a kernel over its compiled operands.
func (c *compiler) operation(domain int, n *formula.Node) *value {
	switch n.Op {
	case formula.OpField:
		return c.field(domain, n)
	case formula.OpExists, formula.OpAll, formula.OpCount, formula.OpSum, formula.OpLeast, formula.OpGreatest:
		return c.listOperation(n)
	case formula.OpNot:
		t := c.truthOf(domain, c.compile(domain, n.Args[0]))
		return &value{truth: &truth{t.f, t.t}}
	case formula.OpAnd, formula.OpOr:
		return c.logic(domain, n)
	case formula.OpLess, formula.OpLessEqual:
		if n.Args[0].Op == formula.OpScore || n.Args[1].Op == formula.OpScore {
			return c.compareScore(n)
		}
		return c.compare(domain, n)
	case formula.OpEqual:
		switch n.Args[0].Type {
		case formula.TypeText:
			return c.recordByRecord(n)
		case formula.TypeBool:
			return c.equalTruth(domain, n)
		}
		return c.compare(domain, n)
	case formula.OpIf:
		if n.Type == formula.TypeBool {
			return c.chooseTruth(domain, n)
		}
		return c.chooseNumber(domain, n)
	case formula.OpCodesHave, formula.OpCodesSize:
		return c.codes(domain, n)
	case formula.OpCodeIn:
		return c.recordByRecord(n) // a code is a small leaf, so this is never reached by a field of the domain
	}
	return c.arithmetic(domain, n)
}

// field is a column of the domain.
func (c *compiler) field(domain int, n *formula.Node) *value {
	f := n.Field()
	path := f.Path
	switch f.Type {
	case formula.Bool:
		t := c.newTruth(domain)
		c.emit(domain, truthName(t), "column "+path, func(w *worker) { w.loadTruth(domain, t, n.Index) })
		return &value{truth: &t}
	case formula.Code:
		r := c.newBytes(domain)
		c.emit(domain, smallName(r), "column "+path, func(w *worker) { w.loadCodes(domain, r, n.Index) })
		return &value{small: &small{source: r, size: sizeOf(n), values: leafValues(n), done: r}}
	case formula.Codes:
		r := c.newBytes(domain)
		c.emit(domain, smallName(r), "column "+path, func(w *worker) { w.loadSets(domain, r, n.Index) })
		return &value{small: &small{source: r, size: sizeOf(n), values: leafValues(n), done: r}}
	case formula.Number, formula.Date:
		x := c.newNumber(domain)
		scale := formula.Pow10(f.Scale)
		c.emit(domain, numberName(x), "column "+path, func(w *worker) { w.loadNumbers(domain, x, n.Index, scale) })
		return &value{number: &x}
	}
	return c.recordByRecord(n)
}

func (c *compiler) operands(domain int, n *formula.Node) (a, b truth) {
	return c.truthOf(domain, c.compile(domain, n.Args[0])), c.truthOf(domain, c.compile(domain, n.Args[1]))
}

// logic is and and or: a conjunction is true where both are and false where either is, a disjunction the other way round.
func (c *compiler) logic(domain int, n *formula.Node) *value {
	a, b := c.operands(domain, n)
	t := c.newTruth(domain)
	if n.Op == formula.OpAnd {
		c.emit(domain, truthName(t), fmt.Sprintf("t%d,f%d and t%d,f%d", a.t, a.f, b.t, b.f), func(w *worker) {
			andPlanes(w.plane(t.t), w.plane(a.t), w.plane(b.t))
			orPlanes(w.plane(t.f), w.plane(a.f), w.plane(b.f))
		})
	} else {
		c.emit(domain, truthName(t), fmt.Sprintf("t%d,f%d or t%d,f%d", a.t, a.f, b.t, b.f), func(w *worker) {
			orPlanes(w.plane(t.t), w.plane(a.t), w.plane(b.t))
			andPlanes(w.plane(t.f), w.plane(a.f), w.plane(b.f))
		})
	}
	return &value{truth: &t}
}

func (c *compiler) equalTruth(domain int, n *formula.Node) *value {
	a, b := c.operands(domain, n)
	t := c.newTruth(domain)
	c.emit(domain, truthName(t), fmt.Sprintf("t%d,f%d equals t%d,f%d", a.t, a.f, b.t, b.f), func(w *worker) {
		out, no := w.plane(t.t), w.plane(t.f)
		at, af, bt, bf := w.plane(a.t), w.plane(a.f), w.plane(b.t), w.plane(b.f)
		for i := range out {
			out[i], no[i] = at[i]&bt[i]|af[i]&bf[i], at[i]&bf[i]|af[i]&bt[i]
		}
	})
	return &value{truth: &t}
}

// chooseTruth is a conditional over yes and no.
func (c *compiler) chooseTruth(domain int, n *formula.Node) *value {
	is := c.truthOf(domain, c.compile(domain, n.Args[0]))
	a := c.truthOf(domain, c.compile(domain, n.Args[1]))
	b := c.truthOf(domain, c.compile(domain, n.Args[2]))
	t := c.newTruth(domain)
	c.emit(domain, truthName(t), fmt.Sprintf("t%d,f%d ? t%d,f%d : t%d,f%d", is.t, is.f, a.t, a.f, b.t, b.f), func(w *worker) {
		choosePlanes(w.plane(t.t), w.plane(is.t), w.plane(is.f), w.plane(a.t), w.plane(b.t))
		choosePlanes(w.plane(t.f), w.plane(is.t), w.plane(is.f), w.plane(a.f), w.plane(b.f))
	})
	return &value{truth: &t}
}

func (c *compiler) chooseNumber(domain int, n *formula.Node) *value {
	is := c.truthOf(domain, c.compile(domain, n.Args[0]))
	a := c.numberOf(domain, c.compile(domain, n.Args[1]))
	b := c.numberOf(domain, c.compile(domain, n.Args[2]))
	x := c.newNumber(domain)
	c.emit(domain, numberName(x), fmt.Sprintf("t%d,f%d ? x%d : x%d", is.t, is.f, a.x, b.x), func(w *worker) {
		chooseNumbers(w.float(x.x), w.plane(x.k), w.plane(is.t), w.plane(is.f), w.float(a.x), w.float(b.x), w.plane(a.k), w.plane(b.k))
	})
	return &value{number: &x}
}

var operators = map[formula.Op]string{
	formula.OpAdd: "+", formula.OpSub: "-", formula.OpMul: "*", formula.OpDiv: "/", formula.OpMin2: "min", formula.OpMax2: "max",
	formula.OpLess: "<", formula.OpLessEqual: "<=", formula.OpEqual: "==",
}

func (c *compiler) compare(domain int, n *formula.Node) *value {
	a := c.numberOf(domain, c.compile(domain, n.Args[0]))
	b := c.numberOf(domain, c.compile(domain, n.Args[1]))
	t := c.newTruth(domain)
	c.emit(domain, truthName(t), fmt.Sprintf("x%d %s x%d", a.x, operators[n.Op], b.x), func(w *worker) {
		scratch := w.scratchFor(domain)
		compareNumbers(scratch, n.Op, w.float(a.x), w.float(b.x))
		is, no, ka, kb := w.plane(t.t), w.plane(t.f), w.plane(a.k), w.plane(b.k)
		packBit(is, scratch[:64*len(is)], 0)
		for i := range is {
			known := ka[i] & kb[i]
			is[i], no[i] = is[i]&known, known&^is[i]
		}
	})
	return &value{truth: &t}
}

// arithmetic is an operation of numbers, or of days: one operand for the negative, two for all others.
func (c *compiler) arithmetic(domain int, n *formula.Node) *value {
	a := c.numberOf(domain, c.compile(domain, n.Args[0]))
	x := c.newNumber(domain)
	if n.Op == formula.OpNeg {
		c.emit(domain, numberName(x), fmt.Sprintf("-x%d", a.x), func(w *worker) {
			out := w.float(x.x)
			for i, v := range w.float(a.x) {
				out[i] = -v
			}
			copy(w.plane(x.k), w.plane(a.k))
		})
		return &value{number: &x}
	}
	b := c.numberOf(domain, c.compile(domain, n.Args[1]))
	if n.Op == formula.OpYears {
		c.emit(domain, numberName(x), fmt.Sprintf("years from x%d to x%d", a.x, b.x), func(w *worker) {
			andPlanes(w.plane(x.k), w.plane(a.k), w.plane(b.k))
			yearsBetween(w.float(x.x), w.float(a.x), w.float(b.x), w.plane(x.k))
		})
		return &value{number: &x}
	}
	c.emit(domain, numberName(x), fmt.Sprintf("x%d %s x%d", a.x, operators[n.Op], b.x), func(w *worker) {
		known := w.plane(x.k)
		andPlanes(known, w.plane(a.k), w.plane(b.k))
		if !computeNumbers(w.float(x.x), n.Op, w.float(a.x), w.float(b.x)) {
			dropInfinite(w.float(x.x), known)
		}
	})
	return &value{number: &x}
}

// codes asks a column of sets that is too wide for a byte.
func (c *compiler) codes(domain int, n *formula.Node) *value {
	field := n.Args[0]
	if n.Op == formula.OpCodesHave {
		t := c.newTruth(domain)
		c.emit(domain, truthName(t), "any of a set in "+field.Field().Path, func(w *worker) {
			scratch := w.scratchFor(domain)
			e := &w.extents[domain]
			column := e.table.Column(field.Index)
			overCodes(column, e.from, e.from+e.n, n.Mask, scratch, nil)
			is, no, known := w.plane(t.t), w.plane(t.f), w.known(domain, column)
			packBit(is, scratch[:64*len(is)], 0)
			for i := range is {
				is[i], no[i] = is[i]&known[i], known[i]&^is[i]
			}
		})
		return &value{truth: &t}
	}
	x := c.newNumber(domain)
	c.emit(domain, numberName(x), "size of "+field.Field().Path, func(w *worker) {
		e := &w.extents[domain]
		column := e.table.Column(field.Index)
		overCodes(column, e.from, e.from+e.n, 0, nil, w.float(x.x))
		copy(w.plane(x.k), w.known(domain, column))
	})
	return &value{number: &x}
}

// recordByRecord computes a node of the records by the evaluation that explains them: texts, and lists within lists.
func (c *compiler) recordByRecord(n *formula.Node) *value {
	if n.Type == formula.TypeBool {
		r := c.newBytes(records)
		c.emit(records, smallName(r), "record by record: "+nodeText(n), func(w *worker) {
			out := w.fresh(r)
			w.eachRecord(func(i int, e *formula.Evaluation) {
				if v := e.Value(n); v.Known {
					out[i] = byte(1 + v.Num)
				} else {
					out[i] = 0
				}
			})
		})
		return &value{small: &small{source: r, size: 3, values: truthAsSmall[:], done: r}}
	}
	x := c.newNumber(records)
	c.emit(records, numberName(x), "record by record: "+nodeText(n), func(w *worker) {
		out, known := w.float(x.x), w.plane(x.k)
		clear(known)
		w.eachRecord(func(i int, e *formula.Evaluation) {
			v := e.Value(n)
			out[i] = v.Num
			known[i>>6] |= one(v.Known) << (uint(i) & 63)
		})
	})
	return &value{number: &x}
}

// compareScore compares both ends of the score with a number; the comparison is known when they agree.
func (c *compiler) compareScore(n *formula.Node) *value {
	at := 0
	if n.Args[1].Op == formula.OpScore {
		at = 1
	}
	other := c.compile(records, n.Args[1-at])
	t := c.newTruth(records)
	if v := other.constant; v != nil && v.Known && c.scale > 0 {
		bound, upTo := c.scoreBound(n, at, v.Num)
		c.emit(records, truthName(t), fmt.Sprintf("score %s %s", []string{"below", "from"}[boolIndex(!upTo)], number(float64(bound)/c.scale)), func(w *worker) {
			scratch := w.scratchFor(records)
			compareScores(scratch, w.scores, bound, upTo)
			packBit(w.plane(t.t), scratch[:64*len(w.plane(t.t))], 1)
			packBit(w.plane(t.f), scratch[:64*len(w.plane(t.f))], 0)
		})
		return &value{truth: &t}
	}
	x := c.numberOf(records, other)
	c.emit(records, truthName(t), fmt.Sprintf("score %s x%d", operators[n.Op], x.x), func(w *worker) {
		scratch := w.scratchFor(records)
		numbers, known := w.float(x.x), w.plane(x.k)
		var operands [2]formula.Value
		for i := range numbers {
			low, high := w.score(i)
			operands[1-at] = formula.Value{Num: numbers[i], Known: known[i>>6]>>(uint(i)&63)&1 != 0}
			operands[at] = formula.Value{Num: low, Known: true}
			a := n.Apply(operands[:])
			operands[at] = formula.Value{Num: high, Known: true}
			b := n.Apply(operands[:])
			scratch[i] = 0
			if a == b && a.Known {
				scratch[i] = byte(1 + a.Num)
			}
		}
		packBit(w.plane(t.t), scratch[:64*len(w.plane(t.t))], 1)
		packBit(w.plane(t.f), scratch[:64*len(w.plane(t.f))], 0)
	})
	return &value{truth: &t}
}

func boolIndex(b bool) int { return int(oneByte(b)) }

// scoreBound turns a comparison with a constant into whole units of the score: it holds below the bound, or from it on.
func (c *compiler) scoreBound(n *formula.Node, at int, constant float64) (bound uint32, below bool) {
	holds := func(units uint32) bool {
		var operands [2]formula.Value
		operands[at], operands[1-at] = formula.Value{Num: float64(units) / c.scale, Known: true}, formula.Value{Num: constant, Known: true}
		return n.Apply(operands[:]).Num == 1
	}
	below = at == 0 // score < constant falls as the score grows
	low, high := uint32(0), uint32(1<<16)
	for low < high {
		middle := (low + high) / 2
		if holds(middle) == below {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low, below
}
