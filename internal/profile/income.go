package profile

import (
	"context"
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"liandong/column"
	"liandong/criteria"
	"liandong/day"
	"liandong/errs"
	"liandong/internal/registry"
	"liandong/place"
)

// incomes are the incomes per head of one segment's households, in yuan a year; NaN where one is unknown.
type incomes struct {
	table  *column.Table
	values []float64
}

// heldIncomes is how many segments' incomes stay in memory, at 8 bytes a household: two days of a city of forty counties.
const heldIncomes = 80

// part is the households of one segment that a request is about: rows [from, to) of its table.
type part struct {
	*column.Segment
	from, to int
	income   []float64 // by row of the table
}

// parts reads the segments of a division with the incomes of their households.
func (r *Room) parts(ctx context.Context, division place.ID, at registry.Moment) ([]part, error) {
	counties := r.countiesOf(division)
	if len(counties) == 0 {
		return nil, noDivision()
	}
	segments, err := r.registry.Segments(ctx, counties, at)
	if err != nil {
		return nil, err
	}
	low, high := division.Interval()
	parts := make([]part, len(segments))
	for i, s := range segments {
		from, to := s.Table.Keys().Range(low, high)
		parts[i] = part{Segment: s, from: from, to: to}
		if parts[i].income, err = r.incomesOf(ctx, s.Table, at.AsOf); err != nil {
			return nil, err
		}
	}
	return parts, nil
}

// incomesOf derives the incomes of a table, or recalls them. They follow from the records alone: no date enters the document's income.
func (r *Room) incomesOf(ctx context.Context, table *column.Table, asOf day.Date) ([]float64, error) {
	if known := r.recall(table); known != nil {
		return known, nil
	}
	made := &incomes{table, make([]float64, table.Len())}
	const batch = 4096
	batches := (table.Len() + batch - 1) / batch
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), max(1, batches)) {
		evaluator, err := r.document.NewEvaluator(criteria.Settings{AsOf: asOf})
		if err != nil {
			return nil, err
		}
		group.Go(func() {
			for b := int(next.Add(1)) - 1; b < batches && ctx.Err() == nil; b = int(next.Add(1)) - 1 {
				for row := b * batch; row < min((b+1)*batch, table.Len()); row++ {
					made.values[row] = math.NaN()
					if v := evaluator.Derive(table.Row(row), r.rules.Income); v.Known {
						made.values[row] = v.Num
					}
				}
			}
		})
	}
	group.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r.hold(made)
	return made.values, nil
}

func (r *Room) recall(table *column.Table) []float64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, h := range r.held {
		if h.table == table {
			return h.values
		}
	}
	return nil
}

func (r *Room) hold(made *incomes) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.held = append([]*incomes{made}, r.held[:min(len(r.held), heldIncomes-1)]...)
}

// yearLine is the amount of the line in the year of the day, with where it comes from.
func (r *Room) yearLine(on day.Date) (float64, errs.Text, error) {
	for i := range r.document.Parameters {
		p := &r.document.Parameters[i]
		if p.Name != r.rules.Line {
			continue
		}
		if v := p.On(on); v.Known {
			return v.Num, errs.Text{ZH: p.Source, EN: "the line of the year in " + r.document.ID()}, nil
		}
	}
	return 0, errs.Text{}, noLine(on)
}

func noLine(on day.Date) error {
	return errs.New(errs.Invalid, "profile.line", "没有 "+on.String()[:4]+" 年的贫困标准。请自己给出贫困线。", "There is no line for the year "+on.String()[:4]+". Give one.")
}
