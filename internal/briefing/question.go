package briefing

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/google/uuid"
	"gopkg.in/yaml.v3"

	"liandong/day"
	"liandong/errs"
	"liandong/formula"
	"liandong/internal/access"
	"liandong/internal/dossier"
	"liandong/internal/figure"
	"liandong/place"
)

// Question is a document: what is asked, and the words of the answer.
type Question struct {
	ID       string    `json:"id"`
	Version  string    `json:"version"`
	Title    string    `json:"title"`
	Asks     errs.Text `json:"asks"`
	Sections []Section `json:"sections"`
	Own      bool      `json:"own"` // the city wrote it; otherwise it came with the program
	Text     []byte    `json:"-"`

	quotes []quote
}

// quote is a figure that the document names, and where.
type quote struct {
	figure string
	at     formula.Position
}

// Section is a part of the answer. Sentences hold figures by name in braces, {registered_poor_persons}, or a year before, {incidence@-1y};
// {place} and {date} are the place and the day.
type Section struct {
	Heading   string   `json:"heading"`
	Sentences []string `json:"sentences"`
	Table     *Columns `json:"table,omitempty"`
	Chart     *Columns `json:"chart,omitempty"`
}

// Columns say what a table or a chart shows of the divisions below the place: of those named, or of all.
type Columns struct {
	Caption   string   `json:"caption"`
	Figures   []string `json:"figures"`
	Divisions []string `json:"divisions,omitempty"` // codes; those that lie below the place
}

// The shape of a document. What is checked by itself is kept as YAML nodes, so that refusals name line and column.
type questionRow struct {
	ID       yaml.Node    `yaml:"briefing"`
	Version  yaml.Node    `yaml:"version"`
	Title    yaml.Node    `yaml:"title"`
	Asks     errs.Text    `yaml:"asks"`
	Sections []sectionRow `yaml:"sections"`
}

type sectionRow struct {
	Heading   yaml.Node   `yaml:"heading"`
	Sentences []yaml.Node `yaml:"sentences"`
	Table     *columnsRow `yaml:"table"`
	Chart     *columnsRow `yaml:"chart"`
}

type columnsRow struct {
	Caption   yaml.Node   `yaml:"caption"`
	Figures   []yaml.Node `yaml:"figures"`
	Divisions []string    `yaml:"divisions"`
}

// maxQuestion bounds a document in bytes: a briefing of forty pages has fewer words.
const maxQuestion = 64 << 10

var (
	slot        = regexp.MustCompile(`\{([a-z][a-z0-9_]*)(@-([1-9])y)?\}`)
	digit       = regexp.MustCompile(`\p{Nd}`)
	idForm      = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)
	versionForm = regexp.MustCompile(`^[0-9]+(\.[0-9]+)*$`)
)

func noQuestion() errs.Text { return errs.Text{ZH: "汇报题目", EN: "question"} }

// Parse reads a question and refuses words with a number of their own. Every refusal is a sentence with line and column.
func Parse(text []byte) (Question, error) {
	if len(text) > maxQuestion {
		return Question{}, errs.New(errs.TooLarge, "briefing.Parse", fmt.Sprintf("第 1 行第 1 列：汇报题目超过 %d 千字节。", maxQuestion>>10), fmt.Sprintf("Line 1, column 1: The question is larger than %d kB.", maxQuestion>>10))
	}
	var row questionRow
	root, err := formula.ReadYAML(text, noQuestion(), &row)
	if err != nil {
		return Question{}, err
	}
	p := parsing{start: formula.Position{Line: max(root.Line, 1), Column: max(root.Column, 1)}}
	q := &p.Question
	q.Asks, q.Text = row.Asks, bytes.Clone(text)
	q.ID = p.form(&row.ID, idForm, "briefing 要写小写英文编号，如 poverty。", "briefing wants a lower-case id, such as poverty.")
	q.Version = p.form(&row.Version, versionForm, "version 要写年份，如 \"2016.1\"。", "version wants a year, such as \"2016.1\".")
	q.Title = p.words(&row.Title, "title 要写标题。", "title wants words.")
	if q.Asks.ZH == "" {
		p.refuse(p.start, "asks 要写问的是什么：{zh: …, en: …}。", "asks says what is asked: {zh: …, en: …}.")
	}
	if q.Asks.EN == "" {
		q.Asks.EN = q.Asks.ZH
	}
	if len(row.Sections) == 0 {
		p.refuse(p.start, "sections 要有至少一节。", "sections wants at least one section.")
	}
	for i := range row.Sections {
		q.Sections = append(q.Sections, p.section(&row.Sections[i]))
	}
	return *q, p.err
}

