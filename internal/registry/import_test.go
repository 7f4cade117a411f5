package registry_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/internal/access"
	"liandong/internal/ledger"
	"liandong/internal/registry"
	"liandong/internal/registry/registrytest"
	"liandong/place"
	"liandong/sheet"
)

const importHeading = "省,市,县,乡(镇),行政村,户编号,人编号,姓名,证件号码,与户主关系,性别,健康状况,工资性收入,联系电话\r\n"

var importDay = day.MustOf(2015, 12, 20)

// row is one line of a file: the household's village, number and wage, the member's name, ID number, relation and sex.
type row struct {
	village                                 place.ID
	number, name, id, relation, sex, health string
	wage, phone                             string
}

func (d *desk) table(rows ...row) *sheet.Book {
	d.T.Helper()
	var text strings.Builder
	text.WriteString(importHeading)
	for _, r := range rows {
		names := make([]string, 0, 5)
		for level := range 5 {
			names = append(names, d.Places.NameOn(r.village.At(place.Level(level+1)), importDay))
		}
		text.WriteString(strings.Join(names, ",") + "," + strings.Join([]string{r.number, "", r.name, r.id, r.relation, r.sex, r.health, r.wage, r.phone}, ",") + "\r\n")
	}
	return d.open(text.String())
}

func (d *desk) open(text string) *sheet.Book {
	d.T.Helper()
	b, err := sheet.Open([]byte(text))
	if err != nil {
		d.T.Fatal(err)
	}
	return b
}

// couple is a household of two, of which sequence makes the ID numbers.
func couple(village place.ID, number string, sequence int, wage string) []row {
	return []row{
		{village, number, "单建国", registrytest.Number(day.MustOf(1972, 3, 19), 2*sequence+1), "户主", "男", "健康", wage, "19900000000"},
		{village, number, "曾桂英", registrytest.Number(day.MustOf(1973, 3, 19), 2*sequence), "配偶", "女", "健康", wage, ""},
	}
}

func (d *desk) planned(a access.Actor, b *sheet.Book) *registry.Plan {
	d.T.Helper()
	p, err := d.Import(d.Ctx, a, "table.csv", b, importDay, nil)
	if err != nil {
		d.T.Fatal(err)
	}
	return p
}

func (d *desk) imported(a access.Actor, b *sheet.Book) *registry.Plan {
	d.T.Helper()
	p := d.planned(a, b)
	if err := d.Apply(d.Ctx, a, p); err != nil {
		d.T.Fatal(err)
	}
	return p
}

// total is how many households an actor's lists hold.
func (d *desk) total(a access.Actor) int {
	d.T.Helper()
	page, err := d.List(d.Ctx, d.Reads(a), registry.Filter{}, "", 200)
	if err != nil {
		d.T.Fatal(err)
	}
	return int(page.Total)
}

// newest is the household of a number as it stands.
func (d *desk) newest(a access.Actor, number string) registry.Household {
	d.T.Helper()
	page, err := d.List(d.Ctx, d.Reads(a), registry.Filter{}, "", 200)
	if err != nil {
		d.T.Fatal(err)
	}
	for _, r := range page.Rows {
		if r.Number == number {
			h, err := d.Household(d.Ctx, d.Reads(a), r.Household, on(2016, 12, 31))
			if err != nil {
				d.T.Fatal(err)
			}
			return h
		}
	}
	d.T.Fatalf("no household %s", number)
	return registry.Household{}
}

// leaves counts what the log holds, and proves it.
func (d *desk) leaves() int64 {
	d.T.Helper()
	report, err := ledger.Verify(d.Ctx, d.DB, ledger.Options{Records: d.LedgerRecords()})
	if err != nil || !report.OK() {
		d.T.Fatalf("the log does not verify: %+v %v", report, err)
	}
	return report.Records
}

// errorsOf lists a plan's errors as row:kind.
func errorsOf(p *registry.Plan) []string {
	var all []string
	for _, f := range p.Findings {
		if f.Severity == form.Error {
			all = append(all, fmt.Sprintf("%d:%s", f.Row, f.Kind))
		}
	}
	return all
}

