package identify_test

import (
	"errors"
	"strings"
	"testing"

	"liandong/day"
	"liandong/errs"
	"liandong/formula"
	"liandong/internal/access"
	"liandong/internal/identify"
	"liandong/internal/ledger"
	"liandong/internal/registry"
	"liandong/internal/registry/registrytest"
)

// lookedAt is a small version of the four looks with cases of its own.
func lookedAt(version, effective, cases string) []byte {
	return []byte("criteria: four-looks\nversion: \"" + version + "\"\ntitle: {zh: 四看法, en: Four looks}\nform: household@2015\neffective: " + effective + "\npoor: income.wage < 100\n" + cases)
}

const passing = "cases: [{name: poor, as_of: 2016-01-01, record: {income: {wage: 5}}, outcome: proposed}]\n"

func TestAVersionGoesFromDraftToForceAndIsSuperseded(t *testing.T) {
	each(t, func(d *desk) {
		approver := registrytest.Holder(access.Approver, baoding)
		on := day.MustOf(2015, 12, 31)
		step := func(v identify.Version, err error) identify.Version {
			d.T.Helper()
			if err != nil {
				d.T.Fatal(err)
			}
			return v
		}
		if v := step(d.room.SaveDraft(d.Ctx, d.city, lookedAt("2016", "{from: 2016-01-01}", ""), "初稿", on)); v.State != identify.Draft || v.Note != "初稿" {
			d.T.Errorf("%+v", v)
		}
		if _, err := d.room.PutInForce(d.Ctx, approver, "four-looks@2016", day.MustOf(2016, 1, 1), "", on); !errs.Is(err, errs.Conflict) {
			d.T.Errorf("a draft was put in force: %v", err)
		}
		var refusal *formula.Refusal
		if _, err := d.room.Test(d.Ctx, d.city, "four-looks@2016", on); !errors.As(err, &refusal) {
			d.T.Errorf("a draft without cases was tested: %v", err)
		}
		step(d.room.SaveDraft(d.Ctx, d.city, lookedAt("2016", "{from: 2016-01-01}", strings.Replace(passing, "outcome: proposed", "outcome: barred", 1)), "", on))
		if _, err := d.room.Test(d.Ctx, d.city, "four-looks@2016", on); !errors.As(err, &refusal) || refusal.At.Line != 7 {
			d.T.Errorf("a failing case: %v", err)
		}
		step(d.room.SaveDraft(d.Ctx, d.city, lookedAt("2016", "{from: 2016-01-01}", passing), "", on))
		if v := step(d.room.Test(d.Ctx, d.city, "four-looks@2016", on)); v.State != identify.Tested {
			d.T.Errorf("%+v", v)
		}
		if _, err := d.room.PutInForce(d.Ctx, d.city, "four-looks@2016", day.MustOf(2016, 1, 1), "", on); !errs.Is(err, errs.Forbidden) {
			d.T.Errorf("the city office decided: %v", err)
		}
		if _, err := d.room.PutInForce(d.Ctx, approver, "four-looks@2016", day.MustOf(2015, 6, 1), "", on); !errors.As(err, &refusal) || refusal.At.Line != 5 {
			d.T.Errorf("before its own period: %v", err)
		}
		if v := step(d.room.PutInForce(d.Ctx, approver, "four-looks@2016", day.MustOf(2016, 3, 1), "县委常委会议", on)); v.State != identify.Enacted || v.From != day.MustOf(2016, 3, 1) {
			d.T.Errorf("%+v", v)
		}
		// The shipped version ends the day before, and is superseded from then on.
		if v := step(d.room.Version(d.Ctx, "four-looks@2015.1", on)); v.State != identify.Enacted || v.Until != day.MustOf(2016, 2, 29) || !v.Shipped {
			d.T.Errorf("%+v", v)
		}
		if v := step(d.room.Version(d.Ctx, "four-looks@2015.1", day.MustOf(2016, 3, 1))); v.State != identify.Superseded {
			d.T.Errorf("%+v", v)
		}
		old, err := d.room.Document(d.Ctx, "four-looks@2015.1")
		if err != nil || !old.InForce(day.MustOf(2016, 2, 29)) || old.InForce(day.MustOf(2016, 3, 1)) {
			d.T.Errorf("the old version: %v", err)
		}
		// One in force is never changed, and none may begin before it and run into it.
		if _, err := d.room.SaveDraft(d.Ctx, d.city, lookedAt("2016", "{from: 2016-01-01}", passing), "", on); !errs.Is(err, errs.Conflict) {
			d.T.Errorf("a version in force was changed: %v", err)
		}
		step(d.room.SaveDraft(d.Ctx, d.city, lookedAt("2016.2", "{from: 2016-01-01}", passing), "", on))
		step(d.room.Test(d.Ctx, d.city, "four-looks@2016.2", on))
		if _, err := d.room.PutInForce(d.Ctx, approver, "four-looks@2016.2", day.MustOf(2016, 2, 1), "", on); !errors.As(err, &refusal) || !strings.Contains(refusal.Text.EN, "overlaps") || refusal.At.Line != 5 {
			d.T.Errorf("an overlap: %v", err)
		}
		draft, err := d.room.Document(d.Ctx, "four-looks@2016.2")
		if err != nil || draft.InForce(day.MustOf(2016, 6, 1)) {
			d.T.Errorf("a tested version is in force: %v", err)
		}
		report, err := ledger.Verify(d.Ctx, d.DB, ledger.Options{Records: append(d.LedgerRecords(), d.room.LedgerRecords()...)})
		if err != nil || !report.OK() {
			d.T.Errorf("the log does not hold: %+v %v", report, err)
		}
	})
}

