package profile_test

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/profile"
	"liandong/internal/registry"
)

// later gives a household a new income per head from a day on.
func (v *village) later(d registry.Draft, perHead int, on day.Date) {
	v.T.Helper()
	v.Answer(d.Record, "income.wage", strconv.Itoa(2*perHead))
	d.Valid, d.Event, d.Version = on, registry.Corrected, 1
	v.MustSave(v.Fuping, d)
}

func (v *village) moves(q profile.TransitionRequest) *profile.Transition {
	v.T.Helper()
	if q.Division == 0 {
		q.Division = fuping
	}
	q.Before.AsOf, q.After.AsOf = day.MustOf(2014, 12, 31), day.MustOf(2015, 12, 31)
	t, err := v.room.Transition(v.Ctx, figures(v.Leader), q)
	if err != nil {
		v.T.Fatal(err)
	}
	return t
}

// yearsApart fills a register of which in 2014, at a line of 2800 yuan, 36 households of two have 2700 yuan a head (24 of illness, 12 of schooling) and 24 have
// 2900; in 2015, at a line of 2855, of the first 12 of illness have 3000, of the last 12 have 2800, and 14 new households have 1000.
func (v *village) yearsApart() {
	autumn := day.MustOf(2015, 10, 1)
	for i := range 36 {
		cause := "因病"
		if i >= 24 {
			cause = "因学"
		}
		d := v.add(fuping, 2700, cause)
		if i < 12 {
			v.later(d, 3000, autumn)
		}
	}
	for i := range 24 {
		d := v.add(fuping, 2900, "因学")
		if i < 12 {
			v.later(d, 2800, autumn)
		}
	}
	for range 14 {
		d := v.unsaved(fuping, 1000, "因病")
		d.Valid = autumn
		v.MustSave(v.Fuping, d)
	}
}

func TestWhoLeftPovertyAndWhoFellBackByIncome(t *testing.T) {
	each(t, func(v *village) {
		v.yearsApart()
		m := v.moves(profile.TransitionRequest{Basis: profile.ByIncome, By: "cause"})
		if m.Lines != [2]float64{2800, 2855} {
			v.T.Errorf("lines %v", m.Lines)
		}
		w := &m.Whole
		for _, c := range []struct {
			what                string
			got                 profile.Count
			households, persons int64
		}{
			{"poor before", w.Cells[profile.StatePoor][profile.StateTotal], 36, 72},
			{"left", w.Left(), 12, 24},
			{"stayed", w.Stayed(), 24, 48},
			{"gone", w.Gone(), 0, 0},
			{"fell back", w.FellBack(), 12, 24},
			{"entered", w.Entered(), 14, 28},
			{"poor after", w.Cells[profile.StateTotal][profile.StatePoor], 50, 100},
			{"all", w.Cells[profile.StateTotal][profile.StateTotal], 74, 148},
		} {
			if c.got != (profile.Count{Households: c.households, Persons: c.persons}) {
				v.T.Errorf("%s: %+v, want %d households of %d", c.what, c.got, c.households, c.persons)
			}
		}
		left, _ := w.LeftRate()
		fell, _ := w.FellBackRate()
		if !near(left, 1.0/3) || !near(fell, 0.5) {
			v.T.Errorf("left %v, fell back %v", left, fell)
		}
		if len(m.Groups) != 2 || m.Groups[0].Key != "illness" || m.Groups[0].Persons != 76 || m.Groups[1].Key != "schooling" {
			v.T.Fatalf("groups %+v", m.Groups)
		}
		ill := &m.Groups[0]
		if rate, _ := ill.LeftRate(); !near(rate, 0.5) || ill.Entered().Persons != 28 || ill.FellBack().Persons != 0 {
			v.T.Errorf("illness: left %v, %+v entered, %+v fell back", rate, ill.Entered(), ill.FellBack())
		}
		if rate, why := ill.FellBackRate(); !math.IsNaN(rate) || !strings.Contains(why.ZH, "没有定义") {
			v.T.Errorf("nobody of illness was out of poverty: %v, %q", rate, why.ZH)
		}
		for _, words := range []string{"阜平县", "（2,800 元、2,855 元）", "由 72 人变为 100 人", "脱贫 24 人", "返贫 24 人", "新进 28 人", "没有抽样误差"} {
			if !strings.Contains(m.Sentence.ZH, words) {
				v.T.Errorf("the sentence %q lacks %q", m.Sentence.ZH, words)
			}
		}
		// One line for both days: of 2800 the twelve of 2800 stay out.
		if same := v.moves(profile.TransitionRequest{Basis: profile.ByIncome, Line: "2800"}); same.Whole.FellBack().Persons != 0 || same.Whole.Left().Persons != 24 {
			v.T.Errorf("at 2800 on both days: %+v", same.Whole)
		}
		// Members: each household has one with labour and one without, and 12 persons are too few.
		if labour := v.moves(profile.TransitionRequest{Basis: profile.ByIncome, By: "labour"}); labour.Groups[1].Left() != (profile.Count{Households: 12, Persons: 12, Held: true}) {
			v.T.Errorf("by labour %+v", labour.Groups)
		}
	})
}

