package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// applicationID marks a database file as a city of this program: "Lian" in ASCII, as SQLite's application_id.
const applicationID = 0x4C69616E

// pageSize is that of new files, in bytes. Measured: see docs/decisions/0020-store.md.
const pageSize = 8192

// checkpointPages is how long the write-ahead log grows before it is copied into the file, in pages.
const checkpointPages = 4096

// sqliteStore is the embedded store: one writer, a pool of readers, and the lock that keeps other processes from writing.
type sqliteStore struct {
	path    string
	clock   *clock
	log     *slog.Logger
	lock    *os.File // nil when read-only
	writer  *sqliteConn
	readers chan *sqliteConn

	gate   sync.RWMutex // held for reading while something is put into queue; closing needs it whole
	closed bool
	queue  chan *request
	idle   chan struct{} // closed when nothing more will be written, which is when the store closes
	broken atomic.Pointer[error]
}

func openSQLite(ctx context.Context, path string, options Options, c *clock) (_ store, err error) {
	path, vfs, _ := strings.Cut(path, "?vfs=")
	s := &sqliteStore{path: path, clock: c, log: options.Log, queue: make(chan *request, maxGroup), idle: make(chan struct{})}
	defer func() {
		if err != nil {
			_ = s.release() // the failure to open is what matters
		}
	}()
	if !options.ReadOnly {
		if err := s.claim(); err != nil {
			return nil, err
		}
		if err := s.openWriter(ctx, vfs); err != nil {
			return nil, s.explain("db.Open", err)
		}
	} else if _, err := os.Stat(path); err != nil {
		return nil, fileError(path, err)
	}
	if err := s.openReaders(ctx, vfs, options.Readers); err != nil {
		return nil, s.explain("db.Open", err)
	}
	go s.serve()
	return s, nil
}

// claim makes the directory and the file, both closed to other users, and takes the lock.
func (s *sqliteStore) claim() error {
	if err := os.MkdirAll(filepath.Dir(s.path), 0o700); err != nil {
		return fileError(s.path, err)
	}
	var err error
	if s.lock, err = lockFile(s.path + ".lock"); err != nil {
		return err
	}
	f, err := os.OpenFile(s.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fileError(s.path, err)
	}
	return f.Close()
}

// openWriter opens the writing connection. A log that a crash left behind is copied into the file and synced first, so that nothing
// acknowledged later stands after frames that a failed sync may have left only in memory.
func (s *sqliteStore) openWriter(ctx context.Context, vfs string) error {
	c, err := connectSQLite(ctx, s.path, vfs)
	if err != nil {
		return err
	}
	s.writer, c.writes = c, true
	if err := c.pragmas("page_size = "+strconv.Itoa(pageSize), "journal_mode = WAL", "synchronous = FULL", "cache_size = -65536", "secure_delete = FAST",
		"wal_autocheckpoint = "+strconv.Itoa(checkpointPages), "journal_size_limit = 67108864", "wal_checkpoint(TRUNCATE)"); err != nil {
		return err
	}
	return s.recognise(ctx)
}

// recognise refuses a database of another program and marks a new one as ours.
func (s *sqliteStore) recognise(ctx context.Context) error {
	id, err := s.writer.integer(ctx, "PRAGMA application_id")
	if err != nil || id == applicationID {
		return err
	}
	tables, err := s.writer.integer(ctx, "SELECT count(*) FROM sqlite_schema")
	if err != nil {
		return err
	}
	if id != 0 || tables != 0 {
		return foreignFile(s.path)
	}
	return s.writer.pragmas("application_id = " + strconv.Itoa(applicationID))
}

func (s *sqliteStore) openReaders(ctx context.Context, vfs string, n int) error {
	if n <= 0 {
		n = max(4, 2*runtime.GOMAXPROCS(0))
	}
	s.readers = make(chan *sqliteConn, n)
	for range n {
		c, err := connectSQLite(ctx, s.path, vfs)
		if err != nil {
			return err
		}
		s.readers <- c
		if err := c.pragmas("query_only = ON", "cache_size = -16384"); err != nil {
			return err
		}
	}
	return nil
}

// read runs fn between BEGIN and COMMIT of a reading connection. The snapshot is taken by the first statement, at once.
func (s *sqliteStore) read(ctx context.Context, fn func(*Tx) error) error {
	c, err := s.reader(ctx)
	if err != nil {
		return err
	}
	defer func() { s.readers <- c }()
	now, settled := s.clock.beginRead()
	tx := &Tx{ctx: ctx, engine: SQLite, now: now, settled: settled, link: c, explain: func(err error) error { return s.explain("db.Read", err) }}
	if err := c.run("BEGIN"); err != nil {
		return s.explain("db.Read", err)
	}
	defer func() { _ = c.run("ROLLBACK") }()
	if _, err := c.integer(ctx, "SELECT count(*) FROM (SELECT 1 FROM sqlite_schema LIMIT 1)"); err != nil {
		return s.explain("db.Read", err)
	}
	return s.explain("db.Read", tx.run(fn))
}

