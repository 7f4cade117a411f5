package db_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"liandong/errs"
	"liandong/internal/db"
	"liandong/internal/db/dbtest"
)

func openThings(t testing.TB, dir string) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), db.URL(dir), db.Options{})
	must(t, err)
	must(t, d.Migrate(context.Background(), things()))
	return d
}

func addThing(id int) func(tx *db.Tx) error {
	return func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO thing (id, name) VALUES (?, ?)`, id, strconv.Itoa(id))
		return err
	}
}

func TestOnlyOneProcessWritesACity(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := openThings(t, dir)
	_, err := db.Open(t.Context(), db.URL(dir), db.Options{})
	if !errs.Is(err, errs.Unavailable) || !strings.Contains(errs.Sentence(err).EN, fmt.Sprintf("process %d", os.Getpid())) {
		t.Errorf("a second opening gave %v", err)
	}
	reader, err := db.Open(t.Context(), db.URL(dir), db.Options{ReadOnly: true})
	must(t, err)
	must(t, d.Write(t.Context(), addThing(1)))
	if n := count(t, reader); n != 1 {
		t.Errorf("the read-only opening sees %d things", n)
	}
	if err := reader.Write(t.Context(), addThing(2)); !errs.Is(err, errs.Forbidden) {
		t.Errorf("the read-only opening wrote: %v", err)
	}
	must(t, reader.Close())
	must(t, d.Close())
	must(t, openThings(t, dir).Close())
}

func TestFilesAreClosedToOtherUsers(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "city")
	d := openThings(t, dir)
	defer d.Close()
	must(t, d.Write(t.Context(), addThing(1)))
	entries, err := os.ReadDir(dir)
	must(t, err)
	if len(entries) < 3 {
		t.Errorf("only %d files", len(entries))
	}
	for _, e := range entries {
		info, err := e.Info()
		must(t, err)
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", e.Name(), info.Mode())
		}
	}
}

func TestWhatCannotBeOpenedIsSaidInASentence(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := filepath.Join(dir, "text.db")
	must(t, os.WriteFile(text, []byte(strings.Repeat("this is no database. ", 1000)), 0o600))
	foreign := filepath.Join(dir, "foreign")
	makeForeign(t, foreign)
	for _, c := range []struct {
		name, url string
		options   db.Options
		kind      errs.Kind
	}{
		{"a text file", "sqlite:" + text, db.Options{}, errs.Invalid},
		{"another program's database", db.URL(foreign), db.Options{}, errs.Invalid},
		{"a directory that is a file", "sqlite:" + text + "/city.db", db.Options{}, errs.Invalid},
		{"a directory without rights", "sqlite:/proc/city/city.db", db.Options{}, errs.NotFound},
		{"nothing, to read", db.URL(filepath.Join(dir, "none")), db.Options{ReadOnly: true}, errs.NotFound},
		{"an unknown address", "mysql://x", db.Options{}, errs.Usage},
		{"a server that is not there", "postgres://nobody@127.0.0.1:1/none", db.Options{}, errs.Unavailable},
	} {
		_, err := db.Open(t.Context(), c.url, c.options)
		if text := errs.Sentence(err); !errs.Is(err, c.kind) || text.ZH == "" || strings.Contains(text.EN, "inside the program") {
			t.Errorf("%s: kind %v of %v", c.name, errs.KindOf(err), err)
		}
	}
	if b, err := os.ReadFile(text); err != nil || !strings.HasPrefix(string(b), "this is no database") {
		t.Error("a file of somebody else was changed")
	}
}

// makeForeign makes a database that is not marked as ours.
func makeForeign(t *testing.T, dir string) {
	t.Helper()
	d := openThings(t, dir)
	must(t, d.Write(t.Context(), func(tx *db.Tx) error {
		return tx.Each(func(*db.Rows) error { return nil }, `PRAGMA application_id = 7`)
	}))
	must(t, d.Close())
}

func TestADirectoryWithoutRightsIsSaid(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		asOther(t)
		return
	}
	dir := t.TempDir()
	must(t, os.Chmod(dir, 0o500))
	_, err := db.Open(t.Context(), db.URL(dir), db.Options{})
	if !errs.Is(err, errs.Forbidden) {
		t.Errorf("%v", err)
	}
}

// asOther runs this test again as a user without rights, because nothing is forbidden to root.
func asOther(t *testing.T) {
	t.Helper()
	dir, err := os.MkdirTemp("", "liandong-rights-") //nolint:usetesting // the other user may not enter the test's own directory
	must(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	must(t, os.Chmod(dir, 0o755))
	program := filepath.Join(dir, "db.test")
	self, err := os.ReadFile("/proc/self/exe")
	must(t, err)
	must(t, os.WriteFile(program, self, 0o755))
	command := child(t, program, "TestADirectoryWithoutRightsIsSaid", "TMPDIR="+os.TempDir())
	command.Dir = dir
	command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	out, err := command.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "PASS") {
		t.Errorf("%v\n%s", err, out)
	}
}

// Writes that queue together are committed together, and one that fails takes no neighbour with it.
func TestAFailingWriteDoesNotHarmItsGroup(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, things(), db.Options{})
	refused := errors.New("refused")
	begun, release := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		must(t, d.Write(context.Background(), func(*db.Tx) error {
			close(begun)
			<-release
			return nil
		}))
	})
	<-begun
	results := make([]error, 100)
	for i := range results {
		wg.Go(func() {
			results[i] = d.Write(context.Background(), func(tx *db.Tx) error {
				switch i % 4 {
				case 1:
					return errors.Join(addThing(i)(tx), refused)
				case 2:
					return addThing(0)(tx) // taken, unless it is the first
				}
				return addThing(i)(tx)
			})
		})
	}
	close(release)
	wg.Wait()
	kept := 0
	for i, err := range results {
		switch {
		case err == nil:
			kept++
		case i%4 == 1 && errors.Is(err, refused), i%4 == 2 && errs.Is(err, errs.Conflict), i == 0 && errs.Is(err, errs.Conflict):
		default:
			t.Errorf("write %d gave %v", i, err)
		}
	}
	if n := count(t, d); n != kept || kept != 50 {
		t.Errorf("%d acknowledged, %d there", kept, n)
	}
}

func TestAClosedDatabaseSaysSo(t *testing.T) {
	t.Parallel()
	d := openThings(t, t.TempDir())
	must(t, d.Close())
	if err := d.Write(t.Context(), addThing(1)); !errs.Is(err, errs.Unavailable) {
		t.Errorf("write: %v", err)
	}
	if err := d.Read(t.Context(), func(*db.Tx) error { return nil }); !errs.Is(err, errs.Unavailable) {
		t.Errorf("read: %v", err)
	}
	must(t, d.Close())
}

func TestBackupIsACompleteCityAndNeverOverwrites(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := openThings(t, dir)
	defer d.Close()
	must(t, d.Write(t.Context(), addThing(1)))
	copied := filepath.Join(dir, "copy", db.FileName)
	must(t, os.Mkdir(filepath.Dir(copied), 0o700))
	must(t, d.Backup(t.Context(), copied))
	if err := d.Backup(t.Context(), copied); !errs.Is(err, errs.Conflict) {
		t.Errorf("a second backup to the same file gave %v", err)
	}
	must(t, d.Write(t.Context(), addThing(2)))
	restored := openThings(t, filepath.Dir(copied))
	defer restored.Close()
	must(t, restored.Check(t.Context()))
	if count(t, restored) != 1 || count(t, d) != 2 {
		t.Errorf("copy has %d, original %d", count(t, restored), count(t, d))
	}
}

func TestCheckFindsADamagedFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := openThings(t, dir)
	must(t, d.Write(t.Context(), func(tx *db.Tx) error {
		for i := range 2000 {
			if err := addThing(i)(tx); err != nil {
				return err
			}
		}
		return nil
	}))
	must(t, d.Check(t.Context()))
	must(t, d.Close())
	f, err := os.OpenFile(filepath.Join(dir, db.FileName), os.O_RDWR, 0)
	must(t, err)
	info, err := f.Stat()
	must(t, err)
	for at := info.Size() / 2; at < info.Size(); at += 8192 {
		_, err = f.WriteAt([]byte("damage damage damage damage"), at)
		must(t, err)
	}
	must(t, f.Close())
	d, err = db.Open(t.Context(), db.URL(dir), db.Options{})
	must(t, err)
	defer d.Close()
	if err := d.Check(t.Context()); !errs.Is(err, errs.Unavailable) {
		t.Errorf("%v", err)
	}
}
