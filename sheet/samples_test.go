package sheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"liandong/errs"
)

// piece is one part of a workbook that a test puts together by hand.
type piece struct{ name, body string }

const (
	relationsHead = `<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	officeType    = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	mainSpace     = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
)

// pieces are the parts of a workbook of one sheet with this inside its worksheet element. A part given in changes replaces the one of
// its name or comes behind.
func pieces(inside string, changes ...piece) []piece {
	all := []piece{
		{"[Content_Types].xml", `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
			`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>` +
			`<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>` +
			`<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>`},
		{"_rels/.rels", relationsHead + `<Relationship Id="rId1" Type="` + officeType + `officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook ` + mainSpace + `><sheets><sheet name="登记" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", relationsHead + `<Relationship Id="rId1" Type="` + officeType + `worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="rId2" Type="` + officeType + `styles" Target="styles.xml"/><Relationship Id="rId3" Type="` + officeType + `sharedStrings" Target="sharedStrings.xml"/></Relationships>`},
		{"xl/styles.xml", `<styleSheet ` + mainSpace + `><fonts count="1"><font/></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
			`<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>` +
			`<xf numFmtId="14" fontId="0" fillId="0" borderId="0"/><xf numFmtId="10" fontId="0" fillId="0" borderId="0"/></cellXfs></styleSheet>`},
		{"xl/sharedStrings.xml", `<sst ` + mainSpace + ` count="2" uniqueCount="2"><si><t>姓名</t></si><si><r><t>单</t></r><r><t>建国</t></r></si></sst>`},
		{"xl/worksheets/sheet1.xml", `<worksheet ` + mainSpace + `>` + inside + `</worksheet>`},
	}
	for _, change := range changes {
		found := false
		for i := range all {
			if all[i].name == change.name {
				all[i], found = change, true
			}
		}
		if !found {
			all = append(all, change)
		}
	}
	return all
}

// pack makes the container.
func pack(t testing.TB, method uint16, parts []piece) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, p := range parts {
		w, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: method})
		if err == nil {
			_, err = w.Write([]byte(p.body))
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

// book is a workbook of one sheet with this inside its worksheet element.
func book(t testing.TB, inside string, changes ...piece) []byte {
	t.Helper()
	return pack(t, zip.Deflate, pieces(inside, changes...))
}

// everyKind is a sheet with a cell of every kind.
const everyKind = `<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>证件号码</t></is></c></row>` +
	`<row r="3" hidden="1"><c r="A3" t="s"><v>1</v></c><c r="B3" s="1"><v>42094</v></c><c r="C3" t="b"><v>1</v></c><c r="D3" s="2"><v>0.055</v></c>` +
	`<c r="E3"><f>1+1</f><v>2</v></c><c r="F3" t="e"><v>#N/A</v></c><c r="G3" t="d"><v>2015-03-01</v></c><c r="H3"><v>5850.5</v></c></row></sheetData>`

// libraryBook is a workbook as a spreadsheet library writes it: shared texts, dates, styles, merged cells, a formula, two sheets.
func libraryBook(t testing.TB) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"D9E1F2"}}})
	date, err2 := f.NewStyle(&excelize.Style{NumFmt: 14})
	_, err3 := f.NewSheet("说明")
	for _, err := range []error{err, err2, err3, f.SetCellStr("说明", "B2", "填表说明"), f.SetSheetRow("Sheet1", "A1", &[]any{"姓名", "证件号码", "出生日期", "工资性收入", "合计"}), f.SetCellStyle("Sheet1", "A1", "E1", bold)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for row := 2; row <= 30; row++ {
		at := strconv.Itoa(row)
		for _, err := range []error{
			f.SetSheetRow("Sheet1", "A"+at, &[]any{"单建国" + strconv.Itoa(row%7), fmt.Sprintf("13069919720319%04d", row), 26_377 + row, 5850.5 + float64(row)}),
			f.SetCellStyle("Sheet1", "C"+at, "C"+at, date), f.SetCellFormula("Sheet1", "E"+at, "D"+at+"*2"),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.MergeCell("Sheet1", "A31", "E31"); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// ownBook is a workbook that this package wrote.
func ownBook(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := NewWorkbook(&out, Table{Titles: []string{"贫困人口信息"}, Columns: []Column{{Heading: "姓名"}, {Heading: "证件号码", Text: true}}, Footer: "演示"})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		if err := w.Write([]Cell{TextCell("曾桂英"), TextCell(strconv.Itoa(100000 + i))}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// dump writes everything that can be read of a file, so that two readings can be compared.
func dump(data []byte) (string, error) {
	b, err := Open(data)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	fmt.Fprintf(&out, "%d %s %v %+v\n", b.Format(), b.Encoding(), b.Macros(), b.Sheets())
	for i := range b.Sheets() {
		for row, err := range b.Rows(i) {
			if err != nil {
				return "", err
			}
			fmt.Fprintf(&out, "%d/%d %v %+v\n", i, row.Number, row.Hidden, row.Cells)
		}
	}
	return out.String(), nil
}

// texts are the texts of the first sheet, row by row.
func texts(t testing.TB, data []byte) [][]string {
	t.Helper()
	b, err := Open(data)
	if err != nil {
		t.Fatal(err)
	}
	var all [][]string
	for row, err := range b.Rows(0) {
		if err != nil {
			t.Fatal(err)
		}
		var line []string
		for _, c := range row.Cells {
			line = append(line, c.Text)
		}
		all = append(all, line)
	}
	return all
}

// refused wants a sentence in both languages of a kind that tells the sender it is the file.
func refused(t testing.TB, what string, err error) {
	t.Helper()
	text := errs.Sentence(err)
	if err == nil || (!errs.Is(err, errs.Invalid) && !errs.Is(err, errs.TooLarge)) || text.ZH == "" || text.EN == "" {
		t.Errorf("%s: no sentence that refuses it, but %v", what, err)
	}
}

// rounds is how often chance is tried: some in every run, many at night.
func rounds(few, many int) int {
	if os.Getenv("LIANDONG_NIGHTLY") != "" {
		return many
	}
	return few
}
