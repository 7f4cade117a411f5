package server

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"path"
	"sync"
	"time"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/registry"
	"liandong/sheet"
)

// plans are imports that were previewed and not decided yet. They are in memory alone: a file that was forgotten is gone, and a restart asks
// for it again.
type plans struct {
	now func() time.Time

	mu   sync.Mutex
	held map[uuid.UUID]*heldPlan
}

type heldPlan struct {
	*registry.Plan
	owner string
	until time.Time
	busy  bool
}

const (
	planLife = 2 * time.Hour // a preview is read before it is decided
	maxPlans = 16            // of the whole city at once; the oldest goes
	ownPlans = 4             // of one person, so that nobody pushes others' out
)

func newPlans(now func() time.Time) *plans {
	return &plans{now: now, held: map[uuid.UUID]*heldPlan{}}
}

func (p *plans) put(owner string, plan *registry.Plan) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sweep()
	p.makeRoom(ownPlans, func(h *heldPlan) bool { return h.owner == owner })
	p.makeRoom(maxPlans, func(*heldPlan) bool { return true })
	p.held[plan.ID] = &heldPlan{Plan: plan, owner: owner, until: p.now().Add(planLife)}
}

// makeRoom lets the oldest of some plans go when there are so many of them. The caller holds the lock.
func (p *plans) makeRoom(most int, of func(*heldPlan) bool) {
	var oldest *heldPlan
	count := 0
	for _, h := range p.held {
		if !of(h) {
			continue
		}
		if count++; !h.busy && (oldest == nil || h.until.Before(oldest.until)) {
			oldest = h
		}
	}
	if count >= most && oldest != nil {
		delete(p.held, oldest.ID)
	}
}

// get gives the owner's plan; nobody else has it.
func (p *plans) get(owner string, id uuid.UUID) (*registry.Plan, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sweep()
	h := p.held[id]
	if h == nil || h.owner != owner {
		return nil, noPlan()
	}
	return h.Plan, nil
}

// claim takes a plan to be written, so that pressing twice writes once.
func (p *plans) claim(owner string, id uuid.UUID) (*registry.Plan, func(done bool), error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sweep()
	h := p.held[id]
	if h == nil || h.owner != owner {
		return nil, nil, noPlan()
	}
	if h.busy {
		return nil, nil, errs.New(errs.Conflict, "server.claim", "这次导入正在写入，请稍候。", "This import is being written; wait for it.")
	}
	h.busy = true
	return h.Plan, func(done bool) {
		p.mu.Lock()
		defer p.mu.Unlock()
		h.busy = false
		if done {
			delete(p.held, id)
		}
	}, nil
}

// sweep lets plans go whose time is over. The caller holds the lock.
func (p *plans) sweep() {
	for id, h := range p.held {
		if !h.busy && p.now().After(h.until) {
			delete(p.held, id)
		}
	}
}

func noPlan() error {
	return errs.New(errs.NotFound, "server.plan", "没有这份待确认的导入，或已过期。请重新上传文件。", "There is no such import waiting, or its time is over. Send the file again.")
}

type uploadInput struct {
	Name    string `query:"name" doc:"the file's name"`
	Valid   string `query:"valid" format:"date" doc:"since when the answers hold; today by default"`
	RawBody []byte `contentType:"application/octet-stream"`
}

type headingView struct {
	Column  int    `json:"column" doc:"from 1"`
	Heading string `json:"heading"`
	Field   string `json:"field,omitempty" doc:"absent for a column that is not read"`
}

type planView struct {
	ID         uuid.UUID                `json:"import"`
	File       string                   `json:"file"`
	Layout     string                   `json:"layout"`
	HeadingRow int                      `json:"heading_row"`
	Headings   []headingView            `json:"headings"`
	Valid      day.Date                 `json:"valid"`
	Households registry.Counts          `json:"households"`
	Members    registry.Counts          `json:"members"`
	New        int                      `json:"new"`
	Changed    int                      `json:"changed"`
	Unchanged  int                      `json:"unchanged"`
	Findings   []registry.RowFinding    `json:"findings" doc:"the first thousand; the report has all"`
	Changes    []registry.PlannedChange `json:"changes" doc:"of households that are there already, the first hundred"`
}

type planOutput struct{ Body planView }

type importInput struct {
	ID string `path:"id"`
}

