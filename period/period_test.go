package period_test

import (
	"testing"

	"liandong/day"
	"liandong/errs"
	"liandong/period"
)

func TestPeriodsCoverTheirDays(t *testing.T) {
	t.Parallel()
	for s, want := range map[string][3]any{
		"2015":                   {"2015-01-01", "2015-12-31", 365},
		"2016":                   {"2016-01-01", "2016-12-31", 366},
		"2015-Q1":                {"2015-01-01", "2015-03-31", 90},
		"2015-Q4":                {"2015-10-01", "2015-12-31", 92},
		"2016-02":                {"2016-02-01", "2016-02-29", 29},
		"2015-12":                {"2015-12-01", "2015-12-31", 31},
		"2014/2015":              {"2014-10-01", "2015-09-30", 365},
		"2015-01-05..2015-01-05": {"2015-01-05", "2015-01-05", 1},
	} {
		p, err := period.Parse(s)
		if err != nil || p.First().String() != want[0] || p.Last().String() != want[1] || p.Days() != want[2] || p.String() != s {
			t.Errorf("%s: %v to %v, %d days, %v", s, p.First(), p.Last(), p.Days(), err)
		}
	}
}

func TestWhatIsNoPeriodIsRefused(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "15", "2015-", "2015-Q5", "2015-13", "2015-1", "2014/2016", "2015-03-01..2015-02-01", "soon"} {
		if p, err := period.Parse(s); !errs.Is(err, errs.Invalid) {
			t.Errorf("%q read as %v, %v", s, p, err)
		}
	}
}

func TestContainsItsFirstAndLastDayOnly(t *testing.T) {
	t.Parallel()
	p, err := period.Quarter(2015, 2)
	if err != nil {
		t.Fatal(err)
	}
	for d, want := range map[day.Date]bool{day.MustOf(2015, 3, 31): false, day.MustOf(2015, 4, 1): true, day.MustOf(2015, 6, 30): true, day.MustOf(2015, 7, 1): false, {}: false} {
		if p.Contains(d) != want {
			t.Errorf("contains %v: %v", d, !want)
		}
	}
}
