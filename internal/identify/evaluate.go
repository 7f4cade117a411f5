package identify

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"liandong/column"
	"liandong/criteria"
	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/registry"
	"liandong/place"
)

// Request says what to evaluate.
type Request struct {
	Document   Document
	At         registry.Moment    // the zero KnownAt is now
	Division   place.ID           // the city, a county, a township or a village
	Parameters map[string]float64 // a what-if: parameters with another value than the document's
}

// Evaluation is a document's verdicts on every household of a division at a moment.
type Evaluation struct {
	Run
	Counties []*Results // in the order of their ids
}

// Results are the verdicts on one county's households, in columns, in the order of villages and within one of ids.
type Results struct {
	County  place.ID
	Head    int64    // leaves of the county's ledger that the segment follows from
	Segment [32]byte // digest of the segment
	ID      []registry.ID
	Village []place.ID
	Size    []uint16          // members
	Status  []registry.Status // in the register, on the day
	Outcome []criteria.Outcome
	Low     []float64 // the score's interval
	High    []float64
}

// within gives the rows [from, to) of a division.
func (r *Results) within(division place.ID) (from, to int) {
	low, high := division.Interval()
	from, _ = slices.BinarySearch(r.Village, low)
	to, _ = slices.BinarySearch(r.Village, high)
	return from, to
}

// find gives the row of a household.
func (r *Results) find(id registry.ID) (int, bool) {
	i := slices.Index(r.ID, id)
	return i, i >= 0
}

// Evaluate runs a document over the households of a division and stores nothing.
func (r *Room) Evaluate(ctx context.Context, actor access.Actor, q Request) (*Evaluation, error) {
	started := time.Now()
	scope, err := actor.Require(access.RunCriteria, day.InTime(started))
	if err != nil {
		return nil, err
	}
	counties := r.countiesOf(q.Division)
	if !scope.Contains(q.Division) || len(counties) == 0 {
		return nil, access.NotFound(noDivision())
	}
	// Everything below reads one state of the register, whatever is written meanwhile.
	if q.At, err = r.registry.Snapshot(ctx, q.At); err != nil {
		return nil, err
	}
	settings := criteria.Settings{AsOf: q.At.AsOf, Parameters: q.Parameters}
	if _, err := q.Document.NewEvaluator(settings); err != nil { // before anything slow
		return nil, err
	}
	segments, err := r.registry.Segments(ctx, counties, q.At)
	if err != nil {
		return nil, err
	}
	e := &Evaluation{Run: Run{
		Document: q.Document.ID(), Title: q.Document.Title, AsOf: q.At.AsOf, KnownAt: q.At.KnownAt, Division: q.Division, InForce: q.Document.Effective.InForce(q.At.AsOf),
		Actor: actor.ID, Parameters: q.Parameters,
	}}
	if err := e.evaluate(ctx, q.Document.Document, settings, segments); err != nil {
		return nil, err
	}
	e.Seconds = time.Since(started).Seconds()
	return e, nil
}

// countiesOf lists the counties of the register that a division covers or lies in.
func (r *Room) countiesOf(division place.ID) []place.ID {
	return slices.DeleteFunc(r.registry.Counties(), func(county place.ID) bool { return !division.Contains(county) && !county.Contains(division) })
}

// batch is a run of rows that one goroutine takes at a time, so that a small county does not wait for a large one.
const batch = 4096

type span struct{ county, from, to int }

func (e *Evaluation) evaluate(ctx context.Context, document *criteria.Document, settings criteria.Settings, segments []*column.Segment) error {
	var spans []span
	for i, s := range segments {
		keys := s.Table.Keys()
		low, high := e.Division.Interval()
		from, to := keys.Range(low, high)
		e.Counties = append(e.Counties, newResults(s, from, to))
		for at := from; at < to; at += batch {
			spans = append(spans, span{i, at - from, min(at+batch, to) - from})
		}
	}
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), max(1, len(spans))) {
		evaluator, err := document.NewEvaluator(settings)
		if err != nil {
			return err
		}
		group.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(spans)) && ctx.Err() == nil; i = next.Add(1) - 1 {
				s := spans[i]
				segment := segments[s.county]
				low, _ := e.Division.Interval()
				first, _ := segment.Table.Keys().Range(low, low)
				e.Counties[s.county].judge(evaluator, segment.Table, first, s.from, s.to)
			}
		})
	}
	group.Wait()
	return ctx.Err()
}

// newResults copies what the register says of rows [from, to) of a segment and makes room for the verdicts.
func newResults(s *column.Segment, from, to int) *Results {
	n := to - from
	r := &Results{
		County: s.County, Head: s.Head, Segment: s.Table.Digest(), ID: make([]registry.ID, n), Village: make([]place.ID, n), Size: make([]uint16, n),
		Status: make([]registry.Status, n), Outcome: make([]criteria.Outcome, n), Low: make([]float64, n), High: make([]float64, n),
	}
	keys, members, status := s.Table.Keys(), s.Table.Lookup("members").Offsets(), s.Table.Lookup("register.status")
	for i := range n {
		row := from + i
		code, _ := status.Value(row)
		r.ID[i], r.Village[i] = keys.ID(row), place.ID(keys.Division[row])
		r.Size[i], r.Status[i] = uint16(members[row+1]-members[row]), registry.Status(code)
	}
	return r
}

// judge evaluates rows [from, to), of which the first is the table's first-th.
func (r *Results) judge(evaluator *criteria.Evaluator, table *column.Table, first, from, to int) {
	for i := from; i < to; i++ {
		v := evaluator.Evaluate(table.Row(first + i))
		r.Outcome[i], r.Low[i], r.High[i] = v.Outcome, v.Low, v.High
	}
}

// Verdict is what was said of the row.
func (r *Results) Verdict(row int) criteria.Verdict {
	return criteria.Verdict{Outcome: r.Outcome[row], Low: r.Low[row], High: r.High[row]}
}

// household finds one.
func (e *Evaluation) household(id registry.ID) (*Results, int, bool) {
	for _, r := range e.Counties {
		if i, ok := r.find(id); ok {
			return r, i, true
		}
	}
	return nil, 0, false
}

// county finds a county's results.
func (e *Evaluation) county(id place.ID) *Results {
	i, ok := slices.BinarySearchFunc(e.Counties, id, func(r *Results, id place.ID) int { return cmp.Compare(r.County, id) })
	if !ok {
		return nil
	}
	return e.Counties[i]
}

func noDivision() errs.Text { return errs.Text{ZH: "区划", EN: "division"} }
