package registry

import (
	"context"
	"slices"

	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/secret"
	"liandong/place"
	"liandong/sheet"
)

// Plan is what an import would do, shown before anything is written.
type Plan struct {
	ID         ID              `json:"id"`
	File       string          `json:"file"`
	Match      *sheet.Match    `json:"-"`
	Valid      day.Date        `json:"valid"`
	Households Counts          `json:"households"`
	Members    Counts          `json:"members"`
	New        int             `json:"new"`
	Changed    int             `json:"changed"`
	Unchanged  int             `json:"unchanged"`
	Findings   []RowFinding    `json:"findings"`
	Changes    []PlannedChange `json:"changes"` // of households that are there already, the first hundred

	book   *sheet.Book
	writes []planned
	held   []int
}

// Counts tells how many were read, taken and held back.
type Counts struct {
	Read     int `json:"read"`
	Accepted int `json:"accepted"`
	Held     int `json:"held"`
}

// PlannedChange is one household that the import would change.
type PlannedChange struct {
	Household ID       `json:"household"`
	Number    string   `json:"number"`
	Head      string   `json:"head"`
	Changes   []Change `json:"changes"`
}

// shownChanges is how many changed households a plan lists: what a person looks through before they commit.
const shownChanges = 100

// planned is one household to write.
type planned struct {
	county    place.ID
	household ID
	record    *form.Record // secrets in plain text
	previous  *form.Record // as stored; nil for a new household
	before    current
	claims    []claim
	fileRows  []int // for each member of the record the file's row, 0 for one that the file does not name
}

