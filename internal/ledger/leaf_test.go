package ledger

import (
	"bytes"
	"slices"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

// An entry reads back as it was written, and no two entries have the same bytes.
func TestEntryReadsBack(t *testing.T) {
	t.Parallel()
	draw := rapid.Custom(func(t *rapid.T) Entry {
		e := Entry{Kind: rapid.StringN(0, 3, 12).Draw(t, "kind")}
		switch rapid.IntRange(0, 2).Draw(t, "subject") {
		case 1:
			e.Subject = uuid.UUID(rapid.SliceOfN(rapid.ByteRange(1, 3), 16, 16).Draw(t, "id"))
		case 2:
			e.Text = rapid.StringN(1, 3, 12).Draw(t, "text")
		}
		e.Digest[rapid.IntRange(0, 31).Draw(t, "place")] = rapid.Byte().Draw(t, "digest")
		return e
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw.Draw(t, "a"), draw.Draw(t, "b")
		bytesA, bytesB := appendEntry(nil, &a), appendEntry(nil, &b)
		v, err := viewEntry(append(slices.Clip(bytesA), bytesB...))
		if err != nil || v.entry() != a || v.length != len(bytesA) {
			t.Fatalf("%+v came back as %+v, %v", a, v.entry(), err)
		}
		if (a == b) != bytes.Equal(bytesA, bytesB) {
			t.Fatalf("%+v and %+v have the bytes %x and %x", a, b, bytesA, bytesB)
		}
	})
}

func FuzzViewEntry(f *testing.F) {
	f.Add(appendEntry(nil, &Entry{Kind: "revision", Subject: uuid.UUID{1}}))
	f.Add(appendEntry(nil, &Entry{Kind: "page", Text: "list"}))
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := viewEntry(b)
		if err != nil {
			return
		}
		if e := v.entry(); v.length > len(b) || len(appendEntry(nil, &e)) > v.length {
			t.Errorf("%x was read as %d bytes of %d", b, v.length, len(b))
		}
	})
}
