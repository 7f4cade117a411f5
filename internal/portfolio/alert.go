package portfolio

import (
	"bytes"
	_ "embed"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"liandong/day"
	"liandong/errs"
	"liandong/formula"
)

//go:embed alerts@2015.yaml
var alerts2015 []byte

// Light is a colour of the alerts, from what asks least of a reader to what asks most.
type Light uint8

// The colours.
const (
	Off    Light = iota // does not apply
	Grey                // cannot be known
	Green               // as planned
	Yellow              // behind, or behind once and caught up
	Red                 // far behind
)

var lightWords = [...]Choice{
	{"off", errs.Text{ZH: "不适用", EN: "Does not apply"}},
	{"grey", errs.Text{ZH: "资料不足", EN: "Cannot be known"}},
	{"green", errs.Text{ZH: "绿灯", EN: "Green"}},
	{"yellow", errs.Text{ZH: "黄灯", EN: "Yellow"}},
	{"red", errs.Text{ZH: "红灯", EN: "Red"}},
}

// Lights lists the colours with their words.
func Lights() Choices { return slices.Clone(lightWords[:]) }

// String is the colour's code.
func (l Light) String() string { return lightWords[l].Code }

// MarshalText writes the colour's code.
func (l Light) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// Title is the colour in words.
func (l Light) Title() errs.Text { return lightWords[l].Title }

// ParseLight reads a colour's code.
func ParseLight(code string) (Light, error) {
	i := slices.IndexFunc(lightWords[:], func(c Choice) bool { return c.Code == code })
	if i < 0 {
		_, err := Lights().Parse(code, "light")
		return Off, err
	}
	return Light(i), nil
}

// lightCount is how many lights a project has; the state table has a column for each.
const lightCount = 4

// LightRule is one light of the document.
type LightRule struct {
	ID    string    `json:"id"`
	Title errs.Text `json:"title"`
	Text  errs.Text `json:"text"`

	applies, red, yellow *formula.Node
}

// Parameter is a threshold of the document.
type Parameter struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
}

// Alerts is a versioned document of alert rules, ready to evaluate. It is immutable and safe for concurrent use.
type Alerts struct {
	ID         string      `json:"id"` // project-lights@2015.1
	Basis      Basis       `json:"basis"`
	Parameters []Parameter `json:"parameters"`
	Rules      []LightRule `json:"lights"`

	off     *formula.Node
	builder *formula.Builder
}

type lightRow struct {
	ID      string    `yaml:"id"`
	Title   errs.Text `yaml:"title"`
	Text    errs.Text `yaml:"text"`
	Applies yaml.Node `yaml:"applies"`
	Red     yaml.Node `yaml:"red"`
	Yellow  yaml.Node `yaml:"yellow"`
}

type alertsDocument struct {
	Alerts     string     `yaml:"alerts"`
	Version    string     `yaml:"version"`
	Basis      Basis      `yaml:"basis"`
	Parameters yaml.Node  `yaml:"parameters"`
	Lights     []lightRow `yaml:"lights"`
	Off        yaml.Node  `yaml:"off"`
}

// ShippedAlerts is the document that comes with the program.
func ShippedAlerts() (*Alerts, error) { return ParseAlerts(alerts2015) }

// ParseAlerts reads an alert document. Its refusals name line and column.
func ParseAlerts(text []byte) (*Alerts, error) {
	var doc alertsDocument
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&doc); err != nil {
		return nil, badRules("预警规则文件读不懂："+err.Error(), "The alert rules cannot be read: "+err.Error())
	}
	a := &Alerts{ID: doc.Alerts + "@" + doc.Version, Basis: doc.Basis}
	if err := a.readParameters(&doc.Parameters); err != nil {
		return nil, err
	}
	names := make([]formula.Parameter, len(a.Parameters))
	for i, p := range a.Parameters {
		names[i] = formula.Parameter{Name: p.Name}
	}
	if len(doc.Lights) != lightCount {
		return nil, badRules("预警规则须有开工、进度、资金、入统四个灯。", "The alert rules need four lights: start, progress, money, statistics.")
	}
	a.builder = formula.NewBuilder(situationSchema(), names)
	var err error
	if a.off, err = a.build(&doc.Off); err != nil {
		return nil, err
	}
	for i := range doc.Lights {
		row := &doc.Lights[i]
		rule := LightRule{ID: row.ID, Title: row.Title, Text: row.Text}
		for node, source := range map[**formula.Node]*yaml.Node{&rule.applies: &row.Applies, &rule.red: &row.Red, &rule.yellow: &row.Yellow} {
			if *node, err = a.build(source); err != nil {
				return nil, err
			}
		}
		a.Rules = append(a.Rules, rule)
	}
	return a, nil
}

func (a *Alerts) build(source *yaml.Node) (*formula.Node, error) {
	return a.builder.Build(source.Value, formula.Options{At: formula.PositionOf(source), Want: formula.TypeBool})
}

// readParameters keeps the thresholds in the order of the document.
func (a *Alerts) readParameters(node *yaml.Node) error {
	for i := 0; i+1 < len(node.Content); i += 2 {
		var p struct {
			Value float64
			Unit  string
		}
		if err := node.Content[i+1].Decode(&p); err != nil {
			return badRules("预警参数「"+node.Content[i].Value+"」读不懂。", "The parameter \""+node.Content[i].Value+"\" cannot be read.")
		}
		a.Parameters = append(a.Parameters, Parameter{node.Content[i].Value, p.Value, p.Unit})
	}
	return nil
}

