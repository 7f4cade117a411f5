package sheet

import (
	"bytes"
	"strings"
	"testing"

	"liandong/day"
)

// cells reads the cells of one row of a workbook whose first styles have these number formats.
func cells(t *testing.T, inside, workbookProperties string, formats ...string) []Cell {
	t.Helper()
	var numFmts, xfs strings.Builder
	for i, f := range formats {
		id := string(rune('A' + i))
		numFmts.WriteString(`<numFmt numFmtId="` + id + `" formatCode="` + f + `"/>`)
		xfs.WriteString(`<xf numFmtId="` + id + `"/>`)
	}
	b, err := Open(book(t, `<sheetData><row r="1">`+inside+`</row></sheetData>`,
		piece{"xl/styles.xml", `<styleSheet><numFmts>` + numFmts.String() + `</numFmts><cellXfs>` + xfs.String() + `</cellXfs></styleSheet>`},
		piece{"xl/workbook.xml", `<workbook ` + mainSpace + `>` + workbookProperties + `<sheets><sheet name="登记" sheetId="1" r:id="rId1"/></sheets></workbook>`}))
	if err != nil {
		t.Fatal(err)
	}
	for row, err := range b.Rows(0) {
		if err != nil {
			t.Fatal(err)
		}
		return row.Clone().Cells
	}
	return nil
}

func TestDatesAreTheDaysThatThePersonSaw(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		value, format, properties string
		kind                      Kind
		text                      string
	}{
		{"42064", "yyyy-mm-dd", "", Date, "2015-03-01"},
		{"40602", "yyyy/m/d", `<workbookPr date1904="1"/>`, Date, "2015-03-01"},
		{"0", "yyyy/m/d", `<workbookPr date1904="true"/>`, Date, "1904-01-01"},
		{"1", "yyyy-mm-dd", "", Date, "1900-01-01"},
		{"59", "yyyy-mm-dd", "", Date, "1900-02-28"},
		{"60", "yyyy-mm-dd", "", Date, "1900-02-29"},
		{"61", "yyyy-mm-dd", "", Date, "1900-03-01"},
		{"2958465", "yyyy-mm-dd", "", Date, "9999-12-31"},
		{"2958466", "yyyy-mm-dd", "", Number, "2958466"},
		{"-1", "yyyy-mm-dd", "", Number, "-1"},
		{"42064.4375", "yyyy-mm-dd", "", Date, "2015-03-01 10:30:00"},
		{"42063.999999999", "yyyy-mm-dd", "", Date, "2015-03-01"},
		{"0.5", "h:mm", "", Date, "12:00:00"},
		{"42064", "[$-804]yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@", "", Date, "2015-03-01"},
		{"42064", "&quot;days&quot;0", "", Number, "42064"},
		{"42064", "[Red]0.00", "", Number, "42064"},
		{"42064", "General", "", Number, "42064"},
		{"1.5", "[h]:mm", "", Date, "1900-01-01 12:00:00"},
	} {
		got := cells(t, `<c r="A1" s="0"><v>`+c.value+`</v></c>`, c.properties, c.format)[0]
		if got.Kind != c.kind || got.Text != c.text {
			t.Errorf("%s as %s: %v %q, want %v %q", c.value, c.format, got.Kind, got.Text, c.kind, c.text)
		}
	}
	c := cells(t, `<c r="A1" s="0"><v>40602</v></c>`, `<workbookPr date1904="1"/>`, "yyyy-mm-dd")[0]
	if d, ok := c.Day(); !ok || d != day.MustOf(2015, 3, 1) || DateCell(d).Number != c.Number {
		t.Errorf("counted from 1904 the day is %v with number %v", d, c.Number)
	}
}

func TestNumbersAreReadAsThePersonSawThem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ value, format, text string }{
		{"5850.5", "0", "5850.5"},
		{"5850.50", "0.00", "5850.5"},
		{"0.1", "General", "0.1"},
		{"0.10000000000000001", "General", "0.1"},
		{"1234.5600000000001", "General", "1234.56"},
		{"1.30699197203193E+17", "General", "130699197203193000"},
		{"5.85E3", "General", "5850"},
		{"-0", "General", "0"},
		{"-0.0", "General", "0"},
		{"+5", "General", "5"},
		{"007", "General", "7"},
		{".5", "General", "0.5"},
		{"1E-7", "General", "0.0000001"},
		{"123", "000000", "000123"},
		{"130624000001", "0", "130624000001"},
		{"0.055", "0.0%", "5.5%"},
		{"0.07", "0%", "7%"},
		{"1234", "#,##0", "1234"},
	} {
		if got := cells(t, `<c r="A1" s="0"><v>`+c.value+`</v></c>`, "", c.format)[0]; got.Kind != Number || got.Text != c.text {
			t.Errorf("%s as %s: %v %q, want %q", c.value, c.format, got.Kind, got.Text, c.text)
		}
	}
}

func TestANumberThatLostDigitsIsKnown(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		cell    Cell
		rounded bool
	}{
		{NumberCell(130699197203193000), true},
		{NumberCell(999999999999999), false},
		{NumberCell(-1e15), true},
		{NumberCell(130624000001), false},
		{TextCell("1.30699E+17"), true},
		{TextCell(" 1.30699e+17 "), true},
		{TextCell("13069919720319311X"), false},
		{TextCell("1.5E+3"), false},
		{TextCell("E+17"), false},
		{TextCell("12.5E+17"), false},
		{Cell{}, false},
	} {
		if c.cell.Rounded() != c.rounded {
			t.Errorf("%v %q: %v", c.cell.Kind, c.cell.Text, !c.rounded)
		}
	}
}

