package briefing

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/dossier"
	"liandong/official"
	"liandong/place"
)

// State is how far a briefing is.
type State string

// The states.
const (
	Draft    State = "draft"    // 草稿·待审核
	Signed   State = "signed"   // 已审核
	Returned State = "returned" // 退回
)

// Briefing is a text that was drafted, with the values it quotes.
type Briefing struct {
	ID       uuid.UUID         `json:"id"`
	Version  int64             `json:"version"` // for If-Match
	Question string            `json:"question"`
	Words    string            `json:"words"` // the question with its version
	Division place.ID          `json:"division"`
	AsOf     day.Date          `json:"as_of"`
	KnownAt  time.Time         `json:"known_at"`
	State    State             `json:"state"`
	Author   Person            `json:"author"`
	Recorded time.Time         `json:"recorded_at"`
	Signer   Person            `json:"signer"`
	SignedOn day.Date          `json:"signed_on"`
	Reason   string            `json:"reason,omitempty"` // why it was returned
	Document official.Document `json:"document"`
	Values   []Value           `json:"values"`
	demo     bool
}

// Person is an account with the name it had.
type Person struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// The acts on a briefing.
const (
	actDrafted  = "drafted"
	actSigned   = "signed"
	actReturned = "returned"
)

type draftedBody struct {
	Question string            `json:"question"`
	Words    string            `json:"words"`
	AsOf     day.Date          `json:"as_of"`
	KnownAt  time.Time         `json:"known_at"`
	Name     string            `json:"name"`
	Demo     bool              `json:"demo"`
	Document official.Document `json:"document"`
	Values   []Value           `json:"values"`
}

type closedBody struct {
	Name   string `json:"name"`
	Reason string `json:"reason,omitempty"`
}

func machine() dossier.Machine[Briefing] {
	return dossier.Machine[Briefing]{
		Kind: "briefing", Noun: noBriefing(),
		Step: step,
		Head: func(b Briefing) dossier.Head {
			return dossier.Head{State: string(b.State), Open: b.State == Draft, Subject: "question:" + b.Question, Group: b.Question, Title: b.Document.Title}
		},
	}
}

func noBriefing() errs.Text { return errs.Text{ZH: "汇报", EN: "briefing"} }

func step(b Briefing, e dossier.Entry) (Briefing, error) {
	b.Version = e.Sequence
	if e.Sequence == 1 {
		var body draftedBody
		if err := json.Unmarshal(e.Body, &body); err != nil {
			return b, errs.Wrap("briefing.step", err)
		}
		b = Briefing{
			ID: e.Dossier, Version: 1, Question: body.Question, Words: body.Words, Division: e.Division, AsOf: body.AsOf, KnownAt: body.KnownAt, State: Draft,
			Author: Person{e.Actor, body.Name}, Recorded: e.Recorded, Document: body.Document, Values: body.Values, demo: body.Demo,
		}
		b.dress()
		return b, b.Document.Check()
	}
	var body closedBody
	if err := json.Unmarshal(e.Body, &body); err != nil {
		return b, errs.Wrap("briefing.step", err)
	}
	switch {
	case b.State != Draft:
		return b, errs.New(errs.Conflict, "briefing.step", "这份汇报已经审核或退回，不能再改。需要时请另起一稿。", "The briefing was signed or returned already. Draft another if you need one.")
	case e.Act == actSigned && e.Actor == b.Author.ID:
		return b, errs.New(errs.Forbidden, "briefing.step", "起草人不能审核自己的汇报，请交另一位有权限的人。", "Whoever drafted a briefing does not sign it; ask somebody else who may.")
	case e.Act == actReturned && body.Reason == "":
		return b, errs.New(errs.Invalid, "briefing.step", "退回须写明理由。", "Say why it is returned.").At("reason")
	}
	b.Signer, b.SignedOn, b.Reason, b.State = Person{e.Actor, body.Name}, e.On, body.Reason, Returned
	if e.Act == actSigned {
		b.State = Signed
	}
	b.dress()
	return b, b.Document.Check()
}

