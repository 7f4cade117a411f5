package criteria

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"liandong/errs"
	"liandong/formula"
)

// Amendments are what a what-if changes in a document beside its parameters. Parts are named with their indicator, house.structure.
type Amendments struct {
	Weights map[string]float64 `json:"weights,omitempty"` // an indicator or a part: the factor of its max and of its points
	Bars    map[string]string  `json:"bars,omitempty"`    // a bar: off, veto or review
	Points  map[string]string  `json:"points,omitempty"`  // a part: another expression
	Poor    string             `json:"poor,omitempty"`    // another condition of being poor
}

// Off switches a bar off in Amendments.
const Off = "off"

// None reports whether nothing is changed.
func (a *Amendments) None() bool {
	return len(a.Weights) == 0 && len(a.Bars) == 0 && len(a.Points) == 0 && a.Poor == ""
}

// ParseAmended reads a document as Parse does, with changes that are stored nowhere. A change that names what the document lacks is refused
// with the names it has; an expression is checked as those of the document are.
func ParseAmended(text []byte, forms Forms, a Amendments) (*Document, error) {
	return parse(text, forms, func(row *documentRow) error { return row.amend(&a) })
}

func (r *documentRow) amend(a *Amendments) error {
	if err := r.amendScore(a); err != nil {
		return err
	}
	if err := r.amendBars(a); err != nil {
		return err
	}
	if a.Poor != "" {
		r.Poor = scalarNode(a.Poor)
	}
	return nil
}

// scalarNode stands for a text of the document; refusals count columns within it.
func scalarNode(text string) yaml.Node {
	return yaml.Node{Kind: yaml.ScalarNode, Value: text, Line: 1, Column: 1}
}

func (r *documentRow) amendScore(a *Amendments) error {
	parts := map[string]*partRow{}
	names := []string{}
	if r.Score != nil {
		for i := range r.Score.Indicators {
			indicator := &r.Score.Indicators[i]
			names = append(names, indicator.ID.Value)
			for k := range indicator.Parts {
				name := indicator.ID.Value + "." + indicator.Parts[k].ID.Value
				parts[name], names = &indicator.Parts[k], append(names, name)
			}
		}
	}
	for name, text := range a.Points {
		p, ok := parts[name]
		if !ok {
			return noSuch(name, names)
		}
		p.Points = scalarNode(text)
	}
	for name, factor := range a.Weights {
		if !slices.Contains(names, name) {
			return noSuch(name, names)
		}
		if !(factor >= 0 && factor <= maxFactor) {
			return errs.New(errs.Invalid, "criteria.Amendments", fmt.Sprintf("权重倍数要在 0 到 %d 之间。", maxFactor), fmt.Sprintf("A weight is a factor from 0 to %d.", maxFactor)).At(name)
		}
	}
	if len(a.Weights) > 0 && r.Score != nil {
		r.Score.weigh(a.Weights)
	}
	return nil
}

// maxFactor keeps points below what a score can hold exactly.
const maxFactor = 1000

// weigh scales parts by their own factor and their indicator's.
func (s *scoreRow) weigh(weights map[string]float64) {
	for i := range s.Indicators {
		indicator := &s.Indicators[i]
		indicator.Max = 0
		for k := range indicator.Parts {
			p := &indicator.Parts[k]
			for _, name := range []string{indicator.ID.Value, indicator.ID.Value + "." + p.ID.Value} {
				if factor, ok := weights[name]; ok {
					p.Max *= factor
					p.Points = scalarNode("(" + p.Points.Value + ") * " + decimal(factor))
				}
			}
			indicator.Max += p.Max
		}
	}
}

// decimal writes a number as a constant of the rules, which has a point.
func decimal(v float64) string {
	text := strconv.FormatFloat(v, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}

func (r *documentRow) amendBars(a *Amendments) error {
	names := make([]string, len(r.Bars))
	for i := range r.Bars {
		names[i] = r.Bars[i].ID.Value
	}
	for name, kind := range a.Bars {
		i := slices.Index(names, name)
		switch {
		case i < 0:
			return noSuch(name, names)
		case kind == Off:
		case kind == string(Veto) || kind == string(Review):
			r.Bars[i].Kind = BarKind(kind)
		default:
			return errs.New(errs.Invalid, "criteria.Amendments", "一票否决项可改为 off（停用）、veto（否决）或 review（从严审核）。", "A bar can be off, veto or review.").At(name)
		}
	}
	r.Bars = slices.DeleteFunc(r.Bars, func(b barRow) bool { return a.Bars[b.ID.Value] == Off })
	return nil
}

func noSuch(name string, known []string) error {
	list := strings.Join(known, " ")
	return errs.New(errs.Invalid, "criteria.Amendments", fmt.Sprintf("规则里没有「%s」。有：%s。", name, list), fmt.Sprintf("The document has no %q. There are: %s.", name, list)).At(name)
}

// conjuncts takes a condition apart at its ands: what a record must meet one by one.
func conjuncts(n *formula.Node) []*formula.Node {
	if n.Op != formula.OpAnd {
		return []*formula.Node{n}
	}
	return append(conjuncts(n.Args[0]), conjuncts(n.Args[1])...)
}
