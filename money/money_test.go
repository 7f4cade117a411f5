package money_test

import (
	"testing"

	"pgregory.net/rapid"

	"liandong/errs"
	"liandong/money"
)

func TestParseReadsAmountsAsWritten(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]money.Fen{
		"0": 0, "1950.83": 195083, "-20": -2000, "1,950.8": 195080, "12.50": 1250, " 3 元": 300,
		"1.5万元": 1_500_000, "3838.74亿元": 38_387_400_000_000, "5.000": 500,
	} {
		if got, err := money.Parse(s); err != nil || got != want {
			t.Errorf("Parse(%q) = %d, %v; want %d", s, got, err, want)
		}
	}
	for _, s := range []string{"", "元", "1.234", "约100", "1e5", "--3", "1.2.3", "99999999999999999999", "+5"} {
		if got, err := money.Parse(s); !errs.Is(err, errs.Invalid) {
			t.Errorf("Parse(%q) = %d, %v; want a refusal", s, got, err)
		}
	}
}

func TestStringAndParseAreInverse(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := money.Fen(rapid.Int64Range(-1e15, 1e15).Draw(t, "fen"))
		if got, err := money.Parse(want.String()); err != nil || got != want {
			t.Fatalf("%d → %q → %d, %v", want, want.String(), got, err)
		}
		if got, ok := money.FromYuan(want.Yuan()); !ok || got != want {
			t.Fatalf("%d → %v yuan → %d", want, want.Yuan(), got)
		}
	})
}
