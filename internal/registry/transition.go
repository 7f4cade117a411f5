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
		earlier, later := standingsOf(first[i]), standingsOf(second[i])
		EachPair(first[i], second[i], func(was, is int) {
			from, to := standing{}, standing{}
			if was >= 0 {
				from = earlier[was]
				to.village, to.members = from.village, from.members
			}
			if is >= 0 {
				to = later[is]
			}
			if !division.Contains(to.village) {
				return
			}
			whole.add(from.standing, to.standing, to.members)
			at := to.village.At(by)
			if _, seen := found[at]; !seen {
				found[at] = len(parts)
				parts = append(parts, Moves{Division: at})
			}
			parts[found[at]].add(from.standing, to.standing, to.members)
		})
	}
	return whole, parts, nil
}

// standing is one household of a segment; the zero one is that of a household without a record.
type standing struct {
	village  place.ID
	standing Standing
	members  int64
}

// standingsOf lists a segment's households in the order of its rows.
func standingsOf(s *column.Segment) []standing {
	keys, members, status := s.Table.Keys(), s.Table.Lookup("members").Offsets(), s.Table.Lookup("register.status")
	all := make([]standing, keys.Len())
	for row := range all {
		code, _ := status.Value(row)
		all[row] = standing{place.ID(keys.Division[row]), Status(code).Standing(), int64(members[row+1] - members[row])}
	}
	return all
}

// EachPair calls for each household of a county that has a record on either of two days, with its rows in the segments of both: first those of the later
// day in their order, then those that are there no more. A row is -1 where there is no record. Both segments must be of one county.
func EachPair(before, after *column.Segment, each func(before, after int)) {
	first, second := before.Table.Keys(), after.Table.Keys()
	was := make(map[ID]int, first.Len())
	for row := range first.Len() {
		was[ID(first.ID(row))] = row
	}
	stayed := make([]bool, first.Len())
	for row := range second.Len() {
		from, there := was[ID(second.ID(row))]
		if !there {
			each(-1, row)
			continue
		}
		stayed[from] = true
		each(from, row)
	}
	for row, there := range stayed {
		if !there {
			each(row, -1)
		}
	}
}
