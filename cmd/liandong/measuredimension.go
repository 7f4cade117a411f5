package main

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"liandong/errs"
	"liandong/poverty"
	"liandong/poverty/deprivation"
	"liandong/survey"
)

// dimensionFlags name the dimensions of multidimensional measures, afh, afa, afm0 and the like.
type dimensionFlags struct {
	Dimension  []string `sep:"none" placeholder:"NAME=COL:CUTOFF:WEIGHT" help:"维度：名称=列名:临界值:权重，可多次。临界值写 6（低于 6 为被剥夺）、<=6、>3 或 =甲|乙。 A dimension: name, column, cut-off and weight; may be repeated."`
	K          string   `name:"k" default:"1/3" placeholder:"1/3" help:"贫困临界值：加权剥夺份额达到多少算贫困。 The weighted share of deprivations from which one is poor."`
	Unanswered string   `enum:"refused,dropped,not-deprived,bounds" default:"refused" help:"维度缺回答：拒绝、去掉、按未被剥夺计，或给出范围。 Missing answers of dimensions: refuse, drop, count as not deprived, or give the range."`
}

const opDimension = "main.measure"

// asked reports whether the measures named are those of several dimensions. It refuses a mixture, because they rest on different columns.
func (f *dimensionFlags) asked(measures string) (bool, error) {
	mine, others := 0, 0
	for name := range strings.SplitSeq(measures, ",") {
		switch name = strings.TrimSpace(name); {
		case name == "":
		case deprivation.IsMeasure(name):
			mine++
		default:
			others++
		}
	}
	switch {
	case mine > 0 && others > 0, len(f.Dimension) > 0 && others > 0:
		return false, errs.New(errs.Usage, opDimension, "多维指标（af…）和收入指标请分两次计算。", "Ask for measures of several dimensions (af…) and of income separately.")
	case mine > 0 && len(f.Dimension) == 0:
		return false, errs.New(errs.Usage, opDimension, "多维指标需要用 --dimension 指明维度。", "Measures of several dimensions need the dimensions: --dimension.")
	}
	return len(f.Dimension) > 0, nil
}

// fraction reads a number or one over another.
func fraction(text string) (float64, bool) {
	above, under, has := strings.Cut(text, "/")
	x, err := strconv.ParseFloat(above, 64)
	if !has || err != nil {
		return x, err == nil
	}
	y, err := strconv.ParseFloat(under, 64)
	return x / y, err == nil && y != 0
}

// parse reads one --dimension.
func (f *dimensionFlags) parse(text string) (d deprivation.Dimension, column string, err error) {
	wrong := errs.New(errs.Usage, opDimension,
		"看不懂维度「"+text+"」，请写 名称=列名:临界值:权重，如 教育=school_years:6:1/6。", "The dimension \""+text+"\" cannot be read; write NAME=COL:CUTOFF:WEIGHT, as education=school_years:6:1/6.")
	name, rest, has := strings.Cut(text, "=")
	parts := strings.Split(rest, ":")
	if !has || len(parts) < 2 || len(parts) > 3 || parts[0] == "" {
		return d, "", wrong
	}
	d = deprivation.Dimension{Name: name, Weight: 1}
	if d.Cutoff, err = deprivation.ParseCutoff(parts[1]); err != nil {
		return d, "", err
	}
	if len(parts) == 3 {
		if d.Weight, has = fraction(parts[2]); !has {
			return d, "", wrong
		}
	}
	return d, parts[0], nil
}

// measureDimensions measures a file in several dimensions.
func (c *measureCommand) measureDimensions(p *program) error {
	started := time.Now()
	q := deprivation.Query{Missing: c.Unanswered, Errors: poverty.Errors{Method: c.Error, Replications: c.Reps, Seed: c.Seed, Level: c.Level}}
	for name := range strings.SplitSeq(c.Measures, ",") {
		if name = strings.TrimSpace(name); name != "" {
			q.Measures = append(q.Measures, name)
		}
	}
	var known bool
	if q.Cutoff, known = fraction(c.K); !known {
		return errs.New(errs.Usage, opDimension, "看不懂贫困临界值「"+c.K+"」，请写 1/3 或 0.33。", "The cut-off \""+c.K+"\" cannot be read; write 1/3 or 0.33.")
	}
	var err error
	if q.Conventions, err = poverty.ParseConventions(c.Convention); err != nil {
		return err
	}
	sample, err := c.dimensionSample()
	if err != nil {
		return err
	}
	report, err := sample.Estimate(q)
	if err != nil {
		return err
	}
	r := measureResult{N: report.N, WeightSum: report.WeightSum, Dropped: report.Left, Results: make([]measureRow, 0, len(report.Results))}
	for i := range report.Results {
		r.Results = append(r.Results, dimensionRow(&report.Results[i]))
	}
	r.Seconds = time.Since(started).Seconds()
	return p.answer(r, func(w io.Writer) error { return p.printMeasures(w, &r, c.Error != "") })
}

// dimensionSample reads the columns of the dimensions and of the design.
func (c *measureCommand) dimensionSample() (s *deprivation.Sample, err error) {
	s = &deprivation.Sample{}
	var numbers, words []string
	for _, text := range c.Dimension {
		d, column, err := c.parse(text)
		if err != nil {
			return nil, err
		}
		if d.Cutoff.Categorical() {
			words = append(words, column)
		} else {
			numbers = append(numbers, column)
		}
		s.Dimensions = append(s.Dimensions, d)
	}
	flags := sampleFlags{Weight: c.Weight, Strata: c.Strata, Cluster: c.Cluster, Census: c.Census}
	table, err := survey.ReadTable(c.Data, append(numbers, flags.numbers()...), append(append(words, named(c.By)...), flags.words()...))
	if err != nil {
		return nil, err
	}
	number, word := 0, 0
	for i := range s.Dimensions {
		d := &s.Dimensions[i]
		if !d.Cutoff.Categorical() {
			d.Achievement = table.Numbers[number]
			number++
			continue
		}
		if d.Achievement, err = d.Cutoff.Codes(texts(table.Words[word])); err != nil {
			return nil, errs.Wrap(opDimension, err)
		}
		word++
	}
	if c.By != "" {
		if s.Group, err = table.Without(c.By, table.Words[word]); err != nil {
			return nil, err
		}
	}
	s.Weight, s.Design, err = flags.design(table)
	return s, err
}

// texts are the words of a factor, empty where one is absent.
func texts(f poverty.Factor) []string {
	words := make([]string, len(f.Code))
	for i, code := range f.Code {
		if code >= 0 {
			words[i] = f.Level[code]
		}
	}
	return words
}

func dimensionRow(e *deprivation.Estimate) measureRow {
	r := measureRow{
		Group: e.Group, Measure: e.Measure, Title: e.Title, N: e.N, WeightSum: e.WeightSum, Value: stated(e.Value), SE: stated(e.SE), Low: stated(e.Low), High: stated(e.High),
		DesignEffect: stated(e.DesignEffect), Undefined: textOrNil(e.Undefined), NoError: textOrNil(e.NoError), Notes: e.Notes, Conventions: e.Conventions,
	}
	if e.Least != nil && !math.IsNaN(e.Least.Value) {
		least, greatest := inferenceOf(e.Least), inferenceOf(e.Greatest)
		r.Bounds = &[2]inferenceRow{least, greatest}
	}
	return r
}

// boundsWords is an interval of a measure as people read it.
func boundsWords(b *[2]inferenceRow) string {
	return fmt.Sprintf("%s…%s", short(b[0].Value), short(b[1].Value))
}
