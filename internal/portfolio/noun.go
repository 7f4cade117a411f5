package portfolio

import (
	"encoding/json"
	"strings"

	"liandong/day"
	"liandong/errs"
	"liandong/money"
	"liandong/place"
)

// Kind says what sort of fact a record is.
type Kind string

// The kinds of facts. The first four are the nouns; the others are facts about one of them.
const (
	OrganisationKind Kind = "organisation"
	AgreementKind    Kind = "agreement"
	ProjectKind      Kind = "project"
	PlatformKind     Kind = "platform"
	eventKind        Kind = "event"      // of a project
	reportKind       Kind = "report"     // of a project, by its owner, for a month
	inspectionKind   Kind = "inspection" // of a project, by an inspector, for a month
	outputKind       Kind = "output"     // of a platform, for a year
)

// Word is the noun in both languages.
func (k Kind) Word() errs.Text {
	switch k {
	case OrganisationKind:
		return errs.Text{ZH: "单位", EN: "organisation"}
	case AgreementKind:
		return errs.Text{ZH: "协议", EN: "agreement"}
	case PlatformKind:
		return errs.Text{ZH: "平台", EN: "platform"}
	}
	return errs.Text{ZH: "项目", EN: "project"}
}

// Document is one of the four nouns as it stands from a day on.
type Document interface {
	// kind is the noun.
	kind() Kind
	// where is the division the noun belongs to: the city itself where no county is known.
	where() place.ID
	// title is its name.
	title() string
	// check says what is wrong with it by itself.
	check() error
}

// Organisation is a group, company or institution.
type Organisation struct {
	Division   place.ID `json:"division" doc:"stable id; the city where it has no seat in it"`
	Name       string   `json:"name"`
	Kind       string   `json:"kind,omitempty" doc:"a code of OrganisationKinds"`
	CreditCode string   `json:"credit_code,omitempty" doc:"统一社会信用代码"`
	Group      *ID      `json:"group,omitempty" doc:"the group it belongs to"`
}

// Agreement is what was signed with one or more organisations; projects name it as theirs.
type Agreement struct {
	Division      place.ID   `json:"division"`
	Name          string     `json:"name"`
	Kind          string     `json:"kind" doc:"a code of AgreementKinds"`
	Signed        day.Date   `json:"signed,omitzero"`
	NoLaterThan   bool       `json:"no_later_than,omitempty" doc:"it was signed on that day or before: the source gives no day"`
	Occasion      string     `json:"occasion,omitempty" doc:"where it was signed"`
	Parties       []Party    `json:"parties,omitempty"`
	Amount        *money.Fen `json:"amount_fen,omitempty" doc:"stated for the whole agreement, in fen"`
	Basis         string     `json:"basis,omitempty" doc:"a code of Bases; empty where the source does not say"`
	StatedProject *int       `json:"stated_projects,omitempty" doc:"how many projects the source says it holds"`
	Terminated    day.Date   `json:"terminated,omitzero"`
	Reason        string     `json:"reason,omitempty" doc:"of the termination"`
}

// Party is an organisation in a role.
type Party struct {
	Organisation ID     `json:"organisation"`
	Role         string `json:"role" doc:"a code of Roles"`
}

// Project is what is built or moved, as described from a day on. Its stage, money and progress follow from its events and reports.
type Project struct {
	Division      place.ID     `json:"division" doc:"stable id; the city itself where the place within it is not known"`
	Number        string       `json:"number,omitempty" doc:"the local project number, unique in the city"`
	Name          string       `json:"name"`
	Programme     string       `json:"programme,omitempty" doc:"a code of Programmes: the list it stands on"`
	Sector        string       `json:"sector,omitempty"`
	Zone          string       `json:"zone,omitempty" doc:"its part in 两地三区, a code of Zones"`
	Platforms     []ID         `json:"platforms,omitempty"`
	Agreements    []ID         `json:"agreements,omitempty" doc:"agreements it belongs to, beside those of its signings"`
	Parties       []Party      `json:"parties,omitempty"`
	Origin        *Origin      `json:"origin,omitempty"`
	StartPlanned  day.Date     `json:"start_planned,omitzero"`
	FinishPlanned day.Date     `json:"finish_planned,omitzero"`
	Phases        []Phase      `json:"phases,omitempty"`
	Milestones    []Milestone  `json:"milestones,omitempty"`
	Plan          []Allocation `json:"plan,omitempty" doc:"money planned by year and source"`
	Withdrawn     bool         `json:"withdrawn,omitempty" doc:"taken back: an import that wrote it was undone"`
}

