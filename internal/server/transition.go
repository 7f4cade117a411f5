package server

import (
	"context"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/profile"
	"liandong/internal/registry"
)

type transitionInput struct {
	Division string `query:"division" doc:"stable id or code; the asker's own by default"`
	Against  string `query:"against" format:"date" required:"true" doc:"the earlier day"`
	By       string `query:"by" doc:"division, cause, attribute, status, size, labour, age, sex or education; the whole alone by default"`
	Basis    string `query:"basis" doc:"who is poor on a day: income, below the line of the day's own year, or status, as registered" default:"income"`
	Line     string `query:"line" doc:"an amount for both days; each year's own by default"`
	MomentInput
}

// transitionCount is null where it is held back.
type transitionCount struct {
	Households *int64 `json:"households"`
	Persons    *int64 `json:"persons"`
}

type transitionState struct {
	Code  string    `json:"code"`
	Title errs.Text `json:"title"`
}

type transitionDay struct {
	Day        day.Date   `json:"day"`
	Line       *float64   `json:"line" doc:"of the day's own year, in its money; null by status"`
	LineSource *errs.Text `json:"line_source,omitempty"`
}

type transitionGroup struct {
	Group        string              `json:"group" doc:"empty for the whole"`
	Title        errs.Text           `json:"title"`
	Division     *ref                `json:"division,omitempty"`
	Held         bool                `json:"held" doc:"too few to be published, or the number of such a group would follow from it"`
	PoorBefore   transitionCount     `json:"poor_before"`
	Left         transitionCount     `json:"left" doc:"poor, and not poor on the later day"`
	Stayed       transitionCount     `json:"stayed"`
	Gone         transitionCount     `json:"gone" doc:"poor, and on the later day without a record or a known state"`
	FellBack     transitionCount     `json:"fell_back" doc:"not poor, and poor on the later day"`
	Entered      transitionCount     `json:"entered" doc:"poor on the later day, and before without a record or a known state"`
	PoorAfter    transitionCount     `json:"poor_after"`
	LeftRate     *float64            `json:"left_rate" doc:"persons who left of those who were poor"`
	NoLeft       *errs.Text          `json:"no_left_rate,omitempty"`
	FellBackRate *float64            `json:"fell_back_rate" doc:"persons who fell back of those who were not poor"`
	NoFellBack   *errs.Text          `json:"no_fell_back_rate,omitempty"`
	Matrix       [][]transitionCount `json:"matrix" doc:"rows the earlier day, columns the later, in the order of states, the last of each the sum"`
}

type transitionOutput struct {
	Body struct {
		Division    ref                 `json:"division"`
		Before      transitionDay       `json:"before"`
		After       transitionDay       `json:"after"`
		Basis       string              `json:"basis"`
		By          string              `json:"by,omitempty"`
		States      []transitionState   `json:"states"`
		Sentence    errs.Text           `json:"sentence"`
		Suppression profile.Suppression `json:"suppression" doc:"what is too few to be published"`
		Whole       transitionGroup     `json:"whole"`
		Groups      []transitionGroup   `json:"groups"`
	}
}

func (s *Server) transition(ctx context.Context, c *call, in *transitionInput) (*transitionOutput, error) {
	moment, err := in.moment(c)
	if err != nil {
		return nil, err
	}
	against, err := day.Parse(in.Against)
	if err != nil {
		return nil, at(err, "against")
	}
	division, err := s.division(c, in.Division, moment.AsOf)
	if err != nil {
		return nil, err
	}
	before := registry.Moment{AsOf: against, KnownAt: moment.KnownAt}
	t, err := s.Profile.Transition(ctx, c.scope, profile.TransitionRequest{Division: division, Before: before, After: moment, Basis: profile.Basis(in.Basis), By: in.By, Line: in.Line})
	if err != nil {
		return nil, err
	}
	out := &transitionOutput{}
	b := &out.Body
	b.Division, b.Basis, b.By, b.Sentence, b.Suppression = s.ref(division, t.After), in.Basis, in.By, t.Sentence, t.Suppression
	b.Before = transitionDay{t.Before, finite(&t.Lines[0]), said(t.LineSource[0])}
	b.After = transitionDay{t.After, finite(&t.Lines[1]), said(t.LineSource[1])}
	for state := range profile.State(profile.States) {
		b.States = append(b.States, transitionState{t.Basis.Code(state), t.Basis.Text(state)})
	}
	b.Whole, b.Groups = s.transitionGroup(&t.Whole, t.After), make([]transitionGroup, 0, len(t.Groups))
	for i := range t.Groups {
		b.Groups = append(b.Groups, s.transitionGroup(&t.Groups[i], t.After))
	}
	return out, nil
}

func (s *Server) transitionGroup(m *profile.Moves, on day.Date) transitionGroup {
	v := transitionGroup{
		Group: m.Key, Title: m.Title, Held: m.Held,
		PoorBefore: countOf(m.Cells[profile.StatePoor][profile.StateTotal]), Left: countOf(m.Left()), Stayed: countOf(m.Stayed()), Gone: countOf(m.Gone()),
		FellBack: countOf(m.FellBack()), Entered: countOf(m.Entered()), PoorAfter: countOf(m.Cells[profile.StateTotal][profile.StatePoor]),
	}
	if m.Division != 0 {
		of := s.ref(m.Division, on)
		v.Division = &of
	}
	left, why := m.LeftRate()
	v.LeftRate, v.NoLeft = finite(&left), said(why)
	fell, why := m.FellBackRate()
	v.FellBackRate, v.NoFellBack = finite(&fell), said(why)
	for _, cells := range m.Cells {
		row := make([]transitionCount, 0, len(cells))
		for _, c := range cells {
			row = append(row, countOf(c))
		}
		v.Matrix = append(v.Matrix, row)
	}
	return v
}

func countOf(c profile.Count) transitionCount {
	if c.Held {
		return transitionCount{}
	}
	return transitionCount{&c.Households, &c.Persons}
}
