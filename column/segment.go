package column

import (
	"bytes"
	"encoding/hex"
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
	digestEntry = "liandong.sha256"
)

// WriteFile writes the segment as an Arrow file that its owner alone may read, because it holds names and health. The file is there
// whole or not at all.
func (s *Segment) WriteFile(path string) (err error) {
	digest := s.Table.Digest()
	record := s.Table.Record(arrow.NewMetadata(
		[]string{countyEntry, asOfEntry, headEntry, digestEntry},
		[]string{s.County.String(), s.AsOf.String(), strconv.FormatInt(s.Head, 10), hex.EncodeToString(digest[:])},
	))
	defer record.Release()
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
	w, err := ipc.NewFileWriter(f, ipc.WithSchema(record.Schema()))
	if err != nil {
		return errs.Wrap("column.WriteFile", err)
	}
	if err := w.Write(record); err != nil {
		return errs.Wrap("column.WriteFile", err)
	}
	if err := w.Close(); err != nil {
		return errs.Wrap("column.WriteFile", err)
	}
	if err := f.Close(); err != nil { // no fsync: a file that a power cut spoiled fails its digest and is made anew
		return errs.Wrap("column.WriteFile", err)
	}
	return errs.Wrap("column.WriteFile", os.Rename(f.Name(), path))
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
	defer func() { // the Arrow library trusts the offsets of a file
		if recover() != nil {
			s, err = nil, unreadable("its frame")
		}
	}()
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
	if s.Table, err = tableOf(schema, record); err != nil {
		return nil, err
	}
	digest := s.Table.Digest()
	if want, err := hex.DecodeString(value(digestEntry)); err != nil || !bytes.Equal(want, digest[:]) {
		return nil, unreadable("its digest")
	}
	return s, nil
}
