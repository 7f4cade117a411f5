package registry

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/ledger"
	"liandong/internal/secret"
	"liandong/place"
	"liandong/sheet"
)

// Apply writes what a plan says, all of it in one transaction or nothing: one act for every county of the file. A household that was changed
// since the plan was made stops it.
func (r *Registry) Apply(ctx context.Context, actor access.Actor, p *Plan) error {
	scope, err := actor.Require(access.ImportRecords, day.InTime(r.now()))
	if err != nil {
		return err
	}
	byCounty := map[place.ID][]*planned{}
	for i := range p.writes {
		w := &p.writes[i]
		village, _ := w.record.Value(r.fields.village)
		if !scope.Contains(place.ID(village)) {
			return access.NotFound(errs.Text{ZH: "行政村", EN: "village"})
		}
		byCounty[w.county] = append(byCounty[w.county], w)
	}
	if len(byCounty) == 0 {
		return nil
	}
	return r.db.Write(ctx, func(tx *db.Tx) error {
		for _, county := range slices.Sorted(maps.Keys(byCounty)) {
			if err := r.applyCounty(tx, actor, p, county, byCounty[county]); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r *Registry) applyCounty(tx *db.Tx, actor access.Actor, p *Plan, county place.ID, writes []*planned) error {
	slices.SortFunc(writes, func(a, b *planned) int { return bytes.Compare(a.household[:], b.household[:]) })
	if err := tx.Lock("import into " + county.String()); err != nil {
		return err
	}
	b := &Batch{County: county}
	for _, w := range writes {
		if err := r.applyOne(tx, b, p, w); err != nil {
			return err
		}
	}
	all := &group{revisions: make([]int, len(b.revisions))}
	for i := range all.revisions {
		all.revisions[i] = i
	}
	if err := appendGroup(tx, b, all, ledger.Act{Actor: actor.ID, Operation: opImport, Source: p.File}); err != nil {
		return err
	}
	if err := loadNarrow(tx, b); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO import_run (import, county, first_leaf, leaves, file, actor, at, undone) VALUES (?, ?, ?, ?, ?, ?, ?, 0)`,
		p.ID, int64(county), b.revisions[0].leaf, int64(len(b.revisions)), p.File, actor.ID, tx.Now())
	return err
}

// applyOne prepares one household: a new one with a new key, a known one in place of its narrow rows.
func (r *Registry) applyOne(tx *db.Tx, b *Batch, p *Plan, w *planned) error {
	c, event := w.before, Imported
	var key *secret.Key
	var err error
	if w.previous == nil {
		if err := stillFree(tx, w.county, w.record.String("number")); err != nil {
			return err
		}
		c, event = current{County: w.county, Household: w.household}, Opened
		if key, err = r.keys.NewKey(int64(w.county), w.household); err != nil {
			return err
		}
		b.keys = append(b.keys, key)
	} else {
		if err := r.makeWay(tx, w); err != nil {
			return err
		}
		if key, err = r.keys.KeyOf(tx, int64(w.county), w.household); err != nil {
			return err
		}
	}
	valid := p.Valid
	if valid.Before(c.Valid) {
		valid = c.Valid // the file is the newest word on the household
	}
	newest, err := r.prepareRevision(b, key, &c, w.previous, &DatedRecord{Valid: valid, Event: event, Record: w.record}, tx.Now())
	if err != nil {
		return err
	}
	r.prepareCurrent(b, c, newest, w.claims)
	return nil
}

// stillFree makes sure that nobody took the number of a new household since the plan was made: another preview of the same file, say.
func stillFree(tx *db.Tx, county place.ID, number string) error {
	found, err := db.Collect(tx, scanCurrent, `SELECT `+currentColumns+` FROM household_current WHERE county = ? AND number = ? LIMIT 1`, int64(county), number)
	if err != nil || len(found) == 0 {
		return err
	}
	return errs.New(errs.Conflict, "registry.Apply",
		fmt.Sprintf("预览之后，户编号 %s 已被登记。没有写入任何内容，请重新预览。", number),
		fmt.Sprintf("After the preview the household number %s was taken. Nothing was written; preview the file again.", number))
}

// makeWay takes a known household's narrow rows, claims and findings away, after making sure that it is as the plan saw it.
func (r *Registry) makeWay(tx *db.Tx, w *planned) error {
	now, ok, err := currentOf(tx, w.county, w.household)
	if err != nil {
		return err
	}
	if !ok || now.Version != w.before.Version {
		return errs.New(errs.Conflict, "registry.Apply",
			fmt.Sprintf("预览之后，户编号 %s 已被别人修改。没有写入任何内容，请重新预览。", w.before.Number),
			fmt.Sprintf("After the preview somebody changed the household %s. Nothing was written; preview the file again.", w.before.Number))
	}
	if err := deleteCurrent(tx, w.county, w.household); err != nil {
		return err
	}
	for _, table := range []string{"identity_claim", "quality_finding"} {
		if _, err := tx.Exec(`DELETE FROM `+table+` WHERE county = ? AND household = ?`, int64(w.county), w.household); err != nil {
			return err
		}
	}
	return nil
}

// Report gives the file back with the wrong cells marked and the reasons beside them; a large file comes back as a new one of the held rows.
func (p *Plan) Report(w io.Writer) (marked bool, err error) {
	remarks := make([]sheet.Remark, 0, len(p.Findings))
	for _, f := range p.Findings {
		severity := sheet.Warning
		if f.Severity == form.Error {
			severity = sheet.Error
		} else if f.Severity == form.Note {
			continue
		}
		remarks = append(remarks, sheet.Remark{Row: f.Row, Column: f.column, Severity: severity, Text: f.Text})
	}
	return sheet.Report(w, p.book, p.Match, remarks, p.held)
}

// Run is one import as it was made.
type Run struct {
	ID     ID        `json:"id"`
	File   string    `json:"file"`
	Actor  string    `json:"actor"`
	At     time.Time `json:"at"`
	Undone bool      `json:"undone"`

	parts []runPart
}

type runPart struct {
	county        place.ID
	first, leaves int64
}

// Imports lists the imports of counties in the scope and those that the actor made, newest first.
func (r *Registry) Imports(ctx context.Context, actor access.Actor, scope access.Scope) ([]Run, error) {
	byID := map[ID]*Run{}
	err := r.db.Read(ctx, func(tx *db.Tx) error {
		clear(byID)
		return tx.Each(func(rows *db.Rows) error {
			var run Run
			var part runPart
			var county int64
			if err := rows.Scan(&run.ID, &county, &part.first, &part.leaves, &run.File, &run.Actor, &run.At, &run.Undone); err != nil {
				return err
			}
			if part.county = place.ID(county); !scope.Contains(part.county) && run.Actor != actor.ID {
				return nil
			}
			if byID[run.ID] == nil {
				byID[run.ID] = &run
			}
			byID[run.ID].parts = append(byID[run.ID].parts, part)
			return nil
		}, `SELECT import, county, first_leaf, leaves, file, actor, at, undone FROM import_run`)
	})
	runs := make([]Run, 0, len(byID))
	for _, run := range byID {
		runs = append(runs, *run)
	}
	slices.SortFunc(runs, func(a, b Run) int { return cmp.Or(b.At.Compare(a.At), bytes.Compare(a.ID[:], b.ID[:])) })
	return runs, err
}

// Undo takes an import back by appending reverting revisions: a household it changed gets the answers from before, one it brought is taken
// out of the register's lists. It is refused, naming them, when any of its households was changed since.
func (r *Registry) Undo(ctx context.Context, actor access.Actor, id ID) error {
	scope, err := actor.Require(access.ImportRecords, day.InTime(r.now()))
	if err != nil {
		return err
	}
	return r.db.Write(ctx, func(tx *db.Tx) error {
		parts, err := r.partsOf(tx, scope, id)
		if err != nil {
			return err
		}
		for _, part := range parts {
			if err := r.undoPart(tx, scope, actor, id, part); err != nil {
				return err
			}
		}
		_, err = tx.Exec(`UPDATE import_run SET undone = 1 WHERE import = ?`, id)
		return err
	})
}

func (r *Registry) partsOf(tx *db.Tx, scope access.Scope, id ID) ([]runPart, error) {
	undone := false
	parts, err := db.Collect(tx, func(rows *db.Rows) (runPart, error) {
		var p runPart
		var county int64
		var done bool
		err := rows.Scan(&county, &p.first, &p.leaves, &done)
		p.county, undone = place.ID(county), undone || done
		return p, err
	}, `SELECT county, first_leaf, leaves, undone FROM import_run WHERE import = ? ORDER BY county`, id)
	if err != nil {
		return nil, err
	}
	for _, p := range parts {
		if !scope.Touches(p.county) {
			parts = nil
		}
	}
	switch {
	case len(parts) == 0:
		return nil, access.NotFound(errs.Text{ZH: "导入", EN: "import"})
	case undone:
		return nil, errs.New(errs.Conflict, "registry.Undo", "这次导入已经撤销过。", "This import was undone already.")
	}
	return parts, nil
}

// allWithin refuses an import of which any household lies outside the scope, as if there were no such import.
func (r *Registry) allWithin(scope access.Scope, rows []stored) error {
	record := r.form.Root.New()
	for i := range rows {
		if err := r.form.DecodeInto(record, rows[i].body); err != nil {
			return err
		}
		if village, _ := record.Value(r.fields.village); !scope.Contains(place.ID(village)) {
			return access.NotFound(errs.Text{ZH: "导入", EN: "import"})
		}
	}
	return nil
}

func (r *Registry) undoPart(tx *db.Tx, scope access.Scope, actor access.Actor, id ID, part runPart) error {
	rows, err := db.Collect(tx, scanRevision, `SELECT `+revisionColumns+` FROM household_revision WHERE county = ? AND leaf >= ? AND leaf < ? ORDER BY household`,
		int64(part.county), part.first, part.first+part.leaves)
	if err != nil {
		return err
	}
	if !scope.Contains(part.county) {
		if err := r.allWithin(scope, rows); err != nil {
			return err
		}
	}
	if err := r.untouchedSince(tx, part, rows); err != nil {
		return err
	}
	reverts := make([]stored, len(rows))
	entries := make([]ledger.Entry, len(rows))
	for i := range rows {
		if reverts[i], err = r.revertOf(tx, &rows[i]); err != nil {
			return err
		}
		entries[i] = reverts[i].entry()
	}
	leaf, err := ledger.Append(tx, int64(part.county), ledger.Act{Actor: actor.ID, Operation: opUndo, Source: id.String()}, entries)
	if err != nil {
		return err
	}
	for i := range reverts {
		reverts[i].leaf = leaf + int64(i)
		if err := r.applyRevert(tx, &reverts[i]); err != nil {
			return err
		}
	}
	return nil
}

// untouchedSince refuses when a household has a newer revision than the import's, or a status that was decided since, with the numbers of up to
// ten of them.
func (r *Registry) untouchedSince(tx *db.Tx, part runPart, rows []stored) error {
	decided, err := decidedSince(tx, part)
	if err != nil {
		return err
	}
	var numbers []string
	for i := range rows {
		c, ok, err := currentOf(tx, rows[i].county, rows[i].household)
		if err != nil {
			return err
		}
		if !ok || c.Revision != rows[i].revision || decided[c.Household] {
			numbers = append(numbers, c.Number)
		}
	}
	if len(numbers) == 0 {
		return nil
	}
	list := fmt.Sprint(numbers[:min(len(numbers), 10)])
	return errs.New(errs.Conflict, "registry.Undo",
		fmt.Sprintf("导入之后有 %d 户又改过，不能撤销：%s。没有改变任何内容。", len(numbers), list),
		fmt.Sprintf("%d households were changed after the import, so it cannot be undone: %s. Nothing was changed.", len(numbers), list))
}

// decidedSince lists the households of a county whose status was decided after an import.
func decidedSince(tx *db.Tx, part runPart) (map[ID]bool, error) {
	decided := map[ID]bool{}
	err := tx.Each(func(rows *db.Rows) error {
		var id ID
		err := rows.Scan(&id)
		decided[id] = true
		return err
	}, `SELECT household FROM status_change WHERE county = ? AND leaf >= ?`, int64(part.county), part.first+part.leaves)
	return decided, err
}

// revertOf is the revision that takes one back: the body from before, or, for a household the import brought, one without members.
func (r *Registry) revertOf(tx *db.Tx, row *stored) (stored, error) {
	revert := stored{
		county: row.county, household: row.household, valid: row.valid, recordedAt: tx.Now().UnixMicro(), revision: r.newID(), event: Reverted,
	}
	if row.event == Opened {
		record, err := r.form.Decode(row.body)
		if err != nil {
			return stored{}, err
		}
		village, _ := record.Value(r.fields.village)
		revert.body = r.emptied(place.ID(village))
		return revert, nil
	}
	all, err := revisionsOf(tx, row.county, row.household, Moment{})
	if err != nil {
		return stored{}, err
	}
	sortByValid(all)
	i := slices.IndexFunc(all, func(s stored) bool { return s.revision == row.revision })
	if i < 1 {
		return stored{}, errs.New(errs.Internal, "registry.revertOf", "", "a changed household without an earlier revision")
	}
	revert.body = all[i-1].body
	return revert, nil
}

func (r *Registry) applyRevert(tx *db.Tx, row *stored) error {
	before, _, err := currentOf(tx, row.county, row.household)
	if err != nil {
		return err
	}
	record, err := r.form.Decode(row.body)
	if err != nil {
		return err
	}
	if err := row.insert(tx); err != nil {
		return err
	}
	members, _ := record.Items(r.fields.members)
	if len(members) == 0 {
		before.Valid, before.Revision, before.Version, before.Size, before.Findings = row.valid, row.revision, before.Version+1, 0, 0
		return closeCurrent(tx, before)
	}
	plain := record.Clone()
	key, err := r.keys.KeyOf(tx, int64(row.county), row.household)
	if err != nil {
		return err
	}
	if err := r.unseal(key, row.household, plain); err != nil {
		return err
	}
	if err := r.claimAll(tx, row.county, row.household, r.claims(plain)); err != nil {
		return err
	}
	saved := Saved{Version: before.Version + 1}
	return r.refresh(tx, before, row, record, &saved, true)
}
