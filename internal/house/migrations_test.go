package house

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
	"slices"
	"strings"
)

// recordedMigrations lists every migration with the SHA-256 of its SQL, one a line, as migration.String writes it.
const recordedMigrations = "internal/house/testdata/migrations"

// migration is one step of a room's tables as it stands in the source.
type migration struct {
	room   string
	number int64
	sum    string // hexadecimal SHA-256
	where  string
}

func (m migration) String() string { return fmt.Sprintf("%s %d %s", m.room, m.number, m.sum) }

func (m migration) same(other migration) bool {
	return m.room == other.room && m.number == other.number
}

// migrationsOnlyGrow compares the migrations with the list. A changed or vanished one is always wrong; a new one gets its line by
// "make migrations", which never rewrites one.
func migrationsOnlyGrow(h *house) []violation {
	found, bad := h.migrations()
	recorded, err := recordedIn(h.content[recordedMigrations])
	if err != nil {
		return append(bad, violation{recordedMigrations, err.Error()})
	}
	for _, r := range recorded {
		switch i := slices.IndexFunc(found, r.same); {
		case i < 0:
			bad = append(bad, violation{recordedMigrations, fmt.Sprintf("migration %d of %s is gone", r.number, r.room)})
		case found[i].sum != r.sum:
			bad = append(bad, violation{found[i].where, fmt.Sprintf("migration %d of %s changed after it was recorded; write a new one", r.number, r.room)})
		}
	}
	for _, m := range found {
		if !slices.ContainsFunc(recorded, m.same) {
			bad = append(bad, violation{m.where, fmt.Sprintf("migration %d of %s is not recorded; run make migrations", m.number, m.room)})
		}
	}
	return bad
}

func recordedIn(list []byte) (recorded []migration, err error) {
	for line := range strings.Lines(string(list)) {
		var m migration
		if _, err := fmt.Sscanf(line, "%s %d %s\n", &m.room, &m.number, &m.sum); err != nil {
			return nil, fmt.Errorf("cannot read the line %q: %w", line, err)
		}
		recorded = append(recorded, m)
	}
	return recorded, nil
}

// grown is the list with a line for each migration that has none yet.
func grown(list []byte, found []migration) ([]byte, error) {
	recorded, err := recordedIn(list)
	if err != nil {
		return nil, err
	}
	for _, m := range found {
		if !slices.ContainsFunc(recorded, m.same) {
			list = fmt.Appendln(list, m)
		}
	}
	return list, nil
}

// migrations finds every literal with a Room, a Number and SQL. They must be constants: only what stands in the source can be held to it.
func (h *house) migrations() (found []migration, bad []violation) {
	for _, p := range h.packages {
		code := slices.DeleteFunc(slices.Clone(p.files), func(f *sourceFile) bool { return f.test })
		info := h.resolve(p.folder, code)
		for _, f := range code {
			ast.Inspect(f.syntax, func(n ast.Node) bool {
				literal, ok := n.(*ast.CompositeLit)
				if !ok {
					return true
				}
				fields := keyed(literal)
				if fields["Room"] == nil || fields["Number"] == nil || fields["SQL"] == nil {
					return true
				}
				m, ok := constantMigration(fields, info)
				m.where = h.fset.Position(literal.Pos()).String()
				if ok {
					found = append(found, m)
				} else {
					bad = append(bad, violation{m.where, "this migration is not made of constants"})
				}
				return true
			})
		}
	}
	slices.SortFunc(found, func(a, b migration) int { return cmp.Or(cmp.Compare(a.room, b.room), cmp.Compare(a.number, b.number)) })
	return found, bad
}

func keyed(literal *ast.CompositeLit) map[string]ast.Expr {
	fields := map[string]ast.Expr{}
	for _, element := range literal.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			if key, ok := pair.Key.(*ast.Ident); ok {
				fields[key.Name] = pair.Value
			}
		}
	}
	return fields
}

func constantMigration(fields map[string]ast.Expr, info *types.Info) (m migration, ok bool) {
	room, number, sql := info.Types[fields["Room"]].Value, info.Types[fields["Number"]].Value, info.Types[fields["SQL"]].Value
	if room == nil || number == nil || sql == nil || room.Kind() != constant.String || number.Kind() != constant.Int || sql.Kind() != constant.String {
		return m, false
	}
	m.room = constant.StringVal(room)
	m.number, ok = constant.Int64Val(number)
	sum := sha256.Sum256([]byte(constant.StringVal(sql)))
	m.sum = hex.EncodeToString(sum[:])
	return m, ok
}
