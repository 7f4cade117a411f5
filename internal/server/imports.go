package server

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"path"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/registry"
	"liandong/sheet"
)

type uploadInput struct {
	Name    string `query:"name" doc:"the file's name"`
	Valid   string `query:"valid" format:"date" doc:"since when the answers hold; today by default"`
	RawBody []byte `contentType:"application/octet-stream"`
}

type readingInput struct {
	ID      string `path:"id" doc:"made by the client: sending the same twice reads once"`
	Name    string `query:"name" doc:"the file's name"`
	Valid   string `query:"valid" format:"date" doc:"since when the answers hold; today by default"`
	RawBody []byte `contentType:"application/octet-stream"`
}

// readingView is how far the reading of a table has come.
type readingView struct {
	ID      uuid.UUID `json:"id"`
	File    string    `json:"file"`
	State   string    `json:"state" enum:"reading,read,failed"`
	Stage   string    `json:"stage,omitempty" enum:"reading,comparing" doc:"absent until the file is opened and its headings are found"`
	Done    int       `json:"done" doc:"rows read, or records compared"`
	About   int       `json:"about" doc:"of about so many rows, or of so many records"`
	Import  string    `json:"import,omitempty" format:"uuid" doc:"the preview, once the table is read"`
	Problem *problem  `json:"problem,omitempty" doc:"why it could not be read"`
}

type readingOutput struct{ Body readingView }

