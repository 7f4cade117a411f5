package demo

import (
	"cmp"
	"math"
	"slices"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/registry"
	"liandong/place"
)

// landscape says what the land of a county is like.
type landscape uint8

const (
	plain landscape = iota
	lake
	hills
	mountain
)

// countyRow is what is known or chosen of a county.
type countyRow struct {
	code      int64 // six digits of the stable id
	census    int64 // persons, census of 2010
	key       bool  // one of the nine poverty counties
	landscape landscape
	opening   float64 // share of the rural population on the register at the opening, before it is brought to the known sums
	kept      float64 // share of those that are still poor at the end of 2015, likewise
}

// The counties with their population of the 2010 census. Which are poverty counties is public; the shares are chosen for the demonstration so
// that mountain counties are poorer and leave poverty later, and are brought to the known sums by targets.
var countyTable = []countyRow{
	{130602, 463_398, false, plain, .004, .88},
	{130606, 675_123, false, plain, .003, .88},
	{130607, 406_677, false, hills, .055, .86},
	{130608, 631_659, false, plain, .042, .85},
	{130609, 563_030, false, plain, .042, .84},
	{130623, 339_063, true, mountain, .28, .55},
	{130624, 205_299, true, mountain, .52, .64},
	{130626, 517_874, false, plain, .050, .87},
	{130627, 529_067, true, hills, .335, .57},
	{130628, 345_160, false, plain, .032, .83},
	{130629, 258_179, false, plain, .035, .85},
	{130630, 260_678, true, mountain, .42, .62},
	{130631, 250_014, true, plain, .16, .52},
	{130632, 437_378, false, lake, .045, .88},
	{130633, 537_564, true, mountain, .30, .56},
	{130634, 588_559, true, hills, .33, .59},
	{130635, 505_572, false, plain, .040, .85},
	{130636, 295_764, true, hills, .31, .57},
	{130637, 245_504, true, plain, .20, .50},
	{130638, 359_506, false, lake, .035, .86},
	{130681, 603_535, false, plain, .022, .82},
	{130682, 1_165_182, false, plain, .045, .87},
	{130683, 370_317, false, plain, .045, .86},
	{130684, 640_280, false, plain, .036, .85},
}

// The known sums of the demonstration at full size, in persons. The nine poverty counties stood at 32.0 % and 18.5 % of their rural
// population, the city at about 810,000 at the end of 2014 and about 660,000 at the end of 2015. What no source gives, the opening of the
// other fifteen and how the city's sum of 2014 was parted, is chosen.
const (
	keyOpening, otherOpening = 811_577, 222_000
	keyEnd2014, cityEnd2014  = 605_000, 810_000
	keyEnd2015, cityEnd2015  = 469_193, 660_000
	keyNever, otherNever     = 178_000, 145_000 // persons of households that were not on the register at the opening
)

// ruralPercent is the share of the census population that is taken as rural registered population 农村户籍人口, for want of a published
// figure.
const ruralPercent = 78

// keyRural is the rural registered population of the nine poverty counties together.
const keyRural = 2_536_179

// RuralRegistered is the rural registered population of the counties, the denominator of incidence, in the order of their ids. It shrinks with
// the plan's scale, so that incidence is the same at every scale.
func (c *City) RuralRegistered() []registry.Population {
	out := make([]registry.Population, len(c.counties))
	for i := range c.counties {
		out[i] = registry.Population{
			County: c.counties[i].county, On: openingDay, Persons: c.counties[i].rural, LocalDefault: true,
			Basis: errs.Text{ZH: "2010 年人口普查数的 78 %", EN: "78 % of the census population of 2010"},
		}
	}
	return out
}

// target is what a county must come to, in persons.
type target struct {
	county    place.ID
	key       bool
	landscape landscape
	rural     int64
	opening   int64    // registered poor at the opening
	end       [2]int64 // registered poor at the ends of 2014 and 2015
	never     int64    // people of households not on the register at the opening
}

// targets parts the known sums among the counties.
func (p Plan) targets() []target {
	out := make([]target, len(countyTable))
	for i, row := range countyTable {
		out[i] = target{county: place.ID(row.code * 1_000_000), key: row.key, landscape: row.landscape}
	}
	scaled := func(persons int64) int64 { return int64(math.Round(float64(persons) * p.Scale)) }
	rural := func(r countyRow) float64 { return float64(r.census) * ruralPercent / 100 }
	opening := func(r countyRow) float64 { return rural(r) * r.opening }
	never := func(r countyRow) float64 {
		if r.key {
			return opening(r)
		}
		return .3*opening(r) + .0123*rural(r)
	}
	for _, key := range []bool{true, false} {
		part := func(sum int64, weight func(countyRow) float64, to func(*target) *int64) {
			for i, share := range parted(sum, key, weight) {
				if countyTable[i].key == key {
					*to(&out[i]) = share
				}
			}
		}
		sums := [...]int64{keyRural, keyOpening, keyEnd2014, keyEnd2015, keyNever}
		if !key {
			sums = [...]int64{otherRural(), otherOpening, cityEnd2014 - keyEnd2014, cityEnd2015 - keyEnd2015, otherNever}
		}
		part(scaled(sums[0]), rural, func(t *target) *int64 { return &t.rural })
		part(scaled(sums[1]), opening, func(t *target) *int64 { return &t.opening })
		part(scaled(sums[2]), func(r countyRow) float64 { return opening(r) * math.Pow(r.kept, .55) }, func(t *target) *int64 { return &t.end[0] })
		part(scaled(sums[3]), func(r countyRow) float64 { return opening(r) * r.kept }, func(t *target) *int64 { return &t.end[1] })
		part(scaled(sums[4]), never, func(t *target) *int64 { return &t.never })
	}
	return out
}

// otherRural is the rural registered population of the counties beside the nine.
func otherRural() int64 {
	var census int64
	for _, r := range countyTable {
		if !r.key {
			census += r.census
		}
	}
	return (census*ruralPercent + 50) / 100
}

// parted divides a sum among the counties of one kind by weight, by largest remainders, so that the parts add up.
func parted(sum int64, key bool, weight func(countyRow) float64) []int64 {
	weights := make([]float64, len(countyTable))
	for i, r := range countyTable {
		if r.key == key {
			weights[i] = weight(r)
		}
	}
	return apportion(sum, weights)
}

// apportion divides a sum by weights, by largest remainders.
func apportion(sum int64, weights []float64) []int64 {
	total := 0.0
	for _, w := range weights {
		total += w
	}
	parts := make([]int64, len(weights))
	if total == 0 {
		return parts
	}
	order := make([]int, len(weights))
	rest := make([]float64, len(weights))
	left := sum
	for i, w := range weights {
		exact := float64(sum) * w / total
		parts[i] = int64(exact)
		rest[i], order[i] = exact-float64(parts[i]), i
		left -= parts[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rest[b], rest[a]) })
	for _, i := range order[:left] {
		parts[i]++
	}
	return parts
}

// countyPlan is a county ready to be made.
type countyPlan struct {
	target
	index    int
	names    [3]string // at the opening and in the two years
	villages []place.Division

	sequences, firstSequence int // the county's part of the sequence numbers of a birth day and sex
}

// namesOf are a county's names of the days on which it decided. One that came of others later already bears its own.
func namesOf(places *place.Gazetteer, county place.ID) (names [3]string) {
	d, _ := places.Division(county)
	for i, on := range [...]day.Date{openingDay, decisionYears[0].exit, decisionYears[1].exit} {
		if names[i] = places.NameOn(county, on); names[i] == "" {
			names[i] = d.Name
		}
	}
	return names
}
