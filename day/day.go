// Package day holds a calendar day without a time of day or a zone, as the register uses it: birth days, valid dates, notices.
//
// The zero Date is "no date". Ages are computed at a reference day that the caller names, never at the run day.
package day

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"liandong/errs"
)

// Date is a day of the proleptic Gregorian calendar from 0001-01-01 to 9999-12-31, counted in days so that comparing and storing
// is one integer.
type Date struct {
	n int32 // days since 1970-01-01, plus one offset so that zero means none
}

// offset keeps the zero value free for "no date": 1970-01-01 is offset, earlier days are below it.
const offset = 1 << 20

// Of is the day of the given year, month and day of month; an error where there is no such day.
func Of(year, month, dayOfMonth int) (Date, error) {
	t := time.Date(year, time.Month(month), dayOfMonth, 0, 0, 0, 0, time.UTC)
	if year < 1 || year > 9999 || t.Year() != year || int(t.Month()) != month || t.Day() != dayOfMonth {
		return Date{}, errs.New(errs.Invalid, "day.Of",
			fmt.Sprintf("没有 %d 年 %d 月 %d 日这一天。", year, month, dayOfMonth),
			fmt.Sprintf("There is no day %04d-%02d-%02d.", year, month, dayOfMonth))
	}
	return FromUnixDays(int(t.Unix() / 86400)), nil
}

// MustOf is Of for days written in code; it panics where there is no such day.
func MustOf(year, month, dayOfMonth int) Date {
	d, err := Of(year, month, dayOfMonth)
	if err != nil {
		panic(err)
	}
	return d
}

// FromUnixDays is the day that many days after 1970-01-01.
func FromUnixDays(days int) Date { return Date{int32(days) + offset} }

// UnixDays is the number of days since 1970-01-01, the form in which columns and rows keep a date.
func (d Date) UnixDays() int { return int(d.n - offset) }

// InTime is the day that the moment falls on in China (UTC+8; summer time ended in 1991).
func InTime(t time.Time) Date {
	return FromUnixDays(int((t.Unix() + 8*3600) / 86400))
}

// Parse reads an ISO 8601 day, 2015-12-31, and nothing else; the empty string is an error.
func Parse(s string) (Date, error) {
	if len(s) == 10 && s[4] == '-' && s[7] == '-' {
		if d, ok := digits(s[0:4], s[5:7], s[8:10]); ok {
			return d, nil
		}
	}
	return Date{}, unreadable(s)
}

// ParseLoose reads a day as clerks write it: 2015-3-1, 2015.3.1, 2015/3/1, 20150301, 2015年3月1日, full-width digits and spaces
// included. Two-digit years are refused, because nobody can say which century is meant.
func ParseLoose(s string) (Date, error) {
	t := strings.Map(fold, s)
	if len(t) == 8 && allDigits(t) {
		if d, ok := digits(t[:4], t[4:6], t[6:]); ok {
			return d, nil
		}
		return Date{}, unreadable(s)
	}
	parts := strings.FieldsFunc(t, func(r rune) bool { return r == '-' || r == '.' || r == '/' || r == '年' || r == '月' || r == '日' })
	if len(parts) == 3 && len(parts[0]) == 4 && len(parts[1]) <= 2 && len(parts[2]) <= 2 {
		if d, ok := digits(parts[0], parts[1], parts[2]); ok {
			return d, nil
		}
	}
	return Date{}, unreadable(s)
}

// fold drops spaces and turns full-width forms into their ASCII ones.
func fold(r rune) rune {
	switch {
	case r == ' ' || r == '\t' || r == '\u00a0' || r == '\u3000':
		return -1
	case r >= '\uFF01' && r <= '\uFF5E':
		return r - 0xFEE0
	}
	return r
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func digits(year, month, dayOfMonth string) (Date, bool) {
	if !allDigits(year) || !allDigits(month) || !allDigits(dayOfMonth) {
		return Date{}, false
	}
	y, _ := strconv.Atoi(year)
	m, _ := strconv.Atoi(month)
	n, _ := strconv.Atoi(dayOfMonth)
	d, err := Of(y, m, n)
	return d, err == nil
}

func unreadable(s string) error {
	return errs.New(errs.Invalid, "day.Parse",
		fmt.Sprintf("看不懂日期「%s」。请写成 2015-12-31 或 2015年12月31日。", s),
		fmt.Sprintf("The date %q cannot be read. Write it as 2015-12-31.", s))
}

// IsZero reports whether there is no date.
func (d Date) IsZero() bool { return d.n == 0 }

func (d Date) time() time.Time { return time.Unix(int64(d.UnixDays())*86400, 0).UTC() }

// Year is the calendar year; zero for no date.
func (d Date) Year() int { y, _, _ := d.parts(); return y }

// Month is the month, 1 to 12; zero for no date.
func (d Date) Month() int { _, m, _ := d.parts(); return m }

// Day is the day of the month, 1 to 31.
func (d Date) Day() int { _, _, n := d.parts(); return n }

func (d Date) parts() (year, month, dayOfMonth int) {
	if d.IsZero() {
		return 0, 0, 0
	}
	y, m, n := d.time().Date()
	return y, int(m), n
}

// String is ISO 8601, empty for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return string(d.Append(nil))
}

// Append adds the ISO 8601 form to b.
func (d Date) Append(b []byte) []byte {
	if d.IsZero() {
		return b
	}
	return d.time().AppendFormat(b, time.DateOnly)
}

// Chinese is the day as letters and notices write it, 2015年12月31日.
func (d Date) Chinese() string {
	if d.IsZero() {
		return ""
	}
	y, m, n := d.parts()
	return fmt.Sprintf("%d年%d月%d日", y, m, n)
}

// Compare is negative where d is earlier than e; no date comes before every day.
func (d Date) Compare(e Date) int { return int(d.n) - int(e.n) }

// Before reports whether d is earlier than e.
func (d Date) Before(e Date) bool { return d.n < e.n }

// After reports whether d is later than e.
func (d Date) After(e Date) bool { return d.n > e.n }

// AddDays is the day n days later; no date stays none.
func (d Date) AddDays(n int) Date {
	if d.IsZero() {
		return d
	}
	return Date{d.n + int32(n)}
}

// DaysSince is the number of days from e to d; the caller makes sure that both are dates.
func (d Date) DaysSince(e Date) int { return int(d.n - e.n) }

// AgeOn is the completed years (周岁) at the reference day of someone born on d: a year is completed on the birthday, and one born
// on 29 February completes it on 1 March of a common year. Negative before birth.
func (d Date) AgeOn(reference Date) int {
	by, bm, bd := d.parts()
	ry, rm, rd := reference.parts()
	age := ry - by
	if rm < bm || (rm == bm && rd < bd) {
		age--
	}
	return age
}

// MarshalText writes ISO 8601; no date is the empty text.
func (d Date) MarshalText() ([]byte, error) { return d.Append(nil), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	v, err := Parse(string(b))
	if err == nil {
		*d = v
	}
	return err
}
