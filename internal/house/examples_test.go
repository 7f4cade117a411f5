package house

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// sound is a small house in which every rule holds.
var sound = files{
	"go.mod":           "module liandong\n",
	"errs/errs.go":     "// Package errs holds errors.\npackage errs\n\nimport \"net/http\"\n\nvar table = [...]int{http.StatusOK}\n\nfunc First() int { return table[0] }\n",
	"day/day.go":       "// Package day holds days.\npackage day\n\nimport _ \"liandong/errs\"\n",
	"form/form.go":     "// Package form holds forms.\npackage form\n\nimport _ \"liandong/day\"\n",
	"form/body.go":     "package form\n\nvar kinds = []struct{ n int }{{1}}\n\nfunc grow(table []int) int { table[0] = 1; kind := &kinds[0]; kind = &kinds[table[0]]; return kind.n }\n",
	"column/column.go": "// Package column holds columns.\npackage column\n\nimport (\n\t_ \"liandong/day\"\n\t_ \"liandong/form\"\n)\n",
	"internal/db/db.go": "// Package db holds stores.\npackage db\n\nimport _ \"database/sql\"\n\ntype Migration struct {\n\tRoom string\n\tNumber int\n\tSQL string\n}\n" +
		"func (m *Migration) Set() { m.SQL = \"\" }\n",
	"internal/registry/registry.go": "// Package registry holds households.\npackage registry\n\nimport \"liandong/internal/db\"\n\nconst schema1 = `CREATE TABLE household`\n\n" +
		"func Migrations() []db.Migration { return []db.Migration{{Room: \"registry\", Number: 1, SQL: schema1}} }\n",
	"cmd/liandong/main.go":  "// Command liandong is the program.\npackage main\n\nimport _ \"liandong/internal/registry\"\n\nfunc main() {}\n",
	"bench/go.mod":          "module liandong/bench\n",
	"bench/main.go":         "package main\n\nimport _ \"database/sql\"\n\nfunc init() {}\n",
	"web/package-lock.json": "{\"node_modules/react\": {\"version\": \"19.0.0\", \"integrity\": \"sha512-x\"}}\n",
	recordedMigrations:      "registry 1 " + "3a5f7d" + "\n",
}

type files map[string]string

func (f files) with(name, content string) files {
	more := maps.Clone(f)
	more[name] = content
	return more
}

