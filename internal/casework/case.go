package casework

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/dossier"
	"liandong/place"
)

// State is how far a case is.
type State string

// The states of a case.
const (
	Applied   State = "applied"   // 已申请，待受理
	Returned  State = "returned"  // 一次性告知，等补正
	Running   State = "running"   // 办理中
	Stopped   State = "stopped"   // 停表
	Finished  State = "finished"  // 办结
	Withdrawn State = "withdrawn" // 撤回
)

// The acts on a case.
const (
	ActApplied   = "applied"
	ActReturned  = "returned"
	ActSupplied  = "supplied"
	ActAccepted  = "accepted"
	ActDone      = "done"
	ActStopped   = "stopped"
	ActResumed   = "resumed"
	ActRated     = "rated"
	ActWithdrawn = "withdrawn"
)

// Handed is a paper of a case: handed in with it, or used again from an earlier one.
type Handed struct {
	Code string    `json:"code"`
	Name string    `json:"name"`
	On   day.Date  `json:"on"`             // of the paper
	From uuid.UUID `json:"from,omitempty"` // the case it was first handed in with; zero where it was handed in here
}

// Part is a step of a case as it stands.
type Part struct {
	Step

	State  string   `json:"state"` // waiting, open or done
	Begun  day.Date `json:"begun"`
	Due    day.Date `json:"due"`
	DoneOn day.Date `json:"done_on"`
	Words  string   `json:"words"`
}

// The states of a part.
const (
	PartWaiting = "waiting"
	PartOpen    = "open"
	PartDone    = "done"
)

// Stop is a time that does not count.
type Stop struct {
	From   day.Date `json:"from"`
	Until  day.Date `json:"until"` // zero while it lasts
	Reason string   `json:"reason"`
	Words  string   `json:"words"`
	days   int
}

// Case is one investor's matter as its entries make it.
type Case struct {
	ID         uuid.UUID `json:"id"`
	Version    int64     `json:"version"` // for If-Match
	Division   place.ID  `json:"division"`
	State      State     `json:"state"`
	Matter     string    `json:"matter"`
	MatterName errs.Text `json:"matter_name"`
	Title      string    `json:"title"`
	Project    string    `json:"project,omitempty"` // "project:0195…"
	AppliedOn  day.Date  `json:"applied_on"`
	AcceptedOn day.Date  `json:"accepted_on"`
	Due        day.Date  `json:"due"` // legal deadline with the stops
	FinishedOn day.Date  `json:"finished_on"`
	Holders    []string  `json:"holders"` // the departments that hold it now
	Parts      []Part    `json:"parts"`
	Stops      []Stop    `json:"stops"`
	Documents  []Handed  `json:"documents"`
	Missing    []string  `json:"missing"` // papers that are asked for and not there
	SentBack   int       `json:"sent_back"`
	Rating     int       `json:"rating,omitempty"` // 1 to 5, by the investor; 0 while there is none
	Remark     string    `json:"remark,omitempty"`
	Owner      string    `json:"-"`
	matter     Matter
	stopped    int // working days of the stops that ended
}

// Act is what is written down about a case.
type Act struct {
	Matter    string   `json:"matter,omitempty"`
	Title     string   `json:"title,omitempty"`
	Project   string   `json:"project,omitempty"`
	Documents []Handed `json:"documents,omitempty"`
	Missing   []string `json:"missing,omitempty"`
	Step      string   `json:"step,omitempty"`
	Reason    string   `json:"reason,omitempty"`
	Words     string   `json:"words,omitempty"`
	Rating    int      `json:"rating,omitempty"`
	Owner     string   `json:"owner,omitempty"` // the investor's account, where a department applies for it
}

// FrontDesk is the department that takes matters in.
const FrontDesk = "行政服务中心"

// desk is what a case is judged by.
type desk struct {
	catalogue Catalogue
	calendar  Calendar
}

func invalid(where, zh, en string) error {
	return errs.New(errs.Invalid, "casework.step", zh, en).At(where)
}
func outOfOrder(zh, en string) error { return errs.New(errs.Conflict, "casework.step", zh, en) }

func (k *desk) machine() dossier.Machine[Case] {
	return dossier.Machine[Case]{
		Kind: "case", Noun: noCase(),
		Step: func(c Case, e dossier.Entry) (Case, error) {
			var a Act
			if err := json.Unmarshal(e.Body, &a); err != nil {
				return c, errs.Wrap("casework.step", err)
			}
			c.Version = e.Sequence
			if e.Sequence == 1 {
				return k.apply(e, &a)
			}
			next, err := k.step(c, e, &a)
			next.Holders = next.holders()
			return next, err
		},
		Head: func(c Case) dossier.Head {
			return dossier.Head{
				State: string(c.State), Open: c.State != Finished && c.State != Withdrawn, Holder: strings.Join(c.Holders, "、"), Due: c.running(), Subject: c.Project, Group: c.Matter, Title: c.Title, Owner: c.Owner,
			}
		},
	}
}

