package portfolio

import (
	"context"

	"liandong/day"
	"liandong/internal/access"
	"liandong/internal/db"
)

// Bar is one project of a Gantt chart: what was planned beside what happened.
type Bar struct {
	State
	StartPlanned  day.Date
	FinishPlanned day.Date
	Finished      day.Date // first phase complete or in operation
	Phases        []Phase
	Milestones    []MilestoneBar
}

// MilestoneBar is a milestone with the day that was first set for it: it slipped where that lies before the day it is due now.
type MilestoneBar struct {
	Milestone
	FirstDue day.Date `json:"first_due"`
}

// milestonesOn are the milestones of the document that holds on a day, each with the day that was first set for it.
func (h *history) milestonesOn(on day.Date) []MilestoneBar {
	p := h.documentOn(on)
	if p == nil {
		return nil
	}
	first := map[ID]day.Date{}
	for _, d := range h.Documents {
		for i := range d.Value.Milestones {
			if m := &d.Value.Milestones[i]; first[m.ID].IsZero() {
				first[m.ID] = m.Due
			}
		}
	}
	bars := make([]MilestoneBar, len(p.Milestones))
	for i, m := range p.Milestones {
		bars[i] = MilestoneBar{m, first[m.ID]}
	}
	return bars
}

// maxBars bounds a page of the chart: two screens of it; each bar is drawn from its project's course.
const maxBars = 50

// Gantt gives the bars of a filter's projects by name, those of a platform as a rule, at most maxBars of them. after is the next of the page before,
// total how many projects there are.
func (r *Room) Gantt(ctx context.Context, scope access.Scope, f Filter, m Moment, after string) (bars []Bar, total int64, next string, err error) {
	page, err := r.List(ctx, scope, f, m, after, maxBars)
	if err != nil {
		return nil, 0, "", err
	}
	bars, err = read(ctx, r, func(tx *db.Tx) ([]Bar, error) {
		courses, err := r.coursesOf(tx, page.Rows, m.known())
		if err != nil {
			return nil, err
		}
		all := make([]Bar, 0, len(page.Rows))
		for _, s := range page.Rows {
			all = append(all, courses[s.Project].bar(s, m))
		}
		return all, nil
	})
	return bars, page.Total, page.Next, err
}

func (h *history) bar(s State, m Moment) Bar {
	b := Bar{State: s}
	if p := h.documentOn(m.AsOf); p != nil {
		b.StartPlanned, b.FinishPlanned, b.Phases, b.Milestones = p.StartPlanned, p.FinishPlanned, p.Phases, h.milestonesOn(m.AsOf)
	}
	stages, _ := course(h.eventsUntil(m.AsOf))
	for _, at := range stages {
		if (at.Stage == PhaseComplete || at.Stage == InOperation) && b.Finished.IsZero() {
			b.Finished = at.On
		}
	}
	return b
}

// NounRow is one organisation, agreement or platform of a list.
type NounRow struct {
	ID       ID
	Document Document
	Projects int // within the scope
	Rates    *Rates
	Output   *Output
}

// Nouns lists the organisations, agreements or platforms that the scope shows at a moment, by id, with what came of them. subkind filters by the
// kind within the noun; empty means all.
func (r *Room) Nouns(ctx context.Context, scope access.Scope, kind Kind, subkind string, m Moment) ([]NounRow, error) {
	return read(ctx, r, func(tx *db.Tx) ([]NounRow, error) {
		o, err := r.overviewAt(tx, scope, m)
		if err != nil {
			return nil, err
		}
		var rows []NounRow
		switch kind {
		case OrganisationKind:
			rows = o.organisationRows(subkind)
		case AgreementKind:
			rows = o.agreementRows(subkind)
		default:
			rows = o.platformRows(subkind)
		}
		return rows, nil
	})
}

func (o *overview) organisationRows(subkind string) (rows []NounRow) {
	for _, s := range o.view.organisations {
		if subkind != "" && s.Document.Kind != subkind {
			continue
		}
		rates := o.ratesOf(s.ID)
		if rates.Projects == 0 && len(o.projects(o.ofGroup[s.ID])) == 0 && !o.scope.Contains(s.Document.Division) {
			continue
		}
		rows = append(rows, NounRow{ID: s.ID, Document: s.Document, Projects: rates.Projects, Rates: &rates})
	}
	return rows
}

func (o *overview) agreementRows(subkind string) (rows []NounRow) {
	for _, s := range o.agreements {
		if subkind != "" && s.Document.Kind != subkind {
			continue
		}
		projects := o.projects(o.ofAgreement[s.ID])
		if len(projects) == 0 && !o.scope.Contains(s.Document.Division) {
			continue
		}
		rates := ratesOf([]standing[*Agreement]{s}, o, projects)
		rows = append(rows, NounRow{ID: s.ID, Document: s.Document, Projects: len(projects), Rates: &rates})
	}
	return rows
}

func (o *overview) platformRows(subkind string) (rows []NounRow) {
	for _, s := range o.platforms {
		if subkind != "" && s.Document.Kind != subkind {
			continue
		}
		projects := o.projects(o.links[PlatformKind][s.ID])
		if len(projects) == 0 && !o.scope.Contains(s.Document.Division) {
			continue
		}
		rows = append(rows, NounRow{ID: s.ID, Document: s.Document, Projects: len(projects), Output: s.Output})
	}
	return rows
}
