package survey

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"strconv"
	"strings"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
	"golang.org/x/sync/errgroup"

	"liandong/errs"
)

// parquetMark begins and ends every Parquet file.
const parquetMark = "PAR1"

// batch is how many values are decoded at a time where they do not go straight into the column.
const batch = 1 << 13

// readParquet decodes the wanted columns, row groups side by side. Records are rows from 1. The library panics on some damages, which then are damages.
func (w *columns) readParquet(f *os.File) (err error) {
	defer fallen(&err)
	properties := parquet.NewReaderProperties(nil)
	properties.BufferedStreamEnabled = true // page by page, where a chunk of a column would be read whole
	reader, err := file.NewParquetReader(f, file.WithReadProps(properties))
	if err != nil {
		return damaged(err)
	}
	leaves := reader.MetaData().Schema
	headings := make([]string, leaves.NumColumns())
	for i := range headings {
		headings[i] = strings.Join(leaves.Column(i).ColumnPath(), ".")
	}
	if err := w.find(headings); err != nil {
		return err
	}
	if reader.NumRows() > math.MaxInt32 {
		return errs.New(errs.TooLarge, opRead, "记录超过 21 亿条，请分批计算。", "There are more than 2.1 billion records; measure them in parts.")
	}
	if err := w.counted(reader); err != nil { // before room is made for what a damaged number promises
		return err
	}
	w.length, w.row = int(reader.NumRows()), func(record int) int { return record + 1 }
	for _, n := range w.numbers {
		n.values = make([]float64, w.length)
	}
	for _, f := range w.factors {
		f.codes = make([]int32, w.length)
	}
	return w.decode(reader)
}

// fallen turns a panic of the library into a damaged file.
func fallen(err *error) {
	if r := recover(); r != nil {
		*err = damaged(fmt.Errorf("parquet: %v", r))
	}
}

// counted compares the counts that the file's foot gives of rows and of values.
func (w *columns) counted(reader *file.Reader) error {
	rows := int64(0)
	for g := range reader.NumRowGroups() {
		group := reader.RowGroup(g).MetaData()
		if group.NumRows() < 0 {
			return damaged(nil)
		}
		rows += group.NumRows()
		for _, position := range w.positions() {
			chunk, err := group.ColumnChunk(position)
			if err != nil {
				return damaged(err)
			}
			if chunk.NumValues() != group.NumRows() && reader.MetaData().Schema.Column(position).MaxRepetitionLevel() == 0 {
				return damaged(nil)
			}
		}
	}
	if rows != reader.NumRows() {
		return damaged(nil)
	}
	return nil
}

func (w *columns) positions() (all []int) {
	for _, n := range w.numbers {
		all = append(all, n.position)
	}
	for _, f := range w.factors {
		all = append(all, f.position)
	}
	return all
}

// part is one column of one row group.
type part struct {
	reader   *file.RowGroupReader
	position int
	leaf     *schema.Column
	from     int // the first record
	n        int
}

func (w *columns) decode(reader *file.Reader) error {
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	absentOf := make([][][]int, len(w.numbers)) // of each column and row group
	levels := make([][][]string, len(w.factors))
	for i := range absentOf {
		absentOf[i] = make([][]int, reader.NumRowGroups())
	}
	for i := range levels {
		levels[i] = make([][]string, reader.NumRowGroups())
	}
	starts := make([]int, 0, reader.NumRowGroups()+1)
	from := 0
	for g := range reader.NumRowGroups() {
		rows := reader.RowGroup(g)
		n := int(rows.NumRows())
		starts = append(starts, from)
		if n < 0 || from+n > w.length {
			return damaged(nil)
		}
		at := func(position int) part {
			return part{rows, position, reader.MetaData().Schema.Column(position), from, n}
		}
		for i, c := range w.numbers {
			p := at(c.position)
			group.Go(func() (err error) {
				absentOf[i][g], err = p.numbers(c)
				return err
			})
		}
		for i, c := range w.factors {
			p := at(c.position)
			group.Go(func() (err error) {
				levels[i][g], err = p.categories(c)
				return err
			})
		}
		from += n
	}
	if err := group.Wait(); err != nil {
		return err
	}
	if from != w.length {
		return damaged(nil)
	}
	for i, c := range w.numbers {
		for _, records := range absentOf[i] {
			c.absent = append(c.absent, records...)
		}
	}
	for i, c := range w.factors {
		c.join(levels[i], append(starts, w.length))
	}
	return nil
}

