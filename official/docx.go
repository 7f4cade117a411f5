package official

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"liandong/errs"
)

// Twentieths of a point, in which Word measures pages.
const twipsPerMillimetre = 1440 / 25.4

func twips(millimetres float64) int { return int(millimetres*twipsPerMillimetre + 0.5) }

// The grid: 225 mm are 22 lines, and 156 mm are 28 characters of 16 pt (三号) that stand a little closer than their size. charSpace is
// what each character's place differs from its size, in 1/4096 pt (ECMA-376 part 1, 17.6.5); the grid holds the lines, and the style sets
// the characters closer, which every program reads alike.
const (
	characterPoints = 16
	pointsPerMM     = 72 / 25.4
)

func linePitch() int { return int(math.Floor(AreaHeight * twipsPerMillimetre / Lines)) }

func charSpace() int {
	return int(math.Floor((AreaWidth*pointsPerMM/Characters - characterPoints) * 4096)) // down, so that the twenty-eighth character never falls off the line
}

// DOCX writes the document as an Office Open XML file. Fonts are named, not carried: 方正小标宋 for the title, 黑体 and 楷体 for headings, 仿宋 for
// the text, as the standard says.
func (d *Document) DOCX(w io.Writer) error {
	if err := d.Check(); err != nil {
		return err
	}
	b := &docx{document: d, seen: map[int]bool{}}
	body := b.body()
	parts := []struct{ name, text string }{
		{"[Content_Types].xml", b.contentTypes()},
		{"_rels/.rels", packageRelations},
		{"docProps/core.xml", coreProperties(d.Title)},
		{"word/document.xml", body},
		{"word/_rels/document.xml.rels", b.relations()},
		{"word/styles.xml", styles},
		{"word/settings.xml", settings},
		{"word/fontTable.xml", fontTable},
		{"word/footnotes.xml", b.footnotes()},
		{"word/header1.xml", b.header()},
		{"word/footer1.xml", footer("right")},
		{"word/footer2.xml", footer("left")},
	}
	for i, c := range b.charts {
		parts = append(parts, struct{ name, text string }{fmt.Sprintf("word/charts/chart%d.xml", i+1), c})
	}
	z := zip.NewWriter(w)
	for _, p := range parts {
		f, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			return errs.Wrap("official.DOCX", err)
		}
		if _, err := io.WriteString(f, xml.Header+p.text); err != nil {
			return errs.Wrap("official.DOCX", err)
		}
	}
	return errs.Wrap("official.DOCX", z.Close())
}

// docx is a file being written.
type docx struct {
	document *Document
	out      strings.Builder
	charts   []string
	seen     map[int]bool // footnotes that the text has shown already; later ones refer to them
}

func escaped(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	return b.String()
}

const (
	wordNamespaces = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	drawNamespaces = `xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"`
)

func (b *docx) body() string {
	b.out.WriteString(`<w:document ` + wordNamespaces + ` ` + drawNamespaces + `><w:body>`)
	b.paragraph("Title", []Span{{Text: b.document.Title}})
	b.paragraph("Body", nil)
	for i := range b.document.Blocks {
		b.block(&b.document.Blocks[i])
	}
	if len(b.document.Close) > 0 {
		b.paragraph("Body", nil)
	}
	for _, line := range b.document.Close {
		b.paragraph("Closing", []Span{line})
	}
	fmt.Fprintf(&b.out, `<w:sectPr><w:headerReference w:type="default" r:id="rId6"/><w:headerReference w:type="even" r:id="rId6"/><w:footerReference w:type="default" r:id="rId7"/><w:footerReference w:type="even" r:id="rId8"/>`+
		`<w:pgSz w:w="%d" w:h="%d"/><w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="%d" w:footer="%d" w:gutter="0"/><w:docGrid w:type="lines" w:linePitch="%d" w:charSpace="%d"/></w:sectPr></w:body></w:document>`,
		twips(PageWidth), twips(PageHeight), twips(Top), twips(PageWidth-Left-AreaWidth), twips(PageHeight-Top-AreaHeight), twips(Left), twips(15), twips(28), linePitch(), charSpace())
	return b.out.String()
}

func (b *docx) block(block *Block) {
	switch block.Kind {
	case Heading:
		b.paragraph(fmt.Sprintf("Heading%d", min(max(block.Level, 1), 2)), block.Spans)
	case Paragraph:
		b.paragraph("Body", block.Spans)
	case TableOf:
		b.paragraph("Caption", block.Spans)
		b.table(block.Table)
	case ChartOf:
		b.paragraph("Caption", append(append([]Span{}, block.Spans...), Span{Note: block.Chart.Note}))
		b.chart(block.Chart)
	}
}

