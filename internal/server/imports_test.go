package server_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"

	"liandong/internal/access"
)

// A preview keeps its file: whatever others send meanwhile, the report is of the file that was sent for it.
func TestAReportIsOfTheFileThatWasPreviewed(t *testing.T) {
	each(t, func(d *desk) {
		s := &scene{desk: d}
		mine, others := d.enter(access.CountyOffice, fuping), d.enter(access.TownshipClerk, d.village.Parent())
		wrong := func(name string) []byte {
			return bytes.Replace(bytes.Replace(s.workbook(), []byte("王二"), []byte(name), 1), []byte("男"), []byte("不详"), 1)
		}
		status, text := mine.ask("POST", "/imports?name=a.csv", wrong("王二"))
		var plan struct{ Import string }
		if status != http.StatusCreated || json.Unmarshal(text, &plan) != nil {
			d.T.Fatalf("%d %s", status, text)
		}
		for range 20 { // more than are kept
			others.ask("POST", "/imports?name=b.csv", wrong("赵大"))
		}
		status, report := mine.ask("GET", "/imports/"+plan.Import+"/report", nil)
		if status != http.StatusOK {
			d.T.Fatalf("%d %s", status, report)
		}
		book, err := excelize.OpenReader(bytes.NewReader(report))
		if err != nil {
			d.T.Fatal(err)
		}
		rows, err := book.GetRows(book.GetSheetName(0))
		if err != nil {
			d.T.Fatal(err)
		}
		var all strings.Builder
		for _, row := range rows {
			all.WriteString(strings.Join(row, ",") + "\n")
		}
		if !strings.Contains(all.String(), "王二") || strings.Contains(all.String(), "赵大") {
			d.T.Errorf("the report holds:\n%s", all.String())
		}
	})
}

// A table that is read in the background comes to the same preview as one that is waited for; one that cannot be read says why.
func TestATableReadInTheBackgroundBecomesAPreview(t *testing.T) {
	each(t, func(d *desk) {
		s := &scene{desk: d}
		b := d.enter(access.CountyOffice, fuping)
		read := func(file []byte) (view struct {
			ID, State, Import string
			Done, About       int
			Problem           struct{ Message struct{ ZH string } }
		},
		) {
			id := uuid.NewString()
			status, text := b.ask("PUT", "/import-readings/"+id+"?name=a.csv&valid=2015-12-20", file)
			if status != http.StatusAccepted {
				d.T.Fatalf("%d %s", status, text)
			}
			s.idle(b, "/import-readings")
			var list struct{ Readings []json.RawMessage }
			b.get(&list, "GET", "/import-readings", nil)
			if len(list.Readings) != 1 || json.Unmarshal(list.Readings[0], &view) != nil || view.ID != id {
				d.T.Fatalf("%s", list.Readings)
			}
			return view
		}
		broken := read([]byte("甲,乙\r\n一,二\r\n"))
		if broken.State != "failed" || broken.Import != "" || broken.Problem.Message.ZH == "" {
			d.T.Errorf("a table of something else: %+v", broken)
		}
		view := read(s.workbook())
		if view.State != "read" || view.Done != 0 && view.About != 1 {
			d.T.Errorf("%+v", view)
		}
		var plan struct{ New int }
		b.get(&plan, "GET", "/imports/"+view.Import, nil)
		if plan.New != 1 {
			d.T.Errorf("%+v", plan)
		}
		b.get(nil, "DELETE", "/import-readings/"+view.ID, nil)
		b.refused(404, "DELETE", "/import-readings/"+view.ID, nil)
		b.get(nil, "POST", "/imports/"+view.Import+"/write", nil)
	})
}
