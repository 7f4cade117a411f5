package db_test

import (
	"strings"
	"sync"
	"testing"

	"liandong/errs"
	"liandong/internal/db"
	"liandong/internal/db/dbtest"
)

// openPostgres opens a fresh database on the test server with the things in it.
func openPostgres(t *testing.T) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), dbtest.Postgres(t), db.Options{})
	must(t, err)
	t.Cleanup(func() { d.Close() })
	must(t, d.Migrate(t.Context(), things()))
	return d
}

// endOthers ends every other connection to the database, as a restart of the server does.
func endOthers(t *testing.T, d *db.DB) {
	t.Helper()
	must(t, d.Read(t.Context(), func(tx *db.Tx) error {
		return tx.Each(func(*db.Rows) error { return nil },
			`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	}))
}

func TestConnectionsThatDiedIdleAreReplaced(t *testing.T) {
	t.Parallel()
	d := openPostgres(t)
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() { must(t, d.Write(t.Context(), addThing(i))) })
	}
	wg.Wait()
	endOthers(t, d)
	for i := range 10 {
		wg.Go(func() {
			if err := d.Write(t.Context(), addThing(100+i)); err != nil {
				t.Errorf("write %d after the restart: %v", i, err)
			}
		})
	}
	wg.Wait()
	if n := count(t, d); n != 16 {
		t.Errorf("%d things", n)
	}
}

func TestAConnectionThatBreaksInAWriteSaysSo(t *testing.T) {
	t.Parallel()
	d := openPostgres(t)
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		if err := addThing(1)(tx); err != nil {
			return err
		}
		endOthers(t, d)
		return addThing(2)(tx)
	})
	if text := errs.Sentence(err); !errs.Is(err, errs.Unavailable) || text.ZH == "" {
		t.Errorf("%v", err)
	}
	if n := count(t, d); n != 0 {
		t.Errorf("%d things of a write that failed", n)
	}
}

func TestAServerThatCannotBeUsedIsSaidInASentence(t *testing.T) {
	t.Parallel()
	url := dbtest.Postgres(t)
	_, err := db.Open(t.Context(), strings.Replace(url, "/city_", "/none_", 1), db.Options{})
	if !errs.Is(err, errs.NotFound) || errs.Sentence(err).ZH == "" {
		t.Errorf("a database that is not there: %v", err)
	}
	_, err = db.Open(t.Context(), strings.Replace(url, "postgres@", "stranger@", 1), db.Options{})
	if !errs.Is(err, errs.Forbidden) || errs.Sentence(err).ZH == "" {
		t.Errorf("a user that is not there: %v", err)
	}
	d, err := db.Open(t.Context(), url, db.Options{ReadOnly: true})
	must(t, err)
	defer d.Close()
	if err := d.Write(t.Context(), addThing(1)); !errs.Is(err, errs.Forbidden) {
		t.Errorf("a write to what is open for reading: %v", err)
	}
	if err := d.Backup(t.Context(), t.TempDir()+"/x"); !errs.Is(err, errs.Usage) {
		t.Errorf("a backup: %v", err)
	}
}

// A long search whose asker went away ends, on both engines, and the connection serves the next one.
func TestASearchNobodyWaitsForEnds(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things(), func(t *testing.T, d *db.DB) {
		must(t, d.Write(t.Context(), addThing(1)))
		for range 30 {
			ctx, cancel := contextEndingSoon(t)
			err := d.Read(ctx, func(tx *db.Tx) error {
				var n int
				return tx.QueryRow(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000) SELECT count(*) FROM n`).Scan(&n)
			})
			if err == nil || ctx.Err() == nil {
				t.Errorf("it ran to its end: %v", err)
			}
			cancel()
			if count(t, d) != 1 {
				t.Error("the next search found something else")
			}
		}
	})
}
