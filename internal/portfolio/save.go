package portfolio

import (
	"bytes"
	"context"
	"time"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/ledger"
	"liandong/place"
)

// Draft is a noun as somebody wants it written down from a day on.
type Draft struct {
	Subject  ID       // made by whoever writes it down first; the same id again is the same noun
	Valid    day.Date // since when it is so
	Document Document
	Version  int64 // the version that was read, 0 for a new one; another one now is a conflict
	Source   string
	Reason   string
}

// Note is a fact about a noun as somebody wants it written down.
type Note struct {
	Subject ID
	Fact    Fact
	Version int64 // the version that was read; needed to correct a fact that is there, else 0 will do
	Source  string
	Reason  string
}

// Saved is a written record.
type Saved struct {
	Subject  ID        `json:"id"`
	Revision ID        `json:"revision"`
	Version  int64     `json:"version"`
	Recorded time.Time `json:"recorded_at"`
	Late     bool      `json:"late" doc:"a later revision exists: what is so today is as it was"`
}

// Save writes a document: checked, within the actor's territory, on the version they read, in one transaction with its leaf in the ledger. Saving
// the same again writes nothing and gives the revision that is there.
func (r *Room) Save(ctx context.Context, actor access.Actor, d Draft) (Saved, error) {
	scope, err := actor.Require(access.WriteProjects, day.InTime(r.now()))
	if err != nil {
		return Saved{}, err
	}
	if d.Valid.IsZero() {
		return Saved{}, invalid("valid", "请写明从哪一天起有效。", "The day since when it is so is missing.")
	}
	if err := first(d.Document.check(), r.checkPlace(scope, d.Document.where())); err != nil {
		return Saved{}, err
	}
	row, err := documentRecord(d.Subject, d.Valid, d.Document)
	if err != nil {
		return Saved{}, err
	}
	var saved Saved
	err = r.db.Write(ctx, func(tx *db.Tx) error {
		saved, err = r.writeDocument(tx, scope, actor, row, d)
		return err
	})
	return saved, err
}

// checkPlace accepts the city and its counties, and what lies in them, within the scope.
func (r *Room) checkPlace(scope access.Scope, id place.ID) error {
	if _, ok := r.places.Division(id); !ok || !r.city.Contains(id) || !scope.Contains(id) {
		return access.NotFound(errs.Text{ZH: "区划", EN: "division"})
	}
	return nil
}

func (r *Room) writeDocument(tx *db.Tx, scope access.Scope, actor access.Actor, row record, d Draft) (Saved, error) {
	now, exists, err := r.held(tx, scope, d.Subject, d.Document.kind())
	if err != nil {
		return Saved{}, err
	}
	if !exists {
		now = subject{County: d.Document.where().County(), ID: d.Subject, Kind: d.Document.kind()}
	}
	row.county = now.County
	if there, found, err := latestRecord(tx, &row); err != nil || found && there.on == row.on && bytes.Equal(there.body, row.body) {
		return Saved{Subject: d.Subject, Revision: there.revision, Version: now.Version, Recorded: time.UnixMicro(there.recordedAt).UTC()}, err
	}
	if now.Version != d.Version {
		return Saved{}, changedMeanwhile(d.Document.kind())
	}
	if err := r.checkReferences(tx, d.Document, d.Subject); err != nil {
		return Saved{}, err
	}
	if err := r.append(tx, actor, ledger.Act{Operation: opSave, Reason: d.Reason, Source: d.Source}, &row); err != nil {
		return Saved{}, err
	}
	late := exists && d.Valid.Before(now.Valid)
	if !late {
		now.Division, now.Name, now.Valid, now.Number = d.Document.where(), d.Document.title(), d.Valid, numberOf(d.Document)
	}
	now.Version++
	if err := storeSubject(tx, &now); err != nil {
		return Saved{}, err
	}
	saved := Saved{Subject: d.Subject, Revision: row.revision, Version: now.Version, Recorded: tx.Now(), Late: late}
	return saved, r.refreshIf(tx, &now)
}

func numberOf(d Document) string {
	if p, ok := d.(*Project); ok {
		return p.Number
	}
	return ""
}