// Import reads a file and says what importing it would do: which layout and columns were recognised, every finding with its row, and what
// would be new, changed and unchanged. Nothing is written. The answers hold from the day valid on. progress, which may be nil, is told how far it
// has come; a context that ends ends it.
func (r *Registry) Import(ctx context.Context, actor access.Actor, name string, book *sheet.Book, valid day.Date, progress sheet.Progress) (*Plan, error) {
	scope, err := actor.Require(access.ImportRecords, day.InTime(r.now()))
	if err != nil {
		return nil, err
	}
	detection, err := sheet.Detect(book, Layouts(r.form)...)
	if err != nil {
		return nil, err
	}
	match, err := detection.Best()
	if err != nil {
		return nil, err
	}
	rd := r.newReader(match, valid)
	if err := rd.read(ctx, book, progress); err != nil {
		return nil, err
	}
	p := &Plan{ID: r.newID(), File: name, Match: match, Valid: valid, book: book, Findings: rd.notes}
	err = r.db.Read(ctx, func(tx *db.Tx) error {
		return r.plan(ctx, tx, scope, rd, p, progress)
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(p.Findings, func(a, b RowFinding) int { return a.Row - b.Row })
	slices.Sort(p.held)
	return p, nil
}

// plan compares the households of the file with the register.
func (r *Registry) plan(ctx context.Context, tx *db.Tx, scope access.Scope, rd *reader, p *Plan, progress sheet.Progress) error {
	inFile := map[secret.Blind]*taken{}
	numbers := map[householdNumber]bool{}
	for done, t := range rd.order {
		if err := ctx.Err(); err != nil {
			return err
		}
		progress.Tell(sheet.StageComparing, done, len(rd.order))
		w, err := r.planOne(tx, scope, rd, t, inFile)
		if err != nil {
			return err
		}
		r.numberTwice(rd, t, numbers)
		p.count(t)
		if t.held {
			continue
		}
		for _, c := range w.claims {
			inFile[c.blind] = t
		}
		if err := r.admit(tx, p, w); err != nil {
			return err
		}
	}
	return nil
}

// admit counts a household as new, changed or unchanged and takes what is to be written.
func (r *Registry) admit(tx *db.Tx, p *Plan, w planned) error {
	if w.previous == nil {
		p.New++
		p.writes = append(p.writes, w)
		return nil
	}
	sealed, err := r.asStored(tx, &w)
	switch {
	case err != nil:
		return err
	case sealed.Equal(w.previous):
		p.Unchanged++
	default:
		p.Changed++
		p.show(r, &w, sealed)
		p.writes = append(p.writes, w)
	}
	return nil
}

// householdNumber is what a household is known by in files.
type householdNumber struct {
	county place.ID
	number string
}

// numberTwice holds a household whose number another of the file has: its county was written in two ways.
func (r *Registry) numberTwice(rd *reader, t *taken, numbers map[householdNumber]bool) {
	number, has := t.record.Text(r.fields.number)
	known := householdNumber{t.county, number}
	if has && t.county > 0 && numbers[known] {
		rd.find(t, t.rows[0], rd.numberColumn, KindNumberTaken, form.Error, errs.Text{
			ZH: "这个户编号在本表前面已经用于另一户。同一户的各行，县名和户编号要写得一样。",
			EN: "This household number stands for another household earlier in this file. Write the county and the number alike in all rows of a household.",
		})
	}
	numbers[known] = true
}

func (p *Plan) count(t *taken) {
	p.Findings = append(p.Findings, t.findings...)
	p.Households.Read++
	p.Members.Read += len(t.members)
	if t.held {
		p.Households.Held++
		p.Members.Held += len(t.members)
		p.held = append(p.held, t.rows...)
		return
	}
	p.Households.Accepted++
	p.Members.Accepted += len(t.members)
}

func (p *Plan) show(r *Registry, w *planned, sealed *form.Record) {
	if len(p.Changes) >= shownChanges {
		return
	}
	s := r.fields.summarise(w.record)
	p.Changes = append(p.Changes, PlannedChange{w.household, s.number, s.head, Compare(w.previous, sealed)})
}

// planOne resolves one household: whether it is there already, what it would become, and what is wrong with that.
func (r *Registry) planOne(tx *db.Tx, scope access.Scope, rd *reader, t *taken, inFile map[secret.Blind]*taken) (planned, error) {
	w := planned{county: t.county, record: t.record, fileRows: rowsOf(t)}
	village, _ := t.record.Value(r.fields.village)
	if t.county > 0 && !scope.Contains(place.ID(village)) {
		rd.find(t, t.rows[0], rd.match.Column(keyVillage), KindOutside, form.Error, errs.Text{ZH: "这个村不在您的管辖范围内。", EN: "The village is outside your territory."})
	}
	if t.county > 0 && !t.held {
		if err := r.merge(tx, scope, rd, t, &w); err != nil {
			return w, err
		}
	}
	r.nameMembers(w.record, nil)
	r.checkTaken(rd, t, &w)
	w.claims = r.claims(w.record)
	return w, r.duplicates(tx, rd, t, &w, inFile)
}

// merge lays the file's answers over the household that bears the number already, if there is one. One outside the scope stays closed: what is
// said of it is that the number is taken.
func (r *Registry) merge(tx *db.Tx, scope access.Scope, rd *reader, t *taken, w *planned) error {
	number, _ := t.record.Text(r.fields.number)
	found, err := db.Collect(tx, scanCurrent, `SELECT `+currentColumns+` FROM household_current WHERE county = ? AND number = ? ORDER BY household LIMIT 1`, int64(t.county), number)
	if err != nil || len(found) == 0 {
		w.household = r.newID()
		return err
	}
	if !scope.Contains(found[0].Village) {
		w.household = r.newID()
		rd.find(t, t.rows[0], rd.numberColumn, KindNumberTaken, form.Error, errs.Text{
			ZH: "这个户编号已用于另一户。请核对户编号。", EN: "This household number stands for another household. Check the number.",
		})
		return nil
	}
	w.before, w.household = found[0], found[0].Household
	row, ok, err := revisionAt(tx, t.county, w.household, Moment{AsOf: farFuture()})
	if err != nil || !ok {
		return err
	}
	if w.previous, err = r.form.Decode(row.body); err != nil {
		return err
	}
	key, err := r.keys.KeyOf(tx, int64(t.county), w.household)
	if err != nil {
		return err
	}
	plain := w.previous.Clone()
	if err := r.unseal(key, w.household, plain); err != nil {
		return err
	}
	w.record, w.fileRows = r.overlay(plain, t)
	return nil
}

// rowsOf are the rows of a household's members in the order of the file.
func rowsOf(t *taken) []int {
	rows := make([]int, len(t.members))
	for i := range t.members {
		rows[i] = t.members[i].row
	}
	return rows
}

// overlay gives a household with the file's answers: an empty cell keeps what is there, 清空 clears it, a member who is not in the file stays.
// rows tells for each member the file's row, 0 for one who stays.
func (r *Registry) overlay(base *form.Record, t *taken) (record *form.Record, rows []int) {
	copyAnswers(base, t.record, r.fields.members)
	for _, i := range t.cleared {
		base.Clear(i)
	}
	members, _ := base.Items(r.fields.members)
	rows = append(rows, make([]int, len(members))...)
	for _, m := range t.members {
		target := r.sameMember(members, m.record)
		if target == nil {
			target = m.record.Section().New()
			members, rows = append(members, target), append(rows, 0)
		}
		rows[slices.Index(members, target)] = m.row
		copyAnswers(target, m.record, -1)
		for _, i := range m.cleared {
			target.Clear(i)
		}
	}
	base.SetItems(r.fields.members, members)
	return base, rows
}

func copyAnswers(to, from *form.Record, except int) {
	for i := range from.Section().Fields {
		if i == except || !from.Has(i) {
			continue
		}
		switch from.Section().Fields[i].Type {
		case form.Text, form.Key, form.Secret:
			s, _ := from.Text(i)
			to.SetText(i, s)
		case form.List:
			if to.Has(i) && to.WordsOf(i, "zh") == from.WordsOf(i, "zh") {
				continue // a cell names kinds alone; what else is known of them stays
			}
			items, _ := from.Items(i)
			to.SetItems(i, items)
		default:
			v, _ := from.Value(i)
			to.SetValue(i, v)
		}
	}
}

// sameMember finds a member of the file among those of the register: by member number, by ID number, by name and birth day.
func (r *Registry) sameMember(members []*form.Record, m *form.Record) *form.Record {
	f := &r.fields
	for _, by := range [][]int{{f.memberNumber}, {f.idNumber}, {f.name, f.born}} {
		for _, candidate := range members {
			if sharesAnswers(candidate, m, by) {
				return candidate
			}
		}
	}
	return nil
}

func sharesAnswers(a, b *form.Record, fields []int) bool {
	for _, i := range fields {
		if !a.Has(i) || !sameAnswer(a, b, i) {
			return false
		}
	}
	return true
}

// checkTaken tells what the form says of the household as it would be, at the rows of the file.
func (r *Registry) checkTaken(rd *reader, t *taken, w *planned) {
	for _, finding := range r.form.Check(w.record, rd.on) {
		if finding.Kind == form.KindMissing && (finding.Path == "village" || finding.Path == "members" || hasError(t)) {
			continue // told already as an unknown village or an unreadable cell
		}
		row, column := t.rows[0], 0
		if finding.List == "members" && finding.Item >= 0 && finding.Item < len(w.fileRows) && w.fileRows[finding.Item] > 0 {
			row = w.fileRows[finding.Item]
			column = rd.match.Column(prefixMember + finding.Path)
		} else if finding.List == "" {
			column = rd.match.Column(prefixHouse + finding.Path)
		}
		rd.find(t, row, column, finding.Kind, finding.Severity, finding.Text)
	}
}

// hasError reports whether something of the household could not be read, so that what is missing was there and wrong.
func hasError(t *taken) bool {
	return slices.ContainsFunc(t.findings, func(f RowFinding) bool { return f.Severity == form.Error })
}

// duplicates tells ID numbers that another household holds, earlier in the file or in the register.
func (r *Registry) duplicates(tx *db.Tx, rd *reader, t *taken, w *planned, inFile map[secret.Blind]*taken) error {
	column := rd.match.Column(prefixMember + "id_number")
	seen := map[secret.Blind]bool{}
	for _, m := range t.members {
		text, ok := m.record.Text(r.fields.idNumber)
		if !ok {
			continue
		}
		blind, ok := r.blindOf(text)
		if !ok {
			continue
		}
		h, held, err := holderOf(tx, blind)
		if err != nil {
			return err
		}
		if other := inFile[blind]; seen[blind] || (other != nil && other != t) || (held && h.household != w.household) {
			rd.find(t, m.row, column, KindDuplicate, form.Error, errs.Text{
				ZH: "这个证件号码已登记在另一户，或在本表前面已经出现。请核对；确属同一人时，先在原户办理迁出。",
				EN: "This ID number stands in another household, or earlier in this file. Check it; if it is the same person, record the move out first.",
			})
		}
		seen[blind] = true
	}
	return nil
}

// asStored is the record as writing it would store it: an answer that is the same has the same bytes.
func (r *Registry) asStored(tx *db.Tx, w *planned) (*form.Record, error) {
	key, err := r.keys.KeyOf(tx, int64(w.county), w.household)
	if err != nil {
		return nil, err
	}
	sealed := w.record.Clone()
	return sealed, r.seal(key, w.household, sealed, w.previous)
}
