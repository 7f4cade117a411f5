package server

import (
	"bytes"
	"context"
	"net/http"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/briefing"
	"liandong/official"
)

type questionsOutput struct {
	Body struct {
		Questions []questionView `json:"questions"`
	}
}

type questionView struct {
	ID    string    `json:"id"`
	Words string    `json:"words" doc:"the question with its version"`
	Title string    `json:"title"`
	Asks  errs.Text `json:"asks"`
	Own   bool      `json:"own" doc:"the city wrote it; otherwise it came with the program"`
}

type questionDocument struct {
	questionView
	Text string `json:"text" doc:"the whole document, YAML"`
}

type questionOutput struct{ Body questionDocument }

type questionInput struct {
	Question string `path:"question" doc:"id of a question"`
}

type writeQuestionInput struct {
	Body struct {
		Entry string `json:"entry" doc:"made by the caller (UUIDv7), so that a repeat is harmless"`
		Text  string `json:"text" doc:"the whole document, YAML"`
	}
}

// BriefingRow is what lists say of a briefing. It is exported because huma documents exported parts alone.
type BriefingRow struct {
	ID       string         `json:"id"`
	Version  int64          `json:"version"`
	Title    string         `json:"title"`
	Question string         `json:"question"`
	Division ref            `json:"division"`
	AsOf     day.Date       `json:"as_of"`
	State    briefing.State `json:"state"`
	Author   string         `json:"author"`
	Signer   string         `json:"signer,omitempty"`
	Recorded string         `json:"recorded_at"`
}

type briefingsOutput struct {
	Body struct {
		Briefings []BriefingRow `json:"briefings"`
	}
}

type draftBriefingInput struct {
	Body struct {
		ID       string `json:"id" doc:"made by the caller (UUIDv7), so that a repeat is harmless"`
		Question string `json:"question"`
		Division string `json:"division,omitempty"`
		AsOf     string `json:"as_of,omitempty" format:"date"`
		KnownAt  string `json:"known_at,omitempty" format:"date-time"`
	}
}

type briefingIDInput struct {
	ID string `path:"id"`
}

type briefingView struct {
	BriefingRow
	KnownAt  string            `json:"known_at"`
	Words    string            `json:"words"`
	Reason   string            `json:"reason,omitempty"`
	Own      bool              `json:"own" doc:"the asker drafted it, and so does not answer for it"`
	SignedOn *day.Date         `json:"signed_on,omitempty"`
	Document official.Document `json:"document"`
	Values   []briefing.Value  `json:"values" doc:"every number of the text as it was quoted"`
	Charts   []string          `json:"charts" doc:"the charts of the text as SVG, in their order"`
}

type briefingOutput struct {
	ETag string `header:"ETag"`
	Body briefingView
}

type briefingFileInput struct {
	ID     string `path:"id"`
	Format string `query:"format" doc:"docx or pdf"`
}

