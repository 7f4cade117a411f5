package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"liandong/errs"
	"liandong/poverty"
	"liandong/poverty/deprivation"
	"liandong/survey"
)

type measureCommand struct {
	dimensionFlags
	Data       string   `placeholder:"FILE" type:"path" xor:"what" help:"数据文件，CSV 或 Parquet。 File of observations, CSV or Parquet."`
	Dir        string   `placeholder:"D" type:"path" xor:"what" help:"或：城市数据所在的文件夹，计算登记册。 Or: folder of a city's data, to measure its register."`
	Database   string   `placeholder:"URL" xor:"what" help:"或：PostgreSQL 数据库地址。 Or: address of a PostgreSQL database."`
	Keys       string   `placeholder:"D" type:"path" help:"密钥和分段文件夹，用 --database 时必填。 Folder of keys and segments, required with --database."`
	Division   string   `placeholder:"130624" help:"登记册：区划代码，默认全市。 Register: code of the division; the city by default."`
	AsOf       string   `placeholder:"2015-12-31" help:"登记册：哪一天的情况，默认今天。 Register: as of this day; today by default."`
	Against    string   `placeholder:"2014-12-31" help:"登记册：与此前的这一天比较，谁脱贫、谁返贫。 Register: compare with this earlier day: who left poverty, who fell back."`
	Basis      string   `enum:"income,status," default:"" placeholder:"income|status" help:"与 --against 同用：按收入（默认）或按登记状态判断贫困。 With --against: who is poor by income, the default, or by the register's status."`
	KnownAt    string   `placeholder:"T" help:"登记册：按哪一时刻已登记的内容，默认现在。 Register: as far as was recorded by then; now by default."`
	Of         string   `enum:"all,poor" default:"all" help:"登记册：全部农户（all），或该日建档立卡的（poor）。 Register: all households, or those registered poor on the day."`
	Income     string   `placeholder:"COL" help:"收入列。 Column of incomes."`
	Weight     string   `placeholder:"COL" help:"权重列：一条记录代表多少人。 Column of weights: how many persons a record stands for."`
	By         string   `placeholder:"COL" help:"分组列；登记册：division、cause、attribute、status、size、labour、age、sex 或 education。 Column of the breakdown; for a register one of the words."`
	Line       string   `placeholder:"2855|60%median" help:"贫困线：金额，或中位数、平均数的百分比。 Poverty line: an amount, or a share of the median or mean."`
	Measures   string   `placeholder:"a,b,…" help:"指标，逗号分开；写 ? 列出全部。默认按有无贫困线取常用的几个。 Measures, with commas between; ? lists them. The usual ones by default."`
	Error      string   `enum:"linear,bootstrap,jackknife," default:"" placeholder:"linear|bootstrap|jackknife" help:"误差的算法。 Method for standard errors."`
	Strata     string   `placeholder:"COL" help:"分层列。 Column of strata."`
	Cluster    string   `placeholder:"COL" help:"抽样单元列（户、村）。 Column of sampling units."`
	Census     bool     `help:"全面调查，没有抽样误差。 Every unit of the population is here: there is no sampling error."`
	Rank       string   `placeholder:"COL" help:"集中指数按此列从穷到富排序。 Column by which the concentration index ranks, poorest first."`
	Before     string   `placeholder:"FILE" type:"path" help:"前一期的同样文件，给出增长发生曲线。 The same file of an earlier date, for the growth-incidence curve."`
	Seed       uint64   `default:"1" help:"自助法的种子。 Seed of the bootstrap."`
	Reps       int      `default:"1000" help:"自助法的重复次数。 Replications of the bootstrap."`
	Level      float64  `default:"0.95" help:"置信水平。 Level of the intervals."`
	Convention string   `name:"conventions" placeholder:"laeken,poor=at-or-below" help:"口径：一套预设或逐项选择。 Conventions: a preset or single choices."`
	Missing    string   `enum:"refused,dropped" default:"refused" help:"缺失值：拒绝，或去掉该记录并计数。 Missing values: refuse, or leave the record out and count it."`
	SVG        pictures `name:"svg" placeholder:"KIND FILE" help:"画图：lorenz、pen、incidence、contribution 或 growth，后面写文件名，如 --svg lorenz 图.svg；可写多次。 Draw a picture into the file that follows; may be repeated."`
}

