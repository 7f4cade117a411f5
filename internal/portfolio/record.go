package portfolio

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"iter"
	"slices"
	"strings"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/db"
	"liandong/internal/ledger"
	"liandong/place"
)

// Operations that the room writes into the ledger.
const (
	opSave     = "project.save"
	opNote     = "project.note"
	opImport   = "project.import"
	opUndo     = "project.undo"
	opExport   = "project.export"
	kindRecord = "portfolio_record"
)

// Fact is something stated about a noun: an event, a report, an inspection, a platform's output.
type Fact interface {
	factKind() Kind
	about() Kind // the noun it is about
	item() ID    // the same for a correction
	on() day.Date
	check() error
}

func (e *Event) factKind() Kind      { return eventKind }
func (e *Event) about() Kind         { return ProjectKind }
func (e *Event) item() ID            { return e.ID }
func (e *Event) on() day.Date        { return e.On }
func (r *Report) factKind() Kind     { return reportKind }
func (r *Report) about() Kind        { return ProjectKind }
func (r *Report) item() ID           { return numbered(r.Month.UnixDays()) }
func (r *Report) on() day.Date       { return r.Month }
func (i *Inspection) factKind() Kind { return inspectionKind }
func (i *Inspection) about() Kind    { return ProjectKind }
func (i *Inspection) item() ID       { return numbered(i.Month.UnixDays()) }
func (i *Inspection) on() day.Date   { return i.Month }
func (o *Output) factKind() Kind     { return outputKind }
func (o *Output) about() Kind        { return PlatformKind }
func (o *Output) item() ID           { return numbered(o.Year) }
func (o *Output) on() day.Date       { return day.MustOf(o.Year, 12, 31) }

// numbered is the item of a fact that its month or year names.
func numbered(n int) (id ID) {
	binary.BigEndian.PutUint64(id[8:], uint64(int64(n)))
	return id
}

// record is one row of portfolio_record.
type record struct {
	county     place.ID
	subject    ID
	kind       Kind
	item       ID
	on         day.Date
	recordedAt int64
	revision   ID
	leaf       int64
	body       []byte
}

const recordColumns = "county, subject, kind, item, on_day, recorded_at, revision, leaf, body"

var recordBulk = []string{"county", "subject", "kind", "item", "on_day", "recorded_at", "revision", "leaf", "body"}

func scanRecord(rows *db.Rows) (record, error) {
	var r record
	var county int64
	err := rows.Scan(&county, &r.subject, &r.kind, &r.item, &r.on, &r.recordedAt, &r.revision, &r.leaf, &r.body)
	r.county = place.ID(county)
	return r, err
}

func (r *record) values() []any {
	return []any{int64(r.county), r.subject, string(r.kind), r.item, r.on, r.recordedAt, r.revision, r.leaf, r.body}
}

// entry is the record's leaf: what its stored row hashes to.
func (r *record) entry() ledger.Entry {
	return ledger.Entry{Kind: kindRecord, Subject: r.revision, Digest: sha256.Sum256(r.digested())}
}

