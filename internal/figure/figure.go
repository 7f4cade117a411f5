// Package figure is the book of figures: named, dated numbers with their unit, definition (口径) and proof, the rows that make them. Rooms put
// their figures into one Book when the program is wired; maps, letters, claims, briefings and the overview only ever quote from it, so
// that no page computes a total of its own and every number can be opened.
//
// It stands above access and below every room, and computes nothing itself.
package figure

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/place"
)

// Status says what sort of statement a figure is: 完成, 预计 or 目标.
type Status string

// The statuses of a figure.
const (
	Done     Status = "done"     // 完成: counted from records of what happened
	Expected Status = "expected" // 预计
	Target   Status = "target"   // 目标
)

// Text is the status in both languages.
func (s Status) Text() errs.Text {
	switch s {
	case Expected:
		return errs.Text{ZH: "预计", EN: "expected"}
	case Target:
		return errs.Text{ZH: "目标", EN: "target"}
	}
	return errs.Text{ZH: "完成", EN: "done"}
}

// Query asks for a figure of a division at a date, as far as known then, within what the asker may see.
type Query struct {
	Division place.ID
	AsOf     day.Date
	KnownAt  time.Time    // the zero time is now
	Scope    access.Scope // whose divisions may be asked for
	Records  access.Scope // whose records may stand in the proof
	Rows     int          // how many rows of proof to give with it, 0 for none
}

// Value is a figure's number with its proof. A ratio keeps what it divides, so that a sum of ratios is never mistaken for a ratio of sums.
type Value struct {
	Number      float64
	Numerator   *float64
	Denominator *float64
	RowCount    int64 // how many rows make the number; 0 where the proof is other figures
	Rows        []Row
	Notes       []errs.Text // what the reader must know: a local default, a base year
	Evidence    day.Date    // the day of the papers it rests on, where that is another than the day asked about
}

// Row is one record of a proof. What the asker may not see in clear is masked by whoever makes it.
type Row struct {
	ID       string   `json:"id"`
	Kind     string   `json:"kind,omitempty"` // what it is where it is no household: "project", "agreement", "organisation", "platform"
	Division place.ID `json:"division"`
	Label    string   `json:"label"`
	Value    float64  `json:"value"`
}

// Entry is one figure of the book.
type Entry struct {
	Name       string // "registered_poor_persons"
	Title      errs.Text
	Unit       errs.Text
	Definition errs.Text // 口径: what is counted, what is not, at which moment
	Status     Status
	Decimals   int
	Opens      access.Action // what lets one open the rows of its proof; ReadRecords where it is empty
	Ratio      float64       // for a ratio, what its quotient is multiplied by, 100 for a percentage; 0 for a sum
	Single     bool          // neither a sum nor a ratio of sums, as a median: several divisions have none together
	Compute    func(ctx context.Context, q Query) (Value, error)
	// ByDivision gives the number for every child of the division at once, for maps and tables; nil where Compute is asked one by one.
	ByDivision func(ctx context.Context, q Query) (map[place.ID]Value, error)
}

// Figure is an answer: the entry's words with the number for one division and date.
type Figure struct {
	Name       string
	Title      errs.Text
	Unit       errs.Text
	Definition errs.Text
	Division   place.ID
	AsOf       day.Date
	KnownAt    time.Time
	Status     Status
	Decimals   int
	Value      Value
}

// Book holds every figure by its name. It is filled while the program is wired and only read afterwards.
type Book struct{ entries map[string]Entry }

// NewBook is a book with the entries of the rooms. A name that stands twice is a defect of the wiring.
func NewBook(rooms ...[]Entry) (*Book, error) {
	b := &Book{entries: map[string]Entry{}}
	for _, entries := range rooms {
		for _, e := range entries {
			if _, twice := b.entries[e.Name]; twice || e.Compute == nil || e.Definition.IsZero() {
				return nil, errs.New(errs.Internal, "figure.NewBook", "", "figure "+e.Name+" stands twice or lacks a definition")
			}
			b.entries[e.Name] = e
		}
	}
	return b, nil
}

// Entries lists the book in the order of names.
func (b *Book) Entries() []Entry {
	all := make([]Entry, 0, len(b.entries))
	for _, e := range b.entries {
		all = append(all, e)
	}
	slices.SortFunc(all, func(x, y Entry) int { return cmp.Compare(x.Name, y.Name) })
	return all
}

