package claim_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/claim"
	"liandong/internal/db"
	"liandong/internal/db/dbtest"
	"liandong/internal/dossier"
	"liandong/internal/figure"
	"liandong/internal/ledger"
	"liandong/place"
)

const city place.ID = 130600_000000

var today = day.MustOf(2015, 12, 31)

func holder(role access.Role, at place.ID) access.Actor {
	return access.Actor{ID: string(role), Grants: []access.Grant{{Role: role, Territory: at}}}
}

// published is a book that says what it is told, by name, and by day where a day is given.
func published(t *testing.T, values map[string]float64) *figure.Book {
	t.Helper()
	var entries []figure.Entry
	for name := range values {
		base, on, _ := strings.Cut(name, " ")
		if on != "" || slices.ContainsFunc(entries, func(e figure.Entry) bool { return e.Name == base }) {
			continue
		}
		e := figure.Entry{
			Name: base, Title: errs.Text{ZH: base}, Unit: errs.Text{ZH: "个"}, Definition: errs.Text{ZH: "口径"}, Status: figure.Done, Decimals: 2,
			Compute: func(_ context.Context, q figure.Query) (figure.Value, error) {
				v, dated := values[base+" "+q.AsOf.String()]
				if !dated {
					v = values[base]
				}
				one := 1.0
				out := figure.Value{Number: v, Numerator: &v, Denominator: &one, RowCount: 1}
				if q.Rows > 0 {
					out.Rows = []figure.Row{{Label: "长城汽车整车及零部件", Value: 382}, {Label: "别的项目", Value: v - 382}}
				}
				return out, nil
			},
		}
		if base == "incidence" {
			e.Ratio = 1
			compute := e.Compute
			e.Compute = func(ctx context.Context, q figure.Query) (figure.Value, error) { return compute(ctx, q) }
		}
		if base == "platforms_over_500" {
			e.Status = figure.Target
		}
		entries = append(entries, e)
	}
	book, err := figure.NewBook(entries)
	if err != nil {
		t.Fatal(err)
	}
	return book
}

func each(t *testing.T, values map[string]float64, test func(t *testing.T, d *db.DB, r *claim.Room)) {
	t.Helper()
	t.Parallel()
	places, err := place.Open()
	if err != nil {
		t.Fatal(err)
	}
	dbtest.EachWith(t, slices.Concat(ledger.Migrations(), dossier.Migrations()), db.Options{Clock: dbtest.Ticking()}, func(t *testing.T, d *db.DB) {
		r, err := claim.New(claim.Options{DB: d, Places: places, Book: published(t, values), City: city})
		if err != nil {
			t.Fatal(err)
		}
		test(t, d, r)
	})
}

func judged(t *testing.T, r *claim.Room) map[string]claim.Judged {
	t.Helper()
	d, err := r.Document(t.Context(), holder(access.CityOffice, city), today, "baoding-2015-12")
	if err != nil {
		t.Fatal(err)
	}
	all, err := r.Judge(t.Context(), holder(access.CityOffice, city), today, &d, claim.Request{AsOf: today})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]claim.Judged{}
	for _, j := range all {
		out[j.Claim] = j
	}
	return out
}

func headlines() map[string]float64 {
	return map[string]float64{
		"signing_groups": 36, "cooperation_agreements": 75, "coordinated_projects": 198, "coordinated_investment": 3838.74, "coordinated_investment_with_agreements": 4000,
		"incidence": 18.5, "incidence 2013-12-31": 32, "incidence 2014-12-31": 23.9, "exited_persons": 150_000, "registered_poor_persons": 655_001, "registered_poor_households": 200_000,
		"half_hour_share_beijing": 80, "half_hour_share_tianjin": 0,
	}
}

