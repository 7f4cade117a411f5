package survey

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"unsafe"

	"liandong/errs"
	"liandong/sheet"
)

// readCSV reads separated text whose first record is the heading.
func (w *columns) readCSV(f *os.File) error {
	data, err := io.ReadAll(f)
	if err != nil {
		return errs.New(errs.Unavailable, opRead, "文件没有读完就中断了，请重试。", "Reading the file was interrupted; try again.").Because(err)
	}
	records, err := sheet.OpenRecords(data)
	if err != nil {
		return err
	}
	heading, err := records.Next()
	switch {
	case err != nil:
		return err
	case heading == nil:
		return errs.New(errs.Invalid, opRead, "文件里只有空行，没有表头也没有记录。请核对是不是这个文件，或从原来的系统重新导出。", "The file has empty lines only, neither a heading nor a record. Check that it is the right one, or export it again.")
	}
	headings := make([]string, len(heading))
	for i, field := range heading {
		if headings[i], err = records.Text(field); err != nil {
			return err
		}
		headings[i] = strings.TrimSpace(headings[i])
	}
	if err := w.find(headings); err != nil {
		return err
	}
	lines := bytes.Count(data, []byte("\n"))
	for _, n := range w.numbers {
		n.values = make([]float64, 0, lines)
	}
	for _, f := range w.factors {
		f.codes = make([]int32, 0, lines)
	}
	return w.fill(records, len(headings))
}

// fill reads the records below the heading.
func (w *columns) fill(records *sheet.Records, width int) error {
	known := make([]map[string]int32, len(w.factors)) // by the bytes of the file
	for i := range known {
		known[i] = map[string]int32{}
	}
	var gaps []gap
	for ; ; w.length++ {
		record, err := records.Next()
		if err != nil {
			return err
		}
		if record == nil {
			break
		}
		if len(record) != width {
			return ragged(records.Row(), len(record), width)
		}
		if row := records.Row(); len(gaps) == 0 || row-w.length != gaps[len(gaps)-1].ahead {
			gaps = append(gaps, gap{w.length, row - w.length})
		}
		for _, n := range w.numbers {
			if err := n.add(fieldAt(record, n.position), w.length, records.Row()); err != nil {
				return err
			}
		}
		for i, f := range w.factors {
			if err := f.add(fieldAt(record, f.position), known[i], records); err != nil {
				return err
			}
		}
	}
	w.row = rowsOf(gaps)
	return nil
}

// ragged is the refusal of a row whose fields are not as many as the headings: which of them slipped cannot be known, and a number must not rest on a guess.
func ragged(row, fields, width int) error {
	return errs.New(errs.Invalid, opRead,
		fmt.Sprintf("这一行有 %d 格，表头有 %d 列，列数%s，数据可能错位。请检查引号和分隔符；空着的格也要留下分隔符。", fields, width, map[bool]string{true: "比表头多", false: "比表头少"}[fields > width]),
		fmt.Sprintf("The row has %d fields and the heading %d, so values may have slipped. Check quotes and separators; an empty field keeps its separator.", fields, width)).
		At(fmt.Sprintf("第 %d 行 (row %d)", row, row))
}

// gap says how far ahead of the records the rows of the file are from a record on: empty lines count as rows.
type gap struct{ from, ahead int }

func rowsOf(gaps []gap) func(int) int {
	return func(record int) int {
		at, _ := slices.BinarySearchFunc(gaps, record+1, func(g gap, r int) int { return g.from - r })
		if at == 0 {
			return record + 1
		}
		return record + gaps[at-1].ahead
	}
}

func fieldAt(record [][]byte, at int) []byte {
	if at >= len(record) {
		return nil
	}
	return bytes.TrimSpace(record[at])
}

func (n *numbers) add(field []byte, record, row int) error {
	if absent(field) {
		n.absent, n.values = append(n.absent, record), append(n.values, 0)
		return nil
	}
	x, err := strconv.ParseFloat(unsafe.String(unsafe.SliceData(field), len(field)), 64) // the text lives no longer than the call
	if err != nil {
		if x-x != 0 { // beyond what a float holds
			return notFinite(row, n.name)
		}
		return wrong(row, n.name, "「"+clip(field)+"」不是数。请改成不带千位分隔符和单位的数，例如 12345.67。", "\""+clip(field)+"\" is no number. Write it without thousands separators and units, as 12345.67.")
	}
	if x-x != 0 {
		return notFinite(row, n.name)
	}
	n.values = append(n.values, x)
	return nil
}

// clip shortens what a sentence quotes.
func clip(field []byte) string {
	const most = 40
	text := strings.ToValidUTF8(string(field[:min(len(field), most)]), "?")
	if len(field) > most {
		text += "…"
	}
	return text
}

func (f *factor) add(field []byte, known map[string]int32, records *sheet.Records) error {
	if absent(field) {
		f.codes = append(f.codes, -1)
		return nil
	}
	code, seen := known[string(field)]
	if !seen {
		text, err := records.Text(field)
		if err != nil {
			return err
		}
		code = f.level(text)
		known[string(field)] = code
	}
	f.codes = append(f.codes, code)
	return nil
}

// level is the code of a category, a new one where it was not seen before. It is called once for each spelling.
func (f *factor) level(text string) int32 {
	if at := slices.Index(f.levels, text); at >= 0 && len(f.levels) < manyLevels {
		return int32(at)
	}
	f.levels = append(f.levels, text)
	return int32(len(f.levels) - 1)
}

// manyLevels is where two spellings of one category in the bytes of a file (a guard, a quote) are no longer looked for: sampling units, which are numbers.
const manyLevels = 4096
