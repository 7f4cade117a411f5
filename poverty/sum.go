package poverty

import (
	"math"
	"runtime"
	"sync"
	"sync/atomic"
)

// blockLength is the number of records whose sum is one leaf of the block tree. It is part of the definition of a sum: another length gives other
// last bits. It is a power of two, and small enough that a partial block costs nothing.
const blockLength = 4096

// compensated is an unevaluated sum of two floats, the second holding what rounding took from the first (Knuth, The Art of Computer Programming,
// volume 2, section 4.2.2, theorem B). Products that enter it are written float64(a*b), because Go may otherwise fuse them into the addition on some
// machines and not on others.
type compensated struct{ high, low float64 }

func (s *compensated) add(x float64) {
	t := s.high + x
	v := t - s.high
	s.low += (s.high - (t - v)) + (x - v)
	s.high = t
}

func (s *compensated) join(o compensated) {
	s.add(o.high)
	s.low += o.low
}

// addTimes adds a·b with what its own rounding takes away, which a fused multiplication gives exactly.
func (s *compensated) addTimes(a float64, b compensated) {
	p := float64(a * b.high)
	s.add(p)
	s.low += math.FMA(a, b.high, -p) + float64(a*b.low)
}

func (s *compensated) value() float64 { return s.high + s.low }

// lanes are four sums side by side, so that the additions of one need not wait for those of another. Record i of a block goes into lane i mod 4.
type lanes [4]compensated

func (l *lanes) value() compensated {
	s := l[0]
	s.join(l[1])
	l[2].join(l[3])
	s.join(l[2])
	return s
}

// sumOf adds a slice by blocks, in one goroutine.
func sumOf(values []float64) float64 {
	var total compensated
	for start := 0; start < len(values); start += blockLength {
		var block compensated
		for _, x := range values[start:min(start+blockLength, len(values))] {
			block.add(x)
		}
		total.join(block)
	}
	return total.value()
}

// cores is the number of goroutines to use for a wish, 0 meaning all.
func cores(wish int) int {
	if wish > 0 {
		return wish
	}
	return runtime.GOMAXPROCS(0)
}

// inParallel calls work for 0…n-1 on the given number of goroutines. What work(i) writes must be its own; so the result does not depend on who did it.
func inParallel(workers, n int, work func(i int)) {
	if workers = min(workers, n); workers <= 1 {
		for i := range n {
			work(i)
		}
		return
	}
	var next atomic.Int64
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				work(i)
			}
		})
	}
	group.Wait()
}