// running is the deadline that lists go by: none while the clock stands.
func (c Case) running() day.Date {
	if c.State == Stopped {
		return day.Date{}
	}
	return c.Due
}

func noCase() errs.Text { return errs.Text{ZH: "办件", EN: "case"} }

func (k *desk) apply(e dossier.Entry, a *Act) (Case, error) {
	if e.Act != ActApplied {
		return Case{}, outOfOrder("办件从申请（applied）开始。", "A case begins with an application.")
	}
	m, err := k.catalogue.matter(a.Matter, e.On)
	if err != nil {
		return Case{}, err
	}
	if a.Title == "" {
		return Case{}, invalid("title", "请写明要办的事。", "Say what is to be done.")
	}
	c := Case{
		ID: e.Dossier, Version: 1, Division: e.Division, State: Applied, Matter: m.Code, MatterName: m.Title, Title: a.Title, Project: a.Project, AppliedOn: e.On, Owner: a.Owner,
		Parts: []Part{}, Stops: []Stop{}, matter: *m,
	}
	if err := k.take(&c, e.On, a.Documents); err != nil {
		return c, err
	}
	c.Holders = c.holders()
	return c, nil
}

// take files papers and works out what is missing.
func (k *desk) take(c *Case, on day.Date, papers []Handed) error {
	c.Documents = slices.Clip(c.Documents)
	for _, p := range papers {
		known := k.catalogue.paper(p.Code)
		switch {
		case known == nil || p.Name == "" || p.On.IsZero() || p.On.After(on):
			return invalid("documents", "材料须写明种类、名称和日期，日期不能晚于当天。", "A paper has a code of the catalogue, a name and a day that is not to come.")
		case on.DaysSince(p.On) > known.ValidDays:
			return invalid("documents", "材料「"+known.Title.ZH+"」已过有效期。", "The paper "+known.Title.EN+" is out of date.")
		}
		c.Documents = append(c.Documents, p)
	}
	c.Missing = []string{}
	for _, code := range c.matter.Documents {
		if !slices.ContainsFunc(c.Documents, func(h Handed) bool { return h.Code == code }) {
			c.Missing = append(c.Missing, code)
		}
	}
	return nil
}

// holders are the departments that hold the case now; the applicant holds what was sent back.
func (c Case) holders() []string {
	out := []string{}
	switch c.State {
	case Applied:
		return []string{FrontDesk}
	case Returned:
		return []string{"申请人"}
	case Running, Stopped:
		for i := range c.Parts {
			if c.Parts[i].State == PartOpen && !slices.Contains(out, c.Parts[i].Department) {
				out = append(out, c.Parts[i].Department)
			}
		}
	}
	return out
}

func (k *desk) step(c Case, e dossier.Entry, a *Act) (Case, error) {
	c.Parts, c.Stops = slices.Clone(c.Parts), slices.Clone(c.Stops)
	if c.State == Withdrawn || c.State == Finished && e.Act != ActRated {
		return c, outOfOrder("办件已办结或撤回。", "The case is finished or withdrawn.")
	}
	switch e.Act {
	case ActReturned:
		if c.State != Applied || len(a.Missing) == 0 {
			return c, outOfOrder("只有待受理的申请可以退回补正，并须一次列全缺的材料。", "Only an application is sent back, with everything that is missing named at once.")
		}
		if c.SentBack > 0 {
			return c, outOfOrder("补正只能一次性告知，不能再次退回。", "What is missing is named once; it is not sent back a second time.")
		}
		c.State, c.SentBack = Returned, c.SentBack+1
	case ActSupplied:
		if c.State != Returned && c.State != Applied {
			return c, outOfOrder("受理以后不再补材料。", "Papers are supplied before acceptance.")
		}
		if err := k.take(&c, e.On, a.Documents); err != nil {
			return c, err
		}
		c.State = Applied
	case ActAccepted:
		return k.accept(c, e)
	case ActDone:
		return k.done(c, e, a)
	case ActStopped, ActResumed:
		return k.clock(c, e, a)
	case ActRated:
		return c.rate(e, a)
	case ActWithdrawn:
		if a.Words == "" {
			return c, invalid("words", "撤回须写明理由。", "Say why it is withdrawn.")
		}
		c.State, c.Due = Withdrawn, day.Date{}
	default:
		return c, invalid("act", "没有「"+e.Act+"」这个步骤。", "There is no act \""+e.Act+"\".")
	}
	return c, nil
}

