package portfolio_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"liandong/errs"
	"liandong/internal/portfolio"
	"liandong/money"
	"liandong/sheet"
)

const table = `项目编号,项目名称,县（市、区）,项目清单,行业,来源地,签约日期,投资额（亿元）,投资口径,阶段,阶段日期,计划开工日期
BD-1,储能电池项目,阜平县,京津保协同项目,新能源,北京,2015-01-20,3.5,总投资,开工,2015-04-01,2015-03-10
BD-2,冷链食品项目,易县,京津保协同项目,,天津,2015-02-10,0.8,总投资,,,2015-06-01
BD-3,缺县项目,没有县,,,,,,,,,
BD-4,错行业项目,阜平县,,炼金术,,,,,,,
BD-5,跳级项目,阜平县,,,,2015-01-20,1,总投资,投产运营,2015-02-01,
合计,,,,,,,7.3,,,,
`

func (b *bench) plan(text string) *portfolio.Plan {
	b.Helper()
	book, err := sheet.Open([]byte(text))
	if err != nil {
		b.Fatal(err)
	}
	p, err := b.Import(b.ctx, b.city, "项目表.csv", book, on(2015, 1, 1), nil)
	if err != nil {
		b.Fatal(err)
	}
	return p
}

func (b *bench) total() (projects int64, amount money.Fen) {
	b.Helper()
	cells, err := b.Board(b.ctx, b.all, portfolio.Filter{}, portfolio.Moment{AsOf: on(2015, 12, 31)})
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range cells {
		projects, amount = projects+c.Projects, amount+c.Amount
	}
	return projects, amount
}

// changesOf are the changes of a plan as they are read.
func changesOf(p *portfolio.Plan) (said []string) {
	for _, project := range p.Changes {
		for _, c := range project.Changes {
			said = append(said, project.Number+" "+c.Title.ZH+" "+c.Before.ZH+"→"+c.After.ZH)
		}
	}
	return said
}

func TestAWorkbookOfProjectsIsPreviewedWrittenRepeatedAndUndone(t *testing.T) {
	each(t, func(b *bench) {
		p := b.plan(table)
		if p.Read != 5 || p.New != 2 || p.Held != 3 || len(p.Findings) != 3 {
			b.Fatalf("preview: %+v", p)
		}
		for i, want := range []string{"没有县", "炼金术", "不能到"} {
			if f := p.Findings[i]; f.Row != 4+i || !strings.Contains(f.Text.ZH, want) {
				b.Errorf("row %d, %s: %s", f.Row, f.Column, f.Text.ZH)
			}
		}
		if n, _ := b.total(); n != 0 {
			b.Error("a preview wrote something")
		}
		var report bytes.Buffer
		if _, err := p.Report(&report); err != nil || report.Len() == 0 {
			b.Errorf("report: %d bytes, %v", report.Len(), err)
		}
		if err := b.Apply(b.ctx, b.city, p); err != nil {
			b.Fatal(err)
		}
		if n, amount := b.total(); n != 2 || amount != 43*money.HundredM/10 {
			b.Errorf("%d projects with %v", n, amount)
		}
		if again := b.plan(table); again.Unchanged != 2 || again.New+again.Changed != 0 {
			b.Errorf("the same file again: %+v", again)
		}
		changed := b.plan("项目编号,项目名称,行业,来源地\nBD-1,,清空,\nBD-2,冷链食品二期项目,,\n")
		if changed.Changed != 2 || changed.Held != 0 {
			b.Fatalf("changes: %+v", changed)
		}
		if said := changesOf(changed); !slices.Equal(said, []string{"BD-1 行业 新能源→", "BD-2 项目名称 冷链食品项目→冷链食品二期项目"}) {
			b.Errorf("the changes in words: %q", said)
		}
		moved := b.plan("项目编号,项目名称,签约日期,投资额（亿元）,阶段,阶段日期\nBD-1,储能电池项目,2015-01-20,4,进展顺利,2015-11-05\n")
		if said := changesOf(moved); !slices.Equal(said, []string{
			"BD-1 签约 2015-01-20 · 3.5 亿元 · 总投资→2015-01-20 · 4 亿元 · 总投资", "BD-1 进度阶段 2015-04-01 · 开工→2015-11-05 · 进展顺利",
		}) {
			b.Errorf("the events in words: %q", said)
		}
		if err := b.Apply(b.ctx, b.city, changed); err != nil {
			b.Fatal(err)
		}
		if page, err := b.List(b.ctx, b.all, portfolio.Filter{Words: "BD-1"}, portfolio.Moment{AsOf: on(2015, 12, 31)}, "", 5); err != nil || len(page.Rows) != 1 || page.Rows[0].Sector != "" || page.Rows[0].Name != "储能电池项目" {
			b.Errorf("an empty cell keeps and 清空 clears: %+v, %v", page, err)
		}
		if err := b.Undo(b.ctx, b.city, p.ID); !errs.Is(err, errs.Conflict) || !strings.Contains(errs.Sentence(err).ZH, "冷链食品二期项目") {
			b.Errorf("undo of what was changed since: %v", err)
		}
		if err := b.Undo(b.ctx, b.yixian, changed.ID); !errs.Is(err, errs.NotFound) {
			b.Errorf("undo from another county: %v", err)
		}
		if err := b.Undo(b.ctx, b.city, changed.ID); err != nil {
			b.Fatal(err)
		}
		if again := b.plan(table); again.Unchanged != 2 {
			b.Errorf("after the undo: %+v", again)
		}
		if err := b.Undo(b.ctx, b.city, changed.ID); !errs.Is(err, errs.NotFound) {
			b.Errorf("undone twice: %v", err)
		}
	})
}

func TestAnImportTakenBackLeavesNothingThatCounts(t *testing.T) {
	each(t, func(b *bench) {
		p := b.plan(table)
		if err := b.Apply(b.ctx, b.city, p); err != nil {
			b.Fatal(err)
		}
		if err := b.Undo(b.ctx, b.city, p.ID); err != nil {
			b.Fatal(err)
		}
		if n, amount := b.total(); n != 0 || amount != 0 {
			b.Errorf("%d projects with %v are left", n, amount)
		}
		if again := b.plan(table); again.New != 2 {
			b.Errorf("the numbers are not free again: %+v", again)
		}
	})
}
