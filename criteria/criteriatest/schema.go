// Package criteriatest makes random criteria documents and random records for them, so that every evaluator can be held against the one that
// explains: records one by one, columns, SQL. What it makes comes from a rapid.T and shrinks with it. It is for tests.
package criteriatest

import (
	"liandong/errs"
	"liandong/form"
	"liandong/formula"
)

// Forms finds the forms that documents of this package are written for: the household form and [Sample].
func Forms(id string) (*formula.Schema, bool) {
	if f := form.Household(); f.ID() == id {
		return f.Root.Schema(), true
	}
	return Sample(), id == SampleForm
}

// SampleForm is the id of the small form.
const SampleForm = "sample@2015"

// Sample is a small form with every type of field: what rarely occurs in the household form occurs here often.
func Sample() *formula.Schema { return sample }

var sample = makeSample()

func makeSample() *formula.Schema {
	codes := func(n int) []formula.Entry {
		all := make([]formula.Entry, n)
		for i := range all {
			word := string(rune('a'+i%26)) + string(rune('a'+i/26))
			all[i] = formula.Entry{Number: i + 1, Code: word, Title: errs.Text{ZH: word, EN: word}}
		}
		return all
	}
	field := func(path string, t formula.Type) formula.Field {
		return formula.Field{Path: path, Title: errs.Text{ZH: path, EN: path}, Type: t}
	}
	scaled := func(path string, scale int) formula.Field {
		f := field(path, formula.Number)
		f.Scale = scale
		return f
	}
	coded := func(path string, t formula.Type, n int) formula.Field {
		f := field(path, t)
		f.Codes = codes(n)
		return f
	}
	list := func(path string, items *formula.Schema) formula.Field {
		f := field(path, formula.List)
		f.List = items
		return f
	}
	item := &formula.Schema{Name: "sample@2015/items", Fields: []formula.Field{
		field("ok", formula.Bool), coded("kind", formula.Code, 5), coded("tags", formula.Codes, 4), coded("many", formula.Codes, 63),
		scaled("count", 0), scaled("price", 2), field("on", formula.Date), field("word", formula.Text),
	}}
	return &formula.Schema{Name: SampleForm, Fields: []formula.Field{
		field("yes", formula.Bool), field("no", formula.Bool), coded("colour", formula.Code, 3), coded("shade", formula.Code, 3), coded("place", formula.Code, 63),
		coded("some", formula.Codes, 7), coded("several", formula.Codes, 12), coded("all_kinds", formula.Codes, 63),
		scaled("whole", 0), scaled("area", 1), scaled("money", 2), scaled("debt", 2), scaled("long", 9),
		field("since", formula.Date), field("until", formula.Date), field("label", formula.Text), field("other_label", formula.Text),
		list("items", item), list("things", item),
	}}
}
