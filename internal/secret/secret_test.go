package secret_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"
	"pgregory.net/rapid"

	"liandong/errs"
	"liandong/internal/db"
	"liandong/internal/db/dbtest"
	"liandong/internal/secret"
)

const county = 130624000000

// source is randomness that follows from a seed.
func source(seed byte) io.Reader { return rand.NewChaCha8([32]byte{seed}) }

func newVault(t testing.TB, suite secret.Suite) *secret.Vault {
	t.Helper()
	master, err := secret.NewMaster(source(1))
	must(t, err)
	v, err := secret.New(master, suite, source(2))
	must(t, err)
	return v
}

func eachSuite(t *testing.T, test func(t *testing.T, v *secret.Vault)) {
	t.Helper()
	for _, suite := range []secret.Suite{secret.AES256GCM, secret.SM4GCM} {
		t.Run(suite.String(), func(t *testing.T) {
			t.Parallel()
			test(t, newVault(t, suite))
		})
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func identifier(n byte) uuid.UUID { return uuid.UUID{0: 1, 15: n} }

func TestWhatIsSealedOpensForItsPersonAndFieldAlone(t *testing.T) {
	t.Parallel()
	eachSuite(t, func(t *testing.T, v *secret.Vault) {
		rapid.Check(t, func(rt *rapid.T) {
			plain := rapid.SliceOfN(rapid.Byte(), 0, 60).Draw(rt, "plain")
			k, err := v.NewKey(county, identifier(1))
			must(t, err)
			other, err := v.NewKey(county, identifier(2))
			must(t, err)
			sealed, err := k.Seal(nil, nil, identifier(3), "citizen_id", plain)
			must(t, err)
			if len(plain) > 4 && bytes.Contains(sealed, plain) {
				rt.Fatal("the plain text is in the sealed value")
			}
			opened, err := k.Open(nil, sealed, identifier(3), "citizen_id")
			if err != nil || !bytes.Equal(opened, plain) {
				rt.Fatalf("opened %x, %v", opened, err)
			}
			forged := bytes.Clone(sealed)
			forged[rapid.IntRange(0, len(forged)-1).Draw(rt, "byte")] ^= byte(rapid.IntRange(1, 255).Draw(rt, "bits"))
			for name, open := range map[string]func() ([]byte, error){
				"another person":    func() ([]byte, error) { return k.Open(nil, sealed, identifier(4), "citizen_id") },
				"another field":     func() ([]byte, error) { return k.Open(nil, sealed, identifier(3), "phone") },
				"another household": func() ([]byte, error) { return other.Open(nil, sealed, identifier(3), "citizen_id") },
				"a changed byte":    func() ([]byte, error) { return k.Open(nil, forged, identifier(3), "citizen_id") },
				"a cut value": func() ([]byte, error) {
					return k.Open(nil, sealed[:rapid.IntRange(0, len(sealed)-1).Draw(rt, "length")], identifier(3), "citizen_id")
				},
			} {
				if got, err := open(); !errors.Is(err, secret.ErrForged) || got != nil {
					rt.Fatalf("%s opened: %x, %v", name, got, err)
				}
			}
		})
	})
}

func TestAnEqualTextKeepsItsSealedValue(t *testing.T) {
	t.Parallel()
	eachSuite(t, func(t *testing.T, v *secret.Vault) {
		k, err := v.NewKey(county, identifier(1))
		must(t, err)
		first, err := k.Seal(nil, nil, identifier(3), "phone", []byte("13800000000"))
		must(t, err)
		again, err := k.Seal(nil, first, identifier(3), "phone", []byte("13800000000"))
		must(t, err)
		if !bytes.Equal(first, again) {
			t.Error("an equal text was sealed anew")
		}
		changed, err := k.Seal(nil, first, identifier(3), "phone", []byte("13900000000"))
		must(t, err)
		if bytes.Equal(first, changed) {
			t.Error("another text kept the sealed value")
		}
		moved, err := k.Seal(nil, first, identifier(4), "phone", []byte("13800000000"))
		must(t, err)
		if opened, err := k.Open(nil, moved, identifier(4), "phone"); err != nil || string(opened) != "13800000000" {
			t.Errorf("a value taken over from another person opened to %q, %v", opened, err)
		}
		fresh, err := k.Seal(nil, nil, identifier(3), "phone", []byte("13800000000"))
		must(t, err)
		if bytes.Equal(first, fresh) {
			t.Error("two sealings of one text are equal, so the nonce is")
		}
	})
}

func TestBlindIndexIsOneForHoweverItIsTyped(t *testing.T) {
	t.Parallel()
	eachSuite(t, func(t *testing.T, v *secret.Vault) {
		want := v.Index("citizen_id", "11010519491231002X")
		for _, typed := range []string{" 11010519491231002x", "110105 19491231 002X", "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002ｘ\t"} {
			if v.Index("citizen_id", typed) != want {
				t.Errorf("%q has another index", typed)
			}
		}
		for _, other := range []secret.Blind{v.Index("phone", "11010519491231002X"), v.Index("citizen_id", "110105194912310021"), {}} {
			if other == want {
				t.Error("another value has the same index")
			}
		}
		if v.Index("a", "bc") == v.Index("ab", "c") {
			t.Error("kind and value run into each other")
		}
	})
	if newVault(t, secret.AES256GCM).Index("a", "1") == newVault(t, secret.SM4GCM).Index("a", "1") {
		t.Error("both suites give one index")
	}
}

func TestStoredKeysOpenAndStayWrapped(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, secret.Migrations(), func(t *testing.T, d *db.DB) {
		for _, suite := range []secret.Suite{secret.AES256GCM, secret.SM4GCM} {
			v := newVault(t, suite)
			household := identifier(byte(suite))
			k, err := v.NewKey(county, household)
			must(t, err)
			sealed, err := k.Seal(nil, nil, identifier(9), "account", []byte("6222 0000"))
			must(t, err)
			must(t, d.Write(t.Context(), k.Store))
			must(t, d.Read(t.Context(), func(tx *db.Tx) error {
				stored, err := v.KeyOf(tx, county, household)
				must(t, err)
				if opened, err := stored.Open(nil, sealed, identifier(9), "account"); err != nil || string(opened) != "6222 0000" {
					t.Errorf("%q, %v", opened, err)
				}
				if _, err := v.KeyOf(tx, county, identifier(77)); !errs.Is(err, errs.NotFound) {
					t.Errorf("a household without a key gave %v", err)
				}
				return nil
			}))
			// Somebody with the database's password gives one household's wrapped key to another.
			must(t, d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(`INSERT INTO household_key (county, household, key_id, suite, wrapped) SELECT county, ?, key_id, suite, wrapped FROM household_key WHERE household = ?`,
					identifier(100+byte(suite)), household)
				return err
			}))
			must(t, d.Read(t.Context(), func(tx *db.Tx) error {
				if _, err := v.KeyOf(tx, county, identifier(100+byte(suite))); !errs.Is(err, errs.Unavailable) {
					t.Errorf("a key that was moved opened: %v", err)
				}
				return nil
			}))
		}
	})
}

