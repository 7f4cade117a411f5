package criteria_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"liandong/criteria"
	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/formula"
)

func forms(id string) (*formula.Schema, bool) {
	if f := form.Household(); id == f.ID() {
		return f.Root.Schema(), true
	}
	return nil, false
}

func document(t testing.TB, id string) *criteria.Document {
	t.Helper()
	text, err := criteria.ShippedText(id)
	if err != nil {
		t.Fatal(err)
	}
	d, err := criteria.Parse(text, forms)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func readRecord(text []byte) (formula.Row, error) {
	r := form.Household().Root.New()
	findings, err := r.ReadJSON(text)
	if err == nil && len(findings) > 0 {
		err = errs.New(errs.Invalid, "record", findings[0].Text.ZH, findings[0].Text.EN)
	}
	return r, err
}

func record(t testing.TB, text string) *form.Record {
	t.Helper()
	r := form.Household().Root.New()
	if findings, err := r.ReadJSON([]byte(text)); err != nil || len(findings) > 0 {
		t.Fatal(err, findings)
	}
	return r
}

// poorHousehold scores 2+0+0+0+1+1 for the house, 0+4+0 for grain, 8+0 for labour, 10 for school: 26 of 100, with 1,500 yuan a head.
const poorHousehold = `{
	"housing": {"area": 40, "structure": "other", "dangerous": true, "path_paved": false}, "electricity": true, "water": {"safe": true},
	"land": {"arable": 1.6, "woodland": 0}, "grain": {"output": 400},
	"income": {"wage": 3000, "business": 1200, "property": 0, "transfer": 600, "cost": 300},
	"vehicles": [], "properties": [], "companies": [],
	"members": [
		{"labour": "ordinary", "health": ["healthy"], "at_school": "not_at_school", "employment": "farming"},
		{"labour": "weak", "health": ["chronic"], "at_school": "not_at_school", "employment": "none"},
		{"labour": "none", "health": ["healthy"], "at_school": "primary", "employment": "none"}
	]}`

func evaluate(t *testing.T, d *criteria.Document, r *form.Record, s criteria.Settings) (criteria.Verdict, []string) {
	t.Helper()
	e, err := d.NewEvaluator(s)
	if err != nil {
		t.Fatal(err)
	}
	v := e.Evaluate(r)
	return v, e.Missing(v)
}

// with gives the poor household with some answers replaced by those of the JSON object.
func with(t *testing.T, patch string) *form.Record {
	t.Helper()
	r := record(t, poorHousehold)
	if findings, err := r.ReadJSON([]byte(patch)); err != nil || len(findings) > 0 {
		t.Fatal(err, findings)
	}
	return r
}

func end2015() criteria.Settings { return criteria.Settings{AsOf: day.MustOf(2015, 12, 31)} }

func TestTheFourLooksScoreAsTheTableSays(t *testing.T) {
	t.Parallel()
	d := document(t, "four-looks@2015.1")
	for name, c := range map[string]struct {
		patch   string
		outcome criteria.Outcome
		low     float64
		high    float64
		missing string
	}{
		"as it is":                         {`{}`, criteria.Proposed, 26, 26, ""},
		"a sound concrete house":           {`{"housing": {"structure": "reinforced_concrete", "dangerous": false, "area": 90}}`, criteria.Proposed, 41, 41, ""},
		"well off by income":               {`{"income": {"wage": 30000}}`, criteria.NotProposed, 26, 26, ""},
		"income just at the line":          {`{"income": {"wage": 7065}}`, criteria.NotProposed, 26, 26, ""},
		"income a fen a head below":        {`{"income": {"wage": 7064.97}}`, criteria.Proposed, 26, 26, ""},
		"well off by looks":                {`{"grain": {"output": 1500}, "land": {"arable": 9}, "housing": {"dangerous": false, "structure": "brick_concrete", "area": 90, "path_paved": true}}`, criteria.NotProposed, 63, 63, ""},
		"a car":                            {`{"vehicles": [{"kind": "car"}]}`, criteria.Barred, 26, 26, ""},
		"a tractor":                        {`{"vehicles": [{"kind": "tractor"}]}`, criteria.Proposed, 26, 26, ""},
		"a flat in town":                   {`{"properties": [{"kind": "flat", "in_town": true, "resettlement": false}]}`, criteria.Barred, 26, 26, ""},
		"a resettlement flat":              {`{"properties": [{"kind": "flat", "in_town": true, "resettlement": true}]}`, criteria.Proposed, 26, 26, ""},
		"a village director":               {`{"members": [{"labour": "ordinary", "health": ["healthy"], "at_school": "not_at_school", "employment": "village_director"}], "income": {"wage": 1000}, "grain": {"output": 100}, "land": {"arable": 0.1}, "housing": {"area": 10}}`, criteria.UnderReview, 54, 54, ""},
		"nobody asked about vehicles":      {`{"vehicles": null}`, criteria.Undetermined, 26, 26, "vehicles"},
		"a vehicle of which kind":          {`{"vehicles": [{"count": 1}]}`, criteria.Undetermined, 26, 26, "vehicles.kind"},
		"barred whatever is missing":       {`{"vehicles": [{"kind": "van"}], "companies": null}`, criteria.Barred, 26, 26, ""},
		"not poor whatever is missing":     {`{"income": {"wage": 30000}, "vehicles": null, "grain": {"output": null}}`, criteria.NotProposed, 26, 41, ""},
		"unknown grain decides nothing":    {`{"grain": {"output": null}}`, criteria.Proposed, 26, 41, ""},
		"unknown grain and house decide":   {`{"grain": {"output": null}, "land": {"arable": null}, "housing": {"structure": null, "area": null, "dangerous": null}}`, criteria.Undetermined, 20, 64, "housing.area housing.structure housing.dangerous land.arable grain.output"},
		"unknown wage":                     {`{"income": {"wage": null}}`, criteria.Undetermined, 26, 26, "income.wage"},
		"no members at all: division by 0": {`{"members": []}`, criteria.Undetermined, 29, 87, ""},
	} {
		v, missing := evaluate(t, d, with(t, c.patch), end2015())
		if v.Outcome != c.outcome || v.Low != c.low || v.High != c.high || strings.Join(missing, " ") != c.missing {
			t.Errorf("%s: %v [%g, %g] missing %v; want %v [%g, %g] %s", name, v.Outcome, v.Low, v.High, missing, c.outcome, c.low, c.high, c.missing)
		}
	}
}

func TestTheLineFollowsTheYearAndAWhatIfMovesIt(t *testing.T) {
	t.Parallel()
	d := document(t, "four-looks@2015.1")
	r := with(t, `{"income": {"wage": 7000}}`) // 2,833.33 a head
	for _, c := range []struct {
		settings criteria.Settings
		want     criteria.Outcome
	}{
		{criteria.Settings{AsOf: day.MustOf(2015, 6, 1)}, criteria.Proposed},
		{criteria.Settings{AsOf: day.MustOf(2014, 6, 1)}, criteria.NotProposed},
		{criteria.Settings{AsOf: day.MustOf(2019, 6, 1)}, criteria.Undetermined},
		{criteria.Settings{AsOf: day.MustOf(2014, 6, 1), Parameters: map[string]float64{"income_line": 3000}}, criteria.Proposed},
		{criteria.Settings{AsOf: day.MustOf(2015, 6, 1), Parameters: map[string]float64{"cut": 26}}, criteria.NotProposed},
	} {
		if v, _ := evaluate(t, d, r, c.settings); v.Outcome != c.want {
			t.Errorf("%+v: %v, want %v", c.settings, v.Outcome, c.want)
		}
	}
	if _, err := d.NewEvaluator(criteria.Settings{Parameters: map[string]float64{"lin": 1}}); !errs.Is(err, errs.Invalid) {
		t.Errorf("an unknown parameter: %v", err)
	}
	if d.Effective.InForce(day.MustOf(2014, 12, 31)) || !d.Effective.InForce(day.MustOf(2015, 1, 1)) {
		t.Error("in force at the wrong time")
	}
}

func TestTheSmallestChangeIsOneAnswerThatTurnsTheOutcome(t *testing.T) {
	t.Parallel()
	d := document(t, "four-looks@2015.1")
	for name, c := range map[string]struct{ patch, path, outcome string }{
		"income a little above the line": {`{"income": {"wage": 7100}}`, "income.wage", "proposed"},
		"poor, income moves it":          {`{}`, "income.wage", "not_proposed"},
		"a missing wage decides":         {`{"income": {"wage": null}}`, "income.wage", ""},
		"barred by a car":                {`{"vehicles": [{"kind": "car"}]}`, "vehicles[0].kind", "proposed"},
	} {
		e, err := d.NewEvaluator(end2015())
		if err != nil {
			t.Fatal(err)
		}
		r := with(t, c.patch)
		v, x := e.Explain(r, nil)
		if x.Change == nil || x.Change.Path != c.path || (c.outcome != "" && x.Change.Outcome != c.outcome) {
			t.Errorf("%s (%v): %+v, want %s", name, v.Outcome, x.Change, c.path)
		}
	}
}

func TestAnExplanationTellsWhatWasReadAndEqualsTheVerdict(t *testing.T) {
	t.Parallel()
	d := document(t, "four-looks@2015.1")
	e, err := d.NewEvaluator(end2015())
	if err != nil {
		t.Fatal(err)
	}
	r := with(t, `{"housing": {"structure": null}}`)
	v, x := e.Explain(r, nil)
	if again := e.Evaluate(r); again != v || x.Outcome != v.Outcome.String() || x.Score != [2]float64{v.Low, v.High} {
		t.Errorf("explained %v %v, evaluated %v", x.Outcome, x.Score, again)
	}
	sum := [2]float64{}
	for _, g := range x.Indicators {
		sum[0], sum[1] = sum[0]+g.Score[0], sum[1]+g.Score[1]
	}
	if sum != x.Score {
		t.Errorf("indicators add up to %v, the score is %v", sum, x.Score)
	}
	structure, labour := x.Indicators[0].Parts[0], x.Indicators[2].Parts[0]
	if structure.Known || len(structure.Why) == 0 || !strings.Contains(structure.Why[0].ZH, "没有填写住房结构") {
		t.Errorf("%+v", structure)
	}
	if len(labour.Reads) != 3 || labour.Reads[0].Words.ZH != "普通劳动力" || labour.Reads[0].Path != "members[0].labour" {
		t.Errorf("%+v", labour.Reads)
	}
	if _, err := json.Marshal(x); err != nil {
		t.Error(err)
	}
}

func TestShippedDocumentsAreRead(t *testing.T) {
	t.Parallel()
	if len(criteria.Shipped()) < 3 {
		t.Errorf("%v", criteria.Shipped())
	}
	for _, id := range criteria.Shipped() {
		d := document(t, id)
		if d.ID() != id {
			t.Errorf("%s calls itself %s", id, d.ID())
		}
		if err := d.CheckCases(readRecord); err != nil || len(d.Cases) < 3 {
			t.Errorf("%s: %d cases, %v", id, len(d.Cases), err)
		}
	}
	if _, err := criteria.ShippedText("five-looks@2015"); !errs.Is(err, errs.NotFound) || !strings.Contains(errs.Sentence(err).ZH, "four-looks@2015.1") {
		t.Errorf("%v", err)
	}
}

const small = `criteria: small
version: "2015"
form: household@2015
parameters:
  cut: {value: 60}
derive:
  size: members.size()
score:
  higher_means: better_off
  indicators:
    - id: house
      max: 8
      parts:
        - {id: area, max: 8, points: "housing.area < 15 ? 0 : 8"}
poor: score < cut
`

// costly is a comparison that looks at an item 2^12 times.
var costly = strings.Repeat("(", 12) + "a.born < b.born" + strings.Repeat(" in [true, false])", 12)

func TestWrongDocumentsAreRefusedWithLineAndColumn(t *testing.T) {
	t.Parallel()
	if _, err := criteria.Parse([]byte(small), forms); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ old, replaced, says string }{
		"a field the form lacks":  {"housing.area <", "housing.aera <", "Line 14, column 39: There is no name \"housing.aera\". Near names: housing.area"},
		"points above max":        {"0 : 8\"", "0 : 9\"", "Line 14, column 39: The part has at most 8 points"},
		"parts beyond the max":    {"max: 8\n", "max: 9\n", "add up to 8"},
		"a cycle":                 {"members.size()", "members.size() + half\n  half: size / 2", "defined later"},
		"a type error":            {"housing.area < 15", "housing.area < true", "cannot be compared"},
		"poor is no condition":    {"score < cut", "cut", "A yes or no is wanted"},
		"an unknown key":          {"poor:", "poorer: 1\npoor:", "poorer"},
		"a parameter is a field":  {"cut: {value: 60}", "electricity: {value: 60}", "is taken"},
		"no value":                {"{value: 60}", "{unit: points}", "either value or by_year"},
		"another form":            {"household@2015", "village@2015", "Line 3, column 7: There is no form"},
		"no YAML at all":          {"poor: score", "poor: 'score", "Line 1"},
		"an unknown entry":        {"    - id: house\n", "    - id: house\n      weight: 2\n", "Line 12, column 7: A document has no entry \"weight\""},
		"no version":              {"version: \"2015\"", "version: first", "Line 2, column 10: version wants a year"},
		"ends before it begins":   {"poor:", "effective: {from: 2015-01-01, until: 2014-01-01}\npoor:", "ends before it begins"},
		"a direction":             {"better_off", "richer", "Line 9, column 17: score.higher_means"},
		"a parameter without end": {"{value: 60}", "{value: .inf}", "ordinary numbers"},
		"points without end":      {"{id: area, max: 8", "{id: area, max: .nan", "from 0 to"},
		"a word for a number":     {"{value: 60}", "{value: sixty}", "Line 5, column 8: The parameter is not well written: \"sixty\" is not a number"},
		"a word for a most":       {"max: 8\n", "max: eight\n", "Line 12, column 12: The document cannot be read: \"eight\" is not a number"},
		"a block of lines":        {"poor: score < cut", "poor: |\n  score < cut\n  && toilett", "Line 17, column 6: There is no name \"toilett\""},
		"nothing is poor":         {"poor: score < cut\n", "", "Line 1, column 1: There is no poor"},
		"deep lists":              {"housing.area < 15", "members.exists(a, members.exists(b, members.exists(c, c.born < a.born)))", "at most 2"},
		"a costly rule":           {"housing.area < 15", "members.all(a, members.all(b, " + costly + "))", "costs too much"},
		"a case's outcome":        {"poor:", "cases:\n  - {name: a, as_of: 2015-01-01, record: {}, outcome: rich}\npoor:", "Line 16, column 55: The outcome \"rich\""},
		"a case without a day":    {"poor:", "cases:\n  - {name: a, record: {}, outcome: proposed}\npoor:", "wants as_of"},
	} {
		text := strings.Replace(small, c.old, c.replaced, 1)
		_, err := criteria.Parse([]byte(text), forms)
		if !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var refusal *formula.Refusal
		if !errors.As(err, &refusal) {
			t.Errorf("%s: no place: %v", name, err)
		}
		if s := errs.Sentence(err); !strings.Contains(s.EN, c.says) || s.ZH == "" {
			t.Errorf("%s: %q", name, s.EN)
		} else if errors.As(err, &refusal) && refusal.At.Line < 1 {
			t.Errorf("%s: no line", name)
		}
	}
}

