package proxy

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"liandong/errs"
)

// Heading is what a criteria document says beside its points.
type Heading struct {
	Criteria string // its name, "pmt-baoding"
	Version  string // "2015.1"
	Title    errs.Text
	Form     string // "household@2015"
	Basis    string // what it rests on: the survey, by whom
	From     string // the first day on which decisions may rest on it, 2015-01-01
	Unit     string // of the line, "yuan/person/year"
	Line     float64
	Source   string // of the line
}

// Document writes the test as a criteria document. The score is the prediction less Base, so that every part gives zero points or more: one part for each
// variable, numbers held to the range of the survey, categories by their code, any other code as the reference. A record is poor when base plus score, the
// predicted welfare or its logarithm, is under the line. A missing answer leaves its part unknown, from nothing to its most, as in every document.
func (m *Model) Document(h Heading) ([]byte, error) {
	const op = "proxy.Document"
	if len(m.Terms) == 0 {
		return nil, errs.New(errs.Invalid, op, "没有变量有作用，写不成规则。", "No variable adds anything, so there is no test to write.")
	}
	if !(h.Line > 0) || math.IsInf(h.Line, 0) {
		return nil, errs.New(errs.Usage, op, "请给出大于零的贫困线。", "Give a line above zero.")
	}
	line, unit := h.Line, h.Unit
	if m.Scale == ScaleLog {
		line, unit = math.Log(h.Line), "ln("+h.Unit+")"
	}
	d := documentRow{
		Criteria: h.Criteria, Version: h.Version, Title: h.Title, Form: h.Form,
		Basis: basisRow{Text: h.Basis, Status: "local-default"}, Effective: effectiveRow{From: day(h.From)},
		Parameters: parametersRow{
			Base: parameterRow{Title: errs.Text{ZH: "零分对应的预测值", EN: "Prediction at no points"}, Value: number(m.Base()), Unit: unit, Source: h.Basis},
			Cut:  parameterRow{Title: errs.Text{ZH: "贫困线（预测值尺度）", EN: "Line, on the scale of the prediction"}, Value: number(line), Unit: unit, Source: h.Source},
		},
		Score: scoreRow{HigherMeans: "better_off"},
		Poor:  "score < cut - base",
	}
	for k := range m.Terms {
		t := &m.Terms[k]
		points := t.categoryPoints
		if len(t.Levels) == 0 {
			points = t.numberPoints
			d.Derive = append(d.Derive, derivedRow{derivedName(t.Variable.Name), t.Variable.Expression})
		}
		most := number(t.Most())
		d.Score.Indicators = append(d.Score.Indicators, indicatorRow{
			ID: t.Variable.Name, Title: t.title(), Max: most, Parts: []partRow{{ID: t.Variable.Name, Title: t.title(), Max: most, Points: points()}},
		})
	}
	var out strings.Builder
	fmt.Fprintf(&out, "# A proxy-means test fitted by %s to %s; R2 %.3f, root mean squared error %.3f within the sample.\n", m.methodWords(), errs.Count(m.Survey, "record", "records"), m.R2, m.RMSE)
	out.WriteString("# Written by the fit: change the survey or its variables and fit again rather than points by hand.\n")
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(&d); err != nil {
		return nil, errs.Wrap(op, err)
	}
	return []byte(out.String()), errs.Wrap(op, encoder.Close())
}

func (m *Model) methodWords() string {
	switch m.Method {
	case Quantile:
		return fmt.Sprintf("regression of the quantile %g of %s welfare", m.Quantile, m.Scale)
	case Lasso:
		return fmt.Sprintf("the lasso (penalty %.4g) on %s welfare", m.Lambda, m.Scale)
	}
	return "weighted least squares on " + m.Scale + " welfare"
}

// derivedName keeps a variable apart from fields of the form.
func derivedName(variable string) string { return "x_" + variable }

func (t *Term) title() errs.Text {
	if !t.Variable.Title.IsZero() {
		return t.Variable.Title
	}
	return errs.Text{ZH: t.Variable.Name, EN: t.Variable.Name}
}

