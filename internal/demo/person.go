package demo

import "liandong/form"

// Sexes as the form numbers them.
const male, female = 1, 2

// Health as the form's bits.
const (
	healthy  = 1 << 1
	chronic  = 1 << 2
	serious  = 1 << 3
	disabled = 1 << 4
	ailing   = chronic | serious | disabled
)

// nobody stands for an unknown father, mother or spouse.
const nobody = -1

// person is one member, present or gone; those gone stay as links of kinship.
type person struct {
	key, name, number string
	idNumber          string // empty where it is missing
	card              uint8  // 1 citizen card, 2 disability card
	surname           string

	born                 int32 // days since 1970
	year, month, dom     int   // of birth
	sex                  uint8
	present              bool
	father, mother, wed  int8 // places in the household, or nobody
	ethnicity            uint8
	track                track
	late                 uint8 // years behind the school year
	nursery              bool  // goes to kindergarten
	education            uint8 // reached when schooling ends; 0 for a small child
	health               int64
	frail                uint8 // decides what illness and age leave of labour
	skilled              bool
	restless             uint8 // how readily they work away
	employment           uint8 // a special one, or 0
	insured, pensioned   bool
	allowance            bool // subsistence allowance
	steady               bool
	missing              uint8
	months, away, worked uint8 // this year's work away, and whether any wage
}

// Bits of person.missing.
const (
	noEducation = 1 << iota
	noEthnicity
	noPension
	noLabour
)

// track is how far someone goes to school.
type track uint8

const (
	leavesAfterJunior track = iota
	leavesAfterSenior
	leavesAfterVocational
	leavesAfterPrimary
	higherVocational // after senior secondary
	higherFromTrade  // after a vocational school
	bachelor
	master
)

// What schooling on a track leads to, as the form numbers education.
var trackEducation = [...]uint8{
	leavesAfterJunior: 3, leavesAfterSenior: 4, leavesAfterVocational: 4, leavesAfterPrimary: 2,
	higherVocational: 5, higherFromTrade: 5, bachelor: 6, master: 6,
}

// notAtSchool is the form's code of that name.
const notAtSchool = 21

// stage is what the person attends on the day, as the form numbers it. School years begin in September; a child enters at six.
func (p *person) stage(on moment) uint8 {
	schoolYear := on.year
	if on.month < 9 {
		schoolYear--
	}
	age := schoolYear - p.year
	if p.month > 8 {
		age--
	}
	if age >= 6 {
		age -= int(p.late)
	}
	switch {
	case age < 3:
		return notAtSchool
	case age < 6:
		if p.nursery {
			return 1
		}
	case age < 12:
		return 2
	case age < 15:
		if p.track != leavesAfterPrimary {
			return uint8(3 + age - 12)
		}
	case age < 18:
		return p.secondary(age)
	default:
		return p.higher(age)
	}
	return notAtSchool
}

func (p *person) secondary(age int) uint8 {
	switch p.track {
	case leavesAfterSenior, higherVocational, bachelor, master:
		return uint8(6 + age - 15)
	case leavesAfterVocational, higherFromTrade:
		return uint8(9 + age - 15)
	}
	return notAtSchool
}

func (p *person) higher(age int) uint8 {
	switch {
	case (p.track == higherVocational || p.track == higherFromTrade) && age < 21:
		return uint8(12 + age - 18)
	case (p.track == bachelor || p.track == master) && age < 22:
		return uint8(15 + age - 18)
	case p.track == master && age < 25:
		return 20
	}
	return notAtSchool
}

// age is the completed years on the day.
func (p *person) age(on moment) int {
	age := on.year - p.year
	if on.month < p.month || on.month == p.month && on.dom < p.dom {
		age--
	}
	return age
}

// Labour as the form numbers it.
const (
	ordinaryLabour = 1
	skilledLabour  = 2
	weakLabour     = 3
	lostLabour     = 4
	noLabourAtAll  = 5
)

// labour is what the person can do on the day: age, illness and schooling decide, chance only between the two nearest.
func (p *person) labour(on moment) int64 {
	age := p.age(on)
	switch {
	case age < 16 || p.stage(on) != notAtSchool:
		return noLabourAtAll
	case age >= 60:
		return p.oldLabour(age)
	case p.health&(serious|disabled) != 0:
		if p.frail < 130 {
			return weakLabour
		}
		return lostLabour
	case p.health&chronic != 0 && p.frail < 120:
		return weakLabour
	case p.skilled:
		return skilledLabour
	}
	return ordinaryLabour
}

