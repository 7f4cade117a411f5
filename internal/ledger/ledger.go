// Package ledger is the tamper-evident log: who did what to which record, when and why, and who read what is sensitive. It holds digests of
// what was stored, never values.
//
// There is one Merkle tree for every county, named by its division id, and tree 0 for the system; hashes are those of RFC 6962 as package
// golang.org/x/mod/sumdb/tlog computes them. An act is one transaction's entry for readers of the log: one person, one operation, one
// reason, one or many leaves. A leaf is one record that was changed or read; its bytes include the whole act, so that nothing of either can
// be altered. Verify recomputes all of it, and compares it with the records themselves and with a signed checkpoint that somebody keeps
// elsewhere.
//
// It stands on internal/db and below every room; a room appends in the transaction that makes the change.
package ledger

import (
	"time"

	"github.com/google/uuid"

	"liandong/internal/db"
)

// System is the tree of what concerns no county: accounts, roles, rules, checkpoints.
const System int64 = 0

// The operations of reading what is sensitive, which is appended before it is shown. Rooms name their own for writing.
const (
	Show     = "show"      // one person's ID, phone or account in clear
	SearchID = "search_id" // a search by citizen ID
	Export   = "export"    // records leave in a file
	Print    = "print"     // records leave on paper
)

// Digest is the SHA-256 of a record's stored bytes; zero for a reading.
type Digest [32]byte

// Entry is one record that an act changed or read.
type Entry struct {
	Kind    string    // what sort of record: the name under which a RecordSource answers for it
	Subject uuid.UUID // whose record; zero when Text names it or nothing does
	Text    string    // names the subject where it is no UUID
	Digest  Digest
}

// Act is what one transaction did, as the log lists it. Only digests of values may stand in Reason and Source, never values themselves.
type Act struct {
	Actor     string // the account that answers for it
	Operation string // what was done: import, correct, show, …
	Reason    string // why, in the actor's words, or the purpose of a reading
	Source    string // from where: a file's name, a document's number, a device
}

// Recorded is an act as it stands in the log.
type Recorded struct {
	Act
	Tree    int64
	First   int64 // sequence of its first leaf within the tree, from 0
	Count   int64 // how many leaves it has
	At      time.Time
	Subject uuid.UUID // the subject when all its leaves have the same; else zero
}

// tileHeight is the height of a tile of hashes: 256 of them, 8 KiB.
const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
)

// Migrations are the log's tables.
//
//   - ledger_tree: the head of a tree: how many leaves, their root, and the peaks from which the next root follows
//   - ledger_act: what was done, by whom, why
//   - ledger_bundle, ledger_tile: 256 leaves and their hashes; tiles of a level above 0 grow by one hash per 256 of the level below
//   - ledger_tail: the leaves after the last whole bundle, each with its hash
func Migrations() []db.Migration {
	return []db.Migration{{Room: "ledger", Number: 1, SQL: `
		CREATE TABLE ledger_tree (tree INTEGER PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, peaks BLOB NOT NULL);
		CREATE TABLE ledger_act (
			tree INTEGER NOT NULL, first INTEGER NOT NULL, count INTEGER NOT NULL, at INTEGER NOT NULL,
			actor TEXT NOT NULL, operation TEXT NOT NULL, reason TEXT NOT NULL, source TEXT NOT NULL, subject BLOB,
			PRIMARY KEY (tree, first)) WITHOUT ROWID;
		@later CREATE INDEX ledger_act_by_time ON ledger_act (at, tree, first);
		@later CREATE INDEX ledger_act_by_subject ON ledger_act (subject, at);
		@later CREATE INDEX ledger_act_by_actor ON ledger_act (actor, at);
		CREATE TABLE ledger_bundle (tree INTEGER NOT NULL, number INTEGER NOT NULL, entries BLOB NOT NULL, PRIMARY KEY (tree, number));
		CREATE TABLE ledger_tile (tree INTEGER NOT NULL, level INTEGER NOT NULL, number INTEGER NOT NULL, hashes BLOB NOT NULL, PRIMARY KEY (tree, level, number));
		CREATE TABLE ledger_tail (tree INTEGER NOT NULL, leaf INTEGER NOT NULL, entry BLOB NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (tree, leaf)) WITHOUT ROWID;
	`}}
}
