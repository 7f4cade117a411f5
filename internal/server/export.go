package server

import (
	"bytes"
	"context"
	"io"

	"liandong/errs"
	"liandong/internal/registry"
	"liandong/sheet"
)

type exportInput struct {
	Body struct {
		Division string `json:"division,omitempty" doc:"stable id or code; the asker's own by default"`
		AsOf     string `json:"as_of,omitempty" format:"date"`
		Layout   string `json:"layout,omitempty" doc:"national, the layout of the national system, by default; or own"`
		Format   string `json:"format,omitempty" doc:"xlsx by default, csv, or csv-gb18030"`
		Secrets  bool   `json:"secrets,omitempty" doc:"with ID numbers, phones and accounts; needs a reason"`
		Reason   string `json:"reason,omitempty" doc:"why; it is written into the log"`

		Only *FilterInput `json:"only,omitempty" doc:"only the households that a list with this filter shows now"`
	}
}

type findingsOutput struct {
	Body struct {
		Findings []finding `json:"findings"`
	}
}

func (s *Server) findings(ctx context.Context, c *call, in *householdInput) (*findingsOutput, error) {
	household, err := id(in.ID, noHousehold())
	if err != nil {
		return nil, err
	}
	moment, err := in.moment(c)
	if err != nil {
		return nil, err
	}
	found, err := s.Registry.Findings(ctx, c.scope, household, moment)
	out := &findingsOutput{}
	out.Body.Findings = findingsOf(found)
	return out, err
}

// exportHouseholds gives a whole file or none: an export that breaks off would look like a smaller one.
func (s *Server) exportHouseholds(ctx context.Context, c *call, in *exportInput) (*reportOutput, error) {
	m := MomentInput{AsOf: in.Body.AsOf}
	moment, err := m.moment(c)
	if err != nil {
		return nil, err
	}
	e := registry.Export{At: moment, Secrets: in.Body.Secrets, Reason: in.Body.Reason}
	if e.Division, err = s.division(c, in.Body.Division, moment.AsOf); err != nil {
		return nil, err
	}
	if in.Body.Only != nil {
		f, err := s.filter(in.Body.Only)
		if err != nil {
			return nil, err
		}
		e.Only = &f
	}
	if e.Layout, err = s.layout(in.Body.Layout, "national"); err != nil {
		return nil, err
	}
	if s.Demo {
		e.Notice = "演示数据，人员均为虚构 Demonstration: nobody in it exists"
	}
	open, kind, suffix, err := writerOf(in.Body.Format)
	if err != nil {
		return nil, err
	}
	var file bytes.Buffer
	if _, err := s.Registry.Export(ctx, c.actor, e, func(t sheet.Table) (sheet.Writer, error) { return open(&file, t) }); err != nil {
		return nil, err
	}
	name := "农户-" + s.ref(e.Division, moment.AsOf).Name + "-" + moment.AsOf.String() + suffix
	return &reportOutput{Type: kind, Disposition: attached(name), Body: file.Bytes()}, nil
}

// layout finds a layout by its word; the usual one where there is none.
func (s *Server) layout(word, usual string) (sheet.Layout, error) {
	if word == "" {
		word = usual
	}
	switch word {
	case "national":
		return registry.NationalLayout(), nil
	case "own":
		return registry.OwnLayout(s.Registry.Form()), nil
	}
	return sheet.Layout{}, errs.New(errs.Invalid, "server.layout", "表式可选 national 或 own。", "The layout is national or own.").At("layout")
}

// workbookType is the media type of a workbook.
const workbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

func writerOf(format string) (open func(io.Writer, sheet.Table) (sheet.Writer, error), kind, suffix string, err error) {
	csv := func(encoding sheet.Encoding) func(io.Writer, sheet.Table) (sheet.Writer, error) {
		return func(w io.Writer, t sheet.Table) (sheet.Writer, error) { return sheet.NewCSV(w, t, encoding) }
	}
	switch format {
	case "", "xlsx":
		return sheet.NewWorkbook, workbookType, ".xlsx", nil
	case "csv":
		return csv(sheet.UTF8), "text/csv; charset=utf-8", ".csv", nil
	case "csv-gb18030":
		return csv(sheet.GB18030), "text/csv; charset=gb18030", ".csv", nil
	}
	return nil, "", "", errs.New(errs.Invalid, "server.export", "格式可选 xlsx、csv 或 csv-gb18030。", "The format is xlsx, csv or csv-gb18030.").At("format")
}
