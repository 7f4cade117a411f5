package server_test

import (
	"maps"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/google/uuid"

	"liandong/criteria"
	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/identify"
	"liandong/internal/registry"
	"liandong/internal/registry/registrytest"
	"liandong/place"
)

// sharesDocument shares twenty points between house and land: the parameter that the tests move takes from the one what it gives to the other.
const sharesDocument = `criteria: shares
version: "2015.1"
title: {zh: 房地分值, en: House and land}
form: household@2015
effective: {from: 2015-01-01}
parameters:
  house_points: {title: {zh: 房的分值, en: Points of the house}, value: 8, unit: points}
  cut: {title: {zh: 得分线, en: Cut}, value: 14, unit: points}
derive:
  income_per_head: income.wage / members.size()
score:
  higher_means: better_off
  indicators:
    - {id: house, title: {zh: 住房, en: House}, max: 20, parts: [{id: area, title: {zh: 住房面积, en: Area}, max: 20, points: "housing.area < 50 ? 0 : house_points"}]}
    - {id: land, title: {zh: 耕地, en: Land}, max: 20, parts: [{id: arable, title: {zh: 耕地面积, en: Arable land}, max: 20, points: "land.arable < 2 ? 0 : 20 - house_points"}]}
    - {id: work, title: {zh: 务工, en: Work}, max: 10, parts: [{id: wage, title: {zh: 工资, en: Wage}, max: 10, points: "income.wage < 4000 ? 0 : income.wage < 8000 ? 5 : 10"}]}
bars:
  - {id: car, kind: veto, title: {zh: 有小汽车, en: A car}, when: "vehicles.exists(v, v.kind == 'car')"}
  - {id: cadre, kind: review, title: {zh: 有村支书, en: A village secretary}, when: "members.exists(m, m.employment == 'village_secretary')"}
poor: score < cut && income_per_head < 3000
cases: [{name: poor, as_of: 2015-12-31, record: {housing: {area: 20}, land: {arable: 1}, income: {wage: 100}, vehicles: [], members: [{employment: farming}]}, outcome: proposed}]
`

// home is one household of the small city: the wage is in yuan for the whole household, and a house of no area was not looked at.
type home struct {
	number     string
	township   int
	size, wage int
	area, land int
	registered bool
	car, cadre bool
	vote       string
}

// smallCity is eight households of eighteen people in two townships of Yixian. Under sharesDocument, with the house at 8 points (so the land at
// 12) and then at 15 (so the land at 5), the cut at 14, and a house that nobody looked at worth anything from 0 to the part's greatest 20:
//
//	     house  land   work  score at 8  score at 15  income a head  outcome at 8   outcome at 15
//	A1   large  -      5     13          20           6000/3 = 2000  proposed       not proposed    leaves
//	A2   -      much   5     17          10           6000/4 = 1500  not proposed   proposed        enters
//	A3   -      -      5     5           5            5000/2 = 2500  proposed       proposed
//	A4   ?      -      5     5 to 25     5 to 25      5000/2 = 2500  undetermined   undetermined
//	B1   large  much   10    30          30           9000/1 = 9000  not proposed   not proposed
//	B2   -      much   5     17          10           6000/2 = 3000  not proposed   not proposed
//	B3   -      much   0     12          5            3000/2 = 1500  barred: a car  barred
//	B4   -      much   5     17          10           5000/2 = 2500  not proposed   strict review   enters
func smallCity() []home {
	return []home{
		{number: "A1", township: 0, size: 3, wage: 6000, area: 60, land: 1, registered: true, vote: "refused"},
		{number: "A2", township: 0, size: 4, wage: 6000, area: 30, land: 3, vote: "agreed"},
		{number: "A3", township: 0, size: 2, wage: 5000, area: 30, land: 1, registered: true},
		{number: "A4", township: 0, size: 2, wage: 5000, land: 1, registered: true},
		{number: "B1", township: 1, size: 1, wage: 9000, area: 60, land: 3},
		{number: "B2", township: 1, size: 2, wage: 6000, area: 30, land: 3},
		{number: "B3", township: 1, size: 2, wage: 3000, area: 30, land: 3, registered: true, car: true},
		{number: "B4", township: 1, size: 2, wage: 5000, area: 30, land: 3, cadre: true},
	}
}