func TestAFileThatIsNoDocumentIsToldWithItsPlaceAndARemedy(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, zh, en string }{
		"a tab":                 {strings.Replace(small, "  higher", "\thigher", 1), "不能用制表符", "by spaces, not by tabs"},
		"a key twice":           {small + "poor: score < 50\n", "写了两次", `"poor" is there twice, first in line`},
		"another indent":        {strings.Replace(small, "      max: 8", "     max: 8", 1), "缩进", "indent"},
		"a wide colon":          {strings.Replace(small, "poor:", "poor：", 1), "第 15 行第 5 列：规则文件读不懂：这里的「：」", `column 5: The document cannot be read: the sign "：" is a wide one`},
		"a space without break": {strings.Replace(small, "poor: ", "poor:\u00a0", 1), "特殊符号", "is a wide one"},
		"another encoding":      {strings.Replace(small, "criteria: small", "criteria: small # \xb1\xea\xd7\xbc", 1), "第 1 行第 19 列：规则文件不是 UTF-8", "Line 1, column 19: The document is not in UTF-8"},
		"a control sign":        {strings.Replace(small, "small", "sm\x00all", 1), "控制字符", "control character"},
		"brackets without end":  {"a: " + strings.Repeat("[", 100_000), "套得太深", "too deep"},
		"a colon too many":      {strings.Replace(small, "higher_means: better_off", "higher_means: better: off", 1), "两个冒号", "second colon"},
		"a second document":     {small + "---\n" + small, "第二份规则文件", "a second document"},
		"no anchor":             {small + "title: *here\n", "加引号", "put it in quotes"},
	} {
		_, err := criteria.Parse([]byte(c.text), forms)
		if s := errs.Sentence(err); !strings.Contains(s.ZH, c.zh) || !strings.Contains(s.EN, c.en) || !strings.HasPrefix(s.EN, "Line ") {
			t.Errorf("%s: %s %s", name, s.ZH, s.EN)
		}
	}
}

