package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/dossier"
)

type caseCommand struct {
	Catalogue caseCatalogue `cmd:"" help:"事项目录：步骤、材料、时限。 The catalogue: steps, papers, deadlines."`
	List      caseList      `cmd:"" help:"投资方的办件，现在由哪个部门办。 Investors' cases, and which department holds each."`
}

type caseCatalogue struct{ cityFlags }

// Run prints the catalogue.
func (c *caseCatalogue) Run(ctx context.Context, p *program) error {
	opened, err := p.openCity(ctx, &c.cityFlags)
	if err != nil {
		return err
	}
	catalogue := opened.cases.Catalogue()
	return p.answer(catalogue, func(w io.Writer) error {
		for i := range catalogue.Matters {
			m := &catalogue.Matters[i]
			fmt.Fprintln(w, p.say(errs.Text{ZH: fmt.Sprintf("%s（%s，法定 %d 个工作日）", m.Title.ZH, m.Code, m.LegalDays), EN: fmt.Sprintf("%s (%s, %d working days by law)", m.Title.EN, m.Code, m.LegalDays)}))
			for _, s := range m.Steps {
				fmt.Fprintln(w, "  "+p.say(errs.Text{ZH: fmt.Sprintf("%s　%s　%d 个工作日", s.Title.ZH, s.Department, s.Days), EN: fmt.Sprintf("%s, %s, %d working days", s.Title.EN, s.Department, s.Days)}))
			}
		}
		fmt.Fprintln(w, p.say(catalogue.Basis))
		return nil
	})
}

type caseList struct{ matterFlags }

// Run lists the cases.
func (c *caseList) Run(ctx context.Context, p *program) error {
	opened, err := p.openCity(ctx, &c.cityFlags)
	if err != nil {
		return err
	}
	return c.list(ctx, p, opened, func(_ day.Date, f dossier.Filter, after string) (dossier.Page, error) {
		return opened.cases.Cases(ctx, console(), day.InTime(time.Now()), f, after, 0)
	})
}
