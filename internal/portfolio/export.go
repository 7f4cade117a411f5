package portfolio

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/ledger"
	"liandong/money"
	"liandong/place"
	"liandong/sheet"
)

// Export says which projects leave, in which form and why.
type Export struct {
	Division place.ID
	At       Moment
	Format   Format
	Reason   string
	Notice   string // such as that the data are made up
	Only     *Only  // nil for all projects of the division
}

// Only names the projects of an export that a list with a filter shows, and says the filter in words for the log.
type Only struct {
	Filter Filter
	Words  string
}

// Format is a form in which projects leave.
type Format string

// The formats of an export.
const (
	Workbook Format = "xlsx"
	CSV      Format = "csv"
	OC4IDS   Format = "oc4ids"
	IATI     Format = "iati"
)

// ParseFormat reads a format; nothing means a workbook.
func ParseFormat(text string) (Format, error) {
	switch f := Format(text); f {
	case "":
		return Workbook, nil
	case Workbook, CSV, OC4IDS, IATI:
		return f, nil
	}
	return "", invalid("format", "格式可选 xlsx、csv、oc4ids 或 iati。", "The format is xlsx, csv, oc4ids or iati.")
}

// MediaType is the format's type on the web.
func (f Format) MediaType() string {
	switch f {
	case CSV:
		return "text/csv; charset=utf-8"
	case OC4IDS:
		return "application/json"
	case IATI:
		return "application/xml"
	}
	return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
}

// FileName is what the file of an export is called where nobody names it.
func (e *Export) FileName() string {
	suffix := map[Format]string{Workbook: ".xlsx", CSV: ".csv", OC4IDS: "-oc4ids.json", IATI: "-iati.xml"}[e.Format]
	return "项目-" + e.At.AsOf.String() + suffix
}

// MadeUp is the notice on the files of a demonstration.
const MadeUp = "演示数据：公开报道中有名称的项目只含报道所述内容，其余项目和单位均为虚构"

// Write writes the projects in the format of the export, and says how many IATI leaves out.
func (x *Exported) Write(w io.Writer) (left int, err error) {
	switch x.Format {
	case OC4IDS:
		return 0, x.WriteOC4IDS(w)
	case IATI:
		return x.WriteIATI(w)
	case CSV:
		return 0, x.WriteTable(func(t sheet.Table) (sheet.Writer, error) { return sheet.NewCSV(w, t, sheet.UTF8) })
	}
	return 0, x.WriteTable(func(t sheet.Table) (sheet.Writer, error) { return sheet.NewWorkbook(w, t) })
}

// Exported are the projects of an export with all that its forms write.
type Exported struct {
	Export
	Projects []ExportedProject
	Made     time.Time // when it was made
	City     string    // whose projects they are

	places *place.Gazetteer
}

// ExportedProject is one project on its way out.
type ExportedProject struct {
	State
	Document *Project
	Phases   []staged
	Links    []Ref
}

// Gather reads the projects of a division within the actor's territory, after writing into the log that they leave.
func (r *Room) Gather(ctx context.Context, actor access.Actor, e Export) (*Exported, error) {
	scope, err := actor.Require(access.ExportProjects, day.InTime(r.now()))
	if err != nil {
		return nil, err
	}
	if scope = scope.Within(e.Division); scope.IsEmpty() {
		return nil, access.NotFound(errs.Text{ZH: "区划", EN: "division"})
	}
	lets := func(*State) bool { return true }
	if e.Only != nil {
		if lets, err = r.listed(ctx, scope, e.Only.Filter, e.At); err != nil {
			return nil, err
		}
	}
	x := &Exported{Export: e, City: r.places.FullNameOn(r.city, e.At.AsOf), places: r.places}
	err = r.db.Write(ctx, func(tx *db.Tx) error {
		x.Made, x.Projects = tx.Now(), nil
		entry := ledger.Entry{Kind: opExport, Text: e.said()}
		_, err := ledger.Append(tx, int64(e.Division.County()), ledger.Act{Actor: actor.ID, Operation: opExport, Reason: e.Reason, Source: e.said()}, []ledger.Entry{entry})
		if err != nil {
			return err
		}
		states, err := r.cityStates(tx, e.At)
		if err != nil {
			return err
		}
		for _, s := range states {
			if !scope.Contains(s.Division) || !lets(&s) {
				continue
			}
			p, err := r.exported(tx, s, e.At)
			if err != nil {
				return err
			}
			x.Projects = append(x.Projects, p)
		}
		return nil
	})
	return x, err
}

