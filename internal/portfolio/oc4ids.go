package portfolio

import (
	"encoding/json"
	"io"
	"slices"
	"time"

	"liandong/day"
	"liandong/errs"
	"liandong/money"
	"liandong/place"
)

// oc4idsVersion is the version of the Open Contracting for Infrastructure Data Standard that is written.
const oc4idsVersion = "0.9"

// oc4idsStatus maps each local stage to the standard's projectStatus. A suspended project keeps the status of the work it had reached; a stage that
// is not known has none. Operation is the standard's maintenance ("also called operation").
func oc4idsStatus(s *State) string {
	switch s.Stage {
	case Talks:
		return "identification"
	case Signed:
		return "preparation"
	case Started, Progressing, PhaseComplete:
		return "implementation"
	case InOperation:
		return "maintenance"
	case Suspended:
		if s.Started.IsZero() {
			return "preparation"
		}
		return "implementation"
	case Terminated:
		return "cancelled"
	}
	return ""
}

// OC4IDSSectors maps each local sector to the standard's projectSector; a subsector comes with its parent.
func OC4IDSSectors(sector string) []string {
	switch sector {
	case "energy":
		return []string{"energy"}
	case "medicine":
		return []string{"health"}
	case "education":
		return []string{"education"}
	case "culture":
		return []string{"cultureSportsAndRecreation"}
	case "environment":
		return []string{"waterAndWaste"}
	case "logistics", "road":
		return []string{"transport", "transport.road"}
	case "rail":
		return []string{"transport", "transport.rail"}
	case "urban_rail":
		return []string{"transport", "transport.urban"}
	case "":
		return nil
	}
	return []string{"economy"}
}

type oc4idsPackage struct {
	URI           string          `json:"uri"`
	PublishedDate string          `json:"publishedDate"`
	Version       string          `json:"version"`
	Publisher     oc4idsPublisher `json:"publisher"`
	Projects      []oc4idsProject `json:"projects"`
}

type oc4idsPublisher struct {
	Name string `json:"name"`
}

type oc4idsProject struct {
	ID          string                 `json:"id"`
	Updated     string                 `json:"updated,omitempty"`
	Title       string                 `json:"title"`
	Description string                 `json:"description,omitempty"`
	Status      string                 `json:"status,omitempty"`
	Period      *oc4idsPeriod          `json:"period,omitempty"`
	Sector      []string               `json:"sector,omitempty"`
	Local       []oc4idsClassification `json:"additionalClassifications,omitempty"`
	Locations   []oc4idsLocation       `json:"locations,omitempty"`
	Budget      *oc4idsBudget          `json:"budget,omitempty"`
	Parties     []oc4idsParty          `json:"parties,omitempty"`
	Milestones  []oc4idsMilestone      `json:"milestones,omitempty"`
}

type oc4idsPeriod struct {
	Start string `json:"startDate,omitempty"`
	End   string `json:"endDate,omitempty"`
}

type oc4idsClassification struct {
	Scheme      string `json:"scheme"`
	ID          string `json:"id"`
	Description string `json:"description"`
}

type oc4idsLocation struct {
	ID        string          `json:"id"`
	Gazetteer oc4idsGazetteer `json:"gazetteer"`
}

type oc4idsGazetteer struct {
	Scheme      string   `json:"scheme"`
	Identifiers []string `json:"identifiers"`
}

type oc4idsBudget struct {
	Amount oc4idsValue `json:"amount"`
}

type oc4idsValue struct {
	Amount   float64 `json:"amount"`
	Currency string  `json:"currency"`
}

type oc4idsParty struct {
	ID    string   `json:"id"`
	Name  string   `json:"name"`
	Roles []string `json:"roles"`
}

type oc4idsMilestone struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Type    string `json:"type"`
	DueDate string `json:"dueDate,omitempty"`
	DateMet string `json:"dateMet,omitempty"`
	Status  string `json:"status"`
}

