package db

import (
	"context"
	"database/sql/driver"
	"iter"
	"strings"
)

// parametersPerInsert bounds how many values one multi-row INSERT carries; longer statements gain nothing more (docs/decisions/0020-store.md).
const parametersPerInsert = 640

// insertMany inserts rows by a prepared statement of many rows, and the rest one by one.
func (c *sqliteConn) insertMany(table string, columns []string, rows iter.Seq[[]any]) (int64, error) {
	perStatement := max(1, parametersPerInsert/len(columns))
	many, err := c.prepare(insertText(table, columns, perStatement))
	if err != nil {
		return 0, err
	}
	single, err := c.prepare(insertText(table, columns, 1))
	if err != nil {
		return 0, err
	}
	width := len(columns)
	args := make([]driver.NamedValue, 0, perStatement*width)
	var n int64
	for row := range rows {
		if args, err = appendRow(args, row, width); err != nil {
			return n, err
		}
		if len(args) == cap(args) {
			if _, err := many.(driver.StmtExecContext).ExecContext(context.Background(), args); err != nil {
				return n, err
			}
			args = args[:0]
		}
		n++
	}
	for len(args) > 0 {
		if _, err := single.(driver.StmtExecContext).ExecContext(context.Background(), renumbered(args[:width])); err != nil {
			return n, err
		}
		args = args[width:]
	}
	return n, nil
}

func appendRow(args []driver.NamedValue, row []any, width int) ([]driver.NamedValue, error) {
	if len(row) != width {
		return nil, errRowWidth(len(row), width)
	}
	for _, arg := range row {
		v, err := valueOf(arg)
		if err != nil {
			return nil, err
		}
		args = append(args, driver.NamedValue{Ordinal: len(args) + 1, Value: v})
	}
	return args, nil
}

func renumbered(args []driver.NamedValue) []driver.NamedValue {
	for i := range args {
		args[i].Ordinal = i + 1
	}
	return args
}

func insertText(table string, columns []string, rows int) string {
	var b strings.Builder
	b.WriteString("INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES ")
	tuple := "(?" + strings.Repeat(", ?", len(columns)-1) + ")"
	for i := range rows {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(tuple)
	}
	return b.String()
}
