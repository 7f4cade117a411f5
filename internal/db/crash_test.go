package db_test

import (
	"bufio"
	"context"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"liandong/internal/db"
)

// childEnvironment names the test that runs as a child process, and thereby tells it that it does.
const childEnvironment = "LIANDONG_TEST_CHILD"

// child prepares a run of one test of this program in a process of its own.
func child(t *testing.T, program, test string, environment ...string) *exec.Cmd {
	t.Helper()
	command := exec.CommandContext(t.Context(), program, "-test.run=^"+test+"$", "-test.v")
	command.Env = append(os.Environ(), append(environment, childEnvironment+"="+test)...)
	return command
}

// rounds is how often a fault is tried: some in every run, many at night.
func rounds(few, many int) int {
	if os.Getenv("LIANDONG_NIGHTLY") != "" {
		return many
	}
	return few
}

// A process is killed in the middle of group commits. Every row it was told is saved is there, once, and no write is there by half.
func TestKilledInTheMiddleNothingAcknowledgedIsLost(t *testing.T) {
	t.Parallel()
	if os.Getenv(childEnvironment) == t.Name() {
		writeUntilKilled(t)
		return
	}
	random := rand.New(rand.NewPCG(7, 7))
	for round := range rounds(12, 1000) {
		dir := t.TempDir()
		acknowledged := killAfter(t, dir, 20+random.IntN(300))
		d := openThings(t, dir)
		must(t, d.Check(context.Background()))
		there := map[int]int{}
		must(t, d.Read(context.Background(), func(tx *db.Tx) error {
			return tx.Each(func(rows *db.Rows) error {
				var id, parts int
				err := rows.Scan(&id, &parts)
				there[id] = parts
				return err
			}, `SELECT thing.id, count(part.id) FROM thing LEFT JOIN part ON part.thing = thing.id GROUP BY thing.id`)
		}))
		for _, id := range acknowledged {
			if there[id] != partsOf(id) {
				t.Errorf("round %d: write %d was acknowledged and has %d of %d parts", round, id, there[id], partsOf(id))
			}
		}
		for id, parts := range there {
			if parts != partsOf(id) {
				t.Errorf("round %d: write %d is there by half", round, id)
			}
		}
		must(t, d.Close())
	}
}

func partsOf(id int) int { return 1 + id%3 }

// killAfter starts the writing child, kills it after it acknowledged some writes, and gives those that it had told until its end.
func killAfter(t *testing.T, dir string, enough int) []int {
	t.Helper()
	command := child(t, "/proc/self/exe", t.Name(), "LIANDONG_TEST_DIR="+dir)
	out, err := command.StdoutPipe()
	must(t, err)
	must(t, command.Start())
	var acknowledged []int
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		text, ok := strings.CutPrefix(lines.Text(), "saved ")
		if !ok {
			continue
		}
		id, err := strconv.Atoi(text)
		must(t, err)
		if acknowledged = append(acknowledged, id); len(acknowledged) == enough {
			must(t, command.Process.Kill())
		}
	}
	_ = command.Wait()
	if len(acknowledged) < enough {
		t.Fatalf("the child ended by itself after %d writes", len(acknowledged))
	}
	return acknowledged
}

// writeUntilKilled is the child: eight writers that tell what was saved as soon as they know.
func writeUntilKilled(t *testing.T) {
	d := openThings(t, os.Getenv("LIANDONG_TEST_DIR"))
	var tell sync.Mutex
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := range 100000 {
				id := w*1000000 + i
				must(t, d.Write(context.Background(), func(tx *db.Tx) error {
					if err := addThing(id)(tx); err != nil {
						return err
					}
					for range partsOf(id) {
						if _, err := tx.Exec(`INSERT INTO part (thing) VALUES (?)`, id); err != nil {
							return err
						}
					}
					return nil
				}))
				tell.Lock()
				_, _ = os.Stdout.WriteString("saved " + strconv.Itoa(id) + "\n")
				tell.Unlock()
			}
		})
	}
	wg.Wait()
}

// The log file loses its end, or a piece of it is overwritten, as after a crash of the machine: what is left is an earlier state, whole.
func TestATornLogGivesAnEarlierState(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := openThings(t, dir)
	const writes = 30
	for id := range writes {
		must(t, d.Write(t.Context(), addThing(id)))
	}
	whole := map[string][]byte{}
	for _, name := range []string{db.FileName, db.FileName + "-wal"} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		must(t, err)
		whole[name] = b
	}
	must(t, d.Close())
	random := rand.New(rand.NewPCG(3, 3))
	fewer := 0
	for range rounds(30, 1000) {
		torn := t.TempDir()
		log := append([]byte(nil), whole[db.FileName+"-wal"]...)
		if at := random.IntN(len(log)); random.IntN(2) == 0 {
			log = log[:at]
		} else {
			for i := at; i < min(at+512, len(log)); i++ {
				log[i] = byte(random.Uint32())
			}
		}
		must(t, os.WriteFile(filepath.Join(torn, db.FileName), whole[db.FileName], 0o600))
		must(t, os.WriteFile(filepath.Join(torn, db.FileName+"-wal"), log, 0o600))
		d := openThings(t, torn)
		must(t, d.Check(t.Context()))
		n := count(t, d)
		var sum int
		must(t, d.Read(t.Context(), func(tx *db.Tx) error { return tx.QueryRow(`SELECT coalesce(sum(id), 0) FROM thing`).Scan(&sum) }))
		if sum != n*(n-1)/2 {
			t.Errorf("%d things with sum %d are no prefix of what was written", n, sum)
		}
		if n < writes {
			fewer++
		}
		must(t, d.Close())
	}
	if fewer == 0 {
		t.Error("no tear did any harm, so nothing was tried")
	}
}

// The disk is full: the write is refused with a sentence, what was there stays, and work goes on when there is space again.
func TestAFullDiskRefusesAndForgetsNothing(t *testing.T) {
	t.Parallel()
	if os.Getenv(childEnvironment) != t.Name() {
		out, err := child(t, "/proc/self/exe", t.Name(), "LIANDONG_TEST_DIR="+t.TempDir()).CombinedOutput()
		if err != nil || !strings.Contains(string(out), "PASS") {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	fillDisk(t, os.Getenv("LIANDONG_TEST_DIR"))
}

func fillDisk(t *testing.T, dir string) {
	d := openThings(t, dir)
	defer d.Close()
	restore := limitFiles(t, 4<<20)
	body := make([]byte, 100000)
	saved := 0
	var failure error
	for id := range 200 {
		failure = d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO thing (id, name, body) VALUES (?, ?, ?)`, id, strconv.Itoa(id), body)
			return err
		})
		if failure != nil {
			break
		}
		saved++
	}
	expectUnavailable(t, failure)
	if n := count(t, d); n != saved {
		t.Errorf("%d saved, %d there", saved, n)
	}
	restore()
	must(t, d.Write(t.Context(), addThing(1000)))
	must(t, d.Check(t.Context()))
	if n := count(t, d); n != saved+1 {
		t.Errorf("%d saved, %d there", saved+1, n)
	}
}
