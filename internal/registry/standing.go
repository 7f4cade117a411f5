package registry

import (
	"liandong/column"
	"liandong/errs"
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
