package access_test

import (
	"testing"

	"pgregory.net/rapid"

	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/internal/access"
	"liandong/place"
)

const (
	fuping  place.ID = 130624000000
	yixian  place.ID = 130633000000
	baoding place.ID = 130600000000
	village place.ID = 130624100201
)

func on() day.Date { return day.MustOf(2015, 12, 31) }

func holding(role access.Role, territories ...place.ID) access.Actor {
	a := access.Actor{ID: "a"}
	for _, t := range territories {
		a.Grants = append(a.Grants, access.Grant{Role: role, Territory: t})
	}
	return a
}

func TestAnOfficeActsInItsTerritoryAndNowhereElse(t *testing.T) {
	t.Parallel()
	s := holding(access.CountyOffice, fuping).Scope(access.ReadRecords, on())
	for id, want := range map[place.ID]bool{fuping: true, village: true, yixian: false, baoding: false, place.Country: false} {
		if s.Contains(id) != want {
			t.Errorf("contains %v: %v", id, !want)
		}
	}
	if !s.Touches(baoding) || s.Touches(yixian) {
		t.Error("a city touches the scope of its county, another county does not")
	}
}

func TestNothingIsAllowedThatNoGrantGives(t *testing.T) {
	t.Parallel()
	for _, a := range []access.Actor{{}, holding("emperor", place.Country), holding(access.Leader, baoding)} {
		if !a.Scope(access.WriteRecords, on()).IsEmpty() {
			t.Errorf("%+v may write", a)
		}
		if _, err := a.Require(access.WriteRecords, on()); !errs.Is(err, errs.Forbidden) {
			t.Errorf("refusal is %v", err)
		}
	}
	for _, r := range []access.Role{access.SystemAdmin, access.SecurityAdmin, access.AuditAdmin} {
		for _, action := range []access.Action{access.ReadRecords, access.ShowSensitive, access.ExportRecords, access.WriteRecords, access.Decide} {
			if r.May(action) {
				t.Errorf("%s, an administrator, may %s", r, action)
			}
		}
	}
}

func TestGrantsHoldOnlyInTheirTime(t *testing.T) {
	t.Parallel()
	a := access.Actor{Grants: []access.Grant{{Role: access.CountyOffice, Territory: fuping, From: day.MustOf(2015, 1, 1), Until: day.MustOf(2015, 12, 31)}}}
	for d, want := range map[day.Date]bool{day.MustOf(2014, 12, 31): false, day.MustOf(2015, 1, 1): true, day.MustOf(2015, 12, 31): true, day.MustOf(2016, 1, 1): false} {
		if a.Scope(access.ReadRecords, d).IsEmpty() == want {
			t.Errorf("on %v: %v", d, !want)
		}
	}
}

func TestSensitivityFollowsTheRoleThatHoldsThere(t *testing.T) {
	t.Parallel()
	a := access.Actor{Grants: []access.Grant{{Role: access.Leader, Territory: baoding}, {Role: access.CountyOffice, Territory: fuping}}}
	s := a.Scope(access.ReadRecords, on())
	if s.Clear(village) != form.Sensitive || s.Clear(yixian+100001) != form.Plain {
		t.Errorf("in the county %v, elsewhere %v", s.Clear(village), s.Clear(yixian+100001))
	}
	if named := s.AtLeast(form.Personal); !named.Contains(fuping) || named.Touches(yixian) {
		t.Error("names may be searched outside the part where they are shown")
	}
	id := form.Household().Root
	if s.Shows(village, &id.Fields[id.Must("phone")]) {
		t.Error("an encrypted answer is shown without a reason")
	}
}

// The three renderings of a scope agree on every village.
func TestPredicateMaskAndContainsAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		draw := rapid.Custom(func(t *rapid.T) place.ID {
			id := place.ID(130600000000) + place.ID(rapid.IntRange(0, 3).Draw(t, "county"))*1e6 + place.ID(rapid.IntRange(0, 3).Draw(t, "township"))*1000
			return id + place.ID(rapid.IntRange(0, 3).Draw(t, "village"))
		})
		s := holding(access.TownshipClerk, rapid.SliceOfN(draw, 0, 4).Draw(t, "territories")...).Scope(access.ReadRecords, on())
		if rapid.Bool().Draw(t, "narrowed") {
			s = s.Within(draw.Draw(t, "filter"))
		}
		ids := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) int64 { return int64(draw.Draw(t, "id"))/1000*1000 + 1 }), 1, 130).Draw(t, "ids")
		words := make([]uint64, (len(ids)+63)/64)
		words[0] = ^uint64(0)
		s.Mask(ids, words)
		_, args := s.Predicate("village")
		for i, id := range ids {
			masked := words[i>>6]>>(i&63)&1 == 1
			if masked != s.Contains(place.ID(id)) || masked != meets(args, id) {
				t.Fatalf("%d: mask %v, contains %v, predicate %v", id, masked, s.Contains(place.ID(id)), meets(args, id))
			}
		}
	})
}

// meets evaluates a predicate's arguments as SQL does: any pair low ≤ id < high.
func meets(args []any, id int64) bool {
	for i := 0; i < len(args); i += 2 {
		if args[i].(int64) <= id && id < args[i+1].(int64) {
			return true
		}
	}
	return false
}

func TestMaskedNamesShowTheEnds(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"张": "张", "张三": "张*", "张小明": "张*明", "欧阳小明": "欧**明"} {
		if got := access.MaskName(name); got != want {
			t.Errorf("%s → %s, want %s", name, got, want)
		}
	}
}
