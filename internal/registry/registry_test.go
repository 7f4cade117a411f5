package registry_test

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/ident"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/db/dbtest"
	"liandong/internal/ledger"
	"liandong/internal/registry"
	"liandong/internal/secret"
	"liandong/place"
)

const (
	baoding place.ID = 130600000000
	fuping  place.ID = 130624000000
	yixian  place.ID = 130633000000
)

var gazetteer = sync.OnceValues(place.Open)

// desk is a register with a clock that can be set and somebody who works with it.
type desk struct {
	t   *testing.T
	ctx context.Context
	db  *db.DB
	*registry.Registry
	places  *place.Gazetteer
	now     time.Time
	fuping  access.Actor
	yixian  access.Actor
	leader  access.Actor
	auditor access.Actor
}

func each(t *testing.T, test func(d *desk)) {
	t.Parallel()
	places, err := gazetteer()
	if err != nil {
		t.Fatal(err)
	}
	now := dbtest.Start()
	var mu sync.Mutex
	clock := func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	migrations := append(append(append(registry.Migrations(), ledger.Migrations()...), secret.Migrations()...), access.Migrations()...)
	dbtest.EachWith(t, migrations, db.Options{Clock: func() time.Time { return clock() }}, func(t *testing.T, d *db.DB) {
		master, err := secret.NewMaster(rand.NewChaCha8([32]byte{1}))
		if err != nil {
			t.Fatal(err)
		}
		vault, err := secret.New(master, secret.AES256GCM, rand.NewChaCha8([32]byte{2}))
		if err != nil {
			t.Fatal(err)
		}
		r, err := registry.New(registry.Options{DB: d, Keys: vault, Places: places, City: baoding, Now: clock, Segments: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		holder := func(role access.Role, id place.ID) access.Actor {
			return access.Actor{ID: fmt.Sprint(role, " ", id), Grants: []access.Grant{{Role: role, Territory: id}}}
		}
		test(&desk{
			t: t, ctx: context.Background(), db: d, Registry: r, places: places, now: now,
			fuping: holder(access.CountyOffice, fuping), yixian: holder(access.CountyOffice, yixian), leader: holder(access.Leader, baoding), auditor: holder(access.Auditor, baoding),
		})
	})
}

// number is the ID number of a made-up person: area 130699, the birth day, a sequence.
func number(born day.Date, sequence int) string {
	s := "130699" + strings.ReplaceAll(born.String(), "-", "") + fmt.Sprintf("%03d", sequence)
	return s + string(ident.CheckCharacter(s))
}

// household is a draft of two in a village of the county.
func (d *desk) household(county place.ID, sequence int) registry.Draft {
	d.t.Helper()
	f := form.Household()
	r := f.Root.New()
	village := d.places.Villages(county)[sequence%100].ID
	answer := func(r *form.Record, path, words string) {
		d.t.Helper()
		if finding := r.ReadText(r.Section().Must(path), words, day.Date{}); finding != nil {
			d.t.Fatal(finding.Text)
		}
	}
	r.SetValue(f.Root.Must("village"), int64(village))
	answer(r, "number", fmt.Sprintf("%d%06d", county/1e6, sequence))
	answer(r, "phone", "19900000000")
	answer(r, "main_cause", "因病")
	answer(r, "income.wage", "5850")
	for i, name := range []string{"单建国", "曾桂英"} {
		m := r.Add(f.Root.Must("members"))
		born := day.MustOf(1972+i, 3, 19)
		person := uuid.Must(uuid.NewV7())
		m.SetText(m.Section().Must("person"), string(person[:]))
		answer(m, "name", name)
		answer(m, "relation", []string{"户主", "配偶"}[i])
		answer(m, "sex", []string{"男", "女"}[i])
		answer(m, "id_number", number(born, 2*sequence+1-i))
		answer(m, "born", born.String())
		answer(m, "health", "健康")
	}
	return registry.Draft{Household: uuid.Must(uuid.NewV7()), Valid: day.MustOf(2014, 1, 1), Event: registry.Opened, Record: r, Source: "走访"}
}

func (d *desk) save(actor access.Actor, draft registry.Draft) registry.Saved {
	d.t.Helper()
	saved, err := d.Save(d.ctx, actor, draft)
	if err != nil {
		d.t.Fatal(err)
	}
	return saved
}

func (d *desk) scope(a access.Actor) access.Scope {
	return a.Scope(access.ReadRecords, day.InTime(d.now))
}

func on(y, m, n int) registry.Moment { return registry.Moment{AsOf: day.MustOf(y, m, n)} }

func TestEveryRevisionStaysReadableAsOfItsDay(t *testing.T) {
	each(t, func(d *desk) {
		draft := d.household(fuping, 1)
		first := d.save(d.fuping, draft)
		wage := form.Household().Root.Must("income.wage")
		draft.Version, draft.Valid, draft.Event = first.Version, day.MustOf(2015, 1, 1), registry.Rechecked
		draft.Record = draft.Record.Clone()
		draft.Record.SetValue(wage, 900000)
		second := d.save(d.fuping, draft)
		// a late insertion between the two leaves the later one as it is
		draft.Version, draft.Valid, draft.Event = second.Version, day.MustOf(2014, 6, 1), registry.Corrected
		draft.Record.SetValue(wage, 700000)
		late := d.save(d.fuping, draft)
		if !late.Late || len(late.Findings) != 1 {
			d.t.Errorf("a late insertion raises no finding: %+v", late)
		}
		for _, c := range []struct {
			at   registry.Moment
			want int64
		}{{on(2014, 3, 1), 585000}, {on(2014, 7, 1), 700000}, {on(2015, 6, 1), 900000}} {
			h, err := d.Household(d.ctx, d.scope(d.fuping), draft.Household, c.at)
			if err != nil {
				d.t.Fatal(err)
			}
			if got, _ := h.Record.Value(wage); got != c.want {
				d.t.Errorf("as of %v the wage is %d, want %d", c.at.AsOf, got, c.want)
			}
		}
		if _, err := d.Household(d.ctx, d.scope(d.fuping), draft.Household, on(2013, 1, 1)); !errs.Is(err, errs.NotFound) {
			d.t.Errorf("before the first entry: %v", err)
		}
		if _, err := d.Household(d.ctx, d.scope(d.fuping), draft.Household, registry.Moment{AsOf: day.MustOf(2015, 6, 1), KnownAt: d.now.Add(-time.Hour)}); !errs.Is(err, errs.NotFound) {
			d.t.Errorf("before it was recorded: %v", err)
		}
		history, err := d.History(d.ctx, d.scope(d.fuping), draft.Household, on(2016, 1, 1))
		if err != nil || len(history) != 3 {
			d.t.Fatalf("%d revisions, %v", len(history), err)
		}
		if c := history[1].Changes; len(c) != 1 || c[0].Path != "income.wage" || c[0].Before.ZH != "5850" || c[0].After.ZH != "7000" {
			d.t.Errorf("changes %+v", c)
		}
		if history[0].Actor != d.fuping.ID || history[0].Source != "走访" {
			d.t.Errorf("who and from where: %+v", history[0])
		}
	})
}

func TestAnUnchangedSecretKeepsItsBytes(t *testing.T) {
	each(t, func(d *desk) {
		draft := d.household(fuping, 1)
		saved := d.save(d.fuping, draft)
		before, err := d.Household(d.ctx, d.scope(d.fuping), draft.Household, on(2016, 1, 1))
		if err != nil {
			d.t.Fatal(err)
		}
		again := draft
		again.Version, again.Valid = saved.Version, day.MustOf(2015, 1, 1)
		again.Record = before.Record.Clone()
		if err := d.Reveal(d.ctx, &before, again.Record); err != nil {
			d.t.Fatal(err)
		}
		d.save(d.fuping, again)
		after, err := d.Household(d.ctx, d.scope(d.fuping), draft.Household, on(2016, 1, 1))
		if err != nil || !after.Record.Equal(before.Record) {
			d.t.Errorf("the stored record changed: %v", err)
		}
		if strings.Contains(string(after.Record.AppendBody(nil)), "19900000000") {
			d.t.Error("the phone is stored in clear")
		}
	})
}

func TestAStaleVersionIsAConflict(t *testing.T) {
	each(t, func(d *desk) {
		draft := d.household(fuping, 1)
		d.save(d.fuping, draft)
		if _, err := d.Save(d.ctx, d.fuping, draft); !errs.Is(err, errs.Conflict) {
			d.t.Errorf("the same version again: %v", err)
		}
	})
}

func TestAnIDNumberBelongsToOnePersonInTheCity(t *testing.T) {
	each(t, func(d *desk) {
		d.save(d.fuping, d.household(fuping, 1))
		twin := d.household(yixian, 1)
		_, err := d.Save(d.ctx, d.yixian, twin)
		if !errs.Is(err, errs.Conflict) || !strings.Contains(errs.Sentence(err).ZH, "另一户") {
			d.t.Errorf("a number held in another county: %v", err)
		}
		if strings.Contains(errs.Sentence(err).ZH, "阜平") {
			d.t.Error("the refusal tells where the other household is")
		}
		if page, err := d.List(d.ctx, d.scope(d.yixian), registry.Filter{}, "", 10); err != nil || page.Total != 0 {
			d.t.Errorf("something of the refused household stayed: %+v %v", page, err)
		}
	})
}

func TestAnotherCountySeesNothing(t *testing.T) {
	each(t, func(d *desk) {
		draft := d.household(fuping, 1)
		d.save(d.fuping, draft)
		scope := d.scope(d.yixian)
		if _, err := d.Household(d.ctx, scope, draft.Household, on(2016, 1, 1)); !errs.Is(err, errs.NotFound) {
			d.t.Errorf("household: %v", err)
		}
		if _, err := d.History(d.ctx, scope, draft.Household, on(2016, 1, 1)); !errs.Is(err, errs.NotFound) {
			d.t.Errorf("history: %v", err)
		}
		if page, err := d.List(d.ctx, scope, registry.Filter{Division: fuping}, "", 10); err != nil || page.Total != 0 || len(page.Rows) != 0 {
			d.t.Errorf("list: %+v %v", page, err)
		}
		if hits, err := d.Search(d.ctx, scope, "单", 10); err != nil || len(hits) != 0 {
			d.t.Errorf("search: %v %v", hits, err)
		}
		if hits, err := d.FindByIdentity(d.ctx, d.yixian, number(day.MustOf(1972, 3, 19), 3), "核对"); err != nil || len(hits) != 0 {
			d.t.Errorf("by ID: %v %v", hits, err)
		}
		if _, err := d.Show(d.ctx, d.yixian, draft.Household, registry.ID{}, "phone", "核对"); !errs.Is(err, errs.NotFound) {
			d.t.Errorf("show: %v", err)
		}
		stolen := draft
		stolen.Version = 1
		if _, err := d.Save(d.ctx, d.yixian, stolen); !errs.Is(err, errs.NotFound) {
			d.t.Errorf("save: %v", err)
		}
	})
}

func TestPeopleAreFoundAsTheyAreTyped(t *testing.T) {
	each(t, func(d *desk) {
		draft := d.household(fuping, 1)
		d.save(d.fuping, draft)
		for words, want := range map[string]string{"单": "单建国", "曾桂": "曾桂英", "shanj": "单建国", "ZGY": "曾桂英", "sjg": "单建国", "zeng gui": "曾桂英", "130624000": "单建国"} {
			hits, err := d.Search(d.ctx, d.scope(d.fuping), words, 10)
			if err != nil || len(hits) != 1 || hits[0].Name != want || hits[0].Household != draft.Household {
				d.t.Errorf("%s: %+v %v", words, hits, err)
			}
		}
		for _, words := range []string{"dan", "李", "建国", ""} {
			if hits, err := d.Search(d.ctx, d.scope(d.fuping), words, 10); err != nil || len(hits) != 0 {
				d.t.Errorf("%s finds %v %v", words, hits, err)
			}
		}
		if hits, err := d.Search(d.ctx, d.scope(d.leader), "单", 10); err != nil || len(hits) != 0 {
			d.t.Errorf("a leader, who sees no names, finds %v %v", hits, err)
		}
		if _, err := d.Search(d.ctx, d.scope(d.fuping), number(day.MustOf(1972, 3, 19), 3), 10); !errs.Is(err, errs.Invalid) {
			d.t.Errorf("an ID number without a reason: %v", err)
		}
	})
}

func TestReadingASecretIsLoggedWithItsReason(t *testing.T) {
	each(t, func(d *desk) {
		draft := d.household(fuping, 1)
		d.save(d.fuping, draft)
		if _, err := d.Show(d.ctx, d.fuping, draft.Household, registry.ID{}, "phone", " "); !errs.Is(err, errs.Invalid) {
			d.t.Errorf("without a reason: %v", err)
		}
		answer, err := d.Show(d.ctx, d.fuping, draft.Household, registry.ID{}, "phone", "通知评议")
		if err != nil || answer != "19900000000" {
			d.t.Fatalf("%q %v", answer, err)
		}
		hits, err := d.FindByIdentity(d.ctx, d.fuping, number(day.MustOf(1972, 3, 19), 3), "核对重复")
		if err != nil || len(hits) != 1 || hits[0].Name != "单建国" {
			d.t.Errorf("%v %v", hits, err)
		}
		if _, err := d.Show(d.ctx, d.leader, draft.Household, registry.ID{}, "phone", "想看"); !errs.Is(err, errs.Forbidden) {
			d.t.Errorf("a leader: %v", err)
		}
		var seen []string
		err = d.db.Read(d.ctx, func(tx *db.Tx) error {
			acts, err := ledger.Acts(tx, ledger.Filter{Trees: []int64{int64(fuping)}})
			for _, a := range acts {
				seen = append(seen, a.Operation+" "+a.Reason)
				if strings.Contains(fmt.Sprint(a), "19900000000") {
					d.t.Error("the log holds a value")
				}
			}
			return err
		})
		if err != nil || !strings.Contains(strings.Join(seen, ";"), "show 通知评议") || !strings.Contains(strings.Join(seen, ";"), "search_id 核对重复") {
			d.t.Errorf("log %v %v", seen, err)
		}
	})
}

func TestListsPageInOrderAndCountWhatIsInScope(t *testing.T) {
	each(t, func(d *desk) {
		for i := 1; i <= 5; i++ {
			d.save(d.fuping, d.household(fuping, i))
		}
		d.save(d.yixian, d.household(yixian, 100))
		var numbers []string
		after := ""
		for range 4 {
			page, err := d.List(d.ctx, d.scope(d.auditor), registry.Filter{}, after, 2)
			if err != nil || page.Total != 6 {
				d.t.Fatalf("%+v %v", page, err)
			}
			for _, row := range page.Rows {
				numbers = append(numbers, row.Number)
			}
			if after = page.Next; after == "" {
				break
			}
		}
		if len(numbers) != 6 || numbers[5] != "130633000100" {
			d.t.Errorf("pages give %v", numbers)
		}
		page, err := d.List(d.ctx, d.scope(d.leader), registry.Filter{}, "", 10)
		if err != nil || page.Rows[0].Head != "单*国" || page.Rows[0].Number != "" || page.Rows[0].Cause != 0 {
			d.t.Errorf("a leader sees %+v %v", page.Rows, err)
		}
		illness := form.Household().Codes["cause"].Number("illness")
		if page, err := d.List(d.ctx, d.scope(d.leader), registry.Filter{Cause: illness}, "", 10); err != nil || page.Total != 0 {
			d.t.Errorf("a leader counts by illness: %+v %v", page, err)
		}
		if page, err := d.List(d.ctx, d.scope(d.fuping), registry.Filter{Cause: illness}, "", 10); err != nil || page.Total != 5 {
			d.t.Errorf("the county counts by illness: %+v %v", page, err)
		}
	})
}

func TestBulkWorkIsReadLikeAnyOther(t *testing.T) {
	each(t, func(d *desk) {
		var drafts []registry.Draft
		for i := 1; i <= 300; i++ {
			drafts = append(drafts, d.household(fuping, i))
		}
		intakes := iter.Seq[*registry.Intake](func(yield func(*registry.Intake) bool) {
			for i := range drafts {
				in := &registry.Intake{Household: drafts[i].Household, Revisions: []registry.DatedRecord{{Valid: drafts[i].Valid, Event: registry.Opened, Record: drafts[i].Record}}}
				if i%2 == 0 {
					in.Statuses = []registry.StatusChange{{On: day.MustOf(2014, 1, 1), Status: registry.NotOut, Decision: "县发〔2014〕1号"}}
				}
				if !yield(in) {
					return
				}
			}
		})
		batch, err := d.Prepare(fuping, d.now, intakes, nil)
		if err != nil {
			d.t.Fatal(err)
		}
		if err := d.Commit(d.ctx, d.fuping, batch, "整体导入", nil); err != nil {
			d.t.Fatal(err)
		}
		page, err := d.List(d.ctx, d.scope(d.fuping), registry.Filter{Statuses: []registry.Status{registry.NotOut}}, "", 10)
		if err != nil || page.Total != 150 {
			d.t.Errorf("%d registered, %v", page.Total, err)
		}
		h, err := d.Household(d.ctx, d.scope(d.fuping), drafts[0].Household, on(2016, 1, 1))
		if err != nil || h.Status != registry.NotOut || h.Since != day.MustOf(2014, 1, 1) {
			d.t.Errorf("%+v %v", h, err)
		}
		report, err := ledger.Verify(d.ctx, d.db, ledger.Options{Records: d.LedgerRecords()})
		if err != nil || !report.OK() || report.Records != 450 {
			d.t.Errorf("%+v %v", report, err)
		}
		d.save(d.fuping, d.household(fuping, 301))
		if err := d.db.Write(d.ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE household_revision SET body = ? WHERE household = ?`, []byte{1, 0}, drafts[17].Household)
			return err
		}); err != nil {
			d.t.Fatal(err)
		}
		report, err = ledger.Verify(d.ctx, d.db, ledger.Options{Records: d.LedgerRecords()})
		if err != nil || report.OK() || report.Faults[0].Kind != ledger.RecordChanged {
			d.t.Errorf("a changed body is not found: %+v %v", report, err)
		}
	})
}
