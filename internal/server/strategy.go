package server

import (
	"context"
	"net/http"

	"liandong/day"
	"liandong/internal/access"
	"liandong/internal/strategy"
)

type strategyInput struct{ MomentInput }

type strategyOutput struct{ Body strategy.FollowedTree }

type enterValueInput struct {
	Body struct {
		ID        string  `json:"id" doc:"made by the caller (UUIDv7), so that a repeat is harmless"`
		Indicator string  `json:"indicator"`
		Peer      string  `json:"peer,omitempty" doc:"the city compared with; empty for one's own"`
		On        string  `json:"on" format:"date"`
		Value     float64 `json:"value"`
		Source    string  `json:"source"`
	}
}

func (s *Server) registerStrategy() {
	add(s, op{id: "strategy", method: http.MethodGet, path: "/strategy", summary: "The tree of strategies, aims and indicators, followed up to a day", tag: tagStrategy, action: access.ReadFigures},
		func(ctx context.Context, c *call, in *strategyInput) (*strategyOutput, error) {
			m, err := in.moment(c)
			if err != nil {
				return nil, err
			}
			out := &strategyOutput{}
			out.Body, err = s.Strategy.Tree(ctx, c.actor, c.today, m.AsOf, m.KnownAt)
			return out, err
		})
	add(s, op{id: "enter-value", method: http.MethodPost, path: "/strategy/values", summary: "Enter a value that no figure gives, or a peer city's", tag: tagStrategy, action: access.SetAims, status: http.StatusNoContent},
		func(ctx context.Context, c *call, in *enterValueInput) (*none, error) {
			key, err := entryID(in.Body.ID)
			if err != nil {
				return nil, err
			}
			on, err := day.Parse(in.Body.On)
			if err != nil {
				return nil, at(err, "on")
			}
			return nil, s.Strategy.Enter(ctx, c.actor, c.today, key, strategy.Entered{Indicator: in.Body.Indicator, Peer: in.Body.Peer, On: on, Value: in.Body.Value, Source: in.Body.Source})
		})
}
