// Package problem keeps problems and supervised decisions. A problem 问题 is found, studied, solved and prevented: it names the record it is about,
// an office, a deadline, and is closed 销号 only with evidence, with what keeps it from coming back, and by somebody other than who solved it.
// A supervised decision 督办事项 goes from 立项 over 交办, 反馈 and 核实 to 销号. Both watch matters, never persons: what is shown is the office that
// holds a matter now.
//
// The room stands above dossier, which keeps the entries, and computes everything from them.
package problem

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"slices"

	"github.com/google/uuid"
	"gopkg.in/yaml.v3"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/dossier"
	"liandong/place"
)

// State is how far a problem is.
type State string

// The states of a problem.
const (
	Found    State = "found"    // 发现
	Studied  State = "studied"  // 研究: the cause is known
	Assigned State = "assigned" // 交办: an office has it, with a deadline
	Solved   State = "solved"   // 已解决，待核实
	Closed   State = "closed"   // 销号
)

// Evidence is a paper or picture that shows something done.
type Evidence struct {
	Name      string   `json:"name"`
	On        day.Date `json:"on"`
	Reference string   `json:"reference,omitempty"` // the paper's number, or where it is kept
}

// Problem is one problem as its entries make it.
type Problem struct {
	ID         uuid.UUID  `json:"id"`
	Version    int64      `json:"version"` // for If-Match
	Division   place.ID   `json:"division"`
	State      State      `json:"state"`
	Kind       string     `json:"kind"`
	Title      string     `json:"title"`
	Subject    string     `json:"subject"` // the record it comes from: "project:0195…", "claim:baoding-2015-12/half-hour"
	Words      string     `json:"words"`   // what was seen
	FoundOn    day.Date   `json:"found_on"`
	Cause      string     `json:"cause"`
	Office     string     `json:"office"`
	Supporting []string   `json:"supporting"`
	Due        day.Date   `json:"due"`
	Progress   []Step     `json:"progress"`
	Evidence   []Evidence `json:"evidence"`
	Prevention string     `json:"prevention"` // what keeps it from coming back
	ClosedOn   day.Date   `json:"closed_on"`
	Refused    int        `json:"refused"` // how often the evidence did not suffice
	solver     string
}

// Step is a dated word on how it goes.
type Step struct {
	On    day.Date `json:"on"`
	Act   string   `json:"act"`
	Words string   `json:"words"`
}

// Act is what is written down about a problem or decision. What an act needs is said by its refusal.
type Act struct {
	Kind       string     `json:"kind,omitempty"`
	Title      string     `json:"title,omitempty"`
	Subject    string     `json:"subject,omitempty"`
	Words      string     `json:"words,omitempty"`
	Office     string     `json:"office,omitempty"`
	Supporting []string   `json:"supporting,omitempty"`
	Due        day.Date   `json:"due"`
	Evidence   []Evidence `json:"evidence,omitempty"`
	Prevention string     `json:"prevention,omitempty"`
	Source     string     `json:"source,omitempty"` // of a decision: the meeting or instruction
	Number     string     `json:"number,omitempty"` // of a decision: the paper's number
}

// The acts on a problem.
const (
	ActFound    = "found"
	ActStudied  = "studied"
	ActAssigned = "assigned"
	ActWorked   = "worked"
	ActSolved   = "solved"
	ActRefused  = "refused"
	ActClosed   = "closed"
)

// Rules are the dated data of the room.
type Rules struct {
	ID         string    `yaml:"problems" json:"id"`
	Version    string    `yaml:"version" json:"version"`
	Basis      errs.Text `yaml:"basis" json:"basis"`
	Recurrence int       `yaml:"recurrence_months" json:"recurrence_months"`
	Remind     []int     `yaml:"remind_days" json:"remind_days"` // so many days before it is due, in falling order
	Kinds      []Kind    `yaml:"kinds" json:"kinds"`
}

// Kind is a sort of problem.
type Kind struct {
	Code  string    `yaml:"code" json:"code"`
	Title errs.Text `yaml:"title" json:"title"`
}

//go:embed problems@2015.yaml
var shippedRules []byte

// ShippedRules are the rules that come with the program.
func ShippedRules() (Rules, error) {
	var r Rules
	decoder := yaml.NewDecoder(bytes.NewReader(shippedRules))
	decoder.KnownFields(true)
	err := decoder.Decode(&r)
	return r, errs.Wrap("problem.ShippedRules", err)
}

func invalid(where, zh, en string) error {
	return errs.New(errs.Invalid, "problem.step", zh, en).At(where)
}

func outOfOrder(zh, en string) error { return errs.New(errs.Conflict, "problem.step", zh, en) }

func noProblem() errs.Text { return errs.Text{ZH: "问题", EN: "problem"} }

func problemMachine(rules *Rules) dossier.Machine[Problem] {
	return dossier.Machine[Problem]{
		Kind: "problem", Noun: noProblem(),
		Step: func(p Problem, e dossier.Entry) (Problem, error) {
			var a Act
			if err := json.Unmarshal(e.Body, &a); err != nil {
				return p, errs.Wrap("problem.step", err)
			}
			p.Version = e.Sequence
			if e.Sequence == 1 {
				return open(rules, e, &a)
			}
			return p.step(e, &a)
		},
		Head: func(p Problem) dossier.Head {
			return dossier.Head{State: string(p.State), Open: p.State != Closed, Holder: p.holder(), Due: p.Due, Subject: p.Subject, Group: p.Kind, Title: p.Title}
		},
	}
}

