package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/briefing"
	"liandong/internal/demo"
	"liandong/internal/portfolio"
	"liandong/money"
	"liandong/place"
)

// benchPortfolio is how many projects are made where nobody says: five hundred times what the city has.
const benchPortfolio = 100_000

// portfolio measures the pages of a portfolio of many projects as a coordinator's browser asks for them.
func (c *benchCommand) portfolio(ctx context.Context, p *program, r *benchResult) error {
	dir, err := os.MkdirTemp("", "liandong-bench-")
	if err != nil {
		return errs.Wrap("main.bench", err)
	}
	defer os.RemoveAll(dir)
	made := &manyProjects{random: rand.New(rand.NewPCG(1, 2)), n: c.count(benchPortfolio)}
	opened, err := made.into(ctx, p, filepath.Join(dir, "city"), r)
	if err != nil {
		return err
	}
	ask, err := c.servedTo(ctx, p, opened, access.Coordinator)
	if err != nil {
		return err
	}
	const on = "as_of=2015-12-31"
	pick := func(ids []uuid.UUID, i int) string { return ids[i*7919%len(ids)].String() }
	for _, page := range []struct {
		what string
		path func(i int) string
	}{
		{"first page of the list", func(int) string { return "/projects?limit=50&" + on }},
		{"list of a county", func(i int) string {
			return "/projects?limit=50&division=" + made.counties[i%len(made.counties)].String() + "&" + on
		}},
		{"list by words", func(i int) string { return fmt.Sprintf("/projects?limit=50&q=BD-%d&%s", i%1000, on) }},
		{"board by stage and light", func(int) string { return "/projects/board?" + on }},
		{"board of a platform", func(i int) string { return "/projects/board?platform=" + pick(made.platforms, i) + "&" + on }},
		{"headlines: projects, investment, red alerts", func(i int) string {
			return "/figures/" + []string{"coordinated_projects", "coordinated_investment", "red_alerts"}[i%3] + "?" + on
		}},
		{"page of a project", func(i int) string { return "/projects/" + pick(made.projects, i) + "?" + on }},
		{"page of an organisation", func(i int) string { return "/organisations/" + pick(made.organisations, i) + "?" + on }},
		{"page of an agreement", func(i int) string { return "/agreements/" + pick(made.agreements, i) + "?" + on }},
		{"chart of a platform", func(i int) string { return "/projects/gantt?platform=" + pick(made.platforms, i) + "&" + on }},
		{"the central groups with their rates", func(int) string { return "/organisations?kind=central_group&" + on }},
	} {
		run, err := c.questions(fmt.Sprintf("%d projects, %s, %d clients", made.n, page.what, c.Clients), questions/20, func(i int) error { return ask(page.path(i), "") })
		if err != nil {
			return err
		}
		r.Runs = append(r.Runs, run)
	}
	return nil
}

// manyProjects makes a portfolio of invented projects.
type manyProjects struct {
	random *rand.Rand
	n      int

	counties                                       []place.ID
	organisations, agreements, platforms, projects []uuid.UUID
}

// Of so many projects one is an organisation, an agreement, a platform; and so many are written at once.
const (
	perOrganisation = 20
	perAgreement    = 10
	perPlatform     = 500
	projectsAtOnce  = 5_000
)

// into makes a city with the projects.
func (m *manyProjects) into(ctx context.Context, p *program, dir string, r *benchResult) (*city, error) {
	watch := startWatch()
	made, err := p.makeCity(ctx, &cityFlags{Dir: dir}, demo.Baoding, nil)
	if err != nil {
		return nil, err
	}
	for _, d := range made.places.Children(demo.Baoding) {
		if d.Kind != place.StatisticalUnit {
			m.counties = append(m.counties, d.ID)
		}
	}
	err = made.db.Load(ctx, func() error {
		if err := made.portfolio.Load(ctx, console(), "bench", m.nouns()); err != nil {
			return err
		}
		for done := 0; done < m.n; done += projectsAtOnce {
			var entries []portfolio.Entry
			for range min(projectsAtOnce, m.n-done) {
				entries = append(entries, m.project()...)
			}
			if err := made.portfolio.Load(ctx, console(), "bench", entries); err != nil {
				return err
			}
		}
		return made.portfolio.Rebuild(ctx)
	})
	run := benchRun{What: "writing them down with their events and reports, and what follows from them (projects)", N: m.n}
	watch.into(&run)
	r.Runs = append(r.Runs, run)
	return made, err
}

func (m *manyProjects) id() (id uuid.UUID) {
	for i := range id {
		id[i] = byte(m.random.Uint32())
	}
	id[6], id[8] = id[6]&0x0f|0x70, id[8]&0x3f|0x80
	return id
}

func (m *manyProjects) county() place.ID { return m.counties[m.random.IntN(len(m.counties))] }

func (m *manyProjects) anyOf(ids []uuid.UUID) uuid.UUID { return ids[m.random.IntN(len(ids))] }

