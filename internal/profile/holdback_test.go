package profile

import (
	"testing"

	"pgregory.net/rapid"
)

// TestWhatIsHeldBackFollowsFromNoLine: whatever the counts, no row, column or cell over the groups lets one find what is held back by subtraction, nor lets
// one know that those held back in it are few; nothing too small is shown, and counts of nobody are, outside groups that are held as a whole.
func TestWhatIsHeldBackFollowsFromNoLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Suppression{Households: 10, Persons: 20}
		groups := make([]Moves, rapid.IntRange(0, 6).Draw(t, "groups"))
		var whole Moves
		add := func(m *Moves, label string) {
			for i := range State(States) {
				for j := range State(States) {
					n := int64(rapid.SampledFrom([]int{0, 0, 0, 1, 3, 9, 10, 15, 40, 200}).Draw(t, label))
					m.count(i, j, Count{Households: n, Persons: 2 * n})
					if m != &whole {
						whole.count(i, j, Count{Households: n, Persons: 2 * n})
					}
				}
			}
		}
		for i := range groups {
			add(&groups[i], "n")
		}
		if len(groups) == 0 {
			add(&whole, "n")
		}
		s.holdMoves(&whole, groups)
		tables := []*Moves{&whole}
		for i := range groups {
			tables = append(tables, &groups[i])
		}
		for _, m := range tables {
			for _, c := range m.all() {
				if c.Persons > 0 && !c.Held && s.tooFew(c.Households, c.Persons) {
					t.Fatalf("%+v is shown", *c)
				}
				if c.Persons == 0 && c.Held && !m.Held {
					t.Fatal("a count of nobody is held back")
				}
			}
		}
		for _, line := range linesOf(tables) {
			total, held, together := line[len(line)-1], 0, Count{}
			for _, c := range line[:len(line)-1] {
				if c.Held && c.Persons > 0 {
					held++
					together.add(*c)
				}
			}
			if held == 0 && total.Held && total.Persons > 0 {
				t.Fatal("a sum that is held back follows from its parts")
			}
			if !total.Held && held > 0 && (held == 1 || s.tooFew(together.Households, together.Persons)) {
				t.Fatalf("%d parts held back, of %+v together, follow from the sum", held, together)
			}
		}
	})
}
