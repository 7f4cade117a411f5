package registry

import (
	"context"
	"slices"
	"time"

	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/ledger"
	"liandong/place"
)

// Move is a household that lives in another village from a day on.
type Move struct {
	Household ID
	Version   int64    // the version that was read
	Valid     day.Date // the first day in the new village
	To        place.ID // the new village
	As        ID       // its id in another county, made by the caller; the same one again is the same move
	Number    string   // its household number there; the one it has where empty and within the county
	Source    string
	Reason    string
}

// Moved is what became of a move. Within a county the household keeps its id; in another one it has a record of its own once that county's
// office took it in.
type Moved struct {
	Saved
	Arrived bool `json:"arrived"`
}

// Move writes down that a household lives elsewhere. Within the county that is one more revision. To another county the record is closed
// here and a linked one opened there, at once when the actor may write there too, else when an office of the new village takes it in.
func (r *Registry) Move(ctx context.Context, actor access.Actor, m Move) (Moved, error) {
	scope, err := actor.Require(access.WriteRecords, day.InTime(r.now()))
	if err != nil {
		return Moved{}, err
	}
	if d, ok := r.places.Division(m.To); !ok || d.Level != place.Village || !r.city.Contains(m.To) {
		return Moved{}, errs.New(errs.Invalid, "registry.Move", "没有这个迁入村。请选择本市的一个行政村；迁往外市的，请按自然减少办理。",
			"There is no such village to move to. Choose a village of this city; a household that leaves the city is a natural decline.").At("to")
	}
	var moved Moved
	err = r.db.Write(ctx, func(tx *db.Tx) error {
		if err := tx.Lock("household " + m.Household.String()); err != nil {
			return err
		}
		county, ok, err := r.countyOf(tx, m.Household)
		if err != nil {
			return err
		}
		now, _, err := currentOf(tx, county, m.Household)
		if err != nil || !ok || !scope.Contains(now.Village) {
			return firstOf(err, access.NotFound(noHousehold()))
		}
		if m.To.County() == county {
			moved, err = r.moveWithin(tx, scope, actor, now, m)
		} else {
			moved, err = r.depart(tx, scope, actor, now, m)
		}
		return err
	})
	return moved, err
}

// moveWithin is a move within the county: the record with another village.
func (r *Registry) moveWithin(tx *db.Tx, scope access.Scope, actor access.Actor, now current, m Move) (Moved, error) {
	if !scope.Contains(m.To) {
		return Moved{}, errs.New(errs.Forbidden, "registry.Move", "迁入村不在您的辖区。请由县扶贫办办理。", "The new village is outside your territory. Ask the county office.").At("to")
	}
	record, err := r.plainAt(tx, now.County, m.Household, Moment{AsOf: m.Valid})
	if err != nil {
		return Moved{}, err
	}
	r.rehouse(record, m.To, m.Number)
	if err := r.check(record, m.Valid); err != nil {
		return Moved{}, err
	}
	saved, err := r.write(tx, scope, actor, now.County, Draft{
		Household: m.Household, Valid: m.Valid, Event: MovedIn, Record: record, Version: m.Version, Source: m.Source, Reason: m.Reason,
	})
	return Moved{saved, true}, err
}

// rehouse puts a record into a village, with its number there.
func (r *Registry) rehouse(record *form.Record, village place.ID, number string) {
	record.SetValue(r.fields.village, int64(village))
	if number != "" {
		record.SetText(r.fields.number, number)
	}
}

// plainAt is a household's record at a moment with its secrets in plain text.
func (r *Registry) plainAt(tx *db.Tx, county place.ID, household ID, at Moment) (*form.Record, error) {
	row, ok, err := revisionAt(tx, county, household, at)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, access.NotFound(noHousehold())
	}
	record, err := r.form.Decode(row.body)
	if err != nil {
		return nil, err
	}
	return record, r.reveal(tx, county, household, record)
}

