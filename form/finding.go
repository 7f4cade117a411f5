package form

import (
	"strconv"

	"liandong/errs"
)

// Severity says what a finding does: an error holds the household back, a warning goes in and stays visible, a note only informs.
type Severity string

// The severities.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Note    Severity = "note"
)

// Finding is one thing that is wrong or doubtful about a record: what, where, and the sentence a person reads.
type Finding struct {
	Kind     string    `json:"kind"`
	Severity Severity  `json:"severity"`
	List     string    `json:"list,omitempty"` // the list the item stands in, "members"; empty for the household itself
	Item     int       `json:"item"`           // index in the list; -1 for the household itself
	Path     string    `json:"path,omitempty"` // the field's path within its section; empty where none is to blame
	Text     errs.Text `json:"message"`
}

// Where names the place as paths do: members[2].labour.
func (f Finding) Where() string {
	if f.List == "" {
		return f.Path
	}
	where := f.List + "[" + strconv.Itoa(f.Item) + "]"
	if f.Path != "" {
		where += "." + f.Path
	}
	return where
}

// Err turns a finding into an error of the kind Invalid.
func (f Finding) Err() error {
	return (&errs.Error{Kind: errs.Invalid, Op: "form." + f.Kind, Text: f.Text}).At(f.Where())
}

func (f *Field) finding(kind, zh, en string) *Finding {
	return &Finding{Kind: kind, Severity: Error, Item: -1, Path: f.Path, Text: errs.Text{ZH: zh, EN: en}}
}

// fault makes a finding of an error that has a sentence.
func (f *Field) fault(kind string, err error) *Finding {
	text := errs.Sentence(err)
	return f.finding(kind, text.ZH, text.EN)
}
