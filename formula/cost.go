package formula

import "fmt"

// The budget of a document, in steps a record: one step is one operation or one look at a kept value. The largest shipped document takes
// about 700; at a hundred thousand a record takes about a millisecond, so that a county of a hundred thousand households still ends within
// two minutes on one core.
const (
	maxCost     = 100_000
	itemsOfList = 16 // records that a list is taken to have: a large family, and more vehicles than any
)

// costOf is how many steps the operation takes for one record. Values outside of lists are computed once and then looked at; within a list,
// and where they depend on the score, they are computed anew each time.
func (n *Node) costOf() float64 {
	steps := 1.0
	for _, a := range n.Args {
		steps += a.charge()
	}
	if n.Inner > 0 {
		each := 1.0
		if n.Pred != nil {
			each += n.Pred.charge()
		}
		steps += itemsOfList * each
	}
	return steps
}

func (n *Node) charge() float64 {
	if n.Depth == 0 && !n.Scored {
		return 1
	}
	return n.cost
}

// Cost is how many steps the document's formulas take for one record, at most, where no list is longer than 16.
func (b *Builder) Cost() float64 { return b.cost }

// afford refuses a formula with which the document costs more than its budget.
func (b *Builder) afford(n *Node, at Position) error {
	total := b.cost
	if n.Scored {
		total += n.cost
	}
	if total <= maxCost {
		return nil
	}
	return refuse(at, fmt.Sprintf("规则太费时：每户约 %.0f 步，最多 %d 步。请拆开嵌套的列表运算或重复的比较。", total, maxCost),
		fmt.Sprintf("The document costs too much: about %.0f steps a record, at most %d. Take nested list operations and repeated comparisons apart.", total, maxCost))
}
