package form

import (
	"bytes"
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"

	"liandong/day"
	"liandong/errs"
	"liandong/formula"
)

// The shape of a form's document.
type document struct {
	Form        string                `yaml:"form"`
	Version     string                `yaml:"version"`
	Title       errs.Text             `yaml:"title"`
	Codes       map[string][]entryRow `yaml:"codes"`
	Fields      []fieldRow            `yaml:"fields"`
	Lists       map[string][]fieldRow `yaml:"lists"`
	Constraints []constraintRow       `yaml:"constraints"`
}

type entryRow struct {
	N     int      `yaml:"n"`
	Code  string   `yaml:"code"`
	ZH    string   `yaml:"zh"`
	EN    string   `yaml:"en"`
	Also  []string `yaml:"also"`
	GB    string   `yaml:"gb"`
	From  day.Date `yaml:"from"`
	Until day.Date `yaml:"until"`
}

type fieldRow struct {
	N           int       `yaml:"n"`
	Path        string    `yaml:"path"`
	Type        string    `yaml:"type"`
	ZH          string    `yaml:"zh"`
	EN          string    `yaml:"en"`
	Unit        string    `yaml:"unit"`
	Scale       int       `yaml:"scale"`
	Max         int64     `yaml:"max"`
	Codes       string    `yaml:"codes"`
	Sensitivity string    `yaml:"sensitivity"`
	Required    bool      `yaml:"required"`
	Signed      bool      `yaml:"signed"`
	Fields      string    `yaml:"fields"`
	Relevant    yaml.Node `yaml:"relevant"`
}

// The greatest field number: a body's field tags stay within two bytes.
const maxFieldNumber = 2000

// maxCodesNumber bounds the numbers of a list of which several may hold: rules carry the set as bits in a float64, exact to 2^53.
const maxCodesNumber = 52

func (l *CodeList) largest() int {
	n := 0
	for _, e := range l.Entries {
		n = max(n, e.Number)
	}
	return n
}

// Parse reads a form's document and checks it: numbers and paths used once, types, code lists and formulas that exist.
func Parse(text []byte) (*Form, error) {
	var doc document
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&doc); err != nil {
		return nil, refuse("表单文件读不懂：%v", "The form document cannot be read: %v", err)
	}
	f := &Form{Name: doc.Form, Version: doc.Version, Title: doc.Title, Codes: map[string]*CodeList{}}
	for name, rows := range doc.Codes {
		list, err := newCodeList(name, rows)
		if err != nil {
			return nil, err
		}
		f.Codes[name] = list
	}
	root, err := f.newSection(f.ID(), doc.Fields, doc.Lists)
	if err != nil {
		return nil, err
	}
	f.Root = root
	if err := f.compile(&doc); err != nil {
		return nil, err
	}
	return f, nil
}

func refuse(zh, en string, args ...any) error {
	return errs.New(errs.Invalid, "form.Parse", fmt.Sprintf(zh, args...), fmt.Sprintf(en, args...))
}

func newCodeList(name string, rows []entryRow) (*CodeList, error) {
	l := &CodeList{Name: name, byWord: map[string]int{}}
	for i, r := range rows {
		if r.N < 1 || r.N > 63 || l.byNumber[r.N] != 0 {
			return nil, refuse("代码表 %s 的编号 %d 不在 1 到 63 之间或重复。", "Code list %s: number %d is not within 1 to 63 or is used twice.", name, r.N)
		}
		l.byNumber[r.N] = int8(i + 1)
		l.Entries = append(l.Entries, Entry{Number: r.N, Code: r.Code, Title: errs.Text{ZH: r.ZH, EN: r.EN}, Also: r.Also, GB: r.GB, From: r.From, Until: r.Until})
		for _, word := range append([]string{r.Code, r.ZH, r.EN, r.GB}, r.Also...) {
			if word = fold(word); word == "" {
				continue
			}
			if j, taken := l.byWord[word]; taken && j != i {
				return nil, refuse("代码表 %s 里「%s」有两个意思。", "Code list %s: %q has two meanings.", name, word)
			}
			l.byWord[word] = i
		}
	}
	return l, nil
}

