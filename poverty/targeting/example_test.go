package targeting_test

import (
	"fmt"
	"log"

	"liandong/poverty"
	"liandong/poverty/targeting"
)

// A village identified four of ten households. Held against the incomes of a survey: it misses one of the four poor and takes in one who is not.
func ExampleSample_Assess() {
	s := targeting.Sample{
		Welfare:  []float64{1500, 1900, 2200, 2700, 3100, 3500, 4000, 4600, 5500, 7000},
		Selected: []float64{1, 1, 0, 1, 0, 1, 0, 0, 0, 0},
		Score:    []float64{31, 42, 55, 48, 60, 52, 71, 75, 80, 88}, // a lower score means poorer
	}
	report, err := s.Assess(targeting.Query{Line: poverty.Line{Amount: 2855}})
	if err != nil {
		log.Fatal(err)
	}
	for _, t := range report.Terms {
		switch t.Name {
		case "coverage", "exclusion-error", "inclusion-error", "leakage", "cgh", "auc":
			fmt.Printf("%s %.3f\n", t.Title.EN, t.Value)
		}
	}
	// Output:
	// Coverage of the poor 0.750
	// Exclusion error 0.250
	// Inclusion error 0.250
	// Leakage of benefits 0.250
	// Coady-Grosh-Hoddinott index of the poor 1.875
	// Area under the ROC curve 0.958
}
