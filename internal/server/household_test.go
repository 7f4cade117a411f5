package server_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/internal/access"
	"liandong/internal/registry"
	"liandong/internal/registry/registrytest"
)

// household is what tests look at of one.
type household struct {
	Version int64
	Valid   string
	Status  string
	Number  string
	Record  map[string]any
	Hidden  []string
}

func (h *household) members() []map[string]any {
	var all []map[string]any
	for _, m := range h.Record["members"].([]any) {
		all = append(all, m.(map[string]any))
	}
	return all
}

func TestAHouseholdIsReadAsOfADayAndMaskedByRole(t *testing.T) {
	each(t, func(d *desk) {
		path := "/households/" + d.draft.Household.String()
		var own, leaders household
		d.enter(access.CountyOffice, fuping).get(&own, "GET", path+"?as_of=2015-12-31", nil)
		if own.Status != "not_out" || own.members()[0]["name"] != "单建国" || own.Record["main_cause"] != "illness" && own.Record["main_cause"] != "disease" {
			d.T.Errorf("the county office reads %+v", own)
		}
		for _, m := range own.members() {
			if _, there := m["id_number"]; there {
				d.T.Error("an ID number leaves without being shown")
			}
		}
		if !strings.Contains(strings.Join(own.Hidden, " "), "id_number") {
			d.T.Errorf("hidden %v", own.Hidden)
		}
		leader := d.enter(access.Leader, baoding)
		leader.get(&leaders, "GET", path, nil)
		if leaders.members()[0]["name"] != "单*国" || leaders.Record["main_cause"] != nil || leaders.members()[0]["health"] != nil {
			d.T.Errorf("a leader reads %+v", leaders)
		}
		before := d.enter(access.Approver, fuping)
		before.refused(404, "GET", path+"?as_of=2013-12-31", nil)
		before.refused(404, "GET", path+"?known_at=2015-01-01T00:00:00Z", nil)
	})
}

func TestAChangeNamesTheVersionItWasMadeOn(t *testing.T) {
	each(t, func(d *desk) {
		b := d.enter(access.CountyOffice, fuping)
		path := "/households/" + d.draft.Household.String()
		change := func(answers map[string]any) map[string]any {
			return map[string]any{"valid": "2015-03-01", "event": "visited", "source": "走访", "record": answers}
		}
		b.refused(412, "PATCH", path, change(map[string]any{"income": map[string]any{"wage": 7000}}))
		header := b.get(nil, "PATCH", path, change(map[string]any{"income": map[string]any{"wage": 7000}}), "If-Match", `"1"`)
		if header.Get("ETag") != `"2"` {
			d.T.Errorf("ETag %q", header.Get("ETag"))
		}
		b.refused(409, "PATCH", path, change(map[string]any{"income": map[string]any{"wage": 8000}}), "If-Match", `"1"`)
		var h household
		b.get(&h, "GET", path, nil)
		if wage := h.Record["income"].(map[string]any)["wage"]; wage != 7000.0 {
			d.T.Errorf("wage %v", wage)
		}
		p := b.refused(422, "PATCH", path, change(map[string]any{"income": map[string]any{"wage": -1, "wages": 3}, "main_cause": "bad luck"}), "If-Match", `"2"`)
		if len(p.Findings) != 3 {
			d.T.Errorf("%d findings, want all three at once: %+v", len(p.Findings), p.Findings)
		}
		var past struct {
			Revisions []struct {
				Valid, Event, Actor, Source string
				Changes                     []any
			}
		}
		b.get(&past, "GET", path+"/history", nil)
		if len(past.Revisions) != 2 || past.Revisions[1].Source != "走访" || len(past.Revisions[1].Changes) != 1 {
			d.T.Errorf("history %+v", past)
		}
	})
}

// A page never sees ID numbers, so a list of members that it sends back must not lose them.
func TestMembersThatAreSentBackKeepTheirSecrets(t *testing.T) {
	each(t, func(d *desk) {
		b := d.enter(access.CountyOffice, fuping)
		path := "/households/" + d.draft.Household.String()
		var h household
		b.get(&h, "GET", path, nil)
		members := h.members()
		members[1]["name"] = "曾桂花"
		b.get(nil, "PATCH", path, map[string]any{"valid": "2015-03-01", "event": "corrected", "source": "走访", "record": map[string]any{"members": members}}, "If-Match", `"1"`)
		var shown struct{ Value string }
		person := personOf(d, 1).String()
		b.get(&shown, "POST", path+"/show", map[string]any{"person": person, "field": "id_number", "reason": "核对"})
		if want := registrytest.Number(mustDay("1973-03-19"), 2); shown.Value != want {
			d.T.Errorf("ID number %q, want %q", shown.Value, want)
		}
		b.refused(422, "POST", path+"/show", map[string]any{"person": person, "field": "id_number", "reason": " "})
		var log struct {
			Acts []struct{ Operation, Reason string }
		}
		b.get(&log, "GET", "/log?operations=show", nil)
		if len(log.Acts) != 1 || log.Acts[0].Reason != "核对" {
			d.T.Errorf("log %+v", log)
		}
	})
}

