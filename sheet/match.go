package sheet

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"

	"liandong/errs"
)

// ReasonHeading heads the column of reasons in a workbook of held rows. When such a workbook comes back it is passed over.
const ReasonHeading = "退回原因 Reason"

// FooterMark begins a row that is a note under a table and no record.
const FooterMark = "※"

// Heading is a column that has a heading, and the field it was taken for.
type Heading struct {
	Column  int    // from 1
	Text    string // as in the file; of two rows, both with a slash between
	Field   string // key of the field; "" when no field is known by this heading
	Unit    string // in brackets behind the heading
	Doubled bool   // the field has another column, which is read; this one is not
	Hidden  bool   // the column is hidden
}

// UnitConflict is a column whose heading names another unit than its field is read in.
type UnitConflict struct {
	Heading Heading
	Want    string
}

// Match says which columns of a sheet hold which fields of a layout. It is shown to a person before anything is written.
type Match struct {
	Sheet       int    // index in [Book.Sheets]
	SheetName   string // its name
	Layout      Layout
	HeadingRow  int            // number of the heading's row; of two, the lower
	HeadingRows int            // 1 or 2
	Titles      []string       // texts above the heading
	Headings    []Heading      // every column with a heading, from the left
	Missing     []Field        // required, and no column was found
	Absent      []Field        // not required, and no column was found
	Conflicts   []UnitConflict // another unit
	Score       float64        // 2·matched / (headings in the file + fields of the layout): 1 is exact, 0 nothing in common
	matched     int
}

// Column is where the field of that key stands; 0 when it has no column.
func (m *Match) Column(key string) int {
	for _, h := range m.Headings {
		if h.Field == key && !h.Doubled {
			return h.Column
		}
	}
	return 0
}

// Heading gives the heading over a column, as in the file; "" over none.
func (m *Match) Heading(column int) string {
	for _, h := range m.Headings {
		if h.Column == column {
			return h.Text
		}
	}
	return ""
}

// Unknown lists the headings that no field is known by; their columns are not read.
func (m *Match) Unknown() []Heading {
	return slices.DeleteFunc(slices.Clone(m.Headings), func(h Heading) bool { return h.Field != "" })
}

// Err says in a sentence why the sheet cannot be read by the layout; nil when it can.
func (m *Match) Err() error {
	const op = "sheet.Match"
	if len(m.Missing) > 0 {
		return invalid(op,
			fmt.Sprintf("表头（第 %d 行）缺少必需的列：%s。请补上这些列，表头写成引号里的样子，再导入。", m.HeadingRow, quoteFields(m.Missing)),
			fmt.Sprintf("The heading (row %d) lacks required columns: %s. Add them under exactly these headings and import again.", m.HeadingRow, quoteFields(m.Missing)),
		).At(m.SheetName)
	}
	if len(m.Conflicts) > 0 {
		c := m.Conflicts[0]
		return invalid(op,
			fmt.Sprintf("%s 列的表头「%s」写的单位是「%s」，这里要「%s」。请换算后改表头，再导入。", ColumnName(c.Heading.Column), c.Heading.Text, c.Heading.Unit, c.Want),
			fmt.Sprintf("Column %s, %q, is in %s, but %s is expected. Convert it, correct the heading and import again.", ColumnName(c.Heading.Column), c.Heading.Text, c.Heading.Unit, c.Want),
		).At(m.SheetName)
	}
	return nil
}

func quoteFields(fields []Field) string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = "「" + f.Heading() + "」"
	}
	return strings.Join(names, "、")
}

