package sheet

import (
	"archive/zip"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"

	"liandong/errs"
)

// samples are valid workbooks by how they were written.
func samples(t testing.TB) map[string][]byte {
	return map[string][]byte{
		"library": libraryBook(t), "own": ownBook(t), "deflated": book(t, everyKind), "stored": pack(t, zip.Store, pieces(everyKind)),
	}
}

// A damaged copy is refused with a sentence or read exactly as the undamaged file.
func TestADamagedCopyIsNeverReadDifferently(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(15, 6))
	for name, data := range samples(t) {
		whole, err := dump(data)
		if err != nil {
			t.Fatal(name, err)
		}
		refusals := 0
		for range rounds(200, 10_000) {
			at, change := random.IntN(len(data)), byte(1+random.IntN(255))
			damagedCopy := append([]byte(nil), data...)
			damagedCopy[at] ^= change
			got, err := dump(damagedCopy)
			switch {
			case err != nil:
				refusals++
				refused(t, fmt.Sprintf("%s, byte %d changed by %#x", name, at, change), err)
			case got != whole:
				t.Errorf("%s: with byte %d changed by %#x another table is read", name, at, change)
			}
		}
		if refusals == 0 {
			t.Errorf("%s: no damage was found, so nothing was tried", name)
		}
	}
}

// Every byte of every header and of the directory is changed in turn: the places where container readers disagree.
func TestEveryByteOfTheHeadersMatters(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 14))
	for _, name := range []string{"library", "stored"} {
		data := samples(t)[name]
		whole, err := dump(data)
		if err != nil {
			t.Fatal(name, err)
		}
		for _, at := range headerBytes(t, data) {
			for range rounds(1, 32) {
				change := byte(1 + random.IntN(255))
				damagedCopy := append([]byte(nil), data...)
				damagedCopy[at] ^= change
				if got, err := dump(damagedCopy); err != nil {
					refused(t, fmt.Sprintf("%s, header byte %d", name, at), err)
				} else if got != whole {
					t.Errorf("%s: with header byte %d changed by %#x another table is read", name, at, change)
				}
			}
		}
	}
}

// headerBytes are the offsets of all bytes that are no data.
func headerBytes(t *testing.T, data []byte) []int {
	t.Helper()
	entries, err := readDirectory(data)
	if err != nil {
		t.Fatal(err)
	}
	isData := make([]bool, len(data))
	for _, e := range entries {
		for i := e.dataStart; i < e.dataEnd; i++ {
			isData[i] = true
		}
	}
	var at []int
	for i, inside := range isData {
		if !inside {
			at = append(at, i)
		}
	}
	return at
}

func TestATruncatedFileIsRefusedWhereverItEnds(t *testing.T) {
	t.Parallel()
	for name, data := range samples(t) {
		for n := range data {
			if n == 1 || n%rounds(7, 1) != 0 && n > 400 && n < len(data)-300 {
				continue // a single P is a text like any other
			}
			if _, err := dump(data[:n]); err == nil {
				t.Errorf("%s: the first %d of %d bytes are read", name, n, len(data))
			} else {
				refused(t, fmt.Sprintf("%s, %d bytes", name, n), err)
			}
		}
	}
}

// Two readers that see two workbooks in one file are a known way of smuggling; so is what stands before, between and behind.
func TestADirectoryThatDisagreesWithTheEntriesIsRefused(t *testing.T) {
	t.Parallel()
	data := pack(t, zip.Store, pieces(everyKind))
	entries, err := readDirectory(data)
	if err != nil {
		t.Fatal(err)
	}
	directory := int(binary.LittleEndian.Uint32(data[len(data)-6:]))
	last := entries[len(entries)-1]
	change := func(at int, b ...byte) []byte {
		c := append([]byte(nil), data...)
		copy(c[at:], b)
		return c
	}
	insert := func(at int, b string) []byte {
		return append(append(append([]byte(nil), data[:at]...), b...), data[at:]...)
	}
	for what, hostile := range map[string][]byte{
		"another name in the directory":     change(directory+centralLen, 'X'),
		"another name at the entry":         change(localLen, 'X'),
		"another method at the entry":       change(8, 8),
		"another checksum in the directory": change(directory+16, 1, 2, 3, 4),
		"another size in the directory":     change(directory+24, 1, 0, 0, 0),
		"another offset in the directory":   change(directory+42, 1),
		"fewer entries than there are":      change(len(data)-14, 6, 0, 6, 0),
		"more entries than there are":       change(len(data)-14, 9, 0, 9, 0),
		"bytes before the first entry":      insert(0, "PK\x03\x04 and more"),
		"bytes between entries":             insert(int(entries[1].header), "hidden"),
		"bytes behind the last entry":       insert(int(last.dataEnd)+16, "hidden"),
		"a comment behind the end":          append(change(len(data)-2, 3), "abc"...),
		"bytes behind the end":              append(change(0), "tail"...),
		"two files, one behind the other":   append(change(0), data...),
	} {
		if _, err := dump(hostile); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", what, err)
		} else {
			refused(t, what, err)
		}
	}
}
