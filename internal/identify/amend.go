package identify

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"liandong/criteria"
	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/db"
)

// Amending is a change of a document, as it was tried in the lab, that may become a version of its own.
type Amending struct {
	Document   Document
	On         day.Date // the day that was looked at: a yearly parameter changes for its year
	Parameters map[string]float64
	Amendments criteria.Amendments
	Version    string   // empty for the next one that is free
	Agreed     []string // cases, by name, that expect from now on what comes out
}

// Amended is a changed document before it is stored.
type Amended struct {
	Document
	Differences []criteria.Difference // from the document that was changed
	Cases       []criteria.CaseResult // what comes out of its own cases
}

// Amend writes a changed document as text, with its comments in their places, and tells how it differs and what comes out of its own cases. Nothing
// is stored.
func (r *Room) Amend(ctx context.Context, q *Amending) (*Amended, error) {
	version := q.Version
	if version == "" {
		var err error
		if version, err = r.nextVersion(ctx, q.Document.Name, q.Document.Version); err != nil {
			return nil, err
		}
	}
	w := criteria.Rewriting{Version: version, On: q.On, Parameters: q.Parameters, Amendments: q.Amendments}
	text, err := criteria.Rewrite(q.Document.Text, forms, w)
	if err != nil {
		return nil, err
	}
	d, err := Read(text)
	if err != nil {
		return nil, err
	}
	out := &Amended{Document: d, Differences: criteria.Diff(q.Document.Document, d.Document)}
	if out.Cases, err = RunCases(d); err != nil || len(q.Agreed) == 0 {
		return out, err
	}
	if w.Cases, err = agreed(out.Cases, q.Agreed); err != nil {
		return nil, err
	}
	if text, err = criteria.Rewrite(q.Document.Text, forms, w); err != nil {
		return nil, err
	}
	if out.Document, err = Read(text); err != nil {
		return nil, err
	}
	out.Cases, err = RunCases(out.Document)
	return out, err
}

func agreed(results []criteria.CaseResult, names []string) (map[string]criteria.CaseResult, error) {
	all := map[string]criteria.CaseResult{}
	for i := range results {
		all[results[i].Name] = results[i]
	}
	chosen := map[string]criteria.CaseResult{}
	for _, name := range names {
		c, ok := all[name]
		if !ok {
			return nil, errs.New(errs.Invalid, "identify.Amend", "规则里没有例子「"+name+"」。", "The document has no case \""+name+"\".").At("agreed")
		}
		chosen[name] = c
	}
	return chosen, nil
}

// SaveAmended stores what Amend writes as a draft with a note. A version that is there already is refused: nobody's draft is written over from a lab.
func (r *Room) SaveAmended(ctx context.Context, actor access.Actor, q *Amending, note string, on day.Date) (Version, error) {
	if err := r.mayOver(actor, access.RunCriteria, on); err != nil {
		return Version{}, err
	}
	amended, err := r.Amend(ctx, q)
	if err != nil {
		return Version{}, err
	}
	if len(amended.Differences) == 0 {
		return Version{}, errs.New(errs.Invalid, "identify.SaveAmended", "规则没有改动，不需要另存一版。", "Nothing was changed; there is no version to save.")
	}
	id := amended.ID()
	err = r.db.Read(ctx, func(tx *db.Tx) error {
		_, err := r.versionIn(tx, id)
		switch {
		case err == nil:
			return errs.New(errs.Conflict, "identify.SaveAmended", id+" 已经存在。请换一个版本号。", id+" is there already. Choose another version.").At("version")
		case errs.Is(err, errs.NotFound):
			return nil
		}
		return err
	})
	if err != nil {
		return Version{}, err
	}
	return r.SaveDraft(ctx, actor, amended.Text, note, on)
}

// nextVersion is the first version after one that no document of the name has: 2015.2 after 2015.1, 2016.1 after 2016.
func (r *Room) nextVersion(ctx context.Context, name, version string) (string, error) {
	taken := map[string]bool{}
	err := r.db.Read(ctx, func(tx *db.Tx) error {
		all, err := r.versionsIn(tx)
		for i := range all {
			taken[all[i].Document] = true
		}
		return err
	})
	if err != nil {
		return "", err
	}
	stem, last := version, 0
	if i := strings.LastIndexByte(version, '.'); i >= 0 {
		if n, err := strconv.Atoi(version[i+1:]); err == nil {
			stem, last = version[:i], n
		}
	}
	for n := last + 1; ; n++ {
		if next := fmt.Sprintf("%s.%d", stem, n); !taken[name+"@"+next] {
			return next, nil
		}
	}
}

// Cases tells what comes out of a version's own cases.
func (r *Room) Cases(ctx context.Context, id string) ([]criteria.CaseResult, error) {
	d, err := r.Document(ctx, id)
	if err != nil {
		return nil, err
	}
	return RunCases(d)
}
