package sheet

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/flate"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"

	"liandong/errs"
)

// archive is a zip container in which every byte belongs to something and every part carries its checksum.
type archive struct {
	data     []byte
	parts    map[string]*part // by lower-case name: part names do not differ by case
	inflated int64            // bytes that came out while checking, for tests that bound the work
}

// part is one entry of the container.
type part struct {
	name       string
	compressed []byte
	deflated   bool
	size       int64
	crc        uint32
}

const opArchive = "sheet.Open"

// openArchive checks the container and inflates every part once, keeping none. What it refuses: an entry that is encrypted, has
// an unknown method, a wrong checksum, a size other than declared, a ratio, size, count or name beyond the limits, a name
// twice; a local header that says something else than the directory; bytes that belong to no entry; markup with a document
// type, which is the door to entity bombs.
func openArchive(data []byte) (*archive, error) {
	a := &archive{data: data, parts: map[string]*part{}}
	entries, err := readDirectory(data)
	if err != nil {
		return nil, err
	}
	if err := a.admit(entries); err != nil {
		return nil, err
	}
	if err := a.agree(entries); err != nil {
		return nil, err
	}
	for i := range entries {
		p := a.parts[strings.ToLower(entries[i].name)]
		n, err := p.verify()
		a.inflated += n
		if err != nil {
			return nil, err
		}
	}
	return a, nil
}

// admit applies the limits to what the directory declares, before anything is inflated. Inflating never goes beyond what was
// declared, so a directory that lies gains nothing.
func (a *archive) admit(entries []entry) error {
	var total int64
	for i := range entries {
		e := &entries[i]
		if err := e.checkName(); err != nil {
			return err
		}
		if err := e.checkSize(); err != nil {
			return err
		}
		key := strings.ToLower(e.name)
		if a.parts[key] != nil {
			return invalid(opArchive, "工作簿里有两个同名的部件，无法确定该读哪一个。"+resaveZH,
				"The workbook holds two parts of one name, so it is not certain which to read. "+resaveEN).At(e.name)
		}
		if total += e.size; total > maxInflated {
			return tooLarge(opArchive, fmt.Sprintf("工作簿展开后超过 %d MB，请分成几个文件。", maxInflated>>20),
				fmt.Sprintf("The workbook is larger than %d MB when unpacked; split it.", maxInflated>>20))
		}
		a.parts[key] = &part{
			name: e.name, compressed: a.data[e.dataStart:e.dataEnd], deflated: e.method == zip.Deflate, size: e.size, crc: e.crc,
		}
	}
	return nil
}

func (e *entry) checkName() error {
	bad := e.name == "" || len(e.name) > maxName || strings.HasPrefix(e.name, "/") || strings.ContainsAny(e.name, "\\\x00:") ||
		slices.Contains(strings.Split(e.name, "/"), "..")
	if bad {
		return invalid(opArchive, "工作簿里有名称不合规的部件，可能是恶意文件。", "The workbook holds a part with a forbidden name; it may be hostile.")
	}
	return nil
}

func (e *entry) checkSize() error {
	if e.flags&1 != 0 {
		return invalid(opArchive, "文件加了密码。请先去掉密码，另存为「Excel 工作簿（*.xlsx）」。",
			`The file is protected by a password. Remove it and save as "Excel workbook (*.xlsx)".`)
	}
	if e.method != zip.Store && e.method != zip.Deflate {
		return damaged("工作簿用了不认识的压缩方法。", "The workbook uses an unknown way of compression.", e.name)
	}
	if e.method == zip.Store && e.size != e.dataEnd-e.dataStart {
		return damaged("未压缩部件的长度对不上。", "A stored part has two different lengths.", e.name)
	}
	if e.size >= ratioFrom && e.size > maxRatio*(e.dataEnd-e.dataStart) {
		return tooLarge(opArchive, "工作簿里有压缩得异常厉害的部件，这是「压缩炸弹」的特征，没有打开。"+resaveZH,
			"A part of the workbook is compressed beyond measure, as in a decompression bomb; it was not opened. "+resaveEN).At(e.name)
	}
	return nil
}

// agree asks the standard library's reader, which excelize uses when a workbook is marked, to list the same entries: two readers
// that see two different workbooks in one file are a known way of smuggling.
func (a *archive) agree(entries []entry) error {
	r, err := zip.NewReader(bytes.NewReader(a.data), int64(len(a.data)))
	if err != nil {
		return damaged("压缩容器已损坏。", "Its container is damaged.", "").Because(err)
	}
	if len(r.File) != len(entries) {
		return damaged("压缩容器有两种读法。", "Its container can be read in two ways.", "")
	}
	for i, f := range r.File {
		e := &entries[i]
		offset, err := f.DataOffset()
		same := err == nil && f.Name == e.name && f.Method == e.method && f.CRC32 == e.crc && offset == e.dataStart &&
			int64(f.UncompressedSize64) == e.size && int64(f.CompressedSize64) == e.dataEnd-e.dataStart
		if !same {
			return damaged("压缩容器有两种读法。", "Its container can be read in two ways.", e.name)
		}
	}
	return nil
}

