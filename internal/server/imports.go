package server

import (
	"bytes"
	"context"
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
	read             func(ctx context.Context, actor access.Actor, name string, book *sheet.Book, valid day.Date) (P, error)
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
	plan, err := d.read(ctx, c.actor, path.Base(in.Name), book, valid)
	if err != nil {
		return nil, err
	}
	key, _ := d.named(plan)
	d.plans.put(c.actor.ID, key, plan)
	return &planOutput[V]{d.view(plan)}, nil
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
