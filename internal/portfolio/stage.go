package portfolio

import (
	"slices"
	"strings"

	"liandong/day"
	"liandong/errs"
)

// Stage is how far a project has come. The zero Stage is not known.
type Stage string

// The stages from talks to operation, and the two ways of not going on.
const (
	Talks         Stage = "talks"
	Signed        Stage = "signed"
	Started       Stage = "started"
	Progressing   Stage = "progressing"
	PhaseComplete Stage = "phase_complete"
	InOperation   Stage = "in_operation"
	Suspended     Stage = "suspended"
	Terminated    Stage = "terminated"
)

// Unstated asks in a Filter for projects whose stage is not known; it is no stage of a project.
const Unstated Stage = "unstated"

// Stages lists the stages with their words, which exports keep.
func Stages() Choices {
	return Choices{
		{string(Talks), errs.Text{ZH: "洽谈", EN: "In talks"}},
		{string(Signed), errs.Text{ZH: "签约", EN: "Signed"}},
		{string(Started), errs.Text{ZH: "开工", EN: "Started"}},
		{string(Progressing), errs.Text{ZH: "进展顺利", EN: "Progressing"}},
		{string(PhaseComplete), errs.Text{ZH: "分期竣工", EN: "Phase complete"}},
		{string(InOperation), errs.Text{ZH: "投产运营", EN: "In operation"}},
		{string(Suspended), errs.Text{ZH: "暂停", EN: "Suspended"}},
		{string(Terminated), errs.Text{ZH: "终止", EN: "Terminated"}},
	}
}

// Title is the stage's words.
func (s Stage) Title() errs.Text {
	if s == "" {
		return errs.Text{ZH: "未填", EN: "Not stated"}
	}
	return Stages().Title(string(s))
}

// next are the stages that may follow a stage. A project whose course is only known from some stage on begins there. Suspension leads back to
// where the project stood or to any stage of work; termination to nothing.
var next = map[Stage][]Stage{
	"":            {Talks, Signed, Started, Progressing, PhaseComplete, InOperation, Suspended, Terminated},
	Talks:         {Signed, Suspended, Terminated},
	Signed:        {Started, Suspended, Terminated},
	Started:       {Progressing, PhaseComplete, InOperation, Suspended, Terminated},
	Progressing:   {PhaseComplete, InOperation, Suspended, Terminated},
	PhaseComplete: {Progressing, PhaseComplete, InOperation, Suspended, Terminated},
	InOperation:   {Progressing, PhaseComplete, Suspended, Terminated},
	Suspended:     {Talks, Signed, Started, Progressing, PhaseComplete, InOperation, Terminated},
	Terminated:    nil,
}

// NextStages lists what may follow a stage.
func NextStages(s Stage) []Stage { return slices.Clone(next[s]) }

// building reports whether work has begun at the stage.
func (s Stage) building() bool {
	return s == Started || s == Progressing || s == PhaseComplete || s == InOperation
}

// staged is a stage from a day on.
type staged struct {
	Stage
	On    day.Date
	Phase int
	Event ID
	Bound bool // on that day or before: the source gives no day
}

// course walks the events, in order, through the stage machine and gives the stages with their days; the error names the first step that the
// machine does not know. A signing is the stage 签约 for a project that stood before it, and no change of stage for any other.
func course(events []Event) ([]staged, error) {
	var all []staged
	at := Stage("")
	for i := range events {
		e := &events[i]
		to := e.Stage
		switch {
		case e.Void, e.Kind != Staged && e.Kind != Signing:
			continue
		case e.Kind == Signing:
			if at != "" && at != Talks {
				continue
			}
			to = Signed
		case to == Signed && at == Signed:
			continue // the signing said it already
		}
		if fits := slices.Contains(next[at], to) || e.NoLaterThan && later(at, to); !fits {
			return all, refusedStep(at, to, e.On)
		}
		if (to == Suspended || to == Terminated || at == Suspended) && e.Reason == "" && e.Kind == Staged {
			return all, invalid("reason", "暂停、恢复和终止须写明原因。", "Suspension, resumption and termination need their reason.")
		}
		all = append(all, staged{to, e.On, e.Phase, e.ID, e.NoLaterThan})
		at = to
	}
	return all, nil
}

// later reports whether a stage lies further on than another. A source that tells only where a project stands by a day leaves out how it came there.
func later(from, to Stage) bool {
	order := []Stage{Talks, Signed, Started, Progressing, PhaseComplete, InOperation}
	a, b := slices.Index(order, from), slices.Index(order, to)
	return a >= 0 && a < b
}

func refusedStep(from, to Stage, on day.Date) error {
	allowed := make([]string, 0, len(next[from]))
	for _, s := range next[from] {
		allowed = append(allowed, s.Title().ZH)
	}
	if len(allowed) == 0 {
		return invalid("stage", "项目已终止，"+on.String()+" 不能再进入「"+to.Title().ZH+"」。如属误报，请先撤销终止。", "The project was terminated; it cannot enter "+to.Title().EN+" on "+on.String()+". Take the termination back first if it was a mistake.")
	}
	return invalid("stage", "从「"+from.Title().ZH+"」不能到「"+to.Title().ZH+"」（"+on.String()+"）。可以到："+strings.Join(allowed, "、")+"。", from.Title().EN+" cannot be followed by "+to.Title().EN+" ("+on.String()+").")
}
