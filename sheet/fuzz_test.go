package sheet

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzOpen gives any bytes to the whole reader: it answers with rows or with a sentence.
func FuzzOpen(f *testing.F) {
	for _, data := range samples(f) {
		f.Add(data)
	}
	f.Add([]byte("姓名,证件号码\n单建国,1\n"))
	f.Add([]byte(oleMagic))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := dump(data); err != nil {
			refused(t, "any bytes", err)
		}
	})
}

// FuzzDirectory: what our reader of the container accepts, the standard one lists alike; the two are never two workbooks.
func FuzzDirectory(f *testing.F) {
	f.Add(pack(f, zip.Store, pieces("")))
	f.Add(pack(f, zip.Deflate, []piece{{"a", "b"}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		entries, err := readDirectory(data)
		if err != nil {
			refused(t, "a container", err)
			return
		}
		at := int64(0)
		for _, e := range entries {
			at += e.dataEnd - e.dataStart
		}
		if at > int64(len(data)) {
			t.Errorf("entries of %d bytes in a file of %d", at, len(data))
		}
	})
}

// FuzzSheet reads any markup as a worksheet: rows rise, cells rise in them, and every text is sound.
func FuzzSheet(f *testing.F) {
	f.Add("<worksheet>" + everyKind + "</worksheet>")
	f.Add(`<worksheet><cols><col min="1" max="2" hidden="1"/></cols><sheetData><row><c t="s"><v>0</v></c><c/></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>`)
	f.Fuzz(func(t *testing.T, markup string) {
		w := &workbook{texts: &textTable{all: "姓名", ends: []uint32{6}}, formats: []numberFormat{{}, {date: true}, {zeros: 6}}}
		r := &rowReader{workbook: w, scanner: newScanner(strings.NewReader(markup)), name: "sheet1"}
		last := 0
		err := r.read(func(row *Row, _ error) bool {
			if row.Number <= last || row.Number > MaxRows {
				t.Errorf("row %d after %d", row.Number, last)
			}
			last = row.Number
			column := 0
			for _, c := range row.Cells {
				if c.Column <= column || c.Column > MaxColumns || c.Kind == Empty || !utf8.ValidString(c.Text) {
					t.Errorf("cell %+v after column %d", c, column)
				}
				column = c.Column
			}
			return true
		})
		if err != nil {
			refused(t, "a sheet", unreadable("sheet1", err))
		}
	})
}

// FuzzCSV: what is read from any text and written again is read alike.
func FuzzCSV(f *testing.F) {
	for _, s := range treacherous {
		f.Add([]byte("姓名,备注\n单建国,\"" + strings.ReplaceAll(s, `"`, `""`) + "\"\n"))
	}
	f.Add([]byte("sep=;\na;b\r\"c\"d\n"))
	f.Add([]byte("\xff\xfea\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := openSeparated(data)
		if err != nil {
			refused(t, "a text", err)
			return
		}
		var rows [][]Cell
		for row, err := range b.Rows(0) {
			if err != nil {
				t.Fatal(err)
			}
			line := make([]Cell, row.Cells[len(row.Cells)-1].Column)
			for _, c := range row.Cells {
				line[c.Column-1] = c
			}
			rows = append(rows, line)
		}
		var out bytes.Buffer
		w, err := NewCSV(&out, Table{Columns: []Column{{Heading: "头"}, {Heading: "二"}}}, UTF8)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range rows {
			if err := w.Write(line); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		again, err := openSeparated(out.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		at := -1
		for row, err := range again.Rows(0) {
			if err != nil {
				t.Fatal(err)
			}
			if at++; at == 0 {
				continue
			}
			for i, want := range rows[at-1] {
				if got := row.Cell(i + 1).Text; got != want.Text {
					t.Errorf("row %d, column %d: %q comes back as %q", at, i+1, want.Text, got)
				}
			}
		}
	})
}

// FuzzNumber: a number and its format give a text without an end; a date is one that can be read again.
func FuzzNumber(f *testing.F) {
	for _, raw := range []string{"42064", "1e300", "-0", ".5", "2958465.9999999", "130699197203193000", "0.1"} {
		for _, code := range []string{"General", "yyyy-mm-dd", "000000", "0.0%", `[$-804]"年"d;@`, "[h]:mm"} {
			f.Add(raw, code, false)
		}
	}
	f.Fuzz(func(t *testing.T, raw, code string, date1904 bool) {
		number, ok := parseNumber([]byte(raw))
		format := parseFormat(code)
		if !ok {
			return
		}
		if text := numberText(raw, number, format); len(text) > 64+len(raw) || text == "" {
			t.Errorf("%q as %q is %q", raw, code, text)
		}
		text, ok := dateText(number, date1904)
		c := Cell{Kind: Date, Text: text}
		if _, read := c.Day(); ok && !read && len(text) != len("10:30:00") && !strings.HasPrefix(text, "1900-02-29") {
			t.Errorf("day %v is written %q", number, text)
		}
	})
}
