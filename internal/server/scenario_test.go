package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/internal/access"
	"liandong/internal/briefing"
	"liandong/internal/casework"
	"liandong/internal/claim"
	"liandong/internal/identify"
	"liandong/internal/problem"
	"liandong/internal/registry"
	"liandong/internal/registry/registrytest"
	"liandong/place"
)

// who asks, in the order of the table's columns. All but the last three of the counties work for Fuping or above it.
func (d *desk) people() []*browser {
	people := []*browser{d.stranger()}
	for _, p := range []struct {
		name      string
		role      access.Role
		territory place.ID
	}{
		{"investor", access.Investor, baoding},
		{"planner", access.Planner, baoding},
		{"leader", access.Leader, baoding},
		{"village", access.VillageOfficer, d.village},
		{"team", access.TeamMember, d.village},
		{"township", access.TownshipClerk, d.village.Parent()},
		{"county", access.CountyOffice, fuping},
		{"approver", access.Approver, fuping},
		{"city-approver", access.Approver, baoding},
		{"city", access.CityOffice, baoding},
		{"auditor", access.Auditor, baoding},
		{"coordinator", access.Coordinator, fuping},
		{"coord-yixian", access.Coordinator, yixian},
		{"system", access.SystemAdmin, baoding},
		{"security", access.SecurityAdmin, baoding},
		{"audit", access.AuditAdmin, baoding},
		{"next-village", access.VillageOfficer, d.nextVillage()},
		{"elsewhere", access.CountyOffice, yixian},
	} {
		b := d.enter(p.role, p.territory)
		b.name = p.name
		people = append(people, b)
	}
	return people
}

// nextVillage is one of the same township.
func (d *desk) nextVillage() place.ID {
	for _, v := range d.Places.Villages(d.village.Parent()) {
		if v.ID != d.village {
			return v.ID
		}
	}
	d.T.Fatal("a township of one village")
	return 0
}

// scene is what the operations are asked about: everything in it belongs to Fuping.
type scene struct {
	*desk
	run, later uuid.UUID
	check      uuid.UUID // of the city's claims
	briefing   uuid.UUID // of Fuping
	problem    uuid.UUID
	decision   uuid.UUID
	investment uuid.UUID // a case of the investor who asks
	sequence   int

	yard
	facts int
}

// call is one request of an operation.
type call struct {
	method, path string
	body         any
	header       []string
}

func (s *scene) newRun() uuid.UUID {
	document, err := identify.Shipped("four-looks@2015.1")
	if err != nil {
		s.T.Fatal(err)
	}
	e, err := s.room.Run(s.Ctx, s.Fuping, identify.Request{Document: document, At: registry.Moment{AsOf: day.MustOf(2015, 12, 31)}, Division: fuping})
	if err != nil {
		s.T.Fatal(err)
	}
	return e.ID
}

// newMatters opens a problem and a supervised decision in Fuping.
func (s *scene) newMatters() {
	s.problem, s.decision = uuid.New(), uuid.New()
	today := day.InTime(s.Now)
	_, err := s.problems.Write(s.Ctx, s.Fuping, today, problem.Writing{Entry: uuid.New(), ID: s.problem, Division: fuping, Act: problem.ActFound, Body: problem.Act{Kind: "land", Title: "用地未落实"}})
	if err == nil {
		_, err = s.problems.WriteDecision(s.Ctx, s.Fuping, today, problem.Writing{Entry: uuid.New(), ID: s.decision, Division: fuping, Act: problem.ActFiled, Body: problem.Act{Source: "会议", Title: "修路"}})
	}
	s.investment = uuid.New()
	if err == nil {
		_, err = s.cases.Write(s.Ctx, registrytest.Holder(access.Investor, baoding), today, casework.Writing{Entry: uuid.New(), ID: s.investment, Division: fuping, Act: casework.ActApplied, Body: casework.Act{Matter: "filing", Title: "备案"}})
	}
	if err != nil {
		s.T.Fatal(err)
	}
}

