package official_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"liandong/errs"
	"liandong/official"
)

func sample() *official.Document {
	return &official.Document{
		Title: "关于工作进展的汇报", Marks: []string{"草稿·待审核", "演示数据"},
		Blocks: []official.Block{
			{Kind: official.Heading, Level: 1, Spans: []official.Span{{Text: "一、总的情况"}}},
			{Kind: official.Paragraph, Spans: []official.Span{
				{Text: "截至"}, {Text: "2015年12月31日", Note: 1}, {Text: "，全市建档立卡贫困人口"}, {Text: "660,000人", Note: 2}, {Text: "，其中再次引用"}, {Text: "660,000人", Note: 2}, {Text: "。" + strings.Repeat("工作按计划推进，各县落实了责任。", 6)},
			}},
			{Kind: official.TableOf, Spans: []official.Span{{Text: "各县情况"}}, Table: &official.Table{
				Heads: []official.Span{{Text: "县"}, {Text: "人口"}}, Rows: [][]official.Span{{{Text: "阜平县"}, {Text: "45,000", Note: 3}}, {{Text: "<易县>"}, {Text: "—"}}},
			}},
			{Kind: official.ChartOf, Spans: []official.Span{{Text: "各县发生率"}}, Chart: &official.Chart{Unit: "%", Decimals: 1, Note: 3, Bars: []official.Bar{{"阜平县", 18.5}, {"易县", 9.25}}}},
			{Kind: official.Paragraph, Spans: []official.Span{{Text: strings.Repeat("汉", 28*22*2)}}},
		},
		Notes: []official.Note{{"数据日期"}, {"指标「建档立卡贫困人口」，完成，记录 200,000 条"}, {"各县同一口径"}},
		Close: []official.Span{{Text: "起草：市扶贫办"}},
	}
}

// parts are the files of a DOCX by name.
func parts(t *testing.T, d *official.Document) map[string]string {
	t.Helper()
	var out bytes.Buffer
	if err := d.DOCX(&out); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		decoder := xml.NewDecoder(bytes.NewReader(text))
		for {
			if _, err := decoder.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s is not well formed: %v", f.Name, err)
			}
		}
		all[f.Name] = string(text)
	}
	return all
}

func TestThePageIsThatOfTheStandard(t *testing.T) {
	t.Parallel()
	p := parts(t, sample())
	for _, want := range []string{
		`<w:pgSz w:w="11906" w:h="16838"/>`, `w:top="2098"`, `w:left="1587"`, `w:bottom="1984"`, `w:right="1474"`, // 37, 28, 35 and 26 mm
		`<w:docGrid w:type="lines" w:linePitch="579" w:charSpace="-848"/>`, // 22 lines of 28.95 pt; 28 characters of 15.79 pt
	} {
		if !strings.Contains(p["word/document.xml"], want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	for _, want := range []string{`w:eastAsia="仿宋_GB2312"`, `w:eastAsia="方正小标宋简体"`, `w:eastAsia="黑体"`, `<w:sz w:val="32"/>`, `<w:sz w:val="44"/>`, `<w:spacing w:val="-5"/>`} {
		if !strings.Contains(p["word/styles.xml"], want) {
			t.Errorf("the styles lack %s", want)
		}
	}
	if !strings.Contains(p["word/header1.xml"], "草稿·待审核　演示数据") {
		t.Error("the pages are not marked")
	}
}

// TestEveryNumberOfTheTextHasAFootnote reads the written file as a reader does: after every run with a digit comes a footnote, or a reference to
// one, and every footnote that is named is there.
func TestEveryNumberOfTheTextHasAFootnote(t *testing.T) {
	t.Parallel()
	p := parts(t, sample())
	if bare := bareNumbers(t, p["word/document.xml"]); len(bare) > 0 {
		t.Errorf("numbers without a footnote: %q", bare)
	}
	if n := strings.Count(p["word/footnotes.xml"], "<w:footnoteRef/>"); n != 3 {
		t.Errorf("%d footnotes", n)
	}
	if bare := bareNumbers(t, strings.Replace(p["word/document.xml"], "再次引用", "再次引用12次", 1)); len(bare) != 1 {
		t.Errorf("the check found %q where a number stands bare", bare)
	}
}

// bareNumbers are the runs with a digit after which no footnote follows.
func bareNumbers(t *testing.T, document string) (bare []string) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(document))
	waiting, inText, inField := "", false, false
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			inText = e.Name.Local == "t"
			if e.Name.Local == "footnoteReference" {
				waiting = ""
			}
			if e.Name.Local == "fldChar" {
				inField = e.Attr[0].Value != "end"
				waiting = ""
			}
			if (inText || e.Name.Local == "p") && waiting != "" && !inField {
				bare, waiting = append(bare, waiting), ""
			}
		case xml.CharData:
			if inText && !inField && strings.IndexFunc(string(e), unicode.IsDigit) >= 0 {
				waiting = string(e)
			}
		case xml.EndElement:
			inText = false
		}
	}
	if waiting != "" {
		bare = append(bare, waiting)
	}
	return bare
}

