package demo

import (
	"fmt"
	"slices"
	"time"

	"liandong/day"
	"liandong/form"
	"liandong/internal/registry"
)

type stamp = time.Time

// history is the intake being written, with records that are used again for every household.
type history struct {
	fields  *fields
	intake  registry.Intake
	records []*form.Record
}

// begin starts the next household.
func (h *history) begin(id registry.ID) {
	h.intake.Household = id
	h.intake.Revisions = h.intake.Revisions[:0]
	h.intake.Statuses = h.intake.Statuses[:0]
}

// record gives the next empty record.
func (h *history) record() *form.Record {
	n := len(h.intake.Revisions)
	if n == len(h.records) {
		h.records = append(h.records, h.fields.form.Root.New())
	}
	h.records[n].Reset()
	return h.records[n]
}

// add writes the household down as it is on the day.
func (h *history) add(home *household, on moment, why event, recorded stamp, id registry.ID) {
	record := h.record()
	h.fields.fill(record, home, on)
	h.intake.Revisions = append(h.intake.Revisions, registry.DatedRecord{
		Valid: day.FromUnixDays(int(on.day)), Recorded: recorded, Event: why, Revision: id, Record: record,
	})
}

// status adds a decision's effect.
func (h *history) status(on day.Date, signed stamp, status registry.Status, decision string) {
	h.intake.Statuses = append(h.intake.Statuses, registry.StatusChange{On: on, Recorded: signed, Status: status, Decision: decision})
}

// standing is the status that the decisions so far gave.
func (h *history) standing() registry.Status {
	if n := len(h.intake.Statuses); n > 0 {
		return h.intake.Statuses[n-1].Status
	}
	return registry.NotRegistered
}

// mend adds a late entry: a correction of an earlier one for the same day, or a visit before the first re-check. What the household is now
// stays as it was written.
func (h *history) mend(g *generator) {
	recorded := g.hours.correction[g.rng.IntN(2)]
	var before []int // entries that were written before that moment and are not the newest
	for i := range h.intake.Revisions[:len(h.intake.Revisions)-1] {
		if h.intake.Revisions[i].Recorded.Before(recorded) {
			before = append(before, i)
		}
	}
	if len(before) == 0 {
		return
	}
	i := before[len(before)-1]
	record := h.record()
	for field := range h.fields.form.Root.Fields { // Clone would take memory that nothing gives back
		copyAnswer(record, h.intake.Revisions[i].Record, field)
	}
	late := registry.DatedRecord{Valid: h.intake.Revisions[i].Valid, Recorded: recorded, Event: registry.Corrected, Revision: g.newID(g.sequence), Record: record}
	f := h.fields
	if i == 0 && g.chance(.5) {
		late.Valid, late.Event = g.lateDay(), registry.Visited
		record.SetValue(f.paved, 1)
	} else {
		area, _ := record.Value(f.area)
		record.SetValue(f.area, area+int64(g.between(5, 25)*10))
	}
	h.intake.Revisions = slices.Insert(h.intake.Revisions, i+1, late)
	// The record stands in the middle now: keep the pool in the order of the revisions, so that none is reset while in use.
	n := len(h.intake.Revisions) - 1
	copy(h.records[i+2:n+1], h.records[i+1:n])
	h.records[i+1] = record
}

// copyAnswer copies one answer, lists by their records.
func copyAnswer(to, from *form.Record, field int) {
	if !from.Has(field) {
		return
	}
	switch to.Section().Fields[field].Type {
	case form.List:
		items, _ := from.Items(field)
		begin(to, field)
		for _, item := range items {
			c := to.Add(field)
			for i := range item.Section().Fields {
				copyAnswer(c, item, i)
			}
		}
	case form.Text, form.Key, form.Secret:
		text, _ := from.Text(field)
		to.SetText(field, text)
	default:
		v, _ := from.Value(field)
		to.SetValue(field, v)
	}
}

// decisionWords name a county's decisions, by year where they recur.
type decisionWords struct {
	opening                                                     string
	exit, entry, leaving, returned, confirmed, removal, decline [2]string
}

// words name the decisions of a county as its office might; they are invented and say so.
func (c *countyPlan) words() decisionWords {
	w := decisionWords{opening: c.names[0] + "2013年建档立卡认定（演示）"}
	for y := range decisionYears {
		name := func(what string) string {
			return fmt.Sprintf("%s%d年%s（演示）", c.names[1+y], decisionYears[y].year, what)
		}
		w.exit[y], w.entry[y], w.leaving[y] = name("贫困户脱贫退出决定"), name("新识别纳入决定"), name("预脱贫名单")
		w.returned[y], w.confirmed[y] = name("返贫认定"), name("未脱贫认定")
		w.removal[y], w.decline[y] = name("清退决定"), name("自然减少认定")
	}
	return w
}
