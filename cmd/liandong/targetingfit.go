package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"strings"

	"liandong/errs"
	"liandong/internal/identify"
	"liandong/poverty"
	"liandong/poverty/proxy"
	"liandong/poverty/targeting"
	"liandong/survey"
)

type fitCommand struct {
	sampleFlags
	Data     string   `required:"" type:"path" placeholder:"FILE" help:"调查数据，CSV 或 Parquet。 Survey, CSV or Parquet."`
	Welfare  string   `required:"" placeholder:"COL" help:"福利变量列（人均收入或消费）。 Column of income or consumption per head."`
	Number   []string `sep:"none" placeholder:"NAME=COL[:EXPR]" help:"数值变量：名称=列名:表单里的算式，可多次，如 size=人口:members.size()；不写算式则算式就是列名。 A number: name, column, and what it is in the form."`
	Category []string `sep:"none" placeholder:"NAME=COL[:EXPR]" help:"类别变量，写法同上，列里是表单的代码。 A category, its column holding the form's codes."`
	Method   string   `enum:"ols,quantile,lasso" default:"ols" help:"方法：加权最小二乘、分位数回归、套索。 Weighted least squares, quantile regression or the lasso."`
	Quantile float64  `default:"0.5" help:"分位数回归的分位数。 The quantile of quantile regression."`
	Scale    string   `enum:"log,level" default:"log" help:"福利变量取对数或不取。 Welfare in logarithms or as it is."`
	Lambda   float64  `placeholder:"0.01" help:"套索的惩罚；不写则由交叉验证选。 Penalty of the lasso; chosen by folds without it."`
	Rule     string   `enum:"min,1se" default:"min" help:"由交叉验证选惩罚的规则。 How folds choose the penalty."`
	Folds    int      `default:"10" help:"交叉验证分几份。 Folds of out-of-sample errors."`
	Missing  string   `enum:"refused,dropped" default:"refused" help:"缺变量的记录：拒绝，或去掉并计数。 Records that miss a variable: refuse, or leave out and count."`
	Line     float64  `required:"" placeholder:"2855" help:"贫困线金额。 Poverty line, an amount."`
	Document string   `placeholder:"OUT.yaml" type:"path" help:"把测算写成规则文件。 Write the test as a criteria document."`
	Criteria string   `default:"proxy-means-test@2015" placeholder:"NAME@VERSION" help:"规则文件的名称和版本。 Name and version of the document."`
	From     string   `default:"2015-01-01" placeholder:"2015-01-01" help:"规则文件从哪一天起可用于决定。 First day on which decisions may rest on the document."`
	Unit     string   `default:"yuan/person/year" help:"贫困线的单位。 Unit of the line."`
}

type fitResult struct {
	Method     string           `json:"method"`
	Scale      string           `json:"scale"`
	N          int              `json:"n"`
	Left       int              `json:"left_out"`
	Intercept  float64          `json:"intercept"`
	Terms      []fitTerm        `json:"terms"`
	R2         *float64         `json:"r2"`
	RMSE       *float64         `json:"rmse"`
	Lambda     *float64         `json:"lambda,omitempty"`
	Validation validationResult `json:"validation"`
	Targeting  []termRow        `json:"targeting"` // of the out-of-sample prediction at the line
	Document   string           `json:"document,omitempty"`
	Notes      []errs.Text      `json:"notes,omitempty"`
}

type fitTerm struct {
	Variable    string      `json:"variable"`
	Expression  string      `json:"expression"`
	Coefficient *float64    `json:"coefficient,omitempty"`
	SE          *float64    `json:"se,omitempty"`
	Range       *[2]float64 `json:"range,omitempty"`
	Levels      []fitLevel  `json:"levels,omitempty"`
}

type fitLevel struct {
	Code        string   `json:"code"`
	Coefficient float64  `json:"coefficient"`
	SE          *float64 `json:"se,omitempty"`
	Share       float64  `json:"share"`
}

type validationResult struct {
	Folds int      `json:"folds"`
	Seed  uint64   `json:"seed"`
	R2    *float64 `json:"r2"`
	RMSE  *float64 `json:"rmse"`
}

// Run fits a test, judges it on records it has not seen, and writes it as a document.
func (c *fitCommand) Run(_ context.Context, p *program) error {
	if !(c.Line > 0) || math.IsInf(c.Line, 0) {
		return errs.New(errs.Usage, "main.targeting", "请用 --line 给出大于零的贫困线金额。", "Give the poverty line as an amount above zero with --line.")
	}
	s, err := c.survey()
	if err != nil {
		return err
	}
	o := proxy.Options{Method: c.Method, Quantile: c.Quantile, Scale: c.Scale, Lambda: c.Lambda, Rule: c.Rule, Missing: c.Missing, Folds: c.Folds, Seed: c.Seed}
	model, err := proxy.Fit(s, o)
	if err != nil {
		return err
	}
	validation, err := proxy.Validate(s, o)
	if err != nil {
		return err
	}
	r := fitOf(model)
	r.Validation = validationResult{Folds: validation.Folds, Seed: c.Seed, R2: stated(validation.R2), RMSE: stated(validation.RMSE)}
	if r.Targeting, err = c.targeting(s, validation.Predicted); err != nil {
		return err
	}
	if c.Document != "" {
		if err := c.write(model); err != nil {
			return err
		}
		r.Document = c.Document
	}
	return p.answer(r, func(w io.Writer) error { return p.printFit(w, &r, c.Error != "") })
}

