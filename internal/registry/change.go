package registry

import (
	"liandong/errs"
	"liandong/form"
)

// Change is one answer that differs between two revisions of a household, in the words of the form. Secrets and divisions differ without
// showing what they are.
type Change struct {
	Kind   ChangeKind `json:"kind"`
	Member string     `json:"member,omitempty"` // the member's name, for an answer about a person
	Path   string     `json:"path,omitempty"`   // the field within the household or the member
	Title  errs.Text  `json:"title"`
	Before errs.Text  `json:"before"`
	After  errs.Text  `json:"after"`

	field  *form.Field
	person ID
}

// Person is the key of the member whom the change is about; the zero ID for the household's own answers.
func (c *Change) Person() ID { return c.person }

// ChangeKind says what sort of difference a Change is.
type ChangeKind string

// The kinds of change.
const (
	Answered     ChangeKind = "answered" // there was no answer before
	Cleared      ChangeKind = "cleared"  // there is none now
	Altered      ChangeKind = "altered"
	MemberJoined ChangeKind = "member_joined"
	MemberLeft   ChangeKind = "member_left"
)

// Compare lists what differs between two revisions of one household: the household's own answers in the order of the form, then member by
// member, matched by their person key. A nil before is a household that was not there.
func Compare(before, after *form.Record) []Change {
	section := after.Section()
	if before == nil {
		before = section.New()
	}
	members := section.Must("members")
	var changes []Change
	for i := range section.Fields {
		if i != members {
			changes = appendChange(changes, before, after, i, nil)
		}
	}
	return append(changes, compareMembers(before, after, members)...)
}

func compareMembers(before, after *form.Record, members int) []Change {
	old, _ := before.Items(members)
	current, _ := after.Items(members)
	var changes []Change
	for _, m := range current {
		former := withKey(old, m)
		if former == nil {
			changes = append(changes, Change{Kind: MemberJoined, Member: m.String("name"), person: PersonOf(m), Title: errs.Text{ZH: "新增成员", EN: "Member joined"}})
			continue // the member's own answers are read on the household
		}
		for i := range m.Section().Fields {
			changes = appendChange(changes, former, m, i, m)
		}
	}
	for _, m := range old {
		if withKey(current, m) == nil {
			changes = append(changes, Change{Kind: MemberLeft, Member: m.String("name"), person: PersonOf(m), Title: errs.Text{ZH: "减少成员", EN: "Member left"}})
		}
	}
	return changes
}

// PersonOf is the key of a member; the zero ID where it has none yet.
func PersonOf(member *form.Record) ID {
	var id ID
	copy(id[:], member.String("person"))
	return id
}

func withKey(members []*form.Record, like *form.Record) *form.Record {
	for _, m := range members {
		if PersonOf(m) == PersonOf(like) {
			return m
		}
	}
	return nil
}

func appendChange(changes []Change, before, after *form.Record, i int, member *form.Record) []Change {
	f := &after.Section().Fields[i]
	if f.Type == form.Key || sameAnswer(before, after, i) {
		return changes
	}
	c := Change{Kind: Altered, Path: f.Path, Title: f.Title, field: f, Before: shown(before, i), After: shown(after, i)}
	switch {
	case !before.Has(i):
		c.Kind = Answered
	case !after.Has(i):
		c.Kind = Cleared
	}
	if member != nil {
		c.Member, c.person = member.String("name"), PersonOf(member)
	}
	return append(changes, c)
}

func sameAnswer(a, b *form.Record, i int) bool {
	if a.Has(i) != b.Has(i) {
		return false
	}
	if f := &a.Section().Fields[i]; f.Type == form.List {
		return sameItems(a, b, i)
	}
	va, _ := a.Value(i)
	vb, _ := b.Value(i)
	ta, _ := a.Text(i)
	tb, _ := b.Text(i)
	return va == vb && ta == tb
}

func sameItems(a, b *form.Record, i int) bool {
	xs, _ := a.Items(i)
	ys, _ := b.Items(i)
	if len(xs) != len(ys) {
		return false
	}
	for k := range xs {
		if !xs[k].Equal(ys[k]) {
			return false
		}
	}
	return true
}

// shown is an answer as a change may show it.
func shown(r *form.Record, i int) errs.Text {
	f := &r.Section().Fields[i]
	switch {
	case !r.Has(i):
		return errs.Text{}
	case f.Type == form.Secret:
		return errs.Text{ZH: "（已加密）", EN: "(encrypted)"}
	case f.Type == form.List:
		return listWords(r, i)
	}
	return errs.Text{ZH: r.WordsOf(i, "zh"), EN: r.WordsOf(i, "en")}
}

// listWords joins the words of a small list's items: 小轿车 1;货车 2.
func listWords(r *form.Record, i int) errs.Text {
	items, _ := r.Items(i)
	if len(items) == 0 {
		return errs.Text{ZH: "无", EN: "none"}
	}
	var t errs.Text
	for k, item := range items {
		if k > 0 {
			t.ZH, t.EN = t.ZH+";", t.EN+"; "
		}
		separator := ""
		for j := range item.Section().Fields {
			if item.Has(j) {
				t.ZH, t.EN = t.ZH+separator+item.WordsOf(j, "zh"), t.EN+separator+item.WordsOf(j, "en")
				separator = " "
			}
		}
	}
	return t
}
