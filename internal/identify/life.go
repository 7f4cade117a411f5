package identify

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"liandong/criteria"
	"liandong/day"
	"liandong/errs"
	"liandong/formula"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/ledger"
)

// State is how far a version of a document has come.
type State string

// The states, in the order in which a version goes through them. A version that another one follows is superseded from that day on.
const (
	Draft      State = "draft"      // 草稿: can be saved again, and tried
	Tested     State = "tested"     // 已测试: its own cases pass
	Enacted    State = "in_force"   // 执行中: decisions may rest on it from a day
	Superseded State = "superseded" // 已被替代
)

// Version is one version of a document with its state on a day.
type Version struct {
	Document string    `json:"document"` // four-looks@2016
	Title    errs.Text `json:"title"`
	State    State     `json:"state"`
	From     day.Date  `json:"from"`  // in force; zero before
	Until    day.Date  `json:"until"` // the last day in force; zero where open
	Shipped  bool      `json:"shipped"`
	Actor    string    `json:"actor,omitempty"`
	Note     string    `json:"note,omitempty"`
	Recorded time.Time `json:"recorded_at"`

	name string
	text []byte
}

const (
	opDraft       = "criteria.draft"
	opTest        = "criteria.test"
	opEnact       = "criteria.enact"
	kindLifeEvent = "criteria_event"
)

// eventRow is one step in the life of a version, as stored.
type eventRow struct {
	id       uuid.UUID
	recorded time.Time
	document string
	digest   [32]byte
	state    State
	from     day.Date // Enacted alone
	actor    string
	note     string
	leaf     int64
}

const eventColumns = "event, recorded_at, document, digest, state, valid_from, actor, note, leaf"

func scanEvent(rows *db.Rows, more ...any) (r eventRow, err error) {
	var recorded, from int64
	var digest []byte
	err = rows.Scan(append([]any{&r.id, &recorded, &r.document, &digest, (*string)(&r.state), &from, &r.actor, &r.note, &r.leaf}, more...)...)
	r.recorded = time.UnixMicro(recorded).UTC()
	if r.state == Enacted {
		r.from = day.FromUnixDays(int(from))
	}
	copy(r.digest[:], digest)
	return r, err
}

func (r *eventRow) entry() ledger.Entry {
	return ledger.Entry{Kind: kindLifeEvent, Subject: r.id, Digest: sha256.Sum256(fmt.Appendf(nil, "%d %q %x %s %s %q %q", r.recorded.UnixMicro(), r.document, r.digest, r.state, r.from, r.actor, r.note))}
}

// versionsIn are all versions with their states of the transaction: the shipped ones and what was stored, by name and then in order of time.
func (r *Room) versionsIn(tx *db.Tx) ([]Version, error) {
	var all []Version
	for _, id := range criteria.Shipped() {
		d, err := shipped(id, r.texts.read)
		if err != nil {
			return nil, err
		}
		all = append(all, Version{Document: id, Title: d.Title, State: Enacted, From: d.Effective.From, Until: d.Effective.Until, Shipped: true, name: d.Name, text: d.Text})
	}
	rows, err := db.Collect(tx, func(rows *db.Rows) (Version, error) {
		var text []byte
		e, err := scanEvent(rows, &text)
		if err != nil {
			return Version{}, err
		}
		if sha256.Sum256(text) != e.digest {
			return Version{}, errs.New(errs.Internal, "identify.versions", "", "the stored text of a criteria document is not what its event names")
		}
		return Version{Document: e.document, State: e.state, From: e.from, Actor: e.actor, Note: e.note, Recorded: e.recorded, text: text}, nil
	}, `SELECT `+eventColumns+`, (SELECT t.body FROM criteria_text t WHERE t.digest = criteria_event.digest) FROM criteria_event ORDER BY leaf`)
	if err != nil {
		return nil, err
	}
	for _, v := range rows { // the last step of each version is its state
		d, err := r.texts.read(v.text)
		if err != nil {
			return nil, err
		}
		v.Title, v.name = d.Title, d.Name
		if v.State == Enacted {
			v.Until = d.Effective.Until
		}
		if at := slices.IndexFunc(all, func(o Version) bool { return o.Document == v.Document }); at >= 0 {
			all[at] = v
		} else {
			all = append(all, v)
		}
	}
	slices.SortStableFunc(all, func(a, b Version) int {
		return cmp.Or(strings.Compare(a.name, b.name), a.From.Compare(b.From), strings.Compare(a.Document, b.Document))
	})
	supersede(all)
	return all, nil
}