// Opens is the action that lets somebody open the rows of a figure's proof. A name that the book does not have opens nothing.
func (b *Book) Opens(name string) access.Action {
	e, ok := b.entries[name]
	if ok && e.Opens == "" {
		return access.ReadRecords
	}
	return e.Opens
}

func (b *Book) entry(name string) (Entry, error) {
	e, ok := b.entries[name]
	if !ok {
		names := make([]string, 0, len(b.entries))
		for _, e := range b.Entries() {
			names = append(names, e.Name)
		}
		return Entry{}, errs.New(errs.NotFound, "figure.Get",
			"没有指标「"+name+"」。可用的有："+strings.Join(names, "、")+"。", "There is no figure \""+name+"\". There are: "+strings.Join(names, ", ")+".")
	}
	return e, nil
}

// Get computes a figure. A division that lies outside the scope, even in part, has none: a total over a part of a county would be read as
// the county's.
func (b *Book) Get(ctx context.Context, name string, q Query) (Figure, error) {
	e, err := b.entry(name)
	if err != nil {
		return Figure{}, err
	}
	if !q.Scope.Contains(q.Division) {
		return Figure{}, access.NotFound(errs.Text{ZH: "区划", EN: "division"})
	}
	v, err := e.Compute(ctx, q)
	if err != nil {
		return Figure{}, err
	}
	return e.figure(q, q.Division, v), nil
}

// Together computes a figure for several divisions that do not overlap: sums add up, and a ratio is that of the sums.
func (b *Book) Together(ctx context.Context, name string, q Query, divisions []place.ID) (Figure, error) {
	e, err := b.entry(name)
	if err != nil {
		return Figure{}, err
	}
	if e.Single && len(divisions) > 1 {
		return Figure{}, errs.New(errs.Invalid, "figure.Together", "「"+e.Title.ZH+"」不能把几个区划加在一起，请逐个查询。", "\""+e.Title.EN+"\" does not add up over divisions; ask for one at a time.")
	}
	var whole Value
	above, under := 0.0, 0.0
	for i, division := range divisions {
		for _, other := range divisions[:i] {
			if division.Contains(other) || other.Contains(division) {
				return Figure{}, errs.New(errs.Invalid, "figure.Together", "所选区划互相包含，合计会重复计算。", "The divisions overlap, so their sum would count things twice.")
			}
		}
		one := q
		one.Division, one.Rows = division, max(0, q.Rows-len(whole.Rows))
		f, err := b.Get(ctx, name, one)
		if err != nil {
			return Figure{}, err
		}
		v := &f.Value
		whole.Number += v.Number
		whole.RowCount += v.RowCount
		whole.Rows = append(whole.Rows, v.Rows...)
		if v.Evidence.After(whole.Evidence) {
			whole.Evidence = v.Evidence
		}
		for _, note := range v.Notes {
			if !slices.Contains(whole.Notes, note) {
				whole.Notes = append(whole.Notes, note)
			}
		}
		if e.Ratio != 0 {
			above, under = above+*v.Numerator, under+*v.Denominator
		}
	}
	if e.Ratio != 0 {
		whole.Number, whole.Numerator, whole.Denominator = e.Ratio*above/under, &above, &under
	}
	return e.figure(q, q.Division, whole), nil
}

// ByDivision computes a figure for every child of the query's division that lies in scope.
func (b *Book) ByDivision(ctx context.Context, name string, q Query, children []place.ID) ([]Figure, error) {
	e, err := b.entry(name)
	if err != nil {
		return nil, err
	}
	var at map[place.ID]Value
	if e.ByDivision != nil {
		if at, err = e.ByDivision(ctx, q); err != nil {
			return nil, err
		}
	}
	var figures []Figure
	for _, child := range children {
		if !q.Scope.Contains(child) {
			continue
		}
		v, ok := at[child]
		if e.ByDivision == nil {
			one := q
			one.Division = child
			if v, err = e.Compute(ctx, one); err != nil {
				return nil, err
			}
		} else if !ok {
			v = Value{}
		}
		figures = append(figures, e.figure(q, child, v))
	}
	return figures, nil
}

func (e *Entry) figure(q Query, division place.ID, v Value) Figure {
	return Figure{
		Name: e.Name, Title: e.Title, Unit: e.Unit, Definition: e.Definition, Division: division, AsOf: q.AsOf, KnownAt: q.KnownAt,
		Status: e.Status, Decimals: e.Decimals, Value: v,
	}
}
