package demo

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/portfolio"
	"liandong/money"
	"liandong/place"
)

// The headline figures of December 2015 that the portfolio's own records add up to.
const (
	signingGroups         = 36
	cooperationAgreements = 75
	coordinatedProjects   = 198
	coordinatedInvestment = 383_874 * money.HundredM / 100 // 3838.74 亿元
)

// Rows of the public record that no count tells: talks that came to nothing yet, and projects that ended.
const talkingProjects, endedProjects = 24, 4

// moneyStep is how finely invented amounts are stated: 0.01 亿元.
const moneyStep = money.HundredM / 100

// The months that the portfolio tells of.
var (
	portfolioFirst = day.MustOf(2014, 1, 31)
	portfolioLast  = day.MustOf(2015, 12, 31)
)

// Portfolio is what the room of projects is told, moment by moment. It is whole at every scale.
type Portfolio struct {
	rng      *rand.Rand
	counties []place.ID
	ids      int64
	projects int
	used     map[string]bool
	batches  map[time.Time][]portfolio.Entry

	groups     []invented
	agreements []invented
	platforms  []invented
}

// invented is a record that others refer to.
type invented struct {
	id    portfolio.ID
	group int // of an agreement: its first group
	on    day.Date
}

// Portfolio plans the city's agreements, projects and platforms.
func (c *City) Portfolio() *Portfolio {
	p := &Portfolio{
		rng:      rand.New(rand.NewPCG(mixed(c.plan.Seed), mixed(c.plan.Seed^uint64(Baoding)))),
		counties: c.Counties(), used: map[string]bool{}, batches: map[time.Time][]portfolio.Entry{},
	}
	p.named()
	p.makeGroups()
	p.makePlatforms()
	p.makeProjects()
	return p
}

// Make writes the portfolio into an empty room whose store reads the clock.
func (p *Portfolio) Make(ctx context.Context, room *portfolio.Room, clock *Clock, actor access.Actor) error {
	defer clock.Run()
	moments := make([]time.Time, 0, len(p.batches))
	for m := range p.batches {
		moments = append(moments, m)
	}
	slices.SortFunc(moments, time.Time.Compare)
	for _, m := range moments {
		clock.Set(m)
		if err := room.Load(ctx, actor, Source, p.batches[m]); err != nil {
			return errs.Wrap("demo.Portfolio", err)
		}
	}
	return room.Rebuild(ctx)
}

// newID is the next id: the moment of the demonstration's beginning and a number, in the form of a UUIDv7.
func (p *Portfolio) newID() (id portfolio.ID) {
	p.ids++
	binary.BigEndian.PutUint64(id[:8], uint64(at(portfolioFirst, 9).UnixMilli())<<16)
	binary.BigEndian.PutUint64(id[8:], uint64(p.ids))
	id[6], id[8] = id[6]&0x0f|0x70, id[8]&0x3f|0x80
	return id
}

// recorded is when the offices write down what happened on a day: at the end of its month.
func recorded(on day.Date) time.Time {
	first := day.MustOf(on.Year(), on.Month(), 1)
	next := first.AddDays(31)
	last := day.MustOf(next.Year(), next.Month(), 1).AddDays(-1)
	if last.Before(portfolioFirst) {
		last = portfolioFirst
	}
	return at(last, 17)
}

func (p *Portfolio) document(id portfolio.ID, valid day.Date, d portfolio.Document) {
	m := recorded(valid)
	p.batches[m] = append(p.batches[m], portfolio.Entry{Subject: id, Valid: valid, Document: d})
}

func (p *Portfolio) fact(id portfolio.ID, on day.Date, f portfolio.Fact) {
	m := recorded(on)
	p.batches[m] = append(p.batches[m], portfolio.Entry{Subject: id, Fact: f})
}

func (p *Portfolio) event(project portfolio.ID, e portfolio.Event) {
	e.ID = p.newID()
	p.fact(project, e.On, &e)
}

func (p *Portfolio) chance(share float64) bool { return p.rng.Float64() < share }

func (p *Portfolio) between(least, most int) int { return least + p.rng.IntN(most-least+1) }

// name is an invented name that was not given yet, of a first and a second part.
func (p *Portfolio) name(firsts, seconds []string) string {
	for {
		name := firsts[p.rng.IntN(len(firsts))] + seconds[p.rng.IntN(len(seconds))]
		if !p.used[name] {
			p.used[name] = true
			return name
		}
	}
}

// dayIn is some day between two, both possible.
func (p *Portfolio) dayIn(from, to day.Date) day.Date {
	return from.AddDays(p.rng.IntN(to.DaysSince(from) + 1))
}

