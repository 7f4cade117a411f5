package profile

import (
	"context"
	"math"

	"liandong/errs"
	"liandong/internal/figure"
	"liandong/internal/registry"
	"liandong/poverty"
)

const percent = 100

// published are the measures that stand in the book.
var published = []struct {
	figure.Entry
	measure string
}{
	{figure.Entry{
		Name: "income_poverty_rate", Title: errs.Text{ZH: "按收入计的贫困发生率", EN: "Income poverty rate"}, Unit: errs.Text{ZH: "%", EN: "%"}, Decimals: 1, Ratio: percent,
		Definition: errs.Text{
			ZH: "登记在册、收入已知的农户中，人均纯收入低于当年贫困标准的人口占比。人均纯收入为工资、经营、财产、转移收入之和减经营支出，除以人数。按登记内容逐户计算，没有抽样误差，也不等于建档立卡的贫困发生率。",
			EN: "Of the persons in households on record whose income is known, the share whose net income per head lies below the line of the year. Net income is wages, business, property and transfers less operating cost. Counted over all records, so without sampling error; it is not the incidence of registered poverty.",
		},
	}, "headcount"},
	{figure.Entry{
		Name: "income_poverty_gap", Title: errs.Text{ZH: "按收入计的贫困深度", EN: "Income poverty gap"}, Unit: errs.Text{ZH: "%", EN: "%"}, Decimals: 2, Ratio: percent,
		Definition: errs.Text{
			ZH: "同上人口，每人收入低于贫困标准的差额占标准的百分比，不贫困者计零，再平均（FGT 一阶）。",
			EN: "Over the same persons the mean shortfall of income per head below the line, in per cent of the line, nothing for those who are not below it (FGT of order one).",
		},
	}, "gap"},
	{figure.Entry{
		Name: "income_gini", Title: errs.Text{ZH: "人均收入基尼系数", EN: "Gini coefficient of income per head"}, Unit: errs.Text{ZH: "0 至 1", EN: "0 to 1"}, Decimals: 3, Single: true,
		Definition: errs.Text{
			ZH: "同上人口人均纯收入的基尼系数，按人加权；负收入按零计。",
			EN: "Gini coefficient of net income per head over the same persons; incomes below zero count as zero.",
		},
	}, "gini"},
	{figure.Entry{
		Name: "income_median", Title: errs.Text{ZH: "人均收入中位数", EN: "Median income per head"}, Unit: errs.Text{ZH: "元", EN: "yuan"}, Single: true,
		Definition: errs.Text{ZH: "同上人口人均纯收入的中位数，按人加权。", EN: "Median of net income per head over the same persons."},
	}, "median"},
}

// Figures are what the room publishes in the book.
func (r *Room) Figures() []figure.Entry {
	all := make([]figure.Entry, len(published))
	for i := range published {
		all[i] = published[i].Entry
		all[i].Status = figure.Done
		all[i].Compute = func(ctx context.Context, q figure.Query) (figure.Value, error) {
			return r.compute(ctx, published[i].measure, q)
		}
	}
	return all
}

// compute gives a measure with its proof: the households under the line for a ratio, all for the others.
func (r *Room) compute(ctx context.Context, measure string, q figure.Query) (figure.Value, error) {
	request := Request{Division: q.Division, At: registry.Moment{AsOf: q.AsOf, KnownAt: q.KnownAt}, Measures: measure}
	p, err := r.Measure(ctx, q.Scope, request)
	if err != nil {
		return figure.Value{}, err
	}
	v := figure.Value{Number: p.Value("", measure), Notes: r.notes(p, measure)}
	ratio := measure == "headcount" || measure == "gap"
	if ratio {
		under := math.NaN()
		if !math.IsNaN(v.Number) {
			under = p.Report.WeightSum
		}
		above := v.Number * under
		v.Number, v.Numerator, v.Denominator = percent*v.Number, &above, &under
	}
	if math.IsNaN(v.Number) {
		return v, nil
	}
	return v, r.prove(ctx, &v, &q, ratio, p.Line)
}

// notes say what was left out and which line was taken.
func (r *Room) notes(p *Profile, measure string) []errs.Text {
	var notes []errs.Text
	if p.Report.N == 0 {
		return []errs.Text{p.Sentence}
	}
	for i := range p.Report.Results {
		e := &p.Report.Results[i]
		if !e.Undefined.IsZero() {
			notes = append(notes, e.Undefined)
		}
		notes = append(notes, e.Notes...)
	}
	if measure == "headcount" || measure == "gap" {
		notes = append(notes, errs.Text{ZH: "贫困标准 " + grouped(p.Line.Amount, 2) + " 元，" + p.LineSource.ZH, EN: "The line is " + grouped(p.Line.Amount, 2) + " yuan, " + p.LineSource.EN})
	}
	if p.Unknown > 0 {
		notes = append(notes, errs.Text{ZH: grouped(float64(p.Unknown), 0) + " 户收入不全，未计入。", EN: grouped(float64(p.Unknown), 0) + " households of incomplete income are left out."})
	}
	return notes
}

// prove counts the households that make the number, and gives the first of them with their incomes per head.
func (r *Room) prove(ctx context.Context, v *figure.Value, q *figure.Query, poorOnly bool, line poverty.Line) error {
	parts, err := r.parts(ctx, q.Division, registry.Moment{AsOf: q.AsOf, KnownAt: q.KnownAt})
	if err != nil {
		return err
	}
	for i := range parts {
		s := &parts[i]
		members := s.Table.Lookup("members").Offsets()
		for row := s.from; row < s.to; row++ {
			income := s.income[row]
			if math.IsNaN(income) || members[row+1] == members[row] || (poorOnly && income >= line.Amount) {
				continue
			}
			v.RowCount++
			if len(v.Rows) < q.Rows {
				if proof, shown := r.registry.Proof(s.Segment, row, income, q.Records); shown {
					v.Rows = append(v.Rows, proof)
				}
			}
		}
	}
	return nil
}
