package main

import (
	"context"
	"fmt"
	"io"
	"math"

	"liandong/errs"
	"liandong/poverty"
	"liandong/poverty/change"
	"liandong/survey"
)

type changeCommand struct {
	Decompose  decomposeCommand      `cmd:"" help:"两期调查：贫困的变化多少来自增长、多少来自分配。 Two surveys: how much of a change is growth, how much redistribution."`
	Register   registerChangeCommand `cmd:"" help:"登记册的两个日期之间：谁脱贫、谁返贫、谁新进。 Between two days of the register: who left, who fell back, who entered."`
	Transition transitionCommand     `cmd:"" help:"同一批人两期：谁脱贫、谁返贫。 The same people twice: who left poverty, who fell back."`
}

type decomposeCommand struct {
	sampleFlags
	Before  string  `required:"" type:"path" placeholder:"FILE" help:"前期文件，CSV 或 Parquet。 File of the first date."`
	After   string  `required:"" type:"path" placeholder:"FILE" help:"后期文件，列名相同。 File of the second date, with the same columns."`
	Income  string  `required:"" placeholder:"COL" help:"收入列，两期按同一年价格。 Column of incomes, in prices of one date."`
	By      string  `placeholder:"COL" help:"分组列：再按组分解。 Column of groups: split over them too."`
	Line    float64 `required:"" placeholder:"2855" help:"贫困线金额。 Poverty line, an amount."`
	Measure string  `default:"headcount" placeholder:"headcount" help:"指标：headcount、gap、severity、fgt:α、watts、sen、sst。 The measure."`
	Panel   bool    `help:"两个文件逐行是同一批人。 Row by row, both files are the same persons."`
}

type decomposeResult struct {
	Measure     string            `json:"measure"`
	Line        float64           `json:"line"`
	N           [2]int            `json:"n"`
	Terms       []termRow         `json:"terms"`
	Conventions map[string]string `json:"conventions"`
}

// Run splits the change between two files.
func (c *decomposeCommand) Run(_ context.Context, p *program) error {
	q := change.Query{Line: c.Line, Paired: c.Panel, Errors: c.errors()}
	var err error
	if q.Measure, err = poverty.ParseMeasure(c.Measure); err != nil {
		return err
	}
	if q.Conventions, err = poverty.ParseConventions(c.Convention); err != nil {
		return err
	}
	before, err := c.sample(c.Before)
	if err != nil {
		return err
	}
	after, err := c.sample(c.After)
	if err != nil {
		return err
	}
	terms, err := change.Decompose(before, after, q)
	if err != nil {
		return err
	}
	if c.By != "" {
		sectors, err := change.Sectors(before, after, q)
		if err != nil {
			return err
		}
		terms = append(terms, sectors...)
	}
	r := decomposeResult{
		Measure: c.Measure, Line: c.Line, N: [2]int{len(before.Income), len(after.Income)}, Terms: termRowsOf(terms),
		Conventions: map[string]string{"poor": q.Conventions.Poor, "out-of-domain": q.Conventions.OutOfDomain, "samples": "independent"},
	}
	if c.Panel {
		r.Conventions["samples"] = "paired"
	}
	return p.answer(r, func(w io.Writer) error {
		fmt.Fprintln(w, p.say(errs.Text{
			ZH: fmt.Sprintf("%s，贫困线 %.6g；前期 %d 条记录，后期 %d 条。", c.Measure, c.Line, r.N[0], r.N[1]),
			EN: fmt.Sprintf("%s at the line %.6g; %s before, %d after.", c.Measure, c.Line, errs.Count(r.N[0], "record", "records"), r.N[1]),
		}))
		p.printTerms(w, r.Terms, c.Error != "")
		return nil
	})
}

func (c *decomposeCommand) sample(path string) (*poverty.Sample, error) {
	data, err := survey.Read(path, survey.Columns{Income: c.Income, Weight: c.Weight, Group: c.By, Stratum: c.Strata, Unit: c.Cluster}, survey.MissingRefused)
	if err != nil {
		return nil, err
	}
	data.Design.Census = c.Census
	return &data.Sample, nil
}

func termRowsOf(terms []change.Term) []termRow {
	rows := make([]termRow, 0, len(terms))
	for i := range terms {
		t := &terms[i]
		rows = append(rows, termRow{t.Method, t.Name, t.Group, t.Title, inferenceOf(&t.Inference)})
	}
	return rows
}

type transitionCommand struct {
	sampleFlags
	Data       string  `required:"" type:"path" placeholder:"FILE" help:"追踪数据，一人一行，CSV 或 Parquet。 A panel, one row a person."`
	Before     string  `required:"" placeholder:"COL" help:"前期的收入列。 Column of incomes at the first date."`
	After      string  `required:"" placeholder:"COL" help:"后期的收入列。 Column of incomes at the second date."`
	Line       float64 `required:"" placeholder:"2855" help:"贫困线。 Poverty line."`
	LineBefore float64 `placeholder:"2800" help:"前期的贫困线，不同时写。 Line of the first date, if another."`
	Absent     string  `enum:"refused,dropped,state" default:"refused" help:"缺一期的人：拒绝、去掉并计数，或单列。 Persons absent at a date: refuse, leave out and count, or a state of their own."`
}

