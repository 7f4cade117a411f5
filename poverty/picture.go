package poverty

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"liandong/errs"
)

// Picture is a chart that can be written as SVG: one file, no fonts or scripts from elsewhere, with a title and a description for those who do not see it.
type Picture struct {
	Title       errs.Text
	Description errs.Text // what a reader should take from it, with the main numbers
	X, Y        Axis
	Curves      []Curve
	Bars        []Bar
	Marks       []Mark
	Source      errs.Text // at the foot: data, date, conventions
}

// Axis is one direction of a picture. From and To are the ends; where they are equal the curves decide.
type Axis struct {
	Title    errs.Text
	From, To float64
	Percent  bool // values are shares, written as percentages
}

// Curve is a line of points with a name. A dashed one is a reference: perfect equality, a mean.
type Curve struct {
	Name   errs.Text
	Points []Point
	Dashed bool
}

// Bar is one category with two lengths side by side: what it is of the population, and what it contributes.
type Bar struct {
	Name   string
	Values [2]float64
}

// Mark is a line across the picture at a value, with its words: the poverty line.
type Mark struct {
	Name     errs.Text
	Value    float64
	Vertical bool // at a value of X
}

// The page of a picture, in units of its own, and the plot within.
const (
	pictureWidth  = 720
	pictureHeight = 508
	plotLeft      = 76
	plotTop       = 82
	plotRight     = pictureWidth - 24
	plotBottom    = pictureHeight - 108
)

// palette is one hue from dark to light and then greys, so that curves stay apart in print; shapes of the strokes differ too.
var palette = [...]string{"#0B4F9C", "#9A3412", "#166534", "#6B21A8", "#475569", "#92400E"}

var strokes = [...]string{"", "7 3", "2 3", "9 3 2 3", "4 2", "12 4"}

// mostCurves is how many curves can be told apart in one picture.
const mostCurves = len(palette)

// SVG writes the picture in a language, "en" or "zh"; the empty one gives Chinese with the English title below.
func (p *Picture) SVG(language string) []byte {
	d := &drawing{picture: p, language: language}
	d.page()
	if len(p.Bars) > 0 {
		d.bars()
	} else {
		d.fit()
		d.axes()
		d.curves()
	}
	d.writef(`</svg>` + "\n")
	return []byte(d.out.String())
}

type drawing struct {
	picture  *Picture
	language string
	out      strings.Builder
	x, y     scale
}

// scale turns values into places.
type scale struct{ from, to, start, end float64 }

func (s scale) at(v float64) float64 { return s.start + (v-s.from)/(s.to-s.from)*(s.end-s.start) }

func (d *drawing) writef(format string, values ...any) { fmt.Fprintf(&d.out, format, values...) }

func (d *drawing) say(t errs.Text) string { return escape(t.In(d.language)) }

func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(s)
}

