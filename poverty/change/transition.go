package change

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"liandong/errs"
	"liandong/poverty"
)

// Panel is the same persons at two dates, each in one of several states, the worst first. A code of -1 is an answer that is missing.
type Panel struct {
	States        []string
	Before, After []int32
	Weight        []float64 // of the first date; absent: each record stands for one
	Design        poverty.Design
}

// What happens to records whose state at a date is not known.
const (
	AbsentRefused = "refused" // no matrix
	AbsentDropped = "dropped" // left out, with their number
	AbsentState   = "state"   // a state of its own, Absent, the last; it takes no part in indices of mobility
)

// Absent is the name of the state of AbsentState.
const Absent = "absent"

// States of poverty, the worse first.
const (
	Poor    = "poor"
	NotPoor = "not-poor"
)

// PoorPanel makes a panel of poor and not poor from the incomes of two dates, by the convention "poor" (below the line, or at it too). NaN is an income
// that is missing. Lines are in the money of their date.
func PoorPanel(before, after []float64, lineBefore, lineAfter float64, c poverty.Conventions) (*Panel, error) {
	const op = "change.PoorPanel"
	switch {
	case len(before) != len(after):
		return nil, errs.New(errs.Invalid, op, "两期的记录数不同，不是同一批人。", "The two dates have different numbers of records, so they are not the same persons.")
	case !(lineBefore > 0 && lineAfter > 0):
		return nil, usage(op, "请给出大于零的贫困线金额。", "Give the lines as amounts above zero.")
	}
	state := func(y, line float64) int32 {
		switch {
		case math.IsNaN(y):
			return -1
		case y < line, y == line && c.Poor == poverty.PoorAtOrBelow:
			return 0
		}
		return 1
	}
	p := &Panel{States: []string{Poor, NotPoor}, Before: make([]int32, len(before)), After: make([]int32, len(after))}
	for i := range before {
		p.Before[i], p.After[i] = state(before[i], lineBefore), state(after[i], lineAfter)
	}
	return p, nil
}

// Matrix is where people were and where they went.
type Matrix struct {
	States    []string
	N         int // records used
	Absent    int // records whose state at a date is not known
	WeightSum float64
	Before    []poverty.Inference   // share of the population in each state
	After     []poverty.Inference   // the same, at the second date
	Joint     [][]poverty.Inference // share of the population in state i before and j after
	Move      [][]poverty.Inference // share of those in state i before who are in j after
	Indices   []Term
	Notes     []errs.Text
}

// Transition estimates the matrix of a panel, and of it the indices
//
//	prais-shorrocks: (K - Σ_i p_ii)/(K - 1), with p_ij the moves of K states: 0 where nobody moves, 1 where the next state does not depend on the last
//	                 (Prais, Journal of the Royal Statistical Society A 118 (1955), 56; Shorrocks, Econometrica 46 (1978), 1013)
//	immobility:      Σ_i s_ii, with s_ij the joint shares: those who stayed where they were
//	better, worse:   Σ s_ij over j > i, and over j < i: those who rose and those who fell
//	mean-steps:      Σ s_ij |i - j|: how many states one moves on average (Bartholomew, Stochastic Models for Social Processes (1973), 24)
//
// and for two states "left", p_12, who left poverty among the poor, and "fell-back", p_21, who fell into it among the others (Bane and Ellwood, Journal of
// Human Resources 21 (1986), 1). A state that nobody was in has no moves and leaves prais-shorrocks without a value. Errors are those of shares and of
// functions of shares, by any method and the design of the panel. Ties have been decided by whoever made the states.
func Transition(p *Panel, absent string, c poverty.Conventions, e poverty.Errors) (*Matrix, error) {
	const op = "change.Transition"
	if absent == "" {
		absent = AbsentRefused
	}
	t, err := newTransition(op, p, absent)
	if err != nil {
		return nil, err
	}
	if t.f, err = poverty.NewInferrer(len(p.Before), p.Weight, &p.Design, c, e); err != nil {
		return nil, err
	}
	k := len(t.states)
	m := &Matrix{
		States: t.states, N: len(p.Before), Absent: t.missing, WeightSum: t.f.Sum(t.used),
		Joint: make([][]poverty.Inference, k), Move: make([][]poverty.Inference, k),
	}
	if t.missing > 0 {
		m.Notes = append(m.Notes, t.note(absent))
		if absent == AbsentDropped {
			m.N -= t.missing
		}
	}
	if !(m.WeightSum > 0) {
		return nil, errs.New(errs.Invalid, op, "没有两期状态都已知的记录，无法计算。", "No record has a known state at both dates.")
	}
	empty := errs.Text{ZH: "前期没有人处在这个状态。", EN: "Nobody was in this state at the first date."}
	for i := range k {
		m.Before = append(m.Before, t.share(func(row int) bool { return t.before[row] == int32(i) }, t.used, errs.Text{}))
		m.After = append(m.After, t.share(func(row int) bool { return t.after[row] == int32(i) }, t.used, errs.Text{}))
		from := t.indicator(func(row int) bool { return t.before[row] == int32(i) })
		for j := range k {
			cell := func(row int) bool { return t.before[row] == int32(i) && t.after[row] == int32(j) }
			m.Joint[i] = append(m.Joint[i], t.share(cell, t.used, errs.Text{}))
			m.Move[i] = append(m.Move[i], t.share(cell, from, empty))
		}
	}
	t.indices(m)
	return m, nil
}

