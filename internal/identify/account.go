package identify

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"liandong/criteria"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/registry"
)

// sources finds the revision that brought each answer a household has at a moment: the last one that changed it, or the one with which its
// member, or the household, came in.
func (r *Room) sources(ctx context.Context, scope access.Scope, h *registry.Household, at registry.Moment) (func(path string) *criteria.Source, error) {
	history, err := r.registry.History(ctx, scope, h.ID, at)
	if errs.Is(err, errs.NotFound) { // it has moved out of the reader's territory since
		return func(string) *criteria.Source { return nil }, nil
	}
	if err != nil {
		return nil, err
	}
	type subject struct {
		person registry.ID
		path   string // empty for the member itself
	}
	brought := map[subject]*criteria.Source{}
	for i := range history {
		v := &history[i]
		if v.Valid.After(at.AsOf) {
			continue
		}
		s := &criteria.Source{Revision: v.ID.String(), Valid: v.Valid.String(), Event: v.Event.Text(), Source: v.Source}
		for k := range v.Changes {
			brought[subject{v.Changes[k].Person(), v.Changes[k].Path}] = s
		}
	}
	members, _ := h.Record.Items(h.Record.Section().Must("members"))
	return func(path string) *criteria.Source {
		list, rest, nested := strings.Cut(path, "[")
		if !nested || list != "members" {
			return brought[subject{path: list}]
		}
		number, answer, _ := strings.Cut(rest, "].")
		i, ok := indexOf(number)
		if !ok || i >= len(members) {
			return nil
		}
		person := registry.PersonOf(members[i])
		if s := brought[subject{person, answer}]; s != nil {
			return s
		}
		return brought[subject{person: person}]
	}, nil
}

func indexOf(digits string) (int, bool) {
	n := 0
	for _, c := range digits {
		if c < '0' || c > '9' || n > 1<<20 {
			return 0, false
		}
		n = 10*n + int(c-'0')
	}
	return n, digits != ""
}

// before is the household's last stored run that was recorded before this one; false where there is none in the scope.
func (r *Room) before(ctx context.Context, scope access.Scope, run *Run, household registry.ID) (*Explanation, bool, error) {
	runs, err := r.Runs(ctx, scope)
	if err != nil {
		return nil, false, err
	}
	for i := range runs {
		if !runs[i].Recorded.Before(run.Recorded) || runs[i].ID == run.ID {
			continue
		}
		x, err := r.Explain(ctx, scope, runs[i].ID, household)
		if errs.Is(err, errs.NotFound) {
			continue // this run was about another territory, or before the household came in
		}
		return x, err == nil, err
	}
	return nil, false, nil
}

// Account is the explanation of a stored verdict with what changed since the household's last stored run before it. Both sides are told as
// far as the reader may see them.
func (r *Room) Account(ctx context.Context, scope access.Scope, run uuid.UUID, household registry.ID) (*Explanation, error) {
	x, err := r.Explain(ctx, scope, run, household)
	if err != nil {
		return nil, err
	}
	return x, r.since(ctx, scope, x, &x.Run, household)
}
