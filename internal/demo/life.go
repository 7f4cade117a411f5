package demo

import "liandong/internal/registry"

type event = registry.Event

const (
	opened    = registry.Opened
	rechecked = registry.Rechecked
)

// spring lets something happen in the first months of a year and writes it down as it happened; true where something did.
func (g *generator) spring(h *household, y int) bool {
	if !g.chance(.24) {
		return false
	}
	d := &decisionYears[y]
	on := momentOf(d.changeFirst.AddDays(g.rng.IntN(d.changeLast.DaysSince(d.changeFirst))))
	why, happened := g.happen(h, on, 1.7)
	if !happened || h.ended {
		return happened
	}
	g.history.add(h, on, why, g.hours.changed[y], g.newID(g.sequence))
	return true
}

// live lets at most two things happen before a re-check, which are written down with it.
func (g *generator) live(h *household, on moment, share float64) bool {
	_, first := g.happen(h, on, share)
	if h.ended || !first || !g.chance(.1) {
		return first
	}
	_, _ = g.happen(h, on, share)
	return first
}

// happen lets one thing happen to the household: a death, a birth, a marriage, a departure. share is the part of a year that has passed.
func (g *generator) happen(h *household, on moment, share float64) (why event, happened bool) {
	start := g.rng.IntN(h.count)
	for k := range h.count {
		i := int8((start + k) % h.count)
		p := &h.people[i]
		if !p.present {
			continue
		}
		age := p.age(on)
		if g.chance(g.mortality(p, age) * share) {
			return g.die(h, i, on)
		}
		if why, happened = g.youth(h, i, age, on, share); happened {
			return why, true
		}
	}
	return "", false
}

// mortality is the chance to die within a year.
func (g *generator) mortality(p *person, age int) float64 {
	m := .0008
	switch {
	case age >= 80:
		m = .095
	case age >= 70:
		m = .038
	case age >= 60:
		m = .013
	case age >= 45:
		m = .004
	}
	if p.health&serious != 0 {
		m *= 2.5
	}
	return m
}

// die takes a member away. The last member's death ends a registered household; another keeps its last entry.
func (g *generator) die(h *household, i int8, on moment) (event, bool) {
	if h.size() == 1 {
		if !h.registered {
			return "", false
		}
		h.ended = true
		return registry.Died, true
	}
	if !g.leave(h, i, on) {
		return "", false
	}
	return registry.Died, true
}

// leave takes the person at i out of the household and finds a new head where that was the head.
func (g *generator) leave(h *household, i int8, on moment) bool {
	h.people[i].present = false
	if i == headPlace {
		heir := h.heir(on)
		if heir == nobody || h.people[heir].age(on) < 6 {
			h.people[i].present = true
			return false
		}
		h.swapHead(heir)
	}
	return true
}

// youth is what happens to the young: a birth, a marriage, a departure.
func (g *generator) youth(h *household, i int8, age int, on moment, share float64) (event, bool) {
	p := &h.people[i]
	single := p.wed == nobody && p.stage(on) == notAtSchool && i != headPlace
	switch {
	case p.sex == female && p.wed != nobody && age >= 20 && age <= 40 && h.people[p.wed].present && g.chance(.085*share):
		return g.bear(h, i, on)
	case !single || age < 20 || age > 34:
	case p.sex == male && age >= 22 && p.health&(serious|disabled) == 0 && g.chance(.05*share):
		return g.bring(h, i)
	case p.sex == female && h.childOfHead(i) && g.chance(.10*share) && g.leave(h, i, on):
		return registry.MarriedOut, true
	case h.childOfHead(i) && g.chance(.012*share) && g.leave(h, i, on):
		return registry.MovedOut, true
	}
	return "", false
}

// bear adds a child to the couple of the woman at i, if her last is old enough.
func (g *generator) bear(h *household, i int8, on moment) (event, bool) {
	children, youngest := 0, int32(-1<<30)
	for k := range h.people[:h.count] {
		if c := &h.people[k]; c.mother == i {
			children++
			youngest = max(youngest, c.born)
		}
	}
	if children >= 3 || on.day-youngest < 500 || h.count >= maxPeople-1 {
		return "", false
	}
	father := h.people[i].wed
	p := g.newborn(h, on.day-int32(1+g.rng.IntN(55)), h.people[father].surname)
	p.father, p.mother, p.ethnicity = father, i, h.people[father].ethnicity
	return registry.Born, true
}

// bring marries the man at i to a woman from elsewhere.
func (g *generator) bring(h *household, i int8) (event, bool) {
	if h.count >= maxPeople-1 {
		return "", false
	}
	g.marry(h, i, max(20, h.people[i].age(g.opened)))
	return registry.MarriedIn, true
}

// settleSum brings the county's sum nearer to its target in its last households: a birth for one too few, a departure for one too many.
func (g *generator) settleSum(h *household, y int, on moment) bool {
	changed := false
	for miss := g.course.miss(y, h.size()); miss != 0; miss = g.course.miss(y, h.size()) {
		if miss > 0 && !g.joined(h, on) || miss < 0 && !g.gone(h, on) {
			break
		}
		changed = true
		if h.size() >= 7 || h.size() <= 1 {
			break
		}
	}
	return changed
}

// joined lets a child be born or a grown son marry.
func (g *generator) joined(h *household, on moment) bool {
	for i := range int8(h.count) {
		p := &h.people[i]
		if !p.present {
			continue
		}
		age := p.age(on)
		if p.sex == female && p.wed != nobody && age >= 20 && age <= 44 {
			if _, ok := g.bear(h, i, on); ok {
				return true
			}
		}
		if p.sex == male && p.wed == nobody && age >= 22 && age <= 50 {
			if _, ok := g.bring(h, i); ok {
				return true
			}
		}
	}
	return false
}

// gone lets the eldest of several members but the head die, or a grown child leave.
func (g *generator) gone(h *household, on moment) bool {
	eldest := int8(nobody)
	for i := int8(1); i < int8(h.count); i++ {
		if p := &h.people[i]; p.present && (eldest == nobody || p.born < h.people[eldest].born) {
			eldest = i
		}
	}
	return eldest != nobody && h.size() > 1 && g.leave(h, eldest, on)
}
