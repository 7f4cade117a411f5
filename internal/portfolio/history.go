package portfolio

import (
	"cmp"
	"math"
	"slices"

	"liandong/day"
	"liandong/money"
	"liandong/place"
)

// dated is a document that holds from a day on.
type dated[T any] struct {
	On         day.Date
	RecordedAt int64
	Value      T
}

// history is everything known of one project: what is not known at the moment of reading is not in it.
type history struct {
	County      place.ID
	ID          ID
	Documents   []dated[*Project] // by day, then by recording
	Events      []Event           // in the order of the counting rules, without those taken back
	Reports     []Report          // by month
	Inspections []Inspection      // by month
}

// documentOn is the document that holds on a day; nil before the first.
func (h *history) documentOn(on day.Date) *Project {
	var p *Project
	for _, d := range h.Documents {
		if d.On.After(on) {
			break
		}
		p = d.Value
	}
	return p
}

func (h *history) eventsUntil(on day.Date) []Event {
	n := len(h.Events)
	for n > 0 && h.Events[n-1].On.After(on) {
		n--
	}
	return h.Events[:n]
}

// State is a project on a day, computed from its facts.
type State struct {
	Project    ID
	County     place.ID // under which its records are kept
	From       day.Date // since when it is so
	Division   place.ID
	Number     string
	Name       string
	Programme  string
	Sector     string
	Zone       string
	Origin     string // the city it comes from, a code of OriginCities
	Function   string // the kind of non-capital function that moves, a code of Functions
	Stage      Stage
	StageSince day.Date
	Phase      int
	Counted    bool
	Amount     *money.Fen // counted once
	Complete   bool
	Basis      string
	CountedOn  day.Date
	NoLater    bool // counted on that day or before: the source gives no day
	Light      Light
	Lights     [lightCount]Light
	Slipped    [lightCount]bool // was red once and caught up
	Started    day.Date         // of the first stage of work
	Bound      bool             // started on that day or before
	Physical   *float64
	Planned    *float64
	Arrived    *money.Fen
	Spent      *money.Fen
	ReportedOn day.Date // month of the latest report
	Owner      *float64 // the owner's confidence
	Inspector  *float64 // the inspector's
}

// Gap is how much surer the owner is of the schedule than the inspector, in points; nil where one of them said nothing.
func (s *State) Gap() *float64 {
	if s.Owner == nil || s.Inspector == nil {
		return nil
	}
	gap := *s.Owner - *s.Inspector
	return &gap
}

// same reports whether two states differ in nothing but the day they begin on.
func (s *State) same(o *State) bool {
	a, b := *s, *o
	a.From, b.From = day.Date{}, day.Date{}
	equal := pointed(a.Amount, b.Amount) && pointed(a.Physical, b.Physical) && pointed(a.Planned, b.Planned) && pointed(a.Arrived, b.Arrived) &&
		pointed(a.Spent, b.Spent) && pointed(a.Owner, b.Owner) && pointed(a.Inspector, b.Inspector)
	for _, x := range []*State{&a, &b} {
		x.Amount, x.Physical, x.Planned, x.Arrived, x.Spent, x.Owner, x.Inspector = nil, nil, nil, nil, nil, nil, nil
	}
	return equal && a == b
}

func pointed[T comparable](a, b *T) bool {
	return a == b || a != nil && b != nil && *a == *b
}

// foresight is how many months beyond the last known day the state is computed: thresholds of the alert rules lie far within it, so that
// afterwards nothing changes by the mere passing of time.
const foresight = 24

// changes lists the days on which the state may change: those of facts, and every month end until the foresight is over.
func (h *history) changes() []day.Date {
	var days []day.Date
	for _, d := range h.Documents {
		days = append(days, d.On)
	}
	for i := range h.Events {
		days = append(days, h.Events[i].On)
	}
	for i := range h.Reports {
		days = append(days, h.Reports[i].Month)
	}
	for i := range h.Inspections {
		days = append(days, h.Inspections[i].Month)
	}
	if len(days) == 0 {
		return nil
	}
	byDay := func(a, b day.Date) int { return a.Compare(b) }
	begin, last := slices.MinFunc(days, byDay), slices.MaxFunc(days, byDay)
	for _, d := range h.Documents {
		if planned := d.Value.StartPlanned; planned.After(last) {
			last = planned
		}
	}
	end := monthEnd(begin)
	for n := foresight; n > 0; end = nextMonthEnd(end) {
		days = append(days, end)
		if !end.Before(last) {
			n--
		}
	}
	slices.SortFunc(days, byDay)
	return slices.Compact(days)
}

