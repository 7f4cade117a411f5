package portfolio

import (
	"cmp"
	"context"
	"slices"

	"liandong/internal/access"
	"liandong/money"
	"liandong/place"
)

// Spot is where projects of a filter lie: a division with how many there are of every light.
type Spot struct {
	Division place.ID // the city itself for projects whose place within it is not known
	Projects int64
	Amount   money.Fen // counted once; projects without an amount add nothing
	Lights   map[Light]int64
}

// Where counts the projects of a filter by the divisions directly below one: counties of the city, townships of a county. Projects that name no
// division so far down stand under the one that they name.
func (r *Room) Where(ctx context.Context, scope access.Scope, f Filter, of place.ID, m Moment) ([]Spot, error) {
	f.Division = of
	level := max(of.Level()+1, place.County) // straight to the counties: nothing is administered between the city and them
	spots := map[place.ID]*Spot{}
	add := func(division place.ID, light Light, projects int64, amount money.Fen) {
		division = division.At(min(division.Level(), level))
		s := spots[division]
		if s == nil {
			s = &Spot{Division: division, Lights: map[Light]int64{}}
			spots[division] = s
		}
		s.Projects, s.Amount = s.Projects+projects, s.Amount+amount
		s.Lights[light] += projects
	}
	all, err := r.filtered(ctx, scope, f, m)
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		amount := money.Fen(0)
		if s.Amount != nil {
			amount = *s.Amount
		}
		add(s.Division, s.Light, 1, amount)
	}
	list := make([]Spot, 0, len(spots))
	for _, s := range spots {
		list = append(list, *s)
	}
	slices.SortFunc(list, func(a, b Spot) int { return cmp.Compare(a.Division, b.Division) })
	return list, nil
}
