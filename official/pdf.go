package official

import (
	"embed"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"github.com/klauspost/compress/zstd"

	"liandong/errs"
)

//go:embed data
var data embed.FS

const fontFile = "data/song.ttf.zst"

// song is the font that PDF carries, Noto Serif SC. It is packed when the program is built.
func song() ([]byte, error) {
	packed, err := data.ReadFile(fontFile)
	if err != nil {
		return nil, errs.New(errs.Unavailable, "official.PDF",
			"这个程序里没有打包字体，不能生成 PDF。请用 make build 构建，或改用 DOCX。", "This program was built without its font, so it makes no PDF. Build it with make build, or take the DOCX.").Because(err)
	}
	decoder, err := zstd.NewReader(nil)
	if err != nil {
		return nil, errs.Wrap("official.song", err)
	}
	defer decoder.Close()
	font, err := decoder.DecodeAll(packed, nil)
	return font, errs.Wrap("official.song", err)
}

// PDF writes the document with the part of the font that it uses inside. Footnotes stand at the end, because the lines of a page are fixed.
func (d *Document) PDF(w io.Writer) error {
	if err := d.Check(); err != nil {
		return err
	}
	font, err := song()
	if err != nil {
		return err
	}
	f := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: PageWidth, Ht: PageHeight}})
	f.SetCompression(true)
	f.SetCatalogSort(true)
	f.SetCreationDate(time.Unix(0, 0).UTC())
	f.SetModificationDate(time.Unix(0, 0).UTC())
	f.SetTitle(d.Title, true)
	f.SetAutoPageBreak(false, 0)
	f.AddUTF8FontFromBytes("song", "", font)
	p := &pdf{f: f, document: d}
	p.write()
	return errs.Wrap("official.PDF", f.Output(w))
}

// pdf lays a document out on the grid: every line has its place, every character its cell.
type pdf struct {
	f        *fpdf.Fpdf
	document *Document
	line     int // the next line of the page, from 0
}

const (
	lineHeight = AreaHeight / Lines
	cellWidth  = AreaWidth / Characters
	titleSize  = 22.0
	textSize   = 16.0
	noteSize   = 9.0
	smallSize  = 12.0
	raised     = 1.6 // mm, of a footnote's number above the line
)

func (p *pdf) write() {
	p.page()
	p.centred(p.document.Title, titleSize)
	p.line++
	for i := range p.document.Blocks {
		b := &p.document.Blocks[i]
		switch b.Kind {
		case Heading, Paragraph:
			p.paragraph(b.Spans)
		case TableOf:
			p.caption(b.Spans)
			p.table(b.Table)
		case ChartOf:
			p.need(int(chartHeight(b.Chart)/lineHeight) + 3)
			p.caption(append(append([]Span{}, b.Spans...), Span{Note: b.Chart.Note}))
			p.chart(b.Chart)
		}
	}
	p.line++
	for _, line := range p.document.Close {
		p.need(1)
		p.f.SetFont("song", "", textSize)
		width := p.f.GetStringWidth(line.Text) + cellWidth
		p.run([]Span{line}, Left+AreaWidth-4*cellWidth-width, width+2, textSize, p.baseline())
		p.line++
	}
	p.notes()
}

func (p *pdf) page() {
	p.f.AddPage()
	p.line = 0
	p.f.SetFont("song", "", smallSize)
	marks := strings.Join(p.document.Marks, "　")
	p.f.Text(Left+AreaWidth-p.f.GetStringWidth(marks), Top-10, marks)
	number := "— " + strconv.Itoa(p.f.PageNo()) + " —"
	p.f.SetFont("song", "", 14)
	x := Left + AreaWidth - cellWidth - p.f.GetStringWidth(number)
	if p.f.PageNo()%2 == 0 {
		x = Left + cellWidth
	}
	p.f.Text(x, Top+AreaHeight+9, number)
}

// need begins a new page where fewer than n lines are left.
func (p *pdf) need(n int) {
	if p.line+n > Lines {
		p.page()
	}
}

func (p *pdf) baseline() float64 { return Top + lineHeight*float64(p.line) + lineHeight*0.68 }

func (p *pdf) centred(text string, points float64) {
	p.need(1)
	p.f.SetFont("song", "", points)
	p.f.Text(Left+(AreaWidth-p.f.GetStringWidth(text))/2, p.baseline(), text)
	p.line++
}

// cell is a character on the grid: wide ones fill a cell, others half of one.
type cell struct {
	text  string
	width float64 // in cells
	note  int     // a footnote's number instead of a character
}

func cellsOf(spans []Span) []cell {
	var all []cell
	for _, s := range spans {
		for _, r := range s.Text {
			width := 1.0
			if r < 0x2000 {
				width = 0.5
			}
			all = append(all, cell{text: string(r), width: width})
		}
		if s.Note > 0 {
			all = append(all, cell{text: strconv.Itoa(s.Note), width: 0.3 * float64(len(strconv.Itoa(s.Note))), note: s.Note})
		}
	}
	return all
}

// notFirst are the characters that do not begin a line; they hang over the right margin instead.
const notFirst = "，。、；：？！）》」』”’％%"

