package ledger

import (
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"
)

// frontier is the right edge of a tree: the roots of its whole subtrees from the largest to the smallest, one for every bit set in size.
// It is all that is needed to add leaves and to know the root.
type frontier struct {
	size  int64
	peaks []tlog.Hash
}

// push adds a leaf's hash. Every hash of a level that begins a tile of its own, 8, 16, …, is told to whole.
func (f *frontier) push(leaf tlog.Hash, whole func(level int, h tlog.Hash)) {
	f.peaks = append(f.peaks, leaf)
	f.size++
	for level := 1; f.size&(1<<level-1) == 0; level++ {
		last := len(f.peaks) - 1
		f.peaks[last-1] = tlog.NodeHash(f.peaks[last-1], f.peaks[last])
		f.peaks = f.peaks[:last]
		if level%tileHeight == 0 {
			whole(level/tileHeight, f.peaks[last-1])
		}
	}
}

// root is the tree's hash; that of the empty tree is zero, as in tlog.
func (f *frontier) root() tlog.Hash {
	if len(f.peaks) == 0 {
		return tlog.Hash{}
	}
	h := f.peaks[len(f.peaks)-1]
	for i := len(f.peaks) - 2; i >= 0; i-- {
		h = tlog.NodeHash(f.peaks[i], h)
	}
	return h
}

// valid reports whether there are as many peaks as the size asks for.
func (f *frontier) valid() bool {
	return f.size >= 0 && len(f.peaks) == bits.OnesCount64(uint64(f.size))
}

func joinHashes(hashes []tlog.Hash) []byte {
	b := make([]byte, 0, len(hashes)*tlog.HashSize)
	for i := range hashes {
		b = append(b, hashes[i][:]...)
	}
	return b
}

// splitHashes reads hashes from bytes; a rest that is no whole hash is dropped and found by whoever counts.
func splitHashes(b []byte) []tlog.Hash {
	hashes := make([]tlog.Hash, len(b)/tlog.HashSize)
	for i := range hashes {
		copy(hashes[i][:], b[i*tlog.HashSize:])
	}
	return hashes
}
