package server

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"liandong/criteria"
	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/identify"
	"liandong/place"
)

type runInput struct {
	Body struct {
		Criteria   string             `json:"criteria" doc:"four-looks@2015.1"`
		AsOf       string             `json:"as_of" format:"date"`
		KnownAt    string             `json:"known_at,omitempty" format:"date-time"`
		Division   string             `json:"division,omitempty"`
		Parameters map[string]float64 `json:"what_if,omitempty" doc:"refused: a run is stored; ask what-if"`
	}
}

type runView struct {
	ID        *uuid.UUID         `json:"run,omitempty" doc:"absent where nothing was stored"`
	Criteria  string             `json:"criteria"`
	Title     errs.Text          `json:"title"`
	Division  ref                `json:"division"`
	AsOf      day.Date           `json:"as_of"`
	KnownAt   string             `json:"known_at"`
	InForce   bool               `json:"in_force" doc:"decisions of the day may rest on it"`
	Actor     string             `json:"actor"`
	Recorded  string             `json:"recorded_at,omitempty"`
	Parameter map[string]float64 `json:"what_if,omitempty"`

	Amendments *criteria.Amendments `json:"change,omitempty"`
}

type divisionTally struct {
	Division   ref            `json:"division"`
	Households identify.Tally `json:"households"`
	Members    identify.Tally `json:"members"`
}

type agreementView struct {
	identify.Agreement
	Share *float64 `json:"share" doc:"of the determined households, those about which the document and the register agree"`
}

type totalsOutput struct {
	Body struct {
		Run      runView         `json:"run"`
		Whole    divisionTally   `json:"whole"`
		Parts    []divisionTally `json:"parts"`
		Register agreementView   `json:"register"`
		Seconds  float64         `json:"seconds,omitempty"`
		Effect   *effectView     `json:"effect,omitempty" doc:"of a what-if: what the change does"`
	}
}

type runsOutput struct {
	Body struct {
		Runs []runView `json:"runs"`
	}
}

type totalsInput struct {
	ID       string `path:"id"`
	Division string `query:"division" doc:"the run's own by default"`
	By       string `query:"by" doc:"county, township or village"`
}

type judgedInput struct {
	ID       string `path:"id"`
	Division string `query:"division"`
	Outcome  string `query:"outcome" doc:"proposed, review, undetermined, barred or not_proposed"`
	Side     string `query:"side" doc:"included: registered, and the document would not take them in; missed: the other way round"`
	Offset   int    `query:"offset"`
	Limit    int    `query:"limit" default:"50"`
}

type judgedHousehold struct {
	Household uuid.UUID  `json:"household"`
	Division  ref        `json:"division"`
	Size      uint16     `json:"size"`
	Status    string     `json:"status"`
	Outcome   string     `json:"outcome"`
	Score     [2]float64 `json:"score"`
}

type judgedOutput struct {
	Body struct {
		Total      int               `json:"total"`
		Households []judgedHousehold `json:"households"`
	}
}

type explainInput struct {
	ID        string `path:"id"`
	Household string `path:"household"`
	Since     bool   `query:"since" doc:"also what was different in the household's stored run before this one"`
}

type explainOutput struct {
	Body struct {
		Run       runView   `json:"run"`
		Household uuid.UUID `json:"household"`
		Number    string    `json:"number"`
		Division  ref       `json:"division"`
		Earlier   *runView  `json:"earlier,omitempty" doc:"the stored run that since compares with; absent where it was not asked for, or the household has none before"`
		*criteria.Explanation
	}
}

type compareInput struct {
	ID       string `path:"id" doc:"the earlier run"`
	Other    string `path:"other" doc:"the later run"`
	Division string `query:"division"`
	By       string `query:"by"`
}

type divisionDifference struct {
	Division ref            `json:"division"`
	Enter    identify.Count `json:"enter"`
	Leave    identify.Count `json:"leave"`
}

type compareOutput struct {
	Body struct {
		Whole    divisionDifference          `json:"whole"`
		Parts    []divisionDifference        `json:"parts"`
		Outcomes map[string]map[string]int64 `json:"outcomes" doc:"households in both runs by outcome before and after"`
		Causes   []criteria.Cause            `json:"causes" doc:"parts, bars and conditions that say otherwise of those who enter and leave"`
	}
}

