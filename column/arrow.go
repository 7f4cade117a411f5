package column

import (
	"fmt"
	"strconv"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"liandong/errs"
	"liandong/formula"
)

// Names of the key columns in Arrow.
const (
	idField       = "household"
	divisionField = "division"
	revisionField = "revision"
	validField    = "valid_from"
)

// Record gives the table as one Arrow record that shares the table's memory. Numbers keep their scaled whole values, with the decimals in
// the field's metadata under "scale"; a code is its number.
func (t *Table) Record(metadata arrow.Metadata) arrow.RecordBatch {
	var fields []arrow.Field
	var columns []arrow.Array
	if k := t.keys; k != nil {
		add := func(name string, dataType arrow.DataType, data []byte) {
			fields = append(fields, arrow.Field{Name: name, Type: dataType})
			columns = append(columns, array.MakeFromData(array.NewData(dataType, t.n, []*memory.Buffer{nil, memory.NewBufferBytes(data)}, nil, 0, 0)))
		}
		add(idField, &arrow.FixedSizeBinaryType{ByteWidth: 16}, k.id)
		add(divisionField, arrow.PrimitiveTypes.Int64, bytesOf(k.Division))
		add(revisionField, arrow.PrimitiveTypes.Int64, bytesOf(k.Revision))
		add(validField, arrow.FixedWidthTypes.Date32, bytesOf(k.Valid))
	}
	for i, c := range t.columns {
		if c != nil {
			f := arrowField(&t.schema.Fields[i], c)
			fields, columns = append(fields, f), append(columns, array.MakeFromData(c.arrowData(f.Type)))
		}
	}
	return array.NewRecordBatch(arrow.NewSchema(fields, &metadata), columns, int64(t.n))
}

func arrowField(f *formula.Field, c *Column) arrow.Field {
	metadata := arrow.NewMetadata([]string{"title", "scale", "unit"}, []string{f.Title.ZH, strconv.Itoa(f.Scale), f.Unit})
	return arrow.Field{Name: f.Path, Type: arrowType(f, c), Nullable: true, Metadata: metadata}
}

func arrowType(f *formula.Field, c *Column) arrow.DataType {
	switch c.kind {
	case Bit:
		return arrow.FixedWidthTypes.Boolean
	case Uint8:
		return arrow.PrimitiveTypes.Uint8
	case Uint16:
		return arrow.PrimitiveTypes.Uint16
	case Uint32:
		return arrow.PrimitiveTypes.Uint32
	case Uint64:
		return arrow.PrimitiveTypes.Uint64
	case Int32:
		if f.Type == formula.Date {
			return arrow.FixedWidthTypes.Date32
		}
		return arrow.PrimitiveTypes.Int32
	case Int64:
		return arrow.PrimitiveTypes.Int64
	case Text:
		return arrow.BinaryTypes.String
	default:
		return arrow.ListOf(c.items.structType())
	}
}

// structType is the type of the records of a list.
func (t *Table) structType() *arrow.StructType {
	var fields []arrow.Field
	for i, c := range t.columns {
		if c != nil {
			fields = append(fields, arrowField(&t.schema.Fields[i], c))
		}
	}
	return arrow.StructOf(fields...)
}

func (c *Column) arrowData(dataType arrow.DataType) arrow.ArrayData {
	var valid *memory.Buffer
	if c.valid != nil {
		valid = memory.NewBufferBytes(bytesOf(c.valid))
	}
	buffers := []*memory.Buffer{valid, memory.NewBufferBytes(c.data)}
	switch c.kind {
	case Text:
		buffers = []*memory.Buffer{valid, memory.NewBufferBytes(bytesOf(c.offsets)), memory.NewBufferBytes(c.data)}
	case List:
		of := dataType.(*arrow.ListType).Elem()
		var items []arrow.ArrayData
		for i, item := range c.items.columns {
			if item != nil {
				items = append(items, item.arrowData(arrowType(&c.items.schema.Fields[i], item)))
			}
		}
		records := array.NewData(of, c.items.n, []*memory.Buffer{nil}, items, 0, 0)
		return array.NewData(dataType, c.n, []*memory.Buffer{valid, memory.NewBufferBytes(bytesOf(c.offsets))}, []arrow.ArrayData{records}, c.missing(), 0)
	}
	return array.NewData(dataType, c.n, buffers, nil, c.missing(), 0)
}

// tableOf reads a record that Record wrote, over the same memory. The error says what the record lacks; nothing of its content is trusted
// but lengths, which are compared.
func tableOf(schema *formula.Schema, record arrow.RecordBatch) (*Table, error) {
	t := &Table{schema: schema, n: int(record.NumRows())}
	data := map[string]arrow.ArrayData{}
	for i, f := range record.Schema().Fields() {
		data[f.Name] = record.Column(i).Data()
	}
	var err error
	if t.keys, err = keysOf(data, t.n); err != nil {
		return nil, err
	}
	t.columns, err = columnsOf(schema, data, t.n)
	return t, err
}

