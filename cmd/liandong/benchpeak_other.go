//go:build !unix

package main

import (
	"os"
	"time"
)

// peakOf is not told by this system.
func peakOf(*os.ProcessState) int64 { return 0 }

// ownPeak is not told by this system.
func ownPeak() int64 { return 0 }

// ownCPU is not told by this system.
func ownCPU() time.Duration { return 0 }

// watchPeak is not told by this system.
func watchPeak(int) (peak func() int64) { return func() int64 { return 0 } }