// criteriaText is a document of a version of its own.
func (s *scene) criteriaText() string {
	return fmt.Sprintf("criteria: trial-%d\nversion: \"2016\"\ntitle: {zh: 试, en: Trial}\nform: household@2015\neffective: {from: 2016-01-01}\npoor: income.wage < 100\n"+
		"cases: [{name: poor, as_of: 2016-01-01, record: {income: {wage: 5}}, outcome: proposed}]\n", s.sequence)
}

// newCriteria drafts a document as the city office, and tests it where it shall be tested.
func (s *scene) newCriteria(tested bool) string {
	s.sequence++
	office, on := registrytest.Holder(access.CityOffice, baoding), day.InTime(s.Now)
	v, err := s.room.SaveDraft(s.Ctx, office, []byte(s.criteriaText()), "", on)
	if err == nil && tested {
		v, err = s.room.Test(s.Ctx, office, v.Document, on)
	}
	if err != nil {
		s.T.Fatal(err)
	}
	return v.Document
}

// newBriefing drafts one on Fuping.
func (s *scene) newBriefing() uuid.UUID {
	id := uuid.New()
	drafter := access.Actor{ID: "drafter", Name: "起草人", Grants: registrytest.Holder(access.CityOffice, baoding).Grants}
	if _, err := s.briefings.Draft(s.Ctx, drafter, day.InTime(s.Now), briefing.Request{ID: id, Question: "poverty", Division: fuping, AsOf: day.MustOf(2015, 12, 31)}); err != nil {
		s.T.Fatal(err)
	}
	return id
}

// newCheck stores a check as the city office.
func (s *scene) newCheck() uuid.UUID {
	id, office := uuid.New(), registrytest.Holder(access.CityOffice, baoding)
	document, err := s.claims.Document(s.Ctx, office, day.InTime(s.Now), "baoding-2015-12")
	if err != nil {
		s.T.Fatal(err)
	}
	if _, err := s.claims.Save(s.Ctx, office, day.InTime(s.Now), id, &document, claim.Request{AsOf: day.MustOf(2015, 12, 31)}); err != nil {
		s.T.Fatal(err)
	}
	return id
}

func (s *scene) version() int64 {
	h, err := s.Household(s.Ctx, s.Reads(s.Fuping), s.draft.Household, registry.Moment{AsOf: day.MustOf(2015, 12, 31)})
	if err != nil {
		s.T.Fatal(err)
	}
	return h.Version
}

// newcomer is a household of Fuping that was never sent before.
func (s *scene) newcomer() (uuid.UUID, map[string]any) {
	s.sequence++
	draft := s.Draft(fuping, 1)
	s.Answer(draft.Record, "number", fmt.Sprintf("13062499%04d", s.sequence))
	members, _ := draft.Record.Items(draft.Record.Section().Must("members"))
	for i, m := range members {
		s.Answer(m, "id_number", registrytest.Number(mustDay([]string{"1972-03-19", "1973-03-19"}[i]), 500+2*(s.sequence%200)+1-i))
	}
	return draft.Household, map[string]any{"valid": "2015-06-01", "event": "opened", "source": "走访", "record": json.RawMessage(draft.Record.AppendJSON(nil, nil))}
}

// saved is a newcomer that the county office wrote down, with its ETag.
func (s *scene) saved() (registry.Draft, string) {
	s.sequence++
	return s.savedIn(s.Fuping, fuping)
}

func (s *scene) savedIn(office access.Actor, county place.ID) (registry.Draft, string) {
	draft := s.Draft(county, 1)
	s.Answer(draft.Record, "number", fmt.Sprintf("%d77%04d", county/1e6, s.sequence))
	draft.Record.SetValue(draft.Record.Section().Must("village"), int64(s.village))
	if county != fuping {
		draft.Record.SetValue(draft.Record.Section().Must("village"), int64(s.Places.Villages(county)[0].ID))
	}
	members, _ := draft.Record.Items(draft.Record.Section().Must("members"))
	for i, m := range members {
		s.Answer(m, "id_number", registrytest.Number(mustDay([]string{"1962-03-19", "1963-03-19"}[i]), 2*(s.sequence%400)+1-i))
		s.Answer(m, "born", []string{"1962-03-19", "1963-03-19"}[i])
	}
	saved := s.MustSave(office, draft)
	return draft, fmt.Sprintf(`"%d"`, saved.Version)
}