// literal writes a number as the formulas read it, to the last bit.
func literal(x float64) string {
	text := strconv.FormatFloat(x, 'f', -1, 64)
	if !strings.ContainsRune(text, '.') {
		text += ".0"
	}
	return text
}

// numberPoints counts up from the low end of the range, or down to the high end.
func (t *Term) numberPoints() string {
	x, slope := derivedName(t.Variable.Name), math.Abs(t.Coefficient)
	low, high, most := literal(t.Low), literal(t.High), literal(t.Most())
	if t.Coefficient < 0 {
		return fmt.Sprintf("%s <= %s ? %s : %s >= %s ? 0.0 : %s * (%s - %s)", x, low, most, x, high, literal(slope), high, x)
	}
	if t.Low < 0 {
		low = "(" + low + ")"
	}
	return fmt.Sprintf("%s <= %s ? 0.0 : %s >= %s ? %s : %s * (%s - %s)", x, literal(t.Low), x, high, most, literal(slope), x, low)
}

// categoryPoints asks for each category in turn; the reference is the rest.
func (t *Term) categoryPoints() string {
	var out strings.Builder
	for _, l := range t.Levels[1:] {
		fmt.Fprintf(&out, "%s == %s ? %s : ", t.Variable.Expression, quoted(l.Code), literal(l.Coefficient-t.least()))
	}
	return out.String() + literal(t.Levels[0].Coefficient-t.least())
}

func quoted(code string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(code) + "'"
}

// The shape of the document, in its order.
type documentRow struct {
	Criteria   string        `yaml:"criteria"`
	Version    string        `yaml:"version"`
	Title      errs.Text     `yaml:"title,flow"`
	Form       string        `yaml:"form"`
	Basis      basisRow      `yaml:"basis,flow"`
	Effective  effectiveRow  `yaml:"effective,flow"`
	Parameters parametersRow `yaml:"parameters"`
	Derive     derivedRows   `yaml:"derive,omitempty"`
	Score      scoreRow      `yaml:"score"`
	Poor       string        `yaml:"poor"`
}

type basisRow struct {
	Text   string `yaml:"text"`
	Status string `yaml:"status"`
}

type effectiveRow struct {
	From day `yaml:"from"`
}

// day and number are written as they are.
type (
	day    string
	number float64
)

// MarshalYAML writes a day without quotes.
func (d day) MarshalYAML() (any, error) {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!timestamp", Value: string(d)}, nil
}

// MarshalYAML writes a number to its last bit.
func (n number) MarshalYAML() (any, error) {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!float", Value: literal(float64(n))}, nil
}

type parametersRow struct {
	Base parameterRow `yaml:"base"`
	Cut  parameterRow `yaml:"cut"`
}

type parameterRow struct {
	Title  errs.Text `yaml:"title,flow"`
	Value  number    `yaml:"value"`
	Unit   string    `yaml:"unit"`
	Source string    `yaml:"source"`
}

type derivedRow struct{ name, expression string }

// derivedRows is a mapping that keeps its order.
type derivedRows []derivedRow

// MarshalYAML writes the mapping.
func (rows derivedRows) MarshalYAML() (any, error) {
	n := &yaml.Node{Kind: yaml.MappingNode}
	for _, r := range rows {
		n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: r.name}, &yaml.Node{Kind: yaml.ScalarNode, Value: r.expression})
	}
	return n, nil
}

type scoreRow struct {
	HigherMeans string         `yaml:"higher_means"`
	Indicators  []indicatorRow `yaml:"indicators"`
}

type indicatorRow struct {
	ID    string    `yaml:"id"`
	Title errs.Text `yaml:"title,flow"`
	Max   number    `yaml:"max"`
	Parts []partRow `yaml:"parts"`
}

type partRow struct {
	ID     string    `yaml:"id"`
	Title  errs.Text `yaml:"title,flow"`
	Max    number    `yaml:"max"`
	Points string    `yaml:"points"`
}
