package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"liandong/errs"
)

var wrongCode = errs.Text{ZH: "代码不在列表里。", EN: "The code is not in the list."}

// marked gives a file back with remarks on its first sheet.
func marked(t *testing.T, data []byte, remarks ...Remark) []byte {
	t.Helper()
	b, err := Open(data)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := Mark(&out, b, 0, remarks); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func opened(t *testing.T, data []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// fill is the colour of a cell, "" for none.
func fill(t *testing.T, f *excelize.File, sheet, cell string) string {
	t.Helper()
	id, err := f.GetCellStyle(sheet, cell)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.GetStyle(id); err != nil {
		t.Fatal(err)
	}
	xf := f.Styles.CellXfs.Xf[id]
	if xf.FillID == nil || f.Styles.Fills.Fill[*xf.FillID].PatternFill == nil || f.Styles.Fills.Fill[*xf.FillID].PatternFill.FgColor == nil {
		return ""
	}
	return f.Styles.Fills.Fill[*xf.FillID].PatternFill.FgColor.RGB[2:]
}

func notesOf(t *testing.T, f *excelize.File, sheet string) map[string]string {
	t.Helper()
	comments, err := f.GetComments(sheet)
	if err != nil {
		t.Fatal(err)
	}
	notes := map[string]string{}
	for _, c := range comments {
		notes[c.Cell] += noteText(c)
	}
	return notes
}

func TestTheSameWorkbookComesBackWithTheWrongCellsRed(t *testing.T) {
	t.Parallel()
	data := libraryBook(t)
	before, err := dump(data)
	if err != nil {
		t.Fatal(err)
	}
	back := marked(t, data, Remark{Row: 3, Column: 2, Severity: Error, Text: wrongCode}, Remark{Row: 4, Column: 3, Severity: Warning, Text: wrongCode},
		Remark{Row: 5, Column: 1, Severity: Note, Text: wrongCode}, Remark{Row: 6, Severity: Error, Text: wrongCode}, Remark{Row: 31, Column: 4, Severity: Error, Text: wrongCode})
	if after, err := dump(back); err != nil || after != before {
		t.Errorf("other values are read than before, %v:\n%s\n%s", err, before, after)
	}
	was, is := opened(t, data), opened(t, back)
	red := map[string]string{"B3": errorFill, "C4": warningFill, "A6": errorFill, "A31": errorFill}
	for row := 1; row <= 31; row++ {
		for column := 1; column <= 5; column++ {
			cell := CellName(column, row)
			want := red[cell]
			if want == "" {
				want = fill(t, was, "Sheet1", cell)
			}
			if got := fill(t, is, "Sheet1", cell); got != want {
				t.Errorf("%s is %q, want %q", cell, got, want)
			}
			formula, err := was.GetCellFormula("Sheet1", cell)
			if now, err2 := is.GetCellFormula("Sheet1", cell); err != nil || err2 != nil || now != formula {
				t.Errorf("%s holds the formula %q, held %q", cell, now, formula)
			}
		}
	}
	if id, err := is.GetCellStyle("Sheet1", "C4"); err != nil {
		t.Error(err)
	} else if style, err := is.GetStyle(id); err != nil || style.NumFmt != 14 {
		t.Errorf("a marked date lost its format: %+v %v", style, err)
	}
	notes := notesOf(t, is, "Sheet1")
	if len(notes) != 5 || !strings.Contains(notes["B3"], "【错误】"+wrongCode.ZH) || !strings.Contains(notes["B3"], "Error: "+wrongCode.EN) || !strings.Contains(notes["C4"], "【提醒】") {
		t.Errorf("notes %q", notes)
	}
	if other := partOf(t, back, "xl/worksheets/sheet2.xml"); !bytes.Equal(other, partOf(t, data, "xl/worksheets/sheet2.xml")) {
		t.Error("the other sheet was rewritten")
	}
}

func partOf(t *testing.T, data []byte, name string) []byte {
	t.Helper()
	a, err := openArchive(data)
	if err != nil {
		t.Fatal(err)
	}
	b, err := a.small(name)
	if err != nil || b == nil {
		t.Fatal(name, err)
	}
	return b
}

func TestTheNextRoundTakesOldMarksOffAndLeavesOthersNotes(t *testing.T) {
	t.Parallel()
	f := opened(t, libraryBook(t))
	if err := f.AddComment("Sheet1", excelize.Comment{Cell: "B3", Author: "张三", Text: "已电话核对"}); err != nil {
		t.Fatal(err)
	}
	var noted bytes.Buffer
	if err := f.Write(&noted); err != nil {
		t.Fatal(err)
	}
	first := marked(t, noted.Bytes(), Remark{Row: 3, Column: 2, Severity: Error, Text: wrongCode}, Remark{Row: 4, Column: 2, Severity: Error, Text: wrongCode})
	if n := notesOf(t, opened(t, first), "Sheet1"); !strings.Contains(n["B3"], "已电话核对") || !strings.Contains(n["B3"], wrongCode.ZH) {
		t.Errorf("a note of somebody else: %q", n)
	}
	second := opened(t, marked(t, first, Remark{Row: 5, Column: 2, Severity: Warning, Text: wrongCode}))
	notes := notesOf(t, second, "Sheet1")
	if fill(t, second, "Sheet1", "B4") != "" || fill(t, second, "Sheet1", "B5") != warningFill || strings.Contains(notes["B4"], wrongCode.ZH) {
		t.Errorf("B4 is %q, B5 %q, notes %q", fill(t, second, "Sheet1", "B4"), fill(t, second, "Sheet1", "B5"), notes)
	}
	if !strings.Contains(notes["B3"], "已电话核对") {
		t.Errorf("somebody's note is lost in the second round: %q", notes)
	}
}

// A text table comes back as a workbook with its rows where they were; one with cells of styles that are not there is marked like any other.
func TestWhatIsMarkedCanBeReadAgain(t *testing.T) {
	t.Parallel()
	const cellsOfNoStyle = `<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c></row><row r="3"><c r="A3" s="9999"><v>1</v></c><c r="B3" s="4294967295"><v>2</v></c></row></sheetData>`
	for name, data := range map[string][]byte{
		"text": []byte("姓名,证件号码\n\n0123,=x\n"), "strange styles": book(t, cellsOfNoStyle), "every kind": book(t, everyKind),
		"own": ownBook(t),
	} {
		back := marked(t, data, Remark{Row: 3, Column: 1, Severity: Error, Text: wrongCode}, Remark{Row: 3, Column: 2, Severity: Warning, Text: wrongCode}, Remark{Row: 9, Column: 1, Severity: Error, Text: wrongCode})
		was, is := texts(t, data), texts(t, back)
		if fmt.Sprint(was) != fmt.Sprint(is) {
			t.Errorf("%s: %q comes back as %q", name, was, is)
		}
		f := opened(t, back)
		sheet := f.GetSheetName(0)
		if fill(t, f, sheet, "A3") != errorFill || fill(t, f, sheet, "B3") != warningFill {
			t.Errorf("%s: A3 is %q, B3 %q", name, fill(t, f, sheet, "A3"), fill(t, f, sheet, "B3"))
		}
	}
}

// What would take the library too much memory or time is given back as held rows.
func TestWhatIsTooLargeToMarkComesBackAsHeldRows(t *testing.T) {
	wide := `<row r="%d"><c r="XFD%d"/><c r="A%d"><v>1</v></c></row>`
	var grid strings.Builder
	for row := 1; row <= 200; row++ {
		fmt.Fprintf(&grid, wide, row, row, row)
	}
	for what, data := range map[string][]byte{
		"too many rows":          book(t, `<sheetData><row r="10001"><c><v>1</v></c></row></sheetData>`),
		"rows that spread wide":  book(t, `<sheetData>`+grid.String()+`</sheetData>`),
		"a sheet merged whole":   book(t, `<sheetData><row r="1"><c><v>1</v></c></row></sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>`),
		"merged again and again": book(t, `<sheetData><row r="1"><c><v>1</v></c></row></sheetData><mergeCells>`+strings.Repeat(`<mergeCell ref="A1:A2"/>`, maxMarkedMerges+1)+`</mergeCells>`),
		"no table of styles":     book(t, everyKind, piece{"xl/_rels/workbook.xml.rels", strings.ReplaceAll(twoTables, "rId3", "rId2")}, piece{"xl/styles.xml", "<styleSheet " + mainSpace + "/>"}),
		"styles of another kind": book(t, everyKind, piece{"xl/styles.xml", "<styleSheet/>"}),
		"macros":                 book(t, everyKind, piece{"xl/vbaProject.bin", "x"}),
	} {
		b, err := Open(data)
		if err != nil {
			t.Fatal(what, err)
		}
		cost := allocated(func() {
			err = Mark(&bytes.Buffer{}, b, 0, []Remark{{Row: 1, Column: 1, Severity: Error, Text: wrongCode}})
		})
		if !errors.Is(err, ErrNotMarkable) || cost > fewBytes {
			t.Errorf("%s: %v, with %d MB", what, err, cost>>20)
		}
	}
}

// The held rows of a large table can be corrected and imported as they are: same layout, same texts, however the heading was arranged.
func TestHeldRowsCanBeImportedAgain(t *testing.T) {
	t.Parallel()
	styles := `<styleSheet><numFmts><numFmt numFmtId="200" formatCode="000000"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="200"/></cellXfs></styleSheet>`
	text := func(s string) string { return `<c t="inlineStr"><is><t>` + s + `</t></is></c>` }
	titles := strings.Repeat(text("题"), 30)
	data := book(t, `<sheetData><row>`+titles+`</row><row>`+text("基本情况")+`<c/>`+text("家庭收入")+`</row><row>`+text("姓名")+text("证件号码")+text("工资性收入（元）")+`</row>`+
		`<row>`+text("单建国")+`<c s="1"><v>123</v></c><c><v>5850.5</v></c></row><row>`+text("曾桂英")+text("=1")+`<c><v>1</v></c></row><row>`+text("王二")+text("x")+`<c><v>7</v></c></row></sheetData>`,
		piece{"xl/styles.xml", styles})
	b, err := Open(data)
	if err != nil {
		t.Fatal(err)
	}
	d, err := Detect(b, ours)
	if err != nil {
		t.Fatal(err)
	}
	m, err := d.Best()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := WriteHeld(&out, b, m, []Remark{{Row: 5, Column: 2, Severity: Error, Text: wrongCode}}, []int{4, 5}); err != nil {
		t.Fatal(err)
	}
	again, err := Open(out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	d, err = Detect(again, ours)
	if err != nil {
		t.Fatal(err)
	}
	m2, err := d.Best()
	if err != nil {
		t.Fatalf("the held rows are not known again: %v", errs.Sentence(err).ZH)
	}
	var got []string
	for row, err := range m2.Rows(again) {
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"name", "id", "wage"} {
			got = append(got, row.Cell(m2.Column(key)).Text)
		}
		if reason := row.Cell(1).Text; !strings.Contains(reason, "原第 "+strconv.Itoa(3+len(got)/3)+" 行") {
			t.Errorf("reason %q", reason)
		}
	}
	if strings.Join(got, "|") != "单建国|000123|5850.5|曾桂英|=1|1" {
		t.Errorf("held %q", got)
	}
	if len(m2.Unknown()) != 0 {
		t.Errorf("unknown %+v", m2.Unknown())
	}
}
