package problem_test

import (
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
	"liandong/internal/figure"
	"liandong/internal/ledger"
	"liandong/internal/problem"
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

func each(t *testing.T, test func(t *testing.T, d *db.DB, r *problem.Room)) {
	t.Helper()
	t.Parallel()
	dbtest.EachWith(t, slices.Concat(ledger.Migrations(), dossier.Migrations()), db.Options{Clock: dbtest.Ticking()}, func(t *testing.T, d *db.DB) {
		r, err := problem.New(d)
		if err != nil {
			t.Fatal(err)
		}
		test(t, d, r)
	})
}

func office() access.Actor   { return holder(access.CountyOffice, fuping, "office") }
func verifier() access.Actor { return holder(access.CityOffice, city, "verifier") }

// write writes an act on the version that is there.
func write(t *testing.T, r *problem.Room, who access.Actor, id uuid.UUID, version int64, act string, on day.Date, a problem.Act) (problem.Problem, error) {
	t.Helper()
	return r.Write(t.Context(), who, today, problem.Writing{Entry: uuid.New(), ID: id, Division: fuping, Version: version, Act: act, On: on, Body: a})
}

func evidence(on day.Date) []problem.Evidence {
	return []problem.Evidence{{Name: "现场照片", On: on}}
}

// closed takes a problem from its finding to its closing.
func closed(t *testing.T, r *problem.Room, found, ended day.Date, kind string) uuid.UUID {
	t.Helper()
	id := uuid.New()
	for i, step := range []struct {
		who access.Actor
		act string
		on  day.Date
		a   problem.Act
	}{
		{office(), problem.ActFound, found, problem.Act{Kind: kind, Title: "道路未通"}},
		{office(), problem.ActStudied, found, problem.Act{Words: "占地未补偿"}},
		{office(), problem.ActAssigned, found, problem.Act{Office: "国土局", Due: ended.AddDays(5)}},
		{office(), problem.ActSolved, ended, problem.Act{Evidence: evidence(ended)}},
		{verifier(), problem.ActClosed, ended, problem.Act{Prevention: "先补偿后开工"}},
	} {
		p, err := write(t, r, step.who, id, int64(i), step.act, step.on, step.a)
		if err != nil || p.Version != int64(i+1) {
			t.Fatalf("%s: %+v, %v", step.act, p, err)
		}
	}
	return id
}

func TestAProblemIsClosedWithEvidencePreventionAndASecondPerson(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, r *problem.Room) {
		id := uuid.New()
		on := day.MustOf(2015, 11, 2)
		must := func(p problem.Problem, err error) problem.Problem {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		refused := func(kind errs.Kind, _ problem.Problem, err error) {
			t.Helper()
			if !errs.Is(err, kind) {
				t.Errorf("%v, want %v", err, kind)
			}
		}
		p, err := write(t, r, office(), id, 0, problem.ActFound, on, problem.Act{Kind: "weather", Title: "x"})
		refused(errs.Invalid, p, err)
		must(write(t, r, office(), id, 0, problem.ActFound, on, problem.Act{Kind: "progress", Title: "进度滞后", Subject: "project:1"}))
		p, err = write(t, r, office(), uuid.New(), 0, problem.ActFound, on, problem.Act{Kind: "progress", Title: "同一项目", Subject: "project:1"})
		refused(errs.Conflict, p, err)
		p, err = write(t, r, office(), id, 1, problem.ActAssigned, on, problem.Act{Office: "发改委", Due: on.AddDays(9)})
		refused(errs.Conflict, p, err)
		must(write(t, r, office(), id, 1, problem.ActStudied, on, problem.Act{Words: "征地"}))
		p, err = write(t, r, office(), id, 2, problem.ActAssigned, on, problem.Act{Office: "发改委", Due: on.AddDays(-1)})
		refused(errs.Invalid, p, err)
		p = must(write(t, r, office(), id, 2, problem.ActAssigned, on, problem.Act{Office: "发改委", Due: on.AddDays(9)}))
		if p.State != problem.Assigned || p.Office != "发改委" {
			t.Errorf("%+v", p)
		}
		p, err = write(t, r, verifier(), id, 3, problem.ActClosed, on, problem.Act{Prevention: "x"})
		refused(errs.Conflict, p, err)
		p, err = write(t, r, office(), id, 3, problem.ActSolved, on, problem.Act{})
		refused(errs.Invalid, p, err)
		both := access.Actor{ID: "both", Grants: append(office().Grants, verifier().Grants...)}
		must(write(t, r, both, id, 3, problem.ActSolved, on, problem.Act{Evidence: evidence(on)}))
		p, err = write(t, r, both, id, 4, problem.ActClosed, on, problem.Act{Prevention: "x"})
		refused(errs.Forbidden, p, err)
		p, err = write(t, r, office(), id, 4, problem.ActClosed, on, problem.Act{Prevention: "x"})
		refused(errs.Forbidden, p, err)
		must(write(t, r, verifier(), id, 4, problem.ActRefused, on, problem.Act{Words: "照片看不清"}))
		must(write(t, r, office(), id, 5, problem.ActSolved, on, problem.Act{Evidence: evidence(on)}))
		p, err = write(t, r, verifier(), id, 6, problem.ActClosed, on, problem.Act{})
		refused(errs.Invalid, p, err)
		p = must(write(t, r, verifier(), id, 6, problem.ActClosed, on, problem.Act{Prevention: "每月对账"}))
		if p.State != problem.Closed || p.Refused != 1 || len(p.Evidence) != 2 || p.ClosedOn != on {
			t.Errorf("%+v", p)
		}
		p, err = write(t, r, office(), id, 7, problem.ActWorked, on, problem.Act{Words: "x"})
		refused(errs.Conflict, p, err)
		report, err := ledger.Verify(t.Context(), d, ledger.Options{Records: r.LedgerRecords()})
		if err != nil || !report.OK() || report.Records != 7 {
			t.Errorf("log: %+v, %v", report, err)
		}
	})
}