func TestWhoLeftPovertyAndWhoFellBackByStatus(t *testing.T) {
	each(t, func(v *village) {
		var ids []registry.ID
		for range 40 {
			ids = append(ids, v.add(fuping, 2000, "因病").Household)
		}
		v.MustSetStatus(fuping, registry.NotOut, day.MustOf(2014, 6, 1), ids[:25]...)
		v.MustSetStatus(fuping, registry.OutWithPolicy, day.MustOf(2014, 6, 1), ids[25:]...)
		v.MustSetStatus(fuping, registry.OutWithPolicy, day.MustOf(2015, 11, 1), ids[:11]...)
		v.MustSetStatus(fuping, registry.Returned, day.MustOf(2015, 11, 1), ids[25:37]...)
		m := v.moves(profile.TransitionRequest{Basis: profile.ByStatus})
		// 25 were poor: 11 left, 14 stay. 15 were out: 12 fell back, and the 3 that stayed out are too few; they would follow from the row of 15, so that
		// the 12 are held back, and with them what would give those from the columns.
		if left := m.Whole.Cells[profile.StatePoor][profile.StateTotal]; left.Held || left.Persons != 50 {
			v.T.Errorf("poor before: %+v", left)
		}
		if !m.Whole.FellBack().Held || !m.Whole.Cells[profile.StateNotPoor][profile.StateNotPoor].Held || !m.Whole.Left().Held || !m.Whole.Stayed().Held {
			v.T.Errorf("the three that stayed out can be found: %+v", m.Whole.Cells)
		}
		if rate, why := m.Whole.LeftRate(); !math.IsNaN(rate) || !strings.Contains(why.ZH, "不公布") {
			v.T.Errorf("the rate %v, %q", rate, why.ZH)
		}
		if !strings.Contains(m.Sentence.ZH, "返贫（不公布）") || !strings.Contains(m.Sentence.ZH, "不足 10 户或 20 人") {
			v.T.Errorf("%q", m.Sentence.ZH)
		}
		v.MustSetStatus(fuping, registry.Returned, day.MustOf(2015, 11, 2), ids[37:]...)
		if m = v.moves(profile.TransitionRequest{Basis: profile.ByStatus}); m.Whole.FellBack() != (profile.Count{Households: 15, Persons: 30}) || m.Whole.Left().Persons != 22 || m.Whole.Stayed().Persons != 28 {
			v.T.Errorf("%+v", m.Whole)
		}
		if !math.IsNaN(m.Lines[0]) || !strings.Contains(m.Sentence.ZH, "建档贫困人口由 50 人变为 58 人") {
			v.T.Errorf("%v, %q", m.Lines, m.Sentence.ZH)
		}
	})
}

func TestTransitionsThatCannotBeCounted(t *testing.T) {
	each(t, func(v *village) {
		v.yearsApart()
		ask := func(q profile.TransitionRequest) error {
			if q.Division == 0 {
				q.Division = fuping
			}
			if q.Before.AsOf.IsZero() {
				q.Before.AsOf = day.MustOf(2014, 12, 31)
			}
			q.After.AsOf = day.MustOf(2015, 12, 31)
			_, err := v.room.Transition(v.Ctx, figures(v.Fuping), q)
			return err
		}
		for what, c := range map[string]struct {
			q    profile.TransitionRequest
			kind errs.Kind
			zh   string
		}{
			"a day not earlier":        {profile.TransitionRequest{Basis: profile.ByIncome, Before: registry.Moment{AsOf: day.MustOf(2015, 12, 31)}}, errs.Invalid, "前一个日期应早于后一个"},
			"a year without a line":    {profile.TransitionRequest{Basis: profile.ByIncome, Before: registry.Moment{AsOf: day.MustOf(2001, 1, 1)}}, errs.Invalid, "没有 2001 年的贫困标准"},
			"a relative line":          {profile.TransitionRequest{Basis: profile.ByIncome, Line: "60%median"}, errs.Invalid, "请写金额"},
			"a line of a status":       {profile.TransitionRequest{Basis: profile.ByStatus, Line: "2800"}, errs.Invalid, "不用贫困线"},
			"a basis that is none":     {profile.TransitionRequest{Basis: "hearsay"}, errs.Invalid, "basis"},
			"a breakdown that is none": {profile.TransitionRequest{Basis: profile.ByIncome, By: "zodiac"}, errs.Usage, "没有「zodiac」"},
			"another county":           {profile.TransitionRequest{Basis: profile.ByIncome, Division: yixian}, errs.NotFound, ""},
			"what lies above":          {profile.TransitionRequest{Basis: profile.ByIncome, Division: baoding}, errs.NotFound, ""},
		} {
			if err := ask(c.q); !errs.Is(err, c.kind) || !strings.Contains(errs.Sentence(err).ZH, c.zh) {
				v.T.Errorf("%s: %v", what, err)
			}
		}
		empty := v.moves(profile.TransitionRequest{Basis: profile.ByStatus, Division: yixian})
		if empty.Whole.Persons != 0 || !strings.Contains(empty.Sentence.ZH, "没有可比较的人口") {
			v.T.Errorf("an empty county: %+v", empty.Whole)
		}
	})
}
