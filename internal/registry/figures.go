package registry

import (
	"context"
	"math"

	"liandong/column"
	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/figure"
	"liandong/place"
)

// Figures are what the register publishes in the book.
func (r *Registry) Figures() []figure.Entry {
	all := make([]figure.Entry, 0, len(countedFigures)+3)
	for i := range countedFigures {
		c := &countedFigures[i]
		e := c.Entry
		e.Status = figure.Done
		e.Compute = func(ctx context.Context, q figure.Query) (figure.Value, error) { return r.count(ctx, c, q) }
		e.ByDivision = func(ctx context.Context, q figure.Query) (map[place.ID]figure.Value, error) {
			return r.countParts(ctx, c, q)
		}
		all = append(all, e)
	}
	return append(all, figure.Entry{
		Name: "rural_population", Title: errs.Text{ZH: "农村户籍人口", EN: "Rural registered population"}, Unit: persons, Status: figure.Done,
		Definition: errs.Text{
			ZH: "公安户籍统计的农村户籍人口，每县取该日或以前最近一次公布数；乡镇和村没有公布数。",
			EN: "Rural population of the police registers, for each county as last published on or before the day; none is published for townships and villages.",
		},
		Compute: r.ruralPopulation,
	}, figure.Entry{
		Name: "incidence", Title: errs.Text{ZH: "贫困发生率", EN: "Incidence of poverty"}, Unit: errs.Text{ZH: "%", EN: "%"}, Status: figure.Done, Decimals: 1, Ratio: percent,
		Definition: errs.Text{
			ZH: "建档立卡贫困人口占农村户籍人口的百分比。市的发生率由各县人数相加后再除，不是各县发生率的平均。",
			EN: "Registered poor persons as a percentage of the rural registered population. A city's is the ratio of the sums over its counties, not a mean of their ratios.",
		},
		Compute: r.incidence,
	}, figure.Entry{
		Name: "open_findings", Title: errs.Text{ZH: "未处理的数据质量问题", EN: "Open quality findings"}, Unit: errs.Text{ZH: "条", EN: "findings"}, Status: figure.Done,
		Definition: errs.Text{
			ZH: "截至现在仍未处理、该日或以前产生的数据质量问题，按户和规则计。已处理的不再列出，所以这个数不能回溯。",
			EN: "Quality findings that arose on or before the day and are open now, one for each household and rule. Mended ones are gone, so this figure cannot be asked of the past.",
		},
		Compute: r.openFindings,
	})
}

const percent = 100

var (
	persons    = errs.Text{ZH: "人", EN: "persons"}
	households = errs.Text{ZH: "户", EN: "households"}
)

// counted is a figure that adds up over the households of a segment.
type counted struct {
	figure.Entry
	members bool // adds persons rather than households
	of      func(s Status, since, asOf day.Date) bool
}

func everyStatus(Status, day.Date, day.Date) bool      { return true }
func poorStatus(s Status, _ day.Date, _ day.Date) bool { return s.Poor() }

func exitedInYear(s Status, since, asOf day.Date) bool {
	return (s == Out || s == OutWithPolicy) && since.Year() == asOf.Year()
}

var countedFigures = []counted{
	{Entry: figure.Entry{
		Name: "households", Title: errs.Text{ZH: "登记农户", EN: "Households"}, Unit: households,
		Definition: errs.Text{ZH: "该日登记在册的全部农户，不论是否建档立卡；已注销、迁出的不计。", EN: "All households on record on the day, registered poor or not; those that ended or moved away are not counted."},
	}, of: everyStatus},
	{Entry: figure.Entry{
		Name: "persons", Title: errs.Text{ZH: "登记人口", EN: "Persons"}, Unit: persons,
		Definition: errs.Text{ZH: "该日登记在册的全部农户的家庭成员数。", EN: "Members of all households on record on the day."},
	}, members: true, of: everyStatus},
	{Entry: figure.Entry{
		Name: "registered_poor_households", Title: errs.Text{ZH: "建档立卡贫困户", EN: "Registered poor households"}, Unit: households,
		Definition: errs.Text{ZH: "该日建档状态为新识别、未脱贫、预脱贫或返贫的农户。", EN: "Households whose status on the day is newly entered, not out, about to leave or fallen back."},
	}, of: poorStatus},
	{Entry: figure.Entry{
		Name: "registered_poor_persons", Title: errs.Text{ZH: "建档立卡贫困人口", EN: "Registered poor persons"}, Unit: persons,
		Definition: errs.Text{ZH: "该日建档状态为新识别、未脱贫、预脱贫或返贫的农户的家庭成员数。", EN: "Members of households whose status on the day is newly entered, not out, about to leave or fallen back."},
	}, members: true, of: poorStatus},
	{Entry: figure.Entry{
		Name: "exited_households", Title: errs.Text{ZH: "当年脱贫户", EN: "Households out of poverty in the year"}, Unit: households,
		Definition: errs.Text{ZH: "当年由决定定为脱贫、到该日仍为脱贫的农户。", EN: "Households that a decision of the year took out of poverty and that are out on the day."},
	}, of: exitedInYear},
	{Entry: figure.Entry{
		Name: "exited_persons", Title: errs.Text{ZH: "当年脱贫人口", EN: "Persons out of poverty in the year"}, Unit: persons,
		Definition: errs.Text{ZH: "当年由决定定为脱贫、到该日仍为脱贫的农户的家庭成员数。", EN: "Members of households that a decision of the year took out of poverty and that are out on the day."},
	}, members: true, of: exitedInYear},
}

