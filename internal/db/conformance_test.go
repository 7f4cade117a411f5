package db_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/db"
	"liandong/internal/db/dbtest"
	"liandong/money"
)

type grade uint8

func TestEveryTypeComesBackAsItWent(t *testing.T) {
	t.Parallel()
	everything := []db.Migration{{Room: "all", Number: 1, SQL: `CREATE TABLE everything (id IDENTITY, n INTEGER, x REAL, s TEXT, b BLOB);`}}
	dbtest.Each(t, everything, func(t *testing.T, d *db.DB) {
		id := uuid.MustParse("0190163d-8694-739b-aea5-966c26f8ad91")
		moment := time.Date(2015, 12, 31, 23, 59, 59, 123456000, time.UTC)
		date := day.MustOf(2013, 12, 31)
		four := 4
		for _, c := range []struct {
			column    string
			put       any
			get, want any
		}{
			{"n", int64(math.MinInt64), new(int64), int64(math.MinInt64)},
			{"n", math.MaxInt64, new(int), math.MaxInt64},
			{"n", true, new(bool), true},
			{"n", grade(200), new(grade), grade(200)},
			{"n", moment, new(time.Time), moment},
			{"n", date, new(day.Date), date},
			{"n", day.Date{}, new(day.Date), day.Date{}},
			{"n", money.Fen(-5), new(money.Fen), money.Fen(-5)},
			{"n", &four, new(*int), &four},
			{"n", (*int)(nil), new(*int), (*int)(nil)},
			{"x", 0.1, new(float64), 0.1},
			{"x", math.SmallestNonzeroFloat64, new(float64), math.SmallestNonzeroFloat64},
			{"s", "", new(string), ""},
			{"s", "它的名字叫「䶮」\n'\"?$1", new(string), "它的名字叫「䶮」\n'\"?$1"},
			{"s", errs.Invalid.String(), new(any), "invalid"},
			{"b", []byte{}, new([]byte), []byte{}},
			{"b", []byte(nil), new([]byte), []byte(nil)},
			{"b", []byte{0, 255}, new([]byte), []byte{0, 255}},
			{"b", id, new(uuid.UUID), id},
			{"b", [2]byte{1, 2}, new([2]byte), [2]byte{1, 2}},
		} {
			must(t, d.Write(t.Context(), func(tx *db.Tx) error {
				var row int64
				must(t, tx.QueryRow(`INSERT INTO everything (`+c.column+`) VALUES (?) RETURNING id`, c.put).Scan(&row))
				return tx.QueryRow(`SELECT `+c.column+` FROM everything WHERE id = ?`, row).Scan(c.get)
			}))
			if got := fmt.Sprintf("%#v", deref(c.get)); got != fmt.Sprintf("%#v", deref(&c.want)) {
				t.Errorf("%s: put %#v, got %s", c.column, c.put, got)
			}
		}
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO everything (n) VALUES (?)`, uint64(math.MaxUint64))
			return err
		})
		if err == nil {
			t.Error("a number beyond 64 bits was stored")
		}
	})
}

// deref follows pointers, so that values can be compared by their text.
func deref(v any) any {
	switch p := v.(type) {
	case *any:
		return deref(*p)
	case **int:
		return deref(*p)
	case *int:
		if p != nil {
			return *p
		}
	case *int64:
		return *p
	case *bool:
		return *p
	case *grade:
		return *p
	case *time.Time:
		return p.String()
	case time.Time:
		return p.String()
	case *day.Date:
		return *p
	case *money.Fen:
		return *p
	case *float64:
		return *p
	case *string:
		return *p
	case *[]byte:
		return *p
	case *uuid.UUID:
		return *p
	case *[2]byte:
		return *p
	}
	return v
}

func TestBrokenRulesOfTheTablesHaveKindsAndSentences(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things(), func(t *testing.T, d *db.DB) {
		exec := func(query string, args ...any) error {
			return d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(query, args...)
				return err
			})
		}
		must(t, exec(`INSERT INTO thing (id, name) VALUES (1, 'a')`))
		for _, c := range []struct {
			query string
			kind  errs.Kind
		}{
			{`INSERT INTO thing (id, name) VALUES (1, 'b')`, errs.Conflict},
			{`INSERT INTO thing (id, name) VALUES (2, 'a')`, errs.Conflict},
			{`INSERT INTO part (thing) VALUES (77)`, errs.Conflict},
			{`INSERT INTO thing (id, name) VALUES (3, NULL)`, errs.Invalid},
			{`INSERT INTO thing (id, name, kind) VALUES (3, 'c', 100)`, errs.Invalid},
			{`INSERT INTO thing (id, name, kind) VALUES (3, 'c', 'many')`, errs.Invalid},
			{`INSERT INTO nothing (id) VALUES (3)`, errs.Internal},
		} {
			err := exec(c.query)
			if !errs.Is(err, c.kind) {
				t.Errorf("%s: kind %v of %v", c.query, errs.KindOf(err), err)
			}
			if text := errs.Sentence(err); text.ZH == "" || text.EN == "" || strings.Contains(text.EN, "constraint") {
				t.Errorf("%s: sentence %+v", c.query, text)
			}
		}
	})
}

// After a failed statement PostgreSQL refuses everything until the transaction ends; a room that only runs on SQLite must notice too.
func TestAFailedStatementFailsItsTransaction(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things(), func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if _, err := tx.Exec(`INSERT INTO thing (id, name) VALUES (1, 'a')`); err != nil {
				return err
			}
			_, _ = tx.Exec(`INSERT INTO thing (id, name) VALUES (1, 'b')`)
			if _, err := tx.Exec(`INSERT INTO thing (id, name) VALUES (2, 'b')`); !errs.Is(err, errs.Conflict) {
				t.Errorf("the next statement gave %v", err)
			}
			return nil
		})
		if !errs.Is(err, errs.Conflict) || count(t, d) != 0 {
			t.Errorf("error %v, %d things", err, count(t, d))
		}
	})
}

func count(t testing.TB, d *db.DB) (n int) {
	t.Helper()
	must(t, d.Read(context.Background(), func(tx *db.Tx) error { return tx.QueryRow(`SELECT count(*) FROM thing`).Scan(&n) }))
	return n
}

func TestRowsMustBeReadBeforeTheNextStatement(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things(), func(t *testing.T, d *db.DB) {
		must(t, d.Write(t.Context(), func(tx *db.Tx) error {
			rows, err := tx.Query(`SELECT 1 UNION SELECT 2`)
			must(t, err)
			if _, err := tx.Exec(`INSERT INTO thing (id, name) VALUES (1, 'a')`); err == nil {
				t.Error("a statement ran while rows were open")
			}
			must(t, rows.Close())
			_, err = tx.Exec(`INSERT INTO thing (id, name) VALUES (1, 'a')`)
			return err
		}))
	})
}

// Both engines order text by its bytes, fold no case in LIKE, and take ? in literals and comments for what it is.
func TestTextIsTreatedAlike(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things(), func(t *testing.T, d *db.DB) {
		must(t, d.Write(t.Context(), func(tx *db.Tx) error {
			for i, name := range []string{"b", "B", "a", "张", "ä", "李", "_"} {
				if _, err := tx.Exec(`INSERT INTO thing (id, name) VALUES (?, ?)`, i, name); err != nil {
					return err
				}
			}
			return nil
		}))
		must(t, d.Read(t.Context(), func(tx *db.Tx) error {
			names, err := db.Collect(tx, func(rows *db.Rows) (s string, err error) { return s, rows.Scan(&s) },
				`SELECT name FROM thing WHERE name <> '?' /* ? */ AND id >= ? -- ?
				 ORDER BY name`, 0)
			if want := []string{"B", "_", "a", "b", "ä", "张", "李"}; !slices.Equal(names, want) {
				t.Errorf("%v", names)
			}
			must(t, err)
			var n int
			must(t, tx.QueryRow(`SELECT count(*) FROM thing WHERE name LIKE ?`, "b%").Scan(&n))
			if n != 1 {
				t.Errorf("LIKE found %d", n)
			}
			return nil
		}))
	})
}

func TestAReaderSeesOneMoment(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things(), func(t *testing.T, d *db.DB) {
		must(t, d.Read(t.Context(), func(tx *db.Tx) error {
			var before, after int
			must(t, tx.QueryRow(`SELECT count(*) FROM thing`).Scan(&before))
			must(t, d.Write(t.Context(), func(w *db.Tx) error {
				_, err := w.Exec(`INSERT INTO thing (id, name) VALUES (1, 'a')`)
				return err
			}))
			must(t, tx.QueryRow(`SELECT count(*) FROM thing`).Scan(&after))
			if before != 0 || after != 0 {
				t.Errorf("before %d, after %d", before, after)
			}
			return nil
		}))
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(`DELETE FROM thing`)
			return err
		})
		if err == nil {
			t.Error("a reader wrote")
		}
		if count(t, d) != 1 {
			t.Error("the next reader does not see what was written")
		}
	})
}

// What was recorded at or before the settled moment of a reader is in its snapshot, and is the same when it is read again as known then.
func TestWhatWasKnownAtAMomentNeverChanges(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things(), func(t *testing.T, d *db.DB) {
		type known struct {
			at time.Time
			n  int
		}
		var seen []known
		var wg sync.WaitGroup
		for w := range 4 {
			wg.Go(func() {
				for i := range 25 {
					id := w*100 + i
					must(t, d.Write(context.Background(), func(tx *db.Tx) error {
						_, err := tx.Exec(`INSERT INTO thing (id, name, body, weight) VALUES (?, ?, NULL, ?)`, id, strconv.Itoa(id), float64(tx.Now().UnixMicro()))
						return err
					}))
				}
			})
		}
		for range 60 {
			must(t, d.Read(t.Context(), func(tx *db.Tx) error {
				k := known{at: tx.Settled()}
				seen = append(seen, k)
				return tx.QueryRow(`SELECT count(*) FROM thing WHERE weight <= ?`, float64(k.at.UnixMicro())).Scan(&seen[len(seen)-1].n)
			}))
		}
		wg.Wait()
		must(t, d.Read(t.Context(), func(tx *db.Tx) error {
			for _, k := range seen {
				var n int
				must(t, tx.QueryRow(`SELECT count(*) FROM thing WHERE weight <= ?`, float64(k.at.UnixMicro())).Scan(&n))
				if n != k.n {
					t.Errorf("known at %v: %d then, %d now", k.at, k.n, n)
				}
			}
			return nil
		}))
	})
}

func TestNowStandsStillWithinATransaction(t *testing.T) {
	t.Parallel()
	ticks := dbtest.Start()
	var mu sync.Mutex
	clock := func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		ticks = ticks.Add(time.Second + time.Nanosecond)
		return ticks
	}
	dbtest.EachWith(t, things(), db.Options{Clock: clock}, func(t *testing.T, d *db.DB) {
		must(t, d.Write(t.Context(), func(tx *db.Tx) error {
			first := tx.Now()
			if !tx.Now().Equal(first) || first.Location() != time.UTC || first.Nanosecond()%1000 != 0 {
				t.Errorf("now %v then %v", first, tx.Now())
			}
			return nil
		}))
	})
}

// A lock of a name makes a read-and-write safe on both engines without serializable isolation.
func TestLockMakesReadAndWriteSafe(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things(), func(t *testing.T, d *db.DB) {
		must(t, d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO thing (id, name, kind) VALUES (1, 'counter', 0)`)
			return err
		}))
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 10 {
					must(t, d.Write(context.Background(), func(tx *db.Tx) error {
						if err := tx.Lock("counter"); err != nil {
							return err
						}
						var n int
						if err := tx.QueryRow(`SELECT kind FROM thing WHERE id = 1`).Scan(&n); err != nil {
							return err
						}
						_, err := tx.Exec(`UPDATE thing SET kind = ? WHERE id = 1`, n+1)
						return err
					}))
				}
			})
		}
		wg.Wait()
		must(t, d.Read(t.Context(), func(tx *db.Tx) error {
			var n int
			must(t, tx.QueryRow(`SELECT kind FROM thing WHERE id = 1`).Scan(&n))
			if n != 80 {
				t.Errorf("counted to %d", n)
			}
			return nil
		}))
	})
}

