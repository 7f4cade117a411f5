package boundary

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/peterstace/simplefeatures/geom"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/dossier"
	"liandong/internal/ledger"
	"liandong/place"
)

// Room keeps the boundaries of one city. It is safe for concurrent use.
type Room struct {
	places    *place.Gazetteer
	city      place.ID
	divisions func(place.ID) []place.ID
	shelf     *dossier.Shelf[paper]

	mu    sync.Mutex
	held  map[uuid.UUID]dossier.Dossier[paper] // what was read, by its latest version
	drawn map[view][]Drawn
}

// New is the room over an open database whose migrations ran. divisions lists the divisions directly below one, in order.
func New(d *db.DB, places *place.Gazetteer, city place.ID, divisions func(place.ID) []place.ID) *Room {
	return &Room{places: places, city: city, divisions: divisions, shelf: dossier.New(d, machine()), held: map[uuid.UUID]dossier.Dossier[paper]{}, drawn: map[view][]Drawn{}}
}

// paper is the state of a dossier: a set, and whether it still holds.
type paper struct {
	set       Set
	actor     string
	recorded  time.Time
	withdrawn time.Time
	by        string
	reason    string
}

const (
	actImported  = "imported"
	actWithdrawn = "withdrawn"
)

// withdrawal is the body of the second act.
type withdrawal struct {
	Reason string `json:"reason"`
}

func noun() errs.Text { return errs.Text{ZH: "底图", EN: "base map"} }

func machine() dossier.Machine[paper] {
	return dossier.Machine[paper]{
		Kind: "boundaries", Noun: noun(),
		Step: func(p paper, e dossier.Entry) (paper, error) {
			switch {
			case e.Act == actImported && p.recorded.IsZero():
				p.actor, p.recorded = e.Actor, e.Recorded
				return p, errs.Wrap("boundary.step", json.Unmarshal(e.Body, &p.set))
			case e.Act == actWithdrawn && p.withdrawn.IsZero():
				var w withdrawal
				if err := json.Unmarshal(e.Body, &w); err != nil {
					return p, errs.Wrap("boundary.step", err)
				}
				if strings.TrimSpace(w.Reason) == "" {
					return p, invalid("reason", "请写明为什么停用。", "Say why it is withdrawn.")
				}
				p.withdrawn, p.by, p.reason = e.Recorded, e.Actor, w.Reason
				return p, nil
			}
			return p, errs.New(errs.Conflict, "boundary.step", "这份底图已经停用。", "This base map was withdrawn already.")
		},
		Head: func(p paper) dossier.Head {
			state := actImported
			if !p.withdrawn.IsZero() {
				state = actWithdrawn
			}
			return dossier.Head{State: state, Open: p.withdrawn.IsZero(), Title: p.set.Name, Subject: p.set.Number, Group: string(p.set.System)}
		},
	}
}

// LedgerRecords gives what the room stores to the verification of the log.
func (r *Room) LedgerRecords() []ledger.RecordSource { return r.shelf.LedgerRecords() }

// mayOver asks that the actor runs the installation of the whole city.
func (r *Room) mayOver(actor access.Actor, today day.Date) (access.Scope, error) {
	scope, err := actor.Require(access.Operate, today)
	if err == nil && !scope.Contains(r.city) {
		err = access.NotFound(noun())
	}
	return scope, err
}

// Check looks at a file and keeps nothing.
func (r *Room) Check(actor access.Actor, today day.Date, f *File) (Checked, error) {
	if _, err := r.mayOver(actor, today); err != nil {
		return Checked{}, err
	}
	return r.check(f, today)
}

func (r *Room) check(f *File, today day.Date) (out Checked, err error) {
	out = Checked{Refusals: []Finding{}, Notes: []Finding{}}
	c := check{places: r.places, city: r.city, divisions: r.divisions, on: f.On, seats: map[place.ID]geom.Point{}, found: map[place.ID]*found{}, out: &out}
	if c.on.IsZero() {
		c.on = today
	}
	seats, err := r.places.Seats()
	if err != nil {
		return out, err
	}
	for _, s := range seats {
		c.seats[s.County] = geom.XY{X: s.Longitude, Y: s.Latitude}.AsPoint()
	}
	return out, c.read(f)
}

