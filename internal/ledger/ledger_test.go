package ledger_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"

	"liandong/errs"
	"liandong/internal/db"
	"liandong/internal/db/dbtest"
	"liandong/internal/ledger"
)

const county = 130624000000

// withRecords is the log with a table of records beside it, as a room would have one.
func withRecords() []db.Migration {
	return append(ledger.Migrations(), db.Migration{Room: "record", Number: 1, SQL: `
		CREATE TABLE record (tree INTEGER NOT NULL, leaf INTEGER NOT NULL, id BLOB NOT NULL, body BLOB NOT NULL, PRIMARY KEY (tree, leaf));`})
}

// records is the room's RecordSource.
type records struct{}

func (records) Kinds() []string { return []string{"revision"} }

func (records) Records(tx *db.Tx, tree int64) iter.Seq2[ledger.Record, error] {
	return func(yield func(ledger.Record, error) bool) {
		rows, err := tx.Query(`SELECT leaf, id, body FROM record WHERE tree = ? ORDER BY leaf`, tree)
		if err != nil {
			yield(ledger.Record{}, err)
			return
		}
		defer rows.Close()
		for rows.Next() {
			r := ledger.Record{Entry: ledger.Entry{Kind: "revision"}}
			var body []byte
			err := rows.Scan(&r.Sequence, &r.Subject, &body)
			r.Digest = sha256.Sum256(body)
			if !yield(r, err) {
				return
			}
		}
		if rows.Err() != nil {
			yield(ledger.Record{}, rows.Err())
		}
	}
}

func identifier(n int) (id uuid.UUID) {
	binary.BigEndian.PutUint64(id[8:], uint64(n))
	id[0] = 1
	return id
}

// put appends an act of count entries to a tree; every second record is kept in the room's table, the others are readings.
func put(t testing.TB, d *db.DB, tree int64, act ledger.Act, count int) (first int64) {
	t.Helper()
	must(t, d.Write(context.Background(), func(tx *db.Tx) error {
		entries := make([]ledger.Entry, count)
		bodies := make([][]byte, count)
		for i := range entries {
			if i%2 == 1 {
				entries[i] = ledger.Entry{Kind: "page", Text: fmt.Sprintf("list %d", i)}
				continue
			}
			bodies[i] = fmt.Appendf(nil, "body %d of %s", i, act.Actor)
			entries[i] = ledger.Entry{Kind: "revision", Subject: identifier(i), Digest: sha256.Sum256(bodies[i])}
		}
		var err error
		if first, err = ledger.Append(tx, tree, act, entries); err != nil {
			return err
		}
		for i, body := range bodies {
			if body == nil {
				continue
			}
			if _, err := tx.Exec(`INSERT INTO record (tree, leaf, id, body) VALUES (?, ?, ?, ?)`, tree, first+int64(i), entries[i].Subject, body); err != nil {
				return err
			}
		}
		return nil
	}))
	return first
}

func verify(t testing.TB, d *db.DB, checkpoints ...*ledger.Checkpoint) *ledger.Report {
	t.Helper()
	report, err := ledger.Verify(context.Background(), d, ledger.Options{Checkpoints: checkpoints, Records: []ledger.RecordSource{records{}}})
	must(t, err)
	return report
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// The root must be the one that package tlog computes leaf by leaf, whatever the sizes of the acts.
func TestRootIsThatOfTlog(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, withRecords(), func(t *testing.T, d *db.DB) {
		random := rand.New(rand.NewPCG(1, 2))
		for _, count := range []int{1, 1, 3, 250, 1, 1, 255, 256, 257, 1, 700, 2} {
			put(t, d, county, ledger.Act{Actor: fmt.Sprint("a", random.IntN(3)), Operation: "import", Reason: "春季核查"}, count)
		}
		must(t, d.Read(t.Context(), func(tx *db.Tx) error {
			head, err := ledger.HeadOf(tx, county)
			must(t, err)
			var hashes []tlog.Hash
			reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
				var out []tlog.Hash
				for _, i := range indexes {
					out = append(out, hashes[i])
				}
				return out, nil
			})
			for leaf := range head.Size {
				act, err := ledger.ActOf(tx, county, leaf)
				must(t, err)
				entries, err := ledger.Entries(tx, county, leaf, 1)
				must(t, err)
				more, err := tlog.StoredHashes(leaf, ledger.LeafBytes(act, entries[0]), reader)
				must(t, err)
				hashes = append(hashes, more...)
			}
			want, err := tlog.TreeHash(head.Size, reader)
			must(t, err)
			if head.Root != want || head.Size != 1728 {
				t.Errorf("size %d root %v, tlog says %v", head.Size, head.Root, want)
			}
			return nil
		}))
		if r := verify(t, d); !r.OK() || r.Leaves != 1728 || r.Acts != 12 || r.Trees != 1 || r.Records != 868 {
			t.Errorf("report %+v", r)
		}
	})
}

