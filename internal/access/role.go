// Package access decides who may do what to which territory: roles and what they may, grants of a role over a territory, the scope that
// follows from them, and what of a record is masked. There is one decision, Actor.Scope, which denies by default; every read path is given a
// Scope and can only be built with one, as a predicate in SQL, as a test of one division, or as a mask over a column.
//
// It also keeps the accounts, one-time links and sessions by which people enter. It stands above ledger and below figure, and knows
// neither registers nor pages.
package access

import (
	"slices"

	"liandong/errs"
	"liandong/form"
)

// Role is what a person is in the work, and with it what they may do.
type Role string

// The roles.
const (
	VillageOfficer Role = "village_officer" // 村信息员
	TeamMember     Role = "team_member"     // 驻村工作队员
	TownshipClerk  Role = "township_clerk"  // 乡镇扶贫专干
	CountyOffice   Role = "county_office"   // 县扶贫办
	CityOffice     Role = "city_office"     // 市扶贫办
	Approver       Role = "approver"        // 审批人
	Auditor        Role = "auditor"         // 审计人员
	Planner        Role = "planner"         // 规划人员
	Coordinator    Role = "coordinator"     // 项目协调员
	Investor       Role = "investor"        // 投资方(外部)
	Leader         Role = "leader"          // 领导(只读)
	SystemAdmin    Role = "system_admin"    // 系统管理员
	SecurityAdmin  Role = "security_admin"  // 安全管理员
	AuditAdmin     Role = "audit_admin"     // 审计管理员
)

// Action is something a role may do within its territory.
type Action string

// The actions.
const (
	ReadFigures     Action = "read_figures"     // totals and maps
	ReadRecords     Action = "read_records"     // households and members, masked as the role says
	ShowSensitive   Action = "show_sensitive"   // one person's ID, phone or account in clear, with a reason, logged
	WriteRecords    Action = "write_records"    // enter and correct households
	ImportRecords   Action = "import_records"   // workbooks in, and undo of one's own
	ExportRecords   Action = "export_records"   // workbooks out, logged
	RunCriteria     Action = "run_criteria"     // identification runs, proposals only
	Decide          Action = "decide"           // sign decisions that change a status
	ReadProjects    Action = "read_projects"    // organisations, agreements, projects, platforms
	WriteProjects   Action = "write_projects"   // enter and correct them, their events and reports
	InspectProjects Action = "inspect_projects" // state what an inspection found
	ImportProjects  Action = "import_projects"  // workbooks of projects in, and undo of one's own
	ExportProjects  Action = "export_projects"  // tables and exchange files out, logged
	ReadLog         Action = "read_log"         // who did or read what
	VerifyLog       Action = "verify_log"       // recompute the log, take checkpoints away
	ManageAccounts  Action = "manage_accounts"  // accounts and one-time links
	ManageGrants    Action = "manage_grants"    // who holds which role where
	Operate         Action = "operate"          // backups, jobs, health of the installation
	ReadClaims      Action = "read_claims"      // public claims with their verdicts, and briefings: internal
	CheckClaims     Action = "check_claims"     // store checks, enter evidence, draft briefings
	SignBriefing    Action = "sign_briefing"    // answer for a briefing that somebody else drafted
	ReadMatters     Action = "read_matters"     // problems and supervised decisions
	WriteMatters    Action = "write_matters"    // open them and work on them
	VerifyMatters   Action = "verify_matters"   // look at the evidence and close what somebody else worked on
	ReadCases       Action = "read_cases"       // investors' matters, all of a territory
	HandleCases     Action = "handle_cases"     // do a department's step in an investor's matter
	OwnCases        Action = "own_cases"        // an investor's own matters, and no others
	SetAims         Action = "set_aims"         // the strategy tree: aims, indicators, targets, entered values
)

// duty is one line of the table of roles.
type duty struct {
	role    Role
	title   errs.Text
	clear   form.Sensitivity // the highest sensitivity shown without a mask in ordinary reading
	actions []Action
}

