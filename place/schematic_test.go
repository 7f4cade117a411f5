package place

import (
	"math"
	"testing"
)

// areaOf is that of a closed ring, in square degrees.
func areaOf(ring []Point) (area float64) {
	for i := range len(ring) - 1 {
		area += ring[i][0]*ring[i+1][1] - ring[i+1][0]*ring[i][1]
	}
	return area / 2
}

func TestASchematicPictureGivesEveryDivisionAPartOfWhatIsAboveIt(t *testing.T) {
	t.Parallel()
	g, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	children := func(parent ID) (all []ID) {
		for _, d := range g.Children(parent) {
			all = append(all, d.ID)
		}
		return all
	}
	const city, county = ID(130600_000000), ID(130624_000000)
	counties, err := g.Schematic(city, children)
	if err != nil || len(counties) < 20 {
		t.Fatalf("%d counties, %v", len(counties), err)
	}
	var fuping []Point
	for _, c := range counties {
		if areaOf(c.Ring) <= 0 || c.Ring[0] != c.Ring[len(c.Ring)-1] {
			t.Errorf("%v has the ring %v", c.Division, c.Ring)
		}
		if c.Division == county {
			fuping = c.Ring
		}
	}
	townships, err := g.Schematic(county, children)
	if err != nil || len(townships) != len(children(county)) {
		t.Fatalf("%d townships of %d, %v", len(townships), len(children(county)), err)
	}
	sum, smallest, greatest := 0.0, math.Inf(1), 0.0
	for _, c := range townships {
		a := areaOf(c.Ring)
		sum, smallest, greatest = sum+a, min(smallest, a), max(greatest, a)
	}
	if whole := areaOf(fuping); math.Abs(sum-whole) > whole/1000 {
		t.Errorf("the townships have %v of the county's %v", sum, whole)
	}
	if greatest > 2.5*smallest {
		t.Errorf("parts are not alike: from %v to %v", smallest, greatest)
	}
	again, _ := g.Schematic(county, children)
	for i := range again {
		for j := range again[i].Ring {
			if again[i].Ring[j] != townships[i].Ring[j] {
				t.Fatal("a second picture differs")
			}
		}
	}
	if villages, err := g.Schematic(townships[0].Division, children); err != nil || len(villages) != len(children(townships[0].Division)) {
		t.Errorf("%d villages, %v", len(villages), err)
	}
}
