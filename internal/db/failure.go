package db

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"syscall"

	"liandong/errs"
)

// The result codes of SQLite that are told apart, from its own documentation (https://www.sqlite.org/rescode.html). A primary code is the
// low byte of an extended one.
const (
	codeBusy         = 5
	codeReadOnly     = 8
	codeInterrupt    = 9
	codeIO           = 10
	codeCorrupt      = 11
	codeFull         = 13
	codeCannotOpen   = 14
	codeConstraint   = 19
	codeNotADatabase = 26

	codeIOFsync     = codeIO | 4<<8
	codeIODirFsync  = codeIO | 5<<8
	codeCheck       = codeConstraint | 1<<8
	codeForeignKey  = codeConstraint | 3<<8
	codeNotNull     = codeConstraint | 5<<8
	codePrimaryKey  = codeConstraint | 6<<8
	codeUnique      = codeConstraint | 8<<8
	codeRowID       = codeConstraint | 10<<8
	codeDatatype    = codeConstraint | 12<<8
	primaryCodeMask = 0xff
)

func isEnd(err error) bool { return errors.Is(err, io.EOF) }

func isSyncFailure(err error) bool {
	code := sqliteCode(err)
	return code == codeIOFsync || code == codeIODirFsync
}

func errClosed() error {
	return errs.New(errs.Unavailable, "db", "数据库已经关闭，请稍后重试。", "The database is closed; try again later.")
}

// explain turns a failure of SQLite into a sentence; an error that already has one, and one of the caller's own, pass unchanged.
func (s *sqliteStore) explain(op string, err error) error {
	var known *errs.Error
	if err == nil || errors.As(err, &known) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	code := sqliteCode(err)
	switch code {
	case codeUnique, codePrimaryKey, codeRowID:
		return taken(op, err)
	case codeForeignKey:
		return dangling(op, err)
	case codeNotNull, codeCheck, codeDatatype:
		return malformed(op, err)
	}
	switch code & primaryCodeMask {
	case codeInterrupt:
		return context.Canceled
	case codeFull:
		return diskFull(op, err)
	case codeIO:
		if errors.Is(err, syscall.ENOSPC) {
			return diskFull(op, err)
		}
		return errs.New(errs.Unavailable, op, "读写磁盘出错，操作没有完成，数据没有改变。请检查磁盘。",
			"The disk could not be read or written; the operation was not completed and nothing was changed. Check the disk.").At(s.path).Because(err)
	case codeCorrupt:
		return errs.New(errs.Unavailable, op, "数据库文件已损坏。请停止使用，并从备份恢复（liandong restore）。",
			"The database file is damaged. Stop using it and restore a backup (liandong restore).").At(s.path).Because(err)
	case codeNotADatabase:
		return foreignFile(s.path)
	case codeReadOnly:
		if op == "db.Read" {
			return errs.Wrap(op, err) // a room that writes where it reads is a defect
		}
		return noRights(s.path).Because(err)
	case codeCannotOpen:
		return noRights(s.path).Because(err)
	case codeBusy:
		return errs.New(errs.Unavailable, op, "数据库正忙，请稍后重试。", "The database is busy; try again later.").Because(err)
	}
	return errs.Wrap(op, err)
}

func taken(op string, err error) error {
	return errs.New(errs.Conflict, op, "这个值或编号已经存在，没有写入。请刷新后再试。",
		"This value or number is already taken; nothing was written. Reload and try again.").Because(err)
}

func dangling(op string, err error) error {
	return errs.New(errs.Conflict, op, "所引用的记录不存在，或仍被其他记录引用，没有写入。请刷新后再试。",
		"The record that is referred to does not exist, or others still refer to it; nothing was written. Reload and try again.").Because(err)
}

func malformed(op string, err error) error {
	return errs.New(errs.Invalid, op, "有一个值不符合数据库的规定（缺少、过长或不在范围内），没有写入。",
		"A value breaks a rule of the database (missing, too long or out of range); nothing was written.").Because(err)
}

func diskFull(op string, err error) error {
	return errs.New(errs.Unavailable, op, "磁盘已满，操作没有完成，数据没有改变。请腾出空间后重试。",
		"The disk is full; the operation was not completed and nothing was changed. Free some space and try again.").Because(err)
}

func noRights(path string) *errs.Error {
	return errs.New(errs.Forbidden, "db.Open", "没有权限读写这个文件或目录。请检查目录的所有者和权限。",
		"This file or directory may not be read or written. Check its owner and permissions.").At(path)
}

func foreignFile(path string) error {
	return errs.New(errs.Invalid, "db.Open", "这个文件不是本程序的城市数据库，没有改动它。请检查路径。",
		"This file is not a city database of this program; it was left as it is. Check the path.").At(path)
}

// fileError turns a failure of the file system into a sentence.
func fileError(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return noRights(path).Because(err)
	case errors.Is(err, fs.ErrNotExist):
		return errs.New(errs.NotFound, "db.Open", "没有这个数据库。请先运行 liandong init 或 liandong demo。",
			"There is no such database. Run liandong init or liandong demo first.").At(path).Because(err)
	case errors.Is(err, syscall.ENOSPC):
		return diskFull("db.Open", err)
	case errors.Is(err, syscall.ENOTDIR), strings.Contains(err.Error(), "not a directory"):
		return errs.New(errs.Invalid, "db.Open", "路径中有一段不是目录。请检查路径。", "A part of the path is not a directory. Check the path.").At(path).Because(err)
	}
	return errs.New(errs.Unavailable, "db.Open", "打不开这个文件或目录。请检查路径和磁盘。",
		"This file or directory cannot be opened. Check the path and the disk.").At(path).Because(err)
}

func errRowWidth(got, want int) error {
	return fmt.Errorf("db: a row of %d values cannot go into %d columns", got, want)
}
