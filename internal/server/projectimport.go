package server

import (
	"bytes"
	"context"
	"net/http"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/portfolio"
	"liandong/sheet"
)

type projectPlanView struct {
	ID         uuid.UUID              `json:"import"`
	File       string                 `json:"file"`
	HeadingRow int                    `json:"heading_row"`
	Headings   []headingView          `json:"headings"`
	Valid      day.Date               `json:"valid"`
	Read       int                    `json:"read"`
	New        int                    `json:"new"`
	Changed    int                    `json:"changed"`
	Unchanged  int                    `json:"unchanged"`
	Held       int                    `json:"held" doc:"rows that are held back until they are right"`
	Findings   []portfolio.RowFinding `json:"findings" doc:"the first thousand; the report has all"`

	Changes []portfolio.PlannedChange `json:"changes" doc:"of projects that are there already, the first hundred"`
	Titles  map[string]errs.Text      `json:"titles" doc:"of the fields that columns are read as"`
}

type projectExportInput struct {
	Body struct {
		Division string `json:"division,omitempty" doc:"stable id or code; the asker's own by default"`
		AsOf     string `json:"as_of,omitempty" format:"date"`
		KnownAt  string `json:"known_at,omitempty" format:"date-time" doc:"as far as was recorded by then; now by default"`
		Format   string `json:"format,omitempty" doc:"xlsx by default, csv, oc4ids (JSON) or iati (XML)"`
		Reason   string `json:"reason,omitempty" doc:"why; it is written into the log"`

		Only *ProjectFilterInput `json:"only,omitempty" doc:"only the projects that a list with this filter shows; the filter is written into the log"`
	}
}

func (s *Server) registerProjectExchange() {
	registerDesk(s, &importDesk[*portfolio.Plan, projectPlanView]{
		word: "project-import", path: "/project-imports", what: "projects", tag: tagPortfolio, action: access.ImportProjects, plans: newPlans[*portfolio.Plan](s.Now),
		read: s.Portfolio.Import, apply: s.Portfolio.Apply, undo: s.Portfolio.Undo, view: viewOfProjects,
		named: func(p *portfolio.Plan) (uuid.UUID, string) { return p.ID, p.File },
	})
	add(s, op{id: "project-template", method: http.MethodGet, path: "/project-imports/template", summary: "An empty workbook in the layout that is read as projects", tag: tagPortfolio, action: access.ImportProjects}, s.projectTemplate)
	add(s, op{id: "project-imports", method: http.MethodGet, path: "/project-imports", summary: "Written imports of projects, the latest first", tag: tagPortfolio, action: access.ImportProjects}, s.projectImports)
	add(s, op{id: "export-projects", method: http.MethodPost, path: "/exports/projects", summary: "Projects as a workbook, CSV, OC4IDS or IATI; it is written into the log", tag: tagPortfolio, action: access.ExportProjects}, s.exportProjects)
}

func viewOfProjects(p *portfolio.Plan) projectPlanView {
	return projectPlanView{
		ID: p.ID, File: p.File, HeadingRow: p.Match.HeadingRow, Headings: headingsOf(p.Match), Valid: p.Valid, Read: p.Read, New: p.New, Changed: p.Changed, Unchanged: p.Unchanged,
		Held: p.Held, Findings: orEmpty(p.Findings[:min(len(p.Findings), shownFindings)]),
		Changes: orEmpty(p.Changes), Titles: portfolio.ColumnTitles(),
	}
}

func (s *Server) projectImports(ctx context.Context, c *call, _ *none) (*importsOutput, error) {
	all, err := s.Portfolio.Imports(ctx, c.actor, c.scope)
	if err != nil {
		return nil, err
	}
	names, err := namesOf(ctx, s, all, func(r *portfolio.Imported) string { return r.Actor })
	if err != nil {
		return nil, err
	}
	out := &importsOutput{}
	out.Body.Imports = make([]importView, 0, len(all))
	for _, one := range all {
		out.Body.Imports = append(out.Body.Imports, importView{one.ID, one.File, one.Actor, names[one.Actor], stamp(one.At), one.Undone})
	}
	return out, nil
}

func (s *Server) projectTemplate(context.Context, *call, *none) (*reportOutput, error) {
	var out bytes.Buffer
	w, err := sheet.NewWorkbook(&out, portfolio.EmptyTable())
	if err == nil {
		err = w.Close()
	}
	return &reportOutput{Type: workbookType, Disposition: attached("项目表.xlsx"), Body: out.Bytes()}, err
}

// exportProjects gives a whole file or none: an export that breaks off would look like a smaller one.
func (s *Server) exportProjects(ctx context.Context, c *call, in *projectExportInput) (*reportOutput, error) {
	m, err := portfolioMoment(&MomentInput{AsOf: in.Body.AsOf, KnownAt: in.Body.KnownAt}, c)
	if err != nil {
		return nil, err
	}
	e := portfolio.Export{At: m, Reason: in.Body.Reason}
	if e.Format, err = portfolio.ParseFormat(in.Body.Format); err != nil {
		return nil, at(err, "format")
	}
	if e.Division, err = s.division(c, in.Body.Division, m.AsOf); err != nil {
		return nil, err
	}
	if in.Body.Only != nil {
		if e.Only, err = in.Body.Only.only(); err != nil {
			return nil, err
		}
	}
	if s.Demo {
		e.Notice = portfolio.MadeUp
	}
	set, err := s.Portfolio.Gather(ctx, c.actor, e)
	if err != nil {
		return nil, err
	}
	var file bytes.Buffer
	if _, err := set.Write(&file); err != nil {
		return nil, err
	}
	return &reportOutput{Type: e.Format.MediaType(), Disposition: attached(e.FileName()), Body: file.Bytes()}, nil
}
