package poverty

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"liandong/errs"
)

// maxObservations is how many records one sample may have: rows are counted in 32 bits, which halves what sorting moves.
const maxObservations = math.MaxUint32

// Factor is a column of categories: record i belongs to Level[Code[i]]. A Factor without codes is absent.
type Factor struct {
	Code  []int32
	Level []string
}

// Present reports whether there is such a column.
func (f Factor) Present() bool { return f.Code != nil }

// FactorOf makes a Factor of one text for each record, its levels in ascending order of their bytes.
func FactorOf(texts []string) Factor {
	first := map[string]int32{}
	f := Factor{Code: make([]int32, len(texts))}
	for i, t := range texts {
		code, known := first[t]
		if !known {
			code = int32(len(f.Level))
			first[t], f.Level = code, append(f.Level, t)
		}
		f.Code[i] = code
	}
	return f.Ordered()
}

// Ordered gives the factor with its levels in ascending order of their bytes, the codes renamed in place. Every code must have a level.
func (f Factor) Ordered() Factor {
	from := make([]int32, len(f.Level))
	for i := range from {
		from[i] = int32(i)
	}
	slices.SortFunc(from, func(a, b int32) int { return strings.Compare(f.Level[a], f.Level[b]) })
	to, levels := make([]int32, len(from)), make([]string, len(from))
	for i, old := range from {
		to[old], levels[i] = int32(i), f.Level[old]
	}
	for i, code := range f.Code {
		f.Code[i] = to[code]
	}
	return Factor{Code: f.Code, Level: levels}
}

// Sample is observations by columns. Every column that is present has one value for each record.
type Sample struct {
	Income []float64 // the welfare variable, in one unit of money
	Weight []float64 // how many persons the record stands for; absent: each stands for one
	Group  Factor    // the breakdown; absent: the whole alone
	Design Design    // how the records were drawn
}

// Design says how records came into the sample, which decides the errors.
type Design struct {
	Stratum  Factor    // absent: one stratum
	Unit     Factor    // the unit that was drawn: household, village; absent: each record was drawn by itself
	Fraction []float64 // share of units drawn, by level of Stratum (one value without strata), for the finite-population correction; absent: negligible
	Census   bool      // every unit of the population is here: there is no sampling error
}

// problem is one sentence of what is wrong with the data, as an error of kind Invalid.
func problem(op, zh, en string) *errs.Error { return errs.New(errs.Invalid, op, zh, en) }

func (s *Sample) check() error {
	const op = "poverty.Estimate"
	n := len(s.Income)
	switch {
	case n == 0:
		return problem(op, "没有任何记录，无法计算。请检查数据文件和收入列。", "There is no record to measure. Check the data file and the income column.")
	case n > maxObservations:
		return errs.New(errs.TooLarge, op, "记录超过 42 亿条，请分批计算。", "There are more than 4.2 billion records; measure them in parts.")
	}
	if i := notFinite(s.Income); i >= 0 {
		return atRow(problem(op, "收入不是有限的数。请更正或删去该行。", "The income is not a finite number. Correct the row or leave it out."), i)
	}
	if err := checkWeight(op, s.Weight, n); err != nil {
		return err
	}
	if err := s.Group.check(op, "分组", "group", n); err != nil {
		return err
	}
	return s.Design.check(op, n)
}

func checkWeight(op string, weight []float64, n int) error {
	if weight == nil {
		return nil
	}
	if len(weight) != n {
		return uneven(op, "权重", "weight", len(weight), n)
	}
	positive, sum := false, 0.0
	for i, w := range weight {
		switch {
		case math.IsNaN(w) || math.IsInf(w, 0):
			return atRow(problem(op, "权重不是有限的数。请更正或删去该行。", "The weight is not a finite number. Correct the row or leave it out."), i)
		case w < 0:
			return atRow(problem(op, "权重小于零。权重表示一条记录代表多少人，不能为负。", "The weight is below zero. A weight says how many persons a record stands for and cannot be negative."), i)
		}
		positive = positive || w > 0
		sum += w
	}
	if math.IsInf(sum, 0) {
		return problem(op, "权重太大，相加后超出了计算机能表示的范围（约 1.8e308）。请检查权重列，或把权重同除以一个数。", "The weights are so large that their sum passes what a computer can hold (about 1.8e308). Check the column, or divide all weights by one number.")
	}
	if !positive {
		return problem(op, "所有权重都是零，没有可以计算的人口。请检查权重列。", "All weights are zero, so there is no population to measure. Check the weight column.")
	}
	return nil
}

func (f Factor) check(op, zh, en string, n int) error {
	if !f.Present() {
		return nil
	}
	if len(f.Code) != n {
		return uneven(op, zh, en, len(f.Code), n)
	}
	for i, c := range f.Code {
		if c < 0 || int(c) >= len(f.Level) {
			return atRow(problem(op, zh+"的代码没有对应的名称。", "The code of the "+en+" has no level."), i)
		}
	}
	return nil
}

func (d *Design) check(op string, n int) error {
	if err := d.Stratum.check(op, "层", "stratum", n); err != nil {
		return err
	}
	if err := d.Unit.check(op, "抽样单元", "sampling unit", n); err != nil {
		return err
	}
	if d.Fraction == nil {
		return nil
	}
	if want := max(1, len(d.Stratum.Level)); len(d.Fraction) != want {
		return uneven(op, "抽样比", "sampling fraction", len(d.Fraction), want)
	}
	for _, f := range d.Fraction {
		if !(f >= 0 && f <= 1) {
			return problem(op, "抽样比应在 0 与 1 之间。", "A sampling fraction lies between 0 and 1.")
		}
	}
	return nil
}

func uneven(op, zh, en string, has, want int) error {
	return problem(op, fmt.Sprintf("%s列有 %d 个值，应为 %d 个。", zh, has, want), fmt.Sprintf("The column of the %s has %d values, not %d.", en, has, want))
}

// atRow names a record by its place, counted from 1.
func atRow(e *errs.Error, i int) error {
	return e.At(fmt.Sprintf("第 %d 条记录 (record %d)", i+1, i+1))
}

// notFinite is the first value that is NaN or infinite, or -1.
func notFinite(values []float64) int {
	for i, x := range values {
		if x-x != 0 {
			return i
		}
	}
	return -1
}
