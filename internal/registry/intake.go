package registry

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/ident"
	"liandong/place"
	"liandong/sheet"
)

// Kinds of findings that only a table of rows can raise.
const (
	KindUnknownVillage = "unknown_village"
	KindRounded        = "id_rounded"
	KindDuplicate      = "id_duplicate"
	KindIncome         = "income_mismatch"
	KindSex            = "sex_mismatch"
	KindBirthday       = "birthday_mismatch"
	KindTotalRow       = "total_row_skipped"
	KindDiffers        = "household_differs"
	KindOutside        = "outside_territory"
	KindNumberTaken    = "household_number_taken"
)

// clearWord in a cell takes an answer away; an empty cell keeps it.
const clearWord = "清空"

// RowFinding is a finding with the place in the file where a clerk looks for it.
type RowFinding struct {
	Row      int           `json:"row"`
	Column   string        `json:"column"` // the heading; empty for the row as a whole
	Kind     string        `json:"kind"`
	Severity form.Severity `json:"severity"`
	Text     errs.Text     `json:"message"`

	column int
}

// taken is one household as the file has it: the answers that were given, and those to clear.
type taken struct {
	rows     []int
	record   *form.Record
	cleared  []int // household fields to clear
	members  []takenMember
	county   place.ID
	stated   string // income per head as the file states it
	findings []RowFinding
	held     bool
}

type takenMember struct {
	row     int
	record  *form.Record
	cleared []int
}

// reader turns a matched sheet into households.
type reader struct {
	r            *Registry
	match        *sheet.Match
	on           day.Date
	byKey        map[string]*taken
	order        []*taken
	notes        []RowFinding
	columns      []boundColumn
	villages     map[string]villageResult
	numberColumn int
}

// boundColumn is a column of the sheet bound to a field of the form.
type boundColumn struct {
	key    string
	column int
	field  int
	member bool
}

type villageResult struct {
	id  place.ID
	err error
}

func (r *Registry) newReader(m *sheet.Match, on day.Date) *reader {
	rd := &reader{r: r, match: m, on: on, byKey: map[string]*taken{}, villages: map[string]villageResult{}, numberColumn: m.Column(prefixHouse + "number")}
	members := r.form.Root.Fields[r.fields.members].List
	for _, f := range m.Layout.Fields {
		column := m.Column(f.Key)
		if column == 0 {
			continue
		}
		if path, ok := strings.CutPrefix(f.Key, prefixHouse); ok {
			rd.columns = append(rd.columns, boundColumn{f.Key, column, r.form.Root.Must(path), false})
		} else if path, ok := strings.CutPrefix(f.Key, prefixMember); ok {
			rd.columns = append(rd.columns, boundColumn{f.Key, column, members.Must(path), true})
		}
	}
	return rd
}

// read takes every row of the sheet.
func (rd *reader) read(ctx context.Context, b *sheet.Book, progress sheet.Progress) error {
	for row, err := range rd.match.Rows(b) {
		if err = cmp.Or(err, ctx.Err()); err != nil {
			return err
		}
		progress.Tell(sheet.StageReading, row.Number, row.AboutRows())
		rd.row(row)
	}
	for _, t := range rd.order {
		rd.finish(t)
	}
	return nil
}

// row adds one row to its household. A household whose rows do not follow each other is still one.
func (rd *reader) row(row *sheet.Row) {
	if isTotal(row) {
		rd.notes = append(rd.notes, RowFinding{Row: row.Number, Kind: KindTotalRow, Severity: form.Note, Text: errs.Text{ZH: "合计行，不是成员，已跳过。", EN: "A row of totals, no member; passed over."}})
		return
	}
	number := plainNumber(row.Cell(rd.numberColumn).Text)
	key := number + "\x00" + rd.cellOf(row, keyCounty)
	t := rd.byKey[key]
	if number == "" && len(rd.order) > 0 && rd.cellOf(row, keyVillage) == "" {
		t = rd.order[len(rd.order)-1] // a member's row under its head's, with the household's cells left empty
	}
	if t == nil {
		t = &taken{record: rd.r.form.Root.New()}
		rd.byKey[key] = t
		rd.order = append(rd.order, t)
	}
	t.rows = append(t.rows, row.Number)
	rd.household(t, row)
	rd.member(t, row)
}

// plainNumber is a household's or member's number with half-width digits and without the spaces that typing left around it.
func plainNumber(text string) string { return strings.TrimSpace(norm.NFKC.String(text)) }

// totalWords begin a row of totals.
var totalWords = []string{"合计", "总计", "小计", "共计"}

