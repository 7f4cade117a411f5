package figure_test

import (
	"context"
	"strings"
	"testing"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/figure"
	"liandong/place"
)

const (
	baoding place.ID = 130600000000
	fuping  place.ID = 130624000000
	yixian  place.ID = 130633000000
)

var on = day.MustOf(2015, 12, 31)

// numbers are poor persons and population of two counties.
var numbers = map[place.ID][2]float64{fuping: {50, 100}, yixian: {10, 900}}

var definition = errs.Text{ZH: "口径", EN: "definition"}

func sum(_ context.Context, q figure.Query) (figure.Value, error) {
	v := figure.Value{Number: numbers[q.Division][0], RowCount: 3, Notes: []errs.Text{{ZH: "注", EN: "note"}}}
	for range min(q.Rows, 3) {
		v.Rows = append(v.Rows, figure.Row{Division: q.Division, Value: 1})
	}
	return v, nil
}

func ratio(_ context.Context, q figure.Query) (figure.Value, error) {
	n := numbers[q.Division]
	return figure.Value{Number: 100 * n[0] / n[1], Numerator: &n[0], Denominator: &n[1]}, nil
}

func book(t *testing.T) *figure.Book {
	t.Helper()
	b, err := figure.NewBook([]figure.Entry{{Name: "poor", Definition: definition, Compute: sum}}, []figure.Entry{{Name: "incidence", Definition: definition, Ratio: 100, Decimals: 1, Compute: ratio}})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// asks is a question of somebody who may read figures of a territory.
func asks(territory, division place.ID, rows int) figure.Query {
	a := access.Actor{ID: "a", Grants: []access.Grant{{Role: access.CountyOffice, Territory: territory}}}
	return figure.Query{Division: division, AsOf: on, Scope: a.Scope(access.ReadFigures, on), Rows: rows}
}

func TestNobodyIsToldAFigureBeyondTheirTerritory(t *testing.T) {
	t.Parallel()
	b := book(t)
	if f, err := b.Get(t.Context(), "poor", asks(fuping, fuping, 0)); err != nil || f.Value.Number != 50 || f.Division != fuping || f.AsOf != on || f.Definition != definition {
		t.Errorf("%+v %v", f, err)
	}
	for _, division := range []place.ID{yixian, baoding, place.Country} {
		if _, err := b.Get(t.Context(), "poor", asks(fuping, division, 0)); !errs.Is(err, errs.NotFound) {
			t.Errorf("%v: %v", division, err)
		}
	}
	if _, err := b.Together(t.Context(), "poor", asks(fuping, baoding, 0), []place.ID{fuping, yixian}); !errs.Is(err, errs.NotFound) {
		t.Errorf("together with another county: %v", err)
	}
	parts, err := b.ByDivision(t.Context(), "poor", asks(fuping, baoding, 0), []place.ID{fuping, yixian})
	if err != nil || len(parts) != 1 || parts[0].Division != fuping {
		t.Errorf("by division %+v %v", parts, err)
	}
}

func TestSumsAddUpAndARatioIsThatOfTheSums(t *testing.T) {
	t.Parallel()
	b := book(t)
	f, err := b.Together(t.Context(), "poor", asks(baoding, baoding, 4), []place.ID{fuping, yixian})
	if err != nil || f.Value.Number != 60 || f.Value.RowCount != 6 || len(f.Value.Rows) != 4 || len(f.Value.Notes) != 1 {
		t.Errorf("sum %+v %v", f.Value, err)
	}
	f, err = b.Together(t.Context(), "incidence", asks(baoding, baoding, 0), []place.ID{fuping, yixian})
	if err != nil || f.Value.Number != 6 || *f.Value.Numerator != 60 || *f.Value.Denominator != 1000 {
		t.Errorf("ratio %+v %v, want 60 of 1000 and not the mean of 50 and 1.1", f.Value, err)
	}
}

func TestDivisionsThatOverlapAreNotAdded(t *testing.T) {
	t.Parallel()
	for _, divisions := range [][]place.ID{{fuping, baoding}, {baoding, fuping}, {yixian, fuping, fuping}} {
		if _, err := book(t).Together(t.Context(), "poor", asks(baoding, baoding, 0), divisions); !errs.Is(err, errs.Invalid) || errs.Sentence(err).ZH == "" {
			t.Errorf("%v: %v", divisions, err)
		}
	}
}

func TestAnUnknownNameIsAnsweredWithTheList(t *testing.T) {
	t.Parallel()
	b := book(t)
	_, err := b.Get(t.Context(), "povrety", asks(baoding, baoding, 0))
	text := errs.Sentence(err)
	if !errs.Is(err, errs.NotFound) || !strings.Contains(text.ZH, "incidence、poor") || !strings.Contains(text.EN, "incidence, poor") {
		t.Errorf("%v", err)
	}
	_, err = b.Together(t.Context(), "povrety", asks(baoding, baoding, 0), nil)
	_, err2 := b.ByDivision(t.Context(), "povrety", asks(baoding, baoding, 0), nil)
	if !errs.Is(err, errs.NotFound) || !errs.Is(err2, errs.NotFound) {
		t.Errorf("%v, %v", err, err2)
	}
}

func TestABookIsMadeOfWholeEntriesEachOnce(t *testing.T) {
	t.Parallel()
	whole := figure.Entry{Name: "poor", Definition: definition, Compute: sum}
	for what, rooms := range map[string][][]figure.Entry{
		"a name twice":         {{whole}, {whole}},
		"without a definition": {{{Name: "poor", Compute: sum}}},
		"without a number":     {{{Name: "poor", Definition: definition}}},
	} {
		if _, err := figure.NewBook(rooms...); err == nil {
			t.Errorf("%s passes", what)
		}
	}
}
