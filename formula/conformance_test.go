package formula_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"liandong/day"
	"liandong/formula"
)

const (
	publicCases  = "testdata/cel-spec.json"
	publicCounts = "testdata/cel-conformance.txt"
)

// divergences are where a formula answers otherwise than the Common Expression Language does, each with its reason and its cases. A case that is
// not here and differs is a fault; a case that is here and no longer differs is one too.
var divergences = []struct {
	name, why string
	cases     []string
}{
	{
		"one-numeric-type", "Every number is a float64: whole numbers do not overflow at 64 bits, and nothing is without a sign.",
		[]string{
			"integer_math/int64_math/int64_overflow_mul_positive", "integer_math/int64_math/int64_overflow_mul_negative",
			"integer_math/int64_math/uint64_overflow_mul_positive", "integer_math/int64_math/uint64_overflow_negative",
			"integer_math/int64_math/unary_minus_no_overload", "integer_math/uint64_math/negative_no_overload",
		},
	},
	{
		"no-infinity", "A division by zero and a result that is no longer finite are unknown, not infinite and not NaN: no household has such an answer.",
		[]string{
			"fp_math/fp_math/divide_zero", "fp_math/fp_math/fp_overflow_positive", "fp_math/fp_math/fp_overflow_negative",
			"comparisons/eq_literal/not_eq_double_nan", "comparisons/ne_literal/not_ne_double_nan", "comparisons/ne_literal/ne_double_nan",
		},
	},
	{
		"no-containers", "A name is written in full: a document has no container whose names could stand before others.",
		[]string{"namespace/namespace/self_eval_container_lookup", "namespace/namespace/self_eval_container_lookup_unchecked"},
	},
}

// How a case came out.
const (
	equal     = "equal"     // the same value
	unknown   = "unknown"   // an error of theirs is an unknown answer of ours, where and when it matters
	different = "different" // by a name of divergences
	variables = "variables" // asks about a message, a list of scalars, bytes or another kind of variable that no form has
	refused   = "refused"   // not of our language, with the sentence that says so
)

// TestThePublicCasesOfTheExpressionLanguage puts every case of the public conformance suite to the language. What comes out is counted in
// testdata/cel-conformance.txt, so that a change of the language shows; RECORD_CONFORMANCE=1 writes the counts anew.
func TestThePublicCasesOfTheExpressionLanguage(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(publicCases)
	if err != nil {
		t.Fatalf("the public cases are not here; \"make formula/%s\" fetches them: %v", publicCases, err)
	}
	var cases []publicCase
	if err := json.Unmarshal(raw, &cases); err != nil {
		t.Fatal(err)
	}
	c := counts{bySuite: map[string]map[string]int{}, reasons: map[string]*reason{}, divergent: map[string]string{}}
	for _, d := range divergences {
		for _, id := range d.cases {
			c.divergent[id] = d.name
		}
	}
	for _, p := range cases {
		c.count(t, p)
	}
	for _, id := range slices.Sorted(maps.Keys(c.divergent)) {
		if !slices.Contains(c.differ, id) {
			t.Errorf("%s is said to differ by %s and does not", id, c.divergent[id])
		}
	}
	got := c.String()
	if os.Getenv("RECORD_CONFORMANCE") != "" {
		if err := os.WriteFile(publicCounts, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(publicCounts)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the counts changed; read them, and if they are right, RECORD_CONFORMANCE=1 writes them:\n%s", got)
	}
}

// publicCase is one case of the suite as formula/gen writes it.
type publicCase struct {
	Suite     string
	Name      string
	Expr      string
	CheckOnly bool // asks for the type alone
	Value     publicValue
	EvalError json.RawMessage // there where the language must answer with an error
	Typed     *struct {
		Result publicValue
		Type   struct{ Primitive string } `json:"deducedType"`
	} `json:"typedResult"`
	Bindings map[string]struct{ Value publicValue }
	TypeEnv  []struct {
		Name  string
		Ident *struct{} // nil for a function
	}
}

func (p publicCase) id() string { return p.Suite + "/" + p.Name }

// publicValue is a value in protobuf's JSON form: one key, such as int64Value.
type publicValue map[string]json.RawMessage

// plain unwraps the value: "number" with its text, "bool", "string", or another kind.
func (v publicValue) plain() (kind, text string) {
	for key, raw := range v {
		text := string(raw)
		if unquoted := ""; json.Unmarshal(raw, &unquoted) == nil {
			text = unquoted
		}
		switch key {
		case "int64Value", "uint64Value", "doubleValue":
			return "number", text
		case "boolValue":
			return "bool", text
		case "stringValue":
			return "string", text
		case "objectValue":
			return wrapped(raw)
		}
		return key, text
	}
	return "", ""
}

// wrapped unwraps the scalars of protobuf's wrappers.proto and struct.proto.
func wrapped(raw json.RawMessage) (kind, text string) {
	var o struct {
		Type  string `json:"@type"`
		Value any    `json:"value"`
	}
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	decoder.UseNumber()
	if decoder.Decode(&o) != nil {
		return "objectValue", ""
	}
	name := o.Type[strings.LastIndexByte(o.Type, '.')+1:]
	switch v := o.Value.(type) {
	case bool:
		return "bool", strconv.FormatBool(v)
	case json.Number:
		return "number", v.String()
	case string:
		switch name {
		case "Int64Value", "UInt64Value":
			return "number", v
		case "StringValue", "Value":
			return "string", v
		}
	}
	return "objectValue", ""
}

// world is a record and parameters that hold a case's variables.
type world struct {
	schema     formula.Schema
	parameters []formula.Parameter
	values     []formula.Value
	row        row
}

// world gives the variables of a case the forms that ours have: numbers are parameters, truth values and texts are answers. It says whether all
// could be given one.
func (p publicCase) world() (*world, bool) {
	w := &world{schema: formula.Schema{Name: "public"}, row: row{values: map[int]int64{}, texts: map[int]string{}}}
	longestFirst := func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) }
	for _, name := range slices.SortedFunc(maps.Keys(p.Bindings), longestFirst) {
		if !w.bind(name, p.Bindings[name].Value) {
			return nil, false
		}
	}
	for _, d := range p.TypeEnv {
		if _, bound := p.Bindings[d.Name]; !bound && d.Ident != nil {
			return nil, false
		}
	}
	return w, true
}