// each calls fn for every household of the division that the figure counts, with what it adds.
func (r *Registry) each(ctx context.Context, c *counted, q figure.Query, fn func(s *column.Segment, row int, n float64)) error {
	var counties []place.ID
	for _, county := range r.counties {
		if county.Contains(q.Division) || q.Division.Contains(county) {
			counties = append(counties, county)
		}
	}
	segments, err := r.Segments(ctx, counties, Moment{AsOf: q.AsOf, KnownAt: q.KnownAt})
	if err != nil {
		return err
	}
	low, high := q.Division.Interval()
	for _, s := range segments {
		size, status, since := s.Table.Lookup("members").Offsets(), s.Table.Column(statusField()).Uint8s(), s.Table.Column(statusField()+1)
		from, to := s.Table.Keys().Range(low, high)
		for row := from; row < to; row++ {
			days, _ := since.Value(row)
			if !c.of(Status(status[row]), day.FromUnixDays(int(days)), q.AsOf) {
				continue
			}
			n := 1.0
			if c.members {
				n = float64(size[row+1] - size[row])
			}
			fn(s, row, n)
		}
	}
	return nil
}

func (r *Registry) count(ctx context.Context, c *counted, q figure.Query) (figure.Value, error) {
	var v figure.Value
	err := r.each(ctx, c, q, func(s *column.Segment, row int, n float64) {
		v.Number += n
		if v.RowCount++; len(v.Rows) < q.Rows && q.Records.Contains(place.ID(s.Table.Keys().Division[row])) {
			v.Rows = append(v.Rows, r.proof(s, row, n, q.Records))
		}
	})
	return v, err
}

// Proof is one household of a segment as the proof of another room's figure: its number and its head's name, masked as the reader's role says, and what it
// adds; none where its records lie outside the scope.
func (r *Registry) Proof(s *column.Segment, row int, value float64, scope access.Scope) (figure.Row, bool) {
	if !scope.Contains(place.ID(s.Table.Keys().Division[row])) {
		return figure.Row{}, false
	}
	return r.proof(s, row, value, scope), true
}

// proof is one household that a figure counts: its number and its head's name, masked as the reader's role says.
func (r *Registry) proof(s *column.Segment, row int, n float64, scope access.Scope) figure.Row {
	key := s.Table.Keys().Key(row)
	number, _ := s.Table.Column(r.fields.number).Text(row)
	head := r.headIn(s.Table, row)
	if scope.Clear(key.Division) < form.Personal {
		head = access.MaskName(head)
	}
	return figure.Row{ID: ID(key.ID).String(), Division: key.Division, Label: number + " " + head, Value: n}
}

// headIn finds the name of a household's head in a segment.
func (r *Registry) headIn(t *column.Table, row int) string {
	members := t.Lookup("members")
	bounds, items := members.Offsets(), members.Items()
	relation, name := items.Column(r.fields.relation), items.Column(r.fields.name)
	for i := int(bounds[row]); i < int(bounds[row+1]); i++ {
		if v, ok := relation.Value(i); ok && (v == r.fields.head || v == r.fields.self) {
			text, _ := name.Text(i)
			return text
		}
	}
	return ""
}

func (r *Registry) countParts(ctx context.Context, c *counted, q figure.Query) (map[place.ID]figure.Value, error) {
	level := q.Division.Level() + 1
	numbers := map[place.ID]figure.Value{}
	err := r.each(ctx, c, q, func(s *column.Segment, row int, n float64) {
		at := place.ID(s.Table.Keys().Division[row]).At(level)
		v := numbers[at]
		v.Number += n
		v.RowCount++
		numbers[at] = v
	})
	return numbers, err
}

