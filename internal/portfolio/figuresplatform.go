package portfolio

import (
	"fmt"

	"liandong/errs"
	"liandong/internal/db"
	"liandong/internal/figure"
	"liandong/money"
)

// platformYear is a platform with the last output that was stated by a moment.
type platformYear struct {
	standing[*Platform]
	Output *Output
}

// everyPlatform gives the platforms of the whole city; whoever asks shows those that their reader may see.
func (r *Room) everyPlatform(tx *db.Tx, m Moment) ([]platformYear, error) {
	platforms, err := standingAt[*Platform](tx, PlatformKind, m)
	if err != nil {
		return nil, err
	}
	outputs := map[ID]*Output{}
	err = tx.Each(func(rows *db.Rows) error {
		row, err := scanRecord(rows)
		if err != nil {
			return err
		}
		o := new(Output)
		outputs[row.subject] = o
		return decode(row.body, o)
	}, `SELECT `+recordColumns+` FROM portfolio_record WHERE kind = ? AND on_day <= ? AND recorded_at <= ? ORDER BY on_day, recorded_at, revision`, string(outputKind), m.AsOf, m.known())
	if err != nil {
		return nil, err
	}
	var all []platformYear
	for _, p := range platforms {
		all = append(all, platformYear{p, outputs[p.ID]})
	}
	return all, nil
}

// outputThresholds are the yearly outputs that the plan sets for its parks, as targets: over 500 and over 1000 times 100 million yuan.
func outputThresholds() []money.Fen { return []money.Fen{500 * money.HundredM, 1000 * money.HundredM} }

// eachPlatform adds what take gives of each platform.
func eachPlatform(take func(p *platformYear) (money.Fen, bool), inMoney bool) func(v *view, q figure.Query) figure.Value {
	return func(v *view, q figure.Query) figure.Value {
		scope := q.Scope.Within(q.Division)
		p := newProof(q, inMoney)
		for i := range v.platforms {
			one := &v.platforms[i]
			n, in := take(one)
			if !in || !scope.Contains(one.Document.Division) {
				continue
			}
			label := one.Document.Name
			if one.Output != nil {
				label = fmt.Sprintf("%s（%d 年）", label, one.Output.Year)
			}
			p.add(n, one.Document.Division, func() figure.Row {
				return figure.Row{ID: one.ID.String(), Kind: string(PlatformKind), Division: one.Document.Division, Label: label}
			})
		}
		return p.value()
	}
}

func (r *Room) platformFigures() []figure.Entry {
	all := []figure.Entry{
		r.published(figure.Entry{
			Name: "platform_output", Title: errs.Text{ZH: "平台产出", EN: "Output of the platforms"}, Unit: inMoney, Decimals: 2, Status: figure.Done,
			Definition: errs.Text{ZH: "各平台到该日最近一个已报年度的产出之和，各行写明年度；没有报过的平台不计。", EN: "Output of the latest year that each platform has stated by the day; rows name the year, platforms that stated none add nothing."},
		}, eachPlatform(func(p *platformYear) (money.Fen, bool) {
			if p.Output == nil {
				return 0, false
			}
			return p.Output.Amount, true
		}, true)),
		r.published(figure.Entry{
			Name: "platform_output_target", Title: errs.Text{ZH: "平台产出目标", EN: "Output that the platforms are meant to reach"}, Unit: inMoney, Decimals: 2, Status: figure.Target,
			Definition: errs.Text{ZH: "各平台年产出目标之和；没有目标的平台不计。是目标，不是完成数。", EN: "The yearly outputs that platforms are meant to pass, added up; platforms without one add nothing. A target, not a result."},
		}, eachPlatform(func(p *platformYear) (money.Fen, bool) {
			if p.Document.Target == nil {
				return 0, false
			}
			return *p.Document.Target, true
		}, true)),
		r.published(figure.Entry{
			Name: "platforms", Title: errs.Text{ZH: "平台", EN: "Platforms"}, Unit: inProjects, Status: figure.Done,
			Definition: errs.Text{ZH: "该日登记的承接平台和交通廊道。", EN: "Platforms and corridors on record on the day."},
		}, eachPlatform(func(*platformYear) (money.Fen, bool) { return 1, true }, false)),
	}
	for _, threshold := range outputThresholds() {
		words := inHundredM(threshold)
		all = append(all, r.published(figure.Entry{
			Name:  fmt.Sprintf("platforms_over_%d", threshold/money.HundredM),
			Title: errs.Text{ZH: "年产出超过 " + words + " 亿元的平台", EN: "Platforms with a yearly output above " + words + " (100 million yuan)"}, Unit: inProjects, Status: figure.Done,
			Definition: errs.Text{ZH: "到该日最近一个已报年度的产出超过 " + words + " 亿元的平台。该数是规划目标的门槛。", EN: "Platforms whose latest stated yearly output is above " + words + " times 100 million yuan, a threshold of the plan."},
		}, eachPlatform(func(p *platformYear) (money.Fen, bool) {
			return 1, p.Output != nil && p.Output.Amount > threshold
		}, false)))
	}
	return all
}
