package server

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/claim"
)

type claimDocumentsOutput struct {
	Body struct {
		Documents []claim.Document `json:"documents"`
	}
}

type claimInput struct {
	Document string `path:"document" doc:"id of a document of claims"`
	MomentInput
}

type judgedDocument struct {
	Document string         `json:"document" doc:"with its version"`
	Title    errs.Text      `json:"title"`
	Note     errs.Text      `json:"note"`
	AsOf     day.Date       `json:"as_of" doc:"evidence of later days was not looked at"`
	Claims   []claim.Judged `json:"claims"`
}

type judgedDocumentOutput struct{ Body judgedDocument }

type claimTextInput struct {
	Body struct {
		Entry string `json:"entry" doc:"made by the caller (UUIDv7), so that a repeat is harmless"`
		Text  string `json:"text" doc:"the whole document, YAML"`
	}
}

type claimTextOutput struct{ Body claim.Document }

type checkInput struct {
	Document string `path:"document"`
	Body     struct {
		ID      string `json:"id" doc:"made by the caller (UUIDv7), so that a repeat is harmless"`
		AsOf    string `json:"as_of,omitempty" format:"date"`
		KnownAt string `json:"known_at,omitempty" format:"date-time"`
	}
}

type checkOutput struct{ Body claim.Check }

type checksOutput struct {
	Body struct {
		Checks []checkHead `json:"checks"`
	}
}

type checkHead struct {
	ID       uuid.UUID             `json:"id"`
	Document string                `json:"document"`
	Title    errs.Text             `json:"title"`
	AsOf     day.Date              `json:"as_of"`
	KnownAt  string                `json:"known_at"`
	Actor    string                `json:"actor"`
	Recorded string                `json:"recorded_at"`
	Verdicts map[claim.Verdict]int `json:"verdicts" doc:"how many claims have each; slogans have none"`
}

type checkIDInput struct {
	ID string `path:"id"`
}

type replayOutput struct{ Body claim.Replayed }

type evidenceInput struct {
	Document string `path:"document"`
	Claim    string `path:"claim"`
	Body     struct {
		ID       string `json:"id" doc:"made by the caller (UUIDv7), so that a repeat is harmless"`
		Evidence string `json:"evidence" doc:"which evidence the claim asks for"`
		On       string `json:"on" format:"date" doc:"of the paper"`
		Basis    string `json:"basis" doc:"the paper and its number"`
		Words    string `json:"words" doc:"what it shows"`
		Result   string `json:"result" doc:"met, partly or unmet"`
	}
}

func noCheck() errs.Text { return errs.Text{ZH: "核对结果", EN: "check"} }

func (s *Server) registerClaims() {
	add(s, op{id: "claims", method: http.MethodGet, path: "/claims", summary: "Documents of public claims", tag: tagClaims, action: access.ReadClaims},
		func(ctx context.Context, c *call, _ *none) (*claimDocumentsOutput, error) {
			out := &claimDocumentsOutput{}
			var err error
			out.Body.Documents, err = s.Claims.Documents(ctx, c.actor, c.today)
			return out, err
		})
	add(s, op{id: "write-claims", method: http.MethodPost, path: "/claims", summary: "Write a document of claims", tag: tagClaims, action: access.CheckClaims, status: http.StatusCreated},
		func(ctx context.Context, c *call, in *claimTextInput) (*claimTextOutput, error) {
			entry, err := entryID(in.Body.Entry)
			if err != nil {
				return nil, err
			}
			out := &claimTextOutput{}
			out.Body, err = s.Claims.Write(ctx, c.actor, c.today, entry, []byte(in.Body.Text))
			return out, err
		})
	add(s, op{id: "judged-claims", method: http.MethodGet, path: "/claims/{document}", summary: "The verdict on every claim of a document", tag: tagClaims, action: access.ReadClaims}, s.judgedClaims)
	add(s, op{id: "save-check", method: http.MethodPost, path: "/claims/{document}/checks", summary: "Judge a document and store what was found", tag: tagClaims, action: access.CheckClaims, status: http.StatusCreated}, s.saveCheck)
	add(s, op{id: "enter-evidence", method: http.MethodPost, path: "/claims/{document}/{claim}/evidence", summary: "Enter evidence that no figure gives", tag: tagClaims, action: access.CheckClaims, status: http.StatusNoContent}, s.enterEvidence)
	add(s, op{id: "checks", method: http.MethodGet, path: "/claim-checks", summary: "Stored checks, the latest first", tag: tagClaims, action: access.ReadClaims}, s.checks)
	add(s, op{id: "check", method: http.MethodGet, path: "/claim-checks/{id}", summary: "A stored check", tag: tagClaims, action: access.ReadClaims},
		func(ctx context.Context, c *call, in *checkIDInput) (*checkOutput, error) {
			check, err := id(in.ID, noCheck())
			if err != nil {
				return nil, err
			}
			out := &checkOutput{}
			out.Body, err = s.Claims.Stored(ctx, c.actor, c.today, check)
			return out, err
		})
	add(s, op{id: "replay-check", method: http.MethodPost, path: "/claim-checks/{id}/replay", summary: "Make a stored check again and compare", tag: tagClaims, action: access.ReadClaims},
		func(ctx context.Context, c *call, in *checkIDInput) (*replayOutput, error) {
			check, err := id(in.ID, noCheck())
			if err != nil {
				return nil, err
			}
			out := &replayOutput{}
			out.Body, err = s.Claims.Replay(ctx, c.actor, c.today, check)
			return out, err
		})
}

