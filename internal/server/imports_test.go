package server_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

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
