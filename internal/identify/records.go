package identify

import (
	"crypto/sha256"
	"iter"

	"liandong/internal/db"
	"liandong/internal/ledger"
)

type runRecords struct{}

// Kinds are the leaves of runs.
func (runRecords) Kinds() []string { return []string{kindRun} }

// Records hashes every stored run anew, with the document's text that it names.
func (runRecords) Records(tx *db.Tx, tree int64) iter.Seq2[ledger.Record, error] {
	if tree != ledger.System {
		return func(func(ledger.Record, error) bool) {}
	}
	return ledger.Scan(tx, func(rows *db.Rows) (ledger.Record, error) {
		var text []byte
		run, err := scanRun(rows, &text)
		run.Digest = sha256.Sum256(text)
		return ledger.Record{Sequence: run.leaf, Entry: run.entry()}, err
	}, `SELECT `+runColumns+`, COALESCE(body, '') FROM identification_run LEFT JOIN criteria_text USING (digest, document) ORDER BY leaf`)
}

type eventRecords struct{}

// Kinds are the leaves of the steps in the lives of documents.
func (eventRecords) Kinds() []string { return []string{kindLifeEvent} }

// Records hashes every stored step anew, with the document's text that it names.
func (eventRecords) Records(tx *db.Tx, tree int64) iter.Seq2[ledger.Record, error] {
	if tree != ledger.System {
		return func(func(ledger.Record, error) bool) {}
	}
	return ledger.Scan(tx, func(rows *db.Rows) (ledger.Record, error) {
		var text []byte
		e, err := scanEvent(rows, &text)
		e.digest = sha256.Sum256(text)
		return ledger.Record{Sequence: e.leaf, Entry: e.entry()}, err
	}, `SELECT `+eventColumns+`, (SELECT t.body FROM criteria_text t WHERE t.digest = criteria_event.digest) FROM criteria_event ORDER BY leaf`)
}

type resultRecords struct{}

// Kinds are the leaves of results.
func (resultRecords) Kinds() []string { return []string{kindResult} }

// Records hashes every stored county of every run anew.
func (resultRecords) Records(tx *db.Tx, tree int64) iter.Seq2[ledger.Record, error] {
	return ledger.Scan(tx, func(rows *db.Rows) (ledger.Record, error) {
		row, err := scanResult(rows)
		return ledger.Record{Sequence: row.leaf, Entry: row.entry()}, err
	}, `SELECT `+resultColumns+` FROM identification_result WHERE county = ? ORDER BY leaf`, tree)
}
