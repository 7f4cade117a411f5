package identify_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	"pgregory.net/rapid"

	"liandong/column"
	"liandong/criteria"
	"liandong/criteria/criteriatest"
	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/formula"
	"liandong/internal/db/dbtest"
	"liandong/internal/identify"
)

// store is an outside database that documents are written for: one layout of lists on one engine.
type store struct {
	failing

	db *sql.DB
	o  criteria.SQLOptions
}

// failing is a test, or one round of a test of random values.
type failing interface {
	Helper()
	Logf(format string, args ...any)
	Error(args ...any)
	Errorf(format string, args ...any)
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// eachStore runs a test on both engines and in both layouts.
func eachStore(t *testing.T, test func(t *testing.T, s *store)) {
	t.Helper()
	eachLayout(t, []criteria.Lists{criteria.ListTables, criteria.ListJSON}, test)
}

func eachLayout(t *testing.T, layouts []criteria.Lists, test func(t *testing.T, s *store)) {
	t.Helper()
	for _, dialect := range []criteria.Dialect{criteria.SQLite, criteria.Postgres} {
		for _, lists := range layouts {
			t.Run(string(dialect)+"/"+string(lists), func(t *testing.T) {
				t.Parallel()
				driver, address := sqliteDriver, filepath.Join(t.TempDir(), "records.db")+sqliteHaste
				if dialect == criteria.Postgres {
					driver, address = "pgx", dbtest.Postgres(t)
				}
				d, err := sql.Open(driver, address)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { d.Close() })
				test(t, &store{t, d, criteria.SQLOptions{Settings: criteria.Settings{AsOf: day.MustOf(2015, 12, 31)}, Dialect: dialect, Lists: lists}})
			})
		}
	}
}

