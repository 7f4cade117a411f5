package secret

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/emmansun/gmsm/sm3"

	"liandong/errs"
)

// MasterFile is the name of the master key's file in a city's directory, outside the database.
const MasterFile = "master.key"

// masterTitle is the first line of the file, version included.
const masterTitle = "liandong master key v1"

// secretSize is the size of each of the file's two secrets in bytes.
const secretSize = 32

// Master is the key that everything else hangs on. It holds two secrets: one wraps the household keys and can be replaced (Rewrap), the
// other is the root of the blind index and stays, because every index would have to be computed anew.
type Master struct {
	wrap, index []byte
}

// OpenMaster reads the master key of the file, or makes the file from random when it is not there. A file that other users can read is
// refused. Losing the file loses every ID number, phone and account: back it up apart from the database.
func OpenMaster(path string, random io.Reader) (*Master, error) {
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		m, err := NewMaster(random)
		if err != nil {
			return nil, err
		}
		return m, m.Save(path)
	case err != nil:
		return nil, masterFailure(path, err)
	}
	if err := private(path); err != nil {
		return nil, err
	}
	return parseMaster(path, string(text))
}

// NewMaster makes a master key from random.
func NewMaster(random io.Reader) (*Master, error) {
	both := make([]byte, 2*secretSize)
	if _, err := io.ReadFull(random, both); err != nil {
		return nil, fmt.Errorf("secret: randomness: %w", err)
	}
	return &Master{both[:secretSize], both[secretSize:]}, nil
}

// Successor makes the master key that follows m: a new wrapping secret, the same root of the blind index. Rewrap moves the keys over.
func (m *Master) Successor(random io.Reader) (*Master, error) {
	wrap := make([]byte, secretSize)
	if _, err := io.ReadFull(random, wrap); err != nil {
		return nil, fmt.Errorf("secret: randomness: %w", err)
	}
	return &Master{wrap, m.index}, nil
}

// Save writes the master key to a file that only its owner can read, whole or not at all, and never over another.
func (m *Master) Save(path string) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // made with mode 0600
	if err != nil {
		return masterFailure(path, err)
	}
	defer os.Remove(f.Name())
	_, err = fmt.Fprintf(f, "%s\nwrap %s\nindex %s\n", masterTitle, base64.StdEncoding.EncodeToString(m.wrap), base64.StdEncoding.EncodeToString(m.index))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return masterFailure(path, err)
	}
	if err := os.Link(f.Name(), path); err != nil {
		return masterFailure(path, err)
	}
	return nil
}

func parseMaster(path, text string) (*Master, error) {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) == 3 && lines[0] == masterTitle {
		wrap, ok1 := parseSecret(lines[1], "wrap ")
		index, ok2 := parseSecret(lines[2], "index ")
		if ok1 && ok2 {
			return &Master{wrap, index}, nil
		}
	}
	return nil, errs.New(errs.Invalid, "secret.OpenMaster", "主密钥文件已损坏或不是本程序的。请从备份恢复这个文件，不要删除它。",
		"The master key file is damaged or not of this program. Restore it from its backup; do not delete it.").At(path)
}

func parseSecret(line, name string) ([]byte, bool) {
	text, ok := strings.CutPrefix(line, name)
	b, err := base64.StdEncoding.DecodeString(text)
	return b, ok && err == nil && len(b) == secretSize
}

// private refuses a key that other users of the machine can read.
func private(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return masterFailure(path, err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return errs.New(errs.Forbidden, "secret.OpenMaster", "主密钥文件可以被其他用户读取，已拒绝使用。请运行 chmod 600 收紧权限；如可能已被他人读过，请更换主密钥。",
			"The master key file can be read by other users, so it is refused. Run chmod 600 on it; if somebody may have read it, replace the master key.").At(path)
	}
	return nil
}

func masterFailure(path string, err error) error {
	return errs.New(errs.Unavailable, "secret.OpenMaster", "主密钥文件读写不了。请检查目录权限和磁盘。",
		"The master key file cannot be read or written. Check the directory's permissions and the disk.").At(path).Because(err)
}

// derive gives a key for one purpose by HKDF (RFC 5869), with the suite's own hash.
func (m *Master) derive(purpose string, s Suite) ([]byte, error) {
	root, size := m.wrap, s.keySize()
	switch purpose {
	case "index":
		root, size = m.index, secretSize
	case "text":
		root = m.index
	}
	return hkdf.Key(s.hash(), root, nil, "liandong "+purpose+" "+s.String(), size)
}

func (s Suite) hash() func() hash.Hash {
	if s == SM4GCM {
		return sm3.New
	}
	return sha256.New
}
