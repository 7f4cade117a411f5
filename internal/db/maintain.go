package db

import (
	"context"
	"fmt"
	"os"
	"strings"

	"liandong/errs"
)

// backup copies the database as of one moment into a new file, compact and without a log beside it.
func (s *sqliteStore) backup(ctx context.Context, path string) error {
	if _, err := os.Stat(path); err == nil {
		return errs.New(errs.Conflict, "db.Backup", "备份文件已经存在，没有覆盖。请换一个文件名。",
			"The backup file is already there and was not overwritten. Choose another name.").At(path)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fileError(path, err)
	}
	defer f.Close()
	c, err := s.reader(ctx)
	if err != nil {
		return err
	}
	defer func() { s.readers <- c }()
	if err := c.pragmas("query_only = OFF"); err != nil {
		return s.explain("db.Backup", err)
	}
	defer func() { _ = c.pragmas("query_only = ON") }()
	if _, err := c.exec(ctx, "VACUUM INTO ?", []any{path}); err != nil {
		os.Remove(path)
		return s.explain("db.Backup", err)
	}
	return f.Sync()
}

// check runs SQLite's own examination.
func (s *sqliteStore) check(ctx context.Context) error {
	return s.read(ctx, func(tx *Tx) error {
		words, err := Collect(tx, func(rows *Rows) (w string, err error) {
			err = rows.Scan(&w)
			return w, err
		}, "PRAGMA integrity_check")
		if err != nil {
			return err
		}
		if len(words) != 1 || words[0] != "ok" {
			return damaged(s.path, strings.Join(words, "; "))
		}
		broken, err := Collect(tx, func(rows *Rows) (string, error) {
			var table, parent string
			var row, key any
			err := rows.Scan(&table, &row, &parent, &key)
			return table + " → " + parent, err
		}, "PRAGMA foreign_key_check")
		if err != nil || len(broken) == 0 {
			return err
		}
		return damaged(s.path, broken[0])
	})
}

// purge empties the log into the file, where secure_delete has overwritten what is gone.
func (s *sqliteStore) purge(ctx context.Context, _ string) error {
	c, err := s.reader(ctx)
	if err != nil {
		return err
	}
	defer func() { s.readers <- c }()
	busy, err := c.integer(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	if err == nil && busy != 0 {
		return errs.New(errs.Unavailable, "db.Purge", "有人正在长时间读取，日志暂时清不空。请稍后重试。",
			"Somebody is reading for a long time, so the log cannot be emptied yet. Try again later.")
	}
	return s.explain("db.Purge", err)
}

func damaged(path, detail string) error {
	return errs.New(errs.Unavailable, "db.Check", "数据库已损坏。请停止使用，并从备份恢复（liandong restore）。",
		"The database is damaged. Stop using it and restore a backup (liandong restore).").At(path + " (" + detail + ")")
}

// analysedRows bounds how many rows of an index are looked at for the planner's statistics: enough to tell a village from a county.
const analysedRows = 2000

// statistics lets the planner look at the tables that grew.
func (s *sqliteStore) statistics(ctx context.Context) error {
	return s.write(ctx, func(tx *Tx) error {
		if err := s.writer.pragmas(fmt.Sprintf("analysis_limit = %d", analysedRows)); err != nil {
			return err
		}
		_, err := tx.Exec("ANALYZE")
		return err
	})
}
