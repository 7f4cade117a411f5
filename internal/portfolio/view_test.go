package portfolio_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"liandong/internal/db/dbtest"
	"liandong/internal/figure"
	"liandong/internal/portfolio"
	"liandong/money"
	"liandong/place"
)

// Whatever is written between two readings, a room that has read before says what one says that reads for the first time.
func TestWhatIsKeptFollowsWhatIsWritten(t *testing.T) {
	each(t, func(b *bench) {
		random := rand.New(rand.NewPCG(3, 4))
		platform, company, agreement := newID(), newID(), newID()
		b.save(b.city, portfolio.Draft{Subject: platform, Valid: on(2015, 1, 1), Document: &portfolio.Platform{Division: fuping, Name: "岚桥产业园", Kind: "park"}})
		b.save(b.city, portfolio.Draft{Subject: company, Valid: on(2015, 1, 1), Document: &portfolio.Organisation{Division: fuping, Name: "岚桥实业", Kind: "company"}})
		b.save(b.city, portfolio.Draft{Subject: agreement, Valid: on(2015, 1, 1), Document: &portfolio.Agreement{Division: fuping, Name: "岚桥协议", Kind: "cooperation", Signed: on(2015, 1, 1), Parties: []portfolio.Party{{Organisation: company, Role: "investor"}}}})
		versions := map[portfolio.ID]int64{}
		var ids []portfolio.ID
		for step := range 30 {
			switch n := random.IntN(4); {
			case n == 0 || len(ids) == 0:
				ids = append(ids, newID())
				fallthrough
			case n == 1:
				id := ids[len(ids)-1]
				p := project(fmt.Sprintf("项目%d", random.IntN(100)))
				if random.IntN(2) > 0 {
					p.Platforms, p.Parties = []portfolio.ID{platform}, []portfolio.Party{{Organisation: company, Role: "investor"}}
				}
				p.Plan = []portfolio.Allocation{{Year: 2015, Amount: money.Fen(random.IntN(9)) * money.HundredM}}
				versions[id] = b.save(b.city, portfolio.Draft{Subject: id, Valid: on(2015, 1, 2+step%20), Document: p, Version: versions[id]}).Version
			case n == 2:
				id := ids[random.IntN(len(ids))]
				e := signing(on(2015, 2, 1+random.IntN(20)), money.Fen(random.IntN(9))*money.HundredM)
				e.Agreement = &agreement
				versions[id] = b.note(b.city, id, e).Version
			default:
				b.save(b.city, portfolio.Draft{Subject: newID(), Valid: on(2015, 1, 1), Document: &portfolio.Platform{Division: yixian, Name: fmt.Sprintf("园区%d", step), Kind: "park"}})
			}
			b.alike(step, platform)
		}
		if err := b.Rebuild(b.ctx); err != nil {
			b.Fatal(err)
		}
		b.alike(-1, platform)
	})
}

