package registry

import (
	"context"
	"crypto/sha256"
	"fmt"
	"iter"
	"time"

	"liandong/day"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/ledger"
	"liandong/place"
)

// LinkKind says how one household came out of another.
type LinkKind string

// The kinds of links.
const (
	LinkMoved LinkKind = "moved" // it went to another county, where it has a record of its own
	LinkSplit LinkKind = "split" // a part of it is a household of its own now
)

// link is one row of household_link.
type link struct {
	county      place.ID // of the household it comes from
	household   ID
	kind        LinkKind
	on          day.Date
	recordedAt  int64
	toVillage   place.ID
	toHousehold ID
	leaf        int64
}

const linkColumns = "county, household, kind, on_day, recorded_at, to_village, to_household, leaf"

const kindLink = "household_link"

func scanLink(rows *db.Rows) (l link, err error) {
	var county, on, village int64
	err = rows.Scan(&county, &l.household, &l.kind, &on, &l.recordedAt, &village, &l.toHousehold, &l.leaf)
	l.county, l.on, l.toVillage = place.ID(county), day.FromUnixDays(int(on)), place.ID(village)
	return l, err
}

func (l *link) entry() ledger.Entry {
	return ledger.Entry{Kind: kindLink, Subject: l.toHousehold, Digest: sha256.Sum256(
		fmt.Appendf(nil, "%d %x %s %s %d %d", int64(l.county), l.household[:], l.kind, l.on, l.recordedAt, int64(l.toVillage)))}
}

// write adds the link with its leaf in the county that the household comes from.
func (l *link) write(tx *db.Tx, act ledger.Act) (err error) {
	l.recordedAt = tx.Now().UnixMicro()
	if l.leaf, err = ledger.Append(tx, int64(l.county), act, []ledger.Entry{l.entry()}); err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO household_link (`+linkColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		int64(l.county), l.household, string(l.kind), int64(l.on.UnixDays()), l.recordedAt, int64(l.toVillage), l.toHousehold, l.leaf)
	return err
}

// linkTo is the link that leads to a household.
func linkTo(tx *db.Tx, household ID) (link, bool, error) {
	found, err := db.Collect(tx, scanLink, `SELECT `+linkColumns+` FROM household_link WHERE to_household = ?`, household)
	if err != nil || len(found) == 0 {
		return link{}, false, err
	}
	return found[0], true, nil
}

// Link is what one household has to do with another: where it came from, or what came out of it. The other household is named where it lies
// in the reader's territory; of one elsewhere only the county is told.
type Link struct {
	Kind      LinkKind  `json:"kind"`
	Outward   bool      `json:"outward"` // the other household came out of this one
	On        day.Date  `json:"on"`
	Recorded  time.Time `json:"recorded_at"`
	Division  place.ID  `json:"division"`            // the other's village, or its county where the village is out of sight
	Household ID        `json:"household,omitempty"` // the zero id where it is out of sight
	Waiting   bool      `json:"waiting"`             // it left, and was not taken in yet
}

// Links lists what a household came from and what came out of it, the earliest first.
func (r *Registry) Links(ctx context.Context, scope access.Scope, household ID) ([]Link, error) {
	links := []Link{}
	err := r.db.Read(ctx, func(tx *db.Tx) error {
		links = links[:0]
		county, ok, err := r.countyOf(tx, household)
		if err != nil {
			return err
		}
		if now, _, err := currentOf(tx, county, household); err != nil || !ok || !scope.Contains(now.Village) {
			return firstOf(err, access.NotFound(noHousehold()))
		}
		rows, err := db.Collect(tx, scanLink, `SELECT `+linkColumns+` FROM household_link WHERE (county = ? AND household = ?) OR to_household = ?
			ORDER BY recorded_at, to_household`, int64(county), household, household)
		if err != nil {
			return err
		}
		for i := range rows {
			one, err := rows[i].seen(tx, scope, rows[i].household == household)
			if err != nil {
				return err
			}
			links = append(links, one)
		}
		return nil
	})
	return links, err
}

// firstOf is the first of two errors that is one.
func firstOf(first, second error) error {
	if first != nil {
		return first
	}
	return second
}

// seen is the link as somebody at one of its ends may see it.
func (l *link) seen(tx *db.Tx, scope access.Scope, outward bool) (Link, error) {
	one := Link{Kind: l.kind, Outward: outward, On: l.on, Recorded: time.UnixMicro(l.recordedAt).UTC(), Division: l.toVillage, Household: l.toHousehold}
	there, ok, err := currentOf(tx, l.toVillage.County(), l.toHousehold)
	if err != nil {
		return Link{}, err
	}
	one.Waiting = !ok
	switch {
	case !outward:
		from, _, err := currentOf(tx, l.county, l.household)
		if err != nil {
			return Link{}, err
		}
		one.Division, one.Household = from.Village, l.household
	case ok:
		one.Division = there.Village
	}
	if !scope.Contains(one.Division) {
		one.Division, one.Household = one.Division.County(), ID{}
	}
	return one, nil
}

type linkRecords struct{}

// Kinds are the leaves of links.
func (linkRecords) Kinds() []string { return []string{kindLink} }

// Records hashes every stored link of a county anew.
func (linkRecords) Records(tx *db.Tx, tree int64) iter.Seq2[ledger.Record, error] {
	return ledger.Scan(tx, func(rows *db.Rows) (ledger.Record, error) {
		l, err := scanLink(rows)
		return ledger.Record{Sequence: l.leaf, Entry: l.entry()}, err
	}, `SELECT `+linkColumns+` FROM household_link WHERE county = ? ORDER BY leaf`, tree)
}
