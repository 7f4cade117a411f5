package figure

import (
	"slices"

	"liandong/day"
)

// HalfYears are n days on which a figure is looked at to see how it moved: the last days of the half-years before a day, and the day itself,
// the earliest first.
func HalfYears(until day.Date, n int) []day.Date {
	days := []day.Date{until}
	for year := until.Year(); len(days) < n; year-- {
		for _, end := range []day.Date{day.MustOf(year, 12, 31), day.MustOf(year, 6, 30)} {
			if end.Before(until) && len(days) < n {
				days = append(days, end)
			}
		}
	}
	slices.Reverse(days)
	return days
}
