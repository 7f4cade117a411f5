package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/registry"
	"liandong/place"
)

type registerChangeCommand struct {
	cityFlags
	Division string `placeholder:"130624" help:"区划代码，默认全市。 Code of the division; the city by default."`
	Against  string `required:"" placeholder:"2014-12-31" help:"前一个日期。 The earlier day."`
	AsOf     string `placeholder:"2015-12-31" help:"后一个日期，默认今天。 The later day; today by default."`
	KnownAt  string `placeholder:"T" help:"按哪一时刻已登记的内容，默认现在。 As far as was recorded by then; now by default."`
	By       string `enum:"county,township,village" default:"county" help:"按县、乡或村分列。 Divisions to list."`
}

// registerChangeResult is the --json shape of the command: matrices have a row for each standing on the earlier day and a column for each on the later.
type registerChangeResult struct {
	moveRow
	Against   day.Date                             `json:"against"`
	AsOf      day.Date                             `json:"as_of"`
	Standings [registry.Standings]registerStanding `json:"standings"`
	Matrix    [registry.Standings][]int64          `json:"households"`
	Members   [registry.Standings][]int64          `json:"persons"`
	Divisions []moveRow                            `json:"divisions"`
}

type registerStanding struct {
	Code  string    `json:"code"`
	Title errs.Text `json:"title"`
}

// moveRow is what became of one division's registered poor, in households and persons.
type moveRow struct {
	Code     string     `json:"code"`
	Name     string     `json:"name"`
	Before   moveCount  `json:"poor_before"`
	Left     moveCount  `json:"left"`      // poor then, out of poverty now
	Stayed   moveCount  `json:"stayed"`    // poor on both days
	Gone     moveCount  `json:"gone"`      // poor then, now removed, in natural decline or without a record
	FellBack moveCount  `json:"fell_back"` // out then, poor now
	Entered  moveCount  `json:"entered"`   // poor now, then not registered or without a record
	After    moveCount  `json:"poor_after"`
	Rate     *float64   `json:"left_rate"` // persons who left of those who were poor; null where nobody was
	NoRate   *errs.Text `json:"undefined,omitempty"`
}

type moveCount struct {
	Households int64 `json:"households"`
	Persons    int64 `json:"persons"`
}

// Run compares the register of two days.
func (c *registerChangeCommand) Run(ctx context.Context, p *program) error {
	today := day.InTime(time.Now())
	before, err := dayOr(c.Against, today)
	if err != nil {
		return err
	}
	after, err := dayOr(c.AsOf, today)
	if err != nil {
		return err
	}
	if !before.Before(after) {
		return errs.New(errs.Usage, "main.change", "前一个日期应早于后一个日期。", "The earlier day must come before the later one.")
	}
	known, err := momentOr(c.KnownAt)
	if err != nil {
		return err
	}
	opened, err := p.openCity(ctx, &c.cityFlags)
	if err != nil {
		return err
	}
	division, err := opened.division(ctx, c.Division, after)
	if err != nil {
		return err
	}
	level := map[string]place.Level{"county": place.County, "township": place.Township, "village": place.Village}[c.By]
	scope := console().Scope(access.ReadFigures, today)
	whole, parts, err := opened.registry.Transition(ctx, scope, division, registry.Moment{AsOf: before, KnownAt: known}, registry.Moment{AsOf: after, KnownAt: known}, level)
	if err != nil {
		return err
	}
	r := registerChangeResult{moveRow: opened.moveRow(&whole, after), Against: before, AsOf: after, Divisions: make([]moveRow, 0, len(parts))}
	for s := range registry.Standing(registry.Standings) {
		r.Standings[s] = registerStanding{s.String(), s.Text()}
		r.Matrix[s], r.Members[s] = whole.Households[s][:], whole.Persons[s][:]
	}
	for i := range parts {
		r.Divisions = append(r.Divisions, opened.moveRow(&parts[i], after))
	}
	return p.answer(r, func(w io.Writer) error { return p.printRegisterChange(w, &r) })
}

