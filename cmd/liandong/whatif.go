package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"liandong/criteria"
	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/identify"
	"liandong/internal/registry"
	"liandong/money"
)

// effectResult is what a what-if adds to the --json shape of identify: the totals are those after the change.
type effectResult struct {
	Before struct {
		Households identify.Tally `json:"households"`
		Members    identify.Tally `json:"members"`
	} `json:"before"`
	Enter     identify.Count      `json:"enter"`
	Leave     identify.Count      `json:"leave"`
	Divisions []effectDivision    `json:"divisions"`
	Causes    []criteria.Cause    `json:"causes"`
	Stability *identify.Stability `json:"stability"`
	Band      *identify.Band      `json:"band"`
	Standings []identify.Standing `json:"standings"`
	Cost      *effectCost         `json:"cost,omitempty"`

	Households []effectHousehold `json:"households,omitempty"` // those that --list asks for
}

// effectHousehold is one household behind a number of a what-if.
type effectHousehold struct {
	ID       string `json:"id"`
	Number   string `json:"number"`
	Division string `json:"division"`
	Name     string `json:"name"`
	Size     uint16 `json:"size"`
	Before   string `json:"before,omitempty"`
	After    string `json:"after"`
}

type effectDivision struct {
	Code  string         `json:"code"`
	Name  string         `json:"name"`
	Enter identify.Count `json:"enter"`
	Leave identify.Count `json:"leave"`
}

// effectCost is in yuan.
type effectCost struct {
	Price  float64 `json:"price_per_person"`
	Before float64 `json:"before"`
	After  float64 `json:"after"`
}

// whatIf evaluates the document as it is and as it is changed, and prints what the change does.
func (c *identifyCommand) whatIf(ctx context.Context, p *program, opened *city, q identify.Request) error {
	price, ok := money.FromYuan(c.Price)
	if !ok || price < 0 || c.Band < 0 {
		return errs.New(errs.Usage, "main.whatIf", "--price 和 --band 不能为负。", "--price and --band must not be negative.")
	}
	if c.List != "" {
		if _, _, err := c.asksFor(); err != nil {
			return err
		}
	}
	before, after, err := opened.identify.WhatIf(ctx, console(), q)
	if err != nil {
		return err
	}
	scope := console().Scope(access.ReadFigures, day.InTime(time.Now()))
	x, err := identify.Weigh(scope, before, after, identify.Weighing{Division: after.Division, By: c.level(), Band: c.Band, Price: price})
	if err != nil {
		return err
	}
	r, err := c.result(opened, after)
	if err != nil {
		return err
	}
	whole, _, err := before.Totals(scope, before.Division, c.level())
	if err != nil {
		return err
	}
	if !after.Amendments.None() {
		r.Change = &after.Amendments
	}
	r.Effect = &effectResult{Enter: x.Whole.Enter, Leave: x.Whole.Leave, Divisions: []effectDivision{}, Causes: x.Causes, Stability: x.Stability, Band: x.Band, Standings: x.Agreement}
	r.Effect.Before.Households, r.Effect.Before.Members = whole.Households, whole.Members
	for _, d := range x.Parts {
		code, name := opened.named(d.Division, after.AsOf)
		r.Effect.Divisions = append(r.Effect.Divisions, effectDivision{code, name, d.Enter, d.Leave})
	}
	if x.Cost != nil {
		r.Effect.Cost = &effectCost{x.Cost.Price.Yuan(), x.Cost.Before.Yuan(), x.Cost.After.Yuan()}
	}
	if r.Effect.Households, err = c.households(ctx, opened, before, after); err != nil {
		return err
	}
	return p.answer(r, func(w io.Writer) error {
		if err := p.printIdentify(w, r); err != nil {
			return err
		}
		return p.printEffect(w, r.Effect)
	})
}

// poorWords are what a condition says of being poor.
var poorWords = map[criteria.Truth]errs.Text{criteria.Yes: {ZH: "贫困", EN: "poor"}, criteria.No: {ZH: "不贫困", EN: "not poor"}, criteria.Unknown: {ZH: "不明", EN: "unknown"}}

