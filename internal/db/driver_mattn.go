//go:build mattn

package db

import (
	"context"
	"database/sql/driver"
	"errors"

	"github.com/mattn/go-sqlite3"
)

// openDriver opens one connection of the C library, which the race detector can follow at a bearable speed. It is never shipped.
func openDriver(_ context.Context, address string) (driver.Conn, error) {
	return (&sqlite3.SQLiteDriver{}).Open(address)
}

// sqliteCode is the extended result code of an error of the driver, 0 for any other error.
func sqliteCode(err error) int {
	if e, ok := errors.AsType[sqlite3.Error](err); ok {
		return int(e.ExtendedCode)
	}
	return 0
}
