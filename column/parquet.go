package column

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"liandong/day"
	"liandong/errs"
	"liandong/form"
)

// WriteParquet writes the table as a Parquet file with the columns of Record: numbers as whole scaled units, codes as their numbers, lists as
// lists of structures. DuckDB, Polars, R and Spark read it.
func (t *Table) WriteParquet(w io.Writer) error { return WriteParquet(w, nil, []Span{{t, 0, t.n}}) }

// Span is the rows [From, To) of a table.
type Span struct {
	Table    *Table
	From, To int
}

// WriteParquet writes rows of several tables of one schema as one Parquet file, as [Table.WriteParquet] does, with notes about the whole file in
// its metadata.
func WriteParquet(w io.Writer, notes map[string]string, spans []Span) error {
	names := slices.Sorted(maps.Keys(notes))
	values := make([]string, len(names))
	for i, name := range names {
		values[i] = notes[name]
	}
	metadata := arrow.NewMetadata(names, values)
	var writer *pqarrow.FileWriter // which would close what can be closed: that is the caller's
	for _, span := range spans {
		record := span.Table.Record(metadata)
		part := record.NewSlice(int64(span.From), int64(span.To))
		record.Release()
		if writer == nil {
			var err error
			properties := parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Zstd))
			if writer, err = pqarrow.NewFileWriter(part.Schema(), struct{ io.Writer }{w}, properties, pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema())); err != nil {
				return errs.Wrap("column.WriteParquet", err)
			}
		}
		err := writer.Write(part)
		part.Release()
		if err != nil {
			return errs.Wrap("column.WriteParquet", err)
		}
	}
	return errs.Wrap("column.WriteParquet", writer.Close())
}

// ReadParquet reads a file record by record: what WriteParquet wrote, or any other whose columns bear the paths of the form, with codes as
// words, money in yuan and other numbers in their units, as in NDJSON. The id is the column "id" or "household", else the row's number from 1.
// A row with an answer that the form does not allow goes to fault and is passed over. The record is used again for the next row; an error of
// take ends the reading. The library panics on some damaged files, which then are errs.Invalid.
func ReadParquet(r parquet.ReaderAtSeeker, section *form.Section, take func(id string, record *form.Record) error, fault func(*form.LineFault)) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = damagedParquet(fmt.Errorf("%v", p))
		}
	}()
	opened, err := file.NewParquetReader(r)
	if err != nil {
		return damagedParquet(err)
	}
	defer opened.Close()
	reader, err := pqarrow.NewFileReader(opened, pqarrow.ArrowReadProperties{BatchSize: 1 << 13}, memory.DefaultAllocator)
	if err != nil {
		return damagedParquet(err)
	}
	schema, err := reader.Schema()
	if err != nil {
		return damagedParquet(err)
	}
	cells, id, err := cellsOf(section, "", schema.Fields())
	if err != nil {
		return err
	}
	records, err := reader.GetRecordReader(context.Background(), nil, nil)
	if err != nil {
		return damagedParquet(err)
	}
	defer records.Release()
	record := section.New()
	row := 0
	for records.Next() {
		batch := records.RecordBatch()
		for i := range int(batch.NumRows()) {
			row++
			record.Reset()
			name := strconv.Itoa(row)
			if id >= 0 {
				name = idOf(batch.Column(id), i, name)
			}
			if bad := answerRow(record, cells, batch.Columns(), i); bad != nil {
				fault(&form.LineFault{Line: row, Column: bad.column + 1, Text: errs.Text{ZH: bad.finding.Where() + "：" + bad.finding.Text.ZH, EN: bad.finding.Where() + ": " + bad.finding.Text.EN}})
				continue
			}
			if err := take(name, record); err != nil {
				return err
			}
		}
	}
	if err := records.Err(); err != nil && !errors.Is(err, io.EOF) {
		return damagedParquet(err)
	}
	return nil
}

func damagedParquet(err error) error {
	return errs.New(errs.Invalid, "column.ReadParquet", "Parquet 文件读不出来，可能已损坏或不是 Parquet。", "The Parquet file cannot be read; it may be damaged, or none.").Because(err)
}

// cell says how a column of a file answers a field.
type cell struct {
	field  int
	column int
	stored bool // whole scaled units and code numbers, as segments hold them
	items  []cell
	group  []cell // a structure of several fields: housing with area and structure
}

// keyFields are columns that files of segments have beside the form's.
var keyFields = map[string]bool{idField: true, divisionField: true, revisionField: true, validField: true, "id": true}

