package casework_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/casework"
	"liandong/internal/db"
	"liandong/internal/db/dbtest"
	"liandong/internal/dossier"
	"liandong/internal/figure"
	"liandong/internal/ledger"
	"liandong/place"
)

const (
	city   place.ID = 130600_000000
	fuping place.ID = 130624_000000
	yixian place.ID = 130633_000000
)

var today = day.MustOf(2015, 12, 31)

func holder(role access.Role, at place.ID, id string) access.Actor {
	return access.Actor{ID: id, Name: id, Grants: []access.Grant{{Role: role, Territory: at}}}
}

func investor(id string) access.Actor { return holder(access.Investor, city, id) }
func office() access.Actor            { return holder(access.Coordinator, city, "desk") }

func each(t *testing.T, test func(t *testing.T, d *db.DB, r *casework.Room)) {
	t.Helper()
	t.Parallel()
	dbtest.EachWith(t, slices.Concat(ledger.Migrations(), dossier.Migrations()), db.Options{Clock: dbtest.Ticking()}, func(t *testing.T, d *db.DB) {
		r, err := casework.New(d, city)
		if err != nil {
			t.Fatal(err)
		}
		test(t, d, r)
	})
}

type step struct {
	who access.Actor
	act string
	on  day.Date
	a   casework.Act
}

func write(t *testing.T, r *casework.Room, id uuid.UUID, version int64, s step) (casework.Case, error) {
	t.Helper()
	return r.Write(t.Context(), s.who, today, casework.Writing{Entry: uuid.New(), ID: id, Division: fuping, Version: version, Act: s.act, On: s.on, Body: s.a})
}

func run(t *testing.T, r *casework.Room, steps ...step) casework.Case {
	t.Helper()
	id := uuid.New()
	var c casework.Case
	var err error
	for i, s := range steps {
		if c, err = write(t, r, id, int64(i), s); err != nil {
			t.Fatalf("%s: %v", s.act, err)
		}
	}
	return c
}

func papers(on day.Date, codes ...string) (all []casework.Handed) {
	for _, c := range codes {
		all = append(all, casework.Handed{Code: c, Name: c, On: on})
	}
	return all
}

func TestWorkingDaysFollowTheCalendar(t *testing.T) {
	t.Parallel()
	c, err := casework.ShippedCalendar()
	if err != nil {
		t.Fatal(err)
	}
	for d, want := range map[string]bool{"2015-10-01": false, "2015-10-10": true, "2015-10-11": false, "2015-09-03": false, "2015-09-06": true, "2015-12-31": true, "2016-01-01": false, "2026-11-21": false, "2026-11-24": true} {
		on, err := day.Parse(d)
		if err != nil || c.Working(on) != want {
			t.Errorf("%s: working %t, want %t", d, !want, want)
		}
	}
	if got := c.After(day.MustOf(2015, 9, 30), 3); got != day.MustOf(2015, 10, 10) { // the eighth, the ninth, and the Saturday worked
		t.Errorf("three working days after 30 September end on %v", got)
	}
	rapid.Check(t, func(rt *rapid.T) {
		from, n := day.MustOf(2015, 1, 1).AddDays(rapid.IntRange(0, 600).Draw(rt, "day")), rapid.IntRange(1, 90).Draw(rt, "days")
		to := c.After(from, n)
		if !c.Working(to) || c.Between(from, to) != n {
			rt.Fatalf("%d working days after %v: %v, which counts %d", n, from, to, c.Between(from, to))
		}
	})
}

func TestStepsRunSideBySideAndTheHoldersAreShown(t *testing.T) {
	each(t, func(t *testing.T, _ *db.DB, r *casework.Room) {
		on := day.MustOf(2015, 9, 7)
		all := papers(on, "licence", "identity", "plan", "deed", "drawings", "safety")
		c := run(t, r,
			step{investor("a"), casework.ActApplied, on, casework.Act{Matter: "construction", Title: "新厂", Documents: all}},
			step{office(), casework.ActAccepted, on, casework.Act{}},
			step{office(), casework.ActDone, on.AddDays(1), casework.Act{Step: "check"}},
		)
		if !slices.Equal(c.Holders, []string{"城乡规划局", "环境保护局"}) {
			t.Errorf("side by side: %q", c.Holders)
		}
		if _, err := write(t, r, c.ID, 3, step{office(), casework.ActDone, on.AddDays(1), casework.Act{Step: "permit"}}); !errs.Is(err, errs.Invalid) {
			t.Errorf("a step before those it waits for: %v", err)
		}
		for i, code := range []string{"planning", "environment", "fire", "permit"} {
			var err error
			if c, err = write(t, r, c.ID, int64(3+i), step{office(), casework.ActDone, on.AddDays(8 + i), casework.Act{Step: code}}); err != nil {
				t.Fatal(err)
			}
		}
		if c.State != casework.Finished || len(c.Holders) != 0 || c.FinishedOn != on.AddDays(11) {
			t.Errorf("%+v", c)
		}
	})
}