func damaged(cause error) error {
	e := errs.New(errs.Invalid, opRead, "Parquet 文件已损坏或不完整，没有读取。请重新拷贝或导出这个文件。", "The Parquet file is damaged or incomplete; it was not read. Copy it or export it again.")
	if cause != nil {
		return e.Because(cause)
	}
	return e
}

// read opens the column of the row group for a reading function.
func (p *part) read(decode func(file.ColumnChunkReader) error) (err error) {
	if p.leaf.MaxRepetitionLevel() > 0 {
		return errs.New(errs.Invalid, opRead, "这一列是列表，不是每条记录一个值。", "The column holds lists, not one value for each record.").At(p.leaf.Name())
	}
	defer fallen(&err)
	chunk, err := p.reader.Column(p.position)
	if err != nil {
		return damaged(err)
	}
	return decode(chunk)
}

// levels gives room for the marks that tell values from gaps; nil for a column that has none.
func (p *part) levels(n int) []int16 {
	if p.leaf.MaxDefinitionLevel() == 0 {
		return nil
	}
	return make([]int16, n)
}

// numbers decodes numbers of any kind and gives the records that have none.
func (p *part) numbers(c *numbers) (absent []int, err error) {
	values := c.values[p.from : p.from+p.n]
	err = p.read(func(chunk file.ColumnChunkReader) error {
		switch r := chunk.(type) {
		case *file.Float64ColumnChunkReader: // into the column itself
			marks := p.levels(p.n)
			total, dense, err := r.ReadBatch(int64(p.n), values, marks, nil)
			if err != nil || int(total) != p.n {
				return damaged(err)
			}
			absent = p.spread(values, dense, marks, p.from, absent)
			return nil
		case *file.Float32ColumnChunkReader:
			absent, err = convert(p, values, r.ReadBatch, 1)
		case *file.Int32ColumnChunkReader:
			absent, err = convert(p, values, r.ReadBatch, p.scale())
		case *file.Int64ColumnChunkReader:
			absent, err = convert(p, values, r.ReadBatch, p.scale())
		default:
			return p.noNumbers()
		}
		return err
	})
	return absent, err
}

// scale is what whole numbers are divided by: a power of ten for decimals. Days and moments are no numbers.
func (p *part) scale() float64 {
	switch t := p.leaf.LogicalType().(type) {
	case *schema.DecimalLogicalType:
		return math.Pow10(int(t.Scale()))
	case *schema.IntLogicalType, schema.IntLogicalType, schema.NoLogicalType, schema.UnknownLogicalType, nil:
		return 1
	}
	return 0
}

func (p *part) noNumbers() error {
	what := errs.Text{ZH: "是" + p.leaf.PhysicalType().String(), EN: p.leaf.PhysicalType().String()}
	switch {
	case p.leaf.PhysicalType() == parquet.Types.ByteArray || p.leaf.PhysicalType() == parquet.Types.FixedLenByteArray:
		what = errs.Text{ZH: "是文字", EN: "text"}
	case p.leaf.PhysicalType() == parquet.Types.Boolean:
		what = errs.Text{ZH: "是真假", EN: "true and false"}
	case p.scale() == 0 || p.leaf.PhysicalType() == parquet.Types.Int96:
		what = errs.Text{ZH: "是日期或时刻", EN: "days or moments"}
	}
	return errs.New(errs.Invalid, opRead, "这一列不是数字，"+what.ZH+"。请换一列，或在导出时转成数字。",
		"The column holds no numbers but "+what.EN+". Name another, or turn it into numbers when exporting.").At("「" + p.leaf.Name() + "」列 (column " + p.leaf.Name() + ")")
}

// spread moves the first values apart to where the marks say that records have one.
func (p *part) spread(values []float64, dense int, marks []int16, from int, absent []int) []int {
	if dense == len(values) {
		return absent
	}
	top := p.leaf.MaxDefinitionLevel()
	for i := len(values) - 1; i >= 0; i-- {
		if marks[i] == top {
			dense--
			values[i] = values[dense]
		}
	}
	for i, m := range marks[:len(values)] {
		if m != top {
			values[i] = 0
			absent = append(absent, from+i)
		}
	}
	return absent
}

