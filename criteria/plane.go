package criteria

import (
	"liandong/day"
)

func andPlanes(out, a, b []uint64) {
	a, b = a[:len(out)], b[:len(out)]
	for i := range out {
		out[i] = a[i] & b[i]
	}
}

func orPlanes(out, a, b []uint64) {
	a, b = a[:len(out)], b[:len(out)]
	for i := range out {
		out[i] = a[i] | b[i]
	}
}

// choosePlanes is a's plane where the condition is true, b's where it is false, and where both have it whatever the condition is.
func choosePlanes(out, t, f, a, b []uint64) {
	t, f, a, b = t[:len(out)], f[:len(out)], a[:len(out)], b[:len(out)]
	for i := range out {
		out[i] = t[i]&a[i] | f[i]&b[i] | a[i]&b[i]
	}
}

func fill(plane []uint64, with bool) {
	word := -one(with)
	for i := range plane {
		plane[i] = word
	}
}

// maskBytes makes the bytes of records outside of a plane 0.
func maskBytes(values []byte, plane []uint64) {
	eights := octets(values)
	for w, p := range plane {
		if p == ^uint64(0) {
			continue
		}
		e := eights[8*w : 8*w+8 : 8*w+8]
		for k := range e {
			e[k] &= scatter(p>>(8*uint(k)&63)) * 0xff
		}
	}
}

// compareScores gives 2 where a comparison that holds below the bound, or from it on, does so at both ends of a score, and 1 where it does at
// neither.
func compareScores(out []byte, scores []uint32, bound uint32, below bool) {
	out = out[:len(scores)]
	if below {
		for i, s := range scores {
			out[i] = oneByte(s>>16 < bound)<<1 | oneByte(s&0xffff >= bound)
		}
		return
	}
	for i, s := range scores {
		out[i] = oneByte(s&0xffff >= bound)<<1 | oneByte(s>>16 < bound)
	}
}

// yearsBetween counts completed years of the known.
func yearsBetween(out, from, to []float64, known []uint64) {
	for i := range out {
		out[i] = 0
		if known[i>>6]>>(uint(i)&63)&1 != 0 {
			out[i] = float64(day.FromUnixDays(int(from[i])).AgeOn(day.FromUnixDays(int(to[i]))))
		}
	}
}
