//go:build anchors

package registry_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"liandong/day"
	"liandong/form"
	"liandong/internal/access"
	"liandong/internal/registry"
	"liandong/sheet"
)

// expected is what stands beside a sample workbook.
type expected struct {
	Households registry.Counts `json:"households"`
	Members    registry.Counts `json:"members"`
	Findings   []struct {
		Row      int           `json:"row"`
		Column   string        `json:"column"`
		Kind     string        `json:"kind"`
		Severity form.Severity `json:"severity"`
	} `json:"findings"`
}

func sample(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("LIANDONG_SHARED")
	if dir == "" {
		dir = "../../../shared"
	}
	path := filepath.Join(dir, "data/workbooks", name)
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("the samples are needed: %v", err)
	}
	return path
}

func TestAnchorSampleWorkbooks(t *testing.T) {
	for file, answers := range map[string]string{
		"members-clean.xlsx": "members-clean", "members-clean.gb18030.csv": "members-clean", "members-fuping.xlsx": "members-fuping", "members-laiyuan-headonly.xlsx": "members-laiyuan-headonly",
	} {
		t.Run(file, func(t *testing.T) {
			var want expected
			text, err := os.ReadFile(sample(t, answers+".expected.json"))
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(text, &want); err != nil {
				t.Fatal(err)
			}
			each(t, func(d *desk) {
				book, err := sheet.OpenFile(sample(t, file))
				if err != nil {
					d.T.Fatal(err)
				}
				city := access.Actor{ID: "test", Grants: []access.Grant{{Role: access.CountyOffice, Territory: baoding}}}
				plan, err := d.Import(d.Ctx, city, file, book, day.MustOf(2015, 12, 20), nil)
				if err != nil {
					d.T.Fatal(err)
				}
				if plan.Households != want.Households || plan.Members != want.Members {
					d.T.Errorf("households %+v members %+v, want %+v %+v", plan.Households, plan.Members, want.Households, want.Members)
				}
				compareFindings(d.T, plan, want)
				if err := d.Apply(d.Ctx, city, plan); err != nil {
					d.T.Fatal(err)
				}
				again, err := d.Import(d.Ctx, city, file, book, day.MustOf(2015, 12, 20), nil)
				if err != nil || again.New != 0 || again.Changed != 0 || again.Unchanged != plan.Households.Accepted {
					d.T.Errorf("a second import: %d new, %d changed, %d unchanged, %v", again.New, again.Changed, again.Unchanged, err)
				}
			})
		})
	}
}

// compareFindings wants every expected finding, and no error that is not expected; further warnings are welcome.
func compareFindings(t *testing.T, plan *registry.Plan, want expected) {
	t.Helper()
	open := map[string]int{}
	for _, f := range want.Findings {
		open[fmt.Sprint(f.Row, f.Column, f.Kind, f.Severity)]++
	}
	for _, f := range plan.Findings {
		key := fmt.Sprint(f.Row, f.Column, f.Kind, f.Severity)
		if open[key] == 0 && f.Severity == form.Error {
			t.Errorf("an error that is not expected: row %d %s %s: %s", f.Row, f.Column, f.Kind, f.Text.ZH)
		}
		open[key]--
		if f.Text.ZH == "" || f.Text.EN == "" {
			t.Errorf("row %d %s: no sentence", f.Row, f.Kind)
		}
	}
	for key, n := range open {
		if n > 0 {
			t.Errorf("not found: %s", key)
		}
	}
}