func isTotal(row *sheet.Row) bool {
	for i := range row.Cells {
		if text := strings.TrimSpace(row.Cells[i].Text); text != "" {
			return slices.ContainsFunc(totalWords, func(w string) bool { return strings.HasPrefix(text, w) })
		}
	}
	return false
}

func (rd *reader) cellOf(row *sheet.Row, key string) string {
	column := rd.match.Column(key)
	if column == 0 {
		return ""
	}
	return strings.TrimSpace(row.Cell(column).Text)
}

// household takes the household's answers of a row: the first row that gives one counts, another answer later is told.
func (rd *reader) household(t *taken, row *sheet.Row) {
	rd.place(t, row)
	if t.stated == "" {
		t.stated = rd.cellOf(row, keyStated)
	}
	for _, c := range rd.columns {
		cell := row.Cell(c.column)
		if c.member || cell.Kind == sheet.Empty {
			continue
		}
		if strings.TrimSpace(cell.Text) == clearWord {
			t.cleared = append(t.cleared, c.field)
			continue
		}
		if t.record.Has(c.field) {
			rd.differs(t, row, c, cell)
			continue
		}
		rd.answer(t, t.record, row, c, cell)
	}
}

// differs tells a household's answer that is not the one of an earlier row of it.
func (rd *reader) differs(t *taken, row *sheet.Row, c boundColumn, cell *sheet.Cell) {
	other := rd.r.form.Root.New()
	text := textOf(cell)
	if c.field == rd.r.fields.number {
		text = plainNumber(text)
	}
	if other.ReadText(c.field, text, rd.on) != nil {
		return
	}
	if a, b := t.record.WordsOf(c.field, "zh"), other.WordsOf(c.field, "zh"); a != b {
		rd.find(t, row.Number, c.column, KindDiffers, form.Warning, errs.Text{
			ZH: fmt.Sprintf("同一户的这一项前面是「%s」，这里是「%s」。以前面的为准，请核对。", a, b),
			EN: fmt.Sprintf("This household's answer is %q above and %q here. The one above is taken; check it.", a, b),
		})
	}
}

func textOf(cell *sheet.Cell) string {
	if d, ok := cell.Day(); ok {
		return d.String()
	}
	return cell.Text
}

// answer reads one cell into a record.
func (rd *reader) answer(t *taken, record *form.Record, row *sheet.Row, c boundColumn, cell *sheet.Cell) {
	f := &record.Section().Fields[c.field]
	switch {
	case f.Type == form.Secret && cell.Rounded():
		rd.find(t, row.Number, c.column, KindRounded, form.Error, errs.Text{
			ZH: fmt.Sprintf("「%s」按数字保存，只剩前 15 位，后面的已丢失。请把该列设为文本格式后重新填写。", f.Title.ZH),
			EN: f.Title.EN + " was stored as a number: only its first 15 digits are left. Set the column to text and enter it again.",
		})
		return
	case cell.Kind == sheet.Failed:
		rd.find(t, row.Number, c.column, form.KindUnreadable, form.Error, errs.Text{ZH: "单元格是公式错误。请改成数值或文字。", EN: "The cell holds a formula's error. Replace it by a value."})
		return
	case f.Type == form.List:
		if finding := record.ReadList(c.field, textOf(cell), rd.on); finding != nil {
			rd.find(t, row.Number, c.column, finding.Kind, finding.Severity, finding.Text)
		}
		return
	}
	text := textOf(cell)
	if c.key == prefixHouse+"number" || c.key == prefixMember+"number" {
		text = plainNumber(text)
	}
	if finding := record.ReadText(c.field, text, rd.on); finding != nil {
		rd.find(t, row.Number, c.column, finding.Kind, finding.Severity, finding.Text)
	}
}

func (rd *reader) find(t *taken, row, column int, kind string, severity form.Severity, text errs.Text) {
	t.findings = append(t.findings, RowFinding{Row: row, Column: rd.match.Heading(column), Kind: kind, Severity: severity, Text: text, column: column})
	t.held = t.held || severity == form.Error
}

// place finds the household's village by the names of its row.
func (rd *reader) place(t *taken, row *sheet.Row) {
	if t.county != 0 || rd.cellOf(row, keyVillage) == "" {
		return
	}
	path := make([]string, 0, 5)
	for _, key := range placeKeys() {
		path = append(path, rd.cellOf(row, key))
	}
	id, err := rd.village(path)
	if err != nil {
		t.county = -1 // told once
		rd.find(t, row.Number, rd.match.Column(keyVillage), KindUnknownVillage, form.Error, errs.Sentence(err))
		return
	}
	t.county = id.County()
	t.record.SetValue(rd.r.fields.village, int64(id))
}

