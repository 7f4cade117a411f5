// Package briefing answers "how far has this work come?" with a text: a question, a place and a date give a Chinese briefing in the order in
// which a leader would say it, with a table and a chart. Every number in it is a figure of the book, with its kind, and a footnote names the
// rule, the records and the date behind it. A sentence whose figures the book does not have is left out, and said to be left out.
//
// The words are documents: what an office writes itself takes the place of a shipped one of the same id. What was drafted is kept with its values and stays a draft, marked so on every
// page, until somebody with the right who did not draft it signs it. A later briefing on the same question says what changed since.
//
// The room knows the book of figures and writes through package official.
package briefing

import (
	"embed"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"liandong/errs"
	"liandong/internal/db"
	"liandong/internal/dossier"
	"liandong/internal/figure"
	"liandong/internal/ledger"
	"liandong/place"
)

//go:embed questions/*.yaml
var questions embed.FS

// Shipped are the questions that come with the program, in the order of their names.
func Shipped() ([]Question, error) {
	names, err := fs.Glob(questions, "questions/*.yaml")
	if err != nil {
		return nil, errs.Wrap("briefing.Shipped", err)
	}
	var all []Question
	for _, name := range names {
		text, err := questions.ReadFile(name)
		if err != nil {
			return nil, errs.Wrap("briefing.Shipped", err)
		}
		q, err := Parse(text)
		if err != nil {
			return nil, err
		}
		all = append(all, q)
	}
	return all, nil
}

// Room drafts and keeps the briefings of one city.
type Room struct {
	db      *db.DB
	city    place.ID
	places  *place.Gazetteer
	book    *figure.Book
	demo    bool
	shipped []Question
	own     *dossier.Shelf[Question]
	shelf   *dossier.Shelf[Briefing]
}

// Options are what a Room stands on. All are needed.
type Options struct {
	DB     *db.DB
	Places *place.Gazetteer
	Book   *figure.Book
	City   place.ID
	Demo   bool // the records are made up, and every page says so
}

// New is the room over an open database whose migrations ran.
func New(o Options) (*Room, error) {
	shipped, err := Shipped()
	return &Room{db: o.DB, city: o.City, places: o.Places, book: o.Book, demo: o.Demo, shipped: shipped, own: dossier.New(o.DB, ownMachine()), shelf: dossier.New(o.DB, machine())}, err
}

// LedgerRecords gives what the room stores to the verification of the log.
func (r *Room) LedgerRecords() []ledger.RecordSource {
	return slices.Concat(r.own.LedgerRecords(), r.shelf.LedgerRecords())
}

// number is a value as the text shows it, with commas between thousands.
func number(v float64, decimals int) string {
	text := strconv.FormatFloat(v, 'f', decimals, 64)
	whole, fraction, dotted := strings.Cut(text, ".")
	sign := strings.HasPrefix(whole, "-")
	whole = strings.TrimPrefix(whole, "-")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if sign {
		whole = "-" + whole
	}
	if dotted {
		whole += "." + fraction
	}
	return whole
}
