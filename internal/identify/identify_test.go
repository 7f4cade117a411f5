package identify_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/uuid"

	"liandong/criteria"
	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/identify"
	"liandong/internal/ledger"
	"liandong/internal/registry"
	"liandong/internal/registry/registrytest"
	"liandong/place"
)

const (
	baoding = registrytest.Baoding
	fuping  = registrytest.Fuping
	yixian  = registrytest.Yixian
)

// desk is a register with a room of identification beside it.
type desk struct {
	*registrytest.Desk
	room *identify.Room
	city access.Actor
}

func each(t *testing.T, test func(d *desk)) {
	registrytest.Each(t, identify.Migrations(), func(d *registrytest.Desk) {
		room := identify.New(identify.Options{DB: d.DB, Registry: d.Registry, Places: d.Places})
		test(&desk{d, room, registrytest.Holder(access.CityOffice, baoding)})
	})
}

// lineDocument proposes by income per head, bars a car, reviews village cadres, and counts points for a house.
func (d *desk) lineDocument(line int) identify.Document {
	d.T.Helper()
	document, err := identify.Read(fmt.Appendf(nil, `criteria: line
version: "2015.9"
title: {zh: 收入线, en: Line}
form: household@2015
basis: {text: 试, status: local-default}
effective: {from: 2015-01-01}
parameters:
  line: {title: {zh: 线, en: Line}, value: %d, unit: yuan/person/year}
derive:
  income_per_head: income.wage / members.size()
score:
  higher_means: better_off
  indicators:
    - {id: home, title: {zh: 房, en: Home}, max: 10, parts: [{id: wage, title: {zh: 工资, en: Wage}, max: 10, points: "income.wage > 5000 ? 10 : 0"}]}
bars:
  - {id: car, kind: veto, title: {zh: 有小汽车, en: A car}, when: "vehicles.exists(v, v.kind == 'car')"}
poor: income_per_head < line
`, line))
	if err != nil {
		d.T.Fatal(err)
	}
	return document
}

// household saves one of two people with a wage and, unless they are unknown, no vehicles.
func (d *desk) household(county place.ID, sequence int, wage string, vehiclesKnown bool) registry.Draft {
	d.T.Helper()
	draft := d.Draft(county, sequence)
	d.Answer(draft.Record, "income.wage", wage)
	if vehiclesKnown {
		draft.Record.SetItems(form.Household().Root.Must("vehicles"), []*form.Record{})
	}
	actor := d.Fuping
	if county == yixian {
		actor = d.Yixian
	}
	d.MustSave(actor, draft)
	return draft
}

func (d *desk) run(line int, on day.Date) *identify.Evaluation {
	d.T.Helper()
	e, err := d.room.Run(d.Ctx, d.city, identify.Request{Document: d.lineDocument(line), At: registry.Moment{AsOf: on}, Division: baoding})
	if err != nil {
		d.T.Fatal(err)
	}
	return e
}

var yearEnd = day.MustOf(2015, 12, 31)

func TestARunCountsEveryHouseholdOnceByOutcomeAndDivision(t *testing.T) {
	each(t, func(d *desk) {
		for i := range 5 {
			d.household(fuping, i, "5000", true) // 2,500 a head
		}
		d.household(fuping, 5, "5000", false) // poor, but nobody knows of a car
		d.household(yixian, 6, "9000", true)
		e := d.run(2855, yearEnd)
		whole, parts, err := e.Totals(d.city.Scope(access.ReadFigures, yearEnd), baoding, place.County)
		if err != nil {
			d.T.Fatal(err)
		}
		want := identify.Tally{Total: 7, Proposed: 5, NotProposed: 1, Undetermined: 1}
		if whole.Households != want {
			d.T.Errorf("households %+v, want %+v", whole.Households, want)
		}
		if want := (identify.Tally{Total: 14, Proposed: 10, NotProposed: 2, Undetermined: 2}); whole.Members != want {
			d.T.Errorf("members %+v, want %+v", whole.Members, want)
		}
		if len(parts) != 2 || parts[0].Division != fuping || parts[0].Households.Total != 6 || parts[1].Households.NotProposed != 1 {
			d.T.Errorf("parts %+v", parts)
		}
		_, villages, err := e.Totals(d.city.Scope(access.ReadFigures, yearEnd), fuping, place.Village)
		if err != nil || len(villages) != 6 {
			d.T.Errorf("%d villages, %v", len(villages), err)
		}
	})
}

