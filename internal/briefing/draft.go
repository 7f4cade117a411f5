package briefing

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/figure"
	"liandong/official"
	"liandong/place"
)

// Value is one number of a briefing, as it was quoted.
type Value struct {
	Figure     string        `json:"figure"`
	Title      errs.Text     `json:"title"`
	Unit       errs.Text     `json:"unit"`
	Definition errs.Text     `json:"definition"`
	Status     figure.Status `json:"status"`
	Division   place.ID      `json:"division"`
	Back       int           `json:"years_back"`
	AsOf       day.Date      `json:"as_of"`
	Number     float64       `json:"number"`
	Decimals   int           `json:"decimals"`
	RowCount   int64         `json:"row_count"`
	Note       int           `json:"note"` // its footnote in the text
}

// drafting is one text in the making.
type drafting struct {
	*Room

	question *Question
	query    figure.Query
	entries  map[string]figure.Entry
	values   []Value
	notes    []official.Note
	at       map[string]int  // footnotes by what they are about
	absent   []string        // titles or names of figures that have no value
	missed   map[string]bool // of absent
	columns  map[string][]*Value
}

// write makes the text of a question.
func (r *Room) write(ctx context.Context, actor access.Actor, today day.Date, q *Question, division place.ID, asOf day.Date, known time.Time) (official.Document, []Value, error) {
	d := &drafting{
		Room: r, question: q, entries: map[string]figure.Entry{}, at: map[string]int{}, missed: map[string]bool{}, columns: map[string][]*Value{},
		query: figure.Query{Division: division, AsOf: asOf, KnownAt: known, Scope: actor.Scope(access.ReadFigures, today)},
	}
	for _, e := range r.book.Entries() {
		d.entries[e.Name] = e
	}
	doc := official.Document{Title: r.places.NameOn(division, asOf) + q.Title, Blocks: []official.Block{}}
	for i := range q.Sections {
		blocks, err := d.section(ctx, &q.Sections[i])
		if err != nil {
			return doc, nil, err
		}
		if len(blocks) > 0 {
			heading := ordinal(countHeadings(doc.Blocks)) + "、" + q.Sections[i].Heading
			doc.Blocks = append(append(doc.Blocks, official.Block{Kind: official.Heading, Level: 1, Spans: []official.Span{{Text: heading}}}), blocks...)
		}
	}
	if len(d.absent) > 0 {
		text := "资料说明：以下指标在本系统中没有记录或该日没有数，没有写入本文：" + strings.Join(d.absent, "、") + "。"
		note := d.note("absent", "指标簿在数据日期没有给出这些指标的数。")
		doc.Blocks = append(doc.Blocks, official.Block{Kind: official.Paragraph, Spans: []official.Span{{Text: text, Note: note}}})
	}
	doc.Notes = d.notes
	return doc, d.values, nil
}

func countHeadings(blocks []official.Block) (n int) {
	for i := range blocks {
		if blocks[i].Kind == official.Heading {
			n++
		}
	}
	return n
}

// ordinal is 一, 二, … for headings.
func ordinal(i int) string {
	words := []string{"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"}
	return words[min(i, len(words)-1)]
}

func (d *drafting) section(ctx context.Context, s *Section) ([]official.Block, error) {
	var blocks []official.Block
	var spans []official.Span
	for _, sentence := range s.Sentences {
		said, err := d.sentence(ctx, sentence)
		if err != nil {
			return nil, err
		}
		spans = append(spans, said...)
	}
	if len(spans) > 0 {
		blocks = append(blocks, official.Block{Kind: official.Paragraph, Spans: spans})
	}
	for _, part := range []struct {
		columns *Columns
		make    func(context.Context, *Columns) (*official.Block, error)
	}{{s.Table, d.table}, {s.Chart, d.chart}} {
		if part.columns == nil {
			continue
		}
		block, err := part.make(ctx, part.columns)
		if err != nil {
			return nil, err
		}
		if block != nil {
			blocks = append(blocks, *block)
		}
	}
	return blocks, nil
}

// sentence fills a sentence, or leaves it out where one of its figures has no value.
func (d *drafting) sentence(ctx context.Context, text string) ([]official.Span, error) {
	var spans []official.Span
	before, notes, values := 0, len(d.notes), len(d.values)
	for _, m := range slot.FindAllStringSubmatchIndex(text, -1) {
		if m[0] > before {
			spans = append(spans, official.Span{Text: text[before:m[0]]})
		}
		before = m[1]
		name, back := text[m[2]:m[3]], 0
		if m[6] >= 0 {
			back = int(text[m[6]] - '0')
		}
		span, ok, err := d.slot(ctx, name, back)
		if err != nil {
			return nil, err
		}
		if !ok {
			d.forget(notes, values)
			return nil, nil
		}
		spans = append(spans, span)
	}
	if before < len(text) {
		spans = append(spans, official.Span{Text: text[before:]})
	}
	return spans, nil
}

