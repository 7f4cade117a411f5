package column

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"math"
	"math/bits"
)

// Digest is the SHA-256 of what the table says, whatever width its columns have: the same records give the same digest, whether they were
// gathered at once or patched in one by one.
func (t *Table) Digest() [sha256.Size]byte {
	h := sha256.New()
	t.hash(h)
	return [sha256.Size]byte(h.Sum(nil))
}

func (t *Table) hash(h hash.Hash) {
	writeText(h, t.schema.Name)
	writeNumber(h, uint64(t.n))
	if t.keys != nil {
		h.Write(t.keys.id)
		h.Write(bytesOf(t.keys.Division))
		h.Write(bytesOf(t.keys.Revision))
		h.Write(bytesOf(t.keys.Valid))
	}
	for i, c := range t.columns {
		if c != nil {
			writeText(h, t.schema.Fields[i].Path)
			digest := c.digestOf()
			h.Write(digest[:])
		}
	}
}

// digestOf is computed once, because a patched table shares most of its columns' work with nobody but asks often.
func (c *Column) digestOf() [sha256.Size]byte {
	c.digestOnce.Do(func() {
		h := sha256.New()
		c.hash(h)
		c.digest = [sha256.Size]byte(h.Sum(nil))
	})
	return c.digest
}

func (c *Column) hash(h hash.Hash) {
	data, kind := c.data, c.kind
	if kind == Int64 {
		if narrow := narrowed(c.Int64s()); narrow != nil {
			data, kind = bytesOf(narrow), Int32
		}
	}
	writeNumber(h, uint64(kind))
	if c.missing() > 0 {
		h.Write(bytesOf(c.valid))
	}
	switch kind {
	case Bit:
		h.Write(bytesOf(c.Bits()))
	case Text:
		h.Write(bytesOf(c.offsets))
		h.Write(c.data[:c.offsets[c.n]])
	case List:
		h.Write(bytesOf(c.offsets))
		c.items.hash(h)
	default:
		h.Write(data[:c.n*widths[kind]])
	}
}

// missing counts the rows without an answer.
func (c *Column) missing() int {
	if c.valid == nil {
		return 0
	}
	n := c.n
	for _, w := range c.valid {
		n -= bits.OnesCount64(w)
	}
	return n
}

// narrowed are the values in 32 bits; nil where one does not fit.
func narrowed(values []int64) []int32 {
	for _, v := range values {
		if v < math.MinInt32 || v > math.MaxInt32 {
			return nil
		}
	}
	out := make([]int32, len(values))
	for i, v := range values {
		out[i] = int32(v)
	}
	return out
}

func writeText(h hash.Hash, text string) {
	writeNumber(h, uint64(len(text)))
	h.Write([]byte(text))
}

func writeNumber(h hash.Hash, n uint64) {
	h.Write(binary.LittleEndian.AppendUint64(nil, n))
}
