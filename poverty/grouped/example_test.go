package grouped_test

import (
	"fmt"
	"log"

	"liandong/poverty/grouped"
)

// A yearbook prints what each fifth of the households has on average, and no records. A Lorenz curve is fitted to the five classes, checked, and gives poverty at a line.
func ExampleBest() {
	points, mean, err := grouped.FromMeans([]float64{20, 20, 20, 20, 20}, []float64{2770, 6600, 9500, 13600, 23700})
	if err != nil {
		log.Fatal(err)
	}
	curves, err := grouped.Best(points, grouped.RuleWorldBank)
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range curves {
		fmt.Printf("%s, valid: %v, Gini %.3f\n", c.Family, c.Valid(grouped.RuleWorldBank), c.Gini())
	}
	r := curves[0].Measure(mean, 2855, grouped.RuleWorldBank)
	fmt.Printf("mean %.0f, headcount %.3f, gap %.4f; one per cent more for all changes the headcount by %.2f per cent\n", r.Mean, r.Headcount, r.Gap, r.ByMean.Headcount)
	// Output:
	// general-quadratic, valid: true, Gini 0.371
	// beta, valid: false, Gini 0.373
	// mean 11234, headcount 0.097, gap 0.0409; one per cent more for all changes the headcount by -1.33 per cent
}
