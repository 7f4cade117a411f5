package server_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"liandong/internal/access"
)

// aboutProjectFiles is the request of each operation on files of Fuping's projects.
func (s *scene) aboutProjectFiles(operation string, b *browser) (call, bool) {
	const imports = "/project-imports"
	switch operation {
	case "preview-project-import":
		return call{"POST", imports + "?name=a.csv&valid=2015-06-01", s.projectTable("阜平县"), nil}, true
	case "project-import-readings":
		return call{method: "GET", path: "/project-import-readings"}, true
	case "read-project-import":
		s.idle(b, "/project-import-readings")
		return call{"PUT", "/project-import-readings/" + uuid.NewString() + "?name=a.csv&valid=2015-06-01", s.projectTable("阜平县"), nil}, true
	case "cancel-project-import-reading":
		s.idle(b, "/project-import-readings")
		id := uuid.NewString()
		b.ask("PUT", "/project-import-readings/"+id+"?name=a.csv&valid=2015-06-01", s.projectTable("阜平县"))
		return call{method: "DELETE", path: "/project-import-readings/" + id}, true
	case "waiting-project-import":
		return call{method: "GET", path: imports + "/" + s.previewProjects(b)}, true
	case "project-import-report":
		return call{method: "GET", path: imports + "/" + s.previewProjects(b) + "/report"}, true
	case "write-project-import":
		return call{method: "POST", path: imports + "/" + s.previewProjects(b) + "/write"}, true
	case "undo-project-import":
		id := s.previewProjects(b)
		b.ask("POST", imports+"/"+id+"/write", nil)
		return call{method: "POST", path: imports + "/" + id + "/undo"}, true
	case "project-template":
		return call{method: "GET", path: imports + "/template"}, true
	case "project-imports":
		return call{method: "GET", path: imports}, true
	case "export-projects":
		if s.project == (uuid.UUID{}) {
			s.yard = s.buildYard()
		}
		return call{"POST", "/exports/projects", map[string]any{"as_of": "2015-12-31", "division": "130624", "format": "csv", "only": map[string]any{"stage": "signed"}}, nil}, true
	}
	switch operation {
	case "import-timetable":
		return call{"POST", "/timetables?name=feed.zip&on=2016-03-10&id=" + uuid.NewString(), feed(s.T), nil}, true
	case "timetables":
		return call{method: "GET", path: "/timetables"}, true
	}
	return call{}, false
}

