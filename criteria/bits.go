package criteria

import "unsafe"

// A batch keeps truth in bit planes (64 records a word) and small values in bytes (8 records a word). The two turn into each other eight
// records at a time; n is always a number of words of 64 records.

const lowBits = 0x0101010101010101 // the lowest bit of each of eight bytes

// gather packs the lowest bits of eight bytes into one byte, the first byte's lowest.
func gather(x uint64) uint64 { return (x & lowBits) * 0x0102040810204080 >> 56 }

// scatter is the inverse of gather: eight bits become eight bytes of 0 or 1.
func scatter(b uint64) uint64 {
	return ((b&0xff)*lowBits&0x8040201008040201 + 0x7f7f7f7f7f7f7f7f) >> 7 & lowBits
}

// octets are bytes as words of eight. The memory is a register's: aligned, and of whole words.
func octets(b []byte) []uint64 {
	return unsafe.Slice((*uint64)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/8)
}

// packBit gives plane number bit of byte values: for every record that bit of its byte.
func packBit(plane []uint64, values []byte, bit uint) {
	eights := octets(values)
	for w := range plane {
		e := eights[8*w : 8*w+8 : 8*w+8]
		plane[w] = gather(e[0]>>bit) | gather(e[1]>>bit)<<8 | gather(e[2]>>bit)<<16 | gather(e[3]>>bit)<<24 |
			gather(e[4]>>bit)<<32 | gather(e[5]>>bit)<<40 | gather(e[6]>>bit)<<48 | gather(e[7]>>bit)<<56
	}
}

// packNonZero gives the plane of the bytes that are not zero.
func packNonZero(plane []uint64, values []byte) {
	eights := octets(values)
	for w := range plane {
		var p uint64
		for k, e := range eights[8*w : 8*w+8 : 8*w+8] {
			p |= gather((e&0x7f7f7f7f7f7f7f7f+0x7f7f7f7f7f7f7f7f|e)>>7) << (8 * uint(k) & 63)
		}
		plane[w] = p
	}
}

// unpackTruth gives a truth value as a byte: 0 unknown, 1 false, 2 true.
func unpackTruth(values []byte, t, f []uint64) {
	eights := octets(values)
	for w := range t {
		tw, fw := t[w], f[w]
		e := eights[8*w : 8*w+8 : 8*w+8]
		for k := range e {
			s := 8 * uint(k) & 63
			e[k] = scatter(tw>>s)<<1 | scatter(fw>>s)
		}
	}
}

// unpackDigits gives 64 bytes of three binary digits each, the lowest first.
func unpackDigits(values []byte, b0, b1, b2 uint64) {
	e := octets(values)
	for k := range e {
		s := 8 * uint(k) & 63
		e[k] = scatter(b0>>s) | scatter(b1>>s)<<1 | scatter(b2>>s)<<2
	}
}

// unpackCodes turns masks of codes 1 to 7 into small values: 0 unknown, 1 + mask/2 otherwise, so that the known empty set is not taken for
// no answer.
func unpackCodes(values []byte, known []uint64) {
	eights := octets(values)
	for w := range known {
		e := eights[8*w : 8*w+8 : 8*w+8]
		for k := range e {
			is := scatter(known[w] >> (8 * uint(k) & 63))
			e[k] = (e[k]>>1&0x7f7f7f7f7f7f7f7f + lowBits) & (is * 0xff)
		}
	}
}

// one is 1 for true, without a branch.
func one(b bool) uint64 {
	var x uint64
	if b {
		x = 1
	}
	return x
}

// oneByte is one as a byte.
func oneByte(b bool) byte {
	var x byte
	if b {
		x = 1
	}
	return x
}

// wordsOf is the number of words of 64 records that hold n.
func wordsOf(n int) int { return (n + 63) / 64 }
