// Package db is one SQL over two stores: the embedded SQLite file of one city and a PostgreSQL server. It gives transactions with a frozen
// now, consistent snapshots for reading, bulk loading, migrations written once for both engines, and failures as sentences.
//
// A statement is written with ? placeholders and runs on both engines as it is; the few that must differ are chosen by Tx.Select and stand
// side by side. What is alike only when one keeps to it: a ? that stands where nothing tells its type (a bare SELECT ?, a branch of CASE)
// is cast, CAST(? AS BIGINT); a divisor is NULLIF(…, 0); RETURNING is read by Query; conflicts that are meant are ON CONFLICT, because a
// failed statement fails its transaction. Migrations are written in a small neutral DDL, see Migration. On SQLite one goroutine writes and commits what queued
// meanwhile as one group, synced to the disk before anybody is told; readers have snapshots and never wait for it. On PostgreSQL every
// write is a transaction of its own, repeated when the server asks for it.
//
// It is the lowest of the internal packages: it knows the ground (errs, day, money) and no room.
package db

import (
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"liandong/errs"
)

// Engine names a store.
type Engine string

// The engines.
const (
	SQLite     Engine = "sqlite"
	PostgreSQL Engine = "postgres"
)

// FileName is the name of an embedded city's database within its directory.
const FileName = "city.db"

// Options are what a caller may inject or choose.
type Options struct {
	Clock    func() time.Time // what Tx.Now reads; the system clock when nil
	Readers  int              // connections for reading; 0 means a sensible number for the engine
	ReadOnly bool             // no lock is taken and Write is refused, so that a city that is being served can be read
	Log      *slog.Logger     // what happens inside, without values; discarded when nil
}

// store is what an engine provides beneath DB.
type store interface {
	write(ctx context.Context, fn func(*Tx) error) error
	read(ctx context.Context, fn func(*Tx) error) error
	backup(ctx context.Context, path string) error
	check(ctx context.Context) error
	purge(ctx context.Context, table string) error
	statistics(ctx context.Context) error
	close() error
}

// DB is an open store. It is safe for concurrent use.
type DB struct {
	engine Engine
	store  store
	clock  *clock

	mu    sync.Mutex // guards later
	later []laterIndex
}

// Open opens the store that url names: sqlite:DIR/city.db, made when it is not there yet, or postgres://user@host/database. Nothing is
// migrated; see DB.Migrate. It refuses a file that another process writes, that is no database, or that may not be read, each with a
// sentence.
func Open(ctx context.Context, url string, options Options) (*DB, error) {
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	d := &DB{clock: newClock(options.Clock)}
	var err error
	switch {
	case strings.HasPrefix(url, "sqlite:"):
		d.engine = SQLite
		d.store, err = openSQLite(ctx, strings.TrimPrefix(url, "sqlite:"), options, d.clock)
	case strings.HasPrefix(url, "postgres://"), strings.HasPrefix(url, "postgresql://"):
		d.engine = PostgreSQL
		d.store, err = openPostgres(ctx, url, options, d.clock)
	default:
		return nil, errs.New(errs.Usage, "db.Open",
			"看不懂数据库地址。请写成 sqlite:目录/"+FileName+" 或 postgres://用户@主机/库名。",
			"The database address cannot be read. Write sqlite:DIR/"+FileName+" or postgres://user@host/database.")
	}
	if err != nil {
		return nil, err
	}
	return d, nil
}

// URL is the address of the embedded database of a city's directory.
func URL(dir string) string { return "sqlite:" + filepath.Join(dir, FileName) }

// Engine says which store is beneath.
func (d *DB) Engine() Engine { return d.engine }

// Close waits for the transactions that have begun and closes the store.
func (d *DB) Close() error { return d.store.close() }

// Write runs fn in a transaction that is durable when Write returns nil, and leaves nothing behind when it returns an error.
//
// fn may be run more than once (a conflict on the server, a failed neighbour in a commit group), so it must change nothing outside its Tx
// except what it sets anew each time. Within fn call no other Write: on SQLite it would wait for itself.
func (d *DB) Write(ctx context.Context, fn func(*Tx) error) error { return d.store.write(ctx, fn) }

// Read runs fn on one consistent snapshot, in which every write is that was acknowledged before Read began. fn can change nothing.
func (d *DB) Read(ctx context.Context, fn func(*Tx) error) error { return d.store.read(ctx, fn) }

// Backup writes a complete and consistent copy of an embedded city's database to path, which must not exist, while work goes on. On
// PostgreSQL it is refused with the name of the tool that does it there.
func (d *DB) Backup(ctx context.Context, path string) error { return d.store.backup(ctx, path) }

// Purge makes what was overwritten or deleted in a table gone from the store's files, for keys that were destroyed: the embedded store
// overwrites it in the file and empties its log, a server vacuums the table. Backups, a server's archived logs, and what a disk keeps of
// freed blocks are beyond it.
func (d *DB) Purge(ctx context.Context, table string) error { return d.store.purge(ctx, table) }

// Check examines the store itself: pages, indexes and references of an embedded city, the reachability and version of a server. The error
// says what is damaged.
func (d *DB) Check(ctx context.Context) error { return d.store.check(ctx) }