// variableFlag is NAME=COL or NAME=COL:EXPR.
func variableFlag(text string) (v proxy.Variable, column string, err error) {
	name, rest, has := strings.Cut(text, "=")
	if !has || name == "" || rest == "" {
		return v, "", errs.New(errs.Usage, "main.targeting", "看不懂变量「"+text+"」，请写 名称=列名 或 名称=列名:算式。", "The variable \""+text+"\" cannot be read; write NAME=COL or NAME=COL:EXPR.")
	}
	column, expression, has := strings.Cut(rest, ":")
	if !has {
		expression = column
	}
	return proxy.Variable{Name: name, Expression: expression}, column, nil
}

func (c *fitCommand) survey() (*proxy.Survey, error) {
	s := &proxy.Survey{}
	numbers, words := []string{c.Welfare}, []string{}
	for _, text := range c.Number {
		v, column, err := variableFlag(text)
		if err != nil {
			return nil, err
		}
		s.Variables, numbers = append(s.Variables, v), append(numbers, column)
	}
	for _, text := range c.Category {
		v, column, err := variableFlag(text)
		if err != nil {
			return nil, err
		}
		s.Variables, words = append(s.Variables, v), append(words, column)
	}
	table, err := survey.ReadTable(c.Data, append(numbers, c.numbers()...), append(words, c.words()...))
	if err != nil {
		return nil, err
	}
	if err := table.Present(c.Welfare, table.Numbers[0]); err != nil {
		return nil, err
	}
	s.Welfare = table.Numbers[0]
	if err := c.logarithms(table); err != nil {
		return nil, err
	}
	for i := range s.Variables {
		if i < len(c.Number) {
			s.Variables[i].Values = table.Numbers[i+1]
		} else {
			s.Variables[i].Categories = table.Words[i-len(c.Number)]
		}
	}
	if err := c.answered(table, s); err != nil {
		return nil, err
	}
	s.Weight, s.Design, err = c.design(table)
	return s, err
}

// logarithms refuses, on the scale of logarithms, the first welfare that has none.
func (c *fitCommand) logarithms(table *survey.Table) error {
	if c.Scale != proxy.ScaleLog {
		return nil
	}
	for record, y := range table.Numbers[0] {
		if !(y > 0) {
			return table.Wrong(record, c.Welfare, errs.Text{
				ZH: "福利变量不大于零，没有对数。请更正，或用 --scale level 不取对数。", EN: "The welfare is not above zero and has no logarithm. Correct it, or fit it as it is with --scale level.",
			})
		}
	}
	return nil
}

// answered refuses, where missing variables are refused, the first answer that is missing.
func (c *fitCommand) answered(table *survey.Table, s *proxy.Survey) error {
	if c.Missing != proxy.MissingRefused {
		return nil
	}
	lacking, first, column := 0, 0, ""
	for record := range table.Length {
		for i := range s.Variables {
			v := &s.Variables[i]
			if (v.Values != nil && !math.IsNaN(v.Values[record])) || (v.Categories.Code != nil && v.Categories.Code[record] >= 0) {
				continue
			}
			if lacking == 0 {
				first, column = record, c.column(i)
			}
			lacking++
			break
		}
	}
	if lacking == 0 {
		return nil
	}
	return table.Wrong(first, column, errs.Text{
		ZH: fmt.Sprintf("缺变量的值；这样的记录共 %d 条。请补上，或用 --missing dropped 去掉它们并计数。", lacking),
		EN: "The value of a variable is missing, as it is in " + errs.Count(lacking, "record", "records") + " in all. Fill it in, or leave such records out with --missing dropped, which counts them.",
	})
}

// column is the column of the file that a variable comes from.
func (c *fitCommand) column(variable int) string {
	_, column, err := variableFlag(append(append([]string{}, c.Number...), c.Category...)[variable])
	if err != nil {
		return "" // it was read before
	}
	return column
}

// targeting are the errors of selecting by the prediction of records that the fit has not seen.
func (c *fitCommand) targeting(s *proxy.Survey, predicted []float64) ([]termRow, error) {
	conventions, err := poverty.ParseConventions(c.Convention)
	if err != nil {
		return nil, err
	}
	t := &targeting.Sample{Design: s.Design}
	pick := func(f poverty.Factor) poverty.Factor { return poverty.Factor{Level: f.Level} }
	t.Design.Stratum, t.Design.Unit = pick(s.Design.Stratum), pick(s.Design.Unit)
	for i, y := range predicted {
		if math.IsNaN(y) {
			continue
		}
		selected := 0.0
		if y < c.Line {
			selected = 1
		}
		t.Welfare, t.Score, t.Selected = append(t.Welfare, s.Welfare[i]), append(t.Score, y), append(t.Selected, selected)
		if s.Weight != nil {
			t.Weight = append(t.Weight, s.Weight[i])
		}
		for _, side := range []struct{ from, to *poverty.Factor }{{&s.Design.Stratum, &t.Design.Stratum}, {&s.Design.Unit, &t.Design.Unit}} {
			if side.from.Present() {
				side.to.Code = append(side.to.Code, side.from.Code[i])
			}
		}
	}
	report, err := t.Assess(targeting.Query{Line: poverty.Line{Amount: c.Line}, Conventions: conventions, Errors: c.errors()})
	if err != nil {
		return nil, err
	}
	return assessmentOf(report).Terms, nil
}

