package dossier

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"strings"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/db"
	"liandong/place"
)

// Filter says which dossiers a list shows; what is zero is no filter.
type Filter struct {
	Division place.ID
	Open     bool // only those in which something is still to be done
	States   []string
	Holder   string
	Subject  string
	Group    string
	DueUntil day.Date // due on or before
	AsOf     day.Date // as they were on this day; as they stand now where it is zero
}

// Page is a part of a list, the soonest due first, those without a date last.
type Page struct {
	Total   int64
	Heads   []Head
	Next    string           // for the page after; "" at the end
	States  map[string]int64 // how many are in each state, whatever states the filter names
	Overdue int64            // how many of those are open and were due before the day
}

// maxPage bounds a page: more rows than that is an export.
const maxPage = 200

// noDue sorts after every day.
const noDue = int64(1) << 40

// List shows the dossiers a page at a time by keys. after is the Next of the page before.
func (s *Shelf[S]) List(ctx context.Context, r Reader, f Filter, after string, limit int) (Page, error) {
	if limit <= 0 || limit > maxPage {
		limit = maxPage
	}
	due, id, err := readCursor(after)
	if err != nil {
		return Page{}, err
	}
	if !f.AsOf.IsZero() {
		return s.listOn(ctx, r, &f, position{due, id}, limit)
	}
	where, args := s.conditions(r, &f)
	var page Page
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		page = Page{}
		if err := s.countStates(tx, r, f, &page); err != nil {
			return err
		}
		if err := tx.QueryRow(`SELECT count(*) FROM dossier_head WHERE `+where, args...).Scan(&page.Total); err != nil {
			return err
		}
		page.Heads, err = db.Collect(tx, scanHead, `SELECT dossier, division, version, state, is_open, holder, due_day, subject, sort, title, owner, first_day, last_day FROM dossier_head
			WHERE `+where+` AND (COALESCE(due_day, `+noDueText+`), dossier) > (CAST(? AS BIGINT), ?) ORDER BY COALESCE(due_day, `+noDueText+`), dossier LIMIT ?`, append(args, due, id, limit+1)...)
		return err
	})
	if err == nil && len(page.Heads) > limit {
		page.Heads = page.Heads[:limit]
		last := &page.Heads[limit-1]
		page.Next = writeCursor(last)
	}
	return page, err
}

const noDueText = "1099511627776"

func (s *Shelf[S]) conditions(r Reader, f *Filter) (string, []any) {
	where, args := r.predicate("division", "owner")
	all := []string{where, "kind = ?"}
	args = append(args, s.machine.Kind)
	add := func(condition string, values ...any) {
		all = append(all, condition)
		args = append(args, values...)
	}
	if f.Division != 0 {
		low, high := f.Division.Interval()
		add("division >= ? AND division < ?", int64(low), int64(high))
	}
	if f.Open {
		add("is_open = 1")
	}
	if len(f.States) > 0 {
		values := make([]any, len(f.States))
		for i, state := range f.States {
			values[i] = state
		}
		add("state IN (?"+strings.Repeat(", ?", len(values)-1)+")", values...)
	}
	for _, equal := range []struct{ column, value string }{{"holder", f.Holder}, {"subject", f.Subject}, {"sort", f.Group}} {
		if equal.value != "" {
			add(equal.column+" = ?", equal.value)
		}
	}
	if !f.DueUntil.IsZero() {
		add("due_day <= ?", int64(f.DueUntil.UnixDays()))
	}
	return strings.Join(all, " AND "), args
}

func scanHead(rows *db.Rows) (h Head, err error) {
	var division int64
	err = rows.Scan(&h.Dossier, &division, &h.Version, &h.State, &h.Open, &h.Holder, &h.Due, &h.Subject, &h.Group, &h.Title, &h.Owner, &h.First, &h.Last)
	h.Division = place.ID(division)
	return h, err
}

func writeCursor(h *Head) string {
	at := positionOf(h)
	return base64.RawURLEncoding.EncodeToString(append(binary.BigEndian.AppendUint64(nil, uint64(at.due)), at.id[:]...))
}

func readCursor(text string) (due int64, id uuid.UUID, err error) {
	if text == "" {
		return -1 << 40, id, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(b) != 24 {
		return 0, id, errs.New(errs.Invalid, "dossier.List", "看不懂翻页位置，请从第一页开始。", "The place in the list cannot be read; begin with the first page.").At("after")
	}
	copy(id[:], b[8:])
	return int64(binary.BigEndian.Uint64(b)), id, nil
}
