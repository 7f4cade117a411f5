// Package briefing answers "how far has this work come?" with a text: a question, a place and a date give a Chinese briefing in the order in
// which a leader would say it, with a table and a chart. Every number in it is a figure of the book, with its kind, and a footnote names the
// rule, the records and the date behind it. A sentence whose figures the book does not have is left out, and said to be left out.
//
// The words are documents, so that an office can change them. What was drafted is kept with its values and stays a draft, marked so on every
// page, until somebody with the right who did not draft it signs it. A later briefing on the same question says what changed since.
//
// The room knows the book of figures and writes through package official.
package briefing

import (
	"bytes"
	"embed"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"liandong/errs"
	"liandong/internal/db"
	"liandong/internal/dossier"
	"liandong/internal/figure"
	"liandong/internal/ledger"
	"liandong/place"
)

// Question is a document: what is asked, and the words of the answer.
type Question struct {
	ID       string    `yaml:"briefing" json:"id"`
	Version  string    `yaml:"version" json:"version"`
	Title    string    `yaml:"title" json:"title"`
	Asks     errs.Text `yaml:"asks" json:"asks"`
	Sections []Section `yaml:"sections" json:"sections"`
}

// Section is a part of the answer. Sentences hold figures by name in braces, {registered_poor_persons}, or a year before, {incidence@-1y};
// {place} and {date} are the place and the day.
type Section struct {
	Heading   string   `yaml:"heading" json:"heading"`
	Sentences []string `yaml:"sentences" json:"sentences"`
	Table     *Columns `yaml:"table" json:"table,omitempty"`
	Chart     *Columns `yaml:"chart" json:"chart,omitempty"`
}

// Columns say what a table or a chart shows of the divisions below the place: of those named, or of all.
type Columns struct {
	Caption   string   `yaml:"caption" json:"caption"`
	Figures   []string `yaml:"figures" json:"figures"`
	Divisions []string `yaml:"divisions" json:"divisions,omitempty"` // codes; those that lie below the place
}

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

var (
	slot  = regexp.MustCompile(`\{([a-z][a-z0-9_]*)(@-([1-9])y)?\}`)
	digit = regexp.MustCompile(`\p{Nd}`)
)

// Parse reads a question and refuses words with a number of their own.
func Parse(text []byte) (Question, error) {
	var q Question
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&q); err != nil {
		return q, errs.New(errs.Invalid, "briefing.Parse", "汇报模板读不懂："+err.Error()+"。", "The words of the briefing cannot be read: "+err.Error()+".").Because(err)
	}
	if q.ID == "" || q.Version == "" || q.Title == "" || len(q.Sections) == 0 {
		return q, errs.New(errs.Invalid, "briefing.Parse", "汇报模板须有编号、版本、标题和至少一节。", "The words have an id, a version, a title and at least one section.")
	}
	words := []string{q.Title}
	for _, s := range q.Sections {
		words = append(words, s.Heading)
		words = append(words, s.Sentences...)
		for _, c := range []*Columns{s.Table, s.Chart} {
			if c != nil {
				words = append(words, c.Caption)
			}
		}
	}
	for _, w := range words {
		if plain := slot.ReplaceAllString(w, ""); digit.MatchString(plain) || strings.ContainsAny(plain, "{}") {
			return q, errs.New(errs.Invalid, "briefing.Parse", "模板里不能直接写数字，每个数都须引用指标：「"+w+"」。", "The words hold no number of their own; every number is a figure: "+w+".").At(q.ID)
		}
	}
	return q, nil
}

// Name is the question with its version.
func (q *Question) Name() string { return q.ID + "@" + q.Version }

// Room drafts and keeps the briefings of one city.
type Room struct {
	db      *db.DB
	city    place.ID
	places  *place.Gazetteer
	book    *figure.Book
	demo    bool
	shipped []Question
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
	return &Room{db: o.DB, city: o.City, places: o.Places, book: o.Book, demo: o.Demo, shipped: shipped, shelf: dossier.New(o.DB, machine())}, err
}

// LedgerRecords gives what the room stores to the verification of the log.
func (r *Room) LedgerRecords() []ledger.RecordSource { return r.shelf.LedgerRecords() }

// Questions are those that can be asked.
func (r *Room) Questions() []Question { return slices.Clone(r.shipped) }

func (r *Room) question(id string) (*Question, error) {
	i := slices.IndexFunc(r.shipped, func(q Question) bool { return q.ID == id })
	if i < 0 {
		names := make([]string, len(r.shipped))
		for k := range r.shipped {
			names[k] = r.shipped[k].ID
		}
		list := strings.Join(names, "、")
		return nil, errs.New(errs.NotFound, "briefing.question", "没有汇报题目「"+id+"」。可用的有："+list+"。", "There is no question "+id+". There are: "+strings.Join(names, ", ")+".").At("question")
	}
	return &r.shipped[i], nil
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
