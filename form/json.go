package form

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"

	"liandong/day"
	"liandong/errs"
)

// AppendJSON adds the record as JSON: nested objects by path in the order of the form, codes as their words, money in yuan and other
// numbers in their unit, dates as ISO 8601, divisions as numbers, keys in base64. show decides field by field whether an answer is
// written; nil writes all.
func (r *Record) AppendJSON(b []byte, show func(*Field) bool) []byte {
	b = append(b, '{')
	var open []string
	first := true
	for i := range r.section.Fields {
		f := &r.section.Fields[i]
		if !r.Has(i) || (show != nil && !show(f)) {
			continue
		}
		parts := strings.Split(f.Path, ".")
		b, open, first = nest(b, open, parts[:len(parts)-1], first)
		if !first {
			b = append(b, ',')
		}
		first = false
		b = strconv.AppendQuote(b, parts[len(parts)-1])
		b = append(b, ':')
		b = r.appendJSONAnswer(b, i, show)
	}
	for range open {
		b = append(b, '}')
	}
	return append(b, '}')
}

// nest closes and opens objects until the path's groups are open.
func nest(b []byte, open, groups []string, first bool) ([]byte, []string, bool) {
	common := 0
	for common < len(open) && common < len(groups) && open[common] == groups[common] {
		common++
	}
	for range open[common:] {
		b = append(b, '}')
		first = false
	}
	open = open[:common]
	for _, g := range groups[common:] {
		if !first {
			b = append(b, ',')
		}
		b = strconv.AppendQuote(b, g)
		b = append(b, ':', '{')
		first = true
		open = append(open, g)
	}
	return b, open, first
}

func (r *Record) appendJSONAnswer(b []byte, i int, show func(*Field) bool) []byte {
	f, v := &r.section.Fields[i], r.numbers[i]
	switch f.Type {
	case Bool:
		return strconv.AppendBool(b, v == 1)
	case Number, Money:
		return append(b, formatScaled(v, f.Scale)...)
	case Code:
		return appendString(b, f.codeOf(int(v)))
	case Codes:
		b = append(b, '[')
		separator := ""
		for k := range f.Codes.Entries {
			if e := &f.Codes.Entries[k]; v&(1<<e.Number) != 0 {
				b = append(b, separator...)
				b = appendString(b, e.Code)
				separator = ","
			}
		}
		return append(b, ']')
	case Date:
		return append(day.FromUnixDays(int(v)).Append(append(b, '"')), '"')
	case Division:
		return strconv.AppendInt(b, v, 10)
	case Key:
		return appendString(b, base64.StdEncoding.EncodeToString([]byte(r.texts[i])))
	case List:
		items, _ := r.Items(i)
		b = append(b, '[')
		for k, item := range items {
			if k > 0 {
				b = append(b, ',')
			}
			b = item.AppendJSON(b, show)
		}
		return append(b, ']')
	default:
		return appendString(b, r.texts[i])
	}
}

func (f *Field) codeOf(number int) string {
	if e, ok := f.Codes.ByNumber(number); ok {
		return e.Code
	}
	return ""
}

func appendString(b []byte, s string) []byte {
	quoted, _ := json.Marshal(s) // a string always marshals
	return append(b, quoted...)
}

