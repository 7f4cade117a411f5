package registry

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"

	"liandong/day"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/ledger"
	"liandong/place"
)

// statusRow is one row of status_change.
type statusRow struct {
	county     place.ID
	household  ID
	from       day.Date
	recordedAt int64
	status     Status
	leaf       int64
	decision   string
}

func (s *statusRow) values() []any {
	return []any{int64(s.county), s.household, int64(s.from.UnixDays()), s.recordedAt, int64(s.status), s.leaf, s.decision}
}

// entry is the change's leaf.
func (s *statusRow) entry() ledger.Entry {
	return ledger.Entry{Kind: kindStatus, Subject: s.household, Digest: s.digest()}
}

func (s *statusRow) digest() [sha256.Size]byte {
	return sha256.Sum256(fmt.Appendf(nil, "%d %x %s %d %d %s", int64(s.county), s.household[:], s.from, s.recordedAt, s.status, s.decision))
}

// SetStatus writes the effect of a signed decision on one county's households: from the day on each has its new status. It is called by the
// rooms that keep decisions, in the decision's own transaction; nothing else sets a status.
func (r *Registry) SetStatus(tx *db.Tx, actor access.Actor, county place.ID, decision string, from day.Date, changes map[ID]Status) error {
	rows := make([]statusRow, 0, len(changes))
	entries := make([]ledger.Entry, 0, len(changes))
	for household, status := range changes {
		rows = append(rows, statusRow{county: county, household: household, from: from, recordedAt: tx.Now().UnixMicro(), status: status, decision: decision})
	}
	sortStatusRows(rows)
	for i := range rows {
		entries = append(entries, rows[i].entry())
	}
	first, err := ledger.Append(tx, int64(county), ledger.Act{Actor: actor.ID, Operation: opStatus, Reason: decision}, entries)
	if err != nil {
		return err
	}
	for i := range rows {
		rows[i].leaf = first + int64(i)
		if err := r.applyStatus(tx, &rows[i]); err != nil {
			return err
		}
	}
	return nil
}

func (r *Registry) applyStatus(tx *db.Tx, row *statusRow) error {
	if _, err := tx.Exec(`INSERT INTO status_change (county, household, from_day, recorded_at, status, leaf, decision)
		VALUES (?, ?, ?, ?, ?, ?, ?)`, row.values()...); err != nil {
		return err
	}
	changed, err := tx.Exec(`UPDATE household_current SET status = ?, status_day = ? WHERE county = ? AND household = ? AND status_day <= ?`,
		int64(row.status), int64(row.from.UnixDays()), int64(row.county), row.household, int64(row.from.UnixDays()))
	if err != nil || changed == 0 {
		return err
	}
	return r.lookAgain(tx, row.county, row.household)
}

// lookAgain brings a household's findings up to its status.
func (r *Registry) lookAgain(tx *db.Tx, county place.ID, household ID) error {
	c, _, err := currentOf(tx, county, household)
	if err != nil {
		return err
	}
	newest, _, err := revisionAt(tx, county, household, Moment{AsOf: farFuture()})
	if err != nil {
		return err
	}
	record, err := r.form.Decode(newest.body)
	if err != nil {
		return err
	}
	late, err := db.Collect(tx, scanFound, `SELECT `+foundColumns+` FROM quality_finding WHERE county = ? AND household = ? AND rule = ?`, int64(county), household, ruleLate)
	if err != nil {
		return err
	}
	findings := r.quality.Look(record, c.Status, newest.valid)
	if err := r.replaceFindings(tx, county, household, c.Village, newest.valid, record, findings); err != nil {
		return err
	}
	if err := insertFindings(tx, late); err != nil {
		return err
	}
	_, err = tx.Exec(countFindings+` WHERE county = ? AND household = ?`, int64(county), household)
	return err
}

func sortStatusRows(rows []statusRow) {
	slices.SortFunc(rows, func(a, b statusRow) int { return bytes.Compare(a.household[:], b.household[:]) })
}
