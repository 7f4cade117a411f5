package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"liandong/errs"
)

// printMeasures writes the table of a measurement: a line for each group and measure, then what is not defined and why, then the conventions.
func (p *program) printMeasures(w io.Writer, r *measureResult, withErrors bool) error {
	fmt.Fprintln(w, p.say(errs.Text{
		ZH: fmt.Sprintf("%s 条记录，代表 %s 人%s", number(int64(r.N)), number(int64(r.WeightSum+0.5)), p.lineWords(r).ZH),
		EN: errs.Count(r.N, "record", "records") + " for " + persons(r.WeightSum) + p.lineWords(r).EN,
	}))
	if r.Dropped > 0 {
		fmt.Fprintln(w, p.say(errs.Text{ZH: fmt.Sprintf("%d 条记录缺少值，未计入。", r.Dropped), EN: "Left out for a missing value: " + errs.Count(r.Dropped, "record", "records") + "."}))
	}
	heads := []errs.Text{{ZH: "组", EN: "group"}, {ZH: "指标", EN: "measure"}, {ZH: "值", EN: "value"}}
	if withErrors {
		heads = append(heads, errs.Text{ZH: "标准误", EN: "std. error"}, errs.Text{ZH: "下限", EN: "low"}, errs.Text{ZH: "上限", EN: "high"}, errs.Text{ZH: "设计效应", EN: "design effect"})
	}
	lines := [][]string{make([]string, 0, len(heads))}
	for _, h := range heads {
		lines[0] = append(lines[0], p.oneLine(h))
	}
	var notes []string
	note := func(t *errs.Text, row *measureRow) {
		if t == nil {
			return
		}
		about := row.Measure
		if row.Group != "" {
			about = p.groupOf(row) + " " + about
		}
		if text := about + ": " + p.oneLine(*t); !slices.Contains(notes, text) {
			notes = append(notes, text)
		}
	}
	for i := range r.Results {
		row := &r.Results[i]
		lines = append(lines, p.measureLine(row, withErrors))
		note(row.Undefined, row)
		if withErrors {
			note(row.NoError, row)
		}
		for k := range row.Notes {
			note(&row.Notes[k], row)
		}
	}
	writeAligned(w, lines, 2)
	p.printGrowth(w, r.Growth)
	for _, n := range notes {
		fmt.Fprintln(w, n)
	}
	p.printConventions(w, r)
	for _, file := range r.Pictures {
		fmt.Fprintln(w, p.say(errs.Text{ZH: "图：" + file, EN: "Picture: " + file}))
	}
	return nil
}

// persons is a sum of weights as an English sentence has it, in whole persons.
func persons(weight float64) string {
	text := strconv.FormatFloat(weight, 'f', 0, 64)
	if text == "1" {
		return text + " person"
	}
	return text + " persons"
}

func (p *program) lineWords(r *measureResult) errs.Text {
	if r.Line == nil {
		return errs.Text{}
	}
	return errs.Text{ZH: "，贫困线 " + short(r.Line), EN: ", line " + short(r.Line)}
}

func (p *program) measureLine(row *measureRow, withErrors bool) []string {
	group := p.groupOf(row)
	title := row.Title.ZH
	if p.line.Lang == "en" {
		title = row.Title.EN
	}
	value := short(row.Value)
	if row.Bounds != nil && row.Value == nil {
		value = boundsWords(row.Bounds)
	}
	if row.Curve != nil {
		value = p.oneLine(errs.Text{ZH: fmt.Sprintf("%d 点", len(row.Curve)), EN: fmt.Sprintf("%d points", len(row.Curve))})
	}
	cells := []string{group, row.Measure + " " + title, value}
	if withErrors {
		cells = append(cells, short(row.SE), short(row.Low), short(row.High), short(row.DesignEffect))
	}
	return cells
}

// groupOf is the group's name.
func (p *program) groupOf(row *measureRow) string {
	switch {
	case row.Group == "":
		return p.oneLine(errs.Text{ZH: "全体", EN: "all"})
	case row.groupTitle.IsZero():
		return row.Group
	case p.line.Lang == "en":
		return row.groupTitle.EN
	}
	return row.groupTitle.ZH
}

// oneLine is what say says, without a line break between the languages; a name that is one in both is said once.
func (p *program) oneLine(t errs.Text) string {
	if t.ZH == t.EN {
		return t.ZH
	}
	return strings.ReplaceAll(p.say(t), "\n", " ")
}

// writeAligned writes lines of cells in columns, the first ones flush left and numbers flush right. A Chinese character takes two places.
func writeAligned(w io.Writer, lines [][]string, left int) {
	var width []int
	for _, line := range lines {
		for i, cell := range line {
			if i == len(width) {
				width = append(width, 0)
			}
			width[i] = max(width[i], places(cell))
		}
	}
	for _, line := range lines {
		var out strings.Builder
		for i, cell := range line {
			pad := strings.Repeat(" ", width[i]-places(cell))
			if i < left {
				out.WriteString(cell + pad + "  ")
			} else {
				out.WriteString(pad + cell + "  ")
			}
		}
		fmt.Fprintln(w, strings.TrimRight(out.String(), " "))
	}
}

func places(s string) int {
	const wide = 0x1100 // from here on characters of East Asian scripts take two places
	n := utf8.RuneCountInString(s)
	for _, r := range s {
		if r >= wide && r != '—' && r != '’' {
			n++
		}
	}
	return n
}

// short writes a number in six significant digits, and what is not defined as a dash.
func short(v *float64) string {
	if v == nil {
		return "—"
	}
	if *v >= 1e15 || *v <= -1e15 { // more digits than a float64 holds
		return strconv.FormatFloat(*v, 'g', 6, 64)
	}
	if *v >= 1e6 || *v <= -1e6 {
		return strconv.FormatFloat(*v, 'f', 0, 64)
	}
	return strconv.FormatFloat(*v, 'g', 6, 64)
}

func (p *program) printGrowth(w io.Writer, g *measureGrowth) {
	if g == nil {
		return
	}
	for _, row := range []struct {
		title errs.Text
		growthRow
	}{
		{errs.Text{ZH: "平均收入增长", EN: "Growth of mean income"}, g.Mean},
		{errs.Text{ZH: "中位数增长", EN: "Growth of the median"}, g.Median},
		{errs.Text{ZH: "原贫困人口平均增长", EN: "Mean growth of those who were poor"}, g.OfPoor},
	} {
		fmt.Fprintf(w, "%s: %s [%s, %s]\n", p.oneLine(row.title), short(row.Value), short(row.Low), short(row.High))
		if row.Undefined != nil {
			fmt.Fprintln(w, "  "+p.oneLine(*row.Undefined))
		}
	}
}

// printConventions names every convention that made a number, once.
func (p *program) printConventions(w io.Writer, r *measureResult) {
	all := map[string][]string{}
	for i := range r.Results {
		for name, value := range r.Results[i].Conventions {
			if !slices.Contains(all[name], value) {
				all[name] = append(all[name], value)
			}
		}
	}
	words := make([]string, 0, len(all))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		words = append(words, name+"="+strings.Join(all[name], "/"))
	}
	fmt.Fprintln(w, p.say(errs.Text{ZH: "口径：" + strings.Join(words, "，"), EN: "Conventions: " + strings.Join(words, ", ")}))
}
