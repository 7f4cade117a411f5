package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"liandong/internal/db"
	"liandong/internal/db/dbtest"
	"liandong/internal/ledger"
)

// damage is one thing that somebody with the database's password may do. It changes the store and says which entry is the first that is bad
// then, -1 where that cannot be known.
type damage struct {
	name string
	do   func(t *rapid.T, tx *db.Tx) (first int64, err error)
}

const tampered = 700 // leaves of the tree that is damaged: two bundles and a tail, three acts

// fill makes the log that is damaged: acts of 100, 500 and 100 leaves.
func fill(t testing.TB, d *db.DB) {
	t.Helper()
	for i, count := range []int{100, 500, 100} {
		put(t, d, county, ledger.Act{Actor: fmt.Sprint("actor", i), Operation: "import", Reason: "核查", Source: "a.xlsx"}, count)
	}
	put(t, d, county+1000000, ledger.Act{Actor: "other", Operation: "import"}, 5)
}

// actBegin is the first leaf of the act of a leaf.
func actBegin(leaf int64) int64 {
	switch {
	case leaf < 100:
		return 0
	case leaf < 600:
		return 100
	}
	return 600
}

func flip(t *rapid.T, b []byte) int {
	i := rapid.IntRange(0, len(b)-1).Draw(t, "byte")
	b[i] ^= byte(rapid.IntRange(1, 255).Draw(t, "bits"))
	return i
}

func blob(tx *db.Tx, query string, args ...any) (b []byte, err error) {
	err = tx.QueryRow(query, args...).Scan(&b)
	return b, err
}

func run(tx *db.Tx, query string, args ...any) error {
	n, err := tx.Exec(query, args...)
	if err == nil && n == 0 {
		err = fmt.Errorf("nothing was damaged by %s", query)
	}
	return err
}

func drawLeaf(t *rapid.T) int64 { return rapid.Int64Range(0, tampered-1).Draw(t, "leaf") }

// revisionLeaf draws a leaf that has a record: the even ones within their act, whose acts begin at even leaves.
func revisionLeaf(t *rapid.T) int64 { return drawLeaf(t) &^ 1 }

