// Package dbtest runs one test on both stores, each in a fresh database. It is imported by tests only.
//
// The PostgreSQL server is started here from the system's own program files, in a temporary directory, reachable from this machine alone, and
// ends with the test process; nothing depends on a server that runs already. Where the program files are missing the test fails and says
// which package brings them.
package dbtest

import (
	"context"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"liandong/internal/db"
)

// Start is a moment for tests that need a clock that stands still.
func Start() time.Time { return time.Date(2015, 12, 31, 1, 2, 3, 0, time.UTC) }

// Ticking is a clock that begins at Start and goes on by a millisecond whenever it is asked, so that no two writes share a moment.
func Ticking() func() time.Time {
	var asked atomic.Int64 // several stores and goroutines may ask
	return func() time.Time { return Start().Add(time.Duration(asked.Add(1)) * time.Millisecond) }
}

// Each runs test on both engines, in parallel, each on a fresh database with the migrations applied and the system's clock.
func Each(t *testing.T, migrations []db.Migration, test func(t *testing.T, d *db.DB)) {
	t.Helper()
	EachWith(t, migrations, db.Options{}, test)
}

// EachWith is Each with options.
func EachWith(t *testing.T, migrations []db.Migration, options db.Options, test func(t *testing.T, d *db.DB)) {
	t.Helper()
	EachURL(t, func(t *testing.T, url string) { test(t, open(t, url, migrations, options)) })
}

// EachURL runs test on both engines with the address of a fresh, empty database.
func EachURL(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, db.URL(t.TempDir()))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, Postgres(t))
	})
}

// SQLite gives a fresh embedded database with the migrations applied, for tests of what is alike on both engines anyhow.
func SQLite(t testing.TB, migrations []db.Migration, options db.Options) *db.DB {
	t.Helper()
	return open(t, db.URL(t.TempDir()), migrations, options)
}

func open(t testing.TB, url string, migrations []db.Migration, options db.Options) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), url, options)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	if err := d.Migrate(context.Background(), migrations); err != nil {
		t.Fatalf("migrate: %v", err)
	}
	return d
}

// Postgres makes a fresh database on the test server and gives its address; it is dropped when the test ends.
func Postgres(t testing.TB) string {
	t.Helper()
	s, err := running()
	if err != nil {
		t.Fatalf("%v", err)
	}
	name, err := s.create()
	if err != nil {
		t.Fatalf("create database: %v", err)
	}
	t.Cleanup(func() {
		if err := s.drop(name); err != nil {
			t.Errorf("drop database: %v", err)
		}
	})
	return fmt.Sprintf("postgres://postgres@/%s?host=%s", name, filepath.ToSlash(s.socket))
}
