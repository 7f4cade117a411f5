package main

import (
	"os"
	"path/filepath"
	"slices"

	"liandong/internal/briefing"
	"liandong/internal/claim"
	"liandong/internal/ledger"
	"liandong/internal/server"
	"liandong/place"
)

// quotes are the rooms over the book, which only quote from it.
type quotes struct {
	claims    *claim.Room
	briefings *briefing.Room
}

// wireQuoting puts them over a city whose book is made.
func (c *city) wireQuoting(id place.ID) error {
	var err error
	if c.claims, err = claim.New(claim.Options{DB: c.db, Places: c.places, Book: c.figures, City: id}); err != nil {
		return err
	}
	c.briefings, err = briefing.New(briefing.Options{DB: c.db, Places: c.places, Book: c.figures, City: id, Demo: c.demonstration()})
	return err
}

// LedgerRecords are what they store.
func (q *quotes) LedgerRecords() []ledger.RecordSource {
	return slices.Concat(q.claims.LedgerRecords(), q.briefings.LedgerRecords())
}

func (c *city) works() server.Works {
	return server.Works{Claims: c.claims, Briefings: c.briefings}
}

// demonstration says whether the city's people are made up.
func (c *city) demonstration() bool {
	_, err := os.Stat(filepath.Join(c.folder, demoFile))
	return err == nil
}
