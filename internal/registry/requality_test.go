package registry_test

import (
	"slices"
	"testing"

	"liandong/day"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/figure"
	"liandong/internal/registry"
)

// found lists the open findings that the book proves, by their sentences.
func (d *desk) found() []string {
	d.T.Helper()
	book, err := figure.NewBook(d.Figures())
	if err != nil {
		d.T.Fatal(err)
	}
	on := day.MustOf(2016, 1, 1)
	f, err := book.Get(d.Ctx, "open_findings", figure.Query{Division: baoding, AsOf: on, Rows: 100, Scope: d.Leader.Scope(access.ReadFigures, on), Records: d.Fuping.Scope(access.ReadRecords, on)})
	if err != nil {
		d.T.Fatal(err)
	}
	var words []string
	for _, row := range f.Value.Rows {
		words = append(words, row.Label)
	}
	slices.Sort(words)
	page, err := d.List(d.Ctx, d.Reads(d.Fuping), registry.Filter{Findings: true}, "", 10)
	if err != nil {
		d.T.Fatal(err)
	}
	counted := 0
	for _, row := range page.Rows {
		counted += row.Findings
	}
	if counted != len(words) {
		d.T.Errorf("the list counts %d findings, the book %d", counted, len(words))
	}
	return words
}

const notRegistered = "人均纯收入低于当年贫困标准，却没有建档。请核实收入；属实的，按程序识别。"

// Whoever is poor by income and not registered is found, until a decision registers them.
func TestPoorAndNotRegisteredIsFoundUntilADecision(t *testing.T) {
	each(t, func(d *desk) {
		draft := d.Draft(fuping, 1)
		d.Answer(draft.Record, "income.wage", "4000")
		for _, path := range []string{"income.business", "income.property", "income.transfer", "income.cost"} {
			d.Answer(draft.Record, path, "0")
		}
		saved := d.MustSave(d.Fuping, draft)
		if !slices.Contains(d.found(), notRegistered) {
			d.T.Errorf("not found: %v", d.found())
		}
		draft.Record, draft.Version, draft.Valid = draft.Record.Clone(), saved.Version, day.MustOf(2013, 6, 1)
		d.Answer(draft.Record, "income.wage", "4100")
		d.MustSave(d.Fuping, draft) // a late insertion
		d.MustSetStatus(fuping, registry.NotOut, day.MustOf(2015, 1, 1), draft.Household)
		if found := d.found(); slices.Contains(found, notRegistered) || !slices.ContainsFunc(found, func(s string) bool {
			return s == "有一次登记的日期早于最新登记。请核对最新登记是否也要更正。"
		}) {
			d.T.Errorf("after the decision: %v", found)
		}
		d.MustSetStatus(fuping, registry.NotRegistered, day.MustOf(2015, 6, 1), draft.Household)
		if !slices.Contains(d.found(), notRegistered) {
			d.T.Errorf("after it was taken back: %v", d.found())
		}
	})
}

// A program with other rules looks at every household again.
func TestFindingsFollowTheRulesInForce(t *testing.T) {
	each(t, func(d *desk) {
		if err := d.SetCity(d.Ctx, baoding); err != nil {
			d.T.Fatal(err)
		}
		draft := d.Draft(fuping, 1)
		d.MustSave(d.Fuping, draft)
		before := d.found()
		if stale, err := d.FindingsStale(d.Ctx); err != nil || stale || len(before) == 0 {
			d.T.Fatalf("stale %v %v, found %v", stale, err, before)
		}
		// as an earlier program left it: with a finding of a rule that is gone, and without those of rules that are new
		if err := d.DB.Write(d.Ctx, func(tx *db.Tx) error {
			if _, err := tx.Exec(`UPDATE quality_applied SET digest = ?`, []byte("an earlier program")); err != nil {
				return err
			}
			if _, err := tx.Exec(`UPDATE quality_finding SET rule = 'gone' WHERE rule = (SELECT MIN(rule) FROM quality_finding)`); err != nil {
				return err
			}
			if _, err := tx.Exec(`DELETE FROM quality_finding WHERE rule <> 'gone'`); err != nil {
				return err
			}
			return nil
		}); err != nil {
			d.T.Fatal(err)
		}
		if stale, err := d.FindingsStale(d.Ctx); err != nil || !stale {
			d.T.Fatalf("stale %v %v", stale, err)
		}
		if err := d.RefreshFindings(d.Ctx, func(int, int) {}); err != nil {
			d.T.Fatal(err)
		}
		if after := d.found(); !slices.Equal(before, after) {
			d.T.Errorf("%v, then %v", before, after)
		}
		if stale, err := d.FindingsStale(d.Ctx); err != nil || stale {
			d.T.Errorf("stale %v %v", stale, err)
		}
	})
}
