// Package money holds amounts of yuan as whole fen (分, a hundredth of a yuan), so that sums are exact.
package money

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"liandong/errs"
)

// Fen is an amount of money in fen. It may be negative (a net income can be); the forms say where it may not.
type Fen int64

// The units that people write amounts in.
const (
	Yuan      Fen = 100
	TenK      Fen = 10_000 * Yuan      // 万元
	HundredM  Fen = 100_000_000 * Yuan // 亿元
	maxDigits     = 15                 // beyond 10^16 fen a float64 no longer holds every fen, and no budget is that large
)

// Parse reads an amount in yuan as people write it: 1950.83, -20, 1,950.83, full-width digits, a trailing 元, 万元 or 亿元. More
// than two decimals of a yuan are refused unless the rest is zero, because rounding is a decision of whoever counts.
func Parse(s string) (Fen, error) {
	text, unit := withoutUnit(strings.Map(fold, s))
	negative := strings.HasPrefix(text, "-")
	whole, fraction, _ := strings.Cut(strings.TrimPrefix(text, "-"), ".")
	scale := len(strconv.FormatInt(int64(unit), 10)) - 1
	fraction = strings.TrimRight(fraction, "0")
	if !plain(whole) || (fraction != "" && !plain(fraction)) || len(fraction) > scale || len(whole)+scale > maxDigits+1 {
		return 0, unreadable(s)
	}
	n, err := strconv.ParseInt(whole+fraction+strings.Repeat("0", scale-len(fraction)), 10, 64)
	if err != nil {
		return 0, unreadable(s)
	}
	if negative {
		n = -n
	}
	return Fen(n), nil
}

func withoutUnit(s string) (string, Fen) {
	for _, u := range []struct {
		suffix string
		unit   Fen
	}{{"亿元", HundredM}, {"万元", TenK}, {"元", Yuan}} {
		if rest, ok := strings.CutSuffix(s, u.suffix); ok {
			return rest, u.unit
		}
	}
	return s, Yuan
}

// fold drops spaces and thousands separators and turns full-width forms into their ASCII ones.
func fold(r rune) rune {
	switch {
	case r == ' ' || r == '\t' || r == '\u00a0' || r == '\u3000' || r == ',' || r == '\uFF0C':
		return -1
	case r >= '\uFF01' && r <= '\uFF5E':
		return r - 0xFEE0
	}
	return r
}

func plain(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func unreadable(s string) error {
	return errs.New(errs.Invalid, "money.Parse",
		fmt.Sprintf("看不懂金额「%s」。请写成元，最多两位小数，如 1950.83。", s),
		fmt.Sprintf("The amount %q cannot be read. Write yuan with at most two decimals, such as 1950.83.", s))
}

// FromYuan is the amount nearest to a number of yuan, halves away from zero; false for NaN, infinities and amounts beyond 10^16 fen.
func FromYuan(yuan float64) (Fen, bool) {
	fen := math.Round(yuan * 100)
	if math.IsNaN(fen) || math.Abs(fen) > 1e16 {
		return 0, false
	}
	return Fen(fen), true
}

// Yuan is the amount in yuan: the one point where money enters rules.
func (f Fen) Yuan() float64 { return float64(f) / 100 }

// String is the amount in yuan with exactly two decimals and no grouping: 1950.83.
func (f Fen) String() string {
	sign, n := "", uint64(f)
	if f < 0 {
		sign, n = "-", -n
	}
	return fmt.Sprintf("%s%d.%02d", sign, n/100, n%100)
}
