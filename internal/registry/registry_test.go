package registry_test

import (
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/internal/db"
	"liandong/internal/ledger"
	"liandong/internal/registry"
	"liandong/internal/registry/registrytest"
)

const (
	baoding = registrytest.Baoding
	fuping  = registrytest.Fuping
	yixian  = registrytest.Yixian
)

// desk is a register with somebody who works with it.
type desk struct{ *registrytest.Desk }

func each(t *testing.T, test func(d *desk)) {
	registrytest.Each(t, nil, func(d *registrytest.Desk) { test(&desk{d}) })
}

func on(y, m, n int) registry.Moment { return registry.Moment{AsOf: day.MustOf(y, m, n)} }

func TestEveryRevisionStaysReadableAsOfItsDay(t *testing.T) {
	each(t, func(d *desk) {
		draft := d.Draft(fuping, 1)
		first := d.MustSave(d.Fuping, draft)
		wage := form.Household().Root.Must("income.wage")
		draft.Version, draft.Valid, draft.Event = first.Version, day.MustOf(2015, 1, 1), registry.Rechecked
		draft.Record = draft.Record.Clone()
		draft.Record.SetValue(wage, 900000)
		second := d.MustSave(d.Fuping, draft)
		// a late insertion between the two leaves the later one as it is
		draft.Version, draft.Valid, draft.Event = second.Version, day.MustOf(2014, 6, 1), registry.Corrected
		draft.Record.SetValue(wage, 700000)
		late := d.MustSave(d.Fuping, draft)
		if !late.Late || len(late.Findings) != 1 {
			d.T.Errorf("a late insertion raises no finding: %+v", late)
		}
		for _, c := range []struct {
			at   registry.Moment
			want int64
		}{{on(2014, 3, 1), 585000}, {on(2014, 7, 1), 700000}, {on(2015, 6, 1), 900000}} {
			h, err := d.Household(d.Ctx, d.Reads(d.Fuping), draft.Household, c.at)
			if err != nil {
				d.T.Fatal(err)
			}
			if got, _ := h.Record.Value(wage); got != c.want {
				d.T.Errorf("as of %v the wage is %d, want %d", c.at.AsOf, got, c.want)
			}
		}
		if _, err := d.Household(d.Ctx, d.Reads(d.Fuping), draft.Household, on(2013, 1, 1)); !errs.Is(err, errs.NotFound) {
			d.T.Errorf("before the first entry: %v", err)
		}
		if _, err := d.Household(d.Ctx, d.Reads(d.Fuping), draft.Household, registry.Moment{AsOf: day.MustOf(2015, 6, 1), KnownAt: d.Now.Add(-time.Hour)}); !errs.Is(err, errs.NotFound) {
			d.T.Errorf("before it was recorded: %v", err)
		}
		history, err := d.History(d.Ctx, d.Reads(d.Fuping), draft.Household, on(2016, 1, 1))
		if err != nil || len(history) != 3 {
			d.T.Fatalf("%d revisions, %v", len(history), err)
		}
		if c := history[1].Changes; len(c) != 1 || c[0].Path != "income.wage" || c[0].Before.ZH != "5850" || c[0].After.ZH != "7000" {
			d.T.Errorf("changes %+v", c)
		}
		if history[0].Actor != d.Fuping.ID || history[0].Source != "走访" {
			d.T.Errorf("who and from where: %+v", history[0])
		}
	})
}

func TestAnUnchangedSecretKeepsItsBytes(t *testing.T) {
	each(t, func(d *desk) {
		draft := d.Draft(fuping, 1)
		saved := d.MustSave(d.Fuping, draft)
		before, err := d.Household(d.Ctx, d.Reads(d.Fuping), draft.Household, on(2016, 1, 1))
		if err != nil {
			d.T.Fatal(err)
		}
		again := draft
		again.Version, again.Valid = saved.Version, day.MustOf(2015, 1, 1)
		again.Record = before.Record.Clone()
		if err := d.Reveal(d.Ctx, &before, again.Record); err != nil {
			d.T.Fatal(err)
		}
		d.MustSave(d.Fuping, again)
		after, err := d.Household(d.Ctx, d.Reads(d.Fuping), draft.Household, on(2016, 1, 1))
		if err != nil || !after.Record.Equal(before.Record) {
			d.T.Errorf("the stored record changed: %v", err)
		}
		if strings.Contains(string(after.Record.AppendBody(nil)), "19900000000") {
			d.T.Error("the phone is stored in clear")
		}
	})
}