func TestEveryClaimOfTheMonthHasItsVerdict(t *testing.T) {
	each(t, headlines(), func(t *testing.T, _ *db.DB, r *claim.Room) {
		found := judged(t, r)
		for id, want := range map[string]claim.Verdict{
			"groups-and-agreements": claim.Reached, "projects-and-investment": claim.Reached, "science-city": claim.CannotTell, "great-wall": claim.CannotTell,
			"started-laishui": claim.CannotTell, "started-parts-park": claim.CannotTell, "started-lekai": claim.CannotTell, "progressing": claim.CannotTell, "in-operation": claim.CannotTell,
			"platforms": "", "transport-projects": "", "park-output": claim.CannotTell, "leaving-poverty": claim.Reached, "poor-left": claim.Reached, "incidence-nine": claim.Reached,
			"five-year-target": claim.CannotTell, "half-hour": claim.Partly, "plan-issued": claim.CannotTell, "letters-signed": claim.CannotTell, "indicators-revised": claim.Partly,
			"system-built": claim.Reached, "harvest-month": "",
		} {
			if got, ok := found[id]; !ok || got.Verdict != want {
				t.Errorf("%s: %q, want %q", id, got.Verdict, want)
			}
			delete(found, id)
		}
		for id := range found {
			t.Errorf("%s was not expected", id)
		}
	})
}

func TestBothReadingsOfASentenceAreJudgedAndWhatItLeavesOpenIsSaid(t *testing.T) {
	each(t, headlines(), func(t *testing.T, _ *db.DB, r *claim.Room) {
		found := judged(t, r)
		both := found["projects-and-investment"]
		if len(both.Readings) != 2 || both.Readings[0].Verdict != claim.Reached || both.Readings[1].Verdict != claim.Partly || both.Verdict != claim.Reached {
			t.Errorf("198 and 3838.74: %+v", both)
		}
		nine := found["incidence-nine"]
		if len(nine.Missing) != 2 || !strings.Contains(nine.Missing[0].ZH, "基期") || !strings.Contains(nine.Missing[1].ZH, "分母") || len(nine.Readings[0].Evidence[0].Divisions) != 9 || nine.Readings[1].Verdict != claim.Partly {
			t.Errorf("32 to 18.5: %+v", nine)
		}
		if e := nine.Readings[0].Evidence[0]; e.AsOf != day.MustOf(2013, 12, 31) || nine.On != today {
			t.Errorf("evidence of %v beside the claim of %v", e.AsOf, nine.On)
		}
		wall := found["great-wall"]
		if wall.Readings[1].Verdict != claim.Reached || *wall.Readings[1].Evidence[0].Value != 382 {
			t.Errorf("the row of a proof: %+v", wall.Readings[1])
		}
		if slogan := found["harvest-month"]; slogan.Verdict != "" || len(slogan.Readings) != 0 {
			t.Errorf("a slogan was judged: %+v", slogan)
		}
	})
}

func TestWhatIsOnlyATargetProvesNothingDone(t *testing.T) {
	values := headlines()
	values["platforms_over_500"] = 3
	each(t, values, func(t *testing.T, _ *db.DB, r *claim.Room) {
		d, err := claim.Parse([]byte(strings.NewReplacer("registered_poor_households", "platforms_over_500").Replace(string(shippedText(t)))))
		if err != nil {
			t.Fatal(err)
		}
		all, err := r.Judge(t.Context(), holder(access.CityOffice, city), today, &d, claim.Request{AsOf: today})
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(all, func(j claim.Judged) bool { return j.Claim == "system-built" })
		if all[i].Verdict != claim.CannotTell {
			t.Errorf("%+v", all[i])
		}
	})
}

func shippedText(t *testing.T) []byte {
	t.Helper()
	all, err := claim.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	return all[0].Text
}

