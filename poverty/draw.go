package poverty

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"liandong/errs"
)

// The pictures of a report.
const (
	PictureLorenz       = "lorenz"       // Lorenz curves of the whole and the groups
	PicturePen          = "pen"          // Pen's parade
	PictureIncidence    = "incidence"    // the headcount ratio for every line
	PictureContribution = "contribution" // what each group contributes to poverty, beside its share of the population
	PictureGrowth       = "growth"       // the growth-incidence curve, drawn by Growth.Picture
)

// Pictures lists the pictures of a report.
func Pictures() []string {
	return []string{PictureLorenz, PicturePen, PictureIncidence, PictureContribution}
}

// PictureMeasures are the measures that a report needs for a picture to be drawn from it, of which those that need a line are left out where there is none.
func PictureMeasures(kind string, line Line) ([]Measure, error) {
	names := map[string]string{PictureLorenz: "lorenz,gini", PicturePen: "pen,mean", PictureIncidence: "incidence,headcount", PictureContribution: "headcount"}[kind]
	switch {
	case names == "":
		return nil, noSuch("图", "picture", kind, append(Pictures(), PictureGrowth))
	case kind == PictureContribution && line.IsZero():
		return nil, errs.New(errs.Usage, "poverty.Picture", "贡献图需要贫困线，请给出贫困线。", "The contribution bars need a poverty line; give one.")
	case line.IsZero():
		names = strings.TrimSuffix(names, ",headcount") // of the incidence curve
	}
	return ParseMeasures(names)
}

// Picture draws the report. It must hold the measures that PictureMeasures names. Where more groups are there than can be told apart, the first are drawn
// and the description says so.
func (r *Report) Picture(kind string, source errs.Text) (*Picture, error) {
	p := &Picture{Source: source}
	var err error
	switch kind {
	case PictureLorenz:
		err = r.drawLorenz(p)
	case PicturePen:
		err = r.drawPen(p)
	case PictureIncidence:
		err = r.drawIncidence(p)
	case PictureContribution:
		err = r.drawContribution(p)
	default:
		err = noSuch("图", "picture", kind, append(Pictures(), PictureGrowth))
	}
	return p, err
}

// of finds a measure of a group.
func (r *Report) of(group, measure string) *Estimate {
	at := slices.IndexFunc(r.Results, func(e Estimate) bool { return e.Group == group && e.Measure.name == measure })
	if at < 0 {
		return nil
	}
	return &r.Results[at]
}

func groupName(group string) errs.Text {
	if group == "" {
		return errs.Text{ZH: "全体", EN: "All"}
	}
	return errs.Text{ZH: group, EN: group}
}

// curvesOf gathers the curves of a measure; value adds a number to each name. It refuses where the whole has none.
func (r *Report) curvesOf(measure string, value func(group string) errs.Text, room int) (curves []Curve, left int, err error) {
	for i := range r.Results {
		e := &r.Results[i]
		switch {
		case e.Measure.name != measure:
		case e.Group == "" && e.Curve == nil:
			why := e.Undefined
			return nil, 0, problem("poverty.Picture", "画不出这张图："+why.ZH, "The picture cannot be drawn: "+why.EN)
		case e.Curve == nil:
		case len(curves) == room:
			left++
		default:
			name, more := groupName(e.Group), value(e.Group)
			curves = append(curves, Curve{Name: errs.Text{ZH: name.ZH + more.ZH, EN: name.EN + more.EN}, Points: e.Curve})
		}
	}
	return curves, left, nil
}

func (p *Picture) note(left int) {
	if left > 0 {
		p.Description.ZH += fmt.Sprintf("另有 %d 组没有画出。", left)
		p.Description.EN += " Not drawn: " + errs.Count(left, "more group", "more groups") + "."
	}
}

// number3 writes a number of a description.
func number3(v float64) string {
	if math.IsNaN(v) {
		return "—"
	}
	return minus(fmt.Sprintf("%.3f", v))
}

func percent1(v float64) string {
	if math.IsNaN(v) {
		return "—"
	}
	return minus(fmt.Sprintf("%.1f%%", 100*v))
}

// valueOf is a measure's number for a group; NaN where there is none.
func (r *Report) valueOf(group, measure string) float64 {
	if e := r.of(group, measure); e != nil {
		return e.Value
	}
	return math.NaN()
}

