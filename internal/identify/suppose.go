package identify

import (
	"context"

	"liandong/criteria"
	"liandong/internal/access"
	"liandong/internal/registry"
)

// Suppose explains what a document, as the request changes it, says of one household, and stores nothing. A household outside the scope is not
// found; answers that the reader sees only masked are not told.
func (r *Room) Suppose(ctx context.Context, scope access.Scope, q Request, household registry.ID) (*Explanation, error) {
	var err error
	if q.At, err = r.registry.Snapshot(ctx, q.At); err != nil {
		return nil, err
	}
	document := q.Document.Document
	if !q.Amendments.None() {
		if document, err = criteria.ParseAmended(q.Document.Text, forms, q.Amendments); err != nil {
			return nil, err
		}
	}
	evaluator, err := document.NewEvaluator(criteria.Settings{AsOf: q.At.AsOf, Parameters: q.Parameters})
	if err != nil {
		return nil, err
	}
	h, err := r.registry.Household(ctx, scope, household, q.At)
	if err != nil {
		return nil, err
	}
	_, x := evaluator.Explain(h.Record, h.ItemTitle)
	x.Hide(func(path string) bool { return hidden(r.registry.Form(), path, h.Clear) })
	run := Run{
		Document: document.ID(), Title: document.Title, Division: h.Village, AsOf: q.At.AsOf, KnownAt: q.At.KnownAt, InForce: document.Effective.InForce(q.At.AsOf),
		Parameters: q.Parameters, Amendments: q.Amendments,
	}
	return &Explanation{Run: run, Household: h, Explanation: x}, nil
}

// InBand reports whether a household's score may lie within a distance of the cut: a small error would turn it. It is false for everybody
// where the score is compared with no number.
func (e *Evaluation) InBand(width float64) func(r *Results, row int) bool {
	return func(r *Results, row int) bool {
		v := r.Verdict(row)
		return v.High >= e.cut-width && v.Low <= e.cut+width
	}
}
