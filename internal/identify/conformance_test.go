package identify_test

import (
	"path/filepath"
	"strings"
	"testing"

	"liandong/criteria"
	"liandong/criteria/criteriatest"
	"liandong/formula"
)

// TestConformanceAsSQL runs the scripts of package criteria on both engines and in both layouts. Records one by one and columns are held against
// them there.
func TestConformanceAsSQL(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store) {
		criteriatest.Conform(t, filepath.Join("..", "..", "criteria", "testdata", "conformance"),
			criteriatest.Evaluator{Name: string(s.o.Dialect), Tells: criteriatest.TellsVerdict, Answer: s.answer})
	})
}

// answer asks the database what a script asks.
func (s *store) answer(t testing.TB, step *criteriatest.Step) (string, error) {
	t.Helper()
	d, err := criteria.Parse([]byte(step.Document), criteriatest.Forms)
	if err != nil {
		return "", err
	}
	asked := &store{t, s.db, s.o}
	asked.o.Settings = criteria.Settings{AsOf: step.AsOf, Parameters: step.Parameters}
	text, err := d.SQL(asked.o)
	if err != nil {
		return "", err
	}
	records := make([]formula.Row, len(step.Households))
	for i, h := range step.Households {
		records[i] = h.Record
	}
	asked.fill(d, records)
	rows, err := s.db.Query("SELECT outcome, score_low, score_high, missing FROM (" + text + ") AS answer ORDER BY household")
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	defer rows.Close()
	var verdicts []criteriatest.Verdict
	for rows.Next() {
		var v criteriatest.Verdict
		var missing string
		if err := rows.Scan(&v.Outcome, &v.Low, &v.High, &missing); err != nil {
			t.Fatal(err)
		}
		v.Missing = strings.Fields(missing)
		verdicts = append(verdicts, v)
	}
	if err := rows.Err(); err != nil || len(verdicts) != len(records) {
		t.Fatalf("%d answers for %d households: %v\n%s", len(verdicts), len(records), err, text)
	}
	return step.Text(verdicts), nil
}
