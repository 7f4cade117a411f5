package problem

import (
	"encoding/json"
	"slices"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/dossier"
	"liandong/place"
)

// Stage is how far a supervised decision is.
type Stage string

// The stages of a decision.
const (
	Filed    Stage = "filed"    // 立项
	Given    Stage = "assigned" // 交办
	Reported Stage = "reported" // 反馈，待核实
	Verified Stage = "verified" // 核实通过
	Ended    Stage = "closed"   // 销号
)

// The acts on a decision.
const (
	ActFiled    = "filed"
	ActGiven    = "assigned"
	ActReported = "reported"
	ActVerified = "verified"
	ActBack     = "refused" // 核实不通过
	ActEnded    = "closed"
)

// Decision is a meeting's decision or an instruction that is supervised.
type Decision struct {
	ID         uuid.UUID  `json:"id"`
	Version    int64      `json:"version"` // for If-Match
	Division   place.ID   `json:"division"`
	Stage      Stage      `json:"stage"`
	Title      string     `json:"title"`
	Source     string     `json:"source"` // 会议或批示
	Number     string     `json:"number"`
	Words      string     `json:"words"`
	Subject    string     `json:"subject"`
	FiledOn    day.Date   `json:"filed_on"`
	Office     string     `json:"office"` // the lead
	Supporting []string   `json:"supporting"`
	Due        day.Date   `json:"due"` // 时间节点
	Progress   []Step     `json:"progress"`
	Evidence   []Evidence `json:"evidence"`
	ClosedOn   day.Date   `json:"closed_on"`
	Refused    int        `json:"refused"`
	reporter   string
}

func decisionMachine() dossier.Machine[Decision] {
	return dossier.Machine[Decision]{
		Kind: "decision", Noun: errs.Text{ZH: "督办事项", EN: "supervised decision"},
		Step: func(d Decision, e dossier.Entry) (Decision, error) {
			var a Act
			if err := json.Unmarshal(e.Body, &a); err != nil {
				return d, errs.Wrap("problem.decision", err)
			}
			d.Version = e.Sequence
			if e.Sequence == 1 {
				return file(e, &a)
			}
			d.Progress = append(slices.Clip(d.Progress), Step{e.On, e.Act, a.Words})
			return d.step(e, &a)
		},
		Head: func(d Decision) dossier.Head {
			return dossier.Head{State: string(d.Stage), Open: d.Stage != Ended, Holder: d.holder(), Due: d.node(), Subject: d.Subject, Group: d.Source, Title: d.Title}
		},
	}
}

// node is the deadline that lists go by: none once the matter was verified.
func (d Decision) node() day.Date {
	if d.Stage == Verified || d.Stage == Ended {
		return day.Date{}
	}
	return d.Due
}

func (d Decision) holder() string {
	switch d.Stage {
	case Filed, Reported, Verified:
		return Verifying
	case Ended:
		return ""
	}
	return d.Office
}

func file(e dossier.Entry, a *Act) (Decision, error) {
	switch {
	case e.Act != ActFiled:
		return Decision{}, outOfOrder("督办事项要先立项（filed）。", "A decision is filed first.")
	case a.Title == "":
		return Decision{}, invalid("title", "请写明事项。", "Say what was decided.")
	case a.Source == "":
		return Decision{}, invalid("source", "请写明来自哪次会议或哪份批示。", "Name the meeting or the instruction.")
	}
	return Decision{
		ID: e.Dossier, Version: 1, Division: e.Division, Stage: Filed, Title: a.Title, Source: a.Source, Number: a.Number, Words: a.Words, Subject: a.Subject, FiledOn: e.On,
		Supporting: []string{}, Progress: []Step{}, Evidence: []Evidence{},
	}, nil
}

func (d Decision) step(e dossier.Entry, a *Act) (Decision, error) {
	wrong := func(wanted ...Stage) error {
		if slices.Contains(wanted, d.Stage) {
			return nil
		}
		return outOfOrder("现在处在「"+d.Stage.Text().ZH+"」，不能做这一步。顺序是立项、交办、反馈、核实、销号。", "It is "+d.Stage.Text().EN+" now, and this does not follow. The order is: filed, assigned, reported, verified, closed.")
	}
	switch e.Act {
	case ActGiven:
		if err := wrong(Filed, Given); err != nil {
			return d, err
		}
		if a.Office == "" || a.Due.IsZero() || a.Due.Before(e.On) {
			return d, invalid("office", "交办须写明牵头单位和时间节点，节点不能早于交办日。", "Name the office that leads and a node that is not before the day.")
		}
		d.Stage, d.Office, d.Supporting, d.Due = Given, a.Office, slices.Clone(a.Supporting), a.Due
	case ActReported:
		if err := wrong(Given); err != nil {
			return d, err
		}
		if a.Words == "" {
			return d, invalid("words", "反馈须写明落实情况。", "Say what was done.")
		}
		d.Stage, d.reporter, d.Evidence = Reported, e.Actor, append(slices.Clip(d.Evidence), a.Evidence...)
	case ActVerified:
		if err := wrong(Reported); err != nil {
			return d, err
		}
		if e.Actor == d.reporter {
			return d, errs.New(errs.Forbidden, "problem.decision", "反馈的人不能自己核实。", "Whoever reported does not verify.")
		}
		d.Stage = Verified
	case ActBack:
		if err := wrong(Reported); err != nil {
			return d, err
		}
		if a.Words == "" {
			return d, invalid("words", "核实不通过须写明理由。", "Say why it does not pass.")
		}
		d.Stage, d.Refused = Given, d.Refused+1
	case ActEnded:
		if err := wrong(Verified); err != nil {
			return d, err
		}
		d.Stage, d.ClosedOn = Ended, e.On
	default:
		return d, invalid("act", "没有「"+e.Act+"」这个步骤。", "There is no act \""+e.Act+"\".")
	}
	return d, nil
}

func (d Decision) overdue(on day.Date) bool {
	return d.Stage != Ended && d.Stage != Verified && !d.Due.IsZero() && d.Due.Before(on)
}

// Text is the stage in both languages.
func (s Stage) Text() errs.Text {
	switch s {
	case Filed:
		return errs.Text{ZH: "立项", EN: "filed"}
	case Given:
		return errs.Text{ZH: "交办", EN: "assigned"}
	case Reported:
		return errs.Text{ZH: "反馈", EN: "reported"}
	case Verified:
		return errs.Text{ZH: "核实", EN: "verified"}
	}
	return errs.Text{ZH: "销号", EN: "closed"}
}
