//go:build anchors

package place_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"liandong/day"
	"liandong/place"
)

// shared opens a file of the folder of samples, which stands beside the repository.
func shared(t *testing.T, name string) *os.File {
	t.Helper()
	dir := os.Getenv("LIANDONG_SHARED")
	if dir == "" {
		dir = "../../shared"
	}
	f, err := os.Open(filepath.Join(dir, "data", name))
	if err != nil {
		t.Fatalf("the samples are needed: %v", err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func records(t *testing.T, name string, comma rune) [][]string {
	t.Helper()
	r := csv.NewReader(shared(t, name))
	r.Comma, r.LazyQuotes = comma, true
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

func TestAnchorEveryListedDivisionIsFound(t *testing.T) {
	t.Parallel()
	g := open(t)
	n := 0
	for _, name := range []string{"provinces.csv", "areas.csv", "streets.csv", "villages_bj_tj_hebei.csv"} {
		for _, row := range records(t, "admin/"+name, ',') {
			padded := row[0] + strings.Repeat("0", max(6, (len(row[0])+2)/3*3)-len(row[0]))
			d, ok := g.Division(idOf(t, row[0]))
			if !ok || d.Name != strings.TrimSpace(row[1]) {
				t.Errorf("%s %s: %v %v", padded, row[1], d, ok)
			}
			n++
		}
	}
	t.Logf("%d divisions", n)
}

func idOf(t *testing.T, digits string) place.ID {
	t.Helper()
	return place.ID(number(t, digits+strings.Repeat("0", 12-len(digits))))
}

func number(t *testing.T, s string) int64 {
	t.Helper()
	var n int64
	for _, c := range s {
		n = n*10 + int64(c-'0')
	}
	return n
}

func TestAnchorMonthlyTablesResolve(t *testing.T) {
	t.Parallel()
	g := open(t)
	for table, on := range map[string]day.Date{"201504": day.MustOf(2015, 4, 30), "201506": day.MustOf(2015, 6, 30), "201512": day.MustOf(2015, 12, 31)} {
		for _, row := range records(t, "divisions-monthly/"+table+".tsv", '\t') {
			if table != "201504" && row[2] == "130604" {
				continue // the stated mistake of the monthly tables
			}
			c, err := place.ParseCode(row[2])
			if err != nil {
				t.Fatal(err)
			}
			id, err := g.ByCode(c, on)
			if err != nil || g.NameOn(id, on) != strings.TrimSpace(row[3]) {
				t.Errorf("%s: %s %s: %v %q %v", table, row[2], row[3], id, g.NameOn(id, on), err)
			}
		}
	}
}

func TestAnchorEverySpellOfTheTablesIsInTheHistory(t *testing.T) {
	t.Parallel()
	g := open(t)
	for _, row := range records(t, "divisions-history.csv", ',') {
		if row[0] == "130604" {
			continue
		}
		c, err := place.ParseCode(row[0])
		if err != nil {
			t.Fatal(err)
		}
		for _, month := range row[2:4] {
			on := day.MustOf(int(number(t, month[:4])), int(number(t, month[4:])), 28)
			if id, err := g.ByCode(c, on); err != nil || g.NameOn(id, on) != row[1] {
				t.Errorf("%v in %s: %q %v", row, month, g.NameOn(id, on), err)
			}
		}
	}
}

func TestAnchorRepeatedVillageNamesResolveWithinTheirTownship(t *testing.T) {
	t.Parallel()
	g := open(t)
	count := map[string]int{}
	rows := records(t, "admin/villages_bj_tj_hebei.csv", ',')
	for _, row := range rows {
		if strings.HasPrefix(row[0], "1306") {
			count[row[1]]++
		}
	}
	repeated := 0
	for _, n := range count {
		if n > 1 {
			repeated++
		}
	}
	if repeated != 483 {
		t.Errorf("%d repeated names, 483 are known", repeated)
	}
	for _, row := range rows {
		if strings.HasPrefix(row[0], "1306") && count[row[1]] > 1 {
			if id, err := g.Within(idOf(t, row[2]), row[1]); err != nil || id != idOf(t, row[0]) {
				t.Errorf("%v: %v %v", row, id, err)
			}
		}
	}
}