// Import checks a file and keeps it under the id. With a refusal nothing is kept. The same id again gives what is kept.
func (r *Room) Import(ctx context.Context, actor access.Actor, today day.Date, id uuid.UUID, f *File) (Kept, Checked, error) {
	scope, err := r.mayOver(actor, today)
	if err != nil {
		return Kept{}, Checked{}, err
	}
	checked, err := r.check(f, today)
	if err == nil {
		err = checked.Err()
	}
	if err != nil {
		return Kept{}, checked, err
	}
	d, err := r.shelf.Add(ctx, actor, dossier.Reader{Scope: scope}, dossier.Draft{ID: id, Dossier: id, Division: r.city, Act: actImported, Body: checked.Set, Source: f.Name})
	if err != nil {
		return Kept{}, checked, err
	}
	return keptOf(&d), checked, nil
}

// Withdraw ends the use of a set, with a reason. Maps show the one before it again, or the schematic picture.
func (r *Room) Withdraw(ctx context.Context, actor access.Actor, today day.Date, id, entry uuid.UUID, version int64, reason string) (Kept, error) {
	scope, err := r.mayOver(actor, today)
	if err != nil {
		return Kept{}, err
	}
	d, err := r.shelf.Add(ctx, actor, dossier.Reader{Scope: scope}, dossier.Draft{ID: entry, Dossier: id, Version: version, Act: actWithdrawn, Body: withdrawal{reason}, Reason: reason})
	if err != nil {
		return Kept{}, err
	}
	return keptOf(&d), nil
}

// List gives every set that was kept, the latest first.
func (r *Room) List(ctx context.Context, actor access.Actor, today day.Date) ([]Kept, error) {
	if _, err := r.mayOver(actor, today); err != nil {
		return nil, err
	}
	all, err := r.all(ctx)
	kept := make([]Kept, 0, len(all))
	for i := range all {
		kept = append(kept, keptOf(&all[i]))
	}
	return kept, err
}

func keptOf(d *dossier.Dossier[paper]) Kept {
	p := &d.State
	k := Kept{ID: d.Dossier, Version: d.Version, Set: p.set, Counts: p.set.Counts(), Actor: p.actor, Recorded: p.recorded, Withdrawn: p.withdrawn, By: p.by, Reason: p.reason}
	k.Set.Areas = nil
	return k
}

// all are the sets with their areas, the latest first. Each is read from the store once a version: a set is megabytes, and every map asks.
func (r *Room) all(ctx context.Context) ([]dossier.Dossier[paper], error) {
	// Where the borders of the city lie is nobody's secret: whoever may see a map sees them, as far as the server shows divisions at all.
	reader := dossier.Reader{Scope: access.Console("").Scope(access.Operate, day.Date{}).Within(r.city)}
	var heads []dossier.Head
	for after := ""; ; {
		page, err := r.shelf.List(ctx, reader, dossier.Filter{}, after, 0)
		if err != nil {
			return nil, err
		}
		heads = append(heads, page.Heads...)
		if after = page.Next; after == "" {
			break
		}
	}
	all := make([]dossier.Dossier[paper], 0, len(heads))
	for i := range heads {
		d, err := r.read(ctx, reader, &heads[i])
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	slices.SortFunc(all, func(a, b dossier.Dossier[paper]) int { return b.State.recorded.Compare(a.State.recorded) })
	return all, nil
}

func (r *Room) read(ctx context.Context, reader dossier.Reader, h *dossier.Head) (dossier.Dossier[paper], error) {
	r.mu.Lock()
	known, ok := r.held[h.Dossier]
	r.mu.Unlock()
	if ok && known.Version == h.Version {
		return known, nil
	}
	d, err := r.shelf.Get(ctx, reader, h.Dossier, dossier.Moment{})
	if err != nil {
		return d, err
	}
	d.Entries = nil
	r.mu.Lock()
	r.held[h.Dossier] = d
	r.mu.Unlock()
	return d, nil
}
