package demo

// recipe is a kind of family: who lives together and how old the head is.
type recipe struct {
	share       float64
	least, most int  // age of the head
	couple      bool // the head is married
	woman       bool // the head is a woman, where not married
	children    int  // of the head, unmarried
	parents     int  // of the head
	sibling     bool // of the head, unmarried
	branch      bool // a married son with his wife
	between     bool // the parents of the grandchildren live elsewhere
	grand       int  // grandchildren
}

// recipes holds the kinds of families by size, from one member to eight. Shares are chosen so that poor households come out as the register's
// own figures describe them: many old couples and single men, three generations in the larger ones.
var recipes = [...][]recipe{
	1: {{share: .55, least: 62, most: 86}, {share: .30, least: 41, most: 61}, {share: .15, least: 52, most: 80, woman: true}},
	2: {
		{share: .46, least: 58, most: 80, couple: true},
		{share: .22, least: 38, most: 57, couple: true},
		{share: .08, least: 36, most: 52, woman: true, children: 1},
		{share: .05, least: 38, most: 54, children: 1},
		{share: .14, least: 34, most: 58, parents: 1},
		{share: .05, least: 58, most: 74, between: true, grand: 1},
	},
	3: {
		{share: .50, least: 29, most: 52, couple: true, children: 1},
		{share: .16, least: 36, most: 58, couple: true, parents: 1},
		{share: .06, least: 34, most: 48, woman: true, children: 2},
		{share: .16, least: 50, most: 70, couple: true, children: 1},
		{share: .07, least: 56, most: 74, couple: true, between: true, grand: 1},
		{share: .05, least: 36, most: 55, parents: 1, children: 1},
	},
	4: {
		{share: .50, least: 30, most: 50, couple: true, children: 2},
		{share: .22, least: 30, most: 52, couple: true, children: 1, parents: 1},
		{share: .06, least: 36, most: 56, couple: true, parents: 2},
		{share: .05, least: 56, most: 74, couple: true, between: true, grand: 2},
		{share: .08, least: 50, most: 70, couple: true, branch: true},
		{share: .09, least: 52, most: 74, branch: true, grand: 1},
	},
	5: {
		{share: .38, least: 31, most: 52, couple: true, children: 2, parents: 1},
		{share: .22, least: 30, most: 48, couple: true, children: 1, parents: 2},
		{share: .14, least: 32, most: 48, couple: true, children: 3},
		{share: .26, least: 50, most: 70, couple: true, branch: true, grand: 1},
	},
	6: {
		{share: .44, least: 31, most: 50, couple: true, children: 2, parents: 2},
		{share: .42, least: 51, most: 70, couple: true, branch: true, grand: 2},
		{share: .14, least: 33, most: 50, couple: true, children: 3, parents: 1},
	},
	7: {
		{share: .30, least: 33, most: 50, couple: true, children: 3, parents: 2},
		{share: .30, least: 33, most: 50, couple: true, children: 2, parents: 2, sibling: true},
		{share: .40, least: 51, most: 68, couple: true, branch: true, grand: 2, children: 1},
	},
	8: {{share: 1, least: 34, most: 50, couple: true, children: 3, parents: 2, sibling: true}},
}

// Shares of household sizes from one up, on the register and off it.
var (
	registeredSizes = []float64{.135, .245, .225, .205, .115, .055, .015, .005}
	otherSizes      = []float64{.085, .285, .29, .225, .08, .028, .007}
)

// compose fills the household with a family of the size, as it stood at the opening.
func (g *generator) compose(h *household, size int) {
	kinds := recipes[size]
	left := g.rng.Float64()
	r := &kinds[len(kinds)-1]
	for i := range kinds {
		if left -= kinds[i].share; left < 0 {
			r = &kinds[i]
			break
		}
	}
	g.ethnic = g.ethnicity()
	headSex := uint8(male)
	if r.woman {
		headSex = female
	}
	age := g.between(r.least, r.most)
	head, _ := g.person(h, age, headSex, g.familyName())
	wife := int8(nobody)
	if r.couple {
		wife = g.marry(h, head, age)
	}
	g.children(h, r, head, wife, age)
	if r.branch || r.between {
		g.branch(h, r, head, wife, age)
	}
	g.forebears(h, r, head, age)
}

// marry gives the man at i a wife of about his age from another family.
func (g *generator) marry(h *household, i int8, age int) int8 {
	wife, p := g.person(h, max(20, age+g.rng.IntN(7)-4), female, g.surname())
	p.wed = i
	h.people[i].wed = wife
	return wife
}

// motherAge is how old the mother of the head's children is, known or not.
func (g *generator) motherAge(h *household, wife int8, age int) int {
	if wife != nobody {
		return h.people[wife].age(g.opened)
	}
	return age - 1
}

func (g *generator) children(h *household, r *recipe, head, wife int8, age int) {
	mother := g.motherAge(h, wife, age)
	child := mother - g.between(20, 26)
	for range r.children {
		child = max(child, 0)
		sex := uint8(male)
		if g.chance(.47) && child < 25 || g.chance(.12) {
			sex = female
		}
		i, _ := g.person(h, child, sex, h.people[head].surname)
		g.descend(h, i, head, wife)
		child -= g.between(2, 5)
	}
}

