package criteriatest

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"liandong/form"
	"liandong/formula"
)

// Document is the text of a random document that is checked without a refusal.
func Document(t *rapid.T) string {
	w := &writer{T: t, schema: Sample()}
	id := SampleForm
	if rapid.Bool().Draw(t, "household form") {
		w.schema, id = form.Household().Root.Schema(), form.Household().ID()
	}
	var b strings.Builder
	fmt.Fprintf(&b, "criteria: random\nversion: \"2015\"\ntitle: {zh: 随机, en: Random}\nform: %s\nbasis: {text: random, status: local-default}\neffective: {from: 2015-01-01}\n", id)
	b.WriteString("parameters:\n")
	fmt.Fprintf(&b, "  line: {title: {zh: 线, en: Line}, value: %s}\n", w.constant())
	fmt.Fprintf(&b, "  cut: {title: {zh: 分, en: Cut}, value: %d}\n", w.upTo(40, "cut"))
	b.WriteString("  yearly: {title: {zh: 年, en: Yearly}, by_year: {2014: 5}}\n") // unknown in 2015, which is the year of the tests
	w.numbers = []string{"line", "cut", "yearly"}
	b.WriteString("derive:\n  one: \"1 + 0\"\n")
	for i := range w.upTo(4, "derived") {
		name := fmt.Sprintf("d%d", i)
		if w.either("derived truth") {
			fmt.Fprintf(&b, "  %s: %q\n", name, w.truth(2))
			w.truths = append(w.truths, name)
		} else {
			fmt.Fprintf(&b, "  %s: %q\n", name, w.number(2))
			w.numbers = append(w.numbers, name)
		}
	}
	scored := w.indicators(&b)
	w.bars(&b)
	fmt.Fprintf(&b, "poor: %q\n", w.poor(scored))
	return b.String()
}

// writer writes random expressions over a schema.
type writer struct {
	*rapid.T

	schema  *formula.Schema
	numbers []string // names of numbers
	truths  []string
	items   []item // variables that hold
}

// item is a variable with the schema of its records.
type item struct {
	name   string
	schema *formula.Schema
}

func (w *writer) upTo(n int, what string) int { return rapid.IntRange(0, n).Draw(w.T, what) }
func (w *writer) either(what string) bool     { return rapid.Bool().Draw(w.T, what) }

func one[T any](w *writer, from []T, what string) T {
	return from[rapid.IntRange(0, len(from)-1).Draw(w.T, what)]
}

func (w *writer) indicators(b *strings.Builder) bool {
	n := w.upTo(4, "parts")
	if n == 0 {
		return false
	}
	// Whole points, points of a binary fraction, and points of none are added up in three ways.
	unit := one(w, []float64{1, 0.25, 0.1}, "unit of points")
	points := func(k int) string { return fmt.Sprint(float64(k) * unit) }
	sum := 0.0
	var parts strings.Builder
	for i := range n {
		most := 1 + w.upTo(9, "max")
		sum += float64(most) * unit
		fmt.Fprintf(&parts, "        - {id: p%d, title: {zh: 项, en: Part}, max: %s, points: %q}\n", i, points(most), w.points(most, points))
	}
	fmt.Fprintf(b, "score:\n  higher_means: better_off\n  indicators:\n    - id: looks\n      title: {zh: 看, en: Looks}\n      max: %v\n      parts:\n%s", sum, parts.String())
	return true
}

// points are a chain of conditionals as documents have them, or any number.
func (w *writer) points(most int, points func(int) string) string {
	if w.upTo(5, "computed points") == 5 {
		// Begins with a parameter: points known to be too many, also by a derived constant, are refused.
		return one(w, w.numbers[:3], "name of a parameter") + " + " + w.number(2)
	}
	text := points(w.upTo(most, "points"))
	subject := ""
	if w.either("one subject") {
		subject = w.number(1)
	}
	for range w.upTo(3, "steps") {
		var condition string
		if subject != "" {
			condition = subject + " " + w.comparison() + " " + w.constant()
		} else {
			condition = w.truth(1)
		}
		text = condition + " ? " + points(w.upTo(most, "points")) + " : " + text
	}
	return text
}

func (w *writer) bars(b *strings.Builder) {
	n := w.upTo(3, "bars")
	if n == 0 {
		return
	}
	b.WriteString("bars:\n")
	for i := range n {
		fmt.Fprintf(b, "  - {id: b%d, kind: %s, title: {zh: 条, en: Bar}, when: %q}\n", i, one(w, []string{"veto", "review"}, "kind"), w.truth(2))
	}
}

