package sheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"liandong/errs"
)

// allocated is how much memory a function asks for in all, whether or not it gives it back.
func allocated(fn func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	fn()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// fewBytes is what refusing a hostile file may cost: a few buffers and the checking of what it really holds.
const fewBytes = 24 << 20

// raw adds an entry whose header says whatever the test wants.
func raw(t *testing.T, h zip.FileHeader, body []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	w, err := z.CreateRaw(&h)
	if err == nil {
		_, err = w.Write(body)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// many declares that many entries of a size, with nothing behind it.
func many(t *testing.T, n int, size uint64) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for i := range n {
		w, err := z.CreateRaw(&zip.FileHeader{Name: fmt.Sprintf("xl/media/%d.bin", i), Method: zip.Deflate, UncompressedSize64: size, CompressedSize64: 2})
		if err == nil {
			_, err = w.Write([]byte{3, 0})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestHostileArchivesAreRefusedBeforeTheyCostAnything(t *testing.T) {
	zeros := bytes.Repeat([]byte{0}, 16<<20)
	named := func(name string) []byte { return pack(t, zip.Deflate, pieces(everyKind, piece{name, "x"})) }
	twice := func(first, second string) []byte {
		return pack(t, zip.Deflate, append(pieces(everyKind), piece{first, "a"}, piece{second, "b"}))
	}
	for _, c := range []struct {
		what string
		data []byte
		kind errs.Kind
		zh   string
	}{
		{"compressed a thousandfold", book(t, everyKind, piece{"xl/media/image1.bin", string(zeros)}), errs.TooLarge, "压缩炸弹"},
		{"much in all", many(t, 300, 3_900_000), errs.TooLarge, "超过 1024 MB"},
		{"too many entries", many(t, maxEntries+1, 0), errs.TooLarge, "部件太多"},
		{"shorter than it inflates to", raw(t, zip.FileHeader{Name: "a.xml", Method: zip.Store, UncompressedSize64: 2, CompressedSize64: 5}, []byte("abcde")), errs.Invalid, "损坏"},
		{"encrypted", raw(t, zip.FileHeader{Name: "a.xml", Flags: 1, Method: zip.Store, UncompressedSize64: 5, CompressedSize64: 5}, []byte("abcde")), errs.Invalid, "密码"},
		{"another compression", raw(t, zip.FileHeader{Name: "a.xml", Method: 93, UncompressedSize64: 5, CompressedSize64: 5}, []byte("abcde")), errs.Invalid, "压缩方法"},
		{"a name that climbs", named("xl/../../etc/passwd"), errs.Invalid, "名称"},
		{"a name from the root", named("/etc/passwd"), errs.Invalid, "名称"},
		{"a drive in a name", named("C:evil.xml"), errs.Invalid, "名称"},
		{"a backslash", named(`xl\evil.xml`), errs.Invalid, "名称"},
		{"a zero in a name", named("xl/a\x00.xml"), errs.Invalid, "名称"},
		{"a name without end", named("xl/" + strings.Repeat("a", maxName)), errs.Invalid, "名称"},
		{"no name", named(""), errs.Invalid, "名称"},
		{"one name twice", twice("xl/a.xml", "xl/a.xml"), errs.Invalid, "同名"},
		{"one name twice in another case", twice("xl/a.xml", "XL/A.xml"), errs.Invalid, "同名"},
		{"an entity bomb", book(t, everyKind, piece{"xl/styles.xml", `<!DOCTYPE x [<!ENTITY a "` + strings.Repeat("a", 1000) + `"><!ENTITY b "&a;&a;">]><styleSheet>&b;</styleSheet>`}), errs.Invalid, "DTD"},
		{"an entity in a drawing", book(t, everyKind, piece{"xl/drawings/drawing1.xml", `<!doctype x><x/>`}), errs.Invalid, "DTD"},
		{"another zip inside", pack(t, zip.Deflate, []piece{{"表.xlsx", string(book(t, everyKind))}}), errs.Invalid, "压缩包"},
		{"no workbook", pack(t, zip.Deflate, []piece{{"readme.txt", "x"}}), errs.Invalid, "不是 Excel 工作簿"},
		{"another kind of workbook", pack(t, zip.Deflate, []piece{{"mimetype", "x"}, {"content.xml", "<x/>"}}), errs.Invalid, "OpenDocument"},
		{"no sheet", book(t, everyKind, piece{"xl/workbook.xml", "<workbook/>"}), errs.Invalid, "没有工作表"},
		{"a sheet that is nowhere", book(t, everyKind, piece{"xl/_rels/workbook.xml.rels", relationsHead + `</Relationships>`}), errs.Invalid, "损坏"},
		{"markup beyond ASCII that is no UTF-8", book(t, everyKind, piece{"xl/workbook.xml", `<?xml version="1.0" encoding="GBK"?><workbook/>`}), errs.Invalid, "UTF-8"},
		{"two tables of texts", book(t, everyKind, piece{"xl/_rels/workbook.xml.rels", twoTables}), errs.Invalid, "损坏"},
		{"an old workbook", []byte(oleMagic + "rest"), errs.Invalid, ".xls"},
		{"a protected workbook", append([]byte(oleMagic), utf16LE("EncryptedPackage")...), errs.Invalid, "密码"},
		{"a web page", []byte("<html><table><tr><td>姓名</td></tr></table></html>"), errs.Invalid, "网页"},
		{"a PDF", []byte("%PDF-1.4"), errs.Invalid, "PDF"},
		{"nothing", nil, errs.Invalid, "空的"},
		{"spaces", []byte(" \r\n"), errs.Invalid, "空的"},
	} {
		var err error
		if cost := allocated(func() { _, err = Open(c.data) }); cost > fewBytes {
			t.Errorf("%s: refusing it took %d MB", c.what, cost>>20)
		}
		refused(t, c.what, err)
		if !errs.Is(err, c.kind) || !strings.Contains(errs.Sentence(err).ZH, c.zh) {
			t.Errorf("%s: %v %s", c.what, errs.KindOf(err), errs.Sentence(err).ZH)
		}
	}
}

const twoTables = relationsHead + `<Relationship Id="rId1" Type="` + officeType + `worksheet" Target="worksheets/sheet1.xml"/>` +
	`<Relationship Id="rId2" Type="` + officeType + `sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="` + officeType + `sharedStrings" Target="sharedStrings.xml"/></Relationships>`

// A file that opens is refused when its rows are read. Memory stays bounded; a hang is told by the test's time limit.
func TestHostileSheetsAreRefusedWithASentence(t *testing.T) {
	row := func(cells string) string { return `<sheetData><row r="1">` + cells + `</row></sheetData>` }
	inline := func(s string) string { return row(`<c r="A1" t="inlineStr"><is>` + s + `</is></c>`) }
	long := strings.Repeat("长", maxToken/6)
	for _, c := range []struct {
		what, inside string
		kind         errs.Kind
	}{
		{"a row too many", `<sheetData><row r="1048577"><c><v>1</v></c></row></sheetData>`, errs.Invalid},
		{"a row too many, not numbered", `<sheetData><row r="1048576"><c><v>1</v></c></row><row><c><v>1</v></c></row></sheetData>`, errs.Invalid},
		{"rows out of order", `<sheetData><row r="2"/><row r="1"/></sheetData>`, errs.Invalid},
		{"a row twice", `<sheetData><row r="2"/><row r="2"/></sheetData>`, errs.Invalid},
		{"row zero", `<sheetData><row r="0"/></sheetData>`, errs.Invalid},
		{"a row of no number", `<sheetData><row r="x"/></sheetData>`, errs.Invalid},
		{"a column too many", row(`<c r="XFE1"><v>1</v></c>`), errs.Invalid},
		{"a column too many, not named", row(`<c r="XFD1"/><c><v>1</v></c>`), errs.Invalid},
		{"a cell of another row", row(`<c r="A2"><v>1</v></c>`), errs.Invalid},
		{"a cell twice", row(`<c r="B1"><v>1</v></c><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c>`), errs.Invalid},
		{"a text out of range", row(`<c r="A1" t="s"><v>2</v></c>`), errs.Invalid},
		{"a text far out of range", row(`<c r="A1" t="s"><v>99999999999999999999</v></c>`), errs.Invalid},
		{"a text of a negative number", row(`<c r="A1" t="s"><v>-1</v></c>`), errs.Invalid},
		{"a text of no number", row(`<c r="A1" t="s"><v></v></c>`), errs.Invalid},
		{"a number that is none", row(`<c r="A1"><v>0x10</v></c>`), errs.Invalid},
		{"a number beyond numbers", row(`<c r="A1"><v>1e999</v></c>`), errs.Invalid},
		{"a truth that is none", row(`<c r="A1" t="b"><v>maybe</v></c>`), errs.Invalid},
		{"a date that is none", row(`<c r="A1" t="d"><v>2015-02-30</v></c>`), errs.Invalid},
		{"a kind that is none", row(`<c r="A1" t="zip"><v>1</v></c>`), errs.Invalid},
		{"an unknown entity", inline(`<t>&bomb;</t>`), errs.Invalid},
		{"a character that XML has not", inline(`<t>&#0;</t>`), errs.Invalid},
		{"half a surrogate", inline(`<t>&#xD800;</t>`), errs.Invalid},
		{"bytes that are no UTF-8", inline("<t>\xff\xfe</t>"), errs.Invalid},
		{"control characters", inline("<t>\x01</t>"), errs.Invalid},
		{"a cell without end", inline(`<t>` + strings.Repeat("长", maxToken) + `</t>`), errs.TooLarge},
		{"a cell without end in runs", inline(strings.Repeat(`<r><t>`+long+`</t></r>`, 8)), errs.TooLarge},
		{"a value without end between comments", row(`<c r="A1" t="str"><v>` + strings.Repeat(long+`<!-- -->`, 8) + `</v></c>`), errs.TooLarge},
		{"deeper than any sheet", strings.Repeat("<x>", maxDepth) + strings.Repeat("</x>", maxDepth), errs.TooLarge},
		{"elements not closed in order", `<sheetData><row></sheetData></row>`, errs.Invalid},
		{"an element left open", `<sheetData>`, errs.Invalid},
		{"two tables", `<sheetData/><sheetData/>`, errs.Invalid},
		{"quotes full of brackets", strings.Repeat(`<x a="`+strings.Repeat(">", maxToken-100)+`"/>`, 60) + `<sheetData><row r="0"/></sheetData>`, errs.Invalid},
	} {
		data := pack(t, zip.Store, pieces(c.inside))
		var err error
		if cost := allocated(func() { _, err = dump(data) }); cost > fewBytes {
			t.Errorf("%s: refusing it took %d MB", c.what, cost>>20)
		}
		refused(t, c.what, err)
		if !errs.Is(err, c.kind) {
			t.Errorf("%s: %v, want %v", c.what, errs.KindOf(err), c.kind)
		}
	}
}

// A format of a million zeros makes no cell of a million digits.
func TestANumberFormatCannotMakeALongCell(t *testing.T) {
	styles := `<styleSheet ` + mainSpace + `><numFmts><numFmt numFmtId="200" formatCode="` + strings.Repeat("0", 400_000) + `"/></numFmts><cellXfs><xf numFmtId="200"/></cellXfs></styleSheet>`
	cells := strings.Repeat(`<c s="0"><v>1</v></c>`, 200)
	data := pack(t, zip.Store, pieces(`<sheetData><row r="1">`+cells+`</row></sheetData>`, piece{"xl/styles.xml", styles}))
	if cost := allocated(func() { _, _ = dump(data) }); cost > fewBytes {
		t.Errorf("200 cells took %d MB", cost>>20)
	}
}

// A row of text has no more fields than a sheet has columns, and is refused while it is read rather than when it is whole.
func TestARecordWithoutEndIsRefused(t *testing.T) {
	var err error
	endless := bytes.Repeat([]byte(","), 8<<20)
	if cost := allocated(func() { _, err = Open(endless) }); cost > fewBytes {
		t.Errorf("refusing it took %d MB", cost>>20)
	}
	refused(t, "eight million fields", err)
	if !errs.Is(err, errs.TooLarge) {
		t.Errorf("kind %v", errs.KindOf(err))
	}
}

func TestTextEndsWhereASheetEnds(t *testing.T) {
	lines := append([]byte("a,b\n"), bytes.Repeat([]byte("1,2\n"), MaxRows-1)...)
	if _, err := Open(lines); err != nil {
		t.Errorf("%d rows: %v", MaxRows, err)
	}
	_, err := Open(append(lines, "1,2\n"...))
	refused(t, "a row more", err)
}
