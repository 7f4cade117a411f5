package demo

import "liandong/internal/registry"

// maxPeople is how many persons a household may ever have had, those gone and those who only link others included.
const maxPeople = 20

// class is where a household stands beneath what is written of it.
type class uint8

const (
	neverPoor class = iota // not on the register and not looking so
	unseen                 // not on the register although it looks poor
	poor                   // on the register, rightly
	favoured               // on the register, wrongly
	left                   // out of poverty
)

// household is one household as it goes through the years.
type household struct {
	id      registry.ID
	number  string
	village *village
	hamlet  string
	group   string
	phone   string
	bank    string
	account string

	people [maxPeople]person
	count  int // of people
	given  int // member numbers given

	class      class
	registered bool
	ended      bool
	attribute  int64
	cause      int64
	others     int64

	house  dwelling
	farm   farm
	assets assets
	income income
	margin float64 // income a head as a share of the year's line
	misses uint32  // questions without an answer
	vote   vote
}

// size is the number of members present.
func (h *household) size() int {
	n := 0
	for i := range h.people[:h.count] {
		if h.people[i].present {
			n++
		}
	}
	return n
}

// add makes room for one more person, unrelated so far.
func (h *household) add() (int8, *person) {
	i := h.count
	h.count++
	p := &h.people[i]
	*p = person{father: nobody, mother: nobody, wed: nobody, present: true}
	return int8(i), p
}

// head is the place of the head: always 0, since a new head changes places with the old one.
const headPlace int8 = 0

// heir chooses who becomes head when the head is gone: the spouse, else the eldest grown child, else the eldest member.
func (h *household) heir(on moment) int8 {
	old := &h.people[headPlace]
	if old.wed != nobody && h.people[old.wed].present {
		return old.wed
	}
	best := int8(nobody)
	for i := int8(1); i < int8(h.count); i++ {
		p := &h.people[i]
		switch {
		case !p.present:
		case best == nobody, h.heirs(p, on) > h.heirs(&h.people[best], on), h.heirs(p, on) == h.heirs(&h.people[best], on) && p.born < h.people[best].born:
			best = i
		}
	}
	return best
}

// heirs ranks a possible head: grown children first, then other grown people, then minors.
func (h *household) heirs(p *person, on moment) int {
	switch age := p.age(on); {
	case age >= 18 && (p.father == headPlace || p.mother == headPlace) && p.sex == male:
		return 3
	case age >= 18 && (p.father == headPlace || p.mother == headPlace):
		return 2
	case age >= 18:
		return 1
	}
	return 0
}

// swapHead makes the person at i the head: the two change places, and every link with them.
func (h *household) swapHead(i int8) {
	h.people[headPlace], h.people[i] = h.people[i], h.people[headPlace]
	turn := func(link *int8) {
		switch *link {
		case headPlace:
			*link = i
		case i:
			*link = headPlace
		}
	}
	for k := range h.people[:h.count] {
		p := &h.people[k]
		turn(&p.father)
		turn(&p.mother)
		turn(&p.wed)
	}
}

// relation is what the person at i is to the head, told from the links of kinship.
func (h *household) relation(i int8, k *kinship) int64 {
	head, p := &h.people[headPlace], &h.people[i]
	man := p.sex == male
	switch {
	case i == headPlace:
		return k.head
	case p.wed == headPlace:
		return k.spouse
	case h.childOfHead(i):
		return bySex(man, k.son, k.daughter)
	case head.father == i || head.mother == i:
		return bySex(man, k.father, k.mother)
	case p.wed != nobody && h.childOfHead(p.wed):
		return bySex(man, k.sonInLaw, k.daughterInLaw)
	case h.childOfHead(p.father):
		return bySex(man, k.grandson, k.granddaughter)
	case h.childOfHead(p.mother):
		return bySex(man, k.maternalGrandson, k.maternalGranddaughter)
	case head.wed != nobody && (h.people[head.wed].father == i || h.people[head.wed].mother == i):
		if head.sex == male {
			return bySex(man, k.wifesFather, k.wifesMother)
		}
		return bySex(man, k.husbandsFather, k.husbandsMother)
	case h.siblings(i, headPlace):
		if p.born < head.born {
			return bySex(man, k.elderBrother, k.elderSister)
		}
		return bySex(man, k.youngerBrother, k.youngerSister)
	case h.parentOf(i, head.father) || h.parentOf(i, head.mother):
		return bySex(man, k.grandfather, k.grandmother)
	case p.father != nobody && h.siblings(p.father, headPlace), p.mother != nobody && h.siblings(p.mother, headPlace):
		return bySex(man, k.nephew, k.niece)
	case h.grandchild(p.father) || h.grandchild(p.mother):
		return k.greatGrandchild
	}
	return k.other
}

func bySex(man bool, his, hers int64) int64 {
	if man {
		return his
	}
	return hers
}

func (h *household) childOfHead(i int8) bool {
	if i == nobody || i == headPlace {
		return false
	}
	p, wed := &h.people[i], h.people[headPlace].wed
	return p.father == headPlace || p.mother == headPlace || wed != nobody && (p.father == wed || p.mother == wed)
}

func (h *household) parentOf(i, child int8) bool {
	return child != nobody && (h.people[child].father == i || h.people[child].mother == i)
}

func (h *household) grandchild(i int8) bool {
	return i != nobody && (h.childOfHead(h.people[i].father) || h.childOfHead(h.people[i].mother))
}

func (h *household) siblings(a, b int8) bool {
	p, q := &h.people[a], &h.people[b]
	return p.father != nobody && p.father == q.father || p.mother != nobody && p.mother == q.mother
}

// traits are what a household's members come to on a day; rules and decisions look at these.
type traits struct {
	size, able, weak, pupils, old, minors int
	health                                int64 // of all
}

func (h *household) traits(on moment) traits {
	var t traits
	for i := range h.people[:h.count] {
		p := &h.people[i]
		if !p.present {
			continue
		}
		t.size++
		t.health |= p.health
		switch labour := p.labour(on); {
		case labour <= skilledLabour:
			t.able++
		case labour == weakLabour:
			t.weak++
		}
		if s := p.stage(on); s != notAtSchool && s != 1 {
			t.pupils++
		}
		switch age := p.age(on); {
		case age >= 60:
			t.old++
		case age < 16:
			t.minors++
		}
	}
	return t
}
