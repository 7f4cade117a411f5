package db

import (
	"sync"
	"time"
)

// clock gives transactions their frozen now, and readers the moment that is settled: what was recorded at or before it is in their snapshot
// and nothing will ever be added to it by a write of this process.
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

// beginWrite gives a write its now, and what is settled besides itself; the write must be ended with endWrite.
func (c *clock) beginWrite() (now, settled time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now = c.now()
	if !c.injected && !now.After(c.latest) {
		now = c.latest.Add(resolution)
	}
	c.latest = later(c.latest, now)
	settled = c.settled(now)
	c.inFlight[now]++
	return now, settled
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

// beginRead gives a reader its now and what is settled then: its now, or the moment before the earliest write in flight. It must be called
// before the snapshot is taken.
func (c *clock) beginRead() (now, settled time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now = c.now()
	if !c.injected {
		now = later(now, c.latest)
	}
	c.latest = later(c.latest, now)
	return now, c.settled(now)
}

// settled is the given now, or the moment before the earliest write in flight.
func (c *clock) settled(now time.Time) time.Time {
	for begun := range c.inFlight {
		if before := begun.Add(-resolution); before.Before(now) {
			now = before
		}
	}
	if c.injected {
		// A clock that stands still gives one moment to what is done and to what is in flight; the former counts.
		now = later(now, c.finished)
	}
	return now
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
