package server

import (
	"context"
	"net/http"
	"time"

	"liandong/criteria"
	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/identify"
)

// DocumentView is a criteria document without its text.
type DocumentView struct {
	ID         string          `json:"id"`
	Title      errs.Text       `json:"title"`
	Form       string          `json:"form"`
	State      identify.State  `json:"state" doc:"draft, tested, in_force or superseded, today"`
	From       *day.Date       `json:"from,omitempty" doc:"decisions may rest on it from this day"`
	Until      *day.Date       `json:"until,omitempty"`
	Shipped    bool            `json:"shipped" doc:"comes with the program"`
	Actor      string          `json:"actor,omitempty" doc:"who took the last step"`
	Note       string          `json:"note,omitempty" doc:"of the last step"`
	Recorded   string          `json:"recorded_at,omitempty"`
	Max        float64         `json:"max" doc:"the greatest score"`
	Parameters []parameterView `json:"parameters"`
}

type parameterView struct {
	Name  string    `json:"name"`
	Title errs.Text `json:"title"`
	Unit  string    `json:"unit"`
	Value *float64  `json:"value" doc:"on the day that was asked for"`
}

type documentsOutput struct {
	Body struct {
		Documents []DocumentView `json:"documents"`
	}
}

type documentInput struct {
	ID   string `path:"id" doc:"four-looks@2015.1"`
	AsOf string `query:"as_of" format:"date"`
}

type documentOutput struct {
	Body struct {
		DocumentView
		Text    string            `json:"text" doc:"the document as it is evaluated"`
		Remarks []criteria.Remark `json:"remarks" doc:"what a linter finds in it"`
	}
}

type draftInput struct {
	Body struct {
		Text string `json:"text" maxLength:"262144" doc:"the document in YAML"`
		Note string `json:"note,omitempty" maxLength:"2000"`
	}
}

type testInput struct {
	ID string `path:"id"`
}

type enactInput struct {
	ID   string `path:"id"`
	Body struct {
		From string `json:"from" format:"date" doc:"decisions may rest on it from this day"`
		Note string `json:"note,omitempty" maxLength:"2000"`
	}
}

type versionOutput struct {
	Body DocumentView
}

type documentsDifferenceInput struct {
	ID    string `path:"id" doc:"the earlier document"`
	Other string `path:"other" doc:"the later document"`
}

type documentsDifferenceOutput struct {
	Body struct {
		Differences []criteria.Difference `json:"differences"`
	}
}

func (s *Server) registerCriteria() {
	add(s, op{id: "criteria", method: http.MethodGet, path: "/criteria", summary: "The criteria documents with their states", tag: tagRuns, action: access.ReadFigures}, s.documents)
	add(s, op{id: "criteria-document", method: http.MethodGet, path: "/criteria/{id}", summary: "One criteria document with its text", tag: tagRuns, action: access.ReadFigures}, s.document)
	add(s, op{id: "draft-criteria", method: http.MethodPost, path: "/criteria", summary: "Save a draft of a criteria document", tag: tagRuns, action: access.RunCriteria, status: http.StatusCreated}, s.draft)
	add(s, op{id: "test-criteria", method: http.MethodPost, path: "/criteria/{id}/test", summary: "Run a draft's own cases, and mark it tested", tag: tagRuns, action: access.RunCriteria}, s.test)
	add(s, op{id: "enact-criteria", method: http.MethodPost, path: "/criteria/{id}/enact", summary: "Put a tested document in force from a day", tag: tagRuns, action: access.Decide}, s.enact)
	add(s, op{id: "criteria-difference", method: http.MethodGet, path: "/criteria/{id}/difference/{other}", summary: "How two documents differ, in words", tag: tagRuns, action: access.ReadFigures}, s.documentsDifference)
	s.registerAmendments()
}

func documentViewOf(d identify.Document, v *identify.Version, on day.Date) DocumentView {
	view := DocumentView{
		ID: d.ID(), Title: d.Title, Form: d.Form, State: v.State, From: dayOrNil(v.From), Until: dayOrNil(v.Until), Shipped: v.Shipped, Actor: v.Actor, Note: v.Note,
		Max: d.Max(), Parameters: []parameterView{},
	}
	if v.Recorded != (time.Time{}) {
		view.Recorded = stamp(v.Recorded)
	}
	for i := range d.Parameters {
		p := &d.Parameters[i]
		value := p.On(on)
		one := parameterView{Name: p.Name, Title: p.Title, Unit: p.Unit}
		if value.Known {
			one.Value = &value.Num
		}
		view.Parameters = append(view.Parameters, one)
	}
	return view
}

func (s *Server) documents(ctx context.Context, c *call, _ *none) (*documentsOutput, error) {
	versions, err := s.Identify.Versions(ctx, c.today)
	if err != nil {
		return nil, err
	}
	out := &documentsOutput{}
	for i := range versions {
		d, err := s.Identify.Document(ctx, versions[i].Document)
		if err != nil {
			return nil, err
		}
		out.Body.Documents = append(out.Body.Documents, documentViewOf(d, &versions[i], c.today))
	}
	return out, nil
}

func (s *Server) document(ctx context.Context, c *call, in *documentInput) (*documentOutput, error) {
	m := MomentInput{AsOf: in.AsOf}
	moment, err := m.moment(c)
	if err != nil {
		return nil, err
	}
	d, err := s.Identify.Document(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	version, err := s.Identify.Version(ctx, in.ID, c.today)
	if err != nil {
		return nil, err
	}
	out := &documentOutput{}
	out.Body.DocumentView, out.Body.Text, out.Body.Remarks = documentViewOf(d, &version, moment.AsOf), string(d.Text), d.Lint()
	return out, nil
}

// versionView is what a step in a document's life answers with.
func (s *Server) versionView(ctx context.Context, c *call, v identify.Version, err error) (*versionOutput, error) {
	if err != nil {
		return nil, err
	}
	d, err := s.Identify.Document(ctx, v.Document)
	if err != nil {
		return nil, err
	}
	return &versionOutput{documentViewOf(d, &v, c.today)}, nil
}

func (s *Server) draft(ctx context.Context, c *call, in *draftInput) (*versionOutput, error) {
	v, err := s.Identify.SaveDraft(ctx, c.actor, []byte(in.Body.Text), in.Body.Note, c.today)
	return s.versionView(ctx, c, v, err)
}

func (s *Server) test(ctx context.Context, c *call, in *testInput) (*versionOutput, error) {
	v, err := s.Identify.Test(ctx, c.actor, in.ID, c.today)
	return s.versionView(ctx, c, v, err)
}

func (s *Server) enact(ctx context.Context, c *call, in *enactInput) (*versionOutput, error) {
	from, err := day.Parse(in.Body.From)
	if err != nil {
		return nil, err
	}
	v, err := s.Identify.PutInForce(ctx, c.actor, in.ID, from, in.Body.Note, c.today)
	return s.versionView(ctx, c, v, err)
}

func (s *Server) documentsDifference(ctx context.Context, _ *call, in *documentsDifferenceInput) (*documentsDifferenceOutput, error) {
	first, err := s.Identify.Document(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	second, err := s.Identify.Document(ctx, in.Other)
	if err != nil {
		return nil, err
	}
	out := &documentsDifferenceOutput{}
	out.Body.Differences = criteria.Diff(first.Document, second.Document)
	return out, nil
}
