package registry

import (
	"context"
	"slices"

	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/ledger"
	"liandong/place"
)

// Placed is a member with their relation to the head of the household that they are in from now on.
type Placed struct {
	Person   ID
	Relation string // a code of GB/T 4761 as the form has it: head, spouse, son
}

// Split is a household of which some members are a household of their own from a day on (分户).
type Split struct {
	Household ID
	Version   int64 // the version that was read
	Valid     day.Date
	As        ID       // the new household's id, made by the caller; the same one again is the same split
	Number    string   // its household number
	Leaving   []Placed // who leaves, one of them as head
	Staying   []Placed // whose relation changes among those who stay, where the head leaves
	Source    string
	Reason    string
}

// Split divides a household. The new one lies in the same village, has the same standard, attribute and causes, and the status that the old
// one has; house, land and income are not divided by guess: they are missing until somebody asks. Both are written together or not at all.
func (r *Registry) Split(ctx context.Context, actor access.Actor, s Split) (Saved, error) {
	scope, err := actor.Require(access.WriteRecords, day.InTime(r.now()))
	if err != nil {
		return Saved{}, err
	}
	var saved Saved
	err = r.db.Write(ctx, func(tx *db.Tx) error {
		if err := tx.Lock("household " + s.Household.String()); err != nil {
			return err
		}
		county, ok, err := r.countyOf(tx, s.Household)
		if err != nil {
			return err
		}
		now, _, err := currentOf(tx, county, s.Household)
		if err != nil || !ok || !scope.Contains(now.Village) {
			return firstOf(err, access.NotFound(noHousehold()))
		}
		if before, ok, err := linkTo(tx, s.As); err != nil {
			return err
		} else if ok && before.household == s.Household { // sent again
			made, _, err := currentOf(tx, county, s.As)
			saved = Saved{Household: s.As, Revision: made.Revision, Version: made.Version}
			return err
		}
		saved, err = r.split(tx, scope, actor, county, s)
		return err
	})
	return saved, err
}

func (r *Registry) split(tx *db.Tx, scope access.Scope, actor access.Actor, county place.ID, s Split) (Saved, error) {
	old, err := r.plainAt(tx, county, s.Household, Moment{AsOf: s.Valid})
	if err != nil {
		return Saved{}, err
	}
	part, err := r.divide(old, s)
	if err != nil {
		return Saved{}, err
	}
	for _, record := range []*form.Record{old, part} {
		if err := r.check(record, s.Valid); err != nil {
			return Saved{}, err
		}
	}
	if _, err := r.write(tx, scope, actor, county, Draft{
		Household: s.Household, Valid: s.Valid, Event: SplitUp, Record: old, Version: s.Version, Source: s.Source, Reason: s.Reason,
	}); err != nil {
		return Saved{}, err
	}
	village, _ := part.Value(r.fields.village)
	l := link{county: county, household: s.Household, kind: LinkSplit, on: s.Valid, toVillage: place.ID(village), toHousehold: s.As}
	if err := l.write(tx, ledger.Act{Actor: actor.ID, Operation: opSplit, Source: s.Source, Reason: s.Reason}); err != nil {
		return Saved{}, err
	}
	saved, err := r.write(tx, scope, actor, county, Draft{
		Household: s.As, Valid: s.Valid, Event: SplitUp, Record: part, Source: s.Source, Reason: s.Reason,
	})
	if err != nil {
		return Saved{}, err
	}
	return saved, r.inheritStatus(tx, actor, &l)
}

// divide takes the leaving members out of a household's record and puts them into one of their own.
func (r *Registry) divide(old *form.Record, s Split) (part *form.Record, err error) {
	members, _ := old.Items(r.fields.members)
	leaves := func(m *form.Record) bool {
		return slices.ContainsFunc(s.Leaving, func(p Placed) bool { return p.Person == PersonOf(m) })
	}
	var leaving, staying []*form.Record
	for _, m := range members {
		if leaves(m) {
			leaving = append(leaving, m)
		} else {
			staying = append(staying, m)
		}
	}
	switch {
	case s.As == (ID{}):
		return nil, errs.New(errs.Invalid, "registry.Split", "请写明新户的标识。", "Name the id of the new household.").At("as")
	case len(leaving) != len(s.Leaving) || len(leaving) == 0:
		return nil, errs.New(errs.Invalid, "registry.Split", "分出的成员要在这一户里，且至少一人。", "Those who leave must be members of this household, at least one.").At("leaving")
	case len(staying) == 0:
		return nil, errs.New(errs.Invalid, "registry.Split", "原户至少要留一人；全家搬走请办理迁出。", "At least one member stays; a household that leaves as a whole moves.").At("leaving")
	}
	if err := r.relate(members, append(slices.Clone(s.Leaving), s.Staying...)); err != nil {
		return nil, err
	}
	part = r.form.Root.New()
	for _, path := range []string{"village", "standard", "attribute", "main_cause", "other_causes"} {
		i := r.form.Root.Must(path)
		if v, ok := old.Value(i); ok {
			part.SetValue(i, v)
		}
	}
	if s.Number != "" {
		part.SetText(r.fields.number, s.Number)
	}
	old.SetItems(r.fields.members, staying)
	part.SetItems(r.fields.members, leaving)
	return part, nil
}

// relate sets the relations of members to their heads.
func (r *Registry) relate(members []*form.Record, placed []Placed) error {
	for _, p := range placed {
		i := slices.IndexFunc(members, func(m *form.Record) bool { return PersonOf(m) == p.Person })
		if i < 0 {
			return access.NotFound(errs.Text{ZH: "成员", EN: "member"})
		}
		if p.Relation == "" {
			continue
		}
		code := members[i].Section().Fields[r.fields.relation].Codes.Number(p.Relation)
		if code == 0 {
			return errs.New(errs.Invalid, "registry.Split", "与户主关系的代码表里没有「"+p.Relation+"」。", "The list of relations has no \""+p.Relation+"\".").At("relation")
		}
		members[i].SetValue(r.fields.relation, code)
	}
	return nil
}