func (w *writer) poor(scored bool) string {
	if !scored {
		return w.truth(3)
	}
	looks := "score " + w.comparison() + " " + one(w, []string{"cut", w.number(1)}, "score against")
	switch w.upTo(3, "poor") {
	case 0:
		return looks
	case 1:
		return looks + " && " + w.truth(2)
	case 2:
		return "!(" + looks + ") || " + w.truth(2)
	}
	return "(" + w.truth(1) + ") ? (" + looks + ") : (" + w.truth(1) + ")"
}

func (w *writer) comparison() string { return one(w, []string{"<", "<=", ">", ">="}, "comparison") }

func (w *writer) constant() string {
	return one(w, []string{"0", "1", "2", "3", "0.5", "0.34", "10", "15", "150", "2855", "12.3", "1e300", "-1"}, "constant")
}

// scope is what an expression may read: the record's own fields, or an item's.
type scope struct {
	prefix string
	schema *formula.Schema
}

func (w *writer) scope() scope {
	scopes := []scope{{"", w.schema}}
	for _, i := range w.items {
		own := scope{i.name + ".", i.schema}
		scopes = append(scopes, own, own, own)
	}
	return one(w, scopes, "scope")
}

// fields lists the fields of the types at a place.
func (w *writer) fields(p scope, types ...formula.Type) []formula.Field {
	var all []formula.Field
	for _, f := range p.schema.Fields {
		if slices.Contains(types, f.Type) && f.Path != "number" && f.Path != "name" {
			all = append(all, f)
		}
	}
	return all
}

// number is a random number expression; depth bounds what it nests.
func (w *writer) number(depth int) string {
	if depth <= 0 {
		return w.plainNumber()
	}
	switch w.upTo(9, "number") {
	case 0, 1:
		return "(" + w.number(depth-1) + " " + one(w, []string{"+", "-", "*", "/"}, "operator") + " " + w.number(depth-1) + ")"
	case 2:
		return one(w, []string{"min", "max"}, "of two") + "(" + w.number(depth-1) + ", " + w.number(depth-1) + ")"
	case 3:
		return "(" + w.truth(depth-1) + " ? " + w.number(depth-1) + " : " + w.number(depth-1) + ")"
	case 4:
		return "(-" + w.number(depth-1) + ")"
	case 5, 6:
		return w.overList(depth, true)
	case 7:
		return w.share(depth)
	}
	return w.plainNumber()
}

// share is a count over the length of the same list, or a field over it.
func (w *writer) share(depth int) string {
	lists := w.fields(scope{"", w.schema}, formula.List)
	list := one(w, lists, "list").Path
	if w.either("share of items") && len(w.items) < 2 {
		return fmt.Sprintf("(%s.filter(%s).size() / %s.size())", list, w.within(list, depth), list)
	}
	return fmt.Sprintf("(%s / %s.size())", w.plainNumber(), list)
}

func (w *writer) plainNumber() string {
	switch w.upTo(5, "plain number") {
	case 0:
		return w.constant()
	case 1:
		return one(w, w.numbers, "name of a number")
	case 2:
		p := w.scope()
		if dates := w.fields(p, formula.Date); len(dates) > 0 {
			return fmt.Sprintf("years(%s%s, as_of)", p.prefix, one(w, dates, "date").Path)
		}
	case 3:
		p := w.scope()
		if sets := w.fields(p, formula.Codes); len(sets) > 0 {
			return p.prefix + one(w, sets, "set").Path + ".size()"
		}
	}
	p := w.scope()
	if numbers := w.fields(p, formula.Number); len(numbers) > 0 {
		return p.prefix + one(w, numbers, "field").Path
	}
	return w.constant()
}

// truth is a random condition.
func (w *writer) truth(depth int) string {
	if depth <= 0 {
		return w.plainTruth()
	}
	switch w.upTo(8, "truth") {
	case 0, 1:
		return "(" + w.truth(depth-1) + one(w, []string{" && ", " || "}, "logic") + w.truth(depth-1) + ")"
	case 2:
		return "!" + "(" + w.truth(depth-1) + ")"
	case 3:
		return "(" + w.truth(depth-1) + " ? " + w.truth(depth-1) + " : " + w.truth(depth-1) + ")"
	case 4, 5:
		return w.overList(depth, false)
	case 6:
		return "(" + w.number(depth-1) + " " + w.comparison() + " " + w.number(depth-1) + ")"
	case 7:
		return "(" + w.truth(depth-1) + one(w, []string{" == ", " != "}, "equal") + w.truth(depth-1) + ")"
	}
	return w.plainTruth()
}

