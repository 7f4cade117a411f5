package claim

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/dossier"
)

// Check is a stored judging of a document: its text, both dates, and what was found. It replays.
type Check struct {
	ID       uuid.UUID `json:"id"`
	Document string    `json:"document"` // "baoding-2015-12@2015.12"
	Title    errs.Text `json:"title"`
	Digest   string    `json:"digest"` // SHA-256 of the text, hexadecimal
	AsOf     day.Date  `json:"as_of"`
	KnownAt  time.Time `json:"known_at"`
	Actor    string    `json:"actor"`
	Recorded time.Time `json:"recorded_at"`
	Claims   []Judged  `json:"claims"`
	text     []byte
}

// storedCheck is the body of a check's entry.
type storedCheck struct {
	Text    string    `json:"text"`
	AsOf    day.Date  `json:"as_of"`
	KnownAt time.Time `json:"known_at"`
	Claims  []Judged  `json:"claims"`
}

const actChecked = "checked"

func checkMachine() dossier.Machine[Check] {
	return dossier.Machine[Check]{
		Kind: "claim_check", Noun: errs.Text{ZH: "核对结果", EN: "check"},
		Step: func(c Check, e dossier.Entry) (Check, error) {
			if e.Sequence != 1 {
				return c, errs.New(errs.Conflict, "claim.Check", "核对结果存下后不再改动。", "A check that is stored is not changed.")
			}
			var b storedCheck
			if err := json.Unmarshal(e.Body, &b); err != nil {
				return c, errs.Wrap("claim.Check", err)
			}
			d, err := Parse([]byte(b.Text))
			sum := sha256.Sum256([]byte(b.Text))
			return Check{
				ID: e.Dossier, Document: d.Name(), Title: d.Title, Digest: hex.EncodeToString(sum[:]), AsOf: b.AsOf, KnownAt: b.KnownAt,
				Actor: e.Actor, Recorded: e.Recorded, Claims: b.Claims, text: []byte(b.Text),
			}, err
		},
		Head: func(c Check) dossier.Head {
			return dossier.Head{State: actChecked, Title: c.Title.ZH, Subject: "claims:" + c.Document, Group: c.Document}
		},
	}
}

// Entered is evidence for a claim that no figure answers, entered by a person who answers for it: the paper, its day and what it shows.
type Entered struct {
	Document string   `json:"document"`
	Claim    string   `json:"claim"`
	Evidence string   `json:"evidence"`
	On       day.Date `json:"on"` // of the paper
	Basis    string   `json:"basis"`
	Words    string   `json:"words"`
	Result   Result   `json:"result"` // met, partly or unmet
	recorded time.Time
}

const actEntered = "entered"

func evidenceMachine() dossier.Machine[Entered] {
	return dossier.Machine[Entered]{
		Kind: "claim_evidence", Noun: errs.Text{ZH: "证据", EN: "evidence"},
		Step: func(_ Entered, e dossier.Entry) (Entered, error) {
			var next Entered
			if err := json.Unmarshal(e.Body, &next); err != nil {
				return next, errs.Wrap("claim.Evidence", err)
			}
			next.recorded = e.Recorded
			switch {
			case next.Basis == "" || next.Words == "":
				return next, errs.New(errs.Invalid, "claim.Evidence", "请写明依据的文件（名称、文号）和它说明什么。", "Name the paper, with its number, and what it shows.").At("basis")
			case next.On.IsZero() || next.On.After(e.On):
				return next, errs.New(errs.Invalid, "claim.Evidence", "证据的日期缺失，或晚于录入日。", "The evidence has no date, or one after the day of entry.").At("on")
			case next.Result != Met && next.Result != PartMet && next.Result != Unmet:
				return next, errs.New(errs.Invalid, "claim.Evidence", "结论应为 met、partly 或 unmet。", "What it shows is met, partly or unmet.").At("result")
			}
			return next, nil
		},
		Head: func(s Entered) dossier.Head {
			return dossier.Head{State: string(s.Result), Title: s.Words, Subject: "claim:" + s.Document + "/" + s.Claim, Group: s.Evidence}
		},
	}
}

const actWritten = "written"

// ownMachine keeps the documents that a city writes itself; every entry is the whole text.
func ownMachine() dossier.Machine[Document] {
	return dossier.Machine[Document]{
		Kind: "claim_document", Noun: errs.Text{ZH: "口径文件", EN: "document of claims"},
		Step: func(before Document, e dossier.Entry) (Document, error) {
			var b struct {
				Text string `json:"text"`
			}
			if err := json.Unmarshal(e.Body, &b); err != nil {
				return before, errs.Wrap("claim.Document", err)
			}
			next, err := Parse([]byte(b.Text))
			if err == nil && before.ID != "" && next.ID != before.ID {
				err = errs.New(errs.Conflict, "claim.Document", "文件的编号不能改，原为「"+before.ID+"」。", "A document's id does not change; it was "+before.ID+".")
			}
			return next, err
		},
		Head: func(d Document) dossier.Head {
			return dossier.Head{State: actWritten, Title: d.Title.ZH, Subject: "claims:" + d.ID}
		},
	}
}

// writes is where the actor may check claims and enter evidence.
func (r *Room) writes(actor access.Actor, today day.Date) (dossier.Reader, error) {
	scope, err := actor.Require(access.CheckClaims, today)
	if err == nil && !scope.Contains(r.city) {
		err = access.NotFound(errs.Text{ZH: "口径文件", EN: "document of claims"})
	}
	return dossier.Reader{Scope: scope}, err
}

