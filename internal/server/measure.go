package server

import (
	"context"
	"net/http"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/profile"
	"liandong/poverty"
)

type measureInput struct {
	Division string `query:"division" doc:"stable id or code; the asker's own by default"`
	By       string `query:"by" doc:"division, cause, attribute, status, size, labour, age, sex or education; the whole alone by default"`
	Measures string `query:"measures" doc:"headcount,gap,severity,gini,median,mean by default; lorenz, pen and incidence are curves"`
	Line     string `query:"line" doc:"an amount, or 60%median; the line of the year by default"`
	Of       string `query:"of" doc:"all households on record, or poor: those registered poor on the day" default:"all"`
	MomentInput
}

type measureGroup struct {
	Group      string    `json:"group" doc:"as in results: a code of the form, an age band, a division's stable id"`
	Title      errs.Text `json:"title"`
	Division   *ref      `json:"division,omitempty"`
	Persons    *int64    `json:"persons" doc:"null where the group is held back"`
	Households *int64    `json:"households"`
	Held       bool      `json:"held" doc:"too few to be published, or the number of such a group would follow from it"`
}

type measureResult struct {
	Group       string            `json:"group" doc:"empty for the whole"`
	Measure     string            `json:"measure"`
	Title       errs.Text         `json:"title"`
	Value       *float64          `json:"value" doc:"shares as fractions; null where it is not defined or not published"`
	SE          *float64          `json:"se"`
	Low         *float64          `json:"low"`
	High        *float64          `json:"high"`
	Curve       [][]float64       `json:"curve,omitempty" doc:"points x, y of a measure that is a curve"`
	Undefined   *errs.Text        `json:"undefined,omitempty"`
	NoError     *errs.Text        `json:"no_error,omitempty"`
	Notes       []errs.Text       `json:"notes,omitempty"`
	Conventions map[string]string `json:"conventions"`
}

type measureOutput struct {
	Body struct {
		Division    ref                 `json:"division"`
		AsOf        day.Date            `json:"as_of"`
		N           int                 `json:"n" doc:"records that were measured: households, or persons where members fall into different groups"`
		WeightSum   float64             `json:"weight_sum" doc:"persons"`
		Households  int64               `json:"households" doc:"of known income"`
		Unknown     int64               `json:"unknown" doc:"households of incomplete income, left out"`
		Line        *float64            `json:"line"`
		LineSource  errs.Text           `json:"line_source"`
		Sentence    errs.Text           `json:"sentence"`
		Suppression profile.Suppression `json:"suppression" doc:"what is too few to be published"`
		By          string              `json:"by,omitempty"`
		Groups      []measureGroup      `json:"groups"`
		Results     []measureResult     `json:"results"`
	}
}

func (s *Server) registerMeasures() {
	add(s, op{id: "measure", method: http.MethodGet, path: "/measure", summary: "Poverty and inequality of a division by income per head", tag: tagFigures, action: access.ReadFigures}, s.measure)
	add(s, op{id: "measure-transition", method: http.MethodGet, path: "/measure/transition", summary: "Who left poverty and who fell back in a division between two days", tag: tagFigures, action: access.ReadFigures}, s.transition)
}

func (s *Server) measure(ctx context.Context, c *call, in *measureInput) (*measureOutput, error) {
	moment, err := in.moment(c)
	if err != nil {
		return nil, err
	}
	division, err := s.division(c, in.Division, moment.AsOf)
	if err != nil {
		return nil, err
	}
	if in.Of != "all" && in.Of != "poor" {
		return nil, errs.New(errs.Invalid, "server.measure", "of 只能是 all 或 poor。", "of is all or poor.").At("of")
	}
	p, err := s.Profile.Measure(ctx, c.scope, profile.Request{Division: division, At: moment, By: in.By, Measures: in.Measures, Line: in.Line, Poor: in.Of == "poor"})
	if err != nil {
		return nil, err
	}
	out := &measureOutput{}
	b := &out.Body
	b.Division, b.AsOf, b.N, b.WeightSum, b.Households, b.Unknown = s.ref(division, p.AsOf), p.AsOf, p.Report.N, p.Report.WeightSum, p.Households, p.Unknown
	b.Line, b.LineSource, b.Sentence, b.Suppression, b.By = finite(&p.Report.Line), p.LineSource, p.Sentence, p.Suppression, in.By
	b.Groups, b.Results = make([]measureGroup, 0, len(p.Groups)), make([]measureResult, 0, len(p.Report.Results))
	for i := range p.Groups {
		b.Groups = append(b.Groups, s.measureGroup(&p.Groups[i], p.AsOf))
	}
	for i := range p.Report.Results {
		b.Results = append(b.Results, measureResultOf(&p.Report.Results[i]))
	}
	return out, nil
}

func (s *Server) measureGroup(g *profile.Group, on day.Date) measureGroup {
	v := measureGroup{Group: g.Key, Title: g.Title, Held: g.Held}
	if g.Division != 0 {
		of := s.ref(g.Division, on)
		v.Division = &of
	}
	if !g.Held {
		v.Persons, v.Households = &g.Persons, &g.Households
	}
	return v
}

func measureResultOf(e *poverty.Estimate) measureResult {
	v := measureResult{
		Group: e.Group, Measure: e.Measure.String(), Title: e.Measure.Title(), Value: finite(&e.Value), SE: finite(&e.SE), Low: finite(&e.Low), High: finite(&e.High),
		Undefined: said(e.Undefined), NoError: said(e.NoError), Notes: e.Notes, Conventions: e.Conventions,
	}
	for _, q := range e.Curve {
		v.Curve = append(v.Curve, []float64{q.X, q.Y})
	}
	return v
}

// said is a text, or nothing where it has no word.
func said(t errs.Text) *errs.Text {
	if t.IsZero() {
		return nil
	}
	return &t
}
