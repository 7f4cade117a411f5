package profile

import (
	"context"
	"fmt"
	"math"
	"slices"

	"liandong/errs"
	"liandong/internal/access"
	"liandong/poverty"
)

// Measure makes the profile of a division within what the asker may see of figures. A division that lies outside the scope, even in part, has none.
func (r *Room) Measure(ctx context.Context, scope access.Scope, q Request) (*Profile, error) {
	if !scope.Contains(q.Division) {
		return nil, noDivision()
	}
	var err error
	if q.At, err = r.registry.Snapshot(ctx, q.At); err != nil {
		return nil, err
	}
	b, err := breakdownOf(q.By, q.Division)
	if err != nil {
		return nil, err
	}
	p := &Profile{Division: q.Division, AsOf: q.At.AsOf, Breakdown: b, Suppression: r.rules.suppression(q.At.AsOf)}
	query, err := r.query(&q, p)
	if err != nil {
		return nil, err
	}
	parts, err := r.parts(ctx, q.Division, q.At)
	if err != nil {
		return nil, err
	}
	people := r.gather(parts, &q, b)
	p.Households, p.Unknown, p.Groups = people.known, people.unknown, people.groups
	return p, r.fill(p, people, query)
}

func (r *Room) query(q *Request, p *Profile) (query poverty.Query, err error) {
	names := q.Measures
	if names == "" {
		names = usual
	}
	if query.Measures, err = poverty.ParseMeasures(names); err != nil {
		return query, err
	}
	if query.Conventions, err = poverty.ParseConventions(conventions); err != nil {
		return query, err
	}
	query.Errors.Method = poverty.Linear // of which a census has none, and the answer says so
	if q.Line != "" {
		query.Line, err = poverty.ParseLine(q.Line)
		p.Line, p.LineSource = query.Line, errs.Text{ZH: "自定", EN: "as asked"}
		return query, err
	}
	amount, source, err := r.yearLine(q.At.AsOf)
	query.Line = poverty.Line{Amount: amount}
	p.Line, p.LineSource = query.Line, source
	return query, err
}

// fill measures the people and takes back what may not be published.
func (r *Room) fill(p *Profile, people *people, query poverty.Query) error {
	for i := range p.Groups {
		if g := &p.Groups[i]; g.Division != 0 {
			g.Title = errs.Text{ZH: r.places.NameOn(g.Division, p.AsOf), EN: r.places.NameOn(g.Division, p.AsOf)}
		}
	}
	p.Suppression.hold(p.Groups)
	if len(people.income) == 0 {
		p.Report = &poverty.Report{Line: math.NaN()}
		p.Sentence = errs.Text{ZH: "这个区划在该日没有收入已知的农户，没有可计算的人口。", EN: "On the day the division has no household of known income: there is nobody to measure."}
		return nil
	}
	s := poverty.Sample{Income: people.income, Weight: people.weight, Design: poverty.Design{Census: true}}
	if p.Breakdown != nil {
		s.Group = poverty.Factor{Code: people.code, Level: make([]string, len(p.Groups))}
		for i := range p.Groups {
			s.Group.Level[i] = p.Groups[i].Key
		}
	}
	var err error
	if p.Report, err = s.Estimate(query); err != nil {
		return err
	}
	p.hold(people)
	p.Sentence = r.sentence(p, people)
	return nil
}

// hold empties the estimates of groups that are held back, of a whole that is too small, and curves of too few.
func (p *Profile) hold(people *people) {
	held := map[string]errs.Text{}
	few := map[string]bool{}
	text := p.Suppression.Text()
	for i := range p.Groups {
		g := &p.Groups[i]
		if g.Held {
			held[g.Key] = text
		}
		few[g.Key] = g.Households < p.Suppression.CurveHouseholds
	}
	small := p.Suppression.tooFew(people.known, people.persons)
	for i := range p.Report.Results {
		e := &p.Report.Results[i]
		_, hidden := held[e.Group]
		switch {
		case small || hidden:
			e.Inference, e.Curve, e.Notes = poverty.Inference{Value: math.NaN(), SE: math.NaN(), Low: math.NaN(), High: math.NaN(), DesignEffect: math.NaN(), Undefined: text}, nil, nil
			e.N, e.WeightSum = 0, 0
		case e.Curve != nil && (few[e.Group] || people.known < p.Suppression.CurveHouseholds):
			e.Curve = nil
			e.Undefined = errs.Text{
				ZH: fmt.Sprintf("不足 %d 户，曲线会显出单户收入，不公布。", p.Suppression.CurveHouseholds),
				EN: fmt.Sprintf("The curve of fewer than %d households would show single incomes and is not published.", p.Suppression.CurveHouseholds),
			}
		}
	}
}

// Value is a measure's number for a group ("" is the whole); NaN where it has none.
func (p *Profile) Value(group, measure string) float64 {
	for i := range p.Report.Results {
		if e := &p.Report.Results[i]; e.Group == group && e.Measure.String() == measure {
			return e.Value
		}
	}
	return math.NaN()
}

// Picture draws the profile with its groups by their names.
func (p *Profile) Picture(kind string, source errs.Text) (*poverty.Picture, error) {
	named := *p.Report
	named.Results = slices.Clone(p.Report.Results)
	for i := range named.Results {
		for k := range p.Groups {
			if p.Groups[k].Key == named.Results[i].Group {
				named.Results[i].Group = p.Groups[k].Title.ZH
			}
		}
	}
	return named.Picture(kind, source)
}