func TestTextsAreReadAsTyped(t *testing.T) {
	t.Parallel()
	for markup, want := range map[string]string{
		`<t>单建国</t>`:                                   "单建国",
		`<t xml:space="preserve"> 单 </t>`:              " 单 ",
		`<r><t>单</t></r><r><rPr/><t>建国</t></r>`:        "单建国",
		`<t>单</t><rPh sb="0" eb="1"><t>shan</t></rPh>`: "单",
		`<t>a&amp;b&lt;c&#20013;&#x4e2d;</t>`:          "a&b<c中中",
		`<t><![CDATA[a&b]]></t>`:                       "a&b",
		`<t>a_x000D_b</t>`:                             "a\rb",
		`<t>a_x005F_x000D_b</t>`:                       "a_x000D_b",
		`<t>_xD842__xDFB7_</t>`:                        "𠮷",
		`<t>_x12_</t>`:                                 "_x12_",
		"<t>a\r\nb</t>":                                "a\nb",
		`<t>a<!-- no part of the text -->b</t>`:        "ab",
	} {
		if got := cells(t, `<c r="A1" t="inlineStr"><is>`+markup+`</is></c>`, ""); len(got) != 1 || got[0].Text != want {
			t.Errorf("%s: %+v, want %q", markup, got, want)
		}
	}
	for markup, want := range map[string]Cell{
		`<c r="A1"><f>A2</f></c>`:                      {Kind: Failed, Text: uncomputed, Formula: true, Column: 1},
		`<c r="A1" t="str"><f>A2</f><v>单</v></c>`:      {Kind: Text, Text: "单", Formula: true, Column: 1},
		`<c r="B1" t="e"><v>#N/A</v></c>`:              {Kind: Failed, Text: "#N/A", Column: 2},
		`<c/><c/><c><v>1</v></c>`:                      {Kind: Number, Text: "1", Number: 1, Column: 3},
		`<c r="C1"><v>3</v></c><c r="A1"><v>1</v></c>`: {Kind: Number, Text: "1", Number: 1, Column: 1},
		`<x:c xmlns:x="y" r="A1" t="b"><v>0</v></x:c>`: {Kind: Bool, Text: "FALSE", Column: 1},
	} {
		if got := cells(t, markup, ""); len(got) == 0 || got[0] != want {
			t.Errorf("%s: %+v, want %+v", markup, got, want)
		}
	}
}

func TestHiddenRowsColumnsAndSheetsAreToldAndRead(t *testing.T) {
	t.Parallel()
	b, err := Open(book(t, `<cols><col min="2" max="3" hidden="1"/></cols><sheetData><row r="1" hidden="1"><c><v>1</v></c><c><v>2</v></c></row></sheetData>`,
		piece{"xl/workbook.xml", `<workbook ` + mainSpace + `><sheets><sheet name="登记" sheetId="1" state="veryHidden" r:id="rId1"/></sheets></workbook>`}))
	if err != nil || !b.Sheets()[0].Hidden {
		t.Fatalf("%+v %v", b.Sheets(), err)
	}
	for row, err := range b.Rows(0) {
		if err != nil || !row.Hidden || row.Cell(1).Hidden || !row.Cell(2).Hidden || row.Cell(9).Kind != Empty {
			t.Errorf("%+v %v", row, err)
		}
	}
	if _, err := Detect(b, ours); err != nil {
		t.Error(err)
	}
	for row, err := range b.Rows(7) {
		refused(t, "a sheet that is none", err)
		_ = row
	}
}

func TestCellsAreNamedAsInASpreadsheet(t *testing.T) {
	t.Parallel()
	for column, name := range map[int]string{1: "A", 26: "Z", 27: "AA", 702: "ZZ", 703: "AAA", MaxColumns: "XFD"} {
		if ColumnName(column) != name {
			t.Errorf("column %d is %s", column, ColumnName(column))
		}
		if c, r, ok := parseReference([]byte(CellName(column, 17))); !ok || c != column || r != 17 {
			t.Errorf("%s17 is column %d, row %d", name, c, r)
		}
	}
}

func TestAWorkbookWeWroteIsReadAsWritten(t *testing.T) {
	t.Parallel()
	rows := [][]Cell{
		{TextCell("=1+1"), NumberCell(-5850.5), DateCell(day.MustOf(2015, 3, 1)), {Kind: Bool, Text: "TRUE", Number: 1}, {}, TextCell("000123")},
		{TextCell("_x000D_"), NumberCell(0), DateCell(day.MustOf(1960, 2, 29)), {Kind: Failed, Text: "#N/A"}, TextCell(" 单 "), TextCell(rare + "\n二")},
	}
	var out bytes.Buffer
	w, err := NewWorkbook(&out, Table{Titles: []string{"题"}, Columns: make([]Column, 6), FrozenColumns: 1, Footer: "演示 & 不作数"})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := Open(out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	at := 0
	for row, err := range b.Rows(0) {
		if err != nil {
			t.Fatal(err)
		}
		if row.Number < 3 || isFooter(row) {
			continue
		}
		for i, want := range rows[at] {
			if got := row.Cell(i + 1); got.Text != want.Text || (got.Kind != want.Kind && want.Kind != Failed) || got.Number != want.Number {
				t.Errorf("row %d, column %d: %+v, want %+v", at, i+1, *got, want)
			}
		}
		at++
	}
	if at != len(rows) {
		t.Errorf("%d rows", at)
	}
	w, err = NewWorkbook(&out, Table{Columns: make([]Column, 1)})
	if err != nil {
		t.Fatal(err)
	}
	refused(t, "a text too long for a cell", w.Write([]Cell{TextCell(strings.Repeat("长", maxCellText+1))}))
}
