package criteria

import (
	"fmt"
	"math"

	"liandong/formula"
)

// numberRange bounds a number's magnitude by powers of two: every value but zero lies from 2^low to 2^high.
type numberRange struct{ low, high int }

// Powers between which a double is normal.
const (
	lowestPower  = -1022
	highestPower = 1023
)

var anyDouble = numberRange{low: -1074, high: 1024}

// finite keeps what leaves the range of a double unknown, as every evaluator does. Where the range of the operands shows that it cannot, nothing
// is added. PostgreSQL stops with an error instead of giving infinity or zero, so there the document is refused.
func (w *sqlWriter) finite(n *formula.Node, text string) string {
	r := w.rangeOf(n)
	if w.Dialect == Postgres {
		if r.high > highestPower || (r.low < lowestPower && n.Op != formula.OpAdd && n.Op != formula.OpSub) {
			w.refuse(n.Span, "这里的数可能超出双精度的范围，PostgreSQL 会报错中止，所以不写成 SQL。", "The number may leave the range of double precision here, where PostgreSQL stops with an error; the document is not written as SQL for it.")
		}
		return text
	}
	if r.high <= highestPower {
		return text
	}
	w.ranges[n.ID] = anyDouble
	inside := choose(w.Dialect == SQLite, "ABS(MAX(u.x)) < 9e999", "ISFINITE(MAX(u.x))")
	return fmt.Sprintf("(SELECT CASE WHEN %s THEN MAX(u.x) END FROM (SELECT %s AS x LIMIT 1) AS u)", inside, text)
}

// rangeOf bounds a node's number from the ranges of what it reads: a field's whole numbers have 63 bits.
func (w *sqlWriter) rangeOf(n *formula.Node) numberRange {
	if r, ok := w.ranges[n.ID]; ok {
		return r
	}
	r := w.computeRange(n)
	r.low, r.high = max(r.low, anyDouble.low), min(r.high, anyDouble.high)
	w.ranges[n.ID] = r
	return r
}

func (w *sqlWriter) computeRange(n *formula.Node) numberRange {
	arg := func(i int) numberRange { return w.rangeOf(n.Args[i]) }
	switch n.Op {
	case formula.OpConst:
		return rangeOfNumber(n.Num)
	case formula.OpParameter:
		return rangeOfNumber(w.inputs.Parameters[n.Index].Num)
	case formula.OpField:
		return numberRange{low: -4 * n.Field().Scale, high: 63}
	case formula.OpSum, formula.OpLeast, formula.OpGreatest:
		return numberRange{low: -4 * n.Field().List.Fields[n.Item].Scale, high: 64}
	case formula.OpNeg:
		return arg(0)
	case formula.OpIf:
		return arg(1).with(arg(2))
	case formula.OpMin2, formula.OpMax2:
		return arg(0).with(arg(1))
	case formula.OpAdd, formula.OpSub:
		r := arg(0).with(arg(1))
		return numberRange{low: r.low - 54, high: r.high + 1} // what is left of two nearly equal numbers is at least their last bit
	case formula.OpMul:
		return numberRange{low: arg(0).low + arg(1).low - 1, high: arg(0).high + arg(1).high}
	case formula.OpDiv:
		return numberRange{low: arg(0).low - arg(1).high - 1, high: arg(0).high - arg(1).low + 1}
	}
	return numberRange{low: 0, high: 63} // counts and years
}

func (r numberRange) with(o numberRange) numberRange {
	return numberRange{low: min(r.low, o.low), high: max(r.high, o.high)}
}

func rangeOfNumber(v float64) numberRange {
	if v == 0 {
		return numberRange{low: 0, high: 0}
	}
	_, exponent := math.Frexp(v)
	return numberRange{low: exponent - 1, high: exponent}
}
