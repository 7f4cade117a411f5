package identify

import (
	"slices"

	"liandong/criteria"
	"liandong/internal/access"
	"liandong/place"
)

// Tally counts households, or their members, by outcome.
type Tally struct {
	Total        int64 `json:"total"`
	Proposed     int64 `json:"proposed"`
	NotProposed  int64 `json:"not_proposed"`
	Barred       int64 `json:"barred"`
	Review       int64 `json:"review"`
	Undetermined int64 `json:"undetermined"`
}

func (t *Tally) add(o criteria.Outcome, n int64) {
	t.Total += n
	switch o {
	case criteria.Proposed:
		t.Proposed += n
	case criteria.UnderReview:
		t.Review += n
	case criteria.Undetermined:
		t.Undetermined += n
	case criteria.Barred:
		t.Barred += n
	default:
		t.NotProposed += n
	}
}

// Would counts those who would be taken in, at once or after strict review.
func (t *Tally) Would() int64 { return t.Proposed + t.Review }

// Tallies are the totals of one division.
type Tallies struct {
	Division   place.ID
	Households Tally
	Members    Tally
}

// Totals counts the households of a division, and of each part of it at a level below: counties, townships or villages. The scope must
// hold the division whole: a total over a part would be read as the whole's.
func (e *Evaluation) Totals(scope access.Scope, division place.ID, by place.Level) (whole Tallies, parts []Tallies, err error) {
	if err := e.covers(scope, division); err != nil {
		return Tallies{}, nil, err
	}
	whole.Division = division
	for _, r := range e.Counties {
		r.eachPart(division, by, func(id place.ID, from, to int) {
			part := Tallies{Division: id}
			r.count(&part, from, to)
			whole.Households.take(&part.Households)
			whole.Members.take(&part.Members)
			if last := len(parts) - 1; last >= 0 && parts[last].Division == part.Division {
				parts[last].Households.take(&part.Households)
				parts[last].Members.take(&part.Members)
			} else {
				parts = append(parts, part)
			}
		})
	}
	return whole, parts, nil
}

// eachPart calls fn for the rows [from, to) of each part of a division, one after the other: rows stand in the order of villages.
func (r *Results) eachPart(division place.ID, by place.Level, fn func(part place.ID, from, to int)) {
	from, to := r.within(division)
	for from < to {
		part := r.Village[from].At(by)
		_, high := part.Interval()
		end, _ := slices.BinarySearch(r.Village[from:to], high)
		fn(part, from, from+end)
		from += end
	}
}

// count adds up rows [from, to) by outcome.
func (r *Results) count(t *Tallies, from, to int) {
	var households, members [criteria.Outcomes]int64
	for i, o := range r.Outcome[from:to] {
		households[o]++
		members[o] += int64(r.Size[from+i])
	}
	for o := range criteria.Outcomes {
		t.Households.add(criteria.Outcome(o), households[o])
		t.Members.add(criteria.Outcome(o), members[o])
	}
}

// take adds another tally up.
func (t *Tally) take(other *Tally) {
	t.Total += other.Total
	t.Proposed += other.Proposed
	t.NotProposed += other.NotProposed
	t.Barred += other.Barred
	t.Review += other.Review
	t.Undetermined += other.Undetermined
}

// covers refuses a division that the evaluation does not cover or the scope does not hold, in the same words.
func (e *Evaluation) covers(scope access.Scope, division place.ID) error {
	if !scope.Contains(division) || !e.Division.Contains(division) {
		return access.NotFound(noDivision())
	}
	return nil
}

// each calls fn for every household of a division in the order of villages.
func (e *Evaluation) each(division place.ID, fn func(r *Results, i int)) {
	for _, r := range e.Counties {
		from, to := r.within(division)
		for i := from; i < to; i++ {
			fn(r, i)
		}
	}
}