// dress marks the pages and names who answers. A draft says so on every page.
func (b *Briefing) dress() {
	d := &b.Document
	d.Marks, d.Close = nil, []official.Span{{Text: "起草：" + named(b.Author)}}
	switch b.State {
	case Draft:
		d.Marks = append(d.Marks, "草稿·待审核")
	case Returned:
		d.Marks = append(d.Marks, "草稿·已退回")
	case Signed:
		d.Notes = append(slices.Clip(d.Notes), official.Note{Text: "审核记录在日志中：" + b.SignedOn.String() + "，账号 " + b.Signer.ID + "。"})
		d.Close = append(d.Close, official.Span{Text: "审核：" + named(b.Signer)}, official.Span{Text: b.SignedOn.Chinese(), Note: len(d.Notes)})
	}
	if b.demo {
		d.Marks = append(d.Marks, "演示数据")
	}
}

// named is a person's name; one with a digit in it, as accounts of machines have, is left out rather than read as a number.
func named(p Person) string {
	if p.Name == "" || digit.MatchString(p.Name) {
		return "（见日志）"
	}
	return p.Name
}

// Request asks for a briefing.
type Request struct {
	ID       uuid.UUID // made by the caller, so that a repeat is harmless
	Question string
	Division place.ID
	AsOf     day.Date
	KnownAt  time.Time // zero is now
}

// reader is where the actor may do the action.
func reader(actor access.Actor, a access.Action, today day.Date) (dossier.Reader, error) {
	scope, err := actor.Require(a, today)
	return dossier.Reader{Scope: scope}, err
}

// Draft writes a briefing and keeps it as a draft.
func (r *Room) Draft(ctx context.Context, actor access.Actor, today day.Date, q Request) (Briefing, error) {
	reach, err := reader(actor, access.CheckClaims, today)
	if err != nil {
		return Briefing{}, err
	}
	if !reach.Scope.Contains(q.Division) || !r.city.Contains(q.Division) {
		return Briefing{}, access.NotFound(errs.Text{ZH: "区划", EN: "division"})
	}
	question, err := r.Question(ctx, actor, today, q.Question)
	if err != nil {
		return Briefing{}, err
	}
	if there, err := r.shelf.Get(ctx, reach, q.ID, dossier.Moment{}); err == nil {
		return there.State, nil
	}
	if q.KnownAt.IsZero() {
		if err := r.db.Read(ctx, func(tx *db.Tx) error { q.KnownAt = tx.Settled(); return nil }); err != nil {
			return Briefing{}, err
		}
	}
	document, values, err := r.write(ctx, actor, today, &question, q.Division, q.AsOf, q.KnownAt)
	if err != nil {
		return Briefing{}, err
	}
	saved, err := r.shelf.Add(ctx, actor, reach, dossier.Draft{
		ID: q.ID, Dossier: q.ID, Division: q.Division, Act: actDrafted, Source: question.Name(),
		Body: draftedBody{Question: question.ID, Words: question.Name(), AsOf: q.AsOf, KnownAt: q.KnownAt, Name: actor.Name, Demo: r.demo, Document: document, Values: values},
	})
	return saved.State, err
}

// Sign answers for a briefing with one's name.
func (r *Room) Sign(ctx context.Context, actor access.Actor, today day.Date, entry, id uuid.UUID, version int64) (Briefing, error) {
	return r.close(ctx, actor, today, dossier.Draft{ID: entry, Dossier: id, Version: version, Act: actSigned, Body: closedBody{Name: actor.Name}})
}

// Return gives a briefing back with a reason.
func (r *Room) Return(ctx context.Context, actor access.Actor, today day.Date, entry, id uuid.UUID, version int64, reason string) (Briefing, error) {
	return r.close(ctx, actor, today, dossier.Draft{ID: entry, Dossier: id, Version: version, Act: actReturned, Reason: reason, Body: closedBody{Name: actor.Name, Reason: reason}})
}

func (r *Room) close(ctx context.Context, actor access.Actor, today day.Date, d dossier.Draft) (Briefing, error) {
	reach, err := reader(actor, access.SignBriefing, today)
	if err != nil {
		return Briefing{}, err
	}
	saved, err := r.shelf.Add(ctx, actor, reach, d)
	return saved.State, err
}