func (w *writer) plainTruth() string {
	p := w.scope()
	switch w.upTo(6, "plain truth") {
	case 0:
		if sets := w.fields(p, formula.Codes); len(sets) > 0 {
			f := one(w, sets, "set")
			return fmt.Sprintf("('%s' in %s%s)", one(w, f.Codes, "code").Code, p.prefix, f.Path)
		}
	case 1, 2:
		if codes := w.fields(p, formula.Code); len(codes) > 0 {
			return w.code(p, one(w, codes, "code field"))
		}
	case 3:
		if numbers := w.fields(p, formula.Number); len(numbers) > 0 {
			return fmt.Sprintf("(%s%s %s %s)", p.prefix, one(w, numbers, "field").Path, one(w, []string{"<", "<=", ">", ">=", "==", "!="}, "comparison"), w.constant())
		}
	case 4:
		if dates := w.fields(p, formula.Date); len(dates) > 0 {
			return fmt.Sprintf("(%s%s %s '%s')", p.prefix, one(w, dates, "date").Path, w.comparison(), one(w, []string{"1990-02-28", "2000-02-29", "2015-12-31"}, "day"))
		}
	case 5:
		if len(w.truths) > 0 {
			return one(w, w.truths, "name of a truth")
		}
	}
	return w.yes(p)
}

// yes is a yes or no, a text compared, or a constant.
func (w *writer) yes(p scope) string {
	if texts := w.fields(p, formula.Text); len(texts) > 0 && w.upTo(5, "text") == 0 {
		return fmt.Sprintf("(%s%s == %s)", p.prefix, one(w, texts, "text").Path, one(w, []string{"'a'", "'b'", p.prefix + texts[0].Path}, "text"))
	}
	if yes := w.fields(p, formula.Bool); len(yes) > 0 {
		return p.prefix + one(w, yes, "yes").Path
	}
	return one(w, []string{"true", "false"}, "constant truth")
}

// code compares a code with words of its list, or with another field of the same list.
func (w *writer) code(p scope, f formula.Field) string {
	if f.Path == "colour" && w.either("two codes") {
		return "(colour == shade)"
	}
	var words []string
	for range 1 + w.upTo(2, "words") {
		words = append(words, "'"+one(w, f.Codes, "word").Code+"'")
	}
	return fmt.Sprintf("(%s%s in [%s])", p.prefix, f.Path, strings.Join(words, ", "))
}

// overList is an operation over a list of the record: a number or a condition.
func (w *writer) overList(depth int, number bool) string {
	if len(w.items) >= 2 {
		if number {
			return w.plainNumber()
		}
		return w.plainTruth()
	}
	list := one(w, w.fields(scope{"", w.schema}, formula.List), "list").Path
	if !number {
		return fmt.Sprintf("%s.%s(%s)", list, one(w, []string{"exists", "all"}, "quantifier"), w.within(list, depth))
	}
	if w.upTo(3, "length") == 0 {
		return list + ".size()"
	}
	i, _ := w.schema.Lookup(list)
	numbers := w.fields(scope{"", w.schema.Fields[i].List}, formula.Number)
	if len(numbers) == 0 || w.either("count") {
		return fmt.Sprintf("%s.filter(%s).size()", list, w.within(list, depth))
	}
	filter := ""
	if w.either("filter") {
		filter = ".filter(" + w.within(list, depth) + ")"
	}
	return fmt.Sprintf("%s%s.map(z, z.%s).%s()", list, filter, one(w, numbers, "field").Path, one(w, []string{"sum", "min", "max"}, "reduction"))
}

// within is a variable and a condition on the items of a list.
func (w *writer) within(list string, depth int) string {
	i, _ := w.schema.Lookup(list)
	name := []string{"x", "y"}[len(w.items)]
	w.items = append(w.items, item{name, w.schema.Fields[i].List})
	text := name + ", " + w.truth(depth-1)
	w.items = w.items[:len(w.items)-1]
	return text
}
