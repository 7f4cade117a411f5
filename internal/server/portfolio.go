package server

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/portfolio"
	"liandong/money"
)

// ProjectsInput says which projects are meant. It is exported because huma fills in exported parts alone.
type ProjectsInput struct {
	MomentInput
	Division string `query:"division" doc:"stable id or code; everything in the asker's territory by default"`
	ProjectFilterInput
}

// ProjectFilterInput says which projects of a place a list shows, and an export takes along.
type ProjectFilterInput struct {
	Programme    string `query:"programme" json:"programme,omitempty"`
	Sector       string `query:"sector" json:"sector,omitempty"`
	Zone         string `query:"zone" json:"zone,omitempty" doc:"part in 两地三区"`
	Origin       string `query:"origin" json:"origin,omitempty" doc:"the city it comes from"`
	Function     string `query:"function" json:"function,omitempty" doc:"kind of non-capital function that moves"`
	Stage        string `query:"stage" json:"stage,omitempty" doc:"unstated for those whose stage is not known"`
	Light        string `query:"light" json:"light,omitempty" doc:"red, yellow, green, grey or off"`
	Platform     string `query:"platform" json:"platform,omitempty" doc:"id, or none for those on no platform"`
	Agreement    string `query:"agreement" json:"agreement,omitempty" doc:"id"`
	Organisation string `query:"organisation" json:"organisation,omitempty" doc:"id"`
	Words        string `query:"q" json:"q,omitempty" doc:"part of the name or number"`
}

type ganttInput struct {
	ProjectsInput
	After string `query:"after" doc:"next of the page before"`
}

type projectListInput struct {
	ProjectsInput
	After string `query:"after" doc:"next of the page before"`
	Limit int    `query:"limit" default:"50" doc:"rows of a page, at most 200"`
}

type lightView struct {
	Light   string `json:"light" enum:"red,yellow,green,grey,off"`
	Slipped bool   `json:"slipped,omitempty" doc:"was red once and caught up"`
}

// ProjectRow is a project of a list. It is exported, as every type that another one embeds, because huma documents exported parts alone.
type ProjectRow struct {
	ID         uuid.UUID            `json:"id"`
	Division   ref                  `json:"division"`
	Number     string               `json:"number,omitempty"`
	Name       string               `json:"name"`
	Programme  string               `json:"programme,omitempty"`
	Sector     string               `json:"sector,omitempty"`
	Zone       string               `json:"zone,omitempty"`
	Origin     string               `json:"origin,omitempty"`
	Function   string               `json:"function,omitempty"`
	Stage      portfolio.Stage      `json:"stage,omitempty"`
	StageSince *day.Date            `json:"stage_since,omitempty"`
	Phase      int                  `json:"phase,omitempty"`
	Counted    bool                 `json:"counted" doc:"counts as one by the counting rules"`
	Amount     *money.Fen           `json:"amount_fen,omitempty" doc:"counted once, in fen; absent where not known"`
	Basis      string               `json:"basis,omitempty"`
	CountedOn  *day.Date            `json:"counted_on,omitempty"`
	NoLater    bool                 `json:"no_later_than,omitempty" doc:"counted on that day or before"`
	Light      string               `json:"light" enum:"red,yellow,green,grey,off" doc:"the worst of the lights"`
	Lights     map[string]lightView `json:"lights" doc:"by the id of the alert rule"`
	Started    *day.Date            `json:"started,omitempty"`
	Physical   *float64             `json:"physical,omitempty" doc:"percent"`
	Planned    *float64             `json:"planned,omitempty" doc:"percent"`
	Arrived    *money.Fen           `json:"arrived_fen,omitempty"`
	Spent      *money.Fen           `json:"spent_fen,omitempty"`
	ReportedOn *day.Date            `json:"reported_on,omitempty" doc:"month of the latest report"`
	Owner      *float64             `json:"owner_confidence,omitempty" doc:"percent"`
	Inspector  *float64             `json:"inspector_confidence,omitempty" doc:"percent"`
	Gap        *float64             `json:"confidence_gap,omitempty" doc:"owner's less inspector's, in points"`
}