func TestAnIDNumberBelongsToOnePersonInTheCity(t *testing.T) {
	each(t, func(d *desk) {
		d.MustSave(d.Fuping, d.Draft(fuping, 1))
		twin := d.Draft(yixian, 1)
		_, err := d.Save(d.Ctx, d.Yixian, twin)
		if !errs.Is(err, errs.Conflict) || !strings.Contains(errs.Sentence(err).ZH, "另一户") {
			d.T.Errorf("a number held in another county: %v", err)
		}
		if strings.Contains(errs.Sentence(err).ZH, "阜平") {
			d.T.Error("the refusal tells where the other household is")
		}
		if page, err := d.List(d.Ctx, d.Reads(d.Yixian), registry.Filter{}, "", 10); err != nil || page.Total != 0 {
			d.T.Errorf("something of the refused household stayed: %+v %v", page, err)
		}
	})
}

func TestAHouseholdNumberStandsForOneHousehold(t *testing.T) {
	each(t, func(d *desk) {
		d.MustSave(d.Fuping, d.Draft(fuping, 1))
		second := d.Draft(fuping, 2)
		d.Answer(second.Record, "number", "130624000001")
		if _, err := d.Save(d.Ctx, d.Fuping, second); !errs.Is(err, errs.Conflict) || !strings.Contains(errs.Sentence(err).ZH, "户编号「130624000001」") {
			d.T.Errorf("a number twice: %v", err)
		}
		d.Answer(second.Record, "number", "130624000002")
		saved := d.MustSave(d.Fuping, second)
		second.Version, second.Valid, second.Record = saved.Version, day.MustOf(2015, 3, 1), second.Record.Clone()
		d.Answer(second.Record, "income.wage", "100")
		d.MustSave(d.Fuping, second) // its own number is no other's
		third := d.Draft(yixian, 3)
		third.Household = second.Household
		if _, err := d.Save(d.Ctx, d.Yixian, third); !errs.Is(err, errs.NotFound) {
			d.T.Errorf("one id in two counties: %v", err)
		}
	})
}

func TestAnotherCountySeesNothing(t *testing.T) {
	each(t, func(d *desk) {
		draft := d.Draft(fuping, 1)
		d.MustSave(d.Fuping, draft)
		scope := d.Reads(d.Yixian)
		if _, err := d.Household(d.Ctx, scope, draft.Household, on(2016, 1, 1)); !errs.Is(err, errs.NotFound) {
			d.T.Errorf("household: %v", err)
		}
		if _, err := d.History(d.Ctx, scope, draft.Household, on(2016, 1, 1)); !errs.Is(err, errs.NotFound) {
			d.T.Errorf("history: %v", err)
		}
		if page, err := d.List(d.Ctx, scope, registry.Filter{Division: fuping}, "", 10); err != nil || page.Total != 0 || len(page.Rows) != 0 {
			d.T.Errorf("list: %+v %v", page, err)
		}
		if hits, err := d.Search(d.Ctx, scope, "单", 10); err != nil || len(hits) != 0 {
			d.T.Errorf("search: %v %v", hits, err)
		}
		if hits, err := d.FindByIdentity(d.Ctx, d.Yixian, registrytest.Number(day.MustOf(1972, 3, 19), 3), "核对"); err != nil || len(hits) != 0 {
			d.T.Errorf("by ID: %v %v", hits, err)
		}
		if _, err := d.Show(d.Ctx, d.Yixian, draft.Household, registry.ID{}, "phone", "核对"); !errs.Is(err, errs.NotFound) {
			d.T.Errorf("show: %v", err)
		}
		stolen := draft
		stolen.Version = 1
		if _, err := d.Save(d.Ctx, d.Yixian, stolen); !errs.Is(err, errs.NotFound) {
			d.T.Errorf("save: %v", err)
		}
	})
}

