package strategy_test

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/db/dbtest"
	"liandong/internal/dossier"
	"liandong/internal/figure"
	"liandong/internal/ledger"
	"liandong/internal/strategy"
	"liandong/place"
)

const city place.ID = 130600_000000

var today = day.MustOf(2015, 12, 31)

func holder(role access.Role, at place.ID) access.Actor {
	return access.Actor{ID: string(role), Grants: []access.Grant{{Role: role, Territory: at}}}
}

func each(t *testing.T, test func(t *testing.T, d *db.DB, r *strategy.Room)) {
	t.Helper()
	t.Parallel()
	book, err := figure.NewBook([]figure.Entry{{
		Name: "registered_poor_persons", Definition: errs.Text{ZH: "口径"}, Status: figure.Done,
		Compute: func(_ context.Context, q figure.Query) (figure.Value, error) {
			return figure.Value{Number: map[int]float64{2013: 1000, 2014: 810, 2015: 660}[q.AsOf.Year()], RowCount: 1}, nil
		},
	}})
	if err != nil {
		t.Fatal(err)
	}
	dbtest.EachWith(t, slices.Concat(ledger.Migrations(), dossier.Migrations()), db.Options{Clock: dbtest.Ticking()}, func(t *testing.T, d *db.DB) {
		r, err := strategy.New(d, book, city)
		if err != nil {
			t.Fatal(err)
		}
		test(t, d, r)
	})
}

func follow(t *testing.T, r *strategy.Room, on day.Date) map[string]strategy.Followed {
	t.Helper()
	tree, err := r.Tree(t.Context(), holder(access.Leader, city), today, on, dbtest.Start().AddDate(1, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]strategy.Followed{}
	if len(tree.Strategies) != 3 {
		t.Fatalf("%d strategies", len(tree.Strategies))
	}
	for _, s := range tree.Strategies {
		for _, a := range s.Aims {
			for _, n := range a.Indicators {
				all[n.ID] = n
			}
		}
	}
	return all
}

// TestTheForecastIsThatOfTheTextbook compares with a line worked out by hand: 1000, 810, 660 over three years have the slope −170 a year, residuals
// 20/3 × (1, −2, 1) and s² = 266.67; t with one degree of freedom is 12.706.
func TestTheForecastIsThatOfTheTextbook(t *testing.T) {
	each(t, func(t *testing.T, _ *db.DB, r *strategy.Room) {
		poor := follow(t, r, today)["poor"]
		f := poor.Forecast
		if high := -196.67 + 12.706*math.Sqrt(266.67)*math.Sqrt(1+1.0/3+18); f == nil || f.Points != 3 || math.Abs(f.High-high) > 5 || f.Outlook != strategy.Open {
			t.Errorf("%+v", f)
		}
		if f.Value != 0 || f.Low != 0 || !strings.Contains(f.Method.ZH, "截去") {
			t.Errorf("fewer than no poor persons are drawn: %+v", f)
		}
		if early := follow(t, r, day.MustOf(2014, 12, 31))["poor"]; early.Forecast != nil || len(early.Notes) == 0 || early.Current.Value != 810 {
			t.Errorf("two points were drawn on: %+v", early)
		}
		if absent := follow(t, r, today)["projects"]; absent.Current != nil || len(absent.Notes) == 0 {
			t.Errorf("a figure that the book has not: %+v", absent)
		}
	})
}

func TestValuesAreEnteredWithASourceAndPeersStandBeside(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, r *strategy.Room) {
		planner := holder(access.Planner, city)
		enter := func(e strategy.Entered) error { return r.Enter(t.Context(), planner, today, uuid.New(), e) }
		for _, e := range []strategy.Entered{
			{Indicator: "pm25", On: day.MustOf(2015, 12, 30), Value: 107, Source: "环境公报"},
			{Indicator: "pm25", On: day.MustOf(2015, 12, 30), Value: 106, Source: "环境公报更正"},
			{Indicator: "pm25", Peer: "石家庄", On: day.MustOf(2015, 12, 30), Value: 89, Source: "公报"},
			{Indicator: "pm25", Peer: "廊坊", On: day.MustOf(2015, 12, 30), Value: 85, Source: "公报"},
		} {
			if err := enter(e); err != nil {
				t.Fatal(err)
			}
		}
		n := follow(t, r, today)["pm25"]
		if n.Current.Value != 106 || len(n.Series) != 2 || len(n.Peers) != 2 || n.Peers[0].City != "廊坊" {
			t.Errorf("%+v", n)
		}
		if before := follow(t, r, day.MustOf(2015, 6, 1))["pm25"]; before.Current.Value != 129 || len(before.Peers) != 0 {
			t.Errorf("before it was so: %+v", before)
		}
		for what, e := range map[string]strategy.Entered{
			"no source":   {Indicator: "pm25", On: today, Value: 1},
			"to come":     {Indicator: "pm25", On: today.AddDays(9), Value: 1, Source: "x"},
			"below zero":  {Indicator: "pm25", On: today, Value: -1, Source: "x"},
			"over 100 %":  {Indicator: "urbanisation", On: today, Value: 101, Source: "x"},
			"of nowhere":  {Indicator: "pm25", Peer: " ", On: today, Value: 1, Source: "x"},
			"of a figure": {Indicator: "poor", On: today, Value: 1, Source: "x"},
			"no such":     {Indicator: "luck", On: today, Value: 1, Source: "x"},
		} {
			if err := enter(e); err == nil {
				t.Errorf("%s was entered", what)
			}
		}
		if err := r.Enter(t.Context(), holder(access.Leader, city), today, uuid.New(), strategy.Entered{Indicator: "pm25", On: today, Value: 1, Source: "x"}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a leader enters: %v", err)
		}
		if _, err := r.Tree(t.Context(), holder(access.CountyOffice, 130624_000000), today, today, dbtest.Start()); !errs.Is(err, errs.NotFound) {
			t.Errorf("a county reads the city's tree: %v", err)
		}
		report, err := ledger.Verify(t.Context(), d, ledger.Options{Records: r.LedgerRecords()})
		if err != nil || !report.OK() || report.Records != 4 {
			t.Errorf("log: %+v, %v", report, err)
		}
	})
}
