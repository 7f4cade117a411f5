package portfolio

import (
	"context"
	"sync"

	"liandong/day"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/money"
)

// YearMoney says of some projects what they plan to have invested by the end of a year, beside what arrived and what was spent so far. All three are
// sums since the beginning of projects that count; a project adds to a sum only what it states.
type YearMoney struct {
	Until    day.Date  // 31 December
	Counted  int64     // projects that count
	Planning int64     // of them, those with a plan by year
	Reported int64     // of them, those with a report of money
	Planned  money.Fen // by the plans of the years up to Until; a revised amount stands in place of the first of its year and source
	Arrived  money.Fen
	Spent    money.Fen
}

// YearMoney adds up the projects of a filter to the end of the year of the moment's day.
func (r *Room) YearMoney(ctx context.Context, scope access.Scope, f Filter, m Moment) (YearMoney, error) {
	out := YearMoney{Until: day.MustOf(m.AsOf.Year(), 12, 31)}
	all, err := r.filtered(ctx, scope, f, m)
	if err != nil {
		return out, err
	}
	planned, err := read(ctx, r, func(tx *db.Tx) (map[ID]money.Fen, error) {
		v, err := r.viewAt(tx, m)
		if err != nil {
			return nil, err
		}
		return v.plans.get(tx, m)
	})
	if err != nil {
		return out, err
	}
	for _, s := range all {
		if s.Counted {
			out.add(s, planned)
		}
	}
	return out, nil
}

func (y *YearMoney) add(s *State, planned map[ID]money.Fen) {
	y.Counted++
	if amount, has := planned[s.Project]; has {
		y.Planning++
		y.Planned += amount
	}
	if s.Arrived != nil || s.Spent != nil {
		y.Reported++
	}
	if s.Arrived != nil {
		y.Arrived += *s.Arrived
	}
	if s.Spent != nil {
		y.Spent += *s.Spent
	}
}

// plans are what every project of a view plans by the end of the year; read when first asked for, because the documents are many.
type plans struct {
	mu      sync.Mutex
	planned map[ID]money.Fen
}

func (p *plans) get(tx *db.Tx, m Moment) (map[ID]money.Fen, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.planned != nil {
		return p.planned, nil
	}
	documents, err := standingAt[*Project](tx, ProjectKind, m)
	if err != nil {
		return nil, err
	}
	planned := map[ID]money.Fen{}
	for _, d := range documents {
		if amount, has := d.Document.plannedUntil(m.AsOf.Year()); has {
			planned[d.ID] = amount
		}
	}
	p.planned = planned
	return planned, nil
}

// plannedUntil adds up the plan of the years up to one; false where there is no plan at all.
func (p *Project) plannedUntil(year int) (sum money.Fen, has bool) {
	type part struct {
		year   int
		source string
	}
	latest := map[part]Allocation{}
	for _, a := range p.Plan {
		key := part{a.Year, a.Source}
		if old, there := latest[key]; a.Year <= year && (!there || a.Revised || !old.Revised) {
			latest[key] = a
		}
	}
	for _, a := range latest {
		sum += a.Amount
	}
	return sum, len(p.Plan) > 0
}
