package access

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"github.com/pquerna/otp/totp"

	"liandong/errs"
	"liandong/internal/db"
	"liandong/place"
)

// Migrations are the tables of accounts, for db.Migrate.
func Migrations() []db.Migration { return []db.Migration{{Room: "access", Number: 1, SQL: schema1}} }

const schema1 = `
CREATE TABLE account (
	id         TEXT NOT NULL,
	login      TEXT NOT NULL,
	name       TEXT NOT NULL,
	password   TEXT NOT NULL,
	totp       BLOB,
	disabled   INTEGER NOT NULL,
	created_at INTEGER NOT NULL,
	PRIMARY KEY (id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX account_login ON account (login);
CREATE TABLE role_grant (
	account   TEXT NOT NULL,
	role      TEXT NOT NULL,
	territory INTEGER NOT NULL,
	from_day  INTEGER,
	until_day INTEGER,
	PRIMARY KEY (account, role, territory)
) WITHOUT ROWID;
CREATE TABLE login_link (
	token_hash BLOB NOT NULL,
	account    TEXT NOT NULL,
	expires_at INTEGER NOT NULL,
	PRIMARY KEY (token_hash)
) WITHOUT ROWID;
CREATE TABLE login_failure (
	login TEXT NOT NULL,
	at    INTEGER NOT NULL,
	PRIMARY KEY (login, at)
) WITHOUT ROWID;
CREATE TABLE session (
	token_hash BLOB NOT NULL,
	data       BLOB NOT NULL,
	expires_at INTEGER NOT NULL,
	PRIMARY KEY (token_hash)
) WITHOUT ROWID;
`

// Sealer encrypts what an account keeps besides its password hash, under a key outside the database.
type Sealer interface {
	SealText(purpose string, plain []byte) ([]byte, error)
	OpenText(purpose string, sealed []byte) ([]byte, error)
}

// Accounts are the people who may enter.
type Accounts struct {
	db     *db.DB
	sealer Sealer
	random io.Reader
}

// NewAccounts is the accounts of a city. random is crypto/rand.Reader but in tests.
func NewAccounts(d *db.DB, sealer Sealer, random io.Reader) *Accounts {
	if random == nil {
		random = rand.Reader
	}
	return &Accounts{db: d, sealer: sealer, random: random}
}

// Account is a person with a way in. Password and second factor are set by the person alone.
type Account struct {
	ID       string  `json:"id"`
	Login    string  `json:"login"`
	Name     string  `json:"name"`
	Disabled bool    `json:"disabled"`
	Grants   []Grant `json:"-"`
}

// How long entering by other means than a password may take, and what stops guessing.
const (
	linkLife       = 72 * time.Hour   // a one-time link reaches its reader by hand, perhaps over a weekend
	failuresWindow = 15 * time.Minute // failures are counted over this time
	failuresLimit  = 8                // and so many lock the login until the window has passed (ASVS 5, 6.3.1)
	minPassword    = 10               // characters; length is the only rule, as ASVS 5 6.2 asks
	maxPassword    = 128
)

// The cost of argon2id: 19 MiB, two passes, one lane, the OWASP minimum; a guess costs about 25 ms of one core.
const (
	argonMemory  = 19 * 1024
	argonTime    = 2
	argonThreads = 1
	argonKey     = 32
)

// Create makes an account without a password and its one-time link, in the caller's transaction.
func (a *Accounts) Create(tx *db.Tx, account Account) (link string, err error) {
	if _, err := tx.Exec(`INSERT INTO account (id, login, name, password, totp, disabled, created_at) VALUES (?, ?, ?, '', NULL, 0, ?)`,
		account.ID, account.Login, account.Name, tx.Now()); err != nil {
		return "", err
	}
	for _, g := range account.Grants {
		if _, err := tx.Exec(`INSERT INTO role_grant (account, role, territory, from_day, until_day) VALUES (?, ?, ?, ?, ?)`,
			account.ID, string(g.Role), int64(g.Territory), g.From, g.Until); err != nil {
			return "", err
		}
	}
	return a.Link(tx, account.ID)
}

