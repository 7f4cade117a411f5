package survey

import (
	"math"
	"os"

	"liandong/errs"
	"liandong/poverty"
)

// Table is columns of a file with what is absent left in: an absent number is NaN, an absent category has the code -1.
type Table struct {
	Length  int
	Numbers [][]float64      // in the order asked for
	Words   []poverty.Factor // in the order asked for, levels in ascending order of their bytes
	row     func(record int) int
	path    string
}

// Row is the row of the file that a record stands in, for sentences about it.
func (t *Table) Row(record int) int { return t.row(record) }

// ReadTable reads columns of numbers and of words. A column may be asked for twice, and as both. Errors are those of Read; absent values are none.
func ReadTable(path string, numberColumns, wordColumns []string) (_ *Table, err error) {
	defer func() { err = inFile(path, err) }()
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	w := &columns{}
	numberAt, wordAt := map[string]int{}, map[string]int{}
	for _, name := range numberColumns {
		if _, seen := numberAt[name]; !seen {
			numberAt[name] = len(w.numbers)
			w.numbers = append(w.numbers, &numbers{name: name})
		}
	}
	for _, name := range wordColumns {
		if _, seen := wordAt[name]; !seen {
			wordAt[name] = len(w.factors)
			w.factors = append(w.factors, &factor{name: name})
		}
	}
	if err := w.read(f); err != nil {
		return nil, err
	}
	t := &Table{Length: w.length, row: w.row, path: path}
	for _, n := range w.numbers {
		for _, record := range n.absent {
			n.values[record] = 0
		}
		if err := n.check(w.row); err != nil {
			return nil, err
		}
		for _, record := range n.absent {
			n.values[record] = math.NaN()
		}
	}
	for _, name := range numberColumns {
		t.Numbers = append(t.Numbers, w.numbers[numberAt[name]].values)
	}
	ordered := make([]poverty.Factor, len(w.factors))
	for i, f := range w.factors {
		ordered[i] = f.ordered()
	}
	for _, name := range wordColumns {
		t.Words = append(t.Words, ordered[wordAt[name]])
	}
	return t, nil
}

// ordered has the levels ascending and leaves absent codes.
func (f *factor) ordered() poverty.Factor {
	present := make([]int32, 0, len(f.codes))
	for _, code := range f.codes {
		if code >= 0 {
			present = append(present, code)
		}
	}
	of := poverty.Factor{Code: present, Level: f.levels}.Ordered()
	codes, next := make([]int32, len(f.codes)), 0
	for i, code := range f.codes {
		codes[i] = -1
		if code >= 0 {
			codes[i] = of.Code[next]
			next++
		}
	}
	return poverty.Factor{Code: codes, Level: of.Level}
}

// Without gives the records of a factor of which none is absent, or the error of kind Invalid that names the first.
func (t *Table) Without(column string, f poverty.Factor) (poverty.Factor, error) {
	for record, code := range f.Code {
		if code < 0 {
			return f, t.missing(record, column)
		}
	}
	return f, nil
}

// Present refuses a column of numbers in which one is absent, as an error of kind Invalid that names the first.
func (t *Table) Present(column string, values []float64) error {
	for record, x := range values {
		if math.IsNaN(x) {
			return t.missing(record, column)
		}
	}
	return nil
}

// Weights refuses a column of weights in which one is absent or below zero, as an error of kind Invalid that names the first, or all are zero.
func (t *Table) Weights(column string, values []float64) error {
	some := false
	for record, x := range values {
		if x < 0 {
			return inFile(t.path, negative(t.Row(record), column))
		}
		some = some || x > 0
	}
	if err := t.Present(column, values); err != nil || some {
		return err
	}
	return inFile(t.path, weightless(column))
}

// Wrong is an error of kind Invalid about the value of a record, which names the file, the row and the column.
func (t *Table) Wrong(record int, column string, what errs.Text) error {
	return inFile(t.path, wrong(t.Row(record), column, what.ZH, what.EN))
}

func (t *Table) missing(record int, column string) error {
	return inFile(t.path, wrong(t.Row(record), column, "缺少值。请补上或删去该行。", "The value is missing. Fill it in or leave the row out."))
}

func open(path string) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, errs.New(errs.NotFound, opRead, "文件打不开，请检查路径和读取权限。", "The file cannot be opened; check its path and that you may read it.").At(path).Because(err)
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return nil, errs.New(errs.Invalid, opRead, "这是文件夹，不是文件。请写出其中一个 CSV 或 Parquet 文件。", "This is a folder, not a file. Name one CSV or Parquet file in it.").At(path)
	}
	return f, nil
}
