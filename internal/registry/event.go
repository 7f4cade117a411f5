package registry

import "liandong/errs"

// Event says why a household was written down again.
type Event string

// The events. Member changes are named, because "one person more" is a birth, a marriage or a move, and each has its own proof.
const (
	Opened     Event = "opened"      // first entry into the ledger
	Rechecked  Event = "rechecked"   // the yearly re-check 动态调整
	Visited    Event = "visited"     // seen on a visit
	Corrected  Event = "corrected"   // a mistake was mended
	Imported   Event = "imported"    // from a workbook
	Born       Event = "born"        // a member was born
	Died       Event = "died"        // a member died
	MarriedIn  Event = "married_in"  // a member came by marriage
	MarriedOut Event = "married_out" // a member left by marriage
	MovedIn    Event = "moved_in"    // a member, or the household, came from elsewhere
	MovedOut   Event = "moved_out"   // a member, or the household, went elsewhere
	SplitUp    Event = "split"       // the household was divided 分户
	Reverted   Event = "reverted"    // an import was undone
)

var eventTexts = map[Event]errs.Text{
	Opened: {ZH: "建档", EN: "Entered"}, Rechecked: {ZH: "动态调整", EN: "Re-check"}, Visited: {ZH: "走访", EN: "Visit"},
	Corrected: {ZH: "更正", EN: "Correction"}, Imported: {ZH: "导入", EN: "Import"}, Born: {ZH: "出生", EN: "Birth"},
	Died: {ZH: "死亡", EN: "Death"}, MarriedIn: {ZH: "婚入", EN: "Married in"}, MarriedOut: {ZH: "婚出", EN: "Married out"},
	MovedIn: {ZH: "迁入", EN: "Moved in"}, MovedOut: {ZH: "迁出", EN: "Moved out"}, SplitUp: {ZH: "分户", EN: "Split"},
	Reverted: {ZH: "撤销", EN: "Reverted"},
}

// Text is the event in both languages.
func (e Event) Text() errs.Text { return eventTexts[e] }

// Events lists all events in the order of this table.
func Events() []Event {
	return []Event{Opened, Rechecked, Visited, Corrected, Imported, Born, Died, MarriedIn, MarriedOut, MovedIn, MovedOut, SplitUp, Reverted}
}

// ParseEvent reads an event's word.
func ParseEvent(s string) (Event, error) {
	if _, ok := eventTexts[Event(s)]; ok {
		return Event(s), nil
	}
	return "", errs.New(errs.Invalid, "registry.ParseEvent", "没有变更类型「"+s+"」。", "There is no event \""+s+"\".")
}