// build writes the city through the API, registers as poor those who are, puts the document in force, and gives the county's office and the two townships.
func (d *desk) build(city []home) (county *browser, townships [2]place.ID) {
	d.T.Helper()
	villages := d.Places.Villages(yixian)
	second := slices.IndexFunc(villages, func(v place.Division) bool { return v.ID.Parent() != villages[0].ID.Parent() })
	in := [2]place.ID{villages[0].ID, villages[second].ID}
	county = d.enter(access.CountyOffice, yixian)
	var registered []registry.ID
	for i, h := range city {
		id := uuid.New()
		county.get(nil, "PUT", "/households/"+id.String(), map[string]any{"valid": "2014-01-01", "event": "opened", "source": "走访", "record": h.record(in[h.township], 10*i)}, "If-None-Match", "*")
		if h.registered {
			registered = append(registered, id)
		}
	}
	d.MustSetStatus(yixian, registry.NotOut, day.MustOf(2014, 6, 1), registered...)
	office := d.enter(access.CityOffice, baoding)
	office.get(nil, "POST", "/criteria", map[string]any{"text": sharesDocument, "note": "试"})
	office.get(nil, "POST", "/criteria/shares@2015.1/test", nil)
	d.enter(access.Approver, baoding).get(nil, "POST", "/criteria/shares@2015.1/enact", map[string]any{"from": "2015-01-01", "note": "会议决定"})
	return county, [2]place.ID{in[0].Parent(), in[1].Parent()}
}

// record is the household as the API takes it; sequence keeps its people's numbers apart from others'.
func (h *home) record(village place.ID, sequence int) map[string]any {
	var members []any
	for i := range h.size {
		m := map[string]any{
			"name": "赵一", "relation": "elder_brother", "sex": "male", "born": "1980-05-06", "id_number": registrytest.Number(day.MustOf(1980, 5, 6), 2*(sequence+i)+1), "employment": "farming",
		}
		if i == 0 {
			m["relation"] = "head"
			if h.cadre {
				m["employment"] = "village_secretary"
			}
		}
		members = append(members, m)
	}
	r := map[string]any{
		"village": int64(village), "number": h.number, "land": map[string]any{"arable": h.land}, "income": map[string]any{"wage": h.wage}, "vehicles": []any{}, "members": members,
	}
	if h.vote != "" {
		r["vote"] = map[string]any{"held": "2013-12-01", "body": "representatives", "attended": 30, "result": h.vote}
	}
	if h.area > 0 {
		r["housing"] = map[string]any{"area": h.area}
	}
	if h.car {
		r["vehicles"] = []any{map[string]any{"kind": "car"}}
	}
	return r
}

// fifteen asks what the document says of the county where the house has fifteen points.
func fifteen(more map[string]any) map[string]any {
	body := map[string]any{"criteria": "shares@2015.1", "as_of": "2015-12-31", "division": yixian.String(), "what_if": map[string]any{"house_points": 15}}
	maps.Copy(body, more)
	return body
}

// people are so many households of so many members.
func people(households, members int64) identify.Count {
	return identify.Count{Households: households, Members: members}
}

// turned is who enters and leaves a division.
type turned struct {
	Division     struct{ ID string }
	Enter, Leave identify.Count
}

// tallied is a division's households and members by outcome.
type tallied struct{ Households, Members identify.Tally }

// areaOfMap is how many people of a division there are, and would be taken in.
type areaOfMap struct {
	ID                   string
	Total, Before, After int64
}

