package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/strategy"
)

type strategyCommand struct {
	cityFlags
	AsOf    string `placeholder:"2015-12-31" help:"哪一天的数，默认今天。 As of this day; today by default."`
	KnownAt string `placeholder:"T" help:"按哪一时刻已登记的内容，默认现在。 As far as was recorded by then; now by default."`
}

// Run follows the tree of aims.
func (c *strategyCommand) Run(ctx context.Context, p *program) error {
	today := day.InTime(time.Now())
	asOf, err := dayOr(c.AsOf, today)
	if err != nil {
		return err
	}
	known, err := momentOr(c.KnownAt)
	if err != nil {
		return err
	}
	opened, err := p.openCity(ctx, &c.cityFlags)
	if err != nil {
		return err
	}
	tree, err := opened.strategy.Tree(ctx, console(), today, asOf, known)
	if err != nil {
		return err
	}
	return p.answer(tree, func(w io.Writer) error {
		for _, s := range tree.Strategies {
			fmt.Fprintln(w, p.say(s.Title))
			for _, a := range s.Aims {
				fmt.Fprintln(w, "  "+p.say(a.Title))
				for i := range a.Indicators {
					p.printIndicator(w, &a.Indicators[i])
				}
			}
		}
		fmt.Fprintln(w, p.say(tree.Basis))
		return nil
	})
}

func (p *program) printIndicator(w io.Writer, n *strategy.Followed) {
	now := "—"
	if n.Current != nil {
		now = fmt.Sprintf("%.*f（%s）", n.Decimals, n.Current.Value, n.Current.On)
	}
	fmt.Fprintln(w, "    "+p.say(errs.Text{
		ZH: fmt.Sprintf("%s：%s，目标 %.*f %s（%s），%s", n.Title.ZH, now, n.Decimals, n.Target.Value, n.Unit.ZH, n.Target.On, n.Office),
		EN: fmt.Sprintf("%s: %s, target %.*f %s (%s)", n.Title.EN, now, n.Decimals, n.Target.Value, n.Unit.EN, n.Target.On),
	}))
	if f := n.Forecast; f != nil {
		fmt.Fprintln(w, "      "+p.say(errs.Text{
			ZH: fmt.Sprintf("按趋势 %.*f，95%% 预测区间 %.*f 至 %.*f（%d 个点）", n.Decimals, f.Value, n.Decimals, f.Low, n.Decimals, f.High, f.Points),
			EN: fmt.Sprintf("the trend gives %.*f, between %.*f and %.*f with 95 %% (%d points)", n.Decimals, f.Value, n.Decimals, f.Low, n.Decimals, f.High, f.Points),
		}))
	}
	for _, note := range n.Notes {
		fmt.Fprintln(w, "      "+p.say(note))
	}
	for _, peer := range n.Peers {
		fmt.Fprintf(w, "      %s %.*f（%s，%s）\n", peer.City, n.Decimals, peer.Point.Value, peer.Point.On, peer.Point.Source)
	}
}
