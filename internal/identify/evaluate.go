package identify

import (
	"cmp"
	"context"
	"math"
	"slices"
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
	At         registry.Moment     // the zero KnownAt is now
	Division   place.ID            // the city, a county, a township or a village
	Parameters map[string]float64  // a what-if: parameters with another value than the document's
	Amendments criteria.Amendments // a what-if: other weights, bars, parts
}

// asks reports whether the request changes the document, so that what comes out is never stored.
func (q *Request) asks() bool { return len(q.Parameters) > 0 || !q.Amendments.None() }

// Evaluation is a document's verdicts on every household of a division at a moment.
type Evaluation struct {
	Run
	Counties []*Results // in the order of their ids

	cut float64 // what the score is compared with; NaN where it is with nothing
}

// Results are the verdicts on one county's households, in columns, in the order of villages and within one of ids.
type Results struct {
	*frame

	Outcome []criteria.Outcome

	verdicts  *criteria.Verdicts // with the reasons; nil for a stored run that was read
	low, high []float64          // the score's interval, where verdicts is nil
}

// frame is what the register says of one county's households, whatever document looks at them. Evaluations of one segment share it.
type frame struct {
	County  place.ID
	Head    int64    // leaves of the county's ledger that the segment follows from
	Segment [32]byte // digest of the segment
	ID      []registry.ID
	Village []place.ID
	Size    []uint16          // members
	Status  []registry.Status // in the register, on the day

	vote []uint8 // what the village's vote said, as criteria counts truths together: 0 not poor, 1 nothing, 2 poor; nil for a run that was read from the store
}

// within gives the rows [from, to) of a division.
func (f *frame) within(division place.ID) (from, to int) {
	low, high := division.Interval()
	from, _ = slices.BinarySearch(f.Village, low)
	to, _ = slices.BinarySearch(f.Village, high)
	return from, to
}

// find gives the row of a household.
func (f *frame) find(id registry.ID) (int, bool) {
	i := slices.Index(f.ID, id)
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
	plan, err := q.plan() // before anything slow
	if err != nil {
		return nil, err
	}
	segments, err := r.registry.Segments(ctx, counties, q.At)
	if err != nil {
		return nil, err
	}
	e, err := r.evaluate(ctx, &q, plan, segments)
	if err != nil {
		return nil, err
	}
	e.Actor, e.Seconds = actor.ID, time.Since(started).Seconds()
	return e, nil
}

// plan makes the request's document, as it is changed, ready for columns.
func (q *Request) plan() (*criteria.Plan, error) {
	document := q.Document.Document
	if !q.Amendments.None() {
		var err error
		if document, err = criteria.ParseAmended(q.Document.Text, forms, q.Amendments); err != nil {
			return nil, err
		}
	}
	return document.Plan(criteria.Settings{AsOf: q.At.AsOf, Parameters: q.Parameters})
}

// countiesOf lists the counties of the register that a division covers or lies in.
func (r *Room) countiesOf(division place.ID) []place.ID {
	return slices.DeleteFunc(r.registry.Counties(), func(county place.ID) bool { return !division.Contains(county) && !county.Contains(division) })
}

// evaluate runs a plan over segments.
func (r *Room) evaluate(ctx context.Context, q *Request, plan *criteria.Plan, segments []*column.Segment) (*Evaluation, error) {
	e := &Evaluation{cut: math.NaN(), Run: Run{
		Document: q.Document.ID(), Title: q.Document.Title, AsOf: q.At.AsOf, KnownAt: q.At.KnownAt, Division: q.Division,
		InForce: q.Document.InForce(q.At.AsOf), Parameters: q.Parameters, Amendments: q.Amendments,
	}}
	if cut, ok := plan.Cut(); ok {
		e.cut = cut
	}
	ranges := make([]criteria.Range, len(segments))
	low, high := q.Division.Interval()
	for i, s := range segments {
		from, to := s.Table.Keys().Range(low, high)
		ranges[i] = criteria.Range{Table: s.Table, From: from, To: to}
		e.Counties = append(e.Counties, &Results{frame: r.frames.of(s, from, to)})
	}
	verdicts, err := plan.Evaluate(ctx, ranges...)
	if err != nil {
		return nil, err
	}
	for i, v := range verdicts {
		e.Counties[i].verdicts, e.Counties[i].Outcome = v, v.Outcomes()
	}
	return e, nil
}

// Verdict is what was said of the row.
func (r *Results) Verdict(row int) criteria.Verdict {
	if r.verdicts != nil {
		return r.verdicts.Verdict(row)
	}
	return criteria.Verdict{Outcome: r.Outcome[row], Low: r.low[row], High: r.high[row]}
}

// score is the interval of the row's score.
func (r *Results) score(row int) (low, high float64) {
	if r.verdicts != nil {
		return r.verdicts.Score(row)
	}
	return r.low[row], r.high[row]
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