func TestTheClockStopsOnlyWithAReasonAndMovesTheDeadline(t *testing.T) {
	each(t, func(t *testing.T, _ *db.DB, r *casework.Room) {
		on := day.MustOf(2015, 11, 2) // a Monday
		c := run(t, r,
			step{investor("a"), casework.ActApplied, on, casework.Act{Matter: "filing", Title: "备案", Documents: papers(on, "licence", "identity", "plan")}},
			step{office(), casework.ActAccepted, on, casework.Act{}},
		)
		if c.Due != day.MustOf(2015, 11, 11) {
			t.Errorf("seven working days end on %v", c.Due)
		}
		if _, err := write(t, r, c.ID, 2, step{office(), casework.ActStopped, on, casework.Act{Reason: "busy"}}); !errs.Is(err, errs.Invalid) {
			t.Errorf("stopped without a reason of the list: %v", err)
		}
		if _, err := write(t, r, c.ID, 2, step{office(), casework.ActStopped, on.AddDays(1), casework.Act{Reason: "hearing"}}); err != nil {
			t.Fatal(err)
		}
		if _, err := write(t, r, c.ID, 3, step{office(), casework.ActDone, on.AddDays(1), casework.Act{Step: "check"}}); !errs.Is(err, errs.Conflict) {
			t.Errorf("a step while the clock stands: %v", err)
		}
		c, err := write(t, r, c.ID, 3, step{office(), casework.ActResumed, on.AddDays(8), casework.Act{}})
		if err != nil || c.Due != day.MustOf(2015, 11, 18) { // five working days did not count
			t.Errorf("the deadline after the stop: %v, %v", c.Due, err)
		}
	})
}

func TestPapersAreAskedForOnceAndMeasuresAreFigures(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, r *casework.Room) {
		on := day.MustOf(2015, 3, 2)
		first := run(t, r,
			step{investor("a"), casework.ActApplied, on, casework.Act{Matter: "filing", Title: "备案", Documents: papers(on, "licence")}},
			step{office(), casework.ActReturned, on, casework.Act{Missing: []string{"identity", "plan"}}},
			step{investor("a"), casework.ActSupplied, on, casework.Act{Documents: papers(on, "identity", "plan")}},
			step{office(), casework.ActAccepted, on, casework.Act{}},
			step{office(), casework.ActDone, on, casework.Act{Step: "check"}},
			step{office(), casework.ActDone, on.AddDays(30), casework.Act{Step: "file"}},
			step{investor("a"), casework.ActRated, on.AddDays(31), casework.Act{Rating: 2, Words: "太慢"}},
		)
		second := run(t, r,
			step{investor("a"), casework.ActApplied, on.AddDays(60), casework.Act{Matter: "supply", Title: "通电", Documents: papers(on, "drawings")}},
			step{office(), casework.ActAccepted, on.AddDays(60), casework.Act{}},
		)
		spared := slices.DeleteFunc(slices.Clone(second.Documents), func(h casework.Handed) bool { return h.From != first.ID })
		if len(spared) != 2 || len(second.Missing) != 0 {
			t.Errorf("papers of the second case: %+v", second.Documents)
		}
		other := run(t, r, step{investor("b"), casework.ActApplied, on.AddDays(60), casework.Act{Matter: "supply", Title: "通电", Documents: papers(on, "drawings")}})
		if len(other.Documents) != 1 || len(other.Missing) != 2 {
			t.Errorf("another investor's papers were used: %+v", other.Documents)
		}
		late := run(t, r, step{investor("a"), casework.ActApplied, on.AddDays(300), casework.Act{Matter: "filing", Title: "备案"}})
		if len(late.Missing) != 0 {
			t.Errorf("papers that are still good were asked for: %q", late.Missing)
		}
		held, err := r.Held(t.Context(), investor("a"), today, on.AddDays(300))
		if err != nil || len(held) != 4 || held[0].Code != "licence" || held[0].From != first.ID || held[0].Until != on.AddDays(3650) {
			t.Errorf("what the investor already handed in: %+v, %v", held, err)
		}
		if held, err = r.Held(t.Context(), investor("a"), today, on.AddDays(366)); err != nil || len(held) != 3 {
			t.Errorf("a letter of authority is good for a year: %+v, %v", held, err)
		}
		if held, err = r.Held(t.Context(), investor("b"), today, on.AddDays(59)); err != nil || len(held) != 0 {
			t.Errorf("another investor holds %+v, %v", held, err)
		}
		if _, err := write(t, r, uuid.New(), 0, step{investor("a"), casework.ActApplied, today, casework.Act{Matter: "filing", Title: "x", Documents: papers(day.MustOf(2013, 1, 1), "identity")}}); !errs.Is(err, errs.Invalid) {
			t.Errorf("a paper out of date: %v", err)
		}
		book, err := figure.NewBook(r.Figures())
		if err != nil {
			t.Fatal(err)
		}
		scope := office().Scope(access.ReadFigures, today)
		for name, want := range map[string]float64{"open_cases": 3, "cases_on_time": 0, "cases_first_time_right": 50, "documents_spared": 5} {
			f, err := book.Get(t.Context(), name, figure.Query{Division: city, AsOf: today, Scope: scope, Records: scope, Rows: 9})
			if err != nil || f.Value.Number != want {
				t.Errorf("%s: %v, %v, want %v", name, f.Value.Number, err, want)
			}
		}
		report, err := ledger.Verify(t.Context(), d, ledger.Options{Records: r.LedgerRecords()})
		if err != nil || !report.OK() {
			t.Errorf("log: %+v, %v", report, err)
		}
	})
}

