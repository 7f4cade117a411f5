package form

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"liandong/day"
	"liandong/errs"
	"liandong/money"
)

// The kinds of findings that reading an answer can raise; workbooks, the API and the desk use the same words.
const (
	KindUnknownCode    = "unknown_code"
	KindUnreadableDate = "unreadable_date"
	KindUnreadable     = "unreadable_number"
	KindNegative       = "negative_amount"
	KindOutOfRange     = "out_of_range"
	KindTooLong        = "too_long"
	KindNotYesNo       = "not_yes_no"
	KindMissing        = "missing"
	KindUnknownField   = "unknown_field"
	KindWrongType      = "wrong_type"
)

// maxText bounds a text answer: a name, an address, a remark; a pasted document is a mistake.
const maxText = 2000

// yesNo are the ways of answering yes and no that are read.
func yesNo(word string) (answer, ok bool) {
	switch word {
	case "是", "有", "对", "1", "true", "yes", "y", "√":
		return true, true
	case "否", "无", "没有", "不是", "0", "false", "no", "n", "×":
		return false, true
	}
	return false, false
}

// ReadText answers a field from words, as a cell or a paper form has them, normalising spaces, full-width forms and known other spellings.
// on is the day whose codes hold; the zero day allows every code. Empty words clear the answer. The finding is nil where all is well; a
// wrong answer leaves the record unchanged. Lists, keys and divisions have no words and are refused.
func (r *Record) ReadText(field int, words string, on day.Date) *Finding {
	f := &r.section.Fields[field]
	trimmed := strings.TrimFunc(words, func(c rune) bool { return halfWidth(c) == -1 })
	if trimmed == "" {
		r.Clear(field)
		return nil
	}
	if len(trimmed) > maxText {
		return f.finding(KindTooLong, fmt.Sprintf("内容超过 %d 个字节，请缩短。", maxText), fmt.Sprintf("The text is longer than %d bytes; shorten it.", maxText))
	}
	switch f.Type {
	case Text:
		r.SetText(field, trimmed)
	case Secret:
		r.SetText(field, strings.ToUpper(strings.Map(halfWidth, trimmed)))
	case Bool:
		answer, ok := yesNo(fold(trimmed))
		if !ok {
			return f.finding(KindNotYesNo, fmt.Sprintf("「%s」不是「是」或「否」。请填「是」或「否」。", trimmed), fmt.Sprintf("%q is neither yes （是） nor no （否）； write one of them.", trimmed))
		}
		r.SetValue(field, boolean(answer))
	case Code:
		e, finding := f.readCode(trimmed, on)
		if finding != nil {
			return finding
		}
		r.SetValue(field, int64(e.Number))
	case Codes:
		var mask int64
		for _, word := range strings.FieldsFunc(trimmed, isSeparator) {
			e, finding := f.readCode(word, on)
			if finding != nil {
				return finding
			}
			mask |= 1 << e.Number
		}
		r.SetValue(field, mask)
	case Date:
		d, err := day.ParseLoose(trimmed)
		if err != nil {
			return f.fault(KindUnreadableDate, err)
		}
		r.SetValue(field, int64(d.UnixDays()))
	case Money:
		amount, err := money.Parse(trimmed)
		if err != nil {
			return f.fault(KindUnreadable, err)
		}
		return r.setNumber(field, int64(amount), trimmed)
	case Number:
		v, ok := parseScaled(strings.Map(halfWidth, trimmed), f.Scale)
		if !ok {
			return f.finding(KindUnreadable, fmt.Sprintf("「%s」不是数字（最多 %d 位小数）。", trimmed, f.Scale), fmt.Sprintf("%q is no number with at most %d decimals.", trimmed, f.Scale))
		}
		return r.setNumber(field, v, trimmed)
	default:
		return f.finding(KindWrongType, "此项不能用文字填写。", "This field cannot be answered in words.")
	}
	return nil
}

