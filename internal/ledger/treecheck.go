package ledger

import (
	"bytes"
	"errors"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"liandong/internal/db"
)

// checkStep is how many leaves are checked at a time: 64 bundles, so that a county's log never has to fit into memory.
const checkStep = 64 * tileWidth

// treeCheck recomputes one tree from its entries.
type treeCheck struct {
	tx      *db.Tx
	tree    int64
	options Options
	marks   []Head // what checkpoints say of this tree, by size
	told    int64  // leaves of the trees before

	head      Head
	headless  bool // there is no head at all
	peaks     []byte
	edge      frontier
	upper     [][]tlog.Hash // per level above 0 the recomputed hashes of the tile being filled
	suspect   int64         // the first leaf whose stored hash differs, or -1
	suspectBy *Recorded
	above     *span     // the leaves under the first stored hash above level 0 that differs
	act       *Recorded // the act of the present leaf
	hasher    *hasher
	pending   []Recorded // acts that come next
	acts      int64
	records   int64
	sources   map[string]int // by kind of leaf
	leaves    []sourceLeaf   // leaves that records must answer
	fault     *Fault
}

// span is the leaves under one hash.
type span struct{ first, end int64 }

// errStop ends the check of a tree of which nothing more can be recomputed.
var errStop = errors.New("ledger: the tree cannot be followed any further")

func marksOf(tree int64, checkpoints []*Checkpoint) []Head {
	var marks []Head
	for _, c := range checkpoints {
		for _, h := range c.Heads {
			if h.Tree == tree {
				marks = append(marks, h)
			}
		}
	}
	slices.SortFunc(marks, func(a, b Head) int { return int(a.Size - b.Size) })
	return marks
}

// found keeps the fault with the lowest sequence, the earlier found of two with the same.
func (c *treeCheck) found(kind FaultKind, sequence int64, act *Recorded) {
	if c.fault == nil || sequence < c.fault.Sequence {
		c.fault = &Fault{Kind: kind, Tree: c.tree, Sequence: sequence, Act: act}
	}
}

func (c *treeCheck) run() error {
	c.suspect, c.sources = -1, sourcesByKind(c.options.Records)
	if err := c.readHead(); err != nil {
		return err
	}
	c.compareMarks()
	for begin := int64(0); begin < c.head.Size; begin += checkStep {
		err := c.step(begin, min(begin+checkStep, c.head.Size))
		if errors.Is(err, errStop) {
			return nil
		}
		if err != nil {
			return err
		}
		if c.options.Progress != nil {
			c.options.Progress(c.told + c.edge.size)
		}
	}
	return c.finish()
}

func (c *treeCheck) readHead() error {
	c.head.Tree = c.tree
	var root []byte
	err := c.tx.QueryRow(`SELECT size, root, peaks FROM ledger_tree WHERE tree = ?`, c.tree).Scan(&c.head.Size, &root, &c.peaks)
	switch {
	case errors.Is(err, db.ErrNoRows):
		c.headless = true
		return nil
	case err != nil:
		return err
	}
	if copy(c.head.Root[:], root) != len(root) || len(root) != tlog.HashSize {
		c.found(HeadChanged, max(c.head.Size-1, 0), nil)
	}
	return nil
}

// step checks the leaves from begin to end, where begin is the first of a bundle.
func (c *treeCheck) step(begin, end int64) error {
	if err := c.readActs(begin, end); err != nil {
		return err
	}
	whole := end / tileWidth * tileWidth
	bundles, err := c.blobs(`SELECT number, entries FROM ledger_bundle WHERE tree = ? AND number >= ? AND number < ? ORDER BY number`, begin, whole)
	if err != nil {
		return err
	}
	tiles, err := c.blobs(`SELECT number, hashes FROM ledger_tile WHERE level = 0 AND tree = ? AND number >= ? AND number < ? ORDER BY number`, begin, whole)
	if err != nil {
		return err
	}
	for first := begin; first < whole; first += tileWidth {
		if err := c.bundle(first, bundles[first/tileWidth], tiles[first/tileWidth]); err != nil {
			return err
		}
	}
	if whole < end {
		return c.tail(whole, end)
	}
	return nil
}

// blobs reads rows of a number and bytes for the bundles between two leaves.
func (c *treeCheck) blobs(query string, begin, end int64) (map[int64][]byte, error) {
	all := map[int64][]byte{}
	err := c.tx.Each(func(rows *db.Rows) error {
		var number int64
		var b []byte
		err := rows.Scan(&number, &b)
		all[number] = b
		return err
	}, query, c.tree, begin/tileWidth, end/tileWidth)
	return all, err
}

