package registry

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
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
	at     int // the index of register.status
	status Status
	since  day.Date
}

// Value gives the form's answers, the status and its date.
func (r *registered) Value(field int) (int64, bool) {
	switch field {
	case r.at:
		return int64(r.status), true
	case r.at + 1:
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
	asOf, err := lastChange(tx, county, at.AsOf)
	if err != nil {
		return nil, err
	}
	key := segmentKey{county, asOf, head}
	defer r.segments.lock(county)()
	base := r.segments.get(key)
	if base != nil && keyOf(base) == key {
		return base, nil
	}
	made, err := r.makeSegment(tx, key, base)
	if err != nil {
		return nil, err
	}
	return made, r.segments.put(made)
}

// lastChange is the last day up to the given one from which anything of the county is valid: the register is the same on all days from that one to the
// next such day, so that one segment serves them all.
func lastChange(tx *db.Tx, county place.ID, until day.Date) (day.Date, error) {
	last := int64(math.MinInt64)
	for _, query := range []string{
		`SELECT COALESCE(MAX(valid_day), ?) FROM household_revision WHERE county = ? AND valid_day <= ?`,
		`SELECT COALESCE(MAX(from_day), ?) FROM status_change WHERE county = ? AND from_day <= ?`,
	} {
		var found int64
		if err := tx.QueryRow(query, last, int64(county), int64(until.UnixDays())).Scan(&found); err != nil {
			return until, err
		}
		last = max(last, found)
	}
	if last == math.MinInt64 {
		return until, nil // the county is empty
	}
	return day.FromUnixDays(int(last)), nil
}

// makeSegment gathers a county's records anew, or patches what differs into a segment of an earlier state or another day.
func (r *Registry) makeSegment(tx *db.Tx, key segmentKey, base *column.Segment) (*column.Segment, error) {
	const worthPatching = 4 // reading one household costs about as much as this many in one pass over the county
	out := &column.Segment{County: key.county, AsOf: key.asOf, Head: key.head}
	var changed []ID
	capacity, most := 1024, 0
	if base != nil {
		capacity, most = base.Table.Len(), base.Table.Len()/worthPatching
		var err error
		if changed, err = changedBetween(tx, keyOf(base), key, most); err != nil {
			return nil, err
		}
	}
	if base == nil || len(changed) > most {
		g := r.newGatherer(key, capacity)
		if err := g.all(tx); err != nil {
			return nil, err
		}
		out.Table = g.builder.Table()
		return out, nil
	}
	if len(changed) == 0 {
		out.Table = base.Table
		return out, nil
	}
	g := r.newGatherer(key, len(changed))
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

// changedBetween lists the households that may differ between two segments of a county: those that the leaves between their heads are about,
// and those of which something is valid from a day between their days. It stops when there are more than most.
func changedBetween(tx *db.Tx, from, to segmentKey, most int) ([]ID, error) {
	first, last := int64(min(from.asOf.UnixDays(), to.asOf.UnixDays())), int64(max(from.asOf.UnixDays(), to.asOf.UnixDays()))
	seen := map[ID]bool{}
	for _, part := range []struct {
		query    string
		from, to int64
	}{
		{`SELECT DISTINCT household FROM household_revision WHERE county = ? AND leaf >= ? AND leaf < ? LIMIT ?`, from.head, to.head},
		{`SELECT DISTINCT household FROM status_change WHERE county = ? AND leaf >= ? AND leaf < ? LIMIT ?`, from.head, to.head},
		{`SELECT DISTINCT household FROM household_revision WHERE county = ? AND valid_day > ? AND valid_day <= ? LIMIT ?`, first, last},
		{`SELECT DISTINCT household FROM status_change WHERE county = ? AND from_day > ? AND from_day <= ? LIMIT ?`, first, last},
	} {
		if part.from == part.to || len(seen) > most {
			continue
		}
		err := tx.Each(func(rows *db.Rows) error {
			var id ID
			err := rows.Scan(&id)
			seen[id] = true
			return err
		}, part.query, int64(to.county), part.from, part.to, most+1)
		if err != nil {
			return nil, err
		}
	}
	return slices.SortedFunc(maps.Keys(seen), compareIDs), nil
}

// gatherer reads a county's households as of a day and a head of the ledger into a table.
type gatherer struct {
	r       *Registry
	key     segmentKey
	builder *column.Builder
	row     registered
}

func (r *Registry) newGatherer(key segmentKey, capacity int) *gatherer {
	return &gatherer{r: r, key: key, builder: column.NewBuilder(segmentSchema(), capacity), row: registered{Record: r.form.Root.New(), at: statusField()}}
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
func closes(e Event) bool { return e == Reverted || e == MovedOut }

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
		WHERE county = ? AND from_day <= ? AND leaf < ? ORDER BY household, from_day, recorded_at`, county, until, g.key.head)
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
		WHERE county = ? AND valid_day <= ? AND leaf < ? ORDER BY household, valid_day, recorded_at, revision`, county, until, g.key.head)
	if err != nil {
		return err
	}
	return flush()
}

// one reads one household; it is not found where it is not in the register at that moment.
func (g *gatherer) one(tx *db.Tx, id ID) (bool, error) {
	county, until := int64(g.key.county), int64(g.key.asOf.UnixDays())
	found, err := db.Collect(tx, scanRevision, `SELECT `+revisionColumns+` FROM household_revision
		WHERE county = ? AND household = ? AND valid_day <= ? AND leaf < ? ORDER BY valid_day DESC, recorded_at DESC, revision DESC LIMIT 1`, county, id, until, g.key.head)
	if err != nil || len(found) == 0 {
		return false, err
	}
	statuses, err := db.Collect(tx, scanStatus, `SELECT household, from_day, status FROM status_change
		WHERE county = ? AND household = ? AND from_day <= ? AND leaf < ? ORDER BY from_day DESC, recorded_at DESC LIMIT 1`, county, id, until, g.key.head)
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

// segmentKey is what a county's segment follows from: a day, and how many leaves of the county's ledger.
type segmentKey struct {
	county place.ID
	asOf   day.Date
	head   int64
}

func keyOf(s *column.Segment) segmentKey { return segmentKey{s.County, s.AsOf, s.Head} }

// nearer reports whether one segment is the better start for making the wanted one than another: the one whose day is fewer days away, because
// less is valid from the days between, then the one of the later state.
func (k segmentKey) nearer(one, other segmentKey) bool {
	if a, b := k.away(one), k.away(other); a != b {
		return a < b
	}
	return one.head > other.head
}

// away is how many days another's day is from this one's.
func (k segmentKey) away(other segmentKey) int {
	return max(k.asOf.UnixDays()-other.asOf.UnixDays(), other.asOf.UnixDays()-k.asOf.UnixDays())
}

// file is the name of its file.
func (k segmentKey) file() string {
	return fmt.Sprintf("%d-%s-%d.arrow", int64(k.county), k.asOf, k.head)
}

// parseSegmentFile reads a name that file wrote.
func parseSegmentFile(name string) (k segmentKey, ok bool) {
	var county int64
	var y, m, d int
	if _, err := fmt.Sscanf(name, "%d-%d-%d-%d-%d.arrow", &county, &y, &m, &d, &k.head); err != nil {
		return k, false
	}
	var err error
	k.county = place.ID(county)
	k.asOf, err = day.Of(y, m, d)
	return k, err == nil
}

// segmentStore keeps segments in memory, the latest used first, and in files.
type segmentStore struct {
	folder string

	mu    sync.Mutex
	locks map[place.ID]*sync.Mutex
	held  []*heldSegment // most recently used first
	size  int
}

type heldSegment struct {
	*column.Segment
	size int
}

const (
	maxSegments     = 1 << 30 // bytes of segments in memory: several days of a whole city
	maxSegmentFiles = 12      // days of a county that are kept in files
)

func newSegmentStore(folder string) *segmentStore {
	return &segmentStore{folder: folder, locks: map[place.ID]*sync.Mutex{}}
}

// lock makes everybody who wants a segment of the county wait for the first to make it.
func (s *segmentStore) lock(county place.ID) (unlock func()) {
	s.mu.Lock()
	if s.locks[county] == nil {
		s.locks[county] = new(sync.Mutex)
	}
	m := s.locks[county]
	s.mu.Unlock()
	m.Lock()
	return m.Unlock
}

// get gives the segment of the key, or the best one to make it from; nil where there is neither. One from a later state is never given.
func (s *segmentStore) get(key segmentKey) *column.Segment {
	found := s.inMemory(key)
	if found != nil && keyOf(found) == key {
		return found
	}
	files := slices.DeleteFunc(s.files(key.county), func(file segmentKey) bool {
		return file.head > key.head || (found != nil && !key.nearer(file, keyOf(found)))
	})
	slices.SortStableFunc(files, func(a, b segmentKey) int {
		switch {
		case key.nearer(a, b):
			return -1
		case key.nearer(b, a):
			return 1
		}
		return 0
	})
	for _, file := range files {
		if onDisk := s.read(file); onDisk != nil {
			s.hold(onDisk)
			return onDisk
		}
	}
	return found
}

func (s *segmentStore) inMemory(key segmentKey) *column.Segment {
	s.mu.Lock()
	defer s.mu.Unlock()
	var best *heldSegment
	at := 0
	for i, h := range s.held {
		if h.County == key.county && h.Head <= key.head && (best == nil || key.nearer(keyOf(h.Segment), keyOf(best.Segment))) {
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

// read reads a file. One that cannot be read is taken away, and made again.
func (s *segmentStore) read(key segmentKey) *column.Segment {
	path := filepath.Join(s.folder, key.file())
	found, err := column.ReadSegment(path, segmentSchema())
	if err != nil || keyOf(found) != key {
		os.Remove(path)
		return nil
	}
	return found
}

// files lists the files of a county, the latest state and day first.
func (s *segmentStore) files(county place.ID) []segmentKey {
	if s.folder == "" {
		return nil
	}
	paths, _ := filepath.Glob(filepath.Join(s.folder, fmt.Sprintf("%d-*.arrow", int64(county))))
	keys := make([]segmentKey, 0, len(paths))
	for _, path := range paths {
		if key, ok := parseSegmentFile(filepath.Base(path)); ok {
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, func(a, b segmentKey) int {
		return cmp.Or(cmp.Compare(b.head, a.head), b.asOf.Compare(a.asOf))
	})
	return keys
}

// put keeps a segment that was made, in place of the older ones of its day on disk.
func (s *segmentStore) put(made *column.Segment) error {
	s.hold(made)
	if s.folder == "" {
		return nil
	}
	if err := os.MkdirAll(s.folder, 0o700); err != nil {
		return errs.Wrap("registry.Segment", err)
	}
	if err := made.WriteFile(filepath.Join(s.folder, keyOf(made).file())); err != nil {
		return err
	}
	for i, file := range s.files(made.County) {
		if (file.asOf == made.AsOf && file.head < made.Head) || i >= maxSegmentFiles {
			os.Remove(filepath.Join(s.folder, file.file()))
		}
	}
	return nil
}

// hold keeps a segment in memory in place of older ones of its day, and lets those go that were not used for longest.
func (s *segmentStore) hold(made *column.Segment) {
	s.mu.Lock()
	defer s.mu.Unlock()
	added := &heldSegment{made, made.Table.Size()}
	kept := append(make([]*heldSegment, 0, len(s.held)+1), added)
	s.size = added.size
	for _, h := range s.held {
		if (h.County == made.County && h.AsOf == made.AsOf && h.Head <= made.Head) || s.size+h.size > maxSegments {
			continue
		}
		kept = append(kept, h)
		s.size += h.size
	}
	s.held = kept
}

func compareIDs(a, b ID) int { return slices.Compare(a[:], b[:]) }
