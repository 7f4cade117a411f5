package portfolio

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"liandong/day"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/ledger"
	"liandong/place"
)

// Ref names a noun: enough for a link on a page.
type Ref struct {
	ID   ID     `json:"id"`
	Kind Kind   `json:"kind"`
	Name string `json:"name"`
	Role string `json:"role,omitempty" doc:"of an organisation in a project, a code of Roles"`
}

// ProjectView is one project at a moment, with everything that its page shows.
type ProjectView struct {
	State
	Document    *Project
	Valid       day.Date // since when the document holds
	Recorded    time.Time
	Version     int64 // the newest version, for If-Match
	Count       Count
	Events      []Event
	Milestones  []MilestoneBar
	Reports     []Report
	Inspections []Inspection
	Links       []Ref
	Next        []Stage
}

// Project reads one project at a moment. One outside the scope, or not yet known at the moment, is not found.
func (r *Room) Project(ctx context.Context, scope access.Scope, id ID, m Moment) (ProjectView, error) {
	return read(ctx, r, func(tx *db.Tx) (ProjectView, error) {
		s, ok, err := subjectOf(tx, id)
		if err != nil {
			return ProjectView{}, err
		}
		if !ok || s.Kind != ProjectKind || !scope.Contains(s.Division) {
			return ProjectView{}, access.NotFound(ProjectKind.Word())
		}
		h, err := r.historyOf(tx, s.County, id, m.known())
		if err != nil {
			return ProjectView{}, err
		}
		states := r.states(r.alerts.watch(), h, m.AsOf)
		if len(states) == 0 {
			return ProjectView{}, access.NotFound(ProjectKind.Word())
		}
		v := ProjectView{State: states[len(states)-1], Version: s.Version}
		v.fill(r, h, m)
		v.Links, err = namedLinks(tx, h, m)
		return v, err
	})
}

// fill adds what holds at the moment beside the state.
func (v *ProjectView) fill(r *Room, h *history, m Moment) {
	for _, d := range h.Documents {
		if !d.On.After(m.AsOf) {
			v.Document, v.Valid, v.Recorded = d.Value, d.On, time.UnixMicro(d.RecordedAt).UTC()
		}
	}
	v.Events, v.Milestones = h.eventsUntil(m.AsOf), h.milestonesOn(m.AsOf)
	v.Count = r.counting.Count(v.Events, v.Stage)
	for i := range h.Reports {
		if !h.Reports[i].Month.After(m.AsOf) {
			v.Reports = append(v.Reports, h.Reports[i])
		}
	}
	for i := range h.Inspections {
		if !h.Inspections[i].Month.After(m.AsOf) {
			v.Inspections = append(v.Inspections, h.Inspections[i])
		}
	}
	v.Next = NextStages(v.Stage)
}

// namedLinks are what a project belongs to on the day, with names.
func namedLinks(tx *db.Tx, h *history, m Moment) ([]Ref, error) {
	on := int64(m.AsOf.UnixDays())
	var refs []Ref
	for _, l := range h.links() {
		if on < l.From || on >= l.Until {
			continue
		}
		s, ok, err := subjectOf(tx, l.Target)
		if err != nil {
			return nil, err
		}
		if ok {
			refs = append(refs, Ref{l.Target, l.Kind, s.Name, l.Role})
		}
	}
	return refs, nil
}

// Step is one record of a timeline.
type Step struct {
	Kind     Kind            `json:"kind" doc:"project, organisation, agreement, platform, event, report, inspection or output"`
	On       day.Date        `json:"on"`
	Recorded time.Time       `json:"recorded_at"`
	Actor    string          `json:"actor"`
	Source   string          `json:"source,omitempty"`
	Reason   string          `json:"reason,omitempty"`
	Leaf     int64           `json:"leaf" doc:"its place in the log of its county"`
	Replaced bool            `json:"replaced,omitempty" doc:"a later record of the same fact stands in its place"`
	Body     json.RawMessage `json:"body" doc:"the record as it was written"`
}

