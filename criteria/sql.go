package criteria

import (
	"fmt"
	"slices"
	"strings"

	"liandong/errs"
	"liandong/formula"
)

// Dialect is the database a document is written for.
type Dialect string

// The dialects. They differ in the names of types, in JSON and in what a division or an overflow does.
const (
	SQLite   Dialect = "sqlite"   // 3.35 or later
	Postgres Dialect = "postgres" // 15 or later
	DuckDB   Dialect = "duckdb"   // 1.0 or later
)

// Lists says how the records of a list lie in the database.
type Lists string

// The layouts. Either way the household's own column of the list is NULL where the list is unknown.
const (
	ListTables Lists = "table" // a table for each list, household_members; the household's column holds the number of records
	ListJSON   Lists = "json"  // the household's column holds a JSON array of objects
)

// SQLOptions say for which database, over which layout and under which settings a document is written.
type SQLOptions struct {
	Settings

	Dialect Dialect
	Lists   Lists
}

// sqlTable is the table of the records; its lists are in tables named after it and the list.
const sqlTable = "household"

// SQL is the document as one SELECT with the columns household, outcome, score_low, score_high and missing, the last being paths with a blank
// between them, empty unless the outcome is undetermined. It gives, bit for bit, what an Evaluator gives.
//
// NULL is the unknown. Each named or shared value is a column of a materialized step, so that the statement grows with the document and not
// with how often its values are used. The tables are those of SQLTables: a column for each field by its path, a number as whole scaled
// units (fen for money), a code as its number, several codes as the mask of their numbers; a Parquet file of segments has the same.
//
// A document of which a number might leave the range of a double is refused for PostgreSQL, which stops with an error there; so is a text
// with a NUL for every dialect, and a list within a list.
func (d *Document) SQL(o SQLOptions) (string, error) {
	if err := o.check(); err != nil {
		return "", err
	}
	inputs, err := d.inputs(o.Settings)
	if err != nil {
		return "", err
	}
	w := newSQLWriter(d, o, inputs)
	w.writeScore()
	w.writeOutcome()
	w.writeMissing()
	if w.refused != nil {
		return "", w.refused
	}
	return w.statement(), nil
}

func (o *SQLOptions) check() error {
	if !slices.Contains([]Dialect{SQLite, Postgres, DuckDB}, o.Dialect) || !slices.Contains([]Lists{ListTables, ListJSON}, o.Lists) {
		return errs.New(errs.Usage, "criteria.SQL", "数据库可选 sqlite、postgres、duckdb；列表可选 table、json。", "The dialect is sqlite, postgres or duckdb; lists are table or json.")
	}
	return nil
}

// SQLTables are the CREATE TABLE statements of the tables that SQL reads, for the whole form.
func (d *Document) SQLTables(o SQLOptions) (string, error) {
	if err := o.check(); err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "CREATE TABLE %s (\n\t%s TEXT NOT NULL PRIMARY KEY", quoteName(sqlTable), quoteName("household"))
	o.columnsOf(&b, d.schema)
	b.WriteString("\n);\n")
	for i := range d.schema.Fields {
		f := &d.schema.Fields[i]
		if f.Type != formula.List || o.Lists == ListJSON {
			continue
		}
		fmt.Fprintf(&b, "CREATE TABLE %s (\n\t%s TEXT NOT NULL,\n\t%s INTEGER NOT NULL", quoteName(sqlTable+"_"+f.Path), quoteName("household"), quoteName("item"))
		o.columnsOf(&b, f.List)
		fmt.Fprintf(&b, ",\n\tPRIMARY KEY (%s, %s)\n);\n", quoteName("household"), quoteName("item"))
	}
	return b.String(), nil
}

func (o *SQLOptions) columnsOf(b *strings.Builder, s *formula.Schema) {
	for i := range s.Fields {
		if t := o.columnType(&s.Fields[i]); t != "" {
			fmt.Fprintf(b, ",\n\t%s %s", quoteName(s.Fields[i].Path), t)
		}
	}
}

