package identify

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"liandong/criteria"
	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/ledger"
	"liandong/place"
)

// Run is one evaluation of a document, stored or not.
type Run struct {
	ID         uuid.UUID           // zero where it was not stored
	Document   string              // "four-looks@2015.1"
	Title      errs.Text           // of the document
	Digest     [32]byte            // SHA-256 of the document's text
	Division   place.ID            // whose households were evaluated
	AsOf       day.Date            // what was so on this day
	KnownAt    time.Time           // as far as was recorded by then
	InForce    bool                // decisions of the day may rest on the document
	Actor      string              // the account that ran it
	Recorded   time.Time           // when it was stored
	Parameters map[string]float64  // moved by a what-if; a stored run has none
	Amendments criteria.Amendments // made by a what-if
	Seconds    float64             // from the request to the verdicts
}

const (
	opRun      = "identify.run"
	kindRun    = "identification_run"
	kindResult = "identification_result"
)

// runRow is a run as stored.
type runRow struct {
	Run
	leaf int64
}

const runColumns = "run, recorded_at, document, digest, division, as_of, known_at, in_force, actor, title_zh, title_en, leaf"

func scanRun(rows *db.Rows, more ...any) (r runRow, err error) {
	var recorded, division, asOf, known int64
	var digest []byte
	err = rows.Scan(append([]any{&r.ID, &recorded, &r.Document, &digest, &division, &asOf, &known, &r.InForce, &r.Actor, &r.Title.ZH, &r.Title.EN, &r.leaf}, more...)...)
	r.Recorded, r.KnownAt = time.UnixMicro(recorded).UTC(), time.UnixMicro(known).UTC()
	r.Division, r.AsOf = place.ID(division), day.FromUnixDays(int(asOf))
	copy(r.Digest[:], digest)
	return r, err
}

func scanRunOnly(rows *db.Rows) (runRow, error) { return scanRun(rows) }

func (r *runRow) entry() ledger.Entry {
	return ledger.Entry{Kind: kindRun, Subject: r.ID, Digest: sha256.Sum256(fmt.Appendf(nil, "%d %s %x %d %s %d %t %q %q %q",
		r.Recorded.UnixMicro(), r.Document, r.Digest, int64(r.Division), r.AsOf, r.KnownAt.UnixMicro(), r.InForce, r.Actor, r.Title.ZH, r.Title.EN))}
}

// resultRow is one county's results as stored.
type resultRow struct {
	run     uuid.UUID
	county  place.ID
	head    int64
	segment []byte
	verdict []byte // see encode
	leaf    int64
}

const resultColumns = "run, county, head, segment, verdicts, leaf"

func scanResult(rows *db.Rows) (r resultRow, err error) {
	var county int64
	err = rows.Scan(&r.run, &county, &r.head, &r.segment, &r.verdict, &r.leaf)
	r.county = place.ID(county)
	return r, err
}

func (r *resultRow) entry() ledger.Entry {
	h := sha256.New()
	fmt.Fprintf(h, "%x %d %d %x ", r.run[:], int64(r.county), r.head, r.segment)
	h.Write(r.verdict)
	return ledger.Entry{Kind: kindResult, Subject: r.run, Digest: ledger.Digest(h.Sum(nil))}
}

// Run evaluates a document and stores the run with the document's text and every verdict. A what-if is evaluated, never stored.
func (r *Room) Run(ctx context.Context, actor access.Actor, q Request) (*Evaluation, error) {
	if q.asks() {
		return nil, errs.New(errs.Invalid, "identify.Run", "改动了标准的试算不作为识别结果保存。", "An evaluation with a changed document is not stored as a run.")
	}
	e, err := r.Evaluate(ctx, actor, q)
	if err != nil {
		return nil, err
	}
	return e, r.store(ctx, q.Document.Text, e)
}