// measureResult is the --json shape of the command.
type measureResult struct {
	N         int            `json:"n"`
	WeightSum float64        `json:"weight_sum"`
	Line      *float64       `json:"line"`
	Results   []measureRow   `json:"results"`
	Growth    *measureGrowth `json:"growth,omitempty"`
	Dropped   int            `json:"dropped,omitempty"` // records without a value, left out
	Pictures  []string       `json:"pictures,omitempty"`
	Seconds   float64        `json:"seconds"` // reading and measuring
}

// measureRow is one measure of one group; a number that is not defined is null, and "undefined" or "no_error" says why.
type measureRow struct {
	Group        string            `json:"group"`
	Measure      string            `json:"measure"`
	Title        errs.Text         `json:"title"`
	N            int               `json:"n"`
	WeightSum    float64           `json:"weight_sum"`
	Line         *float64          `json:"line"`
	Value        *float64          `json:"value"`
	SE           *float64          `json:"se"`
	Low          *float64          `json:"low"`
	High         *float64          `json:"high"`
	DesignEffect *float64          `json:"design_effect,omitempty"`
	Bounds       *[2]inferenceRow  `json:"bounds,omitempty"` // of several dimensions with answers missing: what the missing ones leave open
	Curve        [][2]float64      `json:"curve,omitempty"`
	Undefined    *errs.Text        `json:"undefined,omitempty"`
	NoError      *errs.Text        `json:"no_error,omitempty"`
	Notes        []errs.Text       `json:"notes,omitempty"`
	Conventions  map[string]string `json:"conventions"`

	groupTitle errs.Text // where a group's key is no word for people
}

// measureGarbage is how much garbage, in per cent of what is used, may gather while a file is measured. Columns are few and large and hold no pointers, so collecting often
// costs next to nothing and keeps the memory near that of the columns.
const measureGarbage = 15

// The defaults of flags, by which a flag that was given is told from one that was not.
const (
	defaultSeed   = 1
	defaultReps   = 1000
	defaultLevel  = 0.95
	defaultCutoff = "1/3"
)

// Run measures a file, or the register of a city.
func (c *measureCommand) Run(ctx context.Context, p *program) error {
	switch {
	case c.Measures == "?":
		return c.list(p)
	case c.Data == "" && c.Dir == "" && c.Database == "":
		return errs.New(errs.Usage, "main.measure", "请用 --data 指明数据文件，或用 --dir、--database 指明城市的登记册。", "Name a file of observations with --data, or a city's register with --dir or --database.")
	case c.Data == "":
		return c.register(ctx, p)
	case c.Against != "" || c.Basis != "":
		return errs.New(errs.Usage, "main.measure", "--against 和 --basis 只用于登记册；两个数据文件请用 liandong change 比较。", "--against and --basis are for a register; compare two files with liandong change.")
	case c.onlyRegister() != "":
		name := c.onlyRegister()
		return errs.New(errs.Usage, "main.measure", name+" 只用于登记册（--dir 或 --database），数据文件不用它。", name+" is for a register (--dir or --database); a file of observations has no use for it.")
	}
	if dimensions, err := c.asked(c.Measures); err != nil || dimensions {
		if err != nil {
			return err
		}
		if name := c.onlyIncome(); name != "" {
			return errs.New(errs.Usage, opDimension,
				"多维指标不用 "+name+"，请去掉它；缺回答怎么办由 --unanswered 说明。", "Measures of several dimensions have no use for "+name+"; leave it out. What becomes of missing answers is said by --unanswered.")
		}
		return c.measureDimensions(p)
	}
	started := time.Now()
	defer debug.SetGCPercent(debug.SetGCPercent(measureGarbage))
	q, err := c.query()
	if err != nil {
		return err
	}
	if err := c.ready(&q); err != nil {
		return err
	}
	data, err := survey.Read(c.Data, c.columns(), c.Missing)
	if err != nil {
		return err
	}
	data.Design.Census = c.Census
	report, err := c.estimate(data, q)
	if err != nil {
		return err
	}
	r := measureResult{N: report.N, WeightSum: report.WeightSum, Line: stated(report.Line), Dropped: data.Dropped, Results: make([]measureRow, 0, len(report.Results))}
	for i := range report.Results {
		r.Results = append(r.Results, rowOf(&report.Results[i]))
	}
	growth, err := c.growth(data, q)
	if err != nil {
		return err
	}
	if growth != nil {
		r.Growth = growthOf(growth)
	}
	r.Seconds = time.Since(started).Seconds()
	for _, picture := range c.SVG {
		if err := c.draw(p, picture, report, growth); err != nil {
			return err
		}
		r.Pictures = append(r.Pictures, picture.file)
	}
	return p.answer(r, func(w io.Writer) error { return p.printMeasures(w, &r, c.Error != "") })
}

