package formula

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/parser"

	"liandong/day"
	"liandong/errs"
)

// Builder turns the formulas of one document into nodes that share what they have in common. It is used by one goroutine.
type Builder struct {
	Nodes []*Node // every node, operands before what uses them

	schema     *Schema
	parameters []Parameter
	names      map[string]*Node
	items      []itemName // item variables that hold throughout, outermost first
	allowScore bool
	seen       map[string]*Node
	cost       float64 // steps of all nodes that are computed once a record
	parser     *parser.Parser
}

// itemName is a variable that stands for a record of a list.
type itemName struct {
	name   string
	schema *Schema
	level  int
}

// NewBuilder builds formulas over a schema with a document's parameters.
func NewBuilder(schema *Schema, parameters []Parameter) *Builder {
	p, err := parser.NewParser(parser.Macros(), parser.ExpressionSizeCodePointLimit(maxText), parser.MaxRecursionDepth(maxDeep), parser.ErrorRecoveryLimit(1))
	if err != nil {
		panic(err) // the options are constants
	}
	return &Builder{schema: schema, parameters: parameters, names: map[string]*Node{}, seen: map[string]*Node{}, parser: p}
}

// Each lets formulas name one item of a list of the schema, as m: Row 1 of the evaluation. It is for rules that look at every item by itself.
func (b *Builder) Each(variable, list string) error {
	i, ok := b.schema.Lookup(list)
	if !ok || b.schema.Fields[i].Type != List {
		return refuse(Position{1, 1}, fmt.Sprintf("「%s」不是列表。", list), fmt.Sprintf("%q is no list.", list))
	}
	b.items = []itemName{{variable, b.schema.Fields[i].List, 1}}
	return nil
}

// Define gives a name to a node, so that later formulas may use it. A name that a field or parameter bears already is refused.
func (b *Builder) Define(name string, n *Node, at Position) error {
	if b.known(name) {
		return refuse(at, fmt.Sprintf("名称「%s」已经用过。", name), fmt.Sprintf("The name %q is taken.", name))
	}
	b.names[name] = n
	return nil
}

func (b *Builder) known(name string) bool {
	_, named := b.names[name]
	_, field := b.schema.Lookup(name)
	return named || field || b.parameter(name) >= 0 || name == "as_of" || name == "score"
}

func (b *Builder) parameter(name string) int {
	return slices.IndexFunc(b.parameters, func(p Parameter) bool { return p.Name == name })
}

// Options of one formula.
type Options struct {
	At     Position  // where its text begins in the document
	Indent int       // how far the lines after its first are moved in there
	Want   ValueType // the type it must have, 0 for any
	Score  bool      // whether it may compare score
}

// Build reads one formula.
func (b *Builder) Build(text string, o Options) (*Node, error) {
	source := common.NewTextSource(text)
	tree, problems := b.parser.Parse(source)
	if problems != nil && len(problems.GetErrors()) > 0 {
		e := problems.GetErrors()[0]
		why := unreadable(e.Message)
		return nil, refuse(o.place(e.Location.Line(), e.Location.Column()+1), why.ZH, why.EN)
	}
	b.allowScore = o.Score
	l := &lowering{Builder: b, info: tree.SourceInfo(), options: o, items: slices.Clone(b.items)}
	n, err := l.expression(tree.Expr())
	if err != nil {
		return nil, err
	}
	if o.Want != 0 && n.Type != o.Want {
		return nil, refuse(o.At, fmt.Sprintf("这里要%s，得到的是%s。", o.Want.zh(), n.Type.zh()), fmt.Sprintf("%s is wanted here, this is %s.", o.Want.opening(), n.Type.en()))
	}
	if len(b.Nodes) > maxNodes {
		return nil, refuse(o.At, fmt.Sprintf("规则太长，运算超过 %d 个。", maxNodes), fmt.Sprintf("The document is too long: more than %d operations.", maxNodes))
	}
	return n, b.afford(n, o.At)
}

// place is where a line and a column of the formula's text stand in its document.
func (o *Options) place(line, column int) Position {
	at := o.At
	if at.Line == 0 {
		at = Position{1, 1}
	}
	if line <= 1 {
		return Position{at.Line, at.Column + max(column, 1) - 1}
	}
	return Position{at.Line + line - 1, column + o.Indent}
}

// Refusal is why a formula cannot be used, and where.
type Refusal struct {
	At   Position
	Text errs.Text
}

// Error is the English sentence with its place.
func (r *Refusal) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", r.At.Line, r.At.Column, r.Text.EN)
}

// Unwrap gives the refusal as an error for people, with line and column.
func (r *Refusal) Unwrap() error {
	return errs.New(errs.Invalid, "formula.Build",
		fmt.Sprintf("第 %d 行第 %d 列：%s", r.At.Line, r.At.Column, r.Text.ZH), fmt.Sprintf("Line %d, column %d: %s", r.At.Line, r.At.Column, r.Text.EN))
}