// arrival is a household of Yixian that moved to the village and waits there.
func (s *scene) arrival() uuid.UUID {
	s.sequence++
	draft, _ := s.savedIn(s.Yixian, yixian)
	as := uuid.New()
	if _, err := s.Move(s.Ctx, s.Yixian, registry.Move{Household: draft.Household, Version: 1, Valid: mustDay("2015-06-02"), To: s.village, As: as}); err != nil {
		s.T.Fatal(err)
	}
	return as
}

func (s *scene) workbook() []byte {
	s.sequence++
	return []byte("省,市,县,乡(镇),行政村,户编号,姓名,证件号码,与户主关系,性别,出生日期,工资性收入\r\n河北省,保定市,阜平县," +
		s.Places.FullName(s.village.Parent())[len("河北省保定市阜平县"):] + "," + s.Places.NameOn(s.village, day.MustOf(2023, 12, 31)) + fmt.Sprintf(",13062488%04d,王二,%s,户主,男,1990-06-09,100\r\n", s.sequence, registrytest.Number(mustDay("1990-06-09"), 2*(s.sequence%400)+1)))
}

// fupingBoundary is a square around the seat of 阜平县 as a file of boundaries.
func fupingBoundary() []byte {
	return []byte(`{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"code": "130624"},
		"geometry": {"type": "Polygon", "coordinates": [[[114, 38.7], [114.4, 38.7], [114.4, 39], [114, 39], [114, 38.7]]]}}]}`)
}

// boundary brings boundaries in as whoever may, and gives their id; that of nothing where they may not.
func (s *scene) boundary(b *browser) string {
	id := uuid.NewString()
	b.ask("POST", "/boundaries?name=a.geojson&approval_number=GS(2019)1822号&coordinates=wgs84&codes_of=2015-12-31&id="+id, fupingBoundary())
	return id
}

// preview sends a workbook in as whoever may, and gives the import's id; that of nothing where they may not.
func (s *scene) preview(b *browser) string {
	status, text := b.ask("POST", "/imports?name=a.csv", s.workbook())
	var plan struct{ Import string }
	if status != http.StatusCreated || json.Unmarshal(text, &plan) != nil {
		return uuid.NewString()
	}
	return plan.Import
}

// reading sends a workbook in as whoever may, to be read in the background, and gives the reading's id; the same id where they may not. One that was
// read before is let go.
func (s *scene) reading(b *browser) string {
	s.idle(b, "/import-readings")
	id := uuid.NewString()
	b.ask("PUT", "/import-readings/"+id+"?name=a.csv", s.workbook())
	return id
}

// idle waits until nothing of the asker's is being read.
func (s *scene) idle(b *browser, path string) {
	for range 10_000 {
		status, text := b.ask("GET", path, nil)
		if status != http.StatusOK || !bytes.Contains(text, []byte(`"state":"reading"`)) {
			return
		}
		runtime.Gosched()
	}
	s.T.Fatal("a table is read without an end")
}

// written is an import that the county office wrote.
func (s *scene) written(by *browser) string {
	id := s.preview(by)
	by.ask("POST", "/imports/"+id+"/write", nil)
	return id
}

