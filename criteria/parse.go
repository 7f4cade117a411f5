package criteria

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"

	"gopkg.in/yaml.v3"

	"liandong/errs"
	"liandong/formula"
)

// The shape of a document. What holds formulas is kept as YAML nodes, so that refusals name line and column.
type documentRow struct {
	Criteria   string    `yaml:"criteria"`
	Version    string    `yaml:"version"`
	Title      errs.Text `yaml:"title"`
	Form       string    `yaml:"form"`
	Basis      Basis     `yaml:"basis"`
	Effective  Effective `yaml:"effective"`
	Parameters yaml.Node `yaml:"parameters"`
	Derive     yaml.Node `yaml:"derive"`
	Score      *scoreRow `yaml:"score"`
	Bars       []barRow  `yaml:"bars"`
	Poor       yaml.Node `yaml:"poor"`
	Cases      []caseRow `yaml:"cases"`
}

type parameterRow struct {
	Title  errs.Text       `yaml:"title"`
	Value  *float64        `yaml:"value"`
	ByYear map[int]float64 `yaml:"by_year"`
	Unit   string          `yaml:"unit"`
	Source string          `yaml:"source"`
	Range  []float64       `yaml:"range"`
}

type scoreRow struct {
	HigherMeans string         `yaml:"higher_means"`
	Indicators  []indicatorRow `yaml:"indicators"`
}

type indicatorRow struct {
	ID    yaml.Node `yaml:"id"`
	Title errs.Text `yaml:"title"`
	Max   float64   `yaml:"max"`
	Parts []partRow `yaml:"parts"`
}

type partRow struct {
	ID     yaml.Node `yaml:"id"`
	Title  errs.Text `yaml:"title"`
	Max    float64   `yaml:"max"`
	Points yaml.Node `yaml:"points"`
}

type barRow struct {
	ID    yaml.Node `yaml:"id"`
	Kind  BarKind   `yaml:"kind"`
	Title errs.Text `yaml:"title"`
	When  yaml.Node `yaml:"when"`
}

// maxDocument bounds a document's size in bytes: the largest provincial system has 84 sub-indicators and takes about 40 kB.
const maxDocument = 256 << 10

// maxPoints bounds a part: sums of points stay exact to many decimals.
const maxPoints = 1e9

var (
	nameForm    = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	idForm      = regexp.MustCompile(`^[a-z][a-z0-9_-]*$`)
	versionForm = regexp.MustCompile(`^[0-9]{4}(\.[0-9]+)*$`)
)

func noun() errs.Text { return errs.Text{ZH: "规则文件", EN: "document"} }

// Forms finds the schema of a form by its id, household@2015.
type Forms func(id string) (*formula.Schema, bool)

// Parse reads and checks a document. Every refusal is a sentence with line and column.
func Parse(text []byte, forms Forms) (*Document, error) {
	return parse(text, forms, func(*documentRow) error { return nil })
}

