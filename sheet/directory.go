package sheet

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"unicode/utf8"
)

// entry is one line of the container's directory together with where its data lie. The layout is that of PKWARE's APPNOTE 6.3,
// sections 4.3.7 (local header), 4.3.9 (data descriptor), 4.3.12 (central header), 4.3.16 (end of directory), 4.5.3 (zip64).
type entry struct {
	name               string
	flags, method      uint16
	crc                uint32
	size               int64 // inflated
	packed             int64 // compressed
	header             int64 // offset of the local header
	dataStart, dataEnd int64
}

const (
	localLen   = 30
	centralLen = 46
	endLen     = 22

	flagEncrypted  = 1 << 0
	flagDescriptor = 1 << 3 // checksum and sizes follow the data
	flagUTF8       = 1 << 11
)

var (
	localMagic      = []byte("PK\x03\x04")
	centralMagic    = []byte("PK\x01\x02")
	endMagic        = []byte("PK\x05\x06")
	end64Magic      = []byte("PK\x06\x06")
	locator64Magic  = []byte("PK\x06\x07")
	descriptorMagic = []byte("PK\x07\x08")
)

var le = binary.LittleEndian

// readDirectory lists the entries and proves that they, the directory and its end fill the file without a gap, an overlap or a
// byte before or behind.
func readDirectory(data []byte) ([]entry, error) {
	start, end, count, err := findDirectory(data)
	if err != nil {
		return nil, err
	}
	if count > maxEntries {
		return nil, tooLarge(opArchive, "工作簿里的部件太多，没有打开。"+resaveZH, "The workbook has too many parts; it was not opened. "+resaveEN)
	}
	entries := make([]entry, 0, count)
	at := start
	for range count {
		e, next, err := readCentral(data, at, end)
		if err != nil {
			return nil, err
		}
		entries, at = append(entries, e), next
	}
	if at != end {
		return nil, gap("")
	}
	return entries, layEnd(data, entries, start)
}

// findDirectory reads the end record, which must be the last 22 bytes: a comment behind it has no place in a workbook.
func findDirectory(data []byte) (start, end int64, count int, err error) {
	n := int64(len(data))
	if n < endLen || !bytes.Equal(data[n-endLen:n-endLen+4], endMagic) {
		return 0, 0, 0, damaged("结尾不完整，可能没有下载完。", "Its end is missing; perhaps the download was cut short.", "")
	}
	r := data[n-endLen:]
	diskOK := le.Uint32(r[4:]) == 0 && le.Uint16(r[20:]) == 0 && le.Uint16(r[8:]) == le.Uint16(r[10:])
	count, size, start := int(le.Uint16(r[10:])), int64(le.Uint32(r[12:])), int64(le.Uint32(r[16:]))
	end = n - endLen
	if count == math.MaxUint16 || size == math.MaxUint32 || start == math.MaxUint32 {
		return findDirectory64(data)
	}
	if !diskOK || start+size != end {
		return 0, 0, 0, gap("")
	}
	return start, end, count, nil
}

// findDirectory64 reads the larger end record that stands before the ordinary one.
func findDirectory64(data []byte) (start, end int64, count int, err error) {
	const end64Len, locatorLen = 56, 20
	n := int64(len(data))
	at := n - endLen - locatorLen - end64Len
	if at < 0 || !bytes.Equal(data[at:at+4], end64Magic) || !bytes.Equal(data[at+end64Len:at+end64Len+4], locator64Magic) {
		return 0, 0, 0, gap("")
	}
	r, locator := data[at:], data[at+end64Len:]
	c, size, offset := le.Uint64(r[32:]), le.Uint64(r[40:]), le.Uint64(r[48:])
	sound := le.Uint64(r[4:]) == end64Len-12 && le.Uint64(r[16:]) == 0 && c == le.Uint64(r[24:]) &&
		le.Uint32(locator[4:]) == 0 && le.Uint64(locator[8:]) == uint64(at) && le.Uint32(locator[16:]) == 1 &&
		size <= uint64(at) && offset == uint64(at)-size && c <= uint64(n)
	if !sound {
		return 0, 0, 0, gap("")
	}
	return int64(offset), at, int(c), nil
}

// readCentral reads one directory line at offset at; next is where the following one begins.
func readCentral(data []byte, at, end int64) (e entry, next int64, err error) {
	if end-at < centralLen || !bytes.Equal(data[at:at+4], centralMagic) {
		return e, 0, gap("")
	}
	r := data[at:]
	nameLen, extraLen, commentLen := int64(le.Uint16(r[28:])), int64(le.Uint16(r[30:])), int64(le.Uint16(r[32:]))
	next = at + centralLen + nameLen + extraLen + commentLen
	if next > end {
		return e, 0, gap("")
	}
	e = entry{
		name: string(r[centralLen : centralLen+nameLen]), flags: le.Uint16(r[8:]), method: le.Uint16(r[10:]), crc: le.Uint32(r[16:]),
		packed: int64(le.Uint32(r[20:])), size: int64(le.Uint32(r[24:])), header: int64(le.Uint32(r[42:])),
	}
	if le.Uint16(r[34:]) != 0 || !utf8.ValidString(e.name) {
		return e, 0, gap(e.name)
	}
	extra := r[centralLen+nameLen : centralLen+nameLen+extraLen]
	if !widen(extra, &e.size, &e.packed, &e.header) {
		return e, 0, gap(e.name)
	}
	return e, next, nil
}

