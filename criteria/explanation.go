package criteria

import (
	"fmt"
	"strings"

	"liandong/errs"
)

// Table is the explanation as lines for a terminal, in zh or en.
func (x *Explanation) Table(language string) string {
	in := func(zh, en string) string { return both(zh, en).In(language) }
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s  %s\n", x.Title.In(language), x.Document, x.AsOf)
	fmt.Fprintf(&b, "%s %s", in("结论", "Outcome"), x.Words.In(language))
	if x.Higher != "" {
		fmt.Fprintf(&b, "  %s %s / %s", in("得分", "score"), scoreWords(x.Score[0], x.Score[1]).In(language), number(x.Max))
	}
	b.WriteString("\n")
	for _, g := range x.Indicators {
		fmt.Fprintf(&b, "\n%s  %s / %s\n", titled(g.Title, g.ID).In(language), scoreWords(g.Score[0], g.Score[1]).In(language), number(g.Max))
		for i := range g.Parts {
			p := &g.Parts[i]
			points := number(p.Points)
			if !p.Known {
				points = "?"
			}
			fmt.Fprintf(&b, "  %s %5s / %-5s %s\n", padded(titled(p.Title, p.ID).In(language), 22), points, number(p.Max), strings.Join(p.reasons(language), in("；", "; ")))
		}
	}
	if len(x.Bars) > 0 {
		fmt.Fprintf(&b, "\n%s\n", in("负面清单", "Bars"))
	}
	for _, bar := range x.Bars {
		met := map[Truth]errs.Text{Yes: both("是", "yes"), No: both("否", "no"), Unknown: both("不明", "?")}[bar.Met].In(language)
		reads := ""
		switch {
		case bar.Met == Unknown && len(bar.Why) > 0:
			reads = strings.Join(wordsIn(bar.Why, language), in("；", "; "))
		case bar.Met != No:
			reads = strings.Join(readWords(bar.Reads, language), in("；", "; "))
		}
		fmt.Fprintf(&b, "  %s %-7s %s %s\n", padded(titled(bar.Title, bar.ID).In(language), 48), met, kindWords[bar.Kind].In(language), reads)
	}
	fmt.Fprintf(&b, "\n%s  %s\n", in("贫困条件", "Poor"), map[Truth]errs.Text{Yes: both("符合", "yes"), No: both("不符合", "no"), Unknown: both("不明", "unknown")}[x.Poor.Holds].In(language)+"  "+x.Poor.Text)
	for _, t := range x.Poor.Why {
		fmt.Fprintf(&b, "  %s\n", t.In(language))
	}
	for _, n := range append(append([]ExplainedNumber{}, x.Parameters...), x.Derived...) {
		value := "?"
		if n.Known {
			value = number(n.Value)
		}
		fmt.Fprintf(&b, "  %s %s\n", padded(titled(n.Title, n.Name).In(language), 22), value)
	}
	for _, a := range x.Missing {
		fmt.Fprintf(&b, "%s %s (%s)\n", in("缺", "Missing"), a.Title.In(language), a.Path)
	}
	if x.Change != nil {
		fmt.Fprintf(&b, "%s\n", x.Change.Text.In(language))
	}
	for _, r := range x.Since {
		fmt.Fprintf(&b, "%s\n", r.Text().In(language))
	}
	fmt.Fprintf(&b, "%s\n", in("标准只提出建议，由人决定。", "A document proposes; people decide."))
	return b.String()
}

// reasons are what a part rests on, or why it is unknown.
func (p *ExplainedPart) reasons(language string) []string {
	if p.Hidden || p.Known || len(p.Why) == 0 {
		return readWords(p.Reads, language)
	}
	return wordsIn(p.Why, language)
}

func wordsIn(texts []errs.Text, language string) []string {
	words := make([]string, len(texts))
	for i, t := range texts {
		words[i] = t.In(language)
	}
	return words
}

// padded fills a text up to a width; a Chinese letter is two wide.
func padded(s string, width int) string {
	for _, r := range s {
		width -= 1
		if r >= 0x2e80 {
			width--
		}
	}
	return s + strings.Repeat(" ", max(width, 0))
}
