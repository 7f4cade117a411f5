package deprivation

import (
	"fmt"
	"maps"
	"math"
	"strings"

	"liandong/errs"
	"liandong/poverty"
)

// Estimate measures the sample: the whole first, then every group in the order of its levels, each with the measures in the order of the query.
//
// With w_j the weights of dimensions divided by their sum, g0_ij = 1 where record i is deprived in j, c_i = Σ_j w_j g0_ij, poor_i = 1 where c_i >= k,
// and population weights v_i (Alkire and Foster, Journal of Public Economics 95 (2011), 476-487; Alkire, Foster, Seth, Santos, Roche and Ballon,
// Multidimensional Poverty Measurement and Analysis (2015), chapter 5):
//
//	H  = Σ v poor / Σ v          A  = Σ v c poor / Σ v poor          M0 = H A = Σ v c poor / Σ v
//	Mα = Σ_i v_i poor_i Σ_j w_j ((z_j - y_ij)/z_j)^α g0_ij / Σ v, α = 1, 2
//	uncensored headcount of j = Σ v g0_j / Σ v,  censored headcount of j = Σ v g0_j poor / Σ v
//	contribution of j = Σ v w_j g0_j poor / Σ v c poor,  of group l = Σ_l v c poor / Σ v c poor
//
// Who lies exactly at a cut-off is not deprived there ("<"), who has exactly the share k is poor. Zeros are achievements like others; negative ones
// have gaps above 1, so M1 and M2 are refused with them. A dimension without a gap (a category, "above") refuses M1 and M2. Where nobody is poor, A and
// the contributions are not defined. Missing answers follow the convention "missing". Memory beside the columns is about 60 bytes for each record.
func (s *Sample) Estimate(q Query) (*Report, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	if err := q.fill(); err != nil {
		return nil, err
	}
	if len(q.Measures) == 0 {
		q.Measures = Summary()
	}
	wants, err := s.wants(q.Measures)
	if err != nil {
		return nil, err
	}
	infer, err := poverty.NewInferrer(len(s.Dimensions[0].Achievement), s.Weight, &s.Design, q.Conventions, q.Errors)
	if err != nil {
		return nil, err
	}
	w := &work{sample: s, query: &q, infer: infer, wants: wants}
	w.count()
	return w.report(), nil
}

// work is one call of Estimate.
type work struct {
	sample *Sample
	query  *Query
	infer  *poverty.Inferrer
	wants  []wanted

	share            []float64 // w_j by dimension, adding up to 1
	least, greatest  counts    // with missing answers as not deprived, as deprived
	missing          []bool    // by record; nil where no answer is missing
	missingRecords   int
	missingAnswers   []int // by dimension
	used             []float64
	negative, gapped errs.Text // why M1 and M2 are not defined
}

// counts are the deprivations of each record under one reading of the missing answers.
type counts struct {
	score, gap, square []float64 // Σ_j w_j g^α for α = 0, 1, 2
	poor               []float64 // 1 or 0
}

func (w *work) count() {
	s := w.sample
	n, total := len(s.Dimensions[0].Achievement), 0.0
	for _, d := range s.Dimensions {
		total += d.Weight
	}
	w.used, w.missingAnswers = make([]float64, n), make([]int, len(s.Dimensions))
	for i := range w.used {
		w.used[i] = 1
	}
	for j := range s.Dimensions {
		w.share = append(w.share, s.Dimensions[j].Weight/total)
		w.findMissing(j)
		w.findGapless(&s.Dimensions[j])
	}
	w.least = w.read(0)
	w.greatest = w.least
	if w.missing != nil && w.query.Missing == MissingBounds {
		w.greatest = w.read(1)
	}
	for i := range w.missing {
		if w.missing[i] && w.query.Missing == MissingDropped {
			w.used[i] = 0
		}
	}
}

func (w *work) findMissing(j int) {
	for i, y := range w.sample.Dimensions[j].Achievement {
		if !math.IsNaN(y) {
			continue
		}
		if w.missing == nil {
			w.missing = make([]bool, len(w.used))
		}
		w.missingAnswers[j]++
		if !w.missing[i] {
			w.missing[i] = true
			w.missingRecords++
		}
	}
}

