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

type letterInput struct {
	Household string `path:"household"`
	Body      struct {
		Run    string      `json:"run,omitempty" doc:"a stored run; without one, the latest stored run that answers the question, and nothing stored where there is none"`
		Asked  *WhatIfBody `json:"question,omitempty" doc:"what a document, changed or not, says on a day; where no run is named"`
		Reason string      `json:"reason" doc:"why it is printed; it is written into the log"`
	}
}

type letterOutput struct {
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
	add(s, op{id: "letter", method: http.MethodPost, path: "/letters/{household}", summary: "The letter that explains to a household why it has its outcome, to be printed; logged", tag: tagRuns, action: access.ReadRecords}, s.letter)
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

func (s *Server) letter(ctx context.Context, c *call, in *letterInput) (*letterOutput, error) {
	household, err := id(in.Household, noHousehold())
	if err != nil {
		return nil, err
	}
	q := identify.LetterRequest{Household: household, Reason: in.Body.Reason}
	switch {
	case in.Body.Run != "":
		if q.Run, err = id(in.Body.Run, noRun()); err != nil {
			return nil, err
		}
	case in.Body.Asked == nil:
		return nil, errs.New(errs.Invalid, "server.letter", "请写明按哪一次识别，或哪份规则和日期。", "Name a run, or a document and a day.").At("run")
	default:
		asked, err := s.supposition(ctx, c, in.Body.Asked)
		if err != nil {
			return nil, err
		}
		q.Asked = &asked
	}
	l, err := s.Identify.Letter(ctx, c.actor, &q, c.today)
	if err != nil {
		return nil, err
	}
	out := &letterOutput{}
	out.Body.Letter, out.Body.Run, out.Body.Household, out.Body.Division, out.Body.Demo = l.Letter, s.runView(&l.Run), household, s.ref(l.Household.Village, l.Run.AsOf), s.Demo
	return out, nil
}
