package criteria

import (
	"fmt"
	"strings"

	"liandong/formula"
)

// The counters of list operations: two of five bits for each, six operations in one word.
const (
	counterBits = 5
	counterMask = 1<<counterBits - 1
	maxItems    = counterMask - 1 // 1 + the number of items still fits five bits
	operations  = 64 / (2 * counterBits)
)

// talliesFirst plans all counting of items that depends on the items alone, list by list, so that one pass serves several operations.
func (c *compiler) talliesFirst() {
	byList := map[int][]*formula.Node{}
	var order []int
	seen := map[int]bool{}
	var walk func(n *formula.Node)
	walk = func(n *formula.Node) {
		if seen[n.ID] {
			return
		}
		seen[n.ID] = true
		for _, a := range n.Args {
			walk(a)
		}
		if n.Inner == 0 {
			return
		}
		if n.Pred != nil {
			walk(n.Pred)
		}
		if n.Depth > 0 {
			return // belongs to the list around it
		}
		if c.alone[n.ID] = !c.overColumns(n); c.alone[n.ID] || n.Pred == nil || n.TakesItem() || c.readsOutside(n.Pred, n.Inner) {
			return
		}
		key := n.Index<<8 | n.Inner
		if byList[key] == nil {
			order = append(order, key)
		}
		byList[key] = append(byList[key], n)
	}
	for _, root := range c.doc.roots() {
		walk(root)
	}
	if c.byRows {
		return
	}
	for _, key := range order {
		for ops := byList[key]; len(ops) > 0; ops = ops[min(operations, len(ops)):] {
			c.tallyItems(ops[:min(operations, len(ops))])
		}
	}
}

// overColumns reports whether a list operation of the records can be evaluated over the columns of its items: texts and lists of the items
// themselves cannot.
func (c *compiler) overColumns(n *formula.Node) bool {
	return !c.byRows && n.Level == 0 && (n.Pred == nil || !contains(n.Pred, func(of *formula.Node) bool {
		switch {
		case of.Inner > 0:
			return readsLevel(of, n.Inner)
		case of.Type == formula.TypeText && of.Op == formula.OpField:
			return of.Level == n.Inner
		}
		return of.Op == formula.OpScore
	}))
}

// readsOutside reports whether a condition reads anything but the items of its level.
func (c *compiler) readsOutside(pred *formula.Node, level int) bool {
	return contains(pred, func(n *formula.Node) bool { return n.Inner > 0 || (n.Op == formula.OpField && n.Level != level) })
}

// itemsOf is the domain of a list operation's items.
func (c *compiler) itemsOf(n *formula.Node) int {
	for i, d := range c.domains {
		if d.list == n.Index && d.level == n.Inner {
			return i
		}
	}
	f := n.Field()
	c.domains = append(c.domains, domain{list: n.Index, level: n.Inner, schema: f.List, name: f.Path})
	return len(c.domains) - 1
}

// listOperation is an operation over a list of the records.
func (c *compiler) listOperation(n *formula.Node) *value {
	switch {
	case c.alone[n.ID]:
		return c.recordByRecord(n)
	case c.tallied[n.ID] != nil:
		return c.tallied[n.ID]
	case n.TakesItem():
		return c.reduce(n)
	case n.Pred == nil:
		return c.lengthOf(n)
	}
	c.tallyItems([]*formula.Node{n})
	return c.tallied[n.ID]
}

func (c *compiler) lengthOf(n *formula.Node) *value {
	items := c.itemsOf(n)
	r := c.newBytes(records)
	c.emit(records, smallName(r), "length of "+n.Field().Path, func(w *worker) {
		out, offsets := w.fresh(r), w.extents[items].offsets
		w.longest |= lengths(out[:len(offsets)-1], offsets)
		maskBytes(out, w.present(n.Index))
	})
	return c.countValue(n, r)
}

func (c *compiler) countValue(n *formula.Node, r int) *value {
	return &value{small: &small{source: r, size: sizeOf(n), values: leafValues(n), done: r}}
}

// counting is what the items of one small value bring to the counters.
func counting(n *formula.Node, meets formula.Value, shift int) uint64 {
	switch {
	case !meets.Known:
		return 1 << (shift + counterBits)
	case (meets.Num == 1) == (n.Op != formula.OpAll):
		return 1 << shift // it decides: an item that meets, or for all one that does not
	}
	return 0
}

