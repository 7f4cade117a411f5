package criteria

import (
	"fmt"
	"strings"

	"liandong/day"
	"liandong/errs"
	"liandong/formula"
)

// phrases turns formulas into words: fields by their titles, codes by theirs, a ladder of conditionals as its steps.
type phrases struct {
	doc   *Document
	names map[int]string // of derived values, by node
	said  map[int]errs.Text
}

// longPhrase is how many bytes a derived value may take where it is used; a longer one is called by its name.
const longPhrase = 200

func newPhrases(d *Document) *phrases {
	p := &phrases{doc: d, names: map[int]string{}, said: map[int]errs.Text{}}
	for i := range d.Derived {
		p.names[d.Derived[i].Node.ID] = d.Derived[i].Name
	}
	return p
}

func both(zh, en string) errs.Text { return errs.Text{ZH: zh, EN: en} }

// of is a node in words; a derived value that is long to tell is called by its name.
func (p *phrases) of(n *formula.Node) errs.Text {
	t, ok := p.said[n.ID]
	if !ok {
		t = p.spelt(n)
		if name := p.names[n.ID]; name != "" && len(t.ZH) > longPhrase {
			t = both(name, name)
		}
		p.said[n.ID] = t
	}
	return t
}

var signWords = map[formula.Op]string{
	formula.OpAdd: "+", formula.OpSub: "−", formula.OpMul: "×", formula.OpDiv: "÷", formula.OpLess: "<", formula.OpLessEqual: "≤", formula.OpEqual: "=",
}

// spelt is a node in words, a derived value by what it is computed from.
func (p *phrases) spelt(n *formula.Node) errs.Text {
	switch n.Op {
	case formula.OpConst:
		return constantWords(n)
	case formula.OpField:
		return titled(n.Field().Title, n.Field().Path)
	case formula.OpParameter:
		return p.doc.Parameters[n.Index].words()
	case formula.OpAsOf:
		return both("评定日", "the day of evaluation")
	case formula.OpScore:
		return both("得分", "the score")
	case formula.OpNot:
		return p.not(n.Args[0])
	case formula.OpNeg:
		a := p.bracketed(n.Args[0])
		return both("−"+a.ZH, "−"+a.EN)
	case formula.OpAnd, formula.OpOr:
		return p.joined(n)
	case formula.OpIf:
		return p.ladder(n, both("", ""))
	case formula.OpMin2, formula.OpMax2:
		a, b := p.of(n.Args[0]), p.of(n.Args[1])
		least := n.Op == formula.OpMin2
		return both(a.ZH+"与"+b.ZH+choose(least, "中较小者", "中较大者"), choose(least, "the lesser of ", "the greater of ")+a.EN+" and "+b.EN)
	case formula.OpCodeIn, formula.OpCodesHave:
		return p.codes(n, false)
	case formula.OpCodesSize:
		a := p.of(n.Args[0])
		return both(a.ZH+"的项数", "how many of "+a.EN)
	case formula.OpYears:
		a, b := p.of(n.Args[0]), p.of(n.Args[1])
		return both("从"+a.ZH+"到"+b.ZH+"的周岁", "completed years from "+a.EN+" to "+b.EN)
	case formula.OpExists, formula.OpAll, formula.OpCount, formula.OpSum, formula.OpLeast, formula.OpGreatest:
		return p.list(n)
	}
	a, b := p.bracketed(n.Args[0]), p.bracketed(n.Args[1])
	sign := " " + signWords[n.Op] + " "
	return both(a.ZH+sign+b.ZH, a.EN+sign+b.EN)
}

func constantWords(n *formula.Node) errs.Text {
	switch n.Type {
	case formula.TypeBool:
		return both(choose(n.Num == 1, "是", "否"), choose(n.Num == 1, "always", "never"))
	case formula.TypeDate:
		d := day.FromUnixDays(int(n.Num))
		return both(d.Chinese(), d.String())
	case formula.TypeText:
		return both("「"+n.Text+"」", fmt.Sprintf("%q", n.Text))
	}
	return both(number(n.Num), number(n.Num))
}

// bracketed puts brackets around what has an operator of its own.
func (p *phrases) bracketed(n *formula.Node) errs.Text {
	t := p.of(n)
	if t.ZH != p.names[n.ID] && (signWords[n.Op] != "" || n.Op == formula.OpAnd || n.Op == formula.OpOr || n.Op == formula.OpIf) {
		return both("（"+t.ZH+"）", "("+t.EN+")")
	}
	return t
}

