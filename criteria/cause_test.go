package criteria

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"liandong/criteria/criteriatest"
	"liandong/criteria/population"
	"liandong/errs"
	"liandong/formula"
)

func shippedText(t *testing.T, id string) []byte {
	t.Helper()
	text, err := ShippedText(id)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestCausesCountWhatDiffers counts, record by record, what two documents say differently about those who enter and leave, and wants the bit
// planes to count the same.
func TestCausesCountWhatDiffers(t *testing.T) {
	t.Parallel()
	text := shippedText(t, "four-looks@2015.1")
	tables, err := population.Make(3000, 5)
	if err != nil {
		t.Fatal(err)
	}
	whole := Range{Table: tables[0], From: 70, To: 2990}
	evaluate := func(a Amendments, moved map[string]float64) (*Document, *Verdicts) {
		d, err := ParseAmended(text, criteriatest.Forms, a)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := d.Plan(Settings{AsOf: criteriatest.AsOf(), Parameters: moved})
		if err != nil {
			t.Fatal(err)
		}
		v, err := plan.Evaluate(context.Background(), whole)
		if err != nil {
			t.Fatal(err)
		}
		return d, v[0]
	}
	d, before := evaluate(Amendments{}, nil)
	for name, c := range map[string]struct {
		amend Amendments
		moved map[string]float64
		named string // a cause that there must be
	}{
		"another line":           {Amendments{}, map[string]float64{"income_line": 4000}, "condition income_per_head < income_line"},
		"another cut":            {Amendments{}, map[string]float64{"cut": 45}, "condition score < cut"},
		"a lighter house":        {Amendments{Weights: map[string]float64{"house": 0.5}}, nil, "part house.structure"},
		"a part of another kind": {Amendments{Points: map[string]string{"house.area": "area_per_head < 40 ? 0 : 6"}}, nil, "part house.area"},
		"a bar off":              {Amendments{Bars: map[string]string{"vehicle": Off}}, nil, "bar vehicle"},
		"a bar for review":       {Amendments{Bars: map[string]string{"salary": "review"}}, nil, "bar salary"},
		"computed points":        {Amendments{Points: map[string]string{"house.area": "min(6.0, area_per_head / 7)"}}, nil, "part house.area"},
	} {
		_, after := evaluate(c.amend, c.moved)
		from, to := 11, 2700
		got := map[string]string{}
		for _, cause := range Causes(before, after, from, to) {
			got[cause.Kind+" "+cause.ID] = fmt.Sprint(cause.Enter, " ", cause.Leave)
		}
		if got[c.named] == "" {
			t.Errorf("%s: %q is no cause among %v", name, c.named, got)
		}
		for part, p := range before.plan.titledParts() {
			enter, leave := countTurns(before, after, from, to, func(i int) bool { return before.Points(part, i) != after.Points(part, i) })
			if want := fmt.Sprint(enter, " ", leave); want != "0 0" && got["part "+p.name] != want {
				t.Errorf("%s: part %s differs for %s of those who enter and leave, the planes say %s", name, p.name, want, got["part "+p.name])
			}
		}
		for term := range before.plan.terms {
			enter, leave := countTurns(before, after, from, to, func(i int) bool { return before.Term(term, i) != after.Term(term, i) })
			name := after.plan.terms[term].text
			if want := fmt.Sprint(enter, " ", leave); want != "0 0" && got["condition "+name] != want {
				t.Errorf("%s: condition %s differs for %s of those who enter and leave, the planes say %s", name, name, want, got["condition "+name])
			}
		}
		if c.amend.None() {
			for bar := range d.Bars {
				if got["bar "+d.Bars[bar].ID] != "" {
					t.Errorf("%s: a bar that nobody touched is a cause", name)
				}
			}
		}
	}
}

// A condition that is dropped, added or moved to another place did it where it is not met, and no other condition did.
func TestAConditionThatIsDroppedOrAddedIsACause(t *testing.T) {
	t.Parallel()
	tables, err := population.Make(3000, 5)
	if err != nil {
		t.Fatal(err)
	}
	whole := Range{Table: tables[0], From: 0, To: 3000}
	evaluate := func(poor string) *Verdicts {
		d, err := ParseAmended(shippedText(t, "four-looks@2015.1"), criteriatest.Forms, Amendments{Poor: poor})
		if err != nil {
			t.Fatal(err)
		}
		plan, err := d.Plan(Settings{AsOf: criteriatest.AsOf()})
		if err != nil {
			t.Fatal(err)
		}
		v, err := plan.Evaluate(context.Background(), whole)
		if err != nil {
			t.Fatal(err)
		}
		return v[0]
	}
	const score, income, size = "score < cut", "income_per_head < income_line", "size < 3"
	for name, c := range map[string]struct {
		before, after string
		did           []string
	}{
		"the first dropped":   {score + " && " + income, income, []string{score}},
		"the last dropped":    {score + " && " + income, score, []string{income}},
		"one added":           {score, score + " && " + size, []string{size}},
		"one added before":    {income, size + " && " + income, []string{size}},
		"turned about":        {score + " && " + income, income + " && " + score, nil},
		"one for another":     {score + " && " + income, size + " && " + income, []string{size}},
		"two for one of them": {score, size + " && " + income, []string{size, income}},
	} {
		before, after := evaluate(c.before), evaluate(c.after)
		var did []string
		for _, cause := range Causes(before, after, 0, 3000) {
			enter, leave := countTurns(before, after, 0, 3000, func(int) bool { return true })
			if cause.Kind != "condition" || cause.Enter > enter || cause.Leave > leave {
				t.Errorf("%s: %+v, though %d enter and %d leave", name, cause, enter, leave)
			}
			if name == "one added" && cause.Leave != leave { // everybody who leaves does so by it
				t.Errorf("%s: %d leave, by the condition %d", name, leave, cause.Leave)
			}
			did = append(did, cause.ID)
		}
		if !slices.Equal(did, c.did) {
			t.Errorf("%s: %q did it, %q is wanted", name, did, c.did)
		}
	}
}

func countTurns(before, after *Verdicts, from, to int, differs func(i int) bool) (enter, leave int) {
	for i := from; i < to; i++ {
		was, is := before.Verdict(i).Outcome.Would(), after.Verdict(i).Outcome.Would()
		if was != is && differs(i) {
			if is {
				enter++
			} else {
				leave++
			}
		}
	}
	return enter, leave
}

func TestWeightsScaleWhatAPartGives(t *testing.T) {
	t.Parallel()
	d, err := ParseAmended(shippedText(t, "four-looks@2015.1"), criteriatest.Forms, Amendments{Weights: map[string]float64{"house": 2, "grain.land": 0.5}})
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Max(); got != 100+20-6 {
		t.Errorf("the greatest score is %g, 114 is wanted", got)
	}
}

func TestAmendmentsNameWhatTheDocumentHas(t *testing.T) {
	t.Parallel()
	text := shippedText(t, "four-looks@2015.1")
	for name, c := range map[string]struct {
		amend Amendments
		says  string
	}{
		"no such indicator":     {Amendments{Weights: map[string]float64{"roof": 2}}, "house house.structure"},
		"a weight below zero":   {Amendments{Weights: map[string]float64{"house": -1}}, "from 0 to 1000"},
		"no such bar":           {Amendments{Bars: map[string]string{"boat": Off}}, "vehicle"},
		"no such kind of bar":   {Amendments{Bars: map[string]string{"vehicle": "maybe"}}, "off, veto or review"},
		"no such part":          {Amendments{Points: map[string]string{"house.roof": "1"}}, "house.area"},
		"no such field":         {Amendments{Points: map[string]string{"house.area": "housing.aera < 3 ? 0 : 6"}}, "housing.area"},
		"more than the maximum": {Amendments{Points: map[string]string{"house.area": "housing.area < 3 ? 0 : 7"}}, "at most 6 points"},
	} {
		_, err := ParseAmended(text, criteriatest.Forms, c.amend)
		if err == nil {
			t.Errorf("%s was accepted", name)
			continue
		}
		says := errs.Sentence(err).EN
		if refusal, ok := errors.AsType[*formula.Refusal](err); ok {
			says = refusal.Error()
		}
		if !strings.Contains(says, c.says) {
			t.Errorf("%s: %q does not say %q", name, says, c.says)
		}
	}
}
