package registry_test

import (
	"math"
	"strings"
	"testing"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/figure"
	"liandong/internal/registry"
	"liandong/internal/registry/registrytest"
	"liandong/place"
)

// book is the register's part of the book of figures.
func (d *desk) book() *figure.Book {
	d.T.Helper()
	b, err := figure.NewBook(d.Figures())
	if err != nil {
		d.T.Fatal(err)
	}
	return b
}

func (d *desk) asks(a access.Actor, division place.ID, on day.Date, rows int) figure.Query {
	today := day.InTime(d.Now)
	return figure.Query{Division: division, AsOf: on, Scope: a.Scope(access.ReadFigures, today), Records: a.Scope(access.ReadRecords, today), Rows: rows}
}

func (d *desk) value(a access.Actor, name string, division place.ID, on day.Date) figure.Value {
	d.T.Helper()
	f, err := d.book().Get(d.Ctx, name, d.asks(a, division, on, 10))
	if err != nil {
		d.T.Fatal(err)
	}
	return f.Value
}

func TestFiguresCountWhatTheRegisterSaidOnTheDay(t *testing.T) {
	each(t, func(d *desk) {
		var drafts []registry.Draft
		for i := range 4 {
			drafts = append(drafts, d.Draft(fuping, i))
			d.MustSave(d.Fuping, drafts[i])
		}
		yixianDraft := d.Draft(yixian, 9)
		d.MustSave(d.Yixian, yixianDraft)
		d.MustSetStatus(fuping, registry.NotOut, day.MustOf(2014, 6, 1), drafts[0].Household, drafts[1].Household, drafts[2].Household)
		d.MustSetStatus(yixian, registry.NotOut, day.MustOf(2014, 6, 1), yixianDraft.Household)
		d.MustSetStatus(fuping, registry.OutWithPolicy, day.MustOf(2015, 11, 1), drafts[0].Household)
		city := registrytest.Holder(access.CityOffice, baoding)

		for _, c := range []struct {
			name     string
			division place.ID
			on       day.Date
			want     float64
		}{
			{"households", baoding, day.MustOf(2013, 12, 31), 0},
			{"households", baoding, day.MustOf(2015, 12, 31), 5},
			{"persons", fuping, day.MustOf(2015, 12, 31), 8},
			{"registered_poor_households", baoding, day.MustOf(2014, 5, 31), 0},
			{"registered_poor_households", baoding, day.MustOf(2014, 6, 1), 4},
			{"registered_poor_persons", fuping, day.MustOf(2015, 10, 31), 6},
			{"registered_poor_persons", fuping, day.MustOf(2015, 11, 1), 4},
			{"exited_households", fuping, day.MustOf(2015, 12, 31), 1},
			{"exited_persons", fuping, day.MustOf(2015, 12, 31), 2},
			{"exited_persons", fuping, day.MustOf(2016, 1, 1), 0},
		} {
			if v := d.value(city, c.name, c.division, c.on); v.Number != c.want {
				d.T.Errorf("%s of %s on %s: %v, want %v", c.name, c.division, c.on, v.Number, c.want)
			}
		}
		parts, err := d.book().ByDivision(d.Ctx, "registered_poor_persons", d.asks(city, baoding, day.MustOf(2015, 12, 31), 0), d.Divisions(baoding))
		if err != nil {
			d.T.Fatal(err)
		}
		sum := 0.0
		for _, p := range parts {
			sum += p.Value.Number
		}
		if len(parts) != len(d.Counties()) || sum != 6 {
			d.T.Errorf("%d counties with %v in all", len(parts), sum)
		}
	})
}