func damages() []damage {
	return []damage{
		{"flip a byte of a bundle", func(t *rapid.T, tx *db.Tx) (int64, error) {
			n := rapid.Int64Range(0, 1).Draw(t, "bundle")
			b, err := blob(tx, `SELECT entries FROM ledger_bundle WHERE tree = ? AND number = ?`, county, n)
			if err != nil {
				return 0, err
			}
			flip(t, b)
			return -1, run(tx, `UPDATE ledger_bundle SET entries = ? WHERE tree = ? AND number = ?`, b, county, n)
		}},
		{"cut a bundle", func(t *rapid.T, tx *db.Tx) (int64, error) {
			b, err := blob(tx, `SELECT entries FROM ledger_bundle WHERE tree = ? AND number = 1`, county)
			if err != nil {
				return 0, err
			}
			return -1, run(tx, `UPDATE ledger_bundle SET entries = ? WHERE tree = ? AND number = 1`, b[:rapid.IntRange(0, len(b)-1).Draw(t, "length")], county)
		}},
		{"remove a bundle", func(t *rapid.T, tx *db.Tx) (int64, error) {
			n := rapid.Int64Range(0, 1).Draw(t, "bundle")
			return n * 256, run(tx, `DELETE FROM ledger_bundle WHERE tree = ? AND number = ?`, county, n)
		}},
		{"exchange two bundles", func(_ *rapid.T, tx *db.Tx) (int64, error) {
			for _, step := range []string{`SET number = 7 WHERE number = 0`, `SET number = 0 WHERE number = 1`, `SET number = 1 WHERE number = 7`} {
				if err := run(tx, `UPDATE ledger_bundle `+step+` AND tree = ?`, county); err != nil {
					return 0, err
				}
			}
			return 0, nil
		}},
		{"flip a byte of a tile", func(t *rapid.T, tx *db.Tx) (int64, error) {
			n := rapid.Int64Range(0, 1).Draw(t, "tile")
			b, err := blob(tx, `SELECT hashes FROM ledger_tile WHERE tree = ? AND level = 0 AND number = ?`, county, n)
			if err != nil {
				return 0, err
			}
			i := flip(t, b)
			return n*256 + int64(i/32), run(tx, `UPDATE ledger_tile SET hashes = ? WHERE tree = ? AND level = 0 AND number = ?`, b, county, n)
		}},
		{"flip a byte of the upper tile", func(t *rapid.T, tx *db.Tx) (int64, error) {
			b, err := blob(tx, `SELECT hashes FROM ledger_tile WHERE tree = ? AND level = 1`, county)
			if err != nil {
				return 0, err
			}
			i := flip(t, b)
			return int64(i/32) * 256, run(tx, `UPDATE ledger_tile SET hashes = ? WHERE tree = ? AND level = 1`, b, county)
		}},
		{"remove a tile", func(t *rapid.T, tx *db.Tx) (int64, error) {
			n := rapid.Int64Range(0, 1).Draw(t, "tile")
			return n * 256, run(tx, `DELETE FROM ledger_tile WHERE tree = ? AND level = 0 AND number = ?`, county, n)
		}},
		{"add a tile", func(_ *rapid.T, tx *db.Tx) (int64, error) {
			return tampered, run(tx, `INSERT INTO ledger_tile (tree, level, number, hashes) VALUES (?, 0, 2, ?)`, county, make([]byte, 32))
		}},
		{"flip a byte of a tail entry", func(t *rapid.T, tx *db.Tx) (int64, error) {
			leaf := rapid.Int64Range(512, tampered-1).Draw(t, "leaf")
			b, err := blob(tx, `SELECT entry FROM ledger_tail WHERE tree = ? AND leaf = ?`, county, leaf)
			if err != nil {
				return 0, err
			}
			flip(t, b)
			return leaf, run(tx, `UPDATE ledger_tail SET entry = ? WHERE tree = ? AND leaf = ?`, b, county, leaf)
		}},
		{"flip a byte of a tail hash", func(t *rapid.T, tx *db.Tx) (int64, error) {
			leaf := rapid.Int64Range(512, tampered-1).Draw(t, "leaf")
			b, err := blob(tx, `SELECT hash FROM ledger_tail WHERE tree = ? AND leaf = ?`, county, leaf)
			if err != nil {
				return 0, err
			}
			flip(t, b)
			return leaf, run(tx, `UPDATE ledger_tail SET hash = ? WHERE tree = ? AND leaf = ?`, b, county, leaf)
		}},
		{"remove a tail entry", func(t *rapid.T, tx *db.Tx) (int64, error) {
			leaf := rapid.Int64Range(512, tampered-1).Draw(t, "leaf")
			return leaf, run(tx, `DELETE FROM ledger_tail WHERE tree = ? AND leaf = ?`, county, leaf)
		}},
		{"add a tail entry", func(_ *rapid.T, tx *db.Tx) (int64, error) {
			return tampered, run(tx, `INSERT INTO ledger_tail (tree, leaf, entry, hash) SELECT tree, ?, entry, hash FROM ledger_tail WHERE tree = ? AND leaf = 600`, tampered, county)
		}},
		{"change the head's size", func(t *rapid.T, tx *db.Tx) (int64, error) {
			size := rapid.Int64Range(-3, 2*tampered).Filter(func(n int64) bool { return n != tampered }).Draw(t, "size")
			return -1, run(tx, `UPDATE ledger_tree SET size = ? WHERE tree = ?`, size, county)
		}},
		{"flip a byte of the head", func(t *rapid.T, tx *db.Tx) (int64, error) {
			column := rapid.SampledFrom([]string{"root", "peaks"}).Draw(t, "column")
			b, err := blob(tx, `SELECT `+column+` FROM ledger_tree WHERE tree = ?`, county)
			if err != nil {
				return 0, err
			}
			flip(t, b)
			return tampered - 1, run(tx, `UPDATE ledger_tree SET `+column+` = ? WHERE tree = ?`, b, county)
		}},
		{"remove the head", func(_ *rapid.T, tx *db.Tx) (int64, error) {
			return -1, run(tx, `DELETE FROM ledger_tree WHERE tree = ?`, county)
		}},
		{"change an act's words", func(t *rapid.T, tx *db.Tx) (int64, error) {
			first := actBegin(drawLeaf(t))
			column := rapid.SampledFrom([]string{"actor", "operation", "reason", "source"}).Draw(t, "column")
			return first, run(tx, `UPDATE ledger_act SET `+column+` = `+column+` || 'x' WHERE tree = ? AND first = ?`, county, first)
		}},
		{"change an act's numbers", func(t *rapid.T, tx *db.Tx) (int64, error) {
			first := actBegin(drawLeaf(t))
			column := rapid.SampledFrom([]string{"at", "count"}).Draw(t, "column")
			by := rapid.Int64Range(-150, 150).Filter(func(n int64) bool { return n != 0 }).Draw(t, "by")
			return -1, run(tx, `UPDATE ledger_act SET `+column+` = `+column+` + ? WHERE tree = ? AND first = ?`, by, county, first)
		}},
		{"change an act's subject", func(t *rapid.T, tx *db.Tx) (int64, error) {
			first := actBegin(drawLeaf(t))
			return first, run(tx, `UPDATE ledger_act SET subject = ? WHERE tree = ? AND first = ?`, identifier(1), county, first)
		}},
		{"remove an act", func(t *rapid.T, tx *db.Tx) (int64, error) {
			first := actBegin(drawLeaf(t))
			return first, run(tx, `DELETE FROM ledger_act WHERE tree = ? AND first = ?`, county, first)
		}},
		{"add an act", func(t *rapid.T, tx *db.Tx) (int64, error) {
			first := rapid.Int64Range(-5, tampered+5).Filter(func(n int64) bool { return n != actBegin(max(n, 0)) || n < 0 }).Draw(t, "first")
			return -1, run(tx, `INSERT INTO ledger_act (tree, first, count, at, actor, operation, reason, source) VALUES (?, ?, 1, 0, 'a', 'b', '', '')`, county, first)
		}},
		{"flip a byte of a record", func(t *rapid.T, tx *db.Tx) (int64, error) {
			leaf := revisionLeaf(t)
			b, err := blob(tx, `SELECT body FROM record WHERE tree = ? AND leaf = ?`, county, leaf)
			if err != nil {
				return 0, err
			}
			flip(t, b)
			return leaf, run(tx, `UPDATE record SET body = ? WHERE tree = ? AND leaf = ?`, b, county, leaf)
		}},
		{"give a record to somebody else", func(t *rapid.T, tx *db.Tx) (int64, error) {
			leaf := revisionLeaf(t)
			return leaf, run(tx, `UPDATE record SET id = ? WHERE tree = ? AND leaf = ?`, identifier(99999), county, leaf)
		}},
		{"remove a record", func(t *rapid.T, tx *db.Tx) (int64, error) {
			leaf := revisionLeaf(t)
			return leaf, run(tx, `DELETE FROM record WHERE tree = ? AND leaf = ?`, county, leaf)
		}},
		{"exchange two records", func(t *rapid.T, tx *db.Tx) (int64, error) {
			leaf := min(revisionLeaf(t), tampered-4)
			for _, step := range [][2]int64{{leaf, -1}, {leaf + 2, leaf}, {-1, leaf + 2}} {
				if err := run(tx, `UPDATE record SET leaf = ? WHERE tree = ? AND leaf = ?`, step[1], county, step[0]); err != nil {
					return 0, err
				}
			}
			return leaf, nil
		}},
		{"add a record", func(t *rapid.T, tx *db.Tx) (int64, error) {
			leaf := revisionLeaf(t) + 1
			return leaf, run(tx, `INSERT INTO record (tree, leaf, id, body) VALUES (?, ?, ?, ?)`, county, leaf, identifier(3), []byte("slipped in"))
		}},
	}
}