func TestARecurrenceIsListedForTwelveMonthsAtTheSamePlace(t *testing.T) {
	each(t, func(t *testing.T, _ *db.DB, r *problem.Room) {
		old := closed(t, r, day.MustOf(2014, 9, 1), day.MustOf(2014, 12, 3), "land")
		closed(t, r, day.MustOf(2014, 9, 1), day.MustOf(2014, 11, 30), "land")  // more than twelve months before
		closed(t, r, day.MustOf(2015, 9, 1), day.MustOf(2015, 11, 30), "money") // of another kind
		id := uuid.New()
		if _, err := write(t, r, office(), id, 0, problem.ActFound, day.MustOf(2015, 12, 3), problem.Act{Kind: "land", Title: "又堵了"}); err != nil {
			t.Fatal(err)
		}
		d, err := r.Problem(t.Context(), office(), today, id, dossier.Moment{})
		if err != nil || len(d.Recurs) != 1 || d.Recurs[0].Dossier != old {
			t.Errorf("recurs %+v, %v", d.Recurs, err)
		}
		if _, err := r.Problem(t.Context(), holder(access.CountyOffice, yixian, "e"), today, id, dossier.Moment{}); !errs.Is(err, errs.NotFound) {
			t.Errorf("another county reads it: %v", err)
		}
	})
}

