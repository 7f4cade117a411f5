package boundary

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/peterstace/simplefeatures/geom"

	"liandong/day"
	"liandong/place"
)

// Drawn is a division as a map draws it: its area with no more bends than can be seen, and a point in it for its name.
type Drawn struct {
	Area

	Label place.Point
}

// Map is what a map of divisions shows, and what must stand on it.
type Map struct {
	Number string
	System System
	Areas  []Drawn // in the order of the divisions
}

// view is one picture: a set's divisions of a level below one.
type view struct {
	set      uuid.UUID
	division place.ID
	level    place.Level
}

// Map gives the boundaries of a level below a division as they hold on a day, as far as was recorded by a moment (the zero moment is now): of the sets
// that have any, the one whose boundaries hold since latest, of those the one that was kept last. ok is false where there is none.
func (r *Room) Map(ctx context.Context, division place.ID, level place.Level, asOf day.Date, knownAt time.Time) (m Map, ok bool, err error) {
	all, err := r.all(ctx)
	if err != nil {
		return Map{}, false, err
	}
	var best *paper
	var id uuid.UUID
	for i := range all {
		p := &all[i].State
		late := !knownAt.IsZero() && p.recorded.After(knownAt)
		gone := !p.withdrawn.IsZero() && (knownAt.IsZero() || !p.withdrawn.After(knownAt))
		if late || gone || p.set.From.After(asOf) || best != nil && !p.set.From.After(best.set.From) || !p.set.has(division, level) {
			continue
		}
		best, id = p, all[i].Dossier
	}
	if best == nil {
		return Map{}, false, nil
	}
	return Map{best.set.Number, best.set.System, r.areas(view{id, division, level}, &best.set)}, true, nil
}

func (s *Set) has(division place.ID, level place.Level) bool {
	return slices.ContainsFunc(s.Areas, func(a Area) bool { return a.Division.Level() == level && division.Contains(a.Division) })
}

// heldViews is how many pictures stay in memory, some hundred kB each: a city with its counties and a few townships.
const heldViews = 64

func (r *Room) areas(v view, s *Set) []Drawn {
	r.mu.Lock()
	known, ok := r.drawn[v]
	r.mu.Unlock()
	if ok {
		return known
	}
	made := s.draw(v.division, v.level)
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.drawn) >= heldViews {
		clear(r.drawn)
	}
	r.drawn[v] = made
	return made
}

// resolution is how many parts the longer side of a picture has: a bend smaller than one is not drawn. A big screen is 1,920 wide.
const resolution = 4000

func (s *Set) draw(division place.ID, level place.Level) []Drawn {
	var frame geom.Envelope
	var shapes []geom.MultiPolygon
	var ids []place.ID
	for i := range s.Areas {
		if a := &s.Areas[i]; a.Division.Level() == level && division.Contains(a.Division) {
			shape := a.shape()
			ids, shapes, frame = append(ids, a.Division), append(shapes, shape), frame.ExpandToIncludeEnvelope(shape.Envelope())
		}
	}
	bend := max(frame.Width(), frame.Height()) / resolution
	all := make([]Drawn, 0, len(ids))
	for i, shape := range shapes {
		// What is left of a shape without its bends may cross itself by less than can be seen; a map fills it all the same.
		if thin, err := shape.Simplify(bend, geom.NoValidate{}); err == nil && !thin.IsEmpty() {
			shape = thin
		}
		polygons, _ := pointsOf(shape)
		at, _ := shapes[i].PointOnSurface().XY()
		all = append(all, Drawn{Area{ids[i], polygons}, place.Point{rounded(at.X), rounded(at.Y)}})
	}
	return all
}

// shape is the area as the library has it.
func (a *Area) shape() geom.MultiPolygon {
	polygons := make([]geom.Polygon, len(a.Polygons))
	for i, rings := range a.Polygons {
		lines := make([]geom.LineString, len(rings))
		for k, ring := range rings {
			flat := make([]float64, 0, 2*len(ring))
			for _, p := range ring {
				flat = append(flat, p[0], p[1])
			}
			lines[k] = geom.NewLineString(geom.NewSequence(flat, geom.DimXY))
		}
		polygons[i] = geom.NewPolygon(lines)
	}
	return geom.NewMultiPolygon(polygons)
}
