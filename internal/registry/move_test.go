package registry_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/internal/access"
	"liandong/internal/figure"
	"liandong/internal/ledger"
	"liandong/internal/registry"
	"liandong/internal/registry/registrytest"
	"liandong/place"
)

var midYear = day.MustOf(2015, 7, 1)

// persons is how many people the register has in a division on a day.
func (d *desk) persons(division place.ID, asOf day.Date) float64 {
	d.T.Helper()
	book, err := figure.NewBook(d.Figures())
	if err != nil {
		d.T.Fatal(err)
	}
	f, err := book.Get(d.Ctx, "persons", figure.Query{Division: division, AsOf: asOf, Scope: d.Leader.Scope(access.ReadFigures, asOf)})
	if err != nil {
		d.T.Fatal(err)
	}
	return f.Value.Number
}

// verified fails where the log and the records disagree.
func (d *desk) verified() {
	d.T.Helper()
	report, err := ledger.Verify(d.Ctx, d.DB, ledger.Options{Records: d.LedgerRecords()})
	if err != nil || !report.OK() {
		d.T.Errorf("the log: %+v %v", report, err)
	}
}

// A move to another county closes one record and opens a linked one: nobody is counted twice, nothing is lost, and neither office sees into the
// other's territory.
func TestAMoveToAnotherCountyClosesOneRecordAndOpensALinkedOne(t *testing.T) {
	each(t, func(d *desk) {
		draft := d.Draft(fuping, 1)
		saved := d.MustSave(d.Fuping, draft)
		d.MustSetStatus(fuping, registry.NotOut, day.MustOf(2014, 6, 1), draft.Household)
		move := registry.Move{Household: draft.Household, Version: saved.Version, Valid: midYear, To: d.Places.Villages(yixian)[3].ID, As: uuid.Must(uuid.NewV7()), Source: "迁移证", Reason: "投靠子女"}

		stale := move
		stale.Version = 7
		if _, err := d.Move(d.Ctx, d.Fuping, stale); !errs.Is(err, errs.Conflict) {
			d.T.Errorf("on a version nobody read: %v", err)
		}
		if _, err := d.Move(d.Ctx, d.Yixian, move); !errs.Is(err, errs.NotFound) {
			d.T.Errorf("by another county: %v", err)
		}
		for range 2 { // a repeat is harmless
			moved, err := d.Move(d.Ctx, d.Fuping, move)
			if err != nil || moved.Arrived || moved.Household != move.As {
				d.T.Fatalf("%+v %v", moved, err)
			}
		}
		if n := d.persons(fuping, midYear); n != 0 {
			d.T.Errorf("%v persons are still counted where they left", n)
		}
		if n := d.persons(fuping, midYear.AddDays(-1)); n != 2 {
			d.T.Errorf("%v persons the day before", n)
		}
		if page, err := d.List(d.Ctx, d.Reads(d.Fuping), registry.Filter{}, "", 10); err != nil || page.Total != 0 {
			d.T.Errorf("the list still has it: %+v %v", page, err)
		}
		if h, err := d.Household(d.Ctx, d.Reads(d.Fuping), draft.Household, on(2015, 1, 1)); err != nil || h.Record.String("number") == "" {
			d.T.Errorf("what it was before cannot be read: %v", err)
		}
		if waiting, err := d.Arrivals(d.Ctx, d.Reads(d.Fuping)); err != nil || len(waiting) != 0 {
			d.T.Errorf("waits where it left: %v %v", waiting, err)
		}
		waiting, err := d.Arrivals(d.Ctx, d.Reads(d.Yixian))
		if err != nil || len(waiting) != 1 || waiting[0].Head != "单建国" || waiting[0].From != fuping || waiting[0].Size != 2 {
			d.T.Fatalf("waiting: %+v %v", waiting, err)
		}

		arrival := registry.Arrival{Household: move.As, Number: "130633000009", Source: "迁移证"}
		if _, err := d.TakeIn(d.Ctx, d.Fuping, arrival); !errs.Is(err, errs.NotFound) {
			d.T.Errorf("taken in by those it left: %v", err)
		}
		first, err := d.TakeIn(d.Ctx, d.Yixian, arrival)
		if err != nil {
			d.T.Fatal(err)
		}
		if again, err := d.TakeIn(d.Ctx, d.Yixian, arrival); err != nil || again.Revision != first.Revision {
			d.T.Errorf("taken in twice: %+v %v", again, err)
		}
		h, err := d.Household(d.Ctx, d.Reads(d.Yixian), move.As, registry.Moment{AsOf: midYear})
		if err != nil || h.Status != registry.NotOut || h.Number != arrival.Number || h.Village != move.To || h.Event != registry.MovedIn {
			d.T.Fatalf("%+v %v", h, err)
		}
		if n := d.persons(baoding, midYear); n != 2 {
			d.T.Errorf("the city counts %v persons", n)
		}
		if phone, err := d.Show(d.Ctx, d.Yixian, move.As, registry.ID{}, "phone", "联系"); err != nil || phone != "19900000000" {
			d.T.Errorf("the phone did not come along: %q %v", phone, err)
		}
		if hits, err := d.FindByIdentity(d.Ctx, d.Yixian, registrytest.Number(day.MustOf(1972, 3, 19), 3), "核对"); err != nil || len(hits) != 1 || hits[0].Household != move.As {
			d.T.Errorf("by number: %+v %v", hits, err)
		}
		from, err := d.Links(d.Ctx, d.Reads(d.Yixian), move.As)
		if err != nil || len(from) != 1 || from[0].Outward || from[0].Division != fuping || from[0].Household != (registry.ID{}) {
			d.T.Errorf("where it came from: %+v %v", from, err)
		}
		to, err := d.Links(d.Ctx, d.Reads(d.Fuping), draft.Household)
		if err != nil || len(to) != 1 || !to[0].Outward || to[0].Waiting || to[0].Division != yixian {
			d.T.Errorf("where it went: %+v %v", to, err)
		}
		draft.Version, draft.Valid = 2, day.MustOf(2015, 9, 1)
		if _, err := d.Save(d.Ctx, d.Fuping, draft); !errs.Is(err, errs.Conflict) || !strings.Contains(errs.Sentence(err).ZH, "迁出") {
			d.T.Errorf("written again where it left: %v", err)
		}
		d.verified()
	})
}

