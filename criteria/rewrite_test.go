package criteria_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"

	"liandong/criteria"
	"liandong/criteria/criteriatest"
	"liandong/day"
	"liandong/form"
	"liandong/formula"
)

// laidOut is a document as people write it: comments everywhere, several styles, values over several lines.
const laidOut = `# 县里 2016 年的规则
criteria: trial # 名称
version: '2016' # 版本
title: {zh: 试, en: Trial}
form: household@2015
effective: {from: 2016-01-01}
parameters:
  line: # 每年一个数
    title: {zh: 线, en: Line}
    by_year:
      2015: 2855 # 国家标准
      2016: 2952
  short: {title: {zh: 短, en: Short}, by_year: {2015: 1}}
  cut:
    value: 60   # 先按六十分
    range: [0, 100]
score:
  higher_means: better_off
  indicators:
    - id: house # 看房
      max: 10
      parts:
        # 危房最要紧
        - id: sound
          max: 6 # 六分
          points: >-
            housing.dangerous
            ? 0
            : 6
        - {id: path, max: 4, points: 'housing.path_paved ? 4 : 0'} # 路
    - id: wage
      max: 5
      parts:
        - {id: wage, max: 5, points: "income.wage < 1000 ?
            0 : 5"}
bars:
  # 有车的
  - id: car # 车
    kind: veto # 否决

    # 什么算车
    title: {zh: 车, en: Car}
    when: "vehicles.exists(v, v.kind == 'car')" # 只看小轿车
  - {id: firm, kind: review, title: {zh: 公司, en: Firm}, when: "companies.exists(c, c.annual_returns)"}
  # 名单到此为止
poor: score < cut
  && income.wage < line
cases: # 例子
  - name: 危房
    as_of: 2016-06-01
    record: {housing: {dangerous: true, path_paved: true}, income: {wage: 500}, vehicles: [], companies: []}
    outcome: proposed # 应当纳入
    score: 4
    missing: []
`

func readHousehold(text []byte) (formula.Row, error) {
	r := form.Household().Root.New()
	_, err := r.ReadJSON(text)
	return r, err
}

func householdForms(id string) (*formula.Schema, bool) {
	f := form.Household()
	return f.Root.Schema(), id == f.ID()
}

