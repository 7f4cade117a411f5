package ledger

import "slices"

// sourceLeaf is a leaf that a record must answer.
type sourceLeaf struct {
	sequence int64
	source   int
	entry    Entry
	act      *Recorded
}

// sourcesByKind says which source answers for a kind of leaf.
func sourcesByKind(sources []RecordSource) map[string]int {
	kinds := map[string]int{}
	for i, s := range sources {
		for _, kind := range s.Kinds() {
			kinds[kind] = i
		}
	}
	return kinds
}

// compareRecords walks the records of every source beside its leaves, both in order.
func (c *treeCheck) compareRecords() error {
	for i := range c.options.Records {
		var leaves []sourceLeaf
		for _, l := range c.leaves {
			if l.source == i {
				leaves = append(leaves, l)
			}
		}
		if err := c.compareSource(c.options.Records[i], leaves); err != nil {
			return err
		}
	}
	return nil
}

func (c *treeCheck) compareSource(source RecordSource, leaves []sourceLeaf) error {
	kinds := source.Kinds()
	for record, err := range source.Records(c.tx, c.tree) {
		if err != nil {
			return err
		}
		c.records++
		for len(leaves) > 0 && leaves[0].sequence < record.Sequence {
			c.found(RecordMissing, leaves[0].sequence, leaves[0].act)
			leaves = leaves[1:]
		}
		switch {
		case len(leaves) == 0 || leaves[0].sequence != record.Sequence || !slices.Contains(kinds, record.Kind):
			c.found(RecordAdded, record.Sequence, nil)
		case leaves[0].entry != record.Entry:
			c.found(RecordChanged, record.Sequence, leaves[0].act)
			leaves = leaves[1:]
		default:
			leaves = leaves[1:]
		}
	}
	if len(leaves) > 0 {
		c.found(RecordMissing, leaves[0].sequence, leaves[0].act)
	}
	return nil
}
