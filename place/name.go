package place

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"liandong/errs"
)

// names finds the children of one division by name.
type names struct {
	exact map[string][]ID // as listed
	plain map[string][]ID // without 村民委员会 and the like
	bare  map[string][]ID // also without 村, 社区, 镇, 乡, …
}

// The endings that people write or leave out, longest first.
var (
	committees = []string{"社区居民委员会", "村民委员会", "居民委员会", "村委会", "居委会", "委员会"}
	endings    = []string{"街道办事处", "社区", "街道", "村", "镇", "乡", "县", "区", "市", "省"}
)

func plainName(s string) string {
	for _, c := range committees {
		if rest, ok := strings.CutSuffix(s, c); ok && rest != "" {
			return rest
		}
	}
	return s
}

func bareName(s string) string {
	s = plainName(s)
	for _, e := range endings {
		if rest, ok := strings.CutSuffix(s, e); ok && rest != "" {
			return rest
		}
	}
	return s
}

// clean folds spaces and full-width forms away.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '\t' || r == '\u00a0' || r == '\u3000':
			return -1
		case r >= '\uFF01' && r <= '\uFF5E':
			return r - 0xFEE0
		}
		return r
	}, s)
}

func (g *Gazetteer) names(parent ID) *names {
	if n, ok := g.nameIndex.Load(parent); ok {
		return n.(*names)
	}
	n := &names{exact: map[string][]ID{}, plain: map[string][]ID{}, bare: map[string][]ID{}}
	g.addNames(n, parent)
	kept, _ := g.nameIndex.LoadOrStore(parent, n)
	return kept.(*names)
}

func (g *Gazetteer) addNames(n *names, parent ID) {
	for _, d := range g.Children(parent) {
		if d.Kind == Heading { // 北京市东城区: what stands under a heading is named without it
			g.addNames(n, d.ID)
			continue
		}
		n.add(d.ID, clean(d.Name))
		for _, s := range g.history.byID[d.ID] { // former names lead to the same land
			if s.name != d.Name {
				n.add(d.ID, s.name)
			}
		}
	}
}

func (n *names) add(id ID, name string) {
	put(n.exact, name, id)
	put(n.plain, plainName(name), id)
	put(n.bare, bareName(name), id)
}

func put(m map[string][]ID, name string, id ID) {
	if !slices.Contains(m[name], id) {
		m[name] = append(m[name], id)
	}
}

// Within finds a child of a division by its name, as listed or as people shorten it. A name that fits several is refused with all of them, one
// that fits none with the nearest.
func (g *Gazetteer) Within(parent ID, name string) (ID, error) {
	n, wanted := g.names(parent), clean(name)
	for _, found := range [][]ID{n.exact[wanted], n.plain[plainName(wanted)], n.bare[bareName(wanted)]} {
		switch {
		case len(found) == 1:
			return found[0], nil
		case len(found) > 1:
			return 0, errs.New(errs.Invalid, "place.Within",
				fmt.Sprintf("%s有几个「%s」：%s。请写全称。", g.nameOf(parent), name, g.list(found)),
				fmt.Sprintf("%s has several %q: %s. Write the full name.", g.nameOf(parent), name, g.list(found)))
		}
	}
	near := g.Nearest(parent, name, 5)
	ids := make([]ID, 0, max(5, len(near)))
	for _, d := range near {
		ids = append(ids, d.ID)
	}
	if len(ids) == 0 { // nothing is near: the first ones show how names are written here
		children := g.Children(parent)
		for _, d := range children[:min(5, len(children))] {
			ids = append(ids, d.ID)
		}
		return 0, errs.New(errs.NotFound, "place.Within",
			fmt.Sprintf("%s没有「%s」，也没有相近的名称。这里有：%s等。", g.nameOf(parent), name, g.list(ids)),
			fmt.Sprintf("%s has no %q and nothing near it. There are %s and others.", g.nameOf(parent), name, g.list(ids)))
	}
	return 0, errs.New(errs.NotFound, "place.Within",
		fmt.Sprintf("%s没有「%s」。名称相近的有：%s。", g.nameOf(parent), name, g.list(ids)),
		fmt.Sprintf("%s has no %q. Near names: %s.", g.nameOf(parent), name, g.list(ids)))
}

func (g *Gazetteer) nameOf(id ID) string {
	d, _ := g.Division(id)
	return d.Name
}

func (g *Gazetteer) list(ids []ID) string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = plainName(g.nameOf(id))
	}
	return strings.Join(all, "、")
}

// Find goes down from the province by names: Find("河北省", "保定市", "阜平县"). Empty names are passed over, so that a table without a column for
// the prefecture of a municipality can be read.
func (g *Gazetteer) Find(path ...string) (ID, error) {
	id := Country
	for _, name := range path {
		if clean(name) == "" {
			continue
		}
		next, err := g.Within(id, name)
		if err != nil {
			return 0, err
		}
		id = next
	}
	return id, nil
}

// Nearest gives up to n children of a division whose names differ least from the name, nearest first, by the share of letters to change in the
// names without their endings; those that differ in more than two thirds are left out.
func (g *Gazetteer) Nearest(parent ID, name string, n int) []Division {
	type candidate struct {
		Division
		share float64
	}
	wanted := []rune(bareName(clean(name)))
	var near []candidate
	for _, d := range g.Children(parent) {
		other := []rune(bareName(clean(d.Name)))
		share := float64(errs.Distance(wanted, other)) / float64(max(len(wanted), len(other), 1))
		if share <= 2.0/3 {
			near = append(near, candidate{d, share})
		}
	}
	slices.SortStableFunc(near, func(a, b candidate) int { return cmp.Compare(a.share, b.share) })
	out := make([]Division, 0, n)
	for _, c := range near[:min(n, len(near))] {
		out = append(out, c.Division)
	}
	return out
}
