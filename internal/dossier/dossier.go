// Package dossier keeps the papers of a matter in their order: a file that is opened once and grows by entries, each one act of one
// person on one day. Problems, supervised decisions, an investor's cases, claims that were checked, aims and briefings are all kept so. What
// a dossier says is computed from its entries by its room, a pure step at a time, so that it can be asked for as of a day and as known
// at a moment; nothing of it is ever changed or taken out.
//
// The package writes and reads the entries: the leaf of the ledger in the same transaction, the version that was read, repeats that do no
// harm, and the scope of every reader. It stands above access and figure, and knows no noun of any room.
package dossier

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/place"
)

// Entry is one paper of a dossier.
type Entry struct {
	ID       uuid.UUID       `json:"id"`
	Dossier  uuid.UUID       `json:"dossier"`
	Division place.ID        `json:"division"` // where the matter lies, set by the first entry
	Sequence int64           `json:"sequence"` // from 1, in the order of recording
	On       day.Date        `json:"on"`       // the day on which it happened
	Recorded time.Time       `json:"recorded_at"`
	Actor    string          `json:"actor"` // the account that answers for it
	Act      string          `json:"act"`   // what was done, a word of the room
	Body     json.RawMessage `json:"body"`
}

// Head is what lists and filters know of a dossier. All of it is computed from the entries.
type Head struct {
	Dossier  uuid.UUID `json:"id"`
	Division place.ID  `json:"division"`
	Version  int64     `json:"version"` // of entries, for If-Match
	State    string    `json:"state"`
	Open     bool      `json:"open"`             // something is still to be done
	Holder   string    `json:"holder,omitempty"` // the office that holds it now
	Due      day.Date  `json:"due"`              // by when; zero without a date
	Subject  string    `json:"subject"`          // what the matter is about, another room's record: "project:0195…", "claim:half-hour"
	Group    string    `json:"group"`            // matters of one sort: the kind of a problem, the matter of a case
	Title    string    `json:"title"`
	Owner    string    `json:"-"` // the account outside whose matter it is; it reads this dossier whatever its territory
	First    day.Date  `json:"first"`
	Last     day.Date  `json:"last"`
}

// Machine is what a room makes of entries.
type Machine[S any] struct {
	Kind string // of the leaves and rows: "problem"; also the operation in the log, with the act: "problem.closed"
	Noun errs.Text
	// Step gives the state after an entry, or says why it may not follow. It reads no clock and changes nothing of s.
	Step func(s S, e Entry) (S, error)
	// Head is what lists know of the state. Dossier, Division, Version, First and Last are filled in.
	Head func(s S) Head
}

// Reader is whoever reads: a scope, and the account whose own dossiers are seen besides, "" for nobody's.
type Reader struct {
	Scope access.Scope
	Owner string
}

// Draft is an entry as somebody wants it written.
type Draft struct {
	ID       uuid.UUID // made by whoever writes; the same id again is the same entry
	Dossier  uuid.UUID // made by whoever opens it
	Division place.ID  // of the first entry; later ones need none
	Version  int64     // that was read, 0 to open a dossier
	On       day.Date  // zero is the day of writing
	Act      string
	Body     any // written as JSON
	Reason   string
	Source   string
}

// Dossier is one matter with its state and entries.
type Dossier[S any] struct {
	Head
	State   S
	Entries []Entry
}

// Moment is the point from which dossiers are read: what happened by the day, as far as recorded by then. The zero values are no bound.
type Moment struct {
	AsOf    day.Date
	KnownAt time.Time
}

// Shelf is the dossiers of one kind.
type Shelf[S any] struct {
	db      *db.DB
	machine Machine[S]
}

// New is the shelf of a machine over an open database whose migrations ran.
func New[S any](d *db.DB, m Machine[S]) *Shelf[S] { return &Shelf[S]{db: d, machine: m} }

// NotFound is what is said of a dossier that is not there or outside the reader's territory.
func (s *Shelf[S]) NotFound() error { return access.NotFound(s.machine.Noun) }

