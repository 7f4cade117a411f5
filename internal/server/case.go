package server

import (
	"context"
	"net/http"
	"strings"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/casework"
	"liandong/internal/dossier"
)

// CaseCatalogue is the catalogue as the room has it. It is exported because huma fills in exported parts alone.
type CaseCatalogue = casework.Catalogue

type catalogueOutput struct {
	Body struct {
		CaseCatalogue
		Places []ref `json:"places" doc:"the city and its counties, where a matter may be applied for"`
	}
}

type heldInput struct {
	AsOf string `query:"as_of" format:"date" doc:"papers that are good on this day; today by default"`
}

type heldOutput struct {
	Body struct {
		Papers []casework.Held `json:"papers"`
	}
}

type caseOutput struct {
	ETag string `header:"ETag"`
	Body struct {
		Case     casework.Case `json:"case"`
		Division ref           `json:"division"`
		Entries  []entryView   `json:"entries"`
	}
}

type writeCaseInput struct {
	ID          string `path:"id" doc:"made by the caller (UUIDv7) for an application"`
	IfNoneMatch string `header:"If-None-Match" doc:"* for an application"`
	IfMatch     string `header:"If-Match" doc:"the version that was read"`
	Body        struct {
		Entry    string `json:"entry" doc:"made by the caller (UUIDv7), so that a repeat is harmless"`
		Act      string `json:"act" doc:"applied, supplied, withdrawn, rated by the investor; returned, accepted, done, stopped, resumed by a department"`
		On       string `json:"on,omitempty" format:"date" doc:"today by default"`
		Division string `json:"division,omitempty" doc:"of an application; the city by default"`
		CaseWords
	}
}

// CaseWords is what an act needs. It is exported because huma fills in exported parts alone.
type CaseWords = casework.Act

func noCase() errs.Text { return errs.Text{ZH: "办件", EN: "case"} }

// registerCases puts the one-stop service into the API. Its operations name no action, because an investor has another than a department; the
// room decides, and says who may not.
func (s *Server) registerCases() {
	add(s, op{id: "case-catalogue", method: http.MethodGet, path: "/case-catalogue", summary: "Matters with their steps, papers and deadlines", tag: tagCases},
		func(_ context.Context, c *call, _ *none) (*catalogueOutput, error) {
			out := &catalogueOutput{}
			out.Body.CaseCatalogue, out.Body.Places = s.Cases.Catalogue(), []ref{s.ref(s.City, c.today)}
			for _, county := range s.Registry.Divisions(s.City) {
				out.Body.Places = append(out.Body.Places, s.ref(county, c.today))
			}
			return out, nil
		})
	add(s, op{id: "held-papers", method: http.MethodGet, path: "/held-papers", summary: "Papers that the asker handed in before, and that are asked for no second time while they are good", tag: tagCases, action: access.OwnCases},
		func(ctx context.Context, c *call, in *heldInput) (*heldOutput, error) {
			m := MomentInput{AsOf: in.AsOf}
			moment, err := m.moment(c)
			if err != nil {
				return nil, err
			}
			out := &heldOutput{}
			out.Body.Papers, err = s.Cases.Held(ctx, c.actor, c.today, moment.AsOf)
			return out, err
		})
	add(s, op{id: "cases", method: http.MethodGet, path: "/cases", summary: "Cases, the soonest due first: those of a territory, or an investor's own", tag: tagCases},
		func(ctx context.Context, c *call, in *matterListInput) (*matterListOutput, error) {
			f, on, err := s.matterFilter(c, in)
			if err != nil {
				return nil, err
			}
			page, err := s.Cases.Cases(ctx, c.actor, c.today, f, in.After, in.Limit)
			return s.matterPage(&page, on), err
		})
	add(s, op{id: "case", method: http.MethodGet, path: "/cases/{id}", summary: "A case: who holds it, what is missing, by when", tag: tagCases}, s.caseView)
	add(s, op{id: "write-case", method: http.MethodPost, path: "/cases/{id}", summary: "Write an act on a case", tag: tagCases}, s.writeCase)
}

func (s *Server) caseView(ctx context.Context, c *call, in *matterInput) (*caseOutput, error) {
	key, err := id(in.ID, noCase())
	if err != nil {
		return nil, err
	}
	m, err := in.moment(c)
	if err != nil {
		return nil, err
	}
	one, entries, err := s.Cases.Case(ctx, c.actor, c.today, key, dossier.Moment{AsOf: m.AsOf, KnownAt: m.KnownAt})
	if err != nil {
		return nil, err
	}
	out := &caseOutput{ETag: etag(one.Version)}
	out.Body.Case, out.Body.Division, out.Body.Entries = one, s.ref(one.Division, m.AsOf), entriesView(entries)
	return out, nil
}

func (s *Server) writeCase(ctx context.Context, c *call, in *writeCaseInput) (*writtenOutput[casework.Case], error) {
	w := casework.Writing{Act: in.Body.Act, Body: in.Body.CaseWords}
	var err error
	if w.Entry, err = entryID(in.Body.Entry); err != nil {
		return nil, err
	}
	if w.ID, err = id(in.ID, noCase()); err != nil {
		return nil, err
	}
	if in.Body.On != "" {
		if w.On, err = day.Parse(in.Body.On); err != nil {
			return nil, at(err, "on")
		}
	}
	if strings.TrimSpace(in.IfNoneMatch) == "*" {
		w.Division = s.City
		if in.Body.Division != "" {
			w.Division, err = s.division(c, in.Body.Division, c.today)
		}
	} else {
		w.Version, err = versionOf(in.IfMatch)
	}
	if err != nil {
		return nil, err
	}
	one, err := s.Cases.Write(ctx, c.actor, c.today, w)
	return &writtenOutput[casework.Case]{etag(one.Version), one}, err
}