// parsing keeps the first thing that is wrong.
type parsing struct {
	Question

	start formula.Position
	err   error
}

func (p *parsing) refuse(at formula.Position, zh, en string) {
	if p.err == nil {
		p.err = &formula.Refusal{At: at, Text: errs.Text{ZH: zh, EN: en}}
	}
}

// where is where a node stands, or the document's beginning where it is absent.
func (p *parsing) where(n *yaml.Node) formula.Position {
	if n.IsZero() {
		return p.start
	}
	return formula.PositionOf(n)
}

func (p *parsing) form(n *yaml.Node, form *regexp.Regexp, zh, en string) string {
	if n.Kind != yaml.ScalarNode || !form.MatchString(n.Value) {
		p.refuse(p.where(n), zh, en)
	}
	return n.Value
}

// words reads words that hold no number of their own; what stands in braces names a figure.
func (p *parsing) words(n *yaml.Node, zh, en string) string {
	if n.Kind != yaml.ScalarNode || strings.TrimSpace(n.Value) == "" {
		p.refuse(p.where(n), zh, en)
		return ""
	}
	within := func(i int) formula.Position { return behind(p.where(n), n.Value[:i]) }
	plain := slot.ReplaceAllStringFunc(n.Value, func(s string) string { return strings.Repeat("_", len(s)) })
	if i := digit.FindStringIndex(plain); i != nil {
		p.refuse(within(i[0]), "这里不能直接写数字，每个数都须引用指标，如 {incidence}：「"+n.Value+"」。", "The words hold no number of their own; every number is a figure, as {incidence}: "+n.Value+".")
	} else if i := strings.IndexAny(plain, "{}"); i >= 0 {
		p.refuse(within(i), "大括号里要写指标名称，如 {incidence} 或 {incidence@-1y}：「"+n.Value+"」。", "Braces hold the name of a figure, as {incidence} or {incidence@-1y}: "+n.Value+".")
	}
	for _, m := range slot.FindAllStringSubmatchIndex(n.Value, -1) {
		if name := n.Value[m[2]:m[3]]; name != "place" && name != "date" {
			p.quotes = append(p.quotes, quote{name, within(m[0])})
		}
	}
	return n.Value
}

// behind is the position after some text.
func behind(at formula.Position, text string) formula.Position {
	for _, r := range text {
		at.Column++
		if r == '\n' {
			at = formula.Position{Line: at.Line + 1, Column: 1}
		}
	}
	return at
}

func (p *parsing) section(row *sectionRow) Section {
	s := Section{Heading: p.words(&row.Heading, "heading 要写这一节的标题。", "heading wants the section's title.")}
	for i := range row.Sentences {
		s.Sentences = append(s.Sentences, p.words(&row.Sentences[i], "这里要写一句话。", "A sentence is wanted here."))
	}
	s.Table, s.Chart = p.columns(row.Table, &row.Heading), p.columns(row.Chart, &row.Heading)
	if len(s.Sentences) == 0 && s.Table == nil && s.Chart == nil {
		p.refuse(p.where(&row.Heading), "这一节没有内容：要有 sentences、table 或 chart。", "The section holds nothing: it wants sentences, a table or a chart.")
	}
	return s
}

func (p *parsing) columns(row *columnsRow, heading *yaml.Node) *Columns {
	if row == nil {
		return nil
	}
	c := &Columns{Divisions: row.Divisions}
	at := heading
	if !row.Caption.IsZero() {
		c.Caption, at = p.words(&row.Caption, "caption 要写表或图的标题。", "caption wants a title."), &row.Caption
	}
	if len(row.Figures) == 0 {
		p.refuse(p.where(at), "这个表或图没有写 figures。", "The table or chart names no figures.")
	}
	for i := range row.Figures {
		n := &row.Figures[i]
		c.Figures, p.quotes = append(c.Figures, n.Value), append(p.quotes, quote{n.Value, p.where(n)})
	}
	for _, text := range c.Divisions {
		if _, err := place.ParseCode(text); err != nil {
			p.refuse(p.where(at), "divisions 里的"+errs.Sentence(err).ZH, "Among the divisions: "+errs.Sentence(err).EN)
		}
	}
	return c
}

// Name is the question with its version.
func (q *Question) Name() string { return q.ID + "@" + q.Version }

const actWritten = "written"

