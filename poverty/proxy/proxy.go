// Package proxy fits proxy-means tests: it predicts the welfare of a survey's households from answers that are easy to see and hard to hide, says how wrong
// the prediction is on households it has not seen, and writes the test as a criteria document, which a register can then evaluate and explain.
//
// Three methods: weighted least squares, quantile regression and the lasso. It stands on package poverty; a document is text, which package criteria reads.
package proxy

import (
	"fmt"
	"math"
	"regexp"
	"slices"

	"liandong/errs"
	"liandong/poverty"
)

// Variable is one answer that the test may ask for: numbers, or categories.
type Variable struct {
	Name       string // lower-case letters, digits and _; it becomes a name in the document
	Title      errs.Text
	Expression string         // what it is in the form: "members.size()", "housing.structure"
	Values     []float64      // for a number; NaN where missing
	Categories poverty.Factor // for categories, whose levels are the form's codes; a code of -1 is missing
}

// Survey is the records that a test is fitted to.
type Survey struct {
	Welfare   []float64 // income or consumption per head
	Weight    []float64 // absent: each record stands for one
	Variables []Variable
	Design    poverty.Design // for the errors of coefficients, and to keep units together in folds
}

// The methods.
const (
	LeastSquares = "ols"
	Quantile     = "quantile" // for the quantile Options.Quantile of welfare, given the answers
	Lasso        = "lasso"
)

// The scales of welfare.
const (
	ScaleLog   = "log"
	ScaleLevel = "level"
)

// The rules by which the lasso's penalty is chosen from its cross-validated errors.
const (
	LambdaLeast  = "min" // the penalty of the least error
	LambdaOneSE  = "1se" // the greatest within one standard error of it: Hastie, Tibshirani and Friedman, The Elements of Statistical Learning (2009), 244
	defaultFolds = 10
)

// What happens to records with a missing answer.
const (
	MissingRefused = "refused"
	MissingDropped = "dropped"
)

// Options say how to fit. Empty fields mean the first choices above, quantile 0.5 and ten folds.
type Options struct {
	Method   string
	Quantile float64 // for Quantile, between 0 and 1
	Scale    string
	Lambda   float64 // of the lasso, on its standardised columns; 0 chooses by Rule
	Rule     string
	Missing  string
	Folds    int    // for out-of-sample errors, and the choice of Lambda
	Seed     uint64 // of the folds: the same seed gives the same folds
}

// Model is a fitted test. The prediction is the intercept plus, for a number, the coefficient times the value, held within the range that the survey has,
// and, for a category, its coefficient; a category that the survey has not counts as the reference.
type Model struct {
	Options
	Survey    int // records used
	Left      int // records left out for a missing answer
	Intercept float64
	Terms     []Term
	R2, RMSE  float64 // within the sample, by weight; quantile regression has a Koenker and Machado R1 in place of R2
	Lambda    float64 // used by the lasso
	Notes     []errs.Text
}

// Term is what one variable adds. A variable that adds nothing, such as one the lasso dropped, has no term.
type Term struct {
	Variable    Variable // without its columns
	Coefficient float64  // of a number
	SE          float64  // of a number, by the design; NaN where there is none
	Low, High   float64  // the range of a number in the survey
	Levels      []Level  // of categories, the reference first with a coefficient of 0
}

// Level is one category.
type Level struct {
	Code        string
	Coefficient float64
	SE          float64
	Share       float64 // of the survey's population
}

const op = "proxy.Fit"

func invalid(zh, en string) *errs.Error { return errs.New(errs.Invalid, op, zh, en) }

func usage(zh, en string) *errs.Error { return errs.New(errs.Usage, op, zh, en) }

var nameForm = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

func (o *Options) fill() error {
	set := func(field *string, options ...string) error {
		if *field == "" {
			*field = options[0]
		}
		if !slices.Contains(options, *field) {
			return usage(fmt.Sprintf("没有「%s」这个选项。可以用：%v。", *field, options), fmt.Sprintf("There is no option %q. There are: %v.", *field, options))
		}
		return nil
	}
	for _, err := range []error{
		set(&o.Method, LeastSquares, Quantile, Lasso), set(&o.Scale, ScaleLog, ScaleLevel), set(&o.Rule, LambdaLeast, LambdaOneSE), set(&o.Missing, MissingRefused, MissingDropped),
	} {
		if err != nil {
			return err
		}
	}
	if o.Quantile == 0 {
		o.Quantile = 0.5
	}
	if o.Folds == 0 {
		o.Folds = defaultFolds
	}
	switch {
	case !(o.Quantile > 0 && o.Quantile < 1):
		return usage("分位数应在 0 与 1 之间。", "The quantile lies between 0 and 1.")
	case o.Lambda < 0 || math.IsInf(o.Lambda, 0) || math.IsNaN(o.Lambda):
		return usage("套索的惩罚不能为负。", "The penalty of the lasso is not below zero.")
	case o.Folds < 2:
		return usage("交叉验证至少分成 2 份。", "Cross-validation has at least 2 folds.")
	}
	return nil
}

func (s *Survey) check(o *Options) error {
	n := len(s.Welfare)
	if len(s.Variables) == 0 {
		return usage("没有给出任何变量。", "No variable was named.")
	}
	names := map[string]bool{}
	for i := range s.Variables {
		v := &s.Variables[i]
		switch {
		case !nameForm.MatchString(v.Name) || names[v.Name]:
			return usage(fmt.Sprintf("变量名「%s」应是小写英文字母、数字和下划线，且不重复。", v.Name), fmt.Sprintf("The variable's name %q must be lower-case letters, digits and _, and its own.", v.Name))
		case (v.Values == nil) == (v.Categories.Code == nil):
			return usage(fmt.Sprintf("变量「%s」要么是数，要么是类别。", v.Name), fmt.Sprintf("Variable %q is numbers or categories.", v.Name))
		case v.length() != n:
			return invalid(fmt.Sprintf("变量「%s」有 %d 个值，应为 %d 个。", v.Name, v.length(), n), fmt.Sprintf("Variable %q has %d values, not %d.", v.Name, v.length(), n))
		}
		names[v.Name] = true
		if at := slices.IndexFunc(v.Values, func(x float64) bool { return math.IsInf(x, 0) }); at >= 0 {
			return atRecord(invalid(fmt.Sprintf("变量「%s」的值不是有限的数。", v.Name), fmt.Sprintf("A value of variable %q is not finite.", v.Name)), at)
		}
	}
	for i, y := range s.Welfare {
		switch {
		case y-y != 0:
			return atRecord(invalid("福利变量不是有限的数。", "The welfare is not a finite number."), i)
		case o.Scale == ScaleLog && !(y > 0):
			return atRecord(invalid("福利变量不大于零，没有对数。请更正，或选 scale=level。", "The welfare is not above zero and has no logarithm. Correct it, or choose scale=level."), i)
		}
	}
	return nil
}

func (v *Variable) length() int {
	if v.Values != nil {
		return len(v.Values)
	}
	return len(v.Categories.Code)
}

func (v *Variable) numeric() bool { return v.Values != nil }

func (v *Variable) missing(i int) bool {
	if v.numeric() {
		return math.IsNaN(v.Values[i])
	}
	return v.Categories.Code[i] < 0
}

func atRecord(e *errs.Error, i int) error {
	return e.At(fmt.Sprintf("第 %d 条记录 (record %d)", i+1, i+1))
}
