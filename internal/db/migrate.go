package db

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"strings"

	"liandong/errs"
)

// Migration is one step of a room's tables, written once for both engines and never changed after it was released.
//
// SQL holds statements that end with semicolons, key words in capitals, in this neutral DDL:
//
//	INTEGER  a 64-bit integer (also dates in days, moments in microseconds, booleans 0 and 1, money in fen)
//	REAL     a 64-bit float
//	TEXT     text, ordered by its bytes
//	BLOB     bytes (also UUIDs, 16 bytes)
//	IDENTITY an integer primary key that the store counts: "id IDENTITY"
//	CREATE TABLE … [WITHOUT ROWID];           SQLite's tables become STRICT; PostgreSQL's have no row id to leave out
//	@later CREATE INDEX name ON table (…);    an index that DB.Load makes after the rows; a room must be right, only slower, without it
//	@sqlite text / @postgres text             a line for one engine alone
type Migration struct {
	Room   string // the package's name
	Number int    // from 1, without gaps within the room
	SQL    string
}

func (m Migration) sum() []byte {
	h := sha256.Sum256([]byte(m.SQL))
	return h[:]
}

// applied is what the store remembers of a migration.
type applied struct {
	room   string
	number int64
	sum    []byte
}

// Migrate brings the tables up to date: the migrations that are not applied yet run in the order given, all in one transaction. It refuses
// a store made by a newer program, and one whose applied migrations are not those given. Indexes that an interrupted Load left out are made.
func (d *DB) Migrate(ctx context.Context, migrations []Migration) error {
	if err := wellFormed(migrations); err != nil {
		return err
	}
	err := d.Write(ctx, func(tx *Tx) error {
		if err := tx.Lock("migration"); err != nil {
			return err
		}
		done, err := appliedMigrations(tx)
		if err != nil {
			return err
		}
		if err := compatible(migrations, done); err != nil {
			return err
		}
		for _, m := range migrations {
			if find(done, m) == nil {
				if err := apply(tx, m); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	d.mu.Lock()
	d.later = laterIndexes(migrations, d.engine)
	d.mu.Unlock()
	return d.makeLaterIndexes(ctx)
}

// Check of the list itself: a defect of the program, found by its first start.
func wellFormed(migrations []Migration) error {
	next := map[string]int{}
	for _, m := range migrations {
		next[m.Room]++
		if m.Room == "" || m.Number != next[m.Room] {
			return fmt.Errorf("db: migration %s %d is out of order: %d was due", m.Room, m.Number, next[m.Room])
		}
	}
	return nil
}

func appliedMigrations(tx *Tx) ([]applied, error) {
	for _, s := range translate(`CREATE TABLE IF NOT EXISTS migration (
		room TEXT NOT NULL, number INTEGER NOT NULL, sha256 BLOB NOT NULL, applied_at INTEGER NOT NULL, PRIMARY KEY (room, number)) WITHOUT ROWID;`, tx.engine) {
		if _, err := tx.Exec(s.text); err != nil {
			return nil, err
		}
	}
	return Collect(tx, func(rows *Rows) (a applied, err error) {
		err = rows.Scan(&a.room, &a.number, &a.sum)
		return a, err
	}, `SELECT room, number, sha256 FROM migration ORDER BY room, number`)
}

func find(done []applied, m Migration) *applied {
	for i := range done {
		if done[i].room == m.Room && done[i].number == int64(m.Number) {
			return &done[i]
		}
	}
	return nil
}

// compatible compares what is applied with what the program brings.
func compatible(migrations []Migration, done []applied) error {
	known := map[string]int64{}
	for _, m := range migrations {
		known[m.Room] = int64(m.Number)
		if a := find(done, m); a != nil && !bytes.Equal(a.sum, m.sum()) {
			return changedMigration(m)
		}
	}
	latest := map[string]int64{}
	for _, a := range done {
		if a.number > known[a.room] {
			return newerProgram(a)
		}
		latest[a.room] = max(latest[a.room], a.number)
	}
	for _, m := range migrations {
		if int64(m.Number) < latest[m.Room] && find(done, m) == nil {
			return missingMigration(m)
		}
	}
	return nil
}

func apply(tx *Tx, m Migration) error {
	for _, s := range translate(m.SQL, tx.engine) {
		if _, err := tx.Exec(s.text); err != nil {
			return fmt.Errorf("db: migration %s %d: %q: %w", m.Room, m.Number, firstLine(s.text), err)
		}
	}
	_, err := tx.Exec(`INSERT INTO migration (room, number, sha256, applied_at) VALUES (?, ?, ?, ?)`, m.Room, m.Number, m.sum(), tx.Now())
	return err
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

func newerProgram(a applied) error {
	return errs.New(errs.Precondition, "db.Migrate",
		fmt.Sprintf("这个数据库由更新版本的程序建立（%s 第 %d 步）。请改用新版本的程序打开，数据没有改动。", a.room, a.number),
		fmt.Sprintf("This database was made by a newer program (%s, step %d). Open it with the newer version; nothing was changed.", a.room, a.number))
}

func changedMigration(m Migration) error {
	return errs.New(errs.Precondition, "db.Migrate",
		fmt.Sprintf("数据库的建表步骤（%s 第 %d 步）与本程序的不一致，不能打开。请使用建立它的程序版本，或从备份恢复。", m.Room, m.Number),
		fmt.Sprintf("The database was built by a different step %d of %s than this program has, so it cannot be opened. Use the version that built it, or restore a backup.", m.Number, m.Room))
}

func missingMigration(m Migration) error {
	return errs.New(errs.Precondition, "db.Migrate",
		fmt.Sprintf("数据库缺少一个建表步骤（%s 第 %d 步），可能被改动过，不能打开。请从备份恢复。", m.Room, m.Number),
		fmt.Sprintf("The database lacks step %d of %s and may have been tampered with, so it cannot be opened. Restore a backup.", m.Number, m.Room))
}
