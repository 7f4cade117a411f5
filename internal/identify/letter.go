package identify

import (
	"context"
	"crypto/sha256"
	"strings"
	"time"

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

// kindLetter names a letter to a household in the log.
const kindLetter = "letter"

// LetterRequest says which letter is wanted: about a stored run, or about what a document says on a day. Of the second the household's latest stored
// run is taken where there is one that says the same document of the same day.
type LetterRequest struct {
	Household registry.ID
	Run       uuid.UUID
	Asked     *Request // where Run is none
	Reason    string   // why it is printed
}

// Letter is a letter to a household, with what it is about.
type Letter struct {
	*criteria.Letter
	Run       Run // its ID is none where nothing was stored
	Household registry.Household
}

// Letter writes the letter to a household about its outcome, with what changed since its stored run before. Printing it shows personal answers, so it
// is written into the log with its reason before it leaves. What its maker may not see is not in it.
func (r *Room) Letter(ctx context.Context, actor access.Actor, q *LetterRequest, on day.Date) (*Letter, error) {
	scope, err := actor.Require(access.ReadRecords, on)
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(q.Reason) == "" {
		return nil, errs.New(errs.Invalid, "identify.Letter", "请写明打印的理由，它会写入日志。", "Give a reason for printing; it is written into the log.").At("reason")
	}
	x, err := r.lettered(ctx, scope, q)
	if err != nil {
		return nil, err
	}
	to := criteria.Addressee{Document: x.Run.Title, Name: headOf(&x.Household), Number: x.Household.Number, Place: r.places.FullName(x.Household.Village)}
	for i := range x.Since {
		to.Changes = append(to.Changes, x.Since[i].Text().ZH)
	}
	entry := ledger.Entry{Kind: kindLetter, Subject: q.Household}
	err = r.db.Write(ctx, func(tx *db.Tx) error {
		_, err := ledger.Append(tx, int64(x.Household.County), ledger.Act{Actor: actor.ID, Operation: ledger.Print, Source: x.Run.Document, Reason: q.Reason}, []ledger.Entry{entry})
		return err
	})
	if err != nil {
		return nil, err
	}
	return &Letter{Letter: x.Letter(to), Run: x.Run, Household: x.Household}, nil
}

// lettered is the explanation that a letter tells.
func (r *Room) lettered(ctx context.Context, scope access.Scope, q *LetterRequest) (*Explanation, error) {
	if q.Run != uuid.Nil {
		return r.Account(ctx, scope, q.Run, q.Household)
	}
	if len(q.Asked.Parameters) == 0 && q.Asked.Amendments.None() {
		runs, err := r.Runs(ctx, scope)
		if err != nil {
			return nil, err
		}
		digest := sha256.Sum256(q.Asked.Document.Text)
		for i := range runs {
			if run := &runs[i]; run.Digest != digest || run.AsOf != q.Asked.At.AsOf || (!q.Asked.At.KnownAt.IsZero() && !run.KnownAt.Equal(q.Asked.At.KnownAt)) {
				continue
			}
			x, err := r.Account(ctx, scope, runs[i].ID, q.Household)
			if errs.Is(err, errs.NotFound) {
				continue // that run was about another territory
			}
			return x, err
		}
	}
	return r.AccountSupposed(ctx, scope, *q.Asked, q.Household)
}

// AccountSupposed is what a document says of a household now, stored or not, with what changed since its last stored run.
func (r *Room) AccountSupposed(ctx context.Context, scope access.Scope, q Request, household registry.ID) (*Explanation, error) {
	x, err := r.Suppose(ctx, scope, q, household)
	if err != nil {
		return nil, err
	}
	now := x.Run
	now.Recorded = time.Unix(1<<40, 0) // after everything that is stored
	return x, r.since(ctx, scope, x, &now, household)
}

// since adds to an explanation what was different in the household's last stored run before one.
func (r *Room) since(ctx context.Context, scope access.Scope, x *Explanation, run *Run, household registry.ID) error {
	earlier, ok, err := r.before(ctx, scope, run, household)
	if err != nil || !ok {
		return err
	}
	x.Earlier = &earlier.Run
	for _, reason := range reasons(earlier.Explanation, x.Explanation) {
		x.Since = append(x.Since, criteria.Since{What: reason.What, Before: reason.Before, After: reason.After})
	}
	return nil
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