// alike compares what the room says with what a new one says.
func (b *bench) alike(step int, platform portfolio.ID) {
	b.Helper()
	places, err := gazetteer()
	if err != nil {
		b.Fatal(err)
	}
	fresh, err := portfolio.New(portfolio.Options{DB: b.db, Places: places, City: baoding, Now: dbtest.Start})
	if err != nil {
		b.Fatal(err)
	}
	m := portfolio.Moment{AsOf: on(2015, 12, 31)}
	said := func(r *portfolio.Room) (all []any) {
		tell := func(v any, err error) {
			if err != nil {
				b.Fatal(err)
			}
			all = append(all, v)
		}
		for _, f := range []portfolio.Filter{{}, {Platform: &platform}, {Words: "1"}, {Unsettled: true}, {Division: fuping, Stage: portfolio.Signed}} {
			page, err := r.List(b.ctx, b.all, f, m, "", 200)
			tell(page, err)
			board, err := r.Board(b.ctx, b.all, f, m)
			tell(board, err)
			year, err := r.YearMoney(b.ctx, b.all, f, m)
			tell(year, err)
		}
		for _, f := range r.Figures() {
			for _, division := range []place.ID{baoding, fuping} {
				q := figure.Query{Division: division, AsOf: m.AsOf, Scope: b.all, Records: b.all}
				sum, err := f.Compute(b.ctx, q)
				tell([]any{f.Name, fmt.Sprint(sum.Number), sum.RowCount, sum.Notes}, err)
				q.Rows = 1
				proved, err := f.Compute(b.ctx, q)
				if fmt.Sprint(proved.Number) != fmt.Sprint(sum.Number) || proved.RowCount != sum.RowCount {
					b.Errorf("%s is %v of %d, and with rows %v of %d: %v", f.Name, sum.Number, sum.RowCount, proved.Number, proved.RowCount, err)
				}
			}
		}
		for _, kind := range []portfolio.Kind{portfolio.OrganisationKind, portfolio.AgreementKind, portfolio.PlatformKind} {
			rows, err := r.Nouns(b.ctx, b.all, kind, "", m)
			tell(rows, err)
		}
		return all
	}
	if kept, made := said(b.Room), said(fresh); !reflect.DeepEqual(kept, made) {
		b.Fatalf("after step %d the room says\n%+v\nand a new one\n%+v", step, kept, made)
	}
}

// By the end of the year: plans of the years up to it, the revised amount of a year and source in place of the first, and what the reports say.
func TestWhatIsPlannedByTheEndOfTheYearStandsBesideWhatCame(t *testing.T) {
	each(t, func(b *bench) {
		planned, silent, talks := newID(), newID(), newID()
		p := project("分年投资项目")
		p.Plan = []portfolio.Allocation{
			{Year: 2014, Source: "own", Amount: 2 * money.HundredM},
			{Year: 2015, Source: "own", Amount: 5 * money.HundredM},
			{Year: 2015, Source: "own", Amount: 3 * money.HundredM, Revised: true},
			{Year: 2015, Source: "loan", Amount: money.HundredM},
			{Year: 2016, Source: "own", Amount: 9 * money.HundredM},
		}
		b.save(b.city, portfolio.Draft{Subject: planned, Valid: on(2015, 1, 1), Document: p})
		b.save(b.city, portfolio.Draft{Subject: silent, Valid: on(2015, 1, 1), Document: project("没有计划的项目")})
		unsigned := project("洽谈项目")
		unsigned.Plan = p.Plan
		b.save(b.city, portfolio.Draft{Subject: talks, Valid: on(2015, 1, 1), Document: unsigned})
		b.note(b.city, planned, signing(on(2015, 2, 1), 20*money.HundredM))
		b.note(b.city, silent, signing(on(2015, 2, 1), 20*money.HundredM))
		b.note(b.city, planned, &portfolio.Report{Month: on(2015, 6, 30), Arrived: []portfolio.Fund{{Amount: 4 * money.HundredM}}, Spent: []portfolio.Fund{{Amount: 3 * money.HundredM}}})
		got, err := b.YearMoney(b.ctx, b.all, portfolio.Filter{}, portfolio.Moment{AsOf: on(2015, 9, 30)})
		want := portfolio.YearMoney{Until: on(2015, 12, 31), Counted: 2, Planning: 1, Reported: 1, Planned: 6 * money.HundredM, Arrived: 4 * money.HundredM, Spent: 3 * money.HundredM}
		if err != nil || got != want {
			b.Errorf("%+v, %v", got, err)
		}
		if next, err := b.YearMoney(b.ctx, b.all, portfolio.Filter{Words: "分年"}, portfolio.Moment{AsOf: on(2016, 3, 31)}); err != nil || next.Planned != 15*money.HundredM || next.Counted != 1 {
			b.Errorf("a year later: %+v, %v", next, err)
		}
	})
}