func (w *work) findGapless(d *Dimension) {
	if why := d.Cutoff.gapless(); !why.IsZero() && w.gapped.IsZero() {
		w.gapped = errs.Text{
			ZH: "维度「" + d.Name + "」" + why.ZH + "，M1 和 M2 没有定义。", EN: "Dimension " + d.Name + " " + why.EN + ": M1 and M2 are not defined.",
		}
	}
	for _, y := range d.Achievement {
		if y < 0 && w.negative.IsZero() {
			w.negative = errs.Text{
				ZH: "维度「" + d.Name + "」有负值，缺口会大于一，M1 和 M2 没有定义。", EN: "Dimension " + d.Name + " has negative values, whose gaps pass one: M1 and M2 are not defined.",
			}
		}
	}
}

// read counts deprivations with a missing answer as the given gap, 0 or 1.
func (w *work) read(missing float64) counts {
	n := len(w.used)
	c := counts{make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)}
	for j := range w.sample.Dimensions {
		d, share := &w.sample.Dimensions[j], w.share[j]
		for i, y := range d.Achievement {
			gap := (d.Cutoff.At - y) / d.Cutoff.At
			switch {
			case math.IsNaN(y) && missing == 0, !math.IsNaN(y) && !d.Cutoff.deprived(y):
				continue
			case math.IsNaN(y):
				gap = 1
			}
			c.score[i] += share
			c.gap[i] += share * gap
			c.square[i] += share * gap * gap
		}
	}
	for i, score := range c.score {
		if w.poor(score) {
			c.poor[i] = 1
		}
	}
	return c
}

func (w *work) poor(score float64) bool { return score >= w.query.Cutoff-tieWidth }

func (w *work) report() *Report {
	r := &Report{N: len(w.used), WeightSum: w.infer.Sum(w.used)}
	if w.query.Missing == MissingDropped {
		r.Left = w.missingRecords
		r.N -= r.Left
	}
	groups := []string{""}
	if w.sample.Group.Present() {
		groups = append(groups, w.sample.Group.Level...)
	}
	for g, name := range groups {
		in, n := w.members(g - 1)
		weight := w.infer.Sum(in)
		for _, want := range w.wants {
			if want.kind == GroupShare && g == 0 {
				continue
			}
			e := Estimate{
				Group: name, Measure: want.name(w.sample), Title: want.title(w.sample), N: n, WeightSum: weight,
				Conventions: w.query.conventions(w.sample), Inference: poverty.Undefined(errs.Text{}),
			}
			if want.dimension >= 0 {
				e.Dimension = w.sample.Dimensions[want.dimension].Name
			}
			maps.Copy(e.Conventions, w.infer.Conventions())
			w.estimate(want, in, &e)
			r.Results = append(r.Results, e)
		}
	}
	return r
}

// members are the used records of a group, -1 for all, as 1 and 0.
func (w *work) members(group int) (in []float64, n int) {
	in = make([]float64, len(w.used))
	for i, used := range w.used {
		if group < 0 || int(w.sample.Group.Code[i]) == group {
			in[i] = used
			n += int(used)
		}
	}
	return in, n
}

func (w *work) estimate(want wanted, in []float64, e *Estimate) {
	if reason := w.refusal(want, e); !reason.IsZero() {
		e.Inference = poverty.Undefined(reason)
		return
	}
	if w.missingRecords > 0 {
		e.Notes = append(e.Notes, w.missingNote())
	}
	if w.missing == nil || w.query.Missing != MissingBounds {
		e.Inference = w.ratio(want, in, &w.least)
		return
	}
	least, greatest := w.bounds(want, in)
	e.Least, e.Greatest = &least, &greatest
	e.Inference = poverty.Undefined(least.Undefined)
	switch {
	case !least.Undefined.IsZero():
	case least.Value == greatest.Value:
		e.Inference = least
	default:
		e.Undefined = errs.Text{
			ZH: fmt.Sprintf("有缺失的回答，只知道在 %.6g 与 %.6g 之间。", least.Value, greatest.Value),
			EN: fmt.Sprintf("Answers are missing: all that is known is that it lies between %.6g and %.6g.", least.Value, greatest.Value),
		}
	}
}

