// Package claim checks public claims against the book of figures: a sentence that somebody said in public, its kind, the definition 口径 under
// which it can be checked, and the evidence with its date beside the date of the claim, give one of four verdicts. A sentence may have
// several readings, and each has its own verdict. What is judged is a definition, never a speaker: a claim names the newspaper, the
// date and the post, and has no place for a person's name.
//
// Claims are documents: dated data that an office can replace. The room knows figures and criteria alone; what no figure of the book answers
// cannot be told, until somebody enters evidence with their name. A check can be stored, with the document's text and both dates, and be
// made again years later.
package claim

import (
	"bytes"
	"embed"
	"io/fs"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"liandong/day"
	"liandong/errs"
	"liandong/place"
)

// Kind is what sort of sentence a claim is.
type Kind string

// The kinds.
const (
	Done     Kind = "done"     // 完成: it is so
	Expected Kind = "expected" // 预计: it will be so by a day
	Target   Kind = "target"   // 目标: it is meant to be so by a day
	Slogan   Kind = "slogan"   // 口号: no definition could be checked, so there is no verdict
)

// Text is the kind in both languages.
func (k Kind) Text() errs.Text {
	switch k {
	case Done:
		return errs.Text{ZH: "完成", EN: "done"}
	case Expected:
		return errs.Text{ZH: "预计", EN: "expected"}
	case Target:
		return errs.Text{ZH: "目标", EN: "target"}
	}
	return errs.Text{ZH: "口号", EN: "slogan"}
}

// Verdict is what a check says of a reading. The empty verdict is that of a slogan: none.
type Verdict string

// The verdicts.
const (
	Reached    Verdict = "reached"
	Partly     Verdict = "partly"
	NotYet     Verdict = "not_yet"
	CannotTell Verdict = "cannot_tell"
)

// Text is the verdict in both languages.
func (v Verdict) Text() errs.Text {
	switch v {
	case Reached:
		return errs.Text{ZH: "已达到", EN: "reached"}
	case Partly:
		return errs.Text{ZH: "部分达到", EN: "partly reached"}
	case NotYet:
		return errs.Text{ZH: "按本口径尚未达到", EN: "not yet reached by this definition"}
	case CannotTell:
		return errs.Text{ZH: "资料不足待核实", EN: "cannot tell: evidence is wanting"}
	}
	return errs.Text{ZH: "口号，不作判断", EN: "a slogan, no verdict"}
}

// Document is a collection of claims of one occasion.
type Document struct {
	ID      string            `yaml:"claims" json:"id"` // "baoding-2015-12"
	Version string            `yaml:"version" json:"version"`
	Title   errs.Text         `yaml:"title" json:"title"`
	Note    errs.Text         `yaml:"note" json:"note"`
	Sources map[string]Source `yaml:"sources" json:"sources"`
	Claims  []Claim           `yaml:"claims_made" json:"claims"`
	Text    []byte            `yaml:"-" json:"-"` // what it was read from
}

// Source is where a claim was published. It has no field for a person.
type Source struct {
	Paper string    `yaml:"paper" json:"paper"`
	Date  string    `yaml:"date" json:"date"` // "2015-12" where the day is not known
	Post  string    `yaml:"post" json:"post"` // the office of whoever said it; empty where it is not recorded
	Note  errs.Text `yaml:"note" json:"note"`
}

// Claim is one sentence.
type Claim struct {
	ID       string      `yaml:"id" json:"id"`
	Sentence errs.Text   `yaml:"sentence" json:"sentence"`
	Kind     Kind        `yaml:"kind" json:"kind"`
	Source   string      `yaml:"source" json:"source"`
	On       day.Date    `yaml:"on" json:"on"`             // of the claim; the month's last day where the day is not known
	Due      day.Date    `yaml:"due" json:"due"`           // by when it is expected or meant
	Missing  []errs.Text `yaml:"missing" json:"missing"`   // what the sentence leaves open, and a reader must know
	Readings []Reading   `yaml:"readings" json:"readings"` // the first is the default
}

// Reading is one definition under which the sentence can be checked.
type Reading struct {
	ID         string    `yaml:"id" json:"id"`
	Definition errs.Text `yaml:"definition" json:"definition"`
	Tests      []Test    `yaml:"tests" json:"tests"`
}

// Test is one condition of a reading. It quotes a figure, asks which criteria documents the program holds, or names evidence that a person
// enters.
type Test struct {
	ID        string    `yaml:"id" json:"id"`
	Says      errs.Text `yaml:"says" json:"says"`
	Figure    string    `yaml:"figure" json:"figure,omitempty"`
	Row       string    `yaml:"row" json:"row,omitempty"` // only the rows of the figure's proof whose label holds this
	Divisions []string  `yaml:"divisions" json:"divisions,omitempty"`
	AsOf      day.Date  `yaml:"as_of" json:"as_of"` // of the evidence; the claim's day, or the day by which it is due, by default
	Criteria  string    `yaml:"criteria" json:"criteria,omitempty"`
	Evidence  string    `yaml:"evidence" json:"evidence,omitempty"`
	Equals    *float64  `yaml:"equals" json:"equals,omitempty"`
	AtLeast   *float64  `yaml:"at_least" json:"at_least,omitempty"`
	AtMost    *float64  `yaml:"at_most" json:"at_most,omitempty"`
	Within    float64   `yaml:"within" json:"within,omitempty"`                   // how far from Equals still counts, for "about"
	Partly    *float64  `yaml:"partly_at_least" json:"partly_at_least,omitempty"` // from here on it is partly so
}