// supersede ends each version in force on the day before the next one of its name begins.
func supersede(all []Version) {
	for i := range all {
		for k := i + 1; k < len(all); k++ {
			a, b := &all[i], &all[k]
			if a.name != b.name || a.State != Enacted || b.State != Enacted {
				continue
			}
			if last := b.From.AddDays(-1); a.Until.IsZero() || last.Before(a.Until) {
				a.Until = last
			}
			break
		}
	}
}

// Versions lists every version of every document with its state on the day: the shipped ones are there from the start.
func (r *Room) Versions(ctx context.Context, on day.Date) ([]Version, error) {
	var all []Version
	err := r.db.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = r.versionsIn(tx)
		return err
	})
	for i := range all {
		if v := &all[i]; v.State == Enacted && !v.Until.IsZero() && v.Until.Before(on) {
			v.State = Superseded
		}
	}
	return all, err
}

// Document finds a version by its id, four-looks@2016, with the days on which decisions may rest on it.
func (r *Room) Document(ctx context.Context, id string) (Document, error) {
	var found *Version
	var known []string
	err := r.db.Read(ctx, func(tx *db.Tx) error {
		all, err := r.versionsIn(tx)
		for i := range all {
			known = append(known, all[i].Document)
			if all[i].Document == id {
				found = &all[i]
			}
		}
		return err
	})
	if err != nil {
		return Document{}, err
	}
	if found == nil {
		list := strings.Join(known, "、")
		return Document{}, errs.New(errs.NotFound, "identify.Document", "没有标准文件「"+id+"」。可用的有："+list+"。", "There is no criteria document \""+id+"\". There are: "+strings.ReplaceAll(list, "、", ", ")+".")
	}
	d, err := r.texts.read(found.text)
	if err != nil {
		return Document{}, err
	}
	d.period = &criteria.Effective{From: found.From, Until: found.Until}
	if found.State != Enacted {
		d.period = &criteria.Effective{From: day.MustOf(9999, 12, 31), Until: day.MustOf(9999, 12, 31)} // a draft is for analysis
	}
	return d, nil
}

// InForce reports whether decisions of the day may rest on the document: by its life in the city where it has one, else by its own text.
func (d *Document) InForce(on day.Date) bool {
	if d.period != nil {
		return d.period.InForce(on)
	}
	return d.Effective.InForce(on)
}

// SaveDraft stores a draft with a note: a new version, or a new text of one that is not in force yet.
func (r *Room) SaveDraft(ctx context.Context, actor access.Actor, text []byte, note string, on day.Date) (Version, error) {
	if err := r.mayOver(actor, access.RunCriteria, on); err != nil {
		return Version{}, err
	}
	d, err := Read(text)
	if err != nil {
		return Version{}, err
	}
	err = r.db.Write(ctx, func(tx *db.Tx) error {
		v, err := r.versionIn(tx, d.ID())
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		if err == nil && v.State == Enacted {
			return errs.New(errs.Conflict, "identify.SaveDraft", d.ID()+" 已经执行，不能改动。请换一个版本号（version）另存。", d.ID()+" is in force and cannot be changed. Save it under another version.")
		}
		return r.step(tx, opDraft, &eventRow{document: d.ID(), digest: sha256.Sum256(text), state: Draft, actor: actor.ID, note: note}, text)
	})
	if err != nil {
		return Version{}, err
	}
	return r.Version(ctx, d.ID(), on)
}

// Test runs a draft's own cases and marks it tested. One that fails, or that has none, is refused with line and column.
func (r *Room) Test(ctx context.Context, actor access.Actor, id string, on day.Date) (Version, error) {
	if err := r.mayOver(actor, access.RunCriteria, on); err != nil {
		return Version{}, err
	}
	err := r.db.Write(ctx, func(tx *db.Tx) error {
		v, err := r.versionIn(tx, id)
		if err != nil {
			return err
		}
		if v.State != Draft {
			return wrongState(id, v.State, Draft)
		}
		d, err := Read(v.text)
		if err != nil {
			return err
		}
		if len(d.Cases) == 0 {
			return &formula.Refusal{At: formula.Position{Line: 1, Column: 1}, Text: errs.Text{ZH: "标准没有自己的例子（cases），不能通过测试。", EN: "The document has no cases of its own; it cannot be tested."}}
		}
		if err := CheckCases(d); err != nil {
			return err
		}
		return r.step(tx, opTest, &eventRow{document: id, digest: sha256.Sum256(v.text), state: Tested, actor: actor.ID, note: fmt.Sprintf("%d cases", len(d.Cases))}, v.text)
	})
	if err != nil {
		return Version{}, err
	}
	return r.Version(ctx, id, on)
}

