package demo

import (
	"encoding/binary"
	"unsafe"

	"liandong/ident"
	"liandong/internal/registry"
)

// area is the area part of every citizen number of the demonstration. No county ever had the code.
const area = "130699"

// Sequence numbers of one birth day and sex run from 0 to 499, doubled for women and doubled and one more for men.
const sequencesOfDay = 500

// The birth days that numbers are kept for, in days since 1970.
const firstBirth, lastBirth = -25_000, 16_900 // 1901 to 2016

// shareNumbers gives each county a range of the sequence numbers by its size, so that no two counties make the same citizen number.
func shareNumbers(counties []countyPlan) {
	weights := make([]float64, len(counties))
	for i := range counties {
		weights[i] = float64(counties[i].opening + counties[i].never)
	}
	const least = 4 // a small county's birth days still fill by chance
	parts := apportion(int64(sequencesOfDay-least*len(counties)), weights)
	next := 0
	for i := range counties {
		counties[i].firstSequence, counties[i].sequences = next, int(parts[i])+least
		next += counties[i].sequences
	}
}

// numbers hands out the citizen numbers of one county.
type numbers struct {
	first, count int
	used         [2][]uint8 // by sex and birth day
	scratch      [18]byte
}

func newNumbers(first, count int) *numbers {
	n := &numbers{first: first, count: count}
	for i := range n.used {
		n.used[i] = make([]uint8, lastBirth-firstBirth)
	}
	return n
}

// take gives the next number of the birth day, or of the nearest earlier day that has one left, and that day.
func (n *numbers) take(born int32, male bool) ([]byte, int32) {
	used := n.used[0]
	if male {
		used = n.used[1]
	}
	for int(used[born-firstBirth]) >= n.count && born > firstBirth {
		born--
	}
	turn := int(used[born-firstBirth])
	used[born-firstBirth]++
	start := int(uint32(born-firstBirth) * 2654435761 >> 16) // spreads the days' first numbers over the range
	sequence := 2 * (n.first + (start+turn)%n.count)
	if male {
		sequence++
	}
	b := append(n.scratch[:0], area...)
	b = appendDay(b, born)
	b = append(b, byte('0'+sequence/100), byte('0'+sequence/10%10), byte('0'+sequence%10))
	return append(b, ident.CheckCharacter(unsafe.String(unsafe.SliceData(b), len(b)))), born
}

// appendDay adds a day as eight digits.
func appendDay(b []byte, d int32) []byte {
	year, month, dom := civil(d)
	return append(b, byte('0'+year/1000), byte('0'+year/100%10), byte('0'+year/10%10), byte('0'+year%10),
		byte('0'+month/10), byte('0'+month%10), byte('0'+dom/10), byte('0'+dom%10))
}

// texts keeps the bytes of short texts in blocks that are never used again, so that a text may be kept by whoever reads it.
type texts struct{ block []byte }

// textBlock is small enough that a kept name does not hold much else in memory.
const textBlock = 16 << 10

func (t *texts) keep(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if cap(t.block)-len(t.block) < len(b) {
		t.block = make([]byte, 0, textBlock)
	}
	at := len(t.block)
	t.block = append(t.block, b...)
	return unsafe.String(&t.block[at], len(b))
}

// newID makes an id of version 7 whose order is that of its place in the county, with the rest from the stream.
func (g *generator) newID(place int64) registry.ID {
	var id registry.ID
	const opened = 1_388_448_000_000 // milliseconds of 2013-12-31
	binary.BigEndian.PutUint64(id[:8], uint64(opened+place)<<16|g.rng.Uint64()&0xffff)
	binary.BigEndian.PutUint64(id[8:], g.rng.Uint64())
	id[6] = id[6]&0x0f | 0x70
	id[8] = id[8]&0x3f | 0x80
	return id
}

// phone is a number of a range that was not in use in the years of the demonstration.
func (g *generator) phone() string {
	b := append(g.scratch[:0], "199"...)
	return g.texts.keep(g.digits(b, 8))
}

// account is a number of nineteen digits that fails the check digit of ISO/IEC 7812, so that no bank has issued it.
func (g *generator) account() string {
	b := g.digits(append(g.scratch[:0], "621"...), 15)
	check := luhn(b)
	b = append(b, '0'+byte((check+1+g.rng.IntN(9))%10))
	return g.texts.keep(b)
}

func (g *generator) digits(b []byte, n int) []byte {
	r := g.rng.Uint64()
	for range n {
		b = append(b, byte('0'+r%10))
		r /= 10
	}
	return b
}

// luhn is the check digit to follow the digits.
func luhn(digits []byte) int {
	sum := 0
	for i, c := range digits {
		d := int(c - '0')
		if (len(digits)-i)%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return (10 - sum%10) % 10
}
