package dossier

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"iter"
	"time"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/ledger"
	"liandong/place"
)

// Add writes an entry: within the writer's reach, on the version that was read, accepted by the room's machine, in one transaction with its
// leaf. Written again, the same entry changes nothing and gives the dossier as it stands.
func (s *Shelf[S]) Add(ctx context.Context, actor access.Actor, w Reader, d Draft) (Dossier[S], error) {
	all, err := s.AddAll(ctx, actor, w, []Draft{d})
	if err != nil {
		return Dossier[S]{}, err
	}
	return all[0], nil
}

// AddAll writes several entries in one transaction: all or none.
func (s *Shelf[S]) AddAll(ctx context.Context, actor access.Actor, w Reader, drafts []Draft) ([]Dossier[S], error) {
	var all []Dossier[S]
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		all = all[:0]
		for i := range drafts {
			d, err := s.add(tx, actor, w, &drafts[i])
			if err != nil {
				return err
			}
			all = append(all, d)
		}
		return nil
	})
	return all, err
}

// AddIn is Add in the caller's transaction, for an entry that must stand or fall with another's.
func (s *Shelf[S]) AddIn(tx *db.Tx, actor access.Actor, w Reader, d Draft) (Dossier[S], error) {
	return s.add(tx, actor, w, &d)
}

func (s *Shelf[S]) add(tx *db.Tx, actor access.Actor, w Reader, d *Draft) (Dossier[S], error) {
	var none Dossier[S]
	if err := d.check(); err != nil {
		return none, err
	}
	body, err := json.Marshal(d.Body)
	if err != nil {
		return none, errs.Wrap("dossier.Add", err)
	}
	if err := tx.Lock("dossier " + d.Dossier.String()); err != nil {
		return none, err
	}
	before, err := db.Collect(tx, scanRow, `SELECT `+columns+` FROM dossier_entry WHERE dossier = ? ORDER BY sequence`, d.Dossier)
	if err != nil {
		return none, err
	}
	entries, known := within(before, Moment{}), len(before) > 0
	if err := s.reaches(tx, w, d, before); err != nil {
		return none, err
	}
	for i := range entries {
		if entries[i].ID != d.ID {
			continue
		}
		if entries[i].Act == d.Act && (d.On.IsZero() || entries[i].On == d.On) && bytes.Equal(entries[i].Body, body) {
			return s.fold(entries)
		}
		return none, errs.New(errs.Conflict, "dossier.Add", "这个编号已用于另一条记录。", "This id was used for another entry.")
	}
	version := int64(0)
	if known {
		version = entries[len(entries)-1].Sequence
	}
	if d.Version != version {
		return none, errs.New(errs.Conflict, "dossier.Add",
			"您打开之后，这份卷宗已有新的记录。请重新打开，核对后再写。", "The dossier has grown since you opened it. Open it again, compare, and write once more.")
	}
	division, on, today := d.Division, d.On, day.InTime(tx.Now())
	if on.IsZero() {
		on = today
	}
	if known {
		division = entries[0].Division
		if last := entries[len(entries)-1].On; on.Before(last) {
			return none, errs.New(errs.Invalid, "dossier.Add", "日期不能早于上一条记录（"+last.String()+"）。", "The day is not before that of the last entry, "+last.String()+".").At("on")
		}
	}
	if on.After(today) {
		return none, errs.New(errs.Invalid, "dossier.Add", "日期不能晚于今天。", "The day is not in the future.").At("on")
	}
	e := Entry{ID: d.ID, Dossier: d.Dossier, Division: division, Sequence: version + 1, On: on, Recorded: tx.Now(), Actor: actor.ID, Act: d.Act, Body: body}
	next, err := s.fold(append(entries, e))
	if err != nil {
		return none, err
	}
	return next, s.store(tx, actor, d, e, &next.Head)
}

func (d *Draft) check() error {
	switch {
	case d.ID == (uuid.UUID{}) || d.Dossier == (uuid.UUID{}):
		return errs.New(errs.Invalid, "dossier.Add", "缺少编号。请用客户端生成的 UUIDv7。", "An id is missing. Send a UUIDv7 made by the client.").At("id")
	case d.Act == "":
		return errs.New(errs.Invalid, "dossier.Add", "请写明办了什么。", "Name what was done.").At("act")
	}
	return nil
}

// reaches says whether the writer may write into the dossier, or open one at the division.
func (s *Shelf[S]) reaches(tx *db.Tx, w Reader, d *Draft, before []row) error {
	if len(before) == 0 {
		if w.Owner == "" && !w.Scope.Contains(d.Division) || d.Division == 0 {
			return access.NotFound(errs.Text{ZH: "区划", EN: "division"})
		}
		return nil
	}
	var owner string
	if err := tx.QueryRow(`SELECT owner FROM dossier_head WHERE dossier = ?`, d.Dossier).Scan(&owner); err != nil {
		return err
	}
	if before[0].kind != s.machine.Kind || !w.Scope.Contains(before[0].Division) && (w.Owner == "" || w.Owner != owner) {
		return s.NotFound()
	}
	return nil
}

