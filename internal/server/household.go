package server

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/internal/access"
	"liandong/internal/registry"
)

func noHousehold() errs.Text { return errs.Text{ZH: "农户", EN: "household"} }

// FilterInput says which households a list shows, and an export takes along. It is exported because huma fills in exported parts alone.
type FilterInput struct {
	Status    string `query:"status" json:"status,omitempty" doc:"statuses, separated by commas: not_out,returned"`
	Attribute string `query:"attribute" json:"attribute,omitempty" doc:"a code of the form's attribute"`
	Cause     string `query:"cause" json:"cause,omitempty" doc:"a code of the form's main cause; only where the asker sees health in clear"`
	Findings  bool   `query:"findings" json:"findings,omitempty" doc:"only households with open findings"`
	Numbers   string `query:"numbers" json:"numbers,omitempty" doc:"household numbers, separated by commas, at most 500"`
}

type listInput struct {
	Division string `query:"division" doc:"stable id or code; everything in the asker's territory by default"`
	FilterInput
	Sort  string `query:"sort" doc:"head, number, village, size, status, since, valid or findings, with - before it from the greatest down; without it by county and the head's pinyin"`
	After string `query:"after" doc:"next of the page before"`
	Limit int    `query:"limit" default:"50" doc:"rows of a page, at most 200"`
}

type householdRow struct {
	ID        uuid.UUID `json:"id"`
	Division  ref       `json:"division"`
	Number    string    `json:"number"`
	Head      string    `json:"head" doc:"masked as the asker's role says"`
	Size      int       `json:"size"`
	Status    string    `json:"status"`
	Since     *day.Date `json:"since,omitempty"`
	Attribute string    `json:"attribute,omitempty"`
	Cause     string    `json:"cause,omitempty"`
	Valid     day.Date  `json:"valid"`
	Version   int64     `json:"version"`
	Findings  int       `json:"findings"`
}

type listOutput struct {
	Body struct {
		Total int64          `json:"total"`
		Rows  []householdRow `json:"rows"`
		Next  string         `json:"next,omitempty"`
	}
}

type householdInput struct {
	ID string `path:"id"`
	MomentInput
}

type householdView struct {
	ID       uuid.UUID       `json:"id"`
	Division ref             `json:"division"`
	Path     string          `json:"path"`
	Number   string          `json:"number"`
	Status   string          `json:"status"`
	Since    *day.Date       `json:"since,omitempty"`
	Valid    day.Date        `json:"valid"`
	Recorded string          `json:"recorded_at"`
	Revision uuid.UUID       `json:"revision"`
	Event    registry.Event  `json:"event"`
	Version  int64           `json:"version" doc:"for If-Match"`
	Record   json.RawMessage `json:"record" doc:"the household form's answers by path, without what the asker may not see"`
	Hidden   []string        `json:"hidden" doc:"paths that are answered and not shown to this role; encrypted ones can be shown one by one"`
}

type householdOutput struct {
	ETag string `header:"ETag"`
	Body householdView
}

type saveInput struct {
	ID          string `path:"id" doc:"made by the caller (UUIDv7), so that a repeat is harmless"`
	IfNoneMatch string `header:"If-None-Match" doc:"* for a household that is written down for the first time"`
	IfMatch     string `header:"If-Match" doc:"the version that was read"`
	Body        draftBody
}

type patchInput struct {
	ID      string `path:"id"`
	IfMatch string `header:"If-Match" doc:"the version that was read"`
	Body    draftBody
}

type draftBody struct {
	Valid  string          `json:"valid" format:"date" doc:"since when it is so"`
	Event  string          `json:"event" doc:"why it is written: visited, corrected, rechecked, …"`
	Source string          `json:"source" doc:"from where"`
	Reason string          `json:"reason,omitempty"`
	Record json.RawMessage `json:"record" doc:"answers by path; in a patch, those that change (RFC 7396)"`
}

type savedOutput struct {
	ETag string `header:"ETag"`
	Body struct {
		Household uuid.UUID `json:"household"`
		Revision  uuid.UUID `json:"revision"`
		Version   int64     `json:"version"`
		Recorded  string    `json:"recorded_at"`
		Late      bool      `json:"late" doc:"a later revision exists: the current view is as it was"`
		Findings  []finding `json:"findings"`
	}
}

