package main

import (
	"context"
	"slices"
	"time"

	"liandong/criteria"
	"liandong/criteria/population"
	"liandong/day"
	"liandong/internal/identify"
)

// What is measured where no number is given.
const (
	questions  = 4000
	households = 1_000_000
)

func (c *benchCommand) count(otherwise int) int {
	if c.Count > 0 {
		return c.Count
	}
	return otherwise
}

// evaluations is how often columns are evaluated; the median is kept.
const evaluations = 9

// criteria measures the four looks over a population in memory: outcomes, both ends of the score and all reasons.
func (c *benchCommand) criteria(ctx context.Context, _ *program, r *benchResult) error {
	began, n := time.Now(), c.count(households)
	document, err := identify.Shipped("four-looks@2015.1")
	if err != nil {
		return err
	}
	started := time.Now()
	tables, err := population.Make(n, 1)
	if err != nil {
		return err
	}
	columns := 0
	ranges := make([]criteria.Range, len(tables))
	for i, t := range tables {
		columns += t.Size()
		ranges[i] = criteria.Range{Table: t, To: t.Len()}
	}
	r.add("make the population; memory of its columns (households)", n, time.Since(started), int64(columns))
	started = time.Now()
	plan, err := document.Plan(criteria.Settings{AsOf: day.MustOf(2015, 12, 31)})
	if err != nil {
		return err
	}
	r.add("plan the document", 1, time.Since(started), 0)
	var times []time.Duration
	verdicts := 0
	for range evaluations {
		started = time.Now()
		all, err := plan.Evaluate(ctx, ranges...)
		if err != nil {
			return err
		}
		times = append(times, time.Since(started))
		verdicts = 0
		for _, v := range all {
			verdicts += v.Size()
		}
	}
	r.add("four looks with all reasons, the first time", n, times[0], 0)
	slices.Sort(times)
	r.add("four looks with all reasons, median of 9; memory of the verdicts", n, times[len(times)/2], int64(verdicts))
	r.add("the whole process, with its greatest memory", n, time.Since(began), ownPeak())
	return nil
}

func (r *benchResult) add(what string, n int, took time.Duration, bytes int64) {
	r.Runs = append(r.Runs, benchRun{What: what, N: n, Seconds: took.Seconds(), NsPerItem: float64(took.Nanoseconds()) / float64(max(n, 1)), PeakBytes: bytes})
}
