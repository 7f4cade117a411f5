package place

import (
	"math"
	"slices"
)

// Point is a place on a schematic picture: degrees of longitude and latitude, WGS 84.
type Point [2]float64

// Cell is the area that a division has on a schematic picture. It is convex, its ring is closed and goes against the clock.
type Cell struct {
	Division ID
	Ring     []Point
}

// How a schematic picture is drawn. A county reaches halfway to the seats around it, and outwards no further than seatReach; the divisions
// below have no known places and share their county's area evenly.
const (
	seatReach   = 0.24 // degrees of latitude, about 27 km
	diskCorners = 28
	evenings    = 24 // rounds of moving every point to the middle of its area
)

// Schematic draws the divisions below parent: counties around their seats, anything below a county as even parts of its area, the same every
// time. It is a picture to point at and no basis for any boundary. children lists the divisions directly below one, in order.
func (g *Gazetteer) Schematic(parent ID, children func(ID) []ID) ([]Cell, error) {
	seats, err := g.Seats()
	if err != nil {
		return nil, err
	}
	squeeze := squeezeOf(seats)
	cells := drawn(parent, seats, squeeze, children)
	for i := range cells {
		for j, p := range cells[i].Ring {
			cells[i].Ring[j] = Point{round(p[0] / squeeze), round(p[1])}
		}
		cells[i].Ring = append(cells[i].Ring, cells[i].Ring[0])
	}
	return cells, nil
}

// round keeps four decimals: ten metres, more than a schematic picture means.
func round(v float64) float64 { return math.Round(v*1e4) / 1e4 }

// squeezeOf is how much shorter a degree of longitude is than one of latitude where the seats are.
func squeezeOf(seats []Seat) float64 {
	sum := 0.0
	for _, s := range seats {
		sum += s.Latitude
	}
	return math.Cos(sum / float64(max(len(seats), 1)) * math.Pi / 180)
}

// drawn are the cells below parent with longitudes squeezed, rings open.
func drawn(parent ID, seats []Seat, squeeze float64, children func(ID) []ID) []Cell {
	below := children(parent)
	if parent.Level() < County {
		return aroundSeats(below, seats, squeeze)
	}
	for _, c := range drawn(parent.Parent(), seats, squeeze, children) {
		if c.Division == parent {
			return evenParts(below, c.Ring)
		}
	}
	return nil
}

// aroundSeats gives every county with a known seat what is nearer to it than to any other.
func aroundSeats(counties []ID, seats []Seat, squeeze float64) []Cell {
	var points []Point
	var known []ID
	for _, county := range counties {
		if i := slices.IndexFunc(seats, func(s Seat) bool { return s.County == county }); i >= 0 {
			known, points = append(known, county), append(points, Point{seats[i].Longitude * squeeze, seats[i].Latitude})
		}
	}
	cells := make([]Cell, 0, len(known))
	for i, county := range known {
		cells = append(cells, Cell{county, nearest(disk(points[i]), points, i)})
	}
	return cells
}

func disk(middle Point) []Point {
	ring := make([]Point, diskCorners)
	for i := range ring {
		sine, cosine := math.Sincos(2 * math.Pi * float64(i) / diskCorners)
		ring[i] = Point{middle[0] + seatReach*cosine, middle[1] + seatReach*sine}
	}
	return ring
}

// evenParts divides a convex area among divisions: points of a low-discrepancy sequence, each moved to the middle of what is nearest to it
// until the parts are alike.
func evenParts(divisions []ID, area []Point) []Cell {
	points := scattered(len(divisions), area)
	cells := make([]Cell, len(divisions))
	for range evenings {
		for i, d := range divisions {
			cells[i] = Cell{d, nearest(area, points, i)}
		}
		for i := range points {
			points[i] = centroid(cells[i].Ring)
		}
	}
	return cells
}

// scattered are n points of the Halton sequence of bases 2 and 3 within a convex area.
func scattered(n int, area []Point) []Point {
	low, high := area[0], area[0]
	for _, p := range area {
		for axis := range p {
			low[axis], high[axis] = min(low[axis], p[axis]), max(high[axis], p[axis])
		}
	}
	points := make([]Point, 0, n)
	for i := 1; len(points) < n; i++ {
		p := Point{low[0] + halton(i, 2)*(high[0]-low[0]), low[1] + halton(i, 3)*(high[1]-low[1])}
		if inside(p, area) {
			points = append(points, p)
		}
	}
	return points
}

func halton(i, base int) float64 {
	fraction, value := 1.0, 0.0
	for ; i > 0; i /= base {
		fraction /= float64(base)
		value += fraction * float64(i%base)
	}
	return value
}

// nearest cuts away from a convex area what is nearer to another point than to the i-th.
func nearest(area, points []Point, i int) []Point {
	ring := slices.Clone(area)
	for j, other := range points {
		if j != i {
			ring = cut(ring, points[i], other)
		}
	}
	return ring
}

// cut keeps of a convex ring what is at least as near to own as to other.
func cut(ring []Point, own, other Point) []Point {
	normal := Point{other[0] - own[0], other[1] - own[1]}
	middle := Point{(own[0] + other[0]) / 2, (own[1] + other[1]) / 2}
	side := func(p Point) float64 { return (p[0]-middle[0])*normal[0] + (p[1]-middle[1])*normal[1] }
	kept := make([]Point, 0, len(ring)+1)
	for i, p := range ring {
		next := ring[(i+1)%len(ring)]
		here, there := side(p), side(next)
		if here <= 0 {
			kept = append(kept, p)
		}
		if here*there < 0 {
			t := here / (here - there)
			kept = append(kept, Point{p[0] + t*(next[0]-p[0]), p[1] + t*(next[1]-p[1])})
		}
	}
	return kept
}

// inside reports whether a point lies in a convex ring that goes against the clock.
func inside(p Point, ring []Point) bool {
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		if (b[0]-a[0])*(p[1]-a[1])-(b[1]-a[1])*(p[0]-a[0]) < 0 {
			return false
		}
	}
	return true
}

func centroid(ring []Point) Point {
	var area float64
	var sum Point
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		twice := a[0]*b[1] - b[0]*a[1]
		area += twice
		sum[0] += (a[0] + b[0]) * twice
		sum[1] += (a[1] + b[1]) * twice
	}
	return Point{sum[0] / (3 * area), sum[1] / (3 * area)}
}