// Timeline is every record of a noun by its day, as recorded by the moment, with who wrote it.
func (r *Room) Timeline(ctx context.Context, scope access.Scope, kind Kind, id ID, m Moment) ([]Step, error) {
	return read(ctx, r, func(tx *db.Tx) ([]Step, error) {
		s, err := r.visible(tx, scope, kind, id)
		if err != nil {
			return nil, err
		}
		rows, err := db.Collect(tx, scanRecord, `SELECT `+recordColumns+` FROM portfolio_record WHERE county = ? AND subject = ? AND recorded_at <= ? AND on_day <= ?
			ORDER BY on_day, recorded_at, kind, item`, int64(s.County), id, m.known(), m.AsOf)
		if err != nil {
			return nil, err
		}
		steps := make([]Step, 0, len(rows))
		for i := range rows {
			row := &rows[i]
			act, err := ledger.ActOf(tx, int64(row.county), row.leaf)
			if err != nil {
				return nil, err
			}
			steps = append(steps, Step{
				Kind: row.kind, On: row.on, Recorded: time.UnixMicro(row.recordedAt).UTC(), Actor: act.Actor, Source: act.Source, Reason: act.Reason, Leaf: row.leaf,
				Replaced: replaced(rows, row), Body: row.body,
			})
		}
		return steps, nil
	})
}

// replaced reports whether a later record says something else of the same fact.
func replaced(rows []record, row *record) bool {
	return slices.ContainsFunc(rows, func(o record) bool {
		sameDay := o.on == row.on || row.kind == eventKind
		return o.kind == row.kind && o.item == row.item && sameDay && o.recordedAt > row.recordedAt
	})
}

// visible gives a noun's row where the reader may see it: it lies in the scope, or a project that does belongs to it.
func (r *Room) visible(tx *db.Tx, scope access.Scope, kind Kind, id ID) (subject, error) {
	s, ok, err := subjectOf(tx, id)
	if err != nil {
		return subject{}, err
	}
	if ok && s.Kind == kind && scope.Contains(s.Division) {
		return s, nil
	}
	if !ok || s.Kind != kind || kind == ProjectKind {
		return subject{}, access.NotFound(kind.Word())
	}
	predicate, args := scope.Predicate("s.division")
	var n int64
	err = tx.QueryRow(`SELECT COUNT(*) FROM project_link l JOIN portfolio_subject s ON s.county = l.county AND s.subject = l.project
		WHERE l.kind = ? AND l.target = ? AND `+predicate, append([]any{string(kind), id}, args...)...).Scan(&n)
	if err == nil && n == 0 {
		err = access.NotFound(kind.Word())
	}
	return s, err
}

// NounView is an organisation, agreement or platform at a moment, with its projects as far as they lie in the scope.
type NounView struct {
	ID       ID
	Document Document
	Division place.ID
	Valid    day.Date
	Recorded time.Time
	Version  int64
	Projects []State
	Related  []Ref    // agreements of an organisation, parties of an agreement
	Outputs  []Output // of a platform, by year
	Rates    *Rates   // of an organisation and an agreement
}

// Rates are the three measures of what came of what was signed; nil where there is nothing to divide by.
type Rates struct {
	Fulfilment *float64 `json:"fulfilment_rate" doc:"履约率: agreements that have led to a signed project, percent"`
	Start      *float64 `json:"start_rate" doc:"开工率: signed projects whose work has begun, percent"`
	Arrival    *float64 `json:"funds_arrival_rate" doc:"资金到位率: money arrived of the counted investment, percent"`
	Agreements int      `json:"agreements"`
	Fulfilled  int      `json:"fulfilled" doc:"agreements that have led to a signed project"`
	Started    int      `json:"started" doc:"projects whose work has begun"`
	Arrived    float64  `json:"arrived" doc:"money arrived at projects with both an amount and a report of money, in 100 million yuan"`
	Invested   float64  `json:"invested" doc:"counted investment of those projects, in 100 million yuan"`
	Measured   int      `json:"measured" doc:"how many those projects are"`
	Projects   int      `json:"projects" doc:"signed, within the reader's territory"`
}

// Noun reads an organisation, agreement or platform at a moment.
func (r *Room) Noun(ctx context.Context, scope access.Scope, kind Kind, id ID, m Moment) (NounView, error) {
	return read(ctx, r, func(tx *db.Tx) (NounView, error) {
		s, err := r.visible(tx, scope, kind, id)
		if err != nil {
			return NounView{}, err
		}
		rows, err := db.Collect(tx, scanRecord, `SELECT `+recordColumns+` FROM portfolio_record WHERE county = ? AND subject = ? AND kind = ? AND on_day <= ? AND recorded_at <= ?
			ORDER BY on_day DESC, recorded_at DESC, revision DESC LIMIT 1`, int64(s.County), id, string(kind), m.AsOf, m.known())
		if err != nil {
			return NounView{}, err
		}
		if len(rows) == 0 {
			return NounView{}, access.NotFound(kind.Word())
		}
		v := NounView{ID: id, Division: s.Division, Valid: rows[0].on, Recorded: time.UnixMicro(rows[0].recordedAt).UTC(), Version: s.Version}
		if v.Document, err = parseDocument(kind, rows[0].body); err != nil {
			return v, err
		}
		return v, r.relate(tx, s.County, scope, &v, m)
	})
}

