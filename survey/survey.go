// Package survey reads the columns that a measurement of poverty needs out of a file of observations: CSV in the encodings and with the separators that
// offices use, or Parquet. What it gives is a poverty.Sample.
//
// Only the columns that are named are read. A Parquet column of floats is decoded straight into the memory that the measurement then works on. Whatever
// is not a number, not finite, below zero where it may not be, or absent is refused with the row and the column it stands in; absent values may be left out
// instead, and then they are counted.
//
// The package is an engine: it stands above poverty and sheet and knows neither database nor HTTP.
package survey

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"

	"liandong/errs"
	"liandong/poverty"
)

// Columns names the columns of a file. Income is needed; an empty name is a column that is not asked for.
type Columns struct {
	Income  string
	Weight  string // how many persons a record stands for
	Group   string // the breakdown
	Stratum string
	Unit    string // the sampling unit: household, village
	Rank    string // by which a concentration index ranks; income ranks itself
}

// What happens to records that lack a value of a named column.
const (
	MissingRefused = "refused" // the file is not measured, and the sentence names the first
	MissingDropped = "dropped" // they are left out and counted
)

// Data is what was read.
type Data struct {
	poverty.Sample
	Rank    []float64 // nil where it was not asked for
	Read    int       // records of the file
	Dropped int       // records that lacked a value and were left out
}

// The names by which a file leaves a value out, beside the empty field.
func absent(field []byte) bool {
	switch string(field) {
	case "", "NA", "N/A", ".":
		return true
	}
	return false
}

// columns are the columns of a file that were asked for, in the order of the file's records.
type columns struct {
	numbers []*numbers
	factors []*factor
	length  int
	row     func(record int) int // the row of the file, as its reader counts them
}

// numbers is a column of numbers. Where absent has a record, its value means nothing.
type numbers struct {
	name     string
	weight   bool // may not be below zero
	values   []float64
	absent   []int // records, ascending
	position int   // in the file
}

// factor is a column of categories; a code of -1 is an absent one.
type factor struct {
	name     string
	codes    []int32
	levels   []string
	position int
}

const opRead = "survey.Read"

// Read reads the named columns of a file. Errors are of kind NotFound for a file that cannot be opened, Usage for a column that it lacks, Invalid for what
// it holds.
func Read(path string, named Columns, missing string) (_ *Data, err error) {
	defer func() { err = inFile(path, err) }()
	if missing != MissingRefused && missing != MissingDropped {
		return nil, errs.New(errs.Usage, opRead, "缺失值的处理只能是 refused（拒绝）或 dropped（去掉）。", "Missing values are refused or dropped.")
	}
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	wanted := named.wanted()
	if err := wanted.read(f); err != nil {
		return nil, err
	}
	return wanted.data(named, missing)
}

// read tells the two kinds of files apart by their first bytes.
func (w *columns) read(f *os.File) error {
	head := make([]byte, len(parquetMark))
	read := w.readCSV
	if n, _ := f.ReadAt(head, 0); n == len(head) && bytes.Equal(head, []byte(parquetMark)) {
		read = w.readParquet
	}
	if err := read(f); err != nil {
		return err
	}
	if w.length == 0 {
		return errs.New(errs.Invalid, opRead, "文件只有表头，没有任何记录，无法计算。请检查导出是否完整。", "The file has a heading and no record, so there is nothing to measure. Check that the export is complete.")
	}
	return nil
}

func (c Columns) wanted() *columns {
	w := &columns{}
	for _, name := range []string{c.Income, c.Weight, c.Rank} {
		if name != "" || len(w.numbers) == 0 {
			w.numbers = append(w.numbers, &numbers{name: name, weight: name == c.Weight && len(w.numbers) > 0})
		}
	}
	for _, name := range []string{c.Group, c.Stratum, c.Unit} {
		if name != "" {
			w.factors = append(w.factors, &factor{name: name})
		}
	}
	return w
}

// find gives each wanted column its position among the headings.
func (w *columns) find(headings []string) error {
	at := map[string]int{}
	for i, h := range headings {
		if _, twice := at[h]; twice {
			at[h] = -1
			continue
		}
		at[h] = i
	}
	place := func(name string) (int, error) {
		switch i, there := at[name]; {
		case !there:
			return 0, lacks(name, headings)
		case i < 0:
			return 0, errs.New(errs.Usage, opRead, fmt.Sprintf("文件里有两列都叫「%s」。请先改名。", name), fmt.Sprintf("Two columns of the file are called %q. Rename one.", name))
		default:
			return i, nil
		}
	}
	var err error
	for _, n := range w.numbers {
		if n.position, err = place(n.name); err != nil {
			return err
		}
	}
	for _, f := range w.factors {
		if f.position, err = place(f.name); err != nil {
			return err
		}
	}
	return nil
}

