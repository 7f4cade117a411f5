package registry

import (
	"context"
	"slices"
	"sync"
	"time"

	"liandong/day"

	"github.com/google/uuid"

	"liandong/errs"
	"liandong/form"
	"liandong/internal/db"
	"liandong/internal/secret"
	"liandong/place"
)

// Registry is the register of one city, over an open database.
type Registry struct {
	db            *db.DB
	keys          *secret.Vault
	places        *place.Gazetteer
	form          *form.Form
	fields        fields
	quality       *Quality
	segments      *segmentStore
	grids         *gridStore
	city          place.ID
	divisionNames func() []namedDivision
	counties      []place.ID // of the city, in the order of their ids
	now           func() time.Time
	newID         func() ID
}

// Options are what a Registry stands on. Nothing is optional but NewID.
type Options struct {
	DB       *db.DB
	Keys     *secret.Vault
	Places   *place.Gazetteer
	Segments string   // the folder of segment files
	City     place.ID // the city whose counties the register holds
	Now      func() time.Time
	NewID    func() ID // makes ids; UUIDv7 by default
}

// New is the register over an open database whose migrations ran.
func New(o Options) (*Registry, error) {
	quality, err := ShippedQuality()
	if err != nil {
		return nil, err
	}
	newID := o.NewID
	if newID == nil {
		newID = func() ID { return uuid.Must(uuid.NewV7()) }
	}
	now := o.Now
	if now == nil {
		now = time.Now
	}
	f := form.Household()
	all := counties(o.Places, o.City)
	return &Registry{
		db: o.DB, keys: o.Keys, places: o.Places, form: f, fields: newFields(f), quality: quality,
		segments: newSegmentStore(o.Segments), grids: newGridStore(all), divisionNames: sync.OnceValue(func() []namedDivision { return divisionNames(o.Places, o.City) }), city: o.City, counties: all, now: now, newID: newID,
	}, nil
}

// counties lists the city's counties in the order of their ids.
func counties(places *place.Gazetteer, city place.ID) []place.ID {
	var all []place.ID
	for _, d := range places.Children(city) {
		all = append(all, d.ID)
	}
	return all
}

// Divisions lists the divisions one level below one of the register's, for tables and maps.
func (r *Registry) Divisions(id place.ID) []place.ID {
	if id == r.city {
		return slices.Clone(r.counties)
	}
	children := r.places.Children(id)
	ids := make([]place.ID, len(children))
	for i, d := range children {
		ids[i] = d.ID
	}
	return ids
}

// Form is the form the register's households answer.
func (r *Registry) Form() *form.Form { return r.form }

// SetCity writes down whose register this is. A register belongs to one city for good.
func (r *Registry) SetCity(ctx context.Context, city place.ID) error {
	return r.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(`INSERT INTO register (city) VALUES (?)`, int64(city)); err != nil {
			return err
		}
		return r.markFindings(tx)
	})
}

// City is the city whose register this is.
func (r *Registry) City(ctx context.Context) (place.ID, error) {
	var city int64
	err := r.db.Read(ctx, func(tx *db.Tx) error { return tx.QueryRow(`SELECT city FROM register`).Scan(&city) })
	if errs.Is(err, errs.NotFound) {
		return 0, errs.New(errs.NotFound, "registry.City",
			"这个数据库还不是任何城市的登记册。请先运行 liandong init 或 liandong demo。", "This database is no city's register yet. Run liandong init or liandong demo first.")
	}
	return place.ID(city), err
}

// Moment is the point from which the register is read: what was so on AsOf, as far as it was recorded by KnownAt. The zero KnownAt is now.
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

// household names what is not found.
func noHousehold() errs.Text { return errs.Text{ZH: "农户", EN: "household"} }
