package server

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/internal/access"
	"liandong/internal/portfolio"
)

// noun is one of the portfolio's nouns with its words in the API.
type noun struct {
	kind       portfolio.Kind
	word, path string
}

func nouns() []noun {
	return []noun{
		{portfolio.ProjectKind, "project", "projects"},
		{portfolio.OrganisationKind, "organisation", "organisations"},
		{portfolio.AgreementKind, "agreement", "agreements"},
		{portfolio.PlatformKind, "platform", "platforms"},
	}
}

type nounListInput struct {
	MomentInput
	Kind string `query:"kind" doc:"a code of the noun's kinds"`
}

// NounRow is an organisation, agreement or platform of a list; the document of its own sort is there. It is exported as ProjectRow is.
type NounRow struct {
	ID           uuid.UUID               `json:"id"`
	Division     ref                     `json:"division"`
	Organisation *portfolio.Organisation `json:"organisation,omitempty"`
	Agreement    *portfolio.Agreement    `json:"agreement,omitempty"`
	Platform     *portfolio.Platform     `json:"platform,omitempty"`
	Projects     int                     `json:"projects" doc:"within the asker's territory"`
	Rates        *portfolio.Rates        `json:"rates,omitempty"`
	Output       *portfolio.Output       `json:"output,omitempty" doc:"of the latest year stated"`
}

type nounListOutput struct {
	Body struct {
		Rows []NounRow `json:"rows"`
	}
}

type nounOutput struct {
	ETag string `header:"ETag"`
	Body struct {
		NounRow
		Valid    day.Date           `json:"valid"`
		Recorded string             `json:"recorded_at"`
		Version  int64              `json:"version" doc:"for If-Match"`
		Rows     []ProjectRow       `json:"project_rows" doc:"its projects within the asker's territory"`
		Related  []portfolio.Ref    `json:"related" doc:"agreements of an organisation, parties of an agreement"`
		Outputs  []portfolio.Output `json:"outputs" doc:"of a platform, by year"`
	}
}

// registerNouns puts lists and pages of organisations, agreements and platforms into the API.
func (s *Server) registerNouns() {
	for _, n := range nouns() {
		if n.kind == portfolio.ProjectKind {
			continue // has pages of its own
		}
		add(s, op{id: n.path, method: http.MethodGet, path: "/" + n.path, summary: "All " + n.path + " with what came of them", tag: tagPortfolio, action: access.ReadProjects},
			func(ctx context.Context, c *call, in *nounListInput) (*nounListOutput, error) {
				return s.nounList(ctx, c, n, in)
			})
		add(s, op{id: n.word, method: http.MethodGet, path: "/" + n.path + "/{id}", summary: "One " + n.word + " as of a day, with its projects", tag: tagPortfolio, action: access.ReadProjects},
			func(ctx context.Context, c *call, in *nounInput) (*nounOutput, error) { return s.noun(ctx, c, n, in) })
	}
}

func (s *Server) nounList(ctx context.Context, c *call, n noun, in *nounListInput) (*nounListOutput, error) {
	m, err := portfolioMoment(&in.MomentInput, c)
	if err != nil {
		return nil, err
	}
	rows, err := s.Portfolio.Nouns(ctx, c.scope, n.kind, in.Kind, m)
	if err != nil {
		return nil, err
	}
	out := &nounListOutput{}
	out.Body.Rows = make([]NounRow, 0, len(rows))
	for i := range rows {
		row := s.nounRow(rows[i].ID, rows[i].Document, m)
		row.Projects, row.Rates, row.Output = rows[i].Projects, rows[i].Rates, rows[i].Output
		out.Body.Rows = append(out.Body.Rows, row)
	}
	return out, nil
}

func (s *Server) nounRow(id uuid.UUID, d portfolio.Document, m portfolio.Moment) NounRow {
	row := NounRow{ID: id}
	switch v := d.(type) {
	case *portfolio.Organisation:
		row.Organisation, row.Division = v, s.ref(v.Division, m.AsOf)
	case *portfolio.Agreement:
		row.Agreement, row.Division = v, s.ref(v.Division, m.AsOf)
	case *portfolio.Platform:
		row.Platform, row.Division = v, s.ref(v.Division, m.AsOf)
	}
	return row
}

func (s *Server) noun(ctx context.Context, c *call, n noun, in *nounInput) (*nounOutput, error) {
	which, err := id(in.ID, n.kind.Word())
	if err != nil {
		return nil, err
	}
	m, err := portfolioMoment(&in.MomentInput, c)
	if err != nil {
		return nil, err
	}
	v, err := s.Portfolio.Noun(ctx, c.scope, n.kind, which, m)
	if err != nil {
		return nil, err
	}
	out := &nounOutput{ETag: etag(v.Version)}
	b := &out.Body
	b.NounRow, b.Valid, b.Recorded, b.Version = s.nounRow(v.ID, v.Document, m), v.Valid, stamp(v.Recorded), v.Version
	b.Projects, b.Rates = len(v.Projects), v.Rates
	b.Rows, b.Related, b.Outputs = s.projectRows(v.Projects, m), orEmpty(v.Related), orEmpty(v.Outputs)
	if k := len(v.Outputs); k > 0 {
		b.Output = &v.Outputs[k-1]
	}
	return out, nil
}

func (s *Server) nounTimeline(ctx context.Context, c *call, n noun, in *nounInput) (*timelineOutput, error) {
	which, err := id(in.ID, n.kind.Word())
	if err != nil {
		return nil, err
	}
	m, err := portfolioMoment(&in.MomentInput, c)
	if err != nil {
		return nil, err
	}
	out := &timelineOutput{}
	out.Body.Steps, err = s.Portfolio.Timeline(ctx, c.scope, n.kind, which, m)
	out.Body.Steps = orEmpty(out.Body.Steps)
	return out, err
}