func (p *pdf) paragraph(spans []Span) {
	cells := cellsOf(spans)
	at := 2.0 // the first line begins two characters in
	begin := 0
	flush := func(end int) {
		p.need(1)
		x := at
		for _, c := range cells[begin:end] {
			p.put(c, Left+x*cellWidth)
			x += c.width
		}
		p.line++
		begin, at = end, 0
	}
	x := at
	for i, c := range cells {
		hangs := c.note > 0 || strings.Contains(notFirst, c.text)
		if x+c.width > Characters+1e-9 && !hangs {
			cut := wordStart(cells, begin, i)
			flush(cut)
			x = 0
			for _, kept := range cells[cut:i] {
				x += kept.width
			}
		}
		x += c.width
	}
	if begin < len(cells) {
		flush(len(cells))
	}
}

// wordStart is where the number or word that a cell belongs to begins, so that it is not cut in two; the cell itself where that is the line.
func wordStart(cells []cell, begin, i int) int {
	start := i
	for start > begin && cells[start].width == 0.5 && cells[start].note == 0 && cells[start-1].width == 0.5 && cells[start-1].note == 0 {
		start--
	}
	if start == begin {
		return i
	}
	return start
}

func (p *pdf) put(c cell, x float64) {
	if c.note > 0 {
		p.f.SetFont("song", "", noteSize)
		p.f.Text(x, p.baseline()-raised, c.text)
		return
	}
	p.f.SetFont("song", "", textSize)
	if c.width == 0.5 {
		x += (cellWidth/2 - p.f.GetStringWidth(c.text)) / 2
	}
	p.f.Text(x, p.baseline(), c.text)
}

func (p *pdf) caption(spans []Span) {
	p.need(3)
	p.run(spans, Left, AreaWidth, smallSize+2, p.baseline())
	p.line++
}

// run writes spans centred within a width, smaller where they would not fit.
func (p *pdf) run(spans []Span, x, width, points, y float64) {
	measure := func(points float64) float64 {
		total := 0.0
		for _, s := range spans {
			p.f.SetFont("song", "", points)
			total += p.f.GetStringWidth(s.Text)
			if s.Note > 0 {
				p.f.SetFont("song", "", noteSize-2)
				total += p.f.GetStringWidth(strconv.Itoa(s.Note))
			}
		}
		return total
	}
	for points > 6 && measure(points) > width-2 {
		points -= 0.5
	}
	x += (width - measure(points)) / 2
	for _, s := range spans {
		p.f.SetFont("song", "", points)
		p.f.Text(x, y, s.Text)
		x += p.f.GetStringWidth(s.Text)
		if s.Note > 0 {
			number := strconv.Itoa(s.Note)
			p.f.SetFont("song", "", noteSize-2)
			p.f.Text(x, y-raised, number)
			x += p.f.GetStringWidth(number)
		}
	}
}

func (p *pdf) table(t *Table) {
	p.row(t.Heads)
	for _, row := range t.Rows {
		if p.line+1 > Lines {
			p.page()
			p.row(t.Heads)
		}
		p.row(row)
	}
	p.line++
}

func (p *pdf) row(cells []Span) {
	p.need(1)
	width := AreaWidth / float64(len(cells))
	y := Top + lineHeight*float64(p.line)
	for i, c := range cells {
		p.f.Rect(Left+width*float64(i), y, width, lineHeight, "D")
		p.run([]Span{c}, Left+width*float64(i), width, smallSize, p.baseline())
	}
	p.line++
}

func (p *pdf) chart(c *Chart) {
	top := Top + lineHeight*float64(p.line)
	room := AreaWidth - labelWidth - valueWidth
	p.f.SetFillColor(0x37, 0x55, 0x7a)
	p.f.SetFont("song", "", 10)
	for i, b := range c.Bars {
		y := top + chartFrame/2 + barPitch*float64(i)
		length := max(b.Value, 0) / c.longest() * room
		p.f.Text(Left+labelWidth-2-p.f.GetStringWidth(b.Label), y+barHeight-1, b.Label)
		p.f.Rect(Left+labelWidth, y, length, barHeight, "F")
		p.f.Text(Left+labelWidth+length+2, y+barHeight-1, c.number(b.Value))
	}
	p.line += int(chartHeight(c)/lineHeight) + 1
}

// notes are the footnotes, small and close.
func (p *pdf) notes() {
	if len(p.document.Notes) == 0 {
		return
	}
	p.page()
	p.centred("注　释", textSize)
	const height = 5.0
	y := Top + lineHeight*1.4
	p.f.SetFont("song", "", noteSize)
	for i := range p.document.Notes {
		for _, line := range p.wrap(fmt.Sprintf("%d　%s", i+1, p.document.Notes[i].Text)) {
			if y > Top+AreaHeight {
				p.page()
				p.f.SetFont("song", "", noteSize)
				y = Top + height
			}
			p.f.Text(Left, y, line)
			y += height
		}
	}
}

func (p *pdf) wrap(text string) []string {
	var lines []string
	var line strings.Builder
	for _, r := range text {
		if p.f.GetStringWidth(line.String()+string(r)) > AreaWidth && !strings.ContainsRune(notFirst, r) && !unicode.IsDigit(r) {
			lines = append(lines, line.String())
			line.Reset()
		}
		line.WriteRune(r)
	}
	return append(lines, line.String())
}
