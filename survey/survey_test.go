package survey_test

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"golang.org/x/text/encoding/simplifiedchinese"

	"liandong/errs"
	"liandong/poverty"
	"liandong/survey"
)

func written(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t *testing.T, path string, c survey.Columns, missing string) *survey.Data {
	t.Helper()
	d, err := survey.Read(path, c, missing)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

const regions = "户,收入,人,区\n1,1000.5,2,阜平\n1,2e3,1,易县\n2,3000,4,阜平\n"

var named = survey.Columns{Income: "收入", Weight: "人", Group: "区", Unit: "户"}

func holds(t *testing.T, d *survey.Data) {
	t.Helper()
	texts := func(f poverty.Factor) (all []string) {
		for _, c := range f.Code {
			all = append(all, f.Level[c])
		}
		return all
	}
	if !slices.Equal(d.Income, []float64{1000.5, 2000, 3000}) || !slices.Equal(d.Weight, []float64{2, 1, 4}) ||
		!slices.Equal(texts(d.Group), []string{"阜平", "易县", "阜平"}) || !slices.Equal(texts(d.Design.Unit), []string{"1", "1", "2"}) {
		t.Errorf("read %+v", d.Sample)
	}
}

func TestEveryEncodingAndSeparatorOfAnOfficeIsRead(t *testing.T) {
	t.Parallel()
	old, err := simplifiedchinese.GB18030.NewEncoder().String(regions)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"utf8": regions, "mark": "\xef\xbb\xbf" + regions, "gb18030": old, "tabs": strings.ReplaceAll(regions, ",", "\t"), "declared": "sep=;\n" + strings.ReplaceAll(regions, ",", ";"),
		"lines": strings.ReplaceAll(regions, "\n", "\r\n"), "quotes": strings.ReplaceAll(regions, "阜平", `"阜平"`), "spaces": strings.ReplaceAll(regions, ",", " , "),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			holds(t, read(t, written(t, "a.csv", []byte(text)), named, survey.MissingRefused))
		})
	}
}

// wroteParquet writes columns, row groups of two records.
func wroteParquet(t *testing.T, fields []arrow.Field, columns []arrow.Array, codec compress.Compression) string {
	t.Helper()
	record := array.NewRecordBatch(arrow.NewSchema(fields, nil), columns, int64(columns[0].Len()))
	var out bytes.Buffer
	w, err := pqarrow.NewFileWriter(record.Schema(), &out, parquet.NewWriterProperties(parquet.WithMaxRowGroupLength(2), parquet.WithCompression(codec)), pqarrow.DefaultWriterProps())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.WriteBuffered(record); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return written(t, "a.parquet", out.Bytes())
}

func floats(values []float64, valid []bool) arrow.Array {
	b := array.NewFloat64Builder(memory.DefaultAllocator)
	b.AppendValues(values, valid)
	return b.NewArray()
}

func texts(values []string, valid []bool) arrow.Array {
	b := array.NewStringBuilder(memory.DefaultAllocator)
	b.AppendValues(values, valid)
	return b.NewArray()
}

func whole[T int32 | int64](values []T) arrow.Array {
	if v, is := any(values).([]int32); is {
		b := array.NewInt32Builder(memory.DefaultAllocator)
		b.AppendValues(v, nil)
		return b.NewArray()
	}
	b := array.NewInt64Builder(memory.DefaultAllocator)
	b.AppendValues(any(values).([]int64), nil)
	return b.NewArray()
}

func TestParquetOfAnyNumbersAndCodecs(t *testing.T) {
	t.Parallel()
	for _, codec := range []compress.Compression{compress.Codecs.Uncompressed, compress.Codecs.Snappy, compress.Codecs.Zstd} {
		for _, nullable := range []bool{false, true} {
			path := wroteParquet(t, []arrow.Field{
				{Name: "户", Type: arrow.PrimitiveTypes.Int64, Nullable: nullable},
				{Name: "收入", Type: arrow.PrimitiveTypes.Float64, Nullable: nullable},
				{Name: "人", Type: arrow.PrimitiveTypes.Int32, Nullable: nullable},
				{Name: "区", Type: arrow.BinaryTypes.String, Nullable: nullable},
			}, []arrow.Array{whole([]int64{1, 1, 2}), floats([]float64{1000.5, 2000, 3000}, nil), whole([]int32{2, 1, 4}), texts([]string{"阜平", "易县", "阜平"}, nil)}, codec)
			holds(t, read(t, path, named, survey.MissingRefused))
		}
	}
}

