package registry

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"sync"

	"gopkg.in/yaml.v3"

	"liandong/criteria"
	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/formula"
)

//go:embed quality@2015.yaml
var quality2015 []byte

// Quality is a versioned set of quality rules over the household form, ready to look at records. It is immutable and safe for concurrent use.
type Quality struct {
	ID         string   // household-quality@2015.1
	Digest     [32]byte // SHA-256 of its text
	form       *form.Form
	parameters []criteria.Parameter
	named      []formula.Parameter
	rules      []qualityRule
	whole      *formula.Builder
	perItem    map[string]*formula.Builder // list → builder with m
	pool       sync.Pool
}

type qualityRule struct {
	qualityRow
	node    *formula.Node
	list    int // the field of each, -1 for the household
	at      int
	missing int // the field whose absence is the finding, -1 where when decides
}

type qualityRow struct {
	ID      string    `yaml:"id"`
	Each    string    `yaml:"each"`
	At      string    `yaml:"at"`
	When    yaml.Node `yaml:"when"`
	Missing string    `yaml:"missing"`
	Text    errs.Text `yaml:"text"`
}

type qualityDocument struct {
	Quality    string             `yaml:"quality"`
	Version    string             `yaml:"version"`
	Form       string             `yaml:"form"`
	Basis      map[string]any     `yaml:"basis"`
	Parameters []qualityParameter `yaml:"parameters"`
	Rules      []qualityRow       `yaml:"rules"`
}

type qualityParameter struct {
	ID     string          `yaml:"id"`
	Title  errs.Text       `yaml:"title"`
	ByYear map[int]float64 `yaml:"by_year"`
	Source string          `yaml:"source"`
}

// ShippedQuality is the set of rules that comes with the program.
func ShippedQuality() (*Quality, error) { return ParseQuality(quality2015, form.Household()) }

// ParseQuality reads a set of quality rules over a form and the register's status. Its refusals name line and column.
func ParseQuality(text []byte, f *form.Form) (*Quality, error) {
	var doc qualityDocument
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&doc); err != nil {
		return nil, errs.New(errs.Invalid, "registry.ParseQuality", "校验规则文件读不懂："+err.Error(), "The document of quality rules cannot be read: "+err.Error())
	}
	if doc.Form != f.ID() {
		return nil, errs.New(errs.Invalid, "registry.ParseQuality", "校验规则是为表单 "+doc.Form+" 写的。", "The quality rules are written for the form "+doc.Form+".")
	}
	q := &Quality{ID: doc.Quality + "@" + doc.Version, Digest: sha256.Sum256(text), form: f, perItem: map[string]*formula.Builder{}}
	for _, p := range doc.Parameters {
		q.parameters = append(q.parameters, criteria.Parameter{Name: p.ID, Title: p.Title, ByYear: p.ByYear, Source: p.Source})
		q.named = append(q.named, formula.Parameter{Name: p.ID, Title: p.Title})
	}
	q.whole = formula.NewBuilder(segmentSchema(), q.named)
	for _, row := range doc.Rules {
		rule, err := q.compile(row)
		if err != nil {
			return nil, err
		}
		q.rules = append(q.rules, rule)
	}
	q.pool.New = func() any { return q.newLook() }
	return q, nil
}

func (q *Quality) compile(row qualityRow) (qualityRule, error) {
	rule := qualityRule{qualityRow: row, list: -1, missing: -1}
	section, builder := q.form.Root, q.whole
	if row.Each != "" {
		var ok bool
		if rule.list, ok = section.Lookup(row.Each); !ok {
			return rule, unknownField(row.ID, row.Each)
		}
		section = section.Fields[rule.list].List
		var err error
		if builder, err = q.builderOf(row.Each); err != nil {
			return rule, err
		}
	}
	var ok bool
	if rule.at, ok = section.Lookup(row.At); !ok {
		return rule, unknownField(row.ID, row.At)
	}
	if row.Missing != "" {
		if rule.missing, ok = section.Lookup(row.Missing); !ok {
			return rule, unknownField(row.ID, row.Missing)
		}
		return rule, nil
	}
	var err error
	rule.node, err = builder.Build(row.When.Value, formula.Options{At: formula.PositionOf(&row.When), Want: formula.TypeBool})
	return rule, err
}

