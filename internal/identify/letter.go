package identify

import (
	"context"

	"liandong/criteria"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/ledger"
	"liandong/internal/registry"
)

// SupposedLetter is a letter to a household, with what was asked.
type SupposedLetter struct {
	*criteria.Letter
	Run       Run
	Household registry.Household
}

// kindLetter names a letter to a household in the log.
const kindLetter = "letter"

// SupposedLetter writes the letter to a household about what a document says of it before any run of it is stored, and writes into the log that it was
// made. What its maker may not see is not in it.
func (r *Room) SupposedLetter(ctx context.Context, actor access.Actor, scope access.Scope, q Request, household registry.ID) (*SupposedLetter, error) {
	x, err := r.Suppose(ctx, scope, q, household)
	if err != nil {
		return nil, err
	}
	village := x.Household.Village
	to := criteria.Addressee{Document: x.Run.Title, Name: headOf(&x.Household), Number: x.Household.Number, Place: r.places.FullName(village)}
	entry := ledger.Entry{Kind: kindLetter, Subject: household}
	err = r.db.Write(ctx, func(tx *db.Tx) error {
		_, err := ledger.Append(tx, int64(x.Household.County), ledger.Act{Actor: actor.ID, Operation: ledger.Print, Source: x.Run.Document}, []ledger.Entry{entry})
		return err
	})
	if err != nil {
		return nil, err
	}
	return &SupposedLetter{Letter: x.Letter(to), Run: x.Run, Household: x.Household}, nil
}
