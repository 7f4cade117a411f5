package server

import (
	"bytes"
	"context"
	"net/http"
	"path"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/internal/access"
	"liandong/internal/network"
)

type timetableInput struct {
	Name    string `query:"name" doc:"the file's name"`
	On      string `query:"on" format:"date" doc:"the day whose trains are counted"`
	ID      string `query:"id" doc:"made by the caller (UUIDv7), so that a repeat is harmless"`
	RawBody []byte `contentType:"application/octet-stream"`
}

type timetableView struct {
	ID       uuid.UUID      `json:"id"`
	Name     string         `json:"name"`
	On       day.Date       `json:"on"`
	Digest   string         `json:"digest" doc:"SHA-256 of the file"`
	Stations string         `json:"stations" doc:"the document that says which station lies where"`
	Trains   int            `json:"trains" doc:"that run on the day and stop in the city"`
	Rides    []network.Ride `json:"rides" doc:"to Beijing and Tianjin"`
}

type timetableOutput struct{ Body timetableView }

type timetablesOutput struct {
	Body struct {
		Timetables []timetableView `json:"timetables"`
	}
}

func (s *Server) registerTimetables() {
	add(s, op{id: "import-timetable", method: http.MethodPost, path: "/timetables", summary: "Take the trains of a day from a GTFS feed, as evidence for claims", tag: tagClaims, action: access.CheckClaims, maxBody: maxWorkbook, status: http.StatusCreated}, s.importTimetable)
	add(s, op{id: "timetables", method: http.MethodGet, path: "/timetables", summary: "Timetables that were imported", tag: tagClaims, action: access.ReadClaims}, s.timetables)
}

func (s *Server) importTimetable(ctx context.Context, c *call, in *timetableInput) (*timetableOutput, error) {
	key, err := entryID(in.ID)
	if err != nil {
		return nil, err
	}
	on, err := day.Parse(in.On)
	if err != nil {
		return nil, at(err, "on")
	}
	data := bytes.Clone(in.RawBody)
	archive, err := network.OpenArchive(data)
	if err != nil {
		return nil, err
	}
	t, err := s.Network.Import(ctx, c.actor, c.today, key, path.Base(in.Name), network.Digest(data), archive, on)
	if err != nil {
		return nil, err
	}
	return &timetableOutput{viewOfTimetable(&t)}, nil
}

func viewOfTimetable(t *network.Imported) timetableView {
	return timetableView{t.ID, t.Name, t.On, t.Digest, t.Stations, t.Trains, orEmpty(t.Rides)}
}

func (s *Server) timetables(ctx context.Context, c *call, _ *none) (*timetablesOutput, error) {
	all, err := s.Network.Timetables(ctx, c.actor, c.today)
	out := &timetablesOutput{}
	out.Body.Timetables = make([]timetableView, len(all))
	for i := range all {
		out.Body.Timetables[i] = viewOfTimetable(&all[i])
	}
	return out, err
}
