package db

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"liandong/errs"
)

// A commit group is as many writes as queued while the one before was synced, at most maxGroup of them and none begun after groupTime, so
// that the first of a group does not wait long for the last.
const (
	maxGroup  = 256
	groupTime = 2 * time.Millisecond
)

// request is one write waiting for its turn.
type request struct {
	ctx   context.Context
	fn    func(*Tx) error
	taken atomic.Bool // set by whoever comes first: the writer to run it, or the caller to give up
	done  chan struct{}
	err   error
	panic any
}

func (s *sqliteStore) write(ctx context.Context, fn func(*Tx) error) error {
	r := &request{ctx: ctx, fn: fn, done: make(chan struct{})}
	if err := s.enqueue(r); err != nil {
		return err
	}
	select {
	case <-r.done:
	case <-ctx.Done():
		if r.taken.CompareAndSwap(false, true) {
			return ctx.Err()
		}
		<-r.done
	}
	if r.panic != nil {
		panic(r.panic)
	}
	return r.err
}

func (s *sqliteStore) enqueue(r *request) error {
	s.gate.RLock()
	defer s.gate.RUnlock()
	switch {
	case s.closed:
		return errClosed()
	case s.writer == nil:
		return errs.New(errs.Forbidden, "db.Write", "数据库以只读方式打开，不能写入。", "The database is open for reading only; nothing can be written.")
	}
	select {
	case s.queue <- r:
		return nil
	case <-r.ctx.Done():
		return r.ctx.Err()
	}
}

// serve is the writing goroutine.
func (s *sqliteStore) serve() {
	defer close(s.idle)
	for r := range s.queue {
		if !r.taken.CompareAndSwap(false, true) {
			continue
		}
		if members := s.group(r); members != nil {
			// The group's commit failed, or one member broke the transaction of all: each gets its own.
			for _, m := range members {
				s.alone(m)
			}
		}
	}
}

// group runs first and those that queued behind it in one transaction and acknowledges them all after the commit. It returns the members
// when the transaction was lost and none of them was acknowledged.
func (s *sqliteStore) group(first *request) []*request {
	if failure := s.broken.Load(); failure != nil {
		first.finish(*failure)
		return nil
	}
	begun := time.Now()
	members := []*request{first}
	if err := s.writer.run("BEGIN IMMEDIATE"); err != nil {
		first.finish(s.explain("db.Write", err))
		return nil
	}
	// The first has no savepoint, for within one every changed page is kept twice, which bulk work would feel.
	nows := []time.Time{s.attempt(first)}
	if first.err != nil || first.panic != nil {
		s.rollBack()
		s.clock.endWrite(nows[0])
		first.finish(s.explain("db.Write", first.err))
		return nil
	}
	intact := true
	for intact && len(members) < maxGroup && time.Since(begun) < groupTime {
		r := s.waiting()
		if r == nil {
			break
		}
		members = append(members, r)
		var now time.Time
		now, intact = s.within(r)
		nows = append(nows, now)
	}
	var failure error
	if intact {
		failure = s.writer.run("COMMIT")
	}
	if !intact || failure != nil {
		s.rollBack()
	}
	for _, now := range nows {
		s.clock.endWrite(now)
	}
	switch {
	case intact && failure == nil:
		for _, m := range members {
			m.finish(s.explain("db.Write", m.err))
		}
		return nil
	case failure != nil && s.lostSync(failure), len(members) == 1:
		for _, m := range members {
			m.finish(s.explain("db.Write", failure))
		}
		return nil
	}
	return members
}

// waiting is the next request that nobody gave up on, or nil when none is queued.
func (s *sqliteStore) waiting() *request {
	for {
		select {
		case r, ok := <-s.queue:
			if !ok {
				return nil
			}
			if r.taken.CompareAndSwap(false, true) {
				return r
			}
		default:
			return nil
		}
	}
}

// attempt runs a request in the open transaction.
func (s *sqliteStore) attempt(r *request) time.Time {
	r.err, r.panic = nil, nil
	now, settled := s.clock.beginWrite()
	defer func() {
		if r.panic = recover(); r.panic != nil {
			r.err = fmt.Errorf("db: the function of a write panicked: %v", r.panic)
		}
	}()
	if r.err = r.ctx.Err(); r.err != nil {
		return now
	}
	tx := &Tx{ctx: r.ctx, engine: SQLite, now: now, settled: settled, link: s.writer, explain: func(err error) error { return s.explain("db.Write", err) }}
	r.err = tx.run(r.fn)
	return now
}

// within runs a request in a savepoint of the group's transaction; intact is false when the whole transaction is gone.
func (s *sqliteStore) within(r *request) (now time.Time, intact bool) {
	if r.err = s.writer.run("SAVEPOINT member"); r.err != nil {
		return time.Time{}, false
	}
	now = s.attempt(r)
	if r.err != nil {
		if s.writer.run("ROLLBACK TO member") != nil {
			return now, false
		}
	}
	return now, s.writer.run("RELEASE member") == nil
}

// alone runs a request in a transaction of its own.
func (s *sqliteStore) alone(r *request) {
	if failure := s.broken.Load(); failure != nil {
		r.finish(*failure)
		return
	}
	if err := s.writer.run("BEGIN IMMEDIATE"); err != nil {
		r.finish(s.explain("db.Write", err))
		return
	}
	now := s.attempt(r)
	defer s.clock.endWrite(now)
	if r.err == nil {
		r.err = s.writer.run("COMMIT")
		s.lostSync(r.err)
	}
	if r.err != nil {
		s.rollBack()
	}
	r.finish(s.explain("db.Write", r.err))
}

// rollBack ends a transaction that failed. Some failures end it by themselves, and then there is nothing to roll back, which is no failure.
func (s *sqliteStore) rollBack() { _ = s.writer.run("ROLLBACK") }

// lostSync reports whether a commit failed because the disk could not be written through, and if so refuses every later write: what the
// operating system keeps in memory and what is on the disk are no longer known to be the same, until the file is opened anew.
func (s *sqliteStore) lostSync(err error) bool {
	if !isSyncFailure(err) {
		return false
	}
	failure := error(errs.New(errs.Unavailable, "db.Write",
		"磁盘写入失败，为保护数据已停止写入。请检查磁盘，然后重新启动程序；已经确认的数据没有丢失。",
		"The disk failed while writing, so writing has stopped to protect the data. Check the disk, then start the program again; nothing that was confirmed is lost.").Because(err))
	s.broken.Store(&failure)
	s.log.Error("writing stopped: the disk failed", "error", err)
	return true
}

func (r *request) finish(err error) {
	r.err = err
	close(r.done)
}