// Link makes a one-time link's token for an account; former links of the account end.
func (a *Accounts) Link(tx *db.Tx, account string) (string, error) {
	token, err := a.token()
	if err != nil {
		return "", err
	}
	if _, err := tx.Exec(`DELETE FROM login_link WHERE account = ?`, account); err != nil {
		return "", err
	}
	_, err = tx.Exec(`INSERT INTO login_link (token_hash, account, expires_at) VALUES (?, ?, ?)`, hashOf(token), account, tx.Now().Add(linkLife))
	return token, err
}

func (a *Accounts) token() (string, error) {
	var b [24]byte
	if _, err := io.ReadFull(a.random, b[:]); err != nil {
		return "", errs.Wrap("access.token", err)
	}
	return base64.RawURLEncoding.EncodeToString(b[:]), nil
}

// hashOf is what the database keeps of a token, so that a copy of the database opens no door.
func hashOf(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// Redeem enters by a one-time link, which ends with it.
func (a *Accounts) Redeem(ctx context.Context, token string) (Account, error) {
	var account Account
	err := a.db.Write(ctx, func(tx *db.Tx) error {
		var id string
		err := tx.QueryRow(`SELECT account FROM login_link WHERE token_hash = ? AND expires_at > ?`, hashOf(token), tx.Now()).Scan(&id)
		if errs.Is(err, errs.NotFound) {
			return errs.New(errs.Unauthenticated, "access.Redeem",
				"这个登录链接无效、已用过或已过期。请向系统管理员要一个新的。", "This link is not valid, was used already or has expired. Ask the system administrator for a new one.")
		}
		if err != nil {
			return err
		}
		n, err := tx.Exec(`DELETE FROM login_link WHERE token_hash = ?`, hashOf(token))
		if err != nil || n != 1 {
			return errs.Wrap("access.Redeem", err)
		}
		account, err = accountBy(tx, "id", id)
		return err
	})
	return account, err
}

func accountBy(tx *db.Tx, column, value string) (Account, error) {
	var a Account
	err := tx.QueryRow(`SELECT id, login, name, disabled FROM account WHERE `+column+` = ?`, value).Scan(&a.ID, &a.Login, &a.Name, &a.Disabled)
	if err != nil {
		return Account{}, err
	}
	a.Grants, err = db.Collect(tx, func(rows *db.Rows) (Grant, error) {
		var g Grant
		var territory int64
		err := rows.Scan(&g.Role, &territory, &g.From, &g.Until)
		g.Territory = place.ID(territory)
		return g, err
	}, `SELECT role, territory, from_day, until_day FROM role_grant WHERE account = ? ORDER BY role, territory`, a.ID)
	return a, err
}

// ByLogin reads an account by its login, in the caller's transaction.
func ByLogin(tx *db.Tx, login string) (Account, error) { return accountBy(tx, "login", login) }

// Actor is the account as somebody who acts. A disabled account, or one that is gone, acts no more.
func (a *Accounts) Actor(ctx context.Context, id string) (Actor, error) {
	var account Account
	err := a.db.Read(ctx, func(tx *db.Tx) (err error) {
		account, err = accountBy(tx, "id", id)
		return err
	})
	if errs.Is(err, errs.NotFound) || (err == nil && account.Disabled) {
		return Actor{}, notLoggedIn()
	}
	return Actor{ID: account.ID, Name: account.Name, Grants: account.Grants}, err
}

func notLoggedIn() error {
	return errs.New(errs.Unauthenticated, "access.Actor", "请先登录。", "Log in first.")
}

// SetPassword sets the account's password.
func (a *Accounts) SetPassword(ctx context.Context, id, password string) error {
	switch n := utf8.RuneCountInString(password); {
	case n < minPassword:
		return errs.New(errs.Invalid, "access.SetPassword",
			fmt.Sprintf("密码至少要 %d 个字符。可以用一句好记的话。", minPassword), fmt.Sprintf("A password has at least %d characters. A sentence you remember will do.", minPassword))
	case n > maxPassword:
		return errs.New(errs.Invalid, "access.SetPassword", fmt.Sprintf("密码最多 %d 个字符。", maxPassword), fmt.Sprintf("A password has at most %d characters.", maxPassword))
	}
	hash, err := a.hashPassword(password)
	if err != nil {
		return err
	}
	return a.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE account SET password = ? WHERE id = ?`, hash, id)
		return err
	})
}

// hashPassword is the PHC string of argon2id: $argon2id$v=19$m=…,t=…,p=…$salt$hash.
func (a *Accounts) hashPassword(password string) (string, error) {
	var salt [16]byte
	if _, err := io.ReadFull(a.random, salt[:]); err != nil {
		return "", errs.Wrap("access.hashPassword", err)
	}
	key := argon2.IDKey([]byte(password), salt[:], argonTime, argonMemory, argonThreads, argonKey)
	encode := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonThreads, encode(salt[:]), encode(key)), nil
}

func passwordMatches(phc, password string) bool {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false
	}
	var memory, passes uint32
	var threads uint8
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &passes, &threads); err != nil {
		return false
	}
	salt, errSalt := base64.RawStdEncoding.DecodeString(parts[4])
	want, errWant := base64.RawStdEncoding.DecodeString(parts[5])
	if errSalt != nil || errWant != nil {
		return false
	}
	got := argon2.IDKey([]byte(password), salt, passes, memory, threads, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1
}

// LogIn enters by password and, where the account has one, the code of its second factor. Every failure says the same, takes the same work
// and counts against the login.
func (a *Accounts) LogIn(ctx context.Context, login, password, code string) (Account, error) {
	login = strings.TrimSpace(login)
	account, phc, sealedTOTP, err := a.credentials(ctx, login)
	if err != nil {
		return Account{}, err
	}
	if phc == "" { // an unknown login costs as much as a known one
		phc = unknownPassword
	}
	ok := passwordMatches(phc, password) && account.ID != "" && !account.Disabled
	if ok && len(sealedTOTP) > 0 {
		secret, err := a.sealer.OpenText("totp "+account.ID, sealedTOTP)
		if err != nil {
			return Account{}, err
		}
		ok = totp.Validate(strings.TrimSpace(code), string(secret))
	}
	if ok {
		return account, nil
	}
	if err := a.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO login_failure (login, at) VALUES (?, ?) ON CONFLICT DO NOTHING`, login, tx.Now())
		return err
	}); err != nil {
		return Account{}, err
	}
	return Account{}, errs.New(errs.Unauthenticated, "access.LogIn", "登录名、密码或动态码不对。", "The login, the password or the code is wrong.")
}

