package server

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"liandong/criteria"
	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/identify"
)

type noticeInput struct {
	Body struct {
		Criteria string `json:"criteria" doc:"four-looks@2015.1"`
		AsOf     string `json:"as_of" format:"date"`
		Division string `json:"division" doc:"a village"`
		From     string `json:"from" format:"date" doc:"the first day it is posted"`
	}
}

type noticeOutput struct {
	Body struct {
		*identify.Notice
		Division ref    `json:"division"`
		Path     string `json:"path" doc:"the village with all above it"`
		Demo     bool   `json:"demo"`
	}
}

type supposedLetterInput struct {
	Household string `path:"household"`
	Body      WhatIfBody
}

type supposedLetterOutput struct {
	Body struct {
		*criteria.Letter
		Run       runView   `json:"run"`
		Household uuid.UUID `json:"household"`
		Division  ref       `json:"division"`
		Demo      bool      `json:"demo"`
	}
}

func (s *Server) registerPapers() {
	add(s, op{id: "notice", method: http.MethodPost, path: "/notices", summary: "The village notice of those proposed, to be printed; logged", tag: tagRuns, action: access.ExportRecords}, s.notice)
	add(s, op{id: "what-if-letter", method: http.MethodPost, path: "/what-if/letters/{household}", summary: "The letter to a household about its outcome, to be printed; logged", tag: tagRuns, action: access.ReadRecords}, s.supposedLetter)
}

func (s *Server) notice(ctx context.Context, c *call, in *noticeInput) (*noticeOutput, error) {
	q, err := s.supposition(ctx, c, &WhatIfBody{Criteria: in.Body.Criteria, AsOf: in.Body.AsOf, Division: in.Body.Division})
	if err != nil {
		return nil, err
	}
	from, err := day.Parse(in.Body.From)
	if err != nil {
		return nil, at(errs.New(errs.Invalid, "server.notice", "张贴的第一天要写成 2015-12-31 这样的日期。", "The first day is written like 2015-12-31."), "from")
	}
	n, err := s.Identify.Notice(ctx, c.actor, c.today, q, from)
	if err != nil {
		return nil, err
	}
	out := &noticeOutput{}
	out.Body.Notice, out.Body.Division, out.Body.Path, out.Body.Demo = n, s.ref(n.Village, n.AsOf), s.Places.FullName(n.Village), s.Demo
	return out, nil
}

func (s *Server) supposedLetter(ctx context.Context, c *call, in *supposedLetterInput) (*supposedLetterOutput, error) {
	q, err := s.supposition(ctx, c, &in.Body)
	if err != nil {
		return nil, err
	}
	household, err := id(in.Household, noHousehold())
	if err != nil {
		return nil, err
	}
	l, err := s.Identify.SupposedLetter(ctx, c.actor, c.scope, q, household)
	if err != nil {
		return nil, err
	}
	out := &supposedLetterOutput{}
	out.Body.Letter, out.Body.Run, out.Body.Household, out.Body.Division, out.Body.Demo = l.Letter, s.runView(&l.Run), household, s.ref(l.Household.Village, l.Run.AsOf), s.Demo
	return out, nil
}
