package registry

import (
	"context"

	"liandong/column"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/place"
)

// Standing is what a household is to the register on a day, more coarsely than its status.
type Standing uint8

// The standings.
const (
	StandingAbsent Standing = iota // no record that day: not yet entered, moved away, or of another division
	StandingPoor                   // registered poor
	StandingOut                    // out of poverty, with policies or without
	StandingOther                  // not registered, in natural decline, or removed
)

// Standings is how many standings there are.
const Standings = int(StandingOther) + 1

// Standing is the status's.
func (s Status) Standing() Standing {
	switch {
	case s.Poor():
		return StandingPoor
	case s == Out || s == OutWithPolicy:
		return StandingOut
	}
	return StandingOther
}

var standingTable = [...]struct {
	code string
	text errs.Text
}{
	StandingAbsent: {"absent", errs.Text{ZH: "无记录", EN: "No record"}},
	StandingPoor:   {"poor", errs.Text{ZH: "建档贫困", EN: "Registered poor"}},
	StandingOut:    {"out", errs.Text{ZH: "已脱贫", EN: "Out of poverty"}},
	StandingOther:  {"other", errs.Text{ZH: "其他（未建档、自然减少、清退）", EN: "Other: not registered, natural decline, removed"}},
}

// String is the standing's word in files.
func (s Standing) String() string { return standingTable[s].code }

// Text is the standing in both languages.
func (s Standing) Text() errs.Text { return standingTable[s].text }

// Moves counts the households of one division, and their members, by standing before and after. Members are those of the later day, or of the earlier
// for a household that has no record on the later. A household counts where it is on the later day, and one without a record there where it was.
type Moves struct {
	Division   place.ID
	Households [Standings][Standings]int64
	Persons    [Standings][Standings]int64
}

func (m *Moves) add(before, after Standing, members int64) {
	m.Households[before][after]++
	m.Persons[before][after] += members
}

// Transition counts who left poverty and who fell back between two moments in a division, as a whole and in each part of it at a level below. A
// household that moved to another village of its county is followed there; one that moved to another county is a record closed and another opened.
// The scope must hold the division.
func (r *Registry) Transition(ctx context.Context, scope access.Scope, division place.ID, before, after Moment, by place.Level) (whole Moves, parts []Moves, err error) {
	whole.Division = division
	if !scope.Contains(division) {
		return whole, nil, access.NotFound(errs.Text{ZH: "区划", EN: "division"})
	}
	var counties []place.ID
	for _, county := range r.Counties() {
		if division.Contains(county) || county.Contains(division) {
			counties = append(counties, county)
		}
	}
	if len(counties) == 0 {
		return whole, nil, access.NotFound(errs.Text{ZH: "区划", EN: "division"})
	}
	first, err := r.Segments(ctx, counties, before)
	if err != nil {
		return whole, nil, err
	}
	second, err := r.Segments(ctx, counties, after)
	if err != nil {
		return whole, nil, err
	}
	found := map[place.ID]int{}
	for i := range counties {
		eachMove(standingsOf(first[i]), standingsOf(second[i]), func(village place.ID, was, is Standing, members int64) {
			if !division.Contains(village) {
				return
			}
			whole.add(was, is, members)
			at := village.At(by)
			if _, seen := found[at]; !seen {
				found[at] = len(parts)
				parts = append(parts, Moves{Division: at})
			}
			parts[found[at]].add(was, is, members)
		})
	}
	return whole, parts, nil
}

// standing is one household of a segment.
type standing struct {
	id       ID
	village  place.ID
	standing Standing
	members  int64
}

// standingsOf lists a segment's households in the order of villages and ids.
func standingsOf(s *column.Segment) []standing {
	keys, members, status := s.Table.Keys(), s.Table.Lookup("members").Offsets(), s.Table.Lookup("register.status")
	all := make([]standing, keys.Len())
	for row := range all {
		code, _ := status.Value(row)
		all[row] = standing{ID(keys.ID(row)), place.ID(keys.Division[row]), Status(code).Standing(), int64(members[row+1] - members[row])}
	}
	return all
}

// eachMove calls for each household of either day, first those of the later day in their order.
func eachMove(before, after []standing, each func(village place.ID, was, is Standing, members int64)) {
	was := make(map[ID]int, len(before))
	for i := range before {
		was[before[i].id] = i
	}
	stayed := make([]bool, len(before))
	for _, h := range after {
		from := StandingAbsent
		if i, there := was[h.id]; there {
			from, stayed[i] = before[i].standing, true
		}
		each(h.village, from, h.standing, h.members)
	}
	for i, h := range before {
		if !stayed[i] {
			each(h.village, h.standing, StandingAbsent, h.members)
		}
	}
}
