package portfolio

import (
	"context"
	"maps"
	"slices"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/ledger"
	"liandong/place"
)

// Entry is one record of bulk work: a document valid from a day, or a fact.
type Entry struct {
	Subject  ID
	Valid    day.Date // of a document
	Document Document
	Fact     Fact
}

// Load writes many records at once, one act for every county, all of it or nothing. What follows from them is computed by Rebuild, which must
// come after the last Load.
func (r *Room) Load(ctx context.Context, actor access.Actor, source string, entries []Entry) error {
	scope, err := actor.Require(access.WriteProjects, day.InTime(r.now()))
	if err != nil {
		return err
	}
	return r.db.Write(ctx, func(tx *db.Tx) error {
		rows, subjects, err := r.gather(tx, scope, entries)
		if err != nil {
			return err
		}
		act := ledger.Act{Actor: actor.ID, Operation: opSave, Source: source}
		if err := appendAll(tx, act, rows, nil); err != nil {
			return err
		}
		for _, id := range slices.SortedFunc(maps.Keys(subjects), func(a, b ID) int { return slices.Compare(a[:], b[:]) }) {
			if err := storeSubject(tx, subjects[id]); err != nil {
				return err
			}
		}
		return nil
	})
}

// gather makes the rows of entries by county, and the subjects as they are after them.
func (r *Room) gather(tx *db.Tx, scope access.Scope, entries []Entry) (map[place.ID][]record, map[ID]*subject, error) {
	rows, subjects := map[place.ID][]record{}, map[ID]*subject{}
	for i := range entries {
		e := &entries[i]
		s, err := r.subjectFor(tx, scope, e, subjects)
		if err != nil {
			return nil, nil, err
		}
		row, err := e.row()
		if err != nil {
			return nil, nil, err
		}
		row.county, row.recordedAt = s.County, tx.Now().UnixMicro()
		row.name()
		rows[s.County] = append(rows[s.County], row)
		s.Version++
		if e.Document != nil && (s.Valid.IsZero() || !e.Valid.Before(s.Valid)) {
			s.Division, s.Name, s.Number, s.Valid = e.Document.where(), e.Document.title(), numberOf(e.Document), e.Valid
		}
	}
	return rows, subjects, nil
}

func (e *Entry) row() (record, error) {
	if e.Document != nil {
		if err := e.Document.check(); err != nil {
			return record{}, err
		}
		return documentRecord(e.Subject, e.Valid, e.Document)
	}
	if err := e.Fact.check(); err != nil {
		return record{}, err
	}
	return factRecord(e.Subject, e.Fact)
}

func (r *Room) subjectFor(tx *db.Tx, scope access.Scope, e *Entry, subjects map[ID]*subject) (*subject, error) {
	if s := subjects[e.Subject]; s != nil {
		return s, nil
	}
	s, ok, err := subjectOf(tx, e.Subject)
	switch {
	case err != nil:
		return nil, err
	case !ok && e.Document == nil, ok && !scope.Contains(s.Division):
		return nil, access.NotFound(errs.Text{ZH: "项目", EN: "project"})
	case !ok:
		if err := r.checkPlace(scope, e.Document.where()); err != nil {
			return nil, err
		}
		s = subject{County: e.Document.where().County(), ID: e.Subject, Kind: e.Document.kind()}
	}
	subjects[e.Subject] = &s
	return &s, nil
}

// appendAll writes rows with their leaves, one act for every county; told is given each county's first leaf.
func appendAll(tx *db.Tx, act ledger.Act, rows map[place.ID][]record, told func(county place.ID, first, n int64) error) error {
	for _, county := range slices.Sorted(maps.Keys(rows)) {
		all := rows[county]
		entries := make([]ledger.Entry, len(all))
		for i := range all {
			entries[i] = all[i].entry()
		}
		leaf, err := ledger.Append(tx, int64(county), act, entries)
		if err != nil {
			return err
		}
		for i := range all {
			all[i].leaf = leaf + int64(i)
		}
		if _, err := tx.Bulk("portfolio_record", recordBulk, func(yield func([]any) bool) {
			for i := range all {
				if !yield(all[i].values()) {
					return
				}
			}
		}); err != nil {
			return err
		}
		if told != nil {
			if err := told(county, leaf, int64(len(all))); err != nil {
				return err
			}
		}
	}
	return nil
}

// Rebuild computes all states and links anew from the facts, county by county, and notes by which rules. The error names the project whose events
// the stage machine does not know.
func (r *Room) Rebuild(ctx context.Context) error {
	defer r.forgetViews()
	counties, err := read(ctx, r, func(tx *db.Tx) ([]int64, error) {
		return db.Collect(tx, func(rows *db.Rows) (county int64, err error) {
			err = rows.Scan(&county)
			return county, err
		}, `SELECT DISTINCT county FROM portfolio_subject ORDER BY county`)
	})
	if err != nil {
		return err
	}
	for _, county := range counties {
		if err := r.db.Write(ctx, func(tx *db.Tx) error { return r.rebuildCounty(tx, place.ID(county)) }); err != nil {
			return err
		}
	}
	return r.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(`DELETE FROM portfolio_rules`); err != nil {
			return err
		}
		_, err := tx.Exec(`INSERT INTO portfolio_rules (counting, alerts) VALUES (?, ?)`, r.counting.ID, r.alerts.ID)
		return err
	})
}

func (r *Room) rebuildCounty(tx *db.Tx, county place.ID) error {
	for _, table := range []string{"project_state", "project_link"} {
		if _, err := tx.Exec(`DELETE FROM `+table+` WHERE county = ?`, int64(county)); err != nil {
			return err
		}
	}
	var d derived
	w := r.alerts.watch()
	err := r.eachHistory(tx, county, Moment{}.known(), func(h *history) error {
		if _, err := course(h.Events); err != nil {
			return errs.New(errs.Invalid, "portfolio.Rebuild", h.name()+"："+errs.Sentence(err).ZH, h.name()+": "+errs.Sentence(err).EN).Because(err)
		}
		r.derive(w, h, &d)
		return nil
	})
	if err != nil {
		return err
	}
	return d.store(tx)
}

func (h *history) name() string {
	if n := len(h.Documents); n > 0 {
		return h.Documents[n-1].Value.Name
	}
	return h.ID.String()
}

// Renew computes everything anew where the program brings other rules than those by which the stored states were made.
func (r *Room) Renew(ctx context.Context) error {
	same, err := read(ctx, r, func(tx *db.Tx) (int64, error) {
		var n, held int64
		if err := tx.QueryRow(`SELECT COUNT(*) FROM portfolio_subject`).Scan(&held); err != nil || held == 0 {
			return 1, err
		}
		err := tx.QueryRow(`SELECT COUNT(*) FROM portfolio_rules WHERE counting = ? AND alerts = ?`, r.counting.ID, r.alerts.ID).Scan(&n)
		return n, err
	})
	if err != nil || same > 0 {
		return err
	}
	return r.Rebuild(ctx)
}