func (b *docx) paragraph(style string, spans []Span) {
	b.out.WriteString(`<w:p><w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>`)
	for _, s := range spans {
		b.span(s)
	}
	b.out.WriteString(`</w:p>`)
}

// span writes a run and its footnote: the note itself the first time, a reference to it afterwards.
func (b *docx) span(s Span) {
	if s.Text != "" {
		b.out.WriteString(`<w:r><w:t xml:space="preserve">` + escaped(s.Text) + `</w:t></w:r>`)
	}
	switch {
	case s.Note == 0:
	case !b.seen[s.Note]:
		b.seen[s.Note] = true
		fmt.Fprintf(&b.out, `<w:bookmarkStart w:id="%[1]d" w:name="_Ref%09[1]d"/><w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteReference w:id="%[1]d"/></w:r><w:bookmarkEnd w:id="%[1]d"/>`, s.Note)
	default:
		fmt.Fprintf(&b.out, `<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:instrText xml:space="preserve"> NOTEREF _Ref%09[1]d \f \h </w:instrText></w:r>`+
			`<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:t>%[1]d</w:t></w:r><w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:fldChar w:fldCharType="end"/></w:r>`, s.Note)
	}
}

func (b *docx) table(t *Table) {
	width := twips(AreaWidth)
	columns := len(t.Heads)
	b.out.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="` + strconv.Itoa(width) + `" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>`)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		b.out.WriteString(`<w:` + side + ` w:val="single" w:sz="4" w:space="0" w:color="auto"/>`)
	}
	b.out.WriteString(`</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>`)
	for range columns {
		fmt.Fprintf(&b.out, `<w:gridCol w:w="%d"/>`, width/columns)
	}
	b.out.WriteString(`</w:tblGrid>`)
	b.row(t.Heads, width/columns, true)
	for _, row := range t.Rows {
		b.row(row, width/columns, false)
	}
	b.out.WriteString(`</w:tbl>`)
	b.paragraph("Body", nil)
}

func (b *docx) row(cells []Span, width int, head bool) {
	b.out.WriteString(`<w:tr><w:trPr><w:cantSplit/>`)
	if head {
		b.out.WriteString(`<w:tblHeader/>`)
	}
	b.out.WriteString(`</w:trPr>`)
	for _, cell := range cells {
		fmt.Fprintf(&b.out, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>`, width)
		b.paragraph("Cell", []Span{cell})
		b.out.WriteString(`</w:tc>`)
	}
	b.out.WriteString(`</w:tr>`)
}

// emu are English metric units, in which drawings are measured.
const emuPerMillimetre = 36000

func (b *docx) chart(c *Chart) {
	b.charts = append(b.charts, chartXML(c))
	n := len(b.charts)
	fmt.Fprintf(&b.out, `<w:p><w:pPr><w:pStyle w:val="Cell"/></w:pPr><w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%d" cy="%d"/><wp:docPr id="%d" name="图"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart r:id="rIdChart%d"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`,
		int(AreaWidth*emuPerMillimetre), int(chartHeight(c)*emuPerMillimetre), 100+n, n)
}

// footnotes are the separators that Word asks for and the notes of the document.
func (b *docx) footnotes() string {
	var out strings.Builder
	out.WriteString(`<w:footnotes ` + wordNamespaces + `><w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote><w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>`)
	for i := range b.document.Notes {
		fmt.Fprintf(&out, `<w:footnote w:id="%d"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr><w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> %s</w:t></w:r></w:p></w:footnote>`, i+1, escaped(b.document.Notes[i].Text))
	}
	out.WriteString(`</w:footnotes>`)
	return out.String()
}

func (b *docx) header() string {
	return `<w:hdr ` + wordNamespaces + `><w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr><w:r><w:t xml:space="preserve">` + escaped(strings.Join(b.document.Marks, "　")) + `</w:t></w:r></w:p></w:hdr>`
}

// footer is the page number of 7.5: Song of size four between two dashes, outside: right on odd pages, left on even ones, one character in.
func footer(side string) string {
	indent := `<w:ind w:rightChars="100"/>`
	if side == "left" {
		indent = `<w:ind w:leftChars="100"/>`
	}
	return `<w:ftr ` + wordNamespaces + `><w:p><w:pPr><w:pStyle w:val="Footer"/>` + indent + `<w:jc w:val="` + side + `"/></w:pPr><w:r><w:t xml:space="preserve">— </w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t xml:space="preserve"> —</w:t></w:r></w:p></w:ftr>`
}
