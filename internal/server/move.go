package server

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/registry"
)

type moveInput struct {
	ID      string `path:"id"`
	IfMatch string `header:"If-Match" doc:"the version that was read"`
	Body    struct {
		Valid  string `json:"valid" format:"date" doc:"the first day in the new village"`
		To     string `json:"to" doc:"the new village: stable id or code"`
		As     string `json:"as,omitempty" doc:"for a move to another county: the new record's id, made by the caller (UUIDv7), so that a repeat is harmless"`
		Number string `json:"number,omitempty" doc:"household number in the new village"`
		Source string `json:"source,omitempty"`
		Reason string `json:"reason,omitempty"`
	}
}

type movedOutput struct {
	ETag string `header:"ETag"`
	Body struct {
		Household uuid.UUID `json:"household" doc:"the id that it has from now on"`
		Version   int64     `json:"version"`
		Arrived   bool      `json:"arrived" doc:"false while it waits for an office of the new village to take it in"`
	}
}

type splitInput struct {
	ID      string `path:"id"`
	IfMatch string `header:"If-Match" doc:"the version that was read"`
	Body    struct {
		Valid   string         `json:"valid" format:"date"`
		As      string         `json:"as" doc:"the new household's id, made by the caller (UUIDv7)"`
		Number  string         `json:"number,omitempty" doc:"the new household's number"`
		Leaving []placedMember `json:"leaving" doc:"who leaves, one of them as head"`
		Staying []placedMember `json:"staying,omitempty" doc:"whose relation to the head changes among those who stay"`
		Source  string         `json:"source,omitempty"`
		Reason  string         `json:"reason,omitempty"`
	}
}

type placedMember struct {
	Person   string `json:"person"`
	Relation string `json:"relation" doc:"a code of the form's list: head, spouse, son, …"`
}

type arrivalView struct {
	Household uuid.UUID `json:"household"`
	From      ref       `json:"from" doc:"the county it left"`
	Village   ref       `json:"village"`
	On        day.Date  `json:"on"`
	Head      string    `json:"head" doc:"masked as the asker's role says"`
	Size      int       `json:"size"`
}

type arrivalsOutput struct {
	Body struct {
		Arrivals []arrivalView `json:"arrivals"`
	}
}

type takeInInput struct {
	ID   string `path:"id"`
	Body struct {
		Number string `json:"number,omitempty" doc:"household number here"`
		Source string `json:"source,omitempty"`
		Reason string `json:"reason,omitempty"`
	}
}

type linkView struct {
	Kind      registry.LinkKind `json:"kind" doc:"moved or split"`
	Outward   bool              `json:"outward" doc:"the other household came out of this one"`
	On        day.Date          `json:"on"`
	Recorded  string            `json:"recorded_at"`
	Division  ref               `json:"division" doc:"the other's village, or its county where it is out of the asker's territory"`
	Household *uuid.UUID        `json:"household,omitempty" doc:"absent where it is out of the asker's territory"`
	Waiting   bool              `json:"waiting" doc:"it left and was not taken in yet"`
}

type linksOutput struct {
	Body struct {
		Links []linkView `json:"links"`
	}
}

func (s *Server) registerMoves() {
	add(s, op{id: "move-household", method: http.MethodPost, path: "/households/{id}/move", summary: "A household lives in another village from a day on", tag: tagHouseholds, action: access.WriteRecords}, s.move)
	add(s, op{id: "split-household", method: http.MethodPost, path: "/households/{id}/split", summary: "Some members are a household of their own from a day on", tag: tagHouseholds, action: access.WriteRecords}, s.split)
	add(s, op{id: "household-links", method: http.MethodGet, path: "/households/{id}/links", summary: "What a household came from and what came out of it", tag: tagHouseholds, action: access.ReadRecords}, s.links)
	add(s, op{id: "arrivals", method: http.MethodGet, path: "/arrivals", summary: "Households from other counties that wait to be taken in", tag: tagHouseholds, action: access.WriteRecords}, s.arrivals)
	add(s, op{id: "take-in", method: http.MethodPost, path: "/arrivals/{id}", summary: "Take in a household from another county", tag: tagHouseholds, action: access.WriteRecords}, s.takeIn)
}