func (p *phrases) not(n *formula.Node) errs.Text {
	switch n.Op {
	case formula.OpCodeIn, formula.OpCodesHave:
		return p.codes(n, true)
	case formula.OpEqual:
		a, b := p.bracketed(n.Args[0]), p.bracketed(n.Args[1])
		return both(a.ZH+" ≠ "+b.ZH, a.EN+" ≠ "+b.EN)
	}
	t := p.bracketed(n)
	return both("不是"+t.ZH, "not "+t.EN)
}

// joined is a chain of and, or of or.
func (p *phrases) joined(n *formula.Node) errs.Text {
	var zh, en []string
	var walk func(*formula.Node)
	walk = func(m *formula.Node) {
		if m.Op == n.Op && p.names[m.ID] == "" {
			walk(m.Args[0])
			walk(m.Args[1])
			return
		}
		t := p.of(m)
		if m.Op == formula.OpAnd || m.Op == formula.OpOr {
			t = both("（"+t.ZH+"）", "("+t.EN+")")
		}
		zh, en = append(zh, t.ZH), append(en, t.EN)
	}
	walk(n)
	and := n.Op == formula.OpAnd
	return both(strings.Join(zh, choose(and, "，且", "，或")), strings.Join(en, choose(and, " and ", " or ")))
}

// ladder is a conditional, its steps one behind the other; unit stands behind each value.
func (p *phrases) ladder(n *formula.Node, unit errs.Text) errs.Text {
	var zh, en []string
	for ; n.Op == formula.OpIf && p.names[n.ID] == ""; n = n.Args[2] {
		c, v := p.of(n.Args[0]), p.of(n.Args[1])
		zh, en = append(zh, c.ZH+"：得 "+v.ZH+unit.ZH), append(en, c.EN+": "+v.EN+unit.EN)
	}
	v := p.of(n)
	zh, en = append(zh, "否则："+"得 "+v.ZH+unit.ZH), append(en, "else: "+v.EN+unit.EN)
	if unit.ZH == "" {
		for i := range zh {
			zh[i] = strings.Replace(zh[i], "：得 ", "：", 1)
		}
	}
	return both(strings.Join(zh, "；"), strings.Join(en, "; "))
}

// points is a part's formula in words.
func (p *phrases) points(n *formula.Node) errs.Text {
	unit := both(" 分", "")
	if n.Op == formula.OpIf {
		return p.ladder(n, unit)
	}
	t := p.of(n)
	return both(t.ZH+unit.ZH, t.EN)
}

func (p *phrases) codes(n *formula.Node, negated bool) errs.Text {
	f := n.Args[0].Field()
	var zh, en []string
	for _, e := range f.Codes {
		if n.Mask&(1<<e.Number) != 0 {
			zh, en = append(zh, e.Title.ZH), append(en, e.Title.EN)
		}
	}
	title := titled(f.Title, f.Path)
	has := n.Op == formula.OpCodesHave
	return both(title.ZH+choose(has, choose(negated, "不含", "含"), choose(negated, "不是", "是"))+strings.Join(zh, "、"),
		title.EN+choose(has, choose(negated, " without ", " with "), choose(negated, " is not ", " is "))+strings.Join(en, " or "))
}

func (p *phrases) list(n *formula.Node) errs.Text {
	title := titled(n.Field().Title, n.Field().Path)
	which := both("", "")
	if n.Pred != nil {
		which = p.of(n.Pred)
	}
	switch n.Op {
	case formula.OpExists:
		return both(title.ZH+"中有："+which.ZH, "any of "+title.EN+": "+which.EN)
	case formula.OpAll:
		return both(title.ZH+"中每一项："+which.ZH, "all of "+title.EN+": "+which.EN)
	}
	of := both(title.ZH, title.EN)
	if n.Pred != nil {
		of = both(title.ZH+"中（"+which.ZH+"）", title.EN+" ("+which.EN+")")
	}
	if n.Op == formula.OpCount {
		return both(of.ZH+"数", "number of "+of.EN)
	}
	item := titled(n.Field().List.Fields[n.Item].Title, n.Field().List.Fields[n.Item].Path)
	what := map[formula.Op]errs.Text{formula.OpSum: both("合计", "total"), formula.OpLeast: both("最小值", "least"), formula.OpGreatest: both("最大值", "greatest")}[n.Op]
	return both(of.ZH+"的"+item.ZH+what.ZH, what.EN+" "+item.EN+" of "+of.EN)
}