// verify inflates the part, comparing length and checksum, and looks at markup. It returns how many bytes came out.
func (p *part) verify() (int64, error) {
	r := p.open()
	defer r.Close()
	watch := io.Discard
	guard := &typeGuard{}
	if p.isMarkup() {
		watch = guard
	}
	n, err := io.Copy(watch, r)
	if err == nil && guard.found {
		err = invalid(opArchive, "工作簿里的标记带有文档类型声明（DTD），正常的工作簿没有，没有打开。"+resaveZH,
			"A part of the workbook declares a document type (DTD), which proper workbooks never do; it was not opened. "+resaveEN).At(p.name)
	}
	return n, err
}

func (p *part) isMarkup() bool {
	name := strings.ToLower(p.name)
	return strings.HasSuffix(name, ".xml") || strings.HasSuffix(name, ".rels") || strings.HasSuffix(name, ".vml")
}

// open gives the inflated bytes; reading to the end verifies length and checksum and that the compressed bytes end there too.
func (p *part) open() *partReader {
	r := &partReader{part: p, left: p.size}
	if !p.deflated {
		r.source = io.NopCloser(bytes.NewReader(p.compressed))
		return r
	}
	// An io.ByteReader is read exactly as far as the compressed stream goes, so that what is left over can be told.
	r.packed = bufio.NewReaderSize(bytes.NewReader(p.compressed), 64<<10)
	r.source = flate.NewReader(r.packed)
	return r
}

type partReader struct {
	part   *part
	packed *bufio.Reader
	source io.ReadCloser
	crc    uint32
	left   int64
	err    error
}

// Read implements io.Reader.
func (r *partReader) Read(b []byte) (int, error) {
	if r.err != nil {
		return 0, r.err
	}
	n, err := r.source.Read(b)
	if int64(n) > r.left {
		r.err = damaged("部件比声明的长。", "A part is longer than declared.", r.part.name)
		return 0, r.err
	}
	r.left -= int64(n)
	r.crc = crc32.Update(r.crc, crc32.IEEETable, b[:n])
	switch {
	case err == io.EOF:
		r.err = r.finish()
	case err != nil:
		r.err = damaged("压缩数据已损坏。", "Its compressed data are damaged.", r.part.name).Because(err)
	}
	return n, r.err
}

func (r *partReader) finish() error {
	switch {
	case r.left != 0:
		return damaged("部件比声明的短。", "A part is shorter than declared.", r.part.name)
	case r.crc != r.part.crc:
		return damaged("部件的校验和不对。", "The checksum of a part is wrong.", r.part.name)
	case r.packed != nil:
		if _, err := r.packed.ReadByte(); err != io.EOF {
			return damaged("压缩数据后面有多余的字节。", "There are bytes left behind the compressed data.", r.part.name)
		}
	}
	return io.EOF
}

// Close implements io.Closer.
func (r *partReader) Close() error { return r.source.Close() }

// small reads a whole part of at most maxSmallPart bytes; nil and no error when it does not exist.
func (a *archive) small(name string) ([]byte, error) {
	p := a.parts[strings.ToLower(name)]
	if p == nil {
		return nil, nil
	}
	if p.size > maxSmallPart {
		return nil, tooLarge(opArchive, "工作簿的样式或目录异常地大，没有打开。"+resaveZH,
			"The styles or the list of sheets are beyond measure; it was not opened. "+resaveEN).At(p.name)
	}
	r := p.open()
	defer r.Close()
	b := make([]byte, 0, p.size+1)
	buffer := bytes.NewBuffer(b)
	_, err := buffer.ReadFrom(r)
	return buffer.Bytes(), err
}

// typeGuard looks for a document type or entity declaration in a stream. Between tags a < is always escaped, so the words can
// stand only where markup stands, in a comment or in a CDATA section; none of these has reason to hold them.
type typeGuard struct {
	tail  []byte
	found bool
}

const longestDeclaration = len("<!DOCTYPE")

// Write implements io.Writer.
func (g *typeGuard) Write(b []byte) (int, error) {
	if !g.found {
		seam := slices.Concat(g.tail, b[:min(len(b), longestDeclaration)])
		g.found = declares(seam) || declares(b)
		end := slices.Concat(g.tail, b[max(0, len(b)-longestDeclaration):])
		g.tail = end[max(0, len(end)-longestDeclaration+1):]
	}
	return len(b), nil
}

func declares(b []byte) bool {
	for {
		i := bytes.Index(b, []byte("<!"))
		if i < 0 {
			return false
		}
		b = b[i:]
		for _, word := range []string{"<!DOCTYPE", "<!ENTITY"} {
			if len(b) >= len(word) && strings.EqualFold(string(b[:len(word)]), word) {
				return true
			}
		}
		b = b[2:]
	}
}

const (
	resaveZH = "请用 WPS 表格或 Excel 打开并另存一次，再导入新文件；打不开就请提供者重新发送。"
	resaveEN = "Open it in WPS or Excel, save it again and import the new file; if it does not open, ask for it to be sent again."
)

// damaged is the error of a file that is not what its writer wrote.
func damaged(zh, en, where string) *errs.Error {
	return invalid(opArchive, "文件已损坏："+zh+resaveZH, "The file is damaged. "+en+" "+resaveEN).At(where)
}
