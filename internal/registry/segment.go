package registry

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"liandong/column"
	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/formula"
	"liandong/internal/db"
	"liandong/internal/ledger"
	"liandong/place"
)

// SegmentSchema is what the register's segments hold: the form's fields at the same indexes, so that formulas over the form read them, and
// behind them what decisions made of the household.
func SegmentSchema() *formula.Schema { return segmentSchema() }

var segmentSchema = sync.OnceValue(func() *formula.Schema {
	of := form.Household().Root.Schema()
	statuses := make([]formula.Entry, 0, len(Statuses()))
	for _, s := range Statuses() {
		statuses = append(statuses, formula.Entry{Number: int(s), Code: s.String(), Title: s.Text()})
	}
	return &formula.Schema{Name: of.Name + "+status", Fields: append(slices.Clone(of.Fields),
		formula.Field{Path: "register.status", Title: errs.Text{ZH: "建档状态", EN: "Register status"}, Type: formula.Code, Codes: statuses},
		formula.Field{Path: "register.since", Title: errs.Text{ZH: "状态起始日", EN: "Status since"}, Type: formula.Date},
	)}
})

// statusField is the index of register.status; register.since follows it.
func statusField() int { return len(segmentSchema().Fields) - 2 }

// registered is a household's record with its status, as the segment's schema has them.
type registered struct {
	*form.Record
	status Status
	since  day.Date
}

// Value gives the form's answers, the status and its date.
func (r *registered) Value(field int) (int64, bool) {
	switch at := statusField(); field {
	case at:
		return int64(r.status), true
	case at + 1:
		return int64(r.since.UnixDays()), !r.since.IsZero()
	}
	return r.Record.Value(field)
}

// Snapshot is a moment of a register of which everything is settled: reading it again later gives the same.
func (r *Registry) Snapshot(ctx context.Context, at Moment) (Moment, error) {
	if at.AsOf.IsZero() {
		at.AsOf = day.InTime(r.now())
	}
	err := r.db.Read(ctx, func(tx *db.Tx) error {
		if at.KnownAt.IsZero() || at.KnownAt.After(tx.Settled()) {
			at.KnownAt = tx.Settled()
		}
		return nil
	})
	return at, err
}

// Segments gives the segments of the counties at a moment, in the order of the counties given, all from one state of the register. They are
// read from memory, from files, or made, and kept.
func (r *Registry) Segments(ctx context.Context, counties []place.ID, at Moment) ([]*column.Segment, error) {
	at, err := r.Snapshot(ctx, at)
	if err != nil {
		return nil, err
	}
	segments := make([]*column.Segment, len(counties))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, county := range counties {
		group.Go(func() error {
			return r.db.Read(ctx, func(tx *db.Tx) error {
				var err error
				segments[i], err = r.segment(tx, county, at)
				return err
			})
		})
	}
	return segments, group.Wait()
}

// Counties lists the counties of the register's city in the order of their ids.
func (r *Registry) Counties() []place.ID { return slices.Clone(r.counties) }

// segment gives one county's.
func (r *Registry) segment(tx *db.Tx, county place.ID, at Moment) (*column.Segment, error) {
	head, err := ledger.SizeAt(tx, int64(county), at.KnownAt)
	if err != nil {
		return nil, err
	}
	key := segmentKey{county, at.AsOf}
	defer r.segments.lock(key)()
	base := r.segments.get(key, head)
	if base != nil && base.Head == head {
		return base, nil
	}
	made, err := r.makeSegment(tx, key, base, head)
	if err != nil {
		return nil, err
	}
	return made, r.segments.put(key, made)
}

// makeSegment gathers a county's records anew, or patches the changes since into an older segment of the same day.
func (r *Registry) makeSegment(tx *db.Tx, key segmentKey, base *column.Segment, head int64) (*column.Segment, error) {
	out := &column.Segment{County: key.county, AsOf: key.asOf, Head: head}
	if base == nil {
		g := r.newGatherer(key, head, 1024)
		if err := g.all(tx); err != nil {
			return nil, err
		}
		out.Table = g.builder.Table()
		return out, nil
	}
	changed, err := changedBetween(tx, key.county, base.Head, head)
	if err != nil {
		return nil, err
	}
	if len(changed) == 0 {
		out.Table = base.Table
		return out, nil
	}
	g := r.newGatherer(key, head, len(changed))
	var gone [][16]byte
	for _, id := range changed {
		found, err := g.one(tx, id)
		if err != nil {
			return nil, err
		}
		if !found {
			gone = append(gone, id)
		}
	}
	out.Table = column.Patch(base.Table, g.builder.Table(), gone)
	return out, nil
}

