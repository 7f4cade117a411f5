// Package casework is the one-stop service 一站式 for investors: a matter opens one case over several departments, some of whose steps run side by
// side; every step has a department and days; the clock stops only with a reason; a paper that was handed in once is used again; and the
// investor, who reads and rates the own cases and no others, sees which department holds the matter now.
//
// Matters, papers, deadlines and the calendar of working days are dated data. The room stands above dossier, which keeps the entries.
package casework

import (
	"bytes"
	_ "embed"
	"slices"
	"time"

	"gopkg.in/yaml.v3"

	"liandong/day"
	"liandong/errs"
)

// Catalogue is the list of matters.
type Catalogue struct {
	ID          string    `yaml:"catalogue" json:"id"`
	Version     string    `yaml:"version" json:"version"`
	Basis       errs.Text `yaml:"basis" json:"basis"`
	StopReasons []Named   `yaml:"stop_reasons" json:"stop_reasons"`
	Documents   []Paper   `yaml:"documents" json:"documents"`
	Matters     []Matter  `yaml:"matters" json:"matters"`
}

// Named is a code with its words.
type Named struct {
	Code  string    `yaml:"code" json:"code"`
	Title errs.Text `yaml:"title" json:"title"`
}

// Paper is a document that a matter asks for; it may be used again until so many days after its date.
type Paper struct {
	Code      string    `yaml:"code" json:"code"`
	Title     errs.Text `yaml:"title" json:"title"`
	ValidDays int       `yaml:"valid_days" json:"valid_days"`
}

// Matter is something an investor needs done.
type Matter struct {
	Code      string    `yaml:"code" json:"code"`
	Title     errs.Text `yaml:"title" json:"title"`
	From      day.Date  `yaml:"from" json:"from"`
	Until     day.Date  `yaml:"until" json:"until"`
	LegalDays int       `yaml:"legal_days" json:"legal_days"` // working days from acceptance
	Documents []string  `yaml:"documents" json:"documents"`
	Steps     []Step    `yaml:"steps" json:"steps"`
}

// Step is one department's part. It may begin when every step that it comes after is done; those that wait for the same run side by side.
type Step struct {
	Code       string    `yaml:"code" json:"code"`
	Title      errs.Text `yaml:"title" json:"title"`
	Department string    `yaml:"department" json:"department"`
	Days       int       `yaml:"days" json:"days"` // working days
	After      []string  `yaml:"after" json:"after"`
}

//go:embed catalogue@2015.yaml
var shippedCatalogue []byte

// ShippedCatalogue is the catalogue that comes with the program.
func ShippedCatalogue() (Catalogue, error) { return ParseCatalogue(shippedCatalogue) }

// ParseCatalogue reads a catalogue and refuses one whose steps wait for what does not come.
func ParseCatalogue(text []byte) (Catalogue, error) {
	var c Catalogue
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&c); err != nil {
		return c, errs.New(errs.Invalid, "casework.ParseCatalogue", "事项目录读不懂："+err.Error()+"。", "The catalogue cannot be read: "+err.Error()+".").Because(err)
	}
	for _, m := range c.Matters {
		done := map[string]bool{}
		for _, s := range m.Steps { // a step waits only for earlier ones, so that no circle can be written
			for _, before := range s.After {
				if !done[before] {
					return c, errs.New(errs.Invalid, "casework.ParseCatalogue", "步骤「"+s.Code+"」要等的「"+before+"」不在它前面。", "The step "+s.Code+" waits for "+before+", which does not come before it.").At(m.Code)
				}
			}
			done[s.Code] = true
		}
		for _, d := range m.Documents {
			if !slices.ContainsFunc(c.Documents, func(p Paper) bool { return p.Code == d }) {
				return c, errs.New(errs.Invalid, "casework.ParseCatalogue", "目录里没有材料「"+d+"」。", "The catalogue has no paper "+d+".").At(m.Code)
			}
		}
		if len(m.Steps) == 0 || m.LegalDays <= 0 {
			return c, errs.New(errs.Invalid, "casework.ParseCatalogue", "事项须有步骤和法定时限。", "A matter has steps and a legal deadline.").At(m.Code)
		}
	}
	return c, nil
}

// matter finds a matter that can be asked for on the day.
func (c *Catalogue) matter(code string, on day.Date) (*Matter, error) {
	for i := range c.Matters {
		if m := &c.Matters[i]; m.Code == code && !on.Before(m.From) && (m.Until.IsZero() || !on.After(m.Until)) {
			return m, nil
		}
	}
	return nil, errs.New(errs.Invalid, "casework.matter", "该日的事项目录里没有「"+code+"」。", "The catalogue of the day has no matter "+code+".").At("matter")
}

func (c *Catalogue) paper(code string) *Paper {
	for i := range c.Documents {
		if c.Documents[i].Code == code {
			return &c.Documents[i]
		}
	}
	return nil
}

// Calendar says which days are working days.
type Calendar struct{ off, work map[day.Date]bool }

//go:embed workdays.yaml
var shippedCalendar []byte

// ShippedCalendar is the calendar that comes with the program. In a year that it does not hold, weekends alone are off.
func ShippedCalendar() (Calendar, error) {
	var file struct {
		Calendar string `yaml:"calendar"`
		Years    map[int]struct {
			Off  []day.Date `yaml:"off"`
			Work []day.Date `yaml:"work"`
		} `yaml:"years"`
	}
	c := Calendar{off: map[day.Date]bool{}, work: map[day.Date]bool{}}
	if err := yaml.Unmarshal(shippedCalendar, &file); err != nil {
		return c, errs.Wrap("casework.ShippedCalendar", err)
	}
	for _, year := range file.Years {
		for _, d := range year.Off {
			c.off[d] = true
		}
		for _, d := range year.Work {
			c.work[d] = true
		}
	}
	return c, nil
}

// Working says whether people work on the day.
func (c Calendar) Working(d day.Date) bool {
	if c.work[d] {
		return true
	}
	weekday := time.Unix(int64(d.UnixDays())*86400, 0).UTC().Weekday()
	return !c.off[d] && weekday != time.Saturday && weekday != time.Sunday
}

// After is the day that lies so many working days after d; d itself does not count.
func (c Calendar) After(d day.Date, days int) day.Date {
	for days > 0 {
		if d = d.AddDays(1); c.Working(d) {
			days--
		}
	}
	return d
}

// Between counts the working days after from, up to and with to.
func (c Calendar) Between(from, to day.Date) int {
	n := 0
	for d := from.AddDays(1); !d.After(to); d = d.AddDays(1) {
		if c.Working(d) {
			n++
		}
	}
	return n
}
