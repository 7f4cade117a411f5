package demo

// farm is the household's land, in hundredths of a mu, and what it gives.
type farm struct {
	arable, irrigated, woodland, returned, orchard, grass, pond int64
	grain                                                       int64 // kg a year
	livestock                                                   [3]herd
	herds                                                       int
}

// herd is some animals of one kind, as the form numbers kinds.
type herd struct{ kind, count int64 }

// soil is what a landscape gives.
type soil struct {
	arable     float64 // mu a head
	irrigated  float64 // share of arable land
	yield      float64 // kg of grain a mu and year
	woodland   float64 // share of households with woodland
	woods      float64 // mu of it
	returned   float64 // share with land returned to forest
	orchard    float64 // share with fruit trees
	pond       float64 // share with water surface
	harvesting float64 // share of arable land under grain
}

var soils = [...]soil{
	plain:    {1.45, .86, 720, .02, .6, .01, .07, .002, .74},
	lake:     {1.05, .80, 640, .02, .5, .01, .04, .09, .76},
	hills:    {1.00, .42, 430, .22, 1.8, .12, .26, .001, .72},
	mountain: {.80, .18, 330, .46, 4.2, .24, .20, .001, .78},
}

func (g *generator) cultivate(h *household) {
	s := &soils[g.county.landscape]
	f := &h.farm
	*f = farm{}
	size := float64(h.size())
	plenty := 1.0
	if h.class != neverPoor {
		plenty = .72
	}
	if !g.chance(.025) { // some have no land
		f.arable = int64(100 * size * s.arable * plenty * clamp(1+g.rng.NormFloat64()*.38, .1, 2.6))
	}
	f.irrigated = int64(float64(f.arable) * clamp(s.irrigated+g.rng.NormFloat64()*.15, 0, 1))
	if g.chance(s.woodland * (1 + .3*h.village.hard)) {
		f.woodland = int64(100 * s.woods * g.rng.ExpFloat64())
	}
	if g.chance(s.returned) {
		f.returned = int64(100 * (.3 + s.woods*.3*g.rng.ExpFloat64()))
	}
	if g.chance(s.orchard) {
		f.orchard = int64(100 * (.2 + 1.1*g.rng.ExpFloat64()))
	}
	if g.chance(.002) {
		f.grass = int64(100 * (.5 + 2*g.rng.ExpFloat64()))
	}
	if g.chance(s.pond) {
		f.pond = int64(100 * (.3 + 2*g.rng.ExpFloat64()))
	}
	g.stock(h)
	g.harvest(h)
}

// stock gives the household animals: poultry often, others in hill country.
func (g *generator) stock(h *household) {
	f := &h.farm
	put := func(share float64, kind int64, least, most int) {
		if g.chance(share) {
			f.livestock[f.herds] = herd{kind, int64(g.between(least, most))}
			f.herds++
		}
	}
	high := float64(toInt(g.county.landscape >= hills))
	put(.05+.05*high, 1, 1, 4)
	put(.02+.10*high, 3, 3, 24)
	put(.20, 4, 4, 20)
}

// harvest draws this year's grain from the land under it.
func (g *generator) harvest(h *household) {
	s := &soils[g.county.landscape]
	f := &h.farm
	effort := 1.0
	if h.class == poor || h.class == unseen {
		effort = .78
	}
	f.grain = int64(float64(f.arable)/100*s.harvesting*s.yield*effort*clamp(1+g.rng.NormFloat64()*.2, .3, 1.7)) / 10 * 10
}
