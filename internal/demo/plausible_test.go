package demo

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"liandong/day"
	"liandong/form"
	"liandong/ident"
	"liandong/internal/registry"
	"liandong/place"
)

// TestHouseholdsArePlausible looks at every entry of every household.
func TestHouseholdsArePlausible(t *testing.T) {
	t.Parallel()
	c := cityOf(t, 3, scale())
	look := newLook(t)
	for _, county := range c.Counties() {
		var last registry.ID
		for in := range c.Households(county) {
			if bytes.Compare(last[:], in.Household[:]) >= 0 {
				t.Fatalf("%s: ids are not in order", county)
			}
			last = in.Household
			look.history(county, in)
			if t.Failed() {
				return
			}
		}
	}
	look.whole()
}

// look gathers what the households of a city show.
type look struct {
	t       *testing.T
	form    *form.Form
	members int
	owners  map[string]string // citizen number → person key
	numbers map[string]bool   // household numbers
	persons map[string]bool
	without int // members without a number
	entries int // member entries
	names   map[string]int
	late    int
	events  map[registry.Event]int
	status  map[registry.Status]int
	checked int
}

func newLook(t *testing.T) *look {
	f := form.Household()
	return &look{
		t: t, form: f, members: f.Root.Must("members"), owners: map[string]string{}, numbers: map[string]bool{}, persons: map[string]bool{},
		names: map[string]int{}, events: map[registry.Event]int{}, status: map[registry.Status]int{},
	}
}

func (l *look) history(county place.ID, in *registry.Intake) {
	if in.Revisions[0].Valid != openingDay || in.Revisions[0].Event != registry.Opened {
		l.t.Errorf("%s begins on %s", in.Household, in.Revisions[0].Valid)
	}
	number := in.Revisions[0].Record.String("number")
	if len(number) != 12 || number[:6] != county.String()[:6] || l.numbers[number] {
		l.t.Errorf("household number %q of county %s", number, county)
	}
	l.numbers[number] = true
	for i := range in.Revisions {
		d := &in.Revisions[i]
		l.events[d.Event]++
		if i > 0 && !after(d, &in.Revisions[i-1]) {
			l.t.Errorf("%s: entries of %s and %s are not in order", number, in.Revisions[i-1].Valid, d.Valid)
		}
		if i > 0 && d.Recorded.Before(in.Revisions[i-1].Recorded) {
			l.late++
		}
		if day.InTime(d.Recorded).Before(d.Valid) || !d.Recorded.Before(at(day.MustOf(2016, 1, 1), 0)) {
			l.t.Errorf("%s: %s was written down on %s", number, d.Valid, d.Recorded)
		}
		l.record(county, number, d)
	}
	l.statuses(number, in.Statuses)
}

func after(d, before *registry.DatedRecord) bool {
	return d.Valid.After(before.Valid) || d.Valid == before.Valid && d.Recorded.After(before.Recorded)
}

func (l *look) statuses(number string, changes []registry.StatusChange) {
	for i, s := range changes {
		if i > 0 && (!s.On.After(changes[i-1].On) || s.Status == changes[i-1].Status) {
			l.t.Errorf("%s: %s on %s after %s on %s", number, s.Status, s.On, changes[i-1].Status, changes[i-1].On)
		}
		if i > 0 && (changes[i-1].Status == registry.Removed || changes[i-1].Status == registry.NaturalDecline) {
			l.t.Errorf("%s: %s after the end", number, s.Status)
		}
		if day.InTime(s.Recorded).Before(s.On) || s.Decision == "" {
			l.t.Errorf("%s: %s on %s has no decision of its time", number, s.Status, s.On)
		}
		switch s.Status {
		case registry.Out, registry.OutWithPolicy:
			if m := s.On.Month(); m != 11 && m != 12 {
				l.t.Errorf("%s left on %s", number, s.On)
			}
		}
		l.status[s.Status]++
	}
}