func TestACountyDraftsNoDocumentForTheCity(t *testing.T) {
	each(t, func(d *desk) {
		if _, err := d.room.SaveDraft(d.Ctx, d.Fuping, lookedAt("2016", "{from: 2016-01-01}", passing), "", yearEnd); !errs.Is(err, errs.NotFound) {
			d.T.Errorf("%v", err)
		}
		if _, err := d.room.SaveDraft(d.Ctx, d.city, []byte("criteria: x\n"), "", yearEnd); !errs.Is(err, errs.Invalid) {
			d.T.Errorf("a document that cannot be read was saved: %v", err)
		}
	})
}

func TestAnAccountTellsSourcesAndWhatChangedAndALetterIsLogged(t *testing.T) {
	each(t, func(d *desk) {
		draft := d.household(fuping, 1, "5000", true)
		first := d.run(2855, yearEnd)
		later := draft
		later.Record = draft.Record.Clone()
		later.Version, later.Valid, later.Event, later.Source = 1, day.MustOf(2015, 11, 1), registry.Visited, "入户核查表"
		d.Answer(later.Record, "income.wage", "9000")
		d.MustSave(d.Fuping, later)
		second := d.run(2855, yearEnd)
		scope := d.Fuping.Scope(access.ReadRecords, yearEnd)
		x, err := d.room.Account(d.Ctx, scope, second.ID, draft.Household)
		if err != nil {
			d.T.Fatal(err)
		}
		source := x.Indicators[0].Parts[0].Reads[0].Source
		if source == nil || source.Valid != "2015-11-01" || source.Event.ZH == "" || source.Source != "入户核查表" {
			d.T.Errorf("the wage is from %+v", source)
		}
		if x.Earlier == nil || x.Earlier.ID != first.ID || len(x.Since) == 0 {
			d.T.Errorf("since: %+v %+v", x.Earlier, x.Since)
		}
		if _, err := d.room.Letter(d.Ctx, d.Fuping, &identify.LetterRequest{Household: draft.Household, Run: second.ID, Reason: " "}, yearEnd); !errs.Is(err, errs.Invalid) {
			d.T.Errorf("a letter without a reason: %v", err)
		}
		if _, err := d.room.Letter(d.Ctx, d.Yixian, &identify.LetterRequest{Household: draft.Household, Run: second.ID, Reason: "入户送达"}, yearEnd); !errs.Is(err, errs.NotFound) {
			d.T.Errorf("a letter from elsewhere: %v", err)
		}
		letter, err := d.room.Letter(d.Ctx, d.Fuping, &identify.LetterRequest{Household: draft.Household, Run: second.ID, Reason: "入户送达"}, yearEnd)
		if err != nil {
			d.T.Fatal(err)
		}
		for _, want := range []string{"2015-11-01", "与上一次评定相比", "不是决定"} {
			if !strings.Contains(letter.String(), want) {
				d.T.Errorf("the letter does not say %q:\n%s", want, letter)
			}
		}
		// A reader without names sees the household's head masked.
		masked, err := d.room.Letter(d.Ctx, registrytest.Holder(access.Leader, baoding), &identify.LetterRequest{Household: draft.Household, Run: second.ID, Reason: "调研"}, yearEnd)
		if err != nil || !strings.Contains(masked.Greeting, "*") {
			d.T.Errorf("%v %v", masked, err)
		}
	})
}

func TestAnExplanationAndALetterSayWhoseAnswersWereRead(t *testing.T) {
	each(t, func(d *desk) {
		draft := d.household(fuping, 1, "5000", true)
		document, err := identify.Shipped("four-looks@2015.1")
		if err != nil {
			d.T.Fatal(err)
		}
		run, err := d.room.Run(d.Ctx, d.city, identify.Request{Document: document, At: registry.Moment{AsOf: yearEnd}, Division: baoding})
		if err != nil {
			d.T.Fatal(err)
		}
		for reader, want := range map[access.Role][2]string{
			access.CountyOffice: {"户主之配偶 曾桂英的", "head's spouse 曾桂英: "},
			access.Leader:       {"户主之配偶 曾*英的", "head's spouse 曾*英: "},
		} {
			actor := registrytest.Holder(reader, fuping)
			x, err := d.room.Explain(d.Ctx, actor.Scope(access.ReadRecords, yearEnd), run.ID, draft.Household)
			if err != nil {
				d.T.Fatal(err)
			}
			told := 0
			for _, g := range x.Indicators {
				for i := range g.Parts {
					for _, a := range g.Parts[i].Reads {
						if !strings.HasPrefix(a.Path, "members[1].") {
							continue
						}
						told++
						if !strings.HasPrefix(a.Title.ZH, want[0]) || !strings.HasPrefix(a.Title.EN, want[1]) {
							d.T.Errorf("%s is told %q of %s", reader, a.Title, a.Path)
						}
					}
				}
			}
			if told == 0 {
				d.T.Errorf("%s is told of no member: %+v", reader, x.Indicators)
			}
			letter, err := d.room.Letter(d.Ctx, actor, &identify.LetterRequest{Household: draft.Household, Run: run.ID, Reason: "核对"}, yearEnd)
			if err != nil {
				d.T.Fatal(err)
			}
			for where, said := range map[string]string{"letter": letter.String(), "table": x.Table("zh")} {
				if !strings.Contains(said, want[0]) || strings.Contains(said, "第 2 项") {
					d.T.Errorf("the %s for %s does not say %q:\n%s", where, reader, want[0], said)
				}
			}
		}
	})
}