// refreshIf computes anew what follows from a project's facts.
func (r *Room) refreshIf(tx *db.Tx, s *subject) error {
	if s.Kind != ProjectKind {
		return nil
	}
	h, err := r.historyOf(tx, s.County, s.ID, Moment{}.known())
	if err != nil {
		return err
	}
	return r.refresh(tx, h)
}

// held locks a noun and gives its row. One of another kind or outside the scope is not found.
func (r *Room) held(tx *db.Tx, scope access.Scope, id ID, kind Kind) (subject, bool, error) {
	if err := tx.Lock("portfolio " + id.String()); err != nil {
		return subject{}, false, err
	}
	now, exists, err := subjectOf(tx, id)
	if err != nil {
		return subject{}, false, err
	}
	if exists && (now.Kind != kind || !scope.Contains(now.Division)) {
		return subject{}, false, access.NotFound(kind.Word())
	}
	return now, exists, nil
}

// latestRecord is the record of the same item that was written last: for a document, of those valid on or before its day.
func latestRecord(tx *db.Tx, row *record) (record, bool, error) {
	where, args := "", []any{int64(row.county), row.subject, string(row.kind), row.item}
	order := "recorded_at DESC, revision DESC"
	if row.kind == OrganisationKind || row.kind == AgreementKind || row.kind == ProjectKind || row.kind == PlatformKind {
		where, order = " AND on_day <= ?", "on_day DESC, "+order
		args = append(args, row.on)
	}
	found, err := db.Collect(tx, scanRecord, `SELECT `+recordColumns+` FROM portfolio_record WHERE county = ? AND subject = ? AND kind = ? AND item = ?`+where+
		` ORDER BY `+order+` LIMIT 1`, args...)
	if err != nil || len(found) == 0 {
		return record{}, false, err
	}
	return found[0], true, nil
}

func changedMeanwhile(kind Kind) error {
	word := kind.Word()
	return errs.New(errs.Conflict, "portfolio.Save",
		"您打开之后，这个"+word.ZH+"已被别人修改。请重新打开，核对后再保存。", "Somebody else changed this "+word.EN+" after you opened it. Open it again, compare, and save once more.")
}

// append writes a record and its leaf.
func (r *Room) append(tx *db.Tx, actor access.Actor, act ledger.Act, row *record) error {
	act.Actor = actor.ID
	row.recordedAt = tx.Now().UnixMicro()
	row.name()
	leaf, err := ledger.Append(tx, int64(row.county), act, []ledger.Entry{row.entry()})
	if err != nil {
		return err
	}
	row.leaf = leaf
	_, err = tx.Exec(`INSERT INTO portfolio_record (`+recordColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, row.values()...)
	return err
}

