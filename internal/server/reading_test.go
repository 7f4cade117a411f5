package server

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"liandong/errs"
	"liandong/sheet"
)

// A reading goes on by itself, says how far it has come to whoever sent the file and to nobody else, and ends when they cancel it or the server stops.
func TestAReadingGoesOnUntilItIsReadOrCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newReadings(time.Now)
		var ended []error
		slow := func(ctx context.Context, progress sheet.Progress) (uuid.UUID, error) {
			for row := 1; row <= 100; row++ {
				progress(sheet.StageReading, row, 100)
				select {
				case <-ctx.Done():
					ended = append(ended, ctx.Err())
					return uuid.Nil, ctx.Err()
				case <-time.After(time.Second):
				}
			}
			return uuid.Max, nil
		}
		must := func(owner string, id uuid.UUID) {
			t.Helper()
			if _, err := r.start(owner, id, "表.xlsx", slow); err != nil {
				t.Fatal(err)
			}
		}
		first := uuid.New()
		must("a", first)
		time.Sleep(30*time.Second + time.Millisecond)
		if own := r.own("a"); len(own) != 1 || own[0].state != stateReading || own[0].done != 31 || own[0].about != 100 {
			t.Errorf("after half a minute: %+v", own)
		}
		if others := r.own("b"); len(others) != 0 || errs.KindOf(r.drop("b", first)) != errs.NotFound {
			t.Errorf("somebody else sees %+v", others)
		}
		must("a", first) // the same again is the same
		if _, err := r.start("b", first, "表.xlsx", slow); errs.KindOf(err) != errs.Conflict || len(r.own("a")) != 1 {
			t.Errorf("somebody else takes its id: %v", err)
		}
		if _, err := r.start("a", uuid.New(), "表二.xlsx", slow); errs.KindOf(err) != errs.Conflict {
			t.Errorf("a second table beside the first: %v", err)
		}
		for _, owner := range []string{"b", "c", "d"} {
			must(owner, uuid.New())
		}
		if _, err := r.start("e", uuid.New(), "表.xlsx", slow); errs.KindOf(err) != errs.Unavailable {
			t.Errorf("more than the city reads at once: %v", err)
		}
		if err := r.drop("a", first); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if len(ended) != 1 || len(r.own("a")) != 0 {
			t.Errorf("after it was cancelled: %v, %+v", ended, r.own("a"))
		}
		must("a", uuid.New())
		time.Sleep(101 * time.Second)
		if own := r.own("a"); len(own) != 1 || own[0].state != stateRead || own[0].plan != uuid.Max {
			t.Errorf("at its end: %+v", own)
		}
		time.Sleep(planLife)
		if own := r.own("a"); len(own) != 0 {
			t.Errorf("after its plan is gone: %+v", own)
		}
		must("a", uuid.New())
		synctest.Wait()
		r.close()
		if own := r.own("a"); len(own) != 1 || own[0].state != stateFailed || !errors.Is(own[0].err, context.Canceled) {
			t.Errorf("when the server stopped: %+v", own)
		}
	})
}

// What a file does to the program ends its reading, not the city.
func TestAPanicInAReadingIsAnErrorOfIt(t *testing.T) {
	if _, err := recovered(func() (int, error) { panic("no such row") }); errs.KindOf(err) != errs.Internal {
		t.Errorf("%v", err)
	}
}
