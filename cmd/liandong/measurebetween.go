package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/profile"
	"liandong/internal/registry"
)

// betweenResult is the --json shape of a register measured against an earlier day. A count that is held back is null.
type betweenResult struct {
	Division     string              `json:"division"`
	DivisionName string              `json:"division_name"`
	Before       betweenDay          `json:"before"`
	After        betweenDay          `json:"after"`
	Basis        profile.Basis       `json:"basis"`
	By           string              `json:"by,omitempty"`
	States       []betweenState      `json:"states"`
	Sentence     errs.Text           `json:"sentence"`
	Suppression  profile.Suppression `json:"suppression"`
	Whole        betweenRow          `json:"whole"`
	Groups       []betweenRow        `json:"groups"`
}

type betweenDay struct {
	Day        day.Date   `json:"day"`
	Line       *float64   `json:"line"` // of the day's own year, in its money; null by status
	LineSource *errs.Text `json:"line_source,omitempty"`
}

type betweenState struct {
	Code  string    `json:"code"`
	Title errs.Text `json:"title"`
}

// betweenRow is what became of one group. The matrix has a row for each state of the earlier day and a column for each of the later, the last the sum.
type betweenRow struct {
	Group        string           `json:"group"`
	Title        errs.Text        `json:"title"`
	Code         string           `json:"code,omitempty"` // of a division
	Held         bool             `json:"held"`
	PoorBefore   betweenCount     `json:"poor_before"`
	Left         betweenCount     `json:"left"`
	Stayed       betweenCount     `json:"stayed"`
	Gone         betweenCount     `json:"gone"`
	FellBack     betweenCount     `json:"fell_back"`
	Entered      betweenCount     `json:"entered"`
	PoorAfter    betweenCount     `json:"poor_after"`
	LeftRate     *float64         `json:"left_rate"` // persons who left of those who were poor
	NoLeft       *errs.Text       `json:"no_left_rate,omitempty"`
	FellBackRate *float64         `json:"fell_back_rate"` // persons who fell back of those who were not poor
	NoFellBack   *errs.Text       `json:"no_fell_back_rate,omitempty"`
	Matrix       [][]betweenCount `json:"matrix"`
}

type betweenCount struct {
	Households *int64 `json:"households"`
	Persons    *int64 `json:"persons"`
}

// notBetweenDays names the first flag that has no meaning between two days.
func (c *measureCommand) notBetweenDays() string {
	return first(given{"--measures", c.Measures != ""}, given{"--of", c.Of != "all"}, given{"--svg", len(c.SVG) > 0})
}

// transition counts who left poverty and who fell back between --against and the day of the register.
func (c *measureCommand) transition(ctx context.Context, p *program, opened *city, q *profile.Request) error {
	if name := c.notBetweenDays(); name != "" {
		return errs.New(errs.Usage, "main.measure", "两个日期比较时不用 "+name+"。", "Between two days "+name+" has no use.")
	}
	against, err := day.Parse(c.Against)
	if err != nil {
		return err
	}
	basis := profile.ByIncome
	if c.Basis != "" {
		basis = profile.Basis(c.Basis)
	}
	return p.between(ctx, opened, &profile.TransitionRequest{
		Division: q.Division, Before: registry.Moment{AsOf: against, KnownAt: q.At.KnownAt}, After: q.At, Basis: basis, By: q.By, Line: q.Line,
	})
}

// between counts and prints the moves between two days of a register.
func (p *program) between(ctx context.Context, opened *city, q *profile.TransitionRequest) error {
	t, err := opened.profile.Transition(ctx, console().Scope(access.ReadFigures, day.InTime(time.Now())), *q)
	if err != nil {
		return err
	}
	r := opened.betweenResult(t)
	r.By = q.By
	return p.answer(r, func(w io.Writer) error { return p.printBetween(w, &r) })
}

