package profile

import (
	_ "embed"
	"fmt"
	"slices"

	"gopkg.in/yaml.v3"

	"liandong/day"
	"liandong/errs"
)

//go:embed profile@2015.yaml
var rulesText []byte

// Rules are the dated data that a profile goes by.
type Rules struct {
	Document    string        `yaml:"document"` // the criteria document that defines income per head and the line
	Income      string        `yaml:"income"`   // its derived value
	Line        string        `yaml:"line"`     // its parameter
	Suppression []Suppression `yaml:"suppression"`
	Ages        []int         `yaml:"ages"`
}

// Suppression is what is too few to be published from a day on: fewer households or persons, and for curves fewer households.
type Suppression struct {
	From            day.Date  `yaml:"from" json:"from"`
	Households      int64     `yaml:"households" json:"households"`
	Persons         int64     `yaml:"persons" json:"persons"`
	CurveHouseholds int64     `yaml:"curve_households" json:"curve_households"`
	Basis           errs.Text `yaml:"basis" json:"basis"`
}

func shipped() (*Rules, error) {
	r := &Rules{}
	if err := yaml.Unmarshal(rulesText, r); err != nil {
		return nil, errs.Wrap("profile.rules", err)
	}
	if len(r.Suppression) == 0 || len(r.Ages) == 0 || !slices.IsSorted(r.Ages) {
		return nil, errs.New(errs.Internal, "profile.rules", "", "the shipped rules lack suppression or ages")
	}
	return r, nil
}

// suppression is the rule of a day: the last that began by then, or the first.
func (r *Rules) suppression(on day.Date) Suppression {
	found := r.Suppression[0]
	for _, s := range r.Suppression {
		if !s.From.After(on) {
			found = s
		}
	}
	return found
}

// tooFew reports whether a group of so many may not be published.
func (s *Suppression) tooFew(households, persons int64) bool {
	return households < s.Households || persons < s.Persons
}

// Text is the rule for a reader.
func (s *Suppression) Text() errs.Text {
	return errs.Text{
		ZH: fmt.Sprintf("不足 %d 户或 %d 人的分组不公布，以免认出具体农户（%s）。", s.Households, s.Persons, s.Basis.ZH),
		EN: fmt.Sprintf("Groups of fewer than %d households or %d persons are not published, so that no household can be made out (%s).", s.Households, s.Persons, s.Basis.EN),
	}
}

// hold marks the groups that are too few, and where what is held back could be found by subtraction from the whole, the smallest others beside them.
func (s *Suppression) hold(groups []Group) {
	var households, persons int64
	count := 0
	take := func(g *Group) {
		g.Held = true
		households += g.Households
		persons += g.Persons
		count++
	}
	for i := range groups {
		if groups[i].Persons > 0 && s.tooFew(groups[i].Households, groups[i].Persons) {
			take(&groups[i])
		}
	}
	for count > 0 && (count < 2 || s.tooFew(households, persons)) {
		at := -1
		for i := range groups {
			if !groups[i].Held && groups[i].Persons > 0 && (at < 0 || groups[i].Persons < groups[at].Persons) {
				at = i
			}
		}
		if at < 0 {
			return
		}
		take(&groups[at])
	}
}