// about is the request of each operation about Fuping's things.
func (s *scene) about(operation string, b *browser) call {
	household, person := s.draft.Household.String(), personOf(s.desk, 0).String()
	run := "/runs/" + s.run.String()
	get := func(path string) call { return call{method: "GET", path: path} }
	switch operation {
	case "log-in":
		return call{"POST", "/session", map[string]any{"login": "nobody " + b.name, "password": "nothing at all"}, nil}
	case "redeem-link":
		return call{"POST", "/session/link", map[string]any{"token": "none"}, nil}
	case "session":
		return get("/session")
	case "set-password":
		return call{"PUT", "/session/password", map[string]any{"password": "a long enough sentence"}, nil}
	case "new-second-factor":
		return call{"POST", "/session/second-factor", nil, nil}
	case "confirm-second-factor":
		return call{"PUT", "/session/second-factor", map[string]any{"code": "000000"}, nil}
	case "act-as":
		return call{"PUT", "/session/acting", map[string]any{"role": "", "territory": ""}, nil}
	case "map":
		return get("/map?division=130624")
	case "figure-trend":
		return get("/figures/persons/trend?division=130624&as_of=2015-12-31&points=2")
	case "household-statuses":
		return get("/households/" + household + "/statuses")
	case "search-divisions":
		return get("/search/divisions?q=fuping")
	case "search-villages":
		return get("/search/villages?q=cheng")
	case "import-template":
		return get("/imports/template")
	case "household-findings":
		return get("/households/" + household + "/findings")
	case "export-households":
		return call{"POST", "/exports/households", map[string]any{"division": s.village.String(), "format": "csv", "only": map[string]any{"status": "not_registered"}}, nil}
	case "form":
		return get("/form")
	case "division":
		return get("/divisions/130624")
	case "households":
		return get("/households?division=" + s.village.String())
	case "household":
		return get("/households/" + household)
	case "save-household":
		id, body := s.newcomer()
		return call{"PUT", "/households/" + id.String(), body, []string{"If-None-Match", "*"}}
	case "patch-household":
		s.sequence++
		return call{"PATCH", "/households/" + household, map[string]any{"valid": "2015-06-01", "event": "visited", "source": "走访", "record": map[string]any{"income": map[string]any{"wage": s.sequence}}}, []string{"If-Match", fmt.Sprintf(`"%d"`, s.version())}}
	case "move-household":
		h, version := s.saved()
		return call{"POST", "/households/" + h.Household.String() + "/move", map[string]any{"valid": "2015-06-02", "to": s.Places.Villages(yixian)[0].ID.String(), "as": uuid.NewString()}, []string{"If-Match", version}}
	case "split-household":
		h, version := s.saved()
		members, _ := h.Record.Items(h.Record.Section().Must("members"))
		return call{"POST", "/households/" + h.Household.String() + "/split", map[string]any{
			"valid": "2015-06-02", "as": uuid.NewString(), "leaving": []any{map[string]any{"person": registry.PersonOf(members[1]).String(), "relation": "head"}},
		}, []string{"If-Match", version}}
	case "household-links":
		return get("/households/" + household + "/links")
	case "arrivals":
		return get("/arrivals")
	case "take-in":
		return call{"POST", "/arrivals/" + s.arrival().String(), map[string]any{}, nil}
	case "household-history":
		return get("/households/" + household + "/history")
	case "show":
		return call{"POST", "/households/" + household + "/show", map[string]any{"person": person, "field": "id_number", "reason": "核对"}, nil}
	case "search":
		return get("/search?q=shanjianguo")
	case "search-identity":
		return call{"POST", "/search/identity", map[string]any{"number": registrytest.Number(mustDay("1972-03-19"), 3), "reason": "核对"}, nil}
	case "figures":
		return get("/figures")
	case "figure":
		return get("/figures/persons?division=130624&as_of=2015-12-31&rows=5")
	case "figure-parts":
		return get("/figures/persons/parts?division=130624&as_of=2015-12-31")
	case "measure":
		return get("/measure?division=130624&as_of=2015-12-31&by=cause&measures=headcount,lorenz")
	case "measure-transition":
		return get("/measure/transition?division=130624&against=2014-12-31&as_of=2015-12-31&by=cause")
	case "criteria":
		return get("/criteria")
	case "criteria-document":
		return get("/criteria/four-looks@2015.1")
	case "run":
		return call{"POST", "/runs", map[string]any{"criteria": "four-looks@2015.1", "as_of": "2015-12-31", "division": s.village.String()}, nil}
	case "what-if":
		return call{"POST", "/what-if", map[string]any{
			"criteria": "four-looks@2015.1", "as_of": "2015-12-31", "division": s.village.String(), "by": "village", "what_if": map[string]any{"cut": 50},
			"change": map[string]any{
				"weights": map[string]any{"house": 2}, "bars": map[string]any{"vehicle": "review"}, "points": map[string]any{"house.area": "area_per_head < 20 ? 0 : 6"},
			},
			"band": 3, "price_per_person": 3000,
		}, nil}
	case "criteria-table":
		return get("/criteria/four-looks@2015.1/table?as_of=2015-12-31")
	case "notice":
		return call{"POST", "/notices", map[string]any{"criteria": "four-looks@2015.1", "as_of": "2015-12-31", "division": s.village.String(), "from": "2016-01-04"}, nil}
	case "what-if-households":
		return call{"POST", "/what-if/households", s.supposition(map[string]any{"which": "enter"}), nil}
	case "what-if-explanation":
		return call{"POST", "/what-if/explanations/" + household, s.supposition(nil), nil}
	case "runs":
		return get("/runs")
	case "run-totals":
		return get(run + "?by=village")
	case "run-households":
		return get(run + "/households")
	case "draft-criteria":
		s.sequence++
		return call{"POST", "/criteria", map[string]any{"text": s.criteriaText(), "note": "初稿"}, nil}
	case "test-criteria":
		return call{"POST", "/criteria/" + s.newCriteria(false) + "/test", nil, nil}
	case "enact-criteria":
		return call{"POST", "/criteria/" + s.newCriteria(true) + "/enact", map[string]any{"from": "2016-01-01", "note": "会议决定"}, nil}
	case "criteria-difference":
		return get("/criteria/income-line@2014/difference/four-looks@2015.1")
	case "letter":
		return call{"POST", "/letters/" + household, map[string]any{"question": s.supposition(nil), "reason": "入户送达"}, nil}
	case "amend-criteria":
		return call{"POST", "/criteria/four-looks@2015.1/amendment", map[string]any{"as_of": "2015-12-31", "what_if": map[string]any{"cut": 50}}, nil}
	case "draft-amended-criteria":
		s.sequence++
		return call{"POST", "/criteria/four-looks@2015.1/drafts", map[string]any{"as_of": "2015-12-31", "what_if": map[string]any{"cut": 50}, "version": fmt.Sprintf("2015.9.%d", s.sequence), "note": "试五十分"}, nil}
	case "criteria-cases":
		return get("/criteria/four-looks@2015.1/cases")
	case "explanation":
		return get(run + "/explanations/" + household + "?since=true")
	case "run-difference":
		return get(run + "/difference/" + s.later.String())
	case "run-changed":
		return get(run + "/difference/" + s.later.String() + "/households")
	case "run-why":
		return get(run + "/difference/" + s.later.String() + "/households/" + household)
	case "preview-import":
		return call{"POST", "/imports?name=a.csv", s.workbook(), nil}
	case "import-readings":
		return get("/import-readings")
	case "read-import":
		s.idle(b, "/import-readings")
		return call{"PUT", "/import-readings/" + uuid.NewString() + "?name=a.csv", s.workbook(), nil}
	case "cancel-import-reading":
		return call{method: "DELETE", path: "/import-readings/" + s.reading(b)}
	case "waiting-import":
		return get("/imports/" + s.preview(b))
	case "import-report":
		return get("/imports/" + s.preview(b) + "/report")
	case "write-import":
		return call{"POST", "/imports/" + s.preview(b) + "/write", nil, nil}
	case "undo-import":
		return call{"POST", "/imports/" + s.written(b) + "/undo", nil, nil}
	case "imports":
		return get("/imports")
	case "claims":
		return get("/claims")
	case "write-claims":
		return call{"POST", "/claims", map[string]any{"entry": uuid.NewString(), "text": "claims: own\nversion: '1'\ntitle: {zh: 本市的提法}\nsources: {p: {paper: 日报}}\n" +
			"claims_made: [{id: a, sentence: {zh: 好}, kind: slogan, source: p, on: 2015-12-31}]\n"}, nil}
	case "judged-claims":
		return get("/claims/baoding-2015-12")
	case "save-check":
		return call{"POST", "/claims/baoding-2015-12/checks", map[string]any{"id": uuid.NewString(), "as_of": "2015-12-31"}, nil}
	case "enter-evidence":
		return call{"POST", "/claims/baoding-2015-12/plan-issued/evidence", map[string]any{"id": uuid.NewString(), "evidence": "plan", "on": "2015-12-01", "basis": "演示文件1号", "words": "已印发", "result": "met"}, nil}
	case "checks":
		return get("/claim-checks")
	case "check":
		return get("/claim-checks/" + s.check.String())
	case "replay-check":
		return call{"POST", "/claim-checks/" + s.check.String() + "/replay", nil, nil}
	case "briefing-questions":
		return get("/briefing-questions")
	case "briefing-question":
		return get("/briefing-questions/poverty")
	case "write-question":
		return call{"POST", "/briefing-questions", map[string]any{"entry": uuid.NewString(), "text": "briefing: own-a\nversion: '2016'\ntitle: 题目\nasks: {zh: 如何}\n" +
			"sections: [{heading: 总的情况, sentences: ['{place}农户{households}户。']}]\n"}, nil}
	case "briefings":
		return get("/briefings")
	case "draft-briefing":
		return call{"POST", "/briefings", map[string]any{"id": uuid.NewString(), "question": "poverty", "division": "130624", "as_of": "2015-12-31"}, nil}
	case "briefing":
		return get("/briefings/" + s.briefing.String())
	case "briefing-file":
		return get("/briefings/" + s.briefing.String() + "/file?format=docx")
	case "briefing-changes":
		return get("/briefings/" + s.briefing.String() + "/changes")
	case "sign-briefing":
		return call{"POST", "/briefings/" + s.newBriefing().String() + "/sign", map[string]any{"entry": uuid.NewString()}, []string{"If-Match", `"1"`}}
	case "return-briefing":
		return call{"POST", "/briefings/" + s.newBriefing().String() + "/return", map[string]any{"entry": uuid.NewString(), "reason": "再核一遍"}, []string{"If-Match", `"1"`}}
	case "problems":
		return get("/problems?division=130624")
	case "problem":
		return get("/problems/" + s.problem.String())
	case "write-problem":
		return call{"POST", "/problems/" + uuid.NewString(), map[string]any{"entry": uuid.NewString(), "act": "found", "division": "130624", "kind": "land", "title": "用地未落实"}, []string{"If-None-Match", "*"}}
	case "problem-rules":
		return get("/problem-rules")
	case "decisions":
		return get("/decisions")
	case "decision":
		return get("/decisions/" + s.decision.String())
	case "write-decision":
		return call{"POST", "/decisions/" + uuid.NewString(), map[string]any{"entry": uuid.NewString(), "act": "filed", "division": "130624", "source": "常务会议", "title": "修通断头路"}, []string{"If-None-Match", "*"}}
	case "reminders":
		return get("/reminders")
	case "case-catalogue":
		return get("/case-catalogue")
	case "held-papers":
		return get("/held-papers?as_of=2015-12-31")
	case "cases":
		return get("/cases")
	case "case":
		return get("/cases/" + s.investment.String())
	case "write-case":
		return call{"POST", "/cases/" + uuid.NewString(), map[string]any{"entry": uuid.NewString(), "act": "applied", "division": "130624", "matter": "filing", "title": "备案"}, []string{"If-None-Match", "*"}}
	case "strategy":
		return get("/strategy?as_of=2015-12-31")
	case "enter-value":
		return call{"POST", "/strategy/values", map[string]any{"id": uuid.NewString(), "indicator": "pm25", "on": "2015-12-30", "value": 107, "source": "公报"}, nil}
	case "boundaries":
		return get("/boundaries")
	case "import-boundaries":
		return call{"POST", "/boundaries?name=a.geojson&approval_number=GS(2019)1822号&coordinates=wgs84&codes_of=2015-12-31&id=" + uuid.NewString(), fupingBoundary(), nil}
	case "withdraw-boundaries":
		return call{"POST", "/boundaries/" + s.boundary(b) + "/withdrawal", map[string]any{"entry": uuid.NewString(), "reason": "审图号填错"}, []string{"If-Match", `"1"`}}
	case "log":
		return get("/log?division=130624")
	case "verify-log":
		return call{"POST", "/log/verify", nil, nil}
	case "checkpoint":
		return get("/log/checkpoint")
	case "log-out":
		return call{"DELETE", "/session", nil, nil}
	}
	if c, ok := s.aboutProjectFiles(operation, b); ok {
		return c
	}
	if c, ok := s.aboutProjects(operation); ok {
		return c
	}
	s.T.Fatalf("the operation %s has no request here: add one, and its line to testdata/scenarios.txt", operation)
	return call{}
}

