package demo

// income is a year's money of the household in whole yuan; business is gross, cost is what it took.
type income struct {
	wage, business, property, transfer        int64
	subsistence, pension, familyPlanning, eco int64
	cost                                      int64
	medical, schooling, debt                  int64
}

// rates are the amounts of one year.
type rates struct {
	line    float64
	pension int // yuan a month
	year    int
}

func (g *generator) rates(year int) rates {
	for i := range decisionYears {
		if d := &decisionYears[i]; d.year == year {
			return rates{d.line, d.pension, year}
		}
	}
	return rates{openingLine, openingPension, 2013}
}

// prosper draws the household's income a head as a share of the year's line from what it is: below the line where it is poor, above where
// it is not, with some near it on both sides.
func (g *generator) prosper(h *household) {
	switch h.class {
	case poor:
		u := g.rng.Float64()
		h.margin = .985 - .5*u*u
	case unseen:
		h.margin = .995 - .25*g.rng.Float64()
	case favoured:
		h.margin = 1.005 + .6*g.rng.Float64()*g.rng.Float64()
	case left:
		h.margin = 1.04 + .45*g.rng.ExpFloat64()
	default:
		h.margin = 1.05 + 1.1*g.rng.ExpFloat64()
		if g.chance(.08) {
			h.margin = 1.003 + .15*g.rng.Float64()
		}
	}
	h.margin = min(h.margin, 9)
}

// drift moves the margin on by a year within the bounds of the household's class.
func (g *generator) drift(h *household) {
	m := h.margin * (1.02 + .05*g.rng.NormFloat64())
	switch h.class {
	case poor:
		h.margin = clamp(m, .4, .99)
	case unseen:
		h.margin = clamp(m, .6, .998)
	case favoured:
		h.margin = clamp(m, 1.002, 1.8)
	default:
		h.margin = clamp(m, 1.01, 9)
	}
}

// earn parts the household's income of the year among its sources, after who can work, the land and the allowances.
func (g *generator) earn(h *household, on moment, r rates) {
	t := h.traits(on)
	in := &h.income
	total := int64(h.margin * r.line * float64(t.size))
	g.transfers(h, on, r, total)
	rest := total - in.transfer
	in.property = 0
	if g.chance(.06) && rest > 800 {
		in.property = min(rest/4, int64(g.between(5, 90)*10))
		rest -= in.property
	}
	rest -= g.work(h, on, r, rest)
	in.business, in.cost = 0, 0
	if rest > 0 {
		in.cost = rest * int64(g.between(28, 80)) / 1000 * 10
		in.business = rest + in.cost
	}
	g.spend(h, on, t)
}

// transfers draws pensions, allowances and compensation, never more than nine tenths of the whole; children's support makes up for those who
// cannot work.
func (g *generator) transfers(h *household, on moment, r rates, total int64) {
	in := &h.income
	*in = income{debt: in.debt}
	allowed := int64(0)
	for i := range h.people[:h.count] {
		p := &h.people[i]
		if !p.present {
			continue
		}
		if p.pensioned && p.age(on) >= 60 {
			in.pension += int64(r.pension * 12)
		}
		if p.allowance {
			allowed++
		}
	}
	room := max(0, total*9/10-in.pension)
	if allowed > 0 {
		monthly := int64(g.between(85, 130))
		if h.attribute == fiveGuarantee {
			monthly = int64(195 + 15*(r.year-2013))
		}
		in.subsistence = min(room, allowed*monthly*12)
		room -= in.subsistence
	}
	in.eco = min(room, h.farm.returned*9/10)
	room -= in.eco
	if h.hasOldParents(on) {
		in.familyPlanning = min(room, 960)
		room -= in.familyPlanning
	}
	subsidy := min(room, h.farm.arable*85/100) // direct payments for grain, by area
	in.transfer = in.pension + in.subsistence + in.eco + in.familyPlanning + subsidy
}

// hasOldParents reports whether the family-planning grant is drawn: a few couples past sixty with one child.
func (h *household) hasOldParents(on moment) bool {
	head := &h.people[headPlace]
	return head.frail < 14 && head.age(on) >= 60 && head.wed != nobody
}