// descend links a child to the head's couple, or to the head alone.
func (g *generator) descend(h *household, child, head, wife int8) {
	if h.people[head].sex == male {
		h.people[child].father, h.people[child].mother = head, wife
	} else {
		h.people[child].mother = head
	}
}

// branch adds a married son with his wife, present or only as a link, and the grandchildren.
func (g *generator) branch(h *household, r *recipe, head, wife int8, age int) {
	sonAge := max(24, g.motherAge(h, wife, age)-g.between(21, 27))
	son, p := g.person(h, sonAge, male, h.people[head].surname)
	g.descend(h, son, head, wife)
	bride := int8(nobody)
	if r.branch {
		bride = g.marry(h, son, sonAge)
	} else {
		p.present = false
	}
	child := sonAge - g.between(22, 26)
	for range r.grand {
		child = max(child, 0)
		sex := uint8(male)
		if g.chance(.47) {
			sex = female
		}
		_, grandchild := g.person(h, child, sex, h.people[son].surname)
		grandchild.father, grandchild.mother = son, bride
		child -= g.between(2, 5)
	}
}

// forebears adds the head's parents and an unmarried brother.
func (g *generator) forebears(h *household, r *recipe, head int8, age int) {
	if r.parents == 0 && !r.sibling {
		return
	}
	surname := h.people[head].surname
	parent := age + g.between(20, 29)
	mother, m := g.person(h, parent, female, g.surname())
	father, f := g.person(h, parent+g.rng.IntN(5)-1, male, surname)
	m.wed, f.wed = father, mother
	h.people[head].father, h.people[head].mother = father, mother
	if r.parents < 2 {
		gone := f // women live longer
		if g.chance(.3) {
			gone = m
		}
		gone.present = false
	}
	if r.parents == 0 {
		m.present, f.present = false, false
	}
	if r.sibling {
		_, brother := g.person(h, max(age-g.between(2, 8), 18), male, surname)
		brother.father, brother.mother = father, mother
	}
}

// person adds someone of an age at the opening with what does not change: name, birth day, schooling, health.
func (g *generator) person(h *household, age int, sex uint8, surname string) (int8, *person) {
	i, p := h.add()
	p.sex, p.surname = sex, surname
	p.born = int32(openingDay.UnixDays()) - int32(age*1461/4) - int32(g.rng.IntN(364)) - 1
	g.develop(h, p)
	return i, p
}

// newborn adds a child born on the day.
func (g *generator) newborn(h *household, born int32, surname string) *person {
	_, p := h.add()
	p.surname, p.born, p.sex = surname, born, male
	if g.chance(.47) {
		p.sex = female
	}
	g.develop(h, p)
	return p
}

// develop draws everything about a person whose sex, surname and birth day are known.
func (g *generator) develop(h *household, p *person) {
	number, born := g.numbers.take(p.born, p.sex == male)
	p.born = born
	p.year, p.month, p.dom = civil(born)
	age := p.age(g.opened)
	p.track = track(g.choose(tracks[:]))
	p.frail, p.restless = uint8(g.rng.Uint32()), uint8(g.rng.Uint32())
	p.nursery = g.chance(.72)
	p.health = g.health(max(age, 0), h.class != neverPoor && h.class != left)
	p.ethnicity = g.ethnic
	if g.chance(.09) {
		p.late = 1
	}
	g.learn(p, age)
	g.insure(p, age)
	g.document(p, number, age)
	h.given++
	p.number = g.texts.keep(append(append(g.scratch[:0], h.number...), byte('0'+h.given/10), byte('0'+h.given%10)))
	key := g.newID(g.sequence)
	p.key = g.texts.keep(key[:])
	p.name = g.texts.keep(g.given(append(g.scratch[:0], p.surname...), p.year, p.sex == male))
}

func (g *generator) learn(p *person, age int) {
	if age <= 25 {
		p.education = trackEducation[p.track]
	} else {
		p.education = g.education(p.year)
	}
	p.skilled = age > 18 && age < 56 && g.chance(.05)
	if g.chance(.006) {
		p.missing |= noEducation
	}
	if g.chance(.006) {
		p.missing |= noEthnicity
	}
	if g.chance(.01) {
		p.missing |= noPension
	}
	if g.chance(.0008) {
		p.missing |= noLabour
	}
}

func (g *generator) insure(p *person, age int) {
	p.insured = g.chance(.965)
	p.pensioned = age >= 16 && g.chance(.86)
}

// document gives the person a number: few have none yet, most of them infants; some of the disabled show their disability card.
func (g *generator) document(p *person, number []byte, age int) {
	p.card = 1
	switch {
	case g.chance(.0025) || age < 1 && g.chance(.25):
		return
	case p.health&disabled != 0 && g.chance(.45):
		number = g.cardNumber(append(g.scratch[:0], number...))
		p.card = 2
	}
	p.idNumber = g.texts.keep(number)
}
