package db

import (
	"sync"
	"time"
)

// clock gives transactions their frozen now so that known-at reading is exact on one process: a row recorded at or before a reader's now is
// always in that reader's snapshot, because a reader that begins while a write is in flight is given a now just before that write's.
//
// With the system clock every write's now is later than any now given before. An injected clock is taken as it is, because a test or a
// demonstration may stand still.
type clock struct {
	source   func() time.Time
	injected bool

	mu       sync.Mutex
	latest   time.Time         // the latest now given to anybody
	finished time.Time         // the latest now of a write that has ended
	inFlight map[time.Time]int // nows of writes that have begun and not ended
}

// resolution is how finely moments are stored: a microsecond, as PostgreSQL's own.
const resolution = time.Microsecond

func newClock(source func() time.Time) *clock {
	c := &clock{source: source, injected: source != nil, inFlight: map[time.Time]int{}}
	if source == nil {
		c.source = time.Now
	}
	return c
}

func (c *clock) now() time.Time { return c.source().UTC().Truncate(resolution) }

// beginWrite gives a write its now; the write must be ended with endWrite.
func (c *clock) beginWrite() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	if !c.injected && !now.After(c.latest) {
		now = c.latest.Add(resolution)
	}
	c.latest = later(c.latest, now)
	c.inFlight[now]++
	return now
}

// endWrite tells that the write of that now is committed or gone.
func (c *clock) endWrite(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.inFlight[now]--; c.inFlight[now] <= 0 {
		delete(c.inFlight, now)
	}
	c.finished = later(c.finished, now)
}

// beginRead gives a reader its now: the present, or the moment before the earliest write in flight, but never before a finished write.
// It must be called before the snapshot is taken.
func (c *clock) beginRead() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	if !c.injected {
		now = later(now, c.latest)
	}
	c.latest = later(c.latest, now)
	for begun := range c.inFlight {
		if before := begun.Add(-resolution); before.Before(now) {
			now = before
		}
	}
	return later(now, c.finished)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
