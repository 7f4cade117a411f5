package server_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/internal/access"
	"liandong/internal/portfolio"
	"liandong/internal/registry/registrytest"
	"liandong/money"
)

func openProjects(d *desk) *portfolio.Room {
	room, err := portfolio.New(portfolio.Options{DB: d.DB, Places: d.Places, City: baoding, Now: nil})
	if err != nil {
		d.T.Fatal(err)
	}
	return room
}

// yard is a project of Fuping with everything that belongs to it.
type yard struct {
	project, organisation, agreement, platform uuid.UUID
}

func (d *desk) buildYard() yard {
	y := yard{uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7())}
	actor := registrytest.Holder(access.Coordinator, fuping)
	valid := day.MustOf(2015, 1, 10)
	amount := 12 * money.HundredM
	physical, planned := 20.0, 55.0
	entries := []portfolio.Entry{
		{Subject: y.organisation, Valid: valid, Document: &portfolio.Organisation{Division: fuping, Name: "岚桥实业", Kind: "company"}},
		{Subject: y.platform, Valid: valid, Document: &portfolio.Platform{Division: fuping, Name: "岚桥产业园", Kind: "park"}},
		{Subject: y.agreement, Valid: valid, Document: &portfolio.Agreement{Division: fuping, Name: "岚桥合作协议", Kind: "cooperation", Signed: valid, Parties: []portfolio.Party{{Organisation: y.organisation, Role: "investor"}}}},
		{Subject: y.project, Valid: valid, Document: &portfolio.Project{
			Division: fuping, Number: "BD-1", Name: "岚桥光伏组件项目", Programme: "coordination", Sector: "energy", Platforms: []uuid.UUID{y.platform},
			Parties: []portfolio.Party{{Organisation: y.organisation, Role: "investor"}}, StartPlanned: day.MustOf(2015, 3, 1), FinishPlanned: day.MustOf(2016, 3, 1),
			Milestones: []portfolio.Milestone{{ID: uuid.Must(uuid.NewV7()), Title: "主体完工", Due: day.MustOf(2015, 10, 1)}},
		}},
		{Subject: y.project, Fact: &portfolio.Event{ID: uuid.Must(uuid.NewV7()), Kind: portfolio.Signing, On: valid, Agreement: &y.agreement, Amount: &amount, Basis: "total"}},
		{Subject: y.project, Fact: &portfolio.Event{ID: uuid.Must(uuid.NewV7()), Kind: portfolio.Staged, Stage: portfolio.Started, On: day.MustOf(2015, 3, 20)}},
		{Subject: y.project, Fact: &portfolio.Report{Month: day.MustOf(2015, 9, 30), Physical: &physical, Planned: &planned}},
	}
	if err := d.projects.Load(d.Ctx, actor, "测试", entries); err != nil {
		d.T.Fatal(err)
	}
	if err := d.projects.Rebuild(d.Ctx); err != nil {
		d.T.Fatal(err)
	}
	return y
}

// aboutProjects is the request of each operation about Fuping's project.
func (s *scene) aboutProjects(operation string) (call, bool) {
	if s.project == (uuid.UUID{}) {
		s.yard = s.buildYard()
	}
	s.facts++
	get := func(path string) (call, bool) { return call{method: "GET", path: path + "?as_of=2015-12-31"}, true }
	put := func(path string, body map[string]any, header ...string) (call, bool) {
		return call{"PUT", path, body, header}, true
	}
	fresh := []string{"If-None-Match", "*"}
	document := func(d map[string]any) map[string]any {
		d["division"], d["name"] = int64(fuping), fmt.Sprintf("新登记 %d", s.facts)
		return map[string]any{"valid": "2015-06-01", "document": d}
	}
	switch operation {
	case "projects":
		c, _ := get("/projects")
		c.path += "&division=130624"
		return c, true
	case "project-board", "project-gantt", "project-places", "project-year":
		c, _ := get("/projects/" + strings.TrimPrefix(operation, "project-"))
		c.path += "&division=130624"
		return c, true
	case "project-rules":
		return call{method: "GET", path: "/projects/rules"}, true
	case "project":
		return get("/projects/" + s.project.String())
	case "project-timeline":
		return get("/projects/" + s.project.String() + "/timeline")
	case "organisations", "agreements", "platforms":
		return get("/" + operation)
	case "organisation":
		return get("/organisations/" + s.organisation.String())
	case "organisation-timeline":
		return get("/organisations/" + s.organisation.String() + "/timeline")
	case "agreement":
		return get("/agreements/" + s.agreement.String())
	case "agreement-timeline":
		return get("/agreements/" + s.agreement.String() + "/timeline")
	case "platform":
		return get("/platforms/" + s.platform.String())
	case "platform-timeline":
		return get("/platforms/" + s.platform.String() + "/timeline")
	case "save-project":
		return put("/projects/"+uuid.Must(uuid.NewV7()).String(), document(map[string]any{}), fresh...)
	case "save-organisation":
		return put("/organisations/"+uuid.Must(uuid.NewV7()).String(), document(map[string]any{}), fresh...)
	case "save-agreement":
		return put("/agreements/"+uuid.Must(uuid.NewV7()).String(), document(map[string]any{"kind": "cooperation"}), fresh...)
	case "save-platform":
		return put("/platforms/"+uuid.Must(uuid.NewV7()).String(), document(map[string]any{"kind": "park"}), fresh...)
	case "note-event":
		return put("/projects/"+s.project.String()+"/events/"+uuid.Must(uuid.NewV7()).String(), map[string]any{"fact": map[string]any{"kind": "upgrade", "on": "2015-11-01"}})
	case "note-report":
		return put("/projects/"+s.project.String()+"/reports/"+s.month(), map[string]any{"fact": map[string]any{"physical": 30}})
	case "note-inspection":
		return put("/projects/"+s.project.String()+"/inspections/"+s.month(), map[string]any{"fact": map[string]any{"confidence": 40}})
	case "note-output":
		return put("/platforms/"+s.platform.String()+"/outputs/"+strconv.Itoa(1950+s.facts%60), map[string]any{"fact": map[string]any{"amount_fen": s.facts}})
	}
	return call{}, false
}

