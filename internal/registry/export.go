package registry

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/ledger"
	"liandong/place"
	"liandong/sheet"
)

// Export says what leaves the register as a table.
type Export struct {
	Division place.ID
	At       Moment
	Layout   sheet.Layout // one of Layouts
	Secrets  bool         // ID numbers, phones and accounts in clear, for whoever may show them
	Reason   string       // why, for the log
	Notice   string       // stands below the table, such as that its people are made up
	Only     *Filter      // only the households that a grid with this filter lists now; nil for all that there were
}

// Exported counts what was written.
type Exported struct {
	Households int `json:"households"`
	Members    int `json:"members"`
}

// Export writes the households of a division within the actor's territory, a row for every member, in the order of villages and household
// numbers. It is written into the log before the first row leaves. Answers that the actor sees only masked are left empty, names are masked.
func (r *Registry) Export(ctx context.Context, actor access.Actor, e Export, open func(sheet.Table) (sheet.Writer, error)) (Exported, error) {
	today := day.InTime(r.now())
	scope, err := actor.Require(access.ExportRecords, today)
	if err != nil {
		return Exported{}, err
	}
	if scope = scope.Within(e.Division); scope.IsEmpty() {
		return Exported{}, access.NotFound(errs.Text{ZH: "区划", EN: "division"})
	}
	x := &exporter{r: r, e: e, scope: scope, secrets: actor.Scope(access.ShowSensitive, today), names: map[place.ID][]sheet.Cell{}}
	if e.Secrets && strings.TrimSpace(e.Reason) == "" {
		return Exported{}, reasonMissing()
	}
	x.bind()
	if e.Only != nil {
		if x.only, err = r.shown(ctx, scope, e.Only); err != nil {
			return Exported{}, err
		}
	}
	if err := r.logExport(ctx, actor, x); err != nil {
		return Exported{}, err
	}
	w, err := open(x.table())
	if err != nil {
		return Exported{}, err
	}
	for _, county := range r.counties {
		if !scope.Touches(county) {
			continue
		}
		if err := r.db.Read(ctx, func(tx *db.Tx) error { return x.county(tx, county, w) }); err != nil {
			return Exported{}, err
		}
	}
	return x.written, w.Close()
}

// logExport writes into the log of every county that an export of it begins.
func (r *Registry) logExport(ctx context.Context, actor access.Actor, x *exporter) error {
	what := "masked"
	if x.e.Secrets {
		what = "with secrets"
	}
	if x.only != nil {
		what += fmt.Sprintf(", %d chosen by a filter", len(x.only))
	}
	return r.db.Write(ctx, func(tx *db.Tx) error {
		for _, county := range r.counties {
			if !x.scope.Touches(county) {
				continue
			}
			entry := ledger.Entry{Kind: opExport, Text: fmt.Sprintf("%s %s %s %s", x.e.Division, x.e.Layout.Name, x.e.At.AsOf, what)}
			if _, err := ledger.Append(tx, int64(county), ledger.Act{Actor: actor.ID, Operation: opExport, Reason: x.e.Reason}, []ledger.Entry{entry}); err != nil {
				return err
			}
		}
		return nil
	})
}

// exporter writes one export.
type exporter struct {
	r       *Registry
	e       Export
	scope   access.Scope
	secrets access.Scope
	columns []exportColumn
	names   map[place.ID][]sheet.Cell // of a village's place, by level
	cells   []sheet.Cell
	only    map[ID]bool // nil for every household
	written Exported
}

// exportColumn is what a column of the layout is written from.
type exportColumn struct {
	level  int // of placeKeys, -1 for a field
	field  int // of the form or the member; -1 for the stated income
	member bool
}

func (x *exporter) bind() {
	root := x.r.form.Root
	members := root.Fields[x.r.fields.members].List
	for _, f := range x.e.Layout.Fields {
		c := exportColumn{level: slices.Index(placeKeys(), f.Key), field: -1}
		if path, ok := strings.CutPrefix(f.Key, prefixHouse); ok {
			c.field = root.Must(path)
		} else if path, ok := strings.CutPrefix(f.Key, prefixMember); ok {
			c.field, c.member = members.Must(path), true
		}
		x.columns = append(x.columns, c)
	}
	x.cells = make([]sheet.Cell, len(x.columns))
}

func (x *exporter) table() sheet.Table {
	t := x.r.EmptyTable(x.e.Layout)
	t.Footer = x.e.Notice
	if t.Titles != nil {
		t.Titles = append(t.Titles, x.r.places.FullNameOn(x.e.Division, x.e.At.AsOf)+" "+x.e.At.AsOf.String())
	}
	return t
}

// EmptyTable is a table of the layout with nothing but its headings, for people to fill in.
func (r *Registry) EmptyTable(layout sheet.Layout) sheet.Table {
	t := sheet.Table{Columns: make([]sheet.Column, len(layout.Fields))}
	if layout.Name == NationalLayout().Name {
		t.Titles = []string{nationalTitle}
	}
	for i, f := range layout.Fields {
		t.Columns[i] = sheet.Column{Heading: f.Heading(), Text: true}
	}
	return t
}