// columnType is the SQL type of a field's column; empty where rules do not see the field.
func (o *SQLOptions) columnType(f *formula.Field) string {
	lite := o.Dialect == SQLite
	switch f.Type {
	case formula.Bool:
		return choose(lite, "INTEGER", "BOOLEAN")
	case formula.Number, formula.Code, formula.Codes:
		return choose(lite, "INTEGER", "BIGINT")
	case formula.Date:
		return choose(lite, "TEXT", "DATE")
	case formula.Text:
		return "TEXT"
	case formula.List:
		if o.Lists == ListTables {
			return "INTEGER"
		}
		return map[Dialect]string{SQLite: "TEXT", Postgres: "JSONB", DuckDB: "JSON"}[o.Dialect]
	}
	return ""
}

func choose(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

func quoteName(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

func quoteText(s string) string { return `'` + strings.ReplaceAll(s, `'`, `''`) + `'` }

// sqlColumn is a value that later steps refer to by name.
type sqlColumn struct {
	name  string
	text  string
	level int // the step that computes it; 0 for the columns of the table
}

// sqlWriter writes one document. level follows the deepest step that the text being written refers to.
type sqlWriter struct {
	SQLOptions

	doc     *Document
	inputs  formula.Inputs
	columns []sqlColumn
	named   map[string]int // name → columns
	byNode  map[int]int    // node → columns
	names   map[int]string // node → the name it bears in the document
	uses    map[int]int
	ranges  map[int]numberRange
	above   map[int][]sqlEdge // who asks for a node: see sql_missing.go
	reached map[int]int       // node → columns
	level   int
	refused error
}

// sqlNames are the columns that every statement has.
var sqlNames = []string{"household", "poor", "outcome", "score_low", "score_high", "missing"}

func newSQLWriter(d *Document, o SQLOptions, inputs formula.Inputs) *sqlWriter {
	w := &sqlWriter{
		SQLOptions: o, doc: d, inputs: inputs, named: map[string]int{}, byNode: map[int]int{}, names: map[int]string{}, uses: map[int]int{},
		ranges: map[int]numberRange{}, above: map[int][]sqlEdge{}, reached: map[int]int{},
	}
	for i := range d.Derived {
		if !slices.Contains(sqlNames, d.Derived[i].Name) {
			w.names[d.Derived[i].Node.ID] = d.Derived[i].Name
		}
	}
	seen := map[int]bool{}
	for _, n := range d.roots() {
		w.countUses(n, seen)
	}
	return w
}

func (w *sqlWriter) countUses(n *formula.Node, seen map[int]bool) {
	w.uses[n.ID]++
	if seen[n.ID] {
		return
	}
	seen[n.ID] = true
	for _, a := range n.Args {
		w.countUses(a, seen)
	}
	if n.Pred != nil {
		w.countUses(n.Pred, seen)
	}
}

// refuse keeps the first reason why the document cannot be written.
func (w *sqlWriter) refuse(at formula.Position, zh, en string) {
	if w.refused == nil {
		w.refused = at0(at, zh, en)
	}
}

func at0(p formula.Position, zh, en string) error {
	return at(formula.Position{Line: max(p.Line, 1), Column: max(p.Column, 1)}, zh, en)
}

// column gives the reference to a named value, adding it where it is new.
func (w *sqlWriter) column(name string, text func() string) string {
	i, ok := w.named[name]
	if !ok {
		i = w.add(name, text)
	}
	w.level = max(w.level, w.columns[i].level)
	return "s." + quoteName(name)
}

func (w *sqlWriter) add(name string, text func() string) int {
	outer := w.level
	w.level = 0
	c := sqlColumn{name: name, text: text()}
	c.level = w.level + 1
	w.level = outer
	w.columns = append(w.columns, c)
	w.named[name] = len(w.columns) - 1
	return len(w.columns) - 1
}

// base gives the reference to a column of the table, converted as rules read it.
func (w *sqlWriter) base(f *formula.Field) string {
	if _, ok := w.named[f.Path]; !ok {
		w.columns = append(w.columns, sqlColumn{name: f.Path, text: w.converted("h."+quoteName(f.Path), f)})
		w.named[f.Path] = len(w.columns) - 1
	}
	return "s." + quoteName(f.Path)
}

// writeScore adds the two ends of the score, part by part in the order of the document.
func (w *sqlWriter) writeScore() {
	low, high := w.number(0), w.number(0)
	w.column("score_low", func() string {
		for i := range w.doc.Indicators {
			g := &w.doc.Indicators[i]
			for k := range g.Parts {
				low = "(" + low + " + COALESCE(" + w.points(g, &g.Parts[k]) + ", " + w.number(0) + "))"
			}
		}
		return low
	})
	w.column("score_high", func() string {
		for i := range w.doc.Indicators {
			g := &w.doc.Indicators[i]
			for k := range g.Parts {
				high = "(" + high + " + COALESCE(" + w.points(g, &g.Parts[k]) + ", " + w.number(g.Parts[k].Max) + "))"
			}
		}
		return high
	})
}

// points is a part's value, NULL where it is outside of its range.
func (w *sqlWriter) points(g *Indicator, p *Part) string {
	return w.column("points "+g.ID+"."+p.ID, func() string {
		v := w.kept(p.Node)
		return "CASE WHEN " + v + " BETWEEN " + w.number(0) + " AND " + w.number(p.Max) + " THEN " + v + " END"
	})
}

func (w *sqlWriter) poor() string {
	return w.column("poor", func() string { return w.value(w.doc.Poor.Node) })
}

func (w *sqlWriter) bar(b *Bar) string {
	return w.column("bar "+b.ID, func() string { return w.value(b.Node) })
}

// writeOutcome decides in the order of the document's semantics.
func (w *sqlWriter) writeOutcome() {
	w.column("outcome", func() string {
		barred, unknown, review := []string{}, []string{w.poor() + " IS NULL"}, []string{}
		for i := range w.doc.Bars {
			b := &w.doc.Bars[i]
			if met := w.bar(b); b.Kind == Veto {
				barred, unknown = append(barred, met), append(unknown, met+" IS NULL")
			} else {
				review = append(review, "COALESCE("+met+", TRUE)")
			}
		}
		var s strings.Builder
		s.WriteString("CASE WHEN NOT " + w.poor() + " THEN " + quoteText(NotProposed.String()))
		for _, c := range []struct {
			any []string
			o   Outcome
		}{{barred, Barred}, {unknown, Undetermined}, {review, UnderReview}} {
			if len(c.any) > 0 {
				s.WriteString(" WHEN " + strings.Join(c.any, " OR ") + " THEN " + quoteText(c.o.String()))
			}
		}
		return s.String() + " ELSE " + quoteText(Proposed.String()) + " END"
	})
}

// statement puts the columns into steps.
func (w *sqlWriter) statement() string {
	var s strings.Builder
	deepest := 0
	for i := range w.columns {
		deepest = max(deepest, w.columns[i].level)
	}
	fmt.Fprintf(&s, "-- %s, %s, as of %s\n", w.doc.ID(), w.Dialect, w.AsOf)
	for level := range deepest + 1 {
		s.WriteString(choose(level == 0, "WITH ", ",\n"))
		fmt.Fprintf(&s, "s%d AS MATERIALIZED (\n\tSELECT %s", level, choose(level == 0, "h."+quoteName("household"), "s.*"))
		for _, c := range w.columns {
			if c.level == level {
				fmt.Fprintf(&s, ",\n\t\t%s AS %s", c.text, quoteName(c.name))
			}
		}
		if level == 0 {
			fmt.Fprintf(&s, "\n\tFROM %s AS h\n)", quoteName(sqlTable))
		} else {
			fmt.Fprintf(&s, "\n\tFROM s%d AS s\n)", level-1)
		}
	}
	fmt.Fprintf(&s, "\nSELECT %s, outcome, score_low, score_high, missing FROM s%d\n", quoteName("household"), deepest)
	return s.String()
}
