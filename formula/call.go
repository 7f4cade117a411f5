package formula

import (
	"fmt"
	"slices"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
)

// arithmetic and comparison operators by their CEL names.
var (
	arithmetic  = map[string]Op{operators.Add: OpAdd, operators.Subtract: OpSub, operators.Multiply: OpMul, operators.Divide: OpDiv}
	comparisons = map[string]struct {
		op       Op
		exchange bool
	}{
		operators.Less: {OpLess, false}, operators.LessEquals: {OpLessEqual, false},
		operators.Greater: {OpLess, true}, operators.GreaterEquals: {OpLessEqual, true},
	}
)

func (l *lowering) call(e ast.Expr, c ast.CallExpr) (*Node, error) {
	if c.IsMemberFunction() {
		return l.method(e, c)
	}
	name := c.FunctionName()
	if op, ok := arithmetic[name]; ok {
		return l.numeric(e, op, c.Args())
	}
	if cmp, ok := comparisons[name]; ok {
		return l.compare(e, cmp.op, cmp.exchange, c.Args())
	}
	switch name {
	case operators.LogicalAnd, operators.LogicalOr, operators.LogicalNot:
		return l.logical(e, name, c.Args())
	case operators.Equals:
		return l.equal(e, c.Args())
	case operators.NotEquals:
		n, err := l.equal(e, c.Args())
		if err != nil {
			return nil, err
		}
		return l.node(Node{Op: OpNot, Type: TypeBool, Args: []*Node{n}}), nil
	case operators.Negate:
		return l.numeric(e, OpNeg, c.Args())
	case operators.Conditional:
		return l.conditional(e, c.Args())
	case operators.In:
		return l.in(e, c.Args())
	case "min":
		return l.numeric(e, OpMin2, c.Args())
	case "max":
		return l.numeric(e, OpMax2, c.Args())
	case "years":
		return l.years(e, c.Args())
	case "size":
		if len(c.Args()) == 1 {
			return l.size(e, c.Args()[0])
		}
	}
	return nil, l.noOperation(e, name)
}

// methods are what may follow a list or a set of codes behind a point.
var methods = []string{"exists", "all", "filter", "map", "size", "sum", "min", "max"}

// itemwise are the methods that take (m, expression).
var itemwise = methods[:4]

func (l *lowering) noOperation(e ast.Expr, name string) error {
	name = strings.Trim(strings.ReplaceAll(name, "_", ""), "@") // the parser calls % _%_ and [] _[_]
	return l.refuse(e, fmt.Sprintf("没有运算「%s」。可用的有：+ - * / < <= > >= == != && || ! ?: in min max years exists all filter map size sum。", name),
		fmt.Sprintf("There is no operation %q. There are: + - * / < <= > >= == != && || ! ?: in min max years exists all filter map size sum.", name))
}

// size is how many records a list has, or how many codes hold; size(list) and list.size() are the same.
func (l *lowering) size(e, of ast.Expr) (*Node, error) {
	if n, err := l.expressionOrNil(of); err == nil && n != nil && n.Type == TypeCodes {
		return l.node(Node{Op: OpCodesSize, Type: TypeNum, Args: []*Node{n}, Span: l.position(e)}), nil
	}
	step, err := l.list(of)
	if err != nil {
		return nil, err
	}
	n := step.node(l.position(e))
	n.Op, n.Type = OpCount, TypeNum
	return l.reduced(n, step)
}

// operands lowers arguments that must all have a type.
func (l *lowering) operands(e ast.Expr, want ValueType, count int, args []ast.Expr) ([]*Node, error) {
	if len(args) != count {
		return nil, l.refuse(e, fmt.Sprintf("这里要 %d 个参数。", count), fmt.Sprintf("%d arguments are wanted here.", count))
	}
	nodes := make([]*Node, count)
	for i, a := range args {
		n, err := l.expression(a)
		if err != nil {
			return nil, err
		}
		if n.Type == TypeText && n.Op == OpConst && want == TypeDate {
			if n, err = l.dateLiteral(a, n); err != nil {
				return nil, err
			}
		}
		if n.Type != want {
			return nil, l.refuse(a, fmt.Sprintf("这里要%s，得到的是%s。", want.zh(), n.Type.zh()), fmt.Sprintf("%s is wanted here, this is %s.", want.opening(), n.Type.en()))
		}
		nodes[i] = n
	}
	return nodes, nil
}

