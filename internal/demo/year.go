package demo

import (
	"liandong/day"
	"liandong/internal/registry"
)

// registeredYear takes a household on the register through a year: changes, the re-check, decisions.
func (g *generator) registeredYear(h *household, y int) {
	status := g.history.standing()
	if g.dissolve(h, y, status) {
		return
	}
	early := g.spring(h, y)
	if h.ended {
		g.history.status(g.hours.exit[y], g.hours.exited[y], registry.NaturalDecline, g.words.decline[y])
		return
	}
	on := g.recheckDay(y)
	changed := g.live(h, on, .6) || early
	if h.ended {
		g.history.status(g.hours.exit[y], g.hours.exited[y], registry.NaturalDecline, g.words.decline[y])
		return
	}
	next, decided := g.decide(h, y, status, on)
	if next.Poor() && g.course.closing() {
		changed = g.settleSum(h, y, on) || changed
	}
	if decided || changed || g.chance(recheckShares[y]) {
		g.recheck(h, y, on)
	}
	g.effect(y, status, next)
	if next.Poor() {
		g.course.poor[y] += int64(h.size())
	}
}

// recheckShares is how many households without news were written down again in the autumn.
var recheckShares = [2]float64{.84, .94}

// dissolve ends a household that moved away as a whole, or that was registered wrongly; the latter shows in what it has.
func (g *generator) dissolve(h *household, y int, status registry.Status) bool {
	switch {
	case g.chance(.0006):
		g.history.status(g.hours.exit[y], g.hours.exited[y], registry.NaturalDecline, g.words.decline[y])
	case h.class == favoured && status.Poor() && g.chance(.07):
		if h.assets.vehicleN == 0 && !h.assets.flat {
			h.assets.vehicles[0], h.assets.vehicleN = herd{int64(g.between(car, van)), 1}, 1
		}
		g.recheck(h, y, g.recheckDay(y))
		g.history.status(decisionYears[y].removal, g.hours.removed[y], registry.Removed, g.words.removal[y])
	default:
		return false
	}
	h.ended = true
	return true
}

// decide says what the year's decision makes of the household, and sets what stands beneath it. decided is false where nothing changes.
func (g *generator) decide(h *household, y int, status registry.Status, on moment) (next registry.Status, decided bool) {
	if !status.Poor() {
		if g.chance(returnShare) && !g.course.closing() {
			h.class = poor
			g.prosper(h)
			return registry.Returned, true
		}
		return status, false
	}
	if g.course.stays(y, h.size(), g.hardshipOf(h, on)) {
		return status, false
	}
	h.class = left
	g.prosper(h)
	if h.hard(on) || g.chance(.55) {
		return registry.OutWithPolicy, true
	}
	return registry.Out, true
}

// returnShare is how many of those out of poverty fall back in a year.
const returnShare = .01

// hard reports whether illness or age will keep a household in need of support after it is out.
func (h *household) hard(on moment) bool {
	t := h.traits(on)
	return t.health&(serious|disabled) != 0 || t.able == 0
}

// hardshipOf is what speaks for a household's staying on the register, about -1 to 1: a poor look, few to work, illness, its village, and
// what nobody wrote down.
func (g *generator) hardshipOf(h *household, on moment) float64 {
	t := h.traits(on)
	score := float64(50-h.looks(on)) / 25
	work := .5 - float64(t.able)/float64(t.size)
	ill := .3*float64(toInt(t.health&ailing != 0)) - .15
	return clamp(.5*score+.6*work+ill+.3*h.village.hard+.45*g.rng.NormFloat64(), -1.5, 1.5)
}

// recheckDay is a day of the autumn's re-check.
func (g *generator) recheckDay(y int) moment {
	d := &decisionYears[y]
	return momentOf(d.recheckFirst.AddDays(g.rng.IntN(d.recheckEnd.DaysSince(d.recheckFirst) + 1)))
}

