package portfolio

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"sync"
	"time"

	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/figure"
	"liandong/internal/ledger"
	"liandong/place"
)

// view is the whole city's portfolio on a day. It is never changed once made, so that many may read it at once.
type view struct {
	states         []*State // by name, then by project
	byProject      map[ID]*State
	agreements     []standing[*Agreement] // by id, whether signed yet or not
	organisations  []standing[*Organisation]
	platforms      []platformYear
	links          map[Kind]map[ID][]ID // of agreements, organisations and platforms: their projects, by id
	byOrganisation map[ID]*Organisation
	byParty        map[ID][]int // agreements that an organisation is a party to, by their place
	sums           *sums        // what was added up already
	plans          *plans       // money planned, once it was asked for
}

// sums remembers the figures of one view, which never change. It is used by many at once.
type sums struct {
	mu   sync.Mutex
	kept map[sumKey]*remembered
}

type sumKey struct {
	figure   string
	division place.ID
}

type remembered struct {
	once  sync.Once
	value figure.Value
}

// maxSums bounds what is remembered of one view: every figure of a city and its counties and townships is fewer.
const maxSums = 10_000

// remember gives what compute gives, which is called once; whoever asks the same meanwhile waits for it.
func (s *sums) remember(key sumKey, compute func() figure.Value) figure.Value {
	s.mu.Lock()
	one := s.kept[key]
	if one == nil {
		if s.kept == nil || len(s.kept) >= maxSums {
			s.kept = map[sumKey]*remembered{}
		}
		one = new(remembered)
		s.kept[key] = one
	}
	s.mu.Unlock()
	one.once.Do(func() {
		one.value = compute()
		one.value.Notes = slices.Clip(one.value.Notes) // shared by all readers, who may append
	})
	return one.value
}

// views keeps what was made of the days that were asked for last, with the sizes of the city's logs at which it was made. When a log has grown,
// only what was written since is read again; another process's writes are seen the same way.
type views struct {
	mu    sync.Mutex
	kept  map[Moment]*keptView
	clock int64
}

type keptView struct {
	*view
	sizes map[int64]int64 // of the logs; nil where the past cannot change any more
	used  int64
}

const (
	// maxViews bounds the days that are kept: a trend asks for twelve, the pages for one or two.
	maxViews = 16
	// maxKeptStates bounds the states of all kept days together, about 500 bytes each.
	maxKeptStates = 600_000
	// maxPatched is the number of changed projects above which a view is made anew: reading them one by one would take longer.
	maxPatched = 2_000
)

// forgetViews lets go of everything that is kept: the computed tables were made anew without a record being written.
func (r *Room) forgetViews() {
	r.views.mu.Lock()
	defer r.views.mu.Unlock()
	r.views.kept = nil
}

// viewAt gives the city's portfolio at a moment. It is for transactions that only read: what a writing one sees may never come to be.
func (r *Room) viewAt(tx *db.Tx, m Moment) (*view, error) {
	var sizes map[int64]int64
	if !m.KnownAt.IsZero() {
		since, err := ledger.ActedSince(tx, m.KnownAt, opSave, opNote, opImport, opUndo)
		switch {
		case err != nil:
			return nil, err
		case !since && !m.KnownAt.After(tx.Settled()):
			m.KnownAt = time.Time{} // what was known then is what is known now
		case m.KnownAt.After(tx.Settled()):
			return r.makeView(tx, m) // something may still be written with an earlier time
		}
	}
	if m.KnownAt.IsZero() {
		var err error
		if sizes, err = ledger.Sizes(tx); err != nil {
			return nil, err
		}
	}
	r.views.mu.Lock() // whoever comes while a view is made waits for it and finds it
	defer r.views.mu.Unlock()
	old := r.views.kept[m]
	if old != nil && maps.Equal(old.sizes, sizes) {
		r.views.clock++
		old.used = r.views.clock
		return old.view, nil
	}
	var made *view
	var err error
	if old != nil && grown(old.sizes, sizes) {
		made, err = r.patch(tx, old, sizes, m)
	}
	if err == nil && made == nil {
		made, err = r.makeView(tx, m)
	}
	if err != nil || old != nil && !grown(old.sizes, sizes) {
		return made, err // a snapshot from before: of use to this reader alone
	}
	r.views.keep(m, &keptView{view: made, sizes: sizes})
	return made, nil
}

func (v *views) keep(on Moment, k *keptView) {
	if v.kept == nil {
		v.kept = map[Moment]*keptView{}
	}
	v.clock++
	k.used = v.clock
	v.kept[on] = k
	for {
		states, oldest := 0, on
		for other, kept := range v.kept {
			states += len(kept.states)
			if kept.used < v.kept[oldest].used {
				oldest = other
			}
		}
		if len(v.kept) <= maxViews && states <= maxKeptStates || oldest == on {
			return
		}
		delete(v.kept, oldest)
	}
}

// grown reports whether every log has at least the size it had.
func grown(before, now map[int64]int64) bool {
	for tree, size := range before {
		if now[tree] < size {
			return false
		}
	}
	return true
}

