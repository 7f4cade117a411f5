package criteria

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"liandong/day"
	"liandong/errs"
	"liandong/formula"
)

// Rewriting is what Rewrite changes in the text of a document.
type Rewriting struct {
	Version    string             // the new version; empty keeps it
	On         day.Date           // the day whose year a yearly parameter's new value is for
	Parameters map[string]float64 // parameters with another value
	Amendments Amendments
	Cases      map[string]CaseResult // cases, by name, whose expected result is what came out
}

// Rewrite gives the text of a document as a Rewriting changes it. Only the values that change are written anew, in their place: comments, order and
// layout stay. A bar that is switched off becomes a comment. The text that comes out says exactly what ParseAmended supposes: that is checked, and
// a layout in which it cannot be done (anchors, aliases, tags) is refused.
func Rewrite(text []byte, forms Forms, w Rewriting) ([]byte, error) {
	supposed, err := supposedBy(text, forms, &w)
	if err != nil {
		return nil, err
	}
	root, err := formula.ReadYAML(text, noun(), new(documentRow))
	if err != nil {
		return nil, err
	}
	e := editing{source: newLayout(text), root: root.Content[0]}
	for _, step := range []func(*Rewriting) error{e.version, e.parameters, e.points, e.weights, e.bars, e.poor, e.cases} {
		if err := step(&w); err != nil {
			return nil, err
		}
	}
	written := e.source.apply(e.edits)
	back, err := Parse(written, forms)
	if err != nil || !saysSame(supposed, back) {
		return nil, errs.New(errs.Invalid, "criteria.Rewrite", "这份规则的写法（锚点、别名、标签或不常见的排版）不能自动改写。请在文本里直接修改。",
			"The way in which this document is written (anchors, aliases, tags or an unusual layout) cannot be changed by itself. Change its text.").Because(err)
	}
	return written, nil
}

// supposedBy is the document that the text of a Rewriting must say.
func supposedBy(text []byte, forms Forms, w *Rewriting) (*Document, error) {
	d, err := ParseAmended(text, forms, w.Amendments)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(d.Parameters))
	for i := range d.Parameters {
		p := &d.Parameters[i]
		names[i] = p.Name
		value, ok := w.Parameters[p.Name]
		switch {
		case !ok:
		case p.Value != nil:
			p.Value = &value
		default:
			p.ByYear = maps.Clone(p.ByYear)
			p.ByYear[w.On.Year()] = value
		}
	}
	for name := range w.Parameters {
		if !slices.Contains(names, name) {
			return nil, noSuch(name, names)
		}
	}
	caseNames := make([]string, len(d.Cases))
	for i := range d.Cases {
		c := &d.Cases[i]
		caseNames[i] = c.Name
		if r, ok := w.Cases[c.Name]; ok {
			c.expect(&r)
		}
	}
	for name := range w.Cases {
		if !slices.Contains(caseNames, name) {
			return nil, noSuch(name, caseNames)
		}
	}
	if w.Version != "" {
		if !versionForm.MatchString(w.Version) {
			return nil, errs.New(errs.Invalid, "criteria.Rewrite", "版本号要写年份，如 2015.2。", "A version is a year, such as 2015.2.").At("version")
		}
		d.Version = w.Version
	}
	return d, nil
}

// saysSame reports whether two documents say the same: every formula, number and title, and what their cases expect.
func saysSame(a, b *Document) bool {
	return b != nil && a.ID() == b.ID() && len(Diff(a, b)) == 0 && slices.EqualFunc(a.Cases, b.Cases, func(x, y Case) bool {
		return x.Name == y.Name && x.Record == y.Record && x.AsOf == y.AsOf && x.Outcome == y.Outcome && sameNumber(x.Low, y.Low) && sameNumber(x.High, y.High) && slices.Equal(x.Missing, y.Missing)
	})
}

func sameNumber(a, b *float64) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }

// editing gathers the changes of a text.
type editing struct {
	source *layout
	root   *yaml.Node
	edits  []edit
}