func (c *measureCommand) columns() survey.Columns {
	return survey.Columns{Income: c.Income, Weight: c.Weight, Group: c.By, Stratum: c.Strata, Unit: c.Cluster, Rank: c.Rank}
}

// concentrationName is the measure that needs a second column, beside those of poverty.ParseMeasures.
const concentrationName = "concentration"

// wants are the measures asked for without the concentration index, and whether that is.
func (c *measureCommand) wants() (names string, concentration bool) {
	var others []string
	asked := c.Measures
	switch {
	case asked != "":
	case c.Line != "":
		asked = "headcount,gap,severity,gini,median,mean"
	default:
		asked = "arpr,qsr,gini,median,mean"
	}
	for name := range strings.SplitSeq(asked, ",") {
		if strings.TrimSpace(name) == concentrationName {
			concentration = true
			continue
		}
		others = append(others, name)
	}
	return strings.Join(others, ","), concentration
}

func (c *measureCommand) query() (q poverty.Query, err error) {
	names, concentration := c.wants()
	switch {
	case c.Income == "":
		return q, errs.New(errs.Usage, "main.measure", "请用 --income 指明收入列。", "Name the column of incomes with --income.")
	case concentration && c.Rank == "":
		return q, errs.New(errs.Usage, "main.measure", "集中指数需要用 --rank 指明按哪一列排序。", "The concentration index needs the column to rank by: --rank.")
	}
	if names != "" {
		if q.Measures, err = poverty.ParseMeasures(names); err != nil {
			return q, err
		}
	}
	if q.Conventions, err = poverty.ParseConventions(c.Convention); err != nil {
		return q, err
	}
	if c.Line != "" {
		if q.Line, err = poverty.ParseLine(c.Line); err != nil {
			return q, err
		}
	}
	q.Errors = poverty.Errors{Method: c.Error, Replications: c.Reps, Seed: c.Seed, Level: c.Level}
	return q, nil
}

func (c *measureCommand) estimate(data *survey.Data, q poverty.Query) (*poverty.Report, error) {
	_, concentration := c.wants()
	report := &poverty.Report{N: len(data.Income), Line: math.NaN()}
	if len(q.Measures) > 0 {
		var err error
		estimate := data.Estimate
		if c.Before == "" && !concentration { // nobody needs the columns afterwards
			estimate = data.EstimateInPlace
		}
		if report, err = estimate(q); err != nil {
			return nil, err
		}
	}
	if concentration {
		rows, err := data.Concentration(data.Rank, q.Conventions, q.Errors)
		if err != nil {
			return nil, err
		}
		report.WeightSum = rows[0].WeightSum
		report.Results = append(report.Results, rows...)
	}
	return report, nil
}