func (l *lowering) numeric(e ast.Expr, op Op, args []ast.Expr) (*Node, error) {
	count := 2
	if op == OpNeg {
		count = 1
	}
	nodes, err := l.operands(e, TypeNum, count, args)
	if err != nil {
		return nil, err
	}
	return l.node(Node{Op: op, Type: TypeNum, Args: nodes, Span: l.position(e)}), nil
}

func (l *lowering) logical(e ast.Expr, name string, args []ast.Expr) (*Node, error) {
	op, count := OpAnd, 2
	switch name {
	case operators.LogicalOr:
		op = OpOr
	case operators.LogicalNot:
		op, count = OpNot, 1
	}
	nodes, err := l.operands(e, TypeBool, count, args)
	if err != nil {
		return nil, err
	}
	if op == OpNot && nodes[0].Op == OpNot {
		return nodes[0].Args[0], nil
	}
	return l.node(Node{Op: op, Type: TypeBool, Args: nodes, Span: l.position(e)}), nil
}

// compare is < and <=, of numbers, of dates, and of the score with a number.
func (l *lowering) compare(e ast.Expr, op Op, exchange bool, args []ast.Expr) (*Node, error) {
	a, b, err := l.pair(args)
	if err != nil {
		return nil, err
	}
	alike := a.Type == b.Type && (a.Type == TypeNum || a.Type == TypeDate)
	scored := (a.Type == TypeScore && b.Type == TypeNum) || (a.Type == TypeNum && b.Type == TypeScore)
	if !alike && !scored {
		return nil, l.refuse(e, fmt.Sprintf("只有数字之间、日期之间能比大小，这里是%s和%s。", a.Type.zh(), b.Type.zh()),
			fmt.Sprintf("%s and %s cannot be compared by size; two numbers or two dates can.", a.Type.opening(), b.Type.en()))
	}
	if exchange {
		a, b = b, a
	}
	return l.node(Node{Op: op, Type: TypeBool, Args: []*Node{a, b}, Span: l.position(e)}), nil
}

// pair lowers two arguments; a text beside a date is read as a day.
func (l *lowering) pair(args []ast.Expr) (a, b *Node, err error) {
	if a, err = l.expression(args[0]); err != nil {
		return nil, nil, err
	}
	if b, err = l.expression(args[1]); err != nil {
		return nil, nil, err
	}
	return l.dated(a, b, args[0], args[1])
}

// dated reads a text beside a date as a day.
func (l *lowering) dated(a, b *Node, first, second ast.Expr) (*Node, *Node, error) {
	var err error
	switch {
	case a.Type == TypeDate && b.Op == OpConst && b.Type == TypeText:
		b, err = l.dateLiteral(second, b)
	case b.Type == TypeDate && a.Op == OpConst && a.Type == TypeText:
		a, err = l.dateLiteral(first, a)
	}
	return a, b, err
}

func (l *lowering) equal(e ast.Expr, args []ast.Expr) (*Node, error) {
	a, err := l.expression(args[0])
	if err != nil {
		return nil, err
	}
	b, err := l.expression(args[1])
	if err != nil {
		return nil, err
	}
	return l.equalNodes(e, a, b, args[0], args[1])
}

// equalNodes is a == b, which stand at the two places.
func (l *lowering) equalNodes(e ast.Expr, a, b *Node, first, second ast.Expr) (*Node, error) {
	a, b, err := l.dated(a, b, first, second)
	if err != nil {
		return nil, err
	}
	if b.Type == TypeCode && a.Type != TypeCode {
		a, b, second = b, a, first
	}
	switch {
	case a.Type == TypeCode && b.Type == TypeText && b.Op == OpConst:
		return l.codeIn(e, a, []ast.Expr{second})
	case a.Type == TypeCode && b.Type == TypeCode && !sameCodes(a, b):
		return nil, l.refuse(e, "两个字段的代码表不同，不能比较。", "The two fields have different code lists and cannot be compared.")
	case a.Type != b.Type || a.Type == TypeCodes || a.Type == TypeScore:
		return nil, l.refuse(e, fmt.Sprintf("%s不能与%s比较是否相等。", a.Type.zh(), b.Type.zh()), fmt.Sprintf("%s cannot be compared with %s.", a.Type.opening(), b.Type.en()))
	}
	if a.ID > b.ID {
		a, b = b, a // equality does not mind the order, so both orders are one node
	}
	return l.node(Node{Op: OpEqual, Type: TypeBool, Args: []*Node{a, b}, Span: l.position(e)}), nil
}

