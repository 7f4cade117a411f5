package formula_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"liandong/day"
	"liandong/errs"
	"liandong/formula"
)

// The little form of these tests: a household with a number, money, a code, several codes, a day and members.
func schema() *formula.Schema {
	labour := []formula.Entry{{Number: 1, Code: "ordinary"}, {Number: 2, Code: "skilled"}, {Number: 3, Code: "none"}}
	health := []formula.Entry{{Number: 1, Code: "healthy"}, {Number: 2, Code: "ill"}}
	members := &formula.Schema{Name: "members", Fields: []formula.Field{
		{Path: "labour", Type: formula.Code, Codes: labour},
		{Path: "health", Type: formula.Codes, Codes: health},
		{Path: "born", Type: formula.Date},
		{Path: "wage", Type: formula.Number, Scale: 2},
		{Path: "name", Type: formula.Text},
	}}
	return &formula.Schema{Name: "household", Fields: []formula.Field{
		{Path: "area", Type: formula.Number, Scale: 1},
		{Path: "wage", Type: formula.Number, Scale: 2},
		{Path: "dangerous", Type: formula.Bool},
		{Path: "labour", Type: formula.Code, Codes: labour},
		{Path: "members", Type: formula.List, List: members},
		{Path: "phone", Type: formula.Opaque},
		{Path: "name", Type: formula.Text},
		{Path: "vehicles", Type: formula.List, List: &formula.Schema{Name: "vehicles", Fields: []formula.Field{{Path: "age", Type: formula.Number}}}},
	}}
}

// row is a record in memory: what is absent is unknown.
type row struct {
	values map[int]int64
	texts  map[int]string
	lists  map[int][]row
}

func (r row) Value(i int) (int64, bool) { v, ok := r.values[i]; return v, ok }
func (r row) Text(i int) (string, bool) { v, ok := r.texts[i]; return v, ok }
func (r row) List(i int) (formula.Rows, bool) {
	v, ok := r.lists[i]
	return rows(v), ok
}

type rows []row

func (r rows) Len() int              { return len(r) }
func (r rows) Row(i int) formula.Row { return r[i] }

// household is the record of the examples: three members, one of unknown labour.
func household() row {
	return row{
		values: map[int]int64{0: 305, 1: 123456, 3: 1},
		texts:  map[int]string{6: "张"},
		lists: map[int][]row{4: {
			{values: map[int]int64{0: 1, 1: 0b10, 2: int64(day.MustOf(2000, 1, 1).UnixDays()), 3: 10}, texts: map[int]string{4: "张"}},
			{values: map[int]int64{0: 3, 1: 0b110, 2: int64(day.MustOf(1950, 6, 1).UnixDays()), 3: 20}},
			{values: map[int]int64{1: 0b10, 2: int64(day.MustOf(2010, 12, 31).UnixDays())}},
		}},
	}
}

func inputs() *formula.Inputs {
	return &formula.Inputs{AsOf: day.MustOf(2015, 12, 31), Parameters: []formula.Value{{Num: 60, Known: true}, {}}, ScoreLow: 55, ScoreHigh: 62}
}

func builder() *formula.Builder {
	return formula.NewBuilder(schema(), []formula.Parameter{{Name: "cut"}, {Name: "line"}})
}

func evaluate(t *testing.T, text string) (formula.Value, error) {
	t.Helper()
	b := builder()
	n, err := b.Build(text, formula.Options{Score: true})
	if err != nil {
		return formula.Value{}, err
	}
	e := formula.NewEvaluation(b)
	e.Begin(household(), nil, inputs())
	return e.Value(n), nil
}

