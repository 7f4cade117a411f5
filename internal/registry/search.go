package registry

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/ident"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/ledger"
	"liandong/place"
)

// Hit is one household that a search found, by whom or what.
type Hit struct {
	Household ID       `json:"household"`
	County    place.ID `json:"county"`
	Village   place.ID `json:"village"`
	Person    ID       `json:"person"` // the member who was found; the zero id for a household number
	Name      string   `json:"name"`
	Number    string   `json:"number,omitempty"`
}

// maxHits bounds a search: more is a list with a filter.
const maxHits = 50

// Search finds members by the beginning of their name, its pinyin (zengguofan) or its initials (zgf), and households by the beginning of their
// number, in the order of pinyin, within the part of the scope where the reader sees names: finding somebody is reading their name. An ID
// number is not searched here: see FindByIdentity, which logs.
func (r *Registry) Search(ctx context.Context, scope access.Scope, words string, limit int) ([]Hit, error) {
	words = strings.ToLower(strings.Join(strings.Fields(words), ""))
	if words == "" {
		return []Hit{}, nil
	}
	if _, fault := ident.Inspect(words); fault == ident.FaultNone {
		return nil, errs.New(errs.Invalid, "registry.Search",
			"按证件号码查找要写明理由。请用「证件号码查找」。", "Searching by ID number needs a reason. Use the search by ID number.")
	}
	scope = scope.AtLeast(form.Personal)
	limit = max(1, min(limit, maxHits))
	hits := []Hit{}
	err := r.db.Read(ctx, func(tx *db.Tx) error {
		hits = hits[:0]
		for _, county := range r.counties {
			if !scope.Touches(county) {
				continue
			}
			found, err := r.searchCounty(tx, scope, county, words, limit)
			if err != nil {
				return err
			}
			hits = append(hits, found...)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return hits[:min(limit, len(hits))], nil
}

// searchCounty asks the one index that the words call for.
func (r *Registry) searchCounty(tx *db.Tx, scope access.Scope, county place.ID, words string, limit int) ([]Hit, error) {
	if words[0] >= '0' && words[0] <= '9' {
		return r.searchBy(tx, scope, county, "household_current", "number", words, limit)
	}
	for _, c := range words {
		if unicode.Is(unicode.Han, c) {
			return r.searchBy(tx, scope, county, "member_current", "name", words, limit)
		}
	}
	hits, err := r.searchBy(tx, scope, county, "member_current", "pinyin", words, limit)
	if err != nil || len(hits) >= limit || len(words) > 4 {
		return hits, err // no name has more than four initials
	}
	more, err := r.searchBy(tx, scope, county, "member_current", "initials", words, limit-len(hits))
	for _, h := range more {
		if !slices.ContainsFunc(hits, func(g Hit) bool { return g.Person == h.Person }) {
			hits = append(hits, h)
		}
	}
	return hits, err
}

// searchBy looks for values of the column that begin with the words.
func (r *Registry) searchBy(tx *db.Tx, scope access.Scope, county place.ID, table, column, words string, limit int) ([]Hit, error) {
	columns := "household, village, person, name, ''"
	if table == "household_current" {
		columns = "household, village, revision, head, number"
	}
	predicate, args := scope.Within(county).Predicate("village")
	args = append([]any{int64(county), words, words + "\U0010FFFF"}, args...)
	return db.Collect(tx, func(rows *db.Rows) (Hit, error) {
		h := Hit{County: county}
		var village int64
		err := rows.Scan(&h.Household, &village, &h.Person, &h.Name, &h.Number)
		if h.Village = place.ID(village); table == "household_current" {
			h.Person = ID{}
		}
		return h, err
	}, `SELECT `+columns+` FROM `+table+` WHERE county = ? AND `+column+` >= ? AND `+column+` < ? AND `+predicate+
		` ORDER BY `+column+` LIMIT ?`, append(args, limit)...)
}

// FindByIdentity finds the household of an exact ID number within the actor's territory. The search is written into the log, with its reason,
// before it is made, whether it finds anything or not.
func (r *Registry) FindByIdentity(ctx context.Context, actor access.Actor, number, reason string) ([]Hit, error) {
	scope, err := actor.Require(access.ShowSensitive, day.InTime(r.now()))
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(reason) == "" {
		return nil, reasonMissing()
	}
	id, err := ident.Parse(number)
	if err != nil {
		return nil, err
	}
	blind := r.keys.Index(identityKind, id.Person())
	var hits []Hit
	err = r.db.Write(ctx, func(tx *db.Tx) error {
		hits = []Hit{}
		h, ok, err := holderOf(tx, blind)
		if err != nil {
			return err
		}
		tree, entry := ledger.System, ledger.Entry{Kind: ledger.SearchID}
		if ok {
			hit, found, err := r.hitOf(tx, scope, h)
			if err != nil {
				return err
			}
			if found {
				hits, tree, entry.Subject = append(hits, hit), int64(h.county), h.household
			}
		}
		_, err = ledger.Append(tx, tree, ledger.Act{Actor: actor.ID, Operation: ledger.SearchID, Reason: reason}, []ledger.Entry{entry})
		return err
	})
	return hits, err
}

func reasonMissing() error {
	return errs.New(errs.Invalid, "registry.reason", "请写明理由，理由会记入日志。", "Give a reason; it goes into the log.")
}

// hitOf is the household of a claim, where it lies in scope.
func (r *Registry) hitOf(tx *db.Tx, scope access.Scope, h holder) (Hit, bool, error) {
	c, ok, err := currentOf(tx, h.county, h.household)
	if err != nil || !ok || !scope.Contains(c.Village) {
		return Hit{}, false, err
	}
	hit := Hit{Household: h.household, County: h.county, Village: c.Village, Person: h.person, Number: c.Number}
	err = tx.QueryRow(`SELECT name FROM member_current WHERE county = ? AND household = ? AND person = ?`,
		int64(h.county), h.household, h.person).Scan(&hit.Name)
	return hit, err == nil, err
}
