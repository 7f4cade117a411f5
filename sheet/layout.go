package sheet

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"liandong/errs"
)

// Field is one thing a layout knows: a column, under any of the headings it goes by.
type Field struct {
	Key string // the caller's name for it, unique in the layout
	// Headings it is known by; the first is the one written on export. Spaces, punctuation, full or half width, case and a unit in
	// brackets do not matter. Under a heading of two rows write both joined: "户主/姓名".
	Headings []string
	// Unit in which the column is read ("元", "亩"), empty where it has none. A heading that names another unit is a conflict, not
	// a match: yuan and ten thousand yuan must not be mistaken for each other.
	Unit     string
	Required bool
}

// Heading is the one written on export.
func (f Field) Heading() string { return f.Headings[0] }

// Layout is a way of arranging a table that is known by its headings.
type Layout struct {
	Name   string // for programs
	Title  errs.Text
	Fields []Field
}

// Check reports a layout that cannot work: a field without a heading, a key twice, one heading for two fields.
func (l Layout) Check() error {
	keys := map[string]bool{}
	owner := map[string]string{}
	for _, f := range l.Fields {
		if f.Key == "" || keys[f.Key] || len(f.Headings) == 0 {
			return fmt.Errorf("sheet: layout %s: field %q has no key, no heading or occurs twice", l.Name, f.Key)
		}
		keys[f.Key] = true
		for _, h := range f.Headings {
			key, _ := normalise(h)
			if other, taken := owner[key]; taken && other != f.Key || key == "" {
				return fmt.Errorf("sheet: layout %s: heading %q of %s is empty or belongs to %s", l.Name, h, f.Key, other)
			}
			owner[key] = f.Key
		}
	}
	return nil
}

// index finds a field by its normalised heading.
func (l Layout) index() map[string]int {
	index := map[string]int{}
	for i, f := range l.Fields {
		for _, h := range f.Headings {
			if key, _ := normalise(h); key != "" {
				if _, taken := index[key]; !taken {
					index[key] = i
				}
			}
		}
	}
	return index
}

// units are the ways of writing a unit, by the one they are compared as. A rate per year or per head is what the register's
// yearly amounts are anyway; a rate per month is not.
var units = map[string]string{
	"元": "元", "人民币元": "元", "元/年": "元", "元/人": "元", "元/人年": "元", "元/人·年": "元", "rmb": "元", "yuan": "元",
	"元/月": "元/月", "千元": "千元", "万元": "万元", "亿元": "亿元",
	"亩": "亩", "mu": "亩", "公顷": "公顷", "ha": "公顷",
	"平方米": "平方米", "平米": "平方米", "m2": "平方米", "米": "米", "m": "米", "公里": "公里", "千米": "公里", "km": "公里", "里": "里",
	"月": "月", "个月": "月", "天": "天", "日": "天", "年": "年", "岁": "岁", "周岁": "岁",
	"公斤": "公斤", "千克": "公斤", "kg": "公斤", "斤": "斤", "吨": "吨",
	"人": "人", "口": "人", "户": "户", "只": "只", "头": "头", "%": "%", "百分比": "%",
}

// asides are the words in brackets that say how to fill a column in, not what it is.
var asides = map[string]bool{"必填": true, "必录": true, "选填": true, "可选": true, "必选": true, "required": true, "optional": true}

// normalise brings a heading to the form in which headings are compared, and takes the unit out of its brackets.
func normalise(heading string) (key, unit string) {
	s := strings.ToLower(norm.NFKC.String(heading))
	var b strings.Builder
	for s != "" {
		open := strings.IndexAny(s, "([{【〔〈「")
		if open < 0 {
			break
		}
		b.WriteString(s[:open])
		s = s[open+runeLen(s[open:]):]
		inside, rest := s, ""
		if end := strings.IndexAny(s, ")]}】〕〉」"); end >= 0 {
			inside, rest = s[:end], s[end+runeLen(s[end:]):]
		}
		if u, found := unitOf(inside); found {
			unit = u
		} else if !asides[strings.TrimSpace(inside)] {
			b.WriteString(inside)
		}
		s = rest
	}
	b.WriteString(s)
	return strings.Map(wordOnly, b.String()), unit
}

func unitOf(inside string) (string, bool) {
	inside = strings.TrimLeft(strings.TrimPrefix(strings.TrimSpace(inside), "单位"), ": ")
	u, found := units[strings.TrimSpace(inside)]
	return u, found
}

func wordOnly(r rune) rune {
	if unicode.IsLetter(r) || unicode.IsNumber(r) {
		return r
	}
	return -1
}