func TestFormulasAreEvaluatedByTheSemanticsOfTheDesign(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		// numbers
		"1 + 2 * 3": "7", "area": "30.5", "wage / 100": "12.3456", "-area": "-30.5", "min(area, 3)": "3", "max(3, 2.5)": "3",
		"area / 0": "unknown", "0 / 0": "unknown", "1e308 * 10": "unknown",
		// comparisons, parameters, the unknown
		"area < 31": "true", "area >= 30.5": "true", "area == 30.5": "true", "area != 30.5": "false", "cut > 59": "true", "line > 1": "unknown",
		// Kleene
		"dangerous": "unknown", "!dangerous": "unknown", "dangerous && false": "false", "dangerous || true": "true", "dangerous && true": "unknown",
		"dangerous || dangerous": "unknown", "!(area < 1) && area > 1": "true",
		// conditionals
		"dangerous ? 1 : 1": "1", "dangerous ? 1 : 2": "unknown", "area > 1 ? 4 : line": "4",
		// codes
		"labour == 'ordinary'": "true", "labour != 'ordinary'": "false", "'skilled' == labour": "false", "labour in ['skilled', 'ordinary']": "true",
		"area in [1, 30.5]": "true", "area in []": "false",
		// texts
		"name == '张'": "true", "name != '李'": "true",
		// lists
		"members.size()": "3", "size(members)": "3", "members.exists(m, size(m.health) > 1)": "true", "size(members.filter(m, 'ill' in m.health))": "1", "members.exists(m, m.labour == 'none')": "true", "members.exists(m, m.labour == 'skilled')": "unknown",
		"members.all(m, m.labour == 'ordinary')": "false", "members.all(m, m.labour in ['ordinary', 'none'])": "unknown",
		"members.filter(m, m.labour == 'ordinary').size()": "unknown", "members.filter(m, 'ill' in m.health).size()": "1",
		"members.filter(m, 'ill' in m.health || 'healthy' in m.health).size()": "3",
		"members.map(m, m.wage).sum()":                                         "unknown", "members.filter(m, years(m.born, as_of) >= 15).map(m, m.wage).sum()": "0.3",
		"members.filter(m, years(m.born, as_of) >= 15).map(m, m.wage).min()": "0.1", "members.filter(m, years(m.born, as_of) >= 15).map(m, m.wage).max()": "0.2",
		"members.filter(m, years(m.born, as_of) > 200).map(m, m.wage).sum()": "0", "members.filter(m, years(m.born, as_of) > 200).map(m, m.wage).max()": "unknown",
		"members.exists(m, m.health.size() > 1)":                                        "true",
		"members.exists(m, members.exists(n, n.born < m.born && n.health.size() == 2))": "true",
		"members.exists(m, m.name == name)":                                             "true",
		"members.exists(m, m.born == '1950-06-01')":                                     "true",
		"members.filter(m, m.born < as_of).size() > 2 ? area : 0.0":                     "30.5",
		"members.exists(m, area > 100 && members.all(n, n.labour == m.labour))":         "false",
		// the score is an interval
		"score < cut": "unknown", "score < 63": "true", "score < 50": "false", "score <= 62 && area > 1": "true",
	} {
		got, err := evaluate(t, text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if s := words(got, want); s != want {
			t.Errorf("%s = %s, want %s", text, s, want)
		}
	}
}

func words(v formula.Value, like string) string {
	switch {
	case !v.Known:
		return "unknown"
	case (like == "true" || like == "false") && v.Num == 1:
		return "true"
	case (like == "true" || like == "false") && v.Num == 0:
		return "false"
	}
	return fmt.Sprint(v.Num)
}

func TestAnAbsentListIsUnknownAndAnEmptyOneIsNot(t *testing.T) {
	t.Parallel()
	b := builder()
	n, err := b.Build("members.size()", formula.Options{})
	if err != nil {
		t.Fatal(err)
	}
	e := formula.NewEvaluation(b)
	e.Begin(row{}, nil, inputs())
	if v := e.Value(n); v.Known {
		t.Errorf("absent: %v", v)
	}
	e.Begin(row{lists: map[int][]row{4: {}}}, nil, inputs())
	if v := e.Value(n); v != (formula.Value{Num: 0, Known: true}) {
		t.Errorf("empty: %v", v)
	}
}

