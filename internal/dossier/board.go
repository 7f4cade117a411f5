package dossier

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/internal/db"
)

// countStates counts the dossiers of a filter by their states as they stand now, and those that are overdue.
func (s *Shelf[S]) countStates(tx *db.Tx, r Reader, f Filter, page *Page) error {
	f.States = nil
	where, args := s.conditions(r, &f)
	today := int64(day.InTime(tx.Now()).UnixDays())
	type counted struct {
		state        string
		all, overdue int64
	}
	rows, err := db.Collect(tx, func(rows *db.Rows) (c counted, err error) {
		err = rows.Scan(&c.state, &c.all, &c.overdue)
		return c, err
	}, `SELECT state, count(*), sum(CASE WHEN is_open = 1 AND due_day < CAST(? AS BIGINT) THEN 1 ELSE 0 END) FROM dossier_head WHERE `+where+` GROUP BY state`, append([]any{today}, args...)...)
	page.States = map[string]int64{}
	for _, c := range rows {
		page.States[c.state] = c.all
		page.Overdue += c.overdue
	}
	return err
}

// position is a place in a list: the day that a dossier is due, and its id.
type position struct {
	due int64
	id  uuid.UUID
}

func positionOf(h *Head) position {
	if h.Due.IsZero() {
		return position{noDue, h.Dossier}
	}
	return position{int64(h.Due.UnixDays()), h.Dossier}
}

func (p position) compare(other position) int {
	return cmp.Or(cmp.Compare(p.due, other.due), bytes.Compare(p.id[:], other.id[:]))
}

// listOn is List as of the filter's day: the heads follow from the entries up to then.
func (s *Shelf[S]) listOn(ctx context.Context, r Reader, f *Filter, after position, limit int) (Page, error) {
	all, err := s.All(ctx, r, Moment{AsOf: f.AsOf})
	if err != nil {
		return Page{}, err
	}
	page := Page{States: map[string]int64{}}
	var heads []Head
	for i := range all {
		h := &all[i].Head
		if !f.holds(h) {
			continue
		}
		page.States[h.State]++
		if h.Overdue(f.AsOf) {
			page.Overdue++
		}
		if len(f.States) == 0 || slices.Contains(f.States, h.State) {
			page.Total++
			heads = append(heads, *h)
		}
	}
	slices.SortFunc(heads, func(a, b Head) int { return positionOf(&a).compare(positionOf(&b)) })
	begin := 0
	for begin < len(heads) && positionOf(&heads[begin]).compare(after) <= 0 {
		begin++
	}
	page.Heads = heads[begin:min(begin+limit, len(heads))]
	if begin+limit < len(heads) {
		page.Next = writeCursor(&page.Heads[limit-1])
	}
	return page, nil
}

// Overdue says whether something was still to be done after the day by which it was due.
func (h *Head) Overdue(on day.Date) bool { return h.Open && !h.Due.IsZero() && h.Due.Before(on) }

// holds says whether a head meets the filter, its states apart.
func (f *Filter) holds(h *Head) bool {
	return (f.Division == 0 || f.Division.Contains(h.Division)) &&
		(!f.Open || h.Open) &&
		(f.Holder == "" || f.Holder == h.Holder) &&
		(f.Subject == "" || f.Subject == h.Subject) &&
		(f.Group == "" || f.Group == h.Group) &&
		(f.DueUntil.IsZero() || !h.Due.IsZero() && !h.Due.After(f.DueUntil))
}
