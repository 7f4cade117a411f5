package sheet

import (
	"bytes"
	"encoding/binary"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/simplifiedchinese"

	"liandong/errs"
)

// rare are characters that GB18030 writes in four bytes, within and beyond the basic plane.
const rare = "㐀𠮷䶮"

func gb18030(t *testing.T, s string) []byte {
	t.Helper()
	b, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func asUTF16(s string, order binary.AppendByteOrder) []byte {
	b := order.AppendUint16(nil, 0xfeff)
	for _, u := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, u)
	}
	return b
}

func TestTheSameTableIsReadInEveryEncoding(t *testing.T) {
	t.Parallel()
	const table = "姓名,证件号码\r\n单建国" + rare + ",13069919720319311X\r\n"
	want := [][]string{{"姓名", "证件号码"}, {"单建国" + rare, "13069919720319311X"}}
	for encoding, data := range map[string][]byte{
		"UTF-8": []byte(table), "UTF-8 ": []byte(bomUTF8 + table), "GB18030": gb18030(t, table),
		"UTF-16LE": asUTF16(table, binary.LittleEndian), "UTF-16BE": asUTF16(table, binary.BigEndian),
	} {
		if got := texts(t, data); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %q", encoding, got)
		}
		if b, err := Open(data); err != nil || b.Encoding() != strings.TrimSpace(encoding) {
			t.Errorf("%s is taken for %s, %v", encoding, b.Encoding(), err)
		}
	}
}

func TestTextThatIsNoTextIsRefused(t *testing.T) {
	t.Parallel()
	whole := []byte("姓名,证件号码\r\n单建国,1\r\n曾桂英,2\r\n")
	broken := slices.Clone(whole)
	broken[len("姓名,证件号码\r\n单")] = 0xff
	gb := gb18030(t, string(whole)+rare)
	for what, data := range map[string][]byte{
		"UTF-8 with a byte that is none":     broken,
		"GB18030 cut in a character":         gb[:len(gb)-1],
		"UTF-16 without its mark":            asUTF16(string(whole), binary.LittleEndian)[2:],
		"UTF-16 cut in a character":          asUTF16(string(whole), binary.LittleEndian)[:9],
		"UTF-16 with half a surrogate":       append(asUTF16("a", binary.BigEndian), 0xd8, 0x00, 0, 'b'),
		"a quote that is never closed":       append([]byte("姓名,\"证件号码\r\n"), bytes.Repeat([]byte("单建国,1\r\n"), 30_000)...),
		"a short quote that is never closed": []byte("姓名,\"证件号码\r\n单建国,1\r\n"),
	} {
		_, err := dump(data)
		refused(t, what, err)
	}
	if _, err := Open(append(asUTF16("姓名\n", binary.BigEndian), 0xd8)); !strings.Contains(errs.Sentence(err).ZH, "第 2 行有无法按 UTF-16BE") {
		t.Errorf("a damaged UTF-16BE file: %v", errs.Sentence(err).ZH)
	}
}

func TestSeparatorsQuotesAndLineEnds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		data string
		want [][]string
	}{
		"comma":                    {"姓名,性别\n单建国,男\n", [][]string{{"姓名", "性别"}, {"单建国", "男"}}},
		"semicolon":                {"姓名;性别\n单建国;男\n", [][]string{{"姓名", "性别"}, {"单建国", "男"}}},
		"tab":                      {"姓名\t性别\n单建国\t男\n", [][]string{{"姓名", "性别"}, {"单建国", "男"}}},
		"declared":                 {"sep=;\n姓名;a,b,c,d\n", [][]string{{"姓名", "a,b,c,d"}}},
		"old line ends":            {"姓名,性别\r单建国,男", [][]string{{"姓名", "性别"}, {"单建国", "男"}}},
		"a comma in quotes":        {"\"单,建国\",男\n", [][]string{{"单,建国", "男"}}},
		"a doubled quote":          {"\"说\"\"好\"\"\",男\n", [][]string{{"说\"好\"", "男"}}},
		"a line break in quotes":   {"\"一\r\n二\",男\r\n三,女\r\n", [][]string{{"一\r\n二", "男"}, {"三", "女"}}},
		"a quote inside":           {"5\"管,男\n", [][]string{{"5\"管", "男"}}},
		"characters behind quotes": {"\"a\"b,男\n", [][]string{{"ab", "男"}}},
		"more cells than headings": {"姓名,性别\n单建国,男,多,余\n", [][]string{{"姓名", "性别"}, {"单建国", "男", "多", "余"}}},
		"no last line end":         {"a,b\n1,2", [][]string{{"a", "b"}, {"1", "2"}}},
		"an empty line":            {"a,b\n\n1,2\n", [][]string{{"a", "b"}, {"1", "2"}}},
		"a code as a formula":      {"=\"0123\",b\n", [][]string{{"0123", "b"}}},
	} {
		if got := texts(t, []byte(c.data)); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	b, err := Open([]byte("a,b\n\n\"x\ny\",2\n3,4\n"))
	if err != nil {
		t.Fatal(err)
	}
	var numbers []int
	for row := range b.Rows(0) {
		numbers = append(numbers, row.Number)
	}
	if !slices.Equal(numbers, []int{1, 3, 4}) {
		t.Errorf("rows are numbered %v, not as a spreadsheet does", numbers)
	}
}

// treacherous are texts that a spreadsheet would run, and texts that look like what guards them.
var treacherous = []string{
	"=1+1", "=cmd|' /C calc'!A0", "+8613800000000", "-5", "@SUM(A1)", "\t=1", "\r=1", " =1", "　=1", "\u00a0@x", "＝1", "－5", "＋1", "＠x",
	"'=1", "''=1", "'单", "'", "''", "=\"0123\"", "=", "单=1", "", "\"", "a,b", "a\r\nb", "a;b", "a\tb", " 前后 ", "0123", rare,
}

func TestWhatASpreadsheetWouldRunIsGuardedAndComesBack(t *testing.T) {
	t.Parallel()
	for _, s := range treacherous {
		guardedText := Guard(s)
		if Unguard(guardedText) != s {
			t.Errorf("%q is guarded as %q and comes back as %q", s, guardedText, Unguard(guardedText))
		}
		if bare := strings.TrimLeft(guardedText, " \u00a0\u3000"); bare != "" && strings.ContainsAny(string([]rune(bare)[:1]), "=+-@\t\r＝＋－＠") {
			t.Errorf("%q is written as %q, which runs", s, guardedText)
		}
	}
	for _, e := range []Encoding{UTF8, GB18030} {
		var out bytes.Buffer
		w, err := NewCSV(&out, Table{Columns: []Column{{Heading: "内容"}, {Heading: "数"}}}, e)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range treacherous {
			if err := w.Write([]Cell{TextCell(s), NumberCell(-5850.5)}); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		for i, line := range texts(t, out.Bytes())[1:] {
			if line[len(line)-1] != "-5850.5" || strings.Join(line[:len(line)-1], "") != treacherous[i] {
				t.Errorf("%s: %q comes back as %q", e, treacherous[i], line)
			}
		}
	}
	if _, err := NewCSV(&bytes.Buffer{}, Table{}, UTF16LE); !errs.Is(err, errs.Usage) {
		t.Errorf("written as UTF-16: %v", err)
	}
}
