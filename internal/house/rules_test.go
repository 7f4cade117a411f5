package house

import (
	"bytes"
	"fmt"
	"go/ast"
	"path"
	"regexp"
	"slices"
	"strings"
)

// rule is one thing that holds for the whole house.
type rule struct {
	name   string
	reason string
	broken func(*house) []violation
}

var rules = []rule{
	{"imports go down the floors", "data goes down one stair and back once; a circle of imports starts with one step up", importsFollowFloors},
	{"only named floors reach databases and HTTP", "an engine stays a library, and a rule stays reachable from everywhere", outsideImportsFollowFloors},
	{"engines read no clock, chance or environment", "a run is replayed bit for bit years later from its stored inputs alone", enginesAreFunctions},
	{"packages are nouns of the field", "a package named for what it is not collects what has no home", packagesAreNouns},
	{"no init functions", "what runs on import cannot be ordered, tested or refused", noInit},
	{"no package-level state", "two cities in one process, or two tests side by side, must not see each other", noState},
	{"one package comment", "a package says once what it is and where it stands; a second text drifts from the first", onePackageComment},
	{"files stay short", "a file is one noun; a long one holds two", filesStayShort},
	{"generated files are kept fresh", "a generated file that nobody compares with its source is a second source", generatedAreFresh},
	{"samples are read by anchors alone", "the samples are not part of the repository, and a clone's tests must pass without them", samplesBehindTag},
	{"migrations only grow", "a city made last year must migrate the same way as one made today", migrationsOnlyGrow},
	{"no place of one machine", "a clone must work anywhere, and a path tells about somebody's machine", noMachinePaths},
	{"no registry hosts", "an office behind a mirror sets its registry once; a host in a file would go round it", noRegistryHosts},
}

// longestFile is in lines. The longest that still was one noun had somewhat fewer.
const longestFile = 900

var homeless = []string{"util", "utils", "common", "model", "models", "helper", "helpers", "misc", "shared", "lib", "types"}

func packagesAreNouns(h *house) (bad []violation) {
	for _, p := range h.packages {
		if slices.Contains(homeless, path.Base(p.folder)) {
			bad = append(bad, violation{p.folder, "is named " + path.Base(p.folder)})
		}
		for _, f := range p.files {
			if name := f.syntax.Name.Name; slices.Contains(homeless, strings.TrimSuffix(name, "_test")) {
				bad = append(bad, violation{f.path, "belongs to a package named " + name})
			}
		}
	}
	return bad
}

func noInit(h *house) (bad []violation) {
	for _, p := range h.packages {
		for _, f := range p.files {
			for _, declared := range f.syntax.Decls {
				if function, ok := declared.(*ast.FuncDecl); ok && function.Recv == nil && function.Name.Name == "init" {
					bad = append(bad, violation{h.fset.Position(function.Pos()).String(), "declares init; wire it in cmd"})
				}
			}
		}
	}
	return bad
}

func onePackageComment(h *house) (bad []violation) {
	for _, p := range h.packages {
		code := slices.DeleteFunc(slices.Clone(p.files), func(f *sourceFile) bool { return f.test })
		if len(code) == 0 {
			bad = append(bad, violation{p.folder, "has only tests; put a package comment in doc.go"})
			continue
		}
		var with []string
		for _, f := range code {
			if f.syntax.Doc == nil {
				continue
			}
			with = append(with, f.path)
			want := "Package " + f.syntax.Name.Name + " "
			if f.syntax.Name.Name == "main" {
				want = "Command "
			}
			if !strings.HasPrefix(f.syntax.Doc.Text(), want) {
				bad = append(bad, violation{f.path, fmt.Sprintf("its package comment does not begin %q", want)})
			}
		}
		switch len(with) {
		case 1:
		case 0:
			bad = append(bad, violation{p.folder, "has no package comment"})
		default:
			bad = append(bad, violation{p.folder, "has more than one package comment: " + strings.Join(with, ", ")})
		}
	}
	return bad
}

func filesStayShort(h *house) (bad []violation) {
	code := []string{".go", ".ts", ".tsx", ".css", ".sql"}
	for _, p := range h.paths {
		isTest := strings.HasSuffix(p, "_test.go") || strings.Contains(p, ".test.ts") || strings.Contains("/"+p, "/testdata/")
		if !slices.Contains(code, path.Ext(p)) || isTest || generatedMark.Match(h.content[p]) {
			continue
		}
		if lines := bytes.Count(h.content[p], []byte("\n")); lines > longestFile {
			bad = append(bad, violation{p, fmt.Sprintf("has %d lines, more than %d", lines, longestFile)})
		}
	}
	return bad
}