type fileOutput struct {
	Type        string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

type closeBriefingInput struct {
	ID      string `path:"id"`
	IfMatch string `header:"If-Match" doc:"the version that was read"`
	Body    struct {
		Entry  string `json:"entry" doc:"made by the caller (UUIDv7), so that a repeat is harmless"`
		Reason string `json:"reason,omitempty" doc:"why it is returned"`
	}
}

type changesOutput struct{ Body briefing.Changes }

func noBriefing() errs.Text { return errs.Text{ZH: "汇报", EN: "briefing"} }

func (s *Server) registerBriefings() {
	add(s, op{id: "briefing-questions", method: http.MethodGet, path: "/briefing-questions", summary: "What can be asked", tag: tagBriefings, action: access.ReadClaims},
		func(ctx context.Context, c *call, _ *none) (*questionsOutput, error) {
			all, err := s.Briefings.Questions(ctx, c.actor, c.today)
			out := &questionsOutput{}
			for i := range all {
				out.Body.Questions = append(out.Body.Questions, viewOfQuestion(&all[i]))
			}
			return out, err
		})
	add(s, op{id: "briefing-question", method: http.MethodGet, path: "/briefing-questions/{question}", summary: "A question with the words of its answer", tag: tagBriefings, action: access.ReadClaims},
		func(ctx context.Context, c *call, in *questionInput) (*questionOutput, error) {
			q, err := s.Briefings.Question(ctx, c.actor, c.today, in.Question)
			return &questionOutput{questionDocument{viewOfQuestion(&q), string(q.Text)}}, err
		})
	add(s, op{id: "write-question", method: http.MethodPost, path: "/briefing-questions", summary: "Write a question of the city's own, or change one", tag: tagBriefings, action: access.CheckClaims, status: http.StatusCreated},
		func(ctx context.Context, c *call, in *writeQuestionInput) (*questionOutput, error) {
			entry, err := entryID(in.Body.Entry)
			if err != nil {
				return nil, err
			}
			q, err := s.Briefings.WriteQuestion(ctx, c.actor, c.today, entry, []byte(in.Body.Text))
			return &questionOutput{questionDocument{viewOfQuestion(&q), string(q.Text)}}, err
		})
	add(s, op{id: "briefings", method: http.MethodGet, path: "/briefings", summary: "Briefings, the latest first", tag: tagBriefings, action: access.ReadClaims}, s.briefings)
	add(s, op{id: "draft-briefing", method: http.MethodPost, path: "/briefings", summary: "Draft a briefing", tag: tagBriefings, action: access.CheckClaims, status: http.StatusCreated}, s.draftBriefing)
	add(s, op{id: "briefing", method: http.MethodGet, path: "/briefings/{id}", summary: "A briefing with its footnotes and values", tag: tagBriefings, action: access.ReadClaims},
		func(ctx context.Context, c *call, in *briefingIDInput) (*briefingOutput, error) {
			key, err := id(in.ID, noBriefing())
			if err != nil {
				return nil, err
			}
			b, err := s.Briefings.Briefing(ctx, c.actor, c.today, key)
			return s.briefingView(c, &b), err
		})
	add(s, op{id: "briefing-file", method: http.MethodGet, path: "/briefings/{id}/file", summary: "A briefing as a file, in the layout of GB/T 9704", tag: tagBriefings, action: access.ReadClaims}, s.briefingFile)
	add(s, op{id: "sign-briefing", method: http.MethodPost, path: "/briefings/{id}/sign", summary: "Answer for a briefing that somebody else drafted", tag: tagBriefings, action: access.SignBriefing}, s.signBriefing)
	add(s, op{id: "return-briefing", method: http.MethodPost, path: "/briefings/{id}/return", summary: "Give a draft back with a reason", tag: tagBriefings, action: access.SignBriefing}, s.returnBriefing)
	add(s, op{id: "briefing-changes", method: http.MethodGet, path: "/briefings/{id}/changes", summary: "What changed since the briefing before", tag: tagBriefings, action: access.ReadClaims},
		func(ctx context.Context, c *call, in *briefingIDInput) (*changesOutput, error) {
			key, err := id(in.ID, noBriefing())
			if err != nil {
				return nil, err
			}
			out := &changesOutput{}
			out.Body, err = s.Briefings.Changes(ctx, c.actor, c.today, key)
			return out, err
		})
}

func viewOfQuestion(q *briefing.Question) questionView {
	return questionView{q.ID, q.Name(), q.Title, q.Asks, q.Own}
}

func (s *Server) briefingRow(b *briefing.Briefing) BriefingRow {
	return BriefingRow{
		ID: b.ID.String(), Version: b.Version, Title: b.Document.Title, Question: b.Question, Division: s.ref(b.Division, b.AsOf), AsOf: b.AsOf, State: b.State,
		Author: b.Author.Name, Signer: b.Signer.Name, Recorded: stamp(b.Recorded),
	}
}

func (s *Server) briefingView(c *call, b *briefing.Briefing) *briefingOutput {
	v := briefingView{BriefingRow: s.briefingRow(b), KnownAt: stamp(b.KnownAt), Words: b.Words, Reason: b.Reason, SignedOn: dayOrNil(b.SignedOn), Own: b.Author.ID == c.actor.ID, Document: b.Document, Values: b.Values, Charts: []string{}}
	for i := range b.Document.Blocks {
		if chart := b.Document.Blocks[i].Chart; chart != nil {
			v.Charts = append(v.Charts, chart.SVG())
		}
	}
	return &briefingOutput{ETag: etag(b.Version), Body: v}
}

func (s *Server) briefings(ctx context.Context, c *call, _ *none) (*briefingsOutput, error) {
	all, err := s.Briefings.Briefings(ctx, c.actor, c.today)
	if err != nil {
		return nil, err
	}
	out := &briefingsOutput{}
	out.Body.Briefings = make([]BriefingRow, 0, len(all))
	for i := range all {
		out.Body.Briefings = append(out.Body.Briefings, s.briefingRow(&all[i]))
	}
	return out, nil
}

func (s *Server) draftBriefing(ctx context.Context, c *call, in *draftBriefingInput) (*briefingOutput, error) {
	key, err := entryID(in.Body.ID)
	if err != nil {
		return nil, err
	}
	m := MomentInput{AsOf: in.Body.AsOf, KnownAt: in.Body.KnownAt}
	moment, err := m.moment(c)
	if err != nil {
		return nil, err
	}
	division, err := s.division(c, in.Body.Division, moment.AsOf)
	if err != nil {
		return nil, err
	}
	b, err := s.Briefings.Draft(ctx, c.actor, c.today, briefing.Request{ID: key, Question: in.Body.Question, Division: division, AsOf: moment.AsOf, KnownAt: moment.KnownAt})
	return s.briefingView(c, &b), err
}

func (s *Server) briefingFile(ctx context.Context, c *call, in *briefingFileInput) (*fileOutput, error) {
	key, err := id(in.ID, noBriefing())
	if err != nil {
		return nil, err
	}
	b, err := s.Briefings.Briefing(ctx, c.actor, c.today, key)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	file := &fileOutput{Type: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", Disposition: `attachment; filename="briefing.docx"`}
	switch in.Format {
	case "", "docx":
		err = b.Document.DOCX(&out)
	case "pdf":
		file.Type, file.Disposition = "application/pdf", `attachment; filename="briefing.pdf"`
		err = b.Document.PDF(&out)
	default:
		err = errs.New(errs.Invalid, "server.briefingFile", "格式是 docx 或 pdf。", "The format is docx or pdf.").At("format")
	}
	file.Body = out.Bytes()
	return file, err
}

func (s *Server) signBriefing(ctx context.Context, c *call, in *closeBriefingInput) (*briefingOutput, error) {
	return s.closeBriefing(c, in, func(in closing) (briefing.Briefing, error) {
		return s.Briefings.Sign(ctx, c.actor, c.today, in.entry, in.id, in.version)
	})
}

func (s *Server) returnBriefing(ctx context.Context, c *call, in *closeBriefingInput) (*briefingOutput, error) {
	return s.closeBriefing(c, in, func(k closing) (briefing.Briefing, error) {
		return s.Briefings.Return(ctx, c.actor, c.today, k.entry, k.id, k.version, in.Body.Reason)
	})
}

func (s *Server) closeBriefing(c *call, in *closeBriefingInput, act func(closing) (briefing.Briefing, error)) (*briefingOutput, error) {
	k, err := closingOf(in.ID, noBriefing(), in.Body.Entry, in.IfMatch)
	if err != nil {
		return nil, err
	}
	b, err := act(k)
	return s.briefingView(c, &b), err
}
