package main

import (
	"context"
	"fmt"
	"io"
	"math"

	"liandong/errs"
	"liandong/poverty/grouped"
	"liandong/survey"
)

type groupedCommand struct {
	File       string  `arg:"" type:"path" help:"公布的分组数据，CSV 或 Parquet，从穷到富一组一行。 Published classes, CSV or Parquet, one row each from the poorest."`
	Population string  `default:"population" placeholder:"COL" help:"人口份额列。 Column of shares of the population."`
	Income     string  `default:"income" placeholder:"COL" help:"收入份额列，或各组平均收入列。 Column of shares of income, or of class means."`
	Form       string  `enum:"shares,means,cumulated" default:"shares" help:"数的含义：各组份额 shares、各组平均收入 means、累计份额 cumulated。 What the numbers are."`
	Mean       float64 `placeholder:"109.9" help:"平均收入；给出各组平均收入时可以不写。 Mean income; not needed with class means."`
	Line       float64 `required:"" placeholder:"89" help:"贫困线。 Poverty line."`
	Rule       string  `enum:"world-bank,datt,none" default:"world-bank" help:"曲线有效性的判据。 By which conditions a curve is valid."`
}

type groupedResult struct {
	Points [][2]float64   `json:"points"`
	Mean   float64        `json:"mean"`
	Line   float64        `json:"line"`
	Rule   string         `json:"rule"`
	Curves []groupedCurve `json:"curves"` // the better one first
}

type groupedCurve struct {
	Family     string         `json:"family"`
	Parameters [3]float64     `json:"parameters"`
	Squares    float64        `json:"squares"`
	Valid      bool           `json:"valid"`
	Checks     []groupedCheck `json:"checks"`
	Headcount  *float64       `json:"headcount"`
	Gap        *float64       `json:"gap"`
	Severity   *float64       `json:"severity"`
	Watts      *float64       `json:"watts"`
	Gini       *float64       `json:"gini"`
	ByMean     elasticityRow  `json:"elasticity_by_mean"`
	ByGini     elasticityRow  `json:"elasticity_by_gini"`
	Undefined  *errs.Text     `json:"undefined,omitempty"`
	Notes      []errs.Text    `json:"notes,omitempty"`
}

type groupedCheck struct {
	Name  string    `json:"name"`
	Title errs.Text `json:"title"`
	Holds bool      `json:"holds"`
}

type elasticityRow struct {
	Headcount *float64 `json:"headcount"`
	Gap       *float64 `json:"gap"`
	Severity  *float64 `json:"severity"`
}

// Run fits Lorenz curves to published classes and takes poverty from them.
func (c *groupedCommand) Run(_ context.Context, p *program) error {
	points, mean, err := c.points()
	if err != nil {
		return err
	}
	curves, err := grouped.Best(points, c.Rule)
	if err != nil {
		return err
	}
	r := groupedResult{Mean: mean, Line: c.Line, Rule: c.Rule}
	for _, q := range points {
		r.Points = append(r.Points, [2]float64{q.Population, q.Income})
	}
	for _, curve := range curves {
		r.Curves = append(r.Curves, curveOf(curve, curve.Measure(mean, c.Line, c.Rule), c.Rule))
	}
	return p.answer(r, func(w io.Writer) error { return p.printGrouped(w, &r) })
}

func (c *groupedCommand) points() (points []grouped.Point, mean float64, err error) {
	table, err := survey.ReadTable(c.File, []string{c.Population, c.Income}, nil)
	if err != nil {
		return nil, 0, err
	}
	for i, name := range []string{c.Population, c.Income} {
		if err := table.Present(name, table.Numbers[i]); err != nil {
			return nil, 0, err
		}
	}
	switch c.Form {
	case "means":
		points, mean, err = grouped.FromMeans(table.Numbers[0], table.Numbers[1])
	case "cumulated":
		points, err = grouped.FromCumulated(table.Numbers[0], table.Numbers[1])
	default:
		points, err = grouped.FromShares(table.Numbers[0], table.Numbers[1])
	}
	if c.Mean != 0 {
		mean = c.Mean
	}
	if err == nil && (!(c.Line > 0) || math.IsInf(c.Line, 0)) {
		err = errs.New(errs.Usage, "main.grouped", "请用 --line 给出大于零的贫困线。", "Give the poverty line, above zero, with --line.")
	}
	if err == nil && (!(mean > 0) || math.IsInf(mean, 0)) {
		err = errs.New(errs.Usage, "main.grouped", "请用 --mean 给出大于零的平均收入。", "Give the mean income, above zero, with --mean.")
	}
	return points, mean, err
}

