package proxy

import (
	"fmt"
	"math"
	"slices"

	"liandong/errs"
	"liandong/poverty"
)

// matrix is the records in use as columns of numbers: the intercept, each number, and each category but the reference.
type matrix struct {
	row     []int       // the survey's record of each row
	y       []float64   // welfare on its scale
	w       []float64   // weights
	x       [][]float64 // by column
	column  []column    // what each column is
	levels  [][]Level   // by variable, for categories
	ranges  [][2]float64
	survey  *Survey
	options *Options
	left    int
}

// column says which variable and category a column is; variable -1 is the intercept.
type column struct {
	variable int
	code     int32
}

// newMatrix lays out the columns. The reference of a variable is its category of the greatest population, the first of equals.
func newMatrix(s *Survey, o *Options) (*matrix, error) {
	m := &matrix{survey: s, options: o}
	weight := s.Weight
	if weight == nil {
		weight = slices.Repeat([]float64{1}, len(s.Welfare))
	}
	for i, y := range s.Welfare {
		at := slices.IndexFunc(s.Variables, func(v Variable) bool { return v.missing(i) })
		if at >= 0 && o.Missing == MissingRefused {
			return nil, atRecord(invalid(
				fmt.Sprintf("缺变量「%s」。请补上，或选 missing=dropped 去掉这些记录。", s.Variables[at].Name),
				fmt.Sprintf("Variable %q is missing. Add it, or choose missing=dropped to leave such records out.", s.Variables[at].Name)), i)
		}
		switch {
		case at >= 0:
			m.left++
			continue
		case weight[i] == 0:
			continue
		}
		if o.Scale == ScaleLog {
			y = math.Log(y)
		}
		m.row, m.y, m.w = append(m.row, i), append(m.y, y), append(m.w, weight[i])
	}
	if len(m.row) == 0 {
		return nil, invalid("去掉缺变量和权重为零的记录以后，没有一条可用。请补上缺的值，或去掉多数记录都缺的变量。",
			"Without those that miss a variable or have no weight there is no record left. Fill in what is missing, or leave out a variable that most records miss.")
	}
	m.column, m.x = []column{{-1, 0}}, [][]float64{slices.Repeat([]float64{1}, len(m.row))}
	for v := range s.Variables {
		m.add(v)
	}
	if len(m.row) <= len(m.column) {
		return nil, invalid(fmt.Sprintf("只有 %d 条可用的记录，不足以估计 %d 个系数。请减少变量，或用更大的调查。", len(m.row), len(m.column)),
			fmt.Sprintf("Too few for %s: %s to use. Name fewer variables, or take a larger survey.", errs.Count(len(m.column), "coefficient", "coefficients"), errs.Count(len(m.row), "record", "records")))
	}
	return m, nil
}

func (m *matrix) add(v int) {
	variable := &m.survey.Variables[v]
	m.levels, m.ranges = append(m.levels, nil), append(m.ranges, [2]float64{})
	if variable.numeric() {
		x := make([]float64, len(m.row))
		for r, i := range m.row {
			x[r] = variable.Values[i]
		}
		if len(x) > 0 {
			m.ranges[v] = [2]float64{slices.Min(x), slices.Max(x)}
		}
		m.column, m.x = append(m.column, column{v, 0}), append(m.x, x)
		return
	}
	held, total := make([]float64, len(variable.Categories.Level)), 0.0
	for r, i := range m.row {
		held[variable.Categories.Code[i]] += m.w[r]
		total += m.w[r]
	}
	reference := int32(0)
	for code, h := range held {
		if h > held[reference] {
			reference = int32(code)
		}
	}
	m.levels[v] = []Level{{Code: variable.Categories.Level[reference], Share: held[reference] / total, SE: math.NaN()}}
	for code := range held {
		if held[code] == 0 || int32(code) == reference {
			continue
		}
		x := make([]float64, len(m.row))
		for r, i := range m.row {
			if variable.Categories.Code[i] == int32(code) {
				x[r] = 1
			}
		}
		m.column, m.x = append(m.column, column{v, int32(code)}), append(m.x, x)
		m.levels[v] = append(m.levels[v], Level{Code: variable.Categories.Level[code], Share: held[code] / total, SE: math.NaN()})
	}
}