func (p *program) printEffect(w io.Writer, x *effectResult) error {
	both := func(zh, en string, values ...any) {
		fmt.Fprintln(w, p.say(errs.Text{ZH: fmt.Sprintf(zh, values...), EN: fmt.Sprintf(en, values...)}))
	}
	both("试算，未保存。进入 %s 户 %s 人，退出 %s 户 %s 人。", "A what-if: nothing is stored. %s households (%s persons) enter, %s (%s) leave.",
		number(x.Enter.Households), number(x.Enter.Members), number(x.Leave.Households), number(x.Leave.Members))
	t := tabwriter.NewWriter(w, 2, 8, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "区划 Division\t进入 Enter\t退出 Leave\t")
	for _, d := range x.Divisions {
		fmt.Fprintf(t, "%s\t%s\t%s\t\n", d.Name, number(d.Enter.Households), number(d.Leave.Households))
	}
	if len(x.Causes) > 0 {
		fmt.Fprintln(t, "原因 Cause\t进入 Enter\t退出 Leave\t")
	}
	for i := range x.Causes {
		c := &x.Causes[i]
		fmt.Fprintf(t, "%s\t%s\t%s\t\n", p.say(c.Title), number(int64(c.Enter)), number(int64(c.Leave)))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if x.Stability != nil {
		both("得分次序的稳定程度（Kendall τ）：%.4f。", "Stability of the order by score (Kendall's tau): %.4f.", x.Stability.Tau)
	}
	if b := x.Band; b != nil {
		both("得分线 %g 上下 %g 分以内：线下 %s 户，线上 %s 户，区间跨线 %s 户。", "Within %[2]g points of the cut at %[1]g: %[3]s households below, %[4]s above, %[5]s whose interval has the cut within it.",
			b.Cut, b.Width, number(b.Below.Households), number(b.Above.Households), number(b.Open.Households))
	}
	for _, s := range x.Standings {
		if s.Apart() {
			score, other, vote := poorWords[s.Score], poorWords[s.Income], poorWords[s.Vote]
			fmt.Fprintln(w, p.say(errs.Text{
				ZH: fmt.Sprintf("得分判断为「%s」，其他条件判断为「%s」，民主评议为「%s」：%s 户。", score.ZH, other.ZH, vote.ZH, number(s.Households)),
				EN: fmt.Sprintf("The score says %s, the other conditions say %s and the village's vote says %s: %s households.", score.EN, other.EN, vote.EN, number(s.Households)),
			}))
		}
	}
	if x.Cost != nil {
		both("按每人 %.0f 元：改动前 %.0f 元，改动后 %.0f 元。", "At %.0f yuan a person: %.0f yuan before the change, %.0f after.", x.Cost.Price, x.Cost.Before, x.Cost.After)
	}
	return p.printHouseholds(w, x.Households)
}

// asksFor reads which households --list asks for: those that enter or leave, or those of whom want holds.
func (c *identifyCommand) asksFor() (changed func(*identify.Changed) bool, want func(after *identify.Evaluation) func(*identify.Results, int) bool, err error) {
	switch c.List {
	case "enter":
		return (*identify.Changed).Enters, nil, nil
	case "leave":
		return (*identify.Changed).Leaves, nil, nil
	case "borderline":
		return nil, func(after *identify.Evaluation) func(*identify.Results, int) bool { return after.InBand(c.Band) }, nil
	}
	outcome, ok := criteria.ParseOutcome(c.List)
	if !ok {
		return nil, nil, errs.New(errs.Usage, "main.whatIf", "--list 可写 enter、leave、borderline 或一种结论（proposed、review、undetermined、barred、not_proposed）。",
			"--list takes enter, leave, borderline or an outcome (proposed, review, undetermined, barred, not_proposed).")
	}
	return nil, func(*identify.Evaluation) func(*identify.Results, int) bool {
		return func(r *identify.Results, row int) bool { return r.Outcome[row] == outcome }
	}, nil
}

// households are those behind a number of the effect, as --list asks, with their numbers in the register.
func (c *identifyCommand) households(ctx context.Context, opened *city, before, after *identify.Evaluation) ([]effectHousehold, error) {
	if c.List == "" {
		return nil, nil
	}
	changed, want, err := c.asksFor()
	if err != nil {
		return nil, err
	}
	scope := console().Scope(access.ReadRecords, day.InTime(time.Now()))
	var all []effectHousehold
	if changed != nil {
		for _, h := range identify.ChangedOutcomes(scope, before, after, after.Division, changed, 0, c.Limit) {
			code, name := opened.named(h.Village, after.AsOf)
			one := effectHousehold{ID: h.Household.String(), Division: code, Name: name, Size: h.Size}
			if h.Before != nil {
				one.Before = h.Before.Outcome.String()
			}
			if h.After != nil {
				one.After = h.After.Outcome.String()
			}
			all = append(all, one)
		}
	} else {
		page, _ := after.Households(scope, after.Division, want(after), 0, c.Limit)
		for _, h := range page {
			code, name := opened.named(h.Village, after.AsOf)
			all = append(all, effectHousehold{ID: h.ID.String(), Division: code, Name: name, Size: h.Size, After: h.County.Outcome[h.Row].String()})
		}
	}
	at := registry.Moment{AsOf: after.AsOf, KnownAt: after.KnownAt}
	for i := range all {
		h, err := opened.registry.Household(ctx, scope, uuid.MustParse(all[i].ID), at)
		if err != nil {
			return nil, err
		}
		all[i].Number = h.Number
	}
	return all, nil
}

func (p *program) printHouseholds(w io.Writer, all []effectHousehold) error {
	if len(all) == 0 {
		return nil
	}
	t := tabwriter.NewWriter(w, 2, 8, 2, ' ', 0)
	fmt.Fprintln(t, "户编号 Number\t村 Village\t人 Persons\t改动前 Before\t改动后 After")
	for i := range all {
		h := &all[i]
		fmt.Fprintf(t, "%s\t%s\t%d\t%s\t%s\n", h.Number, h.Name, h.Size, p.outcome(h.Before), p.outcome(h.After))
	}
	return t.Flush()
}

// outcome is an outcome in words; nothing where there is none.
func (p *program) outcome(word string) string {
	if o, ok := criteria.ParseOutcome(word); ok {
		return p.say(o.Text())
	}
	return ""
}
