package ledger

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"liandong/errs"
)

// KeyFile is the name of the signing key's file in a city's directory, outside the database; KeyFile with ".pub" is what an auditor takes
// away.
const KeyFile = "ledger.key"

// Key signs checkpoints.
type Key struct {
	signer   note.Signer
	verifier string
}

// OpenKey reads the signing key of the file, or makes it from random, together with the verifying key beside it. name is written into
// every signature (liandong-130600); it has no spaces and no plus sign. A key that others may read is refused.
func OpenKey(path, name string, random io.Reader) (*Key, error) {
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return makeKey(path, name, random)
	case err != nil:
		return nil, keyFailure(path, err)
	}
	if err := private(path); err != nil {
		return nil, err
	}
	return parseKey(path, strings.TrimSpace(string(text)))
}

// Verifier is the public key as text, in the form of package note. Whoever holds it can check checkpoints.
func (k *Key) Verifier() string { return k.verifier }

// Signer signs other lists of the city, such as that of destroyed keys.
func (k *Key) Signer() note.Signer { return k.signer }

func makeKey(path, name string, random io.Reader) (*Key, error) {
	seed := make([]byte, ed25519.SeedSize)
	if _, err := io.ReadFull(random, seed); err != nil {
		return nil, keyFailure(path, err)
	}
	public := ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)
	verifier, err := note.NewEd25519VerifierKey(name, public)
	if err != nil {
		return nil, keyFailure(path, err)
	}
	_, rest, _ := strings.Cut(verifier, "+")
	hash, _, _ := strings.Cut(rest, "+")
	text := fmt.Sprintf("PRIVATE+KEY+%s+%s+%s", name, hash, base64.StdEncoding.EncodeToString(append([]byte{1}, seed...)))
	k, err := parseKey(path, text)
	if err != nil {
		return nil, err
	}
	if err := writeNew(path, text+"\n", 0o600); err != nil {
		return nil, keyFailure(path, err)
	}
	if err := writeNew(path+".pub", k.verifier+"\n", 0o644); err != nil {
		return nil, keyFailure(path, err)
	}
	return k, nil
}

func parseKey(path, text string) (*Key, error) {
	signer, err := note.NewSigner(text)
	if err != nil {
		return nil, errs.New(errs.Invalid, "ledger.OpenKey", "日志签名密钥文件看不懂。请从备份恢复这个文件。",
			"The log's signing key cannot be read. Restore this file from a backup.").At(path).Because(err)
	}
	parts := strings.SplitN(text, "+", 5)                  // the fifth is base64, which may hold a plus of its own
	secret, _ := base64.StdEncoding.DecodeString(parts[4]) // NewSigner has decoded it already
	public := ed25519.NewKeyFromSeed(secret[1:]).Public().(ed25519.PublicKey)
	verifier, err := note.NewEd25519VerifierKey(signer.Name(), public)
	return &Key{signer, verifier}, err
}

// writeNew writes a file whole or not at all, synced, and never over another.
func writeNew(path, text string, mode fs.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Link(f.Name(), path)
}

// private refuses a key that other users of the machine can read.
func private(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return keyFailure(path, err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return errs.New(errs.Forbidden, "ledger.OpenKey", "密钥文件可以被其他用户读取，已拒绝使用。请运行 chmod 600 收紧权限；如可能已被他人读过，请更换密钥。",
			"The key file can be read by other users, so it is refused. Run chmod 600 on it; if somebody may have read it, replace the key.").At(path)
	}
	return nil
}

func keyFailure(path string, err error) error {
	return errs.New(errs.Unavailable, "ledger.OpenKey", "日志签名密钥文件读写不了。请检查目录权限和磁盘。",
		"The file of the log's signing key cannot be read or written. Check the directory's permissions and the disk.").At(path).Because(err)
}