func TestAStoredRunReplaysAfterTheRegisterMoved(t *testing.T) {
	each(t, func(d *desk) {
		draft := d.household(fuping, 1, "5000", true)
		first := d.run(2855, yearEnd)

		later := draft
		later.Record = draft.Record.Clone()
		d.Answer(later.Record, "income.wage", "9000")
		later.Version, later.Event = 1, registry.Corrected // the same valid day: known otherwise from now on
		d.MustSave(d.Fuping, later)
		second := d.run(2855, yearEnd)

		fresh := identify.New(identify.Options{DB: d.DB, Registry: d.Registry, Places: d.Places}) // remembers nothing
		scope := d.Reads(d.city)
		for _, c := range []struct {
			run     uuid.UUID
			outcome criteria.Outcome
		}{{first.ID, criteria.Proposed}, {second.ID, criteria.NotProposed}} {
			stored, err := fresh.Stored(d.Ctx, scope, c.run)
			if err != nil {
				d.T.Fatal(err)
			}
			if got := stored.Counties; len(got) == 0 {
				d.T.Fatal("no county")
			}
			x, err := fresh.Explain(d.Ctx, scope, c.run, draft.Household)
			if err != nil {
				d.T.Fatal(err)
			}
			if x.Outcome != c.outcome.String() {
				d.T.Errorf("outcome %s, want %s", x.Outcome, c.outcome)
			}
		}
		why, err := fresh.Why(d.Ctx, scope, first.ID, second.ID, draft.Household)
		if err != nil {
			d.T.Fatal(err)
		}
		if !slices.ContainsFunc(why, func(r identify.Reason) bool {
			return r.What.ZH == "房：工资" && r.Before.ZH == "0 分" && r.After.ZH == "10 分"
		}) {
			d.T.Errorf("why: %+v", why)
		}
	})
}

