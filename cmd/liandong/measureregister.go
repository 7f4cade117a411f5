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

// onlyFile names the first flag that has no meaning for a register.
func (c *measureCommand) onlyFile() string {
	for _, f := range []struct {
		name string
		set  bool
	}{
		{"--income", c.Income != ""},
		{"--weight", c.Weight != ""},
		{"--strata", c.Strata != ""},
		{"--cluster", c.Cluster != ""},
		{"--rank", c.Rank != ""},
		{"--before", c.Before != ""},
		{"--conventions", c.Convention != ""},
	} {
		if f.set {
			return f.name
		}
	}
	return ""
}

// register measures a city's records.
func (c *measureCommand) register(ctx context.Context, p *program) error {
	if name := c.onlyFile(); name != "" {
		return errs.New(errs.Usage, "main.measure", name+" 只用于数据文件，登记册不用它。", name+" is for a file of observations; a register has no use for it.")
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
