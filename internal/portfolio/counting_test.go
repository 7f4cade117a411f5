package portfolio

import (
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"liandong/day"
	"liandong/money"
)

// histories is how many random histories one property draws: 100 properties are checked, so 500 in all, and 10,000 at night.
func histories() int {
	if os.Getenv("LIANDONG_NIGHTLY") != "" {
		return 100
	}
	return 5
}

// drawHistory is a random course of events over two years, several on one day, with repeated signings, upgrades, increases, changes of investor,
// revised budgets and phases.
func drawHistory(t *rapid.T) []Event {
	kinds := []EventKind{Signing, Signing, Upgrade, Increase, Investor, Revision, PhaseAdded, Statistics, Staged}
	n := rapid.IntRange(0, 12).Draw(t, "events")
	events := make([]Event, 0, n)
	for i := range n {
		e := Event{Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), On: day.MustOf(2014, 1, 1).AddDays(rapid.IntRange(0, 30).Draw(t, "day") * 25)}
		e.ID[15] = byte(i + 1)
		e.ID[0] = byte(rapid.IntRange(0, 3).Draw(t, "id"))
		if stated := rapid.Bool().Draw(t, "stated"); stated || e.Kind == Increase || e.Kind == Revision {
			amount := money.Fen(rapid.Int64Range(0, 1e12).Draw(t, "amount"))
			e.Amount, e.Basis = &amount, rapid.SampledFrom([]string{"total", "investment", "agreement"}).Draw(t, "basis")
		}
		events = append(events, e)
	}
	return events
}

// secondCount is the counting rules written down a second time, without walking: which event begins the count, which is the last that states the
// whole, what increases came after it, and whether a later signing filled in what the first left open.
func secondCount(events []Event, terminated bool) (counted bool, amount *money.Fen, at ID) {
	order := []EventKind{Signing, Investor, Revision, Increase, Upgrade, PhaseAdded}
	before := func(a, b Event) int {
		if a.On != b.On {
			return a.On.DaysSince(b.On)
		}
		if x, y := slices.Index(order, a.Kind), slices.Index(order, b.Kind); x != y {
			return x - y
		}
		return slices.Compare(a.ID[:], b.ID[:])
	}
	var all []Event
	for _, e := range events {
		if slices.Contains(order, e.Kind) {
			all = append(all, e)
		}
	}
	slices.SortFunc(all, before)
	begin := slices.IndexFunc(all, func(e Event) bool { return e.Kind == Signing || e.Kind == Investor || e.Kind == Increase })
	if begin < 0 || terminated {
		return false, nil, at
	}
	at = all[begin].ID
	whole := -1
	for i, e := range all {
		if e.Kind == Investor && i >= begin {
			at = e.ID
		}
		if e.Amount != nil && (e.Kind == Revision || e.Kind == Investor || i == begin) {
			whole = i
		}
	}
	known, total := whole >= 0, money.Fen(0)
	if known {
		total = *all[whole].Amount
	}
	for _, e := range all[max(whole+1, begin+1):] {
		if e.Kind == Increase {
			known, total = true, total+*e.Amount
		}
	}
	if whole < 0 {
		if i := slices.IndexFunc(all[begin+1:], func(e Event) bool { return e.Kind == Signing && e.Amount != nil }); i >= 0 {
			known, total = true, total+*all[begin+1+i].Amount
		}
	}
	if !known {
		return true, nil, at
	}
	return true, &total, at
}

func TestCountingRulesEqualASecondImplementationOverRandomHistories(t *testing.T) {
	t.Parallel()
	rules, err := ShippedCounting()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		for range histories() {
			events := drawHistory(t)
			stage := Signed
			if rapid.IntRange(0, 9).Draw(t, "terminated") == 0 {
				stage = Terminated
			}
			sorted := slices.Clone(events)
			rules.inOrder(sorted)
			got := rules.Count(sorted, stage)
			counted, amount, at := secondCount(events, stage == Terminated)
			if got.Counted != counted || !pointed(got.Amount, amount) || counted && got.At != at {
				t.Fatalf("%+v\ncounted %v %v at %v, the second implementation says %v %v at %v", sorted, got.Counted, got.Amount, got.At, counted, amount, at)
			}
		}
	})
}

func TestTheFourRulesInWords(t *testing.T) {
	t.Parallel()
	rules, err := ShippedCounting()
	if err != nil {
		t.Fatal(err)
	}
	fen := func(n money.Fen) *money.Fen { return &n }
	on := func(month int) day.Date { return day.MustOf(2015, month, 1) }
	for _, c := range []struct {
		name   string
		events []Event
		amount money.Fen
		at     day.Date
	}{
		{"signed twice", []Event{{Kind: Signing, On: on(1), Amount: fen(100)}, {Kind: Signing, On: on(3), Amount: fen(150)}}, 100, on(1)},
		{"upgraded", []Event{{Kind: Signing, On: on(1), Amount: fen(100)}, {Kind: Upgrade, On: on(3), Amount: fen(100)}}, 100, on(1)},
		{"more capital", []Event{{Kind: Signing, On: on(1), Amount: fen(100)}, {Kind: Increase, On: on(3), Amount: fen(30)}}, 130, on(1)},
		{"another investor", []Event{{Kind: Signing, On: on(1), Amount: fen(100)}, {Kind: Investor, On: on(3), Amount: fen(80)}}, 80, on(3)},
		{"a revised budget", []Event{{Kind: Signing, On: on(1), Amount: fen(100)}, {Kind: Revision, On: on(3), Amount: fen(120)}}, 120, on(1)},
		{"an increase alone", []Event{{Kind: Revision, On: on(1), Amount: fen(500)}, {Kind: Increase, On: on(3), Amount: fen(30)}}, 30, on(3)},
		{"a phase", []Event{{Kind: Signing, On: on(1), Amount: fen(100)}, {Kind: PhaseAdded, On: on(3), Amount: fen(40)}}, 100, on(1)},
	} {
		n := rules.Count(c.events, Signed)
		if n.Amount == nil || *n.Amount != c.amount || n.On != c.at {
			t.Errorf("%s: %v on %v, not %v on %v", c.name, n.Amount, n.On, c.amount, c.at)
		}
	}
	if n := rules.Count([]Event{{Kind: Signing, On: on(1), Amount: fen(100)}}, Terminated); n.Counted || n.Amount != nil {
		t.Error("a terminated project counts")
	}
}
