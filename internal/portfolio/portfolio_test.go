package portfolio_test

import (
	"context"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/db/dbtest"
	"liandong/internal/figure"
	"liandong/internal/ledger"
	"liandong/internal/portfolio"
	"liandong/money"
	"liandong/place"
)

const (
	baoding place.ID = 130600_000000
	fuping  place.ID = 130624_000000
	yixian  place.ID = 130633_000000
)

var gazetteer = sync.OnceValues(place.Open)

// holder is somebody who holds one role over a division.
func holder(role access.Role, id place.ID) access.Actor {
	return access.Actor{ID: string(role), Grants: []access.Grant{{Role: role, Territory: id}}}
}

// bench is a room on one store, with people.
type bench struct {
	*testing.T
	*portfolio.Room
	db           *db.DB
	ctx          context.Context
	city, fuping access.Actor
	yixian       access.Actor
	all          access.Scope
}

func each(t *testing.T, test func(b *bench)) {
	t.Parallel()
	places, err := gazetteer()
	if err != nil {
		t.Fatal(err)
	}
	dbtest.EachWith(t, slices.Concat(ledger.Migrations(), portfolio.Migrations()), db.Options{Clock: dbtest.Ticking()}, func(t *testing.T, d *db.DB) {
		room, err := portfolio.New(portfolio.Options{DB: d, Places: places, City: baoding, Now: dbtest.Start})
		if err != nil {
			t.Fatal(err)
		}
		coordinator := func(id place.ID) access.Actor { return holder(access.Coordinator, id) }
		b := &bench{T: t, Room: room, db: d, ctx: t.Context(), city: coordinator(baoding), fuping: coordinator(fuping), yixian: coordinator(yixian)}
		b.all = b.scope(b.city)
		test(b)
	})
}

func (b *bench) scope(a access.Actor) access.Scope {
	return a.Scope(access.ReadProjects, day.InTime(dbtest.Start()))
}

func newID() portfolio.ID { return uuid.Must(uuid.NewV7()) }

func (b *bench) save(a access.Actor, d portfolio.Draft) portfolio.Saved {
	b.Helper()
	saved, err := b.Save(b.ctx, a, d)
	if err != nil {
		b.Fatal(err)
	}
	return saved
}

func (b *bench) note(a access.Actor, subject portfolio.ID, f portfolio.Fact) portfolio.Saved {
	b.Helper()
	saved, err := b.Note(b.ctx, a, portfolio.Note{Subject: subject, Fact: f})
	if err != nil {
		b.Fatal(err)
	}
	return saved
}

func (b *bench) view(id portfolio.ID, m portfolio.Moment) portfolio.ProjectView {
	b.Helper()
	v, err := b.Project(b.ctx, b.all, id, m)
	if err != nil {
		b.Fatal(err)
	}
	return v
}

func on(year, month, dayOfMonth int) day.Date { return day.MustOf(year, month, dayOfMonth) }

func project(name string) *portfolio.Project {
	return &portfolio.Project{Division: fuping, Name: name, Programme: "coordination", StartPlanned: on(2015, 3, 10)}
}

func signing(at day.Date, amount money.Fen) *portfolio.Event {
	return &portfolio.Event{ID: newID(), Kind: portfolio.Signing, On: at, Amount: &amount, Basis: "total"}
}

func staged(stage portfolio.Stage, at day.Date, reason string) *portfolio.Event {
	return &portfolio.Event{ID: newID(), Kind: portfolio.Staged, Stage: stage, On: at, Reason: reason}
}

func TestADocumentIsWrittenOnceAndGuardedByItsVersion(t *testing.T) {
	each(t, func(b *bench) {
		id := newID()
		d := portfolio.Draft{Subject: id, Valid: on(2015, 1, 5), Document: project("储能电池项目")}
		saved := b.save(b.fuping, d)
		if again := b.save(b.fuping, d); again != (portfolio.Saved{Subject: id, Revision: saved.Revision, Version: 1, Recorded: saved.Recorded}) {
			b.Errorf("the same again: %+v after %+v", again, saved)
		}
		renamed := portfolio.Draft{Subject: id, Valid: on(2015, 6, 1), Document: project("储能电池一期项目")}
		if _, err := b.Save(b.ctx, b.fuping, renamed); !errs.Is(err, errs.Conflict) {
			b.Errorf("without the version: %v", err)
		}
		renamed.Version = 1
		b.save(b.fuping, renamed)
		late := portfolio.Draft{Subject: id, Valid: on(2015, 3, 1), Document: project("电池项目"), Version: 2}
		if s := b.save(b.fuping, late); !s.Late {
			b.Error("an insertion before the newest is not called late")
		}
		for at, want := range map[day.Date]string{on(2015, 2, 1): "储能电池项目", on(2015, 4, 1): "电池项目", on(2015, 7, 1): "储能电池一期项目"} {
			if v := b.view(id, portfolio.Moment{AsOf: at}); v.Name != want || v.Document.Name != want || v.Version != 3 {
				b.Errorf("on %s: %s, version %d", at, v.Name, v.Version)
			}
		}
		if v := b.view(id, portfolio.Moment{AsOf: on(2015, 4, 1), KnownAt: saved.Recorded}); v.Name != "储能电池项目" {
			b.Errorf("as known before the insertion: %s", v.Name)
		}
	})
}