// depart closes the record here, and opens the one there where the actor may.
func (r *Registry) depart(tx *db.Tx, scope access.Scope, actor access.Actor, now current, m Move) (Moved, error) {
	if before, ok, err := linkTo(tx, m.As); err != nil {
		return Moved{}, err
	} else if ok && before.household == m.Household && before.toVillage == m.To { // sent again
		_, arrived, err := currentOf(tx, m.To.County(), m.As)
		return Moved{Saved{Household: m.As, Revision: now.Revision, Version: now.Version, Recorded: time.UnixMicro(before.recordedAt).UTC()}, arrived}, err
	}
	switch {
	case now.Closed:
		return Moved{}, errs.New(errs.Conflict, "registry.Move", "这一户已经迁出或并入他户。", "This household has moved away or ended already.")
	case now.Version != m.Version:
		return Moved{}, changedMeanwhile()
	case m.Valid.Before(now.Valid):
		return Moved{}, errs.New(errs.Invalid, "registry.Move", "迁出日期早于这一户的最新登记（"+now.Valid.String()+"）。请核对日期。",
			"The move is dated before the household's newest entry ("+now.Valid.String()+"). Check the date.").At("valid")
	case m.As == (ID{}):
		return Moved{}, errs.New(errs.Invalid, "registry.Move", "迁往另一个县要写明新户的标识。", "A move to another county names the id of the new record.").At("as")
	}
	row, err := r.close(tx, actor, now, Draft{Household: m.Household, Valid: m.Valid, Event: MovedOut, Source: m.Source, Reason: m.Reason})
	if err != nil {
		return Moved{}, err
	}
	l := link{county: now.County, household: m.Household, kind: LinkMoved, on: m.Valid, toVillage: m.To, toHousehold: m.As}
	if err := l.write(tx, ledger.Act{Actor: actor.ID, Operation: opMove, Source: m.Source, Reason: m.Reason}); err != nil {
		return Moved{}, err
	}
	moved := Moved{Saved: Saved{Household: m.As, Revision: row.revision, Version: now.Version + 1, Recorded: tx.Now()}}
	if !scope.Contains(m.To) {
		return moved, nil
	}
	saved, err := r.arrive(tx, actor, &l, Arrival{Household: m.As, Number: m.Number, Source: m.Source, Reason: m.Reason})
	return Moved{saved, true}, err
}

// close appends a revision without members and takes the household out of the lists; by its id it stays readable.
func (r *Registry) close(tx *db.Tx, actor access.Actor, now current, d Draft) (stored, error) {
	row, err := r.appendRevision(tx, actor, now.County, d, r.emptied(now.Village))
	if err != nil {
		return stored{}, err
	}
	now.Valid, now.Revision, now.Version, now.Size, now.Findings = row.valid, row.revision, now.Version+1, 0, 0
	return row, closeCurrent(tx, now)
}

// emptied is the body of a household of which nothing is left but where it was.
func (r *Registry) emptied(village place.ID) []byte {
	empty := r.form.Root.New()
	empty.SetValue(r.fields.village, int64(village))
	empty.SetItems(r.fields.members, nil)
	return empty.AppendBody(nil)
}

// Arrival is a household from another county that an office takes in.
type Arrival struct {
	Household ID     // the id that the move gave it
	Number    string // its household number here
	Source    string
	Reason    string
}

// Waiting is a household that left another county for a village of the reader's territory and was not taken in yet.
type Waiting struct {
	Household ID       `json:"household"`
	From      place.ID `json:"from"` // the county it left
	Village   place.ID `json:"village"`
	On        day.Date `json:"on"`
	Head      string   `json:"head"`
	Size      int      `json:"size"`
}

// Arrivals lists the households that wait to be taken in within the scope, the longest waiting first.
func (r *Registry) Arrivals(ctx context.Context, scope access.Scope) ([]Waiting, error) {
	waiting := []Waiting{}
	err := r.db.Read(ctx, func(tx *db.Tx) error {
		waiting = waiting[:0]
		predicate, args := scope.Predicate("to_village")
		links, err := db.Collect(tx, scanLink, `SELECT `+linkColumns+` FROM household_link WHERE kind = 'moved' AND `+predicate+` ORDER BY recorded_at, to_household`, args...)
		if err != nil {
			return err
		}
		for i := range links {
			l := &links[i]
			if _, taken, err := currentOf(tx, l.toVillage.County(), l.toHousehold); err != nil || taken {
				if err != nil {
					return err
				}
				continue
			}
			last, err := r.lastBefore(tx, l)
			if err != nil {
				return err
			}
			s := r.fields.summarise(last)
			if scope.Clear(l.toVillage) < form.Personal {
				s.head = access.MaskName(s.head)
			}
			waiting = append(waiting, Waiting{Household: l.toHousehold, From: l.county, Village: l.toVillage, On: l.on, Head: s.head, Size: s.size})
		}
		return nil
	})
	return waiting, err
}

