// Package registry is the household register: households and their members as dated revisions, the status that decisions gave them, the
// narrow current tables that search and lists read, the segments that rules and figures read, and the findings about their quality.
//
// A revision is one whole household with its members in one body of package form, append-only. It is never changed: a correction is a
// later revision of the same valid date. Every write goes into the ledger in the same transaction. The register's status is set by
// decisions only; nothing here proposes or decides.
//
// The package stands above db, ledger, access, secret and figure, and below identify, which proposes and decides.
package registry

import (
	"time"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/form"
)

// ID names a household, a person or a revision: a UUID of version 7, made by whoever first wrote it down, so that repeats are harmless.
type ID = uuid.UUID

// Status is where a household stands in the register. The numbers are stored and stay.
type Status uint8

// The statuses of domain terms, in the order of the register's life.
const (
	NotRegistered  Status = 0 // 未建档: known to the ledger, never on the register
	NewlyEntered   Status = 1 // 新识别
	NotOut         Status = 2 // 未脱贫
	AboutToLeave   Status = 3 // 预脱贫
	OutWithPolicy  Status = 4 // 已脱贫(享受政策)
	Out            Status = 5 // 已脱贫(不享受政策)
	Returned       Status = 6 // 返贫
	NaturalDecline Status = 7 // 自然减少: all died or moved away
	Removed        Status = 8 // 清退: had been registered wrongly
)

// statusTable holds each status's word in files and its words for people.
var statusTable = [...]struct {
	code string
	text errs.Text
}{
	NotRegistered:  {"not_registered", errs.Text{ZH: "未建档", EN: "Not registered"}},
	NewlyEntered:   {"new", errs.Text{ZH: "新识别", EN: "Newly entered"}},
	NotOut:         {"not_out", errs.Text{ZH: "未脱贫", EN: "Not out of poverty"}},
	AboutToLeave:   {"about_to_leave", errs.Text{ZH: "预脱贫", EN: "About to leave"}},
	OutWithPolicy:  {"out_with_policy", errs.Text{ZH: "已脱贫（享受政策）", EN: "Out, still with policies"}},
	Out:            {"out", errs.Text{ZH: "已脱贫（不享受政策）", EN: "Out, without policies"}},
	Returned:       {"returned", errs.Text{ZH: "返贫", EN: "Fell back"}},
	NaturalDecline: {"natural_decline", errs.Text{ZH: "自然减少", EN: "Natural decline"}},
	Removed:        {"removed", errs.Text{ZH: "清退", EN: "Removed"}},
}

// String is the status's word in files: not_out.
func (s Status) String() string { return statusTable[s].code }

// Text is the status in both languages.
func (s Status) Text() errs.Text { return statusTable[s].text }

// Poor reports whether a household of this status counts among the registered poor (建档立卡贫困人口).
func (s Status) Poor() bool {
	return s == NewlyEntered || s == NotOut || s == AboutToLeave || s == Returned
}

// Statuses lists all statuses in order.
func Statuses() []Status {
	all := make([]Status, len(statusTable))
	for i := range all {
		all[i] = Status(i)
	}
	return all
}

// Intake is a household as bulk work brings it: its whole history at once.
type Intake struct {
	Household ID
	Revisions []DatedRecord  // in order of valid date; each record names its village and holds its members with their person keys
	Statuses  []StatusChange // in order of date; empty for a household that was never registered
}

// DatedRecord is what was so from a day on.
type DatedRecord struct {
	Valid    day.Date
	Recorded time.Time // when it was written down; the zero time is the transaction's now
	Event    Event
	Revision ID           // its id; the zero ID is made anew
	Record   *form.Record // household@2015; secrets in plain text
}

// StatusChange is a decision's effect: from the day on the household has the status.
type StatusChange struct {
	On       day.Date
	Recorded time.Time // when the decision was signed; the zero time is the transaction's now
	Status   Status
	Decision string // the decision's name or number
}
