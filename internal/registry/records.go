package registry

import (
	"context"
	"iter"

	"liandong/day"
	"liandong/form"
	"liandong/internal/db"
	"liandong/internal/ledger"
	"liandong/internal/secret"
	"liandong/place"
)

// LedgerRecords gives what the register stores to the verification of the log.
func (r *Registry) LedgerRecords() []ledger.RecordSource {
	return []ledger.RecordSource{revisionRecords{}, statusRecords{}, populationRecords{}, linkRecords{}}
}

type revisionRecords struct{}

// Kinds are the leaves of revisions.
func (revisionRecords) Kinds() []string { return []string{kindHousehold} }

// Records hashes every stored revision of a county anew.
func (revisionRecords) Records(tx *db.Tx, tree int64) iter.Seq2[ledger.Record, error] {
	return ledger.Scan(tx, func(rows *db.Rows) (ledger.Record, error) {
		s, err := scanRevision(rows)
		return ledger.Record{Sequence: s.leaf, Entry: s.entry()}, err
	}, `SELECT `+revisionColumns+` FROM household_revision WHERE county = ? ORDER BY leaf`, tree)
}

type statusRecords struct{}

// Kinds are the leaves of status changes.
func (statusRecords) Kinds() []string { return []string{kindStatus} }

// Records hashes every stored status change of a county anew.
func (statusRecords) Records(tx *db.Tx, tree int64) iter.Seq2[ledger.Record, error] {
	return ledger.Scan(tx, func(rows *db.Rows) (ledger.Record, error) {
		var s statusRow
		var county, from, status int64
		err := rows.Scan(&county, &s.household, &from, &s.recordedAt, &status, &s.leaf, &s.decision)
		s.county, s.from, s.status = place.ID(county), day.FromUnixDays(int(from)), Status(status)
		return ledger.Record{Sequence: s.leaf, Entry: s.entry()}, err
	}, `SELECT county, household, from_day, recorded_at, status, leaf, decision FROM status_change WHERE county = ? ORDER BY leaf`, tree)
}

// Reveal replaces the sealed secrets of a household's record by their plain text, for work that stores them again: an edit that keeps them, an
// export. Whoever shows them to a person goes through Show or logs the export.
func (r *Registry) Reveal(ctx context.Context, h *Household, record *form.Record) error {
	return r.db.Read(ctx, func(tx *db.Tx) error { return r.reveal(tx, h.County, h.ID, record) })
}

// reveal is Reveal within a transaction. What a destroyed key sealed is gone, and cleared.
func (r *Registry) reveal(tx *db.Tx, county place.ID, household ID, record *form.Record) error {
	key, err := r.keys.KeyOf(tx, int64(county), household)
	if err != nil && !secret.IsDestroyed(err) {
		return err
	}
	return r.unseal(key, household, record) // no key clears what it sealed
}
