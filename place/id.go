package place

import "strconv"

// ID is a division's stable number of twelve digits, nested by digits, so that a division with all below it is an interval of numbers.
type ID int64

// Country is the whole country: every division lies in it.
const Country ID = 0

// Level says how deep in the tree a division stands.
type Level uint8

// The levels.
const (
	CountryLevel Level = iota
	Province
	City
	County
	Township
	Village
)

// spans is how many numbers a division of each level covers.
var spans = [...]ID{CountryLevel: 1e12, Province: 1e10, City: 1e8, County: 1e6, Township: 1e3, Village: 1}

// Level is the level that the number's trailing zeros tell.
func (id ID) Level() Level {
	for level, span := range spans {
		if id%span == 0 {
			return Level(level)
		}
	}
	return Village
}

// Interval is the half-open interval of numbers that the division covers with all below it.
func (id ID) Interval() (low, high ID) { return id, id + spans[id.Level()] }

// Contains reports whether the other division is this one or lies below it.
func (id ID) Contains(other ID) bool {
	low, high := id.Interval()
	return low <= other && other < high
}

// At is the division of the level that holds this one.
func (id ID) At(level Level) ID { return id - id%spans[level] }

// County is the county that holds this division, or the division itself where it stands higher.
func (id ID) County() ID { return id.At(County) }

// Parent is the division one level up.
func (id ID) Parent() ID {
	if id.Level() == CountryLevel {
		return Country
	}
	return id.At(id.Level() - 1)
}

// String is the twelve digits.
func (id ID) String() string { return strconv.FormatInt(int64(id), 10) }
