package main

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/interpreter"

	"liandong/column"
)

// celGo measures the document as CEL programs that cel-go evaluates household by household. Missing answers are null, and every expression says
// itself what null makes of it, because cel-go's own unknowns would cost a partial evaluation more. Scores are added up in Go.
func celGo(_ context.Context, tables []*column.Table, want []answer) ([]measured, error) {
	programs, err := celPrograms()
	if err != nil {
		return nil, err
	}
	table := tables[0]
	n := min(table.Len(), celHouseholds)
	got := make([]answer, n)
	failures := make([]error, runtime.GOMAXPROCS(0))
	seconds, err := median(func() error {
		var group sync.WaitGroup
		for worker := range failures {
			group.Go(func() {
				row := &celRow{h: householdOf(table)}
				for i := worker * n / len(failures); i < (worker+1)*n/len(failures) && failures[worker] == nil; i++ {
					row.turn(i)
					got[i], failures[worker] = programs.judge(row)
				}
			})
		}
		group.Wait()
		for _, err := range failures {
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := same("cel-go", got, want); err != nil {
		return nil, err
	}
	return []measured{{"cel-go 0.33, household by household, the first of them", n, seconds}}, nil
}

// celDocument is the document in CEL with null for the unknown.
var celDocument = struct {
	parts []struct {
		text string
		most float64
	}
	vetoes       []string
	review, poor string
}{
	parts: []struct {
		text string
		most float64
	}{
		{"structure == 0 ? null : structure == 4 ? 0.0 : structure == 5 ? 2.0 : structure == 3 ? 4.0 : structure == 2 ? 6.0 : 8.0", 8},
		{"area == null || size == 0.0 ? null : area / size < 15.0 ? 0.0 : area / size < 30.0 ? 3.0 : 6.0", 6},
		{"dangerous == null ? null : dangerous ? 0.0 : 3.0", 3},
		{"paved == null ? null : paved ? 1.0 : 0.0", 1},
		{"electricity == null ? null : electricity ? 1.0 : 0.0", 1},
		{"water == null ? null : water ? 1.0 : 0.0", 1},
		{"grain == null || size == 0.0 ? null : grain / size < 150.0 ? 0.0 : grain / size < 300.0 ? 8.0 : 15.0", 15},
		{"arable == null || size == 0.0 ? null : arable / size < 0.5 ? 0.0 : arable / size < 1.0 ? 4.0 : arable / size < 2.0 ? 8.0 : 12.0", 12},
		{"woodland == null ? null : woodland > 0.0 ? 3.0 : 0.0", 3},
		{"size == 0.0 || 0 in labour ? null : double(labour.filter(x, x in [1, 2]).size()) / size <= 0.0 ? 0.0 : double(labour.filter(x, x in [1, 2]).size()) / size < 0.34 ? 8.0 : double(labour.filter(x, x in [1, 2]).size()) / size < 0.5 ? 15.0 : double(labour.filter(x, x in [1, 2]).size()) / size < 0.67 ? 20.0 : 25.0", 25},
		{"health.exists(x, x > 0) ? 0.0 : -1 in health ? null : 5.0", 5},
		{"0 in at_school ? null : at_school.filter(x, !(x in [1, 21])).size() <= 0 ? 20.0 : at_school.filter(x, !(x in [1, 21])).size() <= 1 ? 10.0 : at_school.filter(x, !(x in [1, 21])).size() <= 2 ? 5.0 : 0.0", 20},
	},
	vetoes: []string{
		"employment.exists(x, x in [4, 5]) ? true : 0 in employment ? null : false",
		"properties == null ? null : 2 in properties ? true : 0 in properties ? null : false",
		"vehicles == null ? null : vehicles.exists(x, x in [1, 2, 4, 5]) ? true : 0 in vehicles ? null : false",
		"companies == null ? null : 2 in companies ? true : 0 in companies ? null : false",
	},
	review: "employment.exists(x, x in [6, 7]) ? true : 0 in employment ? null : false",
	poor:   "wage == null || business == null || property == null || transfer == null || cost == null || size == 0.0 ? null : (wage + business + property + transfer - cost) / size < 2855.0",
}

type celSet struct {
	parts, vetoes []cel.Program
	review, poor  cel.Program
}

var celNames = []string{
	"size", "area", "structure", "dangerous", "paved", "electricity", "water", "grain", "arable", "woodland", "labour", "at_school", "health", "employment",
	"vehicles", "properties", "companies", "wage", "business", "property", "transfer", "cost",
}

func celPrograms() (*celSet, error) {
	var options []cel.EnvOption
	for _, name := range celNames {
		options = append(options, cel.Variable(name, cel.DynType))
	}
	env, err := cel.NewEnv(options...)
	if err != nil {
		return nil, err
	}
	compile := func(text string) (cel.Program, error) {
		tree, issues := env.Compile("dyn(" + text + ")")
		if issues.Err() != nil {
			return nil, issues.Err()
		}
		return env.Program(tree, cel.EvalOptions(cel.OptOptimize))
	}
	set := &celSet{}
	for _, p := range celDocument.parts {
		program, err := compile(nullable(p.text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.text, err)
		}
		set.parts = append(set.parts, program)
	}
	for _, text := range celDocument.vetoes {
		program, err := compile(nullable(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", text, err)
		}
		set.vetoes = append(set.vetoes, program)
	}
	if set.review, err = compile(nullable(celDocument.review)); err != nil {
		return nil, err
	}
	set.poor, err = compile(nullable(celDocument.poor))
	return set, err
}

// nullable lets the two sides of a conditional have two types.
func nullable(text string) string { return strings.ReplaceAll(text, "? null :", "? dyn(null) :") }

func (s *celSet) judge(row *celRow) (a answer, err error) {
	for i, p := range s.parts {
		v, err := eval(p, row)
		if err != nil {
			return a, err
		}
		if points, ok := v.(types.Double); ok {
			a.low, a.high = a.low+float64(points), a.high+float64(points)
		} else {
			a.high += celDocument.parts[i].most
		}
	}
	looks := 0
	if a.high < 60 {
		looks = 2
	} else if a.low >= 60 {
		looks = 1
	}
	below, err := truthOf(s.poor, row)
	if err != nil {
		return a, err
	}
	poor := min(looks, below)
	if looks == 1 || below == 1 {
		poor = 1
	}
	var vetoes [4]int
	for i, p := range s.vetoes {
		if vetoes[i], err = truthOf(p, row); err != nil {
			return a, err
		}
	}
	review, err := truthOf(s.review, row)
	a.outcome = outcomeOf(poor, vetoes, review)
	return a, err
}

func eval(p cel.Program, row *celRow) (ref.Val, error) {
	v, _, err := p.Eval(row)
	return v, err
}

// truthOf is 0 unknown, 1 no, 2 yes.
func truthOf(p cel.Program, row *celRow) (int, error) {
	v, err := eval(p, row)
	switch v {
	case types.True:
		return 2, err
	case types.False:
		return 1, err
	}
	return 0, err
}

// celRow gives one household's values to CEL.
type celRow struct {
	h      *household
	values map[string]any
}

// ResolveName implements interpreter.Activation.
func (r *celRow) ResolveName(name string) (any, bool) {
	v, ok := r.values[name]
	return v, ok
}

// Parent implements interpreter.Activation.
func (r *celRow) Parent() interpreter.Activation { return nil }

// turn makes the values of a household.
func (r *celRow) turn(i int) {
	h := r.h
	if r.values == nil {
		r.values = map[string]any{}
	}
	number := func(c *numbers, scale float64) ref.Val {
		if !c.known(i) {
			return types.NullValue
		}
		return types.Double(float64(c.values[i]) / scale)
	}
	yes := func(c *truths, at int) ref.Val {
		return [...]ref.Val{types.NullValue, types.False, types.True}[c.at(at)]
	}
	from, to := int(h.members.offsets[i]), int(h.members.offsets[i+1])
	codes := func(values []uint8, from, to int) ref.Val {
		list := make([]ref.Val, 0, to-from)
		for _, v := range values[from:to] {
			list = append(list, types.Int(v))
		}
		return types.NewRefValList(types.DefaultTypeAdapter, list)
	}
	ill := make([]ref.Val, 0, to-from)
	for m := from; m < to; m++ {
		if known(h.healthKnown, m) {
			ill = append(ill, types.Int(h.health[m]&28))
		} else {
			ill = append(ill, types.Int(-1))
		}
	}
	values := r.values
	values["size"], values["structure"] = types.Double(to-from), types.Int(h.structure[i])
	values["area"], values["grain"], values["arable"], values["woodland"] = number(&h.area, 10), number(&h.grain, 1), number(&h.arable, 100), number(&h.woodland, 100)
	values["dangerous"], values["paved"], values["electricity"], values["water"] = yes(&h.dangerous, i), yes(&h.paved, i), yes(&h.electricity, i), yes(&h.water, i)
	values["labour"], values["at_school"], values["employment"] = codes(h.labour, from, to), codes(h.atSchool, from, to), codes(h.employment, from, to)
	values["health"] = types.NewRefValList(types.DefaultTypeAdapter, ill)
	values["wage"], values["business"], values["property"], values["transfer"], values["cost"] = number(&h.wage, 100), number(&h.business, 100), number(&h.property, 100), number(&h.transfer, 100), number(&h.cost, 100)
	values["vehicles"], values["properties"], values["companies"] = types.NullValue, types.NullValue, types.NullValue
	if h.vehicles.known(i) {
		values["vehicles"] = codes(h.vehicleKind, int(h.vehicles.offsets[i]), int(h.vehicles.offsets[i+1]))
	}
	if h.properties.known(i) {
		values["properties"] = r.flags(&h.properties, i, h.bought)
	}
	if h.companies.known(i) {
		values["companies"] = r.flags(&h.companies, i, h.annualReturns.at)
	}
}

// flags is a list of 0 unknown, 1 no, 2 yes.
func (r *celRow) flags(l *list, i int, at func(int) int) ref.Val {
	var all []ref.Val
	for k := int(l.offsets[i]); k < int(l.offsets[i+1]); k++ {
		all = append(all, types.Int(at(k)))
	}
	return types.NewRefValList(types.DefaultTypeAdapter, all)
}
