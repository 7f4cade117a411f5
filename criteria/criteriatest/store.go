package criteriatest

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"liandong/day"
	"liandong/formula"
)

// Stored is the rows of one table that a document's SQL reads, as the statements of its tables make them. Values are nil, int64, int, bool or
// string.
type Stored struct {
	Table   string
	Columns []string
	Rows    [][]any
}

// Store lays records out in tables: the households, and either a table for each list of theirs or JSON in the household's own column. The name of
// a household is the place of its record: see [StoredName].
func Store(schema *formula.Schema, records []formula.Row, listsAsJSON bool) []*Stored {
	s := &storing{asJSON: listsAsJSON}
	for i, r := range records {
		s.add("household", schema, r, []string{"household"}, []any{StoredName(i)})
	}
	return s.tables
}

// StoredName names a household by the place of its record, so that names sort as records do.
func StoredName(i int) string { return fmt.Sprintf("%06d", i) }

// StoredPlace is the place of a named household's record.
func StoredPlace(name string) int {
	i, err := strconv.Atoi(name)
	if err != nil {
		return -1
	}
	return i
}

type storing struct {
	asJSON bool
	tables []*Stored
}

func (s *storing) add(table string, schema *formula.Schema, r formula.Row, columns []string, values []any) {
	for i := range schema.Fields {
		f := &schema.Fields[i]
		if f.Type == formula.Opaque {
			continue
		}
		v := storedAnswer(f, r, i)
		if f.Type == formula.List && v != nil {
			items := v.(formula.Rows)
			if s.asJSON {
				v = itemsAsJSON(f.List, items)
			} else {
				v = items.Len()
				for k := range items.Len() {
					s.add(table+"_"+f.Path, f.List, items.Row(k), []string{"household", "item"}, []any{values[0], k})
				}
			}
		}
		columns, values = append(columns, f.Path), append(values, v)
	}
	for _, t := range s.tables {
		if t.Table == table {
			t.Rows = append(t.Rows, values)
			return
		}
	}
	s.tables = append(s.tables, &Stored{table, columns, [][]any{values}})
}

// storedAnswer is a field's value; nil where there is none.
func storedAnswer(f *formula.Field, r formula.Row, i int) any {
	switch f.Type {
	case formula.List:
		if items, ok := r.List(i); ok {
			return items
		}
		return nil
	case formula.Text:
		if text, ok := r.Text(i); ok {
			return text
		}
		return nil
	}
	v, ok := r.Value(i)
	switch {
	case !ok:
		return nil
	case f.Type == formula.Bool:
		return v == 1
	case f.Type == formula.Date:
		return day.FromUnixDays(int(v)).String()
	}
	return v
}

func itemsAsJSON(schema *formula.Schema, items formula.Rows) string {
	all := make([]map[string]any, items.Len())
	for k := range all {
		all[k] = map[string]any{}
		for i := range schema.Fields {
			if f := &schema.Fields[i]; f.Type != formula.Opaque {
				if v := storedAnswer(f, items.Row(k), i); v != nil {
					all[k][f.Path] = v
				}
			}
		}
	}
	text, err := json.Marshal(all)
	if err != nil {
		panic(err) // numbers, texts and truths are always written
	}
	return string(text)
}

// Drop is the statements that take all tables of a schema away, where they are there.
func Drop(schema *formula.Schema) string {
	var b strings.Builder
	b.WriteString(`DROP TABLE IF EXISTS "household";`)
	for i := range schema.Fields {
		if f := &schema.Fields[i]; f.Type == formula.List {
			b.WriteString(` DROP TABLE IF EXISTS "household_` + f.Path + `";`)
		}
	}
	return b.String()
}

// Insertions are statements that put the rows in, with at most so many values each.
func (t *Stored) Insertions(most int, run func(statement string, values []any) error) error {
	width := len(t.Columns)
	for from := 0; from < len(t.Rows); {
		to := min(len(t.Rows), from+most/width)
		var text strings.Builder
		text.WriteString(`INSERT INTO "` + t.Table + `" ("` + strings.Join(t.Columns, `", "`) + `") VALUES `)
		var values []any
		for i, row := range t.Rows[from:to] {
			text.WriteString([2]string{", (", "("}[btoi(i == 0)])
			for k := range row {
				text.WriteString([2]string{", ", ""}[btoi(k == 0)])
				fmt.Fprintf(&text, "$%d", len(values)+k+1)
			}
			text.WriteString(")")
			values = append(values, row...)
		}
		if err := run(text.String(), values); err != nil {
			return err
		}
		from = to
	}
	return nil
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
