package db_test

import (
	"os/signal"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"liandong/errs"
)

// limitFiles makes every file of this process full at a size, which SQLite sees as a full disk, and gives the function that lifts it.
func limitFiles(t *testing.T, bytes uint64) (lift func()) {
	t.Helper()
	signal.Ignore(syscall.SIGXFSZ)
	var before unix.Rlimit
	must(t, unix.Getrlimit(unix.RLIMIT_FSIZE, &before))
	must(t, unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: bytes, Max: before.Max}))
	return func() { must(t, unix.Setrlimit(unix.RLIMIT_FSIZE, &before)) }
}

func expectUnavailable(t *testing.T, err error) {
	t.Helper()
	if text := errs.Sentence(err); !errs.Is(err, errs.Unavailable) || text.ZH == "" {
		t.Errorf("kind %v of %v", errs.KindOf(err), err)
	}
}
