//go:build unix

package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// watchPeak follows the most memory that a running process has held, in bytes, where the system tells it (Linux). What is told at the end of a
// child counts what its parent held when it started it. The answer ends the watching; 0 is not known.
func watchPeak(pid int) (peak func() int64) {
	stop, found := make(chan struct{}), make(chan int64)
	go func() {
		const often = 10 * time.Millisecond
		ticks := time.NewTicker(often)
		defer ticks.Stop()
		highest := int64(0)
		for {
			if text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)); err == nil {
				if _, rest, ok := strings.Cut(string(text), "VmHWM:"); ok {
					var kilobytes int64
					if n, _ := fmt.Sscan(rest, &kilobytes); n == 1 {
						highest = kilobytes << 10 // grows until the program is another one, as at the start of a child
					}
				}
			}
			select {
			case <-ticks.C:
			case <-stop:
				found <- highest
				return
			}
		}
	}()
	return func() int64 {
		close(stop)
		return <-found
	}
}

// peakOf is the most memory that a process held at once, in bytes. Linux counts in KiB, Darwin in bytes.
func peakOf(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	switch {
	case !ok:
		return 0
	case runtime.GOOS == "darwin":
		return usage.Maxrss
	}
	return usage.Maxrss << 10
}

// ownCPU is the processor time that this process has used so far.
func ownCPU() time.Duration {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// ownPeak is the most memory that this process has held so far, in bytes.
func ownPeak() int64 {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return usage.Maxrss
	}
	return usage.Maxrss << 10
}
