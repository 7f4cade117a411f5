package main

import (
	"context"
	"database/sql"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	duckdb "github.com/duckdb/duckdb-go/v2"
	"pgregory.net/rapid"

	"liandong/criteria"
	"liandong/criteria/criteriatest"
	"liandong/formula"
)

// These tests hold the SQL that documents are written as for DuckDB against the evaluator that goes record by record, bit for bit: the product
// is built without C, so DuckDB is reached from here alone.

// duck is a database in memory with one layout of lists.
type duck struct {
	*sql.DB

	o criteria.SQLOptions
}

// failing is a test, or one round of a test of random values.
type failing interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

var layouts = []criteria.Lists{criteria.ListTables, criteria.ListJSON}

func newDuck(t *testing.T, lists criteria.Lists) *duck {
	t.Helper()
	connector, err := duckdb.NewConnector("", nil)
	if err != nil {
		t.Fatal(err)
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close(); connector.Close() })
	return &duck{db, criteria.SQLOptions{Settings: criteria.Settings{AsOf: criteriatest.AsOf()}, Dialect: criteria.DuckDB, Lists: lists}}
}

func eachDuck(t *testing.T, test func(t *testing.T, d *duck)) {
	t.Helper()
	for _, lists := range layouts {
		t.Run(string(lists), func(t *testing.T) { test(t, newDuck(t, lists)) })
	}
}

// fill makes the tables that the document reads and puts the records in.
func (d *duck) fill(t failing, document *criteria.Document, records []formula.Row) {
	t.Helper()
	tables, err := document.SQLTables(d.o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Exec(criteriatest.Drop(document.Schema()) + tables); err != nil {
		t.Fatalf("%v\n%s", err, tables)
	}
	for _, table := range criteriatest.Store(document.Schema(), records, d.o.Lists == criteria.ListJSON) {
		if err := table.Insertions(8_000, func(text string, values []any) error {
			_, err := d.Exec(text, values...)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
}

// verdict is what an evaluator says of one household.
type verdict struct {
	outcome   string
	low, high uint64 // bits of the ends of the score
	missing   string
}

// ask gives the verdicts in the order of the records.
func (d *duck) ask(t failing, document *criteria.Document) []verdict {
	t.Helper()
	text, err := document.SQL(d.o)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := d.Query("SELECT outcome, score_low, score_high, missing FROM (" + text + ") AS answer ORDER BY household")
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	defer rows.Close()
	var all []verdict
	for rows.Next() {
		var v verdict
		var low, high float64
		if err := rows.Scan(&v.outcome, &low, &high, &v.missing); err != nil {
			t.Fatal(err)
		}
		v.low, v.high = math.Float64bits(low), math.Float64bits(high)
		all = append(all, v)
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return all
}

// agree compares DuckDB with the evaluator that goes record by record.
func (d *duck) agree(t failing, document *criteria.Document, records []formula.Row) {
	t.Helper()
	e, err := document.NewEvaluator(d.o.Settings)
	if err != nil {
		t.Fatal(err)
	}
	got := d.ask(t, document)
	if len(got) != len(records) {
		t.Fatalf("%d answers for %d records", len(got), len(records))
	}
	for i, r := range records {
		v := e.Evaluate(r)
		want := verdict{v.Outcome.String(), math.Float64bits(v.Low), math.Float64bits(v.High), strings.Join(e.Missing(v), " ")}
		if got[i] != want {
			t.Fatalf("record %d of %s: DuckDB says %+v, rows say %+v", i, document.ID(), got[i], want)
		}
	}
}

func TestShippedDocumentsOnDuckDB(t *testing.T) {
	schema, _ := criteriatest.Forms("household@2015")
	var records []formula.Row
	for _, r := range rapid.Custom(func(t *rapid.T) []*criteriatest.Record { return criteriatest.Records(t, schema, 500) }).Example(2) {
		records = append(records, r)
	}
	eachDuck(t, func(t *testing.T, d *duck) {
		for i, id := range criteria.Shipped() {
			text, err := criteria.ShippedText(id)
			if err != nil {
				t.Fatal(err)
			}
			document, err := criteria.Parse(text, criteriatest.Forms)
			if err != nil {
				t.Fatal(err)
			}
			if i == 0 {
				d.fill(t, document, records)
			}
			d.agree(t, document, records)
		}
	})
}

func TestConformanceOnDuckDB(t *testing.T) {
	eachDuck(t, func(t *testing.T, d *duck) {
		criteriatest.Conform(t, filepath.Join("..", "criteria", "testdata", "conformance"),
			criteriatest.Evaluator{Name: string(criteria.DuckDB), Tells: criteriatest.TellsVerdict, Answer: d.answer})
	})
}

func (d *duck) answer(t testing.TB, s *criteriatest.Step) (string, error) {
	t.Helper()
	document, err := criteria.Parse([]byte(s.Document), criteriatest.Forms)
	if err != nil {
		return "", err
	}
	asked := &duck{d.DB, d.o}
	asked.o.Settings = criteria.Settings{AsOf: s.AsOf, Parameters: s.Parameters}
	records := make([]formula.Row, len(s.Households))
	for i, h := range s.Households {
		records[i] = h.Record
	}
	asked.fill(t, document, records)
	got := asked.ask(t, document)
	if len(got) != len(records) {
		t.Fatalf("%d answers for %d households", len(got), len(records))
	}
	verdicts := make([]criteriatest.Verdict, len(got))
	for i, v := range got {
		verdicts[i] = criteriatest.Verdict{Outcome: v.outcome, Low: math.Float64frombits(v.low), High: math.Float64frombits(v.high), Missing: strings.Fields(v.missing)}
	}
	return s.Text(verdicts), nil
}

// Random documents over random records, each in one of the two layouts.
func TestRandomDocumentsOnDuckDB(t *testing.T) {
	rounds := 1 // of 100 documents each, which is what rapid tries
	if os.Getenv("LIANDONG_NIGHTLY") != "" {
		rounds = 10
	}
	ducks := map[criteria.Lists]*duck{}
	for _, lists := range layouts {
		ducks[lists] = newDuck(t, lists)
	}
	for i := range rounds {
		t.Run(strconv.Itoa(i), rapid.MakeCheck(func(t *rapid.T) {
			document, err := criteria.Parse([]byte(criteriatest.Document(t)), criteriatest.Forms)
			if err != nil {
				t.Fatal(err)
			}
			var records []formula.Row
			for _, r := range criteriatest.Records(t, document.Schema(), 100) {
				records = append(records, r)
			}
			d := ducks[rapid.SampledFrom(layouts).Draw(t, "lists")]
			d.fill(t, document, records)
			d.agree(t, document, records)
		}))
	}
}

// The four looks by columns and the peers of the benchmark give the same answers, also where nothing is timed.
func TestThePeersAgreeOnAFewHouseholds(t *testing.T) {
	if err := measure(context.Background(), 2000, func([]measured) error { return nil }); err != nil {
		t.Fatal(err)
	}
}