type revisionView struct {
	registry.Revision
	ActorName string `json:"actor_name,omitempty" doc:"of the account; absent where it is a program"`
}

type historyOutput struct {
	Body struct {
		Revisions []revisionView `json:"revisions"`
	}
}

type statusChangeView struct {
	Status    string   `json:"status"`
	From      day.Date `json:"from" doc:"since when it holds"`
	Recorded  string   `json:"recorded_at"`
	Actor     string   `json:"actor"`
	ActorName string   `json:"actor_name,omitempty"`
	Decision  string   `json:"decision" doc:"by which decision, in its words"`
}

type statusChangesOutput struct {
	Body struct {
		Changes []statusChangeView `json:"changes"`
	}
}

type showInput struct {
	ID   string `path:"id"`
	Body struct {
		Person string `json:"person,omitempty" doc:"the member; empty for the household itself"`
		Field  string `json:"field" doc:"id_number, phone, …"`
		Reason string `json:"reason" doc:"why; it is written into the log"`
	}
}

type showOutput struct {
	Body struct {
		Value string `json:"value"`
	}
}

type searchInput struct {
	Words string `query:"q" maxLength:"100" doc:"the beginning of a name, its pinyin or initials, or a household number"`
	Limit int    `query:"limit" default:"20"`
}

type identityInput struct {
	Body struct {
		Number string `json:"number"`
		Reason string `json:"reason" doc:"why; it is written into the log"`
	}
}

type hit struct {
	Household uuid.UUID  `json:"household"`
	Division  ref        `json:"division"`
	Person    *uuid.UUID `json:"person,omitempty"`
	Name      string     `json:"name"`
	Number    string     `json:"number,omitempty"`
}

type hitsOutput struct {
	Body struct {
		Hits []hit `json:"hits"`
	}
}

func (s *Server) registerHouseholds() {
	add(s, op{id: "households", method: http.MethodGet, path: "/households", summary: "Households by their head's pinyin, a page at a time", tag: tagHouseholds, action: access.ReadRecords}, s.list)
	add(s, op{id: "household", method: http.MethodGet, path: "/households/{id}", summary: "One household as of a day", tag: tagHouseholds, action: access.ReadRecords}, s.household)
	add(s, op{id: "save-household", method: http.MethodPut, path: "/households/{id}", summary: "Write a household down", tag: tagHouseholds, action: access.WriteRecords}, s.save)
	add(s, op{id: "patch-household", method: http.MethodPatch, path: "/households/{id}", summary: "Change some answers of a household", tag: tagHouseholds, action: access.WriteRecords}, s.patch)
	add(s, op{id: "household-history", method: http.MethodGet, path: "/households/{id}/history", summary: "Every revision: who, when, from where, what", tag: tagHouseholds, action: access.ReadRecords}, s.history)
	add(s, op{id: "household-statuses", method: http.MethodGet, path: "/households/{id}/statuses", summary: "What decisions made of a household", tag: tagHouseholds, action: access.ReadRecords}, s.statusChanges)
	add(s, op{id: "household-findings", method: http.MethodGet, path: "/households/{id}/findings", summary: "What the quality rules find in a household as of a day", tag: tagHouseholds, action: access.ReadRecords}, s.findings)
	add(s, op{id: "import-template", method: http.MethodGet, path: "/imports/template", summary: "An empty workbook to fill in", tag: tagImports, action: access.ImportRecords}, s.importTemplate)
	add(s, op{id: "export-households", method: http.MethodPost, path: "/exports/households", summary: "Households as a workbook or CSV; it is written into the log", tag: tagHouseholds, action: access.ExportRecords}, s.exportHouseholds)
	add(s, op{id: "show", method: http.MethodPost, path: "/households/{id}/show", summary: "Show one encrypted answer, with a reason that is logged", tag: tagHouseholds, action: access.ShowSensitive}, s.show)
	add(s, op{id: "search", method: http.MethodGet, path: "/search", summary: "Search members and household numbers", tag: tagHouseholds, action: access.ReadRecords}, s.search)
	add(s, op{id: "search-identity", method: http.MethodPost, path: "/search/identity", summary: "Find the household of an ID number, with a reason that is logged", tag: tagHouseholds, action: access.ShowSensitive}, s.searchIdentity)
}

