package registry

import (
	"context"

	"liandong/form"
	"liandong/internal/access"
)

// Findings looks at a household as it was at a moment and gives what the quality rules find, to those whose role
// sees health in clear.
func (r *Registry) Findings(ctx context.Context, scope access.Scope, id ID, at Moment) ([]form.Finding, error) {
	h, err := r.Household(ctx, scope, id, at)
	if err != nil {
		return nil, err
	}
	if h.Clear < form.Sensitive {
		return nil, nil // a finding tells of health and cause, whichever answer it stands at
	}
	return r.quality.Look(h.Record, h.Status, at.AsOf), nil
}
