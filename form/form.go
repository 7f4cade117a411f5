// Package form holds questionnaires: their fields with paths, types, units and sensitivity, their dated code lists, the records that
// answer them, the compact body a record is stored as, and the checks that turn a wrong answer into a sentence.
//
// A form is written once and stays: a field's number and a code's number are what stored bodies consist of, so neither is ever changed
// or used again. household@2015 is the first form; criteria documents, workbooks, NDJSON, Parquet and the demonstration city use exactly
// its paths and codes. The package stands on the ground floor's values and package formula, and knows no database.
package form

import (
	"fmt"
	"strings"

	"liandong/day"
	"liandong/errs"
	"liandong/formula"
)

// Type says what a field's answer is.
type Type uint8

// The types of answers. Bool to Date are held as one integer, Text to Secret as bytes.
const (
	Bool     Type = iota + 1 // yes or no
	Number                   // a number of Scale decimals
	Money                    // an amount in fen; yuan outside
	Code                     // one entry of a code list
	Codes                    // several entries of a code list
	Date                     // a day
	Division                 // the stable id of a division
	Text                     // words
	Key                      // a key of the ledger, 16 bytes
	Secret                   // words that are stored encrypted and never enter segments or rules
	List                     // records of their own
)

var typeNames = map[string]Type{
	"bool": Bool, "number": Number, "money": Money, "code": Code, "codes": Codes, "date": Date, "division": Division,
	"text": Text, "key": Key, "secret": Secret, "list": List,
}

// Sensitivity says who may see an answer; package access turns it into masks by role.
type Sensitivity uint8

// The degrees of sensitivity, from what any office of the territory may read to what is stored encrypted and shown only with a reason.
const (
	Plain     Sensitivity = iota // about the house, the land, the village
	Personal                     // names a person or says who they are
	Sensitive                    // health, cause, ethnicity, bank: sensitive personal information in the sense of the PIPL
	Encrypted                    // ID, phone, account
)

var sensitivityNames = map[string]Sensitivity{"": Plain, "plain": Plain, "personal": Personal, "sensitive": Sensitive, "encrypted": Encrypted}

// String is the word of the form document.
func (s Sensitivity) String() string {
	return [...]string{"plain", "personal", "sensitive", "encrypted"}[s]
}

// Form is a questionnaire that was read and checked. It is immutable and safe for concurrent use.
type Form struct {
	Name    string // "household"
	Version string // "2015"
	Title   errs.Text
	Root    *Section
	Codes   map[string]*CodeList

	root        *checker
	constraints []constraint
	relevances  []relevance
}

// ID names a form with its version, household@2015.
func (f *Form) ID() string { return f.Name + "@" + f.Version }

// Section is an ordered set of fields: the form itself, or one record of a list in it.
type Section struct {
	Name   string
	Fields []Field

	index    map[string]int
	byNumber []int // field number → index in Fields, -1 where unused
	schema   *formula.Schema
}

// Field is one question.
type Field struct {
	Number      int    // its number in stored bodies
	Path        string // "housing.structure"; within a list relative to the record
	Type        Type
	Title       errs.Text
	Unit        string
	Scale       int   // Number and Money: decimals kept
	Max         int64 // Number: the greatest absolute value in scaled units; 0 where unbounded
	Codes       *CodeList
	Sensitivity Sensitivity
	Required    bool
	Signed      bool     // Number and Money: may be below zero
	List        *Section // List: its records
}

// Schema is the section as formulas see it: the same fields at the same indexes.
func (s *Section) Schema() *formula.Schema { return s.schema }

// Lookup finds a field by its path.
func (s *Section) Lookup(path string) (index int, ok bool) {
	index, ok = s.index[path]
	return index, ok
}

// Must is Lookup for paths written in code; it panics where the form has no such field, which a test of the caller finds at once.
func (s *Section) Must(path string) int {
	i, ok := s.index[path]
	if !ok {
		panic(fmt.Sprintf("form: %s has no field %q", s.Name, path))
	}
	return i
}

// CodeList is a dated list of codes. Entries are never removed, only ended.
type CodeList struct {
	Name    string
	Entries []Entry

	byWord   map[string]int
	byNumber [64]int8 // number → index + 1
}

// Entry is one code: what is stored, what rules call it, what people read, and when it held.
type Entry struct {
	Number      int       // 1 to 63, stored
	Code        string    // the word of rules and files
	Title       errs.Text // the word on paper and screen
	Also        []string  // other ways of writing it that are read, never written
	GB          string    // the code of the national standard, where there is one
	From, Until day.Date  // first and last day; zero where open
}

// ByNumber gives the entry stored as n.
func (l *CodeList) ByNumber(n int) (*Entry, bool) {
	if n < 1 || n > 63 || l.byNumber[n] == 0 {
		return nil, false
	}
	return &l.Entries[l.byNumber[n]-1], true
}

// Find reads a code as people and files write it: the Chinese or English word, the code, a known other spelling, or the number of the
// national standard; spaces and full-width forms do not matter. Dates are not looked at: see Entry.Holds.
func (l *CodeList) Find(word string) (*Entry, bool) {
	i, ok := l.byWord[fold(word)]
	if !ok {
		return nil, false
	}
	return &l.Entries[i], true
}

// Number is the stored number of a code written in code; it panics for a word the list lacks.
func (l *CodeList) Number(code string) int64 {
	e, ok := l.Find(code)
	if !ok {
		panic(fmt.Sprintf("form: code list %s has no %q", l.Name, code))
	}
	return int64(e.Number)
}

// Holds reports whether the entry may be used on the day; the zero day asks for no date.
func (e *Entry) Holds(on day.Date) bool {
	if on.IsZero() {
		return true
	}
	return (e.From.IsZero() || !on.Before(e.From)) && (e.Until.IsZero() || !on.After(e.Until))
}

// Words lists the words of a code list that hold on the day, for messages: 因病、因残、….
func (l *CodeList) Words(on day.Date) errs.Text {
	var zh, en []string
	for i := range l.Entries {
		if e := &l.Entries[i]; e.Holds(on) {
			zh = append(zh, e.Title.ZH)
			en = append(en, e.Title.EN)
		}
	}
	return errs.Text{ZH: strings.Join(zh, "、"), EN: strings.Join(en, ", ")}
}

// fold makes words comparable: without spaces, in half-width forms, lower case.
func fold(s string) string {
	clean := true
	for i := range len(s) {
		if c := s[i]; c == ' ' || c == '\t' || c >= 0xe3 && c <= 0xef && c != 0xe5 || (c >= 'A' && c <= 'Z') {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	return strings.ToLower(strings.Map(halfWidth, s))
}

// halfWidth drops spaces and turns full-width forms into their ASCII ones.
func halfWidth(r rune) rune {
	switch {
	case r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\u00a0' || r == '\u3000' || r == '\ufeff':
		return -1
	case r >= '\uFF01' && r <= '\uFF5E':
		return r - 0xFEE0
	}
	return r
}
