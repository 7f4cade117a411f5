package poverty

import (
	"fmt"
	"math"
	"slices"

	"liandong/errs"
)

// Query is what to estimate from a Sample.
type Query struct {
	Measures    []Measure
	Line        Line        // needed by measures of poverty
	Conventions Conventions // empty fields mean the defaults
	Errors      Errors
	Workers     int // goroutines; 0 means one for each core. It changes no bit of the result
}

// Estimate is one measure of one group. Numbers that are not defined are NaN.
type Estimate struct {
	Group     string // "" for the whole
	Measure   Measure
	N         int     // records of the group
	WeightSum float64 // persons they stand for
	Line      float64 // the poverty line used; NaN for measures without one
	Inference
	Curve []Point // for measures that are curves

	Notes       []errs.Text       // what happened to incomes outside the domain and the like
	Conventions map[string]string // the names of the conventions that made the numbers
}

// Report is what Estimate found.
type Report struct {
	N         int
	WeightSum float64
	Line      float64 // the line of the whole; NaN if the query has none
	Results   []Estimate
}

// group is one part of the sample: the whole first.
type group struct {
	name  string
	n     int
	whole *ordered         // nil for a group without records or weight
	fit   map[Domain]treat // the records a domain leaves
	line  float64          // the query's line
	risk  float64          // the line of measures that always use a relative one
}

// treat is what the convention "out-of-domain" made of a distribution for one domain.
type treat struct {
	d       *ordered
	refused errs.Text
	note    errs.Text
}

// work is one call of Estimate.
type work struct {
	sample *Sample
	weight []float64 // by row
	query  *Query
	c      *Conventions
	groups []group
}

// cell is one group's measure.
type cell struct {
	group   int
	measure Measure
	traits  traits
	line    Line
	result  *Estimate
}

// Estimate measures the sample: the whole first, then every group in the order of its levels, each with the measures in the order of the query. It
// reads the columns and keeps none. It refuses, as kind Invalid or Usage, what cannot be measured at all; what is not defined for one group or one
// measure is said in its Estimate.
//
// Memory beside the columns is 40 bytes for each record, 60 with groups.
func (s *Sample) Estimate(q Query) (*Report, error) {
	w, err := s.prepare(&q)
	if err != nil {
		return nil, err
	}
	report := &Report{N: len(s.Income), WeightSum: total(w.groups[0].whole, sumWeight), Line: math.NaN()}
	if !q.Line.IsZero() {
		report.Line = w.groups[0].line
	}
	report.Results = make([]Estimate, len(w.groups)*len(q.Measures))
	cells := w.cells(report.Results)
	for i := range cells {
		w.value(&cells[i])
	}
	if err := w.errors(cells); err != nil {
		return nil, err
	}
	return report, nil
}

func (s *Sample) prepare(q *Query) (*work, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	c, err := q.Conventions.filled()
	if err != nil {
		return nil, err
	}
	if err := q.check(); err != nil {
		return nil, err
	}
	if err := q.Errors.fits(&c); err != nil {
		return nil, err
	}
	w := &work{sample: s, query: q, c: &c}
	w.divide()
	for i := range w.groups {
		w.inherit(i)
	}
	return w, w.lineAboveZero()
}

// inherit gives a group the national lines, where lines are national.
func (w *work) inherit(group int) {
	if w.c.LineScope == LineNational {
		w.groups[group].line, w.groups[group].risk = w.groups[0].line, w.groups[0].risk
	}
}

func (w *work) lineAboveZero() error {
	if line := w.groups[0].line; !w.query.Line.IsZero() && line-line != 0 {
		why := outOfRange()
		return problem("poverty.Estimate", "由收入算不出贫困线。"+why.ZH, "The line cannot be computed from the incomes. "+why.EN)
	}
	if !w.query.Line.IsZero() && !(w.groups[0].line > 0) {
		return problem("poverty.Estimate", "由收入算出的贫困线不大于零，无法据此计算。请改用金额作贫困线。", "The line that follows from the incomes is not above zero. Give the line as an amount.")
	}
	return nil
}

func (q *Query) check() error {
	if len(q.Measures) == 0 {
		return errs.New(errs.Usage, "poverty.Estimate", "没有给出要计算的指标。", "No measure was named.")
	}
	for _, m := range q.Measures {
		if t := m.traits(); t.line && !t.relative && q.Line.IsZero() {
			return errs.New(errs.Usage, "poverty.Estimate", fmt.Sprintf("指标「%s」需要贫困线，请给出贫困线。", m), fmt.Sprintf("The measure %q needs a poverty line; give one.", m))
		}
	}
	return q.Errors.check()
}