func (r *Report) drawLorenz(p *Picture) error {
	gini := func(group string) string { return number3(r.valueOf(group, "gini")) }
	curves, left, err := r.curvesOf("lorenz", func(g string) errs.Text { return errs.Text{ZH: " 基尼 " + gini(g), EN: " Gini " + gini(g)} }, mostCurves-1)
	if err != nil {
		return err
	}
	half := lorenzHalf(curves[0].Points)
	p.Title = errs.Text{ZH: "洛伦兹曲线", EN: "Lorenz curve"}
	p.Description = errs.Text{
		ZH: fmt.Sprintf("横轴为从最穷起累计的人口份额，纵轴为他们所占的收入份额。最穷的一半人口占收入的 %s。基尼系数 %s。", percent1(half), gini("")),
		EN: fmt.Sprintf("Across, the share of the population from the poorest on; upwards, the share of income it holds. The poorest half hold %s of income. Gini coefficient %s.", percent1(half), gini("")),
	}
	p.note(left)
	p.X = Axis{Title: errs.Text{ZH: "人口份额", EN: "Share of population"}, To: 1, Percent: true}
	p.Y = Axis{Title: errs.Text{ZH: "收入份额", EN: "Share of income"}, To: 1, Percent: true}
	equal := Curve{Name: errs.Text{ZH: "完全平等", EN: "Perfect equality"}, Points: []Point{{0, 0}, {1, 1}}, Dashed: true}
	curves = append(curves, equal)
	p.Curves = curves
	return nil
}

func lorenzHalf(points []Point) float64 { return points[len(points)/2].Y }

func (r *Report) drawPen(p *Picture) error {
	curves, left, err := r.curvesOf("pen", func(string) errs.Text { return errs.Text{} }, mostCurves)
	if err != nil {
		return err
	}
	points := curves[0].Points
	average := r.valueOf("", "mean")
	p.Title = errs.Text{ZH: "收入游行图（潘氏游行）", EN: "Pen’s parade"}
	p.Description = errs.Text{
		ZH: fmt.Sprintf("人们按收入从低到高走过，高度即收入。中间的人约 %s，平均 %s。", grouped(math.Round(points[len(points)/2].Y)), grouped(math.Round(average))),
		EN: fmt.Sprintf("Everybody passes in the order of income, as tall as the income is. The one in the middle has about %s, the mean is %s.", grouped(math.Round(points[len(points)/2].Y)), grouped(math.Round(average))),
	}
	p.note(left)
	p.X = Axis{Title: errs.Text{ZH: "从最穷起累计的人口份额", EN: "Share of population, poorest first"}, To: 1, Percent: true}
	p.Y = Axis{Title: errs.Text{ZH: "收入", EN: "Income"}}
	p.Curves = curves
	if !math.IsNaN(r.Line) {
		p.Marks = []Mark{{Name: errs.Text{ZH: "贫困线 " + grouped(round2(r.Line)), EN: "Line " + grouped(round2(r.Line))}, Value: r.Line}}
	}
	return nil
}

func round2(v float64) float64 { return math.Round(v*100) / 100 }

func (r *Report) drawIncidence(p *Picture) error {
	curves, left, err := r.curvesOf("incidence", func(string) errs.Text { return errs.Text{} }, mostCurves)
	if err != nil {
		return err
	}
	p.Title = errs.Text{ZH: "贫困发生率曲线", EN: "Poverty incidence curve"}
	p.Description = errs.Text{ZH: "横轴为贫困线，纵轴为按该线计的贫困发生率。", EN: "Across, the poverty line; upwards, the headcount ratio by that line."}
	if !math.IsNaN(r.Line) {
		rate := percent1(r.valueOf("", "headcount"))
		p.Description.ZH += fmt.Sprintf("线为 %s 时发生率为 %s。", grouped(round2(r.Line)), rate)
		p.Description.EN += fmt.Sprintf(" At %s it is %s.", grouped(round2(r.Line)), rate)
		p.Marks = []Mark{{Name: errs.Text{ZH: "贫困线 " + grouped(round2(r.Line)), EN: "Line " + grouped(round2(r.Line))}, Value: r.Line, Vertical: true}}
	}
	p.note(left)
	p.X = Axis{Title: errs.Text{ZH: "贫困线", EN: "Poverty line"}}
	p.Y = Axis{Title: errs.Text{ZH: "贫困发生率", EN: "Headcount ratio"}, To: 1, Percent: true}
	p.Curves = curves
	return nil
}

