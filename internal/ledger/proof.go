package ledger

import (
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"liandong/errs"
	"liandong/internal/db"
)

// Head is the state of a tree: how many leaves it has and their root.
type Head struct {
	Tree int64
	Size int64
	Root tlog.Hash
}

// HeadOf reads a tree's head; a tree that nobody appended to is empty.
func HeadOf(tx *db.Tx, tree int64) (Head, error) {
	h := Head{Tree: tree}
	err := tx.QueryRow(`SELECT size, root FROM ledger_tree WHERE tree = ?`, tree).Scan(&h.Size, &h.Root)
	if errors.Is(err, db.ErrNoRows) {
		return h, nil
	}
	return h, err
}

// Heads reads the heads of all trees, the system's first.
func Heads(tx *db.Tx) ([]Head, error) {
	return db.Collect(tx, func(rows *db.Rows) (h Head, err error) {
		err = rows.Scan(&h.Tree, &h.Size, &h.Root)
		return h, err
	}, `SELECT tree, size, root FROM ledger_tree ORDER BY tree`)
}

// ProveInclusion proves that the tree of the first size leaves contains leaf; tlog.CheckRecord checks it with tlog.RecordHash of LeafBytes.
func ProveInclusion(tx *db.Tx, tree, size, leaf int64) (tlog.RecordProof, error) {
	if err := within(tx, tree, size); err != nil {
		return nil, err
	}
	if leaf < 0 || leaf >= size {
		return nil, noLeaf(tree, leaf)
	}
	return tlog.ProveRecord(size, leaf, storedHashes{tx, tree})
}

// ProveConsistency proves that the first old leaves of the tree of the first size leaves are those of the tree that had old; tlog.CheckTree
// checks it.
func ProveConsistency(tx *db.Tx, tree, old, size int64) (tlog.TreeProof, error) {
	if err := within(tx, tree, size); err != nil {
		return nil, err
	}
	if old < 1 || old > size {
		return nil, noLeaf(tree, old-1)
	}
	return tlog.ProveTree(size, old, storedHashes{tx, tree})
}

func within(tx *db.Tx, tree, size int64) error {
	head, err := HeadOf(tx, tree)
	if err != nil {
		return err
	}
	if size > head.Size {
		return noLeaf(tree, size-1)
	}
	return nil
}

func noLeaf(tree, leaf int64) error {
	return errs.New(errs.NotFound, "ledger.Prove", fmt.Sprintf("日志树 %d 没有第 %d 条。", tree, leaf), fmt.Sprintf("Log tree %d has no entry %d.", tree, leaf))
}

// storedHashes reads hashes from the tiles, and from the tail where a tile is not whole yet.
type storedHashes struct {
	tx   *db.Tx
	tree int64
}

// ReadHashes makes storedHashes a tlog.HashReader.
func (s storedHashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	read := map[tlog.Tile][]byte{}
	for i, index := range indexes {
		t := tlog.TileForIndex(tileHeight, index)
		data, ok := read[t]
		if !ok {
			var err error
			if data, err = s.tile(t); err != nil {
				return nil, err
			}
			read[t] = data
		}
		var err error
		if hashes[i], err = tlog.HashFromTile(t, data, index); err != nil {
			return nil, err
		}
	}
	return hashes, nil
}

// tile reads the first t.W hashes of a tile.
func (s storedHashes) tile(t tlog.Tile) ([]byte, error) {
	var data []byte
	err := s.tx.QueryRow(`SELECT hashes FROM ledger_tile WHERE tree = ? AND level = ? AND number = ?`, s.tree, t.L, t.N).Scan(&data)
	if errors.Is(err, db.ErrNoRows) && t.L == 0 {
		data, err = s.tail()
	}
	if err == nil && len(data) < t.W*tlog.HashSize {
		err = noLeaf(s.tree, t.N<<(tileHeight*(t.L+1)))
	}
	if err != nil {
		return nil, err
	}
	return data[:t.W*tlog.HashSize], nil
}

func (s storedHashes) tail() ([]byte, error) {
	var data []byte
	err := s.tx.Each(func(rows *db.Rows) error {
		var h tlog.Hash
		err := rows.Scan(&h)
		data = append(data, h[:]...)
		return err
	}, `SELECT hash FROM ledger_tail WHERE tree = ? ORDER BY leaf`, s.tree)
	return data, err
}
