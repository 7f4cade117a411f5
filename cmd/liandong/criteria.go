package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"liandong/criteria"
	"liandong/day"
	"liandong/errs"
	"liandong/internal/identify"
)

type criteriaCommand struct {
	Check  criteriaCheck  `cmd:"" help:"检查识别标准，并跑它自己的例子。 Check documents and run their own cases."`
	Lint   criteriaLint   `cmd:"" help:"找出可能写错的地方。 Find what is probably not meant."`
	Doc    criteriaDoc    `cmd:"" help:"把整套指标打印成表。 Print the whole indicator system as tables."`
	Diff   criteriaDiff   `cmd:"" help:"用文字说明两份标准的差别。 Tell in words how two documents differ."`
	Eval   criteriaEval   `cmd:"" help:"评定文件中的农户，每户一行。 Evaluate the households of a file, a line for each."`
	Plan   criteriaPlan   `cmd:"" help:"显示怎样按列计算。 Print the plan by which columns are evaluated."`
	SQL    criteriaSQL    `cmd:"" name:"sql" help:"把标准写成一条 SQL。 Write a document as one SELECT."`
	List   criteriaList   `cmd:"" help:"列出城市里各版标准的状态。 List a city's documents with their states."`
	Draft  criteriaDraft  `cmd:"" help:"把一份标准存为草稿。 Save a document as a draft."`
	Test   criteriaTest   `cmd:"" help:"跑草稿自己的例子，通过后记为已测试。 Run a draft's own cases, and mark it tested."`
	Enact  criteriaEnact  `cmd:"" help:"让已测试的标准从某一天起执行。 Put a tested document in force from a day."`
	Schema criteriaSchema `cmd:"" help:"显示标准文件的 JSON Schema。 Print the JSON Schema of documents."`
}

type criteriaCheck struct {
	Files []string `arg:"" help:"标准文件（.yaml），或随程序提供的编号。 Documents, or ids of those that come with the program."`
}

// checkResult is the --json shape of the command.
type checkResult struct {
	Documents []checkedDocument `json:"documents"`
}

type checkedDocument struct {
	File    string            `json:"file"`
	ID      string            `json:"id"`
	Title   errs.Text         `json:"title"`
	Cases   int               `json:"cases"`
	Steps   float64           `json:"steps"`
	Remarks []criteria.Remark `json:"remarks"`
}

// Run refuses a document that cannot be read, of which a case fails, or that is in force beside another version of itself.
func (c *criteriaCheck) Run(_ context.Context, p *program) error {
	r := checkResult{}
	var documents []identify.Document
	for _, name := range c.Files {
		d, err := documentOf(name)
		if err != nil {
			return within(name, err)
		}
		if err := identify.CheckCases(d); err != nil {
			return within(name, err)
		}
		for i := range documents {
			if err := criteria.CheckOverlap(documents[i].Document, d.Document); err != nil {
				return within(name, err)
			}
		}
		documents = append(documents, d)
		r.Documents = append(r.Documents, checkedDocument{name, d.ID(), d.Title, len(d.Cases), d.Cost(), d.Lint()})
	}
	return p.answer(r, func(w io.Writer) error {
		for i := range r.Documents {
			d := &r.Documents[i]
			fmt.Fprintln(w, p.say(errs.Text{
				ZH: fmt.Sprintf("%s（%s）可以使用：%d 个例子全部通过，每户最多 %.0f 步。", d.Title.ZH, d.ID, d.Cases, d.Steps),
				EN: fmt.Sprintf("%s (%s) is sound: all of its %d cases pass; at most %.0f steps a household.", d.Title.EN, d.ID, d.Cases, d.Steps),
			}))
			p.remarks(w, d.File, d.Remarks)
		}
		return nil
	})
}

// within names the file before a sentence about a place in it.
func within(file string, err error) error {
	s := errs.Sentence(err)
	return errs.New(errs.KindOf(err), "main.criteria", file+"："+s.ZH, file+": "+s.EN).Because(err)
}

func (p *program) remarks(w io.Writer, file string, all []criteria.Remark) {
	for i := range all {
		r := &all[i]
		fmt.Fprintln(w, p.say(errs.Text{ZH: fmt.Sprintf("%s 第 %d 行第 %d 列：%s", file, r.Line, r.Column, r.Text.ZH), EN: fmt.Sprintf("%s, line %d, column %d: %s", file, r.Line, r.Column, r.Text.EN)}))
	}
}

type criteriaDoc struct {
	File   string `arg:"" help:"标准文件或编号。 Document or id."`
	Format string `enum:"markdown,html" default:"markdown" help:"格式：markdown 或 html。 Format."`
	Out    string `short:"o" type:"path" placeholder:"FILE" help:"写到这个文件，默认显示。 Write to this file; shown by default."`
}

