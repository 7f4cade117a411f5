package access

import (
	"context"
	"strings"

	"liandong/internal/db"
)

// Names gives the names of accounts by their ids. An id that no account has, such as that of a program, is not among them.
func (a *Accounts) Names(ctx context.Context, ids map[string]bool) (map[string]string, error) {
	names := make(map[string]string, len(ids))
	if len(ids) == 0 {
		return names, nil
	}
	args := make([]any, 0, len(ids))
	for id := range ids {
		args = append(args, id)
	}
	err := a.db.Read(ctx, func(tx *db.Tx) error {
		return tx.Each(func(rows *db.Rows) error {
			var id, name string
			err := rows.Scan(&id, &name)
			names[id] = name
			return err
		}, `SELECT id, name FROM account WHERE id IN (`+strings.TrimSuffix(strings.Repeat("?, ", len(args)), ", ")+`)`, args...)
	})
	return names, err
}
