package identify

import (
	"context"
	"slices"

	"liandong/criteria"
	"liandong/internal/access"
	"liandong/internal/registry"
	"liandong/place"
)

// Causes tells what made households of a division enter and leave between two stored runs: which parts, bars and conditions say otherwise of
// them. Runs are stored with their verdicts alone; the reasons are made again from the register at both dates and the documents' stored texts,
// and their outcomes must be those that were stored.
func (r *Room) Causes(ctx context.Context, scope access.Scope, first, second *Evaluation, division place.ID) ([]criteria.Cause, error) {
	for _, e := range []**Evaluation{&first, &second} {
		if err := (*e).covers(scope, division); err != nil {
			return nil, err
		}
		reasoned, err := r.reasoned(ctx, *e)
		if err != nil {
			return nil, err
		}
		*e = reasoned
	}
	return causes(first, second, division), nil
}

// reasoned gives a stored evaluation with its reasons.
func (r *Room) reasoned(ctx context.Context, e *Evaluation) (*Evaluation, error) {
	if !slices.ContainsFunc(e.Counties, func(r *Results) bool { return r.verdicts == nil }) {
		return e, nil
	}
	document, err := r.documentOf(ctx, e.Digest)
	if err != nil {
		return nil, err
	}
	q := Request{Document: document, At: registry.Moment{AsOf: e.AsOf, KnownAt: e.KnownAt}, Division: e.Division}
	plan, err := q.plan()
	if err != nil {
		return nil, err
	}
	counties := make([]place.ID, len(e.Counties))
	for i, c := range e.Counties {
		counties[i] = c.County
	}
	segments, err := r.registry.Segments(ctx, counties, q.At)
	if err != nil {
		return nil, err
	}
	again, err := r.evaluate(ctx, &q, plan, segments)
	if err != nil {
		return nil, err
	}
	again.Run = e.Run
	for i, c := range again.Counties {
		if !slices.Equal(c.Outcome, e.Counties[i].Outcome) || !slices.Equal(c.ID, e.Counties[i].ID) {
			return nil, differs("identify.Causes")
		}
	}
	r.remember(again)
	return again, nil
}

// remember puts an evaluation with its reasons in the place of the stored one that was read.
func (r *Room) remember(e *Evaluation) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, h := range r.held {
		if h.ID == e.ID {
			r.held[i] = e
		}
	}
}