func TestWhatParquetLacksIsRefusedOrCounted(t *testing.T) {
	t.Parallel()
	path := wroteParquet(t, []arrow.Field{{Name: "收入", Type: arrow.PrimitiveTypes.Float64, Nullable: true}, {Name: "区", Type: arrow.BinaryTypes.String, Nullable: true}},
		[]arrow.Array{floats([]float64{1, 0, 3, 0, 5, 6}, []bool{true, false, true, false, true, true}), texts([]string{"b", "b", "a", "a", "", "a"}, []bool{true, true, true, true, false, true})}, compress.Codecs.Snappy)
	c := survey.Columns{Income: "收入", Group: "区"}
	_, err := survey.Read(path, c, survey.MissingRefused)
	if sentence := errs.Sentence(err).ZH; !errs.Is(err, errs.Invalid) || !strings.Contains(sentence, "第 2 行「收入」列") || !strings.Contains(sentence, "共 3 条") {
		t.Errorf("refused with %q", sentence)
	}
	d := read(t, path, c, survey.MissingDropped)
	if d.Dropped != 3 || d.Read != 6 || !slices.Equal(d.Income, []float64{1, 3, 6}) || !slices.Equal(d.Group.Code, []int32{1, 0, 0}) || !slices.Equal(d.Group.Level, []string{"a", "b"}) {
		t.Errorf("kept %+v, dropped %d", d.Sample, d.Dropped)
	}
}

func day() arrow.Array {
	b := array.NewDate32Builder(memory.DefaultAllocator)
	b.Append(3)
	return b.NewArray()
}

func TestParquetThatIsNoNumber(t *testing.T) {
	t.Parallel()
	path := wroteParquet(t, []arrow.Field{{Name: "区", Type: arrow.BinaryTypes.String}, {Name: "天", Type: arrow.FixedWidthTypes.Date32}, {Name: "n", Type: arrow.PrimitiveTypes.Float64}},
		[]arrow.Array{texts([]string{"a"}, nil), day(), floats([]float64{math.NaN()}, nil)}, compress.Codecs.Snappy)
	for column, want := range map[string]string{"区": "不是数字", "天": "不是数字", "n": "第 1 行「n」列", "z": "没有「z」这一列"} {
		if _, err := survey.Read(path, survey.Columns{Income: column}, survey.MissingRefused); err == nil || !strings.Contains(errs.Sentence(err).ZH, want) {
			t.Errorf("%s: %v, want %q", column, err, want)
		}
	}
}

// TestADamagedParquetFileIsRefusedNeverHalfRead cuts and flips bytes of a file.
func TestADamagedParquetFileIsRefusedNeverHalfRead(t *testing.T) {
	t.Parallel()
	path := wroteParquet(t, []arrow.Field{{Name: "收入", Type: arrow.PrimitiveTypes.Float64}, {Name: "区", Type: arrow.BinaryTypes.String}},
		[]arrow.Array{floats([]float64{1, 2, 3, 4, 5}, nil), texts([]string{"a", "b", "a", "b", "a"}, nil)}, compress.Codecs.Zstd)
	sound, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	c := survey.Columns{Income: "收入", Group: "区"}
	for cut := len(sound) - 1; cut > 4; cut -= 7 {
		if _, err := survey.Read(written(t, "cut.parquet", sound[:cut]), c, survey.MissingRefused); err == nil {
			t.Fatalf("cut at %d of %d bytes it was read", cut, len(sound))
		}
	}
	for at := 4; at < len(sound)-8; at += 3 {
		bad := slices.Clone(sound)
		bad[at] ^= 0x55
		if d, err := survey.Read(written(t, "flip.parquet", bad), c, survey.MissingRefused); err == nil && len(d.Income) != 5 {
			t.Fatalf("with byte %d changed it was read as %d records", at, len(d.Income))
		}
	}
}

