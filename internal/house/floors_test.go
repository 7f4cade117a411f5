package house

import (
	"fmt"
	"slices"
	"strings"
)

const module = "liandong"

// floor is one storey of the house. A package imports from the floors below its own, and beside it only what its room names.
type floor struct {
	name   string
	reason string
	rooms  []room
}

// room is a package with the folders inside it.
type room struct {
	path   string
	beside []string // packages of the same floor that it may import
}

// floors go from the roof to the ground.
var floors = []floor{
	{"command", "a command wires packages together and decides nothing, so everything is testable without it", []room{
		{path: "cmd/liandong"},
	}},
	{"server", "HTTP translates; a rule or a statement of SQL here could not be reached by a command or a job", []room{
		{path: "internal/server"},
	}},
	{"apps", "the apps are files that the server gives out; whatever they need of the city they ask over HTTP", []room{
		{path: "web"},
	}},
	{"demonstration", "the demonstration city uses the rooms as people do, and no room may depend on it", []room{
		{path: "internal/demo"},
	}},
	{"rooms", "each room keeps the types, rules and SQL of its noun; rooms that know each other sideways grow into one", []room{
		{path: "internal/registry"},
		{path: "internal/profile", beside: []string{"internal/registry"}},
		{path: "internal/identify", beside: []string{"internal/registry"}},
		{path: "internal/assist", beside: []string{"internal/registry", "internal/identify"}},
		{path: "internal/portfolio"},
		{path: "internal/casework", beside: []string{"internal/portfolio"}},
		{path: "internal/problem", beside: []string{"internal/portfolio"}},
		{path: "internal/network"},
		{path: "internal/boundary"},
		{path: "internal/responsibility"},
		{path: "internal/claim"},
		{path: "internal/strategy"},
		{path: "internal/briefing"},
	}},
	{"stands", "what rooms stand on knows no noun of the field, so that a new room needs no change below it", []room{
		{path: "internal/db"},
		{path: "internal/secret", beside: []string{"internal/db"}},
		{path: "internal/job", beside: []string{"internal/db"}},
		{path: "internal/ledger", beside: []string{"internal/db"}},
		{path: "internal/access", beside: []string{"internal/db", "internal/ledger"}},
		{path: "internal/figure", beside: []string{"internal/db", "internal/ledger", "internal/access"}},
		{path: "internal/dossier", beside: []string{"internal/db", "internal/ledger", "internal/access", "internal/figure"}},
	}},
	{"engines", "engines are libraries that others can use without our database or server", []room{
		{path: "formula"},
		{path: "form", beside: []string{"formula"}},
		{path: "column", beside: []string{"formula", "form"}},
		{path: "criteria", beside: []string{"formula", "form", "column"}},
		{path: "poverty/proxy", beside: []string{"formula", "form", "column", "criteria", "poverty"}},
		{path: "poverty", beside: []string{"formula", "form", "column"}},
		{path: "sheet", beside: []string{"formula", "form"}},
		{path: "official"},
		{path: "survey", beside: []string{"poverty", "sheet", "form"}},
		{path: "linkage"},
		{path: "reach"},
	}},
	{"ground", "values that cannot be invalid are used everywhere and so depend on nothing", []room{
		{path: "errs"},
		{path: "day", beside: []string{"errs"}},
		{path: "period", beside: []string{"errs", "day"}},
		{path: "money", beside: []string{"errs", "day", "period"}},
		{path: "ident", beside: []string{"errs", "day", "period", "money"}},
		{path: "place", beside: []string{"errs", "day", "period", "money", "ident"}},
	}},
}

// outside is what only some floors may import of the standard library and of other modules, by prefix.
var outside = []struct {
	imports []string
	allowed []string // rooms and floors
	reason  string
}{
	{
		[]string{"database/sql", "github.com/jackc/pgx", "modernc.org/sqlite", "github.com/mattn/go-sqlite3"},
		[]string{"internal/db"},
		"drivers differ; internal/db makes one SQL of them, and its conformance suite covers only what goes through it",
	},
	{
		[]string{"net/http", "github.com/danielgtaylor/huma"},
		[]string{"command", "server", "errs"}, // errs maps kinds to status codes
		"a rule that knows HTTP cannot be used by a command, a job or another program",
	},
}

// place finds the floor and the room of a folder: the room is the folder itself or one around it.
func placeOf(folder string) (level int, r room, found bool) {
	for i, f := range floors {
		for _, r := range f.rooms {
			if within(folder, r.path) {
				return i, r, true
			}
		}
	}
	return 0, room{}, false
}

func within(folder, around string) bool {
	return folder == around || strings.HasPrefix(folder, around+"/")
}

// mayImport says why the package in one folder may not import the one in another, or "".
func mayImport(from, to string) string {
	fromLevel, fromRoom, fromFound := placeOf(from)
	toLevel, toRoom, toFound := placeOf(to)
	switch {
	case !toFound:
		return to + " stands on no floor"
	case !fromFound:
		return "" // reported once, by the floor rule itself
	case fromRoom.path == toRoom.path || toLevel > fromLevel || slices.Contains(fromRoom.beside, toRoom.path):
		return ""
	case toLevel < fromLevel:
		return fmt.Sprintf("%s is on the floor %q, above %q: %s", to, floors[toLevel].name, floors[fromLevel].name, floors[toLevel].reason)
	}
	return fmt.Sprintf("%s is on the same floor, %q, and not before it: %s", to, floors[toLevel].name, floors[toLevel].reason)
}

func importsFollowFloors(h *house) (bad []violation) {
	for _, p := range h.packages {
		if p.folder == "internal/house" {
			continue
		}
		if _, _, found := placeOf(p.folder); !found {
			bad = append(bad, violation{p.folder, "stands on no floor; give it a room in floors_test.go"})
		}
		for _, f := range p.files {
			for _, imported := range f.imports() {
				folder, ours := strings.CutPrefix(imported, module+"/")
				if !ours || within(folder, p.folder) {
					continue
				}
				if why := mayImport(p.folder, folder); why != "" {
					bad = append(bad, violation{f.path, "imports " + imported + ": " + why})
				}
			}
		}
	}
	return bad
}

func outsideImportsFollowFloors(h *house) (bad []violation) {
	for _, p := range h.packages {
		level, r, found := placeOf(p.folder)
		if !found {
			continue
		}
		for _, f := range p.files {
			for _, imported := range f.imports() {
				for _, o := range outside {
					hit := slices.ContainsFunc(o.imports, func(prefix string) bool { return within(imported, prefix) })
					if hit && !f.test && !slices.Contains(o.allowed, r.path) && !slices.Contains(o.allowed, floors[level].name) {
						bad = append(bad, violation{f.path, "imports " + imported + ": " + o.reason})
					}
				}
			}
		}
	}
	return bad
}
