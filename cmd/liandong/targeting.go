package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"liandong/criteria"
	"liandong/errs"
	"liandong/poverty"
	"liandong/poverty/targeting"
	"liandong/survey"
)

type targetCommand struct {
	Assess assessCommand `cmd:"" help:"用调查核对识别结果：漏了谁、错了谁、补助到了谁。 Hold an identification against a survey: whom it misses, whom it takes in, who gets the benefits."`
	Fit    fitCommand    `cmd:"" help:"由调查拟合代理家计测算，写成规则文件。 Fit a proxy-means test to a survey and write it as a criteria document."`
}

type assessCommand struct {
	sampleFlags
	Data      string   `required:"" type:"path" placeholder:"FILE" help:"调查数据，CSV 或 Parquet。 Survey, CSV or Parquet."`
	Welfare   string   `required:"" placeholder:"COL" help:"福利变量列（人均收入或消费）。 Column of income or consumption per head."`
	Line      string   `required:"" placeholder:"2855|60%median" help:"贫困线。 Poverty line."`
	Selected  string   `placeholder:"COL" xor:"said" help:"是否纳入的列：1/0、是/否、true/false。 Column that says who is selected."`
	Outcome   string   `placeholder:"COL" xor:"said" help:"识别结果的列（proposed、review、barred…），前两种算纳入。 Column of outcomes of a criteria document; the first two count as selected."`
	Outcomes  string   `placeholder:"FILE.ndjson" type:"path" xor:"said" help:"识别结果文件，一户一行（id、outcome），用 --id 对应。 File of outcomes, one line a household, matched by --id."`
	ID        string   `name:"id" placeholder:"COL" help:"户编号列。 Column of the household's id."`
	Score     string   `placeholder:"COL" help:"得分列。 Column of scores."`
	Poorer    bool     `help:"得分越高越穷（默认越高越好）。 A higher score means poorer; by default better off."`
	Benefit   string   `placeholder:"COL" help:"补助金额列（人均）。 Column of benefits per head."`
	Quantiles int      `default:"5" help:"补助归属分几组，1 至 100。 Groups of equal population for the incidence of benefits."`
	SVG       pictures `name:"svg" placeholder:"KIND FILE" help:"画图：concentration（补助集中曲线）或 roc，后面写文件名；可写多次。 Draw the concentration curve of benefits or the ROC curve into the file that follows; may be repeated."`
}

type assessResult struct {
	N             int               `json:"n"`
	Poor          int               `json:"poor"`
	Selected      int               `json:"selected"`
	WeightSum     float64           `json:"weight_sum"`
	Line          float64           `json:"line"`
	Terms         []termRow         `json:"terms"`
	Quantiles     []quantileRow     `json:"quantiles,omitempty"`
	Concentration [][2]float64      `json:"concentration,omitempty"`
	ROC           [][2]float64      `json:"roc,omitempty"`
	Conventions   map[string]string `json:"conventions"`
	Notes         []errs.Text       `json:"notes,omitempty"`
	Pictures      []string          `json:"pictures,omitempty"`
}

// quantileRow is one group of equal population, the poorest first.
type quantileRow struct {
	Covered  inferenceRow `json:"covered"`
	Selected inferenceRow `json:"of_selected"`
	Benefits inferenceRow `json:"of_benefits"`
}

