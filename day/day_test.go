package day_test

import (
	"testing"
	"time"

	"liandong/day"
	"liandong/errs"
)

func TestParseLooseReadsWhatClerksWrite(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"2015.3.1", "2015年3月1日", "2015/3/1", "20150301", "2015-03-01", " 2015 . 03.1", "2015/3/1", "2015年03月01日"} {
		d, err := day.ParseLoose(s)
		if err != nil || d != day.MustOf(2015, 3, 1) {
			t.Errorf("ParseLoose(%q) = %v, %v", s, d, err)
		}
	}
	for _, s := range []string{"", "2015", "15-3-1", "2015-13-1", "2015-2-29", "3/1/2015", "不详", "2015-3-1-2"} {
		if d, err := day.ParseLoose(s); err == nil {
			t.Errorf("ParseLoose(%q) = %v, want a refusal", s, d)
		} else if !errs.Is(err, errs.Invalid) || errs.Sentence(err).ZH == "" {
			t.Errorf("ParseLoose(%q): no sentence: %v", s, err)
		}
	}
}

func TestDaysSurviveTextAndNumbers(t *testing.T) {
	t.Parallel()
	for _, d := range []day.Date{day.MustOf(1, 1, 1), day.MustOf(1969, 12, 31), day.MustOf(1970, 1, 1), day.MustOf(2015, 12, 31), day.MustOf(9999, 12, 31)} {
		if d.IsZero() {
			t.Errorf("%v is taken for no date", d)
		}
		back, err := day.Parse(d.String())
		if err != nil || back != d || day.FromUnixDays(d.UnixDays()) != d {
			t.Errorf("%v does not survive: %v %v", d, back, err)
		}
	}
}

func TestAgeIsComputedAtTheReferenceDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		born, at day.Date
		want     int
	}{
		{day.MustOf(1999, 12, 31), day.MustOf(2015, 12, 31), 16},
		{day.MustOf(2000, 1, 1), day.MustOf(2015, 12, 31), 15},
		{day.MustOf(2000, 2, 29), day.MustOf(2015, 2, 28), 14},
		{day.MustOf(2000, 2, 29), day.MustOf(2015, 3, 1), 15},
		{day.MustOf(2016, 6, 1), day.MustOf(2015, 12, 31), -1},
	} {
		if got := c.born.AgeOn(c.at); got != c.want {
			t.Errorf("born %v, at %v: %d, want %d", c.born, c.at, got, c.want)
		}
	}
}

func TestInTimeIsTheDayInChina(t *testing.T) {
	t.Parallel()
	at := time.Date(2015, 12, 30, 16, 0, 0, 0, time.UTC)
	if got := day.InTime(at); got != day.MustOf(2015, 12, 31) {
		t.Errorf("midnight in Beijing falls on %v", got)
	}
	if got := day.InTime(at.Add(-time.Second)); got != day.MustOf(2015, 12, 30) {
		t.Errorf("a second before midnight falls on %v", got)
	}
}