type transitionResult struct {
	States    []string         `json:"states"`
	N         int              `json:"n"`
	Absent    int              `json:"absent"`
	WeightSum float64          `json:"weight_sum"`
	Before    []inferenceRow   `json:"before"`
	After     []inferenceRow   `json:"after"`
	Joint     [][]inferenceRow `json:"joint"`
	Move      [][]inferenceRow `json:"move"`
	Indices   []termRow        `json:"indices"`
	Notes     []errs.Text      `json:"notes,omitempty"`
}

// Run estimates the matrix of a panel.
func (c *transitionCommand) Run(_ context.Context, p *program) error {
	conventions, err := poverty.ParseConventions(c.Convention)
	if err != nil {
		return err
	}
	table, err := survey.ReadTable(c.Data, append([]string{c.Before, c.After}, c.numbers()...), c.words())
	if err != nil {
		return err
	}
	if err := c.present(table); err != nil {
		return err
	}
	before := c.LineBefore
	if before == 0 {
		before = c.Line
	}
	panel, err := change.PoorPanel(table.Numbers[0], table.Numbers[1], before, c.Line, conventions)
	if err != nil {
		return err
	}
	if panel.Weight, panel.Design, err = c.design(table); err != nil {
		return err
	}
	m, err := change.Transition(panel, c.Absent, conventions, c.errors())
	if err != nil {
		return err
	}
	r := transitionOf(m)
	return p.answer(r, func(w io.Writer) error {
		p.printTransition(w, &r, c.Error != "", stateTitles)
		return nil
	})
}

// stateTitles are the states of poverty for people.
func stateTitles(state string) errs.Text {
	switch state {
	case change.Poor:
		return errs.Text{ZH: "贫困", EN: "poor"}
	case change.NotPoor:
		return errs.Text{ZH: "非贫困", EN: "not poor"}
	case change.Absent:
		return errs.Text{ZH: "不详", EN: "not known"}
	}
	return errs.Text{ZH: state, EN: state}
}

// present refuses, where absent incomes are refused, the first of them by its row and column.
func (c *transitionCommand) present(table *survey.Table) error {
	if c.Absent != change.AbsentRefused {
		return nil
	}
	lacking, first, column := 0, 0, ""
	for record := range table.Length {
		for i, name := range []string{c.Before, c.After} {
			if !math.IsNaN(table.Numbers[i][record]) {
				continue
			}
			if lacking == 0 {
				first, column = record, name
			}
			lacking++
			break
		}
	}
	if lacking == 0 {
		return nil
	}
	return table.Wrong(first, column, errs.Text{
		ZH: fmt.Sprintf("缺一期的收入，不知道这时是否贫困；这样的人共 %d 个。请补上，或用 --absent dropped 去掉他们，或用 --absent state 单列。", lacking),
		EN: "The income of a date is missing, so nobody knows who was poor then; " + errs.Count(lacking, "person lacks", "persons lack") + " one. Fill it in, leave such persons out with --absent dropped, or give them a state of their own with --absent state.",
	})
}

func transitionOf(m *change.Matrix) transitionResult {
	r := transitionResult{States: m.States, N: m.N, Absent: m.Absent, WeightSum: m.WeightSum, Indices: termRowsOf(m.Indices), Notes: m.Notes}
	rows := func(of []poverty.Inference) (all []inferenceRow) {
		for i := range of {
			all = append(all, inferenceOf(&of[i]))
		}
		return all
	}
	r.Before, r.After = rows(m.Before), rows(m.After)
	for i := range m.States {
		r.Joint, r.Move = append(r.Joint, rows(m.Joint[i])), append(r.Move, rows(m.Move[i]))
	}
	return r
}

// printTransition writes the moves as a table, rows where people were, columns where they are, in shares of the row.
func (p *program) printTransition(w io.Writer, r *transitionResult, withErrors bool, title func(string) errs.Text) {
	fmt.Fprintln(w, p.say(errs.Text{
		ZH: fmt.Sprintf("%s 条记录，代表 %s 人。行是前期，列是后期，数是占该行的份额。", number(int64(r.N)), number(int64(math.Round(r.WeightSum)))),
		EN: fmt.Sprintf("%s for %s. Rows are the first date, columns the second, numbers shares of the row.", errs.Count(r.N, "record", "records"), persons(r.WeightSum)),
	}))
	head := []string{""}
	for _, s := range r.States {
		head = append(head, p.oneLine(title(s)))
	}
	lines := [][]string{append(head, p.oneLine(errs.Text{ZH: "前期份额", EN: "share before"}))}
	for i, s := range r.States {
		line := []string{p.oneLine(title(s))}
		for _, move := range r.Move[i] {
			line = append(line, short(move.Value))
		}
		lines = append(lines, append(line, short(r.Before[i].Value)))
	}
	after := []string{p.oneLine(errs.Text{ZH: "后期份额", EN: "share after"})}
	for i := range r.States {
		after = append(after, short(r.After[i].Value))
	}
	writeAligned(w, append(lines, append(after, "")), 1)
	p.printTerms(w, r.Indices, withErrors)
	p.printNotes(w, r.Notes)
}