func (s *Server) list(ctx context.Context, c *call, in *listInput) (*listOutput, error) {
	f, err := s.filter(&in.FilterInput)
	if err != nil {
		return nil, err
	}
	if in.Division != "" {
		if f.Division, err = s.division(c, in.Division, c.today); err != nil {
			return nil, err
		}
		if !c.scope.Touches(f.Division) {
			return nil, access.NotFound(errs.Text{ZH: "区划", EN: "division"})
		}
	}
	var page registry.Page
	if column, descending := strings.CutPrefix(in.Sort, "-"); column != "" {
		page, err = s.Registry.Grid(ctx, c.scope, f, registry.Order{Column: column, Descending: descending}, in.After, in.Limit)
	} else {
		page, err = s.Registry.List(ctx, c.scope, f, in.After, in.Limit)
	}
	if err != nil {
		return nil, err
	}
	out := &listOutput{}
	out.Body.Total, out.Body.Next, out.Body.Rows = page.Total, page.Next, make([]householdRow, 0, len(page.Rows))
	for i := range page.Rows {
		out.Body.Rows = append(out.Body.Rows, s.row(&page.Rows[i], c))
	}
	return out, nil
}

// filter reads the words of a filter; the division is not one of them.
func (s *Server) filter(in *FilterInput) (f registry.Filter, err error) {
	f.Findings = in.Findings
	if f.Statuses, err = statusesOf(in.Status); err != nil {
		return f, err
	}
	if f.Attribute, err = s.codeOf("attribute", in.Attribute); err != nil {
		return f, err
	}
	if f.Cause, err = s.codeOf("main_cause", in.Cause); err != nil {
		return f, err
	}
	f.Numbers, err = numbersOf(in.Numbers)
	return f, err
}

// maxNumbers bounds a search for many: what fits into an address, and what a person pastes.
const maxNumbers = 500

func numbersOf(text string) ([]string, error) {
	var all []string
	for number := range strings.SplitSeq(text, ",") {
		if number = strings.TrimSpace(number); number != "" {
			all = append(all, number)
		}
	}
	if len(all) > maxNumbers {
		return nil, errs.New(errs.TooLarge, "server.numbers", "一次最多查 500 个户编号，请分几次。", "At most 500 household numbers are looked for at once; do it in several parts.").At("numbers")
	}
	return all, nil
}

func (s *Server) row(r *registry.Row, c *call) householdRow {
	return householdRow{
		ID: r.Household, Division: s.ref(r.Village, c.today), Number: r.Number, Head: r.Head, Size: r.Size, Status: r.Status.String(), Since: dayOrNil(r.Since),
		Attribute: s.wordOf("attribute", r.Attribute), Cause: s.wordOf("main_cause", r.Cause), Valid: r.Valid, Version: r.Version, Findings: r.Findings,
	}
}

func dayOrNil(d day.Date) *day.Date {
	if d.IsZero() {
		return nil
	}
	return &d
}

func statusesOf(words string) ([]registry.Status, error) {
	var all []registry.Status
	known := map[string]registry.Status{}
	names := make([]string, 0, len(registry.Statuses()))
	for _, status := range registry.Statuses() {
		known[status.String()] = status
		names = append(names, status.String())
	}
	for word := range strings.SplitSeq(words, ",") {
		if word = strings.TrimSpace(word); word == "" {
			continue
		}
		status, ok := known[word]
		if !ok {
			list := strings.Join(names, ", ")
			return nil, errs.New(errs.Invalid, "server.status", "没有状态「"+word+"」。可用的有："+list+"。", "There is no status \""+word+"\". There are: "+list+".").At("status")
		}
		all = append(all, status)
	}
	return all, nil
}

// codeOf is the number of a code of one of the form's lists, 0 without one.
func (s *Server) codeOf(path, word string) (int64, error) {
	if word == "" {
		return 0, nil
	}
	root := s.Registry.Form().Root
	n := root.Fields[root.Must(path)].Codes.Number(word)
	if n == 0 {
		return 0, errs.New(errs.Invalid, "server.code", "代码表里没有「"+word+"」。", "The code list has no \""+word+"\".").At(path)
	}
	return n, nil
}