// entryID reads an id that the caller made for what it writes.
func entryID(text string) (uuid.UUID, error) {
	parsed, err := uuid.Parse(text)
	if err != nil {
		return uuid.UUID{}, errs.New(errs.Invalid, "server.entryID", "编号应为调用方生成的 UUIDv7。", "The id is a UUIDv7 that the caller makes.").At("id")
	}
	return parsed, nil
}

func (s *Server) judgedClaims(ctx context.Context, c *call, in *claimInput) (*judgedDocumentOutput, error) {
	moment, err := in.moment(c)
	if err != nil {
		return nil, err
	}
	d, err := s.Claims.Document(ctx, c.actor, c.today, in.Document)
	if err != nil {
		return nil, err
	}
	claims, err := s.Claims.Judge(ctx, c.actor, c.today, &d, claim.Request{AsOf: moment.AsOf, KnownAt: moment.KnownAt})
	return &judgedDocumentOutput{judgedDocument{Document: d.Name(), Title: d.Title, Note: d.Note, AsOf: moment.AsOf, Claims: claims}}, err
}

func (s *Server) saveCheck(ctx context.Context, c *call, in *checkInput) (*checkOutput, error) {
	check, err := entryID(in.Body.ID)
	if err != nil {
		return nil, err
	}
	m := MomentInput{AsOf: in.Body.AsOf, KnownAt: in.Body.KnownAt}
	moment, err := m.moment(c)
	if err != nil {
		return nil, err
	}
	d, err := s.Claims.Document(ctx, c.actor, c.today, in.Document)
	if err != nil {
		return nil, err
	}
	out := &checkOutput{}
	out.Body, err = s.Claims.Save(ctx, c.actor, c.today, check, &d, claim.Request{AsOf: moment.AsOf, KnownAt: moment.KnownAt})
	return out, err
}

func (s *Server) enterEvidence(ctx context.Context, c *call, in *evidenceInput) (*none, error) {
	entry, err := entryID(in.Body.ID)
	if err != nil {
		return nil, err
	}
	on, err := day.Parse(in.Body.On)
	if err != nil {
		return nil, at(err, "on")
	}
	return nil, s.Claims.Enter(ctx, c.actor, c.today, entry, claim.Entered{
		Document: in.Document, Claim: in.Claim, Evidence: in.Body.Evidence, On: on, Basis: in.Body.Basis, Words: in.Body.Words, Result: claim.Result(in.Body.Result),
	})
}

func (s *Server) checks(ctx context.Context, c *call, _ *none) (*checksOutput, error) {
	all, err := s.Claims.Checks(ctx, c.actor, c.today)
	if err != nil {
		return nil, err
	}
	out := &checksOutput{}
	out.Body.Checks = make([]checkHead, 0, len(all))
	for i := range all {
		h := checkHead{
			ID: all[i].ID, Document: all[i].Document, Title: all[i].Title, AsOf: all[i].AsOf, KnownAt: stamp(all[i].KnownAt), Actor: all[i].Actor, Recorded: stamp(all[i].Recorded),
			Verdicts: map[claim.Verdict]int{},
		}
		for k := range all[i].Claims {
			if v := all[i].Claims[k].Verdict; v != "" {
				h.Verdicts[v]++
			}
		}
		out.Body.Checks = append(out.Body.Checks, h)
	}
	return out, nil
}
