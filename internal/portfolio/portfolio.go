// Package portfolio keeps the city's coordinated development: organisations, the agreements they sign, the projects that follow, and the
// platforms (parks, science cities, corridors) they settle on; the events of a project from talks to operation, its monthly reports, the money
// counted once, and the alerts that follow from all of it.
//
// Everything is a dated fact, written once and never altered: a document of a noun holds from a day on, an event has its day, a report its month.
// What a page shows is computed from them: Count by the counting rules, lights by the alert rules, both versioned documents of data. For reading
// without computing, every write also keeps the intervals of days on which a project's state is the same (table project_state).
//
// It is a room: it stands on db, ledger, access and figure, and on the engines below; casework and problem stand beside it.
package portfolio

import (
	"context"
	"time"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/db"
	"liandong/place"
)

// ID names an organisation, agreement, project, platform or one of their facts: a UUIDv7 made by whoever writes it down first.
type ID = uuid.UUID

// Room is the portfolio of one city, over an open database.
type Room struct {
	db       *db.DB
	places   *place.Gazetteer
	city     place.ID
	counting *Counting
	alerts   *Alerts
	now      func() time.Time
	newID    func() ID
	views    views
}

// Options are what a Room stands on. Now and NewID may be nil.
type Options struct {
	DB     *db.DB
	Places *place.Gazetteer
	City   place.ID
	Now    func() time.Time
	NewID  func() ID
}

// New is the room over an open database whose migrations ran.
func New(o Options) (*Room, error) {
	counting, err := ShippedCounting()
	if err != nil {
		return nil, err
	}
	alerts, err := ShippedAlerts()
	if err != nil {
		return nil, err
	}
	r := &Room{db: o.DB, places: o.Places, city: o.City, counting: counting, alerts: alerts, now: o.Now, newID: o.NewID}
	if r.now == nil {
		r.now = time.Now
	}
	if r.newID == nil {
		r.newID = func() ID { return uuid.Must(uuid.NewV7()) }
	}
	return r, nil
}

// Rules are the documents by which the room counts and warns.
func (r *Room) Rules() (*Counting, *Alerts) { return r.counting, r.alerts }

// Moment is the point from which the portfolio is read: what was so on AsOf, as far as it was recorded by KnownAt. The zero KnownAt is now.
type Moment struct {
	AsOf    day.Date
	KnownAt time.Time
}

// known is KnownAt in microseconds, or the end of time.
func (m Moment) known() int64 {
	if m.KnownAt.IsZero() {
		return 1<<63 - 1
	}
	return m.KnownAt.UnixMicro()
}

// read runs fn on one snapshot and gives what it makes.
func read[T any](ctx context.Context, r *Room, fn func(tx *db.Tx) (T, error)) (T, error) {
	var out T
	err := r.db.Read(ctx, func(tx *db.Tx) error {
		var err error
		out, err = fn(tx)
		return err
	})
	return out, err
}

// invalid is what is told of a value that breaks a rule of the room.
func invalid(where, zh, en string) error {
	return errs.New(errs.Invalid, "portfolio.check", zh, en).At(where)
}