func TestKeysOfManyHouseholds(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, secret.Migrations(), func(t *testing.T, d *db.DB) {
		v := newVault(t, secret.SM4GCM)
		var keys []*secret.Key
		for i := range 100 {
			k, err := v.NewKey(county, identifier(byte(i)))
			must(t, err)
			keys = append(keys, k)
		}
		must(t, d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Bulk(secret.Table, secret.Columns(), func(yield func([]any) bool) {
				for _, k := range keys {
					if !yield(k.Row()) {
						return
					}
				}
			})
			return err
		}))
		gather := func(tx *db.Tx, households []uuid.UUID) (ids []uuid.UUID) {
			must(t, v.Keys(tx, county, households, func(k *secret.Key) error {
				ids = append(ids, k.Household)
				return nil
			}))
			return ids
		}
		must(t, d.Read(t.Context(), func(tx *db.Tx) error {
			if all := gather(tx, nil); len(all) != 100 {
				t.Errorf("%d keys", len(all))
			}
			if some := gather(tx, []uuid.UUID{identifier(5), identifier(3), identifier(200)}); !slices.Equal(some, []uuid.UUID{identifier(3), identifier(5)}) {
				t.Errorf("%v", some)
			}
			if none := gather(tx, []uuid.UUID{}); none != nil {
				t.Errorf("%v", none)
			}
			return nil
		}))
	})
}

func signer(t testing.TB) (note.Signer, string) {
	t.Helper()
	private, public, err := note.GenerateKey(source(5), "liandong-130600")
	must(t, err)
	s, err := note.NewSigner(private)
	must(t, err)
	return s, public
}