// supposedEffect is what a what-if answers.
type supposedEffect struct {
	Whole    tallied
	Register struct {
		identify.Agreement
		Share float64
	}
	Effect struct {
		Before    tallied
		Whole     turned
		Parts     []turned
		Areas     []areaOfMap
		Causes    []criteria.Cause
		Stability identify.Stability
		Band      identify.Band
		Standings []identify.Standing
		Cost      struct{ Before, After float64 }
		Sentence  struct{ ZH string }
	}
}

func (d *desk) same(what string, got, want any) {
	d.T.Helper()
	if !reflect.DeepEqual(got, want) {
		d.T.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

// TestTheNumbersOfAWhatIfAreThoseOfTheSmallCity moves the house from 8 to 15 points; every number is counted from the table of smallCity.
func TestTheNumbersOfAWhatIfAreThoseOfTheSmallCity(t *testing.T) {
	each(t, func(d *desk) {
		county, townships := d.build(smallCity())
		var x supposedEffect
		county.get(&x, "POST", "/what-if", fifteen(map[string]any{"by": "township", "map": "township", "band": 6, "price_per_person": 3000}))
		e := &x.Effect

		// Outcomes: at 8 points A1 (3) and A3 (2) are proposed, B3 (2) is barred, A4 (2) is undetermined, and A2 (4), B1 (1), B2 (2), B4 (2) are not proposed; at 15
		// A2 (4) and A3 (2) are proposed, B4 (2) is reviewed, B3 (2) is barred, A4 (2) is undetermined, and A1 (3), B1 (1), B2 (2) are not proposed.
		before := tallied{identify.Tally{Total: 8, Proposed: 2, NotProposed: 4, Barred: 1, Undetermined: 1}, identify.Tally{Total: 18, Proposed: 5, NotProposed: 9, Barred: 2, Undetermined: 2}}
		d.same("before", e.Before, before)
		d.same("after", x.Whole, tallied{
			identify.Tally{Total: 8, Proposed: 2, NotProposed: 3, Barred: 1, Review: 1, Undetermined: 1}, identify.Tally{Total: 18, Proposed: 6, NotProposed: 6, Barred: 2, Review: 2, Undetermined: 2},
		})

		// A2 (4) and B4 (2) enter, A1 (3) leaves.
		d.same("who turns", []identify.Count{e.Whole.Enter, e.Whole.Leave}, []identify.Count{people(2, 6), people(1, 3)})
		a, b := turned{Enter: people(1, 4), Leave: people(1, 3)}, turned{Enter: people(1, 2)}
		a.Division.ID, b.Division.ID = townships[0].String(), townships[1].String()
		d.same("who turns by township", e.Parts, []turned{a, b})

		// On the map, of 11 people of the first township the 5 of A1, A3 and then the 6 of A2, A3; of 7 of the second nobody and then the 2 of B4.
		d.same("areas", e.Areas, []areaOfMap{{a.Division.ID, 11, 5, 6}, {b.Division.ID, 7, 0, 2}})

		// The house gives A1 other points, and the land A2 and B4; with them the score comes to the other side of the cut.
		for i := range e.Causes {
			e.Causes[i].Title = errs.Text{}
		}
		d.same("causes", e.Causes, []criteria.Cause{{Kind: "part", ID: "house.area", Leave: 1}, {Kind: "part", ID: "land.arable", Enter: 2}, {Kind: "condition", ID: "score < cut", Enter: 2, Leave: 1}})

		// By the middle of A4's score the orders are A3 5, B3 12, A1 13, A4 15, A2 B2 B4 17, B1 30 and then A3 B3 5, A2 B2 B4 10, A4 15, A1 20, B1 30.
		// Of 28 pairs 3 are equal before and 4 after, those 3 among them. Turned round are A1 with A4 and each of A1 and A4 with A2, B2, B4: 7; as
		// they were are 28-4-7 = 17. So tau-b is (17-7) / sqrt((28-3)*(28-4)) = 10 / sqrt(600) = 0.408.
		if e.Stability.Households != 8 || math.Abs(e.Stability.Tau-10/math.Sqrt(600)) > 1e-12 {
			d.T.Errorf("stability %+v", e.Stability)
		}

		// Six points on either side of the cut are 8 to 20, both ends within: A2 (4), B2 (2), B4 (2) have 10, A1 (3) has 20, A4 (2) has 5 to 25. A3 and
		// B3 with 5 and B1 with 30 are outside.
		d.same("band", e.Band, identify.Band{Cut: 14, Width: 6, Below: people(3, 8), Above: people(1, 3), Open: people(1, 2)})

		// Of the registered A1 (3) and B3 (2) would not be taken in, A3 (2) would, and of A4 (2) it is not known; of the others A2 (4) and B4 (2) would,
		// and B1 (1) and B2 (2) would not. Of the seven that are known the document and the register agree about A3, B1 and B2.
		d.same("register", x.Register.Agreement, identify.Agreement{
			Registered: people(1, 2), Outside: people(2, 3), Included: people(2, 5), Missed: people(2, 6), Undetermined: people(1, 2), Registration: people(4, 9),
		})
		d.same("share", x.Register.Share, 3./7)

		// By score and income: B1 (1) neither; A1 (3) by income alone; A4 (2) by income, the score is not known; B2 (2) by score alone; A2 (4), A3 (2),
		// B3 (2), B4 (2) by both. The village voted on two: against A1, for A2.
		standing := func(score, income, vote criteria.Truth, c identify.Count) identify.Standing {
			return identify.Standing{Score: score, Income: income, Vote: vote, Count: c}
		}
		d.same("standings", e.Standings, []identify.Standing{
			standing(criteria.No, criteria.No, criteria.Unknown, people(1, 1)), standing(criteria.No, criteria.Yes, criteria.No, people(1, 3)),
			standing(criteria.Unknown, criteria.Yes, criteria.Unknown, people(1, 2)), standing(criteria.Yes, criteria.No, criteria.Unknown, people(1, 2)),
			standing(criteria.Yes, criteria.Yes, criteria.Unknown, people(3, 6)), standing(criteria.Yes, criteria.Yes, criteria.Yes, people(1, 4)),
		})

		// At 3,000 yuan for each of 5 people before (A1, A3), and of 8 after (A2, A3, B4).
		apart := 0
		for i := range e.Standings {
			if e.Standings[i].Apart() {
				apart++
			}
		}
		d.same("ways to disagree", apart, 2) // A1: its score and its vote with its income; B2: its score with its income
		d.same("cost", []float64{e.Cost.Before, e.Cost.After}, []float64{15_000, 24_000})

		first, second := d.Places.NameOn(townships[0], day.MustOf(2015, 12, 31)), d.Places.NameOn(townships[1], day.MustOf(2015, 12, 31))
		d.same("sentence", e.Sentence.ZH, "如果房的分值是 15 分：多 3 人（新拟纳入 2 户 6 人，不再拟纳入 1 户 3 人），主要在"+first+"、"+second+"（占变动人数的 100%）。")

		for which, want := range map[string][]string{
			"enter": {"A2 not_proposed proposed", "B4 not_proposed review"}, "leave": {"A1 proposed not_proposed"},
			"borderline": {"A1  not_proposed", "A2  proposed", "A4  undetermined", "B2  not_proposed", "B4  review"}, "barred": {"B3  barred"},
		} {
			var list struct {
				Total      int
				Households []struct{ Number, Before, After string }
			}
			county.get(&list, "POST", "/what-if/households", fifteen(map[string]any{"which": which, "band": 6, "limit": 50}))
			var got []string
			for _, h := range list.Households {
				got = append(got, h.Number+" "+h.Before+" "+h.After)
			}
			slices.Sort(got)
			d.same(which, got, want)
			d.same(which+" in all", list.Total, len(want))
		}

		// What is stored of the document as it is says what the what-if says of it.
		var run tallied
		county.get(&struct{ Whole *tallied }{&run}, "POST", "/runs", map[string]any{"criteria": "shares@2015.1", "as_of": "2015-12-31", "division": yixian.String()})
		d.same("the stored run", run, before)
	})
}
