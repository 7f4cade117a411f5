package formula

import (
	"math"
	"math/bits"

	"liandong/day"
)

// Value is a number, date, code or truth value (0 and 1) that may be unknown. Num is 0 where it is unknown.
type Value struct {
	Num   float64
	Known bool
}

// Inputs are what a formula reads besides the record. Nothing reads a clock.
type Inputs struct {
	AsOf       day.Date
	Parameters []Value
	ScoreLow   float64
	ScoreHigh  float64
}

// Evaluation evaluates the nodes of one Builder for one record after the other. It is used by one goroutine and allocates nothing per record.
//
// The unknown: arithmetic, comparisons and functions of an unknown operand are unknown, and so are a division by zero and a number that is
// no longer finite. Not, and, or are strict Kleene. A conditional with an unknown condition is unknown unless both sides are known and
// equal. exists is true if any item's predicate is, else unknown if any is unknown, else false; all likewise. size, sum, min and max are
// unknown if any predicate, or any value they take in, is. An absent list is unknown; an empty one counts and sums to zero, and its least
// and greatest are unknown.
type Evaluation struct {
	nodes  []*Node
	values []Value
	done   []bool
	rows   [maxLists + 2]Row
	inputs *Inputs
}

// NewEvaluation prepares the evaluation of a builder's nodes.
func NewEvaluation(b *Builder) *Evaluation {
	return &Evaluation{nodes: b.Nodes, values: make([]Value, len(b.Nodes)), done: make([]bool, len(b.Nodes))}
}

// Begin turns to a record. item is the record that stands for the variable of Builder.Each, else nil.
func (e *Evaluation) Begin(row, item Row, inputs *Inputs) {
	clear(e.done)
	e.rows[0], e.rows[1], e.inputs = row, item, inputs
}

// Value gives a node's value for the record; codes as their numbers, dates as days, texts not at all.
func (e *Evaluation) Value(n *Node) Value {
	if n.Depth > 0 || n.Scored {
		return e.compute(n) // depends on the item at hand, or on a score that is not there yet when names are computed
	}
	if !e.done[n.ID] {
		e.values[n.ID] = e.compute(n)
		e.done[n.ID] = true
	}
	return e.values[n.ID]
}

// Truth gives a boolean node's value: true, and whether it is known.
func (e *Evaluation) Truth(n *Node) (is, known bool) {
	v := e.Value(n)
	return v.Num == 1, v.Known
}

func (e *Evaluation) compute(n *Node) Value {
	switch n.Op {
	case OpConst:
		return Value{n.Num, true}
	case OpField:
		return e.field(n)
	case OpParameter:
		return e.inputs.Parameters[n.Index]
	case OpAsOf:
		return Value{float64(e.inputs.AsOf.UnixDays()), true}
	case OpExists, OpAll, OpCount, OpSum, OpLeast, OpGreatest:
		return e.overList(n)
	case OpLess, OpLessEqual:
		if n.Args[0].Op == OpScore || n.Args[1].Op == OpScore {
			return e.compareScore(n)
		}
	case OpEqual:
		if n.Args[0].Type == TypeText {
			return e.equalTexts(n)
		}
	case OpCodesHave, OpCodesSize:
		return e.overCodes(n)
	}
	return e.apply(n, func(i int) Value { return e.Value(n.Args[i]) })
}

func (e *Evaluation) field(n *Node) Value {
	f := n.Field()
	if f.Type == Text {
		_, ok := e.rows[n.Level].Text(n.Index)
		return Value{0, ok}
	}
	v, ok := e.rows[n.Level].Value(n.Index)
	if !ok {
		return Value{}
	}
	if f.Type == Number && f.Scale > 0 {
		return Value{float64(v) / pow10(f.Scale), true}
	}
	return Value{float64(v), true}
}

// pow10 is exact for the scales that forms have.
func pow10(scale int) float64 {
	return [...]float64{1, 10, 100, 1000, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9}[scale]
}

// apply computes an operation of known operands, and says unknown where any that matters is not known.
func (e *Evaluation) apply(n *Node, arg func(int) Value) Value {
	switch n.Op {
	case OpNot:
		a := arg(0)
		return Value{1 - a.Num, a.Known}.orUnknown()
	case OpAnd:
		return and(arg(0), arg(1))
	case OpOr:
		return or(arg(0), arg(1))
	case OpIf:
		return conditional(arg(0), arg(1), arg(2))
	}
	a := arg(0)
	if !a.Known {
		return Value{}
	}
	switch n.Op {
	case OpNeg:
		return Value{-a.Num, true}
	case OpCodeIn, OpCodesHave:
		return codes(n, a)
	case OpCodesSize:
		return Value{float64(bits.OnesCount64(uint64(int64(a.Num)))), true}
	}
	b := arg(1)
	if !b.Known {
		return Value{}
	}
	return binary(n.Op, a.Num, b.Num)
}

func (v Value) orUnknown() Value {
	if !v.Known {
		return Value{}
	}
	return v
}

func and(a, b Value) Value {
	switch {
	case a.Known && a.Num == 0, b.Known && b.Num == 0:
		return Value{0, true}
	case a.Known && b.Known:
		return Value{1, true}
	}
	return Value{}
}

func or(a, b Value) Value {
	switch {
	case a.Known && a.Num == 1, b.Known && b.Num == 1:
		return Value{1, true}
	case a.Known && b.Known:
		return Value{0, true}
	}
	return Value{}
}

