package criteria

import (
	"context"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"liandong/column"
	"liandong/criteria/criteriatest"
	"liandong/formula"
)

// households is how many records every random document is tried on.
const households = 100

// TestRowsEqualColumns holds the columns against the evaluator that explains: whatever the document and the data, outcome, both ends of the
// score, every part, every bar and the fields that matter must be the same, bit for bit.
func TestRowsEqualColumns(t *testing.T) {
	t.Parallel()
	rounds := 1 // of 100 documents each, which is what rapid tries
	if os.Getenv("LIANDONG_NIGHTLY") != "" {
		rounds = 10
	}
	for i := range rounds {
		t.Run(strconv.Itoa(i), rapid.MakeCheck(func(t *rapid.T) {
			text := criteriatest.Document(t)
			d, err := Parse([]byte(text), criteriatest.Forms)
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			rows := criteriatest.Records(t, d.Schema(), households)
			if at, ok := d.Schema().Lookup("long"); ok && rapid.IntRange(0, 3).Draw(t, "narrow") > 0 {
				keepNarrow(rows, at)
			}
			compareWithRows(t, d, criteriatest.Table(d.Schema(), rows), text)
		}))
	}
}

// keepNarrow leaves 64-bit values to one field, so that most columns of numbers have 32 bits.
func keepNarrow(rows []*criteriatest.Record, except int) {
	for _, r := range rows {
		for i, v := range r.Values {
			if i != except && r.Schema.Fields[i].Type == formula.Number && (v > math.MaxInt32 || v < math.MinInt32) {
				r.Values[i] = v >> 24
			}
		}
	}
}

type failing interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

func compareWithRows(t failing, d *Document, table *column.Table, text string) {
	t.Helper()
	settings := Settings{AsOf: criteriatest.AsOf()}
	plan, err := d.Plan(settings)
	if err != nil {
		t.Fatal(err)
	}
	evaluator, err := d.NewEvaluator(settings)
	if err != nil {
		t.Fatal(err)
	}
	// The second range begins within a word.
	ranges := []Range{{Table: table, From: 0, To: table.Len()}, {Table: table, From: table.Len() / 3, To: table.Len() - 1}}
	verdicts, err := plan.Evaluate(context.Background(), ranges...)
	if err != nil {
		t.Fatal(err)
	}
	terms := make([]int, len(plan.terms))
	for k := range terms {
		terms[k] = k
	}
	for k, v := range verdicts {
		together := v.Together(terms)
		for i := range v.Len() {
			row := table.Row(ranges[k].From + i)
			want := evaluator.Evaluate(row)
			if got := v.Verdict(i); got != want || math.Float64bits(got.Low) != math.Float64bits(want.Low) {
				t.Fatalf("record %d: columns say %+v, rows say %+v\n%s\n%s", ranges[k].From+i, got, want, text, plan)
			}
			for part, p := range d.Parts() {
				if got, want := v.Points(part, i), evaluator.points(p); got != want {
					t.Fatalf("record %d, part %s: columns say %+v, rows say %+v\n%s\n%s", i, p.ID, got, want, text, plan)
				}
			}
			for bar := range d.Bars {
				if got, want := v.Bar(bar, i), evaluator.eval.Value(d.Bars[bar].Node); got != want {
					t.Fatalf("record %d, bar %s: columns say %v, rows say %v\n%s\n%s", i, d.Bars[bar].ID, got, want, text, plan)
				}
			}
			if got, want := v.Poor(i), evaluator.eval.Value(d.Poor.Node); got != want {
				t.Fatalf("record %d: poor is %v by columns, %v by rows\n%s", i, got, want, text)
			}
			for k := range plan.terms {
				if got, want := v.Term(k, i), evaluator.eval.Value(plan.terms[k].node); got != want {
					t.Fatalf("record %d, term %s: columns say %v, rows say %v\n%s", i, plan.terms[k].text, got, want, text)
				}
			}
			if want := conjunction(v, terms, i); together[i] != want {
				t.Fatalf("record %d: all terms together are %d, one by one %d\n%s", i, together[i], want, text)
			}
			if want := evaluator.Missing(want); !slices.Equal(v.Missing(evaluator, i), want) {
				t.Fatalf("record %d: rows miss %v\n%s", i, want, text)
			}
		}
	}
}

// conjunction numbers whether a record meets all of some terms as [Verdicts.Together] does.
func conjunction(v *Verdicts, terms []int, i int) uint8 {
	least := uint8(2)
	for _, k := range terms {
		switch is := v.Term(k, i); {
		case !is.Known:
			least = min(least, 1)
		case is.Num == 0:
			least = 0
		}
	}
	return least
}

func TestAPlanIsWrittenDown(t *testing.T) {
	t.Parallel()
	text, err := ShippedText("four-looks@2015.1")
	if err != nil {
		t.Fatal(err)
	}
	d, err := Parse(text, criteriatest.Forms)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := d.Plan(Settings{AsOf: criteriatest.AsOf()})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"parameter income_line = 2855", "score in whole multiples of 1/1", "ladder of grain.output", "part area in planes 3 to 4: levels"} {
		if !strings.Contains(plan.String(), want) {
			t.Errorf("the plan does not say %q:\n%s", want, plan)
		}
	}
	if strings.Contains(plan.String(), "record by record") {
		t.Errorf("the four looks need no record by itself:\n%s", plan)
	}
}

func TestAPlanRefusesAParameterTheDocumentLacks(t *testing.T) {
	t.Parallel()
	text, err := ShippedText("income-line@2014")
	if err != nil {
		t.Fatal(err)
	}
	d, err := Parse(text, criteriatest.Forms)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Plan(Settings{AsOf: criteriatest.AsOf(), Parameters: map[string]float64{"cut": 50}}); err == nil {
		t.Error("a plan was made with a parameter that the document lacks")
	}
}

// TestColumnsAcrossBatches goes over several batches, with lists that begin in the middle of a word and a few too long to be counted together.
func TestColumnsAcrossBatches(t *testing.T) {
	t.Parallel()
	text := `criteria: sample
version: "2015"
title: {zh: 样例, en: Sample}
form: sample@2015
basis: {text: sample, status: local-default}
effective: {from: 2015-01-01}
parameters:
  line: {title: {zh: 线, en: Line}, value: 20}
derive:
  size: items.size()
  cheap: items.filter(x, x.price < 150).size()
score:
  higher_means: better_off
  indicators:
    - id: looks
      title: {zh: 看, en: Looks}
      max: 20
      parts:
        - {id: area, title: {zh: 面积, en: Area}, max: 8, points: "area / size < 3 ? 0 : area / size < 12.3 ? 4 : 8"}
        - {id: cheap, title: {zh: 便宜, en: Cheap}, max: 12, points: "cheap / size < 0.34 ? 12 : cheap > 3 ? 6 : 0"}
bars:
  - {id: all, kind: veto, title: {zh: 都, en: All}, when: "items.all(x, x.ok || x.count > whole)"}
  - {id: many, kind: review, title: {zh: 多, en: Many}, when: "things.exists(x, 'ba' in x.many) || items.map(x, x.count).sum() > line"}
poor: "score < 15 && since < '2015-06-01'"
`
	d, err := Parse([]byte(text), criteriatest.Forms)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{2, 64, 65, 1025, 5000} {
		rows := rapid.Custom(func(t *rapid.T) []*criteriatest.Record { return criteriatest.Records(t, d.Schema(), n) }).Example(n)
		compareWithRows(t, d, criteriatest.Table(d.Schema(), rows), "")
	}
}
