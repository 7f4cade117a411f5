package briefing_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/briefing"
	"liandong/internal/db"
	"liandong/internal/db/dbtest"
	"liandong/internal/dossier"
	"liandong/internal/figure"
	"liandong/internal/ledger"
	"liandong/official"
	"liandong/place"
)

const city place.ID = 130600_000000

var today = day.MustOf(2015, 12, 31)

func holder(role access.Role, at place.ID, name string) access.Actor {
	return access.Actor{ID: name, Name: name, Grants: []access.Grant{{Role: role, Territory: at}}}
}

// book says of every figure its length times the county's last digits, so that tests can tell them apart; "incidence" has no value in one county.
func book(t *testing.T, add float64) *figure.Book {
	t.Helper()
	var entries []figure.Entry
	for _, name := range []string{"registered_poor_persons", "registered_poor_households", "incidence", "households", "persons", "exited_persons", "exited_households", "open_findings"} {
		entries = append(entries, figure.Entry{
			Name: name, Title: errs.Text{ZH: "指标" + name}, Unit: errs.Text{ZH: "个"}, Definition: errs.Text{ZH: "口径甲。"}, Status: map[bool]figure.Status{true: figure.Expected, false: figure.Done}[name == "exited_persons"],
			Compute: func(_ context.Context, q figure.Query) (figure.Value, error) {
				v := float64(len(name)*100000) + float64(q.AsOf.Year()) + add
				if name == "incidence" && q.Division == 130624_000000 {
					v = math.NaN()
				}
				return figure.Value{Number: v, RowCount: 7}, nil
			},
		})
	}
	b, err := figure.NewBook(entries)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func each(t *testing.T, test func(t *testing.T, d *db.DB, room func(add float64) *briefing.Room)) {
	t.Helper()
	t.Parallel()
	places, err := place.Open()
	if err != nil {
		t.Fatal(err)
	}
	dbtest.EachWith(t, slices.Concat(ledger.Migrations(), dossier.Migrations()), db.Options{Clock: dbtest.Ticking()}, func(t *testing.T, d *db.DB) {
		test(t, d, func(add float64) *briefing.Room {
			r, err := briefing.New(briefing.Options{DB: d, Places: places, Book: book(t, add), City: city, Demo: true})
			if err != nil {
				t.Fatal(err)
			}
			return r
		})
	})
}

func draft(t *testing.T, r *briefing.Room) briefing.Briefing {
	t.Helper()
	b, err := r.Draft(t.Context(), holder(access.CityOffice, city, "李起草"), today, briefing.Request{ID: uuid.New(), Question: "poverty", Division: city, AsOf: today})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// text is the document as one reads it, and the pieces that hold a digit and no footnote.
func text(d *official.Document) (all string, bare []string) {
	var b strings.Builder
	take := func(spans ...official.Span) {
		for _, s := range spans {
			b.WriteString(s.Text)
			if s.Note == 0 && strings.IndexFunc(s.Text, unicode.IsDigit) >= 0 {
				bare = append(bare, s.Text)
			}
		}
		b.WriteByte('\n')
	}
	take(official.Span{Text: d.Title})
	for _, block := range d.Blocks {
		take(block.Spans...)
		if block.Table != nil {
			take(block.Table.Heads...)
			for _, row := range block.Table.Rows {
				take(row...)
			}
		}
	}
	take(d.Close...)
	return b.String(), bare
}

func TestEveryNumberOfABriefingIsAFigureWithAFootnote(t *testing.T) {
	each(t, func(t *testing.T, _ *db.DB, room func(float64) *briefing.Room) {
		b := draft(t, room(0))
		said, bare := text(&b.Document)
		if len(bare) > 0 {
			t.Errorf("numbers without a footnote: %q", bare)
		}
		for _, want := range []string{
			"保定市脱贫攻坚工作进展情况汇报", "截至2015年12月31日，保定市建档立卡贫困人口2,302,015人", "上年同日为2,302,014人", "今年由决定脱贫1,402,015（预计）人", "阜平县", "一、总的情况", "四、下一步",
		} {
			if !strings.Contains(said, want) {
				t.Errorf("the text lacks %q:\n%s", want, said)
			}
		}
		if strings.Contains(said, "帮扶措施") || !strings.Contains(said, "measures_done") {
			t.Errorf("a sentence without its figure was said, or left out in silence:\n%s", said)
		}
		note := b.Document.Notes[b.Values[0].Note-1].Text
		for _, want := range []string{b.Values[0].Figure, "完成", "保定市", "2015-12-31", "7 条记录", "口径甲"} {
			if !strings.Contains(note, want) {
				t.Errorf("the footnote %q lacks %q", note, want)
			}
		}
		used := map[int]bool{}
		for _, v := range b.Values {
			used[v.Note] = true
		}
		if len(used)+2 != len(b.Document.Notes) { // and those of the date and of what is absent
			t.Errorf("%d footnotes for %d figures", len(b.Document.Notes), len(used))
		}
	})
}

func TestADraftIsMarkedUntilSomebodyElseSignsIt(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, room func(float64) *briefing.Room) {
		r := room(0)
		b := draft(t, r)
		if !slices.Equal(b.Document.Marks, []string{"草稿·待审核", "演示数据"}) {
			t.Errorf("marks %q", b.Document.Marks)
		}
		author, other := holder(access.CityOffice, city, "李起草"), holder(access.CityOffice, city, "王审核")
		if _, err := r.Sign(t.Context(), author, today, uuid.New(), b.ID, 1); !errs.Is(err, errs.Forbidden) {
			t.Errorf("its author signed it: %v", err)
		}
		if _, err := r.Sign(t.Context(), holder(access.Planner, city, "张规划"), today, uuid.New(), b.ID, 1); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a role without the right signed it: %v", err)
		}
		if _, err := r.Sign(t.Context(), holder(access.Approver, 130624_000000, "赵县"), today, uuid.New(), b.ID, 1); !errs.Is(err, errs.NotFound) {
			t.Errorf("a county signed the city's: %v", err)
		}
		signed, err := r.Sign(t.Context(), other, today, uuid.New(), b.ID, 1)
		if err != nil {
			t.Fatal(err)
		}
		if said, bare := text(&signed.Document); signed.State != briefing.Signed || !slices.Equal(signed.Document.Marks, []string{"演示数据"}) || !strings.Contains(said, "审核：王审核") || len(bare) > 0 {
			t.Errorf("signed: %+v %q %q", signed.Document.Marks, said, bare)
		}
		if _, err := r.Return(t.Context(), other, today, uuid.New(), b.ID, 2, "口径不清"); !errs.Is(err, errs.Conflict) {
			t.Errorf("a signed one was returned: %v", err)
		}
		second := draft(t, r)
		if _, err := r.Return(t.Context(), other, today, uuid.New(), second.ID, 1, ""); !errs.Is(err, errs.Invalid) {
			t.Errorf("returned without a reason: %v", err)
		}
		report, err := ledger.Verify(t.Context(), d, ledger.Options{Records: r.LedgerRecords()})
		if err != nil || !report.OK() || report.Records != 3 {
			t.Errorf("log: %+v, %v", report, err)
		}
	})
}