type transition struct {
	f             *poverty.Inferrer
	states        []string
	known         int // states that take part in indices
	before, after []int32
	used          []float64
	missing       int // records whose state at a date is not known
	first         int // the first of them
}

func newTransition(op string, p *Panel, absent string) (*transition, error) {
	options := []string{AbsentRefused, AbsentDropped, AbsentState}
	switch {
	case !slices.Contains(options, absent):
		return nil, usage(op, fmt.Sprintf("没有「%s」这种口径。可以用：%s。", absent, strings.Join(options, "、")), fmt.Sprintf("There is no convention absent=%s. There are: %s.", absent, strings.Join(options, ", ")))
	case len(p.States) < 2:
		return nil, usage(op, "至少要有两种状态。", "There must be at least two states.")
	case len(p.Before) != len(p.After):
		return nil, errs.New(errs.Invalid, op, "两期的记录数不同，不是同一批人。", "The two dates have different numbers of records, so they are not the same persons.")
	}
	t := &transition{states: slices.Clone(p.States), known: len(p.States), before: slices.Clone(p.Before), after: slices.Clone(p.After), used: make([]float64, len(p.Before))}
	for i := range t.before {
		t.used[i] = 1
		unknown := false
		for _, code := range []*int32{&t.before[i], &t.after[i]} {
			if *code >= int32(t.known) || *code < -1 {
				return nil, errs.New(errs.Invalid, op, "状态的代码没有对应的名称。", "The code of a state has no name.").At(fmt.Sprintf("第 %d 条记录 (record %d)", i+1, i+1))
			}
			if *code == -1 {
				unknown = true
				*code = int32(t.known)
			}
		}
		if !unknown {
			continue
		}
		if t.missing == 0 {
			t.first = i
		}
		t.missing++
		if absent == AbsentDropped {
			t.used[i] = 0
		}
	}
	switch {
	case t.missing > 0 && absent == AbsentRefused:
		return nil, errs.New(errs.Invalid, op,
			fmt.Sprintf("有一期的状态不知道；这样的记录共 %d 条。请补上，或选择口径 absent=dropped（去掉）或 state（单列）。", t.missing),
			"The state at a date is not known, as it is not of "+errs.Count(t.missing, "record", "records")+" in all. Fill it in, or choose absent=dropped or state.").
			At(fmt.Sprintf("第 %d 条记录 (record %d)", t.first+1, t.first+1))
	case t.missing > 0 && absent == AbsentState:
		t.states = append(t.states, Absent)
	}
	return t, nil
}