// supposition is a what-if about the village, with more.
func (s *scene) supposition(more map[string]any) map[string]any {
	body := map[string]any{"criteria": "four-looks@2015.1", "as_of": "2015-12-31", "division": s.village.String(), "what_if": map[string]any{"cut": 90}}
	maps.Copy(body, more)
	return body
}

// operations are those of the API's description, the one that ends a session last.
func operations(t *testing.T) []string {
	t.Helper()
	var described struct {
		Paths map[string]map[string]struct{ OperationID string }
	}
	if err := json.Unmarshal(description(t), &described); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, methods := range described.Paths {
		for _, o := range methods {
			if o.OperationID != "log-out" {
				all = append(all, o.OperationID)
			}
		}
	}
	slices.Sort(all)
	return append(all, "log-out")
}

// nobodySucceeds are the operations that refuse everybody here, with the reason. Every other one must succeed for somebody: a request that is
// refused for being wrong tells nothing about who may ask.
func nobodySucceeds() map[string]string {
	return map[string]string{
		"log-in":                "needs a password that was set; TestAOneTimeLinkOpensOnceAndAPasswordAfterIt logs in",
		"redeem-link":           "needs a link that was not opened; everybody who asks here has opened one to enter",
		"confirm-second-factor": "needs a code of a secret just begun; TestEnteringNeedsPasswordAndSecondFactor, in access, confirms one",
	}
}

