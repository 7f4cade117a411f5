package main

import (
	"fmt"
	"io"
	"strings"

	"liandong/errs"
	"liandong/poverty"
	"liandong/survey"
)

// sampleFlags say how the records of a file were drawn and how errors are made, for the commands about change and targeting.
type sampleFlags struct {
	Weight     string  `placeholder:"COL" help:"权重列：一条记录代表多少人。 Column of weights: how many persons a record stands for."`
	Strata     string  `placeholder:"COL" help:"分层列。 Column of strata."`
	Cluster    string  `placeholder:"COL" help:"抽样单元列（户、村）。 Column of sampling units."`
	Census     bool    `help:"全面调查，没有抽样误差。 Every unit of the population is here: there is no sampling error."`
	Error      string  `enum:"linear,bootstrap,jackknife," default:"" placeholder:"linear|bootstrap|jackknife" help:"误差的算法。 Method for standard errors."`
	Seed       uint64  `default:"1" help:"随机数的种子（自助法、交叉验证）。 Seed of the bootstrap and of folds."`
	Reps       int     `default:"1000" help:"自助法的重复次数。 Replications of the bootstrap."`
	Level      float64 `default:"0.95" help:"置信水平。 Level of the intervals."`
	Convention string  `name:"conventions" placeholder:"poor=at-or-below" help:"口径：一套预设或逐项选择。 Conventions: a preset or single choices."`
}

func (f *sampleFlags) errors() poverty.Errors {
	return poverty.Errors{Method: f.Error, Replications: f.Reps, Seed: f.Seed, Level: f.Level}
}

// numbers and words are the columns of the flags that are named.
func (f *sampleFlags) numbers() []string { return named(f.Weight) }

func (f *sampleFlags) words() []string { return named(f.Strata, f.Cluster) }

func named(columns ...string) (all []string) {
	for _, c := range columns {
		if c != "" {
			all = append(all, c)
		}
	}
	return all
}

// design takes the columns of the flags from a table in which they were read last, and refuses absent values.
func (f *sampleFlags) design(t *survey.Table) (weight []float64, d poverty.Design, err error) {
	d.Census = f.Census
	if f.Weight != "" {
		weight = t.Numbers[len(t.Numbers)-1]
		if err := t.Weights(f.Weight, weight); err != nil {
			return nil, d, err
		}
	}
	at := len(t.Words) - len(f.words())
	for _, column := range []struct {
		name string
		to   *poverty.Factor
	}{{f.Strata, &d.Stratum}, {f.Cluster, &d.Unit}} {
		if column.name == "" {
			continue
		}
		if *column.to, err = t.Without(column.name, t.Words[at]); err != nil {
			return nil, d, err
		}
		at++
	}
	return weight, d, nil
}

// inferenceRow is an estimate in JSON: numbers that are not defined are null, and a text says why.
type inferenceRow struct {
	Value     *float64   `json:"value"`
	SE        *float64   `json:"se"`
	Low       *float64   `json:"low"`
	High      *float64   `json:"high"`
	Undefined *errs.Text `json:"undefined,omitempty"`
	NoError   *errs.Text `json:"no_error,omitempty"`
}

func inferenceOf(r *poverty.Inference) inferenceRow {
	return inferenceRow{stated(r.Value), stated(r.SE), stated(r.Low), stated(r.High), textOrNil(r.Undefined), textOrNil(r.NoError)}
}

// termRow is a named number in JSON.
type termRow struct {
	Method string    `json:"method,omitempty"`
	Name   string    `json:"name"`
	Group  string    `json:"group,omitempty"`
	Title  errs.Text `json:"title"`
	inferenceRow
}

// printTerms writes one line for each term, and under the table why some have no value or no error.
func (p *program) printTerms(w io.Writer, terms []termRow, withErrors bool) {
	lines, why := [][]string{}, []string{}
	for i := range terms {
		t := &terms[i]
		title := t.Title.ZH
		if p.line.Lang == "en" {
			title = t.Title.EN
		}
		line := []string{t.Method, t.Name, title, short(t.Value)}
		if withErrors {
			line = append(line, short(t.SE), short(t.Low), short(t.High))
		}
		lines = append(lines, line)
		for _, reason := range []*errs.Text{t.Undefined, t.NoError} {
			if reason != nil && (reason == t.Undefined || withErrors) {
				about := strings.TrimSpace(t.Method + " " + t.Name)
				if t.Group != "" {
					about += " " + t.Group
				}
				why = append(why, about+": "+p.oneLine(*reason))
			}
		}
	}
	writeAligned(w, lines, 3)
	for _, reason := range why {
		fmt.Fprintln(w, reason)
	}
}

func (p *program) printNotes(w io.Writer, notes []errs.Text) {
	for _, n := range notes {
		fmt.Fprintln(w, p.oneLine(n))
	}
}