// WriteOC4IDS writes the projects as one package of the Open Contracting for Infrastructure Data Standard. Local stages, sectors and parts in
// 两地三区 stay beside the standard's codes as classifications of our own schemes.
func (x *Exported) WriteOC4IDS(w io.Writer) error {
	if len(x.Projects) == 0 {
		return nothingToWrite()
	}
	p := oc4idsPackage{
		URI: "urn:liandong:" + x.Division.String() + ":" + x.At.AsOf.String(), PublishedDate: x.Made.UTC().Format(time.RFC3339), Version: oc4idsVersion,
		Publisher: oc4idsPublisher{x.City},
	}
	for i := range x.Projects {
		p.Projects = append(p.Projects, x.oc4ids(&x.Projects[i]))
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	return encoder.Encode(p)
}

func nothingToWrite() error {
	return errs.New(errs.NotFound, "portfolio.Export", "这个范围内没有可导出的项目。", "There are no projects to export here.")
}

func (x *Exported) oc4ids(p *ExportedProject) oc4idsProject {
	o := oc4idsProject{
		ID: p.Project.String(), Updated: dateTime(p.From), Title: p.Name, Description: x.described(p), Status: oc4idsStatus(&p.State), Sector: OC4IDSSectors(p.Sector),
	}
	start, end := p.Started, p.reached(InOperation)
	if start.IsZero() {
		start = p.Document.StartPlanned
	}
	if end.IsZero() {
		end = p.Document.FinishPlanned
	}
	if !start.IsZero() || !end.IsZero() {
		o.Period = &oc4idsPeriod{dateTime(start), dateTime(end)}
	}
	for _, c := range []struct {
		scheme string
		list   Choices
		code   string
	}{{"x-liandong-stage", Stages(), string(p.Stage)}, {"x-liandong-sector", Sectors(), p.Sector}, {"x-liandong-zone", Zones(), p.Zone}} {
		if c.code != "" {
			o.Local = append(o.Local, oc4idsClassification{c.scheme, c.code, c.list.Title(c.code).ZH})
		}
	}
	if p.Division.Level() >= place.County {
		code, _ := x.places.CodeOn(p.Division.County(), x.At.AsOf)
		o.Locations = []oc4idsLocation{{code.String(), oc4idsGazetteer{"CN-GB2260", []string{code.String()}}}}
	}
	if p.Amount != nil {
		o.Budget = &oc4idsBudget{yuan(*p.Amount)}
	}
	o.Parties = oc4idsParties(p)
	for _, m := range p.Document.Milestones {
		o.Milestones = append(o.Milestones, x.oc4idsMilestone(&m))
	}
	return o
}

func yuan(n money.Fen) oc4idsValue { return oc4idsValue{n.Yuan(), "CNY"} }

// oc4idsParties are the organisations with the standard's roles; a role that the standard does not have is left out with its organisation.
func oc4idsParties(p *ExportedProject) []oc4idsParty {
	roles := map[string]string{"investor": "funder", "owner": "publicAuthority", "builder": "supplier", "inspector": "independentMonitor", "authority": "administrativeEntity"}
	var all []oc4idsParty
	for _, l := range p.Links {
		role := roles[l.Role]
		if l.Kind != OrganisationKind || role == "" {
			continue
		}
		i := slices.IndexFunc(all, func(o oc4idsParty) bool { return o.ID == l.ID.String() })
		if i < 0 {
			i = len(all)
			all = append(all, oc4idsParty{ID: l.ID.String(), Name: l.Name})
		}
		all[i].Roles = append(all[i].Roles, role)
	}
	return all
}

func (x *Exported) oc4idsMilestone(m *Milestone) oc4idsMilestone {
	o := oc4idsMilestone{ID: m.ID.String(), Title: m.Title, Type: "delivery", DueDate: dateTime(m.Due), Status: "scheduled"}
	switch {
	case !m.Met.IsZero() && !m.Met.After(x.At.AsOf):
		o.Status, o.DateMet = "met", dateTime(m.Met)
	case m.Due.Before(x.At.AsOf):
		o.Status = "notMet"
	}
	return o
}

// dateTime is a day in the standard's form, in China's time.
func dateTime(d day.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String() + "T00:00:00+08:00"
}
