package portfolio

import (
	"bytes"
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

// links are the filter's nouns.
func (f *Filter) links() []struct {
	kind Kind
	id   *ID
} {
	return []struct {
		kind Kind
		id   *ID
	}{{PlatformKind, f.Platform}, {AgreementKind, f.Agreement}, {OrganisationKind, f.Organisation}}
}

// where renders the filter, the scope and the day over project_state s.
func (f *Filter) where(scope access.Scope, m Moment) (string, []any) {
	terms := []string{"s.until_day > ?", "s.from_day <= ?"}
	args := []any{m.AsOf, m.AsOf}
	predicate, more := f.scopeOf(scope).Predicate("s.division")
	terms, args = append(terms, predicate), append(args, more...)
	for _, equal := range []struct{ column, value string }{{"programme", f.Programme}, {"sector", f.Sector}, {"zone", f.Zone}, {"origin", f.Origin}, {"moved", f.Function}, {"stage", string(f.Stage)}} {
		if equal.value == string(Unstated) {
			terms = append(terms, "s.stage = ''")
			continue
		}
		if equal.value != "" {
			terms, args = append(terms, "s."+equal.column+" = ?"), append(args, equal.value)
		}
	}
	if f.Light != nil {
		terms, args = append(terms, "s.light = ?"), append(args, int64(*f.Light))
	}
	if words := strings.TrimSpace(f.Words); words != "" {
		like := "%" + likeEscaper.Replace(words) + "%"
		terms, args = append(terms, `(s.name LIKE ? ESCAPE '!' OR s.number LIKE ? ESCAPE '!')`), append(args, like, like)
	}
	if f.Unsettled {
		terms = append(terms, `NOT EXISTS (SELECT 1 FROM project_link l WHERE l.kind = ? AND l.county = s.county AND l.project = s.project AND l.from_day <= ? AND l.until_day > ?)`)
		args = append(args, string(PlatformKind), m.AsOf, m.AsOf)
	}
	for _, l := range f.links() {
		if l.id != nil {
			terms = append(terms, `EXISTS (SELECT 1 FROM project_link l WHERE l.kind = ? AND l.target = ? AND l.county = s.county AND l.project = s.project AND l.from_day <= ? AND l.until_day > ?)`)
			args = append(args, string(l.kind), *l.id, m.AsOf, m.AsOf)
		}
	}
	return strings.Join(terms, " AND "), args
}

var likeEscaper = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

// List gives projects by name, a page at a time, with the total of the filter within the scope. after is Page.Next of the page before, empty for
// the first.
func (r *Room) List(ctx context.Context, scope access.Scope, f Filter, m Moment, after string, limit int) (Page, error) {
	key, err := parsePageKey(after)
	if err != nil {
		return Page{}, err
	}
	limit = max(1, min(limit, maxPage))
	if !m.KnownAt.IsZero() {
		return r.listAsKnown(ctx, scope, f, m, key, limit)
	}
	return read(ctx, r, func(tx *db.Tx) (Page, error) {
		where, args := f.where(scope, m)
		page := Page{}
		if err := tx.QueryRow(`SELECT COUNT(*) FROM project_state s WHERE `+where, args...).Scan(&page.Total); err != nil {
			return page, err
		}
		if after != "" {
			where, args = where+" AND (s.name > ? OR (s.name = ? AND s.project > ?))", append(args, key.Name, key.Name, key.Project)
		}
		rows, err := db.Collect(tx, scanState, `SELECT `+stateColumns+` FROM project_state s WHERE `+where+` ORDER BY s.name, s.project LIMIT ?`, append(args, limit+1)...)
		page.take(rows, limit)
		return page, err
	})
}

// take cuts a page and notes where the next begins.
func (p *Page) take(rows []State, limit int) {
	if len(rows) > limit {
		last := &rows[limit-1]
		p.Next = pageKey{last.Name, last.Project}.String()
		rows = rows[:limit]
	}
	p.Rows = rows
}

// listAsKnown is List over what was known at an earlier moment.
func (r *Room) listAsKnown(ctx context.Context, scope access.Scope, f Filter, m Moment, key pageKey, limit int) (Page, error) {
	all, err := r.filtered(ctx, scope, f, m)
	if err != nil {
		return Page{}, err
	}
	page := Page{Total: int64(len(all))}
	begin, _ := slices.BinarySearchFunc(all, key, func(s State, k pageKey) int {
		if c := cmp.Or(cmp.Compare(s.Name, k.Name), bytes.Compare(s.Project[:], k.Project[:])); c != 0 {
			return c
		}
		return -1 // the key's own row belongs to the page before
	})
	rest := all[begin:]
	page.take(rest[:min(len(rest), limit+1)], limit)
	return page, nil
}

// filtered gives the states that a filter lets through, at any moment.
func (r *Room) filtered(ctx context.Context, scope access.Scope, f Filter, m Moment) ([]State, error) {
	return read(ctx, r, func(tx *db.Tx) ([]State, error) {
		all, err := r.statesAt(tx, f.scopeOf(scope), m)
		if err != nil {
			return nil, err
		}
		wanted := map[ID]int{}
		links := 0
		for _, l := range f.links() {
			if l.id == nil {
				continue
			}
			by, err := r.linksAt(tx, l.kind, m)
			if err != nil {
				return nil, err
			}
			links++
			for _, project := range by[*l.id] {
				wanted[project]++
			}
		}
		settled := map[ID]bool{}
		if f.Unsettled {
			by, err := r.linksAt(tx, PlatformKind, m)
			if err != nil {
				return nil, err
			}
			for _, projects := range by {
				for _, project := range projects {
					settled[project] = true
				}
			}
		}
		return slices.DeleteFunc(all, func(s State) bool { return !f.lets(&s) || wanted[s.Project] < links || settled[s.Project] }), nil
	})
}

func (f *Filter) lets(s *State) bool {
	words := strings.TrimSpace(f.Words)
	return (f.Programme == "" || f.Programme == s.Programme) && (f.Sector == "" || f.Sector == s.Sector) && (f.Zone == "" || f.Zone == s.Zone) &&
		(f.Origin == "" || f.Origin == s.Origin) && (f.Function == "" || f.Function == s.Function) &&
		(f.Stage == "" || f.Stage == s.Stage || f.Stage == Unstated && s.Stage == "") && (f.Light == nil || *f.Light == s.Light) &&
		(words == "" || strings.Contains(s.Name, words) || strings.Contains(s.Number, words))
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
	if !m.KnownAt.IsZero() {
		return r.boardAsKnown(ctx, scope, f, m)
	}
	return read(ctx, r, func(tx *db.Tx) ([]Cell, error) {
		where, args := f.where(scope, m)
		cells, err := db.Collect(tx, func(rows *db.Rows) (c Cell, err error) {
			var light int64
			err = rows.Scan(&c.Stage, &light, &c.Projects, &c.Counted, &c.Amount)
			c.Light = Light(light)
			return c, err
		}, `SELECT s.stage, s.light, COUNT(*), CAST(SUM(s.counted) AS BIGINT), CAST(COALESCE(SUM(s.amount), 0) AS BIGINT) FROM project_state s WHERE `+where+` GROUP BY s.stage, s.light`, args...)
		sortCells(cells)
		return cells, err
	})
}

func (r *Room) boardAsKnown(ctx context.Context, scope access.Scope, f Filter, m Moment) ([]Cell, error) {
	all, err := r.filtered(ctx, scope, f, m)
	if err != nil {
		return nil, err
	}
	var cells []Cell
	for i := range all {
		s := &all[i]
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