func boolean(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func isSeparator(r rune) bool {
	return r == '、' || r == ',' || r == '\uFF0C' || r == ';' || r == '\uFF1B' || r == '/' || r == '|'
}

func (f *Field) readCode(word string, on day.Date) (*Entry, *Finding) {
	e, ok := f.Codes.Find(word)
	if ok && e.Holds(on) {
		return e, nil
	}
	list := f.Codes.Words(on)
	return nil, f.finding(KindUnknownCode,
		fmt.Sprintf("「%s」不在代码表里。可填：%s。", word, list.ZH),
		fmt.Sprintf("%q is not in the code list. Allowed: %s.", word, list.EN))
}

// setNumber answers with a scaled number after its range.
func (r *Record) setNumber(field int, v int64, words string) *Finding {
	f := &r.section.Fields[field]
	if v < 0 && !f.Signed {
		return f.finding(KindNegative, fmt.Sprintf("「%s」小于零，%s不能为负数。", words, f.Title.ZH), fmt.Sprintf("%s is below zero; %s cannot be negative.", words, f.Title.EN))
	}
	if f.Max > 0 && (v > f.Max || v < -f.Max) {
		limit := formatScaled(f.Max, f.Scale)
		return f.finding(KindOutOfRange, fmt.Sprintf("「%s」超过上限 %s，请核对单位（%s）。", words, limit, f.Unit), fmt.Sprintf("%s is above the limit %s; check the unit (%s).", words, limit, f.Unit))
	}
	r.SetValue(field, v)
	return nil
}

// parseScaled reads a plain decimal number as a whole number of 10^-scale, refusing what would have to be rounded.
func parseScaled(s string, scale int) (int64, bool) {
	s = strings.ReplaceAll(s, ",", "")
	negative := strings.HasPrefix(s, "-")
	whole, fraction, _ := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	fraction = strings.TrimRight(fraction, "0")
	if len(fraction) > scale || len(whole) > 15 || strings.Trim(whole+fraction, "0123456789") != "" || whole == "" {
		return 0, false
	}
	v, err := strconv.ParseInt(whole+fraction+strings.Repeat("0", scale-len(fraction)), 10, 64)
	if negative {
		v = -v
	}
	return v, err == nil
}

// formatScaled writes a scaled number with its decimals, trailing zeros left out: 1250 of scale 2 is 12.5.
func formatScaled(v int64, scale int) string {
	if scale == 0 {
		return strconv.FormatInt(v, 10)
	}
	sign, u := "", uint64(v)
	if v < 0 {
		sign, u = "-", -u
	}
	unit := uint64(math.Pow10(scale))
	s := fmt.Sprintf("%s%d.%0*d", sign, u/unit, scale, u%unit)
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}

// WordsOf gives a field's answer as it is written in a workbook or on paper in the language: 是, 因病, 1950.83, 2015-03-01. Empty where there
// is no answer, for keys and divisions, and for lists of more than kinds.
func (r *Record) WordsOf(field int, language string) string {
	f := &r.section.Fields[field]
	if !r.Has(field) {
		return ""
	}
	v := r.numbers[field]
	switch f.Type {
	case Text, Secret:
		return r.texts[field]
	case Bool:
		return errs.Text{ZH: [2]string{"否", "是"}[v&1], EN: [2]string{"no", "yes"}[v&1]}.In(language)
	case Code:
		if e, ok := f.Codes.ByNumber(int(v)); ok {
			return e.Title.In(language)
		}
	case Codes:
		var words []string
		for i := range f.Codes.Entries {
			if e := &f.Codes.Entries[i]; v&(1<<e.Number) != 0 {
				words = append(words, e.Title.In(language))
			}
		}
		return strings.Join(words, errs.Text{ZH: "、", EN: ", "}.In(language))
	case Date:
		return day.FromUnixDays(int(v)).String()
	case Number, Money:
		return formatScaled(v, f.Scale)
	case List:
		return r.listWords(field, language)
	}
	return ""
}

// listWords writes a list of kinds as ReadList reads it; empty for a list of anything else.
func (r *Record) listWords(field int, language string) string {
	list := r.section.Fields[field].List
	if list.Fields[0].Type != Code {
		return ""
	}
	items, _ := r.Items(field)
	if len(items) == 0 {
		return errs.Text{ZH: "无", EN: "none"}.In(language)
	}
	count, counted := list.Lookup("count")
	words := make([]string, len(items))
	for i, item := range items {
		words[i] = item.WordsOf(0, language)
		if counted && item.Has(count) {
			words[i] += item.WordsOf(count, language)
		}
	}
	return strings.Join(words, errs.Text{ZH: "、", EN: ", "}.In(language))
}

// ReadList answers a List of kinds from words, as one cell of a table holds them: 无 for none, else kinds with a count behind, 小轿车、货车2. The
// list's first field must be a code; its field "count", where there is one, takes the number.
func (r *Record) ReadList(field int, words string, on day.Date) *Finding {
	f := &r.section.Fields[field]
	if answer, ok := yesNo(fold(words)); ok && !answer {
		r.SetItems(field, nil)
		return nil
	}
	var items []*Record
	for _, word := range strings.FieldsFunc(words, isSeparator) {
		item := f.List.New()
		kind := strings.TrimRight(fold(word), "0123456789")
		if finding := item.ReadText(0, kind, on); finding != nil {
			finding.Path = f.Path
			return finding
		}
		if count, ok := f.List.Lookup("count"); ok && len(kind) < len(fold(word)) {
			if finding := item.ReadText(count, fold(word)[len(kind):], on); finding != nil {
				finding.Path = f.Path
				return finding
			}
		}
		items = append(items, item)
	}
	r.SetItems(field, items)
	return nil
}