func unknownField(rule, path string) error {
	return errs.New(errs.Invalid, "registry.ParseQuality", "校验规则 "+rule+":表单没有字段「"+path+"」。", "Quality rule "+rule+": the form has no field \""+path+"\".")
}

func (q *Quality) builderOf(list string) (*formula.Builder, error) {
	if b := q.perItem[list]; b != nil {
		return b, nil
	}
	b := formula.NewBuilder(segmentSchema(), q.named)
	q.perItem[list] = b
	return b, b.Each("m", list)
}

// look is one goroutine's evaluations.
type look struct {
	whole   *formula.Evaluation
	perItem map[string]*formula.Evaluation
	inputs  formula.Inputs
	row     registered
}

func (q *Quality) newLook() *look {
	l := &look{whole: formula.NewEvaluation(q.whole), perItem: map[string]*formula.Evaluation{}}
	l.inputs.Parameters = make([]formula.Value, len(q.parameters))
	for list, b := range q.perItem {
		l.perItem[list] = formula.NewEvaluation(b)
	}
	return l
}

// Look gives the findings of a record valid from the day, of a household of that status: the form's warnings, then the rules in their order,
// each for every item it holds for.
func (q *Quality) Look(r *form.Record, status Status, on day.Date) []form.Finding {
	l := q.pool.Get().(*look)
	defer q.pool.Put(l)
	l.inputs.AsOf = on
	for i := range q.parameters {
		l.inputs.Parameters[i] = q.parameters[i].On(on)
	}
	l.row = registered{Record: r, at: statusField(), status: status}
	var findings []form.Finding
	for _, f := range q.form.Check(r, on) {
		if f.Severity != form.Error {
			findings = append(findings, f)
		}
	}
	l.whole.Begin(&l.row, nil, &l.inputs)
	for i := range q.rules {
		rule := &q.rules[i]
		if rule.list < 0 {
			if rule.holds(l.whole, r) {
				findings = append(findings, rule.finding("", -1))
			}
			continue
		}
		items, _ := r.Items(rule.list)
		e := l.perItem[rule.Each]
		for k, item := range items {
			if rule.node != nil {
				e.Begin(&l.row, item, &l.inputs)
			}
			if rule.holds(e, item) {
				findings = append(findings, rule.finding(rule.Each, k))
			}
		}
	}
	return findings
}

func (rule *qualityRule) holds(e *formula.Evaluation, r *form.Record) bool {
	if rule.node == nil {
		return !r.Has(rule.missing)
	}
	is, known := e.Truth(rule.node)
	return is && known
}

func (rule *qualityRule) finding(list string, item int) form.Finding {
	return form.Finding{Kind: rule.ID, Severity: form.Warning, List: list, Item: item, Path: rule.At, Text: rule.Text}
}

// TextOf is the sentence of a rule, for findings that were kept by its id.
func (q *Quality) TextOf(rule string) errs.Text {
	for i := range q.rules {
		if q.rules[i].ID == rule {
			return q.rules[i].Text
		}
	}
	switch rule {
	case ruleLate:
		return errs.Text{ZH: "有一次登记的日期早于最新登记。请核对最新登记是否也要更正。", EN: "An entry is dated before the newest one. Check whether the newest needs mending too."}
	case form.KindNotRelevant:
		return errs.Text{ZH: "按其他答案，这一项不需要填写。请核对。", EN: "By the other answers this question does not arise. Check it."}
	}
	return errs.Text{ZH: "请核对。", EN: "Check this."}
}
