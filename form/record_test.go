package form_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"liandong/day"
	"liandong/form"
)

// answers draws a random record of a section, lists included.
func answers(t *rapid.T, s *form.Section) *form.Record {
	r := s.New()
	for i := range s.Fields {
		f := &s.Fields[i]
		if rapid.Bool().Draw(t, "missing") {
			continue
		}
		switch f.Type {
		case form.Bool:
			r.SetValue(i, int64(rapid.IntRange(0, 1).Draw(t, f.Path)))
		case form.Code:
			r.SetValue(i, int64(rapid.SampledFrom(f.Codes.Entries).Draw(t, f.Path).Number))
		case form.Codes:
			r.SetValue(i, 1<<rapid.SampledFrom(f.Codes.Entries).Draw(t, f.Path).Number)
		case form.Number, form.Money:
			limit := f.Max
			if limit == 0 {
				limit = 1e15
			}
			r.SetValue(i, rapid.Int64Range(0, limit).Draw(t, f.Path))
		case form.Date:
			r.SetValue(i, int64(rapid.IntRange(-30000, 30000).Draw(t, f.Path)))
		case form.Division:
			r.SetValue(i, rapid.Int64Range(110000000000, 659999999999).Draw(t, f.Path))
		case form.Key:
			r.SetText(i, string(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, f.Path)))
		case form.Secret:
			r.SetText(i, rapid.StringMatching(`[0-9A-Z]{1,22}`).Draw(t, f.Path))
		case form.Text:
			r.SetText(i, rapid.StringMatching(`[\p{Han}a-z0-9]{1,8}`).Draw(t, f.Path))
		case form.List:
			items := []*form.Record{}
			for range rapid.IntRange(0, 3).Draw(t, f.Path) {
				items = append(items, answers(t, f.List))
			}
			r.SetItems(i, items)
		}
	}
	return r
}

func TestBodiesHoldEveryAnswerAndEqualRecordsHaveEqualBodies(t *testing.T) {
	t.Parallel()
	f := form.Household()
	reused := f.Root.New()
	rapid.Check(t, func(t *rapid.T) {
		want := answers(t, f.Root)
		body := want.AppendBody(nil)
		got, err := f.Decode(body)
		if err != nil || !got.Equal(want) {
			t.Fatalf("body lost something: %v\n%s\n%s", err, want.AppendJSON(nil, nil), got.AppendJSON(nil, nil))
		}
		if err := f.DecodeInto(reused, body); err != nil || !reused.Equal(want) {
			t.Fatalf("a record used again kept old answers: %s", reused.AppendJSON(nil, nil))
		}
		if again := want.Clone().AppendBody(nil); !bytes.Equal(again, body) {
			t.Fatal("equal records have different bodies")
		}
	})
}

func TestJSONHoldsEveryAnswer(t *testing.T) {
	t.Parallel()
	f := form.Household()
	rapid.Check(t, func(t *rapid.T) {
		want := answers(t, f.Root)
		text := want.AppendJSON(nil, nil)
		got := f.Root.New()
		findings, err := got.ReadJSON(text)
		if err != nil || len(findings) > 0 || !got.Equal(want) {
			t.Fatalf("%v %v\n%s\n%s", err, findings, text, got.AppendJSON(nil, nil))
		}
	})
}

func TestDamagedBodiesAreRefused(t *testing.T) {
	t.Parallel()
	f := form.Household()
	r := f.Root.New()
	r.SetText(f.Root.Must("number"), "130624000001")
	r.Add(f.Root.Must("members")).SetText(f.Root.Fields[f.Root.Must("members")].List.Must("name"), "张三")
	body := r.AppendBody(nil)
	for cut := range body {
		if _, err := f.Decode(body[:cut]); err == nil {
			t.Errorf("a body cut after %d of %d bytes was read", cut, len(body))
		}
	}
	if _, err := f.Decode(append(slices.Clip(body), 7)); err == nil {
		t.Error("a body with more behind it was read")
	}
}

