package server

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/registry"
	"liandong/place"
)

// ref is a division as a page needs it: the id that stays, and the code and name of the day.
type ref struct {
	ID   string `json:"id" doc:"stable id, twelve digits"`
	Code string `json:"code" doc:"of the day"`
	Name string `json:"name" doc:"of the day"`
}

// ref names a division as of a day; one that was made later has the code and name of today.
func (s *Server) ref(id place.ID, on day.Date) ref {
	if code, ok := s.Places.CodeOn(id, on); ok {
		return ref{id.String(), code.String(), s.Places.NameOn(id, on)}
	}
	d, _ := s.Places.Division(id)
	return ref{id.String(), id.String(), d.Name}
}

// MomentInput is the point from which something is read. It is exported because huma fills in exported parts alone.
type MomentInput struct {
	AsOf    string `query:"as_of" format:"date" doc:"what was so on this day; today by default"`
	KnownAt string `query:"known_at" format:"date-time" doc:"as far as was recorded by then; now by default"`
}

func (in *MomentInput) moment(c *call) (m registry.Moment, err error) {
	m.AsOf = c.today
	if in.AsOf != "" {
		if m.AsOf, err = day.Parse(in.AsOf); err != nil {
			return m, at(err, "as_of")
		}
	}
	if in.KnownAt != "" {
		if m.KnownAt, err = time.Parse(time.RFC3339Nano, in.KnownAt); err != nil {
			return m, errs.New(errs.Invalid, "server.moment", "看不懂这个时刻，请写成 2015-11-30T08:00:00Z。", "This moment cannot be read; write 2015-11-30T08:00:00Z.").At("known_at")
		}
		m.KnownAt = m.KnownAt.UTC()
	}
	return m, nil
}

// at names the place of an error that has none.
func at(err error, where string) error {
	return errs.New(errs.KindOf(err), "server", errs.Sentence(err).ZH, errs.Sentence(err).EN).At(where).Because(err)
}

// division reads a division of a request: its stable id or its code of the day; the asker's own without one.
func (s *Server) division(c *call, text string, on day.Date) (place.ID, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return c.home, nil
	}
	code, err := place.ParseCode(text)
	if err != nil {
		return 0, at(err, "division")
	}
	if id, err := place.ParseID(text); err == nil {
		if _, ok := s.Places.Division(id); ok {
			return s.within(id)
		}
	}
	id, err := s.Places.ByCode(code, on)
	if err != nil {
		return 0, access.NotFound(errs.Text{ZH: "区划", EN: "division"})
	}
	return s.within(id)
}

// within refuses divisions that are not the city's.
func (s *Server) within(id place.ID) (place.ID, error) {
	if !s.City.Contains(id) {
		return 0, access.NotFound(errs.Text{ZH: "区划", EN: "division"})
	}
	return id, nil
}

// id reads an id of a path. One that cannot be an id names nothing.
func id(text string, what errs.Text) (uuid.UUID, error) {
	parsed, err := uuid.Parse(text)
	if err != nil {
		return uuid.UUID{}, access.NotFound(what)
	}
	return parsed, nil
}

func (s *Server) levelOf(text string) (place.Level, error) {
	switch text {
	case "", "county":
		return place.County, nil
	case "township":
		return place.Township, nil
	case "village":
		return place.Village, nil
	}
	return 0, errs.New(errs.Invalid, "server.level", "分列的级别是 county、township 或 village。", "The level is county, township or village.").At("by")
}

type divisionInput struct {
	Division string `path:"division" doc:"stable id or code of the day"`
	AsOf     string `query:"as_of" format:"date"`
}

type divisionView struct {
	ID       string `json:"id" doc:"stable id, twelve digits"`
	Code     string `json:"code" doc:"of the day"`
	Name     string `json:"name" doc:"of the day"`
	Path     string `json:"path" doc:"the names from the province down"`
	Level    string `json:"level"`
	Children []ref  `json:"children"`
}

type divisionOutput struct{ Body divisionView }

type divisionSearchInput struct {
	Words string `query:"q" maxLength:"100" doc:"a part of the name, or the beginning of its pinyin or initials"`
	Limit int    `query:"limit" default:"10"`
}

type divisionHit struct {
	ID    string `json:"id" doc:"stable id, twelve digits"`
	Code  string `json:"code" doc:"of the day"`
	Name  string `json:"name" doc:"of the day"`
	Level string `json:"level"`
	Path  string `json:"path" doc:"the names from the province down"`
}

type divisionHitsOutput struct {
	Body struct {
		Divisions []divisionHit `json:"divisions"`
	}
}

func (s *Server) searchDivisions(_ context.Context, c *call, in *divisionSearchInput) (*divisionHitsOutput, error) {
	return s.divisionHits(c, s.Registry.FindDivisions(c.scope, in.Words, in.Limit)), nil
}

func (s *Server) searchVillages(_ context.Context, c *call, in *divisionSearchInput) (*divisionHitsOutput, error) {
	return s.divisionHits(c, s.Registry.FindVillages(in.Words, in.Limit)), nil
}

func (s *Server) divisionHits(c *call, found []place.ID) *divisionHitsOutput {
	out := &divisionHitsOutput{}
	out.Body.Divisions = []divisionHit{}
	for _, id := range found {
		at := s.ref(id, c.today)
		out.Body.Divisions = append(out.Body.Divisions, divisionHit{at.ID, at.Code, at.Name, levelName(id.Level()), s.Places.FullNameOn(id, c.today)})
	}
	return out
}

func (s *Server) registerDivisions() {
	add(s, op{id: "search-divisions", method: http.MethodGet, path: "/search/divisions", summary: "Find counties, townships and villages by name or pinyin", tag: tagDivisions, action: access.ReadFigures}, s.searchDivisions)
	add(s, op{id: "search-villages", method: http.MethodGet, path: "/search/villages", summary: "Find any village of the city by name, to say where a household moved", tag: tagDivisions, action: access.WriteRecords}, s.searchVillages)
	add(s, op{id: "division", method: http.MethodGet, path: "/divisions/{division}", summary: "A division of the city with those below it", tag: tagDivisions, action: access.ReadFigures},
		func(_ context.Context, c *call, in *divisionInput) (*divisionOutput, error) {
			m := MomentInput{AsOf: in.AsOf}
			moment, err := m.moment(c)
			if err != nil {
				return nil, err
			}
			division, err := s.division(c, in.Division, moment.AsOf)
			if err != nil {
				return nil, err
			}
			if !c.scope.Touches(division) {
				return nil, access.NotFound(errs.Text{ZH: "区划", EN: "division"})
			}
			own := s.ref(division, moment.AsOf)
			v := divisionView{ID: own.ID, Code: own.Code, Name: own.Name, Path: s.Places.FullNameOn(division, moment.AsOf), Level: levelName(division.Level()), Children: []ref{}}
			for _, child := range s.Registry.Divisions(division) {
				if c.scope.Touches(child) {
					v.Children = append(v.Children, s.ref(child, moment.AsOf))
				}
			}
			return &divisionOutput{v}, nil
		})
}

func levelName(l place.Level) string {
	switch l {
	case place.County:
		return "county"
	case place.Township:
		return "township"
	case place.Village:
		return "village"
	}
	return "city"
}