func parse(text []byte, forms Forms, amend func(*documentRow) error) (*Document, error) {
	if len(text) > maxDocument {
		return nil, errs.New(errs.TooLarge, "criteria.Parse", fmt.Sprintf("第 1 行第 1 列：规则文件超过 %d 千字节。", maxDocument>>10), fmt.Sprintf("Line 1, column 1: The document is larger than %d kB.", maxDocument>>10))
	}
	var row documentRow
	root, err := formula.ReadYAML(text, noun(), &row)
	if err != nil {
		return nil, err
	}
	if err := amend(&row); err != nil {
		return nil, err
	}
	schema, ok := forms(row.Form)
	switch {
	case !idForm.MatchString(row.Criteria):
		return nil, at(positionOf(root, "criteria"), "criteria 要写小写英文名，如 four-looks。", "criteria wants a lower-case name, such as four-looks.")
	case !versionForm.MatchString(row.Version):
		return nil, at(positionOf(root, "version"), "version 要写年份，如 \"2015.1\"。", "version wants a year, such as \"2015.1\".")
	case !ok:
		return nil, at(positionOf(root, "form"), fmt.Sprintf("没有表单「%s」。", row.Form), fmt.Sprintf("There is no form %q.", row.Form))
	case !row.Effective.Until.IsZero() && row.Effective.Until.Before(row.Effective.From):
		return nil, at(positionOf(root, "effective"), "effective 的 until 早于 from。", "effective ends before it begins.")
	}
	p := parsing{Document: &Document{
		Name: row.Criteria, Version: row.Version, Title: row.Title, Form: row.Form, Basis: row.Basis, Effective: row.Effective, schema: schema,
		EffectiveAt: positionOf(root, "effective"),
	}, root: root, ids: map[string]bool{}, lines: bytes.Split(text, []byte("\n"))}
	for _, step := range []func(*documentRow) error{p.parameters, p.derive, p.score, p.bars, p.poor, p.cases} {
		if err := step(&row); err != nil {
			return nil, err
		}
	}
	return p.Document, nil
}

func at(p formula.Position, zh, en string) error {
	return &formula.Refusal{At: p, Text: errs.Text{ZH: zh, EN: en}}
}

type parsing struct {
	*Document
	root  *yaml.Node
	ids   map[string]bool
	lines [][]byte
}

// pairs walks a mapping in its own order.
func pairs(n *yaml.Node, fn func(key, value *yaml.Node) error) error {
	if n.IsZero() {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		return at(formula.PositionOf(n), "这里要写「名称: 内容」。", "A mapping of names is wanted here.")
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if err := fn(n.Content[i], n.Content[i+1]); err != nil {
			return err
		}
	}
	return nil
}

func (p *parsing) parameters(row *documentRow) error {
	var named []formula.Parameter
	err := pairs(&row.Parameters, func(key, value *yaml.Node) error {
		var r parameterRow
		if err := value.Decode(&r); err != nil {
			why := formula.YAMLInWords(err.Error())
			return at(formula.PositionOf(value), "参数写法不对："+why.ZH, "The parameter is not well written: "+why.EN)
		}
		if _, taken := p.schema.Lookup(key.Value); taken || !nameForm.MatchString(key.Value) || p.ids["parameter "+key.Value] {
			return at(formula.PositionOf(key), fmt.Sprintf("参数名「%s」不是小写英文名，或已经用过。", key.Value), fmt.Sprintf("The parameter's name %q is no lower-case name, or is taken.", key.Value))
		}
		if (r.Value == nil) == (r.ByYear == nil) || (r.Range != nil && (len(r.Range) != 2 || r.Range[0] >= r.Range[1])) {
			return at(formula.PositionOf(value), "参数要么写 value，要么写 by_year；range 写 [小，大]。", "A parameter has either value or by_year; range is [low, high].")
		}
		if !finite(&r) {
			return at(formula.PositionOf(value), "参数的值要写普通的数。", "A parameter's values are ordinary numbers.")
		}
		p.ids["parameter "+key.Value] = true
		parameter := Parameter{Name: key.Value, Title: r.Title, Value: r.Value, ByYear: r.ByYear, Unit: r.Unit, Source: r.Source, At: formula.PositionOf(key)}
		if r.Range != nil {
			parameter.Low, parameter.High = &r.Range[0], &r.Range[1]
		}
		p.Parameters = append(p.Parameters, parameter)
		named = append(named, formula.Parameter{Name: key.Value, Title: r.Title})
		return nil
	})
	p.builder = formula.NewBuilder(p.schema, named)
	return err
}

func finite(r *parameterRow) bool {
	ok := r.Value == nil || math.Abs(*r.Value) <= math.MaxFloat64
	for _, v := range r.ByYear {
		ok = ok && math.Abs(v) <= math.MaxFloat64
	}
	return ok
}

