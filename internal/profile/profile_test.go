package profile_test

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/internal/access"
	"liandong/internal/figure"
	"liandong/internal/profile"
	"liandong/internal/registry"
	"liandong/internal/registry/registrytest"
	"liandong/place"
)

const (
	baoding = registrytest.Baoding
	fuping  = registrytest.Fuping
	yixian  = registrytest.Yixian
)

// village is a register of which every household's income is known: of two persons each, incomes per head 1000, 1100, … yuan.
type village struct {
	*registrytest.Desk
	room     *profile.Room
	sequence int
}

func each(t *testing.T, test func(v *village)) {
	registrytest.Each(t, nil, func(d *registrytest.Desk) {
		room, err := profile.New(d.Registry, d.Places)
		if err != nil {
			d.T.Fatal(err)
		}
		test(&village{Desk: d, room: room})
	})
}

// unsaved is a household of two with an income per head in yuan and a cause; add saves it.
func (v *village) unsaved(county place.ID, perHead int, cause string) registry.Draft {
	v.T.Helper()
	v.sequence++
	draft := v.Draft(county, v.sequence)
	for _, path := range []string{"income.business", "income.property", "income.transfer", "income.cost"} {
		v.Answer(draft.Record, path, "0")
	}
	v.Answer(draft.Record, "main_cause", cause)
	v.Answer(draft.Record, "income.wage", strconv.Itoa(2*perHead))
	members, _ := draft.Record.Items(draft.Record.Section().Must("members"))
	v.Answer(members[0], "labour", "普通劳动力")
	v.Answer(members[1], "labour", "无劳动力")
	return draft
}

func (v *village) add(county place.ID, perHead int, cause string) registry.Draft {
	v.T.Helper()
	draft := v.unsaved(county, perHead, cause)
	actor := v.Fuping
	if county == yixian {
		actor = v.Yixian
	}
	v.MustSave(actor, draft)
	return draft
}

// fill adds 20 households of illness from 1000 yuan on and 12 of schooling from 4000 yuan on.
func (v *village) fill() {
	for i := range 20 {
		v.add(fuping, 1000+100*i, "因病")
	}
	for i := range 12 {
		v.add(fuping, 4000+100*i, "因学")
	}
}

func figures(a access.Actor) access.Scope {
	return a.Scope(access.ReadFigures, day.MustOf(2015, 12, 31))
}

