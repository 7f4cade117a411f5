package secret

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"liandong/errs"
	"liandong/internal/db"
)

// Key is one household's key, opened. It is used by one goroutine at a time and is forgotten after use.
type Key struct {
	County    int64
	Household uuid.UUID
	ID        int64 // counts the household's keys from 1

	vault   *Vault
	sealer  *sealer
	wrapped []byte
	binding []byte // memory used again for every value
	opened  []byte
}

// Columns are those of the table household_key, in the order of Key.Row.
func Columns() []string {
	return []string{"county", "household", "key_id", "suite", "wrapped", "destroyed_at"}
}

// Table is the table that Key.Row goes into.
const Table = "household_key"

// NewKey makes the first key of a household. It is not stored yet: put Key.Row into Table in the transaction that stores what it seals.
func (v *Vault) NewKey(county int64, household uuid.UUID) (*Key, error) {
	secret := make([]byte, v.suite.keySize())
	if err := v.read(secret); err != nil {
		return nil, fmt.Errorf("secret: randomness: %w", err)
	}
	k := &Key{County: county, Household: household, ID: 1, vault: v}
	var err error
	if k.sealer, err = newSealer(v.suite, secret); err != nil {
		return nil, err
	}
	k.wrapped, err = v.wrapSecret(k, v.suite, secret)
	return k, err
}

// Row is the key as a row of Table, wrapped.
func (k *Key) Row() []any {
	return []any{k.County, k.Household, k.ID, int64(k.sealer.suite), k.wrapped, nil}
}

// Store writes the key into its table.
func (k *Key) Store(tx *db.Tx) error {
	_, err := tx.Exec(`INSERT INTO household_key (county, household, key_id, suite, wrapped, destroyed_at) VALUES (?, ?, ?, ?, ?, ?)`, k.Row()...)
	return err
}

// wrapBinding is what a wrapped key is bound to, so that one household's key does not open as another's.
func (k *Key) wrapBinding(s Suite) []byte {
	b := binary.BigEndian.AppendUint64(nil, uint64(k.County))
	b = append(b, k.Household[:]...)
	b = binary.AppendUvarint(b, uint64(k.ID))
	return append(b, byte(s))
}

// KeyOf opens a household's key: NotFound where it has none, an error of which IsDestroyed is true where it was destroyed.
func (v *Vault) KeyOf(tx *db.Tx, county int64, household uuid.UUID) (*Key, error) {
	row := wrappedRow{county: county, household: household}
	err := tx.QueryRow(`SELECT key_id, suite, wrapped, destroyed_at FROM household_key WHERE county = ? AND household = ? ORDER BY key_id DESC LIMIT 1`,
		county, household).Scan(&row.id, &row.suite, &row.wrapped, &row.destroyed)
	if err != nil {
		return nil, errs.Wrap("secret.KeyOf", err)
	}
	return v.open(&row)
}

// Keys opens the keys of many households of a county, or of all of them when households is nil, and calls fn with each; the keys that were
// destroyed are left out. It serves exports.
func (v *Vault) Keys(tx *db.Tx, county int64, households []uuid.UUID, fn func(*Key) error) error {
	const batch = 500
	if households == nil {
		return v.each(tx, fn, `SELECT county, household, key_id, suite, wrapped, destroyed_at FROM household_key WHERE county = ? ORDER BY household, key_id`, county)
	}
	for len(households) > 0 {
		n := min(batch, len(households))
		args := []any{county}
		for _, id := range households[:n] {
			args = append(args, id)
		}
		if err := v.each(tx, fn, `SELECT county, household, key_id, suite, wrapped, destroyed_at FROM household_key WHERE county = ? AND household IN (`+
			marks(n)+`) ORDER BY household, key_id`, args...); err != nil {
			return err
		}
		households = households[n:]
	}
	return nil
}

func marks(n int) string {
	return string(bytes.TrimSuffix(bytes.Repeat([]byte("?, "), n), []byte(", ")))
}

func (v *Vault) each(tx *db.Tx, fn func(*Key) error, query string, args ...any) error {
	return tx.Each(func(rows *db.Rows) error {
		var row wrappedRow
		if err := rows.Scan(&row.county, &row.household, &row.id, &row.suite, &row.wrapped, &row.destroyed); err != nil {
			return err
		}
		k, err := v.open(&row)
		if IsDestroyed(err) {
			return nil
		}
		if err != nil {
			return err
		}
		return fn(k)
	}, query, args...)
}

