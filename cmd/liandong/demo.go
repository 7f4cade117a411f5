package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/demo"
	"liandong/internal/figure"
	"liandong/place"
)

type demoCommand struct {
	serveFlags
	Dir   string  `type:"path" default:"demo-city" placeholder:"D" help:"新城市的文件夹。 Folder of the new city."`
	Scale float64 `default:"1" help:"规模，1 为全规模（约 43 万户）。 Size; 1 is full (about 430,000 households)."`
	Serve bool    `help:"建好后提供服务；已经建好的直接提供服务。 Serve it when it is made; one that is there already is served as it is."`
	Seed  uint64  `default:"20151231" help:"随机种子，同样的种子得到同样的城市。 Seed; the same seed makes the same city."`
}

// demoFile marks a folder as a demonstration, and says when it is whole.
const demoFile = "demo.json"

type demoMark struct {
	Seed  uint64  `json:"seed"`
	Scale float64 `json:"scale"`
	Whole bool    `json:"whole"`
}

// demoResult is the --json shape of the command.
type demoResult struct {
	Dir      string           `json:"dir"`
	Name     string           `json:"name"`
	Seconds  float64          `json:"seconds"`
	Made     demo.Made        `json:"made"`
	Figures  []figureResult   `json:"figures"`
	Accounts []enteredAccount `json:"accounts"`
	There    bool             `json:"there,omitempty"` // it was made before
}

// Run makes the demonstration city and its accounts.
func (c *demoCommand) Run(ctx context.Context, p *program) error {
	if !c.Serve {
		_, r, err := c.make(ctx, p)
		if err != nil {
			return err
		}
		return p.printDemo(r, "")
	}
	listener, err := c.listen(ctx) // before the long work: a taken port is told at once
	if err != nil {
		return err
	}
	p.later(func() error {
		if err := listener.Close(); !errors.Is(err, net.ErrClosed) { // the server that was stopped has closed it
			return err
		}
		return nil
	})
	made, r, err := c.makeOrOpen(ctx, p)
	if err != nil {
		return err
	}
	if err := p.printDemo(r, addressOf(listener)); err != nil {
		return err
	}
	fmt.Fprintln(p.stderr, p.say(errs.Text{ZH: "已在 " + addressOf(listener) + " 提供服务，按 Ctrl+C 停止。", EN: "Serving on " + addressOf(listener) + "; Ctrl+C stops."}))
	return made.serve(ctx, p, listener, c.Secure)
}

// The demonstration that is made where nobody asks for another.
const (
	usualScale = 1
	usualSeed  = 20151231
)

// asks reports whether a demonstration that is there is the one asked for: somebody who names only the folder means what is in it.
func (c *demoCommand) asks(m demoMark) bool {
	return m.Whole && (c.Scale == m.Scale || c.Scale == usualScale) && (c.Seed == m.Seed || c.Seed == usualSeed)
}

// makeOrOpen opens the demonstration that is there whole, with new links, or makes it.
func (c *demoCommand) makeOrOpen(ctx context.Context, p *program) (*city, *demoResult, error) {
	if m, marked := c.marked(); !marked || !c.asks(m) {
		return c.make(ctx, p)
	}
	started := time.Now()
	opened, err := p.openCity(ctx, &cityFlags{Dir: c.Dir})
	if err != nil {
		return nil, nil, err
	}
	r := &demoResult{Dir: c.Dir, Name: opened.places.FullName(demo.Baoding), Accounts: demoAccounts(), There: true}
	if err := opened.relink(ctx, r.Accounts); err != nil {
		return nil, nil, err
	}
	r.Figures, err = opened.headlines(ctx)
	r.Seconds = time.Since(started).Seconds()
	return opened, r, err
}

