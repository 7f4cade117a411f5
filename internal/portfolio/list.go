package portfolio

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"

	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/money"
	"liandong/place"
)

// Filter says which projects a list or board shows. Zero values do not filter.
type Filter struct {
	Division     place.ID
	Programme    string
	Sector       string
	Zone         string
	Origin       string // the city it comes from
	Function     string // the kind of non-capital function that moves
	Stage        Stage
	Light        *Light
	Platform     *ID
	Unsettled    bool // on no platform
	Agreement    *ID
	Organisation *ID
	Words        string // part of the name or the number
}

// Page is a part of a list with its total, and where the next part begins.
type Page struct {
	Rows  []State
	Total int64
	Next  string
}

// maxPage bounds a page: what a person scrolls through; whoever wants all exports.
const maxPage = 200

// scopeOf is the scope with the filter's division.
func (f *Filter) scopeOf(scope access.Scope) access.Scope {
	if f.Division != 0 {
		return scope.Within(f.Division)
	}
	return scope
}

// linked is a noun that the projects of a filter belong to; nil names none.
type linked struct {
	kind Kind
	id   *ID
}

// links are the filter's nouns.
func (f *Filter) links() []linked {
	return []linked{{PlatformKind, f.Platform}, {AgreementKind, f.Agreement}, {OrganisationKind, f.Organisation}}
}

// List gives projects by name, a page at a time, with the total of the filter within the scope. after is Page.Next of the page before, empty for
// the first.
func (r *Room) List(ctx context.Context, scope access.Scope, f Filter, m Moment, after string, limit int) (Page, error) {
	key, err := parsePageKey(after)
	if err != nil {
		return Page{}, err
	}
	limit = max(1, min(limit, maxPage))
	all, err := r.filtered(ctx, scope, f, m)
	if err != nil {
		return Page{}, err
	}
	page := Page{Total: int64(len(all))}
	if after != "" {
		last := &State{Name: key.Name, Project: key.Project}
		begin, there := slices.BinarySearchFunc(all, last, byName)
		if there {
			begin++ // the key's own row belongs to the page before
		}
		all = all[begin:]
	}
	page.take(all, limit)
	return page, nil
}

// take cuts a page and notes where the next begins.
func (p *Page) take(rows []*State, limit int) {
	if len(rows) > limit {
		last := rows[limit-1]
		p.Next = pageKey{last.Name, last.Project}.String()
		rows = rows[:limit]
	}
	for _, s := range rows {
		p.Rows = append(p.Rows, *s)
	}
}

// filtered gives the states that a filter lets through, by name.
func (r *Room) filtered(ctx context.Context, scope access.Scope, f Filter, m Moment) ([]*State, error) {
	return read(ctx, r, func(tx *db.Tx) ([]*State, error) {
		v, err := r.viewAt(tx, m)
		if err != nil {
			return nil, err
		}
		wanted := map[ID]int{}
		links := 0
		for _, l := range f.links() {
			if l.id == nil {
				continue
			}
			links++
			for _, project := range v.links[l.kind][*l.id] {
				wanted[project]++
			}
		}
		settled := map[ID]bool{}
		if f.Unsettled {
			for _, projects := range v.links[PlatformKind] {
				for _, project := range projects {
					settled[project] = true
				}
			}
		}
		words, inside := strings.TrimSpace(f.Words), f.scopeOf(scope)
		var all []*State
		for _, s := range v.among(f.links()) {
			if f.lets(s) && inside.Contains(s.Division) && (links == 0 || wanted[s.Project] == links) && (!f.Unsettled || !settled[s.Project]) &&
				(words == "" || strings.Contains(s.Name, words) || strings.Contains(s.Number, words)) {
				all = append(all, s)
			}
		}
		return all, nil
	})
}

// among are the states by name that a filter's links may let through: those of the first noun that it names, or all.
func (v *view) among(links []linked) []*State {
	at := slices.IndexFunc(links, func(l linked) bool { return l.id != nil })
	if at < 0 {
		return v.states
	}
	var all []*State
	for _, project := range v.links[links[at].kind][*links[at].id] {
		if s := v.byProject[project]; s != nil {
			all = append(all, s)
		}
	}
	slices.SortFunc(all, byName)
	return all
}

func (f *Filter) lets(s *State) bool {
	return (f.Programme == "" || f.Programme == s.Programme) && (f.Sector == "" || f.Sector == s.Sector) && (f.Zone == "" || f.Zone == s.Zone) &&
		(f.Origin == "" || f.Origin == s.Origin) && (f.Function == "" || f.Function == s.Function) &&
		(f.Stage == "" || f.Stage == s.Stage || f.Stage == Unstated && s.Stage == "") && (f.Light == nil || *f.Light == s.Light)
}

// pageKey is the last project of a page.
type pageKey struct {
	Name    string `json:"name"`
	Project ID     `json:"project"`
}

func (k pageKey) String() string {
	text, _ := json.Marshal(k) // two plain values always marshal
	return base64.RawURLEncoding.EncodeToString(text)
}

func parsePageKey(s string) (k pageKey, err error) {
	if s == "" {
		return k, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(text, &k)
	}
	if err != nil {
		return k, errs.New(errs.Invalid, "portfolio.List", "翻页标记无效，请从第一页开始。", "The page mark is not valid; begin with the first page.")
	}
	return k, nil
}

// Cell is one part of the board: the projects of a stage and a light.
type Cell struct {
	Stage    Stage
	Light    Light
	Projects int64
	Counted  int64
	Amount   money.Fen // counted once; projects without an amount add nothing
}

// Board counts the projects of a filter by stage and light, with their money.
func (r *Room) Board(ctx context.Context, scope access.Scope, f Filter, m Moment) ([]Cell, error) {
	all, err := r.filtered(ctx, scope, f, m)
	if err != nil {
		return nil, err
	}
	var cells []Cell
	for _, s := range all {
		k := slices.IndexFunc(cells, func(c Cell) bool { return c.Stage == s.Stage && c.Light == s.Light })
		if k < 0 {
			k = len(cells)
			cells = append(cells, Cell{Stage: s.Stage, Light: s.Light})
		}
		cells[k].Projects++
		if s.Counted {
			cells[k].Counted++
		}
		if s.Amount != nil {
			cells[k].Amount += *s.Amount
		}
	}
	sortCells(cells)
	return cells, nil
}

// sortCells orders a board as people read it: from talks to operation, red first.
func sortCells(cells []Cell) {
	place := func(s Stage) int {
		return slices.IndexFunc(Stages(), func(c Choice) bool { return c.Code == string(s) })
	}
	slices.SortFunc(cells, func(a, b Cell) int {
		return cmp.Or(cmp.Compare(place(a.Stage), place(b.Stage)), cmp.Compare(b.Light, a.Light))
	})
}