func (c *treeCheck) readActs(begin, end int64) error {
	acts, err := db.Collect(c.tx, scanAct, actColumns+` WHERE tree = ? AND first >= ? AND first < ? ORDER BY first`, c.tree, begin, end)
	c.pending = append(c.pending, acts...)
	return err
}

// bundle checks 256 leaves against their tile.
func (c *treeCheck) bundle(first int64, entries, tile []byte) error {
	if entries == nil {
		return c.stop(EntryMissing, first)
	}
	if len(tile) != tileWidth*tlog.HashSize && c.suspect < 0 {
		c.suspect = first // a tile that is gone or too short; what is recomputed says whether the entries are right
	}
	for i := range int64(tileWidth) {
		v, err := viewEntry(entries)
		if err != nil {
			return c.stop(EntryChanged, first+i)
		}
		stored := []byte(nil)
		if at := int(i) * tlog.HashSize; len(tile) >= at+tlog.HashSize {
			stored = tile[at : at+tlog.HashSize]
		}
		if err := c.leaf(first+i, entries[:v.length], &v, stored); err != nil {
			return err
		}
		entries = entries[v.length:]
	}
	if len(entries) > 0 {
		return c.stop(EntryChanged, first+tileWidth-1)
	}
	return nil
}

// tail checks the leaves after the last whole bundle.
func (c *treeCheck) tail(first, end int64) error {
	next := first
	err := c.tx.Each(func(rows *db.Rows) error {
		var leaf int64
		var entry, hash []byte
		if err := rows.Scan(&leaf, &entry, &hash); err != nil {
			return err
		}
		if leaf != next {
			return c.stop(EntryMissing, next)
		}
		v, err := viewEntry(entry)
		if err != nil || v.length != len(entry) {
			return c.stop(EntryChanged, leaf)
		}
		next++
		return c.leaf(leaf, entry, &v, hash)
	}, `SELECT leaf, entry, hash FROM ledger_tail WHERE tree = ? AND leaf >= ? AND leaf < ? ORDER BY leaf`, c.tree, first, end)
	if err == nil && next < end {
		return c.stop(EntryMissing, next)
	}
	return err
}

// leaf hashes one leaf with its act and moves the edge on.
func (c *treeCheck) leaf(sequence int64, entry []byte, v *entryView, stored []byte) error {
	if c.act == nil || sequence >= c.act.First+c.act.Count {
		if len(c.pending) == 0 || c.pending[0].First != sequence || c.pending[0].Count < 1 {
			return c.stop(ActMismatch, sequence)
		}
		act := c.pending[0]
		c.pending = c.pending[1:]
		c.act, c.hasher = &act, newHasher(&act)
		c.acts++
	}
	hash := c.hasher.hash(entry)
	if !bytes.Equal(hash[:], stored) && (c.suspect < 0 || c.suspectBy == nil && c.suspect == sequence) {
		c.suspect, c.suspectBy = sequence, c.act
	}
	if source, ok := c.sources[string(v.kind)]; ok {
		c.leaves = append(c.leaves, sourceLeaf{sequence, source, v.entry(), c.act})
	}
	var err error
	c.edge.push(hash, func(level int, h tlog.Hash) {
		if e := c.climb(level, h); e != nil {
			err = e
		}
	})
	if err != nil {
		return err
	}
	c.passMarks()
	return nil
}

// stop notes a fault after which the tree cannot be recomputed. What was suspected before it comes first.
func (c *treeCheck) stop(kind FaultKind, sequence int64) error {
	if c.suspect >= 0 {
		c.found(EntryChanged, c.suspect, c.suspectBy)
	}
	act := c.act
	if act != nil && sequence >= act.First+act.Count {
		act = nil
		if len(c.pending) > 0 && c.pending[0].First <= sequence {
			act = &c.pending[0]
		}
	}
	c.found(kind, sequence, act)
	return errStop
}

// climb takes a recomputed hash that belongs into a tile above level 0, and compares the tile when it is whole.
func (c *treeCheck) climb(level int, h tlog.Hash) error {
	for len(c.upper) < level {
		c.upper = append(c.upper, nil)
	}
	c.upper[level-1] = append(c.upper[level-1], h)
	if len(c.upper[level-1]) < tileWidth {
		return nil
	}
	number := c.edge.size>>(tileHeight*level)/tileWidth - 1
	err := c.compareTile(level, number)
	c.upper[level-1] = c.upper[level-1][:0]
	return err
}