type readingsOutput struct {
	Body struct {
		Readings []readingView `json:"readings" doc:"the asker's own: one under way, or the last one that is read"`
	}
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

type importInput struct {
	ID string `path:"id"`
}

type reportOutput struct {
	Type        string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

type importView struct {
	ID        uuid.UUID `json:"import"`
	File      string    `json:"file"`
	Actor     string    `json:"actor"`
	ActorName string    `json:"actor_name,omitempty" doc:"of the account; absent where it is a program"`
	At        string    `json:"at"`
	Undone    bool      `json:"undone"`
}

type importsOutput struct {
	Body struct {
		Imports []importView `json:"imports"`
	}
}

func noImport() errs.Text { return errs.Text{ZH: "导入", EN: "import"} }

// importDesk is how one sort of table comes in: previewed, written, taken back.
type importDesk[P reporter, V any] struct {
	word, path, what string // of its operations: "import", "/imports", and what the tables hold
	tag              string
	action           access.Action
	plans            *plans[P]
	readings         *readings
	problem          func(ctx context.Context, err error) error // writes what is nobody's fault into the program's own log
	read             func(ctx context.Context, actor access.Actor, name string, book *sheet.Book, valid day.Date, progress sheet.Progress) (P, error)
	apply            func(ctx context.Context, actor access.Actor, plan P) error
	undo             func(ctx context.Context, actor access.Actor, id uuid.UUID) error
	named            func(plan P) (id uuid.UUID, file string)
	view             func(plan P) V
}

// reporter is a plan that can give its file back with the wrong cells marked.
type reporter interface {
	Report(w io.Writer) (marked bool, err error)
}

type planOutput[V any] struct{ Body V }

// registerDesk puts the operations of one sort of table into the API.
func registerDesk[P reporter, V any](s *Server, d *importDesk[P, V]) {
	one := op{tag: d.tag, action: d.action}
	with := func(id, method, path, summary string, status int) op {
		o := one
		o.id, o.method, o.path, o.summary, o.status = id, method, d.path+path, summary, status
		return o
	}
	preview := with("preview-"+d.word, http.MethodPost, "", "Read a workbook or CSV of "+d.what+" and show what importing it would do", http.StatusCreated)
	preview.maxBody = maxWorkbook
	add(s, preview, d.preview)
	d.readings, d.problem = s.newReadings(), s.problem
	list, start, drop := with("", http.MethodGet, "", "How far the asker's own tables of "+d.what+" are read", 0), preview, with("", http.MethodDelete, "", "Cancel the reading of a table of "+d.what+", or forget what came of it", http.StatusNoContent)
	list.id, start.id, drop.id = d.word+"-readings", "read-"+d.word, "cancel-"+d.word+"-reading"
	start.method, start.status, start.summary = http.MethodPut, http.StatusAccepted, "Read a workbook or CSV of "+d.what+" in the background; what comes of it is a preview"
	list.path = "/" + list.id
	start.path, drop.path = list.path+"/{id}", list.path+"/{id}"
	add(s, list, d.reading)
	add(s, start, d.start)
	add(s, drop, d.drop)
	add(s, with("waiting-"+d.word, http.MethodGet, "/{id}", "A previewed import of "+d.what+" that waits to be written", 0), d.waiting)
	add(s, with(d.word+"-report", http.MethodGet, "/{id}/report", "The file of "+d.what+" with its wrong cells marked", 0), d.report)
	add(s, with("write-"+d.word, http.MethodPost, "/{id}/write", "Write a previewed import of "+d.what+", all of it or nothing", 0), d.write)
	add(s, with("undo-"+d.word, http.MethodPost, "/{id}/undo", "Take a written import of "+d.what+" back", http.StatusNoContent), func(ctx context.Context, c *call, in *importInput) (*none, error) {
		parsed, err := id(in.ID, noImport())
		if err != nil {
			return nil, err
		}
		return nil, d.undo(ctx, c.actor, parsed)
	})
}

func (d *importDesk[P, V]) preview(ctx context.Context, c *call, in *uploadInput) (*planOutput[V], error) {
	valid, err := validOr(in.Valid, c.today)
	if err != nil {
		return nil, err
	}
	// The library uses the body's memory again for the next request, and a preview is asked for its report much later.
	plan, err := d.take(ctx, c.actor, path.Base(in.Name), bytes.Clone(in.RawBody), valid, nil)
	if err != nil {
		return nil, err
	}
	return &planOutput[V]{d.view(plan)}, nil
}

func validOr(text string, today day.Date) (day.Date, error) {
	if text == "" {
		return today, nil
	}
	valid, err := day.Parse(text)
	if err != nil {
		return valid, at(err, "valid")
	}
	return valid, nil
}

// take reads a file and keeps the plan for whoever sent it.
func (d *importDesk[P, V]) take(ctx context.Context, actor access.Actor, name string, data []byte, valid day.Date, progress sheet.Progress) (plan P, err error) {
	book, err := sheet.Open(data)
	if err != nil {
		return plan, err
	}
	if plan, err = d.read(ctx, actor, name, book, valid, progress); err != nil {
		return plan, err
	}
	key, _ := d.named(plan)
	d.plans.put(actor.ID, key, plan)
	return plan, nil
}

// start reads a file on after the request is answered. Whether the actor may is asked again by the room, as the reading begins.
func (d *importDesk[P, V]) start(ctx context.Context, c *call, in *readingInput) (*readingOutput, error) {
	parsed, err := id(in.ID, noImport())
	if err != nil {
		return nil, err
	}
	valid, err := validOr(in.Valid, c.today)
	if err != nil {
		return nil, err
	}
	data, name, actor := bytes.Clone(in.RawBody), path.Base(in.Name), c.actor
	one, err := d.readings.start(actor.ID, parsed, name, func(ctx context.Context, progress sheet.Progress) (uuid.UUID, error) {
		plan, err := recovered(func() (P, error) { return d.take(ctx, actor, name, data, valid, progress) })
		if err != nil {
			return uuid.Nil, d.problem(ctx, err)
		}
		key, _ := d.named(plan)
		return key, nil
	})
	if err != nil {
		return nil, err
	}
	return &readingOutput{viewOfReading(&one, languageOf(ctx))}, nil
}

func (d *importDesk[P, V]) reading(ctx context.Context, c *call, _ *none) (*readingsOutput, error) {
	out := &readingsOutput{}
	own := d.readings.own(c.actor.ID)
	out.Body.Readings = make([]readingView, len(own))
	for i := range own {
		out.Body.Readings[i] = viewOfReading(&own[i], languageOf(ctx))
	}
	return out, nil
}

func (d *importDesk[P, V]) drop(_ context.Context, c *call, in *importInput) (*none, error) {
	parsed, err := id(in.ID, noImport())
	if err != nil {
		return nil, err
	}
	return nil, d.readings.drop(c.actor.ID, parsed)
}

func viewOfReading(r *reading, language string) readingView {
	v := readingView{ID: r.id, File: r.file, State: string(r.state), Stage: string(r.stage), Done: r.done, About: r.about}
	switch r.state {
	case stateRead:
		v.Import = r.plan.String()
	case stateFailed:
		if v.Problem, _ = errors.AsType[*problem](r.err); v.Problem == nil {
			v.Problem = problemOf(r.err, language)
		}
	}
	return v
}

func (d *importDesk[P, V]) held(c *call, text string) (plan P, err error) {
	parsed, err := id(text, noImport())
	if err != nil {
		return plan, err
	}
	return d.plans.get(c.actor.ID, parsed)
}

func (d *importDesk[P, V]) waiting(_ context.Context, c *call, in *importInput) (*planOutput[V], error) {
	plan, err := d.held(c, in.ID)
	if err != nil {
		return nil, err
	}
	return &planOutput[V]{d.view(plan)}, nil
}

func (d *importDesk[P, V]) report(_ context.Context, c *call, in *importInput) (*reportOutput, error) {
	plan, err := d.held(c, in.ID)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if _, err := plan.Report(&out); err != nil {
		return nil, err
	}
	_, file := d.named(plan)
	return &reportOutput{Type: workbookType, Disposition: attached("问题-" + file), Body: out.Bytes()}, nil
}

// attached is the header under which a browser saves a file.
func attached(name string) string { return "attachment; filename*=UTF-8''" + url.PathEscape(name) }

func (d *importDesk[P, V]) write(ctx context.Context, c *call, in *importInput) (*planOutput[V], error) {
	parsed, err := id(in.ID, noImport())
	if err != nil {
		return nil, err
	}
	plan, release, err := d.plans.claim(c.actor.ID, parsed)
	if err != nil {
		return nil, err
	}
	err = d.apply(ctx, c.actor, plan)
	release(err == nil)
	if err != nil {
		return nil, err
	}
	return &planOutput[V]{d.view(plan)}, nil
}

func (s *Server) registerImports() {
	registerDesk(s, &importDesk[*registry.Plan, planView]{
		word: "import", path: "/imports", what: "households", tag: tagImports, action: access.ImportRecords, plans: newPlans[*registry.Plan](s.Now),
		read: s.Registry.Import, apply: s.Registry.Apply, undo: s.Registry.Undo, view: viewOfPlan,
		named: func(p *registry.Plan) (uuid.UUID, string) { return p.ID, p.File },
	})
	add(s, op{id: "imports", method: http.MethodGet, path: "/imports", summary: "Written imports of households, the latest first", tag: tagImports, action: access.ReadRecords}, s.imports)
}

// shownFindings is how many findings a preview lists.
const shownFindings = 1000

func viewOfPlan(p *registry.Plan) planView {
	v := planView{
		ID: p.ID, File: p.File, Layout: p.Match.Layout.Name, HeadingRow: p.Match.HeadingRow, Valid: p.Valid, Households: p.Households, Members: p.Members,
		New: p.New, Changed: p.Changed, Unchanged: p.Unchanged, Findings: p.Findings[:min(len(p.Findings), shownFindings)], Changes: p.Changes,
	}
	v.Headings = headingsOf(p.Match)
	return v
}

func headingsOf(m *sheet.Match) []headingView {
	all := []headingView{}
	for _, h := range m.Headings {
		all = append(all, headingView{h.Column, h.Text, h.Field})
	}
	return all
}

func (s *Server) imports(ctx context.Context, c *call, _ *none) (*importsOutput, error) {
	runs, err := s.Registry.Imports(ctx, c.actor, c.scope)
	if err != nil {
		return nil, err
	}
	names, err := namesOf(ctx, s, runs, func(r *registry.Run) string { return r.Actor })
	if err != nil {
		return nil, err
	}
	out := &importsOutput{}
	out.Body.Imports = make([]importView, 0, len(runs))
	for _, r := range runs {
		out.Body.Imports = append(out.Body.Imports, importView{r.ID, r.File, r.Actor, names[r.Actor], stamp(r.At), r.Undone})
	}
	return out, nil
}
