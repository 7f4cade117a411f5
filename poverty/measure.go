package poverty

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"liandong/errs"
)

// Measure is one number to be estimated, made by ParseMeasure.
type Measure struct {
	name string
	functional
}

// String is the name, as ParseMeasure takes it.
func (m Measure) String() string { return m.name }

// Title is the measure's name for people.
func (m Measure) Title() errs.Text { return m.traits().title }

// Domain says for which incomes the measure is defined. What happens to others is the convention "out-of-domain".
type Domain uint8

// The domains.
const (
	AnyIncome Domain = iota
	NotNegative
	Positive
)

func (d Domain) holds(y float64) bool { return d == AnyIncome || y > 0 || (d == NotNegative && y == 0) }

// traits are what the estimation must know of a measure beside its formula.
type traits struct {
	title       errs.Text
	domain      Domain
	line        bool     // depends on the poverty line
	inequality  bool     // not defined for a single observation
	share       bool     // lies between 0 and 1 and is an average, so that the logit interval fits
	relative    bool     // always uses a line relative to incomes
	conventions []string // names of Conventions that change the value
	rough       []string // names that change only the linearised error
}

// setting is what a formula needs beside the distribution.
type setting struct {
	line float64
	c    *Conventions
}

// functional is a measure's formula. estimate gives the value and, where there is none, the reason. influence writes for each record the derivative of
// the estimate by the record's weight, the line held fixed, and returns the derivative by the line.
type functional interface {
	traits() traits
	estimate(d distribution, s setting) (float64, errs.Text)
	influence(d *ordered, s setting, value float64, u []float64) (slope float64)
}

// undefined is the value of a measure without one.
func undefined(zh, en string) (float64, errs.Text) { return math.NaN(), errs.Text{ZH: zh, EN: en} }

func nobodyPoor() (float64, errs.Text) {
	return undefined("没有人在贫困线以下，该指标没有定义。", "Nobody is under the line, so the measure is not defined.")
}

func noIncome() (float64, errs.Text) {
	return undefined("收入总和不大于零，该指标没有定义。", "The incomes do not add up to more than zero, so the measure is not defined.")
}

// catalogue lists the names that ParseMeasure takes; a name that ends with a colon is followed by a number.
func catalogue() []struct {
	name string
	make func(parameter float64) functional
} {
	type row = struct {
		name string
		make func(float64) functional
	}
	fixed := func(name string, f functional) row { return row{name, func(float64) functional { return f }} }
	return []row{
		fixed("mean", meanIncome{}),
		fixed("median", quantileIncome{0.5}),
		{"quantile:", func(p float64) functional { return quantileIncome{p} }},
		fixed("headcount", foster{0, false}),
		fixed("gap", foster{1, false}),
		fixed("severity", foster{2, false}),
		{"fgt:", func(a float64) functional { return foster{a, false} }},
		fixed("arpr", foster{0, true}),
		fixed("incomegap", incomeGap{}),
		fixed("rmpg", medianGap{}),
		fixed("watts", watts{}),
		fixed("sen", sen{}),
		fixed("sst", senShorrocksThon{}),
		fixed("gini", gini{}),
		fixed("theil", entropy{1}),
		fixed("mld", entropy{0}),
		{"ge:", func(a float64) functional { return entropy{a} }},
		{"atkinson:", func(e float64) functional { return atkinson{e} }},
		fixed("qsr", tailRatio{bottom: 0.2, top: 0.8}),
		fixed("palma", tailRatio{bottom: 0.4, top: 0.9}),
		{"bottom:", func(p float64) functional { return lorenzShare{p: p} }},
		{"top:", func(p float64) functional { return lorenzShare{p: p, top: true} }},
		fixed("lorenz", lorenzCurve{}),
		fixed("genlorenz", lorenzCurve{generalised: true}),
		fixed("pen", parade{}),
		fixed("incidence", incidenceCurve{}),
	}
}

// MeasureNames lists what ParseMeasure takes.
func MeasureNames() (names []string) {
	for _, row := range catalogue() {
		names = append(names, row.name)
	}
	return append(names, "ratio:P/Q", "pP/pQ")
}

// ParseMeasure reads a measure's name: one of MeasureNames, with a number after the colon, as in "fgt:1.5", "ge:-1", "atkinson:0.5", "quantile:0.1",
// or a ratio of percentiles, as in "ratio:90/10" or "p90/p10".
func ParseMeasure(text string) (Measure, error) {
	name, parameter, has := strings.Cut(text, ":")
	if high, low, ratio := strings.Cut(text, "/"); ratio && !has && strings.HasPrefix(high, "p") && strings.HasPrefix(low, "p") {
		return parseRatio(text, high[1:]+"/"+low[1:])
	}
	if name == "ratio" {
		return parseRatio(text, parameter)
	}
	for _, row := range catalogue() {
		if row.name == text {
			return Measure{text, row.make(0)}, nil
		}
		if !has || row.name != name+":" {
			continue
		}
		x, err := strconv.ParseFloat(parameter, 64)
		if err != nil || !accepts(name, x) {
			return Measure{}, errs.New(errs.Usage, "poverty.ParseMeasure", fmt.Sprintf("指标「%s」的参数不对。%s", text, parameterRule(name).ZH), fmt.Sprintf("The parameter of %q is wrong. %s", text, parameterRule(name).EN))
		}
		return Measure{text, row.make(x)}, nil
	}
	return Measure{}, noSuch("指标", "measure", text, MeasureNames())
}

// ParseMeasures reads names separated by commas.
func ParseMeasures(text string) ([]Measure, error) {
	var measures []Measure
	for name := range strings.SplitSeq(text, ",") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		m, err := ParseMeasure(name)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(measures, func(o Measure) bool { return o.name == m.name }) {
			measures = append(measures, m)
		}
	}
	if len(measures) == 0 {
		return nil, errs.New(errs.Usage, "poverty.ParseMeasures", "没有给出要计算的指标。", "No measure was named.")
	}
	return measures, nil
}

func accepts(name string, x float64) bool {
	switch name {
	case "quantile", "bottom", "top":
		return x > 0 && x < 1
	case "fgt":
		return x >= 0 && x <= 100
	case "atkinson":
		return x > 0 && x <= 100
	}
	return math.Abs(x) <= 100
}

func parameterRule(name string) errs.Text {
	switch name {
	case "quantile", "bottom", "top":
		return errs.Text{ZH: "应是 0 与 1 之间的数。", EN: "It is a number between 0 and 1."}
	case "fgt":
		return errs.Text{ZH: "应是 0 至 100 的数。", EN: "It is a number from 0 to 100."}
	case "atkinson":
		return errs.Text{ZH: "应是大于 0、不超过 100 的数。", EN: "It is a number above 0, at most 100."}
	}
	return errs.Text{ZH: "应是 -100 至 100 的数。", EN: "It is a number from -100 to 100."}
}

func parseRatio(text, parameter string) (Measure, error) {
	first, second, ok := strings.Cut(parameter, "/")
	high, err1 := strconv.ParseFloat(first, 64)
	low, err2 := strconv.ParseFloat(second, 64)
	if !ok || err1 != nil || err2 != nil || !accepts("quantile", high/100) || !accepts("quantile", low/100) {
		return Measure{}, errs.New(errs.Usage, "poverty.ParseMeasure", fmt.Sprintf("百分位比「%s」写得不对，应写作 ratio:90/10。", text), fmt.Sprintf("The ratio %q is written wrongly; write it as ratio:90/10.", text))
	}
	return Measure{text, percentileRatio{high / 100, low / 100}}, nil
}