// changedBetween lists the households that leaves from one size of the county's tree to another are about.
func changedBetween(tx *db.Tx, county place.ID, from, to int64) ([]ID, error) {
	return db.Collect(tx, func(rows *db.Rows) (ID, error) {
		var id ID
		err := rows.Scan(&id)
		return id, err
	}, `SELECT household FROM household_revision WHERE county = ? AND leaf >= ? AND leaf < ?
		UNION SELECT household FROM status_change WHERE county = ? AND leaf >= ? AND leaf < ?`,
		int64(county), from, to, int64(county), from, to)
}

// gatherer reads a county's households as of a day and a head of the ledger into a table.
type gatherer struct {
	r       *Registry
	key     segmentKey
	head    int64
	builder *column.Builder
	row     registered
}

func (r *Registry) newGatherer(key segmentKey, head int64, capacity int) *gatherer {
	return &gatherer{r: r, key: key, head: head, builder: column.NewBuilder(segmentSchema(), capacity), row: registered{Record: r.form.Root.New()}}
}

// add takes a household's revision with the status that it has. One that was taken out of the register has no members and is left out.
func (g *gatherer) add(id ID, leaf int64, valid day.Date, event Event, body []byte, status Status, since day.Date) (bool, error) {
	if err := g.r.form.DecodeInto(g.row.Record, body); err != nil {
		return false, err
	}
	if members, _ := g.row.Items(g.r.fields.members); len(members) == 0 && closes(event) {
		return false, nil
	}
	village, _ := g.row.Record.Value(g.r.fields.village)
	g.row.status, g.row.since = status, since
	g.builder.Append(column.Key{ID: id, Division: place.ID(village), Revision: leaf, Valid: valid}, &g.row)
	return true, nil
}

// closes reports whether an event may end a household's record.
func closes(e Event) bool { return e == Reverted || e == MovedOut || e == Split }

// statusOf is one status change with whose it is.
type statusOf struct {
	household ID
	from      day.Date
	status    Status
}

func scanStatus(rows *db.Rows) (s statusOf, err error) {
	var from, status int64
	err = rows.Scan(&s.household, &from, &status)
	s.from, s.status = day.FromUnixDays(int(from)), Status(status)
	return s, err
}

// all reads the whole county: both tables lie in the order of households, so one pass over each is enough.
func (g *gatherer) all(tx *db.Tx) error {
	county, until := int64(g.key.county), int64(g.key.asOf.UnixDays())
	statuses, err := db.Collect(tx, scanStatus, `SELECT household, from_day, status FROM status_change
		WHERE county = ? AND from_day <= ? AND leaf < ? ORDER BY household, from_day, recorded_at`, county, until, g.head)
	if err != nil {
		return err
	}
	var newest stored // of the household being read
	flush := func() error {
		if newest.body == nil {
			return nil
		}
		var status Status
		var since day.Date
		for len(statuses) > 0 && compareIDs(statuses[0].household, newest.household) <= 0 {
			if statuses[0].household == newest.household {
				status, since = statuses[0].status, statuses[0].from
			}
			statuses = statuses[1:]
		}
		_, err := g.add(newest.household, newest.leaf, newest.valid, newest.event, newest.body, status, since)
		return err
	}
	err = tx.Each(func(rows *db.Rows) error {
		var valid int64
		var next stored
		if err := rows.Scan(&next.household, &valid, &next.leaf, &next.event, &next.body); err != nil {
			return err
		}
		next.valid = day.FromUnixDays(int(valid))
		if next.household != newest.household {
			if err := flush(); err != nil {
				return err
			}
		}
		newest = next
		return nil
	}, `SELECT household, valid_day, leaf, event, body FROM household_revision
		WHERE county = ? AND valid_day <= ? AND leaf < ? ORDER BY household, valid_day, recorded_at, revision`, county, until, g.head)
	if err != nil {
		return err
	}
	return flush()
}

// one reads one household; it is not found where it is not in the register at that moment.
func (g *gatherer) one(tx *db.Tx, id ID) (bool, error) {
	county, until := int64(g.key.county), int64(g.key.asOf.UnixDays())
	found, err := db.Collect(tx, scanRevision, `SELECT `+revisionColumns+` FROM household_revision
		WHERE county = ? AND household = ? AND valid_day <= ? AND leaf < ? ORDER BY valid_day DESC, recorded_at DESC, revision DESC LIMIT 1`, county, id, until, g.head)
	if err != nil || len(found) == 0 {
		return false, err
	}
	statuses, err := db.Collect(tx, scanStatus, `SELECT household, from_day, status FROM status_change
		WHERE county = ? AND household = ? AND from_day <= ? AND leaf < ? ORDER BY from_day DESC, recorded_at DESC LIMIT 1`, county, id, until, g.head)
	if err != nil {
		return false, err
	}
	var last statusOf
	if len(statuses) > 0 {
		last = statuses[0]
	}
	f := &found[0]
	return g.add(id, f.leaf, f.valid, f.event, f.body, last.status, last.from)
}

