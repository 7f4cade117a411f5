package server

import (
	"liandong/internal/boundary"
	"liandong/internal/briefing"
	"liandong/internal/casework"
	"liandong/internal/claim"
	"liandong/internal/network"
	matter "liandong/internal/problem"
	"liandong/internal/strategy"
)

// Works are the rooms that follow the plan: what was claimed, said, found wrong, decided, asked for and aimed at.
type Works struct {
	Claims    *claim.Room
	Briefings *briefing.Room
	Problems  *matter.Room
	Cases     *casework.Room
	Strategy  *strategy.Room
	Network   *network.Room

	Boundaries *boundary.Room
}

// The parts of the API that they answer for.
const (
	tagClaims    = "claims"
	tagBriefings = "briefings"
	tagMatters   = "matters"
	tagCases     = "cases"
	tagStrategy  = "strategy"
)

func (s *Server) registerWorks() {
	s.registerClaims()
	s.registerBriefings()
	s.registerMatters()
	s.registerCases()
	s.registerStrategy()
	s.registerTimetables()
	s.registerBoundaries()
}