// record checks one entry by the form and by common sense.
func (l *look) record(county place.ID, number string, d *registry.DatedRecord) {
	r := d.Record
	if village, _ := r.Value(l.form.Root.Must("village")); place.ID(village).County() != county {
		l.t.Errorf("%s lives in %d", number, village)
	}
	if l.checked++; l.checked%5 == 0 {
		for _, f := range l.form.Check(r, d.Valid) {
			l.t.Errorf("%s on %s: %s %s", number, d.Valid, f.Where(), f.Text.EN)
		}
	}
	members, _ := r.Items(l.members)
	heads, headSex := 0, ""
	for _, m := range members {
		if m.Code("relation") == "head" {
			heads++
			headSex = m.Code("sex")
		}
	}
	if heads != 1 {
		l.t.Errorf("%s on %s has %d heads", number, d.Valid, heads)
	}
	seen := map[string]bool{}
	for _, m := range members {
		l.member(number, d, m)
		if m.Code("relation") == "spouse" && m.Code("sex") == headSex {
			l.t.Errorf("%s: head and spouse are both %s", number, headSex)
		}
		if key := m.String("person"); len(key) != 16 || seen[key] {
			l.t.Errorf("%s: person key %x", number, key)
		}
		seen[m.String("person")] = true
	}
	l.income(number, d)
}

func (l *look) member(number string, d *registry.DatedRecord, m *form.Record) {
	l.entries++
	born, name := m.Date("born"), m.String("name")
	age := born.AgeOn(d.Valid)
	if age < 0 || age > 108 {
		l.t.Errorf("%s: %s is %d on %s", number, name, age, d.Valid)
	}
	if n := utf8.RuneCountInString(name); n < 2 || n > 4 {
		l.t.Errorf("%s: the name %q", number, name)
	}
	l.names[name]++
	if own := m.String("number"); len(own) != 14 || own[:12] != number {
		l.t.Errorf("%s: member number %q", number, own)
	}
	l.identity(number, m, born)
	l.school(number, m, age)
	relation := m.Code("relation")
	if slices.Contains([]string{"grandfather", "grandmother"}, relation) && age < 36 || (relation == "father" || relation == "mother") && age < 34 {
		l.t.Errorf("%s: a %s of %d", number, relation, age)
	}
	if relation == "head" && age < 6 {
		l.t.Errorf("%s: a head of %d", number, age)
	}
	if labour := m.Code("labour"); age < 16 && labour != "" && labour != "none" {
		l.t.Errorf("%s: %s labour at %d", number, labour, age)
	}
	if _, away := m.Value(m.Section().Must("away.months")); away && age < 16 {
		l.t.Errorf("%s: works away at %d", number, age)
	}
}

func (l *look) identity(number string, m *form.Record, born day.Date) {
	text, person := m.String("id_number"), m.String("person")
	if text == "" {
		l.without++
		return
	}
	id, err := ident.Parse(text)
	if err != nil || id.Area() != "130699" || id.Born() != born || id.Male() != (m.Code("sex") == "male") {
		l.t.Errorf("%s: the citizen number %s of one born %s: %v", number, text, born, err)
		return
	}
	if owner, taken := l.owners[id.Person()]; taken && owner != person {
		l.t.Errorf("%s: two persons have %s", number, text)
	}
	if l.owners[id.Person()] == "" && l.persons[person] {
		l.t.Errorf("%s: one person has two numbers, one of them %s", number, text)
	}
	l.owners[id.Person()], l.persons[person] = person, true
}

func (l *look) school(number string, m *form.Record, age int) {
	bounds := map[string][2]int{
		"preschool": {3, 7}, "primary": {6, 14}, "junior": {12, 17}, "senior": {15, 20}, "vocational": {15, 20},
		"higher": {18, 23}, "bachelor": {18, 24}, "master": {20, 28},
	}
	stage := m.Code("at_school")
	if stage == "" {
		l.t.Errorf("%s: schooling is not said", number)
	}
	kind, _, _ := strings.Cut(stage, "_")
	if b, ok := bounds[kind]; ok && (age < b[0] || age > b[1]) {
		l.t.Errorf("%s: %s at %d", number, stage, age)
	}
	if stage != "not_at_school" && m.Code("education") != "" {
		l.t.Errorf("%s: at school and with a finished education", number)
	}
}

