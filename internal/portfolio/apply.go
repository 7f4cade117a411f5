package portfolio

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/ledger"
	"liandong/place"
)

// Apply writes what a plan says, all of it in one transaction or nothing. A project that was changed since the plan was made stops it.
func (r *Room) Apply(ctx context.Context, actor access.Actor, p *Plan) error {
	scope, err := actor.Require(access.ImportProjects, day.InTime(r.now()))
	if err != nil || len(p.entries) == 0 {
		return err
	}
	return r.db.Write(ctx, func(tx *db.Tx) error {
		for id, seen := range p.seen {
			now, _, err := r.held(tx, scope, id, ProjectKind)
			if err != nil {
				return err
			}
			if now.Version != seen.Version {
				return changedSince(now.Name)
			}
		}
		rows, subjects, err := r.gather(tx, scope, p.entries)
		if err != nil {
			return err
		}
		err = appendAll(tx, ledger.Act{Actor: actor.ID, Operation: opImport, Source: p.File}, rows, func(county place.ID, first, n int64) error {
			_, err := tx.Exec(`INSERT INTO project_import (import, county, first_leaf, leaves, file, actor, at, undone) VALUES (?, ?, ?, ?, ?, ?, ?, 0)`,
				p.ID, int64(county), first, n, p.File, actor.ID, tx.Now())
			return err
		})
		if err != nil {
			return err
		}
		return r.settle(tx, subjects)
	})
}

// settle stores subjects and computes anew what follows for each.
func (r *Room) settle(tx *db.Tx, subjects map[ID]*subject) error {
	for _, s := range subjects {
		if err := storeSubject(tx, s); err != nil {
			return err
		}
		if err := r.refreshIf(tx, s); err != nil {
			return err
		}
	}
	return nil
}

// Imported is an import that was written.
type Imported struct {
	ID     ID
	File   string
	Actor  string
	At     time.Time
	Undone bool
}

// Imports lists the imports that lie wholly within the scope and those that the actor made, the latest first.
func (r *Room) Imports(ctx context.Context, actor access.Actor, scope access.Scope) ([]Imported, error) {
	return read(ctx, r, func(tx *db.Tx) ([]Imported, error) {
		byID := map[ID]*Imported{}
		beyond := map[ID]bool{}
		err := tx.Each(func(rows *db.Rows) error {
			var one Imported
			var county int64
			err := rows.Scan(&one.ID, &county, &one.File, &one.Actor, &one.At, &one.Undone)
			byID[one.ID] = &one
			beyond[one.ID] = beyond[one.ID] || one.Actor != actor.ID && !scope.Contains(place.ID(county))
			return err
		}, `SELECT import, county, file, actor, at, undone FROM project_import`)
		var all []Imported
		for id, one := range byID {
			if !beyond[id] {
				all = append(all, *one)
			}
		}
		slices.SortFunc(all, func(a, b Imported) int { return cmp.Or(b.At.Compare(a.At), bytes.Compare(a.ID[:], b.ID[:])) })
		return all, err
	})
}

// importPart is what an import wrote in one county.
type importPart struct {
	county        place.ID
	first, leaves int64
}

// Undo takes back what an import wrote, by records that say what was so before. It is refused, naming them, for projects that were changed since,
// and for imports of which a part lies outside the actor's territory.
func (r *Room) Undo(ctx context.Context, actor access.Actor, id ID) error {
	scope, err := actor.Require(access.ImportProjects, day.InTime(r.now()))
	if err != nil {
		return err
	}
	return r.db.Write(ctx, func(tx *db.Tx) error {
		parts, err := db.Collect(tx, func(rows *db.Rows) (p importPart, err error) {
			var county int64
			err = rows.Scan(&county, &p.first, &p.leaves)
			p.county = place.ID(county)
			return p, err
		}, `SELECT county, first_leaf, leaves FROM project_import WHERE import = ? AND undone = 0 ORDER BY county`, id)
		if err != nil {
			return err
		}
		if len(parts) == 0 {
			return noImport()
		}
		rows, subjects := map[place.ID][]record{}, map[ID]*subject{}
		var changed []string
		for _, part := range parts {
			if err := r.revert(tx, scope, part, rows, subjects, &changed); err != nil {
				return err
			}
		}
		if len(changed) > 0 {
			list := strings.Join(changed, "、")
			return errs.New(errs.Conflict, "portfolio.Undo", "导入之后，这些项目又有变动，不能撤销："+list+"。", "These projects were changed after the import, so it cannot be undone: "+list+".")
		}
		if err := appendAll(tx, ledger.Act{Actor: actor.ID, Operation: opUndo, Source: id.String()}, rows, nil); err != nil {
			return err
		}
		if _, err := tx.Exec(`UPDATE project_import SET undone = 1 WHERE import = ?`, id); err != nil {
			return err
		}
		return r.settle(tx, subjects)
	})
}