func (p *program) printDemo(r *demoResult, address string) error {
	return p.answer(r, func(w io.Writer) error {
		if r.There {
			fmt.Fprintln(w, p.say(errs.Text{ZH: r.Name + "（演示，人员均为虚构）已在「" + r.Dir + "」，直接打开。", EN: r.Name + " (a demonstration; nobody in it exists) is in " + r.Dir + " already, and opened."}))
			return p.printLinks(w, address, r.Accounts)
		}
		fmt.Fprintln(w, p.say(errs.Text{
			ZH: fmt.Sprintf("%s（演示，人员均为虚构）已建立在「%s」：%d 个区县、%d 户、%d 人，用时 %.1f 秒。", r.Name, r.Dir, r.Made.Counties, r.Made.Households, r.Made.Members, r.Seconds),
			EN: fmt.Sprintf("%s (a demonstration; nobody in it exists) is made in %s: %d counties, %d households, %d persons in %.1f s.", r.Name, r.Dir, r.Made.Counties, r.Made.Households, r.Made.Members, r.Seconds),
		}))
		for i := range r.Figures {
			f := &r.Figures[i]
			fmt.Fprintln(w, p.say(errs.Text{ZH: fmt.Sprintf("  %s %s：%s %s", f.AsOf, f.Title.ZH, f.words(), f.Unit), EN: fmt.Sprintf("  %s on %s: %s", f.Title.EN, f.AsOf, f.words())}))
		}
		return p.printLinks(w, address, r.Accounts)
	})
}

func (c *demoCommand) make(ctx context.Context, p *program) (*city, *demoResult, error) {
	started := time.Now()
	places, err := place.Open()
	if err != nil {
		return nil, nil, err
	}
	plan, err := demo.Plan{Seed: c.Seed, Scale: c.Scale}.City(places)
	if err != nil {
		return nil, nil, err
	}
	if err := c.clear(); err != nil {
		return nil, nil, err
	}
	if err := c.mark(false); err != nil {
		return nil, nil, err
	}
	clock := new(demo.Clock)
	made, err := p.makeCity(ctx, &cityFlags{Dir: c.Dir}, demo.Baoding, clock.Now)
	if err != nil {
		return nil, nil, err
	}
	r := &demoResult{Dir: c.Dir, Name: places.FullName(demo.Baoding), Accounts: demoAccounts()}
	err = made.db.Load(ctx, func() error {
		var err error
		office := access.Actor{ID: "demo", Name: "演示", Grants: console().Grants}
		if r.Made, err = plan.Make(ctx, made.registry, clock, office, p.progress(len(plan.Counties()))); err != nil {
			return err
		}
		if err := plan.Portfolio().Make(ctx, made.portfolio, clock, office); err != nil {
			return err
		}
		return plan.FollowUp(ctx, demo.Followers{Problems: made.problems, Cases: made.cases, Strategy: made.strategy}, clock)
	})
	if err != nil {
		return nil, nil, err
	}
	if err := made.enter(ctx, r.Accounts); err != nil {
		return nil, nil, err
	}
	if r.Figures, err = made.headlines(ctx); err != nil {
		return nil, nil, err
	}
	r.Seconds = time.Since(started).Seconds()
	return made, r, c.mark(true)
}

// headlines are the first figures of the city's last day, and how many were poor a year before; that also makes the columns that every figure and
// run of both days reads.
func (c *city) headlines(ctx context.Context) ([]figureResult, error) {
	var all []figureResult
	scope := console().Scope(access.ReadFigures, demo.LastDay())
	last := demo.LastDay()
	before := day.MustOf(last.Year()-1, last.Month(), last.Day())
	for _, h := range []struct {
		name string
		asOf day.Date
	}{
		{"households", last},
		{"persons", last},
		{"registered_poor_persons", last},
		{"registered_poor_persons", before},
		{"incidence", last},
		{"signing_groups", last},
		{"cooperation_agreements", last},
		{"coordinated_projects", last},
		{"coordinated_investment", last},
	} {
		f, err := c.figures.Get(ctx, h.name, figure.Query{Division: demo.Baoding, AsOf: h.asOf, Scope: scope})
		if err != nil {
			return nil, err
		}
		all = append(all, c.figureResult(&f, demo.Baoding))
	}
	return all, nil
}

