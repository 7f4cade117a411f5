package registry

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"

	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/place"
)

// sortByValid puts revisions into the order in which they hold: by valid date, then by time of recording.
func sortByValid(rows []stored) {
	slices.SortStableFunc(rows, func(a, b stored) int {
		if c := a.valid.Compare(b.valid); c != 0 {
			return c
		}
		return int(min(max(a.recordedAt-b.recordedAt, -1), 1))
	})
}

// Filter says which households a list shows. Zero values do not filter.
type Filter struct {
	Division  place.ID // a county, township or village; the zero id is everything in scope
	Statuses  []Status
	Attribute int64
	Cause     int64
	Findings  bool     // only households with open findings
	Numbers   []string // only households with these numbers
}

// Row is one household of a list, newest state, masked as the reader's role says.
type Row struct {
	Household ID       `json:"id"`
	County    place.ID `json:"county"`
	Village   place.ID `json:"village"`
	Number    string   `json:"number"`
	Head      string   `json:"head"`
	Size      int      `json:"size"`
	Status    Status   `json:"-"`
	Since     day.Date `json:"since"`
	Attribute int64    `json:"-"`
	Cause     int64    `json:"-"`
	Valid     day.Date `json:"valid"`
	Version   int64    `json:"version"`
	Findings  int      `json:"findings"`
}

// Page is a part of a list with its total, and where the next part begins.
type Page struct {
	Rows  []Row  `json:"rows"`
	Total int64  `json:"total"`
	Next  string `json:"next,omitempty"`
}

// The greatest number of rows a page may have: what a person scrolls through; whoever wants all exports.
const maxPage = 200

// List gives households by their head's pinyin, a page at a time, with the total of the filter within the scope. after is Page.Next of the page
// before, empty for the first.
func (r *Registry) List(ctx context.Context, scope access.Scope, f Filter, after string, limit int) (Page, error) {
	if f.Division != 0 {
		scope = scope.Within(f.Division)
	}
	if f.Cause != 0 {
		scope = scope.AtLeast(form.Sensitive) // a count by cause tells the cause
	}
	key, err := parsePageKey(after)
	if err != nil {
		return Page{}, err
	}
	limit = max(1, min(limit, maxPage))
	var page Page
	err = r.db.Read(ctx, func(tx *db.Tx) error {
		page = Page{Rows: []Row{}}
		for _, county := range r.counties {
			if !scope.Touches(county) {
				continue
			}
			if err := r.listCounty(tx, scope, county, f, key, limit, &page); err != nil {
				return err
			}
		}
		return nil
	})
	return page, err
}

// listCounty adds a county's households to the page until it is full, and its total. Counties follow each other in the order of their ids.
func (r *Registry) listCounty(tx *db.Tx, scope access.Scope, county place.ID, f Filter, key pageKey, limit int, page *Page) error {
	where, args := f.where(scope, county)
	var total int64
	if err := tx.QueryRow(`SELECT COUNT(*) FROM household_current WHERE `+where, args...).Scan(&total); err != nil {
		return err
	}
	page.Total += total
	room := limit - len(page.Rows)
	if county < key.County || (room <= 0 && page.Next != "") {
		return nil
	}
	if county == key.County {
		where += " AND (pinyin > ? OR (pinyin = ? AND household > ?))"
		args = append(args, key.Pinyin, key.Pinyin, key.Household)
	}
	type keyed struct {
		Row
		pinyin string
	}
	rows, err := db.Collect(tx, func(rows *db.Rows) (keyed, error) {
		var k keyed
		c, pinyin, err := scanListed(rows)
		k.Row, k.pinyin = listed(c, scope), pinyin
		return k, err
	}, `SELECT `+currentColumns+`, pinyin FROM household_current WHERE `+where+` ORDER BY county, pinyin, household LIMIT ?`, append(args, room+1)...)
	if err != nil {
		return err
	}
	for i, k := range rows {
		if i == room {
			last := rows[max(i-1, 0)]
			if i == 0 { // the page was full before this county began
				page.Next = pageKey{County: county}.String()
			} else {
				page.Next = pageKey{County: county, Pinyin: last.pinyin, Household: last.Household}.String()
			}
			return nil
		}
		page.Rows = append(page.Rows, k.Row)
	}
	return nil
}

func scanListed(rows *db.Rows) (current, string, error) {
	var c current
	var county, village, status, statusDay, valid, size, findings int64
	var pinyin string
	err := rows.Scan(&county, &c.Household, &village, &c.Number, &c.Head, &size, &c.Attribute, &c.Cause, &status, &statusDay, &valid,
		&c.Revision, &c.Version, &findings, &pinyin)
	c.County, c.Village, c.Status, c.Size, c.Findings = place.ID(county), place.ID(village), Status(status), int(size), int(findings)
	c.StatusDay, c.Valid = dayOf(statusDay), dayOf(valid)
	return c, pinyin, err
}

// listed is a narrow row as the reader may see it.
func listed(c current, scope access.Scope) Row {
	row := Row{
		Household: c.Household, County: c.County, Village: c.Village, Number: c.Number, Head: c.Head, Size: c.Size, Status: c.Status,
		Since: c.StatusDay, Attribute: c.Attribute, Cause: c.Cause, Valid: c.Valid, Version: c.Version, Findings: c.Findings,
	}
	row.mask(scope.Clear(c.Village))
	return row
}

// where renders the filter and the scope for one county.
func (f Filter) where(scope access.Scope, county place.ID) (string, []any) {
	predicate, args := scope.Within(county).Predicate("village")
	terms := []string{"county = ?"}
	args = append([]any{int64(county)}, args...)
	if !scope.Contains(county) {
		terms = append(terms, predicate)
	} else {
		args = args[:1]
	}
	if len(f.Statuses) > 0 {
		marks := make([]string, len(f.Statuses))
		for i, s := range f.Statuses {
			marks[i] = "?"
			args = append(args, int64(s))
		}
		terms = append(terms, "status IN ("+strings.Join(marks, ", ")+")")
	}
	for _, equal := range []struct {
		column string
		value  int64
	}{{"attribute", f.Attribute}, {"cause", f.Cause}} {
		if equal.value != 0 {
			terms = append(terms, equal.column+" = ?")
			args = append(args, equal.value)
		}
	}
	if len(f.Numbers) > 0 {
		marks := make([]string, len(f.Numbers))
		for i, number := range f.Numbers {
			marks[i] = "?"
			args = append(args, number)
		}
		terms = append(terms, "number IN ("+strings.Join(marks, ", ")+")")
	}
	if f.Findings {
		terms = append(terms, "findings > 0")
	}
	return strings.Join(terms, " AND "), args
}

// pageKey is the last household of a page.
type pageKey struct {
	County    place.ID `json:"county"`
	Pinyin    string   `json:"pinyin"`
	Household ID       `json:"household"`
}

func (k pageKey) String() string {
	text, _ := json.Marshal(k) // three plain values always marshal
	return base64.RawURLEncoding.EncodeToString(text)
}

func parsePageKey(s string) (pageKey, error) {
	if s == "" {
		return pageKey{}, nil
	}
	var k pageKey
	text, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(text, &k)
	}
	if err != nil {
		return pageKey{}, errs.New(errs.Invalid, "registry.List", "翻页标记无效，请从第一页开始。", "The page mark is not valid; begin with the first page.")
	}
	return k, nil
}

// mask hides what the reader's role does not see in clear.
func (row *Row) mask(seen form.Sensitivity) {
	if seen < form.Personal {
		row.Head, row.Number = access.MaskName(row.Head), ""
	}
	if seen < form.Sensitive {
		row.Cause = 0
	}
}