// widen replaces every value that is at its 32-bit end by the 64-bit one in the zip64 extra field, in the order of the format.
func widen(extra []byte, values ...*int64) bool {
	const zip64ID = 1
	var wide []byte
	for len(extra) >= 4 {
		id, n := le.Uint16(extra), int(le.Uint16(extra[2:]))
		if n > len(extra)-4 {
			return false
		}
		if id == zip64ID {
			wide = extra[4 : 4+n]
		}
		extra = extra[4+n:]
	}
	for _, v := range values {
		if *v != math.MaxUint32 {
			continue
		}
		if len(wide) < 8 || le.Uint64(wide) > math.MaxInt64 {
			return false
		}
		*v, wide = int64(le.Uint64(wide)), wide[8:]
	}
	return true
}

// layEnd walks the local headers in the order of their offsets and checks that each ends where the next begins and the last
// where the directory does.
func layEnd(data []byte, entries []entry, directory int64) error {
	order := make([]*entry, len(entries))
	for i := range entries {
		order[i] = &entries[i]
	}
	slices.SortFunc(order, func(a, b *entry) int { return cmp.Compare(a.header, b.header) })
	var at int64
	for _, e := range order {
		if e.header != at {
			return gap(e.name)
		}
		next, err := e.readLocal(data[:directory])
		if err != nil {
			return err
		}
		at = next
	}
	if at != directory {
		return gap("")
	}
	return nil
}

// readLocal compares the local header with the directory line and finds the data; next is the first byte behind the entry.
func (e *entry) readLocal(data []byte) (next int64, err error) {
	n := int64(len(data))
	if n-e.header < localLen || !bytes.Equal(data[e.header:e.header+4], localMagic) {
		return 0, gap(e.name)
	}
	r := data[e.header:]
	nameLen, extraLen := int64(le.Uint16(r[26:])), int64(le.Uint16(r[28:]))
	e.dataStart = e.header + localLen + nameLen + extraLen
	if e.packed > n || e.dataStart > n-e.packed {
		return 0, gap(e.name)
	}
	e.dataEnd = e.dataStart + e.packed
	flags := le.Uint16(r[6:])
	const meaning = flagEncrypted | flagDescriptor | flagUTF8
	if string(r[localLen:localLen+nameLen]) != e.name || le.Uint16(r[8:]) != e.method || flags&meaning != e.flags&meaning {
		return 0, gap(e.name)
	}
	packed, size, crc := int64(le.Uint32(r[18:])), int64(le.Uint32(r[22:])), le.Uint32(r[14:])
	if !widen(r[localLen+nameLen:localLen+nameLen+extraLen], &size, &packed) {
		return 0, gap(e.name)
	}
	if flags&flagDescriptor == 0 {
		if packed != e.packed || size != e.size || crc != e.crc {
			return 0, gap(e.name)
		}
		return e.dataEnd, nil
	}
	if (packed != 0 && packed != e.packed) || (size != 0 && size != e.size) || (crc != 0 && crc != e.crc) {
		return 0, gap(e.name)
	}
	return e.readDescriptor(data)
}

// readDescriptor reads checksum and sizes behind the data: with or without a signature, sizes of 4 or 8 bytes. The form whose
// values are right is taken; one of them must be.
func (e *entry) readDescriptor(data []byte) (next int64, err error) {
	want := map[int][]byte{12: e.descriptor(4), 20: e.descriptor(8)}
	rest := data[e.dataEnd:]
	for _, signature := range [][]byte{descriptorMagic, nil} {
		for _, n := range []int{12, 20} {
			if whole := append(slices.Clone(signature), want[n]...); bytes.HasPrefix(rest, whole) && e.follows(data, len(whole)) {
				return e.dataEnd + int64(len(whole)), nil
			}
		}
	}
	return 0, gap(e.name)
}

func (e *entry) descriptor(width int) []byte {
	b := le.AppendUint32(nil, e.crc)
	if width == 8 {
		return le.AppendUint64(le.AppendUint64(b, uint64(e.packed)), uint64(e.size))
	}
	return le.AppendUint32(le.AppendUint32(b, uint32(e.packed)), uint32(e.size))
}

// follows reports whether another local header or the end of the entries comes n bytes behind the data.
func (e *entry) follows(data []byte, n int) bool {
	at := e.dataEnd + int64(n)
	return at == int64(len(data)) || bytes.HasPrefix(data[at:], localMagic)
}

// gap is the error of a container whose pieces contradict each other.
func gap(name string) error {
	return damaged("压缩容器的目录和内容对不上。", "The directory of its container does not match its contents.", name)
}