func TestNobodyReadsOrWritesBeyondTheirTerritory(t *testing.T) {
	each(t, func(b *bench) {
		id, company := newID(), newID()
		b.save(b.fuping, portfolio.Draft{Subject: company, Valid: on(2015, 1, 1), Document: &portfolio.Organisation{Division: fuping, Name: "岚桥实业"}})
		p := project("储能电池项目")
		p.Parties = []portfolio.Party{{Organisation: company, Role: "investor"}}
		b.save(b.fuping, portfolio.Draft{Subject: id, Valid: on(2015, 1, 5), Document: p})
		elsewhere, m := b.scope(b.yixian), portfolio.Moment{AsOf: on(2015, 12, 31)}
		_, err := b.Project(b.ctx, elsewhere, id, m)
		_, err2 := b.Noun(b.ctx, elsewhere, portfolio.OrganisationKind, company, m)
		_, err3 := b.Timeline(b.ctx, elsewhere, portfolio.ProjectKind, id, m)
		_, err4 := b.Note(b.ctx, b.yixian, portfolio.Note{Subject: id, Fact: staged(portfolio.Talks, on(2015, 2, 1), "")})
		_, err5 := b.Save(b.ctx, b.yixian, portfolio.Draft{Subject: newID(), Valid: on(2015, 1, 5), Document: project("另一个")})
		for i, err := range []error{err, err2, err3, err4, err5} {
			if !errs.Is(err, errs.NotFound) {
				b.Errorf("reading or writing %d from elsewhere: %v", i, err)
			}
		}
		page, err := b.List(b.ctx, elsewhere, portfolio.Filter{}, m, "", 50)
		cells, err2 := b.Board(b.ctx, elsewhere, portfolio.Filter{}, m)
		if err != nil || err2 != nil || page.Total != 0 || len(cells) != 0 {
			b.Errorf("elsewhere sees %d projects and %d cells: %v %v", page.Total, len(cells), err, err2)
		}
	})
}

func TestTheStageMachineKeepsItsOrderAndAsksForReasons(t *testing.T) {
	each(t, func(b *bench) {
		id := newID()
		b.save(b.fuping, portfolio.Draft{Subject: id, Valid: on(2015, 1, 5), Document: project("储能电池项目")})
		b.note(b.fuping, id, staged(portfolio.Talks, on(2015, 1, 5), ""))
		first := signing(on(2015, 1, 20), money.HundredM)
		b.note(b.fuping, id, first)
		b.note(b.fuping, id, staged(portfolio.Started, on(2015, 4, 1), ""))
		for name, e := range map[string]*portfolio.Event{
			"back to talks":                staged(portfolio.Talks, on(2015, 5, 1), ""),
			"suspended without reason":     staged(portfolio.Suspended, on(2015, 5, 1), ""),
			"operation before the start":   staged(portfolio.InOperation, on(2015, 3, 1), ""),
			"the signing moved to the end": {ID: first.ID, Kind: portfolio.Staged, Stage: portfolio.Terminated, On: on(2015, 2, 1), Reason: "误报"},
		} {
			n := portfolio.Note{Subject: id, Fact: e}
			if e.ID == first.ID {
				n.Version = 4
			}
			if _, err := b.Note(b.ctx, b.fuping, n); !errs.Is(err, errs.Invalid) {
				b.Errorf("%s: %v", name, err)
			}
		}
		b.note(b.fuping, id, staged(portfolio.Suspended, on(2015, 5, 1), "用地手续"))
		b.note(b.fuping, id, staged(portfolio.Started, on(2015, 7, 1), "手续办结"))
		b.note(b.fuping, id, staged(portfolio.Terminated, on(2015, 9, 1), "投资方退出"))
		if v := b.view(id, portfolio.Moment{AsOf: on(2015, 12, 31)}); v.Stage != portfolio.Terminated || v.Counted || len(v.Next) != 0 {
			b.Errorf("in the end: %v counted %v next %v", v.Stage, v.Counted, v.Next)
		}
		if v := b.view(id, portfolio.Moment{AsOf: on(2015, 6, 1)}); v.Stage != portfolio.Suspended || !v.Counted {
			b.Errorf("in June: %v counted %v", v.Stage, v.Counted)
		}
	})
}

