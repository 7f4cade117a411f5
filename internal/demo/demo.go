// Package demo is the demonstration city: the counties of Baoding with invented households whose figures are those of the public record.
//
// Everything follows from a seed: ids, keys, names, numbers and every answer. No person of the city exists; citizen numbers bear the area
// part 130699, which no place ever had, and account numbers fail the check that banks make. Counties do not know of each other, so that
// several can be made at once.
//
// The package stands above the rooms and uses them as people do; no room may depend on it.
package demo

import (
	"iter"
	"math"

	"liandong/errs"
	"liandong/internal/registry"
	"liandong/place"
)

// Plan says which city is made.
type Plan struct {
	Seed  uint64
	Scale float64 // 1 is full size: about 430,000 households and 1.35 m people
}

// The bounds of Plan.Scale: below the first no county has ten households, above the second household numbers of a county run out.
const minScale, maxScale = 0.0005, 20

// City is a planned city whose households can be made county by county. It is immutable and safe for concurrent use.
type City struct {
	plan     Plan
	counties []countyPlan
	fields   *fields
	names    *nameTables
}

// Focus is the county that the demonstration looks at first: 阜平.
const Focus place.ID = 130624_000000

// Baoding is the city that is made.
const Baoding place.ID = 130600_000000

// City plans a city over the villages of the gazetteer. The error says which scale is possible, or which county the gazetteer lacks.
func (p Plan) City(places *place.Gazetteer) (*City, error) {
	if math.IsNaN(p.Scale) || p.Scale < minScale || p.Scale > maxScale {
		return nil, errs.New(errs.Invalid, "demo.City",
			"示范城市的规模应在 0.0005 至 20 之间，1 为全规模。", "The scale of the demonstration city lies between 0.0005 and 20; 1 is full size.")
	}
	c := &City{plan: p, fields: newFields(), names: newNameTables()}
	for i, t := range p.targets() {
		villages := settlements(places, t.county)
		if len(villages) == 0 {
			return nil, errs.New(errs.Internal, "demo.City", "", "no villages of county "+t.county.String())
		}
		c.counties = append(c.counties, countyPlan{target: t, index: i, names: namesOf(places, t.county), villages: villages})
	}
	shareNumbers(c.counties)
	return c, nil
}

// Counties lists the counties in the order of their ids.
func (c *City) Counties() []place.ID {
	ids := make([]place.ID, len(c.counties))
	for i := range c.counties {
		ids[i] = c.counties[i].county
	}
	return ids
}

// Households makes the households of a county one after the other, each with its whole history, in the order of their ids; a county that is
// not of the city has none. The intake and its records are used again for the next household: whoever wants to keep one clones it. Texts may
// be kept.
func (c *City) Households(county place.ID) iter.Seq[*registry.Intake] {
	return func(yield func(*registry.Intake) bool) {
		for i := range c.counties {
			if c.counties[i].county == county {
				newGenerator(c, &c.counties[i]).run(yield)
			}
		}
	}
}