func (f files) house(t *testing.T) *house {
	t.Helper()
	tree := fstest.MapFS{}
	for name, content := range f {
		tree[name] = &fstest.MapFile{Data: []byte(content)}
	}
	h, err := read(tree, slices.Collect(maps.Keys(f)))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// TestEveryRuleCanFail breaks the small house in one way at a time and expects exactly the rule that stands against it to notice, where
// it is broken. A rule without an example is a defect.
func TestEveryRuleCanFail(t *testing.T) {
	t.Parallel()
	sound := sound.recorded(t)
	for _, r := range rules {
		for _, v := range r.broken(sound.house(t)) {
			t.Errorf("%s does not hold in the sound house: %v", r.name, v)
		}
	}
	seen := map[string]bool{}
	for _, e := range examples {
		seen[e.rule] = true
		t.Run(e.rule+"/"+e.file, func(t *testing.T) {
			t.Parallel()
			h := sound.with(e.file, e.content).house(t)
			for _, r := range rules {
				found := r.broken(h)
				switch {
				case r.name != e.rule && len(found) > 0:
					t.Errorf("%s: %v", r.name, found)
				case r.name == e.rule && !slices.ContainsFunc(found, func(v violation) bool { return strings.Contains(v.String(), e.says) }):
					t.Errorf("found %v, want %q", found, e.says)
				}
			}
		})
	}
	for _, r := range rules {
		if !seen[r.name] {
			t.Errorf("%s was never seen to fail: give it an example", r.name)
		}
	}
}

func (f files) recorded(t *testing.T) files {
	t.Helper()
	found, bad := f.house(t).migrations()
	if len(found) != 1 || len(bad) > 0 {
		t.Fatalf("migrations %v, not readable %v", found, bad)
	}
	list, err := grown(nil, found)
	if err != nil {
		t.Fatal(err)
	}
	return f.with(recordedMigrations, string(list))
}

var examples = []struct{ rule, file, content, says string }{
	{"imports go down the floors", "errs/up.go", "package errs\n\nimport _ \"liandong/day\"\n", "errs/up.go: imports liandong/day: day is on the same floor"},
	{"imports go down the floors", "form/up.go", "package form\n\nimport _ \"liandong/internal/registry\"\n", `is on the floor "rooms", above "engines"`},
	{"imports go down the floors", "form/across.go", "package form\n\nimport _ \"liandong/column\"\n", "not before it"},
	{"imports go down the floors", "form/up_test.go", "package form_test\n\nimport _ \"liandong/internal/db\"\n", "above"},
	{"imports go down the floors", "internal/assets/a.go", "// Package assets is new.\npackage assets\n", "internal/assets: stands on no floor"},
	{"only named floors reach databases and HTTP", "form/store.go", "package form\n\nimport _ \"database/sql\"\n", "form/store.go: imports database/sql"},
	{"only named floors reach databases and HTTP", "column/serve.go", "package column\n\nimport _ \"net/http/httputil\"\n", "net/http/httputil"},
	{"only named floors reach databases and HTTP", "internal/registry/pg.go", "package registry\n\nimport _ \"github.com/jackc/pgx/v5\"\n", "pgx"},
	{"engines read no clock, chance or environment", "form/now.go", "package form\n\nimport \"time\"\n\nfunc Now() time.Time { return time.Now() }\n", "form/now.go:5:31: uses time.Now"},
	{"packages are nouns of the field", "form/util/u.go", "// Package util is homeless.\npackage util\n", "form/util: is named util"},
	{"packages are nouns of the field", "form/words/w.go", "// Package helpers is homeless.\npackage helpers\n", "belongs to a package named helpers"},
	{"no init functions", "form/init.go", "package form\n\nfunc init() {}\n", "form/init.go:3:1: declares init"},
	{"no package-level state", "form/state.go", "package form\n\nvar last int\n\nfunc set() { last = 1 }\n", "last is assigned to"},
	{"no package-level state", "form/count.go", "package form\n\nvar n int\n\nfunc next() { n++ }\n", "n is counted"},
	{"no package-level state", "form/table.go", "package form\n\nvar table = map[string]int{}\n\nfunc keep(k string) { table[k] = 1 }\n", "table is assigned to"},
	{"no package-level state", "form/drop.go", "package form\n\nvar table = map[string]int{}\n\nfunc drop(k string) { delete(table, k) }\n", "table is changed by delete"},
	{"no package-level state", "form/lent.go", "package form\n\nvar table struct{ n int }\n\nfunc lend() *int { return &table.n }\n", "table is lent out"},
	{"no package-level state", "form/row.go", "package form\n\nvar table = []struct{ n int }{{1}}\n\nfunc set() { row := &table[0]; row.n = 2 }\n", "table is assigned to through a pointer to its row"},
	{"no package-level state", "form/lock.go", "package form\n\nimport \"sync\"\n\nvar mu sync.Mutex\n", "mu is a sync.Mutex"},
	{"no package-level state", "form/queue.go", "package form\n\nvar queue = make(chan int)\n", "queue is a channel"},
	{"no package-level state", "form/swap_test.go", "package form\n\nvar now = 1\n\nfunc swap() { now = 2 }\n", "now is assigned to"},
	{"no package-level state", "form/other_test.go", "package form_test\n\nimport \"liandong/errs\"\n\nfunc swap() { errs.Default = 2 }\n", "errs.Default is assigned to"},
	{"one package comment", "form/second.go", "// Package form again.\npackage form\n", "more than one package comment: form/form.go, form/second.go"},
	{"one package comment", "form/bare/b.go", "package bare\n", "form/bare: has no package comment"},
	{"one package comment", "form/odd/o.go", "// This is odd.\npackage odd\n", `does not begin "Package odd "`},
	{"one package comment", "form/only/o_test.go", "package only\n", "form/only: has only tests"},
	{"files stay short", "form/long.go", "package form\n" + strings.Repeat("\n", longestFile), "form/long.go: has 901 lines"},
	{"files stay short", "web/src/App.tsx", strings.Repeat("\n", longestFile+1), "web/src/App.tsx"},
	{"generated files are kept fresh", "form/made.go", "// Code generated by gen. DO NOT EDIT.\n\npackage form\n", "form/made.go: is generated; name"},
	{"generated files are kept fresh", "docs/licences.md", "# Licences\n", "docs/licences.md: should say that it is generated"},
	{"samples are read by anchors alone", "form/samples_test.go", "package form_test\n\nconst folder = \"LIANDONG_" + "SHARED\"\n", "form/samples_test.go: reads the samples"},
	{"migrations only grow", "internal/registry/registry.go", strings.ReplaceAll(sound["internal/registry/registry.go"], "TABLE household", "TABLE households"), "migration 1 of registry changed"},
	{"migrations only grow", "internal/registry/registry.go", "// Package registry is empty.\npackage registry\n", "migration 1 of registry is gone"},
	{"migrations only grow", "internal/registry/more.go", "package registry\n\nimport \"liandong/internal/db\"\n\nvar second = db.Migration{Room: \"registry\", Number: 2, SQL: \"x\"}\n", "migration 2 of registry is not recorded"},
	{"migrations only grow", "internal/registry/made.go", "package registry\n\nimport \"liandong/internal/db\"\n\nfunc made(s string) db.Migration { return db.Migration{Room: \"registry\", Number: 2, SQL: s} }\n", "not made of constants"},
	{"no place of one machine", "docs/setup.md", "Put it in /ho" + "me/li/liandong.\n", "docs/setup.md:1"},
	{"no place of one machine", "scripts/run", "cd /wo" + "rk/main\n", "scripts/run:1"},
	{"no registry hosts", "web/.npmrc", "registry=https://registry." + "npmmirror.com\n", "web/.npmrc:1"},
	{"no registry hosts", "web/package-lock.json", "{\n\"resolved\": \"" + "https://mirror.example/react.tgz\"}\n", "web/package-lock.json:2"},
}

func TestRecordingNeverRewritesALine(t *testing.T) {
	t.Parallel()
	found := []migration{{room: "ledger", number: 1, sum: "new"}, {room: "ledger", number: 2, sum: "b"}}
	list, err := grown([]byte("ledger 1 old\n"), found)
	if err != nil || string(list) != "ledger 1 old\nledger 2 b\n" {
		t.Errorf("list %q, error %v", list, err)
	}
	if _, err := grown([]byte("ledger one\n"), found); err == nil {
		t.Error("a line that cannot be read was kept silently")
	}
}

func TestGeneratedFilesMayBeLong(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("\n", longestFile)
	h := sound.with("form/made.go", "// Code generated by gen. DO NOT EDIT.\n\npackage form\n"+long).with("web/src/api.ts", "/** Code generated by openapi. DO NOT EDIT. */\n"+long).house(t)
	if found := filesStayShort(h); len(found) > 0 {
		t.Errorf("%v", found)
	}
}