// segmentKey says which segments may follow from one another by patching.
type segmentKey struct {
	county place.ID
	asOf   day.Date
}

// segmentStore keeps segments in memory, the latest used first, and in files.
type segmentStore struct {
	folder string

	mu    sync.Mutex
	locks map[segmentKey]*sync.Mutex
	held  []*heldSegment // most recently used first
	size  int
}

type heldSegment struct {
	key segmentKey
	*column.Segment
	size int
}

// maxSegments bounds the memory of segments, in bytes: several days of a whole city.
const maxSegments = 1 << 30

func newSegmentStore(folder string) *segmentStore {
	return &segmentStore{folder: folder, locks: map[segmentKey]*sync.Mutex{}}
}

// lock makes everybody who wants the same county and day wait for the first to make it.
func (s *segmentStore) lock(key segmentKey) (unlock func()) {
	s.mu.Lock()
	if s.locks[key] == nil {
		s.locks[key] = new(sync.Mutex)
	}
	m := s.locks[key]
	s.mu.Unlock()
	m.Lock()
	return m.Unlock
}

// get gives the segment of the head, or the nearest older one; nil where there is neither.
func (s *segmentStore) get(key segmentKey, head int64) *column.Segment {
	found := s.inMemory(key, head)
	if found != nil && found.Head == head {
		return found
	}
	if onDisk := s.onDisk(key, head); onDisk != nil && (found == nil || onDisk.Head > found.Head) {
		s.hold(key, onDisk)
		return onDisk
	}
	return found
}

func (s *segmentStore) inMemory(key segmentKey, head int64) *column.Segment {
	s.mu.Lock()
	defer s.mu.Unlock()
	var best *heldSegment
	at := 0
	for i, h := range s.held {
		if h.key == key && h.Head <= head && (best == nil || h.Head > best.Head) {
			best, at = h, i
		}
	}
	if best == nil {
		return nil
	}
	copy(s.held[1:at+1], s.held[:at])
	s.held[0] = best
	return best.Segment
}

// onDisk reads the newest file that is not newer than the head. A file that cannot be read is taken away and made again.
func (s *segmentStore) onDisk(key segmentKey, head int64) *column.Segment {
	if s.folder == "" {
		return nil
	}
	for _, file := range s.files(key) {
		if file.head > head {
			continue
		}
		found, err := column.ReadSegment(file.path, segmentSchema())
		if err == nil && found.County == key.county && found.AsOf == key.asOf && found.Head == file.head {
			return found
		}
		os.Remove(file.path)
	}
	return nil
}

type segmentFile struct {
	path string
	head int64
}

// files lists the files of a county and day, the newest first.
func (s *segmentStore) files(key segmentKey) []segmentFile {
	paths, _ := filepath.Glob(filepath.Join(s.folder, key.String()+"-*.arrow"))
	files := make([]segmentFile, 0, len(paths))
	for _, path := range paths {
		text := strings.TrimSuffix(path[strings.LastIndexByte(path, '-')+1:], ".arrow")
		if head, err := strconv.ParseInt(text, 10, 64); err == nil {
			files = append(files, segmentFile{path, head})
		}
	}
	slices.SortFunc(files, func(a, b segmentFile) int { return cmp.Compare(b.head, a.head) })
	return files
}

// String is the beginning of the names of its files.
func (k segmentKey) String() string { return fmt.Sprintf("%d-%s", int64(k.county), k.asOf) }

// put keeps a segment that was made, in place of the older ones of its day on disk.
func (s *segmentStore) put(key segmentKey, made *column.Segment) error {
	s.hold(key, made)
	if s.folder == "" {
		return nil
	}
	if err := os.MkdirAll(s.folder, 0o700); err != nil {
		return errs.Wrap("registry.Segment", err)
	}
	older := s.files(key)
	if err := made.WriteFile(filepath.Join(s.folder, fmt.Sprintf("%s-%d.arrow", key, made.Head))); err != nil {
		return err
	}
	for _, file := range older {
		if file.head < made.Head {
			os.Remove(file.path)
		}
	}
	return nil
}

// hold keeps a segment in memory in place of older ones of its day, and lets those go that were not used for longest.
func (s *segmentStore) hold(key segmentKey, made *column.Segment) {
	s.mu.Lock()
	defer s.mu.Unlock()
	added := &heldSegment{key, made, made.Table.Size()}
	kept := append(make([]*heldSegment, 0, len(s.held)+1), added)
	s.size = added.size
	for _, h := range s.held {
		if (h.key == key && h.Head <= made.Head) || s.size+h.size > maxSegments {
			continue
		}
		kept = append(kept, h)
		s.size += h.size
	}
	s.held = kept
}

func compareIDs(a, b ID) int { return slices.Compare(a[:], b[:]) }