// Run holds an identification against the welfare of a survey.
func (c *assessCommand) Run(_ context.Context, p *program) error {
	q := targeting.Query{Quantiles: c.Quantiles, Errors: c.errors()}
	var err error
	if q.Conventions, err = poverty.ParseConventions(c.Convention); err != nil {
		return err
	}
	if q.Line, err = poverty.ParseLine(c.Line); err != nil {
		return err
	}
	if c.Outcomes != "" && c.ID == "" {
		return errs.New(errs.Usage, "main.targeting", "用 --outcomes 时请用 --id 指明户编号列。", "With --outcomes, name the column of the household's id with --id.")
	}
	for _, each := range c.SVG {
		if err := targeting.CheckPicture(each.kind, c.Score != ""); err != nil {
			return err
		}
	}
	sample, notes, err := c.sample()
	if err != nil {
		return err
	}
	report, err := sample.Assess(q)
	if err != nil {
		return err
	}
	r := assessmentOf(report)
	r.Notes = append(notes, r.Notes...)
	for _, each := range c.SVG {
		if err := c.draw(p, each, report); err != nil {
			return err
		}
		r.Pictures = append(r.Pictures, each.file)
	}
	return p.answer(r, func(w io.Writer) error { return p.printAssessment(w, &r, c.Error != "") })
}

func (c *assessCommand) draw(p *program, what picture, report *targeting.Report) error {
	name := filepath.Base(c.Data)
	drawn, err := report.Picture(what.kind, errs.Text{ZH: fmt.Sprintf("数据：%s，%d 条记录", name, report.N), EN: "Data: " + name + ", " + errs.Count(report.N, "record", "records")})
	if err != nil {
		return err
	}
	return whole(what.file, func(w io.Writer) error {
		_, err := w.Write(drawn.SVG(p.line.Lang))
		return err
	})
}

// sample reads the survey with what the identification said.
func (c *assessCommand) sample() (*targeting.Sample, []errs.Text, error) {
	numbers, words := append([]string{c.Welfare}, named(c.Score, c.Benefit)...), named(c.Selected, c.Outcome)
	if c.Outcomes != "" {
		words = append(words, c.ID)
	}
	table, err := survey.ReadTable(c.Data, append(numbers, c.numbers()...), append(words, c.words()...))
	if err != nil {
		return nil, nil, err
	}
	for i, name := range numbers {
		if err := table.Present(name, table.Numbers[i]); err != nil {
			return nil, nil, err
		}
	}
	s := &targeting.Sample{Welfare: table.Numbers[0], Poorer: c.Poorer}
	next := 1
	for _, column := range []struct {
		name string
		to   *[]float64
	}{{c.Score, &s.Score}, {c.Benefit, &s.Benefit}} {
		if column.name != "" {
			*column.to = table.Numbers[next]
			next++
		}
	}
	if s.Weight, s.Design, err = c.design(table); err != nil {
		return nil, nil, err
	}
	var notes []errs.Text
	for record, x := range s.Benefit {
		if x < 0 {
			return nil, nil, table.Wrong(record, c.Benefit, errs.Text{
				ZH: "补助小于零。补助是发给的金额，没有写 0；请更正。", EN: "The benefit is below zero. It is an amount that is given; write 0 for none.",
			})
		}
	}
	if len(words) > 0 {
		said, err := table.Without(words[0], table.Words[0])
		if err != nil {
			return nil, nil, err
		}
		if s.Selected, notes, err = c.selection(table, words[0], said); err != nil {
			return nil, nil, err
		}
	}
	return s, notes, nil
}

// reading says what one word of a column means: selected, undetermined and so not selected, or why it cannot be read.
type reading func(word string) (selected, undetermined bool, unread errs.Text)

// reading is that of the column that the flags name.
func (c *assessCommand) reading() (reading, error) {
	switch {
	case c.Outcomes != "":
		outcomes, err := readOutcomes(c.Outcomes)
		return func(id string) (bool, bool, errs.Text) {
			o, found := outcomes[id]
			if !found {
				name := filepath.Base(c.Outcomes)
				return false, false, errs.Text{
					ZH: "识别结果文件 " + name + " 里没有编号「" + id + "」。请核对编号列，或重新运行识别。", EN: "The file of outcomes " + name + " has no id \"" + id + "\". Check the column of ids, or evaluate anew.",
				}
			}
			return o.Would(), o == criteria.Undetermined, errs.Text{}
		}, err
	case c.Outcome != "":
		return func(word string) (bool, bool, errs.Text) {
			o, known := criteria.ParseOutcome(word)
			if !known {
				return false, false, errs.Text{ZH: "不认识的识别结果「" + word + "」。" + outcomeWords().ZH, EN: "The outcome \"" + word + "\" is not known. " + outcomeWords().EN}
			}
			return o.Would(), o == criteria.Undetermined, errs.Text{}
		}, nil
	}
	return yesOrNo, nil
}