func sameCodes(a, b *Node) bool {
	if a.Op != OpField || b.Op != OpField {
		return false
	}
	return slices.EqualFunc(a.Field().Codes, b.Field().Codes, func(x, y Entry) bool { return x.Number == y.Number && x.Code == y.Code })
}

// codeIn is a code field compared with words of its list. In an empty list is nothing, also what is unknown.
func (l *lowering) codeIn(e ast.Expr, field *Node, words []ast.Expr) (*Node, error) {
	if len(words) == 0 {
		return l.node(constant(TypeBool, 0)), nil
	}
	mask, err := l.mask(field, words)
	if err != nil {
		return nil, err
	}
	op := OpCodeIn
	if field.Type == TypeCodes {
		op = OpCodesHave
	}
	return l.node(Node{Op: op, Type: TypeBool, Args: []*Node{field}, Mask: mask, Span: l.position(e)}), nil
}

func (l *lowering) mask(field *Node, words []ast.Expr) (uint64, error) {
	var mask uint64
	for _, w := range words {
		s, ok := "", false
		if w.Kind() == ast.LiteralKind {
			var v types.String
			v, ok = w.AsLiteral().(types.String)
			s = string(v)
		}
		if !ok {
			return 0, l.refuse(w, "这里要写代码，如 'other'。", "A code is wanted here, such as 'other'.")
		}
		n, ok := numberOf(field.Field(), s)
		if !ok {
			list := codesOf(field.Field())
			return 0, l.refuse(w, fmt.Sprintf("「%s」不在「%s」的代码表里。代码有：%s。", s, field.Field().Title.ZH, list), fmt.Sprintf("%q is not in the code list of %q. The codes are: %s.", s, field.Field().Path, list))
		}
		mask |= 1 << n
	}
	return mask, nil
}

func numberOf(f *Field, code string) (int, bool) {
	for _, e := range f.Codes {
		if e.Code == code {
			return e.Number, true
		}
	}
	return 0, false
}

func codesOf(f *Field) string {
	all := make([]string, len(f.Codes))
	for i, e := range f.Codes {
		all[i] = e.Code
	}
	return strings.Join(all, ", ")
}

// in is "code in ['a', 'b']", "'a' in codes" and "number in [1, 2]".
func (l *lowering) in(e ast.Expr, args []ast.Expr) (*Node, error) {
	if args[1].Kind() != ast.ListKind {
		codes, err := l.expression(args[1])
		if err != nil {
			return nil, err
		}
		if codes.Type != TypeCodes {
			return nil, l.refuse(args[1], "in 的右边要写列表，如 ['a', 'b']，或多选字段。", "The right side of in is a list such as ['a', 'b'] or a field of several codes.")
		}
		return l.codeIn(e, codes, args[:1])
	}
	field, err := l.expression(args[0])
	if err != nil {
		return nil, err
	}
	words := args[1].AsList().Elements()
	if field.Type == TypeCode {
		return l.codeIn(e, field, words)
	}
	var either *Node
	for _, w := range words {
		word, err := l.expression(w)
		if err != nil {
			return nil, err
		}
		n, err := l.equalNodes(e, field, word, args[0], w)
		if err != nil {
			return nil, err
		}
		if either == nil {
			either = n
		} else {
			either = l.node(Node{Op: OpOr, Type: TypeBool, Args: []*Node{either, n}, Span: l.position(e)})
		}
	}
	if either == nil {
		return l.node(constant(TypeBool, 0)), nil
	}
	return either, nil
}