func TestACorrectedEventReplacesWhatItWasAndThePastIsKept(t *testing.T) {
	each(t, func(b *bench) {
		id := newID()
		b.save(b.fuping, portfolio.Draft{Subject: id, Valid: on(2015, 1, 5), Document: project("储能电池项目")})
		e := signing(on(2015, 1, 20), money.HundredM)
		before := b.note(b.fuping, id, e)
		corrected := *e
		amount := 3 * money.HundredM
		corrected.Amount, corrected.On = &amount, on(2015, 2, 20)
		if _, err := b.Note(b.ctx, b.fuping, portfolio.Note{Subject: id, Fact: &corrected}); !errs.Is(err, errs.Conflict) {
			b.Errorf("a correction without the version: %v", err)
		}
		if _, err := b.Note(b.ctx, b.fuping, portfolio.Note{Subject: id, Fact: &corrected, Version: before.Version}); err != nil {
			b.Fatal(err)
		}
		now, then := b.view(id, portfolio.Moment{AsOf: on(2015, 12, 31)}), b.view(id, portfolio.Moment{AsOf: on(2015, 12, 31), KnownAt: before.Recorded})
		if *now.Amount != amount || *then.Amount != money.HundredM || now.CountedOn != on(2015, 2, 20) {
			b.Errorf("now %v on %v, as known then %v", now.Amount, now.CountedOn, then.Amount)
		}
		if early := b.view(id, portfolio.Moment{AsOf: on(2015, 2, 1)}); early.Counted {
			b.Error("the day that was wrong still counts")
		}
		steps, err := b.Timeline(b.ctx, b.all, portfolio.ProjectKind, id, portfolio.Moment{AsOf: on(2015, 12, 31)})
		if err != nil || len(steps) != 3 || !steps[1].Replaced || steps[2].Replaced {
			b.Errorf("timeline: %+v, %v", steps, err)
		}
	})
}

func TestLightsFollowTheMonthsAndRememberRed(t *testing.T) {
	each(t, func(b *bench) {
		id := newID()
		b.save(b.fuping, portfolio.Draft{Subject: id, Valid: on(2015, 1, 5), Document: project("储能电池项目")})
		b.note(b.fuping, id, signing(on(2015, 1, 20), money.HundredM))
		b.note(b.fuping, id, staged(portfolio.Started, on(2015, 7, 10), ""))
		percent := func(v float64) *float64 { return &v }
		b.note(b.fuping, id, &portfolio.Event{ID: newID(), Kind: portfolio.Statistics, On: on(2015, 7, 25)})
		b.note(b.fuping, id, &portfolio.Report{Month: on(2015, 8, 31), Physical: percent(20), Planned: percent(55)})
		b.note(b.fuping, id, &portfolio.Report{Month: on(2015, 9, 30), Physical: percent(60), Planned: percent(62), Confidence: percent(90)})
		auditor := holder(access.Auditor, fuping)
		b.note(auditor, id, &portfolio.Inspection{Month: on(2015, 9, 30), Confidence: percent(65)})
		_, alerts := b.Rules()
		for _, c := range []struct {
			at      day.Date
			start   portfolio.Light
			advance portfolio.Light
			whole   portfolio.Light
		}{
			{on(2015, 3, 30), portfolio.Green, portfolio.Off, portfolio.Green},
			{on(2015, 3, 31), portfolio.Yellow, portfolio.Off, portfolio.Yellow},
			{on(2015, 6, 29), portfolio.Yellow, portfolio.Off, portfolio.Yellow},
			{on(2015, 6, 30), portfolio.Red, portfolio.Off, portfolio.Red},
			{on(2015, 7, 15), portfolio.Yellow, portfolio.Grey, portfolio.Yellow},
			{on(2015, 8, 31), portfolio.Yellow, portfolio.Red, portfolio.Red},
			{on(2015, 9, 30), portfolio.Yellow, portfolio.Yellow, portfolio.Yellow},
		} {
			for _, m := range []portfolio.Moment{{AsOf: c.at}, {AsOf: c.at, KnownAt: time.Date(2016, 6, 1, 0, 0, 0, 0, time.UTC)}} {
				page, err := b.List(b.ctx, b.all, portfolio.Filter{}, m, "", 10)
				if err != nil || len(page.Rows) != 1 {
					b.Fatalf("%v: %d rows, %v", c.at, len(page.Rows), err)
				}
				s := page.Rows[0]
				if got := alerts.LightOf(s.Lights, "start"); got != c.start || alerts.LightOf(s.Lights, "progress") != c.advance || s.Light != c.whole {
					b.Errorf("%v: start %v progress %v whole %v", c.at, got, alerts.LightOf(s.Lights, "progress"), s.Light)
				}
			}
		}
		if v := b.view(id, portfolio.Moment{AsOf: on(2015, 12, 31)}); v.Gap() == nil || *v.Gap() != 25 || !v.Slipped[0] || !v.Slipped[1] {
			b.Errorf("gap %v, slipped %v", v.Gap(), v.Slipped)
		}
		if v := b.view(id, portfolio.Moment{AsOf: on(2015, 3, 31)}); v.Light != portfolio.Yellow {
			b.Errorf("last March: %v", v.Light)
		}
	})
}