// Origin says where a project comes from.
type Origin struct {
	City       string `json:"city,omitempty" doc:"a code of OriginCities"`
	District   string `json:"district,omitempty"`
	Enterprise string `json:"enterprise,omitempty"`
	Function   string `json:"function,omitempty" doc:"kind of non-capital function, a code of Functions"`
	JobsMoved  *int   `json:"jobs_moved,omitempty"`
}

// Phase is a part of a project (一期, 二期), with the days it is planned for.
type Phase struct {
	Number        int      `json:"number"`
	Name          string   `json:"name,omitempty"`
	StartPlanned  day.Date `json:"start_planned,omitzero"`
	FinishPlanned day.Date `json:"finish_planned,omitzero"`
}

// Milestone is a node 节点 with the day it is due and the day it was met.
type Milestone struct {
	ID    ID       `json:"id"`
	Title string   `json:"title"`
	Phase int      `json:"phase,omitempty"`
	Due   day.Date `json:"due"`
	Met   day.Date `json:"met,omitzero"`
}

// Allocation is money planned, or planned anew, for a year from a source.
type Allocation struct {
	Year    int       `json:"year"`
	Source  string    `json:"source,omitempty" doc:"a code of Sources"`
	Amount  money.Fen `json:"amount_fen"`
	Revised bool      `json:"revised,omitempty" doc:"a revised plan; it replaces the first one of the year and source"`
}

// Platform is a place that projects settle on, or a corridor that leads there.
type Platform struct {
	Division place.ID   `json:"division"`
	Name     string     `json:"name"`
	Kind     string     `json:"kind" doc:"a code of PlatformKinds"`
	Zone     string     `json:"zone,omitempty"`
	Target   *money.Fen `json:"target_fen,omitempty" doc:"output of a year that it is meant to pass, in fen"`
	Corridor string     `json:"corridor,omitempty" doc:"of a corridor: rail, expressway, …, as the plan names it"`
}

func (o *Organisation) kind() Kind      { return OrganisationKind }
func (a *Agreement) kind() Kind         { return AgreementKind }
func (p *Project) kind() Kind           { return ProjectKind }
func (p *Platform) kind() Kind          { return PlatformKind }
func (o *Organisation) where() place.ID { return o.Division }
func (a *Agreement) where() place.ID    { return a.Division }
func (p *Project) where() place.ID      { return p.Division }
func (p *Platform) where() place.ID     { return p.Division }
func (o *Organisation) title() string   { return o.Name }
func (a *Agreement) title() string      { return a.Name }
func (p *Project) title() string        { return p.Name }
func (p *Platform) title() string       { return p.Name }

// longestName bounds names: longer ones are descriptions, and break every list.
const longestName = 120

func checkName(name string) error {
	if strings.TrimSpace(name) == "" {
		return invalid("name", "请填写名称。", "The name is missing.")
	}
	if len([]rune(name)) > longestName {
		return invalid("name", "名称太长，请不超过 120 个字。", "The name is too long; keep it within 120 characters.")
	}
	return nil
}

// first gives the first of several errors.
func first(all ...error) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}

func (o *Organisation) check() error {
	return first(checkName(o.Name), OrganisationKinds().check(o.Kind, "kind"), checkCreditCode(o.CreditCode))
}

func (a *Agreement) check() error {
	if a.Kind == "" {
		return invalid("kind", "请选择协议种类。", "The kind of agreement is missing.")
	}
	if !a.Terminated.IsZero() && a.Reason == "" {
		return invalid("reason", "终止协议须写明原因。", "A terminated agreement needs its reason.")
	}
	return first(checkName(a.Name), AgreementKinds().check(a.Kind, "kind"), Bases().check(a.Basis, "basis"), checkAmount(a.Amount, "amount_fen"), checkParties(a.Parties))
}

func (p *Platform) check() error {
	if p.Kind == "" {
		return invalid("kind", "请选择平台种类。", "The kind of platform is missing.")
	}
	return first(checkName(p.Name), PlatformKinds().check(p.Kind, "kind"), Zones().check(p.Zone, "zone"), checkAmount(p.Target, "target_fen"))
}

