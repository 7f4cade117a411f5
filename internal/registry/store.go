package registry

import (
	"liandong/day"
	"liandong/internal/db"
	"liandong/place"
)

// stored is one row of household_revision.
type stored struct {
	county     place.ID
	household  ID
	valid      day.Date
	recordedAt int64 // microseconds since 1970
	revision   ID
	leaf       int64
	event      Event
	body       []byte
}

const revisionColumns = "county, household, valid_day, recorded_at, revision, leaf, event, body"

func scanRevision(rows *db.Rows) (stored, error) {
	var s stored
	var county, valid int64
	err := rows.Scan(&county, &s.household, &valid, &s.recordedAt, &s.revision, &s.leaf, &s.event, &s.body)
	s.county, s.valid = place.ID(county), day.FromUnixDays(int(valid))
	return s, err
}

func (s *stored) insert(tx *db.Tx) error {
	_, err := tx.Exec(`INSERT INTO household_revision (`+revisionColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		int64(s.county), s.household, int64(s.valid.UnixDays()), s.recordedAt, s.revision, s.leaf, string(s.event), s.body)
	return err
}

// revisionAt is the revision that holds at the moment: the latest valid date on or before it, of these the one recorded last.
func revisionAt(tx *db.Tx, county place.ID, household ID, at Moment) (stored, bool, error) {
	found, err := db.Collect(tx, scanRevision, `SELECT `+revisionColumns+` FROM household_revision
		WHERE county = ? AND household = ? AND valid_day <= ? AND recorded_at <= ?
		ORDER BY valid_day DESC, recorded_at DESC, revision DESC LIMIT 1`,
		int64(county), household, int64(at.AsOf.UnixDays()), at.known())
	if err != nil || len(found) == 0 {
		return stored{}, false, err
	}
	return found[0], true, nil
}

// revisionsOf lists every revision of a household as recorded by the moment, in order of recording.
func revisionsOf(tx *db.Tx, county place.ID, household ID, at Moment) ([]stored, error) {
	return db.Collect(tx, scanRevision, `SELECT `+revisionColumns+` FROM household_revision
		WHERE county = ? AND household = ? AND recorded_at <= ? ORDER BY recorded_at, valid_day, revision`,
		int64(county), household, at.known())
}

// current is one row of household_current.
type current struct {
	County    place.ID
	Household ID
	Village   place.ID
	Number    string
	Head      string
	Size      int
	Attribute int64
	Cause     int64
	Status    Status
	StatusDay day.Date
	Valid     day.Date
	Revision  ID
	Version   int64
	Findings  int
	Closed    bool // it has left the lists: moved away, or taken back
}

const currentColumns = "county, household, village, number, head, size, attribute, cause, status, status_day, valid_day, revision, version, findings"

func scanCurrent(rows *db.Rows) (current, error) {
	var c current
	var county, village, status, statusDay, valid, size, findings int64
	err := rows.Scan(&county, &c.Household, &village, &c.Number, &c.Head, &size, &c.Attribute, &c.Cause, &status, &statusDay, &valid,
		&c.Revision, &c.Version, &findings)
	c.County, c.Village, c.Status, c.Size, c.Findings = place.ID(county), place.ID(village), Status(status), int(size), int(findings)
	c.StatusDay, c.Valid = dayOf(statusDay), dayOf(valid)
	return c, err
}

// noDay stands in columns that may hold no date.
const noDay = -1 << 31

func dayOf(n int64) day.Date {
	if n == noDay {
		return day.Date{}
	}
	return day.FromUnixDays(int(n))
}

func dayNumber(d day.Date) int64 {
	if d.IsZero() {
		return noDay
	}
	return int64(d.UnixDays())
}

