package identify

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"liandong/criteria"
	"liandong/errs"
	"liandong/form"
	"liandong/internal/access"
	"liandong/internal/registry"
)

// Explanation is everything behind a stored verdict, with the household it is about.
type Explanation struct {
	Run       Run                `json:"run"`
	Household registry.Household `json:"-"`
	Earlier   *Run               `json:"earlier,omitempty"` // the run that Since compares with: see Account
	*criteria.Explanation
}

// Explain makes the explanation of a stored verdict again, from the register at both dates of the run and the document's stored text. What
// comes out must be the verdict that was stored, bit for bit; where it is not, the register or the program was changed behind the run's
// back, and no explanation is given. A household outside the scope, or not in the run, is not found.
func (r *Room) Explain(ctx context.Context, scope access.Scope, run uuid.UUID, household registry.ID) (*Explanation, error) {
	e, err := r.Stored(ctx, scope, run)
	if err != nil {
		return nil, err
	}
	return r.explain(ctx, scope, e, household)
}

func (r *Room) explain(ctx context.Context, scope access.Scope, e *Evaluation, household registry.ID) (*Explanation, error) {
	results, row, ok := e.household(household)
	if !ok || !scope.Contains(results.Village[row]) {
		return nil, access.NotFound(errs.Text{ZH: "农户", EN: "household"})
	}
	h, err := r.registry.Household(ctx, scope, household, registry.Moment{AsOf: e.AsOf, KnownAt: e.KnownAt})
	if err != nil {
		return nil, err
	}
	document, err := r.documentOf(ctx, e.Digest)
	if err != nil {
		return nil, err
	}
	evaluator, err := document.NewEvaluator(criteria.Settings{AsOf: e.AsOf, Parameters: e.Parameters})
	if err != nil {
		return nil, err
	}
	verdict, x := evaluator.Explain(h.Record, h.ItemTitle)
	if verdict != results.Verdict(row) {
		return nil, differs("identify.Explain")
	}
	of, err := r.sources(ctx, scope, &h, registry.Moment{AsOf: e.AsOf, KnownAt: e.KnownAt})
	if err != nil {
		return nil, err
	}
	x.SetSources(of)
	x.Hide(func(path string) bool { return hidden(r.registry.Form(), path, h.Clear) })
	return &Explanation{Run: e.Run, Household: h, Explanation: x}, nil
}

// differs says that the register or the program was changed behind a run's back.
func differs(operation string) error {
	return errs.New(errs.Internal, operation,
		"重算的结论与保存的不一致，登记册或程序可能被改动过。请运行 liandong audit verify 核对日志。",
		"The verdict made again differs from the one stored; the register or the program may have been changed. Run liandong audit verify.")
}

// hidden reports whether a reader of the sensitivity sees the answer at a path, members[0].health for a member's, only masked.
func hidden(f *form.Form, path string, seen form.Sensitivity) bool {
	section := f.Root
	if list, rest, nested := strings.Cut(path, "["); nested {
		i, ok := section.Lookup(list)
		if !ok || section.Fields[i].List == nil {
			return true
		}
		_, path, _ = strings.Cut(rest, "].")
		section = section.Fields[i].List
	}
	i, ok := section.Lookup(path)
	return !ok || section.Fields[i].Sensitivity > seen
}