func TestDestroyedKeysAreGoneAndStayGoneAfterARestore(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, secret.Migrations(), func(t *testing.T, d *db.DB) {
		v := newVault(t, secret.AES256GCM)
		sign, public := signer(t)
		k, err := v.NewKey(county, identifier(1))
		must(t, err)
		must(t, d.Write(t.Context(), k.Store))
		kept := k.Row()
		var list []string
		must(t, d.Write(t.Context(), func(tx *db.Tx) (err error) {
			list, err = secret.Destroy(tx, sign, county, identifier(1), "zhao", "申请书 2015-77 号")
			return err
		}))
		gone := func() bool {
			var failure error
			must(t, d.Read(t.Context(), func(tx *db.Tx) error {
				_, failure = v.KeyOf(tx, county, identifier(1))
				return nil
			}))
			return secret.IsDestroyed(failure) && errs.Is(failure, errs.NotFound)
		}
		if !gone() {
			t.Error("the key is still there")
		}
		if len(list) != 1 || !strings.Contains(list[0], "申请书 2015-77 号") {
			t.Errorf("list %q", list)
		}
		// An older backup is restored: the key and what it sealed are back.
		must(t, d.Write(t.Context(), func(tx *db.Tx) error {
			if _, err := tx.Exec(`DELETE FROM household_key`); err != nil {
				return err
			}
			if _, err := tx.Exec(`DELETE FROM key_destruction`); err != nil {
				return err
			}
			_, err := tx.Exec(`INSERT INTO household_key (county, household, key_id, suite, wrapped, destroyed_at) VALUES (?, ?, ?, ?, ?, ?)`, kept...)
			return err
		}))
		if gone() {
			t.Fatal("the restore did not bring the key back")
		}
		forged := []string{list[0], strings.Replace(list[0], "2015-77", "2015-78", 1)}
		err = d.Write(t.Context(), func(tx *db.Tx) error { return secret.Reapply(tx, public, forged) })
		if !errs.Is(err, errs.Invalid) || gone() {
			t.Errorf("a forged list gave %v", err)
		}
		for range 2 {
			must(t, d.Write(t.Context(), func(tx *db.Tx) error { return secret.Reapply(tx, public, list) }))
		}
		if !gone() {
			t.Error("the list was not applied again")
		}
		must(t, d.Read(t.Context(), func(tx *db.Tx) error {
			again, err := secret.Destructions(tx)
			if !slices.Equal(again, list) {
				t.Errorf("the list is now %q", again)
			}
			return err
		}))
		err = d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := secret.Destroy(tx, sign, county, identifier(1), "zhao", "again")
			return err
		})
		if !errs.Is(err, errs.NotFound) {
			t.Errorf("destroying twice gave %v", err)
		}
	})
}

// After Destroy and Purge the wrapped key is in none of the store's files.
func TestADestroyedKeyLeavesNoTraceInTheFiles(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		d, err := db.Open(t.Context(), url, db.Options{})
		must(t, err)
		defer d.Close()
		must(t, d.Migrate(t.Context(), secret.Migrations()))
		v := newVault(t, secret.AES256GCM)
		sign, _ := signer(t)
		var wrapped []byte
		for i := range 50 {
			k, err := v.NewKey(county, identifier(byte(i)))
			must(t, err)
			must(t, d.Write(t.Context(), k.Store))
			if i == 20 {
				wrapped = k.Row()[4].([]byte)
			}
		}
		must(t, d.Purge(t.Context(), secret.Table))
		inFiles := func() bool {
			dir := filepath.Dir(strings.TrimPrefix(url, "sqlite:"))
			for _, name := range []string{db.FileName, db.FileName + "-wal"} {
				b, err := os.ReadFile(filepath.Join(dir, name))
				must(t, err)
				if bytes.Contains(b, wrapped[12:44]) {
					return true
				}
			}
			return false
		}
		embedded := d.Engine() == db.SQLite
		if embedded && !inFiles() {
			t.Fatal("the key is not found in the files before, so the test would find nothing")
		}
		must(t, d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := secret.Destroy(tx, sign, county, identifier(20), "zhao", "申请书")
			return err
		}))
		must(t, d.Purge(t.Context(), secret.Table))
		if embedded && inFiles() {
			t.Error("the wrapped key is still in the files")
		}
	})
}

func TestTheMasterKeyIsReplaced(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, secret.Migrations(), func(t *testing.T, d *db.DB) {
		old, err := secret.NewMaster(source(1))
		must(t, err)
		next, err := old.Successor(source(9))
		must(t, err)
		before, err := secret.New(old, secret.SM4GCM, source(2))
		must(t, err)
		after, err := secret.New(next, secret.SM4GCM, source(3))
		must(t, err)
		sealed := map[uuid.UUID][]byte{}
		must(t, d.Write(t.Context(), func(tx *db.Tx) error {
			for i := range 50 {
				k, err := before.NewKey(county, identifier(byte(i)))
				must(t, err)
				sealed[k.Household], err = k.Seal(nil, nil, k.Household, "phone", fmt.Append(nil, i))
				must(t, err)
				must(t, k.Store(tx))
			}
			return nil
		}))
		stop := errors.New("stop")
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(stop)
		if err := before.Rewrap(ctx, d, after, nil); err == nil {
			t.Error("an interrupted rotation said it was done")
		}
		var done int64
		for range 2 {
			must(t, before.Rewrap(t.Context(), d, after, func(n int64) { done = n }))
		}
		if done != 50 {
			t.Errorf("%d keys done", done)
		}
		must(t, d.Read(t.Context(), func(tx *db.Tx) error {
			if _, err := before.KeyOf(tx, county, identifier(1)); !errs.Is(err, errs.Unavailable) {
				t.Errorf("the old master key still opens: %v", err)
			}
			return after.Keys(tx, county, nil, func(k *secret.Key) error {
				opened, err := k.Open(nil, sealed[k.Household], k.Household, "phone")
				if string(opened) != strconv.Itoa(int(k.Household[15])) {
					t.Errorf("%v: %q", k.Household, opened)
				}
				return err
			})
		}))
		if before.Index("citizen_id", "1") != after.Index("citizen_id", "1") {
			t.Error("the blind index changed with the master key")
		}
	})
}

func TestMasterKeyFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, secret.MasterFile)
	first, err := secret.OpenMaster(path, source(1))
	must(t, err)
	info, err := os.Stat(path)
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	again, err := secret.OpenMaster(path, source(2))
	must(t, err)
	index := func(m *secret.Master) secret.Blind {
		v, err := secret.New(m, secret.AES256GCM, source(3))
		must(t, err)
		return v.Index("a", "b")
	}
	if index(first) != index(again) {
		t.Error("the file gave another key")
	}
	if err := again.Save(path); err == nil {
		t.Error("a master key file was overwritten")
	}
	must(t, os.Chmod(path, 0o640))
	if _, err := secret.OpenMaster(path, source(1)); !errs.Is(err, errs.Forbidden) || !strings.Contains(errs.Sentence(err).ZH, "chmod 600") {
		t.Errorf("a file that others can read gave %v", err)
	}
	must(t, os.Chmod(path, 0o600))
	must(t, os.WriteFile(path, []byte("liandong master key v1\nwrap AAAA\nindex AAAA\n"), 0o600))
	if _, err := secret.OpenMaster(path, source(1)); !errs.Is(err, errs.Invalid) {
		t.Errorf("a damaged file gave %v", err)
	}
	if _, err := secret.OpenMaster(filepath.Join(dir, "new"), strings.NewReader("too short")); err == nil {
		t.Error("a key was made from too little randomness")
	}
}

// What is stored today must open in ten years: the forms are pinned by what they came out as. The blind indexes were computed a second time
// with OpenSSL (HKDF, then HMAC over "citizen_id", a zero byte and the number).
func TestStoredFormsStay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		suite                  secret.Suite
		wrapped, sealed, index string
	}{
		{
			secret.AES256GCM, "33801f1390e4d47f8efb0458431417711ffba59fb4f37f742fc70dfee6e20869fb07f7786bdea7322063089999ddcae55efdeb153da04775a939b930",
			"0101b1a9acb337c9f5b63d548014cde20745b1cdb73d2008dfce991bcdb1a73f3cf3f9506b0bd8ef44", "1974c58741c59572e72fdb92faf530cf",
		},
		{
			secret.SM4GCM, "424ad7c63bdc307ad11f7e8756ed149d2a997fddd00bedc09e912a4ed439521c50838905d0d9fbd4b5ad6f3a",
			"02011ae65bfa33801f1390e4d47f57fd00e16719925b5fd7af1fd6dcf79fe8b68af9cfa46377278ea8", "9db712ef3fbfe3214e8cd56a566dab0e",
		},
	} {
		v := newVault(t, c.suite)
		k, err := v.NewKey(county, identifier(1))
		must(t, err)
		sealed, err := k.Seal(nil, nil, identifier(3), "phone", []byte("13800000000"))
		must(t, err)
		index := v.Index("citizen_id", "11010519491231002X")
		if got := fmt.Sprintf("%x", k.Row()[4]); got != c.wrapped {
			t.Errorf("%s: wrapped %s", c.suite, got)
		}
		if got := hex.EncodeToString(sealed); got != c.sealed {
			t.Errorf("%s: sealed %s", c.suite, got)
		}
		if got := fmt.Sprintf("%x", index); got != c.index {
			t.Errorf("%s: index %s", c.suite, got)
		}
	}
}

// However the work is spread over goroutines, a household's own randomness gives the same bytes.
func TestAVaultWithItsOwnRandomnessRepeats(t *testing.T) {
	t.Parallel()
	v := newVault(t, secret.SM4GCM)
	seal := func() []byte {
		k, err := v.With(source(8)).NewKey(county, identifier(1))
		must(t, err)
		sealed, err := k.Seal(nil, nil, identifier(3), "phone", []byte("1"))
		must(t, err)
		return sealed
	}
	if !bytes.Equal(seal(), seal()) {
		t.Error("the same randomness gave other bytes")
	}
}