type projectListOutput struct {
	Body struct {
		Total int64        `json:"total"`
		Rows  []ProjectRow `json:"rows"`
		Next  string       `json:"next,omitempty"`
	}
}

type boardCell struct {
	Stage    portfolio.Stage `json:"stage"`
	Light    string          `json:"light" enum:"red,yellow,green,grey,off"`
	Projects int64           `json:"projects"`
	Counted  int64           `json:"counted"`
	Amount   money.Fen       `json:"amount_fen" doc:"counted once; projects without an amount add nothing"`
}

type boardOutput struct {
	Body struct {
		Stages []boardCell `json:"stages" doc:"by stage and light, from talks to operation, red first"`
	}
}

type yearOutput struct {
	Body struct {
		Until    day.Date  `json:"until" doc:"31 December of the year"`
		Counted  int64     `json:"counted" doc:"projects that count, whose sums these are"`
		Planning int64     `json:"planning" doc:"of them, those that have a plan by year"`
		Reported int64     `json:"reported" doc:"of them, those that have reported money"`
		Planned  money.Fen `json:"planned_fen" doc:"planned by then since the beginning, a revised amount in place of the first"`
		Arrived  money.Fen `json:"arrived_fen" doc:"arrived so far since the beginning, by the latest reports"`
		Spent    money.Fen `json:"spent_fen" doc:"spent so far since the beginning, by the latest reports"`
	}
}

type spotView struct {
	Division ref              `json:"division"`
	Projects int64            `json:"projects"`
	Amount   money.Fen        `json:"amount_fen" doc:"counted once; projects without an amount add nothing"`
	Lights   map[string]int64 `json:"lights" doc:"projects by light; those of no project are left out"`
}

type placesOutput struct {
	Body struct {
		Of    ref        `json:"of"`
		Spots []spotView `json:"spots" doc:"by the divisions directly below; projects that name none so far down stand under the one they name"`
	}
}

type barView struct {
	ProjectRow
	StartPlanned  *day.Date                `json:"start_planned,omitempty"`
	FinishPlanned *day.Date                `json:"finish_planned,omitempty"`
	Finished      *day.Date                `json:"finished,omitempty"`
	Phases        []portfolio.Phase        `json:"phases"`
	Milestones    []portfolio.MilestoneBar `json:"milestones"`
}

type ganttOutput struct {
	Body struct {
		Total int64     `json:"total"`
		Bars  []barView `json:"bars" doc:"at most 200"`
		Next  string    `json:"next,omitempty"`
	}
}

type nounInput struct {
	ID string `path:"id"`
	MomentInput
}

type projectOutput struct {
	ETag string `header:"ETag"`
	Body struct {
		ProjectRow
		Valid       day.Date                 `json:"valid"`
		Recorded    string                   `json:"recorded_at"`
		Version     int64                    `json:"version" doc:"for If-Match"`
		Document    *portfolio.Project       `json:"document" nullable:"false"`
		Steps       []portfolio.CountStep    `json:"count" doc:"every event that the counting rules looked at, with what it did"`
		Events      []portfolio.Event        `json:"events"`
		Milestones  []portfolio.MilestoneBar `json:"milestones" doc:"each with the day that was first set for it"`
		Reports     []portfolio.Report       `json:"reports"`
		Inspections []portfolio.Inspection   `json:"inspections"`
		Links       []portfolio.Ref          `json:"links"`
		Next        []portfolio.Stage        `json:"next" doc:"stages that may follow"`
	}
}

type timelineOutput struct {
	Body struct {
		Steps []portfolio.Step `json:"steps"`
	}
}

