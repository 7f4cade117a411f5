package house

import (
	"bytes"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// house is the source tree as the rules see it.
type house struct {
	fset     *token.FileSet
	paths    []string          // every file of the repository, sorted
	content  map[string][]byte // of each of them
	packages []*sourcePackage  // Go packages of the product's own module, by folder
}

// sourcePackage is one folder of Go files, its tests included.
type sourcePackage struct {
	folder string
	files  []*sourceFile
}

type sourceFile struct {
	path      string
	test      bool
	generated bool
	syntax    *ast.File
}

func (f *sourceFile) imports() (all []string) {
	for _, spec := range f.syntax.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err == nil {
			all = append(all, name)
		}
	}
	return all
}

// violation is one place where a rule is broken.
type violation struct{ where, what string }

func (v violation) String() string { return v.where + ": " + v.what }

// TestHouse holds every rule against the repository.
func TestHouse(t *testing.T) {
	t.Parallel()
	const root = "../.."
	h, err := read(os.DirFS(root), repositoryFiles(t, root))
	if err != nil {
		t.Fatal(err)
	}
	if os.Getenv("RECORD_MIGRATIONS") != "" {
		h.record(t, root)
	}
	if len(h.packages) < 5 {
		t.Fatalf("only %d packages found: the rules would hold for want of anything to break them", len(h.packages))
	}
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			for _, v := range r.broken(h) {
				t.Errorf("%v\n\twhy: %s", v, r.reason)
			}
		})
	}
}

// record adds the new migrations to the list; "make migrations" asks for it.
func (h *house) record(t *testing.T, root string) {
	t.Helper()
	found, _ := h.migrations()
	list, err := grown(h.content[recordedMigrations], found)
	if err != nil {
		t.Fatal(err)
	}
	h.content[recordedMigrations] = list
	if err := os.WriteFile(path.Join(root, recordedMigrations), list, 0o644); err != nil {
		t.Fatal(err)
	}
}

// repositoryFiles are the files that are tracked or would be: git knows, and where the source came without its history, all that is
// not built.
func repositoryFiles(t *testing.T, root string) []string {
	t.Helper()
	list := exec.Command("git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	out, err := list.Output()
	if err == nil {
		return slices.DeleteFunc(strings.Split(string(out), "\x00"), func(s string) bool { return s == "" })
	}
	built := []string{".git", "bin", "city", "dist", "coverage", "node_modules"}
	var paths []string
	err = fs.WalkDir(os.DirFS(root), ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains(built, d.Name()):
			return fs.SkipDir
		case !d.IsDir() && !strings.HasSuffix(p, ".zst"):
			paths = append(paths, p)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// read loads the files and parses those that are Go of the product's own module; a folder with a go.mod of its own is another module.
func read(tree fs.FS, paths []string) (*house, error) {
	h := &house{fset: token.NewFileSet(), content: map[string][]byte{}}
	byFolder := map[string]*sourcePackage{}
	slices.Sort(paths)
	for _, p := range slices.Compact(paths) {
		info, err := fs.Stat(tree, p)
		if errors.Is(err, fs.ErrNotExist) || (err == nil && !info.Mode().IsRegular()) {
			continue // removed and not yet committed, or a link
		}
		content, err := fs.ReadFile(tree, p)
		if err != nil {
			return nil, err
		}
		h.paths = append(h.paths, p)
		h.content[p] = content
	}
	for _, p := range h.paths {
		folder := path.Dir(p)
		if !strings.HasSuffix(p, ".go") || h.otherModule(folder) || strings.Contains("/"+p, "/testdata/") {
			continue
		}
		syntax, err := parser.ParseFile(h.fset, p, h.content[p], parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		if byFolder[folder] == nil {
			byFolder[folder] = &sourcePackage{folder: folder}
			h.packages = append(h.packages, byFolder[folder])
		}
		byFolder[folder].files = append(byFolder[folder].files, &sourceFile{
			path: p, test: strings.HasSuffix(p, "_test.go"), generated: ast.IsGenerated(syntax), syntax: syntax,
		})
	}
	return h, nil
}

func (h *house) otherModule(folder string) bool {
	for ; folder != "."; folder = path.Dir(folder) {
		if _, found := h.content[folder+"/go.mod"]; found {
			return true
		}
	}
	return false
}

// text says whether a file is text: it has no zero byte.
func text(content []byte) bool { return !bytes.Contains(content, []byte{0}) }
