package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/portfolio"
)

type exportProjects struct {
	cityFlags
	AsOf     string `placeholder:"2015-12-31" help:"哪一天的情况，默认今天。 What was so on this day; today by default."`
	KnownAt  string `placeholder:"T" help:"按哪一时刻已登记的内容，默认现在。 As far as was recorded by then; now by default."`
	Division string `placeholder:"130624" help:"只导出这个区划，默认全市。 This division only; the whole city by default."`
	Format   string `enum:"xlsx,csv,oc4ids,iati" default:"xlsx" help:"格式：xlsx、csv、oc4ids（JSON）或 iati（XML）。 Format."`
	Reason   string `default:"命令行导出" help:"理由，写入日志。 Why; it is written into the log."`
	Out      string `short:"o" type:"path" placeholder:"FILE" help:"写到这个文件；默认按内容取名，放在当前文件夹。 Write to this file; named after its content by default."`
}

// exportedProjects is the --json shape of the command.
type exportedProjects struct {
	File     string   `json:"file"`
	Format   string   `json:"format"`
	AsOf     day.Date `json:"as_of"`
	Projects int      `json:"projects"`
	LeftOut  int      `json:"left_out,omitempty"` // of IATI: projects without a stage or a date
	Seconds  float64  `json:"seconds"`
}

// Run writes the file whole or not at all.
func (c *exportProjects) Run(ctx context.Context, p *program) error {
	asOf, err := dayOr(c.AsOf, day.InTime(time.Now()))
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
	division, err := opened.division(ctx, c.Division, asOf)
	if err != nil {
		return err
	}
	started := time.Now()
	e := portfolio.Export{Division: division, At: portfolio.Moment{AsOf: asOf, KnownAt: known}, Format: portfolio.Format(c.Format), Reason: c.Reason}
	if opened.notice() != "" {
		e.Notice = portfolio.MadeUp
	}
	set, err := opened.portfolio.Gather(ctx, console(), e)
	if err != nil {
		return err
	}
	r := exportedProjects{File: c.Out, Format: c.Format, AsOf: asOf, Projects: len(set.Projects)}
	if r.File == "" {
		r.File = e.FileName()
	}
	if err := whole(r.File, func(w io.Writer) (err error) {
		r.LeftOut, err = set.Write(w)
		return err
	}); err != nil {
		return err
	}
	r.Seconds = time.Since(started).Seconds()
	return p.answer(r, func(w io.Writer) error {
		left := errs.Text{}
		if r.LeftOut > 0 {
			left = errs.Text{ZH: fmt.Sprintf("，%d 个没有阶段或日期，未导出", r.LeftOut), EN: fmt.Sprintf("; %d without a stage or a date were left out", r.LeftOut)}
		}
		_, err := fmt.Fprintln(w, p.say(errs.Text{
			ZH: fmt.Sprintf("已导出 %d 个项目%s，用时 %.1f 秒：%s", r.Projects-r.LeftOut, left.ZH, r.Seconds, r.File),
			EN: fmt.Sprintf("Exported %d projects in %.1f s%s: %s", r.Projects-r.LeftOut, r.Seconds, left.EN, r.File),
		}))
		return err
	})
}