// duties is the whole table of roles. The three administrators share no power and none of them sees a record: the separation that 等保
// level 3 asks for. Reading by the leader, the planner and the investor shows no names.
var duties = []duty{
	{VillageOfficer, errs.Text{ZH: "村信息员", EN: "Village information officer"}, form.Sensitive, []Action{ReadFigures, ReadRecords, ShowSensitive, WriteRecords, ImportRecords, ExportRecords}},
	{TeamMember, errs.Text{ZH: "驻村工作队员", EN: "Resident team member"}, form.Sensitive, []Action{ReadFigures, ReadRecords, WriteRecords}},
	{TownshipClerk, errs.Text{ZH: "乡镇扶贫专干", EN: "Township clerk"}, form.Sensitive, []Action{ReadFigures, ReadRecords, ShowSensitive, WriteRecords, ImportRecords, ExportRecords, RunCriteria}},
	{CountyOffice, errs.Text{ZH: "县扶贫办", EN: "County office"}, form.Sensitive, []Action{ReadFigures, ReadRecords, ShowSensitive, WriteRecords, ImportRecords, ExportRecords, RunCriteria, ReadLog, ReadMatters, WriteMatters, ReadCases, HandleCases, ReadProjects}},
	{CityOffice, errs.Text{ZH: "市扶贫办", EN: "City office"}, form.Personal, []Action{ReadFigures, ReadRecords, ShowSensitive, ExportRecords, RunCriteria, ReadLog, ReadClaims, CheckClaims, SignBriefing, ReadMatters, WriteMatters, VerifyMatters, ReadCases, HandleCases, SetAims, ReadProjects}},
	{Approver, errs.Text{ZH: "审批人", EN: "Approver"}, form.Sensitive, []Action{ReadFigures, ReadRecords, ShowSensitive, RunCriteria, Decide, ReadClaims, SignBriefing, ReadMatters, VerifyMatters}},
	{Auditor, errs.Text{ZH: "审计人员", EN: "Auditor"}, form.Sensitive, []Action{ReadFigures, ReadRecords, ShowSensitive, ExportRecords, RunCriteria, ReadLog, VerifyLog, ReadClaims, CheckClaims, ReadMatters, ReadCases, ReadProjects, InspectProjects, ExportProjects}},
	{Planner, errs.Text{ZH: "规划人员", EN: "Planner"}, form.Plain, []Action{ReadFigures, RunCriteria, ReadClaims, CheckClaims, ReadMatters, WriteMatters, ReadCases, SetAims, ReadProjects, InspectProjects, ExportProjects}},
	{Coordinator, errs.Text{ZH: "项目协调员", EN: "Project coordinator"}, form.Plain, []Action{ReadFigures, ReadMatters, WriteMatters, ReadCases, HandleCases, ReadProjects, WriteProjects, ImportProjects, ExportProjects}},
	{Investor, errs.Text{ZH: "投资方", EN: "Investor"}, form.Plain, []Action{OwnCases}},
	{Leader, errs.Text{ZH: "领导（只读）", EN: "Leader (reads only)"}, form.Plain, []Action{ReadFigures, ReadRecords, ReadClaims, ReadMatters, ReadCases, ReadProjects}},
	{SystemAdmin, errs.Text{ZH: "系统管理员", EN: "System administrator"}, form.Plain, []Action{Operate, ManageAccounts}},
	{SecurityAdmin, errs.Text{ZH: "安全管理员", EN: "Security administrator"}, form.Plain, []Action{ManageGrants}},
	{AuditAdmin, errs.Text{ZH: "审计管理员", EN: "Audit administrator"}, form.Plain, []Action{ReadLog, VerifyLog}},
}

// Roles lists every role in the order of the table.
func Roles() []Role {
	roles := make([]Role, len(duties))
	for i := range duties {
		roles[i] = duties[i].role
	}
	return roles
}

// ParseRole reads a role's word.
func ParseRole(s string) (Role, error) {
	if r := Role(s); r.duty() != nil {
		return r, nil
	}
	return "", errs.New(errs.Invalid, "access.ParseRole", "没有角色「"+s+"」。", "There is no role \""+s+"\".")
}

func (r Role) duty() *duty {
	for i := range duties {
		if duties[i].role == r {
			return &duties[i]
		}
	}
	return nil
}

// Title is the role in both languages.
func (r Role) Title() errs.Text {
	if d := r.duty(); d != nil {
		return d.title
	}
	return errs.Text{}
}

// Actions lists what the role may do, somewhere.
func (r Role) Actions() []Action {
	if d := r.duty(); d != nil {
		return slices.Clone(d.actions)
	}
	return nil
}

// May reports whether the role has the action at all; where is decided by Actor.Scope. An unknown role has none.
func (r Role) May(a Action) bool {
	d := r.duty()
	return d != nil && slices.Contains(d.actions, a)
}
