package demo

import (
	"context"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/registry"
	"liandong/place"
)

// Clock is what the stores of a city in the making read: the moment at which the demonstration's offices write, until the city is made and
// the clock runs like any other.
type Clock struct {
	mu    sync.Mutex
	fixed time.Time
}

// Now is the moment that was set, or the time of day.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fixed.IsZero() {
		return time.Now()
	}
	return c.fixed
}

// Set stops the clock at a moment.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fixed = t
}

// Run lets the clock run again.
func (c *Clock) Run() { c.Set(time.Time{}) }

// Made is what was written.
type Made struct {
	Counties   int `json:"counties"`
	Households int `json:"households"`
	Members    int `json:"members"`
}

// Make writes the city into an empty register whose store reads the clock. Several counties are made at once and written one after the other
// in the order of their ids, so that the city's content follows from the plan alone. progress is told after every county.
func (c *City) Make(ctx context.Context, r *registry.Registry, clock *Clock, actor access.Actor, progress func(Made)) (Made, error) {
	defer clock.Run()
	var made Made
	if err := c.populate(ctx, r, clock, actor); err != nil {
		return made, err
	}
	const ahead = 2 // counties made before they are written: more would only take memory
	group, ctx := errgroup.WithContext(ctx)
	batches := make(chan chan *registry.Batch, ahead-1)
	group.Go(func() error {
		defer close(batches)
		makers, ctx := errgroup.WithContext(ctx)
		for _, county := range c.Counties() {
			batch := make(chan *registry.Batch, 1)
			select {
			case batches <- batch:
			case <-ctx.Done():
				return makers.Wait()
			}
			makers.Go(func() error {
				defer close(batch)
				b, err := r.Prepare(county, time.Time{}, c.Households(county), c.random(county))
				if err == nil {
					batch <- b
				}
				return err
			})
		}
		return makers.Wait()
	})
	group.Go(func() error {
		for pending := range batches {
			b, ok := <-pending
			if !ok {
				return nil // its maker failed, and says so
			}
			if err := r.Commit(ctx, actor, b, Source, clock.Set); err != nil {
				return err
			}
			made.Counties++
			made.Households += b.Households
			made.Members += b.Members
			progress(made)
		}
		return nil
	})
	return made, group.Wait()
}

// Source is what the ledger says the demonstration's records come from.
const Source = "演示数据（虚构）"

// populate writes down what the incidence of poverty is a share of.
func (c *City) populate(ctx context.Context, r *registry.Registry, clock *Clock, actor access.Actor) error {
	clock.Set(at(day.MustOf(2014, 1, 2), 9))
	for _, p := range c.RuralRegistered() {
		if err := r.SetPopulation(ctx, actor, p); err != nil {
			return errs.Wrap("demo.Make", err)
		}
	}
	return nil
}

// random is the randomness of a county's keys and nonces. The keys of a demonstration follow from its seed like all its bytes: they guard
// nobody, because nobody in it exists. A household that is added later gets a key from the system's randomness.
func (c *City) random(county place.ID) io.Reader {
	var seed [32]byte
	binary.LittleEndian.PutUint64(seed[:], mixed(c.plan.Seed))
	binary.LittleEndian.PutUint64(seed[8:], uint64(county))
	copy(seed[16:], "demonstration")
	return rand.NewChaCha8(seed)
}