func TestAnOfficeOfBothCountiesMovesAtOnce(t *testing.T) {
	each(t, func(d *desk) {
		draft := d.Draft(fuping, 1)
		saved := d.MustSave(d.Fuping, draft)
		both := registrytest.Holder(access.CountyOffice, fuping)
		both.Grants = append(both.Grants, access.Grant{Role: access.CountyOffice, Territory: yixian})
		move := registry.Move{Household: draft.Household, Version: saved.Version, Valid: midYear, To: d.Places.Villages(yixian)[0].ID, As: uuid.Must(uuid.NewV7())}
		if moved, err := d.Move(d.Ctx, both, move); err != nil || !moved.Arrived {
			d.T.Fatalf("%+v %v", moved, err)
		}
		if n := d.persons(yixian, midYear); n != 2 {
			d.T.Errorf("%v persons", n)
		}
		other := d.MustSave(d.Fuping, d.Draft(fuping, 2))
		within := registry.Move{Household: other.Household, Version: other.Version, Valid: midYear, To: d.Places.Villages(fuping)[50].ID}
		if moved, err := d.Move(d.Ctx, d.Fuping, within); err != nil || moved.Household != other.Household {
			d.T.Fatalf("within the county: %+v %v", moved, err)
		}
		if h, err := d.Household(d.Ctx, d.Reads(d.Fuping), other.Household, registry.Moment{AsOf: midYear}); err != nil || h.Village != within.To {
			d.T.Errorf("%v %v", h.Village, err)
		}
		within.To = fuping
		if _, err := d.Move(d.Ctx, d.Fuping, within); !errs.Is(err, errs.Invalid) {
			d.T.Errorf("into a county: %v", err)
		}
		d.verified()
	})
}

// A household that splits keeps what it has; the new one has its people, the status, and no income by guess.
func TestAHouseholdSplits(t *testing.T) {
	each(t, func(d *desk) {
		draft := d.Draft(fuping, 1)
		saved := d.MustSave(d.Fuping, draft)
		d.MustSetStatus(fuping, registry.NotOut, day.MustOf(2014, 6, 1), draft.Household)
		members, _ := draft.Record.Items(form.Household().Root.Must("members"))
		wife := registry.PersonOf(members[1])
		split := registry.Split{
			Household: draft.Household, Version: saved.Version, Valid: midYear, As: uuid.Must(uuid.NewV7()), Number: "130624000777", Leaving: []registry.Placed{{Person: wife, Relation: "spouse"}},
		}
		if _, err := d.Split(d.Ctx, d.Fuping, split); !errs.Is(err, errs.Invalid) {
			d.T.Errorf("a household without a head: %v", err)
		}
		split.Leaving[0].Relation = "head"
		if _, err := d.Split(d.Ctx, d.Yixian, split); !errs.Is(err, errs.NotFound) {
			d.T.Errorf("by another county: %v", err)
		}
		for range 2 {
			if made, err := d.Split(d.Ctx, d.Fuping, split); err != nil || made.Household != split.As {
				d.T.Fatalf("%+v %v", made, err)
			}
		}
		for id, want := range map[registry.ID]string{draft.Household: "单建国", split.As: "曾桂英"} {
			h, err := d.Household(d.Ctx, d.Reads(d.Fuping), id, registry.Moment{AsOf: midYear})
			if err != nil {
				d.T.Fatal(err)
			}
			items, _ := h.Record.Items(form.Household().Root.Must("members"))
			if len(items) != 1 || items[0].String("name") != want || items[0].Code("relation") != "head" || h.Status != registry.NotOut {
				d.T.Errorf("%s: %d members, %v", want, len(items), h.Status)
			}
			if _, wage := h.Record.Money("income.wage"); wage != (id == draft.Household) {
				d.T.Errorf("%s: the wage is there: %v", want, wage)
			}
		}
		if n := d.persons(fuping, midYear); n != 2 {
			d.T.Errorf("%v persons", n)
		}
		split.As, split.Version = uuid.Must(uuid.NewV7()), 2
		split.Leaving = []registry.Placed{{Person: registry.PersonOf(members[0]), Relation: "head"}}
		if _, err := d.Split(d.Ctx, d.Fuping, split); !errs.Is(err, errs.Invalid) || !strings.Contains(errs.Sentence(err).ZH, "迁出") {
			d.T.Errorf("everybody leaves: %v", err)
		}
		d.verified()
	})
}