func TestPeopleAreFoundAsTheyAreTyped(t *testing.T) {
	each(t, func(d *desk) {
		draft := d.Draft(fuping, 1)
		d.MustSave(d.Fuping, draft)
		for words, want := range map[string]string{"单": "单建国", "曾桂": "曾桂英", "shanj": "单建国", "ZGY": "曾桂英", "sjg": "单建国", "zeng gui": "曾桂英", "130624000": "单建国"} {
			hits, err := d.Search(d.Ctx, d.Reads(d.Fuping), words, 10)
			if err != nil || len(hits) != 1 || hits[0].Name != want || hits[0].Household != draft.Household {
				d.T.Errorf("%s: %+v %v", words, hits, err)
			}
		}
		for _, words := range []string{"dan", "李", "建国", ""} {
			if hits, err := d.Search(d.Ctx, d.Reads(d.Fuping), words, 10); err != nil || len(hits) != 0 {
				d.T.Errorf("%s finds %v %v", words, hits, err)
			}
		}
		if hits, err := d.Search(d.Ctx, d.Reads(d.Leader), "单", 10); err != nil || len(hits) != 0 {
			d.T.Errorf("a leader, who sees no names, finds %v %v", hits, err)
		}
		if _, err := d.Search(d.Ctx, d.Reads(d.Fuping), registrytest.Number(day.MustOf(1972, 3, 19), 3), 10); !errs.Is(err, errs.Invalid) {
			d.T.Errorf("an ID number without a reason: %v", err)
		}
	})
}

func TestReadingASecretIsLoggedWithItsReason(t *testing.T) {
	each(t, func(d *desk) {
		draft := d.Draft(fuping, 1)
		d.MustSave(d.Fuping, draft)
		if _, err := d.Show(d.Ctx, d.Fuping, draft.Household, registry.ID{}, "phone", " "); !errs.Is(err, errs.Invalid) {
			d.T.Errorf("without a reason: %v", err)
		}
		answer, err := d.Show(d.Ctx, d.Fuping, draft.Household, registry.ID{}, "phone", "通知评议")
		if err != nil || answer != "19900000000" {
			d.T.Fatalf("%q %v", answer, err)
		}
		hits, err := d.FindByIdentity(d.Ctx, d.Fuping, registrytest.Number(day.MustOf(1972, 3, 19), 3), "核对重复")
		if err != nil || len(hits) != 1 || hits[0].Name != "单建国" {
			d.T.Errorf("%v %v", hits, err)
		}
		if _, err := d.Show(d.Ctx, d.Leader, draft.Household, registry.ID{}, "phone", "想看"); !errs.Is(err, errs.Forbidden) {
			d.T.Errorf("a leader: %v", err)
		}
		var seen []string
		err = d.DB.Read(d.Ctx, func(tx *db.Tx) error {
			acts, err := ledger.Acts(tx, ledger.Filter{Trees: []int64{int64(fuping)}})
			for _, a := range acts {
				seen = append(seen, a.Operation+" "+a.Reason)
				if strings.Contains(fmt.Sprint(a), "19900000000") {
					d.T.Error("the log holds a value")
				}
			}
			return err
		})
		if err != nil || !strings.Contains(strings.Join(seen, ";"), "show 通知评议") || !strings.Contains(strings.Join(seen, ";"), "search_id 核对重复") {
			d.T.Errorf("log %v %v", seen, err)
		}
	})
}

func TestListsPageInOrderAndCountWhatIsInScope(t *testing.T) {
	each(t, func(d *desk) {
		for i := 1; i <= 5; i++ {
			d.MustSave(d.Fuping, d.Draft(fuping, i))
		}
		d.MustSave(d.Yixian, d.Draft(yixian, 100))
		var numbers []string
		after := ""
		for range 4 {
			page, err := d.List(d.Ctx, d.Reads(d.Auditor), registry.Filter{}, after, 2)
			if err != nil || page.Total != 6 {
				d.T.Fatalf("%+v %v", page, err)
			}
			for _, row := range page.Rows {
				numbers = append(numbers, row.Number)
			}
			if after = page.Next; after == "" {
				break
			}
		}
		if len(numbers) != 6 || numbers[5] != "130633000100" {
			d.T.Errorf("pages give %v", numbers)
		}
		page, err := d.List(d.Ctx, d.Reads(d.Leader), registry.Filter{}, "", 10)
		if err != nil || page.Rows[0].Head != "单*国" || page.Rows[0].Number != "" || page.Rows[0].Cause != 0 {
			d.T.Errorf("a leader sees %+v %v", page.Rows, err)
		}
		illness := form.Household().Codes["cause"].Number("illness")
		if page, err := d.List(d.Ctx, d.Reads(d.Leader), registry.Filter{Cause: illness}, "", 10); err != nil || page.Total != 0 {
			d.T.Errorf("a leader counts by illness: %+v %v", page, err)
		}
		if page, err := d.List(d.Ctx, d.Reads(d.Fuping), registry.Filter{Cause: illness}, "", 10); err != nil || page.Total != 5 {
			d.T.Errorf("the county counts by illness: %+v %v", page, err)
		}
	})
}