// forget takes back what a sentence that is left out has quoted.
func (d *drafting) forget(notes, values int) {
	d.notes, d.values = d.notes[:notes], d.values[:values]
	for key, n := range d.at {
		if n > notes {
			delete(d.at, key)
		}
	}
}

func (d *drafting) slot(ctx context.Context, name string, back int) (official.Span, bool, error) {
	switch name {
	case "place":
		return official.Span{Text: d.places.NameOn(d.query.Division, d.query.AsOf)}, true, nil
	case "date":
		known := "截至成文"
		if !d.query.KnownAt.IsZero() {
			known = d.query.KnownAt.UTC().Format(time.RFC3339)
		}
		note := d.note("date", "数据日期 "+d.query.AsOf.String()+"；按 "+known+" 已登记的记录；文稿模板 "+d.question.Name()+"。")
		return official.Span{Text: d.query.AsOf.Chinese(), Note: note}, true, nil
	}
	q := d.query
	q.AsOf = yearsBack(q.AsOf, back)
	v, ok, err := d.value(ctx, name, q, back)
	if err != nil || !ok {
		return official.Span{}, false, err
	}
	text := number(v.Number, v.Decimals)
	if v.Status != figure.Done {
		text += "（" + v.Status.Text().ZH + "）"
	}
	return official.Span{Text: text, Note: v.Note}, true, nil
}

// yearsBack is the same day so many years before; the last of February where that year has no such day.
func yearsBack(d day.Date, years int) day.Date {
	if years == 0 {
		return d
	}
	if before, err := day.Of(d.Year()-years, d.Month(), d.Day()); err == nil {
		return before
	}
	return day.MustOf(d.Year()-years, d.Month(), d.Day()-1)
}

// value quotes a figure for the place.
func (d *drafting) value(ctx context.Context, name string, q figure.Query, back int) (Value, bool, error) {
	e, known := d.entries[name]
	if !known {
		d.miss(name)
		return Value{}, false, nil
	}
	f, err := d.book.Get(ctx, name, q)
	if err != nil {
		return Value{}, false, err
	}
	if math.IsNaN(f.Value.Number) || math.IsInf(f.Value.Number, 0) {
		d.miss(e.Title.ZH)
		return Value{}, false, nil
	}
	return d.quote(&f, back, d.places.NameOn(q.Division, q.AsOf)), true, nil
}

func (d *drafting) miss(what string) {
	if !d.missed[what] {
		d.missed[what] = true
		d.absent = append(d.absent, what)
	}
}

// quote keeps a number with its footnote: the figure, its kind and definition, where, on which day, and how many records make it.
func (d *drafting) quote(f *figure.Figure, back int, where string) Value {
	text := fmt.Sprintf("指标「%s」（%s，%s）；区划：%s；数据日期 %s；", f.Title.ZH, f.Name, f.Status.Text().ZH, where, f.AsOf)
	if f.Value.RowCount > 0 {
		text += "由 " + number(float64(f.Value.RowCount), 0) + " 条记录得出；"
	}
	words := []string{text, "口径：", f.Definition.ZH}
	for _, n := range f.Value.Notes {
		words = append(words, "注：", strings.TrimSuffix(n.ZH, "。"), "。")
	}
	v := Value{
		Figure: f.Name, Title: f.Title, Unit: f.Unit, Definition: f.Definition, Status: f.Status, Division: f.Division, Back: back, AsOf: f.AsOf, Number: f.Value.Number,
		Decimals: f.Decimals, RowCount: f.Value.RowCount, Note: d.note(fmt.Sprint(f.Name, " ", where, " ", f.AsOf), strings.Join(words, "")),
	}
	d.values = append(d.values, v)
	return v
}

// note gives the number of a footnote, the same for what was noted before.
func (d *drafting) note(about, text string) int {
	if n := d.at[about]; n > 0 {
		return n
	}
	d.notes = append(d.notes, official.Note{Text: text})
	d.at[about] = len(d.notes)
	return len(d.notes)
}

