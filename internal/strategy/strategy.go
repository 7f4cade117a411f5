// Package strategy is the tree of the plan: three strategies, their aims, and indicators with a baseline, milestones and a target of 2020, each
// with the office that answers for it. An indicator is bound to a figure of the book, or its values are entered by a person with a source;
// peer cities chosen for comparison are entered the same way. Where enough years are known, a line through them says what the target's year
// would bring if nothing changed, and how uncertain that is.
//
// The room knows the book of figures, and dossier, which keeps what is entered.
package strategy

import (
	"bytes"
	_ "embed"
	"math"
	"slices"

	"gopkg.in/yaml.v3"

	"liandong/day"
	"liandong/errs"
	"liandong/poverty"
)

// Tree is a document.
type Tree struct {
	ID         string     `yaml:"strategy" json:"id"`
	Version    string     `yaml:"version" json:"version"`
	Basis      errs.Text  `yaml:"basis" json:"basis"`
	Strategies []Strategy `yaml:"strategies" json:"strategies"`
}

// Strategy is one of the three.
type Strategy struct {
	ID    string    `yaml:"id" json:"id"`
	Title errs.Text `yaml:"title" json:"title"`
	Aims  []Aim     `yaml:"aims" json:"aims"`
}

// Aim is what a strategy is for.
type Aim struct {
	ID         string      `yaml:"id" json:"id"`
	Title      errs.Text   `yaml:"title" json:"title"`
	Indicators []Indicator `yaml:"indicators" json:"indicators"`
}

// Indicator measures an aim.
type Indicator struct {
	ID         string    `yaml:"id" json:"id"`
	Title      errs.Text `yaml:"title" json:"title"`
	Unit       errs.Text `yaml:"unit" json:"unit"`
	Decimals   int       `yaml:"decimals" json:"decimals"`
	Figure     string    `yaml:"figure" json:"figure,omitempty"` // of the book; without one the values are entered
	Better     string    `yaml:"better" json:"better"`           // up or down
	Office     string    `yaml:"office" json:"office"`
	Baseline   Point     `yaml:"baseline" json:"baseline"`
	Target     Point     `yaml:"target" json:"target"`
	Milestones []Point   `yaml:"milestones" json:"milestones"`
	Least      *float64  `yaml:"least" json:"least,omitempty"` // the smallest value it can take: a count is not negative
	Most       *float64  `yaml:"most" json:"most,omitempty"`   // the largest value it can take: a share of a whole ends at 100
}

// Point is a value of a day, with where it comes from.
type Point struct {
	On     day.Date `yaml:"on" json:"on"`
	Value  float64  `yaml:"value" json:"value"`
	Source string   `yaml:"source" json:"source"`
}

//go:embed strategy@2015.yaml
var shipped []byte

// Shipped is the tree that comes with the program.
func Shipped() (Tree, error) { return Parse(shipped) }

// Parse reads a tree.
func Parse(text []byte) (Tree, error) {
	var t Tree
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&t); err != nil {
		return t, errs.New(errs.Invalid, "strategy.Parse", "战略目标文件读不懂："+err.Error()+"。", "The tree of aims cannot be read: "+err.Error()+".").Because(err)
	}
	seen := map[string]bool{}
	for i := range t.all() {
		one := t.all()[i]
		switch {
		case one.ID == "" || seen[one.ID]:
			return t, errs.New(errs.Invalid, "strategy.Parse", "指标编号缺失或重复。", "An indicator's id is missing or stands twice.").At(one.ID)
		case one.Better != "up" && one.Better != "down":
			return t, errs.New(errs.Invalid, "strategy.Parse", "指标须写明越高越好（up）还是越低越好（down）。", "An indicator is better up or down.").At(one.ID)
		case one.Target.On.IsZero() || one.Baseline.On.IsZero() || !one.Baseline.On.Before(one.Target.On) || one.Office == "":
			return t, errs.New(errs.Invalid, "strategy.Parse", "指标须有基期、更晚的目标日期和责任单位。", "An indicator has a baseline, a later target and an office.").At(one.ID)
		}
		for _, p := range append([]Point{one.Baseline, one.Target}, one.Milestones...) {
			if !one.allows(p.Value) {
				return t, errs.New(errs.Invalid, "strategy.Parse", "基期、里程碑和目标须在指标可取的范围内。", "Baseline, milestones and target lie within what the indicator allows.").At(one.ID)
			}
		}
		seen[one.ID] = true
	}
	return t, nil
}

// allows says whether the indicator can take a value.
func (n *Indicator) allows(v float64) bool { return n.bounded(v) == v }