// label names a column in a sentence.
func (m *matrix) label(j int) string {
	c := m.column[j]
	if c.variable < 0 {
		return "1"
	}
	v := &m.survey.Variables[c.variable]
	if v.numeric() {
		return v.Name
	}
	return v.Name + "=" + v.Categories.Level[c.code]
}

// part is the rows for which keep holds.
func (m *matrix) part(keep func(r int) bool) *matrix {
	p := *m
	p.row, p.y, p.w, p.x = nil, nil, nil, make([][]float64, len(m.x))
	for r := range m.row {
		if !keep(r) {
			continue
		}
		p.row, p.y, p.w = append(p.row, m.row[r]), append(p.y, m.y[r]), append(p.w, m.w[r])
		for j := range m.x {
			p.x[j] = append(p.x[j], m.x[j][r])
		}
	}
	return &p
}

// fold deals the records out to folds at random by the seed, whole sampling units together: a household's members in one fold, so that no fold predicts
// persons whose relatives it was fitted to.
func (m *matrix) fold() []int {
	unit := make([]int, len(m.row))
	units := 0
	if design := &m.survey.Design; design.Unit.Present() {
		number := map[int32]int{}
		for r, i := range m.row {
			code := design.Unit.Code[i]
			if _, seen := number[code]; !seen {
				number[code] = units
				units++
			}
			unit[r] = number[code]
		}
	} else {
		for r := range unit {
			unit[r] = r
		}
		units = len(unit)
	}
	place := permutation(units, m.options.Seed)
	of := make([]int, len(m.row))
	for r, u := range unit {
		of[r] = place[u] % m.options.Folds
	}
	return of
}

// model puts coefficients into words.
func (m *matrix) model(b []float64, se []float64) *Model {
	model := &Model{Options: *m.options, Survey: len(m.row), Left: m.left, Intercept: b[0]}
	for v := range m.survey.Variables {
		of := m.survey.Variables[v]
		t := Term{Variable: Variable{Name: of.Name, Title: of.Title, Expression: of.Expression}, SE: math.NaN(), Low: m.ranges[v][0], High: m.ranges[v][1], Levels: slices.Clone(m.levels[v])}
		adds := false
		for j, c := range m.column {
			if c.variable != v {
				continue
			}
			deviation := math.NaN()
			if se != nil {
				deviation = se[j]
			}
			adds = adds || b[j] != 0
			if of.numeric() {
				t.Coefficient, t.SE = b[j], deviation
				continue
			}
			at := slices.IndexFunc(t.Levels, func(l Level) bool { return l.Code == of.Categories.Level[c.code] })
			t.Levels[at].Coefficient, t.Levels[at].SE = b[j], deviation
		}
		if adds {
			model.Terms = append(model.Terms, t)
		}
	}
	if m.left > 0 {
		model.Notes = append(model.Notes, errs.Text{
			ZH: fmt.Sprintf("%d 条记录缺变量，未用于拟合。", m.left), EN: "Left out for a missing variable: " + errs.Count(m.left, "record", "records") + ".",
		})
	}
	return model
}

// fitted are the values of the columns with coefficients.
func (m *matrix) fitted(b []float64) []float64 {
	y := make([]float64, len(m.row))
	for j, x := range m.x {
		if b[j] == 0 {
			continue
		}
		for r := range y {
			y[r] += b[j] * x[r]
		}
	}
	return y
}

// inferrer has the design of the rows in use.
func (m *matrix) inferrer() (*poverty.Inferrer, error) {
	design := m.survey.Design
	pick := func(f poverty.Factor) poverty.Factor {
		if !f.Present() {
			return f
		}
		codes := make([]int32, len(m.row))
		for r, i := range m.row {
			codes[r] = f.Code[i]
		}
		return poverty.Factor{Code: codes, Level: f.Level}
	}
	design.Stratum, design.Unit = pick(design.Stratum), pick(design.Unit)
	return poverty.NewInferrer(len(m.row), m.w, &design, poverty.Conventions{}, poverty.Errors{Method: poverty.Linear})
}
