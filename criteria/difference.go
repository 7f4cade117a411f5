package criteria

import (
	"fmt"
	"maps"
	"slices"

	"liandong/day"
	"liandong/errs"
)

// Difference is one thing that two documents say differently, in words.
type Difference struct {
	Kind string    `json:"kind"` // document, parameter, derive, indicator, part, bar, poor
	Name string    `json:"name"` // the parameter, house.structure, the bar
	Text errs.Text `json:"text"`
}

// Diff tells in words how the second document differs from the first: parameters year by year, derived values, indicators, parts with their
// points, bars, the direction of the score, and who counts as poor. Documents that say the same differ in nothing, however they are written.
func Diff(first, second *Document) []Difference {
	d := &differences{all: []Difference{}}
	d.header(first, second)
	d.parameters(first, second)
	each(first.Derived, second.Derived, func(v *Derived) string { return v.Name }, d.derived)
	each(first.Indicators, second.Indicators, func(v *Indicator) string { return v.ID }, d.indicator)
	each(partsOf(first), partsOf(second), func(v *namedPart) string { return v.name }, d.part)
	each(first.Bars, second.Bars, func(v *Bar) string { return v.ID }, d.bar)
	if first.Poor.Text != second.Poor.Text {
		d.add("poor", "poor", fmt.Sprintf("贫困条件由「%s」改为「%s」。", first.Poor.Text, second.Poor.Text), fmt.Sprintf("The condition of being poor changes from %q to %q.", first.Poor.Text, second.Poor.Text))
	}
	return d.all
}

type differences struct{ all []Difference }

func (d *differences) add(kind, name, zh, en string) {
	d.all = append(d.all, Difference{kind, name, errs.Text{ZH: zh, EN: en}})
}

// each walks two lists by name: those of both, those only in the first, those only in the second, in the order of the lists.
func each[T any](first, second []T, name func(*T) string, tell func(was, is *T)) {
	at := map[string]int{}
	for i := range second {
		at[name(&second[i])] = i
	}
	known := map[string]bool{}
	for i := range first {
		n := name(&first[i])
		known[n] = true
		if k, ok := at[n]; ok {
			tell(&first[i], &second[k])
		} else {
			tell(&first[i], nil)
		}
	}
	for i := range second {
		if !known[name(&second[i])] {
			tell(nil, &second[i])
		}
	}
}

var directionWords = map[string]errs.Text{
	"better_off": {ZH: "分数越高越富裕", EN: "a higher score means better off"},
	"poorer":     {ZH: "分数越高越贫困", EN: "a higher score means poorer"},
	"":           {ZH: "不计分", EN: "no score"},
}

func (d *differences) header(first, second *Document) {
	told := func(what errs.Text, was, is string) {
		if was != is {
			d.add("document", what.EN, fmt.Sprintf("%s由「%s」改为「%s」。", what.ZH, was, is), fmt.Sprintf("The %s changes from %q to %q.", what.EN, was, is))
		}
	}
	told(errs.Text{ZH: "名称", EN: "title"}, first.Title.ZH, second.Title.ZH)
	told(errs.Text{ZH: "表单", EN: "form"}, first.Form, second.Form)
	told(errs.Text{ZH: "依据", EN: "basis"}, first.Basis.Text, second.Basis.Text)
	told(errs.Text{ZH: "有效期", EN: "period"}, period(first.Effective), period(second.Effective))
	if first.Higher != second.Higher {
		was, is := directionWords[first.Higher], directionWords[second.Higher]
		d.add("document", "direction", fmt.Sprintf("计分方向由「%s」改为「%s」。", was.ZH, is.ZH), fmt.Sprintf("The direction changes: %s before, %s after.", was.EN, is.EN))
	}
	if was, is := first.Max(), second.Max(); was != is {
		d.add("document", "max", fmt.Sprintf("总分由 %s 分改为 %s 分。", number(was), number(is)), fmt.Sprintf("The greatest score changes from %s to %s.", number(was), number(is)))
	}
}

func period(e Effective) string {
	if e.Until.IsZero() {
		return e.From.String() + " ~"
	}
	return e.From.String() + " ~ " + e.Until.String()
}

func (d *differences) parameters(first, second *Document) {
	each(first.Parameters, second.Parameters, func(p *Parameter) string { return p.Name }, func(was, is *Parameter) {
		switch {
		case is == nil:
			d.add("parameter", was.Name, fmt.Sprintf("去掉参数「%s」（%s）。", was.words().ZH, was.Name), fmt.Sprintf("The parameter %q (%s) is gone.", was.words().EN, was.Name))
		case was == nil:
			d.add("parameter", is.Name, fmt.Sprintf("新增参数「%s」（%s）：%s。", is.words().ZH, is.Name, is.values().ZH), fmt.Sprintf("A new parameter %q (%s): %s.", is.words().EN, is.Name, is.values().EN))
		default:
			d.parameter(was, is)
		}
	})
}