func TestProofsHoldAndWrongOnesDoNot(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, withRecords(), func(t *testing.T, d *db.DB) {
		act := ledger.Act{Actor: "zhang", Operation: "import"}
		var before ledger.Head
		for _, count := range []int{5, 300, 255, 9} {
			put(t, d, county, act, count)
			must(t, d.Read(t.Context(), func(tx *db.Tx) error {
				head, err := ledger.HeadOf(tx, county)
				must(t, err)
				for leaf := int64(0); leaf < head.Size; leaf += 37 {
					proof, err := ledger.ProveInclusion(tx, county, head.Size, leaf)
					must(t, err)
					recorded, err := ledger.ActOf(tx, county, leaf)
					must(t, err)
					entries, err := ledger.Entries(tx, county, leaf, 1)
					must(t, err)
					hash := tlog.RecordHash(ledger.LeafBytes(recorded, entries[0]))
					must(t, tlog.CheckRecord(proof, head.Size, head.Root, leaf, hash))
					recorded.Reason = "another"
					if tlog.CheckRecord(proof, head.Size, head.Root, leaf, tlog.RecordHash(ledger.LeafBytes(recorded, entries[0]))) == nil {
						t.Error("a proof held for an act with another reason")
					}
				}
				if before.Size > 0 {
					proof, err := ledger.ProveConsistency(tx, county, before.Size, head.Size)
					must(t, err)
					must(t, tlog.CheckTree(proof, head.Size, head.Root, before.Size, before.Root))
				}
				if _, err := ledger.ProveInclusion(tx, county, head.Size, head.Size); !errs.Is(err, errs.NotFound) {
					t.Errorf("proof of a leaf beyond the tree: %v", err)
				}
				before = head
				return nil
			}))
		}
	})
}

func TestCheckpointIsSignedAndReadBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, withRecords(), func(t *testing.T, d *db.DB) {
		put(t, d, county, ledger.Act{Actor: "zhang", Operation: "import"}, 300)
		put(t, d, ledger.System, ledger.Act{Actor: "root", Operation: "account"}, 1)
		key := newKey(t)
		signed := sign(t, d, key)
		c, err := ledger.ReadCheckpoint(signed, key.Verifier())
		must(t, err)
		if len(c.Heads) != 2 || c.Heads[0].Tree != ledger.System || c.Heads[1].Size != 300 || c.City != "130600 保定市" {
			t.Errorf("%+v", c)
		}
		if r := verify(t, d, c); !r.OK() {
			t.Errorf("%+v", r)
		}
		forged := bytes.Replace(signed, []byte("300"), []byte("299"), 1)
		if _, err := ledger.ReadCheckpoint(forged, key.Verifier()); !errs.Is(err, errs.Invalid) {
			t.Errorf("a forged checkpoint gave %v", err)
		}
		if _, err := ledger.ReadCheckpoint(signed, newKey(t).Verifier()); err != nil {
			t.Errorf("the same seed gave another key: %v", err)
		}
	})
}

