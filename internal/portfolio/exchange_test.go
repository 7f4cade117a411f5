package portfolio_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"liandong/internal/portfolio"
	"liandong/money"
	"liandong/sheet"
)

// exchange is a small portfolio with a project at every stage, gathered for export.
func (b *bench) exchange() *portfolio.Exported {
	b.Helper()
	group := newID()
	b.save(b.city, portfolio.Draft{Subject: group, Valid: on(2014, 1, 1), Document: &portfolio.Organisation{Division: baoding, Name: "岚桥<集团>"}})
	steps := []portfolio.Stage{portfolio.Talks, portfolio.Signed, portfolio.Started, portfolio.Progressing, portfolio.PhaseComplete, portfolio.InOperation}
	ends := slices.Concat(steps, []portfolio.Stage{portfolio.Suspended, portfolio.Terminated})
	for i, end := range ends {
		id, p := newID(), project(portfolio.Stages().Title(string(end)).ZH+"项目")
		p.Number, p.Sector, p.Zone, p.FinishPlanned = "BD-"+p.Name, portfolio.Sectors()[i].Code, portfolio.Zones()[i%5].Code, on(2016, 6, 30)
		p.Parties = []portfolio.Party{{Organisation: group, Role: "investor"}}
		p.Milestones = []portfolio.Milestone{{ID: newID(), Title: "主体完工", Due: on(2015, 9, 1)}, {ID: newID(), Title: "验收", Due: on(2016, 5, 1)}}
		p.Plan = []portfolio.Allocation{{Year: 2015, Source: "own", Amount: money.HundredM}}
		b.save(b.fuping, portfolio.Draft{Subject: id, Valid: on(2015, 1, 1), Document: p})
		if end == portfolio.Suspended || end == portfolio.Terminated {
			b.note(b.fuping, id, signing(on(2015, 1, 5), 3*money.HundredM))
			b.note(b.fuping, id, staged(end, on(2015, 6, 1), "投资方调整"))
			continue
		}
		for k, stage := range steps[:slices.Index(steps, end)+1] {
			if stage == portfolio.Signed {
				b.note(b.fuping, id, signing(on(2015, 2, 5), 3*money.HundredM))
				continue
			}
			b.note(b.fuping, id, staged(stage, on(2015, 1+k, 1), ""))
		}
	}
	b.save(b.city, portfolio.Draft{Subject: newID(), Valid: on(2015, 1, 1), Document: &portfolio.Project{Division: baoding, Name: "只有名称"}})
	set, err := b.Gather(b.ctx, b.exporter(), portfolio.Export{Division: baoding, At: portfolio.Moment{AsOf: on(2015, 12, 31)}, Format: "test", Notice: "演示数据"})
	if err != nil {
		b.Fatal(err)
	}
	return set
}

func TestOC4IDSKeepsToTheStandardAndTheLocalNames(t *testing.T) {
	each(t, func(b *bench) {
		var out bytes.Buffer
		if err := b.exchange().WriteOC4IDS(&out); err != nil {
			b.Fatal(err)
		}
		document, err := jsonschema.UnmarshalJSON(bytes.NewReader(out.Bytes()))
		if err != nil {
			b.Fatal(err)
		}
		if err := oc4idsSchema(b.T).Validate(document); err != nil {
			b.Error(err)
		}
		var p struct {
			Projects []struct {
				Title, Status string
				Local         []struct{ Scheme, ID, Description string } `json:"additionalClassifications"`
			}
		}
		if err := json.Unmarshal(out.Bytes(), &p); err != nil {
			b.Fatal(err)
		}
		for _, want := range []struct{ title, status, local string }{
			{"洽谈项目", "identification", "洽谈"},
			{"签约项目", "preparation", "签约"},
			{"开工项目", "implementation", "开工"},
			{"进展顺利项目", "implementation", "进展顺利"},
			{"分期竣工项目", "implementation", "分期竣工"},
			{"投产运营项目", "maintenance", "投产运营"},
			{"暂停项目", "preparation", "暂停"},
			{"终止项目", "cancelled", "终止"},
			{"只有名称", "", ""},
		} {
			found := false
			for _, got := range p.Projects {
				if got.Title == want.title {
					found = got.Status == want.status && (want.local == "" || got.Local[0].Description == want.local)
				}
			}
			if !found {
				b.Errorf("%v is not among %+v", want, p.Projects)
			}
		}
		if !strings.Contains(out.String(), "演示数据") {
			b.Error("the package does not say that it is made up")
		}
	})
}

// members of an IATI 2.03 activity in the order in which its schema wants them, as far as they are written.
func activityOrder() []string {
	return []string{
		"iati-identifier", "reporting-org", "title", "description", "participating-org", "other-identifier", "activity-status", "activity-date",
		"recipient-country", "location", "sector", "tag", "budget", "transaction",
	}
}

func TestIATIKeepsToTheOrderAndCodesOfTheSchema(t *testing.T) {
	each(t, func(b *bench) {
		var out bytes.Buffer
		left, err := b.exchange().WriteIATI(&out)
		if err != nil || left != 1 {
			b.Fatalf("%d left out, %v", left, err)
		}
		var all struct {
			Version    string `xml:"version,attr"`
			Activities []struct {
				Members []struct {
					XMLName xml.Name
					Code    string `xml:"code,attr"`
				} `xml:",any"`
			} `xml:"iati-activity"`
		}
		if err := xml.Unmarshal(out.Bytes(), &all); err != nil {
			b.Fatal(err)
		}
		statuses := map[string]int{}
		for _, a := range all.Activities {
			place, seen := 0, map[string]bool{}
			for _, m := range a.Members {
				next := slices.Index(activityOrder(), m.XMLName.Local)
				if next < place {
					b.Errorf("%s stands after %s", m.XMLName.Local, activityOrder()[place])
				}
				place, seen[m.XMLName.Local] = max(place, next), true
				if m.XMLName.Local == "activity-status" {
					statuses[m.Code]++
				}
			}
			for _, required := range []string{"iati-identifier", "reporting-org", "title", "description", "participating-org", "activity-status", "activity-date"} {
				if !seen[required] {
					b.Errorf("an activity lacks %s", required)
				}
			}
		}
		if all.Version != "2.03" || len(all.Activities) != 8 || statuses["1"] != 2 || statuses["2"] != 3 || statuses["4"] != 1 || statuses["5"] != 1 || statuses["6"] != 1 {
			b.Errorf("version %s, %d activities, by status %v", all.Version, len(all.Activities), statuses)
		}
		validIATI(b.T, out.Bytes())
	})
}

func TestTheTableSaysWhatIsKnownAndThatItIsMadeUp(t *testing.T) {
	each(t, func(b *bench) {
		var out bytes.Buffer
		if err := b.exchange().WriteTable(func(t sheet.Table) (sheet.Writer, error) { return sheet.NewCSV(&out, t, sheet.UTF8) }); err != nil {
			b.Fatal(err)
		}
		for _, want := range []string{"项目编号,项目名称,县（市、区）", "阜平县,京津保协同项目", "分期竣工", "※ 演示数据"} {
			if !strings.Contains(out.String(), want) {
				b.Errorf("the table lacks %q:\n%s", want, out.String())
			}
		}
	})
}