//go:embed documents/*.yaml
var documents embed.FS

// Shipped are the documents that come with the program, in the order of their names.
func Shipped() ([]Document, error) {
	names, err := fs.Glob(documents, "documents/*.yaml")
	if err != nil {
		return nil, errs.Wrap("claim.Shipped", err)
	}
	var all []Document
	for _, name := range names {
		text, err := documents.ReadFile(name)
		if err != nil {
			return nil, errs.Wrap("claim.Shipped", err)
		}
		d, err := Parse(text)
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, nil
}

// maxDocument bounds a document: all claims of a city's year fit.
const maxDocument = 1 << 20

// Parse reads a document and refuses what could not be checked as it stands.
func Parse(text []byte) (Document, error) {
	var d Document
	if len(text) > maxDocument {
		return d, errs.New(errs.TooLarge, "claim.Parse", "口径文件超过 1 MB。", "The document of claims is larger than 1 MB.")
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&d); err != nil {
		return d, errs.New(errs.Invalid, "claim.Parse", "口径文件读不懂："+err.Error()+"。", "The document of claims cannot be read: "+err.Error()+".").Because(err)
	}
	d.Text = bytes.Clone(text)
	if d.ID == "" || d.Version == "" || d.Title.ZH == "" || len(d.Claims) == 0 {
		return d, wrong(d.ID, "文件须有编号、版本、标题和至少一条提法。", "A document has an id, a version, a title and at least one claim.")
	}
	seen := map[string]bool{}
	for i := range d.Claims {
		c := &d.Claims[i]
		if seen[c.ID] || c.ID == "" {
			return d, wrong(c.ID, "提法的编号缺失或重复。", "A claim's id is missing or stands twice.")
		}
		seen[c.ID] = true
		if err := d.check(c); err != nil {
			return d, err
		}
	}
	return d, nil
}

func wrong(where, zh, en string) error {
	return errs.New(errs.Invalid, "claim.Parse", zh, en).At(where)
}

func (d *Document) check(c *Claim) error {
	_, known := d.Sources[c.Source]
	switch {
	case c.Sentence.ZH == "":
		return wrong(c.ID, "提法没有原句。", "The claim has no sentence.")
	case !known:
		return wrong(c.ID, "提法没有写明出处。", "The claim names no source.")
	case c.On.IsZero():
		return wrong(c.ID, "提法没有日期。", "The claim has no date.")
	case !slices.Contains([]Kind{Done, Expected, Target, Slogan}, c.Kind):
		return wrong(c.ID, "提法的类别应为 done、expected、target 或 slogan。", "A claim's kind is done, expected, target or slogan.")
	case c.Kind == Slogan && len(c.Readings) > 0:
		return wrong(c.ID, "口号不作判断，不能有口径。", "A slogan is not judged and has no readings.")
	case c.Kind != Slogan && len(c.Readings) == 0:
		return wrong(c.ID, "提法至少要有一个口径。", "A claim has at least one reading.")
	case (c.Kind == Expected || c.Kind == Target) && c.Due.IsZero():
		return wrong(c.ID, "预计和目标须写明期限。", "What is expected or meant has a day by which it is due.")
	}
	for i := range c.Readings {
		r := &c.Readings[i]
		where := c.ID + "." + r.ID
		if r.ID == "" || r.Definition.ZH == "" || len(r.Tests) == 0 {
			return wrong(where, "口径须有编号、说明和至少一项核对。", "A reading has an id, a definition and at least one test.")
		}
		for k := range r.Tests {
			if err := r.Tests[k].check(where); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *Test) check(where string) error {
	where += "." + t.ID
	sources, bounds := 0, 0
	for _, s := range []string{t.Figure, t.Criteria, t.Evidence} {
		if s != "" {
			sources++
		}
	}
	for _, b := range []*float64{t.Equals, t.AtLeast, t.AtMost} {
		if b != nil {
			bounds++
		}
	}
	switch {
	case t.ID == "" || t.Says.ZH == "":
		return wrong(where, "核对项须有编号和说明。", "A test has an id and says what it tests.")
	case sources != 1:
		return wrong(where, "核对项须恰好引用一个指标、标准文件或证据。", "A test quotes exactly one figure, criteria document or piece of evidence.")
	case t.Evidence == "" && bounds != 1:
		return wrong(where, "核对项须恰好有 equals、at_least、at_most 之一。", "A test has exactly one of equals, at_least and at_most.")
	}
	for _, code := range t.Divisions {
		if _, err := place.ParseCode(code); err != nil {
			return wrong(where, "区划代码「"+code+"」有误。", "The division code "+code+" is wrong.")
		}
	}
	return nil
}

// Claim finds a claim of the document.
func (d *Document) Claim(id string) (*Claim, bool) {
	i := slices.IndexFunc(d.Claims, func(c Claim) bool { return c.ID == id })
	if i < 0 {
		return nil, false
	}
	return &d.Claims[i], true
}

// Name is the document's id with its version: "baoding-2015-12@2015.12".
func (d *Document) Name() string { return strings.Join([]string{d.ID, d.Version}, "@") }