func newKey(t testing.TB) *ledger.Key {
	t.Helper()
	key, err := ledger.OpenKey(filepath.Join(t.TempDir(), ledger.KeyFile), "liandong-130600", bytes.NewReader(bytes.Repeat([]byte{7}, 32)))
	must(t, err)
	return key
}

func sign(t testing.TB, d *db.DB, key *ledger.Key) []byte {
	t.Helper()
	var signed []byte
	must(t, d.Read(t.Context(), func(tx *db.Tx) (err error) {
		signed, err = ledger.Sign(tx, key, "130600 保定市")
		return err
	}))
	return signed
}

func TestAppendsToOneTreeFollowEachOther(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, withRecords(), func(t *testing.T, d *db.DB) {
		const writers, each = 8, 40
		done := make(chan error)
		for w := range writers {
			go func() {
				var err error
				for range each {
					err = errors.Join(err, d.Write(context.Background(), func(tx *db.Tx) error {
						_, err := ledger.Append(tx, county, ledger.Act{Actor: fmt.Sprint("w", w), Operation: "show", Reason: "核对"}, []ledger.Entry{{Kind: "person", Subject: identifier(w)}})
						return err
					}))
				}
				done <- err
			}()
		}
		for range writers {
			must(t, <-done)
		}
		if r := verify(t, d); !r.OK() || r.Leaves != writers*each || r.Acts != writers*each {
			t.Errorf("%+v", r)
		}
	})
}

func TestAnActThatRollsBackLeavesNoLeaf(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, withRecords(), func(t *testing.T, d *db.DB) {
		act := ledger.Act{Actor: "zhang", Operation: "import"}
		put(t, d, county, act, 3)
		stop := errors.New("stop")
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if _, err := ledger.Append(tx, county, act, []ledger.Entry{{Kind: "page", Text: "x"}}); err != nil {
				return err
			}
			return stop
		})
		if !errors.Is(err, stop) {
			t.Fatalf("%v", err)
		}
		if r := verify(t, d); !r.OK() || r.Leaves != 3 {
			t.Errorf("%+v", r)
		}
	})
}

func TestActsAreListedByFilter(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, withRecords(), func(t *testing.T, d *db.DB) {
		subject := identifier(9)
		must(t, d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := ledger.Append(tx, county, ledger.Act{Actor: "li", Operation: ledger.Show, Reason: "入户核实"}, []ledger.Entry{{Kind: "person", Subject: subject}})
			return err
		}))
		put(t, d, county, ledger.Act{Actor: "zhang", Operation: "import", Source: "一月.xlsx"}, 10)
		put(t, d, county+1000000, ledger.Act{Actor: "li", Operation: "import"}, 2)
		must(t, d.Read(t.Context(), func(tx *db.Tx) error {
			list := func(f ledger.Filter) []ledger.Recorded {
				acts, err := ledger.Acts(tx, f)
				must(t, err)
				return acts
			}
			if got := list(ledger.Filter{}); len(got) != 0 {
				t.Errorf("without trees %d acts were shown", len(got))
			}
			mine := []int64{county}
			if got := list(ledger.Filter{Trees: mine}); len(got) != 2 || got[0].Source != "一月.xlsx" || got[0].Count != 10 || got[1].Subject != subject {
				t.Errorf("%+v", got)
			}
			if got := list(ledger.Filter{Trees: mine, Subject: subject}); len(got) != 1 || got[0].Reason != "入户核实" {
				t.Errorf("%+v", got)
			}
			if got := list(ledger.Filter{Trees: []int64{county, county + 1000000}, Actor: "li", Operations: []string{"import"}}); len(got) != 1 || got[0].Tree != county+1000000 {
				t.Errorf("%+v", got)
			}
			all := ledger.Filter{Trees: []int64{county, county + 1000000}, Limit: 2}
			page := list(all)
			all.After = &page[1]
			if rest := list(all); len(page) != 2 || len(rest) != 1 || rest[0].Operation != ledger.Show {
				t.Errorf("%+v then %+v", page, rest)
			}
			return nil
		}))
	})
}
