package registry

import (
	"cmp"
	"slices"
	"strings"

	"liandong/internal/access"
	"liandong/place"
)

// namedDivision is a division of the city as a search finds it.
type namedDivision struct {
	id      place.ID
	name    string
	reading reading
}

// divisionNames lists the city's divisions below it, counties first, each level in the order of ids.
func divisionNames(places *place.Gazetteer, city place.ID) []namedDivision {
	var all []namedDivision
	var visit func(id place.ID)
	visit = func(id place.ID) {
		for _, d := range places.Children(id) {
			all = append(all, namedDivision{d.ID, d.Name, readName(d.Name)})
			visit(d.ID)
		}
	}
	visit(city)
	slices.SortStableFunc(all, func(a, b namedDivision) int {
		return cmp.Or(cmp.Compare(a.id.Level(), b.id.Level()), cmp.Compare(a.id, b.id))
	})
	return all
}

// FindDivisions finds divisions of today by a part of the name, or by the beginning of its pinyin (fuping) or initials (fpx), within the
// scope: names that begin with the words first, then counties before townships before villages.
func (r *Registry) FindDivisions(scope access.Scope, words string, limit int) []place.ID {
	return r.findDivisions(words, limit, scope.Contains)
}

// FindVillages finds villages of the whole city by name or pinyin. A village's name is no secret, and whoever writes down where a household
// moved to must be able to name a village outside their own territory.
func (r *Registry) FindVillages(words string, limit int) []place.ID {
	return r.findDivisions(words, limit, func(id place.ID) bool { return id.Level() == place.Village })
}

func (r *Registry) findDivisions(words string, limit int, among func(place.ID) bool) []place.ID {
	words = strings.ToLower(strings.Join(strings.Fields(words), ""))
	if words == "" {
		return nil
	}
	var first, then []place.ID
	for _, d := range r.divisionNames() {
		begins := strings.HasPrefix(d.name, words) || strings.HasPrefix(d.reading.full, words) || strings.HasPrefix(d.reading.initials, words)
		if !begins && !strings.Contains(d.name, words) || !among(d.id) {
			continue
		}
		if begins {
			first = append(first, d.id)
		} else {
			then = append(then, d.id)
		}
	}
	found := slices.Concat(first, then)
	return found[:min(len(found), max(1, min(limit, maxHits)))]
}
