package figure

import (
	"fmt"
	"testing"

	"liandong/day"
)

func TestHalfYearsEndWithTheDayAskedFor(t *testing.T) {
	t.Parallel()
	for until, want := range map[day.Date]string{
		day.MustOf(2015, 12, 31): "[2014-06-30 2014-12-31 2015-06-30 2015-12-31]",
		day.MustOf(2015, 3, 2):   "[2013-12-31 2014-06-30 2014-12-31 2015-03-02]",
	} {
		if got := fmt.Sprint(HalfYears(until, 4)); got != want {
			t.Errorf("until %v: %s, want %s", until, got, want)
		}
	}
}
