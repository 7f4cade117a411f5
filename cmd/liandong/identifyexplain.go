package main

import (
	"context"
	"io"
	"time"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/identify"
	"liandong/internal/registry"
)

// identifyGroup is "identify", which evaluates, "identify explain" for a stored run, and "identify suppose" for a what-if.
type identifyGroup struct {
	Evaluate identifyCommand `cmd:"" default:"withargs" help:"按识别标准评定农户。 Evaluate households by a criteria document."`
	Explain  identifyExplain `cmd:"" help:"说明一户的结论从何而来。 Explain why a household has its outcome."`
	Suppose  identifySuppose `cmd:"" help:"说明一份标准（可以改动）对一户怎么看，不保存。 Explain what a document, changed or not, says of a household; stores nothing."`
}

type identifyExplain struct {
	cityFlags
	Result    string `arg:"" name:"run" help:"识别结果编号，或 last（最近一次）。 The run, or last."`
	Household string `arg:"" help:"农户编号：登记册里的户编号或内部编号。 The household's number in the register, or its id."`
	Letter    bool   `help:"写成给农户的信；打印会记入日志。 As a letter to the household, which is logged."`
	Reason    string `default:"命令行打印" help:"打印的理由，写入日志。 Why it is printed; it is written into the log."`
}

// Run prints the account of a household: a table, a letter, or JSON.
func (c *identifyExplain) Run(ctx context.Context, p *program) error {
	opened, err := p.openCity(ctx, &c.cityFlags)
	if err != nil {
		return err
	}
	today := day.InTime(time.Now())
	scope := console().Scope(access.ReadRecords, today)
	run, err := runOf(ctx, opened, scope, c.Result)
	if err != nil {
		return err
	}
	household, err := householdOf(ctx, opened, scope, c.Household)
	if err != nil {
		return err
	}
	if c.Letter {
		letter, err := opened.identify.Letter(ctx, console(), &identify.LetterRequest{Household: household, Run: run, Reason: c.Reason}, today)
		if err != nil {
			return err
		}
		return p.answer(letter.Letter, func(w io.Writer) error { _, err := io.WriteString(w, letter.String()); return err })
	}
	x, err := opened.identify.Account(ctx, scope, run, household)
	if err != nil {
		return err
	}
	return p.answer(x, func(w io.Writer) error {
		_, err := io.WriteString(w, x.Table(p.language()))
		return err
	})
}

// language is the one that a table is printed in: Chinese unless English is asked for.
func (p *program) language() string {
	if p.line.Lang == "en" {
		return "en"
	}
	return "zh"
}

type identifySuppose struct {
	cityFlags
	asked
	Household string `arg:"" help:"农户编号：登记册里的户编号或内部编号。 The household's number in the register, or its id."`
	Letter    bool   `help:"写成给农户的信；打印会记入日志。 As a letter to the household, which is logged."`
	Reason    string `default:"命令行打印" help:"打印的理由，写入日志。 Why it is printed; it is written into the log."`
}

// Run prints what the document says of the household: a table, a letter, or JSON.
func (c *identifySuppose) Run(ctx context.Context, p *program) error {
	q, err := c.request()
	if err != nil {
		return err
	}
	opened, err := p.openCity(ctx, &c.cityFlags)
	if err != nil {
		return err
	}
	if q.Document, err = opened.document(ctx, c.Criteria); err != nil {
		return err
	}
	scope := console().Scope(access.ReadRecords, day.InTime(time.Now()))
	household, err := householdOf(ctx, opened, scope, c.Household)
	if err != nil {
		return err
	}
	if c.Letter {
		letter, err := opened.identify.Letter(ctx, console(), &identify.LetterRequest{Household: household, Asked: &q, Reason: c.Reason}, day.InTime(time.Now()))
		if err != nil {
			return err
		}
		return p.answer(letter.Letter, func(w io.Writer) error { _, err := io.WriteString(w, letter.String()); return err })
	}
	x, err := opened.identify.Suppose(ctx, scope, q, household)
	if err != nil {
		return err
	}
	return p.answer(x, func(w io.Writer) error {
		_, err := io.WriteString(w, x.Table(p.language()))
		return err
	})
}

func runOf(ctx context.Context, opened *city, scope access.Scope, word string) (uuid.UUID, error) {
	if word != "last" {
		id, err := uuid.Parse(word)
		if err != nil {
			return id, errs.New(errs.Usage, "main.run", "识别结果编号「"+word+"」不对，可写 last。", "There is no run "+word+"; write last for the latest.")
		}
		return id, nil
	}
	runs, err := opened.identify.Runs(ctx, scope)
	if err != nil {
		return uuid.UUID{}, err
	}
	if len(runs) == 0 {
		return uuid.UUID{}, errs.New(errs.NotFound, "main.run", "还没有保存过识别结果，请先运行 liandong identify。", "No run is stored yet; run liandong identify first.")
	}
	return runs[0].ID, nil
}

// householdOf finds a household by its number, or by its id.
func householdOf(ctx context.Context, opened *city, scope access.Scope, word string) (registry.ID, error) {
	if id, err := uuid.Parse(word); err == nil {
		return id, nil
	}
	hits, err := opened.registry.Search(ctx, scope, word, 2)
	if err != nil {
		return registry.ID{}, err
	}
	for i := range hits {
		if hits[i].Number == word {
			return hits[i].Household, nil
		}
	}
	return registry.ID{}, errs.New(errs.NotFound, "main.household", "没有户编号为「"+word+"」的农户。", "There is no household with the number "+word+".")
}
