package identify

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"liandong/criteria"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/registry"
	"liandong/place"
)

// Count is a number of households and of their members.
type Count struct {
	Households int64 `json:"households"`
	Members    int64 `json:"members"`
}

func (c *Count) add(members uint16) {
	c.Households++
	c.Members += int64(members)
}

// take adds another count up.
func (c *Count) take(other Count) {
	c.Households += other.Households
	c.Members += other.Members
}

// Difference is how two evaluations differ in one division: who would be taken in by the second and not by the first, and the other way
// round. A household that only one of them knows enters or leaves with the register.
type Difference struct {
	Division place.ID
	Enter    Count
	Leave    Count
	Outcomes [criteria.Outcomes][criteria.Outcomes]int64 // households by outcome before and after, of those in both
}

// Changed is one household whose outcome differs.
type Changed struct {
	Household registry.ID
	Village   place.ID
	Size      uint16            // members after, or before where it is gone
	Before    *criteria.Verdict // nil where the first evaluation did not know it
	After     *criteria.Verdict // nil where the second does not
}

// Enters reports whether it would be taken in now and not before.
func (c *Changed) Enters() bool { return !would(c.Before) && would(c.After) }

// Leaves reports whether it would have been taken in before and not now.
func (c *Changed) Leaves() bool { return would(c.Before) && !would(c.After) }

func would(v *criteria.Verdict) bool { return v != nil && v.Outcome.Would() }

// Compare counts how the second evaluation differs from the first in a division, and in each part of it at a level below.
func Compare(scope access.Scope, first, second *Evaluation, division place.ID, by place.Level) (whole Difference, parts []Difference, err error) {
	for _, e := range []*Evaluation{first, second} {
		if err := e.covers(scope, division); err != nil {
			return Difference{}, nil, err
		}
	}
	whole.Division = division
	found := map[place.ID]*Difference{}
	at := func(part place.ID) *Difference {
		if found[part] == nil {
			found[part] = &Difference{Division: part}
		}
		return found[part]
	}
	for _, p := range pairsOf(first, second, division) {
		if p.aligned() {
			p.after.eachPart(division, by, func(part place.ID, from, to int) { at(part).count(p.before, p.after, from, to) })
			continue
		}
		p.each(func(village place.ID, size uint16, was, is int) {
			before, after := noOutcome, noOutcome
			if was >= 0 {
				before = p.before.Outcome[was]
			}
			if is >= 0 {
				after = p.after.Outcome[is]
			}
			at(village.At(by)).add(before, after, size)
		})
	}
	for _, d := range found {
		whole.take(d)
		parts = append(parts, *d)
	}
	slices.SortFunc(parts, func(a, b Difference) int { return cmp.Compare(a.Division, b.Division) })
	return whole, parts, nil
}

// noOutcome stands for a household that one of two evaluations does not know.
const noOutcome = criteria.Outcome(criteria.Outcomes)

func (d *Difference) add(before, after criteria.Outcome, size uint16) {
	if before != noOutcome && after != noOutcome {
		d.Outcomes[before][after]++
	}
	switch was, is := before != noOutcome && before.Would(), after != noOutcome && after.Would(); {
	case is && !was:
		d.Enter.add(size)
	case was && !is:
		d.Leave.add(size)
	}
}

// count adds rows [from, to) up, which are the same households in both.
func (d *Difference) count(before, after *Results, from, to int) {
	var turned [criteria.Outcomes][criteria.Outcomes]Count
	is := after.Outcome[from:to]
	size := after.Size[from:to]
	for i, was := range before.Outcome[from:to] {
		turned[was][is[i]].add(size[i])
	}
	for was := range turned {
		for is, c := range turned[was] {
			d.Outcomes[was][is] += c.Households
			switch in, out := criteria.Outcome(is).Would(), criteria.Outcome(was).Would(); {
			case in && !out:
				d.Enter.take(c)
			case out && !in:
				d.Leave.take(c)
			}
		}
	}
}