func refuse(at Position, zh, en string) error { return &Refusal{at, errs.Text{ZH: zh, EN: en}} }

var typeWords = map[ValueType]errs.Text{
	TypeBool: {ZH: "是或否", EN: "a yes or no"}, TypeNum: {ZH: "数字", EN: "a number"}, TypeCode: {ZH: "代码", EN: "a code"},
	TypeCodes: {ZH: "多选代码", EN: "a set of codes"}, TypeDate: {ZH: "日期", EN: "a date"}, TypeText: {ZH: "文字", EN: "a text"},
	TypeScore: {ZH: "得分", EN: "the score"},
}

func (t ValueType) zh() string { return typeWords[t].ZH }
func (t ValueType) en() string { return typeWords[t].EN }

// opening is the type at the beginning of an English sentence.
func (t ValueType) opening() string { return strings.ToUpper(t.en()[:1]) + t.en()[1:] }

// lowering is the reading of one formula.
type lowering struct {
	*Builder
	info    *ast.SourceInfo
	options Options
	items   []itemName
}

// position is where an expression stands: an operation at its operator, a name at its first letter.
func (l *lowering) position(e ast.Expr) Position {
	for e.Kind() == ast.SelectKind {
		e = e.AsSelect().Operand()
	}
	loc := l.info.GetStartLocation(e.ID())
	return l.options.place(loc.Line(), loc.Column()+1)
}

func (l *lowering) refuse(e ast.Expr, zh, en string) error { return refuse(l.position(e), zh, en) }

// node gives the one node for an operation, making it where it is new. Operations on constants are computed at once.
func (b *Builder) node(n Node) *Node {
	n.Scored = n.Op == OpScore
	for _, a := range n.Args {
		n.Depth, n.Scored = max(n.Depth, a.Depth), n.Scored || a.Scored
	}
	key := n.key()
	if old, ok := b.seen[key]; ok {
		return old
	}
	if folded, ok := n.fold(); ok {
		return b.node(folded)
	}
	n.ID = len(b.Nodes)
	n.cost = n.costOf()
	if n.Depth == 0 && !n.Scored {
		b.cost += n.cost
	}
	kept := &n
	b.Nodes = append(b.Nodes, kept)
	b.seen[key] = kept
	return kept
}

// key tells two operations apart.
func (n *Node) key() string {
	var s strings.Builder
	fmt.Fprintf(&s, "%p %d %d %d %d %x %x %q %d %d", n.Schema, n.Op, n.Type, n.Level, n.Index, n.Mask, math.Float64bits(n.Num), n.Text, n.Inner, n.Item)
	for _, a := range n.Args {
		fmt.Fprintf(&s, " %d", a.ID)
	}
	if n.Pred != nil {
		fmt.Fprintf(&s, " |%d", n.Pred.ID)
	}
	return s.String()
}

// fold computes an operation on constants.
func (n *Node) fold() (Node, bool) {
	if len(n.Args) == 0 || n.Op == OpField {
		return Node{}, false
	}
	for _, a := range n.Args {
		if a.Op != OpConst {
			return Node{}, false
		}
	}
	switch n.Op {
	case OpAdd, OpSub, OpMul, OpDiv, OpNeg, OpMin2, OpMax2, OpLess, OpLessEqual, OpNot, OpAnd, OpOr:
	case OpEqual:
		if n.Args[0].Type == TypeText {
			return constant(n.Type, truth(n.Args[0].Text == n.Args[1].Text)), true
		}
	default:
		return Node{}, false
	}
	var e Evaluation
	v := e.apply(n, func(i int) Value { return Value{n.Args[i].Num, true} })
	if !v.Known {
		return Node{}, false // 1/0 stays in the tree: it is unknown with its reason
	}
	return constant(n.Type, v.Num), true
}

func constant(t ValueType, v float64) Node { return Node{Op: OpConst, Type: t, Num: v} }

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func (l *lowering) expression(e ast.Expr) (*Node, error) {
	switch e.Kind() {
	case ast.LiteralKind:
		return l.literal(e)
	case ast.IdentKind, ast.SelectKind:
		return l.path(e)
	case ast.CallKind:
		return l.call(e, e.AsCall())
	}
	return nil, l.refuse(e, "这里不能用列表、映射或结构。", "A list, map or structure cannot stand here.")
}

func (l *lowering) literal(e ast.Expr) (*Node, error) {
	switch v := e.AsLiteral().(type) {
	case types.Bool:
		return l.node(constant(TypeBool, truth(bool(v)))), nil
	case types.Int:
		return l.whole(e, float64(v), v >= -maxWhole && v <= maxWhole)
	case types.Uint:
		return l.whole(e, float64(v), v <= maxWhole)
	case types.Double:
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			return nil, l.refuse(e, "数字太大。", "The number is too large.")
		}
		return l.node(constant(TypeNum, float64(v))), nil
	case types.String:
		return l.node(Node{Op: OpConst, Type: TypeText, Text: string(v)}), nil
	}
	return nil, l.refuse(e, "这里不能用 null 或字节串；没有填的项自己就是“不知道”。", "null and bytes cannot stand here; an answer that is missing is unknown by itself.")
}