// Briefing reads one.
func (r *Room) Briefing(ctx context.Context, actor access.Actor, today day.Date, id uuid.UUID) (Briefing, error) {
	reach, err := reader(actor, access.ReadClaims, today)
	if err != nil {
		return Briefing{}, err
	}
	d, err := r.shelf.Get(ctx, reach, id, dossier.Moment{})
	return d.State, err
}

// Briefings lists those of the reader's territory, the latest first.
func (r *Room) Briefings(ctx context.Context, actor access.Actor, today day.Date) ([]Briefing, error) {
	reach, err := reader(actor, access.ReadClaims, today)
	if err != nil {
		return nil, err
	}
	all, err := r.shelf.All(ctx, reach, dossier.Moment{})
	out := make([]Briefing, 0, len(all))
	for i := range all {
		out = append(out, all[i].State)
	}
	slices.SortStableFunc(out, func(a, b Briefing) int { return b.Recorded.Compare(a.Recorded) })
	return out, err
}

// Change is a number that is another than in the briefing before.
type Change struct {
	Figure    string    `json:"figure"`
	Title     errs.Text `json:"title"`
	Unit      errs.Text `json:"unit"`
	Division  place.ID  `json:"division"`
	Back      int       `json:"years_back"`
	Decimals  int       `json:"decimals"`
	Before    *float64  `json:"before"` // null where the earlier text did not have it
	After     *float64  `json:"after"`  // null where the later one has not
	BeforeOn  day.Date  `json:"before_on"`
	AfterOn   day.Date  `json:"after_on"`
	Redefined bool      `json:"redefined"` // the definition is another, so the two are not of one kind
}

// Changes is what a briefing says otherwise than the one before it on the same question and place.
type Changes struct {
	Before  *uuid.UUID `json:"before"` // null where there is none before
	After   uuid.UUID  `json:"after"`
	Same    int        `json:"same"` // numbers that stayed
	Changed []Change   `json:"changed"`
}

// Changes compares a briefing with the last one before it.
func (r *Room) Changes(ctx context.Context, actor access.Actor, today day.Date, id uuid.UUID) (Changes, error) {
	after, err := r.Briefing(ctx, actor, today, id)
	if err != nil {
		return Changes{}, err
	}
	out := Changes{After: id, Changed: []Change{}}
	all, err := r.Briefings(ctx, actor, today)
	if err != nil {
		return out, err
	}
	for i := range all {
		if b := &all[i]; b.Question == after.Question && b.Division == after.Division && b.State != Returned && b.Recorded.Before(after.Recorded) {
			out.Before = &b.ID
			out.compare(b.Values, after.Values)
			break
		}
	}
	return out, nil
}

type valueKey struct {
	figure   string
	division place.ID
	back     int
}

func (v *Value) key() valueKey { return valueKey{v.Figure, v.Division, v.Back} }

func (c *Changes) compare(before, after []Value) {
	old := map[valueKey]*Value{}
	for i := range before {
		old[before[i].key()] = &before[i]
	}
	seen := map[valueKey]bool{}
	for i := range after {
		v := &after[i]
		if seen[v.key()] {
			continue
		}
		seen[v.key()] = true
		change := Change{Figure: v.Figure, Title: v.Title, Unit: v.Unit, Division: v.Division, Back: v.Back, Decimals: v.Decimals, After: &v.Number, AfterOn: v.AsOf}
		if was := old[v.key()]; was != nil {
			change.Before, change.BeforeOn, change.Redefined = &was.Number, was.AsOf, was.Definition != v.Definition
			if was.Number == v.Number && !change.Redefined {
				c.Same++
				continue
			}
		}
		c.Changed = append(c.Changed, change)
	}
	for i := range before {
		if v := &before[i]; !seen[v.key()] {
			seen[v.key()] = true
			c.Changed = append(c.Changed, Change{Figure: v.Figure, Title: v.Title, Unit: v.Unit, Division: v.Division, Back: v.Back, Decimals: v.Decimals, Before: &v.Number, BeforeOn: v.AsOf})
		}
	}
}