// PutInForce lets decisions rest on a tested version from a day on. The version of its name that held before ends the day before; one that
// begins on the day or later and would overlap is a reason to refuse, and so is a day outside of the document's own period.
func (r *Room) PutInForce(ctx context.Context, actor access.Actor, id string, from day.Date, note string, on day.Date) (Version, error) {
	if err := r.mayOver(actor, access.Decide, on); err != nil {
		return Version{}, err
	}
	err := r.db.Write(ctx, func(tx *db.Tx) error {
		all, err := r.versionsIn(tx)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(all, func(v Version) bool { return v.Document == id })
		if at < 0 {
			return access.NotFound(errs.Text{ZH: "标准文件", EN: "criteria document"})
		}
		v := &all[at]
		if v.State != Tested {
			return wrongState(id, v.State, Tested)
		}
		d, err := Read(v.text)
		if err != nil {
			return err
		}
		if !d.Effective.InForce(from) {
			return &formula.Refusal{At: d.EffectiveAt, Text: errs.Text{ZH: fmt.Sprintf("%s 不在文件自己写的有效期（effective）内。", from), EN: fmt.Sprintf("%s is outside of the period that the document itself gives (effective).", from)}}
		}
		for i := range all {
			if o := &all[i]; o.name == v.name && o.State == Enacted && !o.From.Before(from) && (d.Effective.Until.IsZero() || !o.From.After(d.Effective.Until)) {
				return &formula.Refusal{At: d.EffectiveAt, Text: errs.Text{
					ZH: fmt.Sprintf("%s 自 %s 起执行，与 %s 的有效期重叠。请改日期或 effective。", o.Document, o.From, id),
					EN: fmt.Sprintf("%s is in force from %s and overlaps with %s. Change the day or effective.", o.Document, o.From, id),
				}}
			}
		}
		return r.step(tx, opEnact, &eventRow{document: id, digest: sha256.Sum256(v.text), state: Enacted, from: from, actor: actor.ID, note: note}, v.text)
	})
	if err != nil {
		return Version{}, err
	}
	return r.Version(ctx, id, on)
}

func wrongState(id string, is, wants State) error {
	words := map[State]errs.Text{Draft: {ZH: "草稿", EN: "a draft"}, Tested: {ZH: "已测试", EN: "tested"}, Enacted: {ZH: "执行中", EN: "in force"}}
	return errs.New(errs.Conflict, "identify.life", fmt.Sprintf("%s 现在是「%s」，这一步要求「%s」。", id, words[is].ZH, words[wants].ZH), fmt.Sprintf("%s is %s; this step wants one that is %s.", id, words[is].EN, words[wants].EN))
}

// mayOver asks that the actor may do it over the whole city, whose documents hold for every part of it.
func (r *Room) mayOver(actor access.Actor, action access.Action, on day.Date) error {
	scope, err := actor.Require(action, on)
	if err != nil {
		return err
	}
	for _, county := range r.registry.Counties() {
		if !scope.Contains(county) {
			return access.NotFound(errs.Text{ZH: "标准文件", EN: "criteria document"})
		}
	}
	return nil
}

func (r *Room) versionIn(tx *db.Tx, id string) (Version, error) {
	all, err := r.versionsIn(tx)
	if err != nil {
		return Version{}, err
	}
	if at := slices.IndexFunc(all, func(v Version) bool { return v.Document == id }); at >= 0 {
		return all[at], nil
	}
	return Version{}, access.NotFound(errs.Text{ZH: "标准文件", EN: "criteria document"})
}

// Version is one version with its state on the day.
func (r *Room) Version(ctx context.Context, id string, on day.Date) (Version, error) {
	all, err := r.Versions(ctx, on)
	if err != nil {
		return Version{}, err
	}
	if at := slices.IndexFunc(all, func(v Version) bool { return v.Document == id }); at >= 0 {
		return all[at], nil
	}
	return Version{}, access.NotFound(errs.Text{ZH: "标准文件", EN: "criteria document"})
}

// step writes one step of a version's life with its leaf.
func (r *Room) step(tx *db.Tx, operation string, e *eventRow, text []byte) error {
	e.id, e.recorded = r.newID(), tx.Now()
	var err error
	if e.leaf, err = ledger.Append(tx, ledger.System, ledger.Act{Actor: e.actor, Operation: operation, Source: e.document, Reason: e.note}, []ledger.Entry{e.entry()}); err != nil {
		return err
	}
	if _, err := tx.Exec(`INSERT INTO criteria_text (digest, document, body) VALUES (?, ?, ?) ON CONFLICT (digest) DO NOTHING`, e.digest[:], e.document, text); err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO criteria_event (`+eventColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.id, e.recorded, e.document, e.digest[:], string(e.state), int64(e.from.UnixDays()), e.actor, e.note, e.leaf)
	return err
}
