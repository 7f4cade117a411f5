package poverty

import "unsafe"

// floatsIn lends the memory of keys to floats, so that sorting five million incomes does not need a third array.
func floatsIn(keys []uint64) []float64 {
	if len(keys) == 0 {
		return nil
	}
	return unsafe.Slice((*float64)(unsafe.Pointer(unsafe.SliceData(keys))), len(keys))
}

// keysIn lends the memory of incomes to sort keys, so that sorting in place needs no second array.
func keysIn(incomes []float64) []uint64 {
	if len(incomes) == 0 {
		return nil
	}
	return unsafe.Slice((*uint64)(unsafe.Pointer(unsafe.SliceData(incomes))), len(incomes))
}