// ownMachine keeps the questions that a city writes itself; every entry is the whole text.
func ownMachine() dossier.Machine[Question] {
	return dossier.Machine[Question]{
		Kind: "briefing_question", Noun: noQuestion(),
		Step: func(before Question, e dossier.Entry) (Question, error) {
			var b struct {
				Text string `json:"text"`
			}
			if err := json.Unmarshal(e.Body, &b); err != nil {
				return before, errs.Wrap("briefing.Question", err)
			}
			next, err := Parse([]byte(b.Text))
			next.Own = true
			switch {
			case err != nil || before.ID == "":
			case next.ID != before.ID:
				err = errs.New(errs.Conflict, "briefing.Question", "题目的编号不能改，原为「"+before.ID+"」。", "A question's id does not change; it was "+before.ID+".")
			case next.Version == before.Version && !bytes.Equal(next.Text, before.Text):
				err = sameVersion(&next)
			}
			return next, err
		},
		Head: func(q Question) dossier.Head {
			return dossier.Head{State: actWritten, Title: q.Title, Subject: "briefing:" + q.ID}
		},
	}
}

func sameVersion(q *Question) error {
	return errs.New(errs.Conflict, "briefing.Question", "版本 "+q.Version+" 已经有另一份内容。改了内容，请换一个版本号。", "Version "+q.Version+" stands for other words. Give what changed another version.").At("version")
}

// Questions are those that can be asked: the shipped ones, with the city's own in their place or behind them. Words are no records: whoever may read
// briefings anywhere in the city reads the words of all.
func (r *Room) Questions(ctx context.Context, actor access.Actor, today day.Date) ([]Question, error) {
	if _, err := actor.Require(access.ReadClaims, today); err != nil {
		return nil, err
	}
	all := slices.Clone(r.shipped)
	city := access.Actor{Grants: []access.Grant{{Role: access.CityOffice, Territory: r.city}}}
	own, err := r.own.All(ctx, dossier.Reader{Scope: city.Scope(access.ReadClaims, today)}, dossier.Moment{})
	for i := range own {
		q := own[i].State
		if k := slices.IndexFunc(all, func(s Question) bool { return s.ID == q.ID }); k >= 0 {
			all[k] = q
			continue
		}
		all = append(all, q)
	}
	return all, err
}

// Question finds a question by its id.
func (r *Room) Question(ctx context.Context, actor access.Actor, today day.Date, id string) (Question, error) {
	all, err := r.Questions(ctx, actor, today)
	if err != nil {
		return Question{}, err
	}
	names := make([]string, len(all))
	for i := range all {
		if all[i].ID == id {
			return all[i], nil
		}
		names[i] = all[i].ID
	}
	return Question{}, errs.New(errs.NotFound, "briefing.Question",
		"没有汇报题目「"+id+"」。可用的有："+strings.Join(names, "、")+"。", "There is no question "+id+". There are: "+strings.Join(names, ", ")+".").At("question")
}

// WriteQuestion keeps a question of the city's own, the whole text; one with the id of an earlier one follows it. A figure that the book does not
// have is refused, because its sentence would be left out of every briefing.
func (r *Room) WriteQuestion(ctx context.Context, actor access.Actor, today day.Date, entry uuid.UUID, text []byte) (Question, error) {
	reach, err := reader(actor, access.CheckClaims, today)
	if err == nil && !reach.Scope.Contains(r.city) {
		err = access.NotFound(noQuestion())
	}
	if err != nil {
		return Question{}, err
	}
	q, err := Parse(text)
	if err != nil {
		return q, err
	}
	if err := r.quoted(&q); err != nil {
		return q, err
	}
	if slices.ContainsFunc(r.shipped, func(s Question) bool { return s.Name() == q.Name() && !bytes.Equal(s.Text, q.Text) }) {
		return q, sameVersion(&q)
	}
	draft := dossier.Draft{ID: entry, Dossier: entry, Division: r.city, Act: actWritten, Source: q.Name(), Body: map[string]string{"text": string(text)}}
	page, err := r.own.List(ctx, reach, dossier.Filter{Subject: "briefing:" + q.ID}, "", 1)
	if err != nil {
		return q, err
	}
	if len(page.Heads) > 0 {
		draft.Dossier, draft.Version = page.Heads[0].Dossier, page.Heads[0].Version
	}
	saved, err := r.own.Add(ctx, actor, reach, draft)
	return saved.State, err
}

// quoted refuses a question that quotes a figure which the book does not have.
func (r *Room) quoted(q *Question) error {
	entries := r.book.Entries()
	for _, quoted := range q.quotes {
		if !slices.ContainsFunc(entries, func(e figure.Entry) bool { return e.Name == quoted.figure }) {
			return &formula.Refusal{At: quoted.at, Text: errs.Text{
				ZH: "指标簿里没有「" + quoted.figure + "」。请核对指标的名称（liandong figure 列出全部）。",
				EN: "The book has no figure \"" + quoted.figure + "\". Check its name; liandong figure lists them all.",
			}}
		}
	}
	return nil
}