func TestAHouseholdWithAnErrorIsHeldWholeAndTheOthersGoIn(t *testing.T) {
	each(t, func(d *desk) {
		village := d.Places.Villages(fuping)[0].ID
		rows := slices.Concat(couple(village, "130624000001", 1, "5850"), couple(village, "130624000002", 2, "5850"), couple(village, "130624000003", 3, "5850"))
		rows[3].health = "身体还行"
		p := d.imported(d.Fuping, d.table(rows...))
		if p.Households != (registry.Counts{Read: 3, Accepted: 2, Held: 1}) || p.Members != (registry.Counts{Read: 6, Accepted: 4, Held: 2}) || p.New != 2 {
			d.T.Errorf("households %+v members %+v new %d", p.Households, p.Members, p.New)
		}
		if got := errorsOf(p); !slices.Equal(got, []string{"5:unknown_code"}) {
			d.T.Errorf("errors %v", got)
		}
		if d.total(d.Fuping) != 2 || d.leaves() != 2 {
			d.T.Errorf("%d households, %d records", d.total(d.Fuping), d.leaves())
		}
	})
}

func TestASecondImportOfTheSameFileLeavesNoTrace(t *testing.T) {
	each(t, func(d *desk) {
		village := d.Places.Villages(fuping)[0].ID
		book := d.table(slices.Concat(couple(village, "130624000001", 1, "5850"), couple(village, "130624000002", 2, "700"))...)
		d.imported(d.Fuping, book)
		before, leaves := d.newest(d.Fuping, "130624000001"), d.leaves()
		again := d.imported(d.Fuping, book)
		after := d.newest(d.Fuping, "130624000001")
		if again.Unchanged != 2 || again.New+again.Changed != 0 || after.Version != before.Version || after.Revision != before.Revision || d.leaves() != leaves {
			d.T.Errorf("a second import: %+v, version %d to %d, records %d to %d", again, before.Version, after.Version, leaves, d.leaves())
		}
		runs, err := d.Imports(d.Ctx, d.Fuping, d.Reads(d.Fuping))
		if err != nil || len(runs) != 1 {
			d.T.Errorf("imports %+v %v", runs, err)
		}
	})
}

func TestWhatThePreviewShowsIsWhatIsWritten(t *testing.T) {
	each(t, func(d *desk) {
		village := d.Places.Villages(fuping)[0].ID
		d.imported(d.Fuping, d.table(couple(village, "130624000001", 1, "5850")...))
		changed := couple(village, "130624000001", 1, "6000")
		changed[1].name = "曾桂花"
		p := d.planned(d.Fuping, d.table(changed...))
		if d.total(d.Fuping) != 1 || d.newest(d.Fuping, "130624000001").Version != 1 {
			d.T.Error("the preview wrote something")
		}
		if p.Changed != 1 || len(p.Changes) != 1 {
			d.T.Fatalf("preview %+v", p)
		}
		if err := d.Apply(d.Ctx, d.Fuping, p); err != nil {
			d.T.Fatal(err)
		}
		history, err := d.History(d.Ctx, d.Reads(d.Fuping), p.Changes[0].Household, on(2016, 12, 31))
		if err != nil || len(history) != 2 {
			d.T.Fatalf("%+v %v", history, err)
		}
		if shown, written := told(p.Changes[0].Changes), told(history[1].Changes); shown != written || len(history[1].Changes) != 2 {
			d.T.Errorf("shown\n%s\nwritten\n%s", shown, written)
		}
	})
}

// told writes changes as a person reads them.
func told(changes []registry.Change) string {
	var lines []string
	for _, c := range changes {
		lines = append(lines, fmt.Sprint(c.Path, " ", c.Before.ZH, " → ", c.After.ZH))
	}
	return strings.Join(lines, "\n")
}

