package demo

// Structures of houses as the form numbers them.
const (
	reinforcedConcrete = 1
	brickConcrete      = 2
	brickWood          = 3
	adobe              = 4
	otherStructure     = 5
)

// dwelling is the house and what leads to it.
type dwelling struct {
	area        int64 // tenths of a square metre
	structure   int64
	built       int64 // year
	dangerous   bool
	paved       bool
	distance    int64 // hundredths of a kilometre
	fuel        int64
	water       int64
	waterSafe   bool
	waterFar    bool
	electricity bool
	toilet      bool
	broadcast   bool
	cooperative bool
}

// structureShares are the shares of houses by structure, in the order of the form: poor and others, hill country and plain.
var structureShares = [2][2][]float64{
	{{.01, .12, .61, .21, .05}, {.10, .36, .47, .05, .02}},
	{{.01, .20, .67, .08, .04}, {.15, .45, .38, .01, .01}},
}

// builtYears is when houses of a structure were built.
var builtYears = [...][2]int{reinforcedConcrete: {1998, 2013}, brickConcrete: {1988, 2013}, brickWood: {1968, 2006}, adobe: {1952, 1988}, otherStructure: {1965, 2000}}

// danger is how often a house of a structure is dangerous, of poor households; others' seldom are.
var danger = [...]float64{reinforcedConcrete: .005, brickConcrete: .02, brickWood: .17, adobe: .62, otherStructure: .35}

func (g *generator) build(h *household) {
	d := &h.house
	needy := h.class != neverPoor
	high := g.county.landscape >= hills
	shares := structureShares[toInt(!high)][toInt(!needy)]
	*d = dwelling{structure: int64(1 + g.choose(shares))}
	years := builtYears[d.structure]
	d.built = int64(g.between(years[0], years[1]))
	perHead, base := 13.0, 34.0
	if !needy {
		perHead, base = 21, 48
	}
	size := float64(h.size())
	d.area = int64(max(18, (base+perHead*size)*(1+g.rng.NormFloat64()*.22))) * 10
	chance := danger[d.structure]
	if !needy {
		chance *= .12
	}
	d.dangerous = g.chance(chance)
	g.surround(h, d, needy, high)
}

// surround draws what the village more than the household decides; the hardness of the village makes it worse.
func (g *generator) surround(h *household, d *dwelling, needy, high bool) {
	hard := h.village.hard * .15
	low := .1 * float64(toInt(needy))
	distance := .25
	if high {
		distance = 1.1
	}
	d.paved = g.chance(.72 - hard - low - .12*float64(toInt(high)))
	d.distance = int64(100 * distance * g.rng.ExpFloat64())
	d.waterSafe = g.chance(.86 - hard - low)
	d.waterFar = !d.waterSafe && g.chance(.55) || g.chance(.01)
	d.electricity = g.chance(.997)
	d.toilet = g.chance(.42 - low)
	d.broadcast = g.chance(.95)
	d.cooperative = g.chance(.07)
	d.fuel = []int64{1, 2, 3, 5}[g.choose([]float64{.38, .40, .14, .08})]
	if d.waterSafe {
		d.water = []int64{1, 2}[g.choose([]float64{.7, .3})]
	} else {
		d.water = []int64{3, 4, 5}[g.choose([]float64{.78, .14, .08})]
	}
}

// improve is what a year does to a house: dangerous houses of the poor are rebuilt with public money, paths paved, water mended.
func (g *generator) improve(h *household, year int) {
	d := &h.house
	if d.dangerous && h.registered && g.chance(.13) || g.chance(.003) {
		d.structure, d.built, d.dangerous = brickConcrete, int64(year), false
		d.area = max(400, d.area*9/10)
	}
	if !d.paved && g.chance(.10) {
		d.paved = true
	}
	if !d.waterSafe && g.chance(.09) {
		d.waterSafe, d.waterFar, d.water = true, false, 1
	}
	if !d.toilet && g.chance(.04) {
		d.toilet = true
	}
	if !d.cooperative && h.registered && g.chance(.07) {
		d.cooperative = true
	}
}

func toInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