func (w *world) bind(name string, v publicValue) bool {
	if _, ok := w.schema.Lookup(name); ok {
		return true // of a variable a.b.c and an entry c of a map a.b, the longer name counts
	}
	kind, text := v.plain()
	switch kind {
	case "number":
		number, err := strconv.ParseFloat(text, 64)
		w.parameters = append(w.parameters, formula.Parameter{Name: name})
		w.values = append(w.values, formula.Value{Num: number, Known: true})
		return err == nil
	case "bool":
		w.row.values[len(w.schema.Fields)] = map[string]int64{"false": 0, "true": 1}[text]
		w.schema.Fields = append(w.schema.Fields, formula.Field{Path: name, Type: formula.Bool})
		return true
	case "string":
		w.row.texts[len(w.schema.Fields)] = text
		w.schema.Fields = append(w.schema.Fields, formula.Field{Path: name, Type: formula.Text})
		return true
	case "mapValue":
		return w.bindEntries(name, v["mapValue"])
	}
	return false
}

// bindEntries gives the entries of a map names behind a point.
func (w *world) bindEntries(name string, raw json.RawMessage) bool {
	var m struct {
		Entries []struct{ Key, Value publicValue }
	}
	if json.Unmarshal(raw, &m) != nil {
		return false
	}
	for _, e := range m.Entries {
		if kind, key := e.Key.plain(); kind != "string" || !w.bind(name+"."+key, e.Value) {
			return false
		}
	}
	return true
}

// wanted is what the suite wants, in the words of answer.
func (p publicCase) wanted() string {
	v := p.Value
	switch {
	case p.EvalError != nil:
		return unknown
	case p.CheckOnly:
		return p.Typed.Type.Primitive
	case p.Typed != nil:
		v = p.Typed.Result
	case v == nil:
		return "true" // a case that states nothing wants true
	}
	kind, text := v.plain()
	switch whole, isWhole := new(big.Int).SetString(text, 10); {
	case kind == "number" && isWhole:
		return whole.String()
	case kind == "number":
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return text
		}
		return exactly(f)
	case kind == "bool":
		return text
	case kind == "string":
		return strconv.Quote(text)
	}
	return kind
}

// answer is the value of a formula in words that tell every value from every other.
func (w *world) answer(b *formula.Builder, n *formula.Node, checkOnly bool) string {
	if checkOnly {
		return map[formula.ValueType]string{formula.TypeBool: "BOOL", formula.TypeNum: "INT64", formula.TypeText: "STRING"}[n.Type]
	}
	switch {
	case n.Type == formula.TypeText && n.Op == formula.OpConst:
		return strconv.Quote(n.Text)
	case n.Type == formula.TypeText:
		return strconv.Quote(w.row.texts[n.Index])
	}
	e := formula.NewEvaluation(b)
	e.Begin(w.row, nil, &formula.Inputs{AsOf: day.MustOf(2015, 12, 31), Parameters: w.values})
	v := e.Value(n)
	switch {
	case !v.Known:
		return unknown
	case n.Type == formula.TypeBool:
		return strconv.FormatBool(v.Num == 1)
	}
	return exactly(v.Num)
}

// exactly is a number with all its digits, as a fraction where it is none.
func exactly(f float64) string {
	r := new(big.Rat).SetFloat64(f)
	if r == nil {
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	return r.RatString()
}

// reason is one sentence with which expressions are refused.
type reason struct {
	count int
	words map[string]int // what stood in its quotes
	first string         // the first example with its place
}

// counts are how the cases came out.
type counts struct {
	bySuite   map[string]map[string]int
	reasons   map[string]*reason
	divergent map[string]string // the named divergence of a case
	differ    []string          // cases that differ by a name
}

var (
	quotedWord = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)
	nearNames  = regexp.MustCompile(` Near names: .*`)
)

