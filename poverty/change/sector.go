package change

import (
	"fmt"
	"math"
	"slices"

	"liandong/errs"
	"liandong/poverty"
)

// Sectoral is the method of Sectors.
const Sectoral = "ravallion-huppi"

// Sectors splits the change of an additive measure over the groups of both samples. With n_i the population share and P_i the measure of group i at the
// two dates,
//
//	within i:          (P_i(2) - P_i(1)) n_i(1)
//	population shift:  Σ (n_i(2) - n_i(1)) P_i(1)
//	interaction:       Σ (P_i(2) - P_i(1)) (n_i(2) - n_i(1))
//
// which add up to P(2) - P(1) (Ravallion and Huppi, World Bank Economic Review 5 (1991), 64). Groups are matched by name; one that a date lacks is refused,
// because its measure there is not known. Errors are linearised. Incomes outside the domain are refused, floored or kept; dropping them would change the
// population shares and is refused too.
func Sectors(before, after *poverty.Sample, q Query) ([]Term, error) {
	const op = "change.Sectors"
	if err := q.check(op, additive()); err != nil {
		return nil, err
	}
	p, err := q.pair(op, before, after)
	if err != nil {
		return nil, err
	}
	names, err := sharedGroups(op, before, after)
	if err != nil {
		return nil, err
	}
	s := sectors{pair: p, names: names}
	for k, sample := range []*poverty.Sample{before, after} {
		l, err := sample.Linearise(q.Measure, q.Line, q.Conventions)
		switch {
		case err != nil:
			return nil, err
		case !l.Undefined.IsZero():
			return nil, errs.New(errs.Invalid, op, l.Undefined.ZH, l.Undefined.EN)
		case len(l.Notes) > 0 && q.Conventions.OutOfDomain == poverty.DomainDropped:
			return nil, usage(op, "分解到各组时不能去掉零或负收入的记录。请选按下限计（out-of-domain=floor:金额）。", "Records with zero or negative income cannot be dropped when a change is split over groups. Choose out-of-domain=floor:AMOUNT.")
		}
		if err := s.side(op, k, sample, l); err != nil {
			return nil, err
		}
	}
	return s.terms(), nil
}

func sharedGroups(op string, before, after *poverty.Sample) ([]string, error) {
	if !before.Group.Present() || !after.Group.Present() {
		return nil, usage(op, "请给出两期的分组列。", "Give the column of groups at both dates.")
	}
	names := []string{}
	for _, side := range []*poverty.Sample{before, after} {
		used := make([]bool, len(side.Group.Level))
		for _, code := range side.Group.Code {
			used[code] = true
		}
		for i, name := range side.Group.Level {
			if used[i] && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names, nil
}

type sectors struct {
	*pair
	names   []string
	whole   [2]float64
	measure [2][]float64   // P_i
	share   [2][]float64   // n_i
	ofP     [2][][]float64 // influences of P_i on its own sample
	ofN     [2][][]float64
}

// side computes the groups of one date.
func (s *sectors) side(op string, k int, sample *poverty.Sample, l *poverty.Linearised) error {
	f := []*poverty.Inferrer{s.first, s.second}[k]
	n, total := len(sample.Income), f.WeightSum()
	each := make([]float64, n) // the measure of one person: the influence of an average is its distance from the average
	for i, u := range l.Influence {
		each[i] = u*total + l.Value
	}
	s.whole[k] = l.Value
	for _, name := range s.names {
		in := make([]float64, n)
		for i, code := range sample.Group.Code {
			if sample.Group.Level[code] == name {
				in[i] = 1
			}
		}
		weight := f.Sum(in)
		if !(weight > 0) {
			return errs.New(errs.Invalid, op, fmt.Sprintf("「%s」组只在一个日期有人口，无法比较。请与其他组合并。", name), fmt.Sprintf("Group %q has population at one date only and cannot be compared. Join it with another.", name))
		}
		poor := make([]float64, n)
		for i := range in {
			poor[i] = in[i] * each[i]
		}
		value, share := f.Sum(poor)/weight, weight/total
		ofP, ofN := make([]float64, n), make([]float64, n)
		for i := range in {
			ofP[i] = in[i] * (each[i] - value) / weight
			ofN[i] = (in[i] - share) / total
		}
		s.measure[k], s.share[k] = append(s.measure[k], value), append(s.share[k], share)
		s.ofP[k], s.ofN[k] = append(s.ofP[k], ofP), append(s.ofN[k], ofN)
	}
	return nil
}

func (s *sectors) terms() []Term {
	n1, n2 := len(s.before.Income), len(s.after.Income)
	var terms []Term
	scale := 0.0
	for k := range s.measure {
		for _, p := range s.measure[k] {
			scale = max(scale, math.Abs(p)+s.grain)
		}
	}
	term := func(name, group string, title errs.Text, value float64, u, v []float64) {
		terms = append(terms, Term{Sectoral, name, group, title, s.infer(value, scale, u, v, false)})
	}
	change, shift, both := 0.0, 0.0, 0.0
	changeU, changeV := make([]float64, n1), make([]float64, n2)
	shiftU, shiftV, bothU, bothV := make([]float64, n1), make([]float64, n2), make([]float64, n1), make([]float64, n2)
	for i, name := range s.names {
		poorer, moved := s.measure[1][i]-s.measure[0][i], s.share[1][i]-s.share[0][i]
		n, p := s.share[0][i], s.measure[0][i]
		u, v := make([]float64, n1), make([]float64, n2)
		add(u, -n, s.ofP[0][i])
		add(u, poorer, s.ofN[0][i])
		add(v, n, s.ofP[1][i])
		term("within", name, errs.Text{ZH: "「" + name + "」组内变化", EN: "Within " + name}, poorer*n, u, v)
		change += s.measure[1][i]*s.share[1][i] - p*n
		shift += moved * p
		both += poorer * moved
		add(changeU, -n, s.ofP[0][i])
		add(changeU, -p, s.ofN[0][i])
		add(changeV, s.share[1][i], s.ofP[1][i])
		add(changeV, s.measure[1][i], s.ofN[1][i])
		add(shiftU, moved, s.ofP[0][i])
		add(shiftU, -p, s.ofN[0][i])
		add(shiftV, p, s.ofN[1][i])
		add(bothU, -moved, s.ofP[0][i])
		add(bothU, -poorer, s.ofN[0][i])
		add(bothV, moved, s.ofP[1][i])
		add(bothV, poorer, s.ofN[1][i])
	}
	term("shift", "", errs.Text{ZH: "人口移动", EN: "Population shift"}, shift, shiftU, shiftV)
	term("interaction", "", errs.Text{ZH: "交互项", EN: "Interaction"}, both, bothU, bothV)
	term("change", "", errs.Text{ZH: "变化", EN: "Change"}, change, changeU, changeV)
	return terms
}

func add(sum []float64, times float64, x []float64) {
	for i := range sum {
		sum[i] += times * x[i]
	}
}
