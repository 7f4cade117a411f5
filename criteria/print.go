package criteria

import (
	"fmt"
	"html"
	"strings"

	"liandong/errs"
)

// sheetTable is one table of the printed document: a heading, the names of its columns, its rows.
type sheetTable struct {
	heading errs.Text
	columns []errs.Text
	rows    [][]string
}

// printed is a document as it is printed in one language.
type printed struct {
	title  string
	facts  [][2]string
	tables []sheetTable
}

// print gathers the indicator system in a language, zh or en: what it is and rests on, parameters, derived values, indicators with parts and
// points in words, bars, the condition and how the outcome follows.
func (d *Document) print(language string) printed {
	w := newPhrases(d)
	in := func(t errs.Text) string { return t.In(language) }
	status := both("正式文件", "official")
	if d.Basis.Status != "official" {
		status = both("本地默认（未找到正式文本，可修改）", "local default (no official text was found; it can be changed)")
	}
	p := printed{title: in(titled(d.Title, d.ID())), facts: [][2]string{
		{in(both("编号", "Document")), d.ID()},
		{in(both("依据", "Basis")), strings.TrimSpace(d.Basis.Text + " " + d.Basis.Number)},
		{in(both("性质", "Status")), in(status)},
		{in(both("有效期", "In force")), period(d.Effective)},
		{in(both("表单", "Form")), d.Form},
	}}
	if d.Higher != "" {
		p.facts = append(p.facts, [2]string{in(both("总分", "Greatest score")), number(d.Max()) + in(both(" 分，"+directionWords[d.Higher].ZH, " points, "+directionWords[d.Higher].EN))})
	}
	p.facts = append(p.facts, [2]string{in(both("拟纳入的条件", "Proposed when")), in(w.of(d.Poor.Node))})
	p.indicators(d, w, in)
	p.bars(d, w, in)
	p.values(d, w, in)
	return p
}

func (p *printed) indicators(d *Document, w *phrases, in func(errs.Text) string) {
	if len(d.Indicators) == 0 {
		return
	}
	t := sheetTable{heading: both("指标与分值", "Indicators and points"), columns: []errs.Text{both("指标", "Indicator"), both("内容", "Part"), both("满分", "Points"), both("计分办法", "How it is scored")}}
	for i := range d.Indicators {
		g := &d.Indicators[i]
		for k := range g.Parts {
			part := &g.Parts[k]
			name := ""
			if k == 0 {
				name = in(titled(g.Title, g.ID)) + in(both("（"+number(g.Max)+" 分）", " ("+number(g.Max)+")"))
			}
			t.rows = append(t.rows, []string{name, in(titled(part.Title, part.ID)), number(part.Max), in(w.points(part.Node))})
		}
	}
	t.rows = append(t.rows, []string{in(both("合计", "Total")), "", number(d.Max()), ""})
	p.tables = append(p.tables, t)
}

func (p *printed) bars(d *Document, w *phrases, in func(errs.Text) string) {
	if len(d.Bars) == 0 {
		return
	}
	t := sheetTable{heading: both("负面清单", "Bars"), columns: []errs.Text{both("情形", "Bar"), both("处理", "What it does"), both("怎样判断", "When it is met")}}
	for i := range d.Bars {
		b := &d.Bars[i]
		does := both("一票否决：疑似不符合，待核实", "veto: to be verified")
		if b.Kind == Review {
			does = both("从严审核", "strict review")
		}
		t.rows = append(t.rows, []string{in(titled(b.Title, b.ID)), in(does), in(w.of(b.Node))})
	}
	p.tables = append(p.tables, t)
}