// ReadJSON answers the record from JSON as AppendJSON writes it. A field that is absent keeps its answer, null clears it (RFC 7396), a list is
// replaced whole. Every wrong answer is a finding and leaves its field unchanged; the error is for text that is no JSON object at all.
func (r *Record) ReadJSON(text []byte) ([]Finding, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var object map[string]any
	if err := decoder.Decode(&object); err != nil {
		return nil, refuse("不是一个 JSON 对象：%v", "This is no JSON object: %v", err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, refuse("JSON 对象之后还有多余的内容（第 %d 字节）。", "There is more after the JSON object (byte %d).", decoder.InputOffset())
	}
	return r.readObject("", object), nil
}

func (r *Record) readObject(prefix string, object map[string]any) []Finding {
	var findings []Finding
	keys := make([]string, 0, len(object))
	for key := range object {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	for _, key := range keys {
		path, answer := prefix+key, object[key]
		if i, ok := r.section.index[path]; ok {
			findings = append(findings, r.readAnswer(i, answer)...)
			continue
		}
		if group, ok := answer.(map[string]any); ok && r.section.hasGroup(path) {
			findings = append(findings, r.readObject(path+".", group)...)
			continue
		}
		findings = append(findings, r.section.unknownField(path))
	}
	return findings
}

func (s *Section) hasGroup(path string) bool {
	for i := range s.Fields {
		if strings.HasPrefix(s.Fields[i].Path, path+".") {
			return true
		}
	}
	return false
}

func (s *Section) unknownField(path string) Finding {
	f := Field{Path: path}
	near := errs.Near(path, s.Paths())
	return *f.finding(KindUnknownField,
		fmt.Sprintf("表单 %s 没有字段「%s」。%s", s.Name, path, near.ZH),
		fmt.Sprintf("The form %s has no field %q.%s", s.Name, path, near.EN))
}

// Paths lists the section's fields in order.
func (s *Section) Paths() []string {
	paths := make([]string, len(s.Fields))
	for i := range s.Fields {
		paths[i] = s.Fields[i].Path
	}
	return paths
}

func (r *Record) readAnswer(i int, answer any) []Finding {
	f := &r.section.Fields[i]
	if answer == nil {
		r.Clear(i)
		return nil
	}
	switch f.Type {
	case List:
		return r.readList(i, answer)
	case Bool:
		if b, ok := answer.(bool); ok {
			r.SetValue(i, boolean(b))
			return nil
		}
	case Number, Money:
		if n, ok := answer.(json.Number); ok {
			return one(r.readNumber(i, n.String()))
		}
	case Codes:
		if words, ok := answer.([]any); ok {
			return one(r.readCodes(i, words))
		}
	case Division:
		if n, ok := answer.(json.Number); ok {
			if id, err := n.Int64(); err == nil && id > 0 {
				r.SetValue(i, id)
				return nil
			}
		}
	case Key:
		if s, ok := answer.(string); ok {
			if key, err := base64.StdEncoding.DecodeString(s); err == nil && len(key) == 16 {
				r.SetText(i, string(key))
				return nil
			}
		}
	default:
		if s, ok := answer.(string); ok {
			return one(r.ReadText(i, s, day.Date{}))
		}
	}
	return one(f.finding(KindWrongType, fmt.Sprintf("「%v」的类型不对，应为 %s。", answer, f.Type), fmt.Sprintf("%v has the wrong type; %s is wanted.", answer, f.Type)))
}

func one(f *Finding) []Finding {
	if f == nil {
		return nil
	}
	return []Finding{*f}
}

// readNumber reads a JSON number; one in scientific notation is refused, because it is a sign of a lost digit.
func (r *Record) readNumber(i int, text string) *Finding {
	f := &r.section.Fields[i]
	v, ok := parseScaled(text, f.Scale)
	if !ok {
		return f.finding(KindUnreadable, fmt.Sprintf("「%s」不是最多 %d 位小数的数字。", text, f.Scale), fmt.Sprintf("%s is no number with at most %d decimals.", text, f.Scale))
	}
	return r.setNumber(i, v, text)
}

func (r *Record) readCodes(i int, words []any) *Finding {
	f := &r.section.Fields[i]
	var mask int64
	for _, w := range words {
		e, finding := f.readCode(fmt.Sprint(w), day.Date{})
		if finding != nil {
			return finding
		}
		mask |= 1 << e.Number
	}
	r.SetValue(i, mask)
	return nil
}

func (r *Record) readList(i int, answer any) []Finding {
	f := &r.section.Fields[i]
	values, ok := answer.([]any)
	if !ok || len(values) > maxItems {
		return one(f.finding(KindWrongType, "应为列表。", "A list is wanted."))
	}
	items := make([]*Record, 0, len(values))
	var findings []Finding
	for k, value := range values {
		item := f.List.New()
		object, ok := value.(map[string]any)
		if !ok {
			return one(f.finding(KindWrongType, fmt.Sprintf("第 %d 项不是对象。", k+1), fmt.Sprintf("Item %d is no object.", k+1)))
		}
		for _, finding := range item.readObject("", object) {
			finding.List, finding.Item = f.Path, k
			findings = append(findings, finding)
		}
		items = append(items, item)
	}
	r.SetItems(i, items)
	return findings
}

// String is the type's name in the form's document.
func (t Type) String() string {
	for name, v := range typeNames {
		if v == t {
			return name
		}
	}
	return "?"
}

// Answer answers a field from a value as JSON has it: true, a text, a list of codes. The finding is nil where all is well.
func (r *Record) Answer(field int, value any) *Finding {
	if findings := r.readAnswer(field, value); len(findings) > 0 {
		return &findings[0]
	}
	return nil
}

// AnswerNumber answers a field from the digits of a number, in the field's unit: yuan for money.
func (r *Record) AnswerNumber(field int, digits string) *Finding {
	return r.Answer(field, json.Number(digits))
}
