package deprivation_test

import (
	"fmt"
	"log"
	"math"

	"liandong/poverty"
	"liandong/poverty/deprivation"
)

// Five households in four dimensions, weighted by their members; a household is poor when a third of the weights or more are deprivations. One did not answer about its
// house: the convention counts that as no deprivation, which makes H and M0 lower bounds, and the report says for how many records.
func ExampleSample_Estimate() {
	cutoff := func(text string) deprivation.Cutoff {
		c, err := deprivation.ParseCutoff(text)
		if err != nil {
			log.Fatal(err)
		}
		return c
	}
	s := deprivation.Sample{
		Dimensions: []deprivation.Dimension{
			{Name: "schooling", Weight: 2, Cutoff: cutoff("6"), Achievement: []float64{5, 9, 4, 12, 6}},       // years, fewer than 6
			{Name: "rooms", Weight: 1, Cutoff: cutoff("<=1"), Achievement: []float64{1, 2, 1, 3, math.NaN()}}, // one room or none
			{Name: "road", Weight: 1, Cutoff: cutoff(">3"), Achievement: []float64{5, 0.5, 2, 1, 4}},          // kilometres, more than 3
			{Name: "water", Weight: 2, Cutoff: cutoff("1"), Achievement: []float64{1, 1, 0, 1, 0}},            // 1 has safe water
		},
		Weight: []float64{4, 3, 5, 2, 3},
		Design: poverty.Design{Census: true},
	}
	report, err := s.Estimate(deprivation.Query{Cutoff: 1.0 / 3, Missing: deprivation.MissingNot, Measures: []string{"afh", "afa", "afm0", "afcontribution:*"}})
	if err != nil {
		log.Fatal(err)
	}
	for _, e := range report.Results {
		fmt.Printf("%s %.3f\n", e.Title.EN, e.Value)
	}
	fmt.Println(report.Results[0].Notes[0].EN)
	// Output:
	// Multidimensional headcount ratio H 0.706
	// Intensity of deprivation A 0.694
	// Adjusted headcount ratio M0 0.490
	// Contribution of schooling to M0 0.360
	// Contribution of rooms to M0 0.180
	// Contribution of road to M0 0.140
	// Contribution of water to M0 0.320
	// Answers are missing in 1 record (rooms 1); they count as not deprived.
}
