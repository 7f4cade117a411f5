package registry_test

import (
	"testing"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/registry"
	"liandong/place"
)

// TestTransitionsFollowEachHousehold: of four registered households of Fuping one leaves, one falls back, one stays and one enters, and one of Yixian
// stays out.
func TestTransitionsFollowEachHousehold(t *testing.T) {
	each(t, func(d *desk) {
		var drafts []registry.Draft
		for i := range 4 {
			drafts = append(drafts, d.Draft(fuping, i))
			d.MustSave(d.Fuping, drafts[i])
		}
		elsewhere := d.Draft(yixian, 9)
		d.MustSave(d.Yixian, elsewhere)
		d.MustSetStatus(fuping, registry.NotOut, day.MustOf(2014, 6, 1), drafts[0].Household, drafts[2].Household)
		d.MustSetStatus(fuping, registry.OutWithPolicy, day.MustOf(2014, 6, 1), drafts[1].Household)
		d.MustSetStatus(yixian, registry.Out, day.MustOf(2014, 6, 1), elsewhere.Household)
		d.MustSetStatus(fuping, registry.OutWithPolicy, day.MustOf(2015, 11, 1), drafts[0].Household)
		d.MustSetStatus(fuping, registry.Returned, day.MustOf(2015, 11, 1), drafts[1].Household)
		d.MustSetStatus(fuping, registry.NewlyEntered, day.MustOf(2015, 11, 1), drafts[3].Household)
		before, after := registry.Moment{AsOf: day.MustOf(2014, 12, 31)}, registry.Moment{AsOf: day.MustOf(2015, 12, 31)}

		all := d.Leader.Scope(access.ReadFigures, day.InTime(d.Now))
		whole, parts, err := d.Transition(d.Ctx, all, baoding, before, after, place.County)
		if err != nil {
			d.T.Fatal(err)
		}
		want := map[[2]registry.Standing]int64{
			{registry.StandingPoor, registry.StandingOut}: 1, {registry.StandingOut, registry.StandingPoor}: 1, {registry.StandingPoor, registry.StandingPoor}: 1,
			{registry.StandingOther, registry.StandingPoor}: 1, {registry.StandingOut, registry.StandingOut}: 1,
		}
		for was := range registry.Standing(registry.Standings) {
			for is := range registry.Standing(registry.Standings) {
				if got := whole.Households[was][is]; got != want[[2]registry.Standing{was, is}] {
					d.T.Errorf("from %s to %s: %d households, want %d", was, is, got, want[[2]registry.Standing{was, is}])
				}
				if whole.Persons[was][is] != 2*whole.Households[was][is] {
					d.T.Errorf("from %s to %s: %d persons in %d households of two", was, is, whole.Persons[was][is], whole.Households[was][is])
				}
			}
		}
		if len(parts) != 2 || parts[0].Households[registry.StandingOut][registry.StandingOut]+parts[1].Households[registry.StandingOut][registry.StandingOut] != 1 {
			d.T.Errorf("by county %+v", parts)
		}

		// Before anything was written down everybody is absent, and appears.
		whole, _, err = d.Transition(d.Ctx, all, fuping, registry.Moment{AsOf: day.MustOf(2000, 1, 1)}, before, place.County)
		if err != nil || whole.Households[registry.StandingAbsent][registry.StandingPoor] != 2 {
			d.T.Errorf("from nothing: %+v, %v", whole, err)
		}

		// Another county's office sees nothing of it, not even that it is there.
		if _, _, err := d.Transition(d.Ctx, d.Yixian.Scope(access.ReadFigures, day.InTime(d.Now)), fuping, before, after, place.County); !errs.Is(err, errs.NotFound) {
			d.T.Errorf("another territory: %v", err)
		}
	})
}
