package secret

import (
	"context"
	"fmt"

	"liandong/errs"
	"liandong/internal/db"
)

// rewrapStep is how many keys one transaction rewraps; others can write in between.
const rewrapStep = 2000

// Rewrap wraps every household key that next does not open with next's master key instead of v's: the rotation of the master key. It may be
// interrupted and run again. Both files must be kept until it has returned nil; sealed values and blind indexes stay as they are. progress,
// which may be nil, is told how many keys are done.
func (v *Vault) Rewrap(ctx context.Context, d *db.DB, next *Vault, progress func(keys int64)) error {
	at := wrappedRow{county: -1}
	var done int64
	for {
		var rows []wrappedRow
		err := d.Write(ctx, func(tx *db.Tx) (err error) {
			if rows, err = keysAfter(tx, &at); err != nil {
				return err
			}
			for i := range rows {
				if err := v.move(tx, next, &rows[i]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return errs.Wrap("secret.Rewrap", err)
		}
		if done += int64(len(rows)); progress != nil {
			progress(done)
		}
		if len(rows) < rewrapStep {
			return nil
		}
		at = rows[len(rows)-1]
	}
}

func keysAfter(tx *db.Tx, at *wrappedRow) ([]wrappedRow, error) {
	return db.Collect(tx, func(rows *db.Rows) (row wrappedRow, err error) {
		err = rows.Scan(&row.county, &row.household, &row.id, &row.suite, &row.wrapped, &row.destroyed)
		return row, err
	}, `SELECT county, household, key_id, suite, wrapped, destroyed_at FROM household_key WHERE (county, household, key_id) > (?, ?, ?)
		ORDER BY county, household, key_id LIMIT ?`, at.county, at.household, at.id, rewrapStep)
}

func (v *Vault) move(tx *db.Tx, next *Vault, row *wrappedRow) error {
	if row.destroyed != nil {
		return nil
	}
	k := &Key{County: row.county, Household: row.household, ID: row.id, wrapped: row.wrapped}
	if _, err := next.unwrap(k, row.suite); err == nil {
		return nil
	}
	secret, err := v.unwrap(k, row.suite)
	if err != nil {
		return err
	}
	wrapped, err := next.wrapSecret(k, row.suite, secret)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE household_key SET wrapped = ? WHERE county = ? AND household = ? AND key_id = ? AND destroyed_at IS NULL`, wrapped, row.county, row.household, row.id)
	return err
}

func (v *Vault) wrapSecret(k *Key, s Suite, secret []byte) ([]byte, error) {
	nonce := make([]byte, nonceSize, nonceSize+len(secret)+tagSize)
	if err := v.read(nonce); err != nil {
		return nil, fmt.Errorf("secret: randomness: %w", err)
	}
	return v.wrap[s].aead.Seal(nonce, nonce, secret, k.wrapBinding(s)), nil
}
