package targeting

import (
	"fmt"
	"slices"
	"strings"

	"liandong/errs"
	"liandong/poverty"
)

// The pictures of a report.
const (
	PictureConcentration = "concentration" // the concentration curve of benefits
	PictureROC           = "roc"           // the ROC curve of a score
)

// Pictures lists the pictures of a report.
func Pictures() []string { return []string{PictureConcentration, PictureROC} }

// CheckPicture refuses, with errs.Usage, a kind that there is not, and a ROC curve of what has no score.
func CheckPicture(kind string, scored bool) error {
	switch {
	case !slices.Contains(Pictures(), kind):
		return errs.New(errs.Usage, "targeting.Picture", "没有「"+kind+"」这种图。有：concentration, roc。", "There is no picture \""+kind+"\". There are: concentration, roc.")
	case kind == PictureROC && !scored:
		return errs.New(errs.Usage, "targeting.Picture", "ROC 曲线需要得分，请用 --score 指定得分列。", "A ROC curve needs a score; name its column with --score.")
	}
	return nil
}

// Picture draws the report. Where the curve is not defined it is refused with the reason, never drawn empty.
func (r *Report) Picture(kind string, source errs.Text) (*poverty.Picture, error) {
	if kind == PictureROC {
		return r.drawROC(source)
	}
	if kind == PictureConcentration {
		return r.drawConcentration(source)
	}
	return nil, CheckPicture(kind, true)
}

// three writes a number with three decimals, and one below zero with a minus sign.
func three(v float64) string { return strings.Replace(fmt.Sprintf("%.3f", v), "-", "−", 1) }

// term finds a term; one that is not there is not defined.
func (r *Report) term(name string) poverty.Inference {
	at := slices.IndexFunc(r.Terms, func(t Term) bool { return t.Name == name })
	if at < 0 {
		return poverty.Undefined(errs.Text{})
	}
	return r.Terms[at].Inference
}

func noCurve(why errs.Text) error {
	return errs.New(errs.Invalid, "targeting.Picture", "画不出这张图："+why.ZH, "The picture cannot be drawn: "+why.EN)
}

func (r *Report) drawROC(source errs.Text) (*poverty.Picture, error) {
	area := r.term("auc")
	if r.Curve == nil {
		return nil, noCurve(area.Undefined)
	}
	return &poverty.Picture{
		Source: source,
		Title:  errs.Text{ZH: "得分的 ROC 曲线", EN: "ROC curve of the score"},
		Description: errs.Text{
			ZH: fmt.Sprintf("横轴为得分的各条界线误纳入的非贫困人口份额，纵轴为纳入的贫困人口份额。曲线下面积 %s；0.5 与抽签无异，1 为完全分开。", three(area.Value)),
			EN: fmt.Sprintf("Across, the share of those not poor that each cut of the score takes in; upwards, the share of the poor. Area under the curve %s: 0.5 is no better than a draw of lots, 1 tells all apart.", three(area.Value)),
		},
		X: poverty.Axis{Title: errs.Text{ZH: "误纳入的非贫困人口份额", EN: "Share of the not poor taken in"}, To: 1, Percent: true},
		Y: poverty.Axis{Title: errs.Text{ZH: "纳入的贫困人口份额", EN: "Share of the poor taken in"}, To: 1, Percent: true},
		Curves: []poverty.Curve{
			{Name: errs.Text{ZH: "得分（面积 " + three(area.Value) + "）", EN: "Score (area " + three(area.Value) + ")"}, Points: r.Curve},
			{Name: errs.Text{ZH: "抽签", EN: "Drawing lots"}, Points: []poverty.Point{{}, {X: 1, Y: 1}}, Dashed: true},
		},
	}, nil
}

func (r *Report) drawConcentration(source errs.Text) (*poverty.Picture, error) {
	index := r.term("concentration")
	if r.Concentration == nil {
		return nil, noCurve(index.Undefined)
	}
	return &poverty.Picture{
		Source: source,
		Title:  errs.Text{ZH: "补助集中曲线", EN: "Concentration curve of benefits"},
		Description: errs.Text{
			ZH: fmt.Sprintf("横轴为从最穷起累计的人口份额，纵轴为他们所得的补助份额；曲线在对角线之上表示偏向穷人。集中指数 %s。", three(index.Value)),
			EN: fmt.Sprintf("Across, the share of the population from the poorest on; upwards, the share of benefits it gets. Above the diagonal the poor get more than their share. Concentration index %s.", three(index.Value)),
		},
		X: poverty.Axis{Title: errs.Text{ZH: "从最穷起累计的人口份额", EN: "Share of population, poorest first"}, To: 1, Percent: true},
		Y: poverty.Axis{Title: errs.Text{ZH: "补助份额", EN: "Share of benefits"}, To: 1, Percent: true},
		Curves: []poverty.Curve{
			{Name: errs.Text{ZH: "补助（指数 " + three(index.Value) + "）", EN: "Benefits (index " + three(index.Value) + ")"}, Points: r.Concentration},
			{Name: errs.Text{ZH: "人人相同", EN: "The same for all"}, Points: []poverty.Point{{}, {X: 1, Y: 1}}, Dashed: true},
		},
	}, nil
}