func (p *person) oldLabour(age int) int64 {
	able := 165
	if p.health&ailing != 0 {
		able = 80
	}
	switch {
	case p.frail == 1 && p.health == healthy: // a clerk's mistake, kept for the quality rules to find
		return ordinaryLabour
	case age < 75 && int(p.frail) < able:
		return weakLabour
	case p.health&(serious|disabled) != 0:
		return lostLabour
	}
	return noLabourAtAll
}

// able reports whether the person has ordinary or skilled labour.
func (p *person) able(on moment) bool { return p.labour(on) <= skilledLabour }

// rate is a chance that depends on age.
type rate struct {
	under                     int
	chronic, serious, disable float64
}

// Shares of the ill and disabled among poor households by age; the others have about a third of them.
var illness = []rate{
	{18, .010, .004, .012}, {45, .060, .016, .035}, {60, .175, .032, .050}, {75, .34, .050, .070}, {200, .45, .070, .100},
}

// wellShare is how much rarer illness is outside poor households.
const wellShare = .34

func (g *generator) health(age int, poor bool) int64 {
	factor := 1.0
	if !poor {
		factor = wellShare
	}
	row := &illness[0]
	for i := range illness {
		if row = &illness[i]; age < row.under {
			break
		}
	}
	var h int64
	if g.chance(row.chronic * factor) {
		h |= chronic
	}
	if g.chance(row.serious * factor) {
		h |= serious
	}
	if g.chance(row.disable * factor) {
		h |= disabled
	}
	if h == 0 {
		h = healthy
	}
	return h
}

// schooling is the share of people of a generation by education, from illiterate to bachelor.
type schooling struct {
	born   int // up to this year
	shares [6]float64
}

var schoolings = []schooling{
	{1944, [6]float64{.45, .42, .11, .02, 0, 0}},
	{1959, [6]float64{.13, .46, .35, .06, 0, 0}},
	{1974, [6]float64{.04, .29, .58, .08, .01, 0}},
	{2100, [6]float64{.015, .12, .68, .12, .045, .02}},
}

func (g *generator) education(born int) uint8 {
	row := &schoolings[0]
	for i := range schoolings {
		if row = &schoolings[i]; born <= row.born {
			break
		}
	}
	return uint8(1 + g.choose(row.shares[:]))
}

// Shares of how far the young go to school, in the order of track.
var tracks = [...]float64{
	leavesAfterJunior: .33, leavesAfterSenior: .13, leavesAfterVocational: .17, leavesAfterPrimary: .003,
	higherVocational: .14, higherFromTrade: .06, bachelor: .152, master: .015,
}

// Ethnicities as the form numbers them: some mountain counties have Manchu villages, all have a few Hui families.
const han, hui, manchu = 1, 3, 11

func (g *generator) ethnicity() uint8 {
	switch {
	case g.county.landscape == mountain && g.chance(.05):
		return manchu
	case g.chance(.008):
		return hui
	}
	return han
}

// cardNumber turns a citizen number into a disability card's by its class and degree.
func (g *generator) cardNumber(b []byte) []byte {
	return append(b, byte('1'+g.rng.IntN(7)), byte('1'+g.rng.IntN(4)))
}

// kinship codes of the form, looked up once.
type kinship struct {
	head, spouse, son, daughter, sonInLaw, daughterInLaw, grandson, granddaughter, maternalGrandson, maternalGranddaughter,
	father, mother, husbandsFather, husbandsMother, wifesFather, wifesMother, grandfather, grandmother,
	elderBrother, youngerBrother, elderSister, youngerSister, nephew, niece, greatGrandchild, other int64
}

func newKinship(l *form.CodeList) kinship {
	n := l.Number
	return kinship{
		n("head"), n("spouse"), n("son"), n("daughter"), n("son_in_law"), n("daughter_in_law"), n("grandson"), n("granddaughter"),
		n("maternal_grandson"), n("maternal_granddaughter"), n("father"), n("mother"), n("husbands_father"), n("husbands_mother"),
		n("wifes_father"), n("wifes_mother"), n("grandfather"), n("grandmother"), n("elder_brother"), n("younger_brother"),
		n("elder_sister"), n("younger_sister"), n("nephew"), n("niece"), n("great_grandchild"), n("other"),
	}
}
