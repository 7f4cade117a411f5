package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"os"
	"runtime"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"liandong/column"
	"liandong/criteria"
)

// duckDB measures the document as one SELECT whose result is kept in a table in memory, in the two forms that a member list can have: a child
// table that is grouped, and lists in the row. Each without and with reasons.
func duckDB(ctx context.Context, tables []*column.Table, want []answer) ([]measured, error) {
	connector, err := duckdb.NewConnector("", nil)
	if err != nil {
		return nil, err
	}
	defer connector.Close()
	db := sql.OpenDB(connector)
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, statement := range []string{fmt.Sprintf("SET threads TO %d", runtime.GOMAXPROCS(0)), "SET preserve_insertion_order = false", childSchema} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return nil, err
		}
	}
	if err := load(ctx, db, tables); err != nil {
		return nil, err
	}
	if _, err := db.ExecContext(ctx, listSchema); err != nil {
		return nil, err
	}
	version := ""
	if err := db.QueryRowContext(ctx, "SELECT version()").Scan(&version); err != nil {
		return nil, err
	}
	var lines []measured
	for _, form := range []struct{ what, facts string }{{"members as a child table, grouped", childFacts}, {"members as lists in the row", listFacts}} {
		for _, reasons := range []bool{false, true} {
			query := "CREATE OR REPLACE TEMP TABLE answer AS " + verdicts(form.facts, reasons)
			seconds, err := median(func() error {
				_, err := db.ExecContext(ctx, query)
				return err
			})
			if err != nil {
				return nil, err
			}
			what := "DuckDB " + version + ", " + form.what
			if reasons {
				what += ", with reasons"
			}
			if err := answersEqual(ctx, db, what, want); err != nil {
				return nil, err
			}
			lines = append(lines, measured{what, len(want), seconds})
			fmt.Fprintln(os.Stderr, what, seconds)
		}
	}
	return lines, nil
}

