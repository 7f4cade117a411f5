package registry

import (
	"context"
	"strings"

	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/place"
)

// Named is a household to be listed, with the county whose list it is in.
type Named struct {
	County    place.ID
	Household ID
}

// Listed are the rows of the register's current list for some households, as the reader may see them: names are masked as the reader's role says. A
// household that has left the list, or the scope, is not in the answer.
func (r *Registry) Listed(ctx context.Context, scope access.Scope, households []Named) (map[ID]Row, error) {
	byCounty := map[place.ID][]any{}
	for _, n := range households {
		byCounty[n.County] = append(byCounty[n.County], n.Household)
	}
	found := map[ID]Row{}
	err := r.db.Read(ctx, func(tx *db.Tx) error {
		clear(found)
		for _, county := range r.counties {
			ids := byCounty[county]
			if len(ids) == 0 || !scope.Touches(county) {
				continue
			}
			where, args := Filter{}.where(scope, county)
			rows, err := db.Collect(tx, func(rows *db.Rows) (Row, error) {
				c, _, err := scanListed(rows)
				return listed(c, scope), err
			}, `SELECT `+currentColumns+`, pinyin FROM household_current WHERE `+where+` AND household IN (?`+strings.Repeat(", ?", len(ids)-1)+`)`, append(args, ids...)...)
			if err != nil {
				return err
			}
			for _, row := range rows {
				found[row.Household] = row
			}
		}
		return nil
	})
	return found, err
}