func (l *look) income(number string, d *registry.DatedRecord) {
	wage, _ := d.Record.Money("income.wage")
	if wage > 0 && wage < 100_00 {
		l.t.Errorf("%s: a wage of %s yuan", number, wage)
	}
	transfer, _ := d.Record.Money("income.transfer")
	sum := wage * 0
	for _, part := range []string{"subsistence", "pension", "family_planning", "ecology"} {
		v, _ := d.Record.Money("income." + part)
		sum += v
	}
	if transfer < sum {
		l.t.Errorf("%s: transfers of %s with parts of %s", number, transfer, sum)
	}
}

// whole checks what only the city as a whole can show.
func (l *look) whole() {
	l.t.Logf("events %v; statuses %v; %d late; %d of %d without a number; %d names", l.events, l.status, l.late, l.without, l.entries, len(l.names))
	if share := float64(l.without) / float64(l.entries); share > .01 || share == 0 {
		l.t.Errorf("%.4f of the members have no citizen number", share)
	}
	for _, e := range []registry.Event{registry.Opened, registry.Rechecked, registry.Born, registry.Died, registry.MarriedIn, registry.MarriedOut, registry.MovedOut} {
		if l.events[e] == 0 {
			l.t.Errorf("nothing was entered as %s", e)
		}
	}
	for _, s := range registry.Statuses()[1:] {
		if l.status[s] == 0 {
			l.t.Errorf("no household was ever %s", s)
		}
	}
	if l.late == 0 {
		l.t.Error("nothing was entered late")
	}
	surnames := map[string]bool{}
	for name := range l.names {
		for _, rare := range []string{"曾", "单", "仇", "解", "区"} {
			if strings.HasPrefix(name, rare) {
				surnames[rare] = true
			}
		}
	}
	if len(surnames) < 5 {
		l.t.Errorf("of the names that are read unlike elsewhere only %v occur", slices.Sorted(maps.Keys(surnames)))
	}
	for _, known := range []string{"近平", "泽东", "泽民", "锦涛", "家宝", "克强", "小平", "恩来", "少奇", "德江", "正声", "云山", "岐山", "高丽", "庆伟", "誉峰", "瑞平"} {
		for name := range l.names {
			if strings.HasSuffix(name, known) && name != known {
				l.t.Errorf("the given name %s belongs to a public person", known)
				break
			}
		}
	}
}

func TestParksHaveNoHouseholds(t *testing.T) {
	t.Parallel()
	c := cityOf(t, 1, .01)
	places := gazetteer()
	village := form.Household().Root.Must("village")
	for _, county := range c.Counties() {
		if d, _ := places.Division(county); d.Kind == place.StatisticalUnit {
			t.Errorf("%s %s is no county", county, d.Name)
		}
		with := map[place.ID]int{}
		for in := range c.Households(county) {
			v, _ := in.Revisions[0].Record.Value(village)
			with[place.ID(v)]++
		}
		for id := range with {
			v, known := places.Division(id)
			township, _ := places.Division(id.Parent())
			if !known || v.Level != place.Village || township.Kind == place.StatisticalUnit {
				t.Errorf("households in %s of %s", id, places.FullName(id))
			}
		}
		if len(with) >= len(places.Villages(county)) {
			t.Errorf("%s: every village has households", county)
		}
	}
}

func TestAccountsFailTheBanksCheck(t *testing.T) {
	t.Parallel()
	c := cityOf(t, 1, .01)
	for in := range c.Households(Focus) {
		r := in.Revisions[0].Record
		account, phone := r.String("account"), r.String("phone")
		if account != "" && (len(account) != 19 || account[:3] != "621" || luhn([]byte(account[:18])) == int(account[18]-'0')) {
			t.Fatalf("the account %s might be somebody's", account)
		}
		if phone != "" && (len(phone) != 11 || phone[:3] != "199") {
			t.Fatalf("the phone %s", phone)
		}
	}
}
