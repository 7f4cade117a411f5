package server

import (
	"liandong/internal/briefing"
	"liandong/internal/claim"
)

// Works are the rooms that follow the plan: what was claimed, said, found wrong, decided, asked for and aimed at.
type Works struct {
	Claims    *claim.Room
	Briefings *briefing.Room
}

// The parts of the API that they answer for.
const (
	tagClaims    = "claims"
	tagBriefings = "briefings"
)

func (s *Server) registerWorks() {
	s.registerClaims()
	s.registerBriefings()
}
