package server

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"liandong/errs"
	"liandong/sheet"
)

// readings are tables that the server reads on its own, so that a page which sent one may be reloaded or shut: it asks how far the reading has come,
// and takes the plan that came of it. They are in memory alone, as plans are: a restart breaks them off, and the file is sent again.
type readings struct {
	now  func() time.Time
	root context.Context // ends with the server
	stop context.CancelFunc
	all  sync.WaitGroup

	mu   sync.Mutex
	held map[uuid.UUID]*reading
}

// reading is one table. Its fields but id, owner, file and cancel are guarded by the lock of its readings.
type reading struct {
	id          uuid.UUID
	owner, file string
	cancel      context.CancelFunc

	stage       sheet.Stage
	done, about int
	state       readingState
	plan        uuid.UUID // once it is read
	err         error     // why it failed
	ended       time.Time
}

type readingState string

const (
	stateReading readingState = "reading"
	stateRead    readingState = "read"
	stateFailed  readingState = "failed"
)

// maxReadings is of the whole city at once: each holds a file and what is read of it in memory. A person reads one.
const maxReadings = 4

func newReadings(now func() time.Time) *readings {
	r := &readings{now: now, held: map[uuid.UUID]*reading{}}
	r.root, r.stop = context.WithCancel(context.Background())
	return r
}

// start reads a table in the background. The same id again is the same reading. What the owner had read before is let go, one under way is not.
func (r *readings) start(owner string, id uuid.UUID, file string, read func(context.Context, sheet.Progress) (plan uuid.UUID, err error)) (reading, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sweep()
	if same := r.held[id]; same != nil {
		if same.owner != owner {
			return reading{}, errs.New(errs.Conflict, "server.reading", "这个编号已经用过，请重新选择文件。", "The id is taken; choose the file again.")
		}
		return *same, nil
	}
	if err := r.room(owner); err != nil {
		return reading{}, err
	}
	ctx, cancel := context.WithCancel(r.root)
	one := &reading{id: id, owner: owner, file: file, cancel: cancel, state: stateReading}
	r.held[id] = one
	r.all.Go(func() {
		defer cancel()
		plan, err := read(ctx, func(stage sheet.Stage, done, about int) {
			r.mu.Lock()
			defer r.mu.Unlock()
			one.stage, one.done, one.about = stage, done, about
		})
		r.mu.Lock()
		defer r.mu.Unlock()
		one.state, one.plan, one.err, one.ended = stateRead, plan, err, r.now()
		if err != nil {
			one.state = stateFailed
		}
	})
	return *one, nil
}

// recovered turns a panic into an error: a file that the program cannot bear must not end the city, as in a request it would not.
func recovered[P any](read func() (P, error)) (plan P, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errs.New(errs.Internal, "server.reading", "", fmt.Sprintf("panic: %v\n%s", p, debug.Stack()))
		}
	}()
	return read()
}

// room refuses where somebody reads a table already or too many are read; what the owner had read before is let go. The caller holds the lock.
func (r *readings) room(owner string) error {
	busy := 0
	for id, one := range r.held {
		switch {
		case one.state == stateReading && one.owner == owner:
			return errs.New(errs.Conflict, "server.reading", "您的「"+one.file+"」还在读取。请等它读完，或先取消。", "Your file \""+one.file+"\" is still being read. Wait for it, or cancel it first.")
		case one.state == stateReading:
			busy++
		case one.owner == owner:
			delete(r.held, id)
		}
	}
	if busy >= maxReadings {
		return errs.New(errs.Unavailable, "server.reading", "现在同时读取的表太多，请过一会儿再试。", "Too many tables are being read just now; try again in a while.")
	}
	return nil
}

// own lists somebody's readings, the oldest first by their ids.
func (r *readings) own(owner string) []reading {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sweep()
	list := []reading{}
	for _, one := range r.held {
		if one.owner == owner {
			list = append(list, *one)
		}
	}
	slices.SortFunc(list, func(a, b reading) int { return slices.Compare(a.id[:], b.id[:]) })
	return list
}

// drop cancels somebody's reading, or lets go what came of it; the plan stays.
func (r *readings) drop(owner string, id uuid.UUID) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	one := r.held[id]
	if one == nil || one.owner != owner {
		return noPlan()
	}
	one.cancel()
	delete(r.held, id)
	return nil
}

// sweep lets go what was read so long ago that its plan is gone. The caller holds the lock.
func (r *readings) sweep() {
	for id, one := range r.held {
		if one.state != stateReading && r.now().After(one.ended.Add(planLife)) {
			delete(r.held, id)
		}
	}
}

// close breaks off what is being read and waits for it.
func (r *readings) close() {
	r.stop()
	r.all.Wait()
}
