package profile

import (
	"context"
	"math"
	"slices"
	"strings"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/registry"
	"liandong/place"
	"liandong/poverty"
)

// Basis is what decides who is poor on a day.
type Basis string

// The bases.
const (
	ByIncome Basis = "income" // net income per head below the line of the day's own year
	ByStatus Basis = "status" // the register's status
)

// State is where a household is on a day: one of four, the poor first, and among the moves their sum.
type State int

// The states, in the order of a matrix.
const (
	StatePoor    State = iota // below the line; registered poor
	StateNotPoor              // not below it; out of poverty
	StateOther                // of incomplete income; not registered, in natural decline or removed
	StateAbsent               // without a record that day
	StateTotal                // all of them
)

// States is how many states there are besides the total.
const States = int(StateTotal)

var stateTable = map[Basis][States]struct {
	code string
	text errs.Text
}{
	ByIncome: {
		{"poor", errs.Text{ZH: "低于贫困线", EN: "Below the line"}},
		{"not-poor", errs.Text{ZH: "不低于贫困线", EN: "Not below the line"}},
		{"unknown", errs.Text{ZH: "收入不全", EN: "Income incomplete"}},
		{"absent", errs.Text{ZH: "无记录", EN: "No record"}},
	},
	ByStatus: {
		{"poor", registry.StandingPoor.Text()},
		{"out", registry.StandingOut.Text()},
		{"other", registry.StandingOther.Text()},
		{"absent", registry.StandingAbsent.Text()},
	},
}

// Code is the state's word in files.
func (b Basis) Code(s State) string { return stateTable[b][s].code }

// Text is the state in both languages.
func (b Basis) Text(s State) errs.Text { return stateTable[b][s].text }

// TransitionRequest says whose moves to count.
type TransitionRequest struct {
	Division      place.ID
	Before, After registry.Moment
	Basis         Basis
	By            string      // one of Breakdowns; "" for the whole alone
	Level         place.Level // of the parts where By is "division"; 0 for one below the division
	Line          string      // an amount for both days; "" for each year's own. It has no meaning by status.
}

// Transition is who left poverty and who fell back in a division between two days. Persons are the members on the later day, or on the earlier of a household
// that has no record on the later; a household and its members are in the group where they are on that day. One that moved within its county is followed, one
// that left for another county has no record on the later day, and there it had none on the earlier. Incomes are held against the line of their own
// year, in the money of that year.
type Transition struct {
	Division    place.ID
	Before      day.Date
	After       day.Date
	Basis       Basis
	Lines       [2]float64 // of both days; NaN by status
	LineSource  [2]errs.Text
	Breakdown   *Breakdown
	Whole       Moves
	Groups      []Moves
	Suppression Suppression
	Sentence    errs.Text
}

// Count is a number of households and of the persons in them; held back where it is too few to be published or would tell of another that is.
type Count struct {
	Households, Persons int64
	Held                bool
}

func (c *Count) add(o Count) {
	c.Households += o.Households
	c.Persons += o.Persons
	c.Held = c.Held || o.Held
}

// Moves is where the households of a group were and where they are: rows the earlier day, columns the later, the last of each the sum.
type Moves struct {
	Group
	Cells [States + 1][States + 1]Count
}

func (m *Moves) sum(pairs ...[2]State) (n Count) {
	for _, pair := range pairs {
		n.add(m.Cells[pair[0]][pair[1]])
	}
	return n
}

// Left are those who were poor and are not.
func (m *Moves) Left() Count { return m.Cells[StatePoor][StateNotPoor] }

// Stayed are those who are poor on both days.
func (m *Moves) Stayed() Count { return m.Cells[StatePoor][StatePoor] }

// FellBack are those who were not poor and are.
func (m *Moves) FellBack() Count { return m.Cells[StateNotPoor][StatePoor] }

// Entered are the poor of the later day of whom nothing, or nothing that decides, is known on the earlier.
func (m *Moves) Entered() Count {
	return m.sum([2]State{StateOther, StatePoor}, [2]State{StateAbsent, StatePoor})
}

// Gone are the poor of the earlier day of whom nothing, or nothing that decides, is known on the later.
func (m *Moves) Gone() Count {
	return m.sum([2]State{StatePoor, StateOther}, [2]State{StatePoor, StateAbsent})
}

