package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"liandong/criteria"
	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/identify"
	"liandong/internal/registry"
	"liandong/place"
)

type identifyCommand struct {
	cityFlags
	asked
	Division string  `placeholder:"130624" help:"只识别这个区划，默认全市。 This division only; the whole city by default."`
	By       string  `enum:"county,township,village" default:"county" help:"按县、乡或村分列（county、township、village）。 Divisions to list."`
	Band     float64 `default:"5" help:"试算时统计得分线上下多少分以内的户。 How many points around the cut a what-if counts."`
	Price    float64 `placeholder:"YUAN" help:"试算：按每人多少元估算费用，不保存。 What if: price a person, for the cost; stores nothing."`
	List     string  `placeholder:"enter|leave|borderline|OUTCOME" help:"试算：列出进入、退出、线边或某种结论的户，不保存。 What if: list the households that enter, leave, are borderline, or have an outcome; stores nothing."`
	Limit    int     `default:"50" help:"最多列出多少户。 At most so many households are listed."`
	DryRun   bool    `help:"不保存结果。 Do not store the run."`
}

// asked is which document is asked about which day, and what a what-if changes in it.
type asked struct {
	Criteria string             `required:"" placeholder:"ID@VERSION" help:"识别标准，如 four-looks@2015.1，或一个 .yaml 文件。 Criteria document, or a .yaml file."`
	AsOf     string             `placeholder:"2015-12-31" help:"按哪一天的情况，默认今天。 What was so on this day; today by default."`
	KnownAt  string             `placeholder:"T" help:"按哪一时刻已登记的内容，默认现在。 As far as was recorded by then; now by default."`
	WhatIf   map[string]float64 `placeholder:"PARAM=VALUE" help:"试算：改动一个参数，不保存。 Move a parameter and store nothing."`
	Weight   map[string]float64 `placeholder:"INDICATOR=FACTOR" help:"试算：把一个指标或一项（如 house 或 house.area）的满分和得分乘以倍数。 What if an indicator, or a part of one, counted so many times as much."`
	Bar      map[string]string  `placeholder:"BAR=off|veto|review" help:"试算：停用一条负面清单，或改为否决、从严审核。 What if a bar were off, a veto, or a matter for review."`
	Points   map[string]string  `mapsep:"none" placeholder:"PART=EXPRESSION" help:"试算：换掉一项的评分表达式。 What if a part were scored by another expression."`
	Poor     string             `placeholder:"EXPRESSION" help:"试算：换掉贫困条件的表达式。 What if being poor were another condition."`
}

// identifyResult is the --json shape of the command.
type identifyResult struct {
	Run        string               `json:"run,omitempty"`
	Criteria   string               `json:"criteria"`
	Version    string               `json:"version"`
	Title      errs.Text            `json:"title"`
	AsOf       day.Date             `json:"as_of"`
	KnownAt    time.Time            `json:"known_at"`
	InForce    bool                 `json:"in_force"`
	Seconds    float64              `json:"seconds"`
	WhatIf     map[string]float64   `json:"what_if,omitempty"`
	Households identify.Tally       `json:"households"`
	Members    identify.Tally       `json:"members"`
	Register   identify.Agreement   `json:"register"`
	Divisions  []identifyDivision   `json:"divisions"`
	Change     *criteria.Amendments `json:"change,omitempty"`
	Effect     *effectResult        `json:"effect,omitempty"`
}

type identifyDivision struct {
	Code       string         `json:"code"`
	Name       string         `json:"name"`
	Households identify.Tally `json:"households"`
	Members    identify.Tally `json:"members"`
}

// Run evaluates the document over the register, stores the run unless parameters were moved, and prints its totals.
func (c *identifyCommand) Run(ctx context.Context, p *program) error {
	q, err := c.request()
	if err != nil {
		return err
	}
	opened, err := p.openCity(ctx, &c.cityFlags)
	if err != nil {
		return err
	}
	if q.Division, err = opened.division(ctx, c.Division, q.At.AsOf); err != nil {
		return err
	}
	if q.Document, err = opened.document(ctx, c.Criteria); err != nil {
		return err
	}
	if len(q.Parameters) > 0 || !q.Amendments.None() || c.Price != 0 || c.List != "" {
		return c.whatIf(ctx, p, opened, q)
	}
	evaluate := opened.identify.Run
	if c.DryRun {
		evaluate = opened.identify.Evaluate
	}
	e, err := evaluate(ctx, console(), q)
	if err != nil {
		return err
	}
	r, err := c.result(opened, e)
	if err != nil {
		return err
	}
	return p.answer(r, func(w io.Writer) error { return p.printIdentify(w, r) })
}