// wrappedRow is a row of household_key.
type wrappedRow struct {
	county    int64
	household uuid.UUID
	id        int64
	suite     Suite
	wrapped   []byte
	destroyed *time.Time
}

func (v *Vault) open(row *wrappedRow) (*Key, error) {
	if row.destroyed != nil {
		return nil, Destroyed()
	}
	k := &Key{County: row.county, Household: row.household, ID: row.id, vault: v, wrapped: row.wrapped}
	secret, err := v.unwrap(k, row.suite)
	if err != nil {
		return nil, err
	}
	k.sealer, err = newSealer(row.suite, secret)
	return k, err
}

func (v *Vault) unwrap(k *Key, s Suite) ([]byte, error) {
	wrap, ok := v.wrap[s]
	if !ok || len(k.wrapped) < nonceSize+tagSize {
		return nil, wrongMaster(ErrForged)
	}
	secret, err := wrap.aead.Open(nil, k.wrapped[:nonceSize], k.wrapped[nonceSize:], k.wrapBinding(s))
	if err != nil {
		return nil, wrongMaster(err)
	}
	return secret, nil
}

func wrongMaster(err error) error {
	return errs.New(errs.Unavailable, "secret.KeyOf", "这户的密钥打不开：主密钥不是加密时的那一把，或密钥表被改动过。请检查主密钥文件。",
		"The key of this household does not open: the master key is not the one it was wrapped with, or the table of keys was changed. Check the master key file.").Because(err)
}

// Seal encrypts a value of the subject's field. previous is the sealed value that is stored now, or nil: when it holds the same text under
// this key it is returned unchanged, so that a correction elsewhere leaves no trace here. The result is appended to dst[:0] otherwise; dst
// may be nil and must not overlap previous or plaintext.
func (k *Key) Seal(dst, previous []byte, subject Subject, field string, plaintext []byte) ([]byte, error) {
	if len(previous) > 0 && k.holds(previous, subject, field, plaintext) {
		return previous, nil
	}
	dst = append(dst[:0], byte(k.sealer.suite))
	dst = binary.AppendUvarint(dst, uint64(k.ID))
	head := len(dst)
	dst = append(dst, make([]byte, nonceSize)...)
	if err := k.vault.read(dst[head:]); err != nil {
		return nil, fmt.Errorf("secret: randomness: %w", err)
	}
	k.binding = appendBinding(k.binding[:0], subject, field, k.ID)
	return k.sealer.aead.Seal(dst, dst[head:], plaintext, k.binding), nil
}

// holds reports whether a sealed value opens to the plaintext.
func (k *Key) holds(sealed []byte, subject Subject, field string, plaintext []byte) bool {
	opened, err := k.Open(k.opened[:0], sealed, subject, field)
	k.opened = opened
	return err == nil && bytes.Equal(opened, plaintext)
}

// Open decrypts a sealed value of the subject's field and appends the text to dst[:0]. A value that was changed, or belongs elsewhere, gives
// an error caused by ErrForged.
func (k *Key) Open(dst, sealed []byte, subject Subject, field string) ([]byte, error) {
	id, body, err := k.parse(sealed)
	if err == nil {
		k.binding = appendBinding(k.binding[:0], subject, field, id)
		dst, err = k.sealer.aead.Open(dst[:0], body[:nonceSize], body[nonceSize:], k.binding)
	}
	if err != nil {
		return nil, errs.New(errs.Unavailable, "secret.Open", "加密内容打不开：它被改动过，或属于另一个人或另一个字段。",
			"The encrypted value does not open: it was changed, or it belongs to another person or field.").Because(errors.Join(ErrForged, err))
	}
	return dst, nil
}

func (k *Key) parse(sealed []byte) (id int64, body []byte, err error) {
	if len(sealed) < 2 || Suite(sealed[0]) != k.sealer.suite {
		return 0, nil, ErrForged
	}
	n, width := binary.Uvarint(sealed[1:])
	if width <= 0 || int64(n) != k.ID || len(sealed) < 1+width+nonceSize+tagSize {
		return 0, nil, ErrForged
	}
	return k.ID, sealed[1+width:], nil
}