// digested is what a leaf's digest covers of a record: everything that is stored but its place in the ledger.
func (r *record) digested() []byte {
	b := make([]byte, 0, 96+len(r.body))
	b = binary.BigEndian.AppendUint64(b, uint64(r.county))
	b = append(b, r.subject[:]...)
	b = append(b, r.item[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(r.on.UnixDays()))
	b = binary.BigEndian.AppendUint64(b, uint64(r.recordedAt))
	b = append(b, r.revision[:]...)
	b = append(b, r.kind...)
	b = append(b, 0)
	return append(b, r.body...)
}

// name gives the record an id that follows from its content, so that the same work makes the same bytes.
func (r *record) name() {
	r.revision = ID{}
	digest := sha256.Sum256(r.digested())
	copy(r.revision[:], digest[:])
	r.revision[6] = r.revision[6]&0x0f | 0x80 // version 8: made by a rule of our own (RFC 9562)
	r.revision[8] = r.revision[8]&0x3f | 0x80
}

// documentRecord is a document's row, before it is recorded.
func documentRecord(subject ID, valid day.Date, d Document) (record, error) {
	body, err := json.Marshal(d)
	return record{subject: subject, kind: d.kind(), on: valid, body: body}, errs.Wrap("portfolio.record", err)
}

// factRecord is a fact's row, before it is recorded.
func factRecord(subject ID, f Fact) (record, error) {
	body, err := json.Marshal(f)
	return record{subject: subject, kind: f.factKind(), item: f.item(), on: f.on(), body: body}, errs.Wrap("portfolio.record", err)
}

// LedgerRecords gives what the room stores to the verification of the log.
func (r *Room) LedgerRecords() []ledger.RecordSource { return []ledger.RecordSource{records{}} }

type records struct{}

// Kinds are the leaves of the room's facts.
func (records) Kinds() []string { return []string{kindRecord} }

// Records hashes every stored fact of a tree anew.
func (records) Records(tx *db.Tx, tree int64) iter.Seq2[ledger.Record, error] {
	return ledger.Scan(tx, func(rows *db.Rows) (ledger.Record, error) {
		r, err := scanRecord(rows)
		return ledger.Record{Sequence: r.leaf, Entry: r.entry()}, err
	}, `SELECT `+recordColumns+` FROM portfolio_record WHERE county = ? ORDER BY leaf`, tree)
}

// subject is one row of portfolio_subject.
type subject struct {
	County   place.ID
	ID       ID
	Kind     Kind
	Division place.ID
	Number   string
	Name     string
	Valid    day.Date
	Version  int64
}

const subjectColumns = "county, subject, kind, division, number, name, valid_day, version"

func scanSubject(rows *db.Rows) (subject, error) {
	var s subject
	var county, division int64
	err := rows.Scan(&county, &s.ID, &s.Kind, &division, &s.Number, &s.Name, &s.Valid, &s.Version)
	s.County, s.Division = place.ID(county), place.ID(division)
	return s, err
}

func (s *subject) values() []any {
	return []any{int64(s.County), s.ID, string(s.Kind), int64(s.Division), s.Number, s.Name, s.Valid, s.Version}
}

func subjectOf(tx *db.Tx, id ID) (subject, bool, error) {
	found, err := db.Collect(tx, scanSubject, `SELECT `+subjectColumns+` FROM portfolio_subject WHERE subject = ?`, id)
	if err != nil || len(found) == 0 {
		return subject{}, false, err
	}
	return found[0], true, nil
}

// historyKinds are the facts that make a project's history.
const historyKinds = `('project', 'event', 'report', 'inspection')`

// historyOf reads one project's facts as recorded by a moment.
func (r *Room) historyOf(tx *db.Tx, county place.ID, id ID, known int64) (*history, error) {
	rows, err := db.Collect(tx, scanRecord, `SELECT `+recordColumns+` FROM portfolio_record WHERE county = ? AND subject = ? AND kind IN `+historyKinds+
		` AND recorded_at <= ? ORDER BY kind, item, on_day, recorded_at, revision`, int64(county), id, known)
	if err != nil {
		return nil, err
	}
	return r.history(rows)
}

// coursesOf are the histories of a page of projects without reports and inspections, which are many.
func (r *Room) coursesOf(tx *db.Tx, page []State, known int64) (map[ID]*history, error) {
	courses := make(map[ID]*history, len(page))
	if len(page) == 0 {
		return courses, nil
	}
	var counties, projects []any
	for i := range page {
		if county := any(int64(page[i].County)); !slices.Contains(counties, county) {
			counties = append(counties, county)
		}
		projects = append(projects, page[i].Project)
		courses[page[i].Project] = &history{}
	}
	list := func(args []any) string { return `(?` + strings.Repeat(`, ?`, len(args)-1) + `)` }
	err := r.histories(tx, func(h *history) error {
		courses[h.ID] = h
		return nil
	}, `county IN `+list(counties)+` AND subject IN `+list(projects)+` AND kind IN ('project', 'event') AND recorded_at <= ?`, append(append(counties, projects...), known)...)
	return courses, err
}

// eachHistory reads the histories of a county's projects one after the other.
func (r *Room) eachHistory(tx *db.Tx, county place.ID, known int64, fn func(h *history) error) error {
	return r.histories(tx, fn, `county = ? AND kind IN `+historyKinds+` AND recorded_at <= ?`, int64(county), known)
}

// histories reads those of the records that a condition chooses, one after the other.
func (r *Room) histories(tx *db.Tx, fn func(h *history) error, where string, args ...any) error {
	var rows []record
	flush := func() error {
		if len(rows) == 0 {
			return nil
		}
		h, err := r.history(rows)
		rows = rows[:0]
		if err != nil {
			return err
		}
		return fn(h)
	}
	err := tx.Each(func(row *db.Rows) error {
		one, err := scanRecord(row)
		if err != nil {
			return err
		}
		if len(rows) > 0 && rows[0].subject != one.subject {
			if err := flush(); err != nil {
				return err
			}
		}
		rows = append(rows, one)
		return nil
	}, `SELECT `+recordColumns+` FROM portfolio_record WHERE `+where+` ORDER BY subject, kind, item, on_day, recorded_at, revision`, args...)
	if err != nil {
		return err
	}
	return flush()
}

// history makes one project's history of its rows. Of several records of one item the one recorded last is meant, whatever day it names.
func (r *Room) history(rows []record) (*history, error) {
	h := &history{}
	if len(rows) > 0 {
		h.County, h.ID = rows[0].county, rows[0].subject
	}
	latest := map[Kind]map[ID]*record{eventKind: {}, reportKind: {}, inspectionKind: {}}
	for i := range rows {
		row := &rows[i]
		if row.kind == ProjectKind {
			p := new(Project)
			if err := decode(row.body, p); err != nil {
				return nil, err
			}
			h.Documents = append(h.Documents, dated[*Project]{row.on, row.recordedAt, p})
			continue
		}
		items := latest[row.kind]
		if items != nil && (items[row.item] == nil || items[row.item].recordedAt <= row.recordedAt) {
			items[row.item] = row
		}
	}
	if err := h.take(latest); err != nil {
		return nil, err
	}
	h.sorted(r.counting)
	return h, nil
}

func (h *history) take(latest map[Kind]map[ID]*record) error {
	for _, row := range latest[eventKind] {
		var e Event
		if err := decode(row.body, &e); err != nil {
			return err
		}
		if !e.Void {
			h.Events = append(h.Events, e)
		}
	}
	for _, row := range latest[reportKind] {
		var m Report
		if err := decode(row.body, &m); err != nil {
			return err
		}
		h.Reports = append(h.Reports, m)
	}
	for _, row := range latest[inspectionKind] {
		var m Inspection
		if err := decode(row.body, &m); err != nil {
			return err
		}
		h.Inspections = append(h.Inspections, m)
	}
	return nil
}