func (p *Project) check() error {
	err := first(checkName(p.Name), Programmes().check(p.Programme, "programme"), Sectors().check(p.Sector, "sector"), Zones().check(p.Zone, "zone"),
		checkParties(p.Parties), p.Origin.check(), checkSpan(p.StartPlanned, p.FinishPlanned, "finish_planned"))
	for _, phase := range p.Phases {
		err = first(err, checkSpan(phase.StartPlanned, phase.FinishPlanned, "phases.finish_planned"))
		if phase.Number < 1 {
			err = first(err, invalid("phases.number", "期次从 1 起。", "Phases are numbered from 1."))
		}
	}
	for _, m := range p.Milestones {
		if m.Title == "" || m.Due.IsZero() {
			err = first(err, invalid("milestones", "节点须有名称和到期日。", "A milestone needs its title and the day it is due."))
		}
	}
	for _, a := range p.Plan {
		err = first(err, Sources().check(a.Source, "plan.source"), checkAmount(&a.Amount, "plan.amount_fen"))
	}
	return err
}

func (o *Origin) check() error {
	if o == nil {
		return nil
	}
	if o.JobsMoved != nil && *o.JobsMoved < 0 {
		return invalid("origin.jobs_moved", "转移岗位数不能为负。", "Jobs moved cannot be negative.")
	}
	return first(OriginCities().check(o.City, "origin.city"), Functions().check(o.Function, "origin.function"))
}

func checkParties(parties []Party) error {
	for _, p := range parties {
		if p.Role == "" {
			return invalid("parties.role", "请写明单位的角色。", "The role of the organisation is missing.")
		}
		if err := Roles().check(p.Role, "parties.role"); err != nil {
			return err
		}
	}
	return nil
}

func checkSpan(start, finish day.Date, where string) error {
	if !start.IsZero() && !finish.IsZero() && finish.Before(start) {
		return invalid(where, "竣工日期早于开工日期。", "The finish lies before the start.")
	}
	return nil
}

// greatestAmount is ten thousand 亿元: more than any project of a city has cost, so that a slip of the unit is caught.
const greatestAmount = 10_000 * money.HundredM

func checkAmount(amount *money.Fen, where string) error {
	if amount != nil && (*amount < 0 || *amount > greatestAmount) {
		return invalid(where, "金额应在 0 至 10000 亿元之间，请核对单位。", "The amount lies between 0 and 10,000 times 100 million yuan; check its unit.")
	}
	return nil
}

// checkCreditCode checks the 18 characters of GB 32100 with their check character; an empty one is unknown.
func checkCreditCode(code string) error {
	if code == "" {
		return nil
	}
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	sum, weight := 0, 1
	for i, c := range code {
		v := strings.IndexRune(alphabet, c)
		if v < 0 || i > 17 {
			sum = -1
			break
		}
		if i < 17 {
			sum += v * weight
			weight = weight * 3 % 31
		} else if (31-sum%31)%31 != v {
			sum = -1
		}
	}
	if len(code) != 18 || sum < 0 {
		return invalid("credit_code", "统一社会信用代码应为 18 位，校验位不符。请核对。", "The unified social credit code has 18 characters with a check character that does not fit. Check it.")
	}
	return nil
}

// parseDocument reads a stored or sent document of a kind. What it does not know is refused.
func parseDocument(kind Kind, text []byte) (Document, error) {
	var d Document
	switch kind {
	case OrganisationKind:
		d = new(Organisation)
	case AgreementKind:
		d = new(Agreement)
	case PlatformKind:
		d = new(Platform)
	default:
		d = new(Project)
	}
	return d, decode(text, d)
}

// decode reads JSON and refuses members that it does not know.
func decode(text []byte, into any) error {
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return errs.New(errs.Invalid, "portfolio.decode", "内容读不懂："+err.Error()+"。", "The content cannot be read: "+err.Error()+".").Because(err)
	}
	return nil
}

// ParseFact reads a fact as it is sent; what it does not know is refused.
func ParseFact(text []byte, into Fact) error { return decode(text, into) }

// ParseDocument reads a document of a kind as it is sent; errors name the member that is wrong.
func ParseDocument(kind Kind, text []byte) (Document, error) { return parseDocument(kind, text) }