// drawContribution shows each group's share of the population and of the poor, the groups in the order of the report.
func (r *Report) drawContribution(p *Picture) error {
	whole := r.of("", "headcount")
	switch {
	case whole == nil || !slices.ContainsFunc(r.Results, func(e Estimate) bool { return e.Group != "" }):
		return errs.New(errs.Usage, "poverty.Picture", "贡献图需要分组，请用 --by 指定分组列。", "The contribution bars need groups; name their column with --by.")
	case !(whole.Value > 0):
		return problem("poverty.Picture", "没有人在贫困线以下，没有贡献可画。", "Nobody is under the line, so there is nothing to contribute to.")
	}
	var zh, en []string
	for i := range r.Results {
		e := &r.Results[i]
		if e.Group == "" || e.Measure.name != "headcount" || math.IsNaN(e.Value) {
			continue
		}
		people := e.WeightSum / whole.WeightSum
		poor := people * e.Value / whole.Value
		p.Bars = append(p.Bars, Bar{Name: e.Group, Values: [2]float64{people, poor}})
		zh = append(zh, fmt.Sprintf("%s 占人口 %s、占贫困人口 %s", e.Group, percent1(people), percent1(poor)))
		en = append(en, fmt.Sprintf("%s has %s of the population and %s of the poor", e.Group, percent1(people), percent1(poor)))
	}
	p.Title = errs.Text{ZH: "各组对贫困的贡献", EN: "Contribution of groups to poverty"}
	p.Description = errs.Text{ZH: strings.Join(zh, "；") + "。", EN: strings.Join(en, "; ") + "."}
	p.note(len(p.Bars) - min(len(p.Bars), mostBars))
	p.X = Axis{Title: errs.Text{ZH: "份额", EN: "Share"}, Percent: true}
	p.Curves = []Curve{{Name: errs.Text{ZH: "占人口", EN: "Of the population"}}, {Name: errs.Text{ZH: "占贫困人口", EN: "Of the poor"}}}
	return nil
}

// Picture draws the growth-incidence curve with its interval, where it has one.
func (g *Growth) Picture(source errs.Text) *Picture {
	p := &Picture{
		Title: errs.Text{ZH: "增长发生曲线", EN: "Growth-incidence curve"}, Source: source,
		X: Axis{Title: errs.Text{ZH: "人口百分位，最穷在左", EN: "Percentile of the population, poorest first"}, To: 1, Percent: true},
		Y: Axis{Title: errs.Text{ZH: "收入增长率", EN: "Growth of income"}, Percent: true},
		Description: errs.Text{
			ZH: fmt.Sprintf("横轴为按收入排列的人口百分位，纵轴为该百分位收入的增长率。平均收入增长 %s，原贫困人口平均增长 %s。", percent1(g.Mean.Value), percent1(g.OfPoor.Value)),
			EN: fmt.Sprintf("Across, the percentiles of the population by income; upwards, how much the income of each grew. Mean income grew by %s, that of those who were poor by %s on average.", percent1(g.Mean.Value), percent1(g.OfPoor.Value)),
		},
	}
	line := func(name errs.Text, of func(*Inference) float64, dashed bool) {
		c := Curve{Name: name, Dashed: dashed}
		for i := range g.Curve {
			if v := of(&g.Curve[i].Inference); !math.IsNaN(v) {
				c.Points = append(c.Points, Point{g.Curve[i].Percentile, v})
			}
		}
		if len(c.Points) > 0 {
			p.Curves = append(p.Curves, c)
		}
	}
	line(errs.Text{ZH: "增长率", EN: "Growth"}, func(r *Inference) float64 { return r.Value }, false)
	line(errs.Text{ZH: "区间下限", EN: "Lower bound"}, func(r *Inference) float64 { return r.Low }, true)
	line(errs.Text{ZH: "区间上限", EN: "Upper bound"}, func(r *Inference) float64 { return r.High }, true)
	if !math.IsNaN(g.Mean.Value) {
		p.Marks = []Mark{{Name: errs.Text{ZH: "平均收入 " + percent1(g.Mean.Value), EN: "Mean income " + percent1(g.Mean.Value)}, Value: g.Mean.Value}}
	}
	return p
}