// Run prints in Chinese unless --lang en is given.
func (c *criteriaDoc) Run(_ context.Context, p *program) error {
	d, err := documentOf(c.File)
	if err != nil {
		return within(c.File, err)
	}
	language := p.language()
	text := d.Markdown(language)
	if c.Format == "html" {
		text = d.HTML(language)
	}
	if c.Out != "" {
		return whole(c.Out, func(w io.Writer) error { _, err := io.WriteString(w, text); return err })
	}
	return p.answer(map[string]string{"id": d.ID(), "format": c.Format, "text": text}, func(w io.Writer) error { _, err := io.WriteString(w, text); return err })
}

type criteriaDiff struct {
	First  string `arg:"" help:"较早的标准文件或编号。 The earlier document or id."`
	Second string `arg:"" help:"较晚的标准文件或编号。 The later document or id."`
}

// diffResult is the --json shape of the command.
type diffResult struct {
	First       string                `json:"first"`
	Second      string                `json:"second"`
	Differences []criteria.Difference `json:"differences"`
}

// Run lists what differs, a sentence a line.
func (c *criteriaDiff) Run(_ context.Context, p *program) error {
	first, err := documentOf(c.First)
	if err != nil {
		return within(c.First, err)
	}
	second, err := documentOf(c.Second)
	if err != nil {
		return within(c.Second, err)
	}
	r := diffResult{first.ID(), second.ID(), criteria.Diff(first.Document, second.Document)}
	return p.answer(r, func(w io.Writer) error {
		if len(r.Differences) == 0 {
			fmt.Fprintln(w, p.say(errs.Text{ZH: "两份标准的内容相同。", EN: "The two documents say the same."}))
		}
		for _, d := range r.Differences {
			fmt.Fprintln(w, p.say(d.Text))
		}
		return nil
	})
}

type criteriaPlan struct {
	File   string             `arg:"" help:"标准文件或编号。 Document or id."`
	AsOf   string             `required:"" placeholder:"2015-12-31" help:"按哪一天评定。 The day of evaluation."`
	WhatIf map[string]float64 `placeholder:"PARAM=VALUE" help:"改动一个参数。 Move a parameter."`
}

// Run prints the plan.
func (c *criteriaPlan) Run(_ context.Context, p *program) error {
	d, settings, err := settingsOf(c.File, c.AsOf, c.WhatIf)
	if err != nil {
		return err
	}
	plan, err := d.Plan(settings)
	if err != nil {
		return err
	}
	text := plan.String()
	return p.answer(map[string]string{"id": d.ID(), "plan": text}, func(w io.Writer) error {
		_, err := fmt.Fprintln(w, strings.TrimRight(text, "\n"))
		return err
	})
}

// settingsOf reads a document with the day and the moved parameters of its evaluation.
func settingsOf(file, asOf string, moved map[string]float64) (identify.Document, criteria.Settings, error) {
	d, err := documentOf(file)
	if err != nil {
		return d, criteria.Settings{}, within(file, err)
	}
	on, err := day.Parse(asOf)
	return d, criteria.Settings{AsOf: on, Parameters: moved}, err
}

type criteriaSQL struct {
	File    string             `arg:"" help:"标准文件或编号。 Document or id."`
	Dialect string             `enum:"sqlite,postgres,duckdb" default:"postgres" help:"数据库：sqlite、postgres 或 duckdb。 Database."`
	Lists   string             `enum:"table,json" default:"table" help:"家庭成员等列表在子表（table）还是 JSON 列里。 Lists as child tables or JSON."`
	AsOf    string             `required:"" placeholder:"2015-12-31" help:"按哪一天评定。 The day of evaluation."`
	WhatIf  map[string]float64 `placeholder:"PARAM=VALUE" help:"改动一个参数。 Move a parameter."`
	Tables  bool               `help:"显示建表语句，而不是查询。 Print CREATE TABLE statements instead of the query."`
}

// Run prints the statement.
func (c *criteriaSQL) Run(_ context.Context, p *program) error {
	d, settings, err := settingsOf(c.File, c.AsOf, c.WhatIf)
	if err != nil {
		return err
	}
	o := criteria.SQLOptions{Settings: settings, Dialect: criteria.Dialect(c.Dialect), Lists: criteria.Lists(c.Lists)}
	write := d.SQL
	if c.Tables {
		write = d.SQLTables
	}
	text, err := write(o)
	if err != nil {
		return within(c.File, err)
	}
	return p.answer(map[string]string{"id": d.ID(), "dialect": c.Dialect, "sql": text}, func(w io.Writer) error { _, err := io.WriteString(w, text); return err })
}

type criteriaSchema struct{}

// Run prints the schema that editors complete and check documents by.
func (*criteriaSchema) Run(_ context.Context, p *program) error {
	_, err := p.stdout.Write(criteria.JSONSchema())
	return errs.Wrap("main.schema", err)
}
