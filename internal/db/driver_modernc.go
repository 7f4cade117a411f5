//go:build !mattn

package db

import (
	"context"
	"database/sql/driver"
	"errors"

	"modernc.org/sqlite"
)

// openDriver opens one connection of the shipped driver. Syncing is by fdatasync, which is as durable as fsync and spares a write of the
// file's times.
func openDriver(ctx context.Context, address string) (driver.Conn, error) {
	// Where the system has no fdatasync the call says so and fsync stays, which is right.
	_, _ = sqlite.Fdatasync(true)
	connector, err := sqlite.NewConnector(address)
	if err != nil {
		return nil, err
	}
	return connector.Connect(ctx)
}

// sqliteCode is the extended result code of an error of the driver, 0 for any other error.
func sqliteCode(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code()
	}
	return 0
}
