package portfolio

import (
	"bytes"
	_ "embed"
	"slices"

	"gopkg.in/yaml.v3"

	"liandong/day"
	"liandong/errs"
	"liandong/money"
)

//go:embed counting@2015.yaml
var counting2015 []byte

// Effect is what an event does to the count of its project.
type Effect string

// The effects that a counting document may name.
const (
	FirstCounts Effect = "first"
	Moves       Effect = "move"
	Replaces    Effect = "replace"
	Adds        Effect = "add"
	NoMoney     Effect = "none"
)

// CountingRule says what one kind of event does.
type CountingRule struct {
	Event  EventKind `yaml:"event" json:"event"`
	Effect Effect    `yaml:"effect" json:"effect"`
	Text   errs.Text `yaml:"text" json:"text"`
}

// AgreementRule says which agreements' own amounts count beside those of their projects.
type AgreementRule struct {
	Agreements []string  `yaml:"agreements" json:"agreements"`
	Text       errs.Text `yaml:"text" json:"text"`
}

// Counting is a versioned document of the rules that count projects once. It is immutable.
type Counting struct {
	ID        string         `json:"id"` // count-once@2015.1
	Basis     Basis          `json:"basis"`
	Rules     []CountingRule `json:"rules"`
	Uncounted []Stage        `json:"uncounted_stages"`
	Unsplit   AgreementRule  `json:"unsplit"`
	Remainder AgreementRule  `json:"remainder"`
}

// Basis says what a rule document rests on; status is official or local-default.
type Basis struct {
	Text   string `yaml:"text" json:"text"`
	Status string `yaml:"status" json:"status"`
}

type countingDocument struct {
	Counting  string         `yaml:"counting"`
	Version   string         `yaml:"version"`
	Basis     Basis          `yaml:"basis"`
	Rules     []CountingRule `yaml:"rules"`
	Uncounted []Stage        `yaml:"uncounted_stages"`
	Unsplit   AgreementRule  `yaml:"unsplit"`
	Remainder AgreementRule  `yaml:"remainder"`
}

// ShippedCounting is the document that comes with the program.
func ShippedCounting() (*Counting, error) { return ParseCounting(counting2015) }

// ParseCounting reads a counting document.
func ParseCounting(text []byte) (*Counting, error) {
	var doc countingDocument
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&doc); err != nil {
		return nil, badRules("计数规则文件读不懂："+err.Error(), "The counting rules cannot be read: "+err.Error())
	}
	seen := map[EventKind]bool{}
	for _, rule := range doc.Rules {
		if EventKinds().check(string(rule.Event), "event") != nil || seen[rule.Event] || rule.Text.IsZero() {
			return nil, badRules("计数规则「"+string(rule.Event)+"」不认识、重复或没有说明。", "The counting rule \""+string(rule.Event)+"\" is not known, stands twice or has no text.")
		}
		if !slices.Contains([]Effect{FirstCounts, Moves, Replaces, Adds, NoMoney}, rule.Effect) {
			return nil, badRules("没有计数方式「"+string(rule.Effect)+"」。", "There is no effect \""+string(rule.Effect)+"\".")
		}
		seen[rule.Event] = true
	}
	for _, s := range doc.Uncounted {
		if err := Stages().check(string(s), "uncounted_stages"); err != nil {
			return nil, err
		}
	}
	return &Counting{doc.Counting + "@" + doc.Version, doc.Basis, doc.Rules, doc.Uncounted, doc.Unsplit, doc.Remainder}, nil
}

func badRules(zh, en string) error {
	return errs.New(errs.Invalid, "portfolio.rules", zh, en)
}

// rank is an event kind's place among the events of one day: stages come last.
func (c *Counting) rank(k EventKind) int {
	for i := range c.Rules {
		if c.Rules[i].Event == k {
			return i
		}
	}
	return len(c.Rules)
}

func (c *Counting) rule(k EventKind) *CountingRule {
	if i := c.rank(k); i < len(c.Rules) {
		return &c.Rules[i]
	}
	return nil
}

// Count is what a project adds to a headline on a day, and why.
type Count struct {
	Counted  bool        // the project counts as one
	Amount   *money.Fen  // its money; nil where no event stated any
	Complete bool        // false where a part is not known: the first signing stated no amount
	Basis    string      // which amount it is, a code of Bases
	At       ID          // the event at which it counts
	On       day.Date    // its day
	NoLater  bool        // that day or before: the source gives no day
	Steps    []CountStep // every event that the rules looked at, in order
}

// CountStep is one event under its rule, with the amount before and after it.
type CountStep struct {
	Event  Event        `json:"event"`
	Rule   CountingRule `json:"rule"`
	Took   bool         `json:"took" doc:"the event changed the count"`
	Before *money.Fen   `json:"before_fen,omitempty"`
	After  *money.Fen   `json:"after_fen,omitempty"`
}

// Count applies the rules to events in order, none of which lies after the day that is asked about. stage is the project's on that day.
func (c *Counting) Count(events []Event, stage Stage) Count {
	var n Count
	for i := range events {
		e := &events[i]
		rule := c.rule(e.Kind)
		if rule == nil || e.Void {
			continue
		}
		step := CountStep{Event: *e, Rule: *rule, Before: n.Amount}
		step.Took = n.take(e, rule.Effect)
		step.After = n.Amount
		n.Steps = append(n.Steps, step)
	}
	if slices.Contains(c.Uncounted, stage) {
		n.Counted, n.Amount = false, nil
	}
	if !n.Counted {
		n.Amount = nil
	}
	return n
}

// take lets one event act on the count and reports whether it changed.
func (n *Count) take(e *Event, effect Effect) bool {
	switch effect {
	case FirstCounts:
		if !n.Counted {
			n.begin(e)
			return true
		}
		if n.Complete || e.Amount == nil {
			return false
		}
		n.add(*e.Amount)
		n.Basis, n.Complete = e.Basis, true
	case Moves:
		if !n.Counted {
			n.begin(e)
			return true
		}
		n.at(e)
		if e.Amount != nil {
			n.set(e)
		}
	case Replaces:
		n.set(e)
	case Adds:
		if !n.Counted { // the project was none of ours before: the increase is all that counts
			n.at(e)
			n.set(e)
			return true
		}
		n.add(*e.Amount)
	default:
		return false
	}
	return true
}

// begin counts the project at the event. A budget that was stated before it holds unless the event states another.
func (n *Count) begin(e *Event) {
	n.at(e)
	if e.Amount != nil {
		n.set(e)
	}
}

// at lets the project count at the event.
func (n *Count) at(e *Event) {
	n.Counted, n.At, n.On, n.NoLater = true, e.ID, e.On, e.NoLaterThan
}

func (n *Count) set(e *Event) {
	amount := *e.Amount
	n.Amount, n.Basis, n.Complete = &amount, e.Basis, true
}

func (n *Count) add(amount money.Fen) {
	if n.Amount != nil {
		amount += *n.Amount
	}
	n.Amount = &amount
}
