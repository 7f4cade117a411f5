package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"liandong/errs"
)

func testProgram(t *testing.T) (p *program, stdout, stderr *bytes.Buffer) {
	t.Helper()
	stdout, stderr = new(bytes.Buffer), new(bytes.Buffer)
	return newProgram(strings.NewReader(""), stdout, stderr), stdout, stderr
}

func TestRunStartsTheWholeProgram(t *testing.T) {
	t.Parallel()
	p, stdout, stderr := testProgram(t)
	if code := p.Run(t.Context(), []string{"version"}); code != 0 || !strings.HasPrefix(stdout.String(), "liandong ") || stderr.Len() > 0 {
		t.Errorf("exit %d, stdout %q, stderr %q", code, stdout, stderr)
	}
}

// A demonstration that is served ends quietly when it is asked to stop.
func TestServingEndsWithoutAComplaint(t *testing.T) {
	t.Parallel()
	said, stderr := io.Pipe()
	ctx, stop := context.WithCancel(t.Context())
	p := newProgram(strings.NewReader(""), io.Discard, stderr)
	ended := make(chan int, 1)
	go func() {
		ended <- p.Run(ctx, []string{"demo", "--dir", filepath.Join(t.TempDir(), "city"), "--scale", "0.0005", "--serve", "--addr", "127.0.0.1:0", "--lang", "en"})
		stderr.Close()
	}()
	lines, last := bufio.NewScanner(said), ""
	for lines.Scan() {
		last = lines.Text()
		if address, _, serving := strings.Cut(strings.TrimPrefix(last, "Serving on "), ";"); serving && strings.HasPrefix(address, "http") {
			go func() { // it answers, then it is stopped
				if answer, err := http.Get(address); err == nil {
					answer.Body.Close()
				}
				stop()
			}()
		}
	}
	if code, err := <-ended, p.Close(); code != 0 || err != nil {
		t.Errorf("exit %d, %v, said last %q", code, err, last)
	}
	stop()
}

func TestFailSaysTheSentenceAndGivesTheKindsExitCode(t *testing.T) {
	t.Parallel()
	refusal := errs.New(errs.Invalid, "place.Parse", "没有这个村。", "There is no such village.").At("第 3 行").Because(errors.New("row 3"))
	sentence := errs.Sentence(refusal)
	defect := errs.Wrap("db.Open", errors.New("disk on fire"))
	for _, test := range []struct {
		name, lang string
		err        error
		code       int
		stderr     string
	}{
		{"both languages, Chinese first", "", refusal, 1, sentence.ZH + "\n" + sentence.EN + "\n"},
		{"one language", "en", refusal, 1, sentence.EN + "\n"},
		{"usage", "zh", errs.New(errs.Usage, "x", "用法不对。", "Wrong."), 2, "用法不对。\n"},
		{"a defect shows the operator its cause", "en", defect, 1, errs.Sentence(defect).EN + "\ndb.Open: disk on fire\n"},
	} {
		p, stdout, stderr := testProgram(t)
		p.line.Lang = test.lang
		if code := p.fail(test.err); code != test.code || stderr.String() != test.stderr || stdout.Len() > 0 {
			t.Errorf("%s: exit %d, stderr %q, stdout %q", test.name, code, stderr, stdout)
		}
	}
}

func TestCloseShutsInReverseAndReportsEveryFailure(t *testing.T) {
	t.Parallel()
	p, _, _ := testProgram(t)
	var order []string
	for _, name := range []string{"store", "server"} {
		p.later(func() error {
			order = append(order, name)
			return errors.New(name + " would not shut")
		})
	}
	err := p.Close()
	if got := strings.Join(order, " "); got != "server store" {
		t.Errorf("shut in the order %q", got)
	}
	if err == nil || !strings.Contains(err.Error(), "server would") || !strings.Contains(err.Error(), "store would") {
		t.Errorf("error %v", err)
	}
	if err := p.Close(); err != nil {
		t.Errorf("a second Close: %v", err)
	}
}

// TestAWrongNumberIsSaidAlikeInBothLanguages: a number below zero looks like a flag, so both say how to write it.
func TestAWrongNumberIsSaidAlikeInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		words  []string
		zh, en string
	}{
		{[]string{"--mean", "-1"}, "选项 --mean 后面的「-1」被当成了另一个选项；要写负数，请写成 --mean=-1", `try --mean="-1"`},
		{[]string{"--mean", "many"}, "选项 --mean 的值「many」不是数", `expected a float but got "many"`},
		{[]string{"--times", "1.5"}, "选项 --times 的值「1.5」不是整数", `int but got "1.5"`},
		{[]string{"--mean"}, "选项 --mean 后面缺少值", "nothing follows"},
		{[]string{"--mean", "--times"}, "选项 --mean 后面缺少值，紧跟着的「--times」是另一个选项", `got "--times"`},
	} {
		var flags struct {
			Mean  float64
			Times int
		}
		parser, err := kong.New(&flags)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = parser.Parse(test.words); err == nil {
			t.Errorf("%q was taken", test.words)
			continue
		}
		if said := errs.Sentence(usage(err)); !strings.Contains(said.ZH, test.zh) || !strings.Contains(said.EN, test.en) {
			t.Errorf("%q: %s %s", test.words, said.ZH, said.EN)
		}
	}
}

func TestACityIsAFolderOrADatabaseNeverBothNeverNeither(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		words []string
		zh    string // what the sentence says; "" for accepted
	}{
		{[]string{"--dir", "d"}, ""},
		{[]string{"--database", "postgres://localhost/city"}, ""},
		{[]string{"--dir", "d", "--database", "postgres://localhost/city"}, "选项 --dir 和 --database 不能同时使用"},
		{nil, "缺少选项 --dir=D 或 --database=URL"},
		{[]string{"--dir"}, "选项 --dir 后面缺少值"},
		{[]string{"--dir", "--database"}, "选项 --dir 后面缺少值，紧跟着的「--database」是另一个选项"},
	} {
		var flags struct{ cityFlags }
		parser, err := kong.New(&flags)
		if err != nil {
			t.Fatal(err)
		}
		_, err = parser.Parse(test.words)
		switch {
		case test.zh == "" && err != nil:
			t.Errorf("%q refused: %v", test.words, err)
		case test.zh != "" && (err == nil || !strings.Contains(errs.Sentence(usage(err)).ZH, test.zh)):
			t.Errorf("%q: %v, want %q", test.words, err, test.zh)
		}
	}
}
