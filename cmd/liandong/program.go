package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"liandong/errs"
)

// exitDone is the exit code of a command that processed what it was given, even when some rows were held back. The other codes,
// 1 for nothing done and 2 for wrong usage, come from the kind of the error.
const exitDone = 0

// program is one run of the command line. Tests make their own, with buffers for streams.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer

	line    commandLine
	closers []func() error
}

func newProgram(stdin io.Reader, stdout, stderr io.Writer) *program {
	return &program{stdin: stdin, stdout: stdout, stderr: stderr}
}

// Run parses the words after the program's name, runs the command they name and returns the exit code. What went wrong is already
// printed when it returns.
func (p *program) Run(ctx context.Context, words []string) int {
	exited := false // kong prints help or fails through Exit and then goes on parsing
	parser, err := kong.New(&p.line,
		kong.Name("liandong"),
		kong.Description("联动：一座城市的扶贫对象、协同发展项目和有据可查的数字。\nLiandong: a city's poor households, its development projects and figures that can be checked."),
		kong.Writers(p.stdout, p.stderr),
		kong.Exit(func(int) { exited = true }),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(p),
	)
	if err != nil {
		return p.fail(errs.Wrap("main.Run", err))
	}
	chosen, err := parser.Parse(words)
	switch {
	case exited:
		return exitDone
	case err != nil:
		p.line.Lang = languageIn(words)
		return p.fail(usage(err))
	}
	if err := chosen.Run(); err != nil {
		return p.fail(err)
	}
	return exitDone
}

// Close shuts what the command opened, last opened first.
func (p *program) Close() error {
	var all []error
	for _, closer := range slices.Backward(p.closers) {
		all = append(all, closer())
	}
	p.closers = nil
	return errors.Join(all...)
}

// later leaves something to be shut by Close.
func (p *program) later(closer func() error) { p.closers = append(p.closers, closer) }

// answer prints a command's result: one JSON document with --json, else whatever text writes.
func (p *program) answer(result any, text func(io.Writer) error) error {
	if !p.line.JSON {
		return errs.Wrap("main.answer", text(p.stdout))
	}
	encoder := json.NewEncoder(p.stdout)
	encoder.SetEscapeHTML(false)
	return errs.Wrap("main.answer", encoder.Encode(result))
}

// say is the text in the language asked for, or in both, Chinese first.
func (p *program) say(t errs.Text) string {
	if p.line.Lang != "" {
		return t.In(p.line.Lang)
	}
	return strings.Join(slices.DeleteFunc([]string{t.ZH, t.EN}, func(s string) bool { return s == "" }), "\n")
}

// fail prints the sentence of an error and gives its exit code. A defect or a broken machine also prints its technical line:
// whoever runs a command is the operator, and has no other log.
func (p *program) fail(err error) int {
	kind := errs.KindOf(err)
	fmt.Fprintln(p.stderr, p.say(errs.Sentence(err)))
	if kind == errs.Internal {
		fmt.Fprintln(p.stderr, err)
	}
	return kind.Exit()
}
