//go:build unix

package db

import (
	"errors"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"liandong/errs"
)

// lockFile takes the lock that says "this process writes this city". The system drops it when the process ends, however it ends.
func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fileError(path, err)
	}
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		defer f.Close()
		return nil, lockedBy(f)
	}
	if err != nil {
		f.Close()
		return nil, fileError(path, err)
	}
	if err := f.Truncate(0); err == nil {
		_, _ = f.WriteAt([]byte(strconv.Itoa(os.Getpid())), 0) // the number only helps the sentence
	}
	return f, nil
}

// unlockFile gives the lock back at once, even while a process that is just being started still holds a copy of the file.
func unlockFile(f *os.File) error {
	return errors.Join(unix.Flock(int(f.Fd()), unix.LOCK_UN), f.Close())
}

// lockedBy names the process that holds the lock, as far as it left its number.
func lockedBy(f *os.File) error {
	b := make([]byte, 16)
	n, _ := f.ReadAt(b, 0)
	zh, en := "另一个程序", "another process"
	if pid := strings.TrimSpace(string(b[:n])); pid != "" {
		zh, en = zh+"(进程号 "+pid+")", en+" (process "+pid+")"
	}
	return errs.New(errs.Unavailable, "db.Open",
		"这个城市的数据库正由"+zh+"使用。请先关闭它，或换一个目录。",
		"The database of this city is in use by "+en+". Close it first, or use another directory.").At(strings.TrimSuffix(f.Name(), ".lock"))
}
