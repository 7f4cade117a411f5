// Command bench measures the indicator engine beside its peers: DuckDB, cel-go and a loop written by hand, all under the engine's own rules of
// missing answers, on the same generated households and with the same number of threads. Their answers are compared row by row in the run, and
// one difference ends it. The result goes into ../bench/RESULTS.md, wherever it is run from.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"time"

	"liandong/column"
	"liandong/criteria"
	"liandong/criteria/population"
	"liandong/day"
	"liandong/form"
	"liandong/formula"
)

// answer is what a peer says of one household, and what it gives as reasons.
type answer struct {
	outcome   criteria.Outcome
	low, high float64
}

// rounds is how often each is run; the median is kept.
const rounds = 5

// celHouseholds bounds what cel-go is given, because it takes some ten microseconds a household.
const celHouseholds = 100_000

func main() {
	count := flag.Int("count", 1_000_000, "households")
	results := flag.String("results", "RESULTS.md", "the Markdown file whose section is written")
	flag.Parse()
	err := measure(context.Background(), *count, func(lines []measured) error {
		text := table(lines)
		fmt.Fprint(os.Stdout, text)
		return keep(*results, text, time.Now())
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// measured is one line of the result.
type measured struct {
	what    string
	n       int
	seconds float64
}

func (m *measured) perItem() float64 { return m.seconds * 1e9 / float64(m.n) }

// measure runs ours and the peers over as many households and hands on what they took, where all answers are equal.
func measure(ctx context.Context, count int, done func([]measured) error) error {
	tables, err := population.Make(count, 1)
	if err != nil {
		return err
	}
	document, err := fourLooks()
	if err != nil {
		return err
	}
	ours, expected, err := engine(ctx, document, tables)
	if err != nil {
		return err
	}
	lines := []measured{ours}
	for _, peer := range []func(context.Context, []*column.Table, []answer) ([]measured, error){handLoop, duckDB, celGo} {
		more, err := peer(ctx, tables, expected)
		if err != nil {
			return err
		}
		lines = append(lines, more...)
	}
	return done(lines)
}

func fourLooks() (*criteria.Document, error) {
	text, err := criteria.ShippedText("four-looks@2015.1")
	if err != nil {
		return nil, err
	}
	return criteria.Parse(text, func(id string) (*formula.Schema, bool) {
		f := form.Household()
		return f.Root.Schema(), id == f.ID()
	})
}

// engine measures ours and gives its answers, which the evaluator that explains confirms for every hundredth household.
func engine(ctx context.Context, document *criteria.Document, tables []*column.Table) (measured, []answer, error) {
	settings := criteria.Settings{AsOf: day.MustOf(2015, 12, 31)}
	plan, err := document.Plan(settings)
	if err != nil {
		return measured{}, nil, err
	}
	ranges := make([]criteria.Range, len(tables))
	for i, t := range tables {
		ranges[i] = criteria.Range{Table: t, To: t.Len()}
	}
	var verdicts []*criteria.Verdicts
	seconds, err := median(func() (err error) {
		verdicts, err = plan.Evaluate(ctx, ranges...)
		return err
	})
	if err != nil {
		return measured{}, nil, err
	}
	evaluator, err := document.NewEvaluator(settings)
	if err != nil {
		return measured{}, nil, err
	}
	var all []answer
	for k, v := range verdicts {
		for i := range v.Len() {
			got := v.Verdict(i)
			if i%100 == 0 {
				if want := evaluator.Evaluate(tables[k].Row(i)); got != want {
					return measured{}, nil, fmt.Errorf("household %d of table %d: columns say %v, rows say %v", i, k, got, want)
				}
			}
			all = append(all, answer{got.Outcome, got.Low, got.High})
		}
	}
	return measured{"liandong, by columns, with all reasons", len(all), seconds}, all, nil
}

// median runs something several times and gives the middle time in seconds.
func median(do func() error) (float64, error) {
	times := make([]float64, rounds)
	for i := range times {
		runtime.GC()
		started := time.Now()
		if err := do(); err != nil {
			return 0, err
		}
		times[i] = time.Since(started).Seconds()
	}
	slices.Sort(times)
	return times[rounds/2], nil
}

// same compares a peer's answers with ours.
func same(peer string, got, want []answer) error {
	if len(got) > len(want) {
		return fmt.Errorf("%s gives %d answers for %d households", peer, len(got), len(want))
	}
	for i := range got {
		if got[i] != want[i] {
			return fmt.Errorf("%s says %+v of household %d, ours is %+v", peer, got[i], i, want[i])
		}
	}
	return nil
}
