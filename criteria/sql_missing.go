package criteria

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"liandong/formula"
)

// A field matters where a chain of unknown values leads from what keeps the outcome open down to it. Each step of the chain is a condition
// in SQL: a node is asked for when it is unknown and something above it is asked for.

// sqlEdge is what asks for a node outside of lists: a root, an operation, or a list operation whose predicate has it.
type sqlEdge struct {
	parent *formula.Node // nil for a root
	root   func() string // the condition under which a root is asked for
	within bool          // in the predicate of the parent's list
}

// writeMissing adds the paths of the fields that matter, in the order of the form.
func (w *sqlWriter) writeMissing() {
	poor := func() string { return w.poor() + " IS NULL" }
	seen := map[int]bool{}
	root := func(n *formula.Node, condition func() string) {
		w.above[n.ID] = append(w.above[n.ID], sqlEdge{root: condition})
		w.link(n, seen)
	}
	root(w.doc.Poor.Node, poor)
	for _, p := range w.doc.Parts() {
		root(p.Node, poor)
	}
	for i := range w.doc.Bars {
		if b := &w.doc.Bars[i]; b.Kind == Veto {
			root(b.Node, func() string { return "TRUE" })
		}
	}
	w.column("missing", func() string {
		conditions := map[string][]string{}
		for _, n := range w.doc.Nodes() {
			if seen[n.ID] {
				w.gatherMissing(n, conditions)
			}
		}
		found := map[string]bool{}
		for path := range conditions {
			found[path] = true
		}
		var text strings.Builder
		for _, path := range w.doc.inOrder(found) {
			text.WriteString("\n\t\t\t|| CASE WHEN " + strings.Join(conditions[path], " OR ") + " THEN " + quoteText(" "+path) + " ELSE '' END")
		}
		return "CASE WHEN " + w.column("outcome", nil) + " = " + quoteText(Undetermined.String()) + " THEN LTRIM(''" + text.String() + ") ELSE '' END"
	})
}

// link notes who asks for whom among the nodes outside of lists.
func (w *sqlWriter) link(n *formula.Node, seen map[int]bool) {
	if seen[n.ID] || n.Op == formula.OpScore {
		return
	}
	seen[n.ID] = true
	for _, a := range n.Args {
		w.above[a.ID] = append(w.above[a.ID], sqlEdge{parent: n})
		w.link(a, seen)
	}
	if n.Pred != nil {
		outside := map[int]*formula.Node{}
		gatherOutside(n.Pred, outside)
		for _, id := range slices.Sorted(maps.Keys(outside)) {
			w.above[id] = append(w.above[id], sqlEdge{parent: n, within: true})
			w.link(outside[id], seen)
		}
	}
}

// gatherOutside finds the nodes of a predicate that do not depend on the item.
func gatherOutside(n *formula.Node, found map[int]*formula.Node) {
	if n.Depth == 0 {
		found[n.ID] = n
		return
	}
	for _, a := range n.Args {
		gatherOutside(a, found)
	}
	if n.Pred != nil {
		gatherOutside(n.Pred, found)
	}
}

// gatherMissing adds the conditions under which a node outside of lists makes a field matter.
func (w *sqlWriter) gatherMissing(n *formula.Node, conditions map[string][]string) {
	if n.Op == formula.OpField {
		conditions[n.Field().Path] = append(conditions[n.Field().Path], w.asked(n))
		return
	}
	if n.Inner == 0 {
		return
	}
	f := n.Field()
	conditions[f.Path] = append(conditions[f.Path], "("+w.asked(n)+" AND "+w.base(f)+" IS NULL)")
	targets := map[string]bool{}
	itemTargets(n, targets)
	for _, path := range slices.Sorted(maps.Keys(targets)) {
		conditions[path] = append(conditions[path], "("+w.asked(n)+" AND "+w.someItem(n, path, map[int]string{})+")")
	}
}

// asked is the condition under which a node is asked for: a column where several ask.
func (w *sqlWriter) asked(n *formula.Node) string {
	edges := w.above[n.ID]
	if len(edges) < 2 {
		return w.askedBy(n, edges)
	}
	i, ok := w.reached[n.ID]
	if !ok {
		i = w.add(fmt.Sprintf("asked %d", n.ID), func() string { return w.askedBy(n, edges) })
		w.reached[n.ID] = i
	}
	w.level = max(w.level, w.columns[i].level)
	return "s." + quoteName(w.columns[i].name)
}

