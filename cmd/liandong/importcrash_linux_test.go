package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"liandong/day"
	"liandong/ident"
)

const (
	crashHouseholds = 1_000 // of two members: 2,000 rows
	crashHeading    = "省,市,县,乡(镇),行政村,户编号,姓名,证件号码,与户主关系,性别,健康状况,工资性收入\r\n"

	// childEnvironment names the folder in which the test that runs as a child works, and thereby tells it that it is one.
	childEnvironment = "LIANDONG_TEST_CHILD"
)

// crashTable is a table of households in a county.
func crashTable() []byte {
	var out bytes.Buffer
	out.WriteString(crashHeading)
	for i := range crashHouseholds {
		born := day.MustOf(1960, 1, 1).AddDays(i)
		for k, relation := range []string{"户主", "配偶"} {
			id := "130699" + strings.ReplaceAll(born.String(), "-", "") + fmt.Sprintf("%03d", 101-k)
			fmt.Fprintf(&out, "河北省,保定市,阜平县,阜平镇,城厢村,130624%06d,单建国,%s%c,%s,%s,健康,5850\r\n", i, id, ident.CheckCharacter(id), relation, []string{"男", "女"}[k])
		}
	}
	return out.Bytes()
}

// crashCity makes a city without households, and a table to import beside it.
func crashCity(t *testing.T) (city, table string) {
	t.Helper()
	dir := t.TempDir()
	city, table = filepath.Join(dir, "city"), filepath.Join(dir, "households.csv")
	if code, out := runs(t, "init", "--dir", city, "--city", "130600"); code != 0 {
		t.Fatal(out)
	}
	if err := os.WriteFile(table, crashTable(), 0o600); err != nil {
		t.Fatal(err)
	}
	return city, table
}

// copied is a copy of a city's folder, which no other user may read, as the program wants it.
func copied(t *testing.T, city string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "city")
	err := filepath.WalkDir(city, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		below, err := filepath.Rel(city, path)
		if err != nil || entry.IsDir() {
			return errors.Join(err, os.MkdirAll(filepath.Join(to, below), 0o700))
		}
		content, err := os.ReadFile(path)
		return errors.Join(err, os.WriteFile(filepath.Join(to, below), content, 0o600))
	})
	if err != nil {
		t.Fatal(err)
	}
	return to
}

// runs runs the program within the test.
func runs(t *testing.T, words ...string) (code int, output string) {
	t.Helper()
	p, stdout, stderr := testProgram(t)
	code = p.Run(context.Background(), words)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	return code, stdout.String() + stderr.String()
}

// importing are the words that import the table.
func importing(city, table string) []string {
	return []string{"import", "households", table, "--dir", city, "--as-of", "2015-12-20", "--json"}
}

// proven verifies a city's log against its records and gives how many there are.
func proven(t *testing.T, city string) int {
	t.Helper()
	code, out := runs(t, "audit", "verify", "--dir", city, "--json")
	var report struct {
		OK      bool `json:"ok"`
		Records int  `json:"records"`
	}
	if err := json.Unmarshal([]byte(out), &report); err != nil || code != 0 || !report.OK {
		t.Fatalf("the log does not verify: exit %d, %s", code, out)
	}
	return report.Records
}

// completed imports the table once more and wants the whole of it there, once.
func completed(t *testing.T, city, table string, before int) {
	t.Helper()
	code, out := runs(t, importing(city, table)...)
	var r importResult
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != 0 {
		t.Fatalf("a repeat: exit %d, %s", code, out)
	}
	if r.New != crashHouseholds-before || r.Unchanged != before || r.Changed != 0 || r.Households.Held != 0 {
		t.Errorf("a repeat over %d households: %d new, %d changed, %d unchanged, %d held", before, r.New, r.Changed, r.Unchanged, r.Households.Held)
	}
	if n := proven(t, city); n != crashHouseholds {
		t.Errorf("after a repeat there are %d households", n)
	}
}

