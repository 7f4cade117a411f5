package demo

import "math"

// course keeps a county's sums on the way to what they must come to: after every household the registered poor so far should be the target's
// share for the people seen so far.
type course struct {
	opening int64    // people on the register at the opening, of the whole county
	target  [2]int64 // registered poor at the ends of 2014 and 2015
	seen    int64    // people at the opening of the registered households made so far
	poor    [2]int64 // people of those that are poor at the two ends
}

// want is how many people are missing to the year's target; negative where there are too many.
func (c *course) want(year int) float64 {
	if c.opening == 0 {
		return 0
	}
	return float64(c.target[year])*float64(c.seen)/float64(c.opening) - float64(c.poor[year])
}

// slack is how far the sums may stray for a household's own reasons, in people. It closes towards the county's end.
func (c *course) slack() float64 {
	const usual, closing = 45, 500
	return usual * min(1, float64(c.opening-c.seen)/closing)
}

// closing reports whether the county is nearly done, so that the last households settle what is left.
func (c *course) closing() bool { return c.opening-c.seen < 45 }

// stays decides whether a poor household of the size is still poor at the year's end: hardship, from about -1 to 1, speaks for it.
func (c *course) stays(year, size int, hardship float64) bool {
	return c.want(year)+c.slack()*hardship >= float64(size)/2
}

// miss is how many people too few (positive) or too many the county has once the household of the size stays.
func (c *course) miss(year, size int) int { return int(math.Round(c.want(year))) - size }