// clear takes away a demonstration whose making was cut short. Any other city is left alone, and refused by makeCity.
func (c *demoCommand) clear() error {
	if m, marked := c.marked(); !marked || m.Whole {
		return nil
	}
	return errs.Wrap("main.demo", os.RemoveAll(c.Dir))
}

// marked reads what mark wrote.
func (c *demoCommand) marked() (m demoMark, ok bool) {
	text, err := os.ReadFile(filepath.Join(c.Dir, demoFile))
	ok = err == nil && json.Unmarshal(text, &m) == nil
	return m, ok
}

func (c *demoCommand) mark(whole bool) error {
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return errs.New(errs.Unavailable, "main.demo", "不能建立文件夹「"+c.Dir+"」。请检查权限。", "The folder "+c.Dir+" cannot be made. Check the rights.").Because(err)
	}
	if _, err := os.Stat(filepath.Join(c.Dir, db.FileName)); !whole && err == nil {
		return nil // a city that is not ours: makeCity says so
	}
	text, err := json.Marshal(demoMark{c.Seed, c.Scale, whole})
	if err == nil {
		err = os.WriteFile(filepath.Join(c.Dir, demoFile), text, 0o600)
	}
	return errs.Wrap("main.demo", err)
}

// progress shows how far the making has come: a bar on a terminal, a line for every few counties elsewhere.
func (p *program) progress(counties int) func(demo.Made) {
	terminal := false
	if f, ok := p.stderr.(*os.File); ok {
		info, err := f.Stat()
		terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return func(m demo.Made) {
		line := fmt.Sprintf("%3d/%d  %7d 户 households  %8d 人 persons", m.Counties, counties, m.Households, m.Members)
		switch {
		case terminal:
			const width = 24
			done := m.Counties * width / counties
			fmt.Fprintf(p.stderr, "\r[%s%s] %s", strings.Repeat("█", done), strings.Repeat("·", width-done), line)
			if m.Counties == counties {
				fmt.Fprintln(p.stderr)
			}
		case m.Counties%6 == 0 || m.Counties == counties:
			fmt.Fprintln(p.stderr, line)
		}
	}
}

// demoAccounts are one for each role, at a place where the role works; the office of a second county, to which households move; and somebody who
// holds two posts. Townships and villages are of the county that the demonstration looks at first.
func demoAccounts() []enteredAccount {
	const township, village, neighbour = place.ID(130624_100000), place.ID(130624_100200), place.ID(130633_000000)
	return []enteredAccount{
		{Login: "village", role: access.VillageOfficer, territory: village},
		{Login: "team", role: access.TeamMember, territory: village},
		{Login: "township", role: access.TownshipClerk, territory: township},
		{Login: "county", role: access.CountyOffice, territory: demo.Focus},
		{Login: "city", role: access.CityOffice, territory: demo.Baoding},
		{Login: "approver", role: access.Approver, territory: demo.Focus},
		{Login: "auditor", role: access.Auditor, territory: demo.Baoding},
		{Login: "planner", role: access.Planner, territory: demo.Baoding},
		{Login: "coordinator", role: access.Coordinator, territory: demo.Baoding},
		{Login: "investor", role: access.Investor, territory: demo.Baoding, id: demo.Investor},
		{Login: "leader", role: access.Leader, territory: demo.Baoding},
		{Login: "system", role: access.SystemAdmin, territory: demo.Baoding},
		{Login: "security", role: access.SecurityAdmin, territory: demo.Baoding},
		{Login: "audit", role: access.AuditAdmin, territory: demo.Baoding},
		{Login: "city-approver", role: access.Approver, territory: demo.Baoding},
		{Login: "neighbour", role: access.CountyOffice, territory: neighbour},
		{Login: "two-posts", role: access.CountyOffice, territory: demo.Focus, also: []access.Grant{{Role: access.Coordinator, Territory: demo.Baoding}}},
	}
}