// errUndo ends a transaction whose changes are not wanted.
type errUndo struct{}

func (errUndo) Error() string { return "undo" }

// Whatever is done to the log or the records by somebody who can write to the database, Verify finds it and names the first bad entry.
func TestEveryDamageIsFoundAndTheFirstBadEntryNamed(t *testing.T) {
	t.Parallel()
	for _, what := range damages() {
		t.Run(what.name, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, withRecords(), func(t *testing.T, d *db.DB) {
				fill(t, d)
				if r := verify(t, d); !r.OK() {
					t.Fatalf("before any damage: %+v", r)
				}
				rapid.Check(t, func(rt *rapid.T) {
					expectFound(rt, t, d, what)
				})
			})
		})
	}
}

// expectFound does the damage, verifies, and takes the damage back.
func expectFound(rt *rapid.T, t *testing.T, d *db.DB, what damage) {
	var first int64
	var report *ledger.Report
	err := d.Write(context.Background(), func(tx *db.Tx) (err error) {
		if first, err = what.do(rt, tx); err != nil {
			return err
		}
		if report, err = ledger.VerifyIn(tx, ledger.Options{Records: []ledger.RecordSource{records{}}}); err != nil {
			return err
		}
		return errUndo{}
	})
	if !errors.Is(err, errUndo{}) {
		t.Fatal(err)
	}
	if len(report.Faults) != 1 {
		rt.Fatalf("%d faults: %+v", len(report.Faults), report.Faults)
	}
	f := report.Faults[0]
	if f.Tree != county || first >= 0 && f.Sequence != first {
		rt.Fatalf("the first bad entry is %d of tree %d, found was %d of %d: %s", first, int64(county), f.Sequence, f.Tree, f.Text.EN)
	}
	if f.Act != nil && !strings.Contains(f.Text.ZH, f.Act.Actor) {
		rt.Fatalf("the sentence does not name who: %s", f.Text.ZH)
	}
}