func TestAnEmptyCellKeepsAndTheWordClears(t *testing.T) {
	each(t, func(d *desk) {
		village := d.Places.Villages(fuping)[0].ID
		d.imported(d.Fuping, d.table(couple(village, "130624000001", 1, "5850")...))
		rows := couple(village, "130624000001", 1, "清空")
		rows[0].phone, rows[1].health, rows[0].health = "", "清空", ""
		d.imported(d.Fuping, d.table(rows...))
		r := d.newest(d.Fuping, "130624000001").Record
		members, _ := r.Items(r.Section().Must("members"))
		if r.Has(r.Section().Must("income.wage")) || !r.Has(r.Section().Must("phone")) {
			d.T.Error("the wage was to go and the phone to stay")
		}
		if health := members[0].Section().Must("health"); !members[0].Has(health) || members[1].Has(health) {
			d.T.Error("the head's health was to stay and the spouse's to go")
		}
	})
}

// The same number however it is typed is the same household, in one file and in the next.
func TestOneNumberIsOneHouseholdHoweverItIsTyped(t *testing.T) {
	each(t, func(d *desk) {
		village := d.Places.Villages(fuping)[0].ID
		rows := couple(village, "130624000001", 1, "5850")
		rows[1].number = " １３０６２４０００００１ "
		rows[0].id = strings.ToLower(rows[0].id)
		p := d.imported(d.Fuping, d.table(rows...))
		if p.Households.Read != 1 || p.New != 1 || len(errorsOf(p)) != 0 {
			d.T.Errorf("%+v with %v", p.Households, errorsOf(p))
		}
		rows = couple(village, "１３０６２４０００００１", 1, "５８５０")
		if p := d.planned(d.Fuping, d.table(rows...)); p.Unchanged != 1 {
			d.T.Errorf("full-width digits: new %d, changed %d %+v, errors %v", p.New, p.Changed, p.Changes, errorsOf(p))
		}
		d.newest(d.Fuping, "130624000001")
		short := strings.NewReplacer("阜平县", "阜平")
		var text strings.Builder
		text.WriteString(importHeading)
		for i, r := range slices.Concat(couple(village, "130624000009", 7, "1"), couple(village, "130624000009", 8, "1")) {
			names := fmt.Sprintf("河北省,保定市,阜平县,%s,%s", d.Places.NameOn(village.Parent(), importDay), d.Places.NameOn(village, importDay))
			if i > 1 {
				names = short.Replace(names)
			}
			text.WriteString(names + "," + strings.Join([]string{r.number, "", r.name, r.id, r.relation, r.sex, r.health, r.wage, r.phone}, ",") + "\r\n")
		}
		p = d.planned(d.Fuping, d.open(text.String()))
		if p.New > 1 {
			d.T.Errorf("one number under two spellings of the county would be %d new households", p.New)
		}
	})
}

func TestTwoImportsPreviewedAtOnceMakeNoDoubles(t *testing.T) {
	each(t, func(d *desk) {
		village := d.Places.Villages(fuping)[0].ID
		rows := couple(village, "130624000001", 1, "5850")
		for i := range rows {
			rows[i].id = "99999919720319001" + strconv.Itoa(i) // placeholders, which no index holds twice
		}
		first, second := d.planned(d.Fuping, d.table(rows...)), d.planned(d.Fuping, d.table(rows...))
		if first.New != 1 || second.New != 1 {
			d.T.Fatalf("new %d and %d, errors %v", first.New, second.New, errorsOf(first))
		}
		if err := d.Apply(d.Ctx, d.Fuping, first); err != nil {
			d.T.Fatal(err)
		}
		for what, p := range map[string]*registry.Plan{"the other preview": second, "the same preview again": first} {
			err := d.Apply(d.Ctx, d.Fuping, p)
			if !errs.Is(err, errs.Conflict) || !strings.Contains(errs.Sentence(err).ZH, "没有写入任何内容") {
				d.T.Errorf("%s: %v", what, err)
			}
		}
		if d.total(d.Fuping) != 1 || d.leaves() != 1 {
			d.T.Errorf("%d households, %d records", d.total(d.Fuping), d.leaves())
		}
	})
}

