package criteriatest

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"liandong/formula"
)

// Tells says how much an evaluator answers.
type Tells int

// What evaluators answer, each more than the one before.
const (
	TellsVerdict Tells = iota // outcome, score and the fields that matter
	TellsFacts                // parts, bars and being poor too
	TellsWhy                  // and why what is unknown is unknown
)

// Evaluator is something that scripts are held against. Answer gives the text that should stand under a step; a refusal of the document is its
// error. An evaluator that does not tell why is asked only to evaluate.
type Evaluator struct {
	Name   string
	Tells  Tells
	Record bool // write what it answers into the scripts instead of comparing
	Answer func(t testing.TB, s *Step) (string, error)
}

// Verdict is an evaluator's answer about one household.
type Verdict struct {
	Outcome   string
	Low, High float64
	Missing   []string
	Facts     []Fact
}

// Fact is a part with its points, a bar, or being poor.
type Fact struct {
	Name  string
	Truth bool // yes or no, rather than points
	Value formula.Value
	Why   []string
}

// Text writes verdicts as scripts do, one line for each household of the step, and under it the reasons.
func (s *Step) Text(verdicts []Verdict) string {
	var b strings.Builder
	scored := strings.Contains("\n"+s.Document, "\nscore:")
	for i := range verdicts {
		v := &verdicts[i]
		b.WriteString(s.Households[i].Name + ": " + v.Outcome)
		if scored || v.Low != 0 || v.High != 0 {
			b.WriteString(" " + points(v.Low))
			if v.Low != v.High {
				b.WriteString(" to " + points(v.High))
			}
		}
		for _, f := range v.Facts {
			b.WriteString("; " + f.Name + " " + f.text())
		}
		if len(v.Missing) > 0 {
			b.WriteString("; missing " + strings.Join(v.Missing, " "))
		}
		b.WriteString("\n")
		for _, f := range v.Facts {
			if len(f.Why) > 0 {
				b.WriteString("    " + f.Name + ": " + strings.Join(f.Why, ", ") + "\n")
			}
		}
	}
	return b.String()
}

func points(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

func (f *Fact) text() string {
	switch {
	case !f.Value.Known:
		return "unknown"
	case f.Truth:
		return [2]string{"no", "yes"}[int(f.Value.Num)]
	}
	return points(f.Value.Num)
}

// only is what an evaluator that tells less should say of an expected text.
func (tells Tells) only(text string) string {
	if tells == TellsWhy {
		return text
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, " ") {
			continue // a reason
		}
		facts := strings.Split(strings.TrimSuffix(line, "\n"), "; ")
		if tells == TellsVerdict {
			facts = slices.DeleteFunc(facts, func(fact string) bool { return fact != facts[0] && !strings.HasPrefix(fact, "missing ") })
		}
		b.WriteString(strings.Join(facts, "; ") + "\n")
	}
	return b.String()
}

// leastScripts is how many scripts there are at least: a folder that is not found must not pass.
const leastScripts = 25

// Conform runs every script of a folder on the evaluators, one after the other. What one records the next are held against.
func Conform(t *testing.T, folder string, evaluators ...Evaluator) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*.txtar"))
	if err != nil || len(paths) < leastScripts {
		t.Fatalf("%s has %d scripts: %v", folder, len(paths), err)
	}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".txtar")
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		script, err := ReadScript(name, text)
		if err != nil {
			t.Error(err)
			continue
		}
		t.Run(name, func(t *testing.T) {
			for _, e := range evaluators {
				e.conform(t, script, path)
			}
		})
	}
}

func (e *Evaluator) conform(t *testing.T, script *Script, path string) {
	t.Helper()
	anew := map[int]string{}
	for i := range script.Steps {
		s := &script.Steps[i]
		if e.Tells < TellsWhy && s.Verb != "evaluate" {
			continue
		}
		got, err := e.Answer(t, s)
		if refuses := slices.Contains(s.Not, e.Name); refuses || err != nil {
			if refuses != (err != nil) {
				t.Errorf("%s, step %d: refused by %s: %v", path, i+1, e.Name, err)
			}
			continue
		}
		if e.Record && got != s.Expected {
			anew[i], s.Expected = got, got
			continue
		}
		if want := e.Tells.only(s.Expected); got != want {
			t.Errorf("%s, step %d (%s): %s says\n%s\nwant\n%s", path, i+1, s.Verb, e.Name, got, want)
		}
	}
	if len(anew) > 0 {
		if err := os.WriteFile(path, script.With(anew), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
