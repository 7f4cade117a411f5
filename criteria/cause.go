package criteria

import (
	"math/bits"

	"liandong/errs"
)

// Cause is one thing that two documents, or one document under two settings, say differently, and how many of the records for which it does
// enter or leave: would be proposed by the second and not by the first, or the other way round. A record can have several.
type Cause struct {
	Kind  string    `json:"kind"` // part, bar, or condition: one term of being poor
	ID    string    `json:"id"`   // house.structure; a bar's id; a condition's expression
	Title errs.Text `json:"title"`
	Enter int       `json:"enter"`
	Leave int       `json:"leave"`
}

// Causes compares two verdicts on the same records, rows [from, to) of their common range, by the bit planes of their reasons. Parts and bars
// are matched by their ids; one that only one of the two has counts as different. A part that both leave unknown counts as the same, whatever range
// of points its answers still allow. Conditions are matched by their text, and what is left by its place.
func Causes(before, after *Verdicts, from, to int) []Cause {
	c := comparison{before: before, after: after}
	c.turns(from, to)
	if populationOf(c.enter)+populationOf(c.leave) == 0 {
		return []Cause{}
	}
	c.parts()
	c.bars()
	c.terms()
	return c.found
}

// comparison holds the planes of who enters and who leaves.
type comparison struct {
	before, after *Verdicts
	enter, leave  []uint64
	found         []Cause
}

// turns makes the planes of who enters and who leaves among rows [from, to).
func (c *comparison) turns(from, to int) {
	c.enter, c.leave = make([]uint64, c.after.words), make([]uint64, c.after.words)
	from, to = from+c.after.from-c.after.first, to+c.after.from-c.after.first
	for w := from / 64; w < wordsOf(to); w++ {
		was, is := wouldWord(c.before.Outcome, w), wouldWord(c.after.Outcome, w)
		among := ^uint64(0)
		if w == from/64 {
			among <<= uint(from) & 63
		}
		if rest := to - 64*w; rest < 64 {
			among &= 1<<uint(rest) - 1
		}
		c.enter[w], c.leave[w] = is&^was&among, was&^is&among
	}
}

// wouldWord is the plane of who would be taken in, 64 records of it.
func wouldWord(outcomes []Outcome, w int) uint64 {
	const would = 1<<Proposed | 1<<UnderReview // [Outcome.Would], without a branch
	var plane uint64
	for i, o := range outcomes[64*w : min(64*w+64, len(outcomes))] {
		plane |= uint64(would) >> (o & 63) & 1 << (uint(i) & 63)
	}
	return plane
}

// differ counts a cause by the plane of records for which it differs.
func (c *comparison) differ(kind, id string, title errs.Text, plane func(w int) uint64) {
	cause := Cause{Kind: kind, ID: id, Title: title}
	for w, enter := range c.enter {
		leave := c.leave[w]
		if enter|leave == 0 {
			continue
		}
		d := plane(w)
		cause.Enter += bits.OnesCount64(d & enter)
		cause.Leave += bits.OnesCount64(d & leave)
	}
	if cause.Enter+cause.Leave > 0 {
		c.found = append(c.found, cause)
	}
}

func all(int) uint64 { return ^uint64(0) }

func (c *comparison) parts() {
	before := c.before.plan.partsByName()
	seen := map[string]bool{}
	for _, named := range c.after.plan.titledParts() {
		was, both := before[named.name]
		seen[named.name] = true
		if !both {
			c.differ("part", named.name, named.title, all)
			continue
		}
		c.differ("part", named.name, named.title, c.otherPoints(was, named.plannedPart))
	}
	for _, named := range c.before.plan.titledParts() {
		if !seen[named.name] {
			c.differ("part", named.name, named.title, all)
		}
	}
}

// otherPoints is the plane of records to which two parts give other points, or which they know otherwise.
func (c *comparison) otherPoints(a, b *plannedPart) func(w int) uint64 {
	if a.levels == nil || b.levels == nil {
		return func(w int) uint64 {
			var plane uint64
			for i := range min(64, len(c.after.Outcome)-64*w) {
				plane |= one(c.before.points0(a, 64*w+i) != c.after.points0(b, 64*w+i)) << (uint(i) & 63)
			}
			return plane
		}
	}
	pairs := [][2]int{{0, 0}}
	for i, v := range a.levels {
		for k, o := range b.levels {
			if v == o {
				pairs = append(pairs, [2]int{i + 1, k + 1})
			}
		}
	}
	return func(w int) uint64 {
		var same uint64
		for _, p := range pairs {
			same |= c.before.levelWord(a, p[0], w) & c.after.levelWord(b, p[1], w)
		}
		return ^same
	}
}

