package demo

import "liandong/day"

// moment is a day with its parts, so that ages need no calendar.
type moment struct {
	day              int32 // days since 1970
	year, month, dom int
}

func momentOf(d day.Date) moment { return moment{int32(d.UnixDays()), d.Year(), d.Month(), d.Day()} }

// civil is the year, month and day of month of a number of days since 1970.
func civil(d int32) (year, month, dom int) {
	on := day.FromUnixDays(int(d))
	return on.Year(), on.Month(), on.Day()
}

func (g *generator) chance(p float64) bool { return g.rng.Float64() < p }

// between is a whole number from least to most, both possible.
func (g *generator) between(least, most int) int { return least + g.rng.IntN(most-least+1) }

// choose is an index with the chance of its weight.
func (g *generator) choose(weights []float64) int {
	total := 0.0
	for _, w := range weights {
		total += w
	}
	u := g.rng.Float64() * total
	last := 0
	for i, w := range weights {
		if w <= 0 {
			continue
		}
		if u -= w; u < 0 {
			return i
		}
		last = i
	}
	return last
}

func clamp(x, low, high float64) float64 { return min(max(x, low), high) }
