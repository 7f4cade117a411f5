package briefing_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/briefing"
	"liandong/internal/db"
	"liandong/internal/ledger"
)

// own is a question that an office wrote.
const own = `briefing: households
version: "2016.1"
title: 农户登记情况汇报
asks: {zh: 农户登记到哪一步？}
sections:
  - heading: 总的情况
    sentences:
      - "截至{date}，{place}登记农户{households}户，上年{households@-1y}户。"
    table: {caption: 各区县, figures: [households, persons]}
`

func TestWhatIsNoQuestionIsRefusedWhereItStands(t *testing.T) {
	t.Parallel()
	_, sentences, _ := strings.Cut(own, "  - heading: 总的情况\n")
	for what, c := range map[string]struct{ from, to, zh string }{
		"a number":          {"上年{", "增长8个、上年{", "第 8 行第 46 列：这里不能直接写数字"},
		"full width":        {"户，上年", "户８", "这里不能直接写数字"},
		"a stray brace":     {"{households}户", "{households户", "第 8 行第 30 列：大括号里要写指标名称"},
		"an unknown entry":  {"asks:", "ask:", "第 4 行第 1 列：汇报题目没有「ask」这一项"},
		"no version":        {`"2016.1"`, "new", "第 2 行第 10 列：version 要写年份"},
		"no id":             {"briefing: households", "briefing: 农户", "第 1 行第 11 列：briefing 要写小写英文编号"},
		"no words":          {"heading: 总的情况", "heading: ''", "第 6 行第 15 列：heading 要写"},
		"an empty section":  {sentences, "", "第 6 行第 14 列：这一节没有内容"},
		"a table of nought": {"figures: [households, persons]", "figures: []", "第 9 行第 22 列：这个表或图没有写 figures"},
		"no division":       {"figures: [households, persons]", "figures: [households], divisions: ['13']", "divisions 里的"},
		"a wide colon":      {"title: 农户", "title：农户", "第 3 行第 6 列：汇报题目读不懂：这里的「：」"},
	} {
		text := strings.Replace(own, c.from, c.to, 1)
		if _, err := briefing.Parse([]byte(text)); !errs.Is(err, errs.Invalid) || !strings.Contains(errs.Sentence(err).ZH, c.zh) {
			t.Errorf("%s: %v, want %q", what, errs.Sentence(err).ZH, c.zh)
		}
	}
	if q, err := briefing.Parse([]byte(own)); err != nil || q.Name() != "households@2016.1" || q.Asks.EN == "" {
		t.Errorf("%+v %v", q, err)
	}
	all, err := briefing.Shipped()
	if err != nil || len(all) != 3 {
		t.Errorf("%d shipped, %v", len(all), err)
	}
}

func TestAnOfficeWritesItsOwnQuestions(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, room func(float64) *briefing.Room) {
		r := room(0)
		office := holder(access.CityOffice, city, "李起草")
		write := func(text string) (briefing.Question, error) {
			return r.WriteQuestion(t.Context(), office, today, uuid.New(), []byte(text))
		}
		q, err := write(own)
		if err != nil || !q.Own {
			t.Fatal(q, err)
		}
		if _, err := write(strings.Replace(own, "农户登记到", "登记到", 1)); !errs.Is(err, errs.Conflict) {
			t.Errorf("other words under the same version: %v", err)
		}
		if q, err = write(strings.NewReplacer("2016.1", "2016.2", "上年{households@-1y}户", "{persons}人").Replace(own)); err != nil || q.Version != "2016.2" {
			t.Errorf("%+v %v", q, err)
		}
		if _, err := write(strings.Replace(own, "{households}", "{household}", 1)); !errs.Is(err, errs.Invalid) || !strings.Contains(errs.Sentence(err).ZH, "第 8 行第 30 列：指标簿里没有「household」") {
			t.Errorf("a figure that nobody gives: %v", errs.Sentence(err).ZH)
		}
		shipped, err := r.Question(t.Context(), office, today, "poverty")
		if err != nil || shipped.Own {
			t.Fatal(shipped, err)
		}
		if _, err := write(strings.NewReplacer("briefing: households", "briefing: poverty", "2016.1", shipped.Version).Replace(own)); !errs.Is(err, errs.Conflict) {
			t.Errorf("other words under a shipped version: %v", err)
		}
		if _, err := write(strings.Replace(own, "briefing: households", "briefing: poverty", 1)); err != nil {
			t.Errorf("a shipped question in the office's own words: %v", err)
		}
		county := holder(access.Approver, 130624_000000, "赵县")
		all, err := r.Questions(t.Context(), county, today)
		if err != nil || len(all) != 4 || !all[2].Own || all[2].Title != "农户登记情况汇报" || all[3].Name() != "households@2016.2" {
			t.Errorf("%d questions: %+v, %v", len(all), all, err)
		}
		for who, is := range map[string]struct {
			actor access.Actor
			kind  errs.Kind
		}{
			"a role without the right": {county, errs.Forbidden},
			"an office of a county":    {holder(access.CityOffice, 130624_000000, "钱县"), errs.NotFound},
		} {
			if _, err := r.WriteQuestion(t.Context(), is.actor, today, uuid.New(), []byte(own)); !errs.Is(err, is.kind) {
				t.Errorf("%s: %v", who, err)
			}
		}
		b, err := r.Draft(t.Context(), office, today, briefing.Request{ID: uuid.New(), Question: "households", Division: city, AsOf: today})
		if err != nil || b.Words != "households@2016.2" {
			t.Fatal(b.Words, err)
		}
		if said, bare := text(&b.Document); !strings.Contains(said, "登记农户1,002,015户，702,015人。") || len(bare) > 0 || !strings.Contains(b.Document.Notes[0].Text, "文稿模板 households@2016.2") {
			t.Errorf("%s\n%q %s", said, bare, b.Document.Notes[0].Text)
		}
		report, err := ledger.Verify(t.Context(), d, ledger.Options{Records: r.LedgerRecords()})
		if err != nil || !report.OK() || report.Records != 4 {
			t.Errorf("log: %+v, %v", report, err)
		}
	})
}
