package db

import (
	"database/sql/driver"
	"fmt"
)

// Rows are the rows of a query, read forward once.
type Rows struct {
	tx     *Tx
	cursor cursor
	values []driver.Value
	err    error
}

// Next goes to the next row; false at the end or on an error, which Err then gives. The rows are closed when it says false.
func (r *Rows) Next() bool {
	if r.cursor == nil {
		return false
	}
	ok, err := false, r.tx.ctx.Err()
	if err == nil {
		ok, err = r.cursor.next(r.values)
	}
	if err != nil {
		r.err = r.tx.note(err)
	}
	if !ok || err != nil {
		r.Close()
		return false
	}
	return true
}

// Columns are the names of the columns.
func (r *Rows) Columns() []string {
	if r.cursor == nil {
		return nil
	}
	return r.cursor.columns()
}

// Scan copies the row's columns into dest: pointers to integers, floats, strings, bool, []byte, [16]byte identifiers, time.Time, day.Date,
// money.Fen, any, or pointers to pointers of these, which become nil for null. Null into anything else is an error, except that a day.Date
// becomes zero and a []byte nil.
func (r *Rows) Scan(dest ...any) error {
	if len(dest) != len(r.values) {
		return fmt.Errorf("db: %d columns cannot be scanned into %d places", len(r.values), len(dest))
	}
	for i, d := range dest {
		if err := assign(d, r.values[i]); err != nil {
			return fmt.Errorf("db: column %d (%s): %w", i+1, r.cursor.columns()[i], err)
		}
	}
	return nil
}

// Err is what ended the rows before their end.
func (r *Rows) Err() error { return r.err }

// Close ends the reading; it may be called more than once.
func (r *Rows) Close() error {
	if r.cursor == nil {
		return nil
	}
	err := r.cursor.close()
	r.cursor = nil
	r.tx.open = nil
	if r.err == nil {
		r.err = err
	}
	return err
}

// Row is the first row of a query.
type Row struct {
	rows *Rows
	err  error
}

// Scan copies the row's columns as Rows.Scan does, or gives ErrNoRows.
func (r *Row) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.rows.Close()
	if !r.rows.Next() {
		if r.rows.err != nil {
			return r.rows.err
		}
		return ErrNoRows
	}
	return r.rows.Scan(dest...)
}
