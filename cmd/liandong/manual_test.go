package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTheManualOfCriteriaRuns runs every command of the page on its own document and household, as a reader would.
func TestTheManualOfCriteriaRuns(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "manual", "zh", "识别标准.md"))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	block := func(language string) string {
		found := regexp.MustCompile("(?s)```" + language + "\n(.*?)```").FindSubmatch(page)
		if found == nil {
			t.Fatalf("the page has no block of %q", language)
		}
		return string(found[1])
	}
	for name, text := range map[string]string{"example.yaml": block("yaml"), "households.ndjson": block("json")} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	commands := regexp.MustCompile(`(?m)^bin/liandong (.*)$`).FindAllSubmatch(page, -1)
	if len(commands) < 10 {
		t.Errorf("the page has %d commands", len(commands))
	}
	for _, c := range commands {
		var out, complaints bytes.Buffer
		p := newProgram(strings.NewReader(""), &out, &complaints)
		if code := p.Run(t.Context(), strings.Fields(string(c[1]))); code != 0 || (out.Len() == 0 && !strings.Contains(string(c[1]), " -o ")) {
			t.Errorf("%s ends with %d: %s", c[1], code, complaints.String())
		}
	}
}
