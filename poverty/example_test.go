package poverty_test

import (
	"fmt"
	"log"

	"liandong/errs"
	"liandong/poverty"
)

// A township has every household on its register, so the numbers have no sampling error and the report says so.
func ExampleSample_Estimate_register() {
	measures, err := poverty.ParseMeasures("headcount,gap,gini")
	if err != nil {
		log.Fatal(err)
	}
	register := poverty.Sample{
		Income: []float64{1900, 2400, 2700, 3100, 4800, 2600, 5200, 7400}, // of each household, per head and year
		Weight: []float64{4, 3, 5, 2, 4, 1, 3, 2},                         // its members
		Group:  poverty.FactorOf([]string{"Upper", "Upper", "Upper", "Upper", "Upper", "Lower", "Lower", "Lower"}),
		Design: poverty.Design{Census: true},
	}
	report, err := register.Estimate(poverty.Query{Measures: measures, Line: poverty.Line{Amount: 2855}, Errors: poverty.Errors{Method: poverty.Linear}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d households, %.0f persons, line %.0f\n", report.N, report.WeightSum, report.Line)
	for _, e := range report.Results {
		fmt.Printf("%-6s %-9s %.4f\n", e.Group, e.Measure, e.Value)
	}
	fmt.Println(report.Results[0].NoError.EN)
	// Output:
	// 8 households, 24 persons, line 2855
	//        headcount 0.5417
	//        gap       0.0907
	//        gini      0.2394
	// Lower  headcount 0.1667
	// Lower  gap       0.0149
	// Lower  gini      0.1545
	// Upper  headcount 0.6667
	// Upper  gap       0.1160
	// Upper  gini      0.1812
	// This is a census: there is no sampling error.
}

// A survey drew villages in two strata and asked some households of each. The line is 60 % of the median, and its own sampling error counts.
func ExampleSample_Estimate_survey() {
	measures, err := poverty.ParseMeasures("arpr,median")
	if err != nil {
		log.Fatal(err)
	}
	// One row a person: income of the household per head, weight, stratum, village.
	rows := []struct {
		income, weight   float64
		stratum, village string
	}{
		{2100, 40, "hills", "v1"},
		{3300, 40, "hills", "v1"},
		{5900, 40, "hills", "v1"},
		{1800, 55, "hills", "v2"},
		{2500, 55, "hills", "v2"},
		{4100, 55, "hills", "v2"},
		{3900, 35, "hills", "v3"},
		{7200, 35, "hills", "v3"},
		{6100, 35, "hills", "v3"},
		{2300, 90, "plain", "v4"},
		{8800, 90, "plain", "v4"},
		{6700, 90, "plain", "v4"},
		{5400, 70, "plain", "v5"},
		{9100, 70, "plain", "v5"},
		{7700, 70, "plain", "v5"},
	}
	var s poverty.Sample
	var strata, villages []string
	for _, r := range rows {
		s.Income, s.Weight = append(s.Income, r.income), append(s.Weight, r.weight)
		strata, villages = append(strata, r.stratum), append(villages, r.village)
	}
	s.Design = poverty.Design{Stratum: poverty.FactorOf(strata), Unit: poverty.FactorOf(villages)}
	conventions, err := poverty.ParseConventions("eurostat,interval=logit")
	if err != nil {
		log.Fatal(err)
	}
	report, err := s.Estimate(poverty.Query{Measures: measures, Conventions: conventions, Errors: poverty.Errors{Method: poverty.Linear}})
	if err != nil {
		log.Fatal(err)
	}
	for _, e := range report.Results {
		fmt.Printf("%s %.4g, standard error %.3g, 95 %% between %.3g and %.3g, design effect %.2f\n", e.Measure, e.Value, e.SE, e.Low, e.High, e.DesignEffect)
	}
	at := report.Results[0].Conventions
	fmt.Println("line", at["line"], "| quantile", at["quantile"], "| the line's own error", at["line-error"])
	// Output:
	// arpr 0.2759, standard error 0.097, 95 % between 0.0751 and 0.641, design effect 1.04
	// median 5400, standard error 949, 95 % between 2.38e+03 and 8.42e+03, design effect 0.57
	// line 60%median | quantile average | the line's own error in
}

// A report can be drawn: the picture is SVG, with a description for those who do not see it.
func ExampleReport_Picture() {
	measures, err := poverty.PictureMeasures(poverty.PictureLorenz, poverty.Line{})
	if err != nil {
		log.Fatal(err)
	}
	s := poverty.Sample{Income: []float64{1, 2, 3, 4}}
	report, err := s.Estimate(poverty.Query{Measures: measures})
	if err != nil {
		log.Fatal(err)
	}
	picture, err := report.Picture(poverty.PictureLorenz, errs.Text{ZH: "虚构数据", EN: "Made-up data"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(picture.Title.EN)
	fmt.Println(picture.Description.EN)
	// Output:
	// Lorenz curve
	// Across, the share of the population from the poorest on; upwards, the share of income it holds. The poorest half hold 30.0% of income. Gini coefficient 0.250.
}