type changedInput struct {
	ID       string `path:"id"`
	Other    string `path:"other"`
	Division string `query:"division"`
	Which    string `query:"which" doc:"enter, leave, or all whose outcome differs"`
	Offset   int    `query:"offset"`
	Limit    int    `query:"limit" default:"50"`
}

type changedHousehold struct {
	Household uuid.UUID `json:"household"`
	Division  ref       `json:"division"`
	Size      uint16    `json:"size"`
	Before    string    `json:"before,omitempty" doc:"outcome of the earlier run; absent where it did not know the household"`
	After     string    `json:"after,omitempty"`
	Number    string    `json:"number,omitempty" doc:"absent where the asker's role does not see it"`
	Head      string    `json:"head,omitempty" doc:"the head's name, masked: a list names nobody"`

	village place.ID
}

type changedOutput struct {
	Body struct {
		Households []changedHousehold `json:"households"`
	}
}

type whyInput struct {
	ID        string `path:"id"`
	Other     string `path:"other"`
	Household string `path:"household"`
}

type whyOutput struct {
	Body struct {
		Reasons []identify.Reason `json:"reasons"`
	}
}

func noRun() errs.Text { return errs.Text{ZH: "识别结果", EN: "run"} }

func (s *Server) registerRuns() {
	s.registerCriteria()
	add(s, op{id: "run", method: http.MethodPost, path: "/runs", summary: "Evaluate a document over a division and store the run", tag: tagRuns, action: access.RunCriteria, status: http.StatusCreated}, s.run)
	add(s, op{id: "what-if", method: http.MethodPost, path: "/what-if", summary: "Evaluate a changed document beside the document as it is, and store nothing", tag: tagRuns, action: access.RunCriteria}, s.whatIf)
	add(s, op{id: "runs", method: http.MethodGet, path: "/runs", summary: "Stored runs, the latest first", tag: tagRuns, action: access.ReadFigures}, s.runs)
	add(s, op{id: "run-totals", method: http.MethodGet, path: "/runs/{id}", summary: "Totals of a run by division, and beside the register", tag: tagRuns, action: access.ReadFigures}, s.totals)
	add(s, op{id: "run-households", method: http.MethodGet, path: "/runs/{id}/households", summary: "Households of a run by outcome or by how they stand to the register", tag: tagRuns, action: access.ReadRecords}, s.judged)
	add(s, op{id: "explanation", method: http.MethodGet, path: "/runs/{id}/explanations/{household}", summary: "Why a household has its outcome", tag: tagRuns, action: access.ReadRecords}, s.explain)
	add(s, op{id: "run-difference", method: http.MethodGet, path: "/runs/{id}/difference/{other}", summary: "How two runs differ, by division", tag: tagRuns, action: access.ReadFigures}, s.compare)
	add(s, op{id: "run-changed", method: http.MethodGet, path: "/runs/{id}/difference/{other}/households", summary: "Households whose outcome differs between two runs", tag: tagRuns, action: access.ReadRecords}, s.changed)
	add(s, op{id: "run-why", method: http.MethodGet, path: "/runs/{id}/difference/{other}/households/{household}", summary: "What made the difference to a household", tag: tagRuns, action: access.ReadRecords}, s.why)
}

func (s *Server) request(ctx context.Context, c *call, in *runInput) (q identify.Request, err error) {
	m := MomentInput{AsOf: in.Body.AsOf, KnownAt: in.Body.KnownAt}
	if q.At, err = m.moment(c); err != nil {
		return q, err
	}
	if q.Division, err = s.division(c, in.Body.Division, q.At.AsOf); err != nil {
		return q, err
	}
	q.Parameters = in.Body.Parameters
	q.Document, err = s.Identify.Document(ctx, in.Body.Criteria)
	return q, err
}

func (s *Server) run(ctx context.Context, c *call, in *runInput) (*totalsOutput, error) {
	q, err := s.request(ctx, c, in)
	if err != nil {
		return nil, err
	}
	e, err := s.Identify.Run(ctx, c.actor, q)
	if err != nil {
		return nil, err
	}
	return s.totalsOf(c.scope, e, q.Division, place.County)
}