func (s *Server) wordOf(path string, number int64) string {
	root := s.Registry.Form().Root
	entry, ok := root.Fields[root.Must(path)].Codes.ByNumber(int(number))
	if !ok {
		return ""
	}
	return entry.Code
}

func (s *Server) household(ctx context.Context, c *call, in *householdInput) (*householdOutput, error) {
	household, err := id(in.ID, noHousehold())
	if err != nil {
		return nil, err
	}
	moment, err := in.moment(c)
	if err != nil {
		return nil, err
	}
	h, err := s.Registry.Household(ctx, c.scope, household, moment)
	if err != nil {
		return nil, err
	}
	record, hidden := shown(h.Record, h.Clear)
	return &householdOutput{ETag: etag(h.Version), Body: householdView{
		ID: h.ID, Division: s.ref(h.Village, moment.AsOf), Path: s.Places.FullNameOn(h.Village, moment.AsOf), Number: h.Number, Status: h.Status.String(), Since: dayOrNil(h.Since),
		Valid: h.Valid, Recorded: stamp(h.Recorded), Revision: h.Revision, Event: h.Event, Version: h.Version, Record: record, Hidden: hidden,
	}}, nil
}

// shown writes the record as the reader may see it: names masked where they are not seen in clear, what is more sensitive left out and
// listed.
func shown(r *form.Record, seen form.Sensitivity) (record json.RawMessage, hidden []string) {
	hidden = []string{}
	listed := map[string]bool{}
	r = r.Clone()
	maskNames(r, seen)
	record = r.AppendJSON(nil, func(f *form.Field) bool {
		if f.Sensitivity <= seen || isName(f) {
			return f.Sensitivity < form.Encrypted
		}
		if !listed[f.Path] {
			listed[f.Path] = true
			hidden = append(hidden, f.Path)
		}
		return false
	})
	return record, hidden
}

func isName(f *form.Field) bool { return f.Path == "name" && f.Type == form.Text }

func maskNames(r *form.Record, seen form.Sensitivity) {
	if seen >= form.Personal {
		return
	}
	members, _ := r.Items(r.Section().Must("members"))
	for _, m := range members {
		name := m.Section().Must("name")
		if text, ok := m.Text(name); ok {
			m.SetText(name, access.MaskName(text))
		}
	}
}

func etag(version int64) string { return fmt.Sprintf(`"%d"`, version) }

// versionOf reads If-Match.
func versionOf(header string) (int64, error) {
	v, err := strconv.ParseInt(strings.Trim(header, `" `), 10, 64)
	if err != nil || v <= 0 {
		return 0, errs.New(errs.Precondition, "server.version",
			"请在 If-Match 中写明读到的版本。新建时请写 If-None-Match: *。", "Name the version that was read in If-Match. For a new household write If-None-Match: *.").At("If-Match")
	}
	return v, nil
}

func (s *Server) save(ctx context.Context, c *call, in *saveInput) (*savedOutput, error) {
	household, err := id(in.ID, noHousehold())
	if err != nil {
		return nil, err
	}
	d := registry.Draft{Household: household, Source: in.Body.Source, Reason: in.Body.Reason}
	if strings.TrimSpace(in.IfNoneMatch) != "*" {
		if d.Version, err = versionOf(in.IfMatch); err != nil {
			return nil, err
		}
	}
	if d.Valid, d.Event, err = in.Body.when(); err != nil {
		return nil, err
	}
	if d.Record, err = s.Registry.Draft(in.Body.Record, d.Valid); err != nil {
		return nil, err
	}
	saved, err := s.Registry.Save(ctx, c.actor, d)
	return savedView(saved), err
}

func (b *draftBody) when() (day.Date, registry.Event, error) {
	valid, err := day.Parse(b.Valid)
	if err != nil {
		return valid, "", at(err, "valid")
	}
	event, err := registry.ParseEvent(b.Event)
	return valid, event, err
}

