package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"iter"
	"log/slog"
	"math"
	"net"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"liandong/errs"
)

// oldestPostgres is the first version the program runs on, as server_version_num counts.
const oldestPostgres = 150000

// maxAttempts is how often a write is begun again when the server says that it collided with another. Each wait is a little longer, some
// five seconds in all.
const maxAttempts = 24

// postgresStore is the server store.
type postgresStore struct {
	pool  *pgxpool.Pool
	clock *clock
	log   *slog.Logger
	texts sync.Map // statement with ? to statement with $n
	only  bool     // read-only
}

func openPostgres(ctx context.Context, url string, options Options, c *clock) (store, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errs.New(errs.Usage, "db.Open", "看不懂数据库地址。请写成 postgres://用户@主机/库名。",
			"The database address cannot be read. Write postgres://user@host/database.").Because(err)
	}
	config.MaxConns = max(8, int32(4*runtime.GOMAXPROCS(0)))
	if options.Readers > 0 {
		config.MaxConns = int32(options.Readers) + 4
	}
	// Text sorts by bytes and moments are counted by us; the rest keeps a plan from depending on the server's settings.
	config.ConnConfig.RuntimeParams["timezone"] = "UTC"
	config.ConnConfig.RuntimeParams["application_name"] = "liandong"
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, explainPostgres("db.Open", err)
	}
	s := &postgresStore{pool: pool, clock: c, log: options.Log, only: options.ReadOnly}
	if err := s.check(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return s, nil
}

func (s *postgresStore) close() error {
	s.pool.Close()
	return nil
}

