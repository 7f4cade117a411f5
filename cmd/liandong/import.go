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
	"liandong/form"
	"liandong/internal/registry"
	"liandong/sheet"
)

type importCommand struct {
	Households importHouseholds `cmd:"" help:"导入农户登记表（xlsx 或 csv）。 Import a table of households (xlsx or csv)."`
	Projects   importProjects   `cmd:"" help:"导入项目表（xlsx 或 csv）。 Import a table of projects (xlsx or csv)."`

	Timetable importTimetable `cmd:"" help:"导入列车时刻表（GTFS 压缩包，或 stations.csv、trips.csv、stop_times.csv），核对半小时通达。 Import a timetable of trains (GTFS, or tables of stations, trips and stop times)."`

	Boundaries importBoundaries `cmd:"" help:"导入经审核的行政区划边界（GeoJSON，须有审图号）。 Import approved boundaries of divisions (GeoJSON, with their map approval number)."`
}

type importHouseholds struct {
	cityFlags
	File   string `arg:"" type:"path" help:"文件。 File."`
	AsOf   string `placeholder:"2015-12-31" help:"登记内容从哪一天起有效，默认今天。 Since when the answers hold; today by default."`
	DryRun bool   `help:"只检查和预览，不写入。 Check and preview only."`
	Report string `type:"path" placeholder:"OUT.xlsx" help:"把标出错误的表写到这个文件。 Write the marked workbook to this file."`
}

// importResult is the --json shape of the command.
type importResult struct {
	Import     string                `json:"import"`
	Layout     string                `json:"layout"`
	HeadingRow int                   `json:"heading_row"`
	Households registry.Counts       `json:"households"`
	Members    registry.Counts       `json:"members"`
	New        int                   `json:"new"`
	Changed    int                   `json:"changed"`
	Unchanged  int                   `json:"unchanged"`
	Written    bool                  `json:"written"`
	Unknown    []string              `json:"unknown_columns"`
	Findings   []registry.RowFinding `json:"findings"`
}

// Run checks the file, shows what it would do, and writes it unless only a preview was asked for.
func (c *importHouseholds) Run(ctx context.Context, p *program) error {
	valid, err := dayOr(c.AsOf, day.InTime(time.Now()))
	if err != nil {
		return err
	}
	book, err := sheet.OpenFile(c.File)
	if err != nil {
		return err
	}
	opened, err := p.openCity(ctx, &c.cityFlags)
	if err != nil {
		return err
	}
	plan, err := opened.registry.Import(ctx, console(), filepath.Base(c.File), book, valid, nil)
	if err != nil {
		return err
	}
	if c.Report != "" {
		if err := writeReport(plan, c.Report); err != nil {
			return err
		}
	}
	if !c.DryRun {
		if err := opened.registry.Apply(ctx, console(), plan); err != nil {
			return err
		}
	}
	r := importResult{
		Import: plan.ID.String(), Layout: plan.Match.Layout.Name, HeadingRow: plan.Match.HeadingRow, Households: plan.Households, Members: plan.Members,
		New: plan.New, Changed: plan.Changed, Unchanged: plan.Unchanged, Written: !c.DryRun, Findings: plan.Findings, Unknown: []string{},
	}
	for _, h := range plan.Match.Unknown() {
		r.Unknown = append(r.Unknown, h.Text)
	}
	return p.answer(r, func(w io.Writer) error { return p.printImport(w, &r) })
}

// dayOr reads a day, or takes the other where there is none.
func dayOr(text string, other day.Date) (day.Date, error) {
	if text == "" {
		return other, nil
	}
	return day.ParseLoose(text)
}

func writeReport(plan *registry.Plan, path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) // it holds ID numbers
	if err != nil {
		return errs.New(errs.Unavailable, "main.writeReport", "不能写文件「"+path+"」。", "The file "+path+" cannot be written.").Because(err)
	}
	if _, err := plan.Report(f); err != nil {
		f.Close()
		return err
	}
	return errs.Wrap("main.writeReport", f.Close())
}

func (p *program) printImport(w io.Writer, r *importResult) error {
	verb := errs.Text{ZH: "已写入", EN: "Written"}
	if !r.Written {
		verb = errs.Text{ZH: "预览，没有写入", EN: "Preview, nothing written"}
	}
	fmt.Fprintln(w, p.say(errs.Text{
		ZH: fmt.Sprintf("%s：读到 %d 户 %d 人，新增 %d 户，变更 %d 户，未变 %d 户，退回 %d 户 %d 人。", verb.ZH, r.Households.Read, r.Members.Read, r.New, r.Changed, r.Unchanged, r.Households.Held, r.Members.Held),
		EN: fmt.Sprintf("%s: %d households with %d members read, %d new, %d changed, %d unchanged, %d held back with %d members.", verb.EN, r.Households.Read, r.Members.Read, r.New, r.Changed, r.Unchanged, r.Households.Held, r.Members.Held),
	}))
	for _, f := range r.Findings {
		if f.Severity != form.Error {
			continue
		}
		if _, err := fmt.Fprintf(w, "%s\n", p.say(errs.Text{ZH: fmt.Sprintf("  第 %d 行「%s」：%s", f.Row, f.Column, f.Text.ZH), EN: fmt.Sprintf("  row %d, %s: %s", f.Row, f.Column, f.Text.EN)})); err != nil {
			return err
		}
	}
	return nil
}