func rewritten(t *testing.T, text string, w criteria.Rewriting) string {
	t.Helper()
	out, err := criteria.Rewrite([]byte(text), householdForms, w)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// changedLines are the lines that two texts do not share, those of the first with - and those of the second with +.
func changedLines(before, after string) []string {
	was, is := strings.Split(before, "\n"), strings.Split(after, "\n")
	var all []string
	for _, line := range was {
		if !slices.Contains(is, line) {
			all = append(all, "-"+line)
		}
	}
	for _, line := range is {
		if !slices.Contains(was, line) {
			all = append(all, "+"+line)
		}
	}
	return all
}

func TestARewrittenDocumentKeepsItsLayoutAndComments(t *testing.T) {
	t.Parallel()
	on := day.MustOf(2016, 6, 1)
	for _, c := range []struct {
		name string
		w    criteria.Rewriting
		want []string
	}{
		{"nothing", criteria.Rewriting{}, nil},
		{"version", criteria.Rewriting{Version: "2016.1"}, []string{"-version: '2016' # 版本", `+version: "2016.1" # 版本`}},
		{"value", criteria.Rewriting{Parameters: map[string]float64{"cut": 52.5}}, []string{"-    value: 60   # 先按六十分", "+    value: 52.5   # 先按六十分"}},
		{"year", criteria.Rewriting{On: on, Parameters: map[string]float64{"line": 3000}}, []string{"-      2016: 2952", "+      2016: 3000"}},
		{"new year", criteria.Rewriting{On: day.MustOf(2017, 1, 1), Parameters: map[string]float64{"line": 3100, "short": 2}}, []string{
			"-  short: {title: {zh: 短, en: Short}, by_year: {2015: 1}}", "+      2017: 3100", "+  short: {title: {zh: 短, en: Short}, by_year: {2015: 1, 2017: 2}}",
		}},
		{"weight of a part", criteria.Rewriting{Amendments: criteria.Amendments{Weights: map[string]float64{"house.path": 1.5}}}, []string{
			"-      max: 10", "-        - {id: path, max: 4, points: 'housing.path_paved ? 4 : 0'} # 路",
			"+      max: 12", `+        - {id: path, max: 6, points: "(housing.path_paved ? 4 : 0) * 1.5"} # 路`,
		}},
		{"weight over lines", criteria.Rewriting{Amendments: criteria.Amendments{Weights: map[string]float64{"house.sound": 0}}}, []string{
			"-      max: 10", "-          max: 6 # 六分", "-          points: >-", "-            housing.dangerous", "-            ? 0", "-            : 6",
			"+      max: 4", "+          max: 0 # 六分", `+          points: "(housing.dangerous ? 0 : 6) * 0.0"`,
		}},
		{"another condition", criteria.Rewriting{Amendments: criteria.Amendments{Poor: `income.wage < line`, Points: map[string]string{"wage.wage": "income.wage < 2 ? 1 : 5"}}}, []string{
			`-        - {id: wage, max: 5, points: "income.wage < 1000 ?`, `-            0 : 5"}`, "-poor: score < cut", "-  && income.wage < line",
			`+        - {id: wage, max: 5, points: "income.wage < 2 ? 1 : 5"}`, `+poor: "income.wage < line"`,
		}},
		{"bar off", criteria.Rewriting{Amendments: criteria.Amendments{Bars: map[string]string{"car": "off", "firm": "veto"}}}, []string{
			"-  - id: car # 车", "-    kind: veto # 否决", "-    title: {zh: 车, en: Car}", `-    when: "vehicles.exists(v, v.kind == 'car')" # 只看小轿车`,
			`-  - {id: firm, kind: review, title: {zh: 公司, en: Firm}, when: "companies.exists(c, c.annual_returns)"}`,
			"+  # - id: car # 车", "+  #   kind: veto # 否决", "+  #   title: {zh: 车, en: Car}", `+  #   when: "vehicles.exists(v, v.kind == 'car')" # 只看小轿车`,
			`+  - {id: firm, kind: veto, title: {zh: 公司, en: Firm}, when: "companies.exists(c, c.annual_returns)"}`,
		}},
		{"all bars off", criteria.Rewriting{Amendments: criteria.Amendments{Bars: map[string]string{"firm": "off", "car": "off"}}}, []string{
			"-  - id: car # 车", "-    kind: veto # 否决", "-    title: {zh: 车, en: Car}", `-    when: "vehicles.exists(v, v.kind == 'car')" # 只看小轿车`,
			`-  - {id: firm, kind: review, title: {zh: 公司, en: Firm}, when: "companies.exists(c, c.annual_returns)"}`,
			"+  # - id: car # 车", "+  #   kind: veto # 否决", "+  #   title: {zh: 车, en: Car}", `+  #   when: "vehicles.exists(v, v.kind == 'car')" # 只看小轿车`,
			`+  # - {id: firm, kind: review, title: {zh: 公司, en: Firm}, when: "companies.exists(c, c.annual_returns)"}`,
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			out := rewritten(t, laidOut, c.w)
			if got := changedLines(laidOut, out); !slices.Equal(got, c.want) {
				t.Errorf("changed lines:\n%s\nwanted:\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

func TestACaseTakesWhatCameOutWherePeopleAgreeToIt(t *testing.T) {
	t.Parallel()
	changes := criteria.Amendments{Weights: map[string]float64{"house.path": 0.5}}
	document, err := criteria.ParseAmended([]byte(laidOut), householdForms, changes)
	if err != nil {
		t.Fatal(err)
	}
	results, err := document.RunCases(readHousehold)
	if err != nil || len(results) != 1 || results[0].Passes || !strings.Contains(results[0].Came.ZH, "2 分") || !strings.Contains(results[0].Expected.ZH, "4 分") {
		t.Fatalf("%v %+v: half the points for the path are 2 instead of 4", err, results)
	}
	if err := mustParse(t, rewritten(t, laidOut, criteria.Rewriting{Amendments: changes})).CheckCases(readHousehold); err == nil {
		t.Error("the case passes though nobody agreed to what comes out")
	}
	agreed := rewritten(t, laidOut, criteria.Rewriting{Amendments: changes, Cases: map[string]criteria.CaseResult{"危房": results[0]}})
	if err := mustParse(t, agreed).CheckCases(readHousehold); err != nil {
		t.Error(err)
	}
	if !strings.Contains(agreed, "outcome: proposed # 应当纳入\n    score: 2\n    missing: []") {
		t.Errorf("the case is written otherwise:\n%s", agreed)
	}
}

func mustParse(t *testing.T, text string) *criteria.Document {
	t.Helper()
	d, err := criteria.Parse([]byte(text), householdForms)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestWhatCannotBeRewrittenIsRefused(t *testing.T) {
	t.Parallel()
	anchored := strings.Replace(laidOut, "value: 60", "value: &sixty 60", 1)
	for name, c := range map[string]struct {
		text string
		w    criteria.Rewriting
		want string
	}{
		"an anchor":         {anchored, criteria.Rewriting{Parameters: map[string]float64{"cut": 50}}, "anchor"},
		"unknown parameter": {laidOut, criteria.Rewriting{Parameters: map[string]float64{"none": 5}}, `no "none"`},
		"unknown case":      {laidOut, criteria.Rewriting{Cases: map[string]criteria.CaseResult{"无": {}}}, `no "无"`},
		"version":           {laidOut, criteria.Rewriting{Version: "new"}, "version is a year"},
		"too many points":   {laidOut, criteria.Rewriting{Amendments: criteria.Amendments{Points: map[string]string{"house.path": "9"}}}, "at most 4 points"},
	} {
		if _, err := criteria.Rewrite([]byte(c.text), householdForms, c.w); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestARewrittenDocumentSaysWhatWasSupposed writes random documents in other layouts, changes what a lab can change, and reads the text back.
func TestARewrittenDocumentSaysWhatWasSupposed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := commented(t, criteriatest.Document(t))
		d, err := criteria.Parse([]byte(text), bothForms)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		w := randomRewriting(t, d)
		supposed, err := criteria.ParseAmended([]byte(text), bothForms, w.Amendments)
		if err != nil {
			t.Skip(err) // a factor may lead out of what points may be
		}
		out, err := criteria.Rewrite([]byte(text), bothForms, w)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		back, err := criteria.Parse(out, bothForms)
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		for _, difference := range criteria.Diff(supposed, back) {
			if _, moved := w.Parameters[difference.Name]; !moved || difference.Kind != "parameter" {
				t.Fatalf("%s\n%s", difference.Text.EN, out)
			}
		}
		for i := range back.Parameters {
			p := &back.Parameters[i]
			if want, moved := w.Parameters[p.Name]; moved && p.On(w.On).Num != want {
				t.Fatalf("%s is %v instead of %v\n%s", p.Name, p.On(w.On).Num, want, out)
			}
		}
		for n := range strings.Count(text, "# note ") {
			if note := fmt.Sprintf("# note %d;", n); !strings.Contains(string(out), note) {
				t.Fatalf("%q is lost\n%s", note, out)
			}
		}
	})
}

func bothForms(id string) (*formula.Schema, bool) {
	if id == criteriatest.SampleForm {
		return criteriatest.Sample(), true
	}
	return householdForms(id)
}

// commented is a document with comments on lines of their own and behind values, with flow lists or without.
func commented(t *rapid.T, text string) string {
	if rapid.Bool().Draw(t, "other layout") {
		var node yaml.Node
		if err := yaml.Unmarshal([]byte(text), &node); err != nil {
			t.Fatal(err)
		}
		relaid(t, &node)
		other, err := yaml.Marshal(&node)
		if err != nil {
			t.Fatal(err)
		}
		text = string(other)
	}
	var b strings.Builder
	n := 0
	note := func() string { n++; return fmt.Sprintf("# note %d;", n-1) }
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		indent := len(line) - len(strings.TrimLeft(line, " "))
		whole := strings.Count(line, "{") == strings.Count(line, "}") && strings.Count(line, "[") == strings.Count(line, "]") && strings.Count(line, `"`)%2 == 0
		if strings.Contains(line, ": ") && whole && rapid.IntRange(0, 3).Draw(t, "comment above") == 0 && n < 90 {
			b.WriteString(strings.Repeat(" ", indent) + note() + "\n")
		}
		b.WriteString(line)
		if strings.HasSuffix(line, "}") && whole && rapid.Bool().Draw(t, "comment behind") {
			b.WriteString(" " + note())
		}
		b.WriteString("\n")
	}
	return b.String()
}

// relaid changes how lists and mappings are written.
func relaid(t *rapid.T, n *yaml.Node) {
	if n.Kind == yaml.SequenceNode || n.Kind == yaml.MappingNode {
		n.Style = 0
		if len(n.Content) < 3 && rapid.Bool().Draw(t, "in brackets") {
			n.Style = yaml.FlowStyle
		}
	}
	for _, child := range n.Content {
		relaid(t, child)
	}
}

func randomRewriting(t *rapid.T, d *criteria.Document) criteria.Rewriting {
	w := criteria.Rewriting{
		On: day.MustOf(2014+rapid.IntRange(0, 2).Draw(t, "year"), 6, 1), Parameters: map[string]float64{}, Version: rapid.SampledFrom([]string{"", "2016", "2015.12"}).Draw(t, "version"),
		Amendments: criteria.Amendments{Weights: map[string]float64{}, Bars: map[string]string{}, Points: map[string]string{}},
	}
	some := func(what string) bool { return rapid.IntRange(0, 2).Draw(t, what) == 0 }
	for i := range d.Parameters {
		if some("move") {
			w.Parameters[d.Parameters[i].Name] = rapid.Float64Range(-1e6, 1e6).Draw(t, "value")
		}
	}
	for i := range d.Indicators {
		g := &d.Indicators[i]
		if some("weigh the block") {
			w.Amendments.Weights[g.ID] = rapid.Float64Range(0, 3).Draw(t, "factor")
		}
		for k := range g.Parts {
			if some("weigh") {
				w.Amendments.Weights[g.ID+"."+g.Parts[k].ID] = rapid.SampledFrom([]float64{0, 0.05, 0.1, 1, 1.1, 2}).Draw(t, "factor")
			}
			if some("other points") {
				w.Amendments.Points[g.ID+"."+g.Parts[k].ID] = "0.0"
			}
		}
	}
	for i := range d.Bars {
		if some("bar") {
			w.Amendments.Bars[d.Bars[i].ID] = rapid.SampledFrom([]string{"off", "veto", "review"}).Draw(t, "kind")
		}
	}
	if some("poor") {
		w.Amendments.Poor = "1 < 2 && \"a\\\\b\" != 'it'"
	}
	return w
}
