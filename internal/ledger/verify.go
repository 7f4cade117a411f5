package ledger

import (
	"context"
	"iter"
	"slices"

	"liandong/errs"
	"liandong/internal/db"
)

// Record is a stored record as it is now: which leaf was appended for it, and what the leaf must say.
type Record struct {
	Sequence int64 // of its leaf within the tree, as Append gave it
	Entry          // kind, subject and the SHA-256 of the bytes that are stored now
}

// RecordSource gives the records of some kinds, so that Verify can compare them with their leaves. A room implements it for what it stores.
type RecordSource interface {
	// Kinds are the kinds of leaf of which every one must have its record here, and no more.
	Kinds() []string
	// Records are the tree's records in order of sequence, each hashed from what is stored.
	Records(tx *db.Tx, tree int64) iter.Seq2[Record, error]
}

// Scan gives the records that a query's rows hold, for a RecordSource.
func Scan(tx *db.Tx, scan func(*db.Rows) (Record, error), query string, args ...any) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		rows, err := tx.Query(query, args...)
		if err != nil {
			yield(Record{}, err)
			return
		}
		defer rows.Close()
		for rows.Next() {
			if record, err := scan(rows); !yield(record, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(Record{}, err)
		}
	}
}

// Options say what Verify compares the log with, beyond itself.
type Options struct {
	Checkpoints []*Checkpoint // kept elsewhere, signatures checked by ReadCheckpoint
	Records     []RecordSource
	Progress    func(leaves int64) // told now and then how many leaves are checked; may be nil
}

// Report is what Verify found.
type Report struct {
	Trees   int     `json:"trees"`
	Leaves  int64   `json:"leaves"`
	Acts    int64   `json:"acts"`
	Records int64   `json:"records"`
	Faults  []Fault `json:"faults"` // the first of each tree, by tree; empty when all is well
}

// OK reports whether nothing was found.
func (r *Report) OK() bool { return len(r.Faults) == 0 }

// Verify recomputes every tree from its entries and compares acts, tiles, heads, checkpoints and records with it, tree after tree, each in a
// snapshot of its own, so that work goes on meanwhile. The error says that it could not be done; what was found is in the report.
func Verify(ctx context.Context, d *db.DB, options Options) (*Report, error) {
	var trees []int64
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		trees, err = allTrees(tx, options.Checkpoints)
		return err
	})
	report := &Report{}
	for _, tree := range trees {
		if err == nil {
			err = d.Read(ctx, func(tx *db.Tx) error { return report.tree(tx, tree, options) })
		}
	}
	return report, errs.Wrap("ledger.Verify", err)
}

// VerifyIn is Verify within one transaction.
func VerifyIn(tx *db.Tx, options Options) (*Report, error) {
	trees, err := allTrees(tx, options.Checkpoints)
	report := &Report{}
	for _, tree := range trees {
		if err == nil {
			err = report.tree(tx, tree, options)
		}
	}
	return report, errs.Wrap("ledger.Verify", err)
}

// allTrees are the trees that have a head, or anything else, or stand in a checkpoint.
func allTrees(tx *db.Tx, checkpoints []*Checkpoint) ([]int64, error) {
	trees, err := db.Collect(tx, func(rows *db.Rows) (tree int64, err error) {
		err = rows.Scan(&tree)
		return tree, err
	}, `SELECT tree FROM ledger_tree UNION SELECT tree FROM ledger_act UNION SELECT tree FROM ledger_bundle UNION SELECT tree FROM ledger_tail
		UNION SELECT tree FROM ledger_tile`)
	for _, c := range checkpoints {
		for _, h := range c.Heads {
			trees = append(trees, h.Tree)
		}
	}
	slices.Sort(trees)
	return slices.Compact(trees), err
}

// tree checks one tree, within one snapshot.
func (r *Report) tree(tx *db.Tx, tree int64, options Options) error {
	c := &treeCheck{tx: tx, tree: tree, options: options, marks: marksOf(tree, options.Checkpoints), told: r.Leaves}
	if err := c.run(); err != nil {
		return err
	}
	r.Trees++
	r.Leaves += c.edge.size
	r.Acts += c.acts
	r.Records += c.records
	if c.fault != nil {
		c.fault.name()
		r.Faults = append(r.Faults, *c.fault)
	}
	return nil
}