func conditional(c, a, b Value) Value {
	switch {
	case c.Known && c.Num == 1:
		return a
	case c.Known:
		return b
	case a.Known && b.Known && a.Num == b.Num:
		return a
	}
	return Value{}
}

func codes(n *Node, a Value) Value {
	held := uint64(int64(a.Num))
	if n.Op == OpCodeIn {
		held = 1 << held
	}
	return Value{truth(held&n.Mask != 0), true}
}

// binary computes an operation of two known numbers. A result that is not finite is unknown.
func binary(op Op, a, b float64) Value {
	var r float64
	switch op {
	case OpAdd:
		r = a + b
	case OpSub:
		r = a - b
	case OpMul:
		r = a * b
	case OpDiv:
		if b == 0 {
			return Value{}
		}
		r = a / b
	case OpMin2:
		r = min(a, b)
	case OpMax2:
		r = max(a, b)
	case OpLess:
		return Value{truth(a < b), true}
	case OpLessEqual:
		return Value{truth(a <= b), true}
	case OpEqual:
		return Value{truth(a == b), true}
	case OpYears:
		return Value{float64(day.FromUnixDays(int(a)).AgeOn(day.FromUnixDays(int(b)))), true}
	}
	if math.IsNaN(r) || math.IsInf(r, 0) {
		return Value{}
	}
	return Value{r, true}
}

// compareScore compares the score, an interval, with a number: known when both ends agree.
func (e *Evaluation) compareScore(n *Node) Value {
	at := func(score float64) Value {
		return e.apply(n, func(i int) Value {
			if n.Args[i].Op == OpScore {
				return Value{score, true}
			}
			return e.Value(n.Args[i])
		})
	}
	low, high := at(e.inputs.ScoreLow), at(e.inputs.ScoreHigh)
	if low == high {
		return low
	}
	return Value{}
}

// overCodes reads a set of codes as the mask it is: a float64 holds no mask of more than 53 codes.
func (e *Evaluation) overCodes(n *Node) Value {
	field := n.Args[0]
	mask, ok := e.rows[field.Level].Value(field.Index)
	switch {
	case !ok:
		return Value{}
	case n.Op == OpCodesHave:
		return Value{truth(uint64(mask)&n.Mask != 0), true}
	}
	return Value{float64(bits.OnesCount64(uint64(mask))), true}
}

func (e *Evaluation) equalTexts(n *Node) Value {
	a, okA := e.text(n.Args[0])
	b, okB := e.text(n.Args[1])
	if !okA || !okB {
		return Value{}
	}
	return Value{truth(a == b), true}
}

func (e *Evaluation) text(n *Node) (string, bool) {
	if n.Op == OpConst {
		return n.Text, true
	}
	return e.rows[n.Level].Text(n.Index)
}

// overList computes a list operation.
func (e *Evaluation) overList(n *Node) Value {
	items, ok := e.rows[n.Level].List(n.Index)
	if !ok {
		return Value{}
	}
	r := reduction{op: n.Op}
	outer := e.rows[n.Inner]
	for i := range items.Len() {
		e.rows[n.Inner] = items.Row(i)
		meets := Value{1, true}
		if n.Pred != nil {
			meets = e.Value(n.Pred)
		}
		var number int64
		known := true
		if meets.Known && meets.Num == 1 && n.takesItem() {
			number, known = e.rows[n.Inner].Value(n.Item)
		}
		r.take(meets, number, known)
	}
	e.rows[n.Inner] = outer
	scale := 0
	if n.takesItem() {
		scale = n.Schema.Fields[n.Index].List.Fields[n.Item].Scale
	}
	return r.result(scale)
}

// takesItem reports whether the list operation reads a field of its items.
func (n *Node) takesItem() bool { return n.Op == OpSum || n.Op == OpLeast || n.Op == OpGreatest }

// reduction folds the items of a list; all evaluators reduce by its rules.
type reduction struct {
	op       Op
	some     bool // exists: true seen; all: false seen
	unknown  bool
	count    int64
	number   int64 // exact sum, least or greatest in the field's scale
	anything bool
}

func (r *reduction) take(meets Value, number int64, known bool) {
	switch {
	case !meets.Known:
		r.unknown = true
		return
	case r.op == OpExists:
		r.some = r.some || meets.Num == 1
		return
	case r.op == OpAll:
		r.some = r.some || meets.Num == 0
		return
	case meets.Num == 0:
		return
	}
	r.count++
	switch {
	case r.op == OpCount:
	case !known:
		r.unknown = true
	case r.op == OpSum:
		r.number += number
	case !r.anything, r.op == OpLeast && number < r.number, r.op == OpGreatest && number > r.number:
		r.number, r.anything = number, true
	}
}

func (r *reduction) result(scale int) Value {
	switch {
	case r.op == OpExists && r.some:
		return Value{1, true}
	case r.op == OpAll && r.some:
		return Value{0, true}
	case r.unknown:
		return Value{}
	case r.op == OpExists:
		return Value{0, true}
	case r.op == OpAll:
		return Value{1, true}
	case r.op == OpCount:
		return Value{float64(r.count), true}
	case r.op != OpSum && !r.anything:
		return Value{}
	}
	return Value{float64(r.number) / pow10(scale), true}
}
