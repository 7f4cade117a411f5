// Package profile measures the register: the poverty profile of a division on a day, by income per head against the line of the year, with the
// breakdowns that an office asks for. It computes nothing that it stores: a profile is a view of the register's segments, made by package poverty.
//
// The register is a census of what it holds, so there is no sampling error, and every answer says so. What would let a reader learn about one household, a group
// of too few, is held back (see Rules); where the difference from the whole would tell it, so is the next smallest group.
//
// It stands above registry, and publishes the main numbers in the book of figures.
package profile

import (
	"slices"
	"sync"

	"liandong/criteria"
	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/formula"
	"liandong/internal/access"
	"liandong/internal/registry"
	"liandong/place"
	"liandong/poverty"
)

// Room makes profiles over one city's register.
type Room struct {
	registry *registry.Registry
	places   *place.Gazetteer
	rules    *Rules
	document *criteria.Document // whose income per head and line it goes by
	form     *form.Form

	mu   sync.Mutex
	held []*incomes // of segments read before, the latest first
}

// New is the room over a register.
func New(r *registry.Registry, places *place.Gazetteer) (*Room, error) {
	rules, err := shipped()
	if err != nil {
		return nil, err
	}
	text, err := criteria.ShippedText(rules.Document)
	if err != nil {
		return nil, err
	}
	f := r.Form()
	document, err := criteria.Parse(text, func(id string) (*formula.Schema, bool) { return f.Root.Schema(), id == f.ID() })
	if err != nil {
		return nil, err
	}
	return &Room{registry: r, places: places, rules: rules, document: document, form: f}, nil
}

// Request says what to measure.
type Request struct {
	Division place.ID
	At       registry.Moment // the zero KnownAt is now
	By       string          // one of Breakdowns; "" for the whole alone
	Level    place.Level     // of the parts where By is "division"; 0 for one below the division
	Measures string          // names of package poverty, with commas; "" for the usual ones
	Line     string          // as poverty.ParseLine reads it; "" for the year's own
	Poor     bool            // only households that the register has as poor on the day
}

// usual are the measures of a profile where none is named.
const usual = "headcount,gap,severity,gini,median,mean"

// Conventions are those of a profile: net incomes below zero, of a bad harvest, count as nothing.
const conventions = "out-of-domain=floor:0"

// Profile is a division on a day.
type Profile struct {
	Division    place.ID
	AsOf        day.Date
	Households  int64 // of which the income is known
	Unknown     int64 // households of which it is not, left out
	Report      *poverty.Report
	Groups      []Group // in the order of the report after the whole
	Breakdown   *Breakdown
	Line        poverty.Line
	LineSource  errs.Text
	Suppression Suppression // the rule that held groups back
	Sentence    errs.Text
}

// Group is one part of a breakdown. Held back, it has a number of persons and nothing else.
type Group struct {
	Key        string // a code of the form, or a division's stable id
	Title      errs.Text
	Division   place.ID // of a breakdown by division
	Persons    int64
	Households int64
	Held       bool // too few to be published

	sort string // its place among the others
}

// Divisions of other scopes are answered as those that are not there.
func noDivision() error { return access.NotFound(errs.Text{ZH: "区划", EN: "division"}) }

func (r *Room) countiesOf(division place.ID) []place.ID {
	return slices.DeleteFunc(r.registry.Counties(), func(county place.ID) bool { return !division.Contains(county) && !county.Contains(division) })
}
