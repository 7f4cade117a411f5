package official

import (
	"fmt"
	"strconv"
	"strings"
)

// A chart's measures, in millimetres: a bar for each value below each other, its name before it and its number behind it.
const (
	barHeight  = 5.0
	barPitch   = 8.0
	labelWidth = 34.0
	valueWidth = 24.0
	chartFrame = 8.0
)

func chartHeight(c *Chart) float64 { return chartFrame + barPitch*float64(max(len(c.Bars), 1)) }

// longest is the greatest value of the chart, at least a little above zero.
func (c *Chart) longest() float64 {
	longest := 1e-9
	for _, b := range c.Bars {
		longest = max(longest, b.Value)
	}
	return longest
}

func (c *Chart) number(v float64) string { return strconv.FormatFloat(v, 'f', c.Decimals, 64) }

// SVG draws the chart for a page: no script, no colour that carries meaning, text that a reader can select.
func (c *Chart) SVG() string {
	var out strings.Builder
	height := chartHeight(c)
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" role="img" font-family="serif" font-size="4">`, AreaWidth, height)
	room := AreaWidth - labelWidth - valueWidth
	for i, b := range c.Bars {
		y := chartFrame/2 + barPitch*float64(i)
		length := max(b.Value, 0) / c.longest() * room
		fmt.Fprintf(&out, `<text x="%g" y="%g" text-anchor="end">%s</text><rect x="%g" y="%g" width="%.3f" height="%g" fill="#37557a"/><text x="%.3f" y="%g">%s</text>`,
			labelWidth-2, y+barHeight-1, escaped(b.Label), labelWidth, y, length, barHeight, labelWidth+length+2, y+barHeight-1, c.number(b.Value))
	}
	out.WriteString(`</svg>`)
	return out.String()
}

// chartXML is the chart as DrawingML, a bar chart that Word and LibreOffice draw themselves. The first bar stands on top.
func chartXML(c *Chart) string {
	var labels, values strings.Builder
	for i, b := range c.Bars {
		fmt.Fprintf(&labels, `<c:pt idx="%d"><c:v>%s</c:v></c:pt>`, i, escaped(b.Label))
		fmt.Fprintf(&values, `<c:pt idx="%d"><c:v>%s</c:v></c:pt>`, i, c.number(b.Value))
	}
	format := "0"
	if c.Decimals > 0 {
		format = "0." + strings.Repeat("0", c.Decimals)
	}
	n := strconv.Itoa(len(c.Bars))
	text := `<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="1000"/></a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr>`
	return `<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>` +
		`<c:barChart><c:barDir val="bar"/><c:grouping val="clustered"/><c:varyColors val="0"/><c:ser><c:idx val="0"/><c:order val="0"/><c:spPr><a:solidFill><a:srgbClr val="37557A"/></a:solidFill></c:spPr><c:invertIfNegative val="0"/>` +
		`<c:dLbls><c:numFmt formatCode="` + format + `" sourceLinked="0"/>` + text + `<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>` +
		`<c:cat><c:strLit><c:ptCount val="` + n + `"/>` + labels.String() + `</c:strLit></c:cat><c:val><c:numLit><c:formatCode>` + format + `</c:formatCode><c:ptCount val="` + n + `"/>` + values.String() + `</c:numLit></c:val></c:ser>` +
		`<c:gapWidth val="60"/><c:axId val="1"/><c:axId val="2"/></c:barChart>` +
		`<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="maxMin"/></c:scaling><c:delete val="0"/><c:axPos val="l"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>` + text + `<c:crossAx val="2"/><c:crosses val="autoZero"/></c:catAx>` +
		`<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling><c:delete val="1"/><c:axPos val="t"/><c:numFmt formatCode="` + format + `" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="none"/><c:crossAx val="1"/><c:crosses val="autoZero"/></c:valAx>` +
		`</c:plotArea><c:plotVisOnly val="1"/></c:chart></c:chartSpace>`
}
