package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/emmansun/gmsm/sm4"
)

// A sealed value is: the suite (1 byte), the key's number (uvarint), the nonce (12 bytes), the ciphertext with its tag of 16 bytes. Bound to
// it without being stored are the subject, the field and the key's number, so that a value moved to another person or field does not open.
const (
	nonceSize = 12
	tagSize   = 16
)

// ErrForged is the cause of an error of Key.Open: the value was changed, moved from elsewhere, or is of another key.
var ErrForged = errors.New("secret: the sealed value does not open")

// sealer is one key of a suite, ready for use.
type sealer struct {
	suite Suite
	aead  cipher.AEAD
}

func newSealer(s Suite, key []byte) (*sealer, error) {
	var block cipher.Block
	var err error
	switch s {
	case AES256GCM:
		block, err = aes.NewCipher(key)
	case SM4GCM:
		block, err = sm4.NewCipher(key)
	default:
		err = fmt.Errorf("secret: there is no cipher suite %d", s)
	}
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	return &sealer{s, aead}, err
}

// appendBinding writes what a sealed value is bound to.
func appendBinding(b []byte, subject Subject, field string, keyID int64) []byte {
	b = append(b, subject[:]...)
	b = binary.AppendUvarint(b, uint64(keyID))
	return append(b, field...)
}
