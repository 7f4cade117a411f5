package column

import "unsafe"

// alignment is what Arrow recommends for buffers: one cache line.
const alignment = 64

// padded rounds a number of bytes up to whole cache lines.
func padded(bytes int) int { return (bytes + alignment - 1) &^ (alignment - 1) }

// allocate gives n zero bytes that begin on a cache line and whose capacity ends on one, zeros behind them.
func allocate(n int) []byte {
	if n == 0 {
		return nil
	}
	whole := make([]byte, padded(n)+alignment-1)
	skip := -int(uintptr(unsafe.Pointer(unsafe.SliceData(whole)))) & (alignment - 1)
	return whole[skip : skip+n : skip+padded(n)]
}

// fixed are the Go types of values in buffers. Buffers are little-endian like Arrow's, as are all machines the program is built for.
type fixed interface {
	~uint8 | ~uint16 | ~uint32 | ~uint64 | ~int32 | ~int64
}

// view is a buffer as n values.
func view[T fixed](b []byte, n int) []T {
	if n == 0 {
		return nil
	}
	var zero T
	_ = b[:n*int(unsafe.Sizeof(zero))] // the buffer is long enough, or this panics
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), n)
}

// bytesOf is the inverse of view.
func bytesOf[T fixed](values []T) []byte {
	var zero T
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(values))), len(values)*int(unsafe.Sizeof(zero)))
}

// slots is an aligned slice of n zero values, with room to the end of the cache line.
func slots[T fixed](n int) []T {
	var zero T
	return view[T](allocate(n*int(unsafe.Sizeof(zero))), n)
}

// words is the number of 64-bit words for n bits.
func words(n int) int { return (n + 63) / 64 }
