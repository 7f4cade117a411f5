// Package secret keeps what may only be read by name: ID numbers, phones and accounts are encrypted under a key of their household, the
// household keys lie wrapped in the database, and the master key that unwraps them lies outside of it. Equal ID numbers are found by a blind
// index, a keyed hash that tells nothing without the master key.
//
// Destroying a household's key deletes everything encrypted under it, in every copy of the database; a signed list of destructions lets a
// restored backup forget again what was forgotten since (Destroy, Reapply).
//
// It stands on internal/db, beside the ledger, and below the rooms. Which field is secret, and who may see it, is decided above.
package secret

import (
	"bufio"
	"errors"
	"io"
	"sync"

	"github.com/google/uuid"

	"liandong/errs"
	"liandong/internal/db"
)

// Suite is a set of algorithms. The numbers are stored and stay.
type Suite uint8

// The suites.
const (
	AES256GCM Suite = 1 // AES-256-GCM, blind index by HMAC-SHA-256
	SM4GCM    Suite = 2 // SM4-GCM (GB/T 32907), blind index by HMAC-SM3 (GB/T 32905)
)

// String is the suite's name in settings and reports.
func (s Suite) String() string {
	switch s {
	case AES256GCM:
		return "aes-256-gcm"
	case SM4GCM:
		return "sm4-gcm"
	}
	return "unknown"
}

// ParseSuite reads a suite's name.
func ParseSuite(name string) (Suite, error) {
	for _, s := range []Suite{AES256GCM, SM4GCM} {
		if s.String() == name {
			return s, nil
		}
	}
	return 0, errs.New(errs.Usage, "secret.ParseSuite", "没有加密套件「"+name+"」。可用：aes-256-gcm、sm4-gcm。",
		"There is no cipher suite \""+name+"\". Use aes-256-gcm or sm4-gcm.")
}

// keySize is how long a key of the suite is, in bytes.
func (s Suite) keySize() int {
	if s == SM4GCM {
		return 16
	}
	return 32
}

// Vault makes and opens household keys and computes blind indexes. It is safe for concurrent use.
type Vault struct {
	master  *Master
	suite   Suite // of new keys and of the blind index
	wrap    map[Suite]*sealer
	indexes *sync.Pool

	mu     sync.Mutex // guards random
	random io.Reader
}

// randomAhead is how much randomness is read at once, in bytes, because the system is asked in calls that cost more than a sealing.
const randomAhead = 4096

// New makes a vault whose new keys and blind index are of the suite. A city keeps its suite: the blind index of another would find nothing.
func New(master *Master, suite Suite, random io.Reader) (*Vault, error) {
	v := &Vault{master: master, suite: suite, wrap: map[Suite]*sealer{}, random: bufio.NewReaderSize(random, randomAhead)}
	for _, s := range []Suite{AES256GCM, SM4GCM} {
		key, err := master.derive("wrap", s)
		if err != nil {
			return nil, err
		}
		if v.wrap[s], err = newSealer(s, key); err != nil {
			return nil, err
		}
	}
	indexKey, err := master.derive("index", suite)
	if err != nil {
		return nil, err
	}
	v.indexes = &sync.Pool{New: func() any { return newIndexer(suite, indexKey) }}
	return v, nil
}

// With is the same vault with randomness of its own. Work that must come out the same however it is spread over goroutines gives each
// household a source that follows from the seed and the household.
func (v *Vault) With(random io.Reader) *Vault {
	return &Vault{master: v.master, suite: v.suite, wrap: v.wrap, indexes: v.indexes, random: random}
}

// read fills b with randomness.
func (v *Vault) read(b []byte) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	_, err := io.ReadFull(v.random, b)
	return err
}

var errDestroyed = errors.New("secret: the key is destroyed")

// Destroyed is the error of opening what was encrypted under a destroyed key.
func Destroyed() error {
	return errs.New(errs.NotFound, "secret.Open", "这户的密钥已按名单销毁，加密内容已删除，不能恢复。",
		"The key of this household was destroyed by the list; what it encrypted is deleted and cannot be recovered.").Because(errDestroyed)
}

// IsDestroyed reports whether an error says that the household's key was destroyed.
func IsDestroyed(err error) bool { return errors.Is(err, errDestroyed) }

// Migrations are the tables of wrapped keys and of their destructions.
func Migrations() []db.Migration {
	return []db.Migration{{Room: "secret", Number: 1, SQL: `
		CREATE TABLE household_key (
			county INTEGER NOT NULL, household BLOB NOT NULL, key_id INTEGER NOT NULL, suite INTEGER NOT NULL, wrapped BLOB, destroyed_at INTEGER,
			PRIMARY KEY (county, household, key_id)) WITHOUT ROWID;
		CREATE TABLE key_destruction (
			county INTEGER NOT NULL, household BLOB NOT NULL, key_id INTEGER NOT NULL, note TEXT NOT NULL,
			PRIMARY KEY (county, household, key_id)) WITHOUT ROWID;
	`}}
}

// Subject is whose field a secret is: the person's id, or the household's for its phone and account.
type Subject = uuid.UUID
