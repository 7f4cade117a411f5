package ledger

import (
	"fmt"
	"time"

	"liandong/errs"
)

// FaultKind says what sort of damage was found.
type FaultKind string

// The kinds of fault.
const (
	EntryChanged     FaultKind = "entry_changed"     // an entry, or the act it belongs to, is not what was hashed
	EntryMissing     FaultKind = "entry_missing"     // an entry is gone
	EntryAdded       FaultKind = "entry_added"       // there are entries beyond the tree's head
	ActMismatch      FaultKind = "act_mismatch"      // acts do not cover the leaves one after the other
	TileChanged      FaultKind = "tile_changed"      // the stored hashes are not those of the entries
	HeadChanged      FaultKind = "head_changed"      // the head is not that of the entries
	TailCut          FaultKind = "tail_cut"          // the tree is shorter than in a checkpoint
	HistoryRewritten FaultKind = "history_rewritten" // the tree does not begin as in a checkpoint
	RecordChanged    FaultKind = "record_changed"    // a record is not what was appended
	RecordMissing    FaultKind = "record_missing"    // a record is gone
	RecordAdded      FaultKind = "record_added"      // a record has no leaf
)

// Fault is the first thing that is wrong in a tree.
type Fault struct {
	Kind     FaultKind `json:"kind"`
	Tree     int64     `json:"tree"`
	Sequence int64     `json:"sequence"`      // of the first bad entry
	Act      *Recorded `json:"act,omitempty"` // the act it belongs to, as far as it can still be read
	Text     errs.Text `json:"text"`
}

// faultWords says what each kind of fault means. The tail's needs a checkpoint, the others do not.
func faultWords(kind FaultKind) errs.Text {
	switch kind {
	case EntryChanged:
		return errs.Text{ZH: "日志内容被改动", EN: "the log entry was changed"}
	case EntryMissing:
		return errs.Text{ZH: "日志条目缺失", EN: "the log entry is missing"}
	case EntryAdded:
		return errs.Text{ZH: "树头之后另有条目", EN: "there are entries beyond the tree's head"}
	case ActMismatch:
		return errs.Text{ZH: "操作记录与日志条目对不上", EN: "the acts do not cover the log entries"}
	case TileChanged:
		return errs.Text{ZH: "存储的散列值被改动", EN: "a stored hash was changed"}
	case HeadChanged:
		return errs.Text{ZH: "树头被改动", EN: "the tree's head was changed"}
	case TailCut:
		return errs.Text{ZH: "日志尾部被截断，短于另存的校验点", EN: "the log's tail was cut off: it is shorter than the checkpoint kept elsewhere"}
	case HistoryRewritten:
		return errs.Text{ZH: "日志被整体改写，与另存的校验点不符", EN: "the log was rewritten and does not agree with the checkpoint kept elsewhere"}
	case RecordChanged:
		return errs.Text{ZH: "记录与日志不符，已被改动", EN: "the record is not what was logged"}
	case RecordMissing:
		return errs.Text{ZH: "日志中的记录已不存在", EN: "the record that was logged is gone"}
	}
	return errs.Text{ZH: "有一条记录没有对应的日志", EN: "there is a record that was never logged"}
}

// name gives a fault its sentences, with the act as far as it is known.
func (f *Fault) name() {
	words := faultWords(f.Kind)
	f.Text = errs.Text{
		ZH: fmt.Sprintf("日志树 %d 第 %d 条：%s", f.Tree, f.Sequence, words.ZH),
		EN: fmt.Sprintf("log tree %d, entry %d: %s", f.Tree, f.Sequence, words.EN),
	}
	if f.Act != nil {
		at := f.Act.At.Format(time.RFC3339)
		f.Text.ZH += fmt.Sprintf("（操作「%s」，从第 %d 条起共 %d 条，操作人「%s」，时间 %s）", f.Act.Operation, f.Act.First, f.Act.Count, f.Act.Actor, at)
		f.Text.EN += fmt.Sprintf(" (act %q of %d entries from %d, by %q, at %s)", f.Act.Operation, f.Act.Count, f.Act.First, f.Act.Actor, at)
	}
	f.Text.ZH += "。"
	f.Text.EN += "."
}
