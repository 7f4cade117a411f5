package claim

import (
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"liandong/criteria"
	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/dossier"
	"liandong/internal/figure"
	"liandong/internal/ledger"
	"liandong/place"
)

// Room checks the claims of one city.
type Room struct {
	city     place.ID
	places   *place.Gazetteer
	book     *figure.Book
	shipped  []Document
	own      *dossier.Shelf[Document]
	checks   *dossier.Shelf[Check]
	evidence *dossier.Shelf[Entered]
	db       *db.DB
}

// Options are what a Room stands on. All are needed.
type Options struct {
	DB     *db.DB
	Places *place.Gazetteer
	Book   *figure.Book
	City   place.ID
}

// New is the room over an open database whose migrations ran.
func New(o Options) (*Room, error) {
	shipped, err := Shipped()
	return &Room{
		city: o.City, places: o.Places, book: o.Book, shipped: shipped, db: o.DB,
		own: dossier.New(o.DB, ownMachine()), checks: dossier.New(o.DB, checkMachine()), evidence: dossier.New(o.DB, evidenceMachine()),
	}, err
}

// LedgerRecords gives what the room stores to the verification of the log.
func (r *Room) LedgerRecords() []ledger.RecordSource {
	return slices.Concat(r.own.LedgerRecords(), r.checks.LedgerRecords(), r.evidence.LedgerRecords())
}

// Request is a question for the verdicts on a document.
type Request struct {
	AsOf    day.Date  // evidence of later days is not looked at; zero for no bound
	KnownAt time.Time // as far as was recorded by then; zero is now
	Rows    int
}

// Documents lists the documents, shipped ones first, then the city's own, each with its claims.
func (r *Room) Documents(ctx context.Context, actor access.Actor, today day.Date) ([]Document, error) {
	scope, err := r.reads(actor, today)
	if err != nil {
		return nil, err
	}
	all := slices.Clone(r.shipped)
	own, err := r.own.All(ctx, dossier.Reader{Scope: scope}, dossier.Moment{})
	for i := range own {
		d := own[i].State
		if k := slices.IndexFunc(all, func(s Document) bool { return s.ID == d.ID }); k >= 0 {
			all[k] = d // the city's own words on the same occasion take the place of those shipped
			continue
		}
		all = append(all, d)
	}
	return all, err
}

// Document finds a document by its id.
func (r *Room) Document(ctx context.Context, actor access.Actor, today day.Date, id string) (Document, error) {
	all, err := r.Documents(ctx, actor, today)
	if err != nil {
		return Document{}, err
	}
	for i := range all {
		if all[i].ID == id {
			return all[i], nil
		}
	}
	return Document{}, access.NotFound(errs.Text{ZH: "口径文件", EN: "document of claims"})
}

// reads is where the actor may read claims. They are about the whole city, and internal: nobody reads them who may not read that.
func (r *Room) reads(actor access.Actor, today day.Date) (access.Scope, error) {
	scope, err := actor.Require(access.ReadClaims, today)
	if err == nil && !scope.Contains(r.city) {
		err = access.NotFound(errs.Text{ZH: "口径文件", EN: "document of claims"})
	}
	return scope, err
}