// take adds another difference up.
func (d *Difference) take(other *Difference) {
	d.Enter.take(other.Enter)
	d.Leave.take(other.Leave)
	for i := range d.Outcomes {
		for k := range d.Outcomes[i] {
			d.Outcomes[i][k] += other.Outcomes[i][k]
		}
	}
}

// ChangedOutcomes lists the households of the scope whose outcome differs, in the order of villages, from the offset on.
func ChangedOutcomes(scope access.Scope, first, second *Evaluation, division place.ID, want func(*Changed) bool, offset, limit int) []Changed {
	var out []Changed
	eachPair(first, second, division, func(c Changed) {
		same := c.Before != nil && c.After != nil && c.Before.Outcome == c.After.Outcome
		if same || !scope.Contains(c.Village) || !want(&c) {
			return
		}
		if offset--; offset < 0 && len(out) < limit {
			out = append(out, c)
		}
	})
	return out
}

// eachPair calls fn for every household that either evaluation has in the division, county by county. One that moved within its county
// counts where it is after.
func eachPair(first, second *Evaluation, division place.ID, fn func(Changed)) {
	for _, p := range pairsOf(first, second, division) {
		p.each(func(village place.ID, size uint16, was, is int) {
			c := Changed{Village: village, Size: size}
			if was >= 0 {
				v := p.before.Verdict(was)
				c.Before, c.Household = &v, p.before.ID[was]
			}
			if is >= 0 {
				v := p.after.Verdict(is)
				c.After, c.Household = &v, p.after.ID[is]
			}
			fn(c)
		})
	}
}

// pairs are the households of one county in two evaluations.
type pairs struct {
	before, after *Results // nil where the evaluation lacks the county
	division      place.ID
}

func pairsOf(first, second *Evaluation, division place.ID) []pairs {
	var all []pairs
	for _, county := range bothCounties(first, second) {
		all = append(all, pairs{first.county(county), second.county(county), division})
	}
	return all
}

// aligned reports whether both evaluations looked at the same rows of the same segment.
func (p *pairs) aligned() bool {
	return p.before != nil && p.after != nil && p.before.frame == p.after.frame
}

// each calls fn for every household with its rows, -1 where one evaluation does not have it: in the order after, then those that are gone.
func (p *pairs) each(fn func(village place.ID, size uint16, was, is int)) {
	if p.aligned() {
		from, to := p.after.within(p.division)
		for i := from; i < to; i++ {
			fn(p.after.Village[i], p.after.Size[i], i, i)
		}
		return
	}
	was, gone := p.match()
	if p.after != nil {
		from, to := p.after.within(p.division)
		for i := from; i < to; i++ {
			fn(p.after.Village[i], p.after.Size[i], int(was[i-from]), i)
		}
	}
	for _, i := range gone {
		fn(p.before.Village[i], p.before.Size[i], i, -1)
	}
}

// match finds for every row after the row before of the same household, and the rows before that are gone. Both sides are in the order of villages
// and ids, so that one walk finds all but those who moved.
func (p *pairs) match() (was []int32, gone []int) {
	var i, end, at, to int
	if p.before != nil {
		i, end = p.before.within(p.division)
	}
	if p.after != nil {
		at, to = p.after.within(p.division)
	}
	from := at
	was = make([]int32, to-at)
	moved := map[registry.ID]int{}
	for i < end || at < to {
		switch order := p.order(i, end, at, to); {
		case order < 0:
			moved[p.before.ID[i]] = i
			i++
		case order > 0:
			was[at-from] = -1
			at++
		default:
			was[at-from] = int32(i)
			i, at = i+1, at+1
		}
	}
	if len(moved) == 0 {
		return was, nil
	}
	for k, row := range was {
		if row >= 0 {
			continue
		}
		if before, ok := moved[p.after.ID[from+k]]; ok {
			was[k] = int32(before)
			delete(moved, p.after.ID[from+k])
		}
	}
	return was, slices.Sorted(maps.Values(moved))
}

// order compares the row before with the row after; an end comes behind everything.
func (p *pairs) order(i, end, at, to int) int {
	switch {
	case i == end:
		return 1
	case at == to:
		return -1
	}
	return cmp.Or(cmp.Compare(p.before.Village[i], p.after.Village[at]), bytes.Compare(p.before.ID[i][:], p.after.ID[at][:]))
}