// stated is a number that JSON can write; null where it is not defined.
func stated(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

func textOrNil(t errs.Text) *errs.Text {
	if t.IsZero() {
		return nil
	}
	return &t
}

func rowOf(e *poverty.Estimate) measureRow {
	r := measureRow{
		Group: e.Group, Measure: e.Measure.String(), Title: e.Measure.Title(), N: e.N, WeightSum: e.WeightSum, Line: stated(e.Line), Value: stated(e.Value), SE: stated(e.SE),
		Low: stated(e.Low), High: stated(e.High), DesignEffect: stated(e.DesignEffect), Undefined: textOrNil(e.Undefined), NoError: textOrNil(e.NoError), Notes: e.Notes, Conventions: e.Conventions,
	}
	for _, q := range e.Curve {
		r.Curve = append(r.Curve, [2]float64{q.X, q.Y})
	}
	return r
}

// list prints every measure and convention.
func (c *measureCommand) list(p *program) error {
	type listed struct {
		Measures    []string            `json:"measures"`
		Conventions map[string][]string `json:"conventions"`
		Presets     []string            `json:"presets"`
		Pictures    []string            `json:"pictures"`
	}
	l := listed{append(append(poverty.MeasureNames(), concentrationName), deprivation.MeasureNames()...), map[string][]string{}, nil, append(poverty.Pictures(), poverty.PictureGrowth)}
	for _, choice := range poverty.Choices() {
		l.Conventions[choice.Name] = choice.Options
	}
	for name := range poverty.Presets() {
		l.Presets = append(l.Presets, name)
	}
	slices.Sort(l.Presets)
	return p.answer(l, func(w io.Writer) error {
		fmt.Fprintln(w, p.say(errs.Text{ZH: "指标：", EN: "Measures:"}), strings.Join(l.Measures, " "))
		fmt.Fprintln(w, p.say(errs.Text{ZH: "预设口径：", EN: "Presets of conventions:"}), strings.Join(l.Presets, " "))
		for _, choice := range poverty.Choices() {
			fmt.Fprintf(w, "  %s = %s\n", choice.Name, strings.Join(choice.Options, " | "))
		}
		return nil
	})
}

// picture is one --svg.
type picture struct{ kind, file string }

// pictures are all of them.
type pictures []picture

// Decode takes the two words after --svg.
func (all *pictures) Decode(ctx *kong.DecodeContext) error {
	var each picture
	if err := ctx.Scan.PopValueInto("KIND", &each.kind); err != nil {
		return err
	}
	if ctx.Scan.Peek().IsEOL() {
		return errors.New("expected a kind of picture and a file, as lorenz out.svg") // usage turns the parser's complaints into sentences
	}
	if err := ctx.Scan.PopValueInto("FILE", &each.file); err != nil {
		return err
	}
	*all = append(*all, each)
	return nil
}

// ready adds to the query what the pictures need.
func (c *measureCommand) ready(q *poverty.Query) error {
	for _, each := range c.SVG {
		if each.kind == poverty.PictureGrowth {
			if c.Before == "" {
				return errs.New(errs.Usage, "main.measure", "增长发生曲线需要用 --before 指明前一期的文件。", "The growth-incidence curve needs the file of an earlier date: --before.")
			}
			continue
		}
		needed, err := poverty.PictureMeasures(each.kind, q.Line)
		if err != nil {
			return err
		}
		for _, m := range needed {
			if !slices.ContainsFunc(q.Measures, func(o poverty.Measure) bool { return o.String() == m.String() }) {
				q.Measures = append(q.Measures, m)
			}
		}
	}
	return nil
}

func (c *measureCommand) draw(p *program, what picture, report *poverty.Report, growth *poverty.Growth) error {
	name := filepath.Base(c.Data)
	source := errs.Text{ZH: fmt.Sprintf("数据：%s，%s 列，%d 条记录", name, c.Income, report.N), EN: fmt.Sprintf("Data: %s, column %s, %s", name, c.Income, errs.Count(report.N, "record", "records"))}
	var drawn *poverty.Picture
	if what.kind == poverty.PictureGrowth {
		drawn = growth.Picture(source)
	} else {
		var err error
		if drawn, err = report.Picture(what.kind, source); err != nil {
			return err
		}
	}
	return whole(what.file, func(w io.Writer) error {
		_, err := w.Write(drawn.SVG(p.line.Lang))
		return err
	})
}

// measureGrowth is the growth between two files.
type measureGrowth struct {
	Mean   growthRow   `json:"mean"`
	Median growthRow   `json:"median"`
	OfPoor growthRow   `json:"of_poor"`
	Curve  []growthRow `json:"curve"`
}

type growthRow struct {
	Percentile *float64   `json:"percentile,omitempty"`
	Value      *float64   `json:"value"`
	SE         *float64   `json:"se"`
	Low        *float64   `json:"low"`
	High       *float64   `json:"high"`
	Undefined  *errs.Text `json:"undefined,omitempty"`
	NoError    *errs.Text `json:"no_error,omitempty"`
}

func growthRowOf(r *poverty.Inference) growthRow {
	return growthRow{Value: stated(r.Value), SE: stated(r.SE), Low: stated(r.Low), High: stated(r.High), Undefined: textOrNil(r.Undefined), NoError: textOrNil(r.NoError)}
}

// growth compares with the earlier file; nil where there is none.
func (c *measureCommand) growth(after *survey.Data, q poverty.Query) (*poverty.Growth, error) {
	if c.Before == "" {
		return nil, nil
	}
	before, err := survey.Read(c.Before, c.columns(), c.Missing)
	if err != nil {
		return nil, err
	}
	before.Design.Census = c.Census
	return poverty.GrowthIncidence(&before.Sample, &after.Sample, q.Line, q.Conventions, q.Errors)
}

func growthOf(g *poverty.Growth) *measureGrowth {
	out := &measureGrowth{Mean: growthRowOf(&g.Mean), Median: growthRowOf(&g.Median), OfPoor: growthRowOf(&g.OfPoor)}
	for i := range g.Curve {
		row := growthRowOf(&g.Curve[i].Inference)
		row.Percentile = &g.Curve[i].Percentile
		out.Curve = append(out.Curve, row)
	}
	return out
}
