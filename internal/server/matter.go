package server

import (
	"context"
	"math"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/claim"
	"liandong/internal/dossier"
	"liandong/internal/figure"
	matter "liandong/internal/problem"
)

type matterListInput struct {
	Division string `query:"division" doc:"stable id or code; everything in the asker's territory by default"`
	State    string `query:"state" doc:"states, separated by commas"`
	Open     bool   `query:"open" doc:"only those in which something is still to be done"`
	Holder   string `query:"holder" doc:"the office that holds it now"`
	Subject  string `query:"subject" doc:"the record it is about, as project:ID"`
	Kind     string `query:"kind"`
	DueUntil string `query:"due_until" format:"date"`
	Overdue  bool   `query:"overdue" doc:"only those still open that were due before the day"`
	AsOf     string `query:"as_of" format:"date" doc:"as they were on this day; today by default"`
	After    string `query:"after" doc:"next of the page before"`
	Limit    int    `query:"limit" default:"50" doc:"rows of a page, at most 200"`
}

type matterRow struct {
	ID       uuid.UUID `json:"id"`
	Version  int64     `json:"version"`
	Division ref       `json:"division"`
	State    string    `json:"state"`
	Open     bool      `json:"open"`
	Holder   string    `json:"holder" doc:"the office that holds it now; empty where nobody does"`
	Due      *day.Date `json:"due,omitempty"`
	Overdue  bool      `json:"overdue"`
	Subject  string    `json:"subject,omitempty"`
	Kind     string    `json:"kind"`
	Title    string    `json:"title"`
	First    day.Date  `json:"first"`
	Last     day.Date  `json:"last"`
}

type matterListOutput struct {
	Body struct {
		Total   int64            `json:"total"`
		Rows    []matterRow      `json:"rows"`
		Next    string           `json:"next,omitempty"`
		States  map[string]int64 `json:"states" doc:"how many are in each state, whatever states were asked for"`
		Overdue int64            `json:"overdue" doc:"how many of those are open and were due before the day"`
	}
}

type matterInput struct {
	ID string `path:"id"`
	MomentInput
}

// MatterWords is what an act needs. It is exported because huma fills in exported parts alone.
type MatterWords = matter.Act

type writeMatterInput struct {
	ID          string `path:"id" doc:"made by the caller (UUIDv7) for a new one"`
	IfNoneMatch string `header:"If-None-Match" doc:"* for a new one"`
	IfMatch     string `header:"If-Match" doc:"the version that was read"`
	Body        struct {
		Entry    string `json:"entry" doc:"made by the caller (UUIDv7), so that a repeat is harmless"`
		Act      string `json:"act" doc:"found, studied, assigned, worked, solved, refused, closed; of a decision: filed, assigned, reported, verified, refused, closed"`
		On       string `json:"on,omitempty" format:"date" doc:"today by default"`
		Division string `json:"division,omitempty" doc:"of a new one; that of the record it is about by default"`
		MatterWords
	}
}

type entryView struct {
	ID       uuid.UUID `json:"id"`
	Sequence int64     `json:"sequence"`
	On       day.Date  `json:"on"`
	Recorded string    `json:"recorded_at"`
	Actor    string    `json:"actor"`
	Act      string    `json:"act"`
}

type problemOutput struct {
	ETag string `header:"ETag"`
	Body struct {
		Problem  matter.Problem `json:"problem"`
		Division ref            `json:"division"`
		Entries  []entryView    `json:"entries"`
		Recurs   []matterRow    `json:"recurs" doc:"closed at the same place, of the same kind, within the months of the rules"`
	}
}

type decisionOutput struct {
	ETag string `header:"ETag"`
	Body struct {
		Decision matter.Decision `json:"decision"`
		Division ref             `json:"division"`
		Entries  []entryView     `json:"entries"`
	}
}

type writtenOutput[S any] struct {
	ETag string `header:"ETag"`
	Body S
}

type matterRulesOutput struct{ Body matter.Rules }

type remindersInput struct {
	AsOf string `query:"as_of" format:"date"`
}

type remindersOutput struct {
	Body struct {
		Reminders []reminderView `json:"reminders"`
	}
}