func bothCounties(first, second *Evaluation) []place.ID {
	var all []place.ID
	for _, e := range []*Evaluation{first, second} {
		for _, r := range e.Counties {
			all = append(all, r.County)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Reason is one thing that two explanations of a household say differently.
type Reason struct {
	What   errs.Text `json:"what"`
	Before errs.Text `json:"before"`
	After  errs.Text `json:"after"`
}

// Why lists what made the difference to a household between two stored runs: parts that score otherwise, bars that are met or no longer
// met, and the condition of being poor with the numbers it rests on.
func (r *Room) Why(ctx context.Context, scope access.Scope, first, second uuid.UUID, household registry.ID) ([]Reason, error) {
	before, err := r.Explain(ctx, scope, first, household)
	if err != nil {
		return nil, err
	}
	after, err := r.Explain(ctx, scope, second, household)
	if err != nil {
		return nil, err
	}
	return reasons(before.Explanation, after.Explanation), nil
}

// said is what an explanation says of one thing.
type said struct {
	title errs.Text
	words errs.Text
}

func reasons(before, after *criteria.Explanation) []Reason {
	var order []string
	was, is := map[string]said{}, map[string]said{}
	gather(before, was, &order)
	gather(after, is, &order)
	absent := errs.Text{ZH: "没有这一项", EN: "no such item"}
	out := []Reason{}
	seen := map[string]bool{}
	for _, key := range order {
		b, inBefore := was[key]
		a, inAfter := is[key]
		if seen[key] || b.words == a.words {
			continue
		}
		seen[key] = true
		reason := Reason{What: a.title, Before: b.words, After: a.words}
		if !inAfter {
			reason.What, reason.After = b.title, absent
		}
		if !inBefore {
			reason.Before = absent
		}
		out = append(out, reason)
	}
	return out
}

// gather takes an explanation apart into named statements.
func gather(x *criteria.Explanation, into map[string]said, order *[]string) {
	put := func(key string, title, words errs.Text) {
		into[key] = said{title, words}
		*order = append(*order, key)
	}
	for _, g := range x.Indicators {
		for _, p := range g.Parts {
			words := errs.Text{ZH: "不明", EN: "unknown"}
			if p.Known {
				points := strconv.FormatFloat(p.Points, 'f', -1, 64)
				words = errs.Text{ZH: points + " 分", EN: points + " points"}
			}
			put("part "+g.ID+"."+p.ID, errs.Text{ZH: g.Title.ZH + "：" + p.Title.ZH, EN: g.Title.EN + ": " + p.Title.EN}, words)
		}
	}
	for _, b := range x.Bars {
		put("bar "+b.ID, b.Title, truthText(b.Met))
	}
	for _, n := range x.Derived {
		put("derived "+n.Name, errs.Text{ZH: n.Name, EN: n.Name}, numberText(n))
	}
	for _, n := range x.Parameters {
		put("parameter "+n.Name, n.Title, numberText(n))
	}
	put("poor", errs.Text{ZH: "贫困条件", EN: "Condition of being poor"}, truthText(x.Poor.Holds))
	score := fmt.Sprintf("%v", x.Score[0])
	if x.Score[0] != x.Score[1] {
		score = fmt.Sprintf("%v ~ %v", x.Score[0], x.Score[1])
	}
	put("score", errs.Text{ZH: "得分", EN: "Score"}, errs.Text{ZH: score, EN: score})
}

func truthText(t criteria.Truth) errs.Text {
	switch t {
	case criteria.Yes:
		return errs.Text{ZH: "是", EN: "yes"}
	case criteria.No:
		return errs.Text{ZH: "否", EN: "no"}
	}
	return errs.Text{ZH: "不明", EN: "unknown"}
}

func numberText(n criteria.ExplainedNumber) errs.Text {
	if !n.Known {
		return errs.Text{ZH: "不明", EN: "unknown"}
	}
	text := strconv.FormatFloat(n.Value, 'f', -1, 64)
	return errs.Text{ZH: text, EN: text}
}