func (w *sqlWriter) askedBy(n *formula.Node, edges []sqlEdge) string {
	var ways []string
	for _, e := range edges {
		ways = append(ways, w.askedThrough(n, e))
	}
	return "(" + w.kept(n) + " IS NULL AND (" + strings.Join(ways, " OR ") + "))"
}

// askedThrough is the condition of one edge. Arithmetic and comparisons are unknown whenever an operand is, so they need no look of their own.
func (w *sqlWriter) askedThrough(n *formula.Node, e sqlEdge) string {
	switch {
	case e.parent == nil:
		return e.root()
	case e.within:
		return "(" + w.asked(e.parent) + " AND " + w.someItem(e.parent, outsideTarget(n), map[int]string{}) + ")"
	case strict(e.parent) && len(w.above[e.parent.ID]) == 1:
		return w.askedThrough(e.parent, w.above[e.parent.ID][0])
	}
	return w.asked(e.parent)
}

// strict reports whether an operation is unknown whenever any of its operands is.
func strict(n *formula.Node) bool {
	switch n.Op {
	case formula.OpAnd, formula.OpOr, formula.OpIf:
		return false
	}
	return n.Inner == 0
}

func outsideTarget(n *formula.Node) string { return fmt.Sprintf("node %d", n.ID) }

// itemTargets finds the paths of fields that an unknown item of a list operation can ask for.
func itemTargets(n *formula.Node, found map[string]bool) {
	if takesItem(n) {
		found[itemPath(n, n.Item)] = true
	}
	lists := map[int]string{n.Inner: n.Field().Path}
	var walk func(*formula.Node)
	walk = func(n *formula.Node) {
		if n.Depth == 0 {
			return
		}
		if n.Op == formula.OpField {
			found[lists[n.Level]+"."+n.Field().Path] = true
		}
		for _, a := range n.Args {
			walk(a)
		}
		if n.Inner > 0 {
			found[n.Field().Path] = true
			if takesItem(n) {
				found[itemPath(n, n.Item)] = true
			}
			lists[n.Inner] = n.Field().Path
			if n.Pred != nil {
				walk(n.Pred)
			}
		}
	}
	if n.Pred != nil {
		walk(n.Pred)
	}
}

func itemPath(n *formula.Node, item int) string {
	return n.Field().Path + "." + n.Field().List.Fields[item].Path
}

// someItem is whether any item of the list leads to the target by unknown values; empty where none ever does. lists are the paths of the lists
// whose items are at hand, by level.
func (w *sqlWriter) someItem(n *formula.Node, target string, lists map[int]string) string {
	inner := maps.Clone(lists)
	inner[n.Inner] = n.Field().Path
	var ways []string
	if n.Pred != nil {
		if c := w.leads(n.Pred, target, inner); c != "" {
			ways = append(ways, c)
		}
	}
	if takesItem(n) && itemPath(n, n.Item) == target {
		lacks := w.raw(n.Inner, &n.Field().List.Fields[n.Item]) + " IS NULL"
		if n.Pred != nil {
			lacks = "(" + w.value(n.Pred) + " AND " + lacks + ")"
		}
		ways = append(ways, lacks)
	}
	if len(ways) == 0 {
		return ""
	}
	return "EXISTS (SELECT 1 FROM " + w.items(n) + choose(w.Lists == ListTables, " AND ", " WHERE ") + "(" + strings.Join(ways, " OR ") + "))"
}

// leads is whether the item at hand leads from a node to the target; empty where it never does.
func (w *sqlWriter) leads(n *formula.Node, target string, lists map[int]string) string {
	if n.Depth == 0 {
		if outsideTarget(n) != target {
			return ""
		}
		return "(" + w.kept(n) + " IS NULL)"
	}
	var ways []string
	switch {
	case n.Op == formula.OpField:
		if lists[n.Level]+"."+n.Field().Path != target {
			return ""
		}
		return "(" + w.value(n) + " IS NULL)"
	case n.Inner > 0:
		if n.Field().Path == target {
			ways = append(ways, w.base(n.Field())+" IS NULL")
		}
		if c := w.someItem(n, target, lists); c != "" {
			ways = append(ways, c)
		}
	}
	for _, a := range n.Args {
		if c := w.leads(a, target, lists); c != "" {
			ways = append(ways, c)
		}
	}
	if len(ways) == 0 {
		return ""
	}
	return "(" + w.value(n) + " IS NULL AND (" + strings.Join(ways, " OR ") + "))"
}
