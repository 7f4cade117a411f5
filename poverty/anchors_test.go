//go:build anchors

package poverty_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"liandong/poverty"
)

// sharedFile opens a file of the samples, which stand beside the repository.
func sharedFile(t testing.TB, name string) *os.File {
	t.Helper()
	dir := os.Getenv("LIANDONG_SHARED")
	if dir == "" {
		dir = "../../shared"
	}
	f, err := os.Open(filepath.Join(dir, "data", "eusilc", name))
	if err != nil {
		t.Fatalf("the samples are needed: %v", err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// eusilc is the sample with strata; the unit is the column of that name.
func eusilc(t testing.TB, unit string) *poverty.Sample {
	t.Helper()
	rows, err := csv.NewReader(sharedFile(t, "eusilc.csv")).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := func(name string) (texts []string) {
		for at, heading := range rows[0] {
			if heading == name {
				for _, r := range rows[1:] {
					texts = append(texts, r[at])
				}
				return texts
			}
		}
		t.Fatalf("no column %s", name)
		return nil
	}
	numbers := func(name string) (values []float64) {
		for _, text := range column(name) {
			x, err := strconv.ParseFloat(text, 64)
			if err != nil {
				t.Fatal(err)
			}
			values = append(values, x)
		}
		return values
	}
	region := poverty.FactorOf(column("db040"))
	return &poverty.Sample{
		Income: numbers("eqIncome"), Weight: numbers("rb050"), Group: region,
		Design: poverty.Design{Stratum: region, Unit: poverty.FactorOf(column(unit))},
	}
}

type expected struct {
	Total         map[string]float64            `json:"total"`
	ByRegion      map[string]map[string]float64 `json:"by_db040"`
	Line10000     map[string]float64            `json:"line_10000"`
	StandardError map[string]map[string]struct {
		Est float64 `json:"est"`
		SE  float64 `json:"se"`
	} `json:"standard_error"`
}

func anchors(t *testing.T) (e expected) {
	t.Helper()
	if err := json.NewDecoder(sharedFile(t, "expected.json")).Decode(&e); err != nil {
		t.Fatal(err)
	}
	return e
}

func estimates(t testing.TB, s *poverty.Sample, measures, line, conventions string, e poverty.Errors) map[[2]string]poverty.Estimate {
	t.Helper()
	m, err := poverty.ParseMeasures(measures)
	if err != nil {
		t.Fatal(err)
	}
	q := poverty.Query{Measures: m, Errors: e}
	if line != "" {
		if q.Line, err = poverty.ParseLine(line); err != nil {
			t.Fatal(err)
		}
	}
	if q.Conventions, err = poverty.ParseConventions(conventions); err != nil {
		t.Fatal(err)
	}
	report, err := s.Estimate(q)
	if err != nil {
		t.Fatal(err)
	}
	found := map[[2]string]poverty.Estimate{}
	for _, r := range report.Results {
		found[[2]string{r.Group, r.Measure.String()}] = r
	}
	return found
}

// digits12 fails unless two numbers agree in 12 significant digits.
func digits12(t *testing.T, what string, got, want float64) {
	t.Helper()
	round := func(x float64) string { return strconv.FormatFloat(x, 'e', 11, 64) }
	if round(got) != round(want) {
		t.Errorf("%s: %s, want %s", what, strconv.FormatFloat(got, 'g', 15, 64), strconv.FormatFloat(want, 'g', 15, 64))
	}
}

func TestAnchorLaekenInAllRegions(t *testing.T) {
	t.Parallel()
	want := anchors(t)
	got := estimates(t, eusilc(t, "rb030"), "arpr,qsr,gini", "60%median", "laeken", poverty.Errors{})
	for _, measure := range []string{"arpr", "qsr", "gini"} {
		scale := 100.0
		if measure == "qsr" {
			scale = 1
		}
		digits12(t, measure, scale*got[[2]string{"", measure}].Value, want.Total[measure])
		for region, x := range want.ByRegion[measure] {
			digits12(t, measure+" in "+region, scale*got[[2]string{region, measure}].Value, x)
		}
		if len(want.ByRegion[measure]) != 9 {
			t.Errorf("%d regions", len(want.ByRegion[measure]))
		}
	}
}

func TestAnchorAbsoluteLine(t *testing.T) {
	t.Parallel()
	s := eusilc(t, "rb030")
	want := anchors(t).Line10000
	got := estimates(t, s, "mean,headcount,gap", "10000", "", poverty.Errors{})
	for measure, name := range map[string]string{"mean": "mean", "headcount": "fgt0", "gap": "fgt1"} {
		digits12(t, measure, got[[2]string{"", measure}].Value, want[name])
	}
	all := got[[2]string{"", "mean"}]
	digits12(t, "sum of weights", all.WeightSum, want["sum_w"])
	if float64(all.N) != want["n"] {
		t.Errorf("%d records", all.N)
	}
	watts := estimates(t, s, "watts", "10000", "out-of-domain=dropped", poverty.Errors{})[[2]string{"", "watts"}]
	digits12(t, "watts", watts.Value, want["watts_pos"])
}

func TestAnchorStandardErrorsOfPersonsAndHouseholds(t *testing.T) {
	t.Parallel()
	for design, unit := range map[string]string{"person_psu": "rb030", "household_psu": "db030"} {
		want := anchors(t).StandardError[design]
		s := eusilc(t, unit)
		absolute := estimates(t, s, "headcount", "10000", "convey", poverty.Errors{Method: poverty.Linear})
		relative := estimates(t, s, "arpr,gini", "60%median", "convey", poverty.Errors{Method: poverty.Linear})
		for name, got := range map[string]poverty.Estimate{
			"fgt0_abs10000": absolute[[2]string{"", "headcount"}], "arpr": relative[[2]string{"", "arpr"}], "gini": relative[[2]string{"", "gini"}],
		} {
			digits12(t, design+" "+name, got.Value, want[name].Est)
			digits12(t, design+" standard error of "+name, got.SE, want[name].SE)
		}
	}
}