func (k *desk) accept(c Case, e dossier.Entry) (Case, error) {
	if c.State != Applied {
		return c, outOfOrder("只有待受理的申请可以受理。", "Only an application is accepted.")
	}
	if len(c.Missing) > 0 {
		return c, errs.New(errs.Precondition, "casework.accept", "材料不齐，不能受理："+strings.Join(c.Missing, "、")+"。", "Papers are missing: "+strings.Join(c.Missing, ", ")+".")
	}
	c.State, c.AcceptedOn = Running, e.On
	for _, s := range c.matter.Steps {
		c.Parts = append(c.Parts, Part{Step: s, State: PartWaiting})
	}
	k.begin(&c, e.On)
	return c, nil
}

// begin opens every step whose predecessors are done, and works the deadlines out again.
func (k *desk) begin(c *Case, on day.Date) {
	done := map[string]bool{}
	for i := range c.Parts {
		done[c.Parts[i].Code] = c.Parts[i].State == PartDone
	}
	for i := range c.Parts {
		p := &c.Parts[i]
		ready := !slices.ContainsFunc(p.After, func(before string) bool { return !done[before] })
		if p.State == PartWaiting && ready {
			p.State, p.Begun, p.Due = PartOpen, on, k.calendar.After(on, p.Days)
		}
	}
	c.Due = k.calendar.After(c.AcceptedOn, c.matter.LegalDays+c.stopped)
}

func (k *desk) done(c Case, e dossier.Entry, a *Act) (Case, error) {
	if c.State != Running {
		return c, outOfOrder("办件不在办理中（停表时请先恢复）。", "The case is not running; resume it first where the clock stands.")
	}
	i := slices.IndexFunc(c.Parts, func(p Part) bool { return p.Code == a.Step })
	if i < 0 || c.Parts[i].State != PartOpen {
		return c, invalid("step", "步骤「"+a.Step+"」现在不能办。", "The step "+a.Step+" cannot be done now.")
	}
	c.Parts[i].State, c.Parts[i].DoneOn, c.Parts[i].Words = PartDone, e.On, a.Words
	k.begin(&c, e.On)
	if !slices.ContainsFunc(c.Parts, func(p Part) bool { return p.State != PartDone }) {
		c.State, c.FinishedOn = Finished, e.On
	}
	return c, nil
}

// clock stops and starts the clock. The working days between do not count, for the case and for the steps that were open.
func (k *desk) clock(c Case, e dossier.Entry, a *Act) (Case, error) {
	if e.Act == ActStopped {
		known := slices.ContainsFunc(k.catalogue.StopReasons, func(n Named) bool { return n.Code == a.Reason })
		if c.State != Running || !known {
			return c, invalid("reason", "只有办理中的可以停表，并须选目录里的理由。", "Only a running case is stopped, for a reason of the catalogue.")
		}
		c.State = Stopped
		c.Stops = append(c.Stops, Stop{From: e.On, Reason: a.Reason, Words: a.Words})
		return c, nil
	}
	if c.State != Stopped {
		return c, outOfOrder("办件没有停表。", "The clock does not stand.")
	}
	last := &c.Stops[len(c.Stops)-1]
	last.Until, last.days = e.On, k.calendar.Between(last.From, e.On)
	c.stopped += last.days
	c.State = Running
	for i := range c.Parts {
		if c.Parts[i].State == PartOpen {
			c.Parts[i].Due = k.calendar.After(c.Parts[i].Due, last.days)
		}
	}
	k.begin(&c, e.On)
	return c, nil
}

const bestRating = 5

func (c Case) rate(e dossier.Entry, a *Act) (Case, error) {
	switch {
	case c.State != Finished:
		return c, outOfOrder("办结以后才能评价。", "A case is rated when it is finished.")
	case e.Actor != c.Owner:
		return c, errs.New(errs.Forbidden, "casework.rate", "只有投资方自己可以评价。", "Only the investor rates it.")
	case c.Rating != 0:
		return c, outOfOrder("已经评价过。", "It was rated already.")
	case a.Rating < 1 || a.Rating > bestRating:
		return c, invalid("rating", "评价为 1 至 5。", "A rating is 1 to 5.")
	}
	c.Rating, c.Remark = a.Rating, a.Words
	return c, nil
}

// onTime says whether a finished case kept its legal deadline.
func (c Case) onTime() bool { return c.State == Finished && !c.FinishedOn.After(c.Due) }

// spared counts the papers that were not asked for again.
func (c Case) spared() (n int) {
	for _, d := range c.Documents {
		if d.From != (uuid.UUID{}) {
			n++
		}
	}
	return n
}
