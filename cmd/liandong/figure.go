package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/figure"
	"liandong/place"
)

type figureCommand struct {
	cityFlags
	Name     string   `arg:"" optional:"" help:"指标名称；不写则列出全部。 Name of the figure; all are listed without it."`
	Division []string `placeholder:"130624" help:"区划代码，默认全市；可以用逗号写几个，合在一起算。 Code of the division; the city by default; several, with commas, are taken together."`
	AsOf     string   `placeholder:"2015-12-31" help:"哪一天的数，默认今天。 As of this day; today by default."`
	KnownAt  string   `placeholder:"T" help:"按哪一时刻已登记的内容，默认现在。 As far as was recorded by then; now by default."`
	Rows     bool     `help:"列出构成这个数的记录。 List the records that make it."`
	Parts    bool     `help:"按下一级区划分列。 List the divisions one level below."`
}

// figureResult is the --json shape of the command.
type figureResult struct {
	Name         string        `json:"name"`
	Title        errs.Text     `json:"title"`
	Unit         string        `json:"unit"`
	Definition   string        `json:"definition"`
	DefinitionEN string        `json:"definition_en"`
	Division     string        `json:"division"`
	DivisionName string        `json:"division_name"`
	AsOf         day.Date      `json:"as_of"`
	Status       figure.Status `json:"status"`
	Value        *float64      `json:"value"` // null where the figure is not defined; the notes say why
	Numerator    *float64      `json:"numerator,omitempty"`
	Denominator  *float64      `json:"denominator,omitempty"`
	RowCount     int64         `json:"row_count"`
	Rows         []figure.Row  `json:"rows,omitempty"`
	Notes        []errs.Text   `json:"notes,omitempty"`

	decimals int
}

type figureAnswer struct {
	figureResult
	Parts []figureResult `json:"parts,omitempty"`
}

// Run quotes a figure from the book, with its proof where it is asked for.
func (c *figureCommand) Run(ctx context.Context, p *program) error {
	asOf, err := dayOr(c.AsOf, day.InTime(time.Now()))
	if err != nil {
		return err
	}
	known, err := momentOr(c.KnownAt)
	if err != nil {
		return err
	}
	opened, err := p.openCity(ctx, &c.cityFlags)
	if err != nil {
		return err
	}
	if c.Name == "" {
		return c.list(p, opened)
	}
	divisions, err := opened.divisions(ctx, c.Division, asOf)
	if err != nil {
		return err
	}
	today := day.InTime(time.Now())
	q := figure.Query{Division: divisions[0], AsOf: asOf, KnownAt: known, Scope: console().Scope(access.ReadFigures, today), Records: console().Scope(opened.figures.Opens(c.Name), today)}
	if c.Rows {
		q.Rows = math.MaxInt32
	}
	f, err := opened.figures.Together(ctx, c.Name, q, divisions)
	if err != nil {
		return err
	}
	answer := figureAnswer{figureResult: opened.figureResult(&f, divisions...)}
	if c.Parts {
		children := divisions
		if len(divisions) == 1 {
			children = opened.registry.Divisions(divisions[0])
		}
		parts, err := opened.figures.ByDivision(ctx, c.Name, q, children)
		if err != nil {
			return err
		}
		for i := range parts {
			answer.Parts = append(answer.Parts, opened.figureResult(&parts[i], parts[i].Division))
		}
	}
	return p.answer(answer, func(w io.Writer) error { return p.printFigure(w, &answer) })
}

func (c *figureCommand) list(p *program, opened *city) error {
	type listed struct {
		Name       string    `json:"name"`
		Title      errs.Text `json:"title"`
		Unit       errs.Text `json:"unit"`
		Definition errs.Text `json:"definition"`
	}
	all := []listed{}
	for _, e := range opened.figures.Entries() {
		all = append(all, listed{e.Name, e.Title, e.Unit, e.Definition})
	}
	return p.answer(all, func(w io.Writer) error {
		for _, e := range all {
			fmt.Fprintf(w, "%-28s %s\n", e.Name, p.say(errs.Text{ZH: e.Title.ZH + "（" + e.Unit.ZH + "）", EN: e.Title.EN + " (" + e.Unit.EN + ")"}))
		}
		return nil
	})
}

func (c *city) figureResult(f *figure.Figure, divisions ...place.ID) figureResult {
	codes, names := make([]string, len(divisions)), make([]string, len(divisions))
	for i, d := range divisions {
		codes[i], names[i] = c.named(d, f.AsOf)
	}
	r := figureResult{
		Name: f.Name, Title: f.Title, Unit: f.Unit.ZH, Definition: f.Definition.ZH, DefinitionEN: f.Definition.EN, Division: strings.Join(codes, ","), DivisionName: strings.Join(names, "、"),
		AsOf: f.AsOf, Status: f.Status, Numerator: f.Value.Numerator, Denominator: f.Value.Denominator, RowCount: f.Value.RowCount, Rows: f.Value.Rows, Notes: f.Value.Notes, decimals: f.Decimals,
	}
	if v := f.Value.Number; !math.IsNaN(v) {
		r.Value = &v
	}
	if d := f.Value.Denominator; d != nil && math.IsNaN(*d) {
		r.Denominator = nil
	}
	return r
}

// words is the value as people read it.
func (r *figureResult) words() string {
	if r.Value == nil {
		return "—"
	}
	if r.decimals == 0 {
		return number(int64(math.Round(*r.Value)))
	}
	return strconv.FormatFloat(*r.Value, 'f', r.decimals, 64)
}

func (p *program) printFigure(w io.Writer, a *figureAnswer) error {
	fmt.Fprintln(w, p.say(errs.Text{
		ZH: fmt.Sprintf("%s %s%s：%s %s", a.AsOf, a.DivisionName, a.Title.ZH, a.words(), a.Unit),
		EN: fmt.Sprintf("%s of %s on %s: %s", a.Title.EN, a.DivisionName, a.AsOf, a.words()),
	}))
	fmt.Fprintln(w, p.say(errs.Text{ZH: "口径：" + a.Definition, EN: "Definition: " + a.DefinitionEN}))
	for _, n := range a.Notes {
		fmt.Fprintln(w, p.say(n))
	}
	for i := range a.Parts {
		fmt.Fprintf(w, "  %s %s  %s\n", a.Parts[i].Division, a.Parts[i].DivisionName, a.Parts[i].words())
	}
	for _, row := range a.Rows {
		if _, err := fmt.Fprintf(w, "  %s  %s  %g\n", row.Division, row.Label, row.Value); err != nil {
			return err
		}
	}
	return nil
}
