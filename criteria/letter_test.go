package criteria_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"liandong/criteria"
	"liandong/errs"
)

func explained(t testing.TB, patch string) *criteria.Explanation {
	t.Helper()
	e, err := document(t, "four-looks@2015.1").NewEvaluator(end2015())
	if err != nil {
		t.Fatal(err)
	}
	r := record(t, poorHousehold)
	if findings, err := r.ReadJSON([]byte(patch)); err != nil || len(findings) > 0 {
		t.Fatal(err, findings)
	}
	_, x := e.Explain(r, nil)
	x.SetSources(func(string) *criteria.Source {
		return &criteria.Source{Revision: "r1", Valid: "2015-06-01", Event: errs.Text{ZH: "走访", EN: "visit"}, Source: "村干部甲"}
	})
	return x
}

func TestALetterSaysWhatCountedWhatIsMissingAndHowToObject(t *testing.T) {
	t.Parallel()
	to := criteria.Addressee{Document: errs.Text{ZH: "四看法"}, Name: "张一", Number: "130624001", Place: "某村", Changes: []string{"住房结构：上次 4 分，这次 2 分。"}}
	for name, c := range map[string]struct {
		patch string
		says  []string
	}{
		"proposed": {`{}`, []string{
			"张一（户编号 130624001）：", "您家在某村。按《四看法》，依据您家截至 2015-12-31 登记的情况评定。", "住房结构：住房结构为其他（2015-06-01 走访，村干部甲），得 2 分，满分 8 分。",
			"没有发现您家有其中任何一种", "没有缺少会影响结论的内容", "得分26 分。建议纳入", "由「3000元」变为「7065元」", "不是决定", "公示不少于 7 天", "不同意", "与上一次评定相比", "上次 4 分，这次 2 分",
		}},
		"barred":       {`{"vehicles": [{"kind": "van"}]}`, []string{"属于「有小轿车、面包车、工程机械或大型农机具」，需要核实；核实之前不纳入，也不会因此自动取消。", "疑似不符合，待核实"}},
		"undetermined": {`{"vehicles": null, "housing": {"structure": null}}`, []string{"· 住房结构：不明（没有填写住房结构），可能是 0 到 8 分。", "还不清楚", "下面的内容没有登记", "· 车辆和大型机械", "暂时没有结论"}},
	} {
		text := explained(t, c.patch).Letter(to).String()
		for _, want := range c.says {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the letter does not say %q:\n%s", name, want, text)
			}
		}
	}
}

// What a reader may not see must be nowhere: not in the words, not in a source, not in the letter or the table made of the explanation.
func TestNothingHiddenIsInLetterOrTable(t *testing.T) {
	t.Parallel()
	x := explained(t, `{"vehicles": [{"kind": "van"}]}`)
	x.Hide(func(path string) bool {
		return strings.HasSuffix(path, ".health") || strings.HasPrefix(path, "vehicles")
	})
	text, err := json.Marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	letter := x.Letter(criteria.Addressee{Name: "张一"}).String()
	for _, secret := range []string{"长期慢性病", "chronic disease", "面包车为", "小轿车、面包车、工程机械或大型农机具」，需要核实", "种类为面包车"} {
		for where, said := range map[string]string{"JSON": string(text), "letter": letter, "table": x.Table("zh") + x.Table("en")} {
			if strings.Contains(said, secret) {
				t.Errorf("the %s says %q:\n%s", where, secret, said)
			}
		}
	}
	if !strings.Contains(letter, "没有列出") {
		t.Errorf("the letter does not say that something is left out:\n%s", letter)
	}
	health := x.Indicators[2].Parts[1].Reads[0]
	if health.Source != nil || x.Indicators[0].Parts[0].Reads[0].Source == nil {
		t.Errorf("%+v", health)
	}
}