func (c *treeCheck) compareTile(level int, number int64) error {
	var stored []byte
	err := c.tx.QueryRow(`SELECT hashes FROM ledger_tile WHERE tree = ? AND level = ? AND number = ?`, c.tree, level, number).Scan(&stored)
	if err != nil && !errors.Is(err, db.ErrNoRows) {
		return err
	}
	want := c.upper[level-1]
	differs := -1
	for i := range want {
		if at := i * tlog.HashSize; len(stored) < at+tlog.HashSize || !bytes.Equal(stored[at:at+tlog.HashSize], want[i][:]) {
			differs = i
			break
		}
	}
	if differs < 0 && len(stored) != len(want)*tlog.HashSize {
		differs = len(want) - 1
	}
	if differs < 0 {
		return nil
	}
	width := int64(1) << (tileHeight * level)
	first := (number*tileWidth + int64(differs)) * width
	if c.above == nil || first < c.above.first {
		c.above = &span{first, first + width}
	}
	return nil
}

// compareMarks notes the checkpoints that a shorter tree cannot have.
func (c *treeCheck) compareMarks() {
	for _, m := range c.marks {
		if m.Size > c.head.Size {
			c.found(TailCut, c.head.Size, nil)
		}
	}
}

// passMarks compares the root with that of a checkpoint of just this size. The first bad entry then lies after the last good checkpoint.
func (c *treeCheck) passMarks() {
	good := int64(0)
	for _, m := range c.marks {
		if m.Size == c.edge.size && m.Root != c.edge.root() {
			c.found(HistoryRewritten, good, nil)
		}
		good = m.Size
	}
}

// finish compares what is left when all leaves were recomputed: open tiles, the head, what lies beyond it, and the records.
func (c *treeCheck) finish() error {
	for level := 1; level <= len(c.upper); level++ {
		if len(c.upper[level-1]) > 0 {
			if err := c.compareTile(level, c.edge.size>>(tileHeight*level)/tileWidth); err != nil {
				return err
			}
		}
	}
	last := max(c.edge.size-1, 0)
	entriesRight := c.edge.root() == c.head.Root
	blame := EntryChanged
	if entriesRight {
		blame = TileChanged
	}
	if c.suspect >= 0 {
		c.found(blame, c.suspect, c.suspectBy)
	}
	// A hash above a leaf that is suspected already differs because of it.
	if c.above != nil && (c.suspect < c.above.first || c.suspect >= c.above.end) {
		c.found(blame, c.above.first, nil)
	}
	if c.suspect < 0 && c.above == nil && (!entriesRight || !bytes.Equal(joinHashes(c.edge.peaks), c.peaks)) {
		c.found(HeadChanged, last, c.act)
	}
	if c.act != nil && c.act.First+c.act.Count != c.head.Size || len(c.pending) > 0 {
		c.found(ActMismatch, last, c.act)
	}
	if err := c.beyond(); err != nil {
		return err
	}
	return c.compareRecords()
}

// beyond looks for rows that belong to no leaf of the head.
func (c *treeCheck) beyond() error {
	size := c.head.Size
	whole := size / tileWidth
	for _, q := range []struct {
		kind  FaultKind
		query string
		args  []any
	}{
		{EntryAdded, `SELECT count(*) FROM ledger_bundle WHERE tree = ? AND (number < 0 OR number >= ?)`, []any{c.tree, whole}},
		{EntryAdded, `SELECT count(*) FROM ledger_tail WHERE tree = ? AND (leaf < ? OR leaf >= ?)`, []any{c.tree, whole * tileWidth, size}},
		{ActMismatch, `SELECT count(*) FROM ledger_act WHERE tree = ? AND (first < 0 OR first >= ?)`, []any{c.tree, size}},
		{
			TileChanged, `SELECT count(*) FROM ledger_tile WHERE tree = ? AND (number < 0 OR level < 0 OR level > ? OR (level = 0 AND number >= ?) OR (level = 1 AND number >= ?) OR (level = 2 AND number >= ?) OR (level = 3 AND number >= ?))`,
			[]any{c.tree, len(c.upper), whole, tilesAt(size, 1), tilesAt(size, 2), tilesAt(size, 3)},
		},
	} {
		var n int64
		if err := c.tx.QueryRow(q.query, q.args...).Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			kind := q.kind
			if c.headless {
				kind = HeadChanged
			}
			c.found(kind, size, nil)
		}
	}
	return nil
}

// tilesAt is how many tiles a level above 0 has.
func tilesAt(size int64, level int) int64 {
	return (size>>(tileHeight*level) + tileWidth - 1) / tileWidth
}
