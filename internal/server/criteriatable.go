package server

import (
	"context"

	"liandong/criteria"
	"liandong/day"
	"liandong/errs"
)

type tableParameter struct {
	Name   string    `json:"name"`
	Title  errs.Text `json:"title"`
	Unit   string    `json:"unit"`
	Value  *float64  `json:"value" doc:"on the day that was asked for"`
	Source string    `json:"source,omitempty"`
	Low    *float64  `json:"low,omitempty" doc:"a what-if moves it from here"`
	High   *float64  `json:"high,omitempty" doc:"to here; one without a range stays as it is"`
}

type tablePart struct {
	ID         string    `json:"id" doc:"house.structure, as a what-if names it"`
	Title      errs.Text `json:"title"`
	Max        float64   `json:"max"`
	Expression string    `json:"expression"`
}

type tableIndicator struct {
	ID    string      `json:"id"`
	Title errs.Text   `json:"title"`
	Max   float64     `json:"max"`
	Parts []tablePart `json:"parts"`
}

type tableBar struct {
	ID         string           `json:"id"`
	Kind       criteria.BarKind `json:"kind"`
	Title      errs.Text        `json:"title"`
	Expression string           `json:"expression"`
}

type tableOutput struct {
	Body struct {
		ID         string           `json:"id"`
		Title      errs.Text        `json:"title"`
		Basis      criteria.Basis   `json:"basis"`
		From       *day.Date        `json:"from,omitempty"`
		Until      *day.Date        `json:"until,omitempty"`
		InForce    bool             `json:"in_force" doc:"on the day that was asked for"`
		Max        float64          `json:"max"`
		Higher     string           `json:"higher_means,omitempty"`
		Parameters []tableParameter `json:"parameters"`
		Indicators []tableIndicator `json:"indicators"`
		Bars       []tableBar       `json:"bars"`
		Poor       string           `json:"poor"`
	}
}

// documentTable is a document as the lab shows it.
func (s *Server) documentTable(ctx context.Context, c *call, in *documentInput) (*tableOutput, error) {
	m := MomentInput{AsOf: in.AsOf}
	moment, err := m.moment(c)
	if err != nil {
		return nil, err
	}
	d, err := s.Identify.Document(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &tableOutput{}
	b := &out.Body
	b.ID, b.Title, b.Basis, b.From, b.Until, b.InForce = d.ID(), d.Title, d.Basis, dayOrNil(d.Effective.From), dayOrNil(d.Effective.Until), d.Effective.InForce(moment.AsOf)
	b.Max, b.Higher, b.Poor = d.Max(), d.Higher, d.Poor.Text
	b.Parameters, b.Indicators, b.Bars = make([]tableParameter, len(d.Parameters)), make([]tableIndicator, len(d.Indicators)), make([]tableBar, len(d.Bars))
	for i := range d.Parameters {
		p := &d.Parameters[i]
		b.Parameters[i] = tableParameter{Name: p.Name, Title: p.Title, Unit: p.Unit, Source: p.Source, Low: p.Low, High: p.High}
		if value := p.On(moment.AsOf); value.Known {
			b.Parameters[i].Value = &value.Num
		}
	}
	for i := range d.Indicators {
		b.Indicators[i] = tableIndicatorOf(&d.Indicators[i])
	}
	for i := range d.Bars {
		bar := &d.Bars[i]
		b.Bars[i] = tableBar{bar.ID, bar.Kind, bar.Title, bar.Text}
	}
	return out, nil
}

func tableIndicatorOf(g *criteria.Indicator) tableIndicator {
	v := tableIndicator{ID: g.ID, Title: g.Title, Max: g.Max, Parts: make([]tablePart, len(g.Parts))}
	for i := range g.Parts {
		p := &g.Parts[i]
		v.Parts[i] = tablePart{ID: g.ID + "." + p.ID, Title: p.Title, Max: p.Max, Expression: p.Text}
	}
	return v
}