func (d *drawing) page() {
	lang := d.language
	if lang == "" {
		lang = "zh"
	}
	d.writef(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-labelledby="title desc" lang="%s"`, pictureWidth, pictureHeight, escape(lang))
	d.writef(` font-family="'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif" font-size="13" fill="#1F2328">` + "\n")
	d.writef("<title id=\"title\">%s</title>\n<desc id=\"desc\">%s</desc>\n", d.say(d.picture.Title), d.say(d.picture.Description))
	d.writef(`<rect width="100%%" height="100%%" fill="#FFFFFF"/>` + "\n")
	d.writef(`<text x="%d" y="26" font-size="18" font-weight="600">%s</text>`+"\n", plotLeft, d.say(d.picture.Title))
	if d.language == "" && d.picture.Title.EN != "" {
		d.writef(`<text x="%d" y="45" fill="#57606A">%s</text>`+"\n", plotLeft, escape(d.picture.Title.EN))
	}
	if !d.picture.Source.IsZero() {
		d.writef(`<text x="%d" y="%d" font-size="11" fill="#57606A">%s</text>`+"\n", plotLeft, pictureHeight-10, d.say(d.picture.Source))
	}
}

// fit finds the ends of both axes.
func (d *drawing) fit() {
	ends := func(a Axis, of func(Point) float64, vertical bool, start, end float64) scale {
		if a.From != a.To {
			return scale{a.From, a.To, start, end}
		}
		low, high := 0.0, 0.0
		for _, c := range d.picture.Curves {
			for _, q := range c.Points {
				if v := of(q); !math.IsNaN(v) && !math.IsInf(v, 0) {
					low, high = min(low, v), max(high, v)
				}
			}
		}
		for _, m := range d.picture.Marks {
			if m.Vertical == vertical {
				low, high = min(low, m.Value), max(high, m.Value)
			}
		}
		if low == high {
			high = low + 1
		}
		step := tick(high - low)
		return scale{math.Floor(low/step) * step, math.Ceil(high/step) * step, start, end}
	}
	d.x = ends(d.picture.X, func(q Point) float64 { return q.X }, true, plotLeft, plotRight)
	d.y = ends(d.picture.Y, func(q Point) float64 { return q.Y }, false, plotBottom, plotTop)
}

// tick is a round distance that divides a width into about five.
func tick(width float64) float64 {
	rough := width / 5
	power := math.Pow(10, math.Floor(math.Log10(rough)))
	for _, m := range []float64{1, 2, 2.5, 5, 10} {
		if m*power >= rough*0.999 {
			return m * power
		}
	}
	return 10 * power
}

// number writes a value of an axis.
func (a *Axis) number(v float64) string {
	if a.Percent {
		return minus(strconv.FormatFloat(round(100*v), 'f', -1, 64)) + "%"
	}
	return grouped(round(v))
}

// minus writes a number below zero with a minus sign, where Go has a hyphen.
func minus(number string) string { return strings.Replace(number, "-", "−", 1) }

func round(v float64) float64 { return math.Round(v*1e6) / 1e6 }

// grouped writes a number with commas between thousands.
func grouped(v float64) string {
	text := strconv.FormatFloat(math.Abs(v), 'f', -1, 64)
	whole, rest, fraction := strings.Cut(text, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction {
		whole += "." + rest
	}
	if v < 0 {
		return "−" + whole
	}
	return whole
}

func place(v float64) string { return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64) }

func (d *drawing) axes() {
	p := d.picture
	for i, step := 0, tick(d.y.to-d.y.from); d.y.from+float64(i)*step <= d.y.to+step/1e6; i++ {
		v := d.y.from + float64(i)*step
		at := place(d.y.at(v))
		d.writef(`<line x1="%d" y1="%s" x2="%d" y2="%s" stroke="#D0D7DE"/><text x="%d" y="%s" dy="4" text-anchor="end" fill="#57606A">%s</text>`+"\n", plotLeft, at, plotRight, at, plotLeft-8, at, p.Y.number(v))
	}
	for i, step := 0, tick(d.x.to-d.x.from); d.x.from+float64(i)*step <= d.x.to+step/1e6; i++ {
		v := d.x.from + float64(i)*step
		at := place(d.x.at(v))
		d.writef(`<line x1="%s" y1="%d" x2="%s" y2="%d" stroke="#57606A"/><text x="%s" y="%d" text-anchor="middle" fill="#57606A">%s</text>`+"\n", at, plotBottom, at, plotBottom+5, at, plotBottom+20, p.X.number(v))
	}
	base := place(d.y.at(max(d.y.from, min(0, d.y.to))))
	d.writef(`<line x1="%d" y1="%s" x2="%d" y2="%s" stroke="#57606A"/>`+"\n", plotLeft, base, plotRight, base)
	d.writef(`<text x="%d" y="%d" text-anchor="end">%s</text>`+"\n", plotRight, plotBottom+38, d.say(p.X.Title))
	d.writef(`<text x="%d" y="%d">%s</text>`+"\n", 12, plotTop-16, d.say(p.Y.Title))
}

func (d *drawing) curves() {
	for _, m := range d.picture.Marks {
		d.mark(m)
	}
	for i, c := range d.picture.Curves[:min(len(d.picture.Curves), mostCurves)] {
		colour, dashes := palette[i], strokes[i]
		if c.Dashed {
			colour, dashes = "#57606A", "4 4"
		}
		d.writef(`<polyline fill="none" stroke="%s" stroke-width="2" stroke-dasharray="%s" points="`, colour, dashes)
		for _, q := range c.Points {
			if !math.IsNaN(q.Y) && !math.IsInf(q.Y, 0) {
				d.writef("%s,%s ", place(d.x.at(q.X)), place(d.y.at(max(d.y.from, min(d.y.to, q.Y)))))
			}
		}
		d.writef(`"/>` + "\n")
		d.legend(i, d.say(c.Name), colour, dashes)
	}
	for _, m := range d.picture.Marks {
		d.markWords(m)
	}
}

