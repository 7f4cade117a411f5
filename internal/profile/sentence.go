package profile

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"liandong/errs"
)

// sentence says the profile's main numbers, as far as they were asked for and may be published.
func (r *Room) sentence(p *Profile, people *people) errs.Text {
	name := r.places.NameOn(p.Division, p.AsOf)
	date := p.AsOf.String()
	line := p.Report.Line
	if p.Suppression.tooFew(people.known, people.persons) {
		t := p.Suppression.Text()
		return errs.Text{ZH: date + "，" + name + "：" + t.ZH, EN: date + ", " + name + ": " + t.EN}
	}
	zh := []string{fmt.Sprintf("截至 %s，%s登记在册且收入已知的农户 %s 户、%s 人", date, name, grouped(float64(people.known), 0), grouped(float64(people.persons), 0))}
	en := []string{fmt.Sprintf("On %s the register has %s households with %s persons of known income in %s", date, grouped(float64(people.known), 0), grouped(float64(people.persons), 0), name)}
	say := func(measure string, words func(v float64) (zh, en string)) {
		if v := p.Value("", measure); !math.IsNaN(v) {
			a, b := words(v)
			zh, en = append(zh, a), append(en, b)
		}
	}
	say("headcount", func(v float64) (string, string) {
		poor := grouped(math.Round(v*float64(people.persons)), 0)
		return fmt.Sprintf("人均收入低于贫困线 %s 元的有 %s 人，占 %s%%", grouped(line, 2), poor, grouped(100*v, 1)),
			fmt.Sprintf("%s of them, %s%%, live on less per head than the line of %s yuan a year", poor, grouped(100*v, 1), grouped(line, 2))
	})
	say("gap", func(v float64) (string, string) {
		return fmt.Sprintf("贫困深度指数 %s%%", grouped(100*v, 2)), fmt.Sprintf("the poverty gap is %s%%", grouped(100*v, 2))
	})
	say("median", func(v float64) (string, string) {
		return fmt.Sprintf("人均收入中位数 %s 元", grouped(v, 0)), fmt.Sprintf("the median income per head is %s yuan", grouped(v, 0))
	})
	say("gini", func(v float64) (string, string) {
		return fmt.Sprintf("基尼系数 %.3f", v), fmt.Sprintf("the Gini coefficient is %.3f", v)
	})
	out := errs.Text{ZH: strings.Join(zh, "，") + "。这是全面登记，没有抽样误差。", EN: strings.Join(en, "; ") + ". This is a census of the register: there is no sampling error."}
	if p.Unknown > 0 {
		out.ZH += fmt.Sprintf("另有 %s 户收入不全，未计入。", grouped(float64(p.Unknown), 0))
		out.EN += fmt.Sprintf(" %s households of incomplete income are left out.", grouped(float64(p.Unknown), 0))
	}
	return out
}

// movesSentence says who left, stayed, fell back and entered, as far as it may be published.
func (r *Room) movesSentence(t *Transition) errs.Text {
	name := r.places.NameOn(t.Division, t.After)
	rule := t.Suppression.Text()
	switch {
	case t.Whole.Persons == 0:
		return errs.Text{ZH: "这个区划在两个日期都没有登记的农户，没有可比较的人口。", EN: "The division has no household on record on either day: there is nobody to compare."}
	case t.Whole.Held:
		return errs.Text{ZH: name + "：" + rule.ZH, EN: name + ": " + rule.EN}
	}
	poor := errs.Text{ZH: "建档贫困人口", EN: "the registered poor"}
	if t.Basis == ByIncome {
		poor = errs.Text{
			ZH: fmt.Sprintf("人均收入低于当年贫困线（%s 元、%s 元）的人口", grouped(t.Lines[0], 2), grouped(t.Lines[1], 2)),
			EN: fmt.Sprintf("those below the line of the year (%s and %s yuan)", grouped(t.Lines[0], 2), grouped(t.Lines[1], 2)),
		}
	}
	m := &t.Whole
	was, is := personsIn(m.Cells[StatePoor][StateTotal]), personsIn(m.Cells[StateTotal][StatePoor])
	left, stayed, fell, entered := personsIn(m.Left()), personsIn(m.Stayed()), personsIn(m.FellBack()), personsIn(m.Entered())
	out := errs.Text{
		ZH: fmt.Sprintf("%s，%s 至 %s：%s由%s变为%s；其中脱贫%s，仍在其中%s，返贫%s，新进%s。这是全面登记，没有抽样误差。",
			name, t.Before, t.After, poor.ZH, was.ZH, is.ZH, left.ZH, stayed.ZH, fell.ZH, entered.ZH),
		EN: fmt.Sprintf("%s from %s to %s: %s were %s persons and are %s; %s left, %s stayed, %s fell back, %s entered. This is a census of the register: there is no sampling error.",
			name, t.Before, t.After, poor.EN, was.EN, is.EN, left.EN, stayed.EN, fell.EN, entered.EN),
	}
	if slices.ContainsFunc(m.all(), func(c *Count) bool { return c.Held }) {
		out.ZH, out.EN = out.ZH+rule.ZH, out.EN+" "+rule.EN
	}
	return out
}

// personsIn writes a count of persons, or that it is held back.
func personsIn(c Count) errs.Text {
	if c.Held {
		return errs.Text{ZH: "（不公布）", EN: "(not published)"}
	}
	n := grouped(float64(c.Persons), 0)
	return errs.Text{ZH: " " + n + " 人", EN: n}
}

// grouped writes a number with at most so many decimals and commas between thousands.
func grouped(v float64, decimals int) string {
	scale := math.Pow10(decimals)
	text := strconv.FormatFloat(math.Round(v*scale)/scale, 'f', -1, 64)
	sign := ""
	if strings.HasPrefix(text, "-") {
		sign, text = "-", text[1:]
	}
	whole, rest, fraction := strings.Cut(text, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction {
		whole += "." + rest
	}
	return sign + whole
}