// situation is what the rules look at: a project on a day. A missing number is unknown.
type situation struct {
	stage                   Stage
	inStatistics            bool
	monthsAfterPlannedStart *float64
	monthsAfterStart        *float64
	physical, planned       *float64
	arrived, arrivedDue     *float64 // percent of the money
	ownerConfidence         *float64
	inspectorConfidence     *float64
}

// The fields of the schema, in its order.
const (
	fieldStage = iota
	fieldInStatistics
	fieldNumbers // and on: the numbers in the order of situation.numbers
)

// tenths is how finely percentages are given to the rules: hundredths of a point.
const percentScale, percentUnits = 2, 100

func situationSchema() *formula.Schema {
	stages := make([]formula.Entry, 0, len(Stages()))
	for i, c := range Stages() {
		stages = append(stages, formula.Entry{Number: i + 1, Code: c.Code, Title: c.Title})
	}
	s := &formula.Schema{Name: "project-month@2015", Fields: []formula.Field{
		{Path: "stage", Title: errs.Text{ZH: "阶段", EN: "Stage"}, Type: formula.Code, Codes: stages},
		{Path: "in_statistics", Title: errs.Text{ZH: "已入统", EN: "Entered into the statistics"}, Type: formula.Bool},
	}}
	for _, f := range []struct{ path, zh, en, unit string }{
		{"months_after_planned_start", "计划开工月份结束后的月数", "Months after the planned month of start", "months"},
		{"months_after_start", "开工后的月数", "Months after the start", "months"},
		{"physical", "形象进度", "Physical progress", "points"},
		{"planned", "计划进度", "Planned progress", "points"},
		{"arrived", "资金到位率", "Money arrived", "points"},
		{"arrived_due", "应到位率", "Money due", "points"},
		{"owner_confidence", "建设单位的把握", "Owner's confidence", "points"},
		{"inspector_confidence", "督查单位的把握", "Inspector's confidence", "points"},
	} {
		s.Fields = append(s.Fields, formula.Field{Path: f.path, Title: errs.Text{ZH: f.zh, EN: f.en}, Type: formula.Number, Scale: percentScale, Unit: f.unit})
	}
	return s
}

func (s *situation) numbers() [8]*float64 {
	return [8]*float64{s.monthsAfterPlannedStart, s.monthsAfterStart, s.physical, s.planned, s.arrived, s.arrivedDue, s.ownerConfidence, s.inspectorConfidence}
}

// Value implements formula.Row.
func (s *situation) Value(field int) (int64, bool) {
	switch field {
	case fieldStage:
		i := slices.IndexFunc(Stages(), func(c Choice) bool { return c.Code == string(s.stage) })
		return int64(i + 1), i >= 0
	case fieldInStatistics:
		return int64(boolNumber(s.inStatistics)), true
	}
	v := s.numbers()[field-fieldNumbers]
	if v == nil {
		return 0, false
	}
	return int64(roundHalfAway(*v * percentUnits)), true
}

// Text implements formula.Row; the schema has no texts.
func (s *situation) Text(int) (string, bool) { return "", false }

// List implements formula.Row; the schema has no lists.
func (s *situation) List(int) (formula.Rows, bool) { return nil, false }

func boolNumber(b bool) int {
	if b {
		return 1
	}
	return 0
}

// watch evaluates the lights of one project from day to day and remembers which were red. It is used by one goroutine.
type watch struct {
	alerts     *Alerts
	evaluation *formula.Evaluation
	inputs     formula.Inputs
	wasRed     [lightCount]bool
}

func (a *Alerts) watch() *watch {
	w := &watch{alerts: a, evaluation: formula.NewEvaluation(a.builder)}
	for _, p := range a.Parameters {
		w.inputs.Parameters = append(w.inputs.Parameters, formula.Value{Num: p.Value, Known: true})
	}
	return w
}

// forget begins with another project.
func (w *watch) forget() { w.wasRed = [lightCount]bool{} }

// look gives the lights on a day; days must be asked in order.
func (w *watch) look(s *situation, on day.Date) (lights [lightCount]Light, slipped [lightCount]bool) {
	w.inputs.AsOf = on
	w.evaluation.Begin(s, nil, &w.inputs)
	if off, known := w.evaluation.Truth(w.alerts.off); off && known {
		return lights, slipped
	}
	for i := range w.alerts.Rules {
		l := w.light(&w.alerts.Rules[i])
		if l == Red {
			w.wasRed[i] = true
		} else if w.wasRed[i] {
			slipped[i], l = l != Yellow, Yellow
		}
		lights[i] = l
	}
	return lights, slipped
}

func (w *watch) light(rule *LightRule) Light {
	if applies, known := w.evaluation.Truth(rule.applies); !known {
		return Grey
	} else if !applies {
		return Off
	}
	red, redKnown := w.evaluation.Truth(rule.red)
	yellow, yellowKnown := w.evaluation.Truth(rule.yellow)
	switch {
	case red && redKnown:
		return Red
	case yellow && yellowKnown:
		return Yellow
	case !redKnown || !yellowKnown:
		return Grey
	}
	return Green
}

// worst is the light of the whole project: red over yellow over green; grey only where nothing else is lit.
func worst(lights [lightCount]Light) Light {
	return slices.Max(lights[:])
}

// LightOf is the light of a rule's id among a project's lights.
func (a *Alerts) LightOf(lights [lightCount]Light, id string) Light {
	for i := range a.Rules {
		if a.Rules[i].ID == id {
			return lights[i]
		}
	}
	return Off
}

// describe says in one line which lights are lit, for proof rows.
func (a *Alerts) describe(lights [lightCount]Light, of Light) string {
	var words []string
	for i := range a.Rules {
		if lights[i] == of {
			words = append(words, a.Rules[i].Title.ZH)
		}
	}
	return strings.Join(words, "、")
}
