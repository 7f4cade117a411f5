package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"liandong/errs"
)

// table is the result in Markdown.
func (r *benchResult) table() string {
	var b strings.Builder
	b.WriteString("| what | n | seconds | CPU seconds | per item | p50 | p95 | peak memory |\n|---|---:|---:|---:|---:|---:|---:|---:|\n")
	for i := range r.Runs {
		run := &r.Runs[i]
		cpu, p50, p95, peak := "", "", "", ""
		if run.CPU > 0 {
			cpu = seconds(run.CPU)
		}
		if run.P95 > 0 {
			p50, p95 = fmt.Sprintf("%.2f ms", run.P50), fmt.Sprintf("%.2f ms", run.P95)
		}
		if run.PeakBytes > 0 {
			peak = fmt.Sprintf("%d MB", run.PeakBytes>>20)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s | %s |\n", run.What, number(int64(run.N)), seconds(run.Seconds), cpu, perItem(run.NsPerItem), p50, p95, peak)
	}
	for _, note := range r.Notes {
		b.WriteString("\n" + note + "\n")
	}
	return b.String()
}

// seconds keeps three digits of short times.
func seconds(s float64) string {
	if s < 1 {
		return fmt.Sprintf("%.4f", s)
	}
	return fmt.Sprintf("%.2f", s)
}

func perItem(ns float64) string {
	if ns < 1000 {
		return fmt.Sprintf("%.1f ns", ns)
	}
	return time.Duration(ns).Round(10 * time.Nanosecond).String()
}

// keepResult puts a result in place of the last one of its name in a Markdown file, with the machine and the day.
func keepResult(path string, r *benchResult, now time.Time) error {
	text, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		return errs.Wrap("main.bench", err)
	}
	heading := "## " + r.Name + "\n"
	section := fmt.Sprintf("%s\n%s on %s\n\n%s\n", heading, now.Format(time.DateOnly), machine(), r.table())
	before, rest, found := strings.Cut(string(text), heading)
	after := ""
	if found {
		if next := strings.Index(rest, "\n## "); next >= 0 {
			after = rest[next+1:]
		}
	} else if before != "" && !strings.HasSuffix(before, "\n\n") {
		before = strings.TrimRight(before, "\n") + "\n\n"
	}
	return errs.Wrap("main.bench", os.WriteFile(path, []byte(before+section+after), 0o644)) //nolint:gosec // a page for everybody
}

// machine is what the measurement was made on.
func machine() string {
	name := runtime.GOARCH
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(info)) {
			if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
				name = strings.TrimSpace(value)
				break
			}
		}
	}
	return fmt.Sprintf("%s, %d cores, %s, %s", name, runtime.GOMAXPROCS(0), runtime.GOOS, runtime.Version())
}