func TestTheChangeReportNamesWhatMoved(t *testing.T) {
	each(t, func(t *testing.T, _ *db.DB, room func(float64) *briefing.Room) {
		first := draft(t, room(0))
		office := holder(access.CityOffice, city, "李起草")
		none, err := room(0).Changes(t.Context(), office, today, first.ID)
		if err != nil || none.Before != nil || len(none.Changed) != 0 {
			t.Errorf("the first: %+v, %v", none, err)
		}
		same := draft(t, room(0))
		if c, err := room(0).Changes(t.Context(), office, today, same.ID); err != nil || *c.Before != first.ID || len(c.Changed) != 0 || c.Same == 0 {
			t.Errorf("nothing moved: %+v, %v", c, err)
		}
		moved := draft(t, room(5))
		c, err := room(5).Changes(t.Context(), office, today, moved.ID)
		if err != nil || *c.Before != same.ID || c.Same != 0 || len(c.Changed) == 0 || *c.Changed[0].After-*c.Changed[0].Before != 5 {
			t.Errorf("all moved by five: %+v, %v", c, err)
		}
	})
}

func TestABriefingIsWrittenAsAFileAndAsJSON(t *testing.T) {
	each(t, func(t *testing.T, _ *db.DB, room func(float64) *briefing.Room) {
		b := draft(t, room(0))
		var out bytes.Buffer
		if err := b.Document.DOCX(&out); err != nil {
			t.Fatal(err)
		}
		z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
		if err != nil {
			t.Fatal(err)
		}
		f, err := z.Open("word/document.xml")
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(f)
		if err != nil || !bytes.Contains(body, []byte("2,302,015")) || !bytes.Contains(body, []byte("<c:chart ")) {
			t.Errorf("the file lacks the number or the chart: %v", err)
		}
		if text, err := json.Marshal(b); err != nil || !bytes.Contains(text, []byte(`"kind":"chart"`)) {
			t.Errorf("%s %v", text, err)
		}
	})
}