type reportOutput struct {
	Type        string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

type importView struct {
	ID     uuid.UUID `json:"import"`
	File   string    `json:"file"`
	Actor  string    `json:"actor"`
	At     string    `json:"at"`
	Undone bool      `json:"undone"`
}

type importsOutput struct {
	Body struct {
		Imports []importView `json:"imports"`
	}
}

func noImport() errs.Text { return errs.Text{ZH: "导入", EN: "import"} }

func (s *Server) registerImports() {
	add(s, op{id: "preview-import", method: http.MethodPost, path: "/imports", summary: "Read a workbook or CSV and show what importing it would do", tag: tagImports, action: access.ImportRecords, maxBody: maxWorkbook, status: http.StatusCreated}, s.previewImport)
	add(s, op{id: "waiting-import", method: http.MethodGet, path: "/imports/{id}", summary: "A previewed import that waits to be written", tag: tagImports, action: access.ImportRecords}, s.waitingImport)
	add(s, op{id: "import-report", method: http.MethodGet, path: "/imports/{id}/report", summary: "The file with its wrong cells marked", tag: tagImports, action: access.ImportRecords}, s.importReport)
	add(s, op{id: "write-import", method: http.MethodPost, path: "/imports/{id}/write", summary: "Write a previewed import, all of it or nothing", tag: tagImports, action: access.ImportRecords}, s.writeImport)
	add(s, op{id: "undo-import", method: http.MethodPost, path: "/imports/{id}/undo", summary: "Take a written import back", tag: tagImports, action: access.ImportRecords, status: http.StatusNoContent}, s.undoImport)
	add(s, op{id: "imports", method: http.MethodGet, path: "/imports", summary: "Written imports, the latest first", tag: tagImports, action: access.ReadRecords}, s.imports)
}

func (s *Server) previewImport(ctx context.Context, c *call, in *uploadInput) (*planOutput, error) {
	valid := c.today
	if in.Valid != "" {
		var err error
		if valid, err = day.Parse(in.Valid); err != nil {
			return nil, at(err, "valid")
		}
	}
	// The library uses the body's memory again for the next request, and a preview is asked for its report much later.
	book, err := sheet.Open(bytes.Clone(in.RawBody))
	if err != nil {
		return nil, err
	}
	plan, err := s.Registry.Import(ctx, c.actor, path.Base(in.Name), book, valid)
	if err != nil {
		return nil, err
	}
	s.plans.put(c.actor.ID, plan)
	return &planOutput{viewOfPlan(plan)}, nil
}

// shownFindings is how many findings a preview lists.
const shownFindings = 1000

func viewOfPlan(p *registry.Plan) planView {
	v := planView{
		ID: p.ID, File: p.File, Layout: p.Match.Layout.Name, HeadingRow: p.Match.HeadingRow, Headings: []headingView{}, Valid: p.Valid, Households: p.Households, Members: p.Members,
		New: p.New, Changed: p.Changed, Unchanged: p.Unchanged, Findings: p.Findings[:min(len(p.Findings), shownFindings)], Changes: p.Changes,
	}
	for _, h := range p.Match.Headings {
		v.Headings = append(v.Headings, headingView{h.Column, h.Text, h.Field})
	}
	return v
}

func (s *Server) waiting(c *call, text string) (*registry.Plan, error) {
	parsed, err := id(text, noImport())
	if err != nil {
		return nil, err
	}
	return s.plans.get(c.actor.ID, parsed)
}

func (s *Server) waitingImport(_ context.Context, c *call, in *importInput) (*planOutput, error) {
	plan, err := s.waiting(c, in.ID)
	if err != nil {
		return nil, err
	}
	return &planOutput{viewOfPlan(plan)}, nil
}

func (s *Server) importReport(_ context.Context, c *call, in *importInput) (*reportOutput, error) {
	plan, err := s.waiting(c, in.ID)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if _, err := plan.Report(&out); err != nil {
		return nil, err
	}
	name := url.PathEscape("问题-" + plan.File)
	return &reportOutput{Type: workbookType, Disposition: "attachment; filename*=UTF-8''" + name, Body: out.Bytes()}, nil
}

func (s *Server) writeImport(ctx context.Context, c *call, in *importInput) (*planOutput, error) {
	parsed, err := id(in.ID, noImport())
	if err != nil {
		return nil, err
	}
	plan, release, err := s.plans.claim(c.actor.ID, parsed)
	if err != nil {
		return nil, err
	}
	err = s.Registry.Apply(ctx, c.actor, plan)
	release(err == nil)
	if err != nil {
		return nil, err
	}
	return &planOutput{viewOfPlan(plan)}, nil
}

func (s *Server) undoImport(ctx context.Context, c *call, in *importInput) (*none, error) {
	parsed, err := id(in.ID, noImport())
	if err != nil {
		return nil, err
	}
	return nil, s.Registry.Undo(ctx, c.actor, parsed)
}

func (s *Server) imports(ctx context.Context, c *call, _ *none) (*importsOutput, error) {
	runs, err := s.Registry.Imports(ctx, c.actor, c.scope)
	if err != nil {
		return nil, err
	}
	out := &importsOutput{}
	out.Body.Imports = make([]importView, 0, len(runs))
	for _, r := range runs {
		out.Body.Imports = append(out.Body.Imports, importView{r.ID, r.File, r.Actor, stamp(r.At), r.Undone})
	}
	return out, nil
}
