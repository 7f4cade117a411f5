package secret

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"

	"liandong/errs"
	"liandong/internal/db"
)

// destructionTitle is the first line of a destruction's text, version included.
const destructionTitle = "liandong key destruction v1"

// Destruction is one entry of the list of destroyed keys.
type Destruction struct {
	County    int64
	Household uuid.UUID
	KeyID     int64
	At        time.Time
	Actor     string // the account that answers for it
	Reason    string // the document or request it rests on
}

func (d *Destruction) text() string {
	return fmt.Sprintf("%s\n%d\n%s\n%d\n%s\n%s\n%s\n", destructionTitle, d.County, d.Household, d.KeyID, d.At.UTC().Format(time.RFC3339Nano),
		oneLine(d.Actor), oneLine(d.Reason))
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// Destroy overwrites all keys of a household and puts a signed entry for each on the list; it gives the entries, of which one copy belongs
// outside the database, for Reapply after a restore. What the keys sealed is unreadable from then on. The caller logs the act in the same
// transaction, and afterwards calls DB.Purge of Table, so that the wrapped keys are gone from the store's files too. What a backup or a page that was split long
// ago may still hold opens only with the master key of its time: a rotation (Rewrap) whose old file is deleted ends that as well. NotFound where the household has no key.
func Destroy(tx *db.Tx, signer note.Signer, county int64, household uuid.UUID, actor, reason string) ([]string, error) {
	if oneLine(actor) == "" || oneLine(reason) == "" {
		return nil, errs.New(errs.Invalid, "secret.Destroy", "销毁密钥须写明责任人和依据。", "Destroying a key needs the responsible person and the basis.")
	}
	ids, err := db.Collect(tx, func(rows *db.Rows) (id int64, err error) {
		err = rows.Scan(&id)
		return id, err
	}, `SELECT key_id FROM household_key WHERE county = ? AND household = ? AND destroyed_at IS NULL ORDER BY key_id`, county, household)
	if err != nil {
		return nil, errs.Wrap("secret.Destroy", err)
	}
	if len(ids) == 0 {
		return nil, errs.New(errs.NotFound, "secret.Destroy", "这户没有可销毁的密钥。", "This household has no key to destroy.")
	}
	var notes []string
	for _, id := range ids {
		d := Destruction{county, household, id, tx.Now(), actor, reason}
		signed, err := note.Sign(&note.Note{Text: d.text()}, signer)
		if err != nil {
			return nil, errs.Wrap("secret.Destroy", err)
		}
		if err := d.apply(tx, string(signed)); err != nil {
			return nil, errs.Wrap("secret.Destroy", err)
		}
		notes = append(notes, string(signed))
	}
	return notes, nil
}

// apply overwrites one key and remembers the entry.
func (d *Destruction) apply(tx *db.Tx, signed string) error {
	if _, err := tx.Exec(`UPDATE household_key SET wrapped = NULL, destroyed_at = ? WHERE county = ? AND household = ? AND key_id = ?`,
		d.At, d.County, d.Household, d.KeyID); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO key_destruction (county, household, key_id, note) VALUES (?, ?, ?, ?) ON CONFLICT (county, household, key_id) DO NOTHING`,
		d.County, d.Household, d.KeyID, signed)
	return err
}

// Destructions is the list, each entry as it was signed.
func Destructions(tx *db.Tx) ([]string, error) {
	return db.Collect(tx, func(rows *db.Rows) (text string, err error) {
		err = rows.Scan(&text)
		return text, err
	}, `SELECT note FROM key_destruction ORDER BY county, household, key_id`)
}

// Reapply destroys again, after a restore, the keys of a list that was kept elsewhere. Entries whose signature is wrong are refused, all
// of them together; those that are applied already change nothing.
func Reapply(tx *db.Tx, verifier string, notes []string) error {
	v, err := note.NewVerifier(strings.TrimSpace(verifier))
	if err != nil {
		return errs.New(errs.Invalid, "secret.Reapply", "验证公钥看不懂。", "The verifying key cannot be read.").Because(err)
	}
	for i, signed := range notes {
		d, err := readDestruction(signed, v)
		if err != nil {
			return err.At(strconv.Itoa(i + 1))
		}
		if err := d.apply(tx, signed); err != nil {
			return errs.Wrap("secret.Reapply", err)
		}
	}
	return nil
}

func readDestruction(signed string, v note.Verifier) (*Destruction, *errs.Error) {
	refused := errs.New(errs.Invalid, "secret.Reapply", "销毁名单中有一项签名不对或看不懂，整份名单没有执行。",
		"An entry of the list of destructions has a wrong signature or cannot be read; nothing of the list was applied.")
	n, err := note.Open([]byte(signed), note.VerifierList(v))
	if err != nil {
		return nil, refused.Because(err)
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 8 || lines[0] != destructionTitle {
		return nil, refused
	}
	county, err1 := strconv.ParseInt(lines[1], 10, 64)
	household, err2 := uuid.Parse(lines[2])
	id, err3 := strconv.ParseInt(lines[3], 10, 64)
	at, err4 := time.Parse(time.RFC3339Nano, lines[4])
	if err1 != nil || err2 != nil || err3 != nil || err4 != nil {
		return nil, refused
	}
	return &Destruction{county, household, id, at, lines[5], lines[6]}, nil
}