func (t *transition) note(absent string) errs.Text {
	if absent == AbsentDropped {
		return errs.Text{
			ZH: fmt.Sprintf("%d 条记录有一期的状态不知道，未计入。", t.missing), EN: "Left out, their state not being known at a date: " + errs.Count(t.missing, "record", "records") + ".",
		}
	}
	return errs.Text{
		ZH: fmt.Sprintf("%d 条记录有一期的状态不知道，单列为一种状态，不计入流动性指数。", t.missing),
		EN: "Not known at a date, which is a state of its own and takes no part in indices of mobility: " + errs.Count(t.missing, "record", "records") + ".",
	}
}

func (t *transition) indicator(is func(row int) bool) []float64 {
	x := make([]float64, len(t.used))
	for row := range x {
		if is(row) {
			x[row] = t.used[row]
		}
	}
	return x
}

func (t *transition) share(is func(row int) bool, of []float64, undefined errs.Text) poverty.Inference {
	r := t.f.Ratio(t.indicator(is), of, true, undefined)
	if r.Value == 0 || r.Value == 1 {
		r.WithoutError(errs.Text{ZH: "样本中没有人或所有人都是如此，误差无法由样本估计。", EN: "Nobody in the sample, or everybody, is so, and the error cannot be estimated from it."})
	}
	return r
}

// indices are over records whose state is known at both dates.
func (t *transition) indices(m *Matrix) {
	k := int32(t.known)
	known := t.indicator(func(row int) bool { return t.before[row] < k && t.after[row] < k })
	add := func(name, zh, en string, r poverty.Inference) {
		m.Indices = append(m.Indices, Term{Method: "mobility", Name: name, Title: errs.Text{ZH: zh, EN: en}, Inference: r})
	}
	nobody := errs.Text{ZH: "没有两期状态都已知的记录。", EN: "No record has a known state at both dates."}
	pairs := func(is func(i, j int32) bool) poverty.Inference {
		return t.share(func(row int) bool { return known[row] > 0 && is(t.before[row], t.after[row]) }, known, nobody)
	}
	if t.known == 2 {
		add("left", "脱贫比例（前期贫困者中）", "Left poverty, of the poor before", m.Move[0][1])
		add("fell-back", "致贫返贫比例（前期非贫困者中）", "Fell into poverty, of the others before", m.Move[1][0])
	}
	add("immobility", "状态不变的比例", "Stayed in their state", pairs(func(i, j int32) bool { return i == j }))
	add("better", "状态变好的比例", "Rose to a better state", pairs(func(i, j int32) bool { return j > i }))
	add("worse", "状态变差的比例", "Fell to a worse state", pairs(func(i, j int32) bool { return j < i }))
	steps := make([]float64, len(known))
	for row := range steps {
		steps[row] = known[row] * math.Abs(float64(t.before[row]-t.after[row]))
	}
	add("mean-steps", "平均移动级数", "Mean number of steps", t.f.Ratio(steps, known, false, nobody))
	add("prais-shorrocks", "普雷斯-肖罗克斯流动性指数", "Prais-Shorrocks index of mobility", t.praisShorrocks(known))
}

// praisShorrocks is a function of the sums of the diagonal and of the rows.
func (t *transition) praisShorrocks(known []float64) poverty.Inference {
	var columns [][]float64
	for i := range int32(t.known) {
		stayed, from := make([]float64, len(known)), make([]float64, len(known))
		for row, is := range known {
			if t.before[row] == i {
				from[row] = is
				if t.after[row] == i {
					stayed[row] = is
				}
			}
		}
		columns = append(columns, stayed, from)
	}
	k := float64(t.known)
	return t.f.Function(columns, poverty.SmoothFunction{
		Value: func(s []float64) (float64, errs.Text) {
			trace := 0.0
			for i := 0; i < len(s); i += 2 {
				if s[i+1] == 0 {
					return math.NaN(), errs.Text{ZH: "前期有的状态没有人，指数没有定义。", EN: "Nobody was in one of the states at the first date, so the index is not defined."}
				}
				trace += s[i] / s[i+1]
			}
			return (k - trace) / (k - 1), errs.Text{}
		},
		Gradient: func(s []float64) []float64 {
			g := make([]float64, len(s))
			for i := 0; i < len(s); i += 2 {
				g[i], g[i+1] = -1/(s[i+1]*(k-1)), s[i]/(s[i+1]*s[i+1]*(k-1))
			}
			return g
		},
	})
}