func TestACaseThatFailsIsToldWithWhatCameOut(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ entry, says string }{
		"another outcome":  {"outcome: proposed, score: 8", "not proposed, 8 points was expected, proposed, 0 points came out"},
		"another score":    {"outcome: proposed, score: [0, 8]", "proposed, 0 to 8 points was expected, proposed, 0 points came out"},
		"another field":    {"outcome: proposed, missing: [electricity]", "missing electricity was expected"},
		"a wrong record":   {"outcome: proposed, record: {housing: {aera: 3}}", "record of the case"},
		"what is expected": {"outcome: proposed, score: 0, missing: []", ""},
	} {
		entry := c.entry
		if !strings.Contains(entry, "record") {
			entry += ", record: {housing: {area: 3}}"
		}
		if name == "another outcome" {
			entry = strings.Replace(entry, "proposed", "not_proposed", 1)
		}
		d, err := criteria.Parse([]byte(small+"cases:\n  - {name: one, as_of: 2015-12-31, "+entry+"}\n"), forms)
		if err != nil {
			t.Fatal(err)
		}
		err = d.CheckCases(readRecord)
		if (c.says == "") != (err == nil) {
			t.Errorf("%s: %v", name, err)
		} else if err != nil && !strings.Contains(errs.Sentence(err).EN, c.says) {
			t.Errorf("%s: %s", name, errs.Sentence(err).EN)
		}
	}
}