// TestWhoMayDoWhatIsTheTable asks every operation as everybody about one county's things and compares the answers' statuses with the table
// that people have read. RECORD_SCENARIOS=1 writes it anew, for review.
func TestWhoMayDoWhatIsTheTable(t *testing.T) {
	golden := filepath.Join("testdata", "scenarios.txt")
	each(t, func(d *desk) {
		s := &scene{desk: d}
		s.run = s.newRun()
		s.later = s.newRun()
		s.check, s.briefing = s.newCheck(), s.newBriefing()
		s.newMatters()
		people := d.people()
		var table bytes.Buffer
		fmt.Fprintf(&table, "%-22s", "")
		for _, b := range people {
			fmt.Fprintf(&table, " %-12s", b.name)
		}
		table.WriteByte('\n')
		for _, operation := range operations(d.T) {
			fmt.Fprintf(&table, "%-22s", operation)
			succeeds := false
			for _, b := range people {
				c := s.about(operation, b)
				status, text := b.ask(c.method, c.path, c.body, c.header...)
				if status >= 500 {
					d.T.Errorf("%s as %s: %d %s", operation, b.name, status, text)
				}
				succeeds = succeeds || status/100 == 2
				fmt.Fprintf(&table, " %-12d", status)
			}
			table.WriteByte('\n')
			if reason, excused := nobodySucceeds()[operation]; succeeds == excused {
				d.T.Errorf("%s succeeds for somebody: %v; the reason that it should for nobody: %q", operation, succeeds, reason)
			}
		}
		got := tidy(table.String())
		if os.Getenv("RECORD_SCENARIOS") != "" && strings.Contains(d.T.Name(), "sqlite") {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				d.T.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			d.T.Fatal(err)
		}
		if got != string(want) {
			d.T.Errorf("who may do what differs from %s:\n%s", golden, differing(string(want), got))
		}
	})
}

