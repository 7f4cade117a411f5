package profile

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"liandong/column"
	"liandong/day"
	"liandong/errs"
	"liandong/internal/registry"
	"liandong/place"
)

// Breakdown is a way to part the people of a division.
type Breakdown struct {
	Name  string
	Title errs.Text

	path string // of the form's field; "" for those that are made otherwise
}

// unstated is the group of those of whom the register does not say.
const unstated = "unstated"

// Breakdowns lists the ways to part people, in the order in which an office asks for them.
func Breakdowns() []Breakdown {
	return []Breakdown{
		{"division", errs.Text{ZH: "下一级区划", EN: "Divisions one level below"}, ""},
		{"cause", errs.Text{ZH: "主要致贫原因", EN: "Main cause"}, "main_cause"},
		{"attribute", errs.Text{ZH: "户类型", EN: "Attribute"}, "attribute"},
		{"status", errs.Text{ZH: "建档状态", EN: "Register status"}, ""},
		{"size", errs.Text{ZH: "家庭人数", EN: "Size of household"}, ""},
		{"labour", errs.Text{ZH: "劳动能力", EN: "Labour"}, "members.labour"},
		{"age", errs.Text{ZH: "年龄", EN: "Age"}, ""},
		{"sex", errs.Text{ZH: "性别", EN: "Sex"}, "members.sex"},
		{"education", errs.Text{ZH: "文化程度", EN: "Education"}, "members.education"},
	}
}

// breakdownOf finds a breakdown by its name for the people of a division; "" is none.
func breakdownOf(name string, division place.ID) (*Breakdown, error) {
	b, err := breakdown(name)
	if b != nil && b.Name == "division" && division.Level() >= place.Village {
		return nil, errs.New(errs.Usage, "profile.breakdown", "村以下没有可分的区划。", "There is no division below a village.")
	}
	return b, err
}

func breakdown(name string) (*Breakdown, error) {
	if name == "" {
		return nil, nil
	}
	all := Breakdowns()
	at := slices.IndexFunc(all, func(b Breakdown) bool { return b.Name == name })
	if at < 0 {
		names := make([]string, len(all))
		for i := range all {
			names[i] = all[i].Name
		}
		list := strings.Join(names, ", ")
		return nil, errs.New(errs.Usage, "profile.breakdown", "没有「"+name+"」这种分组。有："+list+"。", "There is no breakdown \""+name+"\". There are: "+list+".")
	}
	return &all[at], nil
}

// byMember reports whether members of one household may fall into different groups.
func (b *Breakdown) byMember() bool {
	return b != nil && (b.Name == "age" || strings.HasPrefix(b.path, "members."))
}

// people are the records that are measured: households weighted by their members, or persons.
type people struct {
	income    []float64
	weight    []float64
	code      []int32 // of the group, by Groups
	groups    []Group
	unknown   int64 // households without a known income
	known     int64
	persons   int64
	keys      map[string]int32
	household []int64 // of each group: the last household counted, so that one with several members in it counts once
}

func (r *Room) gather(parts []part, q *Request, b *Breakdown) *people {
	p := &people{keys: map[string]int32{}}
	for i := range parts {
		s := &parts[i]
		members := s.Table.Lookup("members")
		bounds, status := members.Offsets(), s.Table.Lookup("register.status").Uint8s()
		group := r.grouping(s, q, b)
		for row := s.from; row < s.to; row++ {
			size := int(bounds[row+1] - bounds[row])
			if size == 0 || (q.Poor && !registry.Status(status[row]).Poor()) {
				continue
			}
			if math.IsNaN(s.income[row]) {
				p.unknown++
				continue
			}
			p.known++
			p.persons += int64(size)
			switch {
			case b == nil:
				p.income, p.weight = append(p.income, s.income[row]), append(p.weight, float64(size))
			case b.byMember():
				for m := int(bounds[row]); m < int(bounds[row+1]); m++ {
					p.add(group(row, m), s.income[row], 1)
				}
			default:
				p.add(group(row, 0), s.income[row], float64(size))
			}
		}
	}
	p.sort()
	return p
}

func (p *people) add(g Group, income, weight float64) {
	at, seen := p.keys[g.Key]
	if !seen {
		at = int32(len(p.groups))
		p.keys[g.Key], p.groups, p.household = at, append(p.groups, g), append(p.household, -1)
	}
	p.income, p.weight, p.code = append(p.income, income), append(p.weight, weight), append(p.code, at)
	p.groups[at].Persons += int64(weight)
	if p.household[at] != p.known {
		p.household[at] = p.known
		p.groups[at].Households++
	}
}