// divide sorts the records once and deals them out to their groups in that order.
func (w *work) divide() {
	workers := cores(w.query.Workers)
	y, rows, spare := order(w.sample.Income, workers)
	w.weight = w.sample.Weight
	if w.weight == nil {
		w.weight = make([]float64, len(y))
		for i := range w.weight {
			w.weight[i] = 1
		}
	}
	chunks := (len(y) + chunkLength - 1) / chunkLength
	inParallel(workers, chunks, func(c int) {
		for i := c * chunkLength; i < min((c+1)*chunkLength, len(y)); i++ {
			spare[i] = w.weight[rows[i]]
		}
	})
	whole := newOrdered(y, spare, rows, workers)
	w.groups = []group{w.newGroup("", whole)}
	if w.sample.Group.Present() {
		for i, part := range whole.dealt(w.sample.Group) {
			w.groups = append(w.groups, w.newGroup(w.sample.Group.Level[i], part))
		}
	}
}

// dealt gives each level of the factor its records, ascending as they were.
func (d *ordered) dealt(f Factor) []*ordered {
	starts := make([]int, len(f.Level)+1)
	for _, code := range f.Code {
		starts[code+1]++
	}
	for i := range f.Level {
		starts[i+1] += starts[i]
	}
	n := len(d.y)
	y, w, row := make([]float64, n), make([]float64, n), make([]uint32, n)
	next := append([]int(nil), starts...)
	for i, r := range d.row {
		place := next[f.Code[r]]
		next[f.Code[r]]++
		y[place], w[place], row[place] = d.y[i], d.w[i], r
	}
	parts := make([]*ordered, len(f.Level))
	for i := range parts {
		a, b := starts[i], starts[i+1]
		parts[i] = newOrdered(y[a:b:b], w[a:b:b], row[a:b:b], d.workers)
	}
	return parts
}

func (w *work) newGroup(name string, d *ordered) group {
	g := group{name: name, n: d.length(), line: math.NaN(), risk: math.NaN()}
	if g.n == 0 || total(d, sumWeight) == 0 {
		return g
	}
	g.whole, g.fit = d, map[Domain]treat{}
	if !w.query.Line.IsZero() {
		g.line = w.query.Line.at(d, w.c)
	}
	g.risk = w.riskLine().at(d, w.c)
	for _, m := range w.query.Measures {
		domain := m.traits().domain
		if _, done := g.fit[domain]; !done {
			g.fit[domain] = w.treat(d, domain)
		}
	}
	return g
}

// riskLine is the line of measures that always use a relative one.
func (w *work) riskLine() Line {
	if w.query.Line.relative() {
		return w.query.Line
	}
	return atRiskLine
}

// treat applies the convention "out-of-domain". The incomes outside a domain are the first ones.
func (w *work) treat(d *ordered, domain Domain) treat {
	outside := 0
	if domain != AnyIncome {
		outside = below(d, 0, domain == Positive)
	}
	if outside == 0 {
		return treat{d: d}
	}
	which := errs.Text{ZH: "负收入", EN: "negative"}
	if domain == Positive {
		which = errs.Text{ZH: "零或负收入", EN: "zero or negative"}
	}
	floor, hasFloor := w.c.floor()
	switch {
	case hasFloor && domain.holds(floor):
		raised := below(d, floor, false)
		return treat{d: d.raised(raised, floor), note: errs.Text{
			ZH: fmt.Sprintf("%d 条记录的收入低于 %g，按 %g 计算。", raised, floor, floor),
			EN: fmt.Sprintf("Counted as %g: %s with an income below it.", floor, errs.Count(raised, "record", "records")),
		}}
	case w.c.OutOfDomain == DomainDropped:
		rest := d.from(outside)
		if rest.length() == 0 || total(rest, sumWeight) == 0 {
			break
		}
		return treat{d: rest, note: errs.Text{
			ZH: fmt.Sprintf("有 %d 条记录是%s，未计入。", outside, which.ZH), EN: fmt.Sprintf("Left out: %s with %s income.", errs.Count(outside, "record", "records"), which.EN),
		}}
	case w.c.OutOfDomain == DomainKept && domain == NotNegative:
		return treat{d: d, note: errs.Text{
			ZH: fmt.Sprintf("有 %d 条记录是%s，照公式计入。", outside, which.ZH), EN: fmt.Sprintf("Counted as the formula has it: %s with %s income.", errs.Count(outside, "record", "records"), which.EN),
		}}
	}
	return treat{refused: errs.Text{
		ZH: fmt.Sprintf("有 %d 条记录是%s，该指标对它们没有定义。请选择去掉（out-of-domain=dropped）或按下限计（out-of-domain=floor:金额）。", outside, which.ZH),
		EN: fmt.Sprintf("The measure is not defined for %s income, which %s here. Choose to drop such records (out-of-domain=dropped) or to floor them (out-of-domain=floor:AMOUNT).", which.EN, errs.Count(outside, "record has", "records have")),
	}}
}

func (w *work) cells(results []Estimate) []cell {
	cells := make([]cell, 0, len(results))
	for g := range w.groups {
		for _, m := range w.query.Measures {
			cells = append(cells, w.cell(g, m, &results[len(cells)]))
		}
	}
	return cells
}

