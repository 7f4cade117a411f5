package registry_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/ledger"
	"liandong/internal/registry"
	"liandong/internal/registry/registrytest"
	"liandong/place"
	"liandong/sheet"
)

// exported writes an export to memory and opens it.
func (d *desk) exported(a access.Actor, e registry.Export, format string) (*sheet.Book, registry.Exported) {
	d.T.Helper()
	var out bytes.Buffer
	n, err := d.Export(d.Ctx, a, e, func(t sheet.Table) (sheet.Writer, error) {
		switch format {
		case "csv":
			return sheet.NewCSV(&out, t, sheet.UTF8)
		case "gb18030":
			return sheet.NewCSV(&out, t, sheet.GB18030)
		}
		return sheet.NewWorkbook(&out, t)
	})
	if err != nil {
		d.T.Fatal(err)
	}
	book, err := sheet.Open(out.Bytes())
	if err != nil {
		d.T.Fatal(err)
	}
	return book, n
}

func export(layout sheet.Layout, division place.ID) registry.Export {
	return registry.Export{Division: division, At: on(2015, 12, 31), Layout: layout, Secrets: true, Reason: "上报", Notice: "演示"}
}

// cells gathers every text of a book.
func (d *desk) cells(b *sheet.Book) string {
	d.T.Helper()
	var all strings.Builder
	for row, err := range b.Rows(0) {
		if err != nil {
			d.T.Fatal(err)
		}
		for i := range row.Cells {
			all.WriteString(row.Cells[i].Text + "\n")
		}
	}
	return all.String()
}

func TestWhatIsExportedComesBackUnchanged(t *testing.T) {
	each(t, func(d *desk) {
		for i := range 3 {
			draft := d.Draft(fuping, i)
			d.Answer(draft.Record, "income.business", "1200.5")
			companies := draft.Record.Section().Must("companies")
			item := draft.Record.Add(companies) // of which a cell tells less than the register knows
			item.SetValue(item.Section().Must("annual_returns"), 1)
			item.SetValue(0, item.Section().Fields[0].Codes.Number(item.Section().Fields[0].Codes.Entries[0].Code))
			d.MustSave(d.Fuping, draft)
		}
		for _, layout := range registry.Layouts(d.Form()) {
			for _, format := range []string{"xlsx", "csv", "gb18030"} {
				book, n := d.exported(d.Fuping, export(layout, fuping), format)
				if n != (registry.Exported{Households: 3, Members: 6}) {
					d.T.Errorf("%s %s: exported %+v", layout.Name, format, n)
				}
				plan, err := d.Import(d.Ctx, d.Fuping, "back", book, day.MustOf(2015, 12, 31), nil)
				if err != nil {
					d.T.Fatal(err)
				}
				if plan.Unchanged != 3 || plan.Match.Layout.Name != layout.Name || plan.Members.Read != 6 {
					d.T.Errorf("%s %s comes back: new %d, changed %d %+v, unchanged %d, findings %+v", layout.Name, format, plan.New, plan.Changed, plan.Changes, plan.Unchanged, plan.Findings)
				}
				differences, err := d.Differences(d.Ctx, d.Fuping, book, on(2015, 12, 31), "核对")
				if err != nil || len(differences) != 0 {
					d.T.Errorf("%s %s: differences %+v, %v", layout.Name, format, differences, err)
				}
			}
		}
	})
}

func TestAnExportHoldsWhatTheActorMaySeeAndIsLogged(t *testing.T) {
	each(t, func(d *desk) {
		d.MustSave(d.Fuping, d.Draft(fuping, 1))
		d.MustSave(d.Yixian, d.Draft(yixian, 2))
		number := registrytest.Number(day.MustOf(1972, 3, 19), 3)
		own, _ := d.exported(d.Fuping, export(registry.NationalLayout(), baoding), "xlsx")
		if text := d.cells(own); !strings.Contains(text, number) || !strings.Contains(text, "阜平县") || strings.Contains(text, "易县") {
			d.T.Errorf("the county's export of the city holds\n%s", text)
		}
		masked := export(registry.NationalLayout(), fuping)
		masked.Secrets = false
		book, _ := d.exported(d.Fuping, masked, "xlsx")
		if text := d.cells(book); strings.Contains(text, number) || strings.Contains(text, "19900000000") {
			d.T.Error("an export without secrets holds some")
		}
		city := registrytest.Holder(access.CityOffice, baoding) // sees names, not health
		book, n := d.exported(city, export(registry.NationalLayout(), baoding), "xlsx")
		if text := d.cells(book); n.Households != 2 || strings.Contains(text, "健康\n健康") || strings.Contains(text, "因病") || !strings.Contains(text, "单建国") {
			d.T.Errorf("the city's export holds\n%s", text)
		}
		if _, err := d.Export(d.Ctx, d.Yixian, export(registry.NationalLayout(), fuping), nil); !errs.Is(err, errs.NotFound) {
			d.T.Errorf("another county: %v", err)
		}
		if _, err := d.Export(d.Ctx, d.Leader, export(registry.NationalLayout(), fuping), nil); !errs.Is(err, errs.Forbidden) {
			d.T.Errorf("a leader: %v", err)
		}
		silent := export(registry.NationalLayout(), fuping)
		silent.Reason = " "
		if _, err := d.Export(d.Ctx, d.Fuping, silent, nil); !errs.Is(err, errs.Invalid) {
			d.T.Errorf("secrets without a reason: %v", err)
		}
		var acts []ledger.Recorded
		if err := d.DB.Read(d.Ctx, func(tx *db.Tx) error {
			var err error
			acts, err = ledger.Acts(tx, ledger.Filter{Trees: []int64{int64(fuping)}, Operations: []string{"household.export"}})
			return err
		}); err != nil {
			d.T.Fatal(err)
		}
		if len(acts) != 3 || acts[0].Actor != city.ID || acts[0].Reason != "上报" {
			d.T.Errorf("log %+v", acts)
		}
	})
}

