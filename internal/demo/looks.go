package demo

// looks is how a visitor would score the household by the four looks of 2015, house, grain, labour and schooling, from 0 for the poorest to
// 100. The generator uses it to see that those whom a village calls poor look so to a visitor; what a rule document says of the households is
// for the rules to tell.
func (h *household) looks(on moment) int {
	t := h.traits(on)
	return h.house.points(t.size) + h.farm.points(t.size) + t.labourPoints() + t.schoolPoints()
}

func (d *dwelling) points(size int) int {
	points := [...]int{reinforcedConcrete: 8, brickConcrete: 6, brickWood: 4, adobe: 0, otherStructure: 2}[d.structure]
	switch perHead := float64(d.area) / 10 / float64(size); {
	case perHead >= 30:
		points += 6
	case perHead >= 15:
		points += 3
	}
	return points + 3*toInt(!d.dangerous) + toInt(d.paved) + toInt(d.electricity) + toInt(d.waterSafe)
}

func (f *farm) points(size int) int {
	points := 3 * toInt(f.woodland > 0)
	switch grain := float64(f.grain) / float64(size); {
	case grain >= 300:
		points += 15
	case grain >= 150:
		points += 8
	}
	switch arable := float64(f.arable) / 100 / float64(size); {
	case arable >= 2:
		points += 12
	case arable >= 1:
		points += 8
	case arable >= .5:
		points += 4
	}
	return points
}

func (t *traits) labourPoints() int {
	points := 5 * toInt(t.health&ailing == 0)
	switch share := float64(t.able) / float64(t.size); {
	case share >= .67:
		points += 25
	case share >= .5:
		points += 20
	case share >= .34:
		points += 15
	case share > 0:
		points += 8
	}
	return points
}

func (t *traits) schoolPoints() int {
	return [...]int{20, 10, 5, 0}[min(t.pupils, 3)]
}

// burden makes a poor household look as poor as it is: as long as it scores above the mark, one hardship more.
// Houses grow neither older nor smaller from one year to the next, so that these hardships belong to the opening.
func (g *generator) burden(h *household, on moment, mark int) {
	hardships := []float64{.24, .24, .20, .14, .12, .06}
	if on != g.opened {
		hardships = hardships[:3]
	}
	for range 16 {
		if h.looks(on) <= mark {
			return
		}
		g.hardship(h, on, g.choose(hardships))
	}
}

// hardship makes one thing worse, of those that still can be.
func (g *generator) hardship(h *household, on moment, kind int) {
	t := h.traits(on)
	d, f := &h.house, &h.farm
	switch kind {
	case 0: // less is sown
		f.grain = f.grain * int64(g.between(45, 75)) / 1000 * 10
	case 1: // land was given up or let
		f.arable = f.arable * int64(g.between(50, 80)) / 100
		f.irrigated = min(f.irrigated, f.arable)
		f.grain = f.grain * 8 / 100 * 10
	case 2:
		g.fallIll(h, on, t.able)
	case 3:
		if d.structure < brickWood {
			d.structure, d.built = brickWood, int64(g.between(1972, 2004))
		} else if d.structure == brickWood && g.chance(.5) {
			d.structure, d.built = adobe, int64(g.between(1955, 1986))
		}
	case 4:
		d.dangerous = d.structure >= brickWood
	default:
		if d.area > 250 {
			d.area = d.area * 4 / 50 * 10
		}
	}
}

// fallIll makes one grown member ill, an able one where there is one, so that less labour is left.
func (g *generator) fallIll(h *household, on moment, able int) {
	for i := range h.people[:h.count] {
		p := &h.people[i]
		if !p.present || p.age(on) < 30 || p.health&ailing != 0 || able > 0 && !p.able(on) || p.employment != 0 || g.chance(.35) {
			continue
		}
		p.health, p.frail = chronic, uint8(g.rng.IntN(110))
		if g.chance(.12) {
			p.health |= serious
		}
		return
	}
}