// said is the export as the log names it.
func (e *Export) said() string {
	words := fmt.Sprintf("%s %s %s", e.Division, e.Format, e.At.AsOf)
	if e.Only != nil && e.Only.Words != "" {
		words += " " + e.Only.Words
	}
	return words
}

// listed gives a test that the projects of a filter pass.
func (r *Room) listed(ctx context.Context, scope access.Scope, f Filter, m Moment) (func(*State) bool, error) {
	all, err := r.filtered(ctx, scope, f, m)
	ids := make(map[ID]bool, len(all))
	for _, s := range all {
		ids[s.Project] = true
	}
	return func(s *State) bool { return ids[s.Project] }, err
}

func (r *Room) exported(tx *db.Tx, s State, m Moment) (ExportedProject, error) {
	h, err := r.historyOf(tx, s.County, s.Project, m.known())
	if err != nil {
		return ExportedProject{}, err
	}
	p := ExportedProject{State: s, Document: h.documentOn(m.AsOf)}
	p.Phases, _ = course(h.eventsUntil(m.AsOf))
	p.Links, err = namedLinks(tx, h, m)
	return p, err
}

// reached is the first day of a stage, zero where it was not reached.
func (p *ExportedProject) reached(stages ...Stage) day.Date {
	for _, at := range p.Phases {
		if slices.Contains(stages, at.Stage) {
			return at.On
		}
	}
	return day.Date{}
}

// Keys of the columns of the project table.
const (
	colNumber   = "number"
	colName     = "name"
	colCounty   = "county"
	colList     = "programme"
	colSector   = "sector"
	colZone     = "zone"
	colCity     = "origin.city"
	colDistrict = "origin.district"
	colFirm     = "origin.enterprise"
	colFunction = "origin.function"
	colJobs     = "origin.jobs_moved"
	colSigned   = "signed"
	colAmount   = "amount"
	colBasis    = "basis"
	colStage    = "stage"
	colStageOn  = "stage_on"
	colReason   = "reason"
	colStart    = "start_planned"
	colFinish   = "finish_planned"
)

// Layout is the table in which projects come in and go out.
func Layout() sheet.Layout {
	return sheet.Layout{Name: "projects", Title: errs.Text{ZH: "项目表", EN: "Table of projects"}, Fields: []sheet.Field{
		{Key: colNumber, Headings: []string{"项目编号", "项目代码", "编号"}},
		{Key: colName, Headings: []string{"项目名称", "名称"}, Required: true},
		{Key: colCounty, Headings: []string{"县（市、区）", "县区", "所在县区", "区县", "所在地"}},
		{Key: colList, Headings: []string{"项目清单", "清单"}},
		{Key: colSector, Headings: []string{"行业", "产业"}},
		{Key: colZone, Headings: []string{"功能定位", "两地三区"}},
		{Key: colCity, Headings: []string{"来源地", "来源城市"}},
		{Key: colDistrict, Headings: []string{"来源区", "来源区县"}},
		{Key: colFirm, Headings: []string{"来源企业", "来源单位"}},
		{Key: colFunction, Headings: []string{"疏解功能", "功能类别"}},
		{Key: colJobs, Headings: []string{"转移岗位数", "转移岗位"}},
		{Key: colSigned, Headings: []string{"签约日期", "签约时间"}},
		{Key: colAmount, Headings: []string{"投资额（亿元）", "投资金额（亿元）", "总投资（亿元）"}, Unit: "亿元"},
		{Key: colBasis, Headings: []string{"投资口径", "口径"}},
		{Key: colStage, Headings: []string{"阶段", "进展阶段", "项目阶段"}},
		{Key: colStageOn, Headings: []string{"阶段日期", "到达阶段日期"}},
		{Key: colReason, Headings: []string{"原因", "暂停或终止原因"}},
		{Key: colStart, Headings: []string{"计划开工日期", "计划开工"}},
		{Key: colFinish, Headings: []string{"计划竣工日期", "计划竣工"}},
	}}
}