func noImport() error {
	return errs.New(errs.NotFound, "portfolio.Undo", "没有找到这次导入，或已撤销，或不全在您的管辖范围内。", "There is no such import, it is undone already, or a part of it lies outside your territory.")
}

// revert makes the records that take back one county's part.
func (r *Room) revert(tx *db.Tx, scope access.Scope, part importPart, rows map[place.ID][]record, subjects map[ID]*subject, changed *[]string) error {
	written, err := db.Collect(tx, scanRecord, `SELECT `+recordColumns+` FROM portfolio_record WHERE county = ? AND leaf >= ? AND leaf < ? ORDER BY leaf`,
		int64(part.county), part.first, part.first+part.leaves)
	if err != nil {
		return err
	}
	for i := range written {
		row := &written[i]
		s, err := r.untouched(tx, scope, part, row, subjects, changed)
		if err != nil {
			return err
		}
		back, err := before(tx, row)
		if err != nil {
			return err
		}
		back.county, back.recordedAt = part.county, tx.Now().UnixMicro()
		back.name()
		rows[part.county] = append(rows[part.county], back)
		s.Version++
		if back.kind == ProjectKind {
			p := new(Project)
			if err := decode(back.body, p); err != nil {
				return err
			}
			s.Division, s.Name, s.Number = p.Division, p.Name, p.Number
			if p.Withdrawn {
				s.Number = "" // free for another
			}
		}
	}
	return nil
}

// untouched gives the project of a record, and notes its name where somebody wrote about it after the import.
func (r *Room) untouched(tx *db.Tx, scope access.Scope, part importPart, row *record, subjects map[ID]*subject, changed *[]string) (*subject, error) {
	if s := subjects[row.subject]; s != nil {
		return s, nil
	}
	s, ok, err := r.held(tx, scope, row.subject, ProjectKind)
	if err != nil || !ok {
		return nil, noImport()
	}
	var later int64
	err = tx.QueryRow(`SELECT COUNT(*) FROM portfolio_record WHERE county = ? AND subject = ? AND leaf >= ?`, int64(part.county), row.subject, part.first+part.leaves).Scan(&later)
	if later > 0 {
		*changed = append(*changed, s.Name)
	}
	subjects[row.subject] = &s
	return &s, err
}

// before is the record that says again what was so before another: the document or fact as it was, a withdrawn project, an event taken back.
func before(tx *db.Tx, row *record) (record, error) {
	back := record{subject: row.subject, kind: row.kind, item: row.item, on: row.on}
	where, order := "", "recorded_at DESC"
	if row.kind == ProjectKind {
		where, order = ` AND on_day <= ?`, "on_day DESC, recorded_at DESC"
	}
	args := []any{int64(row.county), row.subject, string(row.kind), row.item, row.leaf}
	if where != "" {
		args = append(args, row.on)
	}
	found, err := db.Collect(tx, scanRecord, `SELECT `+recordColumns+` FROM portfolio_record WHERE county = ? AND subject = ? AND kind = ? AND item = ? AND leaf < ?`+where+
		` ORDER BY `+order+` LIMIT 1`, args...)
	switch {
	case err != nil:
		return back, err
	case len(found) > 0:
		back.body = found[0].body
		if row.kind != ProjectKind {
			back.on = found[0].on
		}
		return back, nil
	case row.kind == ProjectKind:
		p := new(Project)
		if err := decode(row.body, p); err != nil {
			return back, err
		}
		p.Withdrawn = true
		back.body, err = json.Marshal(p)
		return back, err
	}
	e := new(Event)
	if err := decode(row.body, e); err != nil {
		return back, err
	}
	e.Void, e.Reason = true, "撤销导入"
	back.body, err = json.Marshal(e)
	return back, err
}
