package demo

// Attributes 户类型 as the form numbers them.
const (
	general         = 1
	subsistenceOnly = 2
	fiveGuarantee   = 3
	subsistencePoor = 4
)

// Causes 致贫原因 as the form numbers them.
const (
	byIllness = 1 + iota
	byDisability
	bySchooling
	byDisaster
	byLand
	byWater
	bySkill
	byLabour
	byMoney
	byTransport
	byMotivation
	byOther
	causes
)

// standing gives a registered household its attribute, and its members the allowances that go with it.
func (g *generator) standing(h *household, on moment) {
	t := h.traits(on)
	switch {
	case t.able == 0 && t.size == 1 && h.people[headPlace].age(on) >= 60 && h.people[headPlace].wed == nobody && g.chance(.5):
		h.attribute = fiveGuarantee
	case t.able == 0 && g.chance(.97), t.health&(serious|disabled) != 0 && g.chance(.45), g.chance(.07):
		h.attribute = subsistencePoor
	default:
		h.attribute = general
	}
	g.allow(h, on)
}

// allow says who of the household draws the subsistence allowance.
func (g *generator) allow(h *household, on moment) {
	drawn := false
	for i := range h.people[:h.count] {
		p := &h.people[i]
		p.allowance = h.attribute != general && h.attribute != 0 && p.present && !p.able(on)
		drawn = drawn || p.allowance
	}
	if !drawn && h.attribute > general {
		h.people[headPlace].allowance = true
	}
}

// weigh says how strongly each cause speaks for a household; one that its members contradict does not speak at all.
func (g *generator) weigh(h *household, on moment) [causes]float64 {
	t := h.traits(on)
	high := g.county.landscape >= hills
	w := [causes]float64{bySkill: .20, byMoney: .24, byMotivation: .04, byOther: .01, byDisaster: .02}
	if t.health&(chronic|serious) != 0 {
		w[byIllness] = 1 + float64(toInt(t.health&serious != 0))
	}
	if t.health&disabled != 0 {
		w[byDisability] = .8
	}
	if t.pupils > 0 {
		w[bySchooling] = .18 * float64(t.pupils)
	}
	if t.able*4 <= t.size {
		w[byLabour] = .6
	}
	if h.farm.arable < int64(60*t.size) {
		w[byLand] = .25
	}
	if !h.house.waterSafe && high {
		w[byWater] = .2
	}
	if high && h.house.distance > 150 {
		w[byTransport] = .3
	}
	return w
}

// explain gives the household a main cause and up to two others. A main cause that still fits is kept.
func (g *generator) explain(h *household, on moment) {
	w := g.weigh(h, on)
	if h.cause != 0 && w[h.cause] > 0 {
		return
	}
	h.cause = int64(g.choose(w[:]))
	w[h.cause] = 0
	h.others = 0
	for range g.choose([]float64{.3, .45, .25}) {
		other := g.choose(w[:])
		w[other] = 0
		h.others |= 1 << other
	}
}
