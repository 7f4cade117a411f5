// Package formula is the expression language of the rules: a checked subset of the Common Expression Language over the fields of
// a form, with exact rules for missing answers (strict Kleene booleans, unknown numbers). It turns a text into a small typed tree
// that is evaluated record by record here, by columns and as SQL in package criteria; all must agree bit for bit.
//
// It stands below form, whose relevance and constraints are formulas, and knows neither forms nor documents: only a Schema and Rows.
package formula

import "liandong/errs"

// Type says what a field of a schema holds.
type Type uint8

// The types of fields. Whatever a type holds, a Row gives it as one integer or one text.
const (
	Bool   Type = iota + 1 // 0 or 1
	Number                 // a whole number of 10^-Scale units
	Code                   // one entry of a code list, by its number
	Codes                  // several entries of a code list: bit n is set where the entry numbered n holds
	Date                   // days since 1970-01-01
	Text                   // a text; rules may only compare it
	List                   // records of a schema of their own
	Opaque                 // held by the form and closed to rules: encrypted texts, keys, divisions
)

// Field is one answer of a form as rules see it.
type Field struct {
	Path  string    // "housing.structure"; in a list's schema relative to the record: "labour"
	Title errs.Text // for messages and explanations
	Type  Type
	Scale int     // Number: decimal digits kept; money has 2
	Max   int64   // Number: the greatest possible absolute value in scaled units, 0 where unbounded; columns choose their width by it
	Unit  string  // "yuan", "m2", "mu", "kg", "km", "months"; empty for counts and codes
	Codes []Entry // Code and Codes
	List  *Schema // List
}

// Entry is one code of a code list. Number is its stable small number, 1 to 63, never used again for another meaning.
type Entry struct {
	Number int
	Code   string // the word that rules and files use: "adobe"
	Title  errs.Text
}

// Schema is the ordered set of fields that formulas may name. The index of a field in Fields is how Rows are asked for it.
type Schema struct {
	Name   string // "household@2015", "household@2015/members"
	Fields []Field
}

// Lookup finds a field by its path.
func (s *Schema) Lookup(path string) (index int, ok bool) {
	for i := range s.Fields {
		if s.Fields[i].Path == path {
			return i, true
		}
	}
	return 0, false
}

// Row is one record under a schema. A method asked for a field that has no answer reports false; asked for a field of
// another type it may panic, because formulas are checked before they run.
type Row interface {
	// Value gives Bool, Number, Code, Codes and Date fields in the form the Type says.
	Value(field int) (int64, bool)
	// Text gives a Text field.
	Text(field int) (string, bool)
	// List gives the records of a List field: an absent list is unknown (false), an empty one is known and has no records.
	List(field int) (Rows, bool)
}

// Rows is a list of records.
type Rows interface {
	Len() int
	Row(i int) Row
}