func (d *differences) parameter(was, is *Parameter) {
	title := is.words()
	if (was.Value == nil) != (is.Value == nil) || (was.Value != nil && *was.Value != *is.Value) {
		d.add("parameter", is.Name, fmt.Sprintf("参数「%s」由 %s 改为 %s。", title.ZH, was.values().ZH, is.values().ZH), fmt.Sprintf("The parameter %q changes from %s to %s.", title.EN, was.values().EN, is.values().EN))
		return
	}
	years := slices.Sorted(maps.Keys(is.ByYear))
	for year := range was.ByYear {
		if _, ok := is.ByYear[year]; !ok {
			years = append(years, year)
		}
	}
	slices.Sort(years)
	for _, year := range years {
		before, had := was.ByYear[year]
		after, has := is.ByYear[year]
		switch {
		case !had:
			d.add("parameter", is.Name, fmt.Sprintf("参数「%s」新增 %d 年的数值 %s。", title.ZH, year, number(after)), fmt.Sprintf("The parameter %q gains a value for %d, %s.", title.EN, year, number(after)))
		case !has:
			d.add("parameter", is.Name, fmt.Sprintf("参数「%s」不再有 %d 年的数值（原为 %s）。", title.ZH, year, number(before)), fmt.Sprintf("The parameter %q loses its value for %d, %s.", title.EN, year, number(before)))
		case before != after:
			d.add("parameter", is.Name, fmt.Sprintf("参数「%s」%d 年由 %s 改为 %s。", title.ZH, year, number(before), number(after)), fmt.Sprintf("The parameter %q for %d changes from %s to %s.", title.EN, year, number(before), number(after)))
		}
	}
	if was.Unit != is.Unit {
		d.add("parameter", is.Name, fmt.Sprintf("参数「%s」的单位由「%s」改为「%s」。", title.ZH, was.Unit, is.Unit), fmt.Sprintf("The unit of the parameter %q changes from %q to %q.", title.EN, was.Unit, is.Unit))
	}
}

// words is the parameter's title, or its name where it has none.
func (p *Parameter) words() errs.Text { return titled(p.Title, p.Name) }

func titled(t errs.Text, name string) errs.Text {
	if t.ZH == "" {
		t.ZH = name
	}
	if t.EN == "" {
		t.EN = name
	}
	return t
}

// values are the parameter's numbers in words.
func (p *Parameter) values() errs.Text {
	if p.Value != nil {
		return errs.Text{ZH: number(*p.Value), EN: number(*p.Value)}
	}
	var t errs.Text
	for i, year := range p.Years() {
		t.ZH += choose(i == 0, "", "，") + fmt.Sprintf("%d 年 %s", year, number(p.ByYear[year]))
		t.EN += choose(i == 0, "", ", ") + fmt.Sprintf("%s in %d", number(p.ByYear[year]), year)
	}
	return t
}

func (d *differences) derived(was, is *Derived) {
	switch {
	case is == nil:
		d.add("derive", was.Name, fmt.Sprintf("不再计算「%s」。", was.Name), fmt.Sprintf("%q is no longer derived.", was.Name))
	case was == nil:
		d.add("derive", is.Name, fmt.Sprintf("新增计算「%s」= %s。", is.Name, is.Text), fmt.Sprintf("%q is derived anew as %s.", is.Name, is.Text))
	case was.Text != is.Text:
		d.add("derive", is.Name, fmt.Sprintf("「%s」的算法由「%s」改为「%s」。", is.Name, was.Text, is.Text), fmt.Sprintf("%q is derived as %s instead of %s.", is.Name, is.Text, was.Text))
	}
}