func TestAFigureOpensToItsRecordsWithinTheReadersRights(t *testing.T) {
	each(t, func(d *desk) {
		draft := d.Draft(fuping, 1)
		d.MustSave(d.Fuping, draft)
		on := day.MustOf(2015, 12, 31)
		own := d.value(d.Fuping, "persons", fuping, on)
		if own.RowCount != 1 || len(own.Rows) != 1 || own.Rows[0].ID != draft.Household.String() || own.Rows[0].Value != 2 || !strings.HasSuffix(own.Rows[0].Label, "单建国") {
			d.T.Errorf("the county office opens %+v", own)
		}
		if v := d.value(d.Leader, "persons", fuping, on); v.Number != 2 || !strings.HasSuffix(v.Rows[0].Label, "单*国") {
			d.T.Errorf("a leader opens %+v", v)
		}
		planner := registrytest.Holder(access.Planner, baoding)
		if v := d.value(planner, "persons", fuping, on); v.Number != 2 || len(v.Rows) != 0 {
			d.T.Errorf("a planner, who reads no records, opens %+v", v)
		}
		for _, division := range []place.ID{fuping, baoding} {
			if _, err := d.book().Get(d.Ctx, "persons", d.asks(d.Yixian, division, on, 0)); !errs.Is(err, errs.NotFound) {
				d.T.Errorf("another county's office asks for %s: %v", division, err)
			}
		}
	})
}

func TestIncidenceIsTheRatioOfSumsAndSaysWhatItRestsOn(t *testing.T) {
	each(t, func(d *desk) {
		on := day.MustOf(2015, 12, 31)
		city := registrytest.Holder(access.CityOffice, baoding)
		draft := d.Draft(fuping, 1)
		d.MustSave(d.Fuping, draft)
		d.MustSetStatus(fuping, registry.NotOut, day.MustOf(2014, 6, 1), draft.Household)
		if v := d.value(city, "incidence", fuping, on); !math.IsNaN(v.Number) || len(v.Notes) == 0 {
			d.T.Errorf("without a population: %+v", v)
		}
		set := func(a access.Actor, county place.ID, persons int64, guess bool) {
			if err := d.SetPopulation(d.Ctx, a, registry.Population{County: county, On: day.MustOf(2014, 1, 1), Persons: persons, LocalDefault: guess, Basis: errs.Text{ZH: "户籍年报", EN: "yearbook"}}); err != nil {
				d.T.Fatal(err)
			}
		}
		set(d.Fuping, fuping, 8, false)
		set(d.Yixian, yixian, 92, true)
		if v := d.value(city, "incidence", fuping, on); v.Number != 25 {
			d.T.Errorf("incidence %v, want 25", v.Number)
		}
		if v := d.value(city, "incidence", fuping+100_000, on); !math.IsNaN(v.Number) {
			d.T.Errorf("a township's %v", v.Number)
		}
		together, err := d.book().Together(d.Ctx, "incidence", d.asks(city, fuping, on, 0), []place.ID{fuping, yixian})
		if err != nil || together.Value.Number != 2 {
			d.T.Errorf("together %v %v, want 2", together.Value.Number, err)
		}
		if !strings.Contains(together.Value.Notes[1].ZH, "本地缺省值") {
			d.T.Errorf("notes %v", together.Value.Notes)
		}
		if _, err := d.book().Together(d.Ctx, "incidence", d.asks(city, fuping, on, 0), []place.ID{fuping, baoding}); !errs.Is(err, errs.Invalid) {
			d.T.Errorf("a county with its city: %v", err)
		}
	})
}

func TestOpenFindingsAreCountedWhereTheyAre(t *testing.T) {
	each(t, func(d *desk) {
		draft := d.Draft(fuping, 1)
		members, _ := draft.Record.Items(draft.Record.Section().Must("members"))
		d.Answer(members[1], "sex", "男") // of the head's own sex
		d.MustSave(d.Fuping, draft)
		d.MustSave(d.Yixian, d.Draft(yixian, 2))
		city := registrytest.Holder(access.CityOffice, baoding)
		on := day.MustOf(2015, 12, 31)
		whole, own := d.value(city, "open_findings", baoding, on), d.value(city, "open_findings", fuping, on)
		other := d.value(city, "open_findings", yixian, on)
		if own.Number != other.Number+1 || whole.Number != own.Number+other.Number || int(own.Number) != len(own.Rows) {
			d.T.Errorf("city %v, fuping %v with %d rows, yixian %v", whole.Number, own.Number, len(own.Rows), other.Number)
		}
		if v := d.value(city, "open_findings", fuping, day.MustOf(2013, 1, 1)); v.Number != 0 {
			d.T.Errorf("before it arose: %v", v.Number)
		}
	})
}