// fill makes the tables and puts the records in.
func (s *store) fill(d *criteria.Document, records []formula.Row) {
	s.Helper()
	tables, err := d.SQLTables(s.o)
	if err != nil {
		s.Fatal(err)
	}
	tx, err := s.db.Begin()
	if err != nil {
		s.Fatal(err)
	}
	if _, err := tx.Exec(criteriatest.Drop(d.Schema())); err != nil {
		s.Fatal(err)
	}
	if _, err := tx.Exec(tables); err != nil {
		s.Fatalf("%v\n%s", err, tables)
	}
	for _, table := range criteriatest.Store(d.Schema(), records, s.o.Lists == criteria.ListJSON) {
		// The layout stands in the text because the driver keeps prepared statements by their text.
		if err := table.Insertions(20_000, func(text string, values []any) error {
			_, err := tx.Exec("/* "+string(s.o.Lists)+" */ "+text, values...)
			return err
		}); err != nil {
			s.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		s.Fatal(err)
	}
}

// verdict is what an evaluator says of a record, bit for bit.
func verdict(o criteria.Outcome, low, high float64, missing string) string {
	return fmt.Sprintf("%v [%x, %x] %s", o, math.Float64bits(low), math.Float64bits(high), missing)
}

// agree compares the statement with the evaluation record by record.
func (s *store) agree(d *criteria.Document, records []formula.Row) {
	s.Helper()
	e, err := d.NewEvaluator(s.o.Settings)
	if err != nil {
		s.Fatal(err)
	}
	text, err := d.SQL(s.o)
	if err != nil {
		s.Fatal(err)
	}
	rows, err := s.db.Query(text)
	if err != nil {
		s.Fatalf("%v\n%s", err, text)
	}
	defer rows.Close()
	n, wrong := 0, 0
	for rows.Next() {
		var id, outcome, missing string
		var low, high float64
		if err := rows.Scan(&id, &outcome, &low, &high, &missing); err != nil {
			s.Fatal(err)
		}
		at := criteriatest.StoredPlace(id)
		v := e.Evaluate(records[at])
		o, _ := criteria.ParseOutcome(outcome)
		want, got := verdict(v.Outcome, v.Low, v.High, strings.Join(e.Missing(v), " ")), verdict(o, low, high, missing)
		if n++; got != want {
			if wrong++; wrong < 4 {
				s.Errorf("record %d of %s: SQL %s, rows %s", at, d.ID(), got, want)
			}
		}
	}
	if err := rows.Err(); err != nil {
		s.Fatalf("%v\n%s", err, text)
	}
	if n != len(records) {
		s.Errorf("%d records, want %d", n, len(records))
	}
	if wrong > 0 {
		s.Logf("%d of %d differ\n%s", wrong, n, text)
	}
}

// columnsAgree compares columns with the evaluation record by record.
func (s *store) columnsAgree(d *criteria.Document, table *column.Table) {
	s.Helper()
	e, err := d.NewEvaluator(s.o.Settings)
	if err != nil {
		s.Fatal(err)
	}
	plan, err := d.Plan(s.o.Settings)
	if err != nil {
		s.Fatal(err)
	}
	all, err := plan.Evaluate(context.Background(), criteria.Range{Table: table, To: table.Len()})
	if err != nil {
		s.Fatal(err)
	}
	for i := range table.Len() {
		got, want := all[0].Verdict(i), e.Evaluate(table.Row(i))
		missing := strings.Join(e.Missing(want), " ")
		if got, want := verdict(got.Outcome, got.Low, got.High, strings.Join(all[0].Missing(e, i), " ")), verdict(want.Outcome, want.Low, want.High, missing); got != want {
			s.Fatalf("record %d: columns %s, rows %s\n%s", i, got, want, plan)
		}
	}
}

// someRecord answers four in five questions of a section at random.
func someRecord(r *rand.Rand, section *form.Section) *form.Record {
	record := section.New()
	for i := range section.Fields {
		f := &section.Fields[i]
		if r.IntN(5) == 0 {
			continue
		}
		switch f.Type {
		case form.Bool:
			record.SetValue(i, r.Int64N(2))
		case form.Number, form.Money:
			record.SetValue(i, []int64{0, 1, 7, 33, 99, 1000, 285500}[r.IntN(7)]*r.Int64N(4))
		case form.Code:
			record.SetValue(i, int64(f.Codes.Entries[r.IntN(len(f.Codes.Entries))].Number))
		case form.Codes:
			record.SetValue(i, 1<<f.Codes.Entries[r.IntN(len(f.Codes.Entries))].Number|1<<f.Codes.Entries[0].Number)
		case form.Date:
			record.SetValue(i, int64(day.MustOf(1940, 1, 1).UnixDays())+r.Int64N(27000))
		case form.Text:
			record.SetText(i, []string{"", "a", "Ä'\"", "张"}[r.IntN(4)])
		case form.List:
			items := make([]*form.Record, r.IntN(4))
			for k := range items {
				items[k] = someRecord(r, f.List)
			}
			record.SetItems(i, items)
		}
	}
	return record
}

func someRecords(n int) []formula.Row {
	r := rand.New(rand.NewPCG(2015, 12))
	records := make([]formula.Row, n)
	for i := range records {
		records[i] = someRecord(r, form.Household().Root)
	}
	return records
}

func TestShippedDocumentsAsSQLSayWhatTheEvaluatorSays(t *testing.T) {
	t.Parallel()
	eachStore(t, func(_ *testing.T, s *store) {
		records := someRecords(400)
		for i, id := range criteria.Shipped() {
			d, err := identify.Shipped(id)
			if err != nil {
				s.Fatal(err)
			}
			if i == 0 {
				s.fill(d.Document, records)
			}
			s.agree(d.Document, records)
		}
	})
}

// sqlConditions are conditions of every kind of operation; each is one part of a document whose points tell true, false and unknown apart.
var sqlConditions = []string{
	"electricity && toilet || !(broadcasting && cooperative)", "electricity == toilet", "(electricity ? toilet : broadcasting)",
	"(electricity ? 1 : 1) == 1", "(electricity ? housing.area : land.arable) < 3", "(electricity ? (toilet ? 1 : 2) : (broadcasting ? 2 : 3)) <= 2",
	"housing.area / land.arable < 2.5", "housing.area / 0 < 1", "income.wage * 0.1 + income.business / 3 - -income.cost <= line / 7", "nothing > 1",
	"min(housing.area, land.arable) < max(grain.output, 3) - 2.1", "housing.structure == 'brick_wood'", "housing.structure in ['brick_wood', 'other']",
	"housing.structure in []", "'illness' in other_causes", "other_causes.size() > 1", "main_cause == 'illness'", "housing.area in [0, 3.3, 0.7]",
	"natural_village == '张'", "natural_village == 'Ä\\'\"'", "natural_village != group",
	"members.size() > 1", "size > 1 && size < 3", "members.exists(m, m.labour == 'ordinary')", "members.all(m, m.labour in ['ordinary', 'skilled', 'weak'])",
	"members.filter(m, m.labour == 'ordinary' || m.away.months > 3).size() >= 1", "members.map(m, m.away.months).sum() > 5",
	"members.filter(m, 'disabled' in m.health).map(m, m.away.months).sum() < 3", "members.filter(m, m.sex == 'male').map(m, m.away.months).min() < 3",
	"members.map(m, m.away.months).max() / 2 == 3.5", "members.exists(m, m.name == natural_village)", "members.exists(m, m.born < '1960-02-29')",
	"members.filter(m, years(m.born, as_of) >= 60).size() >= 1", "members.exists(m, years(m.born, as_of) < (m.steady_income ? 30 : m.subsistence ? 50 : 40))",
	"members.exists(m, m.steady_income ? m.subsistence : m.pension_insurance)", "members.exists(m, min(m.away.months, housing.area) > 2)",
	"members.exists(m, members.exists(n, n.born < m.born && n.sex != m.sex))", "members.all(m, members.filter(n, n.labour == m.labour).size() >= 2)",
	"members.exists(m, electricity && m.steady_income)", "members.exists(m, vehicles.size() > 1 && m.labour == 'none')",
	"members.exists(m, vehicles.exists(v, v.count > m.away.months))", "properties.exists(p, p.in_town && !p.resettlement)",
	"livestock.filter(l, l.kind in ['pig', 'cattle']).map(l, l.count).sum() > 30", "members.exists(m, m.health.size() > 1)",
	"half < third && third < half + 0.1",
}

func conditionsDocument(t *testing.T, from, to int) *criteria.Document {
	t.Helper()
	var b strings.Builder
	b.WriteString(`criteria: all
version: "2015"
form: household@2015
parameters:
  line: {value: 2855.3}
  nothing: {by_year: {1999: 1}}
derive:
  size: members.size()
  half: income.wage / 2
  third: half / 1.5 + 1e-7
score:
  higher_means: poorer
  indicators:
`)
	for i, c := range sqlConditions[from:to] {
		weight := math.Ldexp(1, i)
		fmt.Fprintf(&b, "    - {id: p%d, max: %g, parts: [{id: a, max: %g, points: %q}]}\n", i, weight, weight, fmt.Sprintf("(%s) ? %g : 0", c, weight))
	}
	b.WriteString("bars:\n  - {id: car, kind: veto, when: \"vehicles.exists(v, v.kind == 'car') && electricity\"}\n  - {id: van, kind: review, when: \"vehicles.exists(v, v.kind == 'van')\"}\n")
	fmt.Fprintf(&b, "poor: score > %g && half < 300\n", math.Ldexp(1, to-from-2))
	d, err := identify.Read([]byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return d.Document
}

func TestEveryOperationAsSQLSaysWhatTheEvaluatorSays(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store) {
		records := someRecords(300)
		const together = 11
		for from := 0; from < len(sqlConditions); from += together {
			d := conditionsDocument(t, from, min(from+together, len(sqlConditions)))
			if from == 0 {
				s.fill(d, records)
			}
			s.agree(d, records)
		}
	})
}

