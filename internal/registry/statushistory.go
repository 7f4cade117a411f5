package registry

import (
	"context"
	"time"

	"liandong/day"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/ledger"
	"liandong/place"
)

// StatusEntry is one decision's effect on a household: since when which status, who wrote it down and by which decision.
type StatusEntry struct {
	Status   Status
	From     day.Date
	Recorded time.Time
	Actor    string
	Decision string
}

// StatusHistory lists what decisions made of a household, as recorded by the moment, in the order of the days from which they hold.
func (r *Registry) StatusHistory(ctx context.Context, scope access.Scope, id ID, at Moment) ([]StatusEntry, error) {
	changes := []StatusEntry{}
	err := r.db.Read(ctx, func(tx *db.Tx) error {
		county, ok, err := r.countyOf(tx, id)
		if err != nil {
			return err
		}
		now, _, err := currentOf(tx, county, id)
		if err != nil || !ok || !scope.Contains(now.Village) {
			return firstOf(err, access.NotFound(noHousehold()))
		}
		changes, err = statusChanges(tx, county, id, at)
		return err
	})
	return changes, err
}

func statusChanges(tx *db.Tx, county place.ID, id ID, at Moment) ([]StatusEntry, error) {
	type row struct {
		StatusEntry
		leaf int64
	}
	rows, err := db.Collect(tx, func(rows *db.Rows) (c row, err error) {
		var status, from, recorded int64
		err = rows.Scan(&status, &from, &recorded, &c.leaf, &c.Decision)
		c.Status, c.From, c.Recorded = Status(status), day.FromUnixDays(int(from)), time.UnixMicro(recorded).UTC()
		return c, err
	}, `SELECT status, from_day, recorded_at, leaf, decision FROM status_change WHERE county = ? AND household = ? AND recorded_at <= ? ORDER BY from_day, recorded_at`,
		int64(county), id, at.known())
	if err != nil {
		return nil, err
	}
	changes := make([]StatusEntry, 0, len(rows))
	for _, c := range rows {
		act, err := ledger.ActOf(tx, int64(county), c.leaf)
		if err != nil {
			return nil, err
		}
		c.Actor = act.Actor
		changes = append(changes, c.StatusEntry)
	}
	return changes, nil
}