func TestAVerdictThatDoesNotReplayIsNotExplained(t *testing.T) {
	each(t, func(d *desk) {
		draft := d.household(fuping, 1, "5000", true)
		run := d.run(2855, yearEnd)
		// Somebody with the database in hand changes the document that the run names.
		err := d.DB.Write(d.Ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE criteria_text SET body = ?`, d.lineDocument(100).Text)
			return err
		})
		if err != nil {
			d.T.Fatal(err)
		}
		fresh := identify.New(identify.Options{DB: d.DB, Registry: d.Registry, Places: d.Places})
		if _, err := fresh.Explain(d.Ctx, d.Reads(d.city), run.ID, draft.Household); !errs.Is(err, errs.Internal) {
			d.T.Errorf("explained: %v", err)
		}
		report, err := ledger.Verify(d.Ctx, d.DB, ledger.Options{Records: d.room.LedgerRecords()})
		if err != nil {
			d.T.Fatal(err)
		}
		if report.OK() {
			d.T.Error("the log's verification does not find the changed document")
		}
	})
}

func TestVerdictsThatWereTamperedWithAreFoundByTheLog(t *testing.T) {
	each(t, func(d *desk) {
		d.household(fuping, 1, "5000", true)
		d.run(2855, yearEnd)
		verify := func() bool {
			report, err := ledger.Verify(d.Ctx, d.DB, ledger.Options{Records: append(d.room.LedgerRecords(), d.LedgerRecords()...)})
			if err != nil {
				d.T.Fatal(err)
			}
			return report.OK()
		}
		if !verify() {
			d.T.Fatal("an untouched log does not verify")
		}
		if err := d.DB.Write(d.Ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(`DELETE FROM identification_result WHERE county = ?`, int64(fuping))
			return err
		}); err != nil {
			d.T.Fatal(err)
		}
		if verify() {
			d.T.Error("verdicts that are gone are not missed")
		}
	})
}

func TestTwoRunsDifferByWhoEntersAndWhoLeaves(t *testing.T) {
	each(t, func(d *desk) {
		stays := d.household(fuping, 1, "5000", true)
		leaves := d.household(fuping, 2, "5000", true)
		enters := d.household(yixian, 3, "9000", true)
		first := d.run(2855, yearEnd)
		change := func(actor access.Actor, draft registry.Draft, wage string) {
			draft.Record = draft.Record.Clone()
			d.Answer(draft.Record, "income.wage", wage)
			draft.Valid, draft.Version, draft.Event = day.MustOf(2015, 6, 1), 1, registry.Rechecked
			d.MustSave(actor, draft)
		}
		change(d.Fuping, leaves, "8000")
		change(d.Yixian, enters, "100")
		d.household(yixian, 4, "200", true) // new on the register
		second := d.run(2855, yearEnd)

		scope := d.Reads(d.city)
		whole, parts, err := identify.Compare(scope, first, second, baoding, place.County)
		if err != nil {
			d.T.Fatal(err)
		}
		if whole.Enter != (identify.Count{Households: 2, Members: 4}) || whole.Leave != (identify.Count{Households: 1, Members: 2}) {
			d.T.Errorf("enter %+v leave %+v", whole.Enter, whole.Leave)
		}
		if len(parts) != 2 || parts[0].Leave.Households != 1 || parts[1].Enter.Households != 2 {
			d.T.Errorf("parts %+v", parts)
		}
		if whole.Outcomes[criteria.Proposed][criteria.Proposed] != 1 || whole.Outcomes[criteria.Proposed][criteria.NotProposed] != 1 {
			d.T.Errorf("outcomes %v", whole.Outcomes)
		}
		all := func(*identify.Changed) bool { return true }
		changed := identify.ChangedOutcomes(d.Reads(d.Fuping), first, second, baoding, all, 0, 10)
		if len(changed) != 1 || changed[0].Household != leaves.Household || !changed[0].Leaves() {
			d.T.Errorf("a county sees %+v, want its own household alone", changed)
		}
		if changed := identify.ChangedOutcomes(scope, first, second, baoding, (*identify.Changed).Enters, 1, 10); len(changed) != 1 {
			d.T.Errorf("the second page holds %d", len(changed))
		}
		_ = stays
	})
}

func TestProposalsAreHeldAgainstTheRegister(t *testing.T) {
	each(t, func(d *desk) {
		poorIn := d.household(fuping, 1, "5000", true)
		d.household(fuping, 2, "5000", true) // poor, not registered: 漏评
		richIn := d.household(fuping, 3, "9000", true)
		d.household(fuping, 4, "9000", true)
		d.household(fuping, 5, "5000", false) // undetermined
		d.MustSetStatus(fuping, registry.NotOut, day.MustOf(2014, 6, 1), poorIn.Household, richIn.Household)
		e := d.run(2855, yearEnd)
		a, _, err := e.Agreement(d.Reads(d.city), fuping, place.Village)
		if err != nil {
			d.T.Fatal(err)
		}
		if a.Registered.Households != 1 || a.Outside.Households != 1 || a.Included.Households != 1 || a.Missed.Households != 1 || a.Undetermined.Households != 1 {
			d.T.Errorf("%+v", a)
		}
		if math.Abs(a.Share()-0.5) > 1e-12 {
			d.T.Errorf("share %v", a.Share())
		}
		page, total := e.Households(d.Reads(d.city), baoding, identify.Judged(identify.Included), 0, 5)
		if total != 1 || page[0].ID != richIn.Household {
			d.T.Errorf("included: %+v", page)
		}
	})
}

func TestNobodySeesOrRunsBeyondTheirTerritory(t *testing.T) {
	each(t, func(d *desk) {
		inFuping := d.household(fuping, 1, "5000", true)
		d.household(yixian, 2, "5000", true)
		e := d.run(2855, yearEnd)
		request := identify.Request{Document: d.lineDocument(2855), At: registry.Moment{AsOf: yearEnd}, Division: baoding}
		if _, err := d.room.Run(d.Ctx, d.Fuping, request); !errs.Is(err, errs.NotFound) {
			d.T.Errorf("a county office runs over the city: %v", err)
		}
		if _, err := d.room.Run(d.Ctx, d.Leader, request); !errs.Is(err, errs.Forbidden) && !errs.Is(err, errs.NotFound) {
			d.T.Errorf("a leader runs: %v", err)
		}
		yixianReads := d.Reads(d.Yixian)
		if _, _, err := e.Totals(yixianReads, baoding, place.County); !errs.Is(err, errs.NotFound) {
			d.T.Errorf("totals of the city: %v", err)
		}
		if _, _, err := e.Totals(yixianReads, fuping, place.Village); !errs.Is(err, errs.NotFound) {
			d.T.Errorf("totals of another county: %v", err)
		}
		if whole, _, err := e.Totals(yixianReads, yixian, place.Village); err != nil || whole.Households.Total != 1 {
			d.T.Errorf("its own: %+v %v", whole, err)
		}
		if _, err := d.room.Explain(d.Ctx, yixianReads, e.ID, inFuping.Household); !errs.Is(err, errs.NotFound) {
			d.T.Errorf("another county's household is explained: %v", err)
		}
		own := request
		own.Division = fuping
		county, err := d.room.Run(d.Ctx, d.Fuping, own)
		if err != nil {
			d.T.Fatal(err)
		}
		if _, err := d.room.Stored(d.Ctx, yixianReads, county.ID); !errs.Is(err, errs.NotFound) {
			d.T.Errorf("another county's run: %v", err)
		}
		if runs, err := d.room.Runs(d.Ctx, yixianReads); err != nil || len(runs) != 1 || runs[0].ID != e.ID {
			d.T.Errorf("runs: %+v %v", runs, err)
		}
	})
}

func TestAWhatIfIsEvaluatedAndNeverStored(t *testing.T) {
	each(t, func(d *desk) {
		d.household(fuping, 1, "5000", true)
		q := identify.Request{Document: d.lineDocument(2855), At: registry.Moment{AsOf: yearEnd}, Division: fuping, Parameters: map[string]float64{"line": 2000}}
		if _, err := d.room.Run(d.Ctx, d.Fuping, q); !errs.Is(err, errs.Invalid) {
			d.T.Errorf("a what-if was stored: %v", err)
		}
		e, err := d.room.Evaluate(d.Ctx, d.Fuping, q)
		if err != nil {
			d.T.Fatal(err)
		}
		if whole, _, _ := e.Totals(d.Reads(d.Fuping), fuping, place.County); whole.Households.NotProposed != 1 {
			d.T.Errorf("%+v", whole.Households)
		}
		q.Parameters = map[string]float64{"lime": 2000}
		if _, err := d.room.Evaluate(d.Ctx, d.Fuping, q); !errs.Is(err, errs.Invalid) {
			d.T.Errorf("an unknown parameter: %v", err)
		}
		if runs, err := d.room.Runs(d.Ctx, d.Reads(d.Fuping)); err != nil || len(runs) != 0 {
			d.T.Errorf("runs %v %v", runs, err)
		}
	})
}
