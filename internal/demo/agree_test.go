package demo

import (
	"maps"
	"slices"
	"testing"

	"liandong/form"
)

// span is a number known to lie between two ends.
type span struct{ low, high float64 }

func (s *span) add(points float64, known bool, most float64) {
	if !known {
		s.high += most
		return
	}
	s.low += points
	s.high += points
}

// truth is a strict Kleene value.
type truth int8

const (
	isFalse truth = iota - 1
	isUnknown
	isTrue
)

// scorer is the four looks of 2015 as the table of the domain has them, written apart from the engine and from the generator.
type scorer struct{ root, members *form.Section }

func newScorer() scorer {
	root := form.Household().Root
	return scorer{root, root.Fields[root.Must("members")].List}
}

func (s scorer) number(r *form.Record, path string, scale float64) (float64, bool) {
	v, ok := r.Value(s.root.Must(path))
	return float64(v) / scale, ok
}

func steps(x float64, bounds, points []float64) float64 {
	for i, b := range bounds {
		if x < b {
			return points[i]
		}
	}
	return points[len(bounds)]
}

func (s scorer) score(r *form.Record) span {
	var sum span
	members, _ := r.Items(s.root.Must("members"))
	size := float64(len(members))
	s.house(r, size, &sum)
	grain, ok := s.number(r, "grain.output", 1)
	sum.add(steps(grain/size, []float64{150, 300}, []float64{0, 8, 15}), ok, 15)
	arable, ok := s.number(r, "land.arable", 100)
	sum.add(steps(arable/size, []float64{.5, 1, 2}, []float64{0, 4, 8, 12}), ok, 12)
	woodland, ok := s.number(r, "land.woodland", 100)
	sum.add(3*float64(toInt(woodland > 0)), ok, 3)
	s.people(members, size, &sum)
	return sum
}

func (s scorer) house(r *form.Record, size float64, sum *span) {
	structure := map[string]float64{"thatch_adobe": 0, "other": 2, "brick_wood": 4, "brick_concrete": 6, "reinforced_concrete": 8}
	sum.add(structure[r.Code("housing.structure")], r.Code("housing.structure") != "", 8)
	area, ok := s.number(r, "housing.area", 10)
	sum.add(steps(area/size, []float64{15, 30}, []float64{0, 3, 6}), ok, 6)
	dangerous, ok := r.Bool("housing.dangerous")
	sum.add(3*float64(toInt(!dangerous)), ok, 3)
	for _, path := range []string{"housing.path_paved", "electricity", "water.safe"} {
		yes, ok := r.Bool(path)
		sum.add(float64(toInt(yes)), ok, 1)
	}
}

func (s scorer) people(members []*form.Record, size float64, sum *span) {
	able, pupils, ill, labourKnown, healthKnown, schoolKnown := 0.0, 0, false, true, true, true
	for _, m := range members {
		switch m.Code("labour") {
		case "ordinary", "skilled":
			able++
		case "":
			labourKnown = false
		}
		health, ok := m.Value(s.members.Must("health"))
		healthKnown = healthKnown && ok
		ill = ill || health&(1<<2|1<<3|1<<4) != 0
		switch m.Code("at_school") {
		case "preschool", "not_at_school":
		case "":
			schoolKnown = false
		default:
			pupils++
		}
	}
	points := steps(able/size, []float64{1e-9, .34, .5, .67}, []float64{0, 8, 15, 20, 25})
	sum.add(points, labourKnown, 25)
	sum.add(5*float64(toInt(!ill)), healthKnown || ill, 5)
	sum.add([]float64{20, 10, 5, 0}[min(pupils, 3)], schoolKnown, 20)
}

// poor is whether score and income are both below their lines.
func (s scorer) poor(r *form.Record, line float64) truth {
	members, _ := r.Items(s.root.Must("members"))
	income, known := 0.0, true
	for path, sign := range map[string]float64{"wage": 1, "business": 1, "property": 1, "transfer": 1, "cost": -1} {
		v, ok := s.number(r, "income."+path, 100)
		income += sign * v
		known = known && ok
	}
	low, score := isUnknown, s.score(r)
	switch {
	case score.high < 60:
		low = isTrue
	case score.low >= 60:
		low = isFalse
	}
	under := isUnknown
	if known {
		under = truth(2*toInt(income/float64(len(members)) < line) - 1)
	}
	return min(low, under)
}

func (s scorer) veto(r *form.Record) truth {
	found := isFalse
	note := func(t truth) { found = max(found, t) }
	look := func(list string, hit func(*form.Record) bool) {
		items, ok := r.Items(s.root.Must(list))
		if !ok {
			note(isUnknown)
		}
		for _, item := range items {
			if hit(item) {
				note(isTrue)
			}
		}
	}
	look("vehicles", func(v *form.Record) bool {
		return slices.Contains([]string{"car", "van", "construction_machine", "large_farm_machine"}, v.Code("kind"))
	})
	look("properties", func(p *form.Record) bool {
		town, _ := p.Bool("in_town")
		resettled, _ := p.Bool("resettlement")
		return town && !resettled && p.Code("kind") != "other"
	})
	look("companies", func(c *form.Record) bool { returns, _ := c.Bool("annual_returns"); return returns })
	look("members", func(m *form.Record) bool {
		return slices.Contains([]string{"state_salary", "enterprise_salary"}, m.Code("employment"))
	})
	return found
}

// outcome is what the document proposes.
func (s scorer) outcome(r *form.Record, line float64) string {
	p, v := s.poor(r, line), s.veto(r)
	switch {
	case p == isFalse:
		return "not_proposed"
	case v == isTrue:
		return "barred"
	case p == isUnknown || v == isUnknown:
		return "undetermined"
	}
	members, _ := r.Items(s.root.Must("members"))
	for _, m := range members {
		if e := m.Code("employment"); e == "village_secretary" || e == "village_director" {
			return "review"
		}
	}
	return "proposed"
}

func TestProposalsAgreeWithTheRegisterAsInLife(t *testing.T) {
	t.Parallel()
	c := cityOf(t, 1, scale())
	s := newScorer()
	table := map[string][2]int{}
	agree, all := 0, 0
	perCounty := map[string]float64{}
	scores := map[bool][11]int{}
	for i, county := range c.Counties() {
		agreeHere, here := 0, 0
		for in := range c.Households(county) {
			r, status := on(in, yearEnds[1])
			outcome := s.outcome(r, 2855)
			row := table[outcome]
			row[toInt(status.Poor())]++
			table[outcome] = row
			here++
			agreeHere += toInt(status.Poor() == (outcome == "proposed" || outcome == "review"))
			h := scores[status.Poor()]
			h[int(s.score(r).low/10)]++
			scores[status.Poor()] = h
		}
		agree, all = agree+agreeHere, all+here
		perCounty[c.counties[i].names[2]] = float64(agreeHere) / float64(here)
	}
	share := float64(agree) / float64(all)
	t.Logf("agreement %.4f; outcome with [not poor, poor] on the register: %v; counties %v; scores by tens %v", share, table, perCounty, scores)
	if share < .90 || share > .98 {
		t.Errorf("%.4f of the households agree, want 0.90 to 0.98", share)
	}
	for outcome, want := range map[string]int{"proposed": 50, "not_proposed": 50, "undetermined": 20, "barred": 10, "review": 2} {
		if row := table[outcome]; row[0]+row[1] < want {
			t.Errorf("%d households come out as %s, want some", row[0]+row[1], outcome)
		}
	}
	worst := slices.Min(slices.Collect(maps.Values(perCounty)))
	if worst < .86 {
		t.Errorf("in one county only %.3f agree", worst)
	}
}
