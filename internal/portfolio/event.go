package portfolio

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"liandong/day"
	"liandong/errs"
	"liandong/money"
)

// EventKind says what happened to a project.
type EventKind string

// The kinds of events.
const (
	Signing    EventKind = "signing"    // signed, perhaps again: the counting rules say which signing counts
	Upgrade    EventKind = "upgrade"    // raised to a higher list
	Increase   EventKind = "increase"   // more capital: Amount is the increase
	Investor   EventKind = "investor"   // another investor takes over
	Revision   EventKind = "revision"   // the budget is stated anew: Amount is the whole
	PhaseAdded EventKind = "phase"      // a further phase of the same whole
	Statistics EventKind = "statistics" // entered into the official statistics 入统
	Staged     EventKind = "stage"      // reached a stage
)

// EventKinds lists the kinds with their words.
func EventKinds() Choices {
	return Choices{
		{string(Signing), errs.Text{ZH: "签约", EN: "Signing"}},
		{string(Upgrade), errs.Text{ZH: "项目升级", EN: "Upgrade"}},
		{string(Increase), errs.Text{ZH: "增资", EN: "Capital increase"}},
		{string(Investor), errs.Text{ZH: "投资方变更", EN: "Change of investor"}},
		{string(Revision), errs.Text{ZH: "概算调整", EN: "Revised budget"}},
		{string(PhaseAdded), errs.Text{ZH: "分期", EN: "Phase"}},
		{string(Statistics), errs.Text{ZH: "入统", EN: "Entry into statistics"}},
		{string(Staged), errs.Text{ZH: "进度阶段", EN: "Stage"}},
	}
}

// Event is something that happened to a project on a day. A correction is the same event with the same id, recorded later; Void takes it back.
type Event struct {
	ID           ID         `json:"id"`
	Kind         EventKind  `json:"kind"`
	On           day.Date   `json:"on"`
	NoLaterThan  bool       `json:"no_later_than,omitempty" doc:"on that day or before: the source gives no day"`
	Stage        Stage      `json:"stage,omitempty" doc:"of a stage event"`
	Phase        int        `json:"phase,omitempty"`
	Agreement    *ID        `json:"agreement,omitempty" doc:"of a signing"`
	Occasion     string     `json:"occasion,omitempty" doc:"of a signing: the fair or meeting"`
	Amount       *money.Fen `json:"amount_fen,omitempty" doc:"the whole; of an increase only what is added"`
	Basis        string     `json:"basis,omitempty" doc:"which amount it is, a code of Bases"`
	Organisation *ID        `json:"organisation,omitempty" doc:"the investor from then on"`
	Reason       string     `json:"reason,omitempty" doc:"needed for suspension, resumption, termination and taking back"`
	Void         bool       `json:"void,omitempty" doc:"taken back: it did not happen"`
}

func (e *Event) check() error {
	switch {
	case e.Kind == "" || e.On.IsZero():
		return invalid("on", "请写明事项种类和日期。", "The kind of event and its day are missing.")
	case e.Void && e.Reason == "":
		return invalid("reason", "撤销须写明原因。", "Taking an event back needs its reason.")
	case e.Kind == Increase && e.Amount == nil:
		return invalid("amount_fen", "增资须写明增加的金额。", "A capital increase needs the amount that is added.")
	case e.Kind == Revision && e.Amount == nil:
		return invalid("amount_fen", "概算调整须写明调整后的金额。", "A revised budget needs its amount.")
	case e.Kind == Investor && e.Organisation == nil:
		return invalid("organisation", "请写明新的投资方。", "The new investor is missing.")
	case e.Kind == Staged && e.Stage == "":
		return invalid("stage", "请写明到了哪个阶段。", "The stage is missing.")
	}
	return first(EventKinds().check(string(e.Kind), "kind"), Stages().check(string(e.Stage), "stage"), Bases().check(e.Basis, "basis"), checkAmount(e.Amount, "amount_fen"))
}