func (c *city) betweenResult(t *profile.Transition) betweenResult {
	on := func(i int, d day.Date) betweenDay {
		return betweenDay{Day: d, Line: stated(t.Lines[i]), LineSource: reason(t.LineSource[i])}
	}
	r := betweenResult{
		Before: on(0, t.Before), After: on(1, t.After), Basis: t.Basis, Sentence: t.Sentence, Suppression: t.Suppression,
		Whole: c.betweenRow(&t.Whole, t.After), Groups: make([]betweenRow, 0, len(t.Groups)),
	}
	r.Division, r.DivisionName = c.named(t.Division, t.After)
	for s := range profile.State(profile.States) {
		r.States = append(r.States, betweenState{t.Basis.Code(s), t.Basis.Text(s)})
	}
	for i := range t.Groups {
		r.Groups = append(r.Groups, c.betweenRow(&t.Groups[i], t.After))
	}
	return r
}

func (c *city) betweenRow(m *profile.Moves, on day.Date) betweenRow {
	r := betweenRow{
		Group: m.Key, Title: m.Title, Held: m.Held,
		PoorBefore: published(m.Cells[profile.StatePoor][profile.StateTotal]), Left: published(m.Left()), Stayed: published(m.Stayed()), Gone: published(m.Gone()),
		FellBack: published(m.FellBack()), Entered: published(m.Entered()), PoorAfter: published(m.Cells[profile.StateTotal][profile.StatePoor]),
	}
	if m.Division != 0 {
		r.Code, _ = c.named(m.Division, on)
	}
	left, why := m.LeftRate()
	r.LeftRate, r.NoLeft = stated(left), reason(why)
	fell, why := m.FellBackRate()
	r.FellBackRate, r.NoFellBack = stated(fell), reason(why)
	for _, cells := range m.Cells {
		row := make([]betweenCount, 0, len(cells))
		for _, n := range cells {
			row = append(row, published(n))
		}
		r.Matrix = append(r.Matrix, row)
	}
	return r
}

// published is a count, or nothing where it is held back.
func published(n profile.Count) betweenCount {
	if n.Held {
		return betweenCount{}
	}
	return betweenCount{&n.Households, &n.Persons}
}

// reason is a text, or nothing where it is empty.
func reason(t errs.Text) *errs.Text {
	if t.IsZero() {
		return nil
	}
	return &t
}

func (p *program) printBetween(w io.Writer, r *betweenResult) error {
	fmt.Fprintln(w, p.say(r.Sentence))
	head := []string{p.oneLine(errs.Text{ZH: "人", EN: "persons"})}
	for _, t := range []errs.Text{
		{ZH: "前期贫困", EN: "poor before"},
		{ZH: "脱贫", EN: "left"},
		{ZH: "仍贫困", EN: "stayed"},
		{ZH: "已无记录或不明", EN: "gone"},
		{ZH: "返贫", EN: "fell back"},
		{ZH: "新进", EN: "entered"},
		{ZH: "后期贫困", EN: "poor after"},
		{ZH: "脱贫比例", EN: "share that left"},
		{ZH: "返贫比例", EN: "share that fell back"},
	} {
		head = append(head, p.oneLine(t))
	}
	lines, whole := [][]string{head}, r.Whole
	whole.Title = errs.Text{ZH: r.DivisionName, EN: r.DivisionName}
	for _, row := range append(append([]betweenRow{}, r.Groups...), whole) {
		line := []string{p.oneLine(row.Title)}
		for _, n := range []betweenCount{row.PoorBefore, row.Left, row.Stayed, row.Gone, row.FellBack, row.Entered, row.PoorAfter} {
			if n.Persons == nil {
				line = append(line, p.oneLine(errs.Text{ZH: "不公布", EN: "held back"}))
				continue
			}
			line = append(line, number(*n.Persons))
		}
		lines = append(lines, append(line, short(row.LeftRate), short(row.FellBackRate)))
	}
	writeAligned(w, lines, 1)
	return nil
}
