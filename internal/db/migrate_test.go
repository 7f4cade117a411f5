package db_test

import (
	"slices"
	"testing"

	"liandong/errs"
	"liandong/internal/db"
	"liandong/internal/db/dbtest"
)

func TestMigrationsRunOnceAndOnlyGrow(t *testing.T) {
	t.Parallel()
	first := db.Migration{Room: "a", Number: 1, SQL: `CREATE TABLE a (id INTEGER PRIMARY KEY);`}
	second := db.Migration{Room: "a", Number: 2, SQL: `ALTER TABLE a ADD COLUMN name TEXT; INSERT INTO a (id, name) VALUES (1, 'x;y');`}
	other := db.Migration{Room: "b", Number: 1, SQL: `CREATE TABLE b (id INTEGER PRIMARY KEY, a INTEGER REFERENCES a (id));`}
	dbtest.EachURL(t, func(t *testing.T, url string) {
		migrate := func(migrations ...db.Migration) error {
			d, err := db.Open(t.Context(), url, db.Options{})
			must(t, err)
			defer d.Close()
			return d.Migrate(t.Context(), migrations)
		}
		must(t, migrate(first))
		must(t, migrate(first, second, other))
		must(t, migrate(first, second, other))
		changed := second
		changed.SQL += " "
		for name, migrations := range map[string][]db.Migration{
			"changed":       {first, changed, other},
			"newer program": {first, other},
			"unknown room":  {first, second},
		} {
			err := migrate(migrations...)
			if !errs.Is(err, errs.Precondition) || errs.Sentence(err).ZH == "" {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := migrate(second, first, other); err == nil {
			t.Error("migrations out of order were taken")
		}
	})
}

func TestAMigrationThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	good := db.Migration{Room: "a", Number: 1, SQL: `CREATE TABLE a (id INTEGER PRIMARY KEY);`}
	bad := db.Migration{Room: "b", Number: 1, SQL: `CREATE TABLE b (id INTEGER PRIMARY KEY); CREATE TABLE b (id INTEGER PRIMARY KEY);`}
	dbtest.EachURL(t, func(t *testing.T, url string) {
		d, err := db.Open(t.Context(), url, db.Options{})
		must(t, err)
		defer d.Close()
		if err := d.Migrate(t.Context(), []db.Migration{good, bad}); err == nil {
			t.Fatal("it passed")
		}
		must(t, d.Migrate(t.Context(), []db.Migration{good}))
	})
}

func TestAMissingMigrationIsRefused(t *testing.T) {
	t.Parallel()
	steps := []db.Migration{{Room: "a", Number: 1, SQL: `CREATE TABLE a (id INTEGER PRIMARY KEY);`}, {Room: "a", Number: 2, SQL: `CREATE TABLE c (id INTEGER PRIMARY KEY);`}}
	dbtest.Each(t, steps, func(t *testing.T, d *db.DB) {
		must(t, d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(`DELETE FROM migration WHERE number = 1`)
			return err
		}))
		if err := d.Migrate(t.Context(), steps); !errs.Is(err, errs.Precondition) {
			t.Errorf("%v", err)
		}
	})
}

// The neutral DDL says what it must on each engine: strict types, lines for one engine, triggers whole.
func TestNeutralDDL(t *testing.T) {
	t.Parallel()
	migrations := []db.Migration{{Room: "a", Number: 1, SQL: `
		CREATE TABLE a (id IDENTITY, "TEXT" TEXT NOT NULL DEFAULT 'TEXT;', n INTEGER, kept INTEGER); -- TEXT; INTEGER
		CREATE TABLE pair (x BLOB, y REAL, PRIMARY KEY (x)) WITHOUT ROWID;
		@sqlite CREATE TRIGGER doubled AFTER INSERT ON a BEGIN UPDATE a SET kept = CASE WHEN new.n > 0 THEN 2 * new.n END WHERE id = new.id; END;
		@postgres CREATE FUNCTION doubled() RETURNS trigger LANGUAGE plpgsql AS 'begin new.kept := 2 * new.n; return new; end';
		@postgres CREATE TRIGGER doubled BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION doubled();
	`}}
	dbtest.Each(t, migrations, func(t *testing.T, d *db.DB) {
		must(t, d.Write(t.Context(), func(tx *db.Tx) error {
			ids, err := db.Collect(tx, func(rows *db.Rows) (id int, err error) { return id, rows.Scan(&id) }, `INSERT INTO a (n) VALUES (4), (5) RETURNING id`)
			must(t, err)
			if !slices.Equal(ids, []int{1, 2}) {
				t.Errorf("ids %v", ids)
			}
			var kept int
			var text string
			must(t, tx.QueryRow(`SELECT kept, "TEXT" FROM a WHERE id = 2`).Scan(&kept, &text))
			if kept != 10 || text != "TEXT;" {
				t.Errorf("kept %d, text %q", kept, text)
			}
			return nil
		}))
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO pair (x, y) VALUES (?, ?)`, []byte{1}, "half")
			return err
		}); !errs.Is(err, errs.Invalid) {
			t.Errorf("a word went into a REAL column: %v", err)
		}
	})
}
