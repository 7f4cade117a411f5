package identify

import (
	"context"
	"math"
	"sync"
	"time"

	"liandong/criteria"
	"liandong/day"
	"liandong/internal/access"
	"liandong/money"
	"liandong/place"
)

// WhatIf evaluates a document as it is and as the request changes it, over the same households, and stores nothing. What the document says as
// it is stays in memory, so that the next question about it costs one evaluation.
func (r *Room) WhatIf(ctx context.Context, actor access.Actor, q Request) (before, after *Evaluation, err error) {
	started := time.Now()
	scope, err := actor.Require(access.RunCriteria, day.InTime(started))
	if err != nil {
		return nil, nil, err
	}
	counties := r.countiesOf(q.Division)
	if !scope.Contains(q.Division) || len(counties) == 0 {
		return nil, nil, access.NotFound(noDivision())
	}
	if q.At, err = r.registry.Snapshot(ctx, q.At); err != nil {
		return nil, nil, err
	}
	changed, err := q.plan()
	if err != nil {
		return nil, nil, err
	}
	segments, err := r.registry.Segments(ctx, counties, q.At)
	if err != nil {
		return nil, nil, err
	}
	key := baseOf(&q, segments)
	if before = r.warm.find(key); before == nil {
		unchanged := q
		unchanged.Parameters, unchanged.Amendments = nil, criteria.Amendments{}
		plan, err := unchanged.plan()
		if err != nil {
			return nil, nil, err
		}
		if before, err = r.evaluate(ctx, &unchanged, plan, segments); err != nil {
			return nil, nil, err
		}
		r.warm.keep(key, before)
	}
	if after, err = r.evaluate(ctx, &q, changed, segments); err != nil {
		return nil, nil, err
	}
	after.Actor, after.Seconds = actor.ID, time.Since(started).Seconds()
	return before, after, nil
}

// Effect is what a changed document does to one division.
type Effect struct {
	Whole     Difference
	Parts     []Difference // at a level below
	Causes    []criteria.Cause
	Stability *Stability // nil where neither document scores
	Band      *Band      // nil where the score is compared with no number
	Agreement []Standing // how the conditions of being poor stand to each other
	Cost      *Cost      // nil where no price was given
}

// Stability is how far the order of households by score stays the same.
type Stability struct {
	Tau        float64 `json:"tau"` // Kendall's tau-b of the scores before and after, by the middle of each interval; NaN where all are equal
	Households int64   `json:"households"`
}

// Band counts the households whose score may lie within a distance of the cut, after the change: those whom a small error would turn.
type Band struct {
	Cut   float64 `json:"cut"`
	Width float64 `json:"width"` // points on either side
	Below Count   `json:"below"` // whose whole interval lies below the cut, and reaches into the band
	Above Count   `json:"above"` // whose whole interval lies at the cut or above
	Open  Count   `json:"open"`  // whose interval has the cut within it
}

// Standing counts the households for which the score, the other conditions of being poor and the village's vote say so or so. The vote is unknown
// where none is on record.
type Standing struct {
	Score  criteria.Truth `json:"score"`  // the looks say poor
	Income criteria.Truth `json:"income"` // the other conditions say poor
	Vote   criteria.Truth `json:"vote"`   // the village's meeting agreed that it is poor
	Count
}

// Apart reports whether two of the three say different things; what says nothing disagrees with nobody.
func (s *Standing) Apart() bool {
	said := criteria.Unknown
	for _, one := range []criteria.Truth{s.Score, s.Income, s.Vote} {
		if one == criteria.Unknown {
			continue
		}
		if said != criteria.Unknown && one != said {
			return true
		}
		said = one
	}
	return false
}

// Cost is what a measure at a price for each person would cost those whom a document takes in.
type Cost struct {
	Price  money.Fen `json:"price"`
	Before money.Fen `json:"before"`
	After  money.Fen `json:"after"`
}

// Weighing says what an effect is to tell.
type Weighing struct {
	Division place.ID
	By       place.Level
	Band     float64   // points on either side of the cut
	Price    money.Fen // for each person; 0 for none
}