// bounded is the value nearest to v that the indicator can take.
func (n *Indicator) bounded(v float64) float64 {
	if n.Least != nil {
		v = max(v, *n.Least)
	}
	if n.Most != nil {
		v = min(v, *n.Most)
	}
	return v
}

// all are the indicators of the tree in their order.
func (t *Tree) all() (list []*Indicator) {
	for i := range t.Strategies {
		for k := range t.Strategies[i].Aims {
			aim := &t.Strategies[i].Aims[k]
			for n := range aim.Indicators {
				list = append(list, &aim.Indicators[n])
			}
		}
	}
	return list
}

// Outlook is what a forecast says of a target.
type Outlook string

// The outlooks.
const (
	Likely   Outlook = "likely"   // the whole interval meets the target
	Unlikely Outlook = "unlikely" // none of it does
	Open     Outlook = "open"     // the interval holds the target
)

// Forecast is where a straight line through the known years stands on the target's day, with a prediction interval.
type Forecast struct {
	On      day.Date  `json:"on"`
	Value   float64   `json:"value"`
	Low     float64   `json:"low"`
	High    float64   `json:"high"`
	Level   float64   `json:"level"` // of the interval, 0.95
	Points  int       `json:"points"`
	Outlook Outlook   `json:"outlook"`
	Method  errs.Text `json:"method"`
}

// fewest points: with two the line goes through both and says nothing of its error.
const (
	fewest = 3
	level  = 0.95
)

func years(d day.Date) float64 { return float64(d.UnixDays()) / 365.25 }

// forecast fits a line by least squares and gives the interval in which a single later value lies with the level, if the line goes on and errors are
// normal, independent and of one size: ŷ ± t(n−2)·s·√(1 + 1/n + (x₀−x̄)²/Sxx) (Draper and Smith, Applied Regression Analysis, 3rd ed., 3.2). nil
// where there are fewer than three points. A line knows no bounds; what it gives is cut at what the indicator can be.
func (n *Indicator) forecast(points []Point) *Forecast {
	if len(points) < fewest {
		return nil
	}
	count := float64(len(points))
	var meanX, meanY, sxx, sxy, sse float64
	for _, p := range points {
		meanX, meanY = meanX+years(p.On)/count, meanY+p.Value/count
	}
	for _, p := range points {
		sxx += (years(p.On) - meanX) * (years(p.On) - meanX)
		sxy += (years(p.On) - meanX) * (p.Value - meanY)
	}
	if sxx == 0 {
		return nil
	}
	slope := sxy / sxx
	for _, p := range points {
		e := p.Value - meanY - slope*(years(p.On)-meanX)
		sse += e * e
	}
	ahead := years(n.Target.On) - meanX
	value := meanY + slope*ahead
	half := poverty.StudentQuantile((1+level)/2, count-2) * math.Sqrt(sse/(count-2)) * math.Sqrt(1+1/count+ahead*ahead/sxx)
	f := &Forecast{
		On: n.Target.On, Value: n.bounded(value), Low: n.bounded(value - half), High: n.bounded(value + half), Level: level, Points: len(points),
		Method: errs.Text{
			ZH: "对已有各年的数用最小二乘法拟合直线，外推到目标日期；区间为 95% 预测区间（t 分布，自由度为点数减 2）。假定趋势不变，不是承诺。",
			EN: "A straight line by least squares through the years that are known, drawn on to the target's day, with a 95 % prediction interval (t distribution, points less two). It supposes that nothing changes and promises nothing.",
		},
	}
	if !n.allows(value-half) || !n.allows(value+half) {
		f.Method.ZH += "直线或区间超出指标可取范围的部分已截去。"
		f.Method.EN += " What of the line or its interval lies beyond the values that the indicator can take is cut off."
	}
	worst, best := f.Low, f.High
	if n.Better == "down" {
		worst, best = f.High, f.Low
	}
	switch {
	case n.meets(worst):
		f.Outlook = Likely
	case !n.meets(best):
		f.Outlook = Unlikely
	default:
		f.Outlook = Open
	}
	return f
}

// meets says whether a value is as good as the target or better.
func (n *Indicator) meets(v float64) bool {
	if n.Better == "down" {
		return v <= n.Target.Value
	}
	return v >= n.Target.Value
}

// due is the last milestone, or the target, that was due by the day; false before the first.
func (n *Indicator) due(on day.Date) (Point, bool) {
	all := append(slices.Clone(n.Milestones), n.Target)
	var last Point
	found := false
	for _, p := range all {
		if !p.On.After(on) && (!found || p.On.After(last.On)) {
			last, found = p, true
		}
	}
	return last, found
}
