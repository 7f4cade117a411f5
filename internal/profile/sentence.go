package profile

import (
	"fmt"
	"math"
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