func (r *Room) store(ctx context.Context, text []byte, e *Evaluation) error {
	e.ID, e.Digest = r.newID(), sha256.Sum256(text)
	stored := make([]resultRow, len(e.Counties))
	for i, c := range e.Counties {
		stored[i] = resultRow{run: e.ID, county: c.County, head: c.Head, segment: c.Segment[:], verdict: c.encode()}
	}
	act := ledger.Act{Actor: e.Actor, Operation: opRun, Source: e.Document}
	err := r.db.Write(ctx, func(tx *db.Tx) error {
		e.Recorded = tx.Now()
		row := runRow{Run: e.Run}
		var err error
		if row.leaf, err = ledger.Append(tx, ledger.System, act, []ledger.Entry{row.entry()}); err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO criteria_text (digest, document, body) VALUES (?, ?, ?) ON CONFLICT (digest) DO NOTHING`, e.Digest[:], e.Document, text); err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO identification_run (`+runColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, e.ID, e.Recorded, e.Document, e.Digest[:],
			int64(e.Division), int64(e.AsOf.UnixDays()), e.KnownAt, e.InForce, e.Actor, e.Title.ZH, e.Title.EN, row.leaf); err != nil {
			return err
		}
		for i := range stored {
			s := &stored[i]
			if s.leaf, err = ledger.Append(tx, int64(s.county), act, []ledger.Entry{s.entry()}); err != nil {
				return err
			}
			if _, err := tx.Exec(`INSERT INTO identification_result (`+resultColumns+`) VALUES (?, ?, ?, ?, ?, ?)`,
				s.run, int64(s.county), s.head, s.segment, s.verdict, s.leaf); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		e.ID = uuid.UUID{}
		return err
	}
	r.hold(e)
	return nil
}

// Runs lists the stored runs of divisions that touch the scope, the latest first.
func (r *Room) Runs(ctx context.Context, scope access.Scope) ([]Run, error) {
	var runs []Run
	err := r.db.Read(ctx, func(tx *db.Tx) error {
		rows, err := db.Collect(tx, scanRunOnly, `SELECT `+runColumns+` FROM identification_run ORDER BY recorded_at DESC, run DESC`)
		runs = runs[:0]
		for i := range rows {
			if scope.Touches(rows[i].Division) {
				runs = append(runs, rows[i].Run)
			}
		}
		return err
	})
	return runs, err
}

// Stored reads a stored run with its verdicts. One of which no part lies in the scope is not found; whoever gets one asks it for no
// household outside the scope.
func (r *Room) Stored(ctx context.Context, scope access.Scope, id uuid.UUID) (*Evaluation, error) {
	if e := r.recall(id); e != nil && scope.Touches(e.Division) {
		return e, nil
	}
	e := &Evaluation{}
	err := r.db.Read(ctx, func(tx *db.Tx) error {
		runs, err := db.Collect(tx, scanRunOnly, `SELECT `+runColumns+` FROM identification_run WHERE run = ?`, id)
		if err != nil {
			return err
		}
		if len(runs) == 0 || !scope.Touches(runs[0].Division) {
			return access.NotFound(errs.Text{ZH: "识别结果", EN: "run"})
		}
		e.Run, e.Counties = runs[0].Run, nil
		rows, err := db.Collect(tx, scanResult, `SELECT `+resultColumns+` FROM identification_result WHERE run = ? ORDER BY county`, id)
		if err != nil {
			return err
		}
		for i := range rows {
			results, err := decode(&rows[i])
			if err != nil {
				return err
			}
			e.Counties = append(e.Counties, results)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	r.hold(e)
	return e, nil
}

// documentOf reads the text a run was made with.
func (r *Room) documentOf(ctx context.Context, digest [32]byte) (Document, error) {
	var text []byte
	err := r.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(`SELECT body FROM criteria_text WHERE digest = ?`, digest[:]).Scan(&text)
	})
	if err != nil {
		return Document{}, err
	}
	if sha256.Sum256(text) != digest {
		return Document{}, errs.New(errs.Internal, "identify.documentOf", "", "the stored text of a criteria document is not what the run names")
	}
	return Read(text)
}

// heldRuns is how many runs of a city stay in memory, at about 20 MB each.
const heldRuns = 4

func (r *Room) recall(id uuid.UUID) *Evaluation {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range r.held {
		if e.ID == id {
			return e
		}
	}
	return nil
}

func (r *Room) hold(e *Evaluation) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.held = append([]*Evaluation{e}, r.held[:min(len(r.held), heldRuns-1)]...)
}

// MarshalJSON writes the run as a page reads it.
func (r Run) MarshalJSON() ([]byte, error) {
	var id *uuid.UUID
	var recorded *time.Time
	if r.ID != (uuid.UUID{}) {
		id, recorded = &r.ID, &r.Recorded
	}
	return json.Marshal(struct {
		ID         *uuid.UUID         `json:"run"`
		Document   string             `json:"document"`
		Title      errs.Text          `json:"title"`
		Division   place.ID           `json:"division"`
		AsOf       day.Date           `json:"as_of"`
		KnownAt    time.Time          `json:"known_at"`
		InForce    bool               `json:"in_force"`
		Actor      string             `json:"actor"`
		Recorded   *time.Time         `json:"recorded_at"`
		Parameters map[string]float64 `json:"what_if,omitempty"`
	}{id, r.Document, r.Title, r.Division, r.AsOf, r.KnownAt, r.InForce, r.Actor, recorded, r.Parameters})
}

// LedgerRecords gives what the room stores to the verification of the log.
func (r *Room) LedgerRecords() []ledger.RecordSource {
	return []ledger.RecordSource{runRecords{}, eventRecords{}, resultRecords{}}
}