// makeView reads everything of a moment.
func (r *Room) makeView(tx *db.Tx, m Moment) (*view, error) {
	states, err := r.cityStates(tx, m)
	if err != nil {
		return nil, err
	}
	v := &view{states: make([]*State, len(states)), byProject: make(map[ID]*State, len(states)), links: map[Kind]map[ID][]ID{}, sums: new(sums), plans: new(plans)}
	for i := range states {
		v.states[i], v.byProject[states[i].Project] = &states[i], &states[i]
	}
	for _, kind := range []Kind{AgreementKind, OrganisationKind, PlatformKind} {
		if v.links[kind], err = r.linksAt(tx, kind, m); err != nil {
			return nil, err
		}
	}
	return v, r.readNouns(tx, v, m)
}

// readNouns reads what is not a project.
func (r *Room) readNouns(tx *db.Tx, v *view, m Moment) (err error) {
	if v.agreements, err = standingAt[*Agreement](tx, AgreementKind, m); err != nil {
		return err
	}
	if v.organisations, err = standingAt[*Organisation](tx, OrganisationKind, m); err != nil {
		return err
	}
	v.byOrganisation = make(map[ID]*Organisation, len(v.organisations))
	for _, s := range v.organisations {
		v.byOrganisation[s.ID] = s.Document
	}
	v.byParty = map[ID][]int{}
	for i, a := range v.agreements {
		for _, p := range a.Document.Parties {
			if at := v.byParty[p.Organisation]; len(at) == 0 || at[len(at)-1] != i {
				v.byParty[p.Organisation] = append(at, i)
			}
		}
	}
	v.platforms, err = r.everyPlatform(tx, m)
	return err
}

// within are the states that lie in a scope.
func (v *view) within(scope access.Scope) []*State {
	all := make([]*State, 0, len(v.states))
	for _, s := range v.states {
		if scope.Contains(s.Division) {
			all = append(all, s)
		}
	}
	return all
}

// patch makes a view of an older one and what was written since; nil where too much was.
func (r *Room) patch(tx *db.Tx, old *keptView, sizes map[int64]int64, m Moment) (*view, error) {
	changed, nouns, err := writtenSince(tx, old.sizes, sizes)
	if err != nil || len(changed) > maxPatched {
		return nil, err
	}
	v := *old.view
	v.sums, v.plans = new(sums), new(plans)
	if nouns {
		if err := r.readNouns(tx, &v, m); err != nil {
			return nil, err
		}
	}
	if len(changed) == 0 {
		return &v, nil
	}
	v.states = slices.DeleteFunc(slices.Clone(v.states), func(s *State) bool { _, is := changed[s.Project]; return is })
	v.byProject, v.links = maps.Clone(v.byProject), map[Kind]map[ID][]ID{}
	for kind, byTarget := range old.links {
		v.links[kind] = without(byTarget, changed)
	}
	for project, county := range changed {
		delete(v.byProject, project)
		if err := v.read(tx, county, project, m); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(v.states, byName)
	return &v, nil
}

func byName(a, b *State) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), bytes.Compare(a.Project[:], b.Project[:]))
}

// writtenSince lists the projects about which something was written after the logs had some sizes, with their counties, and whether anything was
// written about other nouns.
func writtenSince(tx *db.Tx, before, now map[int64]int64) (changed map[ID]place.ID, nouns bool, err error) {
	changed = map[ID]place.ID{}
	for tree, size := range now {
		if size == before[tree] {
			continue
		}
		err = tx.Each(func(rows *db.Rows) error {
			var project ID
			var kind Kind
			err := rows.Scan(&project, &kind)
			switch kind {
			case OrganisationKind, AgreementKind, PlatformKind, outputKind:
				nouns = true
			default:
				changed[project] = place.ID(tree)
			}
			return err
		}, `SELECT DISTINCT subject, kind FROM portfolio_record WHERE county = ? AND leaf >= ?`, tree, before[tree])
		if err != nil {
			return nil, false, err
		}
	}
	return changed, nouns, nil
}

// without is the links but for those of some projects.
func without(byTarget map[ID][]ID, projects map[ID]place.ID) map[ID][]ID {
	out := maps.Clone(byTarget)
	gone := func(id ID) bool { _, is := projects[id]; return is }
	for target, list := range out {
		if slices.ContainsFunc(list, gone) {
			out[target] = slices.DeleteFunc(slices.Clone(list), gone)
		}
	}
	return out
}

// read adds one project as it is on the day.
func (v *view) read(tx *db.Tx, county place.ID, project ID, m Moment) error {
	states, err := db.Collect(tx, scanState, `SELECT `+stateColumns+` FROM project_state WHERE county = ? AND project = ? AND until_day > ? AND from_day <= ?`, int64(county), project, m.AsOf, m.AsOf)
	if err != nil || len(states) == 0 {
		return err
	}
	v.states, v.byProject[project] = append(v.states, &states[0]), &states[0]
	return tx.Each(func(rows *db.Rows) error {
		var kind Kind
		var target ID
		if err := rows.Scan(&kind, &target); err != nil {
			return err
		}
		list := slices.Clone(v.links[kind][target])
		if at, there := slices.BinarySearchFunc(list, project, func(a, b ID) int { return bytes.Compare(a[:], b[:]) }); !there {
			v.links[kind][target] = slices.Insert(list, at, project)
		}
		return nil
	}, `SELECT kind, target FROM project_link WHERE county = ? AND project = ? AND from_day <= ? AND until_day > ?`, int64(county), project, m.AsOf, m.AsOf)
}