// ruralPopulation adds the counties' populations. Where one is not known, nothing is said of the whole.
func (r *Registry) ruralPopulation(ctx context.Context, q figure.Query) (figure.Value, error) {
	if q.Division.Level() > place.County {
		return unpublished(), nil
	}
	known, err := r.Populations(ctx, Moment{AsOf: q.AsOf, KnownAt: q.KnownAt})
	if err != nil {
		return figure.Value{}, err
	}
	var v figure.Value
	noted := map[errs.Text]bool{}
	for _, county := range r.counties {
		if !q.Division.Contains(county) {
			continue
		}
		p, ok := known[county]
		if d, _ := r.places.Division(county); !ok && d.Kind == place.StatisticalUnit {
			continue // a park or a farm counts what others do: its people are in the police registers of the counties it lies in
		}
		if !ok {
			name := r.places.NameOn(county, q.AsOf)
			return figure.Value{Number: math.NaN(), Notes: []errs.Text{{ZH: name + "的农村户籍人口还没有录入。", EN: "The rural population of " + name + " was not entered yet."}}}, nil
		}
		v.Number += float64(p.Persons)
		v.RowCount++
		if len(v.Rows) < q.Rows {
			v.Rows = append(v.Rows, figure.Row{ID: county.String(), Division: county, Label: r.places.NameOn(county, q.AsOf) + " " + p.On.String(), Value: float64(p.Persons)})
		}
		note := p.Basis
		if p.LocalDefault {
			note = errs.Text{ZH: note.ZH + "（本地缺省值，未见公布数）", EN: note.EN + " (a local default: no published number was found)"}
		}
		if !noted[note] {
			noted[note] = true
			v.Notes = append(v.Notes, note)
		}
	}
	return v, nil
}

func unpublished() figure.Value {
	return figure.Value{Number: math.NaN(), Notes: []errs.Text{{ZH: "乡镇和村没有公布的农村户籍人口。", EN: "No rural population is published for townships and villages."}}}
}

// incidence is registered poor persons over rural population, in percent.
func (r *Registry) incidence(ctx context.Context, q figure.Query) (figure.Value, error) {
	poor := &countedFigures[3]
	above, err := r.count(ctx, poor, q)
	if err != nil {
		return figure.Value{}, err
	}
	under, err := r.ruralPopulation(ctx, figure.Query{Division: q.Division, AsOf: q.AsOf, KnownAt: q.KnownAt, Scope: q.Scope})
	if err != nil {
		return figure.Value{}, err
	}
	return figure.Value{
		Number: percent * above.Number / under.Number, Numerator: &above.Number, Denominator: &under.Number,
		RowCount: above.RowCount, Rows: above.Rows, Notes: under.Notes,
	}, nil
}

// openFindings counts rows of the findings as they stand now.
func (r *Registry) openFindings(ctx context.Context, q figure.Query) (figure.Value, error) {
	var v figure.Value
	low, high := q.Division.Interval()
	args := []any{int64(q.Division.County()), int64(low), int64(high), int64(q.AsOf.UnixDays())}
	where := `county = ? AND village >= ? AND village < ? AND since_day <= ?`
	if q.Division.Level() < place.County {
		where, args = `county >= ? AND county < ? AND since_day <= ?`, []any{int64(low), int64(high), args[3]}
	}
	err := r.db.Read(ctx, func(tx *db.Tx) error {
		v = figure.Value{}
		if err := tx.QueryRow(`SELECT COUNT(*) FROM quality_finding WHERE `+where, args...).Scan(&v.RowCount); err != nil {
			return err
		}
		v.Number = float64(v.RowCount)
		if q.Rows == 0 {
			return nil
		}
		predicate, more := q.Records.Predicate("village")
		rows, err := db.Collect(tx, func(rows *db.Rows) (figure.Row, error) {
			var id ID
			var village int64
			var rule string
			err := rows.Scan(&id, &village, &rule)
			return figure.Row{ID: id.String(), Division: place.ID(village), Label: r.quality.TextOf(rule).ZH, Value: 1}, err
		}, `SELECT household, village, rule FROM quality_finding WHERE `+where+` AND `+predicate+` ORDER BY county, household, rule, person LIMIT ?`, append(append(args, more...), q.Rows)...)
		v.Rows = rows
		return err
	})
	return v, err
}
