package proxy_test

import (
	"fmt"
	"log"
	"math"
	"strings"

	"liandong/errs"
	"liandong/poverty"
	"liandong/poverty/proxy"
)

// A survey of twelve households gives a test of two questions; its error on households that it has not seen is larger than within the survey. The test becomes
// a criteria document, which a register can evaluate and explain.
func ExampleFit() {
	size := []float64{5, 4, 6, 3, 2, 4, 3, 5, 2, 1, 3, 4}
	house := []string{"adobe", "adobe", "adobe", "brick", "brick", "adobe", "brick", "brick", "brick", "brick", "brick", "adobe"}
	income := []float64{1800, 2300, 1600, 3900, 4800, 2200, 3700, 2900, 5200, 6100, 4100, 2500}
	survey := &proxy.Survey{
		Welfare: income,
		Variables: []proxy.Variable{
			{Name: "size", Expression: "members.size()", Title: errs.Text{ZH: "人口", EN: "Members"}, Values: size},
			{Name: "house", Expression: "housing.structure", Title: errs.Text{ZH: "房屋结构", EN: "House"}, Categories: poverty.FactorOf(house)},
		},
	}
	options := proxy.Options{Method: proxy.LeastSquares, Scale: proxy.ScaleLog, Folds: 4, Seed: 1}
	model, err := proxy.Fit(survey, options)
	if err != nil {
		log.Fatal(err)
	}
	for _, t := range model.Terms {
		if len(t.Levels) == 0 {
			fmt.Printf("%s %.3f each\n", t.Variable.Name, t.Coefficient)
		}
		for _, l := range t.Levels {
			fmt.Printf("%s %s %.3f\n", t.Variable.Name, l.Code, l.Coefficient)
		}
	}
	unseen, err := proxy.Validate(survey, options)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("R2 %.3f within, %.3f on households not seen\n", model.R2, unseen.R2)
	fmt.Printf("the first is predicted at %.0f, the last at %.0f\n", math.Round(model.Predict(survey)[0]), math.Round(model.Predict(survey)[11]))
	document, err := model.Document(proxy.Heading{
		Criteria: "pmt-example", Version: "2015.1", Form: "household@2015", Title: errs.Text{ZH: "示例测算", EN: "Example of a test"},
		Basis: "12 households, made up", From: "2015-01-01", Unit: "yuan/person/year", Line: 2855, Source: "the year's line",
	})
	if err != nil {
		log.Fatal(err)
	}
	for line := range strings.Lines(string(document)) {
		if strings.HasPrefix(line, "criteria:") || strings.HasPrefix(line, "poor:") {
			fmt.Print(line)
		}
	}
	// Output:
	// size -0.192 each
	// house brick 0.000
	// house adobe -0.371
	// R2 0.986 within, 0.942 on households not seen
	// the first is predicted at 1901, the last at 2304
	// criteria: pmt-example
	// poor: score < cut - base
}
