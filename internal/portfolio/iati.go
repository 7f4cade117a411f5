package portfolio

import (
	"encoding/xml"
	"io"
	"strconv"

	"liandong/day"
	"liandong/money"
	"liandong/place"
)

// iatiStatus maps each local stage to the activity status of IATI 2.03; 0 where the stage is not known.
func iatiStatus(stage Stage) int {
	switch stage {
	case Talks, Signed:
		return 1 // pipeline
	case Started, Progressing, PhaseComplete:
		return 2 // implementation
	case InOperation:
		return 4 // closed: the physical work is complete
	case Terminated:
		return 5 // cancelled
	case Suspended:
		return 6
	}
	return 0
}

type iatiActivities struct {
	XMLName   xml.Name       `xml:"iati-activities"`
	Version   string         `xml:"version,attr"`
	Generated string         `xml:"generated-datetime,attr"`
	Comment   xml.Comment    `xml:",comment"`
	All       []iatiActivity `xml:"iati-activity"`
}

// iatiActivity has its members in the order of the schema.
type iatiActivity struct {
	Currency      string            `xml:"default-currency,attr"`
	Language      string            `xml:"xml:lang,attr"`
	Identifier    string            `xml:"iati-identifier"`
	Reporting     iatiOrganisation  `xml:"reporting-org"`
	Title         iatiText          `xml:"title"`
	Description   iatiDescription   `xml:"description"`
	Participating []iatiParticipant `xml:"participating-org"`
	Other         *iatiOther        `xml:"other-identifier"`
	Status        iatiCode          `xml:"activity-status"`
	Dates         []iatiDate        `xml:"activity-date"`
	Country       iatiCode          `xml:"recipient-country"`
	Locations     []iatiLocation    `xml:"location"`
	Sectors       []iatiTerm        `xml:"sector"`
	Tags          []iatiTerm        `xml:"tag"`
	Budgets       []iatiBudget      `xml:"budget"`
	Transactions  []iatiTransaction `xml:"transaction"`
}

type iatiText struct {
	Narrative string `xml:"narrative"`
}

type iatiDescription struct {
	Type      string `xml:"type,attr"`
	Narrative string `xml:"narrative"`
}

type iatiOrganisation struct {
	Ref       string `xml:"ref,attr"`
	Type      string `xml:"type,attr"`
	Narrative string `xml:"narrative"`
}

type iatiParticipant struct {
	Role      string `xml:"role,attr"`
	Narrative string `xml:"narrative"`
}

type iatiOther struct {
	Ref  string `xml:"ref,attr"`
	Type string `xml:"type,attr"`
}

type iatiCode struct {
	Code string `xml:"code,attr"`
}

type iatiDate struct {
	Type      string `xml:"type,attr"`
	Date      string `xml:"iso-date,attr"`
	Narrative string `xml:"narrative,omitempty"`
}

type iatiLocation struct {
	Ref  string   `xml:"ref,attr"`
	Name iatiText `xml:"name"`
}

type iatiTerm struct {
	Vocabulary string `xml:"vocabulary,attr"`
	URI        string `xml:"vocabulary-uri,attr,omitempty"`
	Code       string `xml:"code,attr"`
	Narrative  string `xml:"narrative"`
}

type iatiBudget struct {
	Type   string       `xml:"type,attr"`
	Status string       `xml:"status,attr"`
	Start  iatiISO      `xml:"period-start"`
	End    iatiISO      `xml:"period-end"`
	Value  iatiCurrency `xml:"value"`
}

type iatiISO struct {
	Date string `xml:"iso-date,attr"`
}

type iatiCurrency struct {
	Date  string `xml:"value-date,attr"`
	Value string `xml:",chardata"`
}

type iatiTransaction struct {
	Type        iatiCode     `xml:"transaction-type"`
	Date        iatiISO      `xml:"transaction-date"`
	Value       iatiCurrency `xml:"value"`
	Description iatiText     `xml:"description"`
}

// The codes of IATI 2.03 that are written.
const (
	iatiPlannedStart, iatiActualStart, iatiPlannedEnd, iatiActualEnd = "1", "2", "3", "4"
	iatiIncoming, iatiCommitment, iatiExpenditure                    = "1", "2", "4"
	iatiOwnVocabulary                                                = "99"
	iatiLocalGovernment                                              = "11"
	iatiFunding, iatiAccountable, iatiImplementing                   = "1", "2", "4"
)