// month is the last day of a month that no report was made for yet.
func (s *scene) month() string {
	first := day.MustOf(2016+s.facts/12, 1+s.facts%12, 1)
	next := first.AddDays(31)
	return day.MustOf(next.Year(), next.Month(), 1).AddDays(-1).String()
}

func TestAProjectIsKeptCountedAndWarnedAboutOverTheAPI(t *testing.T) {
	each(t, func(d *desk) {
		b := d.enter(access.Coordinator, fuping)
		id, event := uuid.Must(uuid.NewV7()).String(), uuid.Must(uuid.NewV7()).String()
		draft := map[string]any{"valid": "2015-01-05", "source": "签约仪式", "document": map[string]any{
			"division": int64(fuping), "name": "澄源储能电池项目", "programme": "coordination", "start_planned": "2015-03-10",
		}}
		if status, text := b.ask("PUT", "/projects/"+id, draft, "If-None-Match", "*"); status != http.StatusOK {
			d.T.Fatalf("save: %d %s", status, text)
		}
		if status, _ := b.ask("PUT", "/projects/"+id, draft, "If-None-Match", "*"); status != http.StatusOK {
			d.T.Errorf("the same again: %d", status)
		}
		signing := map[string]any{"fact": map[string]any{"kind": "signing", "on": "2015-01-20", "amount_fen": 5_000_000_000_0, "basis": "total"}}
		if status, text := b.ask("PUT", "/projects/"+id+"/events/"+event, signing); status != http.StatusOK {
			d.T.Fatalf("signing: %d %s", status, text)
		}
		skipping := map[string]any{"fact": map[string]any{"kind": "stage", "stage": "in_operation", "on": "2015-02-01"}}
		if status, text := b.ask("PUT", "/projects/"+id+"/events/"+uuid.NewString(), skipping); status != http.StatusUnprocessableEntity || !strings.Contains(string(text), "不能到") {
			d.T.Errorf("a step that the machine does not know: %d %s", status, text)
		}
		signing["fact"].(map[string]any)["amount_fen"] = 1
		if status, _ := b.ask("PUT", "/projects/"+id+"/events/"+event, signing); status != http.StatusConflict {
			d.T.Errorf("a correction without the version that was read: %d", status)
		}
		var page struct {
			Stage, Light string
			Version      int64
			Amount       int64 `json:"amount_fen"`
			Lights       map[string]struct{ Light string }
			Count        []struct{ Took bool }
			Next         []string
		}
		b.get(&page, "GET", "/projects/"+id+"?as_of=2015-06-30", nil)
		if page.Stage != "signed" || page.Light != "red" || page.Lights["start"].Light != "red" || page.Amount != 5_000_000_000_0 || len(page.Count) != 1 || page.Version != 2 {
			d.T.Errorf("in June, three months late: %+v", page)
		}
		b.get(&page, "GET", "/projects/"+id+"?as_of=2015-03-31", nil)
		if page.Light != "yellow" {
			d.T.Errorf("at the end of the planned month: %+v", page)
		}
		if status, _ := b.ask("GET", "/projects/"+id+"?as_of=2014-12-31", nil); status != http.StatusNotFound {
			d.T.Errorf("before it was there: %d", status)
		}
	})
}
