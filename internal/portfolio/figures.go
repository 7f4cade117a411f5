package portfolio

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/figure"
	"liandong/money"
	"liandong/place"
)

var (
	inProjects = errs.Text{ZH: "个", EN: "projects"}
	inMoney    = errs.Text{ZH: "亿元", EN: "100 million yuan"}
	inPercent  = errs.Text{ZH: "%", EN: "%"}
)

// stateFigure is a figure that adds up over the states of projects.
type stateFigure struct {
	figure.Entry
	of func(s *State, on day.Date) (money.Fen, bool) // what a project adds, and whether it stands in the proof; a number of projects adds 1
}

// Figures are what the room publishes in the book.
func (r *Room) Figures() []figure.Entry {
	var all []figure.Entry
	for _, f := range stateFigures() {
		f.Status = figure.Done
		all = append(all, r.published(f.Entry, func(v *view, q figure.Query) figure.Value { return r.addUp(v, &f, q) }))
	}
	all = append(all, r.agreementFigures()...)
	all = append(all, r.rateFigures()...)
	return append(all, r.platformFigures()...)
}

// published is a figure that is computed from the portfolio of a day, and once only for each division where no rows are asked for.
func (r *Room) published(e figure.Entry, of func(v *view, q figure.Query) figure.Value) figure.Entry {
	e.Opens = access.ReadProjects
	e.Compute = func(ctx context.Context, q figure.Query) (figure.Value, error) {
		v, err := read(ctx, r, func(tx *db.Tx) (*view, error) { return r.viewAt(tx, Moment{q.AsOf, q.KnownAt}) })
		if err != nil {
			return figure.Value{}, err
		}
		if q.Rows > 0 || !q.Scope.Contains(q.Division) {
			return of(v, q), nil
		}
		return v.sums.remember(sumKey{e.Name, q.Division}, func() figure.Value { return of(v, q) }), nil
	}
	return e
}

func one(is bool) (money.Fen, bool) {
	if is {
		return 1, true
	}
	return 0, false
}

func amount(is bool, a *money.Fen) (money.Fen, bool) {
	if is && a != nil {
		return *a, true
	}
	return 0, false
}

// harvestSince is the first of September that the "harvest month" of a day counts from.
func harvestSince(on day.Date) day.Date {
	year := on.Year()
	if on.Month() < 9 {
		year--
	}
	return day.MustOf(year, 9, 1)
}

func within(d, from, to day.Date) bool { return !d.IsZero() && !d.Before(from) && !d.After(to) }

func stateFigures() []stateFigure {
	all := []stateFigure{
		{figure.Entry{
			Name: "coordinated_projects", Title: errs.Text{ZH: "京津保协同项目", EN: "Beijing-Tianjin-Baoding coordinated projects"}, Unit: inProjects,
			Definition: errs.Text{ZH: "列入京津保协同项目、到该日已签约的项目，每个项目只在首次签约时计一次；已终止的不计。", EN: "Projects of the coordination list that were signed by the day, each counted once, at its first signing; terminated ones are not counted."},
		}, func(s *State, _ day.Date) (money.Fen, bool) { return one(s.Programme == coordination && s.Counted) }},
		{figure.Entry{
			Name: "harvest_starts", Title: errs.Text{ZH: "9 月以来开工的项目", EN: "Projects started since September"}, Unit: inProjects,
			Definition: errs.Text{ZH: "自当年 9 月 1 日（9 月以前按上年）至该日开工的协同项目。", EN: "Coordinated projects whose work began between 1 September (of the year before, until August) and the day."},
		}, func(s *State, on day.Date) (money.Fen, bool) {
			return one(s.Programme == coordination && within(s.Started, harvestSince(on), on))
		}},
		{figure.Entry{
			Name: "harvest_signings", Title: errs.Text{ZH: "9 月以来签约的项目", EN: "Projects signed since September"}, Unit: inProjects,
			Definition: errs.Text{ZH: "自当年 9 月 1 日（9 月以前按上年）至该日按计数规则计入的协同项目。", EN: "Coordinated projects that came to count between 1 September (of the year before, until August) and the day."},
		}, func(s *State, on day.Date) (money.Fen, bool) {
			return one(s.Programme == coordination && s.Counted && within(s.CountedOn, harvestSince(on), on))
		}},
		{figure.Entry{
			Name: "funds_arrived", Title: errs.Text{ZH: "到位资金", EN: "Money arrived"}, Unit: inMoney, Decimals: 2,
			Definition: errs.Text{ZH: "已签约协同项目最近一次月报的累计到位资金之和；没有月报的项目不计。", EN: "Money that arrived since the beginning, by the latest monthly reports of signed coordinated projects; projects without a report add nothing."},
		}, func(s *State, _ day.Date) (money.Fen, bool) {
			return amount(s.Programme == coordination && s.Counted, s.Arrived)
		}},
		{figure.Entry{
			Name: "investment_spent", Title: errs.Text{ZH: "完成投资", EN: "Investment carried out"}, Unit: inMoney, Decimals: 2,
			Definition: errs.Text{ZH: "已签约协同项目最近一次月报的累计完成投资之和。总投资从不计为完成投资；没有月报的项目不计。", EN: "Money spent since the beginning, by the latest monthly reports of signed coordinated projects. A total investment is never booked as carried out; projects without a report add nothing."},
		}, func(s *State, _ day.Date) (money.Fen, bool) {
			return amount(s.Programme == coordination && s.Counted, s.Spent)
		}},
	}
	all = append(all, lightFigure("red_alerts", Red), lightFigure("yellow_alerts", Yellow), lightFigure("green_alerts", Green))
	for _, c := range Stages() {
		all = append(all, stageFigure(c))
	}
	return all
}

