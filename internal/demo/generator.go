package demo

import (
	"math/rand/v2"

	"liandong/internal/registry"
)

// generator makes the households of one county from its own stream of chance.
type generator struct {
	city    *City
	county  *countyPlan
	rng     *rand.Rand
	numbers *numbers
	texts   texts
	hours   hours
	words   decisionWords
	groups  []string

	opened   moment
	yearEnd  [2]moment
	village  *village
	ethnic   uint8
	sequence int64
	course   course
	home     household
	history  history

	scratch [32]byte
	list    [maxPeople]int8
}

func newGenerator(c *City, county *countyPlan) *generator {
	source := rand.NewPCG(mixed(c.plan.Seed), mixed(c.plan.Seed^uint64(county.county)))
	g := &generator{
		city: c, county: county, rng: rand.New(source), numbers: newNumbers(county.firstSequence, county.sequences),
		hours: county.hours(), words: county.words(), groups: groupNames(), opened: momentOf(openingDay),
		course: course{opening: county.opening, target: county.end},
	}
	for y := range yearEnds {
		g.yearEnd[y] = momentOf(yearEnds[y])
	}
	g.history.fields = c.fields
	return g
}

// mixed spreads a seed over all bits (the finaliser of SplitMix64), so that neighbouring seeds and counties have unrelated streams.
func mixed(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// run fills the county's villages one after the other until each has its people.
func (g *generator) run(yield func(*registry.Intake) bool) {
	villages := g.villagesOf()
	var registered, never int64
	for i := range villages {
		g.village = &villages[i]
		for {
			wantRegistered, wantNever := g.village.registered-registered, g.village.never-never
			if wantRegistered <= 0 && wantNever <= 0 {
				break
			}
			on := wantNever <= 0 || wantRegistered > 0 && g.rng.Int64N(wantRegistered+wantNever) < wantRegistered
			var size int64
			if on {
				size = min(int64(1+g.choose(registeredSizes)), g.county.opening-registered)
				registered += size
			} else {
				size = min(int64(1+g.choose(otherSizes)), g.county.never-never)
				never += size
			}
			g.household(int(size), on)
			if !yield(&g.history.intake) {
				return
			}
		}
	}
}

// household makes one household with its history.
func (g *generator) household(size int, registered bool) {
	g.sequence++
	h := &g.home
	g.found(h, size, registered)
	g.history.begin(h.id)
	if registered {
		g.open(h)
		g.course.seen += int64(size)
	}
	g.write(h, g.opened, opened, g.hours.opening)
	for y := range decisionYears {
		if h.ended {
			break
		}
		if h.registered {
			g.registeredYear(h, y)
		} else {
			g.otherYear(h, y)
		}
	}
	g.correct(h)
}

// Shares of households that are not what the register takes them for: favoured ones on it, unseen ones off it.
const favouredShare, unseenShare = .028, .035

// found draws the household as it stood at the opening.
func (g *generator) found(h *household, size int, registered bool) {
	*h = household{id: g.newID(g.sequence), village: g.village, registered: registered, class: neverPoor}
	switch {
	case registered && g.chance(favouredShare):
		h.class = favoured
	case registered:
		h.class = poor
	case g.chance(unseenShare):
		h.class = unseen
	}
	h.number = g.householdNumber()
	h.hamlet = g.village.hamlets[g.rng.IntN(len(g.village.hamlets))]
	h.group = g.groups[g.between(1, g.village.groups)]
	if registered || g.chance(.5) {
		h.phone = g.phone()
	}
	g.compose(h, size)
	g.build(h)
	g.cultivate(h)
	g.endow(h)
	g.forget(h)
	g.prosper(h)
	switch h.class {
	case poor:
		g.burden(h, g.opened, min(58, 47+int(7*g.rng.NormFloat64())))
	case unseen:
		g.burden(h, g.opened, 56)
	}
	if !registered {
		g.meet(h, g.opened, false)
	}
}

// householdNumber is the county's six digits and six of the household's place in it.
func (g *generator) householdNumber() string {
	b := append(g.scratch[:0], "000000000000"...)
	for i, v := len(b)-1, int64(g.county.county)+g.sequence; i >= 0; i, v = i-1, v/10 {
		b[i] = byte('0' + v%10)
	}
	return g.texts.keep(b)
}

// open enters the household into the register.
func (g *generator) open(h *household) {
	g.enter(h, g.opened)
	g.history.status(openingDay, g.hours.opening, registry.NotOut, g.words.opening)
}

// enter gives a household what only registered ones have.
func (g *generator) enter(h *household, on moment) {
	h.registered = true
	g.meet(h, on, true)
	g.standing(h, on)
	g.explain(h, on)
	if h.account == "" && g.chance(.93) {
		h.bank, h.account = banks[g.choose([]float64{.66, .17, .17})], g.account()
	}
	if h.phone == "" {
		h.phone = g.phone()
	}
}

var banks = [...]string{"河北省农村信用社", "中国农业银行", "中国邮政储蓄银行"}