func (s *Shelf[S]) store(tx *db.Tx, actor access.Actor, d *Draft, e Entry, h *Head) error {
	r := row{Entry: e, kind: s.machine.Kind, tree: treeOf(e.Division)}
	act := ledger.Act{Actor: actor.ID, Operation: s.machine.Kind + "." + e.Act, Reason: d.Reason, Source: d.Source}
	var err error
	if r.leaf, err = ledger.Append(tx, r.tree, act, []ledger.Entry{r.entry()}); err != nil {
		return err
	}
	if _, err := tx.Exec(`INSERT INTO dossier_entry (`+columns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.Dossier, e.Sequence, r.kind, e.ID, int64(e.Division), int64(e.On.UnixDays()), e.Recorded, e.Actor, e.Act, []byte(e.Body), r.tree, r.leaf); err != nil {
		return err
	}
	return s.writeHead(tx, h)
}

func (s *Shelf[S]) writeHead(tx *db.Tx, h *Head) error {
	_, err := tx.Exec(`INSERT INTO dossier_head (dossier, kind, division, version, state, is_open, holder, due_day, subject, sort, title, owner, first_day, last_day)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (dossier) DO UPDATE SET version = excluded.version, state = excluded.state, is_open = excluded.is_open, holder = excluded.holder, due_day = excluded.due_day,
			subject = excluded.subject, sort = excluded.sort, title = excluded.title, owner = excluded.owner, last_day = excluded.last_day`,
		h.Dossier, s.machine.Kind, int64(h.Division), h.Version, h.State, h.Open, h.Holder, h.Due, h.Subject, h.Group, h.Title, h.Owner, h.First, h.Last)
	return err
}

// treeOf is the tree of the ledger that a division's dossiers are written into: the county's, or the system's for what is wider.
func treeOf(division place.ID) int64 {
	if division.Level() < place.County {
		return ledger.System
	}
	return int64(division.County())
}

// row is an entry as stored.
type row struct {
	Entry

	kind string
	tree int64
	leaf int64
}

const (
	columns  = "dossier, sequence, kind, entry, division, on_day, recorded_at, actor, act, body, tree, leaf"
	prefixed = "e.dossier, e.sequence, e.kind, e.entry, e.division, e.on_day, e.recorded_at, e.actor, e.act, e.body, e.tree, e.leaf"
)

func scanRow(rows *db.Rows) (r row, err error) {
	var division, on, recorded int64
	var body []byte
	err = rows.Scan(&r.Dossier, &r.Sequence, &r.kind, &r.ID, &division, &on, &recorded, &r.Actor, &r.Act, &body, &r.tree, &r.leaf)
	r.Division, r.On, r.Recorded, r.Body = place.ID(division), day.FromUnixDays(int(on)), time.UnixMicro(recorded).UTC(), body
	return r, err
}

// entry is the leaf: the digest covers every stored column, each text with its length before it.
func (r *row) entry() ledger.Entry {
	h := sha256.New()
	h.Write(r.Dossier[:])
	h.Write(r.ID[:])
	var b []byte
	for _, n := range [...]int64{r.Sequence, int64(r.Division), int64(r.On.UnixDays()), r.Recorded.UnixMicro(), r.tree} {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	for _, text := range [...]string{r.kind, r.Actor, r.Act, string(r.Body)} {
		b = binary.AppendUvarint(b, uint64(len(text)))
		b = append(b, text...)
	}
	h.Write(b)
	return ledger.Entry{Kind: r.kind, Subject: r.Dossier, Digest: ledger.Digest(h.Sum(nil))}
}

type records struct{ kind string }

// LedgerRecords gives what the shelf stores to the verification of the log.
func (s *Shelf[S]) LedgerRecords() []ledger.RecordSource {
	return []ledger.RecordSource{records{s.machine.Kind}}
}

// Kinds are the leaves of the shelf.
func (r records) Kinds() []string { return []string{r.kind} }

// Records hashes every entry of a tree anew.
func (r records) Records(tx *db.Tx, tree int64) iter.Seq2[ledger.Record, error] {
	return ledger.Scan(tx, func(rows *db.Rows) (ledger.Record, error) {
		stored, err := scanRow(rows)
		return ledger.Record{Sequence: stored.leaf, Entry: stored.entry()}, err
	}, `SELECT `+columns+` FROM dossier_entry WHERE kind = ? AND tree = ? ORDER BY leaf`, r.kind, tree)
}