func (s *postgresStore) write(ctx context.Context, fn func(*Tx) error) error {
	if s.only {
		return errs.New(errs.Forbidden, "db.Write", "数据库以只读方式打开，不能写入。", "The database is open for reading only; nothing can be written.")
	}
	for attempt := 1; ; attempt++ {
		err := s.attempt(ctx, fn)
		if err == nil || !isCollision(err) || attempt == maxAttempts {
			return explainPostgres("db.Write", err)
		}
		select {
		case <-time.After(time.Duration(attempt*attempt) * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (s *postgresStore) attempt(ctx context.Context, fn func(*Tx) error) error {
	pgTx, err := s.begin(ctx, pgx.TxOptions{})
	if err != nil {
		return err
	}
	// A rollback after a commit does nothing; after a panic or an error it must not be held up by an ended context.
	defer func() { _ = pgTx.Rollback(context.WithoutCancel(ctx)) }()
	now, settled := s.clock.beginWrite()
	defer s.clock.endWrite(now)
	tx := s.transaction(ctx, pgTx, now, settled, "db.Write")
	if err := tx.run(fn); err != nil {
		return err
	}
	return pgTx.Commit(ctx)
}

func (s *postgresStore) read(ctx context.Context, fn func(*Tx) error) error {
	now, settled := s.clock.beginRead()
	pgTx, err := s.begin(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return explainPostgres("db.Read", err)
	}
	defer func() { _ = pgTx.Rollback(context.WithoutCancel(ctx)) }()
	return explainPostgres("db.Read", s.transaction(ctx, pgTx, now, settled, "db.Read").run(fn))
}

// begin begins a transaction. A connection that died while it lay idle, as after a restart of the server, is replaced: nothing was sent on
// it that could be done twice.
func (s *postgresStore) begin(ctx context.Context, options pgx.TxOptions) (pgx.Tx, error) {
	for attempt := int32(0); ; attempt++ {
		tx, err := s.pool.BeginTx(ctx, options)
		if err == nil || ctx.Err() != nil || !isBroken(err) || attempt > s.pool.Config().MaxConns {
			return tx, err
		}
	}
}

func (s *postgresStore) transaction(ctx context.Context, pgTx pgx.Tx, now, settled time.Time, op string) *Tx {
	return &Tx{
		ctx: ctx, engine: PostgreSQL, now: now, settled: settled, link: &postgresLink{store: s, tx: pgTx},
		explain: func(err error) error { return explainPostgres(op, err) },
	}
}

func (s *postgresStore) numbered(query string) string {
	if text, ok := s.texts.Load(query); ok {
		return text.(string)
	}
	text := numbered(query)
	s.texts.Store(query, text)
	return text
}

func (s *postgresStore) check(ctx context.Context) error {
	var version string
	if err := s.pool.QueryRow(ctx, "SHOW server_version_num").Scan(&version); err != nil {
		return explainPostgres("db.Open", err)
	}
	if n, _ := strconv.Atoi(version); n < oldestPostgres {
		return errs.New(errs.Precondition, "db.Open",
			fmt.Sprintf("PostgreSQL 的版本是 %d,需要 15 或更新的版本。", n/10000),
			fmt.Sprintf("The PostgreSQL server is version %d; version 15 or newer is needed.", n/10000))
	}
	return nil
}

func (s *postgresStore) backup(context.Context, string) error {
	return errs.New(errs.Usage, "db.Backup", "PostgreSQL 的数据请用 pg_dump 或服务器自己的备份办法备份。",
		"Back up PostgreSQL with pg_dump or the server's own means.")
}

func (s *postgresStore) purge(ctx context.Context, table string) error {
	_, err := s.pool.Exec(ctx, "VACUUM "+pgx.Identifier{table}.Sanitize())
	return explainPostgres("db.Purge", err)
}

func (s *postgresStore) statistics(ctx context.Context) error {
	_, err := s.pool.Exec(ctx, "ANALYZE")
	return explainPostgres("db.Load", err)
}

// postgresLink is one server transaction.
type postgresLink struct {
	store *postgresStore
	tx    pgx.Tx
}

func (l *postgresLink) exec(ctx context.Context, query string, args []any) (int64, error) {
	tag, err := l.tx.Exec(ctx, l.store.numbered(query), args...)
	return tag.RowsAffected(), err
}

func (l *postgresLink) query(ctx context.Context, query string, args []any) (cursor, error) {
	rows, err := l.tx.Query(ctx, l.store.numbered(query), args...)
	if err != nil {
		return nil, err
	}
	// Without this a query that fails would say so only when its first row is asked for.
	c := &postgresCursor{rows: rows}
	c.first, c.fresh = rows.Next(), true
	if err := rows.Err(); err != nil {
		rows.Close()
		return nil, err
	}
	c.fields = rows.FieldDescriptions()
	for _, f := range c.fields {
		c.names = append(c.names, f.Name)
	}
	return c, nil
}

// lock takes an advisory lock that ends with the transaction. Two names with one hash only wait for each other needlessly.
func (l *postgresLink) lock(ctx context.Context, name string) error {
	h := fnv.New64a()
	h.Write([]byte(name))
	_, err := l.tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", int64(h.Sum64()))
	return err
}

func (l *postgresLink) bulk(ctx context.Context, table string, columns []string, rows iter.Seq[[]any]) (int64, error) {
	next, stop := iter.Pull(rows)
	defer stop()
	source := &copySource{next: next, values: make([]any, len(columns))}
	return l.tx.CopyFrom(ctx, pgx.Identifier{table}, columns, source)
}

// copySource feeds rows to COPY.
type copySource struct {
	next   func() ([]any, bool)
	values []any
	err    error
}

func (c *copySource) Next() bool {
	row, ok := c.next()
	if !ok {
		return false
	}
	if len(row) != len(c.values) {
		c.err = errRowWidth(len(row), len(c.values))
		return false
	}
	for i, arg := range row {
		if c.values[i], c.err = valueOf(arg); c.err != nil {
			return false
		}
	}
	return true
}

func (c *copySource) Values() ([]any, error) { return c.values, nil }

func (c *copySource) Err() error { return c.err }

// postgresCursor decodes the server's binary rows into the forms that SQLite gives too.
type postgresCursor struct {
	rows   pgx.Rows
	fields []pgconn.FieldDescription
	names  []string
	first  bool // whether there is a first row
	fresh  bool // whether the first row is still to be given
}

func (c *postgresCursor) columns() []string { return c.names }

func (c *postgresCursor) next(dest []driver.Value) (bool, error) {
	ok := c.first
	if !c.fresh {
		ok = c.rows.Next()
	}
	c.fresh = false
	if !ok {
		return false, c.rows.Err()
	}
	for i, raw := range c.rows.RawValues() {
		v, err := c.decode(&c.fields[i], raw)
		if err != nil {
			return false, err
		}
		dest[i] = v
	}
	return true, nil
}

func (c *postgresCursor) close() error {
	c.rows.Close()
	return c.rows.Err()
}

// decode reads the types that our tables have by hand and asks the driver for the rest: sums of integers are numeric, for one.
func (c *postgresCursor) decode(f *pgconn.FieldDescription, raw []byte) (driver.Value, error) {
	if raw == nil {
		return nil, nil
	}
	if f.Format == pgx.BinaryFormatCode {
		switch f.DataTypeOID {
		case pgtype.Int8OID:
			return bigEndian64(raw), nil
		case pgtype.Float8OID:
			return math.Float64frombits(uint64(bigEndian64(raw))), nil
		case pgtype.TextOID, pgtype.VarcharOID:
			return string(raw), nil
		case pgtype.ByteaOID:
			return append(make([]byte, 0, len(raw)), raw...), nil
		}
	}
	t, ok := c.rows.TypeMap().TypeForOID(f.DataTypeOID)
	if !ok {
		return string(raw), nil
	}
	v, err := t.Codec.DecodeValue(c.rows.TypeMap(), f.DataTypeOID, f.Format, raw)
	if err != nil {
		return nil, err
	}
	return plain(v)
}

// plain brings the driver's own types down to the five forms.
func plain(v any) (driver.Value, error) {
	switch n := v.(type) {
	case pgtype.Numeric:
		if whole, err := n.Int64Value(); err == nil {
			return whole.Int64, nil
		}
		f, err := n.Float64Value()
		return f.Float64, err
	case time.Time:
		return n.UnixMicro(), nil
	}
	return valueOf(v)
}

// isCollision reports whether the server asks to begin again: 40001 serialization failure, 40P01 deadlock.
func isCollision(err error) bool {
	code := postgresCode(err)
	return code == "40001" || code == "40P01"
}

func postgresCode(err error) string {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code
	}
	return ""
}

// explainPostgres turns a failure of the server into a sentence; an error that already has one, and one of the caller's own, pass
// unchanged. The codes are those of the manual's appendix A.
func explainPostgres(op string, err error) error {
	var known *errs.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	switch code := postgresCode(err); {
	case code == "":
		return unreachable(op, err)
	case code == "23505":
		return taken(op, err)
	case code == "23503", code == "23001":
		return dangling(op, err)
	case code == "23502", code == "23514", strings.HasPrefix(code, "22"):
		return malformed(op, err)
	case code == "57014":
		return context.Canceled
	case code == "53100":
		return diskFull(op, err)
	case strings.HasPrefix(code, "40"):
		return errs.New(errs.Unavailable, op, "同时修改的人太多，操作没有完成。请稍后重试。",
			"Too many people are changing the same thing; the operation was not completed. Try again later.").Because(err)
	case strings.HasPrefix(code, "53"), strings.HasPrefix(code, "57P"), strings.HasPrefix(code, "08"):
		return errs.New(errs.Unavailable, op, "数据库服务器暂时不能用，操作没有完成。请稍后重试。",
			"The database server cannot be used at the moment; the operation was not completed. Try again later.").Because(err)
	case strings.HasPrefix(code, "28"), code == "42501":
		return errs.New(errs.Forbidden, op, "数据库服务器拒绝了这个用户。请检查用户名、密码和权限。",
			"The database server refused this user. Check the user name, password and rights.").Because(err)
	case code == "3D000":
		return errs.New(errs.NotFound, op, "服务器上没有这个数据库。请先建立它。", "There is no such database on the server. Create it first.").Because(err)
	}
	return errs.Wrap(op, err)
}

// unreachable tells a broken connection from an error of the caller.
func unreachable(op string, err error) error {
	var connect *pgconn.ConnectError
	switch {
	case errors.As(err, &connect):
		return errs.New(errs.Unavailable, op, "连不上数据库服务器。请检查地址、端口和网络。",
			"The database server cannot be reached. Check its address, port and network.").Because(err)
	case isBroken(err):
		return errs.New(errs.Unavailable, op, "与数据库服务器的连接断了，这次操作可能已经完成，也可能没有。请刷新后核对。",
			"The connection to the database server broke; this operation may or may not have been completed. Reload and check.").Because(err)
	}
	return err
}

// isBroken reports whether the connection itself failed, or the server ended it.
func isBroken(err error) bool {
	var network net.Error
	var connect *pgconn.ConnectError
	code := postgresCode(err)
	return strings.HasPrefix(code, "57P") || code == "" && !errors.As(err, &connect) &&
		(errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || pgconn.SafeToRetry(err))
}