// exported is one household of a county, on its way to the file.
type exported struct {
	stored
	village place.ID
	number  string
}

// county writes a county's households. Their bodies are gathered first, because the table is in the order of villages and numbers and the
// store in that of ids.
func (x *exporter) county(tx *db.Tx, county place.ID, w sheet.Writer) error {
	all, err := x.gather(tx, county)
	if err != nil {
		return err
	}
	sortExported(all)
	for i := range all {
		if err := x.household(tx, &all[i], w); err != nil {
			return err
		}
	}
	return nil
}

func sortExported(all []exported) {
	slices.SortFunc(all, func(a, b exported) int {
		return cmp.Or(cmp.Compare(a.village, b.village), cmp.Compare(a.number, b.number), bytes.Compare(a.household[:], b.household[:]))
	})
}

func (x *exporter) gather(tx *db.Tx, county place.ID) ([]exported, error) {
	var all []exported
	record := x.r.form.Root.New()
	var newest stored
	take := func() error {
		if newest.body == nil || x.only != nil && !x.only[newest.household] {
			return nil
		}
		if err := x.r.form.DecodeInto(record, newest.body); err != nil {
			return err
		}
		village, _ := record.Value(x.r.fields.village)
		members, _ := record.Items(x.r.fields.members)
		if len(members) > 0 && x.scope.Contains(place.ID(village)) {
			number, _ := record.Text(x.r.fields.number)
			all = append(all, exported{newest, place.ID(village), strings.Clone(number)})
		}
		return nil
	}
	err := tx.Each(func(rows *db.Rows) error {
		next, err := scanRevision(rows)
		if err != nil {
			return err
		}
		if next.household != newest.household {
			if err := take(); err != nil {
				return err
			}
		}
		newest = next
		return nil
	}, `SELECT `+revisionColumns+` FROM household_revision WHERE county = ? AND valid_day <= ? AND recorded_at <= ?
		ORDER BY household, valid_day, recorded_at, revision`, int64(county), int64(x.e.At.AsOf.UnixDays()), x.e.At.known())
	if err != nil {
		return nil, err
	}
	return all, take()
}

// household writes a row for every member.
func (x *exporter) household(tx *db.Tx, e *exported, w sheet.Writer) error {
	record, err := x.r.form.Decode(e.body)
	if err != nil {
		return err
	}
	secrets := x.e.Secrets && x.secrets.Contains(e.village)
	if secrets {
		if err := x.r.reveal(tx, e.county, e.household, record); err != nil {
			return err
		}
	}
	seen := x.scope.Clear(e.village)
	members, _ := record.Items(x.r.fields.members)
	for _, m := range members {
		for i, c := range x.columns {
			switch {
			case c.level >= 0:
				x.cells[i] = x.placeOf(e.village)[c.level]
			case c.member:
				x.cells[i] = x.cell(m, c.field, seen, secrets)
			case c.field >= 0:
				x.cells[i] = x.cell(record, c.field, seen, secrets)
			default:
				x.cells[i] = statedCell(record)
			}
		}
		if err := w.Write(x.cells); err != nil {
			return err
		}
	}
	x.written.Households++
	x.written.Members += len(members)
	return nil
}

func (x *exporter) placeOf(village place.ID) []sheet.Cell {
	if cells, ok := x.names[village]; ok {
		return cells
	}
	var cells []sheet.Cell
	for level := place.Province; level <= place.Village; level++ {
		at := village.At(level)
		name := x.r.places.NameOn(at, x.e.At.AsOf)
		if name == "" { // made later: its name of today
			d, _ := x.r.places.Division(at)
			name = d.Name
		}
		cells = append(cells, sheet.TextCell(name))
	}
	x.names[village] = cells
	return cells
}

// cell is one answer as text, as the national system writes all its cells.
func (x *exporter) cell(r *form.Record, field int, seen form.Sensitivity, secrets bool) sheet.Cell {
	f := &r.Section().Fields[field]
	switch {
	case !r.Has(field):
		return sheet.Cell{}
	case f.Sensitivity == form.Encrypted && !secrets:
		return sheet.Cell{}
	case f.Sensitivity > seen && f.Sensitivity < form.Encrypted:
		if r.Section() != x.r.form.Root && field == x.r.fields.name {
			return sheet.TextCell(access.MaskName(r.WordsOf(field, "zh")))
		}
		return sheet.Cell{}
	}
	return sheet.TextCell(r.WordsOf(field, "zh"))
}

// statedCell is the net income per head that the incomes give, in yuan.
func statedCell(r *form.Record) sheet.Cell {
	income, ok := netIncomePerHead(r)
	if !ok {
		return sheet.Cell{}
	}
	return sheet.TextCell(fmt.Sprintf("%.2f", income/100))
}
