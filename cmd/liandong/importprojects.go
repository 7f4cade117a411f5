package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/portfolio"
	"liandong/sheet"
)

type importProjects struct {
	cityFlags
	File   string `arg:"" optional:"" type:"path" help:"文件。 File."`
	AsOf   string `placeholder:"2015-12-31" help:"内容从哪一天起有效，默认今天。 Since when it holds; today by default."`
	DryRun bool   `help:"只检查和预览，不写入。 Check and preview only."`
	Report string `type:"path" placeholder:"OUT.xlsx" help:"把标出错误的表写到这个文件。 Write the marked workbook to this file."`
	Undo   string `placeholder:"IMPORT" help:"撤销这次导入（导入结果里的编号）。 Take this import back (the id that it told)."`
}

// importedProjects is the --json shape of the command.
type importedProjects struct {
	*portfolio.Plan
	Layout     string   `json:"layout"`
	HeadingRow int      `json:"heading_row"`
	Written    bool     `json:"written"`
	Unknown    []string `json:"unknown_columns"`
}

// Run checks the file, shows what it would do, and writes it unless only a preview was asked for.
func (c *importProjects) Run(ctx context.Context, p *program) error {
	if (c.File == "") == (c.Undo == "") {
		return errs.New(errs.Usage, "main.import", "请写明要导入的文件，或用 --undo 写明要撤销的导入。", "Name the file to import, or with --undo the import to take back.")
	}
	if c.Undo != "" {
		return c.undo(ctx, p)
	}
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
	plan, err := opened.portfolio.Import(ctx, console(), filepath.Base(c.File), book, valid, nil)
	if err != nil {
		return err
	}
	if c.Report != "" {
		if err := whole(c.Report, func(w io.Writer) error { _, err := plan.Report(w); return err }); err != nil {
			return err
		}
	}
	if !c.DryRun {
		if err := opened.portfolio.Apply(ctx, console(), plan); err != nil {
			return err
		}
	}
	r := importedProjects{Plan: plan, Layout: plan.Match.Layout.Name, HeadingRow: plan.Match.HeadingRow, Written: !c.DryRun, Unknown: []string{}}
	for _, h := range plan.Match.Unknown() {
		r.Unknown = append(r.Unknown, h.Text)
	}
	return p.answer(r, func(w io.Writer) error { return p.printProjects(w, &r) })
}

func (c *importProjects) undo(ctx context.Context, p *program) error {
	id, err := uuid.Parse(c.Undo)
	if err != nil {
		return errs.New(errs.Usage, "main.import", "导入编号看不懂。", "The id of the import cannot be read.").At("--undo")
	}
	opened, err := p.openCity(ctx, &c.cityFlags)
	if err != nil {
		return err
	}
	if err := opened.portfolio.Undo(ctx, console(), id); err != nil {
		return err
	}
	return p.answer(map[string]string{"undone": c.Undo}, func(w io.Writer) error {
		_, err := fmt.Fprintln(w, p.say(errs.Text{ZH: "已撤销这次导入。", EN: "The import is taken back."}))
		return err
	})
}

func (p *program) printProjects(w io.Writer, r *importedProjects) error {
	verb := errs.Text{ZH: "已写入", EN: "Written"}
	if !r.Written {
		verb = errs.Text{ZH: "预览，没有写入", EN: "Preview, nothing written"}
	}
	fmt.Fprintln(w, p.say(errs.Text{
		ZH: fmt.Sprintf("%s：读到 %d 个项目，新增 %d，变更 %d，未变 %d，退回 %d。导入编号 %s", verb.ZH, r.Read, r.New, r.Changed, r.Unchanged, r.Held, r.ID),
		EN: fmt.Sprintf("%s: %d projects read, %d new, %d changed, %d unchanged, %d held back. Import %s", verb.EN, r.Read, r.New, r.Changed, r.Unchanged, r.Held, r.ID),
	}))
	for _, f := range r.Findings {
		if _, err := fmt.Fprintln(w, p.say(errs.Text{ZH: fmt.Sprintf("  第 %d 行「%s」：%s", f.Row, f.Column, f.Text.ZH), EN: fmt.Sprintf("  row %d, %s: %s", f.Row, f.Column, f.Text.EN)})); err != nil {
			return err
		}
	}
	return nil
}
