package secret

import (
	"crypto/hmac"
	"hash"
)

// Blind is the blind index of a value: equal values of one kind have equal ones, and without the master key nothing follows from it. It is
// the first 128 bits of the HMAC, far beyond any chance of two of a nation's numbers meeting.
type Blind [16]byte

// indexer computes blind indexes, one at a time.
type indexer struct {
	mac    hash.Hash
	sum    []byte
	buffer []byte
}

func newIndexer(s Suite, key []byte) *indexer { return &indexer{mac: hmac.New(s.hash(), key)} }

// Index is the blind index of a value of a kind ("citizen_id"). Blanks are dropped, full-width forms and small letters folded, so that one
// number has one index however it was typed.
func (v *Vault) Index(kind, value string) Blind {
	x := v.indexes.Get().(*indexer)
	defer v.indexes.Put(x)
	x.buffer = append(x.buffer[:0], kind...)
	x.buffer = appendFolded(append(x.buffer, 0), value)
	x.mac.Reset()
	x.mac.Write(x.buffer)
	x.sum = x.mac.Sum(x.sum[:0])
	return Blind(x.sum[:len(Blind{})])
}

// appendFolded writes a value without blanks, its full-width forms as ASCII and its ASCII letters as capitals.
func appendFolded(b []byte, value string) []byte {
	for _, r := range value {
		switch {
		case r == ' ' || r == '\t' || r == '\u00a0' || r == '\u3000':
			continue
		case r >= '\uFF01' && r <= '\uFF5E':
			r -= 0xFEE0
		}
		if r >= 'a' && r <= 'z' {
			r -= 'a' - 'A'
		}
		b = append(b, string(r)...)
	}
	return b
}
