package server

import (
	"context"

	"liandong/criteria"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/identify"
	"liandong/money"
	"liandong/place"
)

type whatIfInput struct {
	Body struct {
		Criteria   string              `json:"criteria" doc:"four-looks@2015.1"`
		AsOf       string              `json:"as_of" format:"date"`
		KnownAt    string              `json:"known_at,omitempty" format:"date-time"`
		Division   string              `json:"division,omitempty"`
		By         string              `json:"by,omitempty" doc:"county, township or village; county by default"`
		Parameters map[string]float64  `json:"what_if,omitempty" doc:"parameters with another value"`
		Amendments criteria.Amendments `json:"change,omitzero" required:"false" doc:"other weights, bars and parts"`
		Map        string              `json:"map,omitempty" doc:"county, township or village: also how many persons each would have on a map"`
		Band       *float64            `json:"band,omitempty" doc:"points on either side of the cut; 5 by default"`
		Price      float64             `json:"price_per_person,omitempty" doc:"yuan"`
	}
}

type effectView struct {
	Before    divisionTally        `json:"before" doc:"what the document says as it is"`
	Whole     divisionDifference   `json:"whole"`
	Parts     []divisionDifference `json:"parts"`
	Areas     []areaView           `json:"areas,omitempty" doc:"of the level that was asked for by map"`
	Causes    []criteria.Cause     `json:"causes" doc:"parts, bars and conditions that say otherwise of those who enter and leave"`
	Stability *identify.Stability  `json:"stability" doc:"Kendall's tau-b of the scores before and after; null without scores"`
	Band      *identify.Band       `json:"band" doc:"households whose score may lie near the cut; null where the score is compared with no number"`
	Standings []identify.Standing  `json:"standings" doc:"households by what the score, the other conditions and the village's vote say"`
	Cost      *costView            `json:"cost,omitempty"`
	Sentence  errs.Text            `json:"sentence" doc:"what the change does, in words"`
}

// areaView are the persons of a division on a map: all, and those who would be taken in, at once or after strict review.
type areaView struct {
	ID     string `json:"id"`
	Total  int64  `json:"total"`
	Before int64  `json:"before"`
	After  int64  `json:"after"`
}

// costView is in yuan.
type costView struct {
	Price  float64 `json:"price_per_person"`
	Before float64 `json:"before"`
	After  float64 `json:"after"`
}

// usualBand is how many points on either side of the cut are told where nobody says: a visit that takes one part for another moves as much.
const usualBand = 5

func (s *Server) whatIf(ctx context.Context, c *call, in *whatIfInput) (*totalsOutput, error) {
	same := &runInput{}
	same.Body.Criteria, same.Body.AsOf, same.Body.KnownAt, same.Body.Division = in.Body.Criteria, in.Body.AsOf, in.Body.KnownAt, in.Body.Division
	same.Body.Parameters = in.Body.Parameters
	q, err := s.request(ctx, c, same)
	if err != nil {
		return nil, err
	}
	q.Amendments = in.Body.Amendments
	w, err := s.weighing(in)
	if err != nil {
		return nil, err
	}
	w.Division = q.Division
	before, after, err := s.Identify.WhatIf(ctx, c.actor, q)
	if err != nil {
		return nil, err
	}
	x, err := identify.Weigh(c.scope, before, after, w)
	if err != nil {
		return nil, err
	}
	out, err := s.totalsOf(c.scope, after, q.Division, w.By)
	if err != nil {
		return nil, err
	}
	whole, _, err := before.Totals(c.scope, q.Division, w.By)
	if err != nil {
		return nil, err
	}
	out.Body.Effect = &effectView{
		Before: divisionTally{s.ref(q.Division, after.AsOf), whole.Households, whole.Members}, Whole: s.difference(&x.Whole, after.AsOf),
		Parts: make([]divisionDifference, 0, len(x.Parts)), Causes: x.Causes, Stability: x.Stability, Band: x.Band, Standings: x.Agreement,
	}
	for i := range x.Parts {
		out.Body.Effect.Parts = append(out.Body.Effect.Parts, s.difference(&x.Parts[i], after.AsOf))
	}
	if in.Body.Map != "" {
		if out.Body.Effect.Areas, err = s.areas(c.scope, before, after, q.Division, in.Body.Map); err != nil {
			return nil, err
		}
	}
	out.Body.Effect.Sentence = effectSentence(&q, &out.Body.Effect.Whole, out.Body.Effect.Parts)
	if x.Cost != nil {
		out.Body.Effect.Cost = &costView{x.Cost.Price.Yuan(), x.Cost.Before.Yuan(), x.Cost.After.Yuan()}
	}
	return out, nil
}

func (s *Server) areas(scope access.Scope, before, after *identify.Evaluation, division place.ID, level string) ([]areaView, error) {
	by, err := s.levelOf(level)
	if err != nil {
		return nil, err
	}
	_, was, err := before.Totals(scope, division, by)
	if err != nil {
		return nil, err
	}
	_, is, err := after.Totals(scope, division, by)
	if err != nil {
		return nil, err
	}
	// Both are of the same households, so of the same divisions in the same order.
	all := make([]areaView, len(is))
	for i := range is {
		all[i] = areaView{is[i].Division.String(), is[i].Members.Total, was[i].Members.Would(), is[i].Members.Would()}
	}
	return all, nil
}

func (s *Server) weighing(in *whatIfInput) (w identify.Weighing, err error) {
	if w.By, err = s.levelOf(in.Body.By); err != nil {
		return w, err
	}
	w.Band = usualBand
	if in.Body.Band != nil {
		w.Band = *in.Body.Band
	}
	var ok bool
	if w.Price, ok = money.FromYuan(in.Body.Price); !ok || w.Price < 0 || w.Band < 0 {
		return w, errs.New(errs.Invalid, "server.whatIf", "每人价格和分数宽度都不能为负，价格以元为单位。", "The price per person, in yuan, and the band must not be negative.")
	}
	return w, nil
}
