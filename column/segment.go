package column

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"os"
	"path/filepath"
	"strconv"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"

	"liandong/day"
	"liandong/errs"
	"liandong/formula"
	"liandong/place"
)

// Segment is the table of one county: what was so on a day, as far as the first leaves of the county's ledger tell.
type Segment struct {
	County place.ID
	AsOf   day.Date
	Head   int64 // how many leaves of the county's tree it follows from
	Table  *Table
}

// Names of the file's metadata.
const (
	countyEntry = "liandong.county"
	asOfEntry   = "liandong.as_of"
	headEntry   = "liandong.head"
)

// frameRoom is room for what an Arrow file of one record holds beside its buffers: the schema twice, and where each buffer lies.
const frameRoom = 64 << 10

// WriteFile writes the segment as an Arrow file that its owner alone may read, because it holds names and health. The file is there
// whole or not at all.
func (s *Segment) WriteFile(path string) (err error) {
	record := s.Table.Record(arrow.NewMetadata(
		[]string{countyEntry, asOfEntry, headEntry},
		[]string{s.County.String(), s.AsOf.String(), strconv.FormatInt(s.Head, 10)},
	))
	defer record.Release()
	var content bytes.Buffer
	content.Grow(s.Table.Size() + frameRoom)
	w, err := ipc.NewFileWriter(&content, ipc.WithSchema(record.Schema()))
	if err != nil {
		return errs.Wrap("column.WriteFile", err)
	}
	if err := w.Write(record); err != nil {
		return errs.Wrap("column.WriteFile", err)
	}
	if err := w.Close(); err != nil {
		return errs.Wrap("column.WriteFile", err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".segment-*") // 0600
	if err != nil {
		return errs.Wrap("column.WriteFile", err)
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	footer, _ := footerOf(content.Bytes())
	before, after := content.Bytes()[:footer], content.Bytes()[footer:]
	for _, part := range [][]byte{before, seal(before, after), after} {
		if _, err := f.Write(part); err != nil {
			return errs.Wrap("column.WriteFile", err)
		}
	}
	if err := f.Close(); err != nil { // no fsync: a file that a power cut spoiled fails its seal and is made anew
		return errs.Wrap("column.WriteFile", err)
	}
	return errs.Wrap("column.WriteFile", os.Rename(f.Name(), path))
}

// The end of an Arrow file: the footer, its length as four bytes with the lowest first, and six letters.
const (
	arrowMagic = "ARROW1"
	arrowTail  = 4 + len(arrowMagic)
)

// footerOf is where the footer of an Arrow file begins. No other place of the file is told relative to its end, so bytes put just before
// the footer leave it an Arrow file that any reader takes.
func footerOf(content []byte) (at int, ok bool) {
	end := len(content) - arrowTail
	if end < 0 || string(content[end+4:]) != arrowMagic {
		return 0, false
	}
	at = end - int(binary.LittleEndian.Uint32(content[end:]))
	return at, at >= 0
}

// seal is the SHA-256 of all that a segment file holds, which stands before its footer. It covers the footer too, because the Arrow library
// trusts the lengths there and would ask for the memory that a spoiled one names.
func seal(before, after []byte) []byte {
	h := sha256.New()
	h.Write(before)
	h.Write(after)
	return h.Sum(nil)
}

func sealed(content []byte) bool {
	footer, ok := footerOf(content)
	at := footer - sha256.Size
	return ok && at >= 0 && bytes.Equal(content[at:footer], seal(content[:at], content[footer:]))
}

// ReadSegment reads a file that WriteFile wrote for the schema. A file that is not there is errs.NotFound; one whose content is not what
// was written, or was written for another schema, is errs.Invalid. Either way it can be made anew from the records.
func ReadSegment(path string, schema *formula.Schema) (s *Segment, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, errs.New(errs.NotFound, "column.ReadSegment", "没有分段文件「"+path+"」。", "There is no segment file "+path+".").Because(err)
	}
	content := allocate(int(info.Size()))
	f, err := os.Open(path)
	if err != nil {
		return nil, errs.Wrap("column.ReadSegment", err)
	}
	defer f.Close()
	if n, err := f.ReadAt(content, 0); n < len(content) {
		return nil, errs.Wrap("column.ReadSegment", err)
	}
	return decodeSegment(content, schema)
}

func decodeSegment(content []byte, schema *formula.Schema) (s *Segment, err error) {
	if !sealed(content) {
		return nil, unreadable("its seal")
	}
	r, err := ipc.NewMappedFileReader(content)
	if err != nil || r.NumRecords() != 1 {
		return nil, unreadable("its frame")
	}
	record, err := r.RecordBatch(0)
	if err != nil {
		return nil, unreadable("its record")
	}
	s = &Segment{}
	metadata := r.Schema().Metadata()
	value := func(name string) string { v, _ := metadata.GetValue(name); return v }
	county, err1 := strconv.ParseInt(value(countyEntry), 10, 64)
	asOf, err2 := day.Parse(value(asOfEntry))
	head, err3 := strconv.ParseInt(value(headEntry), 10, 64)
	if err1 != nil || err2 != nil || err3 != nil {
		return nil, unreadable("its metadata")
	}
	s.County, s.AsOf, s.Head = place.ID(county), asOf, head
	s.Table, err = tableOf(schema, record)
	return s, err
}