func (d *differences) indicator(was, is *Indicator) {
	switch {
	case is == nil:
		d.add("indicator", was.ID, fmt.Sprintf("去掉指标「%s」（%s 分）。", titled(was.Title, was.ID).ZH, number(was.Max)), fmt.Sprintf("The indicator %q (%s points) is gone.", titled(was.Title, was.ID).EN, number(was.Max)))
	case was == nil:
		d.add("indicator", is.ID, fmt.Sprintf("新增指标「%s」（%s 分）。", titled(is.Title, is.ID).ZH, number(is.Max)), fmt.Sprintf("A new indicator %q (%s points).", titled(is.Title, is.ID).EN, number(is.Max)))
	default:
		title := titled(is.Title, is.ID)
		if was.Title != is.Title {
			d.add("indicator", is.ID, fmt.Sprintf("指标「%s」改名为「%s」。", titled(was.Title, was.ID).ZH, title.ZH), fmt.Sprintf("The indicator %q is renamed %q.", titled(was.Title, was.ID).EN, title.EN))
		}
		if was.Max != is.Max {
			d.add("indicator", is.ID, fmt.Sprintf("指标「%s」的满分由 %s 分改为 %s 分。", title.ZH, number(was.Max), number(is.Max)), fmt.Sprintf("The indicator %q gives at most %s points instead of %s.", title.EN, number(is.Max), number(was.Max)))
		}
	}
}

// namedPart is a part with its indicator.
type namedPart struct {
	name  string
	title errs.Text
	*Part
}

func partsOf(d *Document) []namedPart {
	var all []namedPart
	for i := range d.Indicators {
		g := &d.Indicators[i]
		for k := range g.Parts {
			p := &g.Parts[k]
			group, part := titled(g.Title, g.ID), titled(p.Title, p.ID)
			all = append(all, namedPart{g.ID + "." + p.ID, errs.Text{ZH: group.ZH + "：" + part.ZH, EN: group.EN + ": " + part.EN}, p})
		}
	}
	return all
}

func (d *differences) part(was, is *namedPart) {
	switch {
	case is == nil:
		d.add("part", was.name, fmt.Sprintf("去掉「%s」（%s 分）。", was.title.ZH, number(was.Max)), fmt.Sprintf("The part %q (%s points) is gone.", was.title.EN, number(was.Max)))
	case was == nil:
		d.add("part", is.name, fmt.Sprintf("新增「%s」（%s 分）：%s。", is.title.ZH, number(is.Max), is.Text), fmt.Sprintf("A new part %q (%s points): %s.", is.title.EN, number(is.Max), is.Text))
	default:
		if was.Max != is.Max {
			d.add("part", is.name, fmt.Sprintf("「%s」由 %s 分改为 %s 分。", is.title.ZH, number(was.Max), number(is.Max)), fmt.Sprintf("The part %q gives at most %s points instead of %s.", is.title.EN, number(is.Max), number(was.Max)))
		}
		if was.Text != is.Text {
			d.add("part", is.name, fmt.Sprintf("「%s」的计分由「%s」改为「%s」。", is.title.ZH, was.Text, is.Text), fmt.Sprintf("The points of %q change from %s to %s.", is.title.EN, was.Text, is.Text))
		}
	}
}

var kindWords = map[BarKind]errs.Text{Veto: {ZH: "一票否决", EN: "veto"}, Review: {ZH: "从严审核", EN: "strict review"}}

func (d *differences) bar(was, is *Bar) {
	switch {
	case is == nil:
		d.add("bar", was.ID, fmt.Sprintf("负面清单去掉「%s」（%s）。", titled(was.Title, was.ID).ZH, kindWords[was.Kind].ZH), fmt.Sprintf("The bar %q (%s) is gone.", titled(was.Title, was.ID).EN, kindWords[was.Kind].EN))
	case was == nil:
		d.add("bar", is.ID, fmt.Sprintf("负面清单新增「%s」（%s）：%s。", titled(is.Title, is.ID).ZH, kindWords[is.Kind].ZH, is.Text), fmt.Sprintf("A new bar %q (%s): %s.", titled(is.Title, is.ID).EN, kindWords[is.Kind].EN, is.Text))
	default:
		title := titled(is.Title, is.ID)
		if was.Kind != is.Kind {
			d.add("bar", is.ID, fmt.Sprintf("「%s」由%s改为%s。", title.ZH, kindWords[was.Kind].ZH, kindWords[is.Kind].ZH), fmt.Sprintf("The bar %q changes from %s to %s.", title.EN, kindWords[was.Kind].EN, kindWords[is.Kind].EN))
		}
		if was.Text != is.Text {
			d.add("bar", is.ID, fmt.Sprintf("「%s」的条件由「%s」改为「%s」。", title.ZH, was.Text, is.Text), fmt.Sprintf("The condition of the bar %q changes from %s to %s.", title.EN, was.Text, is.Text))
		}
	}
}

// Overlaps reports whether two periods share a day.
func (e Effective) Overlaps(o Effective) bool {
	end := func(d day.Date) bool { return d.IsZero() }
	return (end(e.Until) || !e.Until.Before(o.From)) && (end(o.Until) || !o.Until.Before(e.From))
}