// lastBefore is the record that a household had when it left, its secrets sealed.
func (r *Registry) lastBefore(tx *db.Tx, l *link) (*form.Record, error) {
	rows, err := revisionsOf(tx, l.county, l.household, Moment{})
	if err != nil {
		return nil, err
	}
	sortByValid(rows)
	for _, row := range slices.Backward(rows) {
		record, err := r.form.Decode(row.body)
		if err != nil {
			return nil, err
		}
		if members, _ := record.Items(r.fields.members); len(members) > 0 {
			return record, nil
		}
	}
	return nil, errs.New(errs.Internal, "registry.lastBefore", "", "a household that left had no members")
}

// TakeIn opens the record of a household that moved here from another county. Taking it in again changes nothing.
func (r *Registry) TakeIn(ctx context.Context, actor access.Actor, a Arrival) (Saved, error) {
	scope, err := actor.Require(access.WriteRecords, day.InTime(r.now()))
	if err != nil {
		return Saved{}, err
	}
	var saved Saved
	err = r.db.Write(ctx, func(tx *db.Tx) error {
		if err := tx.Lock("household " + a.Household.String()); err != nil {
			return err
		}
		l, ok, err := linkTo(tx, a.Household)
		if err != nil || !ok || l.kind != LinkMoved || !scope.Contains(l.toVillage) {
			return firstOf(err, access.NotFound(errs.Text{ZH: "待接收的农户", EN: "household to take in"}))
		}
		saved, err = r.arrive(tx, actor, &l, a)
		return err
	})
	return saved, err
}

// arrive opens the record of a household that moved: what its record said when it left, in the new village, with the status it had.
func (r *Registry) arrive(tx *db.Tx, actor access.Actor, l *link, a Arrival) (Saved, error) {
	county := l.toVillage.County()
	if now, ok, err := currentOf(tx, county, l.toHousehold); err != nil || ok {
		return Saved{Household: l.toHousehold, Revision: now.Revision, Version: now.Version}, err
	}
	record, err := r.lastBefore(tx, l)
	if err != nil {
		return Saved{}, err
	}
	if err := r.reveal(tx, l.county, l.household, record); err != nil {
		return Saved{}, err
	}
	record.Clear(r.fields.number)
	r.rehouse(record, l.toVillage, a.Number)
	saved, err := r.open(tx, actor, county, Draft{Household: l.toHousehold, Valid: l.on, Event: MovedIn, Record: record, Source: a.Source, Reason: a.Reason})
	if err != nil {
		return Saved{}, err
	}
	return saved, r.inheritStatus(tx, actor, l)
}

// open writes the first revision of a household whose members come from another one.
func (r *Registry) open(tx *db.Tx, actor access.Actor, county place.ID, d Draft) (Saved, error) {
	if err := r.numberFree(tx, county, d.Household, d.Record); err != nil {
		return Saved{}, err
	}
	key, err := r.keyOf(tx, county, d.Household)
	if err != nil {
		return Saved{}, err
	}
	claims := r.claims(d.Record)
	if err := r.seal(key, d.Household, d.Record, nil); err != nil {
		return Saved{}, err
	}
	if err := r.claimAll(tx, county, d.Household, claims); err != nil {
		return Saved{}, err
	}
	row, err := r.appendRevision(tx, actor, county, d, d.Record.AppendBody(nil))
	if err != nil {
		return Saved{}, err
	}
	saved := Saved{Household: d.Household, Revision: row.revision, Version: 1, Recorded: tx.Now()}
	return saved, r.refresh(tx, current{County: county, Household: d.Household}, &row, d.Record, &saved, true)
}

// inheritStatus gives a household the status of the one it came out of. It is no new decision: it names the one that stands.
func (r *Registry) inheritStatus(tx *db.Tx, actor access.Actor, l *link) error {
	var status int64
	var decision string
	err := tx.QueryRow(`SELECT status, decision FROM status_change WHERE county = ? AND household = ? AND from_day <= ? ORDER BY from_day DESC, recorded_at DESC LIMIT 1`,
		int64(l.county), l.household, int64(l.on.UnixDays())).Scan(&status, &decision)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return r.SetStatus(tx, actor, l.toVillage.County(), decision, l.on, map[ID]Status{l.toHousehold: Status(status)})
}