// recheck looks at everything again and writes it down.
func (g *generator) recheck(h *household, y int, on moment) {
	g.improve(h, on.year)
	g.harvest(h)
	g.recall(h)
	g.drift(h)
	switch h.class {
	case poor:
		if g.chance(.975) {
			g.burden(h, on, min(59, 50+int(6*g.rng.NormFloat64())))
		}
	case left:
		if g.chance(.02) && h.assets.vehicleN == 0 {
			h.assets.vehicles[0], h.assets.vehicleN = herd{[]int64{van, motorcycle, tractor}[g.rng.IntN(3)], 1}, 1
		}
	}
	if h.registered {
		if h.attribute == 0 || h.attribute == subsistenceOnly {
			g.standing(h, on)
		}
		g.explain(h, on)
		g.allow(h, on)
	}
	g.earn(h, on, g.rates(on.year))
	g.history.add(h, on, rechecked, g.hours.rechecked[y], g.newID(g.sequence))
}

// effect writes the decision down, and before an exit often the note that the household is about to leave.
func (g *generator) effect(y int, status, next registry.Status) {
	on, signed := g.hours.exit[y], g.hours.exited[y]
	switch {
	case next == registry.Returned && status != next:
		g.history.status(on, signed, next, g.words.returned[y])
	case next != status:
		if g.chance(.6) {
			g.history.status(decisionYears[y].leaving, g.hours.leaving[y], registry.AboutToLeave, g.words.leaving[y])
		}
		g.history.status(on, signed, next, g.words.exit[y])
	case status == registry.NewlyEntered:
		g.history.status(on, signed, registry.NotOut, g.words.confirmed[y])
	case status.Poor() && y == 1 && g.chance(.015): // held back by an exit bar
		g.history.status(decisionYears[y].leaving, g.hours.leaving[y], registry.AboutToLeave, g.words.leaving[y])
	}
}

// otherYear takes a household off the register through a year: some are written down again, few enter.
func (g *generator) otherYear(h *household, y int) {
	on := g.recheckDay(y)
	enters := h.class == unseen && g.chance(enterUnseen) || g.chance(enterOther)
	if enters && g.course.seen < g.course.opening && h.size() > 0 {
		g.fall(h, y, on)
		return
	}
	if !g.chance(otherShares[y]) {
		return
	}
	g.live(h, on, 1)
	g.recheck(h, y, on)
}

// Shares of households off the register that enter it in a year, and that are written down again.
const enterUnseen, enterOther = .12, .017

var otherShares = [2]float64{.10, .72}

// fall makes a household poor and enters it into the register by the year's decision.
func (g *generator) fall(h *household, y int, on moment) {
	h.class = poor
	h.assets = assets{}
	for i := range h.people[:h.count] {
		h.people[i].employment = 0
	}
	g.fallIll(h, on, h.traits(on).able)
	g.prosper(h)
	for range 3 {
		g.burden(h, g.opened, 54) // what it looks like now it may have looked like before
	}
	g.enter(h, on)
	g.recheck(h, y, on)
	g.history.status(g.hours.exit[y], g.hours.exited[y], registry.NewlyEntered, g.words.entry[y])
	g.course.poor[y] += int64(h.size())
}

// write adds a revision after the year's money was counted.
func (g *generator) write(h *household, on moment, why event, recorded stamp) {
	g.earn(h, on, g.rates(on.year))
	g.history.add(h, on, why, recorded, g.newID(g.sequence))
}

// correct mends, in few households, what an earlier entry had wrong: the same day is written again later, or a visit is entered that nobody
// had entered in time.
func (g *generator) correct(h *household) {
	if h.ended || !g.chance(.0011) || len(g.history.intake.Revisions) < 2 {
		return
	}
	g.history.mend(g)
}

// lateDay is a day between the opening and the first re-check, for an entry that came late.
func (g *generator) lateDay() day.Date { return day.MustOf(2014, 1, 20).AddDays(g.rng.IntN(30)) }
