package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/xuri/excelize/v2"

	"liandong/errs"
	"liandong/internal/demo"
	"liandong/internal/registry"
	"liandong/sheet"
)

// imports measures the first import of a table of 100,000 members into an empty city.
func (c *benchCommand) imports(ctx context.Context, p *program, r *benchResult) error {
	const rows = 100_000
	dir, err := os.MkdirTemp("", "liandong-bench-")
	if err != nil {
		return errs.Wrap("main.bench", err)
	}
	defer os.RemoveAll(dir)
	if _, err := child(ctx, "", 1, "demo", "--json", "--scale", "0.3", "--dir", filepath.Join(dir, "source")); err != nil {
		return err
	}
	file := filepath.Join(dir, "table.xlsx")
	n, err := c.workbook(ctx, p, filepath.Join(dir, "source"), file, rows)
	if err != nil {
		return err
	}
	city := filepath.Join(dir, "city")
	if _, err := child(ctx, "", 1, "init", "--json", "--city", "130600", "--dir", city); err != nil {
		return err
	}
	run, err := child(ctx, fmt.Sprintf("first import of a workbook of %d rows × 44 columns, shared strings, all checks (rows)", n), n,
		"import", "households", file, "--json", "--as-of", "2015-12-31", "--dir", city)
	r.Runs = append(r.Runs, run)
	return err
}

// workbook writes whole households up to a number of rows into a workbook whose texts are shared, as spreadsheets save them.
func (c *benchCommand) workbook(ctx context.Context, p *program, source, file string, rows int) (int, error) {
	opened, err := p.openCity(ctx, &cityFlags{Dir: source})
	if err != nil {
		return 0, err
	}
	table := &memoryTable{}
	e := registry.Export{Division: demo.Baoding, At: registry.Moment{AsOf: demo.LastDay()}, Layout: registry.NationalLayout(), Secrets: true, Reason: "bench"}
	if _, err := opened.registry.Export(ctx, console(), e, func(t sheet.Table) (sheet.Writer, error) {
		table.Table = t
		return table, nil
	}); err != nil {
		return 0, err
	}
	f := excelize.NewFile()
	defer f.Close()
	values := make([]any, len(table.Columns))
	for i := range values {
		values[i] = table.Columns[i].Heading
	}
	if err := f.SetSheetRow("Sheet1", "A1", &values); err != nil {
		return 0, errs.Wrap("main.bench", err)
	}
	n := min(rows, len(table.rows))
	number := table.column("户编号")
	for n < len(table.rows) && n > 0 && table.rows[n][number].Text == table.rows[n-1][number].Text {
		n--
	}
	for i, row := range table.rows[:n] {
		for k := range row {
			values[k] = row[k].Text
		}
		if err := f.SetSheetRow("Sheet1", "A"+strconv.Itoa(i+2), &values); err != nil {
			return 0, errs.Wrap("main.bench", err)
		}
	}
	return n, errs.Wrap("main.bench", f.SaveAs(file))
}

// memoryTable keeps a table that would be written.
type memoryTable struct {
	sheet.Table
	rows [][]sheet.Cell
}

// Write implements sheet.Writer.
func (m *memoryTable) Write(cells []sheet.Cell) error {
	m.rows = append(m.rows, slices.Clone(cells))
	return nil
}

// Close implements sheet.Writer.
func (m *memoryTable) Close() error { return nil }

func (m *memoryTable) column(heading string) int {
	return slices.IndexFunc(m.Columns, func(c sheet.Column) bool { return c.Heading == heading })
}