// LeftRate is the share of the poor of the earlier day who are not poor on the later, by persons; NaN with the reason where it has none.
func (m *Moves) LeftRate() (float64, errs.Text) {
	return m.rate(m.Left(), m.Cells[StatePoor][StateTotal], errs.Text{ZH: "前一个日期没有贫困人口，脱贫比例没有定义。", EN: "Nobody was poor on the earlier day, so the share that left is not defined."})
}

// FellBackRate is the share of those who were not poor on the earlier day who are poor on the later, by persons; NaN with the reason where it has none.
func (m *Moves) FellBackRate() (float64, errs.Text) {
	return m.rate(m.FellBack(), m.Cells[StateNotPoor][StateTotal], errs.Text{ZH: "前一个日期没有已脱贫或不贫困的人口，返贫比例没有定义。", EN: "Everybody known was poor on the earlier day, so the share that fell back is not defined."})
}

func (m *Moves) rate(part, of Count, nobody errs.Text) (float64, errs.Text) {
	switch {
	case part.Held || of.Held:
		return math.NaN(), errs.Text{ZH: "人数太少，不公布。", EN: "Too few to be published."}
	case of.Persons == 0:
		return math.NaN(), nobody
	}
	return float64(part.Persons) / float64(of.Persons), errs.Text{}
}

// Transition counts the moves of a division between two days within what the asker may see of figures. A division that lies outside the scope, even in
// part, has none.
func (r *Room) Transition(ctx context.Context, scope access.Scope, q TransitionRequest) (*Transition, error) {
	if !scope.Contains(q.Division) {
		return nil, noDivision()
	}
	t := &Transition{Division: q.Division, Basis: q.Basis, Lines: [2]float64{math.NaN(), math.NaN()}}
	err := r.days(ctx, &q, t)
	if err != nil {
		return nil, err
	}
	if t.Breakdown, err = breakdownOf(q.By, q.Division); err != nil {
		return nil, err
	}
	if q.Level != 0 && q.Level <= q.Division.Level() {
		return nil, errs.New(errs.Usage, "profile.Transition", "要分列的一级应在所选区划之下。", "The level of the parts must lie below the division.")
	}
	if err := r.lines(&q, t); err != nil {
		return nil, err
	}
	before, err := r.parts(ctx, q.Division, q.Before)
	if err != nil {
		return nil, err
	}
	after, err := r.parts(ctx, q.Division, q.After)
	if err != nil {
		return nil, err
	}
	p := &pairs{room: r, query: &q, result: t, at: map[string]int{}}
	for i := range after {
		p.count(&before[i], &after[i])
	}
	r.finish(t)
	return t, nil
}

// days settles the moments: one state of knowledge for both.
func (r *Room) days(ctx context.Context, q *TransitionRequest, t *Transition) (err error) {
	if !q.Before.AsOf.Before(q.After.AsOf) {
		return errs.New(errs.Invalid, "profile.Transition", "前一个日期应早于后一个日期。", "The earlier day must come before the later one.").At("against")
	}
	if q.After, err = r.registry.Snapshot(ctx, q.After); err != nil {
		return err
	}
	q.Before.KnownAt = q.After.KnownAt
	if q.Before, err = r.registry.Snapshot(ctx, q.Before); err != nil {
		return err
	}
	t.Before, t.After, t.Suppression = q.Before.AsOf, q.After.AsOf, r.rules.suppression(q.After.AsOf)
	return nil
}

// lines finds what incomes are held against.
func (r *Room) lines(q *TransitionRequest, t *Transition) (err error) {
	switch {
	case q.Basis == ByStatus && q.Line != "":
		return errs.New(errs.Invalid, "profile.Transition", "按登记状态比较不用贫困线。", "A comparison by register status has no line.").At("line")
	case q.Basis == ByStatus:
		return nil
	case q.Basis != ByIncome:
		return errs.New(errs.Invalid, "profile.Transition", "basis 只能是 income 或 status。", "basis is income or status.").At("basis")
	}
	if q.Line == "" {
		if t.Lines[0], t.LineSource[0], err = r.yearLine(t.Before); err != nil {
			return err
		}
		t.Lines[1], t.LineSource[1], err = r.yearLine(t.After)
		return err
	}
	line, err := poverty.ParseLine(q.Line)
	if err == nil && line.Amount == 0 {
		err = errs.New(errs.Invalid, "profile.Transition", "两个日期比较时，贫困线请写金额。", "To compare two days give the line as an amount.").At("line")
	}
	asked := errs.Text{ZH: "自定", EN: "as asked"}
	t.Lines, t.LineSource = [2]float64{line.Amount, line.Amount}, [2]errs.Text{asked, asked}
	return err
}