// lacks is the refusal of a column that the file has not: it names the nearest headings first, then all, or the first of many.
func lacks(name string, headings []string) error {
	const most = 30
	near := errs.Near(name, headings)
	zh, en := fmt.Sprintf("文件里没有「%s」这一列。%s", name, near.ZH), fmt.Sprintf("The file has no column %q.%s", name, near.EN)
	list := strings.Join(headings[:min(most, len(headings))], ", ")
	if len(headings) > most {
		return errs.New(errs.Usage, opRead, fmt.Sprintf("%s共 %d 列，前 %d 列是：%s。", zh, len(headings), most, list), fmt.Sprintf("%s It has %d, of which the first %d are: %s.", en, len(headings), most, list))
	}
	return errs.New(errs.Usage, opRead, zh+"有："+list+"。", en+" It has: "+list+".")
}

// inFile puts the name of the file before the place that an error tells of, since a command may read several.
func inFile(path string, err error) error {
	var e *errs.Error
	if !errors.As(err, &e) || e.Where == path {
		return err
	}
	if e.Where == "" {
		return e.At(filepath.Base(path))
	}
	return e.At(filepath.Base(path) + " " + e.Where)
}

// wrong is a refusal that names the row and the column.
func wrong(row int, column, zh, en string) error {
	return errs.New(errs.Invalid, opRead, zh, en).At(fmt.Sprintf("第 %d 行「%s」列 (row %d, column %s)", row, column, row, column))
}

func notFinite(row int, column string) error {
	return wrong(row, column, "值不是有限的数。请更正或删去该行。", "The value is not a finite number. Correct the row or leave it out.")
}

func negative(row int, column string) error {
	return wrong(row, column, "权重小于零。权重表示一条记录代表多少人，不能为负。", "The weight is below zero. A weight says how many persons a record stands for and cannot be negative.")
}

// weightless is the refusal of weights that are all zero.
func weightless(column string) error {
	return errs.New(errs.Invalid, opRead, "所有权重都是零，没有可以计算的人口。请检查权重列。", "All weights are zero, so there is no population to measure. Check the column of weights.").
		At(fmt.Sprintf("「%s」列 (column %s)", column, column))
}

// data leaves out what may be left out, checks the rest and names the columns' roles.
func (w *columns) data(named Columns, missing string) (*Data, error) {
	d := &Data{Read: w.length}
	keep, err := w.present(missing)
	if err != nil {
		return nil, err
	}
	if keep != nil {
		d.Dropped = w.length - len(keep)
		w.keep(keep)
	}
	for _, n := range w.numbers {
		if err := n.check(w.row); err != nil {
			return nil, err
		}
	}
	next := 0
	number := func(name string) []float64 {
		if name == "" {
			return nil
		}
		next++
		return w.numbers[next-1].values
	}
	d.Income, d.Weight, d.Rank = number(named.Income), number(named.Weight), number(named.Rank)
	at := 0
	category := func(name string) poverty.Factor {
		if name == "" {
			return poverty.Factor{}
		}
		at++
		return poverty.Factor{Code: w.factors[at-1].codes, Level: w.factors[at-1].levels}.Ordered()
	}
	d.Group, d.Design.Stratum, d.Design.Unit = category(named.Group), category(named.Stratum), category(named.Unit)
	return d, nil
}

// present lists the records that lack nothing; nil where none lacks anything.
func (w *columns) present(missing string) ([]int32, error) {
	lacking, first, column := map[int]bool{}, math.MaxInt, ""
	note := func(record int, name string) {
		lacking[record] = true
		if record < first {
			first, column = record, name
		}
	}
	for _, n := range w.numbers {
		for _, record := range n.absent {
			note(record, n.name)
		}
	}
	for _, f := range w.factors {
		for record, code := range f.codes {
			if code < 0 {
				note(record, f.name)
			}
		}
	}
	switch {
	case len(lacking) == 0:
		return nil, nil
	case missing == MissingRefused:
		return nil, wrong(w.row(first), column,
			fmt.Sprintf("缺少值；这样的记录共 %d 条。请补上，或用 --missing dropped 去掉它们。", len(lacking)),
			"The value is missing, as it is in "+errs.Count(len(lacking), "record", "records")+" in all. Fill it in, or leave such records out with --missing dropped.")
	}
	keep := make([]int32, 0, w.length-len(lacking))
	for record := range w.length {
		if !lacking[record] {
			keep = append(keep, int32(record))
		}
	}
	return keep, nil
}

// keep packs the columns down to some records.
func (w *columns) keep(records []int32) {
	for _, n := range w.numbers {
		for i, record := range records {
			n.values[i] = n.values[record]
		}
		n.values = n.values[:len(records)]
	}
	for _, f := range w.factors {
		for i, record := range records {
			f.codes[i] = f.codes[record]
		}
		f.codes = f.codes[:len(records)]
	}
	before := w.row
	w.row = func(record int) int { return before(int(records[record])) }
}

func (n *numbers) check(row func(int) int) error {
	some := false
	for i, x := range n.values {
		switch {
		case x-x != 0:
			return notFinite(row(i), n.name)
		case n.weight && x < 0:
			return negative(row(i), n.name)
		}
		some = some || x > 0
	}
	if n.weight && !some && len(n.values) > 0 {
		return weightless(n.name)
	}
	return nil
}
