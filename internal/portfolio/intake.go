package portfolio

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/money"
	"liandong/place"
	"liandong/sheet"
)

// clearWord in a cell takes an answer away; an empty cell keeps it.
const clearWord = "清空"

// RowFinding is what is wrong with a row of a file, where a clerk looks for it. The row is held back.
type RowFinding struct {
	Row    int       `json:"row"`
	Column string    `json:"column,omitempty"`
	Text   errs.Text `json:"message"`

	column int
}

// Plan is what an import of projects would do, shown before anything is written.
type Plan struct {
	ID        ID           `json:"import"`
	File      string       `json:"file"`
	Valid     day.Date     `json:"valid"`
	Match     *sheet.Match `json:"-"`
	Read      int          `json:"read"`
	New       int          `json:"new"`
	Changed   int          `json:"changed"`
	Unchanged int          `json:"unchanged"`
	Held      int          `json:"held"`
	Findings  []RowFinding `json:"findings"`

	Changes []PlannedChange `json:"changes"` // of projects that are there already, the first hundred

	book    *sheet.Book
	held    []int
	entries []Entry
	seen    map[ID]subject // as the plan saw them; version 0 for new ones
}

// Import reads a file and says what importing it would do. Nothing is written. What it says holds from the day valid
// on. progress, which may be nil, is told how far it has come; a context that ends ends it.
func (r *Room) Import(ctx context.Context, actor access.Actor, name string, book *sheet.Book, valid day.Date, progress sheet.Progress) (*Plan, error) {
	scope, err := actor.Require(access.ImportProjects, day.InTime(r.now()))
	if err != nil {
		return nil, err
	}
	detection, err := sheet.Detect(book, Layout())
	if err != nil {
		return nil, err
	}
	match, err := detection.Best()
	if err != nil {
		return nil, err
	}
	p := &Plan{ID: r.newID(), File: name, Valid: valid, Match: match, book: book, seen: map[ID]subject{}}
	_, err = read(ctx, r, func(tx *db.Tx) (*Plan, error) {
		for row, err := range match.Rows(book) {
			if err = cmp.Or(err, ctx.Err()); err != nil {
				return nil, err
			}
			progress.Tell(sheet.StageReading, row.Number, row.AboutRows())
			if isTotal(row) {
				continue
			}
			p.Read++
			if err := r.planRow(tx, scope, p, row); err != nil {
				return nil, err
			}
		}
		return p, nil
	})
	return p, err
}

func isTotal(row *sheet.Row) bool {
	for i := range row.Cells {
		if text := strings.TrimSpace(row.Cells[i].Text); text != "" {
			return slices.ContainsFunc([]string{"合计", "总计", "小计", "共计"}, func(w string) bool { return strings.HasPrefix(text, w) })
		}
	}
	return false
}

// Report gives the file back with the wrong cells marked and the reasons beside them.
func (p *Plan) Report(w io.Writer) (marked bool, err error) {
	remarks := make([]sheet.Remark, len(p.Findings))
	for i, f := range p.Findings {
		remarks[i] = sheet.Remark{Row: f.Row, Column: f.column, Severity: sheet.Error, Text: f.Text}
	}
	return sheet.Report(w, p.book, p.Match, remarks, p.held)
}

// rowReader takes one row of a file.
type rowReader struct {
	p     *Plan
	row   *sheet.Row
	wrong bool
}

// cell gives the text under a heading; cleared says that the answer is to be taken away.
func (rr *rowReader) cell(key string) (text string, cleared bool) {
	column := rr.p.Match.Column(key)
	if column == 0 {
		return "", false
	}
	c := rr.row.Cell(column)
	if d, ok := c.Day(); ok {
		return d.String(), false
	}
	text = strings.TrimSpace(c.Text)
	return text, text == clearWord
}

// find holds the row back with a reason.
func (rr *rowReader) find(key string, text errs.Text) {
	column := rr.p.Match.Column(key)
	rr.wrong = true
	rr.p.Findings = append(rr.p.Findings, RowFinding{Row: rr.row.Number, Column: rr.p.Match.Heading(column), Text: text, column: column})
}

// take reads one cell into what set changes: an empty cell keeps, 清空 sets "".
func (rr *rowReader) take(key string, set func(text string) error) {
	text, cleared := rr.cell(key)
	if text == "" {
		return
	}
	if cleared {
		text = ""
	}
	if err := set(text); err != nil {
		rr.find(key, errs.Sentence(err))
	}
}

func setText(to *string) func(string) error {
	return func(text string) error { *to = text; return nil }
}