func FuzzDecode(f *testing.F) {
	h := form.Household()
	r := h.Root.New()
	r.SetText(h.Root.Must("number"), "1")
	r.Add(h.Root.Must("members"))
	f.Add(r.AppendBody(nil))
	f.Fuzz(func(t *testing.T, body []byte) {
		record, err := h.Decode(body)
		if err != nil {
			return
		}
		if again, err := h.Decode(record.AppendBody(nil)); err != nil || !again.Equal(record) {
			t.Fatalf("a body that was read cannot be written: %v", err)
		}
	})
}

func TestWordsAreReadAsClerksWriteThem(t *testing.T) {
	t.Parallel()
	h := form.Household()
	members := h.Root.Fields[h.Root.Must("members")].List
	on := day.MustOf(2015, 12, 20)
	for _, c := range []struct{ path, words, want string }{
		{"health", " 健康", "健康"},
		{"health", "残疾、患有大病", "患有大病、残疾"},
		{"ethnicity", "汉", "汉族"},
		{"relation", "之女", "之女"},
		{"relation", "儿子", "之子"},
		{"id_number", "13069919720319311x", "13069919720319311X"},
		{"born", "2015年3月1日", "2015-03-01"},
		{"away.months", "6", "6"},
		{"medical_insurance", "有", "是"},
		{"at_school", "高一", "高中一年级"},
		{"education", " 小 学 ", "小学"},
	} {
		r := members.New()
		i := members.Must(c.path)
		if finding := r.ReadText(i, c.words, on); finding != nil {
			t.Errorf("%s: %q refused: %v", c.path, c.words, finding.Text)
		} else if got := r.WordsOf(i, "zh"); got != c.want {
			t.Errorf("%s: %q read as %q, want %q", c.path, c.words, got, c.want)
		}
	}
}

func TestWrongWordsAreRefusedWithASentenceAndChangeNothing(t *testing.T) {
	t.Parallel()
	h := form.Household()
	on := day.MustOf(2015, 12, 20)
	for _, c := range []struct{ path, words, kind, says string }{
		{"attribute", "贫困", form.KindUnknownCode, "低保户"},
		{"attribute", "特困供养户", form.KindUnknownCode, "五保户"}, // not yet a word in 2015
		{"housing.dangerous", "大概", form.KindNotYesNo, "大概"},
		{"income.wage", "-5", form.KindNegative, "工资性收入"},
		{"income.wage", "很多", form.KindUnreadable, "很多"},
		{"housing.area", "20000", form.KindOutOfRange, "10000"},
		{"land.arable", "1.005", form.KindUnreadable, "2 位小数"},
	} {
		r := h.Root.New()
		finding := r.ReadText(h.Root.Must(c.path), c.words, on)
		if finding == nil || finding.Kind != c.kind || !strings.Contains(finding.Text.ZH, c.says) || finding.Text.EN == "" {
			t.Errorf("%s = %q: %+v, want %s saying %q", c.path, c.words, finding, c.kind, c.says)
		}
		if r.Has(h.Root.Must(c.path)) {
			t.Errorf("%s = %q was kept", c.path, c.words)
		}
	}
}

func TestUnknownJSONFieldNamesTheNearest(t *testing.T) {
	t.Parallel()
	r := form.Household().Root.New()
	findings, err := r.ReadJSON([]byte(`{"housing":{"structur":"other"},"income":{"wage":1e3}}`))
	if err != nil || len(findings) != 2 {
		t.Fatalf("%v %v", findings, err)
	}
	if !strings.Contains(findings[0].Text.EN, "housing.structure") || findings[1].Kind != form.KindUnreadable {
		t.Errorf("%+v", findings)
	}
	if _, err := r.ReadJSON([]byte(`{} {}`)); err == nil {
		t.Error("two objects were read as one")
	}
}