func (l *lowering) conditional(e ast.Expr, args []ast.Expr) (*Node, error) {
	condition, err := l.operands(e, TypeBool, 1, args[:1])
	if err != nil {
		return nil, err
	}
	a, b, err := l.pair(args[1:])
	if err != nil {
		return nil, err
	}
	if a.Type != b.Type || (a.Type != TypeNum && a.Type != TypeBool && a.Type != TypeDate) {
		return nil, l.refuse(e, fmt.Sprintf("「? :」的两边是%s和%s，应当同为数字、是否或日期。", a.Type.zh(), b.Type.zh()), fmt.Sprintf("The two sides of ? : are %s and %s; both must be numbers, yes or no, or dates.", a.Type.en(), b.Type.en()))
	}
	if condition[0].Op == OpConst {
		if condition[0].Num == 1 {
			return a, nil
		}
		return b, nil
	}
	return l.node(Node{Op: OpIf, Type: a.Type, Args: []*Node{condition[0], a, b}, Span: l.position(e)}), nil
}

func (l *lowering) years(e ast.Expr, args []ast.Expr) (*Node, error) {
	nodes, err := l.operands(e, TypeDate, 2, args)
	if err != nil {
		return nil, err
	}
	return l.node(Node{Op: OpYears, Type: TypeNum, Args: nodes, Span: l.position(e)}), nil
}

// listStep is one step of list.filter(…).map(…): what is known of it so far.
type listStep struct {
	schema  *Schema // of the record that holds the list
	level   int
	index   int
	inner   int   // the level of the items
	pred    *Node // nil for all items
	mapped  *Node // nil before map
	element *Schema
}

// method is a call on a list or a set of codes: exists, all, filter, map, size, sum, min, max.
func (l *lowering) method(e ast.Expr, c ast.CallExpr) (*Node, error) {
	name := c.FunctionName()
	switch {
	case !slices.Contains(methods, name):
		return nil, l.noOperation(e, name)
	case len(c.Args()) > 0 && !slices.Contains(itemwise, name):
		return nil, l.refuse(c.Args()[0], name+"() 的括号里不写东西。", name+"() takes nothing between its brackets.")
	case name == "size":
		return l.size(e, c.Target())
	}
	step, err := l.list(c.Target())
	if err != nil {
		return nil, err
	}
	n := step.node(l.position(e))
	switch name {
	case "exists", "all":
		if step.pred != nil || step.mapped != nil {
			return nil, l.refuse(e, "exists 和 all 直接写在列表后面；条件请用 && 连接。", "exists and all follow the list itself; join conditions with &&.")
		}
		if n.Pred, err = l.predicate(e, step, c.Args()); err != nil {
			return nil, err
		}
		n.Op, n.Type = OpExists, TypeBool
		if name == "all" {
			n.Op = OpAll
		}
	case "sum", "min", "max":
		if step.mapped == nil || step.mapped.Op != OpField || step.mapped.Level != step.inner || step.mapped.Type != TypeNum {
			return nil, l.refuse(e, name+" 之前要有 map（m, m.字段），字段须是数字。", name+" follows map(m, m.field), where the field is a number.")
		}
		n.Op, n.Type, n.Item = map[string]Op{"sum": OpSum, "min": OpLeast, "max": OpGreatest}[name], TypeNum, step.mapped.Index
	default: // filter and map
		return nil, l.refuse(e, name+" 得到的是列表，后面要接 size、sum、min 或 max。", name+" gives a list; size, sum, min or max must follow it.")
	}
	return l.reduced(n, step)
}

// node is the beginning of an operation on the list.
func (s listStep) node(at Position) Node {
	return Node{Level: s.level, Index: s.index, Schema: s.schema, Inner: s.inner, Pred: s.pred, Span: at, Depth: s.level}
}

// reduced is an operation on a list with what it depends on outside of the list.
func (l *lowering) reduced(n Node, step listStep) (*Node, error) {
	if n.Pred != nil && n.Pred.Depth < step.inner {
		n.Depth = max(n.Depth, n.Pred.Depth)
	} else if n.Pred != nil {
		n.Depth = max(n.Depth, outerDepth(n.Pred, step.inner))
	}
	return l.node(n), nil
}

