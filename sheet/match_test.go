package sheet

import (
	"reflect"
	"strings"
	"testing"

	"liandong/errs"
)

// ours is a layout to match with.
var ours = Layout{Name: "ours", Title: errs.Text{ZH: "本册", EN: "Ours"}, Fields: []Field{
	{Key: "name", Headings: []string{"姓名"}, Required: true},
	{Key: "id", Headings: []string{"证件号码", "身份证号"}, Required: true},
	{Key: "wage", Headings: []string{"工资性收入"}, Unit: "元"},
	{Key: "head", Headings: []string{"户主/姓名"}},
	{Key: "path", Headings: []string{"入户路是否硬化"}},
}}

func match(t *testing.T, data string) (*Match, *Book, error) {
	t.Helper()
	b, err := Open([]byte(data))
	if err != nil {
		t.Fatal(err)
	}
	d, err := Detect(b, ours)
	if err != nil {
		t.Fatal(err)
	}
	m, err := d.Best()
	return m, b, err
}

func TestHeadingsAreKnownHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()
	for name, heading := range map[string]string{
		"plain":               "姓名,证件号码,工资性收入",
		"another order":       "工资性收入,证件号码,姓名",
		"another name":        "姓名,身份证号,工资性收入",
		"spaces":              "姓 名, 证件号码 ,工资性\u3000收入",
		"line breaks":         "姓名,\"证件\r\n号码\",\"工资性\n收入\"",
		"a unit":              "姓名,证件号码,工资性收入（元）",
		"a unit, half width":  "姓名,证件号码,工资性收入(单位：元)",
		"an aside":            "姓名（必填）,证件号码【必录】,工资性收入",
		"marks":               "*姓名,证件号码*,工资性收入：",
		"title rows":          "贫困人口信息,,\n填报单位：阜平县,,\n\n姓名,证件号码,工资性收入",
		"columns in between":  "序号,姓名,,证件号码,备注,工资性收入",
		"two rows":            "基本情况,,收入\n姓名,证件号码,工资性收入",
		"two rows, over both": "姓名,证件号码,收入\n,,工资性收入",
	} {
		m, _, err := match(t, heading+"\n单建国,1,2\n")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, key := range []string{"name", "id", "wage"} {
			if m.Column(key) == 0 {
				t.Errorf("%s: %s has no column among %+v", name, key, m.Headings)
			}
		}
	}
	m, _, err := match(t, "户主,成员,\n姓名,姓名,证件号码\n")
	if err != nil || m.Column("head") != 1 {
		t.Errorf("a group's heading: %+v %v", m, err)
	}
}

func TestWhatDoesNotFitIsNamed(t *testing.T) {
	t.Parallel()
	m, _, err := match(t, "姓名,证件号码,属相\n单建国,1,鼠\n")
	if err != nil || len(m.Unknown()) != 1 || m.Unknown()[0].Text != "属相" || m.Unknown()[0].Column != 3 {
		t.Errorf("an unknown column: %+v %v", m.Unknown(), err)
	}
	if len(m.Absent) != 3 {
		t.Errorf("absent %+v", m.Absent)
	}
	for _, c := range []struct{ what, data, zh string }{
		{"a missing column", "姓名,工资性收入\n单建国,1\n", "「证件号码」"},
		{"another unit", "姓名,证件号码,工资性收入（万元）\n单建国,1,2\n", "「万元」"},
		{"a monthly amount", "姓名,证件号码,工资性收入（元/月）\n单建国,1,2\n", "「元/月」"},
		{"nothing known", "属相,星座\n鼠,白羊\n", "没有找到认识的表头"},
		{"a heading too far below", strings.Repeat("题,题\n", headingRows) + "姓名,证件号码\n", "没有找到认识的表头"},
	} {
		_, _, err := match(t, c.data)
		refused(t, c.what, err)
		if !strings.Contains(errs.Sentence(err).ZH, c.zh) {
			t.Errorf("%s: %s", c.what, errs.Sentence(err).ZH)
		}
	}
	m, _, err = match(t, "证件号码,身份证号,姓名\n1,2,单建国\n")
	if err != nil || m.Column("id") != 1 || !m.Headings[1].Doubled {
		t.Errorf("a column twice: %+v %v", m.Headings, err)
	}
	m, _, err = match(t, "身份证号,证件号码,姓名\n1,2,单建国\n")
	if err != nil || m.Column("id") != 2 {
		t.Errorf("the field's own heading comes first: %+v %v", m.Headings, err)
	}
}

func TestTwoSheetsThatFitAreAChoiceForThePerson(t *testing.T) {
	t.Parallel()
	sheetOf := `<worksheet ` + mainSpace + `><sheetData><row r="1"><c t="inlineStr"><is><t>姓名</t></is></c><c t="inlineStr"><is><t>证件号码</t></is></c></row></sheetData></worksheet>`
	two := func(state string) []byte {
		return book(t, "", piece{"xl/worksheets/sheet1.xml", sheetOf},
			piece{"xl/workbook.xml", `<workbook ` + mainSpace + `><sheets><sheet name="一" sheetId="1" r:id="rId1"/><sheet name="二" state="` + state + `" sheetId="2" r:id="rId1"/></sheets></workbook>`})
	}
	for state, ok := range map[string]bool{"visible": false, "hidden": true} {
		b, err := Open(two(state))
		if err != nil {
			t.Fatal(err)
		}
		d, err := Detect(b, ours)
		if err != nil {
			t.Fatal(err)
		}
		m, err := d.Best()
		if ok && (err != nil || m.SheetName != "一") {
			t.Errorf("%s: %+v %v", state, m, err)
		}
		if !ok && (!errs.Is(err, errs.Conflict) || !strings.Contains(errs.Sentence(err).ZH, "「一」") || !strings.Contains(errs.Sentence(err).ZH, "「二」")) {
			t.Errorf("%s: %v", state, err)
		}
	}
}

func TestRowsThatAreNoRecordsArePassedOver(t *testing.T) {
	t.Parallel()
	m, b, err := match(t, "题\n姓名,证件号码\n单建国,1\n,\n姓名,证件号码\n 姓名 ,证件号码\n曾桂英,2,多\n※ 演示\n")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for row, err := range m.Rows(b) {
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, row.Cell(m.Column("name")).Text)
	}
	if !reflect.DeepEqual(names, []string{"单建国", "曾桂英"}) || !reflect.DeepEqual(m.Titles, []string{"题"}) {
		t.Errorf("records %q, titles %q", names, m.Titles)
	}
}

func TestALayoutThatCannotWorkIsADefect(t *testing.T) {
	t.Parallel()
	if err := ours.Check(); err != nil {
		t.Error(err)
	}
	for what, l := range map[string]Layout{
		"no heading":       {Fields: []Field{{Key: "a"}}},
		"no key":           {Fields: []Field{{Headings: []string{"甲"}}}},
		"a key twice":      {Fields: []Field{{Key: "a", Headings: []string{"甲"}}, {Key: "a", Headings: []string{"乙"}}}},
		"a heading twice":  {Fields: []Field{{Key: "a", Headings: []string{"甲"}}, {Key: "b", Headings: []string{"（必填）甲 "}}}},
		"an empty heading": {Fields: []Field{{Key: "a", Headings: []string{"（元）"}}}},
	} {
		if l.Check() == nil {
			t.Errorf("%s passes", what)
		}
	}
}