// refusal says why the measure has no value, before anything is summed.
func (w *work) refusal(want wanted, e *Estimate) errs.Text {
	gaps := want.kind == AdjustedGap || want.kind == AdjustedGap2
	switch {
	case w.missingRecords > 0 && w.query.Missing == MissingRefused:
		return errs.Text{
			ZH: w.missingNote().ZH + "请选择口径 missing=dropped、not-deprived 或 bounds。", EN: w.missingNote().EN + " Choose missing=dropped, not-deprived or bounds.",
		}
	case !(e.WeightSum > 0):
		return errs.Text{ZH: "这一组没有记录或权重全为零，没有可计算的人口。", EN: "The group has no record or no weight: there is no population to measure."}
	case gaps && !w.gapped.IsZero():
		return w.gapped
	case gaps && !w.negative.IsZero():
		return w.negative
	case want.kind == Contribution && w.missing != nil && w.query.Missing == MissingBounds, want.kind == GroupShare && w.missing != nil && w.query.Missing == MissingBounds:
		return errs.Text{ZH: "有缺失的回答时，贡献率的范围没有定义。", EN: "With missing answers the range of a contribution is not defined."}
	}
	return errs.Text{}
}

func (w *work) missingNote() errs.Text {
	var zh, en []string
	for j, n := range w.missingAnswers {
		if n > 0 {
			zh = append(zh, fmt.Sprintf("「%s」%d 条", w.sample.Dimensions[j].Name, n))
			en = append(en, fmt.Sprintf("%s %d", w.sample.Dimensions[j].Name, n))
		}
	}
	treated := map[string]errs.Text{
		MissingDropped: {ZH: "，这些记录未计入", EN: "; the records are left out"},
		MissingNot:     {ZH: "，按未被剥夺计", EN: "; they count as not deprived"},
		MissingBounds:  {ZH: "，按所有可能的回答给出范围", EN: "; the range is over all answers they could have"},
	}[w.query.Missing]
	return errs.Text{
		ZH: fmt.Sprintf("%d 条记录有缺失的回答（%s）%s。", w.missingRecords, strings.Join(zh, "、"), treated.ZH), EN: fmt.Sprintf("Answers are missing in %s (%s)%s.", errs.Count(w.missingRecords, "record", "records"), strings.Join(en, ", "), treated.EN),
	}
}

// ratio is the measure under one reading of the answers.
func (w *work) ratio(want wanted, in []float64, c *counts) poverty.Inference {
	a, b := make([]float64, len(in)), in
	of := map[string][]float64{Headcount: c.poor, Intensity: c.score, Adjusted: c.score, AdjustedGap: c.gap, AdjustedGap2: c.square, GroupShare: c.score, Contribution: c.score}[want.kind]
	switch want.kind {
	case Headcount:
		for i := range a {
			a[i] = in[i] * of[i]
		}
	case Uncensored, Censored, Contribution:
		for i := range a {
			a[i] = in[i] * w.deprivation(want, i, c)
		}
	default:
		for i := range a {
			a[i] = in[i] * of[i] * c.poor[i]
		}
	}
	switch want.kind {
	case Intensity:
		b = product(in, c.poor)
	case Contribution:
		b = product(product(in, c.poor), c.score)
	case GroupShare:
		b = product(product(w.used, c.poor), c.score)
	}
	r := w.infer.Ratio(a, b, true, nobodyPoor())
	if r.Value == 0 || r.Value == 1 {
		r.WithoutError(errs.Text{ZH: "样本中没有人或所有人都是如此，误差无法由样本估计。", EN: "Nobody in the sample, or everybody, is so, and the error cannot be estimated from it."})
	}
	return r
}

// deprivation is what record i adds to a measure of one dimension.
func (w *work) deprivation(want wanted, i int, c *counts) float64 {
	d := &w.sample.Dimensions[want.dimension]
	y := d.Achievement[i]
	deprived := d.Cutoff.deprived(y)
	if math.IsNaN(y) {
		deprived = c == &w.greatest
	}
	switch {
	case !deprived:
		return 0
	case want.kind == Uncensored:
		return 1
	case want.kind == Contribution:
		return w.share[want.dimension] * c.poor[i]
	}
	return c.poor[i]
}

func product(a, b []float64) []float64 {
	p := make([]float64, len(a))
	for i := range a {
		p[i] = a[i] * b[i]
	}
	return p
}

func nobodyPoor() errs.Text {
	return errs.Text{ZH: "没有人是多维贫困，该指标没有定义。", EN: "Nobody is poor in several dimensions, so the measure is not defined."}
}
