package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/identify"
)

type criteriaList struct {
	cityFlags
}

// Run lists the versions of a city's documents with their states.
func (c *criteriaList) Run(ctx context.Context, p *program) error {
	opened, err := p.openCity(ctx, &c.cityFlags)
	if err != nil {
		return err
	}
	versions, err := opened.identify.Versions(ctx, day.InTime(time.Now()))
	if err != nil {
		return err
	}
	return p.answer(versions, func(w io.Writer) error { return printVersions(w, versions) })
}

func printVersions(w io.Writer, versions []identify.Version) error {
	t := tabwriter.NewWriter(w, 2, 8, 2, ' ', 0)
	for i := range versions {
		v := &versions[i]
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", v.Document, v.State, dayOrDash(v.From), dayOrDash(v.Until), v.Title.ZH, v.Note)
	}
	return t.Flush()
}

func dayOrDash(d day.Date) string {
	if d.IsZero() {
		return "-"
	}
	return d.String()
}

type criteriaDraft struct {
	cityFlags
	File string `arg:"" type:"existingfile" help:"标准文件（.yaml）。 The document."`
	Note string `help:"说明，写入日志。 A note, written into the log."`
}

// Run saves a draft.
func (c *criteriaDraft) Run(ctx context.Context, p *program) error {
	text, err := os.ReadFile(c.File)
	if err != nil {
		return errs.New(errs.NotFound, "main.draft", "读不到文件「"+c.File+"」。", "The file "+c.File+" cannot be read.").Because(err)
	}
	opened, err := p.openCity(ctx, &c.cityFlags)
	if err != nil {
		return err
	}
	v, err := opened.identify.SaveDraft(ctx, console(), text, c.Note, day.InTime(time.Now()))
	if err != nil {
		return within(c.File, err)
	}
	return p.version(v)
}

func (p *program) version(v identify.Version) error {
	return p.answer(v, func(w io.Writer) error { return printVersions(w, []identify.Version{v}) })
}

type criteriaTest struct {
	cityFlags
	ID string `arg:"" help:"标准编号，如 four-looks@2016。 The document's id."`
}

// Run runs a draft's own cases and marks it tested.
func (c *criteriaTest) Run(ctx context.Context, p *program) error {
	opened, err := p.openCity(ctx, &c.cityFlags)
	if err != nil {
		return err
	}
	v, err := opened.identify.Test(ctx, console(), c.ID, day.InTime(time.Now()))
	if err != nil {
		return within(c.ID, err)
	}
	return p.version(v)
}

type criteriaEnact struct {
	cityFlags
	ID   string `arg:"" help:"标准编号，如 four-looks@2016。 The document's id."`
	From string `required:"" placeholder:"2016-01-01" help:"从哪一天起执行。 In force from this day."`
	Note string `help:"依据，写入日志。 On what it rests; written into the log."`
}

// Run puts a tested document in force.
func (c *criteriaEnact) Run(ctx context.Context, p *program) error {
	from, err := day.Parse(c.From)
	if err != nil {
		return err
	}
	opened, err := p.openCity(ctx, &c.cityFlags)
	if err != nil {
		return err
	}
	v, err := opened.identify.PutInForce(ctx, console(), c.ID, from, c.Note, day.InTime(time.Now()))
	if err != nil {
		return within(c.ID, err)
	}
	return p.version(v)
}
