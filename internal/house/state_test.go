package house

import (
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// lasting are package-level variables that may change, each with its reason: "package folder.name".
var lasting = map[string]string{}

// noState finds package-level variables that are written to, lent out for writing, or made to be. Tables, compiled patterns, sentinel
// errors and embedded files are declared once and never touched; a variable set by the linker has no assignment either.
//
// Names are resolved by the type checker with imports left empty: what a name means within its package needs no other.
func noState(h *house) (bad []violation) {
	for _, p := range h.packages {
		for _, files := range p.byName() {
			info := h.resolve(p.folder, files)
			for _, f := range files {
				bad = append(bad, h.stateIn(p, f, info)...)
			}
		}
	}
	return bad
}

// byName parts the files of a folder into the package, with its inner tests, and the package of its outer tests.
func (p *sourcePackage) byName() map[string][]*sourceFile {
	parts := map[string][]*sourceFile{}
	for _, f := range p.files {
		parts[f.syntax.Name.Name] = append(parts[f.syntax.Name.Name], f)
	}
	return parts
}

type noImports struct{}

func (noImports) Import(string) (*types.Package, error) {
	return nil, errors.New("imports are left out")
}

func (h *house) resolve(folder string, files []*sourceFile) *types.Info {
	info := &types.Info{
		Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Types: map[ast.Expr]types.TypeAndValue{},
	}
	checker := types.Config{Importer: noImports{}, Error: func(error) {}, FakeImportC: true}
	syntax := make([]*ast.File, len(files))
	for i, f := range files {
		syntax[i] = f.syntax
	}
	_, _ = checker.Check(folder, h.fset, syntax, info) // errors are those of the imports left out
	return info
}

func (h *house) stateIn(p *sourcePackage, f *sourceFile, info *types.Info) (bad []violation) {
	report := func(at ast.Node, name, what string) {
		if _, allowed := lasting[p.folder+"."+name]; !allowed {
			bad = append(bad, violation{h.fset.Position(at.Pos()).String(), fmt.Sprintf("%s %s", name, what)})
		}
	}
	written := func(e ast.Expr, what string) {
		if name, found := packageVariable(e, info); found {
			report(e, name, what)
		}
	}
	for _, declared := range f.syntax.Decls {
		if group, ok := declared.(*ast.GenDecl); ok && group.Tok == token.VAR {
			for _, spec := range group.Specs {
				for _, name := range spec.(*ast.ValueSpec).Names {
					if kind := changing(spec.(*ast.ValueSpec)); kind != "" && name.Name != "_" {
						report(name, name.Name, "is a "+kind+", which is made to change")
					}
				}
			}
			continue
		}
		rows := rowsOf(declared, info)
		ast.Inspect(declared, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for _, left := range n.Lhs {
					written(left, "is assigned to")
					if name, found := rows.under(left, info); found {
						report(left, name, "is assigned to through a pointer to its row")
					}
				}
			case *ast.RangeStmt:
				written(n.Key, "is assigned to")
				written(n.Value, "is assigned to")
			case *ast.IncDecStmt:
				written(n.X, "is counted")
				if name, found := rows.under(n.X, info); found {
					report(n.X, name, "is counted through a pointer to its row")
				}
			case *ast.UnaryExpr:
				if _, row := n.X.(*ast.IndexExpr); n.Op == token.AND && !row {
					written(n.X, "is lent out by its address")
				}
			case *ast.CallExpr:
				if called, ok := n.Fun.(*ast.Ident); ok && len(n.Args) > 0 && slices.Contains([]string{"delete", "clear", "copy"}, called.Name) {
					written(n.Args[0], "is changed by "+called.Name)
				}
			}
			return true
		})
	}
	return bad
}

// tableRows are the local variables of a function that point to a row of a table, with the table's name. Such a pointer spares a copy
// of the row; writing through it is what the rule looks for. A pointer that leaves its function is not followed.
type tableRows map[types.Object]string

func rowsOf(declared ast.Decl, info *types.Info) tableRows {
	rows := tableRows{}
	ast.Inspect(declared, func(n ast.Node) bool {
		assigned, ok := n.(*ast.AssignStmt)
		if !ok || len(assigned.Lhs) != len(assigned.Rhs) {
			return true
		}
		for i, right := range assigned.Rhs {
			address, ok := right.(*ast.UnaryExpr)
			if !ok || address.Op != token.AND {
				continue
			}
			if name, found := packageVariable(address.X, info); found {
				if local, ok := assigned.Lhs[i].(*ast.Ident); ok {
					rows[info.ObjectOf(local)] = name
				}
			}
		}
		return true
	})
	return rows
}

// under finds the table whose row an expression is a part of.
func (rows tableRows) under(e ast.Expr, info *types.Info) (name string, found bool) {
	for part := false; ; part = true {
		switch inner := e.(type) {
		case *ast.SelectorExpr:
			e = inner.X
		case *ast.IndexExpr:
			e = inner.X
		case *ast.StarExpr:
			e = inner.X
		case *ast.ParenExpr:
			e = inner.X
		case *ast.Ident:
			name, found = rows[info.ObjectOf(inner)]
			return name, found && part
		default:
			return "", false
		}
	}
}

// packageVariable finds the package-level variable that an expression writes into, of this package or of another of ours.
func packageVariable(e ast.Expr, info *types.Info) (name string, found bool) {
	switch e := e.(type) {
	case *ast.Ident:
		v, ok := info.Uses[e].(*types.Var)
		if ok && v.Pkg() != nil && v.Parent() == v.Pkg().Scope() {
			return e.Name, true
		}
	case *ast.SelectorExpr:
		if from, ok := e.X.(*ast.Ident); ok {
			if imported, ok := info.Uses[from].(*types.PkgName); ok {
				path := imported.Imported().Path()
				return from.Name + "." + e.Sel.Name, strings.HasPrefix(path, module+"/")
			}
		}
		return packageVariable(e.X, info)
	case *ast.IndexExpr:
		return packageVariable(e.X, info)
	case *ast.SliceExpr:
		return packageVariable(e.X, info)
	case *ast.ParenExpr:
		return packageVariable(e.X, info)
	case *ast.StarExpr:
		return packageVariable(e.X, info)
	}
	return "", false
}

// changing names the kind of a variable whose type exists to change: locks, pools, atomic values, channels.
func changing(spec *ast.ValueSpec) string {
	shapes := []ast.Expr{spec.Type}
	for _, value := range spec.Values {
		switch v := value.(type) {
		case *ast.CompositeLit:
			shapes = append(shapes, v.Type)
		case *ast.UnaryExpr:
			if literal, ok := v.X.(*ast.CompositeLit); ok {
				shapes = append(shapes, literal.Type)
			}
		case *ast.CallExpr:
			if called, ok := v.Fun.(*ast.Ident); ok && called.Name == "make" && len(v.Args) > 0 {
				shapes = append(shapes, v.Args[0])
			}
		}
	}
	for _, shape := range shapes {
		if generic, ok := shape.(*ast.IndexExpr); ok {
			shape = generic.X
		}
		switch shape := shape.(type) {
		case *ast.ChanType:
			return "channel"
		case *ast.SelectorExpr:
			if from, ok := shape.X.(*ast.Ident); ok && (from.Name == "sync" || from.Name == "atomic") {
				return from.Name + "." + shape.Sel.Name
			}
		}
	}
	return ""
}