func TestRowsAreThoseOfTheFile(t *testing.T) {
	t.Parallel()
	path := written(t, "a.csv", []byte("y\n1\n\n\"2\n\"\n\nx\n"))
	if _, err := survey.Read(path, survey.Columns{Income: "y"}, survey.MissingRefused); err == nil || !strings.Contains(errs.Sentence(err).ZH, "第 6 行") {
		t.Errorf("%v", err)
	}
	gone := written(t, "b.csv", []byte("y,w\n1,1\n\nNA,1\n3,1\n4,-1\n"))
	if _, err := survey.Read(gone, survey.Columns{Income: "y", Weight: "w"}, survey.MissingDropped); err == nil || !strings.Contains(errs.Sentence(err).ZH, "第 6 行「w」列") {
		t.Errorf("%v", err)
	}
}

func TestHeadingsAreFoundOrNamed(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"y,y\n1,2\n": "两列都叫「y」", "x,z\n1,2\n": "没有「y」这一列。有：x, z。", "y,z\n1,2,3\n": "列数比表头多", "y,z\n1,2\n1\n": "a.csv 第 3 行 (row 3)：这一行有 1 格", "yy,income\n": "相近的有：yy。", "PK\x03\x04": "", "y\n\"1\n": "引号没有成对"} {
		_, err := survey.Read(written(t, "a.csv", []byte(text)), survey.Columns{Income: "y"}, survey.MissingRefused)
		if err == nil || !strings.Contains(errs.Sentence(err).ZH, want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(regions))
	f.Add([]byte("PAR1PAR1"))
	f.Add([]byte("收入,人,区,户\n1,,a,\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := survey.Read(written(t, "f", data), named, survey.MissingDropped)
		if err != nil {
			return
		}
		n := len(d.Income)
		if d.Read-d.Dropped != n || len(d.Weight) != n || len(d.Group.Code) != n || len(d.Design.Unit.Code) != n {
			t.Errorf("columns of %d, %d, %d and %d records", n, len(d.Weight), len(d.Group.Code), len(d.Design.Unit.Code))
		}
		for i, y := range d.Income {
			if math.IsNaN(y) || math.IsInf(y, 0) || d.Weight[i] < 0 {
				t.Errorf("record %d: income %v, weight %v", i, y, d.Weight[i])
			}
		}
	})
}

// TestATableKeepsWhatIsAbsent: columns may be asked for as numbers and as words, and an empty field stays empty.
func TestATableKeepsWhatIsAbsent(t *testing.T) {
	t.Parallel()
	path := written(t, "a.csv", []byte("id,school,roof\n1,6,tile\n\n2,,thatch\n3,NA,\n4,0,tile\n"))
	table, err := survey.ReadTable(path, []string{"school", "id", "school"}, []string{"roof", "school"})
	if err != nil {
		t.Fatal(err)
	}
	school := table.Numbers[0]
	if table.Length != 4 || school[0] != 6 || !math.IsNaN(school[1]) || !math.IsNaN(school[2]) || school[3] != 0 || table.Numbers[1][3] != 4 {
		t.Errorf("numbers %v", table.Numbers)
	}
	roof := table.Words[0]
	if !slices.Equal(roof.Code, []int32{1, 0, -1, 1}) || !slices.Equal(roof.Level, []string{"thatch", "tile"}) || !slices.Equal(table.Words[1].Code, []int32{1, -1, -1, 0}) {
		t.Errorf("words %+v", table.Words)
	}
	if err := table.Present("school", school); !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), "row 4") {
		t.Errorf("an absent number: %v", err)
	}
	if _, err := table.Without("roof", roof); !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), "row 5") {
		t.Errorf("an absent word: %v", err)
	}
	if _, err := survey.ReadTable(path, []string{"roof"}, nil); !errs.Is(err, errs.Invalid) {
		t.Errorf("words were taken for numbers: %v", err)
	}
	if _, err := survey.ReadTable(path, []string{"income"}, nil); !errs.Is(err, errs.Usage) {
		t.Errorf("a column that is not there: %v", err)
	}
}

// TestAFolderIsNoFile, and a weight of a table is refused by its row and file.
func TestAFolderIsNoFile(t *testing.T) {
	t.Parallel()
	if _, err := survey.ReadTable(t.TempDir(), []string{"y"}, nil); !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), "folder") {
		t.Errorf("a folder: %v", err)
	}
	table, err := survey.ReadTable(written(t, "a.csv", []byte("y,w\n1,1\n2,-1\n")), []string{"y", "w"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := table.Weights("w", table.Numbers[1]); !errs.Is(err, errs.Invalid) || !strings.Contains(errs.Sentence(err).ZH, "a.csv 第 3 行「w」列") {
		t.Errorf("a weight below zero: %v", err)
	}
}