func TestAHouseholdChangedSinceThePreviewStopsTheImport(t *testing.T) {
	each(t, func(d *desk) {
		village := d.Places.Villages(fuping)[0].ID
		d.imported(d.Fuping, d.table(couple(village, "130624000001", 1, "1")...))
		late := d.planned(d.Fuping, d.table(slices.Concat(couple(village, "130624000001", 1, "2"), couple(village, "130624000002", 2, "2"))...))
		d.imported(d.Fuping, d.table(couple(village, "130624000001", 1, "3")...))
		err := d.Apply(d.Ctx, d.Fuping, late)
		if !errs.Is(err, errs.Conflict) || !strings.Contains(errs.Sentence(err).ZH, "130624000001") {
			d.T.Errorf("%v", err)
		}
		if d.total(d.Fuping) != 1 {
			d.T.Error("the other household of the file went in")
		}
	})
}

// A finding of a household that is there stands at the row of the member it is about, whatever the order of the rows.
func TestAFindingStandsAtItsOwnRow(t *testing.T) {
	each(t, func(d *desk) {
		village := d.Places.Villages(fuping)[0].ID
		d.imported(d.Fuping, d.table(couple(village, "130624000001", 1, "1")...))
		rows := couple(village, "130624000001", 1, "1")
		rows[1].relation = "户主"
		rows[0], rows[1] = rows[1], rows[0]
		if got := errorsOf(d.planned(d.Fuping, d.table(rows...))); !slices.Equal(got, []string{"2:two_heads"}) {
			d.T.Errorf("errors %v, want the second head in row 2", got)
		}
	})
}

func TestNumbersHeldElsewhereAreRefusedWithoutSayingWhere(t *testing.T) {
	each(t, func(d *desk) {
		ours, theirs := d.Places.Villages(fuping)[0].ID, d.Places.Villages(yixian)[0].ID
		d.imported(d.Yixian, d.table(couple(theirs, "130633000001", 1, "1")...))
		p := d.planned(d.Fuping, d.table(slices.Concat(couple(ours, "130624000001", 1, "1"), couple(ours, "130624000002", 2, "1"), couple(ours, "130624000003", 2, "1"))...))
		if got := errorsOf(p); !slices.Equal(got, []string{"2:id_duplicate", "3:id_duplicate", "6:id_duplicate", "7:id_duplicate"}) || p.New != 1 {
			d.T.Errorf("errors %v", got)
		}
		for _, f := range p.Findings {
			if text := f.Text.ZH + f.Text.EN; strings.Contains(text, "易县") || strings.Contains(text, "130633") {
				d.T.Errorf("the finding tells where: %s", text)
			}
		}
		if p := d.planned(d.Fuping, d.table(couple(theirs, "130633000001", 1, "1")...)); len(p.Changes) != 0 || p.Households.Held != 1 || !slices.Contains(errorsOf(p), "2:"+registry.KindOutside) {
			d.T.Errorf("another county's household: %+v, errors %v", p.Changes, errorsOf(p))
		}
	})
}

// A township's clerk neither sees nor changes the household of another township by giving its number.
func TestANumberOfAnotherTownshipOpensNothing(t *testing.T) {
	each(t, func(d *desk) {
		villages := d.Places.Villages(fuping)
		mine := villages[0].ID
		i := slices.IndexFunc(villages, func(v place.Division) bool { return v.ID.Parent() != mine.Parent() })
		d.imported(d.Fuping, d.table(couple(villages[i].ID, "130624000001", 1, "5850")...))
		clerk := registrytest.Holder(access.TownshipClerk, mine.Parent())
		p := d.planned(clerk, d.table(couple(mine, "130624000001", 9, "1")...))
		if len(p.Changes) != 0 || p.Households.Held != 1 {
			d.T.Errorf("the preview shows %+v, errors %v", p.Changes, errorsOf(p))
		}
		if err := d.Apply(d.Ctx, clerk, p); err != nil {
			d.T.Error(err)
		}
		if h := d.newest(d.Fuping, "130624000001"); h.Version != 1 {
			d.T.Error("the other township's household was changed")
		}
	})
}

