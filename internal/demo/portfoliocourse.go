package demo

import (
	"slices"

	"liandong/day"
	"liandong/internal/portfolio"
	"liandong/money"
)

// sign lets a project be signed in one of the ways that make careless sums count it twice; by the counting rules it adds its amount once.
func (p *Portfolio) sign(q *projectPlan, d *portfolio.Project) {
	agreement := p.agreementFor(q.signed)
	whole := q.amount
	first := portfolio.Event{Kind: portfolio.Signing, On: q.signed, Agreement: agreement, Occasion: occasions[p.rng.IntN(len(occasions))], Amount: &whole, Basis: "total"}
	later := q.signed.AddDays(p.between(25, 110))
	if later.After(day.MustOf(2015, 12, 28)) {
		later = day.MustOf(2015, 12, 28)
	}
	part := whole * money.Fen(p.between(55, 90)) / 100 / moneyStep * moneyStep
	way := p.rng.Float64()
	if q.stage == portfolio.Terminated {
		way = 1
	}
	switch {
	case way < .12: // signed again at another fair, for more
		more := whole + 200*moneyStep
		p.event(q.id, first)
		p.event(q.id, portfolio.Event{Kind: portfolio.Signing, On: later, Occasion: occasions[p.rng.IntN(len(occasions))], Amount: &more, Basis: "agreement"})
	case way < .20:
		p.event(q.id, first)
		p.event(q.id, portfolio.Event{Kind: portfolio.Upgrade, On: later, Reason: "列入省重点项目", Amount: &whole, Basis: "total"})
	case way < .28:
		added := whole - part
		first.Amount = &part
		p.event(q.id, first)
		p.event(q.id, portfolio.Event{Kind: portfolio.Increase, On: later, Amount: &added, Basis: "total"})
	case way < .34:
		investor := p.newID()
		p.document(investor, later, &portfolio.Organisation{Division: d.Division, Name: p.name(projectFirsts, companySeconds), Kind: "company"})
		first.Amount = &part
		p.event(q.id, first)
		p.event(q.id, portfolio.Event{Kind: portfolio.Investor, On: later, Organisation: &investor, Amount: &whole, Basis: "total", Reason: "原投资方退出"})
	case way < .40:
		first.Amount = &part
		p.event(q.id, first)
		p.event(q.id, portfolio.Event{Kind: portfolio.Revision, On: later, Amount: &whole, Basis: "total", Reason: "初步设计概算批复"})
	default:
		p.event(q.id, first)
	}
	if agreement != nil {
		d.Parties = append(d.Parties, portfolio.Party{Organisation: p.groupOf(*agreement), Role: "investor"})
	}
}

// agreementFor is an agreement signed before the day, for two projects of three; every fifth agreement leads to none.
func (p *Portfolio) agreementFor(on day.Date) *portfolio.ID {
	if p.chance(.06) {
		return nil
	}
	for range 12 {
		i := p.rng.IntN(len(p.agreements))
		if i%5 != 4 && !p.agreements[i].on.After(on) {
			return &p.agreements[i].id
		}
	}
	return nil
}

func (p *Portfolio) groupOf(agreement portfolio.ID) portfolio.ID {
	i := slices.IndexFunc(p.agreements, func(a invented) bool { return a.id == agreement })
	return p.groups[p.agreements[i].group].id
}

// build lets the work begin and go on as far as the plan says, with its reports.
func (p *Portfolio) build(q *projectPlan) {
	stage := func(s portfolio.Stage, on day.Date, phase int, reason string) {
		p.event(q.id, portfolio.Event{Kind: portfolio.Staged, Stage: s, On: on, Phase: phase, Reason: reason})
	}
	if q.stage == portfolio.Terminated {
		stage(portfolio.Terminated, q.signed.AddDays(p.between(120, 300)), 0, "投资方调整布局，双方协商终止")
		return
	}
	if q.started.IsZero() {
		return
	}
	stage(portfolio.Started, q.started, 0, "")
	last := portfolioLast
	on := q.started.AddDays(p.between(40, 90))
	switch q.stage {
	case portfolio.Progressing, portfolio.PhaseComplete, portfolio.InOperation:
		on = earlier(on, day.MustOf(2015, 12, 24))
		stage(portfolio.Progressing, on, 1, "")
	case portfolio.Suspended:
		last = earlier(q.started.AddDays(p.between(120, 240)), day.MustOf(2015, 12, 15))
		stage(portfolio.Suspended, last, 0, "用地手续未办结，暂停施工")
	}
	done := earlier(q.finish.AddDays(-p.rng.IntN(15)), day.MustOf(2015, 12, 27))
	if q.stage == portfolio.PhaseComplete || q.stage == portfolio.InOperation {
		done = latest(done, on.AddDays(1))
		stage(portfolio.PhaseComplete, done, 1, "")
	}
	if q.stage == portfolio.InOperation {
		stage(portfolio.InOperation, earlier(done.AddDays(p.between(3, 60)), day.MustOf(2015, 12, 29)), 0, "")
	}
	p.enterStatistics(q)
	p.report(q, last)
}

