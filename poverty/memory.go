package poverty

import "unsafe"

// floatsIn lends the memory of keys to floats, so that sorting five million incomes does not need a third array.
func floatsIn(keys []uint64) []float64 {
	if len(keys) == 0 {
		return nil
	}
	return unsafe.Slice((*float64)(unsafe.Pointer(unsafe.SliceData(keys))), len(keys))
}
