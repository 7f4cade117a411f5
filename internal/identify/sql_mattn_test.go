//go:build mattn

package identify_test

import _ "github.com/mattn/go-sqlite3"

// sqliteDriver is the C library, which the race detector can follow at a bearable speed.
const (
	sqliteDriver = "sqlite3"
	sqliteHaste  = "?_sync=OFF&_journal=OFF"
)