func TestListsBoardsAndFiguresAgreeAtEveryMoment(t *testing.T) {
	each(t, func(b *bench) {
		group, park := newID(), newID()
		entries := []portfolio.Entry{
			{Subject: group, Valid: on(2015, 1, 1), Document: &portfolio.Organisation{Division: baoding, Name: "岚桥集团", Kind: "central_group"}},
			{Subject: park, Valid: on(2015, 1, 1), Document: &portfolio.Platform{Division: yixian, Name: "岚桥园", Kind: "park"}},
		}
		for i := range 25 {
			id, p := newID(), project("项目"+string(rune('甲'+i)))
			if i%3 == 0 {
				p.Origin = &portfolio.Origin{City: "beijing", Function: "logistics"}
			}
			if i%2 == 0 {
				p.Platforms, p.Division = []portfolio.ID{park}, yixian
			}
			entries = append(entries, portfolio.Entry{Subject: id, Valid: on(2015, 1, 5), Document: p},
				portfolio.Entry{Subject: id, Fact: signing(on(2015, 1+i%6, 10), money.Fen(i+1)*money.HundredM)})
		}
		if err := b.Load(b.ctx, b.city, "测试", entries); err != nil {
			b.Fatal(err)
		}
		if err := b.Rebuild(b.ctx); err != nil {
			b.Fatal(err)
		}
		book, err := figure.NewBook(b.Figures())
		if err != nil {
			b.Fatal(err)
		}
		for _, m := range []portfolio.Moment{{AsOf: on(2015, 3, 31)}, {AsOf: on(2015, 12, 31)}, {AsOf: on(2015, 12, 31), KnownAt: time.Date(2016, 6, 1, 0, 0, 0, 0, time.UTC)}} {
			b.agree(book, m, portfolio.Filter{})
			b.agree(book, m, portfolio.Filter{Platform: &park, Division: yixian})
			b.agree(book, m, portfolio.Filter{Division: fuping})
			b.agree(book, m, portfolio.Filter{Unsettled: true, Division: fuping})
			free, err := b.List(b.ctx, b.all, portfolio.Filter{Unsettled: true, Stage: portfolio.Signed}, m, "", 100)
			none, err2 := b.List(b.ctx, b.all, portfolio.Filter{Stage: portfolio.Unstated}, m, "", 100)
			signed := int64(12)
			if m.AsOf == on(2015, 3, 31) {
				signed = 4 // those of February
			}
			if err != nil || err2 != nil || free.Total != signed || free.Total+none.Total > 25 {
				b.Errorf("%+v: %d signed projects on no platform, not %d, %d without a stage: %v %v", m, free.Total, signed, none.Total, err, err2)
			}
			moved, err := b.List(b.ctx, b.all, portfolio.Filter{Origin: "beijing", Function: "logistics"}, m, "", 100)
			if err != nil || moved.Total != 9 || len(moved.Rows) != 9 || moved.Rows[0].Origin != "beijing" {
				b.Errorf("%+v: %d projects come from Beijing, not 9: %v", m, moved.Total, err)
			}
		}
		page, err := b.List(b.ctx, b.all, portfolio.Filter{Words: "目甲"}, portfolio.Moment{AsOf: on(2015, 12, 31)}, "", 10)
		if err != nil || page.Total != 1 {
			b.Errorf("search: %+v %v", page, err)
		}
		v, err := b.Noun(b.ctx, b.all, portfolio.PlatformKind, park, portfolio.Moment{AsOf: on(2015, 12, 31)})
		if err != nil || len(v.Projects) != 13 {
			b.Errorf("the park has %d projects, %v", len(v.Projects), err)
		}
		report, err := ledger.Verify(b.ctx, b.db, ledger.Options{Records: b.LedgerRecords()})
		if err != nil || !report.OK() {
			b.Errorf("the log: %+v, %v", report, err)
		}
	})
}