// reader waits for a reading connection; whoever got it puts it back.
func (s *sqliteStore) reader(ctx context.Context) (*sqliteConn, error) {
	var c *sqliteConn
	select {
	case c = <-s.readers:
	case <-s.idle:
		return nil, errClosed()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	s.gate.RLock()
	defer s.gate.RUnlock()
	if s.closed {
		s.readers <- c
		return nil, errClosed()
	}
	return c, nil
}

// close ends the writer after what is queued, then the readers when they are back.
func (s *sqliteStore) close() error {
	s.gate.Lock()
	if s.closed {
		s.gate.Unlock()
		return nil
	}
	s.closed = true
	close(s.queue)
	s.gate.Unlock()
	<-s.idle
	return s.release()
}

// release gives back everything that is held; the writer goes last, so that its closing empties the log.
func (s *sqliteStore) release() error {
	var all []error
	if s.readers != nil {
		for range cap(s.readers) {
			select {
			case c := <-s.readers:
				all = append(all, c.close())
			case <-time.After(readerPatience):
				s.log.Warn("a reader is still at work while the database closes")
			}
		}
	}
	if s.writer != nil {
		all = append(all, s.writer.close())
	}
	if s.lock != nil {
		all = append(all, unlockFile(s.lock))
	}
	return errors.Join(all...)
}

// readerPatience is how long closing waits for each reader that is still at work.
const readerPatience = 10 * time.Second

// sqliteConn is one connection with its prepared statements. It is used by one goroutine at a time.
type sqliteConn struct {
	conn       driver.Conn
	writes     bool // never interrupted: an interruption would take back the whole group
	statements map[string]driver.Stmt
	named      []driver.NamedValue
}

// maxStatements is how many prepared statements a connection keeps; the program has some hundreds of texts, a text built from lists may
// have more forms.
const maxStatements = 600

func connectSQLite(ctx context.Context, path, vfs string) (*sqliteConn, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	address := "file:" + (&url.URL{Path: filepath.ToSlash(absolute)}).EscapedPath()
	if vfs != "" {
		address += "?vfs=" + url.QueryEscape(vfs)
	}
	conn, err := openDriver(ctx, address)
	if err != nil {
		return nil, err
	}
	c := &sqliteConn{conn: conn, statements: map[string]driver.Stmt{}}
	if err := c.pragmas("busy_timeout = 10000", "foreign_keys = ON", "temp_store = MEMORY", "trusted_schema = OFF", "case_sensitive_like = ON"); err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

// pragmas sets or does what the texts say. Most answer with a row, which has to be read.
func (c *sqliteConn) pragmas(texts ...string) error {
	for _, text := range texts {
		if _, err := c.integer(context.Background(), "PRAGMA "+text); err != nil {
			return fmt.Errorf("pragma %s: %w", text, err)
		}
	}
	return nil
}

// run executes a text without arguments that nothing may interrupt.
func (c *sqliteConn) run(text string) error {
	_, err := c.exec(context.Background(), text, nil)
	return err
}

// integer is the first column of the first row.
func (c *sqliteConn) integer(ctx context.Context, query string) (int64, error) {
	rows, err := c.query(ctx, query, nil)
	if err != nil {
		return 0, err
	}
	defer rows.close()
	value := make([]driver.Value, len(rows.columns()))
	if ok, err := rows.next(value); err != nil || !ok {
		return 0, err
	}
	n, _ := value[0].(int64)
	return n, nil
}

func (c *sqliteConn) prepare(query string) (driver.Stmt, error) {
	if st, ok := c.statements[query]; ok {
		return st, nil
	}
	if len(c.statements) >= maxStatements {
		c.forget()
	}
	st, err := c.conn.(driver.ConnPrepareContext).PrepareContext(context.Background(), query)
	if err != nil {
		return nil, err
	}
	c.statements[query] = st
	return st, nil
}

// forget closes all prepared statements.
func (c *sqliteConn) forget() {
	for _, st := range c.statements {
		st.Close()
	}
	clear(c.statements)
}

// bound puts arguments into the driver's form, in memory that the next statement uses again.
func (c *sqliteConn) bound(args []any) []driver.NamedValue {
	c.named = c.named[:0]
	for i, arg := range args {
		c.named = append(c.named, driver.NamedValue{Ordinal: i + 1, Value: arg})
	}
	return c.named
}

func (c *sqliteConn) exec(_ context.Context, query string, args []any) (int64, error) {
	st, err := c.prepare(query)
	if err != nil {
		return 0, err
	}
	result, err := st.(driver.StmtExecContext).ExecContext(context.Background(), c.bound(args))
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (c *sqliteConn) query(ctx context.Context, query string, args []any) (cursor, error) {
	st, err := c.prepare(query)
	if err != nil {
		return nil, err
	}
	if c.writes {
		ctx = context.Background()
	}
	rows, err := st.(driver.StmtQueryContext).QueryContext(ctx, c.bound(args))
	if err != nil {
		return nil, err
	}
	return &sqliteCursor{rows: rows, names: rows.Columns()}, nil
}

// lock does nothing: writes follow each other anyhow.
func (c *sqliteConn) lock(context.Context, string) error { return nil }

func (c *sqliteConn) bulk(_ context.Context, table string, columns []string, rows iter.Seq[[]any]) (int64, error) {
	return c.insertMany(table, columns, rows)
}

func (c *sqliteConn) close() error {
	c.forget()
	return c.conn.Close()
}

type sqliteCursor struct {
	rows  driver.Rows
	names []string
}

func (r *sqliteCursor) columns() []string { return r.names }

func (r *sqliteCursor) next(dest []driver.Value) (bool, error) {
	err := r.rows.Next(dest)
	if err == nil {
		for i := range dest {
			// The driver gives an empty blob as nil bytes, which would read as null.
			if b, ok := dest[i].([]byte); ok && b == nil {
				dest[i] = []byte{}
			}
		}
		return true, nil
	}
	if isEnd(err) {
		return false, nil
	}
	return false, err
}

func (r *sqliteCursor) close() error { return r.rows.Close() }
