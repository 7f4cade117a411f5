package server

import (
	"sync"
	"time"

	"github.com/google/uuid"

	"liandong/errs"
)

// plans are imports that were previewed and not decided yet. They are in memory alone: a file that was forgotten is gone, and a restart asks
// for it again.
type plans[P any] struct {
	now func() time.Time

	mu   sync.Mutex
	held map[uuid.UUID]*heldPlan[P]
}

type heldPlan[P any] struct {
	id    uuid.UUID
	plan  P
	owner string
	until time.Time
	busy  bool
}

const (
	planLife = 2 * time.Hour // a preview is read before it is decided
	maxPlans = 16            // of the whole city at once; the oldest goes
	ownPlans = 4             // of one person, so that nobody pushes others' out
)

func newPlans[P any](now func() time.Time) *plans[P] {
	return &plans[P]{now: now, held: map[uuid.UUID]*heldPlan[P]{}}
}

func (p *plans[P]) put(owner string, id uuid.UUID, plan P) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sweep()
	p.makeRoom(ownPlans, func(h *heldPlan[P]) bool { return h.owner == owner })
	p.makeRoom(maxPlans, func(*heldPlan[P]) bool { return true })
	p.held[id] = &heldPlan[P]{id: id, plan: plan, owner: owner, until: p.now().Add(planLife)}
}

// makeRoom lets the oldest of some plans go when there are so many of them. The caller holds the lock.
func (p *plans[P]) makeRoom(most int, of func(*heldPlan[P]) bool) {
	var oldest *heldPlan[P]
	count := 0
	for _, h := range p.held {
		if !of(h) {
			continue
		}
		if count++; !h.busy && (oldest == nil || h.until.Before(oldest.until)) {
			oldest = h
		}
	}
	if count >= most && oldest != nil {
		delete(p.held, oldest.id)
	}
}

// get gives the owner's plan; nobody else has it.
func (p *plans[P]) get(owner string, id uuid.UUID) (plan P, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sweep()
	h := p.held[id]
	if h == nil || h.owner != owner {
		return plan, noPlan()
	}
	return h.plan, nil
}

// claim takes a plan to be written, so that pressing twice writes once.
func (p *plans[P]) claim(owner string, id uuid.UUID) (plan P, release func(done bool), err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sweep()
	h := p.held[id]
	if h == nil || h.owner != owner {
		return plan, nil, noPlan()
	}
	if h.busy {
		return plan, nil, errs.New(errs.Conflict, "server.claim", "这次导入正在写入，请稍候。", "This import is being written; wait for it.")
	}
	h.busy = true
	return h.plan, func(done bool) {
		p.mu.Lock()
		defer p.mu.Unlock()
		h.busy = false
		if done {
			delete(p.held, id)
		}
	}, nil
}

// sweep lets plans go whose time is over. The caller holds the lock.
func (p *plans[P]) sweep() {
	for id, h := range p.held {
		if !h.busy && p.now().After(h.until) {
			delete(p.held, id)
		}
	}
}

func noPlan() error {
	return errs.New(errs.NotFound, "server.plan", "没有这份待确认的导入，或已过期。请重新上传文件。", "There is no such import waiting, or its time is over. Send the file again.")
}