type rulesOutput struct {
	Body struct {
		Counting *portfolio.Counting          `json:"counting" nullable:"false"`
		Alerts   *portfolio.Alerts            `json:"alerts" nullable:"false"`
		Lists    map[string]portfolio.Choices `json:"lists" doc:"code lists by their name"`
	}
}

func (s *Server) registerPortfolio() {
	add(s, op{id: "projects", method: http.MethodGet, path: "/projects", summary: "Projects by name, a page at a time", tag: tagPortfolio, action: access.ReadProjects}, s.projects)
	add(s, op{id: "project-board", method: http.MethodGet, path: "/projects/board", summary: "Projects counted by stage and alert, with their money", tag: tagPortfolio, action: access.ReadProjects}, s.projectBoard)
	add(s, op{id: "project-year", method: http.MethodGet, path: "/projects/year", summary: "Money planned by the end of the year beside what arrived and what was spent", tag: tagPortfolio, action: access.ReadProjects}, s.projectYear)
	add(s, op{id: "project-places", method: http.MethodGet, path: "/projects/places", summary: "Where the projects lie: how many of every light in each division below", tag: tagPortfolio, action: access.ReadProjects}, s.projectPlaces)
	add(s, op{id: "project-gantt", method: http.MethodGet, path: "/projects/gantt", summary: "What was planned beside what happened, by platform as a rule", tag: tagPortfolio, action: access.ReadProjects}, s.projectGantt)
	add(s, op{id: "project-rules", method: http.MethodGet, path: "/projects/rules", summary: "The rules that count and warn, and the code lists", tag: tagPortfolio, action: access.ReadProjects}, s.projectRules)
	add(s, op{id: "project", method: http.MethodGet, path: "/projects/{id}", summary: "One project as of a day, with how it counts", tag: tagPortfolio, action: access.ReadProjects}, s.project)
	for _, n := range nouns() {
		add(s, op{id: n.word + "-timeline", method: http.MethodGet, path: "/" + n.path + "/{id}/timeline", summary: "Every record: who, when, from where, what", tag: tagPortfolio, action: access.ReadProjects},
			func(ctx context.Context, c *call, in *nounInput) (*timelineOutput, error) {
				return s.nounTimeline(ctx, c, n, in)
			})
	}
	s.registerNouns()
	s.registerPortfolioWrites()
	s.registerProjectExchange()
}

// portfolioMoment is the moment of a request in the portfolio's terms.
func portfolioMoment(in *MomentInput, c *call) (portfolio.Moment, error) {
	m, err := in.moment(c)
	return portfolio.Moment{AsOf: m.AsOf, KnownAt: m.KnownAt}, err
}

func (s *Server) projectFilter(c *call, in *ProjectsInput) (f portfolio.Filter, m portfolio.Moment, err error) {
	if m, err = portfolioMoment(&in.MomentInput, c); err != nil {
		return f, m, err
	}
	if f, err = in.filter(); err != nil {
		return f, m, err
	}
	if in.Division != "" {
		if f.Division, err = s.division(c, in.Division, m.AsOf); err != nil {
			return f, m, err
		}
		if !c.scope.Touches(f.Division) {
			return f, m, access.NotFound(errs.Text{ZH: "区划", EN: "division"})
		}
	}
	return f, m, nil
}

// filter reads the conditions.
func (in *ProjectFilterInput) filter() (f portfolio.Filter, err error) {
	f = portfolio.Filter{Programme: in.Programme, Sector: in.Sector, Zone: in.Zone, Origin: in.Origin, Function: in.Function, Stage: portfolio.Stage(in.Stage), Words: in.Words}
	if in.Light != "" {
		light, err := portfolio.ParseLight(in.Light)
		if err != nil {
			return f, err
		}
		f.Light = &light
	}
	for _, one := range []struct {
		text string
		kind portfolio.Kind
		to   **portfolio.ID
	}{{in.Platform, portfolio.PlatformKind, &f.Platform}, {in.Agreement, portfolio.AgreementKind, &f.Agreement}, {in.Organisation, portfolio.OrganisationKind, &f.Organisation}} {
		if one.text == "" {
			continue
		}
		if one.kind == portfolio.PlatformKind && one.text == "none" {
			f.Unsettled = true
			continue
		}
		parsed, err := id(one.text, one.kind.Word())
		if err != nil {
			return f, err
		}
		*one.to = &parsed
	}
	return f, nil
}