func (rd *reader) village(path []string) (place.ID, error) {
	key := strings.Join(path, "\x00")
	if v, ok := rd.villages[key]; ok {
		return v.id, v.err
	}
	var v villageResult
	if path[0] == "" && path[1] == "" {
		v.id, v.err = rd.r.findBelow(path[2:])
	} else {
		v.id, v.err = rd.r.places.Find(path...)
	}
	rd.villages[key] = v
	return v.id, v.err
}

// findBelow goes down from the register's own city.
func (r *Registry) findBelow(path []string) (place.ID, error) {
	id := r.city
	for _, name := range path {
		next, err := r.places.Within(id, name)
		if err != nil {
			return 0, err
		}
		id = next
	}
	return id, nil
}

// member takes the member of a row.
func (rd *reader) member(t *taken, row *sheet.Row) {
	m := takenMember{row: row.Number, record: rd.r.form.Root.Fields[rd.r.fields.members].List.New()}
	for _, c := range rd.columns {
		cell := row.Cell(c.column)
		if !c.member || cell.Kind == sheet.Empty {
			continue
		}
		if strings.TrimSpace(cell.Text) == clearWord {
			m.cleared = append(m.cleared, c.field)
			continue
		}
		rd.answer(t, m.record, row, c, cell)
	}
	rd.identity(t, &m)
	t.members = append(t.members, m)
}

// identity looks at a member's ID number against itself, the sex and the birth day.
func (rd *reader) identity(t *taken, m *takenMember) {
	f := &rd.r.fields
	text, ok := m.record.Text(f.idNumber)
	column := rd.match.Column(prefixMember + "id_number")
	if !ok {
		return
	}
	number, fault := ident.Inspect(text)
	switch fault {
	case ident.FaultNone:
	case ident.FaultPlaceholder:
		rd.find(t, m.row, column, string(fault), form.Warning, fault.Text(text))
		return
	default:
		rd.find(t, m.row, column, string(fault), form.Error, fault.Text(text))
		return
	}
	if sex, ok := m.record.Value(f.sex); ok && number.Male() != (sex == m.record.Section().Fields[f.sex].Codes.Number("male")) {
		rd.find(t, m.row, rd.match.Column(prefixMember+"sex"), KindSex, form.Warning, errs.Text{ZH: "性别与证件号码第 17 位不符。请核对。", EN: "The sex is not what the ID number's 17th digit says. Check both."})
	}
	if born, ok := m.record.Value(f.born); ok && int(born) != number.Born().UnixDays() {
		rd.find(t, m.row, rd.match.Column(prefixMember+"born"), KindBirthday, form.Warning, errs.Text{ZH: "出生日期与证件号码里的不符。请核对。", EN: "The birth day is not the one in the ID number. Check both."})
	}
}

// finish looks at a household as a whole, once all its rows are read.
func (rd *reader) finish(t *taken) {
	items := make([]*form.Record, len(t.members))
	for i := range t.members {
		items[i] = t.members[i].record
	}
	t.record.SetItems(rd.r.fields.members, items)
	rd.statedIncome(t)
}

// statedIncome compares the income per head that the file states with the one its own incomes give. More than a yuan is told.
func (rd *reader) statedIncome(t *taken) {
	if t.stated == "" {
		return
	}
	probe := rd.r.form.Root.New()
	wage := rd.r.form.Root.Must("income.wage")
	computed, ok := netIncomePerHead(t.record)
	if probe.ReadText(wage, strings.TrimPrefix(t.stated, "-"), rd.on) != nil || !ok {
		return
	}
	stated, _ := probe.Value(wage)
	if strings.HasPrefix(t.stated, "-") {
		stated = -stated
	}
	if difference := float64(stated) - computed; difference > 100 || difference < -100 {
		rd.find(t, t.rows[0], rd.match.Column(keyStated), KindIncome, form.Warning, errs.Text{
			ZH: fmt.Sprintf("表中人均纯收入是 %s 元，按各项收入计算是 %.2f 元。以计算结果为准，请核对。", t.stated, computed/100),
			EN: fmt.Sprintf("The income per head is stated as %s yuan; the incomes give %.2f. The computed one is used; check them.", t.stated, computed/100),
		})
	}
}

// netIncomePerHead is (wage + business + property + transfer − cost) / members in fen; false where any is missing.
func netIncomePerHead(r *form.Record) (float64, bool) {
	members, ok := r.Items(r.Section().Must("members"))
	sum := int64(0)
	for path, sign := range map[string]int64{"income.wage": 1, "income.business": 1, "income.property": 1, "income.transfer": 1, "income.cost": -1} {
		v, has := r.Value(r.Section().Must(path))
		ok = ok && has
		sum += sign * v
	}
	if !ok || len(members) == 0 {
		return 0, false
	}
	return float64(sum) / float64(len(members)), true
}