// currentOf reads a household's narrow row, of one that left the lists too.
func currentOf(tx *db.Tx, county place.ID, household ID) (current, bool, error) {
	for _, table := range []string{"household_current", "household_closed"} {
		found, err := db.Collect(tx, scanCurrent, `SELECT `+currentColumns+` FROM `+table+` WHERE county = ? AND household = ?`, int64(county), household)
		if err != nil {
			return current{}, false, err
		}
		if len(found) > 0 {
			found[0].Closed = table == "household_closed"
			return found[0], true, nil
		}
	}
	return current{}, false, nil
}

// closeCurrent takes a household out of everything that lists, searches and claims, and keeps its narrow row for whoever has its id.
func closeCurrent(tx *db.Tx, c current) error {
	if err := deleteCurrent(tx, c.County, c.Household); err != nil {
		return err
	}
	for _, table := range []string{"identity_claim", "quality_finding"} {
		if _, err := tx.Exec(`DELETE FROM `+table+` WHERE county = ? AND household = ?`, int64(c.County), c.Household); err != nil {
			return err
		}
	}
	_, err := tx.Exec(`INSERT INTO household_closed (`+currentColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		int64(c.County), c.Household, int64(c.Village), c.Number, c.Head, int64(c.Size), c.Attribute, c.Cause, int64(c.Status), dayNumber(c.StatusDay),
		int64(c.Valid.UnixDays()), c.Revision, c.Version, int64(c.Findings))
	return err
}

// countyOf finds the county that holds a household. Ids are unique in the city, counties are few, and each look-up is one key.
func (r *Registry) countyOf(tx *db.Tx, household ID) (place.ID, bool, error) {
	for _, county := range r.counties {
		if _, ok, err := currentOf(tx, county, household); err != nil || ok {
			return county, ok, err
		}
	}
	return 0, false, nil
}

// replaceCurrent writes the narrow rows of a household's newest revision.
func replaceCurrent(tx *db.Tx, c current, s *summary) error {
	if err := deleteCurrent(tx, c.County, c.Household); err != nil {
		return err
	}
	if _, err := tx.Exec(`INSERT INTO household_current (county, household, village, number, head, pinyin, initials, size, attribute, cause,
		status, status_day, valid_day, revision, version, findings) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		c.row(s)...); err != nil {
		return err
	}
	for i := range s.members {
		if _, err := tx.Exec(`INSERT INTO member_current (county, household, person, village, name, pinyin, initials, sex, born)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, c.memberRow(s, i)...); err != nil {
			return err
		}
	}
	return nil
}

// deleteCurrent takes a household out of the narrow tables.
func deleteCurrent(tx *db.Tx, county place.ID, household ID) error {
	for _, table := range []string{"household_current", "household_closed", "member_current"} {
		if _, err := tx.Exec(`DELETE FROM `+table+` WHERE county = ? AND household = ?`, int64(county), household); err != nil {
			return err
		}
	}
	return nil
}

var (
	currentBulk = []string{
		"county", "household", "village", "number", "head", "pinyin", "initials", "size", "attribute", "cause",
		"status", "status_day", "valid_day", "revision", "version", "findings",
	}
	memberBulk   = []string{"county", "household", "person", "village", "name", "pinyin", "initials", "sex", "born"}
	revisionBulk = []string{"county", "household", "valid_day", "recorded_at", "revision", "leaf", "event", "body"}
	statusBulk   = []string{"county", "household", "from_day", "recorded_at", "status", "leaf", "decision"}
	claimBulk    = []string{"blind_index", "person", "county", "household"}
)

func (c *current) row(s *summary) []any {
	return []any{
		int64(c.County), c.Household, int64(s.village), s.number, s.head, s.reading.full, s.reading.initials, int64(s.size), s.sort,
		s.cause, int64(c.Status), dayNumber(c.StatusDay), int64(c.Valid.UnixDays()), c.Revision, c.Version, int64(c.Findings),
	}
}

func (c *current) memberRow(s *summary, i int) []any {
	m := &s.members[i]
	var born any
	if m.bornSet {
		born = m.born
	}
	return []any{int64(c.County), c.Household, m.person, int64(s.village), m.name, m.reading.full, m.reading.initials, m.sex, born}
}
