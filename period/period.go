// Package period holds spans of time as work is planned and counted in: a year, a half, a quarter, a month, an "income year" that runs
// from October to September, or any span of days. A period knows its first and last day, so that every figure can say what it covers.
package period

import (
	"fmt"
	"strconv"
	"strings"

	"liandong/day"
	"liandong/errs"
)

// Period is a span of whole days, first and last included. The zero Period covers nothing.
type Period struct {
	first, last day.Date
	name        string
}

// Year is the calendar year.
func Year(y int) (Period, error) { return months(y, 1, 12, strconv.Itoa(y)) }

// Quarter is a quarter, 1 to 4, of a calendar year.
func Quarter(y, q int) (Period, error) {
	if q < 1 || q > 4 {
		return Period{}, unreadable(fmt.Sprintf("%d-Q%d", y, q))
	}
	return months(y, 3*q-2, 3*q, fmt.Sprintf("%d-Q%d", y, q))
}

// Month is a month, 1 to 12, of a calendar year.
func Month(y, m int) (Period, error) { return months(y, m, m, fmt.Sprintf("%04d-%02d", y, m)) }

// IncomeYear is the twelve months that end with September of the year, by which incomes were counted once the autumn check was
// introduced (October of the year before to September).
func IncomeYear(y int) (Period, error) {
	first, err := day.Of(y-1, 10, 1)
	if err != nil {
		return Period{}, err
	}
	last, err := day.Of(y, 9, 30)
	return Period{first, last, fmt.Sprintf("%d/%d", y-1, y)}, err
}

// Span is any span of days; the last may not come before the first.
func Span(first, last day.Date) (Period, error) {
	if first.IsZero() || last.IsZero() || last.Before(first) {
		return Period{}, errs.New(errs.Invalid, "period.Span",
			fmt.Sprintf("起止日期「%s」到「%s」不成立：起始日应不晚于截止日。", first, last),
			fmt.Sprintf("%q to %q is no span: the first day must not be later than the last.", first, last))
	}
	return Period{first, last, first.String() + ".." + last.String()}, nil
}

func months(y, from, to int, name string) (Period, error) {
	first, err := day.Of(y, from, 1)
	if err != nil {
		return Period{}, err
	}
	next, err := day.Of(y+to/12, to%12+1, 1)
	return Period{first, next.AddDays(-1), name}, err
}

// Parse reads 2015, 2015-Q3, 2015-07, 2014/2015 (an income year) or 2015-01-01..2015-03-31.
func Parse(s string) (Period, error) {
	if first, last, ok := strings.Cut(s, ".."); ok {
		a, errA := day.Parse(first)
		b, errB := day.Parse(last)
		if errA != nil || errB != nil {
			return Period{}, unreadable(s)
		}
		return Span(a, b)
	}
	if before, year, ok := strings.Cut(s, "/"); ok {
		a, errA := strconv.Atoi(before)
		b, errB := strconv.Atoi(year)
		if errA != nil || errB != nil || b != a+1 {
			return Period{}, unreadable(s)
		}
		return IncomeYear(b)
	}
	year, part, divided := strings.Cut(s, "-")
	y, err := strconv.Atoi(year)
	if err != nil || len(year) != 4 {
		return Period{}, unreadable(s)
	}
	if !divided {
		return Year(y)
	}
	quarter, isQuarter := strings.CutPrefix(part, "Q")
	n, err := strconv.Atoi(quarter)
	switch {
	case err != nil || (!isQuarter && len(part) != 2):
		return Period{}, unreadable(s)
	case isQuarter:
		return Quarter(y, n)
	}
	return Month(y, n)
}

func unreadable(s string) error {
	return errs.New(errs.Invalid, "period.Parse",
		fmt.Sprintf("看不懂时间段「%s」。请写成 2015、2015-Q3、2015-07、2014/2015 或 2015-01-01..2015-03-31。", s),
		fmt.Sprintf("The period %q cannot be read. Write 2015, 2015-Q3, 2015-07, 2014/2015 or 2015-01-01..2015-03-31.", s))
}

// First is the first day that belongs to the period.
func (p Period) First() day.Date { return p.first }

// Last is the last day that belongs to the period.
func (p Period) Last() day.Date { return p.last }

// Contains reports whether the day lies in the period.
func (p Period) Contains(d day.Date) bool {
	return !d.IsZero() && !d.Before(p.first) && !d.After(p.last)
}

// Days is the number of days, both ends counted; zero for the zero Period.
func (p Period) Days() int {
	if p.first.IsZero() {
		return 0
	}
	return p.last.DaysSince(p.first) + 1
}

// String is the period as Parse reads it.
func (p Period) String() string { return p.name }