func (f *Form) newSection(name string, rows []fieldRow, lists map[string][]fieldRow) (*Section, error) {
	s := &Section{Name: name, index: map[string]int{}, schema: &formula.Schema{Name: name}}
	for i, r := range rows {
		field, err := f.newField(name, r, lists)
		if err != nil {
			return nil, err
		}
		for len(s.byNumber) <= r.N {
			s.byNumber = append(s.byNumber, -1)
		}
		if _, taken := s.index[r.Path]; taken || s.byNumber[r.N] >= 0 {
			return nil, refuse("%s 的字段 %s（编号 %d）重复。", "%s: field %s (number %d) stands twice.", name, r.Path, r.N)
		}
		s.byNumber[r.N], s.index[r.Path] = i, i
		s.Fields = append(s.Fields, field)
		s.schema.Fields = append(s.schema.Fields, field.asFormula())
	}
	return s, nil
}

func (f *Form) newField(section string, r fieldRow, lists map[string][]fieldRow) (Field, error) {
	field := Field{
		Number: r.N, Path: r.Path, Type: typeNames[r.Type], Title: errs.Text{ZH: r.ZH, EN: r.EN}, Unit: r.Unit, Scale: r.Scale,
		Max: r.Max, Required: r.Required, Signed: r.Signed, Codes: f.Codes[r.Codes],
	}
	degree, known := sensitivityNames[r.Sensitivity]
	field.Sensitivity = degree
	switch {
	case field.Type == 0 || !known || r.N < 1 || r.N > maxFieldNumber || r.Path == "" || strings.HasPrefix(r.Path, "."):
		return field, refuse("%s 的字段 %s:编号、类型或敏感度不对。", "%s: field %s: its number, type or sensitivity is wrong.", section, r.Path)
	case field.Type == Codes && field.Codes != nil && field.Codes.largest() > maxCodesNumber:
		return field, refuse("%s 的字段 %s:多选代码表的编号不能超过 %d。", "%s: field %s: the codes of a set are numbered up to %d.", section, r.Path, maxCodesNumber)
	case (field.Type == Code || field.Type == Codes) != (field.Codes != nil):
		return field, refuse("%s 的字段 %s:代码表「%s」不存在或多余。", "%s: field %s: the code list %q is missing or not wanted.", section, r.Path, r.Codes)
	}
	if field.Type == Money {
		field.Scale, field.Unit = 2, "yuan"
	}
	if field.Type == List {
		rows, ok := lists[r.Fields]
		if !ok {
			return field, refuse("%s 的字段 %s:没有子表「%s」。", "%s: field %s: there is no list %q.", section, r.Path, r.Fields)
		}
		list, err := f.newSection(section+"/"+r.Path, rows, nil)
		if err != nil {
			return field, err
		}
		field.List = list
	}
	return field, nil
}

// asFormula is the field as rules see it.
func (f *Field) asFormula() formula.Field {
	g := formula.Field{Path: f.Path, Title: f.Title, Scale: f.Scale, Max: f.Max, Unit: f.Unit, Type: formula.Opaque}
	switch f.Type {
	case Bool:
		g.Type = formula.Bool
	case Number, Money:
		g.Type = formula.Number
	case Code:
		g.Type = formula.Code
	case Codes:
		g.Type = formula.Codes
	case Date:
		g.Type = formula.Date
	case Text:
		g.Type = formula.Text
	case List:
		g.Type, g.List = formula.List, f.List.schema
	}
	if f.Codes != nil {
		for _, e := range f.Codes.Entries {
			g.Codes = append(g.Codes, formula.Entry{Number: e.Number, Code: e.Code, Title: e.Title})
		}
	}
	return g
}