// under finds what stands under a key of a mapping; nil where nothing does.
func under(mapping *yaml.Node, key string) *yaml.Node {
	if mapping == nil || mapping.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return mapping.Content[i+1]
		}
	}
	return nil
}

// named finds the entry of a list whose key has a value; nil where none has.
func named(list *yaml.Node, key, name string) *yaml.Node {
	if list == nil {
		return nil
	}
	for _, n := range list.Content {
		if v := under(n, key); v != nil && v.Value == name {
			return n
		}
	}
	return nil
}

// replace writes a value anew in its place.
func (e *editing) replace(n *yaml.Node, with string) error {
	from, to, ok := e.source.extent(n)
	if !ok {
		return errs.New(errs.Invalid, "criteria.Rewrite", "这份规则里要改的地方用了锚点、别名或标签，不能自动改写。请在文本里直接修改。", "What is to be changed is written with an anchor, an alias or a tag and cannot be changed by itself. Change the text.")
	}
	e.edits = append(e.edits, edit{from, to, with})
	return nil
}

func (e *editing) version(w *Rewriting) error {
	if w.Version == "" {
		return nil
	}
	return e.replace(under(e.root, "version"), quoted(w.Version))
}

func (e *editing) parameters(w *Rewriting) error {
	for _, name := range slices.Sorted(maps.Keys(w.Parameters)) {
		parameter := under(under(e.root, "parameters"), name)
		number := plain(w.Parameters[name])
		if one := under(parameter, "value"); one != nil {
			if err := e.replace(one, number); err != nil {
				return err
			}
			continue
		}
		years := under(parameter, "by_year")
		if one := under(years, strconv.Itoa(w.On.Year())); one != nil {
			if err := e.replace(one, number); err != nil {
				return err
			}
			continue
		}
		if err := e.addYear(years, w.On.Year(), number); err != nil {
			return err
		}
	}
	return nil
}

// addYear writes a year behind the last one that is there.
func (e *editing) addYear(years *yaml.Node, year int, number string) error {
	if years == nil || len(years.Content) < 2 {
		return nil // Rewrite finds that the text does not say what it should
	}
	key, last := years.Content[len(years.Content)-2], years.Content[len(years.Content)-1]
	_, to, ok := e.source.extent(last)
	if !ok {
		return nil
	}
	between := fmt.Sprintf(", %d: %s", year, number)
	if years.Style&yaml.FlowStyle == 0 {
		to = e.source.endOfLine(to)
		between = fmt.Sprintf("\n%s%d: %s", strings.Repeat(" ", key.Column-1), year, number)
	}
	e.edits = append(e.edits, edit{to, to, between})
	return nil
}

// partNode finds a part by its name, house.structure.
func (e *editing) partNode(name string) *yaml.Node {
	indicator, part, _ := strings.Cut(name, ".")
	return named(under(named(under(under(e.root, "score"), "indicators"), "id", indicator), "parts"), "id", part)
}

// points writes other expressions; those that a weight changes too are left to weights.
func (e *editing) points(w *Rewriting) error {
	for _, name := range slices.Sorted(maps.Keys(w.Amendments.Points)) {
		if e.weighed(w, name) {
			continue
		}
		if err := e.replace(under(e.partNode(name), "points"), quoted(w.Amendments.Points[name])); err != nil {
			return err
		}
	}
	return nil
}

func (e *editing) weighed(w *Rewriting, part string) bool {
	indicator, _, _ := strings.Cut(part, ".")
	_, whole := w.Amendments.Weights[indicator]
	_, own := w.Amendments.Weights[part]
	return whole || own
}