// states walks a project through its days: one state for every run of days on which nothing changes, in order. until, where it is not zero, is
// the last day that is asked about.
func (r *Room) states(w *watch, h *history, until day.Date) []State {
	w.forget()
	stages, _ := course(h.Events) // what was stored was checked; an unknown step ends the course
	var all []State
	for _, on := range h.changes() {
		if !until.IsZero() && on.After(until) {
			break
		}
		s, ok := r.stateOn(w, h, stages, on)
		if ok && (len(all) == 0 || !all[len(all)-1].same(&s)) {
			all = append(all, s)
		}
	}
	return all
}

// stateOn is the state on a day; the watch has seen all days before it.
func (r *Room) stateOn(w *watch, h *history, stages []staged, on day.Date) (State, bool) {
	p := h.documentOn(on)
	if p == nil || p.Withdrawn {
		return State{}, false
	}
	s := State{
		Project: h.ID, County: h.County, From: on, Division: p.Division, Number: p.Number, Name: p.Name, Programme: p.Programme, Sector: p.Sector, Zone: p.Zone,
	}
	if p.Origin != nil {
		s.Origin, s.Function = p.Origin.City, p.Origin.Function
	}
	for _, at := range stages {
		if at.On.After(on) {
			break
		}
		s.Stage, s.StageSince, s.Phase = at.Stage, at.On, at.Phase
		if at.building() && s.Started.IsZero() {
			s.Started, s.Bound = at.On, at.Bound
		}
	}
	n := r.counting.Count(h.eventsUntil(on), s.Stage)
	s.Counted, s.Amount, s.Complete, s.Basis, s.CountedOn, s.NoLater = n.Counted, n.Amount, n.Complete, n.Basis, n.On, n.NoLater
	h.progress(&s, on)
	lights, slipped := w.look(h.situation(&s, p, on), on)
	s.Lights, s.Slipped, s.Light = lights, slipped, worst(lights)
	return s, true
}

// progress takes what the latest report and inspection say.
func (h *history) progress(s *State, on day.Date) {
	if r := h.reportOn(on); r != nil {
		s.Physical, s.Planned, s.Arrived, s.Spent, s.ReportedOn, s.Owner = r.Physical, r.Planned, sum(r.Arrived), sum(r.Spent), r.Month, r.Confidence
	}
	for i := range h.Inspections {
		if h.Inspections[i].Month.After(on) {
			break
		}
		s.Inspector = h.Inspections[i].Confidence
	}
}

func (h *history) reportOn(on day.Date) *Report {
	var last *Report
	for i := range h.Reports {
		if h.Reports[i].Month.After(on) {
			break
		}
		last = &h.Reports[i]
	}
	return last
}

// situation is what the alert rules see.
func (h *history) situation(s *State, p *Project, on day.Date) *situation {
	seen := &situation{stage: s.Stage, physical: s.Physical, planned: s.Planned, ownerConfidence: s.Owner, inspectorConfidence: s.Inspector}
	if !p.StartPlanned.IsZero() {
		seen.monthsAfterPlannedStart = months(p.StartPlanned, on)
	}
	if !s.Started.IsZero() && !s.Bound {
		seen.monthsAfterStart = months(s.Started, on)
	}
	for _, e := range h.eventsUntil(on) {
		seen.inStatistics = seen.inStatistics || e.Kind == Statistics
	}
	if r := h.reportOn(on); r != nil {
		seen.arrivedDue = r.ArrivedDue
		if s.Arrived != nil && s.Amount != nil && *s.Amount > 0 {
			percent := 100 * float64(*s.Arrived) / float64(*s.Amount)
			seen.arrived = &percent
		}
	}
	return seen
}

// months counts the month ends that have passed since the month of a day, its own being 0; negative before it.
func months(since, on day.Date) *float64 {
	n := float64(monthsEnded(on) - (since.Year()*12 + since.Month()))
	return &n
}

func roundHalfAway(v float64) float64 { return math.Round(v) }

// sorted puts the facts of a history in order.
func (h *history) sorted(c *Counting) {
	slices.SortFunc(h.Documents, func(a, b dated[*Project]) int {
		return cmp.Or(a.On.Compare(b.On), cmp.Compare(a.RecordedAt, b.RecordedAt))
	})
	c.inOrder(h.Events)
	slices.SortFunc(h.Reports, func(a, b Report) int { return a.Month.Compare(b.Month) })
	slices.SortFunc(h.Inspections, func(a, b Inspection) int { return a.Month.Compare(b.Month) })
}
