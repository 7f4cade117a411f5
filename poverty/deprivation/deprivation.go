// Package deprivation measures poverty in several dimensions by the counting method of Alkire and Foster: a person is deprived in a dimension below its
// cut-off, poor when the weighted share of dimensions with deprivation reaches the cut-off k, and only the deprivations of the poor are counted. It
// gives H, A, M0, M1 and M2, the headcounts of each dimension, and what each dimension and group contributes, with errors by any design.
//
// It stands on package poverty and knows neither form nor database. Missing answers are handled by a convention with a name, never silently.
package deprivation

import (
	"fmt"
	"math"
	"slices"

	"liandong/errs"
	"liandong/poverty"
)

// Dimension is one column of achievements with its cut-off and weight.
type Dimension struct {
	Name        string
	Achievement []float64 // one value for each record; NaN where the answer is missing
	Cutoff      Cutoff
	Weight      float64 // above 0, in any unit: weights are divided by their sum
}

// Sample is observations by columns.
type Sample struct {
	Dimensions []Dimension
	Weight     []float64      // how many persons the record stands for; absent: each stands for one
	Group      poverty.Factor // the breakdown; absent: the whole alone
	Design     poverty.Design
}

// What happens to records with a missing answer.
const (
	MissingRefused = "refused"      // no value, with the number of records and the dimensions
	MissingDropped = "dropped"      // the record is left out: Alkire and others, Multidimensional Poverty Measurement and Analysis (2015), chapter 7
	MissingNot     = "not-deprived" // a missing answer counts as not deprived: a lower bound of H and M
	MissingBounds  = "bounds"       // the least and the greatest value that any answers could give: the measure is an interval
)

// MissingOptions lists the options of the convention "missing", the default first.
func MissingOptions() []string {
	return []string{MissingRefused, MissingDropped, MissingNot, MissingBounds}
}

// Query is what to estimate from a Sample.
type Query struct {
	Measures    []string // of MeasureNames; empty means those of Summary
	Cutoff      float64  // k, the weighted share of dimensions from which one is poor: 1 is intersection, anything up to the least weight is union
	Missing     string   // empty means MissingRefused
	Conventions poverty.Conventions
	Errors      poverty.Errors
}

// Estimate is one measure of one group. Numbers that are not defined are NaN.
type Estimate struct {
	Group     string // "" for the whole
	Measure   string
	Title     errs.Text
	Dimension string  // for measures of one dimension
	N         int     // records of the group that were used
	WeightSum float64 // persons they stand for
	poverty.Inference
	Least, Greatest *poverty.Inference // the interval, for MissingBounds where answers are missing; Value is NaN where they differ
	Notes           []errs.Text
	Conventions     map[string]string
}

// Report is what Estimate found.
type Report struct {
	N         int // records used
	Left      int // records left out for a missing answer
	WeightSum float64
	Results   []Estimate
}

// tieWidth is how far below k a weighted share may lie and still count as k: shares such as 1/6 + 1/6 reach 1/3 only up to rounding.
const tieWidth = 1e-9

const op = "deprivation.Estimate"

func invalid(zh, en string) *errs.Error { return errs.New(errs.Invalid, op, zh, en) }

func usage(zh, en string) *errs.Error { return errs.New(errs.Usage, op, zh, en) }

func (s *Sample) check() error {
	if len(s.Dimensions) == 0 {
		return usage("没有给出任何维度。", "No dimension was named.")
	}
	n := len(s.Dimensions[0].Achievement)
	names := map[string]bool{}
	for i := range s.Dimensions {
		d := &s.Dimensions[i]
		switch {
		case d.Name == "" || names[d.Name]:
			return usage(fmt.Sprintf("维度名称「%s」为空或重复。", d.Name), fmt.Sprintf("The name of a dimension, %q, is empty or taken.", d.Name))
		case !(d.Weight > 0) || math.IsInf(d.Weight, 0):
			return usage(fmt.Sprintf("维度「%s」的权重应大于零。", d.Name), fmt.Sprintf("The weight of dimension %q must be above zero.", d.Name))
		case len(d.Achievement) != n:
			return invalid(fmt.Sprintf("维度「%s」有 %d 个值，应为 %d 个。", d.Name, len(d.Achievement), n), fmt.Sprintf("Dimension %q has %d values, not %d.", d.Name, len(d.Achievement), n))
		}
		names[d.Name] = true
		if i := slices.IndexFunc(d.Achievement, func(x float64) bool { return math.IsInf(x, 0) }); i >= 0 {
			return invalid(fmt.Sprintf("维度「%s」的值不是有限的数。", d.Name), fmt.Sprintf("A value of dimension %q is not finite.", d.Name)).At(fmt.Sprintf("第 %d 条记录 (record %d)", i+1, i+1))
		}
	}
	if s.Group.Present() && len(s.Group.Code) != n {
		return invalid(fmt.Sprintf("分组列有 %d 个值，应为 %d 个。", len(s.Group.Code), n), fmt.Sprintf("The column of groups has %d values, not %d.", len(s.Group.Code), n))
	}
	return nil
}

func (q *Query) fill() error {
	if q.Missing == "" {
		q.Missing = MissingRefused
	}
	if !slices.Contains(MissingOptions(), q.Missing) {
		return usage(fmt.Sprintf("没有「%s」这种缺失值口径。可以用：%v。", q.Missing, MissingOptions()), fmt.Sprintf("There is no convention missing=%s. There are: %v.", q.Missing, MissingOptions()))
	}
	if !(q.Cutoff > 0 && q.Cutoff <= 1) {
		return usage("贫困临界值 k 应大于 0、不超过 1，是维度权重的份额，例如 1/3 写作 0.3333333333。", "The cut-off k lies above 0 and is at most 1, a share of the weights of dimensions, as 0.3333333333 for one third.")
	}
	return nil
}