func (v *village) measure(q profile.Request) *profile.Profile {
	v.T.Helper()
	if q.Division == 0 {
		q.Division = fuping
	}
	if q.At.AsOf.IsZero() {
		q.At.AsOf = day.MustOf(2015, 12, 31)
	}
	p, err := v.room.Measure(v.Ctx, figures(v.Leader), q)
	if err != nil {
		v.T.Fatal(err)
	}
	return p
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func TestAProfileCountsPersonsAgainstTheLineOfTheYear(t *testing.T) {
	each(t, func(v *village) {
		v.fill()
		p := v.measure(profile.Request{By: "cause"})
		// 1000 to 2900 in steps of 100: nineteen lie below 2855.
		if got := p.Value("", "headcount"); !near(got, 19.0/32) || p.Report.Line != 2855 || p.Households != 32 || p.Report.WeightSum != 64 {
			v.T.Errorf("headcount %v at %v, %d households, %v persons", got, p.Report.Line, p.Households, p.Report.WeightSum)
		}
		if ill, school := p.Value("illness", "headcount"), p.Value("schooling", "headcount"); !near(ill, 0.95) || school != 0 {
			v.T.Errorf("illness %v, schooling %v", ill, school)
		}
		if p.Groups[0].Key != "illness" || p.Groups[0].Persons != 40 || p.Groups[0].Title.ZH != "因病" {
			v.T.Errorf("groups %+v", p.Groups)
		}
		for _, words := range []string{"阜平县", "32 户、64 人", "2,855 元的有 38 人，占 59.4%", "没有抽样误差"} {
			if !strings.Contains(p.Sentence.ZH, words) {
				v.T.Errorf("the sentence %q lacks %q", p.Sentence.ZH, words)
			}
		}
		for _, e := range p.Report.Results {
			if !math.IsNaN(e.SE) || e.NoError.ZH != "全面调查，没有抽样误差。" {
				v.T.Errorf("%s of %q: error %v, %q", e.Measure, e.Group, e.SE, e.NoError.ZH)
			}
		}
		// The year before had another line: 1000 to 2700 lie below 2800.
		if got := v.measure(profile.Request{At: registry.Moment{AsOf: day.MustOf(2014, 12, 31)}}); got.Report.Line != 2800 || !near(got.Value("", "headcount"), 18.0/32) {
			v.T.Errorf("in 2014 the line is %v and the headcount %v", got.Report.Line, got.Value("", "headcount"))
		}
		_, err := v.room.Measure(v.Ctx, figures(v.Leader), profile.Request{Division: fuping, At: registry.Moment{AsOf: day.MustOf(2031, 1, 1)}})
		if !errs.Is(err, errs.Invalid) || !strings.Contains(errs.Sentence(err).ZH, "没有 2031 年的贫困标准") {
			v.T.Errorf("a year without a line: %v", err)
		}
	})
}

func TestMembersOfOneHouseholdFallIntoDifferentGroups(t *testing.T) {
	each(t, func(v *village) {
		v.fill()
		p := v.measure(profile.Request{By: "labour", Measures: "headcount,mean"})
		if len(p.Groups) != 2 || p.Groups[0].Key != "ordinary" || p.Groups[0].Persons != 32 || p.Groups[1].Key != "none" || p.Groups[1].Households != 32 {
			v.T.Errorf("groups %+v", p.Groups)
		}
		if whole, one := p.Value("", "headcount"), p.Value("none", "headcount"); !near(whole, 19.0/32) || !near(one, whole) {
			v.T.Errorf("headcount %v, of those without labour %v", whole, one)
		}
		if ages := v.measure(profile.Request{By: "age"}); len(ages.Groups) != 1 || ages.Groups[0].Key != "16-59" || ages.Groups[0].Persons != 64 {
			v.T.Errorf("ages %+v", ages.Groups)
		}
		if statuses := v.measure(profile.Request{By: "status"}); len(statuses.Groups) != 1 || statuses.Groups[0].Title.ZH != "未建档" {
			v.T.Errorf("statuses %+v", statuses.Groups)
		}
		if sizes := v.measure(profile.Request{By: "size"}); len(sizes.Groups) != 1 || sizes.Groups[0].Key != "2" {
			v.T.Errorf("sizes %+v", sizes.Groups)
		}
		if _, err := v.room.Measure(v.Ctx, figures(v.Leader), profile.Request{Division: fuping, By: "zodiac", At: registry.Moment{AsOf: day.MustOf(2015, 12, 31)}}); !errs.Is(err, errs.Usage) {
			v.T.Errorf("a breakdown that is none: %v", err)
		}
	})
}

// TestSmallGroupsAreHeldBackAndCannotBeSubtracted adds three households of disability: with the whole and the others published, theirs would follow.
func TestSmallGroupsAreHeldBackAndCannotBeSubtracted(t *testing.T) {
	each(t, func(v *village) {
		v.fill()
		for i := range 3 {
			v.add(fuping, 500+i, "因残")
		}
		p := v.measure(profile.Request{By: "cause", Measures: "headcount,gini,lorenz"})
		held := map[string]bool{}
		for _, g := range p.Groups {
			held[g.Key] = g.Held
		}
		if !held["disability"] || !held["schooling"] || held["illness"] {
			v.T.Errorf("held back: %v", held)
		}
		for _, e := range p.Report.Results {
			hidden := e.Group == "disability" || e.Group == "schooling"
			if hidden != (strings.Contains(e.Undefined.ZH, "不公布") && e.Measure.String() != "lorenz" || hidden && e.N == 0) {
				v.T.Errorf("%s of %q: %v, %q", e.Measure, e.Group, e.Value, e.Undefined.ZH)
			}
			if e.Curve != nil {
				v.T.Errorf("a curve of %q of few households is shown", e.Group)
			}
		}
		if whole := p.Value("", "headcount"); math.IsNaN(whole) {
			v.T.Error("the whole is held back too")
		}
	})
}

func TestAVillageOfFewSaysNothing(t *testing.T) {
	each(t, func(v *village) {
		draft := v.add(fuping, 1000, "因病")
		at, _ := draft.Record.Value(form.Household().Root.Must("village"))
		p := v.measure(profile.Request{Division: place.ID(at)})
		if !math.IsNaN(p.Value("", "headcount")) || !strings.Contains(p.Sentence.ZH, "不足 10 户或 20 人的分组不公布") || strings.Contains(p.Sentence.ZH, "100") {
			v.T.Errorf("headcount %v, %q", p.Value("", "headcount"), p.Sentence.ZH)
		}
		empty := v.measure(profile.Request{Division: yixian})
		if len(empty.Report.Results) != 0 || !strings.Contains(empty.Sentence.ZH, "没有可计算的人口") {
			v.T.Errorf("an empty county: %+v", empty.Report)
		}
	})
}

func TestIncompleteIncomesAreLeftOutAndCounted(t *testing.T) {
	each(t, func(v *village) {
		v.fill()
		v.sequence++
		v.MustSave(v.Fuping, v.Draft(fuping, v.sequence)) // no word on business, property, transfers and cost
		p := v.measure(profile.Request{})
		if p.Unknown != 1 || p.Households != 32 || !strings.Contains(p.Sentence.ZH, "另有 1 户收入不全，未计入") {
			v.T.Errorf("%d unknown, %d known, %q", p.Unknown, p.Households, p.Sentence.ZH)
		}
	})
}

func TestOnlyTheRegisteredPoorWhereAskedFor(t *testing.T) {
	each(t, func(v *village) {
		v.fill()
		var ids []registry.ID
		for range 11 {
			ids = append(ids, v.add(fuping, 2000, "因病").Household)
		}
		v.MustSetStatus(fuping, registry.NotOut, day.MustOf(2014, 6, 1), ids...)
		p := v.measure(profile.Request{Poor: true, Measures: "headcount,mean"})
		if p.Households != 11 || p.Value("", "headcount") != 1 || !near(p.Value("", "mean"), 2000) {
			v.T.Errorf("%d households, headcount %v, mean %v", p.Households, p.Value("", "headcount"), p.Value("", "mean"))
		}
	})
}

func TestWhatLiesElsewhereIsNotThere(t *testing.T) {
	each(t, func(v *village) {
		v.fill()
		q := profile.Request{Division: fuping, At: registry.Moment{AsOf: day.MustOf(2015, 12, 31)}}
		_, elsewhere := v.room.Measure(v.Ctx, figures(v.Yixian), q)
		q.Division = baoding // of which the county's office has a part
		_, above := v.room.Measure(v.Ctx, figures(v.Fuping), q)
		if !errs.Is(elsewhere, errs.NotFound) || !errs.Is(above, errs.NotFound) {
			v.T.Errorf("elsewhere: %v, above: %v", elsewhere, above)
		}
	})
}

func TestTheBookHasTheMainNumbersWithTheirHouseholds(t *testing.T) {
	each(t, func(v *village) {
		v.fill()
		book, err := figure.NewBook(v.Figures(), v.room.Figures())
		if err != nil {
			v.T.Fatal(err)
		}
		q := figure.Query{Division: fuping, AsOf: day.MustOf(2015, 12, 31), Scope: figures(v.Leader), Records: v.Reads(v.Leader), Rows: 5}
		rate, err := book.Get(v.Ctx, "income_poverty_rate", q)
		if err != nil {
			v.T.Fatal(err)
		}
		if !near(rate.Value.Number, 100*19.0/32) || !near(*rate.Value.Numerator, 38) || *rate.Value.Denominator != 64 || rate.Value.RowCount != 19 || len(rate.Value.Rows) != 5 {
			v.T.Errorf("rate %+v", rate.Value)
		}
		for _, row := range rate.Value.Rows {
			if row.Value >= 2855 || !strings.Contains(row.Label, "单*国") {
				v.T.Errorf("proof %+v", row)
			}
		}
		if !slices.ContainsFunc(rate.Value.Notes, func(n errs.Text) bool { return strings.Contains(n.ZH, "2,855") }) {
			v.T.Errorf("notes %v", rate.Value.Notes)
		}
		for name, want := range map[string]float64{"income_poverty_gap": 100 * gapOf(2855), "income_median": 2550} {
			f, err := book.Get(v.Ctx, name, q)
			if err != nil || !near(f.Value.Number, want) {
				v.T.Errorf("%s: %v, want %v (%v)", name, f.Value.Number, want, err)
			}
		}
		if _, err := book.Together(v.Ctx, "income_median", q, []place.ID{fuping, yixian}); !errs.Is(err, errs.Invalid) {
			v.T.Errorf("the median of two counties together: %v", err)
		}
		parts, err := book.ByDivision(v.Ctx, "income_gini", q, []place.ID{fuping, yixian})
		if err != nil || len(parts) != 2 || !(parts[0].Value.Number > 0) || !math.IsNaN(parts[1].Value.Number) || len(parts[1].Value.Notes) == 0 {
			v.T.Errorf("by county: %+v, %v", parts, err)
		}
	})
}

// gapOf is the poverty gap of the filled register.
func gapOf(line float64) float64 {
	sum := 0.0
	for i := range 20 {
		sum += max(0, line-float64(1000+100*i)) / line
	}
	return sum / 32
}
