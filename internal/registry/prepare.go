package registry

import (
	"liandong/form"
	"liandong/place"
)

// fields are the places of the answers that the register itself works with, looked up once in the form.
type fields struct {
	village, number, attribute, cause, members int

	person, memberNumber, name, sex, idNumber, born, relation int

	head, self int64 // codes of relation that mark the head

	householdSecrets, memberSecrets []int
}

func newFields(f *form.Form) fields {
	root := f.Root
	members := root.Fields[root.Must("members")].List
	relation := members.Fields[members.Must("relation")].Codes
	return fields{
		head: relation.Number("head"), self: relation.Number("self"),
		village: root.Must("village"), number: root.Must("number"), attribute: root.Must("attribute"),
		cause: root.Must("main_cause"), members: root.Must("members"),
		person: members.Must("person"), memberNumber: members.Must("number"), name: members.Must("name"), sex: members.Must("sex"),
		idNumber: members.Must("id_number"), born: members.Must("born"), relation: members.Must("relation"),
		householdSecrets: secretsOf(root), memberSecrets: secretsOf(members),
	}
}

func secretsOf(s *form.Section) []int {
	var out []int
	for i := range s.Fields {
		if s.Fields[i].Type == form.Secret {
			out = append(out, i)
		}
	}
	return out
}

// summary is what the narrow tables keep of a household's newest revision.
type summary struct {
	village place.ID
	number  string
	head    string
	reading reading
	size    int
	sort    int64 // attribute, zero where none
	cause   int64
	members []memberSummary
}

type memberSummary struct {
	person  ID
	name    string
	reading reading
	sex     int64
	born    int64
	bornSet bool
}

// summarise reads the narrow columns off a record. The head is the member marked so; a record without one shows its first member.
func (f *fields) summarise(r *form.Record) summary {
	village, _ := r.Value(f.village)
	number, _ := r.Text(f.number)
	attribute, _ := r.Value(f.attribute)
	cause, _ := r.Value(f.cause)
	members, _ := r.Items(f.members)
	s := summary{village: place.ID(village), number: number, sort: attribute, cause: cause, size: len(members)}
	for i, m := range members {
		name, _ := m.Text(f.name)
		sex, _ := m.Value(f.sex)
		born, bornSet := m.Value(f.born)
		row := memberSummary{person: PersonOf(m), name: name, reading: readName(name), sex: sex, born: born, bornSet: bornSet}
		if i == 0 || f.isHead(m) {
			s.head, s.reading = row.name, row.reading
		}
		s.members = append(s.members, row)
	}
	return s
}

// isHead reports whether the member is marked as the head of the household.
func (f *fields) isHead(m *form.Record) bool {
	v, ok := m.Value(f.relation)
	return ok && (v == f.head || v == f.self)
}
