package identify

import (
	"context"
	_ "embed"
	"fmt"

	"gopkg.in/yaml.v3"

	"liandong/criteria"
	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/ledger"
	"liandong/internal/registry"
	"liandong/place"
)

//go:embed notice@2014.yaml
var notice2014 []byte

// noticeRules is how long notices run: the row of the latest day not after the posting holds.
type noticeRules struct {
	Basis criteria.Basis `yaml:"basis"`
	Days  []struct {
		From   day.Date `yaml:"from"`
		Days   int      `yaml:"days"`
		Source string   `yaml:"source"`
	} `yaml:"days"`
}

// Notice is a village notice 公示 of the households that a document proposes: what is posted, and nothing else. It holds no ID, phone, account,
// health, cause, attribute or address, and no minor's name.
type Notice struct {
	Document   string         `json:"document"`
	Title      errs.Text      `json:"title"` // of the document
	Village    place.ID       `json:"-"`
	AsOf       day.Date       `json:"as_of"`
	From       day.Date       `json:"from"`  // first day
	Until      day.Date       `json:"until"` // last day
	Days       int            `json:"days"`
	Source     string         `json:"source"` // why so many days
	Basis      criteria.Basis `json:"basis"`
	Households []Posted       `json:"households"` // in the order of household numbers within the village
	Persons    int64          `json:"persons"`
	Review     int            `json:"review"` // households that wait for a strict review and are not posted
}

// Posted is one line of a notice.
type Posted struct {
	Name    string `json:"name"` // masked; empty where the head is a minor
	Persons int64  `json:"persons"`
}

// kindNotice names a village notice in the log.
const kindNotice = "notice"

// Notice makes the notice of a village for those whom the document proposes, posted from a day on, and writes into the log that it was made.
// Those under strict review are not on it. The actor must be allowed to take records out of the village.
func (r *Room) Notice(ctx context.Context, actor access.Actor, today day.Date, q Request, from day.Date) (*Notice, error) {
	scope, err := actor.Require(access.ExportRecords, today)
	if err != nil {
		return nil, err
	}
	counties := r.countiesOf(q.Division)
	if !scope.Contains(q.Division) || len(counties) == 0 {
		return nil, access.NotFound(noDivision())
	}
	if q.Division.Level() != place.Village {
		return nil, errs.New(errs.Invalid, "identify.Notice", "公示按村张贴，请选择一个村。", "A notice is posted in a village; choose one.").At("division")
	}
	if q.At, err = r.registry.Snapshot(ctx, q.At); err != nil {
		return nil, err
	}
	n, err := newNotice(&q, from)
	if err != nil {
		return nil, err
	}
	plan, err := q.plan()
	if err != nil {
		return nil, err
	}
	segments, err := r.registry.Segments(ctx, counties, q.At)
	if err != nil {
		return nil, err
	}
	e, err := r.evaluate(ctx, &q, plan, segments)
	if err != nil {
		return nil, err
	}
	if err := r.post(ctx, scope, e, q.At, n); err != nil {
		return nil, err
	}
	entry := ledger.Entry{Kind: kindNotice, Text: fmt.Sprintf("%s %s %s %s %s", q.Division, n.Document, n.AsOf, n.From, n.Until)}
	err = r.db.Write(ctx, func(tx *db.Tx) error {
		_, err := ledger.Append(tx, int64(q.Division.At(place.County)), ledger.Act{Actor: actor.ID, Operation: ledger.Print, Source: n.Document}, []ledger.Entry{entry})
		return err
	})
	return n, err
}

// newNotice is a notice without its households: its days.
func newNotice(q *Request, from day.Date) (*Notice, error) {
	var rules noticeRules
	if err := yaml.Unmarshal(notice2014, &rules); err != nil {
		return nil, err
	}
	n := &Notice{Document: q.Document.ID(), Title: q.Document.Title, Village: q.Division, AsOf: q.At.AsOf, From: from, Basis: rules.Basis, Households: []Posted{}}
	for _, row := range rules.Days {
		if !from.Before(row.From) {
			n.Days, n.Source = row.Days, row.Source
		}
	}
	if n.Days == 0 {
		return nil, errs.New(errs.Invalid, "identify.Notice", "没有规定这一天张贴的公示要贴多少天。", "No rule says how long a notice posted on this day runs.").At("from")
	}
	n.Until = from.AddDays(n.Days - 1)
	return n, nil
}

// post fills in the households that are proposed.
func (r *Room) post(ctx context.Context, scope access.Scope, e *Evaluation, at registry.Moment, n *Notice) error {
	var proposed []registry.ID
	e.each(e.Division, func(results *Results, i int) {
		switch results.Outcome[i] {
		case criteria.Proposed:
			proposed = append(proposed, results.ID[i])
		case criteria.UnderReview:
			n.Review++
		default:
		}
	})
	for _, id := range proposed {
		h, err := r.registry.Household(ctx, scope, id, at)
		if err != nil {
			return err
		}
		line := posted(h.Record, n.From)
		n.Households = append(n.Households, line)
		n.Persons += line.Persons
	}
	return nil
}

// adult is the age from which a name may be posted: 未成年人保护法 calls those under eighteen minors.
const adult = 18

// posted is a household's line: the head's name masked, unless the head is a minor or of unknown age.
func posted(record *form.Record, on day.Date) Posted {
	members, _ := record.Items(record.Section().Must("members"))
	line := Posted{Persons: int64(len(members))}
	if head := householdHead(record); head != nil {
		if born := head.Date("born"); !born.IsZero() && born.AgeOn(on) >= adult {
			line.Name = access.MaskName(head.String("name"))
		}
	}
	return line
}

// householdHead is the head among a household's members; nil where nobody is.
func householdHead(record *form.Record) *form.Record {
	members, _ := record.Items(record.Section().Must("members"))
	for _, m := range members {
		if relation := m.Code("relation"); relation == "head" || relation == "self" {
			return m
		}
	}
	return nil
}
