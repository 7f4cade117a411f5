package demo_test

import (
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"liandong/day"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/db/dbtest"
	"liandong/internal/demo"
	"liandong/internal/figure"
	"liandong/internal/ledger"
	"liandong/internal/portfolio"
	"liandong/place"
)

// office is a room of projects filled with the demonstration's, at the smallest scale: the portfolio is whole at every scale.
type office struct {
	*testing.T
	*portfolio.Room
	book *figure.Book
}

func openOffice(t *testing.T) *office {
	t.Helper()
	places, err := place.Open()
	if err != nil {
		t.Fatal(err)
	}
	clock := new(demo.Clock)
	store := dbtest.SQLite(t, append(ledger.Migrations(), portfolio.Migrations()...), db.Options{Clock: clock.Now})
	room, err := portfolio.New(portfolio.Options{DB: store, Places: places, City: demo.Baoding, Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	city, err := demo.Plan{Seed: 20151231, Scale: .001}.City(places)
	if err != nil {
		t.Fatal(err)
	}
	if err := city.Portfolio().Make(context.Background(), room, clock, access.Console("demo")); err != nil {
		t.Fatal(err)
	}
	book, err := figure.NewBook(room.Figures())
	if err != nil {
		t.Fatal(err)
	}
	return &office{t, room, book}
}

func (o *office) figure(name string, asOf day.Date, known time.Time) figure.Figure {
	o.Helper()
	all := access.Console("test")
	q := figure.Query{
		Division: demo.Baoding, AsOf: asOf, KnownAt: known, Rows: math.MaxInt32, Scope: all.Scope(access.ReadFigures, asOf), Records: all.Scope(access.ReadProjects, asOf),
	}
	f, err := o.book.Get(context.Background(), name, q)
	if err != nil {
		o.Fatal(err)
	}
	return f
}

func TestThePublicHeadlinesAreSumsOverTheDemonstrationsOwnRecords(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	last := demo.LastDay()
	for name, want := range map[string]float64{"signing_groups": 36, "cooperation_agreements": 75, "coordinated_projects": 198, "coordinated_investment": 3838.74} {
		f := o.figure(name, last, time.Time{})
		sum := 0.0
		for _, r := range f.Value.Rows {
			sum += r.Value
		}
		if f.Value.Number != want || math.Abs(sum-want) > 1e-6 || int64(len(f.Value.Rows)) != f.Value.RowCount {
			t.Errorf("%s: %v with %d rows that add up to %v, not %v", name, f.Value.Number, len(f.Value.Rows), sum, want)
		}
		if later := o.figure(name, last, time.Now()).Value.Number; later != want {
			t.Errorf("%s computed from the facts alone: %v", name, later)
		}
	}
	if second := o.figure("coordinated_investment_with_agreements", last, time.Time{}); second.Value.Number <= 3838.74 {
		t.Errorf("the second reading adds nothing: %v", second.Value.Number)
	}
}

func TestNamedRowsCarryOnlyWhatThePublicRecordSays(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	amounts := map[string]float64{}
	for _, r := range o.figure("coordinated_investment", demo.LastDay(), time.Time{}).Value.Rows {
		name, words, _ := strings.Cut(r.Label, "（")
		amounts[name] = r.Value
		if name == "长城汽车变速器" && !strings.HasPrefix(words, "投资，") || name == "长城汽车整车及零部件" && !strings.HasPrefix(words, "总投资，") {
			t.Errorf("the basis of %s", r.Label)
		}
	}
	for name, want := range map[string]float64{
		"长城汽车整车及零部件": 382, "白洋淀科技城项目签约": 313, "中国电科涞水产业园": 128, "国际汽车零部件产业园": 120, "中国航天科技集团乐凯新材料产业园": 39.86,
		"长城汽车变速器": 100, "晨阳水漆产业园": 31, "普洛斯涿州现代服务业产业聚集区一期": 17,
	} {
		if amounts[name] != want {
			t.Errorf("%s: %v, not %v", name, amounts[name], want)
		}
	}
	for _, spent := range []string{"investment_spent", "funds_arrived"} {
		for _, r := range o.figure(spent, demo.LastDay(), time.Time{}).Value.Rows {
			if strings.HasPrefix(r.Label, "长城汽车") {
				t.Errorf("%s takes in %s", spent, r.Label)
			}
		}
	}
}

func TestAlertsRememberAndCanBeAskedOfLastMarch(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	march := day.MustOf(2015, 3, 31)
	red := o.figure("red_alerts", march, time.Time{})
	if red.Value.Number == 0 {
		t.Fatal("nothing was red in March")
	}
	asKnown := o.figure("red_alerts", march, time.Date(2015, 4, 1, 0, 0, 0, 0, time.UTC))
	if asKnown.Value.Number != red.Value.Number {
		t.Errorf("last March's alerts: %v now, %v as known then", red.Value.Number, asKnown.Value.Number)
	}
	now := map[string]bool{}
	for _, name := range []string{"red_alerts", "yellow_alerts"} {
		for _, r := range o.figure(name, demo.LastDay(), time.Time{}).Value.Rows {
			now[r.ID] = true
		}
	}
	for _, r := range red.Value.Rows {
		if !now[r.ID] {
			t.Errorf("%s was red in March and is forgotten", r.Label)
		}
	}
}