func TestDifferencesAreToldInWordsAndNothingDiffersFromItself(t *testing.T) {
	t.Parallel()
	first, second := document(t, "income-line@2014"), document(t, "four-looks@2015.1")
	if same := criteria.Diff(second, second); len(same) != 0 {
		t.Errorf("%v", same)
	}
	var kinds []string
	for _, d := range criteria.Diff(first, second) {
		if d.Text.ZH == "" || d.Text.EN == "" {
			t.Errorf("%+v", d)
		}
		kinds = append(kinds, d.Kind)
	}
	for _, want := range []string{"document", "parameter", "derive", "indicator", "part", "bar", "poor"} {
		if !slices.Contains(kinds, want) {
			t.Errorf("no difference of kind %s", want)
		}
	}
	back := criteria.Diff(second, first)
	if !slices.ContainsFunc(back, func(d criteria.Difference) bool {
		return d.Name == "house.structure" && strings.HasPrefix(d.Text.ZH, "去掉")
	}) {
		t.Errorf("%v", back)
	}
}

func TestTheLinterFindsWhatIsNotMeant(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer("cut: {value: 60}", "cut: {value: 60}\n  spare: {value: 1}", "size: members.size()", "size: members.size()\n  unused: size * 2",
		"housing.area < 15 ? 0 : 8", "housing.area < 15 ? 0 : 0", "poor:", "bars: [{id: never, kind: veto, when: 'housing.area > 1e6'}, {id: always, kind: review, when: 'true'}]\npoor:").Replace(small)
	d, err := criteria.Parse([]byte(text), forms)
	if err != nil {
		t.Fatal(err)
	}
	rules := func(remarks []criteria.Remark) string {
		var all []string
		for _, r := range remarks {
			if r.Line < 1 || r.Column < 1 || r.Text.ZH == "" {
				t.Errorf("%+v", r)
			}
			all = append(all, r.Rule)
		}
		return strings.Join(all, " ")
	}
	if got := rules(d.Lint()); got != "unused_parameter unused_derive unused_derive never_scores never_met no_cases" {
		t.Errorf("%s", got)
	}
	survey, err := d.NewSurvey(end2015())
	if err != nil {
		t.Fatal(err)
	}
	for _, patch := range []string{`{}`, `{"housing": {"area": null}}`, `{"housing": {"area": 3}}`} {
		survey.Add(with(t, patch))
	}
	if got := rules(survey.Lint(0.3)); got != "never_scores often_unknown never_met" {
		t.Errorf("%s", got)
	}
}

func BenchmarkExplanationOfOneHousehold(b *testing.B) {
	e, err := document(b, "four-looks@2015.1").NewEvaluator(end2015())
	if err != nil {
		b.Fatal(err)
	}
	r := record(b, poorHousehold)
	if _, err := r.ReadJSON([]byte(`{"vehicles": null, "housing": {"structure": null}}`)); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		_, x := e.Explain(r, nil)
		x.Letter(criteria.Addressee{Name: "张一"})
	}
}

// A member is told by who it is in every sentence, and an item without a name by its list and place.
func TestWhoseAnswerItIsIsSaidInTableLetterAndJSON(t *testing.T) {
	t.Parallel()
	e, err := document(t, "four-looks@2015.1").NewEvaluator(end2015())
	if err != nil {
		t.Fatal(err)
	}
	r := record(t, poorHousehold)
	if _, err := r.ReadJSON([]byte(`{"members": [{"relation": "head", "born": "1960-01-01", "labour": "ordinary", "health": ["healthy"]}, {"relation": "wife", "born": "1962-01-01", "labour": "none"}]}`)); err != nil {
		t.Fatal(err)
	}
	titles := func(list string, item int) (errs.Text, bool) {
		return errs.Text{ZH: "户主之妻 张*", EN: "head's wife 张*"}, list == "members" && item == 1
	}
	_, named := e.Explain(r, titles)
	_, unnamed := e.Explain(r, nil)
	letter := criteria.Addressee{Name: "张一"}
	for _, x := range []*criteria.Explanation{named, unnamed} {
		text, err := json.Marshal(x)
		if err != nil {
			t.Fatal(err)
		}
		zh, en := "户主之妻 张*的健康状况", "head's wife 张*: Health"
		if x == unnamed {
			zh, en = "家庭成员第 2 项的健康状况", "Members 2: Health"
		}
		for where, said := range map[string]string{"table": x.Table("zh"), "letter": x.Letter(letter).String(), "JSON": string(text)} {
			if !strings.Contains(said, zh) {
				t.Errorf("the %s does not say %q:\n%s", where, zh, said)
			}
		}
		if said := x.Table("en"); !strings.Contains(said, en) {
			t.Errorf("the table does not say %q:\n%s", en, said)
		}
	}
}
