package registry

import (
	"bytes"
	"context"

	"liandong/errs"
	"liandong/internal/db"
	"liandong/place"
)

// FindingsStale reports whether the findings that are kept were made by other quality rules than those in force.
func (r *Registry) FindingsStale(ctx context.Context) (bool, error) {
	var digest []byte
	err := r.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(`SELECT digest FROM quality_applied WHERE one = 1`).Scan(&digest)
	})
	if errs.Is(err, errs.NotFound) {
		return true, nil
	}
	return !bytes.Equal(digest, r.quality.Digest[:]), err
}

// RefreshFindings looks at every household of the register by the quality rules in force, county by county. Findings are views of the
// records: nothing goes into the log. When it is cut short the next call begins again. progress is told after every county.
func (r *Registry) RefreshFindings(ctx context.Context, progress func(done, of int)) error {
	for i, county := range r.counties {
		if err := r.db.Write(ctx, func(tx *db.Tx) error { return r.refreshCounty(tx, county) }); err != nil {
			return err
		}
		progress(i+1, len(r.counties))
	}
	return r.db.Write(ctx, r.markFindings)
}

func (r *Registry) markFindings(tx *db.Tx) error {
	_, err := tx.Exec(`INSERT INTO quality_applied (one, document, digest, applied_at) VALUES (1, ?, ?, ?)
		ON CONFLICT (one) DO UPDATE SET document = excluded.document, digest = excluded.digest, applied_at = excluded.applied_at`,
		r.quality.ID, r.quality.Digest[:], tx.Now())
	return err
}

// refreshCounty looks at a county's newest revisions. What was noted of late insertions stays.
func (r *Registry) refreshCounty(tx *db.Tx, county place.ID) error {
	type newest struct {
		current
		body []byte
	}
	households, err := db.Collect(tx, func(rows *db.Rows) (n newest, err error) {
		var village, status, valid int64
		err = rows.Scan(&n.Household, &village, &status, &valid, &n.body)
		n.Village, n.Status, n.Valid = place.ID(village), Status(status), dayOf(valid)
		return n, err
	}, `SELECT c.household, c.village, c.status, c.valid_day, r.body FROM household_current c
		JOIN household_revision r ON r.county = c.county AND r.household = c.household AND r.valid_day = c.valid_day AND r.revision = c.revision
		WHERE c.county = ? ORDER BY c.household`, int64(county))
	if err != nil {
		return err
	}
	var found []foundRow
	record := r.form.Root.New()
	for i := range households {
		n := &households[i]
		if err := r.form.DecodeInto(record, n.body); err != nil {
			return err
		}
		found = appendFound(found, county, n.Household, n.Village, n.Valid, record, r.fields.members, r.quality.Look(record, n.Status, n.Valid))
	}
	if _, err := tx.Exec(`DELETE FROM quality_finding WHERE county = ? AND rule <> ?`, int64(county), ruleLate); err != nil {
		return err
	}
	if err := insertFindings(tx, found); err != nil {
		return err
	}
	_, err = tx.Exec(countFindings+` WHERE county = ?`, int64(county))
	return err
}
