package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/boundary"
	"liandong/place"
)

type importBoundaries struct {
	cityFlags
	File           string `arg:"" type:"path" help:"GeoJSON 文件，每个区划一个要素，属性里有区划代码。 A GeoJSON file with a feature for each division, its code among the properties."`
	ApprovalNumber string `required:"" placeholder:"GS(2019)1822号" help:"审图号，照批件填写；图上、打印和大屏都会标明。 The map approval number as it was given; it stands on every map, print and big screen."`
	Coordinates    string `required:"" placeholder:"cgcs2000" help:"坐标系：cgcs2000、wgs84 或 gcj02。 The coordinate system: cgcs2000, wgs84 or gcj02."`
	From           string `placeholder:"2015-01-01" help:"边界从哪一天起是这样，默认任何一天。 Since when the boundaries are these; every day by default."`
	CodesOf        string `placeholder:"2015-12-31" help:"文件用的是哪一天的区划代码，默认今天。 The day whose codes the file uses; today by default."`
	DryRun         bool   `help:"只检查，不写入。 Check only."`
}

// boundaryResult is the --json shape of the command.
type boundaryResult struct {
	ID          string             `json:"id,omitempty"`
	Written     bool               `json:"written"`
	Number      string             `json:"approval_number"`
	Coordinates boundary.System    `json:"coordinates"`
	Counties    int                `json:"counties"`
	Townships   int                `json:"townships"`
	Villages    int                `json:"villages"`
	Refusals    []boundary.Finding `json:"refusals"`
	Notes       []boundary.Finding `json:"notes"`
}

// Run checks the file feature by feature and keeps it unless something is wrong or only a check was asked for.
func (c *importBoundaries) Run(ctx context.Context, p *program) error {
	f := &boundary.File{Name: filepath.Base(c.File), Number: c.ApprovalNumber, System: c.Coordinates}
	var err error
	if f.From, err = dayOr(c.From, day.Date{}); err != nil {
		return err
	}
	if f.On, err = dayOr(c.CodesOf, day.Date{}); err != nil {
		return err
	}
	if f.Data, err = os.ReadFile(filepath.Clean(c.File)); err != nil {
		return errs.New(errs.NotFound, "main.import", "不能读「"+c.File+"」。请检查路径和权限。", c.File+" cannot be read. Check the path and the rights.").Because(err)
	}
	opened, err := p.openCity(ctx, &c.cityFlags)
	if err != nil {
		return err
	}
	today := day.InTime(time.Now())
	checked, err := opened.boundaries.Check(console(), today, f)
	if err != nil {
		return err
	}
	r := boundaryResult{Number: checked.Set.Number, Coordinates: checked.Set.System, Refusals: checked.Refusals, Notes: checked.Notes}
	for _, n := range checked.Set.Counts() {
		*map[place.Level]*int{place.County: &r.Counties, place.Township: &r.Townships, place.Village: &r.Villages}[n.Level] = n.Areas
	}
	if !c.DryRun && len(checked.Refusals) == 0 {
		kept, _, err := opened.boundaries.Import(ctx, console(), today, uuid.Must(uuid.NewV7()), f)
		if err != nil {
			return err
		}
		r.ID, r.Written = kept.ID.String(), true
	}
	if err := p.answer(r, func(w io.Writer) error { return p.printBoundaries(w, &r) }); err != nil || c.DryRun {
		return err
	}
	return checked.Err()
}

func (p *program) printBoundaries(w io.Writer, r *boundaryResult) error {
	verb := errs.Text{ZH: "已写入", EN: "Written"}
	if !r.Written {
		verb = errs.Text{ZH: "没有写入", EN: "Nothing written"}
	}
	fmt.Fprintln(w, p.say(errs.Text{
		ZH: fmt.Sprintf("%s：审图号 %s，%s，区县 %d 个、乡镇 %d 个、村 %d 个。", verb.ZH, r.Number, r.Coordinates, r.Counties, r.Townships, r.Villages),
		EN: fmt.Sprintf("%s: %s, %s, %d counties, %d townships, %d villages.", verb.EN, r.Number, r.Coordinates, r.Counties, r.Townships, r.Villages),
	}))
	for _, some := range [][]boundary.Finding{r.Refusals, r.Notes} {
		for _, f := range some {
			if _, err := fmt.Fprintln(w, "  "+p.say(f.Text)); err != nil {
				return err
			}
		}
	}
	return nil
}