// Two writers that lock rows crosswise deadlock on a server; the one that the server ends is begun again.
func TestADeadlockIsBegunAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things(), func(t *testing.T, d *db.DB) {
		must(t, d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO thing (id, name, kind) VALUES (1, 'a', 0), (2, 'b', 0)`)
			return err
		}))
		var met sync.WaitGroup
		if d.Engine() == db.PostgreSQL {
			met.Add(2)
		}
		var wg sync.WaitGroup
		for _, order := range [][2]int{{1, 2}, {2, 1}} {
			var once sync.Once
			wg.Go(func() {
				must(t, d.Write(context.Background(), func(tx *db.Tx) error {
					if _, err := tx.Exec(`UPDATE thing SET kind = kind + 1 WHERE id = ?`, order[0]); err != nil {
						return err
					}
					if d.Engine() == db.PostgreSQL {
						once.Do(met.Done)
						met.Wait()
					}
					_, err := tx.Exec(`UPDATE thing SET kind = kind + 1 WHERE id = ?`, order[1])
					return err
				}))
			})
		}
		wg.Wait()
		must(t, d.Read(t.Context(), func(tx *db.Tx) error {
			var sum int
			must(t, tx.QueryRow(`SELECT sum(kind) FROM thing`).Scan(&sum))
			if sum != 4 {
				t.Errorf("%d updates are there of 4", sum)
			}
			return nil
		}))
	})
}

func TestAPanicReachesTheCallerAndLeavesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things(), func(t *testing.T, d *db.DB) {
		func() {
			defer func() {
				if recover() != "oh" {
					t.Error("the panic was lost")
				}
			}()
			_ = d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(`INSERT INTO thing (id, name) VALUES (1, 'a')`)
				must(t, err)
				panic("oh")
			})
		}()
		must(t, d.Write(t.Context(), func(*db.Tx) error { return nil }))
		if count(t, d) != 0 {
			t.Error("the panicked write left something")
		}
	})
}

func TestACancelledWriteIsNotDone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things(), func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		ran := false
		err := d.Write(ctx, func(*db.Tx) error {
			ran = true
			return nil
		})
		if !errors.Is(err, context.Canceled) || ran {
			t.Errorf("error %v, ran %v", err, ran)
		}
	})
}

func TestBulkIsAllOrNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things(), func(t *testing.T, d *db.DB) {
		load := func(from, until int) error {
			return d.Write(t.Context(), func(tx *db.Tx) error {
				row := make([]any, 3)
				n, err := tx.Bulk("thing", []string{"id", "name", "body"}, func(yield func([]any) bool) {
					for i := from; i < until; i++ {
						row[0], row[1], row[2] = i, fmt.Sprint("n", i), []byte{byte(i)}
						if i%5 == 0 {
							row[2] = nil
						}
						if !yield(row) {
							return
						}
					}
				})
				if err == nil && n != int64(until-from) {
					t.Errorf("%d rows of %d", n, until-from)
				}
				return err
			})
		}
		must(t, load(0, 1003))
		if err := load(1001, 3000); !errs.Is(err, errs.Conflict) {
			t.Errorf("a repeated key gave %v", err)
		}
		if n := count(t, d); n != 1003 {
			t.Errorf("%d things", n)
		}
		must(t, d.Read(t.Context(), func(tx *db.Tx) error {
			var bodies, right int
			must(t, tx.QueryRow(`SELECT count(body) FROM thing`).Scan(&bodies))
			must(t, tx.Each(func(rows *db.Rows) error {
				var id int
				var name string
				must(t, rows.Scan(&id, &name))
				if name == fmt.Sprint("n", id) {
					right++
				}
				return nil
			}, `SELECT id, name FROM thing`))
			if bodies != 1003-201 || right != 1003 {
				t.Errorf("%d bodies, %d right names", bodies, right)
			}
			return nil
		}))
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Bulk("thing", []string{"id", "name"}, func(yield func([]any) bool) { yield([]any{1}) })
			return err
		})
		if err == nil {
			t.Error("a row that is too short was taken")
		}
	})
}

// Load leaves the marked indexes out while it runs, makes them even when it fails, and Migrate makes those that a crash left out.
func TestLoadMakesItsIndexesAfterwards(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things(), func(t *testing.T, d *db.DB) {
		indexed := func() (n int) {
			must(t, d.Read(t.Context(), func(tx *db.Tx) error {
				return tx.QueryRow(tx.Select(`SELECT count(*) FROM sqlite_schema WHERE name = 'part_by_thing'`, `SELECT count(*) FROM pg_indexes WHERE indexname = 'part_by_thing'`)).Scan(&n)
			}))
			return n
		}
		if indexed() != 1 {
			t.Error("the index is not there from the start")
		}
		stop := errors.New("stop")
		err := d.Load(t.Context(), func() error {
			if indexed() != 0 {
				t.Error("the index is there while rows are loaded")
			}
			return stop
		})
		if !errors.Is(err, stop) || indexed() != 1 {
			t.Errorf("error %v, indexes %d", err, indexed())
		}
		must(t, d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(`DROP INDEX part_by_thing`)
			return err
		}))
		must(t, d.Migrate(t.Context(), things()))
		if indexed() != 1 {
			t.Error("Migrate did not make the index that was left out")
		}
	})
}

// contextEndingSoon ends while a query runs that takes far longer.
func contextEndingSoon(t *testing.T) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithTimeout(t.Context(), 5*time.Millisecond)
}
