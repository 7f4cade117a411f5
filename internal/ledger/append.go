package ledger

import (
	"errors"
	"fmt"
	"iter"

	"golang.org/x/mod/sumdb/tlog"

	"liandong/errs"
	"liandong/internal/db"
)

// Append adds an act with its entries to a tree, within the transaction that made the change, and gives the sequence of the first leaf; the
// others follow it. Two appends to one tree wait for each other until their transactions end, so append late in a transaction. An act needs
// an actor, an operation and at least one entry.
func Append(tx *db.Tx, tree int64, act Act, entries []Entry) (int64, error) {
	if act.Actor == "" || act.Operation == "" || len(entries) == 0 {
		return 0, errors.New("ledger: an act without an actor, an operation or an entry")
	}
	w, err := openWriter(tx, tree)
	if err != nil {
		return 0, errs.Wrap("ledger.Append", err)
	}
	first := w.edge.size
	r := Recorded{Act: act, Tree: tree, First: first, Count: int64(len(entries)), At: moment(tx.Now()), Subject: oneSubject(entries)}
	if err := w.append(&r, entries); err != nil {
		return 0, errs.Wrap("ledger.Append", err)
	}
	return first, nil
}

// writer adds leaves to one tree within one transaction. Whole bundles and tiles go out as they fill; what is left becomes tail rows.
type writer struct {
	tx   *db.Tx
	tree int64
	edge frontier

	bundle []byte        // the entries since the last whole bundle
	ends   []int         // where each of them ends in bundle
	hashes []tlog.Hash   // and their hashes
	stored int           // how many of them are tail rows already
	upper  [][]tlog.Hash // per level above 0 the hashes of its last tile; nil until needed
	grown  []bool
	rows   []fullBundle
	tiles  []fullTile
}

type fullBundle struct {
	number  int64
	entries []byte
}

type fullTile struct {
	level  int
	number int64
	hashes []byte
}

// openWriter reads a tree's head, making it when it is new, and keeps others from appending until the transaction ends.
func openWriter(tx *db.Tx, tree int64) (*writer, error) {
	w := &writer{tx: tx, tree: tree}
	head := tx.Select(`SELECT size, peaks FROM ledger_tree WHERE tree = ?`, `SELECT size, peaks FROM ledger_tree WHERE tree = ? FOR UPDATE`)
	var peaks []byte
	err := tx.QueryRow(head, tree).Scan(&w.edge.size, &peaks)
	if errors.Is(err, db.ErrNoRows) {
		if _, err := tx.Exec(`INSERT INTO ledger_tree (tree, size, root, peaks) VALUES (?, 0, ?, ?) ON CONFLICT (tree) DO NOTHING`, tree, tlog.Hash{}, []byte{}); err != nil {
			return nil, err
		}
		err = tx.QueryRow(head, tree).Scan(&w.edge.size, &peaks)
	}
	if err != nil {
		return nil, err
	}
	if w.edge.peaks = splitHashes(peaks); !w.edge.valid() {
		return nil, damagedHead(tree)
	}
	w.stored = int(w.edge.size % tileWidth)
	return w, nil
}

func damagedHead(tree int64) error {
	return errs.New(errs.Unavailable, "ledger.Append",
		fmt.Sprintf("日志树 %d 的树头已损坏，不能再写入。请运行 liandong audit verify 查明。", tree),
		fmt.Sprintf("The head of log tree %d is damaged, so nothing can be added. Run liandong audit verify to find out more.", tree))
}

func (w *writer) append(r *Recorded, entries []Entry) error {
	if w.stored > 0 && w.stored+len(entries) >= tileWidth {
		if err := w.takeTail(); err != nil {
			return err
		}
	}
	h := newHasher(r)
	for i := range entries {
		begin := len(w.bundle)
		w.bundle = appendEntry(w.bundle, &entries[i])
		hash := h.hash(w.bundle[begin:])
		w.ends = append(w.ends, len(w.bundle))
		w.hashes = append(w.hashes, hash)
		if err := w.push(hash); err != nil {
			return err
		}
	}
	return w.finish(r)
}

// takeTail brings the tail rows back into memory, because they become part of a whole bundle.
func (w *writer) takeTail() error {
	err := w.tx.Each(func(rows *db.Rows) error {
		var entry []byte
		var hash tlog.Hash
		if err := rows.Scan(&entry, &hash); err != nil {
			return err
		}
		w.bundle = append(w.bundle, entry...)
		w.ends = append(w.ends, len(w.bundle))
		w.hashes = append(w.hashes, hash)
		return nil
	}, `SELECT entry, hash FROM ledger_tail WHERE tree = ? ORDER BY leaf`, w.tree)
	if err != nil {
		return err
	}
	if len(w.hashes) != w.stored {
		return damagedHead(w.tree)
	}
	_, err = w.tx.Exec(`DELETE FROM ledger_tail WHERE tree = ?`, w.tree)
	w.stored = 0
	return err
}

// push moves the edge on and sets aside what became whole.
func (w *writer) push(hash tlog.Hash) error {
	var err error
	w.edge.push(hash, func(level int, h tlog.Hash) {
		if level == 1 {
			w.wholeBundle()
		}
		if e := w.grow(level, h); e != nil {
			err = e
		}
	})
	return err
}

