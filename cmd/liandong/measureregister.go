package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/profile"
	"liandong/internal/registry"
	"liandong/poverty"
	"liandong/poverty/deprivation"
	"liandong/survey"
)

// registerResult is the --json shape of a measured register: that of a file, and what a reader of a register must know.
type registerResult struct {
	measureResult
	Division     string              `json:"division"`
	DivisionName string              `json:"division_name"`
	AsOf         day.Date            `json:"as_of"`
	Households   int64               `json:"households"` // of known income
	Unknown      int64               `json:"unknown"`    // households of incomplete income, left out
	LineSource   errs.Text           `json:"line_source"`
	Sentence     errs.Text           `json:"sentence"`
	Suppression  profile.Suppression `json:"suppression"`
	Groups       []registerGroup     `json:"groups"`
}

type registerGroup struct {
	Group      string    `json:"group"`
	Title      errs.Text `json:"title"`
	Code       string    `json:"code,omitempty"` // of a division
	Persons    *int64    `json:"persons"`        // null where the group is held back
	Households *int64    `json:"households"`
	Held       bool      `json:"held"`
}

// given is a flag and whether it was given.
type given struct {
	name string
	set  bool
}

// first names the first flag that was given, or "".
func first(flags ...given) string {
	for _, f := range flags {
		if f.set {
			return f.name
		}
	}
	return ""
}

// onlyFile names the first flag that has no meaning for a register.
func (c *measureCommand) onlyFile() string {
	return first(given{"--income", c.Income != ""}, given{"--weight", c.Weight != ""}, given{"--strata", c.Strata != ""}, given{"--cluster", c.Cluster != ""},
		given{"--rank", c.Rank != ""}, given{"--before", c.Before != ""}, given{"--conventions", c.Convention != ""}, given{"--missing", c.Missing != survey.MissingRefused},
		given{"--dimension", len(c.Dimension) > 0}, given{"--unanswered", c.Unanswered != deprivation.MissingRefused}, given{"--k", c.K != defaultCutoff})
}

// sampling names the first flag that is about errors of a sample.
func (c *measureCommand) sampling() string {
	return first(given{"--error", c.Error != ""}, given{"--census", c.Census}, given{"--seed", c.Seed != defaultSeed}, given{"--reps", c.Reps != defaultReps}, given{"--level", c.Level != defaultLevel})
}

// onlyRegister names the first flag that has no meaning for a file.
func (c *measureCommand) onlyRegister() string {
	return first(given{"--division", c.Division != ""}, given{"--as-of", c.AsOf != ""}, given{"--known-at", c.KnownAt != ""}, given{"--of", c.Of != "all"}, given{"--keys", c.Keys != ""})
}

// onlyIncome names the first flag that has no meaning for several dimensions.
func (c *measureCommand) onlyIncome() string {
	return first(given{"--income", c.Income != ""}, given{"--line", c.Line != ""}, given{"--rank", c.Rank != ""}, given{"--before", c.Before != ""}, given{"--svg", len(c.SVG) > 0},
		given{"--missing", c.Missing != survey.MissingRefused})
}

