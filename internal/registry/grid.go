package registry

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"

	"liandong/errs"
	"liandong/form"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/place"
)

// Order says by which column a grid goes through the register.
type Order struct {
	Column     string // one of OrderColumns
	Descending bool
}

// orderColumns are the columns by which a grid may be ordered, under the names that readers of a grid use.
var orderColumns = []string{"head", "number", "village", "size", "status", "since", "valid", "findings"}

// OrderColumns lists the columns by which a grid may be ordered.
func OrderColumns() []string { return slices.Clone(orderColumns) }

// gridKey is the last household of a grid's page: its value in the ordered column, and itself.
type gridKey struct {
	Column     string `json:"column"`
	Descending bool   `json:"descending,omitempty"`
	Text       string `json:"text,omitempty"`
	Number     int64  `json:"number,omitempty"`
	Household  ID     `json:"household"`

	county place.ID
}

// Grid gives households in the order of a column over the whole scope, a page at a time, with the total of the filter. after is Page.Next of
// the page before. The rows of the page alone are read from the store.
func (r *Registry) Grid(ctx context.Context, scope access.Scope, f Filter, o Order, after string, limit int) (Page, error) {
	scope, value, err := gridScope(scope, f, o)
	if err != nil {
		return Page{}, err
	}
	key, err := parseGridKey(after, o)
	if err != nil {
		return Page{}, err
	}
	counties, columns, err := r.gridColumns(ctx, scope)
	if err != nil {
		return Page{}, err
	}
	limit = max(1, min(limit, maxPage))
	page := Page{Rows: []Row{}}
	first := firstKeys{most: limit + 1}
	for k, c := range columns {
		test := newRowTest(&f, scope, counties[k], c)
		for i, household := range c.households {
			if !test.shows(i) {
				continue
			}
			page.Total++
			at := gridKey{Column: o.Column, Descending: o.Descending, Household: household, county: counties[k]}
			at.Number, at.Text = value(c, i)
			if key == nil || key.compare(&at) < 0 {
				first.add(at)
			}
		}
	}
	keys := first.sorted()
	if len(keys) > limit {
		keys = keys[:limit]
		page.Next = keys[limit-1].String()
	}
	err = r.db.Read(ctx, func(tx *db.Tx) (err error) {
		page.Rows, err = gridRows(tx, scope, keys)
		return err
	})
	return page, err
}

// firstKeys keeps the first of many keys.
type firstKeys struct {
	most int
	keys []gridKey
	last *gridKey // of the first most, once there are so many
}

func (f *firstKeys) add(k gridKey) {
	if f.last != nil && f.last.compare(&k) <= 0 {
		return
	}
	if f.keys = append(f.keys, k); len(f.keys) >= 4*f.most {
		last := f.sorted()[f.most-1]
		f.last = &last
	}
}

// sorted puts them into order and lets those beyond the first go.
func (f *firstKeys) sorted() []gridKey {
	slices.SortFunc(f.keys, func(a, b gridKey) int { return a.compare(&b) })
	f.keys = f.keys[:min(len(f.keys), f.most)]
	return f.keys
}

// gridRows reads the rows of a page, masked, in the order of their keys. A household that left the lists meanwhile is not there.
func gridRows(tx *db.Tx, scope access.Scope, keys []gridKey) ([]Row, error) {
	of := map[place.ID][]any{}
	for i := range keys {
		of[keys[i].county] = append(of[keys[i].county], keys[i].Household)
	}
	found := make(map[ID]Row, len(keys))
	for county, households := range of {
		marks := strings.TrimSuffix(strings.Repeat("?, ", len(households)), ", ")
		rows, err := db.Collect(tx, scanCurrent, `SELECT `+currentColumns+` FROM household_current WHERE county = ? AND household IN (`+marks+`)`, append([]any{int64(county)}, households...)...)
		if err != nil {
			return nil, err
		}
		for i := range rows {
			found[rows[i].Household] = listed(rows[i], scope)
		}
	}
	page := make([]Row, 0, len(keys))
	for i := range keys {
		if row, ok := found[keys[i].Household]; ok && scope.Contains(row.Village) {
			page = append(page, row)
		}
	}
	return page, nil
}

// orderValue is what one row of columns is ordered by: a number or a text.
type orderValue func(c *gridColumns, i int) (int64, string)

func gridScope(scope access.Scope, f Filter, o Order) (access.Scope, orderValue, error) {
	if f.Division != 0 {
		scope = scope.Within(f.Division)
	}
	if f.Cause != 0 {
		scope = scope.AtLeast(form.Sensitive) // a count by cause tells the cause
	}
	if len(f.Numbers) > 0 || o.Column == "number" {
		scope = scope.AtLeast(form.Personal) // the number of a household is not shown to others
	}
	value, ok := orderValues()[o.Column]
	if ok {
		return scope, value, nil
	}
	list := strings.Join(OrderColumns(), ", ")
	return scope, nil, errs.New(errs.Invalid, "registry.Grid", "不能按「"+o.Column+"」排序。可用的有："+list+"。", "The grid has no order by \""+o.Column+"\". There are: "+list+".").At("sort")
}

// orderValues are read before anything is masked.
func orderValues() map[string]orderValue {
	number := func(column func(c *gridColumns) []int32) orderValue {
		return func(c *gridColumns, i int) (int64, string) { return int64(column(c)[i]), "" }
	}
	return map[string]orderValue{
		"head":     func(c *gridColumns, i int) (int64, string) { return 0, c.pinyin.at(i) },
		"number":   func(c *gridColumns, i int) (int64, string) { return 0, c.numbers.at(i) },
		"village":  func(c *gridColumns, i int) (int64, string) { return c.villages[i], "" },
		"size":     number(func(c *gridColumns) []int32 { return c.sizes }),
		"status":   number(func(c *gridColumns) []int32 { return c.statuses }),
		"since":    number(func(c *gridColumns) []int32 { return c.since }),
		"valid":    number(func(c *gridColumns) []int32 { return c.valid }),
		"findings": number(func(c *gridColumns) []int32 { return c.findings }),
	}
}

func (k *gridKey) compare(other *gridKey) int {
	order := cmp.Or(cmp.Compare(k.Number, other.Number), cmp.Compare(k.Text, other.Text))
	if k.Descending {
		order = -order
	}
	return cmp.Or(order, bytes.Compare(k.Household[:], other.Household[:]))
}

func (k *gridKey) String() string {
	text, _ := json.Marshal(k) // plain values always marshal
	return base64.RawURLEncoding.EncodeToString(text)
}

func parseGridKey(s string, o Order) (*gridKey, error) {
	if s == "" {
		return nil, nil
	}
	k := new(gridKey)
	text, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(text, k)
	}
	if err != nil || k.Column != o.Column || k.Descending != o.Descending {
		return nil, errs.New(errs.Invalid, "registry.Grid", "翻页标记无效，请从第一页开始。", "The page mark is not valid; begin with the first page.").At("after")
	}
	return k, nil
}