func TestPointsOutsideTheirRangeAreUnknownWithTheReason(t *testing.T) {
	t.Parallel()
	d, err := criteria.Parse([]byte(strings.Replace(small, "housing.area < 15 ? 0 : 8", "housing.area / 10", 1)), forms)
	if err != nil {
		t.Fatal(err)
	}
	e, err := d.NewEvaluator(end2015())
	if err != nil {
		t.Fatal(err)
	}
	v, x := e.Explain(with(t, `{"housing": {"area": 100}}`), nil)
	if v.Low != 0 || v.High != 8 || !strings.Contains(x.Indicators[0].Parts[0].Why[0].EN, "outside of 0 to 8") {
		t.Errorf("%+v %+v", v, x.Indicators[0].Parts[0])
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(small))
	for _, id := range criteria.Shipped() {
		text, _ := criteria.ShippedText(id)
		f.Add(text)
	}
	r := record(f, poorHousehold)
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := criteria.Parse(text, forms)
		if err != nil {
			if s := errs.Sentence(err); s.ZH == "" || s.EN == "" || errs.Is(err, errs.Internal) {
				t.Fatalf("no sentence: %v", err)
			}
			if s := errs.Sentence(err).EN; !strings.HasPrefix(s, "Line ") || !strings.Contains(s, "column ") {
				t.Fatalf("no place: %s", s)
			}
			return
		}
		e, err := d.NewEvaluator(end2015())
		if err != nil {
			t.Fatal(err)
		}
		e.Explain(r, nil)
	})
}

func BenchmarkEvaluateFourLooks(b *testing.B) {
	e, err := document(b, "four-looks@2015.1").NewEvaluator(end2015())
	if err != nil {
		b.Fatal(err)
	}
	r := record(b, poorHousehold)
	b.ReportAllocs()
	for b.Loop() {
		e.Evaluate(r)
	}
}

func BenchmarkExplainFourLooks(b *testing.B) {
	e, err := document(b, "four-looks@2015.1").NewEvaluator(end2015())
	if err != nil {
		b.Fatal(err)
	}
	r := record(b, poorHousehold)
	for b.Loop() {
		e.Explain(r, nil)
	}
}
