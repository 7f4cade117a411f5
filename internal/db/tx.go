package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"iter"
	"time"

	"liandong/errs"
)

// Tx is one transaction, used by one goroutine, valid until the function that was given it returns.
type Tx struct {
	ctx     context.Context
	engine  Engine
	now     time.Time
	settled time.Time
	link    link
	explain func(error) error
	open    *Rows // the rows being read, of which there may be one at a time
	failed  error // the first statement that failed
}

// link is one connection of an engine within a transaction.
type link interface {
	exec(ctx context.Context, query string, args []any) (int64, error)
	query(ctx context.Context, query string, args []any) (cursor, error)
	bulk(ctx context.Context, table string, columns []string, rows iter.Seq[[]any]) (int64, error)
	lock(ctx context.Context, name string) error
}

// cursor walks the rows of a query. Values are nil, int64, float64, string or []byte; bytes are the caller's to keep.
type cursor interface {
	columns() []string
	next(dest []driver.Value) (bool, error)
	close() error
}

// ErrNoRows is what Row.Scan returns for a query without a row. Its kind is NotFound.
var ErrNoRows = errs.New(errs.NotFound, "db.Row", "没有找到这条记录。", "There is no such record.")

// Context is the context the transaction was begun with.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Engine says which store the transaction is on.
func (tx *Tx) Engine() Engine { return tx.engine }

// Now is the transaction's moment, the same however often it is asked, in UTC and whole microseconds.
func (tx *Tx) Now() time.Time { return tx.now }

// Settled is the latest moment of which everything is known in this snapshot: nothing recorded at or before it is missing or will be added by
// a write of this process. It is Now, or a little earlier while other writes are in flight. A run that must be replayed the same takes it as
// its known-at; a page takes Now, so that what was just saved is on it.
func (tx *Tx) Settled() time.Time { return tx.settled }

// Select is the text for this transaction's engine, for the few statements that must differ.
func (tx *Tx) Select(sqlite, postgres string) string { return Select(tx.engine, sqlite, postgres) }

// Select is the one of two texts that is for the engine.
func Select(engine Engine, sqlite, postgres string) string {
	if engine == SQLite {
		return sqlite
	}
	return postgres
}

// Exec runs a statement and says how many rows it changed; one that answers with rows (RETURNING) is run by Query. Arguments are integers, floats, strings, booleans (stored 0 and 1), []byte,
// [16]byte identifiers, time.Time (stored as microseconds since 1970), day.Date (stored as days since 1970, null when zero), money.Fen,
// pointers to these (null when nil) and nil.
func (tx *Tx) Exec(query string, args ...any) (int64, error) {
	values, err := tx.ready(args)
	if err != nil {
		return 0, err
	}
	n, err := tx.link.exec(tx.ctx, query, values)
	return n, tx.note(err)
}

// Query runs a query. Its rows must be read to the end or closed before the transaction does anything else, on both engines.
func (tx *Tx) Query(query string, args ...any) (*Rows, error) {
	values, err := tx.ready(args)
	if err != nil {
		return nil, err
	}
	c, err := tx.link.query(tx.ctx, query, values)
	if err != nil {
		return nil, tx.note(err)
	}
	rows := &Rows{tx: tx, cursor: c, values: make([]driver.Value, len(c.columns()))}
	tx.open = rows
	return rows, nil
}

// QueryRow runs a query of which only the first row matters; the error comes with Row.Scan.
func (tx *Tx) QueryRow(query string, args ...any) *Row {
	rows, err := tx.Query(query, args...)
	return &Row{rows: rows, err: err}
}

// Each runs a query and calls fn for every row, which scans it.
func (tx *Tx) Each(fn func(*Rows) error, query string, args ...any) error {
	rows, err := tx.Query(query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := fn(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Collect runs a query and gathers what scan makes of every row.
func Collect[T any](tx *Tx, scan func(*Rows) (T, error), query string, args ...any) ([]T, error) {
	var all []T
	err := tx.Each(func(rows *Rows) error {
		v, err := scan(rows)
		if err != nil {
			return err
		}
		all = append(all, v)
		return nil
	}, query, args...)
	return all, err
}

// Bulk inserts many rows by the fastest way the engine has and says how many. The slice of a row may be used again for the next one; the
// bytes and strings in it must stay as they are until Bulk returns. A constraint that a row breaks fails the whole call.
func (tx *Tx) Bulk(table string, columns []string, rows iter.Seq[[]any]) (int64, error) {
	if _, err := tx.ready(nil); err != nil {
		return 0, err
	}
	n, err := tx.link.bulk(tx.ctx, table, columns, rows)
	return n, tx.note(err)
}

// Lock makes transactions that lock the same name run one after the other until they end. On SQLite all writes do so anyhow.
func (tx *Tx) Lock(name string) error {
	if _, err := tx.ready(nil); err != nil {
		return err
	}
	return tx.note(tx.link.lock(tx.ctx, name))
}

// note remembers that a statement failed and puts the failure into words.
func (tx *Tx) note(err error) error {
	if err == nil {
		return nil
	}
	err = tx.explain(err)
	if tx.failed == nil {
		tx.failed = err
	}
	return err
}

var errRowsOpen = errors.New("the rows of an earlier query of this transaction are still being read")

// ready prepares arguments. It refuses after a failed statement and while rows are open: PostgreSQL can do neither, so no engine does.
func (tx *Tx) ready(args []any) ([]any, error) {
	switch {
	case tx.failed != nil:
		return nil, tx.failed
	case tx.open != nil:
		return nil, errs.Wrap("db.Tx", errRowsOpen)
	}
	if err := tx.ctx.Err(); err != nil {
		return nil, err
	}
	values := make([]any, len(args))
	for i, arg := range args {
		v, err := valueOf(arg)
		if err != nil {
			return nil, err
		}
		values[i] = v
	}
	return values, nil
}

// run calls fn and ends what it left open. A statement that failed fails the transaction even if fn went on, because PostgreSQL would not
// have gone on either.
func (tx *Tx) run(fn func(*Tx) error) error {
	err := fn(tx)
	if tx.open != nil {
		tx.open.Close()
	}
	if err == nil {
		err = tx.failed
	}
	return err
}
