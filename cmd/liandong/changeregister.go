package main

import (
	"context"
	"time"

	"liandong/day"
	"liandong/internal/profile"
	"liandong/internal/registry"
	"liandong/place"
)

type registerChangeCommand struct {
	cityFlags
	Division string `placeholder:"130624" help:"区划代码，默认全市。 Code of the division; the city by default."`
	Against  string `required:"" placeholder:"2014-12-31" help:"前一个日期。 The earlier day."`
	AsOf     string `placeholder:"2015-12-31" help:"后一个日期，默认今天。 The later day; today by default."`
	KnownAt  string `placeholder:"T" help:"按哪一时刻已登记的内容，默认现在。 As far as was recorded by then; now by default."`
	By       string `enum:"county,township,village," default:"" placeholder:"county|township|village" help:"按县、乡或村分列，默认低一级。 Divisions to list; by default one level below."`
}

// Run compares the register of two days, by the status that it gives each household. What is too few to be published is held back here as everywhere.
func (c *registerChangeCommand) Run(ctx context.Context, p *program) error {
	today := day.InTime(time.Now())
	before, err := day.Parse(c.Against)
	if err != nil {
		return err
	}
	after, err := dayOr(c.AsOf, today)
	if err != nil {
		return err
	}
	known, err := momentOr(c.KnownAt)
	if err != nil {
		return err
	}
	opened, err := p.openCity(ctx, &c.cityFlags)
	if err != nil {
		return err
	}
	division, err := opened.division(ctx, c.Division, after)
	if err != nil {
		return err
	}
	q := profile.TransitionRequest{
		Division: division, Before: registry.Moment{AsOf: before, KnownAt: known}, After: registry.Moment{AsOf: after, KnownAt: known}, Basis: profile.ByStatus, By: "division",
		Level: map[string]place.Level{"county": place.County, "township": place.Township, "village": place.Village}[c.By],
	}
	if division.Level() >= place.Village && c.By == "" {
		q.By = "" // nothing lies below a village
	}
	return p.between(ctx, opened, &q)
}
