package portfolio

import (
	"bytes"
	"slices"

	"liandong/internal/db"
	"liandong/money"
	"liandong/place"
)

// cityStates gives the states of the city's projects at a moment, by name. What was known at an earlier moment is computed from the facts; what is
// known now is there already.
func (r *Room) cityStates(tx *db.Tx, m Moment) ([]State, error) {
	if m.KnownAt.IsZero() {
		return db.Collect(tx, scanState, `SELECT `+stateColumns+` FROM project_state WHERE until_day > ? AND from_day <= ? ORDER BY name, project`, m.AsOf, m.AsOf)
	}
	counties, err := r.countiesOf(tx)
	if err != nil {
		return nil, err
	}
	var all []State
	w := r.alerts.watch()
	for _, county := range counties {
		err := r.eachHistory(tx, county, m.known(), func(h *history) error {
			if states := r.states(w, h, m.AsOf); len(states) > 0 {
				all = append(all, states[len(states)-1])
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(all, func(a, b State) int { return byName(&a, &b) })
	return all, nil
}

// countiesOf lists under which divisions records are kept.
func (r *Room) countiesOf(tx *db.Tx) ([]place.ID, error) {
	return db.Collect(tx, func(rows *db.Rows) (place.ID, error) {
		var county int64
		err := rows.Scan(&county)
		return place.ID(county), err
	}, `SELECT DISTINCT county FROM portfolio_subject ORDER BY county`)
}

// standing is a document of a noun as it stands at a moment.
type standing[T any] struct {
	ID       ID
	Document T
}

// standingAt gives the documents of one kind that hold at a moment, in the order of their ids; documents that are not known yet are not there.
func standingAt[T Document](tx *db.Tx, kind Kind, m Moment) ([]standing[T], error) {
	var all []standing[T]
	var id ID
	var body []byte
	flush := func() error {
		if body == nil {
			return nil
		}
		d, err := parseDocument(kind, body)
		if err == nil {
			all = append(all, standing[T]{id, d.(T)})
		}
		body = nil
		return err
	}
	err := tx.Each(func(rows *db.Rows) error {
		row, err := scanRecord(rows)
		if err != nil {
			return err
		}
		if row.subject != id {
			if err := flush(); err != nil {
				return err
			}
		}
		id, body = row.subject, row.body
		return nil
	}, `SELECT `+recordColumns+` FROM portfolio_record WHERE kind = ? AND on_day <= ? AND recorded_at <= ? ORDER BY subject, on_day, recorded_at, revision`, string(kind), m.AsOf, m.known())
	if err != nil {
		return nil, err
	}
	return all, flush()
}

// linksAt gives the links of one kind that hold at a moment, by target.
func (r *Room) linksAt(tx *db.Tx, kind Kind, m Moment) (map[ID][]ID, error) {
	byTarget := map[ID][]ID{}
	add := func(target, project ID) { // a project's links of one target come one after the other
		if list := byTarget[target]; len(list) == 0 || list[len(list)-1] != project {
			byTarget[target] = append(list, project)
		}
	}
	if m.KnownAt.IsZero() {
		err := tx.Each(func(rows *db.Rows) error {
			var target, project ID
			err := rows.Scan(&target, &project)
			add(target, project)
			return err
		}, `SELECT target, project FROM project_link WHERE kind = ? AND from_day <= ? AND until_day > ? ORDER BY target, project`, string(kind), m.AsOf, m.AsOf)
		return byTarget, err
	}
	counties, err := r.countiesOf(tx)
	if err != nil {
		return nil, err
	}
	on := int64(m.AsOf.UnixDays())
	for _, county := range counties {
		err := r.eachHistory(tx, county, m.known(), func(h *history) error {
			for _, l := range h.links() {
				if l.Kind == kind && l.From <= on && on < l.Until {
					add(l.Target, h.ID)
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	for _, list := range byTarget {
		slices.SortFunc(list, func(a, b ID) int { return bytes.Compare(a[:], b[:]) })
	}
	return byTarget, nil
}

// signed reports whether an agreement was signed and not terminated by the day of the moment.
func (a *Agreement) signedAt(m Moment) bool {
	return !a.Signed.IsZero() && !a.Signed.After(m.AsOf) && (a.Terminated.IsZero() || a.Terminated.After(m.AsOf))
}

// unsplit is what of an agreement's own amount is not carried by its projects: for a signing of projects only where some of them state no amount.
// nil where it states no amount or nothing is left.
func unsplit(a *Agreement, projects []*State) *money.Fen {
	if a.Amount == nil {
		return nil
	}
	rest, open := *a.Amount, a.Kind == cooperation
	for _, s := range projects {
		if !s.Counted {
			continue
		}
		if s.Amount == nil {
			open = true
			continue
		}
		rest -= *s.Amount
	}
	if !open || rest <= 0 {
		return nil
	}
	return &rest
}