// holder is the office that holds the matter: nobody's until it is assigned, the verifying office's once it is solved.
func (p Problem) holder() string {
	switch p.State {
	case Solved:
		return Verifying
	case Closed:
		return ""
	}
	return p.Office
}

// Verifying is who holds a matter whose evidence waits to be looked at.
const Verifying = "督查室"

func open(rules *Rules, e dossier.Entry, a *Act) (Problem, error) {
	switch {
	case e.Act != ActFound:
		return Problem{}, outOfOrder("问题要先登记（found）。", "A problem is found first.")
	case a.Title == "":
		return Problem{}, invalid("title", "请写明问题。", "Say what the problem is.")
	case !slices.ContainsFunc(rules.Kinds, func(k Kind) bool { return k.Code == a.Kind }):
		return Problem{}, invalid("kind", "没有问题类别「"+a.Kind+"」。", "There is no kind of problem \""+a.Kind+"\".")
	}
	return Problem{
		ID: e.Dossier, Version: 1, Division: e.Division, State: Found, Kind: a.Kind, Title: a.Title, Subject: a.Subject, Words: a.Words, FoundOn: e.On,
		Supporting: []string{}, Progress: []Step{}, Evidence: []Evidence{},
	}, nil
}

func (p Problem) step(e dossier.Entry, a *Act) (Problem, error) {
	if p.State == Closed {
		return p, outOfOrder("问题已销号。再次出现时请另行登记，系统会列出以前的记录。", "The problem is closed. If it comes back, find it anew; the earlier one is listed beside it.")
	}
	p.Progress = append(slices.Clip(p.Progress), Step{e.On, e.Act, a.Words})
	switch e.Act {
	case ActStudied:
		if p.State == Solved {
			return p, outOfOrder("问题已报解决，正在核实。", "The problem is said to be solved and waits to be verified.")
		}
		if a.Words == "" {
			return p, invalid("words", "请写明原因。", "Say what the cause is.")
		}
		p.Cause = a.Words
		if p.State == Found {
			p.State = Studied
		}
	case ActAssigned:
		return p.assign(e, a)
	case ActWorked:
		if p.State != Assigned || a.Words == "" {
			return p, outOfOrder("交办以后才能报进展，并须写明内容。", "Progress is reported once it is assigned, in words.")
		}
	case ActSolved:
		return p.solve(e, a)
	case ActRefused:
		if p.State != Solved || a.Words == "" {
			return p, outOfOrder("只有待核实的问题可以退回，并须写明理由。", "Only what waits to be verified is given back, with a reason.")
		}
		p.State, p.Refused = Assigned, p.Refused+1
	case ActClosed:
		return p.close(e, a)
	default:
		return p, invalid("act", "没有「"+e.Act+"」这个步骤。", "There is no act \""+e.Act+"\".")
	}
	return p, nil
}

func (p Problem) assign(e dossier.Entry, a *Act) (Problem, error) {
	switch {
	case p.State == Found:
		return p, outOfOrder("请先研究原因，再交办。", "Study the cause before it is assigned.")
	case p.State == Solved:
		return p, outOfOrder("问题已报解决，正在核实。", "The problem is said to be solved and waits to be verified.")
	case a.Office == "":
		return p, invalid("office", "请写明牵头单位。", "Name the office that leads.")
	case a.Due.IsZero() || a.Due.Before(e.On):
		return p, invalid("due", "请写明期限，期限不能早于交办日。", "Name a deadline that is not before the day.")
	}
	p.State, p.Office, p.Supporting, p.Due = Assigned, a.Office, slices.Clone(a.Supporting), a.Due
	return p, nil
}

func (p Problem) solve(e dossier.Entry, a *Act) (Problem, error) {
	switch {
	case p.State != Assigned:
		return p, outOfOrder("交办以后才能报解决。", "A problem is solved once it is assigned.")
	case len(a.Evidence) == 0:
		return p, invalid("evidence", "报解决须附证据（文件或照片的名称和日期）。", "Evidence goes with it: the names and dates of papers or pictures.")
	}
	for _, one := range a.Evidence {
		if one.Name == "" || one.On.IsZero() || one.On.After(e.On) {
			return p, invalid("evidence", "每份证据须有名称和日期，日期不能晚于当天。", "Every piece has a name and a day that is not to come.")
		}
	}
	p.State, p.solver = Solved, e.Actor
	p.Evidence = append(slices.Clip(p.Evidence), a.Evidence...)
	return p, nil
}

func (p Problem) close(e dossier.Entry, a *Act) (Problem, error) {
	switch {
	case p.State != Solved:
		return p, outOfOrder("没有证据的问题不能销号。", "A problem without evidence is not closed.")
	case e.Actor == p.solver:
		return p, errs.New(errs.Forbidden, "problem.step", "报解决的人不能自己销号，请交另一位核实。", "Whoever solved it does not close it; ask somebody else to verify.")
	case a.Prevention == "":
		return p, invalid("prevention", "销号须写明怎样防止再发生。", "Say what keeps it from coming back.")
	}
	p.State, p.Prevention, p.ClosedOn = Closed, a.Prevention, e.On
	return p, nil
}

// overdue says whether the deadline has passed on the day while something is still to be done.
func (p Problem) overdue(on day.Date) bool {
	return p.State != Closed && !p.Due.IsZero() && p.Due.Before(on)
}