// cellsOf finds the fields of the file's columns; those of a structure are named with its name before theirs. A column that is no field of the form
// is refused with the nearest names.
func cellsOf(section *form.Section, prefix string, columns []arrow.Field) (cells []cell, id int, err error) {
	id = -1
	for i, c := range columns {
		path := prefix + c.Name
		f, ok := section.Lookup(path)
		group, isGroup := c.Type.(*arrow.StructType)
		switch {
		case !ok && isGroup:
			one := cell{column: i}
			if one.group, _, err = cellsOf(section, path+".", group.Fields()); err != nil {
				return nil, -1, err
			}
			cells = append(cells, one)
		case ok:
			one := cell{field: f, column: i, stored: c.Metadata.FindKey("scale") >= 0}
			if list, isList := c.Type.(*arrow.ListType); isList && section.Fields[f].Type == form.List {
				of, isStruct := list.Elem().(*arrow.StructType)
				if !isStruct {
					return nil, -1, wrongColumn(i, path, "应为结构的列表。", "is no list of structures.")
				}
				if one.items, _, err = cellsOf(section.Fields[f].List, "", of.Fields()); err != nil {
					return nil, -1, err
				}
			}
			cells = append(cells, one)
		case path == "id", path == idField && id < 0:
			id = i
		case c.Metadata.FindKey("scale") >= 0: // a table's own column that is no answer, such as a status
		case !keyFields[path]:
			near := errs.Near(path, section.Paths())
			return nil, -1, wrongColumn(i, path, "不是表单的字段。"+near.ZH, "is no field of the form."+near.EN)
		}
	}
	return cells, id, nil
}

func wrongColumn(i int, name, zh, en string) error {
	return errs.New(errs.Invalid, "column.ReadParquet", fmt.Sprintf("第 1 行第 %d 列：「%s」%s", i+1, name, zh), fmt.Sprintf("Line 1, column %d: %q %s", i+1, name, en))
}

func idOf(c arrow.Array, i int, fallback string) string {
	switch a := c.(type) {
	case *array.FixedSizeBinary:
		if a.IsValid(i) {
			b := a.Value(i)
			if len(b) == 16 {
				return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
			}
			return hex.EncodeToString(b)
		}
	default:
		if a.IsValid(i) {
			return a.ValueStr(i)
		}
	}
	return fallback
}

type badCell struct {
	column  int
	finding *form.Finding
}

func answerRow(record *form.Record, cells []cell, columns []arrow.Array, row int) *badCell {
	for k := range cells {
		c := &cells[k]
		if columns[c.column].IsNull(row) {
			continue
		}
		if c.group != nil {
			if bad := answerRow(record, c.group, fieldsOf(columns[c.column].(*array.Struct)), row); bad != nil {
				return &badCell{c.column, bad.finding}
			}
			continue
		}
		if f := c.answer(record, columns[c.column], row); f != nil {
			return &badCell{c.column, f}
		}
	}
	return nil
}

func (c *cell) answer(record *form.Record, a arrow.Array, row int) *form.Finding {
	f := &record.Section().Fields[c.field]
	switch v := a.(type) {
	case *array.Dictionary:
		return c.answer(record, v.Dictionary(), v.GetValueIndex(row))
	case *array.List:
		from, to := v.ValueOffsets(row)
		if f.Type == form.List {
			return c.list(record, v, int(from), int(to))
		}
		words := make([]any, 0, to-from)
		for i := from; i < to; i++ {
			words = append(words, v.ListValues().ValueStr(int(i)))
		}
		return record.Answer(c.field, words)
	case *array.Boolean:
		return record.Answer(c.field, v.Value(row))
	case *array.Date32:
		return record.Answer(c.field, day.FromUnixDays(int(v.Value(row))).String())
	case *array.String:
		return record.Answer(c.field, v.Value(row))
	case *array.LargeString:
		return record.Answer(c.field, v.Value(row))
	}
	if !c.stored {
		return record.AnswerNumber(c.field, numberText(a, row))
	}
	if whole, ok := wholeOf(a, row); ok {
		record.SetValue(c.field, whole)
		return nil
	}
	return record.AnswerNumber(c.field, numberText(a, row))
}

func (c *cell) list(record *form.Record, v *array.List, from, to int) *form.Finding {
	items := make([]*form.Record, 0, to-from)
	columns := fieldsOf(v.ListValues().(*array.Struct))
	f := &record.Section().Fields[c.field]
	for i := from; i < to; i++ {
		item := f.List.New()
		if bad := answerRow(item, c.items, columns, i); bad != nil {
			bad.finding.List, bad.finding.Item = f.Path, i-from
			return bad.finding
		}
		items = append(items, item)
	}
	record.SetItems(c.field, items)
	return nil
}

func fieldsOf(s *array.Struct) []arrow.Array {
	columns := make([]arrow.Array, s.NumField())
	for i := range columns {
		columns[i] = s.Field(i)
	}
	return columns
}

// numberText is a number with the digits it has: the shortest of a float that reads back the same.
func numberText(a arrow.Array, row int) string {
	switch v := a.(type) {
	case *array.Float64:
		return strconv.FormatFloat(v.Value(row), 'f', -1, 64)
	case *array.Float32:
		return strconv.FormatFloat(float64(v.Value(row)), 'f', -1, 32)
	}
	return a.ValueStr(row)
}

func wholeOf(a arrow.Array, row int) (int64, bool) {
	switch v := a.(type) {
	case *array.Uint8:
		return int64(v.Value(row)), true
	case *array.Uint16:
		return int64(v.Value(row)), true
	case *array.Uint32:
		return int64(v.Value(row)), true
	case *array.Uint64:
		return int64(v.Value(row)), true
	case *array.Int32:
		return int64(v.Value(row)), true
	case *array.Int64:
		return v.Value(row), true
	}
	return 0, false
}
