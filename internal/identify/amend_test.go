package identify_test

import (
	"strings"
	"testing"

	"liandong/criteria"
	"liandong/day"
	"liandong/errs"
	"liandong/formula"
	"liandong/internal/access"
	"liandong/internal/identify"
	"liandong/internal/registry/registrytest"
)

func TestAChangeOfTheLabBecomesAVersionThatIsTestedAndEnacted(t *testing.T) {
	each(t, func(d *desk) {
		shipped, err := d.room.Document(d.Ctx, "four-looks@2015.1")
		if err != nil {
			d.T.Fatal(err)
		}
		change := &identify.Amending{
			Document: shipped, On: yearEnd, Parameters: map[string]float64{"income_line": 3000, "cut": 55},
			Amendments: criteria.Amendments{Weights: map[string]float64{"house": 1.5}, Bars: map[string]string{"vehicle": criteria.Off}},
		}
		amended, err := d.room.Amend(d.Ctx, change)
		if err != nil {
			d.T.Fatal(err)
		}
		var words []string
		for _, difference := range amended.Differences {
			words = append(words, difference.Text.ZH)
		}
		for _, want := range []string{"「贫困标准」2015 年由 2855 改为 3000", "「得分线」由 60 改为 55", "「一看房」的满分由 20 分改为 30 分", "负面清单去掉「有小轿车"} {
			if !strings.Contains(strings.Join(words, "\n"), want) {
				d.T.Errorf("the words do not say %q:\n%s", want, strings.Join(words, "\n"))
			}
		}
		if amended.ID() != "four-looks@2015.2" || !strings.Contains(string(amended.Text), "# A family of three") || !strings.Contains(string(amended.Text), "  # - {id: vehicle") {
			d.T.Errorf("%s:\n%s", amended.ID(), amended.Text)
		}
		var failing []string
		for i := range amended.Cases {
			if !amended.Cases[i].Passes {
				failing = append(failing, amended.Cases[i].Name)
			}
		}
		if len(failing) == 0 {
			d.T.Fatal("points that are half as many again change no case")
		}
		saved, err := d.room.SaveAmended(d.Ctx, d.city, change, "试算", yearEnd)
		if err != nil || saved.State != identify.Draft || saved.Note != "试算" || saved.Document != "four-looks@2015.2" {
			d.T.Fatalf("%+v %v", saved, err)
		}
		if _, err := d.room.Test(d.Ctx, d.city, saved.Document, yearEnd); err == nil {
			d.T.Error("a draft whose cases fail is tested")
		}
		// People look at what comes out and agree; the next version passes.
		change.Agreed = failing
		saved, err = d.room.SaveAmended(d.Ctx, d.city, change, "例子已核对", yearEnd)
		if err != nil || saved.Document != "four-looks@2015.3" {
			d.T.Fatalf("%+v %v", saved, err)
		}
		if saved, err = d.room.Test(d.Ctx, d.city, saved.Document, yearEnd); err != nil || saved.State != identify.Tested {
			d.T.Fatalf("%+v %v", saved, err)
		}
		if _, err := d.room.PutInForce(d.Ctx, d.city, saved.Document, day.MustOf(2016, 1, 1), "", yearEnd); err == nil {
			d.T.Error("the office enacts what it wrote itself")
		}
		if saved, err = d.room.PutInForce(d.Ctx, registrytest.Holder(access.Approver, baoding), saved.Document, day.MustOf(2016, 1, 1), "会议决定", yearEnd); err != nil || saved.State != identify.Enacted {
			d.T.Fatalf("%+v %v", saved, err)
		}
		// What is stored says what was tried.
		stored, err := d.room.Document(d.Ctx, saved.Document)
		if err != nil {
			d.T.Fatal(err)
		}
		tried, err := criteria.ParseAmended(shipped.Text, func(string) (*formula.Schema, bool) { return shipped.Schema(), true }, change.Amendments)
		if err != nil || len(criteria.Diff(tried, stored.Document)) != 2 { // the two parameters
			d.T.Errorf("%v %+v", err, criteria.Diff(tried, stored.Document))
		}
	})
}

func TestALabSavesNothingOverWhatIsThere(t *testing.T) {
	each(t, func(d *desk) {
		shipped, err := d.room.Document(d.Ctx, "four-looks@2015.1")
		if err != nil {
			d.T.Fatal(err)
		}
		for _, c := range []struct {
			change identify.Amending
			kind   errs.Kind
		}{
			{identify.Amending{}, errs.Invalid},
			{identify.Amending{Parameters: map[string]float64{"cut": 50}, Version: "2015.1"}, errs.Conflict},
			{identify.Amending{Parameters: map[string]float64{"cut": 50}, Version: "draft"}, errs.Invalid},
			{identify.Amending{Parameters: map[string]float64{"cut": 50}, Agreed: []string{"没有的例子"}}, errs.Invalid},
		} {
			c.change.Document, c.change.On = shipped, yearEnd
			if _, err := d.room.SaveAmended(d.Ctx, d.city, &c.change, "试", yearEnd); !errs.Is(err, c.kind) {
				d.T.Errorf("%+v: %v", c.change.Parameters, err)
			}
		}
		if _, err := d.room.SaveAmended(d.Ctx, d.Fuping, &identify.Amending{Document: shipped, On: yearEnd, Parameters: map[string]float64{"cut": 50}}, "试", yearEnd); !errs.Is(err, errs.NotFound) {
			d.T.Errorf("a county drafts for the city: %v", err)
		}
	})
}
