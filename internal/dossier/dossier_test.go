package dossier_test

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/db/dbtest"
	"liandong/internal/dossier"
	"liandong/internal/ledger"
	"liandong/place"
)

const (
	fuping place.ID = 130624_000000
	yixian place.ID = 130633_000000
	city   place.ID = 130600_000000
)

// tally is a state that every act but "end" adds to, and "end" ends.
type tally struct {
	Sum   int
	Ended bool
	Owner string
}

func machine() dossier.Machine[tally] {
	return dossier.Machine[tally]{
		Kind: "tally", Noun: errs.Text{ZH: "卷宗", EN: "dossier"},
		Step: func(s tally, e dossier.Entry) (tally, error) {
			var b struct {
				Add   int
				Owner string
			}
			if err := json.Unmarshal(e.Body, &b); err != nil {
				return s, err
			}
			if s.Ended {
				return s, errs.New(errs.Conflict, "test", "已结束。", "It ended.")
			}
			if b.Owner != "" {
				s.Owner = b.Owner
			}
			s.Sum, s.Ended = s.Sum+b.Add, e.Act == "end"
			return s, nil
		},
		Head: func(s tally) dossier.Head {
			return dossier.Head{State: fmt.Sprint("sum ", s.Sum), Open: !s.Ended, Owner: s.Owner, Due: day.MustOf(2016, 1, 1).AddDays(s.Sum % 5)}
		},
	}
}

func migrations() []db.Migration { return slices.Concat(ledger.Migrations(), dossier.Migrations()) }

func scope(id place.ID) access.Scope {
	return access.Actor{Grants: []access.Grant{{Role: access.CountyOffice, Territory: id}}}.Scope(access.ReadMatters, day.MustOf(2015, 12, 31))
}

type body map[string]any

func each(t *testing.T, test func(t *testing.T, d *db.DB, shelf *dossier.Shelf[tally])) {
	t.Helper()
	t.Parallel()
	dbtest.EachWith(t, migrations(), db.Options{Clock: dbtest.Ticking()}, func(t *testing.T, d *db.DB) { test(t, d, dossier.New(d, machine())) })
}