// Save judges a document and stores the check under the id. The same id again gives what was stored.
func (r *Room) Save(ctx context.Context, actor access.Actor, today day.Date, id uuid.UUID, d *Document, q Request) (Check, error) {
	reach, err := r.writes(actor, today)
	if err != nil {
		return Check{}, err
	}
	if there, err := r.checks.Get(ctx, reach, id, dossier.Moment{}); err == nil {
		return there.State, nil
	}
	if q.KnownAt.IsZero() {
		if err := r.db.Read(ctx, func(tx *db.Tx) error { q.KnownAt = tx.Settled(); return nil }); err != nil {
			return Check{}, err
		}
	}
	if q.AsOf.IsZero() {
		q.AsOf = today
	}
	claims, err := r.Judge(ctx, actor, today, d, q)
	if err != nil {
		return Check{}, err
	}
	saved, err := r.checks.Add(ctx, actor, reach, dossier.Draft{
		ID: id, Dossier: id, Division: r.city, Act: actChecked, Source: d.Name(),
		Body: storedCheck{Text: string(d.Text), AsOf: q.AsOf, KnownAt: q.KnownAt, Claims: claims},
	})
	return saved.State, err
}

// Checks lists the stored checks, the latest first.
func (r *Room) Checks(ctx context.Context, actor access.Actor, today day.Date) ([]Check, error) {
	scope, err := r.reads(actor, today)
	if err != nil {
		return nil, err
	}
	all, err := r.checks.All(ctx, dossier.Reader{Scope: scope}, dossier.Moment{})
	out := make([]Check, 0, len(all))
	for _, d := range slices.Backward(all) {
		out = append(out, d.State)
	}
	return out, err
}

// Stored reads a stored check.
func (r *Room) Stored(ctx context.Context, actor access.Actor, today day.Date, id uuid.UUID) (Check, error) {
	scope, err := r.reads(actor, today)
	if err != nil {
		return Check{}, err
	}
	d, err := r.checks.Get(ctx, dossier.Reader{Scope: scope}, id, dossier.Moment{})
	return d.State, err
}

// Replayed is a stored check made again from its text and dates.
type Replayed struct {
	Same    bool     `json:"same"`
	Differs []string `json:"differs"` // the claims about which something else is found now
	Check   Check    `json:"check"`
	Now     []Judged `json:"now"`
}

// Replay makes a stored check again and compares what is found with what was stored, to the last byte.
func (r *Room) Replay(ctx context.Context, actor access.Actor, today day.Date, id uuid.UUID) (Replayed, error) {
	c, err := r.Stored(ctx, actor, today, id)
	if err != nil {
		return Replayed{}, err
	}
	d, err := Parse(c.text)
	if err != nil {
		return Replayed{}, err
	}
	out := Replayed{Check: c, Differs: []string{}}
	if out.Now, err = r.Judge(ctx, actor, today, &d, Request{AsOf: c.AsOf, KnownAt: c.KnownAt}); err != nil {
		return out, err
	}
	for i := range out.Now {
		if i >= len(c.Claims) || !equalJSON(&c.Claims[i], &out.Now[i]) {
			out.Differs = append(out.Differs, out.Now[i].Claim)
		}
	}
	out.Same = len(out.Differs) == 0 && len(out.Now) == len(c.Claims)
	return out, nil
}

func equalJSON(a, b *Judged) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// Enter writes down evidence for a claim.
func (r *Room) Enter(ctx context.Context, actor access.Actor, today day.Date, id uuid.UUID, e Entered) error {
	reach, err := r.writes(actor, today)
	if err != nil {
		return err
	}
	d, err := r.Document(ctx, actor, today, e.Document)
	if err != nil {
		return err
	}
	c, ok := d.Claim(e.Claim)
	if !ok || !c.wants(e.Evidence) {
		return errs.New(errs.NotFound, "claim.Enter", "这条提法不需要名为「"+e.Evidence+"」的证据。", "The claim asks for no evidence named "+e.Evidence+".").At("evidence")
	}
	_, err = r.evidence.Add(ctx, actor, reach, dossier.Draft{ID: id, Dossier: id, Division: r.city, Act: actEntered, Body: e, Source: e.Basis})
	return err
}

func (c *Claim) wants(evidence string) bool {
	for i := range c.Readings {
		for k := range c.Readings[i].Tests {
			if evidence != "" && c.Readings[i].Tests[k].Evidence == evidence {
				return true
			}
		}
	}
	return false
}

// Write stores a document of the city's own, the whole text; one with the id of an earlier one follows it.
func (r *Room) Write(ctx context.Context, actor access.Actor, today day.Date, entry uuid.UUID, text []byte) (Document, error) {
	reach, err := r.writes(actor, today)
	if err != nil {
		return Document{}, err
	}
	d, err := Parse(text)
	if err != nil {
		return d, err
	}
	draft := dossier.Draft{ID: entry, Dossier: entry, Division: r.city, Act: actWritten, Source: d.Name(), Body: map[string]string{"text": string(text)}}
	page, err := r.own.List(ctx, reach, dossier.Filter{Subject: "claims:" + d.ID}, "", 1)
	if err != nil {
		return d, err
	}
	if len(page.Heads) > 0 {
		draft.Dossier, draft.Version = page.Heads[0].Dossier, page.Heads[0].Version
	}
	_, err = r.own.Add(ctx, actor, reach, draft)
	return d, err
}