func (s *Server) move(ctx context.Context, c *call, in *moveInput) (*movedOutput, error) {
	m := registry.Move{Number: in.Body.Number, Source: in.Body.Source, Reason: in.Body.Reason}
	var err error
	if m.Household, err = id(in.ID, noHousehold()); err != nil {
		return nil, err
	}
	if m.Version, err = versionOf(in.IfMatch); err != nil {
		return nil, err
	}
	if m.Valid, err = day.Parse(in.Body.Valid); err != nil {
		return nil, at(err, "valid")
	}
	if m.To, err = s.division(c, in.Body.To, c.today); err != nil {
		return nil, err
	}
	if m.As, err = made(in.Body.As); err != nil {
		return nil, err
	}
	moved, err := s.Registry.Move(ctx, c.actor, m)
	return movedView(&moved.Saved, moved.Arrived), err
}

// made reads an id that a caller made; the zero id where there is none.
func made(text string) (uuid.UUID, error) {
	if text == "" {
		return uuid.UUID{}, nil
	}
	parsed, err := uuid.Parse(text)
	if err != nil {
		return parsed, errs.New(errs.Invalid, "server.made", "新户的标识要写成 UUID。", "The id of the new household is a UUID.").At("as")
	}
	return parsed, nil
}

func movedView(saved *registry.Saved, arrived bool) *movedOutput {
	out := &movedOutput{ETag: etag(saved.Version)}
	out.Body.Household, out.Body.Version, out.Body.Arrived = saved.Household, saved.Version, arrived
	return out
}

func (s *Server) split(ctx context.Context, c *call, in *splitInput) (*movedOutput, error) {
	split := registry.Split{Number: in.Body.Number, Source: in.Body.Source, Reason: in.Body.Reason}
	var err error
	if split.Household, err = id(in.ID, noHousehold()); err != nil {
		return nil, err
	}
	if split.Version, err = versionOf(in.IfMatch); err != nil {
		return nil, err
	}
	if split.Valid, err = day.Parse(in.Body.Valid); err != nil {
		return nil, at(err, "valid")
	}
	if split.As, err = made(in.Body.As); err != nil {
		return nil, err
	}
	if split.Leaving, err = placed(in.Body.Leaving); err != nil {
		return nil, err
	}
	if split.Staying, err = placed(in.Body.Staying); err != nil {
		return nil, err
	}
	saved, err := s.Registry.Split(ctx, c.actor, split)
	return movedView(&saved, true), err
}

func placed(members []placedMember) ([]registry.Placed, error) {
	all := make([]registry.Placed, len(members))
	for i, m := range members {
		person, err := id(m.Person, errs.Text{ZH: "成员", EN: "member"})
		if err != nil {
			return nil, err
		}
		all[i] = registry.Placed{Person: person, Relation: m.Relation}
	}
	return all, nil
}

func (s *Server) links(ctx context.Context, c *call, in *householdInput) (*linksOutput, error) {
	household, err := id(in.ID, noHousehold())
	if err != nil {
		return nil, err
	}
	found, err := s.Registry.Links(ctx, c.scope, household)
	out := &linksOutput{}
	out.Body.Links = make([]linkView, 0, len(found))
	for _, l := range found {
		v := linkView{Kind: l.Kind, Outward: l.Outward, On: l.On, Recorded: stamp(l.Recorded), Division: s.ref(l.Division, l.On), Waiting: l.Waiting}
		if l.Household != (uuid.UUID{}) {
			v.Household = &l.Household
		}
		out.Body.Links = append(out.Body.Links, v)
	}
	return out, err
}

func (s *Server) arrivals(ctx context.Context, c *call, _ *none) (*arrivalsOutput, error) {
	waiting, err := s.Registry.Arrivals(ctx, c.scope)
	out := &arrivalsOutput{}
	out.Body.Arrivals = make([]arrivalView, 0, len(waiting))
	for _, w := range waiting {
		out.Body.Arrivals = append(out.Body.Arrivals, arrivalView{w.Household, s.ref(w.From, w.On), s.ref(w.Village, w.On), w.On, w.Head, w.Size})
	}
	return out, err
}

func (s *Server) takeIn(ctx context.Context, c *call, in *takeInInput) (*movedOutput, error) {
	household, err := id(in.ID, noHousehold())
	if err != nil {
		return nil, err
	}
	saved, err := s.Registry.TakeIn(ctx, c.actor, registry.Arrival{Household: household, Number: in.Body.Number, Source: in.Body.Source, Reason: in.Body.Reason})
	return movedView(&saved, true), err
}
