package server_test

import (
	"maps"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"liandong/internal/access"
)

// matterActs writes acts on one problem or decision, each by whoever does it, with the version that the one before gave.
type matterActs struct {
	*desk

	path    string
	version int64
}

func (m *matterActs) do(by *browser, act, on string, words map[string]any) {
	m.T.Helper()
	header := []string{"If-Match", strconv.Quote(strconv.FormatInt(m.version, 10))}
	if m.version == 0 {
		header = []string{"If-None-Match", "*"}
	}
	body := map[string]any{"entry": uuid.NewString(), "act": act, "on": on}
	maps.Copy(body, words)
	var written struct{ Version int64 }
	by.get(&written, "POST", m.path, body, header...)
	m.version++
	if written.Version != m.version {
		m.T.Errorf("%s of %s: version %d, want %d", act, m.path, written.Version, m.version)
	}
}

// TestARedAlertIsFollowedUntilItIsClosedAndKnownWhenItComesBack goes the whole way over the API, as the people who may: a project turns red, the alert
// becomes a problem in one call, a decision is supervised from filing to closing with evidence, the problem is closed, and when the project is red
// again the next problem names the one before.
func TestARedAlertIsFollowedUntilItIsClosedAndKnownWhenItComesBack(t *testing.T) {
	each(t, func(d *desk) {
		coordinator, county, city := d.enter(access.Coordinator, fuping), d.enter(access.CountyOffice, fuping), d.enter(access.CityOffice, baoding)
		project := uuid.Must(uuid.NewV7()).String()
		note := func(kind, at string, fact map[string]any) {
			d.T.Helper()
			if status, text := coordinator.ask("PUT", "/projects/"+project+"/"+kind+"/"+at, map[string]any{"fact": fact}); status != http.StatusOK {
				d.T.Fatalf("%s: %d %s", kind, status, text)
			}
		}
		coordinator.get(nil, "PUT", "/projects/"+project, map[string]any{"valid": "2015-01-05", "document": map[string]any{
			"division": int64(fuping), "name": "澄源储能电池项目", "programme": "coordination", "start_planned": "2015-03-10",
		}}, "If-None-Match", "*")
		note("events", uuid.NewString(), map[string]any{"kind": "signing", "on": "2015-01-20", "amount_fen": 5_000_000_000_0, "basis": "total"})
		light := func(on, want string) {
			d.T.Helper()
			var page struct{ Light string }
			city.get(&page, "GET", "/projects/"+project+"?as_of="+on, nil)
			if page.Light != want {
				d.T.Errorf("on %s the light is %s, want %s", on, page.Light, want)
			}
		}
		light("2015-06-30", "red")

		subject := map[string]any{"subject": "project:" + project}
		first := &matterActs{desk: d, path: "/problems/" + uuid.NewString()}
		first.do(county, "found", "2015-06-30", subject)
		var opened struct {
			Problem struct{ Title, Kind, State string }
			Recurs  []struct{ ID string }
		}
		city.get(&opened, "GET", first.path, nil)
		if p := opened.Problem; !strings.HasPrefix(p.Title, "红灯项目：澄源储能电池项目") || p.Kind != "progress" || p.State != "found" || len(opened.Recurs) != 0 {
			d.T.Errorf("opened from the alert: %+v", opened)
		}
		again := county.refused(http.StatusConflict, "POST", "/problems/"+uuid.NewString(), map[string]any{"entry": uuid.NewString(), "act": "found", "on": "2015-06-30", "subject": subject["subject"]}, "If-None-Match", "*")
		if !strings.HasSuffix(first.path, again.Where) {
			d.T.Errorf("a second one of the same alert: %+v", again)
		}

		evidence := map[string]any{"words": "开工许可已取得", "evidence": []map[string]any{{"name": "施工许可证", "on": "2015-07-25", "reference": "阜建施字 7 号"}}}
		decision := &matterActs{desk: d, path: "/decisions/" + uuid.NewString()}
		decision.do(city, "filed", "2015-07-01", map[string]any{"title": "推进储能电池项目开工", "source": "市长办公会", "subject": subject["subject"], "division": "130624"})
		decision.do(city, "assigned", "2015-07-02", map[string]any{"office": "阜平县发展改革局", "due": "2015-08-10"})
		county.refused(http.StatusForbidden, "POST", decision.path, map[string]any{"entry": uuid.NewString(), "act": "verified", "on": "2015-07-03"}, "If-Match", `"2"`)
		decision.do(county, "reported", "2015-07-26", evidence)
		decision.do(city, "verified", "2015-07-30", map[string]any{"words": "现场核实"})
		decision.do(city, "closed", "2015-07-31", nil)

		first.do(county, "studied", "2015-07-01", map[string]any{"words": "用地手续未办完"})
		first.do(county, "assigned", "2015-07-02", map[string]any{"office": "阜平县国土局", "due": "2015-08-01"})
		city.refused(http.StatusConflict, "POST", first.path, map[string]any{"entry": uuid.NewString(), "act": "closed", "on": "2015-07-20", "prevention": "提前办理"}, "If-Match", `"3"`)
		first.do(county, "solved", "2015-07-26", evidence)
		first.do(city, "closed", "2015-07-31", map[string]any{"prevention": "签约前预审用地"})
		var ended struct {
			Decision struct {
				Stage    string
				Evidence []struct{ Name string }
			}
		}
		city.get(&ended, "GET", decision.path, nil)
		if ended.Decision.Stage != "closed" || len(ended.Decision.Evidence) != 1 {
			d.T.Errorf("the decision: %+v", ended)
		}

		note("events", uuid.NewString(), map[string]any{"kind": "stage", "stage": "started", "on": "2015-07-28"})
		note("reports", "2015-07-31", map[string]any{"physical": 10, "planned": 10})
		light("2015-07-31", "yellow")
		note("reports", "2015-10-31", map[string]any{"physical": 15, "planned": 60})
		light("2015-10-31", "red")
		second := &matterActs{desk: d, path: "/problems/" + uuid.NewString()}
		second.do(county, "found", "2015-11-02", subject)
		city.get(&opened, "GET", second.path, nil)
		if opened.Problem.State != "found" || len(opened.Recurs) != 1 || !strings.HasSuffix(first.path, opened.Recurs[0].ID) {
			d.T.Errorf("red again: %+v, want the one before, %s", opened, first.path)
		}
	})
}