// makeGroups invents the central groups and their agreements.
func (p *Portfolio) makeGroups() {
	for range signingGroups {
		g := invented{id: p.newID()}
		p.groups = append(p.groups, g)
		p.document(g.id, portfolioFirst, &portfolio.Organisation{Division: Baoding, Name: p.name(groupFirsts, groupSeconds), Kind: "central_group"})
	}
	for i := range cooperationAgreements {
		a := invented{id: p.newID(), group: i % signingGroups, on: p.dayIn(day.MustOf(2014, 3, 1), day.MustOf(2015, 11, 30))}
		p.agreements = append(p.agreements, a)
		d := &portfolio.Agreement{
			Division: Baoding, Name: "合作协议·" + p.name(agreementFirsts, agreementSeconds), Kind: "cooperation", Signed: a.on,
			Parties: []portfolio.Party{{Organisation: p.groups[a.group].id, Role: "investor"}},
		}
		if i%5 == 4 { // a frame with an amount of its own, which the second reading takes in where no project carries it
			sum := money.Fen(p.between(400, 4000)) * moneyStep
			d.Amount, d.Basis = &sum, "agreement"
		}
		p.document(a.id, a.on, d)
	}
}

// makePlatforms invents parks with outputs, and one platform of every kind that the plan names without naming a place.
func (p *Portfolio) makePlatforms() {
	for i, kind := range []string{"park", "park", "park", "park", "park", "park", "country_park", "micro_centre", "rail_town", "logistics_park"} {
		d := &portfolio.Platform{Division: p.counties[p.rng.IntN(len(p.counties))], Name: p.name(projectFirsts, platformSeconds(kind)), Kind: kind, Zone: "manufacturing"}
		if kind != "park" {
			d.Zone = "urbanisation"
		}
		pl := invented{id: p.newID()}
		p.platforms = append(p.platforms, pl)
		if i < 3 {
			target := []money.Fen{1000, 500, 500}[i] * money.HundredM
			d.Target = &target
		}
		p.document(pl.id, portfolioFirst, d)
		if kind != "park" {
			continue
		}
		output := money.Fen([]int{61_240, 38_815, 31_260, 8_420, 5_175, 2_930}[i]) * moneyStep
		for _, year := range []int{2013, 2014} {
			p.batches[at(day.MustOf(year+1, 2, 28), 17)] = append(p.batches[at(day.MustOf(year+1, 2, 28), 17)],
				portfolio.Entry{Subject: pl.id, Fact: &portfolio.Output{Year: year, Amount: output}})
			output = output * 109 / 100 / moneyStep * moneyStep
		}
	}
}

// amounts splits a sum over projects of very different size, in steps of 0.01 亿元 and never less than 0.3 亿元.
func (p *Portfolio) amounts(sum money.Fen, n int) []money.Fen {
	const least = 30
	weights := make([]float64, n)
	for i := range weights {
		weights[i] = math.Exp(clamp(1.1*p.rng.NormFloat64(), -2.2, 1.9)) // none dwarfs the named ones
	}
	parts := apportion(int64(sum/moneyStep)-least*int64(n), weights)
	all := make([]money.Fen, n)
	for i := range all {
		all[i] = money.Fen(parts[i]+least) * moneyStep
	}
	return all
}

// makeProjects invents the projects beside the named ones: those that count, those in talks, those that ended.
func (p *Portfolio) makeProjects() {
	n := coordinatedProjects - namedCounted
	amounts := p.amounts(coordinatedInvestment-namedInvestment, n)
	courses := p.courses(n)
	for i := range n {
		p.project(courses[i], amounts[i])
	}
	for range talkingProjects {
		p.project("talks", 0)
	}
	for range endedProjects {
		p.project("terminated", money.Fen(p.between(100, 900))*moneyStep)
	}
}