// Random documents over random records: rows, columns and SQL must say the same of each. A document of which the numbers may overflow is refused
// for PostgreSQL; it is tried with smaller ones.
func TestRandomDocumentsAsSQLSayWhatTheEvaluatorSays(t *testing.T) {
	t.Parallel()
	rounds := 1 // of 100 documents each, which is what rapid tries
	if os.Getenv("LIANDONG_NIGHTLY") != "" {
		rounds = 10
	}
	eachLayout(t, []criteria.Lists{criteria.ListTables}, func(t *testing.T, s *store) {
		s.o.AsOf = criteriatest.AsOf()
		refused := 0
		for i := range rounds {
			t.Run(strconv.Itoa(i), rapid.MakeCheck(func(t *rapid.T) {
				text := criteriatest.Document(t)
				d, err := criteria.Parse([]byte(text), criteriatest.Forms)
				if err != nil {
					t.Fatal(err)
				}
				round := &store{t, s.db, s.o}
				round.o.Lists = rapid.SampledFrom([]criteria.Lists{criteria.ListTables, criteria.ListJSON}).Draw(t, "lists")
				records := criteriatest.Records(t, d.Schema(), 100)
				rows := make([]formula.Row, len(records))
				for i, r := range records {
					rows[i] = r
				}
				if _, err := d.SQL(round.o); err != nil && s.o.Dialect == criteria.Postgres && strings.Contains(err.Error(), "double precision") {
					if d, err = criteria.Parse([]byte(strings.ReplaceAll(text, "1e300", "1e30")), criteriatest.Forms); err != nil {
						t.Fatal(err)
					}
					if _, err := d.SQL(round.o); err != nil {
						refused++ // a product of products
						return
					}
				}
				round.fill(d, rows)
				round.agree(d, rows)
				round.columnsAgree(d, criteriatest.Table(d.Schema(), records))
			}))
		}
		if refused > 5*rounds {
			t.Errorf("%d of %d documents are refused", refused, 100*rounds)
		}
	})
}

// A number that leaves the range of a double is unknown; PostgreSQL would stop with an error, so the document is not written for it.
func TestSQLKeepsOverflowUnknownOrRefuses(t *testing.T) {
	t.Parallel()
	eachStore(t, func(_ *testing.T, s *store) {
		d, err := identify.Read([]byte(`criteria: large
version: "2015"
form: household@2015
poor: "(income.wage + 1) * 1e200 * 1e100 * (income.business + 1) * 1e2 < 5"
`))
		if err != nil {
			s.Fatal(err)
		}
		if s.o.Dialect == criteria.Postgres {
			var refusal *formula.Refusal
			if _, err := d.SQL(s.o); !errors.As(err, &refusal) || refusal.At.Line != 4 || refusal.At.Column < 20 {
				s.Errorf("%v", err)
			}
			return
		}
		records := someRecords(50)
		s.fill(d.Document, records)
		s.agree(d.Document, records)
	})
}

func TestSQLRefusesAnUnknownDialect(t *testing.T) {
	t.Parallel()
	d, err := identify.Shipped(criteria.Shipped()[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.SQL(criteria.SQLOptions{Dialect: "oracle", Lists: criteria.ListJSON}); !errs.Is(err, errs.Usage) {
		t.Errorf("%v", err)
	}
	if _, err := d.SQLTables(criteria.SQLOptions{Dialect: criteria.SQLite, Lists: "xml"}); !errs.Is(err, errs.Usage) {
		t.Errorf("%v", err)
	}
}
