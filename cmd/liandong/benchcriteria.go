package main

import (
	"context"
	"slices"
	"time"

	"liandong/criteria"
	"liandong/criteria/population"
	"liandong/day"
	"liandong/internal/access"
	"liandong/internal/identify"
	"liandong/internal/registry"
	"liandong/place"
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
	first := times[0]
	slices.Sort(times)
	r.add("four looks with all reasons, median of 9; memory of the verdicts", n, times[len(times)/2], int64(verdicts))
	r.add("the same, the first time", n, first, 0)
	if err := compared(ctx, document, ranges, r); err != nil {
		return err
	}
	if err := explained(document, ranges, r); err != nil {
		return err
	}
	r.add("the whole process, with its greatest memory", n, time.Since(began), ownPeak())
	return nil
}

// cityHouseholds is how many households a prefecture city looks at in a comparison.
const cityHouseholds = 350_000

// compared measures two settings of a document over a city's households: who enters, who leaves, and which parts, bars and conditions did it.
func compared(ctx context.Context, document identify.Document, ranges []criteria.Range, r *benchResult) error {
	left := cityHouseholds
	var some []criteria.Range
	for _, one := range ranges {
		one.To = min(one.To, left)
		if left -= one.To; one.To > 0 {
			some = append(some, one)
		}
	}
	var both [2][]*criteria.Verdicts
	for i, moved := range []map[string]float64{nil, {"cut": 50, "income_line": 3000}} {
		plan, err := document.Plan(criteria.Settings{AsOf: day.MustOf(2015, 12, 31), Parameters: moved})
		if err != nil {
			return err
		}
		if both[i], err = plan.Evaluate(ctx, some...); err != nil {
			return err
		}
	}
	times := make([]time.Duration, evaluations)
	for i := range times {
		started := time.Now()
		for k := range some {
			criteria.Causes(both[0][k], both[1][k], 0, some[k].To)
		}
		times[i] = time.Since(started)
	}
	slices.Sort(times)
	r.add("two versions compared from the bit planes, with causes, median of 9", cityHouseholds-left, times[len(times)/2], 0)
	return nil
}

// explanations is how many households are explained, spread over the population.
const explanations = 2000

// explained measures the explanation of one household, its smallest change included, as people ask for it: one at a time.
func explained(document identify.Document, ranges []criteria.Range, r *benchResult) error {
	evaluator, err := document.NewEvaluator(criteria.Settings{AsOf: day.MustOf(2015, 12, 31)})
	if err != nil {
		return err
	}
	households := 0
	for _, one := range ranges {
		households += one.To
	}
	step := max(households/explanations, 1)
	var took []float64 // milliseconds
	began := time.Now()
	for _, one := range ranges {
		for i := 0; i < one.To; i += step {
			started := time.Now()
			evaluator.Explain(one.Table.Row(i), nil)
			took = append(took, float64(time.Since(started).Nanoseconds())/1e6)
		}
	}
	run := benchRun{What: "explain one household, with the smallest change that would turn it", Seconds: time.Since(began).Seconds()}.over(len(took))
	slices.Sort(took)
	run.P50, run.P95, run.Max = took[len(took)/2], took[len(took)*95/100], took[len(took)-1]
	r.Runs = append(r.Runs, run)
	return nil
}

// questionsWhatIf asks a served city's room what another cut would do: the effect by township, causes and stability, the first time and again.
func (c *benchCommand) questionsWhatIf(ctx context.Context, p *program, r *benchResult) error {
	opened, err := p.openCity(ctx, &cityFlags{Dir: c.Dir})
	if err != nil {
		return err
	}
	document, err := identify.Shipped("four-looks@2015.1")
	if err != nil {
		return err
	}
	city, err := opened.registry.City(ctx)
	if err != nil {
		return err
	}
	q := identify.Request{Document: document, Division: city, At: registry.Moment{AsOf: day.MustOf(2015, 12, 31)}}
	scope := console().Scope(access.ReadFigures, day.InTime(time.Now()))
	var totals, effects []time.Duration
	households := 0
	for i := range evaluations + 1 {
		q.Parameters = map[string]float64{"cut": float64(50 + i)}
		started := time.Now()
		before, after, err := opened.identify.WhatIf(ctx, console(), q)
		if err != nil {
			return err
		}
		whole, _, err := after.Totals(scope, q.Division, place.Township)
		if err != nil {
			return err
		}
		totals, households = append(totals, time.Since(started)), int(whole.Households.Total)
		started = time.Now()
		if _, err := identify.Weigh(scope, before, after, identify.Weighing{Division: q.Division, By: place.Township, Band: 5}); err != nil {
			return err
		}
		effects = append(effects, time.Since(started))
	}
	r.add("what-if with one parameter, totals by township, the first question", households, totals[0], 0)
	totals, effects = totals[1:], effects[1:]
	slices.Sort(totals)
	slices.Sort(effects)
	r.add("the same, questions after it, median of 9", households, totals[len(totals)/2], 0)
	r.add("who enters and leaves by township, causes, Kendall's tau and the band, median of 9", households, effects[len(effects)/2], 0)
	return nil
}

func (r *benchResult) add(what string, n int, took time.Duration, bytes int64) {
	r.Runs = append(r.Runs, benchRun{What: what, Seconds: took.Seconds(), PeakBytes: bytes}.over(n))
}