func setChoice(to *string, list Choices) func(string) error {
	return func(text string) (err error) {
		code, err := list.Parse(text, "")
		if err == nil {
			*to = code
		}
		return err
	}
}

func setDay(to *day.Date) func(string) error {
	return func(text string) error {
		if text == "" {
			*to = day.Date{}
			return nil
		}
		d, err := day.ParseLoose(text)
		if err == nil {
			*to = d
		}
		return err
	}
}

// planRow resolves one row: which project it is, what it would become, and what is wrong with that.
func (r *Room) planRow(tx *db.Tx, scope access.Scope, p *Plan, row *sheet.Row) error {
	rr := &rowReader{p: p, row: row}
	s, h, err := r.sought(tx, scope, rr)
	if err != nil {
		return err
	}
	d, valid := &Project{Division: r.city}, p.Valid
	if h != nil {
		last := h.Documents[len(h.Documents)-1]
		if valid.Before(last.On) {
			valid = last.On // the file is the newest word on the project
		}
		d = cloned(last.Value)
	}
	was := cloned(d)
	before, _ := json.Marshal(d) // a project always marshals
	r.document(rr, d)
	if err := first(d.check(), r.checkPlace(scope, d.Division)); err != nil && !rr.wrong {
		rr.find(colName, errs.Sentence(err))
	}
	events := r.rowEvents(rr, s.ID, h)
	if _, twice := p.seen[s.ID]; twice {
		rr.find(colNumber, errs.Text{ZH: "这个项目在本表前面已经出现。请合并成一行。", EN: "This project stands earlier in the file. Make it one row."})
	}
	if rr.wrong {
		p.Held++
		p.held = append(p.held, row.Number)
		return nil
	}
	after, _ := json.Marshal(d)
	changed := string(after) != string(before)
	p.seen[s.ID] = s
	switch {
	case h == nil:
		p.New++
	case changed || len(events) > 0:
		p.Changed++
		if len(p.Changes) < shownChanges {
			p.Changes = append(p.Changes, PlannedChange{s.ID, d.Number, d.Name, append(r.fieldChanges(was, d, valid), eventChanges(h.Events, events)...)})
		}
	default:
		p.Unchanged++
	}
	if h == nil || changed {
		p.entries = append(p.entries, Entry{Subject: s.ID, Valid: valid, Document: d})
	}
	for i := range events {
		p.entries = append(p.entries, Entry{Subject: s.ID, Fact: &events[i]})
	}
	return nil
}

func cloned(p *Project) *Project {
	text, _ := json.Marshal(p)
	c := new(Project)
	_ = decode(text, c) // what was marshalled is read back
	c.Withdrawn = false
	return c
}

// sought finds the project of a row: by its number, else by its name; a new one where there is none. One outside the scope holds the row back
// without saying what is there.
func (r *Room) sought(tx *db.Tx, scope access.Scope, rr *rowReader) (subject, *history, error) {
	by := "name"
	word, _ := rr.cell(colName)
	if number, _ := rr.cell(colNumber); number != "" && number != clearWord {
		by, word = "number", number
	}
	found, err := db.Collect(tx, scanSubject, `SELECT `+subjectColumns+` FROM portfolio_subject WHERE kind = ? AND `+by+` = ? ORDER BY subject LIMIT 2`, string(ProjectKind), word)
	if err != nil {
		return subject{}, nil, err
	}
	switch {
	case len(found) > 1:
		rr.find(colName, errs.Text{ZH: "有几个同名项目。请填写项目编号。", EN: "Several projects bear this name. Give the project number."})
	case len(found) == 1 && !scope.Contains(found[0].Division):
		rr.find(colNumber, errs.Text{ZH: "这个编号或名称不能在您的辖区使用。请核对。", EN: "This number or name cannot be used in your territory. Check it."})
	case len(found) == 1:
		h, err := r.historyOf(tx, found[0].County, found[0].ID, Moment{}.known())
		return found[0], h, err
	}
	return subject{ID: r.newID(), Kind: ProjectKind}, nil, nil
}