// work gives wages to those who can earn them and says how much of the rest they are. Land keeps part of the household at home.
func (g *generator) work(h *household, on moment, r rates, rest int64) int64 {
	workers := g.workers(h, on)
	if rest <= 0 {
		return 0
	}
	land := h.farm.arable*4 + h.farm.orchard*7 + h.farm.animals()*60 + 300
	land = int64(float64(land) * clamp(1+g.rng.NormFloat64()*.3, .2, 2))
	wage := max(0, rest-land)
	if len(workers) > 0 && wage == 0 && g.chance(.4) {
		wage = rest * int64(g.between(20, 70)) / 100
	}
	if len(workers) == 0 {
		if wage > 0 { // nobody works: children elsewhere send money
			h.income.transfer += wage
		}
		return wage
	}
	if wage < 300 {
		return 0
	}
	return g.hire(h, workers, r, wage/10*10)
}

// animals is how many pigs and sheep the household keeps, poultry aside.
func (f *farm) animals() int64 {
	n := int64(0)
	for _, l := range f.livestock[:f.herds] {
		if l.kind != 4 {
			n += l.count
		}
	}
	return n
}

// workers lists who can earn wages, those with special work first, then the readiest to leave.
func (g *generator) workers(h *household, on moment) []int8 {
	list := g.list[:0]
	for i := range h.people[:h.count] {
		p := &h.people[i]
		p.months, p.away, p.worked = 0, 0, 0
		if p.present && p.able(on) && p.age(on) < 60 {
			list = append(list, int8(i))
		}
	}
	rank := func(i int8) int {
		p := &h.people[i]
		return 256*toInt(p.employment == stateSalary || p.employment == enterpriseSalary) + int(p.restless)
	}
	for i := 1; i < len(list); i++ { // a handful: insertion keeps it without a closure on the heap
		for k := i; k > 0 && rank(list[k]) > rank(list[k-1]); k-- {
			list[k], list[k-1] = list[k-1], list[k]
		}
	}
	return list
}

// hire parts a wage among the workers: each takes up to eleven months' pay, as many as it needs. What is more than all can earn is left to the
// household's business.
func (g *generator) hire(h *household, workers []int8, r rates, wage int64) int64 {
	paid := int64(0)
	for _, i := range workers {
		p := &h.people[i]
		monthly := int64(g.between(14, 27)+(r.year-2013)*2) * 100
		if p.skilled {
			monthly += 700
		}
		share := min(wage-paid, monthly*11)
		if share < 300 {
			break
		}
		paid += share
		p.worked = 1
		if p.employment == stateSalary || p.employment == enterpriseSalary || p.employment >= villageSecretary {
			continue
		}
		p.months = uint8(clamp(float64((share+monthly/2)/monthly), 1, 11))
		p.away = 1 + uint8(g.choose([]float64{.24, .27, .27, .22}))
	}
	h.income.wage = paid
	return paid
}

// spend draws what illness and schooling cost the household itself, and its debt.
func (g *generator) spend(h *household, on moment, t traits) {
	in := &h.income
	for i := range h.people[:h.count] {
		p := &h.people[i]
		if !p.present {
			continue
		}
		switch {
		case p.health&serious != 0:
			in.medical += int64(g.between(20, 240)) * 100
		case p.health&(chronic|disabled) != 0:
			in.medical += int64(g.between(4, 32)) * 100
		default:
			in.medical += int64(g.between(2, 30)) * 10
		}
		in.schooling += g.fees(p.stage(on))
	}
	switch {
	case in.debt > 0 && g.chance(.35):
		in.debt = max(0, in.debt-int64(g.between(1, 8))*1000)
	case in.debt == 0 && g.chance(.06+.10*float64(toInt(t.health&serious != 0))+.05*float64(min(t.pupils, 2))):
		in.debt = int64(g.between(4, 80)) * 500
	}
}

// fees are a year's self-paid cost of a stage of schooling.
func (g *generator) fees(stage uint8) int64 {
	switch {
	case stage == notAtSchool:
		return 0
	case stage == 1:
		return int64(g.between(6, 20)) * 100
	case stage == 2:
		return int64(g.between(2, 8)) * 100
	case stage <= 5:
		return int64(g.between(5, 15)) * 100
	case stage <= 8:
		return int64(g.between(30, 65)) * 100
	case stage <= 11:
		return int64(g.between(15, 35)) * 100
	}
	return int64(g.between(80, 150)) * 100
}
