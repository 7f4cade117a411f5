package main

import (
	"errors"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"liandong": main})
}

// TestScripts runs the program as a person would; every file of testdata/script tells one story. "exit N liandong …" runs it and
// expects exactly the exit code N. With UPDATE_SCRIPTS=1 expected outputs are rewritten instead of compared.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"exit": exitsWith},
	})
}

func exitsWith(ts *testscript.TestScript, negated bool, words []string) {
	if negated || len(words) < 2 {
		ts.Fatalf("usage: exit CODE PROGRAM WORDS…")
	}
	want, err := strconv.Atoi(words[0])
	ts.Check(err)
	got := 0
	var failed *exec.ExitError
	switch err := ts.Exec(words[1], words[2:]...); {
	case errors.As(err, &failed):
		got = failed.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func TestServingAFolderMeansTheDemonstrationInIt(t *testing.T) {
	small := demoMark{Seed: 7, Scale: .01, Whole: true}
	for _, c := range []struct {
		asked demoCommand
		there demoMark
		want  bool
	}{
		{demoCommand{Scale: usualScale, Seed: usualSeed}, small, true},
		{demoCommand{Scale: .01, Seed: 7}, small, true},
		{demoCommand{Scale: .02, Seed: 7}, small, false},
		{demoCommand{Scale: .01, Seed: 8}, small, false},
		{demoCommand{Scale: usualScale, Seed: usualSeed}, demoMark{Seed: 7, Scale: .01}, false}, // its making was cut short
	} {
		if got := c.asked.asks(c.there); got != c.want {
			t.Errorf("asked for %v of %v, where %+v is there: %v", c.asked.Scale, c.asked.Seed, c.there, got)
		}
	}
}