func (d *drawing) legend(i int, name, colour, dashes string) {
	const wide, rows = 208, 3
	left, top := plotLeft+wide*(i%rows), plotBottom+60+17*(i/rows)
	d.writef(`<line x1="%d" y1="%d" x2="%d" y2="%d" stroke="%s" stroke-width="2" stroke-dasharray="%s"/><text x="%d" y="%d" font-size="12">%s</text>`+"\n",
		left, top-4, left+26, top-4, colour, dashes, left+32, top, name)
}

func (d *drawing) mark(m Mark) {
	if m.Vertical {
		at := place(d.x.at(m.Value))
		d.writef(`<line x1="%s" y1="%d" x2="%s" y2="%d" stroke="#9A3412" stroke-dasharray="6 3"/>`+"\n", at, plotTop, at, plotBottom)
		return
	}
	at := place(d.y.at(m.Value))
	d.writef(`<line x1="%d" y1="%s" x2="%d" y2="%s" stroke="#9A3412" stroke-dasharray="6 3"/>`+"\n", plotLeft, at, plotRight, at)
}

// markWords are the words of a mark, above the curves and with a rim of white, so that they can be read where curves cross them.
func (d *drawing) markWords(m Mark) {
	const rim = `fill="#9A3412" stroke="#FFFFFF" stroke-width="4" stroke-linejoin="round" paint-order="stroke"`
	if m.Vertical {
		d.writef(`<text x="%s" y="%d" dx="6" %s>%s</text>`+"\n", place(d.x.at(m.Value)), plotTop+12, rim, d.say(m.Name))
		return
	}
	d.writef(`<text x="%d" y="%s" dy="-6" %s>%s</text>`+"\n", plotLeft+6, place(d.y.at(m.Value)), rim, d.say(m.Name))
}

// mostBars is how many categories a picture shows; the description has them all.
const mostBars = 14

func (d *drawing) bars() {
	p := d.picture
	shown := p.Bars[:min(len(p.Bars), mostBars)]
	longest := 0.0
	for _, b := range shown {
		longest = max(longest, b.Values[0], b.Values[1])
	}
	const names = 150
	step := tick(max(longest, 0.01))
	x := scale{0, math.Ceil(max(longest, 0.01)/step) * step, plotLeft + names, plotRight - 48}
	height := (plotBottom - plotTop) / float64(len(shown))
	for v := 0.0; v <= x.to+step/1e6; v += step {
		at := place(x.at(v))
		d.writef(`<line x1="%s" y1="%d" x2="%s" y2="%d" stroke="#D0D7DE"/><text x="%s" y="%d" text-anchor="middle" fill="#57606A">%s</text>`+"\n", at, plotTop, at, plotBottom, at, plotBottom+18, p.X.number(v))
	}
	thick := min(height*0.36, 18)
	for i, b := range shown {
		top := plotTop + float64(i)*height + height/2
		d.writef(`<text x="%d" y="%s" dy="4" text-anchor="end">%s</text>`+"\n", plotLeft+names-8, place(top), escape(b.Name))
		for k, v := range b.Values {
			at := top + (float64(k)-1)*thick
			colour := [...]string{"#D0D7DE", "#0B4F9C"}[k]
			d.writef(`<rect x="%s" y="%s" width="%s" height="%s" fill="%s" stroke="#57606A" stroke-width="0.5"/><text x="%s" y="%s" dx="4" dy="%s" font-size="11">%s</text>`+"\n",
				place(x.at(0)), place(at), place(x.at(v)-x.at(0)), place(thick), colour, place(x.at(v)), place(at+thick/2), "4", p.X.number(math.Round(v*1000)/1000))
		}
	}
	d.writef(`<text x="%d" y="%d" text-anchor="end">%s</text>`+"\n", plotRight, plotBottom+38, d.say(p.X.Title))
	for i, c := range p.Curves {
		d.writef(`<rect x="%d" y="%d" width="14" height="10" fill="%s" stroke="#57606A" stroke-width="0.5"/><text x="%d" y="%d" font-size="12">%s</text>`+"\n",
			plotLeft+208*i, plotBottom+51, [...]string{"#D0D7DE", "#0B4F9C"}[i&1], plotLeft+208*i+20, plotBottom+60, d.say(c.Name))
	}
}