func answersEqual(ctx context.Context, db *sql.DB, what string, want []answer) error {
	rows, err := db.QueryContext(ctx, "SELECT outcome, low, high FROM answer ORDER BY id")
	if err != nil {
		return err
	}
	defer rows.Close()
	got := make([]answer, 0, len(want))
	for rows.Next() {
		var a answer
		var outcome int
		if err := rows.Scan(&outcome, &a.low, &a.high); err != nil {
			return err
		}
		a.outcome = criteria.Outcome(outcome)
		got = append(got, a)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if len(got) != len(want) {
		return fmt.Errorf("%s gives %d answers for %d households", what, len(got), len(want))
	}
	return same(what, got, want)
}

// The tables, each column in its narrowest type; an answer that is missing is NULL, and a list that is missing has its flag NULL.
const childSchema = `
CREATE TABLE household (id INTEGER, area INTEGER, structure UTINYINT, dangerous BOOLEAN, paved BOOLEAN, electricity BOOLEAN, water BOOLEAN,
	arable INTEGER, woodland INTEGER, grain INTEGER, wage INTEGER, business INTEGER, property INTEGER, transfer INTEGER, cost INTEGER,
	vehicles BOOLEAN, properties BOOLEAN, companies BOOLEAN);
CREATE TABLE member (id INTEGER, labour UTINYINT, at_school UTINYINT, health UTINYINT, employment UTINYINT);
CREATE TABLE vehicle (id INTEGER, kind UTINYINT);
CREATE TABLE property (id INTEGER, kind UTINYINT, in_town BOOLEAN, resettlement BOOLEAN);
CREATE TABLE company (id INTEGER, annual_returns BOOLEAN)`

const listSchema = `
CREATE TABLE listed AS SELECT household.*, m.labour, m.at_school, m.health, m.employment,
	CASE WHEN vehicles THEN coalesce(v.kind, []) END AS vehicle_kind, CASE WHEN properties THEN coalesce(p.bought, []) END AS bought, CASE WHEN companies THEN coalesce(c.returns, []) END AS returns
FROM household
LEFT JOIN (SELECT id, list(labour) AS labour, list(at_school) AS at_school, list(health) AS health, list(employment) AS employment FROM member GROUP BY id) m USING (id)
LEFT JOIN (SELECT id, list(kind) AS kind FROM vehicle GROUP BY id) v USING (id)
LEFT JOIN (SELECT id, list(kind IN (1, 2) AND in_town AND NOT resettlement) AS bought FROM property GROUP BY id) p USING (id)
LEFT JOIN (SELECT id, list(annual_returns) AS returns FROM company GROUP BY id) c USING (id)
ORDER BY id`

// exists is the three-valued or over a group: SQL's own bool_or would skip the unknown.
func exists(condition string) string {
	return fmt.Sprintf("CASE WHEN bool_or(%[1]s) THEN true WHEN bool_or((%[1]s) IS NULL) THEN NULL ELSE false END", condition)
}

// childFacts gives every household its counts and flags from grouped child tables.
var childFacts = `SELECT h.*, m.size, m.able, m.pupils, m.ill, m.salary, m.cadre,
	CASE WHEN h.vehicles THEN CASE WHEN v.id IS NULL THEN false ELSE v.barred END END AS vehicle,
	CASE WHEN h.properties THEN CASE WHEN p.id IS NULL THEN false ELSE p.barred END END AS flat,
	CASE WHEN h.companies THEN CASE WHEN c.id IS NULL THEN false ELSE c.barred END END AS company
FROM household h
JOIN (SELECT id, count(*)::DOUBLE AS size,
	CASE WHEN count(labour) = count(*) THEN sum((labour <= 2)::UTINYINT)::INTEGER END AS able,
	CASE WHEN count(at_school) = count(*) THEN sum((at_school NOT IN (1, 21))::UTINYINT)::INTEGER END AS pupils,
	CASE WHEN bit_or(health) & 28 <> 0 THEN true WHEN count(health) = count(*) THEN false END AS ill,
	CASE WHEN bit_or(1 << employment::INTEGER) & 48 <> 0 THEN true WHEN count(employment) = count(*) THEN false END AS salary,
	CASE WHEN bit_or(1 << employment::INTEGER) & 192 <> 0 THEN true WHEN count(employment) = count(*) THEN false END AS cadre
	FROM member GROUP BY id) m USING (id)
LEFT JOIN (SELECT id, ` + exists("kind IN (1, 2, 4, 5)") + ` AS barred FROM vehicle GROUP BY id) v USING (id)
LEFT JOIN (SELECT id, ` + exists("kind IN (1, 2) AND in_town AND NOT resettlement") + ` AS barred FROM property GROUP BY id) p USING (id)
LEFT JOIN (SELECT id, ` + exists("annual_returns") + ` AS barred FROM company GROUP BY id) c USING (id)`

// anyOf is the three-valued or over a list. The lambda is quicker than list_has_any, which was tried.
func anyOf(list, condition string) string {
	return fmt.Sprintf("CASE WHEN %[1]s IS NULL THEN NULL WHEN len(list_filter(%[1]s, lambda x: %[2]s)) > 0 THEN true WHEN list_count(%[1]s) < len(%[1]s) THEN NULL ELSE false END", list, condition)
}

// listFacts gives the same from lists in the row.
var listFacts = `SELECT *, len(labour)::DOUBLE AS size,
	CASE WHEN list_count(labour) = len(labour) THEN len(list_filter(labour, lambda x: x IN (1, 2))) END AS able,
	CASE WHEN list_count(at_school) = len(at_school) THEN len(list_filter(at_school, lambda x: x NOT IN (1, 21))) END AS pupils,
	` + anyOf("health", "x & 28 <> 0") + ` AS ill, ` + anyOf("employment", "x IN (4, 5)") + ` AS salary, ` + anyOf("employment", "x IN (6, 7)") + ` AS cadre,
	` + anyOf("vehicle_kind", "x IN (1, 2, 4, 5)") + ` AS vehicle, ` + anyOf("bought", "x") + ` AS flat, ` + anyOf("returns", "x") + ` AS company
FROM listed`

// parts are the points of the document in SQL, unknown where what they need is: a CASE whose conditions are NULL would fall to its ELSE.
var parts = []struct {
	name, points string
	most         int
}{
	{"structure", "CASE structure WHEN 4 THEN 0 WHEN 5 THEN 2 WHEN 3 THEN 4 WHEN 2 THEN 6 WHEN 1 THEN 8 END", 8},
	{"area", chain("area::DOUBLE / 10 / nullif(size, 0)", "15", "0", "30", "3", "6"), 6},
	{"sound", "CASE WHEN dangerous THEN 0 WHEN NOT dangerous THEN 3 END", 3},
	{"path", "CASE WHEN paved THEN 1 WHEN NOT paved THEN 0 END", 1},
	{"electric", "CASE WHEN electricity THEN 1 WHEN NOT electricity THEN 0 END", 1},
	{"safe", "CASE WHEN water THEN 1 WHEN NOT water THEN 0 END", 1},
	{"output", chain("grain::DOUBLE / nullif(size, 0)", "150", "0", "300", "8", "15"), 15},
	{"land", chain("arable::DOUBLE / 100 / nullif(size, 0)", "0.5", "0", "1", "4", "2", "8", "12"), 12},
	{"wood", "CASE WHEN woodland > 0 THEN 3 WHEN woodland <= 0 THEN 0 END", 3},
	{"able_share", "CASE WHEN able / nullif(size, 0) <= 0 THEN 0 WHEN able / nullif(size, 0) < 0.34::DOUBLE THEN 8 WHEN able / nullif(size, 0) < 0.5::DOUBLE THEN 15 WHEN able / nullif(size, 0) < 0.67::DOUBLE THEN 20 WHEN able / nullif(size, 0) IS NOT NULL THEN 25 END", 25},
	{"well", "CASE WHEN ill THEN 0 WHEN NOT ill THEN 5 END", 5},
	{"school", "CASE WHEN pupils <= 0 THEN 20 WHEN pupils <= 1 THEN 10 WHEN pupils <= 2 THEN 5 WHEN pupils IS NOT NULL THEN 0 END", 20},
}

// chain is a chain of thresholds: bound, points, bound, points, …, points beyond the last.
func chain(value string, steps ...string) string {
	var b strings.Builder
	b.WriteString("CASE")
	for ; len(steps) > 1; steps = steps[2:] {
		fmt.Fprintf(&b, " WHEN %s < %s::DOUBLE THEN %s", value, steps[0], steps[1])
	}
	fmt.Fprintf(&b, " WHEN %s IS NOT NULL THEN %s END", value, steps[0])
	return b.String()
}

// verdicts is the whole document over the facts of households.
func verdicts(facts string, reasons bool) string {
	var points, low, high, names []string
	for _, p := range parts {
		points = append(points, fmt.Sprintf("(%s)::UTINYINT AS p_%s", p.points, p.name))
		low = append(low, fmt.Sprintf("coalesce(p_%s, 0)", p.name))
		high = append(high, fmt.Sprintf("coalesce(p_%s, %d)", p.name, p.most))
		names = append(names, "p_"+p.name)
	}
	kept := ""
	if reasons {
		kept = ", " + strings.Join(names, ", ") + ", salary, cadre, flat, vehicle, company, poor"
	}
	veto := "(salary OR flat OR vehicle OR company)"
	return `WITH facts AS (` + facts + `),
pointed AS (SELECT id, salary, cadre, flat, vehicle, company, ` + strings.Join(points, ", ") + `,
	(wage::DOUBLE / 100 + business::DOUBLE / 100 + property::DOUBLE / 100 + transfer::DOUBLE / 100 - cost::DOUBLE / 100) / nullif(size, 0) < 2855::DOUBLE AS below FROM facts),
scored AS (SELECT *, ` + strings.Join(low, " + ") + ` AS low, ` + strings.Join(high, " + ") + ` AS high FROM pointed),
decided AS (SELECT *, CASE WHEN high < 60 THEN true WHEN low >= 60 THEN false END AND below AS poor FROM scored)
SELECT id, low::UTINYINT AS low, high::UTINYINT AS high,
	(CASE WHEN NOT poor THEN 0 WHEN ` + veto + ` THEN 1 WHEN poor IS NULL OR ` + veto + ` IS NULL THEN 2 WHEN cadre IS NULL OR cadre THEN 3 ELSE 4 END)::UTINYINT AS outcome` + kept + `
FROM decided`
}

// load appends the households and their lists.
func load(ctx context.Context, db *sql.DB, tables []*column.Table) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Raw(func(raw any) error {
		for _, name := range []string{"household", "member", "vehicle", "property", "company"} {
			appender, err := duckdb.NewAppenderFromConn(raw.(driver.Conn), "", name)
			if err != nil {
				return err
			}
			id := 0
			for _, t := range tables {
				if err := appendTable(appender, name, t, id); err != nil {
					return err
				}
				id += t.Len()
			}
			if err := appender.Close(); err != nil {
				return err
			}
		}
		return nil
	})
}