func keysOf(data map[string]arrow.ArrayData, n int) (*Keys, error) {
	var lost bool
	take := func(name string, width int) []byte {
		d, ok := data[name]
		if !ok || len(d.Buffers()) != 2 || (n > 0 && (d.Buffers()[1] == nil || d.Buffers()[1].Len() < n*width)) {
			lost = true
			return nil
		}
		return aligned(d.Buffers()[1], n*width)
	}
	id, division, revision, valid := take(idField, 16), take(divisionField, 8), take(revisionField, 8), take(validField, 4)
	if lost {
		return nil, unreadable("its keys")
	}
	return &Keys{id: id, Division: view[int64](division, n), Revision: view[int64](revision, n), Valid: view[int32](valid, n)}, nil
}

func columnsOf(schema *formula.Schema, data map[string]arrow.ArrayData, n int) ([]*Column, error) {
	columns := make([]*Column, len(schema.Fields))
	for i := range schema.Fields {
		f := &schema.Fields[i]
		if kindOf(f) == 0 {
			continue
		}
		d, ok := data[f.Path]
		if !ok || d.Len() != n {
			return nil, unreadable(f.Path)
		}
		c, err := columnOf(f, d)
		if err != nil {
			return nil, err
		}
		columns[i] = c
	}
	return columns, nil
}

func columnOf(f *formula.Field, d arrow.ArrayData) (*Column, error) {
	c := &Column{kind: kindOf(f), n: d.Len()}
	if c.kind == Int32 && d.DataType().ID() == arrow.INT64 {
		c.kind = Int64
	}
	buffers := d.Buffers()
	if d.Offset() != 0 || len(buffers) == 0 {
		return nil, unreadable(f.Path)
	}
	if d.NullN() > 0 {
		if buffers[0] == nil || buffers[0].Len() < 8*words(c.n) {
			return nil, unreadable(f.Path)
		}
		c.valid = view[uint64](aligned(buffers[0], 8*words(c.n)), words(c.n))
	}
	switch c.kind {
	case Text, List:
		return c, c.takeOffsets(f, d)
	case Bit:
		return c, c.takeData(f, d, 8*words(c.n))
	}
	return c, c.takeData(f, d, c.n*widths[c.kind])
}

func (c *Column) takeData(f *formula.Field, d arrow.ArrayData, bytes int) error {
	buffers := d.Buffers()
	if bytes == 0 {
		return nil
	}
	if len(buffers) != 2 || buffers[1] == nil || buffers[1].Len() < bytes || arrowType(f, c).ID() != d.DataType().ID() {
		return unreadable(f.Path)
	}
	c.data = aligned(buffers[1], bytes)
	return nil
}

func (c *Column) takeOffsets(f *formula.Field, d arrow.ArrayData) error {
	buffers := d.Buffers()
	c.offsets = make([]int32, 1)
	if c.n > 0 {
		if len(buffers) < 2 || buffers[1] == nil || buffers[1].Len() < 4*(c.n+1) {
			return unreadable(f.Path)
		}
		c.offsets = view[int32](aligned(buffers[1], 4*(c.n+1)), c.n+1)
	}
	end := int32(0)
	for _, o := range c.offsets {
		if o < end {
			return unreadable(f.Path)
		}
		end = o
	}
	if c.kind == List {
		return c.takeItems(f, d, int(end))
	}
	if end == 0 {
		return nil
	}
	if len(buffers) != 3 || buffers[2] == nil || buffers[2].Len() < int(end) {
		return unreadable(f.Path)
	}
	c.data = buffers[2].Bytes()[:end]
	return nil
}

func (c *Column) takeItems(f *formula.Field, d arrow.ArrayData, n int) error {
	structure, ok := d.DataType().(*arrow.ListType)
	if !ok || len(d.Children()) != 1 || d.Children()[0].Len() != n {
		return unreadable(f.Path)
	}
	of, ok := structure.Elem().(*arrow.StructType)
	if !ok {
		return unreadable(f.Path)
	}
	data := map[string]arrow.ArrayData{}
	for i, child := range d.Children()[0].Children() {
		data[of.Field(i).Name] = child
	}
	columns, err := columnsOf(f.List, data, n)
	c.items = &Table{schema: f.List, n: n, columns: columns}
	return err
}

// aligned is the beginning of a buffer, copied where it does not begin where 64-bit values may.
func aligned(b *memory.Buffer, bytes int) []byte {
	if bytes == 0 {
		return nil
	}
	data := b.Bytes()[:bytes]
	if uintptr(unsafe.Pointer(unsafe.SliceData(data)))&7 == 0 {
		return data
	}
	return append(allocate(bytes)[:0], data...)
}

// unreadable is why a segment is rebuilt; nobody but the log reads it.
func unreadable(what string) error {
	return errs.New(errs.Invalid, "column.ReadSegment", "分段文件已损坏。", "The segment file is damaged.").Because(fmt.Errorf("%s cannot be read", what))
}