// An import is killed at any moment. What it acknowledged is there whole; what it did not is there whole or not at all; a repeat completes it.
func TestAnImportThatIsKilledIsThereWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	prepared, table := crashCity(t)
	rounds, repeats := 50, 10
	if os.Getenv("LIANDONG_NIGHTLY") != "" {
		rounds, repeats = 1_000, 1
	}
	random := rand.New(rand.NewPCG(9, 9))
	outcomes := map[string]int{}
	longest := importedIn(t, prepared, table)
	for round := range rounds {
		city := copied(t, prepared)
		// Early kills find nothing begun, so most come in the half in which it writes.
		acknowledged := killed(t, city, table, time.Duration((0.25+0.85*random.Float64())*float64(longest)))
		there := proven(t, city)
		if there != 0 && there != crashHouseholds || acknowledged && there == 0 {
			t.Errorf("round %d: %d of %d households are there; acknowledged: %v", round, there, crashHouseholds, acknowledged)
		}
		outcomes[fmt.Sprintf("acknowledged %v, there %v", acknowledged, there > 0)]++
		if round%repeats == 0 {
			completed(t, city, table, there)
		}
		if err := os.RemoveAll(city); err != nil {
			t.Fatal(err)
		}
	}
	t.Log(outcomes)
	if outcomes["acknowledged false, there false"] == 0 {
		t.Errorf("no kill came before the end, so nothing was tried: %v", outcomes)
	}
}

// product is this test's own program, started as the product.
func product(t *testing.T, words []string) *exec.Cmd {
	t.Helper()
	c := exec.CommandContext(t.Context(), "/proc/self/exe")
	c.Args = append([]string{"liandong"}, words...)
	return c
}

// importedIn tells how long an import takes here now, to choose moments within it.
func importedIn(t *testing.T, prepared, table string) time.Duration {
	t.Helper()
	city := copied(t, prepared)
	began := time.Now()
	if out, err := product(t, importing(city, table)).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	took := time.Since(began)
	if n := proven(t, city); n != crashHouseholds {
		t.Fatalf("an import that nobody killed brought %d households", n)
	}
	return took
}

// killed runs an import and kills it after a while; acknowledged when it had told its result or ended well.
func killed(t *testing.T, city, table string, after time.Duration) (acknowledged bool) {
	t.Helper()
	c := product(t, importing(city, table))
	var stdout bytes.Buffer
	c.Stdout = &stdout
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(after, func() { _ = c.Process.Kill() })
	defer timer.Stop()
	err := c.Wait()
	var ended *exec.ExitError
	if errors.As(err, &ended) && ended.Exited() {
		t.Fatalf("the import ended by itself with %v", err)
	}
	return err == nil || stdout.Len() > 0
}

// The disk is full while an import writes: it says so, nothing of it is there, and it goes in when there is space again.
func TestAnImportOntoAFullDiskLeavesNothing(t *testing.T) {
	t.Parallel()
	if dir := os.Getenv(childEnvironment); dir != "" {
		fillDisk(t, filepath.Join(dir, "city"), filepath.Join(dir, "households.csv"))
		return
	}
	city, table := crashCity(t)
	c := exec.CommandContext(t.Context(), "/proc/self/exe", "-test.run=^"+t.Name()+"$", "-test.v")
	c.Env = append(os.Environ(), childEnvironment+"="+filepath.Dir(city))
	if out, err := c.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Fatalf("%v\n%s", err, out)
	}
	completed(t, city, table, 0)
}

// fillDisk is the child: no file of it may grow by more than a part of what the import needs.
func fillDisk(t *testing.T, city, table string) {
	t.Helper()
	signal.Ignore(syscall.SIGXFSZ)
	var before unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	for _, size := range []uint64{512 << 10, 768 << 10, 1 << 20} {
		if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: size, Max: before.Max}); err != nil {
			t.Fatal(err)
		}
		code, out := runs(t, importing(city, table)...)
		if code == 0 || !strings.Contains(out, "磁盘") || strings.Contains(out, "panic") {
			t.Errorf("with files of at most %d kB: exit %d, %s", size>>10, code, out)
		}
		if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &before); err != nil {
			t.Fatal(err)
		}
		if n := proven(t, city); n != 0 {
			t.Errorf("%d households of an import that was refused are there", n)
		}
	}
}
