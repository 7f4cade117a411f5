package registry

import (
	"bytes"
	"context"
	"io"
	"iter"
	"maps"
	"slices"
	"time"

	"liandong/errs"
	"liandong/form"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/ledger"
	"liandong/internal/secret"
	"liandong/place"
)

// Batch is many households of one county, sealed and encoded, ready to be written in one transaction. Preparing needs no database, so the
// next county is prepared while the last one is written.
type Batch struct {
	County     place.ID
	Households int
	Members    int

	vault     *secret.Vault
	revisions []stored
	statuses  []statusRow
	currents  []current
	summaries []summary
	claims    []claimRow
	keys      []*secret.Key
	findings  []foundRow
}

type claimRow struct {
	claim
	household ID
}

// Prepare seals and encodes the households of one county, whole histories at once. The households must come in the order of their ids, which
// is the order they are stored in, and must be new to the register.
//
// random, where not nil, is what keys and nonces are drawn from, so that the same households give the same bytes however the work is spread.
func (r *Registry) Prepare(county place.ID, now time.Time, intakes iter.Seq[*Intake], random io.Reader) (*Batch, error) {
	b := &Batch{County: county, vault: r.keys}
	if random != nil {
		b.vault = r.keys.With(random)
	}
	for intake := range intakes {
		if err := r.prepare(b, now, intake); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func (r *Registry) prepare(b *Batch, now time.Time, in *Intake) error {
	if len(in.Revisions) == 0 {
		return errs.New(errs.Invalid, "registry.Prepare", "农户没有任何登记内容。", "A household without any revision.")
	}
	key, err := b.vault.NewKey(int64(b.County), in.Household)
	if err != nil {
		return err
	}
	b.keys = append(b.keys, key)
	c := current{County: b.County, Household: in.Household}
	var previous *form.Record
	for i := range in.Revisions {
		if previous, err = r.prepareRevision(b, key, &c, previous, &in.Revisions[i], now); err != nil {
			return err
		}
	}
	for _, change := range in.Statuses {
		b.statuses = append(b.statuses, statusRow{
			county: b.County, household: in.Household, from: change.On, recordedAt: moment(change.Recorded, now), status: change.Status, decision: change.Decision,
		})
		c.Status, c.StatusDay = change.Status, change.On
	}
	r.prepareCurrent(b, c, previous, r.claims(in.Revisions[len(in.Revisions)-1].Record))
	return nil
}

// prepareRevision seals and encodes one revision of a household after the previous one, and gives the sealed record.
func (r *Registry) prepareRevision(b *Batch, key *secret.Key, c *current, previous *form.Record, d *DatedRecord, now time.Time) (*form.Record, error) {
	r.nameMembers(d.Record, nil)
	sealed := d.Record.Clone()
	if err := r.seal(key, c.Household, sealed, previous); err != nil {
		return nil, err
	}
	id := d.Revision
	if id == (ID{}) {
		id = r.newID()
	}
	row := stored{
		county: b.County, household: c.Household, valid: d.Valid, recordedAt: moment(d.Recorded, now), revision: id, event: d.Event, body: sealed.AppendBody(nil),
	}
	b.revisions = append(b.revisions, row)
	c.Valid, c.Revision, c.Version = row.valid, row.revision, c.Version+1
	return sealed, nil
}

// prepareCurrent adds the narrow rows of a household's newest revision.
func (r *Registry) prepareCurrent(b *Batch, c current, newest *form.Record, claims []claim) {
	s := r.fields.summarise(newest)
	for _, cl := range claims {
		b.claims = append(b.claims, claimRow{cl, c.Household})
	}
	findings := r.quality.Look(newest, c.Status, c.Valid)
	c.Findings = len(findings)
	b.findings = appendFound(b.findings, b.County, c.Household, s.village, c.Valid, newest, r.fields.members, findings)
	b.currents, b.summaries = append(b.currents, c), append(b.summaries, s)
	b.Households++
	b.Members += s.size
}

func moment(recorded, now time.Time) int64 {
	if recorded.IsZero() {
		return now.UnixMicro()
	}
	return recorded.UnixMicro()
}

// Commit writes a prepared county: for each time at which something was recorded one transaction with one act, in order, the last of them with
// the narrow tables. at, where not nil, is told each time before its transaction, so that a clock can be set to it; without it everything must
// have been prepared as recorded at one time, and goes in whole or not at all.
func (r *Registry) Commit(ctx context.Context, actor access.Actor, b *Batch, source string, at func(time.Time)) error {
	groups := b.byTime()
	times := slices.Sorted(maps.Keys(groups))
	if len(times) > 1 && at == nil {
		return errs.New(errs.Internal, "registry.Commit", "", "several times of recording without a clock to set")
	}
	for i, recorded := range times {
		if at != nil {
			at(time.UnixMicro(recorded))
		}
		err := r.db.Write(ctx, func(tx *db.Tx) error {
			if err := appendGroup(tx, b, groups[recorded], ledger.Act{Actor: actor.ID, Operation: opImport, Source: source}); err != nil || i < len(times)-1 {
				return err
			}
			return loadNarrow(tx, b)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// loadNarrow writes everything of a batch but its revisions and statuses.
func loadNarrow(tx *db.Tx, b *Batch) error {
	for _, load := range []func(*db.Tx, *Batch) error{loadKeys, loadCurrents, loadMembers, loadClaims, loadFindings} {
		if err := load(tx, b); err != nil {
			return err
		}
	}
	return nil
}

// group is what one act records, as indexes into the batch.
type group struct{ revisions, statuses []int }

func (b *Batch) byTime() map[int64]*group {
	groups := map[int64]*group{}
	at := func(recorded int64) *group {
		if groups[recorded] == nil {
			groups[recorded] = &group{}
		}
		return groups[recorded]
	}
	for i := range b.revisions {
		g := at(b.revisions[i].recordedAt)
		g.revisions = append(g.revisions, i)
	}
	for i := range b.statuses {
		g := at(b.statuses[i].recordedAt)
		g.statuses = append(g.statuses, i)
	}
	return groups
}

// appendGroup writes a group's act with its leaves, then its rows.
func appendGroup(tx *db.Tx, b *Batch, g *group, act ledger.Act) error {
	entries := make([]ledger.Entry, 0, len(g.revisions)+len(g.statuses))
	for _, i := range g.revisions {
		entries = append(entries, b.revisions[i].entry())
	}
	for _, i := range g.statuses {
		entries = append(entries, b.statuses[i].entry())
	}
	leaf, err := ledger.Append(tx, int64(b.County), act, entries)
	if err != nil {
		return err
	}
	for _, i := range g.revisions {
		b.revisions[i].leaf = leaf
		leaf++
	}
	for _, i := range g.statuses {
		b.statuses[i].leaf = leaf
		leaf++
	}
	if err := loadRevisions(tx, b, g.revisions); err != nil {
		return err
	}
	return loadStatuses(tx, b, g.statuses)
}

func loadKeys(tx *db.Tx, b *Batch) error {
	_, err := tx.Bulk(secret.Table, secret.Columns(), func(yield func([]any) bool) {
		for _, k := range b.keys {
			if !yield(k.Row()) {
				return
			}
		}
	})
	return err
}

func loadRevisions(tx *db.Tx, b *Batch, which []int) error {
	row := make([]any, len(revisionBulk))
	_, err := tx.Bulk("household_revision", revisionBulk, func(yield func([]any) bool) {
		for _, i := range which {
			s := &b.revisions[i]
			row[0], row[1], row[2], row[3] = int64(s.county), s.household, int64(s.valid.UnixDays()), s.recordedAt
			row[4], row[5], row[6], row[7] = s.revision, s.leaf, string(s.event), s.body
			if !yield(row) {
				return
			}
		}
	})
	return err
}

func loadStatuses(tx *db.Tx, b *Batch, which []int) error {
	_, err := tx.Bulk("status_change", statusBulk, func(yield func([]any) bool) {
		for _, i := range which {
			if !yield(b.statuses[i].values()) {
				return
			}
		}
	})
	return err
}

func loadCurrents(tx *db.Tx, b *Batch) error {
	_, err := tx.Bulk("household_current", currentBulk, func(yield func([]any) bool) {
		for i := range b.currents {
			if !yield(b.currents[i].row(&b.summaries[i])) {
				return
			}
		}
	})
	return err
}

func loadMembers(tx *db.Tx, b *Batch) error {
	_, err := tx.Bulk("member_current", memberBulk, func(yield func([]any) bool) {
		for i := range b.currents {
			for k := range b.summaries[i].members {
				if !yield(b.currents[i].memberRow(&b.summaries[i], k)) {
					return
				}
			}
		}
	})
	return err
}

// loadClaims inserts in the order of the key, because a random order makes the index grow in random places.
func loadClaims(tx *db.Tx, b *Batch) error {
	slices.SortFunc(b.claims, func(x, y claimRow) int { return bytes.Compare(x.blind[:], y.blind[:]) })
	_, err := tx.Bulk("identity_claim", claimBulk, func(yield func([]any) bool) {
		for i := range b.claims {
			c := &b.claims[i]
			if !yield([]any{c.blind, c.person, int64(b.County), c.household}) {
				return
			}
		}
	})
	return err
}