// sort brings the groups into the order of their places in a code list, an age, a division, those of whom nothing is said last.
func (p *people) sort() {
	from := make([]int32, len(p.groups))
	for i := range from {
		from[i] = int32(i)
	}
	slices.SortStableFunc(from, func(a, b int32) int { return strings.Compare(p.groups[a].order(), p.groups[b].order()) })
	to, sorted := make([]int32, len(from)), make([]Group, len(from))
	for i, old := range from {
		to[old], sorted[i] = int32(i), p.groups[old]
	}
	for i, c := range p.code {
		p.code[i] = to[c]
	}
	p.groups = sorted
}

func (g *Group) order() string {
	if g.Key == unstated {
		return "~"
	}
	return g.sort
}

// grouping gives the group of a household, or of a member by its place in the list.
func (r *Room) grouping(s *part, q *Request, b *Breakdown) func(row, member int) Group {
	if b == nil {
		return nil
	}
	switch b.Name {
	case "division":
		return r.byDivision(s, q)
	case "status":
		status := s.Table.Lookup("register.status").Uint8s()
		return func(row, _ int) Group {
			v := registry.Status(status[row])
			return Group{Key: v.String(), Title: v.Text(), sort: fmt.Sprintf("%03d", v)}
		}
	case "size":
		bounds := s.Table.Lookup("members").Offsets()
		return func(row, _ int) Group { return sizeGroup(int(bounds[row+1] - bounds[row])) }
	case "age":
		born := s.Table.Lookup("members.born")
		return func(_, member int) Group { return r.ageGroup(born, member, q.At.AsOf) }
	}
	values := s.Table.Lookup(b.path)
	titles := r.codes(b.path)
	at := func(row, _ int) int { return row }
	if b.byMember() {
		at = func(_, member int) int { return member }
	}
	return func(row, member int) Group {
		v, known := values.Value(at(row, member))
		if !known {
			return unstatedGroup()
		}
		return titles[v]
	}
}

func unstatedGroup() Group {
	return Group{Key: unstated, Title: errs.Text{ZH: "未登记", EN: "Not stated"}}
}

func (r *Room) byDivision(s *part, q *Request) func(row, member int) Group {
	level := q.Level
	if level == 0 {
		level = q.Division.Level() + 1
	}
	keys := s.Table.Keys()
	return func(row, _ int) Group {
		at := place.ID(keys.Division[row]).At(level)
		return Group{Key: at.String(), Division: at, sort: fmt.Sprintf("%020d", int64(at))}
	}
}

func sizeGroup(n int) Group {
	const most = 6
	if n >= most {
		return Group{Key: "6+", Title: errs.Text{ZH: "6 人及以上", EN: "6 or more"}, sort: "6"}
	}
	text := strconv.Itoa(n)
	return Group{Key: text, Title: errs.Text{ZH: text + " 人", EN: text}, sort: text}
}

// ageGroup is the band of an age in full years on the day.
func (r *Room) ageGroup(born *column.Column, member int, on day.Date) Group {
	v, known := born.Value(member)
	if !known {
		return unstatedGroup()
	}
	age := day.FromUnixDays(int(v)).AgeOn(on)
	ages := r.rules.Ages
	at := 0
	for at+1 < len(ages) && age >= ages[at+1] {
		at++
	}
	if at+1 == len(ages) {
		return Group{Key: fmt.Sprintf("%d+", ages[at]), Title: errs.Text{ZH: fmt.Sprintf("%d 岁及以上", ages[at]), EN: fmt.Sprintf("%d and over", ages[at])}, sort: fmt.Sprintf("%03d", at)}
	}
	last := ages[at+1] - 1
	return Group{Key: fmt.Sprintf("%d-%d", ages[at], last), Title: errs.Text{ZH: fmt.Sprintf("%d 至 %d 岁", ages[at], last), EN: fmt.Sprintf("%d to %d", ages[at], last)}, sort: fmt.Sprintf("%03d", at)}
}

// codes are the groups of a coded field, by the number of the code.
func (r *Room) codes(path string) map[int64]Group {
	groups := map[int64]Group{}
	schema, name := r.form.Root.Schema(), path
	if rest, ok := strings.CutPrefix(path, "members."); ok {
		at, _ := schema.Lookup("members")
		schema, name = schema.Fields[at].List, rest
	}
	at, _ := schema.Lookup(name)
	for _, e := range schema.Fields[at].Codes {
		groups[int64(e.Number)] = Group{Key: e.Code, Title: e.Title, sort: fmt.Sprintf("%03d", e.Number)}
	}
	return groups
}
