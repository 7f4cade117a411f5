package server

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"liandong/criteria"
	"liandong/errs"
	"liandong/internal/identify"
)

// effectSentence says what a change does: what was moved, how many persons more or fewer, and mostly where.
func effectSentence(q *identify.Request, whole *divisionDifference, parts []divisionDifference) errs.Text {
	moved := movedWords(q)
	change := whole.Enter.Members - whole.Leave.Members
	if whole.Enter.Households == 0 && whole.Leave.Households == 0 {
		return errs.Text{ZH: moved.ZH + "结论不变。", EN: moved.EN + "no household's outcome changes between in and out."}
	}
	more := errs.Text{ZH: fmt.Sprintf("多 %d 人", change), EN: fmt.Sprintf("%d people more", change)}
	if change < 0 {
		more = errs.Text{ZH: fmt.Sprintf("少 %d 人", -change), EN: fmt.Sprintf("%d people fewer", -change)}
	}
	where := mostlyWhere(parts, whole.Enter.Members+whole.Leave.Members)
	turned := errs.Text{
		ZH: fmt.Sprintf("（新拟纳入 %d 户 %d 人，不再拟纳入 %d 户 %d 人）", whole.Enter.Households, whole.Enter.Members, whole.Leave.Households, whole.Leave.Members),
		EN: fmt.Sprintf(" (%d households with %d people would come in, %d with %d would go out)", whole.Enter.Households, whole.Enter.Members, whole.Leave.Households, whole.Leave.Members),
	}
	return errs.Text{ZH: moved.ZH + more.ZH + turned.ZH + where.ZH + "。", EN: moved.EN + more.EN + turned.EN + where.EN + "."}
}

// movedWords is the condition of the sentence: "如果贫困标准是 3000：".
func movedWords(q *identify.Request) errs.Text {
	var zh, en []string
	for i := range q.Document.Parameters {
		p := &q.Document.Parameters[i]
		if v, ok := q.Parameters[p.Name]; ok {
			value := strconv.FormatFloat(v, 'f', -1, 64)
			unit := unitWords(p.Unit)
			zh, en = append(zh, p.Title.ZH+"是 "+value+unit.ZH), append(en, "the "+lowered(p.Title.EN)+" were "+value+unit.EN)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(q.Amendments.Weights)) {
		factor := strconv.FormatFloat(q.Amendments.Weights[name], 'f', -1, 64)
		title := partTitle(q.Document.Document, name)
		zh, en = append(zh, "「"+title.ZH+"」的分值乘以 "+factor), append(en, "the points of \""+title.EN+"\" were multiplied by "+factor)
	}
	for _, name := range slices.Sorted(maps.Keys(q.Amendments.Bars)) {
		kind := barWords(q.Amendments.Bars[name])
		title := barTitle(q.Document.Document, name)
		zh, en = append(zh, "「"+title.ZH+"」"+kind.ZH), append(en, "\""+title.EN+"\" "+kind.EN)
	}
	for _, name := range slices.Sorted(maps.Keys(q.Amendments.Points)) {
		title := partTitle(q.Document.Document, name)
		zh, en = append(zh, "「"+title.ZH+"」另行计分"), append(en, "\""+title.EN+"\" were scored otherwise")
	}
	if q.Amendments.Poor != "" {
		zh, en = append(zh, "贫困条件另行规定"), append(en, "the condition of being poor were another")
	}
	if len(zh) == 0 {
		return errs.Text{ZH: "规则不作改动：", EN: "With the document as it is: "}
	}
	return errs.Text{ZH: "如果" + strings.Join(zh, "，") + "：", EN: "If " + strings.Join(en, " and ") + ": "}
}

// unitWords are units as people say them.
func unitWords(unit string) errs.Text {
	switch unit {
	case "yuan/person/year":
		return errs.Text{ZH: " 元", EN: " yuan"}
	case "points":
		return errs.Text{ZH: " 分", EN: " points"}
	}
	return errs.Text{}
}

func barWords(kind string) errs.Text {
	switch kind {
	case criteria.Off:
		return errs.Text{ZH: "停用", EN: "were switched off"}
	case string(criteria.Veto):
		return errs.Text{ZH: "改为一票否决", EN: "barred entry"}
	}
	return errs.Text{ZH: "改为从严审核", EN: "opened a strict review"}
}

func partTitle(d *criteria.Document, name string) errs.Text {
	indicator, part, _ := strings.Cut(name, ".")
	for i := range d.Indicators {
		g := &d.Indicators[i]
		if g.ID != indicator {
			continue
		}
		if part == "" {
			return g.Title
		}
		for k := range g.Parts {
			if g.Parts[k].ID == part {
				return g.Parts[k].Title
			}
		}
	}
	return errs.Text{ZH: name, EN: name}
}

func barTitle(d *criteria.Document, name string) errs.Text {
	for i := range d.Bars {
		if d.Bars[i].ID == name {
			return d.Bars[i].Title
		}
	}
	return errs.Text{ZH: name, EN: name}
}

func lowered(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// namedPlaces is how many divisions a sentence names: more are a table.
const namedPlaces = 3

// mostlyWhere names the divisions in which most people change sides; nothing where no few of them hold half.
func mostlyWhere(parts []divisionDifference, turned int64) errs.Text {
	by := func(p *divisionDifference) int64 { return p.Enter.Members + p.Leave.Members }
	sorted := slices.Clone(parts)
	slices.SortStableFunc(sorted, func(a, b divisionDifference) int { return cmp.Compare(by(&b), by(&a)) })
	var names []string
	sum := int64(0)
	for i := range sorted {
		if len(names) == namedPlaces || by(&sorted[i]) == 0 {
			break
		}
		names, sum = append(names, sorted[i].Division.Name), sum+by(&sorted[i])
	}
	if len(parts) < 2 || len(names) == 0 {
		return errs.Text{}
	}
	share := fmt.Sprintf("%.0f", 100*float64(sum)/float64(turned))
	if 2*sum < turned {
		return errs.Text{ZH: "，分散在各地，最多的是" + strings.Join(names, "、"), EN: ", spread over the city, most of them in " + strings.Join(names, ", ")}
	}
	return errs.Text{ZH: "，主要在" + strings.Join(names, "、") + "（占变动人数的 " + share + "%）", EN: ", mostly in " + strings.Join(names, ", ") + " (" + share + "% of those who change)"}
}
