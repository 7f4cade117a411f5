package form

import (
	"liandong/day"
	"liandong/formula"
	"liandong/money"
)

// Record is one answered section: a household with its lists, or one member. A field without an answer is missing, which is not the
// same as no, zero or an empty list. A Record is not safe for concurrent writing.
type Record struct {
	section *Section
	set     []uint64 // one bit a field
	numbers []int64
	texts   []string
	lists   [][]*Record
}

// New is a record without any answer.
func (s *Section) New() *Record {
	n := len(s.Fields)
	return &Record{section: s, set: make([]uint64, (n+63)/64), numbers: make([]int64, n), texts: make([]string, n)}
}

// Section is the section the record answers.
func (r *Record) Section() *Section { return r.section }

// Has reports whether the field has an answer.
func (r *Record) Has(field int) bool { return r.set[field>>6]&(1<<(field&63)) != 0 }

func (r *Record) mark(field int) { r.set[field>>6] |= 1 << (field & 63) }

// Clear takes the answer away.
func (r *Record) Clear(field int) {
	r.set[field>>6] &^= 1 << (field & 63)
	r.numbers[field], r.texts[field] = 0, ""
	if r.lists != nil {
		r.lists[field] = nil
	}
}

// Reset takes every answer away and keeps the memory.
func (r *Record) Reset() {
	clear(r.set)
	clear(r.texts)
	clear(r.numbers)
	for i := range r.lists {
		r.lists[i] = r.lists[i][:0]
	}
}

// Value gives a Bool, Number, Money (fen), Code, Codes, Date (days since 1970) or Division answer as it is stored.
func (r *Record) Value(field int) (int64, bool) { return r.numbers[field], r.Has(field) }

// SetValue answers such a field. It does not check: see Check.
func (r *Record) SetValue(field int, v int64) {
	r.numbers[field] = v
	r.mark(field)
}

// Text gives a Text, Key or Secret answer. A Secret holds its plain text while people work on it and its sealed bytes when stored.
func (r *Record) Text(field int) (string, bool) { return r.texts[field], r.Has(field) }

// SetText answers such a field.
func (r *Record) SetText(field int, s string) {
	r.texts[field] = s
	r.mark(field)
}

// Items gives the records of a List; nil and false where the list itself is unknown.
func (r *Record) Items(field int) ([]*Record, bool) {
	if !r.Has(field) || r.lists == nil {
		return nil, r.Has(field)
	}
	return r.lists[field], true
}

// SetItems answers a List; no records at all say that there are none.
func (r *Record) SetItems(field int, items []*Record) {
	if r.lists == nil {
		r.lists = make([][]*Record, len(r.section.Fields))
	}
	r.lists[field] = items
	r.mark(field)
}

// Add appends a new record to a List and returns it.
func (r *Record) Add(field int) *Record {
	item := r.extend(field)
	item.Reset()
	r.mark(field)
	return item
}

// extend grows a list by one record, using again one that Reset left behind.
func (r *Record) extend(field int) *Record {
	if r.lists == nil {
		r.lists = make([][]*Record, len(r.section.Fields))
	}
	list := r.lists[field]
	if n := len(list); n < cap(list) && list[:n+1][n] != nil {
		r.lists[field] = list[:n+1]
	} else {
		r.lists[field] = append(list, r.section.Fields[field].List.New())
	}
	return r.lists[field][len(list)]
}

// List makes a Record a formula.Row.
func (r *Record) List(field int) (formula.Rows, bool) {
	items, ok := r.Items(field)
	return rows(items), ok
}

type rows []*Record

func (rs rows) Len() int              { return len(rs) }
func (rs rows) Row(i int) formula.Row { return rs[i] }

// Bool gives a yes-or-no answer by its path; the path must be of the form.
func (r *Record) Bool(path string) (answer, ok bool) {
	v, ok := r.Value(r.section.Must(path))
	return v == 1, ok
}

// Money gives an amount by its path.
func (r *Record) Money(path string) (money.Fen, bool) {
	v, ok := r.Value(r.section.Must(path))
	return money.Fen(v), ok
}

// Date gives a day by its path; the zero day where there is no answer.
func (r *Record) Date(path string) day.Date {
	v, ok := r.Value(r.section.Must(path))
	if !ok {
		return day.Date{}
	}
	return day.FromUnixDays(int(v))
}

// Code gives the code of a Code answer by its path, empty where there is none.
func (r *Record) Code(path string) string {
	i := r.section.Must(path)
	v, ok := r.Value(i)
	if !ok {
		return ""
	}
	e, _ := r.section.Fields[i].Codes.ByNumber(int(v))
	if e == nil {
		return ""
	}
	return e.Code
}

// String gives a Text, Key or Secret answer by its path, empty where there is none.
func (r *Record) String(path string) string {
	s, _ := r.Text(r.section.Must(path))
	return s
}

// Equal reports whether two records of one section hold the same answers.
func (r *Record) Equal(o *Record) bool {
	for i := range r.section.Fields {
		if r.Has(i) != o.Has(i) || r.numbers[i] != o.numbers[i] || r.texts[i] != o.texts[i] {
			return false
		}
		if r.section.Fields[i].Type == List && !equalItems(r, o, i) {
			return false
		}
	}
	return true
}

func equalItems(r, o *Record, field int) bool {
	a, _ := r.Items(field)
	b, _ := o.Items(field)
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !a[i].Equal(b[i]) {
			return false
		}
	}
	return true
}

// Clone is a deep copy.
func (r *Record) Clone() *Record {
	c := r.section.New()
	copy(c.set, r.set)
	copy(c.numbers, r.numbers)
	copy(c.texts, r.texts)
	for i := range r.section.Fields {
		if items, ok := r.Items(i); ok && r.section.Fields[i].Type == List {
			copies := make([]*Record, len(items))
			for k, item := range items {
				copies[k] = item.Clone()
			}
			c.SetItems(i, copies)
		}
	}
	return c
}
