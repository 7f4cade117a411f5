package db_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"liandong/errs"
	"liandong/internal/db"
	"liandong/internal/db/dbtest"
)

func things() []db.Migration {
	return []db.Migration{{Room: "thing", Number: 1, SQL: `
		-- things of the tests; with a semicolon; in a comment
		CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, body BLOB, weight REAL, kind INTEGER NOT NULL DEFAULT 0 CHECK (kind < 100)) WITHOUT ROWID;
		CREATE TABLE part (id IDENTITY, thing INTEGER NOT NULL REFERENCES thing (id), label TEXT DEFAULT 'a;b');
		@later CREATE INDEX part_by_thing ON part (thing);
	`}}
}

func TestWhatIsWrittenIsReadBackAlike(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things(), func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			n, err := tx.Exec(`INSERT INTO thing (id, name, body, weight, kind) VALUES (?, ?, ?, ?, ?), (2, 'what?', NULL, NULL, 0)`, 1, "张三", []byte{0, 1, 255}, 2.5, true)
			if n != 2 {
				t.Errorf("%d rows", n)
			}
			return err
		}))
		must(t, d.Read(ctx, func(tx *db.Tx) error {
			var name string
			var body []byte
			var weight float64
			var kind bool
			must(t, tx.QueryRow(`SELECT name, body, weight, kind FROM thing WHERE id = ?`, 1).Scan(&name, &body, &weight, &kind))
			if name != "张三" || !slices.Equal(body, []byte{0, 1, 255}) || weight != 2.5 || !kind {
				t.Errorf("%q %v %v %v", name, body, weight, kind)
			}
			var none *float64
			must(t, tx.QueryRow(`SELECT weight FROM thing WHERE name = 'what?' AND id = ?`, 2).Scan(&none))
			if none != nil {
				t.Errorf("null became %v", *none)
			}
			var sum, count int
			must(t, tx.QueryRow(`SELECT sum(id), count(*) FROM thing`).Scan(&sum, &count))
			if sum != 3 || count != 2 {
				t.Errorf("sum %d count %d", sum, count)
			}
			if err := tx.QueryRow(`SELECT id FROM thing WHERE id = 9`).Scan(&sum); !errors.Is(err, db.ErrNoRows) || !errs.Is(err, errs.NotFound) {
				t.Errorf("no row gave %v", err)
			}
			return nil
		}))
	})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
