package server

import (
	"bytes"
	"context"

	"liandong/sheet"
)

type templateInput struct {
	Layout string `query:"layout" doc:"own, the layout of this program, by default; or national"`
}

func (s *Server) importTemplate(_ context.Context, _ *call, in *templateInput) (*reportOutput, error) {
	layout, err := s.layout(in.Layout, "own")
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	w, err := sheet.NewWorkbook(&out, s.Registry.EmptyTable(layout))
	if err == nil {
		err = w.Close()
	}
	return &reportOutput{Type: workbookType, Disposition: attached("农户登记表.xlsx"), Body: out.Bytes()}, err
}
