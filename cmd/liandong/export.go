package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/registry"
	"liandong/sheet"
)

type exportCommand struct {
	Households exportHouseholds `cmd:"" help:"导出农户（每个成员一行），或列出与一份国家系统导出表的差异。 Export households, a row for every member, or list what differs from a table of the national system."`
	Projects   exportProjects   `cmd:"" help:"导出项目（表格、OC4IDS 或 IATI）。 Export projects (table, OC4IDS or IATI)."`
}

type exportHouseholds struct {
	cityFlags
	AsOf     string `placeholder:"2015-12-31" help:"哪一天的情况，默认今天。 What was so on this day; today by default."`
	KnownAt  string `placeholder:"T" help:"按哪一时刻已登记的内容，默认现在。 As far as was recorded by then; now by default."`
	Division string `placeholder:"130624" help:"只导出这个区划，默认全市。 This division only; the whole city by default."`
	Layout   string `enum:"national,own" default:"national" help:"表式：国家系统（national）或本系统模板（own）。 Layout: the national system's or the own template."`
	Format   string `enum:"xlsx,csv,csv-gb18030,parquet" default:"xlsx" help:"格式：xlsx、csv（UTF-8）、csv-gb18030，或供统计软件用的 parquet（每户一行，不含加密内容）。 Format; parquet is for other programs: a row for every household, nothing encrypted."`
	Against  string `type:"existingfile" placeholder:"FILE" help:"不导出，只列出与这份表的差异（差异清单）。 Export nothing; list what differs from this table."`
	Masked   bool   `help:"不含证件号码、电话和账号。 Leave out ID numbers, phones and accounts."`
	Reason   string `default:"命令行导出" help:"理由，写入日志。 Why; it is written into the log."`
	Out      string `short:"o" type:"path" placeholder:"FILE" help:"写到这个文件；默认按内容取名，放在当前文件夹。 Write to this file; named after its content by default."`
}

// exportResult is the --json shape of the command.
type exportResult struct {
	File        string            `json:"file"`
	Layout      string            `json:"layout,omitempty"`
	AsOf        day.Date          `json:"as_of"`
	Exported    registry.Exported `json:"exported"`
	Differences *int              `json:"differences,omitempty"`
	Seconds     float64           `json:"seconds"`
}

// Run writes the file whole or not at all.
func (c *exportHouseholds) Run(ctx context.Context, p *program) error {
	at, err := c.moment()
	if err != nil {
		return err
	}
	opened, err := p.openCity(ctx, &c.cityFlags)
	if err != nil {
		return err
	}
	started := time.Now()
	r := exportResult{File: c.Out, AsOf: at.AsOf}
	if r.File == "" {
		r.File = c.name(at.AsOf)
	}
	if c.Against != "" {
		err = c.differences(ctx, opened, at, &r)
	} else {
		err = c.export(ctx, opened, at, &r)
	}
	if err != nil {
		return err
	}
	r.Seconds = time.Since(started).Seconds()
	return p.answer(r, func(w io.Writer) error {
		text := errs.Text{
			ZH: fmt.Sprintf("已导出 %d 户 %d 人，用时 %.1f 秒：%s", r.Exported.Households, r.Exported.Members, r.Seconds, r.File),
			EN: fmt.Sprintf("Exported %d households with %d members in %.1f s: %s", r.Exported.Households, r.Exported.Members, r.Seconds, r.File),
		}
		if r.Differences != nil {
			text = errs.Text{ZH: fmt.Sprintf("共 %d 处差异：%s", *r.Differences, r.File), EN: fmt.Sprintf("%d differences: %s", *r.Differences, r.File)}
		}
		_, err := fmt.Fprintln(w, p.say(text))
		return err
	})
}

func (c *exportHouseholds) moment() (at registry.Moment, err error) {
	if at.AsOf, err = dayOr(c.AsOf, day.InTime(time.Now())); err != nil {
		return at, err
	}
	at.KnownAt, err = momentOr(c.KnownAt)
	return at, err
}

func (c *exportHouseholds) name(on day.Date) string {
	name := "农户-" + on.String()
	if c.Against != "" {
		return "差异清单-" + on.String() + ".xlsx"
	}
	switch c.Format {
	case "xlsx", "parquet":
		return name + "." + c.Format
	}
	return name + ".csv"
}

func (c *exportHouseholds) export(ctx context.Context, opened *city, at registry.Moment, r *exportResult) error {
	division, err := opened.division(ctx, c.Division, at.AsOf)
	if err != nil {
		return err
	}
	e := registry.Export{Division: division, At: at, Layout: registry.NationalLayout(), Secrets: !c.Masked, Reason: c.Reason, Notice: opened.notice()}
	if c.Layout == "own" {
		e.Layout = registry.OwnLayout(opened.registry.Form())
	}
	if c.Format == "parquet" {
		return whole(r.File, func(w io.Writer) error {
			r.Exported, err = opened.registry.ExportColumns(ctx, console(), e, w)
			return err
		})
	}
	r.Layout = e.Layout.Name
	return whole(r.File, func(w io.Writer) error {
		r.Exported, err = opened.registry.Export(ctx, console(), e, func(t sheet.Table) (sheet.Writer, error) {
			switch c.Format {
			case "csv":
				return sheet.NewCSV(w, t, sheet.UTF8)
			case "csv-gb18030":
				return sheet.NewCSV(w, t, sheet.GB18030)
			}
			return sheet.NewWorkbook(w, t)
		})
		return err
	})
}

func (c *exportHouseholds) differences(ctx context.Context, opened *city, at registry.Moment, r *exportResult) error {
	book, err := sheet.OpenFile(c.Against)
	if err != nil {
		return err
	}
	list, err := opened.registry.Differences(ctx, console(), book, at, c.Reason)
	if err != nil {
		return err
	}
	n := len(list)
	r.Differences = &n
	return whole(r.File, func(w io.Writer) error { return registry.WriteDifferences(w, list, opened.notice()) })
}

// notice stands below what leaves a demonstration.
func (c *city) notice() string {
	if _, err := os.Stat(filepath.Join(c.folder, demoFile)); err != nil {
		return ""
	}
	return "演示数据，人员均为虚构"
}

// whole writes a file that is there whole or not at all, for its owner alone: it holds ID numbers.
func whole(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".liandong-*")
	if err != nil {
		return errs.New(errs.Unavailable, "main.whole", "不能写文件「"+path+"」。请检查文件夹和权限。", "The file "+path+" cannot be written. Check the folder and the rights.").Because(err)
	}
	defer os.Remove(f.Name())
	if err := write(f); err != nil {
		f.Close()
		return err
	}
	if err := f.Sync(); err != nil {
		f.Close()
		return errs.Wrap("main.whole", err)
	}
	if err := f.Close(); err != nil {
		return errs.Wrap("main.whole", err)
	}
	return errs.Wrap("main.whole", os.Rename(f.Name(), path))
}