func TestAnInvestorSeesTheOwnCasesAlone(t *testing.T) {
	each(t, func(t *testing.T, _ *db.DB, r *casework.Room) {
		on := day.MustOf(2015, 11, 2)
		mine := run(t, r, step{investor("a"), casework.ActApplied, on, casework.Act{Matter: "filing", Title: "甲", Documents: papers(on, "licence", "identity", "plan"), Owner: "b"}})
		run(t, r, step{investor("b"), casework.ActApplied, on, casework.Act{Matter: "filing", Title: "乙"}})
		page, err := r.Cases(t.Context(), investor("a"), today, dossier.Filter{}, "", 10)
		if err != nil || page.Total != 1 || page.Heads[0].Dossier != mine.ID {
			t.Errorf("a lists %+v, %v", page, err)
		}
		if _, _, err := r.Case(t.Context(), investor("b"), today, mine.ID, dossier.Moment{}); !errs.Is(err, errs.NotFound) {
			t.Errorf("b reads a's: %v", err)
		}
		for what, s := range map[string]step{
			"accepts":              {investor("a"), casework.ActAccepted, on, casework.Act{}},
			"sends another's back": {investor("b"), casework.ActWithdrawn, on, casework.Act{Words: "x"}},
			"elsewhere":            {holder(access.CountyOffice, yixian, "y"), casework.ActAccepted, on, casework.Act{}},
			"reads only":           {holder(access.Leader, city, "l"), casework.ActAccepted, on, casework.Act{}},
		} {
			if _, err := write(t, r, mine.ID, 1, s); !errs.Is(err, errs.NotFound) && !errs.Is(err, errs.Forbidden) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if _, err := write(t, r, mine.ID, 1, step{office(), casework.ActRated, on, casework.Act{Rating: 5}}); !errs.Is(err, errs.Conflict) {
			t.Errorf("rated before it is finished: %v", err)
		}
		if _, err := r.Cases(t.Context(), holder(access.VillageOfficer, city, "v"), today, dossier.Filter{}, "", 10); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a role without the right: %v", err)
		}
	})
}

// TestAnyCourseKeepsItsDeadlines writes random acts and looks at what must always hold.
func TestAnyCourseKeepsItsDeadlines(t *testing.T) {
	calendar, err := casework.ShippedCalendar()
	if err != nil {
		t.Fatal(err)
	}
	each(t, func(t *testing.T, _ *db.DB, r *casework.Room) {
		acts := []string{casework.ActReturned, casework.ActSupplied, casework.ActAccepted, casework.ActDone, casework.ActDone, casework.ActStopped, casework.ActResumed, casework.ActRated, casework.ActWithdrawn}
		rapid.Check(t, func(rt *rapid.T) {
			on, version := day.MustOf(2015, 9, 1), int64(1)
			c := run(t, r, step{investor("a"), casework.ActApplied, on, casework.Act{Matter: "supply", Title: "x", Documents: papers(on, "licence", "identity", "drawings")}})
			stopped := 0
			for range rapid.IntRange(1, 10).Draw(rt, "acts") {
				on = on.AddDays(rapid.IntRange(0, 6).Draw(rt, "days"))
				act := rapid.SampledFrom(acts).Draw(rt, "act")
				who := office()
				if act == casework.ActRated {
					who = investor("a")
				}
				next, err := write(t, r, c.ID, version, step{who, act, on, casework.Act{
					Missing: []string{"plan"}, Step: rapid.SampledFrom([]string{"check", "water", "power", "gas"}).Draw(rt, "step"), Reason: "upper", Words: "说明", Rating: 4,
				}})
				if err != nil {
					continue
				}
				if c.State == casework.Stopped && act == casework.ActResumed {
					stopped += calendar.Between(c.Stops[len(c.Stops)-1].From, on)
				}
				c, version = next, version+1
				if running := c.State == casework.Running || c.State == casework.Stopped; running != (len(c.Holders) > 0 && c.Holders[0] != casework.FrontDesk && c.Holders[0] != "申请人") && c.Holders[0] != casework.FrontDesk {
					rt.Fatalf("%s is held by %q", c.State, c.Holders)
				}
				if c.State == casework.Running && c.Due != calendar.After(c.AcceptedOn, 20+stopped) {
					rt.Fatalf("due %v after %d stopped days from %v", c.Due, stopped, c.AcceptedOn)
				}
			}
		})
	})
}
