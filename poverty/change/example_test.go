package change_test

import (
	"fmt"
	"log"

	"liandong/poverty"
	"liandong/poverty/change"
)

// Between two surveys the headcount fell from a half to a fifth. Two thirds of that is growth of the mean, one third that incomes came nearer to each other.
func ExampleDecompose() {
	headcount, err := poverty.ParseMeasure("headcount")
	if err != nil {
		log.Fatal(err)
	}
	before := &poverty.Sample{Income: []float64{1500, 1900, 2200, 2600, 2800, 3000, 3600, 4200, 5100, 8000}}
	after := &poverty.Sample{Income: []float64{1900, 2500, 2900, 3100, 3400, 3500, 3900, 4600, 5600, 8400}}
	terms, err := change.Decompose(before, after, change.Query{Measure: headcount, Line: 2855})
	if err != nil {
		log.Fatal(err)
	}
	for _, t := range terms {
		if t.Method == change.Observed || t.Method == change.Shapley {
			fmt.Printf("%-8s %-14s %+.2f\n", t.Method, t.Name, t.Value)
		}
	}
	// Output:
	// observed before         +0.50
	// observed after          +0.20
	// observed change         -0.30
	// shapley  growth         -0.20
	// shapley  redistribution -0.10
}

// Of the same persons at two dates: who left poverty and who fell back.
func ExampleTransition() {
	panel, err := change.PoorPanel([]float64{1900, 2300, 2500, 3100, 3400, 4000}, []float64{2400, 3300, 3500, 2700, 3900, 4600}, 2800, 2855, poverty.Conventions{})
	if err != nil {
		log.Fatal(err)
	}
	m, err := change.Transition(panel, change.AbsentRefused, poverty.Conventions{}, poverty.Errors{})
	if err != nil {
		log.Fatal(err)
	}
	for i, from := range m.States {
		for j, to := range m.States {
			fmt.Printf("%s to %s: %.2f\n", from, to, m.Move[i][j].Value)
		}
	}
	// Output:
	// poor to poor: 0.33
	// poor to not-poor: 0.67
	// not-poor to poor: 0.33
	// not-poor to not-poor: 0.67
}