func (c *city) moveRow(m *registry.Moves, on day.Date) moveRow {
	const poor, out = registry.StandingPoor, registry.StandingOut
	sum := func(pairs ...[2]registry.Standing) (n moveCount) {
		for _, pair := range pairs {
			n.Households += m.Households[pair[0]][pair[1]]
			n.Persons += m.Persons[pair[0]][pair[1]]
		}
		return n
	}
	other, absent := registry.StandingOther, registry.StandingAbsent
	r := moveRow{
		Left: sum([2]registry.Standing{poor, out}), Stayed: sum([2]registry.Standing{poor, poor}), FellBack: sum([2]registry.Standing{out, poor}),
		Gone: sum([2]registry.Standing{poor, other}, [2]registry.Standing{poor, absent}), Entered: sum([2]registry.Standing{other, poor}, [2]registry.Standing{absent, poor}),
	}
	r.Code, r.Name = c.named(m.Division, on)
	r.Before = moveCount{r.Left.Households + r.Stayed.Households + r.Gone.Households, r.Left.Persons + r.Stayed.Persons + r.Gone.Persons}
	r.After = moveCount{r.Stayed.Households + r.FellBack.Households + r.Entered.Households, r.Stayed.Persons + r.FellBack.Persons + r.Entered.Persons}
	if r.Before.Persons == 0 {
		r.NoRate = &errs.Text{ZH: "前一个日期没有建档贫困人口，脱贫比例没有定义。", EN: "Nobody was registered poor on the earlier day, so the share that left is not defined."}
		return r
	}
	rate := float64(r.Left.Persons) / float64(r.Before.Persons)
	r.Rate = &rate
	return r
}

func (p *program) printRegisterChange(w io.Writer, r *registerChangeResult) error {
	fmt.Fprintln(w, p.say(errs.Text{
		ZH: fmt.Sprintf("%s，%s 与 %s 相比：建档贫困 %s 人变为 %s 人；%s 人脱贫，%s 人返贫，%s 人新进。",
			r.Name, r.AsOf, r.Against, number(r.Before.Persons), number(r.After.Persons), number(r.Left.Persons), number(r.FellBack.Persons), number(r.Entered.Persons)),
		EN: fmt.Sprintf("%s on %s against %s: %s registered poor became %s; %s left poverty, %s fell back, %s entered.",
			r.Name, r.AsOf, r.Against, number(r.Before.Persons), number(r.After.Persons), number(r.Left.Persons), number(r.FellBack.Persons), number(r.Entered.Persons)),
	}))
	head := []string{p.oneLine(errs.Text{ZH: "人", EN: "persons"})}
	for _, t := range []errs.Text{
		{ZH: "前期贫困", EN: "poor before"},
		{ZH: "脱贫", EN: "left"},
		{ZH: "仍贫困", EN: "stayed"},
		{ZH: "退出登记", EN: "gone"},
		{ZH: "返贫", EN: "fell back"},
		{ZH: "新进", EN: "entered"},
		{ZH: "后期贫困", EN: "poor after"},
		{ZH: "脱贫比例", EN: "share that left"},
	} {
		head = append(head, p.oneLine(t))
	}
	lines := [][]string{head}
	for _, row := range append(append([]moveRow{}, r.Divisions...), r.moveRow) {
		line := []string{row.Name}
		for _, n := range []moveCount{row.Before, row.Left, row.Stayed, row.Gone, row.FellBack, row.Entered, row.After} {
			line = append(line, number(n.Persons))
		}
		lines = append(lines, append(line, short(row.Rate)))
	}
	writeAligned(w, lines, 1)
	fmt.Fprintln(w, p.say(errs.Text{ZH: "全部登记对象，没有抽样误差。", EN: "All records of the register: there is no sampling error."}))
	if r.NoRate != nil {
		fmt.Fprintln(w, p.say(*r.NoRate))
	}
	return nil
}
