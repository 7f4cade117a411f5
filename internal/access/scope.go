package access

import (
	"slices"
	"strings"

	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/place"
)

// Grant gives a role over a territory for a time.
type Grant struct {
	Role        Role
	Territory   place.ID
	From, Until day.Date // first and last day; zero where open
}

func (g Grant) holds(on day.Date) bool {
	return (g.From.IsZero() || !on.Before(g.From)) && (g.Until.IsZero() || !on.After(g.Until))
}

// Actor is somebody who acts: a person with an account, or a command at the keyboard of the machine.
type Actor struct {
	ID     string // the account's id, or the name of a command's user
	Name   string
	Grants []Grant
}

// Console is the actor of a command that runs on the machine itself with the city's files in reach: whoever can start it can read the
// files anyway, so it may do everything within the whole country, and everything it does is logged under the operating system's user name.
func Console(user string) Actor {
	a := Actor{ID: "console:" + user, Name: user}
	for _, d := range duties {
		a.Grants = append(a.Grants, Grant{Role: d.role, Territory: place.Country})
	}
	return a
}

// interval is a run of division ids, low included, high excluded.
type interval struct{ low, high place.ID }

// Scope is the set of divisions an actor may act on: disjoint intervals of the division tree in order. The zero Scope is nothing.
type Scope struct {
	intervals []interval
	clear     []clearing
}

// clearing says up to which sensitivity a part of the scope is shown without a mask.
type clearing struct {
	interval
	sensitivity form.Sensitivity
}

// Scope is the one decision of access: where the actor may do the action on the day. Every territory that a grant of a role with the action
// names is in it, with everything below; nothing else is.
func (a Actor) Scope(action Action, on day.Date) Scope {
	var s Scope
	for _, g := range a.Grants {
		if !g.Role.May(action) || !g.holds(on) {
			continue
		}
		low, high := g.Territory.Interval()
		s.intervals = append(s.intervals, interval{low, high})
		s.clear = append(s.clear, clearing{interval{low, high}, g.Role.duty().clear})
	}
	s.intervals = disjoint(s.intervals)
	return s
}

// disjoint sorts intervals and joins those that touch.
func disjoint(in []interval) []interval {
	slices.SortFunc(in, func(a, b interval) int { return int(min(max(a.low-b.low, -1), 1)) })
	var out []interval
	for _, i := range in {
		if n := len(out); n > 0 && i.low <= out[n-1].high {
			out[n-1].high = max(out[n-1].high, i.high)
			continue
		}
		out = append(out, i)
	}
	return out
}

// IsEmpty reports whether nothing is in scope.
func (s Scope) IsEmpty() bool { return len(s.intervals) == 0 }

// Contains reports whether the division, with all below it, is in scope.
func (s Scope) Contains(id place.ID) bool {
	low, high := id.Interval()
	for _, i := range s.intervals {
		if i.low <= low && high <= i.high {
			return true
		}
	}
	return false
}

// Touches reports whether any part of the division is in scope: a county touches the scope of one of its villages.
func (s Scope) Touches(id place.ID) bool {
	low, high := id.Interval()
	for _, i := range s.intervals {
		if i.low < high && low < i.high {
			return true
		}
	}
	return false
}

// Within is the part of the scope that lies in the division: what a filter by division leaves.
func (s Scope) Within(id place.ID) Scope {
	low, high := id.Interval()
	out := Scope{clear: s.clear}
	for _, i := range s.intervals {
		if l, h := max(i.low, low), min(i.high, high); l < h {
			out.intervals = append(out.intervals, interval{l, h})
		}
	}
	return out
}

// Predicate renders the scope over a column of division ids, with its arguments. An empty scope is a predicate that nothing meets.
func (s Scope) Predicate(column string) (sql string, args []any) {
	if s.IsEmpty() {
		return "1 = 0", nil
	}
	terms := make([]string, len(s.intervals))
	for k, i := range s.intervals {
		terms[k] = "(" + column + " >= ? AND " + column + " < ?)"
		args = append(args, int64(i.low), int64(i.high))
	}
	if len(terms) == 1 {
		return terms[0], args
	}
	return "(" + strings.Join(terms, " OR ") + ")", args
}

// Mask sets bit i of words for every id in scope and clears all others. words holds at least ⌈len(ids)/64⌉ words.
func (s Scope) Mask(ids []int64, words []uint64) {
	clear(words)
	for k, id := range ids {
		for _, i := range s.intervals {
			if int64(i.low) <= id && id < int64(i.high) {
				words[k>>6] |= 1 << (k & 63)
				break
			}
		}
	}
}

// AtLeast is the part of the scope where answers of the sensitivity are shown without a mask. Filters and searches by such answers run over it
// alone, because a count or a hit tells what a mask hides.
func (s Scope) AtLeast(sensitivity form.Sensitivity) Scope {
	out := Scope{clear: s.clear}
	for _, c := range s.clear {
		if c.sensitivity < sensitivity {
			continue
		}
		for _, i := range s.intervals {
			if l, h := max(i.low, c.low), min(i.high, c.high); l < h {
				out.intervals = append(out.intervals, interval{l, h})
			}
		}
	}
	out.intervals = disjoint(out.intervals)
	return out
}

// Clear is the highest sensitivity that is shown without a mask for a record of the division.
func (s Scope) Clear(id place.ID) form.Sensitivity {
	highest := form.Plain
	for _, c := range s.clear {
		if c.low <= id && id < c.high {
			highest = max(highest, c.sensitivity)
		}
	}
	return highest
}

// Shows reports whether a field of a record in the division is written without a mask. Encrypted answers never are: they are shown one by one,
// with a reason.
func (s Scope) Shows(id place.ID, f *form.Field) bool {
	return f.Sensitivity < form.Encrypted && f.Sensitivity <= s.Clear(id)
}

// NotFound is what whoever asks for something outside their scope is told: the same as for something that is not there.
func NotFound(what errs.Text) error {
	return errs.New(errs.NotFound, "access.NotFound",
		"没有找到这个"+what.ZH+",或不在您的管辖范围内。", "There is no such "+what.EN+", or it is outside your territory.")
}

// Require gives the actor's scope for the action, or says that the role may not do it anywhere.
func (a Actor) Require(action Action, on day.Date) (Scope, error) {
	s := a.Scope(action, on)
	if s.IsEmpty() {
		return s, errs.New(errs.Forbidden, "access.Require",
			"您的角色没有这项权限。需要时请向安全管理员申请。", "Your role does not allow this. Ask the security administrator if you need it.")
	}
	return s, nil
}

// MaskName hides a name but for its first and, from three characters on, its last character: 张*明, 张*.
func MaskName(name string) string {
	runes := []rune(name)
	switch len(runes) {
	case 0, 1:
		return name
	case 2:
		return string(runes[0]) + "*"
	}
	return string(runes[0]) + strings.Repeat("*", len(runes)-2) + string(runes[len(runes)-1])
}