func TestANumberWithoutAFootnoteIsNotWritten(t *testing.T) {
	t.Parallel()
	for what, spoil := range map[string]func(d *official.Document){
		"a paragraph": func(d *official.Document) { d.Blocks[1].Spans[1].Note = 0 },
		"a cell":      func(d *official.Document) { d.Blocks[2].Table.Rows[0][1].Note = 0 },
		"a chart":     func(d *official.Document) { d.Blocks[3].Chart.Note = 0 },
		"the title":   func(d *official.Document) { d.Title = "2015年" },
		"full width":  func(d *official.Document) { d.Blocks[0].Spans[0].Text = "１、总的情况" },
		"no such":     func(d *official.Document) { d.Blocks[1].Spans[1].Note = 4 },
	} {
		d := sample()
		spoil(d)
		if err := d.DOCX(io.Discard); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: DOCX %v", what, err)
		}
		if err := d.PDF(io.Discard); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: PDF %v", what, err)
		}
	}
}

func TestTheSameDocumentGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]func(io.Writer) error{"docx": sample().DOCX, "pdf": sample().PDF} {
		var a, b bytes.Buffer
		if err := errors.Join(write(&a), write(&b)); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Errorf("%s differs", name)
		}
	}
}

func TestThePDFCarriesItsFontAndNoMark(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := sample().PDF(&out); err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(out.Bytes(), []byte("%PDF-")) || !bytes.Contains(out.Bytes(), []byte("/FontFile2")) || out.Len() > 1<<20 {
		t.Errorf("%d bytes, font inside: %t", out.Len(), bytes.Contains(out.Bytes(), []byte("/FontFile2")))
	}
}

// TestLibreOfficeOpensItWithTheStandardsLines converts the file with LibreOffice, and reads 22 lines of 28 characters off a page of
// plain text.
func TestLibreOfficeOpensItWithTheStandardsLines(t *testing.T) {
	t.Parallel()
	office, err := exec.LookPath("soffice")
	reader, errReader := exec.LookPath("pdftotext")
	if err != nil || errReader != nil {
		t.Fatal("soffice or pdftotext is not installed; make install brings both")
	}
	folder := t.TempDir()
	d := sample()
	d.Blocks = []official.Block{{Kind: official.Paragraph, Spans: []official.Span{{Text: strings.Repeat("汉", 28*60)}}}}
	d.Notes = nil
	var out bytes.Buffer
	if err := d.DOCX(&out); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "a.docx"), out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if text, err := exec.CommandContext(t.Context(), office, "-env:UserInstallation=file://"+folder+"/profile", "--headless", "--convert-to", "pdf", "--outdir", folder, filepath.Join(folder, "a.docx")).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	text, err := exec.CommandContext(t.Context(), reader, "-f", "2", "-l", "2", filepath.Join(folder, "a.pdf"), "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	for line := range strings.Lines(string(text)) {
		if n := strings.Count(line, "汉"); n == 28 {
			lines++
		} else if n > 0 {
			t.Errorf("a line of %d characters", n)
		}
	}
	if lines != 22 {
		t.Errorf("%d lines of 28 characters on a page", lines)
	}
}