// fold makes the state of entries, which are all of one dossier and were accepted before.
func (s *Shelf[S]) fold(entries []Entry) (Dossier[S], error) {
	var d Dossier[S]
	var err error
	for i := range entries {
		if d.State, err = s.machine.Step(d.State, entries[i]); err != nil {
			return d, errs.Wrap("dossier.fold", err)
		}
	}
	d.Entries = entries
	d.Head = s.headOf(d.State, entries)
	return d, nil
}

func (s *Shelf[S]) headOf(state S, entries []Entry) Head {
	h := s.machine.Head(state)
	first, last := &entries[0], &entries[len(entries)-1]
	h.Dossier, h.Division, h.Version = first.Dossier, first.Division, last.Sequence
	h.First, h.Last = first.On, first.On
	for i := range entries {
		if entries[i].On.After(h.Last) {
			h.Last = entries[i].On
		}
	}
	return h
}

// Get reads a dossier as of a moment. One that was not opened by then, or that the reader may not see, is not found.
func (s *Shelf[S]) Get(ctx context.Context, r Reader, id uuid.UUID, at Moment) (Dossier[S], error) {
	var d Dossier[S]
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		entries, err := s.entriesOf(tx, r, id, at)
		if err != nil {
			return err
		}
		d, err = s.fold(entries)
		return err
	})
	return d, err
}

// entriesOf reads the entries of a dossier that the reader sees, of the moment.
func (s *Shelf[S]) entriesOf(tx *db.Tx, r Reader, id uuid.UUID, at Moment) ([]Entry, error) {
	where, args := r.predicate("h.division", "h.owner")
	rows, err := db.Collect(tx, scanRow, `SELECT `+prefixed+` FROM dossier_entry e JOIN dossier_head h ON h.dossier = e.dossier
		WHERE e.dossier = ? AND e.kind = ? AND `+where+` ORDER BY e.sequence`, append([]any{id, s.machine.Kind}, args...)...)
	if err != nil {
		return nil, err
	}
	entries := within(rows, at)
	if len(entries) == 0 {
		return nil, s.NotFound()
	}
	return entries, nil
}

// within keeps the entries of the moment.
func within(rows []row, at Moment) []Entry {
	var entries []Entry
	for i := range rows {
		if e := rows[i].Entry; (at.AsOf.IsZero() || !e.On.After(at.AsOf)) && (at.KnownAt.IsZero() || !e.Recorded.After(at.KnownAt)) {
			entries = append(entries, e)
		}
	}
	return entries
}

// predicate is what of the rows the reader sees.
func (r Reader) predicate(division, owner string) (string, []any) {
	sql, args := r.Scope.Predicate(division)
	if r.Owner == "" {
		return sql, args
	}
	return "(" + sql + " OR " + owner + " = ?)", append(args, r.Owner)
}

// All reads every dossier that the reader sees, as of a moment, in the order of their ids, for figures and boards.
func (s *Shelf[S]) All(ctx context.Context, r Reader, at Moment) ([]Dossier[S], error) {
	var all []Dossier[S]
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		all = all[:0]
		where, args := r.predicate("h.division", "h.owner")
		rows, err := db.Collect(tx, scanRow, `SELECT `+prefixed+` FROM dossier_entry e JOIN dossier_head h ON h.dossier = e.dossier
			WHERE e.kind = ? AND `+where+` ORDER BY e.dossier, e.sequence`, append([]any{s.machine.Kind}, args...)...)
		if err != nil {
			return err
		}
		for begin := 0; begin < len(rows); {
			end := begin
			for end < len(rows) && rows[end].Dossier == rows[begin].Dossier {
				end++
			}
			if entries := within(rows[begin:end], at); len(entries) > 0 {
				d, err := s.fold(entries)
				if err != nil {
					return err
				}
				all = append(all, d)
			}
			begin = end
		}
		return nil
	})
	return all, err
}