func (w *work) cell(group int, m Measure, result *Estimate) cell {
	c := cell{group: group, measure: m, traits: m.traits(), result: result}
	if c.traits.line {
		c.line = w.query.Line
	}
	if c.traits.relative {
		c.line = w.riskLine()
	}
	return c
}

// setting is what the cell's formula needs.
func (w *work) setting(c *cell) setting {
	g := &w.groups[c.group]
	switch {
	case c.traits.relative:
		return setting{g.risk, w.c}
	case c.traits.line:
		return setting{g.line, w.c}
	}
	if _, is := c.measure.functional.(incidenceCurve); is { // it reaches beyond the line, where there is one
		return setting{g.line, w.c}
	}
	return setting{math.NaN(), w.c}
}

func (w *work) value(c *cell) {
	g, s := &w.groups[c.group], w.setting(c)
	r := c.result
	*r = Estimate{
		Group: g.name, Measure: c.measure, N: g.n, Line: s.line,
		Inference: newInference(math.NaN(), errs.Text{}), Conventions: w.named(c),
	}
	if g.whole == nil {
		r.Undefined = emptyGroup()
		return
	}
	r.WeightSum = total(g.whole, sumWeight)
	fit := g.fit[c.traits.domain]
	switch {
	case !fit.refused.IsZero():
		r.Undefined = fit.refused
		return
	case c.traits.inequality && fit.d.observations() < 2:
		r.Undefined = oneObservation()
		return
	case c.traits.line && s.line-s.line != 0:
		r.Undefined = outOfRange()
		return
	case c.traits.line && !(s.line > 0):
		r.Undefined = errs.Text{ZH: "由收入算出的贫困线不大于零，该指标没有定义。", EN: "The line that follows from the incomes is not above zero, so the measure is not defined."}
		return
	}
	if !fit.note.IsZero() {
		r.Notes = append(r.Notes, fit.note)
	}
	if r.Value, r.Undefined = c.measure.estimate(fit.d, s); !r.Undefined.IsZero() {
		return
	}
	if curve, is := c.measure.functional.(curve); is {
		if points := curve.points(fit.d, s); drawable(points) {
			r.Curve = points
		} else {
			r.Undefined = outOfRange()
		}
		r.Value = math.NaN()
	} else if r.Value-r.Value != 0 {
		r.Value, r.Undefined = math.NaN(), outOfRange()
	}
	if c.traits.line && fit.d.sum(sumWeight, poorCount(fit.d, s.line, w.c)) == 0 {
		r.Notes = append(r.Notes, errs.Text{ZH: "没有人在贫困线以下。", EN: "Nobody is under the line."})
	}
}

func emptyGroup() errs.Text {
	return errs.Text{ZH: "这一组没有记录或权重全为零，没有可计算的人口。", EN: "The group has no record or no weight: there is no population to measure."}
}

// outOfRange is for incomes whose sums, squares or powers no float holds, 1e308 and the like: often a wrong column, or codes that stand for "not known".
func outOfRange() errs.Text {
	return errs.Text{
		ZH: "有的收入太大，相加或相乘后超出了计算机能表示的范围（约 1.8e308），算不出这个指标。请检查收入列，或换用更大的单位。",
		EN: "Some incomes are so large that their sums or powers pass what a computer can hold (about 1.8e308), so the measure cannot be computed. Check the column, or use a larger unit of money.",
	}
}

// drawable reports whether every point of a curve is a number.
func drawable(points []Point) bool {
	return !slices.ContainsFunc(points, func(q Point) bool { return q.X-q.X != 0 || q.Y-q.Y != 0 })
}

func oneObservation() errs.Text {
	return errs.Text{ZH: "只有一条有权重的记录，不平等没有定义。", EN: "There is a single record with weight, and inequality is not defined for one."}
}

// errorNames are the conventions that made the cell's errors.
func (w *work) errorNames(c *cell, relative bool) []string {
	names := []string{"interval", "single-unit-stratum"}
	if relative {
		names = append(names, "line-error")
	}
	switch w.query.Errors.Method {
	case Linear:
		names = append(names, c.traits.rough...)
		if relative && w.c.LineError == LineErrorIn {
			names = append(names, "bandwidth")
		}
	case Bootstrap:
		names = append(names, "bootstrap")
	}
	return names
}

// named are the conventions that made the cell's numbers.
func (w *work) named(c *cell) map[string]string {
	names := append([]string{"out-of-domain"}, c.traits.conventions...)
	if c.traits.domain == AnyIncome {
		names = names[1:]
	}
	relative := c.line.relative()
	if relative {
		names = append(names, "line-scope")
		if !c.line.Mean {
			names = append(names, "quantile")
		}
	}
	if w.query.Errors.Method != NoErrors && !w.sample.Design.Census {
		names = append(names, w.errorNames(c, relative)...)
	}
	pairs := w.c.named(names)
	if pairs["interval"] == IntervalLogit && !c.traits.share {
		pairs["interval"] = IntervalT // which is what enclose falls back on
	}
	if c.traits.line {
		pairs["line"] = c.line.String()
	}
	return pairs
}
