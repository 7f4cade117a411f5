package portfolio_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"liandong/internal/access"
	"liandong/internal/portfolio"
)

// A chart of more bars than a page holds shows each project once, in the order of names, to those who may see it.
func TestAChartOfManyBarsIsTurnedPageByPage(t *testing.T) {
	each(t, func(b *bench) {
		platform := newID()
		entries := []portfolio.Entry{{Subject: platform, Valid: on(2015, 1, 1), Document: &portfolio.Platform{Division: fuping, Name: "岚桥产业园", Kind: "park"}}}
		names := map[bool][]string{}
		for i, n := range rand.New(rand.NewPCG(5, 6)).Perm(123) {
			p := project(fmt.Sprintf("项目%03d", n))
			if p.Division = fuping; i%3 == 0 {
				p.Division = yixian
			}
			p.Platforms = []portfolio.ID{platform}
			entries = append(entries, portfolio.Entry{Subject: newID(), Valid: on(2015, 1, 2), Document: p})
			names[i%3 == 0] = append(names[i%3 == 0], p.Name)
		}
		if err := b.Load(b.ctx, b.city, "测试", entries); err != nil {
			b.Fatal(err)
		}
		if err := b.Rebuild(b.ctx); err != nil {
			b.Fatal(err)
		}
		for who, c := range map[string]struct {
			reader func() []string
			want   []string
		}{
			"the city":   {func() []string { return b.bars(b.all, platform) }, slices.Concat(names[false], names[true])},
			"one county": {func() []string { return b.bars(b.scope(b.fuping), platform) }, names[false]},
			"the other":  {func() []string { return b.bars(b.scope(b.yixian), platform) }, names[true]},
		} {
			slices.Sort(c.want)
			if got := c.reader(); !slices.Equal(got, c.want) {
				b.Errorf("%s sees %d bars, want %d in this order:\n%v\n%v", who, len(got), len(c.want), got, c.want)
			}
		}
	})
}

// bars are the names on all pages of a platform's chart, whose total must be theirs.
func (b *bench) bars(scope access.Scope, platform portfolio.ID) (names []string) {
	b.Helper()
	total := int64(-1)
	for after := ""; ; {
		bars, all, next, err := b.Gantt(b.ctx, scope, portfolio.Filter{Platform: &platform}, portfolio.Moment{AsOf: on(2015, 12, 31)}, after)
		if err != nil {
			b.Fatal(err)
		}
		if total >= 0 && all != total || len(bars) > 50 {
			b.Errorf("a page of %d bars of %d, before of %d", len(bars), all, total)
		}
		total = all
		for i := range bars {
			names = append(names, bars[i].Name)
		}
		if after = next; after == "" {
			break
		}
	}
	if total != int64(len(names)) {
		b.Errorf("%d bars, and a total of %d", len(names), total)
	}
	return names
}