type reminderView struct {
	What   string    `json:"what"`
	Days   int       `json:"days" doc:"until it is due; negative where it is overdue"`
	Level  int       `json:"level"`
	Matter matterRow `json:"matter"`
}

func (s *Server) registerMatters() {
	list := func(id, path, summary string, read func(context.Context, access.Actor, day.Date, dossier.Filter, string, int) (dossier.Page, error)) {
		add(s, op{id: id, method: http.MethodGet, path: path, summary: summary, tag: tagMatters, action: access.ReadMatters},
			func(ctx context.Context, c *call, in *matterListInput) (*matterListOutput, error) {
				f, on, err := s.matterFilter(c, in)
				if err != nil {
					return nil, err
				}
				page, err := read(ctx, c.actor, c.today, f, in.After, in.Limit)
				return s.matterPage(&page, on), err
			})
	}
	list("problems", "/problems", "Problems, the soonest due first", func(ctx context.Context, a access.Actor, t day.Date, f dossier.Filter, after string, n int) (dossier.Page, error) {
		return s.Problems.Problems(ctx, a, t, f, after, n)
	})
	list("decisions", "/decisions", "Supervised decisions, the soonest due first", func(ctx context.Context, a access.Actor, t day.Date, f dossier.Filter, after string, n int) (dossier.Page, error) {
		return s.Problems.Decisions(ctx, a, t, f, after, n)
	})
	add(s, op{id: "problem", method: http.MethodGet, path: "/problems/{id}", summary: "A problem with its papers and what was like it before", tag: tagMatters, action: access.ReadMatters}, s.problemView)
	add(s, op{id: "write-problem", method: http.MethodPost, path: "/problems/{id}", summary: "Write an act on a problem; a new one may name only the record it comes from", tag: tagMatters, action: access.ReadMatters}, s.writeProblemAct)
	add(s, op{id: "decision", method: http.MethodGet, path: "/decisions/{id}", summary: "A supervised decision with its papers", tag: tagMatters, action: access.ReadMatters}, s.decisionView)
	add(s, op{id: "write-decision", method: http.MethodPost, path: "/decisions/{id}", summary: "Write an act on a supervised decision", tag: tagMatters, action: access.ReadMatters}, s.writeDecisionAct)
	add(s, op{id: "problem-rules", method: http.MethodGet, path: "/problem-rules", summary: "Kinds of problems, recurrence, reminders", tag: tagMatters, action: access.ReadMatters},
		func(context.Context, *call, *none) (*matterRulesOutput, error) {
			return &matterRulesOutput{s.Problems.Rules()}, nil
		})
	add(s, op{id: "reminders", method: http.MethodGet, path: "/reminders", summary: "Matters that are due soon or overdue", tag: tagMatters, action: access.ReadMatters}, s.reminders)
}

// matterFilter reads what a list is asked for, and the day on which something is overdue or not.
func (s *Server) matterFilter(c *call, in *matterListInput) (f dossier.Filter, on day.Date, err error) {
	f = dossier.Filter{Open: in.Open, Holder: in.Holder, Subject: in.Subject, Group: in.Kind}
	if in.State != "" {
		f.States = strings.Split(in.State, ",")
	}
	if in.Division != "" {
		if f.Division, err = s.division(c, in.Division, c.today); err != nil {
			return f, on, err
		}
		if !c.scope.IsEmpty() && !c.scope.Touches(f.Division) {
			return f, on, access.NotFound(errs.Text{ZH: "区划", EN: "division"})
		}
	}
	if on = c.today; in.AsOf != "" {
		if on, err = day.Parse(in.AsOf); err != nil {
			return f, on, at(err, "as_of")
		}
		if on.Before(c.today) {
			f.AsOf = on
		}
	}
	if in.DueUntil != "" {
		if f.DueUntil, err = day.Parse(in.DueUntil); err != nil {
			return f, on, at(err, "due_until")
		}
	}
	if yesterday := on.AddDays(-1); in.Overdue && (f.DueUntil.IsZero() || f.DueUntil.After(yesterday)) {
		f.Open, f.DueUntil = true, yesterday
	} else if in.Overdue {
		f.Open = true
	}
	return f, on, nil
}