func TestTheListOfDifferencesNamesEveryCell(t *testing.T) {
	each(t, func(d *desk) {
		changed, gone, kept := d.Draft(fuping, 1), d.Draft(fuping, 1), d.Draft(fuping, 1)
		for i, draft := range []registry.Draft{changed, gone, kept} {
			members, _ := draft.Record.Items(draft.Record.Section().Must("members"))
			d.Answer(draft.Record, "number", []string{"130624000011", "130624000012", "130624000013"}[i])
			for k, m := range members {
				d.Answer(m, "id_number", registrytest.Number(day.MustOf(1972+k, 3, 19), 100+10*i+1-k))
			}
			d.MustSave(d.Fuping, draft)
		}
		village, _ := changed.Record.Value(changed.Record.Section().Must("village"))
		township, name := d.Places.NameOn(place.ID(village).Parent(), day.MustOf(2015, 12, 31)), d.Places.NameOn(place.ID(village), day.MustOf(2015, 12, 31))
		row := func(number, person, id, relation, sex, wage string) string {
			return "河北省,保定市,阜平县," + township + "," + name + "," + number + "," + person + "," + id + "," + relation + "," + sex + "," + wage + "\r\n"
		}
		head, spouse := registrytest.Number(day.MustOf(1972, 3, 19), 101), registrytest.Number(day.MustOf(1973, 3, 19), 100)
		book, err := sheet.Open([]byte("省,市,县,乡(镇),行政村,户编号,姓名,证件号码,与户主关系,性别,工资性收入\r\n" +
			row("130624000011", "单建国", head, "户主", "男", "6000") +
			row("130624000011", "曾桂花", spouse, "配偶", "女", "6000") +
			row("130624000013", "单建国", registrytest.Number(day.MustOf(1972, 3, 19), 121), "户主", "男", "5850") +
			row("130624000099", "王二", registrytest.Number(day.MustOf(1990, 6, 9), 3), "户主", "男", "")))
		if err != nil {
			d.T.Fatal(err)
		}
		list, err := d.Differences(d.Ctx, d.Fuping, book, on(2015, 12, 31), "核对")
		if err != nil {
			d.T.Fatal(err)
		}
		want := []registry.Difference{
			{Kind: registry.OtherAnswer, Row: 2, Number: "130624000011", Name: "单建国", Heading: "工资性收入", Ours: "5850", Theirs: "6000"},
			{Kind: registry.OtherAnswer, Row: 3, Number: "130624000011", Name: "曾桂花", Heading: "姓名", Ours: "曾桂英", Theirs: "曾桂花"},
			{Kind: registry.OnlyInRegister, Number: "130624000013", Name: "曾桂英"},
			{Kind: registry.OnlyInFile, Row: 5, Number: "130624000099", Name: "王二"},
			{Kind: registry.OnlyInRegister, Number: "130624000012", Name: "单建国"},
		}
		if !slices.Equal(list, want) {
			d.T.Errorf("differences\n%+v\nwant\n%+v", list, want)
		}
		if list, err := d.Differences(d.Ctx, d.Yixian, book, on(2015, 12, 31), "核对"); err != nil || len(list) != 0 {
			d.T.Errorf("another county's office learns %+v, %v", list, err)
		}
		var out bytes.Buffer
		if err := registry.WriteDifferences(&out, want, ""); err != nil {
			d.T.Fatal(err)
		}
		written, err := sheet.Open(out.Bytes())
		if err != nil {
			d.T.Fatal(err)
		}
		if text := d.cells(written); !strings.Contains(text, "曾桂花") || !strings.Contains(text, "本册有、对方无") {
			d.T.Errorf("the workbook holds\n%s", text)
		}
	})
}