func open(t *testing.T, shelf *dossier.Shelf[tally], at place.ID, b body) dossier.Dossier[tally] {
	t.Helper()
	d, err := shelf.Add(context.Background(), access.Actor{ID: "a"}, dossier.Reader{Scope: scope(city)}, dossier.Draft{
		ID: uuid.New(), Dossier: uuid.New(), Division: at, On: day.MustOf(2015, 12, 1), Act: "add", Body: b,
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestAListIsOfADay lists matters as they were on days of the past, with how many are in each state and overdue.
func TestAListIsOfADay(t *testing.T) {
	each(t, func(t *testing.T, _ *db.DB, shelf *dossier.Shelf[tally]) {
		ctx, reach := t.Context(), dossier.Reader{Scope: scope(fuping)}
		open(t, shelf, yixian, body{"add": 1})
		one, other := open(t, shelf, fuping, body{"add": 1}), open(t, shelf, fuping, body{"add": 2})
		if _, err := shelf.Add(ctx, access.Actor{ID: "a"}, reach, dossier.Draft{ID: uuid.New(), Dossier: one.Dossier, Version: 1, On: day.MustOf(2015, 12, 20), Act: "end", Body: body{"add": 1}}); err != nil {
			t.Fatal(err)
		}
		for _, want := range []struct {
			filter  dossier.Filter
			total   int64
			states  map[string]int64
			overdue int64
		}{
			{dossier.Filter{AsOf: day.MustOf(2015, 11, 30)}, 0, map[string]int64{}, 0},
			{dossier.Filter{AsOf: day.MustOf(2015, 12, 10)}, 2, map[string]int64{"sum 1": 1, "sum 2": 1}, 0},
			{dossier.Filter{AsOf: day.MustOf(2015, 12, 30)}, 2, map[string]int64{"sum 2": 2}, 0},
			{dossier.Filter{AsOf: day.MustOf(2016, 2, 1)}, 2, map[string]int64{"sum 2": 2}, 1},
			{dossier.Filter{AsOf: day.MustOf(2015, 12, 10), States: []string{"sum 2"}}, 1, map[string]int64{"sum 1": 1, "sum 2": 1}, 0},
			{dossier.Filter{AsOf: day.MustOf(2016, 2, 1), Open: true, DueUntil: day.MustOf(2016, 1, 31)}, 1, map[string]int64{"sum 2": 1}, 1},
			{dossier.Filter{}, 2, map[string]int64{"sum 2": 2}, 0},
		} {
			page, err := shelf.List(ctx, reach, want.filter, "", 10)
			if err != nil || page.Total != want.total || page.Overdue != want.overdue || !reflect.DeepEqual(page.States, want.states) || int64(len(page.Heads)) != want.total {
				t.Errorf("%+v: %+v, %v", want.filter, page, err)
			}
		}
		page, err := shelf.List(ctx, reach, dossier.Filter{AsOf: day.MustOf(2015, 12, 30), Open: true}, "", 10)
		if err != nil || len(page.Heads) != 1 || page.Heads[0].Dossier != other.Dossier {
			t.Errorf("open: %+v, %v", page, err)
		}
	})
}

func TestADossierGrowsByEntriesAndReadsAsOfAnyMoment(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, shelf *dossier.Shelf[tally]) {
		ctx, actor, reach := context.Background(), access.Actor{ID: "a"}, dossier.Reader{Scope: scope(fuping)}
		first := open(t, shelf, fuping, body{"add": 3})
		draft := dossier.Draft{ID: uuid.New(), Dossier: first.Dossier, Version: 1, On: day.MustOf(2015, 12, 9), Act: "add", Body: body{"add": 4}}
		second, err := shelf.Add(ctx, actor, reach, draft)
		if err != nil || second.State.Sum != 7 || second.Version != 2 || second.Division != fuping {
			t.Fatalf("%+v, %v", second, err)
		}
		again, err := shelf.Add(ctx, actor, reach, draft)
		if err != nil || again.Version != 2 {
			t.Errorf("the same entry again: version %d, %v", again.Version, err)
		}
		other := draft
		other.Body = body{"add": 5}
		if _, err := shelf.Add(ctx, actor, reach, other); !errs.Is(err, errs.Conflict) {
			t.Errorf("another entry under the same id: %v", err)
		}
		stale := dossier.Draft{ID: uuid.New(), Dossier: first.Dossier, Version: 1, On: day.MustOf(2015, 12, 10), Act: "add", Body: body{"add": 1}}
		if _, err := shelf.Add(ctx, actor, reach, stale); !errs.Is(err, errs.Conflict) {
			t.Errorf("an entry on an old version: %v", err)
		}
		stale.Version, stale.On = 2, day.MustOf(2015, 12, 2)
		if _, err := shelf.Add(ctx, actor, reach, stale); !errs.Is(err, errs.Invalid) {
			t.Errorf("an entry before the last one: %v", err)
		}
		stale.On = day.MustOf(2016, 1, 9)
		if _, err := shelf.Add(ctx, actor, reach, stale); !errs.Is(err, errs.Invalid) {
			t.Errorf("an entry of a day to come: %v", err)
		}
		for _, at := range []struct {
			moment dossier.Moment
			sum    int
		}{
			{dossier.Moment{}, 7},
			{dossier.Moment{AsOf: day.MustOf(2015, 12, 8)}, 3},
			{dossier.Moment{KnownAt: first.Entries[0].Recorded}, 3},
			{dossier.Moment{AsOf: day.MustOf(2015, 12, 9), KnownAt: second.Entries[1].Recorded}, 7},
		} {
			got, err := shelf.Get(ctx, reach, first.Dossier, at.moment)
			if err != nil || got.State.Sum != at.sum {
				t.Errorf("at %+v: %+v, %v, want %d", at.moment, got.State, err, at.sum)
			}
		}
		if _, err := shelf.Get(ctx, reach, first.Dossier, dossier.Moment{AsOf: day.MustOf(2015, 11, 30)}); !errs.Is(err, errs.NotFound) {
			t.Errorf("before it was opened: %v", err)
		}
		if _, err := shelf.Add(ctx, actor, reach, dossier.Draft{ID: uuid.New(), Dossier: first.Dossier, Version: 2, On: day.MustOf(2015, 12, 9), Act: "end", Body: body{}}); err != nil {
			t.Fatal(err)
		}
		if _, err := shelf.Add(ctx, actor, reach, dossier.Draft{ID: uuid.New(), Dossier: first.Dossier, Version: 3, On: day.MustOf(2015, 12, 9), Act: "add", Body: body{"add": 1}}); !errs.Is(err, errs.Conflict) {
			t.Errorf("after the machine ended it: %v", err)
		}
		report, err := ledger.Verify(ctx, d, ledger.Options{Records: shelf.LedgerRecords()})
		if err != nil || !report.OK() || report.Records != 3 {
			t.Errorf("log: %+v, %v", report, err)
		}
		if err := d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE dossier_entry SET act = 'gift' WHERE sequence = 1`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if report, err = ledger.Verify(ctx, d, ledger.Options{Records: shelf.LedgerRecords()}); err != nil || report.OK() {
			t.Errorf("a changed entry passed: %v", err)
		}
	})
}

func TestNobodySeesOrWritesADossierOfAnotherTerritory(t *testing.T) {
	each(t, func(t *testing.T, _ *db.DB, shelf *dossier.Shelf[tally]) {
		ctx := context.Background()
		mine, owned := open(t, shelf, fuping, body{"add": 1}), open(t, shelf, fuping, body{"add": 2, "owner": "investor"})
		elsewhere := dossier.Reader{Scope: scope(yixian)}
		for what, err := range map[string]error{
			"get": func() error { _, err := shelf.Get(ctx, elsewhere, mine.Dossier, dossier.Moment{}); return err }(),
			"add": func() error {
				_, err := shelf.Add(ctx, access.Actor{ID: "b"}, elsewhere, dossier.Draft{ID: uuid.New(), Dossier: mine.Dossier, Version: 1, On: day.MustOf(2015, 12, 3), Act: "add", Body: body{}})
				return err
			}(),
			"open": func() error {
				_, err := shelf.Add(ctx, access.Actor{ID: "b"}, elsewhere, dossier.Draft{ID: uuid.New(), Dossier: uuid.New(), Division: fuping, On: day.MustOf(2015, 12, 3), Act: "add", Body: body{}})
				return err
			}(),
		} {
			if !errs.Is(err, errs.NotFound) {
				t.Errorf("%s from elsewhere: %v", what, err)
			}
		}
		page, err := shelf.List(ctx, elsewhere, dossier.Filter{}, "", 10)
		all, errAll := shelf.All(ctx, elsewhere, dossier.Moment{})
		if err != nil || errAll != nil || page.Total != 0 || len(page.Heads) != 0 || len(all) != 0 {
			t.Errorf("elsewhere lists %+v and %d", page, len(all))
		}
		investor := dossier.Reader{Owner: "investor"}
		page, err = shelf.List(ctx, investor, dossier.Filter{}, "", 10)
		if err != nil || page.Total != 1 || page.Heads[0].Dossier != owned.Dossier {
			t.Errorf("the owner lists %+v, %v", page, err)
		}
		if _, err := shelf.Get(ctx, investor, mine.Dossier, dossier.Moment{}); !errs.Is(err, errs.NotFound) {
			t.Errorf("the owner of one reads another: %v", err)
		}
		if _, err := shelf.Add(ctx, access.Actor{ID: "investor"}, investor, dossier.Draft{ID: uuid.New(), Dossier: owned.Dossier, Version: 1, On: day.MustOf(2015, 12, 3), Act: "add", Body: body{"add": 1}}); err != nil {
			t.Errorf("the owner writes: %v", err)
		}
	})
}

// TestAnyHistoryPagesAndFoldsAlike compares the lists and states of random dossiers with a plain sum over what was written.
func TestAnyHistoryPagesAndFoldsAlike(t *testing.T) {
	each(t, func(t *testing.T, _ *db.DB, shelf *dossier.Shelf[tally]) {
		ctx, reach := context.Background(), dossier.Reader{Scope: scope(city)}
		sums := map[uuid.UUID]int{}
		versions := map[uuid.UUID]int64{}
		rapid.Check(t, func(r *rapid.T) {
			id := uuid.New()
			for i := range rapid.IntRange(1, 4).Draw(r, "entries") {
				n := rapid.IntRange(0, 9).Draw(r, "add")
				if _, err := shelf.Add(ctx, access.Actor{ID: "a"}, reach, dossier.Draft{
					ID: uuid.New(), Dossier: id, Division: fuping, Version: int64(i), On: day.MustOf(2015, 12, 1+i), Act: "add", Body: body{"add": n},
				}); err != nil {
					r.Fatal(err)
				}
				sums[id] += n
				versions[id]++
			}
		})
		all, err := shelf.All(ctx, reach, dossier.Moment{})
		if err != nil || len(all) != len(sums) {
			t.Fatalf("%d of %d, %v", len(all), len(sums), err)
		}
		for i := range all {
			if all[i].State.Sum != sums[all[i].Dossier] || all[i].Version != versions[all[i].Dossier] {
				t.Errorf("%v: %+v, want %d", all[i].Dossier, all[i].State, sums[all[i].Dossier])
			}
		}
		seen, due, after := map[uuid.UUID]bool{}, day.Date{}, ""
		for {
			page, err := shelf.List(ctx, reach, dossier.Filter{Division: fuping, Open: true}, after, 7)
			if err != nil || page.Total != int64(len(sums)) {
				t.Fatalf("total %d, %v", page.Total, err)
			}
			then, err := shelf.List(ctx, reach, dossier.Filter{Division: fuping, Open: true, AsOf: day.MustOf(2015, 12, 31)}, after, 7)
			then.Overdue = page.Overdue // told by another day
			if err != nil || !reflect.DeepEqual(then, page) {
				t.Fatalf("as of the last day %+v, %v, now %+v", then, err, page)
			}
			for _, h := range page.Heads {
				if seen[h.Dossier] || h.Due.Before(due) || h.State != fmt.Sprint("sum ", sums[h.Dossier]) {
					t.Errorf("%+v stands twice, out of order or wrong", h)
				}
				seen[h.Dossier], due = true, h.Due
			}
			if after = page.Next; after == "" {
				break
			}
		}
		if len(seen) != len(sums) {
			t.Errorf("pages show %d of %d", len(seen), len(sums))
		}
	})
}