func (m *manyProjects) nouns() (entries []portfolio.Entry) {
	since := day.MustOf(2013, 1, 1)
	add := func(ids *[]uuid.UUID, d portfolio.Document) {
		*ids = append(*ids, m.id())
		entries = append(entries, portfolio.Entry{Subject: (*ids)[len(*ids)-1], Valid: since, Document: d})
	}
	for i := range max(1, m.n/perOrganisation) {
		kind := "company"
		if i < 100 {
			kind = "central_group"
		}
		add(&m.organisations, &portfolio.Organisation{Division: m.county(), Name: fmt.Sprintf("测速单位%d", i), Kind: kind})
	}
	for i := range max(1, m.n/perPlatform) {
		add(&m.platforms, &portfolio.Platform{Division: m.county(), Name: fmt.Sprintf("测速园区%d", i), Kind: "park"})
	}
	for i := range max(1, m.n/perAgreement) {
		kind := "cooperation"
		if i%2 == 0 {
			kind = "project_signing"
		}
		add(&m.agreements, &portfolio.Agreement{
			Division: m.county(), Name: fmt.Sprintf("测速协议%d", i), Kind: kind, Signed: since.AddDays(m.random.IntN(1000)), Parties: []portfolio.Party{{Organisation: m.anyOf(m.organisations), Role: "investor"}},
		})
	}
	return entries
}

// project is one with its signing, most of them begun, with two reports and an inspection.
func (m *manyProjects) project() []portfolio.Entry {
	id, signed := m.id(), day.MustOf(2013, 6, 1).AddDays(m.random.IntN(900))
	m.projects = append(m.projects, id)
	number := len(m.projects)
	amount := money.Fen(1+m.random.Int64N(500)) * money.HundredM / 10
	agreement := m.anyOf(m.agreements)
	start := signed.AddDays(60)
	entries := []portfolio.Entry{{Subject: id, Valid: signed, Document: &portfolio.Project{
		Division: m.county(), Number: fmt.Sprintf("BD-%d", number), Name: fmt.Sprintf("测速项目%d", m.random.IntN(m.n*10)), Programme: "coordination", Sector: portfolio.Sectors()[number%len(portfolio.Sectors())].Code,
		Platforms: []uuid.UUID{m.anyOf(m.platforms)}, Parties: []portfolio.Party{{Organisation: m.anyOf(m.organisations), Role: "investor"}}, StartPlanned: start, FinishPlanned: start.AddDays(700),
		Milestones: []portfolio.Milestone{{ID: m.id(), Title: "主体完工", Due: start.AddDays(400)}},
	}}, {Subject: id, Fact: &portfolio.Event{ID: m.id(), Kind: portfolio.Signing, On: signed, Agreement: &agreement, Amount: &amount, Basis: "total"}}}
	if m.random.IntN(4) > 0 {
		entries = append(entries, portfolio.Entry{Subject: id, Fact: &portfolio.Event{ID: m.id(), Kind: portfolio.Staged, Stage: portfolio.Started, On: start.AddDays(m.random.IntN(150))}})
	}
	for _, month := range []day.Date{day.MustOf(2015, 11, 30), day.MustOf(2015, 12, 31)} {
		done, planned, sure := float64(m.random.IntN(100)), float64(m.random.IntN(100)), float64(m.random.IntN(100))
		entries = append(entries, portfolio.Entry{Subject: id, Fact: &portfolio.Report{
			Month: month, Physical: &done, Planned: &planned, Arrived: []portfolio.Fund{{Source: "own", Amount: amount / 3}}, Confidence: &sure,
		}})
	}
	return entries
}

// briefing measures the drafting of every question about the whole city, each in a program that has just been opened, and again; and of the longest
// one about a day that nobody has asked about.
func (c *benchCommand) briefing(ctx context.Context, p *program, r *benchResult) error {
	opened, err := p.openCity(ctx, &cityFlags{Dir: c.Dir})
	if err != nil {
		return err
	}
	draft := func(what, question string, on day.Date) error {
		watch := startWatch()
		b, err := opened.briefings.Draft(ctx, console(), day.InTime(watch.began), briefing.Request{ID: uuid.Must(uuid.NewV7()), Question: question, Division: demo.Baoding, AsOf: on})
		run := benchRun{What: "draft about the whole city, " + b.Words + ", " + what + " (numbers)", N: len(b.Values)}
		watch.into(&run)
		r.Runs = append(r.Runs, run)
		return err
	}
	questions, err := opened.briefings.Questions(ctx, console(), day.InTime(time.Now()))
	if err != nil {
		return err
	}
	for _, q := range questions {
		for _, what := range []string{"first", "again"} {
			if err := draft(what, q.ID, demo.LastDay()); err != nil {
				return err
			}
		}
	}
	return draft("first about "+benchDay().String(), "overall", benchDay())
}

// benchDay is a day in the middle of the demonstration's last year.
func benchDay() day.Date { return day.MustOf(demo.LastDay().Year(), 6, 30) }