// courses says how far each project comes by the last day, mixed by chance.
func (p *Portfolio) courses(n int) []portfolio.Stage {
	var all []portfolio.Stage
	for _, c := range []struct {
		stage portfolio.Stage
		share float64
	}{{"in_operation", .13}, {"phase_complete", .09}, {"progressing", .33}, {"started", .2}, {"suspended", .035}} {
		for range int(c.share * float64(n)) {
			all = append(all, c.stage)
		}
	}
	for len(all) < n {
		all = append(all, portfolio.Signed)
	}
	p.rng.Shuffle(n, func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// projectPlan is the invented course of one project.
type projectPlan struct {
	id              portfolio.ID
	stage           portfolio.Stage
	amount          money.Fen
	signed          day.Date
	start           day.Date // planned
	finish          day.Date // planned
	started         day.Date // zero where it has not
	slipFrom, slips int      // months after the start during which the work lags, and by how many points
	slipUntil       int
	slowMoney       bool
}

func (p *Portfolio) project(stage portfolio.Stage, amount money.Fen) {
	p.projects++
	plan := p.plan(stage, amount)
	d := p.describe(plan)
	talks := plan.signed.AddDays(-p.between(20, 60))
	p.document(plan.id, talks, d)
	p.event(plan.id, portfolio.Event{Kind: portfolio.Staged, Stage: portfolio.Talks, On: talks})
	if stage == portfolio.Talks {
		return
	}
	p.sign(plan, d)
	p.build(plan)
}

// plan draws the days. Projects that stand further on were signed earlier; a third of the starts fall between September and December 2015.
func (p *Portfolio) plan(stage portfolio.Stage, amount money.Fen) *projectPlan {
	q := &projectPlan{id: p.newID(), stage: stage, amount: amount}
	from, to := day.MustOf(2014, 3, 20), day.MustOf(2015, 6, 30)
	switch stage {
	case portfolio.InOperation, portfolio.PhaseComplete:
		to = day.MustOf(2014, 6, 30)
	case portfolio.Progressing, portfolio.Suspended, portfolio.Terminated:
		to = day.MustOf(2015, 1, 31)
	case portfolio.Signed, portfolio.Talks:
		from, to = day.MustOf(2015, 1, 10), day.MustOf(2015, 12, 20)
	}
	q.signed = p.dayIn(from, to)
	q.start = q.signed.AddDays(p.between(60, 150))
	q.finish = q.start.AddDays(p.between(420, 1100))
	switch stage {
	case portfolio.InOperation, portfolio.PhaseComplete:
		q.finish = q.start.AddDays(p.between(260, 360))
	case portfolio.Started:
		if p.chance(.7) {
			q.start = p.dayIn(day.MustOf(2015, 8, 10), day.MustOf(2015, 12, 5))
			q.finish = q.start.AddDays(p.between(400, 900))
		}
	case portfolio.Signed, portfolio.Talks, portfolio.Terminated:
		return q
	}
	q.started = q.start.AddDays(p.rng.IntN(20))
	if p.chance(.22) {
		q.started = q.start.AddDays(p.between(35, 140))
	}
	if q.started.After(day.MustOf(2015, 12, 20)) {
		q.started = day.MustOf(2015, 12, p.between(1, 20))
	}
	if p.chance(.3) {
		q.slipFrom = p.between(2, 6)
		q.slipUntil = q.slipFrom + p.between(2, 9)
		q.slips = []int{15, 22, 34, 41}[p.rng.IntN(4)]
	}
	q.slowMoney = p.chance(.12)
	return q
}

// describe invents what is written of a project.
func (p *Portfolio) describe(q *projectPlan) *portfolio.Project {
	sector := sectors[p.rng.IntN(len(sectors))]
	d := &portfolio.Project{
		Division: p.counties[p.rng.IntN(len(p.counties))], Number: fmt.Sprintf("BDXT-%d-%03d", q.signed.Year(), p.projects), Programme: "coordination",
		Name: p.name(projectFirsts, sector.products) + "项目", Sector: sector.code, Zone: sector.zone, StartPlanned: q.start, FinishPlanned: q.finish,
		Origin: p.origin(sector.function),
	}
	if p.chance(.45) {
		d.Platforms = []portfolio.ID{p.platforms[p.rng.IntN(len(p.platforms))].id}
	}
	if p.chance(.35) {
		d.Phases = []portfolio.Phase{{Number: 1, Name: "一期", StartPlanned: q.start, FinishPlanned: q.finish}, {Number: 2, Name: "二期", StartPlanned: q.finish.AddDays(30)}}
	}
	half := q.start.AddDays(q.finish.DaysSince(q.start) / 2)
	for _, m := range []struct {
		title string
		due   day.Date
		when  int
	}{{"完成用地手续", q.start.AddDays(-20), -1}, {"主体完工", half, 0}, {"竣工验收", q.finish, 1}} {
		node := portfolio.Milestone{ID: p.newID(), Title: m.title, Due: m.due}
		met := m.due.AddDays(p.rng.IntN(30))
		if !q.started.IsZero() && !met.After(portfolioLast) && (m.when < 0 || q.stage != portfolio.Suspended && q.slips == 0) {
			node.Met = met
		}
		d.Milestones = append(d.Milestones, node)
	}
	for i, share := range []money.Fen{40, 35, 25} {
		d.Plan = append(d.Plan, portfolio.Allocation{Year: q.start.Year() + i, Source: []string{"own", "loan", "own"}[i], Amount: q.amount * share / 100 / moneyStep * moneyStep})
	}
	return d
}

func (p *Portfolio) origin(function string) *portfolio.Origin {
	o := &portfolio.Origin{City: "beijing", Function: function}
	if p.chance(.25) {
		o.City = "tianjin"
	}
	if p.chance(.5) {
		jobs := p.between(4, 160) * 5
		o.JobsMoved = &jobs
	}
	return o
}