func TestAHouseholdIsWrittenDownOnceHoweverOftenItIsSent(t *testing.T) {
	each(t, func(d *desk) {
		b := d.enter(access.TownshipClerk, d.village.Parent())
		draft := d.Draft(fuping, 50)
		record := json.RawMessage(draft.Record.AppendJSON(nil, nil))
		body := map[string]any{"valid": "2015-06-01", "event": "opened", "source": "入户登记", "record": record}
		var elsewhere struct{ Total int64 }
		b.refused(404, "PUT", "/households/"+draft.Household.String(), body, "If-None-Match", "*") // a village of another township
		draft = d.Draft(fuping, 1)
		draft.Household = uuid.Must(uuid.NewV7())
		d.Answer(draft.Record, "number", "130624000777")
		for i := range 2 {
			m, _ := draft.Record.Items(draft.Record.Section().Must("members"))
			d.Answer(m[i], "id_number", registrytest.Number(mustDay([]string{"1972-03-19", "1973-03-19"}[i]), 400+i))
		}
		body["record"] = json.RawMessage(draft.Record.AppendJSON(nil, nil))
		path := "/households/" + draft.Household.String()
		var first, second struct {
			Revision string
			Version  int64
		}
		b.get(&first, "PUT", path, body, "If-None-Match", "*")
		b.get(&second, "PUT", path, body, "If-Match", `"1"`)
		if first.Version != 1 || second != first {
			d.T.Errorf("first %+v, again %+v", first, second)
		}
		b.get(&elsewhere, "GET", "/households", nil)
		if elsewhere.Total != 2 {
			d.T.Errorf("total %d", elsewhere.Total)
		}
	})
}

func TestAWorkbookIsPreviewedWrittenOnceAndTakenBack(t *testing.T) {
	each(t, func(d *desk) {
		b := d.enter(access.CountyOffice, fuping)
		file := []byte("省,市,县,乡(镇),行政村,户编号,姓名,证件号码,性别,出生日期,与户主关系,健康状况,工资性收入\r\n" +
			"河北省,保定市,阜平县,阜平镇,城厢村,130624000901," + "王二," + registrytest.Number(mustDay("1990-06-09"), 501) + ",男,1990-06-09,户主,健康,100\r\n" +
			"河北省,保定市,阜平县,阜平镇,城厢村,130624000902," + "王三," + registrytest.Number(mustDay("1991-06-09"), 503) + ",男,1991-06-09,户主,身体还行,100\r\n")
		var plan struct {
			Import     string
			Layout     string
			New        int
			Households struct{ Read, Accepted, Held int }
			Findings   []struct{ Row int }
		}
		b.get(&plan, "POST", "/imports?name=a.csv&valid=2015-12-20", file)
		if plan.New != 1 || plan.Households.Held != 1 || len(plan.Findings) == 0 || plan.Findings[0].Row != 3 {
			d.T.Fatalf("plan %+v", plan)
		}
		status, report, header := b.answer("GET", "/imports/"+plan.Import+"/report", nil)
		if status != 200 || !bytes.HasPrefix(report, []byte("PK")) || !strings.Contains(header.Get("Content-Disposition"), "attachment") {
			d.T.Errorf("report %d %q", status, header)
		}
		other := d.enter(access.TownshipClerk, d.village.Parent())
		other.refused(404, "POST", "/imports/"+plan.Import+"/write", nil)
		b.get(nil, "POST", "/imports/"+plan.Import+"/write", nil)
		b.refused(404, "POST", "/imports/"+plan.Import+"/write", nil)
		var list struct{ Total int64 }
		b.get(&list, "GET", "/households", nil)
		if list.Total != 2 {
			d.T.Errorf("total %d after the import", list.Total)
		}
		var imports struct {
			Imports []struct {
				Import, File string
				Undone       bool
			}
		}
		b.get(&imports, "GET", "/imports", nil)
		if len(imports.Imports) != 1 || imports.Imports[0].File != "a.csv" {
			d.T.Fatalf("imports %+v", imports)
		}
		b.get(nil, "POST", "/imports/"+plan.Import+"/undo", nil)
		b.get(&list, "GET", "/households", nil)
		if list.Total != 1 {
			d.T.Errorf("total %d after undo", list.Total)
		}
		b.refused(422, "POST", "/imports?name=a.xlsx", []byte("PK\x03\x04 not a workbook"))
	})
}

func mustDay(s string) day.Date {
	d, err := day.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// personOf is the key of a member of the desk's household.
func personOf(d *desk, i int) registry.ID {
	members, _ := d.draft.Record.Items(d.draft.Record.Section().Must("members"))
	return registry.PersonOf(members[i])
}

func TestAnExplanationDoesNotTellALeaderWhatTheirRoleHides(t *testing.T) {
	each(t, func(d *desk) {
		s := &scene{desk: d}
		path := "/runs/" + s.newRun().String() + "/explanations/" + d.draft.Household.String()
		type explained struct {
			Outcome    string
			Score      [2]float64
			Indicators []struct {
				Parts []struct {
					ID     string
					Points float64
					Hidden bool
					Reads  []struct {
						Path  string
						Words struct{ ZH string }
					}
				}
			}
		}
		var own, leaders explained
		d.enter(access.CountyOffice, fuping).get(&own, "GET", path, nil)
		d.enter(access.Leader, baoding).get(&leaders, "GET", path, nil)
		read, hidden := 0, 0
		for i, g := range leaders.Indicators {
			for k, p := range g.Parts {
				for j, a := range p.Reads {
					if !strings.HasSuffix(a.Path, ".health") {
						continue
					}
					read++
					if own.Indicators[i].Parts[k].Reads[j].Words.ZH != "" && own.Indicators[i].Parts[k].Reads[j].Words.ZH != "（不显示）" && a.Words.ZH == "（不显示）" && p.Hidden && p.Points == 0 {
						hidden++
					}
				}
			}
		}
		if read == 0 || hidden != read {
			d.T.Errorf("health is read %d times and hidden %d times", read, hidden)
		}
		if own.Outcome != leaders.Outcome || own.Score == leaders.Score {
			d.T.Errorf("outcomes %s and %s, scores %v and %v: the score of hidden parts must not follow from the sum", own.Outcome, leaders.Outcome, own.Score, leaders.Score)
		}
	})
}