func TestRefusalsSayWhereAndWhatToDo(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		at   formula.Position
		says string
	}{
		"aera < 3":                             {formula.Position{Line: 7, Column: 5}, "area"},
		"area <":                               {formula.Position{Line: 7, Column: 11}, "ends too early"},
		"area +\n labour":                      {formula.Position{Line: 8, Column: 2}, "a number is wanted"},
		"labour == 'lazy'":                     {formula.Position{Line: 7, Column: 15}, "ordinary, skilled, none"},
		"members.exists(m, m.labor == 'none')": {formula.Position{Line: 7, Column: 23}, "m.labour"},
		"members.exists(m, m.wage)":            {formula.Position{Line: 7, Column: 23}, "condition"},
		"members":                              {formula.Position{Line: 7, Column: 5}, "is a list"},
		"phone":                                {formula.Position{Line: 7, Column: 5}, "closed to rules"},
		"name.matches('x')":                    {formula.Position{Line: 7, Column: 17}, "no operation"},
		"name.size()":                          {formula.Position{Line: 7, Column: 5}, "is no list"},
		"[1, 2].exists(m, m > 1)":              {formula.Position{Line: 7, Column: 5}, "list of the form"},
		"members.filter(m, true)":              {formula.Position{Line: 7, Column: 19}, "must follow it"},
		"members.size(area)":                   {formula.Position{Line: 7, Column: 18}, "between its brackets"},
		"members.map(m, m.wage).sum(3)":        {formula.Position{Line: 7, Column: 32}, "between its brackets"},
		"area < 9007199254740993":              {formula.Position{Line: 7, Column: 12}, "too large"},
		"area < 99999999999999999999":          {formula.Position{Line: 7, Column: 12}, "too large"},
		"area ＜ 3":                             {formula.Position{Line: 7, Column: 10}, "write <."},
		"area = 3":                             {formula.Position{Line: 7, Column: 10}, "write ==."},
		"area < 3 and dangerous":               {formula.Position{Line: 7, Column: 14}, "write &&."},
		"area % 3":                             {formula.Position{Line: 7, Column: 10}, `"%"`},
		"area)":                                {formula.Position{Line: 7, Column: 9}, `")" cannot stand here`},
		"package":                              {formula.Position{Line: 7, Column: 5}, "reserved"},
		"area < null":                          {formula.Position{Line: 7, Column: 12}, "null"},
		"name < '李'":                           {formula.Position{Line: 7, Column: 10}, "by size"},
		"dangerous < 1":                        {formula.Position{Line: 7, Column: 15}, "cannot be compared"},
		"members.map(m, m.wage + 1).sum()":     {formula.Position{Line: 7, Column: 35}, "map(m, m.field)"},
		"members.exists(area, true)":           {formula.Position{Line: 7, Column: 20}, "taken"},
		"foo(1)":                               {formula.Position{Line: 7, Column: 8}, "no operation"},
		"area > 1 ? 1 : true":                  {formula.Position{Line: 7, Column: 14}, "both must be"},
		"members.exists(m, m.born < '2015-2-30')":                       {formula.Position{Line: 7, Column: 32}, "cannot be read"},
		"members.exists(a, members.exists(b, members.exists(c, true)))": {formula.Position{Line: 7, Column: 41}, "at most 2"},
		"score < 3": {formula.Position{Line: 7, Column: 5}, "poor alone"},
	} {
		_, err := builder().Build(text, formula.Options{At: formula.Position{Line: 7, Column: 5}})
		var r *formula.Refusal
		if !errors.As(err, &r) || !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v is no refusal", text, err)
			continue
		}
		if r.At != want.at || !strings.Contains(strings.ToLower(r.Text.EN), strings.ToLower(want.says)) || r.Text.ZH == "" {
			t.Errorf("%s: at %v %q; want %v %q", text, r.At, r.Text.EN, want.at, want.says)
		}
	}
}

func TestEqualOperationsAreOneNode(t *testing.T) {
	t.Parallel()
	b := builder()
	first, err := b.Build("members.filter(m, m.labour == 'none').size() / members.size()", formula.Options{})
	if err != nil {
		t.Fatal(err)
	}
	before := len(b.Nodes)
	again, err := b.Build("members.filter(x, 'none' == x.labour).size() / members.size()", formula.Options{})
	if err != nil || again != first || len(b.Nodes) != before {
		t.Errorf("%d nodes became %d, same node: %v, %v", before, len(b.Nodes), again == first, err)
	}
	if n, _ := b.Build("2 * 3 < 7", formula.Options{}); n.Op != formula.OpConst || n.Num != 1 {
		t.Errorf("constants are not computed: %+v", n)
	}
}