// levelWord is the plane of records whose part has the code, 64 records of it.
func (v *Verdicts) levelWord(p *plannedPart, code, w int) uint64 {
	is := ^uint64(0)
	for b := range p.width {
		plane := v.plane(p.plane + b)[w]
		if code>>b&1 == 0 {
			plane = ^plane
		}
		is &= plane
	}
	return is
}

func (c *comparison) bars() {
	seen := map[string]bool{}
	index := map[string]int{}
	for i := range c.before.plan.doc.Bars {
		index[c.before.plan.doc.Bars[i].ID] = i
	}
	for i := range c.after.plan.doc.Bars {
		b := &c.after.plan.doc.Bars[i]
		was, both := index[b.ID]
		seen[b.ID] = true
		switch {
		case !both:
			c.differ("bar", b.ID, b.Title, c.after.notFalse(c.after.barPlane(i)))
		case c.before.plan.doc.Bars[was].Kind != b.Kind:
			c.differ("bar", b.ID, b.Title, c.after.notFalse(c.after.barPlane(i)))
		default:
			c.differ("bar", b.ID, b.Title, c.otherTruth(c.before.barPlane(was), c.after.barPlane(i)))
		}
	}
	for i := range c.before.plan.doc.Bars {
		if b := &c.before.plan.doc.Bars[i]; !seen[b.ID] {
			c.differ("bar", b.ID, b.Title, c.before.notFalse(c.before.barPlane(i)))
		}
	}
}

// notFalse is the plane of records that a truth value does not let pass.
func (v *Verdicts) notFalse(plane int) func(w int) uint64 {
	return func(w int) uint64 { return ^v.plane(plane + 1)[w] }
}

// notTrue is the plane of records that do not meet a condition.
func (v *Verdicts) notTrue(plane int) func(w int) uint64 {
	return func(w int) uint64 { return ^v.plane(plane)[w] }
}

func (c *comparison) otherTruth(before, after int) func(w int) uint64 {
	t, f := c.before.plane(before), c.before.plane(before+1)
	u, g := c.after.plane(after), c.after.plane(after+1)
	return func(w int) uint64 { return (t[w] ^ u[w]) | (f[w] ^ g[w]) }
}

// terms compares the conditions of being poor: those of one text with each other, of the others the first with the first. One that only one of
// the two has did it wherever it is not met.
func (c *comparison) terms() {
	before, after := c.before.plan.terms, c.after.plan.terms
	partner := pairTerms(before, after)
	paired := map[int]bool{}
	for i := range after {
		t := &after[i]
		plane := c.after.notTrue(c.after.termPlane(i))
		if was := partner[i]; was >= 0 {
			paired[was] = true
			plane = c.otherTruth(c.before.termPlane(was), c.after.termPlane(i))
		}
		c.differ("condition", t.text, errs.Text{ZH: t.text, EN: t.text}, plane)
	}
	for i := range before {
		if t := &before[i]; !paired[i] {
			c.differ("condition", t.text, errs.Text{ZH: t.text, EN: t.text}, c.before.notTrue(c.before.termPlane(i)))
		}
	}
}

// pairTerms gives every condition after the one before that it stands for, -1 for none.
func pairTerms(before, after []term) []int {
	partner := make([]int, len(after))
	taken := make([]bool, len(before))
	find := func(same func(i, k int) bool) {
		for i := range after {
			for k := 0; k < len(before) && partner[i] < 0; k++ {
				if !taken[k] && same(i, k) {
					partner[i], taken[k] = k, true
				}
			}
		}
	}
	for i := range partner {
		partner[i] = -1
	}
	find(func(i, k int) bool { return after[i].text == before[k].text })
	find(func(int, int) bool { return true })
	return partner
}

func populationOf(plane []uint64) int {
	n := 0
	for _, w := range plane {
		n += bits.OnesCount64(w)
	}
	return n
}
