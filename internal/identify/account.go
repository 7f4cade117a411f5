package identify

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"liandong/criteria"
	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/ledger"
	"liandong/internal/registry"
)

const opLetter = "identify.letter"

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
	earlier, ok, err := r.before(ctx, scope, &x.Run, household)
	if err != nil {
		return nil, err
	}
	if !ok {
		return x, nil
	}
	x.Earlier = &earlier.Run
	for _, reason := range reasons(earlier.Explanation, x.Explanation) {
		x.Since = append(x.Since, criteria.Since{What: reason.What, Before: reason.Before, After: reason.After})
	}
	return x, nil
}

// Letter is the letter to a household about a stored verdict. Printing it shows personal answers, so it is written into the log with its
// reason before it leaves.
func (r *Room) Letter(ctx context.Context, actor access.Actor, run uuid.UUID, household registry.ID, on day.Date, reason string) (*criteria.Letter, error) {
	scope, err := actor.Require(access.ReadRecords, on)
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(reason) == "" {
		return nil, errs.New(errs.Invalid, opLetter, "请写明打印的理由，它会写入日志。", "Give a reason for printing; it is written into the log.").At("reason")
	}
	x, err := r.Account(ctx, scope, run, household)
	if err != nil {
		return nil, err
	}
	to := criteria.Addressee{Document: x.Title, Name: headOf(&x.Household), Number: x.Household.Number, Place: r.places.FullName(x.Household.Village)}
	for i := range x.Since {
		to.Changes = append(to.Changes, x.Since[i].Text().ZH)
	}
	letter := x.Letter(to)
	err = r.db.Write(ctx, func(tx *db.Tx) error {
		_, err := ledger.Append(tx, int64(x.Household.County), ledger.Act{Actor: actor.ID, Operation: opLetter, Source: x.Document, Reason: reason},
			[]ledger.Entry{{Kind: ledger.Show, Subject: household, Text: "letter"}})
		return err
	})
	if err != nil {
		return nil, err
	}
	return letter, nil
}

// headOf is how the household is addressed: by its head's name, masked where the reader sees names so.
func headOf(h *registry.Household) string {
	members, _ := h.Record.Items(h.Record.Section().Must("members"))
	for _, m := range members {
		if relation := m.Code("relation"); relation != "head" && relation != "self" {
			continue
		}
		if h.Clear < form.Personal {
			return access.MaskName(m.String("name"))
		}
		return m.String("name")
	}
	return "户主"
}
