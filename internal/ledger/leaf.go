package ledger

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"
)

// The bytes of a leaf, version 1, are: the version; the act (moment in microseconds as 8 bytes, number of leaves, actor, operation, reason,
// source, subject); the entry (kind, subject, digest). Numbers are uvarints, texts have their length before them, a subject is a 0, or a 1
// and 16 bytes, or a 2 and a text. A proof therefore shows everything, and two different leaves never have the same bytes.
const leafVersion = 1

const (
	subjectNone = 0
	subjectUUID = 1
	subjectText = 2
)

// recordPrefix is what RFC 6962 puts before a leaf's bytes when hashing it.
const recordPrefix = 0

// appendAct writes the part of a leaf that all leaves of an act share.
func appendAct(b []byte, a *Recorded) []byte {
	b = append(b, leafVersion)
	b = binary.BigEndian.AppendUint64(b, uint64(a.At.UnixMicro()))
	b = binary.AppendUvarint(b, uint64(a.Count))
	for _, text := range [...]string{a.Actor, a.Operation, a.Reason, a.Source} {
		b = appendText(b, text)
	}
	return appendSubject(b, a.Subject, "")
}

// appendEntry writes the part of a leaf that is its own; bundles hold these, one after the other.
func appendEntry(b []byte, e *Entry) []byte {
	b = appendText(b, e.Kind)
	b = appendSubject(b, e.Subject, e.Text)
	return append(b, e.Digest[:]...)
}

func appendText(b []byte, text string) []byte {
	b = binary.AppendUvarint(b, uint64(len(text)))
	return append(b, text...)
}

func appendSubject(b []byte, id uuid.UUID, text string) []byte {
	switch {
	case text != "":
		return appendText(append(b, subjectText), text)
	case id != uuid.UUID{}:
		return append(append(b, subjectUUID), id[:]...)
	}
	return append(b, subjectNone)
}

var errEntry = errors.New("ledger: the bytes of an entry cannot be read")

// entryView is an entry as it lies in its bytes.
type entryView struct {
	kind, text []byte
	subject    []byte // 16 bytes or none
	digest     []byte
	length     int // of the whole entry
}

// viewEntry finds the parts of the first entry in b.
func viewEntry(b []byte) (v entryView, err error) {
	rest := b
	if v.kind, rest, err = cutText(rest); err != nil {
		return v, err
	}
	if len(rest) == 0 {
		return v, errEntry
	}
	tag := rest[0]
	rest = rest[1:]
	switch {
	case tag == subjectText:
		if v.text, rest, err = cutText(rest); err != nil || len(v.text) == 0 {
			return v, errEntry
		}
	case tag == subjectUUID && len(rest) >= len(uuid.UUID{}):
		v.subject, rest = rest[:len(uuid.UUID{})], rest[len(uuid.UUID{}):]
	case tag != subjectNone:
		return v, errEntry
	}
	if len(rest) < len(Digest{}) {
		return v, errEntry
	}
	v.digest = rest[:len(Digest{})]
	v.length = len(b) - len(rest) + len(Digest{})
	return v, nil
}

func (v *entryView) entry() Entry {
	e := Entry{Kind: string(v.kind), Text: string(v.text)}
	copy(e.Subject[:], v.subject)
	copy(e.Digest[:], v.digest)
	return e
}

func cutText(b []byte) (text, rest []byte, err error) {
	n, width := binary.Uvarint(b)
	if width <= 0 || n > uint64(len(b)-width) {
		return nil, nil, errEntry
	}
	return b[width : width+int(n)], b[width+int(n):], nil
}

// hasher hashes the leaves of one act without allocating for each.
type hasher struct {
	buffer []byte
	shared int // how much of buffer all leaves share
}

func newHasher(a *Recorded) *hasher {
	h := &hasher{buffer: appendAct([]byte{recordPrefix}, a)}
	h.shared = len(h.buffer)
	return h
}

// hash is the leaf hash (RFC 6962, 2.1) of the entry with these bytes.
func (h *hasher) hash(entry []byte) tlog.Hash {
	h.buffer = append(h.buffer[:h.shared], entry...)
	return sha256.Sum256(h.buffer)
}

// LeafBytes are the bytes of one leaf of an act, for whoever checks a proof with a program of his own.
func LeafBytes(act Recorded, entry Entry) []byte {
	return appendEntry(appendAct(nil, &act), &entry)
}

// oneSubject is the subject that all entries have; zero when they differ or are named by text.
func oneSubject(entries []Entry) uuid.UUID {
	var id uuid.UUID
	for i := range entries {
		switch {
		case i == 0:
			id = entries[i].Subject
		case entries[i].Subject != id:
			return uuid.UUID{}
		}
	}
	return id
}

// moment is a stored time.
func moment(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