// EmptyTable is the layout as an empty table, to be filled in and read.
func EmptyTable() sheet.Table {
	var t sheet.Table
	for _, f := range Layout().Fields {
		t.Columns = append(t.Columns, sheet.Column{Heading: f.Heading(), Text: f.Key != colAmount && f.Key != colJobs})
	}
	return t
}

// computedHeadings are what an export adds to the layout: computed, and not read when the table comes back.
func computedHeadings() []string {
	return []string{"预警", "形象进度（%）", "计划进度（%）", "到位资金（亿元）", "完成投资（亿元）"}
}

// WriteTable writes the projects as a table, a row for each, in the layout that is read back.
func (x *Exported) WriteTable(open func(sheet.Table) (sheet.Writer, error)) error {
	t := EmptyTable()
	t.Footer = x.Notice
	for _, h := range computedHeadings() {
		t.Columns = append(t.Columns, sheet.Column{Heading: h})
	}
	w, err := open(t)
	if err != nil {
		return err
	}
	for i := range x.Projects {
		if err := w.Write(x.row(&x.Projects[i])); err != nil {
			return err
		}
	}
	return w.Close()
}

func (x *Exported) row(p *ExportedProject) []sheet.Cell {
	text, o := sheet.TextCell, p.Document.Origin
	if o == nil {
		o = new(Origin)
	}
	county := ""
	if p.Division.Level() >= place.County {
		county = x.places.NameOn(p.Division.County(), x.At.AsOf)
	}
	signed := p.CountedOn
	if p.NoLater {
		signed = day.Date{} // the day itself is not known
	}
	title := func(list Choices, code string) sheet.Cell {
		if code == "" {
			return text("")
		}
		return text(list.Title(code).ZH)
	}
	return []sheet.Cell{
		text(p.Number), text(p.Name), text(county), title(Programmes(), p.Programme), title(Sectors(), p.Sector), title(Zones(), p.Zone),
		title(OriginCities(), o.City), text(o.District), text(o.Enterprise), title(Functions(), o.Function), countCell(o.JobsMoved),
		dayCell(signed), moneyCell(p.Amount), title(Bases(), p.Basis), title(Stages(), string(p.Stage)), dayCell(p.StageSince), text(""),
		dayCell(p.Document.StartPlanned), dayCell(p.Document.FinishPlanned), text(p.Light.Title().ZH), percentCell(p.Physical), percentCell(p.Planned),
		moneyCell(p.Arrived), moneyCell(p.Spent),
	}
}

func countCell(n *int) sheet.Cell {
	if n == nil {
		return sheet.TextCell("")
	}
	return sheet.NumberCell(float64(*n))
}

func dayCell(d day.Date) sheet.Cell {
	if d.IsZero() {
		return sheet.TextCell("")
	}
	return sheet.TextCell(d.String())
}

func percentCell(v *float64) sheet.Cell {
	if v == nil {
		return sheet.TextCell("")
	}
	return sheet.NumberCell(*v)
}

func moneyCell(v *money.Fen) sheet.Cell {
	if v == nil {
		return sheet.TextCell("")
	}
	return sheet.NumberCell(float64(*v) / float64(money.HundredM))
}

// described is what a machine-readable form says of a project in words: its list, its basis, and that it is made up where it is.
func (x *Exported) described(p *ExportedProject) string {
	var words []string
	if p.Programme != "" {
		words = append(words, Programmes().Title(p.Programme).ZH)
	}
	if p.Amount != nil {
		words = append(words, basisWords(p.Basis)+"，"+p.counted())
	}
	words = append(words, x.At.AsOf.String()+" 的情况")
	if x.Notice != "" {
		words = append(words, x.Notice)
	}
	return strings.Join(words, "；")
}
