package registry

import (
	"context"
	"io"
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

// DifferenceKind says how a table and the register part.
type DifferenceKind string

// The kinds of difference.
const (
	OnlyInFile     DifferenceKind = "only_in_file"     // 对方有、本册无
	OnlyInRegister DifferenceKind = "only_in_register" // 本册有、对方无
	OtherAnswer    DifferenceKind = "other_answer"     // 内容不一致
	NotComparable  DifferenceKind = "not_comparable"   // 对方的内容看不懂
)

// Text is the kind in both languages.
func (k DifferenceKind) Text() errs.Text {
	switch k {
	case OnlyInFile:
		return errs.Text{ZH: "对方有、本册无", EN: "only in the file"}
	case OnlyInRegister:
		return errs.Text{ZH: "本册有、对方无", EN: "only in the register"}
	case NotComparable:
		return errs.Text{ZH: "对方的内容看不懂", EN: "cannot be read"}
	}
	return errs.Text{ZH: "内容不一致", EN: "other answer"}
}

// Difference is one line of the list of differences 差异清单.
type Difference struct {
	Kind    DifferenceKind `json:"kind"`
	Row     int            `json:"row,omitempty"` // of the file; 0 for what only the register has
	Number  string         `json:"number"`        // of the household
	Name    string         `json:"name"`          // of the member, or of the head
	Heading string         `json:"heading,omitempty"`
	Ours    string         `json:"ours"`
	Theirs  string         `json:"theirs"`
}

// Differences compares a table of the national or the own layout with the register as of a moment, cell by cell, within the actor's territory:
// what only one of them has, and where their answers differ. An empty cell is an answer here: the other system has none. Households of villages
// that the table does not name are left out. Answers that the actor sees only masked are not compared. It is logged like an export.
func (r *Registry) Differences(ctx context.Context, actor access.Actor, book *sheet.Book, at Moment, reason string) ([]Difference, error) {
	today := day.InTime(r.now())
	scope, err := actor.Require(access.ExportRecords, today)
	if err != nil {
		return nil, err
	}
	detection, err := sheet.Detect(book, Layouts(r.form)...)
	if err != nil {
		return nil, err
	}
	match, err := detection.Best()
	if err != nil {
		return nil, err
	}
	rd := r.newReader(match, at.AsOf)
	if err := rd.read(ctx, book, nil); err != nil {
		return nil, err
	}
	c := &comparer{r: r, rd: rd, scope: scope, secrets: actor.Scope(access.ShowSensitive, today), at: at, differences: []Difference{}}
	if err := c.logged(ctx, actor, reason); err != nil {
		return nil, err
	}
	err = r.db.Read(ctx, func(tx *db.Tx) error {
		c.differences = c.differences[:0]
		return c.compare(tx)
	})
	return c.differences, err
}

type comparer struct {
	r              *Registry
	rd             *reader
	scope, secrets access.Scope
	at             Moment
	differences    []Difference

	seen   form.Sensitivity // of the household being compared
	opened bool             // its secrets are compared too
}

// counties are those that the file's households lie in.
func (c *comparer) counties() map[place.ID]map[place.ID]bool {
	villages := map[place.ID]map[place.ID]bool{}
	for _, t := range c.rd.order {
		v, ok := t.record.Value(c.r.fields.village)
		if !ok || !c.scope.Contains(place.ID(v)) {
			continue
		}
		if villages[t.county] == nil {
			villages[t.county] = map[place.ID]bool{}
		}
		villages[t.county][place.ID(v)] = true
	}
	return villages
}

func (c *comparer) logged(ctx context.Context, actor access.Actor, reason string) error {
	return c.r.db.Write(ctx, func(tx *db.Tx) error {
		for county := range c.counties() {
			entry := ledger.Entry{Kind: opExport, Text: "differences " + c.at.AsOf.String()}
			if _, err := ledger.Append(tx, int64(county), ledger.Act{Actor: actor.ID, Operation: opExport, Reason: reason}, []ledger.Entry{entry}); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c *comparer) compare(tx *db.Tx) error {
	ours := map[place.ID]map[string]*form.Record{}
	var order []exported
	for county, villages := range c.counties() {
		x := &exporter{r: c.r, e: Export{At: c.at}, scope: c.scope}
		all, err := x.gather(tx, county)
		if err != nil {
			return err
		}
		ours[county] = map[string]*form.Record{}
		for i := range all {
			if !villages[all[i].village] {
				continue
			}
			record, err := c.open(tx, &all[i])
			if err != nil {
				return err
			}
			ours[county][all[i].number] = record
			order = append(order, all[i])
		}
	}
	for _, t := range c.rd.order {
		c.household(t, ours)
	}
	sortExported(order)
	for i := range order {
		if record := ours[order[i].county][order[i].number]; record != nil { // not taken by the file
			s := c.r.fields.summarise(record)
			c.add(Difference{Kind: OnlyInRegister, Number: order[i].number, Name: c.name(order[i].village, s.head)})
		}
	}
	return nil
}

// open decodes a household with the secrets that the actor may see.
func (c *comparer) open(tx *db.Tx, e *exported) (*form.Record, error) {
	record, err := c.r.form.Decode(e.body)
	if err != nil || !c.secrets.Contains(e.village) {
		return record, err
	}
	return record, c.r.reveal(tx, e.county, e.household, record)
}

func (c *comparer) add(d Difference) { c.differences = append(c.differences, d) }

func (c *comparer) name(village place.ID, name string) string {
	if c.scope.Clear(village) < form.Personal {
		return access.MaskName(name)
	}
	return name
}

// household compares one household of the file and takes it off the register's list.
func (c *comparer) household(t *taken, ours map[place.ID]map[string]*form.Record) {
	for _, f := range t.findings {
		if f.Severity == form.Error {
			c.add(Difference{Kind: NotComparable, Row: f.Row, Number: t.record.String("number"), Heading: f.Column, Theirs: f.Text.ZH})
		}
	}
	village, ok := t.record.Value(c.r.fields.village)
	if !ok || !c.scope.Contains(place.ID(village)) {
		return // told above as an unknown village, or none of the asker's business
	}
	number := t.record.String("number")
	record := ours[t.county][number]
	theirs := c.r.fields.summarise(t.record)
	if record == nil {
		c.add(Difference{Kind: OnlyInFile, Row: t.rows[0], Number: number, Name: c.name(place.ID(village), theirs.head)})
		return
	}
	delete(ours[t.county], number)
	c.seen, c.opened = c.scope.Clear(place.ID(village)), c.secrets.Contains(place.ID(village))
	c.answers(Difference{Kind: OtherAnswer, Row: t.rows[0], Number: number, Name: c.name(place.ID(village), theirs.head)}, record, t.record, false)
	members, _ := record.Items(c.r.fields.members)
	found := make([]bool, len(members))
	for i := range t.members {
		m := &t.members[i]
		name, _ := m.record.Text(c.r.fields.name)
		name = c.name(place.ID(village), name)
		line := Difference{Kind: OtherAnswer, Row: m.row, Number: number, Name: name}
		same := c.r.sameMember(members, m.record)
		if same == nil {
			c.add(Difference{Kind: OnlyInFile, Row: m.row, Number: number, Name: name})
			continue
		}
		found[slices.Index(members, same)] = true
		c.answers(line, same, m.record, true)
	}
	for k := range members {
		if !found[k] {
			name, _ := members[k].Text(c.r.fields.name)
			c.add(Difference{Kind: OnlyInRegister, Number: number, Name: c.name(place.ID(village), name)})
		}
	}
}

// answers compares the cells that the file's layout has and the actor sees, and adds a line for each that differs.
func (c *comparer) answers(line Difference, ours, theirs *form.Record, member bool) {
	for _, column := range c.rd.columns {
		if column.member != member {
			continue
		}
		if f := &ours.Section().Fields[column.field]; f.Sensitivity > c.seen && (f.Sensitivity < form.Encrypted || !c.opened) {
			continue
		}
		a, b := ours.WordsOf(column.field, "zh"), theirs.WordsOf(column.field, "zh")
		if strings.TrimSpace(a) != strings.TrimSpace(b) {
			line.Heading, line.Ours, line.Theirs = c.rd.match.Heading(column.column), a, b
			c.add(line)
		}
	}
}

// WriteDifferences writes the list of differences as a workbook.
func WriteDifferences(w io.Writer, list []Difference, notice string) error {
	t := sheet.Table{Titles: []string{"差异清单"}, Footer: notice, Columns: []sheet.Column{
		{Heading: "类别", Width: 18},
		{Heading: "对方行号", Width: 10},
		{Heading: "户编号", Width: 22, Text: true},
		{Heading: "姓名", Width: 12},
		{Heading: "项目", Width: 22},
		{Heading: "本册", Width: 30, Text: true},
		{Heading: "对方", Width: 30, Text: true},
	}}
	out, err := sheet.NewWorkbook(w, t)
	if err != nil {
		return err
	}
	for _, d := range list {
		row := sheet.Cell{}
		if d.Row > 0 {
			row = sheet.NumberCell(float64(d.Row))
		}
		if err := out.Write([]sheet.Cell{
			sheet.TextCell(d.Kind.Text().ZH), row, sheet.TextCell(d.Number), sheet.TextCell(d.Name), sheet.TextCell(d.Heading), sheet.TextCell(d.Ours), sheet.TextCell(d.Theirs),
		}); err != nil {
			return err
		}
	}
	return out.Close()
}
