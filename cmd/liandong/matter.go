package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/dossier"
	"liandong/internal/problem"
)

type matterCommand struct {
	Problems  matterProblems  `cmd:"" help:"问题台账。 The list of problems."`
	Decisions matterDecisions `cmd:"" help:"督办事项。 Supervised decisions."`
	Remind    matterRemind    `cmd:"" help:"快到期和已超期的事项。 What is due soon or overdue."`
}

// matterFlags narrow a list.
type matterFlags struct {
	cityFlags
	Division string `placeholder:"130624" help:"区划代码，默认全市。 Code of the division; the city by default."`
	Open     bool   `help:"只列未办结的。 Only what is still open."`
	Holder   string `placeholder:"OFFICE" help:"只列现在由这个单位办的。 Only what this office holds now."`
}

type matterProblems struct{ matterFlags }

// Run lists problems.
func (c *matterProblems) Run(ctx context.Context, p *program) error {
	opened, err := p.openCity(ctx, &c.cityFlags)
	if err != nil {
		return err
	}
	return c.list(ctx, p, opened, func(today day.Date, f dossier.Filter, after string) (dossier.Page, error) {
		return opened.problems.Problems(ctx, console(), today, f, after, 0)
	})
}

type matterDecisions struct{ matterFlags }

// Run lists supervised decisions.
func (c *matterDecisions) Run(ctx context.Context, p *program) error {
	opened, err := p.openCity(ctx, &c.cityFlags)
	if err != nil {
		return err
	}
	return c.list(ctx, p, opened, func(today day.Date, f dossier.Filter, after string) (dossier.Page, error) {
		return opened.problems.Decisions(ctx, console(), today, f, after, 0)
	})
}

// list prints every page.
func (f *matterFlags) list(ctx context.Context, p *program, opened *city, page func(day.Date, dossier.Filter, string) (dossier.Page, error)) error {
	today := day.InTime(time.Now())
	division, err := opened.division(ctx, f.Division, today)
	if err != nil {
		return err
	}
	heads := []dossier.Head{}
	for after := ""; ; {
		one, err := page(today, dossier.Filter{Division: division, Open: f.Open, Holder: f.Holder}, after)
		if err != nil {
			return err
		}
		heads = append(heads, one.Heads...)
		if after = one.Next; after == "" {
			break
		}
	}
	return p.answer(heads, func(w io.Writer) error {
		fmt.Fprintln(w, p.say(errs.Text{ZH: fmt.Sprintf("%d 件", len(heads)), EN: fmt.Sprintf("%d matters", len(heads))}))
		for i := range heads {
			printMatter(w, opened, &heads[i], today)
		}
		return nil
	})
}

func printMatter(w io.Writer, opened *city, h *dossier.Head, today day.Date) {
	_, name := opened.named(h.Division, today)
	due, holder := h.Due.String(), h.Holder
	if due == "" {
		due = "—"
	}
	if holder == "" {
		holder = "—"
	}
	fmt.Fprintf(w, "%s  %-8s  %-10s  %s  %s  %s\n", h.Dossier, h.State, due, holder, name, h.Title)
}

type matterRemind struct {
	cityFlags
	AsOf string `placeholder:"2015-12-31" help:"按哪一天算，默认今天。 As of this day; today by default."`
}

// Run lists what is due soon or overdue.
func (c *matterRemind) Run(ctx context.Context, p *program) error {
	today := day.InTime(time.Now())
	on, err := dayOr(c.AsOf, today)
	if err != nil {
		return err
	}
	opened, err := p.openCity(ctx, &c.cityFlags)
	if err != nil {
		return err
	}
	all, err := opened.problems.Reminders(ctx, console(), today, on)
	if err != nil {
		return err
	}
	return p.answer(all, func(w io.Writer) error {
		for i := range all {
			fmt.Fprintf(w, "%s  ", p.say(daysText(&all[i])))
			printMatter(w, opened, &all[i].Head, today)
		}
		return nil
	})
}

func daysText(r *problem.Reminder) errs.Text {
	if r.Days < 0 {
		return errs.Text{ZH: fmt.Sprintf("超期 %d 天", -r.Days), EN: fmt.Sprintf("%d days overdue", -r.Days)}
	}
	return errs.Text{ZH: fmt.Sprintf("还有 %d 天", r.Days), EN: fmt.Sprintf("%d days left", r.Days)}
}
