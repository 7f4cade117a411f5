package problem

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/dossier"
	"liandong/internal/figure"
	"liandong/internal/ledger"
	"liandong/place"
)

// Room keeps the problems and supervised decisions of a city.
type Room struct {
	rules     Rules
	problems  *dossier.Shelf[Problem]
	decisions *dossier.Shelf[Decision]
}

// New is the room over an open database whose migrations ran.
func New(d *db.DB) (*Room, error) {
	rules, err := ShippedRules()
	r := &Room{rules: rules, decisions: dossier.New(d, decisionMachine())}
	r.problems = dossier.New(d, problemMachine(&r.rules))
	return r, err
}

// Rules are the kinds of problems, the recurrence and the reminders.
func (r *Room) Rules() Rules { return r.rules }

// LedgerRecords gives what the room stores to the verification of the log.
func (r *Room) LedgerRecords() []ledger.RecordSource {
	return slices.Concat(r.problems.LedgerRecords(), r.decisions.LedgerRecords())
}

// Writing is one act as somebody wants it written.
type Writing struct {
	Entry    uuid.UUID // made by the caller, so that a repeat is harmless
	ID       uuid.UUID // of the problem or decision, made by whoever opens it
	Division place.ID  // of the first act
	Version  int64     // that was read; 0 for the first act
	Act      string
	On       day.Date // zero is today
	Body     Act
}

func (w *Writing) draft() dossier.Draft {
	return dossier.Draft{ID: w.Entry, Dossier: w.ID, Division: w.Division, Version: w.Version, On: w.On, Act: w.Act, Body: w.Body, Reason: w.Body.Words, Source: w.Body.Source}
}

// action is what a role must have for an act: looking at evidence and closing is another's right than working.
func action(act string) access.Action {
	switch act {
	case ActRefused, ActClosed, ActVerified:
		return access.VerifyMatters
	}
	return access.WriteMatters
}

func reader(actor access.Actor, a access.Action, today day.Date) (dossier.Reader, error) {
	scope, err := actor.Require(a, today)
	return dossier.Reader{Scope: scope}, err
}

// Write writes an act on a problem. A problem about a record that has an open one already is refused, with the open one's id.
func (r *Room) Write(ctx context.Context, actor access.Actor, today day.Date, w Writing) (Problem, error) {
	reach, err := reader(actor, action(w.Act), today)
	if err != nil {
		return Problem{}, err
	}
	if w.Act == ActFound && w.Body.Subject != "" {
		page, err := r.problems.List(ctx, reach, dossier.Filter{Subject: w.Body.Subject, Open: true}, "", 1)
		if err != nil {
			return Problem{}, err
		}
		if len(page.Heads) > 0 && page.Heads[0].Dossier != w.ID {
			return Problem{}, errs.New(errs.Conflict, "problem.Write",
				"这条记录已有未销号的问题「"+page.Heads[0].Title+"」，请在那里继续。", "The record has an open problem already, "+page.Heads[0].Dossier.String()+"; go on there.").At(page.Heads[0].Dossier.String())
		}
	}
	d, err := r.problems.Add(ctx, actor, reach, w.draft())
	return d.State, err
}

// Detail is a problem with its papers and what was like it before.
type Detail struct {
	Problem Problem         `json:"problem"`
	Entries []dossier.Entry `json:"entries"`
	Recurs  []dossier.Head  `json:"recurs"` // closed at the same place, of the same kind, within the months of the rules
}

// Problem reads one as of a moment.
func (r *Room) Problem(ctx context.Context, actor access.Actor, today day.Date, id uuid.UUID, at dossier.Moment) (Detail, error) {
	reach, err := reader(actor, access.ReadMatters, today)
	if err != nil {
		return Detail{}, err
	}
	d, err := r.problems.Get(ctx, reach, id, at)
	if err != nil {
		return Detail{}, err
	}
	out := Detail{Problem: d.State, Entries: d.Entries, Recurs: []dossier.Head{}}
	all, err := r.problems.All(ctx, reach, at)
	for i := range all {
		if r.recurs(&d.State, &all[i].State) {
			out.Recurs = append(out.Recurs, all[i].Head)
		}
	}
	return out, err
}

// recurs says whether a problem is one that was closed before: the same place, the same kind, closed within the months of the rules before it
// was found.
func (r *Room) recurs(now, before *Problem) bool {
	return before.ID != now.ID && before.State == Closed && before.Division == now.Division && before.Kind == now.Kind &&
		!before.ClosedOn.After(now.FoundOn) && !before.ClosedOn.Before(monthsBefore(now.FoundOn, r.rules.Recurrence))
}

// monthsBefore is the same day of the month so many months earlier, or the month's last.
func monthsBefore(d day.Date, months int) day.Date {
	n := d.Year()*12 + d.Month() - 1 - months
	for last := d.Day(); ; last-- {
		if at, err := day.Of(n/12, n%12+1, last); err == nil {
			return at
		}
	}
}

// Problems lists problems, the soonest due first.
func (r *Room) Problems(ctx context.Context, actor access.Actor, today day.Date, f dossier.Filter, after string, limit int) (dossier.Page, error) {
	reach, err := reader(actor, access.ReadMatters, today)
	if err != nil {
		return dossier.Page{}, err
	}
	return r.problems.List(ctx, reach, f, after, limit)
}

// WriteDecision writes an act on a supervised decision.
func (r *Room) WriteDecision(ctx context.Context, actor access.Actor, today day.Date, w Writing) (Decision, error) {
	reach, err := reader(actor, action(w.Act), today)
	if err != nil {
		return Decision{}, err
	}
	d, err := r.decisions.Add(ctx, actor, reach, w.draft())
	return d.State, err
}