func (s *Server) matterRow(h *dossier.Head, today day.Date) matterRow {
	return matterRow{
		ID: h.Dossier, Version: h.Version, Division: s.ref(h.Division, today), State: h.State, Open: h.Open, Holder: h.Holder, Due: dayOrNil(h.Due),
		Overdue: h.Overdue(today), Subject: h.Subject, Kind: h.Group, Title: h.Title, First: h.First, Last: h.Last,
	}
}

func (s *Server) matterRows(heads []dossier.Head, today day.Date) []matterRow {
	rows := make([]matterRow, 0, len(heads))
	for i := range heads {
		rows = append(rows, s.matterRow(&heads[i], today))
	}
	return rows
}

func (s *Server) matterPage(p *dossier.Page, today day.Date) *matterListOutput {
	out := &matterListOutput{}
	out.Body.Total, out.Body.Rows, out.Body.Next = p.Total, s.matterRows(p.Heads, today), p.Next
	out.Body.States, out.Body.Overdue = p.States, p.Overdue
	return out
}

func entriesView(entries []dossier.Entry) []entryView {
	out := make([]entryView, 0, len(entries))
	for i := range entries {
		e := &entries[i]
		out = append(out, entryView{e.ID, e.Sequence, e.On, stamp(e.Recorded), e.Actor, e.Act})
	}
	return out
}

func (s *Server) problemView(ctx context.Context, c *call, in *matterInput) (*problemOutput, error) {
	key, err := id(in.ID, errs.Text{ZH: "问题", EN: "problem"})
	if err != nil {
		return nil, err
	}
	m, err := in.moment(c)
	if err != nil {
		return nil, err
	}
	d, err := s.Problems.Problem(ctx, c.actor, c.today, key, dossier.Moment{AsOf: m.AsOf, KnownAt: m.KnownAt})
	if err != nil {
		return nil, err
	}
	out := &problemOutput{ETag: etag(d.Problem.Version)}
	out.Body.Problem, out.Body.Division, out.Body.Entries, out.Body.Recurs = d.Problem, s.ref(d.Problem.Division, m.AsOf), entriesView(d.Entries), s.matterRows(d.Recurs, c.today)
	return out, nil
}

func (s *Server) decisionView(ctx context.Context, c *call, in *matterInput) (*decisionOutput, error) {
	key, err := id(in.ID, errs.Text{ZH: "督办事项", EN: "supervised decision"})
	if err != nil {
		return nil, err
	}
	m, err := in.moment(c)
	if err != nil {
		return nil, err
	}
	d, entries, err := s.Problems.Decision(ctx, c.actor, c.today, key, dossier.Moment{AsOf: m.AsOf, KnownAt: m.KnownAt})
	if err != nil {
		return nil, err
	}
	out := &decisionOutput{ETag: etag(d.Version)}
	out.Body.Decision, out.Body.Division, out.Body.Entries = d, s.ref(d.Division, m.AsOf), entriesView(entries)
	return out, nil
}

// writing reads an act of a request.
func (s *Server) writing(c *call, in *writeMatterInput, noun errs.Text) (w matter.Writing, err error) {
	if w.Entry, err = entryID(in.Body.Entry); err != nil {
		return w, err
	}
	if w.ID, err = id(in.ID, noun); err != nil {
		return w, err
	}
	fresh := strings.TrimSpace(in.IfNoneMatch) == "*"
	if !fresh {
		if w.Version, err = versionOf(in.IfMatch); err != nil {
			return w, err
		}
	}
	if in.Body.On != "" {
		if w.On, err = day.Parse(in.Body.On); err != nil {
			return w, at(err, "on")
		}
	}
	if w.Act, w.Body = in.Body.Act, in.Body.MatterWords; fresh {
		w.Division, err = s.division(c, in.Body.Division, c.today)
	}
	return w, err
}

