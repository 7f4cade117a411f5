package registry

import (
	"context"
	"strings"

	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/ledger"
)

// Show gives one encrypted answer in clear: of the household where person is the zero id, else of that member. It is written into the log
// with its reason in the same transaction, before the answer leaves.
func (r *Registry) Show(ctx context.Context, actor access.Actor, household, person ID, path, reason string) (string, error) {
	scope, err := actor.Require(access.ShowSensitive, day.InTime(r.now()))
	if err != nil {
		return "", err
	}
	if strings.TrimSpace(reason) == "" {
		return "", reasonMissing()
	}
	var answer string
	err = r.db.Write(ctx, func(tx *db.Tx) error {
		county, ok, err := r.countyOf(tx, household)
		if err != nil {
			return err
		}
		if !ok {
			return access.NotFound(noHousehold())
		}
		h, err := r.householdAt(tx, scope, county, household, Moment{AsOf: farFuture()})
		if err != nil {
			return err
		}
		if answer, err = r.secretOf(tx, &h, person, path); err != nil {
			return err
		}
		_, err = ledger.Append(tx, int64(county), ledger.Act{Actor: actor.ID, Operation: ledger.Show, Reason: reason},
			[]ledger.Entry{{Kind: ledger.Show, Subject: household, Text: path}})
		return err
	})
	if err != nil {
		return "", err
	}
	return answer, nil
}

// farFuture is a day after every valid date: reading as of it reads the newest revision.
func farFuture() day.Date { return day.MustOf(9999, 12, 31) }

func (r *Registry) secretOf(tx *db.Tx, h *Household, person ID, path string) (string, error) {
	record := h.Record
	if person != (ID{}) {
		record = nil
		members, _ := h.Record.Items(r.fields.members)
		for _, m := range members {
			if PersonOf(m) == person {
				record = m
			}
		}
	}
	if record == nil {
		return "", access.NotFound(errs.Text{ZH: "成员", EN: "member"})
	}
	i, ok := record.Section().Lookup(path)
	if !ok || record.Section().Fields[i].Type != form.Secret {
		return "", access.NotFound(errs.Text{ZH: "加密字段", EN: "encrypted field"})
	}
	key, err := r.keys.KeyOf(tx, int64(h.County), h.ID)
	if err != nil {
		return "", err
	}
	if err := r.unseal(key, h.ID, h.Record); err != nil {
		return "", err
	}
	answer, _ := record.Text(i)
	return answer, nil
}