func TestBulkWorkIsReadLikeAnyOther(t *testing.T) {
	each(t, func(d *desk) {
		var drafts []registry.Draft
		for i := 1; i <= 300; i++ {
			drafts = append(drafts, d.Draft(fuping, i))
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
		batch, err := d.Prepare(fuping, d.Now, intakes, nil)
		if err != nil {
			d.T.Fatal(err)
		}
		if err := d.Commit(d.Ctx, d.Fuping, batch, "整体导入", nil); err != nil {
			d.T.Fatal(err)
		}
		page, err := d.List(d.Ctx, d.Reads(d.Fuping), registry.Filter{Statuses: []registry.Status{registry.NotOut}}, "", 10)
		if err != nil || page.Total != 150 {
			d.T.Errorf("%d registered, %v", page.Total, err)
		}
		h, err := d.Household(d.Ctx, d.Reads(d.Fuping), drafts[0].Household, on(2016, 1, 1))
		if err != nil || h.Status != registry.NotOut || h.Since != day.MustOf(2014, 1, 1) {
			d.T.Errorf("%+v %v", h, err)
		}
		report, err := ledger.Verify(d.Ctx, d.DB, ledger.Options{Records: d.LedgerRecords()})
		if err != nil || !report.OK() || report.Records != 450 {
			d.T.Errorf("%+v %v", report, err)
		}
		d.MustSave(d.Fuping, d.Draft(fuping, 301))
		if err := d.DB.Write(d.Ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE household_revision SET body = ? WHERE household = ?`, []byte{1, 0}, drafts[17].Household)
			return err
		}); err != nil {
			d.T.Fatal(err)
		}
		report, err = ledger.Verify(d.Ctx, d.DB, ledger.Options{Records: d.LedgerRecords()})
		if err != nil || report.OK() || report.Faults[0].Kind != ledger.RecordChanged {
			d.T.Errorf("a changed body is not found: %+v %v", report, err)
		}
	})
}

func TestWhatIsSentTwiceIsWrittenOnce(t *testing.T) {
	each(t, func(d *desk) {
		draft := d.Draft(fuping, 1)
		members, _ := draft.Record.Items(draft.Record.Section().Must("members"))
		for _, m := range members {
			m.Clear(m.Section().Must("person")) // the sender knows of no keys
		}
		first := d.MustSave(d.Fuping, draft)
		if again := d.MustSave(d.Fuping, draft); again.Revision != first.Revision || again.Version != 1 {
			d.T.Errorf("the same draft again: %+v, want %+v", again, first)
		}
		d.Answer(members[0], "education", "小学")
		if _, err := d.Save(d.Ctx, d.Fuping, draft); !errs.Is(err, errs.Conflict) {
			d.T.Errorf("another draft on an old version: %v", err)
		}
		draft.Version = 1
		d.MustSave(d.Fuping, draft)
		h, err := d.Household(d.Ctx, d.Reads(d.Fuping), draft.Household, on(2015, 12, 31))
		if err != nil {
			d.T.Fatal(err)
		}
		history, err := d.History(d.Ctx, d.Reads(d.Fuping), draft.Household, on(2015, 12, 31))
		if err != nil || len(history) != 2 || len(history[1].Changes) != 1 {
			d.T.Errorf("version %d, history %+v, %v: the members are new people", h.Version, history, err)
		}
	})
}
