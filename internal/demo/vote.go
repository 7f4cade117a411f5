package demo

import (
	"liandong/form"
)

// vote is what a village meeting resolved about a household; the zero vote is one that is not written down.
type vote struct {
	held                      int32 // days since 1970
	body, result              int64
	attended, agreed, refused int64
}

// Codes of the form: the representatives' meeting, the whole assembly, the panel; agreed and not.
const (
	byRepresentatives, byPanel  = 1, 3
	voteAgreed, voteRefused     = 1, 2
	voteDays                    = 21  // between a vote and the entry into the register: two notices of a week and the review
	votesWritten                = .62 // of villages: the minutes of the others were not entered
	agreedShare, agreedUnseen   = .97, .25
	appliedShare, appliedUnseen = .06, .45
)

// meet has the village vote on a household that is to enter the register, or, unregistered, on one that applied. What it draws follows from the
// household and its village alone, so that everything else of the city is as it is without it.
func (g *generator) meet(h *household, on moment, entering bool) {
	at := scatter(uint64(h.village.id))
	if fraction(at) > votesWritten {
		return
	}
	draw := scatter(at ^ uint64(h.id[15]) ^ uint64(h.id[14])<<8 ^ uint64(h.id[13])<<16 ^ uint64(on.day)<<24)
	applied, agreed := appliedShare, agreedUnseen
	if h.class == unseen {
		applied = appliedUnseen
	}
	if entering {
		applied, agreed = 1, agreedShare
	} else if h.class != unseen {
		agreed = 0
	}
	if fraction(draw) >= applied {
		return
	}
	v := vote{held: on.day - voteDays - int32(at%40), body: byRepresentatives, attended: int64(15 + at>>8%26), result: voteRefused}
	if at>>16%5 == 0 {
		v.body = byPanel
	}
	draw = scatter(draw)
	majority := v.attended/2 + 1 + int64(fraction(scatter(draw))*float64(v.attended/2))
	minority := (v.attended - majority) / 2 // the others abstained
	v.agreed, v.refused = minority, majority
	if fraction(draw) < agreed {
		v.agreed, v.refused, v.result = majority, minority, voteAgreed
	}
	h.vote = v
}

// scatter spreads the bits of a number (the finaliser of SplitMix64: Steele, Lea and Flood 2014).
func scatter(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// fraction is a number from 0 up to 1.
func fraction(x uint64) float64 { return float64(x>>11) / (1 << 53) }

// fillVote writes down what the village resolved, once it did.
func (f *fields) fillVote(r *form.Record, h *household, on moment) {
	v := &h.vote
	if v.result == 0 || v.held > on.day {
		return
	}
	r.SetValue(f.voteHeld, int64(v.held))
	r.SetValue(f.voteBody, v.body)
	r.SetValue(f.voteAttended, v.attended)
	r.SetValue(f.voteAgreed, v.agreed)
	r.SetValue(f.voteRefused, v.refused)
	r.SetValue(f.voteResult, v.result)
}