func storeSubject(tx *db.Tx, s *subject) error {
	_, err := tx.Exec(`INSERT INTO portfolio_subject (`+subjectColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (county, subject) DO UPDATE SET division = excluded.division, number = excluded.number, name = excluded.name,
		valid_day = excluded.valid_day, version = excluded.version`, s.values()...)
	return err
}

// checkReferences makes sure that what a document names is there and is what it is taken for, and that a project's number is its own.
func (r *Room) checkReferences(tx *db.Tx, d Document, self ID) error {
	want := func(id ID, kind Kind, where string) error {
		s, ok, err := subjectOf(tx, id)
		if err == nil && (!ok || s.Kind != kind) {
			word := kind.Word()
			return invalid(where, "所引用的"+word.ZH+"不存在。", "The "+word.EN+" that is named does not exist.")
		}
		return err
	}
	switch v := d.(type) {
	case *Organisation:
		if v.Group != nil {
			return want(*v.Group, OrganisationKind, "group")
		}
	case *Agreement:
		return wantParties(v.Parties, want)
	case *Project:
		err := wantParties(v.Parties, want)
		for _, id := range v.Agreements {
			err = first(err, want(id, AgreementKind, "agreements"))
		}
		for _, id := range v.Platforms {
			err = first(err, want(id, PlatformKind, "platforms"))
		}
		return first(err, checkNumber(tx, v.Number, self))
	}
	return nil
}

func wantParties(parties []Party, want func(ID, Kind, string) error) (err error) {
	for _, p := range parties {
		err = first(err, want(p.Organisation, OrganisationKind, "parties.organisation"))
	}
	return err
}

func checkNumber(tx *db.Tx, number string, self ID) error {
	if number == "" {
		return nil
	}
	others, err := db.Collect(tx, scanSubject, `SELECT `+subjectColumns+` FROM portfolio_subject WHERE number = ? AND kind = ? AND subject <> ? LIMIT 1`, number, string(ProjectKind), self)
	if err == nil && len(others) > 0 {
		return errs.New(errs.Conflict, "portfolio.Save", "项目编号 "+number+" 已用于另一个项目。请核对。", "The project number "+number+" belongs to another project. Check it.").At("number")
	}
	return err
}

// Note writes a fact about a project or platform. An event must fit the stage machine between what came before it and what came after. The same
// fact again writes nothing; another word on a fact that is there needs the version that was read.
func (r *Room) Note(ctx context.Context, actor access.Actor, n Note) (Saved, error) {
	action := access.WriteProjects
	if n.Fact.factKind() == inspectionKind {
		action = access.InspectProjects
	}
	scope, err := actor.Require(action, day.InTime(r.now()))
	if err != nil {
		return Saved{}, err
	}
	if err := n.Fact.check(); err != nil {
		return Saved{}, err
	}
	row, err := factRecord(n.Subject, n.Fact)
	if err != nil {
		return Saved{}, err
	}
	var saved Saved
	err = r.db.Write(ctx, func(tx *db.Tx) error {
		saved, err = r.writeFact(tx, scope, actor, row, n)
		return err
	})
	return saved, err
}

func (r *Room) writeFact(tx *db.Tx, scope access.Scope, actor access.Actor, row record, n Note) (Saved, error) {
	now, exists, err := r.held(tx, scope, n.Subject, n.Fact.about())
	if err != nil {
		return Saved{}, err
	}
	if !exists {
		return Saved{}, access.NotFound(n.Fact.about().Word())
	}
	row.county = now.County
	there, found, err := latestRecord(tx, &row)
	if err != nil {
		return Saved{}, err
	}
	if found && bytes.Equal(there.body, row.body) {
		return Saved{Subject: n.Subject, Revision: there.revision, Version: now.Version, Recorded: time.UnixMicro(there.recordedAt).UTC()}, nil
	}
	if (found || n.Version != 0) && n.Version != now.Version {
		return Saved{}, changedMeanwhile(n.Fact.about())
	}
	if err := r.checkFact(tx, &now, n.Fact); err != nil {
		return Saved{}, err
	}
	if err := r.append(tx, actor, ledger.Act{Operation: opNote, Reason: n.Reason, Source: n.Source}, &row); err != nil {
		return Saved{}, err
	}
	now.Version++
	if err := storeSubject(tx, &now); err != nil {
		return Saved{}, err
	}
	return Saved{Subject: n.Subject, Revision: row.revision, Version: now.Version, Recorded: tx.Now()}, r.refreshIf(tx, &now)
}

// checkFact looks at an event beside the others of its project.
func (r *Room) checkFact(tx *db.Tx, now *subject, f Fact) error {
	e, ok := f.(*Event)
	if !ok {
		return nil
	}
	for _, named := range []struct {
		id    *ID
		kind  Kind
		where string
	}{{e.Agreement, AgreementKind, "agreement"}, {e.Organisation, OrganisationKind, "organisation"}} {
		if named.id == nil {
			continue
		}
		s, found, err := subjectOf(tx, *named.id)
		if err != nil {
			return err
		}
		if !found || s.Kind != named.kind {
			word := named.kind.Word()
			return invalid(named.where, "所引用的"+word.ZH+"不存在。", "The "+word.EN+" that is named does not exist.")
		}
	}
	h, err := r.historyOf(tx, now.County, now.ID, Moment{}.known())
	if err != nil {
		return err
	}
	_, err = course(r.with(h.Events, e))
	return err
}

// with is a project's events with one more, or with another word on one that is there.
func (r *Room) with(events []Event, e *Event) []Event {
	all := make([]Event, 0, len(events)+1)
	for i := range events {
		if events[i].ID != e.ID {
			all = append(all, events[i])
		}
	}
	if !e.Void {
		all = append(all, *e)
	}
	r.counting.inOrder(all)
	return all
}