func curveOf(c *grouped.Curve, r *grouped.Result, rule string) groupedCurve {
	row := groupedCurve{
		Family: c.Family, Parameters: c.Parameters, Squares: c.Squares, Valid: c.Valid(rule), Headcount: stated(r.Headcount), Gap: stated(r.Gap), Severity: stated(r.Severity),
		Watts: stated(r.Watts), Gini: stated(r.Gini), ByMean: elasticityOf(r.ByMean), ByGini: elasticityOf(r.ByGini), Undefined: textOrNil(r.Undefined), Notes: r.Notes,
	}
	for _, check := range c.Checks {
		row.Checks = append(row.Checks, groupedCheck{check.Name, check.Title, check.Holds})
	}
	return row
}

func elasticityOf(e grouped.Elasticities) elasticityRow {
	return elasticityRow{stated(e.Headcount), stated(e.Gap), stated(e.Severity)}
}

func (p *program) printGrouped(w io.Writer, r *groupedResult) error {
	fmt.Fprintln(w, p.say(errs.Text{
		ZH: fmt.Sprintf("%d 组，平均收入 %.6g，贫困线 %.6g；有效性判据：%s。分组数据没有抽样误差可言。", len(r.Points), r.Mean, r.Line, r.Rule),
		EN: fmt.Sprintf("%d classes, mean %.6g, line %.6g; valid by the rule %s. Published classes say nothing of sampling errors.", len(r.Points), r.Mean, r.Line, r.Rule),
	}))
	head := []string{"", p.oneLine(errs.Text{ZH: "参数", EN: "parameters"}), p.oneLine(errs.Text{ZH: "有效", EN: "valid"})}
	for _, t := range []errs.Text{{ZH: "发生率", EN: "headcount"}, {ZH: "深度", EN: "gap"}, {ZH: "强度", EN: "severity"}, {ZH: "瓦茨", EN: "Watts"}, {ZH: "基尼", EN: "Gini"}} {
		head = append(head, p.oneLine(t))
	}
	lines := [][]string{head}
	for i := range r.Curves {
		c := &r.Curves[i]
		valid := "✓"
		if !c.Valid {
			valid = "✗"
		}
		lines = append(lines, []string{
			c.Family, fmt.Sprintf("%.5g %.5g %.5g", c.Parameters[0], c.Parameters[1], c.Parameters[2]), valid,
			short(c.Headcount), short(c.Gap), short(c.Severity), short(c.Watts), short(c.Gini),
		})
		for _, e := range []struct {
			title errs.Text
			row   elasticityRow
		}{{errs.Text{ZH: "对平均收入的弹性", EN: "elasticity by mean"}, c.ByMean}, {errs.Text{ZH: "对基尼系数的弹性", EN: "elasticity by Gini"}, c.ByGini}} {
			lines = append(lines, []string{"", "  " + p.oneLine(e.title), "", short(e.row.Headcount), short(e.row.Gap), short(e.row.Severity), "", ""})
		}
	}
	writeAligned(w, lines, 3)
	for i := range r.Curves {
		c := &r.Curves[i]
		if c.Undefined != nil {
			fmt.Fprintln(w, c.Family+": "+p.oneLine(*c.Undefined))
		}
		for _, n := range c.Notes {
			fmt.Fprintln(w, c.Family+": "+p.oneLine(n))
		}
	}
	return nil
}
