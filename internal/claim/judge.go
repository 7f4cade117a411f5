package claim

import (
	"math"
	"strconv"

	"liandong/day"
	"liandong/errs"
)

// Result is what became of a test.
type Result string

// The results.
const (
	Met     Result = "met"
	PartMet Result = "partly"
	Unmet   Result = "unmet"
	Unknown Result = "unknown"
)

// Found is the evidence of a test: what the book of figures, the criteria or a person says, with its own date.
type Found struct {
	Test       string      `json:"test"`
	Says       errs.Text   `json:"says"`
	Result     Result      `json:"result"`
	Why        errs.Text   `json:"why"`
	Figure     string      `json:"figure,omitempty"`
	Row        string      `json:"row,omitempty"`
	Wants      string      `json:"wants,omitempty"` // the evidence that a person enters, where no figure gives it
	Title      errs.Text   `json:"title"`
	Unit       errs.Text   `json:"unit"`
	Definition errs.Text   `json:"definition"`
	Status     string      `json:"status,omitempty"` // of the figure: done, expected or target
	Divisions  []string    `json:"divisions,omitempty"`
	Places     []string    `json:"places,omitempty"` // the stable ids of the divisions
	AsOf       day.Date    `json:"as_of"`            // the evidence's date
	Value      *float64    `json:"value"`
	Decimals   int         `json:"decimals"`
	RowCount   int64       `json:"row_count"`
	Notes      []errs.Text `json:"notes,omitempty"`
	Basis      string      `json:"basis,omitempty"` // of evidence that a person entered: the paper and its number
}

// Read is the verdict on one reading.
type Read struct {
	Reading    string    `json:"reading"`
	Definition errs.Text `json:"definition"`
	Verdict    Verdict   `json:"verdict"`
	Evidence   []Found   `json:"evidence"`
}

// Judged is a claim with the verdict on each of its readings. Verdict is that of the first.
type Judged struct {
	Claim    string      `json:"claim"`
	Sentence errs.Text   `json:"sentence"`
	Kind     Kind        `json:"kind"`
	Source   Source      `json:"source"`
	On       day.Date    `json:"on"` // the claim's date
	Due      day.Date    `json:"due"`
	Missing  []errs.Text `json:"missing,omitempty"`
	Verdict  Verdict     `json:"verdict"` // empty for a slogan
	Readings []Read      `json:"readings"`
}

// verdictOf joins the results of a reading's tests: what is unknown leaves the whole unknown; all met is reached; none met is not yet; the rest is
// partly.
func verdictOf(found []Found) Verdict {
	met, some := 0, false
	for i := range found {
		switch found[i].Result {
		case Unknown:
			return CannotTell
		case Met:
			met++
			some = true
		case PartMet:
			some = true
		}
	}
	switch {
	case met == len(found) && met > 0:
		return Reached
	case some:
		return Partly
	}
	return NotYet
}

// tolerance takes up what a division of two numbers may be off by in binary; it is far below the last decimal of any figure.
const tolerance = 1e-9

// compare holds a value against the test's bound. The value counts as it is shown, rounded to the figure's decimals: a claim says 18.5 %, and
// 18.4996 is that.
func (t *Test) compare(value float64, decimals int) Result {
	scale := math.Pow10(decimals)
	value = math.Round(value*scale) / scale
	switch {
	case math.IsNaN(value):
		return Unknown
	case t.Equals != nil && math.Abs(value-*t.Equals) <= t.Within+tolerance,
		t.AtLeast != nil && value >= *t.AtLeast-tolerance,
		t.AtMost != nil && value <= *t.AtMost+tolerance:
		return Met
	case t.Partly != nil && value >= *t.Partly-tolerance:
		return PartMet
	}
	return Unmet
}

// wanted is the bound in words.
func (t *Test) wanted() errs.Text {
	n := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	switch {
	case t.Equals != nil && t.Within > 0:
		return errs.Text{ZH: n(*t.Equals) + "（上下 " + n(t.Within) + " 以内）", EN: n(*t.Equals) + " give or take " + n(t.Within)}
	case t.Equals != nil:
		return errs.Text{ZH: "等于 " + n(*t.Equals), EN: "equal to " + n(*t.Equals)}
	case t.AtLeast != nil:
		return errs.Text{ZH: "不低于 " + n(*t.AtLeast), EN: "at least " + n(*t.AtLeast)}
	case t.AtMost != nil:
		return errs.Text{ZH: "不高于 " + n(*t.AtMost), EN: "at most " + n(*t.AtMost)}
	}
	return errs.Text{}
}

func (f *Found) unknown(zh, en string) {
	f.Result, f.Why = Unknown, errs.Text{ZH: zh, EN: en}
}