// document lays the row's answers over a project.
func (r *Room) document(rr *rowReader, d *Project) {
	if d.Origin == nil {
		d.Origin = new(Origin)
	}
	o := d.Origin
	rr.take(colNumber, setText(&d.Number))
	rr.take(colName, setText(&d.Name))
	rr.take(colCounty, func(text string) (err error) {
		d.Division = r.city
		if text != "" {
			d.Division, err = r.places.Within(r.city, text)
		}
		return err
	})
	rr.take(colList, setChoice(&d.Programme, Programmes()))
	rr.take(colSector, setChoice(&d.Sector, Sectors()))
	rr.take(colZone, setChoice(&d.Zone, Zones()))
	rr.take(colCity, setChoice(&o.City, OriginCities()))
	rr.take(colDistrict, setText(&o.District))
	rr.take(colFirm, setText(&o.Enterprise))
	rr.take(colFunction, setChoice(&o.Function, Functions()))
	rr.take(colJobs, func(text string) error {
		o.JobsMoved = nil
		if text == "" {
			return nil
		}
		n, err := strconv.Atoi(text)
		if err != nil {
			return invalid("", "岗位数「"+text+"」应是整数。", "The jobs \""+text+"\" are no whole number.")
		}
		o.JobsMoved = &n
		return nil
	})
	rr.take(colStart, setDay(&d.StartPlanned))
	rr.take(colFinish, setDay(&d.FinishPlanned))
	if *o == (Origin{}) {
		d.Origin = nil
	}
}

// rowEvents are the signing and the stage that a row states and the project does not have yet.
func (r *Room) rowEvents(rr *rowReader, id ID, h *history) []Event {
	var known []Event
	if h != nil {
		known = h.Events
	}
	all := append(r.rowSigning(rr, id, known), r.rowStage(rr, id, known)...)
	merged := known
	for i := range all {
		merged = r.with(merged, &all[i])
	}
	if _, err := course(merged); err != nil && len(all) > 0 {
		rr.find(colStage, errs.Sentence(err))
	}
	return all
}

// rowSigning is a signing that is new, or states another amount than the one of its day.
func (r *Room) rowSigning(rr *rowReader, id ID, known []Event) []Event {
	var on day.Date
	var amount *money.Fen
	var basis string
	rr.take(colSigned, setDay(&on))
	rr.take(colBasis, setChoice(&basis, Bases()))
	rr.take(colAmount, func(text string) error {
		n, err := money.Parse(strings.TrimSuffix(text, "亿元") + "亿元")
		amount = &n
		return first(err, checkAmount(&n, ""))
	})
	if on.IsZero() {
		if amount != nil && !pointed(r.counting.Count(known, Signed).Amount, amount) {
			rr.find(colSigned, errs.Text{ZH: "投资额须与签约日期一起填写。", EN: "An amount needs the day of signing."})
		}
		return nil
	}
	e := Event{ID: derivedID(id, string(Signing), on), Kind: Signing, On: on, Amount: amount, Basis: basis}
	for i := range known {
		k := &known[i]
		if k.Kind != Signing || k.On != on {
			continue
		}
		if amount == nil || pointed(k.Amount, amount) || pointed(r.counting.Count(known, Signed).Amount, amount) {
			return nil
		}
		e = *k
		e.Amount = amount
		if basis != "" {
			e.Basis = basis
		}
	}
	if n := r.counting.Count(known, Signed); n.Counted && n.On == on && pointed(n.Amount, amount) {
		return nil // it counts from that day by another event, with that amount
	}
	return []Event{e}
}

// rowStage is a stage that is not known yet.
func (r *Room) rowStage(rr *rowReader, id ID, known []Event) []Event {
	var on day.Date
	var code, reason string
	rr.take(colStage, setChoice(&code, Stages()))
	rr.take(colStageOn, setDay(&on))
	rr.take(colReason, setText(&reason))
	stages, _ := course(known)
	stage := Stage(code)
	switch {
	case stage == "" || stage == Signed && len(stages) == 0 && on.IsZero():
		return nil
	case slices.ContainsFunc(stages, func(s staged) bool { return s.Stage == stage && (s.On == on || on.IsZero()) }):
		return nil
	case on.IsZero():
		rr.find(colStageOn, errs.Text{ZH: "请填写到达这个阶段的日期。", EN: "The day on which the stage was reached is missing."})
		return nil
	}
	return []Event{{ID: derivedID(id, code, on), Kind: Staged, Stage: stage, On: on, Reason: reason}}
}

// derivedID names an event that a table states, so that the same table makes the same event.
func derivedID(project ID, what string, on day.Date) ID {
	row := record{subject: project, on: on, body: []byte(what), county: place.Country}
	row.name()
	return row.revision
}

// changedSince is what is told where somebody else wrote meanwhile.
func changedSince(name string) error {
	return errs.New(errs.Conflict, "portfolio.Apply",
		fmt.Sprintf("预览之后，项目「%s」已被别人修改。没有写入任何内容，请重新预览。", name), fmt.Sprintf("After the preview somebody changed the project %q. Nothing was written; preview the file again.", name))
}
