package ledger

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"liandong/errs"
	"liandong/internal/db"
)

// Filter says which acts a page of the log shows. Trees is what the reader may see and has no default; the rest is open where zero.
type Filter struct {
	Trees      []int64
	From       time.Time // at or after
	Until      time.Time // before
	Actor      string
	Operations []string
	Subject    uuid.UUID // acts about this subject alone; one of many in bulk work is not found by it
	After      *Recorded // the last act of the page before
	Limit      int       // at most maxActs, which zero means too
}

// maxActs bounds a page of the log: more rows than fit on a screen help nobody, and an export asks page by page.
const maxActs = 500

// Acts lists acts, the latest first.
func Acts(tx *db.Tx, f Filter) ([]Recorded, error) {
	if len(f.Trees) == 0 {
		return nil, nil
	}
	where, args := f.conditions()
	if f.Limit <= 0 || f.Limit > maxActs {
		f.Limit = maxActs
	}
	acts, err := db.Collect(tx, scanAct, actColumns+` WHERE `+where+` ORDER BY at DESC, tree DESC, first DESC LIMIT ?`, append(args, f.Limit)...)
	return acts, errs.Wrap("ledger.Acts", err)
}

func (f *Filter) conditions() (string, []any) {
	var all []string
	var args []any
	add := func(condition string, values ...any) {
		all = append(all, condition)
		args = append(args, values...)
	}
	trees := make([]any, len(f.Trees))
	for i, t := range f.Trees {
		trees[i] = t
	}
	add(`tree IN (`+marks(len(trees))+`)`, trees...)
	if !f.From.IsZero() {
		add(`at >= ?`, f.From)
	}
	if !f.Until.IsZero() {
		add(`at < ?`, f.Until)
	}
	if f.Actor != "" {
		add(`actor = ?`, f.Actor)
	}
	if len(f.Operations) > 0 {
		operations := make([]any, len(f.Operations))
		for i, o := range f.Operations {
			operations[i] = o
		}
		add(`operation IN (`+marks(len(operations))+`)`, operations...)
	}
	if f.Subject != (uuid.UUID{}) {
		add(`subject = ?`, f.Subject)
	}
	if f.After != nil {
		add(`(at, tree, first) < (?, ?, ?)`, f.After.At, f.After.Tree, f.After.First)
	}
	return strings.Join(all, ` AND `), args
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

const actColumns = `SELECT tree, first, count, at, actor, operation, reason, source, subject FROM ledger_act`

func scanAct(rows *db.Rows) (r Recorded, err error) {
	var subject *uuid.UUID
	err = rows.Scan(&r.Tree, &r.First, &r.Count, &r.At, &r.Actor, &r.Operation, &r.Reason, &r.Source, &subject)
	if subject != nil {
		r.Subject = *subject
	}
	return r, err
}

// ActOf is the act that a leaf belongs to.
func ActOf(tx *db.Tx, tree, leaf int64) (Recorded, error) {
	rows, err := tx.Query(actColumns+` WHERE tree = ? AND first <= ? ORDER BY first DESC LIMIT 1`, tree, leaf)
	if err != nil {
		return Recorded{}, err
	}
	defer rows.Close()
	if !rows.Next() {
		if rows.Err() != nil {
			return Recorded{}, rows.Err()
		}
		return Recorded{}, noLeaf(tree, leaf)
	}
	r, err := scanAct(rows)
	if err == nil && leaf >= r.First+r.Count {
		err = noLeaf(tree, leaf)
	}
	return r, err
}

// Entries reads count entries of a tree from the sequence first on, fewer where the tree ends.
func Entries(tx *db.Tx, tree, first, count int64) ([]Entry, error) {
	var all []Entry
	take := func(leaf int64, b []byte) error {
		for len(b) > 0 {
			v, err := viewEntry(b)
			if err != nil {
				return err
			}
			if leaf >= first && leaf < first+count {
				all = append(all, v.entry())
			}
			b = b[v.length:]
			leaf++
		}
		return nil
	}
	err := tx.Each(func(rows *db.Rows) error {
		var number int64
		var b []byte
		if err := rows.Scan(&number, &b); err != nil {
			return err
		}
		return take(number*tileWidth, b)
	}, `SELECT number, entries FROM ledger_bundle WHERE tree = ? AND number >= ? AND number <= ? ORDER BY number`, tree, first/tileWidth, (first+count-1)/tileWidth)
	if err != nil {
		return nil, errs.Wrap("ledger.Entries", err)
	}
	err = tx.Each(func(rows *db.Rows) error {
		var leaf int64
		var b []byte
		if err := rows.Scan(&leaf, &b); err != nil {
			return err
		}
		return take(leaf, b)
	}, `SELECT leaf, entry FROM ledger_tail WHERE tree = ? AND leaf >= ? AND leaf < ? ORDER BY leaf`, tree, first, first+count)
	return all, errs.Wrap("ledger.Entries", err)
}

// SizeAt is how many leaves a tree had when everything recorded by the moment was in it, and nothing later.
func SizeAt(tx *db.Tx, tree int64, moment time.Time) (int64, error) {
	var size int64
	err := tx.QueryRow(`SELECT COALESCE(MAX(first + count), 0) FROM ledger_act WHERE tree = ? AND at <= ?`, tree, moment).Scan(&size)
	return size, errs.Wrap("ledger.SizeAt", err)
}

// Sizes are how many leaves each tree has, to know that something was written since and where to look for it.
func Sizes(tx *db.Tx) (map[int64]int64, error) {
	sizes := map[int64]int64{}
	err := tx.Each(func(rows *db.Rows) error {
		var tree, size int64
		err := rows.Scan(&tree, &size)
		sizes[tree] = size
		return err
	}, `SELECT tree, size FROM ledger_tree`)
	return sizes, err
}

// ActedSince reports whether one of some operations was written after a moment.
func ActedSince(tx *db.Tx, since time.Time, operations ...string) (bool, error) {
	args := []any{since}
	for _, o := range operations {
		args = append(args, o)
	}
	found, err := db.Collect(tx, func(rows *db.Rows) (one int64, err error) {
		err = rows.Scan(&one)
		return one, err
	}, `SELECT 1 FROM ledger_act WHERE at > ? AND operation IN (?`+strings.Repeat(", ?", len(operations)-1)+`) LIMIT 1`, args...)
	return len(found) > 0, err
}