// Decision reads one as of a moment, with its papers.
func (r *Room) Decision(ctx context.Context, actor access.Actor, today day.Date, id uuid.UUID, at dossier.Moment) (Decision, []dossier.Entry, error) {
	reach, err := reader(actor, access.ReadMatters, today)
	if err != nil {
		return Decision{}, nil, err
	}
	d, err := r.decisions.Get(ctx, reach, id, at)
	return d.State, d.Entries, err
}

// Decisions lists supervised decisions, the soonest due first.
func (r *Room) Decisions(ctx context.Context, actor access.Actor, today day.Date, f dossier.Filter, after string, limit int) (dossier.Page, error) {
	reach, err := reader(actor, access.ReadMatters, today)
	if err != nil {
		return dossier.Page{}, err
	}
	return r.decisions.List(ctx, reach, f, after, limit)
}

// Reminder is a matter that is due soon or overdue.
type Reminder struct {
	What  string       `json:"what"`  // problem or decision
	Days  int          `json:"days"`  // until it is due; negative where it is overdue
	Level int          `json:"level"` // how many of the reminders of the rules have gone out; one more where it is overdue
	Head  dossier.Head `json:"matter"`
}

// Reminders lists what is due within the days of the rules, or overdue, on a day, the longest overdue first.
func (r *Room) Reminders(ctx context.Context, actor access.Actor, today, on day.Date) ([]Reminder, error) {
	reach, err := reader(actor, access.ReadMatters, today)
	if err != nil {
		return nil, err
	}
	all := []Reminder{}
	problems, err := r.problems.All(ctx, reach, dossier.Moment{AsOf: on})
	if err != nil {
		return nil, err
	}
	for i := range problems {
		all = r.remind(all, "problem", &problems[i].Head, on)
	}
	decisions, err := r.decisions.All(ctx, reach, dossier.Moment{AsOf: on})
	for i := range decisions {
		all = r.remind(all, "decision", &decisions[i].Head, on)
	}
	slices.SortStableFunc(all, func(a, b Reminder) int { return a.Days - b.Days })
	return all, err
}

func (r *Room) remind(all []Reminder, what string, h *dossier.Head, on day.Date) []Reminder {
	if !h.Open || h.Due.IsZero() {
		return all
	}
	one := Reminder{What: what, Days: h.Due.DaysSince(on), Head: *h}
	for _, days := range r.rules.Remind {
		if one.Days <= days {
			one.Level++
		}
	}
	if one.Days < 0 {
		one.Level++
	}
	if one.Level == 0 {
		return all
	}
	return append(all, one)
}

// Figures are what the room publishes in the book.
func (r *Room) Figures() []figure.Entry {
	pieces := errs.Text{ZH: "件", EN: "matters"}
	problem := func(name, zh, en, definitionZH, definitionEN string, pick func(p *Problem, on day.Date) bool) figure.Entry {
		return dossier.Counted(r.problems, figure.Entry{Name: name, Title: errs.Text{ZH: zh, EN: en}, Unit: pieces, Opens: access.ReadMatters, Definition: errs.Text{ZH: definitionZH, EN: definitionEN}},
			func(d *dossier.Dossier[Problem], on day.Date) bool { return pick(&d.State, on) })
	}
	decision := func(name, zh, en, definitionZH, definitionEN string, pick func(d *Decision, on day.Date) bool) figure.Entry {
		return dossier.Counted(r.decisions, figure.Entry{Name: name, Title: errs.Text{ZH: zh, EN: en}, Unit: pieces, Opens: access.ReadMatters, Definition: errs.Text{ZH: definitionZH, EN: definitionEN}},
			func(d *dossier.Dossier[Decision], on day.Date) bool { return pick(&d.State, on) })
	}
	return []figure.Entry{
		problem("open_problems", "未销号的问题", "Open problems", "该日已登记、没有销号的问题。", "Problems on record on the day that are not closed.", func(p *Problem, _ day.Date) bool { return p.State != Closed }),
		problem("overdue_problems", "超过期限的问题", "Overdue problems", "该日没有销号、期限已过的问题。", "Problems that are not closed and whose deadline has passed on the day.", func(p *Problem, on day.Date) bool { return p.overdue(on) }),
		problem("closed_problems", "当年销号的问题", "Problems closed in the year", "当年到该日有证据并核实销号的问题。", "Problems closed with evidence in the year, up to the day.", func(p *Problem, on day.Date) bool { return p.State == Closed && p.ClosedOn.Year() == on.Year() }),
		decision("open_decisions", "未办结的督办事项", "Open supervised decisions", "该日已立项、没有销号的督办事项。", "Supervised decisions filed by the day that are not closed.", func(d *Decision, _ day.Date) bool { return d.Stage != Ended }),
		decision("overdue_decisions", "超过节点的督办事项", "Overdue supervised decisions", "该日时间节点已过、没有核实通过的督办事项。", "Supervised decisions whose node has passed on the day and that were not verified.", func(d *Decision, on day.Date) bool { return d.overdue(on) }),
		decision("closed_decisions", "当年销号的督办事项", "Supervised decisions closed in the year", "当年到该日核实销号的督办事项。", "Supervised decisions closed in the year, up to the day.", func(d *Decision, on day.Date) bool { return d.Stage == Ended && d.ClosedOn.Year() == on.Year() }),
	}
}