func (s *Server) patch(ctx context.Context, c *call, in *patchInput) (*savedOutput, error) {
	household, err := id(in.ID, noHousehold())
	if err != nil {
		return nil, err
	}
	e := registry.Edit{Household: household, Answers: in.Body.Record, Source: in.Body.Source, Reason: in.Body.Reason}
	if e.Version, err = versionOf(in.IfMatch); err != nil {
		return nil, err
	}
	if e.Valid, e.Event, err = in.Body.when(); err != nil {
		return nil, err
	}
	saved, err := s.Registry.Patch(ctx, c.actor, e)
	return savedView(saved), err
}

func savedView(saved registry.Saved) *savedOutput {
	out := &savedOutput{ETag: etag(saved.Version)}
	out.Body.Household, out.Body.Revision, out.Body.Version = saved.Household, saved.Revision, saved.Version
	out.Body.Recorded, out.Body.Late, out.Body.Findings = stamp(saved.Recorded), saved.Late, findingsOf(saved.Findings)
	return out
}

func (s *Server) history(ctx context.Context, c *call, in *householdInput) (*historyOutput, error) {
	household, err := id(in.ID, noHousehold())
	if err != nil {
		return nil, err
	}
	moment, err := in.moment(c)
	if err != nil {
		return nil, err
	}
	history, err := s.Registry.History(ctx, c.scope, household, moment)
	if err != nil {
		return nil, err
	}
	names, err := namesOf(ctx, s, history, func(r *registry.Revision) string { return r.Actor })
	out := &historyOutput{}
	out.Body.Revisions = make([]revisionView, len(history))
	for i := range history {
		out.Body.Revisions[i] = revisionView{history[i], names[history[i].Actor]}
	}
	return out, err
}

func (s *Server) statusChanges(ctx context.Context, c *call, in *householdInput) (*statusChangesOutput, error) {
	household, err := id(in.ID, noHousehold())
	if err != nil {
		return nil, err
	}
	moment, err := in.moment(c)
	if err != nil {
		return nil, err
	}
	changes, err := s.Registry.StatusHistory(ctx, c.scope, household, moment)
	if err != nil {
		return nil, err
	}
	names, err := namesOf(ctx, s, changes, func(c *registry.StatusEntry) string { return c.Actor })
	out := &statusChangesOutput{}
	out.Body.Changes = make([]statusChangeView, 0, len(changes))
	for _, change := range changes {
		out.Body.Changes = append(out.Body.Changes, statusChangeView{change.Status.String(), change.From, stamp(change.Recorded), change.Actor, names[change.Actor], change.Decision})
	}
	return out, err
}

// namesOf are the names of the accounts that rows tell of.
func namesOf[R any](ctx context.Context, s *Server, rows []R, actor func(*R) string) (map[string]string, error) {
	ids := map[string]bool{}
	for i := range rows {
		ids[actor(&rows[i])] = true
	}
	return s.Accounts.Names(ctx, ids)
}

func (s *Server) show(ctx context.Context, c *call, in *showInput) (*showOutput, error) {
	household, err := id(in.ID, noHousehold())
	if err != nil {
		return nil, err
	}
	var person uuid.UUID
	if in.Body.Person != "" {
		if person, err = id(in.Body.Person, errs.Text{ZH: "成员", EN: "member"}); err != nil {
			return nil, err
		}
	}
	out := &showOutput{}
	out.Body.Value, err = s.Registry.Show(ctx, c.actor, household, person, in.Body.Field, in.Body.Reason)
	return out, err
}

func (s *Server) search(ctx context.Context, c *call, in *searchInput) (*hitsOutput, error) {
	hits, err := s.Registry.Search(ctx, c.scope, in.Words, in.Limit)
	return s.hits(hits, c), err
}

func (s *Server) searchIdentity(ctx context.Context, c *call, in *identityInput) (*hitsOutput, error) {
	hits, err := s.Registry.FindByIdentity(ctx, c.actor, in.Body.Number, in.Body.Reason)
	return s.hits(hits, c), err
}

func (s *Server) hits(found []registry.Hit, c *call) *hitsOutput {
	out := &hitsOutput{}
	out.Body.Hits = make([]hit, 0, len(found))
	for _, h := range found {
		one := hit{Household: h.Household, Division: s.ref(h.Village, c.today), Name: h.Name, Number: h.Number}
		if h.Person != (uuid.UUID{}) {
			one.Person = &h.Person
		}
		out.Body.Hits = append(out.Body.Hits, one)
	}
	return out
}