func convert[T float32 | int32 | int64](p *part, values []float64, read func(int64, []T, []int16, []int16) (int64, int, error), scale float64) (absent []int, err error) {
	if scale == 0 {
		return nil, p.noNumbers()
	}
	buffer, marks := make([]T, batch), p.levels(batch)
	for done := 0; done < len(values); {
		total, dense, err := read(int64(min(batch, len(values)-done)), buffer, marks, nil)
		if err != nil || total <= 0 {
			return nil, damaged(err)
		}
		out := values[done : done+int(total)]
		for i, x := range buffer[:dense] {
			out[i] = float64(x) / scale
		}
		absent = p.spread(out, dense, marks, p.from+done, absent)
		done += int(total)
	}
	return absent, nil
}

// categories decodes texts or whole numbers into codes of the row group's own levels.
func (p *part) categories(c *factor) (levels []string, err error) {
	codes := c.codes[p.from : p.from+p.n]
	err = p.read(func(chunk file.ColumnChunkReader) error {
		switch r := chunk.(type) {
		case *file.ByteArrayColumnChunkReader:
			levels, err = encode(p, codes, r.ReadBatchInPage, func() (func(parquet.ByteArray) (int32, bool), func(parquet.ByteArray, int32)) {
				known := map[string]int32{}
				return func(v parquet.ByteArray) (int32, bool) { code, seen := known[string(v)]; return code, seen }, func(v parquet.ByteArray, code int32) { known[string(v)] = code }
			}, func(v parquet.ByteArray) string { return string(v) })
		case *file.Int32ColumnChunkReader:
			levels, err = encode(p, codes, r.ReadBatchInPage, byValue[int32], func(v int32) string { return strconv.Itoa(int(v)) })
		case *file.Int64ColumnChunkReader:
			levels, err = encode(p, codes, r.ReadBatchInPage, byValue[int64], func(v int64) string { return strconv.FormatInt(v, 10) })
		case *file.BooleanColumnChunkReader:
			levels, err = encode(p, codes, r.ReadBatchInPage, byValue[bool], strconv.FormatBool)
		default:
			return errs.New(errs.Invalid, opRead, "这一列不能用来分组："+p.leaf.PhysicalType().String()+"。", "The column cannot be used as a category: "+p.leaf.PhysicalType().String()+".").At("「" + p.leaf.Name() + "」")
		}
		return err
	})
	return levels, err
}

// byValue remembers the codes of values that were seen: a function that finds one, and one that adds one.
func byValue[T comparable]() (find func(T) (int32, bool), add func(T, int32)) {
	known := map[T]int32{}
	return func(v T) (int32, bool) { code, seen := known[v]; return code, seen }, func(v T, code int32) { known[v] = code }
}

// encode gives each record the code of its value, -1 where it has none. Values are looked at within a page, whose memory they may lie in.
func encode[T any](p *part, codes []int32, read func(int64, []T, []int16, []int16) (int64, int, error),
	remember func() (find func(T) (int32, bool), add func(T, int32)), text func(T) string,
) (levels []string, err error) {
	find, add := remember()
	buffer, marks, top := make([]T, batch), p.levels(batch), p.leaf.MaxDefinitionLevel()
	for done := 0; done < len(codes); {
		total, dense, err := read(int64(min(batch, len(codes)-done)), buffer, marks, nil)
		if err != nil || total <= 0 {
			return nil, damaged(err)
		}
		next := 0
		for i := range codes[done : done+int(total)] {
			if dense < int(total) && marks[i] != top {
				codes[done+i] = -1
				continue
			}
			value := buffer[next]
			next++
			code, seen := find(value)
			if !seen {
				code = int32(len(levels))
				levels = append(levels, text(value))
				add(value, code)
			}
			codes[done+i] = code
		}
		done += int(total)
	}
	return levels, nil
}

// join puts the levels of the row groups together. An empty text is an absent value.
func (f *factor) join(levels [][]string, starts []int) {
	known := map[string]int32{"": -1, "NA": -1}
	for g, own := range levels {
		to := make([]int32, len(own))
		for i, text := range own {
			code, seen := known[text]
			if !seen {
				code = int32(len(f.levels))
				known[text], f.levels = code, append(f.levels, text)
			}
			to[i] = code
		}
		for i, code := range f.codes[starts[g]:starts[g+1]] {
			if code >= 0 {
				f.codes[starts[g]+i] = to[code]
			}
		}
	}
}