// generatedMark is Go's own convention, also used in TypeScript and Markdown.
var generatedMark = regexp.MustCompile(`(?m)^(//|/\*\*?|<!--) Code generated .* DO NOT EDIT\.`)

// fresh names the check that compares each generated file with what it is made from.
var fresh = map[string]string{
	"docs/licences.md": "make lint runs scripts/licences --check",
}

func generatedAreFresh(h *house) (bad []violation) {
	for _, p := range h.paths {
		if generatedMark.Match(h.content[p]) && fresh[p] == "" && !strings.Contains("/"+p, "/testdata/") {
			bad = append(bad, violation{p, "is generated; name in rules_test.go the check that keeps it fresh"})
		}
	}
	for p := range fresh {
		if content, found := h.content[p]; found && !generatedMark.Match(content) {
			bad = append(bad, violation{p, "should say that it is generated"})
		}
	}
	return bad
}

func samplesBehindTag(h *house) (bad []violation) {
	for _, p := range h.packages {
		for _, f := range p.files {
			if bytes.Contains(h.content[f.path], []byte("LIANDONG_"+"SHARED")) && !anchorsTag.Match(h.content[f.path]) {
				bad = append(bad, violation{f.path, "reads the samples without the line //go:build anchors"})
			}
		}
	}
	return bad
}

var anchorsTag = regexp.MustCompile(`(?m)^//go:build anchors$`)

// enginesAreFunctions looks for the calls by name; a package of ours with the same name and function would be strange enough to rename.
func enginesAreFunctions(h *house) (bad []violation) {
	for _, p := range h.packages {
		level, _, found := placeOf(p.folder)
		if !found || (floors[level].name != "engines" && floors[level].name != "ground") || isCommand(p) {
			continue
		}
		for _, f := range p.files {
			if f.test {
				continue
			}
			ast.Inspect(f.syntax, func(n ast.Node) bool {
				selector, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				if from, ok := selector.X.(*ast.Ident); ok && slices.Contains(impure, from.Name+"."+selector.Sel.Name) {
					bad = append(bad, violation{h.fset.Position(n.Pos()).String(), "uses " + from.Name + "." + selector.Sel.Name + "; take it as an argument"})
				}
				return true
			})
		}
	}
	return bad
}

var impure = []string{
	"time.Now", "time.Since", "time.Until", "os.Getenv", "os.LookupEnv", "os.Environ", "rand.Reader", "rand.Read",
	"rand.Int", "rand.IntN", "rand.Intn", "rand.Int64", "rand.Uint64", "rand.Float64", "rand.Perm", "rand.Shuffle", "uuid.New", "uuid.NewV7", "uuid.NewString",
}

func isCommand(p *sourcePackage) bool { return p.files[0].syntax.Name.Name == "main" }

// The patterns are put together here so that this file does not break its own rules.
var (
	machinePath  = regexp.MustCompile(`(^|[\s"'` + "`" + `=:(,\[])/(` + strings.Join([]string{"work", "root", "home", "Users", "farm"}, "|") + `)/[\w.]`)
	registryHost = regexp.MustCompile(strings.Join([]string{
		`registry\.` + `npmjs`, `registry\.` + `npmmirror`, `registry\.` + `yarnpkg`, `proxy\.` + `golang\.org`, `sum\.` + `golang\.org`,
		`go` + `proxy\.(cn|io)`, `py` + `pi\.org`, `deb\.` + `debian\.org`, `archive\.` + `ubuntu\.com`, `mirrors?\.[a-z0-9]+\.(com|cn|edu)`, `"resolved": "` + `http`,
	}, "|"))
)

func noMachinePaths(h *house) []violation {
	return h.matches(machinePath, "names a place of one machine")
}

func noRegistryHosts(h *house) []violation { return h.matches(registryHost, "names a registry") }

func (h *house) matches(pattern *regexp.Regexp, what string) (bad []violation) {
	for _, p := range h.paths {
		content := h.content[p]
		if !text(content) {
			continue
		}
		for i, line := range bytes.Split(content, []byte("\n")) {
			if found := pattern.Find(line); found != nil {
				bad = append(bad, violation{fmt.Sprintf("%s:%d", p, i+1), fmt.Sprintf("%s: %q", what, bytes.TrimSpace(found))})
			}
		}
	}
	return bad
}