// weights writes what weigh makes of the rows: the max and the points of every part that is weighed, and the max of its indicator.
func (e *editing) weights(w *Rewriting) error {
	indicators := under(under(e.root, "score"), "indicators")
	if len(w.Amendments.Weights) == 0 || indicators == nil {
		return nil
	}
	var score scoreRow
	if err := under(e.root, "score").Decode(&score); err != nil {
		return err
	}
	for i := range score.Indicators {
		for k := range score.Indicators[i].Parts {
			p := &score.Indicators[i].Parts[k]
			if text, ok := w.Amendments.Points[score.Indicators[i].ID.Value+"."+p.ID.Value]; ok {
				p.Points = scalarNode(text)
			}
		}
	}
	score.weigh(w.Amendments.Weights)
	for i := range score.Indicators {
		indicator := &score.Indicators[i]
		changed := false
		for k := range indicator.Parts {
			p := &indicator.Parts[k]
			if !e.weighed(w, indicator.ID.Value+"."+p.ID.Value) {
				continue
			}
			changed = true
			node := under(indicators.Content[i], "parts").Content[k]
			if err := e.replace(under(node, "max"), plain(p.Max)); err != nil {
				return err
			}
			if err := e.replace(under(node, "points"), quoted(p.Points.Value)); err != nil {
				return err
			}
		}
		if changed {
			if err := e.replace(under(indicators.Content[i], "max"), plain(indicator.Max)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *editing) bars(w *Rewriting) error {
	bars := under(e.root, "bars")
	for _, name := range slices.Sorted(maps.Keys(w.Amendments.Bars)) {
		bar := named(bars, "id", name)
		if kind := w.Amendments.Bars[name]; kind != Off {
			if err := e.replace(under(bar, "kind"), kind); err != nil {
				return err
			}
		}
	}
	return e.off(bars, w.Amendments.Bars)
}

// off turns the bars that are switched off into comments; of a list within brackets it takes them out.
func (e *editing) off(bars *yaml.Node, kinds map[string]string) error {
	if bars == nil {
		return nil
	}
	if bars.Style&yaml.FlowStyle != 0 {
		return e.offInBrackets(bars, kinds)
	}
	for _, bar := range bars.Content {
		if kinds[under(bar, "id").Value] != Off {
			continue
		}
		for _, begin := range e.source.linesOfItem(bar) {
			e.edits = append(e.edits, edit{begin, begin, "# "})
		}
	}
	return nil
}

func (e *editing) offInBrackets(bars *yaml.Node, kinds map[string]string) error {
	left := slices.DeleteFunc(slices.Clone(bars.Content), func(n *yaml.Node) bool { return kinds[under(n, "id").Value] == Off })
	if len(left) == len(bars.Content) {
		return nil
	}
	entries := make([]string, len(left))
	for i, n := range left {
		from, to, ok := e.source.extent(n)
		if !ok {
			return nil
		}
		entries[i] = string(e.source.text[from:to])
		// A kind that is changed within is written here, as the whole list is.
		kind := under(n, "kind")
		if changed, ok := kinds[under(n, "id").Value]; ok {
			at, end, _ := e.source.extent(kind)
			entries[i] = string(e.source.text[from:at]) + changed + string(e.source.text[end:to])
			e.edits = slices.DeleteFunc(e.edits, func(o edit) bool { return o.from == at })
		}
	}
	return e.replace(bars, "["+strings.Join(entries, ", ")+"]")
}

func (e *editing) poor(w *Rewriting) error {
	if w.Amendments.Poor == "" {
		return nil
	}
	return e.replace(under(e.root, "poor"), quoted(w.Amendments.Poor))
}

// cases writes what is expected of cases from now on, of what they said before: outcome, score, missing.
func (e *editing) cases(w *Rewriting) error {
	for _, name := range slices.Sorted(maps.Keys(w.Cases)) {
		r := w.Cases[name]
		node := named(under(e.root, "cases"), "name", name)
		if err := e.replace(under(node, "outcome"), r.Outcome.String()); err != nil {
			return err
		}
		if score := under(node, "score"); score != nil {
			with := plain(r.Low)
			if r.Low != r.High {
				with = "[" + plain(r.Low) + ", " + plain(r.High) + "]"
			}
			if err := e.replace(score, with); err != nil {
				return err
			}
		}
		if missing := under(node, "missing"); missing != nil {
			if err := e.replace(missing, "["+strings.Join(r.Missing, ", ")+"]"); err != nil {
				return err
			}
		}
	}
	return nil
}
