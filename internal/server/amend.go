package server

import (
	"context"
	"net/http"

	"liandong/criteria"
	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/identify"
)

// AmendBody is a change of a document, as the lab moves it. It is exported because huma describes exported parts alone.
type AmendBody struct {
	AsOf       string              `json:"as_of" format:"date" doc:"the day that was looked at: a yearly parameter changes for its year"`
	Parameters map[string]float64  `json:"what_if,omitempty" doc:"parameters with another value"`
	Amendments criteria.Amendments `json:"change,omitzero" required:"false" doc:"other weights, bars and parts"`
	Version    string              `json:"version,omitempty" maxLength:"40" doc:"2015.2; the next one that is free by default"`
	Agreed     []string            `json:"agreed,omitempty" maxItems:"500" doc:"cases, by name, that shall expect what comes out from now on"`
}

type amendInput struct {
	ID   string `path:"id" doc:"four-looks@2015.1"`
	Body AmendBody
}

type saveAmendedInput struct {
	ID   string `path:"id" doc:"four-looks@2015.1"`
	Body struct {
		AmendBody
		Note string `json:"note" minLength:"1" maxLength:"2000" doc:"what it is for"`
	}
}

type caseView struct {
	Name     string    `json:"name"`
	AsOf     day.Date  `json:"as_of"`
	Expected errs.Text `json:"expected"`
	Came     errs.Text `json:"came" doc:"what comes out"`
	Passes   bool      `json:"passes"`
}

type amendedOutput struct {
	Body struct {
		ID          string                `json:"id" doc:"what it would be called"`
		Text        string                `json:"text" doc:"in YAML, comments and order as they were"`
		Differences []criteria.Difference `json:"differences"`
		Cases       []caseView            `json:"cases" doc:"what comes out of its own cases"`
	}
}

type casesInput struct {
	ID string `path:"id"`
}

type casesOutput struct {
	Body struct {
		Cases []caseView `json:"cases"`
	}
}

func (s *Server) registerAmendments() {
	add(s, op{id: "amend-criteria", method: http.MethodPost, path: "/criteria/{id}/amendment", summary: "A changed document as text, in words, and what comes out of its own cases; nothing is stored", tag: tagRuns, action: access.RunCriteria}, s.amend)
	add(s, op{id: "draft-amended-criteria", method: http.MethodPost, path: "/criteria/{id}/drafts", summary: "Save a changed document as a draft of a version of its own", tag: tagRuns, action: access.RunCriteria, status: http.StatusCreated}, s.draftAmended)
	add(s, op{id: "criteria-cases", method: http.MethodGet, path: "/criteria/{id}/cases", summary: "What comes out of a document's own cases", tag: tagRuns, action: access.ReadFigures}, s.cases)
}

func (s *Server) amending(ctx context.Context, c *call, document string, b *AmendBody) (*identify.Amending, error) {
	m := MomentInput{AsOf: b.AsOf}
	moment, err := m.moment(c)
	if err != nil {
		return nil, err
	}
	d, err := s.Identify.Document(ctx, document)
	if err != nil {
		return nil, err
	}
	return &identify.Amending{Document: d, On: moment.AsOf, Parameters: b.Parameters, Amendments: b.Amendments, Version: b.Version, Agreed: b.Agreed}, nil
}

func (s *Server) amend(ctx context.Context, c *call, in *amendInput) (*amendedOutput, error) {
	q, err := s.amending(ctx, c, in.ID, &in.Body)
	if err != nil {
		return nil, err
	}
	amended, err := s.Identify.Amend(ctx, q)
	if err != nil {
		return nil, err
	}
	out := &amendedOutput{}
	out.Body.ID, out.Body.Text, out.Body.Differences, out.Body.Cases = amended.ID(), string(amended.Text), amended.Differences, caseViews(amended.Cases)
	return out, nil
}

func (s *Server) draftAmended(ctx context.Context, c *call, in *saveAmendedInput) (*versionOutput, error) {
	q, err := s.amending(ctx, c, in.ID, &in.Body.AmendBody)
	if err != nil {
		return nil, err
	}
	v, err := s.Identify.SaveAmended(ctx, c.actor, q, in.Body.Note, c.today)
	return s.versionView(ctx, c, v, err)
}

func (s *Server) cases(ctx context.Context, _ *call, in *casesInput) (*casesOutput, error) {
	results, err := s.Identify.Cases(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &casesOutput{}
	out.Body.Cases = caseViews(results)
	return out, nil
}

func caseViews(results []criteria.CaseResult) []caseView {
	all := make([]caseView, 0, len(results))
	for i := range results {
		r := &results[i]
		all = append(all, caseView{r.Name, r.AsOf, r.Expected, r.Came, r.Passes})
	}
	return all
}