// relate adds what belongs to the noun.
func (r *Room) relate(tx *db.Tx, county place.ID, scope access.Scope, v *NounView, m Moment) error {
	o, err := r.overviewAt(tx, scope, m)
	if err != nil {
		return err
	}
	links := o.ofAgreement
	switch d := v.Document.(type) {
	case *Organisation:
		links = o.ofGroup
		rates := o.ratesOf(v.ID)
		v.Rates = &rates
		for _, at := range o.byParty[v.ID] {
			if a := o.agreements[at]; o.holds(a.Document) {
				v.Related = append(v.Related, Ref{a.ID, AgreementKind, a.Document.Name, ""})
			}
		}
	case *Agreement:
		for _, p := range d.Parties {
			if g := o.organisations[p.Organisation]; g != nil {
				v.Related = append(v.Related, Ref{p.Organisation, OrganisationKind, g.Name, p.Role})
			}
		}
		rates := ratesOf([]standing[*Agreement]{{v.ID, d}}, o, o.projects(o.ofAgreement[v.ID]))
		v.Rates = &rates
	case *Platform:
		links = o.links[PlatformKind]
		if v.Outputs, err = outputsOf(tx, county, v.ID, m); err != nil {
			return err
		}
	}
	for _, s := range o.projects(links[v.ID]) {
		v.Projects = append(v.Projects, *s)
	}
	slices.SortFunc(v.Projects, func(a, b State) int { return cmp.Compare(a.Name, b.Name) })
	return nil
}

// outputsOf are a platform's outputs, the last word on each year.
func outputsOf(tx *db.Tx, county place.ID, id ID, m Moment) ([]Output, error) {
	rows, err := db.Collect(tx, scanRecord, `SELECT `+recordColumns+` FROM portfolio_record WHERE county = ? AND subject = ? AND kind = ? AND on_day <= ? AND recorded_at <= ?
		ORDER BY on_day, recorded_at, revision`, int64(county), id, string(outputKind), m.AsOf, m.known())
	if err != nil {
		return nil, err
	}
	var all []Output
	for i := range rows {
		var o Output
		if err := decode(rows[i].body, &o); err != nil {
			return nil, err
		}
		if n := len(all) - 1; n >= 0 && all[n].Year == o.Year {
			all[n] = o
			continue
		}
		all = append(all, o)
	}
	return all, nil
}

// ratesOf are the rates of one organisation.
func (o *overview) ratesOf(id ID) Rates {
	var agreements []standing[*Agreement]
	projects := slices.Clone(o.ofGroup[id])
	seen := map[ID]bool{}
	for _, p := range projects {
		seen[p] = true
	}
	for _, at := range o.byParty[id] {
		a := o.agreements[at]
		if a.Document.Kind != cooperation || !o.holds(a.Document) {
			continue
		}
		agreements = append(agreements, a)
		for _, p := range o.ofAgreement[a.ID] {
			if !seen[p] {
				seen[p], projects = true, append(projects, p)
			}
		}
	}
	return ratesOf(agreements, o, o.projects(projects))
}

func ratesOf(agreements []standing[*Agreement], o *overview, projects []*State) Rates {
	part := &overview{view: o.view, scope: o.scope, signed: agreements, ofAgreement: o.ofAgreement}
	for _, s := range projects {
		if s.Counted {
			part.states = append(part.states, s)
		}
	}
	rates := Rates{Agreements: len(agreements), Projects: len(part.states)}
	above, under, _, _ := part.fulfilment()
	rates.Fulfilment, rates.Fulfilled = ratio(above, under), int(above)
	above, under, _, _ = part.starts()
	rates.Start, rates.Started = ratio(above, under), int(above)
	above, under, rows, _ := part.arrivals()
	rates.Arrival, rates.Arrived, rates.Invested, rates.Measured = ratio(above, under), above, under, len(rows)
	return rates
}

func ratio(above, under float64) *float64 {
	if under == 0 {
		return nil
	}
	v := percent * above / under
	return &v
}
