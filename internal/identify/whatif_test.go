package identify_test

import (
	"slices"
	"testing"

	"liandong/criteria"
	"liandong/errs"
	"liandong/internal/identify"
	"liandong/internal/registry"
	"liandong/money"
	"liandong/place"
)

// whatIf asks over the whole city and weighs the answer by county.
func (d *desk) whatIf(q identify.Request) (*identify.Effect, *identify.Evaluation) {
	d.T.Helper()
	q.Document, q.At, q.Division = d.lineDocument(2855), registry.Moment{AsOf: yearEnd}, baoding
	before, after, err := d.room.WhatIf(d.Ctx, d.city, q)
	if err != nil {
		d.T.Fatal(err)
	}
	x, err := identify.Weigh(d.Reads(d.city), before, after, identify.Weighing{Division: baoding, By: place.County, Band: 5, Price: money.Fen(300_000)})
	if err != nil {
		d.T.Fatal(err)
	}
	return x, after
}

func caused(x *identify.Effect, kind, id string) (enter, leave int) {
	i := slices.IndexFunc(x.Causes, func(c criteria.Cause) bool { return c.Kind == kind && c.ID == id })
	if i < 0 {
		return 0, 0
	}
	return x.Causes[i].Enter, x.Causes[i].Leave
}

func TestAWhatIfTellsWhoEntersAndLeavesAndWhatDidIt(t *testing.T) {
	each(t, func(d *desk) {
		d.household(fuping, 1, "5000", true) // 2,500 a head
		d.household(fuping, 2, "7000", true) // 3,500
		d.household(yixian, 3, "9000", true)
		d.household(yixian, 4, "100", false) // poor, and nobody knows of a car
		d.household(fuping, 5, "5000", true)

		x, _ := d.whatIf(identify.Request{Parameters: map[string]float64{"line": 3600}})
		if x.Whole.Enter != (identify.Count{Households: 1, Members: 2}) || x.Whole.Leave.Households != 0 || len(x.Parts) != 2 || x.Parts[0].Enter.Households != 1 {
			d.T.Errorf("another line: %+v, by county %+v", x.Whole, x.Parts)
		}
		if enter, leave := caused(x, "condition", "income_per_head < line"); enter != 1 || leave != 0 {
			d.T.Errorf("another line is caused by %+v", x.Causes)
		}
		if x.Cost == nil || x.Cost.Before != 4*300_000 || x.Cost.After != 6*300_000 {
			d.T.Errorf("cost %+v", x.Cost)
		}

		x, _ = d.whatIf(identify.Request{Parameters: map[string]float64{"line": 2000}})
		if x.Whole.Leave.Households != 2 || x.Whole.Enter.Households != 0 {
			d.T.Errorf("a lower line: %+v", x.Whole)
		}

		x, after := d.whatIf(identify.Request{Amendments: criteria.Amendments{Bars: map[string]string{"car": criteria.Off}}})
		if enter, _ := caused(x, "bar", "car"); x.Whole.Enter.Households != 1 || enter != 1 {
			d.T.Errorf("a bar off: %+v, causes %+v", x.Whole, x.Causes)
		}
		if len(after.Amendments.Bars) != 1 {
			d.T.Error("the evaluation does not say what was changed")
		}

		x, _ = d.whatIf(identify.Request{Amendments: criteria.Amendments{Poor: "score < 5 && income_per_head < line"}})
		if x.Band == nil || x.Band.Cut != 5 || x.Band.Below.Households+x.Band.Above.Households+x.Band.Open.Households != 5 {
			d.T.Errorf("band %+v", x.Band)
		}
		if len(x.Agreement) == 0 || x.Agreement[0].Vote != criteria.Unknown {
			d.T.Errorf("agreement %+v", x.Agreement)
		}
		if x.Stability == nil || x.Stability.Tau != 1 || x.Stability.Households != 5 {
			d.T.Errorf("stability %+v: the scores are the same", x.Stability)
		}
		if runs, err := d.room.Runs(d.Ctx, d.Reads(d.city)); err != nil || len(runs) != 0 {
			d.T.Errorf("a what-if stored %v %v", runs, err)
		}
	})
}

func TestAWhatIfFollowsTheRegister(t *testing.T) {
	each(t, func(d *desk) {
		d.household(fuping, 1, "5000", true)
		x, _ := d.whatIf(identify.Request{Parameters: map[string]float64{"line": 2000}})
		d.household(fuping, 2, "5000", true)
		y, _ := d.whatIf(identify.Request{Parameters: map[string]float64{"line": 2000}})
		if x.Whole.Leave.Households != 1 || y.Whole.Leave.Households != 2 {
			d.T.Errorf("%d leave, and with one household more %d", x.Whole.Leave.Households, y.Whole.Leave.Households)
		}
	})
}

func TestAWhatIfRefusesWhatTheDocumentLacks(t *testing.T) {
	each(t, func(d *desk) {
		d.household(fuping, 1, "5000", true)
		q := identify.Request{Document: d.lineDocument(2855), At: registry.Moment{AsOf: yearEnd}, Division: baoding, Amendments: criteria.Amendments{Bars: map[string]string{"boat": "off"}}}
		if _, _, err := d.room.WhatIf(d.Ctx, d.city, q); !errs.Is(err, errs.Invalid) {
			d.T.Errorf("a bar that is not there: %v", err)
		}
		if _, _, err := d.room.WhatIf(d.Ctx, d.Fuping, q); !errs.Is(err, errs.NotFound) {
			d.T.Errorf("a county office asks about the city: %v", err)
		}
		if _, err := d.room.Run(d.Ctx, d.city, q); !errs.Is(err, errs.Invalid) {
			d.T.Errorf("an amended document was stored: %v", err)
		}
	})
}

func TestTwoStoredRunsTellWhatDidIt(t *testing.T) {
	each(t, func(d *desk) {
		d.household(fuping, 1, "5000", true)
		leaves := d.household(fuping, 2, "5000", true)
		first := d.run(2855, yearEnd)
		leaves.Record = leaves.Record.Clone()
		d.Answer(leaves.Record, "income.wage", "8000")
		leaves.Version, leaves.Event = 1, registry.Corrected
		d.MustSave(d.Fuping, leaves)
		second := d.run(2855, yearEnd)

		fresh := identify.New(identify.Options{DB: d.DB, Registry: d.Registry, Places: d.Places}) // has read neither
		scope := d.Reads(d.city)
		a, err := fresh.Stored(d.Ctx, scope, first.ID)
		if err != nil {
			d.T.Fatal(err)
		}
		b, err := fresh.Stored(d.Ctx, scope, second.ID)
		if err != nil {
			d.T.Fatal(err)
		}
		all, err := fresh.Causes(d.Ctx, scope, a, b, baoding)
		if err != nil {
			d.T.Fatal(err)
		}
		x := &identify.Effect{Causes: all}
		if _, leave := caused(x, "condition", "income_per_head < line"); leave != 1 {
			d.T.Errorf("causes %+v", all)
		}
		if _, leave := caused(x, "part", "home.wage"); leave != 1 {
			d.T.Errorf("causes %+v", all)
		}
		if _, err := fresh.Causes(d.Ctx, d.Reads(d.Yixian), a, b, fuping); !errs.Is(err, errs.NotFound) {
			d.T.Errorf("another county is told: %v", err)
		}
	})
}
