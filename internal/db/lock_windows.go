package db

import (
	"os"
	"strings"

	"golang.org/x/sys/windows"

	"liandong/errs"
)

// lockFile takes the lock that says "this process writes this city". The system drops it when the process ends, however it ends.
func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fileError(path, err)
	}
	const oneByte = 1
	if err := windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, oneByte, 0, &windows.Overlapped{}); err != nil {
		f.Close()
		return nil, errs.New(errs.Unavailable, "db.Open", "这个城市的数据库正由另一个程序使用。请先关闭它，或换一个目录。",
			"The database of this city is in use by another process. Close it first, or use another directory.").At(strings.TrimSuffix(path, ".lock")).Because(err)
	}
	return f, nil
}

func unlockFile(f *os.File) error { return f.Close() }