// request is without its document and its division, which are the city's.
func (c *asked) request() (q identify.Request, err error) {
	if q.At.AsOf, err = dayOr(c.AsOf, day.InTime(time.Now())); err != nil {
		return q, err
	}
	if q.At.KnownAt, err = momentOr(c.KnownAt); err != nil {
		return q, err
	}
	q.Parameters = c.WhatIf
	q.Amendments = criteria.Amendments{Weights: c.Weight, Bars: c.Bar, Points: c.Points, Poor: c.Poor}
	return q, nil
}

// document finds a criteria document of the city by its id, or reads a file.
func (c *city) document(ctx context.Context, name string) (identify.Document, error) {
	if strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml") {
		return documentOf(name)
	}
	return c.identify.Document(ctx, name)
}

// documentOf reads a criteria document that comes with the program, or a file.
func documentOf(name string) (identify.Document, error) {
	if !strings.HasSuffix(name, ".yaml") && !strings.HasSuffix(name, ".yml") {
		return identify.Shipped(name)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return identify.Document{}, errs.New(errs.NotFound, "main.documentOf", "读不到文件「"+name+"」。", "The file "+name+" cannot be read.").Because(err)
	}
	return identify.Read(text)
}

// momentOr reads a moment; the zero time where there is none.
func momentOr(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return t, errs.New(errs.Usage, "main.moment", "看不懂时刻「"+text+"」，请写成 2015-11-30T08:00:00Z。", "The moment \""+text+"\" cannot be read; write 2015-11-30T08:00:00Z.")
	}
	return t.UTC(), nil
}

func (c *identifyCommand) level() place.Level {
	return map[string]place.Level{"county": place.County, "township": place.Township, "village": place.Village}[c.By]
}

func (c *identifyCommand) result(opened *city, e *identify.Evaluation) (*identifyResult, error) {
	scope := console().Scope(access.ReadFigures, day.InTime(time.Now()))
	whole, parts, err := e.Totals(scope, e.Division, c.level())
	if err != nil {
		return nil, err
	}
	agreement, _, err := e.Agreement(scope, e.Division, place.County)
	if err != nil {
		return nil, err
	}
	name, version, _ := strings.Cut(e.Document, "@")
	r := &identifyResult{
		Criteria: name, Version: version, Title: e.Title, AsOf: e.AsOf, KnownAt: e.KnownAt, InForce: e.InForce, Seconds: e.Seconds, WhatIf: e.Parameters,
		Households: whole.Households, Members: whole.Members, Register: agreement, Divisions: make([]identifyDivision, 0, len(parts)),
	}
	if e.ID != (registry.ID{}) {
		r.Run = e.ID.String()
	}
	for _, d := range parts {
		code, name := opened.named(d.Division, e.AsOf)
		r.Divisions = append(r.Divisions, identifyDivision{Code: code, Name: name, Households: d.Households, Members: d.Members})
	}
	return r, nil
}

func (p *program) printIdentify(w io.Writer, r *identifyResult) error {
	fmt.Fprintln(w, p.say(errs.Text{
		ZH: fmt.Sprintf("%s（%s@%s），%s 的情况，用时 %.2f 秒。", r.Title.ZH, r.Criteria, r.Version, r.AsOf, r.Seconds),
		EN: fmt.Sprintf("%s (%s@%s), as of %s, in %.2f s.", r.Title.EN, r.Criteria, r.Version, r.AsOf, r.Seconds),
	}))
	if !r.InForce {
		fmt.Fprintln(w, p.say(errs.Text{ZH: "这一天该标准不在有效期内，结果只供分析，不能据此作决定。", EN: "The document is not in force on that day: the result is for analysis, not for decisions."}))
	}
	t := tabwriter.NewWriter(w, 2, 8, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "区划 Division\t户 Households\t拟纳入 Proposed\t从严审核 Review\t信息不全 Undetermined\t疑似不符合 Barred\t暂不纳入 Not\t")
	line := func(name string, h *identify.Tally) {
		for _, n := range []string{name, number(h.Total), number(h.Proposed), number(h.Review), number(h.Undetermined), number(h.Barred), number(h.NotProposed)} {
			fmt.Fprint(t, n, "\t")
		}
		fmt.Fprintln(t)
	}
	for i := range r.Divisions {
		line(r.Divisions[i].Name, &r.Divisions[i].Households)
	}
	line("合计 Total", &r.Households)
	line("人 Persons", &r.Members)
	if err := t.Flush(); err != nil {
		return err
	}
	g := &r.Register
	fmt.Fprintln(w, p.say(errs.Text{
		ZH: fmt.Sprintf("与建档状态对照：一致 %.1f%%；疑似错评 %s 户，疑似漏评 %s 户。标准只提出建议，由人决定。", 100*g.Share(), number(g.Included.Households), number(g.Missed.Households)),
		EN: fmt.Sprintf("Against the register: %.1f %% agree; %s registered households would not be taken in, %s would be and are not registered. A document proposes; people decide.",
			100*g.Share(), number(g.Included.Households), number(g.Missed.Households)),
	}))
	return nil
}

// number writes a whole number as people read it: 431,960.
func number(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
