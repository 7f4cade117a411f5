package registry

import (
	"context"

	"liandong/day"
	"liandong/form"
	"liandong/internal/access"
)

// Edit is a change of some answers of a household, as somebody on the version they read wants it from a day on.
type Edit struct {
	Household ID
	Valid     day.Date
	Event     Event
	Answers   []byte // JSON merge patch (RFC 7396) of the record; members are replaced whole, and keep the secrets that are not given
	Version   int64  // the version that was read
	Source    string
	Reason    string
}

// Refused is every finding for which a record was not written.
type Refused struct{ Findings []form.Finding }

// Error is the technical line.
func (r *Refused) Error() string { return r.Findings[0].Err().Error() }

// Unwrap is the first finding, which stands for all where only one error can be told.
func (r *Refused) Unwrap() error { return r.Findings[0].Err() }

// refusedFor gathers the findings that stand in the way, nil without one.
func refusedFor(findings []form.Finding) error {
	var in []form.Finding
	for _, f := range findings {
		if f.Severity == form.Error {
			in = append(in, f)
		}
	}
	if len(in) == 0 {
		return nil
	}
	return &Refused{in}
}

// Draft is an empty record answered from JSON, for a household that is written down for the first time. What is wrong is all told at once.
func (r *Registry) Draft(answers []byte, on day.Date) (*form.Record, error) {
	record := r.form.Root.New()
	findings, err := record.ReadJSON(answers)
	if err != nil {
		return nil, err
	}
	if len(findings) == 0 {
		findings = r.form.Check(record, on)
	}
	return record, refusedFor(findings)
}

// Patch changes some answers of a household, on the record that holds on the day from which the change is valid.
func (r *Registry) Patch(ctx context.Context, actor access.Actor, e Edit) (Saved, error) {
	scope, err := actor.Require(access.WriteRecords, day.InTime(r.now()))
	if err != nil {
		return Saved{}, err
	}
	h, err := r.Household(ctx, scope, e.Household, Moment{AsOf: e.Valid})
	if err != nil {
		return Saved{}, err
	}
	record, err := r.patched(ctx, &h, e.Answers)
	if err != nil {
		return Saved{}, err
	}
	if err := refusedFor(r.form.Check(record, e.Valid)); err != nil {
		return Saved{}, err
	}
	return r.Save(ctx, actor, Draft{Household: e.Household, Valid: e.Valid, Event: e.Event, Record: record, Version: e.Version, Source: e.Source, Reason: e.Reason})
}

func (r *Registry) patched(ctx context.Context, h *Household, answers []byte) (*form.Record, error) {
	record := h.Record.Clone()
	if err := r.Reveal(ctx, h, record); err != nil {
		return nil, err
	}
	before, _ := record.Clone().Items(r.fields.members)
	findings, err := record.ReadJSON(answers)
	if err != nil {
		return nil, err
	}
	if err := refusedFor(findings); err != nil {
		return nil, err
	}
	members, _ := record.Items(r.fields.members)
	for _, m := range members {
		for _, old := range before {
			if PersonOf(m) == PersonOf(old) && PersonOf(m) != (ID{}) {
				r.keepSecrets(m, old)
			}
		}
	}
	return record, nil
}

// keepSecrets copies what the reader of a member never saw and so could not give back.
func (r *Registry) keepSecrets(m, old *form.Record) {
	for _, i := range r.fields.memberSecrets {
		if secret, ok := old.Text(i); ok && !m.Has(i) {
			m.SetText(i, secret)
		}
	}
}
