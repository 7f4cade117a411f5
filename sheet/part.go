package sheet

import (
	"io"
	"slices"
	"strings"
)

// Archive is a zip container that was checked as a workbook's is, for files of other kinds: every part inflates to the size and checksum that it
// declares, and none is larger, more numerous or packed more tightly than the limits allow.
type Archive struct {
	checked *archive
}

// OpenArchive checks a container. Its errors speak of a workbook.
func OpenArchive(data []byte) (*Archive, error) {
	a, err := openArchive(data)
	if err != nil {
		return nil, err
	}
	return &Archive{a}, nil
}

// Names are the parts, in order.
func (a *Archive) Names() []string {
	names := make([]string, 0, len(a.checked.parts))
	for _, p := range a.checked.parts {
		names = append(names, p.name)
	}
	slices.Sort(names)
	return names
}

// Part gives the bytes of a part, which must be one of Names.
func (a *Archive) Part(name string) io.ReadCloser {
	return a.checked.parts[strings.ToLower(name)].open()
}