// columnsOf lists the columns of each table in the order of its schema.
var columnsOf = map[string][]string{
	"household": {
		"housing.area", "housing.structure", "housing.dangerous", "housing.path_paved", "electricity", "water.safe", "land.arable", "land.woodland",
		"grain.output", "income.wage", "income.business", "income.property", "income.transfer", "income.cost", "vehicles", "properties", "companies",
	},
	"member": {"members.labour", "members.at_school", "members.health", "members.employment"}, "vehicle": {"vehicles.kind"},
	"property": {"properties.kind", "properties.in_town", "properties.resettlement"}, "company": {"companies.annual_returns"},
}

var listOfTable = map[string]string{"member": "members", "vehicle": "vehicles", "property": "properties", "company": "companies"}

func appendTable(appender *duckdb.Appender, name string, t *column.Table, first int) error {
	columns := make([]*column.Column, len(columnsOf[name]))
	for i, path := range columnsOf[name] {
		columns[i] = t.Lookup(path)
	}
	values := make([]driver.Value, 1+len(columns))
	row := func(id, at int) error {
		values[0] = int32(first + id)
		for i, c := range columns {
			values[1+i] = valueOf(c, at)
		}
		return appender.AppendRow(values...)
	}
	list, nested := listOfTable[name]
	for i := range t.Len() {
		if !nested {
			if err := row(i, i); err != nil {
				return err
			}
			continue
		}
		offsets := t.Lookup(list).Offsets()
		for at := offsets[i]; at < offsets[i+1]; at++ {
			if err := row(i, int(at)); err != nil {
				return err
			}
		}
	}
	return nil
}

// valueOf is a cell: of a list, whether it is there.
func valueOf(c *column.Column, at int) driver.Value {
	if !c.Answered(at) {
		return nil
	}
	if c.Kind() == column.List {
		return true
	}
	v, _ := c.Value(at)
	switch c.Kind() {
	case column.Bit:
		return v == 1
	case column.Uint8:
		return uint8(v)
	}
	return int32(v)
}