// Rows yields the rows below the heading, leaving out empty ones, notes that begin with [FooterMark] and headings repeated on
// every printed page. What [Book.Rows] says of rows and errors holds here.
func (m *Match) Rows(b *Book) iter.Seq2[*Row, error] {
	return func(yield func(*Row, error) bool) {
		for row, err := range b.Rows(m.Sheet) {
			if err != nil {
				yield(nil, err)
				return
			}
			if row.Number <= m.HeadingRow || row.IsEmpty() || isFooter(row) || m.repeats(row) {
				continue
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

func isFooter(row *Row) bool {
	return len(row.Cells) == 1 && strings.HasPrefix(row.Cells[0].Text, FooterMark)
}

// repeats reports whether every cell of the row says its column's heading again.
func (m *Match) repeats(row *Row) bool {
	if len(row.Cells) < 2 || m.HeadingRows != 1 {
		return false
	}
	i := 0
	for _, c := range row.Cells {
		for i < len(m.Headings) && m.Headings[i].Column < c.Column {
			i++
		}
		if i == len(m.Headings) || m.Headings[i].Column != c.Column || m.Headings[i].Text != strings.TrimSpace(c.Text) {
			return false
		}
	}
	return true
}

// Detection holds what came of comparing every visible sheet with every layout.
type Detection struct {
	Matches []Match // best first: those that lack no required field before the others, then by score
	sheets  int
}

// Detect looks for a heading among the first 20 rows of every visible sheet and compares it with the layouts. Its error is one of
// reading; that nothing fits is told by [Detection.Best].
func Detect(b *Book, layouts ...Layout) (Detection, error) {
	var d Detection
	for i, info := range b.Sheets() {
		if info.Hidden {
			continue
		}
		d.sheets++
		top, err := topRows(b, i)
		if err != nil {
			return d, err
		}
		for _, l := range layouts {
			if m, found := matchRows(top, l); found {
				m.Sheet, m.SheetName = i, info.Name
				d.Matches = append(d.Matches, m)
			}
		}
	}
	slices.SortStableFunc(d.Matches, func(x, y Match) int { return compareMatches(&x, &y) })
	return d, nil
}

func compareMatches(x, y *Match) int {
	return cmp.Or(
		cmp.Compare(min(len(x.Missing), 1), min(len(y.Missing), 1)),
		cmp.Compare(y.Score, x.Score),
	)
}

// Best gives the match to use. Its error says that no heading was found, that two fit equally well (the person then picks one),
// or what [Match.Err] says of the best one, which is returned beside the error.
func (d Detection) Best() (*Match, error) {
	const op = "sheet.Detect"
	if len(d.Matches) == 0 {
		return nil, invalid(op,
			fmt.Sprintf("前 %d 行里没有找到认识的表头。请使用系统的模板，或保留国家系统导出文件的表头。", headingRows),
			fmt.Sprintf("No known heading was found in the first %d rows. Use this system's template, or keep the heading of the national system's export.", headingRows))
	}
	if ties := d.Ties(); len(ties) > 1 {
		return nil, errs.New(errs.Conflict, op,
			"有几张工作表或几种版式同样符合，无法确定该用哪一种："+nameTies(ties)+"。请指定一种，或删去不导入的工作表。",
			"Several sheets or layouts fit equally well: "+nameTies(ties)+". Say which, or remove the sheets that are not to be imported.")
	}
	return &d.Matches[0], d.Matches[0].Err()
}

// Ties lists the matches that are as good as the best, which is the first of them.
func (d Detection) Ties() []Match {
	n := 0
	for n < len(d.Matches) && compareMatches(&d.Matches[0], &d.Matches[n]) == 0 {
		n++
	}
	return d.Matches[:n]
}

func nameTies(ties []Match) string {
	names := make([]string, len(ties))
	for i, m := range ties {
		names[i] = "「" + m.SheetName + "」·「" + cmp.Or(m.Layout.Title.ZH, m.Layout.Name) + "」"
	}
	return strings.Join(names, "、")
}

// topRows copies the rows among which a heading is sought.
func topRows(b *Book, sheet int) ([]*Row, error) {
	var top []*Row
	for row, err := range b.Rows(sheet) {
		if err != nil {
			return nil, err
		}
		if row.Number > headingRows {
			break
		}
		top = append(top, row.Clone())
	}
	return top, nil
}

// matchRows takes the row, or pair of neighbouring rows, whose headings fit the layout best; found is false when none has two.
func matchRows(top []*Row, l Layout) (best Match, found bool) {
	index := l.index()
	for i, row := range top {
		candidates := []Match{matchHeadings(singleHeadings(row), l, index)}
		candidates[0].HeadingRow, candidates[0].HeadingRows = row.Number, 1
		if i > 0 && top[i-1].Number == row.Number-1 {
			pair := matchHeadings(pairedHeadings(top[i-1], row), l, index)
			pair.HeadingRow, pair.HeadingRows = row.Number, 2
			candidates = append(candidates, pair)
		}
		for _, m := range candidates {
			if m.matched >= min(2, len(l.Fields)) && (!found || betterHeading(&m, &best)) {
				best, found = m, true
			}
		}
	}
	for _, row := range top {
		if found && row.Number <= best.HeadingRow-best.HeadingRows {
			for _, c := range row.Cells {
				best.Titles = append(best.Titles, c.Text)
			}
		}
	}
	return best, found
}

// betterHeading compares two places for the heading in one sheet: more fields, then fewer strangers, then fewer rows.
func betterHeading(m, than *Match) bool {
	return cmp.Or(cmp.Compare(m.matched, than.matched), cmp.Compare(m.Score, than.Score), cmp.Compare(than.HeadingRows, m.HeadingRows)) > 0
}

// label is the text over a column in the forms under which it may be known, most telling first.
type label struct {
	column int
	text   string
	forms  []string
	hidden bool
}

// isReason tells our own column of reasons, which came back with the corrected rows.
func (lb label) isReason() bool {
	return strings.TrimSpace(lb.forms[len(lb.forms)-1]) == ReasonHeading
}

func singleHeadings(row *Row) []label {
	labels := make([]label, 0, len(row.Cells))
	for _, c := range row.Cells {
		labels = append(labels, label{column: c.Column, text: strings.TrimSpace(c.Text), forms: []string{c.Text}, hidden: c.Hidden})
	}
	return labels
}

// pairedHeadings reads a heading of two rows. A group's name stands over its first column only, the cells beside it being merged
// with it; a heading over both rows stands in the upper one.
func pairedHeadings(upper, lower *Row) []label {
	var labels []label
	last := 0
	for _, r := range []*Row{upper, lower} {
		if n := len(r.Cells); n > 0 {
			last = max(last, r.Cells[n-1].Column)
		}
	}
	group := ""
	for column := 1; column <= last; column++ {
		u, l := upper.Cell(column), lower.Cell(column)
		if u.Kind != Empty {
			group = strings.TrimSpace(u.Text)
		}
		below := strings.TrimSpace(l.Text)
		switch {
		case below == "" && u.Kind == Empty:
			group = ""
		case below == "":
			labels = append(labels, label{column: column, text: group, forms: []string{group}, hidden: u.Hidden})
		default:
			text := strings.TrimPrefix(group+"/"+below, "/")
			labels = append(labels, label{column: column, text: text, forms: []string{text, below}, hidden: l.Hidden})
		}
	}
	return labels
}

// matchHeadings gives each label its field. Of two columns for one field the one with the field's own heading is read, then the
// left one.
func matchHeadings(labels []label, l Layout, index map[string]int) Match {
	m := Match{Layout: l}
	taken := make([]int, len(l.Fields)) // place in m.Headings, from 1
	rank := make([]int, len(l.Fields))
	counted := 0
	for _, lb := range labels {
		key, unit := normalise(lb.text)
		if key == "" || lb.isReason() {
			continue
		}
		counted++
		h := Heading{Column: lb.column, Text: lb.text, Unit: unit, Hidden: lb.hidden}
		if field, form, found := lookup(lb, index); found {
			h.Field = l.Fields[field].Key
			r := headingRank(l.Fields[field], form)
			switch at := taken[field]; {
			case at == 0:
				m.matched++
				taken[field], rank[field] = len(m.Headings)+1, r
			case r < rank[field]:
				m.Headings[at-1].Doubled = true
				taken[field], rank[field] = len(m.Headings)+1, r
			default:
				h.Doubled = true
			}
		}
		m.Headings = append(m.Headings, h)
	}
	m.judge(l, taken)
	m.Score = 2 * float64(m.matched) / float64(max(1, counted+len(l.Fields)))
	return m
}

func lookup(lb label, index map[string]int) (field int, form string, found bool) {
	for _, f := range lb.forms {
		key, _ := normalise(f)
		if field, found = index[key]; found {
			return field, key, true
		}
	}
	return 0, "", false
}

// headingRank is the place of a heading among those the field is known by.
func headingRank(f Field, key string) int {
	return slices.IndexFunc(f.Headings, func(h string) bool { k, _ := normalise(h); return k == key })
}

// judge lists what is missing and which units conflict.
func (m *Match) judge(l Layout, taken []int) {
	for i, f := range l.Fields {
		switch {
		case taken[i] == 0 && f.Required:
			m.Missing = append(m.Missing, f)
		case taken[i] == 0:
			m.Absent = append(m.Absent, f)
		default:
			h := m.Headings[taken[i]-1]
			if want, _ := unitOf(f.Unit); want != "" && h.Unit != "" && h.Unit != want {
				m.Conflicts = append(m.Conflicts, UnitConflict{Heading: h, Want: f.Unit})
			}
		}
	}
}
