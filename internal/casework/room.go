package casework

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

// Room keeps the cases of a city's investors.
type Room struct {
	desk  desk
	city  place.ID
	shelf *dossier.Shelf[Case]
}

// New is the room over an open database whose migrations ran.
func New(d *db.DB, city place.ID) (*Room, error) {
	catalogue, err := ShippedCatalogue()
	if err != nil {
		return nil, err
	}
	calendar, err := ShippedCalendar()
	r := &Room{desk: desk{catalogue, calendar}, city: city}
	r.shelf = dossier.New(d, r.desk.machine())
	return r, err
}

// Catalogue is the list of matters, papers and reasons.
func (r *Room) Catalogue() Catalogue { return r.desk.catalogue }

// LedgerRecords gives what the room stores to the verification of the log.
func (r *Room) LedgerRecords() []ledger.RecordSource { return r.shelf.LedgerRecords() }

// Writing is one act as somebody wants it written.
type Writing struct {
	Entry    uuid.UUID // made by the caller, so that a repeat is harmless
	ID       uuid.UUID // of the case, made by whoever applies
	Division place.ID  // of an application
	Version  int64     // that was read; 0 for an application
	Act      string
	On       day.Date // zero is today
	Body     Act
}

// owned are the acts of the investor; a department may do those that are not the investor's alone on their behalf.
func owned(act string) bool {
	return slices.Contains([]string{ActApplied, ActSupplied, ActWithdrawn, ActRated}, act)
}

// writer is as whom the actor may do an act: a department over its territory, or an investor over the own cases.
func writer(actor access.Actor, act string, today day.Date) (dossier.Reader, error) {
	w := dossier.Reader{Scope: actor.Scope(access.HandleCases, today)}
	if owned(act) && !actor.Scope(access.OwnCases, today).IsEmpty() {
		w.Owner = actor.ID
	}
	if w.Scope.IsEmpty() && w.Owner == "" {
		_, err := actor.Require(access.HandleCases, today)
		return w, err
	}
	return w, nil
}

// reader is what the actor sees: the cases of a territory, the own ones, or both.
func reader(actor access.Actor, today day.Date) (dossier.Reader, error) {
	w := dossier.Reader{Scope: actor.Scope(access.ReadCases, today)}
	if !actor.Scope(access.OwnCases, today).IsEmpty() {
		w.Owner = actor.ID
	}
	if w.Scope.IsEmpty() && w.Owner == "" {
		_, err := actor.Require(access.ReadCases, today)
		return w, err
	}
	return w, nil
}

// Write writes an act on a case. An application takes with it the papers that the same investor handed in before and that are still good.
func (r *Room) Write(ctx context.Context, actor access.Actor, today day.Date, w Writing) (Case, error) {
	as, err := writer(actor, w.Act, today)
	if err != nil {
		return Case{}, err
	}
	if w.Act == ActApplied {
		if there, err := r.shelf.Get(ctx, as, w.ID, dossier.Moment{}); err == nil && there.Entries[0].ID == w.Entry {
			return there.State, nil // sent again: what has been handed in since must not make another application of it
		}
		if err := r.prepare(ctx, as, today, &w); err != nil {
			return Case{}, err
		}
	} else {
		w.Body.Owner = ""
	}
	d, err := r.shelf.Add(ctx, actor, as, dossier.Draft{
		ID: w.Entry, Dossier: w.ID, Division: w.Division, Version: w.Version, On: w.On, Act: w.Act, Body: w.Body, Reason: w.Body.Words,
	})
	return d.State, err
}

func (r *Room) prepare(ctx context.Context, as dossier.Reader, today day.Date, w *Writing) error {
	if !r.city.Contains(w.Division) {
		return access.NotFound(errs.Text{ZH: "区划", EN: "division"})
	}
	if as.Owner != "" {
		w.Body.Owner = as.Owner
	}
	for i := range w.Body.Documents {
		w.Body.Documents[i].From = uuid.UUID{} // what is handed in here comes from nowhere else
	}
	if w.Body.Owner == "" {
		return nil
	}
	on := w.On
	if on.IsZero() {
		on = today
	}
	m, err := r.desk.catalogue.matter(w.Body.Matter, on)
	if err != nil {
		return err
	}
	before, err := r.shelf.All(ctx, dossier.Reader{Scope: as.Scope, Owner: w.Body.Owner}, dossier.Moment{AsOf: on})
	for _, code := range m.Documents {
		if slices.ContainsFunc(w.Body.Documents, func(h Handed) bool { return h.Code == code }) {
			continue
		}
		if h, ok := r.again(before, w.Body.Owner, code, on); ok {
			w.Body.Documents = append(w.Body.Documents, h)
		}
	}
	return err
}