// feed is a GTFS feed of one train.
func feed(t *testing.T) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, text := range map[string]string{
		"stops.txt": "stop_id,stop_name\n1,涿州东\n2,北京西\n", "trips.txt": "trip_id,service_id,trip_short_name\na,s,G1\n", "calendar_dates.txt": "service_id,date,exception_type\ns,20160310,1\n",
		"stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\na,07:00:00,07:00:00,1,1\na,07:24:00,07:24:00,2,2\n",
	} {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func (s *scene) projectTable(county string) []byte {
	s.facts++
	return fmt.Appendf(nil, "项目编号,项目名称,区县,签约日期,投资额(亿元),投资口径\r\nBD-9%03d,岚桥物流园%d,%s,2015-05-04,3.5,总投资\r\n", s.facts, s.facts, county)
}

// previewProjects sends a table in as whoever may, and gives the import's id; that of nothing where they may not.
func (s *scene) previewProjects(b *browser) string {
	status, text := b.ask("POST", "/project-imports?name=a.csv&valid=2015-06-01", s.projectTable("阜平县"))
	var plan struct{ Import string }
	if status != http.StatusCreated || json.Unmarshal(text, &plan) != nil {
		return uuid.NewString()
	}
	return plan.Import
}

// A table of projects comes in as one of households does: seen first, then written once, then taken back; nobody else has the preview.
func TestATableOfProjectsIsPreviewedWrittenAndTakenBack(t *testing.T) {
	each(t, func(d *desk) {
		s := &scene{desk: d}
		mine, others, elsewhere := d.enter(access.Coordinator, fuping), d.enter(access.Coordinator, baoding), d.enter(access.Coordinator, yixian)
		var plan struct {
			Import    string
			Read, New int
		}
		status, text := mine.ask("POST", "/project-imports?name=a.csv&valid=2015-06-01", s.projectTable("阜平县"))
		if status != http.StatusCreated || json.Unmarshal(text, &plan) != nil || plan.New != 1 {
			d.T.Fatalf("%d %s", status, text)
		}
		path := "/project-imports/" + plan.Import
		if status, _ := others.ask("GET", path, nil); status != http.StatusNotFound {
			d.T.Errorf("somebody else reads the preview: %d", status)
		}
		total := func(want int64, when string) {
			d.T.Helper()
			var list struct{ Total int64 }
			if mine.get(&list, "GET", "/projects?as_of=2015-12-31", nil); list.Total != want {
				d.T.Errorf("%s: %d projects, want %d", when, list.Total, want)
			}
		}
		total(0, "previewed")
		if status, text := mine.ask("POST", path+"/write", nil); status != http.StatusOK {
			d.T.Fatalf("%d %s", status, text)
		}
		total(1, "written")
		if status, _ := mine.ask("POST", path+"/write", nil); status != http.StatusNotFound {
			d.T.Errorf("written twice: %d", status)
		}
		for _, format := range []string{"xlsx", "csv", "oc4ids", "iati"} {
			status, file := mine.ask("POST", "/exports/projects", map[string]any{"as_of": "2015-12-31", "format": format})
			if status != http.StatusOK || format != "xlsx" && (!strings.Contains(string(file), "岚桥物流园") || !strings.Contains(string(file), "演示数据")) {
				d.T.Errorf("%s: %d %.200s", format, status, file)
			}
		}
		for word, there := range map[string]bool{"岚桥": true, "没有这样的名称": false} {
			status, file := mine.ask("POST", "/exports/projects", map[string]any{"as_of": "2015-12-31", "format": "csv", "only": map[string]any{"q": word, "stage": "signed"}})
			if status != http.StatusOK || strings.Contains(string(file), "岚桥物流园") != there {
				d.T.Errorf("only %s: %d %s", word, status, file)
			}
		}
		if status, _ := others.ask("POST", "/exports/projects", map[string]any{"as_of": "2015-12-31", "format": "csv", "only": map[string]any{"stage": "signed"}}); status != http.StatusOK {
			d.T.Errorf("the whole city: %d", status)
		}
		if status, text := d.enter(access.Auditor, baoding).ask("GET", "/log?operations=project.export", nil); status != http.StatusOK || !strings.Contains(string(text), `130600000000 csv 2015-12-31 {\"stage\":\"signed\"}`) {
			d.T.Errorf("the auditor of the city does not see by which conditions its projects left: %d %s", status, text)
		}
		if status, file := mine.ask("POST", "/exports/projects", map[string]any{"only": map[string]any{"light": "blue"}}); status != http.StatusUnprocessableEntity && status != http.StatusBadRequest {
			d.T.Errorf("a light that is none: %d %.100s", status, file)
		}
		if status, _ := mine.ask("POST", "/exports/projects", map[string]any{"format": "pdf"}); status != http.StatusUnprocessableEntity && status != http.StatusBadRequest {
			d.T.Errorf("a format that is none: %d", status)
		}
		if status, _ := elsewhere.ask("POST", path+"/undo", nil); status != http.StatusNotFound {
			d.T.Errorf("another county takes it back: %d", status)
		}
		var imports struct{ Imports []struct{ Undone bool } }
		if elsewhere.get(&imports, "GET", "/project-imports", nil); len(imports.Imports) != 0 {
			d.T.Errorf("another county learns of it: %+v", imports)
		}
		if status, text := mine.ask("POST", path+"/undo", nil); status != http.StatusNoContent {
			d.T.Errorf("%d %s", status, text)
		}
		total(0, "taken back")
		if mine.get(&imports, "GET", "/project-imports", nil); len(imports.Imports) != 1 || !imports.Imports[0].Undone {
			d.T.Errorf("%+v", imports)
		}
		if status, text := mine.ask("POST", "/project-imports?name=a.csv", s.projectTable("易县")); status != http.StatusCreated || !strings.Contains(string(text), `"held":1`) {
			d.T.Errorf("a row of another county is not held back: %d %s", status, text)
		}
	})
}