func (s *Server) totalsOf(scope access.Scope, e *identify.Evaluation, division place.ID, by place.Level) (*totalsOutput, error) {
	whole, parts, err := e.Totals(scope, division, by)
	if err != nil {
		return nil, err
	}
	agreement, _, err := e.Agreement(scope, division, by)
	if err != nil {
		return nil, err
	}
	share := agreement.Share()
	out := &totalsOutput{}
	out.Body.Run, out.Body.Seconds = s.runView(&e.Run), e.Seconds
	out.Body.Whole = divisionTally{s.ref(division, e.AsOf), whole.Households, whole.Members}
	out.Body.Register = agreementView{agreement, finite(&share)}
	out.Body.Parts = make([]divisionTally, 0, len(parts))
	for _, p := range parts {
		out.Body.Parts = append(out.Body.Parts, divisionTally{s.ref(p.Division, e.AsOf), p.Households, p.Members})
	}
	return out, nil
}

func (s *Server) runView(r *identify.Run) runView {
	v := runView{
		Criteria: r.Document, Title: r.Title, Division: s.ref(r.Division, r.AsOf), AsOf: r.AsOf, KnownAt: stamp(r.KnownAt), InForce: r.InForce, Actor: r.Actor, Parameter: r.Parameters,
	}
	if !r.Amendments.None() {
		v.Amendments = &r.Amendments
	}
	if r.ID != (uuid.UUID{}) {
		v.ID, v.Recorded = &r.ID, stamp(r.Recorded)
	}
	return v
}

// stamp is a moment as the API writes it.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func (s *Server) runs(ctx context.Context, c *call, _ *none) (*runsOutput, error) {
	runs, err := s.Identify.Runs(ctx, c.scope)
	if err != nil {
		return nil, err
	}
	out := &runsOutput{}
	out.Body.Runs = make([]runView, 0, len(runs))
	for i := range runs {
		out.Body.Runs = append(out.Body.Runs, s.runView(&runs[i]))
	}
	return out, nil
}

// stored reads a run, and the division of it that is asked for.
func (s *Server) stored(ctx context.Context, c *call, run, division string) (*identify.Evaluation, place.ID, error) {
	parsed, err := id(run, noRun())
	if err != nil {
		return nil, 0, err
	}
	e, err := s.Identify.Stored(ctx, c.scope, parsed)
	if err != nil {
		return nil, 0, err
	}
	if division == "" {
		if !c.scope.Contains(e.Division) && e.Division.Contains(c.home) {
			return e, c.home, nil
		}
		return e, e.Division, nil
	}
	asked, err := s.division(c, division, e.AsOf)
	return e, asked, err
}

func (s *Server) totals(ctx context.Context, c *call, in *totalsInput) (*totalsOutput, error) {
	e, division, err := s.stored(ctx, c, in.ID, in.Division)
	if err != nil {
		return nil, err
	}
	by, err := s.levelOf(in.By)
	if err != nil {
		return nil, err
	}
	return s.totalsOf(c.scope, e, division, by)
}

func (s *Server) judged(ctx context.Context, c *call, in *judgedInput) (*judgedOutput, error) {
	e, division, err := s.stored(ctx, c, in.ID, in.Division)
	if err != nil {
		return nil, err
	}
	want, err := wanted(in)
	if err != nil {
		return nil, err
	}
	page, total := e.Households(c.scope, division, want, max(0, in.Offset), pageOf(in.Limit))
	out := &judgedOutput{}
	out.Body.Total, out.Body.Households = total, make([]judgedHousehold, 0, len(page))
	for _, h := range page {
		v := h.County.Verdict(h.Row)
		out.Body.Households = append(out.Body.Households, judgedHousehold{h.ID, s.ref(h.Village, e.AsOf), h.Size, h.Status.String(), v.Outcome.String(), [2]float64{v.Low, v.High}})
	}
	return out, nil
}

// pageOf bounds a page.
func pageOf(limit int) int { return min(max(limit, 1), 500) }

func wanted(in *judgedInput) (func(*identify.Results, int) bool, error) {
	switch in.Side {
	case "included":
		return identify.Judged(identify.Included), nil
	case "missed":
		return identify.Judged(identify.Missed), nil
	case "":
	default:
		return nil, errs.New(errs.Invalid, "server.side", "可选 included（疑似错评）或 missed（疑似漏评）。", "Choose included or missed.").At("side")
	}
	if in.Outcome == "" {
		return func(*identify.Results, int) bool { return true }, nil
	}
	outcome, ok := criteria.ParseOutcome(in.Outcome)
	if !ok {
		return nil, errs.New(errs.Invalid, "server.outcome", "结论是 proposed、review、undetermined、barred 或 not_proposed。", "The outcome is proposed, review, undetermined, barred or not_proposed.").At("outcome")
	}
	return func(r *identify.Results, row int) bool { return r.Outcome[row] == outcome }, nil
}