// again is the latest paper of the sort that the investor handed in before and that is still good.
func (r *Room) again(before []dossier.Dossier[Case], owner, code string, on day.Date) (best Handed, found bool) {
	valid := r.desk.catalogue.paper(code).ValidDays
	for i := range before {
		if before[i].State.Owner != owner {
			continue
		}
		for _, h := range before[i].State.Documents {
			if h.Code != code || on.DaysSince(h.On) > valid || found && !h.On.After(best.On) {
				continue
			}
			if found, best = true, h; h.From == (uuid.UUID{}) {
				best.From = before[i].Dossier
			}
		}
	}
	return best, found
}

// Held is a paper that an investor handed in before and that is still good.
type Held struct {
	Handed

	Until day.Date `json:"until"` // the last day on which it is taken again
}

// Held lists the investor's papers that are good on the day, one of each sort, in the order of the catalogue.
func (r *Room) Held(ctx context.Context, actor access.Actor, today, on day.Date) ([]Held, error) {
	if _, err := actor.Require(access.OwnCases, today); err != nil {
		return nil, err
	}
	held := []Held{}
	before, err := r.shelf.All(ctx, dossier.Reader{Owner: actor.ID}, dossier.Moment{AsOf: on})
	for _, p := range r.desk.catalogue.Documents {
		if h, ok := r.again(before, actor.ID, p.Code, on); ok {
			held = append(held, Held{h, h.On.AddDays(p.ValidDays)})
		}
	}
	return held, err
}

// Case reads one as of a moment, with its papers.
func (r *Room) Case(ctx context.Context, actor access.Actor, today day.Date, id uuid.UUID, at dossier.Moment) (Case, []dossier.Entry, error) {
	as, err := reader(actor, today)
	if err != nil {
		return Case{}, nil, err
	}
	d, err := r.shelf.Get(ctx, as, id, at)
	return d.State, d.Entries, err
}

// Cases lists cases, the soonest due first.
func (r *Room) Cases(ctx context.Context, actor access.Actor, today day.Date, f dossier.Filter, after string, limit int) (dossier.Page, error) {
	as, err := reader(actor, today)
	if err != nil {
		return dossier.Page{}, err
	}
	return r.shelf.List(ctx, as, f, after, limit)
}

// Figures are what the room publishes in the book.
func (r *Room) Figures() []figure.Entry {
	percent := errs.Text{ZH: "%", EN: "%"}
	return []figure.Entry{
		dossier.Counted(r.shelf, figure.Entry{
			Name: "open_cases", Opens: access.ReadCases, Title: errs.Text{ZH: "在办的投资方事项", EN: "Investors' cases under way"}, Unit: errs.Text{ZH: "件", EN: "cases"},
			Definition: errs.Text{ZH: "该日已申请、没有办结或撤回的办件，含等补正和停表的。", EN: "Cases applied for by the day that are neither finished nor withdrawn, those sent back or stopped included."},
		}, func(d *dossier.Dossier[Case], _ day.Date) bool { return d.Open }),
		dossier.Share(r.shelf, figure.Entry{
			Name: "cases_on_time", Opens: access.ReadCases, Title: errs.Text{ZH: "按期办结率", EN: "Share of cases finished in time"}, Unit: percent, Decimals: 1,
			Definition: errs.Text{ZH: "当年办结的办件中，在法定时限内（工作日，扣除有理由的停表）办结的百分比。没有办结的不计。", EN: "Of the cases finished in the year, those within the legal deadline in working days, stops with a reason left out. Unfinished ones are not counted."},
		}, func(d *dossier.Dossier[Case], on day.Date) (has, inWhole bool) {
			return d.State.onTime(), d.State.State == Finished && d.State.FinishedOn.Year() == on.Year()
		}),
		dossier.Share(r.shelf, figure.Entry{
			Name: "cases_first_time_right", Opens: access.ReadCases, Title: errs.Text{ZH: "一次办成率", EN: "Share of cases right the first time"}, Unit: percent, Decimals: 1,
			Definition: errs.Text{ZH: "当年受理的办件中，没有退回补正过的百分比。", EN: "Of the cases accepted in the year, those that were never sent back for papers."},
		}, func(d *dossier.Dossier[Case], on day.Date) (has, inWhole bool) {
			return d.State.SentBack == 0, !d.State.AcceptedOn.IsZero() && d.State.AcceptedOn.Year() == on.Year()
		}),
		dossier.Summed(r.shelf, figure.Entry{
			Name: "documents_spared", Opens: access.ReadCases, Title: errs.Text{ZH: "免于重复提交的材料", EN: "Papers not asked for again"}, Unit: errs.Text{ZH: "份", EN: "papers"},
			Definition: errs.Text{ZH: "当年申请的办件中，直接使用同一投资方以前交过、仍在有效期内的材料份数。", EN: "In cases applied for in the year, papers taken from earlier cases of the same investor that are still good."},
		}, func(d *dossier.Dossier[Case], on day.Date) (float64, bool) {
			n := d.State.spared()
			return float64(n), n > 0 && d.State.AppliedOn.Year() == on.Year()
		}),
	}
}