func TestAStoredCheckReplaysAndEvidenceDecides(t *testing.T) {
	each(t, headlines(), func(t *testing.T, d *db.DB, r *claim.Room) {
		office := holder(access.CityOffice, city)
		document, err := r.Document(t.Context(), office, today, "baoding-2015-12")
		if err != nil {
			t.Fatal(err)
		}
		id := uuid.New()
		before, err := r.Save(t.Context(), office, today, id, &document, claim.Request{AsOf: today})
		if err != nil {
			t.Fatal(err)
		}
		if again, err := r.Save(t.Context(), office, today, id, &document, claim.Request{}); err != nil || again.Recorded != before.Recorded {
			t.Errorf("the same check again: %+v, %v", again.Recorded, err)
		}
		paper := claim.Entered{Document: "baoding-2015-12", Claim: "plan-issued", Evidence: "plan", On: day.MustOf(2015, 12, 2), Basis: "演示文件1号", Words: "已印发", Result: claim.Met}
		if err := r.Enter(t.Context(), office, today, uuid.New(), paper); err != nil {
			t.Fatal(err)
		}
		if now := judged(t, r)["plan-issued"]; now.Verdict != claim.Reached || now.Readings[0].Evidence[0].Basis != "演示文件1号" || now.Readings[0].Evidence[0].AsOf != paper.On {
			t.Errorf("with evidence: %+v", now)
		}
		replayed, err := r.Replay(t.Context(), office, today, id)
		if err != nil || !replayed.Same {
			t.Errorf("a check of before the evidence finds something else: %v, %v", replayed.Differs, err)
		}
		for what, wrong := range map[string]claim.Entered{
			"nothing named":  {Document: "baoding-2015-12", Claim: "plan-issued", Evidence: "other", On: today, Basis: "x", Words: "y", Result: claim.Met},
			"no paper":       {Document: "baoding-2015-12", Claim: "plan-issued", Evidence: "plan", On: today, Words: "y", Result: claim.Met},
			"no such result": {Document: "baoding-2015-12", Claim: "plan-issued", Evidence: "plan", On: today, Basis: "x", Words: "y", Result: "yes"},
		} {
			if err := r.Enter(t.Context(), office, today, uuid.New(), wrong); err == nil {
				t.Errorf("%s was taken as evidence", what)
			}
		}
		report, err := ledger.Verify(t.Context(), d, ledger.Options{Records: r.LedgerRecords()})
		if err != nil || !report.OK() || report.Records != 2 {
			t.Errorf("log: %+v, %v", report, err)
		}
	})
}

func TestClaimsAreInternal(t *testing.T) {
	each(t, headlines(), func(t *testing.T, _ *db.DB, r *claim.Room) {
		for _, who := range []access.Actor{holder(access.CountyOffice, 130624_000000), holder(access.VillageOfficer, city), holder(access.Investor, city)} {
			if _, err := r.Documents(t.Context(), who, today); !errs.Is(err, errs.Forbidden) {
				t.Errorf("%s: %v", who.ID, err)
			}
		}
		if _, err := r.Documents(t.Context(), holder(access.Planner, 130624_000000), today); !errs.Is(err, errs.NotFound) {
			t.Errorf("a county's planner reads the city's claims: %v", err)
		}
		if err := r.Enter(t.Context(), holder(access.Leader, city), today, uuid.New(), claim.Entered{}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a leader enters evidence: %v", err)
		}
	})
}

func TestADocumentThatCannotBeCheckedIsRefused(t *testing.T) {
	t.Parallel()
	const head = "claims: a\nversion: '1'\ntitle: {zh: 题}\nsources: {p: {paper: 报}}\nclaims_made:\n"
	for says, text := range map[string]string{
		"没有写明出处":    head + "  - {id: x, sentence: {zh: 句}, kind: slogan, source: q, on: 2015-12-31}\n",
		"口号不作判断":    head + "  - {id: x, sentence: {zh: 句}, kind: slogan, source: p, on: 2015-12-31, readings: [{id: r}]}\n",
		"须写明期限":     head + "  - {id: x, sentence: {zh: 句}, kind: target, source: p, on: 2015-12-31, readings: [{id: r}]}\n",
		"恰好有":       head + "  - {id: x, sentence: {zh: 句}, kind: done, source: p, on: 2015-12-31, readings: [{id: r, definition: {zh: 口径}, tests: [{id: t, says: {zh: 说}, figure: f}]}]}\n",
		"恰好引用一个":    head + "  - {id: x, sentence: {zh: 句}, kind: done, source: p, on: 2015-12-31, readings: [{id: r, definition: {zh: 口径}, tests: [{id: t, says: {zh: 说}, equals: 1}]}]}\n",
		"读不懂":       head + "  - {id: x, speaker: 某人}\n",
		"缺失或重复":     head + "  - &a {id: x, sentence: {zh: 句}, kind: slogan, source: p, on: 2015-12-31}\n  - *a\n",
		"标题和至少一条提法": "claims: a\n",
	} {
		if _, err := claim.Parse([]byte(text)); err == nil || !strings.Contains(errs.Sentence(err).ZH, says) {
			t.Errorf("%s: %v", says, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	all, err := claim.Shipped()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(all[0].Text)
	f.Fuzz(func(t *testing.T, text []byte) {
		if d, err := claim.Parse(text); err == nil && len(d.Claims) == 0 {
			t.Error("a document without claims was read")
		}
	})
}
