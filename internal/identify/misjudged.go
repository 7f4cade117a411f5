package identify

import (
	"liandong/criteria"
	"liandong/internal/access"
	"liandong/internal/registry"
	"liandong/place"
)

// Agreement is how a run's proposals and the register's status of the run's day stand to each other in one division. Undetermined
// households agree with nothing and are counted apart.
type Agreement struct {
	Division     place.ID `json:"-"`
	Registered   Count    `json:"registered"`    // would be taken in, and are registered poor
	Outside      Count    `json:"outside"`       // would not, and are not
	Included     Count    `json:"included"`      // 疑似错评: registered poor, though the document would not take them in
	Missed       Count    `json:"missed"`        // 疑似漏评: the document would take them in, but they are not registered
	Undetermined Count    `json:"undetermined"`  // the answers do not suffice
	Registration Count    `json:"register_poor"` // registered poor in all
}

// Share is the share of determined households about which the document and the register agree; NaN where there are none.
func (a *Agreement) Share() float64 {
	agree := a.Registered.Households + a.Outside.Households
	return float64(agree) / float64(agree+a.Included.Households+a.Missed.Households)
}

// Judgement says on which side a household of a run stands.
type Judgement uint8

// The judgements of [Agreement].
const (
	Agreed Judgement = iota
	Included
	Missed
	Unsettled
)

func (r *Results) judgement(i int) Judgement {
	poor, o := r.Status[i].Poor(), r.Outcome[i]
	switch {
	case o == criteria.Undetermined:
		return Unsettled
	case poor == o.Would():
		return Agreed
	case poor:
		return Included
	}
	return Missed
}

// Agreement compares the proposals with the register, for a division and each part of it at a level below.
func (e *Evaluation) Agreement(scope access.Scope, division place.ID, by place.Level) (whole Agreement, parts []Agreement, err error) {
	if err := e.covers(scope, division); err != nil {
		return Agreement{}, nil, err
	}
	whole.Division = division
	for _, r := range e.Counties {
		r.eachPart(division, by, func(part place.ID, from, to int) {
			counts := r.standing(from, to)
			if last := len(parts) - 1; last < 0 || parts[last].Division != part {
				parts = append(parts, Agreement{Division: part})
			}
			counts.addTo(&parts[len(parts)-1])
			counts.addTo(&whole)
		})
	}
	return whole, parts, nil
}

// standing counts rows by whether the register calls them poor and by outcome.
type standing [2][criteria.Outcomes]Count

func (r *Results) standing(from, to int) (s standing) {
	for i, o := range r.Outcome[from:to] {
		registered := 0
		if r.Status[from+i].Poor() {
			registered = 1
		}
		s[registered][o].add(r.Size[from+i])
	}
	return s
}

func (s *standing) addTo(a *Agreement) {
	for registered := range s {
		for o, c := range s[registered] {
			poor, outcome := registered == 1, criteria.Outcome(o)
			if poor {
				a.Registration.take(c)
			}
			switch {
			case outcome == criteria.Undetermined:
				a.Undetermined.take(c)
			case poor && outcome.Would():
				a.Registered.take(c)
			case poor:
				a.Included.take(c)
			case outcome.Would():
				a.Missed.take(c)
			default:
				a.Outside.take(c)
			}
		}
	}
}

// Household is one household of a run.
type Household struct {
	ID      registry.ID
	Village place.ID
	Size    uint16
	Status  registry.Status
	Row     int // in the county's results
	County  *Results
}

// Households lists the households of a division within the scope that are wanted, in the order of villages, from the offset on, and counts
// all of them.
func (e *Evaluation) Households(scope access.Scope, division place.ID, want func(r *Results, row int) bool, offset, limit int) (page []Household, total int) {
	e.each(division, func(r *Results, i int) {
		if !want(r, i) || !scope.Contains(r.Village[i]) {
			return
		}
		if total++; total > offset && len(page) < limit {
			page = append(page, Household{r.ID[i], r.Village[i], r.Size[i], r.Status[i], i, r})
		}
	})
	return page, total
}

// Judged gives the households on one side, for Households.
func Judged(j Judgement) func(r *Results, row int) bool {
	return func(r *Results, row int) bool { return r.judgement(row) == j }
}
