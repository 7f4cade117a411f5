package server

import (
	"context"
	"net/http"
	"path"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/boundary"
)

type boundaryFileInput struct {
	ID          string `query:"id" doc:"made by the caller (UUIDv7), so that a repeat is harmless"`
	Name        string `query:"name" doc:"the file's name"`
	Number      string `query:"approval_number" doc:"the map approval number, 审图号: GS(2019)1822号"`
	Coordinates string `query:"coordinates" doc:"cgcs2000, wgs84 or gcj02; there is no default, because nobody can see it from the numbers"`
	From        string `query:"from" format:"date" doc:"since when the boundaries are these; without it for every day"`
	On          string `query:"codes_of" format:"date" doc:"the day whose codes the file uses; today by default"`
	Preview     bool   `query:"preview" doc:"check only, keep nothing"`
	RawBody     []byte `contentType:"application/geo+json"`
}

type boundaryCount struct {
	Level string `json:"level" enum:"county,township,village"`
	Areas int    `json:"areas"`
}

type boundaryView struct {
	ID          uuid.UUID       `json:"id"`
	Version     int64           `json:"version" doc:"for If-Match"`
	Name        string          `json:"name"`
	Digest      string          `json:"digest" doc:"SHA-256 of the file"`
	Number      string          `json:"approval_number"`
	Coordinates boundary.System `json:"coordinates" enum:"cgcs2000,wgs84,gcj02"`
	From        string          `json:"from,omitempty" format:"date" doc:"absent where they hold for every day"`
	Counts      []boundaryCount `json:"counts"`
	Actor       string          `json:"actor"`
	ActorName   string          `json:"actor_name,omitempty"`
	Recorded    string          `json:"recorded_at" doc:"empty in a preview"`
	Withdrawn   string          `json:"withdrawn_at,omitempty"`
	By          string          `json:"withdrawn_by,omitempty"`
	ByName      string          `json:"withdrawn_by_name,omitempty"`
	Reason      string          `json:"reason,omitempty"`
}

type boundaryCheckOutput struct {
	Body struct {
		Boundaries boundaryView       `json:"boundaries"`
		Kept       bool               `json:"kept"`
		Refusals   []boundary.Finding `json:"refusals" doc:"with any of them nothing is kept; told in full by a preview"`
		Notes      []boundary.Finding `json:"notes"`
	}
}

type boundariesOutput struct {
	Body struct {
		Boundaries []boundaryView `json:"boundaries" doc:"the latest first"`
	}
}

type withdrawInput struct {
	ID      string `path:"id"`
	IfMatch string `header:"If-Match" doc:"the version that was read"`
	Body    struct {
		Entry  string `json:"entry" doc:"made by the caller (UUIDv7)"`
		Reason string `json:"reason"`
	}
}

type withdrawOutput struct{ Body boundaryView }

func (s *Server) registerBoundaries() {
	add(s, op{id: "boundaries", method: http.MethodGet, path: "/boundaries", summary: "Official boundaries that were imported", tag: tagDivisions, action: access.Operate}, s.boundaries)
	add(s, op{id: "import-boundaries", method: http.MethodPost, path: "/boundaries", summary: "Check a file of official boundaries (GeoJSON) and keep it for the maps", tag: tagDivisions, action: access.Operate, maxBody: boundary.MaxFile + 1, status: http.StatusCreated}, s.importBoundaries)
	add(s, op{id: "withdraw-boundaries", method: http.MethodPost, path: "/boundaries/{id}/withdrawal", summary: "End the use of boundaries, with a reason", tag: tagDivisions, action: access.Operate}, s.withdrawBoundaries)
}

func (s *Server) boundaries(ctx context.Context, c *call, _ *none) (*boundariesOutput, error) {
	all, err := s.Boundaries.List(ctx, c.actor, c.today)
	if err != nil {
		return nil, err
	}
	names, err := namesOf(ctx, s, all, func(k *boundary.Kept) string { return k.Actor })
	if err != nil {
		return nil, err
	}
	by, err := namesOf(ctx, s, all, func(k *boundary.Kept) string { return k.By })
	out := &boundariesOutput{}
	out.Body.Boundaries = make([]boundaryView, len(all))
	for i := range all {
		v := viewOfBoundaries(&all[i])
		v.ActorName, v.ByName = names[v.Actor], by[v.By]
		out.Body.Boundaries[i] = v
	}
	return out, err
}

func (s *Server) importBoundaries(ctx context.Context, c *call, in *boundaryFileInput) (*boundaryCheckOutput, error) {
	f := &boundary.File{Name: path.Base(in.Name), Data: in.RawBody, Number: in.Number, System: in.Coordinates} // nothing of the bytes is kept
	for _, one := range []struct {
		to          *day.Date
		text, where string
	}{{&f.From, in.From, "from"}, {&f.On, in.On, "codes_of"}} {
		if one.text == "" {
			continue
		}
		var err error
		if *one.to, err = day.Parse(one.text); err != nil {
			return nil, at(err, one.where)
		}
	}
	out := &boundaryCheckOutput{}
	if in.Preview {
		checked, err := s.Boundaries.Check(c.actor, c.today, f)
		if err != nil {
			return nil, err
		}
		out.Body.Boundaries = viewOfBoundaries(&boundary.Kept{Set: checked.Set, Counts: checked.Set.Counts()})
		out.Body.Refusals, out.Body.Notes = checked.Refusals, checked.Notes
		return out, nil
	}
	key, err := entryID(in.ID)
	if err != nil {
		return nil, err
	}
	kept, checked, err := s.Boundaries.Import(ctx, c.actor, c.today, key, f)
	if err != nil {
		return nil, err
	}
	out.Body.Boundaries, out.Body.Kept, out.Body.Refusals, out.Body.Notes = viewOfBoundaries(&kept), true, checked.Refusals, checked.Notes
	return out, nil
}

func (s *Server) withdrawBoundaries(ctx context.Context, c *call, in *withdrawInput) (*withdrawOutput, error) {
	key, err := id(in.ID, errs.Text{ZH: "底图", EN: "base map"})
	if err != nil {
		return nil, err
	}
	entry, err := entryID(in.Body.Entry)
	if err != nil {
		return nil, err
	}
	version, err := versionOf(in.IfMatch)
	if err != nil {
		return nil, err
	}
	kept, err := s.Boundaries.Withdraw(ctx, c.actor, c.today, key, entry, version, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return &withdrawOutput{viewOfBoundaries(&kept)}, nil
}

func viewOfBoundaries(k *boundary.Kept) boundaryView {
	v := boundaryView{
		ID: k.ID, Version: k.Version, Name: k.Set.Name, Digest: k.Set.Digest, Number: k.Set.Number, Coordinates: k.Set.System, Counts: []boundaryCount{},
		Actor: k.Actor, By: k.By, Reason: k.Reason,
	}
	for _, n := range k.Counts {
		v.Counts = append(v.Counts, boundaryCount{levelName(n.Level), n.Areas})
	}
	if !k.Set.From.IsZero() {
		v.From = k.Set.From.String()
	}
	if !k.Recorded.IsZero() {
		v.Recorded = stamp(k.Recorded)
	}
	if !k.Withdrawn.IsZero() {
		v.Withdrawn = stamp(k.Withdrawn)
	}
	return v
}