// Whoever can write to the database can make a shorter or another log that agrees with itself; a checkpoint kept elsewhere finds it.
func TestACutTailAndARewrittenLogAreFoundByACheckpoint(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		d, err := db.Open(t.Context(), url, db.Options{})
		must(t, err)
		defer d.Close()
		must(t, d.Migrate(t.Context(), withRecords()))
		act := ledger.Act{Actor: "zhang", Operation: "import"}
		put(t, d, county, act, 300)
		key := newKey(t)
		early, err := ledger.ReadCheckpoint(sign(t, d, key), key.Verifier())
		must(t, err)
		put(t, d, county, act, 100)
		late, err := ledger.ReadCheckpoint(sign(t, d, key), key.Verifier())
		must(t, err)
		if r := verify(t, d, early, late); !r.OK() {
			t.Fatalf("%+v", r)
		}
		forget := func(again ...int) {
			must(t, d.Write(t.Context(), func(tx *db.Tx) error {
				for _, table := range []string{"ledger_tree", "ledger_act", "ledger_bundle", "ledger_tile", "ledger_tail", "record"} {
					if _, err := tx.Exec(`DELETE FROM ` + table); err != nil {
						return err
					}
				}
				return nil
			}))
			for _, count := range again {
				put(t, d, county, ledger.Act{Actor: "wang", Operation: "import"}, count)
			}
		}
		forget(250)
		if r := verify(t, d); !r.OK() {
			t.Errorf("a log that agrees with itself: %+v", r)
		}
		if r := verify(t, d, early, late); r.OK() || r.Faults[0].Kind != ledger.TailCut || r.Faults[0].Sequence != 250 {
			t.Errorf("cut tail: %+v", r)
		}
		forget(300, 100)
		if r := verify(t, d, late, early); r.OK() || r.Faults[0].Kind != ledger.HistoryRewritten || r.Faults[0].Sequence != 0 {
			t.Errorf("rewritten: %+v", r)
		}
		forget()
		if r := verify(t, d, early); r.OK() || r.Faults[0].Kind != ledger.TailCut {
			t.Errorf("emptied: %+v", r)
		}
	})
}
