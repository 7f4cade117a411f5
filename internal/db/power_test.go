//go:build linux && !mattn

package db_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"

	"liandong/errs"
	"liandong/internal/db"
)

func (d *disk) openThings(t *testing.T, dir string) *db.DB {
	t.Helper()
	opened, err := db.Open(context.Background(), d.url(dir), db.Options{})
	must(t, err)
	must(t, opened.Migrate(context.Background(), things()))
	return opened
}

// writeMarked writes from several goroutines and marks on the disk what was acknowledged. Bodies are large enough that the log is copied
// into the file in between.
func writeMarked(t *testing.T, d *disk, opened *db.DB, begin, end int) {
	t.Helper()
	var wg sync.WaitGroup
	const writers = 4
	for w := range writers {
		wg.Go(func() {
			for id := begin + w; id < end; id += writers {
				err := opened.Write(context.Background(), func(tx *db.Tx) error {
					if _, err := tx.Exec(`INSERT INTO thing (id, name, body) VALUES (?, 'thing ' || ?, ?)`, id, id, make([]byte, 20000)); err != nil {
						return err
					}
					for range partsOf(id) {
						if _, err := tx.Exec(`INSERT INTO part (thing) VALUES (?)`, id); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					t.Errorf("write %d: %v", id, err)
					return
				}
				d.mark(id)
			}
		})
	}
	wg.Wait()
}

// The power fails at any moment, and of what was not synced any sector may be lost. Every acknowledged write is there whole, every other
// whole or not at all.
func TestAPowerCutLosesNothingAcknowledged(t *testing.T) {
	t.Parallel()
	d := newDisk(t)
	dir := t.TempDir()
	opened := d.openThings(t, dir)
	d.mark(-1)
	writeMarked(t, d, opened, 0, 60)
	must(t, opened.Close())
	opened = d.openThings(t, dir)
	writeMarked(t, d, opened, 60, 100)
	changes := len(d.changes)
	must(t, opened.Close())

	random := rand.New(rand.NewPCG(11, 11))
	for range rounds(40, 2000) {
		cut := 1 + random.IntN(changes)
		share := random.IntN(101)
		after := t.TempDir()
		acknowledged := d.afterCut(t, cut, after, func() bool { return random.IntN(100) < share })
		expectAllThere(t, after, acknowledged, cut)
	}
}

func expectAllThere(t *testing.T, dir string, acknowledged []int, cut int) {
	t.Helper()
	d, err := db.Open(t.Context(), db.URL(dir), db.Options{})
	must(t, err)
	defer d.Close()
	must(t, d.Migrate(t.Context(), things()))
	must(t, d.Check(t.Context()))
	there := map[int]int{}
	must(t, d.Read(t.Context(), func(tx *db.Tx) error {
		return tx.Each(func(rows *db.Rows) error {
			var id, parts int
			err := rows.Scan(&id, &parts)
			there[id] = parts
			return err
		}, `SELECT thing.id, count(part.id) FROM thing LEFT JOIN part ON part.thing = thing.id GROUP BY thing.id`)
	}))
	for id, parts := range there {
		if parts != partsOf(id) {
			t.Errorf("cut after %d: write %d is there by half", cut, id)
		}
	}
	for _, id := range acknowledged {
		if id >= 0 && there[id] == 0 {
			t.Errorf("cut after %d: write %d was acknowledged and is lost", cut, id)
		}
	}
}

// A sync that fails may have left the disk behind what the system remembers. Nothing is acknowledged after it until the file was opened
// anew, and a power cut even then loses nothing that was.
func TestAFailedSyncStopsWritingUntilOpenedAnew(t *testing.T) {
	t.Parallel()
	d := newDisk(t)
	dir := t.TempDir()
	opened := d.openThings(t, dir)
	writeMarked(t, d, opened, 0, 10)
	d.failSync.Store(1)
	lost := opened.Write(t.Context(), addThing(1000))
	if !errs.Is(lost, errs.Unavailable) {
		t.Errorf("the write whose sync failed gave %v", lost)
	}
	if err := opened.Write(t.Context(), addThing(1001)); !errs.Is(err, errs.Unavailable) {
		t.Errorf("a write after it gave %v", err)
	}
	if n := count(t, opened); n != 10 {
		t.Errorf("%d things can be read", n)
	}
	must(t, opened.Close())
	opened = d.openThings(t, dir)
	writeMarked(t, d, opened, 10, 20)
	changes := len(d.changes)
	must(t, opened.Close())
	after := t.TempDir()
	acknowledged := d.afterCut(t, changes, after, func() bool { return false })
	if len(acknowledged) != 20 {
		t.Errorf("%d acknowledged", len(acknowledged))
	}
	must(t, withoutUnacknowledged(t, after))
	expectAllThere(t, after, acknowledged, changes)
}

// withoutUnacknowledged takes away the write whose sync failed: whether it is there nobody was told, and both are right.
func withoutUnacknowledged(t *testing.T, dir string) error {
	t.Helper()
	d := openThings(t, dir)
	return errors.Join(d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(`DELETE FROM thing WHERE id >= 1000`)
		return err
	}), d.Close())
}

// The disk fills up in the middle of a group, at any write: whoever was told "saved" finds it, nobody's half is there, and with space again
// work goes on.
func TestADiskThatFillsUpAnywhere(t *testing.T) {
	t.Parallel()
	for at := int32(2); at < 40; at += 3 {
		d := newDisk(t)
		opened := d.openThings(t, t.TempDir())
		d.failWrite.Store(at)
		var wg sync.WaitGroup
		results := make([]error, 12)
		for i := range results {
			wg.Go(func() { results[i] = opened.Write(context.Background(), addThing(i)) })
		}
		wg.Wait()
		saved := 0
		for i, err := range results {
			if err == nil {
				saved++
			} else if !errs.Is(err, errs.Unavailable) {
				t.Errorf("full at write %d: %d gave %v", at, i, err)
			}
		}
		if n := count(t, opened); n != saved {
			t.Errorf("full at write %d: %d saved, %d there", at, saved, n)
		}
		d.failWrite.Store(0)
		must(t, opened.Write(t.Context(), addThing(100)))
		must(t, opened.Check(t.Context()))
		must(t, opened.Close())
	}
}

// A read that fails in a write fails that write alone, with a sentence, and changes nothing.
func TestAFailingReadFailsItsTransactionAlone(t *testing.T) {
	t.Parallel()
	d := newDisk(t)
	dir := t.TempDir()
	opened := d.openThings(t, dir)
	writeMarked(t, d, opened, 0, 200)
	must(t, opened.Close())
	opened = d.openThings(t, dir)
	defer opened.Close()
	d.failRead.Store(5)
	err := opened.Write(t.Context(), func(tx *db.Tx) error {
		var n int
		if err := tx.QueryRow(`SELECT count(*) FROM thing WHERE length(body) = 20000`).Scan(&n); err != nil {
			return err
		}
		return tx.QueryRow(`SELECT sum(length(hex(body))) FROM thing`).Scan(&n)
	})
	if text := errs.Sentence(err); !errs.Is(err, errs.Unavailable) || text.ZH == "" {
		t.Errorf("%v", err)
	}
	must(t, opened.Write(t.Context(), addThing(5000)))
	if n := count(t, opened); n != 201 {
		t.Errorf("%d things", n)
	}
}
