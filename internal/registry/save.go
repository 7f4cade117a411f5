package registry

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"time"

	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/ledger"
	"liandong/place"
)

// Draft is a household as somebody wants it written down from a day on.
type Draft struct {
	Household ID           // made by whoever writes it down first; the same id again is the same household
	Valid     day.Date     // since when it is so
	Event     Event        // why it is written
	Record    *form.Record // the whole household, secrets in plain text; members without a person key are new
	Version   int64        // the version that was read, 0 for a new household; another one now is a conflict
	Source    string       // from where: "走访", a file's name
	Reason    string       // free words, for the log
}

// Saved is a written revision.
type Saved struct {
	Household ID             `json:"household"`
	Revision  ID             `json:"revision"`
	Version   int64          `json:"version"`
	Recorded  time.Time      `json:"recorded_at"`
	Late      bool           `json:"late"` // a later revision exists: the current view is as it was
	Findings  []form.Finding `json:"findings"`
}

// Save writes one revision: checked by the form, within the actor's territory, on the version they read, in one transaction with its leaf
// in the ledger. Saving an unchanged record again writes nothing and gives the revision that is there.
func (r *Registry) Save(ctx context.Context, actor access.Actor, d Draft) (Saved, error) {
	scope, err := actor.Require(access.WriteRecords, day.InTime(r.now()))
	if err != nil {
		return Saved{}, err
	}
	if err := r.check(d.Record, d.Valid); err != nil {
		return Saved{}, err
	}
	county, err := r.countyWithin(scope, d.Record)
	if err != nil {
		return Saved{}, err
	}
	var saved Saved
	err = r.db.Write(ctx, func(tx *db.Tx) error {
		saved, err = r.write(tx, scope, actor, county, d)
		return err
	})
	return saved, err
}

// check is the form's word on a record that is to be stored.
func (r *Registry) check(record *form.Record, on day.Date) error {
	for _, finding := range r.form.Check(record, on) {
		if finding.Severity == form.Error {
			return finding.Err()
		}
	}
	return nil
}

// countyWithin is the county of the record's village, which must be a village that exists and lies in scope.
func (r *Registry) countyWithin(scope access.Scope, record *form.Record) (place.ID, error) {
	v, _ := record.Value(r.fields.village)
	village := place.ID(v)
	if d, ok := r.places.Division(village); !ok || d.Level != place.Village || !scope.Contains(village) {
		return 0, access.NotFound(errs.Text{ZH: "行政村", EN: "village"})
	}
	return village.County(), nil
}

// write is Save within a transaction, after its checks.
func (r *Registry) write(tx *db.Tx, scope access.Scope, actor access.Actor, county place.ID, d Draft) (Saved, error) {
	if err := tx.Lock("household " + d.Household.String()); err != nil {
		return Saved{}, err
	}
	before, exists, err := currentOf(tx, county, d.Household)
	if err != nil {
		return Saved{}, err
	}
	if exists && !scope.Contains(before.Village) {
		return Saved{}, access.NotFound(noHousehold())
	}
	if !exists {
		if _, elsewhere, err := r.countyOf(tx, d.Household); err != nil || elsewhere {
			return Saved{}, firstOf(err, access.NotFound(noHousehold())) // a household leaves its county by a move
		}
	}
	key, err := r.keyOf(tx, county, d.Household)
	if err != nil {
		return Saved{}, err
	}
	record, previous, there, err := r.named(tx, county, d, exists)
	if err != nil {
		return Saved{}, err
	}
	claims := r.claims(record)
	if err := r.seal(key, d.Household, record, previous); err != nil {
		return Saved{}, err
	}
	body := record.AppendBody(nil)
	if there.valid == d.Valid && bytes.Equal(there.body, body) { // sent again: a repeat is harmless, whatever version it names
		return Saved{Household: d.Household, Revision: there.revision, Version: before.Version, Recorded: time.UnixMicro(there.recordedAt).UTC()}, nil
	}
	if exists && before.Version != d.Version || !exists && d.Version != 0 {
		return Saved{}, changedMeanwhile()
	}
	newest := !exists || !d.Valid.Before(before.Valid)
	if newest && before.Closed {
		return Saved{}, errs.New(errs.Conflict, "registry.Save", "这一户已经迁出或撤销，不能再登记新的情况。", "This household has moved away or was taken back; nothing new can be written about it.")
	}
	if newest {
		if err := r.numberFree(tx, county, d.Household, record); err != nil {
			return Saved{}, err
		}
		if err := r.claimAll(tx, county, d.Household, claims); err != nil {
			return Saved{}, err
		}
	}
	row, err := r.appendRevision(tx, actor, county, d, body)
	if err != nil {
		return Saved{}, err
	}
	saved := Saved{Household: d.Household, Revision: row.revision, Version: before.Version + 1, Recorded: tx.Now(), Late: !newest}
	return saved, r.refresh(tx, before, &row, record, &saved, newest)
}