func TestAVillageIsSoughtInItsTownship(t *testing.T) {
	each(t, func(d *desk) {
		byName := map[string][]place.ID{}
		for _, v := range d.Places.Villages(fuping) {
			byName[v.Name] = append(byName[v.Name], v.ID)
		}
		var twins []place.ID
		for _, ids := range byName {
			if len(ids) > 1 && ids[0].Parent() != ids[1].Parent() && (twins == nil || ids[0] < twins[0]) {
				twins = ids
			}
		}
		if twins == nil {
			d.T.Fatal("no two villages of the county share a name")
		}
		d.imported(d.Fuping, d.table(slices.Concat(couple(twins[0], "130624000001", 1, "1"), couple(twins[1], "130624000002", 2, "1"))...))
		for i, number := range []string{"130624000001", "130624000002"} {
			if h := d.newest(d.Fuping, number); h.Village != twins[i] {
				d.T.Errorf("%s is in %v, want %v", number, h.Village, twins[i])
			}
		}
		township := d.Places.NameOn(twins[0].Parent(), importDay)
		p := d.planned(d.Fuping, d.open("省,市,县,乡(镇),行政村,户编号,姓名,证件号码,与户主关系\r\n河北省,保定市,阜平县,"+township+","+d.Places.NameOn(twins[0], importDay)+"子,130624000003,王二,"+registrytest.Number(day.MustOf(1990, 6, 9), 3)+",户主\r\n"))
		if got := errorsOf(p); !slices.Equal(got, []string{"2:" + registry.KindUnknownVillage}) || !strings.Contains(p.Findings[0].Text.ZH, d.Places.NameOn(twins[0], importDay)) {
			d.T.Errorf("%v: %+v", got, p.Findings)
		}
	})
}

func TestUndoRestoresOrNamesWhatChangedSince(t *testing.T) {
	each(t, func(d *desk) {
		village := d.Places.Villages(fuping)[0].ID
		d.imported(d.Fuping, d.table(couple(village, "130624000001", 1, "5850")...))
		before := d.newest(d.Fuping, "130624000001")
		second := d.imported(d.Fuping, d.table(slices.Concat(couple(village, "130624000001", 1, "1"), couple(village, "130624000002", 2, "1"))...))
		if err := d.Undo(d.Ctx, d.Yixian, second.ID); !errs.Is(err, errs.NotFound) {
			d.T.Errorf("another county's office: %v", err)
		}
		if err := d.Undo(d.Ctx, d.Fuping, second.ID); err != nil {
			d.T.Fatal(err)
		}
		if after := d.newest(d.Fuping, "130624000001"); !after.Record.Equal(before.Record) || d.total(d.Fuping) != 1 {
			d.T.Errorf("the undo left %d households, version %d", d.total(d.Fuping), after.Version)
		}
		if err := d.Undo(d.Ctx, d.Fuping, second.ID); !errs.Is(err, errs.Conflict) {
			d.T.Errorf("an undo of what is undone: %v", err)
		}
		third := d.imported(d.Fuping, d.table(slices.Concat(couple(village, "130624000001", 1, "1"), couple(village, "130624000002", 2, "1"))...))
		d.imported(d.Fuping, d.table(couple(village, "130624000002", 2, "7")...))
		records := d.leaves()
		err := d.Undo(d.Ctx, d.Fuping, third.ID)
		if !errs.Is(err, errs.Conflict) || !strings.Contains(errs.Sentence(err).ZH, "130624000002") || strings.Contains(errs.Sentence(err).ZH, "130624000001") {
			d.T.Errorf("a household changed since: %v", err)
		}
		if d.leaves() != records || d.total(d.Fuping) != 2 {
			d.T.Error("a refused undo changed something")
		}
	})
}

