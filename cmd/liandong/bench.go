package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"liandong/errs"
)

type benchCommand struct {
	Name    string `arg:"" enum:"demo,identify,search,list,import,criteria,measure,portfolio,briefing" help:"测什么：demo、identify、search、list、import、criteria、measure、portfolio 或 briefing。 What to measure."`
	Dir     string `type:"path" default:"bench-city" placeholder:"D" help:"演示城市的文件夹：demo 在这里新建，identify、search、list、briefing 用已建好的，其余不用。 Folder of the demonstration: demo makes it; identify, search, list and briefing use one that is there; the others need none."`
	Clients int    `default:"8" help:"同时查询的人数。 How many ask at once."`
	Count   int    `placeholder:"N" help:"查询次数，默认 4000；criteria 为户数，默认 1000000；portfolio 为项目数，默认 100000。 How many questions are asked, 4,000 by default; for criteria how many households, 1,000,000 by default; for portfolio how many projects, 100,000 by default."`
	Laeken  string `type:"existingfile" placeholder:"FILE" help:"measure：同时用这个 R 脚本运行 laeken 并比较。 For measure: run laeken by this R script in the same run, and compare."`
	Results string `type:"path" placeholder:"FILE" help:"把结果写进这个 Markdown 文件的相应一节。 Write the result into its section of this Markdown file."`
}

// benchRun is one line of a result. Times of questions are in milliseconds, memory in bytes.
type benchRun struct {
	What      string  `json:"what"`
	N         int     `json:"n"`
	Seconds   float64 `json:"seconds"`
	CPU       float64 `json:"cpu_seconds,omitempty"` // of all cores together, the system's work for the process included
	NsPerItem float64 `json:"ns_per_item"`
	PeakBytes int64   `json:"peak_bytes,omitempty"`
	P50       float64 `json:"p50_ms,omitempty"`
	P95       float64 `json:"p95_ms,omitempty"`
	Max       float64 `json:"max_ms,omitempty"`
}

type benchResult struct {
	Name string     `json:"name"`
	Runs []benchRun `json:"runs"`

	Notes []string `json:"notes,omitempty"` // what the runs come to beside each other
}

// Run measures, and keeps the result where it is asked to.
func (c *benchCommand) Run(ctx context.Context, p *program) error {
	r := benchResult{Name: c.Name}
	measure := map[string]func(context.Context, *program, *benchResult) error{
		"demo": c.demo, "identify": c.identify, "search": c.search, "list": c.list, "import": c.imports, "criteria": c.criteria, "measure": c.measures, "portfolio": c.portfolio, "briefing": c.briefing,
	}[c.Name]
	if err := measure(ctx, p, &r); err != nil {
		return err
	}
	if c.Results != "" {
		if err := keepResult(c.Results, &r, time.Now()); err != nil {
			return err
		}
	}
	return p.answer(r, func(w io.Writer) error {
		_, err := io.WriteString(w, r.table())
		return err
	})
}

// cpuOf is the processor time of a process that has ended, in seconds.
func cpuOf(state *os.ProcessState) float64 { return (state.UserTime() + state.SystemTime()).Seconds() }

// stopwatch measures a part of this process: by the clock, and by the processors' time, which other programs on the machine disturb less.
type stopwatch struct {
	began time.Time
	used  time.Duration
}

func startWatch() stopwatch { return stopwatch{time.Now(), ownCPU()} }

// into writes down what has passed since the start.
func (s stopwatch) into(r *benchRun) {
	r.Seconds, r.CPU = time.Since(s.began).Seconds(), (ownCPU() - s.used).Seconds()
	*r = r.over(max(r.N, 1))
}

// over says over how many items a run went.
func (r benchRun) over(n int) benchRun {
	r.N, r.NsPerItem = n, r.Seconds*1e9/float64(max(n, 1))
	return r
}

// child runs this program with other words and measures it from outside.
func child(ctx context.Context, what string, n int, words ...string) (benchRun, error) {
	r, err := childAnswering(ctx, what, nil, words...)
	return r.over(n), err
}

// childAnswering is child, and decodes the JSON that the program prints.
func childAnswering(ctx context.Context, what string, answer any, words ...string) (benchRun, error) {
	self, err := os.Executable()
	if err != nil {
		return benchRun{}, errs.Wrap("main.bench", err)
	}
	command := exec.CommandContext(ctx, self, words...) //nolint:gosec // the program itself
	var printed bytes.Buffer
	command.Stdout, command.Stderr = &printed, os.Stderr
	started := time.Now()
	if err := command.Start(); err != nil {
		return benchRun{}, errs.Wrap("main.bench", err)
	}
	peak := watchPeak(command.Process.Pid)
	err = command.Wait()
	highest := peak()
	if err != nil {
		return benchRun{}, errs.New(errs.Internal, "main.bench", "", "measuring "+strings.Join(words, " ")).Because(err)
	}
	r := benchRun{What: what, Seconds: time.Since(started).Seconds(), CPU: cpuOf(command.ProcessState), PeakBytes: cmp.Or(highest, peakOf(command.ProcessState))}
	if answer != nil {
		err = json.Unmarshal(printed.Bytes(), answer)
	}
	return r.over(1), errs.Wrap("main.bench", err)
}

func (c *benchCommand) demo(ctx context.Context, _ *program, r *benchResult) error {
	if _, err := os.Stat(c.Dir); err == nil {
		return errs.New(errs.Conflict, "main.bench", "文件夹「"+c.Dir+"」已经存在。请先移走，或用 --dir 换一个。", "The folder "+c.Dir+" is there already. Move it away, or choose another with --dir.")
	}
	var made demoResult
	run, err := childAnswering(ctx, "the city at full size, to its first figures (households)", &made, "demo", "--json", "--dir", c.Dir)
	r.Runs = append(r.Runs, run.over(made.Made.Households))
	return err
}

func (c *benchCommand) identify(ctx context.Context, p *program, r *benchResult) error {
	for _, words := range [][]string{{"stored", "--as-of=2015-12-31"}, {"dry run", "--as-of=2015-12-31", "--dry-run"}} {
		var answer identifyResult
		run, err := childAnswering(ctx, "four looks over the city, with opening, "+words[0]+" (households)", &answer,
			append([]string{"identify", "--json", "--criteria", "four-looks@2015.1", "--dir", c.Dir}, words[1:]...)...)
		if err != nil {
			return err
		}
		r.Runs = append(r.Runs, run.over(int(answer.Households.Total)))
	}
	return c.questionsWhatIf(ctx, p, r)
}
