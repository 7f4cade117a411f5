package official

import (
	"fmt"
	"strconv"
	"strings"
)

const (
	packageRelations = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`

	// Odd and even pages have their numbers outside; punctuation may hang, and does not begin a line.
	settings = `<w:settings ` + wordNamespaces + `><w:evenAndOddHeaders/><w:drawingGridVerticalSpacing w:val="435"/><w:displayHorizontalDrawingGridEvery w:val="0"/><w:characterSpacingControl w:val="compressPunctuation"/><w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr><w:compat><w:balanceSingleByteDoubleByteWidth/><w:useFELayout/><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>`

	fontTable = `<w:fonts ` + wordNamespaces + `><w:font w:name="仿宋_GB2312"><w:altName w:val="FangSong_GB2312"/><w:charset w:val="86"/><w:family w:val="modern"/><w:pitch w:val="default"/></w:font><w:font w:name="方正小标宋简体"><w:altName w:val="FZXiaoBiaoSong-B05S"/><w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="default"/></w:font><w:font w:name="黑体"><w:altName w:val="SimHei"/><w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="default"/></w:font><w:font w:name="楷体_GB2312"><w:altName w:val="KaiTi_GB2312"/><w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="default"/></w:font><w:font w:name="宋体"><w:altName w:val="SimSun"/><w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="default"/></w:font></w:fonts>`
)

// tighter is what every character stands closer than its size, in twentieths of a point: 28 of 15.75 pt fill 441 of the 442.2 pt of a line. It
// does the work of the grid's charSpace, because LibreOffice gives a character that is larger than its cell two cells.
const tighter = -5

// styles: the text is 仿宋 of size three (16 pt), the title 小标宋 of size two (22 pt), first headings 黑体, second ones 楷体 (GB/T 9704, 7.3).
var styles = strings.Join([]string{
	`<w:styles ` + wordNamespaces + `><w:docDefaults><w:rPrDefault><w:rPr>` + fonts("仿宋_GB2312") + `<w:kern w:val="2"/><w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>`,
	`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/><w:pPr><w:widowControl w:val="0"/><w:jc w:val="both"/></w:pPr><w:rPr><w:spacing w:val="` + strconv.Itoa(tighter) + `"/>` + size(32) + `</w:rPr></w:style>`,
	paragraphStyle("Title", "Title", `<w:jc w:val="center"/>`, fonts("方正小标宋简体")+size(44)),
	paragraphStyle("Body", "Body Text", `<w:ind w:firstLineChars="200" w:firstLine="640"/>`, ""),
	paragraphStyle("Heading1", "heading 1", `<w:keepNext/><w:ind w:firstLineChars="200" w:firstLine="640"/><w:outlineLvl w:val="0"/>`, fonts("黑体")),
	paragraphStyle("Heading2", "heading 2", `<w:keepNext/><w:ind w:firstLineChars="200" w:firstLine="640"/><w:outlineLvl w:val="1"/>`, fonts("楷体_GB2312")),
	paragraphStyle("Caption", "caption", `<w:keepNext/><w:jc w:val="center"/>`, fonts("黑体")+size(28)),
	paragraphStyle("Cell", "Table Cell", `<w:snapToGrid w:val="0"/><w:jc w:val="center"/>`, size(24)),
	paragraphStyle("Closing", "Closing", `<w:ind w:rightChars="400" w:right="1280"/><w:jc w:val="right"/>`, ""),
	paragraphStyle("Header", "header", `<w:snapToGrid w:val="0"/><w:jc w:val="right"/>`, fonts("黑体")+size(24)),
	paragraphStyle("Footer", "footer", `<w:snapToGrid w:val="0"/>`, fonts("宋体")+size(28)),
	paragraphStyle("FootnoteText", "footnote text", `<w:snapToGrid w:val="0"/><w:jc w:val="left"/>`, size(18)),
	`<w:style w:type="character" w:styleId="FootnoteReference"><w:name w:val="footnote reference"/><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style></w:styles>`,
}, "")

func fonts(name string) string {
	return `<w:rFonts w:ascii="` + name + `" w:hAnsi="` + name + `" w:eastAsia="` + name + `" w:cs="` + name + `"/>`
}

// size is in half points.
func size(halves int) string {
	n := strconv.Itoa(halves)
	return `<w:sz w:val="` + n + `"/><w:szCs w:val="` + n + `"/>`
}

func paragraphStyle(id, name, paragraph, run string) string {
	return `<w:style w:type="paragraph" w:styleId="` + id + `"><w:name w:val="` + name + `"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>` + paragraph + `</w:pPr><w:rPr>` + run + `</w:rPr></w:style>`
}

func coreProperties(title string) string {
	return `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>` + escaped(title) + `</dc:title><dc:creator>Liandong 联动</dc:creator></cp:coreProperties>`
}

func (b *docx) contentTypes() string {
	const office = "application/vnd.openxmlformats-officedocument."
	var out strings.Builder
	out.WriteString(`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>`)
	for _, p := range [][2]string{
		{"/word/document.xml", office + "wordprocessingml.document.main+xml"},
		{"/word/styles.xml", office + "wordprocessingml.styles+xml"},
		{"/word/settings.xml", office + "wordprocessingml.settings+xml"},
		{"/word/fontTable.xml", office + "wordprocessingml.fontTable+xml"},
		{"/word/footnotes.xml", office + "wordprocessingml.footnotes+xml"},
		{"/word/header1.xml", office + "wordprocessingml.header+xml"},
		{"/word/footer1.xml", office + "wordprocessingml.footer+xml"},
		{"/word/footer2.xml", office + "wordprocessingml.footer+xml"},
		{"/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"},
	} {
		out.WriteString(`<Override PartName="` + p[0] + `" ContentType="` + p[1] + `"/>`)
	}
	for i := range b.charts {
		fmt.Fprintf(&out, `<Override PartName="/word/charts/chart%d.xml" ContentType="%sdrawingml.chart+xml"/>`, i+1, office)
	}
	out.WriteString(`</Types>`)
	return out.String()
}

func (b *docx) relations() string {
	const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	var out strings.Builder
	out.WriteString(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`)
	for i, p := range [][2]string{{"styles", "styles.xml"}, {"settings", "settings.xml"}, {"fontTable", "fontTable.xml"}, {"footnotes", "footnotes.xml"}, {"theme", ""}, {"header", "header1.xml"}, {"footer", "footer1.xml"}, {"footer", "footer2.xml"}} {
		if p[1] != "" {
			fmt.Fprintf(&out, `<Relationship Id="rId%d" Type="%s%s" Target="%s"/>`, i+1, office, p[0], p[1])
		}
	}
	for i := range b.charts {
		fmt.Fprintf(&out, `<Relationship Id="rIdChart%[1]d" Type="%[2]schart" Target="charts/chart%[1]d.xml"/>`, i+1, office)
	}
	out.WriteString(`</Relationships>`)
	return out.String()
}
