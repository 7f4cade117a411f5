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

// orderColumns are the columns of household_current by which a grid may be ordered, under the names that readers of a grid use.
var orderColumns = []struct{ name, column string }{
	{"head", "pinyin"},
	{"number", "number"},
	{"village", "village"},
	{"size", "size"},
	{"status", "status"},
	{"since", "status_day"},
	{"valid", "valid_day"},
	{"findings", "findings"},
}

// OrderColumns lists the columns by which a grid may be ordered.
func OrderColumns() []string {
	names := make([]string, len(orderColumns))
	for i, c := range orderColumns {
		names[i] = c.name
	}
	return names
}

// gridKey is the last household of a grid's page: its value in the ordered column, and itself.
type gridKey struct {
	Column     string `json:"column"`
	Descending bool   `json:"descending,omitempty"`
	Text       string `json:"text,omitempty"`
	Number     int64  `json:"number,omitempty"`
	Household  ID     `json:"household"`
}

// gridRow is a row with what it is ordered by.
type gridRow struct {
	Row
	key gridKey
}

// Grid gives households in the order of a column over the whole scope, a page at a time, with the total of the filter. after is Page.Next of
// the page before. Every county gives its first rows, and the first of those are the page.
func (r *Registry) Grid(ctx context.Context, scope access.Scope, f Filter, o Order, after string, limit int) (Page, error) {
	scope, column, err := gridScope(scope, f, o)
	if err != nil {
		return Page{}, err
	}
	key, err := parseGridKey(after, o)
	if err != nil {
		return Page{}, err
	}
	limit = max(1, min(limit, maxPage))
	page := Page{Rows: []Row{}}
	var rows []gridRow
	err = r.db.Read(ctx, func(tx *db.Tx) error {
		rows, page.Total = nil, 0
		for _, county := range r.counties {
			if !scope.Touches(county) {
				continue
			}
			total, some, err := gridCounty(tx, scope, county, f, o, column, key, limit+1)
			if err != nil {
				return err
			}
			page.Total += total
			rows = append(rows, some...)
		}
		return nil
	})
	if err != nil {
		return Page{}, err
	}
	slices.SortFunc(rows, func(a, b gridRow) int { return a.key.compare(&b.key) })
	if len(rows) > limit {
		rows = rows[:limit]
		page.Next = rows[limit-1].key.String()
	}
	for _, row := range rows {
		page.Rows = append(page.Rows, row.Row)
	}
	return page, nil
}

func gridScope(scope access.Scope, f Filter, o Order) (access.Scope, string, error) {
	if f.Division != 0 {
		scope = scope.Within(f.Division)
	}
	if f.Cause != 0 {
		scope = scope.AtLeast(form.Sensitive) // a count by cause tells the cause
	}
	if len(f.Numbers) > 0 || o.Column == "number" {
		scope = scope.AtLeast(form.Personal) // the number of a household is not shown to others
	}
	for _, c := range orderColumns {
		if c.name == o.Column {
			return scope, c.column, nil
		}
	}
	list := strings.Join(OrderColumns(), ", ")
	return scope, "", errs.New(errs.Invalid, "registry.Grid", "不能按「"+o.Column+"」排序。可用的有："+list+"。", "The grid has no order by \""+o.Column+"\". There are: "+list+".").At("sort")
}

// gridCounty is one county's total and its first rows after the key.
func gridCounty(tx *db.Tx, scope access.Scope, county place.ID, f Filter, o Order, column string, key *gridKey, limit int) (total int64, rows []gridRow, err error) {
	where, args := f.where(scope, county)
	if err := tx.QueryRow(`SELECT COUNT(*) FROM household_current WHERE `+where, args...).Scan(&total); err != nil {
		return 0, nil, err
	}
	further, direction := ">", ""
	if o.Descending {
		further, direction = "<", " DESC"
	}
	if key != nil {
		where += " AND (" + column + " " + further + " ? OR (" + column + " = ? AND household > ?))"
		args = append(args, key.value(), key.value(), key.Household)
	}
	rows, err = db.Collect(tx, func(rows *db.Rows) (gridRow, error) {
		c, pinyin, err := scanListed(rows)
		return gridRow{listed(c, scope), gridKeyOf(&c, pinyin, o)}, err
	}, `SELECT `+currentColumns+`, pinyin FROM household_current WHERE `+where+` ORDER BY `+column+direction+`, household LIMIT ?`, append(args, limit)...)
	return total, rows, err
}

// gridKeyOf is where a household stands in the order. It is taken before anything is masked.
func gridKeyOf(c *current, pinyin string, o Order) gridKey {
	k := gridKey{Column: o.Column, Descending: o.Descending, Household: c.Household}
	switch o.Column {
	case "head":
		k.Text = pinyin
	case "number":
		k.Text = c.Number
	case "village":
		k.Number = int64(c.Village)
	case "size":
		k.Number = int64(c.Size)
	case "status":
		k.Number = int64(c.Status)
	case "since":
		k.Number = dayNumber(c.StatusDay)
	case "valid":
		k.Number = dayNumber(c.Valid)
	case "findings":
		k.Number = int64(c.Findings)
	}
	return k
}

func (k *gridKey) value() any {
	if k.Column == "head" || k.Column == "number" {
		return k.Text
	}
	return k.Number
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