// unknownPassword is a hash that no password matches, with the cost of a real one.
const unknownPassword = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

func (a *Accounts) credentials(ctx context.Context, login string) (account Account, phc string, sealedTOTP []byte, err error) {
	err = a.db.Read(ctx, func(tx *db.Tx) error {
		var failures int64
		if err := tx.QueryRow(`SELECT count(*) FROM login_failure WHERE login = ? AND at > ?`, login, tx.Now().Add(-failuresWindow)).Scan(&failures); err != nil {
			return err
		}
		if failures >= failuresLimit {
			return errs.New(errs.Unavailable, "access.LogIn",
				"登录失败次数太多，请 15 分钟后再试，或向系统管理员要一个登录链接。", "Too many failed attempts. Try again in 15 minutes, or ask the system administrator for a link.")
		}
		err := tx.QueryRow(`SELECT password, totp FROM account WHERE login = ?`, login).Scan(&phc, &sealedTOTP)
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		account, err = accountBy(tx, "login", login)
		return err
	})
	return account, phc, sealedTOTP, err
}

// NewTOTP gives a second factor's secret and the address for an authenticator; it holds once ConfirmTOTP was given a right code.
func (a *Accounts) NewTOTP(city, login string) (secret, url string, err error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "Liandong " + city, AccountName: login, Rand: a.random})
	if err != nil {
		return "", "", errs.Wrap("access.NewTOTP", err)
	}
	return key.Secret(), key.URL(), nil
}

// ConfirmTOTP sets the account's second factor after a code made with it.
func (a *Accounts) ConfirmTOTP(ctx context.Context, id, secret, code string) error {
	if !totp.Validate(strings.TrimSpace(code), secret) {
		return errs.New(errs.Invalid, "access.ConfirmTOTP", "动态码不对。请看手机时间是否准确。", "The code is wrong. Check that the phone's clock is right.")
	}
	sealed, err := a.sealer.SealText("totp "+id, []byte(secret))
	if err != nil {
		return err
	}
	return a.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE account SET totp = ? WHERE id = ?`, sealed, id)
		return err
	})
}
