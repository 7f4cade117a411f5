// Package errs holds the errors that people read: every one says what happened, where, and what to do, in Chinese and in
// English, and carries one of a small set of kinds that maps to an HTTP status and an exit code in a single table.
//
// It is the lowest floor of the house and imports nothing of the project.
package errs

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
)

// Kind says what sort of failure an error is. The zero Kind is Internal, so that an error nobody classified is never shown as
// the reader's fault.
type Kind uint8

// The kinds, from ours to theirs.
const (
	Internal        Kind = iota // a defect or a broken machine; details are logged, never shown
	Invalid                     // what was given cannot be understood or breaks a rule of the form
	NotFound                    // no such thing, or none that the asker may see
	Forbidden                   // known to exist for the asker, not allowed to this role
	Unauthenticated             // nobody is logged in
	Conflict                    // the thing changed since it was read, or a unique value is taken
	Precondition                // a needed earlier step is missing (If-Match absent, notice still running)
	TooLarge                    // over a stated limit
	Unavailable                 // busy or shut; the same request may succeed later
	Usage                       // a command was called with wrong words
)

// kindTable is the one place where kinds meet the outside.
var kindTable = [...]struct {
	name   string
	status int
	exit   int
}{
	Internal:        {"internal", http.StatusInternalServerError, 1},
	Invalid:         {"invalid", http.StatusUnprocessableEntity, 1},
	NotFound:        {"not-found", http.StatusNotFound, 1},
	Forbidden:       {"forbidden", http.StatusForbidden, 1},
	Unauthenticated: {"unauthenticated", http.StatusUnauthorized, 1},
	Conflict:        {"conflict", http.StatusConflict, 1},
	Precondition:    {"precondition", http.StatusPreconditionFailed, 1},
	TooLarge:        {"too-large", http.StatusRequestEntityTooLarge, 1},
	Unavailable:     {"unavailable", http.StatusServiceUnavailable, 1},
	Usage:           {"usage", http.StatusBadRequest, 2},
}

// String is the kind's stable name, used in problem documents and tests.
func (k Kind) String() string { return kindTable[k].name }

// Status is the HTTP status code of the kind.
func (k Kind) Status() int { return kindTable[k].status }

// Exit is the exit code a command ends with.
func (k Kind) Exit() int { return kindTable[k].exit }

// KindOfStatus is the kind that answers with the given HTTP status; Internal for a status no kind has.
func KindOfStatus(status int) Kind {
	for k, row := range kindTable {
		if row.status == status {
			return Kind(k)
		}
	}
	return Internal
}

// Text is one sentence in both languages of the product.
type Text struct {
	ZH string `json:"zh" yaml:"zh"`
	EN string `json:"en" yaml:"en"`
}

// In returns the sentence in the language ("en", else Chinese), falling back to the other where one is empty.
func (t Text) In(language string) string {
	if (strings.HasPrefix(language, "en") && t.EN != "") || t.ZH == "" {
		return t.EN
	}
	return t.ZH
}

// IsZero reports whether neither language has a word.
func (t Text) IsZero() bool { return t.ZH == "" && t.EN == "" }

// Error is a failure with a sentence for people. Op names the operation in code ("place.Parse") for logs and tests; Where names
// the row, field or file for the reader.
type Error struct {
	Kind  Kind
	Op    string
	Where string
	Text  Text
	Err   error
}

// New makes an error whose sentences are given in full.
func New(kind Kind, op, zh, en string) *Error {
	return &Error{Kind: kind, Op: op, Text: Text{ZH: zh, EN: en}}
}

// Wrap gives an error an operation and, if the cause has none of its own, a kind. It returns nil for nil.
func Wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	return &Error{Kind: KindOf(err), Op: op, Err: err}
}

// At returns a copy of e that names where it happened: a row, a field, a file.
func (e *Error) At(where string) *Error {
	c := *e
	c.Where = where
	return &c
}

// Because returns a copy of e with its cause, which is logged and never shown to a client.
func (e *Error) Because(err error) *Error {
	c := *e
	c.Err = err
	return &c
}

// Error is the technical line for logs: operation, place, English sentence, cause.
func (e *Error) Error() string {
	var parts []string
	for _, s := range []string{e.Op, e.Where, e.Text.EN} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	}
	return strings.Join(parts, ": ")
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf is the kind of the outermost *Error in the chain that has one; Internal for any other error.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// Is reports whether the error is of the kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }

// Sentence is what a person may read of an error: its sentence with the place in front. An internal error, or one of a foreign
// package, gives a general sentence, because its details help nobody outside and may carry what must not leave.
func Sentence(err error) Text {
	for e := (*Error)(nil); errors.As(err, &e); err = e.Err {
		if e.Kind != Internal && !e.Text.IsZero() {
			return e.located()
		}
	}
	return Text{
		ZH: "程序内部出错，操作没有完成，数据没有改变。请重试；仍然出错时请把时间告诉系统管理员。",
		EN: "Something failed inside the program; the operation was not completed and nothing was changed. Try again; if it keeps failing, tell the system administrator the time.",
	}
}

func (e *Error) located() Text {
	if e.Where == "" {
		return e.Text
	}
	return Text{ZH: e.Where + "：" + e.Text.ZH, EN: e.Where + ": " + e.Text.EN}
}

// Count is a number with its noun as an English sentence has it: "1 record", "2 records", "0 records".
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
