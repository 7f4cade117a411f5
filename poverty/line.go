package poverty

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"liandong/errs"
)

// Line is a poverty line: an amount, or a share of a quantile or of the mean of the incomes themselves. The zero Line is none.
type Line struct {
	Amount   float64 // in the unit of Income; 0 for a relative line
	Share    float64 // of the mean or quantile, as 0.6
	Mean     bool
	Quantile float64 // 0.5 for the median
}

// atRiskLine is Eurostat's: 60 % of the national median.
var atRiskLine = Line{Share: 0.6, Quantile: 0.5}

// ParseLine reads "2855", "60%median", "50%mean" or "60%quantile:0.4".
func ParseLine(text string) (Line, error) {
	wrong := errs.New(errs.Usage, "poverty.ParseLine",
		fmt.Sprintf("看不懂贫困线「%s」。请写金额（如 2855），或中位数、平均数的百分比（如 60%%median、50%%mean）。", text),
		fmt.Sprintf("The poverty line %q cannot be read. Write an amount such as 2855, or a share of the median or mean such as 60%%median or 50%%mean.", text))
	first, of, relative := strings.Cut(strings.TrimSpace(text), "%")
	x, err := strconv.ParseFloat(first, 64)
	if err != nil || !(x > 0) || math.IsInf(x, 0) {
		return Line{}, wrong
	}
	if !relative {
		return Line{Amount: x}, nil
	}
	l := Line{Share: x / 100}
	of, order, hasOrder := strings.Cut(strings.TrimSpace(of), ":")
	switch {
	case of == "mean":
		l.Mean = true
	case of == "median":
		l.Quantile = 0.5
	case of == "quantile" && hasOrder:
		if l.Quantile, err = strconv.ParseFloat(order, 64); err != nil || !accepts("quantile", l.Quantile) {
			return Line{}, wrong
		}
	default:
		return Line{}, wrong
	}
	return l, nil
}

// IsZero reports whether there is no line.
func (l Line) IsZero() bool { return l == Line{} }

// relative reports whether the line is estimated from the incomes.
func (l Line) relative() bool { return l.Share > 0 }

// String is the text that ParseLine reads.
func (l Line) String() string {
	share := strconv.FormatFloat(100*l.Share, 'g', 12, 64)
	switch {
	case !l.relative():
		return strconv.FormatFloat(l.Amount, 'g', -1, 64)
	case l.Mean:
		return share + "%mean"
	case l.Quantile == 0.5:
		return share + "%median"
	}
	return share + "%quantile:" + strconv.FormatFloat(l.Quantile, 'g', -1, 64)
}

// at is the line's amount over a distribution.
func (l Line) at(d distribution, c *Conventions) float64 {
	switch {
	case !l.relative():
		return l.Amount
	case l.Mean:
		return l.Share * mean(d)
	}
	return l.Share * quantile(d, l.Quantile, d.length(), c.Quantile)
}

// influence writes the derivative of the line by each record's weight.
func (l Line) influence(d *ordered, c *Conventions, u []float64) {
	if l.Mean {
		meanIncome{}.influence(d, setting{c: c}, mean(d), u)
	} else {
		quantileIncome{l.Quantile}.influence(d, setting{c: c}, l.at(d, c)/l.Share, u)
	}
	for i := range u {
		u[i] *= l.Share
	}
}