// whole is a whole number that a float64 holds exactly.
func (l *lowering) whole(e ast.Expr, v float64, exact bool) (*Node, error) {
	if !exact {
		return nil, l.refuse(e, tooLarge.ZH, tooLarge.EN)
	}
	return l.node(constant(TypeNum, v)), nil
}

// dotted is the path of names that an identifier or selection spells, empty where it is none.
func dotted(e ast.Expr) string {
	switch e.Kind() {
	case ast.IdentKind:
		return e.AsIdent()
	case ast.SelectKind:
		s := e.AsSelect()
		if above := dotted(s.Operand()); above != "" && !s.IsTestOnly() {
			return above + "." + s.FieldName()
		}
	}
	return ""
}

// path is a name: a parameter, a derived name, as_of, score, a field of an item, a field of the record.
func (l *lowering) path(e ast.Expr) (*Node, error) {
	name := dotted(e)
	if name == "" {
		return nil, l.refuse(e, "这里只能写字段名。", "Only the name of a field can stand here.")
	}
	head, rest, _ := strings.Cut(name, ".")
	for _, v := range slices.Backward(l.items) {
		if item := v; item.name == head {
			if rest == "" {
				return nil, l.refuse(e, fmt.Sprintf("请写明「%s」的字段，如 %s.%s。", head, head, item.schema.Fields[0].Path), fmt.Sprintf("Name a field of %q, such as %s.%s.", head, head, item.schema.Fields[0].Path))
			}
			return l.field(e, item.schema, item.level, rest, head+".")
		}
	}
	if n, ok := l.names[name]; ok {
		return n, nil
	}
	if i := l.parameter(name); i >= 0 {
		return l.node(Node{Op: OpParameter, Type: TypeNum, Index: i, Text: name}), nil
	}
	switch name {
	case "as_of":
		return l.node(Node{Op: OpAsOf, Type: TypeDate}), nil
	case "score":
		if !l.allowScore {
			return nil, l.refuse(e, "score 只能在 poor 里使用。", "score may be used in poor alone.")
		}
		return l.node(Node{Op: OpScore, Type: TypeScore}), nil
	}
	return l.field(e, l.schema, 0, name, "")
}

var fieldTypes = map[Type]ValueType{Bool: TypeBool, Number: TypeNum, Code: TypeCode, Codes: TypeCodes, Date: TypeDate, Text: TypeText}

func (l *lowering) field(e ast.Expr, s *Schema, level int, path, prefix string) (*Node, error) {
	i, ok := s.Lookup(path)
	if !ok {
		return nil, l.unknown(e, s, path, prefix)
	}
	t, readable := fieldTypes[s.Fields[i].Type]
	if !readable {
		zh, en := "不向规则开放", "is closed to rules"
		if s.Fields[i].Type == List {
			zh, en = "是列表，请用 exists、all、filter(…).size() 或 map(…).sum()", "is a list; use exists, all, filter(…).size() or map(…).sum()"
		}
		return nil, l.refuse(e, fmt.Sprintf("字段「%s%s」%s。", prefix, path, zh), fmt.Sprintf("The field %q %s.", prefix+path, en))
	}
	return l.node(Node{Op: OpField, Type: t, Level: level, Index: i, Schema: s, Depth: level}), nil
}

// unknown says that there is no such name, and which are near.
func (l *lowering) unknown(e ast.Expr, s *Schema, path, prefix string) error {
	var names []string
	for _, f := range s.Fields {
		names = append(names, prefix+f.Path)
	}
	if prefix == "" {
		for name := range l.names {
			names = append(names, name)
		}
		for _, p := range l.parameters {
			names = append(names, p.Name)
		}
		names = append(names, "as_of")
		if l.allowScore {
			names = append(names, "score")
		}
	}
	slices.Sort(names)
	near := errs.Near(prefix+path, names)
	return l.refuse(e, fmt.Sprintf("没有名称「%s%s」。%s", prefix, path, near.ZH), fmt.Sprintf("There is no name %q.%s", prefix+path, near.EN))
}

// dateLiteral reads a text constant as a day, where a date is wanted.
func (l *lowering) dateLiteral(e ast.Expr, n *Node) (*Node, error) {
	d, err := day.Parse(n.Text)
	if err != nil {
		t := errs.Sentence(err)
		return nil, l.refuse(e, t.ZH, t.EN)
	}
	return l.node(constant(TypeDate, float64(d.UnixDays()))), nil
}
