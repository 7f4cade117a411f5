package form_test

import (
	"testing"

	"liandong/day"
	"liandong/form"
)

// family is a household of a village with members of the given relations.
func family(relations ...string) *form.Record {
	h := form.Household()
	r := h.Root.New()
	r.SetValue(h.Root.Must("village"), 130624100201)
	members := h.Root.Must("members")
	for _, relation := range relations {
		m := r.Add(members)
		s := m.Section()
		m.SetText(s.Must("name"), "王某")
		m.SetValue(s.Must("relation"), s.Fields[s.Must("relation")].Codes.Number(relation))
	}
	return r
}

func kinds(findings []form.Finding) map[string]string {
	out := map[string]string{}
	for _, f := range findings {
		out[f.Kind] = f.Where()
	}
	return out
}

func TestAHouseholdHasExactlyOneHead(t *testing.T) {
	t.Parallel()
	on := day.MustOf(2015, 12, 31)
	for _, c := range []struct {
		relations []string
		kind      string
		where     string
	}{
		{[]string{"head", "spouse"}, "", ""},
		{[]string{"self"}, "", ""},
		{[]string{"spouse", "son"}, "no_head", "members[0].relation"},
		{[]string{"head", "spouse", "head"}, "two_heads", "members[2].relation"},
		{nil, form.KindMissing, "members"},
	} {
		got := kinds(form.Household().Check(family(c.relations...), on))
		if c.kind == "" && len(got) > 0 || c.kind != "" && got[c.kind] != c.where {
			t.Errorf("%v: %v, want %s at %s", c.relations, got, c.kind, c.where)
		}
	}
}

func TestQuestionsThatDoNotAriseAreTold(t *testing.T) {
	t.Parallel()
	h, on := form.Household(), day.MustOf(2015, 12, 31)
	r := family("head", "son")
	items, _ := r.Items(h.Root.Must("members"))
	son := items[1]
	for path, words := range map[string]string{"at_school": "小学", "education": "小学", "born": "2005-01-01", "away.months": "3"} {
		if finding := son.ReadText(son.Section().Must(path), words, on); finding != nil {
			t.Fatal(finding.Text)
		}
	}
	got := map[string]bool{}
	for _, f := range h.Check(r, on) {
		got[f.Where()] = f.Kind == form.KindNotRelevant && f.Severity == form.Warning
	}
	if !got["members[1].education"] || !got["members[1].away.months"] || len(got) != 2 {
		t.Errorf("%v", got)
	}
	if h.Relevant(r, son, "members", "education", on) || !h.Relevant(r, items[0], "members", "education", on) {
		t.Error("education is asked of the pupil, or not of the head")
	}
}

func TestCodesHoldInTheirTime(t *testing.T) {
	t.Parallel()
	h := form.Household()
	r := family("head")
	r.SetValue(h.Root.Must("attribute"), h.Codes["attribute"].Number("special_hardship"))
	if got := kinds(h.Check(r, day.MustOf(2015, 12, 31))); got[form.KindEndedCode] != "attribute" {
		t.Errorf("特困 in 2015: %v", got)
	}
	if got := h.Check(r, day.MustOf(2017, 1, 1)); len(got) != 0 {
		t.Errorf("特困 in 2017: %v", got)
	}
}

func TestAMemberIsNotBornAfterTheEntry(t *testing.T) {
	t.Parallel()
	r := family("head", "son")
	items, _ := r.Items(r.Section().Must("members"))
	items[1].SetValue(items[1].Section().Must("born"), int64(day.MustOf(2016, 1, 1).UnixDays()))
	if got := kinds(form.Household().Check(r, day.MustOf(2015, 12, 31))); got["born_later"] != "members[1].born" {
		t.Errorf("%v", got)
	}
}