func TestAnImportIsNotUndoneOverADecision(t *testing.T) {
	each(t, func(d *desk) {
		village := d.Places.Villages(fuping)[0].ID
		p := d.imported(d.Fuping, d.table(couple(village, "130624000001", 1, "5850")...))
		h := d.newest(d.Fuping, "130624000001")
		d.MustSetStatus(fuping, registry.NotOut, day.MustOf(2015, 12, 25), h.ID)
		if err := d.Undo(d.Ctx, d.Fuping, p.ID); !errs.Is(err, errs.Conflict) || !strings.Contains(errs.Sentence(err).ZH, "130624000001") {
			d.T.Errorf("a household with a decision since: %v", err)
		}
		if d.newest(d.Fuping, "130624000001").Status != registry.NotOut {
			d.T.Error("the decided status is gone")
		}
	})
}

// The marked workbook is corrected where it is red, and goes in as it is.
func TestTheMarkedWorkbookIsCorrectedAndImported(t *testing.T) {
	each(t, func(d *desk) {
		village := d.Places.Villages(fuping)[0].ID
		rows := slices.Concat(couple(village, "130624000001", 1, "5850"), couple(village, "130624000002", 2, "5850"))
		rows[2].health = "身体还行"
		p := d.imported(d.Fuping, d.table(rows...))
		var out bytes.Buffer
		if marked, err := p.Report(&out); err != nil || !marked {
			d.T.Fatalf("%v %v", marked, err)
		}
		f, err := excelize.OpenReader(&out)
		if err != nil {
			d.T.Fatal(err)
		}
		defer f.Close()
		comments, err := f.GetComments("Sheet1")
		if err != nil || len(comments) != 1 || comments[0].Cell != "L4" || !strings.Contains(comments[0].Text, "身体还行") {
			d.T.Errorf("comments %+v %v", comments, err)
		}
		if err := f.SetCellStr("Sheet1", "L4", "健康"); err != nil {
			d.T.Fatal(err)
		}
		var corrected bytes.Buffer
		if err := f.Write(&corrected); err != nil {
			d.T.Fatal(err)
		}
		if p := d.imported(d.Fuping, d.open(corrected.String())); p.New != 1 || p.Unchanged != 1 || p.Households.Held != 0 {
			d.T.Errorf("the corrected workbook: %+v, new %d, errors %v", p.Households, p.New, errorsOf(p))
		}
	})
}

// A large table is read row by row: whoever waits is told how far it has come, and may stop it.
func TestReadingATableSaysHowFarItHasComeAndStopsWhenAsked(t *testing.T) {
	each(t, func(d *desk) {
		village := d.Places.Villages(fuping)[0].ID
		var rows []row
		for i := range 200 {
			rows = append(rows, couple(village, fmt.Sprintf("1306249%05d", i), i, "3000")...)
		}
		book := d.table(rows...)
		type told struct {
			stage       sheet.Stage
			done, about int
		}
		var all []told
		if _, err := d.Import(d.Ctx, d.Fuping, "table.csv", book, importDay, func(stage sheet.Stage, done, about int) {
			all = append(all, told{stage, done, about})
		}); err != nil {
			d.T.Fatal(err)
		}
		if len(all) != 400+200 || all[399].stage != sheet.StageReading || all[400] != (told{sheet.StageComparing, 0, 200}) || all[599] != (told{sheet.StageComparing, 199, 200}) {
			d.T.Fatalf("%d are told; at the end of the rows %+v, then %+v, last %+v", len(all), all[399], all[400], all[len(all)-1])
		}
		if half := all[200]; half.done != 202 || half.about < 380 || half.about > 420 { // of 401 with the heading
			d.T.Errorf("in the middle of the rows: %+v", half)
		}
		for _, stage := range []sheet.Stage{sheet.StageReading, sheet.StageComparing} {
			ctx, cancel := context.WithCancel(d.Ctx)
			calls := 0
			_, err := d.Import(ctx, d.Fuping, "table.csv", book, importDay, func(at sheet.Stage, _, _ int) {
				if calls++; at == stage {
					cancel()
				}
			})
			if !errors.Is(err, context.Canceled) || calls > 402 {
				d.T.Errorf("stopped while %s: %v after %d rows", stage, err, calls)
			}
		}
	})
}