// derive reads the derived values. Each may use those before it, so a cycle shows as a name that is not there yet.
func (p *parsing) derive(row *documentRow) error {
	later := map[string]bool{}
	_ = pairs(&row.Derive, func(key, _ *yaml.Node) error { later[key.Value] = true; return nil })
	return pairs(&row.Derive, func(key, value *yaml.Node) error {
		if !nameForm.MatchString(key.Value) {
			return at(formula.PositionOf(key), fmt.Sprintf("名称「%s」不是小写英文名。", key.Value), fmt.Sprintf("%q is no lower-case name.", key.Value))
		}
		if name, used := usesLater(value.Value, later); used {
			return at(formula.PositionOf(value), fmt.Sprintf("「%s」用到了「%s」，它在后面才定义（或用到了自己）。请把它移到前面，并避免循环。", key.Value, name),
				fmt.Sprintf("%q uses %q, which is defined later (or is itself). Move it up and avoid cycles.", key.Value, name))
		}
		e, err := p.expression(value, formula.Options{})
		if err != nil {
			return err
		}
		if e.Node.Type != formula.TypeNum && e.Node.Type != formula.TypeBool {
			return at(e.At, "derive 只能得出数字或是否。", "derive gives numbers or yes and no only.")
		}
		if err := p.builder.Define(key.Value, e.Node, formula.PositionOf(key)); err != nil {
			return err
		}
		delete(later, key.Value)
		p.Derived = append(p.Derived, Derived{key.Value, e})
		return nil
	})
}

var word = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_.]*`)

// usesLater finds a name of the text that is not defined yet, outside of quoted words.
func usesLater(text string, later map[string]bool) (string, bool) {
	for _, name := range word.FindAllString(regexp.MustCompile(`'[^']*'|"[^"]*"`).ReplaceAllString(text, ""), -1) {
		if later[name] {
			return name, true
		}
	}
	return "", false
}

func (p *parsing) expression(n *yaml.Node, o formula.Options) (Expression, error) {
	o.At = formula.PositionOf(n)
	if n.Style&yaml.LiteralStyle != 0 {
		o.Indent = indentOf(p.lines, n.Line)
		o.At.Column += o.Indent
	}
	if n.Kind != yaml.ScalarNode || n.Value == "" {
		return Expression{}, at(formula.Position{Line: max(n.Line, 1), Column: max(n.Column, 1)}, "这里要写一个表达式。", "An expression is wanted here.")
	}
	node, err := p.builder.Build(n.Value, o)
	return Expression{n.Value, o.At, node}, err
}

// indentOf is how far the block behind a line is moved in.
func indentOf(lines [][]byte, line int) int {
	for _, text := range lines[min(line, len(lines)):] {
		if rest := bytes.TrimLeft(text, " "); len(bytes.TrimSpace(rest)) > 0 {
			return len(text) - len(rest)
		}
	}
	return 0
}

func (p *parsing) id(n *yaml.Node, kind string) error {
	if !idForm.MatchString(n.Value) || p.ids[kind+n.Value] {
		return at(formula.Position{Line: max(n.Line, 1), Column: max(n.Column, 1)}, fmt.Sprintf("编号「%s」不是小写英文名，或已经用过。", n.Value), fmt.Sprintf("The id %q is no lower-case name, or is taken.", n.Value))
	}
	p.ids[kind+n.Value] = true
	return nil
}

