package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/claim"
)

type claimCommand struct {
	List   claimList   `cmd:"" help:"列出公开提法及其口径。 List public claims with their definitions."`
	Check  claimCheck  `cmd:"" help:"按口径核对公开提法。 Check public claims by their definitions."`
	Replay claimReplay `cmd:"" help:"把存下的核对按原来的日期重做一遍。 Make a stored check again as of its dates."`
}

// claimFlags say which claims are meant.
type claimFlags struct {
	cityFlags
	Document string `default:"baoding-2015-12" placeholder:"ID" help:"口径文件的编号。 Id of the document of claims."`
	File     string `type:"existingfile" placeholder:"FILE" help:"改用这个口径文件（YAML）。 Use this document instead."`
}

func (f *claimFlags) open(ctx context.Context, p *program) (*city, claim.Document, error) {
	opened, err := p.openCity(ctx, &f.cityFlags)
	if err != nil {
		return nil, claim.Document{}, err
	}
	if f.File == "" {
		d, err := opened.claims.Document(ctx, console(), day.InTime(time.Now()), f.Document)
		return opened, d, err
	}
	text, err := os.ReadFile(f.File)
	if err != nil {
		return nil, claim.Document{}, errs.New(errs.NotFound, "main.claim", "读不到文件「"+f.File+"」。", "The file "+f.File+" cannot be read.").Because(err)
	}
	d, err := claim.Parse(text)
	return opened, d, err
}

type claimList struct{ claimFlags }

// Run lists the claims of a document.
func (c *claimList) Run(ctx context.Context, p *program) error {
	_, d, err := c.open(ctx, p)
	if err != nil {
		return err
	}
	return p.answer(d, func(w io.Writer) error {
		fmt.Fprintln(w, p.say(d.Title))
		for i := range d.Claims {
			one := &d.Claims[i]
			fmt.Fprintf(w, "%-22s %s\n", one.ID, p.say(errs.Text{ZH: "［" + one.Kind.Text().ZH + "］" + one.Sentence.ZH, EN: "[" + one.Kind.Text().EN + "] " + one.Sentence.EN}))
			for k := range one.Readings {
				fmt.Fprintln(w, "    "+p.say(one.Readings[k].Definition))
			}
		}
		return nil
	})
}

type claimCheck struct {
	claimFlags
	AsOf    string `placeholder:"2015-12-31" help:"只看这一天及以前的证据，默认今天。 Look at evidence up to this day; today by default."`
	KnownAt string `placeholder:"T" help:"按哪一时刻已登记的内容，默认现在。 As far as was recorded by then; now by default."`
	Save    bool   `help:"把核对结果存下，记入日志。 Store what was found, in the log."`
}

// claimResult is the --json shape of the command.
type claimResult struct {
	Document string         `json:"document"`
	Title    errs.Text      `json:"title"`
	AsOf     day.Date       `json:"as_of"`
	Check    *uuid.UUID     `json:"check,omitempty"` // where it was stored
	Claims   []claim.Judged `json:"claims"`
}

// Run gives the verdict on every claim.
func (c *claimCheck) Run(ctx context.Context, p *program) error {
	today := day.InTime(time.Now())
	asOf, err := dayOr(c.AsOf, today)
	if err != nil {
		return err
	}
	known, err := momentOr(c.KnownAt)
	if err != nil {
		return err
	}
	opened, d, err := c.open(ctx, p)
	if err != nil {
		return err
	}
	r := claimResult{Document: d.Name(), Title: d.Title, AsOf: asOf}
	q := claim.Request{AsOf: asOf, KnownAt: known}
	if c.Save {
		id := uuid.Must(uuid.NewV7())
		check, err := opened.claims.Save(ctx, console(), today, id, &d, q)
		if err != nil {
			return err
		}
		r.Check, r.Claims = &id, check.Claims
	} else if r.Claims, err = opened.claims.Judge(ctx, console(), today, &d, q); err != nil {
		return err
	}
	return p.answer(r, func(w io.Writer) error {
		fmt.Fprintln(w, p.say(r.Title))
		for i := range r.Claims {
			p.printJudged(w, &r.Claims[i])
		}
		if r.Check != nil {
			fmt.Fprintln(w, p.say(errs.Text{ZH: "已存下，编号 " + r.Check.String() + "。", EN: "Stored as " + r.Check.String() + "."}))
		}
		return nil
	})
}

func (p *program) printJudged(w io.Writer, j *claim.Judged) {
	fmt.Fprintf(w, "\n%s  %s\n", j.Claim, p.say(errs.Text{ZH: "［" + j.Kind.Text().ZH + "］" + j.Sentence.ZH, EN: "[" + j.Kind.Text().EN + "] " + j.Sentence.EN}))
	fmt.Fprintln(w, "  "+p.say(errs.Text{ZH: "提法日期 " + j.On.String() + "，出处：" + j.Source.Paper + " " + j.Source.Date, EN: "claimed " + j.On.String() + " in " + j.Source.Paper + " " + j.Source.Date}))
	for _, m := range j.Missing {
		fmt.Fprintln(w, "  "+p.say(errs.Text{ZH: "缺：" + m.ZH, EN: "open: " + m.EN}))
	}
	if len(j.Readings) == 0 {
		fmt.Fprintln(w, "  "+p.say(j.Verdict.Text()))
	}
	for i := range j.Readings {
		r := &j.Readings[i]
		fmt.Fprintln(w, "  "+p.say(errs.Text{ZH: "【" + r.Verdict.Text().ZH + "】" + r.Definition.ZH, EN: "<" + r.Verdict.Text().EN + "> " + r.Definition.EN}))
		for k := range r.Evidence {
			f := &r.Evidence[k]
			value := "—"
			if f.Value != nil {
				value = strconv.FormatFloat(*f.Value, 'f', f.Decimals, 64)
			}
			fmt.Fprintln(w, "    "+p.say(errs.Text{
				ZH: f.Says.ZH + "：" + value + " " + f.Unit.ZH + "（证据日期 " + f.AsOf.String() + "）" + f.Why.ZH,
				EN: f.Says.EN + ": " + value + " " + f.Unit.EN + " (evidence of " + f.AsOf.String() + ") " + f.Why.EN,
			}))
		}
	}
}

type claimReplay struct {
	cityFlags
	ID string `arg:"" help:"存下的核对的编号。 Id of the stored check."`
}

// Run makes a stored check again. It ends with 1 where something else is found.
func (c *claimReplay) Run(ctx context.Context, p *program) error {
	opened, err := p.openCity(ctx, &c.cityFlags)
	if err != nil {
		return err
	}
	id, err := uuid.Parse(c.ID)
	if err != nil {
		return errs.New(errs.Usage, "main.claim", "「"+c.ID+"」不是核对的编号。", c.ID+" is no id of a check.")
	}
	r, err := opened.claims.Replay(ctx, console(), day.InTime(time.Now()), id)
	if err != nil {
		return err
	}
	if err := p.answer(r, func(w io.Writer) error {
		words := errs.Text{ZH: "重做的结果与存下的完全一致。", EN: "What is found is what was stored, to the last byte."}
		if !r.Same {
			words = errs.Text{ZH: "以下提法的结果与存下的不同：", EN: "Something else is found for these claims:"}
		}
		fmt.Fprintln(w, p.say(words))
		for _, id := range r.Differs {
			fmt.Fprintln(w, "  "+id)
		}
		return nil
	}); err != nil || r.Same {
		return err
	}
	return errs.New(errs.Conflict, "main.claim", "结果不同，请查明是数据缺失还是程序改动。", "The results differ; find out whether data is missing or the program changed.")
}
