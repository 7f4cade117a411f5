package place

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"liandong/day"
	"liandong/errs"
)

//go:embed history.csv
var historyTable []byte

//go:embed administered.csv
var administeredTable []byte

// spell is one run of months in which the published tables listed a code with a name.
type spell struct {
	id          ID
	code        Code
	name        string
	from, until int // year*100+month, 0 where open
	successor   Code
}

func (s *spell) holds(month int) bool {
	return (s.from == 0 || s.from <= month) && (s.until == 0 || month <= s.until)
}

type history struct {
	byID         map[ID][]spell // in order of time
	byCode       map[Code][]spell
	administered []administration
}

type administration struct {
	division, by ID
	from, until  int
}

func monthOf(d day.Date) int { return d.Year()*100 + d.Month() }

func readHistory() (*history, error) {
	h := &history{byID: map[ID][]spell{}, byCode: map[Code][]spell{}}
	rows, err := table(historyTable)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		id, errID := strconv.ParseInt(r[0], 10, 64)
		code, errCode := ParseCode(r[1])
		if errID != nil || errCode != nil {
			return nil, errs.New(errs.Internal, "place.history", "", fmt.Sprintf("history.csv: %v", r))
		}
		s := spell{id: ID(id) * spans[County], code: code, name: r[2], from: number(r[3]), until: number(r[4])}
		if r[5] != "" {
			s.successor, _ = ParseCode(r[5])
		}
		h.byID[s.id] = append(h.byID[s.id], s)
		h.byCode[code] = append(h.byCode[code], s)
	}
	for _, spells := range h.byID {
		slices.SortStableFunc(spells, func(a, b spell) int { return a.from - b.from })
	}
	rows, err = table(administeredTable)
	for _, r := range rows {
		division, _ := strconv.ParseInt(r[0], 10, 64)
		by, _ := strconv.ParseInt(r[1], 10, 64)
		h.administered = append(h.administered, administration{ID(division) * spans[County], ID(by) * spans[County], number(r[2]), number(r[3])})
	}
	return h, err
}

// table reads one of the package's own CSV files without its comments and heading.
func table(text []byte) ([][]string, error) {
	r := csv.NewReader(bytes.NewReader(text))
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, errs.Wrap("place.table", err)
	}
	return rows[1:], nil
}

func number(s string) int {
	n, _ := strconv.Atoi(s) // empty is open
	return n
}

// ByCode finds the division that bore the code on the day. A code of nine or twelve digits is looked up by its county's code on the day and
// its own last digits.
func (g *Gazetteer) ByCode(code Code, on day.Date) (ID, error) {
	upper, rest := code.split()
	for i := range g.history.byCode[upper] {
		if s := &g.history.byCode[upper][i]; s.holds(monthOf(on)) {
			return g.below(s.id, rest, code)
		}
	}
	if id := upper.id(); len(g.history.byID[id]) == 0 { // units that the published tables never list
		if _, ok := g.upper[id]; ok {
			return g.below(id, rest, code)
		}
	}
	return 0, noCode(code, on, g.history.byCode[upper])
}

func (g *Gazetteer) below(upper, rest ID, code Code) (ID, error) {
	id := upper + rest
	if _, ok := g.Division(id); !ok {
		return 0, errs.New(errs.NotFound, "place.ByCode", fmt.Sprintf("没有编码 %s 的区划。", code), fmt.Sprintf("There is no division with the code %s.", code))
	}
	return id, nil
}

// noCode says that nobody bore the code on the day, and when somebody did.
func noCode(code Code, on day.Date, spells []spell) error {
	zh, en := fmt.Sprintf("%s 没有编码 %s 的区划。", on, code), fmt.Sprintf("On %s there was no division with the code %s.", on, code)
	for _, s := range spells {
		zh += fmt.Sprintf("%s 到 %s 是%s", months(s.from, "最早"), months(s.until, "至今"), s.name)
		en += fmt.Sprintf(" From %s to %s it was %s", months(s.from, "the beginning"), months(s.until, "now"), s.name)
		if s.successor != (Code{}) {
			zh += fmt.Sprintf(",后来的编码是 %s", s.successor)
			en += fmt.Sprintf(", which then got the code %s", s.successor)
		}
		zh, en = zh+"。", en+"."
	}
	return errs.New(errs.NotFound, "place.ByCode", zh, en)
}

func months(m int, open string) string {
	if m == 0 {
		return open
	}
	return fmt.Sprintf("%d-%02d", m/100, m%100)
}

// spellOn is what a province, prefecture or county was called on the day.
func (g *Gazetteer) spellOn(id ID, on day.Date) (spell, bool) {
	spells := g.history.byID[id]
	for i := range spells {
		if spells[i].holds(monthOf(on)) {
			return spells[i], true
		}
	}
	if d, ok := g.upper[id]; ok && len(spells) == 0 { // units that the published tables never list
		return spell{id: id, code: codeOf(id), name: d.Name}, true
	}
	return spell{}, false
}

// CodeOn is the division's code on the day, in as many digits as its level has: 2-digit pairs filled to six for provinces to counties, nine for
// a township, twelve for a village. False where it did not exist.
func (g *Gazetteer) CodeOn(id ID, on day.Date) (Code, bool) {
	upper, rest := id, ID(0)
	if id.Level() > County {
		upper = id.County()
		rest = id - upper
	}
	s, ok := g.spellOn(upper, on)
	if !ok {
		return Code{}, false
	}
	if _, exists := g.Division(id); !exists {
		return Code{}, false
	}
	return s.code.with(rest, id.Level()), true
}

// NameOn is the division's name on the day; a township or village has the name of the list. Empty where it did not exist.
func (g *Gazetteer) NameOn(id ID, on day.Date) string {
	if id.Level() > County {
		d, _ := g.Division(id)
		return d.Name
	}
	s, _ := g.spellOn(id, on)
	return s.name
}

// FullNameOn is the names from the province down as they were on the day: 河北省保定市满城县 in May 2015, 满城区 in June. The divisions above are
// those that the code of the day stands under.
func (g *Gazetteer) FullNameOn(id ID, on day.Date) string {
	code, ok := g.CodeOn(id, on)
	if !ok {
		return ""
	}
	var b strings.Builder
	county := code.id()
	for _, level := range []Level{Province, City} {
		if above := county.At(level); above != id && above.Level() == level {
			if up, err := g.ByCode(codeOf(above), on); err == nil && !g.isHeading(up) {
				b.WriteString(g.NameOn(up, on))
			}
		}
	}
	for _, level := range []Level{County, Township, Village} {
		if part := id.At(level); level <= id.Level() && part.Level() == level {
			b.WriteString(g.NameOn(part, on))
		}
	}
	if id.Level() < County {
		b.WriteString(g.NameOn(id, on))
	}
	return b.String()
}

func (g *Gazetteer) isHeading(id ID) bool { return g.upper[id].Kind == Heading }

// AdministeredBy is the division that manages this one on the day beside the tree of codes; false where the tree itself does.
func (g *Gazetteer) AdministeredBy(id ID, on day.Date) (ID, bool) {
	for _, a := range g.history.administered {
		s := spell{from: a.from, until: a.until}
		if a.division == id.County() && s.holds(monthOf(on)) {
			return a.by, true
		}
	}
	return 0, false
}
