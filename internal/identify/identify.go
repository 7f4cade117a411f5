// Package identify keeps the runs of criteria documents over the register: what a document proposed for every household on a date, as far
// as was known then; why; how two runs differ; and where proposals and the register's status part ways.
//
// A run stores the document's text, both dates, the digest of every county's segment and the verdict on every household, so that a decision
// that rested on it can be followed back years later. An explanation is recomputed from the register and must equal what was stored. A run
// proposes; it changes nobody's status.
//
// The package stands beside the register and above it.
package identify

import (
	"strings"
	"sync"

	"github.com/google/uuid"

	"liandong/criteria"
	"liandong/errs"
	"liandong/form"
	"liandong/formula"
	"liandong/internal/db"
	"liandong/internal/registry"
	"liandong/place"
)

// Room is the work of identification over one city's register.
type Room struct {
	db       *db.DB
	registry *registry.Registry
	places   *place.Gazetteer
	newID    func() uuid.UUID

	mu     sync.Mutex
	held   []*Evaluation // stored runs that were read, the latest first
	frames frames
	warm   warm
	texts  documents
}

// Options are what a Room stands on. Nothing is optional but NewID.
type Options struct {
	DB       *db.DB
	Registry *registry.Registry
	Places   *place.Gazetteer
	NewID    func() uuid.UUID // makes ids of runs; UUIDv7 by default
}

// New is the room over an open database whose migrations ran.
func New(o Options) *Room {
	newID := o.NewID
	if newID == nil {
		newID = func() uuid.UUID { return uuid.Must(uuid.NewV7()) }
	}
	return &Room{db: o.DB, registry: o.Registry, places: o.Places, newID: newID}
}

// Document is a criteria document with the text it was read from.
type Document struct {
	*criteria.Document
	Text []byte

	period *criteria.Effective // the days on which it is in force in the city; nil where its own text says so
}

// Read checks a document's text against the forms of the register.
func Read(text []byte) (Document, error) {
	d, err := criteria.Parse(text, forms)
	return Document{Document: d, Text: text}, err
}

// Shipped gives a document that comes with the program by its id, "four-looks@2015.1".
func Shipped(id string) (Document, error) { return shipped(id, Read) }

func shipped(id string, read func(text []byte) (Document, error)) (Document, error) {
	text, err := criteria.ShippedText(id)
	if err != nil {
		known := strings.Join(criteria.Shipped(), "、")
		return Document{}, errs.New(errs.NotFound, "identify.Shipped",
			"没有标准文件「"+id+"」。可用的有："+known+"。", "There is no criteria document \""+id+"\". There are: "+strings.Join(criteria.Shipped(), ", ")+".")
	}
	return read(text)
}

// CheckCases evaluates a document's own cases; the first that comes out otherwise is refused with its line and column.
func CheckCases(d Document) error { return d.CheckCases(readCase) }

// RunCases tells what comes out of each of a document's own cases.
func RunCases(d Document) ([]criteria.CaseResult, error) { return d.RunCases(readCase) }

func readCase(text []byte) (formula.Row, error) {
	r := form.Household().Root.New()
	findings, err := r.ReadJSON(text)
	if err == nil && len(findings) > 0 {
		err = findings[0].Err()
	}
	return r, err
}

func forms(id string) (*formula.Schema, bool) {
	f := form.Household()
	return f.Root.Schema(), id == f.ID()
}
