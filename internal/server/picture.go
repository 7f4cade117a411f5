package server

import (
	"context"
	"net/http"

	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/boundary"
	"liandong/internal/figure"
	"liandong/place"
)

type mapInput struct {
	Division  string `query:"division" doc:"stable id or code; the asker's own by default"`
	By        string `query:"by" doc:"county, township or village: the divisions of that level; the ones directly below by default"`
	Schematic bool   `query:"schematic" doc:"the schematic picture, even where there are boundaries: to be drawn under another one"`
	MomentInput
}

type geometry struct {
	Type        string            `json:"type" doc:"MultiPolygon"`
	Coordinates [][][]place.Point `json:"coordinates" doc:"degrees, longitude first"`
}

type feature struct {
	Type       string      `json:"type" doc:"Feature"`
	Properties ref         `json:"properties"`
	Label      place.Point `json:"label" doc:"a point of the area, for its name"`
	Geometry   geometry    `json:"geometry"`
}

type mapOutput struct {
	Body struct {
		Type      string    `json:"type" doc:"FeatureCollection, GeoJSON of RFC 7946"`
		Schematic bool      `json:"schematic" doc:"drawn around the seats of counties: no basis for any boundary, and a page must say so"`
		Number    string    `json:"approval_number,omitempty" doc:"of official boundaries, 审图号: it stands on every map, print and big screen"`
		System    string    `json:"coordinates" doc:"wgs84, cgcs2000 or gcj02"`
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
	add(s, op{id: "map", method: http.MethodGet, path: "/map", summary: "A map of the divisions below one: official boundaries where the city has brought them, a schematic picture where not", tag: tagDivisions, action: access.ReadFigures}, s.divisionMap)
	add(s, op{id: "figure-trend", method: http.MethodGet, path: "/figures/{name}/trend", summary: "A figure at the ends of past half-years", tag: tagFigures, action: access.ReadFigures}, s.trend)
}

func (s *Server) divisionMap(ctx context.Context, c *call, in *mapInput) (*mapOutput, error) {
	moment, err := in.moment(c)
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
	out := &mapOutput{}
	out.Body.Type, out.Body.Of, out.Body.Features = "FeatureCollection", s.ref(division, moment.AsOf), []feature{}
	put := func(id place.ID, label place.Point, polygons [][][]place.Point) {
		if c.scope.Touches(id) {
			out.Body.Features = append(out.Body.Features, feature{"Feature", s.ref(id, moment.AsOf), label, geometry{"MultiPolygon", polygons}})
		}
	}
	if !in.Schematic {
		official, ok, err := s.Boundaries.Map(ctx, division, by, moment.AsOf, moment.KnownAt)
		if err != nil {
			return nil, err
		}
		if ok {
			out.Body.Number, out.Body.System = official.Number, string(official.System)
			for i := range official.Areas {
				put(official.Areas[i].Division, official.Areas[i].Label, official.Areas[i].Polygons)
			}
			return out, nil
		}
	}
	out.Body.Schematic, out.Body.System = true, string(boundary.WGS84)
	cells, err := s.cells(division, by)
	for _, cell := range cells {
		put(cell.Division, middle(cell.Ring), [][][]place.Point{{cell.Ring}})
	}
	return out, err
}

// middle is a point in a convex area, whose ring is closed.
func middle(ring []place.Point) (at place.Point) {
	corners := ring[:len(ring)-1]
	for _, p := range corners {
		at[0], at[1] = at[0]+p[0]/float64(len(corners)), at[1]+p[1]/float64(len(corners))
	}
	return at
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