func earlier(a, b day.Date) day.Date {
	if a.Before(b) {
		return a
	}
	return b
}

func latest(a, b day.Date) day.Date {
	if a.After(b) {
		return a
	}
	return b
}

func (p *Portfolio) enterStatistics(q *projectPlan) {
	wait := p.between(8, 26)
	if p.chance(.16) {
		wait = p.between(50, 120)
	}
	if on := q.started.AddDays(wait); !on.After(portfolioLast) {
		p.event(q.id, portfolio.Event{Kind: portfolio.Statistics, On: on})
	}
}

// report makes the monthly reports of a project from its start on, and an inspection each quarter for some.
func (p *Portfolio) report(q *projectPlan, last day.Date) {
	inspected := p.chance(.4)
	floor, n := 0.0, 0
	for m := lastOf(q.started); !m.After(lastOf(last)); m = lastOf(m.AddDays(1)) {
		n++
		planned := clamp(100*float64(m.DaysSince(q.start))/float64(q.finish.DaysSince(q.start)), 0, 100)
		behind := clamp(3*p.rng.NormFloat64()+1, -2, 7)
		if n >= q.slipFrom && n < q.slipUntil {
			behind += float64(q.slips)
		}
		physical := clamp(planned-behind, floor, 100)
		if (q.stage == portfolio.PhaseComplete || q.stage == portfolio.InOperation) && !m.Before(q.finish) {
			physical = 100
		}
		floor = physical
		due := clamp(planned*.9+6, 0, 100)
		arrived := clamp(due-4*p.rng.Float64(), 0, 100)
		if q.slowMoney {
			arrived = due * .55
		}
		p.monthly(q, m, planned, physical, due, arrived, inspected && n%3 == 0)
	}
}

func (p *Portfolio) monthly(q *projectPlan, m day.Date, planned, physical, due, arrived float64, inspected bool) {
	come := share(q.amount, arrived)
	loan := come * 35 / 100 / moneyStep * moneyStep
	spent := min(share(q.amount, physical*.96), come)
	confidence := clamp(92-(planned-physical)*.8+4*p.rng.NormFloat64(), 5, 99)
	p.fact(q.id, m, &portfolio.Report{
		Month: m, Physical: tenths(physical), Planned: tenths(planned), ArrivedDue: tenths(due), Confidence: tenths(confidence),
		Arrived: []portfolio.Fund{{Source: "own", Amount: come - loan}, {Source: "loan", Amount: loan}}, Spent: []portfolio.Fund{{Amount: spent}},
	})
	if inspected {
		p.fact(q.id, m, &portfolio.Inspection{Month: m, Physical: tenths(clamp(physical-2, 0, 100)), Confidence: tenths(clamp(confidence-float64(p.between(0, 25)), 1, 99))})
	}
}

// share is a percentage of an amount in whole steps.
func share(amount money.Fen, percent float64) money.Fen {
	return money.Fen(float64(amount)*percent/100) / moneyStep * moneyStep
}

func tenths(v float64) *float64 {
	v = float64(int(v*10+.5)) / 10
	return &v
}

// lastOf is the last day of the day's month.
func lastOf(d day.Date) day.Date {
	next := day.MustOf(d.Year(), d.Month(), 1).AddDays(31)
	return day.MustOf(next.Year(), next.Month(), 1).AddDays(-1)
}
