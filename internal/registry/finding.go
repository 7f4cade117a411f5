package registry

import (
	"fmt"

	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/internal/db"
	"liandong/place"
)

// ruleLate is the finding that a revision was written for a day before the newest one.
const ruleLate = "late_insertion"

func lateFinding(valid, newest day.Date) form.Finding {
	return form.Finding{Kind: ruleLate, Severity: form.Warning, Item: -1, Text: errs.Text{
		ZH: fmt.Sprintf("这次登记的日期（%s）早于已有的最新登记（%s），最新情况没有改变。请核对最新登记是否也要更正。", valid, newest),
		EN: fmt.Sprintf("This entry is dated %s, before the newest one of %s, which stays as it is. Check whether the newest one needs mending too.", valid, newest),
	}}
}

// foundRow is one row of quality_finding.
type foundRow struct {
	county    place.ID
	household ID
	rule      string
	person    ID
	path      string
	village   place.ID
	since     day.Date
}

const foundColumns = "county, household, rule, person, path, village, since_day"

func scanFound(rows *db.Rows) (f foundRow, err error) {
	var county, village, since int64
	err = rows.Scan(&county, &f.household, &f.rule, &f.person, &f.path, &village, &since)
	f.county, f.village, f.since = place.ID(county), place.ID(village), day.FromUnixDays(int(since))
	return f, err
}

// countFindings is the beginning of a statement that counts the findings of households anew.
const countFindings = `UPDATE household_current SET findings = (SELECT COUNT(*) FROM quality_finding q
	WHERE q.county = household_current.county AND q.household = household_current.household)`

var findingBulk = []string{"county", "household", "rule", "person", "path", "village", "since_day"}

func (f *foundRow) values() []any {
	return []any{int64(f.county), f.household, f.rule, f.person, f.path, int64(f.village), int64(f.since.UnixDays())}
}

// appendFound turns a record's findings into rows, one for each rule and person.
func appendFound(rows []foundRow, county place.ID, household ID, village place.ID, since day.Date, record *form.Record, members int, findings []form.Finding) []foundRow {
	items, _ := record.Items(members)
	first := len(rows)
	for _, f := range findings {
		row := foundRow{county: county, household: household, rule: f.Kind, path: f.Path, village: village, since: since}
		if f.Item >= 0 && f.Item < len(items) {
			row.person = PersonOf(items[f.Item])
		}
		if !known(rows[first:], &row) {
			rows = append(rows, row)
		}
	}
	return rows
}

func known(rows []foundRow, row *foundRow) bool {
	for i := range rows {
		if rows[i].rule == row.rule && rows[i].person == row.person {
			return true
		}
	}
	return false
}

func loadFindings(tx *db.Tx, b *Batch) error { return insertFindings(tx, b.findings) }

func insertFindings(tx *db.Tx, rows []foundRow) error {
	_, err := tx.Bulk("quality_finding", findingBulk, func(yield func([]any) bool) {
		for i := range rows {
			if !yield(rows[i].values()) {
				return
			}
		}
	})
	return err
}

// replaceFindings brings a household's findings to those of its newest revision; a late insertion stays until the newest is written again.
func (r *Registry) replaceFindings(tx *db.Tx, county place.ID, household ID, village place.ID, since day.Date, record *form.Record, findings []form.Finding) error {
	if _, err := tx.Exec(`DELETE FROM quality_finding WHERE county = ? AND household = ?`, int64(county), household); err != nil {
		return err
	}
	return insertFindings(tx, appendFound(nil, county, household, village, since, record, r.fields.members, findings))
}

// noteLate keeps the finding of a late insertion with the household.
func (r *Registry) noteLate(tx *db.Tx, c current, valid day.Date) error {
	row := foundRow{county: c.County, household: c.Household, rule: ruleLate, village: c.Village, since: valid}
	if _, err := tx.Exec(`DELETE FROM quality_finding WHERE county = ? AND household = ? AND rule = ?`, int64(c.County), c.Household, ruleLate); err != nil {
		return err
	}
	return insertFindings(tx, []foundRow{row})
}