func (p *printed) values(d *Document, w *phrases, in func(errs.Text) string) {
	if len(d.Parameters) > 0 {
		t := sheetTable{heading: both("参数", "Parameters"), columns: []errs.Text{both("参数", "Parameter"), both("数值", "Value"), both("单位", "Unit"), both("来源", "Source")}}
		for i := range d.Parameters {
			v := &d.Parameters[i]
			t.rows = append(t.rows, []string{in(v.words()), in(v.values()), v.Unit, v.Source})
		}
		p.tables = append(p.tables, t)
	}
	if len(d.Derived) > 0 {
		t := sheetTable{heading: both("计算项", "Derived values"), columns: []errs.Text{both("名称", "Name"), both("算法", "How it is computed")}}
		for i := range d.Derived {
			t.rows = append(t.rows, []string{d.Derived[i].Name, in(w.spelt(d.Derived[i].Node))})
		}
		p.tables = append(p.tables, t)
	}
}

// closing says what a document can and cannot do.
func closing() errs.Text {
	return both("没有填写的内容按「不明」处理，不按零分处理。本标准只提出建议，由人评议、公示、决定。", "What is not answered is unknown, never zero. The document proposes; people discuss, post and decide.")
}

// Markdown is the whole indicator system as tables, in zh or en.
func (d *Document) Markdown(language string) string {
	p := d.print(language)
	var b strings.Builder
	cell := func(s string) string { return strings.NewReplacer("|", `\|`, "\n", " ").Replace(s) }
	fmt.Fprintf(&b, "# %s\n\n", p.title)
	for _, f := range p.facts {
		fmt.Fprintf(&b, "- %s: %s\n", f[0], f[1])
	}
	for _, t := range p.tables {
		fmt.Fprintf(&b, "\n## %s\n\n|", t.heading.In(language))
		for _, c := range t.columns {
			fmt.Fprintf(&b, " %s |", c.In(language))
		}
		b.WriteString("\n|" + strings.Repeat(" --- |", len(t.columns)) + "\n")
		for _, row := range t.rows {
			b.WriteString("|")
			for _, c := range row {
				fmt.Fprintf(&b, " %s |", cell(c))
			}
			b.WriteString("\n")
		}
	}
	fmt.Fprintf(&b, "\n%s\n", closing().In(language))
	return b.String()
}

// sheetStyle is for paper: A4, black on white, no table broken within a row.
const sheetStyle = `body{font-family:"Noto Serif CJK SC","Source Han Serif SC",SimSun,serif;margin:2cm auto;max-width:26cm;color:#000;background:#fff}
h1{font-size:20pt;text-align:center}h2{font-size:14pt}table{border-collapse:collapse;width:100%}th,td{border:1px solid #000;padding:3pt 6pt;text-align:left;vertical-align:top}
tr{break-inside:avoid}thead{display:table-header-group}@page{size:A4;margin:2cm}@media print{body{margin:0;max-width:none}}`

// HTML is the whole indicator system as a page to print, in zh or en, which needs no other file.
func (d *Document) HTML(language string) string {
	p := d.print(language)
	e := html.EscapeString
	var b strings.Builder
	fmt.Fprintf(&b, "<!doctype html>\n<html lang=\"%s\">\n<head><meta charset=\"utf-8\"><title>%s</title><style>%s</style></head>\n<body>\n<h1>%s</h1>\n<ul>\n", choose(language == "en", "en", "zh-Hans"), e(p.title), sheetStyle, e(p.title))
	for _, f := range p.facts {
		fmt.Fprintf(&b, "<li>%s: %s</li>\n", e(f[0]), e(f[1]))
	}
	b.WriteString("</ul>\n")
	for _, t := range p.tables {
		fmt.Fprintf(&b, "<h2>%s</h2>\n<table>\n<thead><tr>", e(t.heading.In(language)))
		for _, c := range t.columns {
			fmt.Fprintf(&b, "<th scope=\"col\">%s</th>", e(c.In(language)))
		}
		b.WriteString("</tr></thead>\n<tbody>\n")
		for _, row := range t.rows {
			b.WriteString("<tr>")
			for _, c := range row {
				fmt.Fprintf(&b, "<td>%s</td>", e(c))
			}
			b.WriteString("</tr>\n")
		}
		b.WriteString("</tbody>\n</table>\n")
	}
	fmt.Fprintf(&b, "<p>%s</p>\n</body>\n</html>\n", e(closing().In(language)))
	return b.String()
}