func TestNamesAndItemsOfARule(t *testing.T) {
	t.Parallel()
	b := builder()
	size, err := b.Build("members.size()", formula.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Define("size", size, formula.Position{}); err != nil {
		t.Fatal(err)
	}
	if err := b.Define("area", size, formula.Position{}); err == nil {
		t.Error("a field's name was given again")
	}
	if err := b.Each("m", "members"); err != nil {
		t.Fatal(err)
	}
	n, err := b.Build("m.labour == 'none' && members.exists(h, h.born > m.born) && size == 3", formula.Options{Want: formula.TypeBool})
	if err != nil {
		t.Fatal(err)
	}
	e := formula.NewEvaluation(b)
	h := household()
	for i, want := range []bool{false, true, false} {
		e.Begin(h, h.lists[4][i], inputs())
		if is, known := e.Truth(n); is != want || (i < 2 && !known) {
			t.Errorf("member %d: %v %v", i, is, known)
		}
	}
}

// De Morgan's laws hold with the unknown, whatever is known.
func TestKleeneLaws(t *testing.T) {
	t.Parallel()
	b := builder()
	build := func(text string) *formula.Node {
		n, err := b.Build(text, formula.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	left, right := build("!(dangerous && area < 10)"), build("!dangerous || !(area < 10)")
	some, all := build("members.exists(m, m.labour == 'none')"), build("!members.all(m, m.labour != 'none')")
	e := formula.NewEvaluation(b)
	rapid.Check(t, func(t *rapid.T) {
		r := row{values: map[int]int64{}, lists: map[int][]row{4: {}}}
		if v := rapid.IntRange(0, 2).Draw(t, "dangerous"); v < 2 {
			r.values[2] = int64(v)
		}
		if v := rapid.IntRange(0, 2).Draw(t, "area"); v < 2 {
			r.values[0] = int64(v) * 200
		}
		for range rapid.IntRange(0, 3).Draw(t, "members") {
			m := row{values: map[int]int64{}}
			if v := rapid.IntRange(0, 3).Draw(t, "labour"); v > 0 {
				m.values[0] = int64(v)
			}
			r.lists[4] = append(r.lists[4], m)
		}
		e.Begin(r, nil, inputs())
		if e.Value(left) != e.Value(right) || e.Value(some) != e.Value(all) {
			t.Fatalf("%v: %v %v, %v %v", r, e.Value(left), e.Value(right), e.Value(some), e.Value(all))
		}
	})
}

func FuzzBuild(f *testing.F) {
	for _, s := range []string{"area < 3", "members.exists(m, m.labour == 'none')", "members.map(m, m.wage).sum() / 2", "a ? b : c", "[1][0]", "{'a': 1}", "has(x.y)", "1u + 2.0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b := builder()
		n, err := b.Build(s, formula.Options{Score: true})
		if err != nil {
			var r *formula.Refusal
			if !errors.As(err, &r) || r.At.Line < 1 || r.At.Column < 1 {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		e := formula.NewEvaluation(b)
		e.Begin(household(), nil, inputs())
		if n.Type != formula.TypeText && n.Type != formula.TypeScore {
			e.Value(n)
		}
	})
}

func BenchmarkEvaluate(b *testing.B) {
	build := builder()
	n, err := build.Build("members.filter(m, m.labour in ['ordinary', 'skilled']).size() / members.size() < 0.5 && wage / members.size() < 2855 ? 1.0 : 0.0", formula.Options{})
	if err != nil {
		b.Fatal(err)
	}
	e, h, in := formula.NewEvaluation(build), household(), inputs()
	b.ReportAllocs()
	for b.Loop() {
		e.Begin(h, nil, in)
		e.Value(n)
	}
}

// A name that goes over one list, used in a condition on the items of another, is told with its own list, and so is what stands behind it.
func TestAMissingAnswerIsToldWithItsOwnList(t *testing.T) {
	build := builder()
	named, err := build.Build("members.exists(m, m.labour == 'skilled')", formula.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := build.Define("crafts", named, formula.Position{}); err != nil {
		t.Fatal(err)
	}
	n, err := build.Build("vehicles.exists(v, crafts && v.age > 3.0)", formula.Options{})
	if err != nil {
		t.Fatal(err)
	}
	household := household()
	household.lists[7] = []row{{values: map[int]int64{}}}
	e := formula.NewEvaluation(build)
	e.Begin(household, nil, inputs())
	var missing []string
	e.Missing(n, func(r formula.Read) { missing = append(missing, r.Path()) }, func(errs.Text) {})
	if want := []string{"members[2].labour", "vehicles[0].age"}; !slices.Equal(missing, want) {
		t.Errorf("missing %v, want %v", missing, want)
	}
}
