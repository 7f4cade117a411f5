package criteria

import (
	"encoding/json"
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"

	"liandong/day"
	"liandong/errs"
	"liandong/formula"
)

// Case is one of the document's own examples: a record in JSON and what must come out of it on a day.
type Case struct {
	Name    string
	AsOf    day.Date
	Record  string // as in NDJSON files of the form
	Outcome Outcome
	Low     *float64 // the ends of the score; nil where the case does not say
	High    *float64
	Missing []string // the fields that matter; nil where the case does not say
	At      formula.Position
}

type caseRow struct {
	Name    string    `yaml:"name"`
	AsOf    day.Date  `yaml:"as_of"`
	Record  yaml.Node `yaml:"record"`
	Outcome yaml.Node `yaml:"outcome"`
	Score   yaml.Node `yaml:"score"`
	Missing []string  `yaml:"missing"`
}

func (p *parsing) cases(row *documentRow) error {
	for i := range row.Cases {
		r := &row.Cases[i]
		where := formula.PositionOf(&r.Outcome)
		if where.Line == 0 {
			where = formula.PositionOf(&r.Record)
		}
		o, ok := ParseOutcome(r.Outcome.Value)
		if !ok {
			return at0(where, fmt.Sprintf("例子「%s」的 outcome「%s」不认识，可写 proposed、review、undetermined、barred 或 not_proposed。", r.Name, r.Outcome.Value),
				fmt.Sprintf("The outcome %q of the case %q is none of proposed, review, undetermined, barred and not_proposed.", r.Outcome.Value, r.Name))
		}
		if r.AsOf.IsZero() {
			return at0(where, fmt.Sprintf("例子「%s」要写 as_of，即按哪一天评定。", r.Name), fmt.Sprintf("The case %q wants as_of, the day it is evaluated for.", r.Name))
		}
		c := Case{Name: r.Name, AsOf: r.AsOf, Outcome: o, Missing: r.Missing, At: where}
		var err error
		if c.Low, c.High, err = scoreOf(&r.Score); err != nil {
			return err
		}
		if c.Record = r.Record.Value; r.Record.Kind == yaml.MappingNode {
			text, err := json.Marshal(asJSON(&r.Record))
			if err != nil {
				return at0(formula.PositionOf(&r.Record), "例子的 record 写不成 JSON。", "The record of the case cannot be written as JSON.")
			}
			c.Record = string(text)
		}
		p.Cases = append(p.Cases, c)
	}
	return nil
}

// scoreOf reads score: 26, or score: [26, 41].
func scoreOf(n *yaml.Node) (low, high *float64, err error) {
	if n.IsZero() {
		return nil, nil, nil
	}
	var one float64
	var both []float64
	switch {
	case n.Kind == yaml.ScalarNode && n.Decode(&one) == nil:
		return &one, &one, nil
	case n.Kind == yaml.SequenceNode && n.Decode(&both) == nil && len(both) == 2:
		return &both[0], &both[1], nil
	}
	return nil, nil, at0(formula.PositionOf(n), "score 写一个数，或 [低，高]。", "score is a number, or [low, high].")
}

// ReadRecord reads a case's record as the form's JSON.
type ReadRecord func(text []byte) (formula.Row, error)

// CaseResult is what came out of one of the document's own cases.
type CaseResult struct {
	Name     string
	AsOf     day.Date
	Outcome  Outcome
	Low      float64 // the ends of the score
	High     float64
	Missing  []string // the fields that matter
	Expected errs.Text
	Came     errs.Text
	Passes   bool
	At       formula.Position
}

// RunCases evaluates the document's own cases, and tells of each what was expected and what came out.
func (d *Document) RunCases(read ReadRecord) ([]CaseResult, error) {
	all := make([]CaseResult, 0, len(d.Cases))
	for i := range d.Cases {
		c := &d.Cases[i]
		row, err := read([]byte(c.Record))
		if err != nil {
			s := errs.Sentence(err)
			return nil, at0(c.At, fmt.Sprintf("例子「%s」的 record 不对：%s", c.Name, s.ZH), fmt.Sprintf("The record of the case %q is wrong: %s", c.Name, s.EN))
		}
		e, err := d.NewEvaluator(Settings{AsOf: c.AsOf})
		if err != nil {
			return nil, err
		}
		v := e.Evaluate(row)
		missing := e.Missing(v)
		passes := v.Outcome == c.Outcome && (c.Low == nil || (*c.Low == v.Low && *c.High == v.High)) && (c.Missing == nil || strings.Join(c.Missing, " ") == strings.Join(missing, " "))
		all = append(all, CaseResult{Name: c.Name, AsOf: c.AsOf, Outcome: v.Outcome, Low: v.Low, High: v.High, Missing: missing, Expected: c.wanted(), Came: came(v, missing), Passes: passes, At: c.At})
	}
	return all, nil
}

// CheckCases evaluates the document's own cases. The first that comes out otherwise is refused with its place, what was expected and what
// came out.
func (d *Document) CheckCases(read ReadRecord) error {
	results, err := d.RunCases(read)
	if err != nil {
		return err
	}
	for i := range results {
		if r := &results[i]; !r.Passes {
			return at0(r.At, fmt.Sprintf("例子「%s」没有通过：应为%s，得到%s。", r.Name, r.Expected.ZH, r.Came.ZH), fmt.Sprintf("The case %q fails: %s was expected, %s came out.", r.Name, r.Expected.EN, r.Came.EN))
		}
	}
	return nil
}

// expect makes a result what the case expects, as far as the case says anything.
func (c *Case) expect(r *CaseResult) {
	c.Outcome = r.Outcome
	if c.Low != nil {
		c.Low, c.High = &r.Low, &r.High
	}
	if c.Missing != nil {
		c.Missing = r.Missing
	}
}

func (c *Case) wanted() errs.Text {
	t := c.Outcome.Text()
	if c.Low != nil {
		t = joined(t, scoreWords(*c.Low, *c.High))
	}
	if c.Missing != nil {
		t = joined(t, missingWords(c.Missing))
	}
	return t
}

func came(v Verdict, missing []string) errs.Text {
	t := joined(v.Outcome.Text(), scoreWords(v.Low, v.High))
	if len(missing) > 0 {
		t = joined(t, missingWords(missing))
	}
	return t
}

func joined(a, b errs.Text) errs.Text {
	return errs.Text{ZH: a.ZH + "，" + b.ZH, EN: a.EN + ", " + b.EN}
}

func scoreWords(low, high float64) errs.Text {
	if low == high {
		return errs.Text{ZH: number(low) + " 分", EN: number(low) + " points"}
	}
	return errs.Text{ZH: number(low) + " 到 " + number(high) + " 分", EN: number(low) + " to " + number(high) + " points"}
}

func missingWords(paths []string) errs.Text {
	list := strings.Join(paths, " ")
	return errs.Text{ZH: "缺 " + choose(list == "", "无", list), EN: "missing " + choose(list == "", "nothing", list)}
}