func (s *Server) writeProblemAct(ctx context.Context, c *call, in *writeMatterInput) (*writtenOutput[matter.Problem], error) {
	w, err := s.writing(c, in, errs.Text{ZH: "问题", EN: "problem"})
	if err != nil {
		return nil, err
	}
	if w.Act == matter.ActFound {
		if err := s.fromSubject(ctx, c, in.Body.Division, &w); err != nil {
			return nil, err
		}
	}
	p, err := s.Problems.Write(ctx, c.actor, c.today, w)
	return &writtenOutput[matter.Problem]{etag(p.Version), p}, err
}

// fromSubject fills in what a new problem does not say, from the record it is about: a project that is on red or yellow, or a claim that is not
// borne out. So a problem is opened from either in one call.
func (s *Server) fromSubject(ctx context.Context, c *call, division string, w *matter.Writing) error {
	sort, name, _ := strings.Cut(w.Body.Subject, ":")
	switch sort {
	case "claim":
		return s.fromClaim(ctx, c, name, w)
	case "project":
		if w.Body.Title != "" && division != "" {
			return nil
		}
		return s.fromAlert(ctx, c, name, w)
	}
	return nil
}

func (s *Server) fromAlert(ctx context.Context, c *call, project string, w *matter.Writing) error {
	on := c.today
	if !w.On.IsZero() {
		on = w.On
	}
	for _, light := range []string{"red_alerts", "yellow_alerts"} {
		q := figure.Query{Division: c.home, AsOf: on, Scope: c.scope, Records: c.scope, Rows: math.MaxInt32}
		f, err := s.Figures.Get(ctx, light, q)
		if err != nil {
			return err
		}
		for _, row := range f.Value.Rows {
			if row.ID == project {
				w.Division = row.Division
				w.Body.Title, w.Body.Kind = or(w.Body.Title, f.Title.ZH+"："+row.Label), or(w.Body.Kind, "progress")
				return nil
			}
		}
	}
	return access.NotFound(errs.Text{ZH: "预警项目", EN: "project with an alert"})
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func (s *Server) fromClaim(ctx context.Context, c *call, name string, w *matter.Writing) error {
	document, which, _ := strings.Cut(name, "/")
	d, err := s.Claims.Document(ctx, c.actor, c.today, document)
	if err != nil {
		return err
	}
	all, err := s.Claims.Judge(ctx, c.actor, c.today, &d, claim.Request{AsOf: w.On})
	if err != nil {
		return err
	}
	for i := range all {
		if all[i].Claim != which {
			continue
		}
		if all[i].Verdict == claim.Reached || all[i].Verdict == "" {
			return errs.New(errs.Conflict, "server.fromClaim", "这条提法已达到或不作判断，没有问题可登记。", "The claim is borne out or not judged; there is no problem to open.")
		}
		w.Division = s.City
		w.Body.Title = or(w.Body.Title, all[i].Verdict.Text().ZH+"："+all[i].Sentence.ZH)
		w.Body.Kind = or(w.Body.Kind, "claim")
		return nil
	}
	return access.NotFound(errs.Text{ZH: "提法", EN: "claim"})
}

func (s *Server) writeDecisionAct(ctx context.Context, c *call, in *writeMatterInput) (*writtenOutput[matter.Decision], error) {
	w, err := s.writing(c, in, errs.Text{ZH: "督办事项", EN: "supervised decision"})
	if err != nil {
		return nil, err
	}
	d, err := s.Problems.WriteDecision(ctx, c.actor, c.today, w)
	return &writtenOutput[matter.Decision]{etag(d.Version), d}, err
}

func (s *Server) reminders(ctx context.Context, c *call, in *remindersInput) (*remindersOutput, error) {
	m := MomentInput{AsOf: in.AsOf}
	moment, err := m.moment(c)
	if err != nil {
		return nil, err
	}
	all, err := s.Problems.Reminders(ctx, c.actor, c.today, moment.AsOf)
	out := &remindersOutput{}
	out.Body.Reminders = make([]reminderView, 0, len(all))
	for i := range all {
		out.Body.Reminders = append(out.Body.Reminders, reminderView{all[i].What, all[i].Days, all[i].Level, s.matterRow(&all[i].Head, moment.AsOf)})
	}
	return out, err
}