// inOrder sorts events by day, of one day by the order of the counting rules, then by id: the order in which they are taken to have happened.
func (c *Counting) inOrder(events []Event) {
	slices.SortFunc(events, func(a, b Event) int {
		return cmp.Or(a.On.Compare(b.On), cmp.Compare(c.rank(a.Kind), c.rank(b.Kind)), bytes.Compare(a.ID[:], b.ID[:]))
	})
}

// Report is what a project's owner states at the end of a month. Amounts are since the beginning of the project.
type Report struct {
	Month      day.Date `json:"month" doc:"its last day"`
	Physical   *float64 `json:"physical,omitempty" doc:"percent of the work that is done"`
	Planned    *float64 `json:"planned,omitempty" doc:"percent that should be done by the schedule"`
	Arrived    []Fund   `json:"arrived,omitempty" doc:"money that has arrived, by source"`
	ArrivedDue *float64 `json:"arrived_due,omitempty" doc:"percent of the money that should have arrived by the schedule"`
	Spent      []Fund   `json:"spent,omitempty" doc:"money spent, by source"`
	Confidence *float64 `json:"confidence,omitempty" doc:"percent: how sure the owner is of the schedule"`
	Note       string   `json:"note,omitempty"`
}

// Inspection is what an inspector states about a month after having looked.
type Inspection struct {
	Month      day.Date `json:"month" doc:"its last day"`
	Physical   *float64 `json:"physical,omitempty" doc:"percent of the work that was found done"`
	Confidence *float64 `json:"confidence,omitempty" doc:"percent: how sure the inspector is of the schedule"`
	Note       string   `json:"note,omitempty"`
}

// Fund is money from a source.
type Fund struct {
	Source string    `json:"source,omitempty" doc:"a code of Sources"`
	Amount money.Fen `json:"amount_fen"`
}

// Output is what a platform produced in a year.
type Output struct {
	Year   int       `json:"year"`
	Amount money.Fen `json:"amount_fen"`
}

// sum adds funds; nil where none were stated.
func sum(funds []Fund) *money.Fen {
	if len(funds) == 0 {
		return nil
	}
	total := money.Fen(0)
	for _, f := range funds {
		total += f.Amount
	}
	return &total
}

func (r *Report) check() error {
	err := first(checkMonth(r.Month), checkPercent(r.Physical, "physical"), checkPercent(r.Planned, "planned"), checkPercent(r.ArrivedDue, "arrived_due"), checkPercent(r.Confidence, "confidence"))
	for _, f := range slices.Concat(r.Arrived, r.Spent) {
		err = first(err, Sources().check(f.Source, "source"), checkAmount(&f.Amount, "amount_fen"))
	}
	return err
}

func (i *Inspection) check() error {
	return first(checkMonth(i.Month), checkPercent(i.Physical, "physical"), checkPercent(i.Confidence, "confidence"))
}

func (o *Output) check() error {
	if o.Year < 1949 || o.Year > 2200 {
		return invalid("year", "年份不对。", "The year is not plausible.")
	}
	return checkAmount(&o.Amount, "amount_fen")
}

func checkMonth(m day.Date) error {
	if m.IsZero() || m != monthEnd(m) {
		return invalid("month", "请写月末日期，如 2015-10-31。", "Write the last day of the month, such as 2015-10-31.")
	}
	return nil
}

func checkPercent(v *float64, where string) error {
	if v != nil && !(*v >= 0 && *v <= 100) {
		return invalid(where, fmt.Sprintf("百分比应在 0 至 100 之间，这里是 %g。", *v), fmt.Sprintf("A percentage lies between 0 and 100; this is %g.", *v))
	}
	return nil
}

// monthEnd is the last day of the day's month.
func monthEnd(d day.Date) day.Date {
	if d.Month() == 12 {
		return day.MustOf(d.Year(), 12, 31)
	}
	return day.MustOf(d.Year(), d.Month()+1, 1).AddDays(-1)
}

// nextMonthEnd is the last day of the month after the day's.
func nextMonthEnd(d day.Date) day.Date { return monthEnd(monthEnd(d).AddDays(1)) }

// monthsEnded counts the months that have ended on the day, on a scale without beginning.
func monthsEnded(d day.Date) int {
	n := d.Year()*12 + d.Month()
	if d != monthEnd(d) {
		n--
	}
	return n
}