// outcomeWords lists the outcomes that a document can give.
func outcomeWords() errs.Text {
	var all []string
	for o := range criteria.Outcomes {
		all = append(all, criteria.Outcome(o).String())
	}
	return errs.Text{ZH: "可以是：" + strings.Join(all, "、") + "。", EN: "There are: " + strings.Join(all, ", ") + "."}
}

func yesOrNo(word string) (selected, undetermined bool, unread errs.Text) {
	switch lower := strings.ToLower(word); {
	case slices.Contains([]string{"1", "true", "yes", "y", "是"}, lower):
		return true, false, errs.Text{}
	case slices.Contains([]string{"0", "false", "no", "n", "否"}, lower):
		return false, false, errs.Text{}
	}
	return false, false, errs.Text{
		ZH: "看不懂「" + word + "」。是否纳入请写 1 或 0，也可以写 是、否、true、false。", EN: "\"" + word + "\" cannot be read. Write 1 or 0 for selected or not; true, false, yes and no will do.",
	}
}

// selection turns what was said of each record into 1 and 0: selected is what leads towards the list. It says how many were left undetermined.
func (c *assessCommand) selection(table *survey.Table, column string, said poverty.Factor) ([]float64, []errs.Text, error) {
	read, err := c.reading()
	if err != nil {
		return nil, nil, err
	}
	selected, undetermined := make([]float64, len(said.Code)), 0
	of, open, unread := make([]float64, len(said.Level)), make([]bool, len(said.Level)), make([]errs.Text, len(said.Level))
	for i, word := range said.Level {
		var is bool
		if is, open[i], unread[i] = read(word); is {
			of[i] = 1
		}
	}
	for record, code := range said.Code {
		if !unread[code].IsZero() {
			return nil, nil, table.Wrong(record, column, unread[code])
		}
		selected[record] = of[code]
		if open[code] {
			undetermined++
		}
	}
	if undetermined == 0 {
		return selected, nil, nil
	}
	return selected, []errs.Text{{
		ZH: fmt.Sprintf("%d 条记录信息不全，没有得出结果，按未纳入计。", undetermined), EN: "Undetermined, counted as not selected: " + errs.Count(undetermined, "record", "records") + ".",
	}}, nil
}

// longestOutcome bounds a line of outcomes: an id, an outcome and every field of the form by name.
const longestOutcome = 1 << 20

