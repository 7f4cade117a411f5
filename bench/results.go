package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

// table is the result in Markdown, with how many times as long as ours each took for a household.
func table(lines []measured) string {
	var b strings.Builder
	b.WriteString("| what | households | seconds | per household | × ours |\n|---|---:|---:|---:|---:|\n")
	for i := range lines {
		m := &lines[i]
		fmt.Fprintf(&b, "| %s | %d | %.4f | %.1f ns | %.1f |\n", m.what, m.n, m.seconds, m.perItem(), m.perItem()/lines[0].perItem())
	}
	return b.String()
}

// heading is the section that this command writes.
const heading = "## peers of the indicator engine\n"

// keep puts the result in place of the last one.
func keep(path, result string, now time.Time) error {
	text, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	section := fmt.Sprintf("%s\nThe four looks over generated households of 3.1 members with 2 %% of answers missing; every answer is equal to ours. %s on %s\n\n%s\n",
		heading, now.Format(time.DateOnly), machine(), result)
	before, rest, found := strings.Cut(string(text), heading)
	after := ""
	if found {
		if next := strings.Index(rest, "\n## "); next >= 0 {
			after = rest[next+1:]
		}
	} else if before != "" {
		before = strings.TrimRight(before, "\n") + "\n\n"
	}
	return os.WriteFile(path, []byte(before+section+after), 0o644)
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
	return fmt.Sprintf("%s, %d threads each, %s, %s", name, runtime.GOMAXPROCS(0), runtime.GOOS, runtime.Version())
}
