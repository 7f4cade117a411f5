package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"liandong/column"
	"liandong/criteria"
	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/internal/identify"
	"liandong/internal/registry"
)

type criteriaEval struct {
	Criteria string             `required:"" placeholder:"FILE" help:"标准文件，或编号如 four-looks@2015.1。 Document or id."`
	Data     string             `required:"" placeholder:"FILE" help:"农户文件：.ndjson（每行一户）或 .parquet。 Households, .ndjson or .parquet."`
	Explain  string             `placeholder:"ID" help:"只说明这一户的结论从何而来。 Explain this household alone."`
	Letter   bool               `help:"与 --explain 同用：写成给农户的信。 With --explain: as a letter to the household."`
	AsOf     string             `placeholder:"2015-12-31" help:"按哪一天评定，默认今天。 The day of evaluation; today by default."`
	WhatIf   map[string]float64 `placeholder:"PARAM=VALUE" help:"改动一个参数。 Move a parameter."`
}

// evaluated is one line of the command's output.
type evaluated struct {
	ID      string     `json:"id"`
	Outcome string     `json:"outcome"`
	Score   [2]float64 `json:"score"`
	Missing []string   `json:"missing"`
}

// Run evaluates household by household. Lines that hold none are told on the error stream and passed over; a file without any ends with 1.
func (c *criteriaEval) Run(_ context.Context, p *program) error {
	d, err := documentOf(c.Criteria)
	if err != nil {
		return within(c.Criteria, err)
	}
	on, err := dayOr(c.AsOf, day.InTime(time.Now()))
	if err != nil {
		return err
	}
	e, err := d.NewEvaluator(criteria.Settings{AsOf: on, Parameters: c.WhatIf})
	if err != nil {
		return err
	}
	if c.Explain != "" {
		return c.explain(p, d, e)
	}
	out := bufio.NewWriter(p.stdout)
	encoder := json.NewEncoder(out)
	err = p.eachHousehold(c.Data, func(id string, r *form.Record) error {
		v := e.Evaluate(r)
		line := evaluated{ID: id, Outcome: v.Outcome.String(), Score: [2]float64{v.Low, v.High}, Missing: e.Missing(v)}
		if line.Missing == nil {
			line.Missing = []string{}
		}
		return encoder.Encode(line)
	})
	if err != nil {
		return err
	}
	return errs.Wrap("main.eval", out.Flush())
}

// explain finds the household and tells why it has its outcome.
func (c *criteriaEval) explain(p *program, d identify.Document, e *criteria.Evaluator) error {
	var found *criteria.Explanation
	err := p.eachHousehold(c.Data, func(id string, r *form.Record) error {
		if id == c.Explain && found == nil {
			_, found = e.Explain(r, func(list string, item int) (errs.Text, bool) {
				return registry.ItemTitle(r, list, item, form.Encrypted)
			})
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case found == nil:
		return errs.New(errs.NotFound, "main.eval", "文件里没有编号为「"+c.Explain+"」的户。", "The file has no household "+c.Explain+".")
	}
	return p.explanation(found, c.Letter, criteria.Addressee{Document: d.Title, Name: c.Explain})
}

// explanation prints an explanation as a table or as a letter.
func (p *program) explanation(x *criteria.Explanation, letter bool, to criteria.Addressee) error {
	if letter {
		l := x.Letter(to)
		return p.answer(l, func(w io.Writer) error { _, err := io.WriteString(w, l.String()); return err })
	}
	return p.answer(x, func(w io.Writer) error {
		_, err := io.WriteString(w, x.Table(p.language()))
		return err
	})
}

// eachHousehold reads a file of households. Faults go to the error stream, each with its place.
func (p *program) eachHousehold(path string, take func(id string, r *form.Record) error) error {
	f, err := os.Open(path)
	if err != nil {
		return errs.New(errs.NotFound, "main.data", "读不到文件「"+path+"」。", "The file "+path+" cannot be read.").Because(err)
	}
	defer f.Close()
	n, faults := 0, 0
	count := func(id string, r *form.Record) error { n++; return take(id, r) }
	fault := func(l *form.LineFault) {
		const told = 100 // the rest says nothing new
		if faults++; faults <= told {
			fmt.Fprintln(p.stderr, p.say(errs.Sentence(within(path, l))))
		}
	}
	root := form.Household().Root
	switch {
	case strings.HasSuffix(path, ".parquet"):
		err = column.ReadParquet(f, root, count, fault)
	case strings.HasSuffix(path, ".ndjson"), strings.HasSuffix(path, ".jsonl"), strings.HasSuffix(path, ".json"):
		err = root.ReadLines(f, count, fault)
	default:
		return errs.New(errs.Usage, "main.data", "农户文件要以 .ndjson 或 .parquet 结尾。", "The file of households ends in .ndjson or .parquet.")
	}
	switch {
	case err != nil:
		return within(path, err)
	case n == 0:
		return errs.New(errs.Invalid, "main.data", fmt.Sprintf("%s：没有读出一户（%d 行有错）。", path, faults), fmt.Sprintf("%s: no household could be read (%d faulty lines).", path, faults))
	case faults > 0:
		fmt.Fprintln(p.stderr, p.say(errs.Text{ZH: fmt.Sprintf("跳过 %d 行，评定 %d 户。", faults, n), EN: fmt.Sprintf("%d lines were passed over, %d households evaluated.", faults, n)}))
	}
	return nil
}

type criteriaLint struct {
	File    string  `arg:"" help:"标准文件或编号。 Document or id."`
	Data    string  `placeholder:"FILE" help:"农户文件，用来找从不得分的项、无人符合的情形和常常不明的条件。 Households to try the document on."`
	AsOf    string  `placeholder:"2015-12-31" help:"按哪一天评定，默认今天。 The day of evaluation; today by default."`
	Unknown float64 `default:"10" help:"不明的户超过百分之几时提示。 Percentage of unknown households from which to remark."`
}

// lintResult is the --json shape of the command.
type lintResult struct {
	ID         string            `json:"id"`
	Households int               `json:"households"`
	Remarks    []criteria.Remark `json:"remarks"`
}

// Run lists remarks; there may be none. Remarks are no failure.
func (c *criteriaLint) Run(_ context.Context, p *program) error {
	d, err := documentOf(c.File)
	if err != nil {
		return within(c.File, err)
	}
	on, err := dayOr(c.AsOf, day.InTime(time.Now()))
	if err != nil {
		return err
	}
	r := lintResult{ID: d.ID(), Remarks: d.Lint()}
	if c.Data != "" {
		survey, err := d.NewSurvey(criteria.Settings{AsOf: on})
		if err != nil {
			return err
		}
		if err := p.eachHousehold(c.Data, func(_ string, record *form.Record) error {
			survey.Add(record)
			r.Households++
			return nil
		}); err != nil {
			return err
		}
		r.Remarks = append(r.Remarks, survey.Lint(c.Unknown/100)...)
	}
	return p.answer(r, func(w io.Writer) error {
		if len(r.Remarks) == 0 {
			fmt.Fprintln(w, p.say(errs.Text{ZH: "没有发现问题。", EN: "Nothing to remark."}))
		}
		p.remarks(w, c.File, r.Remarks)
		return nil
	})
}
