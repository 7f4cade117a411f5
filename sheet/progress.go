package sheet

import "math"

// Stage is what somebody who takes in a table is busy with.
type Stage string

// The stages of taking a table in.
const (
	StageReading   Stage = "reading"   // rows of the sheet
	StageComparing Stage = "comparing" // what the rows say, with what is on record
)

// Progress is told how far taking a table in has come: done of about so many rows or, when it is compared, records. It is called for every row, in
// order and by one goroutine; nil is told nothing.
type Progress func(stage Stage, done, about int)

// Tell calls p unless it is nil.
func (p Progress) Tell(stage Stage, done, about int) {
	if p != nil {
		p(stage, done, about)
	}
}

// AboutRows tells about how many rows the sheet has of which r is one, from the share of the sheet's bytes that lies behind r: a sheet does not say
// it itself, or not always truly. The further r stands below, the nearer it is; at the last row it is near that row's number.
func (r *Row) AboutRows() int {
	if r.share <= 0 {
		return r.Number
	}
	return max(r.Number, int(math.Round(float64(r.Number)/min(r.share, 1))))
}
