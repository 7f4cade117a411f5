package column_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"liandong/column"
	"liandong/day"
	"liandong/errs"
	"liandong/form"
)

const twoHouseholds = `{"id":"a","number":"1","main_cause":"illness","other_causes":["disability","schooling"],"housing":{"area":40.5,"dangerous":true},"income":{"wage":3000.55},"vehicles":[],"members":[{"name":"张","born":"1960-02-29","labour":"ordinary","health":["chronic"]},{"away":{"months":3}}]}
{"id":"b","electricity":false}
`

// readParquet gives the file's records as NDJSON and its faults.
func readParquet(t *testing.T, file []byte) (lines, faults string, err error) {
	t.Helper()
	var out []string
	var bad []string
	err = column.ReadParquet(bytes.NewReader(file), form.Household().Root, func(id string, r *form.Record) error {
		out = append(out, id+string(r.AppendJSON(nil, nil)))
		return nil
	}, func(f *form.LineFault) { bad = append(bad, f.Error()) })
	return strings.Join(out, "\n"), strings.Join(bad, "\n"), err
}

func TestParquetGivesBackWhatATableHolds(t *testing.T) {
	t.Parallel()
	root := form.Household().Root
	b := column.NewBuilder(root.Schema(), 2)
	var want []string
	n := byte(0)
	err := root.ReadLines(strings.NewReader(twoHouseholds), func(_ string, r *form.Record) error {
		n++
		b.Append(column.Key{ID: [16]byte{15: n}, Division: 1, Valid: day.MustOf(2015, 1, 1)}, r)
		want = append(want, "00000000-0000-0000-0000-00000000000"+string('0'+n)+string(r.AppendJSON(nil, nil)))
		return nil
	}, func(f *form.LineFault) { t.Error(f) })
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := b.Table().WriteParquet(&file); err != nil {
		t.Fatal(err)
	}
	got, faults, err := readParquet(t, file.Bytes())
	if err != nil || faults != "" || got != strings.Join(want, "\n") {
		t.Errorf("%v %s\n%s\nwant\n%s", err, faults, got, strings.Join(want, "\n"))
	}
}

// written makes a Parquet file of one record as other programs do, from JSON.
func written(t *testing.T, fields []arrow.Field, rows string) []byte {
	t.Helper()
	schema := arrow.NewSchema(fields, nil)
	record, _, err := array.RecordFromJSON(memory.DefaultAllocator, schema, strings.NewReader(rows))
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	w, err := pqarrow.NewFileWriter(schema, &file, parquet.NewWriterProperties(), pqarrow.DefaultWriterProps())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(record); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func field(name string, t arrow.DataType) arrow.Field {
	return arrow.Field{Name: name, Type: t, Nullable: true}
}

func TestParquetOfOtherProgramsIsReadByPathsWordsAndYuan(t *testing.T) {
	t.Parallel()
	text, number := arrow.BinaryTypes.String, arrow.PrimitiveTypes.Float64
	member := arrow.StructOf(field("labour", text), field("born", arrow.FixedWidthTypes.Date32), field("health", arrow.ListOf(text)))
	file := written(t, []arrow.Field{
		field("id", arrow.PrimitiveTypes.Int64), field("housing", arrow.StructOf(field("area", number), field("structure", text))),
		field("income.wage", number), field("grain.output", arrow.PrimitiveTypes.Int64), field("electricity", arrow.FixedWidthTypes.Boolean), field("members", arrow.ListOf(member)),
	}, `[{"id":7,"housing":{"area":40.5,"structure":"other"},"income.wage":3000.55,"grain.output":400,"electricity":true,"members":[{"labour":"ordinary","born":"1960-02-29","health":["chronic"]}]},
		{"id":8,"housing":{"area":1.25}},
		{"id":9,"members":[{"labour":"lazy"}]},
		{"id":10,"members":null,"income.wage":5}]`)
	got, faults, err := readParquet(t, file)
	if err != nil {
		t.Fatal(err)
	}
	want := `7{"housing":{"area":40.5,"structure":"other"},"electricity":true,"grain":{"output":400},"income":{"wage":3000.55},"members":[{"born":"1960-02-29","health":["chronic"],"labour":"ordinary"}]}
10{"income":{"wage":5}}`
	if got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if lines := strings.Split(faults, "\n"); len(lines) != 2 || !strings.HasPrefix(lines[0], "line 2, column 2: housing.area:") || !strings.HasPrefix(lines[1], "line 3, column 6: members[0].labour:") {
		t.Errorf("%s", faults)
	}
}

func TestParquetThatIsNoneOrHasOtherColumnsIsRefused(t *testing.T) {
	t.Parallel()
	if _, _, err := readParquet(t, []byte("PAR1 nothing PAR1")); !errs.Is(err, errs.Invalid) {
		t.Errorf("%v", err)
	}
	_, _, err := readParquet(t, written(t, []arrow.Field{field("housing.aera", arrow.PrimitiveTypes.Float64)}, `[{"housing.aera":1}]`))
	if s := errs.Sentence(err); !errs.Is(err, errs.Invalid) || !strings.Contains(s.EN, "column 1") || !strings.Contains(s.EN, "housing.area") {
		t.Errorf("%v", err)
	}
}
