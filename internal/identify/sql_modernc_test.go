//go:build !mattn

package identify_test

import _ "modernc.org/sqlite"

// sqliteDriver is the shipped one. The tests' records may be lost.
const (
	sqliteDriver = "sqlite"
	sqliteHaste  = "?_pragma=synchronous(off)&_pragma=journal_mode(off)"
)
