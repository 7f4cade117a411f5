package registry_test

import (
	"slices"
	"testing"

	"liandong/day"
	"liandong/internal/db"
	"liandong/internal/registry"
)

// TestAGridGoesThroughEverybodyOnceInEveryOrder goes through two counties a page at a time by every column, up and down.
func TestAGridGoesThroughEverybodyOnceInEveryOrder(t *testing.T) {
	each(t, func(d *desk) {
		for i := 1; i <= 4; i++ {
			d.MustSave(d.Fuping, d.Draft(fuping, i))
			d.MustSave(d.Yixian, d.Draft(yixian, 100+i))
		}
		through := func(o registry.Order, limit int) (numbers []string) {
			for after := ""; ; {
				page, err := d.Grid(d.Ctx, d.Reads(d.Auditor), registry.Filter{}, o, after, limit)
				if err != nil || page.Total != 8 {
					d.T.Fatalf("%+v: %+v %v", o, page, err)
				}
				for _, row := range page.Rows {
					numbers = append(numbers, row.Number)
				}
				if after = page.Next; after == "" || len(numbers) > 8 {
					return numbers
				}
			}
		}
		for _, column := range registry.OrderColumns() {
			for _, descending := range []bool{false, true} {
				o := registry.Order{Column: column, Descending: descending}
				whole, paged := through(o, 100), through(o, 3)
				if !slices.Equal(whole, paged) {
					d.T.Errorf("%+v: whole %v, in pages %v", o, whole, paged)
				}
				sorted := slices.Sorted(slices.Values(whole))
				if column == "number" && descending {
					slices.Reverse(sorted)
				}
				if column == "number" && !slices.Equal(whole, sorted) {
					d.T.Errorf("by number: %v", whole)
				}
				slices.Sort(sorted)
				if len(slices.Compact(sorted)) != 8 {
					d.T.Errorf("%+v gives %v", o, whole)
				}
			}
		}
		wanted := through(registry.Order{Column: "number"}, 100)[2:4]
		if page, err := d.Grid(d.Ctx, d.Reads(d.Auditor), registry.Filter{Numbers: wanted}, registry.Order{Column: "head"}, "", 10); err != nil || page.Total != 2 {
			d.T.Errorf("two numbers find %+v %v", page, err)
		}
		if page, err := d.Grid(d.Ctx, d.Reads(d.Leader), registry.Filter{Numbers: wanted}, registry.Order{Column: "head"}, "", 10); err != nil || page.Total != 0 {
			d.T.Errorf("a leader, who sees no numbers, finds by them %+v %v", page, err)
		}
		if _, err := d.Grid(d.Ctx, d.Reads(d.Auditor), registry.Filter{}, registry.Order{Column: "phone"}, "", 10); err == nil {
			d.T.Error("a grid has an order by phone")
		}
	})
}

// TestAGridShowsWhatWasJustWritten asks the same question before and after every kind of change.
func TestAGridShowsWhatWasJustWritten(t *testing.T) {
	each(t, func(d *desk) {
		list := func(f registry.Filter) []registry.Row {
			page, err := d.Grid(d.Ctx, d.Reads(d.Fuping), f, registry.Order{Column: "size", Descending: true}, "", 10)
			if err != nil || int(page.Total) != len(page.Rows) {
				d.T.Fatalf("%+v: %+v %v", f, page, err)
			}
			return page.Rows
		}
		first, second := d.Draft(fuping, 1), d.Draft(fuping, 2)
		d.MustSave(d.Fuping, first)
		if rows := list(registry.Filter{}); len(rows) != 1 || rows[0].Status != registry.NotRegistered {
			d.T.Fatalf("one household: %+v", rows)
		}
		d.MustSave(d.Fuping, second)
		if rows := list(registry.Filter{}); len(rows) != 2 {
			d.T.Errorf("after a second one was saved: %+v", rows)
		}
		err := d.DB.Write(d.Ctx, func(tx *db.Tx) error {
			return d.SetStatus(tx, d.Fuping, fuping, "decision 1", day.MustOf(2015, 12, 1), map[registry.ID]registry.Status{second.Household: registry.NotOut})
		})
		if err != nil {
			d.T.Fatal(err)
		}
		poor := registry.Filter{Statuses: []registry.Status{registry.NotOut}}
		if rows := list(poor); len(rows) != 1 || rows[0].Household != second.Household || rows[0].Since != day.MustOf(2015, 12, 1) {
			d.T.Errorf("after a decision: %+v", rows)
		}
		if _, n := d.exported(d.Fuping, registry.Export{Division: fuping, At: on(2015, 12, 31), Layout: registry.NationalLayout(), Only: &poor}, "csv"); n.Households != 1 {
			d.T.Errorf("an export of the same filter has %d households", n.Households)
		}
	})
}
