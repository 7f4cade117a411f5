package main

import (
	"os"
	"path/filepath"
	"slices"

	"liandong/internal/boundary"
	"liandong/internal/briefing"
	"liandong/internal/casework"
	"liandong/internal/claim"
	"liandong/internal/figure"
	"liandong/internal/ledger"
	"liandong/internal/network"
	"liandong/internal/problem"
	"liandong/internal/server"
	"liandong/internal/strategy"
	"liandong/place"
)

// matters are the rooms of what is followed up, which publish figures of their own.
type matters struct {
	problems *problem.Room
	cases    *casework.Room
	network  *network.Room

	boundaries *boundary.Room
}

// wireMatters puts them over an open store; it comes before the book.
func (c *city) wireMatters(id place.ID) error {
	var err error
	if c.problems, err = problem.New(c.db); err != nil {
		return err
	}
	if c.cases, err = casework.New(c.db, id); err != nil {
		return err
	}
	c.boundaries = boundary.New(c.db, c.places, id, c.registry.Divisions)
	c.network, err = network.New(c.db, c.places, id)
	return err
}

// matterFigures are what they publish.
func (c *city) matterFigures() []figure.Entry {
	return slices.Concat(c.problems.Figures(), c.cases.Figures(), c.network.Figures())
}

// LedgerRecords are what they store.
func (m *matters) LedgerRecords() []ledger.RecordSource {
	return slices.Concat(m.problems.LedgerRecords(), m.cases.LedgerRecords(), m.network.LedgerRecords(), m.boundaries.LedgerRecords())
}

// quotes are the rooms over the book, which only quote from it.
type quotes struct {
	claims    *claim.Room
	briefings *briefing.Room
	strategy  *strategy.Room
}

// wireQuoting puts them over a city whose book is made.
func (c *city) wireQuoting(id place.ID) error {
	var err error
	if c.claims, err = claim.New(claim.Options{DB: c.db, Places: c.places, Book: c.figures, City: id}); err != nil {
		return err
	}
	if c.strategy, err = strategy.New(c.db, c.figures, id); err != nil {
		return err
	}
	c.briefings, err = briefing.New(briefing.Options{DB: c.db, Places: c.places, Book: c.figures, City: id, Demo: c.demonstration()})
	return err
}

// LedgerRecords are what they store.
func (q *quotes) LedgerRecords() []ledger.RecordSource {
	return slices.Concat(q.claims.LedgerRecords(), q.briefings.LedgerRecords(), q.strategy.LedgerRecords())
}

func (c *city) works() server.Works {
	return server.Works{Claims: c.claims, Briefings: c.briefings, Problems: c.problems, Cases: c.cases, Strategy: c.strategy, Network: c.network, Boundaries: c.boundaries}
}

// demonstration says whether the city's people are made up.
func (c *city) demonstration() bool {
	_, err := os.Stat(filepath.Join(c.folder, demoFile))
	return err == nil
}
