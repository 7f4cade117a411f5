package registry

import (
	"context"
	"time"

	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/ledger"
	"liandong/place"
)

// Household is one household as it was at a moment, for a reader whose scope it lies in. Record still holds sealed secrets: they leave only
// through Show.
type Household struct {
	ID       ID
	County   place.ID
	Village  place.ID
	Number   string
	Status   Status
	Since    day.Date // since when it has the status
	Valid    day.Date // since when the record holds
	Recorded time.Time
	Revision ID
	Event    Event
	Version  int64 // the newest version, for If-Match
	Record   *form.Record
	Clear    form.Sensitivity // up to which sensitivity the reader sees answers without a mask
}

// Household reads one household at a moment. One outside the scope, or not yet known at the moment, is not found.
func (r *Registry) Household(ctx context.Context, scope access.Scope, id ID, at Moment) (Household, error) {
	var h Household
	err := r.db.Read(ctx, func(tx *db.Tx) error {
		county, ok, err := r.countyOf(tx, id)
		if err != nil {
			return err
		}
		if !ok {
			return access.NotFound(noHousehold())
		}
		h, err = r.householdAt(tx, scope, county, id, at)
		return err
	})
	return h, err
}

func (r *Registry) householdAt(tx *db.Tx, scope access.Scope, county place.ID, id ID, at Moment) (Household, error) {
	now, _, err := currentOf(tx, county, id)
	if err != nil {
		return Household{}, err
	}
	row, ok, err := revisionAt(tx, county, id, at)
	if err != nil {
		return Household{}, err
	}
	if !ok || !scope.Contains(now.Village) {
		return Household{}, access.NotFound(noHousehold())
	}
	record, err := r.form.Decode(row.body)
	if err != nil {
		return Household{}, err
	}
	status, since, err := statusAt(tx, county, id, at)
	if err != nil {
		return Household{}, err
	}
	village, _ := record.Value(r.fields.village)
	return Household{
		ID: id, County: county, Village: place.ID(village), Number: record.String("number"), Status: status, Since: since,
		Valid: row.valid, Recorded: time.UnixMicro(row.recordedAt).UTC(), Revision: row.revision, Event: row.event, Version: now.Version,
		Record: record, Clear: scope.Clear(now.Village),
	}, nil
}

// statusAt is the status that decisions gave by the moment, and since when.
func statusAt(tx *db.Tx, county place.ID, household ID, at Moment) (Status, day.Date, error) {
	var status, from int64
	err := tx.QueryRow(`SELECT status, from_day FROM status_change WHERE county = ? AND household = ? AND from_day <= ? AND recorded_at <= ?
		ORDER BY from_day DESC, recorded_at DESC LIMIT 1`,
		int64(county), household, int64(at.AsOf.UnixDays()), at.known()).Scan(&status, &from)
	if errs.Is(err, errs.NotFound) {
		return NotRegistered, day.Date{}, nil
	}
	return Status(status), day.FromUnixDays(int(from)), err
}

// Revision is one entry of a household's timeline: who wrote it, when, from where, and what it changed against the revision it follows.
type Revision struct {
	ID       ID        `json:"id"`
	Valid    day.Date  `json:"valid"`
	Recorded time.Time `json:"recorded_at"`
	Event    Event     `json:"event"`
	Actor    string    `json:"actor"`
	Source   string    `json:"source,omitempty"`
	Reason   string    `json:"reason,omitempty"`
	Leaf     int64     `json:"leaf"`
	Changes  []Change  `json:"changes"`
}

// History is a household's timeline as recorded by the moment, in order of valid date. Changes of answers that the reader sees only masked
// are told without their words.
func (r *Registry) History(ctx context.Context, scope access.Scope, id ID, at Moment) ([]Revision, error) {
	var history []Revision
	err := r.db.Read(ctx, func(tx *db.Tx) error {
		county, ok, err := r.countyOf(tx, id)
		if err != nil {
			return err
		}
		now, _, err := currentOf(tx, county, id)
		if err != nil {
			return err
		}
		if !ok || !scope.Contains(now.Village) {
			return access.NotFound(noHousehold())
		}
		rows, err := revisionsOf(tx, county, id, at)
		if err != nil {
			return err
		}
		history, err = r.timeline(tx, scope, rows)
		return err
	})
	return history, err
}

func (r *Registry) timeline(tx *db.Tx, scope access.Scope, rows []stored) ([]Revision, error) {
	sortByValid(rows)
	history := make([]Revision, 0, len(rows))
	var before *form.Record
	for _, row := range rows {
		record, err := r.form.Decode(row.body)
		if err != nil {
			return nil, err
		}
		act, err := ledger.ActOf(tx, int64(row.county), row.leaf)
		if err != nil {
			return nil, err
		}
		village, _ := record.Value(r.fields.village)
		history = append(history, Revision{
			ID: row.revision, Valid: row.valid, Recorded: time.UnixMicro(row.recordedAt).UTC(), Event: row.event, Leaf: row.leaf,
			Actor: act.Actor, Source: act.Source, Reason: act.Reason, Changes: masked(Compare(before, record), scope.Clear(place.ID(village))),
		})
		before = record
	}
	return history, nil
}

// masked takes the words out of changes that the reader may not see in clear.
func masked(changes []Change, seen form.Sensitivity) []Change {
	hidden := errs.Text{ZH: "（不显示）", EN: "(not shown)"}
	for i := range changes {
		c := &changes[i]
		if seen < form.Personal {
			c.Member = access.MaskName(c.Member)
		}
		if c.field != nil && c.field.Sensitivity > seen && c.field.Sensitivity < form.Encrypted {
			c.Before, c.After = hidden, hidden
		}
	}
	return changes
}