// readOutcomes reads what evaluating a criteria document prints: one JSON object a line.
func readOutcomes(path string) (map[string]criteria.Outcome, error) {
	const op = "main.targeting"
	f, err := os.Open(path)
	if err != nil {
		return nil, errs.New(errs.NotFound, op, "文件打不开，请检查路径和读取权限。", "The file cannot be opened; check its path and that you may read it.").At(path).Because(err)
	}
	defer f.Close()
	outcomes, lines := map[string]criteria.Outcome{}, bufio.NewScanner(f)
	lines.Buffer(nil, longestOutcome)
	for n := 1; lines.Scan(); n++ {
		var line struct {
			ID      string `json:"id"`
			Outcome string `json:"outcome"`
		}
		if len(strings.TrimSpace(lines.Text())) == 0 {
			continue
		}
		where := fmt.Sprintf("%s 第 %d 行 (line %d)", filepath.Base(path), n, n)
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			return nil, errs.New(errs.Invalid, op, "这一行不是 JSON。每户一行，如 {\"id\":\"1\",\"outcome\":\"proposed\"}，即 criteria eval 的输出。", "The line is no JSON. It is one line a household, as {\"id\":\"1\",\"outcome\":\"proposed\"}, which criteria eval prints.").At(where).Because(err)
		}
		o, known := criteria.ParseOutcome(line.Outcome)
		if _, twice := outcomes[line.ID]; !known || twice || line.ID == "" {
			return nil, errs.New(errs.Invalid, op, "这一行没有编号、编号重复，或识别结果「"+line.Outcome+"」不认识。"+outcomeWords().ZH, "The line has no id, one that came before, or an unknown outcome \""+line.Outcome+"\". "+outcomeWords().EN).At(where)
		}
		outcomes[line.ID] = o
	}
	if err := lines.Err(); err != nil {
		return nil, errs.New(errs.Invalid, op, "文件没有读完就中断了，或有一行超过 1 MB。请重试，或重新运行识别。", "The file could not be read to its end, or a line is longer than 1 MB. Try again, or evaluate anew.").At(filepath.Base(path)).Because(err)
	}
	return outcomes, nil
}

func assessmentOf(report *targeting.Report) assessResult {
	r := assessResult{
		N: report.N, Poor: report.Poor, Selected: report.SelectedN, WeightSum: report.WeightSum, Line: report.Line, Terms: make([]termRow, 0, len(report.Terms)),
		Concentration: pointsOf(report.Concentration), ROC: pointsOf(report.Curve), Conventions: report.Conventions, Notes: report.Notes,
	}
	for i := range report.Terms {
		t := &report.Terms[i]
		r.Terms = append(r.Terms, termRow{Name: t.Name, Title: t.Title, inferenceRow: inferenceOf(&t.Inference)})
	}
	for i := range report.Quantiles {
		g := &report.Quantiles[i]
		r.Quantiles = append(r.Quantiles, quantileRow{inferenceOf(&g.Covered), inferenceOf(&g.Selected), inferenceOf(&g.Benefits)})
	}
	return r
}

func pointsOf(curve []poverty.Point) (points [][2]float64) {
	for _, q := range curve {
		points = append(points, [2]float64{q.X, q.Y})
	}
	return points
}

func (p *program) printAssessment(w io.Writer, r *assessResult, withErrors bool) error {
	fmt.Fprintln(w, p.say(errs.Text{
		ZH: fmt.Sprintf("%s 条记录，代表 %.0f 人；贫困线 %.6g，其下 %s 条；纳入 %s 条。", number(int64(r.N)), r.WeightSum, r.Line, number(int64(r.Poor)), number(int64(r.Selected))),
		EN: fmt.Sprintf("%s for %s; line %.6g, %d under it; %d selected.", errs.Count(r.N, "record", "records"), persons(r.WeightSum), r.Line, r.Poor, r.Selected),
	}))
	p.printTerms(w, r.Terms, withErrors)
	if len(r.Quantiles) > 0 {
		lines := [][]string{{
			p.oneLine(errs.Text{ZH: "从穷到富", EN: "poorest first"}), p.oneLine(errs.Text{ZH: "覆盖率", EN: "covered"}),
			p.oneLine(errs.Text{ZH: "占纳入者", EN: "of the selected"}), p.oneLine(errs.Text{ZH: "占补助", EN: "of the benefits"}),
		}}
		for i := range r.Quantiles {
			g := &r.Quantiles[i]
			lines = append(lines, []string{fmt.Sprintf("%d/%d", i+1, len(r.Quantiles)), short(g.Covered.Value), short(g.Selected.Value), short(g.Benefits.Value)})
		}
		writeAligned(w, lines, 1)
	}
	p.printNotes(w, r.Notes)
	for _, file := range r.Pictures {
		fmt.Fprintln(w, p.say(errs.Text{ZH: "图：" + file, EN: "Picture: " + file}))
	}
	return nil
}