// tallyItems counts the items for up to six operations over one list.
func (c *compiler) tallyItems(ops []*formula.Node) {
	items := c.itemsOf(ops[0])
	var sources []tallySource
	table := func(r int) *[256]uint64 {
		for _, s := range sources {
			if s.values == r {
				return s.table
			}
		}
		sources = append(sources, tallySource{r, new([256]uint64)})
		return sources[len(sources)-1].table
	}
	var texts, from []string
	for k, n := range ops {
		c.count(items, n, 2*counterBits*k, table)
		texts = append(texts, nodeText(n))
	}
	running, counters := c.newSums(items), c.newSums(records)
	for _, s := range sources {
		from = append(from, fmt.Sprintf("s%d", s.values))
	}
	c.emit(items, fmt.Sprintf("r%d running", running), "count by "+strings.Join(from, " ")+": "+strings.Join(texts, "; "), func(w *worker) { runningTally(w.sums[running], sources, w.bytes, w.extents[items].n) })
	c.emit(records, fmt.Sprintf("r%d counters", counters), fmt.Sprintf("r%d between offsets", running), func(w *worker) {
		e := &w.extents[items]
		w.longest |= segments(w.sums[counters], w.sums[running], e.offsets, int32(e.from))
	})
	for k, n := range ops {
		c.tallied[n.ID] = c.counted(n, counters, uint(2*counterBits*k))
	}
}

// count makes the table that says what an item brings to an operation.
func (c *compiler) count(items int, n *formula.Node, shift int, table func(r int) *[256]uint64) {
	leaves := c.leavesOf(items, n.Pred)
	if !leaves.other && len(leaves.wide) == 0 && len(leaves.small) == 1 {
		leaf := leaves.small[0]
		t := table(c.leaf(items, leaf))
		for b := range sizeOf(leaf) {
			c.assume(leaf, leafValue(leaf, b))
			t[b] += counting(n, c.scalar(n.Pred), shift)
		}
		c.forget(leaf)
		return
	}
	s := c.smallOf(items, c.compile(items, n.Pred))
	t := table(s.source)
	for b := range s.size {
		at := b
		if s.table != nil {
			at = int(s.table[b])
		}
		meets := formula.Value{}
		if at > 0 {
			meets = formula.Value{Num: float64(at - 1), Known: true}
		}
		t[b] += counting(n, meets, shift)
	}
}

// counted turns an operation's counters into its value.
func (c *compiler) counted(n *formula.Node, counters int, shift uint) *value {
	if n.Op == formula.OpCount {
		r := c.newBytes(records)
		c.emit(records, smallName(r), fmt.Sprintf("count at bit %d of r%d", shift, counters), func(w *worker) {
			out := w.fresh(r)
			counted(out[:w.size(records)], w.sums[counters][:w.size(records)], shift)
			maskBytes(out, w.present(n.Index))
		})
		return c.countValue(n, r)
	}
	t := c.newTruth(records)
	decide, open := t.t, t.f
	if n.Op == formula.OpAll {
		decide, open = t.f, t.t
	}
	some := uint64(counterMask) << shift
	either := some | some<<counterBits
	c.emit(records, truthName(t), fmt.Sprintf("flags at bit %d of r%d", shift, counters), func(w *worker) {
		scratch := w.scratchFor(records)
		flagged(scratch, w.sums[counters][:w.size(records)], some, either)
		is, no, there := w.plane(decide), w.plane(open), w.present(n.Index)
		packBit(is, scratch[:64*len(is)], 1)
		packBit(no, scratch[:64*len(no)], 0)
		for i := range no {
			no[i] &= there[i]
		}
	})
	return &value{truth: &t}
}

// reduce is an exact sum, a least or a greatest of a field over the items that meet a condition.
func (c *compiler) reduce(n *formula.Node) *value {
	items := c.itemsOf(n)
	var meets truth
	if n.Pred != nil {
		meets = c.truthOf(items, c.compile(items, n.Pred))
	}
	x := c.newNumber(records)
	c.emit(records, numberName(x), nodeText(n), func(w *worker) { w.reduce(n, items, meets, x) })
	return &value{number: &x}
}

// spread gives the items of a list a value of their record.
func (c *compiler) spread(items int, n *formula.Node) *value {
	v := c.compile(records, n)
	parent := c.parentsOf(items)
	if v.number != nil && v.small == nil && v.truth == nil {
		from, x := *v.number, c.newNumber(items)
		c.emit(items, numberName(x), fmt.Sprintf("x%d of the record", from.x), func(w *worker) {
			rows, in, known := w.parents[parent], w.float(from.x), w.plane(from.k)
			out, is := w.float(x.x), w.plane(x.k)
			clear(is)
			for j := range out {
				i := rows[j]
				out[j] = in[i]
				is[j>>6] |= known[i>>6] >> (i & 63) & 1 << (uint(j) & 63)
			}
		})
		return &value{number: &x}
	}
	s := c.smallOf(records, v)
	from, r := c.bytesOf(records, s), c.newBytes(items)
	c.emit(items, smallName(r), fmt.Sprintf("s%d of the record", from), func(w *worker) {
		out, in := w.fresh(r), w.bytes[from]
		for j, i := range w.parents[parent][:w.size(items)] {
			out[j] = in[i]
		}
	})
	return &value{small: &small{source: r, size: s.size, values: s.values, done: r}}
}

// parentsOf plans the place of every item's record within its batch.
func (c *compiler) parentsOf(items int) int {
	if at, ok := c.parents[items]; ok {
		return at
	}
	at := c.parentCount
	c.parentCount++
	c.parents[items] = at
	c.emit(items, "records", "the record of every item", func(w *worker) { w.placeParents(at, items) })
	return at
}