// count asks one case and counts what comes out. A refusal must be a sentence with a place within the text.
func (c *counts) count(t *testing.T, p publicCase) {
	t.Helper()
	how := c.ask(t, p)
	suite, _, _ := strings.Cut(p.Suite, "/")
	if c.bySuite[suite] == nil {
		c.bySuite[suite] = map[string]int{}
	}
	c.bySuite[suite][how]++
}

func (c *counts) ask(t *testing.T, p publicCase) string {
	t.Helper()
	w, ok := p.world()
	if !ok {
		return variables
	}
	b := formula.NewBuilder(&w.schema, w.parameters)
	n, err := b.Build(p.Expr, formula.Options{})
	if r, ok := errors.AsType[*formula.Refusal](err); ok {
		c.refuse(t, p, r)
		return refused
	}
	if err != nil {
		t.Fatalf("%s: %s: %v is no refusal", p.id(), p.Expr, err)
	}
	got, want := w.answer(b, n, p.CheckOnly), p.wanted()
	switch {
	case got == want && p.EvalError != nil:
		return unknown
	case got == want:
		return equal
	case c.divergent[p.id()] == "":
		t.Errorf("%s: %s is %s, wanted is %s", p.id(), p.Expr, got, want)
	}
	c.differ = append(c.differ, p.id())
	return different
}

func (c *counts) refuse(t *testing.T, p publicCase, r *formula.Refusal) {
	t.Helper()
	lines := strings.Split(p.Expr, "\n")
	if r.At.Line < 1 || r.At.Line > len(lines) || r.At.Column < 1 || r.At.Column > utf8.RuneCountInString(lines[r.At.Line-1])+1 {
		t.Errorf("%s: %q is refused at %v, outside of it", p.id(), p.Expr, r.At)
	}
	if r.Text.ZH == "" || r.Text.EN == "" || strings.Contains(r.Text.EN, `""`) || strings.Contains(r.Text.EN+r.Text.ZH, "\n") {
		t.Errorf("%s: %s is refused with no sentence: %+v", p.id(), p.Expr, r.Text)
	}
	sentence := nearNames.ReplaceAllString(quotedWord.ReplaceAllString(r.Text.EN, `"…"`), "")
	if c.reasons[sentence] == nil {
		c.reasons[sentence] = &reason{words: map[string]int{}, first: fmt.Sprintf("%s at line %d, column %d", strconv.Quote(p.Expr), r.At.Line, r.At.Column)}
	}
	c.reasons[sentence].count++
	if word := quotedWord.FindString(r.Text.EN); word != "" {
		c.reasons[sentence].words[word]++
	}
}

// total is how many cases came out so.
func (c *counts) total(how string) (sum int) {
	for _, s := range c.bySuite {
		sum += s[how]
	}
	return sum
}

// String is the golden text.
func (c *counts) String() string {
	var s strings.Builder
	fmt.Fprintf(&s, "%d the same value\n%d an error there, unknown here\n%d different by a name\n%d about variables of kinds that no form has\n%d refused\n",
		c.total(equal), c.total(unknown), c.total(different), c.total(variables), c.total(refused))
	fmt.Fprintf(&s, "\n%-18s %6s %8s %10s %10s %8s\n", "suite", equal, unknown, different, variables, refused)
	for _, suite := range slices.Sorted(maps.Keys(c.bySuite)) {
		n := c.bySuite[suite]
		fmt.Fprintf(&s, "%-18s %6d %8d %10d %10d %8d\n", suite, n[equal], n[unknown], n[different], n[variables], n[refused])
	}
	s.WriteString("\nDifferent by a name\n")
	for _, d := range divergences {
		fmt.Fprintf(&s, "%d %s: %s\n", len(d.cases), d.name, d.why)
		for _, id := range d.cases {
			fmt.Fprintf(&s, "    %s\n", id)
		}
	}
	s.WriteString("\nRefused, by what is said\n")
	byCount := slices.SortedFunc(maps.Keys(c.reasons), func(a, b string) int {
		return cmp.Or(cmp.Compare(c.reasons[b].count, c.reasons[a].count), cmp.Compare(a, b))
	})
	for _, sentence := range byCount {
		r := c.reasons[sentence]
		fmt.Fprintf(&s, "%d %s\n    first: %s\n", r.count, sentence, r.first)
		if len(r.words) > 0 {
			fmt.Fprintf(&s, "    of these: %s\n", counted(r.words))
		}
	}
	return s.String()
}

func counted(words map[string]int) string {
	all := slices.SortedFunc(maps.Keys(words), func(a, b string) int { return cmp.Or(cmp.Compare(words[b], words[a]), cmp.Compare(a, b)) })
	for i, w := range all {
		all[i] = fmt.Sprintf("%s %d", strings.Trim(w, `"`), words[w])
	}
	return strings.Join(all, ", ")
}
