package criteria

import (
	"fmt"
	"strings"

	"liandong/formula"
)

// nodeText writes a node as a short expression, for plans.
func nodeText(n *formula.Node) string { return wording{}.text(n) }

// wording writes nodes with the names that some of them have.
type wording map[*formula.Node]string

// wording of a document's conditions uses the names of its derived values.
func (d *Document) wording() wording {
	w := wording{}
	for _, derived := range d.Derived {
		if derived.Node.Op != formula.OpField && derived.Node.Op != formula.OpConst {
			w[derived.Node] = derived.Name
		}
	}
	return w
}

func (w wording) text(n *formula.Node) string {
	if name, ok := w[n]; ok {
		return name
	}
	operand := func(i int) string { return w.text(n.Args[i]) }
	switch n.Op {
	case formula.OpConst:
		if n.Type == formula.TypeText {
			return fmt.Sprintf("%q", n.Text)
		}
		return number(n.Num)
	case formula.OpField:
		if n.Level > 0 {
			return "." + n.Field().Path
		}
		return n.Field().Path
	case formula.OpParameter:
		return n.Text
	case formula.OpAsOf:
		return "as_of"
	case formula.OpScore:
		return "score"
	case formula.OpNot:
		return "!" + operand(0)
	case formula.OpNeg:
		return "-" + operand(0)
	case formula.OpAnd:
		return "(" + operand(0) + " && " + operand(1) + ")"
	case formula.OpOr:
		return "(" + operand(0) + " || " + operand(1) + ")"
	case formula.OpIf:
		return "(" + operand(0) + " ? " + operand(1) + " : " + operand(2) + ")"
	case formula.OpMin2, formula.OpMax2:
		return operators[n.Op] + "(" + operand(0) + ", " + operand(1) + ")"
	case formula.OpYears:
		return "years(" + operand(0) + ", " + operand(1) + ")"
	case formula.OpCodeIn, formula.OpCodesHave:
		return operand(0) + " in " + codesText(n)
	case formula.OpCodesSize:
		return "size(" + operand(0) + ")"
	case formula.OpExists, formula.OpAll, formula.OpCount, formula.OpSum, formula.OpLeast, formula.OpGreatest:
		return w.list(n)
	}
	return operand(0) + " " + operators[n.Op] + " " + operand(1)
}

func codesText(n *formula.Node) string {
	var words []string
	for _, e := range n.Args[0].Field().Codes {
		if n.Mask>>e.Number&1 != 0 {
			words = append(words, e.Code)
		}
	}
	return "[" + strings.Join(words, " ") + "]"
}

var listWords = map[formula.Op]string{
	formula.OpExists: "exists", formula.OpAll: "all", formula.OpCount: "count", formula.OpSum: "sum", formula.OpLeast: "min", formula.OpGreatest: "max",
}

func (w wording) list(n *formula.Node) string {
	text := n.Field().Path + "." + listWords[n.Op]
	if n.TakesItem() {
		text += " of " + n.Field().List.Fields[n.Item].Path
	}
	if n.Pred != nil {
		text += "(" + w.text(n.Pred) + ")"
	}
	return text
}
