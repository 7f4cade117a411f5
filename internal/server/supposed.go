package server

import (
	"context"
	"net/http"

	"liandong/criteria"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/identify"
	"liandong/internal/registry"
	"liandong/place"
)

// maxBand bounds the band of a list: no score is larger.
const maxBand = 1000

// WhatIfBody is a what-if about households. It is exported because huma describes exported parts alone.
type WhatIfBody struct {
	Criteria   string              `json:"criteria" doc:"four-looks@2015.1"`
	AsOf       string              `json:"as_of" format:"date"`
	KnownAt    string              `json:"known_at,omitempty" format:"date-time"`
	Division   string              `json:"division,omitempty"`
	Parameters map[string]float64  `json:"what_if,omitempty" doc:"parameters with another value"`
	Amendments criteria.Amendments `json:"change,omitzero" required:"false" doc:"other weights, bars and parts"`
}

type supposedInput struct {
	Body struct {
		WhatIfBody
		Which  string  `json:"which" doc:"enter, leave, borderline, or an outcome"`
		Band   float64 `json:"band,omitempty" doc:"points on either side of the cut, for borderline"`
		Offset int     `json:"offset,omitempty"`
		Limit  int     `json:"limit,omitempty"`
	}
}

type supposedOutput struct {
	Body struct {
		Total      int                `json:"total" doc:"of those who enter or leave, up to the end of this page"`
		Households []changedHousehold `json:"households"`
	}
}

type supposeInput struct {
	Household string `path:"household"`
	Since     bool   `query:"since" doc:"also what was different in the household's last stored run"`
	Body      WhatIfBody
}

func (s *Server) registerSuppositions() {
	add(s, op{id: "criteria-table", method: http.MethodGet, path: "/criteria/{id}/table", summary: "A criteria document as a table: parameters, blocks with parts, bars", tag: tagRuns, action: access.ReadFigures}, s.documentTable)
	add(s, op{id: "what-if-households", method: http.MethodPost, path: "/what-if/households", summary: "Households behind a number of a what-if", tag: tagRuns, action: access.ReadRecords}, s.supposed)
	add(s, op{id: "what-if-explanation", method: http.MethodPost, path: "/what-if/explanations/{household}", summary: "What a document, changed or not, says of a household and why", tag: tagRuns, action: access.ReadRecords}, s.suppose)
}

func (s *Server) supposition(ctx context.Context, c *call, b *WhatIfBody) (identify.Request, error) {
	in := &runInput{}
	in.Body.Criteria, in.Body.AsOf, in.Body.KnownAt, in.Body.Division, in.Body.Parameters = b.Criteria, b.AsOf, b.KnownAt, b.Division, b.Parameters
	q, err := s.request(ctx, c, in)
	q.Amendments = b.Amendments
	return q, err
}

// supposed lists the households behind a number of a what-if.
func (s *Server) supposed(ctx context.Context, c *call, in *supposedInput) (*supposedOutput, error) {
	q, err := s.supposition(ctx, c, &in.Body.WhatIfBody)
	if err != nil {
		return nil, err
	}
	before, after, err := s.Identify.WhatIf(ctx, c.actor, q)
	if err != nil {
		return nil, err
	}
	offset, limit := max(0, in.Body.Offset), pageOf(in.Body.Limit)
	out := &supposedOutput{}
	out.Body.Households = []changedHousehold{}
	switch in.Body.Which {
	case "enter", "leave":
		want := (*identify.Changed).Enters
		if in.Body.Which == "leave" {
			want = (*identify.Changed).Leaves
		}
		// One more than is shown tells whether there are others; the numbers themselves stand in the effect.
		for _, h := range identify.ChangedOutcomes(c.scope, before, after, q.Division, want, offset, limit) {
			out.Body.Households = append(out.Body.Households, s.changedHousehold(&h, after.AsOf))
		}
		out.Body.Total = offset + len(out.Body.Households)
		return out, s.name(ctx, c, out.Body.Households)
	case "borderline":
		s.supposedPage(c, after, q, after.InBand(min(max(in.Body.Band, 0), maxBand)), offset, limit, out)
		return out, s.name(ctx, c, out.Body.Households)
	}
	outcome, ok := criteria.ParseOutcome(in.Body.Which)
	if !ok {
		return nil, errs.New(errs.Invalid, "server.which", "可选 enter、leave、borderline 或一种结论。", "Choose enter, leave, borderline or an outcome.").At("which")
	}
	s.supposedPage(c, after, q, func(r *identify.Results, row int) bool { return r.Outcome[row] == outcome }, offset, limit, out)
	return out, s.name(ctx, c, out.Body.Households)
}

// name fills in by which number and name people know households, as the asker's role sees them.
func (s *Server) name(ctx context.Context, c *call, households []changedHousehold) error {
	wanted := make([]registry.Named, len(households))
	for i := range households {
		wanted[i] = registry.Named{County: households[i].village.At(place.County), Household: households[i].Household}
	}
	rows, err := s.Registry.Listed(ctx, c.scope, wanted)
	if err != nil {
		return err
	}
	for i := range households {
		if row, ok := rows[households[i].Household]; ok {
			households[i].Number, households[i].Head = row.Number, access.MaskName(row.Head)
		}
	}
	return nil
}

func (s *Server) supposedPage(c *call, e *identify.Evaluation, q identify.Request, want func(*identify.Results, int) bool, offset, limit int, out *supposedOutput) {
	page, total := e.Households(c.scope, q.Division, want, offset, limit)
	out.Body.Total = total
	for _, h := range page {
		out.Body.Households = append(out.Body.Households, changedHousehold{Household: h.ID, Division: s.ref(h.Village, e.AsOf), Size: h.Size, After: h.County.Outcome[h.Row].String(), village: h.Village})
	}
}

// suppose explains a household under a document, changed or not.
func (s *Server) suppose(ctx context.Context, c *call, in *supposeInput) (*explainOutput, error) {
	q, err := s.supposition(ctx, c, &in.Body)
	if err != nil {
		return nil, err
	}
	household, err := id(in.Household, noHousehold())
	if err != nil {
		return nil, err
	}
	suppose := s.Identify.Suppose
	if in.Since {
		suppose = s.Identify.AccountSupposed
	}
	x, err := suppose(ctx, c.scope, q, household)
	if err != nil {
		return nil, err
	}
	return s.explained(x, household), nil
}

func (s *Server) explained(x *identify.Explanation, household [16]byte) *explainOutput {
	out := &explainOutput{}
	out.Body.Run, out.Body.Household, out.Body.Number, out.Body.Division = s.runView(&x.Run), household, x.Household.Number, s.ref(x.Household.Village, x.Run.AsOf)
	out.Body.Explanation = x.Explanation
	if x.Earlier != nil {
		earlier := s.runView(x.Earlier)
		out.Body.Earlier = &earlier
	}
	return out
}