func TestAMilestoneRemembersTheDayFirstSetForIt(t *testing.T) {
	each(t, func(b *bench) {
		id, milestone := newID(), newID()
		for i, due := range []day.Date{on(2015, 6, 30), on(2015, 9, 30), on(2015, 12, 31)} {
			p := project("岚桥储能项目")
			p.Milestones = []portfolio.Milestone{{ID: milestone, Title: "主体完工", Due: due}}
			b.save(b.city, portfolio.Draft{Subject: id, Version: int64(i), Valid: on(2015, 1+3*i, 5), Document: p})
		}
		bars, total, next, err := b.Gantt(b.ctx, b.all, portfolio.Filter{}, portfolio.Moment{AsOf: on(2015, 5, 1)}, "")
		if err != nil || total != 1 || next != "" || len(bars) != 1 {
			b.Fatalf("%+v, %d, %q, %v", bars, total, next, err)
		}
		if m := bars[0].Milestones[0]; m.Due != on(2015, 9, 30) || m.FirstDue != on(2015, 6, 30) {
			b.Errorf("in May it is due %s, first set for %s", m.Due, m.FirstDue)
		}
		v := b.view(id, portfolio.Moment{AsOf: on(2015, 12, 31)})
		if m := v.Milestones[0]; m.Due != on(2015, 12, 31) || m.FirstDue != on(2015, 6, 30) {
			b.Errorf("in December it is due %s, first set for %s", m.Due, m.FirstDue)
		}
	})
}

// agree walks the pages of a list and compares them with the board and the figure of the division.
func (b *bench) agree(book *figure.Book, m portfolio.Moment, f portfolio.Filter) {
	b.Helper()
	var rows int64
	var amount money.Fen
	after := ""
	for {
		page, err := b.List(b.ctx, b.all, f, m, after, 7)
		if err != nil {
			b.Fatal(err)
		}
		for _, s := range page.Rows {
			rows++
			if s.Amount != nil {
				amount += *s.Amount
			}
		}
		if after = page.Next; after == "" {
			if rows != page.Total {
				b.Errorf("%+v: %d rows of %d", m, rows, page.Total)
			}
			break
		}
	}
	cells, err := b.Board(b.ctx, b.all, f, m)
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range cells {
		rows, amount = rows-c.Projects, amount-c.Amount
	}
	if rows != 0 || amount != 0 {
		b.Errorf("%+v %+v: the board lacks %d projects and %v fen", m, f, rows, amount)
	}
	division := baoding
	if f.Division != 0 {
		division = f.Division
	}
	for _, c := range cells {
		amount += c.Amount
	}
	spots, err := b.Where(b.ctx, b.all, f, division, m)
	var there int64
	for _, s := range spots {
		there += s.Projects
		for _, n := range s.Lights {
			rows -= n
		}
	}
	if err != nil || rows+there != 0 || f == (portfolio.Filter{}) && len(spots) != 2 {
		b.Errorf("%+v %+v: the map shows %d projects in %d places: %v", m, f, there, len(spots), err)
	}
	got, err := book.Get(b.ctx, "coordinated_investment", figure.Query{Division: division, AsOf: m.AsOf, KnownAt: m.KnownAt, Scope: b.all, Records: b.all, Rows: 1000})
	if err != nil || math.Abs(got.Value.Number-float64(amount)/float64(money.HundredM)) > 1e-9 {
		b.Errorf("%+v: figure %v, list %v, %v", m, got.Value.Number, amount, err)
	}
}

// exporter may take the whole city's projects away.
func (b *bench) exporter() access.Actor { return holder(access.Planner, baoding) }