// Judge gives the verdict on every claim of a document, from the figures of the book alone.
func (r *Room) Judge(ctx context.Context, actor access.Actor, today day.Date, d *Document, q Request) ([]Judged, error) {
	scope, err := r.reads(actor, today)
	if err != nil {
		return nil, err
	}
	entered, err := r.evidence.All(ctx, dossier.Reader{Scope: scope}, dossier.Moment{KnownAt: q.KnownAt})
	if err != nil {
		return nil, err
	}
	j := judge{Room: r, document: d, request: q, today: today, entered: entered, figures: actor.Scope(access.ReadFigures, today), known: map[string]bool{}}
	for _, e := range r.book.Entries() {
		j.known[e.Name] = true
	}
	all := make([]Judged, len(d.Claims))
	for i := range d.Claims {
		if all[i], err = j.claim(ctx, &d.Claims[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// judge is one judging of a document.
type judge struct {
	*Room

	document *Document
	request  Request
	today    day.Date
	entered  []dossier.Dossier[Entered]
	figures  access.Scope
	known    map[string]bool // the names in the book
}

func (j *judge) claim(ctx context.Context, c *Claim) (Judged, error) {
	out := Judged{
		Claim: c.ID, Sentence: c.Sentence, Kind: c.Kind, Source: j.document.Sources[c.Source], On: c.On, Due: c.Due, Missing: c.Missing, Readings: []Read{},
	}
	for i := range c.Readings {
		reading := &c.Readings[i]
		read := Read{Reading: reading.ID, Definition: reading.Definition}
		for k := range reading.Tests {
			found, err := j.test(ctx, c, &reading.Tests[k])
			if err != nil {
				return out, err
			}
			read.Evidence = append(read.Evidence, found)
		}
		read.Verdict = verdictOf(read.Evidence)
		out.Readings = append(out.Readings, read)
	}
	if len(out.Readings) > 0 {
		out.Verdict = out.Readings[0].Verdict
	}
	return out, nil
}

func (j *judge) test(ctx context.Context, c *Claim, t *Test) (Found, error) {
	f := Found{Test: t.ID, Says: t.Says, AsOf: t.AsOf, Wants: t.Evidence}
	if f.AsOf.IsZero() {
		if f.AsOf = c.On; c.Kind != Done {
			f.AsOf = c.Due
		}
	}
	if end := j.bound(); f.AsOf.After(end) {
		if c.Kind != Done {
			f.unknown("还没有到期（"+f.AsOf.Chinese()+"）。", "It is not due before "+f.AsOf.String()+".")
			return f, nil
		}
		f.AsOf = end
	}
	switch {
	case t.Criteria != "":
		j.criteria(t, &f)
		return f, nil
	case t.Evidence != "":
		j.paper(c, t, &f)
		return f, nil
	}
	return f, j.figure(ctx, c, t, &f)
}

// bound is the last day whose evidence is looked at.
func (j *judge) bound() day.Date {
	if !j.request.AsOf.IsZero() {
		return j.request.AsOf
	}
	return j.today
}

// figure quotes the book. One that the book does not hold is said to be wanting; its name is in the answer.
func (j *judge) figure(ctx context.Context, c *Claim, t *Test, f *Found) error {
	f.Figure, f.Row = t.Figure, t.Row
	if !j.known[t.Figure] {
		f.unknown("没有可用的记录：这一条要用的指标还没有数据来源。", "There are no records for it: nothing gives the figure that it needs yet.")
		return nil
	}
	divisions := []place.ID{j.city}
	for i, code := range t.Divisions {
		parsed, err := place.ParseCode(code)
		if err != nil {
			return err
		}
		id, err := j.places.ByCode(parsed, f.AsOf)
		if err != nil {
			return err
		}
		divisions = append(divisions[:i], id)
	}
	for _, id := range divisions {
		f.Divisions, f.Places = append(f.Divisions, j.places.NameOn(id, f.AsOf)), append(f.Places, id.String())
	}
	q := figure.Query{Division: divisions[0], AsOf: f.AsOf, KnownAt: j.request.KnownAt, Scope: j.figures, Records: j.figures}
	if t.Row != "" {
		q.Rows = math.MaxInt32
	}
	got, err := j.book.Together(ctx, t.Figure, q, divisions)
	if err != nil {
		return err
	}
	f.Title, f.Unit, f.Definition, f.Status, f.Decimals, f.Notes = got.Title, got.Unit, got.Definition, string(got.Status), got.Decimals, got.Value.Notes
	if evidence := got.Value.Evidence; !evidence.IsZero() {
		f.AsOf = evidence
		if evidence.After(j.bound()) {
			f.unknown("最近的证据是 "+evidence.String()+" 的，晚于核对的日期。", "The nearest evidence is of "+evidence.String()+", after the day of the check.")
			return nil
		}
	}
	value, rows := got.Value.Number, got.Value.RowCount
	if t.Row != "" {
		value, rows = 0, 0
		for _, row := range got.Value.Rows {
			if strings.Contains(row.Label, t.Row) {
				value += row.Value
				rows++
			}
		}
		if rows == 0 {
			f.unknown("记录里没有「"+t.Row+"」。", "No record is named "+t.Row+".")
			return nil
		}
	}
	f.RowCount = rows
	j.weigh(c, t, f, value)
	return nil
}

// weigh compares what was found. Evidence of the future does not prove what is claimed to be done, and a sum over no records proves nothing.
func (j *judge) weigh(c *Claim, t *Test, f *Found, value float64) {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		f.unknown("这个指标在该日没有数。", "The figure has no value on the day.")
		return
	}
	f.Value = &value
	if c.Kind == Done && f.Status != string(figure.Done) {
		f.unknown("引用的指标本身是预计或目标，不能证明已完成。", "The figure that is quoted is itself expected or a target, and proves nothing done.")
		return
	}
	if f.RowCount == 0 && value == 0 {
		f.unknown("该日没有任何记录，不能判断。", "There is no record of the day, so nothing can be told.")
		return
	}
	wanted := t.wanted()
	f.Result = t.compare(value, f.Decimals)
	f.Why = errs.Text{ZH: "提法要求" + wanted.ZH + "。", EN: "The claim wants it " + wanted.EN + "."}
}

// criteria counts the versions of a criteria document that the program holds.
func (j *judge) criteria(t *Test, f *Found) {
	var versions []string
	for _, id := range criteria.Shipped() {
		if name, version, ok := strings.Cut(id, "@"); ok && name == t.Criteria {
			versions = append(versions, version)
		}
	}
	n := float64(len(versions))
	f.Value, f.RowCount, f.Result = &n, int64(len(versions)), t.compare(n, 0)
	f.Title, f.Unit = errs.Text{ZH: "标准文件「" + t.Criteria + "」的版本", EN: "Versions of the criteria document " + t.Criteria}, errs.Text{ZH: "个", EN: "versions"}
	f.Why = errs.Text{ZH: "现有版本：" + strings.Join(versions, "、") + "。", EN: "There are: " + strings.Join(versions, ", ") + "."}
	if len(versions) == 0 {
		f.unknown("系统里没有标准文件「"+t.Criteria+"」。", "The program has no criteria document "+t.Criteria+".")
	}
}

// paper looks for evidence that a person entered, the latest by its day.
func (j *judge) paper(c *Claim, t *Test, f *Found) {
	best := -1
	for i := range j.entered {
		e := &j.entered[i].State
		if e.Document != j.document.ID || e.Claim != c.ID || e.Evidence != t.Evidence || e.On.After(f.AsOf) {
			continue
		}
		if best < 0 || e.On.After(j.entered[best].State.On) || e.On == j.entered[best].State.On && e.recorded.After(j.entered[best].State.recorded) {
			best = i
		}
	}
	if best < 0 {
		f.unknown("还没有录入证据。需要："+t.Says.ZH, "No evidence was entered. Wanted: "+t.Says.EN)
		return
	}
	e := &j.entered[best].State
	f.AsOf, f.Basis, f.Result, f.RowCount = e.On, e.Basis, e.Result, 1
	f.Why = errs.Text{ZH: "录入的证据：" + e.Words, EN: "Evidence entered: " + e.Words}
}
