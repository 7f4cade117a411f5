package server

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/portfolio"
)

type nounSaveInput struct {
	ID          string `path:"id" doc:"made by the caller (UUIDv7), so that a repeat is harmless"`
	IfNoneMatch string `header:"If-None-Match" doc:"* for one that is written down for the first time"`
	IfMatch     string `header:"If-Match" doc:"the version that was read"`
	Body        struct {
		Valid    string          `json:"valid" format:"date" doc:"since when it is so"`
		Source   string          `json:"source,omitempty" doc:"from where"`
		Reason   string          `json:"reason,omitempty"`
		Document json.RawMessage `json:"document" doc:"the whole noun, as it is read"`
	}
}

type factInput struct {
	ID      string `path:"id"`
	Fact    string `path:"fact" doc:"an event's id made by the caller, the last day of a month, or a year"`
	IfMatch string `header:"If-Match" doc:"the version that was read; needed to correct what is there"`
	Body    struct {
		Source string          `json:"source,omitempty" doc:"from where"`
		Reason string          `json:"reason,omitempty"`
		Fact   json.RawMessage `json:"fact" doc:"the event, report, inspection or output"`
	}
}

type nounSavedOutput struct {
	ETag string `header:"ETag"`
	Body struct {
		ID       uuid.UUID `json:"id"`
		Revision uuid.UUID `json:"revision"`
		Version  int64     `json:"version"`
		Recorded string    `json:"recorded_at"`
		Late     bool      `json:"late" doc:"a later revision exists: what is so today is as it was"`
	}
}

func (s *Server) registerPortfolioWrites() {
	for _, n := range nouns() {
		add(s, op{id: "save-" + n.word, method: http.MethodPut, path: "/" + n.path + "/{id}", summary: "Write down a " + n.word, tag: tagPortfolio, action: access.WriteProjects},
			func(ctx context.Context, c *call, in *nounSaveInput) (*nounSavedOutput, error) {
				return s.saveNoun(ctx, c, n, in)
			})
	}
	for _, f := range []struct {
		id, path, summary string
		action            access.Action
		read              func(in *factInput) (portfolio.Fact, error)
	}{
		{"note-event", "/projects/{id}/events/{fact}", "Write down what happened to a project", access.WriteProjects, eventOf},
		{"note-report", "/projects/{id}/reports/{fact}", "Report a project's month", access.WriteProjects, reportOf},
		{"note-inspection", "/projects/{id}/inspections/{fact}", "State what an inspection found", access.InspectProjects, inspectionOf},
		{"note-output", "/platforms/{id}/outputs/{fact}", "State a platform's output of a year", access.WriteProjects, yearOutputOf},
	} {
		kind := portfolio.ProjectKind
		if f.id == "note-output" {
			kind = portfolio.PlatformKind
		}
		add(s, op{id: f.id, method: http.MethodPut, path: f.path, summary: f.summary, tag: tagPortfolio, action: f.action},
			func(ctx context.Context, c *call, in *factInput) (*nounSavedOutput, error) {
				fact, err := f.read(in)
				if err != nil {
					return nil, err
				}
				return s.note(ctx, c, kind, in, fact)
			})
	}
}

func (s *Server) saveNoun(ctx context.Context, c *call, n noun, in *nounSaveInput) (*nounSavedOutput, error) {
	which, err := id(in.ID, n.kind.Word())
	if err != nil {
		return nil, err
	}
	d := portfolio.Draft{Subject: which, Source: in.Body.Source, Reason: in.Body.Reason}
	if strings.TrimSpace(in.IfNoneMatch) != "*" {
		if d.Version, err = versionOf(in.IfMatch); err != nil {
			return nil, err
		}
	}
	if d.Valid, err = day.Parse(in.Body.Valid); err != nil {
		return nil, at(err, "valid")
	}
	if d.Document, err = portfolio.ParseDocument(n.kind, in.Body.Document); err != nil {
		return nil, err
	}
	saved, err := s.Portfolio.Save(ctx, c.actor, d)
	return nounSaved(saved), err
}

func nounSaved(saved portfolio.Saved) *nounSavedOutput {
	out := &nounSavedOutput{ETag: etag(saved.Version)}
	b := &out.Body
	b.ID, b.Revision, b.Version, b.Recorded, b.Late = saved.Subject, saved.Revision, saved.Version, stamp(saved.Recorded), saved.Late
	return out
}

func (s *Server) note(ctx context.Context, c *call, kind portfolio.Kind, in *factInput, fact portfolio.Fact) (*nounSavedOutput, error) {
	which, err := id(in.ID, kind.Word())
	if err != nil {
		return nil, err
	}
	n := portfolio.Note{Subject: which, Fact: fact, Source: in.Body.Source, Reason: in.Body.Reason}
	if in.IfMatch != "" {
		if n.Version, err = versionOf(in.IfMatch); err != nil {
			return nil, err
		}
	}
	saved, err := s.Portfolio.Note(ctx, c.actor, n)
	return nounSaved(saved), err
}

func eventOf(in *factInput) (portfolio.Fact, error) {
	e := new(portfolio.Event)
	if err := portfolio.ParseFact(in.Body.Fact, e); err != nil {
		return nil, err
	}
	parsed, err := uuid.Parse(in.Fact)
	if err != nil {
		return nil, errs.New(errs.Invalid, "server.event", "事项的编号应是 UUID。", "The id of an event is a UUID.").At("fact")
	}
	e.ID = parsed
	return e, nil
}

func reportOf(in *factInput) (portfolio.Fact, error) {
	r := new(portfolio.Report)
	err := portfolio.ParseFact(in.Body.Fact, r)
	if err == nil {
		r.Month, err = day.Parse(in.Fact)
	}
	return r, err
}

func inspectionOf(in *factInput) (portfolio.Fact, error) {
	i := new(portfolio.Inspection)
	err := portfolio.ParseFact(in.Body.Fact, i)
	if err == nil {
		i.Month, err = day.Parse(in.Fact)
	}
	return i, err
}

func yearOutputOf(in *factInput) (portfolio.Fact, error) {
	o := new(portfolio.Output)
	if err := portfolio.ParseFact(in.Body.Fact, o); err != nil {
		return nil, err
	}
	year, err := strconv.Atoi(in.Fact)
	if err != nil {
		return nil, errs.New(errs.Invalid, "server.output", "年份看不懂。", "The year cannot be read.").At("fact")
	}
	o.Year = year
	return o, nil
}