func TestFiguresAndRemindersFollowTheDay(t *testing.T) {
	each(t, func(t *testing.T, _ *db.DB, r *problem.Room) {
		closed(t, r, day.MustOf(2015, 9, 1), day.MustOf(2015, 10, 1), "land")
		id := uuid.New()
		due := day.MustOf(2015, 12, 20)
		for i, step := range []struct {
			act string
			a   problem.Act
		}{{problem.ActFound, problem.Act{Kind: "money", Title: "资金未到"}}, {problem.ActStudied, problem.Act{Words: "拨款慢"}}, {problem.ActAssigned, problem.Act{Office: "财政局", Due: due}}} {
			if _, err := write(t, r, office(), id, int64(i), step.act, day.MustOf(2015, 12, 1), step.a); err != nil {
				t.Fatal(err)
			}
		}
		book, err := figure.NewBook(r.Figures())
		if err != nil {
			t.Fatal(err)
		}
		scope := verifier().Scope(access.ReadFigures, today)
		for _, c := range []struct {
			name string
			on   day.Date
			want float64
		}{
			{"open_problems", day.MustOf(2015, 9, 15), 1}, {"open_problems", today, 1}, {"closed_problems", today, 1}, {"overdue_problems", due, 0}, {"overdue_problems", due.AddDays(1), 1}, {"open_decisions", today, 0},
		} {
			f, err := book.Get(t.Context(), c.name, figure.Query{Division: city, AsOf: c.on, Scope: scope, Records: scope, Rows: 9})
			if err != nil || f.Value.Number != c.want || len(f.Value.Rows) != int(c.want) {
				t.Errorf("%s on %v: %+v, %v, want %v", c.name, c.on, f.Value, err, c.want)
			}
		}
		for days, level := range map[int]int{8: 0, 7: 1, 3: 2, 0: 3, -2: 4} {
			got, err := r.Reminders(t.Context(), office(), today, due.AddDays(-days))
			if err != nil || (level == 0) != (len(got) == 0) || level > 0 && (got[0].Level != level || got[0].Days != days) {
				t.Errorf("%d days before: %+v, %v, want level %d", days, got, err, level)
			}
		}
	})
}

// TestASupervisedDecisionNeverSkipsAStage writes random acts and follows them with a plain table of what may come after what.
func TestASupervisedDecisionNeverSkipsAStage(t *testing.T) {
	next := map[problem.Stage]map[string]problem.Stage{
		"":               {problem.ActFiled: problem.Filed},
		problem.Filed:    {problem.ActGiven: problem.Given},
		problem.Given:    {problem.ActGiven: problem.Given, problem.ActReported: problem.Reported},
		problem.Reported: {problem.ActVerified: problem.Verified, problem.ActBack: problem.Given},
		problem.Verified: {problem.ActEnded: problem.Ended},
		problem.Ended:    {},
	}
	acts := []string{problem.ActFiled, problem.ActGiven, problem.ActReported, problem.ActVerified, problem.ActBack, problem.ActEnded}
	each(t, func(t *testing.T, _ *db.DB, r *problem.Room) {
		people := []access.Actor{holder(access.CityOffice, city, "one"), holder(access.CityOffice, city, "two")}
		rapid.Check(t, func(rt *rapid.T) {
			id, version, stage, reporter := uuid.New(), int64(0), problem.Stage(""), ""
			for range rapid.IntRange(1, 9).Draw(rt, "acts") {
				act := rapid.SampledFrom(acts).Draw(rt, "act")
				who := rapid.SampledFrom(people).Draw(rt, "who")
				d, err := r.WriteDecision(t.Context(), who, today, problem.Writing{
					Entry: uuid.New(), ID: id, Division: fuping, Version: version, Act: act, On: today,
					Body: problem.Act{Title: "修路", Source: "市政府常务会议", Words: "已办", Office: "交通局", Due: today.AddDays(9)},
				})
				want, allowed := next[stage][act]
				if act == problem.ActVerified && who.ID == reporter {
					allowed = false
				}
				if allowed != (err == nil) {
					rt.Fatalf("%s after %q by %s: %v", act, stage, who.ID, err)
				}
				if !allowed {
					continue
				}
				if stage, version = want, version+1; d.Stage != want || d.Version != version {
					rt.Fatalf("%+v, want %s", d, want)
				}
				if act == problem.ActReported {
					reporter = who.ID
				}
			}
		})
	})
}