// register measures a city's records.
func (c *measureCommand) register(ctx context.Context, p *program) error {
	if name := c.onlyFile(); name != "" {
		return errs.New(errs.Usage, "main.measure", name+" 只用于数据文件，登记册不用它。", name+" is for a file of observations; a register has no use for it.")
	}
	if name := c.sampling(); name != "" {
		return errs.New(errs.Usage, "main.measure",
			"登记册是全面登记，没有抽样误差，不用 "+name+"；结果里已经写明。", "A register is a census and has no sampling error, so it has no use for "+name+"; its results say so.")
	}
	asOf, err := dayOr(c.AsOf, day.InTime(time.Now()))
	if err != nil {
		return err
	}
	known, err := momentOr(c.KnownAt)
	if err != nil {
		return err
	}
	opened, err := p.openCity(ctx, &cityFlags{Dir: c.Dir, Database: c.Database, Keys: c.Keys})
	if err != nil {
		return err
	}
	division, err := opened.division(ctx, c.Division, asOf)
	if err != nil {
		return err
	}
	q := profile.Request{Division: division, At: registry.Moment{AsOf: asOf, KnownAt: known}, By: c.By, Measures: c.Measures, Line: c.Line, Poor: c.Of == "poor"}
	switch {
	case c.Against != "":
		return c.transition(ctx, p, opened, &q)
	case c.Basis != "":
		return errs.New(errs.Usage, "main.measure", "--basis 和 --against 同用。", "--basis goes with --against.")
	}
	if q.Measures, err = c.drawn(q.Measures); err != nil {
		return err
	}
	started := time.Now()
	found, err := opened.profile.Measure(ctx, console().Scope(access.ReadFigures, day.InTime(time.Now())), q)
	if err != nil {
		return err
	}
	r := opened.registerResult(found)
	r.Seconds = time.Since(started).Seconds()
	if err := c.drawRegister(p, opened, found, &r); err != nil {
		return err
	}
	return p.answer(r, func(w io.Writer) error { return p.printRegister(w, &r) })
}

// drawn adds to the measures what the pictures need.
func (c *measureCommand) drawn(measures string) (string, error) {
	if measures == "" && len(c.SVG) > 0 {
		measures = "headcount,gap,gini,median,mean"
	}
	all := []string{measures}
	for _, each := range c.SVG {
		needed, err := poverty.PictureMeasures(each.kind, poverty.Line{Amount: 1})
		if err != nil {
			return "", err
		}
		for _, m := range needed {
			all = append(all, m.String())
		}
	}
	return strings.Join(all, ","), nil
}

func (c *city) registerResult(p *profile.Profile) registerResult {
	r := registerResult{
		AsOf: p.AsOf, Households: p.Households, Unknown: p.Unknown, LineSource: p.LineSource, Sentence: p.Sentence, Suppression: p.Suppression,
		measureResult: measureResult{N: p.Report.N, WeightSum: p.Report.WeightSum, Line: stated(p.Report.Line), Results: make([]measureRow, 0, len(p.Report.Results))},
		Groups:        make([]registerGroup, 0, len(p.Groups)),
	}
	r.Division, r.DivisionName = c.named(p.Division, p.AsOf)
	titles := map[string]errs.Text{}
	for i := range p.Groups {
		g := &p.Groups[i]
		v := registerGroup{Group: g.Key, Title: g.Title, Held: g.Held}
		if g.Division != 0 {
			v.Code, _ = c.named(g.Division, p.AsOf)
		}
		if !g.Held {
			v.Persons, v.Households = &g.Persons, &g.Households
		}
		titles[g.Key] = g.Title
		r.Groups = append(r.Groups, v)
	}
	for i := range p.Report.Results {
		row := rowOf(&p.Report.Results[i])
		row.groupTitle = titles[row.Group]
		r.Results = append(r.Results, row)
	}
	return r
}

func (c *measureCommand) drawRegister(p *program, opened *city, found *profile.Profile, r *registerResult) error {
	source := errs.Text{ZH: fmt.Sprintf("%s登记册，截至 %s", r.DivisionName, r.AsOf), EN: fmt.Sprintf("Register of %s on %s", r.DivisionName, r.AsOf)}
	if notice := opened.notice(); notice != "" {
		source.ZH += "。" + notice
		source.EN += ". Demonstration data; all persons are made up"
	}
	for _, each := range c.SVG {
		picture, err := found.Picture(each.kind, source)
		if err != nil {
			return err
		}
		err = whole(each.file, func(w io.Writer) error {
			_, err := w.Write(picture.SVG(p.line.Lang))
			return err
		})
		if err != nil {
			return err
		}
		r.Pictures = append(r.Pictures, each.file)
	}
	return nil
}

func (p *program) printRegister(w io.Writer, r *registerResult) error {
	fmt.Fprintln(w, p.say(r.Sentence))
	for i := range r.Groups {
		if r.Groups[i].Held {
			fmt.Fprintln(w, p.say(r.Suppression.Text()))
			break
		}
	}
	return p.printMeasures(w, &r.measureResult, false)
}