func (s *Server) explain(ctx context.Context, c *call, in *explainInput) (*explainOutput, error) {
	run, err := id(in.ID, noRun())
	if err != nil {
		return nil, err
	}
	household, err := id(in.Household, noHousehold())
	if err != nil {
		return nil, err
	}
	explain := s.Identify.Explain
	if in.Since {
		explain = s.Identify.Account
	}
	x, err := explain(ctx, c.scope, run, household)
	if err != nil {
		return nil, err
	}
	return s.explained(x, household), nil
}

func (s *Server) both(ctx context.Context, c *call, run, other, division string) (first, second *identify.Evaluation, at place.ID, err error) {
	if first, at, err = s.stored(ctx, c, run, division); err != nil {
		return nil, nil, 0, err
	}
	second, _, err = s.stored(ctx, c, other, "")
	if division == "" && second != nil && first.Division.Contains(second.Division) {
		at = second.Division
	}
	return first, second, at, err
}

func (s *Server) compare(ctx context.Context, c *call, in *compareInput) (*compareOutput, error) {
	first, second, division, err := s.both(ctx, c, in.ID, in.Other, in.Division)
	if err != nil {
		return nil, err
	}
	by, err := s.levelOf(in.By)
	if err != nil {
		return nil, err
	}
	whole, parts, err := identify.Compare(c.scope, first, second, division, by)
	if err != nil {
		return nil, err
	}
	out := &compareOutput{}
	if out.Body.Causes, err = s.Identify.Causes(ctx, c.scope, first, second, division); err != nil {
		return nil, err
	}
	out.Body.Whole = s.difference(&whole, second.AsOf)
	for i := range parts {
		out.Body.Parts = append(out.Body.Parts, s.difference(&parts[i], second.AsOf))
	}
	out.Body.Outcomes = map[string]map[string]int64{}
	for before, row := range whole.Outcomes {
		for after, n := range row {
			if n > 0 {
				key := criteria.Outcome(before).String()
				if out.Body.Outcomes[key] == nil {
					out.Body.Outcomes[key] = map[string]int64{}
				}
				out.Body.Outcomes[key][criteria.Outcome(after).String()] = n
			}
		}
	}
	return out, nil
}

func (s *Server) difference(d *identify.Difference, on day.Date) divisionDifference {
	return divisionDifference{s.ref(d.Division, on), d.Enter, d.Leave}
}

func (s *Server) changed(ctx context.Context, c *call, in *changedInput) (*changedOutput, error) {
	first, second, division, err := s.both(ctx, c, in.ID, in.Other, in.Division)
	if err != nil {
		return nil, err
	}
	want := func(*identify.Changed) bool { return true }
	switch in.Which {
	case "enter":
		want = (*identify.Changed).Enters
	case "leave":
		want = (*identify.Changed).Leaves
	}
	out := &changedOutput{}
	out.Body.Households = []changedHousehold{}
	for _, h := range identify.ChangedOutcomes(c.scope, first, second, division, want, max(0, in.Offset), pageOf(in.Limit)) {
		out.Body.Households = append(out.Body.Households, s.changedHousehold(&h, second.AsOf))
	}
	return out, s.name(ctx, c, out.Body.Households)
}

func (s *Server) changedHousehold(h *identify.Changed, on day.Date) changedHousehold {
	one := changedHousehold{Household: h.Household, Division: s.ref(h.Village, on), Size: h.Size, village: h.Village}
	if h.Before != nil {
		one.Before = h.Before.Outcome.String()
	}
	if h.After != nil {
		one.After = h.After.Outcome.String()
	}
	return one
}

func (s *Server) why(ctx context.Context, c *call, in *whyInput) (*whyOutput, error) {
	first, err := id(in.ID, noRun())
	if err != nil {
		return nil, err
	}
	second, err := id(in.Other, noRun())
	if err != nil {
		return nil, err
	}
	household, err := id(in.Household, noHousehold())
	if err != nil {
		return nil, err
	}
	out := &whyOutput{}
	out.Body.Reasons, err = s.Identify.Why(ctx, c.scope, first, second, household)
	return out, err
}
