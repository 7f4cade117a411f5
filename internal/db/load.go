package db

import (
	"context"
	"errors"
	"fmt"
)

// Load runs fn, which makes a whole city by many writes with Tx.Bulk, without the indexes marked @later; they are made afterwards from the
// sorted rows, which is several times faster, and the planner's statistics with them. Every write within is as durable as any other. When
// fn fails, or the process ends, the indexes are made at the end or by the next Migrate all the same.
func (d *DB) Load(ctx context.Context, fn func() error) error {
	err := d.Write(ctx, func(tx *Tx) error {
		for _, index := range d.laterIndexes() {
			if _, err := tx.Exec("DROP INDEX IF EXISTS " + index.name); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = fn()
	}
	// What fn wrote stays whatever it returned, so the indexes are made even when the caller gave up.
	after := context.WithoutCancel(ctx)
	return errors.Join(err, d.makeLaterIndexes(after), d.store.statistics(after))
}

func (d *DB) laterIndexes() []laterIndex {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.later
}

// makeLaterIndexes makes those that are not there, each in a transaction of its own.
func (d *DB) makeLaterIndexes(ctx context.Context) error {
	var missing []laterIndex
	err := d.Read(ctx, func(tx *Tx) error {
		missing = missing[:0]
		for _, index := range d.laterIndexes() {
			var n int
			err := tx.QueryRow(tx.Select(
				`SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND name = ?`,
				`SELECT count(*) FROM pg_indexes WHERE schemaname = current_schema() AND indexname = ?`), index.name).Scan(&n)
			if err != nil {
				return err
			}
			if n == 0 {
				missing = append(missing, index)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, index := range missing {
		if err := d.Write(ctx, func(tx *Tx) error {
			_, err := tx.Exec(index.create)
			return err
		}); err != nil {
			return fmt.Errorf("db: index %s: %w", index.name, err)
		}
	}
	return nil
}

// laterIndexes are the marked indexes of all migrations that none of them drops later on.
func laterIndexes(migrations []Migration, engine Engine) []laterIndex {
	var all []laterIndex
	for _, m := range migrations {
		for _, s := range translate(m.SQL, engine) {
			if name := createIndex.FindStringSubmatch(s.text); s.later && name != nil {
				all = append(all, laterIndex{name: name[1], create: s.text})
			}
			all = withoutDropped(all, s.text)
		}
	}
	return all
}

func withoutDropped(all []laterIndex, text string) []laterIndex {
	var kept []laterIndex
	for _, index := range all {
		if text != "DROP INDEX "+index.name && text != "DROP INDEX IF EXISTS "+index.name {
			kept = append(kept, index)
		}
	}
	return kept
}
