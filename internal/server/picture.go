package server

import (
	"context"
	"net/http"

	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/figure"
	"liandong/place"
)

type mapInput struct {
	Division string `query:"division" doc:"stable id or code; the asker's own by default"`
	By       string `query:"by" doc:"county, township or village: the divisions of that level; the ones directly below by default"`
	AsOf     string `query:"as_of" format:"date"`
}

type geometry struct {
	Type        string          `json:"type" doc:"Polygon"`
	Coordinates [][]place.Point `json:"coordinates" doc:"degrees WGS 84, longitude first"`
}

type feature struct {
	Type       string   `json:"type" doc:"Feature"`
	Properties ref      `json:"properties"`
	Geometry   geometry `json:"geometry"`
}

type mapOutput struct {
	Body struct {
		Type      string    `json:"type" doc:"FeatureCollection, GeoJSON of RFC 7946"`
		Schematic bool      `json:"schematic" doc:"drawn around the seats of counties: no basis for any boundary, and a page must say so"`
		Of        ref       `json:"of"`
		Features  []feature `json:"features" doc:"those that the asker may see"`
	}
}

type trendInput struct {
	Name     string `path:"name"`
	Division string `query:"division" doc:"stable id or code; the city by default"`
	Points   int    `query:"points" default:"6" doc:"how many days, at most 12: the last ones of half-years, and as_of"`
	MomentInput
}

type trendPoint struct {
	Day   string   `json:"day" format:"date"`
	Value *float64 `json:"value" doc:"null where it is not defined"`
}

type trendOutput struct {
	Body struct {
		Name   string       `json:"name"`
		Points []trendPoint `json:"points" doc:"the earliest first; the last is as_of"`
	}
}

// maxTrend bounds a trend: every day of it is a figure of its own.
const maxTrend = 12

func (s *Server) registerPictures() {
	add(s, op{id: "map", method: http.MethodGet, path: "/map", summary: "A schematic picture of the divisions below one", tag: tagDivisions, action: access.ReadFigures}, s.schematic)
	add(s, op{id: "figure-trend", method: http.MethodGet, path: "/figures/{name}/trend", summary: "A figure at the ends of past half-years", tag: tagFigures, action: access.ReadFigures}, s.trend)
}

func (s *Server) schematic(_ context.Context, c *call, in *mapInput) (*mapOutput, error) {
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
	by := min(division.Level()+1, place.Village)
	if in.By != "" {
		if by, err = s.levelOf(in.By); err != nil {
			return nil, err
		}
	}
	cells, err := s.cells(division, by)
	if err != nil {
		return nil, err
	}
	out := &mapOutput{}
	out.Body.Type, out.Body.Schematic, out.Body.Of, out.Body.Features = "FeatureCollection", true, s.ref(division, moment.AsOf), []feature{}
	for _, cell := range cells {
		if c.scope.Touches(cell.Division) {
			out.Body.Features = append(out.Body.Features, feature{"Feature", s.ref(cell.Division, moment.AsOf), geometry{"Polygon", [][]place.Point{cell.Ring}}})
		}
	}
	return out, nil
}

// cells draws the divisions of a level below one.
func (s *Server) cells(division place.ID, by place.Level) ([]place.Cell, error) {
	below, err := s.Places.Schematic(division, s.Registry.Divisions)
	if err != nil || division.Level()+1 >= by {
		return below, err
	}
	var all []place.Cell
	for _, cell := range below {
		some, err := s.cells(cell.Division, by)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

func (s *Server) trend(ctx context.Context, c *call, in *trendInput) (*trendOutput, error) {
	q, err := s.query(c, &figureInput{Division: in.Division, MomentInput: in.MomentInput})
	if err != nil {
		return nil, err
	}
	out := &trendOutput{}
	out.Body.Name = in.Name
	for _, on := range figure.HalfYears(q.AsOf, min(max(in.Points, 2), maxTrend)) {
		q.AsOf = on
		f, err := s.Figures.Get(ctx, in.Name, q)
		if err != nil {
			return nil, err
		}
		out.Body.Points = append(out.Body.Points, trendPoint{on.String(), finite(&f.Value.Number)})
	}
	return out, nil
}