// only are the conditions of an export, with the words of the request for the log.
func (in *ProjectFilterInput) only() (*portfolio.Only, error) {
	f, err := in.filter()
	words, _ := json.Marshal(in) // strings always marshal
	return &portfolio.Only{Filter: f, Words: string(words)}, err
}

func (s *Server) projects(ctx context.Context, c *call, in *projectListInput) (*projectListOutput, error) {
	f, m, err := s.projectFilter(c, &in.ProjectsInput)
	if err != nil {
		return nil, err
	}
	page, err := s.Portfolio.List(ctx, c.scope, f, m, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &projectListOutput{}
	out.Body.Total, out.Body.Next, out.Body.Rows = page.Total, page.Next, s.projectRows(page.Rows, m)
	return out, nil
}

func (s *Server) projectRows(states []portfolio.State, m portfolio.Moment) []ProjectRow {
	rows := make([]ProjectRow, len(states))
	for i := range states {
		rows[i] = s.projectRow(&states[i], m)
	}
	return rows
}

func (s *Server) projectRow(p *portfolio.State, m portfolio.Moment) ProjectRow {
	row := ProjectRow{
		ID: p.Project, Division: s.ref(p.Division, m.AsOf), Number: p.Number, Name: p.Name, Programme: p.Programme, Sector: p.Sector, Zone: p.Zone, Origin: p.Origin, Function: p.Function,
		Stage: p.Stage, StageSince: dayOrNil(p.StageSince), Phase: p.Phase, Counted: p.Counted, Amount: p.Amount, Basis: p.Basis, CountedOn: dayOrNil(p.CountedOn),
		NoLater: p.NoLater, Light: p.Light.String(), Lights: map[string]lightView{}, Started: dayOrNil(p.Started), Physical: p.Physical, Planned: p.Planned,
		Arrived: p.Arrived, Spent: p.Spent, ReportedOn: dayOrNil(p.ReportedOn), Owner: p.Owner, Inspector: p.Inspector, Gap: p.Gap(),
	}
	_, alerts := s.Portfolio.Rules()
	for i := range alerts.Rules {
		row.Lights[alerts.Rules[i].ID] = lightView{p.Lights[i].String(), p.Slipped[i]}
	}
	return row
}

func (s *Server) projectBoard(ctx context.Context, c *call, in *ProjectsInput) (*boardOutput, error) {
	f, m, err := s.projectFilter(c, in)
	if err != nil {
		return nil, err
	}
	cells, err := s.Portfolio.Board(ctx, c.scope, f, m)
	out := &boardOutput{}
	out.Body.Stages = make([]boardCell, 0, len(cells))
	for _, cell := range cells {
		out.Body.Stages = append(out.Body.Stages, boardCell{cell.Stage, cell.Light.String(), cell.Projects, cell.Counted, cell.Amount})
	}
	return out, err
}

func (s *Server) projectYear(ctx context.Context, c *call, in *ProjectsInput) (*yearOutput, error) {
	f, m, err := s.projectFilter(c, in)
	if err != nil {
		return nil, err
	}
	y, err := s.Portfolio.YearMoney(ctx, c.scope, f, m)
	out := &yearOutput{}
	b := &out.Body
	b.Until, b.Counted, b.Planning, b.Reported, b.Planned, b.Arrived, b.Spent = y.Until, y.Counted, y.Planning, y.Reported, y.Planned, y.Arrived, y.Spent
	return out, err
}

func (s *Server) projectPlaces(ctx context.Context, c *call, in *ProjectsInput) (*placesOutput, error) {
	f, m, err := s.projectFilter(c, in)
	if err != nil {
		return nil, err
	}
	of := f.Division
	if of == 0 {
		of = c.home
	}
	spots, err := s.Portfolio.Where(ctx, c.scope, f, of, m)
	out := &placesOutput{}
	out.Body.Of, out.Body.Spots = s.ref(of, m.AsOf), make([]spotView, 0, len(spots))
	for i := range spots {
		view := spotView{s.ref(spots[i].Division, m.AsOf), spots[i].Projects, spots[i].Amount, map[string]int64{}}
		for light, n := range spots[i].Lights {
			view.Lights[light.String()] = n
		}
		out.Body.Spots = append(out.Body.Spots, view)
	}
	return out, err
}

func (s *Server) projectGantt(ctx context.Context, c *call, in *ganttInput) (*ganttOutput, error) {
	f, m, err := s.projectFilter(c, &in.ProjectsInput)
	if err != nil {
		return nil, err
	}
	bars, total, next, err := s.Portfolio.Gantt(ctx, c.scope, f, m, in.After)
	if err != nil {
		return nil, err
	}
	out := &ganttOutput{}
	out.Body.Total, out.Body.Next, out.Body.Bars = total, next, make([]barView, 0, len(bars))
	for i := range bars {
		b := &bars[i]
		out.Body.Bars = append(out.Body.Bars, barView{
			ProjectRow: s.projectRow(&b.State, m), StartPlanned: dayOrNil(b.StartPlanned), FinishPlanned: dayOrNil(b.FinishPlanned), Finished: dayOrNil(b.Finished),
			Phases: orEmpty(b.Phases), Milestones: orEmpty(b.Milestones),
		})
	}
	return out, nil
}

// orEmpty is the list, or an empty one: a page need not tell null from nothing.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func (s *Server) project(ctx context.Context, c *call, in *nounInput) (*projectOutput, error) {
	project, err := id(in.ID, portfolio.ProjectKind.Word())
	if err != nil {
		return nil, err
	}
	m, err := portfolioMoment(&in.MomentInput, c)
	if err != nil {
		return nil, err
	}
	v, err := s.Portfolio.Project(ctx, c.scope, project, m)
	if err != nil {
		return nil, err
	}
	out := &projectOutput{ETag: etag(v.Version)}
	b := &out.Body
	b.ProjectRow, b.Valid, b.Recorded, b.Version, b.Document = s.projectRow(&v.State, m), v.Valid, stamp(v.Recorded), v.Version, v.Document
	b.Milestones = orEmpty(v.Milestones)
	b.Steps, b.Events, b.Reports, b.Inspections, b.Links, b.Next = orEmpty(v.Count.Steps), orEmpty(v.Events), orEmpty(v.Reports), orEmpty(v.Inspections), orEmpty(v.Links), orEmpty(v.Next)
	return out, nil
}

func (s *Server) projectRules(context.Context, *call, *none) (*rulesOutput, error) {
	out := &rulesOutput{}
	out.Body.Counting, out.Body.Alerts = s.Portfolio.Rules()
	out.Body.Lists = map[string]portfolio.Choices{
		"stages": portfolio.Stages(), "lights": portfolio.Lights(), "events": portfolio.EventKinds(), "programmes": portfolio.Programmes(), "sectors": portfolio.Sectors(),
		"zones": portfolio.Zones(), "platforms": portfolio.PlatformKinds(), "organisations": portfolio.OrganisationKinds(), "agreements": portfolio.AgreementKinds(),
		"origins": portfolio.OriginCities(), "functions": portfolio.Functions(), "bases": portfolio.Bases(), "sources": portfolio.Sources(), "roles": portfolio.Roles(),
	}
	return out, nil
}