// Weigh tells what a change does: who enters and leaves by division, what did it, how stable the order is, whom a small error would turn, how
// the conditions stand to each other, and what it costs. Both evaluations come from WhatIf.
func Weigh(scope access.Scope, before, after *Evaluation, w Weighing) (*Effect, error) {
	x := &Effect{}
	var err error
	var group sync.WaitGroup // each looks once over all households and none changes anything: as many at a time as there are cores
	group.Go(func() { x.Whole, x.Parts, err = Compare(scope, before, after, w.Division, w.By) })
	group.Go(func() { x.Causes = causes(before, after, w.Division) })
	group.Go(func() { x.Stability = stability(before, after, w.Division) })
	group.Go(func() { x.Band = after.band(w.Division, w.Band) })
	group.Go(func() { x.Agreement = after.standings(w.Division) })
	if w.Price > 0 {
		x.Cost = &Cost{Price: w.Price, Before: before.cost(w.Division, w.Price), After: after.cost(w.Division, w.Price)}
	}
	group.Wait()
	if err != nil {
		return nil, err
	}
	return x, nil
}

// causes adds up what did it, county by county. Both evaluations have their reasons.
func causes(first, second *Evaluation, division place.ID) []criteria.Cause {
	sum := []criteria.Cause{}
	at := map[string]int{}
	for _, p := range pairsOf(first, second, division) {
		if p.before == nil || p.after == nil {
			continue
		}
		for _, c := range p.causes() {
			key := c.Kind + " " + c.ID
			if k, ok := at[key]; ok {
				sum[k].Enter, sum[k].Leave = sum[k].Enter+c.Enter, sum[k].Leave+c.Leave
				continue
			}
			at[key] = len(sum)
			sum = append(sum, c)
		}
	}
	return sum
}

func (p *pairs) causes() []criteria.Cause {
	if p.aligned() {
		from, to := p.after.within(p.division)
		return criteria.Causes(p.before.verdicts, p.after.verdicts, from, to)
	}
	var before, after []int
	p.each(func(_ place.ID, _ uint16, was, is int) {
		if was >= 0 && is >= 0 && p.before.Outcome[was].Would() != p.after.Outcome[is].Would() {
			before, after = append(before, was), append(after, is)
		}
	})
	return criteria.Causes(p.before.verdicts.Gather(before), p.after.verdicts.Gather(after), 0, len(after))
}

func stability(before, after *Evaluation, division place.ID) *Stability {
	var ranks criteria.Ranks
	for i, r := range after.Counties {
		if i < len(before.Counties) && before.Counties[i].frame == r.frame && before.Counties[i].verdicts != nil && r.verdicts != nil {
			from, to := r.within(division)
			ranks.Add(before.Counties[i].verdicts, r.verdicts, from, to)
		}
	}
	tau, n := ranks.Tau()
	if n == 0 || math.IsNaN(tau) {
		return nil
	}
	return &Stability{tau, n}
}

func (e *Evaluation) band(division place.ID, width float64) *Band {
	if math.IsNaN(e.cut) {
		return nil
	}
	b := &Band{Cut: e.cut, Width: width}
	for _, r := range e.Counties {
		from, to := r.within(division)
		for i := from; i < to; i++ {
			low, high := r.score(i)
			if high < e.cut-width || low > e.cut+width {
				continue
			}
			switch {
			case high < e.cut:
				b.Below.add(r.Size[i])
			case low >= e.cut:
				b.Above.add(r.Size[i])
			default:
				b.Open.add(r.Size[i])
			}
		}
	}
	return b
}

// standings counts households by what the score, the other conditions and the village's vote say; nil where the document does not have both.
func (e *Evaluation) standings(division place.ID) []Standing {
	var table [3][3][3]Count
	for _, r := range e.Counties {
		if r.verdicts == nil {
			continue
		}
		_, scored := r.verdicts.Plan().Terms()
		looks, others := split(scored)
		if len(looks) == 0 || len(others) == 0 {
			return nil
		}
		from, to := r.within(division)
		score, income := r.verdicts.Together(looks), r.verdicts.Together(others)
		for i := from; i < to; i++ {
			table[score[i]][income[i]][r.vote[i]].add(r.Size[i])
		}
	}
	words := [3]criteria.Truth{criteria.No, criteria.Unknown, criteria.Yes} // as Together numbers them
	all := []Standing{}
	for s, row := range table {
		for i, votes := range row {
			for v, c := range votes {
				if c.Households > 0 {
					all = append(all, Standing{words[s], words[i], words[v], c})
				}
			}
		}
	}
	return all
}

func split(scored []bool) (looks, others []int) {
	for i, s := range scored {
		if s {
			looks = append(looks, i)
		} else {
			others = append(others, i)
		}
	}
	return looks, others
}

// cost is the price of everybody in households that would be taken in.
func (e *Evaluation) cost(division place.ID, price money.Fen) money.Fen {
	persons := int64(0)
	e.each(division, func(r *Results, i int) {
		if r.Outcome[i].Would() {
			persons += int64(r.Size[i])
		}
	})
	return price * money.Fen(persons)
}