func (p *parsing) score(row *documentRow) error {
	if row.Score == nil {
		return nil
	}
	if p.Higher = row.Score.HigherMeans; p.Higher != "better_off" && p.Higher != "poorer" {
		return at(positionOf(p.root, "score", "higher_means"), "score.higher_means 要写 better_off 或 poorer。", "score.higher_means is better_off or poorer.")
	}
	for _, r := range row.Score.Indicators {
		if err := p.id(&r.ID, "indicator "); err != nil {
			return err
		}
		indicator := Indicator{ID: r.ID.Value, Title: r.Title, Max: r.Max}
		sum := 0.0
		for i := range r.Parts {
			part, err := p.part(&r.Parts[i], r.ID.Value)
			if err != nil {
				return err
			}
			sum += part.Max
			indicator.Parts = append(indicator.Parts, part)
		}
		if sum != r.Max {
			return at(formula.PositionOf(&r.ID), fmt.Sprintf("指标「%s」的满分是 %g，各项满分之和是 %g。", r.ID.Value, r.Max, sum), fmt.Sprintf("The indicator %q has max %g, its parts add up to %g.", r.ID.Value, r.Max, sum))
		}
		p.Indicators = append(p.Indicators, indicator)
	}
	return nil
}

func (p *parsing) part(r *partRow, indicator string) (Part, error) {
	if err := p.id(&r.ID, "part "+indicator+"."); err != nil {
		return Part{}, err
	}
	if !(r.Max >= 0 && r.Max <= maxPoints) {
		return Part{}, at(formula.PositionOf(&r.ID), fmt.Sprintf("「%s」的 max 要写 0 到 %g 的数。", r.ID.Value, maxPoints), fmt.Sprintf("The max of %q is a number from 0 to %g.", r.ID.Value, maxPoints))
	}
	e, err := p.expression(&r.Points, formula.Options{Want: formula.TypeNum})
	if err != nil {
		return Part{}, err
	}
	if low, high, ok := bounds(e.Node); ok && (high > r.Max || low < 0) {
		return Part{}, at(e.At, fmt.Sprintf("这一项最多 %g 分，表达式可以给出 %g 到 %g 分。", r.Max, low, high), fmt.Sprintf("The part has at most %g points, the expression gives from %g to %g.", r.Max, low, high))
	}
	return Part{ID: r.ID.Value, Title: r.Title, Max: r.Max, Expression: e}, nil
}

// bounds are the least and greatest value that a tree of conditionals over constants can give; false where it computes. Sides that many
// conditionals share are looked at once.
func bounds(n *formula.Node) (low, high float64, ok bool) {
	low, high, ok = math.Inf(1), math.Inf(-1), true
	seen := map[int]bool{}
	var look func(*formula.Node)
	look = func(n *formula.Node) {
		switch {
		case seen[n.ID] || !ok:
		case n.Op == formula.OpConst:
			low, high = min(low, n.Num), max(high, n.Num)
		case n.Op == formula.OpIf:
			look(n.Args[1])
			look(n.Args[2])
		default:
			ok = false
		}
		seen[n.ID] = true
	}
	look(n)
	return low, high, ok
}

func (p *parsing) bars(row *documentRow) error {
	for i := range row.Bars {
		r := &row.Bars[i]
		if err := p.id(&r.ID, "bar "); err != nil {
			return err
		}
		if r.Kind != Veto && r.Kind != Review {
			return at(formula.PositionOf(&r.ID), fmt.Sprintf("「%s」的 kind 要写 veto 或 review。", r.ID.Value), fmt.Sprintf("The kind of %q is veto or review.", r.ID.Value))
		}
		e, err := p.expression(&r.When, formula.Options{Want: formula.TypeBool})
		if err != nil {
			return err
		}
		p.Bars = append(p.Bars, Bar{ID: r.ID.Value, Kind: r.Kind, Title: r.Title, Expression: e})
	}
	return nil
}

func (p *parsing) poor(row *documentRow) (err error) {
	if row.Poor.IsZero() {
		return at(formula.Position{Line: 1, Column: 1}, "缺少 poor，即什么算贫困的条件。", "There is no poor, the condition of counting as poor.")
	}
	if p.Poor, err = p.expression(&row.Poor, formula.Options{Want: formula.TypeBool, Score: len(p.Indicators) > 0}); err != nil {
		return err
	}
	return nil
}

// Years lists the years for which a yearly parameter has values.
func (p *Parameter) Years() []int { return slices.Sorted(maps.Keys(p.ByYear)) }
