package criteria

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"liandong/column"
	"liandong/criteria/criteriatest"
	"liandong/errs"
	"liandong/formula"
	"liandong/place"
)

// TestConformance runs the scripts of testdata/conformance on records one by one, which say and explain everything, and on columns. Package
// identify runs the same ones as SQL on both databases. With UPDATE_SCRIPTS=1 what records one by one say is written into the scripts; read the
// difference before keeping it.
func TestConformance(t *testing.T) {
	t.Parallel()
	criteriatest.Conform(t, filepath.Join("testdata", "conformance"),
		criteriatest.Evaluator{Name: "rows", Tells: criteriatest.TellsWhy, Record: os.Getenv("UPDATE_SCRIPTS") != "", Answer: byRows},
		criteriatest.Evaluator{Name: "columns", Tells: criteriatest.TellsFacts, Answer: byColumns})
}

func byRows(t testing.TB, s *criteriatest.Step) (string, error) {
	t.Helper()
	d, err := Parse([]byte(s.Document), criteriatest.Forms)
	if s.Verb == "refuse" {
		return refusal(t, d, err, s), nil
	}
	if err != nil {
		return "", err
	}
	e, err := d.NewEvaluator(settingsOf(s))
	if err != nil {
		return "", err
	}
	var b strings.Builder
	verdicts := make([]criteriatest.Verdict, len(s.Households))
	for i, h := range s.Households {
		v, x := e.Explain(h.Record, nil)
		if s.Verb == "turn" {
			text := "no single answer turns it"
			if x.Change != nil {
				text = x.Change.Text.EN
			}
			fmt.Fprintf(&b, "%s: %s. %s\n", h.Name, v.Outcome, text)
			continue
		}
		verdicts[i] = criteriatest.Verdict{Outcome: v.Outcome.String(), Low: v.Low, High: v.High, Missing: e.Missing(v)}
		verdicts[i].Facts = factsOf(d, e.points, e.eval.Value, e.eval.Value(d.Poor.Node))
		tellWhy(verdicts[i].Facts, x)
	}
	if s.Verb == "turn" {
		return b.String(), nil
	}
	return s.Text(verdicts), nil
}

// refusal is why a document is refused, by itself, beside the last one or as SQL for an engine.
func refusal(t testing.TB, d *Document, err error, s *criteriatest.Step) string {
	t.Helper()
	if s.Beside && err == nil {
		var last *Document
		if last, err = Parse([]byte(s.Last), criteriatest.Forms); err == nil {
			err = CheckOverlap(last, d)
		}
	}
	if s.Engine != "" && err == nil {
		_, err = d.SQL(SQLOptions{Settings: settingsOf(s), Dialect: Dialect(s.Engine), Lists: ListTables})
	}
	if err == nil {
		t.Error("nothing is refused")
		return ""
	}
	return criteriatest.Sentence(err)
}

func settingsOf(s *criteriatest.Step) Settings {
	return Settings{AsOf: s.AsOf, Parameters: s.Parameters}
}

// factsOf lists parts, bars and being poor, the last only where it is unknown: the outcome tells it otherwise.
func factsOf(d *Document, points func(*Part) formula.Value, met func(*formula.Node) formula.Value, poor formula.Value) (facts []criteriatest.Fact) {
	for i := range d.Indicators {
		for k := range d.Indicators[i].Parts {
			p := &d.Indicators[i].Parts[k]
			facts = append(facts, criteriatest.Fact{Name: p.ID, Value: points(p)})
		}
	}
	for i := range d.Bars {
		b := &d.Bars[i]
		facts = append(facts, criteriatest.Fact{Name: string(b.Kind) + " " + b.ID, Truth: true, Value: met(b.Node)})
	}
	if !poor.Known {
		facts = append(facts, criteriatest.Fact{Name: "poor", Truth: true, Value: poor})
	}
	return facts
}

// tellWhy gives facts the reasons of an explanation, in its order.
func tellWhy(facts []criteriatest.Fact, x *Explanation) {
	var all [][]errs.Text
	for _, g := range x.Indicators {
		for i := range g.Parts {
			all = append(all, g.Parts[i].Why)
		}
	}
	for i := range x.Bars {
		all = append(all, x.Bars[i].Why)
	}
	for i, why := range append(all, x.Poor.Why)[:len(facts)] {
		facts[i].Why = wordsIn(why, "en")
	}
}

func byColumns(t testing.TB, s *criteriatest.Step) (string, error) {
	t.Helper()
	d, err := Parse([]byte(s.Document), criteriatest.Forms)
	if err != nil {
		return "", err
	}
	builder := column.NewBuilder(d.Schema(), len(s.Households))
	for i, h := range s.Households {
		builder.Append(column.Key{Division: place.ID(i + 1)}, h.Record)
	}
	table := builder.Table()
	plan, err := d.Plan(settingsOf(s))
	if err != nil {
		return "", err
	}
	all, err := plan.Evaluate(context.Background(), Range{Table: table, To: table.Len()})
	if err != nil {
		return "", err
	}
	e, err := d.NewEvaluator(settingsOf(s))
	if err != nil {
		return "", err
	}
	verdicts := make([]criteriatest.Verdict, len(s.Households))
	for i := range verdicts {
		v := all[0].Verdict(i)
		part, bar := -1, -1
		verdicts[i] = criteriatest.Verdict{Outcome: v.Outcome.String(), Low: v.Low, High: v.High, Missing: all[0].Missing(e, i)}
		verdicts[i].Facts = factsOf(d,
			func(*Part) formula.Value { part++; return all[0].Points(part, i) },
			func(*formula.Node) formula.Value { bar++; return all[0].Bar(bar, i) }, all[0].Poor(i))
	}
	return s.Text(verdicts), nil
}
