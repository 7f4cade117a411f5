package sheet

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strconv"
	"sync"
	"testing"

	"github.com/xuri/excelize/v2"
)

// registerBook makes a workbook like the national system's export: a title, 44 headings, then rows of shared texts, of which about
// one in seven occurs once.
func registerBook(rows int) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close()
	random := rand.New(rand.NewPCG(1, 2))
	values := make([]any, 44)
	for row := 1; row <= rows; row++ {
		for column := range values {
			values[column] = registerValue(random, row, column)
		}
		if err := f.SetSheetRow("Sheet1", "A"+strconv.Itoa(row), &values); err != nil {
			return nil, err
		}
	}
	var b bytes.Buffer
	err := f.Write(&b)
	return b.Bytes(), err
}

func registerValue(random *rand.Rand, row, column int) string {
	switch {
	case row == 1:
		return "表头" + strconv.Itoa(column)
	case column == 6:
		return fmt.Sprintf("130624%06d", row/3)
	case column == 7:
		return fmt.Sprintf("130624%06d%02d", row/3, row%3)
	case column == 8:
		return "张" + strconv.Itoa(random.IntN(30_000))
	case column == 10:
		return fmt.Sprintf("130699%012d", random.Int64N(1e12))
	case column == 41, column == 43:
		return fmt.Sprintf("1990%07d", row/3)
	case column >= 25 && column <= 30:
		return strconv.Itoa(random.IntN(40_000))
	default:
		return "代码" + strconv.Itoa(column) + "之" + strconv.Itoa(random.IntN(12))
	}
}

var registerOnce = sync.OnceValues(func() ([]byte, error) {
	b, err := registerBook(100_000)
	return b, err
})

func BenchmarkRead100000x44(b *testing.B) {
	data, err := registerOnce()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	runtime.GC()
	for b.Loop() {
		book, err := Open(data)
		if err != nil {
			b.Fatal(err)
		}
		cells := 0
		for row, err := range book.Rows(0) {
			if err != nil {
				b.Fatal(err)
			}
			cells += len(row.Cells)
		}
		if cells != 44*100_000 {
			b.Fatalf("%d cells", cells)
		}
	}
	b.ReportMetric(float64(len(data))/1e6, "MB")
}

func BenchmarkExcelizeRows100000x44(b *testing.B) {
	data, err := registerOnce()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		f, err := excelize.OpenReader(bytes.NewReader(data))
		if err != nil {
			b.Fatal(err)
		}
		rows, err := f.Rows("Sheet1")
		if err != nil {
			b.Fatal(err)
		}
		cells := 0
		for rows.Next() {
			columns, err := rows.Columns()
			if err != nil {
				b.Fatal(err)
			}
			cells += len(columns)
		}
		if cells != 44*100_000 {
			b.Fatalf("%d cells", cells)
		}
		f.Close()
	}
}