// pairs counts households of two days.
type pairs struct {
	room   *Room
	query  *TransitionRequest
	result *Transition
	at     map[string]int // of each group's key: its place
}

// count adds the households of one county. A household counts where it is on the later day, and one without a record there where it was.
func (p *pairs) count(before, after *part) {
	grouping := [2]func(row, member int) Group{}
	for i, s := range []*part{before, after} {
		moment := [2]registry.Moment{p.query.Before, p.query.After}[i]
		grouping[i] = p.room.grouping(s, &Request{Division: p.query.Division, Level: p.query.Level, At: moment}, p.result.Breakdown)
	}
	states := [2]func(row int) State{p.states(before, p.result.Lines[0]), p.states(after, p.result.Lines[1])}
	registry.EachPair(before.Segment, after.Segment, func(was, is int) {
		day, s, row := 1, after, is
		if is < 0 {
			day, s, row = 0, before, was
		}
		bounds := s.Table.Lookup("members").Offsets()
		if row < s.from || row >= s.to || bounds[row+1] == bounds[row] {
			return
		}
		from, to := states[0](was), states[1](is)
		p.result.Whole.count(from, to, Count{Households: 1, Persons: int64(bounds[row+1] - bounds[row])})
		p.group(grouping[day], row, int(bounds[row]), int(bounds[row+1]), from, to)
	})
}

// states tells the state of a row, or of none.
func (p *pairs) states(s *part, line float64) func(row int) State {
	status := s.Table.Lookup("register.status").Uint8s()
	return func(row int) State {
		switch {
		case row < 0:
			return StateAbsent
		case p.query.Basis == ByStatus:
			return map[registry.Standing]State{registry.StandingPoor: StatePoor, registry.StandingOut: StateNotPoor}[registry.Status(status[row]).Standing()]
		case math.IsNaN(s.income[row]):
			return StateOther
		case s.income[row] < line:
			return StatePoor
		}
		return StateNotPoor
	}
}

// group adds a household to its group, or its members to theirs: a household with several members in one group counts there once.
func (p *pairs) group(of func(row, member int) Group, row, first, end int, from, to State) {
	b := p.result.Breakdown
	if b == nil {
		return
	}
	if !b.byMember() {
		p.of(of(row, first)).count(from, to, Count{Households: 1, Persons: int64(end - first)})
		return
	}
	var seen []string
	for member := first; member < end; member++ {
		g := of(row, member)
		n := Count{Persons: 1}
		if !slices.Contains(seen, g.Key) {
			seen, n.Households = append(seen, g.Key), 1
		}
		p.of(g).count(from, to, n)
	}
}

func (p *pairs) of(g Group) *Moves {
	i, seen := p.at[g.Key]
	if !seen {
		i = len(p.result.Groups)
		p.at[g.Key] = i
		p.result.Groups = append(p.result.Groups, Moves{Group: g})
	}
	return &p.result.Groups[i]
}

func (m *Moves) count(from, to State, n Count) {
	for _, i := range []State{from, StateTotal} {
		for _, j := range []State{to, StateTotal} {
			m.Cells[i][j].add(n)
		}
	}
	m.Households, m.Persons = m.Cells[StateTotal][StateTotal].Households, m.Cells[StateTotal][StateTotal].Persons
}

// finish orders and names the groups, holds back what is too few, and says the main numbers.
func (r *Room) finish(t *Transition) {
	slices.SortStableFunc(t.Groups, func(a, b Moves) int { return strings.Compare(a.order(), b.order()) })
	for i := range t.Groups {
		if g := &t.Groups[i]; g.Division != 0 {
			name := r.places.NameOn(g.Division, t.After)
			g.Title = errs.Text{ZH: name, EN: name}
		}
	}
	t.Suppression.holdMoves(&t.Whole, t.Groups)
	t.Sentence = r.movesSentence(t)
}
