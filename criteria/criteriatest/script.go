package criteriatest

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"

	"liandong/day"
	"liandong/errs"
	"liandong/form"
)

// Script is a conformance script: a story in plain text that loads a document and households and says what every evaluator must answer. It is
// a txtar archive whose files are steps, done one after the other:
//
//	A sentence about the rule that the script shows.
//
//	-- document --
//	criteria: grain
//	version: "2015"
//	form: household@2015
//	poor: grain.output < 150
//	-- households --
//	household  grain.output
//	little     149.5
//	unasked    -
//	-- evaluate 2015-12-31 --
//	little: proposed
//	unasked: undetermined; poor unknown; missing grain.output
//	    poor: Grain output is missing
//
// "document" and "households" load. Households are a table whose columns are two blanks or more apart, headed by paths of the form; a cell is
// JSON or a word, "-" where there is no answer; or they are NDJSON, as the program reads it.
//
// "evaluate DAY [PARAMETER=VALUE…] [but not ENGINE…]" expects a line for each household: the outcome, both ends of the score, the points of every
// part, whether every bar is met, whether the household counts as poor where that is unknown, and the fields that matter. Under it stands, for
// everything unknown, why. Records evaluated one by one must say all of it, columns everything but the reasons, SQL the outcome, the score and
// the fields. An engine that is excepted must refuse the document. "turn DAY" expects the smallest change that would turn each outcome, "refuse"
// the sentences with which the document is refused, "refuse beside the last" those with which it is beside the document before it, and "refuse ENGINE
// DAY" those with which it is not written as SQL for an engine.
type Script struct {
	Name  string
	About string
	Steps []Step

	text *txtar.Archive
}

// Step is something a script asks, with what was loaded before it.
type Step struct {
	Verb       string // evaluate, turn or refuse
	Engine     string // of refuse, the engine; empty for the document itself
	AsOf       day.Date
	Parameters map[string]float64
	Not        []string // engines that refuse the document
	Document   string
	Last       string // the document before it
	Beside     bool   // refuse it beside the last
	Households []Household
	Expected   string

	at int // its file in the archive
}

// Household is a record with the name that a script gives it.
type Household struct {
	Name   string
	Record *form.Record
}

// ReadScript reads a script. What is not well written is an error that says which step.
func ReadScript(name string, text []byte) (*Script, error) {
	s := &Script{Name: name, text: txtar.Parse(text)}
	if s.About = strings.TrimSpace(string(s.text.Comment)); s.About == "" {
		return nil, fmt.Errorf("%s: begin with a sentence about the rule that is shown", name)
	}
	var loaded Step
	for i, f := range s.text.Files {
		words := strings.Fields(f.Name)
		step := loaded
		step.Expected, step.at = string(f.Data), i
		var err error
		switch words[0] {
		case "document":
			loaded.Last, loaded.Document = loaded.Document, string(f.Data)
			continue
		case "households":
			loaded.Households, err = readHouseholds(string(f.Data))
		case "evaluate", "turn", "refuse":
			if err = step.ask(words); err == nil {
				s.Steps = append(s.Steps, step)
			}
		default:
			err = errors.New("there are document, households, evaluate, turn and refuse")
		}
		if err != nil {
			return nil, fmt.Errorf("%s: -- %s --: %w", name, f.Name, err)
		}
	}
	if len(s.Steps) == 0 {
		return nil, fmt.Errorf("%s asks nothing", name)
	}
	return s, nil
}

// ask reads the words of a step's heading.
func (s *Step) ask(words []string) (err error) {
	s.Verb, words = words[0], words[1:]
	if s.Verb == "refuse" {
		if s.Beside = strings.Join(words, " ") == "beside the last"; s.Beside || len(words) == 0 {
			return nil
		}
		s.Engine, words = words[0], words[1:]
	}
	if len(words) == 0 {
		return errors.New("a day is wanted")
	}
	if s.AsOf, err = day.Parse(words[0]); err != nil {
		return err
	}
	for i, word := range words[1:] {
		name, value, moves := strings.Cut(word, "=")
		switch {
		case word == "but" && i+3 <= len(words) && words[i+2] == "not":
			s.Not = words[i+3:]
			return nil
		case !moves:
			return fmt.Errorf("%q is no PARAMETER=VALUE", word)
		}
		if s.Parameters == nil {
			s.Parameters = map[string]float64{}
		}
		if s.Parameters[name], err = strconv.ParseFloat(value, 64); err != nil {
			return err
		}
	}
	return nil
}

// readHouseholds reads a table, or NDJSON.
func readHouseholds(text string) (all []Household, err error) {
	if !strings.HasPrefix(text, "{") {
		if text, err = tableAsLines(text); err != nil {
			return nil, err
		}
	}
	var faults []error
	err = form.Household().Root.ReadLines(strings.NewReader(text), func(id string, r *form.Record) error {
		all = append(all, Household{id, r.Clone()})
		return nil
	}, func(f *form.LineFault) { faults = append(faults, f) })
	if len(all)+len(faults) == 0 {
		err = errors.New("there is no household")
	}
	return all, errors.Join(append(faults, err)...)
}

// tableAsLines turns a table into NDJSON.
func tableAsLines(text string) (string, error) {
	var paths []string
	var lines strings.Builder
	for line := range strings.Lines(text) {
		cells := cellsOf(line)
		switch {
		case len(cells) == 0:
			continue
		case paths == nil:
			paths = cells
			continue
		case len(cells) != len(paths):
			return "", fmt.Errorf("%d cells for %d columns: %s", len(cells), len(paths), line)
		}
		object := map[string]any{"id": cells[0]}
		for i, cell := range cells[1:] {
			if cell != "-" {
				put(object, strings.Split(paths[i+1], "."), cell)
			}
		}
		b, err := json.Marshal(object)
		if err != nil {
			return "", fmt.Errorf("%s: %w", line, err)
		}
		lines.Write(append(b, '\n'))
	}
	return lines.String(), nil
}

// cellsOf parts a line where two blanks or more stand.
func cellsOf(line string) (cells []string) {
	for cell := range strings.SplitSeq(strings.TrimSpace(line), "  ") {
		if cell = strings.TrimSpace(cell); cell != "" {
			cells = append(cells, cell)
		}
	}
	return cells
}

// put sets a value by its path; what is no JSON is a word.
func put(object map[string]any, path []string, cell string) {
	for len(path) > 1 {
		inner, ok := object[path[0]].(map[string]any)
		if !ok {
			inner = map[string]any{}
			object[path[0]] = inner
		}
		object, path = inner, path[1:]
	}
	if json.Valid([]byte(cell)) {
		object[path[0]] = json.RawMessage(cell)
	} else {
		object[path[0]] = cell
	}
}

// With is the script with other expectations, by step.
func (s *Script) With(expected map[int]string) []byte {
	for at, text := range expected {
		s.text.Files[s.Steps[at].at].Data = []byte(text)
	}
	return txtar.Format(s.text)
}

// Sentence is a refusal as scripts write it, in both languages.
func Sentence(err error) string {
	t := errs.Sentence(err)
	return t.EN + "\n" + t.ZH + "\n"
}