// WriteIATI writes the projects as IATI 2.03 activities and says how many were left out: a project needs a stage and a date to be an activity.
// Local stages stay beside the standard's status as tags of our own vocabulary.
func (x *Exported) WriteIATI(w io.Writer) (left int, err error) {
	all := iatiActivities{Version: "2.03", Generated: x.Made.UTC().Format("2006-01-02T15:04:05Z")}
	if x.Notice != "" {
		all.Comment = xml.Comment(" " + x.Notice + " ")
	}
	for i := range x.Projects {
		a, ok := x.iati(&x.Projects[i])
		if !ok {
			left++
			continue
		}
		all.All = append(all.All, a)
	}
	if len(all.All) == 0 {
		return left, nothingToWrite()
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return left, err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", " ")
	if err := encoder.Encode(all); err != nil {
		return left, err
	}
	_, err = io.WriteString(w, "\n")
	return left, err
}

func (x *Exported) iati(p *ExportedProject) (iatiActivity, bool) {
	status, dates := iatiStatus(p.Stage), x.iatiDates(p)
	if status == 0 || len(dates) == 0 {
		return iatiActivity{}, false
	}
	reporter := "CN-GB2260-130600"
	a := iatiActivity{
		Currency: "CNY", Language: "zh", Identifier: reporter + "-" + p.Project.String(), Reporting: iatiOrganisation{reporter, iatiLocalGovernment, x.City}, Title: iatiText{p.Name},
		Description: iatiDescription{"1", x.described(p)}, Participating: append(iatiParticipants(p), iatiParticipant{iatiAccountable, x.City}),
		Status: iatiCode{strconv.Itoa(status)}, Dates: dates, Country: iatiCode{"CN"}, Tags: []iatiTerm{ownTerm("stage", string(p.Stage), Stages())},
	}
	if p.Number != "" {
		a.Other = &iatiOther{p.Number, "A1"}
	}
	if p.Division.Level() >= place.County {
		code, _ := x.places.CodeOn(p.Division.County(), x.At.AsOf)
		a.Locations = []iatiLocation{{code.String(), iatiText{x.places.FullNameOn(p.Division.County(), x.At.AsOf)}}}
	}
	if p.Sector != "" {
		a.Sectors = []iatiTerm{ownTerm("sector", p.Sector, Sectors())}
	}
	if p.Zone != "" {
		a.Tags = append(a.Tags, ownTerm("zone", p.Zone, Zones()))
	}
	for _, plan := range p.Document.Plan {
		a.Budgets = append(a.Budgets, iatiYear(&plan))
	}
	a.Transactions = iatiTransactions(p)
	return a, true
}

func ownTerm(vocabulary, code string, list Choices) iatiTerm {
	return iatiTerm{iatiOwnVocabulary, "urn:liandong:" + vocabulary, code, list.Title(code).ZH}
}

// bound reports whether the source gives only a day by which work had begun.
func (p *ExportedProject) bound() bool {
	for _, at := range p.Phases {
		if at.building() {
			return at.Bound
		}
	}
	return false
}

func (x *Exported) iatiDates(p *ExportedProject) []iatiDate {
	var all []iatiDate
	add := func(kind string, d day.Date, words string) {
		if !d.IsZero() {
			all = append(all, iatiDate{kind, d.String(), words})
		}
	}
	add(iatiPlannedStart, p.Document.StartPlanned, "")
	switch {
	case !p.Started.IsZero() && p.bound():
		add(iatiActualStart, p.Started, "不晚于这一天，资料未写明日期")
	case !p.Started.IsZero():
		add(iatiActualStart, p.Started, "")
	case p.Document.StartPlanned.IsZero() && p.NoLater:
		add(iatiActualStart, p.CountedOn, "签约，不晚于这一天，资料未写明日期")
	case p.Document.StartPlanned.IsZero():
		add(iatiActualStart, p.CountedOn, "签约日，资料未写明开工日期")
	}
	add(iatiPlannedEnd, p.Document.FinishPlanned, "")
	add(iatiActualEnd, p.reached(InOperation), "投产运营")
	return all
}

func iatiParticipants(p *ExportedProject) []iatiParticipant {
	roles := map[string]string{"investor": iatiFunding, "owner": iatiImplementing, "builder": iatiImplementing, "authority": iatiAccountable}
	var all []iatiParticipant
	for _, l := range p.Links {
		if role := roles[l.Role]; l.Kind == OrganisationKind && role != "" {
			all = append(all, iatiParticipant{role, l.Name})
		}
	}
	return all
}

func iatiYear(plan *Allocation) iatiBudget {
	kind := "1" // original
	if plan.Revised {
		kind = "2"
	}
	year := strconv.Itoa(plan.Year)
	return iatiBudget{kind, "1", iatiISO{year + "-01-01"}, iatiISO{year + "-12-31"}, iatiCurrency{year + "-01-01", plan.Amount.String()}}
}

func iatiTransactions(p *ExportedProject) []iatiTransaction {
	var all []iatiTransaction
	add := func(kind string, on day.Date, amount *money.Fen, words string) {
		if amount != nil && !on.IsZero() {
			all = append(all, iatiTransaction{iatiCode{kind}, iatiISO{on.String()}, iatiCurrency{on.String(), amount.String()}, iatiText{words}})
		}
	}
	add(iatiCommitment, p.CountedOn, p.Amount, basisWords(p.Basis)+"，"+p.counted())
	add(iatiIncoming, p.ReportedOn, p.Arrived, "累计到位资金")
	add(iatiExpenditure, p.ReportedOn, p.Spent, "累计完成投资")
	return all
}
