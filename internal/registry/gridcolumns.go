package registry

import (
	"context"
	"runtime"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/ledger"
	"liandong/place"
)

// gridColumns are what a grid filters and sorts by, of one county's current households, in memory: about 80 bytes a household. No index of
// the store answers every filter in every order; going through these answers all of them in milliseconds.
type gridColumns struct {
	state      gridState
	households []ID
	villages   []int64
	numbers    texts
	pinyin     texts
	sizes      []int32
	attributes []int32
	causes     []int32
	statuses   []int32
	since      []int32 // days, noDay where there is none
	valid      []int32
	findings   []int32
}

// gridState says from which state of the store columns were read. Whatever changes a current household appends to its county's log in the
// same transaction; only a new set of quality rules changes the findings without.
type gridState struct {
	leaves  int64
	quality int64
}

// texts are many short texts in one.
type texts struct {
	all  string
	ends []uint32
}

func (t *texts) at(i int) string {
	if i == 0 {
		return t.all[:t.ends[0]]
	}
	return t.all[t.ends[i-1]:t.ends[i]]
}

// gridStore keeps the columns of every county that was asked for.
type gridStore struct {
	counties map[place.ID]*heldColumns
}

type heldColumns struct {
	mu      sync.Mutex // whoever wants columns that are old waits for the first to read them
	columns *gridColumns
}

func newGridStore(counties []place.ID) *gridStore {
	s := &gridStore{counties: make(map[place.ID]*heldColumns, len(counties))}
	for _, county := range counties {
		s.counties[county] = &heldColumns{}
	}
	return s
}

// gridColumns gives the columns of the counties that the scope touches, in the order of the counties.
func (r *Registry) gridColumns(ctx context.Context, scope access.Scope) ([]place.ID, []*gridColumns, error) {
	var counties []place.ID
	for _, county := range r.counties {
		if scope.Touches(county) {
			counties = append(counties, county)
		}
	}
	columns := make([]*gridColumns, len(counties))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, county := range counties {
		group.Go(func() error {
			return r.db.Read(ctx, func(tx *db.Tx) (err error) {
				columns[i], err = r.grids.columns(tx, county)
				return err
			})
		})
	}
	return counties, columns, group.Wait()
}

func (s *gridStore) columns(tx *db.Tx, county place.ID) (*gridColumns, error) {
	state, err := gridStateOf(tx, county)
	if err != nil {
		return nil, err
	}
	held := s.counties[county]
	held.mu.Lock()
	defer held.mu.Unlock()
	if held.columns != nil && held.columns.state == state {
		return held.columns, nil
	}
	fresh, err := readGridColumns(tx, county)
	if err != nil {
		return nil, err
	}
	// The state was read before the rows: where the rows are newer, the next question sees another state and reads again.
	fresh.state = state
	held.columns = fresh
	return fresh, nil
}

func gridStateOf(tx *db.Tx, county place.ID) (gridState, error) {
	head, err := ledger.HeadOf(tx, int64(county))
	if err != nil {
		return gridState{}, err
	}
	state := gridState{leaves: head.Size}
	err = tx.QueryRow(`SELECT COALESCE(MAX(applied_at), 0) FROM quality_applied`).Scan(&state.quality)
	return state, err
}

func readGridColumns(tx *db.Tx, county place.ID) (*gridColumns, error) {
	c := &gridColumns{}
	var numbers, pinyin strings.Builder
	err := tx.Each(func(rows *db.Rows) error {
		var household ID
		var village int64
		var number, reading string
		var n [7]int64
		if err := rows.Scan(&household, &village, &number, &reading, &n[0], &n[1], &n[2], &n[3], &n[4], &n[5], &n[6]); err != nil {
			return err
		}
		c.households, c.villages = append(c.households, household), append(c.villages, village)
		numbers.WriteString(number)
		pinyin.WriteString(reading)
		c.numbers.ends, c.pinyin.ends = append(c.numbers.ends, uint32(numbers.Len())), append(c.pinyin.ends, uint32(pinyin.Len()))
		for i, to := range []*[]int32{&c.sizes, &c.attributes, &c.causes, &c.statuses, &c.since, &c.valid, &c.findings} {
			*to = append(*to, int32(n[i]))
		}
		return nil
	}, `SELECT household, village, number, pinyin, size, attribute, cause, status, status_day, valid_day, findings
		FROM household_current WHERE county = ? ORDER BY household`, int64(county))
	c.numbers.all, c.pinyin.all = numbers.String(), pinyin.String()
	return c, err
}

// rowTest says of the rows of columns whether a list shows them.
type rowTest struct {
	*gridColumns
	whole    bool // the whole county is in scope
	scope    access.Scope
	statuses uint64 // a bit for each
	f        *Filter
	numbers  map[string]bool
}

func newRowTest(f *Filter, scope access.Scope, county place.ID, columns *gridColumns) *rowTest {
	t := &rowTest{gridColumns: columns, whole: scope.Contains(county), scope: scope, f: f}
	for _, s := range f.Statuses {
		t.statuses |= 1 << s
	}
	if len(f.Numbers) > 0 {
		t.numbers = make(map[string]bool, len(f.Numbers))
		for _, number := range f.Numbers {
			t.numbers[number] = true
		}
	}
	return t
}

func (t *rowTest) shows(i int) bool {
	f := t.f
	return (len(f.Statuses) == 0 || t.statuses&(1<<t.gridColumns.statuses[i]) != 0) &&
		(f.Attribute == 0 || int64(t.attributes[i]) == f.Attribute) &&
		(f.Cause == 0 || int64(t.causes[i]) == f.Cause) &&
		(!f.Findings || t.findings[i] > 0) &&
		(t.numbers == nil || t.numbers[t.gridColumns.numbers.at(i)]) &&
		(t.whole || t.scope.Contains(place.ID(t.villages[i])))
}

// shown are the households of a county that a grid with the filter lists.
func (r *Registry) shown(ctx context.Context, scope access.Scope, f *Filter) (map[ID]bool, error) {
	scope, _, err := gridScope(scope, *f, Order{Column: "head"})
	if err != nil {
		return nil, err
	}
	counties, columns, err := r.gridColumns(ctx, scope)
	if err != nil {
		return nil, err
	}
	shown := map[ID]bool{}
	for k, c := range columns {
		test := newRowTest(f, scope, counties[k], c)
		for i, household := range c.households {
			if test.shows(i) {
				shown[household] = true
			}
		}
	}
	return shown, nil
}