// parts are the divisions that a table or chart shows.
func (d *drafting) parts(c *Columns) ([]place.ID, error) {
	var ids []place.ID
	if len(c.Divisions) == 0 {
		for _, child := range d.places.Children(d.query.Division) {
			if child.Kind != place.StatisticalUnit {
				ids = append(ids, child.ID)
			}
		}
		return ids, nil
	}
	for _, text := range c.Divisions {
		code, err := place.ParseCode(text)
		if err != nil {
			return nil, err
		}
		id, err := d.places.ByCode(code, d.query.AsOf)
		if err == nil && d.query.Division.Contains(id) && id != d.query.Division {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// column is a figure for each of the parts, nil where there is none. A chart of what the table shows asks the book no second time.
func (d *drafting) column(ctx context.Context, name string, parts []place.ID) ([]*Value, error) {
	key := fmt.Sprint(name, parts)
	if column, asked := d.columns[key]; asked {
		return column, nil
	}
	column, err := d.ask(ctx, name, parts)
	d.columns[key] = column
	return column, err
}

func (d *drafting) ask(ctx context.Context, name string, parts []place.ID) ([]*Value, error) {
	e, known := d.entries[name]
	if !known {
		d.miss(name)
		return nil, nil
	}
	figures, err := d.book.ByDivision(ctx, name, d.query, parts)
	if err != nil {
		return nil, err
	}
	out := make([]*Value, len(parts))
	found := false
	for i := range figures {
		if v := figures[i].Value.Number; math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		for k, id := range parts {
			if id == figures[i].Division {
				figures[i].Value.Notes = nil // the same for all rows of a column
				v := d.quoteRow(&figures[i])
				out[k], found = &v, true
			}
		}
	}
	if !found {
		d.miss(e.Title.ZH)
		return nil, nil
	}
	return out, nil
}

// quoteRow is quote for a cell: the footnote of a column is one, because rule and day are the same and the row names the place.
func (d *drafting) quoteRow(f *figure.Figure) Value {
	count := f.Value.RowCount
	f.Value.RowCount = 0
	v := d.quote(f, 0, "各行所列区划")
	f.Value.RowCount, v.RowCount = count, count
	d.values[len(d.values)-1].RowCount = count
	return v
}

func (d *drafting) table(ctx context.Context, c *Columns) (*official.Block, error) {
	parts, err := d.parts(c)
	if err != nil || len(parts) == 0 {
		return nil, err
	}
	t := &official.Table{Heads: []official.Span{{Text: "区划"}}, Rows: make([][]official.Span, len(parts))}
	for i, id := range parts {
		t.Rows[i] = []official.Span{{Text: d.places.NameOn(id, d.query.AsOf)}}
	}
	for _, name := range c.Figures {
		column, err := d.column(ctx, name, parts)
		if err != nil {
			return nil, err
		}
		if column == nil {
			continue
		}
		e := d.entries[name]
		head := official.Span{Text: e.Title.ZH + "（" + e.Unit.ZH + "）"}
		for _, v := range column {
			if v != nil && digit.MatchString(head.Text) {
				head.Note = v.Note
			}
		}
		t.Heads = append(t.Heads, head)
		for i, v := range column {
			cell := official.Span{Text: "—"}
			if v != nil {
				cell = official.Span{Text: number(v.Number, v.Decimals), Note: v.Note}
			}
			t.Rows[i] = append(t.Rows[i], cell)
		}
	}
	if len(t.Heads) == 1 {
		return nil, nil
	}
	return &official.Block{Kind: official.TableOf, Spans: []official.Span{{Text: c.Caption}}, Table: t}, nil
}

func (d *drafting) chart(ctx context.Context, c *Columns) (*official.Block, error) {
	parts, err := d.parts(c)
	if err != nil || len(parts) == 0 || len(c.Figures) == 0 {
		return nil, err
	}
	column, err := d.column(ctx, c.Figures[0], parts)
	if err != nil || column == nil {
		return nil, err
	}
	e := d.entries[c.Figures[0]]
	chart := &official.Chart{Unit: e.Unit.ZH, Decimals: e.Decimals}
	for i, v := range column {
		if v != nil {
			chart.Bars = append(chart.Bars, official.Bar{Label: d.places.NameOn(parts[i], d.query.AsOf), Value: v.Number})
			chart.Note = v.Note
		}
	}
	return &official.Block{Kind: official.ChartOf, Spans: []official.Span{{Text: c.Caption + "（" + e.Unit.ZH + "）"}}, Chart: chart}, nil
}