func stageFigure(c Choice) stateFigure {
	stage := Stage(c.Code)
	name := "projects_" + c.Code
	if stage == Talks {
		name = "projects_in_talks"
	}
	return stateFigure{figure.Entry{
		Name: name, Title: errs.Text{ZH: "协同项目·" + c.Title.ZH, EN: "Coordinated projects: " + c.Title.EN}, Unit: inProjects,
		Definition: errs.Text{ZH: "该日处于「" + c.Title.ZH + "」阶段的京津保协同项目。洽谈和终止的不在协同项目数之内。", EN: "Coordinated projects whose stage on the day is \"" + c.Title.EN + "\". Those in talks and those terminated are not among the coordinated projects that count."},
	}, func(s *State, _ day.Date) (money.Fen, bool) {
		return one(s.Programme == coordination && s.Stage == stage)
	}}
}

func lightFigure(name string, light Light) stateFigure {
	return stateFigure{figure.Entry{
		Name: name, Title: errs.Text{ZH: light.Title().ZH + "项目", EN: light.Title().EN + " alerts"}, Unit: inProjects,
		Definition: errs.Text{ZH: "该日按预警规则总灯为" + light.Title().ZH + "的项目；总灯取各灯中最重的一个，曾亮红灯、已赶上的仍为黄灯。", EN: "Projects whose whole light by the alert rules is " + light.Title().EN + " on the day: the worst of its lights. One that was red and caught up stays yellow."},
	}, func(s *State, _ day.Date) (money.Fen, bool) { return one(s.Light == light) }}
}

// addUp adds a figure over the division's projects.
func (r *Room) addUp(of *view, f *stateFigure, q figure.Query) figure.Value {
	p := newProof(q, f.Unit == inMoney)
	for _, s := range of.within(q.Scope.Within(q.Division)) {
		n, in := f.of(s, q.AsOf)
		if !in {
			continue
		}
		p.add(n, s.Division, func() figure.Row {
			return figure.Row{ID: s.Project.String(), Kind: string(ProjectKind), Division: s.Division, Label: r.label(f.Name, s)}
		})
	}
	v := p.value()
	v.Notes = append(v.Notes, p.unlocated(r.city)...)
	return v
}

// label says of a project in a proof by which rule and from which day it counts.
func (r *Room) label(name string, s *State) string {
	switch name {
	case "red_alerts", "yellow_alerts", "green_alerts":
		return fmt.Sprintf("%s（%s：%s；%s）", s.Name, s.Light.Title().ZH, r.alerts.describe(s.Lights, s.Light), r.alerts.ID)
	case "funds_arrived", "investment_spent":
		return fmt.Sprintf("%s（%s 月报）", s.Name, s.ReportedOn)
	case "harvest_starts":
		return fmt.Sprintf("%s（%s 开工）", s.Name, s.Started)
	case "coordinated_projects", "harvest_signings":
		return fmt.Sprintf("%s（%s，%s）", s.Name, s.counted(), r.counting.ID)
	}
	return fmt.Sprintf("%s（%s，%s 起）", s.Name, s.Stage.Title().ZH, s.StageSince)
}

// counted says from which day the project counts.
func (s *State) counted() string {
	if s.NoLater {
		return "不晚于 " + s.CountedOn.String() + " 计入"
	}
	return s.CountedOn.String() + " 计入"
}

// proof gathers the rows of a figure: the largest first, as many as were asked for, of those that the asker may open.
type proof struct {
	q     figure.Query
	money bool
	total money.Fen
	count int64
	rows  []figure.Row
	wide  int // rows that belong to the city as a whole
}

func newProof(q figure.Query, inMoney bool) *proof { return &proof{q: q, money: inMoney} }

// add counts what a record of a division adds. Its row is made where somebody asks for it: its words take longer than the adding.
func (p *proof) add(n money.Fen, division place.ID, made func() figure.Row) {
	p.total += n
	p.count++
	if division.Level() < place.County {
		p.wide++
	}
	if p.q.Rows == 0 || !p.q.Records.Contains(division) {
		return
	}
	row := made()
	row.Value = p.number(n)
	p.rows = append(p.rows, row)
}

// number is a sum as the figure states it: money in 亿元.
func (p *proof) number(n money.Fen) float64 {
	if p.money {
		return float64(n) / float64(money.HundredM)
	}
	return float64(n)
}

func (p *proof) value() figure.Value {
	slices.SortStableFunc(p.rows, func(a, b figure.Row) int { return cmp.Compare(b.Value, a.Value) })
	if len(p.rows) > p.q.Rows {
		p.rows = p.rows[:p.q.Rows]
	}
	return figure.Value{Number: p.number(p.total), RowCount: p.count, Rows: p.rows}
}

// unlocated tells a reader of the city's figure how many records name no county, because its parts add up to less.
func (p *proof) unlocated(city place.ID) []errs.Text {
	if p.wide == 0 || p.q.Division != city {
		return nil
	}
	return []errs.Text{{ZH: fmt.Sprintf("其中 %d 项资料未写明区县，只计入全市。", p.wide), EN: fmt.Sprintf("%d of them name no county and count for the city alone.", p.wide)}}
}

// undefined is the answer where a ratio has nothing to divide by.
func undefined(note errs.Text) figure.Value {
	zero := 0.0
	return figure.Value{Number: math.NaN(), Numerator: &zero, Denominator: &zero, Notes: []errs.Text{note}}
}
