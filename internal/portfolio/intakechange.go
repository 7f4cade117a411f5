package portfolio

import (
	"strconv"
	"strings"

	"liandong/day"
	"liandong/errs"
	"liandong/money"
	"liandong/place"
)

// PlannedChange is one project that is there already and that an import would change.
type PlannedChange struct {
	Project ID            `json:"project"`
	Number  string        `json:"number"`
	Name    string        `json:"name"`
	Changes []FieldChange `json:"changes"`
}

// FieldChange is one answer before and after an import; before is empty where there was none.
type FieldChange struct {
	Title  errs.Text `json:"title"`
	Before errs.Text `json:"before"`
	After  errs.Text `json:"after"`
}

// shownChanges is how many changed projects a plan lists: what a person looks through before they commit.
const shownChanges = 100

// ColumnTitles are the titles of the layout's columns by key, in both languages.
func ColumnTitles() map[string]errs.Text {
	english := map[string]string{
		colNumber: "Number", colName: "Name", colCounty: "County", colList: "List", colSector: "Sector", colZone: "Role of the city", colCity: "From", colDistrict: "From the district",
		colFirm: "From the enterprise", colFunction: "Function moved", colJobs: "Jobs moved", colSigned: "Signed", colAmount: "Investment (100 million yuan)", colBasis: "Basis of the amount",
		colStage: "Stage", colStageOn: "Stage reached", colReason: "Reason", colStart: "Start planned", colFinish: "Finish planned",
	}
	titles := map[string]errs.Text{}
	for _, f := range Layout().Fields {
		titles[f.Key] = errs.Text{ZH: f.Heading(), EN: english[f.Key]}
	}
	return titles
}

// fieldChanges are the answers of a project's document that differ, in the order of the columns.
func (r *Room) fieldChanges(before, after *Project, on day.Date) (all []FieldChange) {
	was, is, titles := r.answers(before, on), r.answers(after, on), ColumnTitles()
	for _, f := range Layout().Fields {
		if was[f.Key] != is[f.Key] {
			all = append(all, FieldChange{titles[f.Key], was[f.Key], is[f.Key]})
		}
	}
	return all
}

// answers are what a project's document says under the columns of the layout.
func (r *Room) answers(d *Project, on day.Date) map[string]errs.Text {
	plain := func(text string) errs.Text { return errs.Text{ZH: text, EN: text} }
	title := func(list Choices, code string) errs.Text {
		if code == "" {
			return errs.Text{}
		}
		return list.Title(code)
	}
	o := d.Origin
	if o == nil {
		o = new(Origin)
	}
	county, jobs := "", ""
	if d.Division.Level() >= place.County {
		county = r.places.NameOn(d.Division, on)
	}
	if o.JobsMoved != nil {
		jobs = strconv.Itoa(*o.JobsMoved)
	}
	return map[string]errs.Text{
		colNumber: plain(d.Number), colName: plain(d.Name), colCounty: plain(county), colList: title(Programmes(), d.Programme), colSector: title(Sectors(), d.Sector), colZone: title(Zones(), d.Zone),
		colCity: title(OriginCities(), o.City), colDistrict: plain(o.District), colFirm: plain(o.Enterprise), colFunction: title(Functions(), o.Function), colJobs: plain(jobs),
		colStart: plain(dayWords(d.StartPlanned)), colFinish: plain(dayWords(d.FinishPlanned)),
	}
}

// eventChanges are the events that a row adds or corrects, each beside what the project says of the matter now.
func eventChanges(known, events []Event) (all []FieldChange) {
	for i := range events {
		e := &events[i]
		c := FieldChange{Title: EventKinds().Title(string(e.Kind)), After: e.words()}
		for k := range known {
			if old := &known[k]; old.Kind == e.Kind && !old.Void && (e.Kind == Staged || old.ID == e.ID) && !old.On.After(e.On) {
				c.Before = old.words()
			}
		}
		all = append(all, c)
	}
	return all
}

// words are a signing or a stage in one line.
func (e *Event) words() errs.Text {
	zh, en := []string{e.On.String()}, []string{e.On.String()}
	add := func(t errs.Text) { zh, en = append(zh, t.ZH), append(en, t.EN) }
	if e.Stage != "" {
		add(Stages().Title(string(e.Stage)))
	}
	if e.Amount != nil {
		amount := strconv.FormatFloat(float64(*e.Amount)/float64(money.HundredM), 'f', -1, 64)
		add(errs.Text{ZH: amount + " 亿元", EN: amount + " × 100 million yuan"})
	}
	if e.Basis != "" {
		add(Bases().Title(e.Basis))
	}
	if e.Reason != "" {
		add(errs.Text{ZH: e.Reason, EN: e.Reason})
	}
	return errs.Text{ZH: strings.Join(zh, " · "), EN: strings.Join(en, " · ")}
}

func dayWords(d day.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}