// write checks the document as any other is checked before it is kept.
func (c *fitCommand) write(model *proxy.Model) error {
	name, version, _ := strings.Cut(c.Criteria, "@")
	text, err := model.Document(proxy.Heading{
		Criteria: name, Version: version, Title: errs.Text{ZH: "代理家计测算", EN: "Proxy-means test"}, Form: "household@2015",
		Basis: errs.Count(model.Survey, "record", "records") + " of a survey", From: c.From, Unit: c.Unit, Line: c.Line, Source: "--line",
	})
	if err != nil {
		return err
	}
	if _, err := identify.Read(text); err != nil {
		why := errs.Sentence(err)
		return errs.New(errs.Invalid, "main.targeting",
			"写成的规则文件没有通过检查，所以没有保存："+why.ZH+"请用 --number 名称=列名:算式、--category 名称=列名:算式 写明变量在表单里的算式，如 size=人口:members.size()。",
			"The document does not pass the check that every document passes, so it was not written: "+why.EN+" Name what each variable is in the form with --number NAME=COL:EXPR or --category NAME=COL:EXPR, as size=persons:members.size().").Because(err)
	}
	return whole(c.Document, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

func fitOf(m *proxy.Model) fitResult {
	r := fitResult{Method: m.Method, Scale: m.Scale, N: m.Survey, Left: m.Left, Intercept: m.Intercept, R2: stated(m.R2), RMSE: stated(m.RMSE), Terms: []fitTerm{}, Notes: m.Notes}
	if m.Method == proxy.Lasso {
		r.Lambda = &m.Lambda
	}
	for i := range m.Terms {
		t := &m.Terms[i]
		row := fitTerm{Variable: t.Variable.Name, Expression: t.Variable.Expression}
		if len(t.Levels) == 0 {
			row.Coefficient, row.SE, row.Range = &t.Coefficient, stated(t.SE), &[2]float64{t.Low, t.High}
		}
		for _, l := range t.Levels {
			row.Levels = append(row.Levels, fitLevel{l.Code, l.Coefficient, stated(l.SE), l.Share})
		}
		r.Terms = append(r.Terms, row)
	}
	return r
}

func (p *program) printFit(w io.Writer, r *fitResult, withErrors bool) error {
	fmt.Fprintln(w, p.say(errs.Text{
		ZH: fmt.Sprintf("%s（%s），%d 条记录。样本内 R² %s、均方根误差 %s；%d 份交叉验证 R² %s、均方根误差 %s（种子 %d）。", r.Method, r.Scale, r.N, short(r.R2), short(r.RMSE), r.Validation.Folds, short(r.Validation.R2), short(r.Validation.RMSE), r.Validation.Seed),
		EN: fmt.Sprintf("%s (%s) on %s. Within the sample R2 %s, root mean squared error %s; by %d folds R2 %s, error %s (seed %d).", r.Method, r.Scale, errs.Count(r.N, "record", "records"), short(r.R2), short(r.RMSE), r.Validation.Folds, short(r.Validation.R2), short(r.Validation.RMSE), r.Validation.Seed),
	}))
	lines := [][]string{{p.oneLine(errs.Text{ZH: "变量", EN: "variable"}), p.oneLine(errs.Text{ZH: "系数", EN: "coefficient"}), p.oneLine(errs.Text{ZH: "标准误", EN: "std. error"})}}
	lines = append(lines, []string{p.oneLine(errs.Text{ZH: "截距", EN: "intercept"}), short(&r.Intercept), ""})
	for i := range r.Terms {
		t := &r.Terms[i]
		if t.Coefficient != nil {
			lines = append(lines, []string{t.Variable, short(t.Coefficient), short(t.SE)})
		}
		for k := range t.Levels {
			lines = append(lines, []string{t.Variable + "=" + t.Levels[k].Code, short(&t.Levels[k].Coefficient), short(t.Levels[k].SE)})
		}
	}
	writeAligned(w, lines, 1)
	fmt.Fprintln(w, p.say(errs.Text{ZH: "按样本外的预测瞄准：", EN: "Targeting by the prediction out of sample:"}))
	p.printTerms(w, r.Targeting, withErrors)
	p.printNotes(w, r.Notes)
	if r.Document != "" {
		fmt.Fprintln(w, p.say(errs.Text{ZH: "规则文件：" + r.Document + "。测算只提出建议，由人决定。", EN: "Document: " + r.Document + ". A test proposes; people decide."}))
	}
	return nil
}