// outerDepth is the deepest level below inner that a predicate reads: what the list operation itself depends on.
func outerDepth(n *Node, inner int) int {
	deepest := 0
	seen := map[int]bool{} // a node is shared by many, and is looked at once
	var walk func(*Node)
	walk = func(n *Node) {
		if seen[n.ID] {
			return
		}
		seen[n.ID] = true
		if n.Op == OpField && n.Level < inner {
			deepest = max(deepest, n.Level)
		}
		if n.Inner > 0 && n.Level < inner {
			deepest = max(deepest, n.Level)
		}
		for _, a := range n.Args {
			walk(a)
		}
		if n.Pred != nil {
			walk(n.Pred)
		}
	}
	walk(n)
	return deepest
}

func (l *lowering) expressionOrNil(e ast.Expr) (*Node, error) {
	if dotted(e) == "" {
		return nil, nil
	}
	return l.expression(e)
}

// list reads what stands before a method: a list field, perhaps with filter and map.
func (l *lowering) list(e ast.Expr) (listStep, error) {
	if e.Kind() == ast.CallKind && e.AsCall().IsMemberFunction() {
		c := e.AsCall()
		step, err := l.list(c.Target())
		if err != nil {
			return step, err
		}
		switch c.FunctionName() {
		case "filter":
			if step.mapped != nil || step.pred != nil {
				return step, l.refuse(e, "filter 只能写一次，且在 map 之前；条件请用 && 连接。", "filter stands once, before map; join conditions with &&.")
			}
			step.pred, err = l.predicate(e, step, c.Args())
			return step, err
		case "map":
			step.mapped, err = l.within(e, step, c.Args())
			return step, err
		}
		return step, l.refuse(e, fmt.Sprintf("列表没有「%s」。", c.FunctionName()), fmt.Sprintf("A list has no %q here.", c.FunctionName()))
	}
	return l.listField(e)
}

func (l *lowering) listField(e ast.Expr) (listStep, error) {
	name := dotted(e)
	if name == "" {
		return listStep{}, l.refuse(e, "这里要写表单的列表，如 members。", "A list of the form is wanted here, such as members.")
	}
	schema, level, path := l.schema, 0, name
	head, rest, _ := strings.Cut(name, ".")
	for _, v := range slices.Backward(l.items) {
		if v.name == head {
			schema, level, path = v.schema, v.level, rest
			break
		}
	}
	i, ok := schema.Lookup(path)
	if !ok {
		return listStep{}, l.unknown(e, schema, path, strings.TrimSuffix(name, path))
	}
	if schema.Fields[i].Type != List {
		return listStep{}, l.refuse(e, fmt.Sprintf("字段「%s」不是列表。", name), fmt.Sprintf("The field %q is no list.", name))
	}
	inner := 1
	for _, item := range l.items {
		inner = max(inner, item.level+1)
	}
	if inner > maxLists+len(l.Builder.items) {
		return listStep{}, l.refuse(e, fmt.Sprintf("列表运算最多嵌套 %d 层。", maxLists), fmt.Sprintf("List operations may stand at most %d within each other.", maxLists))
	}
	return listStep{schema: schema, level: level, index: i, inner: inner, element: schema.Fields[i].List}, nil
}

// predicate reads (m, condition).
func (l *lowering) predicate(e ast.Expr, step listStep, args []ast.Expr) (*Node, error) {
	n, err := l.within(e, step, args)
	if err != nil {
		return nil, err
	}
	if n.Type != TypeBool {
		return nil, l.refuse(args[1], fmt.Sprintf("这里要是或否的条件，得到的是%s。", n.Type.zh()), fmt.Sprintf("A condition is wanted here, this is %s.", n.Type.en()))
	}
	return n, nil
}

// within reads (m, expression) with m standing for an item.
func (l *lowering) within(e ast.Expr, step listStep, args []ast.Expr) (*Node, error) {
	if len(args) != 2 || args[0].Kind() != ast.IdentKind {
		return nil, l.refuse(e, "这里要写 (m, 条件)。", "(m, condition) is wanted here.")
	}
	name := args[0].AsIdent()
	if l.known(name) || slices.ContainsFunc(l.items, func(i itemName) bool { return i.name == name }) {
		return nil, l.refuse(args[0], fmt.Sprintf("名称「%s」已经用过。", name), fmt.Sprintf("The name %q is taken.", name))
	}
	l.items = append(l.items, itemName{name, step.element, step.inner})
	n, err := l.expression(args[1])
	l.items = l.items[:len(l.items)-1]
	return n, err
}