func tidy(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

func differing(want, got string) string {
	var out strings.Builder
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		var a, b string
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if a != b {
			out.WriteString("- " + a + "\n+ " + b + "\n")
		}
	}
	return out.String()
}

// TestWhatLiesElsewhereIsAnsweredLikeWhatDoesNotExist asks as another county's office for things that are there and for things that are not:
// the answers must be the same to the letter.
func TestWhatLiesElsewhereIsAnsweredLikeWhatDoesNotExist(t *testing.T) {
	each(t, func(d *desk) {
		s := &scene{desk: d}
		s.run, s.later = s.newRun(), s.newRun()
		s.yard = s.buildYard()
		elsewhere := d.enter(access.CountyOffice, yixian)
		nothing := uuid.NewString()
		household := d.draft.Household.String()
		county := d.enter(access.CountyOffice, fuping)
		plan := s.preview(county)
		for _, c := range []struct {
			method, path string
			body         any
		}{
			{"GET", "/households/" + household, nil},
			{"GET", "/households/" + household + "/history", nil},
			{"POST", "/households/" + household + "/show", map[string]any{"field": "phone", "reason": "核对"}},
			{"PATCH", "/households/" + household, map[string]any{"valid": "2015-06-01", "event": "visited", "record": map[string]any{}}},
			{"GET", "/runs/" + s.run.String(), nil},
			{"GET", "/runs/" + s.run.String() + "/households", nil},
			{"GET", "/runs/" + s.run.String() + "/explanations/" + household, nil},
			{"GET", "/runs/" + s.run.String() + "/difference/" + s.later.String(), nil},
			{"GET", "/projects/" + s.project.String(), nil},
			{"GET", "/projects/" + s.project.String() + "/timeline", nil},
			{"GET", "/organisations/" + s.organisation.String(), nil},
			{"GET", "/imports/" + plan, nil},
			{"GET", "/imports/" + plan + "/report", nil},
			{"POST", "/imports/" + plan + "/write", nil},
			{"POST", "/imports/" + s.written(county) + "/undo", nil},
		} {
			there, thereText := elsewhere.ask(c.method, c.path, c.body, "If-Match", `"1"`)
			path := c.path
			for _, id := range []string{household, s.run.String(), s.later.String(), s.project.String(), s.organisation.String()} {
				path = strings.ReplaceAll(path, id, nothing)
			}
			if strings.Contains(c.path, "/undo") {
				path = "/imports/" + nothing + "/undo"
			} else if strings.Contains(c.path, "/imports/") {
				path = "/imports/" + nothing + strings.TrimPrefix(c.path, "/imports/"+plan)
			}
			gone, goneText := elsewhere.ask(c.method, path, c.body, "If-Match", `"1"`)
			if there != http.StatusNotFound || gone != there || !bytes.Equal(thereText, goneText) {
				d.T.Errorf("%s %s: %d %s, for nothing %d %s", c.method, c.path, there, thereText, gone, goneText)
			}
		}
		var list struct {
			Total int64
			Rows  []any
		}
		elsewhere.get(&list, "GET", "/households", nil)
		var projects struct {
			Total int64
			Rows  []any
		}
		elsewhere.get(&projects, "GET", "/projects?as_of=2015-12-31", nil)
		var board struct{ Stages []any }
		elsewhere.get(&board, "GET", "/projects/board?as_of=2015-12-31", nil)
		var organisations struct{ Rows []any }
		elsewhere.get(&organisations, "GET", "/organisations?as_of=2015-12-31", nil)
		if projects.Total != 0 || len(projects.Rows)+len(board.Stages)+len(organisations.Rows) != 0 {
			d.T.Errorf("another county's office learns: projects %+v, board %+v, organisations %+v", projects, board, organisations)
		}
		var hits struct{ Hits []any }
		elsewhere.get(&hits, "GET", "/search?q=shanjianguo", nil)
		var byNumber struct{ Hits []any }
		elsewhere.get(&byNumber, "POST", "/search/identity", map[string]any{"number": registrytest.Number(mustDay("1972-03-19"), 3), "reason": "核对"})
		var figure struct{ Value float64 }
		elsewhere.get(&figure, "GET", "/figures/persons?as_of=2015-12-31", nil)
		var runs struct{ Runs []any }
		elsewhere.get(&runs, "GET", "/runs", nil)
		var imports struct{ Imports []any }
		elsewhere.get(&imports, "GET", "/imports", nil)
		if list.Total != 0 || len(list.Rows) != 0 || len(hits.Hits) != 0 || len(byNumber.Hits) != 0 || figure.Value != 0 || len(runs.Runs) != 0 || len(imports.Imports) != 0 {
			d.T.Errorf("another county's office learns: list %+v, search %+v, by number %+v, figure %v, runs %v, imports %v", list, hits, byNumber, figure.Value, runs, imports)
		}
	})
}