// numberFree refuses a household number that another household of the county has: files and people know households by it.
func (r *Registry) numberFree(tx *db.Tx, county place.ID, household ID, record *form.Record) error {
	number, has := record.Text(r.fields.number)
	if !has {
		return nil
	}
	var taken int64
	if err := tx.QueryRow(`SELECT COUNT(*) FROM household_current WHERE county = ? AND number = ? AND household <> ?`, int64(county), number, household).Scan(&taken); err != nil || taken == 0 {
		return err
	}
	return errs.New(errs.Conflict, "registry.number", "户编号「"+number+"」已用于本县另一户。请核对户编号。", "The household number "+number+" stands for another household of the county. Check the number.").At("number")
}

func changedMeanwhile() error {
	return errs.New(errs.Conflict, "registry.Save",
		"您打开之后，这一户已被别人修改。请重新打开，核对后再保存。", "Somebody else changed this household after you opened it. Open it again, compare, and save once more.")
}

// named gives a copy of the draft's record with a key for every new member, the stored record it follows, and that record's revision.
func (r *Registry) named(tx *db.Tx, county place.ID, d Draft, exists bool) (record, previous *form.Record, there stored, err error) {
	record = d.Record.Clone()
	if exists {
		var found bool
		if there, found, err = revisionAt(tx, county, d.Household, Moment{AsOf: d.Valid}); err != nil {
			return nil, nil, stored{}, err
		}
		if found {
			if previous, err = r.form.Decode(there.body); err != nil {
				return nil, nil, stored{}, err
			}
		}
	}
	r.nameMembers(record, previous)
	return record, previous, there, nil
}

// nameMembers gives a key to every member that has none yet: that of the member of the same number, or the same name and birth day, whom the
// record before had and this one does not name otherwise; a new one to the others.
func (r *Registry) nameMembers(record, previous *form.Record) {
	members, _ := record.Items(r.fields.members)
	named := map[ID]bool{}
	for _, m := range members {
		named[PersonOf(m)] = true
	}
	var free []*form.Record
	if previous != nil {
		before, _ := previous.Items(r.fields.members)
		for _, m := range before {
			if !named[PersonOf(m)] {
				free = append(free, m)
			}
		}
	}
	for _, m := range members {
		if m.Has(r.fields.person) {
			continue
		}
		id := r.newID()
		if same := r.sameMember(free, m); same != nil {
			id = PersonOf(same)
			free = slices.DeleteFunc(free, func(f *form.Record) bool { return f == same })
		}
		m.SetText(r.fields.person, string(id[:]))
	}
}

// Operations that the register writes into the ledger.
const (
	opSave        = "household.save"
	opImport      = "household.import"
	opUndo        = "household.undo"
	opStatus      = "household.status"
	opMove        = "household.move"
	opSplit       = "household.split"
	opShow        = "household.show"
	opSearchID    = "household.search_id"
	opExport      = "household.export"
	kindHousehold = "household_revision"
	kindStatus    = "status_change"
)

// appendRevision writes the revision's row and its leaf.
func (r *Registry) appendRevision(tx *db.Tx, actor access.Actor, county place.ID, d Draft, body []byte) (stored, error) {
	row := stored{
		county: county, household: d.Household, valid: d.Valid, recordedAt: tx.Now().UnixMicro(), revision: r.newID(), event: d.Event, body: body,
	}
	leaf, err := ledger.Append(tx, int64(county), ledger.Act{Actor: actor.ID, Operation: opSave, Reason: d.Reason, Source: d.Source},
		[]ledger.Entry{row.entry()})
	if err != nil {
		return stored{}, err
	}
	row.leaf = leaf
	return row, row.insert(tx)
}

// entry is the revision's leaf: whose it is and what its stored bytes hash to.
func (s *stored) entry() ledger.Entry {
	return ledger.Entry{Kind: kindHousehold, Subject: s.revision, Digest: sha256.Sum256(s.digested())}
}

// digested is what a leaf's digest covers of a revision: everything that is stored but its place in the ledger.
func (s *stored) digested() []byte {
	b := make([]byte, 0, 64+len(s.event)+len(s.body))
	b = binary.BigEndian.AppendUint64(b, uint64(s.county))
	b = append(b, s.household[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(s.valid.UnixDays()))
	b = binary.BigEndian.AppendUint64(b, uint64(s.recordedAt))
	b = append(b, s.revision[:]...)
	b = append(b, s.event...)
	b = append(b, 0)
	return append(b, s.body...)
}

// refresh brings the narrow tables and the findings up to a new revision.
func (r *Registry) refresh(tx *db.Tx, before current, row *stored, record *form.Record, saved *Saved, newest bool) error {
	if !newest {
		saved.Findings = append(saved.Findings, lateFinding(row.valid, before.Valid))
		if err := r.noteLate(tx, before, row.valid); err != nil {
			return err
		}
		_, err := tx.Exec(countFindings+`, version = version + 1 WHERE county = ? AND household = ?`, int64(row.county), row.household)
		return err
	}
	s := r.fields.summarise(record)
	findings := r.quality.Look(record, before.Status, row.valid)
	if err := r.replaceFindings(tx, row.county, row.household, s.village, row.valid, record, findings); err != nil {
		return err
	}
	saved.Findings = findings
	c := current{
		County: row.county, Household: row.household, Status: before.Status, StatusDay: before.StatusDay, Valid: row.valid,
		Revision: row.revision, Version: saved.Version, Findings: len(findings),
	}
	return replaceCurrent(tx, c, &s)
}