// wholeBundle sets aside 256 entries and their tile.
func (w *writer) wholeBundle() {
	number := w.edge.size/tileWidth - 1
	w.rows = append(w.rows, fullBundle{number, w.bundle})
	w.tiles = append(w.tiles, fullTile{0, number, joinHashes(w.hashes)})
	w.bundle = make([]byte, 0, len(w.bundle)+64)
	w.ends, w.hashes = w.ends[:0], w.hashes[:0]
}

// grow adds a hash to the last tile of a level above 0, and sets the tile aside when it is whole.
func (w *writer) grow(level int, h tlog.Hash) error {
	for len(w.upper) < level {
		w.upper, w.grown = append(w.upper, nil), append(w.grown, false)
	}
	before := w.edge.size>>(tileHeight*level) - 1 // how many hashes the level had
	if !w.grown[level-1] && before%tileWidth != 0 {
		if err := w.readTile(level, before/tileWidth, int(before%tileWidth)); err != nil {
			return err
		}
	}
	w.grown[level-1] = true
	tile := &w.upper[level-1]
	if *tile = append(*tile, h); len(*tile) == tileWidth {
		w.tiles = append(w.tiles, fullTile{level, before / tileWidth, joinHashes(*tile)})
		*tile = (*tile)[:0]
	}
	return nil
}

// readTile reads the last tile of a level, of which the first width hashes count.
func (w *writer) readTile(level int, number int64, width int) error {
	var b []byte
	err := w.tx.QueryRow(`SELECT hashes FROM ledger_tile WHERE tree = ? AND level = ? AND number = ?`, w.tree, level, number).Scan(&b)
	if errors.Is(err, db.ErrNoRows) || err == nil && len(b) != width*tlog.HashSize {
		return damagedHead(w.tree)
	}
	w.upper[level-1] = splitHashes(b)
	return err
}

// finish writes everything that was set aside, the tail, the act and the head.
func (w *writer) finish(r *Recorded) error {
	for level := 1; level <= len(w.upper); level++ {
		if tile := w.upper[level-1]; w.grown[level-1] && len(tile) > 0 {
			number := (w.edge.size >> (tileHeight * level)) / tileWidth
			w.tiles = append(w.tiles, fullTile{level, number, joinHashes(tile)})
		}
	}
	for _, step := range []func() error{w.writeBundles, w.writeTiles, w.writeTail} {
		if err := step(); err != nil {
			return err
		}
	}
	var subject []byte
	if r.Subject != (Entry{}).Subject {
		subject = r.Subject[:]
	}
	if _, err := w.tx.Exec(`INSERT INTO ledger_act (tree, first, count, at, actor, operation, reason, source, subject) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.Tree, r.First, r.Count, r.At, r.Actor, r.Operation, r.Reason, r.Source, subject); err != nil {
		return err
	}
	_, err := w.tx.Exec(`UPDATE ledger_tree SET size = ?, root = ?, peaks = ? WHERE tree = ?`, w.edge.size, w.edge.root(), joinHashes(w.edge.peaks), w.tree)
	return err
}

func (w *writer) writeBundles() error {
	if len(w.rows) == 0 {
		return nil
	}
	_, err := w.tx.Bulk("ledger_bundle", []string{"tree", "number", "entries"}, func(yield func([]any) bool) {
		for _, b := range w.rows {
			if !yield([]any{w.tree, b.number, b.entries}) {
				return
			}
		}
	})
	return err
}

// writeTiles inserts the tiles that are new and replaces those that an earlier append had begun: at most one for each level above 0.
func (w *writer) writeTiles() error {
	var fresh []fullTile
	for _, t := range w.tiles {
		if t.level == 0 {
			fresh = append(fresh, t)
			continue
		}
		if _, err := w.tx.Exec(`INSERT INTO ledger_tile (tree, level, number, hashes) VALUES (?, ?, ?, ?)
			ON CONFLICT (tree, level, number) DO UPDATE SET hashes = excluded.hashes`, w.tree, t.level, t.number, t.hashes); err != nil {
			return err
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	_, err := w.tx.Bulk("ledger_tile", []string{"tree", "level", "number", "hashes"}, tileRows(w.tree, fresh))
	return err
}

func tileRows(tree int64, tiles []fullTile) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for _, t := range tiles {
			if !yield([]any{tree, t.level, t.number, t.hashes}) {
				return
			}
		}
	}
}

// writeTail writes the leaves after the last whole bundle.
func (w *writer) writeTail() error {
	n := int64(len(w.hashes))
	if n == 0 {
		return nil
	}
	first := w.edge.size - n
	if n == 1 {
		_, err := w.tx.Exec(`INSERT INTO ledger_tail (tree, leaf, entry, hash) VALUES (?, ?, ?, ?)`, w.tree, first, w.bundle, w.hashes[0])
		return err
	}
	_, err := w.tx.Bulk("ledger_tail", []string{"tree", "leaf", "entry", "hash"}, func(yield func([]any) bool) {
		begin := 0
		for i, end := range w.ends {
			if !yield([]any{w.tree, first + int64(i), w.bundle[begin:end], w.hashes[i][:]}) {
				return
			}
			begin = end
		}
	})
	return err
}
