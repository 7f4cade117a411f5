package formula

import (
	"fmt"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"liandong/day"
	"liandong/errs"
)

// PositionOf is where the text of a scalar begins in its document: behind the quote of a quoted one, a line down of a block.
func PositionOf(n *yaml.Node) Position {
	switch {
	case n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0:
		return Position{n.Line, n.Column + 1}
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return Position{n.Line + 1, 1}
	}
	return Position{n.Line, n.Column}
}

// Read is one answer that a formula read: of the record, or of an item of a list.
type Read struct {
	List  string // the list's path, empty for the record's own answers
	Item  int    // the item's index; -1 for the record's own
	Field *Field
	Value int64
	Text  string
	Known bool
}

// Path is the answer's place: housing.area, members[2].labour.
func (r Read) Path() string {
	if r.List == "" {
		return r.Field.Path
	}
	return r.List + "[" + strconv.Itoa(r.Item) + "]." + r.Field.Path
}

// FieldPath is the field's place without the item: members.labour.
func (r Read) FieldPath() string {
	if r.List == "" {
		return r.Field.Path
	}
	return r.List + "." + r.Field.Path
}

// Words is the answer as people read it.
func (r Read) Words() errs.Text {
	if !r.Known {
		return errs.Text{ZH: "未填", EN: "missing"}
	}
	return r.Field.Words(r.Value, r.Text)
}

// Words is a field's answer as people read it.
func (f *Field) Words(value int64, text string) errs.Text {
	switch f.Type {
	case Bool:
		return errs.Text{ZH: [2]string{"否", "是"}[value&1], EN: [2]string{"no", "yes"}[value&1]}
	case Code, Codes:
		var zh, en []string
		for _, e := range f.Codes {
			if (f.Type == Code && value == int64(e.Number)) || (f.Type == Codes && value&(1<<e.Number) != 0) {
				zh, en = append(zh, e.Title.ZH), append(en, e.Title.EN)
			}
		}
		return errs.Text{ZH: strings.Join(zh, "、"), EN: strings.Join(en, ", ")}
	case Date:
		d := day.FromUnixDays(int(value))
		return errs.Text{ZH: d.Chinese(), EN: d.String()}
	case Number:
		s := strconv.FormatFloat(float64(value)/pow10(f.Scale), 'f', -1, 64)
		return errs.Text{ZH: s + unitWords[f.Unit].ZH, EN: strings.TrimSpace(s + " " + unitWords[f.Unit].EN)}
	}
	return errs.Text{ZH: text, EN: text}
}

// unitWords are the units of the forms as people write them behind a number.
var unitWords = map[string]errs.Text{
	"yuan": {ZH: "元", EN: "yuan"}, "m2": {ZH: "平方米", EN: "m²"}, "mu": {ZH: "亩", EN: "mu"}, "km": {ZH: "公里", EN: "km"},
	"kg/year": {ZH: "公斤", EN: "kg a year"}, "months": {ZH: "个月", EN: "months"}, "year": {ZH: "年", EN: ""}, "head": {ZH: "头（只）", EN: "head"},
}

// Reads tells every answer that the node reads for the record at hand, in the order of the formula, each once.
func (e *Evaluation) Reads(n *Node, found func(Read)) {
	w := walker{Evaluation: e, found: found, seen: map[string]bool{}, walked: map[int]bool{}}
	w.walk(n, false)
}

// Missing tells the answers whose absence makes the node unknown: those that are absent in its unknown parts. Other reasons, such as a division
// by zero or a parameter without a value, are told as sentences.
func (e *Evaluation) Missing(n *Node, found func(Read), other func(errs.Text)) {
	w := walker{Evaluation: e, found: found, other: other, seen: map[string]bool{}, walked: map[int]bool{}}
	w.walk(n, true)
}

// walker goes down a formula; lists holds the list and item of every level.
type walker struct {
	*Evaluation
	found func(Read)
	other func(errs.Text)
	seen  map[string]bool
	// walked are the nodes outside of lists that were visited: shared by many, and the same whoever asks.
	walked map[int]bool
	place  [maxLists + 2]struct {
		list string
		item int
	}
}

// walk visits a node; unknownOnly keeps to what is unknown.
func (w *walker) walk(n *Node, unknownOnly bool) {
	if unknownOnly && n.Type != TypeText && n.Type != TypeScore && w.Value(n).Known {
		return
	}
	if n.Depth == 0 {
		if w.walked[n.ID] {
			return
		}
		w.walked[n.ID] = true
	}
	switch n.Op {
	case OpField:
		w.tell(n.Level, n.Index, n.Schema, unknownOnly)
	case OpParameter:
		if unknownOnly {
			w.say(fmt.Sprintf("参数 %s 在这一年没有数值", n.Text), fmt.Sprintf("the parameter %s has no value for the year", n.Text))
		}
	case OpAdd, OpSub, OpMul, OpDiv:
		if unknownOnly {
			w.noNumber(n)
		}
	}
	for _, a := range n.Args {
		w.walk(a, unknownOnly)
	}
	if n.Inner > 0 {
		w.walkList(n, unknownOnly)
	}
}

// noNumber says why known operands give no number.
func (w *walker) noNumber(n *Node) {
	a, b := w.Value(n.Args[0]), w.Value(n.Args[1])
	switch {
	case n.Op == OpDiv && b.Known && b.Num == 0:
		w.say("除数为零", "division by zero")
	case a.Known && b.Known:
		w.say("算出的数太大", "the number is too large")
	}
}

func (w *walker) say(zh, en string) {
	if w.other != nil && !w.seen[en] {
		w.seen[en] = true
		w.other(errs.Text{ZH: zh, EN: en})
	}
}

func (w *walker) walkList(n *Node, unknownOnly bool) {
	items, ok := w.rows[n.Level].List(n.Index)
	if !ok {
		w.tell(n.Level, n.Index, n.Schema, unknownOnly)
		return
	}
	may := 0 // items that meet the condition, or might

	outer, there := w.rows[n.Inner], w.place[n.Inner] // a name within a predicate may go over another list at the same level
	for i := range items.Len() {
		w.rows[n.Inner] = items.Row(i)
		w.place[n.Inner].list, w.place[n.Inner].item = n.Field().Path, i
		meets := Value{1, true}
		if n.Pred != nil {
			w.walk(n.Pred, unknownOnly)
			meets = w.Value(n.Pred)
		}
		if !meets.Known || meets.Num == 1 {
			may++
		}
		if n.takesItem() && meets.Known && meets.Num == 1 {
			w.tell(n.Inner, n.Item, n.Field().List, unknownOnly)
		}
	}
	w.rows[n.Inner], w.place[n.Inner] = outer, there
	if unknownOnly && may == 0 { // only a least or greatest is unknown then
		w.say("没有可以比较的项", "there is no item to compare")
	}
}

// tell reports one answer, once.
func (w *walker) tell(level, field int, s *Schema, unknownOnly bool) {
	r := Read{List: w.place[level].list, Item: w.place[level].item, Field: &s.Fields[field]}
	if level == 0 {
		r.Item = -1
	}
	switch r.Field.Type {
	case Text:
		r.Text, r.Known = w.rows[level].Text(field)
	case List:
		_, r.Known = w.rows[level].List(field)
	default:
		r.Value, r.Known = w.rows[level].Value(field)
	}
	if (unknownOnly && r.Known) || w.seen[r.Path()] {
		return
	}
	w.seen[r.Path()] = true
	w.found(r)
}
